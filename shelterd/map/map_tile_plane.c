/* SPDX-License-Identifier: MIT */
/* Streets and entrances of a tile, which are found on the plane. */
#include <math.h>
#include <stdlib.h>

#include "gis/network_draw.h"
#include "shelterd/map/map_tile_part.h"

enum { THIN = 8 }; /* units: a pixel */

/* Its sides are curves there, so some places of each and a hundredth more.
 * false: it goes too far. */
static bool
plane_box(const struct drawing *d, struct gis_box *box)
{
	enum { STEPS = 8 };
	const double side = ldexp(1, GIS_WORLD_BITS - (int)d->at.z);
	const double edge = UINT32_MAX;
	struct gis_point p;
	double more;

	*box = gis_box_empty();
	for (int i = 0; i <= STEPS; i++)
		for (int k = 0; k <= STEPS; k++) {
			double x = d->at.x + i * 1.04 / STEPS - 0.02;
			double y = d->at.y + k * 1.04 / STEPS - 0.02;

			p = snapshot_to_plane(d->snap,
			    gis_world_to_lonlat((struct gis_world){
				(uint32_t)fmin(fmax(x * side, 0), edge),
				(uint32_t)fmin(fmax(y * side, 0), edge) }));
			if (!isfinite(p.x) || !isfinite(p.y))
				return false;
			*box = gis_box_with(*box, p);
		}
	more = fmax(box->e - box->w, box->n - box->s) / 100;
	*box = (struct gis_box){ box->w - more, box->s - more, box->e + more,
		box->n + more };
	return true;
}

struct gis_box
map_tile_box(struct drawing *d)
{
	struct gis_box box;

	if (plane_box(d, &box))
		return box;
	return (struct gis_box){ -1e9, -1e9, 1e9, 1e9 };
}

static void
draw_closed(struct drawing *d, const struct gis_network *net)
{
	size_t n;
	const struct snap_closure *c = snapshot_closures(d->snap, &n);

	for (size_t i = 0; i < n; i++) {
		if (gis_network_draw_edge(
			net, c[i].edge, d->at, (uint64_t)c[i].id, d->tile) == 0)
			continue;
		gis_tile_int(d->tile, "closed", c[i].id);
		gis_tile_text(d->tile, "reason", c[i].reason);
	}
}

void
map_tile_streets(struct drawing *d)
{
	const struct gis_network *net = snapshot_network(d->snap);
	int32_t thin = d->at.z < MAP_TILE_SINGLE ? THIN : 0;

	if (net == NULL || d->at.z < MAP_TILE_STREETS)
		return;
	gis_tile_layer(d->tile, "streets");
	if (gis_network_draw(net, map_tile_box(d), d->at, thin, d->tile) < 0)
		d->failed = true;
	draw_closed(d, net);
}

static void
draw_door(struct drawing *d, uint32_t item)
{
	const uint32_t shift = GIS_WORLD_BITS - d->at.z;
	const uint32_t fine = shift - GIS_TILE_BITS;
	const struct snap_shelter *s;
	const struct snap_entrance *e;
	struct gis_world w;

	snapshot_entrance(d->snap, item, &s, &e);
	w = gis_world_from_lonlat(e->lonlat);
	if ((s->hidden && !d->hidden) || w.x >> shift != d->at.x ||
	    w.y >> shift != d->at.y)
		return;
	gis_tile_point(d->tile, (uint64_t)e->id,
	    (struct gis_tile_xy){ w.x >> fine & (GIS_TILE_EXTENT - 1),
		w.y >> fine & (GIS_TILE_EXTENT - 1) });
	gis_tile_int(d->tile, "id", e->id);
	gis_tile_int(d->tile, "shelter", s->id);
	gis_tile_int(d->tile, "usable", !s->closed && e->usable);
}

void
map_tile_entrances(struct drawing *d)
{
	struct gis_point mid;
	struct gis_box b;
	struct gis_hit *hit;
	size_t n = 0;

	if (d->at.z < MAP_TILE_DOORS)
		return;
	b = map_tile_box(d);
	mid = (struct gis_point){ (b.w + b.e) / 2, (b.s + b.n) / 2 };
	hit = gis_index_within(snapshot_entrance_index(d->snap), mid,
	    gis_distance(mid, (struct gis_point){ b.e, b.n }), &n);
	if (hit == NULL) {
		d->failed = true;
		return;
	}
	gis_tile_layer(d->tile, "entrances");
	for (size_t i = 0; i < n; i++)
		draw_door(d, hit[i].item);
	free(hit);
}
