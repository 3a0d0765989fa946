/* SPDX-License-Identifier: MIT */
/* Lines without GEOS beside the shapes GEOS makes of them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "gis/lines.h"
#include "gis/shape.h"

enum { MOST = 40 };

struct some {
	struct gis_point p[MOST * 10];
	size_t first[MOST + 1], n;
};

static void
draw(struct some *s)
{
	s->n = 1 + (size_t)rand() % MOST;
	s->first[0] = 0;
	for (size_t l = 0; l < s->n; l++) {
		s->first[l + 1] = s->first[l] + 2 + (size_t)rand() % 8;
		for (size_t i = s->first[l]; i < s->first[l + 1]; i++)
			s->p[i] =
			    (struct gis_point){ 121 + rand() % 10000 / 1e4,
				    25 + rand() % 10000 / 1e4 };
	}
}

static bool
near(double a, double b)
{
	return fabs(a - b) < 1e-9;
}

static void
test_beside_geos(void **state)
{
	struct gis *gis = gis_new();
	struct gis_fail why;
	struct some s;

	(void)state;
	srand(5);
	for (int round = 0; round < 300; round++) {
		draw(&s);
		struct gis_shape *g =
		    gis_shape_from_lines(gis, s.p, s.first, s.n, &why);
		size_t len, ours = gis_lines_wkb_size(s.first, s.n);
		unsigned char *theirs = gis_shape_to_wkb(gis, g, &len);
		unsigned char *wkb = malloc(ours);

		gis_lines_to_wkb(s.p, s.first, s.n, wkb);
		assert_int_equal(ours, len);
		assert_memory_equal(wkb, theirs, len);
		struct gis_point a = gis_shape_centroid(gis, g);
		struct gis_point b = gis_lines_centroid(s.p, s.first, s.n);
		assert_true(near(a.x, b.x) && near(a.y, b.y));
		struct gis_box c = gis_shape_box(g);
		struct gis_box d = gis_lines_box(s.p, s.first, s.n);
		assert_memory_equal(&c, &d, sizeof(c));
		free(wkb);
		free(theirs);
		gis_shape_free(gis, g);
	}
	gis_free(gis);
}

/* Two written one after the other and read as one; every cut is refused. */
static void
test_there_and_back(void **state)
{
	struct gis_lines back = { 0 };
	struct some s;

	(void)state;
	srand(6);
	draw(&s);
	size_t len = gis_lines_wkb_size(s.first, s.n), points = s.first[s.n];
	unsigned char *wkb = malloc(len);
	gis_lines_to_wkb(s.p, s.first, s.n, wkb);
	assert_int_equal(gis_lines_add_wkb(&back, wkb, len), 0);
	assert_int_equal(gis_lines_add_wkb(&back, wkb, len), 0);
	assert_int_equal(back.n, 2 * s.n);
	assert_memory_equal(back.pts, s.p, points * sizeof(*s.p));
	assert_memory_equal(back.pts + points, s.p, points * sizeof(*s.p));
	for (size_t l = 0; l <= s.n; l++)
		assert_int_equal(back.first[s.n + l], points + s.first[l]);
	for (size_t cut = 0; cut < len; cut++) {
		unsigned char *part = malloc(cut + 1);

		memcpy(part, wkb, cut);
		assert_int_equal(gis_lines_add_wkb(&back, part, cut), -2);
		free(part);
	}
	free(wkb);
	gis_lines_release(&back);
}

static void
test_faults(void **state)
{
	struct gis_point p[] = { { 1, 2 }, { 1, 2 }, { NAN, 0 }, { 1e10, 0 } };
	size_t one[] = { 0, 2 }, bare[] = { 0, 1 }, torn[] = { 1, 3 };
	size_t far[] = { 2, 4 };
	struct gis_point middle = gis_lines_centroid(p, one, 1);

	(void)state;
	assert_null(gis_lines_fault(p, one, 1));
	assert_non_null(gis_lines_fault(p, one, 0));
	assert_non_null(gis_lines_fault(p, bare, 1));
	assert_non_null(gis_lines_fault(p, torn, 1));
	assert_non_null(gis_lines_fault(p, far, 1));
	assert_true(near(middle.x, 1) && near(middle.y, 2));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_beside_geos),
		cmocka_unit_test(test_there_and_back),
		cmocka_unit_test(test_faults),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
