/* SPDX-License-Identifier: MIT */
/*
 * Streams.  The newest events are kept in a ring, as frames printed once for
 * all.  A stream is a cursor, `last`: what lies behind the ring is fetched in
 * pages by the reader lane, what lies in it is sent from it, at most half of
 * stream-buffer at a time and only when what was sent before has left.  So
 * replay, live and slow clients are one path, and a slow client costs no
 * memory: it falls back, into the store if need be.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/http_struct.h>
#include "shelterd/daemon.h"
#include "shelterd/net/http.h"
#include "shelterd/job.h"
#include "shelterd/lane.h"
#include "shelterd/log.h"
#include "shelterd/net/metrics.h"
#include "shelterd/net/request_private.h"
#include "shelterd/net/sse.h"
#include "shelterd/net/sse_joined.h"
#include "shelterd/net/sse_ring.h"
#include "shelterd/store/event.h"

enum {
	ORG_MAX = sizeof(((struct caller *)0)->org) - 1,
	RING = 4096,
	PAGE = 500,
	TICK = 1000,	 /* ms */
	LAST_BYTES = 10, /* s */
	SLICE = 512,	 /* streams moved on before others are served */
	HEARD = 4096	 /* bytes taken from a client that should not speak */
};

struct page {
	struct evbuffer *frames;
	size_t nframes;
	int64_t last; /* newest id looked at */
	int count;    /* events read, < 0: error */
};

struct stream {
	struct stream *next, **prev;
	struct sse *sse;
	struct evhttp_request *ev; /* libevent's half */
	struct listener who;
	int64_t last;	 /* events up to here are dealt with */
	int64_t sent_at; /* monotonic us of the newest bytes */
	bool waiting;	 /* bytes have not left yet */
	bool fetching;	 /* the reader works on `page` */
	bool gone;	 /* client left; freed when fetching is over */
	struct page page;
	struct lane_work work;
	struct loop_post post;
};

struct sse {
	struct daemon *daemon;
	struct sse_ring *ring;
	struct stream *streams;
	size_t n;
	struct joined joined;
	struct stream *walk; /* the next one wake_some() moves on */
	bool stopping;
	bool waking; /* wake_some() is due */
	bool again;  /* from the start, when it has been round */
};

static void pump(struct stream *);

static void
unlink_stream(struct stream *s)
{
	if (s->sse->walk == s)
		s->sse->walk = s->next;
	*s->prev = s->next;
	if (s->next != NULL)
		s->next->prev = s->prev;
	s->sse->n--;
}

static void
free_stream(struct stream *s)
{
	if (s->page.frames != NULL)
		evbuffer_free(s->page.frames);
	free(s->who.org);
	free(s);
}

/* Ends our half; libevent frees its own when the last bytes have left, or at
 * once when the client has gone. */
static void
end_stream(struct stream *s, const char *why)
{
	struct evhttp_request *ev = s->ev;
	struct evhttp_connection *con = evhttp_request_get_connection(ev);

	unlink_stream(s);
	metrics_stream_closed(daemon_metrics(s->sse->daemon), why);
	log_line(LOG_DEBUG, "stream", "closed=%s user=%lld last=%lld", why,
	    (long long)s->who.id, (long long)s->last);
	if (con != NULL) {
		evhttp_connection_set_closecb(con, NULL, NULL);
		evhttp_connection_set_timeout(con, LAST_BYTES);
	}
	s->ev = NULL;
	/* Said to the client long ago; libevent looks again. */
	evhttp_add_header(
	    evhttp_request_get_output_headers(ev), "Connection", "close");
	evhttp_send_reply_end(ev);
	s->gone = true;
	if (!s->fetching)
		free_stream(s);
}

static void
client_left(struct evhttp_connection *con, void *arg)
{
	(void)con;
	end_stream(arg, "client");
}

/* NULL when the client has gone. */
static struct bufferevent *
bufferevent_of(const struct stream *s)
{
	struct evhttp_connection *con = evhttp_request_get_connection(s->ev);

	return con == NULL ? NULL : evhttp_connection_get_bufferevent(con);
}

static size_t
unsent(const struct stream *s)
{
	struct bufferevent *bev = bufferevent_of(s);

	return bev == NULL ? 0
			   : evbuffer_get_length(bufferevent_get_output(bev));
}

static void
bytes_left(struct evhttp_connection *con, void *arg)
{
	struct stream *s = arg;

	(void)con;
	s->waiting = false;
	pump(s);
}

/* Writes to the socket at once, past libevent's queue: that saves three system
 * calls per stream and event.  Only when nothing waits in the queue; what the
 * socket does not take goes there. */
