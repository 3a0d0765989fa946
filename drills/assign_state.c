/* SPDX-License-Identifier: MIT */
/*
 * A plan that is kept solved while the problem changes: the tree of the
 * simplex stays, and every change is made such that its flows stay feasible.
 *
 *	people or arcs of a home change	the home so far is RETIRED, that is,
 *		to be outside at any price, and a new one comes in from OUTSIDE
 *	places close	a BLOCKER of so many comes in, which may only go there
 *		and is dearer to leave out than any chain of people
 *	places open	the blocker is retired; places beyond all there ever
 *		were come with a blocker in them that is retired at once
 *
 * Then the simplex goes on, at first with these alone.  Whoever could pay less
 * after that lives at a shelter that became dearer, or next to one that became
 * cheaper, and joins in, until nobody does.
 */
#include <stdlib.h>
#include <string.h>
#include "drills/assign_problem.h"
#include "drills/assign_read.h"
#include "drills/assign_simplex.h"

/* Metres by which outside becomes dearer or cheaper for pseudo-homes, so that
 * prices move little at a time; after LAST_STEP at once. */
enum { FIRST_STEP = 64, STEP_GROWS = 4, LAST_STEP = 16 * ASSIGN_MAX_METRES };

struct list {
	uint32_t *item;
	size_t n, room;
};

struct assign_state {
	struct assign_tree tree;
	struct assign_simplex simplex;
	size_t homes, shelters;
	struct assign_row *row; /* [homes] present arcs */
	void **own;		/* [homes] memory of those that were replaced */
	int64_t *people;	/* [homes] */
	int64_t *places;	/* [shelters] open ones */
	int64_t *built;		/* [shelters] open and closed ones */
	uint32_t *in_tree;   /* [homes] number in the tree, NONE: no people */
	uint32_t *blocker;   /* [shelters] likewise, NONE: all open */
	uint32_t *self;	     /* [shelters] a blocker's arc: its shelter */
	struct list owner;   /* by number in the tree: home; NONE: blocker */
	int64_t *seen;	     /* [shelters] prices everybody was asked at */
	struct list active;  /* who is asked in each round */
	struct list coming;  /* from OUTSIDE, while that becomes dearer */
	struct list retired; /* to OUTSIDE, while that becomes cheaper */
	size_t gone;	     /* of the retired, the first so many */
	struct list spare;   /* numbers without people */
	struct list touched; /* by number in the tree: turn it got a gain */
	uint32_t turn;	     /* of making the active list anew; from 1 on */
};

static const int64_t no_metres[1];

static bool
list_reserve(struct list *l, size_t n)
{
	uint32_t *more;

	if (n <= l->room)
		return true;
	n += n / 4 + 16;
	more = realloc(l->item, n * sizeof(*more));
	if (more == NULL)
		return false;
	l->item = more;
	l->room = n;
	return true;
}

/* All lists for `n` numbers more, so that a change cannot fail half-way. */
static bool
reserve(struct assign_state *s, size_t n)
{
	size_t most = s->tree.homes + n;
	size_t had = s->owner.n;

	if (!list_reserve(&s->owner, most) || !list_reserve(&s->active, most) ||
	    !list_reserve(&s->retired, most) ||
	    !list_reserve(&s->coming, most) || !list_reserve(&s->spare, most) ||
	    !list_reserve(&s->touched, most))
		return false;
	for (size_t i = had; i < most; i++) {
		s->owner.item[i] = ASSIGN_NONE;
		s->touched.item[i] = 0;
	}
	s->owner.n = most > had ? most : had;
	return true;
}

static void
activate(struct assign_state *s, uint32_t number)
{
	if (s->touched.item[number] == s->turn)
		return;
	s->touched.item[number] = s->turn;
	s->active.item[s->active.n++] = number;
}

/* ---- changes ---- */

/* Its one way is out: its arcs, which may be freed, are not looked at again. */
static void
retire(struct assign_state *s, uint32_t number)
{
	if (number == ASSIGN_NONE)
		return;
	for (size_t i = 0; i < s->coming.n; i++)
		if (s->coming.item[i] == number)
			s->coming.item[i--] = s->coming.item[--s->coming.n];
	s->owner.item[number] = ASSIGN_NONE;
	s->tree.row[number].n = 0;
	assign_simplex_list(&s->simplex, number);
	s->retired.item[s->retired.n++] = number;
	s->touched.item[number] = UINT32_MAX;
}

