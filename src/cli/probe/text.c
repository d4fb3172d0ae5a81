/* SPDX-License-Identifier: Apache-2.0 */
/* The report as a table. What serves is its first line. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/probe/probe.h"

static void
print_figure(const struct probe *p, int id)
{
	const struct probe_definition *d = &probe_definitions[id];
	const struct probe_figure *f = &p->figures[id];
	char median[32], lowest[32], highest[32], beside[64];
	const char *note = probe_remark(p, id, beside, sizeof beside);

	if (f->state != PROBE_MEASURED) {
		printf("  %-18s %12s: %s\n", d->label, probe_state_name(f->state), f->why);
		return;
	}
	printf("  %-18s %12s %-6s %8s .. %s", d->label,
	    probe_number(f->median, median, sizeof median), d->unit,
	    probe_number(f->lowest, lowest, sizeof lowest),
	    probe_number(f->highest, highest, sizeof highest));
	if (*note != '\0')
		printf("%*s %s", (int)(8 - strlen(highest)), "", note);
	printf("\n");
}

static void
print_group(const struct probe *p, enum probe_group group)
{
	printf("\n%-24s %8s        %8s .. highest\n", probe_group_title(group), "median", "lowest");
	for (int id = 0; id < PROBE_COUNT; id++)
		if (probe_definitions[id].group == group)
			print_figure(p, id);
}

static void
print_comparison(const struct probe *p)
{
	const struct probe_comparison *c = &p->comparison;

	print_group(p, PROBE_GROUP_COMPARE);
	printf("  command   %s\n  by        sh -c, in %s\n", c->command, c->folder);
	printf("  revision  %s\n", c->revision ? c->revision : "not known: --compare-revision");
	printf("  limits    %" PRIu32 " ms a run; %zu runs, the first one a warm-up that does not "
	       "count;\n            output: %" PRIu64 " bytes in the last run, of which %zu were "
	       "kept (at most %d)\n",
	    c->timeout_ms, c->command_runs, c->last.output_bytes, c->last.output_size, PROBE_KEPT);
	printf("  An envelope check: what the command does is its own matter, and no ratio is "
	       "given.\n");
}

/* The last of each phase; all are in the JSON and in the HTML. */
static void
print_memory(const struct probe *p)
{
	printf("\n%-18s %14s %11s %11s %11s\n", "Memory of its own", "after ms", "generation",
	    "parent KiB", "child KiB");
	for (size_t i = 0; i < p->sample_count; i++) {
		const struct probe_sample *s = &p->samples[i];

		if (i + 1 == p->sample_count || p->samples[i + 1].label != s->label)
			printf("  %-18s %12.0f %11" PRIu32 " %11" PRIu64 " %11" PRIu64 "\n",
			    s->label, s->ms, s->generation, s->parent_kib, s->child_kib);
	}
}

void
probe_print_text(const struct probe *p)
{
	const char *version = p->session.lean_version;

	printf("served by %s%s%s\n", p->session.runtime, *version ? " " : "", version);
	printf("leanworker %s, %zu runs of each; %s of %s\n", LW_VERSION, p->runs, p->process.build,
	    p->process.child_path);
	if (*p->session.warning != '\0' && !probe_is_stand_in(p))
		printf("warning: %s\n", p->session.warning);
	printf("An envelope check of this capability on this machine; docs/probe.md says from "
	       "where to\nwhere each figure goes. The first start of all took %.1f ms.\n",
	    p->first_start_ms);
	for (int group = 0; group < PROBE_GROUP_COMPARE; group++)
		print_group(p, (enum probe_group)group);
	if (p->comparison.command != NULL)
		print_comparison(p);
	else
		printf("\nComparison: not run: no command to compare with\n");
	print_memory(p);
}
