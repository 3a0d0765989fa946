/* SPDX-License-Identifier: MIT */
/*
 * gis/ in process, one thread: ten nearest beside GEOS's STRtree asked by
 * growing windows, coverage by radius beside uniting all buffers and
 * intersecting every home (prepared), walks beside a textbook Dijkstra that
 * clears its arrays.  Peers answer the same questions and must agree.  Times
 * are of the processor, so that a neighbour on the machine counts for nobody.
 */
#include <geos_c.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "gis/coverage.h"
#include "gis/index.h"
#include "gis/network.h"

static uint64_t seed = 99;

static double
chance(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (double)(seed >> 11) / 9007199254740992.0;
}

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
must(bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "b_gis: %s\n", what);
	exit(1);
}

static void
figure(const char *name, size_t size, double value, const char *unit,
    const char *peer, double theirs, double ratio)
{
	printf("{\"name\":\"%s\",\"size\":%zu,\"value\":%.6g,\"unit\":\"%s\","
	       "\"peer\":\"%s\",\"peer_value\":%.6g,\"ratio\":%.4g}\n",
	    name, size, value, unit, peer, theirs, ratio);
	fflush(stdout);
}

/* A town: half of it in clusters, as registers are. */
static struct gis_point *
town(size_t n, double width)
{
	struct gis_point *p = malloc(n * sizeof(*p));

	must(p != NULL, "memory");
	for (size_t i = 0; i < n; i++) {
		p[i] = (struct gis_point){ chance() * width, chance() * width };
		if (i > 10 && i % 2 == 0) {
			p[i].x = p[i / 2].x + chance() * 50;
			p[i].y = p[i / 2].y + chance() * 50;
		}
	}
	return p;
}

enum { K = 10 };

struct window {
	const struct gis_point *p;
	struct gis_point at;
	struct gis_hit hit[65536];
	size_t n;
};

static void
seen(void *item, void *arg)
{
	struct window *w = arg;
	size_t i = (size_t)((const struct gis_point *)item - w->p);

	if (w->n < sizeof(w->hit) / sizeof(w->hit[0]))
		w->hit[w->n++] = (struct gis_hit){ (uint32_t)i,
			gis_distance(w->p[i], w->at) };
}

static int
by_distance(const void *a, const void *b)
{
	const struct gis_hit *p = a, *q = b;

	if (p->metres != q->metres)
		return p->metres < q->metres ? -1 : 1;
	return p->item < q->item ? -1 : p->item > q->item;
}

/* Windows twice as wide until the ten nearest lie in the circle inside. */
static void
ask_strtree(
    GEOSContextHandle_t h, GEOSSTRtree *tree, struct window *w, double width)
{
	for (;; width *= 2) {
		GEOSGeometry *box =
		    GEOSGeom_createRectangle_r(h, w->at.x - width,
			w->at.y - width, w->at.x + width, w->at.y + width);

		w->n = 0;
		GEOSSTRtree_query_r(h, tree, box, seen, w);
		GEOSGeom_destroy_r(h, box);
		if (w->n < K)
			continue;
		qsort(w->hit, w->n, sizeof(w->hit[0]), by_distance);
		if (w->hit[K - 1].metres <= width)
			return;
	}
}

static double
strtree_rate(
    struct gis_point *p, size_t n, double width, const struct gis_index *index)
{
	static struct window w;
	GEOSContextHandle_t h = GEOS_init_r();
	GEOSSTRtree *tree = GEOSSTRtree_create_r(h, 10);
	GEOSGeometry **g = malloc(n * sizeof(*g));
	struct gis_hit hit[K];
	size_t asked = 5000;
	double start, rate;

