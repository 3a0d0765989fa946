/* SPDX-License-Identifier: MIT */
/* Seats sorted by home and loads sorted by shelter: see plan_view.h. */
#include "shelterd/plan/plan_view.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "shelterd/room.h"
#include "shelterd/store/db.h"
#include "shelterd/store/plan.h"

struct load {
	int64_t shelter, people;
};

struct plan_view {
	atomic_int refs;
	int64_t id;
	bool approved;
	struct plan_seat *seats; /* by home, then shelter */
	size_t nseats, room;
	struct load *loads; /* by shelter */
	size_t nloads;
};

static int
by_home(const void *a, const void *b)
{
	const struct plan_seat *x = a, *y = b;

	if (x->home != y->home)
		return x->home < y->home ? -1 : 1;
	return x->shelter < y->shelter ? -1 : x->shelter > y->shelter;
}

static int
by_shelter(const void *a, const void *b)
{
	const struct load *x = a, *y = b;

	return x->shelter < y->shelter ? -1 : x->shelter > y->shelter;
}

static bool
add_seat(struct plan_view *v, const struct assignment_row *a)
{
	void *p =
	    room_for_one(v->seats, &v->room, v->nseats, sizeof(*v->seats));

	if (p == NULL)
		return false;
	v->seats = p;
	v->seats[v->nseats++] = (struct plan_seat){ a->home, a->shelter,
		a->entrance, a->people, a->metres };
	return true;
}

/* One load per shelter: sorted, then equal neighbours joined. */
static bool
sum_loads(struct plan_view *v)
{
	size_t n = 0;

	v->loads = malloc((v->nseats + 1) * sizeof(*v->loads));
	if (v->loads == NULL)
		return false;
	for (size_t i = 0; i < v->nseats; i++)
		v->loads[i] =
		    (struct load){ v->seats[i].shelter, v->seats[i].people };
	qsort(v->loads, v->nseats, sizeof(*v->loads), by_shelter);
	for (size_t i = 0; i < v->nseats; i++) {
		if (n > 0 && v->loads[n - 1].shelter == v->loads[i].shelter)
			v->loads[n - 1].people += v->loads[i].people;
		else
			v->loads[n++] = v->loads[i];
	}
	v->nloads = n;
	return true;
}

static bool
read_seats(struct plan_view *v, struct db *db)
{
	struct assignment_row a;
	struct db_stmt *s;
	int rc;

	if (v->id == 0)
		return sum_loads(v);
	s = assignment_list(db, v->id, 0, 0, 0, INT64_MAX);
	while ((rc = assignment_next(s, &a)) == DB_ROW)
		if (!add_seat(v, &a)) {
			db_done(s);
			return false;
		}
	if (rc < 0)
		return false;
	if (v->nseats > 0)
		qsort(v->seats, v->nseats, sizeof(*v->seats), by_home);
	return sum_loads(v);
}

struct plan_view *
plan_view_load(struct db *db, char *err, size_t errsize)
{
	struct plan_view *v = calloc(1, sizeof(*v));

	if (v == NULL) {
		snprintf(err, errsize, "plan: out of memory");
		return NULL;
	}
	atomic_init(&v->refs, 1);
	v->id = plan_that_counts(db, &v->approved);
	if (v->id < 0 || !read_seats(v, db)) {
		snprintf(err, errsize, "plan: %s", db_error(db));
		plan_view_unref(v);
		return NULL;
	}
	return v;
}

struct plan_view *
plan_view_ref(const struct plan_view *view)
{
	struct plan_view *v = (struct plan_view *)view;

	if (v != NULL)
		atomic_fetch_add(&v->refs, 1);
	return v;
}

void
plan_view_unref(struct plan_view *v)
{
	if (v == NULL || atomic_fetch_sub(&v->refs, 1) > 1)
		return;
	free(v->seats);
	free(v->loads);
	free(v);
}

int64_t
plan_view_id(const struct plan_view *v)
{
	return v != NULL ? v->id : 0;
}

bool
plan_view_approved(const struct plan_view *v)
{
	return v != NULL && v->approved;
}

int64_t
plan_view_assigned_to(const struct plan_view *v, int64_t shelter)
{
	struct load key = { shelter, 0 }, *found;

	if (v == NULL || !v->approved || v->nloads == 0)
		return 0;
	found = bsearch(&key, v->loads, v->nloads, sizeof(key), by_shelter);
	return found != NULL ? found->people : 0;
}

size_t
plan_view_of_home(
    const struct plan_view *v, int64_t home, const struct plan_seat **out)
{
	size_t lo = 0, hi = v != NULL ? v->nseats : 0, n = 0;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (v->seats[mid].home < home)
			lo = mid + 1;
		else
			hi = mid;
	}
	*out = NULL;
	while (v != NULL && lo + n < v->nseats && v->seats[lo + n].home == home)
		n++;
	if (n > 0)
		*out = &v->seats[lo];
	return n;
}
