/* SPDX-License-Identifier: MIT */
/* See assign_blocks.h. */
#include <stdlib.h>
#include <string.h>
#include "drills/array.h"
#include "drills/assign_blocks.h"
#include "drills/halves.h"

enum { ARC_NS = 2 };

int
assign_blocks_init(struct assign_blocks *b, uint32_t shelters)
{
	*b = (struct assign_blocks){ .shelters = shelters, .room = 16 };
	b->block = calloc(b->room, sizeof(*b->block));
	b->sighted = malloc((shelters + 1) * sizeof(*b->sighted));
	b->around = calloc((size_t)shelters + 1, sizeof(*b->around));
	b->watched = calloc((size_t)shelters + 1, sizeof(*b->watched));
	if (!b->block || !b->sighted || !b->around || !b->watched)
		return ASSIGN_NO_MEMORY;
	for (uint32_t s = 0; s < shelters; s++)
		b->sighted[s] = ASSIGN_NONE;
	return 0;
}

void
assign_blocks_release(struct assign_blocks *b)
{
	free(b->block);
	free(b->near);
	free(b->sight);
	free(b->sighted);
	free(b->around);
	free(b->watched);
	free(b->whose);
	*b = (struct assign_blocks){ 0 };
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
assign_blocks_add(struct assign_blocks *b, uint32_t home, uint32_t cheapest)
{
	struct assign_block *end = &b->block[b->n];

	if (b->n == 0 || cheapest != b->cheapest ||
	    home - end[-1].first >= ASSIGN_BLOCK) {
		if (b->n + 2 > b->room) {
			b->room += b->room / 2;
			if (!array_grow(&b->block, b->room, sizeof(*b->block)))
				return ASSIGN_NO_MEMORY;
		}
		end = &b->block[b->n++];
		*end = (struct assign_block){ .first = home, .again = true };
	}
	b->cheapest = cheapest;
	b->block[b->n].first = home + 1;
	return 0;
}

/* ---- shelters near ---- */

/* What one half of the blocks found. */
struct part {
	size_t first; /* block */
	uint32_t *near;
	size_t n, room;
	uint32_t *seen; /* [shelters] newest block that has it */
	bool failed;
};

struct looking {
	struct assign_blocks *b;
	const struct assign_row *row;
	struct part half[2];
};

static bool
part_init(struct part *p, uint32_t shelters)
{
	p->room = shelters + 1;
	p->near = malloc(p->room * sizeof(*p->near));
	p->seen = malloc(p->room * sizeof(*p->seen));
	if (p->near == NULL || p->seen == NULL)
		return false;
	memset(p->seen, 0xff, p->room * sizeof(*p->seen));
	return true;
}

/* The shelters of one home that the block has not seen yet. */
static void
look_around(struct part *p, uint32_t block, struct assign_row r)
{
	for (uint32_t i = 0; i < r.n; i++) {
		uint32_t shelter = r.way[i].shelter;

		if (p->seen[shelter] == block)
			continue;
		p->seen[shelter] = block;
		p->near[p->n++] = shelter;
	}
}

static bool
part_grow(struct part *p, size_t room)
{
	if (room <= p->room)
		return true;
	p->room = room + room / 2;
	return array_grow(&p->near, p->room, sizeof(*p->near));
}

static void
look_around_blocks(void *arg, size_t from, size_t to)
{
	struct looking *k = arg;
	struct part *p = &k->half[from > 0];

	p->first = from;
	p->failed = !part_init(p, k->b->shelters);
	for (size_t i = from; i < to && !p->failed; i++) {
		struct assign_block *block = &k->b->block[i];

		block->from = p->n;
		if (!part_grow(p, p->n + k->b->shelters)) {
			p->failed = true;
			return;
		}
		for (uint32_t h = block->first; h < block[1].first; h++)
			look_around(p, (uint32_t)i, k->row[h]);
	}
}

/* The second half's shelters behind the first one's. */
static bool
join_parts(struct assign_blocks *b, const struct part *half)
{
	size_t n = half[0].n + half[1].n;

	b->near = malloc((n + 1) * sizeof(*b->near));
	b->sight = malloc((n + 1) * sizeof(*b->sight));
	b->whose = malloc((n + 1) * sizeof(*b->whose));
	if (!b->near || !b->sight || !b->whose)
		return false;
	for (int i = 0; i < 2; i++)
		if (half[i].n > 0)
			memcpy(b->near + (i > 0 ? half[0].n : 0), half[i].near,
			    half[i].n * sizeof(*b->near));
	for (size_t i = half[1].first; half[1].first > 0 && i < b->n; i++)
		b->block[i].from += half[0].n;
	b->block[b->n].from = n;
	return true;
}

/* Where in `whose` stand those who have a shelter in sight: room for all who
 * have it near. */
static void
make_way(struct assign_blocks *b)
{
	size_t n = b->block[b->n].from;
	size_t *before = b->around + 1; /* of shelter s: before[s] */

	for (size_t i = 0; i < n; i++)
		before[b->near[i]]++;
	for (uint32_t s = 0; s < b->shelters; s++)
		before[s] += b->around[s];
}

int
assign_blocks_look(
    struct assign_blocks *b, const struct assign_row *row, size_t arcs)
{
	struct looking k = { .b = b, .row = row };
	bool ok;

	halves(b->n, look_around_blocks, &k, arcs * ARC_NS);
	ok = !k.half[0].failed && !k.half[1].failed && join_parts(b, k.half);
	for (int i = 0; i < 2; i++) {
		free(k.half[i].near);
		free(k.half[i].seen);
	}
	if (!ok)
		return ASSIGN_NO_MEMORY;
	b->stride = stride_through(b->n);
	make_way(b);
	return 0;
}

/* ---- shelters in sight ---- */

/* The block is told when the shelter moves. */
static void
watch(struct assign_blocks *b, uint32_t block, uint32_t shelter)
{
	b->whose[b->around[shelter] + b->watched[shelter]++] = block;
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

void
assign_blocks_sight_all(struct assign_blocks *b,
    const struct assign_brief *list, const int64_t *price)
{
	for (uint32_t i = 0; i < b->n; i++)
		for (uint32_t h = b->block[i].first; h < b->block[i + 1].first;
		     h++)
			assign_blocks_sight(b, i, &list[h], price);
}

/* By how much prices in sight rose and fell, the most of each together. */
static int64_t
moved(const struct assign_blocks *b, const struct assign_block *k,
    const int64_t *price)
{
	const struct assign_sight *s = b->sight + k->from;
	int64_t fall = 0, rise = 0;

	for (uint32_t i = 0; i < k->sights; i++) {
		int64_t by = price[s[i].shelter] - s[i].price;

		rise = by > rise ? by : rise;
		fall = by < fall ? by : fall;
	}
	return rise - fall;
}

bool
assign_blocks_see(struct assign_blocks *b, uint32_t block, int32_t least,
    const int64_t *price)
{
	struct assign_block *k = &b->block[block];
	struct assign_sight *s;

	if (k->stirred) {
		int64_t by = moved(b, k, price);

		k->stirred = false;
		k->unseen = by < INT32_MAX ? (int32_t)by : INT32_MAX;
	}
	if (!k->again && k->unseen < least)
		return false;
	k->moved += moved(b, k, price);
	s = b->sight + k->from;
	for (uint32_t i = 0; i < k->sights; i++)
		s[i].price = price[s[i].shelter];
	k->again = false;
	k->unseen = 0;
	return true;
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
