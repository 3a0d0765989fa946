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
	if (im->id[0])
		return true;
	snprintf(im->reply.error, sizeof(im->reply.error),
	    "the daemon opened no import");
	return false;
}

static void *
post_piece(void *arg)
{
	struct importer *im = arg;
	char path[128];

	snprintf(path, sizeof(path), "/v1/imports/%s/rows", im->id);
	im->failed =
	    !shelter_post_text(im->daemon, path, im->under_way.p, &im->reply);
	if (!im->failed)
		shelter_reply_release(&im->reply);
	return NULL;
}

/* Until the piece under way has been answered; false: it was refused. */
static bool
settle(struct importer *im)
{
	if (im->sending)
		pthread_join(im->sender, NULL);
	im->sending = false;
	return !im->failed;
}

static bool
no_memory(struct importer *im)
{
	settle(im);
	snprintf(im->reply.error, sizeof(im->reply.error), "out of memory");
	return false;
}

static bool
send_piece(struct importer *im)
{
	struct text free_one;

	text_add(&im->piece, "]}");
	if (im->piece.failed)
		return no_memory(im);
	if (!settle(im))
		return false;
	free_one = im->under_way;
	im->under_way = im->piece;
	im->piece = free_one;
	im->piece.n = 0;
	im->seq++;
	im->sent += im->in_piece;
	im->in_piece = 0;
	im->sending = pthread_create(&im->sender, NULL, post_piece, im) == 0;
	if (!im->sending)
		post_piece(im);
	return !im->failed || im->sending;
}

bool
importer_row(
    struct importer *im, int file, int64_t line, const struct text *row)
{
	struct text *p = &im->piece;
	const char *rest = row->p + 1; /* behind the { */

	if (im->in_piece++ == 0)
		text_add(p, "{\"seq\":%lld,\"rows\":[", (long long)im->seq);
	else
		text_add_bytes(p, ",", 1);
	text_add_word(p, "{\"file\":");
	text_add_whole(p, file);
	text_add_word(p, ",\"line\":");
	text_add_whole(p, line);
	if (*rest != '}')
		text_add_bytes(p, ",", 1);
	text_add_bytes(p, rest, row->n - 1);
	if (p->failed)
		return no_memory(im);
	return (im->in_piece < PIECE_ROWS && p->n < PIECE_BYTES) ||
	       send_piece(im);
}

bool
importer_refuse(
    struct importer *im, int file, int64_t line, const struct refusal *why)
{
	struct text *row = &im->row;

	row->n = 0;
	text_add(row, "{\"reject\":{\"field\":");
	text_add_json(row, why->field);
	text_add(row, ",\"reason\":");
	text_add_json(row, why->reason);
	text_add(row, "}}");
	if (row->failed || !findings_add(&im->refused, file, line, "rejected",
			       why->field, why->reason))
		return no_memory(im);
	return importer_row(im, file, line, row);
}

bool
importer_commit(struct importer *im, shelter_progress *progress, void *arg)
{
	char path[128];

	if ((im->in_piece && !send_piece(im)) || !settle(im))
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

	settle(im);
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
	settle(im);
	text_free(&im->row);
	text_free(&im->piece);
	text_free(&im->under_way);
	findings_release(&im->refused);
	shelter_reply_release(&im->reply);
}
