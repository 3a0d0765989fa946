/* SPDX-License-Identifier: MIT */
/*
 * Chains the arcs of a union.  An arc of disc i that enters j goes on with the
 * arc of j that leaves i: circles being round there is one such place for each
 * ordered pair, so names suffice and nothing is compared by coordinates.
 *
 * Where three or more circles meet in a point (shelters on a grid of round
 * metres), rounding decides which of them names the corner, and arcs of no
 * length may stay or go.  Their ends find no partner by name; each is then
 * joined to the nearest open start, which lies within a millionth of the
 * radius.  There are as many starts as ends around such a point, since an arc
 * misjudged is one whose ends both lie there; so every ring closes.
 */
#include "gis/union_rings.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double two_pi = 6.28318530717958647692;

struct gis_point
gis_arc_start(const struct gis_circle *c, const struct gis_arc *arc)
{
	return (struct gis_point){ c->at.x + c->r * arc->start.x,
		c->at.y + c->r * arc->start.y };
}

struct gis_point
gis_arc_end(const struct gis_circle *c, const struct gis_arc *arc)
{
	return (struct gis_point){ c->at.x + c->r * arc->end.x,
		c->at.y + c->r * arc->end.y };
}

bool
gis_arc_has(const struct gis_arc *arc, struct gis_point v)
{
	struct gis_point a = arc->start;
	double t;

	if (arc->from == GIS_NO_DISC)
		return true;
	t = atan2(a.x * v.y - a.y * v.x, a.x * v.x + a.y * v.y);
	return (t < 0 ? t + two_pi : t) <= arc->span;
}

/* The arc of disc j that leaves disc i. */
static uint32_t
leaving(const struct gis_union *u, uint32_t j, uint32_t i)
{
	struct gis_rimmed rim = u->rim[j];

	for (uint32_t k = rim.first; k < rim.first + rim.n; k++)
		if (u->arc[k].from == i)
			return k;
	return GIS_NO_RING;
}

/* Returns how many ends are left open; *taken says which starts are not. */
static size_t
link_by_name(struct gis_rings *r, const struct gis_union *u, bool *taken)
{
	size_t open = 0;

	for (size_t i = 0; i < u->n; i++)
		for (uint32_t k = 0; k < u->rim[i].n; k++) {
			uint32_t at = u->rim[i].first + k;
			uint32_t to = u->arc[at].to, next;

			r->owner[at] = (uint32_t)i;
			next = to == GIS_NO_DISC ? at
						 : leaving(u, to, (uint32_t)i);
			r->next[at] = next;
			if (next == GIS_NO_RING)
				open++;
			else
				taken[next] = true;
		}
	return open;
}

struct tip {
	struct gis_point at;
	uint32_t arc;
	bool used;
};

static int
by_x(const void *a, const void *b)
{
	const struct tip *p = a, *q = b;

	if (p->at.x != q->at.x)
		return p->at.x < q->at.x ? -1 : 1;
	return p->arc < q->arc ? -1 : p->arc > q->arc;
}

/* The nearest open start within the tolerance; start[from] is not west of it. */
static struct tip *
nearest(struct tip *start, size_t n, size_t from, struct gis_point at,
    double within)
{
	struct tip *best = NULL;
	double d;

	for (size_t i = from; i < n && start[i].at.x <= at.x + within; i++) {
		d = gis_distance(start[i].at, at);
		if (!start[i].used && d <= within) {
			best = &start[i];
			within = d;
		}
	}
	return best;
}

static int
join_tips(struct gis_rings *r, const struct gis_union *u, const struct tip *end,
    struct tip *start, size_t n)
{
	double within = u->tree.node[1].reach * 1e-6;
	size_t from = 0;
	struct tip *best;

	for (size_t i = 0; i < n; i++) {
		while (from < n && start[from].at.x < end[i].at.x - within)
			from++;
		best = nearest(start, n, from, end[i].at, within);
		if (best == NULL)
			return -1;
		best->used = true;
		r->next[end[i].arc] = best->arc;
	}
	return 0;
}

