/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a Lake project to a manifest: toolchain, lock, stamp, Lake, the libraries that are needed, the
 * manifest, and the stamp that lets the next build pass Lake by.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/sys.h"
#include "capability/build.h"
#include "capability/closure.h"
#include "capability/description.h"
#include "capability/files.h"
#include "capability/lake.h"
#include "capability/package.h"
#include "capability/stamp.h"
#include "capability/toolchain.h"
#include "parent/budgets.h"
#include "parent/cancel.h"
#include "parent/error.h"
#include "parent/resolve.h"

#define OURS     ".lake/build/leanworker"
#define LOCK     OURS "/lock"
#define BUILD_MS 600000u
#define LOCK_MS  20 /* between two looks whether another build has ended */

struct build {
	const struct lw_build_options *options;
	struct lw_build_options own; /* those of the package that comes with this library */
	char own_root[PATH_MAX];
	struct lw_error *error;
	struct workspace workspace;
	struct lw_toolchain toolchain;
	struct deadline until;
	char *child;
	int lock;
	char manifest[PATH_MAX], stamp_path[PATH_MAX], library[PATH_MAX];
	char reason[256];
	struct stamp stamp;
	struct closure closure;
};

/* ---- What is asked for --------------------------------------------------------------------- */

/* A name is an argument of Lake's, and part of a file's name. */
static lw_code
check_library(const char *library, struct lw_error *ret_error)
{
	if (*library == '\0' || *library == '-' || *library == '.' || strlen(library) > 200 ||
	    strpbrk(library, "/:@+\n") != NULL)
		return error_set(ret_error, LW_V_MISUSE,
		    "\"%s\" is not the name of a lean_lib; it goes without its package and facet",
		    library);
	return LW_OK;
}

static lw_code
check_options(
    const struct lw_build_options *o, const struct lw_build *ret_build, struct lw_error *ret_error)
{
	if (!error_is_begun(ret_error))
		return LW_E_MISUSE;
	if (o == NULL || o->struct_size != sizeof *o || ret_build == NULL ||
	    ret_build->struct_size != sizeof *ret_build)
		return error_set(ret_error, LW_V_MISUSE,
		    "options and ret_build must begin as LW_BUILD_OPTIONS_INIT and LW_BUILD_INIT");
	if (o->library == NULL)
		return LW_OK;
	if (o->project_root == NULL)
		return error_set(ret_error, LW_V_MISUSE,
		    "project_root must be given: which project's library is \"%s\"?", o->library);
	return check_library(o->library, ret_error);
}

/* Absolute, and without symbolic links in its folder: what is in it is relative to that. */
static bool
resolve_wanted(const char *wanted, char ret[PATH_MAX])
{
	const char *slash = strrchr(wanted, '/'), *name = slash ? slash + 1 : wanted;
	char folder[PATH_MAX], real[PATH_MAX];

	if (slash == NULL)
		(void)snprintf(folder, sizeof folder, ".");
	else
		(void)snprintf(folder, sizeof folder, "%.*s/", (int)(slash - wanted), wanted);
	return *name != '\0' && realpath(folder, real) != NULL && file_join(ret, real, name);
}

static bool
resolve_manifest(struct build *b)
{
	char name[PATH_MAX];

	if (b->options->manifest != NULL) {
		errno = EISDIR; /* where it ends in a slash */
		return resolve_wanted(b->options->manifest, b->manifest);
	}
	return snprintf(name, sizeof name, OURS "/%s.capability.json", b->options->library) <
		   PATH_MAX &&
	       file_join(b->manifest, b->workspace.root, name) && file_make_folders(b->manifest);
}

static lw_code
resolve_paths(struct build *b)
{
	char name[PATH_MAX];

	if (!resolve_manifest(b))
		return error_set_errno(b->error, LW_V_BUILD_OUTPUT,
		    b->options->manifest ? b->options->manifest : b->workspace.root);
	(void)snprintf(name, sizeof name, OURS "/%s.stamp", b->options->library);
	if (!file_join(b->stamp_path, b->workspace.root, name) || !file_make_folders(b->stamp_path))
		return error_set_errno(b->error, LW_V_BUILD_OUTPUT, b->workspace.root);
	return LW_OK;
}

/* ---- One build at a time ------------------------------------------------------------------- */

