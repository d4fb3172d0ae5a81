/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whole sessions of the real parent with scripted children.
 *
 * Input: six bytes of options, the last of them the number of actions; the application's actions
 * (application.h); then the script of the children (peer.c).
 */
#include "fuzz/application.h"
#include "fuzz/fuzz.h"
#include "fuzz/peer.h"

#define ACTIONS_MAX 16

static struct application_options
read_options(struct fuzz_feed *in)
{
	uint8_t first = fuzz_byte(in), second = fuzz_byte(in);
	uint8_t refuse_at = fuzz_byte(in), sink_ms = fuzz_byte(in), fault = fuzz_byte(in);

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
	fuzz_note("children", peers_claim().children);
	fuzz_note("capabilities opened", result.opened);
	fuzz_note("requests that succeeded", result.succeeded);
	fuzz_note("rows delivered", result.delivered);
	return 0;
}
