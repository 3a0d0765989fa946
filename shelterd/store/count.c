/* SPDX-License-Identifier: MIT */
/* One statement, so that the counts are of one moment. */
#include "shelterd/store/count.h"
#include "shelterd/store/db.h"

/* Of a noun that belongs to a shelter. */
#define COUNT_AT(table)                                     \
	" (SELECT count(*) FROM " table " t JOIN shelter s" \
	" ON s.id = t.shelter_id WHERE NOT s.hidden OR $1),"

int
store_count(struct db *db, bool hidden, struct store_counts *c)
{
	/* clang-format off */
	struct db_stmt *s = db_prepare(db,
	    "SELECT (SELECT count(*) FROM way),"
	    " (SELECT count(*) FROM account),"
	    COUNT_AT("task") COUNT_AT("inspection") COUNT_AT("defect")
	    COUNT_AT("notice")
	    " (SELECT count(*) FROM plan),"
	    " (SELECT count(*) FROM drill),"
	    " (SELECT count(*) FROM event)");
	/* clang-format on */

	db_bind_int(s, 1, hidden);
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
