/* SPDX-License-Identifier: MIT */
/*
 * A city in a store, as dense at any size: 200,000 homes over 20 km in
 * clusters, at sea; a home in forty has a shelter beside it, with 1.15 places
 * a person.  Streets every 45 m where they are asked for.
 */
#ifndef TESTS_BENCH_CITY_H
#define TESTS_BENCH_CITY_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shelterd/store/db.h"
#include "shelterd/store/home.h"
#include "shelterd/store/migrate.h"
#include "shelterd/store/shelter.h"
#include "shelterd/store/way.h"
#include "tests/bench/plain.h"

enum { CITY_CLUSTERS = 40 };
static struct gis_point city_centre[CITY_CLUSTERS];

/* Degrees from one side to the other. */
static inline double
city_width(size_t homes)
{
	return 0.18 * sqrt((double)homes / 200000);
}

static inline struct gis_point
city_somewhere(size_t homes)
{
	double width = city_width(homes);
	int k = (int)(chance() * CITY_CLUSTERS);

	return (struct gis_point){ 123.3 + city_centre[k].x * width +
				       bell() * width / 13,
		25 + city_centre[k].y * width + bell() * width / 13 };
}

static inline int64_t
city_shelter(struct db *db, struct gis_point at, int64_t places, bool closed)
{
	struct shelter_row s = { .name = "s",
		.address = "a",
		.area = -1,
		.places = places,
		.lonlat = at,
		.closed = closed };
	struct unit_row u = {
		.sheltering_area = -1, .stated_places = places, .converted = -1
	};
	struct entrance_row e = {
		.lonlat = at, .clear_width = -1, .usable = true
	};

	must(shelter_insert(db, &s) == DB_OK, "shelter");
	must(unit_insert(db, s.id, &u) == DB_OK, "unit");
	e.unit_id = u.id;
	must(entrance_insert(db, s.id, &e) == DB_OK, "entrance");
	return s.id;
}

/* An empty store at a path, in a transaction. */
static inline struct db *
city_store(const char *path)
{
	char err[300];
	struct db *db;

	remove(path);
	db = db_open(path, false, err, sizeof(err));
	must(db != NULL && migrate(db, err, sizeof(err)) >= 0, "store");
	db_begin(db);
	return db;
}

static inline void
city_homes(struct db *db, size_t homes)
{
	seed = 5;
	for (int i = 0; i < CITY_CLUSTERS; i++)
		city_centre[i] = (struct gis_point){ chance(), chance() };
	for (size_t i = 0; i < homes; i++) {
		struct home_row h = { .name = "h",
			.people = 1 + (int64_t)(chance() * 300),
			.lonlat = city_somewhere(homes) };

		must(home_insert(db, &h) == DB_OK, "home");
	}
}

/* After the homes; those of the ids `shut` are closed. */
static inline void
city_shelters(struct db *db, size_t homes, const int64_t *shut, size_t nshut)
{
	for (size_t i = 0; i < homes / 40; i++) {
		struct gis_point at = city_somewhere(homes);
		int64_t places =
		    (int64_t)(150 * 40 * 1.15 * (0.1 + 1.8 * chance()));
		bool closed = false;

		for (size_t k = 0; k < nshut; k++)
			closed |= shut[k] == (int64_t)i + 1;
		city_shelter(db, at, places, closed);
	}
}

/* The crossing so many streets to the east and to the north. */
static inline struct gis_point
city_crossing(size_t homes, int x, int y)
{
	double from = city_width(homes) * 0.15;

	return (struct gis_point){ 123.3 - from + x * 4.5e-4,
		25 - from + y * 4.0e-4 };
}

static inline int
city_across(size_t homes)
{
	return (int)(city_width(homes) * 1.3 / 4.5e-4);
}

static inline void
city_street(struct db *db, size_t homes, int number, bool north)
{
	int n = city_across(homes);
	size_t len = 9 + (size_t)n * 16;
	unsigned char *wkb = malloc(len), content[CONTENT_HASH] = { 0 };
	uint32_t kind = 2, points = (uint32_t)n;
	struct way_row w = { .source = "s",
		.name = "",
		.class = "",
		.content = content,
		.lines = wkb,
		.lines_len = len };

	must(wkb != NULL, "memory");
	wkb[0] = 1;
	memcpy(wkb + 1, &kind, 4);
	memcpy(wkb + 5, &points, 4);
	for (int i = 0; i < n; i++) {
		struct gis_point p = north ? city_crossing(homes, number, i)
					   : city_crossing(homes, i, number);

		memcpy(wkb + 9 + i * 16, &p, 16);
	}
	number = number * 2 + north;
	memcpy(content, &number, sizeof(number));
	must(way_insert(db, &w) == DB_OK, "way");
	free(wkb);
}

static inline void
city_streets(struct db *db, size_t homes)
{
	for (int i = 0; i < city_across(homes); i++) {
		city_street(db, homes, i, false);
		city_street(db, homes, i, true);
	}
}

#endif
