/* SPDX-License-Identifier: MIT */
/*
 * The table looked, filled from an older store's findings by its migration
 * and kept up from then on; and tasks that were made many at a time.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "shelterd/store/db.h"
#include "shelterd/store/looked.h"
#include "shelterd/store/migrate.h"
#include "shelterd/store/task.h"
#include "tests/unit/shelterd/temp.h"

/* Two units, one entrance of the second; three inspections. */
static const char old[] =
    "INSERT INTO account (id, name, role, created_at) VALUES (1, 'a', 1, 0);"
    "INSERT INTO shelter (id, lon, lat) VALUES (7, 123, 29), (8, 123, 29);"
    "INSERT INTO unit (id, shelter_id) VALUES (1, 7), (2, 7);"
    "INSERT INTO entrance (id, shelter_id, unit_id, lon, lat)"
    " VALUES (5, 7, 2, 123, 29);"
    "INSERT INTO inspection (id, op, content, shelter_id, unit_id, inspector,"
    " at, received_at) VALUES (1, 'x', '', 7, 1, 1, 100, 200),"
    " (2, 'y', '', 7, 1, 1, 900, 300), (3, 'z', '', 7, NULL, 1, 250, 300);"
    "INSERT INTO finding (inspection_id, seq, item, result, entrance_id)"
    " VALUES (1, 0, 'fan', 'pass', NULL), (2, 0, 'fan', 'fail', NULL),"
    " (3, 0, 'fan', 'na', NULL), (3, 1, 'door', 'pass', 5),"
    " (3, 2, 'seal', 'na', 5);";

static const char at_eight[] = "0008_closure";

static struct db *
old_store(void)
{
	struct migration some[64];
	char err[200] = "";
	struct db *db = db_open(temp_path(), false, err, sizeof(err));
	size_t n = 0;

	assert_non_null(db);
	do
		some[n] = migrations[n];
	while (strcmp(migrations[n++].name, at_eight) != 0);
	some[n] = (struct migration){ NULL, NULL };
	assert_int_equal(migrate_list(db, some, err, sizeof(err)), DB_OK);
	assert_int_equal(db_script(db, old), DB_OK);
	if (migrate(db, err, sizeof(err)) != DB_OK)
		fail_msg("%s", err);
	return db;
}

static void
print_row(void *arg, const struct looked *l)
{
	char *text = arg;

	sprintf(text + strlen(text), "%d %s %s %d; ", (int)l->unit_id, l->item,
	    l->work < WORKS ? cycle_work_name(l->work) : "na", (int)l->at);
}

static void
says(struct db *db, const char *want)
{
	char text[500] = "";

	assert_int_equal(looked_each(db, 7, print_row, text), DB_OK);
	assert_string_equal(text, want);
}

static void
migrated(void **state)
{
	struct db *db = old_store();

	(void)state;
	says(db, "0 fan na 250; 1 fan routine 300; 2 door routine 250; ");
	db_close(db);
}

static void
later_wins(void **state)
{
	struct db *db = old_store();
	struct looked l = { 1, "fan", WORK_ROUTINE, 299 };

	(void)state;
	assert_int_equal(looked_note(db, 7, &l), DB_OK);
	l.at = 400;
	assert_int_equal(looked_note(db, 7, &l), DB_OK);
	l.at = 350;
	assert_int_equal(looked_note(db, 7, &l), DB_OK);
	l.work = WORK_SPECIAL;
	assert_int_equal(looked_note(db, 7, &l), DB_OK);
	l.work = WORKS;
	assert_int_equal(looked_note(db, 7, &l), DB_OK);
	says(db, "0 fan na 250; 1 fan na 350; 1 fan routine 400; "
		 "1 fan special 350; 2 door routine 250; ");
	db_close(db);
}

static void
told_once(void **state)
{
	struct db *db = old_store();
	struct task_row t = { .shelter_id = 7,
		.due = 5,
		.created_by = task_system_maker(db),
		.origin = TASK_OF_SCHEDULE };
	struct task_row got;
	int64_t id = 0, first;
	char *items;

	(void)state;
	assert_int_equal(t.created_by, 1);
	assert_int_equal(task_scheduled_of(db, 7, &id), DB_OK);
	assert_int_equal(task_add_untold(db, &t, "[{\"item\":\"x\"}]"), DB_OK);
	first = t.id;
	assert_int_equal(task_scheduled_of(db, 7, &id), DB_ROW);
	assert_int_equal(id, first);
	/* The store itself takes no second one that is not done. */
	assert_true(task_add_untold(db, &t, "[]") < 0);
	t.shelter_id = 8;
	assert_int_equal(task_add_untold(db, &t, "[]"), DB_OK);
	t.origin = TASK_OF_OFFICE;
	assert_int_equal(task_add(db, &t), DB_OK);

	assert_int_equal(task_tell_next(db, &got), DB_ROW);
	assert_int_equal(got.id, first);
	assert_int_equal(got.origin, TASK_OF_SCHEDULE);
	assert_int_equal(task_tell_next(db, &got), DB_ROW);
	assert_int_equal(got.id, first + 1);
	assert_int_equal(task_tell_next(db, &got), DB_OK);

	items = task_items(db, first);
	assert_string_equal(items, "[{\"item\":\"x\"}]");
	free(items);
	assert_int_equal(task_get(db, first, &got), DB_ROW);
	got.state = TASK_DONE;
	assert_int_equal(task_put(db, &got), DB_OK);
	assert_int_equal(task_scheduled_of(db, 7, &id), DB_OK);
	db_close(db);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(migrated),
		cmocka_unit_test(later_wins),
		cmocka_unit_test(told_once),
	};

	return cmocka_run_group_tests(tests, temp_begin, temp_end);
}
