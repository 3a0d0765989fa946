/* SPDX-License-Identifier: MIT */
/*
 * The facts known of the real district: its records, residents, network, and
 * coverage at 200 m within 0.1 % of what SpatiaLite answers to the same
 * question (its own projection, buffers, union and areas).
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include "gis/coverage.h"
#include "tests/unit/gis/daan.h"

static struct daan daan;
static struct gis_crs *plane;

static void
test_records(void **state)
{
	(void)state;
	assert_int_equal(daan.records, 6255);
	assert_int_equal(daan.nshelters, 2250);
	assert_int_equal(daan.places, 897075);
	assert_int_equal(daan.nhomes, 721);
	assert_int_equal(daan.people, 181976);
}

/* The network of the district on the plane; *p are its vertices there. */
static struct gis_network *
network(struct gis_point **p)
{
	struct gis_network *net;
	struct gis_fail fail;

	*p = malloc(daan.nstreet * sizeof(**p));
	memcpy(*p, daan.street, daan.nstreet * sizeof(**p));
	gis_crs_from_lonlat(plane, *p, daan.nstreet);
	net = gis_network_new(
	    daan.street, *p, daan.first, daan.nlines, NULL, &fail);
	assert_non_null(net);
	return net;
}

static void
test_network(void **state)
{
	struct gis_network_summary s;
	struct gis_network *net;
	struct gis_point *p;
	struct gis_fail fail;
	size_t nodes = 0, edges = 0;

	(void)state;
	p = malloc(daan.nstreet * sizeof(*p));
	memcpy(p, daan.street, daan.nstreet * sizeof(*p));
	assert_int_equal(gis_crs_from_lonlat(plane, p, daan.nstreet), 0);
	net = gis_network_new(
	    daan.street, p, daan.first, daan.nlines, NULL, &fail);
	assert_non_null(net);
	s = gis_network_summary(net);
	assert_int_equal(s.nodes, 4312);
	assert_int_equal(s.edges, 5538);
	assert_int_equal(s.components, 8);
	assert_int_equal(s.largest, 4284);
	assert_true(fabs(s.metres - 153366) < 5);
	for (uint32_t i = 0; i < s.components; i++) {
		nodes += gis_network_part(net, i).nodes;
		edges += gis_network_part(net, i).edges;
	}
	assert_int_equal(nodes, s.nodes);
	assert_int_equal(edges, s.edges);
	gis_network_free(net);
	/* The published 153.5 km are those of a sphere. */
	for (size_t i = 0; i < daan.nstreet; i++) {
		p[i].x = daan.street[i].x * cos(25.031 * M_PI / 180);
		p[i].x *= 6371000 * M_PI / 180;
		p[i].y = daan.street[i].y * 6371000 * M_PI / 180;
	}
	net = gis_network_new(
	    daan.street, p, daan.first, daan.nlines, NULL, &fail);
	assert_true(fabs(gis_network_summary(net).metres - 153500) < 50);
	gis_network_free(net);
	free(p);
}

static double
to_segment(struct gis_point p, struct gis_point a, struct gis_point b)
{
	double dx = b.x - a.x, dy = b.y - a.y, l2 = dx * dx + dy * dy;
	double t = ((p.x - a.x) * dx + (p.y - a.y) * dy) / l2;

	t = l2 > 0 ? fmax(0, fmin(1, t)) : 0;
	return gis_distance(
	    p, (struct gis_point){ a.x + t * dx, a.y + t * dy });
}

/* Every home and its nearest street, against looking at all segments. */
static void
test_snap(void **state)
{
	struct gis_network *net;
	struct gis_point *v, c;

	(void)state;
	net = network(&v);
	for (size_t i = 0; i < daan.nhomes; i++) {
		double best = INFINITY;

		c = daan.home[i].centroid;
		gis_crs_from_lonlat(plane, &c, 1);
		for (size_t l = 0; l < daan.nlines; l++)
			for (size_t k = daan.first[l];
			     k + 1 < daan.first[l + 1]; k++)
				best =
				    fmin(best, to_segment(c, v[k], v[k + 1]));
		assert_true(
		    fabs(gis_network_snap(net, c, INFINITY).off - best) < 1e-9);
	}
	gis_network_free(net);
	free(v);
}

