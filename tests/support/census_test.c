/* SPDX-License-Identifier: Apache-2.0 */
/* That the census sees each kind of thing it is there to see, and nothing where nothing is. */
#include "support/support.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* The difference to before must be one line with these words in it. */
static void
assert_sees(const struct census *before, const char *sign, const char *words)
{
	struct census *after = census_take();
	char *diff = census_diff(before, after);

	census_free(after);
	assert_non_null(diff);
	if (strstr(diff, sign) == NULL || strstr(diff, words) == NULL)
		fail_msg("not a difference of %s%s:\n%s", sign, words, diff);
	free(diff);
}

static void
assert_restored(struct census *before)
{
	char *diff = NULL;

	if (!census_restored(before, 2000, &diff))
		fail_msg("not restored:\n%s", diff);
	census_free(before);
}

static pid_t
fork_pausing(void)
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0)
		for (;;)
			(void)pause();
	return pid;
}

static void
kill_and_reap(pid_t pid)
{
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static void
equal_when_nothing_happened(void **state)
{
	(void)state;
	assert_restored(census_take());
}

static void
sees_a_descriptor_and_its_target(void **state)
{
	struct census *before = census_take();
	int fd = open("/dev/zero", O_RDONLY | O_CLOEXEC);

	(void)state;
	assert_sees(before, "+ descriptor ", " -> /dev/zero");
	(void)close(fd);
	assert_restored(before);
}

static void
sees_a_descriptor_that_became_another(void **state)
{
	int fd = open("/dev/zero", O_RDONLY | O_CLOEXEC), other = open("/dev/null", O_RDONLY);
	struct census *before = census_take();

	(void)state;
	assert_int_equal(dup2(other, fd), fd);
	assert_sees(before, "- descriptor ", " -> /dev/zero");
	assert_sees(before, "+ descriptor ", " -> /dev/null");
	(void)close(other);
	(void)close(fd);
	census_free(before);
}

static void
sees_a_descriptor_that_is_gone(void **state)
{
	int fd = open("/dev/zero", O_RDONLY | O_CLOEXEC);
	struct census *before = census_take();

	(void)state;
	(void)close(fd);
	assert_sees(before, "- descriptor ", " -> /dev/zero");
	census_free(before);
}

static void *
wait_for_close(void *fd)
{
	char byte;

	return (void *)(intptr_t)read(*(int *)fd, &byte, 1);
}

static void
sees_a_thread(void **state)
{
	int ends[2];
	pthread_t thread;

	(void)state;
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	struct census *before = census_take();

	assert_int_equal(pthread_create(&thread, NULL, wait_for_close, &ends[0]), 0);
	assert_sees(before, "+ thread ", "(support_census)");
	(void)close(ends[1]);
	assert_int_equal(pthread_join(thread, NULL), 0);
	(void)close(ends[0]);
	census_free(before);
}

static void
sees_a_child(void **state)
{
	struct census *before = census_take();
	pid_t child = fork_pausing();

	(void)state;
	assert_sees(before, "+ process ", ", child of ");
	kill_and_reap(child);
	assert_restored(before);
}

static bool
is_zombie(void *pid)
{
	const pid_t *child = pid;
	siginfo_t info = { 0 };
	int answer = waitid(P_PID, (id_t)*child, &info, WEXITED | WNOHANG | WNOWAIT);

	return answer == 0 && info.si_pid != 0;
}

static void
sees_a_zombie(void **state)
{
	struct census *before = census_take();
	pid_t child = fork_pausing();

	(void)state;
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_true(wait_until(is_zombie, &child, 2000));
	assert_sees(before, "+ process ", ", dead and not reaped");
	assert_int_equal(waitpid(child, NULL, 0), child);
	assert_restored(before);
}

/* A grandchild in a session of its own, whose parent has ended: what setsid leaves behind. */
static pid_t
make_orphan(void)
{
	int ends[2];
	pid_t orphan = -1, child;

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		orphan = fork();
		if (orphan == 0) {
			(void)setsid();
			for (;;)
				(void)pause();
		}
		_exit(write(ends[1], &orphan, sizeof orphan) == sizeof orphan ? 0 : 1);
	}
	assert_int_equal(waitpid(child, NULL, 0), child);
	assert_int_equal(read(ends[0], &orphan, sizeof orphan), sizeof orphan);
	(void)close(ends[0]);
	(void)close(ends[1]);
	return orphan;
}

