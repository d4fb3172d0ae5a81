/* SPDX-License-Identifier: Apache-2.0 */
/* What a verb opens: a manifest, or a project; with imports or without. */
#ifndef LW_CLI_TARGET_H
#define LW_CLI_TARGET_H

#include "cli/options.h"
#include "leanworker/capability.h"

struct cli_target {
	struct lw_build_options build;
	struct lw_worker_options worker;
	struct lw_open_options open;
	struct lw_call_options call;
	struct cli_list imports;
	const char *manifest, *project;
	uint32_t timeout_ms; /* of the request, not of the opening */
	int fetch, verbose, json;
};

/* Defaults, and the options that every such verb has. */
void cli_target_begin(struct cli_target *t, struct cli_options *o);

/* What a verb asks that runs one export with one request. */
struct cli_request {
	const char *export_name, *text; /* as cli_read_text takes it */
};

/* Adds --request. */
void cli_request_begin(struct cli_request *r, struct cli_options *o);

/* cli_parse for the one name that must be there, and cli_target_check. -1, or the exit status. */
int cli_request_parse(const struct cli_verb *verb, struct cli_options *o, struct cli_target *t,
    struct cli_request *r, int argc, char **argv);

/* What a build says, where *verbose is not 0; it becomes the context of the options' callbacks. */
void cli_watch_build(struct lw_build_options *build, const int *verbose);

/* -1, or the exit status after saying what is missing or too much. */
int cli_target_check(const struct cli_verb *verb, struct cli_target *t);

/*
 * Opens, and says what serves. From here on SIGINT and SIGTERM cancel the call; a second one ends this
 * process, and with it the child. cli_target_close ends that.
 */
lw_code cli_target_open(
    struct cli_target *t, struct lw_opened *ret_opened, struct lw_error *ret_error);
void cli_target_close(struct lw_opened *opened);

/* The token alone, for calls that open nothing; NULL where there is none. */
lw_cancel_token *cli_interrupt_begin(void);
void cli_interrupt_end(void);

#endif
