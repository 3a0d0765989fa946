/* SPDX-License-Identifier: MIT */
/*
 * The inspector's copy of what the server said: facts, tasks, checklist,
 * shelters; and her unfinished inspections.  Each thing is kept as the JSON
 * it came as.
 */
#include <stdlib.h>
#include <string.h>
#include "clients/field/queue_db.h"

char *
queue_fact(struct queue *q, const char *key)
{
	sqlite3_stmt *s =
	    queue_prepare(q, "SELECT value FROM fact WHERE key = ?1");
	char *value = NULL;

	queue_bind(s, 1, key);
	if (s && sqlite3_step(s) == SQLITE_ROW)
		value = strdup(queue_text(s, 0));
	sqlite3_finalize(s);
	return value ? value : strdup("");
}

bool
queue_set_fact(struct queue *q, const char *key, const char *value)
{
	sqlite3_stmt *s = queue_prepare(q,
	    "INSERT INTO fact (key, value) VALUES (?1, ?2)"
	    " ON CONFLICT (key) DO UPDATE SET value = excluded.value");

	queue_bind(s, 1, key);
	queue_bind(s, 2, value);
	return queue_finish(s);
}

static int64_t
id_of(const cJSON *o)
{
	return (int64_t)cJSON_GetNumberValue(
	    cJSON_GetObjectItemCaseSensitive(o, "id"));
}

/* One row of id, JSON; `sql` has a third parameter for tasks. */
static bool
put(struct queue *q, const char *sql, int64_t id, const cJSON *o,
    const char *third)
{
	sqlite3_stmt *s = queue_prepare(q, sql);
	char *text = cJSON_PrintUnformatted(o);

	sqlite3_bind_int64(s, 1, id);
	queue_bind(s, 2, text);
	if (third)
		queue_bind(s, 3, third);
	cJSON_free(text);
	return queue_finish(s);
}

bool
queue_put_task(struct queue *q, const cJSON *task)
{
	const char *due =
	    cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(task, "due"));

	return put(q,
	    "INSERT INTO task (id, json, due) VALUES (?1, ?2, ?3)"
	    " ON CONFLICT (id) DO UPDATE SET json = excluded.json,"
	    " due = excluded.due",
	    id_of(task), task, due ? due : "");
}

static bool
put_all(struct queue *q, const cJSON *tasks, const cJSON *items,
    const cJSON *shelters)
{
	const cJSON *o = NULL;
	int64_t pos = 0;

	cJSON_ArrayForEach(o, tasks)
	{
		if (!queue_put_task(q, o))
			return false;
	}
	cJSON_ArrayForEach(o, items)
	{
		if (!put(q, "INSERT INTO item (pos, json) VALUES (?1, ?2)",
			pos++, o, NULL))
			return false;
	}
	cJSON_ArrayForEach(o, shelters)
	{
		if (!put(q, "INSERT INTO shelter (id, json) VALUES (?1, ?2)",
			id_of(o), o, NULL))
			return false;
	}
	return true;
}

bool
queue_replace(struct queue *q, const cJSON *tasks, const cJSON *items,
    const cJSON *shelters)
{
	bool ok =
	    queue_exec(q, "BEGIN IMMEDIATE; DELETE FROM task; DELETE FROM item;"
			  " DELETE FROM shelter;");

	return queue_end(q, ok && put_all(q, tasks, items, shelters));
}

bool
queue_drop_task(struct queue *q, int64_t id)
{
	sqlite3_stmt *s = queue_prepare(q, "DELETE FROM task WHERE id = ?1");

	sqlite3_bind_int64(s, 1, id);
	return queue_finish(s);
}

static cJSON *
read_array(struct queue *q, const char *sql, const char *mark)
{
	sqlite3_stmt *s = queue_prepare(q, sql);
	cJSON *array = cJSON_CreateArray(), *o = NULL;

	while (s && sqlite3_step(s) == SQLITE_ROW) {
		o = cJSON_Parse(queue_text(s, 0));
		if (mark && *queue_text(s, 1))
			cJSON_AddStringToObject(o, mark, queue_text(s, 1));
		cJSON_AddItemToArray(array, o);
	}
	sqlite3_finalize(s);
	return array;
}

cJSON *
queue_tasks(struct queue *q)
{
	return read_array(q,
	    "SELECT json, (SELECT kind FROM op WHERE op.task = task.id"
	    " AND reason IS NULL ORDER BY seq DESC LIMIT 1)"
	    " FROM task ORDER BY due, id",
	    "unsent");
}

cJSON *
queue_items(struct queue *q)
{
	return read_array(q, "SELECT json FROM item ORDER BY pos", NULL);
}

static cJSON *
read_one(struct queue *q, const char *sql, int64_t id)
{
	sqlite3_stmt *s = queue_prepare(q, sql);
	cJSON *o = NULL;

	sqlite3_bind_int64(s, 1, id);
	if (s && sqlite3_step(s) == SQLITE_ROW)
		o = cJSON_Parse(queue_text(s, 0));
	sqlite3_finalize(s);
	return o;
}

cJSON *
queue_task(struct queue *q, int64_t id)
{
	return read_one(q, "SELECT json FROM task WHERE id = ?1", id);
}

cJSON *
queue_shelter(struct queue *q, int64_t id)
{
	return read_one(q, "SELECT json FROM shelter WHERE id = ?1", id);
}

cJSON *
queue_draft(struct queue *q, int64_t task)
{
	return read_one(q, "SELECT json FROM draft WHERE task = ?1", task);
}

bool
queue_set_draft(struct queue *q, int64_t task, const cJSON *o)
{
	return put(q,
	    "INSERT INTO draft (task, json) VALUES (?1, ?2)"
	    " ON CONFLICT (task) DO UPDATE SET json = excluded.json",
	    task, o, NULL);
}
