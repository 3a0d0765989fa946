/* SPDX-License-Identifier: MIT */
/* Reading and writing whole files. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "clients/shelterctl/file.h"

static char *
read_all(FILE *f, const char *path, size_t *n, char *why, size_t size)
{
	size_t room = 1 << 16, got;
	char *text = malloc(room + 1);

	*n = 0;
	while (text && (got = fread(text + *n, 1, room - *n, f)) > 0) {
		*n += got;
		if (*n < room)
			continue;
		char *more =
		    room < FILE_MAX ? realloc(text, room * 2 + 1) : NULL;
		if (!more) {
			snprintf(why, size, "%s: larger than %d MiB", path,
			    FILE_MAX >> 20);
			free(text);
			return NULL;
		}
		text = more;
		room *= 2;
	}
	if (!text || ferror(f)) {
		snprintf(why, size, "%s: %s", path,
		    text ? strerror(errno) : "out of memory");
		free(text);
		return NULL;
	}
	text[*n] = '\0';
	return text;
}

char *
file_read(const char *path, size_t *n, char *why, size_t size)
{
	struct stat st;
	FILE *f = fopen(path, "rb");

	if (f && fstat(fileno(f), &st) == 0 && S_ISDIR(st.st_mode)) {
		fclose(f);
		snprintf(why, size, "%s: is a folder", path);
		return NULL;
	}
	if (!f) {
		snprintf(why, size, "%s: %s", path, strerror(errno));
		return NULL;
	}
	char *text = read_all(f, path, n, why, size);
	fclose(f);
	return text;
}

cJSON *
file_read_json(const char *path, char *why, size_t size)
{
	size_t n;
	const char *end = NULL;
	char *text = file_read(path, &n, why, size);

	if (!text)
		return NULL;
	cJSON *json = cJSON_ParseWithLengthOpts(text, n, &end, false);
	if (!json)
		snprintf(why, size, "%s: broken JSON at byte %td", path,
		    end ? end - text : 0);
	free(text);
	return json;
}

bool
file_write(const char *path, const char *text, size_t n, char *why, size_t size)
{
	char *name = NULL;
	FILE *f = NULL;
	bool ok = false;

	if (asprintf(&name, "%s.new", path) < 0)
		name = NULL;
	if (name && (f = fopen(name, "wb")))
		ok = fwrite(text, 1, n, f) == n && fflush(f) == 0 &&
		     fsync(fileno(f)) == 0;
	if (f && fclose(f) != 0)
		ok = false;
	if (ok)
		ok = rename(name, path) == 0;
	if (!ok) {
		snprintf(why, size, "%s: %s", path, strerror(errno));
		if (name && f)
			unlink(name);
	}
	free(name);
	return ok;
}

bool
file_write_json(const char *path, const cJSON *json, char *why, size_t size)
{
	char *text = cJSON_PrintUnformatted(json);
	bool ok = false;

	if (text)
		ok = file_write(path, text, strlen(text), why, size);
	else
		snprintf(why, size, "%s: nothing to write", path);
	cJSON_free(text);
	return ok;
}

static bool
text_room(struct text *t, size_t more)
{
	size_t need = t->n + more + 1;
	size_t room = t->room ? t->room : 1024;

	if (t->failed || need > FILE_MAX) {
		t->failed = true;
		return false;
	}
	while (room < need)
		room *= 2;
	char *p = room == t->room ? t->p : realloc(t->p, room);
	if (!p) {
		t->failed = true;
		return false;
	}
	t->p = p;
	t->room = room;
	return true;
}

void
text_add(struct text *t, const char *format, ...)
{
	va_list args, again;

	va_start(args, format);
	va_copy(again, args);
	int n = vsnprintf(NULL, 0, format, args);
	if (n >= 0 && text_room(t, (size_t)n)) {
		vsnprintf(t->p + t->n, (size_t)n + 1, format, again);
		t->n += (size_t)n;
	}
	va_end(again);
	va_end(args);
}

void
text_add_bytes(struct text *t, const char *bytes, size_t n)
{
	if (!text_room(t, n))
		return;
	memcpy(t->p + t->n, bytes, n);
	t->n += n;
	t->p[t->n] = '\0';
}

void
text_add_word(struct text *t, const char *word)
{
	text_add_bytes(t, word, strlen(word));
}

void
text_add_whole(struct text *t, int64_t n)
{
	char digits[24], *p = digits + sizeof(digits);
	uint64_t left = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;

	do {
		*--p = (char)('0' + left % 10);
		left /= 10;
	} while (left > 0);
	if (n < 0)
		*--p = '-';
	text_add_bytes(t, p, (size_t)(digits + sizeof(digits) - p));
}

void
text_add_json(struct text *t, const char *s)
{
	text_add_bytes(t, "\"", 1);
	while (*s) {
		size_t n = 0;

		while (
		    (unsigned char)s[n] >= ' ' && s[n] != '"' && s[n] != '\\')
			n++;
		text_add_bytes(t, s, n);
		s += n;
		if (*s && (unsigned char)*s < ' ')
			text_add(t, "\\u%04x", (unsigned)*s++);
		else if (*s) {
			text_add_bytes(t, "\\", 1);
			text_add_bytes(t, s++, 1);
		}
	}
	text_add_bytes(t, "\"", 1);
}

void
text_add_csv(struct text *t, const char *field)
{
	size_t len = strlen(field);

	if (!strpbrk(field, "\",\r\n") && (!len || field[0] != ' ')) {
		text_add(t, "%s", field);
		return;
	}
	if (!text_room(t, 2 * len + 2))
		return;
	t->p[t->n++] = '"';
	for (; *field; field++) {
		if (*field == '"')
			t->p[t->n++] = '"';
		t->p[t->n++] = *field;
	}
	t->p[t->n++] = '"';
	t->p[t->n] = '\0';
}

void
text_free(struct text *t)
{
	free(t->p);
	memset(t, 0, sizeof(*t));
}
