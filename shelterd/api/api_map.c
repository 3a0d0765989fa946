/* SPDX-License-Identifier: MIT */
/* The map as GeoJSON for pages and desktop programs. */
#include <stdlib.h>
#include "shelterd/map/coverage.h"
#include "shelterd/map/geojson.h"
#include "shelterd/map/map_view.h"
#include "shelterd/site.h"
#include "shelterd/store/db.h"
#include "shelterd/store/way.h"

static void
count_or_null(struct geojson *g, const char *name, int64_t v)
{
	if (v < 0)
		geojson_null(g, name);
	else
		geojson_int(g, name, v);
}

static enum status
map_shelters(struct request *req)
{
	struct geojson *g = geojson_new();
	geojson_member_int(g, "data_version", snapshot_version(req->snap));
	for (size_t i = 0; i < snapshot_shelters(req->snap); i++) {
		const struct snap_shelter *s =
		    snapshot_shelter_at(req->snap, i);
		if (!site_visible(&req->caller, s))
			continue;
		geojson_point(g, s->id, s->lonlat);
		geojson_int(g, "id", s->id);
		geojson_text(g, "name", site_label(s));
		geojson_text(g, "kind", s->kind);
		geojson_int(g, "usable", s->usable);
		count_or_null(g, "places", s->places);
		geojson_int(g, "free", map_free_places(req->snap, s));
		geojson_text(g, "binding_rule", capacity_rule_name(s->binding));
		geojson_int(g, "open_defects", s->open_defects);
		geojson_bool(g, "closed", s->closed);
	}
	return geojson_reply(req, g);
}

/* Takes the shape, NULL gives NULL. */
static char *
printed(struct gis *gis, struct gis_shape *take)
{
	char *text = take ? gis_shape_to_geojson(gis, take, 7) : NULL;

	if (take)
		gis_shape_free(gis, take);
	return text;
}

/* Shapes are kept on the plane: back to degrees as they are printed. */
struct homes {
	struct gis *gis;
	struct gis_crs *plane;
	struct coverage *coverage; /* the newest one, or NULL */
};

static char *
geometry_of(struct homes *to, const struct snap_home *h)
{
	struct gis_fail fail;
	return printed(to->gis,
	    gis_shape_to_lonlat(to->gis, h->plane_shape, to->plane, &fail));
}

static void
put_state(struct geojson *g, const struct homes *to, const struct snap_home *h)
{
	const struct coverage_home *c =
	    to->coverage ? coverage_home(to->coverage, h->id) : NULL;
	if (!c)
		return;
	geojson_num(g, "share", c->share, 4);
	geojson_int(g, "covered", c->covered);
	if (coverage_totals(to->coverage)->capacity)
		geojson_int(g, "placed", c->placed);
	geojson_text(g, "state",
	    c->covered >= h->people ? "covered"
	    : c->covered > 0	    ? "partly"
				    : "too_far");
}

static void
put_home(struct geojson *g, struct homes *to, const struct snap_home *h)
{
	if (h->plane_shape) {
		char *text = geometry_of(to, h);
		geojson_geometry(g, h->id, text);
		free(text);
	} else
		geojson_point(g, h->id, h->lonlat);
	geojson_int(g, "id", h->id);
	geojson_text(g, "register_id", h->register_id);
	geojson_text(g, "name", h->name);
	geojson_int(g, "people", h->people);
	put_state(g, to, h);
}

static enum status
map_homes(struct request *req)
{
	struct geojson *g = NULL;
	struct homes to = { .gis = gis_new(),
		.plane = snapshot_plane_new(req->snap) };
	if (to.gis && to.plane) {
		to.coverage = coverage_newest(
		    snapshot_version(req->snap), site_office(&req->caller));
		g = geojson_new();
		geojson_member_int(
		    g, "data_version", snapshot_version(req->snap));
		for (size_t i = 0; i < snapshot_homes(req->snap); i++)
			put_home(g, &to, snapshot_home_at(req->snap, i));
	}
	if (to.coverage)
		coverage_unref(to.coverage);
	gis_crs_free(to.plane);
	if (to.gis)
		gis_free(to.gis);
	return geojson_reply(req, g);
}

struct ways {
	struct geojson *g;
	struct gis *gis;
};

static int
put_way(void *arg, const struct way_row *r)
{
	struct ways *to = arg;
	struct gis_fail fail;
	char *text = printed(to->gis,
	    gis_shape_from_wkb(to->gis, r->lines, r->lines_len, &fail));
	geojson_geometry(to->g, r->id, text);
	free(text);
	geojson_text(to->g, "name", r->name);
	geojson_text(to->g, "class", r->class);
	geojson_bool(to->g, "steps", r->steps);
	geojson_text(to->g, "hours", r->hours);
	return DB_OK;
}

static enum status
map_network(struct request *req)
{
	struct ways to = { geojson_new(), gis_new() };
	int result = DB_ERROR;
	geojson_member_int(to.g, "data_version", snapshot_version(req->snap));
	if (to.g && to.gis)
		result = way_each(req->db, put_way, &to);
	if (to.gis)
		gis_free(to.gis);
	if (result >= 0)
		return geojson_reply(req, to.g);
	geojson_free(to.g);
	return site_store_failed(req);
}

const struct route routes_map[] = {
	{ .method = "GET",
	    .path = "/v1/map/shelters",
	    .roles = ROLE_ANYONE,
	    .on = ON_READER,
	    .handle = map_shelters,
	    .summary = "Shelters as GeoJSON" },
	{ .method = "GET",
	    .path = "/v1/map/homes",
	    .roles = ROLE_ANYONE,
	    .on = ON_READER,
	    .handle = map_homes,
	    .summary = "Homes as GeoJSON, with the newest coverage" },
	{ .method = "GET",
	    .path = "/v1/map/network",
	    .roles = ROLE_ANYONE,
	    .on = ON_READER,
	    .handle = map_network,
	    .summary = "The walking network as GeoJSON" },
	{ .method = NULL },
};
