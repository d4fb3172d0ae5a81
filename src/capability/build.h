/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LW_CAPABILITY_BUILD_H
#define LW_CAPABILITY_BUILD_H

#include "base/deadline.h"
#include "leanworker/capability.h"

/* lw_build, which ends at this time, too. */
lw_code build_until(const struct lw_build_options *options, struct deadline until,
    struct lw_build *ret_build, struct lw_error *ret_error);

#endif
