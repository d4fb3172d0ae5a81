/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LW_PARENT_SESSION_H
#define LW_PARENT_SESSION_H

#include "leanworker/metadata.h"

struct lw_session {
	lw_worker *worker; /* NULL once the worker is closed */
	lw_capability *capability;
	struct lw_session_facts facts; /* of the last opening */
	struct lw_budgets budgets;     /* of this scope */
	struct lw_metadata metadata;   /* that was accepted last */
};

/* Opens it in the child that there is, or in the next, unless it is open. */
lw_code session_need_open(lw_session *session, struct lw_error *ret_error);

/* Its worker is being closed: from here on its calls answer LW_E_SESSION. */
void session_orphan(lw_session *session);

const lw_capability *session_capability(const lw_session *session);

/* Moves *metadata into the session, and what the session had out of it. */
lw_code session_keep_metadata(
    lw_session *session, struct lw_metadata *metadata, struct lw_error *ret_error);

#endif
