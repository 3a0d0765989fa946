/* SPDX-License-Identifier: MIT */
/* See assign_blocks.h. */
#include <stdlib.h>
#include "drills/array.h"
#include "drills/assign_blocks.h"

struct two {
	uint32_t nearest, second; /* shelters; as many as there are: none */
};

static struct two
nearest_two(
    const uint32_t *shelter, const int64_t *metres, size_t n, uint32_t none)
{
	struct two t = { none, none };
	int64_t least = INT64_MAX, next = INT64_MAX;

	for (size_t i = 0; i < n; i++) {
		if (metres[i] >= next)
			continue;
		if (metres[i] >= least) {
			next = metres[i];
			t.second = shelter[i];
			continue;
		}
		next = least;
		t.second = t.nearest;
		least = metres[i];
		t.nearest = shelter[i];
	}
	return t;
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
assign_blocks_order(
    const struct assign_problem *p, uint32_t *order, uint32_t *nearest)
{
	size_t n = p->homes, keys = p->shelters + 1;
	uint32_t *scratch = malloc((2 * n + keys + 1) * sizeof(*scratch));
	uint32_t *second = scratch, *between = scratch + n;
	uint32_t *count = scratch + 2 * n;

	if (scratch == NULL)
		return ASSIGN_NO_MEMORY;
	for (size_t h = 0; h < n; h++) {
		size_t a = p->first[h];
		struct two t = nearest_two(p->shelter + a, p->metres + a,
		    p->first[h + 1] - a, (uint32_t)p->shelters);

		nearest[h] = t.nearest;
		second[h] = t.second;
		order[h] = (uint32_t)h;
	}
	sort_by(second, keys, order, between, n, count);
	sort_by(nearest, keys, between, order, n, count);
	free(scratch);
	return 0;
}

int
assign_blocks_init(struct assign_blocks *b, uint32_t shelters)
{
	*b = (struct assign_blocks){ .shelters = shelters, .room = 16 };
	b->block = calloc(b->room, sizeof(*b->block));
	b->seen = malloc((shelters + 1) * sizeof(*b->seen));
	b->sighted = malloc((shelters + 1) * sizeof(*b->sighted));
	b->around = calloc((size_t)shelters + 2, sizeof(*b->around));
	if (!b->block || !b->seen || !b->sighted || !b->around)
		return ASSIGN_NO_MEMORY;
	for (uint32_t s = 0; s < shelters; s++)
		b->seen[s] = b->sighted[s] = ASSIGN_NONE;
	return 0;
}

void
assign_blocks_release(struct assign_blocks *b)
{
	free(b->block);
	free(b->near);
	free(b->sight);
	free(b->seen);
	free(b->sighted);
	free(b->around);
	free(b->whose);
	*b = (struct assign_blocks){ 0 };
}

static bool
make_room(struct assign_blocks *b, size_t blocks, size_t near)
{
	if (blocks > b->room) {
		b->room = blocks + blocks / 2;
		if (!array_grow(&b->block, b->room, sizeof(*b->block)))
			return false;
	}
	if (near > b->near_room) {
		b->near_room = near + near / 2;
		if (!array_grow(&b->near, b->near_room, sizeof(*b->near)) ||
		    !array_grow(&b->sight, b->near_room, sizeof(*b->sight)))
			return false;
	}
	return true;
}

/* The shelters of one home that the block has not seen yet. */
static void
look_around(struct assign_blocks *b, uint32_t block, struct assign_row r)
{
	size_t n = b->block[block + 1].from;

	for (uint32_t i = 0; i < r.n; i++) {
		if (b->seen[r.shelter[i]] == block)
			continue;
		b->seen[r.shelter[i]] = block;
		b->near[n++] = r.shelter[i];
	}
	b->block[block + 1].from = n;
}

int
assign_blocks_add(struct assign_blocks *b, uint32_t home, struct assign_row r,
    uint32_t nearest)
{
	struct assign_block *end;

	if (!make_room(b, (size_t)b->n + 2, b->block[b->n].from + r.n))
		return ASSIGN_NO_MEMORY;
	end = &b->block[b->n];
	if (b->n == 0 || nearest != b->nearest ||
	    home - end[-1].first >= ASSIGN_BLOCK) {
		end->again = true;
		end->stirred = false;
		end->sights = 0;
		end->moved = 0;
		end[1].from = end->from;
		b->n++;
	}
	b->nearest = nearest;
	b->block[b->n].first = home + 1;
	look_around(b, b->n - 1, r);
	return 0;
}

int
assign_blocks_index(struct assign_blocks *b)
{
	size_t n = b->block[b->n].from;
	size_t *end = b->around + 1; /* of shelter s: end[s], in between */

	b->whose = malloc((n + 1) * sizeof(*b->whose));
	if (b->whose == NULL)
		return ASSIGN_NO_MEMORY;
	for (size_t i = 0; i < n; i++)
		end[b->near[i] + 1]++;
	for (uint32_t s = 0; s < b->shelters; s++)
		end[s + 1] += end[s];
	for (uint32_t k = 0; k < b->n; k++)
		for (size_t i = b->block[k].from; i < b->block[k + 1].from; i++)
			b->whose[end[b->near[i]]++] = k;
	return 0;
}

void
assign_blocks_stir(struct assign_blocks *b, bool *moved)
{
	for (uint32_t s = 0; s < b->shelters; s++) {
		if (!moved[s])
			continue;
		moved[s] = false;
		for (size_t i = b->around[s]; i < b->around[s + 1]; i++)
			b->block[b->whose[i]].stirred = true;
	}
}

static void
sight(struct assign_block *k, struct assign_sight *sight, uint32_t shelter,
    int64_t price)
{
	for (uint32_t i = 0; i < k->sights; i++)
		if (sight[i].shelter == shelter)
			return;
	sight[k->sights++] = (struct assign_sight){ price, shelter };
}

void
assign_blocks_sight(struct assign_blocks *b, uint32_t block,
    const struct assign_brief *list, const int64_t *price)
{
	struct assign_block *k = &b->block[block];

	for (int i = 0; i < ASSIGN_SHORT; i++) {
		uint32_t s = list->shelter[i];

		if (s >= b->shelters)
			break;
		if (b->sighted[s] != block)
			sight(k, b->sight + k->from, s, price[s]);
		b->sighted[s] = block;
	}
}

bool
assign_blocks_see(struct assign_blocks *b, uint32_t block, const int64_t *price)
{
	struct assign_block *k = &b->block[block];
	struct assign_sight *s = b->sight + k->from;
	int64_t fall = 0, rise = 0;
	bool again = k->again;

	if (!again && !k->stirred)
		return false;
	k->stirred = false;
	for (uint32_t i = 0; i < k->sights; i++) {
		int64_t now = price[s[i].shelter], by = now - s[i].price;

		rise = by > rise ? by : rise;
		fall = by < fall ? by : fall;
		s[i].price = now;
	}
	k->moved += rise - fall;
	k->again = false;
	return again || fall < 0 || rise > 0;
}

int64_t
assign_blocks_fall(const struct assign_blocks *b, uint32_t block,
    const int64_t *before, const int64_t *now, bool *rose)
{
	const struct assign_block *k = &b->block[block];
	int64_t fall = 0, rise = 0;

	for (size_t i = k->from; i < k[1].from; i++) {
		int64_t by = now[b->near[i]] - before[b->near[i]];

		rise = by > rise ? by : rise;
		fall = by < fall ? by : fall;
	}
	*rose = rise > 0;
	return -fall;
}
