/* SPDX-License-Identifier: MIT */
/*
 * A planner's table read into the timetable of a drill: what its rows mean and
 * which entries they are says drills/msel.h; here the rows come in, the entries
 * are written and one event tells of all of them.  A row that is wrong is left
 * out and named.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "drills/msel.h"
#include "shelterd/api/api_drill.h"
#include "shelterd/daemon.h"
#include "shelterd/store/db.h"
#include "shelterd/writer.h"

struct importing {
	struct request *r;
	struct drill_now d;
	const cJSON *table;
	struct inject_row *have; /* the timetable */
	size_t nhave;
	struct msel_entry *entries; /* the same for drills/msel.h */
	struct msel_entry *rows;    /* the table's that can be read */
	int64_t *line;		    /* of each of those */
	size_t nrows;
	struct msel_step *steps; /* of each of those */
	char *taken;		 /* of each entry */
	cJSON *findings;	 /* rejected and duplicate rows */
	cJSON *added, *changed, *removed;
	int64_t read, accepted, updated, unchanged, gone, rejected, duplicates;
	bool dry;
};

static void
note(struct importing *im, int64_t line, const char *outcome, const char *field,
    const char *reason)
{
	cJSON *o = cJSON_CreateObject();

	cJSON_AddNumberToObject(o, "line", (double)line);
	cJSON_AddStringToObject(o, "outcome", outcome);
	cJSON_AddStringToObject(o, "field", field);
	cJSON_AddStringToObject(o, "reason", reason);
	cJSON_AddItemToArray(im->findings, o);
}

static void
reject(struct importing *im, int64_t line, const struct msel_wrong *w)
{
	im->rejected++;
	note(im, line, "rejected", w->field, w->why);
}

static void
read_row(struct importing *im, const cJSON *o)
{
	const struct rules *rules = snapshot_rules(im->r->snap);
	struct msel_cells cells = { .ref = body_str(o, "id", NULL),
		.at = body_str(o, "at", NULL),
		.kind = body_str(o, "kind", NULL),
		.signal = body_str(o, "signal", NULL),
		.who = body_str(o, "who", NULL),
		.text = body_str(o, "text", NULL) };
	int64_t line = body_int(o, "line", 0);
	struct msel_wrong wrong;

	im->read++;
	if (msel_read(&cells, rules->signals, rules->nsignals,
		&im->rows[im->nrows], &wrong) == 0)
		im->line[im->nrows++] = line;
	else
		reject(im, line, &wrong);
}

static struct msel_entry
entry_of(const struct inject_row *i)
{
	struct msel_entry e = { .kind = msel_kind_of(i->kind),
		.signal = i->signal,
		.who = i->who,
		.text = i->text,
		.planned_s = i->planned_s,
		.at_s = i->at_s,
		.fired_s = i->fired_s };

	memcpy(e.ref, i->ref, sizeof(e.ref));
	return e;
}

/* False: no memory, or no store. */
static bool
match(struct importing *im)
{
	const cJSON *o = NULL;
	size_t n = (size_t)cJSON_GetArraySize(im->table);

	if (injects_of(im->r->db, im->d.row.id, &im->have, &im->nhave) != DB_OK)
		return false;
	im->rows = calloc(n + 1, sizeof(*im->rows));
	im->line = calloc(n + 1, sizeof(*im->line));
	im->steps = calloc(n + 1, sizeof(*im->steps));
	im->entries = calloc(im->nhave + 1, sizeof(*im->entries));
	im->taken = calloc(im->nhave + 1, 1);
	if (im->rows == NULL || im->line == NULL || im->steps == NULL ||
	    im->entries == NULL || im->taken == NULL)
		return false;
	cJSON_ArrayForEach(o, im->table) read_row(im, o);
	for (size_t i = 0; i < im->nhave; i++)
		im->entries[i] = entry_of(&im->have[i]);
	return msel_match(im->entries, im->nhave, im->rows, im->nrows,
		   im->d.second, im->steps, im->taken) == 0;
}

/* The row as an entry that takes the place of `old`, if there is one. */
static struct inject_row
inject_of(
    const struct msel_entry *e, int64_t at_s, const struct inject_row *old)
{
	struct inject_row i = { .planned_s = e->planned_s,
		.at_s = at_s,
		.fired_s = -1,
		.id = old != NULL ? old->id : 0 };

	snprintf(i.kind, sizeof(i.kind), "%s", msel_kind_name(e->kind));
	snprintf(i.signal, sizeof(i.signal), "%s", e->signal);
	snprintf(i.text, sizeof(i.text), "%s", e->text);
	snprintf(i.who, sizeof(i.who), "%s", e->who);
	snprintf(i.ref, sizeof(i.ref), "%s",
	    e->ref[0] != '\0' || old == NULL ? e->ref : old->ref);
	return i;
}

static bool
add(struct importing *im, size_t r)
{
	struct inject_row i = inject_of(&im->rows[r], im->steps[r].at_s, NULL);

	im->accepted++;
	if (im->dry)
		return true;
	if (inject_add(im->r->db, im->d.row.id, &i) != DB_OK)
		return false;
	return cJSON_AddItemToArray(im->added, inject_json(&i));
}

static bool
change(struct importing *im, size_t r)
{
	const struct msel_step *s = &im->steps[r];
	struct inject_row i =
	    inject_of(&im->rows[r], s->at_s, &im->have[s->at]);

	im->updated++;
	if (im->dry)
		return true;
	if (inject_put(im->r->db, &i) != DB_ROW)
		return false;
	return cJSON_AddItemToArray(im->changed, inject_json(&i));
}

