/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LW_CAPABILITY_BUDGET_H
#define LW_CAPABILITY_BUDGET_H

#define BUILD_MS 600000u /* of a build that says nothing else */

#endif
