/* SPDX-License-Identifier: MIT */
/* Seats summed by shelter, then sorted by waiting: see plan_queues.h. */
#include "shelterd/plan/plan_queues.h"

#include <stdlib.h>

#include "shelterd/daemon.h"
#include "shelterd/plan/plan_variant.h"

struct line {
	int64_t shelter, people;
	double seconds; /* < 0: not known */
};

static int
by_shelter(const void *a, const void *b)
{
	const struct assignment_row *x = a, *y = b;

	return x->shelter < y->shelter ? -1 : x->shelter > y->shelter;
}

static int
longest_first(const void *a, const void *b)
{
	const struct line *x = a, *y = b;

	if (x->seconds != y->seconds)
		return x->seconds > y->seconds ? -1 : 1;
	return x->shelter < y->shelter ? -1 : x->shelter > y->shelter;
}

static double
seconds_at(const struct request *req, int64_t shelter, int64_t people)
{
	const struct snap_shelter *s = snapshot_shelter(req->snap, shelter);
	int64_t per_hour =
	    s == NULL
		? 0
		: plan_variant_doors(s, snapshot_rules(req->snap)->door_flow);

	return per_hour > 0 ? (double)people * 3600 / (double)per_hour : -1;
}

static cJSON *
line_json(const struct line *l)
{
	cJSON *o = cJSON_CreateObject();

	cJSON_AddNumberToObject(o, "shelter", (double)l->shelter);
	cJSON_AddNumberToObject(o, "people", (double)l->people);
	if (l->seconds < 0)
		cJSON_AddNullToObject(o, "seconds");
	else
		cJSON_AddNumberToObject(
		    o, "seconds", (double)(int64_t)(l->seconds + 0.5));
	return o;
}

cJSON *
plan_queues_json(const struct request *req, struct assignment_row *seats,
    size_t n, bool (*visible)(const struct request *, int64_t shelter))
{
	struct line *lines = malloc((n + 1) * sizeof(*lines));
	cJSON *out = cJSON_CreateObject(), *items;
	size_t count = 0;

	if (lines == NULL) {
		cJSON_Delete(out);
		return NULL;
	}
	qsort(seats, n, sizeof(*seats), by_shelter);
	for (size_t i = 0; i < n; i++) {
		if (count == 0 || lines[count - 1].shelter != seats[i].shelter)
			lines[count++] =
			    (struct line){ seats[i].shelter, 0, 0 };
		lines[count - 1].people += seats[i].people;
	}
	for (size_t i = 0; i < count; i++)
		lines[i].seconds =
		    seconds_at(req, lines[i].shelter, lines[i].people);
	qsort(lines, count, sizeof(*lines), longest_first);
	items = cJSON_AddArrayToObject(out, "items");
	for (size_t i = 0; i < count; i++)
		if (visible(req, lines[i].shelter))
			cJSON_AddItemToArray(items, line_json(&lines[i]));
	free(lines);
	return out;
}
