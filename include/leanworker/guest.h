/* SPDX-License-Identifier: Apache-2.0 */
/*
 * leanworker/guest.h: what a capability written in C or C++ needs to run in a worker.
 *
 * A native capability is a shared library that defines one data symbol, lw_guest_capability: a table
 * of exports. It links nothing of leanworker; everything here is inline, over functions that the
 * worker hands in with each call. docs/native-capabilities.md has a complete example.
 *
 *      static int
 *      count(struct lw_guest_call call, const char *request, size_t size)
 *      {
 *              int stop = 0;
 *
 *              for (int i = 0; i < 10 && stop == 0; i++)
 *                      stop = lw_guest_row(call, "numbers", "7", 1);
 *              return stop;
 *      }
 *
 *      static const struct lw_guest_export exports[] = { { "count", LW_GUEST_STREAM, count } };
 *      const struct lw_guest_capability lw_guest_capability =
 *          LW_GUEST_CAPABILITY("counter", "1.0.0", exports, NULL, NULL);
 *
 * Rules that hold everywhere:
 *
 * - Exports, init and fini run on the main thread of the worker process, one at a time. The library
 *   is never unloaded; its memory goes when the process goes.
 * - A call is two words, passed by value. It is good on the thread that was given it, until the
 *   export returns. Used elsewhere (another thread, after return, in a process that was forked, in a
 *   signal handler that interrupts an emission) every function here answers LW_GUEST_REFUSED and
 *   does nothing: it is a mistake, never undefined behaviour. lw_guest_cancelled alone may be asked
 *   from any thread.
 * - Nothing that is given is kept: strings may die when a function returns, the request text when
 *   the export returns.
 * - Crash, hang, leak: that is what the worker is for. A C++ exception must not leave an export; one
 *   that does ends the process (SIGABRT).
 * - What is printed on stdout and stderr is log text for the application. stdin is empty.
 *
 * C11 and C++17.
 */
#ifndef LEANWORKER_GUEST_H
#define LEANWORKER_GUEST_H

#include <inttypes.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Of the layout of everything below; a worker refuses a capability of another one. */
#define LW_GUEST_ABI 1

/* What emitting answers. An export that is told anything but 0 returns it, soon. */
enum lw_guest_answer {
	LW_GUEST_OK = 0,
	LW_GUEST_REFUSED = 1, /* this call may not do this, or not here, or not any more */
	LW_GUEST_STOP = 4,    /* not sent: the request is cancelled, late, or already at fault */
	LW_GUEST_FAILED = 255 /* what lw_guest_fail returns, for the export to return */
};

#define LW_GUEST_NO_TOTAL UINT64_MAX

/* Behind the functions below; the worker's. Strings are given by size, need no terminator, and NULL
 * is the empty one. New functions are only ever added at the end. */
struct lw_guest_services {
	size_t struct_size;
	int (*row)(uint64_t handle, const char *stream, size_t stream_size, const char *payload,
	    size_t payload_size);
	int (*diagnostic)(uint64_t handle, const char *code, size_t code_size, const char *message,
	    size_t message_size);
	int (*progress)(uint64_t handle, const char *phase, size_t phase_size, uint64_t current,
	    uint64_t total);
	int (*metadata)(uint64_t handle, const char *json, size_t size);
	int (*reply)(uint64_t handle, const char *json, size_t size);
	int (*failed)(uint64_t handle, const char *message, size_t size);
	int (*cancelled)(uint64_t handle);
};

/* One run of an export, of init or of fini. */
struct lw_guest_call {
	uint64_t handle; /* a number that no other call has */
	const struct lw_guest_services *services;
};

/* ---- What a capability defines -------------------------------------------------------------- */

enum lw_guest_kind {
	LW_GUEST_STREAM =
	    1, /* run by lw_session_stream: emits rows, diagnostics, progress, metadata */
	LW_GUEST_COMMAND = 2 /* run by lw_session_call: answers with lw_guest_reply */
};

