/* SPDX-License-Identifier: Apache-2.0 */
/* Memory of this process and of the worker process, as /proc tells it, between requests. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/probe/probe.h"
#include "cli/screen.h"

struct status {
	uint64_t own_kib, rss_kib;
	char state;
};

/* What cannot be read is 0. */
static struct status
read_status(pid_t pid)
{
	struct status s = { .state = '?' };
	char line[256];
	FILE *file;

	(void)snprintf(line, sizeof line, "/proc/%d/status", (int)pid);
	file = fopen(line, "re");
	while (file != NULL && fgets(line, sizeof line, file) != NULL) {
		const char *value = strchr(line, ':');

		if (value == NULL)
			continue;
		value += 1 + strspn(value + 1, " \t");
		if (strncmp(line, "State:", 6) == 0)
			s.state = *value;
		else if (strncmp(line, "VmRSS:", 6) == 0)
			s.rss_kib = strtoull(value, NULL, 10);
		else if (strncmp(line, "RssAnon:", 8) == 0 || strncmp(line, "RssShmem:", 9) == 0 ||
			 strncmp(line, "VmSwap:", 7) == 0)
			s.own_kib += strtoull(value, NULL, 10);
	}
	if (file != NULL)
		(void)fclose(file);
	return s;
}

int
probe_is_stopped(pid_t pid)
{
	return read_status(pid).state == 'T';
}

void
probe_memory(struct probe *p, const char *label)
{
	struct lw_worker_facts facts = LW_WORKER_FACTS_INIT;
	struct status parent = read_status(getpid()), child = { 0 };
	struct probe_sample *s = &p->samples[p->sample_count];

	if (p->sample_count == PROBE_SAMPLES_MAX)
		return;
	if (lw_worker_facts(p->opened.worker, &facts) == LW_OK && facts.pid != 0)
		child = read_status(facts.pid);
	*s = (struct probe_sample){ label, timed_ms(p->began_ns, cli_now_ns()), facts.generation,
		parent.own_kib, parent.rss_kib, child.own_kib, child.rss_kib };
	p->sample_count++;
}
