/* SPDX-License-Identifier: MIT */
/*
 * What-if on a city in a store: coverage with capacity at 500 m, one shelter
 * closed, one opened, ten closed, on the state that is kept, beside computing
 * the coverage of the changed city anew (a second snapshot in which the change
 * was really made; reading it is not counted).  Wall clock; medians.
 */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "shelterd/rules.h"
#include "shelterd/store/db.h"
#include "shelterd/store/home.h"
#include "shelterd/store/migrate.h"
#include "shelterd/store/shelter.h"
#include "shelterd/map/whatif.h"
#include "tests/bench/plain.h"

enum { QUESTIONS = 21, RUNS = 5, CLUSTERS = 40 };

static char folder[] = "/tmp/shelterd-bench.XXXXXX", path[64], err[300];
static struct rules *rules;
static struct gis_point centre[CLUSTERS];

static double
now(void)
{
	return seconds_of(CLOCK_MONOTONIC);
}

/* In degrees, as dense at any size: 200,000 homes over 20 km, at sea. */
static struct gis_point
somewhere(size_t homes)
{
	double width = 0.18 * sqrt((double)homes / 200000);
	int k = (int)(chance() * CLUSTERS);

	return (struct gis_point){ 123.3 + centre[k].x * width +
				       bell() * width / 13,
		25 + centre[k].y * width + bell() * width / 13 };
}

static void
add_shelter(struct db *db, struct gis_point at, int64_t places, bool closed)
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
}

/* A home in forty has a shelter beside it; 1.15 places a person. */
static struct snapshot *
city(size_t homes, const struct whatif_ask *done)
{
	struct db *db;
	struct snapshot *s;

	unlink(path);
	db = db_open(path, false, err, sizeof(err));
	must(db != NULL && migrate(db, err, sizeof(err)) >= 0, "store");
	db_begin(db);
	seed = 5;
	for (int i = 0; i < CLUSTERS; i++)
		centre[i] = (struct gis_point){ chance(), chance() };
	for (size_t i = 0; i < homes; i++) {
		struct home_row h = { .name = "h",
			.people = 1 + (int64_t)(chance() * 300),
			.lonlat = somewhere(homes) };

		must(home_insert(db, &h) == DB_OK, "home");
	}
	for (size_t i = 0; i < homes / 40; i++) {
		struct gis_point at = somewhere(homes);
		int64_t places =
		    (int64_t)(150 * 40 * 1.15 * (0.1 + 1.8 * chance()));
		bool closed = false;

		for (size_t k = 0; k < done->nclose; k++)
			closed |= done->close[k] == (int64_t)i + 1;
		add_shelter(db, at, places, closed);
	}
	for (size_t k = 0; k < done->nopen; k++)
		add_shelter(
		    db, done->open[k].lonlat, done->open[k].places, false);
	must(db_commit(db) == DB_OK, "commit");
	s = snapshot_load(db, rules, err, sizeof(err));
	must(s != NULL, "snapshot");
	db_close(db);
	return s;
}

struct question {
	const char *name;
	size_t close, open;
	int64_t id[10];
	struct whatif_site site[10];
};

/* Another one of its kind. */
static void
draw(struct question *q, struct whatif_ask *ask, size_t homes)
{
	for (size_t i = 0; i < q->close; i++)
		q->id[i] = 1 + (int64_t)(chance() * (double)(homes / 40));
	for (size_t i = 0; i < q->open; i++)
		q->site[i] = (struct whatif_site){ somewhere(homes), 5000 };
	ask->close = q->id;
	ask->nclose = q->close;
	ask->open = q->site;
	ask->nopen = q->open;
}

static struct whatif
answer(const struct snapshot *s, const struct whatif_ask *ask, double *took)
{
	struct gis_fail fail;
	struct whatif w;
	double start = now();

	must(whatif_make(s, ask, &w, &fail) == 0, "what-if");
	*took = now() - start;
	return w;
}

static double
compute_anew(const struct snapshot *really, const struct whatif_ask *ask,
    const struct whatif *said)
{
	struct gis_fail fail;
	struct coverage *c;
	double start = now();

	must(coverage_make(really, &ask->coverage, NULL, NULL, &c, &fail) == 0,
	    "coverage");
	start = now() - start;
	must(coverage_totals(c)->covered == said->after.covered &&
		 coverage_totals(c)->placed == said->after.placed,
	    "what-if and the thing itself differ");
	coverage_unref(c);
	return start;
}

/* The last one is also really done, and must be as was said. */
static void
bench_kind(const struct snapshot *s, size_t homes, struct question *q,
    struct whatif_ask *ask)
{
	double took[QUESTIONS], anew[RUNS];
	struct snapshot *really;
	struct whatif w = { 0 };

	for (int i = 0; i < QUESTIONS; i++) {
		whatif_release(&w);
		seed = 99 + (uint64_t)i * 7919;
		for (int k = 0; k < 9; k++)
			chance();
		draw(q, ask, homes);
		w = answer(s, ask, &took[i]);
	}
	really = city(homes, ask);
	for (int i = 0; i < RUNS; i++)
		anew[i] = compute_anew(really, ask, &w);
	figure(q->name, homes, median(took, QUESTIONS) * 1e3, "ms",
	    "the coverage anew", median(anew, RUNS) * 1e3);
	snapshot_unref(really);
	whatif_release(&w);
}

static void
bench(size_t homes)
{
	struct question kinds[] = {
		{ .name = "what-if, one shelter closed", .close = 1 },
		{ .name = "what-if, one opened", .open = 1 },
		{ .name = "what-if, ten closed", .close = 10 },
	};
	char name[32];
	struct whatif_ask ask = { .coverage = { .limit = { false, 500, 500 },
				      .capacity = true,
				      .where_text = name } };
	struct snapshot *s = city(homes, &ask);
	struct whatif w;
	double first;

	snprintf(name, sizeof(name), "%zu", homes);
	w = answer(s, &ask, &first);
	fprintf(stderr, "   %zu homes: %ld people, covered %ld, placed %ld\n",
	    homes, (long)w.people, (long)w.before.covered,
	    (long)w.before.placed);
	whatif_release(&w);
	figure("what-if, first answer", homes, first * 1e3, "ms", NULL, 0);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		bench_kind(s, homes, &kinds[i], &ask);
	snapshot_unref(s);
}

int
main(void)
{
	must(mkdtemp(folder) != NULL, "folder");
	snprintf(path, sizeof(path), "%s/city.db", folder);
	rules = rules_load("etc/rules", err, sizeof(err));
	must(rules != NULL, "rules");
	bench(2000);
	bench(20000);
	bench(200000);
	rules_free(rules);
	unlink(path);
	rmdir(folder);
	return 0;
}
