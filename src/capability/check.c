/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What would be in the way of opening, all of it and not the first alone: each part is looked at whatever
 * the one before has shown, as far as it does not depend on that.
 */
#include "capability/check.h"

#include <elf.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/sys.h"
#include "capability/files.h"
#include "capability/modules.h"
#include "capability/package.h"
#include "capability/toolchain.h"
#include "capability/workspace.h"
#include "parent/error.h"
#include "parent/recipe.h"
#include "parent/resolve.h"
#include "wire/lean_version.h"

/* ---- Findings ------------------------------------------------------------------------------ */

static void
release_finding(struct lw_check_finding *f)
{
	sys_free(f->subject);
	sys_free(f->message);
	sys_free(f->advice);
}

void
lw_check_report_clear(struct lw_check_report *report)
{
	if (report == NULL)
		return;
	for (size_t i = 0; i < report->finding_count; i++)
		release_finding(&report->findings[i]);
	sys_free(report->findings);
	*report = (struct lw_check_report)LW_CHECK_REPORT_INIT;
}

lw_severity
lw_check_verdict(const struct lw_check_report *report)
{
	lw_severity worst = LW_SEVERITY_PASS;

	for (size_t i = 0; report != NULL && i < report->finding_count; i++)
		if (report->findings[i].severity > worst)
			worst = report->findings[i].severity;
	return worst;
}

static void
add(struct checks *c, lw_severity severity, const char *code, lw_verdict verdict,
    const char *subject, const char *message, const char *advice)
{
	struct lw_check_report *r = &c->report;
	struct lw_check_finding *more = sys_realloc(
	    r->findings, (r->finding_count + 1) * sizeof *more);
	struct lw_check_finding f = { .severity = severity, .code = code, .verdict = verdict };

	f.subject = sys_strdup(subject ? subject : "");
	f.message = sys_strdup(message);
	f.advice = sys_strdup(advice);
	if (more != NULL)
		r->findings = more;
	if (more == NULL || f.subject == NULL || f.message == NULL || f.advice == NULL) {
		c->no_memory = true;
		release_finding(&f);
		return;
	}
	more[r->finding_count++] = f;
}

void
checks_pass(struct checks *c, const char *code, const char *subject, const char *format, ...)
{
	char message[1024];
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(message, sizeof message, format, arguments);
	va_end(arguments);
	add(c, LW_SEVERITY_PASS, code, LW_V_OK, subject, message, "");
}

static void
warn(struct checks *c, const char *code, const char *subject, const char *message,
    const char *advice)
{
	add(c, LW_SEVERITY_WARNING, code, LW_V_OK, subject, message, advice);
}

void
checks_fail(struct checks *c, const char *code, const char *subject, const struct lw_error *error)
{
	if (c->first.verdict == LW_V_OK)
		c->first = *error;
	add(c, LW_SEVERITY_ERROR, code, error->verdict, subject, error->message,
	    lw_verdict_advice(error->verdict));
}

__attribute__((format(printf, 5, 6))) static void
fail(struct checks *c, const char *code, const char *subject, lw_verdict verdict,
    const char *format, ...)
{
	struct lw_error error = LW_ERROR_INIT;
	char message[sizeof error.message];
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(message, sizeof message, format, arguments);
	va_end(arguments);
	(void)error_set(&error, verdict, "%s", message);
	checks_fail(c, code, subject, &error);
}

/* ---- The child program --------------------------------------------------------------------- */

static void
check_child(struct checks *c, const struct lw_open_options *o)
{
	struct lw_error error = LW_ERROR_INIT;
	char *path = NULL;

	if (resolve_child(open_child_path(o), &path, &error) != LW_OK)
		checks_fail(c, "child", open_child_path(o), &error);
	else if (access(path, X_OK) < 0)
		fail(c, "child", path, LW_V_CHILD_NOT_STARTED, "%s cannot be executed: %s", path,
		    error_text(errno));
	else
		checks_pass(c, "child", path, "found");
	sys_free(path);
}

/* ---- A project that is to be built --------------------------------------------------------- */

static bool
check_toolchain(
    struct checks *c, const struct lw_build_options *o, struct lw_toolchain *ret_toolchain)
{
	struct lw_error error = LW_ERROR_INIT;
	char lake[PATH_MAX];

