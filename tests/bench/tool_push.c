/* SPDX-License-Identifier: MIT */
/*
 * Push latency and fan-out: opens many event streams, writes events and
 * measures, for every delivery, the time from sending the write to reading
 * the event on a stream (so the commit is part of it).  Checks that every
 * stream saw every event exactly once and in order.
 *
 * usage: tool_push HOST PORT TOKEN SINCE STREAMS EVENTS PER_SECOND
 * PER_SECOND 0: all events at once, each on a connection of its own.  TOKEN
 * "nchan": an nchan with /sub and /pub instead of the daemon.  With PUSH_PIDS
 * ("17 18") the growth of those processes' memory while the streams open is
 * told in bytes per stream.
 * prints {"streams","events","deliveries","p50_ms","p99_ms","seconds",
 * "per_second","stream_bytes","bad"}
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct stream {
	int fd;
	bool open;     /* the response's header has been read */
	int64_t last;  /* event id */
	size_t seen;   /* events since the start */
	size_t used;   /* bytes of an unfinished line */
	char line[64]; /* enough for "id: N"; longer lines are cut */
};

struct bench {
	struct sockaddr_in to;
	const char *token, *since;
	bool nchan;
	int epoll, writers[256];
	size_t nwriters;
	double last_at; /* of the newest delivery */
	struct stream *streams;
	size_t nstreams, nopen, nevents, sent;
	double *sent_at;   /* per event */
	double *latencies; /* per delivery */
	size_t ndeliveries, bad;
};

static void
die(const char *what)
{
	perror(what);
	exit(1);
}

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static int
dial(const struct bench *b)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1;

	if (fd < 0 || connect(fd, (const void *)&b->to, sizeof b->to) != 0)
		die("connect");
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	return fd;
}

static void
send_all(int fd, const char *p, size_t n)
{
	while (n > 0) {
		ssize_t k = send(fd, p, n, MSG_NOSIGNAL);

		if (k < 0 && errno != EINTR)
			die("send");
		if (k > 0) {
			p += k;
			n -= (size_t)k;
		}
	}
}

static void
open_stream(struct bench *b, struct stream *s, uint32_t number)
{
	struct epoll_event ev = { .events = EPOLLIN, .data.u32 = number };
	char ask[512];

	s->fd = dial(b);
	snprintf(ask, sizeof ask,
	    b->nchan ? "GET /sub HTTP/1.1\r\nHost: bench\r\nAccept: "
		       "text/event-stream\r\n\r\n"
		     : "GET /v1/events HTTP/1.1\r\nHost: bench\r\nAccept: "
		       "text/event-stream\r\nAuthorization: Bearer %s\r\n"
		       "Last-Event-ID: %s\r\n\r\n",
	    b->token, b->since);
	send_all(s->fd, ask, strlen(ask));
	fcntl(s->fd, F_SETFL, O_NONBLOCK);
	if (epoll_ctl(b->epoll, EPOLL_CTL_ADD, s->fd, &ev) != 0)
		die("epoll_ctl");
}

static void
take_id(struct bench *b, struct stream *s, int64_t id)
{
	if (s->last != 0 && id != s->last + 1)
		b->bad++;
	s->last = id;
	if (s->seen >= b->sent || b->ndeliveries >= b->nstreams * b->nevents) {
		b->bad++;
		return;
	}
	b->last_at = now();
	b->latencies[b->ndeliveries++] = b->last_at - b->sent_at[s->seen++];
}

static void
take_line(struct bench *b, struct stream *s)
{
	s->line[s->used] = '\0';
	if (!s->open && (s->used == 0 || strcmp(s->line, "\r") == 0)) {
		s->open = true;
		b->nopen++;
	} else if (!b->nchan && strncmp(s->line, "id: ", 4) == 0)
		take_id(b, s, strtoll(s->line + 4, NULL, 10));
	else if (b->nchan && strncmp(s->line, "data: ", 6) == 0)
		take_id(b, s, strtoll(s->line + 6, NULL, 10));
	s->used = 0;
}

static void
read_stream(struct bench *b, struct stream *s)
{
	char buf[65536];
	ssize_t n;

	while ((n = recv(s->fd, buf, sizeof buf, 0)) > 0)
		for (ssize_t i = 0; i < n; i++) {
			if (buf[i] == '\n')
				take_line(b, s);
			else if (s->used < sizeof s->line - 1)
				s->line[s->used++] = buf[i];
		}
	if (n == 0) {
		fprintf(stderr, "a stream was closed\n");
		exit(1);
	}
}

static void
pump(struct bench *b, double until)
{
	struct epoll_event events[256];
	double left = until - now();
	int n = epoll_wait(
	    b->epoll, events, 256, left <= 0 ? 0 : (int)(left * 1000) + 1);

	for (int i = 0; i < n; i++)
		read_stream(b, &b->streams[events[i].data.u32]);
}

/* As long as the daemon's event for the shelter that the other mode adds. */
enum { NCHAN_BODY = 600 };

