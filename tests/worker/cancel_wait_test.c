/* SPDX-License-Identifier: Apache-2.0 */
/* Who waits for the end of a cancelled request sleeps. tests/model/cancel.pml has the other ways. */
#include <time.h>

#include "worker/harness.h"

#define GRACE_MS 600

struct refusal {
	lw_cancel_token *token;
};

static int
refuse_and_cancel(void *context, const struct lw_row *row)
{
	const struct refusal *refusal = context;

	(void)row;
	lw_cancel_token_cancel(refusal->token);
	return 7;
}

static int64_t
cpu_ms(void)
{
	struct timespec t;

	assert_int_equal(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t), 0);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void
a_refusal_and_a_cancel_together_cost_no_time_of_the_processor(void **state)
{
	struct harness h = HARNESS_INIT;
	struct refusal refusal = { NULL };
	struct lw_sinks sinks = LW_SINKS_INIT;
	struct lw_call_options call = LW_CALL_OPTIONS_INIT;
	int64_t began;

	(void)state;
	harness_open_guest(&h);
	assert_int_equal(lw_cancel_token_create(&refusal.token, &h.error), LW_OK);
	sinks.context = &refusal;
	sinks.on_row = refuse_and_cancel;
	call.cancel = refusal.token;
	call.budgets.grace_ms = GRACE_MS;
	began = cpu_ms();
	h.code = lw_session_stream(
	    h.session, "guest_hang", lw_text("0"), &sinks, &call, &h.summary, &h.error);
	assert_true(cpu_ms() - began < GRACE_MS / 2);
	EXPECT_FAILURE(&h, LW_V_SINK);
	lw_cancel_token_free(&refusal.token);
	harness_expect_usable(&h);
	harness_end(&h);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LW_TEST(a_refusal_and_a_cancel_together_cost_no_time_of_the_processor),
	};

	return support_run(tests);
}
