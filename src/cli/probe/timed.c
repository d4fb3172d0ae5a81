/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/probe/timed.h"

#include "cli/screen.h"

static int
take_row(void *context, const struct lw_row *row)
{
	struct timed *t = context;

	if (t->rows++ == 0)
		t->first_row_ns = cli_now_ns();
	t->bytes += row->payload_size;
	return t->on_row ? t->on_row(t->context, row) : 0;
}

lw_code
timed_stream(lw_session *session, const char *export_name, struct lw_input request,
    const struct lw_call_options *call, struct timed *timed, struct lw_error *ret_error)
{
	struct lw_sinks sinks = LW_SINKS_INIT;
	lw_code code;

	sinks.context = timed;
	sinks.on_row = take_row;
	timed->rows = timed->bytes = 0;
	timed->first_row_ns = 0;
	timed->called_ns = cli_now_ns();
	code = lw_session_stream(session, export_name, request, &sinks, call, NULL, ret_error);
	timed->returned_ns = cli_now_ns();
	return code;
}

double
timed_ms(int64_t from_ns, int64_t to_ns)
{
	return (double)(to_ns - from_ns) / 1e6;
}
