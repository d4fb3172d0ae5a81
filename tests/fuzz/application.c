/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz/application.h"

#include <string.h>

#include "base/fault.h"
#include "base/json.h"
#include "base/utf8.h"
#include "fuzz/account.h"
#include "fuzz/patience.h"
#include "fuzz/peer.h"
#include "fuzz/virtual.h"

/* The worker's budgets where the options say nothing, in milliseconds of the virtual clock. */
#define START_MS    50
#define OPEN_MS     60
#define REQUEST_MS  40
#define SHUTDOWN_MS 20
#define ASK_MS      4
#define GRACE_MS    5
#define BURIAL_MS   5000 /* lw_worker_close promises it */
#define LAST_MS     20   /* a last look at what is there, when the time is over */
#define SLACK_MS    5
#define WINDOW_MS   60000 /* of the restart policy, where nothing else is said */
#define SAMPLE_MS   100   /* likewise */
#define NS_PER_MS   INT64_C(1000000)

#define PUMPS_MAX      200
#define LONG_PAUSE_MS  100000
#define RECOVERIES_MAX 6

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
	struct patience patience;
	struct lw_budgets of_worker, of_session;
	struct account account;
	bool owes_cycle;      /* a manual replacement is the next thing */
	int64_t left_ns;      /* when the last call had ended */
	uint32_t left_child;  /* the newest generation then, */
	uint64_t left_kib;    /* and its memory; 0: not to be known */
	struct lw_error told; /* by the last call */

	/* Of the call under way. */
	struct lw_budgets budgets; /* of every scope */
	uint64_t rows, callbacks;
	uint32_t sink_ms, generation; /* of its rows; 0: there are none yet */
	unsigned children;            /* before it */
	bool in_call, refused;
	int64_t began_ns, callback_ns;

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
check_explanation(const struct lw_error *e)
{
	char text[2048];

	FUZZ_MUST(lw_verdict_explain(e, text, sizeof text) > 0);
	check_text(text, sizeof text, true);
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
	check_explanation(e);
	fuzz_note(lw_verdict_name(e->verdict), 1);
}

static bool
is_exact(const struct application *a)
{
	return a->options.fault == 0;
}

/* ---- Time ---------------------------------------------------------------------------------- */

