/* SPDX-License-Identifier: MIT */
/*
 * The walking profile.  Ways for wheels alone and ways that do not exist yet
 * are out; what is marked as private is out unless feet are named.  Values of
 * highway, foot and access as on the OpenStreetMap wiki.
 */
#include <stdio.h>
#include <string.h>
#include "clients/shelterctl/walk.h"

static bool
one_of(const char *word, const char *const *list)
{
	for (; word && *list; list++)
		if (!strcmp(word, *list))
			return true;
	return false;
}

bool
walk_tag(const char *other, const char *key, char *out, size_t size)
{
	char wanted[80];
	const char *p = other;
	int n;

	if (!other)
		return false;
	n = snprintf(wanted, sizeof(wanted), "\"%s\"=>\"", key);
	if (n < 0 || (size_t)n >= sizeof(wanted))
		return false;
	while ((p = strstr(p, wanted))) {
		if (p == other || p[-1] == ',' || p[-1] == ' ')
			break;
		p++;
	}
	if (!p)
		return false;
	p += n;
	size_t len = strcspn(p, "\"");
	if (len >= size)
		return false;
	memcpy(out, p, len);
	out[len] = '\0';
	return true;
}

enum walk
walk_of(const char *highway, const char *foot, const char *access,
    const char *other)
{
	static const char *const never[] = { "motorway", "motorway_link",
		"platform", "construction", "proposed", "planned", "raceway",
		"bus_guideway", "busway", "abandoned", "razed", "escape",
		"rest_area", "services", "no", NULL };
	static const char *const closed[] = { "no", "private", NULL };
	static const char *const open[] = { "yes", "designated", "permissive",
		"official", "destination", NULL };
	char foot_tag[32], access_tag[32];

	if (!highway || !*highway || one_of(highway, never))
		return WALK_NO;
	if (!foot && walk_tag(other, "foot", foot_tag, sizeof(foot_tag)))
		foot = foot_tag;
	if (!access &&
	    walk_tag(other, "access", access_tag, sizeof(access_tag)))
		access = access_tag;
	if (one_of(foot, closed))
		return WALK_NO;
	if (one_of(access, closed) && !one_of(foot, open))
		return WALK_NO;
	return strcmp(highway, "steps") ? WALK_YES : WALK_STEPS;
}
