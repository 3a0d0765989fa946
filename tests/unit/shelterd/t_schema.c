/* SPDX-License-Identifier: MIT */
/* Bodies from their bytes: where JSON breaks, and which field is wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "shelterd/net/json.h"
#include "shelterd/net/schema.h"
#include "shelterd/net/when.h"

static void
broken_json(void **state)
{
	static const struct {
		const char *text;
		size_t byte;
	} rows[] = {
		{ "", 0 },
		{ "{", 1 },
		{ "{\"a\":1,}", 7 },
		{ "{\"a\" 1}", 5 },
		{ "{a:1}", 1 },
		{ "{\"a\":01}", 6 },
		{ "{\"a\":1.}", 7 },
		{ "{\"a\":-}", 6 },
		{ "{\"a\":+1}", 5 },
		{ "{\"a\":1e}", 7 },
		{ "{\"a\":1e999}", 5 },
		{ "{\"a\":nul}", 5 },
		{ "{\"a\":\"\\x\"}", 6 },
		{ "{\"a\":\"\\u12\"}", 6 },
		{ "{\"a\":\"\\u0000\"}", 6 },
		{ "{\"a\":\"\\ud800\"}", 6 },
		{ "{\"a\":\"\\ud800\\u0041\"}", 6 },
		{ "{\"a\":\"\\udc00\"}", 6 },
		{ "{\"a\":\"x\ny\"}", 7 },
		{ "{\"a\":\"x", 7 },
		{ "{\"a\":[1,2}", 9 },
		{ "{} x", 3 },
		{ "{}{}", 2 },
		{ "{\"a\":1,\"a\":2}", 0 },
		{ "[{\"b\":{\"a\":1,\"a\":1}}]", 0 },
		{ "\xef\xbb\xbf{}", 0 },
	};
	struct json_wrong wrong;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		cJSON *json =
		    json_parse(rows[i].text, strlen(rows[i].text), &wrong);

		if (json != NULL || wrong.byte != rows[i].byte)
			fail_msg("%s: byte %zu (%s)", rows[i].text, wrong.byte,
			    json != NULL ? "parsed" : wrong.why);
	}
}

static void
good_json(void **state)
{
	static const char *const rows[] = { "{}", " [ ] ", "0", "-0.5e-3",
		"\"\\u4eba\\ud83d\\ude00\\/\\n\"",
		"{\"a\":{\"a\":[null,true]}}",
		" { \"b\" : [ 1 , -2.5E+3 , \"\\b\\f\\n\\r\\t\\\"\\\\\" ] ,"
		" \"\\u00e9\\u0041\" : false , \"c\" : { } } ",
		"[-0,0,123456789012345,1234567890123456789,-999999999999999,"
		"4294967296,-4294967296,0.1,1e300,12345678901234567.25]" };
	struct json_wrong wrong;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		cJSON *json = json_parse(rows[i], strlen(rows[i]), &wrong);
		cJSON *theirs = cJSON_Parse(rows[i]);

		assert_non_null(json);
		assert_true(cJSON_Compare(json, theirs, true));
		cJSON_Delete(theirs);
		json_free(json);
	}
}

static void
depth_and_many_keys(void **state)
{
	char deep[2 * JSON_DEPTH + 4], *many = malloc(40000);
	struct json_wrong wrong;
	cJSON *json;
	size_t n = 0;

	(void)state;
	memset(deep, '[', JSON_DEPTH + 1);
	memset(deep + JSON_DEPTH + 1, ']', JSON_DEPTH + 1);
	assert_null(json_parse(deep, 2 * JSON_DEPTH + 2, &wrong));
	assert_int_equal(wrong.byte, JSON_DEPTH);
	json = json_parse(deep + 1, 2 * JSON_DEPTH, &wrong);
	assert_non_null(json);
	json_free(json);
	n += (size_t)sprintf(many, "{");
	for (int i = 0; i < 2000; i++)
		n += (size_t)sprintf(many + n, "\"k%d\":0,", i);
	sprintf(many + n, "\"z\":0}");
	json = json_parse(many, strlen(many), &wrong);
	assert_non_null(json);
	json_free(json);
	sprintf(many + n, "\"k7\":0}");
	assert_null(json_parse(many, strlen(many), &wrong));
	free(many);
}

static const char *const results[] = { "pass", "fail", NULL };
static const struct field finding[] = {
	{ .name = "item", .type = F_STRING, .required = true, .maxlen = 8 },
	{ .name = "result", .type = F_STRING, .oneof = results },
	{ .name = "factor",
	    .type = F_NUMBER,
	    .min = 0,
	    .max = 1,
	    .nullable = true },
	{ .name = NULL },
};
static const struct field body[] = {
	{ .name = "op", .type = F_STRING, .required = true },
	{ .name = "shelter", .type = F_INTEGER, .min = 1, .max = 0x1p53 },
	{ .name = "closed", .type = F_BOOL },
	{ .name = "at", .type = F_TIME },
	{ .name = "findings", .type = F_ARRAY, .of = finding, .maxlen = 3 },
	{ .name = "bbox", .type = F_ARRAY, .item = F_NUMBER, .maxlen = 4 },
	{ .name = "geometry", .type = F_OBJECT },
	{ .name = "inner", .type = F_OBJECT, .of = finding },
	{ .name = "any", .type = F_ANY },
	{ .name = NULL },
};

static void
fields(void **state)
{
	static const struct {
		const char *text, *path; /* path NULL: fits */
	} rows[] = {
		{ "{\"op\":\"1\"}", NULL },
		{ "{\"op\":\"1\",\"any\":null,\"geometry\":{\"x\":[1]}}",
		    NULL },
		{ "{\"op\":\"1\",\"findings\":[{\"item\":\"a\","
		  "\"factor\":null}]}",
		    NULL },
		{ "{\"op\":\"1\",\"at\":\"2026-11-22T10:00:00.5+08:00\"}",
		    NULL },
		{ "[]", "" },
		{ "{}", "op" },
		{ "{\"op\":null}", "op" },
		{ "{\"op\":1}", "op" },
		{ "{\"op\":\"1\",\"Op\":1}", "Op" },
		{ "{\"op\":\"1\",\"shelter\":1.5}", "shelter" },
		{ "{\"op\":\"1\",\"shelter\":0}", "shelter" },
		{ "{\"op\":\"1\",\"shelter\":1e300}", "shelter" },
		{ "{\"op\":\"1\",\"shelter\":\"1\"}", "shelter" },
		{ "{\"op\":\"1\",\"closed\":0}", "closed" },
		{ "{\"op\":\"1\",\"at\":\"today\"}", "at" },
		{ "{\"op\":\"1\",\"findings\":{}}", "findings" },
		{ "{\"op\":\"1\",\"findings\":[{\"item\":\"a\"},"
		  "{\"item\":\"b\"},{\"item\":5}]}",
		    "findings[2].item" },
		{ "{\"op\":\"1\",\"findings\":[{\"item\":\"a\","
		  "\"result\":\"maybe\"}]}",
		    "findings[0].result" },
		{ "{\"op\":\"1\",\"findings\":[{}]}", "findings[0].item" },
		{ "{\"op\":\"1\",\"findings\":[7]}", "findings[0]" },
		{ "{\"op\":\"1\",\"findings\":[{\"item\":\"123456789\"}]}",
		    "findings[0].item" },
		{ "{\"op\":\"1\",\"bbox\":[1,2,3,4,5]}", "bbox" },
		{ "{\"op\":\"1\",\"bbox\":[1,\"2\"]}", "bbox[1]" },
		{ "{\"op\":\"1\",\"geometry\":[]}", "geometry" },
		{ "{\"op\":\"1\",\"inner\":{\"item\":\"a\",\"x\":1}}",
		    "inner.x" },
		{ "{\"op\":\"1\",\"inner\":{\"item\":\"a\",\"factor\":2}}",
		    "inner.factor" },
	};
	struct json_wrong broken;
	struct schema_wrong wrong;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		cJSON *json =
		    json_parse(rows[i].text, strlen(rows[i].text), &broken);
		bool good = schema_check(json, body, &wrong);

		assert_non_null(json);
		if (good != (rows[i].path == NULL) ||
		    (!good && strcmp(wrong.path, rows[i].path) != 0))
			fail_msg("%s: %s %s", rows[i].text,
			    good ? "fits" : wrong.path, good ? "" : wrong.why);
		json_free(json);
	}
}

