/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A native capability that does what one should not. Its environment decides how it opens
 * (NATIVE_INIT) and its requests what it does.
 */
#include <errno.h>
#include <leanworker/guest.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define TEXT(text) text, sizeof(text) - 1

/* ---- Well-behaved --------------------------------------------------------------------------- */

static int
echo(struct lw_guest_call call, const char *request, size_t size)
{
	return lw_guest_reply(call, request, size);
}

static int
events(struct lw_guest_call call, const char *request, size_t size)
{
	(void)size;
	(void)lw_guest_metadata(call, TEXT("{\"first\":1}"));
	(void)lw_guest_progress(call, "reading", 1, LW_GUEST_NO_TOTAL);
	(void)lw_guest_row(call, "a", TEXT("[1, 2]"));
	(void)lw_guest_diagnostic(call, "odd", "an \"odd\" thing\nin two lines");
	(void)lw_guest_row(call, "b", TEXT("null"));
	(void)lw_guest_row(call, "a", request, strlen(request));
	(void)lw_guest_progress(call, "reading", 2, 2);
	return lw_guest_metadata(call, TEXT("{\"last\":2}"));
}

static int
status(struct lw_guest_call call, const char *request, size_t size)
{
	(void)call;
	(void)size;
	return atoi(request);
}

static int
fail(struct lw_guest_call call, const char *request, size_t size)
{
	(void)size;
	(void)lw_guest_row(call, "rows", TEXT("0"));
	return lw_guest_fail(call, "it is %s", request);
}

/* Fails, and returns as if it had not. */
static int
fail_softly(struct lw_guest_call call, const char *request, size_t size)
{
	(void)fail(call, request, size);
	return 0;
}

/* Prints the request, and fails with it, whatever its bytes are. */
static int
shout(struct lw_guest_call call, const char *request, size_t size)
{
	(void)fwrite(request, 1, size, stderr);
	return call.services->failed(call.handle, request, size);
}

static int
poll_stop(struct lw_guest_call call, const char *request, size_t size)
{
	const struct timespec pause = { .tv_nsec = 1000000 };

	(void)size;
	if (strcmp(request, "quietly") != 0)
		(void)lw_guest_row(call, "rows", TEXT("0"));
	while (!lw_guest_cancelled(call))
		(void)nanosleep(&pause, NULL);
	return LW_GUEST_STOP;
}

/* Returns what it was told, or the number in the request if that is not 0. */
static int
spam(struct lw_guest_call call, const char *request, size_t size)
{
	int stop = 0;

	(void)size;
	while (stop == 0)
		stop = lw_guest_row(call, "rows", TEXT("1"));
	return atoi(request) ? atoi(request) : stop;
}

/* ---- Rows that are none --------------------------------------------------------------------- */

/* A good row, the request as one, and another good one; ignores what it is told. */
static int
rows(struct lw_guest_call call, const char *request, size_t size)
{
	(void)lw_guest_row(call, "rows", TEXT("0"));
	(void)lw_guest_row(call, "rows", request, size);
	(void)lw_guest_row(call, "rows", TEXT("2"));
	return 0;
}

/* The request is a payload, the first of its stream; returns what it was told. */
static int
first(struct lw_guest_call call, const char *request, size_t size)
{
	return lw_guest_row(call, "only", request, size);
}

static int
bytes(struct lw_guest_call call, const char *request, size_t size)
{
	(void)request;
	(void)size;
	return lw_guest_row(call, "bytes", TEXT("\"ab\xff\""));
}

/* A row on the stream that the request names. */
static int
stream(struct lw_guest_call call, const char *request, size_t size)
{
	return call.services->row(call.handle, request, size, TEXT("0"));
}

static int
stream_bytes(struct lw_guest_call call, const char *request, size_t size)
{
	(void)request;
	(void)size;
	return call.services->row(call.handle, TEXT("a\xc3("), TEXT("0"));
}

static int
stream_nul(struct lw_guest_call call, const char *request, size_t size)
{
	(void)request;
	(void)size;
	return call.services->row(call.handle, TEXT("ab\0c"), TEXT("0"));
}

static int
nothing(struct lw_guest_call call, const char *request, size_t size)
{
	(void)request;
	(void)size;
	return call.services->row(call.handle, "s", 1, NULL, 17);
}

