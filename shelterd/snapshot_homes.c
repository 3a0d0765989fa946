/* SPDX-License-Identifier: MIT */
/* Homes and the walking network, on the district's plane. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "gis/lines.h"
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
	struct gis_outline **outline =
	    realloc(h->outline, cap * sizeof(*outline));
	if (outline)
		h->outline = outline;
	if (!homes || !shapes || !outline)
		return -1;
	h->cap = cap;
	return 0;
}

/* On the plane, and as tiles draw it. */
static int
read_shape(struct homes_load *l, const struct home_row *r,
    struct gis_shape **out, struct gis_outline **outline)
{
	struct gis *gis = l->homes->gis;
	*out = NULL;
	*outline = NULL;
	if (!r->shape)
		return 0;
	struct gis_shape *lonlat =
	    gis_shape_from_wkb(gis, r->shape, r->shape_len, &l->fail);
	if (!lonlat)
		return -1;
	*out = gis_shape_from_lonlat(gis, lonlat, l->load->plane, &l->fail);
	if (*out && gis_shape_kind(lonlat) == GIS_AREA)
		*outline = gis_outline_new(gis, lonlat);
	gis_shape_free(gis, lonlat);
	return *out ? 0 : -1;
}

static int
add_home(void *arg, const struct home_row *r)
{
	struct homes_load *l = arg;
	struct snap_homes *h = l->homes;

	if (make_room(h) < 0 ||
	    read_shape(l, r, &h->shapes[h->n], &h->outline[h->n]) < 0)
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
		.key = gis_world_key(gis_world_from_lonlat(r->lonlat)),
		.outline = h->outline[h->n],
	};
	h->n++;
	gis_crs_from_lonlat(l->load->plane, &home->plane, 1);
	return 0;
}

/* All at once, in the order of the map. */
static int
snap_all(const struct snap_load *load, struct snap_homes *h)
{
	struct gis_point *at = NULL;
	struct gis_place *place = NULL;
	int result = -1;

	if (!load->network)
		return 0;
	at = malloc((h->n + 1) * sizeof(*at));
	place = malloc((h->n + 1) * sizeof(*place));
	for (size_t i = 0; at && i < h->n; i++)
		at[i] = h->homes[i].plane;
	if (at && place)
		result = gis_network_snap_all(
		    load->network, at, h->n, load->rules->snap_reach, place);
	for (size_t i = 0; result == 0 && i < h->n; i++)
		h->homes[i].place = place[i];
	free(at);
	free(place);
	return result;
}

static struct gis_boxes *
box_all(const struct snap_homes *h)
{
	struct gis_box *box = malloc((h->n + 1) * sizeof(*box));
	struct gis_boxes *boxes = NULL;
	for (size_t i = 0; box && i < h->n; i++)
		if (h->shapes[i])
			box[i] = gis_shape_box(h->shapes[i]);
		else if (isfinite(h->homes[i].plane.x))
			box[i] =
			    gis_box_with(gis_box_empty(), h->homes[i].plane);
		else /* near nothing */
			box[i] = (struct gis_box){ 1e300, 1e300, 1e300, 1e300 };
	if (box)
		boxes = gis_boxes_new(box, h->n);
	free(box);
	return boxes;
}

static int
place_all(struct snap_homes *h)
{
	struct snap_place *place = malloc((h->n + 1) * sizeof(*place));
	for (size_t i = 0; place && i < h->n; i++)
		place[i] = (struct snap_place){ h->homes[i].key, (uint32_t)i };
	if (place)
		h->places = snap_places_make(place, h->n);
	free(place);
	h->boxes = box_all(h);
	h->outlines = gis_outlines_new(
	    (const struct gis_outline *const *)h->outline, h->n);
	return h->places && h->boxes && h->outlines ? 0 : -1;
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
	    rowtext_failed(&h->text) || snap_all(load, h) < 0 ||
	    place_all(h) < 0) {
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
	for (size_t i = 0; i < h->n; i++) {
		if (h->shapes[i])
			gis_shape_free(h->gis, h->shapes[i]);
		gis_outline_free(h->outline[i]);
	}
	gis_outlines_free(h->outlines);
	gis_boxes_free(h->boxes);
	snap_places_unref(h->places);
	if (h->gis)
		gis_free(h->gis);
	free(h->homes);
	free(h->shapes);
	free(h->outline);
	rowtext_release(&h->text);
	free(h);
}

/* Lines of all ways, gathered for the network. */
struct ways {
	struct gis_lines lines;
	bool *steps;
	uint16_t *hours; /* of lines; with `set` once a way has hours */
	size_t room;
	struct gis_hours *set;
	size_t nsets;
	struct gis_fail fail;
};

static int
room_for_steps(struct ways *w)
{
	size_t room = w->lines.n * 2 + 256;
	bool *steps;
	uint16_t *hours;

	if (w->lines.n <= w->room)
		return 0;
	if (!(steps = realloc(w->steps, room * sizeof(*steps))))
		return -1;
	w->steps = steps;
	if (!(hours = realloc(w->hours, room * sizeof(*hours))))
		return -1;
	w->hours = hours;
	w->room = room;
	return 0;
}

/* The number of the set of hours a text means, 0: always open, or no place for
 * another set. */
static uint16_t
number_hours(struct ways *w, const char *text)
{
	struct gis_hours h, *set;

	if (!*text || !gis_hours_read(text, &h) || gis_hours_always(&h))
		return 0;
	for (size_t i = 0; i < w->nsets; i++)
		if (!memcmp(&w->set[i], &h, sizeof(h)))
			return (uint16_t)(i + 1);
	if (w->nsets == UINT16_MAX ||
	    !(set = realloc(w->set, (w->nsets + 1) * sizeof(*set))))
		return 0;
	w->set = set;
	set[w->nsets++] = h;
	return (uint16_t)w->nsets;
}

static int
add_way(void *arg, const struct way_row *r)
{
	struct ways *w = arg;
	size_t before = w->lines.n;

	if (gis_lines_add_wkb(&w->lines, r->lines, r->lines_len) < 0 ||
	    room_for_steps(w) < 0) {
		snprintf(w->fail.what, sizeof(w->fail.what),
		    "way %lld has no lines", (long long)r->id);
		return -1;
	}
	uint16_t hours = number_hours(w, r->hours);
	for (size_t i = before; i < w->lines.n; i++) {
		w->steps[i] = r->steps;
		w->hours[i] = hours;
	}
	return 0;
}

static int
make_network(struct snap_network *n, struct ways *w, struct gis_crs *plane)
{
	if (w->lines.n == 0)
		return 0;
	const struct gis_network_lines in = { .lonlat = w->lines.pts,
		.first = w->lines.first,
		.nlines = w->lines.n,
		.steps = w->steps,
		.hours = w->nsets ? w->hours : NULL,
		.hour_set = w->set,
		.nhour_sets = w->nsets };
	n->network = gis_network_on(plane, &in, &w->fail);
	return n->network ? 0 : -1;
}

struct snap_network *
snap_network_load(const struct snap_load *load)
{
	struct ways w = { .steps = NULL };
	struct snap_network *n = calloc(1, sizeof(*n));
	if (n)
		n->refs = 1;
	if (!n || way_each(load->db, add_way, &w) < 0 ||
	    make_network(n, &w, load->plane) < 0) {
		snap_fail(load, w.fail.what[0] ? w.fail.what : "network");
		snap_network_unref(n);
		n = NULL;
	}
	gis_lines_release(&w.lines);
	free(w.steps);
	free(w.hours);
	free(w.set);
	return n;
}
