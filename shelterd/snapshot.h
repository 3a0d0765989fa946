/* SPDX-License-Identifier: MIT */
/*
 * The immutable picture of the district that reads are answered from: users,
 * shelters with their usable capacity, homes, network, spatial indexes.  It
 * is never edited: after a commit the writer makes the next one, sharing the
 * parts nothing touched, and the loop swaps it in before it answers.
 * Reference counted; a snapshot may be read by any thread holding one.  The
 * rules are not its own and outlive it.
 *
 * `version` is the id of the last event that changed the map (register,
 * capacity, homes or network): the data version that published numbers carry.
 */
#ifndef SHELTERD_SNAPSHOT_H
#define SHELTERD_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "gis/index.h"
#include "gis/network.h"
#include "gis/outline.h"
#include "gis/shape.h"
#include "inspections/capacity.h"

struct db;
struct plan_view;
struct rules;

struct snap_entrance {
	int64_t id, unit_id;
	struct gis_point lonlat, plane;
	struct gis_place place; /* on the network */
	double clear_width;	/* m, < 0 unknown */
	bool usable;
	const char *name;
};

struct snap_unit {
	int64_t id;
	const char *name;
	struct capacity capacity;
	int64_t open_defects;
};

/* One shelter, immutable and refcounted by itself: an unchanged shelter is
 * the same pointer in the next snapshot. */
struct snap_shelter {
	int64_t id, version;
	const char *register_id, *name, *address, *kind, *precinct, *org;
	const char *floors, *note;
	double area;	/* m2, < 0 unknown */
	int64_t places; /* stated, < 0 unknown */
	int64_t usable; /* sum over units */
	int64_t without_defects;
	enum capacity_rule binding; /* of the unit that loses most */
	bool hidden, closed;
	struct gis_point lonlat, plane;
	uint64_t key; /* on the web map, gis/world.h */
	const struct snap_unit *units;
	size_t nunits;
	const struct snap_entrance *entrances; /* at least one */
	size_t nentrances;
	int64_t open_defects;
};

struct snap_home {
	int64_t id;
	const char *register_id, *name;
	int64_t people, households;
	const struct gis_shape *plane_shape; /* NULL: a point */
	struct gis_point lonlat, plane;	     /* a point inside */
	struct gis_place place;
	uint64_t key;
	const struct gis_outline *outline; /* NULL: a point */
};

/* A piece of street that is closed to everybody. */
struct snap_closure {
	int64_t id;
	struct gis_point lonlat[2];
	uint32_t edge; /* of the network; UINT32_MAX: not there (any more) */
	const char *reason;
	int64_t closed_by, closed_at;
};

struct snap_user {
	int64_t id;
	int role; /* enum role */
	const char *name, *org;
};

struct snapshot;

/* Builds from the store. On failure NULL and a sentence in err. */
struct snapshot *
snapshot_load(struct db *, const struct rules *, char *err, size_t errsize);
/* The next one: parts (mask of enum snap_part) and single shelters reloaded,
 * the rest shared. `last_event` becomes the version when anything on the map
 * changed. */
struct snapshot *snapshot_next(const struct snapshot *, struct db *,
    const struct rules *, unsigned parts, const int64_t *shelters, size_t n,
    int64_t last_event, char *err, size_t errsize);
struct snapshot *snapshot_ref(const struct snapshot *);
void snapshot_unref(struct snapshot *);

int64_t snapshot_version(const struct snapshot *);
/* The rules it was computed with, and that hold beside it. */
const struct rules *snapshot_rules(const struct snapshot *);
struct gis_crs *snapshot_plane_new(const struct snapshot *); /* per thread */
/* One point onto the plane, without making a struct gis_crs first. */
struct gis_point
snapshot_to_plane(const struct snapshot *, struct gis_point lonlat);
struct gis_point
snapshot_to_lonlat(const struct snapshot *, struct gis_point plane);

