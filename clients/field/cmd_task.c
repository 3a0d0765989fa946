/* SPDX-License-Identifier: MIT */
/*
 * sync, tasks, accept, decline, status, retry, forget.
 */
#include <stdlib.h>
#include <string.h>
#include "clients/field/field.h"
#include "clients/field/sync.h"

static cJSON *
sync_json(const struct sync_result *r, const struct queue_counts *c)
{
	cJSON *o = cJSON_CreateObject();

	cJSON_AddNumberToObject(o, "sent", (double)r->sent);
	cJSON_AddNumberToObject(o, "unsent", (double)c->unsent);
	cJSON_AddNumberToObject(o, "refused", (double)c->refused);
	cJSON_AddNumberToObject(o, "tasks", (double)c->tasks);
	cJSON_AddBoolToObject(o, "online", r->online);
	if (r->error[0])
		cJSON_AddStringToObject(o, "error", r->error);
	else
		cJSON_AddNullToObject(o, "error");
	return o;
}

int
field_sync(struct field *f)
{
	struct shelter *s = NULL;
	struct sync_net net;
	struct sync_result r;
	struct queue_counts c = { .unsent = 0 };
	bool ok = false;

	if (f->argc != 0)
		return field_usage(f, "sync takes no operand");
	s = shelter_new(NULL, NULL);
	if (!s)
		return field_failed(f, "out of memory");
	shelter_set_retries(s, 0);
	net = sync_over(s);
	ok = sync_run(f->queue, &net, &r);
	shelter_free(s);
	queue_count(f->queue, &c);
	if (f->json) {
		field_print(f, sync_json(&r, &c));
	} else {
		fprintf(f->out,
		    "sent 已发送 %lld, unsent 未发送 %lld, refused 被拒 %lld, "
		    "tasks 任务 %lld\n",
		    (long long)r.sent, (long long)c.unsent,
		    (long long)c.refused, (long long)c.tasks);
		if (r.error[0])
			fprintf(f->err, "shelter-field: %s\n", r.error);
	}
	return ok && r.refused == 0 ? FIELD_DONE : FIELD_FAILED;
}

int
field_tasks(struct field *f)
{
	cJSON *tasks = queue_tasks(f->queue);
	const cJSON *t = NULL;

	if (f->argc != 0) {
		cJSON_Delete(tasks);
		return field_usage(f, "tasks takes no operand");
	}
	if (f->json) {
		field_print(f, tasks);
		return FIELD_DONE;
	}
	cJSON_ArrayForEach(t, tasks)
	{
		const char *unsent = field_text(t, "unsent");

		fprintf(f->out, "%6.0f  %-10.10s  %-9s %s%s%s  %s\n",
		    field_number(t, "id", 0), field_text(t, "due"),
		    field_text(t, "state"), field_text(t, "shelter_name"),
		    *unsent ? "  unsent 未发送: " : "", unsent,
		    field_text(t, "note"));
	}
	if (cJSON_GetArraySize(tasks) == 0)
		fprintf(f->out, "no tasks 无任务\n");
	cJSON_Delete(tasks);
	return FIELD_DONE;
}

/* One word about a task of this machine. */
static int
queue_word(struct field *f, const char *kind, cJSON *body)
{
	struct queue_op op = { .task = field_operand(f), .body = body };
	cJSON *task = queue_task(f->queue, op.task), *o = NULL;
	int code = FIELD_FAILED;

	if (!task) {
		code = field_failed(
		    f, "no task '%s' on this machine: sync", f->argv[0]);
		goto out;
	}
	queue_new_op(op.op);
	snprintf(op.kind, sizeof(op.kind), "%s", kind);
	snprintf(op.path, sizeof(op.path), "/v1/tasks/%lld/%s",
	    (long long)op.task, kind);
	o = cJSON_CreateObject();
	cJSON_AddNumberToObject(o, "task", (double)op.task);
	code = field_queued(f, &op, o);
out:
	cJSON_Delete(body);
	cJSON_Delete(task);
	return code;
}

int
field_accept(struct field *f)
{
	if (f->argc != 1)
		return field_usage(f, "accept needs a TASK");
	return queue_word(f, "accept", NULL);
}

