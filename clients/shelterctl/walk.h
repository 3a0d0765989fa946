/* SPDX-License-Identifier: MIT */
/* Which ways of OpenStreetMap can be walked: a pure table over the tags. */
#ifndef SHELTERCTL_WALK_H
#define SHELTERCTL_WALK_H

#include <stdbool.h>
#include <stddef.h>

enum walk { WALK_NO, WALK_YES, WALK_STEPS };

/* Texts may be NULL.  other is OGR's bag of further tags,
   "foot"=>"no","access"=>"private". */
enum walk walk_of(const char *highway, const char *foot, const char *access,
    const char *other);

/* The value of a key in such a bag into out; false: it is not there. */
bool walk_tag(const char *other, const char *key, char *out, size_t size);

#endif
