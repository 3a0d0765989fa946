/* SPDX-License-Identifier: MIT */
/*
 * How much of an area lies inside the union, without polygons for the discs:
 * the rim of what both share consists of pieces of the area's edges that lie
 * in the union and pieces of arcs that lie in the area, and Green's theorem
 * adds them up in any order.  Both are found through trees of boxes, so an
 * area costs the arcs and edges near each other; one that no arc comes near is
 * all in or all out, which one point tells.
 */
#include <math.h>
#include <stdlib.h>

#include "gis/geos.h"
#include "gis/union_rings.h"

static const double two_pi = 6.28318530717958647692;
static const double slack = 1e-9; /* of an edge's length, and radians */

/* Where a piece between two cuts is asked on which side it lies: not in its
 * middle, where things laid out in round metres like to touch. */
static double
inner(double from, double to)
{
	return from + (to - from) * 0.48127;
}

struct gis_rim {
	const struct gis_union *u;
	struct gis_tree tree; /* of the arcs */
	struct gis_box *box;
	uint32_t *arc, *owner; /* of each box */
};

static struct gis_box
arc_box(const struct gis_circle *c, const struct gis_arc *arc)
{
	static const struct gis_point far[] = { { 1, 0 }, { 0, 1 }, { -1, 0 },
		{ 0, -1 } };
	struct gis_box b = gis_box_empty();

	b = gis_box_with(b, gis_arc_start(c, arc));
	b = gis_box_with(b, gis_arc_end(c, arc));
	for (int i = 0; i < 4; i++)
		if (gis_arc_has(arc, far[i]))
			b = gis_box_with(
			    b, (struct gis_point){ c->at.x + c->r * far[i].x,
				   c->at.y + c->r * far[i].y });
	return b;
}

/* The arcs of disc i, behind n others; how many there are then. */
static size_t
list_arcs_of(struct gis_rim *rim, const struct gis_union *u, size_t i, size_t n)
{
	for (uint32_t k = 0; k < u->rim[i].n; k++, n++) {
		rim->arc[n] = u->rim[i].first + k;
		rim->owner[n] = (uint32_t)i;
		rim->box[n] = arc_box(&u->circle[i], &u->arc[rim->arc[n]]);
	}
	return n;
}

/* With room for so many arcs; NULL when out of memory. */
static struct gis_rim *
rim_init(const struct gis_union *u, size_t n)
{
	struct gis_rim *rim = calloc(1, sizeof(*rim));

	if (rim == NULL)
		return NULL;
	rim->u = u;
	rim->box = malloc((n + 1) * sizeof(*rim->box));
	rim->arc = malloc((n + 1) * sizeof(*rim->arc));
	rim->owner = malloc((n + 1) * sizeof(*rim->owner));
	if (rim->box != NULL && rim->arc != NULL && rim->owner != NULL)
		return rim;
	gis_rim_free(rim);
	return NULL;
}

static struct gis_rim *
rim_tree(struct gis_rim *rim, size_t n)
{
	if (rim == NULL || gis_tree_init(&rim->tree, rim->box, n) == 0)
		return rim;
	gis_rim_free(rim);
	return NULL;
}

struct gis_rim *
gis_rim_new(const struct gis_union *u)
{
	struct gis_rim *rim = rim_init(u, u->narc - u->dead);
	size_t n = 0;

	for (size_t i = 0; rim != NULL && i < u->n; i++)
		n = list_arcs_of(rim, u, i, n);
	return rim_tree(rim, n);
}

/* Discs near a box, those without arcs left out. */
struct near {
	const struct gis_union *u;
	uint32_t *disc;
	size_t n, cap, arcs;
};

static int
note_disc(void *arg, uint32_t disc)
{
	struct near *k = arg;
	size_t cap = k->cap * 2 + 32;
	uint32_t *grown;

	if (k->u->rim[disc].n == 0)
		return 0;
	if (k->n == k->cap) {
		grown = realloc(k->disc, cap * sizeof(*grown));
		if (grown == NULL)
			return -1;
		k->disc = grown;
		k->cap = cap;
	}
	k->disc[k->n++] = disc;
	k->arcs += k->u->rim[disc].n;
	return 0;
}

struct gis_rim *
gis_rim_near(const struct gis_union *u, struct gis_box b)
{
	struct near k = { .u = u };
	struct gis_circle around = { { (b.w + b.e) / 2, (b.s + b.n) / 2 },
		hypot(b.e - b.w, b.n - b.s) / 2 * (1 + 1e-9) + 1e-6 };
	struct gis_rim *rim = NULL;
	size_t n = 0;

	if (gis_circles_meeting(&u->tree, &around, note_disc, &k) == 0)
		rim = rim_init(u, k.arcs);
	for (size_t i = 0; rim != NULL && i < k.n; i++)
		n = list_arcs_of(rim, u, k.disc[i], n);
	free(k.disc);
	return rim_tree(rim, n);
}

