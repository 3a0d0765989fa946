/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a register file: encoding, records, values.  Beside memory
 * errors it holds the reader to its account: lines never go back, every byte
 * is reached, and a row that is made has finite coordinates.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "clients/shelterctl/clean.h"
#include "clients/shelterctl/csv.h"
#include "clients/shelterctl/encoding.h"
#include "clients/shelterctl/mapping.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require(int holds)
{
	if (!holds)
		abort();
}

static void
check_values(const char *field)
{
	char why[CLEAN_WHY];
	int64_t count = -1;
	double a = NAN, b = NAN;

	if (clean_count(field, &count, why))
		require(count >= 0 && count <= 1000000000);
	else
		require(strnlen(why, CLEAN_WHY) < CLEAN_WHY);
	if (clean_area(field, &a, why))
		require(a >= 0 && a <= 1e9);
	if (clean_coordinate(field, &a, why))
		require(isfinite(a));
	if (clean_pair(field, &a, &b, why))
		require(isfinite(a) && isfinite(b));
}

/* The text read as CSV; how many records it has. */
static size_t
check_records(const char *text, size_t len)
{
	struct csv c;
	struct csv_record r = { 0 };
	int64_t line = 0;
	size_t records = 0;

	csv_init(&c, text, len);
	while (csv_next(&c, &r)) {
		require(r.line > line && r.n > 0);
		line = r.line;
		for (size_t i = 0; i < r.n; i++)
			check_values(r.field[i]);
		if (records++ == 0)
			mapping_column("#1", r.field, r.n);
	}
	require(c.at == len);
	csv_record_release(&r);
	return records;
}

static void
check_mapping(const char *text)
{
	static const char *const header[] = { "id", "緯度", "經度 longitude" };
	char why[200];
	struct mapping *m = mapping_parse("fuzz", text, why, sizeof(why));

	if (m)
		mapping_fit(m, "shelters", header, 3);
	mapping_free(m);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *name;
	size_t len;
	char *text = encoding_to_utf8(data, size, &name, &len);

	if (!text)
		return 0;
	require(strlen(text) == len);
	check_records(text, len);
	check_mapping(text);
	free(text);
	return 0;
}
