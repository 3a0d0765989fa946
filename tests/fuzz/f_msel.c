/* SPDX-License-Identifier: MIT */
/*
 * Rows of a planner's table from outside: lines of cells apart by tabs.  A
 * second that is read is in a drill, and is the same written as h:mm:ss; a
 * refusal says where and why in whole characters; the rows that went in once
 * are the same the second time.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "drills/msel.h"
#include "drills/state.h"
#include "shelterd/net/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

enum { ROWS = 64 };

static const struct alarm_signal table[] = {
	{ "pre-alarm", "预先警报", "Pre-alarm", 36, 24, 3, 180, "", "B" },
	{ "air-raid", "空袭警报", "Air raid", 6, 6, 15, 180, "", "B" },
};

static int
is_utf8(const char *text)
{
	return utf8_check(text, strlen(text)) == strlen(text);
}

static void
check_second(int64_t second)
{
	char text[40], why[MSEL_WHY];
	int64_t again = -1;

	if (second < 0 || second > DRILL_MAX_SECONDS)
		abort();
	snprintf(text, sizeof(text), "%d:%02d:%02d", (int)(second / 3600),
	    (int)(second / 60 % 60), (int)(second % 60));
	if (msel_second(text, &again, why) != 0 || again != second)
		abort();
}

/* The next cell of a line; NULL: there is none. */
static const char *
cell(char **line)
{
	return *line ? strsep(line, "\t") : NULL;
}

static int
read_line(char *line, struct msel_entry *e, int clean)
{
	struct msel_wrong wrong = { .field = NULL };
	struct msel_cells c;

	c.at = cell(&line);
	c.kind = cell(&line);
	c.signal = cell(&line);
	c.who = cell(&line);
	c.text = cell(&line);
	c.ref = cell(&line);
	if (msel_read(&c, table, 2, e, &wrong) == 0) {
		check_second(e->planned_s);
		return 0;
	}
	if (!wrong.field || !wrong.why[0] || (clean && !is_utf8(wrong.why)))
		abort();
	return -1;
}

static void
match_twice(const struct msel_entry *rows, size_t n)
{
	struct msel_entry have[ROWS];
	struct msel_step first[ROWS], second[ROWS];
	char taken[ROWS];
	size_t nhave = 0;

	if (msel_match(have, 0, rows, n, 0, first, taken) != 0)
		return;
	for (size_t i = 0; i < n; i++) {
		if (first[i].outcome == MSEL_ADD)
			have[nhave++] = rows[i];
		else if (first[i].outcome != MSEL_REFUSE)
			abort();
	}
	if (msel_match(have, nhave, rows, n, 0, second, taken) != 0)
		return;
	for (size_t i = 0; i < n; i++)
		if (second[i].outcome !=
		    (first[i].outcome == MSEL_ADD ? MSEL_SAME : MSEL_REFUSE))
			abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1), *at = text, *line;
	struct msel_entry rows[ROWS];
	size_t n = 0;

	memcpy(text, data, size);
	text[size] = '\0';
	int clean = is_utf8(text);
	while (n < ROWS && (line = strsep(&at, "\n")) != NULL)
		n += read_line(line, &rows[n], clean) == 0;
	match_twice(rows, n);
	free(text);
	return 0;
}
