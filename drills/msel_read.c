/* SPDX-License-Identifier: MIT */
/*
 * One row of a planner's table: its second in the many ways people write one,
 * its kind, its signal.  Must not know of other rows.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "drills/msel.h"
#include "drills/state.h"

static const char *const kind_names[MSEL_KINDS] = { "signal", "order", "info" };

const char *
msel_kind_name(enum msel_kind k)
{
	return (unsigned)k < MSEL_KINDS ? kind_names[k] : "?";
}

/* The texts' common ASCII form: wide digits and signs become plain ones, blanks
 * go, letters become small.  0 when there is no room for all of it. */
static int
plain(const char *text, char *out, size_t size)
{
	static const struct {
		const char *wide;
		char c;
	} signs[] = { { "：", ':' }, { "＋", '+' }, { "－", '-' },
		{ "\xe2\x88\x92", '-' }, { "．", '.' }, { "\xe3\x80\x80", 0 },
		{ "\xc2\xa0", 0 }, { NULL, 0 } };
	size_t n = 0, i;

	while (*text != '\0' && n + 1 < size) {
		const unsigned char *p = (const unsigned char *)text;

		for (i = 0; signs[i].wide != NULL; i++)
			if (strncmp(text, signs[i].wide,
				strlen(signs[i].wide)) == 0)
				break;
		if (signs[i].wide != NULL) {
			text += strlen(signs[i].wide);
			if (signs[i].c != 0)
				out[n++] = signs[i].c;
		} else if (p[0] == 0xef && p[1] == 0xbc && p[2] >= 0x90 &&
			   p[2] <= 0x99) {
			out[n++] = (char)('0' + p[2] - 0x90);
			text += 3;
		} else {
			if (*text >= 'A' && *text <= 'Z')
				out[n++] = (char)(*text - 'A' + 'a');
			else if (strchr(" \t\r\n", *text) == NULL)
				out[n++] = *text;
			text++;
		}
	}
	out[n] = '\0';
	return *text == '\0';
}

enum msel_kind
msel_kind_of(const char *text)
{
	static const struct {
		const char *word;
		enum msel_kind kind;
	} words[] = {
		{ "signal", MSEL_SIGNAL },
		{ "alarm", MSEL_SIGNAL },
		{ "警报", MSEL_SIGNAL },
		{ "警報", MSEL_SIGNAL },
		{ "信号", MSEL_SIGNAL },
		{ "信號", MSEL_SIGNAL },
		{ "order", MSEL_ORDER },
		{ "command", MSEL_ORDER },
		{ "命令", MSEL_ORDER },
		{ "指令", MSEL_ORDER },
		{ "口令", MSEL_ORDER },
		{ "任务", MSEL_ORDER },
		{ "info", MSEL_INFO },
		{ "information", MSEL_INFO },
		{ "inject", MSEL_INFO },
		{ "event", MSEL_INFO },
		{ "情况", MSEL_INFO },
		{ "情況", MSEL_INFO },
		{ "通报", MSEL_INFO },
		{ "通報", MSEL_INFO },
		{ "消息", MSEL_INFO },
		{ "信息", MSEL_INFO },
		{ "导调", MSEL_INFO },
		{ "事件", MSEL_INFO },
	};
	char word[32];

	plain(text, word, sizeof(word));
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strcmp(word, words[i].word) == 0)
			return words[i].kind;
	return MSEL_KINDS;
}

/* As many bytes of a text as fit into `most` without cutting a character. */
static int
shown(const char *text, size_t most)
{
	size_t n = strlen(text);

	if (n <= most)
		return (int)n;
	for (n = most; n > 0 && ((unsigned char)text[n] & 0xc0) == 0x80;)
		n--;
	return (int)n;
}

/* A number of at most nine digits; where it ends, or NULL. */
static const char *
digits(const char *p, int64_t *n)
{
	size_t len = strspn(p, "0123456789");

	if (len == 0 || len > 9)
		return NULL;
	*n = strtoll(p, NULL, 10);
	return p + len;
}

