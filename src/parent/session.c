/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A session is a recipe and the worker that it is open in; the child behind it may be replaced at
 * any time, and is given the recipe again when the next request needs it.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/sys.h"
#include "parent/budgets.h"
#include "parent/error.h"
#include "parent/exchange.h"
#include "parent/recipe.h"
#include "parent/session.h"

const lw_capability *
session_capability(const lw_session *session)
{
	return session->capability;
}

static bool
is_open(const lw_worker *w)
{
	return w->child != NULL && child_is_open(w->child);
}

/* The live version may go on after a comma: "4.35.0-pre, commit ...". */
static bool
is_version(const char *live, const char *built)
{
	size_t size = strlen(built);

	return strncmp(live, built, size) == 0 && (live[size] == '\0' || live[size] == ',');
}

static void
copy_facts(const struct child *c, const lw_capability *capability, struct lw_session_facts *f)
{
	const char *built = capability->lean_version;

	f->generation = c->options.generation;
	(void)snprintf(f->host, sizeof f->host, "%s", c->host);
	(void)snprintf(f->runtime, sizeof f->runtime, "%s", c->runtime);
	(void)snprintf(f->lean_version, sizeof f->lean_version, "%s", c->lean_version);
	(void)snprintf(f->warning, sizeof f->warning, "%s", c->warning);
	if (*built != '\0' && *f->lean_version != '\0' && !is_version(f->lean_version, built))
		(void)snprintf(f->warning, sizeof f->warning,
		    "the capability was built with Lean %.60s and runs on Lean %s, whose functions "
		    "may be others: build it again",
		    built, f->lean_version);
}

lw_code
session_need_open(lw_session *s, struct lw_error *ret_error)
{
	lw_code code = worker_need_open(s->worker, s->capability, ret_error);

	if (code == LW_OK)
		copy_facts(s->worker->child, s->capability, &s->facts);
	return code;
}

static lw_code
open_session(lw_worker *w, const lw_capability *capability, lw_session **ret_session,
    struct lw_error *ret_error)
{
	lw_session *s;
	lw_code code;

	if (w->session != NULL)
		return error_set(ret_error, LW_V_MISUSE,
		    "the worker has an open session; close it, or start another worker");
	s = sys_alloc(sizeof *s);
	if (s == NULL)
		return error_set(ret_error, LW_V_NO_MEMORY, "no memory for a session");
	s->facts = (struct lw_session_facts)LW_SESSION_FACTS_INIT;
	s->worker = w;
	s->capability = capability_hold(capability);
	worker_keep_spare_for(w, capability);
	code = session_need_open(s, ret_error);
	if (code != LW_OK && worker_shall_repeat(w))
		code = session_need_open(s, ret_error);
	if (code != LW_OK) {
		lw_capability_free(&s->capability);
		sys_free(s);
		return code;
	}
	w->session = s;
	*ret_session = s;
	return LW_OK;
}

lw_code
lw_session_open(lw_worker *worker, const lw_capability *capability,
    const struct lw_call_options *call, lw_session **ret_session, struct lw_error *ret_error)
{
	lw_code code;

	if (!error_is_begun(ret_error))
		return LW_E_MISUSE;
	if (capability == NULL || ret_session == NULL)
		return error_set(
		    ret_error, LW_V_MISUSE, "capability and ret_session must be given");
	code = worker_enter(worker, call, NULL, ret_error);
	if (code != LW_OK)
		return code;
	worker->call.too_late = LW_V_OPEN_TIMEOUT;
	code = open_session(worker, capability, ret_session, ret_error);
	worker_leave(worker);
	return code;
}

lw_code
lw_session_set_budgets(
    lw_session *session, const struct lw_budgets *budgets, struct lw_error *ret_error)
{
	lw_code code;

	if (!error_is_begun(ret_error))
		return LW_E_MISUSE;
	if (session == NULL || session->worker == NULL)
		return error_set(
		    ret_error, LW_V_SESSION_LOST, "the session is closed, or its worker is");
	if (budgets == NULL)
		return error_set(ret_error, LW_V_MISUSE, "budgets is NULL");
	code = worker_enter(session->worker, NULL, NULL, ret_error);
	if (code != LW_OK)
		return code;
	code = budgets_check(budgets, ret_error);
	if (code == LW_OK)
		session->budgets = *budgets;
	worker_leave(session->worker);
	return code;
}

void
lw_session_close(lw_session **session)
{
	lw_session *s = session != NULL ? *session : NULL;
	lw_worker *w = s != NULL ? s->worker : NULL;

	if (s == NULL)
		return;
	if (w != NULL && w->owner == getpid() && worker_access(w) != WORKER_TAKEN)
		return;
	if (w != NULL) { /* in a forked copy nobody else is at it */
		w->session = NULL;
		worker_release(w);
	}
	*session = NULL;
	lw_metadata_clear(&s->metadata);
	lw_capability_free(&s->capability);
	sys_free(s);
}

void
lw_metadata_clear(struct lw_metadata *metadata)
{
	if (metadata == NULL)
		return;
	sys_free(metadata->json);
	sys_free(metadata->memory);
	*metadata = (struct lw_metadata)LW_METADATA_INIT;
}

lw_code
session_keep_metadata(lw_session *session, struct lw_metadata *metadata, struct lw_error *ret_error)
{
	struct lw_metadata old;
	lw_code code = worker_enter(session->worker, NULL, NULL, ret_error);

	if (code != LW_OK)
		return code;
	old = session->metadata;
	session->metadata = *metadata;
	*metadata = old;
	worker_leave(session->worker);
	return LW_OK;
}

const struct lw_metadata *
lw_session_expected_metadata(const lw_session *session)
{
	return session != NULL && session->metadata.json != NULL ? &session->metadata : NULL;
}

void
session_orphan(lw_session *session)
{
	session->worker = NULL;
	session->facts.generation = 0;
}

lw_code
lw_session_facts(const lw_session *session, struct lw_session_facts *ret_facts)
{
	enum worker_access access = WORKER_INSIDE;
	lw_worker *w;

	if (session == NULL || ret_facts == NULL || ret_facts->struct_size != sizeof *ret_facts)
		return LW_E_MISUSE;
	w = session->worker;
	if (w != NULL)
		access = worker_access(w);
	if (access == WORKER_DENIED)
		return LW_E_MISUSE;
	*ret_facts = session->facts;
	if (w == NULL || !is_open(w))
		ret_facts->generation = 0;
	else
		/* It may have been opened ahead of the next call. */
		copy_facts(w->child, session->capability, ret_facts);
	if (access == WORKER_TAKEN)
		worker_release(w);
	return LW_OK;
}
