/* SPDX-License-Identifier: MIT */
/* What an import did, for the caller (with rows) and for the log (without). */
#include <stdlib.h>
#include <string.h>
#include "shelterd/import/import.h"

enum { REPORT_ROWS = 20000 };

struct tally {
	int64_t rejected, outside, duplicates, warnings, swapped;
};

static struct tally
tally(const struct import *im)
{
	struct tally t = { 0 };
	for (size_t i = 0; i < im->nrows; i++) {
		const struct import_row *r = &im->rows[i];
		t.rejected += r->outcome == OUT_REJECTED;
		t.outside += r->outcome == OUT_OUTSIDE;
		if (r->outcome == OUT_REJECTED || r->outcome == OUT_OUTSIDE)
			continue;
		t.duplicates += r->duplicate != NULL;
		t.swapped += r->swapped;
		for (const struct import_note *n = r->warnings; n; n = n->next)
			t.warnings++;
	}
	return t;
}

static void
add_int(cJSON *o, const char *name, int64_t v)
{
	cJSON_AddNumberToObject(o, name, (double)v);
}

static void
add_network(cJSON *o, const struct import *im)
{
	add_int(o, "nodes", (int64_t)im->network.nodes);
	add_int(o, "edges", (int64_t)im->network.edges);
	add_int(o, "components", (int64_t)im->network.components);
	cJSON_AddNumberToObject(
	    o, "metres", (double)(int64_t)(im->network.metres * 10 + 0.5) / 10);
	add_int(o, "removed", im->removed);
}

static cJSON *
counts(const struct import *im)
{
	struct tally t = tally(im);
	cJSON *o = cJSON_CreateObject();
	cJSON_AddStringToObject(o, "kind", import_kind_name(im->kind));
	cJSON_AddBoolToObject(o, "dry_run", im->dry_run);
	add_int(o, "read", im->read);
	add_int(o, "accepted", im->accepted);
	add_int(o, "updated", im->updated);
	add_int(o, "unchanged", im->unchanged);
	add_int(o, "rejected", t.rejected);
	add_int(o, "outside", t.outside);
	add_int(o, "duplicates", t.duplicates);
	add_int(o, "warnings", t.warnings);
	add_int(o, "swapped", t.swapped);
	cJSON_AddStringToObject(o, "crs", im->used_crs);
	if (im->kind == IMPORT_HOMES)
		add_int(o, "people", im->people);
	return o;
}

static bool
silent(const struct import_row *r)
{
	return (r->outcome == OUT_ACCEPTED || r->outcome == OUT_UNCHANGED) &&
	       !r->duplicate && !r->warnings && !r->swapped;
}

void
import_forget(struct import *im)
{
	size_t kept = 0;
	struct import_row *rows = NULL;
	im->read = (int64_t)im->nrows;
	for (size_t i = 0; i < im->nrows; i++)
		if (!silent(&im->rows[i]))
			im->rows[kept++] = im->rows[i];
	im->nrows = kept;
	rows = realloc(im->rows, (kept + 1) * sizeof(*rows));
	if (rows)
		im->rows = rows;
}

struct rows {
	cJSON *array;
	int n;
	int64_t cut;
};

static void
add_row(struct rows *rows, const struct import_row *r, const char *outcome,
    const char *field, const char *reason)
{
	if (rows->n == REPORT_ROWS) {
		rows->cut++;
		return;
	}
	cJSON *o = cJSON_CreateObject();
	add_int(o, "file", r->file);
	add_int(o, "line", r->line);
	cJSON_AddStringToObject(o, "outcome", outcome);
	cJSON_AddStringToObject(o, "field", field ? field : "");
	cJSON_AddStringToObject(o, "reason", reason ? reason : "");
	if (cJSON_AddItemToArray(rows->array, o))
		rows->n++;
	else
		cJSON_Delete(o);
}

static void
tell_row(struct rows *rows, const struct import_row *r)
{
	if (r->outcome == OUT_REJECTED) {
		add_row(rows, r, "rejected", r->field, r->reason);
		return;
	}
	if (r->outcome == OUT_OUTSIDE)
		return;
	if (r->outcome == OUT_UPDATED)
		add_row(rows, r, "updated", r->field, r->reason);
	if (r->duplicate)
		add_row(rows, r, "duplicate", r->duplicate_field, r->duplicate);
	for (const struct import_note *n = r->warnings; n; n = n->next)
		add_row(rows, r, "warning", n->field, n->reason);
}

/* Refusals first: they must not be cut for the sake of warnings. */
cJSON *
import_report(const struct import *im)
{
	struct rows rows = { .array = cJSON_CreateArray() };
	cJSON *o = counts(im);
	if (im->kind == IMPORT_NETWORK)
		add_network(o, im);
	for (int refused = 1; refused >= 0; refused--)
		for (size_t i = 0; i < im->nrows; i++)
			if ((im->rows[i].outcome == OUT_REJECTED) == refused)
				tell_row(&rows, &im->rows[i]);
	if (rows.cut > 0)
		add_int(o, "rows_cut", rows.cut);
	if (!cJSON_AddItemToObject(o, "rows", rows.array))
		cJSON_Delete(rows.array);
	return o;
}

cJSON *
import_event_body(const struct import *im)
{
	cJSON *o = counts(im), *files = cJSON_CreateArray();
	cJSON_DeleteItemFromObject(o, "dry_run");
	for (size_t i = 0; i < im->nfiles; i++)
		cJSON_AddItemToArray(files, cJSON_CreateString(im->files[i]));
	cJSON_AddItemToObject(o, "files", files);
	return o;
}
