/* SPDX-License-Identifier: MIT */
/*
 * Jobs: long work on a lane of its own, one after the other.  The job's lock
 * guards what its thread and the loop both touch; the table belongs to the
 * loop, except that a handler on any lane may put a new job aside in its
 * request, which the loop takes in when it sends the answer.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "shelterd/daemon.h"
#include "shelterd/net/http.h"
#include "shelterd/job.h"
#include "shelterd/job_private.h"
#include "shelterd/net/request_private.h"
#include "shelterd/net/sse.h"
#include "shelterd/net/when.h"

enum { FRAME_EVERY = 100 /* ms */, ACTIVE_MAX = 64 };

static const char *const state_words[] = { "queued", "running", "done",
	"failed", "cancelled" };

struct jobs *
jobs_new(struct daemon *d)
{
	struct jobs *jobs = calloc(1, sizeof(*jobs));

	if (jobs == NULL)
		return NULL;
	jobs->daemon = d;
	/* Ids of an earlier run of the daemon do not come again. */
	atomic_init(&jobs->next_id, (int64_t)time(NULL) * 1000);
	return jobs;
}

void
jobs_free(struct jobs *jobs)
{
	struct job *job, *next;

	if (jobs == NULL)
		return;
	for (job = jobs->first; job != NULL; job = next) {
		next = job->next;
		job_unref(job);
	}
	free(jobs);
}

/* Jobs are remembered long after their end; the district they saw is not. */
static void
let_go(struct job *job)
{
	while (job->nsnaps > 0)
		snapshot_unref(job->snaps[--job->nsnaps]);
	if (job->req == NULL)
		return;
	snapshot_unref((struct snapshot *)job->req->snap);
	job->req->snap = NULL;
}

static void
free_job(struct job *job)
{
	if (job->arg_free != NULL)
		job->arg_free(job->arg);
	let_go(job);
	cJSON_Delete(job->result);
	cJSON_Delete(job->problem);
	free(job->phase);
	request_free(job->req);
	pthread_mutex_destroy(&job->lock);
	free(job);
}

void
job_unref(struct job *job)
{
	if (job != NULL && atomic_fetch_sub(&job->refs, 1) == 1)
		free_job(job);
}

struct job *
req_job(struct request *req, const char *kind,
    enum status (*run)(struct job *, void *arg), void *arg,
    void (*arg_free)(void *))
{
	struct job *job = NULL;

	if (req->p->job == NULL)
		job = calloc(1, sizeof(*job));
	if (job != NULL && (job->req = request_new(req->daemon)) == NULL) {
		free(job);
		job = NULL;
	}
	if (job == NULL) {
		if (arg_free != NULL)
			arg_free(arg);
		return NULL;
	}
	job->jobs = daemon_jobs(req->daemon);
	job->id = atomic_fetch_add(&job->jobs->next_id, 1);
	job->kind = kind;
	job->run = run;
	job->arg = arg;
	job->arg_free = arg_free;
	job->req->caller = req->caller;
	atomic_init(&job->refs, 1);
	pthread_mutex_init(&job->lock, NULL);
	req->p->job = job;
	return job;
}

cJSON *
job_json(struct job *job)
{
	cJSON *o = cJSON_CreateObject();

	pthread_mutex_lock(&job->lock);
	cJSON_AddNumberToObject(o, "id", (double)job->id);
	cJSON_AddStringToObject(o, "kind", job->kind);
	cJSON_AddStringToObject(o, "state", state_words[job->state]);
	cJSON_AddStringToObject(
	    o, "phase", job->phase != NULL ? job->phase : "");
	cJSON_AddNumberToObject(o, "done", (double)job->done);
	cJSON_AddNumberToObject(o, "total", (double)job->total);
	cJSON_AddItemToObject(o, "result",
	    job->result != NULL ? cJSON_Duplicate(job->result, true)
				: cJSON_CreateNull());
	cJSON_AddItemToObject(o, "problem",
	    job->problem != NULL ? cJSON_Duplicate(job->problem, true)
				 : cJSON_CreateNull());
	pthread_mutex_unlock(&job->lock);
	return o;
}

