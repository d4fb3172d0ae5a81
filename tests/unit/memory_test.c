/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "parent/memory.h"

#define MIB (1024 * 1024)

/* A child that holds this much, and waits for its end. */
static pid_t
holder(size_t size)
{
	int ready[2];
	char byte;
	pid_t pid;

	assert_int_equal(pipe(ready), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		volatile char *memory = malloc(size); /* or the compiler leaves it out */

		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (size_t i = 0; i < size; i += 4096)
			memory[i] = 1;
		(void)!write(ready[1], "", 1);
		for (;;)
			(void)pause();
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	(void)close(ready[0]);
	(void)close(ready[1]);
	return pid;
}

static void
end(pid_t pid)
{
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static void
what_a_process_touched_is_in_its_sample(void **state)
{
	pid_t small = holder(1), large = holder(64 * MIB);
	uint64_t small_kib = 0, large_kib = 0;

	(void)state;
	assert_true(memory_of(small, getpid(), &small_kib));
	assert_true(memory_of(large, getpid(), &large_kib));
	assert_true(large_kib >= small_kib + 63 * 1024);
	end(small);
	end(large);
}

static void
a_process_that_is_not_the_parents_child_is_not_sampled(void **state)
{
	uint64_t kib = 77;

	(void)state;
	assert_false(memory_of(getpid(), getpid(), &kib));
	assert_false(memory_of(0, getpid(), &kib));
	assert_false(memory_of(99999999, getpid(), &kib));
	assert_int_equal(kib, 77);
}

static void
kills_for_want_of_memory_are_counted_and_never_fall(void **state)
{
	uint64_t before = 0, after = 0;

	(void)state;
	if (!memory_oom_kills(&before))
		skip();
	assert_true(memory_oom_kills(&after));
	assert_true(after >= before);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LW_TEST(what_a_process_touched_is_in_its_sample),
		LW_TEST(a_process_that_is_not_the_parents_child_is_not_sampled),
		LW_TEST(kills_for_want_of_memory_are_counted_and_never_fall),
	};

	return support_run(tests);
}
