/* SPDX-License-Identifier: MIT */
/* The nearest shelters of a point, each with its reason: see explain.h. */
#include "shelterd/map/explain.h"

#include <math.h>
#include <stdlib.h>

#include "shelterd/map/map_view.h"
#include "shelterd/map/map_walk.h"

/* A home that is a point is "at" an address this near to it, metres. */
enum { POINT_REACH = 30, ASK = 64, WALK_MAX = 10000 };

static const char *const words[] = { "assigned", "free", "full", "beyond",
	"no_path", "defect", "closed" };

const char *
explain_reason_word(enum explain_reason r)
{
	return words[r];
}

static bool
edge_crosses(struct gis_point a, struct gis_point b, struct gis_point p)
{
	if ((a.y > p.y) == (b.y > p.y))
		return false;
	return p.x < (b.x - a.x) * (p.y - a.y) / (b.y - a.y) + a.x;
}

/* Even-odd over all rings. */
static bool
shape_has(struct gis *gis, const struct gis_shape *shape, struct gis_point p)
{
	struct gis_point *pts;
	size_t *first, nlines;
	bool inside = false;

	if (!gis_box_has(gis_shape_box(shape), p) ||
	    gis_shape_lines(gis, shape, &pts, &first, &nlines) < 0)
		return false;
	for (size_t l = 0; l < nlines; l++)
		for (size_t i = first[l]; i + 1 < first[l + 1]; i++)
			if (edge_crosses(pts[i], pts[i + 1], p))
				inside = !inside;
	free(pts);
	free(first);
	return inside;
}

/* Looking for the home at a point. */
struct looking {
	const struct snapshot *snap;
	struct gis *gis;
	struct gis_point p;
	double least; /* to the nearest home that is a point */
	const struct snap_home *area, *point;
};

/* Of several, the area that was imported first, and the point last. */
static int
look_at(void *arg, uint32_t at)
{
	struct looking *k = arg;
	const struct snap_home *h = snapshot_home_at(k->snap, at);
	double metres = gis_distance(h->plane, k->p);

	if (h->plane_shape != NULL) {
		if ((k->area == NULL || h->id < k->area->id) &&
		    shape_has(k->gis, h->plane_shape, k->p))
			k->area = h;
	} else if (metres < k->least ||
		   (metres == k->least &&
		       (k->point == NULL || h->id > k->point->id))) {
		k->least = metres;
		k->point = h;
	}
	return 0;
}

/* The home whose area holds the point, else the nearest point home. */
static const struct snap_home *
home_at(const struct snapshot *snap, struct gis_point p)
{
	struct looking k = {
		.snap = snap, .gis = gis_new(), .p = p, .least = POINT_REACH
	};

	if (k.gis != NULL)
		snapshot_homes_near(snap, p, POINT_REACH, look_at, &k);
	gis_free(k.gis);
	return k.area != NULL ? k.area : k.point;
}

static bool
known(const struct explain *x, const struct snap_shelter *s)
{
	for (size_t i = 0; i < x->n; i++)
		if (x->site[i].shelter == s)
			return true;
	return false;
}

/* False: out of memory. */
static bool
find_nearest(struct explain *x, const struct snapshot *snap,
    struct gis_point at,
    bool (*may_see)(const void *, const struct snap_shelter *), const void *arg)
{
	const struct gis_index *index = snapshot_entrance_index(snap);

	for (size_t ask = ASK; x->n < EXPLAIN_NEAREST; ask *= 4) {
		struct gis_hit *hits = malloc(ask * sizeof(*hits));
		size_t got;

		if (hits == NULL)
			return false;
		got = gis_index_nearest(index, at, ask, hits);
		x->n = 0;
		for (size_t i = 0; i < got && x->n < EXPLAIN_NEAREST; i++) {
			struct explain_site *s = &x->site[x->n];

			*s = (struct explain_site){ .metres = hits[i].metres,
				.walk = NAN };
			snapshot_entrance(
			    snap, hits[i].item, &s->shelter, &s->entrance);
			if (may_see(arg, s->shelter) && !known(x, s->shelter))
				x->n++;
		}
		free(hits);
		if (got < ask)
			break;
	}
	return true;
}

static bool
measure_walks(struct explain *x, const struct snapshot *snap,
    struct gis_point at, double reach)
{
	const struct snap_shelter *shelter[EXPLAIN_NEAREST];
	double metres[EXPLAIN_NEAREST];
	int known;

	for (size_t i = 0; i < x->n; i++)
		shelter[i] = x->site[i].shelter;
	known = map_walk(snap, at, reach, WALK_MAX, shelter, x->n, metres);
	for (size_t i = 0; known == 1 && i < x->n; i++)
		x->site[i].walk = metres[i];
	return known >= 0;
}

static bool
assigned(const struct explain *x, const struct snap_shelter *s)
{
	for (size_t i = 0; i < x->nseats; i++)
		if (x->seats[i].shelter == s->id)
			return true;
	return false;
}

static enum explain_reason
reason_of(const struct explain *x, const struct explain_site *s,
    const struct snapshot *snap, const struct plan_limit *limit)
{
	double metres = limit->by_minutes ? s->walk : s->metres;

	if (assigned(x, s->shelter))
		return EXPLAIN_ASSIGNED;
	if (s->shelter->usable <= 0 && !s->shelter->closed &&
	    s->shelter->without_defects > 0)
		return EXPLAIN_DEFECT;
	if (s->shelter->closed || s->shelter->usable <= 0)
		return EXPLAIN_CLOSED;
	if (!limit->by_minutes && !(metres <= limit->metres))
		return EXPLAIN_BEYOND;
	if (isinf(s->walk))
		return EXPLAIN_NO_PATH;
	if (!(metres <= limit->metres))
		return EXPLAIN_BEYOND;
	if (map_free_places(snap, s->shelter) <= 0)
		return EXPLAIN_FULL;
	return EXPLAIN_FREE;
}

bool
explain_at(struct explain *x, const struct snapshot *snap,
    struct gis_point plane, const struct plan_limit *limit, double snap_reach,
    bool (*may_see)(const void *, const struct snap_shelter *), const void *arg)
{
	*x = (struct explain){ .home = home_at(snap, plane) };
	if (x->home != NULL)
		x->nseats = plan_view_of_home(
		    snapshot_plan(snap), x->home->id, &x->seats);
	if (!find_nearest(x, snap, plane, may_see, arg) ||
	    !measure_walks(x, snap, plane, snap_reach))
		return false;
	for (size_t i = 0; i < x->n; i++) {
		struct explain_site *s = &x->site[i];

		s->within = limit->by_minutes ? s->walk <= limit->metres
					      : s->metres <= limit->metres;
		s->within = s->within && !isinf(s->walk);
		s->reason = reason_of(x, s, snap, limit);
	}
	return true;
}

bool
explain_repair_matters(const struct explain *x, const struct explain_site *s)
{
	double metres = isfinite(s->walk) ? s->walk : s->metres;
	int64_t seated = 0;
	bool farther = false;

	if (!s->within || s->shelter->without_defects <= s->shelter->usable)
		return false;
	for (size_t i = 0; i < x->nseats; i++) {
		seated += x->seats[i].people;
		if (x->seats[i].shelter != s->shelter->id &&
		    (double)x->seats[i].metres > metres)
			farther = true;
	}
	return farther || x->home == NULL || seated < x->home->people;
}
