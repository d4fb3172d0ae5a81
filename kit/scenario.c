/* SPDX-License-Identifier: Apache-2.0 */
/*
 * leanworker-scenario: plays a scenario, a text of steps and exact expectations, and afterwards holds
 * the library to what must be true after anything.
 *
 *      title A crash after three rows is named, and the next request works
 *      chaos on run@1: rows 3; say last words; signal SEGV
 *      open
 *      stream any {} -> SIGNALLED signal=11 rows=3 log~'last words'
 *      stream any {} -> OK generation=2
 *
 * A step without "->" must succeed. docs/chaos.md lists steps and facts. After the last step: a plain
 * request succeeds; a bystander, another worker of this process, was not touched; every delivered
 * stream was numbered from 0 without a gap; after shutdown and close nothing is left of descriptors,
 * processes, threads and settings.
 */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <leanworker/leanworker.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "base/fault.h"
#include "support/census.h"

#define LINE_MAX_SIZE 8192
#define STREAMS_MAX   64
#define SHOWN         1000 /* bytes of the log with a failure */
#define NS_PER_MS     UINT64_C(1000000)
#define LATE_MS       1500 /* over a deadline; a loaded machine is not a failure */

struct seen_stream {
	char name[256];
	uint64_t next;
};

struct scenario {
	const char *path;
	unsigned line;
	char title[256];
	char chaos[LINE_MAX_SIZE];
	char *environment[8];
	unsigned environment_count;
	struct lw_worker_options options;
	lw_worker *worker, *bystander;
	pid_t killed; /* by the last kill */
	lw_session *session;
	char capability[4096]; /* manifest; "" for the chaos child, which loads nothing */
	struct lw_error error;
	struct lw_summary summary;
	struct lw_reply reply;
	struct lw_shutdown_report report;
	lw_code code;
	bool shut_down, unusable;
	bool faulty, failed; /* a fallible call is to fail; one did */
	bool gave_up;        /* because of it: no further step is played */
	uint64_t fault;
	bool for_ever; /* from that call on */
	int sink_answer;
	uint64_t sink_after, rows_seen;
	uint32_t rows_from; /* the generation of the request's rows; 0: none came yet */
	unsigned sink_sleep_ms;
	struct lw_call_options with; /* of the next call only */
	unsigned deadline_ms;        /* of it */
	lw_cancel_token *token;
	char cancel[32]; /* when the next call is cancelled: before, row:N, thread:MS, signal:MS */
	pthread_t canceller;
	bool cancelling;
	uint64_t cancel_row; /* UINT64_MAX: none */
	uint64_t began_ns;
	unsigned late_ms;
	bool sink_refused, callback_after_refusal;
	struct seen_stream streams[STREAMS_MAX];
	unsigned stream_count;
	char payload[512]; /* of the last row */
};

__attribute__((format(printf, 2, 3), noreturn)) static void
fail(const struct scenario *s, const char *format, ...)
{
	size_t tail = strlen(s->error.log_tail);
	va_list arguments;

	fprintf(stderr, "%s:%u: ", s->path, s->line);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fprintf(stderr, "\nthe last result was %s (%s): %s\n", lw_code_name(s->code),
	    lw_verdict_name(s->error.verdict), s->error.message);
	if (tail > 0)
		fprintf(stderr, "the child had written:\n%s\n",
		    s->error.log_tail + (tail > SHOWN ? tail - SHOWN : 0));
	exit(EXIT_FAILURE);
}

/* ---- The sink ------------------------------------------------------------------------------ */

static struct seen_stream *
seen_stream(struct scenario *s, const char *name)
{
	unsigned i = 0;

	while (i < s->stream_count && strcmp(s->streams[i].name, name) != 0)
		i++;
	if (i == STREAMS_MAX)
		fail(s, "more than %d streams", STREAMS_MAX);
	if (i == s->stream_count)
		(void)snprintf(
		    s->streams[s->stream_count++].name, sizeof s->streams[i].name, "%s", name);
	return &s->streams[i];
}

static int
on_row(void *context, const struct lw_row *row)
{
	struct scenario *s = context;
	struct seen_stream *stream = seen_stream(s, row->stream);

	s->callback_after_refusal = s->callback_after_refusal || s->sink_refused;
	if (row->sequence != stream->next)
		fail(s, "stream \"%s\": row %" PRIu64 " was delivered after %" PRIu64 " rows",
		    row->stream, row->sequence, stream->next);
	if (s->rows_seen > 0 && row->generation != s->rows_from)
		fail(s, "rows of generations %" PRIu32 " and %" PRIu32 " in one request",
		    s->rows_from, row->generation);
	s->rows_from = row->generation;
	stream->next++;
	s->rows_seen++;
	(void)snprintf(s->payload, sizeof s->payload, "%.*s", (int)row->payload_size, row->payload);
	if (s->rows_seen > s->cancel_row)
		lw_cancel_token_cancel(s->token);
	if (s->sink_sleep_ms != 0)
		(void)usleep(s->sink_sleep_ms * 1000);
	s->sink_refused = s->sink_answer != 0 && s->rows_seen > s->sink_after;
	return s->sink_refused ? s->sink_answer : 0;
}

