/* SPDX-License-Identifier: MIT */
/*
 * What is due at one shelter; see schedule_due.h.
 */
#include <stdlib.h>
#include <string.h>
#include "shelterd/api/schedule_due.h"
#include "shelterd/daemon.h"
#include "shelterd/net/when.h"
#include "shelterd/room.h"
#include "shelterd/store/db.h"
#include "shelterd/store/looked.h"

/* The looks of a shelter: for each unit, and last the works as a whole, one
 * for each item of the checklist. */
struct site {
	const struct rules *rules;
	const struct snap_shelter *shelter;
	struct cycle_look *looks;
	struct schedule_row *rows;
	size_t nrows, room;
	bool failed;
};

bool
schedule_in_use(const struct snap_shelter *s)
{
	return !s->closed;
}

static struct cycle_look *
looks_of(const struct site *site, size_t unit)
{
	return site->looks + unit * site->rules->nitems;
}

static size_t
unit_place(const struct snap_shelter *s, int64_t id)
{
	size_t i = 0;

	while (i < s->nunits && s->units[i].id != id)
		i++;
	return i;
}

static void
remember(void *arg, const struct looked *l)
{
	struct site *site = arg;
	const struct rules *r = site->rules;
	const struct checklist_item *item =
	    checklist_find(r->items, r->nitems, l->item);
	size_t unit = unit_place(site->shelter, l->unit_id);
	struct cycle_look *look = NULL;

	/* An item or a unit that is gone. */
	if (!item || (l->unit_id && unit == site->shelter->nunits))
		return;
	look = &looks_of(site, unit)[item - r->items];
	if (l->work < WORKS)
		look->done[l->work] = l->at;
	else
		look->absent = l->at;
}

static void
join_whole(struct site *site)
{
	const struct cycle_look *whole = looks_of(site, site->shelter->nunits);

	for (size_t u = 0; u < site->shelter->nunits; u++) {
		struct cycle_look *own = looks_of(site, u);

		for (size_t i = 0; i < site->rules->nitems; i++)
			own[i] = cycle_look_join(&own[i], &whole[i]);
	}
}

static void
add_row(struct site *site, size_t unit, const struct cycle_item *item,
    enum cycle_work work, const struct cycle_due *due)
{
	const struct snap_shelter *s = site->shelter;
	struct schedule_row *more =
	    room_for_one(site->rows, &site->room, site->nrows, sizeof(*more));

	if (!more) {
		site->failed = true;
		return;
	}
	site->rows = more;
	more[site->nrows++] = (struct schedule_row){
		.unit = unit < s->nunits ? &s->units[unit] : NULL,
		.item = item,
		.work = work,
		.due = *due,
	};
}

static void
add_item(struct site *site, size_t unit, const struct cycle_item *item,
    const struct schedule_ask *ask)
{
	struct cycle_due due;

	for (int w = 0; w < WORKS; w++) {
		due = cycle_due(
		    item, (enum cycle_work)w, looks_of(site, unit), ask->now);
		if (cycle_in_window(&due, &ask->window))
			add_row(site, unit, item, (enum cycle_work)w, &due);
	}
}

static void
add_unit(struct site *site, size_t unit, const struct schedule_ask *ask)
{
	const struct rules *r = site->rules;

	for (size_t i = 0; i < r->ncycles; i++)
		if (!ask->item || ask->item == &r->cycles[i])
			add_item(site, unit, &r->cycles[i], ask);
}

static void
add_units(struct site *site, const struct schedule_ask *ask)
{
	const struct snap_shelter *s = site->shelter;

	for (size_t u = 0; u < s->nunits; u++)
		if (s->units[u].capacity.binding != CAP_CLOSED)
			add_unit(site, u, ask);
	if (s->nunits == 0)
		add_unit(site, 0, ask);
}

long
schedule_rows(struct request *req, const struct snap_shelter *s,
    const struct schedule_ask *ask, struct schedule_row **rows)
{
	struct site site = {
		.rules = snapshot_rules(req->snap),
		.shelter = s,
	};

	*rows = NULL;
	site.looks = calloc(
	    (s->nunits + 1) * (site.rules->nitems + 1), sizeof(*site.looks));
	if (!site.looks)
		return -1;
	site.failed = looked_each(req->db, s->id, remember, &site) < 0;
	join_whole(&site);
	add_units(&site, ask);
	free(site.looks);
	if (site.failed) {
		free(site.rows);
		return -1;
	}
	*rows = site.rows;
	return (long)site.nrows;
}

/* Asking. */

static const char *
asked_text(const struct request *req, const cJSON *body, const char *name)
{
	return body ? body_str(body, name, "") : req_query(req, name, "");
}

/* The row or the schema has checked that it is a time. */
static void
asked_time(
    const struct request *req, const cJSON *body, const char *name, int64_t *at)
{
	const char *text = asked_text(req, body, name);

	if (*text)
		when_parse(text, at);
}

enum status
schedule_ask_read(
    struct request *req, const cJSON *body, struct schedule_ask *ask)
{
	const struct rules *r = snapshot_rules(req->snap);
	const char *item = asked_text(req, body, "item");

	*ask = (struct schedule_ask){ .now = req->now };
	ask->window.until = INT64_MAX;
	ask->window.overdue = body ? body_bool(body, "overdue", false)
				   : req_query_bool(req, "overdue", false);
	asked_time(req, body, "from", &ask->window.from);
	asked_time(req, body, "until", &ask->window.until);
	if (*item && !(ask->item = cycle_find(r->cycles, r->ncycles, item)))
		return req_fail(req, body ? ST_INVALID : ST_BAD_QUERY, "item",
		    "no item of the cycles is called '%s'", item);
	return ST_OK;
}
