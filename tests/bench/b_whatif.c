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
#include "shelterd/map/whatif.h"
#include "tests/bench/city.h"

enum { QUESTIONS = 21, RUNS = 5 };

static char folder[] = "/tmp/shelterd-bench.XXXXXX", path[64], err[300];
static struct rules *rules;

static double
now(void)
{
	return seconds_of(CLOCK_MONOTONIC);
}

static struct snapshot *
city(size_t homes, const struct whatif_ask *done)
{
	struct db *db = city_store(path);
	struct snapshot *s;

	city_homes(db, homes);
	city_shelters(db, homes, done->close, done->nclose);
	for (size_t k = 0; k < done->nopen; k++)
		city_shelter(
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
		q->site[i] =
		    (struct whatif_site){ city_somewhere(homes), 5000 };
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
	struct whatif_ask ask = {
		.coverage = { .limit = { false, 500, 500, gis_on_foot, 500 },
		    .capacity = true,
		    .where_text = name }
	};
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
