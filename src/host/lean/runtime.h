/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The Lean runtime as this process sees it: a library opened by path and the few of its functions
 * that a host needs. Nothing here is linked against Lean.
 */
#ifndef LWL_RUNTIME_H
#define LWL_RUNTIME_H

#include "host/host.h"
#include "host/lean/object.h"

struct lwl_runtime {
	void *library;
	const char *name;      /* "Lean", or what the checking runtime of the tests calls itself */
	lwl_object **version;  /* NULL where the runtime has no such constant */
	int (*report)(int fd); /* the checking runtime's list of live objects; else NULL */

	void (*initialize)(void);
	void (*init_task_manager)(void);
	void (*mark_end_initialization)(void);
	lwl_dec_cold *dec_ref_cold;
	lwl_object *(*mk_string)(const char *bytes, size_t size); /* bytes are UTF-8: not checked */
	lwl_object *(*io_error_to_string)(lwl_object *error);     /* takes the error */
};

enum wire_outcome lwl_runtime_open(
    const char *path, struct lwl_runtime *ret_runtime, struct host_message *ret_message);

/* The text of a version constant that is set, else "". Asked after initialize. */
const char *lwl_runtime_version(const struct lwl_runtime *runtime);

void lwl_release(const struct lwl_runtime *runtime, lwl_object *o);

#endif