	if (toolchain_find_for(o, ret_toolchain, &error) != LW_OK) {
		checks_fail(c, "toolchain", o->project_root, &error);
		return false;
	}
	if (*ret_toolchain->warning != '\0')
		warn(c, "toolchain", ret_toolchain->sysroot, ret_toolchain->warning,
		    "Lean " LEAN_VERSION_WINDOW " is what this was made for.");
	else
		checks_pass(
		    c, "toolchain", ret_toolchain->sysroot, "Lean %s", ret_toolchain->version);
	if (file_join(lake, ret_toolchain->sysroot, "bin/lake") && access(lake, X_OK) == 0)
		checks_pass(c, "lake", lake, "found");
	else
		fail(c, "lake", ret_toolchain->sysroot, LW_V_LAKE_NOT_FOUND,
		    "%s has no bin/lake: %s", ret_toolchain->sysroot, error_text(errno));
	return true;
}

static void
check_packages(struct checks *c, const struct lw_build_options *o, const struct workspace *w)
{
	struct lw_error error = LW_ERROR_INIT;

	if (workspace_check_packages(w, &error) == LW_OK)
		checks_pass(c, "packages", w->root, "all %zu are here", w->count);
	else if (o->allow_fetch)
		warn(c, "packages", w->root, error.message, "Lake may fetch them, as was allowed.");
	else
		checks_fail(c, "packages", w->root, &error);
}

static void
check_project(struct checks *c, const struct lw_build_options *o)
{
	struct lw_error error = LW_ERROR_INIT;
	struct workspace w;

	if (workspace_open(o->project_root, &w, &error) != LW_OK) {
		checks_fail(c, "project", o->project_root, &error);
	} else {
		checks_pass(c, "project", w.root, "a Lake project%s%s",
		    w.name && *w.name ? " named " : "", w.name ? w.name : "");
		check_packages(c, o, &w);
	}
	workspace_release(&w);
}

/* The package that is built where no library is named. */
static void
check_own_package(struct checks *c)
{
	struct lw_error error = LW_ERROR_INIT;
	char *path = NULL;

	if (resolve_package(&path, &error) != LW_OK)
		checks_fail(c, "package", NULL, &error);
	else
		checks_pass(c, "package", path, "has " PACKAGE_LIBRARY ", which is to be built");
	sys_free(path);
}

/* ---- A manifest ---------------------------------------------------------------------------- */

/*
 * NULL, or what is wrong: the first bytes alone, which no harm can be in. A named pipe is not opened: it
 * would wait for a writer.
 */
static const char *
judge_library(const char *path)
{
	Elf64_Ehdr header;
	struct stat facts;
	const char *fault;
	ssize_t n;
	int fd;

	if (stat(path, &facts) == 0 && !S_ISREG(facts.st_mode))
		return "not a regular file";
	fd = sys_open_read(path);
	n = fd >= 0 ? sys_read(fd, &header, sizeof header) : -1;
	fault = n < 0 ? error_text(errno) : NULL;

	sys_close(&fd);
	if (fault != NULL)
		return fault;
	if (n < (ssize_t)sizeof header || memcmp(header.e_ident, ELFMAG, SELFMAG) != 0)
		return "not an ELF file";
#if defined(__x86_64__)
	if (header.e_machine != EM_X86_64)
		return "for another kind of machine";
#elif defined(__aarch64__)
	if (header.e_machine != EM_AARCH64)
		return "for another kind of machine";
#endif
	return header.e_type == ET_DYN ? NULL : "not a shared library";
}

static void
check_library(struct checks *c, const char *code, const char *path, lw_verdict verdict)
{
	const char *fault = judge_library(path);

	if (fault == NULL)
		checks_pass(c, code, path, "a shared library for this machine");
	else
		fail(c, code, path, verdict, "%s: %s", path, fault);
}

/* Loaded twice under two names, a library keeps two copies of its state. */
static void
check_copies(struct checks *c, const struct child_recipe *r)
{
	struct stat a, b;

	for (size_t i = 0; i < r->dependency_count; i++)
		for (size_t k = i + 1; k <= r->dependency_count; k++) {
			const char *other = k < r->dependency_count ? r->dependencies[k]
								    : r->library;

			if (stat(r->dependencies[i], &a) == 0 && stat(other, &b) == 0 &&
			    a.st_dev == b.st_dev && a.st_ino == b.st_ino)
				warn(c, "dependency", other, "it is listed twice",
				    "Remove one of them from the manifest.");
		}
}

