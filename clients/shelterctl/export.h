/* SPDX-License-Identifier: MIT */
/* Writes items of the interface as a table or a map layer through OGR. */
#ifndef SHELTERCTL_EXPORT_H
#define SHELTERCTL_EXPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <cjson/cJSON.h>

/* Whether the ending of a file name is one that can be written. */
bool export_knows(const char *path);

/*
 * items: an array of objects, or a GeoJSON FeatureCollection.  Plain members
 * become columns, "at" or a geometry the place.  The file is replaced.
 */
bool export_write(const char *path, const char *layer, const cJSON *items,
    char *why, size_t size);

#endif
