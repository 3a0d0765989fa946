/* SPDX-License-Identifier: MIT */
/*
 * Push and pull; see sync.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "clients/field/sync.h"

enum { SHELTERS_MAX = 500, TIMEOUT_S = 30 };

/* Over the network. */

static bool
ask_libshelter(void *arg, const char *method, const char *path,
    const cJSON *body, const char *key, struct shelter_reply *reply)
{
	const struct shelter_opts opts = { .key = key, .timeout_s = TIMEOUT_S };

	if (strcmp(method, "LIST") == 0)
		return shelter_list(arg, path, reply);
	return shelter_request(arg, method, path, body, &opts, reply);
}

struct sync_net
sync_over(struct shelter *s)
{
	return (struct sync_net){ ask_libshelter, s };
}

static bool
ask(const struct sync_net *net, const char *method, const char *path,
    const cJSON *body, const char *key, struct shelter_reply *reply,
    struct sync_result *r)
{
	bool ok = net->ask(net->arg, method, path, body, key, reply);

	r->online |= reply->status != 0;
	if (!ok)
		snprintf(r->error, sizeof(r->error), "%s", reply->error);
	return ok;
}

static bool
disk_failed(struct queue *q, struct sync_result *r)
{
	snprintf(r->error, sizeof(r->error), "local store: %s", queue_error(q));
	return false;
}

/* Sending. */

/* The server has looked at it and will never take it as it is.  Not being
 * let in, being hurried and the server's own troubles are none of its fault. */
static bool
poisonous(int status)
{
	return status >= 400 && status < 500 && status != 401 &&
	       status != 408 && status != 429;
}

static bool
settle(struct queue *q, const struct queue_op *o, bool taken,
    const struct shelter_reply *reply, struct sync_result *r)
{
	char *answer = NULL;
	bool ok = false;

	if (!taken) {
		r->refused++;
		r->error[0] = '\0';
		ok = queue_refused(q, o->seq, reply->status, reply->error);
		return ok || disk_failed(q, r);
	}
	answer = reply->json ? cJSON_PrintUnformatted(reply->json) : NULL;
	ok = queue_confirmed(q, o->seq, answer ? answer : "{}");
	cJSON_free(answer);
	r->sent += ok;
	return ok || disk_failed(q, r);
}

static bool
send_one(struct queue *q, const struct sync_net *net, const struct queue_op *o,
    struct sync_result *r)
{
	struct shelter_reply reply;
	bool taken = false, ok = false;

	if (!queue_tried(q, o->seq))
		return disk_failed(q, r);
	taken = ask(net, "POST", o->path, o->body, o->op, &reply, r);
	if (taken || poisonous(reply.status))
		ok = settle(q, o, taken, &reply, r);
	shelter_reply_release(&reply);
	return ok;
}

bool
sync_push(struct queue *q, const struct sync_net *net, struct sync_result *r)
{
	struct queue_op o;
	int64_t after = 0;
	bool ok = true;

	while (ok && queue_next(q, after, &o)) {
		after = o.seq;
		ok = send_one(q, net, &o, r);
		queue_op_release(&o);
	}
	return ok;
}

/* Fetching. */

/* Administrators are shown everybody's tasks. */
static bool
for_me(const cJSON *task, double me)
{
	const cJSON *who = cJSON_GetObjectItemCaseSensitive(task, "assignee");

	return !cJSON_IsNumber(who) || who->valuedouble == me;
}

static void
take_mine(cJSON *mine, cJSON *all, double me)
{
	cJSON *task = NULL, *next = NULL;

	for (task = all ? all->child : NULL; task; task = next) {
		next = task->next;
		if (for_me(task, me))
			cJSON_AddItemToArray(
			    mine, cJSON_DetachItemViaPointer(all, task));
	}
	cJSON_Delete(all);
}

static cJSON *
fetch_tasks(struct queue *q, const struct sync_net *net, struct sync_result *r)
{
	static const char *const lists[] = { "/v1/tasks?state=open",
		"/v1/tasks?state=assigned", "/v1/tasks?state=accepted" };
	struct shelter_reply reply;
	cJSON *mine = cJSON_CreateArray();
	char *me = queue_fact(q, "user");

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		if (ask(net, "LIST", lists[i], NULL, NULL, &reply, r))
			take_mine(mine, shelter_reply_take(&reply),
			    me ? strtod(me, NULL) : 0);
		shelter_reply_release(&reply);
	}
	free(me);
	return mine;
}

