/* SPDX-License-Identifier: MIT */
/*
 * The walking network of a snapshot: the whole one, as it was imported, and
 * what is left of it while pieces are closed.  The latter is made anew with
 * every closure, which costs two rows of bits; places are snapped to the whole
 * one and again by those who measure, where their street is closed.
 */
#include <stdlib.h>
#include "shelterd/room.h"
#include "shelterd/snapshot_part.h"
#include "shelterd/store/closure.h"
#include "shelterd/store/db.h"

void
snap_network_unref(struct snap_network *n)
{
	if (!n || atomic_fetch_sub(&n->refs, 1) != 1)
		return;
	for (int i = 0; i < SNAP_WALKS; i++)
		gis_walk_free(n->walk[i]);
	if (n->network)
		gis_network_free(n->network);
	snap_network_unref(n->whole);
	free(n->closure);
	rowtext_release(&n->text);
	free(n);
}

const struct snap_network *
snap_network_whole(const struct snap_network *n)
{
	return n->whole ? n->whole : n;
}

struct closing {
	struct snap_network *to;
	const struct snap_load *load;
	const struct gis_network *net; /* NULL: none */
	size_t cap;
};

static int
add_closure(void *arg, const struct closure_row *r)
{
	struct closing *k = arg;
	struct snap_network *n = k->to;
	struct gis_point plane[2] = { r->lonlat[0], r->lonlat[1] };
	struct snap_closure *room =
	    room_for_one(n->closure, &k->cap, n->nclosures, sizeof(*room));
	if (!room)
		return DB_ERROR;
	n->closure = room;
	gis_crs_from_lonlat(k->load->plane, plane, 2);
	room[n->nclosures++] = (struct snap_closure){
		.id = r->id,
		.lonlat = { r->lonlat[0], r->lonlat[1] },
		.edge = k->net ? gis_network_edge_between(k->net, plane)
			       : UINT32_MAX,
		.reason = rowtext_add(&n->text, r->reason),
		.closed_by = r->closed_by,
		.closed_at = r->closed_at,
	};
	return DB_OK;
}

/* The network without those pieces. */
static int
shut(struct snap_network *n, const struct gis_network *whole)
{
	uint32_t *edge = malloc((n->nclosures + 1) * sizeof(*edge));
	for (size_t i = 0; edge && i < n->nclosures; i++)
		edge[i] = n->closure[i].edge;
	if (edge)
		n->network = gis_network_shut(whole, edge, n->nclosures);
	free(edge);
	return n->network ? 0 : -1;
}

struct snap_network *
snap_network_closed(const struct snap_network *old, const struct snap_load *l)
{
	struct snap_network *whole =
	    (struct snap_network *)(uintptr_t)snap_network_whole(old);
	struct snap_network *n = calloc(1, sizeof(*n));
	struct closing k = { .to = n, .load = l, .net = whole->network };
	if (n) {
		n->refs = 1;
		n->whole = whole;
		atomic_fetch_add(&whole->refs, 1);
	}
	if (!n || closure_each(l->db, add_closure, &k) < 0 ||
	    rowtext_failed(&n->text) ||
	    (n->nclosures > 0 && whole->network &&
		shut(n, whole->network) < 0)) {
		snap_fail(l, "closed streets");
		snap_network_unref(n);
		return NULL;
	}
	if (n->nclosures > 0)
		return n;
	snap_network_unref(n);
	atomic_fetch_add(&whole->refs, 1);
	return whole;
}

const struct gis_network *
snapshot_network(const struct snapshot *s)
{
	return s->network->network;
}

const struct snap_closure *
snapshot_closures(const struct snapshot *s, size_t *n)
{
	*n = s->network->nclosures;
	return s->network->closure;
}

struct gis_place
snapshot_place(const struct snapshot *s, struct gis_place known,
    struct gis_point plane, double reach)
{
	const struct gis_network *net = s->network->network;
	if (!net || !gis_network_is_shut(net, known.edge))
		return known;
	return gis_network_snap(net, plane, reach);
}

struct gis_walk *
snapshot_walk_take(const struct snapshot *s)
{
	struct gis_walk *w = NULL;

	for (int i = 0; i < SNAP_WALKS && !w; i++)
		w = atomic_exchange(&s->network->walk[i], NULL);
	return w || !s->network->network ? w
					 : gis_walk_new(s->network->network);
}

void
snapshot_walk_give(const struct snapshot *s, struct gis_walk *w)
{
	for (int i = 0; i < SNAP_WALKS && w; i++) {
		struct gis_walk *none = NULL;
		if (atomic_compare_exchange_strong(
			&s->network->walk[i], &none, w))
			w = NULL;
	}
	gis_walk_free(w);
}

int
snapshot_try_network(
    const struct snapshot *s, struct db *db, struct gis_network_summary *out)
{
	char err[160];
	struct snap_network *n = NULL;
	struct snap_load l = { .db = db,
		.err = err,
		.errsize = sizeof(err),
		.plane = snapshot_plane_new(s) };
	*out = (struct gis_network_summary){ 0 };
	if (l.plane)
		n = snap_network_load(&l);
	if (n && n->network)
		*out = gis_network_summary(n->network);
	int result = n ? 0 : -1;
	snap_network_unref(n);
	gis_crs_free(l.plane);
	return result;
}
