/* SPDX-License-Identifier: MIT */
/*
 * Dijkstra over transfers between shelters; see assign_search.h.  With rc =
 * metres + price - price of the home >= 0 on every arc (tight flows), the
 * length of a transfer is the rc of the arc its home would change to.
 *
 * Three kinds of search:
 *	CROWDED	from a shelter with too many people to the nearest free place
 *		or to the ground; what is passed becomes dearer
 *	EMPTY	from the ground, whose people and free places are without end,
 *		to shelters that are short of people but not free of charge;
 *		everything becomes cheaper
 *	GROUND	from the people on the ground to the nearest free place, while
 *		the ground becomes dearer
 */
#include <stdlib.h>
#include <string.h>
#include "drills/assign_search.h"

enum { NEWS = 256 }; /* chains between two calls of progress */

#define FAR INT64_MAX

/* The cheapest home here that could change to `to`. */
struct transfer {
	int32_t extra; /* metres there less metres here; ground: metres there */
	uint32_t to, piece, pick;
};

struct transfers {
	struct transfer *list;
	uint32_t n, room;
	uint32_t farthest; /* piece that saves most by giving up; NONE */
	int64_t saves;
};

struct mark {
	int64_t dist;
	uint32_t from, piece, pick; /* how it was reached; from NONE: source */
	bool settled;
};

struct heap_item {
	int64_t dist;
	uint32_t node;
};

struct assign_search {
	uint32_t ground;
	struct transfers *at; /* [ground + 1] */
	struct mark *mark;    /* [ground + 1] */
	uint32_t *slot;	      /* [ground] place in the list being made */
	uint32_t *touched;    /* nodes with a mark */
	uint32_t ntouched;
	struct heap_item *heap;
	size_t heaped, heap_room;
	int64_t limit; /* nothing beyond it matters */
	size_t chains, passed;
	bool no_memory;
};

void
assign_search_free(struct assign_search *s)
{
	if (s == NULL)
		return;
	for (uint32_t i = 0; s->at != NULL && i <= s->ground; i++)
		free(s->at[i].list);
	free(s->at);
	free(s->mark);
	free(s->slot);
	free(s->touched);
	free(s->heap);
	free(s);
}

struct assign_search *
assign_search_new(const struct assign_flow *f)
{
	struct assign_search *s = calloc(1, sizeof(*s));
	size_t ends = (size_t)f->shelters + 1;

	if (s == NULL)
		return NULL;
	s->ground = f->shelters;
	s->at = calloc(ends, sizeof(*s->at));
	s->mark = malloc(ends * sizeof(*s->mark));
	s->slot = malloc(ends * sizeof(*s->slot));
	s->touched = malloc(ends * sizeof(*s->touched));
	if (!s->at || !s->mark || !s->slot || !s->touched) {
		assign_search_free(s);
		return NULL;
	}
	memset(s->slot, 0xff, ends * sizeof(*s->slot));
	for (size_t i = 0; i < ends; i++)
		s->mark[i].dist = FAR;
	return s;
}

void
assign_search_counts(
    const struct assign_search *s, size_t *chains, size_t *passed)
{
	*chains = s->chains;
	*passed = s->passed;
}

/* ---- transfers of one shelter ---- */

static bool
grow(struct transfers *t, uint32_t want)
{
	struct transfer *more;

	if (want <= t->room)
		return true;
	want += want / 2;
	more = realloc(t->list, want * sizeof(*more));
	if (more == NULL)
		return false;
	t->list = more;
	t->room = want;
	return true;
}

/* One piece's ways out into the list; `here` is what it walks now. */
static bool
add_piece(struct assign_search *s, struct transfers *t,
    const struct assign_flow *f, uint32_t n)
{
	const struct assign_row r = f->row[f->piece[n].home];
	uint32_t pick = f->piece[n].pick;
	int64_t here = pick == ASSIGN_NONE ? 0 : r.metres[pick];

	if (!grow(t, t->n + r.n))
		return false;
	for (uint32_t i = 0; i < r.n; i++) {
		uint32_t to = r.shelter[i], k = s->slot[to];
		int32_t extra = (int32_t)(r.metres[i] - here);

		if (k == ASSIGN_NONE)
			s->slot[to] = k = t->n++;
		else if (t->list[k].extra <= extra)
			continue;
		t->list[k] = (struct transfer){ extra, to, n, i };
	}
	if (t->farthest == ASSIGN_NONE || here > t->saves) {
		t->farthest = n;
		t->saves = here;
	}
	return true;
}

static const struct transfers *
transfers_of(struct assign_search *s, struct assign_flow *f, uint32_t node)
{
	struct transfers *t = &s->at[node];

	if (!f->stale[node])
		return t;
	t->n = 0;
	t->farthest = ASSIGN_NONE;
	for (uint32_t n = f->at_shelter[node]; n != ASSIGN_NONE;
	     n = f->piece[n].next)
		if (!add_piece(s, t, f, n))
			s->no_memory = true;
	for (uint32_t i = 0; i < t->n; i++)
		s->slot[t->list[i].to] = ASSIGN_NONE;
	f->stale[node] = s->no_memory;
	return t;
}

