/* SPDX-License-Identifier: MIT */
/*
 * Coverage with capacity and by minutes, carried from one data version to the
 * next, against one computed anew: the same to the last seat of every home.
 * Random districts and edits; several asks side by side, each of which skips
 * versions now and then and goes back to an older one.  What-ifs on what was
 * carried tell what they tell on a base of their own.  Older coverages stay as
 * they were.
 */
#include "shelterd/map/coverage_base.h"
#include "shelterd/map/whatif.h"
#include "tests/unit/shelterd/edited_district.h"

enum { DISTRICTS = 16, EDITS = 50, ASKS = 5 };

/* ---- comparing ---- */

static void
same(const struct coverage *kept, const struct coverage *cold)
{
	const struct coverage_totals *a = coverage_totals(kept);
	const struct coverage_totals *b = coverage_totals(cold);
	size_t n, m;
	const struct coverage_home *x = coverage_homes(kept, &n);
	const struct coverage_home *y = coverage_homes(cold, &m);

	assert_int_equal(n, m);
	for (size_t i = 0; i < n; i++) {
		assert_ptr_equal(x[i].home, y[i].home);
		assert_true(x[i].share == y[i].share);
		assert_int_equal(x[i].covered, y[i].covered);
		assert_int_equal(x[i].placed, y[i].placed);
	}
	assert_int_equal(a->people, b->people);
	assert_int_equal(a->covered, b->covered);
	assert_int_equal(a->placed, b->placed);
	assert_true(a->exact == b->exact);
	assert_true(fabs(a->area - b->area) <= 1e-9 * b->area);
	assert_int_equal(a->usable_shelters, b->usable_shelters);
	assert_int_equal(a->places, b->places);
	assert_int_equal(a->data_version, b->data_version);
	assert_int_equal(a->capacity, b->capacity);
	assert_string_equal(a->hash, b->hash);
}

static struct coverage *
get(const struct snapshot *s, const struct coverage_ask *ask, bool cold)
{
	struct gis_fail fail = { -1, "" };
	struct coverage *c;
	int r = (cold ? coverage_make : coverage_get)(
	    s, ask, NULL, NULL, &c, &fail);

	if (r != 0)
		fail_msg("%s",
		    r == COVERAGE_GEOMETRY ? fail.what : assign_strerror(r));
	return c;
}

static struct whatif
ask_whatif(const struct snapshot *s, const struct whatif_ask *ask)
{
	struct gis_fail fail = { -1, "" };
	struct whatif w;

	assert_int_equal(whatif_make(s, ask, &w, &fail), 0);
	return w;
}

/* Another text for the same shelters has a base of its own. */
static void
same_whatif(const struct snapshot *s, const struct coverage_ask *ask)
{
	int64_t close[6], repair[6];
	struct whatif_site open[2] = { { somewhere(), 30 },
		{ somewhere(), 5 } };
	struct whatif_ask a = { *ask, rules->snap_reach, close, repair, open, 6,
		6, 2 };
	struct whatif w[2];
	char text[64];

	for (int i = 0; i < 6; i++) {
		close[i] = 1 + (int64_t)(chance() * (double)nshelters);
		repair[i] = 1 + (int64_t)(chance() * (double)nshelters);
	}
	w[0] = ask_whatif(s, &a);
	snprintf(text, sizeof(text), "%s of version %ld", ask->where_text,
	    (long)snapshot_version(s));
	a.coverage.where_text = text;
	w[1] = ask_whatif(s, &a);
	assert_memory_equal(&w[0].before, &w[1].before, sizeof(w[0].before));
	assert_memory_equal(&w[0].after, &w[1].after, sizeof(w[0].after));
	assert_int_equal(w[0].covered_lost, w[1].covered_lost);
	assert_int_equal(w[0].placed_lost, w[1].placed_lost);
	assert_int_equal(w[0].placed_gained, w[1].placed_gained);
	assert_int_equal(w[0].nhomes, w[1].nhomes);
	for (size_t i = 0; i < w[0].nhomes; i++) {
		assert_int_equal(w[0].homes[i].after, w[1].homes[i].after);
		assert_int_equal(w[0].homes[i].before, w[1].homes[i].before);
	}
	whatif_release(&w[0]);
	whatif_release(&w[1]);
}

