/* SPDX-License-Identifier: MIT */
/*
 * Rounding and repair.  Homes the splittable answer leaves in one piece keep
 * their shelter; the others, the largest first, take the cheapest one with
 * room, else push one seated home aside for the least extra metres.  A home
 * still outside takes the place of a smaller one where that shelters more
 * people.  Then single homes move as long as that saves metres.
 */
#include <stdbool.h>
#include <stdlib.h>
#include "drills/assign_whole.h"

enum { ROUNDS = 8 }; /* of moving homes to save metres */

struct seating {
	const struct assign_problem *p;
	size_t *arc;	     /* [homes] */
	int64_t *room;	     /* [shelters] */
	size_t *head;	     /* [shelters] first home seated there */
	size_t *next, *prev; /* [homes] */
};

static void
seat(struct seating *s, size_t home, size_t arc)
{
	uint32_t to = s->p->shelter[arc];

	s->arc[home] = arc;
	s->room[to] -= s->p->people[home];
	s->prev[home] = SIZE_MAX;
	s->next[home] = s->head[to];
	if (s->head[to] != SIZE_MAX)
		s->prev[s->head[to]] = home;
	s->head[to] = home;
}

static void
unseat(struct seating *s, size_t home)
{
	uint32_t from = s->p->shelter[s->arc[home]];

	s->room[from] += s->p->people[home];
	if (s->prev[home] != SIZE_MAX)
		s->next[s->prev[home]] = s->next[home];
	else
		s->head[from] = s->next[home];
	if (s->next[home] != SIZE_MAX)
		s->prev[s->next[home]] = s->prev[home];
	s->arc[home] = SIZE_MAX;
}

/* The cheapest arc with room for all, not to `except`; SIZE_MAX: none. */
static size_t
cheapest(const struct seating *s, size_t home, uint32_t except)
{
	const struct assign_problem *p = s->p;
	size_t best = SIZE_MAX;

	for (size_t a = p->first[home]; a < p->first[home + 1]; a++)
		if (p->shelter[a] != except &&
		    s->room[p->shelter[a]] >= p->people[home] &&
		    (best == SIZE_MAX || p->metres[a] < p->metres[best]))
			best = a;
	return best;
}

/* Seats a home where one that sits there can move on; false: nowhere. */
static bool
push_aside(struct seating *s, size_t home)
{
	const struct assign_problem *p = s->p;
	size_t arc = SIZE_MAX, guest = SIZE_MAX, to = SIZE_MAX;
	int64_t least = INT64_MAX;

	for (size_t a = p->first[home]; a < p->first[home + 1]; a++) {
		uint32_t t = p->shelter[a];
		int64_t lack = p->people[home] - s->room[t];

		for (size_t g = s->head[t]; g != SIZE_MAX; g = s->next[g]) {
			size_t b;
			int64_t cost;

			if (p->people[g] < lack ||
			    (b = cheapest(s, g, t)) == SIZE_MAX)
				continue;
			cost = p->metres[a] * p->people[home] +
			       (p->metres[b] - p->metres[s->arc[g]]) *
				   p->people[g];
			if (cost < least) {
				least = cost;
				arc = a;
				guest = g;
				to = b;
			}
		}
	}
	if (arc == SIZE_MAX)
		return false;
	unseat(s, guest);
	seat(s, guest, to);
	seat(s, home, arc);
	return true;
}

/* The smallest seated home that leaves room for `home` and is smaller than it;
 * *arc is the way of `home` there.  SIZE_MAX: none. */
static size_t
smaller_guest(const struct seating *s, size_t home, size_t *arc)
{
	const struct assign_problem *p = s->p;
	size_t best = SIZE_MAX;

	for (size_t a = p->first[home]; a < p->first[home + 1]; a++) {
		uint32_t t = p->shelter[a];
		int64_t lack = p->people[home] - s->room[t];

		for (size_t g = s->head[t]; g != SIZE_MAX; g = s->next[g])
			if (p->people[g] >= lack &&
			    p->people[g] < p->people[home] &&
			    (best == SIZE_MAX ||
				p->people[g] < p->people[best])) {
				best = g;
				*arc = a;
			}
	}
	return best;
}

/* Every step shelters more people than before, so this ends. */
static void
trade_up(struct seating *s, size_t home)
{
	while (home != SIZE_MAX) {
		size_t arc = cheapest(s, home, UINT32_MAX), guest;

		if (arc != SIZE_MAX) {
			seat(s, home, arc);
			return;
		}
		if (push_aside(s, home))
			return;
		guest = smaller_guest(s, home, &arc);
		if (guest == SIZE_MAX)
			return;
		unseat(s, guest);
		seat(s, home, arc);
		home = guest;
	}
}

