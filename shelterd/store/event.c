/* SPDX-License-Identifier: MIT */
/*
 * The event log: append, list, verify.
 *
 * The canonical line of an event is its JSON text as it is exported, without
 * the last member "hash":
 *
 *	{"id":7,"at":"2026-11-22T10:00:00Z","user_id":1,"user":"admin",
 *	"kind":"user.changed","noun":"user","noun_id":2,"scope":{"roles":1,
 *	"user":0,"org":"","hidden":false},"body":{...}}
 *
 * on one line, members in this order, no blank between them, the body's bytes
 * as stored.  hash = SHA-256(previous hash, 32 raw bytes, then that line
 * without a newline); the hash before event 1 is 32 zero bytes.  To verify an
 * export, cut `,"hash":"..."` off each line and feed sha256sum.
 *
 * It must not know who reads events or how they travel.
 */
#include "shelterd/store/event.h"

#include <pthread.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shelterd/net/json_out.h"
#include "shelterd/net/route.h"
#include "shelterd/spare.h"
#include "shelterd/store/db.h"
#include "shelterd/store/rows.h"
#include "shelterd/store/sha256.h"
#include "shelterd/net/when.h"

enum {
	HEX = EVENT_HASH * 2 + 1,
	ROOM = 480,	 /* for most bodies */
	SPARES = 512,	 /* about as many as two batches bring */
	LINE_ROOM = 2048 /* for most canonical lines */
};

struct counted { /* what event_make() really allocates */
	struct event e;
	atomic_int refs;
	char room[ROOM];
};

/* The writer makes them, the loop drops them. */
static struct spare spare = SPARE(sizeof(struct counted), SPARES);

struct event *
event_make(void)
{
	struct counted *c = spare_take(&spare);

	if (c == NULL)
		return NULL;
	memset(&c->e, 0, sizeof(c->e));
	atomic_init(&c->refs, 1);
	return &c->e;
}

bool
event_set_body(struct event *e, const char *text, size_t len)
{
	e->body = len < ROOM ? ((struct counted *)e)->room : malloc(len + 1);
	if (e->body == NULL)
		return false;
	memcpy(e->body, text, len);
	e->body[len] = '\0';
	return true;
}

void
event_ref(struct event *e)
{
	atomic_fetch_add(&((struct counted *)e)->refs, 1);
}

void
event_unref(struct event *e)
{
	struct counted *c = (struct counted *)e;

	if (c == NULL || atomic_fetch_sub(&c->refs, 1) > 1)
		return;
	if (e->body != c->room)
		free(e->body);
	spare_give(&spare, c);
}

/* JSON text. */

static void
put_time(struct json_out *o, int64_t at)
{
	char text[WHEN_SIZE];

	json_out_text(o, when_print(at, text));
}

static void
put_members(struct json_out *o, const struct event *e)
{
	json_out_raw(o, "{\"id\":");
	json_out_int(o, e->id);
	json_out_raw(o, ",\"at\":");
	put_time(o, e->at);
	json_out_raw(o, ",\"user_id\":");
	json_out_int(o, e->user_id);
	json_out_raw(o, ",\"user\":");
	json_out_text(o, e->user);
	json_out_raw(o, ",\"kind\":");
	json_out_text(o, e->kind);
	json_out_raw(o, ",\"noun\":");
	json_out_text(o, e->noun);
	json_out_raw(o, ",\"noun_id\":");
	json_out_int(o, e->noun_id);
	json_out_raw(o, ",\"scope\":{\"roles\":");
	json_out_int(o, e->roles);
	json_out_raw(o, ",\"user\":");
	json_out_int(o, e->scope_user);
	json_out_raw(o, ",\"org\":");
	json_out_text(o, e->scope_org);
	json_out_raw(o, ",\"hidden\":");
	json_out_raw(o, e->hidden ? "true" : "false");
	json_out_raw(o, "},\"body\":");
	json_out_raw(o, e->body != NULL ? e->body : "{}");
}

char *
event_json(const struct event *e)
{
	struct json_out o = { .first = JSON_OUT_HANDY };
	char hex[HEX];
	size_t len;

	put_members(&o, e);
	sodium_bin2hex(hex, sizeof(hex), e->hash, EVENT_HASH);
	json_out_raw(&o, ",\"hash\":\"");
	json_out_raw(&o, hex);
	json_out_raw(&o, "\"}");
	return json_out_take(&o, &len);
}

