/* SPDX-License-Identifier: MIT */
/* The common way of a verb: request, wait for a job, show. */
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include "clients/shelterctl/ask.h"

static void
show_problem(struct call *c, const cJSON *problem, const char *sentence)
{
	fflush(stdout);
	fprintf(stderr, "shelterctl: %s\n", sentence);
	if (!c->out->json)
		return;
	if (problem) {
		c->out->object(c->out, problem, NULL);
		return;
	}
	cJSON *made = cJSON_CreateObject();
	cJSON_AddStringToObject(made, "title", "Failed");
	cJSON_AddStringToObject(made, "detail", sentence);
	c->out->object(c->out, made, NULL);
	cJSON_Delete(made);
}

enum outcome
ask_refused(struct call *c, const struct shelter_reply *r)
{
	ask_progress_end();
	show_problem(c, r->json, r->error);
	return REFUSED;
}

enum outcome
ask_failed(struct call *c, const char *format, ...)
{
	char text[512];
	va_list args;

	ask_progress_end();
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	show_problem(c, NULL, text);
	return REFUSED;
}

enum outcome
ask_usage(struct call *c, const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	show_problem(c, NULL, text);
	help_command(stderr, c->command);
	return USAGE;
}

char *
ask_path(const char *format, const char *operand)
{
	char *query = shelter_query("", "o", operand, NULL);
	char *path = NULL;

	/* the escaped operand stands after "?o=" */
	if (query && asprintf(&path, format, query + 3) < 0)
		path = NULL;
	free(query);
	return path;
}

bool
ask(struct call *c, const char *method, char *path, cJSON *body,
    const char *if_match, struct shelter_reply *r)
{
	struct shelter_opts opts = { .if_match = if_match, .timeout_s = 600 };
	bool ok = false;

	memset(r, 0, sizeof(*r));
	if (path)
		ok = shelter_request(c->daemon, method, path, body, &opts, r);
	else
		snprintf(r->error, sizeof(r->error), "out of memory");
	if (ok && r->status == 202)
		ok = shelter_job_wait(c->daemon, r, ask_progress, NULL);
	ask_progress_end();
	free(path);
	cJSON_Delete(body);
	if (ok)
		return true;
	ask_refused(c, r);
	shelter_reply_release(r);
	return false;
}

enum outcome
ask_send(struct call *c, const char *method, char *path, cJSON *body,
    const struct column *columns)
{
	struct shelter_reply r;

	if (!ask(c, method, path, body, NULL, &r))
		return REFUSED;
	if (cJSON_IsArray(r.json))
		c->out->list(c->out, r.json, columns);
	else
		c->out->object(c->out, r.json, columns);
	shelter_reply_release(&r);
	return DONE;
}

enum outcome
ask_get(struct call *c, char *path, const struct column *columns)
{
	return ask_send(c, "GET", path, NULL, columns);
}

enum outcome
ask_items(struct call *c, char *path, const struct column *columns)
{
	struct shelter_reply r;

	if (!ask(c, "GET", path, NULL, NULL, &r))
		return REFUSED;
	const cJSON *items = out_member(r.json, "items");
	c->out->list(c->out, items ? items : r.json, columns);
	shelter_reply_release(&r);
	return DONE;
}

enum outcome
ask_list(struct call *c, char *path, const struct column *columns)
{
	struct shelter_reply r;
	bool ok = path && shelter_list(c->daemon, path, &r);

	if (!path)
		return ask_failed(c, "out of memory");
	free(path);
	enum outcome end = DONE;
	if (ok)
		c->out->list(c->out, r.json, columns);
	else
		end = ask_refused(c, &r);
	shelter_reply_release(&r);
	return end;
}

bool
ask_number(struct call *c, const char *option, double least, double most,
    double *value, bool *given)
{
	const char *text = call_option(c, option);
	char *end;

	*given = text != NULL;
	if (!text)
		return true;
	*value = strtod(text, &end);
	if (end != text && !*end && isfinite(*value) && *value >= least &&
	    *value <= most)
		return true;
	ask_usage(c, "--%s '%s' is not a number from %g to %g", option, text,
	    least, most);
	return false;
}

bool
ask_position(const char *text, double *lon, double *lat)
{
	char rest;

	return sscanf(text, "%lf,%lf%c", lon, lat, &rest) == 2 &&
	       fabs(*lon) <= 180 && fabs(*lat) <= 90;
}
