/* SPDX-License-Identifier: MIT */
/* Counts of every noun.  What a caller may not see is not counted. */
#include "shelterd/map/map_view.h"
#include "shelterd/site.h"
#include "shelterd/store/count.h"
#include "shelterd/store/db.h"
#include "shelterd/store/event.h"

struct sums {
	int64_t shelters, units, entrances, places, usable, defects;
	struct gis_box box; /* of what the caller may see, degrees */
};

static struct sums
sum_shelters(const struct request *req)
{
	struct sums n = { .box = gis_box_empty() };
	for (size_t i = 0; i < snapshot_shelters(req->snap); i++) {
		const struct snap_shelter *s =
		    snapshot_shelter_at(req->snap, i);
		if (!site_visible(&req->caller, s))
			continue;
		n.shelters++;
		n.units += (int64_t)s->nunits;
		n.entrances += (int64_t)s->nentrances;
		n.places += s->places > 0 ? s->places : 0;
		n.usable += s->usable;
		n.defects += s->open_defects;
		n.box = gis_box_with(n.box, s->lonlat);
	}
	return n;
}

/* [w, s, e, n] around all shelters, or the homes where there are none. */
static void
add_bounds(const struct request *req, cJSON *o, struct gis_box box)
{
	double side[4];

	if (box.w > box.e)
		for (size_t i = 0; i < snapshot_homes(req->snap); i++)
			box = gis_box_with(
			    box, snapshot_home_at(req->snap, i)->lonlat);
	side[0] = box.w;
	side[1] = box.s;
	side[2] = box.e;
	side[3] = box.n;
	if (box.w > box.e)
		cJSON_AddNullToObject(o, "bounds");
	else
		cJSON_AddItemToObject(
		    o, "bounds", cJSON_CreateDoubleArray(side, 4));
}

static void
add_shelters(const struct request *req, cJSON *o)
{
	struct sums n = sum_shelters(req);
	add_bounds(req, o, n.box);
	map_add_count(o, "shelters", n.shelters);
	map_add_count(o, "units", n.units);
	map_add_count(o, "entrances", n.entrances);
	map_add_count(o, "places", n.places);
	map_add_count(o, "usable", n.usable);
	map_add_count(o, "open_defects", n.defects);
}

static void
add_homes(const struct request *req, cJSON *o)
{
	int64_t people = 0;
	for (size_t i = 0; i < snapshot_homes(req->snap); i++)
		people += snapshot_home_at(req->snap, i)->people;
	map_add_count(o, "homes", (int64_t)snapshot_homes(req->snap));
	map_add_count(o, "people", people);
}

static void
add_network(const struct request *req, cJSON *o)
{
	const struct gis_network *net = snapshot_network(req->snap);
	struct gis_network_summary n = { 0 };
	if (net)
		n = gis_network_summary(net);
	cJSON *network = cJSON_AddObjectToObject(o, "network");
	map_add_count(network, "nodes", (int64_t)n.nodes);
	map_add_count(network, "edges", (int64_t)n.edges);
	map_add_count(network, "components", (int64_t)n.components);
	map_add_measure(network, "metres", n.metres);
}

static enum status
stats(struct request *req)
{
	struct store_counts c;
	if (store_count(req->db, site_office(&req->caller), &c) < 0)
		return site_store_failed(req);
	cJSON *o = cJSON_CreateObject();
	add_shelters(req, o);
	add_homes(req, o);
	add_network(req, o);
	map_add_count(o, "ways", c.ways);
	map_add_count(o, "users", c.users);
	map_add_count(o, "tasks", c.tasks);
	map_add_count(o, "inspections", c.inspections);
	map_add_count(o, "defects", c.defects);
	map_add_count(o, "notices", c.notices);
	map_add_count(o, "plans", c.plans);
	map_add_count(o, "drills", c.drills);
	map_add_count(o, "events", c.events);
	map_add_count(o, "data_version", snapshot_version(req->snap));
	map_add_count(o, "last_event", event_last(req->db));
	return reply_json(req, ST_OK, o);
}

const struct route routes_stats[] = {
	{ .method = "GET",
	    .path = "/v1/stats",
	    .roles = ROLE_ANYONE,
	    .on = ON_READER,
	    .handle = stats,
	    .summary = "Counts of every noun, data version, last event" },
	{ .method = NULL },
};
