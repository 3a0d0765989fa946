/* SPDX-License-Identifier: MIT */
/*
 * Bodies: any bytes go through UTF-8, the strict scanner, the tree and a
 * schema.  What was accepted must be what cJSON reads there and survive being
 * printed and read again; what was refused must name a byte inside the body.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "shelterd/net/json.h"
#include "shelterd/net/schema.h"
#include "shelterd/net/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static const char *const words[] = { "pass", "fail", "na", NULL };
static const struct field finding[] = {
	{ .name = "item", .type = F_STRING, .required = true, .maxlen = 40 },
	{ .name = "result", .type = F_STRING, .oneof = words },
	{ .name = "factor", .type = F_NUMBER, .max = 1, .nullable = true },
	{ .name = NULL },
};
static const struct field body[] = {
	{ .name = "op", .type = F_STRING, .required = true },
	{ .name = "shelter", .type = F_INTEGER, .min = 1, .max = 0x1p53 },
	{ .name = "at", .type = F_TIME },
	{ .name = "findings", .type = F_ARRAY, .of = finding },
	{ .name = "bbox", .type = F_ARRAY, .item = F_NUMBER, .maxlen = 4 },
	{ .name = "geometry", .type = F_OBJECT },
	{ .name = "any", .type = F_ANY },
	{ .name = NULL },
};

static void
survives(const cJSON *json)
{
	struct json_wrong wrong;
	char *text = cJSON_PrintUnformatted(json);
	cJSON *again = NULL;

	if (text != NULL)
		again = json_parse(text, strlen(text), &wrong);
	if (again == NULL || !cJSON_Compare(json, again, true))
		abort();
	json_free(again);
	free(text);
}

static void
reads_as_cjson(const cJSON *json, const char *text, size_t size)
{
	cJSON *theirs = cJSON_ParseWithLength(text, size);

	if (theirs == NULL || !cJSON_Compare(json, theirs, true))
		abort();
	cJSON_Delete(theirs);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct json_wrong wrong;
	struct schema_wrong field;
	const char *text = (const char *)data;
	cJSON *json;

	if (utf8_check(text, size) != size)
		return 0;
	json = json_parse(text, size, &wrong);
	if (json == NULL) {
		if (wrong.byte > size || wrong.why == NULL)
			abort();
		return 0;
	}
	reads_as_cjson(json, text, size);
	survives(json);
	if (!schema_check(json, body, &field) &&
	    (field.why == NULL || strlen(field.path) >= SCHEMA_PATH))
		abort();
	json_free(json);
	return 0;
}