/*
 * An export. request is UTF-8 and terminated, size does not count the terminator.
 * Returns 0 for success; 1 to 255: the request ends with that status (LW_E_STATUS, the worker stays
 * healthy); LW_GUEST_STOP after it was told to stop; lw_guest_fail(…). Any other number is a failure
 * (LW_E_EXCEPTION), and so is a command that returns 0 without having replied.
 */
typedef int lw_guest_function(struct lw_guest_call call, const char *request, size_t size);

struct lw_guest_export {
	const char *name; /* 1 to 255 bytes of UTF-8, each name once */
	enum lw_guest_kind kind;
	lw_guest_function *function;
};

struct lw_guest_capability {
	size_t struct_size;
	uint32_t abi;
	uint32_t export_count;
	const char *name, *version; /* for people; UTF-8; the name is not empty */
	const struct lw_guest_export *exports;
	/*
	 * May be NULL. Runs once, when the capability is opened, within the budget of the opening;
	 * it can call lw_guest_fail and lw_guest_cancelled. Anything but 0: the session does not open
	 * (LW_E_CAPABILITY, INITIALIZER), and the process ends without fini.
	 */
	int (*init)(struct lw_guest_call call);
	/* May be NULL. Runs at an orderly end of the process, within the budget of the shutdown; not
	 * after a crash, a kill or a deadline. It can only print. */
	void (*fini)(void);
};

/* The initialiser of lw_guest_capability; exports is an array. */
#define LW_GUEST_CAPABILITY(name, version, exports, init, fini)                                    \
	{                                                                                          \
		sizeof(struct lw_guest_capability), LW_GUEST_ABI,                                  \
		    (uint32_t)(sizeof(exports) / sizeof((exports)[0])), name, version, exports,    \
		    init, fini                                                                     \
	}

/* The symbol that the worker looks for; for you to define, once. */
__attribute__((visibility("default"))) extern const struct lw_guest_capability lw_guest_capability;

/* ---- In a stream ---------------------------------------------------------------------------- */

/*
 * Each of these hands one thing to the application, at once and in this order; blocks while the
 * application is slow to take it. Answers LW_GUEST_OK; LW_GUEST_STOP: nothing was sent and nothing
 * will be; LW_GUEST_REFUSED: see above. In a command they are refused, and the request fails.
 *
 * What is not as said here (names: UTF-8, not empty, without NUL; a stream's at most 255 bytes; JSON:
 * one value; sizes: at most the application's row_cap, 64 MiB unless it says otherwise) is at fault:
 * it is not sent, the request ends with LW_E_ROW and names stream, sequence and byte, the answer is
 * LW_GUEST_STOP, and the worker stays healthy.
 */

/* A row: a JSON value, null too, on a named stream. At most 1024 streams in a request. */
static inline int
lw_guest_row(
    struct lw_guest_call call, const char *stream, const char *payload, size_t payload_size)
{
	return call.services->row(call.handle, stream, strlen(stream), payload, payload_size);
}

static inline int
lw_guest_diagnostic(struct lw_guest_call call, const char *code, const char *message)
{
	return call.services->diagnostic(call.handle, code, strlen(code), message, strlen(message));
}

static inline int
lw_guest_progress(struct lw_guest_call call, const char *phase, uint64_t current, uint64_t total)
{
	return call.services->progress(call.handle, phase, strlen(phase), current, total);
}

/* JSON that describes the whole; the last one counts, and only if the request succeeds. */
static inline int
lw_guest_metadata(struct lw_guest_call call, const char *json, size_t size)
{
	return call.services->metadata(call.handle, json, size);
}

/* ---- In a command --------------------------------------------------------------------------- */

/*
 * The answer, JSON; copied; the last one counts. Answers LW_GUEST_OK or LW_GUEST_REFUSED; in a stream
 * it is refused and the request fails. One that is not JSON ends the request with LW_E_ROW.
 */
static inline int
lw_guest_reply(struct lw_guest_call call, const char *json, size_t size)
{
	return call.services->reply(call.handle, json, size);
}

/* ---- In both, and in init ------------------------------------------------------------------- */

/*
 * Whether to stop: the application cancelled, a deadline is near, or the call is over. For work that
 * is long without emitting; costs one read. Return LW_GUEST_STOP then: the worker is kept, and killed
 * if it goes on for too long. Thread: any.
 */
