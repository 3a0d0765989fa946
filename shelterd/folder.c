/* SPDX-License-Identifier: MIT */
/* Looking in two more places. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "shelterd/folder.h"

enum { PATH_ROOM = 4096 };

static bool
is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* The folder the program lies in, without a slash at its end. */
static bool
own_folder(char *dir, size_t size)
{
	ssize_t n = readlink("/proc/self/exe", dir, size - 1);
	char *slash;

	dir[n > 0 ? n : 0] = '\0';
	slash = strrchr(dir, '/');
	if (slash == NULL)
		return false;
	*slash = '\0';
	return true;
}

void
folder_find(char **setting)
{
	static const char *const places[] = { "/../", "/../share/shelterd/" };
	char own[PATH_ROOM], path[2 * PATH_ROOM];
	const char *slash = strrchr(*setting, '/');
	const char *names[] = { *setting, slash ? slash + 1 : *setting };

	if (**setting == '/' || is_folder(*setting) ||
	    !own_folder(own, sizeof(own)))
		return;
	for (int i = 0; i < 2; i++) {
		snprintf(
		    path, sizeof(path), "%s%s%s", own, places[i], names[i]);
		if (!is_folder(path))
			continue;
		char *found = strdup(path);
		if (found != NULL) {
			free(*setting);
			*setting = found;
		}
		return;
	}
}
