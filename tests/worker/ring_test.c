/* SPDX-License-Identifier: Apache-2.0 */
/* The event lane as a ring between two real processes: what it is, and that nobody waits in vain. */
#include <inttypes.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "harness.h"

#define SOON_MS 2000 /* far less than any budget, and far more than a look takes to come round */

/* How often the process has mapped a ring with these rights. */
static unsigned
rings_mapped(pid_t pid, const char *rights)
{
	char path[64], line[512];
	unsigned count = 0;
	FILE *maps;

	(void)snprintf(path, sizeof path, "/proc/%d/maps", pid);
	maps = fopen(path, "re");
	if (maps == NULL)
		return 0;
	while (fgets(line, sizeof line, maps) != NULL)
		count += strstr(line, "leanworker-ring") != NULL && strstr(line, rights) != NULL;
	fclose(maps);
	return count;
}

static uint64_t
lane_waits(struct harness *h)
{
	struct lw_worker_statistics s = LW_WORKER_STATISTICS_INIT;

	assert_int_equal(lw_worker_statistics(h->worker, &s), LW_OK);
	return s.lane_waits;
}

/* ---- What is shared --------------------------------------------------------------------------- */

static void
the_application_can_only_read_the_ring_and_has_none_afterwards(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	harness_open_native(&h);
	assert_int_equal(rings_mapped(getpid(), " r--s "), 1);
	assert_int_equal(rings_mapped(getpid(), " rw"), 0);
	assert_int_equal(lw_worker_cycle(h.worker, NULL, &h.error), LW_OK);
	harness_expect_usable(&h);
	assert_int_equal(rings_mapped(getpid(), "leanworker-ring"), 1); /* of the new child */
	harness_end(&h);
	assert_int_equal(rings_mapped(getpid(), "leanworker-ring"), 0);
}

static void
a_worker_that_is_told_so_is_heard_through_the_socket(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	h.options.environment = HARNESS_BY_SOCKET;
	harness_open_native(&h);
	harness_expect_usable(&h);
	harness_end(&h);
}

static int
start_with_small_files(void)
{
	struct harness h = HARNESS_INIT;

	(void)setrlimit(RLIMIT_FSIZE, &(struct rlimit){ 65536, 65536 });
	harness_open_native(&h);
	harness_expect_usable(&h);
	if (rings_mapped(getpid(), "leanworker-ring") != 0)
		return harness_broken(&h, "there is a ring");
	harness_close(&h);
	(void)setrlimit(RLIMIT_FSIZE, &(struct rlimit){ 1000, 1000 });
	h.code = lw_worker_start(&h.options, NULL, &h.worker, &h.error);
	if (h.code == LW_OK || h.error.verdict != LW_V_SYSTEM_CALL)
		return harness_broken(&h, "there is no page");
	return 0;
}

static void
a_limit_of_file_sizes_is_told_and_ends_nobody(void **state)
{
	(void)state;
	HARNESS_APART(start_with_small_files);
}

/* ---- Nobody waits in vain --------------------------------------------------------------------- */

static void
rows_for_which_nobody_rings_are_found_within_a_look(void **state)
{
	struct harness h = HARNESS_INIT;
	int64_t began;

	(void)state;
	harness_open_chaos(&h, "on run: no-bells; rows 3");
	began = harness_now_ms();
	assert_int_equal(harness_stream(&h, "any", "{}"), LW_OK);
	assert_in_range(harness_now_ms() - began, 0, SOON_MS);
	assert_int_equal(h.summary.rows, 3);
	harness_end(&h);
}

/* It is 6 MB in all, and the ring holds a quarter of one. */
#define MANY_ROWS "rows 100 size=60000"

static void
sleep_once(struct harness *h, const struct lw_row *row)
{
	const struct timespec span = { .tv_nsec = 50000000 };

	(void)row;
	if (h->rows_seen == 1)
		(void)nanosleep(&span, NULL);
}

