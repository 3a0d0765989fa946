/* SPDX-License-Identifier: MIT */
/*
 * The imports that are being talked about.  They live outside the daemon's
 * own structure because nothing else may see them: a list of at most eight,
 * behind one lock that a request holds while it works on its import.
 */
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "gis/lines.h"
#include "shelterd/import/import.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct import *sessions[IMPORT_SESSIONS];
static int64_t last_id;

static const char *const kinds[] = { "shelters", "homes", "network" };
static const char *const texts[IMPORT_TEXTS] = { "register_id", "name",
	"address", "kind", "precinct", "org", "floors", "note", "unit", "class",
	"hours" };

const char *
import_kind_name(enum import_kind kind)
{
	return kinds[kind];
}

const char *
import_text_name(enum import_text t)
{
	return texts[t];
}

void
import_free(struct import *im)
{
	if (!im)
		return;
	rowtext_release(&im->text);
	rowtext_release(&im->lines);
	free(im->wkb);
	free(im->rows);
	free(im);
}

int
import_cut(const char *s, int max)
{
	int n = (int)strnlen(s, (size_t)max + 1), start = 0;
	if (n < max)
		return n;
	n = max;
	for (start = n; start > 0 && (s[start - 1] & 0xc0) == 0x80; start--)
		;
	if (start == 0 || (s[start - 1] & 0x80) == 0)
		return n; /* ends with a whole character, or is no UTF-8 */
	unsigned char lead = (unsigned char)s[start - 1];
	int whole = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
	return n - (start - 1) == whole ? n : start - 1;
}

const char *
import_text(struct import *im, const char *fmt, ...)
{
	char text[512];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	text[import_cut(text, sizeof(text) - 1)] = '\0';
	return rowtext_add(&im->text, text);
}

const void *
import_lines_wkb(struct import *im, const struct import_row *r, size_t *len)
{
	*len = gis_lines_wkb_size(r->first, r->nlines);
	if (*len > im->wkb_room) {
		unsigned char *wkb = realloc(im->wkb, *len * 2);
		if (!wkb)
			return NULL;
		im->wkb = wkb;
		im->wkb_room = *len * 2;
	}
	gis_lines_to_wkb(r->points, r->first, r->nlines, im->wkb);
	return im->wkb;
}

void
import_reject(struct import_row *r, const char *field, const char *reason)
{
	if (r->outcome != OUT_PENDING)
		return;
	r->outcome = OUT_REJECTED;
	r->field = field;
	r->reason = reason;
}

void
import_warn(struct import *im, struct import_row *r, const char *field,
    const char *reason)
{
	struct import_note *n = rowtext_room(&im->text, sizeof(*n)), **end;
	if (!n)
		return;
	*n = (struct import_note){ NULL, field, reason };
	for (end = &r->warnings; *end; end = &(*end)->next)
		;
	*end = n;
}

static void
sweep_locked(int64_t now)
{
	for (int i = 0; i < IMPORT_SESSIONS; i++)
		if (sessions[i] && now - sessions[i]->touched > IMPORT_IDLE) {
			import_free(sessions[i]);
			sessions[i] = NULL;
		}
}

void
import_sweep(int64_t now)
{
	pthread_mutex_lock(&lock);
	sweep_locked(now);
	pthread_mutex_unlock(&lock);
}

struct import *
import_open(int64_t owner, int64_t now)
{
	int i = 0;
	struct import *im = NULL;
	pthread_mutex_lock(&lock);
	sweep_locked(now);
	while (i < IMPORT_SESSIONS && sessions[i])
		i++;
	if (i < IMPORT_SESSIONS)
		im = sessions[i] = calloc(1, sizeof(*im));
	if (!im) {
		pthread_mutex_unlock(&lock);
		return NULL;
	}
	im->id = ++last_id;
	im->owner = owner;
	im->touched = now;
	return im;
}

struct import *
import_find(int64_t id, int64_t owner, int64_t now)
{
	pthread_mutex_lock(&lock);
	sweep_locked(now);
	for (int i = 0; i < IMPORT_SESSIONS; i++)
		if (sessions[i] && sessions[i]->id == id &&
		    sessions[i]->owner == owner) {
			sessions[i]->touched = now;
			return sessions[i];
		}
	pthread_mutex_unlock(&lock);
	return NULL;
}

void
import_done(struct import *im)
{
	(void)im;
	pthread_mutex_unlock(&lock);
}

void
import_take(struct import *im)
{
	for (int i = 0; i < IMPORT_SESSIONS; i++)
		if (sessions[i] == im)
			sessions[i] = NULL;
	pthread_mutex_unlock(&lock);
}
