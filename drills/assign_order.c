/* SPDX-License-Identifier: MIT */
/* See assign_order.h. */
#include <stdlib.h>
#include "drills/assign_order.h"
#include "drills/halves.h"

enum { RANKS = 3, ARC_NS = 3 };

struct ranking {
	const struct assign_layout *layout;
	const int64_t *price;
	struct assign_lists *lists; /* or NULL */
	uint32_t *rank[RANKS];	    /* [homes] shelters, the cheapest first */
};

/* The cheapest shelters of one home. */
static void
rank_home(const struct ranking *r, size_t home)
{
	const struct assign_row row = r->layout->row[home];
	int64_t least[RANKS] = { INT64_MAX, INT64_MAX, INT64_MAX };
	uint32_t shelter[RANKS];

	for (int i = 0; i < RANKS; i++)
		shelter[i] = (uint32_t)r->layout->shelters;
	for (uint32_t a = 0; a < row.n; a++) {
		struct assign_way way = row.way[a];
		int64_t cost = way.metres + r->price[way.shelter];
		int i = RANKS - 1;

		if (cost >= least[i])
			continue;
		for (; i > 0 && cost < least[i - 1]; i--) {
			least[i] = least[i - 1];
			shelter[i] = shelter[i - 1];
		}
		least[i] = cost;
		shelter[i] = way.shelter;
	}
	for (int i = 0; i < RANKS; i++)
		r->rank[i][home] = shelter[i];
}

static void
list_home(const struct ranking *r, size_t home)
{
	uint32_t none = (uint32_t)r->layout->shelters;

	assign_lists_make(
	    r->lists, (uint32_t)home, r->layout->row[home], r->price);
	for (int i = 0; i < RANKS; i++) {
		uint32_t s = r->lists->brief[home].shelter[i];

		r->rank[i][home] = s < none ? s : none;
	}
}

static void
rank(void *arg, size_t from, size_t to)
{
	const struct ranking *r = arg;

	for (size_t h = from; h < to; h++)
		if (r->lists != NULL)
			list_home(r, h);
		else
			rank_home(r, h);
}

/* Moves `from` into `to` by key, equal ones as they stood; count[keys + 1] is
 * scratch. */
static void
sort_by(const uint32_t *key, size_t keys, const uint32_t *from, uint32_t *to,
    size_t n, uint32_t *count)
{
	for (size_t k = 0; k <= keys; k++)
		count[k] = 0;
	for (size_t i = 0; i < n; i++)
		count[key[i] + 1]++;
	for (size_t k = 0; k < keys; k++)
		count[k + 1] += count[k];
	for (size_t i = 0; i < n; i++)
		to[count[key[from[i]]]++] = from[i];
}

int
assign_order(const struct assign_layout *l, const int64_t *price,
    struct assign_lists *lists, uint32_t *order, uint32_t *cheapest)
{
	size_t n = l->homes, keys = l->shelters + 1;
	uint32_t *scratch = malloc((3 * n + keys + 1) * sizeof(*scratch));
	uint32_t *second = scratch, *third = second + n, *between = third + n;
	uint32_t *count = between + n;
	struct ranking r = { l, price, lists, { cheapest, second, third } };

	if (scratch == NULL)
		return ASSIGN_NO_MEMORY;
	halves(n, rank, &r, l->arcs * ARC_NS);
	for (size_t h = 0; h < n; h++)
		between[h] = (uint32_t)h;
	sort_by(third, keys, between, order, n, count);
	sort_by(second, keys, order, between, n, count);
	sort_by(cheapest, keys, between, order, n, count);
	free(scratch);
	return 0;
}