/* ---- the heap ---- */

static void
heap_push(struct assign_search *s, int64_t dist, uint32_t node)
{
	size_t i = s->heaped;

	if (i == s->heap_room) {
		size_t room = 2 * i + 64;
		struct heap_item *more = realloc(s->heap, room * sizeof(*more));

		if (more == NULL) {
			s->no_memory = true;
			return;
		}
		s->heap = more;
		s->heap_room = room;
	}
	s->heaped++;
	while (i > 0 && s->heap[(i - 1) / 2].dist > dist) {
		s->heap[i] = s->heap[(i - 1) / 2];
		i = (i - 1) / 2;
	}
	s->heap[i] = (struct heap_item){ dist, node };
}

static struct heap_item
heap_pop(struct assign_search *s)
{
	struct heap_item top = s->heap[0], last = s->heap[--s->heaped];
	size_t i = 0, n = s->heaped;

	for (size_t c = 1; c < n; c = 2 * i + 1) {
		c += c + 1 < n && s->heap[c + 1].dist < s->heap[c].dist;
		if (s->heap[c].dist >= last.dist)
			break;
		s->heap[i] = s->heap[c];
		i = c;
	}
	s->heap[i] = last;
	return top;
}

/* ---- one search ---- */

static void
search_clear(struct assign_search *s)
{
	for (uint32_t i = 0; i < s->ntouched; i++) {
		s->mark[s->touched[i]].dist = FAR;
		s->mark[s->touched[i]].settled = false;
	}
	s->ntouched = 0;
	s->heaped = 0;
}

static void
reach(struct assign_search *s, uint32_t node, int64_t dist, uint32_t from,
    const struct transfer *by)
{
	struct mark *m = &s->mark[node];

	if (dist >= m->dist)
		return;
	if (m->dist == FAR)
		s->touched[s->ntouched++] = node;
	m->dist = dist;
	m->from = from;
	m->settled = false;
	if (by != NULL) {
		m->piece = by->piece;
		m->pick = by->pick;
	}
	heap_push(s, dist, node);
}

/* By the transfers of `node`, which lies `dist` from the source. */
static void
spread(
    struct assign_search *s, struct assign_flow *f, uint32_t node, int64_t dist)
{
	const struct transfers *t = transfers_of(s, f, node);
	int64_t base = dist - (node == s->ground ? f->left : f->price[node]);

	s->passed++;
	for (uint32_t i = 0; i < t->n; i++) {
		const struct transfer *x = &t->list[i];
		int64_t d = base + x->extra + f->price[x->to];

		if (d < s->limit && d < s->mark[x->to].dist)
			reach(s, x->to, d, node, x);
	}
}

/* Giving up a place at `node` for the ground. */
static void
give_up(struct assign_search *s, const struct assign_flow *f, uint32_t node,
    int64_t dist)
{
	const struct transfers *t = &s->at[node];
	const struct transfer by = { .piece = t->farthest,
		.pick = ASSIGN_NONE };
	int64_t d = dist + f->left - t->saves - f->price[node];

	if (t->farthest == ASSIGN_NONE || d >= s->limit)
		return;
	s->limit = d + 1;
	reach(s, s->ground, d, node, &by);
}

static bool
short_of_people(const struct assign_flow *f, uint32_t node)
{
	return f->load[node] < f->places[node] && f->price[node] > 0;
}

/*
 * Settles nodes in the order of their distance until one is an end: a shelter
 * with fewer people than places (and, if `charged`, of a price above 0), or
 * the ground.  NONE: nothing within the limit.
 */
static uint32_t
search_run(struct assign_search *s, struct assign_flow *f, bool charged,
    bool may_give_up)
{
	while (s->heaped > 0 && !s->no_memory) {
		struct heap_item it = heap_pop(s);

		if (it.dist > s->mark[it.node].dist || s->mark[it.node].settled)
			continue;
		if (it.node == s->ground)
			return it.node;
		if (charged ? short_of_people(f, it.node)
			    : f->load[it.node] < f->places[it.node])
			return it.node;
		s->mark[it.node].settled = true;
		spread(s, f, it.node, it.dist);
		if (may_give_up)
			give_up(s, f, it.node, it.dist);
	}
	return ASSIGN_NONE;
}

/* What is nearer than `dist` becomes dearer by what it is nearer. */
static void
raise(struct assign_search *s, struct assign_flow *f, int64_t dist)
{
	for (uint32_t i = 0; i < s->ntouched; i++) {
		uint32_t n = s->touched[i];

		if (n != s->ground && s->mark[n].dist < dist)
			f->price[n] += dist - s->mark[n].dist;
	}
}