static void
times(void **state)
{
	static const struct {
		const char *text;
		int64_t seconds; /* -1: refused */
	} rows[] = {
		{ "1970-01-01T00:00:00Z", 0 },
		{ "2000-02-29T23:59:59Z", 951868799 },
		{ "2026-11-22T18:00:00+08:00", 1795341600 },
		{ "2026-11-22T10:00:00.123Z", 1795341600 },
		{ "2026-11-22 10:00:00Z", -1 },
		{ "2026-11-22T10:00:00", -1 },
		{ "2026-11-22T10:00:00.Z", -1 },
		{ "2026-13-22T10:00:00Z", -1 },
		{ "2100-02-29T10:00:00Z", -1 },
		{ "2026-11-22T24:00:00Z", -1 },
		{ "2026-11-22T10:00:00+0800", -1 },
		{ "2026-11-22T10:00:00Zjunk", -1 },
	};
	char buf[WHEN_SIZE];
	int64_t seconds;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		bool good = when_parse(rows[i].text, &seconds);

		assert_int_equal(good, rows[i].seconds >= 0);
		if (good)
			assert_int_equal(seconds, rows[i].seconds);
	}
	for (int64_t t = 0; t < 253402300799; t += 86399 * 97) {
		assert_true(when_parse(when_print(t, buf), &seconds));
		assert_int_equal(seconds, t);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(broken_json),
		cmocka_unit_test(good_json),
		cmocka_unit_test(depth_and_many_keys),
		cmocka_unit_test(fields),
		cmocka_unit_test(times),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
