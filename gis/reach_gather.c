/* SPDX-License-Identifier: MIT */
/* What the threads of a survey found, put home by home and sorted. */
#include <stdlib.h>

#include "gis/reach_notes.h"

/* FEW are sorted by inserting. */
enum { FEW = 64 };

static bool
nearer(struct gis_pair a, struct gis_pair b)
{
	return a.dm < b.dm || (a.dm == b.dm && a.stop < b.stop);
}

static int
by_nearness(const void *a, const void *b)
{
	const struct gis_pair *p = a, *q = b;

	return nearer(*p, *q) ? -1 : nearer(*q, *p);
}

/* The k nearest first, all if k is 0; the rest in any order or lost. Returns
 * how many there are. */
static size_t
sort_pairs(struct gis_pair *p, size_t n, size_t k)
{
	struct gis_pair x;
	size_t kept = 0, j;

	k = k == 0 || k > n ? n : k;
	if (k > FEW) {
		qsort(p, n, sizeof(*p), by_nearness);
		return k;
	}
	for (size_t i = 0; i < n; i++) {
		x = p[i];
		if (kept == k && !nearer(x, p[k - 1]))
			continue;
		for (j = kept < k ? kept++ : k - 1;
		     j > 0 && nearer(x, p[j - 1]); j--)
			p[j] = p[j - 1];
		p[j] = x;
	}
	return kept;
}

/* Sorted pairs of a home to its answer: an owner once, k of them. */
static size_t
keep(const struct gis_pairs_ask *ask, struct gis_pair *p, size_t n,
    uint32_t *seen, uint32_t stamp, struct gis_pair *out)
{
	size_t kept = 0;

	for (size_t i = 0; i < n && (ask->k == 0 || kept < ask->k); i++) {
		if (ask->owner != NULL) {
			if (seen[ask->owner[p[i].stop]] == stamp)
				continue;
			seen[ask->owner[p[i].stop]] = stamp;
		}
		out[kept++] = p[i];
	}
	return kept;
}

/* Notes to pairs, home by home. */
int
gis_pairs_gather(const struct gis_pairs_ask *ask, const struct gis_notes *w,
    unsigned threads, struct gis_pairs *out)
{
	size_t n = 0, kept = 0, *first;
	uint32_t *seen = calloc(ask->stops + 1, sizeof(*seen));
	struct gis_pair *pair;

	for (unsigned t = 0; t < threads; t++)
		n += w[t].n;
	out->first = first = calloc(ask->homes + 2, sizeof(*first));
	out->pair = pair = malloc((n + 1) * sizeof(*pair));
	if (first == NULL || pair == NULL || seen == NULL) {
		free(seen);
		return -1;
	}
	for (unsigned t = 0; t < threads; t++)
		for (size_t i = 0; i < w[t].n; i++)
			first[w[t].note[i].home + 2]++;
	for (size_t i = 2; i <= ask->homes + 1; i++)
		first[i] += first[i - 1];
	for (unsigned t = 0; t < threads; t++)
		for (const struct gis_note *p = w[t].note;
		     p < w[t].note + w[t].n; p++)
			pair[first[p->home + 1]++] =
			    (struct gis_pair){ p->stop, p->dm };
	for (size_t i = 0; i < ask->homes; i++) {
		size_t from = first[i];

		n = sort_pairs(pair + from, first[i + 1] - from,
		    ask->owner == NULL ? ask->k : 0);
		first[i] = kept;
		kept += keep(
		    ask, pair + from, n, seen, (uint32_t)i + 1, pair + kept);
	}
	first[ask->homes] = kept;
	free(seen);
	return 0;
}