static void
note_twin(struct importing *im, size_t r)
{
	char text[80];

	if (im->steps[r].twin == r || im->steps[r].outcome == MSEL_REFUSE)
		return;
	im->duplicates++;
	snprintf(text, sizeof(text), "says the same as row %lld; both are kept",
	    (long long)im->line[im->steps[r].twin]);
	note(im, im->line[r], "duplicate", "text", text);
}

static bool
do_row(struct importing *im, size_t r)
{
	note_twin(im, r);
	switch (im->steps[r].outcome) {
	case MSEL_ADD:
		return add(im, r);
	case MSEL_CHANGE:
		return change(im, r);
	case MSEL_SAME:
		im->unchanged++;
		return true;
	case MSEL_REFUSE:
		reject(im, im->line[r], &im->steps[r].wrong);
	}
	return true;
}

/* Entries that are open and not in a table without errors. */
static bool
remove_rest(struct importing *im)
{
	if (!body_bool(im->r->body, "replace", false) || im->rejected > 0 ||
	    im->read == 0)
		return true;
	for (size_t i = 0; i < im->nhave; i++) {
		if (im->taken[i] || im->have[i].fired_s >= 0)
			continue;
		im->gone++;
		if (im->dry)
			continue;
		if (inject_drop(im->r->db, im->have[i].id) != DB_ROW)
			return false;
		cJSON_AddItemToArray(
		    im->removed, cJSON_CreateNumber((double)im->have[i].id));
	}
	return true;
}

/* One event for the whole table; takes the lists. */
static enum status
settle(struct importing *im)
{
	cJSON *body;

	if (im->dry || im->accepted + im->updated + im->gone == 0) {
		req_no_event(im->r);
		return ST_OK;
	}
	im->d.row.clock++;
	if (drill_put(im->r->db, &im->d.row) != DB_OK)
		return site_store_failed(im->r);
	body = drill_event_body(&im->d);
	site_add_text(body, "file", body_str(im->r->body, "file", ""));
	cJSON_AddItemToObject(body, "removed", im->removed);
	cJSON_AddItemToObject(body, "changed", im->changed);
	cJSON_AddItemToObject(body, "added", im->added);
	im->removed = im->changed = im->added = NULL;
	req_touch(im->r, SNAP_DRILLS);
	drill_clock_arm(im->r->daemon);
	return req_event(im->r, "drill.imported", "drill", im->d.row.id,
	    drill_scope(false), body, NULL);
}

static enum status
answer(struct importing *im)
{
	cJSON *o = cJSON_CreateObject();

	cJSON_AddNumberToObject(o, "drill", (double)im->d.row.id);
	cJSON_AddTrueToObject(o, "exercise");
	cJSON_AddBoolToObject(o, "dry_run", im->dry);
	cJSON_AddNumberToObject(o, "read", (double)im->read);
	cJSON_AddNumberToObject(o, "accepted", (double)im->accepted);
	cJSON_AddNumberToObject(o, "updated", (double)im->updated);
	cJSON_AddNumberToObject(o, "unchanged", (double)im->unchanged);
	cJSON_AddNumberToObject(o, "rejected", (double)im->rejected);
	cJSON_AddNumberToObject(o, "removed", (double)im->gone);
	cJSON_AddNumberToObject(o, "duplicates", (double)im->duplicates);
	cJSON_AddItemToObject(o, "rows", im->findings);
	im->findings = NULL;
	reply_version(im->r, im->d.row.version);
	return reply_json(im->r, ST_OK, o);
}

static enum status
take_table(struct importing *im)
{
	bool ok = match(im);

	for (size_t r = 0; ok && r < im->nrows; r++)
		ok = do_row(im, r);
	if (!ok || !remove_rest(im))
		return site_store_failed(im->r);
	if ((int64_t)im->nhave + im->accepted - im->gone > DRILL_ENTRIES)
		return req_fail(im->r, ST_CONFLICT, "rows",
		    "the timetable would have more than %d entries",
		    DRILL_ENTRIES);
	return settle(im);
}

static void
release(struct importing *im)
{
	free(im->have);
	free(im->entries);
	free(im->rows);
	free(im->line);
	free(im->steps);
	free(im->taken);
	cJSON_Delete(im->findings);
	cJSON_Delete(im->added);
	cJSON_Delete(im->changed);
	cJSON_Delete(im->removed);
	drill_now_release(&im->d);
}

enum status
drill_import(struct request *r)
{
	struct importing im = { .r = r,
		.table = cJSON_GetObjectItemCaseSensitive(r->body, "rows"),
		.dry = body_bool(r->body, "dry_run", false) };
	struct drill_facts now = { 0 };
	enum status st = drill_of_request(r, &im.d);

	if (st != ST_OK)
		return st;
	now.at_s = now.now_s = im.d.second;
	im.findings = cJSON_CreateArray();
	im.added = cJSON_CreateArray();
	im.changed = cJSON_CreateArray();
	im.removed = cJSON_CreateArray();
	st = drill_step_check(r, &im.d, DRILL_INJECT, &now, NULL);
	if (st == ST_OK)
		st = take_table(&im);
	if (st == ST_OK)
		st = answer(&im);
	release(&im);
	return st;
}
