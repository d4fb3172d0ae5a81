/* SPDX-License-Identifier: Apache-2.0 */
#include "parent/recipe.h"

#include <string.h>

#include "base/json.h"
#include "base/sys.h"
#include "parent/error.h"

static void
destroy(lw_capability *c)
{
	for (size_t i = 0; i < c->recipe.dependency_count; i++)
		sys_free(c->dependencies[i]);
	sys_free(c->dependencies);
	sys_free((char *)c->recipe.host);
	sys_free((char *)c->recipe.runtime);
	sys_free((char *)c->recipe.library);
	sys_free((char *)c->recipe.package);
	sys_free((char *)c->recipe.module);
	sys_free((char *)c->lean_version);
	sys_free((char *)c->recipe.imports);
	sys_free(c);
}

static bool
copy(const char **ret, const char *text)
{
	*ret = sys_strdup(text ? text : "");
	return *ret != NULL;
}

static bool
copy_dependencies(lw_capability *c, const char *const *paths)
{
	size_t count = 0;

	while (paths != NULL && paths[count] != NULL)
		count++;
	c->dependencies = sys_alloc((count + 1) * sizeof *c->dependencies);
	if (c->dependencies == NULL)
		return false;
	c->recipe.dependencies = (const char *const *)c->dependencies;
	for (; c->recipe.dependency_count < count; c->recipe.dependency_count++) {
		size_t i = c->recipe.dependency_count;

		c->dependencies[i] = sys_strdup(paths[i]);
		if (c->dependencies[i] == NULL)
			return false;
	}
	return true;
}

bool
capability_is_native(const char *host)
{
	return strcmp(host, "native") == 0;
}

/* What Lean makes of it is for the child to say; that it is an object is known here. */
static lw_code
check_imports(const struct lw_capability_options *options, struct lw_error *ret_error)
{
	const char *text = options->imports, *fault;
	size_t offset;

	if (text == NULL)
		return LW_OK;
	if (capability_is_native(options->host))
		return error_set(
		    ret_error, LW_V_MISUSE, "a native capability has no modules to import");
	if (!jread_validate(text, strlen(text), &offset, &fault))
		return error_set(
		    ret_error, LW_V_MISUSE, "imports is not JSON at byte %zu: %s", offset, fault);
	if (text[strspn(text, " \t\r\n")] != '{')
		return error_set(ret_error, LW_V_MISUSE, "imports is not a JSON object");
	return LW_OK;
}

static lw_code
check_options(const struct lw_capability_options *options, struct lw_error *ret_error)
{
	if (options->struct_size != sizeof *options)
		return error_set(ret_error, LW_V_MISUSE,
		    "options must begin as LW_CAPABILITY_OPTIONS_INIT (struct_size %zu, not %zu)",
		    sizeof *options, options->struct_size);
	if (options->host == NULL || options->library == NULL)
		return error_set(ret_error, LW_V_MISUSE, "a capability needs host and library");
	if (options->module == NULL && !capability_is_native(options->host))
		return error_set(
		    ret_error, LW_V_MISUSE, "a capability of host lean needs its root module");
	return check_imports(options, ret_error);
}

lw_code
lw_capability_create(const struct lw_capability_options *options, lw_capability **ret_capability,
    struct lw_error *ret_error)
{
	lw_capability *c;
	lw_code code;

	if (!error_is_begun(ret_error))
		return LW_E_MISUSE;
	if (options == NULL || ret_capability == NULL)
		return error_set(ret_error, LW_V_MISUSE, "%s is NULL",
		    options == NULL ? "options" : "ret_capability");
	code = check_options(options, ret_error);
	if (code != LW_OK)
		return code;
	c = sys_alloc(sizeof *c);
	if (c == NULL)
		return error_set(ret_error, LW_V_NO_MEMORY, "no memory for a capability");
	atomic_init(&c->holders, 1);
	if (!copy(&c->recipe.host, options->host) || !copy(&c->recipe.library, options->library) ||
	    !copy(&c->recipe.runtime, options->runtime) ||
	    !copy(&c->recipe.package, options->package) ||
	    !copy(&c->recipe.module, options->module) ||
	    !copy(&c->lean_version, options->lean_version) ||
	    !copy(&c->recipe.imports, options->imports) ||
	    !copy_dependencies(c, options->dependencies)) {
		destroy(c);
		return error_set(ret_error, LW_V_NO_MEMORY, "no memory for a capability");
	}
	*ret_capability = c;
	return LW_OK;
}

lw_code
lw_capability_with_imports(const lw_capability *capability, const char *imports,
    lw_capability **ret_capability, struct lw_error *ret_error)
{
	struct lw_capability_options options = LW_CAPABILITY_OPTIONS_INIT;
	const struct child_recipe *r;

	if (!error_is_begun(ret_error))
		return LW_E_MISUSE;
	if (capability == NULL || imports == NULL)
		return error_set(ret_error, LW_V_MISUSE, "%s is NULL",
		    capability == NULL ? "capability" : "imports");
	r = &capability->recipe;
	options.host = r->host;
	options.library = r->library;
	options.runtime = r->runtime;
	options.package = r->package;
	options.module = r->module;
	options.dependencies = r->dependencies;
	options.imports = imports;
	options.lean_version = capability->lean_version;
	return lw_capability_create(&options, ret_capability, ret_error);
}

lw_capability *
capability_hold(const lw_capability *capability)
{
	lw_capability *c = (lw_capability *)capability; /* only the count changes */

	(void)atomic_fetch_add(&c->holders, 1);
	return c;
}

void
lw_capability_free(lw_capability **capability)
{
	lw_capability *c = capability != NULL ? *capability : NULL;

	if (c == NULL)
		return;
	*capability = NULL;
	if (atomic_fetch_sub(&c->holders, 1) == 1)
		destroy(c);
}

bool
capability_same(const lw_capability *a, const lw_capability *b)
{
	const struct child_recipe *x = &a->recipe, *y = &b->recipe;

	if (strcmp(x->host, y->host) != 0 || strcmp(x->library, y->library) != 0 ||
	    strcmp(x->runtime, y->runtime) != 0 || strcmp(x->package, y->package) != 0 ||
	    strcmp(x->module, y->module) != 0 || strcmp(x->imports, y->imports) != 0 ||
	    x->dependency_count != y->dependency_count)
		return false;
	for (size_t i = 0; i < x->dependency_count; i++)
		if (strcmp(x->dependencies[i], y->dependencies[i]) != 0)
			return false;
	return true;
}
