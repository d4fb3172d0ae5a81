/* SPDX-License-Identifier: Apache-2.0 */
/* Starts that the system refuses: a loader, exec, fork, descriptors, system calls, a place to write. */
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "worker/harness.h"

/* A folder of this test's own, removed with the files that are named here. */
static char folder[64], path[96];

static void
make_folder(const char *file)
{
	strcpy(folder, "/tmp/lwtest.XXXXXX");
	assert_non_null(mkdtemp(folder));
	(void)snprintf(path, sizeof path, "%s/%s", folder, file);
}

static void
make_file(const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
	assert_int_equal(chmod(path, 0755), 0);
}

static void
remove_folder(void)
{
	(void)unlink(path);
	(void)rmdir(folder);
}

/* A start fails with this, and one without the fault succeeds. */
static void
expect_no_start(struct harness *h, lw_verdict verdict, int status)
{
	struct lw_worker_options plain = LW_WORKER_OPTIONS_INIT;
	int64_t began = harness_now_ms();

	h->code = lw_worker_start(&h->options, NULL, &h->worker, &h->error);
	EXPECT_FAILURE(h, verdict);
	assert_int_equal(h->error.status, status);
	assert_null(h->worker);
	assert_in_range(harness_now_ms() - began, 0, 3000); /* it is not tried again and again */
	plain.child_path = support_child();
	assert_int_equal(lw_worker_start(&plain, NULL, &h->worker, &h->error), LW_OK);
	lw_worker_close(&h->worker);
}

/* ---- The loader and exec --------------------------------------------------------------------- */

static void
a_child_whose_libraries_are_not_found_has_the_loaders_words(void **state)
{
	struct harness h = HARNESS_INIT;
	char variable[96];
	const char *environment[] = { variable, NULL };

	(void)state;
	make_folder("libc.so.6");
	make_file("");
	(void)snprintf(variable, sizeof variable, "LD_LIBRARY_PATH=%s", folder);
	h.options.child_path = support_child();
	h.options.environment = environment;
	expect_no_start(&h, LW_V_CHILD_NOT_STARTED, 0);
	EXPECT_TEXT(h.error.message, "");
	h.code = lw_worker_start(&h.options, NULL, &h.worker, &h.error);
	EXPECT_TEXT(h.error.message, "the dynamic loader");
	EXPECT_TEXT(h.error.log_tail, "error while loading shared libraries");
	remove_folder();
}

static void
a_program_that_is_being_written_is_named(void **state)
{
	struct harness h = HARNESS_INIT;
	int writer;

	(void)state;
	make_folder("child");
	make_file("#!/bin/sh\n");
	writer = open(path, O_WRONLY | O_CLOEXEC);
	assert_true(writer >= 0);
	h.options.child_path = path;
	expect_no_start(&h, LW_V_CHILD_NOT_STARTED, ETXTBSY);
	(void)close(writer);
	remove_folder();
}

static void
an_environment_that_is_too_large_is_named(void **state)
{
	struct harness h = HARNESS_INIT;
	enum { SIZE = 8 << 20 };
	char *variable = malloc(SIZE);
	const char *environment[] = { variable, NULL };

	(void)state;
	assert_non_null(variable);
	memset(variable, 'x', SIZE);
	memcpy(variable, "LARGE=", 6);
	variable[SIZE - 1] = '\0';
	h.options.child_path = support_child();
	h.options.environment = environment;
	expect_no_start(&h, LW_V_CHILD_NOT_STARTED, E2BIG);
	free(variable);
}

static void
a_path_that_leads_to_itself_is_named(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	make_folder("child");
	assert_int_equal(symlink(path, path), 0);
	h.options.child_path = path;
	expect_no_start(&h, LW_V_CHILD_NOT_FOUND, 0);
	EXPECT_TEXT(h.error.message, strerror(ELOOP));
	remove_folder();
}

/* ---- Processes and descriptors --------------------------------------------------------------- */

/* For root the limit does not hold: somebody else then, and no process but this one is theirs. */
static bool
become_limited(struct rlimit *ret_limit)
{
	struct rlimit none;

	if (geteuid() == 0 && setresuid(61234, 61234, 61234) != 0)
		return false;
	if (access(support_chaos(), X_OK) != 0 || getrlimit(RLIMIT_NPROC, ret_limit) != 0)
		return false;
	none = (struct rlimit){ 1, ret_limit->rlim_max };
	return setrlimit(RLIMIT_NPROC, &none) == 0;
}