/* There and back is the same length, and never shorter than straight. */
static void
test_walks(void **state)
{
	struct gis_network *net;
	struct gis_walk *one, *two;
	struct gis_place a, b;
	struct gis_point *v, p, q;
	double there, back;

	(void)state;
	net = network(&v);
	one = gis_walk_new(net);
	two = gis_walk_new(net);
	for (size_t i = 0; i < daan.nhomes; i += 40) {
		p = daan.home[i].centroid;
		gis_crs_from_lonlat(plane, &p, 1);
		a = gis_network_snap(net, p, 200);
		gis_walk_from(one, a, 640);
		for (size_t k = 0; k < daan.nhomes; k += 7) {
			q = daan.home[k].centroid;
			gis_crs_from_lonlat(plane, &q, 1);
			b = gis_network_snap(net, q, 200);
			there = gis_walk_to(one, b);
			gis_walk_from(two, b, 640);
			back = gis_walk_to(two, a);
			assert_true(isinf(there) == isinf(back) ||
				    fabs(fmin(there, back) - 640) < 1e-6);
			if (isinf(there) || isinf(back))
				continue;
			assert_true(fabs(there - back) < 1e-6);
			/* A home asked from itself goes out and comes back. */
			assert_true(there >= gis_distance(p, q) - 1e-6);
		}
	}
	gis_walk_free(one);
	gis_walk_free(two);
	gis_network_free(net);
	free(v);
}

static double
seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* People within 200 m of a shelter, by libgis. */
static double
covered_here(bool all)
{
	struct gis_point *at = malloc(daan.nshelters * sizeof(*at));
	struct gis_home *home = calloc(daan.nhomes, sizeof(*home));
	struct gis_shape *shape[4096];
	struct gis_coverage *c;
	struct gis_fail fail;
	double people = 0, start, left = 0;
	size_t n = 0, ngaps;
	struct gis_gap *gap;

	for (size_t i = 0; i < daan.nshelters; i++)
		if (all || !daan.shelter[i].residential)
			at[n++] = daan.shelter[i].lonlat;
	gis_crs_from_lonlat(plane, at, n);
	for (size_t i = 0; i < daan.nhomes; i++) {
		shape[i] = gis_shape_from_lonlat(
		    daan.gis, daan.home[i].lonlat, plane, &fail);
		assert_non_null(shape[i]);
		home[i].plane_shape = shape[i];
		home[i].people = daan.home[i].people;
	}
	start = seconds();
	c = gis_coverage_radius(
	    daan.gis, at, n, 200, home, daan.nhomes, NULL, NULL, &fail);
	assert_non_null(c);
	print_message("%zu shelters, %zu homes: %.3f s\n", n, daan.nhomes,
	    seconds() - start);
	for (size_t i = 0; i < daan.nhomes; i++)
		people += gis_coverage_share(c, i) * (double)home[i].people;
	ngaps = gis_coverage_gaps(daan.gis, c, &gap);
	for (size_t i = 0; i < ngaps; i++)
		left += gap[i].people;
	assert_true(fabs(people + left - (double)daan.people) < 0.01);
	gis_gaps_free(daan.gis, gap, ngaps);
	gis_coverage_free(daan.gis, c);
	for (size_t i = 0; i < daan.nhomes; i++)
		gis_shape_free(daan.gis, shape[i]);
	free(home);
	free(at);
	return people;
}

