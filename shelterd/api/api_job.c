/* SPDX-License-Identifier: MIT */
/* Routes over jobs: list, wait for, cancel.  All on the loop. */
#include <stdlib.h>
#include "shelterd/daemon.h"
#include "shelterd/net/http.h"
#include "shelterd/job_private.h"
#include "shelterd/net/page.h"
#include "shelterd/net/request_private.h"

static struct job *
find(struct request *req)
{
	int64_t id = req_id(req, "id");

	for (struct job *j = daemon_jobs(req->daemon)->first; j != NULL;
	     j = j->next)
		if (j->id == id)
			return job_visible(j, &req->caller) ? j : NULL;
	return NULL;
}

static enum status
unknown(struct request *req)
{
	return req_fail(req, ST_NOT_FOUND, "id", "no job %lld",
	    (long long)req_id(req, "id"));
}

static enum status
list_jobs(struct request *req)
{
	struct page page;

	page_begin(&page, req);
	for (struct job *j = daemon_jobs(req->daemon)->first; j; j = j->next)
		if (j->id > page.after && job_visible(j, &req->caller) &&
		    !page_add(&page, j->id, job_json(j)))
			break;
	return page_reply(&page, 0);
}

static enum job_state
state_of(struct job *job)
{
	enum job_state state;

	pthread_mutex_lock(&job->lock);
	state = job->state;
	pthread_mutex_unlock(&job->lock);
	return state;
}

/* A request parked at a job; the timer finds it by job and request, as the
 * job may have answered it long before. */
struct wait {
	struct job *job;
	struct request *req;
	int64_t started;
};

static void
drop_wait(void *arg)
{
	struct wait *wait = arg;

	job_unref(wait->job);
	free(wait);
}

static void
waited(void *arg)
{
	struct wait *wait = arg;
	struct request **at = &wait->job->waiters, *req;

	while ((req = *at) != NULL &&
	       (req != wait->req || req->p->started != wait->started))
		at = &req->p->next_waiter;
	if (req != NULL) {
		*at = req->p->next_waiter;
		req->p->parked = false;
		http_finish(req, reply_json(req, ST_OK, job_json(wait->job)));
	}
	drop_wait(wait);
}

static enum status
get_job(struct request *req)
{
	int64_t seconds = req_query_int(req, "wait", 0);
	struct job *job = find(req);
	struct wait *wait;

	if (job == NULL)
		return unknown(req);
	if (seconds == 0 || state_of(job) >= JOB_DONE ||
	    daemon_stopping(req->daemon) ||
	    (wait = malloc(sizeof(*wait))) == NULL)
		return reply_json(req, ST_OK, job_json(job));
	*wait = (struct wait){ job, req, req->p->started };
	atomic_fetch_add(&job->refs, 1);
	req->p->parked = true;
	req->p->next_waiter = job->waiters;
	job->waiters = req;
	loop_after(
	    daemon_loop(req->daemon), seconds * 1000, waited, drop_wait, wait);
	return ST_OK;
}

static enum status
cancel_job(struct request *req)
{
	struct job *job = find(req);

	if (job == NULL)
		return unknown(req);
	if (state_of(job) >= JOB_DONE)
		return req_fail(req, ST_CONFLICT, "id", "job %lld has ended",
		    (long long)job->id);
	atomic_store(&job->cancel, true);
	return reply_json(req, ST_OK, job_json(job));
}

static const struct field list_query[] = {
	PAGE_LIMIT_FIELD,
	PAGE_AFTER_FIELD,
	{ .name = NULL },
};

static const struct field wait_query[] = {
	{ .name = "wait",
	    .type = F_INTEGER,
	    .min = 0,
	    .max = 30,
	    .help = "seconds to wait for a change of state" },
	{ .name = NULL },
};

const struct route routes_job[] = {
	{ .method = "GET",
	    .path = "/v1/jobs",
	    .roles = ROLE_ANYONE,
	    .on = ON_LOOP,
	    .query = list_query,
	    .handle = list_jobs,
	    .summary = "Jobs the caller may see" },
	{ .method = "GET",
	    .path = "/v1/jobs/{id}",
	    .roles = ROLE_ANYONE,
	    .on = ON_LOOP,
	    .query = wait_query,
	    .handle = get_job,
	    .summary = "A job, at once or when its state changes" },
	{ .method = "DELETE",
	    .path = "/v1/jobs/{id}",
	    .roles = ROLE_ANYONE,
	    .on = ON_LOOP,
	    .handle = cancel_job,
	    .summary = "Ask a job to end" },
	{ .path = NULL },
};
