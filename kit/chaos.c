/* SPDX-License-Identifier: Apache-2.0 */
/*
 * leanworker-chaos: a leanworker-child that misbehaves as it is told. It has the real warden and the
 * real start of a worker; only what the worker says and does afterwards comes from a script in the
 * environment, LEANWORKER_CHAOS. What the script leaves out is done politely, so that a script names
 * just the fault.
 *
 * For the library's own tests, and for programs that want to see how they take it.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/sys.h"
#include "child/serve.h"
#include "lies.h"
#include "misdeeds.h"
#include "script.h"
#include "leanworker/version.h"
#include "wire/bytes.h"
#include "wire/fds.h"
#include "wire/frame.h"

#define PROGRAM "leanworker-chaos"

struct chaos {
	const char *script;
	struct wire_reader reader;
	struct wire_target target;
	struct buffer out, body;
	struct lane *lane;
	const volatile uint32_t *stop_flag;
	uint32_t request;
	enum wire_kind kind;
	unsigned times[WIRE_MESSAGE_END]; /* each message came so often */
	uint64_t rows;                    /* sent in this request */
	uint32_t streams;
	bool done; /* this occasion needs no polite end */
	bool replied;
};

#define RIGHTS_MAX 100

static bool held;                       /* what is said waits, so that it arrives in one piece */
static uint64_t room_left = UINT64_MAX; /* bytes that the lane still takes before the exit */
static unsigned rights;                 /* descriptors that go with each piece */

/* A piece, and with it as many descriptors of this process as were asked for. */
static size_t
send_with_rights(const void *bytes, size_t size)
{
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int) * RIGHTS_MAX)];
	} control = { 0 };
	struct iovec piece = { .iov_base = (void *)bytes, .iov_len = size };
	struct msghdr message = { .msg_iov = &piece,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = CMSG_SPACE(sizeof(int) * rights) };

	control.head.cmsg_level = SOL_SOCKET;
	control.head.cmsg_type = SCM_RIGHTS;
	control.head.cmsg_len = CMSG_LEN(sizeof(int) * rights);
	memset(CMSG_DATA(&control.head), 0, sizeof(int) * rights); /* /dev/null, again and again */
	ssize_t n = sendmsg(WIRE_FD_EVENT, &message, MSG_NOSIGNAL);

	if (n < 0)
		_exit(0);
	return (size_t)n;
}

static bool
flush(void *context, struct buffer *out)
{
	struct lane *lane = context;
	size_t size = buffer_size(out) < room_left ? buffer_size(out) : room_left;

	if (held || size == 0)
		return true;
	if (rights > 0 && lane->through_ring)
		send_with_rights("", 1); /* the bell has them */
	else if (rights > 0)
		size = send_with_rights(buffer_front(out), size);
	if ((rights == 0 || lane->through_ring) && !lie_by_silence(lane, buffer_front(out), size) &&
	    !lane_send(lane, buffer_front(out), size))
		_exit(0);
	buffer_consume(out, size);
	if (room_left != UINT64_MAX && (room_left -= size) == 0)
		_exit(3);
	return flush(context, out);
}

/* Sends what was put into c->body, and empties it. */
static void
say(struct chaos *c, enum wire_message_id id, const void *rest, size_t size)
{
	if (!wire_put(&c->target, id, c->request, buffer_front(&c->body), buffer_size(&c->body),
		rest, size))
		_exit(1);
	buffer_clear(&c->body);
}

static void
put32(struct chaos *c, uint64_t value)
{
	if (!wire_put32(&c->body, (uint32_t)value))
		_exit(1);
}

static void
put64(struct chaos *c, uint64_t value)
{
	if (!wire_put64(&c->body, value))
		_exit(1);
}

static void
put_text(struct chaos *c, const char *text)
{
	if (!wire_put_text(&c->body, text, strlen(text)))
		_exit(1);
}

/* ---- Messages ------------------------------------------------------------------------------ */

