/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz/application.h"

#include <string.h>

#include "base/fault.h"
#include "base/json.h"
#include "base/utf8.h"
#include "fuzz/peer.h"
#include "fuzz/virtual.h"

/* Budgets, in milliseconds of the virtual clock. */
#define START_MS    50
#define OPEN_MS     60
#define REQUEST_MS  40
#define SHUTDOWN_MS 20
#define ASK_MS      4
#define GRACE_MS    5
#define BURIAL_MS   5000 /* lw_worker_close promises it */
#define SLACK_MS    20

#define SMALL_CAP     4096
#define BIG_REQUEST   70000
#define LONG_NAME     255 /* the longest that is allowed */
#define KIB           1024
#define CHILD_MEMORY  (700 * KIB) /* buffers for one read, and its record */
#define WORKER_MEMORY (300 * KIB)

struct application {
	struct application_options options;
	lw_worker *worker;
	lw_session *session;
	lw_capability *capability;

	/* Of the call under way. */
	const char *text; /* of its request */
	uint64_t rows, callbacks;
	uint32_t sink_ms;
	bool in_call, refused;
	int64_t began_ns;

	uint64_t opened, succeeded, delivered; /* over the session */
};

static lw_capability *capabilities[2]; /* made once */
static char big_request[BIG_REQUEST];
static char long_name[LONG_NAME + 1];

/* ---- What must be true of results ---------------------------------------------------------- */

static void
check_text(const char *text, size_t room, bool for_people)
{
	size_t size = strnlen(text, room);

	FUZZ_MUST(size < room && utf8_valid_prefix(text, size) == size);
	for (size_t i = 0; for_people && i < size; i++)
		FUZZ_MUST((unsigned char)text[i] >= 0x20 || text[i] == '\n' || text[i] == '\t');
}

static void
check_error(const struct lw_error *e, lw_code code)
{
	if (code == LW_OK)
		return;
	FUZZ_MUST(e->code == code && lw_verdict_code(e->verdict) == code);
	FUZZ_MUST(e->struct_size == sizeof *e && code != LW_E_BUG);
	check_text(e->message, sizeof e->message, true);
	check_text(e->log_tail, sizeof e->log_tail, true);
	check_text(e->command, sizeof e->command, true);
	check_text(e->stream, sizeof e->stream, false);
	FUZZ_MUST(e->log_bytes <= virtual.received);
}

static void
begin_call(struct application *a)
{
	a->rows = a->callbacks = a->sink_ms = 0;
	a->refused = false;
	a->in_call = true;
	a->began_ns = virtual.now_ns;
}

static void
check_time(const struct application *a, uint32_t budget_ms)
{
	int64_t took_ms = (virtual.now_ns - a->began_ns) / 1000000;

	FUZZ_MUST(a->options.fault != 0 || took_ms <= (int64_t)budget_ms + a->sink_ms + SLACK_MS);
}

static void
check_memory(const struct application *a)
{
	size_t children = peers_claim().children;

	(void)a;
	FUZZ_MUST(virtual.peak <= WORKER_MEMORY + children * CHILD_MEMORY + 8 * virtual.received +
				      4 * virtual.sent + 4 * BIG_REQUEST);
}

static void
end_call(struct application *a, lw_code code, const struct lw_error *e, uint32_t budget_ms)
{
	a->in_call = false;
	a->delivered += a->rows;
	check_error(e, code);
	check_time(a, budget_ms);
	check_memory(a);
}

/* ---- Callbacks ----------------------------------------------------------------------------- */

