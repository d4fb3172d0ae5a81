/* SPDX-License-Identifier: Apache-2.0 */
/* One request of a streaming export, with the moments at which things happened. */
#ifndef LW_CLI_PROBE_TIMED_H
#define LW_CLI_PROBE_TIMED_H

#include "leanworker/leanworker.h"

struct timed {
	int (*on_row)(void *context, const struct lw_row *row); /* may be NULL */
	void *context;
	uint64_t rows, bytes; /* that the sink was given; bytes of payloads */
	/* cli_now_ns: just before the call, in the sink with its first row (0: none), just after it. */
	int64_t called_ns, first_row_ns, returned_ns;
};

lw_code timed_stream(lw_session *session, const char *export_name, struct lw_input request,
    const struct lw_call_options *call, struct timed *timed, struct lw_error *ret_error);

/* In milliseconds. */
double timed_ms(int64_t from_ns, int64_t to_ns);

#endif
