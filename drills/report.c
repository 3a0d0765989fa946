/* SPDX-License-Identifier: MIT */
/*
 * The after-action report.  Three passes: collect the doors that were planned
 * or used, sort the counted arrivals by the drill's clock, walk them once to
 * draw the curves.  Must not know how events are stored or printed.
 */
#include <stdlib.h>
#include <string.h>
#include "drills/arrivals.h"
#include "drills/report.h"

/* A door somebody was planned for or came through. */
struct spot {
	int64_t shelter, entrance, planned;
	double clear_width;
	const char *shelter_name, *entrance_name;
	size_t order;
};

/* A counted arrival and where it belongs. */
struct count {
	int64_t second, people;
	int64_t so_far; /* through this door, this count included */
	size_t order;
	struct report_shelter *shelter;
	struct report_door *door;
};

struct work {
	struct spot *spots;
	size_t nspots;
	struct count *counts;
	size_t ncounts;
	struct arrivals *arrivals;
};

static int
sign(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

static int
by_place(const void *va, const void *vb)
{
	const struct spot *a = va, *b = vb;
	int c = sign(a->shelter, b->shelter);

	if (c == 0)
		c = sign(a->entrance, b->entrance);
	return c != 0 ? c : (a->order > b->order) - (a->order < b->order);
}

static int
by_second(const void *va, const void *vb)
{
	const struct count *a = va, *b = vb;
	int c = sign(a->second, b->second);

	return c != 0 ? c : (a->order > b->order) - (a->order < b->order);
}

/* Adds `b` to the spot `a` of the same door; the first name said stays. */
static void
merge_spot(struct spot *a, const struct spot *b)
{
	a->planned += b->planned;
	if (a->clear_width < 0)
		a->clear_width = b->clear_width;
	if (a->shelter_name == NULL)
		a->shelter_name = b->shelter_name;
	if (a->entrance_name == NULL)
		a->entrance_name = b->entrance_name;
}

static void
collect_spots(struct work *w, const struct report_event *e, size_t n)
{
	size_t m = 0;

	for (size_t i = 0; i < n; i++) {
		if (e[i].kind == REPORT_SIGNAL)
			continue;
		w->spots[m] = (struct spot){ e[i].shelter, e[i].entrance, 0, -1,
			e[i].shelter_name, e[i].entrance_name, i };
		if (e[i].kind == REPORT_EXPECT) {
			w->spots[m].planned = e[i].people;
			w->spots[m].clear_width = e[i].clear_width;
		}
		m++;
	}
	qsort(w->spots, m, sizeof(*w->spots), by_place);
	for (size_t i = 0; i < m; i++) {
		struct spot *last = &w->spots[w->nspots];

		if (w->nspots > 0 && last[-1].shelter == w->spots[i].shelter &&
		    last[-1].entrance == w->spots[i].entrance)
			merge_spot(&last[-1], &w->spots[i]);
		else
			w->spots[w->nspots++] = w->spots[i];
	}
}

static void
init_curve(struct report_curve *c)
{
	c->t50 = c->t90 = c->t100 = -1;
}

static struct report_door
door_of_spot(const struct spot *s)
{
	return (struct report_door){
		.id = s->entrance,
		.name = s->entrance_name,
		.planned = s->planned,
		.first_s = -1,
		.last_s = -1,
		.per_minute = -1,
		.own90_s = -1,
		.clear_width = s->clear_width,
	};
}

/* The doors of shelters->doors are one array, held by the first shelter. */
static int
make_shelters(struct work *w, struct report *r)
{
	struct report_door *doors;

	if (w->nspots == 0)
		return 0;
	r->shelters = calloc(w->nspots, sizeof(*r->shelters));
	doors = calloc(w->nspots, sizeof(*doors));
	if (r->shelters == NULL || doors == NULL) {
		free(doors);
		return -1;
	}
	for (size_t i = 0; i < w->nspots; i++) {
		const struct spot *spot = &w->spots[i];
		struct report_shelter *s = &r->shelters[r->nshelters];

		if (i > 0 && s[-1].id == spot->shelter) {
			s--;
		} else {
			s->id = spot->shelter;
			s->doors = &doors[i];
			init_curve(&s->curve);
			r->nshelters++;
		}
		if (s->name == NULL)
			s->name = spot->shelter_name;
		doors[i] = door_of_spot(spot);
		s->ndoors++;
		s->planned += spot->planned;
		r->planned += spot->planned;
	}
	return 0;
}

static struct report_shelter *
find_shelter(const struct report *r, int64_t id)
{
	size_t lo = 0, hi = r->nshelters;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (r->shelters[mid].id < id)
			lo = mid + 1;
		else
			hi = mid;
	}
	return &r->shelters[lo];
}

/* Every event's door is there: collect_spots() has seen it. */
static struct report_door *
find_door(const struct report_shelter *s, int64_t id)
{
	size_t lo = 0, hi = s->ndoors;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (s->doors[mid].id < id)
			lo = mid + 1;
		else
			hi = mid;
	}
	return &s->doors[lo];
}