static int
hash_event(const struct event *e, unsigned char hash[EVENT_HASH])
{
	char line[LINE_ROOM];
	struct json_out o;
	int rc = DB_ERROR;

	json_out_lend(&o, line, sizeof(line));
	json_out_bytes(&o, (const char *)e->prev, EVENT_HASH);
	put_members(&o, e);
	json_out_raw(&o, "}");
	if (!o.failed) {
		sha256(hash, o.bytes, o.len);
		rc = DB_OK;
	}
	json_out_release(&o);
	return rc;
}

/* Rows. */

static int
last(struct db *db, int64_t *id, unsigned char hash[EVENT_HASH])
{
	struct db_stmt *s = db_prepare(
	    db, "SELECT id, hash FROM event ORDER BY id DESC LIMIT 1");
	int rc = db_step(s);
	const void *data;
	size_t len = 0;

	*id = 0;
	memset(hash, 0, EVENT_HASH);
	if (rc != DB_ROW)
		return rc;
	*id = db_int(s, 0);
	data = db_blob(s, 1, &len);
	if (len == EVENT_HASH)
		memcpy(hash, data, len);
	db_done(s);
	return DB_OK;
}

int64_t
event_last(struct db *db)
{
	unsigned char hash[EVENT_HASH];
	int64_t id;
	int rc = last(db, &id, hash);

	return rc < 0 ? rc : id;
}

static void
lend(struct db_stmt *s, int n, const char *text)
{
	db_lend_text(s, n, text, strlen(text));
}

#define INSERT                                                                \
	"INSERT INTO event (id, at, user_id, user_name, kind, noun, noun_id," \
	" roles, scope_user, scope_org, hidden, body, hash) VALUES"
enum { COLUMNS = 13 };

static char insert_rows[ROWS_SQL];

static void
make_insert_rows(void)
{
	rows_sql(insert_rows, INSERT, COLUMNS, "");
}

/* As the at-th row of the statement. */
static void
bind(struct db_stmt *s, int at, const struct event *e)
{
	int n = at * COLUMNS;

	db_bind_int(s, n + 1, e->id);
	db_bind_int(s, n + 2, e->at);
	db_bind_int(s, n + 3, e->user_id);
	lend(s, n + 4, e->user);
	lend(s, n + 5, e->kind);
	lend(s, n + 6, e->noun);
	db_bind_int(s, n + 7, e->noun_id);
	db_bind_int(s, n + 8, e->roles);
	db_bind_int(s, n + 9, e->scope_user);
	lend(s, n + 10, e->scope_org);
	db_bind_int(s, n + 11, e->hidden);
	lend(s, n + 12, e->body != NULL ? e->body : "{}");
	db_lend_blob(s, n + 13, e->hash, EVENT_HASH);
}

static int
insert(struct db *db, const struct event *e)
{
	struct db_stmt *s = db_prepare(db,
	    INSERT " ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)");

	bind(s, 0, e);
	return db_run(s);
}

int
event_store(struct db *db, struct event *const *e, size_t n)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct db_stmt *s;
	int rc = DB_OK;

	pthread_once(&once, make_insert_rows);
	for (; n >= ROWS && rc == DB_OK; n -= ROWS, e += ROWS) {
		s = db_prepare(db, insert_rows);
		for (int i = 0; i < ROWS; i++)
			bind(s, i, e[i]);
		rc = db_run(s);
	}
	for (; n > 0 && rc == DB_OK; n--, e++)
		rc = insert(db, *e);
	return rc;
}

int
event_number(struct db *db, struct event *e, const struct event *before)
{
	int rc = DB_OK;

	if (before != NULL) {
		e->id = before->id;
		memcpy(e->prev, before->hash, EVENT_HASH);
	} else {
		rc = last(db, &e->id, e->prev);
	}
	e->id++;
	return rc < 0 ? rc : hash_event(e, e->hash);
}

int
event_append(struct db *db, struct event *e, const struct event *before)
{
	int rc = event_number(db, e, before);

	return rc < 0 ? rc : insert(db, e);
}

static void
copy_text(char *to, size_t size, const char *from)
{
	snprintf(to, size, "%s", from);
}