/* The lock is tried again and again: a wait for it could neither end in time nor be cancelled. */
static lw_code
wait_for_lock(struct build *b)
{
	static const struct lw_progress waiting = { .phase = "waiting for another build",
		.total = UINT64_MAX };
	lw_cancel_token *cancel = b->options->cancel;
	bool told = false;

	while (sys_try_lock(b->lock) < 0) {
		struct pollfd wake = { .fd = cancel ? cancel->eventfd : -1, .events = POLLIN };

		if (errno != EWOULDBLOCK && errno != EINTR)
			return error_set_errno(b->error, LW_V_SYSTEM_CALL, "cannot lock a build");
		if (!told && b->options->on_progress != NULL)
			b->options->on_progress(b->options->context, &waiting);
		told = true;
		if (sys_poll(&wake, 1, LOCK_MS) > 0 && cancel_woke(cancel))
			return error_set(
			    b->error, LW_V_CANCELLED, "cancelled while another build was running");
		if (deadline_passed(b->until))
			return error_set(b->error, LW_V_BUILD_TIMEOUT,
			    "another build of %s did not end in time", b->workspace.root);
	}
	return LW_OK;
}

static lw_code
lock(struct build *b)
{
	char path[PATH_MAX];

	if (!file_join(path, b->workspace.root, LOCK))
		return error_set(b->error, LW_V_BUILD_OUTPUT, "the project's path is too long");
	b->lock = sys_open_lock(path);
	if (b->lock < 0)
		return error_set_errno(b->error, LW_V_BUILD_OUTPUT, path);
	return wait_for_lock(b);
}

/* ---- Whether there is something to do ------------------------------------------------------ */

static lw_code
take_stamp(struct build *b)
{
	char conditions[2 * PATH_MAX];

	(void)snprintf(conditions, sizeof conditions, "%s, Lean %s of %s, %s, %s, %s", LW_VERSION,
	    b->toolchain.version, b->toolchain.sysroot, b->options->library,
	    b->options->module ? b->options->module : "", b->manifest);
	stamp_begin(&b->stamp, conditions, b->manifest, b->lock);
	stamp_add_tree(&b->stamp, b->workspace.root);
	for (size_t i = 0; i < b->workspace.count; i++)
		stamp_add_tree(&b->stamp, b->workspace.packages[i].folder);
	return b->stamp.no_memory ? error_set(b->error, LW_V_NO_MEMORY, "no memory for a stamp")
				  : LW_OK;
}

static bool
is_up_to_date(struct build *b)
{
	if (!b->options->always)
		return stamp_holds(&b->stamp, b->stamp_path, b->reason, sizeof b->reason);
	(void)snprintf(b->reason, sizeof b->reason, "it was asked for");
	return false;
}

/* Where it cannot be kept the next build asks Lake: no failure. */
static void
keep_stamp(struct build *b)
{
	stamp_add_output(&b->stamp, b->library);
	for (size_t i = 0; i < b->closure.count; i++)
		stamp_add_output(&b->stamp, b->closure.paths[i]);
	stamp_add_output(&b->stamp, b->manifest);
	if (b->stamp.usable && !b->stamp.no_memory)
		(void)file_write(
		    b->stamp_path, buffer_front(&b->stamp.text), buffer_size(&b->stamp.text));
	else
		(void)unlink(b->stamp_path);
}

static lw_code
write_manifest(struct build *b)
{
	struct description d = { .manifest = b->manifest,
		.library = b->library,
		.closure = &b->closure,
		.toolchain = &b->toolchain,
		.package = workspace_package_of(&b->workspace, b->library),
		.module = b->options->module ? b->options->module : b->options->library };

	return description_write(&d, b->error);
}

/* ---- All of it ----------------------------------------------------------------------------- */

static lw_code
build_library(struct build *b)
{
	struct lake lake = { .options = b->options,
		.root = b->workspace.root,
		.sysroot = b->toolchain.sysroot,
		.child = b->child,
		.until = b->until };
	struct inspector inspector = {
		.child = b->child, .until = b->until, .cancel = b->options->cancel, .brief = true
	};
	lw_code code = LW_OK;

	if (!b->options->allow_fetch)
		code = workspace_check_packages(&b->workspace, b->error);
	if (code == LW_OK)
		code = lake_build(&lake, b->library, b->error);
	if (code == LW_OK)
		code = workspace_read(&b->workspace, b->error);
	if (code == LW_OK)
		code = closure_find(&b->workspace, b->library, &inspector, &b->closure, b->error);
	if (code == LW_OK)
		code = write_manifest(b);
	if (code == LW_OK)
		keep_stamp(b);
	return code;
}

