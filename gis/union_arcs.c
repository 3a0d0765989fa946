/* SPDX-License-Identifier: MIT */
/*
 * What is left of one circle when all other discs are taken away.  The circle
 * starts as one piece; the neighbours of its own leaf come first, then those
 * of ever larger boxes around it, and a box is left out when it cannot reach
 * what is still there.  Inside a dense cluster a dozen neighbours cover the
 * circle and the search ends; on its edge only boxes near the free arc are
 * opened.  So a circle costs some hundred nanoseconds, not the number of its
 * neighbours.
 *
 * Angles are compared as false angles, 0 … 4 and as monotone as the true ones,
 * which cost a division instead of an arc tangent.  Two circles meet where the
 * same formula says for both of them, so ends of arcs agree to the last bits.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "gis/union_part.h"

enum {
	STACK = 64,
	LIDS = sizeof(((struct gis_sweep *)0)->lid) /
	       sizeof(((struct gis_sweep *)0)->lid[0])
};

static const double two_pi = 6.28318530717958647692;

/* With q the way from a's centre to the line through both crossings and h half
 * the length between these: |q, h| is the distance of the centres. */
struct gis_cut
gis_circle_cut(const struct gis_circle *a, const struct gis_circle *b)
{
	double dx = b->at.x - a->at.x, dy = b->at.y - a->at.y;
	double d2 = dx * dx + dy * dy;
	double q = (d2 + (a->r - b->r) * (a->r + b->r)) / (2 * a->r);
	double h2 = d2 - q * q, h = h2 > 0 ? sqrt(h2) : 0;

	return (struct gis_cut){
		{ (dx * q + dy * h) / d2, (dy * q - dx * h) / d2 },
		{ (dx * q - dy * h) / d2, (dy * q + dx * h) / d2 },
	};
}

static inline double
false_angle(double x, double y)
{
	double t = x / (fabs(x) + fabs(y));

	return y >= 0 ? 1 - t : 3 + t;
}

static struct gis_point
direction(double angle)
{
	double x = angle <= 2 ? 1 - angle : angle - 3;
	double y = angle <= 2 ? 1 - fabs(x) : fabs(x) - 1;
	double len = sqrt(x * x + y * y);

	return (struct gis_point){ x / len, y / len };
}

static int
room(struct gis_sweep *s)
{
	size_t cap = s->cap == 0 ? 16 : s->cap * 2;
	struct gis_piece *grown;

	if (s->n < s->cap)
		return 0;
	grown = realloc(s->piece, cap * sizeof(*grown));
	if (grown == NULL) {
		s->failed = true;
		return -1;
	}
	s->piece = grown;
	s->cap = cap;
	return 0;
}

static void
add_piece(struct gis_sweep *s, struct gis_piece p)
{
	if (room(s) == 0)
		s->piece[s->n++] = p;
}

/* Takes a … b away, which disc `by` covers. */
static void
take(struct gis_sweep *s, double a, double b, uint32_t by)
{
	for (size_t i = s->n; i-- > 0;) {
		struct gis_piece p = s->piece[i];

		if (b <= p.a || a >= p.b)
			continue;
		s->stale = true;
		if (a > p.a) {
			s->piece[i].b = a;
			s->piece[i].to = by;
			if (b < p.b)
				add_piece(
				    s, (struct gis_piece){ b, p.b, by, p.to });
		} else if (b < p.b) {
			s->piece[i].a = b;
			s->piece[i].from = by;
		} else {
			s->piece[i] = s->piece[--s->n];
		}
	}
}

/* Angles 0 and 4 are the same place: a disc whose part ends there bounds the
 * piece on the other side too. */
static void
name_ends(struct gis_sweep *s, double a, double b, uint32_t by)
{
	for (size_t i = 0; i < s->n; i++) {
		struct gis_piece *p = &s->piece[i];

		if ((a == 0 || a == 4) && p->b == 4 && p->to == GIS_NO_DISC)
			p->to = by;
		if ((b == 0 || b == 4) && p->a == 0 && p->from == GIS_NO_DISC)
			p->from = by;
	}
}

static void
take_around(struct gis_sweep *s, double a, double b, bool most, uint32_t by)
{
	if (a < b) {
		take(s, a, b, by);
	} else if (a > b || most) {
		take(s, a, 4, by);
		take(s, 0, b, by);
	} else {
		return;
	}
	if (a == 0 || a == 4 || b == 0 || b == 4)
		name_ends(s, a, b, by);
}

