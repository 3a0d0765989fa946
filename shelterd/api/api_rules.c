/* SPDX-License-Identifier: MIT */
/* The rule numbers, each with its source and how far to trust it. */
#include <stdlib.h>
#include <string.h>
#include "shelterd/api/api_drill.h"
#include "shelterd/daemon.h"
#include "shelterd/net/request.h"

static void
add_value(cJSON *o, const struct rule_value *v)
{
	char *end = NULL;
	double n = strtod(v->value, &end);
	if (end != v->value && *end == '\0')
		cJSON_AddNumberToObject(o, "value", n);
	else
		cJSON_AddStringToObject(o, "value", v->value);
}

static cJSON *
rule_json(const struct rule_value *v)
{
	cJSON *o = cJSON_CreateObject();
	cJSON_AddStringToObject(o, "key", v->key);
	add_value(o, v);
	cJSON_AddStringToObject(o, "unit", v->unit);
	cJSON_AddStringToObject(o, "source", v->source);
	cJSON_AddStringToObject(o, "trust", v->trust);
	cJSON_AddBoolToObject(o, "verified", strcmp(v->trust, "U") != 0);
	cJSON_AddStringToObject(o, "note", v->note);
	return o;
}

static cJSON *
signal_json(const struct alarm_signal *s)
{
	cJSON *o = cJSON_CreateObject();
	cJSON_AddStringToObject(o, "word", s->word);
	drill_add_pattern(o, s);
	cJSON_AddStringToObject(o, "source", s->source);
	cJSON_AddStringToObject(o, "trust", s->trust);
	cJSON_AddBoolToObject(o, "verified", strcmp(s->trust, "U") != 0);
	return o;
}

static enum status
list_rules(struct request *req)
{
	const struct rules *r = snapshot_rules(req->snap);
	cJSON *o = cJSON_CreateObject();

	cJSON_AddStringToObject(o, "hash", r->hash);
	cJSON *items = cJSON_AddArrayToObject(o, "items");
	cJSON *signals = cJSON_AddArrayToObject(o, "signals");
	for (size_t i = 0; i < r->nvalues; i++)
		cJSON_AddItemToArray(items, rule_json(&r->values[i]));
	for (size_t i = 0; i < r->nsignals; i++)
		cJSON_AddItemToArray(signals, signal_json(&r->signals[i]));
	return reply_json(req, ST_OK, o);
}

const struct route routes_rules[] = {
	{ .method = "GET",
	    .path = "/v1/rules",
	    .roles = ROLE_ANYONE,
	    .on = ON_LOOP,
	    .handle = list_rules,
	    .summary = "Every rule number with unit, source and trust" },
	{ .method = NULL },
};