static bool
have_shelter(const cJSON *shelters, double id)
{
	const cJSON *s = NULL;

	cJSON_ArrayForEach(s, shelters)
	{
		if (cJSON_GetNumberValue(
			cJSON_GetObjectItemCaseSensitive(s, "id")) == id)
			return true;
	}
	return false;
}

/* The tasks' works with their units and entrances; one that may not be seen
 * is left out, the inspection then names no entrance. */
static cJSON *
fetch_shelters(
    const struct sync_net *net, const cJSON *tasks, struct sync_result *r)
{
	struct shelter_reply reply;
	cJSON *shelters = cJSON_CreateArray();
	const cJSON *task = NULL;
	char path[64];

	cJSON_ArrayForEach(task, tasks)
	{
		double id = cJSON_GetNumberValue(
		    cJSON_GetObjectItemCaseSensitive(task, "shelter"));
		if (have_shelter(shelters, id) ||
		    cJSON_GetArraySize(shelters) >= SHELTERS_MAX)
			continue;
		snprintf(path, sizeof(path), "/v1/shelters/%.0f", id);
		if (ask(net, "GET", path, NULL, NULL, &reply, r))
			cJSON_AddItemToArray(
			    shelters, shelter_reply_take(&reply));
		else if (reply.status == 404)
			r->error[0] = '\0';
		shelter_reply_release(&reply);
		if (r->error[0])
			break;
	}
	return shelters;
}

static cJSON *
fetch_items(const struct sync_net *net, struct sync_result *r)
{
	struct shelter_reply reply;
	cJSON *items = NULL;

	if (ask(net, "GET", "/v1/checklist", NULL, NULL, &reply, r))
		items = cJSON_DetachItemFromObjectCaseSensitive(
		    reply.json, "items");
	shelter_reply_release(&reply);
	return items;
}

bool
sync_pull(struct queue *q, const struct sync_net *net, struct sync_result *r)
{
	cJSON *items = fetch_items(net, r);
	cJSON *tasks = r->error[0] ? NULL : fetch_tasks(q, net, r);
	cJSON *shelters = r->error[0] ? NULL : fetch_shelters(net, tasks, r);
	bool ok = r->error[0] == '\0';

	if (ok && !queue_replace(q, tasks, items, shelters))
		ok = disk_failed(q, r);
	cJSON_Delete(items);
	cJSON_Delete(tasks);
	cJSON_Delete(shelters);
	return ok;
}

/* The file belongs to one person: what she did must not be sent in another's
 * name. */
static bool
know_user(struct queue *q, const cJSON *me, struct sync_result *r)
{
	const cJSON *id = cJSON_GetObjectItemCaseSensitive(me, "id");
	const char *name =
	    cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(me, "name"));
	char *known = queue_fact(q, "user"), *known_name = NULL, text[32];
	bool ok = true;

	snprintf(text, sizeof(text), "%.0f",
	    cJSON_IsNumber(id) ? id->valuedouble : 0);
	if (known && *known && strcmp(known, text) != 0) {
		known_name = queue_fact(q, "user_name");
		snprintf(r->error, sizeof(r->error),
		    "this store is %s's, the token is %s's: use another --db",
		    known_name ? known_name : "", name ? name : "");
		r->stranger = true;
		ok = false;
	} else if (!queue_set_fact(q, "user", text) ||
		   !queue_set_fact(q, "user_name", name ? name : "")) {
		ok = disk_failed(q, r);
	}
	free(known_name);
	free(known);
	return ok;
}

static bool
note_time(struct queue *q)
{
	char text[SHELTER_TIME_SIZE];

	shelter_now(text);
	return queue_set_fact(q, "last_sync", text);
}

bool
sync_run(struct queue *q, const struct sync_net *net, struct sync_result *r)
{
	struct shelter_reply reply;
	bool ok = false;

	memset(r, 0, sizeof(*r));
	ok = ask(net, "GET", "/v1/me", NULL, NULL, &reply, r) &&
	     know_user(q, reply.json, r);
	shelter_reply_release(&reply);
	if (!ok || !sync_push(q, net, r) || !sync_pull(q, net, r))
		return false;
	return note_time(q) || disk_failed(q, r);
}