int
field_decline(struct field *f)
{
	cJSON *body = NULL;

	if (f->argc != 2)
		return field_usage(f, "decline needs a TASK and a REASON");
	body = cJSON_CreateObject();
	cJSON_AddStringToObject(body, "reason", f->argv[1]);
	return queue_word(f, "decline", body);
}

static cJSON *
op_json(const struct queue_op *op)
{
	cJSON *o = cJSON_CreateObject();

	cJSON_AddStringToObject(o, "op", op->op);
	cJSON_AddStringToObject(o, "kind", op->kind);
	cJSON_AddNumberToObject(o, "task", (double)op->task);
	cJSON_AddNumberToObject(o, "tries", (double)op->tries);
	if (op->reason) {
		cJSON_AddNumberToObject(o, "status", (double)op->status);
		cJSON_AddStringToObject(o, "reason", op->reason);
	}
	return o;
}

static cJSON *
ops_json(
    struct queue *q, bool (*next)(struct queue *, int64_t, struct queue_op *))
{
	cJSON *array = cJSON_CreateArray();
	struct queue_op op;

	for (int64_t after = 0; next(q, after, &op); after = op.seq) {
		cJSON_AddItemToArray(array, op_json(&op));
		queue_op_release(&op);
	}
	return array;
}

static void
add_fact(struct field *f, cJSON *o, const char *name, const char *fact)
{
	char *value = queue_fact(f->queue, fact);

	cJSON_AddStringToObject(o, name, value ? value : "");
	free(value);
}

static void
print_ops(struct field *f, const cJSON *ops, const char *head)
{
	const cJSON *op = NULL;

	cJSON_ArrayForEach(op, ops)
	{
		fprintf(f->out, "%s %s  %s task %.0f  tries %.0f  %s\n", head,
		    field_text(op, "op"), field_text(op, "kind"),
		    field_number(op, "task", 0), field_number(op, "tries", 0),
		    field_text(op, "reason"));
	}
}

int
field_status(struct field *f)
{
	struct queue_counts c = { .unsent = 0 };
	cJSON *o = NULL;

	if (f->argc != 0)
		return field_usage(f, "status takes no operand");
	if (!queue_count(f->queue, &c))
		return field_failed(
		    f, "local store: %s", queue_error(f->queue));
	o = cJSON_CreateObject();
	cJSON_AddNumberToObject(o, "unsent", (double)c.unsent);
	cJSON_AddNumberToObject(o, "sent", (double)c.sent);
	cJSON_AddNumberToObject(o, "tasks", (double)c.tasks);
	cJSON_AddItemToObject(o, "queue", ops_json(f->queue, queue_next));
	cJSON_AddItemToObject(
	    o, "refused", ops_json(f->queue, queue_next_refused));
	add_fact(f, o, "user", "user_name");
	add_fact(f, o, "last_sync", "last_sync");
	add_fact(f, o, "last_event", "last_event");
	if (f->json) {
		field_print(f, o);
		return FIELD_DONE;
	}
	fprintf(f->out,
	    "unsent 未发送 %lld, refused 被拒 %lld, sent 已发送 %lld, "
	    "tasks 任务 %lld\nuser 用户 %s, last sync 上次同步 %s\n",
	    (long long)c.unsent, (long long)c.refused, (long long)c.sent,
	    (long long)c.tasks, field_text(o, "user"),
	    field_text(o, "last_sync"));
	print_ops(f, cJSON_GetObjectItem(o, "queue"), "unsent ");
	print_ops(f, cJSON_GetObjectItem(o, "refused"), "refused");
	cJSON_Delete(o);
	return FIELD_DONE;
}

static int
change_refused(struct field *f, bool (*change)(struct queue *, const char *))
{
	cJSON *o = NULL;

	if (f->argc != 1)
		return field_usage(f, "which operation? see status");
	if (!change(f->queue, f->argv[0]))
		return field_failed(f, "no refused operation '%s'", f->argv[0]);
	if (f->json) {
		o = cJSON_CreateObject();
		cJSON_AddStringToObject(o, "op", f->argv[0]);
		field_print(f, o);
	}
	return FIELD_DONE;
}

int
field_retry(struct field *f)
{
	return change_refused(f, queue_retry);
}

int
field_forget(struct field *f)
{
	return change_refused(f, queue_forget);
}
