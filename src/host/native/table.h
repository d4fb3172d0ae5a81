/* SPDX-License-Identifier: Apache-2.0 */
/* The table of a native capability: whether it is one, and what is in it. */
#ifndef LWN_TABLE_H
#define LWN_TABLE_H

#include <stddef.h>

#include "host/host.h"
#include "leanworker/guest.h"

#define LWN_EXPORTS_MAX     4096
#define LWN_EXPORT_NAME_MAX 255

/* Of the `size` bytes at `table`, which is what the library's symbol covers. */
enum wire_outcome lwn_table_check(const struct lw_guest_capability *table, size_t size,
    const char *path, struct host_message *ret_message);

/* An export of this name and kind. */
enum wire_outcome lwn_table_find(const struct lw_guest_capability *table, const char *name,
    enum lw_guest_kind kind, const struct lw_guest_export **ret_export,
    struct host_message *ret_message);

#endif