static inline int
lw_guest_cancelled(struct lw_guest_call call)
{
	return call.services->cancelled(call.handle);
}

/*
 * The request fails with this text (LW_E_EXCEPTION; in init: INITIALIZER), whatever the export
 * returns. return lw_guest_fail(call, "no such file: %s", path);
 */
#ifdef __GNUC__
__attribute__((format(printf, 2, 3)))
#endif
static inline int
lw_guest_fail(struct lw_guest_call call, const char *format, ...)
{
	char text[1024];
	va_list arguments;
	int size;

	va_start(arguments, format);
	size = vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	if (size < 0)
		size = 0;
	else if ((size_t)size >= sizeof text)
		size = (int)sizeof text - 1;
	(void)call.services->failed(call.handle, text, (size_t)size);
	return LW_GUEST_FAILED;
}

/* ---- Building JSON -------------------------------------------------------------------------- */

/*
 * Appends JSON to a text that grows. Commas come by themselves. It cannot write a string that is not
 * one; brackets that do not match and keys without values are found by the worker, as any fault of
 * a row. Memory that ran out is remembered, and told when the text is sent.
 *
 *      struct lw_guest_json json = LW_GUEST_JSON_INIT;
 *
 *      lw_guest_json_begin(&json, '{');
 *      lw_guest_json_key(&json, "path");
 *      lw_guest_json_string(&json, path);
 *      lw_guest_json_end(&json, '}');
 *      stop = lw_guest_row_json(call, "files", &json);
 *      lw_guest_json_free(&json);
 */
struct lw_guest_json {
	char *text; /* not terminated */
	size_t size, room;
	int no_memory;
};
#define LW_GUEST_JSON_INIT                                                                         \
	{                                                                                          \
		NULL, 0, 0, 0                                                                      \
	}

static inline void
lw_guest_json_free(struct lw_guest_json *json)
{
	free(json->text);
	json->text = NULL;
	json->size = json->room = 0;
	json->no_memory = 0;
}

/* Appends bytes as they are. */
static inline void
lw_guest_json_bytes(struct lw_guest_json *json, const char *bytes, size_t size)
{
	size_t room = json->room ? json->room : 256;
	char *text;

	if (json->no_memory || size == 0)
		return;
	while (room - json->size < size && room <= SIZE_MAX / 2)
		room *= 2;
	if (room != json->room) {
		text = room - json->size < size ? NULL : (char *)realloc(json->text, room);
		if (text == NULL) {
			json->no_memory = 1;
			return;
		}
		json->text = text;
		json->room = room;
	}
	memcpy(json->text + json->size, bytes, size);
	json->size += size;
}

/* A comma, unless a container or a key has just been begun: a string ends with its quote. */
static inline void
lw_guest_json_comma(struct lw_guest_json *json)
{
	if (json->size > 0 && strchr("{[:", json->text[json->size - 1]) == NULL)
		lw_guest_json_bytes(json, ",", 1);
}

/* A value that is JSON already. */
static inline void
lw_guest_json_raw(struct lw_guest_json *json, const char *value, size_t size)
{
	lw_guest_json_comma(json);
	lw_guest_json_bytes(json, value, size);
}

/* '{' or '['. */
static inline void
lw_guest_json_begin(struct lw_guest_json *json, char bracket)
{
	lw_guest_json_raw(json, &bracket, 1);
}

/* '}' or ']'. */
static inline void
lw_guest_json_end(struct lw_guest_json *json, char bracket)
{
	lw_guest_json_bytes(json, &bracket, 1);
}

/* How many bytes of well-formed UTF-8 begin here; 0: none. */
static inline size_t
lw_guest_utf8(const unsigned char *at, size_t size)
{
	size_t want = at[0] < 0x80 ? 1 : at[0] < 0xc2 ? 0 : at[0] < 0xe0 ? 2 : at[0] < 0xf0 ? 3 : 4;

	if (at[0] > 0xf4 || want > size)
		return 0;
	for (size_t i = 1; i < want; i++)
		if ((at[i] & 0xc0) != 0x80)
			return 0;
	if ((at[0] == 0xe0 && at[1] < 0xa0) || (at[0] == 0xed && at[1] > 0x9f) ||
	    (at[0] == 0xf0 && at[1] < 0x90) || (at[0] == 0xf4 && at[1] > 0x8f))
		return 0;
	return want;
}