static struct event *
read_row(struct db_stmt *s, const unsigned char prev[EVENT_HASH])
{
	struct event *e = event_make();
	const char *body = db_text(s, 11);
	const void *hash;
	size_t len = 0;

	if (e == NULL)
		return NULL;
	e->id = db_int(s, 0);
	e->at = db_int(s, 1);
	e->user_id = db_int(s, 2);
	copy_text(e->user, sizeof(e->user), db_text(s, 3));
	copy_text(e->kind, sizeof(e->kind), db_text(s, 4));
	copy_text(e->noun, sizeof(e->noun), db_text(s, 5));
	e->noun_id = db_int(s, 6);
	e->roles = (unsigned)db_int(s, 7);
	e->scope_user = db_int(s, 8);
	copy_text(e->scope_org, sizeof(e->scope_org), db_text(s, 9));
	e->hidden = db_int(s, 10) != 0;
	event_set_body(e, body, strlen(body));
	hash = db_blob(s, 12, &len);
	if (len == EVENT_HASH)
		memcpy(e->hash, hash, len);
	memcpy(e->prev, prev, EVENT_HASH);
	if (e->body == NULL) {
		event_unref(e);
		return NULL;
	}
	return e;
}

static struct db_stmt *
select_since(struct db *db, int64_t since, int64_t limit)
{
	struct db_stmt *s = db_prepare(db,
	    "SELECT id, at, user_id, user_name, kind, noun, noun_id, roles,"
	    " scope_user, scope_org, hidden, body, hash"
	    " FROM event WHERE id > $1 ORDER BY id LIMIT $2");

	db_bind_int(s, 1, since);
	db_bind_int(s, 2, limit);
	return s;
}

static void
hash_at(struct db *db, int64_t id, unsigned char hash[EVENT_HASH])
{
	struct db_stmt *s =
	    db_prepare(db, "SELECT hash FROM event WHERE id = $1");
	const void *data;
	size_t len;

	memset(hash, 0, EVENT_HASH);
	db_bind_int(s, 1, id);
	if (db_step(s) == DB_ROW) {
		data = db_blob(s, 0, &len);
		if (len == EVENT_HASH)
			memcpy(hash, data, len);
	}
	db_done(s);
}

int
event_list(struct db *db, int64_t since, int limit, struct event **out)
{
	unsigned char prev[EVENT_HASH];
	struct db_stmt *s;
	int n = 0, rc;

	hash_at(db, since, prev);
	s = select_since(db, since, limit);
	while ((rc = db_step(s)) == DB_ROW) {
		out[n] = read_row(s, prev);
		if (out[n] == NULL) {
			db_done(s);
			rc = DB_ERROR;
			break;
		}
		memcpy(prev, out[n]->hash, EVENT_HASH);
		n++;
	}
	if (rc >= 0)
		return n;
	while (n > 0)
		event_unref(out[--n]);
	return rc;
}

bool
event_visible(const struct event *e, int64_t user_id, int role, const char *org)
{
	if (role == ROLE_ADMIN)
		return true;
	if (e->hidden && role != ROLE_COORDINATOR)
		return false;
	if ((e->roles & (unsigned)role) == 0)
		return false;
	if (role == ROLE_INSPECTOR && e->scope_user != 0)
		return e->scope_user == user_id;
	if (role == ROLE_UNIT && e->scope_org[0] != '\0')
		return strcmp(e->scope_org, org) == 0;
	return true;
}

int
event_ids_of(struct db *db, const char *noun, int64_t noun_id, int64_t after,
    int limit, int64_t *ids)
{
	struct db_stmt *s =
	    db_prepare(db, "SELECT id FROM event WHERE noun = $1"
			   " AND noun_id = $2 AND id > $3 ORDER BY id");
	int n = 0, rc;

	db_bind_text(s, 1, noun);
	db_bind_int(s, 2, noun_id);
	db_bind_int(s, 3, after);
	for (; (rc = db_step(s)) == DB_ROW; n++)
		if (n < limit)
			ids[n] = db_int(s, 0);
	return rc < 0 ? rc : n;
}

bool
event_sound(const struct event *e)
{
	unsigned char hash[EVENT_HASH];

	return hash_event(e, hash) == DB_OK &&
	       memcmp(hash, e->hash, EVENT_HASH) == 0;
}

int
event_verify(struct db *db, int64_t *count, int64_t *head, int64_t *first_bad,
    char *headhash)
{
	unsigned char prev[EVENT_HASH] = { 0 };
	struct db_stmt *s = select_since(db, INT64_MIN, -1);
	struct event *e;
	int rc;

	*count = *head = *first_bad = 0;
	while ((rc = db_step(s)) == DB_ROW) {
		e = read_row(s, prev);
		if (e == NULL) {
			db_done(s);
			return DB_ERROR;
		}
		if (*first_bad == 0 && (e->id != *head + 1 || !event_sound(e)))
			*first_bad = e->id > 0 ? e->id : 1;
		memcpy(prev, e->hash, EVENT_HASH);
		*head = e->id;
		++*count;
		event_unref(e);
	}
	sodium_bin2hex(headhash, HEX, prev, EVENT_HASH);
	return rc;
}
