/* SPDX-License-Identifier: Apache-2.0 */
#include "host/symbol.h"

#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <stdint.h>
#include <string.h>

#include "host/say.h"

#define SYMBOLS_MAX ((size_t)1 << 20)

void *
host_open_library(const char *role, const char *path, int scope, const char *advice,
    struct host_message *ret_message)
{
	void *library = dlopen(path, RTLD_NOW | scope);
	const char *why = library ? "" : dlerror();

	if (library == NULL && strstr(why, "undefined symbol") != NULL)
		host_say(ret_message, "%s could not be opened: %s. %s", role, why, advice);
	else if (library == NULL)
		host_say(ret_message, "%s could not be opened: %s", role, why);
	return library;
}

static enum host_symbol_kind
kind_of(const ElfW(Sym) * symbol)
{
	switch (ELF64_ST_TYPE(symbol->st_info)) {
	case STT_FUNC:
	case STT_GNU_IFUNC:
		return HOST_SYMBOL_FUNCTION;
	case STT_OBJECT:
	case STT_COMMON:
	case STT_TLS:
		return HOST_SYMBOL_DATA;
	default:
		return HOST_SYMBOL_UNKNOWN;
	}
}

/* dlsym also finds what the libraries behind a library define: `exit` is nobody's export. */
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

struct host_symbol
host_symbol_look(void *library, void *address)
{
	struct host_symbol look = { .owner = foreign_owner(library, address) };
	const ElfW(Sym) *symbol = NULL;
	Dl_info info;

	if (dladdr1(address, &info, (void **)&symbol, RTLD_DL_SYMENT) == 0 || symbol == NULL)
		return look;
	look.kind = kind_of(symbol);
	look.size = symbol->st_size;
	return look;
}

/* ---- The table of a library ----------------------------------------------------------------- */

struct table {
	const ElfW(Sym) * symbols;
	const char *names;
	const uint32_t *gnu_hash;
};

static struct table
table_of(const struct link_map *map)
{
	struct table t = { 0 };

	for (const ElfW(Dyn) *d = map->l_ld; d->d_tag != DT_NULL; d++) {
		/* The linker has made these absolute. */
		const void *at = (const void *)(uintptr_t)d->d_un.d_ptr;

		if (d->d_tag == DT_SYMTAB)
			t.symbols = at;
		else if (d->d_tag == DT_STRTAB)
			t.names = at;
		else if (d->d_tag == DT_GNU_HASH)
			t.gnu_hash = at;
	}
	return t;
}

/* Nothing says how many symbols there are; the end of the last hash chain does. */
static size_t
symbol_count(const uint32_t *hash)
{
	uint32_t bucket_count = hash[0], first = hash[1], last = 0;
	const uint32_t *buckets = hash + 4 + hash[2] * (sizeof(ElfW(Addr)) / sizeof *hash);
	const uint32_t *chain = buckets + bucket_count;

	for (uint32_t i = 0; i < bucket_count; i++)
		last = buckets[i] > last ? buckets[i] : last;
	if (last < first)
		return 0; /* nothing is defined */
	while (last < SYMBOLS_MAX && (chain[last - first] & 1) == 0)
		last++;
	return last + (size_t)1;
}

void
host_symbol_each(void *library, void (*offer)(void *context, const char *name), void *context)
{
	struct link_map *map = NULL;
	struct table t;
	size_t count;

	if (dlinfo(library, RTLD_DI_LINKMAP, &map) != 0)
		return;
	t = table_of(map);
	count = t.gnu_hash && t.symbols && t.names ? symbol_count(t.gnu_hash) : 0;
	for (size_t i = 0; i < count; i++)
		if (t.symbols[i].st_shndx != SHN_UNDEF &&
		    kind_of(&t.symbols[i]) == HOST_SYMBOL_FUNCTION)
			offer(context, t.names + t.symbols[i].st_name);
}