static void
do_hello(struct chaos *c, const struct action *a)
{
	uint64_t protocol = action_number(a, "protocol", WIRE_PROTOCOL_VERSION);
	uint64_t features = action_number(a, "features", c->lane->has_ring ? WIRE_FEATURE_RING : 0);

	put32(c, action_number(a, "magic", WIRE_HELLO_MAGIC));
	put32(c, action_number(a, "lowest", protocol));
	put32(c, action_number(a, "highest", protocol));
	put32(c, features);
	put_text(c, PROGRAM);
	put_text(c, action_text(a, "build", LW_VERSION));
	say(c, WIRE_HELLO, NULL, 0);
	c->lane->through_ring = c->lane->has_ring && (features & WIRE_FEATURE_RING);
}

static void
do_opened(struct chaos *c, const struct action *a)
{
	put_text(c, "chaos");
	put_text(c, action_text(a, "runtime", PROGRAM));
	put_text(c, action_text(a, "version", ""));
	put_text(c, action_text(a, "warning", ""));
	say(c, WIRE_OPENED, NULL, 0);
}

static void
do_stream(struct chaos *c, const struct action *a)
{
	const char *name = action_text(a, "name", "rows");

	put32(c, action_number(a, "number", c->streams));
	c->streams++;
	say(c, WIRE_STREAM, name, strlen(name));
}

static void
send_row(struct chaos *c, uint64_t stream, uint64_t sequence, const char *payload, size_t size)
{
	put32(c, stream);
	put32(c, 0);
	put64(c, sequence);
	say(c, WIRE_ROW, payload, size);
	c->rows++;
}

static void
do_row(struct chaos *c, const struct action *a)
{
	const char *payload = action_text(a, "payload", "{}");

	send_row(c, action_number(a, "stream", 0), action_number(a, "sequence", c->rows), payload,
	    strlen(payload));
}

/* The text itself, or, where it is to be longer, a JSON string of that size. */
static char *
make_text(const char *json, size_t size)
{
	char *text = sys_alloc(size + 2);

	if (text == NULL)
		_exit(1);
	memset(text, 'x', size);
	text[0] = text[size ? size - 1 : 0] = '"';
	if (size == strlen(json))
		memcpy(text, json, size);
	return text;
}

/* rows N [size=BYTES]: well-formed ones, on a stream of their own. */
static void
do_rows(struct chaos *c, const struct action *a)
{
	uint64_t count = action_argument(a, 1, 1), size = action_number(a, "size", 2);
	uint32_t stream = c->streams;
	char *payload = make_text("", size);

	do_stream(c, a);
	for (uint64_t i = 0; i < count; i++)
		send_row(c, stream, i, payload, size);
	sys_free(payload);
}

static void
do_diagnostic(struct chaos *c, const struct action *a)
{
	const char *message = action_text(a, "message", "");

	put_text(c, action_text(a, "code", "chaos"));
	say(c, WIRE_DIAGNOSTIC, message, strlen(message));
}

static void
do_progress(struct chaos *c, const struct action *a)
{
	const char *phase = action_text(a, "phase", "chaos");

	put64(c, action_number(a, "current", 0));
	put64(c, action_number(a, "total", WIRE_NO_TOTAL));
	say(c, WIRE_PROGRESS, phase, strlen(phase));
}

static void
do_metadata(struct chaos *c, const struct action *a)
{
	const char *json = action_text(a, "json", "{}");

	say(c, WIRE_METADATA, json, strlen(json));
}

static void
do_reply(struct chaos *c, const struct action *a)
{
	const char *json = action_text(a, "json", "{}");
	size_t size = action_number(a, "size", strlen(json));
	char *text = make_text(json, size);

	c->replied = true;
	say(c, WIRE_REPLY, text, size);
	sys_free(text);
}

static void
do_end(struct chaos *c, const struct action *a)
{
	const char *message = action_text(a, "message", "");

	put32(c, action_number(a, "outcome", WIRE_OUTCOME_OK));
	put32(c, action_number(a, "status", 0));
	put64(c, action_number(a, "rows", c->rows));
	put64(c, 0);
	put32(c, action_number(a, "stream", WIRE_NO_STREAM));
	put32(c, action_number(a, "zero", 0));
	put64(c, action_number(a, "sequence", 0));
	put64(c, action_number(a, "offset", 0));
	say(c, WIRE_END, message, strlen(message));
	c->done = true;
}

static void
do_healthy(struct chaos *c, const struct action *a)
{
	(void)a;
	say(c, WIRE_HEALTHY, NULL, 0);
}

static void
do_bye(struct chaos *c, const struct action *a)
{
	(void)a;
	say(c, WIRE_BYE, NULL, 0);
}

