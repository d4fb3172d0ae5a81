/* SPDX-License-Identifier: Apache-2.0 */
#include "support/census.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct census {
	char **lines;
	size_t count;
};

struct process {
	pid_t pid, parent;
	char state;
	char name[32];
};

struct processes {
	struct process *all;
	size_t count;
};

_Noreturn static void
die(const char *what)
{
	perror(what);
	abort();
}

static void *
grow(void *old, size_t count, size_t size)
{
	void *memory = old;

	/* Capacities are powers of two: grow when count has reached one. */
	if ((count & (count - 1)) == 0)
		memory = reallocarray(old, count == 0 ? 1 : count * 2, size);
	if (memory == NULL)
		die("census");
	return memory;
}

__attribute__((format(printf, 2, 3))) static void
add(struct census *census, const char *format, ...)
{
	va_list arguments;

	census->lines = grow(census->lines, census->count, sizeof *census->lines);
	va_start(arguments, format);
	if (vasprintf(&census->lines[census->count], format, arguments) < 0)
		die("census");
	va_end(arguments);
	census->count++;
}

static bool
read_text(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = 0;
	size_t have = 0;

	if (fd < 0)
		return false;
	while (have < size - 1 && (n = read(fd, text + have, size - 1 - have)) > 0)
		have += (size_t)n;
	(void)close(fd);
	text[have] = '\0';
	return n >= 0;
}

/* Calls each with every entry of the directory that is a number. */
static void
each_number(const char *path, void (*each)(void *context, int directory, int number), void *context)
{
	DIR *directory = opendir(path);
	struct dirent *entry;

	if (directory == NULL)
		die(path);
	while ((entry = readdir(directory)) != NULL)
		if (entry->d_name[0] >= '0' && entry->d_name[0] <= '9')
			each(context, dirfd(directory), atoi(entry->d_name));
	(void)closedir(directory);
}

static void
add_descriptor(void *context, int directory, int fd)
{
	char name[16], target[PATH_MAX];
	ssize_t n;

	if (fd == directory)
		return;
	(void)snprintf(name, sizeof name, "%d", fd);
	n = readlinkat(directory, name, target, sizeof target - 1);
	if (n < 0)
		return;
	target[n] = '\0';
	add(context, "descriptor %d -> %s", fd, target);
}

static void
add_thread(void *context, int directory, int thread)
{
	char path[64], name[32] = "";

	(void)directory;
	(void)snprintf(path, sizeof path, "/proc/self/task/%d/comm", thread);
	if (!read_text(path, name, sizeof name))
		return;
	name[strcspn(name, "\n")] = '\0';
	add(context, "thread %d (%s)", thread, name);
}

static void
add_process(void *context, int directory, int pid)
{
	struct processes *list = context;
	struct process found = { .pid = pid };
	char path[64], text[512], *open, *close;

	(void)directory;
	(void)snprintf(path, sizeof path, "/proc/%d/stat", pid);
	if (!read_text(path, text, sizeof text))
		return; /* it is gone */
	open = strchr(text, '(');
	close = strrchr(text, ')'); /* a name may hold any of these characters */
	if (open == NULL || close == NULL)
		return;
	*close = '\0';
	(void)snprintf(found.name, sizeof found.name, "%s", open + 1);
	if (sscanf(close + 1, " %c %d", &found.state, &found.parent) != 2)
		return;
	list->all = grow(list->all, list->count, sizeof *list->all);
	list->all[list->count++] = found;
}

/*
 * Moves the descendants of this process to the front of the list, parents before children, and cuts
 * the rest off.
 */
static void
keep_descendants(struct processes *list)
{
	pid_t ancestor = getpid();
	size_t kept = 0, next = 0;

	for (;;) {
		for (size_t i = kept; i < list->count; i++) {
			if (list->all[i].parent != ancestor)
				continue;
			struct process child = list->all[i];

			list->all[i] = list->all[kept];
			list->all[kept++] = child;
		}
		if (next == kept)
			break;
		ancestor = list->all[next++].pid;
	}
	list->count = kept;
}

static struct processes
descendants(void)
{
	struct processes list = { 0 };

	each_number("/proc", add_process, &list);
	keep_descendants(&list);
	return list;
}

static void
add_processes(struct census *census)
{
	struct processes list = descendants();

	for (size_t i = 0; i < list.count; i++)
		add(census, "process %d (%s), child of %d%s", list.all[i].pid, list.all[i].name,
		    list.all[i].parent, list.all[i].state == 'Z' ? ", dead and not reaped" : "");
	free(list.all);
}

/* Signals 32 and 33 are libc's own: the first pthread_create() catches them, for good. */
#define LIBC_SIGNALS (3ull << 31)

