/* SPDX-License-Identifier: MIT */
/*
 * Reads etc/rules into struct rules.  Which number goes where, which text
 * goes into which field, is said by tables; a file that does not fit them is
 * refused as a whole, because a half-read rule table would change capacities
 * silently.
 */
#include "shelterd/rules.h"
#include "shelterd/rules_csv.h"
#include "shelterd/store/sha256.h"
#include <errno.h>
#include <math.h>
#include <sodium.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum kind { NUM, INT };

/* A number the daemon needs, and between which bounds it makes sense. */
struct number {
	const char *key;
	enum kind kind;
	size_t offset;
	double min, max;
};

static const struct number numbers[] = {
	{ "area_per_person", NUM,
	    offsetof(struct rules, capacity.area_per_person), 0.1, 100 },
	{ "door_width_per_hundred", NUM,
	    offsetof(struct rules, capacity.door_width_per_hundred), 0.01, 10 },
	{ "door_max_persons", INT,
	    offsetof(struct rules, capacity.door_max_persons), 1, 100000 },
	{ "built_density_low", NUM, offsetof(struct rules, built_density_low),
	    0, 100 },
	{ "built_density_high", NUM, offsetof(struct rules, built_density_high),
	    0, 100 },
	{ "walking_speed", NUM, offsetof(struct rules, walking_speed), 0.1,
	    10 },
	{ "door_flow", NUM, offsetof(struct rules, door_flow), 0.01, 10 },
	{ "wheelchair_speed", NUM, offsetof(struct rules, wheelchair_speed),
	    0.1, 10 },
	{ "snap_reach", NUM, offsetof(struct rules, snap_reach), 1, 10000 },
	{ "cover_radius", NUM, offsetof(struct rules, cover_radius), 1,
	    100000 },
	{ "alarm_gap", NUM, offsetof(struct rules, alarm_gap), 1, 86400 },
	{ "notice_days", INT, offsetof(struct rules, notice_days), 1, 3650 },
};

static const char *const value_files[] = { "capacity.csv", "walking.csv",
	"coverage.csv", "times.csv" };

static const char *const trusts[] = { "A", "B", "C", "D", "U" };

/* A column of a table whose rows are structs. */
struct column {
	const char *name;
	enum { TEXT, COUNT, FACTOR, EFFECT, TRUST, CYCLE } type;
	size_t offset, size;
};

#define TEXT_OF(t, m) TEXT, offsetof(struct t, m), sizeof(((struct t *)0)->m)
static const struct column alarm_columns[] = {
	{ "word", TEXT_OF(alarm_signal, word) },
	{ "zh", TEXT_OF(alarm_signal, zh) },
	{ "en", TEXT_OF(alarm_signal, en) },
	{ "on_s", COUNT, offsetof(struct alarm_signal, on_s), 0 },
	{ "off_s", COUNT, offsetof(struct alarm_signal, off_s), 0 },
	{ "cycles", COUNT, offsetof(struct alarm_signal, cycles), 0 },
	{ "total_s", COUNT, offsetof(struct alarm_signal, total_s), 0 },
	{ "source", TEXT_OF(alarm_signal, source) },
	{ "trust", TRUST, offsetof(struct alarm_signal, trust), 4 },
	{ NULL, TEXT, 0, 0 }
};

static const struct column checklist_columns[] = {
	{ "id", TEXT_OF(checklist_item, id) },
	{ "discipline", TEXT_OF(checklist_item, discipline) },
	{ "zh", TEXT_OF(checklist_item, zh) },
	{ "en", TEXT_OF(checklist_item, en) },
	{ "clause", TEXT_OF(checklist_item, clause) },
	{ "clause_zh", TEXT_OF(checklist_item, clause_zh) },
	{ "severity", TEXT_OF(checklist_item, severity) },
	{ "effect", EFFECT, offsetof(struct checklist_item, effect), 0 },
	{ "factor", FACTOR, offsetof(struct checklist_item, factor), 0 },
	{ "trust", TRUST, offsetof(struct checklist_item, trust), 4 },
	{ NULL, TEXT, 0, 0 }
};