/* ---- Words --------------------------------------------------------------------------------- */

/* Cuts the next word off *at; '…' holds spaces. NULL at the end. */
static char *
next_word(char **at)
{
	char *from = *at + strspn(*at, " \t"), *to = from, *word = from;
	bool quoted = false;

	if (*from == '\0')
		return NULL;
	for (; *from != '\0' && (quoted || !isspace((unsigned char)*from)); from++) {
		if (*from == '\'')
			quoted = !quoted;
		else
			*to++ = *from;
	}
	*at = *from ? from + 1 : from;
	*to = '\0';
	return word;
}

/* ---- How a call may take its time ---------------------------------------------------------- */

static uint64_t
now_ns(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 * NS_PER_MS + (uint64_t)now.tv_nsec;
}

static lw_cancel_token *signalled; /* by the handler */

static void
on_alarm(int number)
{
	(void)number;
	lw_cancel_token_cancel(signalled);
}

static void
arm_alarm(unsigned ms)
{
	const struct itimerval at = { .it_value = { ms / 1000, (ms % 1000) * 1000 } };

	(void)signal(SIGALRM, on_alarm);
	(void)setitimer(ITIMER_REAL, &at, NULL);
}

/* In this order: an alarm that nobody handles ends the runner. */
static void
disarm_alarm(void)
{
	const struct itimerval never = { { 0 }, { 0 } };

	(void)setitimer(ITIMER_REAL, &never, NULL);
	(void)signal(SIGALRM, SIG_DFL);
}

static void *
cancel_later(void *scenario)
{
	struct scenario *s = scenario;

	(void)usleep((useconds_t)atoi(s->cancel + strlen("thread:")) * 1000);
	lw_cancel_token_cancel(s->token);
	return NULL;
}

static void
arm_cancel(struct scenario *s)
{
	s->cancel_row = UINT64_MAX;
	if (s->cancel[0] == '\0')
		return;
	lw_cancel_token_reset(s->token);
	s->with.cancel = signalled = s->token;
	if (strcmp(s->cancel, "before") == 0)
		lw_cancel_token_cancel(s->token);
	else if (sscanf(s->cancel, "row:%" SCNu64, &s->cancel_row) == 1)
		return;
	else if (strncmp(s->cancel, "signal:", 7) == 0)
		arm_alarm((unsigned)atoi(s->cancel + 7));
	else if (strncmp(s->cancel, "thread:", 7) == 0)
		s->cancelling = pthread_create(&s->canceller, NULL, cancel_later, s) == 0;
	else
		fail(s, "cancel=before, row:N, thread:MS or signal:MS, not \"%s\"", s->cancel);
}

/* The options of this call. */
static const struct lw_call_options *
begin_call(struct scenario *s)
{
	arm_cancel(s);
	s->began_ns = now_ns();
	if (s->deadline_ms != 0)
		s->with.deadline_ns = (int64_t)(s->began_ns + s->deadline_ms * NS_PER_MS);
	return &s->with;
}

/* They hold for one call that the scenario itself makes; `own` is NULL for others. */
static void
end_call(struct scenario *s, const char *own)
{
	if (own == NULL)
		return;
	if (s->cancelling)
		(void)pthread_join(s->canceller, NULL);
	disarm_alarm();
	s->cancelling = false;
	s->cancel[0] = '\0';
	s->deadline_ms = s->late_ms = 0;
	s->with = (struct lw_call_options)LW_CALL_OPTIONS_INIT;
}

/* A budget by its name; NULL: there is none. */
static uint32_t *
find_budget(struct lw_budgets *b, const char *name)
{
	const struct {
		const char *name;
		uint32_t *value;
	} budgets[] = {
		{ "start_ms", &b->start_ms },
		{ "open_ms", &b->open_ms },
		{ "request_ms", &b->request_ms },
		{ "first_row_ms", &b->first_row_ms },
		{ "idle_ms", &b->idle_ms },
		{ "shutdown_ms", &b->shutdown_ms },
		{ "ask_ms", &b->ask_ms },
		{ "grace_ms", &b->grace_ms },
	};

	for (size_t i = 0; i < sizeof budgets / sizeof budgets[0]; i++)
		if (strcmp(budgets[i].name, name) == 0)
			return budgets[i].value;
	return NULL;
}

