/* SPDX-License-Identifier: MIT */
/*
 * openapi.json from the route table.  Answers are described by docs/api.md;
 * what is machine-checked here is what the daemon itself enforces: paths,
 * parameters, bodies, roles, and which problems a row can give.
 */
#include <cjson/cJSON.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include "shelterd/net/openapi.h"
#include "shelterd/net/route_find.h"

static const struct {
	enum role role;
	const char *word;
} role_words[] = {
	{ ROLE_ADMIN, "admin" },
	{ ROLE_COORDINATOR, "coordinator" },
	{ ROLE_INSPECTOR, "inspector" },
	{ ROLE_UNIT, "unit" },
	{ ROLE_VIEWER, "viewer" },
};

enum { NROLES = sizeof(role_words) / sizeof(role_words[0]) };

static cJSON *object_schema(const struct field *);

static const char *
type_word(enum field_type type)
{
	static const char *const words[] = {
		[F_STRING] = "string",
		[F_INTEGER] = "integer",
		[F_NUMBER] = "number",
		[F_BOOL] = "boolean",
		[F_TIME] = "string",
		[F_OBJECT] = "object",
		[F_ARRAY] = "array",
	};

	return type == F_ANY ? NULL : words[type];
}

static void
add_type(cJSON *o, enum field_type type, bool nullable)
{
	const char *word = type_word(type);
	cJSON *both;

	if (word == NULL)
		return;
	if (nullable) {
		both = cJSON_AddArrayToObject(o, "type");
		cJSON_AddItemToArray(both, cJSON_CreateString(word));
		cJSON_AddItemToArray(both, cJSON_CreateString("null"));
	} else {
		cJSON_AddStringToObject(o, "type", word);
	}
	if (type == F_TIME)
		cJSON_AddStringToObject(o, "format", "date-time");
}

static void
add_bounds(cJSON *o, const struct field *f)
{
	int64_t most = f->maxlen > 0 ? f->maxlen : 4096;

	if ((f->type == F_INTEGER || f->type == F_NUMBER) && f->min < f->max) {
		cJSON_AddNumberToObject(o, "minimum", f->min);
		cJSON_AddNumberToObject(o, "maximum", f->max);
	}
	if (f->type == F_STRING && f->oneof == NULL)
		cJSON_AddNumberToObject(o, "maxLength", (double)most);
	if (f->type == F_ARRAY)
		cJSON_AddNumberToObject(o, "maxItems", (double)most);
	if (f->oneof != NULL) {
		cJSON *words = cJSON_AddArrayToObject(o, "enum");

		for (const char *const *w = f->oneof; *w != NULL; w++)
			cJSON_AddItemToArray(words, cJSON_CreateString(*w));
		if (f->nullable)
			cJSON_AddItemToArray(words, cJSON_CreateNull());
	}
}

static cJSON *
field_schema(const struct field *f)
{
	cJSON *o = f->type == F_OBJECT && f->of != NULL ? object_schema(f->of)
							: cJSON_CreateObject();
	cJSON *items;

	if (f->type != F_OBJECT || f->of == NULL)
		add_type(o, f->type, f->nullable);
	add_bounds(o, f);
	if (f->type == F_ARRAY) {
		if (f->of != NULL) {
			items = object_schema(f->of);
		} else {
			items = cJSON_CreateObject();
			add_type(items, f->item, false);
		}
		cJSON_AddItemToObject(o, "items", items);
	}
	if (f->help != NULL)
		cJSON_AddStringToObject(o, "description", f->help);
	return o;
}

static cJSON *
object_schema(const struct field *fields)
{
	cJSON *o = cJSON_CreateObject(), *properties, *required = NULL;

	cJSON_AddStringToObject(o, "type", "object");
	cJSON_AddFalseToObject(o, "additionalProperties");
	properties = cJSON_AddObjectToObject(o, "properties");
	for (const struct field *f = fields; f->name != NULL; f++) {
		cJSON_AddItemToObject(properties, f->name, field_schema(f));
		if (!f->required)
			continue;
		if (required == NULL)
			required = cJSON_AddArrayToObject(o, "required");
		cJSON_AddItemToArray(required, cJSON_CreateString(f->name));
	}
	return o;
}

