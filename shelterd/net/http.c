/* SPDX-License-Identifier: MIT */
/*
 * The server: listener, limits, and the way of a request from libevent to its
 * lane and back.  evhttp leaves us a request whose client has gone until we
 * answer it, so nothing here needs to know whether the client is still there.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <arpa/inet.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/http_struct.h>
#include <event2/listener.h>
#include "shelterd/daemon.h"
#include "shelterd/net/http.h"
#include "shelterd/net/http_check.h"
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
	HEADERS_MAX = 16 * 1024,
	BACKLOG = 1024,
	REPLAYS = 1024,
	OWN_FILES = 256,    /* descriptors kept for the store and the rest */
	ACCEPT_PAUSE = 100, /* ms */
	ALL_METHODS = EVHTTP_REQ_GET | EVHTTP_REQ_POST | EVHTTP_REQ_HEAD |
		      EVHTTP_REQ_PUT | EVHTTP_REQ_DELETE | EVHTTP_REQ_OPTIONS |
		      EVHTTP_REQ_TRACE | EVHTTP_REQ_CONNECT | EVHTTP_REQ_PATCH
};

struct http {
	struct daemon *daemon;
	struct evhttp *server;
	struct evhttp_bound_socket *bound;
	struct route_set *routes;
	struct replays *replays;
	size_t in_flight;
	size_t largest; /* bytes of a body that evhttp takes */
	int first_fd;	/* the listener's: connections are numbered above */
	bool draining;
	char url[128];
};

static const char *
method_name(enum evhttp_cmd_type type)
{
	switch (type) {
	case EVHTTP_REQ_GET:
		return "GET";
	case EVHTTP_REQ_HEAD:
		return "HEAD";
	case EVHTTP_REQ_POST:
		return "POST";
	case EVHTTP_REQ_PUT:
		return "PUT";
	case EVHTTP_REQ_PATCH:
		return "PATCH";
	case EVHTTP_REQ_DELETE:
		return "DELETE";
	case EVHTTP_REQ_OPTIONS:
		return "OPTIONS";
	default:
		return "OTHER";
	}
}

static const char *
message_header(const struct http_message *msg, const char *name)
{
	return evhttp_find_header(evhttp_request_get_input_headers(
				      (struct evhttp_request *)msg->from),
	    name);
}

static struct http_message
message_of(struct evhttp_request *ev)
{
	struct evbuffer *in = evhttp_request_get_input_buffer(ev);

	return (struct http_message){
		.method = method_name(evhttp_request_get_command(ev)),
		.target = evhttp_request_get_uri(ev),
		.header = message_header,
		.from = ev,
		.body = (const char *)evbuffer_pullup(in, -1),
		.len = evbuffer_get_length(in),
	};
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
	    req->p->ev != NULL
		? method_name(evhttp_request_get_command(req->p->ev))
		: "-",
	    path, status_http(st), (long long)req->caller.id, (long long)us);
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
	http_send(req, st, http->draining);
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
	const char *accept = msg->header(msg, "Accept");

	return strcmp(req->route->path, "/v1/events") == 0 &&
	       strcmp(msg->method, "GET") == 0 && accept != NULL &&
	       strstr(accept, "text/event-stream") != NULL;
}

/* More connections than max-connections?  The kernel gives the lowest free
 * number, so a high one means that all below are taken. */
static bool
over_limit(const struct http *http, struct evhttp_request *ev)
{
	struct evhttp_connection *con = evhttp_request_get_connection(ev);
	int fd = con == NULL ? -1
			     : bufferevent_getfd(
				   evhttp_connection_get_bufferevent(con));

	return fd - http->first_fd > daemon_conf(http->daemon)->max_connections;
}

static void
note_peer(struct request *req, struct evhttp_request *ev)
{
	struct evhttp_connection *con = evhttp_request_get_connection(ev);
	char *address = NULL;
	uint16_t port;

	if (con != NULL)
		evhttp_connection_get_peer(con, &address, &port);
	if (address != NULL)
		snprintf(
		    req->caller.peer, sizeof(req->caller.peer), "%s", address);
}

static void
received(struct evhttp_request *ev, void *arg)
{
	struct http *http = arg;
	struct request *req = request_new(http->daemon);
	struct http_message msg = message_of(ev);
	enum status st;

	if (req == NULL) {
		evhttp_send_error(ev, 503, NULL);
		return;
	}
	req->p->ev = ev;
	req->p->head = strcmp(msg.method, "HEAD") == 0;
	note_peer(req, ev);
	http->in_flight++;
	if (http->draining || over_limit(http, ev)) {
		req_fail(req, ST_UNAVAILABLE, NULL,
		    http->draining ? "the daemon stops"
				   : "too many connections");
		if (!http->draining)
			evhttp_add_header(evhttp_request_get_output_headers(ev),
			    "Connection", "close");
		http_finish(req, ST_UNAVAILABLE);
		return;
	}
	st = http_check(
	    req, &msg, http->routes, daemon_conf(http->daemon)->max_body);
	if (st == ST_NOT_FOUND && req->route == NULL)
		st = static_answer(daemon_statics(http->daemon), req,
		    msg.method, msg.target, msg.header(&msg, "If-None-Match"));
	else if (st == ST_OK && wants_stream(req, &msg)) {
		st = sse_open(daemon_sse(http->daemon), req,
		    msg.header(&msg, "Last-Event-ID"));
		if (st == ST_OK) {
			http->in_flight--;
			return;
		}
	} else if (st == ST_OK && replays_begin(http->replays, req, &st)) {
		dispatch(req);
		return;
	}
	http_finish(req, st);
}

