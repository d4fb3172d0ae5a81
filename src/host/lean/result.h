/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Judging what compiled Lean code returned. A function's type cannot be asked for at run time, so
 * its result tells: every step is checked before the next one reads through it. An arbitrary
 * aligned address cannot be told from an object; a function that returns one ends the process, not
 * more.
 */
#ifndef LWL_RESULT_H
#define LWL_RESULT_H

#include "host/host.h"
#include "host/lean/runtime.h"

enum lwl_result {
	LWL_RESULT_OK,
	LWL_RESULT_ERROR,   /* an IO error; its text is in the message */
	LWL_RESULT_FOREIGN, /* no IO result; the message says what it is instead */
};

/*
 * Takes result. *ret_value, on OK, is the caller's to release. The text of an error is all of the
 * message; what a foreign result is completes a sentence: "the number 3", "a String".
 */
enum lwl_result lwl_result_take(const struct lwl_runtime *runtime, lwl_object *result,
    lwl_object **ret_value, struct host_message *ret_message);

/* Whether o may be read through; the rest is a number, or nothing. */
bool lwl_is_object(const lwl_object *o);

/* The same words for a value. */
void lwl_describe(const lwl_object *o, struct host_message *ret_message);

#endif
