/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What this process holds that a library could leave behind: descriptors and what they point at,
 * threads, processes below it, and the settings that a library may not change (signal mask,
 * dispositions, umask, working directory). Taken before and after, the two must be equal.
 *
 * Processes are found as descendants, from /proc alone, so it works as root and as anybody, also
 * for workers that have made themselves undumpable. No orphan escapes it: census_adopt_orphans()
 * makes this process a subreaper, and whoever loses its parent below comes here and not to init.
 * The price: the dead whom init would have reaped stay zombies here, and are seen. Where a test
 * kills a process in the middle on purpose, census_play_init() reaps them.
 */
#ifndef LWTEST_CENSUS_H
#define LWTEST_CENSUS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct census; /* a sorted list of lines, one for each thing */

void census_adopt_orphans(void);

struct census *census_take(void); /* never NULL: aborts when /proc cannot be read */
void census_free(struct census *census);

/* NULL if equal; else a text for people, a line "+ …" or "- …" for each difference. free() it. */
char *census_diff(const struct census *before, const struct census *after);

/*
 * Whether the present equals before, now or by the deadline. If not, *ret_diff (optional) is the
 * difference that is left.
 */
bool census_restored(const struct census *before, int deadline_ms, char **ret_diff);

/* The living and the dead below this process; returns how many there are, stores at most room. */
size_t census_descendants(pid_t *ret_pids, size_t room);
bool census_nobody_is_left(void *unused); /* plays init first; for wait_until */
pid_t census_find(const char *name);      /* a descendant of this name, or 0 */

/*
 * Reaps what init would have: dead children of this process that were not its own before. Only
 * where the library no longer waits for a child of this process. Returns how many.
 */
size_t census_play_init(void);

/* Polls until the predicate holds or the time is over; says which. */
bool wait_until(bool (*holds)(void *context), void *context, int deadline_ms);

#endif
