/* SPDX-License-Identifier: MIT */
/*
 * The way of a request from its connection to its lane and back.  The
 * connection waits for the answer whether its client has gone or not, so
 * nothing here needs to know.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include "shelterd/daemon.h"
#include "shelterd/net/http.h"
#include "shelterd/net/http_check.h"
#include "shelterd/net/http_conn.h"
#include "shelterd/net/http_listen.h"
#include "shelterd/net/http_replay.h"
#include "shelterd/job.h"
#include "shelterd/lane.h"
#include "shelterd/log.h"
#include "shelterd/net/metrics.h"
#include "shelterd/net/request_private.h"
#include "shelterd/net/sse.h"
#include "shelterd/store/db.h"
#include "shelterd/net/static.h"

enum {
	REPLAYS = 1024,
	OWN_FILES = 256 /* descriptors kept for the store and the rest */
};

struct http {
	struct daemon *daemon;
	struct http_listen *listen; /* NULL: it stops */
	struct http_listen *local;  /* NULL: none */
	struct http_conns *conns;
	struct route_set *routes;
	struct replays *replays;
	size_t in_flight;
};

/* The method as a text that lives on. */
static const char *
method_name(const char *method)
{
	static const char *const names[] = { "GET", "POST", "HEAD", "PATCH",
		"PUT", "DELETE", "OPTIONS" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(method, names[i]) == 0)
			return names[i];
	return "OTHER";
}

static void
log_answer(const struct request *req, enum status st, int64_t us)
{
	const char *path = req->route != NULL ? req->route->path : "-";
	enum log_level level = status_http(st) >= 400 ? LOG_INFO : LOG_DEBUG;

	if (!log_wants(level))
		return;
	log_line(level, "request",
	    "method=%s path=%s status=%d user=%lld us=%lld",
	    req->p->method != NULL ? req->p->method : "-", path,
	    status_http(st), (long long)req->caller.id, (long long)us);
}

void
http_finish(struct request *req, enum status st)
{
	struct http *http = daemon_http(req->daemon);
	int64_t us = monotonic_us() - req->p->started;
	struct job *job = req->p->job;

	if (status_http(st) >= 400 && req->reply->bytes == NULL)
		req_fail(req, st, NULL, "%s", status_title(st));
	req->p->job = NULL;
	replays_end(http->replays, req, st);
	metrics_answer(daemon_metrics(req->daemon), req->route, st, us);
	log_answer(req, st, us);
	if (http->listen == NULL)
		http_conn_close(req->p->conn);
	http_send(req, st);
	http->in_flight--;
	request_free(req);
	if (job != NULL && status_http(st) < 400)
		job_start(job);
	else if (job != NULL)
		job_drop(job);
}

static void
lane_done(struct loop_post *post)
{
	struct request_private *p =
	    (struct request_private *)((char *)post -
				       offsetof(struct request_private, post));

	http_finish(p->task.req, p->status);
}

/* On a lane's thread; its context is its connection. */
static void
run_on_lane(struct lane_work *work, void *context)
{
	struct request_private *p =
	    (struct request_private *)((char *)work -
				       offsetof(struct request_private, work));
	struct request *req = p->task.req;

	req->db = context;
	p->status = req->route->handle(req);
	if (req->db != NULL)
		db_reset(req->db); /* a loop left early would keep old rows */
	req->db = NULL;
	loop_post(daemon_loop(req->daemon), &p->post);
}

static enum status
run_on_writer(struct request *req, void *arg)
{
	(void)arg;
	return req->route->handle(req);
}

static void
written(struct request *req)
{
	http_finish(req, req->p->task.status);
}

static void
submit(struct request *req, enum daemon_lane lane)
{
	req->p->work.run = run_on_lane;
	req->p->post.fn = lane_done;
	if (!lane_submit(daemon_lane(req->daemon, lane), &req->p->work))
		http_finish(req, req_fail(req, ST_UNAVAILABLE, NULL,
				     "too many requests wait"));
}

static void
dispatch(struct request *req)
{
	enum status st;

	switch (req->route->on) {
	case ON_READER:
		submit(req, LANE_READER);
		break;
	case ON_WORKER:
		submit(req, LANE_REQUESTS);
		break;
	case ON_WRITER:
		req->p->written = written;
		req->p->task.run = run_on_writer;
		daemon_write(req->daemon, &req->p->task);
		break;
	case ON_LOOP:
		st = req->route->handle(req);
		if (!req->p->parked)
			http_finish(req, st);
		break;
	}
}

static bool
wants_stream(const struct request *req, const struct http_message *msg)
{
	const char *accept = http_field(msg, HTTP_ACCEPT);

	return accept != NULL && strcmp(req->route->path, "/v1/events") == 0 &&
	       strcmp(msg->method, "GET") == 0 &&
	       strstr(accept, "text/event-stream") != NULL;
}

/* NULL: no memory, and the connection ends without an answer. */
static struct request *
new_request(struct http *http, struct http_conn *conn)
{
	struct request *req = request_new(http->daemon);

	if (req == NULL) {
		http_conn_close(conn);
		http_conn_send(conn, "", 0, NULL, 0);
		return NULL;
	}
	req->p->conn = conn;
	memccpy(req->caller.peer, http_conn_peer(conn), '\0',
	    sizeof(req->caller.peer) - 1);
	http->in_flight++;
	return req;
}

