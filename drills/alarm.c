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