void
gis_rim_free(struct gis_rim *rim)
{
	if (rim == NULL)
		return;
	gis_tree_release(&rim->tree);
	free(rim->box);
	free(rim->arc);
	free(rim->owner);
	free(rim);
}

static inline bool
meet(const struct gis_box *a, const struct gis_box *b)
{
	return a->w <= b->e && b->w <= a->e && a->s <= b->n && b->s <= a->n;
}

/* Calls each() for items whose box meets b; stops and returns -1 with it. */
static int
meeting(const struct gis_tree *t, const struct gis_box *box, struct gis_box b,
    int (*each)(void *, uint32_t), void *arg)
{
	size_t stack[64], n = 0, node, last;

	stack[n++] = 1;
	while (n > 0) {
		node = stack[--n];
		if (!meet(&t->node[node], &b))
			continue;
		if (node < t->leaves) {
			stack[n++] = node * 2 + 1;
			stack[n++] = node * 2;
			continue;
		}
		last = gis_tree_first(t, node - t->leaves + 1);
		for (size_t i = gis_tree_first(t, node - t->leaves); i < last;
		     i++)
			if (meet(&box[t->item[i]], &b) &&
			    each(arg, t->item[i]) == -1)
				return -1;
	}
	return 0;
}

/* The inside of the area lies left of its edges. */
struct edge {
	struct gis_point a, b;
};

struct ask {
	const struct gis_rim *rim;
	struct edge *edge;
	struct gis_box *box;
	size_t n, cap;
	struct gis_tree tree; /* of the edges */
	double *cut;	      /* where the edge or arc at hand is crossed */
	size_t ncuts, capcuts;
	struct edge at; /* the edge at hand */
	uint32_t arc;	/* the arc at hand, as numbered in the rim */
	bool in;	/* the answer of a walk across edges */
	bool covered;	/* the last piece of the last edge */
	bool sure;	/* that the next edge starts there too */
	struct gis_point p;
	double sum; /* twice the area */
};

static int
add_cut(struct ask *k, double at)
{
	size_t cap = k->capcuts * 2 + 32;
	double *grown;

	if (k->ncuts == k->capcuts) {
		grown = realloc(k->cut, cap * sizeof(*grown));
		if (grown == NULL)
			return -1;
		k->cut = grown;
		k->capcuts = cap;
	}
	k->cut[k->ncuts++] = at;
	return 0;
}

/* Where edge and circle meet, 0 … 1 along the edge, in t[0] and t[1].  What
 * misses an end by rounding counts: a place too many to look at does no harm,
 * one too few would count a whole piece wrongly. */
static int
crossings(const struct edge *e, const struct gis_circle *c, double t[2])
{
	double dx = e->b.x - e->a.x, dy = e->b.y - e->a.y;
	double x = e->a.x - c->at.x, y = e->a.y - c->at.y;
	double l2 = dx * dx + dy * dy, mid, h2, across;
	int n = 0;

	if (l2 == 0)
		return 0;
	mid = -(x * dx + y * dy) / l2;
	across = x * dy - y * dx;
	h2 = (c->r * c->r - across * across / l2) / l2;
	if (h2 <= 0)
		return 0;
	for (int sign = -1; sign <= 1; sign += 2) {
		double at = mid + sign * sqrt(h2);

		if (at > -slack && at < 1 + slack)
			t[n++] = fmin(fmax(at, 0), 1);
	}
	return n;
}

static struct gis_point
along(const struct edge *e, double t)
{
	return (struct gis_point){ e->a.x + (e->b.x - e->a.x) * t,
		e->a.y + (e->b.y - e->a.y) * t };
}

/* Angle from the arc's start, 0 … 2 pi, of a point on its circle. */
static double
turned(
    const struct gis_circle *c, const struct gis_arc *arc, struct gis_point p)
{
	double x = p.x - c->at.x, y = p.y - c->at.y;
	double t = atan2(arc->start.x * y - arc->start.y * x,
	    arc->start.x * x + arc->start.y * y);

	return t < 0 ? t + two_pi : t;
}

/* An edge that touches two arcs where they meet changes sides there without
 * crossing either: so it is cut where it passes the end of an arc. */
