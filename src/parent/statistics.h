/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LW_PARENT_STATISTICS_H
#define LW_PARENT_STATISTICS_H

#include "leanworker/leanworker.h"

void histogram_add(struct lw_histogram *histogram, int64_t span_ns);

#endif