/* ASSIGN_NONE when memory is short. reserve() comes first. */
static uint32_t
add(struct assign_state *s, struct assign_row row, int64_t people, bool inside)
{
	bool again = s->spare.n > 0;
	uint32_t number = assign_tree_add(&s->tree,
	    again ? s->spare.item[s->spare.n - 1] : ASSIGN_NONE, row,
	    (int32_t)people, 0, inside);

	if (number == ASSIGN_NONE)
		return number;
	if (assign_simplex_grow(&s->simplex) < 0) {
		s->tree.homes -= !again;
		return ASSIGN_NONE;
	}
	s->spare.n -= again;
	assign_simplex_list(&s->simplex, number);
	s->owner.item[number] = ASSIGN_NONE;
	s->touched.item[number] = UINT32_MAX;
	if (!inside)
		s->coming.item[s->coming.n++] = number;
	return number;
}

static struct assign_row
arc_of_blocker(const struct assign_state *s, size_t shelter)
{
	return (struct assign_row){ s->self + shelter, no_metres, 1 };
}

static int
build(struct assign_state *s, size_t shelter, int64_t places)
{
	uint32_t n = add(s, arc_of_blocker(s, shelter), places, true);

	if (n == ASSIGN_NONE)
		return ASSIGN_NO_MEMORY;
	s->built[shelter] += places;
	retire(s, n);
	return 0;
}

int
assign_set_places(struct assign_state *s, size_t shelter, int64_t places)
{
	int64_t more;
	uint32_t b = ASSIGN_NONE;

	if (shelter >= s->shelters || places < 0 || places > INT32_MAX)
		return ASSIGN_BAD_PROBLEM;
	if (!reserve(s, 2))
		return ASSIGN_NO_MEMORY;
	more = places - s->built[shelter];
	if (more > 0 && build(s, shelter, more) < 0)
		return ASSIGN_NO_MEMORY;
	if (more < 0) {
		b = add(s, arc_of_blocker(s, shelter), -more, false);
		if (b == ASSIGN_NONE)
			return ASSIGN_NO_MEMORY;
	}
	retire(s, s->blocker[shelter]);
	s->blocker[shelter] = b;
	s->places[shelter] = places;
	return 0;
}

static int
replace_home(
    struct assign_state *s, size_t home, struct assign_row row, int64_t people)
{
	uint32_t n = ASSIGN_NONE;

	if (!reserve(s, 1))
		return ASSIGN_NO_MEMORY;
	if (people > 0) {
		n = add(s, row, people, false);
		if (n == ASSIGN_NONE)
			return ASSIGN_NO_MEMORY;
		s->owner.item[n] = (uint32_t)home;
	}
	retire(s, s->in_tree[home]);
	s->in_tree[home] = n;
	s->people[home] = people;
	s->row[home] = row;
	return 0;
}

int
assign_set_people(struct assign_state *s, size_t home, int64_t people)
{
	if (home >= s->homes || people < 0 || people > INT32_MAX)
		return ASSIGN_BAD_PROBLEM;
	return replace_home(s, home, s->row[home], people);
}

static bool
arcs_good(const struct assign_state *s, size_t n, const uint32_t *shelter,
    const int64_t *metres)
{
	if (n >= ASSIGN_NONE)
		return false;
	for (size_t i = 0; i < n; i++)
		if (shelter[i] >= s->shelters || metres[i] < 0 ||
		    metres[i] > ASSIGN_MAX_METRES)
			return false;
	return true;
}

int
assign_set_arcs(struct assign_state *s, size_t home, size_t n,
    const uint32_t *shelter, const int64_t *metres)
{
	int64_t *m;
	uint32_t *to;
	int r;

	if (home >= s->homes || !arcs_good(s, n, shelter, metres))
		return ASSIGN_BAD_PROBLEM;
	m = malloc(n * (sizeof(*m) + sizeof(*to)) + 1);
	if (m == NULL)
		return ASSIGN_NO_MEMORY;
	to = (uint32_t *)(m + n);
	if (n > 0) {
		memcpy(m, metres, n * sizeof(*m));
		memcpy(to, shelter, n * sizeof(*to));
	}
	r = replace_home(s, home, (struct assign_row){ to, m, (uint32_t)n },
	    s->people[home]);
	if (r < 0) {
		free(m);
		return r;
	}
	free(s->own[home]);
	s->own[home] = m;
	return 0;
}

/* ---- solving again ---- */

