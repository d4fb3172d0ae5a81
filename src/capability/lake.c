/* SPDX-License-Identifier: Apache-2.0 */
#include "capability/lake.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/sys.h"
#include "capability/files.h"
#include "capability/lake_text.h"
#include "capability/process.h"
#include "parent/error.h"
#include "wire/inspection.h"

#define ANSWER_CAP ((size_t)1 << 20)

/* ---- The environment ----------------------------------------------------------------------- */

/* Of another Lake above us, or naming another toolchain than the one that is run. */
static const char *const dropped[] = { "LAKE=", "LAKE_HOME=", "LAKE_OVERRIDE_LEAN=", "LEAN=",
	"LEAN_PATH=", "LEAN_SRC_PATH=", "LEAN_SYSROOT=", "LEAN_GITHASH=", "ELAN_TOOLCHAIN=",
	"LEAN_AR=", "PATH=", "LD_LIBRARY_PATH=", "LAKE_NO_CACHE=", "LAKE_ARTIFACT_CACHE=" };

/* Nothing is fetched: no build products, and by git nothing but from this machine. */
static const char *const offline[] = { "LAKE_NO_CACHE=1", "GIT_ALLOW_PROTOCOL=file" };

#define ADDED 6 /* PATH, LD_LIBRARY_PATH, LEAN_SYSROOT, LAKE_ARTIFACT_CACHE, those of offline */

static bool
is_dropped(const char *entry)
{
	for (size_t i = 0; i < sizeof dropped / sizeof dropped[0]; i++)
		if (strncmp(entry, dropped[i], strlen(dropped[i])) == 0)
			return true;
	return false;
}

struct made_environment {
	char path[PATH_MAX + 131072]; /* the kernel takes no longer text */
	char libraries[PATH_MAX + 131072];
	char sysroot[PATH_MAX + 16];
	char **entries; /* the texts are others' */
};

/* The user's, because it is the user's build; LAKE_ARTIFACT_CACHE, so that products are in the project. */
static bool
make_environment(const struct lake *lake, struct made_environment *ret)
{
	const char *path = getenv("PATH"), *libraries = getenv("LD_LIBRARY_PATH");
	size_t count = 0, n = 0;

	while (environ != NULL && environ[count] != NULL)
		count++;
	ret->entries = sys_alloc((count + ADDED + 1) * sizeof *ret->entries);
	if (ret->entries == NULL)
		return false;
	for (size_t i = 0; i < count; i++)
		if (!is_dropped(environ[i]))
			ret->entries[n++] = environ[i];
	(void)snprintf(ret->path, sizeof ret->path, "PATH=%s/bin%s%s", lake->sysroot,
	    path != NULL && *path != '\0' ? ":" : "", path ? path : "");
	(void)snprintf(ret->sysroot, sizeof ret->sysroot, "LEAN_SYSROOT=%s", lake->sysroot);
	ret->entries[n++] = ret->path;
	if (libraries != NULL && *libraries != '\0') {
		/* It may begin with another toolchain's, as under `lake env`. */
		(void)snprintf(ret->libraries, sizeof ret->libraries,
		    "LD_LIBRARY_PATH=%s/lib/lean:%s", lake->sysroot, libraries);
		ret->entries[n++] = ret->libraries;
	}
	ret->entries[n++] = ret->sysroot;
	ret->entries[n++] = (char *)"LAKE_ARTIFACT_CACHE=false";
	for (size_t i = 0; i < 2 && !lake->options->allow_fetch; i++)
		ret->entries[n++] = (char *)offline[i];
	return true;
}

/* ---- What came of it ----------------------------------------------------------------------- */

static lw_code
say_failed(const struct lake *lake, const struct lake_text *text, const struct process_end *end,
    struct lw_error *ret_error)
{
	const char *library = lake->options->library;

	if (end->status == HOLD_NOT_STARTED && text->error_size == 0)
		return error_set(ret_error, LW_V_LAKE_NOT_FOUND,
		    "%s/bin/lake could not be executed; the log says why", lake->sysroot);
	if (text->no_target)
		return error_set(ret_error, LW_V_BUILD_TARGET,
		    "Lake knows no library \"%s\" in %s: %s. Its lakefile names the libraries, as "
		    "lean_lib.",
		    library, lake->root, text->error);
	if (text->error_size == 0)
		return error_set(ret_error, LW_V_BUILD_FAILED,
		    "Lake ended with status %d and without an error's text while it built %s in %s",
		    end->status, library, lake->root);
	return error_set(ret_error, LW_V_BUILD_FAILED, "%s\n(while Lake built %s in %s)",
	    text->error, library, lake->root);
}

static lw_code
say_ended(const struct lake *lake, const struct process_end *end, struct lw_error *ret_error)
{
	switch (end->outcome) {
	case PROCESS_TIMED_OUT:
		return error_set(ret_error, LW_V_BUILD_TIMEOUT,
		    "Lake had not built %s in time; it and all that it had started were ended. "
		    "What "
		    "it had built stays built",
		    lake->options->library);
	case PROCESS_CANCELLED:
		return error_set(ret_error, LW_V_CANCELLED,
		    "cancelled; Lake and all that it had started were ended");
	case PROCESS_TOO_MUCH:
		return error_set(ret_error, LW_V_BUILD_OUTPUT,
		    "Lake's answer is longer than a path; does a lakefile print?");
	default:
		return LW_OK;
	}
}

