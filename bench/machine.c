/* SPDX-License-Identifier: Apache-2.0 */
#include "machine.h"

#include <cjson/cJSON.h>
#include <jansson.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>

static cpu_set_t given;

/* "AMD EPYC", from the line of /proc/cpuinfo that has it; AArch64 has none. */
static void
cpu_name(char *ret, size_t room)
{
	FILE *f = fopen("/proc/cpuinfo", "re");
	char line[256];

	(void)snprintf(ret, room, "unknown");
	while (f != NULL && fgets(line, sizeof line, f) != NULL) {
		const char *colon = strchr(line, ':');

		if (strncmp(line, "model name", 10) != 0 || colon == NULL)
			continue;
		line[strcspn(line, "\n")] = '\0';
		(void)snprintf(ret, room, "%s", colon + 2);
		break;
	}
	if (f != NULL)
		(void)fclose(f);
}

/* Two threads of one core share its units and caches: not what two processes usually get. */
static bool
siblings(int a, int b)
{
	char path[96], text[128] = "";
	FILE *f;
	char *at = text;

	(void)snprintf(
	    path, sizeof path, "/sys/devices/system/cpu/cpu%d/topology/thread_siblings_list", a);
	f = fopen(path, "re");
	if (f == NULL)
		return false;
	if (fgets(text, sizeof text, f) == NULL)
		text[0] = '\0';
	(void)fclose(f);
	while (*at >= '0' && *at <= '9') { /* "0,4" or "0-1" */
		long first = strtol(at, &at, 10), last = first;

		if (*at == '-')
			last = strtol(at + 1, &at, 10);
		if (b >= first && b <= last)
			return true;
		if (*at == ',')
			at++;
	}
	return false;
}

static void
choose_cores(struct machine *m)
{
	m->consumer = m->producer = -1;
	for (int i = 0; i < CPU_SETSIZE && m->producer < 0; i++) {
		if (!CPU_ISSET(i, &given))
			continue;
		if (m->consumer < 0)
			m->consumer = i;
		else if (!siblings(m->consumer, i))
			m->producer = i;
	}
	if (m->producer < 0)
		m->producer = m->consumer;
}

void
machine_look(struct machine *m)
{
	time_t now = time(NULL);
	struct utsname u;

	CPU_ZERO(&given);
	(void)sched_getaffinity(0, sizeof given, &given);
	m->cores = CPU_COUNT(&given);
	choose_cores(m);
	cpu_name(m->cpu, sizeof m->cpu);
	(void)uname(&u);
	(void)snprintf(m->kernel, sizeof m->kernel, "%s %s %s", u.sysname, u.release, u.machine);
#ifdef __clang__
	(void)snprintf(m->compiler, sizeof m->compiler, "clang %s", __clang_version__);
#else
	(void)snprintf(m->compiler, sizeof m->compiler, "gcc %s", __VERSION__);
#endif
	(void)snprintf(m->libraries, sizeof m->libraries, "jansson %s, cJSON %s",
	    jansson_version_str(), cJSON_Version());
	(void)strftime(m->date, sizeof m->date, "%Y-%m-%d %H:%M UTC", gmtime(&now));
	if (getloadavg(&m->load, 1) != 1)
		m->load = -1;
}

bool
machine_busy(const struct machine *m)
{
	return m->load > 0.3 * m->cores;
}

void
machine_pin(int core)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(core, &set);
	(void)sched_setaffinity(0, sizeof set, &set);
}

void
machine_unpin(void)
{
	(void)sched_setaffinity(0, sizeof given, &given);
}