static int
link_by_place(struct gis_rings *r, const struct gis_union *u, const bool *taken,
    size_t open)
{
	struct tip *end = malloc(2 * open * sizeof(*end)), *start = end + open;
	size_t nend = 0, nstart = 0;
	int rc = -1;

	if (end == NULL)
		return -1;
	for (size_t i = 0; i < u->n; i++)
		for (uint32_t k = 0; k < u->rim[i].n; k++) {
			uint32_t at = u->rim[i].first + k;
			const struct gis_circle *c = &u->circle[i];

			if (r->next[at] == GIS_NO_RING)
				end[nend++] =
				    (struct tip){ gis_arc_end(c, &u->arc[at]),
					    at, false };
			if (!taken[at] && nstart < open)
				start[nstart++] =
				    (struct tip){ gis_arc_start(c, &u->arc[at]),
					    at, false };
		}
	r->doubtful = true;
	qsort(end, nend, sizeof(*end), by_x);
	qsort(start, nstart, sizeof(*start), by_x);
	if (nstart == open)
		rc = join_tips(r, u, end, start, open);
	free(end);
	return rc;
}

static struct gis_point
wester(struct gis_point a, struct gis_point b)
{
	return b.x < a.x ? b : a;
}

/* The rings area is around its own first point: small ones keep their sign. */
static void
add_arc(const struct gis_union *u, const struct gis_rings *r,
    struct gis_arc_ring *ring, uint32_t at)
{
	const struct gis_arc *arc = &u->arc[at];
	const struct gis_circle *c = &u->circle[r->owner[at]];
	const struct gis_circle *c0 = &u->circle[r->owner[ring->first]];
	double x = c->at.x - c0->at.x, y = c->at.y - c0->at.y;

	ring->swept +=
	    c->r * (c->r * arc->span + x * (arc->end.y - arc->start.y) -
		       y * (arc->end.x - arc->start.x));
	ring->west = wester(ring->west, gis_arc_start(c, arc));
	if (gis_arc_has(arc, (struct gis_point){ -1, 0 }))
		ring->west = wester(
		    ring->west, (struct gis_point){ c->at.x - c->r, c->at.y });
}

static int
add_ring(struct gis_rings *r, const struct gis_union *u, uint32_t first)
{
	struct gis_arc_ring ring = { .first = first,
		.around = GIS_NO_RING,
		.west = { INFINITY, 0 } },
			    *grown;
	size_t cap = r->cap * 2 + 64;
	uint32_t at = first;

	if (r->n == r->cap) {
		grown = realloc(r->ring, cap * sizeof(*grown));
		if (grown == NULL)
			return -1;
		r->ring = grown;
		r->cap = cap;
	}
	do {
		r->of[at] = (uint32_t)r->n;
		add_arc(u, r, &ring, at);
		at = r->next[at];
	} while (at != first);
	r->ring[r->n++] = ring;
	return 0;
}

/* A walk to the west inside the union, along a line of latitude. */
struct walk {
	const struct gis_union *u;
	struct gis_point at;
	uint32_t disc; /* the one that reaches farthest */
	double exit;   /* where it ends */
};

static int
look(void *arg, uint32_t item)
{
	struct walk *w = arg;
	const struct gis_circle *c = &w->u->circle[item];
	double dy = w->at.y - c->at.y, h2 = c->r * c->r - dy * dy;
	double exit = c->at.x - sqrt(h2 > 0 ? h2 : 0);

	if (exit < w->exit) {
		w->exit = exit;
		w->disc = item;
	}
	return 0;
}

/* The arc where the walk leaves disc w->disc, if nobody covers that place. */
static uint32_t
hit(const struct walk *w)
{
	const struct gis_circle *c = &w->u->circle[w->disc];
	struct gis_rimmed rim = w->u->rim[w->disc];
	struct gis_point v = { (w->at.x - c->at.x) / c->r,
		(w->at.y - c->at.y) / c->r };

	for (uint32_t k = rim.first; k < rim.first + rim.n; k++)
		if (gis_arc_has(&w->u->arc[k], v))
			return k;
	return GIS_NO_RING;
}

/* The arc nearest to a place where several end. */
struct closest {
	const struct gis_union *u;
	struct gis_point at;
	double best;
	uint32_t arc;
};

