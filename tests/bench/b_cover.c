/* SPDX-License-Identifier: MIT */
/*
 * The coverage engine at the size of a city, one thread, processor time so
 * that a neighbour on the machine counts for nobody; medians.
 *
 * Peers get the same places: GEOS unites its own buffers (eight segments a
 * quadrant, what PostGIS takes unless told otherwise), our polygons have as
 * many chords.  GEOS's areas with 8 and 16 segments fall short of the discs by
 * an error that goes with the square of the chord, so that both together tell
 * the true area, and ours must be that to a few millionths.
 *
 * usage: b_cover               all figures
 *        b_cover points|homes N      places as "x y" lines, for b_cover_*.sh
 *        b_cover union|reach N R     seconds, area or count: for the same
 *        b_cover memory N R          MB
 */
#include <geos_c.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "gis/coverage.h"
#include "gis/union.h"
#include "tests/bench/plain.h"

enum { RUNS = 5, CLUSTERS = 200, CHORDS = 32, MOST_RUNS = 9 };

static double
now(void)
{
	return seconds_of(CLOCK_PROCESS_CPUTIME_ID);
}

/* Four of five in clusters 1.5 km wide, as in a region of towns; the width
 * grows with the number, so that any size is as dense. */
static struct gis_point *
region(size_t n, size_t of, uint64_t from)
{
	struct gis_point *p = malloc((n + 1) * sizeof(*p)), centre[CLUSTERS];
	double width = 100000 * sqrt((double)of / 100000);
	size_t clusters = of * CLUSTERS / 100000 + 1, k;

	must(p != NULL, "memory");
	clusters = clusters < CLUSTERS ? clusters : CLUSTERS;
	seed = 5;
	for (size_t i = 0; i < clusters; i++)
		centre[i] =
		    (struct gis_point){ chance() * width, chance() * width };
	seed = from;
	for (size_t i = 0; i < n; i++) {
		p[i] = (struct gis_point){ chance() * width, chance() * width };
		if (i % 5 == 0)
			continue;
		k = (size_t)(chance() * (double)clusters);
		p[i].x = centre[k].x + bell() * 1500;
		p[i].y = centre[k].y + bell() * 1500;
	}
	return p;
}

/* Mixed radii: 100 to 500 m, where none is given. */
static double *
radii(size_t n, double radius)
{
	double *r = malloc((n + 1) * sizeof(*r));

	must(r != NULL, "memory");
	seed = 77;
	for (size_t i = 0; i < n; i++)
		r[i] = radius > 0 ? radius : 100 + 50 * floor(chance() * 9);
	return r;
}

static double
geos_union(const struct gis_point *p, const double *r, size_t n, int quadrant,
    double *area)
{
	GEOSContextHandle_t h = GEOS_init_r();
	GEOSGeometry **disc = malloc((n + 1) * sizeof(*disc)), *g, *all, *u;
	double start;

	for (size_t i = 0; i < n; i++) {
		g = GEOSGeom_createPointFromXY_r(h, p[i].x, p[i].y);
		disc[i] = GEOSBuffer_r(h, g, r[i], quadrant);
		GEOSGeom_destroy_r(h, g);
	}
	all = GEOSGeom_createCollection_r(
	    h, GEOS_MULTIPOLYGON, disc, (unsigned)n);
	start = now(); /* the buffers are not counted */
	u = GEOSUnaryUnion_r(h, all);
	start = now() - start;
	GEOSArea_r(h, u, area);
	GEOSGeom_destroy_r(h, u);
	GEOSGeom_destroy_r(h, all);
	GEOS_finish_r(h);
	free(disc);
	return start;
}

/* From places to polygons, with all that is freed again. */
static double
our_union(struct gis *gis, const struct gis_point *p, const double *r, size_t n,
    double *area, double *drawn)
{
	double start = now();
	struct gis_union *u = gis_union_new(p, r, 0, n);
	struct gis_fail why;
	struct gis_shape *s;

	must(u != NULL, "no union");
	*area = gis_union_area(u);
	s = gis_union_shape(gis, u, CHORDS, &why);
	must(s != NULL, "no polygons");
	start = now() - start;
	*drawn = gis_shape_area(gis, s);
	gis_shape_free(gis, s);
	gis_union_free(u);
	return start;
}

/* Not getrusage(): that remembers what the process was before exec. */
static double
peak_megabytes(void)
{
	FILE *f = fopen("/proc/self/status", "r");
	char line[256];
	double kb = 0;

	must(f != NULL, "/proc/self/status");
	while (fgets(line, sizeof(line), f) != NULL)
		if (strncmp(line, "VmHWM:", 6) == 0)
			kb = strtod(line + 6, NULL);
	fclose(f);
	return kb / 1024;
}

