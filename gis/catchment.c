/* SPDX-License-Identifier: MIT */
/* Two sums over who reaches what: see catchment.h. */
#include "gis/catchment.h"

#include <stdbool.h>
#include <stdlib.h>

struct sums {
	double *of;   /* [sites] people, then places for each of them */
	size_t *seen; /* [sites] row + 1 it was last met in */
};

static bool
met(struct sums *s, uint32_t site, size_t row)
{
	bool again = s->seen[site] == row + 1;

	s->seen[site] = row + 1;
	return again;
}

static void
count_people(const struct gis_catchment *c, struct sums *s)
{
	for (size_t i = 0; i < c->rows; i++)
		for (size_t k = c->first[i]; k < c->first[i + 1]; k++)
			if (!met(s, c->site[k], i))
				s->of[c->site[k]] += (double)c->people[i];
}

static void
sum_ratios(const struct gis_catchment *c, struct sums *s, double *access)
{
	for (size_t j = 0; j < c->sites; j++) {
		s->of[j] = s->of[j] > 0 ? (double)c->places[j] / s->of[j] : 0;
		s->seen[j] = 0;
	}
	for (size_t i = 0; i < c->rows; i++) {
		access[i] = 0;
		for (size_t k = c->first[i]; k < c->first[i + 1]; k++)
			if (!met(s, c->site[k], i))
				access[i] += s->of[c->site[k]];
	}
}

int
gis_catchment(const struct gis_catchment *c, double *access)
{
	struct sums s = { calloc(c->sites + 1, sizeof(*s.of)),
		calloc(c->sites + 1, sizeof(*s.seen)) };
	int r = s.of != NULL && s.seen != NULL ? 0 : -1;

	if (r == 0) {
		count_people(c, &s);
		sum_ratios(c, &s, access);
	}
	free(s.of);
	free(s.seen);
	return r;
}
