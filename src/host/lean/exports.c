/* SPDX-License-Identifier: Apache-2.0 */
#include "host/lean/exports.h"

#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <string.h>

#include "base/sys.h"
#include "host/lean/say.h"

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

/* dlsym also finds what the libraries behind the capability define: `exit` is nobody's export. */
static const char *
foreign_owner(void *library, void *address)
{
	struct link_map *own = NULL, *owner = NULL;
	Dl_info info;

	if (dlinfo(library, RTLD_DI_LINKMAP, &own) != 0 ||
	    dladdr1(address, &info, (void **)&owner, RTLD_DL_LINKMAP) == 0 || owner == own)
		return NULL;
	return info.dli_fname;
}

static bool
is_data(void *address)
{
	const ElfW(Sym) *symbol = NULL;
	Dl_info info;
	unsigned type;

	if (dladdr1(address, &info, (void **)&symbol, RTLD_DL_SYMENT) == 0 || symbol == NULL)
		return false;
	type = ELF64_ST_TYPE(symbol->st_info);
	return type == STT_OBJECT || type == STT_COMMON || type == STT_TLS;
}

static enum wire_outcome
judge(const struct lwl_capability *capability, const char *name, void *address,
    struct host_message *ret_message)
{
	const char *owner = foreign_owner(capability->library, address);

	if (owner != NULL) {
		lwl_say(ret_message, "export \"%s\" is a symbol of %s, not of the capability %s",
		    name, owner, capability->path);
		return WIRE_OUTCOME_EXPORT_UNKNOWN;
	}
	if (is_data(address)) {
		lwl_say(ret_message,
		    "export \"%s\" of %s is a constant, not a function: give it a parameter, "
		    "or the type IO",
		    name, capability->path);
		return WIRE_OUTCOME_EXPORT_DATA;
	}
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
	address = dlsym(capability->library, name);
	if (address == NULL) {
		lwl_say(ret_message,
		    "export \"%s\" is not defined by the capability %s: mark its definition "
		    "with @[export %s] and build the library again",
		    name, capability->path, name);
		return WIRE_OUTCOME_EXPORT_UNKNOWN;
	}
	outcome = judge(capability, name, address, ret_message);
	if (outcome != WIRE_OUTCOME_OK)
		return outcome;
	memcpy(&function, &address, sizeof function);
	known_add(name, function);
	*ret_function = function;
	return WIRE_OUTCOME_OK;
}
