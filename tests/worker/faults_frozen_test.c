/* SPDX-License-Identifier: Apache-2.0 */
/* A worker that the kernel holds back, and a system without /proc. */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/group.h"
#include "worker/harness.h"

/* ---- A process that the kernel cannot end ---------------------------------------------------- */

/*
 * The two freezers of control groups differ in what matters here: only the first one holds a process
 * back from a kill too. Frozen by the second it cannot run, and can be ended.
 */
static const struct freezer {
	const char *mounts[2], *file, *frozen, *thawed;
} first = { { "/sys/fs/cgroup/freezer", "/sys/fs/cgroup/freezer" }, "freezer.state", "FROZEN",
	"THAWED" },
  second = { { "/sys/fs/cgroup", "/sys/fs/cgroup/unified" }, "cgroup.freeze", "1", "0" };
static const struct freezer *freezer;

static bool
freeze(void)
{
	return group_write(freezer->file, freezer->frozen);
}

static void
thaw(void)
{
	assert_true(group_write(freezer->file, freezer->thawed));
}

static bool
is_at(const char *mount)
{
	bool made = group_make(mount), there = made && freeze();

	if (there)
		thaw();
	else if (made)
		(void)group_is_removed(NULL);
	return there;
}

static void
need(const struct freezer *wanted)
{
	freezer = wanted;
	if (is_at(wanted->mounts[0]) || is_at(wanted->mounts[1]))
		return;
	print_message("no group with a %s can be made here\n", wanted->file);
	skip();
}

static uint32_t
unburied(struct harness *h)
{
	struct lw_worker_statistics lived = LW_WORKER_STATISTICS_INIT;

	assert_int_equal(lw_worker_pump(h->worker, NULL, NULL), LW_OK);
	assert_int_equal(lw_worker_statistics(h->worker, &lived), LW_OK);
	return lived.unburied;
}

static bool
all_are_buried(void *h)
{
	return unburied(h) == 0;
}

/* It is frozen in a request, which ends in time; another one serves the next. */
static void
freeze_in_a_request(struct harness *h)
{
	int64_t began;

	h->options.budgets.request_ms = 300;
	harness_open_chaos(h, "on run@1: rows 1; hang");
	assert_true(group_move(harness_pid(h)));
	assert_true(freeze());
	began = harness_now_ms();
	(void)harness_stream(h, "any", "{}");
	EXPECT_FAILURE(h, LW_V_REQUEST_TIMEOUT);
	assert_in_range(harness_now_ms() - began, 290, 1500);
	assert_int_equal(harness_stream(h, "any", "{}"), LW_OK);
	assert_int_equal(h->summary.generation, 2);
}

static void
a_frozen_worker_is_replaced_in_time_and_buried_when_it_thaws(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	need(&first);
	freeze_in_a_request(&h);
	assert_int_equal(h.error.exit.known, 0);
	assert_int_equal(unburied(&h), 1);
	thaw();
	assert_true(wait_until(all_are_buried, &h, 3000));
	harness_end(&h);
	assert_true(wait_until(group_is_removed, NULL, 2000));
}

static void
a_frozen_worker_that_a_kill_can_reach_is_replaced_and_buried(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	need(&second);
	freeze_in_a_request(&h);
	assert_true(wait_until(all_are_buried, &h, 3000));
	thaw();
	harness_end(&h);
	assert_true(wait_until(group_is_removed, NULL, 2000));
}

struct frozen {
	struct harness h;
	bool
	    warden_too; /* then nothing of the child can be ended before the shutdown has to return */
	int64_t took_ms;
};

static void
begin_frozen(struct frozen *f)
{
	struct lw_worker_facts facts = LW_WORKER_FACTS_INIT;

	f->h.options.budgets.shutdown_ms = 100;
	harness_open_chaos(&f->h, NULL);
	assert_int_equal(lw_worker_facts(f->h.worker, &facts), LW_OK);
	assert_true(group_move(facts.pid));
	assert_true(!f->warden_too || group_move(facts.warden_pid));
}

static void *
shut_down(void *frozen)
{
	struct frozen *f = frozen;
	int64_t began = harness_now_ms();

	f->h.code = lw_worker_shutdown(f->h.worker, &f->h.report, &f->h.error);
	f->took_ms = harness_now_ms() - began;
	return NULL;
}

