/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LWL_LOAD_H
#define LWL_LOAD_H

#include "host/host.h"
#include "host/lean/runtime.h"

struct lwl_capability {
	void *library;
	const char *path; /* for messages */
};

/*
 * Opens the recipe's runtime, its dependencies and its capability, and initialises them in the
 * order that Lean wants. Nothing may be loaded afterwards.
 */
enum wire_outcome lwl_load(const struct host_recipe *recipe, struct lwl_runtime *ret_runtime,
    struct lwl_capability *ret_capability, struct host_facts *ret_facts,
    struct host_message *ret_message);

#endif
