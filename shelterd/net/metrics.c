/* SPDX-License-Identifier: MIT */
/* Counters per route and status, and what the other modules count. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "shelterd/daemon.h"
#include "shelterd/job.h"
#include "shelterd/lane.h"
#include "shelterd/map/tile_cache.h"
#include "shelterd/net/metrics.h"
#include "shelterd/net/sse.h"

struct counted {
	uint64_t by_status[ST_COUNT];
	uint64_t microseconds;
};

/* The rows of one routes_*[] array, which lie side by side. */
struct block {
	const struct route *first;
	size_t n, at;
};

enum { REASONS = 6 };

struct metrics {
	struct block *blocks;
	size_t nblocks, nroutes;
	struct counted *routes; /* the last one: no route */
	uint64_t commits, commit_tasks, commit_events, batch_most;
	uint64_t frames, frame_bytes;
	struct {
		const char *why;
		uint64_t n;
	} closed[REASONS];
};

static size_t
rows(const struct route *r)
{
	size_t n = 0;

	while (r[n].path != NULL)
		n++;
	return n;
}

struct metrics *
metrics_new(const struct route *const *arrays)
{
	struct metrics *m = calloc(1, sizeof(*m));
	size_t n = 0;

	if (m == NULL)
		return NULL;
	while (arrays[n] != NULL)
		n++;
	m->blocks = calloc(n + 1, sizeof(*m->blocks));
	for (size_t i = 0; m->blocks != NULL && i < n; i++) {
		m->blocks[i] =
		    (struct block){ arrays[i], rows(arrays[i]), m->nroutes };
		m->nroutes += m->blocks[i].n;
	}
	m->nblocks = n;
	m->routes = calloc(m->nroutes + 1, sizeof(*m->routes));
	if (m->blocks == NULL || m->routes == NULL) {
		metrics_free(m);
		return NULL;
	}
	return m;
}

void
metrics_free(struct metrics *m)
{
	if (m == NULL)
		return;
	free(m->blocks);
	free(m->routes);
	free(m);
}

static struct counted *
counted_of(struct metrics *m, const struct route *route)
{
	for (size_t i = 0; route != NULL && i < m->nblocks; i++) {
		const struct block *b = &m->blocks[i];

		if (route >= b->first && route < b->first + b->n)
			return &m->routes[b->at + (size_t)(route - b->first)];
	}
	return &m->routes[m->nroutes];
}

void
metrics_answer(struct metrics *m, const struct route *route, enum status st,
    int64_t microseconds)
{
	struct counted *c = counted_of(m, route);

	c->by_status[st]++;
	c->microseconds += (uint64_t)microseconds;
}

void
metrics_commit(struct metrics *m, size_t tasks, size_t events)
{
	m->commits++;
	m->commit_tasks += tasks;
	m->commit_events += events;
	if (tasks > m->batch_most)
		m->batch_most = tasks;
}

void
metrics_events_sent(struct metrics *m, size_t frames, size_t bytes)
{
	m->frames += frames;
	m->frame_bytes += bytes;
}

void
metrics_stream_closed(struct metrics *m, const char *why)
{
	for (int i = 0; i < REASONS; i++) {
		if (m->closed[i].why == NULL)
			m->closed[i].why = why;
		if (strcmp(m->closed[i].why, why) == 0) {
			m->closed[i].n++;
			return;
		}
	}
}

static void
print_type(FILE *f, const char *name, const char *type, const char *help)
{
	fprintf(f, "# HELP shelterd_%s %s\n# TYPE shelterd_%s %s\n", name, help,
	    name, type);
}

static void
print_one(FILE *f, const char *name, const char *type, const char *help,
    uint64_t value)
{
	print_type(f, name, type, help);
	fprintf(f, "shelterd_%s %llu\n", name, (unsigned long long)value);
}

/* Statuses that share an HTTP number are one series. */
static void
print_route(
    FILE *f, const char *method, const char *path, const struct counted *c)
{
	for (int st = 0; st < ST_COUNT; st++) {
		int code = status_http((enum status)st);
		uint64_t n = 0;

		if (st > 0 && code == status_http((enum status)(st - 1)))
			continue;
		for (int k = st;
		     k < ST_COUNT && status_http((enum status)k) == code; k++)
			n += c->by_status[k];
		if (n > 0)
			fprintf(f,
			    "shelterd_requests_total{method=\"%s\",path=\"%s\","
			    "status=\"%d\"} %llu\n",
			    method, path, code, (unsigned long long)n);
	}
}

