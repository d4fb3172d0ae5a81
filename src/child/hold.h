/* SPDX-License-Identifier: Apache-2.0 */
/* leanworker-child --hold PROGRAM ARGUMENT...; wire/inspection.h says what it is for. */
#ifndef LW_CHILD_HOLD_H
#define LW_CHILD_HOLD_H

_Noreturn void hold_main(char *const *program); /* its arguments too; ends with NULL */

#endif