static void
write_now(struct stream *s, struct evbuffer *frames)
{
	struct bufferevent *bev = bufferevent_of(s);
	char size[20];

	if (s->ev->chunked) {
		snprintf(
		    size, sizeof(size), "%zx\r\n", evbuffer_get_length(frames));
		evbuffer_prepend(frames, size, strlen(size));
		evbuffer_add(frames, "\r\n", 2);
	}
	/* An error shows again when the queue is written. */
	evbuffer_write(frames, bufferevent_getfd(bev));
	s->waiting = evbuffer_get_length(frames) > 0;
	if (s->waiting)
		bufferevent_write_buffer(bev, frames);
}

static void
send_frames(struct stream *s, struct evbuffer *frames, size_t n)
{
	size_t bytes = evbuffer_get_length(frames);

	if (bytes == 0)
		return;
	s->sent_at = monotonic_us();
	metrics_events_sent(daemon_metrics(s->sse->daemon), n, bytes);
	if (bufferevent_of(s) != NULL && unsent(s) == 0) {
		write_now(s, frames);
		return;
	}
	s->waiting = true;
	evhttp_send_reply_chunk_with_cb(s->ev, frames, bytes_left, s);
}

/* One send of the shared bytes; what the socket does not take is copied to
 * the queue. */
static void
send_joined(struct stream *s)
{
	const struct joined *j = &s->sse->joined;
	size_t len = evbuffer_get_length(j->frames), head = 0, sent;
	struct bufferevent *bev = bufferevent_of(s);
	char size[20], end[] = "\r\n";
	struct iovec v[3];
	ssize_t n;

	s->sent_at = monotonic_us();
	metrics_events_sent(daemon_metrics(s->sse->daemon), j->n, len);
	if (s->ev->chunked)
		head = (size_t)snprintf(size, sizeof(size), "%zx\r\n", len);
	v[0] = (struct iovec){ size, head };
	v[1] = (struct iovec){ evbuffer_pullup(j->frames, -1), len };
	v[2] = (struct iovec){ end, head > 0 ? 2 : 0 };
	/* An error shows again when the queue is written. */
	n = writev(bufferevent_getfd(bev), v, 3);
	sent = n > 0 ? (size_t)n : 0;
	s->waiting = sent < head + len + v[2].iov_len;
	for (int i = 0; i < 3 && s->waiting; i++) {
		size_t skip = sent < v[i].iov_len ? sent : v[i].iov_len;

		sent -= skip;
		bufferevent_write(
		    bev, (char *)v[i].iov_base + skip, v[i].iov_len - skip);
	}
}

/* False when the stream has ended. */
static bool
send_from_ring(struct stream *s)
{
	const struct joined *j = &s->sse->joined;
	struct evbuffer *copy;

	if (!joined_make(&s->sse->joined, s->sse->ring, &s->who, s->last,
		(size_t)daemon_conf(s->sse->daemon)->stream_buffer / 2)) {
		end_stream(s, "memory");
		return false;
	}
	s->last = j->to;
	if (j->n == 0)
		return true;
	if (bufferevent_of(s) != NULL && unsent(s) == 0) {
		send_joined(s);
		return true;
	}
	copy = evbuffer_new();
	if (copy == NULL) {
		end_stream(s, "memory");
		return false;
	}
	evbuffer_add(copy, evbuffer_pullup(j->frames, -1),
	    evbuffer_get_length(j->frames));
	send_frames(s, copy, j->n);
	evbuffer_free(copy);
	return true;
}

/* Reader lane. */
static void
fetch_page(struct lane_work *work, void *context)
{
	struct stream *s =
	    (struct stream *)((char *)work - offsetof(struct stream, work));
	struct event *events[PAGE];
	size_t len;
	char *frame;
	int n = event_list(context, s->last, PAGE, events);

	s->page.count = n;
	s->page.last = s->last;
	s->page.nframes = 0;
	s->page.frames = evbuffer_new();
	for (int i = 0; i < n; i++) {
		s->page.last = events[i]->id;
		if (s->page.frames != NULL &&
		    listener_sees(&s->who, events[i]) &&
		    (frame = sse_frame(events[i], &len)) != NULL) {
			evbuffer_add(s->page.frames, frame, len);
			s->page.nframes++;
			free(frame);
		}
		event_unref(events[i]);
	}
	loop_post(daemon_loop(s->sse->daemon), &s->post);
}

static void
page_fetched(struct loop_post *post)
{
	struct stream *s =
	    (struct stream *)((char *)post - offsetof(struct stream, post));
	struct page page = s->page;

	s->fetching = false;
	memset(&s->page, 0, sizeof(s->page));
	if (s->gone) {
		if (page.frames != NULL)
			evbuffer_free(page.frames);
		free_stream(s);
		return;
	}
	/* A page that could not be read or is empty below the head would be
	 * a gap; the client comes back and asks again. */
	if (page.count <= 0 || page.frames == NULL) {
		if (page.frames != NULL)
			evbuffer_free(page.frames);
		end_stream(s, "store");
		return;
	}
	s->last = page.last;
	send_frames(s, page.frames, page.nframes);
	evbuffer_free(page.frames);
	if (!s->waiting)
		pump(s);
}

