/* SPDX-License-Identifier: Apache-2.0 */
/* What a worker may do and what it is given, where namespaces are half forbidden and where they work. */
#include <errno.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "worker/harness.h"

#define SELF_UNPRIVILEGED "row self 0 {\"init\":false,\"capabilities\":0}\n"

/* ---- User namespaces that can be entered and not used ---------------------------------------- */

enum result { KEPT = 0, BROKEN = 1, IMPOSSIBLE = 77 };

static bool
write_text(const char *path, const char *text)
{
	FILE *file = fopen(path, "we");

	return file != NULL && fputs(text, file) >= 0 && fclose(file) == 0;
}

static bool
map_identity(const char *path, unsigned id)
{
	char line[64];

	(void)snprintf(line, sizeof line, "%u %u 1\n", id, id);
	return write_text(path, line);
}

/* A mount namespace of our own: as root, or as the root of a user namespace. */
static bool
enter_mount_namespace(void)
{
	uid_t uid = geteuid();
	gid_t gid = getegid();

	if (unshare(CLONE_NEWNS) != 0 && (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0 ||
					     !map_identity("/proc/self/uid_map", uid) ||
					     !write_text("/proc/self/setgroups", "deny") ||
					     !map_identity("/proc/self/gid_map", gid)))
		return false;
	return mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
}

static bool
forbid_proc(void)
{
	unsigned long as_it_was = MS_NOSUID | MS_NODEV | MS_NOEXEC;

	return mount("/proc", "/proc", NULL, MS_BIND | MS_REC, NULL) == 0 &&
	       mount(NULL, "/proc", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY | as_it_was, NULL) == 0;
}

static bool
hide_proc(void)
{
	return mount("none", "/proc", "tmpfs", 0, NULL) == 0;
}

/* For good: programs that are started get none either. */
static bool
drop_capabilities(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = { 0 };

	return prctl(PR_SET_SECUREBITS, SECBIT_NOROOT | SECBIT_NOROOT_LOCKED) == 0 &&
	       syscall(SYS_capset, &header, none) == 0;
}

/* Without the right to enter a user namespace nothing can go wrong, nor be tested. */
static bool
a_user_namespace_can_be_entered(void)
{
	int status = -1;
	pid_t probe = fork();

	if (probe == 0)
		_exit(unshare(CLONE_NEWUSER) == 0 ? 0 : 1);
	return waitpid(probe, &status, 0) == probe && status == 0;
}

static enum result
broken(const struct harness *h, const char *what)
{
	fprintf(stderr, "%s: %s (%s)\nevents: %s\n", what, lw_verdict_name(h->error.verdict),
	    h->error.message, h->events ? h->events : "none");
	return BROKEN;
}

/* Serves, is no init, and signals tell the truth about it: one that it has sent itself ends it. */
static enum result
serve_without_namespace(void)
{
	struct harness h = HARNESS_INIT;
	struct lw_worker_facts facts = LW_WORKER_FACTS_INIT;
	lw_worker *refused = NULL;

	h.options.child_path = support_child();
	h.options.containment = LW_CONTAINMENT_USER_PID_NAMESPACE;
	h.code = lw_worker_start(&h.options, NULL, &refused, &h.error);
	if (h.code != LW_E_SPAWN || h.error.verdict != LW_V_CHILD_NOT_CONTAINED)
		return broken(&h, "a user namespace that was asked for");
	h.options.containment = LW_CONTAINMENT_BEST;
	h.code = lw_worker_start(&h.options, NULL, &h.worker, &h.error);
	if (h.code != LW_OK)
		return broken(&h, "the start");
	if (lw_worker_facts(h.worker, &facts) != LW_OK ||
	    facts.containment != LW_CONTAINMENT_SUBREAPER)
		return broken(&h, "the containment");
	if (harness_try_native(&h, "libnative_hostile.so", NULL) != LW_OK)
		return broken(&h, "the opening");
	if (harness_stream(&h, "self", "") != LW_OK || strcmp(h.events, SELF_UNPRIVILEGED) != 0)
		return broken(&h, "what it is");
	(void)harness_stream(&h, "die", "15");
	if (h.error.verdict != LW_V_SIGNALLED || h.error.exit.signal != SIGTERM)
		return broken(&h, "its death");
	if (harness_stream(&h, "one", "") != LW_OK || h.summary.generation != 2)
		return broken(&h, "the next request");
	harness_close(&h);
	return KEPT;
}

static void
serve_where(bool (*change_proc)(void))
{
	int status = -1;
	pid_t apart = fork();

	if (apart == 0) {
		support_deadline(15);
		if (!enter_mount_namespace() || !change_proc() || !drop_capabilities() ||
		    !a_user_namespace_can_be_entered())
			_exit(IMPOSSIBLE);
		_exit(serve_without_namespace());
	}
	assert_int_equal(waitpid(apart, &status, 0), apart);
	if (WIFEXITED(status) && WEXITSTATUS(status) == IMPOSSIBLE) {
		print_message("this system does not let the test change its /proc\n");
		skip();
	}
	assert_int_equal(status, 0);
}

static void
a_worker_is_not_lost_in_a_user_namespace_whose_maps_cannot_be_written(void **state)
{
	(void)state;
	serve_where(forbid_proc);
}

static void
a_worker_serves_where_there_is_no_proc(void **state)
{
	(void)state;
#ifdef __SANITIZE_ADDRESS__
	print_message("AddressSanitizer needs a /proc\n");
	skip();
#endif
	serve_where(hide_proc);
}

/* ---- What is given to a worker ---------------------------------------------------------------- */

static void
a_worker_in_a_user_namespace_has_no_capability(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	h.options.containment = LW_CONTAINMENT_USER_PID_NAMESPACE;
	if (!harness_can_contain(h.options.containment)) {
		print_message("user namespaces are not allowed here\n");
		skip();
	}
	harness_open_hostile(&h);
	assert_int_equal(harness_stream(&h, "self", ""), LW_OK);
	assert_string_equal(h.events, SELF_UNPRIVILEGED);
	assert_int_equal(harness_stream(&h, "powers", ""), LW_OK); /* nor has a program of root's */
	assert_string_equal(h.events, "row powers 0 {\"effective\":\"0000000000000000\"}\n");
	harness_end(&h);
}

static void
start_program(lw_containment containment)
{
	struct harness h = HARNESS_INIT;

	h.options.containment = containment;
	harness_open_hostile(&h);
	assert_int_equal(harness_stream(&h, "program", ""), LW_OK);
	assert_string_equal(h.events, "row descriptors 0 {\"here\":\"34\",\"there\":\"\"}\n");
	harness_end(&h);
}

static void
a_program_that_a_capability_starts_gets_no_lane(void **state)
{
	(void)state;
	harness_under_every_containment(start_program);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LW_TEST(a_worker_is_not_lost_in_a_user_namespace_whose_maps_cannot_be_written),
		LW_TEST(a_worker_serves_where_there_is_no_proc),
		LW_TEST(a_worker_in_a_user_namespace_has_no_capability),
		LW_TEST(a_program_that_a_capability_starts_gets_no_lane),
	};

	return support_run(tests);
}
