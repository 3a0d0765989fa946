/* SPDX-License-Identifier: MIT */
/* Finds, loads and tries the mapping files. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "clients/shelterctl/file.h"
#include "clients/shelterctl/mappings.h"

static bool
is_folder(const char *path)
{
	DIR *d = opendir(path);

	if (d)
		closedir(d);
	return d != NULL;
}

static bool
find_folder(char *dir, size_t size)
{
	static const char *const beside[] = { "/../etc/mappings",
		"/../share/shelterd/mappings", NULL };
	static const char *const fixed[] = { "etc/mappings",
		"/usr/local/share/shelterd/mappings",
		"/usr/share/shelterd/mappings", NULL };
	const char *said = getenv("SHELTER_MAPPINGS");
	char exe[2048];
	ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);

	if (said && *said)
		return snprintf(dir, size, "%s", said) < (int)size;
	exe[n > 0 ? n : 0] = '\0';
	char *slash = strrchr(exe, '/');
	if (slash)
		*slash = '\0';
	for (int i = 0; slash && beside[i]; i++) {
		snprintf(dir, size, "%s%s", exe, beside[i]);
		if (is_folder(dir))
			return true;
	}
	for (int i = 0; fixed[i]; i++) {
		snprintf(dir, size, "%s", fixed[i]);
		if (is_folder(dir))
			return true;
	}
	return false;
}

static bool
load(struct mappings *all, const char *path, char *why, size_t size)
{
	size_t n;
	const char *slash = strrchr(path, '/');

	if (all->n == MAPPINGS_MAX) {
		snprintf(why, size, "more than %d mapping files", MAPPINGS_MAX);
		return false;
	}
	char *text = file_read(path, &n, why, size);
	if (!text)
		return false;
	all->m[all->n] =
	    mapping_parse(slash ? slash + 1 : path, text, why, size);
	free(text);
	return all->m[all->n] && ++all->n;
}

static int
is_mapping(const struct dirent *e)
{
	size_t n = strlen(e->d_name);

	return n > 5 && e->d_name[0] != '.' &&
	       !strcmp(e->d_name + n - 5, ".conf");
}

static bool
load_folder(struct mappings *all, const char *dir, char *why, size_t size)
{
	struct dirent **list = NULL;
	int n = scandir(dir, &list, is_mapping, alphasort);
	char path[4096];
	bool ok = n >= 0;

	if (!ok)
		snprintf(why, size, "%s: cannot be read", dir);
	for (int i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, list[i]->d_name);
		ok = ok && load(all, path, why, size);
		free(list[i]);
	}
	free(list);
	return ok;
}

bool
mappings_load(struct mappings *all, const char *choice, char *why, size_t size)
{
	char dir[3000], path[4096];
	bool folder = find_folder(dir, sizeof(dir));
	bool any = !choice || !strcmp(choice, "auto");

	memset(all, 0, sizeof(*all));
	if (any && folder)
		return load_folder(all, dir, why, size);
	if (any) {
		snprintf(why, size,
		    "no mapping files are installed; set SHELTER_MAPPINGS");
		return false;
	}
	if (strchr(choice, '/') || access(choice, R_OK) == 0)
		return load(all, choice, why, size);
	snprintf(path, sizeof(path), "%s/%s.conf", dir, choice);
	if (folder && access(path, R_OK) == 0)
		return load(all, path, why, size);
	snprintf(why, size, "there is no mapping '%s'%s%s", choice,
	    folder ? " in " : "", folder ? dir : "");
	return false;
}

void
mappings_release(struct mappings *all)
{
	for (size_t i = 0; i < all->n; i++)
		mapping_free(all->m[i]);
	all->n = 0;
}

struct columns
mappings_fit(const struct mappings *all, const char *kind,
    const char *const *header, size_t n, const struct mapping **which)
{
	struct columns best = { .score = 0 };

	for (int f = 0; f < MAP_FIELDS; f++)
		best.at[f] = -1;
	*which = NULL;
	for (size_t i = 0; i < all->n; i++) {
		struct columns c = mapping_fit(all->m[i], kind, header, n);
		if (c.score <= best.score)
			continue;
		best = c;
		*which = all->m[i];
	}
	return best;
}