size_t snapshot_shelters(const struct snapshot *);
const struct snap_shelter *snapshot_shelter_at(const struct snapshot *, size_t);
const struct snap_shelter *
snapshot_shelter(const struct snapshot *, int64_t id);
size_t snapshot_homes(const struct snapshot *);
const struct snap_home *snapshot_home_at(const struct snapshot *, size_t);
const struct snap_home *snapshot_home(const struct snapshot *, int64_t id);

/* A point of the web map: its key (gis/world.h) and its position, as for
 * snapshot_shelter_at() or snapshot_home_at(). */
struct snap_place {
	uint64_t key;
	uint32_t at;
};
/* Calls each() for all in a tile, in order of key and position, until it
 * returns non-zero, which is returned. */
int snapshot_shelters_in(const struct snapshot *, struct gis_tile_at,
    int (*each)(void *, const struct snap_place *), void *arg);
int snapshot_homes_in(const struct snapshot *, struct gis_tile_at,
    int (*each)(void *, const struct snap_place *), void *arg);
/* Of the homes with an area, by position. */
const struct gis_outlines *snapshot_outlines(const struct snapshot *);

/* Calls each() with the position of every home whose point, or whose area's
 * box, is at most so far from a point of the plane, until it returns non-zero,
 * which is returned. */
int snapshot_homes_near(const struct snapshot *, struct gis_point plane,
    double metres, int (*each)(void *, uint32_t at), void *arg);

/* Whether two snapshots have the same homes on the same plane. */
bool snapshot_same_homes(const struct snapshot *, const struct snapshot *);
/* The same streets, whatever is closed of them. */
bool snapshot_same_streets(const struct snapshot *, const struct snapshot *);
/* Calls each() for every shelter that is another in the newer one (before and
 * after; NULL where it is not there), in order of id, until it returns
 * non-zero, which is returned.  Costs what is not shared. */
typedef int snapshot_change(
    void *, const struct snap_shelter *, const struct snap_shelter *);
int snapshot_changed(const struct snapshot *old, const struct snapshot *,
    snapshot_change *each, void *arg);

/* NULL while no network was imported; without what is closed. */
const struct gis_network *snapshot_network(const struct snapshot *);

/* What is closed, by id. */
const struct snap_closure *
snapshot_closures(const struct snapshot *, size_t *n);
/* A place as it is known, or the nearest that is not closed; `reach` in m. */
struct gis_place snapshot_place(const struct snapshot *, struct gis_place known,
    struct gis_point plane, double reach);

/* A walk over it, on foot at any time, for one caller at a time; some are kept,
 * since making one costs the network.  NULL: no network, or out of memory. */
struct gis_walk *snapshot_walk_take(const struct snapshot *);
void snapshot_walk_give(const struct snapshot *, struct gis_walk *);

/* What the network of this store would be, on the plane of the snapshot: for
 * an import that is only tried. 0, or -1. */
int snapshot_try_network(
    const struct snapshot *, struct db *, struct gis_network_summary *);

/* Entrances of all shelters, in one array in their order; item -> shelter
 * position and entrance position. The index is over these. */
const struct gis_index *snapshot_entrance_index(const struct snapshot *);
void snapshot_entrance(const struct snapshot *, uint32_t item,
    const struct snap_shelter **, const struct snap_entrance **);
/* Has the memory bring what snapshot_entrance() will be asked for, all at
 * once: one after the other each costs three waits. */
void snapshot_entrances_soon(
    const struct snapshot *, const struct gis_hit *, size_t n);

/* The plan that counts, see plan_view.h; reloaded for SNAP_PLANS, which by
 * itself does not change the version. Never NULL. */
const struct plan_view *snapshot_plan(const struct snapshot *);

/* Token check: `hash` is the 32-byte hash of the token. NULL: unknown or
 * expired at `now`. */
const struct snap_user *
snapshot_token(const struct snapshot *, const unsigned char *hash, int64_t now);
const struct snap_user *snapshot_user(const struct snapshot *, int64_t id);

#endif
