/* SPDX-License-Identifier: MIT */
/*
 * Tasks that were made many at a time are told of one after the other: a
 * write appends one event, and each inspector may hear of her own only.  What
 * a crash leaves untold is told at the next start.
 */
#include <stdlib.h>
#include "shelterd/api/api_task.h"
#include "shelterd/daemon.h"
#include "shelterd/site.h"
#include "shelterd/store/db.h"
#include "shelterd/writer.h"

struct telling {
	struct daemon *daemon;
	bool found;
};

static enum status
tell(struct request *req, void *arg)
{
	struct telling *telling = arg;
	struct task_row t;
	int result = task_tell_next(req->db, &t);

	if (result == DB_ROW) {
		telling->found = true;
		return task_event(req, &t, "task.assigned", false);
	}
	if (result < 0)
		return site_store_failed(req);
	req_no_event(req);
	return ST_OK;
}

static void
tell_on(void *arg)
{
	struct telling *telling = arg;
	struct daemon *d = telling->daemon;
	bool found = telling->found;

	free(telling);
	if (found)
		task_tell(d);
}

void
task_tell(struct daemon *d)
{
	struct telling *telling = calloc(1, sizeof(*telling));

	if (!telling)
		return;
	telling->daemon = d;
	daemon_submit_write(d, tell, telling, tell_on);
}
