/* SPDX-License-Identifier: MIT */
/*
 * The daemon's side of jobs (request.h has the handlers'): a bounded table of
 * them, started when the answer of the request that made them is sent.
 */
#ifndef SHELTERD_JOB_H
#define SHELTERD_JOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct caller;
struct daemon;
struct job;
struct jobs;

struct jobs *jobs_new(struct daemon *);
void jobs_free(struct jobs *); /* after the job lane has ended */
/* Loop: the request that made it was answered: run it, or forget it. */
void job_start(struct job *);
void job_drop(struct job *);
void job_unref(struct job *); /* NULL is fine */
/* Loop: asks all to end and answers whoever waits for one. */
void jobs_stop(struct jobs *);
size_t jobs_active(struct jobs *); /* queued or running */
/* Its owner, coordinators and administrators may see it. */
bool job_visible(const struct job *, const struct caller *);

#endif