	for (size_t i = 0; i < n; i++) {
		g[i] = GEOSGeom_createPointFromXY_r(h, p[i].x, p[i].y);
		GEOSSTRtree_insert_r(h, tree, g[i], &p[i]);
	}
	w.p = p;
	ask_strtree(h, tree, &w, width);
	start = now();
	for (size_t i = 0; i < asked; i++) {
		w.at = (struct gis_point){ chance() * width, chance() * width };
		ask_strtree(h, tree, &w, 2 * width / sqrt((double)n));
		if (i % 100 == 0) {
			gis_index_nearest(index, w.at, K, hit);
			must(hit[K - 1].item == w.hit[K - 1].item,
			    "STRtree disagrees");
		}
	}
	rate = (double)asked / (now() - start);
	GEOSSTRtree_destroy_r(h, tree);
	for (size_t i = 0; i < n; i++)
		GEOSGeom_destroy_r(h, g[i]);
	free(g);
	GEOS_finish_r(h);
	return rate;
}

static void
bench_nearest(size_t n)
{
	double width = sqrt((double)n) * 50, start, rate, theirs;
	struct gis_point *p = town(n, width);
	struct gis_index *index = gis_index_new(p, n);
	struct gis_hit hit[K];
	size_t asked = 400000;
	double sum = 0;

	must(index != NULL, "memory");
	start = now();
	for (size_t i = 0; i < asked; i++) {
		struct gis_point q = { chance() * width, chance() * width };

		gis_index_nearest(index, q, K, hit);
		sum += hit[K - 1].metres;
	}
	rate = (double)asked / (now() - start);
	must(isfinite(sum), "no distance");
	theirs = strtree_rate(p, n, width, index);
	figure("gis nearest 10", n, rate, "queries/s",
	    "GEOS STRtree, growing windows", theirs, rate / theirs);
	gis_index_free(index);
	free(p);
}

/* Streets every 80 m with a vertex every 20 m, n vertices in all. */
struct streets {
	struct gis_point *p;
	size_t *first, n, nlines;
};

static struct streets
raster(size_t n)
{
	size_t side = (size_t)sqrt((double)n / 7) + 1, m = side * 4 + 1;
	struct streets s = { .nlines = 2 * (side + 1) };

	s.p = malloc(2 * (side + 1) * m * sizeof(*s.p));
	s.first = malloc((s.nlines + 1) * sizeof(*s.first));
	must(s.p != NULL && s.first != NULL, "memory");
	for (size_t l = 0; l < s.nlines; l++) {
		s.first[l] = s.n;
		for (size_t i = 0; i < m; i++) {
			double at = (double)(l / 2) * 80, on = (double)i * 20;

			s.p[s.n++] = l % 2 == 0 ? (struct gis_point){ on, at }
						: (struct gis_point){ at, on };
		}
	}
	s.first[s.nlines] = s.n;
	return s;
}

/* The textbook: distances cleared before every search, a binary heap. */
struct textbook {
	size_t nnodes, nheap;
	const struct gis_point *at;
	uint32_t *head, *next, *to;
	double *w, *d;
	struct {
		double d;
		uint32_t v;
	} * heap;
};

static void
heap_push(struct textbook *t, double d, uint32_t v)
{
	size_t i = t->nheap++;

	for (; i > 0 && t->heap[(i - 1) / 2].d > d; i = (i - 1) / 2)
		t->heap[i] = t->heap[(i - 1) / 2];
	t->heap[i].d = d;
	t->heap[i].v = v;
}

static void
heap_pop(struct textbook *t)
{
	size_t i = 0, c, n = --t->nheap;

	while ((c = 2 * i + 1) < n) {
		c += c + 1 < n && t->heap[c + 1].d < t->heap[c].d;
		if (t->heap[n].d <= t->heap[c].d)
			break;
		t->heap[i] = t->heap[c];
		i = c;
	}
	t->heap[i] = t->heap[n];
}

static void
textbook_search(struct textbook *t, uint32_t from, double limit)
{
	for (size_t i = 0; i < t->nnodes; i++)
		t->d[i] = INFINITY;
	t->nheap = 0;
	t->d[from] = 0;
	heap_push(t, 0, from);
	while (t->nheap > 0) {
		double d = t->heap[0].d;
		uint32_t v = t->heap[0].v;

		heap_pop(t);
		if (d > t->d[v])
			continue;
		for (uint32_t e = t->head[v]; e != 0; e = t->next[e])
			if (d + t->w[e] <= limit &&
			    d + t->w[e] < t->d[t->to[e]]) {
				t->d[t->to[e]] = d + t->w[e];
				heap_push(t, d + t->w[e], t->to[e]);
			}
	}
}

