/* SPDX-License-Identifier: MIT */
/* shelterctl events: the log, read once or followed as it grows. */
#include <stdlib.h>
#include <string.h>
#include "clients/shelterctl/ask.h"
#include "clients/shelterctl/cmd.h"

static const struct column event_columns[] = {
	{ "id", "id", true },
	{ "at", "at", false },
	{ "user", "user", false },
	{ "kind", "kind", false },
	{ "noun", "noun", false },
	{ "noun_id", "of", true },
	{ 0 },
};

struct follow {
	struct call *call;
	long left; /* events until the end, -1: for ever */
};

/* One line an event, so that a pipe sees it at once. */
static bool
show_event(void *arg, const struct shelter_event *e)
{
	struct follow *f = arg;
	FILE *out = f->call->out->f;

	if (e->id < 0)
		return true;
	if (f->call->out->json) {
		fprintf(out, "%s\n", e->data);
	} else {
		cJSON *event = cJSON_ParseWithLength(e->data, e->len);
		char *at = out_value(out_member(event, "at"));
		char *body = out_value(out_member(event, "body"));
		fprintf(out, "%lld  %s  ", (long long)e->id, at ? at : "");
		out_cell(out, e->kind, 22, 0);
		out_cell(out, body ? body : "", 0, 100);
		fputc('\n', out);
		free(at);
		free(body);
		cJSON_Delete(event);
	}
	if (fflush(out) != 0)
		return false; /* the reader of the pipe has gone */
	return f->left < 0 || --f->left > 0;
}

static enum outcome
follow(struct call *c, int64_t since, long count)
{
	struct follow f = { c, count };
	struct shelter_stream stream = {
		.since = since, .event = show_event, .arg = &f
	};
	struct shelter_reply r;
	enum outcome end = DONE;

	if (!shelter_follow(c->daemon, &stream, &r))
		end = ask_refused(c, &r);
	shelter_reply_release(&r);
	return end;
}

static enum outcome
events(struct call *c)
{
	double since = 0, count = 0;
	bool from, counted;
	char start[32];
	struct shelter_reply r;

	if (!ask_number(c, "since", 0, 9e15, &since, &from) ||
	    !ask_number(c, "count", 1, 1e9, &count, &counted))
		return USAGE;
	if (call_flag(c, "follow"))
		return follow(
		    c, from ? (int64_t)since : -1, counted ? (long)count : -1);
	snprintf(start, sizeof(start), "%.0f", since);
	enum outcome end = DONE;
	if (shelter_list_by(c->daemon, "/v1/events", "since", start, &r))
		c->out->list(c->out, r.json, event_columns);
	else
		end = ask_refused(c, &r);
	shelter_reply_release(&r);
	return end;
}

static const struct option event_options[] = {
	{ "follow", NULL, "stay and show what happens; resumes by itself",
	    false },
	{ "since", "N", "after this event id; 0, or from now with --follow",
	    false },
	{ "count", "N", "with --follow: leave after so many", false },
	{ 0 },
};

const struct command commands_event[] = {
	{ "events", NULL, "", 0, 0, event_options,
	    "the log of all that happened", "事件日志", events },
	{ 0 },
};