/* People at a shelter (joints hang at one, too) dearer than it was. */
static bool
dearer(const struct assign_state *s, uint32_t number)
{
	const struct assign_tree *t = &s->tree;
	uint32_t at = t->home[number].at;

	if (at > t->outside)
		at = t->node[at].parent;
	return at < t->outside && t->price[at] > s->seen[at];
}

static bool
anything_cheaper(const struct assign_state *s)
{
	for (size_t i = 0; i < s->shelters; i++)
		if (s->tree.price[i] < s->seen[i])
			return true;
	return false;
}

enum whom {
	DEARER_GLANCE, /* short lists of those who live dearer now */
	DEARER,	       /* all their arcs */
	EVERYBODY
};

/* Activates those who have a gain; how many.  Who had one before may have moved
 * since and is asked as well. */
static size_t
ask(struct assign_state *s, enum whom whom)
{
	size_t found = 0;

	for (uint32_t n = 0; n < s->tree.homes; n++) {
		if (whom != EVERYBODY && !s->touched.item[n] && !dearer(s, n))
			continue;
		if (whom == DEARER_GLANCE
			? !assign_simplex_glance(&s->simplex, n)
			: !assign_simplex_look(&s->simplex, n))
			continue;
		activate(s, n);
		found++;
	}
	return found;
}

static void
settle(struct assign_state *s)
{
	memset(s->touched.item, 0, s->owner.n * sizeof(*s->touched.item));
	s->active.n = 0;
	s->turn = 1;
	for (size_t i = 0; i < s->retired.n; i++) {
		uint32_t n = s->retired.item[i];

		s->tree.home[n].people = 0;
		s->spare.item[s->spare.n++] = n;
	}
	s->retired.n = s->gone = 0;
	memcpy(s->seen, s->tree.price, s->shelters * sizeof(*s->seen));
}

static int64_t
cheapest(const struct assign_tree *t, uint32_t number)
{
	const struct assign_row r = t->row[number];
	int64_t least = t->left_price;

	for (uint32_t i = 0; i < r.n; i++)
		if (r.metres[i] + t->price[r.shelter[i]] < least)
			least = r.metres[i] + t->price[r.shelter[i]];
	return least;
}

/* Blockers give way to nobody, and people to blockers only. */
static int64_t
dearest_left(const struct assign_state *s, uint32_t number)
{
	return s->owner.item[number] == ASSIGN_NONE ? 4 * s->tree.left_price
						    : s->tree.left_price;
}

/* Outside becomes dearer by `step` for those still there who should come in;
 * who is in, or has come up to the full price, is dropped from the list. */
static void
raise(struct assign_state *s, int64_t step)
{
	struct assign_tree *t = &s->tree;
	size_t kept = 0;

	for (size_t i = 0; i < s->coming.n; i++) {
		uint32_t n = s->coming.item[i];
		int64_t most = dearest_left(s, n), left;
		const struct assign_leaf *h = &t->home[n];
		bool joint = h->at > t->outside;
		bool in = joint ? t->node[h->at].parent != t->outside ||
				      t->node[h->at].flow == 0
				: h->at != t->outside;

		left = (joint ? h->left : cheapest(t, n)) + step;
		if (in || left >= most || step >= LAST_STEP)
			left = most;
		else
			s->coming.item[kept++] = n;
		assign_tree_turn(t, n, left);
	}
	s->coming.n = kept;
}

/* Outside becomes cheaper for those who should go there. */
static void
lower(struct assign_state *s, int64_t step)
{
	struct assign_tree *t = &s->tree;

	for (size_t i = s->gone; i < s->retired.n; i++) {
		uint32_t n = s->retired.item[i];
		int64_t left = assign_tree_home_price(t, n) - step;

		if (t->home[n].at == t->outside || step >= LAST_STEP) {
			left = -4 * t->left_price;
			s->retired.item[i] = s->retired.item[s->gone];
			s->retired.item[s->gone++] = n;
		}
		assign_tree_turn(t, n, left);
	}
}

static void
pivot(struct assign_state *s)
{
	while (assign_simplex_round(
		   &s->simplex, s->active.item, (uint32_t)s->active.n) > 0)
		;
}

/* The outside price of whoever comes or goes moves by one step. */
static void
one_step(struct assign_state *s, int64_t step)
{
	raise(s, step);
	lower(s, step);
	s->active.n = 0;
	s->turn++;
	for (size_t i = 0; i < s->coming.n; i++)
		activate(s, s->coming.item[i]);
	for (size_t i = 0; i < s->retired.n; i++)
		activate(s, s->retired.item[i]);
	do
		pivot(s);
	while (ask(s, DEARER_GLANCE) > 0);
}

