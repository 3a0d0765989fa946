/* SPDX-License-Identifier: MIT */
/*
 * watch: holds the event stream open, shows tasks as they are pushed, keeps
 * them, and sends what is waiting whenever the line is there.  The stream has
 * one connection, sending another.
 */
#include <stdlib.h>
#include <string.h>
#include "clients/field/field.h"
#include "clients/field/sync.h"

struct watch {
	struct field *f;
	struct shelter *other; /* for sending */
	double me;
	int64_t left; /* tasks to show before it ends, -1: no end */
	bool failed;
};

static void
show(struct watch *w, const char *kind, const cJSON *event)
{
	const cJSON *body = cJSON_GetObjectItemCaseSensitive(event, "body");
	struct field *f = w->f;

	if (f->json) {
		field_print(f, cJSON_Duplicate(event, true));
		return;
	}
	fprintf(f->out, "%s  %.0f  %s  %s  %s\n", kind,
	    field_number(body, "id", field_number(event, "noun_id", 0)),
	    field_text(body, "shelter_name"), field_text(body, "state"),
	    field_text(body, "due"));
	fflush(f->out);
}

/* Still hers to do, or anybody's? */
static bool
concerns(const struct watch *w, const cJSON *task)
{
	const char *state = field_text(task, "state");
	double who = field_number(task, "assignee", 0);

	if (strcmp(state, "done") == 0 || strcmp(state, "declined") == 0)
		return false;
	return who == 0 || who == w->me;
}

static bool
take_task(struct watch *w, const char *kind, const cJSON *event)
{
	const cJSON *task = cJSON_GetObjectItemCaseSensitive(event, "body");
	struct queue *q = w->f->queue;
	bool mine = concerns(w, task);

	if (!(mine ? queue_put_task(q, task)
		   : queue_drop_task(
			 q, (int64_t)field_number(task, "id", 0)))) {
		w->failed = true;
		return false;
	}
	if (strcmp(kind, "task.assigned") != 0 || !mine)
		return true;
	show(w, kind, event);
	return w->left < 0 || --w->left > 0;
}

static bool
on_event(void *arg, const struct shelter_event *e)
{
	struct watch *w = arg;
	cJSON *event = NULL;
	char id[32];
	bool go_on = true;

	if (e->id < 0)
		return true;
	if (strncmp(e->kind, "task.", 5) == 0) {
		event = cJSON_ParseWithLength(e->data, e->len);
		go_on = take_task(w, e->kind, event);
	} else if (strncmp(e->kind, "notice.", 7) == 0) {
		event = cJSON_ParseWithLength(e->data, e->len);
		show(w, e->kind, event);
	}
	cJSON_Delete(event);
	snprintf(id, sizeof(id), "%lld", (long long)e->id);
	if (!w->failed && !queue_set_fact(w->f->queue, "last_event", id))
		w->failed = true;
	return go_on && !w->failed;
}

/* Called every second: with the line there, what is waiting goes. */
static bool
on_idle(void *arg, bool connected)
{
	struct watch *w = arg;
	struct queue_counts c = { .unsent = 0 };
	struct sync_net net = sync_over(w->other);
	struct sync_result r;

	if (!connected || !queue_count(w->f->queue, &c) || c.unsent == 0)
		return true;
	sync_run(w->f->queue, &net, &r);
	if (!w->f->json && (r.sent > 0 || r.refused > 0))
		fprintf(w->f->out,
		    "sent 已发送 %lld, refused 被拒 %lld, unsent 未发送 %lld\n",
		    (long long)r.sent, (long long)r.refused,
		    (long long)(c.unsent - r.sent - r.refused));
	fflush(w->f->out);
	return !r.stranger;
}

/* The id after which to listen: before the first look at the tasks, so that
 * none falls between. */
static int64_t
newest_event(struct shelter *s)
{
	struct shelter_reply reply;
	int64_t id = -1;

	if (shelter_get(s, "/v1/stats", &reply))
		id = (int64_t)field_number(reply.json, "last_event", -1);
	shelter_reply_release(&reply);
	return id;
}

static int
follow(struct watch *w, struct shelter *s)
{
	char *known = queue_fact(w->f->queue, "last_event");
	struct sync_net net = sync_over(w->other);
	struct sync_result r;
	struct shelter_reply reply;
	struct shelter_stream stream = {
		.since = known && *known ? strtoll(known, NULL, 10)
					 : newest_event(s),
		.event = on_event,
		.idle = on_idle,
		.arg = w,
	};
	char *me = NULL;
	int code = FIELD_DONE;

	free(known);
	sync_run(w->f->queue, &net, &r);
	me = queue_fact(w->f->queue, "user");
	w->me = me ? strtod(me, NULL) : 0;
	free(me);
	if (r.stranger)
		return field_failed(w->f, "%s", r.error);
	if (r.error[0])
		fprintf(w->f->err, "shelter-field: %s\n", r.error);
	if (!shelter_follow(s, &stream, &reply))
		code = field_failed(w->f, "%s", reply.error);
	else if (w->failed)
		code = field_failed(
		    w->f, "local store: %s", queue_error(w->f->queue));
	shelter_reply_release(&reply);
	return code;
}

int
field_watch(struct field *f)
{
	struct watch w = { .f = f, .left = -1 };
	struct shelter *s = NULL;
	int code = FIELD_FAILED;

	if (f->argc == 2 && strcmp(f->argv[0], "--count") == 0)
		w.left = atoll(f->argv[1]);
	else if (f->argc != 0)
		return field_usage(f, "watch takes --count N only");
	if (w.left == 0)
		return field_usage(f, "--count must be a number above 0");
	s = shelter_new(NULL, NULL);
	w.other = shelter_new(NULL, NULL);
	if (s && w.other) {
		shelter_set_retries(w.other, 0);
		code = follow(&w, s);
	} else {
		field_failed(f, "out of memory");
	}
	shelter_free(w.other);
	shelter_free(s);
	return code;
}