static void
print_time(
    FILE *f, const char *method, const char *path, const struct counted *c)
{
	if (c->microseconds > 0)
		fprintf(f,
		    "shelterd_request_seconds_total{method=\"%s\",path=\"%s\"}"
		    " %.6f\n",
		    method, path, (double)c->microseconds / 1e6);
}

static void
print_routes(FILE *f, const struct metrics *m,
    void (*print)(FILE *, const char *, const char *, const struct counted *))
{
	for (size_t i = 0; i < m->nblocks; i++)
		for (size_t k = 0; k < m->blocks[i].n; k++) {
			const struct route *r = &m->blocks[i].first[k];

			print(f, r->method, r->path,
			    &m->routes[m->blocks[i].at + k]);
		}
	print(f, "", "none", &m->routes[m->nroutes]);
}

static void
print_stream(FILE *f, const struct metrics *m, struct daemon *d)
{
	print_one(f, "streams", "gauge", "Open event streams.",
	    sse_streams(daemon_sse(d)));
	print_one(f, "event_frames_sent_total", "counter",
	    "Events sent to streams.", m->frames);
	print_one(f, "event_bytes_sent_total", "counter",
	    "Bytes of events sent to streams.", m->frame_bytes);
	print_type(
	    f, "streams_closed_total", "counter", "Streams closed, by reason.");
	for (int i = 0; i < REASONS && m->closed[i].why != NULL; i++)
		fprintf(f,
		    "shelterd_streams_closed_total{reason=\"%s\"} %llu\n",
		    m->closed[i].why, (unsigned long long)m->closed[i].n);
	print_one(f, "event_head", "gauge", "Id of the newest event.",
	    (uint64_t)sse_head(daemon_sse(d)));
}

static void
print_lanes(FILE *f, struct daemon *d)
{
	print_type(f, "lane_queue", "gauge", "Work waiting for a lane.");
	for (int i = 0; i < LANE_COUNT; i++)
		fprintf(f, "shelterd_lane_queue{lane=\"%s\"} %zu\n",
		    daemon_lane_name((enum daemon_lane)i),
		    lane_length(daemon_lane(d, (enum daemon_lane)i)));
	print_one(f, "jobs_active", "gauge", "Jobs queued or running.",
	    jobs_active(daemon_jobs(d)));
	print_one(f, "write_oldest_seconds", "gauge",
	    "Age of the oldest write that waits.",
	    (uint64_t)daemon_write_age(d));
}

static void
print_tiles(FILE *f, struct daemon *d)
{
	struct tile_cache_counts n = tile_cache_counts(daemon_tiles(d));

	print_one(f, "tiles_kept", "gauge", "Tiles that are kept.", n.tiles);
	print_one(f, "tiles_kept_bytes", "gauge", "Their bytes.", n.bytes);
	print_one(f, "tile_hits_total", "counter",
	    "Tiles asked for that were kept.", n.hits);
	print_one(f, "tile_misses_total", "counter",
	    "Tiles asked for that were not.", n.misses);
}

char *
metrics_print(const struct metrics *m, struct daemon *d)
{
	char *text = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&text, &len);
	struct snapshot *snap;

	if (f == NULL)
		return NULL;
	print_type(
	    f, "requests_total", "counter", "Answers by route and status.");
	print_routes(f, m, print_route);
	print_type(f, "request_seconds_total", "counter",
	    "Time from request to answer, summed.");
	print_routes(f, m, print_time);
	print_one(
	    f, "commits_total", "counter", "Durable commits.", m->commits);
	print_one(f, "commit_tasks_total", "counter",
	    "Writes answered by those commits.", m->commit_tasks);
	print_one(f, "commit_events_total", "counter",
	    "Events of those commits.", m->commit_events);
	print_one(f, "commit_batch_most", "gauge",
	    "Most writes one commit carried.", m->batch_most);
	print_stream(f, m, d);
	print_lanes(f, d);
	print_tiles(f, d);
	snap = daemon_snapshot(d);
	print_one(f, "snapshot_version", "gauge", "Data version of the map.",
	    (uint64_t)snapshot_version(snap));
	snapshot_unref(snap);
	if (fclose(f) != 0) {
		free(text);
		return NULL;
	}
	return text;
}
