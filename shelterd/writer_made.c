/* SPDX-License-Identifier: MIT */
/*
 * What a handler on the writer says it did: the event it appends and what the
 * snapshot must read again.  It is gathered beside the transaction and undone
 * with it; nobody hears of it before the commit.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shelterd/log.h"
#include "shelterd/room.h"
#include "shelterd/store/db.h"
#include "shelterd/writer_private.h"

enum { SHELTERS_MAX = 4096 /* more single ones: reload all */ };

static struct event *
compose(const struct request *req, const char *kind, const char *noun,
    int64_t noun_id, const struct event_scope *scope, const cJSON *body)
{
	struct event *e = event_make();

	if (e == NULL)
		return NULL;
	e->body = body ? cJSON_PrintUnformatted(body) : strdup("{}");
	if (e->body == NULL) {
		event_unref(e);
		return NULL;
	}
	e->at = req->now;
	e->user_id = req->caller.id;
	snprintf(e->user, sizeof(e->user), "%s", req->caller.name);
	snprintf(e->kind, sizeof(e->kind), "%s", kind);
	snprintf(e->noun, sizeof(e->noun), "%s", noun);
	e->noun_id = noun_id;
	e->roles = scope->roles | ROLE_ADMIN;
	if (scope->hidden)
		e->roles &= ROLE_OFFICE;
	e->hidden = scope->hidden;
	e->scope_user = scope->user;
	if (scope->org != NULL)
		snprintf(e->scope_org, sizeof(e->scope_org), "%s", scope->org);
	return e;
}

enum status
req_event(struct request *req, const char *kind, const char *noun,
    int64_t noun_id, struct event_scope scope, cJSON *take, int64_t *id)
{
	struct writer_private *made = req->w;
	struct event *e = NULL, **more = NULL;
	enum status st = ST_OK;

	if (made == NULL || made->no_event) {
		st = req_fail(req, ST_INTERNAL, NULL,
		    "an event was appended at the wrong time");
		goto out;
	}
	e = compose(req, kind, noun, noun_id, &scope, take);
	more = room_for_one(made->events, &made->events_cap, made->nevents,
	    sizeof(struct event *));
	if (more != NULL)
		made->events = more;
	if (e == NULL || more == NULL) {
		st = req_fail(req, ST_UNAVAILABLE, NULL, "out of memory");
		goto out;
	}
	if (event_append(req->db, e) < 0) {
		log_line(LOG_ERROR, "writer", "event=%s error=\"%s\"", kind,
		    db_error(req->db));
		st = req_fail(
		    req, ST_UNAVAILABLE, NULL, "the store cannot be written");
		goto out;
	}
	if (id != NULL)
		*id = e->id;
	made->no_event = true; /* a second one fails */
	made->events[made->nevents++] = e;
	e = NULL;
out:
	event_unref(e);
	cJSON_Delete(take);
	return st;
}

void
req_no_event(struct request *req)
{
	if (req->w != NULL)
		req->w->no_event = true;
}

void
req_keep_instead(struct request *req, const char *text)
{
	if (req->w == NULL)
		return;
	free(req->w->kept);
	req->w->kept = text != NULL ? strdup(text) : NULL;
	req->w->keeps = req->w->kept != NULL;
}

void
req_touch(struct request *req, unsigned parts)
{
	if (req->w != NULL)
		req->w->parts |= parts;
}

void
req_touch_shelter(struct request *req, int64_t shelter_id)
{
	struct writer_private *made = req->w;
	int64_t *more = NULL;

	if (made == NULL)
		return;
	if (made->nshelters < SHELTERS_MAX)
		more = room_for_one(made->shelters, &made->shelters_cap,
		    made->nshelters, sizeof(int64_t));
	if (more == NULL) {
		made->parts |= SNAP_SHELTERS;
		return;
	}
	made->shelters = more;
	made->shelters[made->nshelters++] = shelter_id;
}

void
writer_undo(struct writer_private *made, const struct writer_mark *m)
{
	while (made->nevents > m->nevents)
		event_unref(made->events[--made->nevents]);
	made->nshelters = m->nshelters;
	made->parts = m->parts;
}
