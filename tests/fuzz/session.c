/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whole sessions of the real parent with scripted children.
 *
 * Input: thirteen bytes of options, the last of them the size of the actions; the application's
 * actions (application.h); then the script of the children (peer.c).
 */
#include "fuzz/application.h"
#include "fuzz/fuzz.h"
#include "fuzz/patience.h"
#include "fuzz/peer.h"

#define ACTIONS_MAX 48

/* Two bits of a byte choose. */
static uint32_t
one_of(uint8_t byte, unsigned shift, const uint32_t values[4])
{
	return values[byte >> shift & 3];
}

static struct lw_restart_policy
read_policy(struct fuzz_feed *in, bool spare)
{
	uint8_t first = fuzz_byte(in), memory = fuzz_byte(in), deaths = fuzz_byte(in);

	return (struct lw_restart_policy){
		.replacement = (lw_replacement)((first & 3) % 3),
		.max_requests = first >> 2 & 3,
		.max_idle_ms = one_of(first, 4, (const uint32_t[]){ 0, 1, 10, 100 }),
		.memory_sample_ms = one_of(first, 6, (const uint32_t[]){ 0, 7, 20, 50 }),
		.memory_ceiling_kib = (memory & 15) * 10u,
		.memory_limit_kib = (memory >> 4) * 100u,
		.max_deaths = one_of(deaths, 0, (const uint32_t[]){ 0, 1, 2, 3 }),
		.window_ms = one_of(deaths, 2, (const uint32_t[]){ 0, 10, 100, 1000 }),
		.backoff_ms = one_of(deaths, 4, (const uint32_t[]){ 0, 5, 50, 200 }),
		.backoff_max_ms = one_of(deaths, 6, (const uint32_t[]){ 0, 20, 100, 1000 }),
		.spare = spare,
	};
}

static struct application_options
read_options(struct fuzz_feed *in)
{
	uint8_t first = fuzz_byte(in), second = fuzz_byte(in);
	uint8_t refuse_at = fuzz_byte(in), sink_ms = fuzz_byte(in), fault = fuzz_byte(in);
	struct lw_restart_policy restart = read_policy(in, second & 8);

	return (struct application_options){
		.without_row = first & 1,
		.without_diagnostic = first & 2,
		.without_progress = first & 4,
		.without_metadata = first & 8,
		.reversed = first & 16,
		.small_cap = first & 32,
		.close_worker_first = first & 64,
		.calls_back = first & 128,
		.fault_persists = second & 1,
		.containment = (lw_containment)(second >> 1 & 3),
		.refuse_at = refuse_at,
		.sink_ms = sink_ms & 15,
		.fault = fault,
		.restart = restart,
		.budgets = patience_budgets(in),
	};
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_feed in = fuzz_feed(data, size);
	struct application_options options = read_options(&in);
	const uint8_t *at;
	size_t count = fuzz_take(&in, fuzz_byte(&in) % (ACTIONS_MAX + 1), &at);
	struct application_result result;

	peers_begin(in, true);
	result = application_play(&options, fuzz_feed(at, count));
	fuzz_count(size, result.opened > 0);
	fuzz_note("sessions", 1);
	fuzz_note("children", peers_claim(0).children);
	fuzz_note("capabilities opened", result.opened);
	fuzz_note("requests that succeeded", result.succeeded);
	fuzz_note("rows delivered", result.delivered);
	return 0;
}