/* The district as SQL: raw longitudes and latitudes, nothing of ours. */
static void
write_sql(FILE *f)
{
	fputs("SELECT load_extension('mod_spatialite');\n"
	      "SELECT InitSpatialMetaDataFull(1);\n"
	      "CREATE TABLE shelter(res INT, g BLOB);\n"
	      "CREATE TABLE home(people INT, g BLOB);\n"
	      "BEGIN;\n",
	    f);
	for (size_t i = 0; i < daan.nshelters; i++)
		fprintf(f,
		    "INSERT INTO shelter VALUES(%d, ST_Transform("
		    "MakePoint(%.12f, %.12f, 4326), 32651));\n",
		    daan.shelter[i].residential, daan.shelter[i].lonlat.x,
		    daan.shelter[i].lonlat.y);
	for (size_t i = 0; i < daan.nhomes; i++) {
		char *json =
		    gis_shape_to_geojson(daan.gis, daan.home[i].lonlat, 9);

		fprintf(f,
		    "INSERT INTO home VALUES(%ld, ST_Transform("
		    "SetSRID(GeomFromGeoJSON('%s'), 4326), 32651));\n",
		    daan.home[i].people, json);
		free(json);
	}
	fputs("COMMIT;\n", f);
	for (int all = 0; all < 2; all++)
		fprintf(f,
		    "WITH u AS MATERIALIZED (SELECT ST_UnaryUnion(ST_Collect("
		    "ST_Buffer(g, 200, 64))) AS g FROM shelter WHERE %s) "
		    "SELECT 'covered', sum(people * coalesce(ST_Area("
		    "ST_Intersection(home.g, u.g)), 0) / ST_Area(home.g)) "
		    "FROM home, u;\n",
		    all ? "1" : "NOT res");
}

/* The two answers of SpatiaLite: public, all. */
static int
ask_spatialite(double answer[2])
{
	char path[] = "/tmp/t_daan_XXXXXX", command[128], line[256];
	int fd = mkstemp(path), n = 0;
	FILE *f = fd == -1 ? NULL : fdopen(fd, "w");

	assert_non_null(f);
	write_sql(f);
	fclose(f);
	snprintf(command, sizeof(command), "sqlite3 :memory: < %s 2>&1", path);
	f = popen(command, "r");
	assert_non_null(f);
	while (fgets(line, sizeof(line), f) != NULL) {
		if (n < 2 && sscanf(line, "covered|%lf", &answer[n]) == 1)
			n++;
		else if (strstr(line, "rror") != NULL)
			print_message("sqlite3: %s", line);
	}
	pclose(f);
	unlink(path);
	return n;
}

static void
test_spatialite(void **state)
{
	double theirs[2] = { 0 }, ours;

	(void)state;
	if (system("sqlite3 :memory: \"SELECT load_extension("
		   "'mod_spatialite')\" >/dev/null 2>&1") != 0) {
		print_message("# SKIP no sqlite3 with mod_spatialite\n");
		return;
	}
	assert_int_equal(ask_spatialite(theirs), 2);
	for (int all = 0; all < 2; all++) {
		ours = covered_here(all);
		print_message("covered at 200 m: here %.2f, SpatiaLite %.2f "
			      "(%+.4f %%)\n",
		    ours, theirs[all],
		    100 * (ours - theirs[all]) / theirs[all]);
		assert_true(fabs(ours - theirs[all]) < 1e-3 * theirs[all]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_records),
		cmocka_unit_test(test_network),
		cmocka_unit_test(test_snap),
		cmocka_unit_test(test_walks),
		cmocka_unit_test(test_spatialite),
	};
	struct gis_point middle = { 121.5355, 25.031 };
	struct gis_fail fail;
	int rc;

	/* cmocka's own skip() counts as a failure under prove. */
	if (daan_read(&daan) == -1) {
		printf("1..0 # SKIP no real data at %s\n", DAAN);
		daan_release(&daan);
		return 0;
	}
	plane = gis_crs_plane(middle, &fail);
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	daan_release(&daan);
	gis_crs_free(plane);
	return rc;
}
