/* SPDX-License-Identifier: MIT */
/*
 * Nodes and ways of an OpenStreetMap file, XML or PBF, one after the other as
 * they stand there; relations are passed over.  Holds a piece of the file at a
 * time, never all of it, and can be read again from the start.  It must not
 * know what a way is for.
 */
#ifndef SHELTERCTL_OSM_H
#define SHELTERCTL_OSM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum osm_kind { OSM_END, OSM_NODE, OSM_WAY, OSM_BROKEN };
enum { OSM_NODES = 1, OSM_WAYS = 2 }; /* what is wanted */

struct osm_tag {
	const char *key, *value;
};

struct osm_item {
	int64_t id;
	int64_t lon, lat;   /* of a node, in 1e-9 degrees */
	const int64_t *ref; /* of a way: its nodes */
	size_t nrefs;
	const struct osm_tag *tag; /* of a way */
	size_t ntags;
};

struct osm;

/* By its first bytes. */
bool osm_is(const char *path);
/* NULL: why holds a sentence that names the file. */
struct osm *osm_open(const char *path, char *why, size_t size);
void osm_close(struct osm *);

/* The next of the wanted kinds; the item is borrowed until the next call.
 * OSM_BROKEN: osm_problem() says what is wrong with the file. */
enum osm_kind osm_next(struct osm *, unsigned want, struct osm_item *);
const char *osm_problem(const struct osm *);
void osm_rewind(struct osm *);
double osm_share(const struct osm *); /* read so far, 0..1 */

/* Degrees of a position: the double a reader of its decimals would get. */
double osm_degrees(int64_t nano);

#endif
