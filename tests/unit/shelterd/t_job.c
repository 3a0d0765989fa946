/* SPDX-License-Identifier: MIT */
/* The table of jobs, in a daemon without clients: order, ends, who sees. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>
#include "shelterd/net/auth.h"
#include "shelterd/daemon.h"
#include "shelterd/job_private.h"
#include "shelterd/lane.h"
#include "shelterd/net/request_private.h"
#include "tests/unit/shelterd/temp.h"

enum { KEPT = 8, PATIENCE = 20 /* s */ };

static struct daemon *d;
static atomic_int order, freed;
static atomic_bool gate;

static void
must_set(struct conf *conf, const char *name, const char *value)
{
	char text[200], err[200];

	snprintf(text, sizeof(text), "%s=%s", name, value);
	assert_int_equal(conf_set(conf, text, err, sizeof(err)), 0);
}

static int
begin(void **state)
{
	struct conf *conf = conf_new();
	char err[300], token[100];
	struct rules *rules = NULL;

	if (temp_begin(state) != 0 || auth_init() != 0 || conf == NULL)
		return -1;
	snprintf(token, sizeof(token), "%s/token", temp_dir);
	must_set(conf, "listen", "127.0.0.1:0");
	must_set(conf, "store", temp_path());
	must_set(conf, "admin-token-file", token);
	must_set(conf, "web-root", temp_dir);
	must_set(conf, "jobs-kept", "8");
	must_set(conf, "log-level", "error");
	rules = rules_load("etc/rules", err, sizeof(err));
	if (rules != NULL)
		d = daemon_new(conf, rules, err, sizeof(err));
	if (d == NULL)
		print_error("%s\n", err);
	return d != NULL ? 0 : -1;
}

static int
end(void **state)
{
	daemon_free(d);
	return temp_end(state);
}

static void
gone(void *arg)
{
	free(arg);
	atomic_fetch_add(&freed, 1);
}

/* Notes the order it ran in. */
static enum status
note(struct job *job, void *arg)
{
	*(int *)arg = atomic_fetch_add(&order, 1);
	job_progress(job, "counting", 1, 2);
	job_result(job, cJSON_CreateNumber(*(int *)arg));
	return ST_OK;
}

/* Runs until the gate opens or it is asked to end. */
static enum status
wait_for_gate(struct job *job, void *arg)
{
	const struct timespec turn = { 0, 1000000 };

	(void)arg;
	while (!atomic_load(&gate) && !job_cancelled(job))
		nanosleep(&turn, NULL);
	if (job_cancelled(job))
		return ST_CONFLICT;
	return ST_OK;
}

static enum status
fail_loudly(struct job *job, void *arg)
{
	(void)arg;
	return job_fail(job, ST_INVALID, "radius", "no such %s", "place");
}

static enum status
fail_silently(struct job *job, void *arg)
{
	(void)job;
	(void)arg;
	return ST_UNAVAILABLE;
}

/* Started as if user 7 had asked; with one reference for the test. */
static struct job *start(enum status (*run)(struct job *, void *))
{
	struct request *req = request_new(d);
	struct job *job;

	req->caller.id = 7;
	req->caller.role = ROLE_INSPECTOR;
	job = req_job(req, "test", run, malloc(sizeof(int)), gone);
	assert_non_null(job);
	atomic_fetch_add(&job->refs, 1);
	req->p->job = NULL;
	request_free(req);
	job_start(job);
	return job;
}

static void
run_dry(void)
{
	time_t until = time(NULL) + PATIENCE;

	while (jobs_active(daemon_jobs(d)) > 0 && time(NULL) < until)
		loop_turn(daemon_loop(d), 1);
	assert_int_equal(jobs_active(daemon_jobs(d)), 0);
}

