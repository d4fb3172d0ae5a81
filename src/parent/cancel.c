/* SPDX-License-Identifier: Apache-2.0 */
#include "parent/cancel.h"

#include <errno.h>
#include <unistd.h>

#include "base/sys.h"
#include "parent/error.h"
#include "parent/spawn.h"

lw_code
lw_cancel_token_create(lw_cancel_token **ret_token, struct lw_error *ret_error)
{
	lw_cancel_token *token;

	if (!error_is_begun(ret_error))
		return LW_E_MISUSE;
	if (ret_token == NULL)
		return error_set(ret_error, LW_V_MISUSE, "ret_token is NULL");
	token = sys_alloc(sizeof *token);
	if (token == NULL)
		return error_set(ret_error, LW_V_NO_MEMORY, "no memory for a cancel token");
	atomic_init(&token->cancelled, 0);
	token->owner = getpid();
	token->eventfd = sys_raise_fd(sys_eventfd(), SPAWN_FD_MIN);
	if (token->eventfd < 0) {
		sys_free(token);
		return error_set_errno(ret_error, LW_V_SYSTEM_CALL, "cannot make an eventfd");
	}
	*ret_token = token;
	return LW_OK;
}

void
lw_cancel_token_free(lw_cancel_token **token)
{
	lw_cancel_token *t = token != NULL ? *token : NULL;

	if (t == NULL)
		return;
	*token = NULL;
	sys_close(&t->eventfd);
	sys_free(t);
}

/* Runs in signal handlers: nothing but the atomic, getpid and write. */
void
lw_cancel_token_cancel(lw_cancel_token *token)
{
	int saved = errno;

	if (token == NULL || token->owner != getpid())
		return;
	if (atomic_exchange_explicit(&token->cancelled, 1, memory_order_acq_rel) == 0)
		sys_wake(token->eventfd);
	errno = saved;
}

int
lw_cancel_token_is_cancelled(const lw_cancel_token *token)
{
	return cancelled(token);
}

void
lw_cancel_token_reset(lw_cancel_token *token)
{
	uint64_t count;

	if (token == NULL || token->owner != getpid() || !cancelled(token))
		return;
	(void)sys_read(token->eventfd, &count, sizeof count);
	atomic_store_explicit(&token->cancelled, 0, memory_order_release);
}

/*
 * A cancel that was between its two steps when the token was reset has left a wake without a flag.
 * One that sets the flag meanwhile loses its wake here, and so is given it back.
 */
bool
cancel_woke(lw_cancel_token *token)
{
	uint64_t count;

	if (cancelled(token))
		return true;
	(void)sys_read(token->eventfd, &count, sizeof count);
	if (!cancelled(token))
		return false;
	sys_wake(token->eventfd);
	return true;
}
