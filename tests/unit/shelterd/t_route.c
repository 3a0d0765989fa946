/* SPDX-License-Identifier: MIT */
/* Finding rows, and a walk over the real table: every row must be one the
 * daemon can serve. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <cjson/cJSON.h>
#include "shelterd/net/openapi.h"
#include "shelterd/net/route.h"
#include "shelterd/net/route_find.h"

static const struct route some[] = {
	{ .method = "GET", .path = "/" },
	{ .method = "GET", .path = "/v1/shelters/{id}" },
	{ .method = "PATCH", .path = "/v1/shelters/{id}" },
	{ .method = "GET", .path = "/v1/shelters/near" },
	{ .method = "GET", .path = "/v1/plans/{a}/diff/{b}" },
	{ .method = "PUT", .path = "/v1/evidence/{sha256}" },
	{ .path = NULL },
};
static const struct route *const arrays[] = { some, NULL };

static void
found(void **state)
{
	static const struct {
		const char *method, *path;
		enum status st;
		const char *row, *allow;
	} rows[] = {
		{ "GET", "/", ST_OK, "/", NULL },
		{ "GET", "/v1/shelters/7", ST_OK, "/v1/shelters/{id}", NULL },
		{ "HEAD", "/v1/shelters/7", ST_OK, "/v1/shelters/{id}", NULL },
		{ "PATCH", "/v1/shelters/7", ST_OK, "/v1/shelters/{id}", NULL },
		{ "GET", "/v1/shelters/near", ST_OK, "/v1/shelters/near",
		    NULL },
		{ "PATCH", "/v1/shelters/near", ST_BAD_METHOD, NULL,
		    "GET, HEAD" },
		{ "POST", "/v1/shelters/7", ST_BAD_METHOD, NULL,
		    "GET, HEAD, PATCH" },
		{ "GET", "/v1/plans/1/diff/2", ST_OK, "/v1/plans/{a}/diff/{b}",
		    NULL },
		{ "GET", "/v1/plans/1/diff", ST_NOT_FOUND, NULL, NULL },
		{ "GET", "/v1/shelters/", ST_NOT_FOUND, NULL, NULL },
		{ "GET", "/v1//near", ST_NOT_FOUND, NULL, NULL },
		{ "GET", "v1/shelters/7", ST_NOT_FOUND, NULL, NULL },
		{ "GET", "", ST_NOT_FOUND, NULL, NULL },
		{ "GET", "*", ST_NOT_FOUND, NULL, NULL },
		{ "GET", "/1/2/3/4/5/6/7/8/9/10/11/12", ST_NOT_FOUND, NULL,
		    NULL },
	};
	struct route_set *set = route_set_new(arrays);
	struct route_match match;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		enum status st = route_find(set, rows[i].method, rows[i].path,
		    strlen(rows[i].path), &match);

		if (st != rows[i].st)
			fail_msg("%s %s: %s", rows[i].method, rows[i].path,
			    status_word(st));
		if (rows[i].row != NULL)
			assert_string_equal(match.route->path, rows[i].row);
		if (rows[i].allow != NULL)
			assert_string_equal(match.allow, rows[i].allow);
	}
	route_set_free(set);
}

static void
arguments(void **state)
{
	static const char path[] = "/v1/plans/12/diff/x%20y";
	struct route_set *set = route_set_new(arrays);
	struct route_match match;

	(void)state;
	assert_int_equal(
	    route_find(set, "GET", path, strlen(path), &match), ST_OK);
	assert_int_equal(match.nargs, 2);
	assert_memory_equal(match.args[0].name.s, "a", 1);
	assert_memory_equal(match.args[0].value.s, "12", 2);
	assert_int_equal(match.args[1].value.len, 5);
	assert_true(route_arg_is_id(&match.args[0]));
	assert_int_equal(
	    route_find(set, "PUT", "/v1/evidence/ab", 15, &match), ST_OK);
	assert_false(route_arg_is_id(&match.args[0]));
	route_set_free(set);
}

static void
fields_sane(const struct route *r, const struct field *fields)
{
	for (const struct field *f = fields; f != NULL && f->name; f++) {
		if (f->type > F_ANY || f->min > f->max || f->maxlen < 0)
			fail_msg("%s %s: %s", r->method, r->path, f->name);
		for (const struct field *g = fields; g != f; g++)
			assert_string_not_equal(g->name, f->name);
		if (f->type == F_OBJECT || f->type == F_ARRAY)
			fields_sane(r, f->of);
	}
}

static void
table_is_sane(void **state)
{
	static const char *const methods[] = { "GET", "POST", "PUT", "PATCH",
		"DELETE" };
	struct route_set *set = route_set_new(route_arrays);
	struct route_match match;

	(void)state;
	assert_non_null(set);
	for (const struct route *const *a = route_arrays; *a != NULL; a++)
		for (const struct route *r = *a; r->path != NULL; r++) {
			bool known = false;

			for (int i = 0; i < 5; i++)
				known |= strcmp(methods[i], r->method) == 0;
			if (!known || r->handle == NULL || r->roles > 31 ||
			    r->on > ON_WORKER || r->summary == NULL)
				fail_msg("%s %s", r->method, r->path);
			/* No two rows for one method and path. */
			assert_int_equal(route_find(set, r->method, r->path,
					     strlen(r->path), &match),
			    ST_OK);
			assert_ptr_equal(match.route, r);
			assert_false(
			    r->if_match && strcmp(r->method, "GET") == 0);
			fields_sane(r, r->query);
			fields_sane(r, r->body);
		}
	route_set_free(set);
}

static void
described(void **state)
{
	char *text = openapi_print(route_arrays);
	cJSON *json = cJSON_Parse(text), *paths;

	(void)state;
	assert_non_null(json);
	paths = cJSON_GetObjectItem(json, "paths");
	for (const struct route *const *a = route_arrays; *a != NULL; a++)
		for (const struct route *r = *a; r->path != NULL; r++) {
			cJSON *item =
			    cJSON_GetObjectItemCaseSensitive(paths, r->path);

			assert_non_null(item);
			/* cJSON_GetObjectItem() ignores case. */
			assert_non_null(cJSON_GetObjectItem(item, r->method));
		}
	cJSON_Delete(json);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(found),
		cmocka_unit_test(arguments),
		cmocka_unit_test(table_is_sane),
		cmocka_unit_test(described),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
