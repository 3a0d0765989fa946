/* SPDX-License-Identifier: MIT */
/*
 * The shelter aggregate in the store: the works, its protective units, its
 * entrances, and the open defects that lower its capacity.  Invariant: a
 * shelter has at least one unit and one entrance, so that both have ids from
 * the first day on.
 *
 * Functions that return int give an enum db_result.
 */
#ifndef SHELTERD_STORE_SHELTER_H
#define SHELTERD_STORE_SHELTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "gis/point.h"
#include "inspections/capacity.h"

struct db;
struct rules;

struct shelter_row {
	int64_t id, version;
	const char *register_id, *name, *address, *kind, *precinct, *org;
	const char *floors, *note;
	double area;	/* m2, < 0 unknown */
	int64_t places; /* < 0 unknown */
	struct gis_point lonlat;
	bool hidden, closed;
};

struct unit_row {
	int64_t id;
	const char *name;
	double sheltering_area; /* m2, < 0 unknown */
	int64_t stated_places;	/* < 0 unknown */
	int converted;		/* 0, 1, -1 unknown */
	bool closed;
};

struct entrance_row {
	int64_t id, unit_id; /* unit 0: of the works as a whole */
	const char *name;
	struct gis_point lonlat;
	double clear_width; /* m, < 0 unknown */
	bool usable;
};

struct defect_row {
	int64_t id, unit_id, entrance_id; /* 0: not said */
	enum derating_effect effect;
	double factor;
};

struct shelter_full {
	struct shelter_row row;
	struct unit_row *units;
	size_t nunits;
	struct entrance_row *entrances;
	size_t nentrances;
	struct defect_row *defects; /* open and verified ones */
	size_t ndefects;
};

/* Reads shelters with first <= id <= last in order of id.  What
 * shelter_reader_next() gives is valid until the next call; DB_ROW while
 * shelters come, then DB_OK. */
struct shelter_reader;
struct shelter_reader *
shelter_reader_new(struct db *, int64_t first, int64_t last);
int shelter_reader_next(struct shelter_reader *, const struct shelter_full **);
void shelter_reader_free(struct shelter_reader *);

/* What a shelter takes today.  `units` (may be NULL) has room for nunits. */
struct shelter_capacity {
	int64_t usable, without_defects; /* sum over units */
	enum capacity_rule binding;	 /* of the unit that loses most */
};
struct shelter_capacity shelter_capacity_of(const struct shelter_full *,
    const struct capacity_rules *, struct capacity *units);
/* The same for a shelter in the store, also inside a transaction that has
 * just changed its defects.  DB_ROW if there is such a shelter, else DB_OK. */
int store_shelter_capacity(struct db *, const struct rules *,
    int64_t shelter_id, struct shelter_capacity *);
/* How many open defects concern a unit. */
size_t shelter_unit_defects(const struct shelter_full *, int64_t unit_id);

/* New rows; the id is set in the row. */
int shelter_insert(struct db *, struct shelter_row *);
int unit_insert(struct db *, int64_t shelter_id, struct unit_row *);
int entrance_insert(struct db *, int64_t shelter_id, struct entrance_row *);
/* All columns of the row `id`; shelter_update() also counts the version up. */
int shelter_update(struct db *, const struct shelter_row *);
int unit_update(struct db *, const struct unit_row *);
int entrance_update(struct db *, const struct entrance_row *);
/* Before shelter_update(): a shelter whose only unit and entrance still say
 * what the shelter said takes them along. NULL name: the unit keeps its. */
int shelter_follow(struct db *, const struct shelter_full *old,
    const struct shelter_row *now, const char *unit_name);
int unit_delete(struct db *, int64_t id);
int entrance_delete(struct db *, int64_t id);
/* Entrances of that unit become entrances of the works as a whole. */
int entrance_release_unit(struct db *, int64_t unit_id);

#endif
