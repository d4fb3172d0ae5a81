/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a host offers to the worker's serve loop, and what it is given. A host loads one kind of
 * capability into this process. Everything runs on the main thread; nothing is ever unloaded: the
 * process is the unit of clean-up.
 */
#ifndef LW_HOST_HOST_H
#define LW_HOST_HOST_H

#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/json.h"
#include "wire/protocol.h"

struct host_emitter;

struct host_recipe {
	const char *runtime;             /* path; "" where the host needs none */
	const char *library;             /* path of the capability */
	const char *package;             /* of the root module; "" for none */
	const char *module;              /* "" where the host needs none */
	const char *const *dependencies; /* paths, in the order in which they are opened */
	size_t dependency_count;
	const volatile uint32_t *stop_flag; /* nonzero: the parent asks to stop */
	const char *imports; /* what the export that opens them is given; "" for none */
	const struct host_emitter *emitter; /* for the progress of that */
};

struct host_facts {
	char runtime[128]; /* which runtime is in use, by its own name */
	char version[64];  /* live, asked of the runtime */
	char warning[256]; /* "" or why this combination is not fully supported */
};

/* What the callback answers to the code that emits; the numbers are part of the capability ABI. */
enum host_emit_status {
	HOST_EMIT_OK = 0,
	HOST_EMIT_STALE_HANDLE = 1,
	HOST_EMIT_PANIC = 2,
	HOST_EMIT_WRONG_PAYLOAD = 3,
	HOST_EMIT_STOPPED = 4,
};

/* What an export can emit: a row, or one of the other channels. */
enum envelope_kind {
	ENVELOPE_ROW,
	ENVELOPE_DIAGNOSTIC,
	ENVELOPE_PROGRESS,
	ENVELOPE_METADATA,
};

/* An envelope in its parts, whether it was read from a text or never was one. */
struct envelope {
	enum envelope_kind kind;
	struct json_slice name;  /* row: stream; diagnostic: code; progress: phase. Decoded. */
	struct json_slice text;  /* row, metadata: the JSON as it came; diagnostic: decoded */
	uint64_t current, total; /* progress; total is WIRE_NO_TOTAL where none was given */
};

/* Takes one envelope of the running request, as the text that Lean code makes or in its parts. */
struct host_emitter {
	enum host_emit_status (*emit)(void *context, const char *text, size_t size);
	enum host_emit_status (*emit_parts)(void *context, const struct envelope *parts);
	void *context;
};

/* Why something did not work, for people: what, where, what to do. */
struct host_message {
	char text[2048];
};

struct host {
	const char *name;

	/* Once per process. After a failure the process is good for nothing but leaving. */
	enum wire_outcome (*open)(const struct host_recipe *recipe, struct host_facts *ret_facts,
	    struct host_message *ret_message);

	/* Runs a streaming export; *ret_status is what it returned, 0 unless OK. */
	enum wire_outcome (*stream)(const char *export_name, const char *request, size_t size,
	    const struct host_emitter *emitter, uint8_t *ret_status,
	    struct host_message *ret_message);

	/* Runs a command that answers with one text, which is appended to reply; status as above. */
	enum wire_outcome (*call)(const char *export_name, const char *request, size_t size,
	    struct buffer *reply, uint8_t *ret_status, struct host_message *ret_message);

	/* Last words before an orderly end of the process; may write to standard error. */
	void (*close)(void);
};

extern const struct host host_lean;
extern const struct host host_native;

#endif