static void
add_parameter(
    cJSON *list, const char *name, const char *in, bool required, cJSON *schema)
{
	cJSON *o = cJSON_CreateObject();

	cJSON_AddStringToObject(o, "name", name);
	cJSON_AddStringToObject(o, "in", in);
	cJSON_AddBoolToObject(o, "required", required);
	cJSON_AddItemToObject(o, "schema", schema);
	cJSON_AddItemToArray(list, o);
}

static cJSON *
simple_schema(const char *type)
{
	cJSON *o = cJSON_CreateObject();

	cJSON_AddStringToObject(o, "type", type);
	return o;
}

static void
add_path_parameters(cJSON *list, const char *path)
{
	const char *open = path, *close;
	struct route_arg arg;
	char name[64];

	while ((open = strchr(open, '{')) != NULL &&
	       (close = strchr(open, '}')) != NULL) {
		arg.name.s = ++open;
		arg.name.len = (size_t)(close - open);
		snprintf(name, sizeof(name), "%.*s", (int)arg.name.len, open);
		add_parameter(list, name, "path", true,
		    simple_schema(
			route_arg_is_id(&arg) ? "integer" : "string"));
	}
}

static bool
writes(const struct route *r)
{
	return strcmp(r->method, "GET") != 0;
}

static void
add_parameters(cJSON *op, const struct route *r)
{
	cJSON *list = cJSON_AddArrayToObject(op, "parameters");

	add_path_parameters(list, r->path);
	for (const struct field *f = r->query; f != NULL && f->name != NULL;
	     f++)
		add_parameter(
		    list, f->name, "query", f->required, field_schema(f));
	if (r->if_match)
		add_parameter(
		    list, "If-Match", "header", true, simple_schema("string"));
	if (writes(r))
		add_parameter(list, "Idempotency-Key", "header", false,
		    simple_schema("string"));
}

static cJSON *
content(const char *type, cJSON *schema)
{
	cJSON *o = cJSON_CreateObject();
	cJSON *media = cJSON_AddObjectToObject(o, type);

	cJSON_AddItemToObject(media, "schema", schema);
	return o;
}

static void
add_problem(cJSON *responses, enum status st)
{
	char code[8];
	cJSON *o, *ref;

	snprintf(code, sizeof(code), "%d", status_http(st));
	if (cJSON_HasObjectItem(responses, code))
		return;
	o = cJSON_AddObjectToObject(responses, code);
	cJSON_AddStringToObject(o, "description", status_title(st));
	ref = cJSON_CreateObject();
	cJSON_AddStringToObject(ref, "$ref", "#/components/schemas/Problem");
	cJSON_AddItemToObject(
	    o, "content", content("application/problem+json", ref));
}

static void
add_responses(cJSON *op, const struct route *r)
{
	cJSON *responses = cJSON_AddObjectToObject(op, "responses");
	cJSON *good = cJSON_AddObjectToObject(responses, "2XX");

	cJSON_AddStringToObject(good, "description", "see docs/api.md");
	add_problem(responses, ST_BAD_QUERY);
	if (r->roles != ROLE_PUBLIC) {
		add_problem(responses, ST_UNAUTHENTICATED);
		add_problem(responses, ST_FORBIDDEN);
	}
	if (strchr(r->path, '{') != NULL)
		add_problem(responses, ST_NOT_FOUND);
	if (r->body != NULL) {
		add_problem(responses, ST_TOO_LARGE);
		add_problem(responses, ST_BAD_TYPE);
		add_problem(responses, ST_INVALID);
	}
	if (r->if_match) {
		add_problem(responses, ST_STALE);
		add_problem(responses, ST_NEED_VERSION);
	}
	if (writes(r))
		add_problem(responses, ST_CONFLICT);
	add_problem(responses, ST_UNAVAILABLE);
}

