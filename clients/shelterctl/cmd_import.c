/* SPDX-License-Identifier: MIT */
/* shelterctl import …: every record in, or refused with file, line, field
   and reason. */
#include <stdlib.h>
#include <string.h>
#include "clients/shelterctl/cmd.h"
#include "clients/shelterctl/import.h"

static bool
parse_box(const char *text, double box[4])
{
	char rest;

	return sscanf(text, "%lf,%lf,%lf,%lf%c", &box[0], &box[1], &box[2],
		   &box[3], &rest) == 4 &&
	       box[0] < box[2] && box[1] < box[3];
}

static bool
known_crs(const char *crs)
{
	static const char *const names[] = { "auto", "gcj02", "bd09", "wgs84",
		NULL };

	for (int i = 0; names[i]; i++)
		if (!strcmp(crs, names[i]))
			return true;
	return !strncmp(crs, "EPSG:", 5) && crs[5] &&
	       strspn(crs + 5, "0123456789") == strlen(crs + 5);
}

/* What the options must hold before anything is read; NULL: all well. */
static const char *
wrong_options(const struct call *c)
{
	const char *profile = call_option(c, "profile"), *pair;
	const char *crs = call_option(c, "crs");
	const char *box = call_option(c, "bbox");
	double edge[4];

	if (profile && strcmp(profile, "walk"))
		return "--profile knows only 'walk'";
	if (crs && !known_crs(crs))
		return "--crs is not auto, wgs84, gcj02, bd09 or EPSG:number";
	if (box && !parse_box(box, edge))
		return "--bbox is not W,S,E,N with W < E and S < N";
	for (int i = 0; (pair = call_nth(c, "exclude", i)); i++)
		if (!strchr(pair, '='))
			return "--exclude is not FIELD=VALUE";
	for (int i = 0; (pair = call_nth(c, "field", i)); i++)
		if (!strchr(pair, '='))
			return "--field is not NAME=COLUMN";
	return NULL;
}

static cJSON *
request_of(struct import *im)
{
	cJSON *body = cmd_body("kind", import_kinds[im->kind]);
	const char *box = call_option(im->call, "bbox");
	cJSON *files = cJSON_AddArrayToObject(body, "files");
	double edge[4];

	cmd_add_text(body, "crs", im->crs);
	if (box && parse_box(box, edge))
		cJSON_AddItemToObject(
		    body, "bbox", cJSON_CreateDoubleArray(edge, 4));
	if (call_flag(im->call, "dry-run"))
		cJSON_AddTrueToObject(body, "dry_run");
	for (int i = 0; i < im->call->n; i++) {
		const char *slash = strrchr(im->call->operand[i], '/');
		cJSON_AddItemToArray(
		    files, cJSON_CreateString(
			       slash ? slash + 1 : im->call->operand[i]));
	}
	return body;
}

/* One record on its way; false: reply or why tells. */
static bool
send_record(
    struct import *im, int file, const struct layout *l, const struct record *r)
{
	struct refusal refusal;
	struct text *row = &im->importer.row;

	if (row_blank(r)) {
		im->blank++;
		return true;
	}
	if (import_excludes(im, l->source, r)) {
		im->excluded++;
		return true;
	}
	row->n = 0;
	switch (row_make(l, r, row, &refusal)) {
	case ROW_EXCLUDED:
		im->excluded++;
		return true;
	case ROW_MADE:
		im->read++;
		return importer_row(&im->importer, file, r->line, row);
	case ROW_REFUSED:
		im->read++;
		return importer_refuse(&im->importer, file, r->line, &refusal);
	case ROW_NO_MEMORY:
		break;
	}
	snprintf(im->why, sizeof(im->why), "out of memory");
	return false;
}

static bool
send_file(struct import *im, int file)
{
	struct source *s = import_open(im, file);
	struct layout l;
	struct record r;
	bool ok = s && import_layout(im, s, &l);

	while (ok && s->next(s, &r)) {
		ok = send_record(im, file, &l, &r);
		ask_progress(NULL, "reading",
		    (int64_t)(1000 * (file + s->done(s))),
		    (int64_t)im->call->n * 1000);
	}
	if (s)
		im->blank += s->blank(s);
	source_close(s);
	return ok;
}

static bool
load_population(struct import *im)
{
	const char *path = call_option(im->call, "population");

	im->key = call_option(im->call, "key");
	if (!path)
		return true;
	im->joined = population_load(&im->population, path, im->key,
	    call_option(im->call, "people"), &im->mappings, im->why,
	    sizeof(im->why));
	return im->joined;
}

static bool
transfer(struct import *im)
{
	cJSON *request;
	bool ok;

	if (!mappings_load(&im->mappings, call_option(im->call, "mapping"),
		im->why, sizeof(im->why)) ||
	    !load_population(im))
		return false;
	request = request_of(im);
	ok = importer_open(&im->importer, im->call->daemon, request);
	cJSON_Delete(request);
	for (int i = 0; ok && i < im->call->n; i++)
		ok = send_file(im, i);
	ok = ok && importer_commit(&im->importer, ask_progress, NULL);
	ask_progress_end();
	return ok;
}

