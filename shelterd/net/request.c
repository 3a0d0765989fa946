/* SPDX-License-Identifier: MIT */
/*
 * What handlers read of a request: parameters, query, body; making and
 * freeing one; and the write that a handler of the worker lane waits for.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "shelterd/daemon.h"
#include "shelterd/job.h"
#include "shelterd/net/json.h"
#include "shelterd/net/request_private.h"
#include "shelterd/net/when.h"
#include "shelterd/spare.h"

/* One allocation for the request and nearly all that belongs to it. */
struct whole {
	struct request request;
	struct request_private private;
	struct reply reply;
	char room[REQUEST_ROOM], reply_room[REPLY_ROOM];
};

struct request_more {
	struct request_more *next;
	char bytes[];
};

static struct spare spare = SPARE(sizeof(struct whole), 256);

int64_t
monotonic_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

struct request *
request_new(struct daemon *d)
{
	struct whole *whole = spare_take(&spare);
	struct request *req;

	if (whole == NULL)
		return NULL;
	memset(whole, 0, offsetof(struct whole, room));
	req = &whole->request;
	req->daemon = d;
	req->p = &whole->private;
	req->reply = &whole->reply;
	req->reply->room = whole->reply_room;
	req->p->room = whole->room;
	req->now = (int64_t)time(NULL);
	req->if_match = -1;
	req->snap = d != NULL ? daemon_snapshot(d) : NULL;
	req->p->started = monotonic_us();
	req->p->task.req = req;
	return req;
}

static void
free_more(struct request_more *m)
{
	struct request_more *next;

	for (; m != NULL; m = next) {
		next = m->next;
		free(m);
	}
}

void
request_free(struct request *req)
{
	if (req == NULL)
		return;
	query_release(&req->p->query);
	free_more(req->p->more);
	job_unref(req->p->job);
	reply_clear(req->reply);
	json_free(req->body);
	if (req->snap != NULL)
		snapshot_unref((struct snapshot *)req->snap);
	spare_give(&spare, req);
}

char *
req_room(struct request *req, size_t n)
{
	struct request_private *p = req->p;
	struct request_more *m;

	if (n <= REQUEST_ROOM - p->used) {
		p->used += n;
		return p->room + p->used - n;
	}
	m = malloc(sizeof(*m) + n);
	if (m == NULL)
		return NULL;
	m->next = p->more;
	p->more = m;
	return m->bytes;
}

char *
req_keep_text(struct request *req, const char *text)
{
	size_t n = strlen(text) + 1;
	char *to = req_room(req, n);

	return to != NULL ? memcpy(to, text, n) : NULL;
}

void
request_as_system(struct request *req)
{
	req->caller = (struct caller){ .role = ROLE_ADMIN, .name = "system" };
}

static const struct request_arg *
find_arg(const struct request *req, const char *name)
{
	size_t len = strlen(name);

	for (size_t i = 0; i < req->p->nargs; i++) {
		struct route_text t = req->p->args[i].name;

		if (t.len == len && memcmp(t.s, name, len) == 0)
			return &req->p->args[i];
	}
	return NULL;
}

int64_t
req_id(const struct request *req, const char *name)
{
	const struct request_arg *arg = find_arg(req, name);

	return arg != NULL ? arg->id : -1;
}

const char *
req_param(const struct request *req, const char *name)
{
	const struct request_arg *arg = find_arg(req, name);

	return arg != NULL ? arg->text : "";
}

const char *
req_query(const struct request *req, const char *name, const char *dflt)
{
	const char *value = query_get(&req->p->query, name);

	return value != NULL ? value : dflt;
}

int64_t
req_query_int(const struct request *req, const char *name, int64_t dflt)
{
	const char *text = query_get(&req->p->query, name);
	int64_t value;

	return text != NULL && text_integer(text, &value) ? value : dflt;
}

double
req_query_num(const struct request *req, const char *name, double dflt)
{
	const char *text = query_get(&req->p->query, name);
	double value;

	return text != NULL && text_number(text, &value) ? value : dflt;
}

bool
req_query_bool(const struct request *req, const char *name, bool dflt)
{
	const char *text = query_get(&req->p->query, name);
	bool value;

	return text != NULL && text_bool(text, &value) ? value : dflt;
}

bool
req_knows(const struct request *req, const char *etag)
{
	const char *known = req->p->if_none_match;

	return known != NULL &&
	       (strcmp(known, "*") == 0 || strstr(known, etag) != NULL);
}

const char *
body_str(const cJSON *body, const char *name, const char *dflt)
{
	const cJSON *v = cJSON_GetObjectItemCaseSensitive(body, name);

	return cJSON_IsString(v) ? v->valuestring : dflt;
}

int64_t
body_int(const cJSON *body, const char *name, int64_t dflt)
{
	const cJSON *v = cJSON_GetObjectItemCaseSensitive(body, name);

	return cJSON_IsNumber(v) ? (int64_t)v->valuedouble : dflt;
}

double
body_num(const cJSON *body, const char *name, double dflt)
{
	const cJSON *v = cJSON_GetObjectItemCaseSensitive(body, name);

	return cJSON_IsNumber(v) ? v->valuedouble : dflt;
}

bool
body_bool(const cJSON *body, const char *name, bool dflt)
{
	const cJSON *v = cJSON_GetObjectItemCaseSensitive(body, name);

	return cJSON_IsBool(v) ? cJSON_IsTrue(v) : dflt;
}

int64_t
body_time(const cJSON *body, const char *name, int64_t dflt)
{
	const char *text = body_str(body, name, NULL);
	int64_t seconds;

	return text != NULL && when_parse(text, &seconds) ? seconds : dflt;
}

struct waiter {
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool done;
};

static void
wake(struct request *req)
{
	struct waiter *waiter = req->p->written_arg;

	pthread_mutex_lock(&waiter->lock);
	waiter->done = true;
	pthread_cond_signal(&waiter->wake);
	pthread_mutex_unlock(&waiter->lock);
}

enum status
req_write(
    struct request *req, enum status (*fn)(struct request *, void *), void *arg)
{
	struct waiter waiter = { .done = false };
	struct db *db = req->db;

	pthread_mutex_init(&waiter.lock, NULL);
	pthread_cond_init(&waiter.wake, NULL);
	req->p->written = wake;
	req->p->written_arg = &waiter;
	req->p->task.run = fn;
	req->p->task.arg = arg;
	daemon_write(req->daemon, &req->p->task);
	pthread_mutex_lock(&waiter.lock);
	while (!waiter.done)
		pthread_cond_wait(&waiter.wake, &waiter.lock);
	pthread_mutex_unlock(&waiter.lock);
	pthread_mutex_destroy(&waiter.lock);
	pthread_cond_destroy(&waiter.wake);
	req->db = db;
	return req->p->task.status;
}
