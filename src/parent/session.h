/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LW_PARENT_SESSION_H
#define LW_PARENT_SESSION_H

#include "leanworker/leanworker.h"

/* Its worker is being closed: from here on its calls answer LW_E_SESSION. */
void session_orphan(lw_session *session);

const lw_capability *session_capability(const lw_session *session);

#endif