/* A fraction of zeros may stand behind whole seconds; where it ends. */
static const char *
no_fraction(const char *p)
{
	if (*p == '.' && p[1] == '0')
		p += 1 + strspn(p + 1, "0");
	return p;
}

/* mm:ss or h:mm:ss */
static int
clock_second(const char *p, int64_t *second)
{
	int64_t part[3] = { 0 };
	int n = 0;

	while ((p = digits(p, &part[n])) != NULL) {
		n++;
		if (n == 3 || *p != ':')
			break;
		p++;
	}
	if (p == NULL || n < 2 || *no_fraction(p) != '\0')
		return -1;
	if (part[n - 1] > 59 || (n == 3 && part[1] > 59))
		return -1;
	*second = n == 3 ? part[0] * 3600 + part[1] * 60 + part[2]
			 : part[0] * 60 + part[1];
	return 0;
}

/* 1小时8分30秒, each unit at most once and the larger first; PT8M30S, too. */
static int
unit_second(const char *p, int64_t *second)
{
	static const struct {
		const char *word;
		int64_t seconds;
	} units[] = { { "小时", 3600 }, { "小時", 3600 }, { "时", 3600 },
		{ "時", 3600 }, { "h", 3600 }, { "分钟", 60 }, { "分鐘", 60 },
		{ "分", 60 }, { "min", 60 }, { "m", 60 }, { "秒", 1 },
		{ "sec", 1 }, { "s", 1 } };
	int64_t n, last = INT64_MAX;

	*second = 0;
	p += strncmp(p, "pt", 2) == 0 ? 2 : 0;
	while (*p != '\0') {
		size_t i = 0, end = sizeof(units) / sizeof(*units);

		if ((p = digits(p, &n)) == NULL)
			return -1;
		p = no_fraction(p);
		while (i < end &&
		       strncmp(p, units[i].word, strlen(units[i].word)) != 0)
			i++;
		if (i == end || units[i].seconds >= last)
			return -1;
		last = units[i].seconds;
		p += strlen(units[i].word);
		*second += n * last;
	}
	return last == INT64_MAX ? -1 : 0;
}

/* Plain seconds, or a sheet's share of a day. */
static int
number_second(const char *p, int64_t *second)
{
	enum { DAY = 86400, SHARE_DIGITS = 6 };
	const char *end = digits(p, second);
	size_t more;
	double s;

	if (end == NULL)
		return -1;
	if (*no_fraction(end) == '\0')
		return 0;
	more = *end == '.' ? strspn(end + 1, "0123456789") : 0;
	if (more < SHARE_DIGITS || end[1 + more] != '\0')
		return -1;
	s = strtod(p, NULL) * DAY;
	*second = (int64_t)(s + 0.5);
	s -= (double)*second;
	return s > -0.01 && s < 0.01 ? 0 : -1;
}

int
msel_second(const char *text, int64_t *second, char why[MSEL_WHY])
{
	char form[48];
	const char *p = form;
	int len = shown(text, 60), minus, whole;

	whole = plain(text, form, sizeof(form));
	if (form[0] == '\0') {
		snprintf(why, MSEL_WHY, "is empty");
		return -1;
	}
	if ((*p == 't' || *p == 'h') && (p[1] == '+' || p[1] == '-'))
		p++;
	minus = *p == '-';
	p += *p == '+' || *p == '-';
	if (!whole ||
	    (clock_second(p, second) != 0 && number_second(p, second) != 0 &&
		unit_second(p, second) != 0))
		snprintf(why, MSEL_WHY,
		    "'%.*s' is not whole seconds, mm:ss or h:mm:ss", len, text);
	else if (minus && *second > 0)
		snprintf(why, MSEL_WHY,
		    "'%.*s' is negative: nothing is before the start", len,
		    text);
	else if (*second > DRILL_MAX_SECONDS)
		snprintf(
		    why, MSEL_WHY, "'%.*s' is more than a week", len, text);
	else
		return 0;
	return -1;
}

