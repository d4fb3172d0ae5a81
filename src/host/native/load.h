/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LWN_LOAD_H
#define LWN_LOAD_H

#include "host/host.h"
#include "leanworker/guest.h"

/* Opens the recipe's dependencies and its capability; its table is checked. Nothing of it has run
 * yet but the constructors of the libraries. */
enum wire_outcome lwn_load(const struct host_recipe *recipe,
    const struct lw_guest_capability **ret_table, struct host_message *ret_message);

#endif
