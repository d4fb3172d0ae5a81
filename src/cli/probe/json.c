/* SPDX-License-Identifier: Apache-2.0 */
/* The report as one JSON object; docs/probe.md lists its members. */
#include <jansson.h>
#include <string.h>
#include <sys/utsname.h>
#include <sys/wait.h>

#include "cli/probe/probe.h"

#define FORMAT 1 /* of the object; a member that changes its meaning makes it 2 */

static json_t *
number(uint64_t value)
{
	return json_integer((json_int_t)value);
}

/* Texts of others may be no UTF-8, which JSON cannot have. */
static json_t *
text_of(const char *text, size_t size)
{
	json_t *whole = json_stringn(text, size);
	char plain[PROBE_KEPT];

	if (whole != NULL || size > sizeof plain)
		return whole;
	for (size_t i = 0; i < size; i++)
		plain[i] = (unsigned char)text[i] < 0x80 ? text[i] : '?';
	return json_stringn(plain, size);
}

static json_t *
served_by(const struct probe *p)
{
	return json_pack("{s:s, s:s, s:s, s:b, s:s, s:s, s:s}", "host", p->session.host, "runtime",
	    p->session.runtime, "lean_version", p->session.lean_version, "stand_in",
	    probe_is_stand_in(p), "warning", p->session.warning, "child", p->process.child_path,
	    "child_build", p->process.build);
}

static void
add_values(json_t *json, const struct probe_figure *f)
{
	json_t *values = json_array();

	for (size_t i = 0; i < f->count; i++)
		(void)json_array_append_new(values, json_real(f->values[i]));
	(void)json_object_set_new(json, "median", json_real(f->median));
	(void)json_object_set_new(json, "lowest", json_real(f->lowest));
	(void)json_object_set_new(json, "highest", json_real(f->highest));
	(void)json_object_set_new(json, "values", values);
}

static json_t *
figure(const struct probe *p, int id)
{
	const struct probe_definition *d = &probe_definitions[id];
	const struct probe_figure *f = &p->figures[id];
	json_t *json = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "name", d->name, "group",
	    probe_group_title(d->group), "label", d->label, "unit", d->unit, "from", d->from, "to",
	    d->to, "state", probe_state_name(f->state));

	if (f->state == PROBE_MEASURED)
		add_values(json, f);
	else
		(void)json_object_set_new(json, "why", json_string(f->why));
	if (*f->note != '\0')
		(void)json_object_set_new(json, "note", json_string(f->note));
	if (f->state == PROBE_MEASURED && d->group == PROBE_GROUP_COMMAND) {
		(void)json_object_set_new(json, "rows", number(f->rows));
		(void)json_object_set_new(json, "bytes", number(f->bytes));
	}
	if (f->state == PROBE_MEASURED && d->group == PROBE_GROUP_CANCEL)
		(void)json_object_set_new(json, "kept", number(f->kept));
	return json;
}

static json_t *
figures(const struct probe *p)
{
	json_t *list = json_array();

	for (int id = 0; id < PROBE_COUNT; id++)
		(void)json_array_append_new(list, figure(p, id));
	return list;
}

static json_t *
roles(const struct probe *p)
{
	json_t *list = json_object();

	for (int i = 0; i < PROBE_ROLE_COUNT; i++)
		(void)json_object_set_new(list, probe_role_name((enum probe_role)i),
		    json_pack("{s:o, s:I}", "export", text_of(p->exports[i], strlen(p->exports[i])),
			"request_bytes", (json_int_t)strlen(p->requests[i])));
	return list;
}

static json_t *
memory(const struct probe *p)
{
	json_t *list = json_array();

	for (size_t i = 0; i < p->sample_count; i++) {
		const struct probe_sample *s = &p->samples[i];

		(void)json_array_append_new(
		    list, json_pack("{s:s, s:f, s:I, s:I, s:I, s:I, s:I}", "label", s->label, "ms",
			      s->ms, "generation", (json_int_t)s->generation, "parent_kib",
			      (json_int_t)s->parent_kib, "parent_rss_kib",
			      (json_int_t)s->parent_rss_kib, "child_kib", (json_int_t)s->child_kib,
			      "child_rss_kib", (json_int_t)s->child_rss_kib));
	}
	return list;
}

/* Of the session in which all but starts and imports was measured. */
static json_t *
statistics(const struct probe *p)
{
	const struct lw_worker_statistics *s = &p->statistics;
	json_t *restarts = json_object();

	for (int i = 0; i < LW_RESTART_COUNT; i++)
		if (s->restarts[i] > 0)
			(void)json_object_set_new(
			    restarts, lw_restart_name((lw_restart)i), number(s->restarts[i]));
	return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:o}", "generations",
	    (json_int_t)s->generations, "opens", (json_int_t)s->opens, "requests",
	    (json_int_t)s->requests, "successes", (json_int_t)s->successes, "deaths",
	    (json_int_t)s->deaths, "rows", (json_int_t)s->rows, "row_bytes",
	    (json_int_t)s->row_bytes, "restarts", restarts);
}

static json_t *
comparison(const struct probe *p)
{
	const struct probe_comparison *c = &p->comparison;
	const struct probe_end *end = &c->last;

	if (c->command == NULL)
		return json_null();
	return json_pack("{s:s, s:o, s:o, s:o, s:I, s:I, s:b, s:I, s:I, s:I, s:I, s:o}", "kind",
	    "an envelope check, no parity benchmark", "command",
	    text_of(c->command, strlen(c->command)), "revision",
	    c->revision ? text_of(c->revision, strlen(c->revision)) : json_null(), "folder",
	    text_of(c->folder, strlen(c->folder)), "timeout_ms", (json_int_t)c->timeout_ms, "runs",
	    (json_int_t)c->command_runs, "timed_out", end->timed_out, "wait_status",
	    (json_int_t)end->status, "cpu_us", (json_int_t)end->cpu_us, "output_bytes",
	    (json_int_t)end->output_bytes, "output_kept_most", (json_int_t)PROBE_KEPT, "output",
	    text_of(end->output, end->output_size));
}

static json_t *
machine(void)
{
	struct utsname names;

	if (uname(&names) != 0)
		return json_null();
	return json_pack("{s:s, s:s, s:s}", "system", names.sysname, "release", names.release,
	    "machine", names.machine);
}

int
probe_print_json(const struct probe *p)
{
	const char *target = p->target.manifest ? p->target.manifest : p->target.project;

	return cli_print_json(
	    json_pack("{s:i, s:o, s:s, s:o, s:o, s:I, s:b, s:I, s:I, s:f, s:o, s:o, s:o, s:o, s:o}",
		"leanworker_probe", FORMAT, "served_by", served_by(p), "version", LW_VERSION,
		"target", text_of(target, strlen(target)), "machine", machine(), "runs",
		(json_int_t)p->runs, "quick", p->quick, "stream_ms", (json_int_t)p->stream_ms,
		"grace_ms", (json_int_t)PROBE_GRACE_MS, "first_start_ms", p->first_start_ms,
		"figures", figures(p), "roles", roles(p), "memory", memory(p), "statistics",
		statistics(p), "comparison", comparison(p)));
}
