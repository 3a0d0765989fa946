/* SPDX-License-Identifier: MIT */
/* Seats from the store, found by home and shelter: see plan_seats.h. */
#include "shelterd/plan/plan_seats.h"

#include <stdlib.h>

#include "shelterd/room.h"
#include "shelterd/store/db.h"

struct assignment_row *
plan_seats_read(struct db *db, int64_t plan, size_t *n)
{
	struct db_stmt *s = assignment_list(db, plan, 0, 0, 0, INT64_MAX);
	size_t cap = 0;
	struct assignment_row *rows =
	    room_for_one(NULL, &cap, 0, sizeof(*rows));
	struct assignment_row *more = rows, a;
	int rc = DB_OK;

	*n = 0;
	while (more != NULL && (rc = assignment_next(s, &a)) == DB_ROW) {
		more = room_for_one(rows, &cap, *n, sizeof(*rows));
		if (more != NULL) {
			rows = more;
			rows[(*n)++] = a;
		}
	}
	if (more != NULL && rc == DB_OK)
		return rows;
	db_done(s);
	free(rows);
	return NULL;
}

static int
by_seat(const void *a, const void *b)
{
	const struct assignment_row *x = a, *y = b;

	if (x->home != y->home)
		return x->home < y->home ? -1 : 1;
	return x->shelter < y->shelter ? -1 : x->shelter > y->shelter;
}

int64_t *
plan_seats_stay(
    const struct plan_arcs *a, struct assignment_row *seats, size_t n)
{
	int64_t *stay = calloc(a->narcs + 1, sizeof(*stay));

	if (stay == NULL || n == 0)
		return stay;
	qsort(seats, n, sizeof(*seats), by_seat);
	for (size_t h = 0; h < a->nhomes; h++)
		for (size_t i = a->first[h]; i < a->first[h + 1]; i++) {
			struct assignment_row key = { .home = a->home[h]->id,
				.shelter = a->shelter[a->to[i]]->id };
			const struct assignment_row *found =
			    bsearch(&key, seats, n, sizeof(key), by_seat);

			if (found != NULL)
				stay[i] = found->people;
		}
	return stay;
}
