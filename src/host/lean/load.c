/* SPDX-License-Identifier: Apache-2.0 */
#include "host/lean/load.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include "base/sys.h"
#include "host/lean/mangle.h"
#include "host/lean/result.h"
#include "host/say.h"
#include "host/symbol.h"
#include "wire/lean_version.h"

#define BUILTIN 1 /* as Lean's own executables pass it: @[builtin_init] declarations run too */

typedef lwl_object *initializer(uint8_t builtin, lwl_object *token);

static enum wire_outcome
check_version(const struct lwl_runtime *runtime, struct host_facts *ret_facts,
    struct host_message *ret_message)
{
	const char *version = lwl_runtime_version(runtime);
	enum lean_support support;

	(void)snprintf(ret_facts->runtime, sizeof ret_facts->runtime, "%s", runtime->name);
	(void)snprintf(ret_facts->version, sizeof ret_facts->version, "%s", version);
	support = lean_version_judge(version, ret_facts->warning, sizeof ret_facts->warning);
	if (support != LEAN_VERSION_REFUSED)
		return WIRE_OUTCOME_OK;
	host_say(ret_message,
	    "the runtime is Lean %s, whose calling convention ended with " LEAN_VERSION_LOWEST
	    ". Build the capability with Lean " LEAN_VERSION_WINDOW " and name that "
	    "toolchain's runtime.",
	    version);
	return WIRE_OUTCOME_RUNTIME_TOO_OLD;
}

/*
 * Each library may carry a copy of the flag's pointer and see only its own, because Lake links with
 * -Bsymbolic. A copy is also found through the global scope when the executable carries it.
 */
static void
attach_stop_flag(void *library, const volatile uint32_t *stop_flag)
{
	void (*attach)(const volatile uint32_t *);
	void *address = dlsym(library, "leanworker_attach");

	if (address == NULL)
		return;
	memcpy(&attach, &address, sizeof attach);
	attach(stop_flag);
}

static const char advice[] =
    "What is undefined belongs to a library that is missing among the dependencies or comes after "
    "this one, or to another version of Lean than the runtime's.";

/* Global: imports look up compiled code by name, and must find this copy and no other. */
static enum wire_outcome
open_libraries(const struct host_recipe *recipe, struct lwl_capability *ret_capability,
    struct host_message *ret_message)
{
	void *library;

	for (size_t i = 0; i < recipe->dependency_count; i++) {
		library = host_open_library("a dependency of the capability",
		    recipe->dependencies[i], RTLD_GLOBAL, advice, ret_message);
		if (library == NULL)
			return WIRE_OUTCOME_CAPABILITY_LOAD;
		attach_stop_flag(library, recipe->stop_flag);
	}
	library = host_open_library(
	    "the capability", recipe->library, RTLD_GLOBAL, advice, ret_message);
	if (library == NULL)
		return WIRE_OUTCOME_CAPABILITY_LOAD;
	attach_stop_flag(library, recipe->stop_flag);
	attach_stop_flag(RTLD_DEFAULT, recipe->stop_flag);
	*ret_capability = (struct lwl_capability){ .library = library };
	return WIRE_OUTCOME_OK;
}

static const char *
name_in(const struct buffer *name)
{
	return buffer_size(name) > 0 ? (const char *)buffer_front(name) : NULL;
}

static void *
find_initializer(void *library, const struct lwl_initializer *names)
{
	const char *prefixed = name_in(&names->prefixed);
	void *address = prefixed ? dlsym(library, prefixed) : NULL;

	return address ? address : dlsym(library, name_in(&names->bare));
}

static void
say_no_initializer(const struct host_recipe *recipe, const struct lwl_initializer *names,
    struct host_message *ret_message)
{
	const char *prefixed = name_in(&names->prefixed);

	host_say(ret_message,
	    "%s has no initialiser of module %s: there is no %s%s%s. Compare module and "
	    "package, which is \"%s\", with the capability's Lake project.",
	    recipe->library, recipe->module, prefixed ? prefixed : "", prefixed ? " and no " : "",
	    name_in(&names->bare), recipe->package);
}

static enum wire_outcome
run_initializer(const struct lwl_runtime *runtime, const struct host_recipe *recipe, void *address,
    struct host_message *ret_message)
{
	struct host_message why;
	initializer *initialize;
	lwl_object *value;

	memcpy(&initialize, &address, sizeof initialize);
	switch (lwl_result_take(runtime, initialize(BUILTIN, lwl_box(0)), &value, &why)) {
	case LWL_RESULT_OK:
		lwl_release(runtime, value);
		return WIRE_OUTCOME_OK;
	case LWL_RESULT_ERROR:
		host_say(ret_message, "module %s of %s failed while it was initialised: %s",
		    recipe->module, recipe->library, why.text);
		break;
	case LWL_RESULT_FOREIGN:
		host_say(ret_message,
		    "the initialiser of module %s in %s returned %s, where an IO result "
		    "belongs: the library was not built by a Lean compiler of " LEAN_VERSION_LOWEST
		    " or later",
		    recipe->module, recipe->library, why.text);
		break;
	}
	return WIRE_OUTCOME_INITIALIZER;
}

static enum wire_outcome
initialize_module(const struct lwl_runtime *runtime, const struct host_recipe *recipe,
    void *library, struct host_message *ret_message)
{
	struct lwl_initializer names;
	const char *why = lwl_initializer_names(recipe->package, recipe->module, &names);
	enum wire_outcome outcome = WIRE_OUTCOME_INITIALIZER;
	void *address;

	if (why != NULL) {
		host_say(
		    ret_message, "the capability's module name \"%s\" %s", recipe->module, why);
	} else {
		address = find_initializer(library, &names);
		if (address == NULL)
			say_no_initializer(recipe, &names, ret_message);
		else
			outcome = run_initializer(runtime, recipe, address, ret_message);
	}
	lwl_initializer_release(&names);
	return outcome;
}

static enum wire_outcome
start_runtime(const struct host_recipe *recipe, struct lwl_runtime *ret_runtime,
    struct host_facts *ret_facts, struct host_message *ret_message)
{
	enum wire_outcome outcome = lwl_runtime_open(recipe->runtime, ret_runtime, ret_message);

	if (outcome != WIRE_OUTCOME_OK)
		return outcome;
	ret_runtime->initialize();
	return check_version(ret_runtime, ret_facts, ret_message);
}

enum wire_outcome
lwl_load(const struct host_recipe *recipe, struct lwl_runtime *ret_runtime,
    struct lwl_capability *ret_capability, struct host_facts *ret_facts,
    struct host_message *ret_message)
{
	enum wire_outcome outcome = start_runtime(recipe, ret_runtime, ret_facts, ret_message);

	if (outcome == WIRE_OUTCOME_OK)
		outcome = open_libraries(recipe, ret_capability, ret_message);
	if (outcome == WIRE_OUTCOME_OK)
		outcome = initialize_module(
		    ret_runtime, recipe, ret_capability->library, ret_message);
	if (outcome != WIRE_OUTCOME_OK)
		return outcome;
	ret_runtime->init_task_manager();
	/* Last: until here `initialize` blocks may register what they bring. */
	ret_runtime->mark_end_initialization();
	ret_capability->path = sys_strdup(recipe->library); /* the recipe may die before the host */
	return ret_capability->path ? WIRE_OUTCOME_OK : WIRE_OUTCOME_NO_MEMORY;
}