/* The raster's nodes by number: bench-only knowledge of its shape. */
static uint32_t
node_at(uint32_t *slot, size_t m, struct gis_point p, uint32_t *n)
{
	uint32_t *s = &slot[(size_t)(p.y / 20) * m + (size_t)(p.x / 20)];

	if (*s == 0)
		*s = ++*n;
	return *s - 1;
}

static void
link_nodes(struct textbook *t, uint32_t a, uint32_t b, uint32_t *e)
{
	for (int way = 0; way < 2; way++) {
		++*e;
		t->to[*e] = way ? a : b;
		t->w[*e] = 20;
		t->next[*e] = t->head[way ? b : a];
		t->head[way ? b : a] = *e;
	}
}

static struct textbook
textbook_of(const struct streets *s, uint32_t *at)
{
	size_t m = s->first[1];
	uint32_t *slot = calloc(m * m, sizeof(*slot)), n = 0, e = 0;
	struct textbook t = { 0 };

	t.head = calloc(s->n + 1, sizeof(*t.head));
	t.next = calloc(2 * s->n + 2, sizeof(*t.next));
	t.to = calloc(2 * s->n + 2, sizeof(*t.to));
	t.w = calloc(2 * s->n + 2, sizeof(*t.w));
	t.d = calloc(s->n + 1, sizeof(*t.d));
	t.heap = calloc(2 * s->n + 2, sizeof(*t.heap));
	for (size_t l = 0; l < s->nlines; l++)
		for (size_t i = s->first[l]; i < s->first[l + 1]; i++) {
			at[i] = node_at(slot, m, s->p[i], &n);
			if (i > s->first[l])
				link_nodes(&t, at[i - 1], at[i], &e);
		}
	t.nnodes = n;
	free(slot);
	return t;
}

static void
textbook_release(struct textbook *t)
{
	free(t->head);
	free(t->next);
	free(t->to);
	free(t->w);
	free(t->d);
	free(t->heap);
}

static void
bench_walk(size_t n)
{
	struct streets s = raster(n);
	uint32_t *at = malloc(s.n * sizeof(*at));
	struct textbook t = textbook_of(&s, at);
	struct gis_fail why;
	struct gis_network *net =
	    gis_network_new(s.p, s.p, s.first, s.nlines, NULL, &why);
	struct gis_walk *w = gis_walk_new(net);
	size_t searches = 3000, theirs = 300;
	double start, rate, peer, d;

	must(gis_network_summary(net).nodes == t.nnodes, "nodes differ");
	start = now();
	for (size_t i = 0; i < searches; i++) {
		size_t from = (size_t)(chance() * (double)s.n);

		gis_walk_from(w, gis_network_snap(net, s.p[from], 1), 640);
	}
	rate = (double)searches / (now() - start);
	start = now();
	for (size_t i = 0; i < theirs; i++) {
		size_t from = (size_t)(chance() * (double)s.n);
		size_t to = (from + 20) % s.n;

		textbook_search(&t, at[from], 640);
		if (i % 50 != 0)
			continue;
		gis_walk_from(w, gis_network_snap(net, s.p[from], 1), 640);
		d = gis_walk_to(w, gis_network_snap(net, s.p[to], 1));
		must(d == t.d[at[to]], "walks disagree");
	}
	peer = (double)theirs / (now() - start);
	figure("gis walk 640 m", t.nnodes, rate, "searches/s",
	    "textbook Dijkstra", peer, rate / peer);
	textbook_release(&t);
	gis_walk_free(w);
	gis_network_free(net);
	free(at);
	free(s.p);
	free(s.first);
}

static struct gis_shape *
house(struct gis *gis, double x, double y, double size)
{
	char text[256];
	struct gis_fail why;
	int n = snprintf(text, sizeof(text),
	    "{\"type\":\"Polygon\",\"coordinates\":[[[%f,%f],[%f,%f],[%f,%f],"
	    "[%f,%f],[%f,%f]]]}",
	    x, y, x + size, y, x + size, y + size, x, y + size, x, y);

	return gis_shape_from_geojson(gis, text, (size_t)n, NULL, &why);
}

