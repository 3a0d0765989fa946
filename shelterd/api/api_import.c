/* SPDX-License-Identifier: MIT */
/* The import's conversation: open, rows, commit, forget. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "shelterd/daemon.h"
#include "shelterd/import/import.h"
#include "shelterd/net/request.h"

enum { PIECE_BYTES = 16 << 20 };

static bool
known_crs(const char *s)
{
	if (strcmp(s, "auto") == 0 || strcmp(s, "wgs84") == 0 ||
	    strcmp(s, "gcj02") == 0 || strcmp(s, "bd09") == 0)
		return true;
	if (strncmp(s, "EPSG:", 5) != 0)
		return false;
	size_t digits = strspn(s + 5, "0123456789");
	return digits > 0 && digits <= 6 && s[5 + digits] == '\0';
}

static enum status
take_bbox(struct request *req, struct import *im)
{
	const cJSON *box = cJSON_GetObjectItemCaseSensitive(req->body, "bbox");
	double v[4];
	if (!cJSON_IsArray(box))
		return ST_OK;
	if (cJSON_GetArraySize(box) != 4)
		return req_fail(req, ST_INVALID, "bbox",
		    "must be [west, south, east, north]");
	for (int i = 0; i < 4; i++)
		v[i] = cJSON_GetArrayItem(box, i)->valuedouble;
	if (v[0] > v[2] || v[1] > v[3] || v[0] < -180 || v[2] > 180 ||
	    v[1] < -90 || v[3] > 90)
		return req_fail(req, ST_INVALID, "bbox",
		    "must be west <= east, south <= north in degrees");
	im->bbox = (struct gis_box){ v[0], v[1], v[2], v[3] };
	im->has_bbox = true;
	return ST_OK;
}

static enum status
take_files(struct request *req, struct import *im)
{
	const cJSON *f = NULL;
	const cJSON *files =
	    cJSON_GetObjectItemCaseSensitive(req->body, "files");
	int n = cJSON_GetArraySize(files);
	if (n == 0)
		return req_fail(
		    req, ST_INVALID, "files", "name at least one file");
	im->files = rowtext_room(&im->text, (size_t)n * sizeof(char *));
	if (!im->files)
		return req_fail(req, ST_UNAVAILABLE, NULL, "out of memory");
	cJSON_ArrayForEach(f, files) im->files[im->nfiles++] =
	    rowtext_add(&im->text, f->valuestring);
	return ST_OK;
}

static enum status
fill(struct request *req, struct import *im)
{
	const char *kind = body_str(req->body, "kind", "");
	const char *crs = body_str(req->body, "crs", "auto");
	for (int k = IMPORT_SHELTERS; k <= IMPORT_NETWORK; k++)
		if (strcmp(import_kind_name((enum import_kind)k), kind) == 0)
			im->kind = (enum import_kind)k;
	if (!known_crs(crs))
		return req_fail(req, ST_INVALID, "crs",
		    "'%.40s' is none of auto, wgs84, gcj02, bd09, EPSG:n", crs);
	snprintf(im->crs, sizeof(im->crs), "%s", crs);
	im->max_bytes = daemon_conf(req->daemon)->import_max_bytes;
	im->dry_run = body_bool(req->body, "dry_run", false);
	enum status st = take_bbox(req, im);
	return st == ST_OK ? take_files(req, im) : st;
}

/* Nobody may come back to an import: its memory is given back by a timer. */
static void
sweep(struct daemon *d, void *arg)
{
	(void)d;
	(void)arg;
	import_sweep((int64_t)time(NULL));
}

static enum status
open_import(struct request *req)
{
	struct import *im = import_open(req->caller.id, req->now);
	if (!im)
		return req_fail(req, ST_TOO_MANY, NULL,
		    "%d imports are open already", IMPORT_SESSIONS);
	enum status st = fill(req, im);
	if (st != ST_OK) {
		import_take(im);
		import_free(im);
		return st;
	}
	cJSON *o = cJSON_CreateObject();
	cJSON_AddNumberToObject(o, "id", (double)im->id);
	import_done(im);
	daemon_timer(
	    req->daemon, (IMPORT_IDLE + 1) * INT64_C(1000), sweep, NULL);
	return reply_json(req, ST_CREATED, o);
}

/* The caller's session named by the path, locked; NULL after req_fail(). */
static struct import *
session(struct request *req)
{
	struct import *im =
	    import_find(req_id(req, "id"), req->caller.id, req->now);
	if (!im)
		req_fail(req, ST_NOT_FOUND, "id",
		    "no open import of yours with this id");
	return im;
}

static enum status
take_piece(struct request *req, struct import *im)
{
	struct import_wrong wrong = { .field = "" };
	int64_t seq = body_int(req->body, "seq", -1);
	if (seq > im->next_seq)
		return req_fail(req, ST_CONFLICT, "seq",
		    "piece %lld comes next", (long long)im->next_seq);
	if (seq == im->next_seq) {
		if (!import_decode(im,
			cJSON_GetObjectItemCaseSensitive(req->body, "rows"),
			&wrong))
			return req_fail(
			    req, ST_INVALID, wrong.field, "%s", wrong.why);
		im->next_seq++;
	}
	cJSON *o = cJSON_CreateObject();
	cJSON_AddNumberToObject(o, "seq", (double)im->next_seq);
	cJSON_AddNumberToObject(o, "rows", (double)im->nrows);
	return reply_json(req, ST_OK, o);
}

static enum status
add_rows(struct request *req)
{
	struct import *im = session(req);
	if (!im)
		return ST_NOT_FOUND;
	enum status st = take_piece(req, im);
	import_done(im);
	return st;
}

static void
free_import(void *arg)
{
	import_free(arg);
}

