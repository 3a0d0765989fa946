/* SPDX-License-Identifier: MIT */
/*
 * Follows a job to its end by polling with a wait: the daemon answers when the
 * job's state changes or after a second, which is when progress is told.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "clients/libshelter/internal.h"

static const cJSON *
member(const cJSON *object, const char *name)
{
	return cJSON_GetObjectItemCaseSensitive(object, name);
}

static int64_t
number(const cJSON *object, const char *name)
{
	const cJSON *n = member(object, name);

	return cJSON_IsNumber(n) ? (int64_t)n->valuedouble : 0;
}

static bool
job_id(const cJSON *job, char *id, size_t size)
{
	const cJSON *n = member(job, "id");

	if (cJSON_IsNumber(n))
		snprintf(id, size, "%.0f", n->valuedouble);
	else if (cJSON_IsString(n))
		snprintf(id, size, "%s", n->valuestring);
	else
		return false;
	return true;
}

/* Done: the result replaces the whole answer. */
static bool
finish(struct shelter_reply *reply, cJSON *job)
{
	cJSON *result = cJSON_DetachItemFromObjectCaseSensitive(job, "result");

	cJSON_Delete(reply->json);
	reply->json = result;
	return true;
}

/* Failed or cancelled: the problem replaces the whole answer. */
static bool
failed(struct shelter_reply *reply, cJSON *job, const char *state)
{
	cJSON *problem =
	    cJSON_DetachItemFromObjectCaseSensitive(job, "problem");
	bool told = cJSON_IsObject(problem);
	bool cancelled = !strcmp(state, "cancelled");

	cJSON_Delete(reply->json);
	reply->json = problem;
	if (told) {
		reply->status = (int)number(problem, "status");
		shelter_problem(reply);
	} else
		snprintf(reply->error, sizeof(reply->error), "the job %s",
		    cancelled ? "was cancelled" : "failed");
	return false;
}

bool
shelter_job_wait(struct shelter *s, struct shelter_reply *reply,
    shelter_progress *progress, void *arg)
{
	char id[128], path[200];

	for (;;) {
		cJSON *job =
		    cJSON_GetObjectItemCaseSensitive(reply->json, "job");
		if (!job) /* a poll's answer may be the job itself */
			job = reply->json;
		const char *state = cJSON_GetStringValue(member(job, "state"));
		const char *phase = cJSON_GetStringValue(member(job, "phase"));

		if (!state || !job_id(job, id, sizeof(id))) {
			snprintf(reply->error, sizeof(reply->error),
			    "the answer is not a job");
			return false;
		}
		if (progress)
			progress(arg, phase ? phase : state,
			    number(job, "done"), number(job, "total"));
		if (!strcmp(state, "done"))
			return finish(reply, job);
		if (strcmp(state, "queued") && strcmp(state, "running"))
			return failed(reply, job, state);
		shelter_reply_release(reply);
		snprintf(path, sizeof(path), "/v1/jobs/%s?wait=%d", id,
		    progress ? 1 : 20);
		if (!shelter_get(s, path, reply))
			return false;
	}
}