/* frame id=… flags=… zero=… generation=… request=… size=…: a header alone, true or not. */
static void
do_frame(struct chaos *c, const struct action *a)
{
	uint8_t header[WIRE_HEADER_SIZE] = { 0 };

	wire_store32(header, (uint32_t)action_number(a, "size", 0));
	header[4] = (uint8_t)action_number(a, "id", WIRE_ROW);
	header[5] = (uint8_t)action_number(a, "flags", 0);
	header[6] = (uint8_t)action_number(a, "zero", 0);
	wire_store32(header + 8, (uint32_t)action_number(a, "generation", c->target.generation));
	wire_store32(header + 12, (uint32_t)action_number(a, "request", c->request));
	if (!buffer_append(&c->out, header, sizeof header))
		_exit(1);
	(void)flush(c->lane, &c->out);
}

static void
sleep_ms(uint64_t ms)
{
	const struct timespec span = { .tv_sec = (time_t)(ms / 1000),
		.tv_nsec = (long)(ms % 1000) * 1000000 };

	(void)nanosleep(&span, NULL);
}

/* endless [size=BYTES] [every=MS]: one row whose end never comes, in frames of that size. */
static void
do_endless(struct chaos *c, const struct action *a)
{
	static const char part[WIRE_BODY_MAX] = { 0 };
	uint8_t header[WIRE_HEADER_SIZE] = { 0 };
	size_t size = action_number(a, "size", sizeof part);
	uint64_t every = action_number(a, "every", 0);

	size = size < sizeof part ? size : sizeof part;
	wire_store32(header, (uint32_t)size);
	header[4] = WIRE_ROW;
	header[5] = WIRE_MORE;
	wire_store32(header + 8, c->target.generation);
	wire_store32(header + 12, c->request);
	for (;;) {
		if (!buffer_append(&c->out, header, sizeof header) ||
		    !buffer_append(&c->out, part, size))
			_exit(1);
		(void)flush(c->lane, &c->out);
		if (every != 0)
			sleep_ms(every);
	}
}

/* flood: progress without an end. */
static void
do_flood(struct chaos *c, const struct action *a)
{
	for (;;)
		do_progress(c, a);
}

/* self: a row that says what this process is. */
static void
do_self(struct chaos *c, const struct action *a)
{
	char json[256];

	misdeed_self(json, sizeof json);
	do_stream(c, a);
	send_row(c, c->streams - 1, 0, json, strlen(json));
}

/* cut N: the lane takes so many bytes more, and then this process exits with status 3. */
static void
do_cut(struct chaos *c, const struct action *a)
{
	(void)c;
	room_left = action_argument(a, 1, 1);
}

/* rights N: so many descriptors go with each piece of what is said from here on. */
static void
do_rights(struct chaos *c, const struct action *a)
{
	uint64_t count = action_argument(a, 1, RIGHTS_MAX);

	(void)c;
	rights = (unsigned)(count < RIGHTS_MAX ? count : RIGHTS_MAX);
}

/* bytes TEXT [times=N]: on the event lane, as they are. */
static void
do_bytes(struct chaos *c, const struct action *a)
{
	const char *text = a->words > 1 ? a->word[1] : "garbage";

	for (uint64_t i = action_number(a, "times", 1); i > 0; i--) {
		if (!buffer_append(&c->out, text, strlen(text)))
			_exit(1);
		(void)flush(c->lane, &c->out);
	}
}

/* ---- Deeds --------------------------------------------------------------------------------- */

static void
do_exit(struct chaos *c, const struct action *a)
{
	(void)c;
	(void)fflush(NULL);
	_exit((int)action_argument(a, 1, 0));
}

static int
signal_number(const char *name)
{
	for (int number = 1; number < NSIG; number++)
		if (sigabbrev_np(number) != NULL && strcmp(sigabbrev_np(number), name) == 0)
			return number;
	return atoi(name);
}

static void
do_signal(struct chaos *c, const struct action *a)
{
	int number = signal_number(a->words > 1 ? a->word[1] : "KILL");

	(void)c;
	(void)signal(number, SIG_DFL);
	(void)sys_kill(getpid(), number);
}

static _Noreturn void
hang(void)
{
	for (;;)
		(void)pause();
}