/* Every call of the interface from inside of it is refused, and every close does nothing. */
static void
call_back(struct application *a)
{
	struct lw_error e = LW_ERROR_INIT;
	struct lw_worker_facts facts = LW_WORKER_FACTS_INIT;
	lw_worker *worker = a->worker;
	lw_session *session = a->session;

	FUZZ_MUST(lw_worker_health(worker, NULL, &e) == LW_E_MISUSE);
	FUZZ_MUST(lw_worker_cycle(worker, NULL, NULL) == LW_E_MISUSE);
	FUZZ_MUST(
	    lw_session_stream(session, "x", lw_text(""), NULL, NULL, NULL, &e) == LW_E_MISUSE);
	FUZZ_MUST(lw_worker_shutdown(worker, NULL, &e) == LW_E_MISUSE);
	FUZZ_MUST(lw_worker_facts(worker, &facts) == LW_OK);
	lw_session_close(&session);
	lw_worker_close(&worker);
	FUZZ_MUST(worker == a->worker && session == a->session);
}

static int
answer(struct application *a)
{
	FUZZ_MUST(a->in_call && !a->refused);
	if (a->options.calls_back)
		call_back(a);
	if (a->options.sink_ms > 0) {
		virtual_pass_ms(a->options.sink_ms);
		a->sink_ms += a->options.sink_ms;
	}
	a->refused = ++a->callbacks == a->options.refuse_at;
	return a->refused ? -5 : 0;
}

static int
on_row(void *context, const struct lw_row *row)
{
	struct application *a = context;

	FUZZ_MUST(row->generation == peers_claim().generation);
	FUZZ_MUST(peers_sent_row(a->rows, row->payload, row->payload_size));
	FUZZ_MUST(!a->options.small_cap || row->payload_size <= SMALL_CAP);
	FUZZ_MUST(row->stream[0] != '\0' && strlen(row->stream) <= 255);
	a->rows++;
	return answer(a);
}

static int
on_diagnostic(void *context, const struct lw_diagnostic *diagnostic)
{
	FUZZ_MUST(diagnostic->code[0] != '\0' && diagnostic->message != NULL);
	return answer(context);
}

static int
on_progress(void *context, const struct lw_progress *progress)
{
	FUZZ_MUST(progress->phase[0] != '\0');
	return answer(context);
}

static int
on_metadata(void *context, const char *json, size_t size)
{
	FUZZ_MUST(strnlen(json, size + 1) <= size);
	return answer(context);
}

static void
on_log(void *context, uint32_t generation, const char *text, size_t size)
{
	FUZZ_MUST(context != NULL && generation > 0 && text != NULL && size > 0);
}

static struct lw_sinks
sinks(struct application *a)
{
	struct lw_sinks made = LW_SINKS_INIT;

	made.context = a;
	made.on_row = a->options.without_row ? NULL : on_row;
	made.on_diagnostic = a->options.without_diagnostic ? NULL : on_diagnostic;
	made.on_progress = a->options.without_progress ? NULL : on_progress;
	made.on_metadata = a->options.without_metadata ? NULL : on_metadata;
	return made;
}

/* ---- Actions ------------------------------------------------------------------------------- */

/* Sending the old child away, starting, opening, asking; what died unread is asked again, once. */
#define READY_MS   (SHUTDOWN_MS + 2 * (START_MS + OPEN_MS))
#define REQUEST_IN (READY_MS + REQUEST_MS)

static void
start(struct application *a)
{
	struct lw_worker_options options = LW_WORKER_OPTIONS_INIT;
	struct lw_error e = LW_ERROR_INIT;
	lw_code code;

	options.child_path = "/";
	options.budgets.start_ms = START_MS;
	options.budgets.open_ms = OPEN_MS;
	options.budgets.request_ms = REQUEST_MS;
	options.budgets.shutdown_ms = SHUTDOWN_MS;
	options.budgets.ask_ms = ASK_MS;
	options.budgets.grace_ms = GRACE_MS;
	options.restart.max_deaths = LW_NO_LIMIT; /* bad children are what this is about */
	options.restart.backoff_ms = options.restart.backoff_max_ms = 1;
	options.row_cap = a->options.small_cap ? SMALL_CAP : 0;
	options.containment = a->options.containment;
	options.on_log = on_log;
	options.log_context = a;
	begin_call(a);
	code = lw_worker_start(&options, NULL, &a->worker, &e);
	end_call(a, code, &e, START_MS + BURIAL_MS);
	FUZZ_MUST((code == LW_OK) == (a->worker != NULL));
}