static const struct column cycle_columns[] = { { "id",
						   TEXT_OF(cycle_item, id) },
	{ "zh", TEXT_OF(cycle_item, zh) }, { "en", TEXT_OF(cycle_item, en) },
	{ "routine", CYCLE, offsetof(struct cycle_item, cycle[WORK_ROUTINE]),
	    0 },
	{ "special", CYCLE, offsetof(struct cycle_item, cycle[WORK_SPECIAL]),
	    0 },
	{ "replace", CYCLE, offsetof(struct cycle_item, cycle[WORK_REPLACE]),
	    0 },
	{ "checks", TEXT_OF(cycle_item, checks) },
	{ "clause", TEXT_OF(cycle_item, clause) },
	{ "trust", TRUST, offsetof(struct cycle_item, trust), 4 },
	{ NULL, TEXT, 0, 0 } };

/* Where an error sentence goes. */
struct place {
	const struct csv *csv;
	size_t row;
	int col;
	char *err;
	size_t errsize;
};

#define FAIL(at, ...)                                                       \
	csv_fail((at)->csv, (at)->row, (at)->col, (at)->err, (at)->errsize, \
	    __VA_ARGS__)

static int
parse_number(const struct place *at, const char *text, double min, double max,
    double *out)
{
	char *end = NULL;
	errno = 0;
	double v = strtod(text, &end);
	if (end == text || *end || errno || !isfinite(v))
		return FAIL(at, "'%s' is no number", text);
	if (v < min || v > max)
		return FAIL(at, "%s is not between %g and %g", text, min, max);
	*out = v;
	return 0;
}

static int
check_trust(const struct place *at, const char *text)
{
	for (size_t i = 0; i < sizeof(trusts) / sizeof(*trusts); i++)
		if (strcmp(text, trusts[i]) == 0)
			return 0;
	return FAIL(at, "trust '%s' is none of A, B, C, D, U", text);
}

static int
parse_effect(
    const struct place *at, const char *text, enum derating_effect *out)
{
	enum derating_effect e = derating_effect_parse(text);
	if (strcmp(derating_effect_name(e), text) != 0)
		return FAIL(at, "'%s' is no effect", text);
	*out = e;
	return 0;
}

static int
parse_cycle(const struct place *at, const char *text, enum schedule_cycle *out)
{
	*out = schedule_cycle_parse(text);
	if (*out == CYCLES)
		return FAIL(at, "'%s' is no cycle", text);
	return 0;
}

static int
parse_cell(
    const struct place *at, const struct column *c, const char *text, char *row)
{
	double v = 0;
	switch (c->type) {
	case TRUST:
		if (check_trust(at, text) < 0)
			return -1;
		/* fallthrough */
	case TEXT:
		if (strlen(text) >= c->size)
			return FAIL(at, "longer than %zu bytes", c->size - 1);
		strcpy(row + c->offset, text);
		return 0;
	case COUNT:
		if (parse_number(at, text, 0, 86400, &v) < 0)
			return -1;
		if (v != floor(v))
			return FAIL(at, "'%s' is no whole number", text);
		*(int64_t *)(void *)(row + c->offset) = (int64_t)v;
		return 0;
	case FACTOR:
		if (*text && parse_number(at, text, 0, 1, &v) < 0)
			return -1;
		*(double *)(void *)(row + c->offset) = *text ? v : 1;
		return 0;
	case EFFECT:
		return parse_effect(at, text, (void *)(row + c->offset));
	case CYCLE:
		return parse_cycle(at, text, (void *)(row + c->offset));
	}
	return 0;
}

static int
need_column(const struct csv *csv, const char *name, char *err, size_t errsize)
{
	int col = csv_column(csv, name);
	if (col < 0)
		snprintf(err, errsize, "%s:1: no column %s", csv->path, name);
	return col;
}

