/* SPDX-License-Identifier: MIT */
/*
 * Which homes' people a kept plan shelters, made unique: see assign_placed().
 *
 * The solution's prices tell which arcs any optimal plan may use (those that
 * cost their home just what it pays), and whose people may stay out (those who
 * pay left_price).  Home by home, in order, whoever is left over takes the
 * place of somebody of a later home along such arcs, until no way is left.
 * A search that finds none closes off all it saw: whoever comes later would
 * find none there either.
 */
#include <stdlib.h>
#include <string.h>
#include "drills/assign_read.h"
#include "drills/assign_state.h"

enum { CLOSED = UINT32_MAX };

struct piece {
	uint32_t number, shelter, people;
	uint32_t next; /* of its home's, then of its shelter's */
};

struct settling {
	const struct assign_state *s;
	const struct assign_tree *t;
	int64_t *placed;
	struct piece *piece;
	size_t n, room;
	bool failed;
	uint32_t *first, *last; /* [shelters] their pieces, late homes first */
	uint32_t *from;		/* [shelters] number that found it */
	uint32_t *by;		/* [numbers] piece that found it */
	uint32_t *seen[2];	/* search that saw a shelter, a number */
	uint32_t *queue;	/* [numbers] */
	uint32_t search;
};

static int64_t
left_of(const struct settling *k, uint32_t number)
{
	uint32_t home = k->s->owner.item[number];

	return k->s->people[home] - k->placed[home];
}

static bool
add_piece(struct settling *k, struct piece p)
{
	size_t room = k->room * 2 + 1024;
	struct piece *more;

	if (k->n == k->room) {
		more = realloc(k->piece, room * sizeof(*more));
		if (more == NULL || room >= ASSIGN_NONE) {
			k->piece = more != NULL ? more : k->piece;
			k->failed = true;
			return false;
		}
		k->piece = more;
		k->room = room;
	}
	k->piece[k->n++] = p;
	return true;
}

static void
count(void *arg, uint32_t number, uint32_t pick, int64_t people)
{
	struct settling *k = arg;
	uint32_t home = k->s->owner.item[number];

	if (pick != ASSIGN_NONE && home != ASSIGN_NONE)
		k->placed[home] += people;
}

/* Nobody left over reaches a shelter whose places cost nothing. */
static void
gather(void *arg, uint32_t number, uint32_t pick, int64_t people)
{
	struct settling *k = arg;
	uint32_t shelter = k->t->home[number].at;

	if (pick == ASSIGN_NONE || k->s->owner.item[number] == ASSIGN_NONE)
		return;
	if (shelter > k->t->outside) /* its joint */
		shelter = k->t->row[number].way[pick].shelter;
	if (k->t->price[shelter] > 0)
		add_piece(k, (struct piece){ number, shelter, (uint32_t)people,
				 ASSIGN_NONE });
}

static void
append(struct settling *k, uint32_t at)
{
	uint32_t shelter = k->piece[at].shelter;

	k->piece[at].next = ASSIGN_NONE;
	if (k->first[shelter] == ASSIGN_NONE)
		k->first[shelter] = at;
	else
		k->piece[k->last[shelter]].next = at;
	k->last[shelter] = at;
}

/* The pieces of each shelter, those of the latest home first. */
static bool
list_pieces(struct settling *k)
{
	uint32_t *head = malloc((k->s->homes + 1) * sizeof(*head));
	uint32_t next;

	assign_read_pieces(k->t, gather, k);
	if (head == NULL || k->failed) {
		free(head);
		return false;
	}
	memset(head, 0xff, k->s->homes * sizeof(*head));
	for (uint32_t i = 0; i < k->n; i++) {
		uint32_t home = k->s->owner.item[k->piece[i].number];

		k->piece[i].next = head[home];
		head[home] = i;
	}
	for (size_t h = k->s->homes; h-- > 0;)
		for (uint32_t i = head[h]; i != ASSIGN_NONE; i = next) {
			next = k->piece[i].next;
			append(k, i);
		}
	free(head);
	return true;
}

/* People move along the way that found the piece, whose home gives way. */
static void
give_way(struct settling *k, uint32_t number, uint32_t at)
{
	uint32_t one = number, shelter = k->piece[at].shelter;
	int64_t n = left_of(k, number);

	n = k->piece[at].people < n ? k->piece[at].people : n;
	for (one = k->from[shelter]; one != number;
	     one = k->from[k->piece[k->by[one]].shelter])
		if (k->piece[k->by[one]].people < n)
			n = k->piece[k->by[one]].people;
	k->placed[k->s->owner.item[k->piece[at].number]] -= n;
	k->placed[k->s->owner.item[number]] += n;
	for (;; at = k->by[one]) {
		shelter = k->piece[at].shelter;
		one = k->from[shelter];
		k->piece[at].people -= (uint32_t)n;
		if (add_piece(
			k, (struct piece){ one, shelter, (uint32_t)n, 0 }))
			append(k, (uint32_t)k->n - 1);
		if (one == number || k->failed)
			return;
	}
}