static void
open_session(struct application *a)
{
	struct lw_error e = LW_ERROR_INIT;
	lw_code code;

	begin_call(a);
	code = lw_session_open(a->worker, a->capability, NULL, &a->session, &e);
	end_call(a, code, &e, READY_MS);
	FUZZ_MUST((code == LW_OK) == (a->session != NULL));
	a->opened += code == LW_OK;
}

static void
check_summary(const struct application *a, const struct lw_summary *s)
{
	struct peer_claim claim = peers_claim();
	uint64_t rows = 0;

	for (size_t i = 0; i < s->stream_count; i++) {
		FUZZ_MUST(s->streams[i].stream[0] != '\0');
		rows += s->streams[i].rows;
	}
	FUZZ_MUST(rows == s->rows && s->generation == claim.generation);
	FUZZ_MUST(a->options.without_row || s->rows == a->rows);
	FUZZ_MUST(!claim.plain || (claim.said_ok && s->rows == claim.rows));
	FUZZ_MUST(s->metadata == NULL || s->metadata[s->metadata_size] == '\0');
}

static void
check_untouched(const struct lw_summary *s)
{
	const struct lw_summary none = LW_SUMMARY_INIT;

	FUZZ_MUST(s->rows == none.rows && s->streams == NULL && s->stream_count == 0);
	FUZZ_MUST(s->metadata == NULL && s->generation == 0);
}

static void
stream(struct application *a, unsigned how)
{
	struct lw_sinks to = sinks(a);
	struct lw_summary summary = LW_SUMMARY_INIT;
	struct lw_error e = LW_ERROR_INIT;
	bool plain = how & 1, big = how & 2;
	lw_code code;

	begin_call(a);
	code = lw_session_stream(a->session, how & 8 ? long_name : "export",
	    lw_bytes(big ? big_request : "{}", big ? sizeof big_request : 2), plain ? NULL : &to,
	    NULL, plain ? NULL : &summary, plain && (how & 4) ? NULL : &e);
	end_call(a, plain && (how & 4) ? LW_OK : code, &e, REQUEST_IN);
	FUZZ_MUST(!a->refused || code == LW_E_SINK);
	FUZZ_MUST(plain || a->refused || code != LW_E_SINK);
	FUZZ_MUST(plain || a->options.without_row || code == LW_OK || e.rows == a->rows);
	if (code == LW_OK && !plain)
		check_summary(a, &summary);
	else
		check_untouched(&summary);
	lw_summary_clear(&summary);
	a->succeeded += code == LW_OK;
}

static void
call(struct application *a, unsigned how)
{
	struct lw_reply reply = LW_REPLY_INIT;
	struct lw_error e = LW_ERROR_INIT;
	const char *fault;
	size_t offset;
	lw_code code;

	begin_call(a);
	code = lw_session_call(a->session, "command",
	    lw_bytes(how & 1 ? big_request : "", how & 1 ? sizeof big_request : 0), NULL, &reply,
	    &e);
	end_call(a, code, &e, REQUEST_IN);
	FUZZ_MUST(a->callbacks == 0);
	if (code == LW_OK) {
		FUZZ_MUST(reply.text[reply.size] == '\0');
		FUZZ_MUST(reply.generation == peers_claim().generation);
		FUZZ_MUST(!peers_claim().plain || peers_claim().said_ok);
		FUZZ_MUST(jread_validate(reply.text, reply.size, &offset, &fault));
	} else {
		FUZZ_MUST(reply.text == NULL && reply.size == 0);
	}
	lw_reply_clear(&reply);
	a->succeeded += code == LW_OK;
}

static void
expect_metadata(struct application *a, unsigned how)
{
	static const char *const expected[] = { NULL, "{}", "{\"a\":1}", "[" };
	struct lw_expectation wanted = LW_EXPECTATION_INIT;
	struct lw_error e = LW_ERROR_INIT;
	lw_code code;

	begin_call(a);
	wanted.includes = expected[how & 3];
	code = lw_session_expect_metadata(a->session, "metadata", &wanted, NULL, &e);
	end_call(a, code, &e, REQUEST_IN);
}

