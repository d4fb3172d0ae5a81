/* SPDX-License-Identifier: Apache-2.0 */
#include "leanworker/leanworker.h"

const char *
lw_version(void)
{
	return LW_VERSION;
}