static int
finish(struct assign_state *s, assign_progress *progress, void *arg)
{
	size_t found = ask(s, DEARER);

	if (found == 0 && anything_cheaper(s))
		found = ask(s, EVERYBODY);
	while (found > 0) {
		if (progress && progress(arg, 0, s->homes))
			return ASSIGN_CANCELLED;
		pivot(s);
		found = ask(s, DEARER_GLANCE);
		if (found == 0)
			found = ask(s, DEARER);
		if (found == 0 && anything_cheaper(s))
			found = ask(s, EVERYBODY);
	}
	return 0;
}

int
assign_resolve(struct assign_state *s, assign_progress *progress, void *arg)
{
	int64_t step = FIRST_STEP;
	int r;

	s->simplex.threshold = 0;
	while (s->coming.n > 0 || s->gone < s->retired.n) {
		if (progress && progress(arg, 0, s->homes))
			return ASSIGN_CANCELLED;
		one_step(s, step);
		step = step < LAST_STEP / STEP_GROWS ? step * STEP_GROWS
						     : LAST_STEP;
	}
	if ((r = finish(s, progress, arg)) < 0)
		return r;
	settle(s);
	return 0;
}

/* ---- opening and closing ---- */

void
assign_close(struct assign_state *s)
{
	if (s == NULL)
		return;
	for (size_t h = 0; s->own != NULL && h < s->homes; h++)
		free(s->own[h]);
	assign_tree_release(&s->tree);
	assign_simplex_release(&s->simplex);
	free(s->row);
	free(s->own);
	free(s->people);
	free(s->places);
	free(s->built);
	free(s->in_tree);
	free(s->blocker);
	free(s->self);
	free(s->seen);
	free(s->owner.item);
	free(s->active.item);
	free(s->retired.item);
	free(s->coming.item);
	free(s->spare.item);
	free(s->touched.item);
	free(s);
}

static bool
state_alloc(struct assign_state *s)
{
	size_t h = s->homes + 1, n = s->shelters + 1;

	s->row = malloc(h * sizeof(*s->row));
	s->own = calloc(h, sizeof(*s->own));
	s->people = malloc(h * sizeof(*s->people));
	s->places = malloc(n * sizeof(*s->places));
	s->built = malloc(n * sizeof(*s->built));
	s->in_tree = malloc(h * sizeof(*s->in_tree));
	s->blocker = malloc(n * sizeof(*s->blocker));
	s->self = malloc(n * sizeof(*s->self));
	s->seen = malloc(n * sizeof(*s->seen));
	return s->row && s->own && s->people && s->places && s->built &&
	       s->in_tree && s->blocker && s->self && s->seen;
}

/* A shelter without places is built with one, which is closed. */
static void
state_fill(struct assign_state *s, const struct assign_problem *p)
{
	for (size_t i = 0; i < s->shelters; i++) {
		s->places[i] = p->places[i];
		s->built[i] = p->places[i] > 0 ? p->places[i] : 1;
		s->blocker[i] = ASSIGN_NONE;
		s->self[i] = (uint32_t)i;
	}
	for (size_t h = 0; h < s->homes; h++)
		s->people[h] = p->people[h];
}

static int
state_solve(struct assign_state *s, const struct assign_problem *p,
    assign_progress *progress, void *arg)
{
	struct assign_problem built = *p;
	int r;

	built.places = s->built;
	r = assign_simplex(&s->simplex, &s->tree, &built,
	    assign_problem_left(p, ASSIGN_MAX_METRES), progress, arg);
	if (r < 0)
		return r;
	if (!reserve(s, 0))
		return ASSIGN_NO_MEMORY;
	for (uint32_t h = 0; h < s->homes; h++) {
		s->row[h] = s->tree.row[h];
		s->owner.item[h] = h;
		s->in_tree[h] = s->people[h] > 0 ? h : ASSIGN_NONE;
		if (s->people[h] == 0)
			s->spare.item[s->spare.n++] = h;
	}
	memcpy(s->seen, s->tree.price, s->shelters * sizeof(*s->seen));
	for (size_t i = 0; i < s->shelters; i++)
		if (s->places[i] == 0 && (r = assign_set_places(s, i, 0)) < 0)
			return r;
	return assign_resolve(s, progress, arg);
}