/* What only this side knows, into the daemon's answer. */
static void
complete(struct import *im, cJSON *result)
{
	cJSON_AddNumberToObject(result, "excluded", (double)im->excluded);
	cJSON_AddNumberToObject(result, "blank", (double)im->blank);
	if (im->joined) {
		cJSON *p = cJSON_AddObjectToObject(result, "population");
		cJSON_AddNumberToObject(p, "rows", (double)im->population.n);
		cJSON_AddNumberToObject(p, "without_area",
		    (double)population_unused(&im->population));
		cJSON_AddNumberToObject(
		    p, "refused", (double)im->population.refused);
		if (im->population.refused)
			cJSON_AddStringToObject(
			    p, "first_refusal", im->population.first_refusal);
	}
	cJSON_AddItemToObject(result, "files", im->files);
	im->files = NULL;
}

static void
show_result(struct import *im, const cJSON *result, const struct findings *all)
{
	static const struct column columns[] = {
		{ "read", "read", false },
		{ "accepted", "accepted", false },
		{ "updated", "updated", false },
		{ "unchanged", "unchanged", false },
		{ "rejected", "rejected", false },
		{ "outside", "outside the box", false },
		{ "duplicates", "duplicates", false },
		{ "warnings", "warnings", false },
		{ "swapped", "lat/lon put right", false },
		{ "people", "people", false },
		{ "nodes", "nodes", false },
		{ "edges", "edges", false },
		{ "components", "components", false },
		{ "metres", "metres", false },
		{ "excluded", "excluded", false },
		{ "blank", "blank lines", false },
		{ "population.without_area", "population without area", false },
		{ "crs", "coordinates", false },
		{ 0 },
	};

	im->call->out->object(im->call->out, result, columns);
	import_show_findings(im, all);
}

static enum outcome
finish(struct import *im)
{
	cJSON *result = im->importer.reply.json;
	const char *rejects = call_option(im->call, "rejects");
	struct findings all;
	enum outcome end = DONE;

	complete(im, result);
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
		show_result(im, result, &all);
	findings_release(&all);
	return end;
}

static enum outcome
import(struct call *c, enum row_kind kind)
{
	struct import im = { .call = c, .kind = kind };
	const char *wrong = wrong_options(c);
	enum outcome end;

	if (wrong)
		return ask_usage(c, "%s", wrong);
	im.crs = call_option(c, "crs") ? call_option(c, "crs") : "auto";
	im.files = cJSON_CreateArray();
	if (transfer(&im)) {
		end = finish(&im);
	} else {
		end = im.importer.reply.error[0]
			  ? ask_refused(c, &im.importer.reply)
			  : ask_failed(c, "%s", im.why);
		if (im.importer.daemon)
			importer_abandon(&im.importer);
	}
	importer_release(&im.importer);
	population_release(&im.population);
	mappings_release(&im.mappings);
	cJSON_Delete(im.files);
	return end;
}

static enum outcome
shelters(struct call *c)
{
	return import(c, ROW_SHELTER);
}

static enum outcome
homes(struct call *c)
{
	return import(c, ROW_HOME);
}

static enum outcome
network(struct call *c)
{
	return import(c, ROW_WAY);
}

#define IMPORT_OPTIONS                                                       \
	{ "mapping", "M", "a mapping file, by name or path; auto tries all", \
		false },                                                     \
	    { "field", "NAME=COLUMN", "this column is that field", true },   \
	    { "crs", "CRS", "auto, wgs84, gcj02, bd09 or EPSG:n", false },   \
	    { "bbox", "W,S,E,N", "only what lies in this box of degrees",    \
		    false },                                                 \
	    { "layer", "NAME", "of a file with several", false },            \
	    { "exclude", "FIELD=VALUE", "leave these records out", true },   \
	    { "rejects", "OUT.csv", "write what was refused, with reasons",  \
		    false },                                                 \
	{                                                                    \
		"dry-run", NULL, "check and count, store nothing", false     \
	}

static const struct option shelter_options[] = { IMPORT_OPTIONS, { 0 } };
static const struct option home_options[] = { IMPORT_OPTIONS,
	{ "population", "CSV", "people in another table", false },
	{ "key", "FIELD", "the column that joins both", false },
	{ "people", "FIELD", "the column that counts people", false }, { 0 } };
static const struct option network_options[] = { IMPORT_OPTIONS,
	{ "profile", "walk", "by the tags of OpenStreetMap; the only one",
	    false },
	{ 0 } };

const struct command commands_import[] = {
	{ "import", "shelters", "FILE...", 1, OPERANDS_ANY, shelter_options,
	    "import a register of shelters", "导入人防工程台账", shelters },
	{ "import", "homes", "FILE...", 1, OPERANDS_ANY, home_options,
	    "import homes or areas with their people", "导入居民点或统计区",
	    homes },
	{ "import", "network", "FILE...", 1, OPERANDS_ANY, network_options,
	    "import streets and ways", "导入道路网", network },
	{ 0 },
};
