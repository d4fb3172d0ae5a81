/* SPDX-License-Identifier: Apache-2.0 */
#include "parent/recipe.h"

#include <string.h>

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

lw_code
lw_capability_create(const struct lw_capability_options *options, lw_capability **ret_capability,
    struct lw_error *ret_error)
{
	lw_capability *c;

	if (!error_is_begun(ret_error))
		return LW_E_MISUSE;
	if (options == NULL || ret_capability == NULL)
		return error_set(ret_error, LW_V_MISUSE, "%s is NULL",
		    options == NULL ? "options" : "ret_capability");
	if (options->struct_size != sizeof *options)
		return error_set(ret_error, LW_V_MISUSE,
		    "options must begin as LW_CAPABILITY_OPTIONS_INIT (struct_size %zu, not %zu)",
		    sizeof *options, options->struct_size);
	if (options->host == NULL || options->library == NULL)
		return error_set(ret_error, LW_V_MISUSE, "a capability needs host and library");
	if (options->module == NULL && !capability_is_native(options->host))
		return error_set(
		    ret_error, LW_V_MISUSE, "a capability of host lean needs its root module");
	c = sys_alloc(sizeof *c);
	if (c == NULL)
		return error_set(ret_error, LW_V_NO_MEMORY, "no memory for a capability");
	atomic_init(&c->holders, 1);
	if (!copy(&c->recipe.host, options->host) || !copy(&c->recipe.library, options->library) ||
	    !copy(&c->recipe.runtime, options->runtime) ||
	    !copy(&c->recipe.package, options->package) ||
	    !copy(&c->recipe.module, options->module) ||
	    !copy(&c->lean_version, options->lean_version) ||
	    !copy_dependencies(c, options->dependencies)) {
		destroy(c);
		return error_set(ret_error, LW_V_NO_MEMORY, "no memory for a capability");
	}
	*ret_capability = c;
	return LW_OK;
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
	    strcmp(x->module, y->module) != 0 || x->dependency_count != y->dependency_count)
		return false;
	for (size_t i = 0; i < x->dependency_count; i++)
		if (strcmp(x->dependencies[i], y->dependencies[i]) != 0)
			return false;
	return true;
}
