/* SPDX-License-Identifier: MIT */
/*
 * Matching: the rules one by one, and as properties of random registers full
 * of repetitions, in any order, with changed rows among them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "shelterd/import/import_match.h"

enum { MAX = 400 };

static unsigned char contents[256][CONTENT_HASH];

static struct match_key
key(const char *identity, int content, const char *source)
{
	contents[content][0] = (unsigned char)content;
	return (struct match_key){ .identity = identity,
		.source = source,
		.content = contents[content],
		.latest = true };
}

/* Every claim has an owner of its own. */
static int
match(struct match_key *stored, size_t n, const struct match_key *rows,
    size_t nrows, struct match *out)
{
	for (size_t i = 0; i < n; i++)
		stored[i].owner = i;
	struct match_claims c = { stored, n, n, true };
	return match_rows(&c, rows, nrows, out);
}

static void
rules(void **state)
{
	(void)state;
	struct match_key stored[] = {
		key("a", 1, "old.csv"),
		key("a", 1, "new.csv"),
		key("b", 2, "old.csv"),
		key("", 3, "old.csv"),
	};
	const struct match_key rows[] = {
		key("a", 1, "new.csv"),	  /* same file first */
		key("a", 1, "third.csv"), /* any other */
		key("a", 1, "new.csv"),	  /* nothing left: new */
		key("b", 9, "other.csv"), /* changed */
		key("", 8, "old.csv"),	  /* nobody's identity */
		key("", 3, "other.csv"),  /* but equal */
	};
	const struct match want[] = {
		{ MATCH_SAME, 1 },
		{ MATCH_SAME, 0 },
		{ MATCH_NEW, 0 },
		{ MATCH_CHANGED, 2 },
		{ MATCH_NEW, 0 },
		{ MATCH_SAME, 3 },
	};
	struct match got[6];
	assert_int_equal(match(stored, 4, rows, 6, got), 0);
	for (int i = 0; i < 6; i++) {
		assert_int_equal(got[i].how, want[i].how);
		if (want[i].how != MATCH_NEW)
			assert_int_equal(got[i].claim, want[i].claim);
	}
}

/* Two files that say the same of one owner, and one that fights. */
static void
claims(void **state)
{
	(void)state;
	struct match_key said[] = { key("a", 1, "f.csv"), key("a", 1, "g.csv"),
		key("b", 2, "f.csv"), key("b", 3, "g.csv") };
	struct match_claims c = { said, 4, 2, true };
	struct match got[4];
	said[2].owner = said[3].owner = 1;
	said[2].latest = false; /* g.csv spoke last of b */
	/* Everything again, together: nothing changes. */
	assert_int_equal(match_rows(&c, said, 4, got), 0);
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(got[i].how, MATCH_SAME);
		assert_int_equal(got[i].claim, i);
	}
	/* A third file: equal to what was said last, once per owner. */
	const struct match_key third[] = { key("a", 1, "h.csv"),
		key("a", 1, "h.csv"), key("b", 2, "h.csv") };
	assert_int_equal(match_rows(&c, third, 3, got), 0);
	assert_int_equal(got[0].how, MATCH_SAME);
	assert_int_equal(got[1].how, MATCH_NEW);
	assert_int_equal(got[2].how, MATCH_CHANGED); /* of the past */
	c.others = false;
	assert_int_equal(match_rows(&c, third, 3, got), 0);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(got[i].how, MATCH_NEW);
}

static void
shuffle(struct match_key *k, size_t n)
{
	for (size_t i = n; i > 1; i--) {
		size_t j = (size_t)rand() % i;
		struct match_key t = k[i - 1];
		k[i - 1] = k[j];
		k[j] = t;
	}
}

static size_t
count(const struct match *m, size_t n, enum match_how how)
{
	size_t c = 0;
	for (size_t i = 0; i < n; i++)
		c += m[i].how == how;
	return c;
}

static void
nobody_twice(const struct match *m, size_t n)
{
	static bool seen[MAX];
	memset(seen, 0, sizeof(seen));
	for (size_t i = 0; i < n; i++) {
		if (m[i].how == MATCH_NEW)
			continue;
		assert_false(seen[m[i].claim]);
		seen[m[i].claim] = true;
	}
}

static void
permuted(void **state)
{
	static const char *const names[] = { "", "a", "b", "c", "d", "e" };
	static const char *const files[] = { "1.csv", "2.csv", "3.csv" };
	static struct match_key stored[MAX], rows[MAX];
	static struct match m[MAX];
	(void)state;
	srand(7);
	for (int round = 0; round < 300; round++) {
		size_t n = (size_t)rand() % 200;
		for (size_t i = 0; i < n; i++)
			stored[i] = key(
			    names[rand() % 6], rand() % 30, files[rand() % 3]);
		memcpy(rows, stored, n * sizeof(*rows));
		shuffle(rows, n);
		/* The same rows in any order: all unchanged. */
		assert_int_equal(match(stored, n, rows, n, m), 0);
		assert_int_equal(count(m, n, MATCH_SAME), n);
		nobody_twice(m, n);
		for (size_t i = 0; i < n; i++)
			assert_string_equal(
			    stored[m[i].claim].source, rows[i].source);
		/* One file alone: its rows, and they are its own. */
		size_t k = 0;
		for (size_t i = 0; i < n; i++)
			if (strcmp(stored[i].source, "2.csv") == 0)
				rows[k++] = stored[i];
		assert_int_equal(match(stored, n, rows, k, m), 0);
		assert_int_equal(count(m, k, MATCH_SAME), k);
		/* Some changed, some new: what is found is found once, and
		 * nothing that is left equal is called changed. */
		memcpy(rows, stored, n * sizeof(*rows));
		for (size_t i = 0; i < n; i += 3)
			rows[i] = key(
			    rows[i].identity, 40 + rand() % 30, rows[i].source);
		rows[n] = key("new", 99, "1.csv");
		shuffle(rows, n + 1);
		assert_int_equal(match(stored, n, rows, n + 1, m), 0);
		nobody_twice(m, n + 1);
		assert_int_equal(count(m, n + 1, MATCH_SAME), n - (n + 2) / 3);
		assert_true(count(m, n + 1, MATCH_NEW) >= 1);
	}
}

/* Ten thousand equal rows must not take the square of it. */
static void
many_equal(void **state)
{
	enum { N = 200000 };
	struct match_key *k = calloc(N, sizeof(*k));
	struct match *m = calloc(N, sizeof(*m));
	(void)state;
	for (int i = 0; i < N; i++)
		k[i] = key("same", 5, "f");
	assert_int_equal(match(k, N, k, N, m), 0);
	assert_int_equal(count(m, N, MATCH_SAME), N);
	free(k);
	free(m);
}

static void
first(void **state)
{
	const struct match_bytes keys[] = { { "x", 1 }, { NULL, 0 },
		{ "xy", 2 }, { "x", 1 }, { NULL, 0 }, { "xy", 2 }, { "x", 1 } };
	const size_t want[] = { 0, 1, 2, 0, 4, 2, 0 };
	size_t got[7];
	(void)state;
	assert_int_equal(match_first(keys, 7, got), 0);
	for (int i = 0; i < 7; i++)
		assert_int_equal(got[i], want[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rules),
		cmocka_unit_test(claims),
		cmocka_unit_test(permuted),
		cmocka_unit_test(many_equal),
		cmocka_unit_test(first),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
