/* SPDX-License-Identifier: MIT */
/* The inside of jobs, shared by job.c and the routes over them. */
#ifndef SHELTERD_JOB_PRIVATE_H
#define SHELTERD_JOB_PRIVATE_H

#include <pthread.h>
#include <stdatomic.h>
#include "shelterd/job.h"
#include "shelterd/lane.h"
#include "shelterd/net/request.h"
#include "shelterd/snapshot.h"

enum { JOB_SNAPS = 16 };

enum job_state { JOB_QUEUED, JOB_RUNNING, JOB_DONE, JOB_FAILED, JOB_CANCELLED };

struct job {
	struct job *next;
	struct jobs *jobs;
	atomic_int refs;
	int64_t id;
	const char *kind;
	enum status (*run)(struct job *, void *arg);
	void *arg;
	void (*arg_free)(void *);
	struct request *req; /* the caller, and the vehicle of its writes */
	struct db *db;	     /* while running */
	atomic_bool cancel;
	/* The job's thread. */
	struct snapshot *snaps[JOB_SNAPS];
	size_t nsnaps;
	/* The loop. */
	struct request *waiters;
	struct lane_work work;
	struct loop_post progress_post, end_post;
	/* Both, under the lock. */
	pthread_mutex_t lock;
	enum job_state state;
	char *phase;
	int64_t done, total;
	cJSON *result, *problem;
	bool dirty;	  /* a frame is owed */
	bool frame_timer; /* one is on its way */
};

struct jobs {
	struct daemon *daemon;
	_Atomic int64_t next_id;
	struct job *first, **last;
	size_t n, active;
};

cJSON *job_json(struct job *);

#endif
