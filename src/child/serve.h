/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LW_CHILD_SERVE_H
#define LW_CHILD_SERVE_H

#include "child/child.h"
#include "child/lane.h"

/* Says HELLO, then answers one message after the other until SHUTDOWN or the parent is gone. */
_Noreturn void serve(const struct child_configuration *configuration,
    const volatile uint32_t *stop_flag, struct lane *lane);

#endif