static void
a_child_whose_ring_is_full_waits_and_goes_on_and_is_counted(void **state)
{
	struct harness h = HARNESS_INIT;
	int64_t began;

	(void)state;
	harness_open_chaos(&h, "on run: " MANY_ROWS);
	h.on_row = sleep_once;
	began = harness_now_ms();
	assert_int_equal(harness_stream(&h, "any", "{}"), LW_OK);
	assert_in_range(harness_now_ms() - began, 50, SOON_MS);
	assert_int_equal(h.summary.rows, 100);
	assert_in_range(lane_waits(&h), 1, 100);
	harness_end(&h);
}

static void
nothing_is_counted_where_nobody_waits(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	harness_open_chaos(&h, "on run: rows 3");
	assert_int_equal(harness_stream(&h, "any", "{}"), LW_OK);
	assert_int_equal(lane_waits(&h), 0);
	harness_end(&h);
}

static lw_cancel_token *token;

static void
cancel_in_the_first_row(struct harness *h, const struct lw_row *row)
{
	sleep_once(h, row); /* the ring is full by then */
	lw_cancel_token_cancel(token);
}

static void
a_child_that_waits_for_room_hears_of_a_cancel(void **state)
{
	struct lw_call_options call = LW_CALL_OPTIONS_INIT;
	struct harness h = HARNESS_INIT;

	(void)state;
	assert_int_equal(lw_cancel_token_create(&token, &h.error), LW_OK);
	call.cancel = token;
	h.call = &call;
	h.on_row = cancel_in_the_first_row;
	h.options.budgets.grace_ms = 10000;
	harness_open_chaos(&h, "on run#1: " MANY_ROWS "; wait-stop; end outcome=1");
	(void)harness_stream(&h, "any", "{}");
	EXPECT_FAILURE(&h, LW_V_CANCELLED);
	assert_int_equal(h.rows_seen, 1);
	assert_int_equal(harness_generation(&h), 1); /* it stopped, and lives */
	h.call = NULL;
	h.on_row = NULL;
	harness_expect_usable(&h);
	harness_end(&h);
	lw_cancel_token_free(&token);
}

/* ---- Lies --------------------------------------------------------------------------------------- */

/* Whatever it was that the parent read, it is a verdict, and the next child serves. */
static void
memory_that_vanishes_again_and_again_harms_nobody(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	h.options.restart.max_deaths = LW_NO_LIMIT;
	harness_open_chaos(&h, "on run: rows 40 size=5000; ring-punch; rows 40 name=b size=5000");
	for (int i = 0; i < 40; i++) {
		(void)harness_stream(&h, "any", "{}");
		if (h.code != LW_OK)
			EXPECT_FAILURE(&h, LW_V_PROTOCOL);
		h.events_size = 0;
	}
	harness_expect_usable(&h);
	harness_end(&h);
}

static void
a_child_that_overwrites_all_of_it_is_always_found_out(void **state)
{
	struct harness h = HARNESS_INIT;

	(void)state;
	h.options.restart.max_deaths = LW_NO_LIMIT;
	harness_open_chaos(&h, "on run: ring-storm; rows 1000000");
	for (int i = 0; i < 20; i++) {
		(void)harness_stream(&h, "any", "{}");
		EXPECT_FAILURE(&h, LW_V_PROTOCOL);
	}
	harness_end(&h);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LW_TEST(the_application_can_only_read_the_ring_and_has_none_afterwards),
		LW_TEST(a_worker_that_is_told_so_is_heard_through_the_socket),
		LW_TEST(a_limit_of_file_sizes_is_told_and_ends_nobody),
		LW_TEST(rows_for_which_nobody_rings_are_found_within_a_look),
		LW_TEST(a_child_whose_ring_is_full_waits_and_goes_on_and_is_counted),
		LW_TEST(nothing_is_counted_where_nobody_waits),
		LW_TEST(a_child_that_waits_for_room_hears_of_a_cancel),
		LW_TEST(memory_that_vanishes_again_and_again_harms_nobody),
		LW_TEST(a_child_that_overwrites_all_of_it_is_always_found_out),
	};

	return support_run(tests);
}
