/* SPDX-License-Identifier: MIT */
/*
 * Visibility and JSON words for the handlers around an inspection;
 * see site.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "shelterd/site.h"
#include "shelterd/store/db.h"
#include "shelterd/net/when.h"

bool
site_office(const struct caller *who)
{
	return (who->role & ROLE_OFFICE) != 0;
}

bool
site_visible(const struct caller *who, const struct snap_shelter *s)
{
	return !s->hidden || site_office(who);
}

bool
site_own_visible(const struct caller *who, const struct snap_shelter *s)
{
	if (!site_visible(who, s))
		return false;
	return who->role != ROLE_UNIT ||
	       (who->org[0] != '\0' && strcmp(who->org, s->org) == 0);
}

const struct snap_shelter *
site_shelter(const struct request *req, int64_t id)
{
	const struct snap_shelter *s = snapshot_shelter(req->snap, id);

	return s && site_visible(&req->caller, s) ? s : NULL;
}

struct event_scope
site_scope(const struct snap_shelter *s, unsigned roles)
{
	struct event_scope scope = {
		.roles = roles,
		.org = s->org,
		.hidden = s->hidden,
	};

	if (s->org[0] == '\0')
		scope.roles &= ~(unsigned)ROLE_UNIT;
	return scope;
}

const char *
site_label(const struct snap_shelter *s)
{
	return s->name[0] ? s->name : s->address;
}

void
site_add_shelter(const struct request *req, cJSON *o, int64_t id)
{
	const struct snap_shelter *s = snapshot_shelter(req->snap, id);

	cJSON_AddNumberToObject(o, "shelter", (double)id);
	cJSON_AddStringToObject(o, "shelter_name", s ? site_label(s) : "");
}

void
site_add_id(cJSON *o, const char *name, int64_t id)
{
	if (id)
		cJSON_AddNumberToObject(o, name, (double)id);
	else
		cJSON_AddNullToObject(o, name);
}

void
site_add_text(cJSON *o, const char *name, const char *text)
{
	if (text && *text)
		cJSON_AddStringToObject(o, name, text);
	else
		cJSON_AddNullToObject(o, name);
}

void
site_add_time(cJSON *o, const char *name, int64_t at)
{
	char text[WHEN_SIZE];

	site_add_text(o, name, at ? when_print(at, text) : NULL);
}

const char *
site_user(const struct request *req, int64_t id)
{
	const struct snap_user *u = id ? snapshot_user(req->snap, id) : NULL;

	return u ? u->name : "";
}

void
site_add_array(cJSON *o, const char *name, const char *text)
{
	cJSON *array = cJSON_ParseWithLength(text, strlen(text));

	if (!cJSON_IsArray(array)) {
		cJSON_Delete(array);
		array = cJSON_CreateArray();
	}
	cJSON_AddItemToObject(o, name, array);
}

enum status
site_time(struct request *req, const char *name, int64_t dflt, int64_t *out)
{
	const char *text = body_str(req->body, name, NULL);

	*out = dflt;
	if (!text || when_parse(text, out))
		return ST_OK;
	return req_fail(
	    req, ST_INVALID, name, "'%s' is no RFC 3339 time", text);
}

enum status
site_check_evidence(struct request *req, const cJSON *array, const char *field)
{
	const cJSON *e = NULL;
	int i = 0;

	cJSON_ArrayForEach(e, array)
	{
		const char *text = cJSON_GetStringValue(e);

		if (!text || strlen(text) != 64 ||
		    strspn(text, "0123456789abcdef") != 64) {
			char name[96];

			snprintf(name, sizeof(name), "%s[%d]", field, i);
			return req_fail(req, ST_INVALID, name,
			    "not a SHA-256 of 64 hexadecimal digits");
		}
		i++;
	}
	return ST_OK;
}

enum status
site_store_failed(struct request *req)
{
	return req_fail(
	    req, ST_UNAVAILABLE, NULL, "the store cannot do this now");
}