static void
set_budgets(struct scenario *s, struct lw_budgets *budgets, char *arguments)
{
	char *word, *value;
	uint32_t *budget;

	while ((word = next_word(&arguments)) != NULL) {
		value = word + strcspn(word, "=");
		if (*value != '\0')
			*value++ = '\0';
		budget = find_budget(budgets, word);
		if (budget != NULL)
			*budget = (uint32_t)strtoul(value, NULL, 0);
		else if (strcmp(word, "deadline") == 0)
			s->deadline_ms = (unsigned)strtoul(value, NULL, 0);
		else if (strcmp(word, "cancel") == 0)
			(void)snprintf(s->cancel, sizeof s->cancel, "%s", value);
		else if (strcmp(word, "late") == 0)
			s->late_ms = (unsigned)strtoul(value, NULL, 0);
		else
			fail(s, "there is no budget \"%s\"", word);
	}
}

/* ---- Expectations -------------------------------------------------------------------------- */

/* The generation behind the last success. */
static uint32_t
served_by(const struct scenario *s)
{
	return s->reply.text != NULL ? s->reply.generation : s->summary.generation;
}

static lw_restart
restarted(const struct scenario *s)
{
	return s->reply.text != NULL ? s->reply.restarted : s->summary.restarted;
}

static struct lw_worker_facts
facts_of(const struct scenario *s)
{
	struct lw_worker_facts facts = LW_WORKER_FACTS_INIT;

	(void)lw_worker_facts(s->worker, &facts);
	return facts;
}

/* All zero where there is no worker. */
static struct lw_worker_statistics
statistics_of(const struct scenario *s)
{
	struct lw_worker_statistics lived = LW_WORKER_STATISTICS_INIT;

	(void)lw_worker_statistics(s->worker, &lived);
	return lived;
}

static bool
find_number(const struct scenario *s, const char *fact, uint64_t *ret)
{
	const struct lw_error *e = &s->error;
	const struct lw_worker_statistics lived = statistics_of(s);
	bool ok = s->code == LW_OK;
	const struct {
		const char *name;
		uint64_t value;
	} facts[] = {
		{ "rows", ok ? s->summary.rows : e->rows },
		{ "seen", s->rows_seen },
		{ "generation", ok ? served_by(s) : e->generation },
		{ "status", (uint64_t)e->status },
		{ "exit", (uint64_t)(e->exit.known ? e->exit.code : -1) },
		{ "signal", (uint64_t)e->exit.signal },
		{ "known", e->exit.known },
		{ "ordered", e->exit.ordered },
		{ "survivors", s->shut_down ? s->report.exit.survivors : e->exit.survivors },
		{ "started", e->work_started },
		{ "sequence", e->sequence },
		{ "offset", e->offset },
		{ "streams", s->summary.stream_count },
		{ "logged", e->log_bytes },
		{ "generations", s->report.generations },
		{ "unreaped", s->report.unreaped },
		{ "killed", !ok && e->killed },
		{ "asked", !ok && e->asked_ns != 0 },
		{ "retry", !ok && e->retry_ms != 0 },
		{ "deaths", lived.deaths },
		{ "requests", lived.requests },
		{ "successes", lived.successes },
		{ "repeated", lived.repeated },
		{ "children", lived.generations },
		{ "handovers", lived.handovers },
		{ "handed", lived.handover.count },
		{ "spare", facts_of(s).spare_generation },
		{ "lost", lived.spare_failures },
	};

	for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++)
		if (strcmp(facts[i].name, fact) == 0) {
			*ret = facts[i].value;
			return true;
		}
	return false;
}

static const char *
find_text(const struct scenario *s, const char *fact)
{
	const struct lw_error *e = &s->error;
	const struct {
		const char *name, *text;
	} facts[] = {
		{ "message", e->message },
		{ "log", e->log_tail },
		{ "command", e->command },
		{ "stream", e->stream },
		{ "payload", s->payload },
		{ "reply", s->reply.text ? s->reply.text : "" },
		{ "metadata", s->summary.metadata ? s->summary.metadata : "" },
		{ "restart", lw_restart_name(e->restart) },
		{ "restarted", lw_restart_name(restarted(s)) },
	};

	for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++)
		if (strcmp(facts[i].name, fact) == 0)
			return facts[i].text;
	return NULL;
}