static void
start_fetch(struct stream *s)
{
	s->work.run = fetch_page;
	s->post.fn = page_fetched;
	s->fetching =
	    lane_submit(daemon_lane(s->sse->daemon, LANE_READER), &s->work);
	if (!s->fetching)
		end_stream(s, "busy");
}

/* Moves the stream on, unless it waits for its client or for a page. */
static void
pump(struct stream *s)
{
	while (!s->gone && !s->waiting && !s->fetching &&
	       s->last < sse_ring_head(s->sse->ring)) {
		if (s->last + 1 < sse_ring_first(s->sse->ring)) {
			start_fetch(s);
			return;
		}
		if (!send_from_ring(s))
			return;
	}
}

/* A line that is no event: a ping, a job's progress. */
static void
send_text(struct stream *s, const char *text)
{
	struct evbuffer *out = evbuffer_new();

	if (out == NULL)
		return;
	evbuffer_add(out, text, strlen(text));
	send_frames(s, out, 0);
	evbuffer_free(out);
}

/* Is the caller still who opened the stream? */
static bool
still_welcome(const struct stream *s, const struct snapshot *snap, int64_t now)
{
	const struct listener *c = &s->who;
	const struct snap_user *u = snapshot_token(snap, c->token, now);

	return u != NULL && u->id == c->id && u->role == (int)c->role &&
	       strncmp(u->org, c->org, ORG_MAX) == 0;
}

/* NULL, or why this stream must end. */
static const char *
check_stream(
    struct stream *s, const struct snapshot *snap, int64_t now_us, int64_t now)
{
	const struct conf *conf = daemon_conf(s->sse->daemon);
	int64_t silent = (now_us - s->sent_at) / 1000000;

	if (!still_welcome(s, snap, now))
		return "token";
	if (unsent(s) > (size_t)conf->stream_buffer ||
	    (s->waiting && silent >= 2 * conf->stream_ping))
		return "slow";
	if (!s->waiting && silent >= conf->stream_ping)
		send_text(s, ": ping\n\n");
	return NULL;
}

static void
tick(void *arg)
{
	struct sse *sse = arg;
	struct snapshot *snap = daemon_snapshot(sse->daemon);
	int64_t now_us = monotonic_us(), now = (int64_t)time(NULL);
	struct stream *s, *next;
	const char *why;

	for (s = sse->streams; s != NULL; s = next) {
		next = s->next;
		why = check_stream(s, snap, now_us, now);
		if (why != NULL)
			end_stream(s, why);
	}
	snapshot_unref(snap);
	if (!sse->stopping)
		loop_after(daemon_loop(sse->daemon), TICK, tick, NULL, sse);
}

struct sse *
sse_new(struct daemon *d, int64_t head)
{
	struct sse *sse = calloc(1, sizeof(*sse));

	if (sse == NULL)
		return NULL;
	sse->daemon = d;
	sse->ring = sse_ring_new(RING, head);
	if (sse->ring == NULL) {
		free(sse);
		return NULL;
	}
	loop_after(daemon_loop(d), TICK, tick, NULL, sse);
	return sse;
}

void
sse_free(struct sse *sse)
{
	if (sse == NULL)
		return;
	joined_release(&sse->joined);
	sse_ring_free(sse->ring);
	free(sse);
}

static bool
resume_point(
    struct sse *sse, struct request *req, const char *header, int64_t *since)
{
	int64_t head = sse_ring_head(sse->ring);

	*since = req_query_int(req, "since", head);
	if (header != NULL && header[0] != '\0' && !text_integer(header, since))
		return false;
	if (*since < 0)
		return false;
	/* An id from before a restore: there is nothing after it. */
	if (*since > head)
		*since = head;
	return true;
}

/* What the kernel keeps for a client counts too, and what a client says on
 * its stream is not listened to. */
static void
bound_socket(const struct stream *s, struct bufferevent *bev)
{
	int bytes = (int)(daemon_conf(s->sse->daemon)->stream_buffer / 2);

	setsockopt(bufferevent_getfd(bev), SOL_SOCKET, SO_SNDBUF, &bytes,
	    sizeof(bytes));
	bufferevent_setwatermark(bev, EV_READ, 0, HEARD);
}