static int
parse_rows(const struct csv *csv, const struct column *columns, size_t size,
    char *rows, char *err, size_t errsize)
{
	for (const struct column *c = columns; c->name; c++) {
		struct place at = { csv, 0, 0, err, errsize };
		at.col = need_column(csv, c->name, err, errsize);
		if (at.col < 0)
			return -1;
		for (at.row = 0; at.row < csv->nrows; at.row++)
			if (parse_cell(&at, c, csv_cell(csv, at.row, at.col),
				rows + at.row * size) < 0)
				return -1;
	}
	return 0;
}

/* Remembers which file it was. */
static void
note_file(struct rules *r, const char *name, const struct csv *csv)
{
	size_t i = 0;

	while (r->file[i].name)
		i++;
	r->file[i].name = name;
	sodium_bin2hex(r->file[i].hash, sizeof(r->file[i].hash), csv->hash,
	    sizeof(csv->hash));
}

static int
load_table(struct rules *r, const char *dir, const char *file,
    const struct column *columns, size_t size, void **rows, size_t *n,
    char *err, size_t errsize)
{
	char path[4096];
	struct csv csv = { 0 };
	int result = -1;

	snprintf(path, sizeof(path), "%s/%s", dir, file);
	if (csv_load(&csv, path, err, errsize) < 0)
		goto out;
	*rows = calloc(csv.nrows + 1, size);
	if (!*rows) {
		snprintf(err, errsize, "%s: out of memory", path);
		goto out;
	}
	*n = csv.nrows;
	note_file(r, file, &csv);
	result = parse_rows(&csv, columns, size, *rows, err, errsize);
out:
	csv_release(&csv);
	return result;
}

static int
add_value(struct rules *r, const struct csv *csv, size_t row, const int *cols)
{
	struct rule_value *v =
	    realloc(r->values, (r->nvalues + 1) * sizeof(*v));
	if (!v)
		return -1;
	r->values = v;
	v += r->nvalues++;
	v->key = strdup(csv_cell(csv, row, cols[0]));
	v->value = strdup(csv_cell(csv, row, cols[1]));
	v->unit = strdup(csv_cell(csv, row, cols[2]));
	v->source = strdup(csv_cell(csv, row, cols[3]));
	v->trust = strdup(csv_cell(csv, row, cols[4]));
	v->note = strdup(csv_cell(csv, row, cols[5]));
	if (!v->key || !v->value || !v->unit || !v->source || !v->trust ||
	    !v->note)
		return -1;
	return 0;
}

static int
take_number(struct rules *r, const struct place *at, const struct number *n,
    const char *text)
{
	double v = 0;
	if (parse_number(at, text, n->min, n->max, &v) < 0)
		return -1;
	if (n->kind == INT && v != floor(v))
		return FAIL(at, "'%s' is no whole number", text);
	if (n->kind == INT)
		*(int64_t *)(void *)((char *)r + n->offset) = (int64_t)v;
	else
		*(double *)(void *)((char *)r + n->offset) = v;
	return 0;
}

static int
take_value(struct rules *r, const struct csv *csv, size_t row, const int *cols,
    char *err, size_t errsize)
{
	struct place at = { csv, row, cols[0], err, errsize };
	const char *key = csv_cell(csv, row, cols[0]);

	if (!*key || rules_value(r, key))
		return FAIL(&at, "key '%s' is empty or stands twice", key);
	at.col = cols[4];
	if (check_trust(&at, csv_cell(csv, row, cols[4])) < 0)
		return -1;
	at.col = cols[1];
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		if (strcmp(numbers[i].key, key) == 0 &&
		    take_number(
			r, &at, &numbers[i], csv_cell(csv, row, cols[1])) < 0)
			return -1;
	if (add_value(r, csv, row, cols) < 0)
		return FAIL(&at, "out of memory");
	return 0;
}

static int
load_values(struct rules *r, const char *dir, const char *file, char *err,
    size_t errsize)
{
	static const char *const names[] = { "key", "value", "unit", "source",
		"trust", "note" };
	char path[4096];
	int cols[6], result = -1;
	struct csv csv = { 0 };

	snprintf(path, sizeof(path), "%s/%s", dir, file);
	if (csv_load(&csv, path, err, errsize) < 0)
		goto out;
	for (int i = 0; i < 6; i++) {
		cols[i] = need_column(&csv, names[i], err, errsize);
		if (cols[i] < 0)
			goto out;
	}
	note_file(r, file, &csv);
	for (size_t row = 0; row < csv.nrows; row++)
		if (take_value(r, &csv, row, cols, err, errsize) < 0)
			goto out;
	result = 0;
out:
	csv_release(&csv);
	return result;
}

