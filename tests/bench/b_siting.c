/* SPDX-License-Identifier: MIT */
/*
 * Siting at the size of a city, every home a candidate: the lazy greedy way
 * beside the plain one, which evaluates every candidate in every round, with
 * the same discs; then with swaps and the proved bound.  One thread, processor
 * time, medians of 5 (the bound, which takes long, once).
 */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "gis/siting.h"
#include "tests/bench/plain.h"

enum { RUNS = 5, CLUSTERS = 40, SITES = 10 };

static const double radius = 500;

static double
now(void)
{
	return seconds_of(CLOCK_PROCESS_CPUTIME_ID);
}

struct city {
	struct gis_point *home;
	int64_t *people; /* in the order of the discs */
	struct gis_discs *discs;
	size_t n;
};

/* As dense at any size: 200,000 homes in clusters over 20 km. */
static struct city
city_new(size_t n)
{
	struct city c = { malloc(n * sizeof(*c.home)),
		malloc(n * sizeof(*c.people)), NULL, n };
	struct gis_point centre[CLUSTERS];
	double width = 20000 * sqrt((double)n / 200000);

	must(c.home != NULL && c.people != NULL, "memory");
	seed = 9;
	for (int i = 0; i < CLUSTERS; i++)
		centre[i] =
		    (struct gis_point){ chance() * width, chance() * width };
	for (size_t i = 0; i < n; i++) {
		int k = (int)(chance() * CLUSTERS);

		c.home[i] =
		    (struct gis_point){ centre[k].x + bell() * width / 13,
			    centre[k].y + bell() * width / 13 };
		c.people[i] = 1 + (int64_t)(chance() * 300);
	}
	c.discs = gis_discs_new(c.home, n, c.home, radius);
	must(c.discs != NULL, "memory");
	return c;
}

static double
ours(struct city *c, size_t n, uint64_t work, struct gis_siting_answer *a)
{
	struct gis_siting in = { .points = c->n,
		.candidates = c->n,
		.n = n,
		.people = c->people,
		.reach = gis_discs_reach,
		.arg = c->discs,
		.work = work };
	double start = now();

	must(gis_siting(&in, a) == 0, "memory");
	return now() - start;
}

/* Every candidate in every round, by running sums, too. */
static double
plain(struct city *c, size_t sites, int64_t *reached)
{
	int64_t *left = malloc((c->n + 1) * sizeof(*left));
	int64_t *upto = malloc((c->n + 1) * sizeof(*upto));
	double start = now();
	const struct gis_run *run;

	must(left != NULL && upto != NULL, "memory");
	memcpy(left, c->people, c->n * sizeof(*left));
	*reached = upto[0] = 0;
	for (size_t k = 0; k < sites; k++) {
		int64_t most = -1;
		uint32_t best = 0;

		for (size_t i = 0; i < c->n; i++)
			upto[i + 1] = upto[i] + left[i];
		for (uint32_t i = 0; i < c->n; i++) {
			size_t n = gis_discs_reach(c->discs, i, &run);
			int64_t sum = 0;

			for (size_t r = 0; r < n; r++)
				sum += upto[run[r].to] - upto[run[r].from];
			if (sum > most) {
				most = sum;
				best = i;
			}
		}
		*reached += most;
		for (size_t r = gis_discs_reach(c->discs, best, &run); r > 0;
		     r--)
			memset(left + run[r - 1].from, 0,
			    (run[r - 1].to - run[r - 1].from) * sizeof(*left));
	}
	free(left);
	free(upto);
	return now() - start;
}

static void
bench(size_t n)
{
	struct city c = city_new(n);
	struct gis_siting_answer a, one;
	double lazy[RUNS], all[RUNS], first[RUNS], whole;
	int64_t reached = 0, top = 0;

	for (int i = 0; i < RUNS; i++) {
		all[i] = plain(&c, SITES, &reached);
		plain(&c, 1, &top);
		lazy[i] = ours(&c, SITES, 1, &a);
		gis_siting_release(&a);
		first[i] = ours(&c, 1, 0, &one);
		must(one.reached == top && one.bound == top, "one differs");
		gis_siting_release(&one);
	}
	whole = ours(&c, SITES, 0, &a);
	must(a.reached >= reached && a.bound >= a.reached, "worse than greedy");
	figure("one site, exact", n, median(first, RUNS), "s", NULL, 0);
	figure("10 sites, greedy", n, median(lazy, RUNS), "s",
	    "greedy, all candidates each round", median(all, RUNS));
	figure("10 sites, swaps and proved bound", n, whole, "s", NULL, 0);
	figure("10 sites, gap to the bound", n,
	    100 * (1 - (double)a.reached / (double)a.bound), "%", NULL, 0);
	fprintf(stderr,
	    "   %zu: greedy %ld, with swaps %ld, bound %ld, %zu candidates "
	    "dropped\n",
	    n, (long)reached, (long)a.reached, (long)a.bound, a.dropped);
	gis_siting_release(&a);
	gis_discs_free(c.discs);
	free(c.home);
	free(c.people);
}

int
main(void)
{
	bench(2000);
	bench(20000);
	bench(200000);
	return 0;
}
