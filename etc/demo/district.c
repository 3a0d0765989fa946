/* SPDX-License-Identifier: MIT */
/*
 * Makes up a district for demonstrations and benches: blocks of houses with
 * people, basements as shelters, streets between them.  It lies in the open
 * sea and every name in it says "synthetic", so that nobody takes it for a
 * real place.  The same seed and size give the same bytes.
 *
 *	district [-n HOMES] [-s SEED] -o FOLDER
 *
 * writes shelters.csv, entrances.json (doors and their widths, by register
 * id), homes.geojson and streets.geojson, and prints a summary as JSON.  Some
 * rows are wrong on purpose, so that an import has something to refuse.
 *
 * Must not know the daemon or any library: numbers and text only.
 */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	HOMES_PER_BLOCK = 8, /* four along, two deep */
	MOST_HOMES = 1000000,
	STREETS_OF_ISLAND = 4
};

/* The south-west corner, in the East China Sea. */
static const double corner_lon = 123.3, corner_lat = 29.8;
static const double block_w = 110, block_h = 90; /* m, between streets */

struct district {
	uint64_t state; /* of the generator */
	long homes, columns, rows;
	long people, places, shelters, wrong;
	FILE *shelter_file, *door_file, *home_file, *street_file;
	long features; /* in the running GeoJSON file */
};