static void
add_settings(struct census *census)
{
	static const char *const masks[] = { "SigBlk:", "SigIgn:", "SigCgt:" };
	char status[8192], directory[PATH_MAX];
	mode_t mask = umask(0);

	(void)umask(mask);
	add(census, "setting umask %04o", (unsigned)mask);
	if (!read_text("/proc/self/status", status, sizeof status))
		die("/proc/self/status");
	for (size_t i = 0; i < sizeof masks / sizeof *masks; i++) {
		const char *line = strstr(status, masks[i]);

		if (line != NULL)
			add(census, "setting %s %016llx", masks[i],
			    strtoull(line + strlen(masks[i]), NULL, 16) & ~LIBC_SIGNALS);
	}
	if (getcwd(directory, sizeof directory) != NULL)
		add(census, "setting working directory %s", directory);
}

static int
compare_lines(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

struct census *
census_take(void)
{
	struct census *census = calloc(1, sizeof *census);

	if (census == NULL)
		die("census");
	each_number("/proc/self/fd", add_descriptor, census);
	each_number("/proc/self/task", add_thread, census);
	add_processes(census);
	add_settings(census);
	qsort(census->lines, census->count, sizeof *census->lines, compare_lines);
	return census;
}

void
census_free(struct census *census)
{
	if (census == NULL)
		return;
	for (size_t i = 0; i < census->count; i++)
		free(census->lines[i]);
	free(census->lines);
	free(census);
}

char *
census_diff(const struct census *before, const struct census *after)
{
	size_t b = 0, a = 0, size = 0;
	char *text = NULL;
	FILE *stream = open_memstream(&text, &size);

	if (stream == NULL)
		die("census");
	while (b < before->count || a < after->count) {
		int order = b == before->count ? 1 : -1;

		if (b < before->count && a < after->count)
			order = strcmp(before->lines[b], after->lines[a]);
		if (order < 0)
			(void)fprintf(stream, "  - %s\n", before->lines[b]);
		if (order > 0)
			(void)fprintf(stream, "  + %s\n", after->lines[a]);
		b += order <= 0;
		a += order >= 0;
	}
	if (fclose(stream) != 0)
		die("census");
	if (size > 0)
		return text;
	free(text);
	return NULL;
}

struct restoration {
	const struct census *before;
	char *diff;
};

static bool
is_restored(void *context)
{
	struct restoration *r = context;
	struct census *now = census_take();

	free(r->diff);
	r->diff = census_diff(r->before, now);
	census_free(now);
	return r->diff == NULL;
}

bool
census_restored(const struct census *before, int deadline_ms, char **ret_diff)
{
	struct restoration r = { .before = before };
	bool restored = wait_until(is_restored, &r, deadline_ms);

	if (!restored && ret_diff != NULL)
		*ret_diff = r.diff;
	else
		free(r.diff);
	return restored;
}

size_t
census_descendants(pid_t *ret_pids, size_t room)
{
	struct processes list = descendants();

	for (size_t i = 0; i < list.count && i < room; i++)
		ret_pids[i] = list.all[i].pid;
	free(list.all);
	return list.count;
}

pid_t
census_find(const char *name)
{
	struct processes list = descendants();
	pid_t pid = 0;

	for (size_t i = 0; i < list.count; i++)
		if (strcmp(list.all[i].name, name) == 0)
			pid = list.all[i].pid;
	free(list.all);
	return pid;
}

#ifdef __SANITIZE_THREAD__

static void *
end_at_once(void *nothing)
{
	return nothing;
}

/* ThreadSanitizer starts a thread of its own with the program's first one: so that it is always there. */
__attribute__((constructor)) static void
start_sanitizer(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, end_at_once, NULL) == 0)
		(void)pthread_join(thread, NULL);
}

#endif

void
census_adopt_orphans(void)
{
	if (prctl(PR_SET_CHILD_SUBREAPER, 1) < 0)
		die("PR_SET_CHILD_SUBREAPER");
}

size_t
census_play_init(void)
{
	size_t count = 0;

	while (waitpid(-1, NULL, WNOHANG) > 0)
		count++;
	return count;
}

static int64_t
now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

bool
wait_until(bool (*holds)(void *context), void *context, int deadline_ms)
{
	int64_t end = now_ms() + deadline_ms;

	for (int nap_ms = 1; !holds(context); nap_ms = nap_ms < 16 ? nap_ms * 2 : 16) {
		if (now_ms() >= end)
			return false;
		(void)poll(NULL, 0, nap_ms);
	}
	return true;
}

bool
census_nobody_is_left(void *unused)
{
	pid_t left[1];

	(void)unused;
	(void)census_play_init();
	return census_descendants(left, 1) == 0;
}