/* The most memory that a process of its own ever held: b_cover memory N R. */
static double
our_megabytes(size_t n, double radius)
{
	char count[32], metres[32], line[64] = "";
	int fd[2];
	pid_t child;

	snprintf(count, sizeof(count), "%zu", n);
	snprintf(metres, sizeof(metres), "%g", radius);
	must(pipe(fd) == 0, "pipe");
	child = fork();
	must(child != -1, "fork");
	if (child == 0) {
		dup2(fd[1], 1);
		execl(
		    "/proc/self/exe", "b_cover", "memory", count, metres, NULL);
		_exit(1);
	}
	must(read(fd[0], line, sizeof(line) - 1) > 0, "memory figure");
	waitpid(child, NULL, 0);
	close(fd[0]);
	close(fd[1]);
	return strtod(line, NULL);
}

static int
peer_runs(void)
{
	const char *text = getenv("BENCH_PEER_RUNS");
	int n = text == NULL ? 3 : atoi(text);

	return n < 1 ? 1 : n > MOST_RUNS ? MOST_RUNS : n;
}

static void
bench_union(struct gis *gis, size_t n, double radius, const char *name)
{
	struct gis_point *p = region(n, n, 9);
	double *r = radii(n, radius), ours[RUNS], theirs[MOST_RUNS];
	double mb = our_megabytes(n, radius), area = 0, drawn = 0, at8 = 0,
	       at16;
	int peers = peer_runs();
	char title[64];

	for (int i = 0; i < RUNS; i++)
		ours[i] = our_union(gis, p, r, n, &area, &drawn);
	for (int i = 0; i < peers; i++)
		theirs[i] = geos_union(p, r, n, 8, &at8);
	geos_union(p, r, n, 16, &at16);
	snprintf(title, sizeof(title), "union of discs %s", name);
	figure(title, n, median(ours, RUNS), "s", "GEOS unary union",
	    median(theirs, peers));
	snprintf(title, sizeof(title), "union of discs %s, memory", name);
	figure(title, n, mb, "MB", NULL, 0);
	at16 += (at16 - at8) / 3;
	fprintf(stderr,
	    "   area %s: arcs %.9g m2; GEOS, extrapolated to discs %+.1e, "
	    "with 32 chords %+.1e; ours drawn with 32 chords %+.1e\n",
	    name, area, at16 / area - 1, at8 / area - 1, drawn / area - 1);
	must(fabs(at16 / area - 1) < 2e-5, "areas disagree");
	must(fabs(area - at8) > fabs(area - at16), "nearer to the discs");
	free(p);
	free(r);
}

/* A shelter moves by up to 100 m, closes, or opens: median and worst. */
static void
bench_change(size_t n, double radius, const char *name)
{
	struct gis_point *p = region(n, n, 9);
	struct gis_union *u = gis_union_new(p, NULL, radius, n), *anew;
	double ms[301], a, b, start;
	char title[64];

	for (int i = 0; i < 301; i++) {
		uint32_t at = (uint32_t)(chance() * (double)n);

		start = now();
		p[at].x += chance() * 100;
		if (i % 3 == 0)
			gis_union_take(u, at);
		else
			gis_union_put(u, at, p[at], radius);
		ms[i] = (now() - start) * 1e3;
		if (i % 3 == 0) /* as the union that is made anew has it */
			p[at].x = NAN;
	}
	a = gis_union_area(u);
	anew = gis_union_new(p, NULL, radius, n);
	b = gis_union_area(anew);
	must(fabs(a - b) < 1e-12 * b, "changed and made anew differ");
	snprintf(title, sizeof(title), "one shelter changed %s", name);
	figure(title, n, median(ms, 301), "ms", NULL, 0);
	snprintf(title, sizeof(title), "one shelter changed %s, worst", name);
	figure(title, n, ms[300], "ms", NULL, 0);
	gis_union_free(u);
	gis_union_free(anew);
	free(p);
}

static double
our_reach(size_t n, double radius, size_t *count)
{
	struct gis_point *p = region(n, n, 9), *home = region(2 * n, n, 31);
	bool *in = malloc(2 * n + 1);
	double start = now();

	must(gis_union_reach(p, n, radius, home, 2 * n, in) == 0, "memory");
	*count = 0;
	for (size_t i = 0; i < 2 * n; i++)
		*count += in[i];
	start = now() - start;
	free(in);
	free(home);
	free(p);
	return start;
}

struct found {
	struct gis_point at;
	double radius;
	bool yes;
};

static void
seen(void *item, void *arg)
{
	struct found *f = arg;

	f->yes |= gis_distance(*(struct gis_point *)item, f->at) <= f->radius;
}

static double
geos_reach(size_t n, double radius, size_t *count)
{
	struct gis_point *p = region(n, n, 9), *home = region(2 * n, n, 31);
	GEOSContextHandle_t h = GEOS_init_r();
	GEOSSTRtree *tree = GEOSSTRtree_create_r(h, 10);
	GEOSGeometry **g = malloc(n * sizeof(*g)), *box;
	double start = now();

	*count = 0;
	for (size_t i = 0; i < n; i++) {
		g[i] = GEOSGeom_createPointFromXY_r(h, p[i].x, p[i].y);
		GEOSSTRtree_insert_r(h, tree, g[i], &p[i]);
	}
	for (size_t i = 0; i < 2 * n; i++) {
		struct found f = { home[i], radius, false };

		box = GEOSGeom_createRectangle_r(h, f.at.x - radius,
		    f.at.y - radius, f.at.x + radius, f.at.y + radius);
		GEOSSTRtree_query_r(h, tree, box, seen, &f);
		GEOSGeom_destroy_r(h, box);
		*count += f.yes;
	}
	start = now() - start;
	GEOSSTRtree_destroy_r(h, tree);
	for (size_t i = 0; i < n; i++)
		GEOSGeom_destroy_r(h, g[i]);
	GEOS_finish_r(h);
	free(g);
	free(home);
	free(p);
	return start;
}

