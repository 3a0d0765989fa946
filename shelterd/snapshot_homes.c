/* SPDX-License-Identifier: MIT */
/* Homes and the walking network, on the district's plane. */
#include <stdlib.h>
#include <string.h>
#include "shelterd/rules.h"
#include "shelterd/snapshot_part.h"
#include "shelterd/store/db.h"
#include "shelterd/store/home.h"
#include "shelterd/store/way.h"

static const struct gis_place nowhere = { .edge = UINT32_MAX };

struct homes_load {
	const struct snap_load *load;
	struct snap_homes *homes;
	struct gis_fail fail;
};

static int
make_room(struct snap_homes *h)
{
	if (h->n < h->cap)
		return 0;
	size_t cap = h->cap ? h->cap * 2 : 256;
	struct snap_home *homes = realloc(h->homes, cap * sizeof(*homes));
	if (homes)
		h->homes = homes;
	struct gis_shape **shapes = realloc(h->shapes, cap * sizeof(*shapes));
	if (shapes)
		h->shapes = shapes;
	if (!homes || !shapes)
		return -1;
	h->cap = cap;
	return 0;
}

static int
plane_shape(
    struct homes_load *l, const struct home_row *r, struct gis_shape **out)
{
	struct gis *gis = l->homes->gis;
	*out = NULL;
	if (!r->shape)
		return 0;
	struct gis_shape *lonlat =
	    gis_shape_from_wkb(gis, r->shape, r->shape_len, &l->fail);
	if (!lonlat)
		return -1;
	*out = gis_shape_from_lonlat(gis, lonlat, l->load->plane, &l->fail);
	gis_shape_free(gis, lonlat);
	return *out ? 0 : -1;
}

static int
add_home(void *arg, const struct home_row *r)
{
	struct homes_load *l = arg;
	struct snap_homes *h = l->homes;

	if (make_room(h) < 0 || plane_shape(l, r, &h->shapes[h->n]) < 0)
		return -1;
	struct snap_home *home = &h->homes[h->n];
	*home = (struct snap_home){
		.id = r->id,
		.register_id = rowtext_add(&h->text, r->register_id),
		.name = rowtext_add(&h->text, r->name),
		.people = r->people,
		.households = r->households,
		.plane_shape = h->shapes[h->n],
		.lonlat = r->lonlat,
		.plane = r->lonlat,
		.place = nowhere,
	};
	h->n++;
	gis_crs_from_lonlat(l->load->plane, &home->plane, 1);
	if (l->load->network)
		home->place = gis_network_snap(
		    l->load->network, home->plane, l->load->rules->snap_reach);
	return 0;
}

struct snap_homes *
snap_homes_load(const struct snap_load *load)
{
	struct snap_homes *h = calloc(1, sizeof(*h));
	struct homes_load l = { .load = load, .homes = h };
	if (h) {
		h->refs = 1;
		h->gis = gis_new();
	}
	if (!h || !h->gis || home_each(load->db, add_home, &l) < 0 ||
	    rowtext_failed(&h->text)) {
		snap_fail(load, l.fail.what[0] ? l.fail.what : "homes");
		snap_homes_unref(h);
		return NULL;
	}
	return h;
}

void
snap_homes_unref(struct snap_homes *h)
{
	if (!h || atomic_fetch_sub(&h->refs, 1) != 1)
		return;
	for (size_t i = 0; i < h->n; i++)
		if (h->shapes[i])
			gis_shape_free(h->gis, h->shapes[i]);
	if (h->gis)
		gis_free(h->gis);
	free(h->homes);
	free(h->shapes);
	rowtext_release(&h->text);
	free(h);
}

/* Lines of all ways, gathered for gis_network_new(). */
struct lines {
	struct gis *gis;
	struct gis_point *points;
	size_t npoints, points_cap;
	size_t *first; /* [nlines + 1] */
	bool *steps;
	size_t nlines, lines_cap;
	struct gis_fail fail;
};

static int
room_for(struct lines *l, size_t points)
{
	if (l->npoints + points > l->points_cap) {
		size_t cap = (l->npoints + points) * 2;
		struct gis_point *p = realloc(l->points, cap * sizeof(*p));
		if (!p)
			return -1;
		l->points = p;
		l->points_cap = cap;
	}
	if (l->nlines + 2 > l->lines_cap) {
		size_t cap = l->lines_cap ? l->lines_cap * 2 : 256;
		size_t *first = realloc(l->first, cap * sizeof(*first));
		if (first)
			l->first = first;
		bool *steps = realloc(l->steps, cap * sizeof(*steps));
		if (steps)
			l->steps = steps;
		if (!first || !steps)
			return -1;
		l->lines_cap = cap;
	}
	return 0;
}

static int
add_line(struct lines *l, const struct gis_point *points, size_t n, bool steps)
{
	if (room_for(l, n) < 0)
		return -1;
	memcpy(l->points + l->npoints, points, n * sizeof(*points));
	l->first[l->nlines] = l->npoints;
	l->steps[l->nlines++] = steps;
	l->npoints += n;
	l->first[l->nlines] = l->npoints;
	return 0;
}

static int
add_way(void *arg, const struct way_row *r)
{
	struct lines *l = arg;
	struct gis_point *points = NULL;
	size_t *first = NULL, n = 0;
	int result = -1;
	struct gis_shape *shape =
	    gis_shape_from_wkb(l->gis, r->lines, r->lines_len, &l->fail);
	if (!shape || gis_shape_lines(l->gis, shape, &points, &first, &n) < 0)
		goto out;
	for (size_t i = 0; i < n; i++)
		if (add_line(l, points + first[i], first[i + 1] - first[i],
			r->steps) < 0)
			goto out;
	result = 0;
out:
	free(points);
	free(first);
	if (shape)
		gis_shape_free(l->gis, shape);
	return result;
}

static int
make_network(struct snap_network *n, struct lines *l, struct gis_crs *plane)
{
	if (l->nlines == 0)
		return 0;
	struct gis_point *p = malloc(l->npoints * sizeof(*p));
	if (!p)
		return -1;
	memcpy(p, l->points, l->npoints * sizeof(*p));
	gis_crs_from_lonlat(plane, p, l->npoints);
	n->network = gis_network_new(
	    l->points, p, l->first, l->nlines, l->steps, &l->fail);
	free(p);
	return n->network ? 0 : -1;
}

struct snap_network *
snap_network_load(const struct snap_load *load)
{
	struct lines l = { .gis = gis_new() };
	struct snap_network *n = calloc(1, sizeof(*n));
	if (n)
		n->refs = 1;
	if (!n || !l.gis || way_each(load->db, add_way, &l) < 0 ||
	    make_network(n, &l, load->plane) < 0) {
		snap_fail(load, l.fail.what[0] ? l.fail.what : "network");
		snap_network_unref(n);
		n = NULL;
	}
	free(l.points);
	free(l.first);
	free(l.steps);
	if (l.gis)
		gis_free(l.gis);
	return n;
}

void
snap_network_unref(struct snap_network *n)
{
	if (!n || atomic_fetch_sub(&n->refs, 1) != 1)
		return;
	if (n->network)
		gis_network_free(n->network);
	free(n);
}