/* Uniting GEOS's buffers, then each home: inside, outside or intersected. */
static double
plain_coverage(struct gis *gis, const struct gis_point *p, size_t n,
    const struct gis_home *home, size_t nhomes, double *sum)
{
	GEOSContextHandle_t h = GEOS_init_r();
	GEOSGeometry **disc = malloc(n * sizeof(*disc)), *all, *u, *g, *in;
	const GEOSPreparedGeometry *pu;
	double start = now(), part, whole, elapsed;
	unsigned char *wkb;
	size_t len;

	for (size_t i = 0; i < n; i++) {
		g = GEOSGeom_createPointFromXY_r(h, p[i].x, p[i].y);
		disc[i] = GEOSBuffer_r(h, g, 200, 32);
		GEOSGeom_destroy_r(h, g);
	}
	all = GEOSGeom_createCollection_r(
	    h, GEOS_MULTIPOLYGON, disc, (unsigned)n);
	u = GEOSUnaryUnion_r(h, all);
	pu = GEOSPrepare_r(h, u);
	for (size_t i = 0; i < nhomes; i++) {
		wkb = gis_shape_to_wkb(gis, home[i].plane_shape, &len);
		g = GEOSGeomFromWKB_buf_r(h, wkb, len);
		part = whole = 1;
		if (!GEOSPreparedIntersects_r(h, pu, g)) {
			part = 0;
		} else if (!GEOSPreparedContains_r(h, pu, g)) {
			in = GEOSIntersection_r(h, g, u);
			GEOSArea_r(h, in, &part);
			GEOSArea_r(h, g, &whole);
			GEOSGeom_destroy_r(h, in);
		}
		*sum += part / whole;
		GEOSGeom_destroy_r(h, g);
		free(wkb);
	}
	elapsed = now() - start;
	GEOSPreparedGeom_destroy_r(h, pu);
	GEOSGeom_destroy_r(h, u);
	GEOSGeom_destroy_r(h, all);
	GEOS_finish_r(h);
	free(disc);
	return elapsed;
}

static void
bench_coverage(size_t nhomes)
{
	size_t n = nhomes / 4, side = (size_t)ceil(sqrt((double)nhomes));
	struct gis *gis = gis_new();
	struct gis_home *home = calloc(nhomes, sizeof(*home));
	struct gis_point *p = town(n, (double)side * 90);
	struct gis_shape **shape = calloc(nhomes, sizeof(struct gis_shape *));
	struct gis_coverage *c;
	struct gis_fail why;
	double start, ours, theirs, sum = 0, plain = 0;

	for (size_t i = 0; i < nhomes; i++) {
		shape[i] = house(
		    gis, (double)(i % side) * 90, (double)(i / side) * 90, 80);
		home[i].plane_shape = shape[i];
		home[i].people = 100;
	}
	start = now();
	c = gis_coverage_radius(gis, p, n, 200, home, nhomes, NULL, NULL, &why);
	ours = now() - start;
	must(c != NULL, "coverage failed");
	for (size_t i = 0; i < nhomes; i++)
		sum += gis_coverage_share(c, i);
	theirs = plain_coverage(gis, p, n, home, nhomes, &plain);
	must(fabs(sum - plain) < 1e-3 * sum, "coverages disagree");
	figure("gis coverage 200 m", nhomes, ours, "s",
	    "GEOS buffers, union, prepared", theirs, theirs / ours);
	gis_coverage_free(gis, c);
	for (size_t i = 0; i < nhomes; i++)
		gis_shape_free(gis, shape[i]);
	gis_free(gis);
	free(shape);
	free(home);
	free(p);
}

int
main(void)
{
	static const size_t places[] = { 2250, 22500, 225000 };
	static const size_t nodes[] = { 5000, 50000, 500000 };
	static const size_t homes[] = { 700, 4000, 20000 };

	for (int i = 0; i < 3; i++)
		bench_nearest(places[i]);
	for (int i = 0; i < 3; i++)
		bench_walk(nodes[i]);
	for (int i = 0; i < 3; i++)
		bench_coverage(homes[i]);
	return 0;
}
