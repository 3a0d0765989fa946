/* SPDX-License-Identifier: MIT */
/* A ring of remembered answers, searched from end to end: keys are rare. */
#include <stdlib.h>
#include <string.h>
#include "shelterd/net/http_replay.h"
#include "shelterd/net/request_private.h"

enum { BODY_MAX = 64 * 1024 };

struct remembered {
	char *key; /* NULL: the slot is free */
	int64_t user;
	unsigned char hash[32];
	bool running;
	struct reply reply; /* texts of its own */
};

struct replays {
	size_t capacity, next;
	struct remembered slots[];
};

struct replays *
replays_new(size_t capacity)
{
	struct replays *r =
	    calloc(1, sizeof(*r) + capacity * sizeof(r->slots[0]));

	if (r != NULL)
		r->capacity = capacity;
	return r;
}

static void
forget(struct remembered *slot)
{
	free(slot->key);
	reply_clear(&slot->reply);
	memset(slot, 0, sizeof(*slot));
}

void
replays_free(struct replays *r)
{
	for (size_t i = 0; r != NULL && i < r->capacity; i++)
		forget(&r->slots[i]);
	free(r);
}

/* Log-in answers hold tokens and are never kept. */
static bool
concerns(const struct request *req)
{
	return req->p->idempotency_key != NULL && req->route != NULL &&
	       req->route->on != ON_WRITER && req->route->roles != ROLE_PUBLIC;
}

static struct remembered *
find(struct replays *r, const struct request *req)
{
	for (size_t i = 0; i < r->capacity; i++) {
		struct remembered *slot = &r->slots[i];

		if (slot->key != NULL && slot->user == req->caller.id &&
		    strcmp(slot->key, req->p->idempotency_key) == 0)
			return slot;
	}
	return NULL;
}

static bool
same_request(const struct remembered *slot, const struct request *req)
{
	return memcmp(slot->hash, req->p->task.request_hash,
		   sizeof(slot->hash)) == 0;
}

static bool
copy_reply(struct request *to, const struct reply *from, enum status st)
{
	char *bytes = malloc(from->len + 1);

	if (bytes == NULL)
		return false;
	if (from->len > 0)
		memcpy(bytes, from->bytes, from->len);
	reply_bytes(to, st, from->type, bytes, from->len);
	for (size_t i = 0; i < from->nheaders; i++)
		reply_header(to, from->headers[i].name, from->headers[i].value);
	return true;
}

static void
note(struct replays *r, struct request *req)
{
	struct remembered *slot = &r->slots[r->next++ % r->capacity];

	forget(slot);
	slot->key = strdup(req->p->idempotency_key);
	slot->user = req->caller.id;
	slot->running = req->p->keyed = true;
	memcpy(slot->hash, req->p->task.request_hash, sizeof(slot->hash));
}

bool
replays_begin(struct replays *r, struct request *req, enum status *st)
{
	struct remembered *slot;

	if (!concerns(req))
		return true;
	slot = find(r, req);
	if (slot == NULL) {
		note(r, req);
		return true;
	}
	if (!same_request(slot, req))
		*st = req_fail(req, ST_CONFLICT, "Idempotency-Key",
		    "the key was used for another request");
	else if (slot->running)
		*st = req_fail(req, ST_CONFLICT, "Idempotency-Key",
		    "the first request with this key is still running");
	else if (copy_reply(req, &slot->reply, slot->reply.status))
		*st = slot->reply.status;
	else
		*st = req_fail(req, ST_UNAVAILABLE, NULL, "out of memory");
	if (status_http(*st) < 400)
		reply_header(req, "Idempotent-Replay", "true");
	return false;
}

void
replays_end(struct replays *r, const struct request *req, enum status st)
{
	struct remembered *slot = req->p->keyed ? find(r, req) : NULL;
	struct request keep = { .reply = NULL };

	/* Pushed out meanwhile, and the key used anew: not ours to answer. */
	if (slot == NULL || !slot->running || !same_request(slot, req))
		return;
	keep.reply = &slot->reply;
	slot->running = false;
	if (status_http(st) >= 400 || req->reply->len > BODY_MAX ||
	    !copy_reply(&keep, req->reply, st))
		forget(slot);
}
