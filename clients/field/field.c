/* SPDX-License-Identifier: MIT */
/*
 * The subcommand table, the options before it, and the words all subcommands
 * speak; see field.h.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include "clients/field/field.h"

const struct field_command field_commands[] = {
	{ "sync", "", "send what is waiting, fetch tasks and checklist",
	    field_sync },
	{ "tasks", "", "the tasks on this machine", field_tasks },
	{ "accept", "TASK", "take a task on", field_accept },
	{ "decline", "TASK REASON", "give a task back", field_decline },
	{ "inspect",
	    "TASK [--work WORK] [--all-pass] [--fail|--pass|--na ITEM [--note "
	    "TEXT]"
	    " [--entrance ID] [--factor F]]...",
	    "walk the checklist; with options, without asking", field_inspect },
	{ "submit", "FILE", "queue an inspection written as JSON",
	    field_submit },
	{ "status", "", "what is unsent, what was refused", field_status },
	{ "retry", "OP", "send a refused operation again", field_retry },
	{ "forget", "OP", "throw a refused operation away", field_forget },
	{ "watch", "[--count N]",
	    "show tasks as they are pushed; send when "
	    "the line is back",
	    field_watch },
	{ NULL, NULL, NULL, NULL },
};

static void
help(FILE *f)
{
	fprintf(f, "usage: shelter-field [--db FILE] [--json] COMMAND\n");
	for (const struct field_command *c = field_commands; c->name; c++)
		fprintf(f, "  %s%s%s\n      %s\n", c->name,
		    *c->operands ? " " : "", c->operands, c->help);
	fprintf(f,
	    "SHELTER_URL and SHELTER_TOKEN say where the server is and who\n"
	    "you are. Exit codes: 0 done, 1 refused or failed, 2 usage.\n");
}

static void
say_error(struct field *f, const char *fmt, va_list ap)
{
	char text[1024];
	cJSON *o = NULL;

	vsnprintf(text, sizeof(text), fmt, ap);
	if (!f->json) {
		fprintf(f->err, "shelter-field: %s\n", text);
		return;
	}
	o = cJSON_CreateObject();
	cJSON_AddStringToObject(o, "error", text);
	field_print(f, o);
}

int
field_failed(struct field *f, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say_error(f, fmt, ap);
	va_end(ap);
	return FIELD_FAILED;
}

int
field_usage(struct field *f, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say_error(f, fmt, ap);
	va_end(ap);
	return FIELD_USAGE;
}

void
field_print(struct field *f, cJSON *take)
{
	char *text = cJSON_PrintUnformatted(take);

	fprintf(f->out, "%s\n", text ? text : "null");
	fflush(f->out);
	cJSON_free(text);
	cJSON_Delete(take);
}

int64_t
field_operand(const struct field *f)
{
	char *end = NULL;
	int64_t id = 0;

	if (f->argc < 1)
		return 0;
	id = strtoll(f->argv[0], &end, 10);
	return *end == '\0' && id > 0 ? id : 0;
}

const char *
field_text(const cJSON *o, const char *name)
{
	const char *t =
	    cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(o, name));

	return t ? t : "";
}

double
field_number(const cJSON *o, const char *name, double dflt)
{
	const cJSON *n = cJSON_GetObjectItemCaseSensitive(o, name);

	return cJSON_IsNumber(n) ? n->valuedouble : dflt;
}

int
field_queued(struct field *f, const struct queue_op *op, cJSON *take)
{
	struct queue_counts c = { .unsent = 0 };

	if (!queue_add(f->queue, op) || !queue_count(f->queue, &c)) {
		cJSON_Delete(take);
		return field_failed(
		    f, "local store: %s", queue_error(f->queue));
	}
	if (!f->json) {
		fprintf(f->out, "%s queued 已存, unsent 未发送: %lld\n",
		    op->kind, (long long)c.unsent);
		cJSON_Delete(take);
		return FIELD_DONE;
	}
	cJSON_AddStringToObject(take, "op", op->op);
	cJSON_AddNumberToObject(take, "unsent", (double)c.unsent);
	field_print(f, take);
	return FIELD_DONE;
}

/* Takes --json and --db FILE out of the arguments, wherever they stand. */
static bool
take_options(struct field *f, const char **db)
{
	int kept = 0;

	for (int i = 0; i < f->argc; i++) {
		if (strcmp(f->argv[i], "--json") == 0) {
			f->json = true;
		} else if (strcmp(f->argv[i], "--db") == 0) {
			if (i + 1 == f->argc)
				return false;
			*db = f->argv[++i];
		} else {
			f->argv[kept++] = f->argv[i];
		}
	}
	f->argc = kept;
	return true;
}

static const struct field_command *
command_find(const char *name)
{
	const struct field_command *c = field_commands;

	while (c->name && strcmp(c->name, name) != 0)
		c++;
	return c->name ? c : NULL;
}

static int
run(struct field *f, const struct field_command *c, const char *db)
{
	char err[QUEUE_ERROR] = "no home for the store: use --db FILE";
	char *path = db ? strdup(db) : queue_default_path();
	int code = FIELD_FAILED;

	if (path)
		f->queue = queue_open(path, err);
	if (f->queue)
		code = c->run(f);
	else
		field_failed(f, "%s", err);
	queue_close(f->queue);
	free(path);
	return code;
}

int
field_main(int argc, char **argv)
{
	struct field f = {
		.in = stdin,
		.out = stdout,
		.err = stderr,
		.argc = argc - 1,
		.argv = argv + 1,
	};
	const struct field_command *c = NULL;
	const char *db = NULL;

	if (!take_options(&f, &db))
		return field_usage(&f, "--db needs a FILE");
	if (f.argc > 0 && (strcmp(f.argv[0], "--help") == 0 ||
			      strcmp(f.argv[0], "-h") == 0)) {
		help(stdout);
		return FIELD_DONE;
	}
	if (f.argc == 0 || !(c = command_find(f.argv[0]))) {
		if (!f.json)
			help(stderr);
		return field_usage(&f, "%s '%s'", "no such command",
		    f.argc > 0 ? f.argv[0] : "");
	}
	f.argc--;
	f.argv++;
	return run(&f, c, db);
}