/* name=number, name=text (equal) or name~text (contains). */
static void
expect_fact(const struct scenario *s, char *fact)
{
	char *value = fact + strcspn(fact, "=~"), relation = *value;
	const char *text;
	uint64_t number;

	if (relation == '\0')
		fail(s, "\"%s\" is neither name=value nor name~text", fact);
	*value++ = '\0';
	text = find_text(s, fact);
	if (text != NULL &&
	    (relation == '~' ? strstr(text, value) == NULL : strcmp(text, value) != 0))
		fail(s, "%s is \"%s\", expected %c \"%s\"", fact, text, relation, value);
	if (text != NULL)
		return;
	if (relation != '=' || !find_number(s, fact, &number))
		fail(s, "there is no such fact: %s%c", fact, relation);
	if (number != strtoull(value, NULL, 0))
		fail(s, "%s is %" PRIu64 ", expected %s", fact, number, value);
}

/* The part behind "->": a verdict and facts. Without one the step must have succeeded. */
static void
expect(struct scenario *s, char *wanted)
{
	const char *is = s->code == LW_OK ? "OK" : lw_verdict_name(s->error.verdict);
	char *word = wanted ? next_word(&wanted) : NULL;

	if (s->faulty && s->code != LW_E_BUG) {
		s->gave_up = s->code != LW_OK && strcmp(is, word ? word : "OK") != 0;
		return;
	}
	if (strcmp(is, word ? word : "OK") != 0)
		fail(s, "the verdict is %s, expected %s", is, word ? word : "OK");
	if (s->code != LW_OK && s->code != lw_verdict_code(s->error.verdict))
		fail(s, "code %s does not belong to verdict %s", lw_code_name(s->code), is);
	while (wanted != NULL && (word = next_word(&wanted)) != NULL)
		expect_fact(s, word);
}

/* What is true after every request. */
static void
check_request(const struct scenario *s)
{
	uint64_t rows = s->code == LW_OK ? s->summary.rows : s->error.rows;
	uint64_t took_ms = (now_ns() - s->began_ns) / NS_PER_MS;
	uint64_t budget_ms = s->with.budgets.request_ms      ? s->with.budgets.request_ms
			     : s->options.budgets.request_ms ? s->options.budgets.request_ms
							     : 30000;

	if (s->rows_seen > 0 &&
	    s->rows_from != (s->code == LW_OK ? served_by(s) : s->error.generation))
		fail(s, "the rows are of generation %" PRIu32 ", and another is reported",
		    s->rows_from);
	if (rows != s->rows_seen)
		fail(s, "%" PRIu64 " rows were delivered, and %" PRIu64 " are reported",
		    s->rows_seen, rows);
	if (s->callback_after_refusal)
		fail(s, "a callback was made after one had refused");
	if (s->deadline_ms != 0 && s->deadline_ms < budget_ms)
		budget_ms = s->deadline_ms;
	if (took_ms > budget_ms + (s->late_ms ? s->late_ms : LATE_MS))
		fail(s, "it took %" PRIu64 " ms, of %" PRIu64, took_ms, budget_ms);
	if (s->code != LW_OK && s->error.message[0] == '\0')
		fail(s, "an error without a message");
}

/* ---- Steps --------------------------------------------------------------------------------- */

/* LEANWORKER_LANE of this process is the children's too: the same scenarios hold for either lane. */
static void
pass_lane(struct scenario *s)
{
	static char entry[64];
	const char *lane = getenv("LEANWORKER_LANE");

	if (lane == NULL || s->environment_count > 0)
		return;
	(void)snprintf(entry, sizeof entry, "LEANWORKER_LANE=%s", lane);
	s->environment[s->environment_count++] = entry;
}

static void
step_start(struct scenario *s, char *arguments, char *wanted)
{
	struct lw_worker_options *o = &s->options;
	char *script = NULL;

	if (s->worker != NULL)
		fail(s, "the worker is started already");
	if (asprintf(&script, "LEANWORKER_CHAOS=%s", s->chaos) < 0)
		abort();
	pass_lane(s);
	s->environment[s->environment_count] = script;
	o->environment = (const char *const *)s->environment;
	if (s->capability[0] == '\0' && o->child_path == NULL)
		o->child_path = getenv("LEANWORKER_CHAOS_CHILD");
	s->code = lw_worker_start(o, arguments ? begin_call(s) : NULL, &s->worker, &s->error);
	end_call(s, arguments);
	s->unusable = s->worker == NULL;
	s->environment[s->environment_count] = NULL;
	free(script);
	expect(s, wanted);
}

static void
step_open(struct scenario *s, char *arguments, char *wanted)
{
	struct lw_capability_options none = LW_CAPABILITY_OPTIONS_INIT;
	lw_capability *capability = NULL;

	if (s->worker == NULL)
		step_start(s, NULL, NULL);
	if (s->worker == NULL)
		return;
	none.host = "chaos";
	none.library = none.module = "none";
	if (s->capability[0] != '\0')
		s->code = lw_capability_load(s->capability, &capability, &s->error);
	else
		s->code = lw_capability_create(&none, &capability, &s->error);
	if (s->code == LW_OK)
		s->code = lw_session_open(s->worker, capability, arguments ? begin_call(s) : NULL,
		    &s->session, &s->error);
	end_call(s, arguments);
	lw_capability_free(&capability);
	expect(s, wanted);
}

