/* SPDX-License-Identifier: MIT */
/*
 * Bodies against their rows.  The path of the wrong field is built on the way
 * back up, so the usual, right body pays nothing for it.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "shelterd/net/schema.h"
#include "shelterd/net/when.h"

static bool
check_object(const cJSON *, const struct field *, struct schema_wrong *);

static bool
wrong_is(struct schema_wrong *wrong, const char *why)
{
	wrong->path[0] = '\0';
	wrong->why = why;
	return false;
}

/* Puts `part` in front of the path; cut when too long. */
static bool
under(struct schema_wrong *wrong, const char *part)
{
	char rest[SCHEMA_PATH];
	const char *dot;

	memcpy(rest, wrong->path, sizeof(rest));
	dot = rest[0] == '\0' || rest[0] == '[' ? "" : ".";
	if (snprintf(wrong->path, sizeof(wrong->path), "%s%s%s", part, dot,
		rest) >= (int)sizeof(wrong->path))
		memcpy(wrong->path + SCHEMA_PATH - 4, "...", 4);
	return false;
}

static bool
check_number(const cJSON *v, const struct field *f, enum field_type type,
    struct schema_wrong *wrong)
{
	double n = v->valuedouble;

	if (!cJSON_IsNumber(v) || !isfinite(n))
		return wrong_is(wrong, type == F_INTEGER ? "is not an integer"
							 : "is not a number");
	if (type == F_INTEGER && (n != floor(n) || fabs(n) > 0x1p53))
		return wrong_is(wrong, "is not an integer");
	if (f->min < f->max && (n < f->min || n > f->max))
		return wrong_is(wrong, "is out of range");
	return true;
}

static bool
check_string(const cJSON *v, const struct field *f, int64_t maxlen,
    struct schema_wrong *wrong)
{
	if (!cJSON_IsString(v))
		return wrong_is(wrong, "is not a text");
	if (strlen(v->valuestring) > (size_t)(maxlen > 0 ? maxlen : 4096))
		return wrong_is(wrong, "is too long");
	if (f->oneof == NULL)
		return true;
	for (const char *const *w = f->oneof; *w != NULL; w++)
		if (strcmp(*w, v->valuestring) == 0)
			return true;
	return wrong_is(wrong, "is not one of the known words");
}

static bool
check_time(const cJSON *v, struct schema_wrong *wrong)
{
	int64_t seconds;

	if (!cJSON_IsString(v) || !when_parse(v->valuestring, &seconds))
		return wrong_is(wrong, "is no RFC 3339 time");
	return true;
}

/* A value of a type that has no further structure; maxlen bounds texts. */
static bool
check_scalar(const cJSON *v, const struct field *f, enum field_type type,
    int64_t maxlen, struct schema_wrong *wrong)
{
	switch (type) {
	case F_STRING:
		return check_string(v, f, maxlen, wrong);
	case F_INTEGER:
	case F_NUMBER:
		return check_number(v, f, type, wrong);
	case F_BOOL:
		return cJSON_IsBool(v) ? true
				       : wrong_is(wrong, "is not a boolean");
	case F_TIME:
		return check_time(v, wrong);
	case F_OBJECT:
		return cJSON_IsObject(v) ? true
					 : wrong_is(wrong, "is not an object");
	case F_ARRAY:
		return cJSON_IsArray(v) ? true
					: wrong_is(wrong, "is not an array");
	default:
		return true;
	}
}

static bool
check_array(const cJSON *v, const struct field *f, struct schema_wrong *wrong)
{
	int64_t limit = f->maxlen > 0 ? f->maxlen : 4096, i = 0;
	char part[32];
	const cJSON *item;
	bool fits;

	if (!cJSON_IsArray(v))
		return wrong_is(wrong, "is not an array");
	cJSON_ArrayForEach(item, v)
	{
		if (i == limit)
			return wrong_is(wrong, "has too many items");
		fits = f->of != NULL ? check_object(item, f->of, wrong)
				     : check_scalar(item, f, f->item, 0, wrong);
		if (!fits) {
			snprintf(part, sizeof(part), "[%lld]", (long long)i);
			return under(wrong, part);
		}
		i++;
	}
	return true;
}

static bool
check_field(const cJSON *v, const struct field *f, struct schema_wrong *wrong)
{
	if (cJSON_IsNull(v) && f->type != F_ANY)
		return f->nullable ? true : wrong_is(wrong, "may not be null");
	if (f->type == F_ARRAY)
		return check_array(v, f, wrong);
	if (f->type == F_OBJECT && f->of != NULL)
		return check_object(v, f->of, wrong);
	return check_scalar(v, f, f->type, f->maxlen, wrong);
}

static int
count_required(const struct field *f)
{
	int n = 0;

	for (; f != NULL && f->name != NULL; f++)
		n += f->required;
	return n;
}

static bool
check_required(
    const cJSON *object, const struct field *f, struct schema_wrong *wrong)
{
	for (; f != NULL && f->name != NULL; f++)
		if (f->required &&
		    cJSON_GetObjectItemCaseSensitive(object, f->name) == NULL) {
			wrong_is(wrong, "is required");
			return under(wrong, f->name);
		}
	return true;
}

static bool
check_object(
    const cJSON *object, const struct field *fields, struct schema_wrong *wrong)
{
	const struct field *f;
	int required = 0;
	const cJSON *v;

	if (!cJSON_IsObject(object))
		return wrong_is(wrong, "is not an object");
	cJSON_ArrayForEach(v, object)
	{
		for (f = fields; f != NULL && f->name != NULL; f++)
			if (f->name[0] == v->string[0] &&
			    strcmp(f->name, v->string) == 0)
				break;
		if (f == NULL || f->name == NULL) {
			wrong_is(wrong, "is not a known field");
			return under(wrong, v->string);
		}
		if (!check_field(v, f, wrong))
			return under(wrong, f->name);
		required += f->required;
	}
	return required == count_required(fields) ||
	       check_required(object, fields, wrong);
}

bool
schema_check(
    const cJSON *body, const struct field *fields, struct schema_wrong *wrong)
{
	return check_object(body, fields, wrong);
}

bool
schema_requires(const struct field *fields)
{
	for (const struct field *f = fields; f != NULL && f->name != NULL; f++)
		if (f->required)
			return true;
	return false;
}
