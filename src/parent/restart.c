/* SPDX-License-Identifier: Apache-2.0 */
#include "parent/restart.h"

#include <string.h>

#include "base/deadline.h"
#include "base/sys.h"

static const char *const names[LW_RESTART_COUNT] = {
#define X(name, text) [LW_RESTART_##name] = (text),
	LW_RESTARTS(X)
#undef X
};

const char *
lw_restart_name(lw_restart reason)
{
	return (unsigned)reason < LW_RESTART_COUNT ? names[reason] : "?";
}

lw_restart
restart_of(lw_verdict cause)
{
	switch (cause) {
	case LW_V_OK:
	case LW_V_REPLACED:
		return LW_RESTART_NONE; /* whoever ordered it knows better */
	case LW_V_REQUEST_TIMEOUT:
	case LW_V_FIRST_ROW_TIMEOUT:
	case LW_V_IDLE_TIMEOUT:
		return LW_RESTART_REQUEST_TIMEOUT;
	case LW_V_OPEN_TIMEOUT:
		return LW_RESTART_OPEN_TIMEOUT;
	case LW_V_CANCELLED:
		return LW_RESTART_CANCELLED;
	case LW_V_SINK:
	case LW_V_ROW_DECODE:
	case LW_V_HOLD_LIMIT:
		return LW_RESTART_SINK;
	case LW_V_PROTOCOL:
		return LW_RESTART_PROTOCOL;
	case LW_V_MEMORY_LIMIT:
		return LW_RESTART_MEMORY_LIMIT;
	default:
		break;
	}
	switch (lw_verdict_code(cause)) {
	case LW_E_DIED:
		return LW_RESTART_CRASH;
	case LW_E_CAPABILITY:
		return LW_RESTART_OPEN_FAILED;
	case LW_E_SPAWN:
	case LW_E_HANDSHAKE:
	case LW_E_TIMEOUT:
		return LW_RESTART_START_FAILED;
	default:
		return LW_RESTART_SYSTEM;
	}
}

bool
restart_is_death(lw_restart reason)
{
	return reason == LW_RESTART_CRASH || reason == LW_RESTART_PROTOCOL ||
	       reason == LW_RESTART_START_FAILED;
}

static uint32_t
otherwise(uint32_t value, uint32_t built_in)
{
	return value ? value : built_in;
}

bool
restarts_init(struct restarts *r, const struct lw_restart_policy *policy, uint64_t seed)
{
	memset(r, 0, sizeof *r);
	r->max_deaths = otherwise(policy->max_deaths, 16);
	r->window_ns = otherwise(policy->window_ms, 60000) * NS_PER_MS;
	r->backoff_ns = otherwise(policy->backoff_ms, 100) * NS_PER_MS;
	r->backoff_max_ns = otherwise(policy->backoff_max_ms, 5000) * NS_PER_MS;
	r->random = seed | 1;
	if (r->max_deaths == LW_NO_LIMIT)
		return true;
	r->deaths = sys_alloc(((size_t)r->max_deaths + 1) * sizeof *r->deaths);
	return r->deaths != NULL;
}

void
restarts_free(struct restarts *r)
{
	sys_free(r->deaths);
	r->deaths = NULL;
}

/* Marsaglia's xorshift64: workers that fell together shall not rise together, no more is asked. */
static uint64_t
next_random(struct restarts *r)
{
	r->random ^= r->random << 13;
	r->random ^= r->random >> 7;
	r->random ^= r->random << 17;
	return r->random;
}

/* Doubled for each barren child in a row; then up to a half less. */
static int64_t
backoff(struct restarts *r, uint32_t barren)
{
	int64_t delay = r->backoff_ns;

	for (uint32_t i = 1; i < barren && delay < r->backoff_max_ns; i++)
		delay *= 2;
	if (delay > r->backoff_max_ns)
		delay = r->backoff_max_ns;
	return delay - (int64_t)(next_random(r) % (uint64_t)(delay / 2 + 1));
}

static void
count_death(struct restarts *r, int64_t now_ns)
{
	if (r->deaths != NULL)
		r->deaths[r->count % (r->max_deaths + 1)] = now_ns;
	r->count++;
}

void
restarts_note_death(struct restarts *r, bool served, int64_t now_ns)
{
	count_death(r, now_ns);
	if (served) {
		restarts_note_success(r);
		return;
	}
	r->barren++;
	r->not_before = now_ns + backoff(r, r->barren);
}

void
restarts_note_success(struct restarts *r)
{
	r->barren = 0;
	r->not_before = 0;
}

void
restarts_note_spare_lost(struct restarts *r, bool died, int64_t now_ns)
{
	if (died)
		count_death(r, now_ns);
	r->spares++;
	r->no_spare_before = now_ns + backoff(r, r->spares);
}

void
restarts_note_spare_used(struct restarts *r)
{
	r->spares = 0;
	r->no_spare_before = 0;
}

int64_t
restarts_gave_up_until(const struct restarts *r, int64_t now_ns)
{
	int64_t oldest;

	if (r->deaths == NULL || r->count <= r->max_deaths)
		return 0;
	oldest = r->deaths[r->count % (r->max_deaths + 1)];
	return now_ns - oldest < r->window_ns ? oldest + r->window_ns : 0;
}
