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
#include "shelterd/snapshot.h"
#include "shelterd/store/db.h"
#include "shelterd/writer_private.h"

enum { SHELTERS_MAX = 4096 /* more single ones: reload all */ };

/* A text cut to the room it has. */
static void
put(char *to, size_t size, const char *from)
{
	size_t n = strnlen(from, size - 1);

	memcpy(to, from, n);
	to[n] = '\0';
}

static struct event *
compose(const struct request *req, const char *kind, const char *noun,
    int64_t noun_id, const struct event_scope *scope, const char *body,
    size_t len)
{
	struct event *e = body != NULL ? event_make() : NULL;

	if (e == NULL || !event_set_body(e, body, len)) {
		event_unref(e);
		return NULL;
	}
	e->at = req->now;
	e->user_id = req->caller.id;
	put(e->user, sizeof(e->user), req->caller.name);
	put(e->kind, sizeof(e->kind), kind);
	put(e->noun, sizeof(e->noun), noun);
	e->noun_id = noun_id;
	e->roles = scope->roles | ROLE_ADMIN;
	if (scope->hidden)
		e->roles &= ROLE_OFFICE;
	e->hidden = scope->hidden;
	e->scope_user = scope->user;
	if (scope->org != NULL)
		put(e->scope_org, sizeof(e->scope_org), scope->org);
	return e;
}

static const struct event *
newest(const struct writer_private *made)
{
	return made->nevents > 0 ? made->events[made->nevents - 1] : NULL;
}

static int
append(struct request *req, struct event *e)
{
	const struct event *before = newest(req->w);

	return req->w->bare ? event_number(req->db, e, before)
			    : event_append(req->db, e, before);
}

enum status
req_event_text(struct request *req, const char *kind, const char *noun,
    int64_t noun_id, struct event_scope scope, const char *text, size_t len,
    int64_t *id)
{
	struct event *e = compose(req, kind, noun, noun_id, &scope, text, len);
	struct writer_private *made = req->w;
	struct event **more = NULL;
	enum status st = ST_OK;

	if (made == NULL || made->no_event) {
		st = req_fail(req, ST_INTERNAL, NULL,
		    "an event was appended at the wrong time");
		goto out;
	}
	more = room_for_one(made->events, &made->events_cap, made->nevents,
	    sizeof(struct event *));
	if (more != NULL)
		made->events = more;
	if (e == NULL || more == NULL) {
		st = req_fail(req, ST_UNAVAILABLE, NULL, "out of memory");
		goto out;
	}
	if (append(req, e) < 0) {
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
	if (!made->bare)
		made->stored = made->nevents;
	e = NULL;
out:
	event_unref(e);
	return st;
}

enum status
req_event(struct request *req, const char *kind, const char *noun,
    int64_t noun_id, struct event_scope scope, cJSON *take, int64_t *id)
{
	char *made = take != NULL ? cJSON_PrintUnformatted(take) : NULL;
	const char *body = take != NULL ? made : "{}";
	enum status st = req_event_text(req, kind, noun, noun_id, scope, body,
	    body != NULL ? strlen(body) : 0, id);

	cJSON_Delete(take);
	free(made);
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
	if (req->w == NULL)
		return;
	req->w->parts |= parts;
	req->w->on_map |= (parts & SNAP_MAP) != 0;
}

void
req_touch_shelter(struct request *req, int64_t shelter_id)
{
	struct writer_private *made = req->w;
	int64_t *more = NULL;

	if (made == NULL)
		return;
	made->on_map = true;
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
req_set_rules(struct request *req, const struct rules *rules)
{
	if (req->w != NULL)
		req->w->rules = rules;
}

const struct rules *
req_next_rules(const struct request *req)
{
	return req->w != NULL && req->w->rules != NULL
		   ? req->w->rules
		   : snapshot_rules(req->snap);
}

void
writer_undo(struct writer_private *made, const struct writer_mark *m)
{
	while (made->nevents > m->nevents)
		event_unref(made->events[--made->nevents]);
	if (made->stored > m->nevents)
		made->stored = m->nevents;
	made->nshelters = m->nshelters;
	made->parts = m->parts;
	made->map_event = m->map_event;
	made->rules = m->rules;
}

bool
req_may_run_again(const struct request *req)
{
	return req->w != NULL && req->w->bare;
}

void *
req_memo(struct request *req, int (*settle)(void *, struct db *))
{
	const struct writer_memo *m = req->w != NULL ? &req->w->memo : NULL;

	return m != NULL && m->settle == settle ? m->of : NULL;
}

bool
req_keep_memo(struct request *req, struct writer_memo memo)
{
	if (req->w == NULL || req->w->memo.of != NULL)
		return false;
	req->w->memo = memo;
	return true;
}

int
writer_settle(struct writer_private *made, struct db *db)
{
	int rc = DB_OK;

	if (made->memo.of != NULL)
		rc = made->memo.settle(made->memo.of, db);
	if (rc == DB_OK)
		rc = event_store(db, made->events + made->stored,
		    made->nevents - made->stored);
	if (rc == DB_OK)
		made->stored = made->nevents;
	return rc;
}

void
writer_forget(struct writer_private *made)
{
	if (made->memo.of != NULL)
		made->memo.free(made->memo.of);
	made->memo = (struct writer_memo){ 0 };
}