static int
all_present(const struct rules *r, const char *dir, char *err, size_t errsize)
{
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		if (rules_value(r, numbers[i].key))
			continue;
		snprintf(err, errsize, "%s: no row with key %s", dir,
		    numbers[i].key);
		return -1;
	}
	return 0;
}

static int
check_signals(const struct rules *r, const char *dir, char *err, size_t errsize)
{
	for (size_t i = 0; i < r->nsignals; i++) {
		if (alarm_consistent(&r->signals[i]))
			continue;
		snprintf(err, errsize,
		    "%s/alarms.csv: the cycles of %s do not fill its total_s",
		    dir, r->signals[i].word);
		return -1;
	}
	return 0;
}

static int
load_cycles(struct rules *r, const char *dir, char *err, size_t errsize)
{
	void *rows = NULL;
	int result = load_table(r, dir, "cycles.csv", cycle_columns,
	    sizeof(*r->cycles), &rows, &r->ncycles, err, errsize);
	char why[160];

	r->cycles = rows;
	for (size_t i = 0; result == 0 && i < r->ncycles; i++) {
		if (!cycle_resolve(
			&r->cycles[i], r->items, r->nitems, why, sizeof(why)))
			continue;
		snprintf(err, errsize, "%s/cycles.csv: %s", dir, why);
		result = -1;
	}
	return result;
}

static int
load_all(struct rules *r, const char *dir, char *err, size_t errsize)
{
	void *rows = NULL;
	for (size_t i = 0; i < sizeof(value_files) / sizeof(*value_files); i++)
		if (load_values(r, dir, value_files[i], err, errsize) < 0)
			return -1;
	if (all_present(r, dir, err, errsize) < 0)
		return -1;
	int result = load_table(r, dir, "alarms.csv", alarm_columns,
	    sizeof(*r->signals), &rows, &r->nsignals, err, errsize);
	r->signals = rows;
	if (result < 0 || check_signals(r, dir, err, errsize) < 0)
		return -1;
	rows = NULL;
	result = load_table(r, dir, "checklists.csv", checklist_columns,
	    sizeof(*r->items), &rows, &r->nitems, err, errsize);
	r->items = rows;
	return result < 0 ? result : load_cycles(r, dir, err, errsize);
}

static void
hash_all(struct rules *r)
{
	char all[RULES_FILES * 64 + 1] = "";
	unsigned char hash[SHA256_BYTES];

	for (size_t i = 0; i < RULES_FILES; i++)
		memcpy(all + i * 64, r->file[i].hash, 64);
	sha256(hash, all, RULES_FILES * 64);
	sodium_bin2hex(r->hash, sizeof(r->hash), hash, sizeof(hash));
}

struct rules *
rules_load(const char *dir, char *err, size_t errsize)
{
	struct rules *r = calloc(1, sizeof(*r));
	if (!r) {
		snprintf(err, errsize, "out of memory");
		return NULL;
	}
	if (load_all(r, dir, err, errsize) < 0) {
		rules_free(r);
		return NULL;
	}
	hash_all(r);
	return r;
}

void
rules_free(struct rules *r)
{
	if (!r)
		return;
	for (size_t i = 0; i < r->nvalues; i++) {
		struct rule_value *v = &r->values[i];
		free(v->key);
		free(v->value);
		free(v->unit);
		free(v->source);
		free(v->trust);
		free(v->note);
	}
	free(r->values);
	free(r->signals);
	free(r->items);
	free(r->cycles);
	free(r);
}

const struct rule_value *
rules_value(const struct rules *r, const char *key)
{
	for (size_t i = 0; i < r->nvalues; i++)
		if (strcmp(r->values[i].key, key) == 0)
			return &r->values[i];
	return NULL;
}