/* One character of a string, or U+FFFD for a byte that is not UTF-8; answers the bytes that it took. */
static inline size_t
lw_guest_json_character(struct lw_guest_json *json, const unsigned char *at, size_t size)
{
	size_t taken = lw_guest_utf8(at, size);
	char escape[8];

	if (taken == 0)
		lw_guest_json_bytes(json, "\xef\xbf\xbd", 3);
	else if (at[0] == '"' || at[0] == '\\')
		lw_guest_json_bytes(json, at[0] == '"' ? "\\\"" : "\\\\", 2);
	else if (at[0] < 0x20)
		lw_guest_json_bytes(json, escape,
		    (size_t)snprintf(escape, sizeof escape, "\\u%04x", (unsigned)at[0]));
	else
		lw_guest_json_bytes(json, (const char *)at, taken);
	return taken ? taken : 1;
}

/* A string of any bytes: what is not UTF-8 becomes U+FFFD, a NUL \u0000. */
static inline void
lw_guest_json_string_sized(struct lw_guest_json *json, const char *text, size_t size)
{
	const unsigned char *at = (const unsigned char *)text;
	size_t done = 0;

	lw_guest_json_comma(json);
	lw_guest_json_bytes(json, "\"", 1);
	while (done < size)
		done += lw_guest_json_character(json, at + done, size - done);
	lw_guest_json_bytes(json, "\"", 1);
}

static inline void
lw_guest_json_string(struct lw_guest_json *json, const char *text)
{
	lw_guest_json_string_sized(json, text, strlen(text));
}

/* The key of the next value. */
static inline void
lw_guest_json_key(struct lw_guest_json *json, const char *key)
{
	lw_guest_json_string(json, key);
	lw_guest_json_bytes(json, ":", 1);
}

static inline void
lw_guest_json_integer(struct lw_guest_json *json, int64_t value)
{
	char text[32];

	lw_guest_json_raw(json, text, (size_t)snprintf(text, sizeof text, "%" PRId64, value));
}

/* A double that reads back as the same one; JSON has no NaN and no infinity: they become null. */
static inline void
lw_guest_json_number(struct lw_guest_json *json, double value)
{
	char text[64];
	int size = snprintf(text, sizeof text, "%.17g", value);

	if (value - value != 0.0) {
		lw_guest_json_raw(json, "null", 4);
		return;
	}
	for (int i = 0; i < size; i++) /* the locale's decimal point is not JSON's */
		if (strchr("0123456789+-e", text[i]) == NULL)
			text[i] = '.';
	lw_guest_json_raw(json, text, (size_t)size);
}

static inline void
lw_guest_json_boolean(struct lw_guest_json *json, int value)
{
	lw_guest_json_raw(json, value ? "true" : "false", value ? 4 : 5);
}

static inline void
lw_guest_json_null(struct lw_guest_json *json)
{
	lw_guest_json_raw(json, "null", 4);
}

/* lw_guest_row with what was built; empties it for the next one and keeps its memory. */
static inline int
lw_guest_row_json(struct lw_guest_call call, const char *stream, struct lw_guest_json *json)
{
	size_t size = json->size;

	json->size = 0;
	if (json->no_memory)
		return lw_guest_fail(call, "no memory for a row of stream %s", stream);
	return lw_guest_row(call, stream, json->text, size);
}

/* The same for lw_guest_reply. */
static inline int
lw_guest_reply_json(struct lw_guest_call call, struct lw_guest_json *json)
{
	size_t size = json->size;

	json->size = 0;
	if (json->no_memory)
		return lw_guest_fail(call, "no memory for a reply");
	return lw_guest_reply(call, json->text, size);
}

#ifdef __cplusplus
}
#endif

#endif