static int
ask_nchan(const struct bench *b, char *ask, size_t size)
{
	return snprintf(ask, size,
	    "POST /pub HTTP/1.1\r\nHost: bench\r\nContent-Type: text/plain"
	    "\r\nContent-Length: %d\r\n\r\n%-*zu",
	    NCHAN_BODY, NCHAN_BODY, b->sent + 1);
}

static int
ask_daemon(const struct bench *b, char *ask, size_t size)
{
	char body[128];
	int n = snprintf(body, sizeof body,
	    "{\"name\":\"bench %zu\",\"at\":[120.5,30.5],\"places\":10}",
	    b->sent);

	return snprintf(ask, size,
	    "POST /v1/shelters HTTP/1.1\r\nHost: bench\r\nAuthorization: "
	    "Bearer %s\r\nContent-Type: application/json\r\n"
	    "Content-Length: %d\r\n\r\n%s",
	    b->token, n, body);
}

static void
write_event(struct bench *b)
{
	char ask[1024], answer[4096];
	int fd = b->writers[b->sent % b->nwriters];
	int n = (b->nchan ? ask_nchan : ask_daemon)(b, ask, sizeof ask);

	/* The answer to the last write has long come: drop it. */
	while (recv(fd, answer, sizeof answer, MSG_DONTWAIT) > 0)
		;
	b->sent_at[b->sent++] = now();
	send_all(fd, ask, (size_t)n);
}

/* Bytes resident in the processes of PUSH_PIDS. */
static double
resident(void)
{
	const char *at = getenv("PUSH_PIDS");
	char path[64], *end;
	long pages, sum = 0;
	FILE *f;

	for (long pid; at != NULL; at = end) {
		pid = strtol(at, &end, 10);
		if (end == at)
			break;
		snprintf(path, sizeof path, "/proc/%ld/statm", pid);
		f = fopen(path, "r");
		if (f == NULL || fscanf(f, "%*d %ld", &pages) != 1)
			die(path);
		fclose(f);
		sum += pages;
	}
	return (double)sum * (double)sysconf(_SC_PAGESIZE);
}

static double
open_all(struct bench *b)
{
	double deadline = now() + 60, before = resident();

	for (uint32_t i = 0; i < b->nstreams; i++) {
		open_stream(b, &b->streams[i], i);
		if (i % 64 == 63) /* the listener's queue has an end */
			while (b->nopen + 64 < i && now() < deadline)
				pump(b, now() + 0.01);
	}
	while (b->nopen < b->nstreams && now() < deadline)
		pump(b, now() + 0.1);
	return (resident() - before) / (double)b->nstreams;
}

static int
by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void
run(struct bench *b, double per_second)
{
	double deadline, start, bytes = open_all(b);

	b->nwriters = per_second > 0 ? 1 : b->nevents < 256 ? b->nevents : 256;
	for (size_t i = 0; i < b->nwriters; i++)
		b->writers[i] = dial(b);
	start = now();
	for (size_t i = 0; i < b->nevents; i++) {
		double next = start + (double)(i + 1) / per_second;

		write_event(b);
		while (per_second > 0 && now() < next)
			pump(b, next);
	}
	deadline = now() + 60;
	while (b->ndeliveries < b->nstreams * b->nevents && now() < deadline)
		pump(b, now() + 0.1);
	b->bad += b->nstreams * b->nevents - b->ndeliveries;
	qsort(b->latencies, b->ndeliveries, sizeof *b->latencies, by_value);
	printf("{\"streams\":%zu,\"events\":%zu,\"deliveries\":%zu,"
	       "\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"seconds\":%.3f,"
	       "\"per_second\":%.0f,\"stream_bytes\":%.0f,\"bad\":%zu}\n",
	    b->nstreams, b->nevents, b->ndeliveries,
	    1e3 * b->latencies[b->ndeliveries / 2],
	    1e3 * b->latencies[b->ndeliveries * 99 / 100], now() - start,
	    (double)b->ndeliveries / (b->last_at - start), bytes, b->bad);
}

int
main(int argc, char **argv)
{
	struct bench b = { 0 };
	struct rlimit files = { 65536, 65536 };

	if (argc != 8) {
		fprintf(stderr,
		    "usage: tool_push HOST PORT TOKEN SINCE STREAMS "
		    "EVENTS PER_SECOND\n");
		return 2;
	}
	setrlimit(RLIMIT_NOFILE, &files);
	b.to.sin_family = AF_INET;
	b.to.sin_port = htons((uint16_t)atoi(argv[2]));
	if (inet_pton(AF_INET, argv[1], &b.to.sin_addr) != 1)
		die(argv[1]);
	b.token = argv[3];
	b.nchan = strcmp(b.token, "nchan") == 0;
	b.since = argv[4];
	b.nstreams = strtoul(argv[5], NULL, 10);
	b.nevents = strtoul(argv[6], NULL, 10);
	b.epoll = epoll_create1(0);
	b.streams = calloc(b.nstreams, sizeof *b.streams);
	b.sent_at = calloc(b.nevents, sizeof *b.sent_at);
	b.latencies = calloc(b.nstreams * b.nevents + 1, sizeof *b.latencies);
	if (b.streams == NULL || b.sent_at == NULL || b.latencies == NULL)
		die("calloc");
	run(&b, atof(argv[7]));
	return b.bad != 0;
}
