/* SPDX-License-Identifier: MIT */
/*
 * Idempotency keys on the writer: an answer is kept in the transaction that
 * made it true, and given again, byte for byte, to who repeats the request.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shelterd/net/json_out.h"
#include "shelterd/net/reply.h"
#include "shelterd/store/db.h"
#include "shelterd/store/idempotency.h"
#include "shelterd/store/rows.h"
#include "shelterd/writer_private.h"

/* reply.type is static text. */
static const char *
static_type(const char *type)
{
	static const char *const known[] = { "application/json",
		"application/geo+json", "text/csv; charset=utf-8" };

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (strcmp(known[i], type) == 0)
			return known[i];
	return known[0];
}

static void
replay_headers(struct request *req, char *lines)
{
	char *save = NULL, *colon;

	for (char *l = strtok_r(lines, "\n", &save); l != NULL;
	     l = strtok_r(NULL, "\n", &save)) {
		colon = strstr(l, ": ");
		if (colon == NULL)
			continue;
		*colon = '\0';
		reply_header(req, l, colon + 2);
	}
}

static enum status
replay(struct request *req, struct idempotency_answer *a)
{
	enum status st = a->status;

	reply_clear(req->reply);
	if (a->type[0] != '\0') {
		st =
		    reply_bytes(req, st, static_type(a->type), a->body, a->len);
		a->body = NULL;
	} else {
		req->reply->status = st;
	}
	replay_headers(req, a->headers);
	reply_header(req, "Idempotent-Replay", "true");
	return st;
}

bool
writer_settled_by_key(struct writer_task *t, enum status *st)
{
	struct idempotency_answer a;
	struct request *req = t->req;

	switch (idempotency_find(t->req->db, req->caller.id, t->idempotency_key,
	    t->request_hash, &a)) {
	case IDEM_NEW:
		return false;
	case IDEM_DONE:
		*st = replay(req, &a);
		break;
	case IDEM_OTHER:
		reply_clear(req->reply);
		*st = req_fail(req, ST_CONFLICT, "Idempotency-Key",
		    "the key was used for another request");
		break;
	case IDEM_ERROR:
		*st = writer_unavailable(req, "the store cannot be read");
		break;
	}
	idempotency_release(&a);
	return true;
}

/* As lines. */
static void
put_headers(struct json_out *o, const struct reply *r)
{
	for (size_t i = 0; i < r->nheaders; i++) {
		json_out_raw(o, r->headers[i].name);
		json_out_raw(o, ": ");
		json_out_raw(o, r->headers[i].value);
		json_out_raw(o, "\n");
	}
	json_out_end(o);
}

int
writer_keep_answer(const struct writer_task *t, enum status st)
{
	const struct reply *r = t->req->reply;
	struct idempotency_answer a = {
		.status = st,
		.type = (char *)r->type,
		.body = r->bytes,
		.len = r->len,
	};
	struct json_out headers;
	int rc = DB_ERROR;
	char room[400];

	json_out_lend(&headers, room, sizeof(room));
	put_headers(&headers, r);
	a.headers = headers.bytes;

	if (t->req->w->kept != NULL) {
		a.body = t->req->w->kept;
		a.len = strlen(a.body);
	}
	if (!headers.failed)
		rc = idempotency_keep(t->req->db, t->req->caller.id,
		    t->idempotency_key, t->request_hash, t->req->now, &a);
	json_out_release(&headers);
	return rc;
}

bool
writer_keeps_later(const struct writer_task *t)
{
	const struct writer_private *made = t->req->w;

	return made->bare && made->kept == NULL && t->req->reply->nheaders == 0;
}

static struct idempotency_row
row_of(const struct writer_task *t)
{
	const struct reply *r = t->req->reply;

	return (struct idempotency_row){
		.account = t->req->caller.id,
		.key = t->idempotency_key,
		.request_hash = t->request_hash,
		.at = t->req->now,
		.answer = {
			.status = t->status,
			.type = (char *)r->type,
			.body = r->bytes,
			.len = r->len,
		},
	};
}

int
writer_keep_answers(struct db *db, struct writer_task *t)
{
	struct idempotency_row rows[ROWS];
	int rc = DB_OK;
	size_t n = 0;

	for (; t != NULL && rc == DB_OK; t = t->next) {
		if (!t->unkept || status_http(t->status) >= 400)
			continue;
		t->unkept = false;
		rows[n++] = row_of(t);
		if (n == ROWS) {
			rc = idempotency_keep_all(db, rows, n);
			n = 0;
		}
	}
	return rc == DB_OK ? idempotency_keep_all(db, rows, n) : rc;
}