/* The project's own library, or that of the package that comes with this one. */
static lw_code
find_project(struct build *b)
{
	lw_code code = LW_OK;

	if (b->options->library != NULL)
		code = workspace_open(b->options->project_root, &b->workspace, b->error);
	if (code == LW_OK)
		code = toolchain_find_for(b->options, &b->toolchain, b->error);
	if (code != LW_OK || b->options->library != NULL)
		return code;
	code = package_provide(&b->toolchain, b->own_root, b->error);
	b->own = *b->options;
	b->own.library = PACKAGE_LIBRARY;
	b->own.project_root = b->own_root;
	b->options = &b->own;
	return code == LW_OK ? workspace_open(b->own_root, &b->workspace, b->error) : code;
}

static lw_code
prepare(struct build *b)
{
	lw_code code = find_project(b);

	if (code == LW_OK)
		code = resolve_paths(b);
	if (code == LW_OK)
		code = resolve_child(b->options->child_path, &b->child, b->error);
	if (code == LW_OK)
		code = lock(b);
	return code == LW_OK ? take_stamp(b) : code;
}

static lw_code
publish(const struct build *b, bool up_to_date, size_t dependencies, int64_t began_ns,
    struct lw_build *ret)
{
	struct lw_build made = LW_BUILD_INIT;

	if (strlen(b->manifest) >= sizeof made.manifest ||
	    strlen(b->library) >= sizeof made.library)
		return error_set(b->error, LW_V_BUILD_OUTPUT, "the project's path is too long");
	(void)snprintf(made.manifest, sizeof made.manifest, "%.*s", (int)sizeof made.manifest - 1,
	    b->manifest);
	(void)snprintf(
	    made.library, sizeof made.library, "%.*s", (int)sizeof made.library - 1, b->library);
	made.dependencies = dependencies;
	made.toolchain = b->toolchain;
	made.up_to_date = up_to_date;
	if (!up_to_date)
		memcpy(made.reason, b->reason, sizeof made.reason);
	made.elapsed_ns = (uint64_t)(sys_monotonic_ns() - began_ns);
	*ret = made;
	return LW_OK;
}

static void
release(struct build *b)
{
	sys_close(&b->lock);
	stamp_release(&b->stamp);
	closure_release(&b->closure);
	workspace_release(&b->workspace);
	sys_free(b->child);
	sys_free(b);
}

lw_code
build_until(const struct lw_build_options *options, struct deadline until,
    struct lw_build *ret_build, struct lw_error *ret_error)
{
	int64_t began_ns = sys_monotonic_ns();
	lw_code code = check_options(options, ret_build, ret_error);
	size_t dependencies = 0;
	bool up_to_date = false;
	struct build *b;

	if (code != LW_OK)
		return code;
	b = sys_alloc(sizeof *b);
	if (b == NULL)
		return error_set(ret_error, LW_V_NO_MEMORY, "no memory for a build");
	b->options = options;
	b->error = ret_error;
	b->lock = -1;
	b->toolchain = (struct lw_toolchain)LW_TOOLCHAIN_INIT;
	b->until = deadline_earlier(
	    until, budget_end(began_ns, options->build_ms ? options->build_ms : BUILD_MS));
	code = prepare(b);
	if (code == LW_OK)
		up_to_date = is_up_to_date(b) &&
			     description_read(b->manifest, b->library, &dependencies);
	if (code == LW_OK && !up_to_date) {
		code = build_library(b);
		dependencies = b->closure.count;
	}
	if (code == LW_OK)
		code = publish(b, up_to_date, dependencies, began_ns, ret_build);
	release(b);
	return code;
}

lw_code
lw_build(
    const struct lw_build_options *options, struct lw_build *ret_build, struct lw_error *ret_error)
{
	return build_until(options, DEADLINE_NEVER, ret_build, ret_error);
}
