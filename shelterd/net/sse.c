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
#include <event2/buffer.h>
#include "shelterd/daemon.h"
#include "shelterd/net/http.h"
#include "shelterd/net/http_conn.h"
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
	SLICE = 512	 /* streams moved on before others are served */
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
	struct http_conn *conn; /* NULL: it has ended */
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

/* Ends our half; the connection closes when the last bytes have left, or has
 * closed already. */
static void
end_stream(struct stream *s, const char *why)
{
	static char last[] = "0\r\n\r\n";
	struct iovec v = { last, sizeof(last) - 1 };
	struct http_conn *conn = s->conn;

	unlink_stream(s);
	metrics_stream_closed(daemon_metrics(s->sse->daemon), why);
	log_line(LOG_DEBUG, "stream", "closed=%s user=%lld last=%lld", why,
	    (long long)s->who.id, (long long)s->last);
	s->conn = NULL;
	if (!http_conn_is_1_0(conn))
		http_conn_writev(conn, &v, 1);
	http_conn_end(conn, LAST_BYTES);
	s->gone = true;
	if (!s->fetching)
		free_stream(s);
}

static void
client_left(void *arg)
{
	end_stream(arg, "client");
}

static void
bytes_left(void *arg)
{
	struct stream *s = arg;

	s->waiting = false;
	pump(s);
}

/* n frames in one piece, sent by one call unless others wait before them. */
static void
send_frames(struct stream *s, void *frames, size_t bytes, size_t n)
{
	char size[20], end[] = "\r\n";
	struct iovec v[3] = { { size, 0 }, { frames, bytes }, { end, 2 } };
	bool bare = http_conn_is_1_0(s->conn);

	if (bytes == 0)
		return;
	s->sent_at = monotonic_us();
	metrics_events_sent(daemon_metrics(s->sse->daemon), n, bytes);
	if (!bare)
		v[0].iov_len =
		    (size_t)snprintf(size, sizeof(size), "%zx\r\n", bytes);
	http_conn_writev(s->conn, bare ? v + 1 : v, bare ? 1 : 3);
	s->waiting = http_conn_unsent(s->conn) > 0;
}

/* False when the stream has ended. */
static bool
send_from_ring(struct stream *s)
{
	const struct joined *j = &s->sse->joined;

	if (!joined_make(&s->sse->joined, s->sse->ring, &s->who, s->last,
		(size_t)daemon_conf(s->sse->daemon)->stream_buffer / 2)) {
		end_stream(s, "memory");
		return false;
	}
	s->last = j->to;
	send_frames(s, evbuffer_pullup(j->frames, -1),
	    evbuffer_get_length(j->frames), j->n);
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
	send_frames(s, evbuffer_pullup(page.frames, -1),
	    evbuffer_get_length(page.frames), page.nframes);
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
send_text(struct stream *s, char *text)
{
	send_frames(s, text, strlen(text), 0);
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
	static char ping[] = ": ping\n\n";
	const struct conf *conf = daemon_conf(s->sse->daemon);
	int64_t silent = (now_us - s->sent_at) / 1000000;

	if (!still_welcome(s, snap, now))
		return "token";
	if (http_conn_unsent(s->conn) > (size_t)conf->stream_buffer ||
	    (s->waiting && silent >= 2 * conf->stream_ping))
		return "slow";
	if (!s->waiting && silent >= conf->stream_ping)
		send_text(s, ping);
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

static void
begin_stream(struct stream *s)
{
	static const struct http_stream_ops ops = { client_left, bytes_left };
	static char retry[] = "retry: 1000\n\n";

	/* What the kernel keeps for a client counts too. */
	http_conn_bound(
	    s->conn, (int)(daemon_conf(s->sse->daemon)->stream_buffer / 2));
	http_conn_stream(s->conn, &ops, s);
	http_send_stream_head(s->conn);
	send_text(s, retry);
	pump(s); /* what it has missed */
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
	s->conn = req->p->conn;
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
	req->p->conn = NULL;
	request_free(req);
	begin_stream(s);
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

		if (job_visible(job, &c) && http_conn_unsent(s->conn) < room)
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
