/* SPDX-License-Identifier: Apache-2.0 */
/* From options to an open session, a step after the other; and the same as a check. */
#include <errno.h>
#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/sys.h"
#include "base/utf8.h"
#include "capability/build.h"
#include "capability/check.h"
#include "capability/toolchain.h"
#include "parent/error.h"
#include "parent/recipe.h"

struct opening {
	const struct lw_open_options *options;
	const struct lw_call_options *call;
	struct lw_error *error;
	struct checks *checks; /* where findings go */
	lw_capability *capability;
	struct lw_opened opened;
};

const char *
lw_step_name(lw_step step)
{
	static const char *const names[] = {
#define X(name, text) text,
		LW_STEPS(X)
#undef X
	};

	return (unsigned)step < LW_STEP_COUNT ? names[step] : "?";
}

/* ---- Options ------------------------------------------------------------------------------- */

const char *
open_child_path(const struct lw_open_options *options)
{
	if (options->worker != NULL && options->worker->child_path != NULL)
		return options->worker->child_path;
	return options->build != NULL ? options->build->child_path : NULL;
}

const char *
open_import_root(const struct lw_open_options *options)
{
	if (options->import_root != NULL)
		return options->import_root;
	return options->build != NULL ? options->build->project_root : NULL;
}

static bool
are_begun(const struct lw_open_options *o)
{
	return (o->build == NULL || o->build->struct_size == sizeof *o->build) &&
	       (o->worker == NULL || o->worker->struct_size == sizeof *o->worker) &&
	       (o->expected == NULL || o->expected->struct_size == sizeof *o->expected);
}

static bool
is_level(const char *text)
{
	return strcmp(text, "private") == 0 || strcmp(text, "server") == 0 ||
	       strcmp(text, "exported") == 0;
}

static lw_code
check_options(
    const struct lw_open_options *o, const struct lw_call_options *call, struct lw_error *ret_error)
{
	const char *fault = NULL;

	if (!error_is_begun(ret_error))
		return LW_E_MISUSE;
	if (o == NULL || o->struct_size != sizeof *o)
		fault = "options must begin as LW_OPEN_OPTIONS_INIT";
	else if (!are_begun(o) || (call != NULL && call->struct_size != sizeof *call))
		fault = "build, worker, expected and call must begin as their LW_..._INIT";
	else if ((o->build == NULL) == (o->manifest == NULL))
		fault = "one of build and manifest must be given";
	else if (o->build != NULL && o->build->library != NULL && o->build->project_root == NULL)
		fault = "build.project_root must be given: whose library is it?";
	else if (o->imports != NULL && o->imports[0] == NULL)
		fault = "imports names no module; NULL is for no import session";
	else if (o->imports == NULL && (o->import_root != NULL || o->import_level != NULL))
		fault = "import_root and import_level are of no use without imports";
	else if (o->import_level != NULL && !is_level(o->import_level))
		fault = "import_level must be \"private\", \"server\" or \"exported\"";
	else if (o->expected != NULL && o->metadata_export == NULL)
		fault = "metadata_export must say who answers what is expected";
	return fault ? error_set(ret_error, LW_V_MISUSE, "%s", fault) : LW_OK;
}

/* ---- The steps ----------------------------------------------------------------------------- */

static lw_code
step_check(struct opening *o)
{
	check_statically(o->options, o->checks);
	if (o->checks->no_memory)
		return error_set(o->error, LW_V_NO_MEMORY, "no memory for findings");
	if (o->checks->first.verdict == LW_V_OK)
		return LW_OK;
	return error_set(o->error, o->checks->first.verdict, "%s", o->checks->first.message);
}

static lw_code
step_build(struct opening *o)
{
	struct lw_build_options options = *o->options->build;
	struct deadline until = DEADLINE_NEVER;

	options.child_path = open_child_path(o->options);
	if (o->call != NULL && o->call->deadline_ns != 0)
		until = (struct deadline){ o->call->deadline_ns };
	if (options.cancel == NULL && o->call != NULL)
		options.cancel = o->call->cancel;
	o->opened.build = (struct lw_build)LW_BUILD_INIT;
	return build_until(&options, until, &o->opened.build, o->error);
}