/* The answer's last line: a JSON string. What a lakefile prints comes before. */
static char *
path_in(const struct process_end *end)
{
	const char *text = (const char *)buffer_front(&end->output);
	size_t size = buffer_size(&end->output), start;
	json_t *value;
	char *path = NULL;

	while (size > 0 && (text[size - 1] == '\n' || text[size - 1] == '\r'))
		size--;
	for (start = size; start > 0 && text[start - 1] != '\n'; start--)
		;
	value = size > 0 ? json_loadb(text + start, size - start, JSON_DECODE_ANY, NULL) : NULL;
	if (json_is_string(value))
		path = sys_strdup(json_string_value(value));
	json_decref(value);
	return path;
}

static lw_code
find_library(const struct lake *lake, const struct process_end *end, char ret[PATH_MAX],
    struct lw_error *ret_error)
{
	char *path = path_in(end), whole[PATH_MAX];
	lw_code code = LW_OK;

	if (path == NULL)
		code = error_set(ret_error, LW_V_BUILD_OUTPUT,
		    "Lake built %s and did not say where it is: is this Lake of 4.26 or later?",
		    lake->options->library);
	else if (!file_join(whole, lake->root, path) || realpath(whole, ret) == NULL)
		code = error_set(ret_error, LW_V_BUILD_OUTPUT,
		    "Lake says that it built %s, and there is no such file: %s", path,
		    error_text(errno));
	sys_free(path);
	return code;
}

/* ---- Running it ---------------------------------------------------------------------------- */

struct listener {
	struct lake_text text;
	const struct lw_build_options *options;
};

static void
listen_to(void *context, const char *text, size_t size)
{
	struct listener *l = context;

	lake_text_add(&l->text, text, size);
	if (l->options->on_log != NULL)
		l->options->on_log(l->options->context, text, size);
}

static void
keep_log(const struct process_end *end, struct lw_error *error)
{
	if (error == NULL)
		return;
	log_tail_copy(&end->log, error->log_tail, sizeof error->log_tail);
	error->log_bytes = end->log.total;
}

static lw_code
run(const struct lake *lake, struct listener *l, char *const *arguments, char *const *environment,
    char ret_library[PATH_MAX], struct lw_error *ret_error)
{
	struct process process = { .child = lake->child,
		.arguments = arguments,
		.environment = environment,
		.folder = lake->root,
		.held = true,
		.until = lake->until,
		.cancel = lake->options->cancel,
		.output_cap = ANSWER_CAP,
		.on_text = listen_to,
		.context = l };
	struct process_end end;
	lw_code code = process_run(&process, &end, ret_error);

	lake_text_end(&l->text);
	if (code == LW_OK) {
		code = say_ended(lake, &end, ret_error);
		if (code == LW_OK && end.status != 0 && end.status != PROCESS_STATUS_UNKNOWN)
			code = say_failed(lake, &l->text, &end, ret_error);
		if (code == LW_OK)
			code = find_library(lake, &end, ret_library, ret_error);
		if (code != LW_OK)
			keep_log(&end, ret_error);
	}
	process_release(&end);
	return code;
}

/*
 * --keep-toolchain: where there is no lake-manifest.json Lake resolves what the project requires, and would
 * then write a newer lean-toolchain, if a package has one, and let elan install that.
 */
lw_code
lake_build(const struct lake *lake, char ret_library[PATH_MAX], struct lw_error *ret_error)
{
	struct listener *l = sys_alloc(sizeof *l);
	struct made_environment *environment = sys_alloc(sizeof *environment);
	char program[PATH_MAX], target[512];
	char *arguments[] = { (char *)lake->child, (char *)WIRE_HOLD_ARGUMENT, program,
		(char *)"query", (char *)"--keep-toolchain", (char *)"--no-ansi", (char *)"--json",
		target, NULL };
	lw_code code;

	(void)snprintf(target, sizeof target, "%s:shared", lake->options->library);
	(void)file_join(program, lake->sysroot, "bin/lake");
	if (access(program, X_OK) < 0) {
		code = error_set(ret_error, LW_V_LAKE_NOT_FOUND,
		    "%s: %s. It belongs to a whole toolchain, as elan installs it.", program,
		    error_text(errno));
	} else if (l == NULL || environment == NULL || !make_environment(lake, environment)) {
		code = error_set(ret_error, LW_V_NO_MEMORY, "no memory for Lake's environment");
	} else {
		l->options = lake->options;
		l->text.on_progress = lake->options->on_progress;
		l->text.context = lake->options->context;
		code = run(lake, l, arguments, environment->entries, ret_library, ret_error);
		sys_free(environment->entries);
	}
	sys_free(environment);
	sys_free(l);
	return code;
}