/* False when there is no session, and there need not be one. */
static bool
begin_request(struct scenario *s)
{
	if (s->session == NULL)
		step_open(s, NULL, NULL);
	if (s->session == NULL)
		return false;
	lw_summary_clear(&s->summary);
	lw_reply_clear(&s->reply);
	s->error = (struct lw_error)LW_ERROR_INIT;
	s->stream_count = 0;
	memset(s->streams, 0, sizeof s->streams);
	s->rows_seen = 0;
	s->sink_refused = s->callback_after_refusal = false;
	return true;
}

static void
step_stream(struct scenario *s, char *arguments, char *wanted)
{
	struct lw_sinks sinks = LW_SINKS_INIT;
	char *name, *request;

	if (!begin_request(s))
		return;
	name = next_word(&arguments);
	request = arguments + strspn(arguments, " ");
	sinks.context = s;
	sinks.on_row = on_row;
	s->code = lw_session_stream(s->session, name ? name : "", lw_text(request), &sinks,
	    begin_call(s), &s->summary, &s->error);
	check_request(s);
	end_call(s, request);
	expect(s, wanted);
}

static void
step_call(struct scenario *s, char *arguments, char *wanted)
{
	char *name, *request;

	if (!begin_request(s))
		return;
	name = next_word(&arguments);
	request = arguments + strspn(arguments, " ");
	s->code = lw_session_call(
	    s->session, name ? name : "", lw_text(request), begin_call(s), &s->reply, &s->error);
	check_request(s);
	end_call(s, request);
	expect(s, wanted);
}

static void
step_health(struct scenario *s, char *arguments, char *wanted)
{
	(void)arguments;
	s->error = (struct lw_error)LW_ERROR_INIT;
	s->code = lw_worker_health(s->worker, begin_call(s), &s->error);
	end_call(s, "");
	expect(s, wanted);
}

static void
step_cycle(struct scenario *s, char *arguments, char *wanted)
{
	(void)arguments;
	s->error = (struct lw_error)LW_ERROR_INIT;
	s->code = lw_worker_cycle(s->worker, begin_call(s), &s->error);
	end_call(s, "");
	expect(s, wanted);
}

static pid_t
worker_pid(const struct scenario *s)
{
	return facts_of(s).pid;
}

static bool
worker_is_gone(void *s)
{
	return worker_pid(s) == 0;
}

/* Another may have taken its place. */
static bool
killed_is_gone(void *scenario)
{
	const struct scenario *s = scenario;

	return worker_pid(s) != s->killed;
}

static bool
spare_is_lost(void *s)
{
	return statistics_of(s).spare_failures > 0 || facts_of(s).spare_generation == 0;
}

/* kill SIGNAL spare: to that one, which must be ready. */
static void
kill_spare(struct scenario *s, int number)
{
	pid_t pid = s->worker != NULL ? facts_of(s).spare_pid : 0;

	if (pid == 0 && !s->faulty)
		fail(s, "there is no spare");
	if (pid > 0 && kill(pid, number) < 0 && errno != ESRCH)
		fail(s, "kill: %s", strerror(errno));
	if (pid > 0 && !wait_until(spare_is_lost, s, 10000))
		fail(s, "the spare is still there");
}

/*
 * kill SIGNAL: to the worker process; then waits until the library has seen its end. One that is
 * gone already is as good.
 */
static void
step_kill(struct scenario *s, char *arguments, char *wanted)
{
	int number = atoi(arguments);
	pid_t pid;

	(void)wanted;
	if (strstr(arguments, " spare") != NULL) {
		kill_spare(s, number);
		return;
	}
	if (s->worker == NULL)
		step_open(s, NULL, NULL);
	pid = s->killed = s->worker != NULL ? worker_pid(s) : 0;
	if (pid > 0 && kill(pid, number) < 0 && errno != ESRCH)
		fail(s, "kill: %s", strerror(errno));
	if (number == 0 && s->faulty)
		return; /* the fault may have ended the child that was to die by itself */
	if (pid > 0 && number != SIGSTOP && !wait_until(killed_is_gone, s, 10000))
		fail(s, "the worker is still there");
}

