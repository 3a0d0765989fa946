/* SPDX-License-Identifier: MIT */
/*
 * flock(2) on a file beside the store.  Not on the store itself: closing a
 * descriptor of it would take SQLite's own locks away.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>
#include "shelterd/lockfile.h"

enum { PID_SIZE = 24 };

/* Two names of one store are one lock. */
static int
open_lock(const char *store, char *path, size_t size)
{
	char *real = realpath(store, NULL);
	int n = snprintf(path, size, "%s.lock", real != NULL ? real : store);

	free(real);
	if (n < 0 || (size_t)n >= size) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
}

/* Who holds it, for the message only. */
static void
read_pid(int fd, char pid[PID_SIZE])
{
	ssize_t n = pread(fd, pid, PID_SIZE - 1, 0);

	pid[n > 0 ? n : 0] = '\0';
	pid[strspn(pid, "0123456789")] = '\0';
}

static void
write_pid(int fd)
{
	char pid[PID_SIZE];
	int n = snprintf(pid, sizeof(pid), "%ld\n", (long)getpid());

	if (ftruncate(fd, 0) != 0 || pwrite(fd, pid, (size_t)n, 0) != n)
		return; /* the lock holds without its label */
}

int
store_lock(const char *store, char *err, size_t errsize)
{
	char path[PATH_MAX], pid[PID_SIZE];
	int fd = open_lock(store, path, sizeof(path));

	if (fd < 0) {
		snprintf(err, errsize, "store: %s: %s", path, strerror(errno));
		return -1;
	}
	if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
		write_pid(fd);
		return fd;
	}
	read_pid(fd, pid);
	if (errno == EWOULDBLOCK)
		snprintf(err, errsize,
		    "store: %s is in use by another shelterd (process %s)",
		    store, pid);
	else
		snprintf(err, errsize, "store: %s: %s", path, strerror(errno));
	close(fd);
	return -1;
}
