/* SPDX-License-Identifier: MIT */
/* The job: check on the worker, one transaction on the writer, the report. */
#include <string.h>
#include "shelterd/daemon.h"
#include "shelterd/import/import.h"
#include "shelterd/snapshot.h"
#include "shelterd/store/db.h"

static unsigned
touched(enum import_kind kind)
{
	switch (kind) {
	case IMPORT_SHELTERS:
		return SNAP_SHELTERS;
	case IMPORT_HOMES:
		return SNAP_HOMES;
	case IMPORT_NETWORK:
		return SNAP_NETWORK;
	}
	return 0;
}

/* The counts of an import with hidden works among the others would tell how
 * many there are. */
static bool
any_hidden(const struct import *im)
{
	for (size_t i = 0; i < im->nrows; i++)
		if (im->rows[i].hidden > 0)
			return true;
	return false;
}

static enum status
tell(struct request *req, struct import *im, bool hidden)
{
	struct event_scope scope = {
		.roles = ROLE_ANYONE,
		.hidden = hidden,
	};
	if (im->changed)
		req_touch(req, touched(im->kind));
	return req_event(req, "import.committed",
	    im->changed ? "map" : "import", 0, scope, import_event_body(im),
	    NULL);
}

/* ON_WRITER. A dry run is rolled back by its status. */
static enum status
write_rows(struct request *req, void *arg)
{
	struct import *im = arg;
	bool hidden = any_hidden(im);
	if (import_apply(im, req->db) < 0)
		return req_fail(req, ST_UNAVAILABLE, NULL,
		    "the store refused: %s", db_error(req->db));
	if (rowtext_failed(&im->text))
		return req_fail(req, ST_UNAVAILABLE, NULL, "out of memory");
	import_forget(im);
	if (!im->dry_run)
		return tell(req, im, hidden);
	if (im->kind == IMPORT_NETWORK &&
	    snapshot_try_network(req->snap, req->db, &im->network) < 0)
		return req_fail(req, ST_UNAVAILABLE, NULL,
		    "the network could not be built");
	return ST_CONFLICT;
}

static void
take_summary(struct import *im, struct daemon *d)
{
	struct snapshot *s = daemon_snapshot(d);
	if (snapshot_network(s))
		im->network = gis_network_summary(snapshot_network(s));
	snapshot_unref(s);
}

enum status
import_run(struct job *job, void *arg)
{
	struct import *im = arg;
	struct import_wrong wrong = { .field = "" };
	const struct rules *rules = snapshot_rules(job_snapshot(job));

	if (!import_check(im, job_snapshot(job), rules, job, &wrong))
		return job_fail(job,
		    job_cancelled(job) ? ST_CONFLICT : ST_INVALID,
		    wrong.field[0] ? wrong.field : NULL, "%s", wrong.why);
	job_progress(job, "store", 0, (int64_t)im->nrows);
	enum status st = job_write(job, write_rows, im);
	if (im->dry_run ? st != ST_CONFLICT : status_http(st) >= 400)
		return st;
	if (im->kind == IMPORT_NETWORK && !im->dry_run)
		take_summary(im, job_daemon(job));
	job_result(job, import_report(im));
	return ST_OK;
}