/* A string of so many bytes, quotes included, as row, metadata or message. */
static int
big(struct lw_guest_call call, const char *request, size_t size, char channel)
{
	size_t count = strtoul(request, NULL, 10);
	char *text = malloc(count + 1);
	int stop;

	(void)size;
	if (text == NULL)
		return lw_guest_fail(call, "no memory");
	memset(text, 'x', count);
	text[count] = '\0';
	text[0] = text[count - 1] = '"';
	if (channel == 'r')
		stop = lw_guest_row(call, "big", text, count);
	else if (channel == 'm')
		stop = lw_guest_metadata(call, text, count);
	else if (channel == 'd')
		stop = lw_guest_diagnostic(call, "big", text);
	else
		stop = lw_guest_reply(call, text, count);
	free(text);
	return stop;
}

static int
big_row(struct lw_guest_call call, const char *request, size_t size)
{
	return big(call, request, size, 'r');
}

static int
big_metadata(struct lw_guest_call call, const char *request, size_t size)
{
	return big(call, request, size, 'm');
}

static int
big_diagnostic(struct lw_guest_call call, const char *request, size_t size)
{
	return big(call, request, size, 'd');
}

static int
big_reply(struct lw_guest_call call, const char *request, size_t size)
{
	return big(call, request, size, 'c');
}

static int
message_nul(struct lw_guest_call call, const char *request, size_t size)
{
	(void)request;
	(void)size;
	return call.services->diagnostic(call.handle, "c", 1, TEXT("a\0b"));
}

static int
no_phase(struct lw_guest_call call, const char *request, size_t size)
{
	(void)request;
	(void)size;
	return lw_guest_progress(call, "", 1, 2);
}

static int
bad_metadata(struct lw_guest_call call, const char *request, size_t size)
{
	return lw_guest_metadata(call, request, size);
}

/* ---- Commands ------------------------------------------------------------------------------- */

static int
silent(struct lw_guest_call call, const char *request, size_t size)
{
	(void)call;
	(void)request;
	(void)size;
	return 0;
}

static int
reply_twice(struct lw_guest_call call, const char *request, size_t size)
{
	(void)lw_guest_reply(call, TEXT("\"the first, and longer than the second\""));
	return lw_guest_reply(call, request, size);
}

static int
emit_in_command(struct lw_guest_call call, const char *request, size_t size)
{
	(void)lw_guest_row(call, "rows", TEXT("0"));
	return lw_guest_reply(call, request, size);
}

static int
reply_in_stream(struct lw_guest_call call, const char *request, size_t size)
{
	(void)lw_guest_reply(call, request, size);
	return 0;
}

/* ---- Calls used where they are no good ------------------------------------------------------ */

struct stranger {
	struct lw_guest_call call;
	int answer, asked, failed;
};

static struct stranger kept;
static pthread_t lingering;

static void
use_call(struct stranger *s)
{
	s->answer = lw_guest_row(s->call, "stranger", TEXT("666"));
	s->answer |= lw_guest_diagnostic(s->call, "stranger", "666") << 8;
	s->answer |= lw_guest_progress(s->call, "stranger", 6, 6) << 16;
	s->asked = lw_guest_cancelled(s->call);
	(void)lw_guest_fail(s->call, "a stranger");
}

/* {"answer":[row, diagnostic, progress],"cancelled":…} */
static int
report(struct lw_guest_call call, const struct stranger *s)
{
	char text[128];
	int size = snprintf(text, sizeof text, "{\"answers\":[%d,%d,%d],\"cancelled\":%d}",
	    s->answer & 255, s->answer >> 8 & 255, s->answer >> 16 & 255, s->asked);

	return lw_guest_row(call, "report", text, (size_t)size);
}

static void *
be_stranger(void *stranger)
{
	use_call(stranger);
	return NULL;
}

static int
in_thread(struct lw_guest_call call, const char *request, size_t size)
{
	struct stranger s = { .call = call };
	pthread_t thread;

	(void)request;
	(void)size;
	if (pthread_create(&thread, NULL, be_stranger, &s) != 0)
		return lw_guest_fail(call, "no thread");
	(void)pthread_join(thread, NULL);
	return report(call, &s);
}

