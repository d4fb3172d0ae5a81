/* SPDX-License-Identifier: Apache-2.0 */
#include "host/native/load.h"

#include <dlfcn.h>
#include <string.h>

#include "host/native/table.h"
#include "host/say.h"
#include "host/symbol.h"

#define SYMBOL "lw_guest_capability"

static const char advice[] = "Link it with the library that defines this, or name that library "
			     "among the dependencies, before "
			     "this one; if this is a Lean library, name the host \"lean\".";

/* Dependencies are global: a capability that does not name them finds what they define. */
static void *
open_libraries(const struct host_recipe *recipe, struct host_message *ret_message)
{
	for (size_t i = 0; i < recipe->dependency_count; i++)
		if (host_open_library("a dependency of the capability", recipe->dependencies[i],
			RTLD_GLOBAL, advice, ret_message) == NULL)
			return NULL;
	return host_open_library(
	    "the capability", recipe->library, RTLD_LOCAL, advice, ret_message);
}

static enum wire_outcome
say_no_table(const char *path, const char *what, struct host_message *ret_message)
{
	host_say(ret_message,
	    "%s is no native capability: %s. Define the table as leanworker/guest.h shows, or, if "
	    "this is a Lean library, name the host \"lean\".",
	    path, what);
	return WIRE_OUTCOME_CAPABILITY_LOAD;
}

static enum wire_outcome
find_table(void *library, const char *path, const struct lw_guest_capability **ret_table,
    struct host_message *ret_message)
{
	void *address = dlsym(library, SYMBOL);
	struct host_symbol symbol;
	enum wire_outcome outcome;

	if (address == NULL)
		return say_no_table(path, "it exports no symbol " SYMBOL, ret_message);
	symbol = host_symbol_look(library, address);
	if (symbol.owner != NULL)
		return say_no_table(path,
		    "only a library that it depends on exports a symbol " SYMBOL, ret_message);
	if (symbol.kind != HOST_SYMBOL_DATA)
		return say_no_table(
		    path, "its symbol " SYMBOL " is code and not a table", ret_message);
	outcome = lwn_table_check(address, symbol.size, path, ret_message);
	if (outcome == WIRE_OUTCOME_OK)
		*ret_table = address;
	return outcome;
}

enum wire_outcome
lwn_load(const struct host_recipe *recipe, const struct lw_guest_capability **ret_table,
    struct host_message *ret_message)
{
	void *library = open_libraries(recipe, ret_message);

	if (library == NULL)
		return WIRE_OUTCOME_CAPABILITY_LOAD;
	return find_table(library, recipe->library, ret_table, ret_message);
}