static void
step_shutdown(struct scenario *s, char *arguments, char *wanted)
{
	static const char *const outcomes[] = {
		[LW_SHUTDOWN_ORDERLY] = "ORDERLY",
		[LW_SHUTDOWN_ALREADY_DEAD] = "ALREADY_DEAD",
		[LW_SHUTDOWN_DIED] = "DIED",
		[LW_SHUTDOWN_KILLED] = "KILLED",
		[LW_SHUTDOWN_PROTOCOL] = "PROTOCOL",
	};
	char *word = wanted ? next_word(&wanted) : NULL;

	(void)arguments;
	s->code = lw_worker_shutdown(s->worker, &s->report, &s->error);
	s->shut_down = true;
	if (s->code != LW_OK)
		fail(s, "the shutdown failed");
	if (s->faulty)
		return;
	if (strcmp(outcomes[s->report.outcome], word ? word : "ORDERLY") != 0)
		fail(s, "the shutdown was %s, expected %s", outcomes[s->report.outcome],
		    word ? word : "ORDERLY");
	while (wanted != NULL && (word = next_word(&wanted)) != NULL)
		expect_fact(s, word);
}

/* sink answer=N after=N sleep=MS: how on_row behaves from here on. */
static void
step_sink(struct scenario *s, char *arguments, char *wanted)
{
	char *word;

	(void)wanted;
	s->sink_answer = 0;
	s->sink_after = 0;
	s->sink_sleep_ms = 0;
	while ((word = next_word(&arguments)) != NULL) {
		if (sscanf(word, "answer=%d", &s->sink_answer) != 1 &&
		    sscanf(word, "after=%" SCNu64, &s->sink_after) != 1 &&
		    sscanf(word, "sleep=%u", &s->sink_sleep_ms) != 1)
			fail(s, "a sink has answer=, after= and sleep=, not \"%s\"", word);
	}
}

/* option NAME VALUE: of struct lw_worker_options; before the start. */
static void
step_option(struct scenario *s, char *arguments, char *wanted)
{
	struct lw_worker_options *o = &s->options;
	struct lw_restart_policy *r = &o->restart;
	const struct {
		const char *name;
		uint32_t *value;
	} options[] = {
		{ "max_requests", &r->max_requests },
		{ "max_idle_ms", &r->max_idle_ms },
		{ "memory_sample_ms", &r->memory_sample_ms },
		{ "max_deaths", &r->max_deaths },
		{ "window_ms", &r->window_ms },
		{ "backoff_ms", &r->backoff_ms },
		{ "backoff_max_ms", &r->backoff_max_ms },
		{ "spare", &r->spare },
	};
	char *name = next_word(&arguments);
	uint64_t value = strtoull(arguments, NULL, 0);

	(void)wanted;
	if (name == NULL)
		fail(s, "an option has a name");
	for (size_t i = 0; i < sizeof options / sizeof options[0]; i++)
		if (strcmp(options[i].name, name) == 0) {
			*options[i].value = (uint32_t)value;
			return;
		}
	if (find_budget(&o->budgets, name) != NULL)
		*find_budget(&o->budgets, name) = (uint32_t)value;
	else if (strcmp(name, "memory_ceiling_kib") == 0)
		r->memory_ceiling_kib = value;
	else if (strcmp(name, "memory_limit_kib") == 0)
		r->memory_limit_kib = value;
	else if (strcmp(name, "replacement") == 0)
		r->replacement = (lw_replacement)value;
	else if (strcmp(name, "row_cap") == 0)
		o->row_cap = value;
	else if (strcmp(name, "containment") == 0)
		o->containment = (lw_containment)value;
	else if (strcmp(name, "child") == 0)
		o->child_path = strdup(arguments);
	else
		fail(s, "there is no option \"%s\"", name);
}

/* with NAME=VALUE …: budgets, deadline=, cancel= and late= of the next call alone. */
static void
step_with(struct scenario *s, char *arguments, char *wanted)
{
	(void)wanted;
	set_budgets(s, &s->with.budgets, arguments);
}

/* worker NAME=VALUE …, session NAME=VALUE …: the budgets of these scopes from here on. */
static void
step_worker(struct scenario *s, char *arguments, char *wanted)
{
	struct lw_budgets budgets = { 0 };

	set_budgets(s, &budgets, arguments);
	if (s->worker == NULL)
		step_start(s, NULL, NULL);
	s->code = lw_worker_set_budgets(s->worker, &budgets, &s->error);
	expect(s, wanted);
}

static void
step_session(struct scenario *s, char *arguments, char *wanted)
{
	struct lw_budgets budgets = { 0 };

	set_budgets(s, &budgets, arguments);
	if (s->session == NULL)
		step_open(s, NULL, NULL);
	s->code = lw_session_set_budgets(s->session, &budgets, &s->error);
	expect(s, wanted);
}

static bool
child_is_there(void *s)
{
	(void)lw_worker_pump(((struct scenario *)s)->worker, NULL, NULL);
	return worker_pid(s) != 0;
}

