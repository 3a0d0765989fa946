/* SPDX-License-Identifier: MIT */
/*
 * shelterctl drill replay: a drill's part of the log again, in its order and
 * at its pace.  Reads and shows; nothing changes.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "clients/shelterctl/ask.h"
#include "clients/shelterctl/cmd.h"
#include "clients/shelterctl/cmd_drill.h"
#include "clients/shelterctl/replay.h"

enum { PAGE = 2000, WEEK = 7 * 86400 };

/* Where the log of the drill lies. */
struct stretch {
	int64_t drill, first, last;
};

static int64_t
whole(const cJSON *o, const char *key)
{
	const cJSON *v = out_member(o, key);

	return cJSON_IsNumber(v) ? (int64_t)v->valuedouble : 0;
}

static bool
find_stretch(struct call *c, struct stretch *s)
{
	struct shelter_reply r;

	if (!ask(c, "GET", ask_path("/v1/drills/%s/report", c->operand[0]),
		NULL, NULL, &r))
		return false;
	s->drill = whole(r.json, "drill");
	s->first = whole(r.json, "events.first");
	s->last = whole(r.json, "events.last");
	shelter_reply_release(&r);
	return true;
}

/* The drill's events of a page, moved to the list. */
static void
take_page(const struct stretch *s, cJSON *items, cJSON *events)
{
	cJSON *next = items ? items->child : NULL;

	while (next) {
		cJSON *e = next;

		next = e->next;
		if (whole(e, "noun_id") == s->drill &&
		    whole(e, "id") <= s->last &&
		    !strcmp(cJSON_GetStringValue(out_member(e, "noun"))
				? out_member(e, "noun")->valuestring
				: "",
			"drill"))
			cJSON_AddItemToArray(
			    events, cJSON_DetachItemViaPointer(items, e));
	}
}

/* NULL: the refusal has been shown. */
static cJSON *
load(struct call *c, const struct stretch *s)
{
	cJSON *events = cJSON_CreateArray();
	int64_t since = s->first - 1;

	while (since < s->last) {
		struct shelter_reply r;
		char path[80];

		snprintf(path, sizeof(path), "/v1/events?since=%lld&limit=%d",
		    (long long)since, PAGE);
		if (!ask(c, "GET", strdup(path), NULL, NULL, &r)) {
			cJSON_Delete(events);
			return NULL;
		}
		since = whole(r.json, "next") ? whole(r.json, "next") : s->last;
		take_page(s, cJSON_GetObjectItemCaseSensitive(r.json, "items"),
		    events);
		shelter_reply_release(&r);
	}
	return events;
}

static void
wait_until(const struct timespec *start, int64_t ms)
{
	struct timespec t = *start;

	t.tv_sec += ms / 1000;
	t.tv_nsec += ms % 1000 * 1000000;
	if (t.tv_nsec >= 1000000000) {
		t.tv_nsec -= 1000000000;
		t.tv_sec++;
	}
	while (
	    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) == EINTR)
		;
}

static void
show_head(struct call *c)
{
	FILE *f = c->out->f;

	c->out->note(c->out, "EXERCISE 演练");
	if (c->out->json)
		return;
	out_cell(f, "seconds", -8, 0);
	out_cell(f, "clock", -10, 0);
	fputs("  ", f);
	out_cell(f, "at", 22, 0);
	fputs("what\n", f);
}

/* One line an event, so that a pipe sees it at once; false: nobody does. */
static bool
show(struct call *c, const struct replay *r, const cJSON *event)
{
	FILE *f = c->out->f;
	int64_t s = replay_second(event);
	const char *at = cJSON_GetStringValue(out_member(event, "at"));
	struct text words = { 0 };
	char clock[32];

	if (c->out->json) {
		c->out->object(c->out, event, NULL);
		return fflush(f) == 0;
	}
	replay_words(r, event, &words);
	snprintf(clock, sizeof(clock), "%lld:%02d:%02d", (long long)(s / 3600),
	    (int)(s / 60 % 60), (int)(s % 60));
	fprintf(f, "%8lld%10s  ", (long long)s, clock);
	out_cell(f, at ? at : "", 22, 0);
	out_cell(f, words.p ? words.p : "", 0, 0);
	fputc('\n', f);
	text_free(&words);
	return fflush(f) == 0;
}

static void
play(struct call *c, struct replay *r, const cJSON *events)
{
	struct timespec start;
	const cJSON *event;
	int64_t due;

	clock_gettime(CLOCK_MONOTONIC, &start);
	show_head(c);
	fflush(c->out->f);
	cJSON_ArrayForEach(event, events)
	{
		if (!replay_next(r, event, &due))
			continue;
		if (due > 0)
			wait_until(&start, due);
		if (!show(c, r, event))
			return;
	}
}

enum outcome
drill_replay(struct call *c)
{
	double speed = 1, from = -1, to = WEEK;
	bool given;
	struct stretch s;
	struct replay r;
	cJSON *events;

	if (!ask_number(c, "speed", 0, 100000, &speed, &given) ||
	    !ask_number(c, "from", 0, WEEK, &from, &given) ||
	    !ask_number(c, "to", 0, WEEK, &to, &given))
		return USAGE;
	if (from > to)
		return ask_usage(c, "--from is behind --to");
	r = (struct replay){
		.speed = speed, .from = (int64_t)from, .to = (int64_t)to
	};
	if (!find_stretch(c, &s) || !(events = load(c, &s)))
		return REFUSED;
	play(c, &r, events);
	cJSON_Delete(events);
	return DONE;
}