static void
check_built_version(struct checks *c, const lw_capability *capability)
{
	char warning[256];

	if (*capability->lean_version == '\0')
		return;
	(void)lean_version_judge(capability->lean_version, warning, sizeof warning);
	if (*warning != '\0')
		warn(c, "version", capability->lean_version, warning,
		    "Lean " LEAN_VERSION_WINDOW " is what this was made for.");
	else
		checks_pass(c, "version", capability->lean_version, "it was built with this Lean");
}

static void
check_recipe(struct checks *c, const lw_capability *capability)
{
	const struct child_recipe *r = &capability->recipe;

	if (*r->runtime != '\0')
		check_library(c, "runtime", r->runtime, LW_V_RUNTIME);
	for (size_t i = 0; i < r->dependency_count; i++)
		check_library(c, "dependency", r->dependencies[i], LW_V_CAPABILITY_LOAD);
	check_library(c, "library", r->library, LW_V_CAPABILITY_LOAD);
	check_copies(c, r);
	check_built_version(c, capability);
}

/* The folder of the toolchain; "" where the runtime is in none. */
static void
check_manifest(struct checks *c, const char *manifest, char ret_sysroot[PATH_MAX])
{
	struct lw_error error = LW_ERROR_INIT;
	lw_capability *capability = NULL;

	*ret_sysroot = '\0';
	if (lw_capability_load(manifest, &capability, &error) != LW_OK) {
		checks_fail(c, "manifest", manifest, &error);
		return;
	}
	checks_pass(c, "manifest", manifest, "of host %s", capability->recipe.host);
	check_recipe(c, capability);
	(void)toolchain_root_of(capability->recipe.runtime, ret_sysroot);
	lw_capability_free(&capability);
}

/* ---- Imports ------------------------------------------------------------------------------- */

/* Where the library that is built first needs it, it may be built with it. */
static void
say_not_built(
    struct checks *c, const struct lw_open_options *o, const char *module, const struct modules *m)
{
	char message[1024];

	(void)snprintf(message, sizeof message,
	    "%s is not built: none of the %zu folders that are searched has its .olean file",
	    module, m->count);
	if (modules_is_of_toolchain(module))
		fail(c, "import", module, LW_V_IMPORT,
		    "%s. It is the toolchain's own: is that installed as a whole?", message);
	else if (o->build != NULL && o->build->library != NULL)
		warn(c, "import", module, message,
		    "It is found if the library that is built first imports it; else build it with "
		    "Lake.");
	else
		fail(c, "import", module, LW_V_IMPORT, "%s. `lake build %s` in %s builds it.",
		    message, module, m->root[0] != '\0' ? m->root : "its workspace");
}

static void
check_module(
    struct checks *c, const struct lw_open_options *o, const char *module, const struct modules *m)
{
	char path[PATH_MAX];

	if (!modules_is_name(module))
		fail(
		    c, "import", module, LW_V_IMPORT, "\"%s\" is not the name of a module", module);
	else if (modules_find(m, module, path))
		checks_pass(c, "import", module, "%s", path);
	else
		say_not_built(c, o, module, m);
}

static void
check_imports(struct checks *c, const struct lw_open_options *o, const char *sysroot)
{
	struct lw_error error = LW_ERROR_INIT;
	struct modules m;

	if (o->imports == NULL)
		return;
	if (modules_open(&m, open_import_root(o), sysroot, &error) != LW_OK)
		checks_fail(c, "import_root", open_import_root(o), &error);
	else
		for (size_t i = 0; o->imports[i] != NULL; i++)
			check_module(c, o, o->imports[i], &m);
	modules_release(&m);
}

/* ---- All of it ----------------------------------------------------------------------------- */

void
check_statically(const struct lw_open_options *o, struct checks *c)
{
	struct lw_toolchain toolchain = LW_TOOLCHAIN_INIT;
	char sysroot[PATH_MAX] = "";
	bool known = true;

	check_child(c, o);
	if (o->manifest != NULL) {
		check_manifest(c, o->manifest, sysroot);
		known = *sysroot != '\0';
	} else {
		if (o->build->library != NULL)
			check_project(c, o->build);
		else
			check_own_package(c);
		known = check_toolchain(c, o->build, &toolchain);
		memcpy(sysroot, toolchain.sysroot, sizeof toolchain.sysroot);
	}
	if (known)
		check_imports(c, o, sysroot);
}