static void
do_hang(struct chaos *c, const struct action *a)
{
	(void)c;
	(void)a;
	hang();
}

static void
do_sleep(struct chaos *c, const struct action *a)
{
	(void)c;
	sleep_ms(action_argument(a, 1, 100));
}

/* Waits until the parent asks to stop. */
static void
do_wait_stop(struct chaos *c, const struct action *a)
{
	(void)a;
	while (*c->stop_flag == 0)
		(void)nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
}

static void
do_close_lane(struct chaos *c, const struct action *a)
{
	bool control = a->words > 1 && strcmp(a->word[1], "control") == 0;
	int lane = control ? WIRE_FD_CONTROL : WIRE_FD_EVENT;

	(void)c;
	sys_close(&lane);
}

/* print BYTES [fd=2]: lines of text. */
static void
do_print(struct chaos *c, const struct action *a)
{
	static const char line[] =
	    "chaos chaos chaos chaos chaos chaos chaos chaos chaos chaos chaos.\n";
	static char block[1000 * (sizeof line - 1)];
	int fd = (int)action_number(a, "fd", 2);

	(void)c;
	for (size_t at = 0; at < sizeof block; at += sizeof line - 1)
		memcpy(block + at, line, sizeof line - 1);
	for (uint64_t left = action_argument(a, 1, 64); left > 0;) {
		size_t n = left < sizeof block ? left : sizeof block;

		(void)sys_write(fd, block + sizeof block - n, n);
		left -= n;
	}
}

static void
do_say(struct chaos *c, const struct action *a)
{
	(void)c;
	fprintf(stderr, "%s\n", a->words > 1 ? a->word[1] : "");
}

/* leave N: as many processes, each in a session of its own, that never end. */
static void
do_leave(struct chaos *c, const struct action *a)
{
	(void)c;
	for (uint64_t i = action_argument(a, 1, 1); i > 0; i--) {
		pid_t child = sys_fork();

		if (child == 0) {
			(void)setsid();
			if (sys_fork() != 0)
				_exit(0);
			hang();
		}
		(void)sys_wait4(child, NULL, 0, NULL);
	}
}

/* memory MIB: touched, and kept. */
static void
do_memory(struct chaos *c, const struct action *a)
{
	size_t size = (size_t)action_argument(a, 1, 64) << 20;
	volatile char *memory = sys_alloc(size);

	(void)c;
	for (size_t i = 0; memory != NULL && i < size; i += 4096)
		memory[i] = 1;
}

static void
do_hold(struct chaos *c, const struct action *a)
{
	(void)c;
	(void)a;
	held = true;
}

static void
do_silent(struct chaos *c, const struct action *a)
{
	(void)a;
	c->done = true;
}

static const struct verb {
	const char *name;
	void (*act)(struct chaos *c, const struct action *a);
} verbs[] = {
	{ "hello", do_hello },
	{ "healthy", do_healthy },
	{ "opened", do_opened },
	{ "stream", do_stream },
	{ "row", do_row },
	{ "rows", do_rows },
	{ "diagnostic", do_diagnostic },
	{ "progress", do_progress },
	{ "metadata", do_metadata },
	{ "reply", do_reply },
	{ "end", do_end },
	{ "bye", do_bye },
	{ "frame", do_frame },
	{ "bytes", do_bytes },
	{ "endless", do_endless },
	{ "flood", do_flood },
	{ "self", do_self },
	{ "cut", do_cut },
	{ "rights", do_rights },
	{ "exit", do_exit },
	{ "signal", do_signal },
	{ "hang", do_hang },
	{ "sleep", do_sleep },
	{ "wait-stop", do_wait_stop },
	{ "close-lane", do_close_lane },
	{ "print", do_print },
	{ "say", do_say },
	{ "leave", do_leave },
	{ "memory", do_memory },
	{ "silent", do_silent },
	{ "hold", do_hold },
};

static void
act(struct chaos *c, const struct action *a)
{
	for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
		if (strcmp(verbs[i].name, a->word[0]) == 0) {
			verbs[i].act(c, a);
			return;
		}
	if (misdeed(a) || lie(c->lane, a))
		return;
	fprintf(stderr, PROGRAM ": there is no action \"%s\"\n", a->word[0]);
	_exit(64);
}

/* ---- Occasions ----------------------------------------------------------------------------- */