static void
expect_left(struct frozen *f)
{
	assert_int_equal(f->h.code, LW_OK);
	assert_int_equal(f->h.report.outcome, LW_SHUTDOWN_KILLED);
	assert_int_equal(f->h.report.unreaped, 1);
	assert_in_range(f->took_ms, 0, 6500);
	harness_close(&f->h);
}

static void
a_shutdown_does_not_wait_for_what_cannot_be_ended_and_counts_it(void **state)
{
	struct frozen one = { .h = HARNESS_INIT }, two = { .h = HARNESS_INIT, .warden_too = true };
	struct harness later = HARNESS_INIT;
	pthread_t thread;

	(void)state;
	need(&first);
	begin_frozen(&one);
	begin_frozen(&two);
	assert_true(freeze());
	assert_int_equal(pthread_create(&thread, NULL, shut_down, &two), 0);
	(void)shut_down(&one);
	assert_int_equal(pthread_join(thread, NULL), 0);
	expect_left(&one);
	expect_left(&two);
	thaw();
	assert_true(wait_until(census_nobody_is_left, NULL, 3000));
	assert_true(wait_until(group_is_removed, NULL, 2000));
	harness_start(&later); /* whoever comes next collects what was left */
	harness_close(&later);
}

/* This process adopts whom the warden leaves. Nothing here reaps them but the library. */
static bool
a_later_worker_has_collected_everybody(void *unused)
{
	struct harness later = HARNESS_INIT;
	pid_t left[1];

	(void)unused;
	harness_start(&later);
	harness_close(&later);
	return census_descendants(left, 1) == 0;
}

/* Its warden is killed in the end, and what it would have told is not known to anybody. */
static void
a_frozen_warden_that_a_kill_can_reach_leaves_nobody(void **state)
{
	struct frozen f = { .h = HARNESS_INIT, .warden_too = true };

	(void)state;
	need(&second);
	begin_frozen(&f);
	assert_true(freeze());
	(void)shut_down(&f);
	expect_left(&f);
	assert_true(wait_until(a_later_worker_has_collected_everybody, NULL, 3000));
	thaw();
	assert_true(wait_until(group_is_removed, NULL, 2000));
}

/* ---- No /proc -------------------------------------------------------------------------------- */

static int
serve_without_proc(void)
{
	struct harness h = HARNESS_INIT;
	struct lw_worker_statistics lived = LW_WORKER_STATISTICS_INIT;

	if (unshare(CLONE_NEWNS) != 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
	    mount("none", "/proc", "tmpfs", 0, NULL) != 0)
		return HARNESS_IMPOSSIBLE;
	h.options.restart.memory_limit_kib = 1;
	h.options.restart.memory_sample_ms = 5;
	harness_open_chaos(&h, "on run#1: rows 1; sleep 60 | "
			       "on run#2: rows 2; signal KILL");
	if (harness_stream(&h, "any", "{}") != LW_OK)
		return harness_broken(&h, "a limit that cannot be looked at");
	(void)harness_stream(&h, "any", "{}");
	if (h.error.verdict != LW_V_KILLED_FROM_OUTSIDE || h.error.rows != 2)
		return harness_broken(&h, "a kill");
	if (lw_worker_statistics(h.worker, &lived) != LW_OK || lived.memory_samples != 0 ||
	    lived.memory_misses < 2)
		return harness_broken(&h, "the samples");
	harness_expect_usable(&h);
	harness_close(&h);
	return 0;
}

static void
samples_that_cannot_be_had_without_proc_are_counted(void **state)
{
	(void)state;
#ifdef __SANITIZE_ADDRESS__
	print_message("AddressSanitizer needs a /proc\n");
	skip();
#endif
	HARNESS_APART(serve_without_proc);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LW_TEST(a_frozen_worker_is_replaced_in_time_and_buried_when_it_thaws),
		LW_TEST(a_frozen_worker_that_a_kill_can_reach_is_replaced_and_buried),
		LW_TEST(a_frozen_warden_that_a_kill_can_reach_leaves_nobody),
		LW_TEST(a_shutdown_does_not_wait_for_what_cannot_be_ended_and_counts_it),
		LW_TEST(samples_that_cannot_be_had_without_proc_are_counted),
	};

	return support_run(tests);
}