struct rank {
	int64_t people;
	size_t home;
};

static int
largest_first(const void *a, const void *b)
{
	const struct rank *x = a, *y = b;

	if (x->people != y->people)
		return x->people > y->people ? -1 : 1;
	return x->home < y->home ? -1 : x->home > y->home;
}

/* Seats the homes in one piece, lists the others; how many. */
static size_t
keep_pieces(struct seating *s, const struct assign_answer *a, struct rank *rest,
    size_t *split)
{
	const struct assign_problem *p = s->p;
	size_t n = 0;

	for (size_t h = 0; h < p->homes; h++) {
		size_t used = 0, arc = SIZE_MAX;

		for (size_t i = p->first[h]; i < p->first[h + 1]; i++)
			if (a->flow[i] > 0) {
				arc = i;
				used++;
			}
		if (used == 1 && a->flow[arc] == p->people[h])
			seat(s, h, arc);
		else if (p->people[h] > 0) {
			*split += used > 0;
			rest[n++] = (struct rank){ p->people[h], h };
		}
	}
	return n;
}

static void
save_metres(struct seating *s)
{
	const struct assign_problem *p = s->p;
	bool moved = true;

	for (int round = 0; moved && round < ROUNDS; round++) {
		moved = false;
		for (size_t h = 0; h < p->homes; h++) {
			size_t now = s->arc[h], a;

			if (now == SIZE_MAX)
				continue;
			a = cheapest(s, h, p->shelter[now]);
			if (a == SIZE_MAX || p->metres[a] >= p->metres[now])
				continue;
			unseat(s, h);
			seat(s, h, a);
			moved = true;
		}
	}
}

static int
seating_init(struct seating *s, const struct assign_problem *p, size_t *arc)
{
	*s = (struct seating){ .p = p, .arc = arc };
	s->room = malloc((p->shelters + 1) * sizeof(*s->room));
	s->head = malloc((p->shelters + 1) * sizeof(*s->head));
	s->next = malloc((p->homes + 1) * sizeof(*s->next));
	s->prev = malloc((p->homes + 1) * sizeof(*s->prev));
	if (!s->room || !s->head || !s->next || !s->prev)
		return ASSIGN_NO_MEMORY;
	for (size_t i = 0; i < p->shelters; i++) {
		s->room[i] = p->places[i];
		s->head[i] = SIZE_MAX;
	}
	for (size_t h = 0; h < p->homes; h++)
		arc[h] = SIZE_MAX;
	return 0;
}

static void
seat_rest(struct seating *s, struct rank *rest, size_t n)
{
	qsort(rest, n, sizeof(*rest), largest_first);
	for (size_t i = 0; i < n; i++)
		trade_up(s, rest[i].home);
	for (size_t i = 0; i < n; i++)
		if (s->arc[rest[i].home] == SIZE_MAX)
			trade_up(s, rest[i].home);
	save_metres(s);
}

static int
add_up(const struct assign_problem *p, struct assign_whole *out)
{
	__int128 metres = 0;

	for (size_t h = 0; h < p->homes; h++) {
		if (out->arc[h] == SIZE_MAX)
			continue;
		out->sheltered += p->people[h];
		metres += (__int128)p->people[h] * p->metres[out->arc[h]];
	}
	if (metres > INT64_MAX)
		return ASSIGN_OVERFLOW;
	out->person_metres = (int64_t)metres;
	return 0;
}

int
assign_whole(const struct assign_problem *p, const struct assign_answer *a,
    struct assign_whole *out)
{
	struct rank *rest = malloc((p->homes + 1) * sizeof(*rest));
	struct seating s = { 0 };
	int r = ASSIGN_NO_MEMORY;

	*out = (struct assign_whole){ 0 };
	out->arc = malloc((p->homes + 1) * sizeof(*out->arc));
	if (rest != NULL && out->arc != NULL)
		r = seating_init(&s, p, out->arc);
	if (r == 0) {
		seat_rest(&s, rest, keep_pieces(&s, a, rest, &out->split));
		r = add_up(p, out);
	}
	free(s.room);
	free(s.head);
	free(s.next);
	free(s.prev);
	free(rest);
	return r;
}

void
assign_whole_release(struct assign_whole *w)
{
	free(w->arc);
	*w = (struct assign_whole){ 0 };
}