/* Does what the section says that begins here; NULL: nothing. */
static void
play_section(struct chaos *c, const char *at)
{
	struct action action;

	c->done = c->replied = false;
	c->rows = 0;
	c->streams = 0;
	while (at != NULL && script_next(&at, &action))
		act(c, &action);
	held = false;
	(void)flush(c->lane, &c->out);
}

/* Plays the section for this occasion; false where the script has none. */
static bool
play(struct chaos *c, const char *occasion, unsigned time)
{
	const char *at = script_find(c->script, occasion, time, c->target.generation);

	play_section(c, at);
	return at != NULL;
}

/* Plays what the parent sent instead of the script: the first section of it. */
static void
play_text(struct chaos *c, struct wire_text text)
{
	char *copy = sys_alloc(text.size + 1);

	if (copy == NULL)
		_exit(1);
	memcpy(copy, text.at, text.size);
	play_section(c, copy);
	sys_free(copy);
}

static bool
is(struct wire_text text, const char *name)
{
	return text.size == strlen(name) && memcmp(text.at, name, text.size) == 0;
}

static const struct action no_words = { .words = 0 };

/*
 * Two exports are not the script's: "play" does what its request says, and "polite" nothing but the
 * truth; by that one the runner asks whether the worker is usable.
 */
static void
on_run(struct chaos *c, const struct wire_message *m)
{
	struct wire_cursor in = wire_cursor(m->body, m->size);
	struct wire_text name;

	c->kind = (enum wire_kind)wire_get32(&in);
	name = wire_get_text(&in);
	if (is(name, "play"))
		play_text(c, wire_get_rest(&in));
	else
		(void)play(c, is(name, "polite") ? "polite" : "run", c->times[WIRE_RUN]);
	if (c->done)
		return;
	if (c->kind == WIRE_KIND_CALL && !c->replied)
		do_reply(c, &no_words);
	do_end(c, &no_words);
}

/* A capability of host "play" is opened as its library says. */
static void
on_open(struct chaos *c, const struct wire_message *m)
{
	struct wire_cursor in = wire_cursor(m->body, m->size);
	struct wire_text host = wire_get_text(&in);

	(void)wire_get_text(&in); /* runtime */
	if (is(host, "play"))
		play_text(c, wire_get_text(&in));
	else if (!play(c, "open", c->times[WIRE_OPEN]))
		do_opened(c, &no_words);
}

static void
on_message(struct chaos *c, const struct wire_message *m)
{
	unsigned time = ++c->times[m->id];

	c->request = m->request;
	switch (m->id) {
	case WIRE_HEALTH:
		if (!play(c, "health", time))
			do_healthy(c, &no_words);
		break;
	case WIRE_OPEN:
		on_open(c, m);
		break;
	case WIRE_RUN:
		on_run(c, m);
		break;
	default:
		if (!play(c, "shutdown", time))
			do_bye(c, &no_words);
		_exit(0);
	}
}

static void
fill(struct wire_reader *r)
{
	uint8_t *place = buffer_reserve(&r->in, WIRE_FRAME_MAX);
	ssize_t n = place ? sys_recv(WIRE_FD_CONTROL, place, WIRE_FRAME_MAX) : 0;

	if (n <= 0)
		_exit(0);
	buffer_grow(&r->in, (size_t)n);
}

/* Takes the place of the worker's serve loop. */
void
serve(const struct child_configuration *configuration, const volatile uint32_t *stop_flag,
    struct lane *lane)
{
	static struct chaos c;
	struct wire_message message;

	c.script = getenv("LEANWORKER_CHAOS");
	if (c.script == NULL)
		c.script = "";
	c.stop_flag = stop_flag;
	c.target = (struct wire_target){ .out = &c.out,
		.generation = configuration->generation,
		.flush = flush,
		.context = lane };
	c.lane = lane;
	wire_reader_init(&c.reader, WIRE_PARENT, configuration->generation, WIRE_REQUEST_MAX);
	if (!play(&c, "hello", 1))
		do_hello(&c, &no_words);
	for (;;) {
		enum wire_read read = wire_next(&c.reader, &message);

		if (read == WIRE_MESSAGE)
			on_message(&c, &message);
		else if (read == WIRE_NEED_MORE)
			fill(&c.reader);
		else
			_exit(1);
	}
}
