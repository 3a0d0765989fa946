/* SPDX-License-Identifier: MIT */
/*
 * The log of one drill, read for those who compute from it: the report and the
 * comparison.  Nothing but the log goes in; of hidden shelters nothing comes
 * out for those who may not see them.
 */
#ifndef SHELTERD_DRILL_LOG_H
#define SHELTERD_DRILL_LOG_H

#include "drills/compare.h"
#include "drills/report.h"
#include "shelterd/api/api_drill.h"

/* The documents hold the texts of the events. */
struct drill_log {
	struct request *r;
	int64_t drill;
	cJSON **docs;
	size_t ndocs, docs_room;
	struct report_event *events;
	size_t nevents, events_room;
	struct compare_event *turns; /* what became of the timetable */
	size_t nturns, turns_room;
	const cJSON *made;
	bool started, ended;
	int64_t last_s; /* of the drill, at the last event that is shown */
	int64_t first, last;
	char head[2 * 32 + 1];
	bool failed;
};

/* The drill of the path's {name}: 404 when the log knows none.  Release in
 * any case. */
enum status
drill_log_read(struct request *, const char *name, struct drill_log *);
void drill_log_release(struct drill_log *);

/* "events": its first and last event and the hash of that. */
void drill_log_add_events(cJSON *, const struct drill_log *);

/* Metres of door per 100 persons when the drill was made, `dflt` unknown. */
double drill_log_width(const struct drill_log *, double dflt);

#endif
