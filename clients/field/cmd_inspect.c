/* SPDX-License-Identifier: MIT */
/*
 * inspect and submit: an inspection made here, by walking the checklist or by
 * options, or read from a file; queued, not sent.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "clients/field/answers.h"
#include "clients/field/field.h"

enum { FILE_MAX = 1 << 20 };

static int
bad_option(struct field *f, int i)
{
	return field_usage(f, "inspect does not understand '%s'", f->argv[i]);
}

/* An option that says something of the answer begun before it. */
static bool
add_detail(struct answer *a, const char *option, const char *value)
{
	char *end = NULL;

	if (!a->item)
		return false;
	if (strcmp(option, "--note") == 0) {
		a->note = value;
		return true;
	}
	if (strcmp(option, "--entrance") == 0) {
		a->entrance = strtoll(value, &end, 10);
		return *value && *end == '\0' && a->entrance > 0;
	}
	if (strcmp(option, "--factor") == 0) {
		a->factor = strtod(value, &end);
		return *value && *end == '\0' && a->factor >= 0 &&
		       a->factor <= 1;
	}
	return false;
}

static const char *
result_of(const char *option)
{
	static const char *const words[] = { "pass", "fail", "na" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strncmp(option, "--", 2) == 0 &&
		    strcmp(option + 2, words[i]) == 0)
			return words[i];
	return NULL;
}

/* Which maintenance it was part of; the daemon knows the same words. */
static bool
is_work(const char *word)
{
	return strcmp(word, "routine") == 0 || strcmp(word, "special") == 0 ||
	       strcmp(word, "replace") == 0;
}

/* The answers of the command line; *given says whether there were any. */
static int
read_options(struct field *f, cJSON *answers, bool *given, const char **work)
{
	struct answer a = { .item = NULL };
	const char *result = NULL;

	for (int i = 1; i < f->argc; i += 2) {
		if (strcmp(f->argv[i], "--work") == 0) {
			if (i + 1 == f->argc || !is_work(f->argv[i + 1]))
				return field_usage(
				    f, "--work is routine, special or replace");
			*work = f->argv[i + 1];
			continue;
		}
		*given = true;
		if (strcmp(f->argv[i], "--all-pass") == 0) {
			i--;
			continue;
		}
		if (i + 1 == f->argc)
			return bad_option(f, i);
		result = result_of(f->argv[i]);
		if (!result) {
			if (!add_detail(&a, f->argv[i], f->argv[i + 1]))
				return bad_option(f, i);
			continue;
		}
		if (a.item)
			answers_put(answers, &a);
		a = (struct answer){
			.item = f->argv[i + 1], .result = result, .factor = -1
		};
	}
	if (a.item)
		answers_put(answers, &a);
	return FIELD_DONE;
}

static int
queue_body(struct field *f, cJSON *body)
{
	struct queue_op op = {
		.task = (int64_t)field_number(body, "task", 0),
		.kind = "inspection",
		.path = "/v1/inspections",
		.body = body,
	};
	cJSON *o = cJSON_CreateObject();

	snprintf(op.op, sizeof(op.op), "%s", field_text(body, "op"));
	cJSON_AddNumberToObject(o, "task", (double)op.task);
	cJSON_AddNumberToObject(o, "shelter", field_number(body, "shelter", 0));
	cJSON_AddNumberToObject(o, "failed", answers_failed(body));
	return field_queued(f, &op, o);
}

/* From answers to the queue. */
static int
finish(struct field *f, const cJSON *task, const cJSON *items,
    const cJSON *shelter, const cJSON *answers, const char *work)
{
	char op[QUEUE_OP], at[SHELTER_TIME_SIZE], why[ANSWERS_WHY] = "";
	cJSON *body = NULL;
	int code = FIELD_DONE;

	queue_new_op(op);
	shelter_now(at);
	body = answers_body(answers, items, task, shelter, op, at, why);
	if (!body)
		return field_failed(f, "%s", why);
	if (work)
		cJSON_AddStringToObject(body, "work", work);
	code = queue_body(f, body);
	cJSON_Delete(body);
	return code;
}

static int
walk(struct field *f, const cJSON *task, const cJSON *items,
    const cJSON *shelter, cJSON **answers)
{
	int64_t id = (int64_t)field_number(task, "id", 0);
	cJSON *draft = queue_draft(f->queue, id);

	if (!isatty(fileno(f->in))) {
		cJSON_Delete(draft);
		return field_usage(
		    f, "no terminal to ask on: use --fail ITEM or --all-pass");
	}
	if (draft) {
		cJSON_Delete(*answers);
		*answers = draft;
	}
	if (!field_walk(f, task, items, shelter, *answers))
		return field_failed(f,
		    "broken off; what was answered is kept, inspect %lld "
		    "goes on",
		    (long long)id);
	return FIELD_DONE;
}

int
field_inspect(struct field *f)
{
	cJSON *task = queue_task(f->queue, field_operand(f));
	cJSON *items = queue_items(f->queue), *shelter = NULL;
	cJSON *answers = cJSON_CreateObject();
	const char *work = NULL;
	bool given = false;
	int code = FIELD_DONE;

	if (f->argc < 1) {
		code = field_usage(f, "inspect needs a TASK");
		goto out;
	}
	code = read_options(f, answers, &given, &work);
	if (code != FIELD_DONE)
		goto out;
	if (!task) {
		code = field_failed(
		    f, "no task '%s' on this machine: sync", f->argv[0]);
		goto out;
	}
	shelter =
	    queue_shelter(f->queue, (int64_t)field_number(task, "shelter", 0));
	if (!given)
		code = walk(f, task, items, shelter, &answers);
	if (code == FIELD_DONE)
		code = finish(f, task, items, shelter, answers, work);
out:
	cJSON_Delete(answers);
	cJSON_Delete(shelter);
	cJSON_Delete(items);
	cJSON_Delete(task);
	return code;
}

/* A whole small file; NULL when it cannot be read or is too large. */
static char *
read_file(const char *path, size_t *len)
{
	FILE *in = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
	char *text = in ? malloc(FILE_MAX + 1) : NULL;
	bool ok = false;

	if (text) {
		*len = fread(text, 1, FILE_MAX + 1, in);
		ok = !ferror(in) && *len <= FILE_MAX;
	}
	if (in && in != stdin)
		fclose(in);
	if (ok)
		return text;
	free(text);
	return NULL;
}

int
field_submit(struct field *f)
{
	char *text = NULL;
	size_t len = 0;
	cJSON *body = NULL;
	char op[QUEUE_OP], at[SHELTER_TIME_SIZE];
	int code = FIELD_FAILED;

	if (f->argc != 1)
		return field_usage(f, "submit needs a FILE (- is stdin)");
	text = read_file(f->argv[0], &len);
	body = text ? cJSON_ParseWithLength(text, len) : NULL;
	if (!text) {
		code = field_failed(
		    f, "%s: cannot be read, or is over 1 MiB", f->argv[0]);
	} else if (!cJSON_IsObject(body)) {
		code = field_failed(f, "%s: no JSON object", f->argv[0]);
	} else {
		queue_new_op(op);
		shelter_now(at);
		if (!cJSON_HasObjectItem(body, "op"))
			cJSON_AddStringToObject(body, "op", op);
		if (!cJSON_HasObjectItem(body, "at"))
			cJSON_AddStringToObject(body, "at", at);
		code =
		    strlen(field_text(body, "op")) == QUEUE_OP - 1
			? queue_body(f, body)
			: field_failed(f, "%s: \"op\" is no UUID", f->argv[0]);
	}
	cJSON_Delete(body);
	free(text);
	return code;
}
