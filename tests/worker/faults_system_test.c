/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a system does to a worker: memory that runs out, no processor to be had. It runs alone, because
 * it makes the kernel kill, and takes the processors.
 */
#include <errno.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "support/group.h"
#include "worker/harness.h"

/* ---- Memory that runs out -------------------------------------------------------------------- */

static int
outgrow_the_group(void)
{
	struct harness h = HARNESS_INIT;

	if (!group_move(getpid()))
		return HARNESS_IMPOSSIBLE;
	harness_open_chaos(&h, "on run@1: rows 1; memory 600; hang | "
			       "on run@2: rows 2; memory 20; memory 20; memory 600; hang");
	(void)harness_stream(&h, "any", "{}");
	if (h.error.verdict != LW_V_OUT_OF_MEMORY || h.error.exit.signal != SIGKILL ||
	    h.error.rows != 1 || h.error.exit.peak_kib < 64 * 1024)
		return harness_broken(&h, "at once");
	(void)harness_stream(&h, "any", "{}");
	if (h.error.verdict != LW_V_OUT_OF_MEMORY || h.error.rows != 2 || h.error.exit.ordered)
		return harness_broken(&h, "by and by");
	if (harness_stream(&h, "any", "{}") != LW_OK || h.summary.generation != 3)
		return harness_broken(&h, "afterwards");
	/* A stranger's kill is not taken for one of these. */
	(void)kill(harness_pid(&h), SIGKILL);
	harness_expect_usable(&h);
	harness_close(&h);
	return 0;
}

static void
a_worker_that_the_kernel_kills_for_want_of_memory_is_told_as_such(void **state)
{
	bool made = group_make("/sys/fs/cgroup/memory");
	int answer = HARNESS_IMPOSSIBLE;

	(void)state;
	if (made) {
		if (group_write("memory.limit_in_bytes", "200M"))
			answer = harness_apart(outgrow_the_group);
	} else if (group_make("/sys/fs/cgroup")) {
		if (group_write("memory.max", "200M")) {
			(void)group_write("memory.swap.max", "0");
			answer = harness_apart(outgrow_the_group);
		}
	}
	(void)wait_until(group_is_removed, NULL, 2000);
	if (answer == HARNESS_IMPOSSIBLE) {
		print_message("no group with a limit of memory can be made here\n");
		skip();
	}
	assert_int_equal(answer, 0);
}

/* ---- No processor ---------------------------------------------------------------------------- */

enum { SPINNERS = 64 };

static pid_t spinners[SPINNERS];

static void
begin_spinning(void)
{
	for (int i = 0; i < SPINNERS; i++) {
		spinners[i] = fork();
		if (spinners[i] == 0) {
			(void)!nice(5); /* other programs of this machine are not what is tested */
			for (volatile unsigned turns = 0;; turns++)
				;
		}
	}
}

static void
end_spinning(void)
{
	for (int i = 0; i < SPINNERS; i++)
		if (spinners[i] > 0)
			(void)kill(spinners[i], SIGKILL);
	for (int i = 0; i < SPINNERS; i++)
		(void)waitpid(spinners[i], NULL, 0);
}

static void
a_starved_machine_makes_no_false_verdict(void **state)
{
	struct harness h = HARNESS_INIT;
	bool crashed;

	(void)state;
	begin_spinning();
	harness_open_chaos(&h, "on run#1@1: rows 2000 | on run#2@1: rows 5; signal SEGV | "
			       "on run@2: rows 100 size=10000");
	h.code = harness_stream(&h, "any", "{}");
	crashed = harness_stream(&h, "any", "{}") == LW_E_DIED && h.error.exit.signal == SIGSEGV;
	for (int i = 0; i < 2 && h.code != LW_E_TIMEOUT; i++)
		(void)harness_stream(&h, "any", "{}");
	end_spinning();
	assert_true(crashed);
	assert_string_equal(lw_code_name(h.code), "LW_OK");
	assert_int_equal(h.summary.generation, 2);
	harness_end(&h);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LW_TEST(a_worker_that_the_kernel_kills_for_want_of_memory_is_told_as_such),
		LW_TEST(a_starved_machine_makes_no_false_verdict),
	};

	return support_run(tests);
}
