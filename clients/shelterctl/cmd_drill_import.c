/* SPDX-License-Identifier: MIT */
/*
 * shelterctl drill import: a planner's table into a drill's timetable.  Here
 * columns are found and records gathered; what a cell means, and which entry a
 * row is, the daemon says, so that every client gets the same.
 */
#include <stdlib.h>
#include <string.h>
#include "clients/shelterctl/cmd.h"
#include "clients/shelterctl/cmd_drill.h"
#include "clients/shelterctl/import.h"

/* One file on its way. */
struct sending {
	struct import im;
	struct call file; /* the same call without the drill's id */
	struct text body, row;
};

/* The table must at least say when and what. */
static bool
columns_found(struct import *im, const struct layout *l)
{
	const int *at = l->columns.at;
	const char *lacks = NULL;

	if (at[MAP_AT] < 0)
		lacks = "at";
	else if (at[MAP_TEXT] < 0 && at[MAP_SIGNAL] < 0 && at[MAP_KIND] < 0)
		lacks = "text";
	if (!lacks)
		return true;
	snprintf(im->why, sizeof(im->why),
	    "%s: no column is known as '%s'; name it with --field %s=COLUMN",
	    l->source->name, lacks, lacks);
	return false;
}

static void
add_row(struct sending *s, int64_t line)
{
	struct text *t = &s->body;
	const char *rest = s->row.p + 1; /* behind the { */

	if (s->im.read > (int64_t)s->im.importer.refused.n)
		text_add_bytes(t, ",", 1);
	text_add_word(t, "{\"line\":");
	text_add_whole(t, line);
	if (*rest != '}')
		text_add_bytes(t, ",", 1);
	text_add_bytes(t, rest, s->row.n - 1);
}

/* False: why, or memory is out. */
static bool
take_record(struct sending *s, const struct layout *l, const struct record *r)
{
	struct import *im = &s->im;
	struct refusal refusal;

	if (row_blank(r)) {
		im->blank++;
		return true;
	}
	if (import_excludes(im, l->source, r)) {
		im->excluded++;
		return true;
	}
	s->row.n = 0;
	switch (row_make(l, r, &s->row, &refusal)) {
	case ROW_MADE:
		add_row(s, r->line);
		im->read++;
		return true;
	case ROW_REFUSED:
		im->read++;
		return findings_add(&im->importer.refused, 0, r->line,
		    "rejected", refusal.field, refusal.reason);
	case ROW_EXCLUDED:
	case ROW_NO_MEMORY:
		break;
	}
	return false;
}

static bool
take_file(struct sending *s)
{
	struct import *im = &s->im;
	struct source *source = import_open(im, 0);
	struct layout l;
	struct record r;
	bool ok = source && import_layout(im, source, &l);

	if (ok && source->n > 0)
		ok = columns_found(im, &l);
	while (ok && source->next(source, &r))
		ok = take_record(s, &l, &r);
	if (source)
		im->blank += source->blank(source);
	source_close(source);
	text_add_word(&s->body, "]}");
	if ((!ok && !im->why[0]) || s->body.failed)
		snprintf(im->why, sizeof(im->why), "out of memory");
	return ok && !s->body.failed;
}

static void
begin_body(struct sending *s)
{
	const char *path = s->file.operand[0];
	const char *slash = strrchr(path, '/');

	text_add_word(&s->body, "{\"file\":");
	text_add_json(&s->body, slash ? slash + 1 : path);
	if (call_flag(s->im.call, "dry-run"))
		text_add_word(&s->body, ",\"dry_run\":true");
	if (call_flag(s->im.call, "replace"))
		text_add_word(&s->body, ",\"replace\":true");
	text_add_word(&s->body, ",\"rows\":[");
}

static bool
transfer(struct sending *s, const char *id)
{
	struct import *im = &s->im;
	char *path;
	bool ok;

	if (!mappings_load(&im->mappings, call_option(im->call, "mapping"),
		im->why, sizeof(im->why)))
		return false;
	begin_body(s);
	if (!take_file(s))
		return false;
	if (!(path = ask_path("/v1/drills/%s/import", id))) {
		snprintf(im->why, sizeof(im->why), "out of memory");
		return false;
	}
	ok = shelter_post_text(
	    im->call->daemon, path, s->body.p, &im->importer.reply);
	free(path);
	return ok;
}