static uint32_t
nearer(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/* Sending the old child away, starting, opening; what died unread is started again, once. */
static uint64_t
start_in(const struct application *a)
{
	return a->budgets.start_ms +
	       nearer(a->options.restart.backoff_max_ms, a->budgets.request_ms);
}

static uint64_t
ready_in(const struct application *a)
{
	return a->budgets.shutdown_ms + 2 * (start_in(a) + a->budgets.open_ms);
}

static uint64_t
request_in(const struct application *a)
{
	return ready_in(a) + a->budgets.request_ms;
}

/* One callback may be on its way when the time is over, others in the last look, one at the end. */
static int64_t
overrun_ms(const struct application *a)
{
	uint32_t most = LAST_MS + 3u * a->options.sink_ms;

	return (a->sink_ms < most ? a->sink_ms : most) + SLACK_MS;
}

static void
check_time(const struct application *a, uint64_t budget_ms, uint64_t burial_ms)
{
	int64_t end = patience_end_ns(&a->patience, a->began_ns, budget_ms, a->budgets.grace_ms);

	end += (overrun_ms(a) + (int64_t)burial_ms) * NS_PER_MS;
	FUZZ_MUST(!is_exact(a) || virtual.now_ns <= end);
}

/* How long before a limit an export is asked to stop. */
static uint32_t
ahead_ms(const struct application *a, uint32_t budget_ms)
{
	return nearer(a->budgets.ask_ms, budget_ms / 10);
}

/* A limit is not a reason before its time. */
static void
check_not_early(const struct application *a, const struct lw_error *e)
{
	uint32_t request_ms = a->budgets.request_ms;
	/* One that had stopped when asked, and lied behind that, was killed for the lie. */
	bool over_it = e->killed && e->restart == LW_RESTART_REQUEST_TIMEOUT;

	if (e->verdict == LW_V_REQUEST_TIMEOUT && a->patience.options.deadline_ns == 0)
		FUZZ_MUST(virtual.now_ns - a->began_ns >=
			  (request_ms - ahead_ms(a, request_ms)) * NS_PER_MS);
	if (e->verdict == LW_V_IDLE_TIMEOUT)
		FUZZ_MUST(a->budgets.idle_ms != LW_NO_LIMIT &&
			  (!over_it || e->quiet_ns / NS_PER_MS >= a->budgets.idle_ms));
	if (e->verdict == LW_V_FIRST_ROW_TIMEOUT)
		FUZZ_MUST(a->budgets.first_row_ms != LW_NO_LIMIT && (!over_it || e->rows == 0));
}

/* The limits of silence, of a child of which it is known when it was asked and when it spoke. */
static void
check_silence(const struct application *a, const struct peer_claim *claim)
{
	int64_t now = virtual.now_ns, spoke = claim->asked_ns;
	int64_t room = (overrun_ms(a) + (int64_t)a->sink_ms) * NS_PER_MS;

	if (!is_exact(a) || !claim->plain || claim->asked_ns < a->began_ns)
		return;
	if (a->budgets.first_row_ms != LW_NO_LIMIT && claim->rows_so_far == 0)
		FUZZ_MUST(now - spoke <= a->budgets.first_row_ms * NS_PER_MS + room);
	spoke = claim->life_ns > spoke ? claim->life_ns : spoke;
	spoke = a->callback_ns > spoke ? a->callback_ns : spoke;
	if (a->budgets.idle_ms != LW_NO_LIMIT)
		FUZZ_MUST(now - spoke <= a->budgets.idle_ms * NS_PER_MS + room);
}

/* ---- The policy ---------------------------------------------------------------------------- */

static bool
is_death(lw_restart reason)
{
	return reason == LW_RESTART_CRASH || reason == LW_RESTART_PROTOCOL ||
	       reason == LW_RESTART_START_FAILED;
}

/* Whether children are started where nobody asked for one. */
static bool
starts_ahead(const struct application *a)
{
	const struct lw_restart_policy *policy = &a->options.restart;

	return policy->replacement == LW_REPLACE_EAGER || policy->spare != 0;
}

/* The next child is there, or begun, when the call that saw a served one die returns. */
static void
check_replacement(struct application *a, const struct lw_error *e)
{
	const struct lw_restart_policy *policy = &a->options.restart;
	bool died = is_death(e->restart) && e->generation != 0;

	if (policy->replacement == LW_REPLACE_MANUAL && died)
		a->owes_cycle = true;
	if (!starts_ahead(a) || policy->replacement == LW_REPLACE_MANUAL ||
	    policy->max_deaths != LW_NO_LIMIT)
		return;
	/* What would fail again, and again in every pump, is left to the next call. */
	if (e->restart == LW_RESTART_OPEN_FAILED || e->restart == LW_RESTART_OPEN_TIMEOUT)
		FUZZ_MUST(peers_claim(0).generation == e->generation);
	if (died && e->verdict != LW_V_GAVE_UP && peers_claim(e->generation).asked_ns > 0)
		FUZZ_MUST(!peers_have_room() || peers_claim(0).generation > e->generation);
}

static void
check_gave_up(const struct application *a, const struct lw_error *e)
{
	const struct lw_restart_policy *policy = &a->options.restart;
	uint32_t longest = policy->window_ms > policy->backoff_max_ms ? policy->window_ms
								      : policy->backoff_max_ms;

	FUZZ_MUST(e->retry_ms > 0 && e->retry_ms <= longest + 1);
	FUZZ_MUST(policy->max_deaths != LW_NO_LIMIT ||
		  policy->backoff_max_ms >= a->budgets.request_ms ||
		  a->patience.options.deadline_ns != 0);
}

/* That the reason given is one that there was. */
static void
check_reason(const struct application *a, const struct lw_error *e)
{
	struct peer_claim claim = peers_claim(e->generation);

	switch (e->verdict) {
	case LW_V_GAVE_UP:
		check_gave_up(a, e);
		break;
	case LW_V_SESSION_LOST:
		FUZZ_MUST(a->options.restart.replacement == LW_REPLACE_MANUAL);
		break;
	case LW_V_CANCELLED:
		FUZZ_MUST(a->patience.cancelled_ns != PATIENCE_NEVER);
		break;
	case LW_V_MEMORY_LIMIT:
		FUZZ_MUST(a->options.restart.memory_limit_kib > 0 &&
			  claim.memory_peak_kib > a->options.restart.memory_limit_kib);
		break;
	case LW_V_OUT_OF_MEMORY:
		FUZZ_MUST(claim.oom_kills > 0);
		break;
	default:
		FUZZ_MUST(e->verdict != LW_V_REPLACED);
	}
}

static const char *const restart_notes[LW_RESTART_COUNT] = {
#define X(name, text) [LW_RESTART_##name] = "requests in a new child, because of " text,
	LW_RESTARTS(X)
#undef X
};

/* What the policy says of the child that served a request. */
static void
check_served(const struct application *a, uint32_t generation, lw_restart restarted)
{
	const struct lw_restart_policy *policy = &a->options.restart;
	bool same = generation == a->left_child;
	int64_t idle_ns = a->began_ns - a->left_ns;

	FUZZ_MUST(restarted < LW_RESTART_COUNT);
	if (restarted != LW_RESTART_NONE)
		fuzz_note(restart_notes[restarted], 1);
	if (starts_ahead(a))
		return; /* then it may be opening, and is looked at when that is over */
	FUZZ_MUST((restarted != LW_RESTART_NONE) == (peers_claim(0).children > a->children));
	FUZZ_MUST(policy->max_idle_ms == 0 || idle_ns <= policy->max_idle_ms * NS_PER_MS || !same);
	FUZZ_MUST(
	    policy->memory_ceiling_kib == 0 || a->left_kib <= policy->memory_ceiling_kib || !same);
}

/* A request in a child that is over the limit goes on until the next sample, and no longer. */
static void
check_memory_limit(const struct application *a, const struct peer_claim *claim)
{
	const struct lw_restart_policy *policy = &a->options.restart;
	int64_t since = claim->memory_ns > claim->asked_ns ? claim->memory_ns : claim->asked_ns;
	uint32_t sample_ms = policy->memory_sample_ms ? policy->memory_sample_ms : SAMPLE_MS;
	int64_t most_ms = sample_ms + overrun_ms(a) + (int64_t)a->sink_ms;

	if (policy->memory_limit_kib == 0 || !claim->memory_known ||
	    claim->asked_ns < a->began_ns || claim->memory_kib <= policy->memory_limit_kib)
		return;
	FUZZ_MUST(virtual.now_ns - since <= most_ms * NS_PER_MS);
}

/* ---- A call -------------------------------------------------------------------------------- */

static void
begin_call(struct application *a)
{
	patience_rest(&a->patience);
	a->rows = a->callbacks = a->sink_ms = a->generation = 0;
	a->refused = false;
	a->in_call = true;
	a->began_ns = a->callback_ns = virtual.now_ns;
	a->children = peers_claim(0).children;
	a->told = (struct lw_error)LW_ERROR_INIT;
	a->budgets = a->of_worker;
}

/* One that can be given options. The session's budgets are for its own requests. */
static const struct lw_call_options *
begin_patient_call(struct application *a, bool of_session)
{
	const struct lw_budgets none = { 0 };
	const struct lw_budgets *scopes[] = { &a->patience.options.budgets,
		of_session ? &a->of_session : &none, &a->of_worker };
	const struct lw_call_options *options;

	begin_call(a);
	options = patience_begin(&a->patience);
	a->budgets = patience_widen(scopes, sizeof scopes / sizeof scopes[0]);
	return options;
}

static void
check_memory(const struct application *a)
{
	size_t children = peers_claim(0).children;

	(void)a;
	FUZZ_MUST(virtual.peak <= WORKER_MEMORY + children * CHILD_MEMORY + 8 * virtual.received +
				      4 * virtual.sent + 4 * BIG_REQUEST);
}

/* What was over before it began has begun nothing. */
static void
check_nothing_begun(const struct application *a, lw_code code)
{
	if (a->patience.cancelled_ns == PATIENCE_NEVER)
		FUZZ_MUST(code == LW_E_TIMEOUT);
	else
		FUZZ_MUST(code == LW_E_CANCELLED ||
			  (code == LW_E_TIMEOUT && !a->patience.cancelled_before));
	FUZZ_MUST(starts_ahead(a) || peers_claim(0).children == a->children);
}

/* Of a call that needed a child, and may have found none. */
static void
check_outcome(struct application *a, lw_code code)
{
	if (!is_exact(a) || code == LW_E_MISUSE)
		return;
	if (patience_was_over(&a->patience, a->began_ns)) {
		check_nothing_begun(a, code);
		return;
	}
	if (a->owes_cycle)
		FUZZ_MUST(peers_claim(0).children == a->children);
	if (code == LW_OK)
		return;
	check_reason(a, &a->told);
	check_not_early(a, &a->told);
	check_replacement(a, &a->told);
}

static void
note_leaving(struct application *a)
{
	struct peer_claim claim = peers_claim(0);

	a->in_call = false;
	a->left_ns = virtual.now_ns;
	a->left_child = claim.generation;
	a->left_kib = claim.memory_known ? claim.memory_kib : 0;
	if (a->options.restart.max_requests > 0)
		FUZZ_MUST(claim.requests <= a->options.restart.max_requests);
	if (a->worker != NULL)
		account_check(&a->account, a->worker, is_exact(a));
}

static void
end_call(struct application *a, lw_code code, uint64_t budget_ms, uint64_t burial_ms)
{
	a->delivered += a->rows;
	patience_end(&a->patience);
	check_error(&a->told, code);
	check_time(a, budget_ms, burial_ms);
	check_memory(a);
	note_leaving(a);
}

static void
end_patient_call(struct application *a, lw_code code, uint64_t budget_ms, uint64_t burial_ms)
{
	end_call(a, code, budget_ms, burial_ms);
	check_outcome(a, code);
	fuzz_note("calls that were cancelled before", a->patience.cancelled_before);
	if (a->patience.cancelled_ns == PATIENCE_NEVER || a->patience.cancelled_before)
		return;
	fuzz_note("calls that were cancelled in a callback", !a->patience.cancelled_outside);
	fuzz_note("calls that were cancelled from elsewhere", a->patience.cancelled_outside);
}

/* ---- Callbacks ----------------------------------------------------------------------------- */

/* Every call of the interface from inside of it is refused, and every close does nothing. */
static void
call_back(struct application *a)
{
	struct lw_error e = LW_ERROR_INIT;
	struct lw_worker_facts facts = LW_WORKER_FACTS_INIT;
	struct lw_worker_statistics statistics = LW_WORKER_STATISTICS_INIT;
	lw_worker *worker = a->worker;
	lw_session *session = a->session;

	FUZZ_MUST(lw_worker_health(worker, NULL, &e) == LW_E_MISUSE);
	FUZZ_MUST(lw_worker_cycle(worker, NULL, NULL) == LW_E_MISUSE);
	FUZZ_MUST(
	    lw_session_stream(session, "x", lw_text(""), NULL, NULL, NULL, &e) == LW_E_MISUSE);
	FUZZ_MUST(lw_worker_shutdown(worker, NULL, &e) == LW_E_MISUSE);
	FUZZ_MUST(lw_worker_pump(worker, NULL, &e) == LW_E_MISUSE);
	FUZZ_MUST(lw_worker_set_budgets(worker, &a->of_worker, &e) == LW_E_MISUSE);
	FUZZ_MUST(lw_session_set_budgets(session, &a->of_session, &e) == LW_E_MISUSE);
	FUZZ_MUST(lw_worker_facts(worker, &facts) == LW_OK);
	FUZZ_MUST(lw_worker_statistics(worker, &statistics) == LW_OK);
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
	a->callback_ns = virtual.now_ns;
	a->refused = ++a->callbacks == a->options.refuse_at;
	if (a->callbacks == a->patience.cancel_at)
		patience_cancel(&a->patience);
	return a->refused ? -5 : 0;
}

static int
on_row(void *context, const struct lw_row *row)
{
	struct application *a = context;

	FUZZ_MUST(patience_permits_callback(&a->patience));
	FUZZ_MUST(a->generation == 0 || row->generation == a->generation);
	FUZZ_MUST(peers_sent_row(row->generation, a->rows, row->payload, row->payload_size));
	FUZZ_MUST(!a->options.small_cap || row->payload_size <= SMALL_CAP);
	FUZZ_MUST(row->stream[0] != '\0' && strlen(row->stream) <= 255);
	a->generation = row->generation;
	a->rows++;
	return answer(a);
}

static int
on_diagnostic(void *context, const struct lw_diagnostic *diagnostic)
{
	struct application *a = context;

	FUZZ_MUST(patience_permits_callback(&a->patience));
	FUZZ_MUST(diagnostic->code[0] != '\0' && diagnostic->message != NULL);
	return answer(a);
}

static int
on_progress(void *context, const struct lw_progress *progress)
{
	struct application *a = context;

	FUZZ_MUST(patience_permits_callback(&a->patience));
	FUZZ_MUST(progress->phase[0] != '\0');
	return answer(a);
}

/* After a success, even where a cancel has come by then. */
static int
on_metadata(void *context, const char *json, size_t size)
{
	FUZZ_MUST(strnlen(json, size + 1) <= size);
	return answer(context);
}

static void
on_log(void *context, uint32_t generation, const char *text, size_t size)
{
	struct application *a = context;

	FUZZ_MUST(generation > 0 && text != NULL && size > 0);
	if (a->in_call && a->patience.cancel_at == UINT8_MAX)
		patience_cancel(&a->patience);
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

static void
begin_account(struct application *a)
{
	a->account = (struct account){
		.before = peers_claim(0).children,
		.began_ns = virtual.now_ns,
		.max_deaths = a->options.restart.max_deaths,
		.spare = a->options.restart.spare,
		.window_ms = a->options.restart.window_ms,
	};
	a->of_worker = a->options.budgets;
	a->of_session = (struct lw_budgets){ 0 };
	a->owes_cycle = false;
}

static void
start(struct application *a)
{
	struct lw_worker_options options = LW_WORKER_OPTIONS_INIT;
	const struct lw_call_options *patience;
	lw_code code;

	begin_account(a);
	options.child_path = "/";
	options.budgets = a->options.budgets;
	options.restart = a->options.restart;
	options.row_cap = a->options.small_cap ? SMALL_CAP : 0;
	options.containment = a->options.containment;
	options.on_log = on_log;
	options.log_context = a;
	patience = begin_patient_call(a, false);
	code = lw_worker_start(&options, patience, &a->worker, &a->told);
	FUZZ_MUST((code == LW_OK) == (a->worker != NULL));
	end_patient_call(a, code, start_in(a), BURIAL_MS);
	a->owes_cycle = false; /* nothing is left of one that failed */
}

static void
open_session(struct application *a)
{
	const struct lw_call_options *patience = begin_patient_call(a, false);
	lw_code code = lw_session_open(a->worker, a->capability, patience, &a->session, &a->told);

	FUZZ_MUST((code == LW_OK) == (a->session != NULL));
	end_patient_call(a, code, ready_in(a), 0);
	a->of_session = (struct lw_budgets){ 0 };
	a->opened += code == LW_OK;
}

static void
close_session(struct application *a)
{
	lw_session_close(&a->session);
	a->of_session = (struct lw_budgets){ 0 };
}

static void
check_summary(const struct application *a, const struct lw_summary *s)
{
	struct peer_claim claim = peers_claim(s->generation);
	uint64_t rows = 0;

	for (size_t i = 0; i < s->stream_count; i++) {
		FUZZ_MUST(s->streams[i].stream[0] != '\0');
		rows += s->streams[i].rows;
	}
	FUZZ_MUST(rows == s->rows && (a->generation == 0 || s->generation == a->generation));
	FUZZ_MUST(a->options.without_row || s->rows == a->rows);
	FUZZ_MUST(!claim.plain || (claim.said_ok && s->rows == claim.rows));
	FUZZ_MUST(s->metadata == NULL || s->metadata[s->metadata_size] == '\0');
	if (is_exact(a))
		check_served(a, s->generation, s->restarted);
}

static void
check_untouched(const struct lw_summary *s)
{
	const struct lw_summary none = LW_SUMMARY_INIT;

	FUZZ_MUST(s->rows == none.rows && s->streams == NULL && s->stream_count == 0);
	FUZZ_MUST(s->metadata == NULL && s->generation == 0);
}

/* What the statistics must say of a request that the worker has taken. */
static void
account_for(struct application *a, lw_code code, uint64_t rows, bool rows_known)
{
	a->account.requests++;
	a->account.successes += code == LW_OK;
	a->account.rows += rows;
	a->account.rows_unknown = a->account.rows_unknown || !rows_known;
	a->succeeded += code == LW_OK;
}

/* The child that was asked last, whichever way it ended. */
static void
check_child_asked(const struct application *a, uint32_t generation)
{
	struct peer_claim claim = peers_claim(generation);

	if (generation == 0)
		return;
	check_silence(a, &claim);
	if (is_exact(a))
		check_memory_limit(a, &claim);
}

static lw_code
stream(struct application *a, unsigned how)
{
	struct lw_sinks to = sinks(a);
	struct lw_summary summary = LW_SUMMARY_INIT;
	bool plain = how & 1, big = how & 2, silent = plain && (how & 4);
	const struct lw_call_options *patience = begin_patient_call(a, true);
	lw_code code = lw_session_stream(a->session, how & 8 ? long_name : "export",
	    lw_bytes(big ? big_request : "{}", big ? sizeof big_request : 2), plain ? NULL : &to,
	    patience, plain ? NULL : &summary, silent ? NULL : &a->told);

	account_for(
	    a, code, code == LW_OK ? summary.rows : a->told.rows, code == LW_OK ? !plain : !silent);
	FUZZ_MUST(!a->refused || code == LW_E_SINK);
	FUZZ_MUST(plain || a->refused || code != LW_E_SINK);
	FUZZ_MUST(plain || a->options.without_row || code == LW_OK || a->told.rows == a->rows);
	if (code == LW_OK && !plain)
		check_summary(a, &summary);
	else
		check_untouched(&summary);
	check_child_asked(a, code == LW_OK ? summary.generation : a->told.generation);
	if (silent)
		end_call(a, LW_OK, request_in(a), 0);
	else
		end_patient_call(a, code, request_in(a), 0);
	lw_summary_clear(&summary);
	return code;
}

static void
check_reply(const struct application *a, const struct lw_reply *reply)
{
	struct peer_claim claim = peers_claim(reply->generation);
	const char *fault;
	size_t offset;

	FUZZ_MUST(reply->text[reply->size] == '\0');
	FUZZ_MUST(!claim.plain || claim.said_ok);
	FUZZ_MUST(jread_validate(reply->text, reply->size, &offset, &fault));
	if (is_exact(a))
		check_served(a, reply->generation, reply->restarted);
}

static void
call(struct application *a, unsigned how)
{
	struct lw_reply reply = LW_REPLY_INIT;
	const struct lw_call_options *patience = begin_patient_call(a, true);
	lw_code code = lw_session_call(a->session, "command",
	    lw_bytes(how & 1 ? big_request : "", how & 1 ? sizeof big_request : 0), patience,
	    &reply, &a->told);

	account_for(a, code, 0, true);
	FUZZ_MUST(a->callbacks == 0);
	if (code == LW_OK)
		check_reply(a, &reply);
	else
		FUZZ_MUST(reply.text == NULL && reply.size == 0);
	end_patient_call(a, code, request_in(a), 0);
	lw_reply_clear(&reply);
}

static void
expect_metadata(struct application *a, unsigned how)
{
	static const char *const expected[] = { NULL, "{}", "{\"a\":1}", "[" };
	struct lw_expectation wanted = LW_EXPECTATION_INIT;
	const struct lw_call_options *patience;
	lw_code code;

	wanted.includes = expected[how & 3];
	patience = begin_patient_call(a, true);
	code = lw_session_expect_metadata(a->session, "metadata", &wanted, patience, &a->told);
	if (code != LW_E_MISUSE)
		account_for(a, code == LW_E_METADATA ? LW_OK : code, 0, true);
	end_patient_call(a, code, request_in(a), 0);
}

static void
health(struct application *a)
{
	const struct lw_call_options *patience = begin_patient_call(a, false);
	lw_code code = lw_worker_health(a->worker, patience, &a->told);

	end_patient_call(a, code, 2 * (start_in(a) + a->budgets.request_ms), 0);
}

static lw_code
cycle(struct application *a)
{
	const struct lw_call_options *patience = begin_patient_call(a, false);
	lw_code code;

	a->owes_cycle = a->owes_cycle && patience_was_over(&a->patience, a->began_ns);
	code = lw_worker_cycle(a->worker, patience, &a->told);
	end_patient_call(a, code, a->budgets.shutdown_ms + start_in(a), 0);
	return code;
}

static void
look_at_facts(struct application *a)
{
	struct lw_worker_facts of_worker = LW_WORKER_FACTS_INIT;
	struct lw_session_facts of_session = LW_SESSION_FACTS_INIT;

	begin_call(a);
	FUZZ_MUST(lw_worker_facts(a->worker, &of_worker) == LW_OK);
	check_text(of_worker.build, sizeof of_worker.build, true);
	FUZZ_MUST(of_worker.spare_generation == 0 ||
		  (a->options.restart.spare && of_worker.spare_generation > of_worker.generation));
	FUZZ_MUST(of_worker.spare_generation != 0 ||
		  (of_worker.spare_pid == 0 && !of_worker.spare_ready));
	end_call(a, LW_OK, 0, 0);
	if (a->session == NULL)
		return;
	FUZZ_MUST(lw_session_facts(a->session, &of_session) == LW_OK);
	check_text(of_session.host, sizeof of_session.host, true);
	check_text(of_session.runtime, sizeof of_session.runtime, true);
	check_text(of_session.lean_version, sizeof of_session.lean_version, true);
	check_text(of_session.warning, sizeof of_session.warning, true);
	FUZZ_MUST(of_session.generation == 0 || of_session.generation == of_worker.generation);
}

static void
set_budgets(struct application *a, bool of_session, struct lw_budgets budgets)
{
	const struct lw_budgets *scopes[] = { &budgets };
	lw_code code;

	begin_call(a);
	if (of_session && a->session != NULL) {
		code = lw_session_set_budgets(a->session, &budgets, &a->told);
		a->of_session = budgets;
	} else {
		code = lw_worker_set_budgets(a->worker, &budgets, &a->told);
		a->of_worker = patience_widen(scopes, 1);
	}
	FUZZ_MUST(code == LW_OK);
	end_call(a, code, 0, 0);
}

/* ---- The application's own loop ------------------------------------------------------------ */

static int
pump(struct application *a)
{
	int again_ms = -2;
	lw_code code;

	begin_call(a);
	code = lw_worker_pump(a->worker, &again_ms, &a->told);
	FUZZ_MUST(code == LW_OK && again_ms >= -1);
	if (is_exact(a) && !starts_ahead(a))
		FUZZ_MUST(peers_claim(0).children == a->children);
	end_call(a, code, 0, 0);
	return again_ms;
}

/* Nothing is readable, and no time was told: then nothing is forgotten either. */
static void
check_nothing_due(struct application *a)
{
	struct lw_worker_statistics before = LW_WORKER_STATISTICS_INIT;
	struct lw_worker_statistics after = LW_WORKER_STATISTICS_INIT;
	struct lw_worker_facts facts = LW_WORKER_FACTS_INIT;
	pid_t pid;

	FUZZ_MUST(lw_worker_statistics(a->worker, &before) == LW_OK);
	FUZZ_MUST(lw_worker_facts(a->worker, &facts) == LW_OK);
	pid = facts.pid;
	virtual_pass_ms(LONG_PAUSE_MS);
	FUZZ_MUST(pump(a) == -1);
	FUZZ_MUST(lw_worker_facts(a->worker, &facts) == LW_OK && facts.pid == pid);
	FUZZ_MUST(lw_worker_statistics(a->worker, &after) == LW_OK);
	FUZZ_MUST(memcmp(&before, &after, sizeof before) == 0);
	fuzz_note("times that a worker had nothing to do", 1);
}

/* Waits as the worker says, or a while. */
static void
loop(struct application *a, unsigned how)
{
	int fd = lw_worker_fd(a->worker), again_ms = 0, wait_ms;
	unsigned most = how < 8 ? how + 1 : PUMPS_MAX, hasty = 0;
	bool readable = true;

	FUZZ_MUST(fd >= 0);
	for (unsigned i = 0; i < most && (readable || again_ms >= 0); i++) {
		wait_ms = again_ms < 0 ? 1 << (how & 7) : again_ms;
		readable = virtual_wait(fd, wait_ms);
		again_ms = pump(a);
		hasty = readable || again_ms > 0 ? 0 : hasty + 1;
		FUZZ_MUST(!is_exact(a) || again_ms != 0 || hasty < 4); /* a busy loop */
	}
	if (is_exact(a) && again_ms < 0 && !virtual_wait(fd, 0))
		check_nothing_due(a);
}

/* The application is elsewhere; its children are not. */
static void
pause_for(unsigned how)
{
	virtual_pass_ms(how * how);
	for (unsigned i = 0; i <= how && peers_step(); i++)
		;
}

static lw_code
misuse_options(struct application *a, unsigned how)
{
	struct lw_call_options options = LW_CALL_OPTIONS_INIT;
	struct lw_worker_statistics statistics = { .struct_size = 1 };
	struct lw_budgets budgets = { .reserved = { [3] = 1 } };

	options.budgets = budgets;
	if (how == 0)
		return lw_worker_set_budgets(a->worker, &budgets, &a->told);
	if (how == 1)
		return lw_session_set_budgets(a->session, &budgets, &a->told);
	if (how == 2)
		return lw_worker_cycle(a->worker, &options, &a->told);
	options.struct_size = 1;
	FUZZ_MUST(lw_worker_statistics(a->worker, &statistics) == LW_E_MISUSE);
	FUZZ_MUST(lw_worker_fd(NULL) == -1);
	return lw_worker_health(a->worker, &options, &a->told);
}

static void
misuse(struct application *a, unsigned how)
{
	struct lw_reply reply = LW_REPLY_INIT;
	struct lw_sinks wrong = { .struct_size = 1 };
	lw_session *another = NULL;
	struct lw_error *e = &a->told;
	lw_code code = LW_E_MISUSE;

	begin_call(a);
	if (how == 0)
		code = lw_session_call(a->session, "command", lw_bytes("\xff", 1), NULL, &reply, e);
	else if (how == 1)
		code = lw_session_call(a->session, "", lw_text(""), NULL, &reply, e);
	else if (how == 2)
		code = lw_session_call(a->session, "command", lw_bytes(NULL, 0), NULL, &reply, e);
	else if (how == 3)
		code = lw_session_stream(a->session, "export", lw_text(""), &wrong, NULL, NULL, e);
	else if (how == 4)
		code = lw_session_open(a->worker, a->capability, NULL, &another, e);
	else if (how == 5)
		code = lw_worker_health(NULL, NULL, e);
	else
		code = misuse_options(a, how - 6);
	FUZZ_MUST(code == LW_E_MISUSE && another == NULL);
	end_call(a, code, 0, 0);
}

static void
shut_down(struct application *a)
{
	struct lw_shutdown_report report = LW_SHUTDOWN_REPORT_INIT;
	struct lw_error e = LW_ERROR_INIT;
	lw_code code;

	begin_call(a);
	code = lw_worker_shutdown(a->worker, &report, &a->told);
	end_call(a, code, a->budgets.shutdown_ms, 2 * BURIAL_MS);
	FUZZ_MUST(code == LW_OK && report.outcome <= LW_SHUTDOWN_PROTOCOL);
	FUZZ_MUST(report.generations >= peers_claim(0).generation);
	FUZZ_MUST(report.unreaped <= report.generations);
	FUZZ_MUST(lw_worker_health(a->worker, NULL, &e) == LW_E_MISUSE);
	FUZZ_MUST(lw_worker_fd(a->worker) == -1);
}

static void
note_handovers(struct application *a)
{
	struct lw_worker_statistics s = LW_WORKER_STATISTICS_INIT;

	if (a->worker == NULL || lw_worker_statistics(a->worker, &s) != LW_OK)
		return;
	fuzz_note("spares that had their turn", s.handovers);
	fuzz_note("of them that could serve", s.handover.count);
	fuzz_note("spares that were lost", s.spare_failures);
}

static void
close_all(struct application *a)
{
	note_handovers(a);
	begin_call(a);
	if (!a->options.close_worker_first)
		lw_session_close(&a->session);
	lw_worker_close(&a->worker);
	if (a->session != NULL)
		FUZZ_MUST(lw_session_call(a->session, "x", lw_text(""), NULL, NULL, NULL) != LW_OK);
	close_session(a);
	end_call(a, LW_OK, 0, BURIAL_MS);
	a->owes_cycle = false;
}

/* What an action needs, and is not there yet: a worker, and for most a session. */
static bool
prepare(struct application *a, enum action action)
{
	bool needs_session = action == STREAM || action == CALL || action == EXPECT_METADATA ||
			     action == MISUSE;

	if (action == PATIENCE)
		return true;

	if (a->worker == NULL)
		start(a);
	if (a->worker != NULL && a->session == NULL && needs_session)
		open_session(a);
	return a->worker != NULL && (a->session != NULL || !needs_session);
}

static void check_recovery(struct application *a, bool cycle_first);

static void
act(struct application *a, enum action action, unsigned how, struct fuzz_feed *actions)
{
	if (!prepare(a, action))
		return;
	switch (action) {
	case STREAM:
		(void)stream(a, how);
		break;
	case CALL:
		call(a, how);
		break;
	case HEALTH:
		health(a);
		break;
	case CYCLE:
		(void)cycle(a);
		break;
	case LOOK:
		look_at_facts(a);
		break;
	case PAUSE:
		pause_for(how);
		break;
	case CLOSE_SESSION:
		close_session(a);
		break;
	case OTHER_CAPABILITY:
		close_session(a);
		a->capability = capabilities[how & 1];
		open_session(a);
		break;
	case EXPECT_METADATA:
		expect_metadata(a, how);
		break;
	case MISUSE:
		misuse(a, how % 10);
		break;
	case SHUTDOWN:
		shut_down(a);
		close_all(a);
		break;
	case PATIENCE:
		patience_choose(&a->patience, how, actions);
		break;
	case BUDGETS:
		set_budgets(a, how & 1, patience_budgets(actions));
		break;
	case PUMP:
		loop(a, how);
		break;
	case RECOVER:
		if (is_exact(a))
			check_recovery(a, how & 1);
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

/* Waits for as long as it was told, where that is what stands in the way. */
static void
await_attempt(const struct application *a)
{
	FUZZ_MUST(a->told.verdict == LW_V_GAVE_UP);
	virtual_pass_ms(a->told.retry_ms);
}

/* A child, or a spare, that was there before the good ones. */
static bool
met_one_of_before(const struct application *a)
{
	return a->told.generation != 0 && !peers_claim(a->told.generation).behaves;
}

static void
replace_child(struct application *a)
{
	lw_code code = cycle(a);

	if (code == LW_OK ||
	    (a->options.restart.spare != 0 && code != LW_E_GAVE_UP && met_one_of_before(a)))
		return;
	await_attempt(a);
}

/*
 * A plain request when every new child is a good one. It succeeds, or says what has to be done first;
 * or it met what was there before.
 */
static bool
succeeds(struct application *a)
{
	lw_code code;

	if (!prepare(a, STREAM))
		code = a->told.code;
	else
		code = stream(a, 0);
	if (code == LW_OK)
		return true;
	if (code == LW_E_GAVE_UP) {
		await_attempt(a);
		return false;
	}
	FUZZ_MUST(a->worker != NULL);
	if (code != LW_E_SESSION)
		FUZZ_MUST(met_one_of_before(a));
	replace_child(a);
	return false;
}

/* Whatever happened before: with good children, and without faults, a plain request succeeds. */
static void
check_recovery(struct application *a, bool cycle_first)
{
	uint8_t refuse_at = a->options.refuse_at, sink_ms = a->options.sink_ms;
	struct patience patience = a->patience;

	peers_behave(true);
	a->options.refuse_at = a->options.sink_ms = 0;
	a->patience = (struct patience){ .token = patience.token };
	if (a->worker != NULL && cycle_first)
		replace_child(a);
	for (unsigned i = 0; !succeeds(a); i++)
		FUZZ_MUST(i < RECOVERIES_MAX);
	a->options.refuse_at = refuse_at;
	a->options.sink_ms = sink_ms;
	a->patience = patience;
	peers_behave(false);
}

/* Where the options say nothing: short budgets, and no end of deaths, for they are the matter here. */
static void
complete(struct application_options *o)
{
	const struct lw_budgets usual = {
		.start_ms = START_MS,
		.open_ms = OPEN_MS,
		.request_ms = REQUEST_MS,
		.shutdown_ms = SHUTDOWN_MS,
		.ask_ms = ASK_MS,
		.grace_ms = GRACE_MS,
	};
	const struct lw_budgets *scopes[] = { &o->budgets, &usual };
	struct lw_restart_policy *r = &o->restart;

	o->budgets = patience_widen(scopes, 2);
	r->max_deaths = r->max_deaths ? r->max_deaths : LW_NO_LIMIT;
	r->window_ms = r->window_ms ? r->window_ms : WINDOW_MS;
	r->backoff_ms = r->backoff_ms ? r->backoff_ms : 1;
	r->backoff_max_ms = r->backoff_max_ms ? r->backoff_max_ms : r->backoff_ms;
}

struct application_result
application_play(const struct application_options *options, struct fuzz_feed actions)
{
	struct application a = { .options = *options };

	make_capabilities();
	complete(&a.options);
	virtual_begin(options->reversed);
	virtual.faulty = options->fault != 0;
	a.capability = capabilities[0];
	arm(options);
	start(&a);
	while (actions.at < actions.end) {
		uint8_t action = fuzz_byte(&actions);

		act(&a, (enum action)((action & 15) % ACTION_COUNT), action >> 4, &actions);
	}
	disarm();
	check_recovery(&a, true);
	close_all(&a);
	patience_free(&a.patience);
	FUZZ_MUST(virtual.descriptors == 0 && virtual.blocks == 0);
	if (options->fault == 0)
		peers_check_gone();
	return (struct application_result){ a.opened, a.succeeded, a.delivered };
}