static void
sees_an_orphan_in_its_own_session(void **state)
{
	struct census *before = census_take();
	pid_t orphan = make_orphan(), found = 0;

	(void)state;
	assert_sees(before, "+ process ", ", child of ");
	assert_int_equal(census_descendants(&found, 1), 1);
	assert_int_equal(found, orphan);
	assert_int_equal(kill(orphan, SIGKILL), 0);
	assert_true(wait_until(is_zombie, &orphan, 2000));
	assert_int_equal(census_play_init(), 1);
	assert_restored(before);
}

static void
sees_settings(void **state)
{
	struct census *before = census_take();
	sigset_t set, old;
	mode_t mask = umask(0123);

	(void)state;
	assert_sees(before, "+ setting ", "0123");
	(void)umask(mask);
	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGUSR1);
	(void)sigprocmask(SIG_BLOCK, &set, &old);
	assert_sees(before, "+ setting ", "SigBlk");
	(void)sigprocmask(SIG_SETMASK, &old, NULL);
	assert_restored(before);
}

static bool
never(void *count)
{
	++*(int *)count;
	return false;
}

static void
wait_until_ends_at_its_deadline(void **state)
{
	int asked = 0;

	(void)state;
	assert_false(wait_until(never, &asked, 30));
	assert_true(asked > 1);
}

/* What a test sees that leaks: run in a process of its own, because it must fail. */
static void
leaks(void **state)
{
	(void)state;
	(void)open("/dev/zero", O_RDONLY | O_CLOEXEC);
}

static void
hangs(void **state)
{
	(void)state;
	support_deadline(1);
	for (;;)
		(void)pause();
}

static int
run_in_child(const struct CMUnitTest *test, char *output, size_t size)
{
	int ends[2], status;
	ssize_t n;
	size_t have = 0;
	pid_t child;

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	(void)fflush(NULL);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		const struct CMUnitTest tests[] = { *test };

		(void)dup2(ends[1], STDOUT_FILENO);
		(void)dup2(ends[1], STDERR_FILENO);
		status = support_run(tests);
		(void)fflush(NULL);
		_exit(status);
	}
	(void)close(ends[1]);
	while (have < size - 1 && (n = read(ends[0], output + have, size - 1 - have)) > 0)
		have += (size_t)n;
	output[have] = '\0';
	(void)close(ends[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	return status;
}

static void
a_test_that_leaks_fails_and_names_it(void **state)
{
	char output[4096];
	const struct CMUnitTest test = LW_TEST(leaks);

	(void)state;
	assert_int_not_equal(run_in_child(&test, output, sizeof output), 0);
	assert_non_null(strstr(output, "leaks left something behind"));
	assert_non_null(strstr(output, "-> /dev/zero"));
}

static void
a_test_that_hangs_aborts_and_is_named(void **state)
{
	char output[4096];
	const struct CMUnitTest test = LW_TEST(hangs);
	int status = 0;

	(void)state;
	status = run_in_child(&test, output, sizeof output);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGABRT);
	assert_non_null(strstr(output, "deadline passed in hangs"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LW_TEST(equal_when_nothing_happened),
		LW_TEST(sees_a_descriptor_and_its_target),
		LW_TEST(sees_a_descriptor_that_became_another),
		LW_TEST(sees_a_descriptor_that_is_gone),
		LW_TEST(sees_a_thread),
		LW_TEST(sees_a_child),
		LW_TEST(sees_a_zombie),
		LW_TEST(sees_an_orphan_in_its_own_session),
		LW_TEST(sees_settings),
		LW_TEST(wait_until_ends_at_its_deadline),
		LW_TEST(a_test_that_leaks_fails_and_names_it),
		LW_TEST(a_test_that_hangs_aborts_and_is_named),
	};

	return support_run(tests);
}
