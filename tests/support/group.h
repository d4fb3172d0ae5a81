/* SPDX-License-Identifier: Apache-2.0 */
/* A control group of a test's own, where this system lets it have one. */
#ifndef LWTEST_GROUP_H
#define LWTEST_GROUP_H

#include <stdbool.h>
#include <sys/types.h>

bool group_make(const char *mount); /* below this mount; false where there can be none */
bool group_write(const char *file, const char *text);
bool group_move(pid_t pid); /* into it */
/* Removes it, which fails while somebody is in it: for wait_until. */
bool group_is_removed(void *unused);

#endif