/* May people of the piece's home stay out for those of an earlier one? */
static bool
gives_way(const struct settling *k, uint32_t number, const struct piece *p)
{
	return k->s->owner.item[p->number] > k->s->owner.item[number] &&
	       assign_tree_home_price(k->t, p->number) == k->t->left_price;
}

/* Looks at a shelter's pieces; whether one of them gives way. */
static bool
look_into(struct settling *k, uint32_t number, uint32_t shelter, size_t *tail)
{
	uint32_t i = k->first[shelter];

	while (i != ASSIGN_NONE && k->piece[i].people == 0)
		i = k->first[shelter] = k->piece[i].next;
	for (; i != ASSIGN_NONE; i = k->piece[i].next) {
		const struct piece *p = &k->piece[i];

		if (p->people == 0)
			continue;
		if (gives_way(k, number, p)) {
			give_way(k, number, i);
			return true;
		}
		if (k->seen[1][p->number] == k->search ||
		    k->seen[1][p->number] == CLOSED)
			continue;
		k->seen[1][p->number] = k->search;
		k->by[p->number] = i;
		k->queue[(*tail)++] = p->number;
	}
	return false;
}

/* Closes off what the search saw, which found nobody. */
static void
close_off(struct settling *k, size_t tail)
{
	for (size_t i = 0; i < tail; i++) {
		uint32_t n = k->queue[i];
		const struct assign_row r = k->t->row[n];

		k->seen[1][n] = CLOSED;
		for (uint32_t a = 0; a < r.n; a++)
			if (k->seen[0][r.way[a].shelter] == k->search)
				k->seen[0][r.way[a].shelter] = CLOSED;
	}
}

/* Whether somebody of a later home gave way to this one. */
static bool
find_place(struct settling *k, uint32_t number)
{
	size_t tail = 0;

	if (k->seen[1][number] == CLOSED)
		return false;
	k->seen[1][number] = ++k->search;
	k->queue[tail++] = number;
	for (size_t i = 0; i < tail; i++) {
		uint32_t one = k->queue[i];
		const struct assign_row r = k->t->row[one];
		int64_t pays = assign_tree_home_price(k->t, one);

		for (uint32_t a = 0; a < r.n; a++) {
			uint32_t to = r.way[a].shelter;

			if (r.way[a].metres + k->t->price[to] != pays ||
			    k->seen[0][to] == k->search ||
			    k->seen[0][to] == CLOSED)
				continue;
			k->seen[0][to] = k->search;
			k->from[to] = one;
			if (look_into(k, number, to, &tail))
				return true;
		}
	}
	close_off(k, tail);
	return false;
}

static bool
settling_init(struct settling *k)
{
	size_t n = k->s->shelters + 1, m = (size_t)k->t->homes + 1;

	k->first = malloc(n * sizeof(*k->first));
	k->last = malloc(n * sizeof(*k->last));
	k->from = malloc(n * sizeof(*k->from));
	k->seen[0] = calloc(n, sizeof(*k->seen[0]));
	k->seen[1] = calloc(m, sizeof(*k->seen[1]));
	k->by = malloc(m * sizeof(*k->by));
	k->queue = malloc(m * sizeof(*k->queue));
	if (!k->first || !k->last || !k->from || !k->seen[0] || !k->seen[1] ||
	    !k->by || !k->queue)
		return false;
	memset(k->first, 0xff, n * sizeof(*k->first));
	return list_pieces(k);
}

static void
settling_release(struct settling *k)
{
	free(k->piece);
	free(k->first);
	free(k->last);
	free(k->from);
	free(k->seen[0]);
	free(k->seen[1]);
	free(k->by);
	free(k->queue);
}

int
assign_placed(const struct assign_state *s, int64_t *placed)
{
	struct settling k = { .s = s, .t = &s->tree, .placed = placed };
	size_t h = 0;

	memset(placed, 0, s->homes * sizeof(*placed));
	assign_read_pieces(k.t, count, &k);
	while (h < s->homes && placed[h] == s->people[h])
		h++;
	if (h < s->homes)
		k.failed = !settling_init(&k);
	for (; h < s->homes && !k.failed; h++)
		while (placed[h] < s->people[h] &&
		       find_place(&k, s->in_tree[h]) && !k.failed)
			continue;
	settling_release(&k);
	return k.failed ? ASSIGN_NO_MEMORY : 0;
}
