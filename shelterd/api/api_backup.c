/* SPDX-License-Identifier: MIT */
/*
 * A copy of the running store into the configured folder, as a job.
 */
#include <stdlib.h>
#include <string.h>
#include "shelterd/conf.h"
#include "shelterd/daemon.h"
#include "shelterd/net/request.h"
#include "shelterd/store/backup.h"

static cJSON *
backup_json(const struct backup *b)
{
	cJSON *o = cJSON_CreateObject();

	cJSON_AddStringToObject(o, "path", b->path);
	cJSON_AddNumberToObject(o, "bytes", (double)b->bytes);
	cJSON_AddStringToObject(o, "sha256", b->sha256);
	return o;
}

static enum status
write_made(struct request *req, void *arg)
{
	const struct event_scope admins = { .roles = ROLE_ADMIN };

	return req_event(
	    req, "backup.made", "backup", 0, admins, backup_json(arg), NULL);
}

static enum status
run_backup(struct job *job, void *arg)
{
	const char *dir = daemon_conf(job_daemon(job))->backup_dir;
	struct backup b;
	char err[1200];
	enum status st;

	job_progress(job, "copying", 0, 1);
	switch (backup_make(job_db(job), dir, arg, &b, err, sizeof(err))) {
	case BACKUP_OK:
		break;
	case BACKUP_EXISTS:
		return job_fail(job, ST_CONFLICT, "name", "%s", err);
	default:
		return job_fail(job, ST_UNAVAILABLE, NULL, "%s", err);
	}
	st = job_write(job, write_made, &b);
	if (st != ST_OK)
		return st;
	job_progress(job, "done", 1, 1);
	job_result(job, backup_json(&b));
	return ST_OK;
}

static enum status
post_backup(struct request *req)
{
	const char *name = body_str(req->body, "name", "");
	struct job *job;
	char *copy;

	if (!backup_name_ok(name))
		return req_fail(req, ST_INVALID, "name",
		    "letters, digits, '.', '_' and '-', not starting with '.'");
	copy = strdup(name);
	if (copy == NULL)
		return req_fail(req, ST_UNAVAILABLE, NULL, "out of memory");
	job = req_job(req, "backup", run_backup, copy, free);
	return reply_job(req, job);
}

static const struct field backup_body[] = {
	{ .name = "name",
	    .type = F_STRING,
	    .required = true,
	    .maxlen = 64,
	    .help = "file name in the backup folder" },
	{ .name = NULL },
};

const struct route routes_backup[] = {
	{ .method = "POST",
	    .path = "/v1/backup",
	    .roles = ROLE_ADMIN,
	    .on = ON_WORKER,
	    .body = backup_body,
	    .handle = post_backup,
	    .summary = "Copy the running store into the backup folder" },
	{ .path = NULL },
};
