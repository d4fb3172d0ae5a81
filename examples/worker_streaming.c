/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lists the declarations of a Lean file. Lean code does the reading, in a supervised child process;
 * every row arrives here while it is still at work.
 *
 *      worker_streaming FILE.lean CAPABILITY.json
 *
 * It compiles against an installed leanworker as it stands; README.md has the line.
 */
#include <inttypes.h>
#include <jansson.h>
#include <leanworker/leanworker.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int
print_row(void *context, const struct lw_row *row)
{
	(void)context;
	printf("{\"stream\":\"%s\",\"sequence\":%" PRIu64 ",\"payload\":%.*s}\n", row->stream,
	    row->sequence, (int)row->payload_size, row->payload);
	return 0; /* anything else ends the request */
}

static int
print_diagnostic(void *context, const struct lw_diagnostic *diagnostic)
{
	(void)context;
	fprintf(stderr, "diagnostic %s: %s\n", diagnostic->code, diagnostic->message);
	return 0;
}

static int
print_metadata(void *context, const char *json, size_t size)
{
	(void)context;
	fprintf(stderr, "metadata: %.*s\n", (int)size, json);
	return 0;
}

/* The request of the scan: {"source": "<the text of the file>"}. */
static char *
make_request(const char *path)
{
	static char text[1 << 20];
	FILE *file = fopen(path, "r");
	char *dumped = NULL;
	json_t *request;

	if (file == NULL) {
		perror(path);
		return NULL;
	}
	request = json_pack("{s:s%}", "source", text, fread(text, 1, sizeof text, file));
	if (feof(file) && request != NULL)
		dumped = json_dumps(request, JSON_COMPACT);
	if (dumped == NULL)
		fprintf(stderr, "%s: not a readable UTF-8 text of less than 1 MiB\n", path);
	fclose(file);
	json_decref(request);
	return dumped;
}

static lw_code
scan(lw_session *session, const char *request, const struct lw_sinks *sinks, struct lw_error *error)
{
	struct lw_summary summary = LW_SUMMARY_INIT;
	lw_code code = lw_session_stream(
	    session, "leanworker_fixture_scan", lw_text(request), sinks, NULL, &summary, error);

	if (code == LW_OK)
		fprintf(stderr,
		    "%" PRIu64 " rows in %.1f ms from generation %" PRIu32 ", process %d\n",
		    summary.rows, (double)summary.elapsed_ns / 1e6, summary.generation,
		    summary.pid);
	lw_summary_clear(&summary);
	return code;
}

static int
list_declarations(const char *source, const char *manifest)
{
	struct lw_worker_options options = LW_WORKER_OPTIONS_INIT;
	struct lw_session_facts facts = LW_SESSION_FACTS_INIT;
	struct lw_sinks sinks = LW_SINKS_INIT, quiet = LW_SINKS_INIT;
	struct lw_error error = LW_ERROR_INIT;
	lw_capability *capability = NULL;
	lw_session *session = NULL;
	lw_worker *worker = NULL;
	char *request = make_request(source);
	lw_code code = request ? lw_capability_load(manifest, &capability, &error) : LW_E_MISUSE;

	sinks.on_row = print_row;
	sinks.on_diagnostic = print_diagnostic;
	sinks.on_metadata = print_metadata;
	if (code == LW_OK)
		code = lw_worker_start(&options, NULL, &worker, &error);
	if (code == LW_OK)
		code = lw_session_open(worker, capability, NULL, &session, &error);
	if (code == LW_OK)
		code = lw_session_expect_metadata(session, "leanworker_fixture_metadata",
		    "{\"name\": \"leanworker-fixture\"}", NULL, &error);
	if (code == LW_OK && lw_session_facts(session, &facts) == LW_OK)
		fprintf(stderr, "runtime: %s %s\nscanning %s\n", facts.runtime, facts.lean_version,
		    source);
	if (code == LW_OK)
		code = scan(session, request, &sinks, &error);
	if (code == LW_OK) /* a fresh process: all memory of the old one is gone */
		code = lw_worker_cycle(worker, NULL, &error);
	if (code == LW_OK) /* the session opens itself again */
		code = scan(session, request, &quiet, &error);
	if (code == LW_OK)
		code = lw_worker_shutdown(worker, NULL, &error);
	if (code != LW_OK && request)
		fprintf(stderr, "%s (%s): %s\n%s", lw_code_name(code),
		    lw_verdict_name(error.verdict), error.message, error.log_tail);
	lw_session_close(&session);
	lw_worker_close(&worker);
	lw_capability_free(&capability);
	free(request);
	return code == LW_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}

int
main(int argc, char **argv)
{
	if (argc == 3)
		return list_declarations(argv[1], argv[2]);
	fprintf(stderr, "usage: worker_streaming FILE.lean CAPABILITY.json\n");
	return EXIT_FAILURE;
}
