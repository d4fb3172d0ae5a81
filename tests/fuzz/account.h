/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the application has counted of a worker, and whether the worker's statistics say the same.
 */
#ifndef LW_FUZZ_ACCOUNT_H
#define LW_FUZZ_ACCOUNT_H

#include <stdbool.h>
#include <stdint.h>

#include "leanworker/leanworker.h"

struct account {
	uint64_t requests, successes, rows;
	bool rows_unknown;              /* of a request that nothing told about */
	unsigned before;                /* children of earlier workers */
	int64_t began_ns;               /* the worker */
	uint32_t max_deaths, window_ms; /* of its policy */
	uint32_t spare;                 /* likewise */
};

/* Exact only where no call of this process was made to fail. */
void account_check(struct account *a, lw_worker *worker, bool exact);

#endif
