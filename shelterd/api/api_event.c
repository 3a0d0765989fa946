/* SPDX-License-Identifier: MIT */
/*
 * The event log as a list.  Items are the exported lines of store/event.c
 * byte for byte, so that their hashes can be checked; http.c turns a request
 * that accepts text/event-stream away to the live stream before this.
 */
#include <stdio.h>
#include <stdlib.h>
#include "shelterd/net/page.h"
#include "shelterd/net/request.h"
#include "shelterd/site.h"
#include "shelterd/store/db.h"
#include "shelterd/store/event.h"

enum {
	CHUNK = 256,
	LOOK_MAX = 50000 /* events looked at for one answer */
};

struct stretch {
	FILE *out;
	int64_t left;  /* items still wanted */
	int64_t since; /* the last event looked at */
	size_t items, looked;
	bool failed, ended; /* ended: no event after `since` */
};

static void
add_event(struct stretch *p, const struct caller *c, const struct event *e)
{
	char *line;

	if (p->left == 0)
		return;
	p->since = e->id;
	p->looked++;
	if (!event_visible(e, c->id, c->role, c->org))
		return;
	line = event_json(e);
	if (line == NULL)
		p->failed = true;
	else
		fprintf(p->out, "%s%s", p->items++ > 0 ? "," : "", line);
	free(line);
	p->left--;
}

static void
add_chunk(struct request *req, struct stretch *p)
{
	struct event *events[CHUNK];
	int n = event_list(req->db, p->since, CHUNK, events);

	p->failed |= n < 0;
	for (int i = 0; i < n; i++) {
		add_event(p, &req->caller, events[i]);
		p->ended = n < CHUNK && p->since == events[i]->id;
		event_unref(events[i]);
	}
	p->ended |= n == 0;
}

static enum status
get_events(struct request *req)
{
	struct stretch p = {
		.left = req_query_int(req, "limit", 1000),
		.since = req_query_int(req, "since", 0),
	};
	char *text = NULL;
	size_t len = 0;

	p.out = open_memstream(&text, &len);
	if (p.out == NULL)
		return site_store_failed(req);
	fputs("{\"items\":[", p.out);
	while (!p.failed && !p.ended && p.left > 0 && p.looked < LOOK_MAX)
		add_chunk(req, &p);
	if (p.ended)
		fputs("],\"next\":null}", p.out);
	else
		fprintf(p.out, "],\"next\":%lld}", (long long)p.since);
	p.failed |= ferror(p.out) != 0;
	if (fclose(p.out) != 0 || p.failed) {
		free(text);
		return site_store_failed(req);
	}
	return reply_bytes(req, ST_OK, "application/json", text, len);
}

static const struct field events_query[] = {
	{ .name = "since",
	    .type = F_INTEGER,
	    .min = 0,
	    .max = 9e15,
	    .help = "only events after this id" },
	PAGE_LIMIT_FIELD,
	{ .name = NULL },
};

const struct route routes_event[] = {
	{ .method = "GET",
	    .path = "/v1/events",
	    .roles = ROLE_ANYONE,
	    .on = ON_READER,
	    .query = events_query,
	    .handle = get_events,
	    .summary = "The event log; as text/event-stream the live stream" },
	{ .path = NULL },
};