enum status
reply_job(struct request *req, struct job *job)
{
	char where[64];
	cJSON *o;

	if (job == NULL)
		return req_fail(
		    req, ST_UNAVAILABLE, NULL, "no job could be started");
	o = cJSON_CreateObject();
	snprintf(where, sizeof(where), "/v1/jobs/%lld", (long long)job->id);
	reply_header(req, "Location", where);
	cJSON_AddItemToObject(o, "job", job_json(job));
	return reply_json(req, ST_ACCEPTED, o);
}

bool
job_visible(const struct job *job, const struct caller *c)
{
	return c->role == ROLE_ADMIN || c->role == ROLE_COORDINATOR ||
	       (c->id != 0 && c->id == job->req->caller.id);
}

/* Loop side. */

static void
answer_waiters(struct job *job)
{
	struct request *req, *next;

	req = job->waiters;
	job->waiters = NULL;
	for (; req != NULL; req = next) {
		next = req->p->next_waiter;
		req->p->parked = false;
		http_finish(req, reply_json(req, ST_OK, job_json(job)));
	}
}

static void
send_frame(struct job *job)
{
	cJSON *o = job_json(job);
	char *text = cJSON_PrintUnformatted(o);

	if (text != NULL)
		sse_job(daemon_sse(job->jobs->daemon), job, text);
	free(text);
	cJSON_Delete(o);
}

static void
drop_frame(void *job)
{
	job_unref(job);
}

static void
frame_due(void *arg)
{
	struct job *job = arg;
	bool again;

	pthread_mutex_lock(&job->lock);
	again = job->dirty;
	job->dirty = false;
	job->frame_timer = again;
	pthread_mutex_unlock(&job->lock);
	if (!again) {
		job_unref(job);
		return;
	}
	send_frame(job);
	loop_after(daemon_loop(job->jobs->daemon), FRAME_EVERY, frame_due,
	    drop_frame, job);
}

/* The job's thread reported something while no timer ran. */
static void
progressed(struct loop_post *post)
{
	struct job *job =
	    (struct job *)((char *)post - offsetof(struct job, progress_post));

	answer_waiters(job);
	frame_due(job);
}

static void
ended(struct loop_post *post)
{
	struct job *job =
	    (struct job *)((char *)post - offsetof(struct job, end_post));

	job->jobs->active--;
	pthread_mutex_lock(&job->lock);
	job->dirty = false;
	pthread_mutex_unlock(&job->lock);
	answer_waiters(job);
	send_frame(job);
	job_unref(job);
}

/* Forgets the oldest finished ones beyond jobs-kept. */
static void
trim(struct jobs *jobs)
{
	int64_t keep = daemon_conf(jobs->daemon)->jobs_kept;
	struct job **at = &jobs->first, *job;

	while ((int64_t)jobs->n > keep && (job = *at) != NULL) {
		enum job_state state;

		pthread_mutex_lock(&job->lock);
		state = job->state;
		pthread_mutex_unlock(&job->lock);
		if (state < JOB_DONE) {
			at = &job->next;
			continue;
		}
		*at = job->next;
		if (jobs->last == &job->next)
			jobs->last = at;
		jobs->n--;
		job_unref(job);
	}
}

/* Job lane. */

static void
touched(struct job *job)
{
	bool post = !job->frame_timer;

	job->dirty = true;
	job->frame_timer = true;
	if (post) {
		atomic_fetch_add(&job->refs, 1);
		loop_post(daemon_loop(job->jobs->daemon), &job->progress_post);
	}
}

static void
set_state(struct job *job, enum job_state state)
{
	pthread_mutex_lock(&job->lock);
	job->state = state;
	if (state == JOB_RUNNING)
		touched(job);
	pthread_mutex_unlock(&job->lock);
}

static enum job_state
outcome(struct job *job, enum status st)
{
	if (status_http(st) < 400)
		return JOB_DONE;
	if (atomic_load(&job->cancel))
		return JOB_CANCELLED;
	if (job->problem == NULL)
		job_fail(job, st, NULL, "%s", status_title(st));
	return JOB_FAILED;
}

