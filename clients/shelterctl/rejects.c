/* SPDX-License-Identifier: MIT */
/*
 * The file of --rejects: the reason in the first columns, then the record as
 * it stood, so that a clerk repairs it beside its reason.  The sources are
 * read once more for it; nothing is kept in memory meanwhile.
 */
#include <stdlib.h>
#include <string.h>
#include "clients/shelterctl/file.h"
#include "clients/shelterctl/import.h"

static bool
belongs(const char *outcome)
{
	return !strcmp(outcome, "rejected") || !strcmp(outcome, "duplicate") ||
	       !strcmp(outcome, "warning");
}

static void
add_record(struct text *t, const struct finding *f, const char *name,
    const struct record *r)
{
	text_add(t, "%s,", f->outcome);
	text_add_csv(t, name);
	text_add(t, ",%lld,", (long long)f->line);
	text_add_csv(t, f->field);
	text_add(t, ",");
	text_add_csv(t, f->reason);
	for (size_t i = 0; i < r->n; i++) {
		text_add(t, ",");
		text_add_csv(t, r->value[i] ? r->value[i] : "");
	}
	text_add(t, "\r\n");
}

/* The findings from *at on that belong to this file. */
static bool
add_file(struct import *im, struct text *t, int file,
    const struct findings *all, size_t *at)
{
	struct source *s = import_open(im, file);
	struct record r;

	if (!s)
		return false;
	while (*at < all->n && all->item[*at].file == file && s->next(s, &r)) {
		while (*at < all->n && all->item[*at].file == file &&
		       all->item[*at].line < r.line)
			++*at;
		for (; *at < all->n && all->item[*at].file == file &&
		       all->item[*at].line == r.line;
		     ++*at)
			if (belongs(all->item[*at].outcome))
				add_record(t, &all->item[*at],
				    im->call->operand[file], &r);
	}
	while (*at < all->n && all->item[*at].file == file)
		++*at;
	source_close(s);
	return true;
}

/* The widest header, so that the original columns have names. */
static void
add_header(struct import *im, struct text *t)
{
	text_add(t, "outcome,file,line,field,reason");
	if (im->call->n == 1) {
		struct source *s = import_open(im, 0);
		for (size_t i = 0; s && i < s->n; i++) {
			text_add(t, ",");
			text_add_csv(t, s->header[i]);
		}
		source_close(s);
	} else
		text_add(t, ",record");
	text_add(t, "\r\n");
}

bool
import_write_rejects(
    struct import *im, const char *path, const struct findings *all)
{
	struct text t = { 0 };
	bool ok = true;

	add_header(im, &t);
	for (size_t at = 0; ok && at < all->n;) {
		int file = all->item[at].file;
		if (file < 0 || file >= im->call->n)
			at++;
		else
			ok = add_file(im, &t, file, all, &at);
	}
	if (ok && t.failed)
		snprintf(im->why, sizeof(im->why), "%s: too large", path);
	ok = ok && !t.failed &&
	     file_write(path, t.p, t.n, im->why, sizeof(im->why));
	text_free(&t);
	return ok;
}
