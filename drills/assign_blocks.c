/* SPDX-License-Identifier: MIT */
/* See assign_blocks.h. */
#include <stdlib.h>
#include "drills/array.h"
#include "drills/assign_blocks.h"

int
assign_blocks_init(struct assign_blocks *b, uint32_t shelters)
{
	*b = (struct assign_blocks){ .shelters = shelters, .room = 16 };
	b->block = calloc(b->room, sizeof(*b->block));
	b->seen = malloc((shelters + 1) * sizeof(*b->seen));
	b->sighted = malloc((shelters + 1) * sizeof(*b->sighted));
	b->around = calloc((size_t)shelters + 1, sizeof(*b->around));
	b->watched = calloc((size_t)shelters + 1, sizeof(*b->watched));
	if (!b->block || !b->seen || !b->sighted || !b->around || !b->watched)
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
	free(b->watched);
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
		uint32_t shelter = r.way[i].shelter;

		if (b->seen[shelter] == block)
			continue;
		b->seen[shelter] = block;
		b->near[n++] = shelter;
	}
	b->block[block + 1].from = n;
}

int
assign_blocks_add(struct assign_blocks *b, uint32_t home, struct assign_row r,
    uint32_t cheapest)
{
	struct assign_block *end;

	if (!make_room(b, (size_t)b->n + 2, b->block[b->n].from + r.n))
		return ASSIGN_NO_MEMORY;
	end = &b->block[b->n];
	if (b->n == 0 || cheapest != b->cheapest ||
	    home - end[-1].first >= ASSIGN_BLOCK) {
		end->again = true;
		end->stirred = false;
		end->sights = 0;
		end->moved = 0;
		end[1].from = end->from;
		b->n++;
	}
	b->cheapest = cheapest;
	b->block[b->n].first = home + 1;
	look_around(b, b->n - 1, r);
	return 0;
}

/* The block is told when the shelter moves. */
static void
watch(struct assign_blocks *b, uint32_t block, uint32_t shelter)
{
	b->whose[b->around[shelter] + b->watched[shelter]++] = block;
}

static uint32_t
common_divisor(uint32_t a, uint32_t b)
{
	while (b > 0) {
		uint32_t rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

/* Near the golden section of n, with which multiples of it scatter evenly, and
 * without a common divisor. */
static uint32_t
stride_through(uint32_t n)
{
	uint32_t stride = (uint32_t)((uint64_t)n * 618034 / 1000000);

	while (stride > 1 && common_divisor(n, stride) > 1)
		stride--;
	return stride;
}

int
assign_blocks_index(struct assign_blocks *b)
{
	size_t n = b->block[b->n].from;
	size_t *before = b->around + 1; /* of shelter s: before[s] */

	b->whose = malloc((n + 1) * sizeof(*b->whose));
	if (b->whose == NULL)
		return ASSIGN_NO_MEMORY;
	b->stride = stride_through(b->n);
	for (size_t i = 0; i < n; i++)
		before[b->near[i]]++;
	for (uint32_t s = 0; s < b->shelters; s++)
		before[s] += b->around[s];
	for (uint32_t k = 0; k < b->n; k++)
		for (uint32_t i = 0; i < b->block[k].sights; i++)
			watch(b, k, b->sight[b->block[k].from + i].shelter);
	return 0;
}

void
assign_blocks_stir(struct assign_blocks *b, uint32_t shelter)
{
	const uint32_t *block = b->whose + b->around[shelter];

	for (uint32_t i = 0; i < b->watched[shelter]; i++)
		b->block[block[i]].stirred = true;
}

static void
sight(struct assign_blocks *b, uint32_t block, uint32_t shelter, int64_t price)
{
	struct assign_block *k = &b->block[block];
	struct assign_sight *sight = b->sight + k->from;

	for (uint32_t i = 0; i < k->sights; i++)
		if (sight[i].shelter == shelter)
			return;
	sight[k->sights++] = (struct assign_sight){ price, shelter };
	if (b->whose != NULL)
		watch(b, block, shelter);
}

void
assign_blocks_sight(struct assign_blocks *b, uint32_t block,
    const struct assign_brief *list, const int64_t *price)
{
	for (int i = 0; i < ASSIGN_SHORT; i++) {
		uint32_t s = list->shelter[i];

		if (s >= b->shelters)
			break;
		if (b->sighted[s] != block)
			sight(b, block, s, price[s]);
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