static void
ended_as(struct job *job, const char *state, const char *detail)
{
	cJSON *o = job_json(job);
	const cJSON *problem = cJSON_GetObjectItem(o, "problem");

	assert_string_equal(
	    cJSON_GetStringValue(cJSON_GetObjectItem(o, "state")), state);
	if (detail == NULL)
		assert_true(cJSON_IsNull(problem));
	else
		assert_string_equal(cJSON_GetStringValue(
					cJSON_GetObjectItem(problem, "detail")),
		    detail);
	cJSON_Delete(o);
	assert_int_equal(job->nsnaps, 0);
	assert_null(job->req->snap); /* that of an old district may be large */
	job_unref(job);
}

static void
runs_in_order(void **state)
{
	struct job *jobs[5];
	int before = atomic_load(&freed);

	(void)state;
	atomic_store(&order, 0);
	for (int i = 0; i < 5; i++)
		jobs[i] = start(note);
	run_dry();
	assert_int_equal(atomic_load(&freed), before + 5);
	for (int i = 0; i < 5; i++) {
		assert_int_equal(jobs[i]->result->valueint, i);
		assert_string_equal(jobs[i]->phase, "counting");
		assert_true(i == 0 || jobs[i]->id > jobs[i - 1]->id);
		ended_as(jobs[i], "done", NULL);
	}
}

static void
ends_in_every_way(void **state)
{
	struct job *running, *queued, *failed, *silent;

	(void)state;
	atomic_store(&gate, false);
	running = start(wait_for_gate);
	queued = start(note);
	failed = start(fail_loudly);
	silent = start(fail_silently);
	assert_int_equal(jobs_active(daemon_jobs(d)), 4);
	atomic_store(&queued->cancel, true);
	atomic_store(&running->cancel, true);
	run_dry();
	ended_as(running, "cancelled", NULL);
	ended_as(queued, "cancelled", NULL);
	ended_as(failed, "failed", "no such place");
	ended_as(silent, "failed", status_title(ST_UNAVAILABLE));
}

static void
keeps_the_newest(void **state)
{
	struct jobs *jobs = daemon_jobs(d);
	int64_t last = 0;
	size_t n = 0;

	(void)state;
	for (int i = 0; i < 3 * KEPT; i++) {
		struct job *job = start(note);

		last = job->id;
		run_dry();
		job_unref(job);
	}
	for (struct job *j = jobs->first; j != NULL; j = j->next, n++)
		assert_true(j->id > last - KEPT - 1 && j->id <= last);
	assert_int_equal(n, KEPT);
	assert_int_equal(jobs->n, KEPT);
}

static void
refuses_too_many_at_once(void **state)
{
	enum { MANY = 80 };
	struct job *jobs[MANY];
	int refused = 0;

	(void)state;
	atomic_store(&gate, false);
	jobs[0] = start(wait_for_gate);
	for (int i = 1; i < MANY; i++)
		jobs[i] = start(note);
	for (int i = 0; i < MANY; i++)
		refused += jobs[i]->state == JOB_FAILED;
	assert_true(refused > 0 && refused < MANY);
	assert_int_equal(jobs_active(daemon_jobs(d)), MANY - refused);
	atomic_store(&gate, true);
	run_dry();
	for (int i = 0; i < MANY; i++) {
		bool done = i < MANY - refused;

		ended_as(jobs[i], done ? "done" : "failed",
		    done ? NULL : "too many jobs wait");
	}
}

static void
is_seen_by_its_owner_and_the_office(void **state)
{
	static const struct {
		int64_t id;
		enum role role;
		bool sees;
	} rows[] = {
		{ 7, ROLE_INSPECTOR, true },
		{ 8, ROLE_INSPECTOR, false },
		{ 8, ROLE_UNIT, false },
		{ 8, ROLE_VIEWER, false },
		{ 8, ROLE_COORDINATOR, true },
		{ 8, ROLE_ADMIN, true },
	};
	struct job *job = start(note);

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct caller c = { .id = rows[i].id, .role = rows[i].role };

		assert_int_equal(job_visible(job, &c), rows[i].sees);
	}
	run_dry();
	job_unref(job);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(runs_in_order),
		cmocka_unit_test(ends_in_every_way),
		cmocka_unit_test(keeps_the_newest),
		cmocka_unit_test(refuses_too_many_at_once),
		cmocka_unit_test(is_seen_by_its_owner_and_the_office),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
