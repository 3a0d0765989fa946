/* SPDX-License-Identifier: MIT */
/* One sentence a kind of event, and the pace. */
#include <string.h>
#include "clients/shelterctl/out.h"
#include "clients/shelterctl/replay.h"

static int64_t
number(const cJSON *o, const char *key, int64_t dflt)
{
	const cJSON *v = out_member(o, key);

	return cJSON_IsNumber(v) ? (int64_t)v->valuedouble : dflt;
}

static const char *
word(const cJSON *o, const char *key)
{
	const char *text = cJSON_GetStringValue(out_member(o, key));

	return text ? text : "";
}

int64_t
replay_second(const cJSON *event)
{
	return number(event, "body.at_s", 0);
}

static int64_t
arrived(const cJSON *event)
{
	const cJSON *one;
	int64_t people = 0;

	cJSON_ArrayForEach(one, out_member(event, "body.arrivals")) people +=
	    number(one, "people", 0);
	return people;
}

bool
replay_next(struct replay *r, const cJSON *event, int64_t *due_ms)
{
	int64_t second = replay_second(event);

	r->people += arrived(event);
	if (second < r->from || second > r->to)
		return false;
	if (!r->begun && r->from < 0)
		r->from = second;
	if (!r->begun || second > r->second)
		r->second = second;
	r->begun = true;
	*due_ms =
	    r->speed > 0
		? (int64_t)((double)(r->second - r->from) * 1000 / r->speed)
		: 0;
	return true;
}

/* Each tells of one kind of event. */

static void
tell_arrivals(const struct replay *r, const cJSON *body, struct text *t)
{
	const cJSON *one;
	bool more = false;

	text_add(t, "arrived 到达: ");
	cJSON_ArrayForEach(one, out_member(body, "arrivals"))
	{
		text_add(t, "%s%s", more ? "; " : "", word(one, "name"));
		if (*word(one, "entrance_name"))
			text_add(t, " %s", word(one, "entrance_name"));
		text_add(t, " +%lld = %lld",
		    (long long)number(one, "people", 0),
		    (long long)number(one, "shelter_people", 0));
		if (cJSON_IsTrue(out_member(one, "overfull")))
			text_add(t, " (full 超员)");
		more = true;
	}
	text_add(t, "; in all 共 %lld", (long long)r->people);
}

/* What an entry says besides its kind. */
static void
add_entry(const cJSON *body, struct text *t)
{
	int64_t due = number(body, "planned_s", 0);
	int64_t told = number(body, "fired_at_s", -1);

	if (*word(body, "who"))
		text_add(t, " -> %s", word(body, "who"));
	if (*word(body, "text"))
		text_add(t, ": %s", word(body, "text"));
	if (told < 0)
		text_add(t, " (for second 定于 %lld)", (long long)due);
	else if (told != due)
		text_add(t, " (due 应于 %lld)", (long long)due);
	if (cJSON_IsTrue(out_member(body, "late")))
		text_add(t, " (late 迟)");
}

static void
tell_signal(const struct replay *r, const cJSON *body, struct text *t)
{
	(void)r;
	text_add(
	    t, "signal 警报: %s %s", word(body, "zh"), word(body, "signal"));
	if (out_member(body, "cycles"))
		text_add(t, ", %lld/%lld s x%lld",
		    (long long)number(body, "on_s", 0),
		    (long long)number(body, "off_s", 0),
		    (long long)number(body, "cycles", 0));
	add_entry(body, t);
}

static void
tell_inject(const struct replay *r, const cJSON *body, struct text *t)
{
	bool order = !strcmp(word(body, "kind"), "order");

	(void)r;
	text_add(t, "%s", order ? "order 命令" : "info 情况");
	add_entry(body, t);
}

static void
tell_made(const struct replay *r, const cJSON *body, struct text *t)
{
	(void)r;
	text_add(t, "made 建立: %s, plan 方案 %lld, expected 应到 %lld",
	    word(body, "title"), (long long)number(body, "plan", 0),
	    (long long)number(body, "planned", 0));
}

static void
tell_imported(const struct replay *r, const cJSON *body, struct text *t)
{
	(void)r;
	text_add(t, "timeline 导入时间线: %s +%d ~%d -%d", word(body, "file"),
	    cJSON_GetArraySize(out_member(body, "added")),
	    cJSON_GetArraySize(out_member(body, "changed")),
	    cJSON_GetArraySize(out_member(body, "removed")));
}

static void
tell_observed(const struct replay *r, const cJSON *body, struct text *t)
{
	int64_t shelter = number(body, "shelter", 0);

	(void)r;
	text_add(t, "observed 观察");
	if (shelter)
		text_add(t, " (shelter 工程 %lld)", (long long)shelter);
	text_add(t, ": %s", word(body, "text"));
}

static void
tell_postponed(const struct replay *r, const cJSON *body, struct text *t)
{
	(void)r;
	text_add(
	    t, "postponed 推迟: %lld s", (long long)number(body, "seconds", 0));
}

static const struct {
	const char *kind;
	const char *words; /* all there is to tell, or NULL */
	void (*tell)(const struct replay *, const cJSON *body, struct text *);
} tellers[] = {
	{ "drill.made", NULL, tell_made },
	{ "drill.imported", NULL, tell_imported },
	{ "drill.started", "started 开始", NULL },
	{ "drill.paused", "paused 暂停", NULL },
	{ "drill.resumed", "resumed 继续", NULL },
	{ "drill.postponed", NULL, tell_postponed },
	{ "drill.signal", NULL, tell_signal },
	{ "drill.inject", NULL, tell_inject },
	{ "drill.arrival", NULL, tell_arrivals },
	{ "drill.observed", NULL, tell_observed },
	{ "drill.ended", "ended 结束", NULL },
	{ NULL, NULL, NULL },
};

void
replay_words(const struct replay *r, const cJSON *event, struct text *t)
{
	const char *kind = word(event, "kind");
	int i = 0;

	while (tellers[i].kind && strcmp(tellers[i].kind, kind))
		i++;
	if (tellers[i].tell)
		tellers[i].tell(r, out_member(event, "body"), t);
	else
		text_add(t, "%s", tellers[i].kind ? tellers[i].words : kind);
}
