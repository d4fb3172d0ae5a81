/* SPDX-License-Identifier: Apache-2.0 */
/* What becomes of a measurement: a figure with its runs, or the reason why there is none. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cli/probe/probe.h"
#include "cli/screen.h"

const struct probe_definition probe_definitions[PROBE_COUNT] = {
#define X(id, group, name, label, unit, from, to)                                                  \
	{ PROBE_GROUP_##group, name, label, unit, from, to },
	PROBE_FIGURES(X)
#undef X
};

const char *
probe_group_title(enum probe_group group)
{
	static const char *const titles[] = {
#define X(id, title) title,
		PROBE_GROUPS(X)
#undef X
	};

	return titles[group];
}

const char *
probe_state_name(enum probe_state state)
{
	static const char *const names[] = { "not run", "measured", "not there", "failed" };

	return names[state];
}

void
probe_add(struct probe *p, enum probe_id id, double value)
{
	struct probe_figure *f = &p->figures[id];

	if (f->count < PROBE_RUNS_MAX && probe_is_open(p, id))
		f->values[f->count++] = value;
	if (f->state == PROBE_NOT_RUN)
		f->state = PROBE_MEASURED;
}

int
probe_is_open(const struct probe *p, enum probe_id id)
{
	return p->figures[id].state == PROBE_NOT_RUN || p->figures[id].state == PROBE_MEASURED;
}

void
probe_state(struct probe *p, enum probe_id id, enum probe_state state, const char *format, ...)
{
	struct probe_figure *f = &p->figures[id];
	va_list arguments;

	if (f->state == PROBE_FAILED || f->state == PROBE_NOT_THERE)
		return;
	f->state = state;
	va_start(arguments, format);
	(void)vsnprintf(f->why, sizeof f->why, format, arguments);
	va_end(arguments);
}

void
probe_fail(struct probe *p, enum probe_id id, const struct lw_error *error)
{
	if (error->verdict == LW_V_EXPORT_UNKNOWN)
		probe_state(p, id, PROBE_NOT_THERE, "no export \"%s\"", error->command);
	else
		probe_state(p, id, PROBE_FAILED, "%s: %.400s", lw_verdict_name(error->verdict),
		    error->message);
}

int
probe_interrupted(const struct probe *p)
{
	return p->target.call.cancel != NULL && lw_cancel_token_is_cancelled(p->target.call.cancel);
}

void
probe_progress(const char *phase, size_t done, size_t total)
{
	struct lw_progress progress = { phase, done, total };

	cli_progress(&progress);
}

void
probe_summarise(struct probe *p)
{
	for (int i = 0; i < PROBE_COUNT; i++) {
		struct probe_figure *f = &p->figures[i];
		double sorted[PROBE_RUNS_MAX];

		if (f->state == PROBE_NOT_RUN && f->why[0] == '\0')
			(void)snprintf(f->why, sizeof f->why, "the probe did not get there");
		if (f->count == 0)
			continue;
		memcpy(sorted, f->values, f->count * sizeof *sorted);
		f->median = median_of(sorted, f->count);
		f->lowest = sorted[0];
		f->highest = sorted[f->count - 1];
	}
}

int
probe_is_stand_in(const struct probe *p)
{
	return strcmp(p->session.host, "lean") == 0 && strcmp(p->session.runtime, "Lean") != 0;
}

const char *
probe_number(double value, char *ret_text, size_t room)
{
	int digits = value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3;

	(void)snprintf(ret_text, room, "%.*f", digits, value);
	return ret_text;
}

const char *
probe_remark(const struct probe *p, int id, char *ret_text, size_t room)
{
	const struct probe_figure *f = &p->figures[id];

	if (probe_definitions[id].group != PROBE_GROUP_COMMAND)
		return f->note;
	if (probe_role_streams((enum probe_role)(id - PROBE_VERSION)))
		(void)snprintf(ret_text, room, "%" PRIu64 " row%s, %" PRIu64 " bytes of payloads",
		    f->rows, f->rows == 1 ? "" : "s", f->bytes);
	else
		(void)snprintf(ret_text, room, "%" PRIu64 " bytes", f->bytes);
	return ret_text;
}