static void
start_reply(struct stream *s)
{
	struct evhttp_request *ev = s->ev;
	struct evhttp_connection *con = evhttp_request_get_connection(ev);
	struct evkeyvalq *out = evhttp_request_get_output_headers(ev);

	evhttp_add_header(out, "Content-Type", "text/event-stream");
	evhttp_add_header(out, "X-Accel-Buffering", "no");
	evhttp_add_header(out, "Connection", "close");
	http_common_headers(ev);
	evhttp_send_reply_start(ev, 200, NULL);
	/* Nobody asks for them again. */
	evhttp_clear_headers(evhttp_request_get_input_headers(ev));
	evhttp_clear_headers(out);
	if (con != NULL) {
		bound_socket(s, evhttp_connection_get_bufferevent(con));
		/* tick() watches over the stream instead. */
		bufferevent_set_timeouts(
		    evhttp_connection_get_bufferevent(con), NULL, NULL);
		evhttp_connection_set_closecb(con, client_left, s);
	}
}

enum status
sse_open(struct sse *sse, struct request *req, const char *last_event_id)
{
	int64_t most = daemon_conf(sse->daemon)->max_streams, since;
	struct stream *s;

	if (!resume_point(sse, req, last_event_id, &since))
		return req_fail(
		    req, ST_BAD_HEADER, "Last-Event-ID", "is no event's id");
	if (sse->stopping || (int64_t)sse->n >= most)
		return req_fail(req, ST_UNAVAILABLE, NULL,
		    "no more than %lld streams at a time", (long long)most);
	s = calloc(1, sizeof(*s));
	if (s != NULL && (s->who.org = strdup(req->caller.org)) == NULL) {
		free(s);
		s = NULL;
	}
	if (s == NULL)
		return req_fail(req, ST_UNAVAILABLE, NULL, "out of memory");
	s->sse = sse;
	s->ev = req->p->ev;
	s->who.id = req->caller.id;
	s->who.role = req->caller.role;
	memcpy(s->who.token, req->caller.token, sizeof(s->who.token));
	s->last = since;
	s->next = sse->streams;
	s->prev = &sse->streams;
	if (s->next != NULL)
		s->next->prev = &s->next;
	sse->streams = s;
	sse->n++;
	metrics_answer(daemon_metrics(sse->daemon), req->route, ST_OK,
	    monotonic_us() - req->p->started);
	req->p->ev = NULL;
	request_free(req);
	start_reply(s);
	send_text(s, "retry: 1000\n\n");
	return ST_OK;
}

static void
pump_all(struct sse *sse)
{
	struct stream *s, *next;

	for (s = sse->streams; s != NULL; s = next) {
		next = s->next;
		pump(s);
	}
}

/* A slice of the streams, so that ten thousand of them do not make requests
 * wait; then the next slice, after what the sockets have brought meanwhile. */
static void
wake_some(void *arg)
{
	struct sse *sse = arg;
	struct stream *s;

	for (int i = 0; i < SLICE && (s = sse->walk) != NULL; i++) {
		sse->walk = s->next;
		pump(s);
	}
	if (sse->walk == NULL && sse->again) {
		sse->again = false;
		sse->walk = sse->streams;
	}
	sse->waking = sse->walk != NULL;
	if (sse->waking)
		loop_after(daemon_loop(sse->daemon), 0, wake_some, NULL, sse);
}

void
sse_events(struct sse *sse, struct event **events, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!sse_ring_add(sse->ring, events[i]))
			log_line(LOG_ERROR, "stream", "lost_event=%lld",
			    (long long)events[i]->id);
	/* After the answers of this commit have left, which the next turn's
	 * sockets come before its timers for. */
	if (n == 0 || sse->n == 0)
		return;
	sse->again = sse->waking;
	if (!sse->waking) {
		sse->waking = true;
		sse->walk = sse->streams;
		loop_after(daemon_loop(sse->daemon), 0, wake_some, NULL, sse);
	}
}

void
sse_job(struct sse *sse, const struct job *job, const char *json)
{
	size_t room = (size_t)daemon_conf(sse->daemon)->stream_buffer / 2;
	size_t len = strlen(json) + 32;
	char *frame = malloc(len);
	struct stream *s, *next;

	if (frame == NULL)
		return;
	snprintf(frame, len, "event: job\ndata: %s\n\n", json);
	for (s = sse->streams; s != NULL; s = next) {
		next = s->next;
		struct caller c = { .id = s->who.id, .role = s->who.role };

		if (job_visible(job, &c) && unsent(s) < room)
			send_text(s, frame);
	}
	free(frame);
}

void
sse_stop(struct sse *sse)
{
	struct stream *s, *next;

	sse->stopping = true;
	pump_all(sse);
	for (s = sse->streams; s != NULL; s = next) {
		next = s->next;
		end_stream(s, "stop");
	}
}

size_t
sse_streams(const struct sse *sse)
{
	return sse->n;
}

int64_t
sse_head(const struct sse *sse)
{
	return sse_ring_head(sse->ring);
}
