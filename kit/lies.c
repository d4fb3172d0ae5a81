/* SPDX-License-Identifier: Apache-2.0 */
#include "lies.h"

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "wire/fds.h"

#define TAKEN_WRONGLY 7 /* the exit status of a child that got what it must not */

static bool silent;

static _Atomic uint64_t *
word(struct lane *lane, size_t at)
{
	return (_Atomic uint64_t *)(void *)(lane->ring.ring + at);
}

static void
ring_bells(uint64_t count)
{
	while (count-- > 0)
		(void)!send(WIRE_FD_EVENT, "", 1, MSG_NOSIGNAL);
}

/* ring-count [ahead=N] [back=N]: of bytes that were put in, and a bell. */
static void
do_count(struct lane *lane, const struct action *a)
{
	atomic_fetch_add(word(lane, RING_PUT), action_number(a, "ahead", 0));
	atomic_fetch_sub(word(lane, RING_PUT), action_number(a, "back", 0));
	ring_bells(1);
}

/* wait-taken: until the parent has taken all of it. */
static void
do_wait_taken(struct lane *lane, const struct action *a)
{
	const struct timespec moment = { .tv_nsec = 1000000 };

	(void)a;
	while (!ring_has_room(&lane->ring, lane->ring.room))
		(void)nanosleep(&moment, NULL);
}

/* ring-punch: everything in it is zero from here on. */
static void
do_punch(struct lane *lane, const struct action *a)
{
	(void)a;
	if (madvise(lane->ring.ring + RING_PAGE, lane->ring.room, MADV_REMOVE) != 0)
		_exit(1);
}

/* bells N */
static void
do_bells(struct lane *lane, const struct action *a)
{
	(void)lane;
	ring_bells(action_argument(a, 1, 1));
}

static void
do_no_bells(struct lane *lane, const struct action *a)
{
	(void)lane, (void)a;
	silent = true;
}

/* ring-sleeps N: says that it sleeps, so often, and listens to no bell. */
static void
do_sleeps(struct lane *lane, const struct action *a)
{
	for (uint64_t i = action_argument(a, 1, 1); i > 0; i--) {
		atomic_fetch_add(word(lane, RING_CHILD_SLEEPS), 1);
		ring_bells(1);
	}
}

/* Whether a way to the memory's descriptor leads to another size, or to a lost seal. */
static bool
is_soft(const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);
	bool soft = fd >= 0 && (ftruncate(fd, 0) == 0 || ftruncate(fd, 1 << 30) == 0 ||
				   fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE) == 0);

	(void)close(fd);
	return soft;
}

/* ring-resize: by every mapping of this process that the kernel gives a descriptor of. */
static void
do_resize(struct lane *lane, const struct action *a)
{
	DIR *folder = opendir("/proc/self/map_files");
	const struct dirent *entry;
	char path[512], target[64];

	(void)lane, (void)a;
	while (folder != NULL && (entry = readdir(folder)) != NULL) {
		ssize_t n;

		(void)snprintf(path, sizeof path, "/proc/self/map_files/%s", entry->d_name);
		n = readlink(path, target, sizeof target);
		if (n > 7 && memcmp(target, "/memfd:", 7) == 0 && is_soft(path))
			_exit(TAKEN_WRONGLY);
	}
	if (folder != NULL)
		(void)closedir(folder);
}

/* ring-write-page: the page of the parent, which is not this process's to write. */
static void
do_write_page(struct lane *lane, const struct action *a)
{
	uint8_t *page = (uint8_t *)(uintptr_t)lane->ring.page;

	(void)a;
	if (mprotect(page, RING_PAGE, PROT_READ | PROT_WRITE) == 0 ||
	    madvise(page, RING_PAGE, MADV_REMOVE) == 0)
		_exit(TAKEN_WRONGLY);
}

/* Every byte of it, for ever; the words more often than the others. */
static void *
storm(void *argument)
{
	struct lane *lane = argument;
	uint64_t x = 88172645463325252u;

	for (;;) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		*(volatile uint8_t *)(lane->ring.ring +
				      x % RING_SIZE(lane->ring.room)) = (uint8_t)(x >> 56);
		if (x % 64 == 0)
			atomic_fetch_add(word(lane, RING_PUT), x >> 48);
		if (x % 4096 == 0)
			ring_bells(1);
	}
	return NULL;
}

static void
do_storm(struct lane *lane, const struct action *a)
{
	pthread_t thread;

	(void)a;
	if (pthread_create(&thread, NULL, storm, lane) != 0)
		_exit(1);
	(void)pthread_detach(thread);
}

static const struct {
	const char *name;
	void (*act)(struct lane *lane, const struct action *a);
} lies[] = {
	{ "bells", do_bells },
	{ "no-bells", do_no_bells },
	{ "ring-count", do_count },
	{ "ring-punch", do_punch },
	{ "ring-resize", do_resize },
	{ "ring-sleeps", do_sleeps },
	{ "ring-storm", do_storm },
	{ "ring-write-page", do_write_page },
	{ "wait-taken", do_wait_taken },
};

bool
lie(struct lane *lane, const struct action *a)
{
	for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++)
		if (strcmp(lies[i].name, a->word[0]) == 0) {
			if (lane->has_ring)
				lies[i].act(lane, a);
			return true;
		}
	return false;
}

bool
lie_by_silence(struct lane *lane, const void *bytes, size_t size)
{
	const struct timespec moment = { .tv_nsec = 1000000 };

	if (!silent || !lane->through_ring || size > RING_PIECE)
		return false;
	while (!ring_has_room(&lane->ring, size))
		(void)nanosleep(&moment, NULL);
	(void)ring_put(&lane->ring, bytes, size);
	return true;
}