static bool
may_fork(void)
{
	pid_t probe = fork();

	if (probe == 0)
		_exit(0);
	return probe > 0 && waitpid(probe, NULL, 0) == probe;
}

static int
start_without_processes(void)
{
	struct harness h = HARNESS_INIT;
	struct rlimit limit;

	if (!become_limited(&limit) || may_fork())
		return HARNESS_IMPOSSIBLE;
	h.options.child_path = support_child();
	h.options.containment = LW_CONTAINMENT_SUBREAPER;
	h.code = lw_worker_start(&h.options, NULL, &h.worker, &h.error);
	if (h.error.verdict != LW_V_CHILD_NOT_STARTED || h.error.status != EAGAIN)
		return harness_broken(&h, "no process at all");
	for (rlim_t more = 2; more < 64 && h.code != LW_OK; more++) {
		(void)setrlimit(RLIMIT_NPROC, &(struct rlimit){ more, limit.rlim_max });
		h.code = lw_worker_start(&h.options, NULL, &h.worker, &h.error);
		if (h.code != LW_OK && h.code != LW_E_SPAWN)
			return harness_broken(&h, "some processes");
	}
	if (h.code != LW_OK)
		return limit.rlim_cur > 64 ? HARNESS_IMPOSSIBLE
					   : harness_broken(&h, "enough processes");
	h.code = lw_worker_health(h.worker, NULL, &h.error);
	harness_close(&h);
	return h.code == LW_OK ? 0 : harness_broken(&h, "afterwards");
}

static void
a_limit_of_processes_is_named_and_leaves_nothing(void **state)
{
	(void)state;
	HARNESS_APART(start_without_processes);
}

/* Each descriptor that a start needs is refused in turn. */
static void
a_limit_of_descriptors_is_named_wherever_it_strikes(void **state)
{
	struct harness h = HARNESS_INIT;
	struct rlimit limit;
	unsigned refused = 0;
	int first = dup(2);

	(void)state;
	(void)close(first);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	h.options.child_path = support_child();
	h.code = LW_E_SYSTEM;
	for (rlim_t more = 0; more < 64 && h.code != LW_OK; more++) {
		struct census *before = census_take();

		(void)setrlimit(
		    RLIMIT_NOFILE, &(struct rlimit){ (rlim_t)first + more, limit.rlim_max });
		h.code = lw_worker_start(&h.options, NULL, &h.worker, &h.error);
		(void)setrlimit(RLIMIT_NOFILE, &limit);
		if (h.code != LW_OK) {
			/* The child's own end of the start is made with its parent's limit. */
			assert_true(h.code == LW_E_SYSTEM || h.code == LW_E_SPAWN);
			assert_int_equal(h.error.status, EMFILE);
			assert_true(census_restored(before, 2000, NULL));
			refused++;
		}
		census_free(before);
	}
	assert_int_equal(h.code, LW_OK);
	assert_in_range(refused, 10, 40);
	harness_end(&h);
}

static void
a_limit_of_descriptors_while_a_dead_child_is_replaced_is_named(void **state)
{
	struct harness h = HARNESS_INIT;
	struct rlimit limit;
	int first = dup(2);

	(void)state;
	(void)close(first);
	harness_open_chaos(&h, "on run@1: rows 1; signal SEGV");
	(void)harness_stream(&h, "any", "{}");
	EXPECT_FAILURE(&h, LW_V_SIGNALLED);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	(void)setrlimit(RLIMIT_NOFILE, &(struct rlimit){ (rlim_t)first, limit.rlim_max });
	(void)harness_stream(&h, "any", "{}");
	(void)setrlimit(RLIMIT_NOFILE, &limit);
	EXPECT_FAILURE(&h, LW_V_SYSTEM_CALL);
	assert_int_equal(h.error.status, EMFILE);
	assert_int_equal(harness_stream(&h, "any", "{}"), LW_OK);
	assert_int_equal(h.summary.generation, 2);
	harness_end(&h);
}

/* ---- System calls that are not there --------------------------------------------------------- */

/* For good, in this process and those that it starts. */
static bool
forbid_call(unsigned call)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { .len = 4, .filter = code };

	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	       prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

static int
start_without(unsigned call, const char *name)
{
	struct harness h = HARNESS_INIT;

	if (!forbid_call(call))
		return HARNESS_IMPOSSIBLE;
	h.options.child_path = support_child();
	h.code = lw_worker_start(&h.options, NULL, &h.worker, &h.error);
	if (h.code != LW_E_UNSUPPORTED || strstr(h.error.message, name) == NULL)
		return harness_broken(&h, name);
	return 0;
}