static int
in_fork(struct lw_guest_call call, const char *request, size_t size)
{
	struct stranger s = { .call = call };
	int ended = 0;
	pid_t child;

	(void)request;
	(void)size;
	child = fork();
	if (child == 0) {
		use_call(&s);
		_exit(
		    s.answer == (LW_GUEST_REFUSED | LW_GUEST_REFUSED << 8 | LW_GUEST_REFUSED << 16)
			? 3
			: 4);
	}
	while (waitpid(child, &ended, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(ended) ? WEXITSTATUS(ended) : 5;
}

static int
keep(struct lw_guest_call call, const char *request, size_t size)
{
	(void)request;
	(void)size;
	kept.call = call;
	return 0;
}

static int
use_kept(struct lw_guest_call call, const char *request, size_t size)
{
	(void)request;
	(void)size;
	use_call(&kept);
	return report(call, &kept);
}

static void *
outlive(void *stranger)
{
	const struct timespec pause = { .tv_nsec = 1000000 };
	struct stranger *s = stranger;

	while (!lw_guest_cancelled(s->call)) /* until the export has returned */
		(void)nanosleep(&pause, NULL);
	use_call(s);
	return NULL;
}

static int
linger(struct lw_guest_call call, const char *request, size_t size)
{
	(void)keep(call, request, size);
	return pthread_create(&lingering, NULL, outlive, &kept);
}

static int
join_lingering(struct lw_guest_call call, const char *request, size_t size)
{
	(void)request;
	(void)size;
	(void)pthread_join(lingering, NULL);
	return report(call, &kept);
}

static int
number(struct lw_guest_call call, const char *request, size_t size)
{
	struct stranger s = { .call = { .handle = strtoull(request, NULL, 10),
				  .services = call.services } };

	(void)size;
	use_call(&s);
	return report(call, &s);
}

/* ---- Ends ----------------------------------------------------------------------------------- */

static int
die(struct lw_guest_call call, const char *request, size_t size)
{
	int signal_number = atoi(request);

	(void)size;
	(void)lw_guest_row(call, "rows", TEXT("0"));
	(void)signal(signal_number, SIG_DFL);
	if (signal_number == SIGABRT)
		abort();
	(void)raise(signal_number);
	return 1;
}

/* A stream whose name would colour a terminal, and a payload that is none. */
static int
colours(struct lw_guest_call call, const char *request, size_t size)
{
	(void)request, (void)size;
	return lw_guest_row(call, "\033[31mred \302\2331m \316\273", TEXT("nothing"));
}

static int
init(struct lw_guest_call call)
{
	const char *how = getenv("NATIVE_INIT");

	if (how == NULL)
		return 0;
	if (strcmp(how, "emit") == 0)
		return lw_guest_row(call, "rows", TEXT("0")) == LW_GUEST_REFUSED ? 0 : 1;
	if (strcmp(how, "abort") == 0)
		abort();
	return strcmp(how, "status") == 0 ? 7 : lw_guest_fail(call, "no %s today", how);
}

static void
fini(void)
{
	fprintf(stderr, "native guest: the end\n");
}

#define STREAM(function)                                                                           \
	{                                                                                          \
#function, LW_GUEST_STREAM, function                                               \
	}
#define COMMAND(name, function)                                                                    \
	{                                                                                          \
		name, LW_GUEST_COMMAND, function                                                   \
	}

static const struct lw_guest_export exports[] = {
	STREAM(events),
	STREAM(status),
	STREAM(fail),
	STREAM(fail_softly),
	STREAM(shout),
	STREAM(poll_stop),
	STREAM(spam),
	STREAM(rows),
	STREAM(first),
	STREAM(bytes),
	STREAM(stream),
	STREAM(stream_bytes),
	STREAM(stream_nul),
	STREAM(nothing),
	STREAM(big_row),
	STREAM(big_metadata),
	STREAM(big_diagnostic),
	STREAM(message_nul),
	STREAM(no_phase),
	STREAM(bad_metadata),
	STREAM(reply_in_stream),
	STREAM(in_thread),
	STREAM(in_fork),
	STREAM(keep),
	STREAM(use_kept),
	STREAM(linger),
	STREAM(join_lingering),
	STREAM(number),
	STREAM(die),
	STREAM(colours),
	COMMAND("guest_echo", echo),
	COMMAND("silent", silent),
	COMMAND("reply_twice", reply_twice),
	COMMAND("emit_in_command", emit_in_command),
	COMMAND("status_command", status),
	COMMAND("poll_command", poll_stop),
	COMMAND("big_reply", big_reply),
};

const struct lw_guest_capability lw_guest_capability = LW_GUEST_CAPABILITY(
    "native-guest", "0.1", exports, init, fini);