/* One leaf against the circle, all its places side by side. */
struct cuts {
	double d2[GIS_LEAF], q[GIS_LEAF], h2[GIS_LEAF];
	double enter[GIS_LEAF], leave[GIS_LEAF];
};

static inline void
cut_leaf(
    const struct gis_circle_leaf *l, const struct gis_circle *c, struct cuts *k)
{
	double half = 0.5 / c->r;

	for (int i = 0; i < GIS_LEAF; i++) {
		double dx = l->x[i] - c->at.x, dy = l->y[i] - c->at.y;
		double d2 = dx * dx + dy * dy;
		double q = (d2 + (c->r - l->r[i]) * (c->r + l->r[i])) * half;

		k->d2[i] = d2;
		k->q[i] = q;
		k->h2[i] = d2 - q * q;
	}
}

/* Equal circles: the smaller number stays. */
static inline bool
swallowed(const struct gis_sweep *s, double d2, double q, uint32_t other)
{
	return q < 0 || (q == 0 && d2 == 0 && other < s->item);
}

static void
take_one(struct gis_sweep *s, const struct gis_circle_leaf *l, int i, double q,
    double h2)
{
	double dx = l->x[i] - s->me->at.x, dy = l->y[i] - s->me->at.y;
	double h = sqrt(h2);
	double a = false_angle(dx * q + dy * h, dy * q - dx * h);
	double b = false_angle(dx * q - dy * h, dy * q + dx * h);

	take_around(s, a, b, q < 0, l->item[i]);
}

static void
take_leaf(struct gis_sweep *s, size_t leaf)
{
	const struct gis_circle_leaf *l;
	struct cuts k;

	do {
		l = &s->u->tree.leaf[leaf];
		cut_leaf(l, s->me, &k);
		for (int i = 0; i < (int)l->n && s->n > 0; i++) {
			if (k.h2[i] > 0)
				take_one(s, l, i, k.q[i], k.h2[i]);
			else if (l->item[i] != s->item &&
				 swallowed(s, k.d2[i], k.q[i], l->item[i]))
				s->n = 0;
		}
		leaf = l->next;
	} while (leaf != 0 && s->n > 0);
}

/* Discs of at most 3/8 of the radius that together hold what is left of the
 * circle; LIDS + 1 of them means too many to be of use. */
static void
make_lids(struct gis_sweep *s)
{
	const struct gis_circle *c = s->me;

	s->stale = false;
	s->nlids = 0;
	for (size_t i = 0; i < s->n; i++) {
		struct gis_piece p = s->piece[i];
		int parts = (int)ceil((p.b - p.a) * 2);

		parts = parts < 1 ? 1 : parts;
		if (s->nlids + (size_t)parts > LIDS) {
			s->nlids = LIDS + 1;
			return;
		}
		for (int k = 0; k < parts; k++) {
			double step = (p.b - p.a) / parts;
			struct gis_point a = direction(p.a + k * step);
			struct gis_point b = direction(p.a + (k + 1) * step);
			struct gis_point mid = { c->at.x +
						     c->r * (a.x + b.x) / 2,
				c->at.y + c->r * (a.y + b.y) / 2 };
			double sx = a.x - b.x, sy = a.y - b.y;
			double chord = sqrt(sx * sx + sy * sy);

			/* The arc stands out over its chord by less than a
			 * quarter of it, so a disc around the chord's middle
			 * holds it all: it is flatter than a half circle. */
			s->lid[s->nlids++] = (struct gis_cap){ mid,
				c->r * chord / 2 * (1 + 1e-9) + 1e-12 * c->r };
		}
	}
}

/* Whether a circle of the node may reach what is left. */
static inline bool
matters(struct gis_sweep *s, const struct gis_circle_node *node)
{
	double far = s->me->r + node->reach, near;

	if (gis_box_distance2(&node->box, s->me->at) >= far * far)
		return false;
	if (s->stale)
		make_lids(s);
	if (s->nlids > LIDS)
		return true;
	for (size_t i = 0; i < s->nlids; i++) {
		near = s->lid[i].radius + node->reach;
		if (gis_box_distance2(&node->box, s->lid[i].at) < near * near)
			return true;
	}
	return false;
}

