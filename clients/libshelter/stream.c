/* SPDX-License-Identifier: MIT */
/*
 * Follows the event stream over connections that break: after each break it
 * asks again with the id of the last whole frame, so that its caller sees
 * every event once and in order.
 */
#include <stdio.h>
#include <string.h>
#include "clients/libshelter/internal.h"
#include "clients/libshelter/sse.h"

struct follower {
	struct shelter *s;
	struct shelter_stream *stream;
	struct sse sse;
	bool stopped;	 /* a callback said so */
	bool connected;	 /* a byte came on this connection */
	char head[1024]; /* start of the answer, for a refusal's text */
	size_t head_len;
};

static bool
on_event(void *arg, const struct shelter_event *e)
{
	struct follower *f = arg;

	if (e->id >= 0) {
		if (e->id <= f->stream->since)
			return true; /* a repeat of what was seen */
		f->stream->since = e->id;
	}
	if (!f->stream->event(f->stream->arg, e))
		f->stopped = true;
	return !f->stopped;
}

static size_t
on_bytes(char *data, size_t size, size_t n, void *arg)
{
	struct follower *f = arg;
	size_t len = size * n;
	long status = 0;

	curl_easy_getinfo(f->s->curl, CURLINFO_RESPONSE_CODE, &status);
	if (status != 200) {
		size_t room = sizeof(f->head) - 1 - f->head_len;
		size_t take = len < room ? len : room;
		memcpy(f->head + f->head_len, data, take);
		f->head_len += take;
		return len;
	}
	f->connected = true;
	return sse_feed(&f->sse, data, len) ? len : 0;
}

static int
on_tick(void *arg, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
	struct follower *f = arg;

	(void)a, (void)b, (void)c, (void)d;
	if (f->stream->idle && !f->stream->idle(f->stream->arg, f->connected))
		f->stopped = true;
	return f->stopped;
}

static bool
stream_headers(struct follower *f, struct curl_slist **headers)
{
	char line[64];
	struct curl_slist *more;

	if (!shelter_prepare(f->s, "/v1/events", headers))
		return false;
	more = curl_slist_append(*headers, "Accept: text/event-stream");
	if (!more)
		return false;
	*headers = more;
	if (f->stream->since < 0)
		return true;
	snprintf(line, sizeof(line), "Last-Event-ID: %lld",
	    (long long)f->stream->since);
	if (!(more = curl_slist_append(*headers, line)))
		return false;
	*headers = more;
	return true;
}

/* One connection until it breaks; the HTTP status, 0: none came. */
static int
connection(struct follower *f)
{
	struct curl_slist *headers = NULL;
	CURL *curl = f->s->curl;
	long status = 0;

	sse_reset(&f->sse);
	f->connected = false;
	f->head_len = 0;
	if (!stream_headers(f, &headers)) {
		curl_slist_free_all(headers);
		return 0;
	}
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_bytes);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, f);
	curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_tick);
	curl_easy_setopt(curl, CURLOPT_XFERINFODATA, f);
	/* the daemon pings every 15 s; three missed pings are a dead line */
	curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
	curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, 45L);
	if (curl_easy_perform(curl) != CURLE_COULDNT_CONNECT)
		curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	curl_slist_free_all(headers);
	return (int)status;
}

static bool
refused(struct follower *f, int status, struct shelter_reply *reply)
{
	if (status < 400 || status >= 500 || status == 408 || status == 429)
		return false;
	reply->status = status;
	reply->json = cJSON_ParseWithLength(f->head, f->head_len);
	shelter_problem(reply);
	return true;
}

bool
shelter_follow(struct shelter *s, struct shelter_stream *stream,
    struct shelter_reply *reply)
{
	struct follower f = { .s = s, .stream = stream };
	int pause = 100;
	bool ok = true;

	memset(reply, 0, sizeof(*reply));
	sse_init(&f.sse, on_event, &f);
	while (!f.stopped) {
		int status = connection(&f);
		if (f.stopped)
			break;
		if (refused(&f, status, reply)) {
			ok = false;
			break;
		}
		if (f.connected)
			pause = 100;
		f.connected = false;
		on_tick(&f, 0, 0, 0, 0);
		if (!f.stopped)
			shelter_pause(pause);
		pause = pause < 4000 ? pause * 2 : 5000;
	}
	sse_release(&f.sse);
	return ok;
}