/* Keeps the arrivals whose operation id comes for the first time. */
static int
count_arrivals(struct work *w, const struct report *r,
    const struct report_event *e, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct arrival in = { e[i].op, e[i].shelter, e[i].entrance,
			e[i].people, e[i].second };
		struct count *c = &w->counts[w->ncounts];
		enum arrival_result res;

		if (e[i].kind != REPORT_ARRIVAL)
			continue;
		res = arrivals_add(w->arrivals, &in);
		if (res == ARRIVAL_NO_MEMORY)
			return -1;
		if (res != ARRIVAL_COUNTED)
			continue;
		c->second = in.second;
		c->people = in.people;
		c->order = i;
		c->shelter = find_shelter(r, in.shelter);
		c->door = find_door(c->shelter, in.entrance);
		w->ncounts++;
	}
	qsort(w->counts, w->ncounts, sizeof(*w->counts), by_second);
	return 0;
}

/* Smallest number of people that is p per cent of them or more. */
static int64_t
share(int64_t planned, int64_t p)
{
	return planned / 100 * p + (planned % 100 * p + 99) / 100;
}

static void
mark_times(
    struct report_curve *c, int64_t planned, int64_t people, int64_t second)
{
	if (planned <= 0)
		return;
	if (c->t50 < 0 && people >= share(planned, 50))
		c->t50 = second;
	if (c->t90 < 0 && people >= share(planned, 90))
		c->t90 = second;
	if (c->t100 < 0 && people >= planned)
		c->t100 = second;
}

static int
add_point(struct report_curve *c, int64_t second, int64_t people)
{
	struct report_point *p;

	if (c->n > 0 && c->points[c->n - 1].second == second) {
		c->points[c->n - 1].people = people;
		return 0;
	}
	if (c->n == c->room) {
		c->room = c->room == 0 ? 16 : c->room * 2;
		p = realloc(c->points, c->room * sizeof(*p));
		if (p == NULL)
			return -1;
		c->points = p;
	}
	c->points[c->n++] = (struct report_point){ second, people };
	return 0;
}

static int
draw_curves(struct work *w, struct report *r)
{
	for (size_t i = 0; i < w->ncounts; i++) {
		struct count *c = &w->counts[i];
		struct report_shelter *s = c->shelter;

		s->actual += c->people;
		r->actual += c->people;
		c->door->people += c->people;
		c->so_far = c->door->people;
		if (c->door->first_s < 0)
			c->door->first_s = c->second;
		c->door->last_s = c->second;
		if (add_point(&s->curve, c->second, s->actual) != 0 ||
		    add_point(&r->curve, c->second, r->actual) != 0)
			return -1;
		mark_times(&s->curve, s->planned, s->actual, c->second);
		mark_times(&r->curve, r->planned, r->actual, c->second);
	}
	return 0;
}

/* Now that each door's total is known. */
static void
mark_doors(
    const struct work *w, const struct report *r, double width_per_hundred)
{
	for (size_t i = 0; i < w->nspots; i++) {
		struct report_door *d = &r->shelters[0].doors[i];
		int64_t seconds = d->last_s - d->first_s;

		d->needed_width = (double)d->people * width_per_hundred / 100;
		if (seconds > 0)
			d->per_minute =
			    (double)d->people * 60 / (double)seconds;
	}
	for (size_t i = 0; i < w->ncounts; i++) {
		struct report_door *d = w->counts[i].door;

		if (d->own90_s < 0 &&
		    w->counts[i].so_far >= share(d->people, 90))
			d->own90_s = w->counts[i].second;
	}
}

static void
find_bottleneck(struct report *r)
{
	for (size_t i = 0; i < r->nshelters; i++)
		for (size_t k = 0; k < r->shelters[i].ndoors; k++) {
			const struct report_door *d = &r->shelters[i].doors[k];
			const struct report_door *b = r->bottleneck;

			if (d->own90_s < 0)
				continue;
			if (b != NULL && (d->own90_s < b->own90_s ||
					     (d->own90_s == b->own90_s &&
						 d->people <= b->people)))
				continue;
			r->bottleneck = d;
			r->bottleneck_shelter = &r->shelters[i];
		}
}

static int
list_signals(struct report *r, const struct report_event *e, size_t n)
{
	r->signals = calloc(n, sizeof(*r->signals));
	if (r->signals == NULL)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (e[i].kind == REPORT_SIGNAL)
			r->signals[r->nsignals++] =
			    (struct report_signal){ e[i].word, e[i].zh,
				    e[i].planned_s, e[i].second, e[i].at,
				    e[i].late };
	return 0;
}

int
report_make(const struct report_event *e, size_t n, double width_per_hundred,
    struct report *out)
{
	struct work w = { 0 };
	int result = -1;

	memset(out, 0, sizeof(*out));
	init_curve(&out->curve);
	if (n == 0)
		return 0;
	w.spots = calloc(n, sizeof(*w.spots));
	w.counts = calloc(n, sizeof(*w.counts));
	w.arrivals = arrivals_new();
	if (w.spots == NULL || w.counts == NULL || w.arrivals == NULL)
		goto out;
	collect_spots(&w, e, n);
	if (list_signals(out, e, n) != 0 || make_shelters(&w, out) != 0 ||
	    count_arrivals(&w, out, e, n) != 0 || draw_curves(&w, out) != 0)
		goto out;
	if (w.nspots > 0)
		mark_doors(&w, out, width_per_hundred);
	find_bottleneck(out);
	result = 0;
out:
	arrivals_free(w.arrivals);
	free(w.spots);
	free(w.counts);
	return result;
}

void
report_release(struct report *r)
{
	for (size_t i = 0; i < r->nshelters; i++)
		free(r->shelters[i].curve.points);
	if (r->nshelters > 0)
		free(r->shelters[0].doors);
	free(r->shelters);
	free(r->signals);
	free(r->curve.points);
	memset(r, 0, sizeof(*r));
}