/* false: answered already. */
static bool
admit(struct http *http, struct request *req, const struct http_message *msg)
{
	req->p->method = method_name(msg->method);
	req->p->head = strcmp(msg->method, "HEAD") == 0;
	if (http->listen == NULL)
		req_fail(req, ST_UNAVAILABLE, NULL, "the daemon stops");
	else if (http_conn_over_limit(req->p->conn))
		req_fail(req, ST_UNAVAILABLE, NULL, "too many connections");
	else
		return true;
	http_conn_close(req->p->conn);
	http_finish(req, ST_UNAVAILABLE);
	return false;
}

/* What http_check() found wrong; a path without a row may be a file's. */
static void
answer_wrong(struct http *http, struct request *req,
    const struct http_message *msg, enum status st)
{
	if (st == ST_NOT_FOUND && req->route == NULL)
		st = static_answer(daemon_statics(http->daemon), req,
		    msg->method, msg->target,
		    http_field(msg, HTTP_IF_NONE_MATCH));
	http_finish(req, st);
}

static void
on_request(void *arg, struct http_conn *conn, const struct http_message *msg)
{
	struct http *http = arg;
	struct request *req = new_request(http, conn);
	enum status st;

	if (req == NULL || !admit(http, req, msg))
		return;
	st = http_check(
	    req, msg, http->routes, daemon_conf(http->daemon)->max_body);
	if (st != ST_OK) {
		answer_wrong(http, req, msg, st);
	} else if (wants_stream(req, msg)) {
		st = sse_open(daemon_sse(http->daemon), req,
		    http_field(msg, HTTP_LAST_EVENT_ID));
		if (st == ST_OK)
			http->in_flight--;
		else
			http_finish(req, st);
	} else if (replays_begin(http->replays, req, &st)) {
		dispatch(req);
	} else {
		http_finish(req, st);
	}
}

/* Whoever may not send a body is told before it is read.  The request itself
 * is checked anew when it is whole: a token may end meanwhile. */
static int64_t
on_head(void *arg, struct http_conn *conn, const struct http_message *msg)
{
	struct http *http = arg;
	struct request *req = new_request(http, conn);
	int64_t most = daemon_conf(http->daemon)->max_body;
	enum status st;

	if (req == NULL || !admit(http, req, msg))
		return -1;
	st = http_check_head(req, msg, http->routes, &most);
	if (st != ST_OK) {
		answer_wrong(http, req, msg, st);
		return -1;
	}
	http->in_flight--;
	request_free(req);
	return most;
}

static void
on_wrong(void *arg, struct http_conn *conn, const struct http_wrong *wrong)
{
	struct request *req = new_request(arg, conn);

	if (req != NULL)
		http_finish(
		    req, req_fail(req, wrong->status, NULL, "%s", wrong->why));
}

static void
on_socket(void *arg, int fd, const struct sockaddr *from)
{
	struct http *http = arg;

	http_conns_add(
	    http->conns, fd, from, daemon_conf(http->daemon)->max_connections);
}

/* Room for the connections and our own files; never above the hard limit. */
static void
raise_file_limit(int64_t connections)
{
	struct rlimit limit;
	rlim_t want = (rlim_t)connections + OWN_FILES;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return;
	limit.rlim_cur = want < limit.rlim_max ? want : limit.rlim_max;
	if (limit.rlim_cur < want)
		log_line(LOG_WARN, "http", "files=%llu wanted=%llu",
		    (unsigned long long)limit.rlim_cur,
		    (unsigned long long)want);
	setrlimit(RLIMIT_NOFILE, &limit);
}

struct http *
http_new(struct daemon *d, char *err, size_t errsize)
{
	const struct conf *conf = daemon_conf(d);
	struct http *http = calloc(1, sizeof(*http));
	const struct http_conn_ops ops = { .request = on_request,
		.head = on_head,
		.wrong = on_wrong,
		.arg = http };

	snprintf(err, errsize, "http: out of memory");
	if (http == NULL)
		return NULL;
	http->daemon = d;
	http->routes = route_set_new(route_arrays);
	http->replays = replays_new(REPLAYS);
	http->conns = http_conns_new(
	    loop_base(daemon_loop(d)), &ops, conf->request_timeout);
	raise_file_limit(conf->max_connections);
	if (http->routes != NULL && http->replays != NULL &&
	    http->conns != NULL)
		http->listen = http_listen_new(daemon_loop(d), conf->listen,
		    on_socket, http, err, errsize);
	if (http->listen != NULL && conf->local_socket[0] != '\0')
		http->local = http_listen_local(daemon_loop(d),
		    conf->local_socket, on_socket, http, err, errsize);
	if (http->listen == NULL ||
	    (http->local == NULL && conf->local_socket[0] != '\0')) {
		http_free(http);
		return NULL;
	}
	return http;
}

const char *
http_url(const struct http *http)
{
	return http->listen != NULL ? http_listen_url(http->listen) : "";
}

void
http_drain(struct http *http)
{
	http_listen_free(http->listen);
	http_listen_free(http->local);
	http->listen = http->local = NULL;
}

size_t
http_in_flight(const struct http *http)
{
	return http->in_flight + http_conns_unsent(http->conns);
}

void
http_free(struct http *http)
{
	if (http == NULL)
		return;
	http_drain(http);
	http_conns_free(http->conns);
	route_set_free(http->routes);
	replays_free(http->replays);
	free(http);
}