static void
set_count(cJSON *result, const char *name, int64_t n)
{
	cJSON_DeleteItemFromObject(result, name);
	cJSON_AddNumberToObject(result, name, (double)n);
}

/* What only this side knows, into the daemon's answer. */
static void
complete(struct import *im, cJSON *result)
{
	const struct findings *own = &im->importer.refused;
	cJSON *rows = cJSON_GetObjectItemCaseSensitive(result, "rows");

	for (size_t i = 0; i < own->n; i++) {
		cJSON *o = cmd_body("outcome", own->item[i].outcome);
		cJSON_AddNumberToObject(o, "line", (double)own->item[i].line);
		cmd_add_text(o, "field", own->item[i].field);
		cmd_add_text(o, "reason", own->item[i].reason);
		cJSON_AddItemToArray(rows, o);
	}
	set_count(result, "rejected",
	    import_count(result, "rejected") + (int64_t)own->n);
	set_count(
	    result, "read", import_count(result, "read") + (int64_t)own->n);
	set_count(result, "excluded", im->excluded);
	set_count(result, "blank", im->blank);
	cJSON_AddItemToObject(result, "files", im->files);
	im->files = NULL;
}

static void
show(struct import *im, const cJSON *result, const struct findings *all)
{
	static const struct column columns[] = {
		{ "drill", "drill", false },
		{ "read", "read", false },
		{ "accepted", "accepted", false },
		{ "updated", "updated", false },
		{ "unchanged", "unchanged", false },
		{ "rejected", "rejected", false },
		{ "removed", "removed", false },
		{ "duplicates", "duplicates", false },
		{ "excluded", "excluded", false },
		{ "blank", "blank lines", false },
		{ "dry_run", "dry run", false },
		{ 0 },
	};
	struct out *o = im->call->out;

	o->note(o, "EXERCISE 演练");
	o->object(o, result, columns);
	import_show_findings(im, all);
}

static enum outcome
finish(struct import *im)
{
	cJSON *result = im->importer.reply.json;
	const char *rejects = call_option(im->call, "rejects");
	struct findings all = { 0 };
	enum outcome end = DONE;

	complete(im, result);
	findings_release(&im->importer.refused); /* now among the rows */
	if (!import_collect(im, result, &all))
		end = ask_failed(im->call, "out of memory");
	else if (rejects && !import_write_rejects(im, rejects, &all))
		end = ask_failed(im->call, "%s", im->why);
	else if (import_count(result, "read") != im->read)
		end = ask_failed(im->call,
		    "%lld records were sent and the daemon counted %lld",
		    (long long)im->read,
		    (long long)import_count(result, "read"));
	else
		show(im, result, &all);
	findings_release(&all);
	return end;
}

/* Options that must be NAME=VALUE; NULL: all are. */
static const char *
wrong_pair(const struct call *c, const char *option)
{
	const char *pair;

	for (int i = 0; (pair = call_nth(c, option, i)); i++)
		if (!strchr(pair, '='))
			return pair;
	return NULL;
}

enum outcome
drill_import(struct call *c)
{
	struct sending s = { .im = { .kind = ROW_INJECT, .crs = "wgs84" } };
	const char *wrong = wrong_pair(c, "field");
	enum outcome end;

	if (wrong)
		return ask_usage(c, "--field '%s' is not NAME=COLUMN", wrong);
	if ((wrong = wrong_pair(c, "exclude")))
		return ask_usage(c, "--exclude '%s' is not FIELD=VALUE", wrong);
	s.file = *c;
	s.file.operand++;
	s.file.n--;
	s.im.call = &s.file;
	s.im.files = cJSON_CreateArray();
	if (transfer(&s, c->operand[0]))
		end = finish(&s.im);
	else
		end = s.im.importer.reply.error[0]
			  ? ask_refused(c, &s.im.importer.reply)
			  : ask_failed(c, "%s", s.im.why);
	importer_release(&s.im.importer);
	mappings_release(&s.im.mappings);
	cJSON_Delete(s.im.files);
	text_free(&s.body);
	text_free(&s.row);
	return end;
}