struct arc {
	int64_t shelter, metres;
};

static int
by_shelter(const void *a, const void *b)
{
	const struct arc *x = a, *y = b;

	if (x->shelter != y->shelter)
		return x->shelter < y->shelter ? -1 : 1;
	return x->metres < y->metres ? -1 : x->metres > y->metres;
}

/* Arcs to shelters that are there, sorted. */
static size_t
arcs_of(const struct coverage_base *b, size_t slot, struct arc *out)
{
	struct coverage_row row = coverage_base_row(b, slot);
	size_t n = 0;

	for (size_t i = 0; i < row.n; i++)
		for (size_t k = 0; k < b->sites.n; k++)
			if (b->number[k] == row.to[i])
				out[n++] =
				    (struct arc){ b->sites.shelter[k]->id,
					    row.metres[i] };
	assert_true(n < SHELTERS * 16);
	qsort(out, n, sizeof(*out), by_shelter);
	return n;
}

/* Who stands where and may go where, also where no number tells of it yet. */
static void
same_base(const struct snapshot *s, const struct coverage_ask *ask)
{
	static struct arc x[SHELTERS * 16], y[SHELTERS * 16];
	struct coverage_base *kept, *anew;
	struct gis_fail fail;

	assert_int_equal(
	    coverage_base_take(s, ask, NULL, NULL, &kept, &fail), 0);
	assert_int_equal(coverage_base_make(s, ask,
			     ask->limit.by_minutes ? NULL : kept->coverage,
			     NULL, NULL, &anew),
	    0);
	if (ask->capacity)
		assert_int_equal(coverage_base_solve(anew, NULL, NULL), 0);
	assert_int_equal(kept->nhomes, anew->nhomes);
	for (size_t i = 0; i < kept->slot[kept->nhomes]; i++) {
		size_t n = arcs_of(kept, i, x);

		assert_int_equal(kept->arcs.people[i], anew->arcs.people[i]);
		if (kept->arcs.people[i] == 0)
			continue;
		assert_int_equal(n, arcs_of(anew, i, y));
		assert_memory_equal(x, y, n * sizeof(*x));
	}
	coverage_base_free(anew);
	coverage_base_give(kept);
}

static void
check(const struct snapshot *s, const struct coverage_ask *ask)
{
	struct coverage *kept = get(s, ask, false), *cold = get(s, ask, true);

	same(kept, cold);
	coverage_unref(kept);
	coverage_unref(cold);
}

static void
run(int number, const struct coverage_ask *asks)
{
	struct snapshot *s = district(number), *start = snapshot_ref(s);
	struct coverage *first[ASKS], *cold;
	int64_t version = snapshot_version(s);

	for (int k = 0; k < ASKS; k++)
		first[k] = get(s, &asks[k], false);
	for (int i = 0; i < EDITS; i++) {
		struct snapshot *older = snapshot_ref(s);

		s = edit(s, ++version);
		for (int k = 0; k < ASKS; k++) {
			if (chance() < 0.3)
				continue;
			check(s, &asks[k]);
			same_base(s, &asks[k]);
			if (chance() < 0.1 && k != 2)
				same_whatif(s, &asks[k]);
			if (chance() < 0.05)
				check(older, &asks[k]);
		}
		snapshot_unref(older);
	}
	for (int k = 0; k < ASKS; k++) {
		cold = get(start, &asks[k], true);
		same(first[k], cold);
		coverage_unref(cold);
		coverage_unref(first[k]);
	}
	snapshot_unref(start);
	snapshot_unref(s);
	db_close(db);
}