/* Out of descriptors: rest a little instead of spinning on accept(). */
static void
accept_again(void *arg)
{
	struct http *http = arg;

	if (http->bound != NULL && !http->draining)
		evconnlistener_enable(
		    evhttp_bound_socket_get_listener(http->bound));
}

static void
accept_failed(struct evconnlistener *listener, void *arg)
{
	struct http *http = arg;

	log_line(LOG_WARN, "http", "accept_failed=%s",
	    evutil_socket_error_to_string(EVUTIL_SOCKET_ERROR()));
	evconnlistener_disable(listener);
	loop_after(
	    daemon_loop(http->daemon), ACCEPT_PAUSE, accept_again, NULL, http);
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

static struct evconnlistener *
bind_to(struct http *http, const char *host, int port)
{
	const char *address =
	    strcmp(host, "localhost") == 0 ? "127.0.0.1" : host;
	struct sockaddr_storage ss;
	int len = sizeof(ss);

	if (evutil_parse_sockaddr_port(address, (struct sockaddr *)&ss, &len) !=
	    0)
		return NULL;
	if (ss.ss_family == AF_INET)
		((struct sockaddr_in *)&ss)->sin_port = htons((uint16_t)port);
	else
		((struct sockaddr_in6 *)&ss)->sin6_port = htons((uint16_t)port);
	return evconnlistener_new_bind(loop_base(daemon_loop(http->daemon)),
	    NULL, NULL,
	    LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC | LEV_OPT_REUSEABLE,
	    BACKLOG, (struct sockaddr *)&ss, len);
}

static void
note_url(struct http *http, const char *host, int fd)
{
	struct sockaddr_storage ss = { 0 };
	socklen_t len = sizeof(ss);
	int port = 0;

	if (getsockname(fd, (struct sockaddr *)&ss, &len) == 0)
		port = ntohs(ss.ss_family == AF_INET6
				 ? ((struct sockaddr_in6 *)&ss)->sin6_port
				 : ((struct sockaddr_in *)&ss)->sin_port);
	snprintf(http->url, sizeof(http->url),
	    strchr(host, ':') != NULL ? "http://[%.60s]:%d" : "http://%.60s:%d",
	    host, port);
}

static bool
http_listen(struct http *http, char *err, size_t errsize)
{
	const char *listen = daemon_conf(http->daemon)->listen;
	struct evconnlistener *listener = NULL;
	char host[256];
	int port, one = 1;

	if (conf_listen(listen, host, sizeof(host), &port) == 0)
		listener = bind_to(http, host, port);
	if (listener == NULL) {
		snprintf(err, errsize, "listen: %s: %s", listen,
		    evutil_socket_error_to_string(EVUTIL_SOCKET_ERROR()));
		return false;
	}
	http->first_fd = evconnlistener_get_fd(listener);
	/* Accepted sockets inherit it: pushes must not wait for an ACK. */
	setsockopt(http->first_fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	note_url(http, host, http->first_fd);
	http->bound = evhttp_bind_listener(http->server, listener);
	evconnlistener_set_error_cb(listener, accept_failed);
	return http->bound != NULL;
}

/* evhttp's own bound lies above every row's, so that a body a little too
 * large still gets our problem detail. */
static int64_t
largest_body(const struct conf *conf)
{
	int64_t most = conf->max_body;

	for (const struct route *const *a = route_arrays; *a != NULL; a++)
		for (const struct route *r = *a; r->path != NULL; r++)
			if (r->max_body > most)
				most = r->max_body;
	return most + most / 2;
}

/* evhttp reads ahead while a request is being answered: no further than the
 * largest one. */
static struct bufferevent *
bounded_bufferevent(struct event_base *base, void *arg)
{
	const struct http *http = arg;
	struct bufferevent *bev =
	    bufferevent_socket_new(base, -1, BEV_OPT_CLOSE_ON_FREE);

	if (bev != NULL)
		bufferevent_setwatermark(
		    bev, EV_READ, 0, http->largest + HEADERS_MAX);
	return bev;
}

struct http *
http_new(struct daemon *d, char *err, size_t errsize)
{
	const struct conf *conf = daemon_conf(d);
	struct http *http = calloc(1, sizeof(*http));

	if (http == NULL)
		return NULL;
	http->daemon = d;
	http->routes = route_set_new(route_arrays);
	http->replays = replays_new(REPLAYS);
	http->server = evhttp_new(loop_base(daemon_loop(d)));
	if (http->routes == NULL || http->replays == NULL ||
	    http->server == NULL) {
		snprintf(err, errsize, "http: out of memory");
		goto fail;
	}
	evhttp_set_allowed_methods(http->server, ALL_METHODS);
	evhttp_set_max_headers_size(http->server, HEADERS_MAX);
	http->largest = (size_t)largest_body(conf);
	evhttp_set_max_body_size(http->server, (ev_ssize_t)http->largest);
	evhttp_set_bevcb(http->server, bounded_bufferevent, http);
	evhttp_set_timeout(http->server, (int)conf->request_timeout);
	evhttp_set_default_content_type(http->server, NULL);
	evhttp_set_gencb(http->server, received, http);
	raise_file_limit(conf->max_connections);
	if (http_listen(http, err, errsize))
		return http;
fail:
	http_free(http);
	return NULL;
}

const char *
http_url(const struct http *http)
{
	return http->url;
}

void
http_drain(struct http *http)
{
	http->draining = true;
	if (http->bound != NULL)
		evhttp_del_accept_socket(http->server, http->bound);
	http->bound = NULL;
}

size_t
http_in_flight(const struct http *http)
{
	return http->in_flight;
}

void
http_free(struct http *http)
{
	if (http == NULL)
		return;
	if (http->server != NULL)
		evhttp_free(http->server);
	route_set_free(http->routes);
	replays_free(http->replays);
	free(http);
}