static void
bench_reach(size_t n)
{
	double ours[RUNS], theirs;
	size_t a = 0, b = 0;

	for (int i = 0; i < RUNS; i++)
		ours[i] = our_reach(n, 500, &a);
	theirs = geos_reach(n, 500, &b);
	must(a == b, "covered homes differ");
	figure("homes within 500 m", 2 * n, median(ours, RUNS), "s",
	    "GEOS STRtree, boxes then distances", theirs);
}

/* Cells of 60 m around the homes, twice as many as shelters. */
static void
bench_shares(struct gis *gis, size_t n)
{
	struct gis_point *p = region(n, n, 9), *at = region(2 * n, n, 31);
	struct gis_home *home = calloc(2 * n, sizeof(*home));
	struct gis_shape **cell = calloc(2 * n, sizeof(struct gis_shape *));
	struct gis_coverage *c;
	double ours[RUNS], start, partly = 0;
	struct gis_fail why;
	char text[256];

	for (size_t i = 0; i < 2 * n; i++) {
		double w = at[i].x - 30, s = at[i].y - 30, e = w + 60,
		       l = s + 60;
		int len = snprintf(text, sizeof(text),
		    "{\"type\":\"Polygon\",\"coordinates\":[[[%f,%f],[%f,%f],"
		    "[%f,%f],[%f,%f],[%f,%f]]]}",
		    w, s, e, s, e, l, w, l, w, s);

		cell[i] =
		    gis_shape_from_geojson(gis, text, (size_t)len, NULL, &why);
		home[i] = (struct gis_home){ cell[i], at[i], 1 };
	}
	for (int i = 0; i < RUNS; i++) {
		start = now();
		c = gis_coverage_radius(
		    gis, p, n, 200, home, 2 * n, NULL, NULL, &why);
		ours[i] = now() - start;
		must(c != NULL, "no coverage");
		for (size_t k = 0; i == 0 && k < 2 * n; k++) {
			double share = gis_coverage_share(c, k);

			partly += share > 0 && share < 1;
		}
		gis_coverage_free(gis, c);
	}
	fprintf(stderr, "   shares: %.0f of %zu cells partly covered\n", partly,
	    2 * n);
	figure("covered shares of cells 200 m", 2 * n, median(ours, RUNS), "s",
	    NULL, 0);
	for (size_t i = 0; i < 2 * n; i++)
		gis_shape_free(gis, cell[i]);
	free(cell);
	free(home);
	free(at);
	free(p);
}

static int
serve(int argc, char **argv)
{
	size_t n = strtoul(argv[2], NULL, 10), count;
	bool homes = strcmp(argv[1], "homes") == 0;
	double radius = argc > 3 ? strtod(argv[3], NULL) : 0, t[RUNS], a, d;
	struct gis_point *p;

	if (argc == 3) {
		p = homes ? region(2 * n, n, 31) : region(n, n, 9);
		for (size_t i = 0; i < (homes ? 2 * n : n); i++)
			printf("%.17g\t%.17g\n", p[i].x, p[i].y);
	} else if (strcmp(argv[1], "union") == 0) {
		p = region(n, n, 9);
		for (int i = 0; i < RUNS; i++)
			t[i] = our_union(
			    gis_new(), p, radii(n, radius), n, &a, &d);
		printf("%.6f %.17g %.17g\n", median(t, RUNS), a, d);
	} else if (strcmp(argv[1], "memory") == 0) {
		p = region(n, n, 9);
		our_union(gis_new(), p, radii(n, radius), n, &a, &d);
		printf("%.1f\n", peak_megabytes());
	} else {
		for (int i = 0; i < RUNS; i++)
			t[i] = our_reach(n, radius, &count);
		printf("%.6f %zu\n", median(t, RUNS), count);
	}
	return 0;
}

int
main(int argc, char **argv)
{
	static const size_t sizes[] = { 1000, 10000, 100000 };
	struct gis *gis = gis_new();

	if (argc > 2)
		return serve(argc, argv);
	for (int i = 0; i < 3; i++) {
		bench_union(gis, sizes[i], 200, "200 m");
		bench_union(gis, sizes[i], 500, "500 m");
		bench_union(gis, sizes[i], 0, "100-500 m");
		bench_change(sizes[i], 200, "200 m");
		bench_change(sizes[i], 500, "500 m");
		bench_reach(sizes[i]);
		bench_shares(gis, sizes[i]);
	}
	gis_free(gis);
	return 0;
}
