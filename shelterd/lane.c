/* SPDX-License-Identifier: MIT */
/*
 * A lane: one thread and its bounded queue.  Knows neither the work nor the
 * loop.
 */
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>
#include "shelterd/lane.h"

enum { BEHIND = 15 /* nice */ };

struct lane {
	const char *name;
	void *context;
	size_t capacity;
	bool behind;
	pthread_t thread;
	pthread_mutex_t lock; /* guards what follows */
	pthread_cond_t wake;
	struct lane_work *first, **last;
	size_t length;
	bool closed, ended;
};

static struct lane_work *
take(struct lane *lane)
{
	struct lane_work *work = lane->first;

	lane->first = work->next;
	if (lane->first == NULL)
		lane->last = &lane->first;
	lane->length--;
	return work;
}

/* This thread and those it starts: the kernel takes the processor from them
 * as soon as another one wakes. Refusals are as good as none. */
static void
step_behind(void)
{
	const struct sched_param none = { 0 };

	(void)!sched_setscheduler(0, SCHED_BATCH, &none);
	(void)!setpriority(PRIO_PROCESS, (id_t)gettid(), BEHIND);
}

static void *
serve(void *arg)
{
	struct lane *lane = arg;
	struct lane_work *work;

	if (lane->behind)
		step_behind();
	pthread_mutex_lock(&lane->lock);
	for (;;) {
		while (lane->first == NULL && !lane->closed)
			pthread_cond_wait(&lane->wake, &lane->lock);
		if (lane->first == NULL)
			break;
		work = take(lane);
		pthread_mutex_unlock(&lane->lock);
		work->run(work, lane->context);
		pthread_mutex_lock(&lane->lock);
	}
	lane->ended = true;
	pthread_mutex_unlock(&lane->lock);
	return NULL;
}

static struct lane *
start(const char *name, size_t capacity, void *context, bool behind)
{
	struct lane *lane = calloc(1, sizeof(*lane));

	if (lane == NULL)
		return NULL;
	lane->name = name;
	lane->context = context;
	lane->capacity = capacity;
	lane->behind = behind;
	lane->last = &lane->first;
	pthread_mutex_init(&lane->lock, NULL);
	pthread_cond_init(&lane->wake, NULL);
	if (pthread_create(&lane->thread, NULL, serve, lane) != 0) {
		free(lane);
		return NULL;
	}
	pthread_setname_np(lane->thread, name);
	return lane;
}

struct lane *
lane_start(const char *name, size_t capacity, void *context)
{
	return start(name, capacity, context, false);
}

struct lane *
lane_start_behind(const char *name, size_t capacity, void *context)
{
	return start(name, capacity, context, true);
}

bool
lane_submit(struct lane *lane, struct lane_work *work)
{
	bool taken = false;

	work->next = NULL;
	pthread_mutex_lock(&lane->lock);
	if (!lane->closed && lane->length < lane->capacity) {
		*lane->last = work;
		lane->last = &work->next;
		lane->length++;
		taken = true;
		pthread_cond_signal(&lane->wake);
	}
	pthread_mutex_unlock(&lane->lock);
	return taken;
}

size_t
lane_length(struct lane *lane)
{
	size_t n;

	pthread_mutex_lock(&lane->lock);
	n = lane->length;
	pthread_mutex_unlock(&lane->lock);
	return n;
}

void
lane_close(struct lane *lane)
{
	pthread_mutex_lock(&lane->lock);
	lane->closed = true;
	pthread_cond_signal(&lane->wake);
	pthread_mutex_unlock(&lane->lock);
}

bool
lane_ended(struct lane *lane)
{
	bool ended;

	pthread_mutex_lock(&lane->lock);
	ended = lane->ended;
	pthread_mutex_unlock(&lane->lock);
	return ended;
}

void
lane_free(struct lane *lane)
{
	if (lane == NULL)
		return;
	lane_close(lane);
	pthread_join(lane->thread, NULL);
	pthread_mutex_destroy(&lane->lock);
	pthread_cond_destroy(&lane->wake);
	free(lane);
}
