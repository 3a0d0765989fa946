/* SPDX-License-Identifier: MIT */
/*
 * The parts a snapshot is made of, for snapshot*.c only.  Each part is
 * immutable and counted by itself, so that the next snapshot shares what a
 * commit did not touch.  Shelters stand in chunks: changing one copies its
 * chunk and the list of chunks, not forty thousand pointers.
 */
#ifndef SHELTERD_SNAPSHOT_PART_H
#define SHELTERD_SNAPSHOT_PART_H

#include <pthread.h>
#include <stdatomic.h>
#include "shelterd/snapshot.h"
#include "gis/boxes.h"
#include "shelterd/store/rowtext.h"

/* What loading needs, and where a sentence about a failure goes. */
struct snap_load {
	struct db *db;
	const struct rules *rules;
	struct gis_crs *plane;
	const struct gis_network *network; /* to snap to; NULL: none */
	char *err;
	size_t errsize;
};

/* Says what failed, with the store's own words; returns -1. */
int snap_fail(const struct snap_load *, const char *what);

/* The district's plane for single points, once per thread that may ask at a
 * time: a lane that is put aside while it holds one does not stop the loop. */
enum { SNAP_PLANES = 4 };
struct snap_plane {
	atomic_uint refs;
	pthread_mutex_t lock[SNAP_PLANES];
	struct gis_crs *crs[SNAP_PLANES];
};

struct snap_token {
	unsigned char hash[32];
	int64_t expires; /* 0: never */
	size_t user;	 /* position */
};

struct snap_users {
	atomic_uint refs;
	struct snap_user *users; /* by id */
	size_t nusers, users_cap;
	struct snap_token *tokens; /* by hash */
	size_t ntokens, tokens_cap;
	struct rowtext text;
};
struct snap_users *snap_users_load(const struct snap_load *);
void snap_users_unref(struct snap_users *);

enum { SNAP_WALKS = 2 }; /* the loop's and the reader's */
struct snap_network {
	atomic_uint refs;
	struct gis_network *network; /* NULL: nothing imported */
	_Atomic(struct gis_walk *) walk[SNAP_WALKS]; /* that nobody uses */
	/* With closures: the network they are pieces of. */
	struct snap_network *whole;
	struct snap_closure *closure;
	size_t nclosures;
	struct rowtext text;
};
struct snap_network *snap_network_load(const struct snap_load *);
/* The whole network, or it with what is closed by now. */
struct snap_network *
snap_network_closed(const struct snap_network *, const struct snap_load *);
const struct snap_network *snap_network_whole(const struct snap_network *);
void snap_network_unref(struct snap_network *);

/* Points of the map in the order of their keys, see snapshot_places.c. */
enum { SNAP_PAGE = 256 };
struct snap_page {
	atomic_uint refs;
	size_t n;
	struct snap_place place[SNAP_PAGE];
};
struct snap_places {
	atomic_uint refs;
	size_t n; /* pages, none of them empty */
	struct snap_page **page;
};
/* Sorts the array. */
struct snap_places *snap_places_make(struct snap_place *, size_t n);
/* As `old`, without one that is in there and with one that is not; either may
 * be NULL. */
struct snap_places *snap_places_with(const struct snap_places *old,
    const struct snap_place *gone, const struct snap_place *come);
int snap_places_in(const struct snap_places *, struct gis_tile_at,
    int (*each)(void *, const struct snap_place *), void *arg);
void snap_places_unref(struct snap_places *);

struct snap_homes {
	atomic_uint refs;
	struct gis *gis;	 /* frees the shapes */
	struct snap_home *homes; /* by id */
	struct gis_shape **shapes;
	struct gis_outline **outline;
	struct gis_outlines *outlines; /* of those with an area */
	struct snap_places *places;
	struct gis_boxes *boxes; /* on the plane, by position */
	size_t n, cap;
	struct rowtext text;
};
struct snap_homes *snap_homes_load(const struct snap_load *);
void snap_homes_unref(struct snap_homes *);

/* One shelter with all it points to, in one piece of memory. */
struct snap_box {
	atomic_uint refs;
	struct snap_shelter shelter;
};

enum { SNAP_CHUNK = 256 };
struct snap_chunk {
	atomic_uint refs;
	size_t n;
	struct snap_box *box[SNAP_CHUNK];
};

struct snap_shelters { /* by id */
	atomic_uint refs;
	size_t n, nchunks, cap;
	struct snap_chunk **chunks;
};
struct snap_shelters *snap_shelters_load(const struct snap_load *);
/* As `old`, with one shelter read anew. *moved: entrances came, went or
 * changed their place. */
struct snap_shelters *snap_shelters_with(const struct snap_shelters *old,
    const struct snap_load *, int64_t id, bool *moved);
void snap_shelters_unref(struct snap_shelters *);
/* See snapshot_changed(). */
int snap_shelters_changed(const struct snap_shelters *old,
    const struct snap_shelters *, snapshot_change *, void *arg);
struct snap_places *snap_shelters_places(const struct snap_shelters *);
const struct snap_shelter *
snap_shelters_at(const struct snap_shelters *, size_t);
/* Has the memory bring the place of that shelter, then the whole of it. */
void snap_shelters_soon(const struct snap_shelters *, size_t, bool whole);
/* Position of the first shelter with an id >= this one. */
size_t snap_shelters_position(const struct snap_shelters *, int64_t id);

struct snap_entrances {
	atomic_uint refs;
	struct gis_index *index;
	struct {
		uint32_t shelter, entrance;
	} * item;
	size_t n;
};
struct snap_entrances *snap_entrances_make(const struct snap_shelters *);
/* As `old`, which is of the shelters `before`, for the shelters `after`: where
 * some moved or came; NULL: it must be made anew. */
struct snap_entrances *snap_entrances_with(const struct snap_entrances *old,
    const struct snap_shelters *before, const struct snap_shelters *after);
void snap_entrances_unref(struct snap_entrances *);

struct snapshot {
	atomic_uint refs;
	int64_t version;
	const struct rules *rules;
	struct gis_point centre; /* of the plane, lon/lat */
	struct snap_plane *plane;
	struct snap_users *users;
	struct snap_network *network;
	struct snap_homes *homes;
	struct snap_shelters *shelters;
	struct snap_entrances *entrances;
	struct snap_places *places; /* of the shelters */
	struct plan_view *plan;
};

#endif
