/* SPDX-License-Identifier: MIT */
/*
 * Paths with queries, and lists of any length: the pages of the interface are
 * fetched one after the other and joined, so that no caller sees paging.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "clients/libshelter/internal.h"

static const char PAGE[] = "5000"; /* items a request, at most 10000 */

/* Appends to a text that grows; false and unchanged when memory is out. */
static bool
append(char **text, const char *more)
{
	size_t old = strlen(*text);
	size_t add = strlen(more) + 1;
	char *grown = realloc(*text, old + add);

	if (!grown)
		return false;
	memcpy(grown + old, more, add);
	*text = grown;
	return true;
}

static bool
append_pair(char **text, const char *name, const char *value)
{
	char *escaped = curl_easy_escape(NULL, value, 0);
	const char *sign = strchr(*text, '?') ? "&" : "?";
	bool ok = escaped && append(text, sign) && append(text, name) &&
		  append(text, "=") && append(text, escaped);

	curl_free(escaped);
	return ok;
}

char *
shelter_query(const char *path, ...)
{
	char *text = strdup(path);
	const char *name;
	va_list pairs;

	va_start(pairs, path);
	while (text && (name = va_arg(pairs, const char *))) {
		const char *value = va_arg(pairs, const char *);
		if (value && !append_pair(&text, name, value)) {
			free(text);
			text = NULL;
		}
	}
	va_end(pairs);
	return text;
}

/* Moves the items of one page to the end of `all`; false: not a list. */
static bool
join(cJSON *all, cJSON *page)
{
	cJSON *items = cJSON_GetObjectItemCaseSensitive(page, "items");

	if (!cJSON_IsArray(items))
		return false;
	if (!all->child) {
		all->child = items->child;
		items->child = NULL;
		return true;
	}
	if (items->child) {
		cJSON *last = all->child->prev;
		last->next = items->child;
		all->child->prev = items->child->prev;
		items->child->prev = last;
		items->child = NULL;
	}
	return true;
}

static bool
fetch_page(struct shelter *s, const char *path, const char *parameter,
    const char *after, struct shelter_reply *reply)
{
	char *full = shelter_query(path, "limit", PAGE, parameter, after, NULL);
	bool ok = false;

	memset(reply, 0, sizeof(*reply));
	if (full)
		ok = shelter_get(s, full, reply);
	else
		snprintf(reply->error, sizeof(reply->error), "out of memory");
	free(full);
	return ok;
}

/* The text of "next" for the following page; false: there is none. */
static bool
next_page(const cJSON *page, char *after, size_t size)
{
	const cJSON *next = cJSON_GetObjectItemCaseSensitive(page, "next");

	if (cJSON_IsNumber(next))
		snprintf(after, size, "%.0f", next->valuedouble);
	else if (cJSON_IsString(next))
		snprintf(after, size, "%s", next->valuestring);
	else
		return false;
	return true;
}

bool
shelter_list(struct shelter *s, const char *path, struct shelter_reply *reply)
{
	return shelter_list_by(s, path, "after", "", reply);
}

bool
shelter_list_by(struct shelter *s, const char *path, const char *parameter,
    const char *start, struct shelter_reply *reply)
{
	cJSON *all = cJSON_CreateArray();
	char after[128];
	bool more = true;

	memset(reply, 0, sizeof(*reply));
	snprintf(after, sizeof(after), "%s", start);
	while (all && more) {
		if (!fetch_page(
			s, path, parameter, *after ? after : NULL, reply))
			goto fail;
		more = next_page(reply->json, after, sizeof(after));
		if (!join(all, reply->json)) {
			snprintf(reply->error, sizeof(reply->error),
			    "the answer is not a list");
			goto fail;
		}
		shelter_reply_release(reply);
	}
	reply->json = all;
	return all != NULL;
fail:
	cJSON_Delete(all);
	return false;
}
