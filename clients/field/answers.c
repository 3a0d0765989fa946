/* SPDX-License-Identifier: MIT */
/*
 * From answers to the body of an inspection; see answers.h.
 */
#include <stdio.h>
#include <string.h>
#include "clients/field/answers.h"

static const char *
text_of(const cJSON *o, const char *name)
{
	const char *t =
	    cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(o, name));

	return t ? t : "";
}

static double
number_of(const cJSON *o, const char *name, double dflt)
{
	const cJSON *n = cJSON_GetObjectItemCaseSensitive(o, name);

	return cJSON_IsNumber(n) ? n->valuedouble : dflt;
}

bool
answers_put(cJSON *answers, const struct answer *a)
{
	cJSON *f = cJSON_CreateObject();

	cJSON_AddStringToObject(f, "item", a->item);
	cJSON_AddStringToObject(f, "result", a->result);
	if (a->note && *a->note)
		cJSON_AddStringToObject(f, "note", a->note);
	if (a->entrance)
		cJSON_AddNumberToObject(f, "entrance", (double)a->entrance);
	if (a->factor >= 0)
		cJSON_AddNumberToObject(f, "factor", a->factor);
	cJSON_DeleteItemFromObjectCaseSensitive(answers, a->item);
	return cJSON_AddItemToObject(answers, a->item, f);
}

const cJSON *
answers_item(const cJSON *items, const char *id)
{
	const cJSON *item = NULL;

	cJSON_ArrayForEach(item, items)
	{
		if (strcmp(text_of(item, "id"), id) == 0)
			return item;
	}
	return NULL;
}

static bool
entrance_known(const cJSON *shelter, double id)
{
	const cJSON *e = NULL;
	const cJSON *all =
	    cJSON_GetObjectItemCaseSensitive(shelter, "entrances");

	cJSON_ArrayForEach(e, all)
	{
		if (number_of(e, "id", 0) == id)
			return true;
	}
	return false;
}

static bool
check(const cJSON *answers, const cJSON *items, const cJSON *shelter,
    char why[ANSWERS_WHY])
{
	const cJSON *f = NULL;

	cJSON_ArrayForEach(f, answers)
	{
		double entrance = number_of(f, "entrance", 0);

		if (!answers_item(items, text_of(f, "item"))) {
			snprintf(why, ANSWERS_WHY,
			    "the checklist has no item '%s'",
			    text_of(f, "item"));
			return false;
		}
		if (entrance != 0 && shelter &&
		    !entrance_known(shelter, entrance)) {
			snprintf(why, ANSWERS_WHY,
			    "the shelter has no entrance %.0f", entrance);
			return false;
		}
	}
	return true;
}

static cJSON *
finding_of(const cJSON *answers, const char *id)
{
	const cJSON *f = cJSON_GetObjectItemCaseSensitive(answers, id);
	cJSON *o = NULL;

	if (f)
		return cJSON_Duplicate(f, true);
	o = cJSON_CreateObject();
	cJSON_AddStringToObject(o, "item", id);
	cJSON_AddStringToObject(o, "result", "pass");
	return o;
}

cJSON *
answers_body(const cJSON *answers, const cJSON *items, const cJSON *task,
    const cJSON *shelter, const char *op, const char *at, char why[ANSWERS_WHY])
{
	cJSON *body = NULL, *findings = NULL;
	const cJSON *item = NULL;
	double unit = number_of(task, "unit", 0);

	if (cJSON_GetArraySize(items) == 0) {
		snprintf(why, ANSWERS_WHY, "no checklist yet: sync once first");
		return NULL;
	}
	if (!check(answers, items, shelter, why))
		return NULL;
	body = cJSON_CreateObject();
	cJSON_AddStringToObject(body, "op", op);
	cJSON_AddNumberToObject(body, "task", number_of(task, "id", 0));
	cJSON_AddNumberToObject(body, "shelter", number_of(task, "shelter", 0));
	if (unit != 0)
		cJSON_AddNumberToObject(body, "unit", unit);
	cJSON_AddStringToObject(body, "at", at);
	findings = cJSON_AddArrayToObject(body, "findings");
	cJSON_ArrayForEach(item, items)
	{
		cJSON_AddItemToArray(
		    findings, finding_of(answers, text_of(item, "id")));
	}
	return body;
}

static bool
is_check_of(const cJSON *item, const char *cycle)
{
	const cJSON *c = NULL;

	cJSON_ArrayForEach(c, cJSON_GetObjectItemCaseSensitive(item, "cycles"))
	{
		if (cJSON_IsString(c) && strcmp(c->valuestring, cycle) == 0)
			return true;
	}
	return false;
}

const char *
answers_due(const cJSON *task, const cJSON *item, char due[ANSWERS_DUE])
{
	const cJSON *entry = NULL;
	size_t n = 0;

	due[0] = '\0';
	cJSON_ArrayForEach(
	    entry, cJSON_GetObjectItemCaseSensitive(task, "items"))
	{
		const char *work = text_of(entry, "work");

		if (is_check_of(item, text_of(entry, "item")) &&
		    !strstr(due, work) && n + strlen(work) + 2 < ANSWERS_DUE)
			n += (size_t)sprintf(
			    due + n, "%s%s", n ? " " : "", work);
	}
	return due;
}

int
answers_failed(const cJSON *body)
{
	const cJSON *f = NULL;
	int n = 0;

	cJSON_ArrayForEach(
	    f, cJSON_GetObjectItemCaseSensitive(body, "findings"))
	{
		n += strcmp(text_of(f, "result"), "fail") == 0;
	}
	return n;
}