static json_t *
describe_imports(const struct lw_open_options *o, const char *root, const char *sysroot)
{
	json_t *wanted = json_object(), *list = json_array();
	int failed = 0;

	for (size_t i = 0; o->imports[i] != NULL; i++)
		failed |= json_array_append_new(list, json_string(o->imports[i]));
	failed |= json_object_set_new(wanted, "imports", list);
	if (root != NULL)
		failed |= json_object_set_new(wanted, "root", json_string(root));
	if (*sysroot != '\0')
		failed |= json_object_set_new(wanted, "sysroot", json_string(sysroot));
	if (o->import_level != NULL)
		failed |= json_object_set_new(wanted, "level", json_string(o->import_level));
	if (failed == 0)
		return wanted;
	json_decref(wanted);
	return NULL;
}

static char *
write_imports(const struct lw_open_options *o, const char *root, const char *sysroot)
{
	json_t *wanted = describe_imports(o, root, sysroot);
	size_t size = wanted ? json_dumpb(wanted, NULL, 0, JSON_COMPACT) : 0;
	char *text = size > 0 ? sys_alloc(size + 1) : NULL;

	if (text != NULL)
		(void)json_dumpb(wanted, text, size, JSON_COMPACT);
	json_decref(wanted);
	return text;
}

static lw_code
add_imports(struct opening *o)
{
	const char *root = open_import_root(o->options);
	char real[PATH_MAX], sysroot[PATH_MAX], *imports;
	lw_capability *whole;
	lw_code code;

	if (root != NULL && realpath(root, real) == NULL)
		return error_set_errno(o->error, LW_V_IMPORT, root);
	if (root != NULL && !utf8_is_text(real))
		return error_set(o->error, LW_V_IMPORT,
		    "%s: the path is not UTF-8, and Lean takes no other. Rename the folder.", real);
	(void)toolchain_root_of(o->capability->recipe.runtime, sysroot);
	imports = write_imports(o->options, root ? real : NULL, sysroot);
	if (imports == NULL)
		return error_set(o->error, LW_V_NO_MEMORY, "no memory for imports");
	code = lw_capability_with_imports(o->capability, imports, &whole, o->error);
	sys_free(imports);
	if (code != LW_OK)
		return code;
	lw_capability_free(&o->capability);
	o->capability = whole;
	return LW_OK;
}

static lw_code
step_load(struct opening *o)
{
	const char *manifest = o->options->manifest ? o->options->manifest
						    : o->opened.build.manifest;
	lw_code code = lw_capability_load(manifest, &o->capability, o->error);

	return code == LW_OK && o->options->imports != NULL ? add_imports(o) : code;
}

static lw_code
step_start(struct opening *o)
{
	struct lw_worker_options options = LW_WORKER_OPTIONS_INIT;
	char sysroot[PATH_MAX];

	if (o->options->worker != NULL)
		options = *o->options->worker;
	options.child_path = open_child_path(o->options);
	(void)toolchain_root_of(o->capability->recipe.runtime, sysroot);
	if (options.lean_sysroot == NULL && *sysroot != '\0')
		options.lean_sysroot = sysroot;
	return lw_worker_start(&options, o->call, &o->opened.worker, o->error);
}

static lw_code
step_health(struct opening *o)
{
	return lw_worker_health(o->opened.worker, o->call, o->error);
}

static lw_code
step_open(struct opening *o)
{
	return lw_session_open(
	    o->opened.worker, o->capability, o->call, &o->opened.session, o->error);
}

static lw_code
step_metadata(struct opening *o)
{
	return lw_session_expect_metadata(o->opened.session, o->options->metadata_export,
	    o->options->expected, o->call, o->error);
}

static bool
is_wanted(const struct opening *o, lw_step step)
{
	if (step == LW_STEP_BUILD)
		return o->options->build != NULL;
	return step != LW_STEP_METADATA || o->options->metadata_export != NULL;
}

static lw_code
run_step(struct opening *o, lw_step step)
{
	static lw_code (*const steps[LW_STEP_COUNT])(struct opening *) = {
		[LW_STEP_CHECK] = step_check,
		[LW_STEP_BUILD] = step_build,
		[LW_STEP_LOAD] = step_load,
		[LW_STEP_START] = step_start,
		[LW_STEP_HEALTH] = step_health,
		[LW_STEP_OPEN] = step_open,
		[LW_STEP_METADATA] = step_metadata,
	};
	int64_t began_ns = sys_monotonic_ns();
	lw_code code;

	if (o->options->on_step != NULL)
		o->options->on_step(o->options->context, step);
	code = steps[step](o);
	o->opened.step_ns[step] = (uint64_t)(sys_monotonic_ns() - began_ns);
	o->opened.elapsed_ns += o->opened.step_ns[step];
	return code;
}

