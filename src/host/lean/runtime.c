/* SPDX-License-Identifier: Apache-2.0 */
#include "host/lean/runtime.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include "host/say.h"
#include "wire/lean_version.h"

struct need {
	const char *symbol;
	size_t offset; /* of the pointer in struct lwl_runtime */
};

#define NEED(symbol, field)                                                                        \
	{                                                                                          \
		symbol, offsetof(struct lwl_runtime, field)                                        \
	}

static const struct need needs[] = {
	NEED("lean_initialize", initialize),
	NEED("lean_init_task_manager", init_task_manager),
	NEED("lean_io_mark_end_initialization", mark_end_initialization),
	NEED("lean_dec_ref_cold", dec_ref_cold),
	NEED("lean_mk_string_from_bytes_unchecked", mk_string),
	NEED("lean_io_error_to_string", io_error_to_string),
};

static const struct need extras[] = {
	NEED("l_Lean_versionString", version),
	NEED("leanrt_report", report),
};

/* ISO C has no conversion from what dlsym answers to a function: the bytes are copied. */
static bool
resolve(struct lwl_runtime *runtime, const struct need *need)
{
	void *address = dlsym(runtime->library, need->symbol);

	memcpy((char *)runtime + need->offset, &address, sizeof address);
	return address != NULL;
}

static void
list(char *names, size_t room, const char *name)
{
	size_t size = strlen(names);

	(void)snprintf(names + size, room - size, "%s%s", size ? ", " : "", name);
}

static const char *
name_of(void *library)
{
	void *address = dlsym(library, "leanrt_name");
	const char *(*name)(void);

	if (address == NULL)
		return "Lean";
	memcpy(&name, &address, sizeof name);
	return name();
}

static enum wire_outcome
resolve_all(const char *path, struct lwl_runtime *runtime, struct host_message *ret_message)
{
	char missing[512] = "";

	for (size_t i = 0; i < sizeof needs / sizeof needs[0]; i++)
		if (!resolve(runtime, &needs[i]))
			list(missing, sizeof missing, needs[i].symbol);
	for (size_t i = 0; i < sizeof extras / sizeof extras[0]; i++)
		(void)resolve(runtime, &extras[i]);
	if (missing[0] == '\0')
		return WIRE_OUTCOME_OK;
	host_say(ret_message,
	    "%s is no Lean runtime that this host can use: it does not define %s. Name "
	    "libleanshared.so of a Lean toolchain, " LEAN_VERSION_WINDOW ".",
	    path, missing);
	return WIRE_OUTCOME_RUNTIME_LOAD;
}

enum wire_outcome
lwl_runtime_open(
    const char *path, struct lwl_runtime *ret_runtime, struct host_message *ret_message)
{
	struct lwl_runtime runtime = { .library = NULL };
	enum wire_outcome outcome;

	if (*path == '\0') {
		host_say(ret_message,
		    "no Lean runtime was named: a Lean capability needs the path of its "
		    "toolchain's lib/lean/libleanshared.so");
		return WIRE_OUTCOME_RUNTIME_LOAD;
	}
	/* Global, because the libraries that Lake builds do not say where their runtime is. */
	runtime.library = dlopen(path, RTLD_NOW | RTLD_GLOBAL);
	if (runtime.library == NULL) {
		host_say(ret_message, "the Lean runtime could not be opened: %s", dlerror());
		return WIRE_OUTCOME_RUNTIME_LOAD;
	}
	outcome = resolve_all(path, &runtime, ret_message);
	if (outcome != WIRE_OUTCOME_OK)
		return outcome;
	runtime.name = name_of(runtime.library);
	*ret_runtime = runtime;
	return WIRE_OUTCOME_OK;
}

const char *
lwl_runtime_version(const struct lwl_runtime *runtime)
{
	const lwl_object *text = runtime->version ? *runtime->version : NULL;

	return text != NULL && lwl_is_string(text) ? lwl_string_bytes(text) : "";
}

void
lwl_release(const struct lwl_runtime *runtime, lwl_object *o)
{
	lwl_dec(o, runtime->dec_ref_cold);
}
