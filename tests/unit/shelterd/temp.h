/* SPDX-License-Identifier: MIT */
/* A folder for one test program's stores, emptied by temp_end(). */
#ifndef TESTS_TEMP_H
#define TESTS_TEMP_H

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char temp_dir[] = "/tmp/shelterd-unit.XXXXXX";

static inline int
temp_begin(void **state)
{
	(void)state;
	return mkdtemp(temp_dir) != NULL ? 0 : -1;
}

static inline int
temp_remove(const char *path, const struct stat *st, int flag, struct FTW *f)
{
	(void)st;
	(void)flag;
	(void)f;
	return remove(path);
}

static inline int
temp_end(void **state)
{
	(void)state;
	return nftw(temp_dir, temp_remove, 8, FTW_DEPTH | FTW_PHYS);
}

/* A fresh path in the folder; a static buffer. */
static inline const char *
temp_path(void)
{
	static char path[64];
	static int n;

	snprintf(path, sizeof(path), "%s/%d.db", temp_dir, n++);
	return path;
}

#endif