static int
cut_at_end(struct ask *k, struct gis_point p, double within)
{
	double dx = k->at.b.x - k->at.a.x, dy = k->at.b.y - k->at.a.y;
	double x = p.x - k->at.a.x, y = p.y - k->at.a.y;
	double l2 = dx * dx + dy * dy, across = x * dy - y * dx, t;

	if (l2 == 0 || across * across > l2 * within * within)
		return 0;
	t = (x * dx + y * dy) / l2;
	return t > 0 && t < 1 ? add_cut(k, t) : 0;
}

static int
cut_edge(void *arg, uint32_t i)
{
	struct ask *k = arg;
	const struct gis_union *u = k->rim->u;
	const struct gis_circle *c = &u->circle[k->rim->owner[i]];
	const struct gis_arc *arc = &u->arc[k->rim->arc[i]];
	double t[2];
	int n = crossings(&k->at, c, t);

	for (int j = 0; j < n; j++) {
		double at = turned(c, arc, along(&k->at, t[j]));

		if ((at <= arc->span + slack || at >= two_pi - slack) &&
		    add_cut(k, t[j]) == -1)
			return -1;
	}
	return cut_at_end(k, gis_arc_start(c, arc), c->r * 1e-6) == -1 ||
		       cut_at_end(k, gis_arc_end(c, arc), c->r * 1e-6) == -1
		   ? -1
		   : 0;
}

static int
cut_arc(void *arg, uint32_t i)
{
	struct ask *k = arg;
	const struct gis_union *u = k->rim->u;
	const struct gis_circle *c = &u->circle[k->rim->owner[k->arc]];
	const struct gis_arc *arc = &u->arc[k->rim->arc[k->arc]];
	double t[2], at;
	int n = crossings(&k->edge[i], c, t);

	for (int j = 0; j < n; j++) {
		at = turned(c, arc, along(&k->edge[i], t[j]));
		if (at < arc->span && add_cut(k, at) == -1)
			return -1;
	}
	return 0;
}

static int
ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

/* The cuts in order, with both ends. */
static int
order_cuts(struct ask *k, double last)
{
	if (add_cut(k, 0) == -1 || add_cut(k, last) == -1)
		return -1;
	qsort(k->cut, k->ncuts, sizeof(*k->cut), ascending);
	return 0;
}

/* Each edge's pieces inside the union; an edge that nothing cuts is where the
 * one before it was, unless that one was cut at their common corner: there the
 * rim may touch this edge without cutting it. */
static int
sum_edge(struct ask *k, size_t i)
{
	struct gis_point o = k->edge[0].a, a, b;
	bool goes_on;

	k->at = k->edge[i];
	goes_on = k->sure && k->edge[i - 1].b.x == k->at.a.x &&
		  k->edge[i - 1].b.y == k->at.a.y;
	k->ncuts = 0;
	if (meeting(&k->rim->tree, k->rim->box, k->box[i], cut_edge, k) == -1)
		return -1;
	goes_on = goes_on && k->ncuts == 0;
	if (order_cuts(k, 1) == -1)
		return -1;
	for (size_t j = 1; j < k->ncuts; j++) {
		double mid = inner(k->cut[j - 1], k->cut[j]);

		if (k->cut[j - 1] == k->cut[j])
			continue;
		if (!goes_on)
			k->covered =
			    gis_union_has(k->rim->u, along(&k->at, mid));
		if (!k->covered)
			continue;
		a = along(&k->at, k->cut[j - 1]);
		b = along(&k->at, k->cut[j]);
		k->sum += (a.x - o.x) * (b.y - o.y) - (a.y - o.y) * (b.x - o.x);
	}
	k->sure = k->cut[k->ncuts - 2] < 1 - 1e-6;
	return 0;
}

static int
step_over(void *arg, uint32_t i)
{
	struct ask *k = arg;
	struct gis_point a = k->edge[i].a, b = k->edge[i].b, p = k->p;

	if ((a.y > p.y) != (b.y > p.y) &&
	    (b.x - a.x) * (p.y - a.y) / (b.y - a.y) + a.x < p.x)
		k->in = !k->in;
	return 0;
}

/* Whether a point lies in the area: edges between it and the far west. */
static bool
area_has(struct ask *k, struct gis_point p)
{
	struct gis_box west = { -INFINITY, p.y, p.x, p.y };

	k->in = false;
	k->p = p;
	meeting(&k->tree, k->box, west, step_over, k);
	return k->in;
}

static struct gis_point
turn(struct gis_point v, double by)
{
	double co = cos(by), si = sin(by);

	return (struct gis_point){ v.x * co - v.y * si, v.x * si + v.y * co };
}

