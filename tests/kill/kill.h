/* SPDX-License-Identifier: MIT */
/*
 * The kill -9 test: a daemon killed at random moments while clients write and
 * streams listen.  What was acknowledged is remembered outside the daemon and
 * compared with it at the end.
 */
#ifndef TESTS_KILL_H
#define TESTS_KILL_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum { CLIENTS = 8, STREAMS = 3 };

struct world {
	const char *program; /* shelterd */
	char dir[64], token[128];
	int64_t account; /* whose tokens are written */
	pthread_mutex_t lock;
	pthread_cond_t changed;
	int port;	/* 0: down; under lock */
	int generation; /* of the daemon; under lock */
	bool ending;	/* clients finish what they do; under lock */
	int64_t last;	/* event the streams read up to, under lock; -1: not
			 * known yet */
	int64_t replays, broken; /* under lock */
};

/* One writer: what it was told was done. */
struct client {
	struct world *world;
	pthread_t thread;
	int number;
	int64_t *ids; /* of the token made by operation i */
	int64_t n, cap;
};

/* One stream: the first half of each event's hash, by id. */
struct stream {
	struct world *world;
	pthread_t thread;
	uint64_t *hashes; /* hashes[id] */
	int64_t last, cap;
	int connections;
};

/* daemon.c: processes. store: file name in world.dir. */
pid_t daemon_start(struct world *, const char *store);
void daemon_kill(struct world *, pid_t);
int daemon_end(struct world *, pid_t); /* gracefully; exit status */
/* Starts and kills before it is ready. */
void daemon_stillborn(struct world *, const char *store, int64_t after_us);
void pause_us(int64_t us);
__attribute__((noreturn, format(printf, 1, 2))) void die(const char *fmt, ...);

/* clients.c: threads. */
void *client_run(void *);
void *stream_run(void *);
/* The port of the running daemon, waits for one; *generation may be NULL. */
int world_port(struct world *, int *generation);

/* check.c */
struct log_copy {
	uint64_t *hashes; /* by id */
	int64_t head;
};
/* TAP lines; false if one is not ok. */
bool check_log(struct world *, struct client *, struct log_copy *);
bool check_streams(struct stream *, const struct log_copy *);
bool check_torn(
    struct world *, const char *store, const struct log_copy *, int cuts);
bool tap(bool good, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void tap_end(void);

#endif
