/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A worker with the fixture (or the hostile guest) open in it, and what came of a request, for tests
 * that start real processes. Every step that should succeed is asserted here, so that a scenario
 * says only what it is about.
 */
#ifndef LWTEST_HARNESS_H
#define LWTEST_HARNESS_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "leanworker/metadata.h"
#include "support/support.h"

/* The state that a test's functions share; zero it with HARNESS_INIT. */
struct harness {
	struct lw_worker_options options;
	lw_worker *worker;
	lw_session *session;
	struct lw_error error;
	struct lw_summary summary;
	struct lw_shutdown_report report;
	lw_code code; /* of the last request */
	char *log;    /* all that the children wrote */
	size_t log_size;
	char *events; /* a line per event of the last request, as it came */
	size_t events_size;
	FILE *events_out, *log_out;
	int sink_answer; /* what on_row answers from row sink_after on */
	uint64_t sink_after;
	void (*on_row)(struct harness *h, const struct lw_row *row); /* NULL: only recorded */
	uint64_t rows_seen;
	void (*on_log)(struct harness *h);  /* NULL, or after the text was added to log */
	bool forget_log;                    /* nothing of it is kept here */
	const struct lw_call_options *call; /* of harness_stream; may be NULL */
};

#define HARNESS_INIT                                                                               \
	{                                                                                          \
		.options = LW_WORKER_OPTIONS_INIT, .error = LW_ERROR_INIT,                         \
		.summary = LW_SUMMARY_INIT, .report = LW_SHUTDOWN_REPORT_INIT                      \
	}

void harness_start(struct harness *h);        /* the worker */
void harness_open_fixture(struct harness *h); /* the Lean fixture; starts the worker if need be */
void harness_open_guest(struct harness *h);   /* tests/guests/guest.c */
void harness_open_native(struct harness *h);  /* tests/guests/native_guest.c */
/* For h.options.environment: the event lane is the socket, where a capability can speak itself. */
#define HARNESS_BY_SOCKET ((const char *const[]){ "LEANWORKER_LANE=socket", NULL })

void harness_open_hostile(struct harness *h);                    /* tests/guests/native_hostile.c */
void harness_open_manifest(struct harness *h, const char *file); /* any manifest of the build */

/* leanworker-chaos (docs/chaos.md) with a script, NULL: a polite one; the worker alone, or open too. */
void harness_start_chaos(struct harness *h, const char *script);
void harness_open_chaos(struct harness *h, const char *script);
/* A script as printf makes it; the caller frees it. */
char *harness_script(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Opens a native library of the build by its file name; what came of it is in code and error. */
lw_code harness_try_native(struct harness *h, const char *file, const char *dependency);

/* The expectation of a metadata that includes this JSON. */
#define INCLUDING(json)                                                                            \
	(&(struct lw_expectation){                                                                 \
	    .struct_size = sizeof(struct lw_expectation), .includes = (json) })

/* Runs a stream; the outcome is in code, error, summary, events. */
lw_code harness_stream(struct harness *h, const char *export_name, const char *request);
/* A plain request succeeds now: the invariant after every scenario. */
void harness_expect_usable(struct harness *h);

/*
 * Shuts down and closes. Where Lean was open the checking runtime must have reported that no object
 * is left.
 */
void harness_end(struct harness *h);
/* Closes without a shutdown. */
void harness_close(struct harness *h);

/* Runs the scenario under every containment that this system allows us. */
void harness_under_every_containment(void (*scenario)(lw_containment containment));
bool harness_can_contain(lw_containment containment);

/* Runs it in a process apart, which may change whatever it likes of itself. Its answer is its exit status. */
int harness_apart(int (*play)(void));
/* Says on stderr what is wrong, and with which error; 1, for such an answer. */
int harness_broken(const struct harness *h, const char *what);
#define HARNESS_IMPOSSIBLE                                                                         \
	77 /* such an answer: this system does not allow it; the test is skipped */
#define HARNESS_APART(play)                                                                        \
	do {                                                                                       \
		int answer_ = harness_apart(play);                                                 \
		if (answer_ == HARNESS_IMPOSSIBLE)                                                 \
			skip();                                                                    \
		assert_int_equal(answer_, 0);                                                      \
	} while (0)

int64_t harness_now_ms(void); /* monotonic */
int64_t harness_cpu_ms(void); /* of this thread */
pid_t harness_pid(struct harness *h);
uint32_t harness_generation(struct harness *h);

/* The last request failed with this, and the library is consistent about it. */
#define EXPECT_FAILURE(h, wanted)                                                                  \
	do {                                                                                       \
		assert_string_equal(lw_verdict_name((h)->error.verdict), lw_verdict_name(wanted)); \
		assert_int_equal((h)->code, lw_verdict_code(wanted));                              \
		assert_int_equal((h)->error.code, (h)->code);                                      \
		assert_int_not_equal((h)->error.message[0], 0);                                    \
	} while (0)

/* text may be NULL: a child that wrote nothing */
#define EXPECT_TEXT(text, part)                                                                    \
	do {                                                                                       \
		const char *text_ = (text) != NULL ? (text) : "";                                  \
		if (strstr(text_, part) == NULL)                                                   \
			fail_msg("\"%s\" does not contain \"%s\"", text_, part);                   \
	} while (0)

#endif
