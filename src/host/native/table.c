/* SPDX-License-Identifier: Apache-2.0 */
#include "host/native/table.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/near.h"
#include "base/utf8.h"
#include "host/say.h"

#define LIST_MAX 512

/* Names go to the parent and to people. */
static const char *
name_fault(const char *name, size_t most)
{
	size_t size = name ? strnlen(name, most + 1) : 0;

	if (name == NULL)
		return "is NULL";
	if (size == 0)
		return "is empty";
	if (size > most)
		return "is longer than 255 bytes";
	return utf8_valid_prefix(name, size) == size ? NULL : "is not UTF-8";
}

/* The layout is known only where size and version are; size comes from the linker, too. */
static bool
check_layout(const struct lw_guest_capability *t, size_t size, const char *path,
    struct host_message *ret_message)
{
	if (size < offsetof(struct lw_guest_capability, export_count)) {
		host_say(ret_message,
		    "%s: lw_guest_capability is %zu bytes large, which is no table of "
		    "exports; define it as leanworker/guest.h shows",
		    path, size);
		return false;
	}
	if (t->abi != LW_GUEST_ABI) {
		host_say(ret_message,
		    "%s was built for version %u of the guest ABI, and this worker serves version "
		    "%d: build it again with the leanworker/guest.h of this leanworker",
		    path, t->abi, LW_GUEST_ABI);
		return false;
	}
	if (size < sizeof *t || t->struct_size < sizeof *t) {
		host_say(ret_message,
		    "%s: lw_guest_capability is %zu bytes large and says %zu, less than the %zu "
		    "of its version; begin it with LW_GUEST_CAPABILITY",
		    path, size, t->struct_size, sizeof *t);
		return false;
	}
	return true;
}

static bool
check_head(const struct lw_guest_capability *t, const char *path, struct host_message *ret_message)
{
	const char *name = name_fault(t->name, LWN_EXPORT_NAME_MAX);
	const char *version = name_fault(t->version, LWN_EXPORT_NAME_MAX);

	if (name != NULL || version != NULL) {
		host_say(ret_message, "%s: the %s in lw_guest_capability %s", path,
		    name ? "name" : "version", name ? name : version);
		return false;
	}
	if (t->exports == NULL || t->export_count == 0 || t->export_count > LWN_EXPORTS_MAX) {
		host_say(ret_message,
		    "%s: lw_guest_capability has %u exports at %s; it must have 1 to %d", path,
		    t->export_count, t->exports ? "an address" : "NULL", LWN_EXPORTS_MAX);
		return false;
	}
	return true;
}

static const struct lw_guest_export *
find_name(const struct lw_guest_export *exports, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(exports[i].name, name) == 0)
			return &exports[i];
	return NULL;
}

/* NULL, or what is wrong with an export; those before it are right. */
static const char *
export_fault(const struct lw_guest_capability *t, size_t i)
{
	const struct lw_guest_export *e = &t->exports[i];

	if (e->kind != LW_GUEST_STREAM && e->kind != LW_GUEST_COMMAND)
		return "has a kind that is neither LW_GUEST_STREAM nor LW_GUEST_COMMAND";
	if (e->function == NULL)
		return "has no function";
	return find_name(t->exports, i, e->name) ? "is in the table twice" : NULL;
}

static bool
check_export(const struct lw_guest_capability *t, size_t i, const char *path,
    struct host_message *ret_message)
{
	const char *why = name_fault(t->exports[i].name, LWN_EXPORT_NAME_MAX);

	if (why != NULL) {
		host_say(
		    ret_message, "%s: the name of export %zu, counted from 0, %s", path, i, why);
		return false;
	}
	why = export_fault(t, i);
	if (why != NULL)
		host_say(ret_message, "%s: export \"%s\" %s", path, t->exports[i].name, why);
	return why == NULL;
}

enum wire_outcome
lwn_table_check(const struct lw_guest_capability *table, size_t size, const char *path,
    struct host_message *ret_message)
{
	bool good = check_layout(table, size, path, ret_message) &&
		    check_head(table, path, ret_message);

	for (size_t i = 0; good && i < table->export_count; i++)
		good = check_export(table, i, path, ret_message);
	return good ? WIRE_OUTCOME_OK : WIRE_OUTCOME_CAPABILITY_LOAD;
}

/* "a, b, c", cut where it gets long. */
static void
list_exports(const struct lw_guest_capability *t, char list[LIST_MAX])
{
	size_t size = 0;

	for (size_t i = 0; i < t->export_count && size < LIST_MAX; i++)
		size += (size_t)snprintf(
		    list + size, LIST_MAX - size, "%s%s", i ? ", " : "", t->exports[i].name);
	if (size >= LIST_MAX)
		(void)snprintf(list + utf8_valid_prefix(list, LIST_MAX - 6), 6, "%s", ", …");
}

static enum wire_outcome
say_unknown(const struct lw_guest_capability *t, const char *name, struct host_message *ret_message)
{
	char words[NEAR_WORDS_MAX], list[LIST_MAX];
	struct near near;

	near_begin(&near, name);
	for (size_t i = 0; i < t->export_count; i++)
		near_offer(&near, t->exports[i].name);
	near_words(&near, words);
	list_exports(t, list);
	host_say(ret_message, "capability %s has no export \"%s\". %sIt has: %s", t->name, name,
	    words, list);
	return WIRE_OUTCOME_EXPORT_UNKNOWN;
}

enum wire_outcome
lwn_table_find(const struct lw_guest_capability *table, const char *name, enum lw_guest_kind kind,
    const struct lw_guest_export **ret_export, struct host_message *ret_message)
{
	const struct lw_guest_export *e = find_name(table->exports, table->export_count, name);

	if (e == NULL)
		return say_unknown(table, name, ret_message);
	if (e->kind != kind) {
		host_say(ret_message, "export \"%s\" of capability %s is a %s", name, table->name,
		    e->kind == LW_GUEST_STREAM ? "stream, and was called as a command"
					       : "command, and was run as a stream");
		return WIRE_OUTCOME_EXPORT_KIND;
	}
	*ret_export = e;
	return WIRE_OUTCOME_OK;
}