/* splitmix64. */
static uint64_t
draw(struct district *d)
{
	uint64_t z = d->state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

/* Whole number from lo to hi, both included. */
static long
draw_between(struct district *d, long lo, long hi)
{
	return lo + (long)(draw(d) % (uint64_t)(hi - lo + 1));
}

static double
draw_metres(struct district *d, double most)
{
	return ((double)(draw(d) >> 11) / 9007199254740992.0 * 2 - 1) * most;
}

static double
lon_of(double x)
{
	return corner_lon + x / (111320 * cos(corner_lat * M_PI / 180));
}

static double
lat_of(double y)
{
	return corner_lat + y / 110850;
}

static void
put_point(FILE *f, double x, double y)
{
	fprintf(f, "[%.7f,%.7f]", lon_of(x), lat_of(y));
}

static void
begin_features(struct district *d, FILE *f)
{
	d->features = 0;
	fputs("{\"type\":\"FeatureCollection\",\"name\":\"示范区 synthetic\","
	      "\"features\":[",
	    f);
}

/* Opens a feature with its properties, printf style. */
static void feature(struct district *, FILE *, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static void
feature(struct district *d, FILE *f, const char *fmt, ...)
{
	va_list ap;

	fputs(d->features++ > 0 ? ",\n" : "\n", f);
	fputs("{\"type\":\"Feature\",\"properties\":{", f);
	va_start(ap, fmt);
	vfprintf(f, fmt, ap);
	va_end(ap);
	fputs("},\"geometry\":", f);
}

static void
end_features(FILE *f)
{
	fputs("\n]}\n", f);
}

/* A house: a rectangle, now and then with a corner cut off. */
static void
put_house(struct district *d, double x, double y)
{
	FILE *f = d->home_file;
	double w = (double)draw_between(d, 6, 10);
	double h = (double)draw_between(d, 7, 13);
	double cut = draw(d) % 4 == 0 ? w / 2 : 0;

	fputs("{\"type\":\"Polygon\",\"coordinates\":[[", f);
	put_point(f, x - w, y - h);
	fputc(',', f);
	put_point(f, x + w, y - h);
	fputc(',', f);
	put_point(f, x + w, y + h - cut);
	fputc(',', f);
	if (cut > 0) {
		put_point(f, x + w - cut, y + h);
		fputc(',', f);
	}
	put_point(f, x - w, y + h);
	fputc(',', f);
	put_point(f, x - w, y - h);
	fputs("]]}}", f);
}

static void
home_place(long home, long columns, double *x, double *y)
{
	long block = home / HOMES_PER_BLOCK, k = home % HOMES_PER_BLOCK;

	*x = (double)(block % columns) * block_w + 20 + (double)(k % 4) * 23;
	*y = (double)(block / columns) * block_h + 24 + (double)(k / 4) * 42;
}

static void
write_homes(struct district *d)
{
	begin_features(d, d->home_file);
	for (long i = 0; i < d->homes; i++) {
		long households = draw_between(d, 4, 30);
		long people = households * draw_between(d, 18, 32) / 10;
		double x = 0, y = 0;

		home_place(i, d->columns, &x, &y);
		feature(d, d->home_file,
		    "\"id\":\"SYN-H%06ld\",\"name\":\"示范区 %ld 号楼 "
		    "(synthetic)\",\"people\":%ld,\"households\":%ld",
		    i + 1, i + 1, people, households);
		put_house(d, x + draw_metres(d, 1.5), y + draw_metres(d, 3));
		d->people += people;
	}
	feature(d, d->home_file,
	    "\"id\":\"SYN-X1\",\"name\":\"wrong on purpose: fewer than "
	    "nobody (synthetic)\",\"people\":-12,\"households\":4");
	put_house(d, 30, 30);
	feature(d, d->home_file,
	    "\"id\":\"SYN-X2\",\"name\":\"wrong on purpose: nowhere "
	    "(synthetic)\",\"people\":7,\"households\":3");
	fputs("null}", d->home_file);
	end_features(d->home_file);
	d->wrong += 2;
}

/* Entrances at the corners of the house above it, wide enough for its places
 * (0.30 m per 100 persons), but for every seventh shelter. */
static void
put_doors(struct district *d, long n, double x, double y, long places)
{
	long doors = 2 + places / 650;
	double width =
	    ceil((double)places / 100 * 0.30 / (double)doors * 10) / 10;

	if (n % 7 == 3)
		width = floor(width * 7) / 10;
	fprintf(d->door_file, "%s\n{\"register_id\":\"SYN-%04ld\",",
	    n > 0 ? "," : "", n + 1);
	fputs("\"entrances\":[", d->door_file);
	for (long k = 0; k < doors; k++) {
		double turn = 2 * M_PI * ((double)k + 0.25) / (double)doors;

		fprintf(d->door_file,
		    "%s{\"name\":\"%ld 号口 (synthetic)\",\"clear_width\":%.1f,"
		    "\"usable\":true,\"at\":",
		    k > 0 ? "," : "", k + 1, width < 0.8 ? 0.8 : width);
		put_point(d->door_file, x + 14 * cos(turn), y + 14 * sin(turn));
		fputc('}', d->door_file);
	}
	fputs("]}", d->door_file);
}

static void
put_shelter(struct district *d, long n, double x, double y)
{
	static const char *const kinds[] = { "二等人员掩蔽", "二等人员掩蔽",
		"一等人员掩蔽", "人防汽车库" };
	long places = draw_between(d, 8, 30) * 50;

	fprintf(d->shelter_file,
	    "SYN-%04ld,示范区 %ld 号掩蔽所 (synthetic),示范区 %ld 号楼地下 "
	    "(synthetic),%s,%ld,%ld,%.7f,%.7f,示范维护队 (synthetic),B1,\n",
	    n + 1, n + 1, n * 3 + 1, kinds[draw(d) % 4], places,
	    places + draw_between(d, 0, 60), lon_of(x), lat_of(y));
	put_doors(d, n, x, y, places);
	d->places += places;
}

static void
write_wrong_shelters(struct district *d)
{
	FILE *f = d->shelter_file;
	double lon = lon_of(60), lat = lat_of(60);

	fprintf(f,
	    "SYN-W1,示范区 错行一 (synthetic),,二等人员掩蔽,many,,%.7f,%.7f,,"
	    "B1,wrong on purpose: places are no number\n",
	    lon, lat);
	fputs("SYN-W2,示范区 错行二 (synthetic),,二等人员掩蔽,300,,,,,B1,"
	      "wrong on purpose: nowhere\n",
	    f);
	fprintf(f,
	    "SYN-W3,示范区 错行三 (synthetic),,二等人员掩蔽,300,,%.7f,%.7f,,"
	    "B1,wrong on purpose: north of the pole\n",
	    lon, lat + 90);
	fprintf(f,
	    "SYN-W4,示范区 错行四 (synthetic),,二等人员掩蔽,150,,%.7f,%.7f,,"
	    "B1,wrong on purpose: latitude and longitude swapped\n",
	    lat, lon);
	d->wrong += 4;
}

/* One for every 26 homes or so, in a house drawn from its own stretch; the
 * last eighth of the district has none. */
static void
write_shelters(struct district *d)
{
	enum { STRETCH = 26 };
	long n = d->homes * 7 / 8 / STRETCH;

	d->shelters = n > 0 ? n : 1;
	fputs("编号,名称,地址,类别,可容纳人数,掩蔽面积,经度,纬度,维护单位,"
	      "地下层数,备注\n",
	    d->shelter_file);
	fputs("[", d->door_file);
	for (long i = 0; i < d->shelters; i++) {
		long home = i * STRETCH + draw_between(d, 0, STRETCH - 1);
		double x = 0, y = 0;

		home_place(home < d->homes ? home : 0, d->columns, &x, &y);
		put_shelter(d, i, x, y);
	}
	fputs("\n]\n", d->door_file);
	write_wrong_shelters(d);
}

/* Where two streets cross; irregular, but the same for every street. */
static void
put_crossing(struct district *d, long c, long r)
{
	uint64_t h = (uint64_t)c * 2654435761u ^ (uint64_t)r * 40503u;
	double x = (double)c * block_w - 6 + (double)(h % 7) - 3;
	double y = (double)r * block_h - 6 + (double)(h / 7 % 7) - 3;

	put_point(d->street_file, x, y);
}

static void
put_street(
    struct district *d, long c, long r, long c2, long r2, const char *class)
{
	feature(d, d->street_file,
	    "\"name\":\"示范区 %s%ld (synthetic)\",\"highway\":\"%s\"",
	    r == r2 ? "横街" : "纵街", r == r2 ? r + 1 : c + 1, class);
	fputs("{\"type\":\"LineString\",\"coordinates\":[", d->street_file);
	put_crossing(d, c, r);
	fputc(',', d->street_file);
	put_crossing(d, c2, r2);
	fputs("]}}", d->street_file);
}

static const char *
street_class(struct district *d)
{
	static const char *const classes[] = { "residential", "residential",
		"residential", "service", "footway", "tertiary" };

	if (draw(d) % 25 == 0)
		return "steps";
	return classes[draw(d) % 6];
}

/* A quay with streets of its own that no bridge joins to the rest. */
static void
write_island(struct district *d)
{
	long away = d->columns + 6;

	for (long i = 0; i < STREETS_OF_ISLAND; i++)
		put_street(d, away, i, away, i + 1, "footway");
}

static void
write_streets(struct district *d)
{
	begin_features(d, d->street_file);
	for (long r = 0; r <= d->rows; r++)
		for (long c = 0; c <= d->columns; c++) {
			if (c < d->columns && (r == 0 || draw(d) % 12 > 0))
				put_street(d, c, r, c + 1, r, street_class(d));
			if (r < d->rows && (c == 0 || draw(d) % 12 > 0))
				put_street(d, c, r, c, r + 1, street_class(d));
			if (c < d->columns && r < d->rows && draw(d) % 15 == 0)
				put_street(d, c, r, c + 1, r + 1, "footway");
		}
	put_street(d, 0, -1, d->columns, -1, "motorway");
	write_island(d);
	end_features(d->street_file);
}

static FILE *
open_file(const char *folder, const char *name)
{
	char path[4096];
	FILE *f = NULL;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	f = fopen(path, "w");
	if (f == NULL) {
		fprintf(stderr, "district: %s: %s\n", path, strerror(errno));
		exit(1);
	}
	return f;
}

static void
close_file(FILE *f)
{
	if (ferror(f) || fclose(f) != 0) {
		fprintf(stderr, "district: %s\n", strerror(errno));
		exit(1);
	}
}

static long
number(const char *text, long lo, long hi)
{
	char *end = NULL;
	long n = strtol(text, &end, 10);

	if (*text != '\0' && *end == '\0' && n >= lo && n <= hi)
		return n;
	fprintf(stderr, "district: '%s' is not between %ld and %ld\n", text, lo,
	    hi);
	exit(2);
}

static void
write_all(struct district *d, const char *folder)
{
	d->shelter_file = open_file(folder, "shelters.csv");
	d->door_file = open_file(folder, "entrances.json");
	d->home_file = open_file(folder, "homes.geojson");
	d->street_file = open_file(folder, "streets.geojson");
	write_homes(d);
	write_shelters(d);
	write_streets(d);
	close_file(d->shelter_file);
	close_file(d->door_file);
	close_file(d->home_file);
	close_file(d->street_file);
}

int
main(int argc, char **argv)
{
	struct district d = { .state = 1, .homes = 1200 };
	const char *folder = NULL;
	long blocks = 0;

	for (int i = 1; i + 1 < argc; i += 2) {
		if (strcmp(argv[i], "-n") == 0)
			d.homes = number(argv[i + 1], 30, MOST_HOMES);
		else if (strcmp(argv[i], "-s") == 0)
			d.state = (uint64_t)number(argv[i + 1], 0, 1L << 40);
		else if (strcmp(argv[i], "-o") == 0)
			folder = argv[i + 1];
		else
			folder = NULL, i = argc;
	}
	if (folder == NULL || argc % 2 == 0) {
		fputs(
		    "usage: district [-n HOMES] [-s SEED] -o FOLDER\n", stderr);
		return 2;
	}
	blocks = (d.homes + HOMES_PER_BLOCK - 1) / HOMES_PER_BLOCK;
	d.columns = (long)ceil(sqrt((double)blocks));
	d.rows = (blocks + d.columns - 1) / d.columns;
	write_all(&d, folder);
	printf("{\"synthetic\":true,\"homes\":%ld,\"people\":%ld,"
	       "\"shelters\":%ld,\"places\":%ld,\"wrong\":%ld,"
	       "\"corner\":[%.4f,%.4f]}\n",
	    d.homes, d.people, d.shelters, d.places, d.wrong, corner_lon,
	    corner_lat);
	return 0;
}