/* A second one, which may come and go between two looks; one that starts has a warden already. */
static bool
another_has_ended(void *s)
{
	struct lw_worker_statistics lived = LW_WORKER_STATISTICS_INIT;
	struct lw_worker_facts facts = LW_WORKER_FACTS_INIT;
	lw_worker *worker = ((struct scenario *)s)->worker;

	(void)lw_worker_pump(worker, NULL, NULL);
	return lw_worker_statistics(worker, &lived) == LW_OK && lived.generations > 1 &&
	       lw_worker_facts(worker, &facts) == LW_OK && facts.warden_pid == 0;
}

static bool
worker_has_not_given_up(void *s)
{
	return lw_worker_health(((struct scenario *)s)->worker, NULL, NULL) != LW_E_GAVE_UP;
}

static bool
spare_is_ready(void *s)
{
	(void)lw_worker_pump(((struct scenario *)s)->worker, NULL, NULL);
	return facts_of(s).spare_ready;
}

static bool
the_old_are_buried(void *s)
{
	(void)lw_worker_pump(((struct scenario *)s)->worker, NULL, NULL);
	return statistics_of(s).unburied == 0;
}

/* await EVENT: an event loop runs until it is so. */
static void
step_await(struct scenario *s, char *arguments, char *wanted)
{
	const struct {
		const char *name;
		bool (*is_there)(void *s);
	} events[] = {
		{ "child", child_is_there },
		{ "failure", another_has_ended },
		{ "end", worker_is_gone },
		{ "window", worker_has_not_given_up },
		{ "spare", spare_is_ready },
		{ "lost", spare_is_lost },
		{ "burials", the_old_are_buried },
	};

	(void)wanted;
	for (size_t i = 0; i < sizeof events / sizeof events[0]; i++)
		if (strcmp(events[i].name, arguments) == 0) {
			if (wait_until(events[i].is_there, s, s->faulty ? 1000 : 10000))
				return;
			if (!s->faulty)
				fail(s, "await %s: it did not come", arguments);
			s->gave_up = true;
			return;
		}
	fail(s, "await child, failure, end, window, spare, lost or burials, not \"%s\"", arguments);
}

/* idle MS: the worker waits for work so long. */
static void
step_idle(struct scenario *s, char *arguments, char *wanted)
{
	(void)s, (void)wanted;
	(void)usleep((useconds_t)atoi(arguments) * 1000);
}

static void
step_chaos(struct scenario *s, char *arguments, char *wanted)
{
	size_t size = strlen(s->chaos);

	(void)wanted;
	(void)snprintf(s->chaos + size, sizeof s->chaos - size, "%s|", arguments);
}

static void
step_title(struct scenario *s, char *arguments, char *wanted)
{
	(void)wanted;
	(void)snprintf(s->title, sizeof s->title, "%s", arguments);
}

/* capability NAME: the manifest that the environment variable of this name holds. */
static void
step_capability(struct scenario *s, char *arguments, char *wanted)
{
	const char *path = getenv(arguments);

	(void)wanted;
	if (path == NULL)
		fail(s, "the environment has no %s", arguments);
	(void)snprintf(s->capability, sizeof s->capability, "%s", path);
}

static const struct {
	const char *name;
	void (*play)(struct scenario *s, char *arguments, char *wanted);
} steps[] = {
	{ "title", step_title },
	{ "chaos", step_chaos },
	{ "capability", step_capability },
	{ "option", step_option },
	{ "start", step_start },
	{ "open", step_open },
	{ "stream", step_stream },
	{ "call", step_call },
	{ "health", step_health },
	{ "cycle", step_cycle },
	{ "kill", step_kill },
	{ "sink", step_sink },
	{ "with", step_with },
	{ "worker", step_worker },
	{ "session", step_session },
	{ "await", step_await },
	{ "idle", step_idle },
	{ "shutdown", step_shutdown },
};

static void
play_line(struct scenario *s, char *line)
{
	char *wanted, *arguments, *name;

	line[strcspn(line, "\n")] = '\0';
	if (*line == '\0' || *line == '#')
		return;
	wanted = strstr(line, " -> ");
	if (wanted != NULL) {
		*wanted = '\0';
		wanted += strlen(" -> ");
	}
	name = line;
	arguments = line + strcspn(line, " ");
	if (*arguments != '\0')
		*arguments++ = '\0';
	for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
		if (strcmp(steps[i].name, name) == 0) {
			steps[i].play(s, arguments, wanted);
			return;
		}
	fail(s, "there is no step \"%s\"", name);
}

/* ---- What must be true after anything ------------------------------------------------------ */

static void
start_bystander(struct scenario *s)
{
	struct lw_worker_options options = LW_WORKER_OPTIONS_INIT;

	options.child_path = getenv("LEANWORKER_CHAOS_CHILD");
	s->code = lw_worker_start(&options, NULL, &s->bystander, &s->error);
	if (s->code != LW_OK)
		fail(s, "the bystander did not start");
}