static int
start_without_pidfd_open(void)
{
	return start_without(SYS_pidfd_open, "pidfd_open");
}

static int
start_without_close_range(void)
{
	return start_without(SYS_close_range, "close_range");
}

static void
a_system_without_what_is_needed_is_told_what_that_is(void **state)
{
	(void)state;
	HARNESS_APART(start_without_pidfd_open);
	HARNESS_APART(start_without_close_range);
}

/* ---- Nowhere to write ------------------------------------------------------------------------ */

static bool
forbid_writing(void)
{
	static const char *const places[] = { "/", "/tmp", "/dev/shm" };

	if (unshare(CLONE_NEWNS) != 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
		return false;
	for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
		if (access(places[i], F_OK) == 0 &&
		    (mount(places[i], places[i], NULL, MS_BIND | MS_REC, NULL) != 0 ||
			mount(NULL, places[i], NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL) != 0))
			return false;
	return chdir("/tmp") == 0 && access(".", W_OK) != 0 && errno == EROFS;
}

static int
serve_without_writing(void)
{
	struct harness h = HARNESS_INIT;

	if (!forbid_writing())
		return HARNESS_IMPOSSIBLE;
	h.options.child_path = support_chaos();
	h.code = lw_worker_start(&h.options, NULL, &h.worker, &h.error);
	if (h.code == LW_OK)
		h.code = lw_worker_cycle(h.worker, NULL, &h.error);
	if (h.code == LW_OK)
		h.code = lw_worker_health(h.worker, NULL, &h.error);
	lw_worker_close(&h.worker);
	return h.code == LW_OK ? 0 : harness_broken(&h, "a system that cannot be written");
}

static void
a_worker_serves_where_nothing_can_be_written(void **state)
{
	(void)state;
	HARNESS_APART(serve_without_writing);
}

/* ---- A parent that dies in the middle of a start --------------------------------------------- */

/* The child is held before its first instruction until its parent is dead. */
static void
a_child_whose_parent_died_before_it_began_does_not_stay(void **state)
{
	struct lw_worker_options options = LW_WORKER_OPTIONS_INIT;
	char script[512], gate[128];
	lw_worker *worker = NULL;
	pid_t parent;
	int here, there;

	(void)state;
	make_folder("child");
	(void)snprintf(gate, sizeof gate, "%s/gate", folder);
	(void)snprintf(script, sizeof script,
	    "#!/bin/sh\necho >%s.begun\nread word <%s\nexec %s \"$@\"\n", gate, gate,
	    support_child());
	make_file(script);
	assert_int_equal(mkfifo(gate, 0600), 0);
	(void)strcat(gate, ".begun");
	assert_int_equal(mkfifo(gate, 0600), 0);
	options.child_path = path;
	parent = fork();
	if (parent == 0)
		_exit((int)lw_worker_start(&options, NULL, &worker, NULL));
	there = open(gate, O_RDONLY | O_CLOEXEC); /* waits until the child is there */
	assert_int_equal(kill(parent, SIGKILL), 0);
	assert_int_equal(waitpid(parent, NULL, 0), parent);
	gate[strlen(gate) - strlen(".begun")] = '\0';
	here = open(gate, O_WRONLY | O_CLOEXEC);
	(void)!write(here, "go\n", 3);
	assert_true(wait_until(census_nobody_is_left, NULL, 3000));
	(void)close(here);
	(void)close(there);
	(void)unlink(gate);
	(void)strcat(gate, ".begun");
	(void)unlink(gate);
	remove_folder();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LW_TEST(a_child_whose_libraries_are_not_found_has_the_loaders_words),
		LW_TEST(a_program_that_is_being_written_is_named),
		LW_TEST(an_environment_that_is_too_large_is_named),
		LW_TEST(a_path_that_leads_to_itself_is_named),
		LW_TEST(a_limit_of_processes_is_named_and_leaves_nothing),
		LW_TEST(a_limit_of_descriptors_is_named_wherever_it_strikes),
		LW_TEST(a_limit_of_descriptors_while_a_dead_child_is_replaced_is_named),
		LW_TEST(a_system_without_what_is_needed_is_told_what_that_is),
		LW_TEST(a_worker_serves_where_nothing_can_be_written),
		LW_TEST(a_child_whose_parent_died_before_it_began_does_not_stay),
	};

	return support_run(tests);
}
