/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lists the declarations of a Lean file. Lean code does the reading, in a supervised child process;
 * every row arrives here while it is still at work.
 *
 *      worker_streaming FILE.lean CAPABILITY.json
 *
 * It compiles against an installed leanworker as it stands; README.md has the line.
 */
#include <leanworker/metadata.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

struct scan_request {
	struct lw_str source;
};
LW_RECORD(scan_request, struct scan_request, LW_FIELD(source));

struct declaration {
	const char *kind, *name;
	uint32_t line;
};
LW_RECORD(declaration, struct declaration, LW_FIELD(kind), LW_FIELD(name), LW_FIELD(line));

struct scan_summary {
	uint64_t lines, declarations;
};
LW_RECORD(scan_summary, struct scan_summary, LW_FIELD(lines), LW_FIELD(declarations));

static int
print_declaration(void *context, const struct lw_row *row, const struct declaration *found)
{
	(void)context;
	printf("%s %" PRIu64 ": %s %s, line %" PRIu32 "\n", row->stream, row->sequence, found->kind,
	    found->name, found->line);
	return 0; /* anything else ends the request */
}

static int
print_diagnostic(void *context, const struct lw_diagnostic *diagnostic)
{
	(void)context;
	fprintf(stderr, "diagnostic %s: %s\n", diagnostic->code, diagnostic->message);
	return 0;
}

static lw_code
scan(lw_session *session, struct lw_str source, struct lw_error *error)
{
	static const struct lw_rows rows[] = {
		LW_ROWS("declarations", declaration, print_declaration),
	};
	const struct scan_request request = { source };
	struct scan_summary found;
	struct lw_sinks sinks = LW_SINKS_INIT;
	struct lw_summary summary = LW_SUMMARY_INIT;
	lw_code code;

	LW_SINKS_ROWS(&sinks, rows);
	sinks.on_diagnostic = print_diagnostic;
	summary.into = LW_INTO(scan_summary, &found);
	code = lw_session_stream(session, "leanworker_fixture_scan",
	    LW_VALUE(scan_request, &request), &sinks, NULL, &summary, error);
	if (code == LW_OK)
		fprintf(stderr,
		    "%" PRIu64 " declarations in %" PRIu64 " lines, in %.1f ms from generation "
		    "%" PRIu32 ", process %d\n",
		    found.declarations, found.lines, (double)summary.elapsed_ns / 1e6,
		    summary.generation, summary.pid);
	lw_summary_clear(&summary);
	return code;
}

static int
list_declarations(struct lw_str source, const char *manifest)
{
	struct lw_worker_options options = LW_WORKER_OPTIONS_INIT;
	struct lw_session_facts facts = LW_SESSION_FACTS_INIT;
	struct lw_expectation fixture = LW_EXPECTATION_INIT;
	struct lw_error error = LW_ERROR_INIT;
	lw_capability *capability = NULL;
	lw_session *session = NULL;
	lw_worker *worker = NULL;
	lw_code code = lw_capability_load(manifest, &capability, &error);

	fixture.includes = "{\"name\": \"leanworker-fixture\"}";
	if (code == LW_OK)
		code = lw_worker_start(&options, NULL, &worker, &error);
	if (code == LW_OK)
		code = lw_session_open(worker, capability, NULL, &session, &error);
	if (code == LW_OK)
		code = lw_session_expect_metadata(
		    session, "leanworker_fixture_metadata", &fixture, NULL, &error);
	if (code == LW_OK && lw_session_facts(session, &facts) == LW_OK)
		fprintf(stderr, "runtime: %s %s\n", facts.runtime, facts.lean_version);
	if (code == LW_OK)
		code = scan(session, source, &error);
	if (code == LW_OK) /* a fresh process: all memory of the old one is gone */
		code = lw_worker_cycle(worker, NULL, &error);
	if (code == LW_OK) /* the session opens itself again */
		code = scan(session, source, &error);
	if (code == LW_OK)
		code = lw_worker_shutdown(worker, NULL, &error);
	if (code != LW_OK)
		fprintf(stderr, "%s (%s): %s\n%s", lw_code_name(code),
		    lw_verdict_name(error.verdict), error.message, error.log_tail);
	lw_session_close(&session);
	lw_worker_close(&worker);
	lw_capability_free(&capability);
	return code == LW_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}

int
main(int argc, char **argv)
{
	static char text[1 << 20];
	struct lw_str source = { text, 0 };
	FILE *file;

	if (argc != 3) {
		fprintf(stderr, "usage: worker_streaming FILE.lean CAPABILITY.json\n");
		return EXIT_FAILURE;
	}
	file = fopen(argv[1], "r");
	if (file == NULL) {
		perror(argv[1]);
		return EXIT_FAILURE;
	}
	source.size = fread(text, 1, sizeof text, file);
	if (!feof(file)) {
		fprintf(stderr, "%s: cannot be read, or is larger than 1 MiB\n", argv[1]);
		fclose(file);
		return EXIT_FAILURE;
	}
	fclose(file);
	fprintf(stderr, "scanning %s\n", argv[1]);
	return list_declarations(source, argv[2]);
}