static void
run_job(struct lane_work *work, void *context)
{
	struct job *job =
	    (struct job *)((char *)work - offsetof(struct job, work));
	enum status st = ST_CONFLICT;

	job->db = context;
	if (!atomic_load(&job->cancel)) {
		set_state(job, JOB_RUNNING);
		st = job->run(job, job->arg);
	}
	set_state(job, outcome(job, st));
	if (job->arg_free != NULL)
		job->arg_free(job->arg);
	job->arg_free = NULL;
	let_go(job);
	job->db = NULL;
	loop_post(daemon_loop(job->jobs->daemon), &job->end_post);
}

void
job_start(struct job *job)
{
	struct jobs *jobs = job->jobs;

	job->work.run = run_job;
	job->progress_post.fn = progressed;
	job->end_post.fn = ended;
	job->next = NULL;
	if (jobs->first == NULL)
		jobs->last = &jobs->first;
	*jobs->last = job;
	jobs->last = &job->next;
	jobs->n++;
	jobs->active++;
	atomic_fetch_add(&job->refs, 1); /* the lane's */
	if (jobs->active > ACTIVE_MAX ||
	    !lane_submit(daemon_lane(jobs->daemon, LANE_JOBS), &job->work)) {
		job_fail(job, ST_UNAVAILABLE, NULL, "too many jobs wait");
		set_state(job, JOB_FAILED);
		let_go(job);
		jobs->active--;
		job_unref(job);
	}
	trim(jobs);
}

void
job_drop(struct job *job)
{
	job_unref(job);
}

bool
job_cancelled(const struct job *job)
{
	return atomic_load(&((struct job *)job)->cancel);
}

void
job_progress(struct job *job, const char *phase, int64_t done, int64_t total)
{
	pthread_mutex_lock(&job->lock);
	if (job->phase == NULL || strcmp(job->phase, phase) != 0) {
		free(job->phase);
		job->phase = strdup(phase);
	}
	job->done = done;
	job->total = total;
	touched(job);
	pthread_mutex_unlock(&job->lock);
}

const struct snapshot *
job_snapshot(struct job *job)
{
	struct snapshot *now = daemon_snapshot(job->jobs->daemon);

	if (job->nsnaps > 0 &&
	    (job->snaps[job->nsnaps - 1] == now || job->nsnaps == JOB_SNAPS)) {
		snapshot_unref(now);
		return job->snaps[job->nsnaps - 1];
	}
	job->snaps[job->nsnaps++] = now;
	return now;
}

struct daemon *
job_daemon(struct job *job)
{
	return job->jobs->daemon;
}

struct db *
job_db(struct job *job)
{
	return job->db;
}

enum status
job_write(
    struct job *job, enum status (*fn)(struct request *, void *), void *arg)
{
	struct request *req = job->req;
	struct snapshot *old = (struct snapshot *)req->snap;
	enum status st;

	reply_clear(req->reply);
	req->now = (int64_t)time(NULL);
	req->snap = daemon_snapshot(job->jobs->daemon);
	snapshot_unref(old);
	st = req_write(req, fn, arg);
	if (status_http(st) >= 400 && req->reply->bytes != NULL) {
		pthread_mutex_lock(&job->lock);
		cJSON_Delete(job->problem);
		job->problem =
		    cJSON_ParseWithLength(req->reply->bytes, req->reply->len);
		pthread_mutex_unlock(&job->lock);
	}
	return st;
}

void
job_result(struct job *job, cJSON *take)
{
	pthread_mutex_lock(&job->lock);
	cJSON_Delete(job->result);
	job->result = take;
	pthread_mutex_unlock(&job->lock);
}

enum status
job_fail(
    struct job *job, enum status st, const char *field, const char *fmt, ...)
{
	struct request *req = job->req;
	va_list ap;

	reply_clear(req->reply);
	va_start(ap, fmt);
	req_vfail(req, st, field, fmt, ap);
	va_end(ap);
	pthread_mutex_lock(&job->lock);
	cJSON_Delete(job->problem);
	job->problem =
	    req->reply->bytes == NULL
		? NULL
		: cJSON_ParseWithLength(req->reply->bytes, req->reply->len);
	pthread_mutex_unlock(&job->lock);
	return st;
}

void
jobs_stop(struct jobs *jobs)
{
	for (struct job *job = jobs->first; job != NULL; job = job->next) {
		atomic_store(&job->cancel, true);
		answer_waiters(job);
	}
}

size_t
jobs_active(struct jobs *jobs)
{
	return jobs->active;
}
