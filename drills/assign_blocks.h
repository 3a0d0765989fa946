/* SPDX-License-Identifier: MIT */
/*
 * Homes by neighbourhood: who has the same cheapest shelter stands together.  A
 * block knows which shelters its homes have arcs to, and what those of them
 * that are on somebody's short list cost when the block was last asked.  So it
 * can be told how far prices moved since, and which homes that cannot matter
 * to.
 */
#ifndef DRILLS_ASSIGN_BLOCKS_H
#define DRILLS_ASSIGN_BLOCKS_H

#include "drills/assign_lists.h"
#include "drills/assign_tree.h"

enum { ASSIGN_BLOCK = 256 /* homes at most */ };

struct assign_block {
	uint32_t first; /* home; the next block's first is the end */
	uint32_t sights;
	bool again;	      /* ask it even if no price moved */
	bool stirred;	      /* a shelter in sight moved its price */
	bool relisted, gains; /* when all arcs were looked at: some home */
	int32_t unseen;	      /* how far prices moved that it has not seen */
	size_t from;	      /* into `near` and `sight`, likewise */
	int64_t moved; /* the most a price fell and rose, over all asking */
};

/* A shelter as a block last saw it. */
struct assign_sight {
	int64_t price;
	uint32_t shelter;
};

struct assign_blocks {
	uint32_t n;
	uint32_t stride; /* see assign_blocks_after() */
	size_t room;
	struct assign_block *block; /* [n + 1] */
	uint32_t *near;		    /* shelters */
	struct assign_sight *sight; /* of each block `sights`, listed ones */
	uint32_t shelters;
	uint32_t cheapest; /* of the newest home */
	uint32_t *sighted; /* [shelters] a block that has it in sight */
	size_t *around;	   /* [shelters + 1] into `whose` */
	uint32_t *whose;   /* room for all blocks that have the shelter near */
	uint32_t *watched; /* [shelters] how many have it in sight */
};

/* No block yet; 0 or ASSIGN_NO_MEMORY, release also then. */
int assign_blocks_init(struct assign_blocks *, uint32_t shelters);
void assign_blocks_release(struct assign_blocks *);

/* The next home in that order, to the newest block or one of its own; 0 or
 * ASSIGN_NO_MEMORY. */
int assign_blocks_add(struct assign_blocks *, uint32_t home, uint32_t cheapest);

/* When all homes are there: which shelters each block has near, of rows of so
 * many arcs in all.  0 or ASSIGN_NO_MEMORY. */
int assign_blocks_look(
    struct assign_blocks *, const struct assign_row *, size_t arcs);

/* Then what is on each home's list comes in sight at these prices. */
void assign_blocks_sight_all(
    struct assign_blocks *, const struct assign_brief *, const int64_t *price);

/* The block to ask after block i, so that from any one all get their turn.  It
 * lies elsewhere: where one block's offers move prices its neighbours' would
 * have to be asked again and again. */
static inline uint32_t
assign_blocks_after(const struct assign_blocks *b, uint32_t i)
{
	return i < b->n - b->stride ? i + b->stride : i - (b->n - b->stride);
}

/* Some home of the block has this short list, so the block has these shelters
 * in sight, at the prices of now, when it has seen all others. */
void assign_blocks_sight(struct assign_blocks *, uint32_t block,
    const struct assign_brief *, const int64_t *price);

/* The shelter's price moved: the blocks that have it in sight are to see. */
void assign_blocks_stir(struct assign_blocks *, uint32_t shelter);

/* Sees the prices of now if the block is to be asked again, or some in sight
 * moved by `least` (> 0) since it last did: whether so. */
bool assign_blocks_see(struct assign_blocks *, uint32_t block, int32_t least,
    const int64_t *price);

/* How far at most prices fell that the block has arcs to, and whether any
 * rose. */
int64_t assign_blocks_fall(const struct assign_blocks *, uint32_t block,
    const int64_t *before, const int64_t *now, bool *rose);

#endif