/* Everything below the node, the nearer child first. */
static void
take_below(struct gis_sweep *s, size_t node)
{
	const struct gis_circles *t = &s->u->tree;
	size_t stack[STACK], n = 0, far;

	stack[n++] = node; /* not cleared: that would cost more */
	while (n > 0 && s->n > 0) {
		node = stack[--n];
		if (!matters(s, &t->node[node]))
			continue;
		if (node >= t->leaves) {
			take_leaf(s, node - t->leaves);
			continue;
		}
		far = gis_box_distance2(&t->node[node * 2].box, s->me->at) <=
		      gis_box_distance2(&t->node[node * 2 + 1].box, s->me->at);
		stack[n++] = node * 2 + far;
		stack[n++] = node * 2 + !far;
	}
}

/* From the own leaf upwards, each time into what lies beside. */
static void
take_all(struct gis_sweep *s)
{
	const struct gis_circles *t = &s->u->tree;
	size_t leaf = t->where[s->item], node;

	if (leaf >= t->leaves) { /* an overflow, or not in the tree */
		take_below(s, 1);
		return;
	}
	take_leaf(s, leaf);
	for (node = leaf + t->leaves; node > 1 && s->n > 0; node /= 2)
		take_below(s, node ^ 1);
}

/* The piece that ends at angle 4 and the one that starts at 0 are one. */
static void
join_ends(struct gis_sweep *s)
{
	size_t first = s->n, last = s->n;

	for (size_t i = 0; i < s->n; i++) {
		if (s->piece[i].a == 0 && s->piece[i].from == GIS_NO_DISC)
			first = i;
		if (s->piece[i].b == 4 && s->piece[i].to == GIS_NO_DISC)
			last = i;
	}
	if (first == last || first == s->n || last == s->n)
		return;
	s->piece[last].b = 4 + s->piece[first].b;
	s->piece[last].to = s->piece[first].to;
	s->piece[first] = s->piece[--s->n];
}

static int
run(struct gis_sweep *s, uint32_t item, const struct gis_circle *under)
{
	struct gis_cut cut;
	double a, b;

	s->item = item;
	s->me = &s->u->circle[item];
	s->n = 0;
	s->stale = true;
	add_piece(s, (struct gis_piece){ 0, 4, GIS_NO_DISC, GIS_NO_DISC });
	if (s->failed)
		return -1;
	if (under != NULL) {
		/* What the other did not reach is covered already. */
		cut = gis_circle_cut(s->me, under);
		a = false_angle(cut.enter.x, cut.enter.y);
		b = false_angle(cut.leave.x, cut.leave.y);
		take_around(s, b, a, true, GIS_NO_DISC);
	}
	take_all(s);
	join_ends(s);
	return s->failed ? -1 : 0;
}

int
gis_sweep(struct gis_sweep *s, uint32_t item)
{
	return run(s, item, NULL);
}

/* A piece that still ends where the disc that went did has a neighbour there
 * that is not known; then all is done again. */
int
gis_sweep_under(
    struct gis_sweep *s, uint32_t item, const struct gis_circle *gone)
{
	if (run(s, item, gone) == -1)
		return -1;
	for (size_t i = 0; i < s->n; i++)
		if (s->piece[i].from == GIS_NO_DISC ||
		    s->piece[i].to == GIS_NO_DISC)
			return run(s, item, NULL);
	return 0;
}

/* The true angle between two directions, told by the false one where it is
 * nearly nothing or nearly everything. */
static double
span(struct gis_point a, struct gis_point b, double about)
{
	double t = atan2(a.x * b.y - a.y * b.x, a.x * b.x + a.y * b.y);

	t = t < 0 ? t + two_pi : t;
	if (about < 1 && t > 5)
		return 0;
	if (about > 3 && t < 1)
		return two_pi;
	return t;
}

struct gis_arc
gis_sweep_arc(const struct gis_sweep *s, size_t i)
{
	const struct gis_circle *c = s->u->circle;
	struct gis_piece p = s->piece[i];
	struct gis_arc arc = { .from = p.from, .to = p.to };

	if (p.from == GIS_NO_DISC || p.to == GIS_NO_DISC) {
		arc.start = arc.end = (struct gis_point){ 1, 0 };
		arc.from = arc.to = GIS_NO_DISC;
		arc.span = two_pi;
		return arc;
	}
	arc.start = gis_circle_cut(s->me, &c[p.from]).leave;
	arc.end = gis_circle_cut(s->me, &c[p.to]).enter;
	arc.span = span(arc.start, arc.end, p.b - p.a);
	return arc;
}
