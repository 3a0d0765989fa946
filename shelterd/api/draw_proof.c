/* SPDX-License-Identifier: MIT */
/*
 * From a draw to the event's body and back; see draw_proof.h.
 */
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "shelterd/api/draw_proof.h"
#include "shelterd/room.h"
#include "shelterd/store/sha256.h"

bool
draw_list_add(struct draw_list *l, int64_t id)
{
	int64_t *more = room_for_one(l->ids, &l->room, l->n, sizeof(*more));

	if (!more)
		return false;
	l->ids = more;
	l->ids[l->n++] = id;
	return true;
}

void
draw_release(struct draw *d)
{
	free(d->shelters.ids);
	free(d->inspectors.ids);
	free(d->to);
	free(d->by);
	*d = (struct draw){ .k = 0 };
}

bool
draw_do(struct draw *d)
{
	d->to = calloc(d->k + 1, sizeof(*d->to));
	d->by = calloc(d->m + 1, sizeof(*d->by));
	return d->to && d->by &&
	       draw_pick(d->seed, "shelter", d->shelters.ids, d->shelters.n,
		   sha256, d->k, d->to) &&
	       draw_pick(d->seed, "inspector", d->inspectors.ids,
		   d->inspectors.n, sha256, d->m, d->by);
}

int64_t
draw_by(const struct draw *d, size_t i)
{
	return d->by[draw_inspector_of(i, d->m)];
}

static size_t
put_lines(char *text, const char *kind, const struct draw_list *l)
{
	size_t n = 0;

	for (size_t i = 0; i < l->n; i++)
		n += (size_t)sprintf(
		    text + n, "%s %" PRId64 "\n", kind, l->ids[i]);
	return n;
}

bool
draw_list_hash(const struct draw *d, char hex[65])
{
	enum { LINE = 40 };
	char *text = malloc((d->shelters.n + d->inspectors.n + 1) * LINE);
	unsigned char hash[SHA256_BYTES];
	size_t n = 0;

	if (!text)
		return false;
	n = put_lines(text, "shelter", &d->shelters);
	n += put_lines(text + n, "inspector", &d->inspectors);
	sha256(hash, text, n);
	sodium_bin2hex(hex, 65, hash, sizeof(hash));
	free(text);
	return true;
}

static void
add_list(cJSON *o, const char *name, const struct draw_list *l)
{
	cJSON *array = cJSON_AddArrayToObject(o, name);

	for (size_t i = 0; i < l->n; i++)
		cJSON_AddItemToArray(
		    array, cJSON_CreateNumber((double)l->ids[i]));
}

bool
draw_add_json(const struct draw *d, cJSON *o)
{
	char hex[65];
	cJSON *from = NULL, *drawn = NULL, *pair = NULL;

	if (!draw_list_hash(d, hex))
		return false;
	cJSON_AddStringToObject(o, "seed", d->seed);
	cJSON_AddStringToObject(o, "seed_by", d->given ? "caller" : "server");
	from = cJSON_AddObjectToObject(o, "from");
	add_list(from, "shelters", &d->shelters);
	add_list(from, "inspectors", &d->inspectors);
	cJSON_AddStringToObject(o, "list_hash", hex);
	cJSON_AddNumberToObject(o, "inspectors", (double)d->m);
	drawn = cJSON_AddArrayToObject(o, "drawn");
	for (size_t i = 0; i < d->k; i++) {
		pair = cJSON_CreateObject();
		cJSON_AddNumberToObject(pair, "shelter", (double)d->to[i]);
		cJSON_AddNumberToObject(
		    pair, "inspector", (double)draw_by(d, i));
		if (!cJSON_AddItemToArray(drawn, pair))
			return false;
	}
	return true;
}

/* Checking. */

static double
number_of(const cJSON *o, const char *name)
{
	return cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(o, name));
}

static bool
read_list(const cJSON *from, const char *name, struct draw_list *l)
{
	const cJSON *id = NULL;

	cJSON_ArrayForEach(id, cJSON_GetObjectItemCaseSensitive(from, name))
	{
		if (!cJSON_IsNumber(id) ||
		    !draw_list_add(l, (int64_t)id->valuedouble))
			return false;
	}
	return true;
}

static bool
read_draw(const cJSON *body, const cJSON *drawn, struct draw *d)
{
	const cJSON *from = cJSON_GetObjectItemCaseSensitive(body, "from");
	const char *seed = cJSON_GetStringValue(
	    cJSON_GetObjectItemCaseSensitive(body, "seed"));
	double m = number_of(body, "inspectors");

	if (!seed || !draw_seed_good(seed) || !cJSON_IsArray(drawn) ||
	    !(m >= 1) || !read_list(from, "shelters", &d->shelters) ||
	    !read_list(from, "inspectors", &d->inspectors))
		return false;
	snprintf(d->seed, sizeof(d->seed), "%s", seed);
	d->k = (size_t)cJSON_GetArraySize(drawn);
	d->m = m <= (double)d->inspectors.n ? (size_t)m : SIZE_MAX;
	return d->k <= d->shelters.n && d->m <= d->inspectors.n;
}

static bool
same_hash(const struct draw *d, const cJSON *body)
{
	const char *said = cJSON_GetStringValue(
	    cJSON_GetObjectItemCaseSensitive(body, "list_hash"));
	char hex[65];

	return said && draw_list_hash(d, hex) && strcmp(said, hex) == 0;
}

static bool
same_pairs(const struct draw *d, const cJSON *drawn)
{
	const cJSON *pair = NULL;
	size_t i = 0;

	cJSON_ArrayForEach(pair, drawn)
	{
		if (number_of(pair, "shelter") != (double)d->to[i] ||
		    number_of(pair, "inspector") != (double)draw_by(d, i))
			return false;
		i++;
	}
	return true;
}

const char *
draw_check_json(const cJSON *body)
{
	const cJSON *drawn = cJSON_GetObjectItemCaseSensitive(body, "drawn");
	struct draw d = { .k = 0 };
	const char *why = NULL;

	if (!read_draw(body, drawn, &d))
		why = "the event does not hold a whole draw";
	else if (!same_hash(&d, body))
		why = "list_hash is not that of the lists";
	else if (!draw_do(&d))
		why = "out of memory";
	else if (!same_pairs(&d, drawn))
		why = "the seed draws others";
	draw_release(&d);
	return why;
}