static void
test_edits(void **state)
{
	static const char text[] = "name = 'one' and places > 10";
	struct where_wrong wrong;
	struct where *where = where_parse(text, &wrong);
	const struct coverage_ask ask[ASKS] = {
		{ .limit = { false, 150, 150, gis_on_foot, 500 },
		    .capacity = true,
		    .where_text = "" },
		{ .limit = { true, 5, 350, gis_on_foot, 500 },
		    .capacity = true,
		    .hidden = true,
		    .where_text = "" },
		{ .limit = { true, 6, 300, { GIS_WITHOUT_STEPS, -1 }, 500 },
		    .where_text = "" },
		{ .limit = { false, 290.5, 290.5, gis_on_foot, 500 },
		    .capacity = true,
		    .hidden = true,
		    .where_text = text,
		    .where = where },
		{ .limit = { true, 2, 160, gis_on_foot, 500 },
		    .where_text = "" },
	};
	uint64_t before = coverage_base_carried();

	(void)state;
	assert_non_null(where);
	for (int i = 0; i < DISTRICTS; i++)
		run(i, ask);
	before = coverage_base_carried() - before;
	print_message("carried %ld of about %d\n", (long)before,
	    DISTRICTS * EDITS * ASKS * 7 / 10);
	assert_true(before > DISTRICTS * EDITS * ASKS / 4);
	where_free(where);
}

/* More shelters come and go than there are spare numbers. */
static void
test_many_come(void **state)
{
	const struct coverage_ask ask[] = {
		{ .limit = { false, 200, 200, gis_on_foot, 500 },
		    .capacity = true,
		    .where_text = "many come" },
		{ .limit = { true, 5, 350, gis_on_foot, 500 },
		    .capacity = true,
		    .where_text = "many come" },
		{ .limit = { true, 6, 400, gis_on_foot, 500 },
		    .where_text = "many come" },
	};
	struct snapshot *s = district(51);
	int64_t version = snapshot_version(s);
	uint64_t before = coverage_base_carried();

	(void)state;
	for (int i = 0; i < COVERAGE_SPARE * 3 / 2; i++) {
		int64_t ids[2] = { add_shelter(), nshelters };
		struct snapshot *next;

		if (i >= 10)
			ids[0] = shut(nshelters - 10);
		next = snapshot_next(
		    s, db, rules, 0, ids, 2, ++version, err, sizeof(err));
		assert_non_null(next);
		snapshot_unref(s);
		s = next;
		for (int k = 0; k < 3; k++) {
			coverage_unref(get(s, &ask[k], false));
			if (i % 40 == 0) {
				check(s, &ask[k]);
				same_base(s, &ask[k]);
			}
		}
	}
	/* The one without a plan has to be made anew for once. */
	before = coverage_base_carried() - before;
	assert_true(before >= COVERAGE_SPARE * 3 / 2 * 3 - 3 - 1);
	snapshot_unref(s);
	db_close(db);
}

/* ---- several at once ---- */

enum { THREADS = 3, TURNS = 30, VERSIONS = 4 };

struct asking {
	pthread_t thread;
	struct snapshot *const *s;
	const struct coverage_ask *ask;
	const struct coverage *const *cold;
	int first;
	bool good;
};

static void *
ask_in_turn(void *arg)
{
	struct asking *a = arg;

	a->good = true;
	for (int i = 0; i < TURNS; i++) {
		int k = (a->first + i * (1 + a->first % 3)) % VERSIONS;
		struct gis_fail fail;
		struct coverage_base *b;
		struct coverage *c;

		if (coverage_base_take(
			a->s[k], a->ask, NULL, NULL, &b, &fail) != 0 ||
		    coverage_base_read(b, a->ask, &c) != 0) {
			a->good = false;
			return NULL;
		}
		coverage_base_give(b);
		a->good &= strcmp(coverage_totals(c)->hash,
			       coverage_totals(a->cold[k])->hash) == 0;
		coverage_unref(c);
	}
	return NULL;
}