static int wrong(struct msel_wrong *, const char *field, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static int
wrong(struct msel_wrong *w, const char *field, const char *fmt, ...)
{
	va_list ap;

	w->field = field;
	va_start(ap, fmt);
	vsnprintf(w->why, sizeof(w->why), fmt, ap);
	va_end(ap);
	return -1;
}

static int
empty(const char *text)
{
	char form[8];

	if (text != NULL)
		plain(text, form, sizeof(form));
	return text == NULL || form[0] == '\0';
}

/* The one signal whose Chinese name stands in the text (拉响空袭警报). */
static const struct alarm_signal *
named_in(const struct alarm_signal *table, size_t n, const char *text)
{
	const struct alarm_signal *found = NULL;

	for (size_t i = 0; i < n; i++) {
		if (strstr(text, table[i].zh) == NULL)
			continue;
		if (found != NULL)
			return NULL;
		found = &table[i];
	}
	return found;
}

/* Kind and signal: either may say the other. */
static int
read_kind(const struct msel_cells *c, const struct alarm_signal *table,
    size_t n, struct msel_entry *e, struct msel_wrong *w)
{
	const struct alarm_signal *a = NULL;

	e->kind = empty(c->kind) ? MSEL_KINDS : msel_kind_of(c->kind);
	if (!empty(c->kind) && e->kind == MSEL_KINDS &&
	    (a = alarm_named(table, n, c->kind)) == NULL)
		return wrong(w, "kind", "'%.*s' is not signal, order or info",
		    shown(c->kind, 60), c->kind);
	if (!empty(c->signal) &&
	    (e->kind == MSEL_ORDER || e->kind == MSEL_INFO))
		return wrong(w, "signal", "an inject of kind %s has no signal",
		    msel_kind_name(e->kind));
	if (!empty(c->signal) && (a = alarm_named(table, n, c->signal)) == NULL)
		return wrong(w, "signal", "no signal '%.*s'",
		    shown(c->signal, 60), c->signal);
	if (a == NULL && !empty(c->text) &&
	    (e->kind == MSEL_KINDS || e->kind == MSEL_SIGNAL))
		a = alarm_named(table, n, c->text);
	if (a == NULL && e->kind == MSEL_SIGNAL && !empty(c->text))
		a = named_in(table, n, c->text);
	if (e->kind == MSEL_SIGNAL && a == NULL)
		return wrong(w, "signal", "is empty");
	if (e->kind == MSEL_KINDS)
		e->kind = a != NULL ? MSEL_SIGNAL : MSEL_INFO;
	e->signal = a != NULL ? a->word : "";
	return 0;
}

/* Without the blanks around it. */
static int
read_ref(const char *text, struct msel_entry *e, struct msel_wrong *w)
{
	size_t n;

	e->ref[0] = '\0';
	if (empty(text))
		return 0;
	text += strspn(text, " \t\r\n");
	for (n = strlen(text); strchr(" \t\r\n", text[n - 1]) != NULL;)
		n--;
	if (n > MSEL_REF)
		return wrong(w, "id", "has more than %d bytes", MSEL_REF);
	memcpy(e->ref, text, n);
	e->ref[n] = '\0';
	return 0;
}

int
msel_read(const struct msel_cells *c, const struct alarm_signal *table,
    size_t n, struct msel_entry *e, struct msel_wrong *w)
{
	*e = (struct msel_entry){ .fired_s = -1, .signal = "" };
	e->who = empty(c->who) ? "" : c->who;
	e->text = empty(c->text) ? "" : c->text;
	w->field = "at";
	if (msel_second(c->at != NULL ? c->at : "", &e->planned_s, w->why) != 0)
		return -1;
	e->at_s = e->planned_s;
	if (read_kind(c, table, n, e, w) != 0 || read_ref(c->ref, e, w) != 0)
		return -1;
	if (e->kind != MSEL_SIGNAL && e->text[0] == '\0')
		return wrong(w, "text", "is empty");
	if (strlen(e->text) > MSEL_TEXT)
		return wrong(w, "text", "has more than %d bytes", MSEL_TEXT);
	if (strlen(e->who) > MSEL_WHO)
		return wrong(w, "who", "has more than %d bytes", MSEL_WHO);
	return 0;
}