int
assign_open(const struct assign_problem *p, struct assign_state **out,
    assign_progress *progress, void *arg)
{
	struct assign_state *s;
	int r = ASSIGN_NO_MEMORY;

	*out = NULL;
	if (!assign_problem_good(p))
		return ASSIGN_BAD_PROBLEM;
	s = calloc(1, sizeof(*s));
	if (s == NULL)
		return r;
	s->homes = p->homes;
	s->shelters = p->shelters;
	if (state_alloc(s)) {
		state_fill(s, p);
		r = state_solve(s, p, progress, arg);
	}
	if (r < 0)
		assign_close(s);
	else
		*out = s;
	return r;
}

/* ---- what came out ---- */

static void
add_joint(const struct assign_tree *t, uint32_t joint, int64_t *sheltered,
    __int128 *metres)
{
	const struct assign_node *x = &t->node[joint];

	if (x->pick != ASSIGN_NONE) {
		*sheltered += x->flow;
		*metres += (__int128)x->flow * x->cost;
	}
	for (uint32_t c = x->child; c != ASSIGN_NONE; c = t->node[c].next) {
		*sheltered += t->node[c].flow;
		*metres += (__int128)t->node[c].flow * t->node[c].cost;
	}
}

int
assign_totals(const struct assign_state *s, struct assign_totals *out)
{
	const struct assign_tree *t = &s->tree;
	__int128 metres = 0;

	*out = (struct assign_totals){ 0 };
	for (uint32_t n = 0; n < t->homes; n++) {
		const struct assign_leaf *h = &t->home[n];

		if (s->owner.item[n] == ASSIGN_NONE || h->people == 0)
			continue;
		out->people += h->people;
		if (h->at > t->outside)
			add_joint(t, h->at, &out->sheltered, &metres);
		else if (h->pick != ASSIGN_NONE) {
			out->sheltered += h->people;
			metres += (__int128)h->people * h->metres;
		}
	}
	if (metres > INT64_MAX)
		return ASSIGN_OVERFLOW;
	out->person_metres = (int64_t)metres;
	return 0;
}

static int
copy_problem(const struct assign_state *s, struct assign_copy *c)
{
	size_t arcs = 0;

	for (size_t h = 0; h < s->homes; h++)
		arcs += s->row[h].n;
	c->people = malloc((s->homes + 1) * sizeof(*c->people));
	c->places = malloc((s->shelters + 1) * sizeof(*c->places));
	c->first = malloc((s->homes + 1) * sizeof(*c->first));
	c->shelter = malloc((arcs + 1) * sizeof(*c->shelter));
	c->metres = malloc((arcs + 1) * sizeof(*c->metres));
	if (!c->people || !c->places || !c->first || !c->shelter || !c->metres)
		return ASSIGN_NO_MEMORY;
	arcs = 0;
	for (size_t h = 0; h < s->homes; h++) {
		const struct assign_row r = s->row[h];

		c->people[h] = s->people[h];
		c->first[h] = arcs;
		for (uint32_t i = 0; i < r.n; i++) {
			c->shelter[arcs] = r.shelter[i];
			c->metres[arcs++] = r.metres[i];
		}
	}
	c->first[s->homes] = arcs;
	memcpy(c->places, s->places, s->shelters * sizeof(*c->places));
	c->problem = (struct assign_problem){ s->homes, s->shelters, arcs,
		c->people, c->places, c->first, c->shelter, c->metres };
	return 0;
}

struct copying {
	const struct assign_state *s;
	struct assign_copy *c;
};

static void
copy_piece(void *arg, uint32_t number, uint32_t pick, int64_t people)
{
	const struct copying *k = arg;
	uint32_t home = k->s->owner.item[number];

	if (pick != ASSIGN_NONE && home != ASSIGN_NONE)
		k->c->answer.flow[k->c->first[home] + pick] += people;
}

int
assign_copy(const struct assign_state *s, struct assign_copy *out)
{
	int r;

	*out = (struct assign_copy){ 0 };
	if ((r = copy_problem(s, out)) < 0)
		return r;
	if ((r = assign_answer_init(&out->problem, &out->answer)) < 0)
		return r;
	assign_read_pieces(&s->tree, copy_piece, &(struct copying){ s, out });
	memcpy(out->answer.shelter_price, s->tree.price,
	    s->shelters * sizeof(*out->answer.shelter_price));
	out->answer.left_price = s->tree.left_price;
	return assign_answer_finish(&out->problem, &out->answer);
}

void
assign_copy_release(struct assign_copy *c)
{
	free(c->people);
	free(c->places);
	free(c->first);
	free(c->shelter);
	free(c->metres);
	assign_release(&c->answer);
	*c = (struct assign_copy){ 0 };
}