/* Everything becomes cheaper by its distance, at most `dist`. */
static void
lower(struct assign_search *s, struct assign_flow *f, int64_t dist)
{
	for (uint32_t n = 0; n < s->ground; n++)
		f->price[n] -= s->mark[n].dist < dist ? s->mark[n].dist : dist;
}

/* At most `most` people move along the chain that ends at `end`. */
static int
move_chain(
    struct assign_search *s, struct assign_flow *f, uint32_t end, int64_t most)
{
	uint32_t links = 0;

	for (uint32_t n = end; s->mark[n].from != ASSIGN_NONE;
	     n = s->mark[n].from) {
		int64_t flow = f->piece[s->mark[n].piece].flow;

		most = flow < most ? flow : most;
		links++;
		if (s->mark[n].from == s->ground)
			break;
	}
	if (assign_flow_reserve(f, links) < 0)
		return ASSIGN_NO_MEMORY;
	for (uint32_t n = end; s->mark[n].from != ASSIGN_NONE;
	     n = s->mark[n].from) {
		assign_flow_move(f, s->mark[n].piece, s->mark[n].pick, most);
		if (s->mark[n].from == s->ground)
			break;
	}
	s->chains++;
	return 0;
}

static int64_t
room_at(const struct assign_flow *f, uint32_t node)
{
	return f->places[node] - f->load[node];
}

static int
relieve(struct assign_search *s, struct assign_flow *f, uint32_t node)
{
	int64_t excess = -room_at(f, node), most;
	uint32_t end;

	search_clear(s);
	s->limit = FAR;
	reach(s, node, 0, ASSIGN_NONE, NULL);
	end = search_run(s, f, false, true);
	if (end == ASSIGN_NONE)
		return ASSIGN_NO_MEMORY;
	raise(s, f, s->mark[end].dist);
	most = end == s->ground ? excess : room_at(f, end);
	return move_chain(s, f, end, most < excess ? most : excess);
}

/* From the ground: 1 when nothing was short of people. */
static int
fill(struct assign_search *s, struct assign_flow *f)
{
	uint32_t end;

	search_clear(s);
	s->limit = 0;
	for (uint32_t n = 0; n < s->ground; n++)
		if (short_of_people(f, n) &&
		    (s->limit == 0 || f->price[n] < s->limit))
			s->limit = f->price[n];
	if (s->limit++ == 0)
		return 1;
	for (uint32_t n = 0; n < s->ground; n++)
		if (f->price[n] < s->limit)
			reach(s, n, f->price[n], ASSIGN_NONE, NULL);
	spread(s, f, s->ground, 0);
	end = search_run(s, f, true, false);
	if (end == ASSIGN_NONE)
		return ASSIGN_NO_MEMORY;
	int64_t most = room_at(f, end);

	lower(s, f, s->mark[end].dist);
	if (s->mark[end].from == ASSIGN_NONE)
		return 0;
	return move_chain(s, f, end, most);
}

/* The ground becomes dearer, up to `left`, and sends people to free places. */
static int
climb(struct assign_search *s, struct assign_flow *f, int64_t left)
{
	int64_t by = left - f->left;
	uint32_t end;

	search_clear(s);
	s->limit = by;
	spread(s, f, s->ground, 0);
	end = search_run(s, f, false, false);
	if (s->no_memory)
		return ASSIGN_NO_MEMORY;
	if (end != ASSIGN_NONE)
		by = s->mark[end].dist;
	raise(s, f, by);
	f->left += by;
	if (end == ASSIGN_NONE)
		return 0;
	return move_chain(s, f, end, room_at(f, end));
}

struct news {
	assign_progress *tell;
	void *arg;
	size_t done, total, count;
};

static int
news_tell(struct news *n, size_t done)
{
	n->done = done;
	if (n->tell == NULL || n->count++ % NEWS != 0)
		return 0;
	return n->tell(n->arg, n->done, n->total) ? ASSIGN_CANCELLED : 0;
}

int
assign_search_balance(struct assign_search *s, struct assign_flow *f,
    int64_t left, assign_progress *progress, void *arg)
{
	struct news news = { progress, arg, 0, s->ground + 2, 0 };
	int r = 0;

	s->no_memory = false;
	for (uint32_t n = 0; n < s->ground; n++)
		while (f->load[n] > f->places[n])
			if ((r = news_tell(&news, n)) < 0 ||
			    (r = relieve(s, f, n)) < 0)
				return r;
	while ((r = fill(s, f)) == 0)
		if ((r = news_tell(&news, s->ground)) < 0)
			return r;
	if (r < 0)
		return r;
	while (f->left < left)
		if ((r = news_tell(&news, s->ground + 1)) < 0 ||
		    (r = climb(s, f, left)) < 0)
			return r;
	return 0;
}