static void
health(struct application *a)
{
	struct lw_error e = LW_ERROR_INIT;
	lw_code code;

	begin_call(a);
	code = lw_worker_health(a->worker, NULL, &e);
	end_call(a, code, &e, 2 * (START_MS + REQUEST_MS));
}

static void
cycle(struct application *a)
{
	struct lw_error e = LW_ERROR_INIT;
	lw_code code;

	begin_call(a);
	code = lw_worker_cycle(a->worker, NULL, &e);
	end_call(a, code, &e, SHUTDOWN_MS + START_MS);
}

static void
look_at_facts(struct application *a)
{
	struct lw_worker_facts of_worker = LW_WORKER_FACTS_INIT;
	struct lw_session_facts of_session = LW_SESSION_FACTS_INIT;

	FUZZ_MUST(lw_worker_facts(a->worker, &of_worker) == LW_OK);
	check_text(of_worker.build, sizeof of_worker.build, true);
	if (a->session == NULL)
		return;
	FUZZ_MUST(lw_session_facts(a->session, &of_session) == LW_OK);
	check_text(of_session.host, sizeof of_session.host, true);
	check_text(of_session.runtime, sizeof of_session.runtime, true);
	check_text(of_session.lean_version, sizeof of_session.lean_version, true);
	check_text(of_session.warning, sizeof of_session.warning, true);
	FUZZ_MUST(of_session.generation == 0 || of_session.generation == of_worker.generation);
}

/* The application is elsewhere; its children are not. */
static void
pause_for(unsigned how)
{
	virtual_pass_ms(how * how);
	for (unsigned i = 0; i <= how && peers_step(); i++)
		;
}

static void
misuse(struct application *a, unsigned how)
{
	struct lw_error e = LW_ERROR_INIT;
	struct lw_reply reply = LW_REPLY_INIT;
	struct lw_sinks wrong = { .struct_size = 1 };
	lw_session *another = NULL;
	lw_code code = LW_E_MISUSE;

	begin_call(a);
	if (how == 0)
		code = lw_session_call(
		    a->session, "command", lw_bytes("\xff", 1), NULL, &reply, &e);
	else if (how == 1)
		code = lw_session_call(a->session, "", lw_text(""), NULL, &reply, &e);
	else if (how == 2)
		code = lw_session_call(a->session, "command", lw_bytes(NULL, 0), NULL, &reply, &e);
	else if (how == 3)
		code = lw_session_stream(a->session, "export", lw_text(""), &wrong, NULL, NULL, &e);
	else if (how == 4)
		code = lw_session_open(a->worker, a->capability, NULL, &another, &e);
	else
		code = lw_worker_health(NULL, NULL, &e);
	FUZZ_MUST(code == LW_E_MISUSE && another == NULL);
	end_call(a, code, how >= 6 ? &(struct lw_error){ 0 } : &e, 0);
}

static void
shut_down(struct application *a)
{
	struct lw_shutdown_report report = LW_SHUTDOWN_REPORT_INIT;
	struct lw_error e = LW_ERROR_INIT;
	lw_code code;

	begin_call(a);
	code = lw_worker_shutdown(a->worker, &report, &e);
	end_call(a, code, &e, SHUTDOWN_MS + 2 * BURIAL_MS);
	FUZZ_MUST(code == LW_OK && report.outcome <= LW_SHUTDOWN_PROTOCOL);
	FUZZ_MUST(report.generations >= peers_claim().generation);
	FUZZ_MUST(report.unreaped <= report.generations);
	FUZZ_MUST(lw_worker_health(a->worker, NULL, &e) == LW_E_MISUSE);
}

static void
close_all(struct application *a)
{
	begin_call(a);
	if (!a->options.close_worker_first)
		lw_session_close(&a->session);
	lw_worker_close(&a->worker);
	if (a->session != NULL)
		FUZZ_MUST(lw_session_call(a->session, "x", lw_text(""), NULL, NULL, NULL) != LW_OK);
	lw_session_close(&a->session);
	end_call(a, LW_OK, NULL, BURIAL_MS);
}

