/* SPDX-License-Identifier: MIT */
/* shelterctl drill compare: two drills side by side, as the daemon computed
   them from the log. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "clients/shelterctl/ask.h"
#include "clients/shelterctl/cmd.h"
#include "clients/shelterctl/cmd_drill.h"
#include "clients/shelterctl/file.h"

/* How the daemon's numbers are called; shares are shown in per cent. */
static const struct {
	const char *name, *label;
	bool share;
} labels[] = {
	{ "share", "arrived 到达率 %", true },
	{ "first_s", "first after s 首位到达", false },
	{ "t50_s", "50 % after s 半数到达", false },
	{ "t90_s", "90 % after s 九成到达", false },
	{ "last_s", "last after s 末位到达", false },
	{ "in_time_share", "in by air raid 空袭前到达 %", true },
	{ "signal_delay_s", "signals off by s 警报偏差", false },
	{ "injects_done_share", "injects done 情况完成 %", true },
	{ "injects_late", "injects late 情况迟发", false },
	{ "observations", "observations 观察", false },
	{ NULL, NULL, false },
};

static const struct column sides_columns[] = {
	{ "what", "what", false },
	{ "a", "A", true },
	{ "b", "B", true },
	{ "difference", "difference", true },
	{ "verdict", "B is", false },
	{ 0 },
};
static const struct column signal_columns[] = {
	{ "signal", "signal", false },
	{ "zh", "警报", false },
	{ "a.planned_s", "A due s", true },
	{ "a.at_s", "A at s", true },
	{ "a.delay_s", "A delay", true },
	{ "b.planned_s", "B due s", true },
	{ "b.at_s", "B at s", true },
	{ "b.delay_s", "B delay", true },
	{ "difference_s", "difference", true },
	{ 0 },
};
static const struct column shelter_columns[] = {
	{ "id", "id", true },
	{ "name", "name", false },
	{ "a.planned", "A planned", true },
	{ "a.actual", "A arrived", true },
	{ "a.t90_s", "A 90 %", true },
	{ "b.planned", "B planned", true },
	{ "b.actual", "B arrived", true },
	{ "b.t90_s", "B 90 %", true },
	{ "difference.actual", "more", true },
	{ "verdict", "B is", false },
	{ 0 },
};

static cJSON *
add_line(cJSON *lines, const char *what)
{
	cJSON *line = cmd_body("what", what);

	cJSON_AddItemToArray(lines, line);
	return line;
}

static void
add_value(cJSON *line, const char *name, const cJSON *v, bool share)
{
	if (cJSON_IsNumber(v))
		cJSON_AddNumberToObject(line, name,
		    share ? round(v->valuedouble * 1000) / 10 : v->valuedouble);
}

/* A number of both sides that the measures do not have. */
static void
add_counts(cJSON *lines, const cJSON *answer, const char *key, const char *what)
{
	const cJSON *a = out_member(out_member(answer, "a"), key);
	const cJSON *b = out_member(out_member(answer, "b"), key);
	cJSON *line = add_line(lines, what);

	add_value(line, "a", a, false);
	add_value(line, "b", b, false);
	if (cJSON_IsNumber(a) && cJSON_IsNumber(b))
		cJSON_AddNumberToObject(
		    line, "difference", b->valuedouble - a->valuedouble);
}

static void
add_measure(cJSON *lines, const cJSON *m)
{
	const char *name = cJSON_GetStringValue(out_member(m, "name"));
	int i = 0;

	while (labels[i].name && strcmp(labels[i].name, name ? name : ""))
		i++;
	cJSON *line = add_line(lines, labels[i].name ? labels[i].label : name);
	add_value(line, "a", out_member(m, "a"), labels[i].share);
	add_value(line, "b", out_member(m, "b"), labels[i].share);
	add_value(
	    line, "difference", out_member(m, "difference"), labels[i].share);
	cmd_add_text(
	    line, "verdict", cJSON_GetStringValue(out_member(m, "verdict")));
}

static void
show_sides(struct call *c, const cJSON *answer)
{
	cJSON *lines = cJSON_CreateArray();
	const cJSON *m;

	add_counts(lines, answer, "planned", "people planned 应到");
	add_counts(lines, answer, "actual", "people arrived 实到");
	cJSON_ArrayForEach(m, out_member(answer, "measures"))
	    add_measure(lines, m);
	c->out->list(c->out, lines, sides_columns);
	cJSON_Delete(lines);
}

/* Which drill a letter is, and whether it is over. */
static void
note_side(struct call *c, const cJSON *answer, const char *key)
{
	const cJSON *side = out_member(answer, key);
	char *drill = out_value(out_member(side, "drill"));
	char *title = out_value(out_member(side, "title"));
	char *until = out_value(out_member(side, "up_to_s"));
	bool ended = cJSON_IsTrue(out_member(side, "ended"));

	c->out->note(c->out, "%c = %s %s%s%s%s", *key == 'a' ? 'A' : 'B',
	    drill ? drill : "", title ? title : "",
	    ended ? "" : " (has not ended 尚未结束: up to second 截至 ",
	    ended   ? ""
	    : until ? until
		    : "",
	    ended ? "" : ")");
	free(drill);
	free(title);
	free(until);
}

static void
note_names(
    struct call *c, const cJSON *answer, const char *key, const char *what)
{
	struct text t = { 0 };
	const cJSON *one;

	cJSON_ArrayForEach(one, out_member(answer, key))
	{
		char *name = out_value(out_member(one, "name"));
		text_add(&t, "%s%s", t.n ? ", " : "", name ? name : "");
		free(name);
	}
	if (t.n)
		c->out->note(c->out, "%s: %s", what, t.p);
	text_free(&t);
}

static void
show_text(struct call *c, const cJSON *answer)
{
	struct out *o = c->out;
	const char *verdict =
	    cJSON_GetStringValue(out_member(answer, "verdict"));

	note_side(c, answer, "a");
	note_side(c, answer, "b");
	show_sides(c, answer);
	o->list(o, out_member(answer, "signals"), signal_columns);
	o->list(o, out_member(answer, "shelters"), shelter_columns);
	o->note(o, "B beside A 总体: %s", verdict ? verdict : "-");
	note_names(c, answer, "better", "better 进步");
	note_names(c, answer, "worse", "worse 退步");
	note_names(c, answer, "mixed", "mixed 有进有退");
}

enum outcome
drill_compare(struct call *c)
{
	char *a = ask_path("%s", c->operand[0]);
	char *b = ask_path("%s", c->operand[1]), *path = NULL;
	struct shelter_reply r;

	if (a && b && asprintf(&path, "/v1/drills/%s/compare/%s", a, b) < 0)
		path = NULL;
	free(a);
	free(b);
	if (!ask(c, "GET", path, NULL, NULL, &r))
		return REFUSED;
	c->out->note(c->out, "EXERCISE 演练");
	if (c->out->json)
		c->out->object(c->out, r.json, NULL);
	else
		show_text(c, r.json);
	shelter_reply_release(&r);
	return DONE;
}
