/* SPDX-License-Identifier: Apache-2.0 */
#include "capability/files.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/sys.h"

#define PIECE 65536

bool
file_join(char ret[PATH_MAX], const char *folder, const char *name)
{
	int size = *name == '/' ? snprintf(ret, PATH_MAX, "%s", name)
				: snprintf(ret, PATH_MAX, "%s/%s", folder, name);

	return size < PATH_MAX;
}

bool
file_make_folders(const char *path)
{
	char folder[PATH_MAX];

	for (const char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		(void)snprintf(folder, sizeof folder, "%.*s", (int)(slash - path), path);
		if (mkdir(folder, 0777) < 0 && errno != EEXIST)
			return false;
	}
	return true;
}

static bool
read_open(int fd, size_t most, struct buffer *ret)
{
	ssize_t n;

	do {
		uint8_t *room = buffer_reserve(ret, PIECE);

		if (room == NULL) {
			errno = ENOMEM;
			return false;
		}
		n = sys_read(fd, room, PIECE);
		if (n > 0)
			buffer_grow(ret, (size_t)n);
		if (buffer_size(ret) > most) {
			errno = EFBIG;
			return false;
		}
	} while (n > 0);
	return n == 0;
}

bool
file_read(const char *path, size_t most, struct buffer *ret)
{
	int fd = sys_open_read(path);
	bool read;

	if (fd < 0)
		return false;
	read = read_open(fd, most, ret);
	sys_close(&fd);
	if (read && !buffer_append(ret, "", 1)) {
		errno = ENOMEM;
		read = false;
	}
	if (!read)
		buffer_free(ret); /* which keeps errno */
	return read;
}

static bool
has_content(const char *path, const void *bytes, size_t size)
{
	struct buffer now = BUFFER_EMPTY;
	bool same = file_read(path, size, &now) && buffer_size(&now) == size + 1 &&
		    memcmp(buffer_front(&now), bytes, size) == 0;

	buffer_free(&now);
	return same;
}

static bool
write_whole(int fd, const char *bytes, size_t size)
{
	while (size > 0) {
		ssize_t n = sys_write(fd, bytes, size);

		if (n < 0)
			return false;
		bytes += n;
		size -= (size_t)n;
	}
	return sys_sync(fd) == 0;
}

/* A name beside it that nobody else has: another thread, or a process of the same number elsewhere. */
static bool
name_beside(char ret[PATH_MAX], const char *path)
{
	static _Atomic unsigned turn;

	return snprintf(ret, PATH_MAX, "%s.%ld.%u.%llx~", path, (long)getpid(), turn++,
		   (unsigned long long)sys_monotonic_ns()) < PATH_MAX;
}

/* Written beside it and renamed: nobody ever reads half of it. */
bool
file_write(const char *path, const void *bytes, size_t size)
{
	char beside[PATH_MAX];
	bool written;
	int fd;

	if (has_content(path, bytes, size))
		return true;
	if (!name_beside(beside, path)) {
		errno = ENAMETOOLONG;
		return false;
	}
	fd = sys_create(beside);
	if (fd < 0)
		return false;
	written = write_whole(fd, bytes, size);
	sys_close(&fd);
	written = written && sys_rename(beside, path) == 0;
	if (!written) {
		int saved = errno;

		(void)unlink(beside);
		errno = saved;
	}
	return written;
}

/* How much of both is the same folders, with the slash behind them. */
static size_t
common(const char *folder, const char *path)
{
	size_t same = 0;

	for (size_t i = 0; folder[i] != '\0' || path[i] == '/'; i++) {
		char c = folder[i] != '\0' ? folder[i] : '/';

		if (c != path[i])
			break;
		if (c == '/')
			same = i + 1;
		if (folder[i] == '\0')
			break;
	}
	return same;
}

bool
file_relative(char ret[PATH_MAX], const char *folder, const char *path)
{
	size_t same = common(folder, path), size = 0;
	const char *rest = strlen(folder) < same ? "" : folder + same;

	for (; *rest != '\0' && size + 3 < PATH_MAX; rest += strcspn(rest, "/")) {
		rest += *rest == '/';
		memcpy(ret + size, "../", 3);
		size += 3;
	}
	return snprintf(ret + size, PATH_MAX - size, "%s", path + same) < (int)(PATH_MAX - size);
}
