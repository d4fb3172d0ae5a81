/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The inspector is our own program, but what it read was a stranger's, who may have broken it: its answer
 * is checked like any other.
 */
#include "capability/inspection.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/near.h"
#include "base/sys.h"
#include "capability/process.h"
#include "parent/budgets.h"
#include "parent/environment.h"
#include "parent/error.h"
#include "parent/recipe.h"
#include "parent/resolve.h"
#include "wire/inspection.h"
#include "wire/names.h"

#define INSPECT_MS 10000
#define LISTED_MAX 8

/* ---- Reading the answer -------------------------------------------------------------------- */

static lw_symbol_kind
kind_of(const char *text)
{
	if (text != NULL && strcmp(text, "function") == 0)
		return LW_SYMBOL_FUNCTION;
	return text != NULL && strcmp(text, "data") == 0 ? LW_SYMBOL_DATA : LW_SYMBOL_OTHER;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(((const struct lw_export *)a)->name, ((const struct lw_export *)b)->name);
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool
read_exports(const json_t *list, struct lw_exports *ret)
{
	size_t count = json_array_size(list), i;
	json_t *entry;

	ret->exports = sys_alloc(count * sizeof *ret->exports);
	if (ret->exports == NULL)
		return false;
	json_array_foreach(list, i, entry)
	{
		const char *name = json_string_value(json_object_get(entry, "name"));
		struct lw_export *e = &ret->exports[ret->export_count];

		if (name == NULL)
			continue;
		e->name = sys_strdup(name);
		if (e->name == NULL)
			return false;
		e->kind = kind_of(json_string_value(json_object_get(entry, "kind")));
		e->generated = name_is_generated(name);
		ret->export_count++;
	}
	qsort(ret->exports, ret->export_count, sizeof *ret->exports, by_name);
	return true;
}

static bool
read_texts(const json_t *list, char ***ret_texts, size_t *ret_count)
{
	size_t i;
	json_t *entry;

	*ret_texts = sys_alloc(json_array_size(list) * sizeof **ret_texts);
	if (*ret_texts == NULL)
		return false;
	json_array_foreach(list, i, entry)
	{
		char *copy = json_is_string(entry) ? sys_strdup(json_string_value(entry)) : NULL;

		if (copy == NULL && json_is_string(entry))
			return false;
		if (copy != NULL)
			(*ret_texts)[(*ret_count)++] = copy;
	}
	qsort(*ret_texts, *ret_count, sizeof **ret_texts, by_text);
	return true;
}

static void
copy_text(char *ret, size_t room, const json_t *value)
{
	const char *text = json_string_value(value);

	(void)snprintf(ret, room, "%s", text ? text : "");
}

static bool
read_answer(const json_t *root, struct lw_exports *ret)
{
	copy_text(ret->machine, sizeof ret->machine, json_object_get(root, "machine"));
	copy_text(ret->build_id, sizeof ret->build_id, json_object_get(root, "build_id"));
	ret->size = (uint64_t)json_integer_value(json_object_get(root, "size"));
	return read_exports(json_object_get(root, "exports"), ret) &&
	       read_texts(
		   json_object_get(root, "undefined"), &ret->undefined, &ret->undefined_count) &&
	       read_texts(json_object_get(root, "needed"), &ret->needed, &ret->needed_count);
}

static void
free_texts(char **texts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		sys_free(texts[i]);
	sys_free(texts);
}

void
lw_exports_clear(struct lw_exports *exports)
{
	if (exports == NULL)
		return;
	for (size_t i = 0; i < exports->export_count; i++)
		sys_free(exports->exports[i].name);
	sys_free(exports->exports);
	free_texts(exports->undefined, exports->undefined_count);
	free_texts(exports->needed, exports->needed_count);
	*exports = (struct lw_exports)LW_EXPORTS_INIT;
}

/* ---- Asking -------------------------------------------------------------------------------- */

static lw_code
judge_answer(const char *library, struct process_end *end, struct lw_exports *ret,
    struct lw_error *ret_error)
{
	json_error_t why;
	char words[512];
	json_t *root;
	bool read;

	log_tail_copy(&end->log, words, sizeof words);
	words[strcspn(words, "\n")] = '\0';
	root = json_loadb(
	    (const char *)buffer_front(&end->output), buffer_size(&end->output), 0, &why);
	if (json_integer_value(json_object_get(root, "leanworker_inspection")) != 1) {
		json_decref(root);
		if (end->status > HOLD_SIGNAL)
			return error_set(ret_error, LW_V_INSPECTION,
			    "%s: the inspecting process was ended by signal %d; was the file being "
			    "written?",
			    library, end->status - HOLD_SIGNAL);
		return error_set(ret_error, LW_V_INSPECTION, "%s%s", *words ? words : library,
		    *words ? ""
			   : ": leanworker-child could not inspect it; is it of this version?");
	}
	read = read_answer(root, ret);
	json_decref(root);
	return read ? LW_OK : error_set(ret_error, LW_V_NO_MEMORY, "no memory for exports");
}

static lw_code
judge_end(const char *library, struct process_end *end, struct lw_exports *ret,
    struct lw_error *ret_error)
{
	switch (end->outcome) {
	case PROCESS_TIMED_OUT:
		return error_set(
		    ret_error, LW_V_INSPECT_TIMEOUT, "%s was not inspected in time", library);
	case PROCESS_CANCELLED:
		return error_set(
		    ret_error, LW_V_CANCELLED, "cancelled while %s was inspected", library);
	case PROCESS_TOO_MUCH:
		return error_set(ret_error, LW_V_INSPECTION,
		    "%s: there is more to tell of it than the %zu MiB that are read", library,
		    INSPECTION_CAP >> 20);
	default:
		return judge_answer(library, end, ret, ret_error);
	}
}

lw_code
inspect_library(const struct inspector *inspector, const char *library, struct lw_exports *ret,
    struct lw_error *ret_error)
{
	char *arguments[] = { (char *)inspector->child,
		(char *)(inspector->brief ? WIRE_INSPECT_BRIEF_ARGUMENT : WIRE_INSPECT_ARGUMENT),
		(char *)library, NULL };
	char **environment = environment_make(NULL, NULL);
	struct process process = { .child = inspector->child,
		.arguments = arguments,
		.environment = environment,
		.until = inspector->until,
		.cancel = inspector->cancel,
		.output_cap = INSPECTION_CAP };
	struct process_end end;
	lw_code code;

	if (environment == NULL)
		return error_set(ret_error, LW_V_NO_MEMORY, "no memory for an environment");
	code = process_run(&process, &end, ret_error);
	if (code == LW_OK)
		code = judge_end(library, &end, ret, ret_error);
	process_release(&end);
	environment_free(environment);
	return code;
}

static struct deadline
end_of_call(const struct lw_call_options *call)
{
	uint32_t ms = call && call->budgets.request_ms ? call->budgets.request_ms : INSPECT_MS;
	struct deadline end = budget_end(sys_monotonic_ns(), ms);

	if (call != NULL && call->deadline_ns != 0)
		end = deadline_earlier(end, (struct deadline){ call->deadline_ns });
	return end;
}

lw_code
lw_library_exports(const char *library, const char *child_path, const struct lw_call_options *call,
    struct lw_exports *ret_exports, struct lw_error *ret_error)
{
	struct inspector inspector = { .until = end_of_call(call),
		.cancel = call ? call->cancel : NULL };
	struct lw_exports found = LW_EXPORTS_INIT;
	char *child = NULL;
	lw_code code;

	if (!error_is_begun(ret_error))
		return LW_E_MISUSE;
	if (library == NULL || ret_exports == NULL)
		return error_set(ret_error, LW_V_MISUSE, "library and ret_exports must be given");
	if (ret_exports->struct_size != sizeof *ret_exports)
		return error_set(
		    ret_error, LW_V_MISUSE, "ret_exports must begin as LW_EXPORTS_INIT");
	code = resolve_child(child_path, &child, ret_error);
	if (code != LW_OK)
		return code;
	inspector.child = child;
	code = inspect_library(&inspector, library, &found, ret_error);
	sys_free(child);
	if (code == LW_OK)
		*ret_exports = found;
	else
		lw_exports_clear(&found);
	return code;
}

lw_code
lw_capability_exports(const lw_capability *capability, const char *child_path,
    const struct lw_call_options *call, struct lw_exports *ret_exports, struct lw_error *ret_error)
{
	if (!error_is_begun(ret_error))
		return LW_E_MISUSE;
	if (capability == NULL)
		return error_set(ret_error, LW_V_MISUSE, "capability is NULL");
	return lw_library_exports(
	    capability->recipe.library, child_path, call, ret_exports, ret_error);
}

/* ---- Finding ------------------------------------------------------------------------------- */

const struct lw_export *
exports_get(const struct lw_exports *exports, const char *name)
{
	struct lw_export key = { .name = (char *)name };

	if (exports->export_count == 0)
		return NULL;
	return bsearch(&key, exports->exports, exports->export_count, sizeof key, by_name);
}

bool
exports_need(const struct lw_exports *exports, const char *name)
{
	for (size_t i = 0; i < exports->needed_count; i++)
		if (strcmp(exports->needed[i], name) == 0)
			return true;
	return false;
}

static lw_code
say_candidates(const struct name_candidates *c, const char *name, struct lw_error *ret_error)
{
	char list[640];

	name_list(c, LISTED_MAX, list, sizeof list);
	return error_set(ret_error, LW_V_EXPORT_UNKNOWN,
	    "there is no export \"%s\". These end so: %s", name, list);
}

static lw_code
say_unknown(const struct lw_exports *exports, const char *name, struct lw_error *ret_error)
{
	char words[NEAR_WORDS_MAX];
	struct near near;

	near_begin(&near, name);
	for (size_t i = 0; i < exports->export_count; i++)
		if (!exports->exports[i].generated)
			near_offer(&near, exports->exports[i].name);
	near_words(&near, words);
	return error_set(ret_error, LW_V_EXPORT_UNKNOWN,
	    "there is no export \"%s\". %s`leanworker exports` lists them.", name, words);
}

static void
each_function(void *exports, void (*offer)(void *context, const char *name), void *context)
{
	const struct lw_exports *x = exports;

	for (size_t i = 0; i < x->export_count; i++)
		if (x->exports[i].kind == LW_SYMBOL_FUNCTION)
			offer(context, x->exports[i].name);
}

/* "rows" is short for "my_library_rows"; requests follow the same rule in the child. */
static lw_code
find_long_name(const struct lw_exports *exports, const char *name,
    const struct lw_export **ret_export, struct lw_error *ret_error)
{
	struct name_candidates c;

	name_find(name, each_function, (void *)exports, &c);
	if (c.meant == NULL)
		return c.count > 0 ? say_candidates(&c, name, ret_error)
				   : say_unknown(exports, name, ret_error);
	*ret_export = exports_get(exports, c.meant);
	return LW_OK;
}

lw_code
lw_exports_find(const struct lw_exports *exports, const char *name,
    const struct lw_export **ret_export, struct lw_error *ret_error)
{
	const struct lw_export *found;

	if (!error_is_begun(ret_error))
		return LW_E_MISUSE;
	if (exports == NULL || name == NULL || ret_export == NULL)
		return error_set(
		    ret_error, LW_V_MISUSE, "exports, name and ret_export must be given");
	found = exports_get(exports, name);
	if (found == NULL)
		return find_long_name(exports, name, ret_export, ret_error);
	*ret_export = found;
	return LW_OK;
}
