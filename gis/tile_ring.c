/* SPDX-License-Identifier: MIT */
/* Clipping is Sutherland and Hodgman's; where it leaves seams on the rim, the
 * polygon is not valid, and so not small. */
#include "gis/tile_ring.h"

#include <math.h>
#include <string.h>

typedef struct gis_tile_xy xy;

void
gis_small_init(struct gis_small *s)
{
	s->n = 0;
	s->first[0] = 0;
}

static double
along(const struct gis_point *p, int axis)
{
	return axis == 0 ? p->x : p->y;
}

/* Keeps what lies on the inner side of a line across an axis. */
static size_t
clip(const struct gis_point *in, size_t n, struct gis_point *out, int axis,
    double rim, double sign)
{
	size_t m = 0;

	for (size_t i = 0, j = n - 1; i < n; j = i++) {
		double a = (along(&in[j], axis) - rim) * sign;
		double b = (along(&in[i], axis) - rim) * sign, t;

		if ((a < 0) != (b < 0)) {
			t = a / (a - b);
			out[m] = (struct gis_point){ in[j].x + t * (in[i].x -
								       in[j].x),
				in[j].y + t * (in[i].y - in[j].y) };
			*(axis == 0 ? &out[m].x : &out[m].y) = rim;
			m++;
		}
		if (b >= 0)
			out[m++] = in[i];
	}
	return m;
}

/* A side adds half as many at most; SIZE_MAX: there might be no room. */
static size_t
clip_all(struct gis_point *p, size_t n, double low, double high)
{
	struct gis_point other[GIS_SMALL_POINTS * 2];
	const double rim[] = { low, high, low, high };
	bool over[4] = { false };

	for (size_t i = 0; i < n; i++) {
		over[0] |= p[i].x < low;
		over[1] |= p[i].x > high;
		over[2] |= p[i].y < low;
		over[3] |= p[i].y > high;
	}
	for (int side = 0; side < 4 && n > 0; side++) {
		if (!over[side])
			continue;
		if (n * 3 / 2 + 1 > GIS_SMALL_POINTS * 2)
			return SIZE_MAX;
		n = clip(
		    p, n, other, side / 2, rim[side], side % 2 == 0 ? 1 : -1);
		memcpy(p, other, n * sizeof(*p));
	}
	return n;
}

static bool
same(xy a, xy b)
{
	return a.x == b.x && a.y == b.y;
}

/* Which way a, b, c turn; 0: they lie on a line. */
static int64_t
turn(xy a, xy b, xy c)
{
	return (int64_t)(b.x - a.x) * (c.y - a.y) -
	       (int64_t)(b.y - a.y) * (c.x - a.x);
}

bool
gis_small_add(
    struct gis_small *s, struct gis_point *p, size_t n, double low, double high)
{
	xy *at = s->at + s->first[s->n];
	int64_t area = 0;
	size_t m = 0;

	if (s->n == GIS_SMALL_RINGS || s->first[s->n] + n > GIS_SMALL_POINTS)
		return false;
	n = clip_all(p, n, low, high);
	if (n > GIS_SMALL_POINTS || s->first[s->n] + n > GIS_SMALL_POINTS)
		return false;
	for (size_t i = 0; i < n; i++) {
		xy next = { (int32_t)lround(p[i].x), (int32_t)lround(p[i].y) };

		if (m == 0 || !same(next, at[m - 1]))
			at[m++] = next;
	}
	while (m > 1 && same(at[0], at[m - 1]))
		m--;
	for (size_t i = 2; i < m; i++)
		area += turn(at[0], at[i - 1], at[i]);
	if (area != 0) {
		s->first[s->n + 1] = s->first[s->n] + m;
		s->n++;
	}
	return true;
}

static bool
in_box(xy a, xy b, xy p)
{
	return p.x >= (a.x < b.x ? a.x : b.x) &&
	       p.x <= (a.x > b.x ? a.x : b.x) &&
	       p.y >= (a.y < b.y ? a.y : b.y) && p.y <= (a.y > b.y ? a.y : b.y);
}

static bool
touch(xy a, xy b, xy c, xy d)
{
	int64_t abc, abd, cda, cdb;

	if ((a.x < c.x && a.x < d.x && b.x < c.x && b.x < d.x) ||
	    (a.x > c.x && a.x > d.x && b.x > c.x && b.x > d.x))
		return false;
	abc = turn(a, b, c);
	abd = turn(a, b, d);
	cda = turn(c, d, a);
	cdb = turn(c, d, b);
	if (((abc > 0 && abd < 0) || (abc < 0 && abd > 0)) &&
	    ((cda > 0 && cdb < 0) || (cda < 0 && cdb > 0)))
		return true;
	return (abc == 0 && in_box(a, b, c)) || (abd == 0 && in_box(a, b, d)) ||
	       (cda == 0 && in_box(c, d, a)) || (cdb == 0 && in_box(c, d, b));
}

/* The corner after number i, which is of ring r. */
static size_t
after(const struct gis_small *s, size_t r, size_t i)
{
	return i + 1 == s->first[r + 1] ? s->first[r] : i + 1;
}

/* Whether the edge that begins at i touches one that begins later. */
static bool
touches_later(const struct gis_small *s, size_t r, size_t i)
{
	xy a = s->at[i], b = s->at[after(s, r, i)];

	for (size_t q = r; q < s->n; q++)
		for (size_t k = q == r ? i + 1 : s->first[q];
		     k < s->first[q + 1]; k++) {
			size_t end = after(s, q, k);
			xy c = s->at[k], d = s->at[end];

			if (k == after(s, r, i) || end == i) {
				/* Neighbours: back along the same line? */
				xy p = end == i ? c : a, m = end == i ? a : b;
				xy n = end == i ? b : d;

				if (turn(p, m, n) == 0 &&
				    (int64_t)(m.x - p.x) * (n.x - m.x) +
					    (int64_t)(m.y - p.y) * (n.y - m.y) <
					0)
					return true;
			} else if (touch(a, b, c, d))
				return true;
		}
	return false;
}

static bool
outer_has(const struct gis_small *s, xy p)
{
	bool in = false;

	for (size_t i = 0; i < s->first[1]; i++) {
		xy a = s->at[i], b = s->at[after(s, 0, i)];
		int64_t side = turn(a, b, p);

		if ((a.y > p.y) != (b.y > p.y) && (side > 0) == (b.y > a.y))
			in = !in;
	}
	return in;
}

bool
gis_small_valid(const struct gis_small *s)
{
	for (size_t r = 0; r < s->n; r++) {
		if (r > 0 && !outer_has(s, s->at[s->first[r]]))
			return false;
		for (size_t i = s->first[r]; i < s->first[r + 1]; i++)
			if (touches_later(s, r, i))
				return false;
	}
	return true;
}