static int
sum_arc(void *arg, uint32_t i)
{
	struct ask *k = arg;
	const struct gis_union *u = k->rim->u;
	const struct gis_circle *c = &u->circle[k->rim->owner[i]];
	const struct gis_arc *arc = &u->arc[k->rim->arc[i]];
	double x = c->at.x - k->edge[0].a.x, y = c->at.y - k->edge[0].a.y;
	struct gis_point a, b, m;

	k->arc = i;
	k->ncuts = 0;
	if (meeting(&k->tree, k->box, k->rim->box[i], cut_arc, k) == -1 ||
	    order_cuts(k, arc->span) == -1)
		return -1;
	for (size_t j = 1; j < k->ncuts; j++) {
		double from = k->cut[j - 1], to = k->cut[j];

		m = turn(arc->start, inner(from, to));
		m = (struct gis_point){ c->at.x + c->r * m.x,
			c->at.y + c->r * m.y };
		if (from == to || !area_has(k, m))
			continue;
		a = turn(arc->start, from);
		b = turn(arc->start, to);
		k->sum += c->r * (c->r * (to - from) + x * (b.y - a.y) -
				     y * (b.x - a.x));
	}
	return 0;
}

static double
ring_area(const struct gis_run *run)
{
	double sum = 0;

	for (size_t i = 0; i + 1 < run->n; i++)
		sum += (run->pts[i].x - run->pts[0].x) *
			   (run->pts[i + 1].y - run->pts[0].y) -
		       (run->pts[i + 1].x - run->pts[0].x) *
			   (run->pts[i].y - run->pts[0].y);
	return sum;
}

static int
edges_room(struct ask *k, size_t more)
{
	size_t cap = (k->n + more) * 2;
	struct edge *edge;
	struct gis_box *box;

	if (k->n + more <= k->cap)
		return 0;
	edge = realloc(k->edge, cap * sizeof(*edge));
	if (edge == NULL)
		return -1;
	k->edge = edge;
	box = realloc(k->box, cap * sizeof(*box));
	if (box == NULL)
		return -1;
	k->box = box;
	k->cap = cap;
	return 0;
}

/* Outer rings are taken counter-clockwise, holes clockwise. */
static int
take_ring(void *arg, const struct gis_run *run)
{
	struct ask *k = arg;
	bool back = (ring_area(run) > 0) != (run->ring == 0);

	if (edges_room(k, run->n) == -1)
		return -1;
	for (size_t i = 0; i + 1 < run->n; i++) {
		size_t at = back ? run->n - 1 - i : i;
		struct gis_point a = run->pts[at];
		struct gis_point b = run->pts[back ? at - 1 : at + 1];

		k->edge[k->n] = (struct edge){ a, b };
		k->box[k->n++] = (struct gis_box){ fmin(a.x, b.x),
			fmin(a.y, b.y), fmax(a.x, b.x), fmax(a.y, b.y) };
	}
	return 0;
}

static int
sum_all(struct ask *k, struct gis_box box)
{
	if (gis_tree_init(&k->tree, k->box, k->n) == -1)
		return -1;
	for (size_t i = 0; i < k->n; i++)
		if (sum_edge(k, i) == -1)
			return -1;
	return meeting(&k->rim->tree, k->rim->box, box, sum_arc, k);
}

static int
some_arc(void *arg, uint32_t i)
{
	(void)arg;
	(void)i;
	return -1;
}

/* Some corner of the area; -1 on failure. */
static int
corner(struct gis *gis, const GEOSGeometry *g, struct gis_point *p)
{
	const GEOSGeometry *part = GEOSGetGeometryN_r(gis->h, g, 0), *ring;
	const GEOSCoordSequence *at;

	if (part == NULL ||
	    (ring = GEOSGetExteriorRing_r(gis->h, part)) == NULL ||
	    (at = GEOSGeom_getCoordSeq_r(gis->h, ring)) == NULL)
		return -1;
	return GEOSCoordSeq_getXY_r(gis->h, at, 0, &p->x, &p->y) ? 0 : -1;
}

int
gis_rim_area(struct gis *gis, const struct gis_rim *rim,
    const struct gis_shape *shape, double whole, double *m2)
{
	struct ask k = { .rim = rim };
	struct gis_point p;
	int rc = corner(gis, shape->g, &p);

	*m2 = 0;
	if (rc == -1)
		return -1;
	if (meeting(&rim->tree, rim->box, shape->box, some_arc, NULL) == 0) {
		*m2 = gis_union_has(rim->u, p) ? whole : 0;
		return 0;
	}
	rc = gis_each_run(gis, shape->g, take_ring, &k);
	if (rc == 0 && k.n > 0)
		rc = sum_all(&k, shape->box);
	if (rc == 0)
		*m2 = fmin(fmax(k.sum / 2, 0), whole);
	gis_tree_release(&k.tree);
	free(k.edge);
	free(k.box);
	free(k.cut);
	return rc;
}
