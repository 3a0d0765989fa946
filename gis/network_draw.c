/* SPDX-License-Identifier: MIT */
/*
 * Edges are numbered as their lines were met, so in order of number most
 * follow the one before, and a line needs no search.
 */
#include "gis/network_draw.h"

#include <math.h>
#include <stdlib.h>

#include "gis/graph.h"

enum { RUN = 256, STACK = 64 };

/* A line being drawn; put into the tile when it ends or the array is full. */
struct pen {
	struct gis_tile *tile;
	const struct gis_network *net;
	struct gis_tile_at at;
	int32_t thin;
	uint64_t id;
	bool begun;			  /* the feature */
	struct gis_tile_xy run[RUN], end; /* of the line, if not drawn yet */
	size_t n;
};

struct found {
	uint32_t *edge;
	size_t n, cap;
};

static struct gis_point
unit_of(const struct pen *pen, uint32_t node)
{
	double unit = ldexp(1, GIS_WORLD_BITS - GIS_TILE_BITS - (int)pen->at.z);
	struct gis_world w = pen->net->on_map[node];

	return (
	    struct gis_point){ w.x / unit - (double)pen->at.x * GIS_TILE_EXTENT,
		w.y / unit - (double)pen->at.y * GIS_TILE_EXTENT };
}

/* Cuts what is beyond one side, p + t d with t in [*from, *to] staying. */
static bool
cut(double d, double room, double *from, double *to)
{
	double t;

	if (d == 0)
		return room >= 0;
	t = room / d;
	if (d > 0)
		*to = fmin(*to, t);
	else
		*from = fmax(*from, t);
	return *from <= *to;
}

/* Liang and Barsky's: false, it is not in the tile and its buffer. */
static bool
clip(struct gis_point *a, struct gis_point *b)
{
	const double low = -GIS_TILE_BUFFER;
	const double high = GIS_TILE_EXTENT + GIS_TILE_BUFFER;
	struct gis_point p = *a, d = { b->x - a->x, b->y - a->y };
	double from = 0, to = 1;

	if (!cut(d.x, high - p.x, &from, &to) ||
	    !cut(-d.x, p.x - low, &from, &to) ||
	    !cut(d.y, high - p.y, &from, &to) ||
	    !cut(-d.y, p.y - low, &from, &to))
		return false;
	*a = (struct gis_point){ p.x + from * d.x, p.y + from * d.y };
	*b = (struct gis_point){ p.x + to * d.x, p.y + to * d.y };
	return true;
}

static struct gis_tile_xy
whole(struct gis_point p)
{
	return (
	    struct gis_tile_xy){ (int32_t)lround(p.x), (int32_t)lround(p.y) };
}

static bool
far(struct gis_tile_xy a, struct gis_tile_xy b, int32_t by)
{
	return labs((long)a.x - b.x) > by || labs((long)a.y - b.y) > by;
}

static void
flush(struct pen *pen)
{
	if (pen->n > 0 && far(pen->run[pen->n - 1], pen->end, 0) &&
	    (pen->n > 1 || far(pen->run[0], pen->end, pen->thin)))
		pen->run[pen->n++] = pen->end;
	if (pen->n > 1) {
		if (!pen->begun)
			gis_tile_lines(pen->tile, pen->id);
		pen->begun = true;
		gis_tile_line(pen->tile, pen->run, pen->n);
	}
	pen->n = 0;
}

static void
line_to(struct pen *pen, struct gis_tile_xy b)
{
	pen->end = b;
	if (!far(pen->run[pen->n - 1], b, pen->thin))
		return;
	pen->run[pen->n++] = b;
	if (pen->n + 1 < RUN)
		return;
	flush(pen);
	pen->run[pen->n++] = b;
}

static void
draw_edge(struct pen *pen, uint32_t e)
{
	const struct gis_edge *g = &pen->net->edge[e];
	struct gis_point p = unit_of(pen, g->a), q = unit_of(pen, g->b);
	struct gis_tile_xy a, b;

	if (!clip(&p, &q))
		return;
	a = whole(p);
	b = whole(q);
	if (pen->n == 0 || far(pen->end, a, 0)) {
		flush(pen);
		pen->run[pen->n++] = pen->end = a;
	}
	line_to(pen, b);
}

static bool
add_leaf(struct found *f, const struct gis_network *net, size_t leaf)
{
	size_t i = gis_tree_first(&net->tree, leaf);
	size_t last = gis_tree_first(&net->tree, leaf + 1);
	uint32_t *more;

	if (f->n + last - i > f->cap) {
		f->cap = 2 * f->cap + 256;
		more = realloc(f->edge, f->cap * sizeof(*more));
		if (more == NULL)
			return false;
		f->edge = more;
	}
	for (; i < last; i++)
		if (!gis_network_is_shut(net, net->tree.item[i]))
			f->edge[f->n++] = net->tree.item[i];
	return true;
}

static bool
meet(const struct gis_box *a, const struct gis_box *b)
{
	return a->w <= b->e && b->w <= a->e && a->s <= b->n && b->s <= a->n;
}

/* Those of the leaves that meet the box, so some beside it, too. */
static bool
find(const struct gis_network *net, const struct gis_box *box, struct found *f)
{
	const struct gis_tree *t = &net->tree;
	size_t stack[STACK], n = 0, node;

	if (net->nedges > 0)
		stack[n++] = 1;
	while (n > 0) {
		node = stack[--n];
		if (!meet(&t->node[node], box))
			continue;
		if (node >= t->leaves) {
			if (!add_leaf(f, net, node - t->leaves))
				return false;
			continue;
		}
		stack[n++] = node * 2;
		stack[n++] = node * 2 + 1;
	}
	return true;
}

static int
by_number(const void *a, const void *b)
{
	uint32_t p = *(const uint32_t *)a, q = *(const uint32_t *)b;

	return (p > q) - (p < q);
}

int
gis_network_draw(const struct gis_network *net, struct gis_box plane,
    struct gis_tile_at at, int32_t thin, struct gis_tile *tile)
{
	struct pen pen = { .tile = tile, .net = net, .at = at, .thin = thin };
	struct found f = { NULL, 0, 0 };
	bool good = find(net, &plane, &f);

	if (good && f.n > 0) {
		qsort(f.edge, f.n, sizeof(*f.edge), by_number);
		for (size_t i = 0; i < f.n; i++)
			draw_edge(&pen, f.edge[i]);
		flush(&pen);
	}
	free(f.edge);
	return good ? 0 : -1;
}

int
gis_network_draw_edge(const struct gis_network *net, uint32_t edge,
    struct gis_tile_at at, uint64_t id, struct gis_tile *tile)
{
	struct pen pen = { .tile = tile, .net = net, .at = at, .id = id };

	if (edge >= net->nedges)
		return 0;
	draw_edge(&pen, edge);
	flush(&pen);
	return pen.begun;
}
