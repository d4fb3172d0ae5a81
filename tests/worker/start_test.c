/* SPDX-License-Identifier: Apache-2.0 */
/* What can be wrong with the program that is to be the child: each has its own verdict. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "worker/harness.h"

struct start {
	struct lw_worker_options options;
	struct lw_error error;
	lw_worker *worker;
};
#define START_INIT                                                                                 \
	{                                                                                          \
		.options = LW_WORKER_OPTIONS_INIT, .error = LW_ERROR_INIT                          \
	}

static void
expect_refusal(struct start *s, const char *child_path, lw_verdict verdict)
{
	lw_code code;

	s->options.child_path = child_path;
	code = lw_worker_start(&s->options, NULL, &s->worker, &s->error);
	assert_string_equal(lw_verdict_name(s->error.verdict), lw_verdict_name(verdict));
	assert_int_equal(code, lw_verdict_code(verdict));
	assert_null(s->worker);
	EXPECT_TEXT(s->error.message, child_path);
}

/* A script in a folder of its own, which is removed with it. */
struct script {
	char folder[64], path[96];
};

static void
script_make(struct script *s, const char *text, mode_t mode)
{
	FILE *file;

	strcpy(s->folder, "/tmp/lwtest.XXXXXX");
	assert_non_null(mkdtemp(s->folder));
	(void)snprintf(s->path, sizeof s->path, "%s/leanworker-child", s->folder);
	file = fopen(s->path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
	assert_int_equal(chmod(s->path, mode), 0);
}

static void
script_remove(struct script *s)
{
	(void)unlink(s->path);
	(void)rmdir(s->folder);
}

static void
a_missing_child_is_named(void **state)
{
	struct start s = START_INIT;

	(void)state;
	expect_refusal(&s, "/nowhere/leanworker-child", LW_V_CHILD_NOT_FOUND);
	EXPECT_TEXT(s.error.message, "No such file");
}

static void
a_child_that_is_not_executable_is_named(void **state)
{
	struct start s = START_INIT;
	struct script script;

	(void)state;
	script_make(&script, "#!/bin/sh\n", 0644);
	expect_refusal(&s, script.path, LW_V_CHILD_NOT_STARTED);
	assert_int_equal(s.error.status, EACCES);
	script_remove(&script);
}

static void
a_child_with_a_bad_interpreter_is_named(void **state)
{
	struct start s = START_INIT;
	struct script script;

	(void)state;
	script_make(&script, "#!/nowhere/interpreter\n", 0755);
	expect_refusal(&s, script.path, LW_V_CHILD_NOT_STARTED);
	script_remove(&script);
	script_make(&script, "not a program\n", 0755);
	expect_refusal(&s, script.path, LW_V_CHILD_NOT_STARTED);
	assert_int_equal(s.error.status, ENOEXEC);
	script_remove(&script);
}

static void
a_program_that_ends_is_not_our_child(void **state)
{
	struct start s = START_INIT;

	(void)state;
	expect_refusal(&s, "/bin/true", LW_V_WRONG_PROGRAM);
	EXPECT_TEXT(s.error.message, "exited with status 0");
	expect_refusal(&s, "/bin/false", LW_V_WRONG_PROGRAM);
	EXPECT_TEXT(s.error.message, "exited with status 1");
}

static void
what_a_wrong_program_says_is_kept(void **state)
{
	struct start s = START_INIT;
	struct script script;

	(void)state;
	script_make(&script, "#!/bin/sh\necho I am somebody else >&2\nexit 3\n", 0755);
	expect_refusal(&s, script.path, LW_V_WRONG_PROGRAM);
	assert_string_equal(s.error.log_tail, "I am somebody else\n");
	script_remove(&script);
}

static void
a_program_that_never_speaks_times_out(void **state)
{
	struct start s = START_INIT;
	struct script script;

	(void)state;
	script_make(&script, "#!/bin/sh\nexec sleep 1000\n", 0755);
	s.options.budgets.start_ms = 200;
	expect_refusal(&s, script.path, LW_V_START_TIMEOUT);
	script_remove(&script);
}

static void
a_program_that_speaks_nonsense_is_not_our_child(void **state)
{
	struct start s = START_INIT;
	struct script script;

	(void)state;
	script_make(&script,
	    "#!/bin/sh\necho 'this is certainly not a frame of the protocol' >&4\nexec sleep "
	    "1000\n",
	    0755);
	expect_refusal(&s, script.path, LW_V_WRONG_PROGRAM);
	EXPECT_TEXT(s.error.message, "does not speak the protocol");
	script_remove(&script);
	script_make(&script, "#!/bin/sh\necho nonsense >&6\nexec sleep 1000\n", 0755);
	expect_refusal(&s, script.path, LW_V_WRONG_PROGRAM);
	script_remove(&script);
}

static void
a_child_of_another_version_is_named_with_both_versions(void **state)
{
	struct start s = START_INIT;

	(void)state;
	expect_refusal(&s, LWTEST_OTHER_CHILD, LW_V_WRONG_VERSION);
	EXPECT_TEXT(s.error.message, "protocol 99 to 99");
	EXPECT_TEXT(s.error.message, "protocol 1.");
}

static void
a_child_is_found_without_sigchld(void **state)
{
	struct harness h = HARNESS_INIT;
	struct start s = START_INIT;

	(void)state;
	(void)signal(SIGCHLD, SIG_IGN);
	expect_refusal(&s, "/bin/true", LW_V_WRONG_PROGRAM);
	harness_open_guest(&h);
	(void)harness_stream(&h, "guest_exit", "5");
	EXPECT_FAILURE(&h, LW_V_EXITED);
	assert_int_equal(h.error.exit.code, 5);
	harness_end(&h);
	(void)signal(SIGCHLD, SIG_DFL);
}

static void
the_child_named_by_the_environment_is_final(void **state)
{
	struct start s = START_INIT;

	(void)state;
	assert_int_equal(setenv("LEANWORKER_CHILD", "/nowhere/at/all", 1), 0);
	assert_int_equal(lw_worker_start(&s.options, NULL, &s.worker, &s.error), LW_E_SPAWN);
	assert_int_equal(s.error.verdict, LW_V_CHILD_NOT_FOUND);
	EXPECT_TEXT(s.error.message, "/nowhere/at/all, which LEANWORKER_CHILD names");
	assert_int_equal(setenv("LEANWORKER_CHILD", support_child(), 1), 0);
	assert_int_equal(lw_worker_start(&s.options, NULL, &s.worker, &s.error), LW_OK);
	lw_worker_close(&s.worker);
	assert_int_equal(unsetenv("LEANWORKER_CHILD"), 0);
}

static void
a_worker_says_what_it_is(void **state)
{
	struct harness h = HARNESS_INIT;
	struct lw_worker_facts facts = LW_WORKER_FACTS_INIT;

	(void)state;
	harness_start(&h);
	assert_int_equal(lw_worker_facts(h.worker, &facts), LW_OK);
	assert_int_equal(facts.generation, 1);
	assert_int_not_equal(facts.pid, 0);
	assert_int_not_equal(facts.pid, facts.warden_pid);
	assert_string_equal(facts.build, LW_VERSION);
	assert_string_equal(lw_version(), LW_VERSION);
	assert_string_equal(facts.child_path, support_child());
	assert_int_equal(lw_worker_health(h.worker, NULL, &h.error), LW_OK);
	harness_end(&h);
}

static void
each_containment_can_be_asked_for_and_is_reported(void **state)
{
	(void)state;
	for (int kind = LW_CONTAINMENT_BEST; kind <= LW_CONTAINMENT_SUBREAPER; kind++) {
		struct harness h = HARNESS_INIT;
		struct lw_worker_facts facts = LW_WORKER_FACTS_INIT;
		lw_code code;

		h.options.containment = (lw_containment)kind;
		h.options.child_path = support_child();
		code = lw_worker_start(&h.options, NULL, &h.worker, &h.error);
		if (code != LW_OK) {
			/* Not allowed here: refused, never weakened. */
			assert_in_range(
			    kind, LW_CONTAINMENT_PID_NAMESPACE, LW_CONTAINMENT_USER_PID_NAMESPACE);
			assert_int_equal(h.error.verdict, LW_V_CHILD_NOT_CONTAINED);
			continue;
		}
		assert_int_equal(lw_worker_facts(h.worker, &facts), LW_OK);
		if (kind != LW_CONTAINMENT_BEST)
			assert_int_equal(facts.containment, kind);
		assert_int_equal(lw_worker_health(h.worker, NULL, &h.error), LW_OK);
		harness_close(&h);
	}
}

static void
options_that_were_not_initialised_are_refused(void **state)
{
	struct lw_worker_options zero = { 0 };
	struct start s = START_INIT;
	const char *bad[] = { "NO_EQUALS_SIGN", NULL };

	(void)state;
	assert_int_equal(lw_worker_start(&zero, NULL, &s.worker, &s.error), LW_E_MISUSE);
	assert_int_equal(lw_worker_start(NULL, NULL, &s.worker, &s.error), LW_E_MISUSE);
	EXPECT_TEXT(s.error.message, "options is NULL");
	s.options.environment = bad;
	assert_int_equal(lw_worker_start(&s.options, NULL, &s.worker, &s.error), LW_E_MISUSE);
	EXPECT_TEXT(s.error.message, "NO_EQUALS_SIGN");
	assert_null(s.worker);
}

/* How many of the first three descriptors are open: what an application prints would land there. */
static unsigned
print_everywhere(void)
{
	unsigned open = 0;

	for (int fd = 0; fd < 3; fd++) {
		open += fcntl(fd, F_GETFD) >= 0;
		(void)!write(fd, "a line of the application\n", 26);
	}
	return open;
}

/* Asserts nothing: there is no descriptor to say it on. Answers how many were open at any time. */
static unsigned
live_without_standard_descriptors(struct harness *h)
{
	unsigned open = print_everywhere();

	h->code = lw_worker_start(&h->options, NULL, &h->worker, &h->error);
	open += print_everywhere();
	if (h->code == LW_OK)
		h->code = harness_try_native(h, "libnative_hostile.so", NULL);
	open += print_everywhere();
	if (h->code == LW_OK)
		h->code = harness_stream(h, "one", "");
	if (h->code == LW_OK)
		h->code = lw_worker_cycle(h->worker, NULL, &h->error);
	open += print_everywhere();
	if (h->code == LW_OK)
		h->code = harness_stream(h, "one", "");
	return open;
}

static void
a_parent_without_standard_descriptors_gets_none_of_ours_there(void **state)
{
	struct harness h = HARNESS_INIT;
	unsigned open;
	int saved[3];

	(void)state;
	h.options.child_path = support_child();
	for (int fd = 0; fd < 3; fd++)
		saved[fd] = fcntl(fd, F_DUPFD_CLOEXEC, 100);
	for (int fd = 0; fd < 3; fd++)
		(void)close(fd);
	open = live_without_standard_descriptors(&h);
	for (int fd = 0; fd < 3; fd++) {
		(void)dup2(saved[fd], fd);
		(void)close(saved[fd]);
	}
	if (h.code != LW_OK)
		fail_msg("%s", h.error.message);
	assert_int_equal(open, 0);
	assert_string_equal(h.events, "row rows 0 1\n");
	harness_end(&h);
}

/* Starts where the relative path is right, and replaces the child where it is not. */
static void
cycle_in_another_folder(struct harness *h)
{
	char here[4096], folder[4096];

	assert_non_null(getcwd(here, sizeof here));
	(void)snprintf(folder, sizeof folder, "%s", support_child());
	*strrchr(folder, '/') = '\0';
	assert_int_equal(chdir(folder), 0);
	h->code = lw_worker_start(&h->options, NULL, &h->worker, &h->error);
	assert_int_equal(chdir("/"), 0);
	if (h->code == LW_OK)
		h->code = lw_worker_cycle(h->worker, NULL, &h->error);
	assert_int_equal(chdir(here), 0);
	if (h->code != LW_OK)
		fail_msg("%s", h->error.message);
	harness_open_hostile(h);
	assert_int_equal(harness_stream(h, "one", ""), LW_OK);
	assert_int_equal(h->summary.generation, 2);
	harness_end(h);
}

static void
a_relative_child_path_is_good_after_a_chdir(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	h.options.child_path = "./leanworker-child";
	cycle_in_another_folder(&h);
}

static void
a_relative_path_in_the_environment_is_good_after_a_chdir(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	assert_int_equal(setenv("LEANWORKER_CHILD", "leanworker-child", 1), 0);
	cycle_in_another_folder(&h);
	assert_int_equal(unsetenv("LEANWORKER_CHILD"), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LW_TEST(a_missing_child_is_named),
		LW_TEST(a_child_that_is_not_executable_is_named),
		LW_TEST(a_child_with_a_bad_interpreter_is_named),
		LW_TEST(a_program_that_ends_is_not_our_child),
		LW_TEST(what_a_wrong_program_says_is_kept),
		LW_TEST(a_program_that_never_speaks_times_out),
		LW_TEST(a_program_that_speaks_nonsense_is_not_our_child),
		LW_TEST(a_child_of_another_version_is_named_with_both_versions),
		LW_TEST(a_child_is_found_without_sigchld),
		LW_TEST(the_child_named_by_the_environment_is_final),
		LW_TEST(a_worker_says_what_it_is),
		LW_TEST(each_containment_can_be_asked_for_and_is_reported),
		LW_TEST(options_that_were_not_initialised_are_refused),
		LW_TEST(a_parent_without_standard_descriptors_gets_none_of_ours_there),
		LW_TEST(a_relative_child_path_is_good_after_a_chdir),
		LW_TEST(a_relative_path_in_the_environment_is_good_after_a_chdir),
	};

	return support_run(tests);
}
