/* SPDX-License-Identifier: MIT */
/*
 * Bringing the inspector's file and the server together.  Sending: each
 * operation under its own id, as the idempotency key and in its body, in the
 * order they were done, until the server confirms or refuses it; one that is
 * refused is set aside and the next goes on.  Killed between any two steps
 * and begun again, the server has each operation once.
 *
 * It reaches the server through one function, so that tests can stand in for
 * it.  It prints nothing.
 */
#ifndef FIELD_SYNC_H
#define FIELD_SYNC_H

#include "clients/field/queue.h"
#include "clients/libshelter/shelter.h"

struct sync_net {
	/* As shelter_request(), lists whole; key NULL for reads. */
	bool (*ask)(void *arg, const char *method, const char *path,
	    const cJSON *body, const char *key, struct shelter_reply *);
	void *arg;
};
/* Over libshelter; `arg` is the struct shelter. */
struct sync_net sync_over(struct shelter *);

struct sync_result {
	int64_t sent, refused; /* by this run */
	bool online;	       /* the server answered */
	bool stranger;	       /* the store is another user's */
	char error[512];       /* why it stopped early, "" if it did not */
};

/* Sends what is waiting; false when something stopped it before the end. */
bool sync_push(struct queue *, const struct sync_net *, struct sync_result *);
/* Fetches tasks, checklist and the tasks' shelters. */
bool sync_pull(struct queue *, const struct sync_net *, struct sync_result *);
/* Who am I, push, pull. */
bool sync_run(struct queue *, const struct sync_net *, struct sync_result *);

#endif
