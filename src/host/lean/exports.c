/* SPDX-License-Identifier: Apache-2.0 */
#include "host/lean/exports.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include "base/near.h"
#include "base/sys.h"
#include "host/say.h"
#include "host/symbol.h"
#include "wire/names.h"

/* dladdr1 walks every symbol of a library, so what it once said is kept. */
struct known {
	struct known *next;
	char *name;
	lwl_export *function;
};

static struct known *known_exports;

static struct known *
known_find(const char *name)
{
	struct known *k = known_exports;

	while (k != NULL && strcmp(k->name, name) != 0)
		k = k->next;
	return k;
}

/* Without memory it is looked up again next time. */
static void
known_add(const char *name, lwl_export *function)
{
	struct known *k = sys_alloc(sizeof *k);
	char *copy = sys_strdup(name);

	if (k == NULL || copy == NULL) {
		sys_free(k);
		sys_free(copy);
		return;
	}
	*k = (struct known){ .next = known_exports, .name = copy, .function = function };
	known_exports = k;
}

static enum wire_outcome
say_foreign(const struct lwl_capability *capability, const char *name, const char *owner,
    struct host_message *ret_message)
{
	host_say(ret_message, "export \"%s\" is a symbol of %s, not of the capability %s", name,
	    owner, capability->path);
	return WIRE_OUTCOME_EXPORT_UNKNOWN;
}

static enum wire_outcome
say_constant(
    const struct lwl_capability *capability, const char *name, struct host_message *ret_message)
{
	host_say(ret_message,
	    "export \"%s\" of %s is a constant, not a function: give it a parameter, or the type "
	    "IO",
	    name, capability->path);
	return WIRE_OUTCOME_EXPORT_DATA;
}

static void
offer(void *near, const char *name)
{
	near_offer(near, name);
}

static enum wire_outcome
say_unknown(
    const struct lwl_capability *capability, const char *name, struct host_message *ret_message)
{
	char words[NEAR_WORDS_MAX];
	struct near near;

	near_begin(&near, name);
	host_symbol_each(capability->library, offer, &near);
	near_words(&near, words);
	host_say(ret_message,
	    "export \"%s\" is not defined by the capability %s. %sIf the name is right, mark its "
	    "definition with @[export %s] and build the library again.",
	    name, capability->path, words, name);
	return WIRE_OUTCOME_EXPORT_UNKNOWN;
}

/* ---- Names that are short for another ------------------------------------------------------- */

static enum wire_outcome
say_candidates(const struct lwl_capability *capability, const char *name,
    const struct name_candidates *c, struct host_message *ret_message)
{
	char list[768];

	name_list(c, NAME_CANDIDATES_MAX, list, sizeof list);
	host_say(ret_message, "there is no export \"%s\" in %s. These end so: %s", name,
	    capability->path, list);
	return WIRE_OUTCOME_EXPORT_UNKNOWN;
}

/* "rows" is short for "my_library_rows" where most exports begin with "my_library_". */
static enum wire_outcome
find_long_name(const struct lwl_capability *capability, const char *name, const char *owner,
    void **ret_address, struct host_message *ret_message)
{
	struct name_candidates c;

	name_find(name, host_symbol_each, capability->library, &c);
	*ret_address = c.meant ? dlsym(capability->library, c.meant) : NULL;
	if (*ret_address != NULL)
		return WIRE_OUTCOME_OK;
	if (c.count > 0)
		return say_candidates(capability, name, &c, ret_message);
	return owner ? say_foreign(capability, name, owner, ret_message)
		     : say_unknown(capability, name, ret_message);
}

static enum wire_outcome
find_address(const struct lwl_capability *capability, const char *name, void **ret_address,
    struct host_message *ret_message)
{
	void *address = dlsym(capability->library, name);
	struct host_symbol symbol = { .owner = NULL };

	if (address != NULL)
		symbol = host_symbol_look(capability->library, address);
	if (address == NULL || symbol.owner != NULL)
		return find_long_name(capability, name, symbol.owner, ret_address, ret_message);
	if (symbol.kind == HOST_SYMBOL_DATA)
		return say_constant(capability, name, ret_message);
	*ret_address = address;
	return WIRE_OUTCOME_OK;
}

enum wire_outcome
lwl_export_find(const struct lwl_capability *capability, const char *name,
    lwl_export **ret_function, struct host_message *ret_message)
{
	struct known *k = known_find(name);
	enum wire_outcome outcome;
	lwl_export *function;
	void *address;

	if (k != NULL) {
		*ret_function = k->function;
		return WIRE_OUTCOME_OK;
	}
	outcome = find_address(capability, name, &address, ret_message);
	if (outcome != WIRE_OUTCOME_OK)
		return outcome;
	memcpy(&function, &address, sizeof function);
	known_add(name, function);
	*ret_function = function;
	return WIRE_OUTCOME_OK;
}

/* It comes with a library of ours, which the capability may be or only depend on. */
enum wire_outcome
lwl_export_find_opener(const struct lwl_capability *capability, lwl_export **ret_function,
    struct host_message *ret_message)
{
	void *address = dlsym(RTLD_DEFAULT, LWL_OPENER);

	if (address == NULL)
		host_say(ret_message,
		    "nothing that was loaded defines " LWL_OPENER ", which imports modules: import "
		    "LeanWorkerLean.Session in the capability %s and list its library among the "
		    "dependencies, or open the capability without imports",
		    capability->path);
	else if (host_symbol_look(capability->library, address).kind == HOST_SYMBOL_DATA)
		host_say(ret_message, LWL_OPENER " is a constant, not a function");
	else {
		memcpy(ret_function, &address, sizeof *ret_function);
		return WIRE_OUTCOME_OK;
	}
	return WIRE_OUTCOME_IMPORT;
}
