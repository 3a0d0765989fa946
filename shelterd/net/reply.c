/* SPDX-License-Identifier: MIT */
/*
 * Making an answer: JSON, bytes, headers, problem details (RFC 9457).  JSON is
 * printed here, on the lane that made it, so that the loop only sends bytes.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "shelterd/net/reply.h"

enum { DETAIL = 512 };

static void
drop_body(struct reply *reply)
{
	if (reply->bytes != reply->room)
		free(reply->bytes);
	reply->bytes = NULL;
	reply->len = 0;
	reply->type = NULL;
}

void
reply_clear(struct reply *reply)
{
	drop_body(reply);
	for (size_t i = 0; i < reply->nheaders; i++) {
		free(reply->headers[i].name);
		free(reply->headers[i].value);
	}
	reply->status = ST_OK;
	reply->nheaders = 0;
}

enum status
reply_bytes(struct request *req, enum status st, const char *type, char *take,
    size_t len)
{
	struct reply *reply = req->reply;

	drop_body(reply);
	reply->status = st;
	reply->type = type;
	reply->bytes = take;
	reply->len = len;
	return st;
}

enum status
reply_copy(struct request *req, enum status st, const char *type,
    const char *bytes, size_t len)
{
	struct reply *reply = req->reply;
	char *to = reply->room;

	drop_body(reply);
	if (to == NULL || len >= REPLY_ROOM)
		to = malloc(len + 1);
	if (to == NULL)
		return req_fail(req, ST_UNAVAILABLE, NULL, "out of memory");
	memcpy(to, bytes, len);
	to[len] = '\0';
	return reply_bytes(req, st, type, to, len);
}

static enum status
print_json(struct request *req, enum status st, const char *type, cJSON *take)
{
	char *text = take != NULL ? cJSON_PrintUnformatted(take) : NULL;

	cJSON_Delete(take);
	if (text == NULL) {
		drop_body(req->reply);
		return req->reply->status = ST_UNAVAILABLE;
	}
	return reply_bytes(req, st, type, text, strlen(text));
}

enum status
reply_json(struct request *req, enum status st, cJSON *take)
{
	return print_json(req, st, "application/json", take);
}

void
reply_header(struct request *req, const char *name, const char *value)
{
	struct reply *reply = req->reply;
	struct reply_field field;

	if (reply->nheaders == REPLY_HEADERS)
		return;
	field.name = strdup(name);
	field.value = strdup(value);
	if (field.name == NULL || field.value == NULL) {
		free(field.name);
		free(field.value);
		return;
	}
	reply->headers[reply->nheaders++] = field;
}

void
reply_version(struct request *req, int64_t version)
{
	char etag[32];

	snprintf(etag, sizeof(etag), "\"%lld\"", (long long)version);
	reply_header(req, "ETag", etag);
}

static enum status
problem(struct request *req, enum status st, const char *field,
    const size_t *byte, const char *detail)
{
	char type[64];
	cJSON *json = cJSON_CreateObject();

	snprintf(type, sizeof(type), "/problems/%s", status_word(st));
	cJSON_AddStringToObject(json, "type", type);
	cJSON_AddStringToObject(json, "title", status_title(st));
	cJSON_AddNumberToObject(json, "status", status_http(st));
	if (field != NULL)
		cJSON_AddStringToObject(json, "field", field);
	if (byte != NULL)
		cJSON_AddNumberToObject(json, "byte", (double)*byte);
	cJSON_AddStringToObject(json, "detail", detail);
	return print_json(req, st, "application/problem+json", json);
}

/* Cuts a text that snprintf() may have cut inside a character. */
static void
whole_characters(char *s)
{
	size_t n = strlen(s), back = 0;

	if (n + 1 < DETAIL)
		return;
	while (back < 4 && back < n &&
	       ((unsigned char)s[n - 1 - back] & 0xc0) == 0x80)
		back++;
	if (back < n)
		s[n - 1 - back] = '\0';
}

enum status
req_vfail(struct request *req, enum status st, const char *field,
    const char *fmt, va_list ap)
{
	char detail[DETAIL];

	vsnprintf(detail, sizeof(detail), fmt, ap);
	whole_characters(detail);
	return problem(req, st, field, NULL, detail);
}

enum status
req_fail(struct request *req, enum status st, const char *field,
    const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	st = req_vfail(req, st, field, fmt, ap);
	va_end(ap);
	return st;
}

enum status
req_fail_byte(struct request *req, enum status st, size_t byte, const char *why)
{
	return problem(req, st, NULL, &byte, why);
}
