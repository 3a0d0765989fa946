/* SPDX-License-Identifier: MIT */
/*
 * Solves a changed plan again: the simplex goes on from the tree it has.  Who
 * was put OUTSIDE and should come in finds it dearer there step by step, who
 * should go finds it cheaper, so that few prices move at a time.  Whoever could
 * pay less after that is found by the short lists during the steps, at the end
 * all arcs of all who may have a gain are looked at.
 */
#include "drills/assign_state.h"

/* Metres by which outside becomes dearer or cheaper for pseudo-homes, so that
 * prices move little at a time; after LAST_STEP at once. */
enum { FIRST_STEP = 64, STEP_GROWS = 4, LAST_STEP = 16 * ASSIGN_MAX_METRES };

static void
settle(struct assign_state *s)
{
	for (size_t i = 0; i < s->retired.n; i++) {
		uint32_t n = s->retired.item[i];

		s->tree.home[n].people = 0;
		s->spare.item[s->spare.n++] = n;
	}
	s->retired.n = s->gone = 0;
}

static int64_t
cheapest(const struct assign_tree *t, uint32_t number)
{
	const struct assign_row r = t->row[number];
	int64_t least = t->left_price;

	for (uint32_t i = 0; i < r.n; i++) {
		int64_t cost = r.way[i].metres + t->price[r.way[i].shelter];

		least = cost < least ? cost : least;
	}
	return least;
}

/* Blockers give way to nobody, and people to blockers only. */
static int64_t
dearest_left(const struct assign_state *s, uint32_t number)
{
	return s->owner.item[number] == ASSIGN_NONE
		   ? ASSIGN_BLOCKED * s->tree.left_price
		   : s->tree.left_price;
}

static bool
is_out(const struct assign_tree *t, uint32_t number)
{
	uint32_t at = t->home[number].at;

	if (at <= t->outside)
		return at == t->outside;
	return t->node[at].parent == t->outside && t->node[at].flow > 0;
}

/* Outside becomes dearer by `step` for those still there who should come in.
 * With `lightly` a blocker that is in stays at the price that brought it in, so
 * that it does not carry its shelter's price away; call_back() sees to it. */
static void
raise(struct assign_state *s, int64_t step, bool lightly)
{
	struct assign_tree *t = &s->tree;
	size_t kept = 0;

	for (size_t i = 0; i < s->coming.n; i++) {
		uint32_t n = s->coming.item[i];
		int64_t most = dearest_left(s, n), left;
		bool joint = t->home[n].at > t->outside;

		if (lightly && !is_out(t, n) && s->owner.item[n] == ASSIGN_NONE)
			continue;
		left = (joint ? t->home[n].left : cheapest(t, n)) + step;
		if (!is_out(t, n) || left >= most || step >= LAST_STEP)
			left = most;
		else
			s->coming.item[kept++] = n;
		assign_tree_turn(t, n, left);
	}
	s->coming.n = kept;
}

/* Blockers that were pushed out again must come in at any price; whether there
 * are any. */
static bool
call_back(struct assign_state *s)
{
	for (size_t i = 0; i < s->shelters; i++)
		if (s->blocker[i] != ASSIGN_NONE &&
		    is_out(&s->tree, s->blocker[i]))
			s->coming.item[s->coming.n++] = s->blocker[i];
	return s->coming.n > 0;
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
			left = -ASSIGN_BLOCKED * t->left_price;
			s->retired.item[i] = s->retired.item[s->gone];
			s->retired.item[s->gone++] = n;
		}
		assign_tree_turn(t, n, left);
	}
}

/* Everybody who comes or goes does so, step by step. */
static int
move(struct assign_state *s, bool lightly)
{
	int64_t step = FIRST_STEP;
	int r;

	while (s->coming.n > 0 || s->gone < s->retired.n) {
		raise(s, step, lightly);
		lower(s, step);
		if ((r = assign_simplex_exhaust(&s->simplex)) < 0)
			return r;
		step = step < LAST_STEP / STEP_GROWS ? step * STEP_GROWS
						     : LAST_STEP;
	}
	return assign_simplex_improve(&s->simplex);
}

int
assign_resolve(struct assign_state *s, assign_progress *progress, void *arg)
{
	bool lightly = true;
	int r;

	s->simplex.progress = progress;
	s->simplex.arg = arg;
	s->simplex.done = 0;
	do {
		if ((r = move(s, lightly)) < 0)
			return r;
		lightly = false;
	} while (call_back(s));
	settle(s);
	return 0;
}
