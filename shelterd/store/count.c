/* SPDX-License-Identifier: MIT */
/* One statement, so that the counts are of one moment. */
#include "shelterd/store/count.h"
#include "shelterd/store/db.h"

int
store_count(struct db *db, struct store_counts *c)
{
	struct db_stmt *s = db_prepare(db, "SELECT (SELECT count(*) FROM way),"
					   " (SELECT count(*) FROM account),"
					   " (SELECT count(*) FROM task),"
					   " (SELECT count(*) FROM inspection),"
					   " (SELECT count(*) FROM defect),"
					   " (SELECT count(*) FROM notice),"
					   " (SELECT count(*) FROM plan),"
					   " (SELECT count(*) FROM drill),"
					   " (SELECT count(*) FROM event)");
	int result = db_step(s);
	if (result != DB_ROW)
		return result < 0 ? result : DB_ERROR;
	*c = (struct store_counts){
		.ways = db_int(s, 0),
		.users = db_int(s, 1),
		.tasks = db_int(s, 2),
		.inspections = db_int(s, 3),
		.defects = db_int(s, 4),
		.notices = db_int(s, 5),
		.plans = db_int(s, 6),
		.drills = db_int(s, 7),
		.events = db_int(s, 8),
	};
	db_done(s);
	return DB_OK;
}