static enum status
commit(struct request *req)
{
	struct import *im = session(req);
	if (!im)
		return ST_NOT_FOUND;
	import_take(im);
	struct job *job = req_job(req, "import", import_run, im, free_import);
	return reply_job(req, job);
}

static enum status
forget(struct request *req)
{
	struct import *im = session(req);
	if (!im)
		return ST_NOT_FOUND;
	import_take(im);
	import_free(im);
	return ST_NO_CONTENT;
}

static const char *const kind_words[] = { "shelters", "homes", "network",
	NULL };

static const struct field open_body[] = {
	{ .name = "kind",
	    .type = F_STRING,
	    .required = true,
	    .oneof = kind_words,
	    .help = "what the rows are" },
	{ .name = "crs",
	    .type = F_STRING,
	    .maxlen = 16,
	    .help = "auto (default), wgs84, gcj02, bd09 or EPSG:n" },
	{ .name = "bbox",
	    .type = F_ARRAY,
	    .item = F_NUMBER,
	    .maxlen = 4,
	    .nullable = true,
	    .help = "west, south, east, north: rows with their centroid"
		    " elsewhere are counted as outside" },
	{ .name = "dry_run",
	    .type = F_BOOL,
	    .help = "check and count, store nothing" },
	{ .name = "files",
	    .type = F_ARRAY,
	    .item = F_STRING,
	    .required = true,
	    .maxlen = IMPORT_FILES,
	    .help = "names of the files the rows come from" },
	{ .name = NULL },
};

#define TEXT_FIELD(n)                                                          \
	{                                                                      \
		.name = n, .type = F_STRING, .nullable = true, .maxlen = 65536 \
	}

static const struct field reject_fields[] = {
	{ .name = "field", .type = F_STRING, .nullable = true },
	{ .name = "reason", .type = F_STRING, .required = true },
	{ .name = NULL },
};

static const struct field row_fields[] = {
	{ .name = "file",
	    .type = F_INTEGER,
	    .required = true,
	    .help = "index into files" },
	{ .name = "line", .type = F_INTEGER, .required = true },
	TEXT_FIELD("register_id"),
	TEXT_FIELD("name"),
	TEXT_FIELD("address"),
	TEXT_FIELD("kind"),
	TEXT_FIELD("precinct"),
	TEXT_FIELD("org"),
	TEXT_FIELD("floors"),
	TEXT_FIELD("note"),
	TEXT_FIELD("unit"),
	TEXT_FIELD("class"),
	{ .name = "places", .type = F_INTEGER, .nullable = true },
	{ .name = "area", .type = F_NUMBER, .nullable = true, .help = "m2" },
	{ .name = "x", .type = F_NUMBER, .nullable = true },
	{ .name = "y", .type = F_NUMBER, .nullable = true },
	{ .name = "hidden", .type = F_BOOL, .nullable = true },
	{ .name = "people", .type = F_INTEGER, .nullable = true },
	{ .name = "households", .type = F_INTEGER, .nullable = true },
	{ .name = "geometry",
	    .type = F_OBJECT,
	    .nullable = true,
	    .help = "a GeoJSON geometry" },
	{ .name = "steps", .type = F_BOOL, .nullable = true },
	{ .name = "hours",
	    .type = F_STRING,
	    .nullable = true,
	    .maxlen = 65536,
	    .help = "when a way is open: 24/7 or HH:MM-HH:MM,…" },
	{ .name = "lines",
	    .type = F_ARRAY,
	    .item = F_ARRAY,
	    .nullable = true,
	    .maxlen = 1000000,
	    .help = "[[x0,y0,x1,y1,…],…]" },
	{ .name = "paths",
	    .type = F_ARRAY,
	    .item = F_STRING,
	    .nullable = true,
	    .maxlen = 1000000,
	    .help = "lines as encoded polylines of seven decimals, x first" },
	{ .name = "warnings",
	    .type = F_ARRAY,
	    .item = F_STRING,
	    .nullable = true,
	    .maxlen = 100 },
	{ .name = "reject",
	    .type = F_OBJECT,
	    .of = reject_fields,
	    .nullable = true,
	    .help = "the reader had to refuse this row" },
	{ .name = NULL },
};

static const struct field rows_body[] = {
	{ .name = "seq",
	    .type = F_INTEGER,
	    .required = true,
	    .min = 0,
	    .max = 1e9,
	    .help = "from 0; a repeated one is ignored" },
	{ .name = "rows",
	    .type = F_ARRAY,
	    .of = row_fields,
	    .required = true,
	    .maxlen = IMPORT_PIECE },
	{ .name = NULL },
};

const struct route routes_import[] = {
	{ .method = "POST",
	    .path = "/v1/imports",
	    .roles = ROLE_OFFICE,
	    .on = ON_WORKER,
	    .body = open_body,
	    .handle = open_import,
	    .summary = "Open an import" },
	{ .method = "POST",
	    .path = "/v1/imports/{id}/rows",
	    .roles = ROLE_OFFICE,
	    .on = ON_WORKER,
	    .max_body = PIECE_BYTES,
	    .body = rows_body,
	    .handle = add_rows,
	    .summary = "Add rows to an import" },
	{ .method = "POST",
	    .path = "/v1/imports/{id}/commit",
	    .roles = ROLE_OFFICE,
	    .on = ON_WORKER,
	    .handle = commit,
	    .summary = "Check and store an import, in one transaction" },
	{ .method = "DELETE",
	    .path = "/v1/imports/{id}",
	    .roles = ROLE_OFFICE,
	    .on = ON_WORKER,
	    .handle = forget,
	    .summary = "Forget an open import" },
	{ .method = NULL },
};