/* What an action needs, and is not there yet: a worker, and for most a session. */
static bool
prepare(struct application *a, enum action action)
{
	bool needs_session = action == STREAM || action == CALL || action == EXPECT_METADATA ||
			     action == MISUSE;

	if (a->worker == NULL)
		start(a);
	if (a->worker != NULL && a->session == NULL && needs_session)
		open_session(a);
	return a->worker != NULL && (a->session != NULL || !needs_session);
}

static void
act(struct application *a, enum action action, unsigned how)
{
	if (!prepare(a, action))
		return;
	switch (action) {
	case STREAM:
		stream(a, how);
		break;
	case CALL:
		call(a, how);
		break;
	case HEALTH:
		health(a);
		break;
	case CYCLE:
		cycle(a);
		break;
	case LOOK:
		look_at_facts(a);
		break;
	case PAUSE:
		pause_for(how);
		break;
	case CLOSE_SESSION:
		lw_session_close(&a->session);
		break;
	case OTHER_CAPABILITY:
		lw_session_close(&a->session);
		a->capability = capabilities[how & 1];
		open_session(a);
		break;
	case EXPECT_METADATA:
		expect_metadata(a, how);
		break;
	case MISUSE:
		misuse(a, how % 6);
		break;
	case SHUTDOWN:
		shut_down(a);
		close_all(a);
		break;
	case RESTART:
	case ACTION_COUNT:
		close_all(a);
	}
}

/* ---- Sessions ------------------------------------------------------------------------------ */

static void
make_capabilities(void)
{
	const char *const dependencies[] = { "/first.so", "/second.so", NULL };
	struct lw_capability_options options = LW_CAPABILITY_OPTIONS_INIT;

	if (capabilities[0] != NULL)
		return;
	options.host = "native";
	options.library = "/native.so";
	FUZZ_MUST(lw_capability_create(&options, &capabilities[0], NULL) == LW_OK);
	options.host = "lean";
	options.module = "Module";
	options.dependencies = dependencies;
	FUZZ_MUST(lw_capability_create(&options, &capabilities[1], NULL) == LW_OK);
	memset(big_request, 'r', sizeof big_request);
	memset(long_name, 'n', LONG_NAME);
}

static void
arm(const struct application_options *options)
{
#ifdef LW_DEV
	if (options->fault != 0)
		lw_fault_arm(options->fault, options->fault_persists);
#else
	(void)options;
#endif
}

static void
disarm(void)
{
#ifdef LW_DEV
	bool failed;

	(void)lw_fault_disarm(&failed);
#endif
}

/* Whatever happened before: with a good child, and without faults, a plain request succeeds. */
static void
check_recovery(struct application *a)
{
	uint64_t succeeded = a->succeeded;

	peers_behave();
	a->options.refuse_at = a->options.sink_ms = 0;
	if (a->worker != NULL)
		FUZZ_MUST(lw_worker_cycle(a->worker, NULL, NULL) == LW_OK);
	act(a, STREAM, 0);
	FUZZ_MUST(a->succeeded == succeeded + 1);
}

struct application_result
application_play(const struct application_options *options, struct fuzz_feed actions)
{
	struct application a = { .options = *options };

	make_capabilities();
	virtual_begin(options->reversed);
	virtual.faulty = options->fault != 0;
	a.capability = capabilities[0];
	arm(options);
	start(&a);
	while (actions.at < actions.end) {
		uint8_t action = fuzz_byte(&actions);

		act(&a, (enum action)((action & 15) % ACTION_COUNT), action >> 4);
	}
	disarm();
	check_recovery(&a);
	close_all(&a);
	FUZZ_MUST(virtual.descriptors == 0 && virtual.blocks == 0);
	if (options->fault == 0)
		peers_check_gone();
	return (struct application_result){ a.opened, a.succeeded, a.delivered };
}