/* Each has a base to itself, whatever version the others are at. */
static void
test_at_once(void **state)
{
	const struct coverage_ask ask = {
		.limit = { true, 5, 350, gis_on_foot, 500 },
		.capacity = true,
		.where_text = "at once",
	};
	struct snapshot *s[VERSIONS] = { district(61) };
	struct coverage *cold[VERSIONS];
	struct asking a[THREADS];

	(void)state;
	for (int k = 0; k < VERSIONS; k++) {
		if (k > 0)
			s[k] = edit(
			    snapshot_ref(s[k - 1]), snapshot_version(s[0]) + k);
		cold[k] = get(s[k], &ask, true);
	}
	for (int i = 0; i < THREADS; i++) {
		a[i] = (struct asking){ .s = s,
			.ask = &ask,
			.cold = (const struct coverage *const *)cold,
			.first = i };
		assert_int_equal(
		    pthread_create(&a[i].thread, NULL, ask_in_turn, &a[i]), 0);
	}
	for (int i = 0; i < THREADS; i++) {
		pthread_join(a[i].thread, NULL);
		assert_true(a[i].good);
	}
	for (int k = 0; k < VERSIONS; k++) {
		coverage_unref(cold[k]);
		snapshot_unref(s[k]);
	}
	db_close(db);
}

/* East and north of a home, m. */
static struct gis_point
at(double x, double y)
{
	return (struct gis_point){ 121.5 + x * 0.992e-5, 25 + y * 0.9027e-5 };
}

static void
add_street(double y, bool steps)
{
	unsigned char wkb[9 + 2 * 16] = { 1, 2, 0, 0, 0, 2 };
	unsigned char content[CONTENT_HASH] = { (unsigned char)(100 + y) };
	const struct gis_point p[2] = { at(-10, y), at(10, y) };
	struct way_row w = { .source = "s",
		.name = "",
		.class = "",
		.content = content,
		.lines = wkb,
		.lines_len = sizeof(wkb),
		.steps = steps };

	memcpy(wkb + 9, p, sizeof(p));
	assert_int_equal(way_insert(db, &w), DB_OK);
}

static struct snapshot *
next_snapshot(struct snapshot *s, unsigned parts, int64_t version)
{
	struct snapshot *next = snapshot_next(
	    s, db, rules, parts, NULL, 0, version, err, sizeof(err));

	assert_non_null(next);
	snapshot_unref(s);
	return next;
}

/* A home whose street closes goes to another one, from which it reaches a
 * shelter that is far from the closed one.  In a wheelchair its street may be
 * another than the nearest. */
static void
displace(bool wheels)
{
	struct closure_row shut = { .lonlat = { at(-10, 60), at(10, 60) },
		.reason = "dug up",
		.closed_by = 1 };
	struct coverage_ask ask = { .limit = { true, 2, 150,
					{ GIS_ON_FOOT, -1 }, 500 },
		.where_text = wheels ? "wheels" : "feet" };
	struct user inspector = { .name = "i", .role = ROLE_INSPECTOR };
	struct home_row h = {
		.name = "h", .people = 7, .lonlat = { 121.5, 25 }
	};
	struct snapshot *s;
	struct coverage *c;

	db = db_open(temp_path(), false, err, sizeof(err));
	assert_true(db != NULL && migrate(db, err, sizeof(err)) >= 0);
	assert_int_equal(user_add(db, &inspector, NULL, 1), USER_OK);
	assert_int_equal(home_insert(db, &h), DB_OK);
	add_street(60, false);
	add_street(-61, false);
	if (wheels)
		add_street(10, true);
	add_shelter_at(at(0, -140), false, false);
	if (wheels)
		ask.limit.manner.profile = GIS_WITHOUT_STEPS;
	s = snapshot_load(db, rules, err, sizeof(err));
	s = next_snapshot(s, SNAP_SHELTERS, 100001);
	for (int i = 0; i < 4; i++) {
		c = get(s, &ask, false);
		assert_int_equal(coverage_totals(c)->covered, i % 2 * 7);
		coverage_unref(c);
		check(s, &ask);
		if (i % 2 == 0)
			assert_int_equal(closure_insert(db, &shut), DB_OK);
		else
			assert_int_equal(
			    closure_open(db, shut.id, 1, 5), DB_ROW);
		s = next_snapshot(s, SNAP_CLOSURES, 100002 + i);
	}
	snapshot_unref(s);
	db_close(db);
}

static void
test_displaced(void **state)
{
	(void)state;
	displace(false);
	displace(true);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_edits),
		cmocka_unit_test(test_many_come),
		cmocka_unit_test(test_displaced),
		cmocka_unit_test(test_at_once),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