static void
add_operation(cJSON *paths, const struct route *r)
{
	cJSON *item = cJSON_GetObjectItemCaseSensitive(paths, r->path);
	cJSON *op, *body, *roles;
	char method[8] = "";

	if (item == NULL)
		item = cJSON_AddObjectToObject(paths, r->path);
	for (size_t i = 0; r->method[i] != '\0' && i + 1 < sizeof(method); i++)
		method[i] = (char)tolower((unsigned char)r->method[i]);
	op = cJSON_AddObjectToObject(item, method);
	if (r->summary != NULL)
		cJSON_AddStringToObject(op, "summary", r->summary);
	roles = cJSON_AddArrayToObject(op, "x-roles");
	for (int i = 0; i < NROLES; i++)
		if (r->roles & role_words[i].role)
			cJSON_AddItemToArray(
			    roles, cJSON_CreateString(role_words[i].word));
	if (r->roles == ROLE_PUBLIC)
		cJSON_AddArrayToObject(op, "security");
	add_parameters(op, r);
	if (r->body != NULL) {
		body = cJSON_AddObjectToObject(op, "requestBody");
		if (r->max_body > 0)
			cJSON_AddNumberToObject(
			    body, "x-max-bytes", (double)r->max_body);
		cJSON_AddItemToObject(body, "content",
		    content("application/json", object_schema(r->body)));
	}
	add_responses(op, r);
}

static const struct field problem_fields[] = {
	{ .name = "type",
	    .type = F_STRING,
	    .required = true,
	    .help = "/problems/WORD" },
	{ .name = "title", .type = F_STRING, .required = true },
	{ .name = "status", .type = F_INTEGER, .required = true },
	{ .name = "field", .type = F_STRING, .help = "what is wrong" },
	{ .name = "byte",
	    .type = F_INTEGER,
	    .help = "offset where the body is broken" },
	{ .name = "detail", .type = F_STRING },
	{ .name = NULL },
};

static void
add_components(cJSON *o)
{
	cJSON *components = cJSON_AddObjectToObject(o, "components");
	cJSON *schemas = cJSON_AddObjectToObject(components, "schemas");
	cJSON *schemes = cJSON_AddObjectToObject(components, "securitySchemes");
	cJSON *bearer = cJSON_AddObjectToObject(schemes, "bearer");
	cJSON *security = cJSON_AddArrayToObject(o, "security");
	cJSON *any = cJSON_CreateObject();

	cJSON_AddItemToObject(
	    schemas, "Problem", object_schema(problem_fields));
	cJSON_AddStringToObject(bearer, "type", "http");
	cJSON_AddStringToObject(bearer, "scheme", "bearer");
	cJSON_AddArrayToObject(any, "bearer");
	cJSON_AddItemToArray(security, any);
}

char *
openapi_print(const struct route *const *arrays)
{
	cJSON *o = cJSON_CreateObject(), *info, *paths;
	char *text;

	cJSON_AddStringToObject(o, "openapi", "3.1.0");
	info = cJSON_AddObjectToObject(o, "info");
	cJSON_AddStringToObject(info, "title", "shelterd");
	cJSON_AddStringToObject(info, "version", "1");
	paths = cJSON_AddObjectToObject(o, "paths");
	for (; *arrays != NULL; arrays++)
		for (const struct route *r = *arrays; r->path != NULL; r++)
			add_operation(paths, r);
	add_components(o);
	text = cJSON_PrintUnformatted(o);
	cJSON_Delete(o);
	return text;
}

static void
print_roles(unsigned roles, char *out, size_t size)
{
	size_t n = 0;

	out[0] = '\0';
	if (roles == ROLE_PUBLIC)
		snprintf(out, size, "public");
	else if (roles == ROLE_ANYONE)
		snprintf(out, size, "any");
	else
		for (int i = 0; i < NROLES; i++)
			if (roles & role_words[i].role && n < size)
				n += (size_t)snprintf(out + n, size - n, "%s%s",
				    n > 0 ? "," : "", role_words[i].word);
}

void
routes_print(const struct route *const *arrays, FILE *f)
{
	static const char *const lanes[] = { [ON_LOOP] = "loop",
		[ON_READER] = "reader",
		[ON_TILES] = "tiles",
		[ON_WRITER] = "writer",
		[ON_WORKER] = "worker" };
	char roles[80];

	for (; *arrays != NULL; arrays++)
		for (const struct route *r = *arrays; r->path != NULL; r++) {
			print_roles(r->roles, roles, sizeof(roles));
			fprintf(f, "%-6s %-36s %-28s %-6s %s\n", r->method,
			    r->path, roles, lanes[r->on],
			    r->summary != NULL ? r->summary : "");
		}
}