static void
check_bystander(struct scenario *s)
{
	struct lw_worker_facts facts = LW_WORKER_FACTS_INIT;

	s->code = lw_worker_health(s->bystander, NULL, &s->error);
	(void)lw_worker_facts(s->bystander, &facts);
	if (s->code != LW_OK || facts.generation != 1)
		fail(s, "the bystander was harmed: generation %" PRIu32, facts.generation);
}

/* A plain request succeeds: "polite", which the script does not touch; without a session, health. */
static void
check_usable(struct scenario *s)
{
	struct lw_reply reply = LW_REPLY_INIT;

	if (s->worker == NULL || s->shut_down || s->unusable)
		return;
	/* After a fault the script may have a generation left to ruin, which no step has met. */
	for (int tries = s->gave_up ? 3 : 1; tries > 0; tries--) {
		if (s->session != NULL && s->capability[0] == '\0')
			s->code = lw_session_call(
			    s->session, "polite", lw_text("{}"), NULL, &reply, &s->error);
		else
			s->code = lw_worker_health(s->worker, NULL, &s->error);
		lw_reply_clear(&reply);
		if (s->code == LW_OK)
			break;
	}
	if (s->code != LW_OK && s->code != LW_E_GAVE_UP && s->code != LW_E_SESSION)
		fail(s, "the worker is not usable afterwards");
}

static void
finish(struct scenario *s)
{
	check_usable(s);
	check_bystander(s);
	lw_session_close(&s->session);
	lw_worker_close(&s->worker);
	lw_worker_close(&s->bystander);
	lw_summary_clear(&s->summary);
	lw_reply_clear(&s->reply);
	lw_cancel_token_free(&s->token);
}

#ifdef LW_DEV

static void
arm_fault(const struct scenario *s)
{
	if (s->faulty)
		lw_fault_arm(s->fault, s->for_ever);
}

/* From here on everything must work again. */
static void
disarm_fault(struct scenario *s)
{
	uint64_t points;

	if (!s->faulty)
		return;
	points = lw_fault_disarm(&s->failed);
	printf("points %" PRIu64 ", failed %d\n", points, s->failed);
}

#else

static void
arm_fault(const struct scenario *s)
{
	if (s->faulty)
		fail(s, "this is no development build: it has no fault points");
}

static void
disarm_fault(struct scenario *s)
{
	(void)s;
}

#endif

static void
play_file(struct scenario *s, FILE *file)
{
	char line[LINE_MAX_SIZE];

	while (!s->gave_up && fgets(line, sizeof line, file) != NULL) {
		s->line++;
		play_line(s, line);
	}
}

static int
usage(void)
{
	fprintf(stderr, "usage: leanworker-scenario FILE\n"
			"Plays one scenario. LEANWORKER_CHAOS_CHILD names leanworker-chaos.\n");
	return 64;
}

int
main(int argc, char **argv)
{
	static struct scenario s = {
		.options = LW_WORKER_OPTIONS_INIT,
		.error = LW_ERROR_INIT,
		.summary = LW_SUMMARY_INIT,
		.reply = LW_REPLY_INIT,
		.with = LW_CALL_OPTIONS_INIT,
		.report = LW_SHUTDOWN_REPORT_INIT,
	};
	struct census *before;
	char *left = NULL;
	FILE *file;

	if (argc == 4 && strcmp(argv[1], "--fault") == 0) {
		s.faulty = true;
		s.fault = strtoull(argv[2], NULL, 10);
		s.for_ever = strchr(argv[2], '+') != NULL;
	} else if (argc != 2) {
		return usage();
	}
	if (getenv("LEANWORKER_CHAOS_CHILD") == NULL)
		return usage();
	s.path = argv[argc - 1];
	file = fopen(s.path, "re");
	if (file == NULL)
		fail(&s, "%s", strerror(errno));
	census_adopt_orphans();
	before = census_take();
	start_bystander(&s);
	if (lw_cancel_token_create(&s.token, &s.error) != LW_OK)
		fail(&s, "no cancel token");
	arm_fault(&s);
	play_file(&s, file);
	disarm_fault(&s);
	if (s.title[0] == '\0')
		fail(&s, "a scenario has a title");
	finish(&s);
	/* Without descriptors the library knows no adopted orphan by pidfd: init's duty is then ours. */
	if (s.for_ever)
		(void)wait_until(census_nobody_is_left, NULL, 2000);
	if (!census_restored(before, 2000, &left))
		fail(&s, "something is left behind:\n%s", left);
	census_free(before);
	(void)fclose(file);
	printf("ok: %s\n", s.title);
	return EXIT_SUCCESS;
}
