/* SPDX-License-Identifier: MIT */
/* The two instances of `struct out`. */
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include "clients/shelterctl/out.h"

enum { CELL_MAX = 44 };

const cJSON *
out_member(const cJSON *object, const char *key)
{
	char name[64];

	while (object) {
		size_t n = strcspn(key, ".");
		if (n >= sizeof(name))
			return NULL;
		memcpy(name, key, n);
		name[n] = '\0';
		object = cJSON_GetObjectItemCaseSensitive(object, name);
		if (!key[n])
			return object;
		key += n + 1;
	}
	return NULL;
}

static char *
number_text(double v)
{
	char text[40];

	if (v == floor(v) && fabs(v) <= 9007199254740992.0)
		snprintf(text, sizeof(text), "%.0f", v);
	else if (fabs(v) < 1000)
		snprintf(text, sizeof(text), "%.9g", v);
	else
		snprintf(text, sizeof(text), "%.2f", v);
	return strdup(text);
}

/* Short arrays of plain values are joined, others are counted. */
static char *
array_text(const cJSON *array)
{
	char text[256] = "";
	size_t at = 0;
	const cJSON *item;

	cJSON_ArrayForEach(item, array)
	{
		if (cJSON_IsObject(item) || cJSON_IsArray(item)) {
			snprintf(text, sizeof(text), "%d",
			    cJSON_GetArraySize(array));
			break;
		}
		char *one = out_value(item);
		int n = snprintf(text + at, sizeof(text) - at, "%s%s",
		    at ? "," : "", one ? one : "");
		free(one);
		if (n < 0 || (size_t)n >= sizeof(text) - at)
			break;
		at += (size_t)n;
	}
	return strdup(text);
}

char *
out_value(const cJSON *v)
{
	if (!v || cJSON_IsNull(v))
		return strdup("-");
	if (cJSON_IsString(v))
		return strdup(v->valuestring);
	if (cJSON_IsBool(v))
		return strdup(cJSON_IsTrue(v) ? "yes" : "no");
	if (cJSON_IsNumber(v))
		return number_text(v->valuedouble);
	if (cJSON_IsArray(v))
		return array_text(v);
	return cJSON_PrintUnformatted(v);
}

static int
column_width(const cJSON *items, const struct column *c)
{
	int width = out_width(c->title);
	const cJSON *item;

	cJSON_ArrayForEach(item, items)
	{
		char *text = out_value(out_member(item, c->key));
		int w = text ? out_width(text) : 0;
		if (w > width)
			width = w;
		free(text);
	}
	return width > CELL_MAX ? CELL_MAX : width;
}

static void
table_row(FILE *f, const cJSON *item, const struct column *c, const int *width)
{
	for (int i = 0; c[i].title; i++) {
		char *text = item ? out_value(out_member(item, c[i].key))
				  : strdup(c[i].title);
		bool last = !c[i + 1].title;
		int least = c[i].right ? -width[i] : last ? 0 : width[i];
		out_cell(f, text ? text : "", least, CELL_MAX);
		fputs(last ? "\n" : "  ", f);
		free(text);
	}
}

static void
text_list(struct out *o, const cJSON *items, const struct column *c)
{
	int width[32], n = 0;
	const cJSON *item;

	for (; c[n].title && n < 32; n++)
		width[n] = column_width(items, &c[n]);
	table_row(o->f, NULL, c, width);
	cJSON_ArrayForEach(item, items) table_row(o->f, item, c, width);
}

static void
text_object(struct out *o, const cJSON *object, const struct column *c)
{
	int width = 0;

	for (int i = 0; c[i].title; i++)
		if (out_width(c[i].title) > width)
			width = out_width(c[i].title);
	for (int i = 0; c[i].title; i++) {
		const cJSON *v = out_member(object, c[i].key);
		if (!v)
			continue;
		char *text = out_value(v);
		out_cell(o->f, c[i].title, width, 0);
		fputs("  ", o->f);
		out_cell(o->f, text ? text : "", 0, 0);
		fputc('\n', o->f);
		free(text);
	}
}

static void
text_note(struct out *o, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vfprintf(o->f, format, args);
	va_end(args);
	fputc('\n', o->f);
}

static void
json_any(struct out *o, const cJSON *v, const struct column *c)
{
	char *text = v ? cJSON_PrintUnformatted(v) : NULL;

	(void)c;
	fprintf(o->f, "%s\n", text ? text : "{}");
	cJSON_free(text);
}

static void
json_note(struct out *o, const char *format, ...)
{
	(void)o;
	(void)format;
}

void
out_text(struct out *o, FILE *f)
{
	*o = (struct out){ .f = f,
		.list = text_list,
		.object = text_object,
		.note = text_note };
}

void
out_json(struct out *o, FILE *f)
{
	*o = (struct out){ .json = true,
		.f = f,
		.list = json_any,
		.object = json_any,
		.note = json_note };
}
