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
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/fault.h"
#include "support/census.h"

#define LINE_MAX_SIZE 8192
#define STREAMS_MAX   64
#define SHOWN         1000                 /* bytes of the log with a failure */
#define LATE_NS       UINT64_C(5000000000) /* over a deadline; a loaded machine is not a failure */

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
	int sink_answer;
	uint64_t sink_after, rows_seen;
	unsigned sink_sleep_ms;
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
	stream->next++;
	s->rows_seen++;
	(void)snprintf(s->payload, sizeof s->payload, "%.*s", (int)row->payload_size, row->payload);
	if (s->sink_sleep_ms != 0)
		(void)usleep(s->sink_sleep_ms * 1000);
	s->sink_refused = s->sink_answer != 0 && s->rows_seen > s->sink_after;
	return s->sink_refused ? s->sink_answer : 0;
}

/* ---- Expectations -------------------------------------------------------------------------- */

/* The generation behind the last success. */
static uint32_t
served_by(const struct scenario *s)
{
	return s->reply.text != NULL ? s->reply.generation : s->summary.generation;
}

static bool
find_number(const struct scenario *s, const char *fact, uint64_t *ret)
{
	const struct lw_error *e = &s->error;
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
	};

	for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++)
		if (strcmp(facts[i].name, fact) == 0)
			return facts[i].text;
	return NULL;
}

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
	uint64_t budget = (s->options.budgets.request_ms ? s->options.budgets.request_ms : 30000) *
			  UINT64_C(1000000);

	if (rows != s->rows_seen)
		fail(s, "%" PRIu64 " rows were delivered, and %" PRIu64 " are reported",
		    s->rows_seen, rows);
	if (s->callback_after_refusal)
		fail(s, "a callback was made after one had refused");
	if (s->code != LW_OK && s->error.elapsed_ns > budget + LATE_NS)
		fail(s, "it took %" PRIu64 " ms", s->error.elapsed_ns / 1000000);
	if (s->code != LW_OK && s->error.message[0] == '\0')
		fail(s, "an error without a message");
}

/* ---- Steps --------------------------------------------------------------------------------- */

static void
step_start(struct scenario *s, char *arguments, char *wanted)
{
	struct lw_worker_options *o = &s->options;
	char *script = NULL;

	(void)arguments;
	if (s->worker != NULL)
		fail(s, "the worker is started already");
	if (asprintf(&script, "LEANWORKER_CHAOS=%s", s->chaos) < 0)
		abort();
	s->environment[s->environment_count] = script;
	o->environment = (const char *const *)s->environment;
	if (s->capability[0] == '\0' && o->child_path == NULL)
		o->child_path = getenv("LEANWORKER_CHAOS_CHILD");
	s->code = lw_worker_start(o, NULL, &s->worker, &s->error);
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

	(void)arguments;
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
		s->code = lw_session_open(s->worker, capability, NULL, &s->session, &s->error);
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
	s->code = lw_session_stream(s->session, name ? name : "", request, strlen(request), &sinks,
	    NULL, &s->summary, &s->error);
	check_request(s);
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
	    s->session, name ? name : "", request, strlen(request), NULL, &s->reply, &s->error);
	check_request(s);
	expect(s, wanted);
}

static void
step_health(struct scenario *s, char *arguments, char *wanted)
{
	(void)arguments;
	s->error = (struct lw_error)LW_ERROR_INIT;
	s->code = lw_worker_health(s->worker, NULL, &s->error);
	expect(s, wanted);
}

static void
step_cycle(struct scenario *s, char *arguments, char *wanted)
{
	(void)arguments;
	s->error = (struct lw_error)LW_ERROR_INIT;
	s->code = lw_worker_cycle(s->worker, NULL, &s->error);
	expect(s, wanted);
}

static pid_t
worker_pid(const struct scenario *s)
{
	struct lw_worker_facts facts = LW_WORKER_FACTS_INIT;

	(void)lw_worker_facts(s->worker, &facts);
	return facts.pid;
}

static bool
worker_is_gone(void *s)
{
	return worker_pid(s) == 0;
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
	if (s->worker == NULL)
		step_open(s, NULL, NULL);
	pid = s->worker != NULL ? worker_pid(s) : 0;
	if (pid > 0 && kill(pid, number) < 0 && errno != ESRCH)
		fail(s, "kill: %s", strerror(errno));
	if (pid > 0 && number != SIGSTOP && !wait_until(worker_is_gone, s, 10000))
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
	const struct {
		const char *name;
		uint32_t *value;
	} options[] = {
		{ "start_ms", &o->budgets.start_ms },
		{ "open_ms", &o->budgets.open_ms },
		{ "request_ms", &o->budgets.request_ms },
		{ "shutdown_ms", &o->budgets.shutdown_ms },
		{ "ask_ms", &o->budgets.ask_ms },
		{ "grace_ms", &o->budgets.grace_ms },
	};
	char *name = next_word(&arguments);

	(void)wanted;
	for (size_t i = 0; name != NULL && i < sizeof options / sizeof options[0]; i++)
		if (strcmp(options[i].name, name) == 0) {
			*options[i].value = (uint32_t)strtoul(arguments, NULL, 0);
			return;
		}
	if (name != NULL && strcmp(name, "row_cap") == 0)
		o->row_cap = strtoull(arguments, NULL, 0);
	else if (name != NULL && strcmp(name, "containment") == 0)
		o->containment = (lw_containment)atoi(arguments);
	else if (name != NULL && strcmp(name, "child") == 0)
		o->child_path = strdup(arguments);
	else
		fail(s, "there is no option \"%s\"", name ? name : "");
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
	if (s->session != NULL && s->capability[0] == '\0')
		s->code = lw_session_call(s->session, "polite", "{}", 2, NULL, &reply, &s->error);
	else
		s->code = lw_worker_health(s->worker, NULL, &s->error);
	lw_reply_clear(&reply);
	if (s->code != LW_OK)
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
}

#ifdef LW_DEV

static void
arm_fault(const struct scenario *s)
{
	if (s->faulty)
		lw_fault_arm(s->fault, false);
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
		.report = LW_SHUTDOWN_REPORT_INIT,
	};
	struct census *before;
	char *left = NULL;
	FILE *file;

	if (argc == 4 && strcmp(argv[1], "--fault") == 0) {
		s.faulty = true;
		s.fault = strtoull(argv[2], NULL, 10);
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
	arm_fault(&s);
	play_file(&s, file);
	disarm_fault(&s);
	if (s.title[0] == '\0')
		fail(&s, "a scenario has a title");
	finish(&s);
	if (!census_restored(before, 2000, &left))
		fail(&s, "something is left behind:\n%s", left);
	census_free(before);
	(void)fclose(file);
	printf("ok: %s\n", s.title);
	return EXIT_SUCCESS;
}