/* From this step on; *ret_step is the one that failed. */
static lw_code
run_steps(struct opening *o, lw_step first, lw_step *ret_step)
{
	lw_code code = LW_OK;

	for (int step = first; step < LW_STEP_COUNT && code == LW_OK; step++)
		if (is_wanted(o, (lw_step)step)) {
			*ret_step = (lw_step)step;
			code = run_step(o, (lw_step)step);
		}
	lw_capability_free(&o->capability);
	if (code != LW_OK)
		lw_opened_close(&o->opened);
	return code;
}

void
lw_opened_close(struct lw_opened *opened)
{
	if (opened == NULL)
		return;
	lw_session_close(&opened->session);
	lw_worker_close(&opened->worker);
}

/* ---- Opening, and checking ----------------------------------------------------------------- */

lw_code
lw_open(const struct lw_open_options *options, const struct lw_call_options *call,
    struct lw_opened *ret_opened, struct lw_error *ret_error)
{
	struct checks checks = { .report = LW_CHECK_REPORT_INIT, .first = LW_ERROR_INIT };
	struct opening o = { .options = options,
		.call = call,
		.error = ret_error,
		.checks = &checks,
		.opened = LW_OPENED_INIT };
	lw_code code = check_options(options, call, ret_error);
	lw_step step;

	if (code == LW_OK && (ret_opened == NULL || ret_opened->struct_size != sizeof *ret_opened))
		code = error_set(ret_error, LW_V_MISUSE, "ret_opened must begin as LW_OPENED_INIT");
	if (code == LW_OK)
		code = run_steps(&o, LW_STEP_CHECK, &step);
	if (code == LW_OK)
		*ret_opened = o.opened;
	lw_check_report_clear(&checks.report);
	return code;
}

static void
say_steps(struct checks *c, const struct lw_opened *opened)
{
	for (int i = LW_STEP_BUILD; i < LW_STEP_COUNT; i++)
		if (opened->step_ns[i] != 0)
			checks_pass(c, lw_step_name((lw_step)i), NULL, "%.1f ms",
			    (double)opened->step_ns[i] / 1e6);
}

/* Opens it, and closes it again. */
static void
check_by_opening(struct opening *o, struct checks *c)
{
	struct lw_error error = LW_ERROR_INIT;
	lw_step step = LW_STEP_CHECK;

	o->error = &error;
	if (run_steps(o, LW_STEP_BUILD, &step) != LW_OK) {
		o->opened.step_ns[step] = 0; /* it is told as a failure */
		say_steps(c, &o->opened);
		checks_fail(c, lw_step_name(step), NULL, &error);
		return;
	}
	say_steps(c, &o->opened);
	lw_opened_close(&o->opened);
}

lw_code
lw_capability_check(const struct lw_open_options *options, int quick,
    const struct lw_call_options *call, struct lw_check_report *ret_report,
    struct lw_error *ret_error)
{
	struct checks checks = { .report = LW_CHECK_REPORT_INIT, .first = LW_ERROR_INIT };
	struct opening o = {
		.options = options, .call = call, .checks = &checks, .opened = LW_OPENED_INIT
	};
	lw_code code = check_options(options, call, ret_error);

	if (code == LW_OK && (ret_report == NULL || ret_report->struct_size != sizeof *ret_report))
		code = error_set(
		    ret_error, LW_V_MISUSE, "ret_report must begin as LW_CHECK_REPORT_INIT");
	if (code != LW_OK)
		return code;
	(void)run_step(&o, LW_STEP_CHECK);
	if (!quick && checks.first.verdict == LW_V_OK && !checks.no_memory)
		check_by_opening(&o, &checks);
	memcpy(checks.report.step_ns, o.opened.step_ns, sizeof checks.report.step_ns);
	if (checks.no_memory) {
		lw_check_report_clear(&checks.report);
		return error_set(ret_error, LW_V_NO_MEMORY, "no memory for findings");
	}
	*ret_report = checks.report;
	return LW_OK;
}
