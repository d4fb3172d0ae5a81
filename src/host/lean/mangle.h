/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How the Lean compiler spells names in object files, as far as a loader needs it: the name of a
 * module's initialiser. The rules are those since 4.26; a package is part of the name since 4.27.
 */
#ifndef LWL_MANGLE_H
#define LWL_MANGLE_H

#include "base/buffer.h"

/* Both end in NUL. Without a package, prefixed is empty. */
struct lwl_initializer {
	struct buffer prefixed, bare;
};

/*
 * NULL, or why there is no such name: "is empty", … for people. The module is written as in Lean,
 * components in «» included; the package may be "". Release the result either way.
 */
const char *lwl_initializer_names(
    const char *package, const char *module, struct lwl_initializer *ret_names);
void lwl_initializer_release(struct lwl_initializer *names);

#endif
