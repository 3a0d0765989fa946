/* SPDX-License-Identifier: MIT */
/*
 * Bookkeeping of pieces: lists by shelter and by home, loads.  assign_flow.h
 * says what they mean.
 */
#include <stdlib.h>
#include <string.h>
#include "drills/assign_flow.h"

static void
rows_of(struct assign_flow *f, const struct assign_problem *p)
{
	for (size_t h = 0; h < p->homes; h++)
		f->row[h] = (struct assign_row){ p->shelter + p->first[h],
			p->metres + p->first[h],
			(uint32_t)(p->first[h + 1] - p->first[h]) };
}

int
assign_flow_init(struct assign_flow *f, const struct assign_problem *p)
{
	size_t ends = p->shelters + 1;

	*f = (struct assign_flow){ .homes = p->homes,
		.shelters = (uint32_t)p->shelters,
		.spare = ASSIGN_NONE };
	f->row = malloc((p->homes + 1) * sizeof(*f->row));
	f->people = malloc((p->homes + 1) * sizeof(*f->people));
	f->places = malloc(ends * sizeof(*f->places));
	f->price = calloc(ends, sizeof(*f->price));
	f->load = calloc(ends, sizeof(*f->load));
	f->of_home = malloc((p->homes + 1) * sizeof(*f->of_home));
	f->at_shelter = malloc(ends * sizeof(*f->at_shelter));
	f->stale = malloc(ends * sizeof(*f->stale));
	if (!f->row || !f->people || !f->places || !f->price || !f->load ||
	    !f->of_home || !f->at_shelter || !f->stale)
		return ASSIGN_NO_MEMORY;
	rows_of(f, p);
	for (size_t h = 0; h < p->homes; h++)
		f->people[h] = p->people[h];
	for (size_t s = 0; s < p->shelters; s++)
		f->places[s] = p->places[s];
	f->places[p->shelters] = INT64_MAX;
	memset(f->of_home, 0xff, (p->homes + 1) * sizeof(*f->of_home));
	memset(f->at_shelter, 0xff, ends * sizeof(*f->at_shelter));
	memset(f->stale, true, ends * sizeof(*f->stale));
	return assign_flow_reserve(f, (uint32_t)(p->homes + p->shelters / 4));
}

void
assign_flow_release(struct assign_flow *f)
{
	free(f->row);
	free(f->people);
	free(f->places);
	free(f->price);
	free(f->load);
	free(f->of_home);
	free(f->at_shelter);
	free(f->stale);
	free(f->piece);
	*f = (struct assign_flow){ 0 };
}

/* Spare pieces are not counted: a little more than needed, never less. */
int
assign_flow_reserve(struct assign_flow *f, uint32_t n)
{
	size_t want = (size_t)f->pieces + n;
	struct assign_piece *more;

	if (want <= f->room)
		return 0;
	want += want / 8;
	if (want >= ASSIGN_NONE)
		return ASSIGN_NO_MEMORY;
	more = realloc(f->piece, want * sizeof(*more));
	if (more == NULL)
		return ASSIGN_NO_MEMORY;
	f->piece = more;
	f->room = (uint32_t)want;
	return 0;
}

/* The cheapest arc of a home at the present prices, NONE: the ground. */
static uint32_t
cheapest(const struct assign_flow *f, uint32_t home)
{
	const struct assign_row r = f->row[home];
	uint32_t pick = ASSIGN_NONE;
	int64_t least = f->left;

	for (uint32_t i = 0; i < r.n; i++) {
		int64_t c = r.metres[i] + f->price[r.shelter[i]];

		if (c < least) {
			least = c;
			pick = i;
		}
	}
	return pick;
}

static void
hang(struct assign_flow *f, uint32_t n, uint32_t at)
{
	struct assign_piece *x = &f->piece[n];

	x->at = at;
	x->prev = ASSIGN_NONE;
	x->next = f->at_shelter[at];
	if (x->next != ASSIGN_NONE)
		f->piece[x->next].prev = n;
	f->at_shelter[at] = n;
	f->stale[at] = true;
}

static void
unhang(struct assign_flow *f, uint32_t n)
{
	struct assign_piece *x = &f->piece[n];

	if (x->prev != ASSIGN_NONE)
		f->piece[x->prev].next = x->next;
	else
		f->at_shelter[x->at] = x->next;
	if (x->next != ASSIGN_NONE)
		f->piece[x->next].prev = x->prev;
	f->stale[x->at] = true;
}

static uint32_t
end_of(const struct assign_flow *f, uint32_t home, uint32_t pick)
{
	return pick == ASSIGN_NONE ? f->shelters : f->row[home].shelter[pick];
}

static void
piece_new(struct assign_flow *f, uint32_t home, uint32_t pick, int64_t flow)
{
	uint32_t n = f->spare;
	struct assign_piece *x;

	if (n != ASSIGN_NONE)
		f->spare = f->piece[n].next;
	else
		n = f->pieces++;
	x = &f->piece[n];
	x->flow = flow;
	x->home = home;
	x->pick = pick;
	x->sibling = f->of_home[home];
	f->of_home[home] = n;
	hang(f, n, end_of(f, home, pick));
}

static void
piece_end(struct assign_flow *f, uint32_t n)
{
	uint32_t *link = &f->of_home[f->piece[n].home];

	while (*link != n)
		link = &f->piece[*link].sibling;
	*link = f->piece[n].sibling;
	unhang(f, n);
	f->piece[n].next = f->spare;
	f->spare = n;
}

/* `people` more (or fewer, if negative) walk by this arc. */
static void
count(struct assign_flow *f, uint32_t home, uint32_t pick, int64_t people)
{
	f->load[end_of(f, home, pick)] += people;
	if (pick != ASSIGN_NONE)
		f->walked += (__int128)people * f->row[home].metres[pick];
}

void
assign_flow_put(
    struct assign_flow *f, uint32_t home, uint32_t pick, int64_t people)
{
	f->all += people;
	count(f, home, pick, people);
	piece_new(f, home, pick, people);
}

void
assign_flow_seat(struct assign_flow *f, uint32_t home)
{
	if (f->people[home] > 0)
		assign_flow_put(f, home, cheapest(f, home), f->people[home]);
}

void
assign_flow_unseat(struct assign_flow *f, uint32_t home)
{
	uint32_t n;

	while ((n = f->of_home[home]) != ASSIGN_NONE) {
		f->all -= f->piece[n].flow;
		count(f, home, f->piece[n].pick, -f->piece[n].flow);
		piece_end(f, n);
	}
}

/* A home's piece on this very arc, NONE if it has none. */
static uint32_t
twin_of(const struct assign_flow *f, uint32_t home, uint32_t pick)
{
	uint32_t n = f->of_home[home];

	while (n != ASSIGN_NONE && f->piece[n].pick != pick)
		n = f->piece[n].sibling;
	return n;
}

void
assign_flow_move(
    struct assign_flow *f, uint32_t n, uint32_t pick, int64_t people)
{
	uint32_t home = f->piece[n].home, to = end_of(f, home, pick);
	uint32_t twin = twin_of(f, home, pick);
	bool whole = people == f->piece[n].flow;

	count(f, home, f->piece[n].pick, -people);
	count(f, home, pick, people);
	if (twin == ASSIGN_NONE && whole) {
		unhang(f, n);
		f->piece[n].pick = pick;
		hang(f, n, to);
		return;
	}
	f->piece[n].flow -= people;
	if (twin != ASSIGN_NONE)
		f->piece[twin].flow += people;
	else
		piece_new(f, home, pick, people);
	if (whole)
		piece_end(f, n);
}
