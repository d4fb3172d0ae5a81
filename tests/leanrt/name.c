/* SPDX-License-Identifier: Apache-2.0 */
/* name.c - hierarchical names: 0 anonymous, 1 string, 2 number; the prefix is field 0. */
#include "rt.h"

uint8_t
lean_name_eq(lean_object *a, lean_object *b)
{
	for (; a != b; a = lean_ctor_get(a, 0), b = lean_ctor_get(b, 0)) {
		if (lwl_is_scalar(a) || lwl_is_scalar(b) || lean_ptr_tag(a) != lean_ptr_tag(b))
			return 0;
		if (lean_ptr_tag(a) == 1 &&
		    !lean_string_eq(lean_ctor_get(a, 1), lean_ctor_get(b, 1)))
			return 0;
		if (lean_ptr_tag(a) == 2 && !lean_nat_eq(lean_ctor_get(a, 1), lean_ctor_get(b, 1)))
			return 0;
	}
	return 1;
}
