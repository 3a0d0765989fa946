/* SPDX-License-Identifier: MIT */
/*
 * Alarm signals as patterns of tone and silence, and the words they go by.
 * Knows no rule numbers of its own: they come in with the signal's row of
 * etc/rules/alarms.csv.  Must not know of drills, clocks or sirens.
 */
#include <string.h>
#include "drills/alarm.h"

/* A signal is over after total_s even if its cycles would go on. */
int
alarm_sounds(const struct alarm_signal *a, int64_t t)
{
	int64_t period = a->on_s + a->off_s;

	if (t < 0 || t >= a->total_s || a->on_s <= 0)
		return 0;
	if (period <= 0 || t / period >= a->cycles)
		return 0;
	return t % period < a->on_s;
}

/* NULL if no signal of the table goes by this word. */
const struct alarm_signal *
alarm_find(const struct alarm_signal *table, size_t n, const char *word)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(table[i].word, word) == 0)
			return &table[i];
	return NULL;
}

/* Bytes of a blank that this begins with, also the ideographic one; 0. */
static size_t
blank(const char *p)
{
	if (*p == ' ' || *p == '\t' || *p == '\r' || *p == '\n')
		return 1;
	return strncmp(p, "\xe3\x80\x80", 3) == 0 ? 3 : 0;
}

/* ASCII in lower case; blanks and hyphens are one. */
static int
folded(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A' + 'a';
	return c == '_' || c == ' ' ? '-' : c;
}

/* Is the text, up to blanks at its end, the first n bytes of the name? */
static int
is_name(const char *text, const char *name, size_t n)
{
	size_t i = 0;

	while (i < n && text[i] != '\0' && folded(text[i]) == folded(name[i]))
		i++;
	if (i < n || n == 0)
		return 0;
	for (text += n; blank(text) > 0;)
		text += blank(text);
	return *text == '\0';
}

const struct alarm_signal *
alarm_named(const struct alarm_signal *table, size_t n, const char *text)
{
	static const char alarm[] = "警报";
	size_t tail = sizeof(alarm) - 1;

	while (blank(text) > 0)
		text += blank(text);
	for (size_t i = 0; i < n; i++) {
		const struct alarm_signal *a = &table[i];
		size_t zh = strlen(a->zh);

		if (is_name(text, a->word, strlen(a->word)) ||
		    is_name(text, a->en, strlen(a->en)) ||
		    is_name(text, a->zh, zh) ||
		    (zh > tail && strcmp(a->zh + zh - tail, alarm) == 0 &&
			is_name(text, a->zh, zh - tail)))
			return a;
	}
	return NULL;
}

/* A signal keeps its promise when its cycles fill exactly its length. */
int
alarm_consistent(const struct alarm_signal *a)
{
	enum { DAY = 86400 };

	if (a->on_s <= 0 || a->off_s < 0 || a->cycles <= 0)
		return 0;
	if (a->on_s > DAY || a->off_s > DAY || a->cycles > DAY)
		return 0;
	return (a->on_s + a->off_s) * a->cycles == a->total_s;
}
