/* SPDX-License-Identifier: MIT */
/*
 * A change in the data and the next answer: coverage with capacity by radius
 * (500 m) and on foot (7 min) of a city in a store, and a what-if on it, after
 * one shelter's capacity fell, one closed, one opened, one came and a street
 * closed, beside the same coverage made anew from the same snapshot.  Both
 * must be the same to the last seat.  CPU time; medians.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shelterd/map/coverage_base.h"
#include "shelterd/map/whatif.h"
#include "shelterd/net/request.h"
#include "shelterd/net/route.h"
#include "shelterd/rules.h"
#include "shelterd/store/closure.h"
#include "shelterd/store/user.h"
#include "tests/bench/city.h"

enum { CHANGES = 15, RUNS = 3 };

static char folder[] = "/tmp/shelterd-bench.XXXXXX", path[64], err[300];
static struct rules *rules;
static struct db *db;
static struct snapshot *snap;
static int64_t version = 1000;

static double
now(void)
{
	return seconds_of(CLOCK_PROCESS_CPUTIME_ID);
}

static void
next(unsigned parts, int64_t id)
{
	struct snapshot *s = snapshot_next(
	    snap, db, rules, parts, &id, id != 0, ++version, err, sizeof(err));

	must(s != NULL, err);
	snapshot_unref(snap);
	snap = s;
}

/* ---- changes ---- */

static int64_t
some(size_t homes)
{
	return 1 + (int64_t)(chance() * (double)(homes / 40));
}

static void
change_shelter(int64_t id, int percent, int closed)
{
	const struct shelter_full *f = NULL;
	struct shelter_reader *r = shelter_reader_new(db, id, id);
	struct shelter_row row;
	struct unit_row unit;

	must(shelter_reader_next(r, &f) == DB_ROW, "shelter");
	row = f->row;
	unit = f->units[0];
	unit.stated_places = unit.stated_places * percent / 100;
	if (closed >= 0)
		row.closed = closed;
	must(shelter_update(db, &row) == DB_OK, "shelter");
	must(unit_update(db, &unit) == DB_OK, "unit");
	shelter_reader_free(r);
	next(0, id);
}

static int64_t closed_last;

static void
finding(size_t homes)
{
	change_shelter(some(homes), 70, -1);
}

static void
closing(size_t homes)
{
	closed_last = some(homes);
	change_shelter(closed_last, 100, true);
}

static void
opening(size_t homes)
{
	(void)homes;
	change_shelter(closed_last, 100, false);
}

static void
coming(size_t homes)
{
	next(0, city_shelter(db, city_somewhere(homes), 5000, false));
}

static void
street(size_t homes)
{
	int n = city_across(homes);
	int x = n / 4 + (int)(chance() * n / 2);
	int y = n / 4 + (int)(chance() * n / 2);
	struct closure_row r = { .lonlat = { city_crossing(homes, x, y),
				     city_crossing(homes, x + 1, y) },
		.reason = "dug up",
		.closed_by = 1 };

	must(closure_insert(db, &r) == DB_OK, "closure");
	next(SNAP_CLOSURES, 0);
}

/* ---- answers ---- */

static struct coverage *
answer(const struct coverage_ask *ask, bool anew, double *took)
{
	struct gis_fail fail;
	struct coverage *c;
	double start = now();

	must((anew ? coverage_make : coverage_get)(
		 snap, ask, NULL, NULL, &c, &fail) == 0,
	    "coverage");
	*took = now() - start;
	return c;
}

static void
hold_against(
    const struct coverage *kept, const struct coverage_ask *ask, double *took)
{
	struct coverage *anew = answer(ask, true, took);

	must(strcmp(coverage_totals(kept)->hash, coverage_totals(anew)->hash) ==
		 0,
	    "what was carried and what was made anew differ");
	coverage_unref(anew);
}

struct kind {
	const char *name;
	void (*change)(size_t homes);
};

static void
bench_kind(size_t homes, const char *how, const struct coverage_ask *ask,
    const struct kind *k, bool also_before)
{
	double took[CHANGES], anew[RUNS], before;
	char name[80];
	uint64_t carried = coverage_base_carried();

	for (int i = 0; i < CHANGES; i++) {
		struct coverage *c;

		if (also_before) { /* opening one that closed before */
			closing(homes);
			coverage_unref(answer(ask, false, &before));
		}
		k->change(homes);
		c = answer(ask, false, &took[i]);
		if (i < RUNS)
			hold_against(c, ask, &anew[i]);
		coverage_unref(c);
	}
	carried = coverage_base_carried() - carried;
	if (carried < CHANGES)
		fprintf(stderr, "   only %d of %d were carried\n", (int)carried,
		    CHANGES);
	snprintf(name, sizeof(name), "coverage %s after %s", how, k->name);
	figure(name, homes, median(took, CHANGES) * 1e3, "ms",
	    "the coverage anew", median(anew, RUNS) * 1e3);
}

/* A question right after a finding. */
static void
bench_whatif(size_t homes, const char *how, const struct coverage_ask *ask)
{
	double took[CHANGES], start;
	char name[80];

	for (int i = 0; i < CHANGES; i++) {
		int64_t id = some(homes);
		struct whatif_ask w = {
			.coverage = *ask, .close = &id, .nclose = 1
		};
		struct gis_fail fail;
		struct whatif out;

		finding(homes);
		start = now();
		must(whatif_make(snap, &w, &out, &fail) == 0, "what-if");
		took[i] = now() - start;
		whatif_release(&out);
	}
	snprintf(name, sizeof(name), "what-if %s after a finding", how);
	figure(name, homes, median(took, CHANGES) * 1e3, "ms", NULL, 0);
}

static void
bench_how(size_t homes, const char *how, const struct coverage_ask *ask)
{
	static const struct kind kinds[] = {
		{ "a finding", finding },
		{ "one closed", closing },
		{ "one opened", opening },
		{ "one came", coming },
		{ "a street closed", street },
	};
	double first;

	coverage_unref(answer(ask, false, &first));
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (kinds[i].change != street || ask->limit.by_minutes)
			bench_kind(homes, how, ask, &kinds[i],
			    kinds[i].change == opening);
	bench_whatif(homes, how, ask);
}

static void
bench(size_t homes)
{
	char name[32];
	struct coverage_ask radius = { .limit = { false, 500, 500, gis_on_foot,
					   500 },
		.capacity = true,
		.where_text = name };
	struct coverage_ask foot = radius;
	struct user someone = { .name = "i", .role = ROLE_INSPECTOR };

	snprintf(name, sizeof(name), "%zu", homes);
	foot.limit = (struct plan_limit){ true, 7, 500, gis_on_foot, 500 };
	db = city_store(path);
	must(user_add(db, &someone, NULL, 1) == USER_OK, "user");
	city_homes(db, homes);
	city_shelters(db, homes, NULL, 0);
	city_streets(db, homes);
	must(db_commit(db) == DB_OK, "commit");
	snap = snapshot_load(db, rules, err, sizeof(err));
	must(snap != NULL, "snapshot");
	bench_how(homes, "with capacity", &radius);
	bench_how(homes, "on foot with capacity", &foot);
	snapshot_unref(snap);
	db_close(db);
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
