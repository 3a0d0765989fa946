/* SPDX-License-Identifier: MIT */
/* Sends rows in pieces that stay well under the interface's limits. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "clients/shelterctl/importer.h"

bool
findings_add(struct findings *f, int file, int64_t line, const char *outcome,
    const char *field, const char *reason)
{
	if (f->n == f->room) {
		size_t room = f->room ? f->room * 2 : 64;
		struct finding *item = realloc(f->item, room * sizeof(*item));
		if (!item)
			return false;
		f->item = item;
		f->room = room;
	}
	struct finding *one = &f->item[f->n];
	one->file = file;
	one->line = line;
	one->outcome = strdup(outcome ? outcome : "");
	one->field = strdup(field ? field : "");
	one->reason = strdup(reason ? reason : "");
	f->n++;
	return one->outcome && one->field && one->reason;
}

static int
by_place(const void *a, const void *b)
{
	const struct finding *x = a, *y = b;

	if (x->file != y->file)
		return x->file < y->file ? -1 : 1;
	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	int order = strcmp(x->outcome, y->outcome);
	return order ? order : strcmp(x->reason, y->reason);
}

static void
finding_release(struct finding *f)
{
	free(f->outcome);
	free(f->field);
	free(f->reason);
}

void
findings_sort(struct findings *f)
{
	size_t kept = 0;

	if (f->n > 1)
		qsort(f->item, f->n, sizeof(*f->item), by_place);
	for (size_t i = 0; i < f->n; i++) {
		if (kept && !by_place(&f->item[kept - 1], &f->item[i]))
			finding_release(&f->item[i]);
		else
			f->item[kept++] = f->item[i];
	}
	f->n = kept;
}

void
findings_release(struct findings *f)
{
	for (size_t i = 0; i < f->n; i++)
		finding_release(&f->item[i]);
	free(f->item);
	memset(f, 0, sizeof(*f));
}

bool
importer_open(struct importer *im, struct shelter *daemon, const cJSON *request)
{
	memset(im, 0, sizeof(*im));
	im->daemon = daemon;
	if (!shelter_post(daemon, "/v1/imports", request, &im->reply))
		return false;
	const cJSON *id =
	    cJSON_GetObjectItemCaseSensitive(im->reply.json, "id");
	if (cJSON_IsNumber(id))
		snprintf(im->id, sizeof(im->id), "%.0f", id->valuedouble);
	else if (cJSON_IsString(id) && strlen(id->valuestring) < 60)
		snprintf(im->id, sizeof(im->id), "%s", id->valuestring);
	shelter_reply_release(&im->reply);
	im->rows = cJSON_CreateArray();
	if (im->id[0] && im->rows)
		return true;
	snprintf(im->reply.error, sizeof(im->reply.error),
	    "the daemon opened no import");
	return false;
}

static bool
send_piece(struct importer *im)
{
	cJSON *body = cJSON_CreateObject();
	char path[128];

	cJSON_AddNumberToObject(body, "seq", (double)im->seq);
	cJSON_AddItemToObject(body, "rows", im->rows);
	im->rows = NULL;
	snprintf(path, sizeof(path), "/v1/imports/%s/rows", im->id);
	bool ok = shelter_post(im->daemon, path, body, &im->reply);
	cJSON_Delete(body);
	if (!ok)
		return false;
	shelter_reply_release(&im->reply);
	im->seq++;
	im->sent += im->in_piece;
	im->in_piece = 0;
	im->bytes = 0;
	im->rows = cJSON_CreateArray();
	return im->rows != NULL;
}

bool
importer_row(
    struct importer *im, int file, int64_t line, cJSON *row, size_t bytes)
{
	cJSON_AddNumberToObject(row, "file", file);
	cJSON_AddNumberToObject(row, "line", (double)line);
	cJSON_AddItemToArray(im->rows, row);
	im->in_piece++;
	im->bytes += bytes;
	return (im->in_piece < PIECE_ROWS && im->bytes < PIECE_BYTES) ||
	       send_piece(im);
}

bool
importer_refuse(
    struct importer *im, int file, int64_t line, const struct refusal *why)
{
	cJSON *row = cJSON_CreateObject();
	cJSON *reject = row ? cJSON_AddObjectToObject(row, "reject") : NULL;

	if (!reject || !findings_add(&im->refused, file, line, "rejected",
			   why->field, why->reason)) {
		cJSON_Delete(row);
		snprintf(
		    im->reply.error, sizeof(im->reply.error), "out of memory");
		return false;
	}
	cJSON_AddStringToObject(reject, "field", why->field);
	cJSON_AddStringToObject(reject, "reason", why->reason);
	return importer_row(im, file, line, row, 256);
}

bool
importer_commit(struct importer *im, shelter_progress *progress, void *arg)
{
	char path[128];

	if (im->in_piece && !send_piece(im))
		return false;
	snprintf(path, sizeof(path), "/v1/imports/%s/commit", im->id);
	if (!shelter_post(im->daemon, path, NULL, &im->reply))
		return false;
	im->id[0] = '\0';
	return shelter_job_wait(im->daemon, &im->reply, progress, arg);
}

void
importer_abandon(struct importer *im)
{
	struct shelter_reply r;
	char path[128];

	if (!im->id[0])
		return;
	snprintf(path, sizeof(path), "/v1/imports/%s", im->id);
	shelter_request(im->daemon, "DELETE", path, NULL, NULL, &r);
	shelter_reply_release(&r);
	im->id[0] = '\0';
}

void
importer_release(struct importer *im)
{
	cJSON_Delete(im->rows);
	findings_release(&im->refused);
	shelter_reply_release(&im->reply);
	im->rows = NULL;
}