static int
closer(void *arg, uint32_t item)
{
	struct closest *near = arg;
	const struct gis_circle *c = &near->u->circle[item];
	struct gis_rimmed rim = near->u->rim[item];
	const struct gis_arc *arc;
	double d;

	for (uint32_t k = rim.first; k < rim.first + rim.n; k++) {
		arc = &near->u->arc[k];
		d = fmin(gis_distance(gis_arc_start(c, arc), near->at),
		    gis_distance(gis_arc_end(c, arc), near->at));
		if (d < near->best) {
			near->best = d;
			near->arc = k;
		}
	}
	return 0;
}

static uint32_t
arc_at(const struct gis_union *u, struct gis_point at)
{
	double within = u->tree.node[1].reach * 1e-6;
	struct gis_circle around = { at, within };
	struct closest near = { u, at, within, GIS_NO_RING };

	gis_circles_meeting(&u->tree, &around, closer, &near);
	return near.arc;
}

/* The ring west of a point that the union's inside lies west of.  A walk that
 * does not get on stands where arcs end. */
static uint32_t
ring_west_of(
    const struct gis_rings *r, const struct gis_union *u, struct gis_point from)
{
	struct walk w = { .u = u, .at = from };
	uint32_t arc = GIS_NO_RING;

	while (arc == GIS_NO_RING) {
		struct gis_circle around = { w.at, 1e-9 * (1 + fabs(w.at.x)) };

		w.exit = w.at.x;
		gis_circles_meeting(&u->tree, &around, look, &w);
		if (w.exit >= w.at.x) {
			arc = arc_at(u, w.at);
			break;
		}
		w.at.x = w.exit;
		arc = hit(&w);
	}
	return arc == GIS_NO_RING ? GIS_NO_RING : r->of[arc];
}

static int
from_west(const void *a, const void *b)
{
	const struct gis_arc_ring *const *p = a, *const *q = b;

	if ((*p)->west.x != (*q)->west.x)
		return (*p)->west.x < (*q)->west.x ? -1 : 1;
	return (*p)->first < (*q)->first ? -1 : (*p)->first > (*q)->first;
}

/* Holes from west to east: the ring a walk ends at is the one around, or
 * another hole in it that is settled already. */
static int
place_holes(struct gis_rings *r, const struct gis_union *u)
{
	struct gis_arc_ring **hole = malloc((r->n + 1) * sizeof(*hole));
	size_t n = 0;

	if (hole == NULL)
		return -1;
	for (size_t i = 0; i < r->n; i++)
		if (r->ring[i].swept < 0)
			hole[n++] = &r->ring[i];
	qsort(hole, n, sizeof(*hole), from_west);
	for (size_t i = 0; i < n; i++) {
		uint32_t west = ring_west_of(r, u, hole[i]->west);

		if (west != GIS_NO_RING && r->ring[west].swept < 0)
			west = r->ring[west].around;
		hole[i]->around = west;
	}
	free(hole);
	return 0;
}

int
gis_rings_init(struct gis_rings *r, const struct gis_union *u)
{
	bool *taken = calloc(u->narc + 1, sizeof(*taken));
	size_t open = 0;
	int rc = -1;

	memset(r, 0, sizeof(*r));
	r->next = malloc((u->narc + 1) * sizeof(*r->next));
	r->owner = malloc((u->narc + 1) * sizeof(*r->owner));
	r->of = malloc((u->narc + 1) * sizeof(*r->of));
	if (taken == NULL || r->next == NULL || r->owner == NULL ||
	    r->of == NULL)
		goto out;
	memset(r->of, 0xff, (u->narc + 1) * sizeof(*r->of));
	open = link_by_name(r, u, taken);
	if (open > 0 && link_by_place(r, u, taken, open) == -1)
		goto out;
	rc = 0;
	for (size_t i = 0; rc == 0 && i < u->n; i++)
		for (uint32_t k = 0; rc == 0 && k < u->rim[i].n; k++)
			if (r->of[u->rim[i].first + k] == GIS_NO_RING)
				rc = add_ring(r, u, u->rim[i].first + k);
	if (rc == 0)
		rc = place_holes(r, u);
out:
	free(taken);
	if (rc == -1)
		gis_rings_release(r);
	return rc;
}

void
gis_rings_release(struct gis_rings *r)
{
	free(r->next);
	free(r->owner);
	free(r->of);
	free(r->ring);
	memset(r, 0, sizeof(*r));
}
