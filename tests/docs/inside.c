/* SPDX-License-Identifier: Apache-2.0 */
/* What is around a few lines of C on a page, so that they compile: their variables. Only compiled. */
#include <leanworker/capability.h>
#include <leanworker/jansson.h>
#include <leanworker/metadata.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* ---- */
lw_code inside(lw_worker *worker, lw_session *session, lw_capability *capability, const char *text,
    size_t size, lw_cancel_token *token);
lw_code
inside(lw_worker *worker, lw_session *session, lw_capability *capability, const char *text,
    size_t size, lw_cancel_token *token)
{
	struct lw_error error = LW_ERROR_INIT;
	struct lw_sinks sinks = LW_SINKS_INIT;
	struct lw_summary summary = LW_SUMMARY_INIT;
	struct lw_worker_options options = LW_WORKER_OPTIONS_INIT;
	lw_capability *importing = NULL;
	lw_code code = LW_OK;

	(void)worker, (void)session, (void)capability, (void)text, (void)size, (void)token;
	(void)error, (void)sinks, (void)summary, (void)options, (void)importing;
	{
		BLOCK;
	}
	return code;
}
