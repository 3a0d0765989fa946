/* SPDX-License-Identifier: MIT */
/*
 * The streets of an OpenStreetMap file as a source: ways with a tag `highway`,
 * their tags as columns, their lines from the nodes they name.  The file is
 * read three times (which nodes, where they are, the ways), so that memory
 * goes with the nodes of its streets and not with its size: 24 bytes a node
 * and 8 to 16 to find it.  A way is parted where a node of it is not in the
 * file; a closed way with area=yes is no street.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "clients/shelterctl/file.h"
#include "clients/shelterctl/osm.h"
#include "clients/shelterctl/source.h"
#include "clients/shelterctl/walk.h"

enum { MAX_COLUMNS = 512, COLUMN_SLOTS = 2048 };

struct place {
	int64_t id, lon, lat; /* lon INT64_MIN: not in the file */
};

struct osm_source {
	struct source base;
	struct osm *osm;
	struct place *place;
	uint32_t *slot; /* number of the place + 1 */
	size_t nplaces, mask;
	uint16_t column_slot[COLUMN_SLOTS]; /* column + 1 */
	const char **value;
	struct text id;
	int64_t line;
	double *xy;
	size_t *first, xy_room;
};

static struct osm_source *
self(struct source *s)
{
	return (struct osm_source *)s;
}

static size_t
slot_of(const struct osm_source *s, int64_t id)
{
	uint64_t h = (uint64_t)id * 0x9e3779b97f4a7c15u;
	size_t i = (size_t)(h >> 20) & s->mask;

	while (s->slot[i] && s->place[s->slot[i] - 1].id != id)
		i = (i + 1) & s->mask;
	return i;
}

static struct place *
find_place(const struct osm_source *s, int64_t id)
{
	uint32_t n = s->slot[slot_of(s, id)];

	return n ? &s->place[n - 1] : NULL;
}

/* Twice the places, and slots for them. */
static bool
grow(struct osm_source *s)
{
	size_t room = s->slot ? (s->mask + 1) * 2 : 4096;
	struct place *place;

	if (room > UINT32_MAX / 2)
		return false;
	place = realloc(s->place, room / 2 * sizeof(*place));
	if (!place)
		return false;
	s->place = place;
	free(s->slot);
	if (!(s->slot = calloc(room, sizeof(*s->slot))))
		return false;
	s->mask = room - 1;
	for (size_t i = 0; i < s->nplaces; i++)
		s->slot[slot_of(s, place[i].id)] = (uint32_t)i + 1;
	return true;
}

static bool
want_place(struct osm_source *s, int64_t id)
{
	size_t i;

	if (!s->slot || s->nplaces == (s->mask + 1) / 2)
		if (!grow(s))
			return false;
	i = slot_of(s, id);
	if (s->slot[i])
		return true;
	s->place[s->nplaces] = (struct place){ id, INT64_MIN, 0 };
	s->slot[i] = (uint32_t)++s->nplaces;
	return true;
}

/* The slot of a column, free if there is none of that name. */
static uint16_t *
column_slot(struct osm_source *s, const char *name)
{
	uint32_t h = 2166136261u;
	uint16_t *p;

	for (const char *c = name; *c; c++)
		h = (h ^ (unsigned char)*c) * 16777619u;
	for (h ^= h >> 15;; h++) {
		p = &s->column_slot[h % COLUMN_SLOTS];
		if (!*p || !strcmp(s->base.header[*p - 1], name))
			return p;
	}
}

/* Beyond MAX_COLUMNS keys are dropped: those of streets are a few dozen. */
static bool
want_column(struct osm_source *s, const char *name)
{
	uint16_t *slot = column_slot(s, name);

	if (*slot || s->base.n == MAX_COLUMNS)
		return true;
	if (!(s->base.header[s->base.n] = strdup(name)))
		return false;
	*slot = (uint16_t)++s->base.n;
	return true;
}

static const char *
tag(const struct osm_item *way, const char *key)
{
	for (size_t i = 0; i < way->ntags; i++)
		if (!strcmp(way->tag[i].key, key))
			return way->tag[i].value;
	return NULL;
}

static bool
is_street(const struct osm_item *way)
{
	const char *area = tag(way, "area");

	if (!tag(way, "highway"))
		return false;
	return !area || strcmp(area, "yes") || way->nrefs < 3 ||
	       way->ref[0] != way->ref[way->nrefs - 1];
}

static bool
is_walked(const struct osm_item *way)
{
	return walk_of(tag(way, "highway"), tag(way, "foot"),
		   tag(way, "access"), NULL) != WALK_NO;
}

static bool
note_way(struct osm_source *s, const struct osm_item *way)
{
	bool ok = true;

	for (size_t i = 0; ok && i < way->ntags; i++)
		ok = want_column(s, way->tag[i].key);
	for (size_t i = 0; ok && i < way->nrefs && is_walked(way); i++)
		ok = want_place(s, way->ref[i]);
	return ok;
}

static const char *const always[] = { "osm_id", "name", "highway", "foot",
	"access" };

/* First all ways, then all nodes. NULL, or what is wrong. */
static const char *
survey(struct osm_source *s)
{
	struct osm_item item;
	enum osm_kind kind;
	struct place *at;

	for (size_t i = 0; i < sizeof(always) / sizeof(*always); i++)
		if (!want_column(s, always[i]))
			return "out of memory";
	while ((kind = osm_next(s->osm, OSM_WAYS, &item)) == OSM_WAY)
		if (is_street(&item) && !note_way(s, &item))
			return "out of memory";
	if (kind == OSM_BROKEN)
		return osm_problem(s->osm);
	if (!s->slot && !grow(s))
		return "out of memory";
	osm_rewind(s->osm);
	while ((kind = osm_next(s->osm, OSM_NODES, &item)) == OSM_NODE)
		if ((at = find_place(s, item.id))) {
			at->lon = item.lon;
			at->lat = item.lat;
		}
	osm_rewind(s->osm);
	return kind == OSM_BROKEN ? osm_problem(s->osm) : NULL;
}

static bool
room_for(struct osm_source *s, size_t nodes)
{
	double *xy;
	size_t *first, room = nodes * 2 + 64;

	if (nodes <= s->xy_room)
		return true;
	if (!(xy = realloc(s->xy, 2 * room * sizeof(*xy))))
		return false;
	s->xy = xy;
	if (!(first = realloc(s->first, (room + 2) * sizeof(*first))))
		return false;
	s->first = first;
	s->xy_room = room;
	return true;
}

/* The runs of two and more nodes that are there. */
static bool
draw(struct osm_source *s, const struct osm_item *way, struct record *out)
{
	size_t n = 0, lines = 0, start = 0;

	if (!room_for(s, way->nrefs))
		return false;
	for (size_t i = 0; i <= way->nrefs; i++) {
		const struct place *p =
		    i < way->nrefs ? find_place(s, way->ref[i]) : NULL;

		if (p && p->lon != INT64_MIN) {
			s->xy[2 * n] = osm_degrees(p->lon);
			s->xy[2 * n++ + 1] = osm_degrees(p->lat);
			continue;
		}
		if (n < start + 2) {
			n = start;
			continue;
		}
		s->first[lines++] = start;
		start = n;
	}
	s->first[lines] = start;
	out->xy = s->xy;
	out->first = s->first;
	out->nlines = lines;
	return true;
}

static void
take_values(struct osm_source *s, const struct osm_item *way)
{
	memset(s->value, 0, s->base.n * sizeof(*s->value));
	s->id.n = 0;
	text_add_whole(&s->id, way->id);
	for (size_t i = 0; i < way->ntags; i++) {
		uint16_t column = *column_slot(s, way->tag[i].key);

		if (column)
			s->value[column - 1] = way->tag[i].value;
	}
	s->value[0] = s->id.failed ? NULL : s->id.p;
}

static bool
next(struct source *base, struct record *out)
{
	struct osm_source *s = self(base);
	struct osm_item item;
	enum osm_kind kind;

	do
		kind = osm_next(s->osm, OSM_WAYS, &item);
	while (kind == OSM_WAY && !is_street(&item));
	if (kind == OSM_END)
		return false;
	*out = (struct record){
		.line = ++s->line, .value = s->value, .n = base->n
	};
	take_values(s, &item);
	if (kind == OSM_BROKEN) {
		out->problem = osm_problem(s->osm);
		return true;
	}
	if (is_walked(&item) && !draw(s, &item, out))
		out->problem = "out of memory";
	return true;
}

static void
close_osm(struct source *base)
{
	struct osm_source *s = self(base);

	for (size_t i = 0; base->header && i < base->n; i++)
		free((char *)(uintptr_t)base->header[i]);
	free(base->header);
	free(base->name);
	osm_close(s->osm);
	free(s->place);
	free(s->slot);
	free(s->value);
	free(s->xy);
	free(s->first);
	text_free(&s->id);
	free(s);
}

static int64_t
blank(struct source *base)
{
	(void)base;
	return 0;
}

static double
done(struct source *base)
{
	return osm_share(self(base)->osm);
}

struct source *
source_open_osm(const char *path, char *why, size_t size)
{
	struct osm_source *s = calloc(1, sizeof(*s));
	const char *wrong = "out of memory";

	if (!s)
		goto out;
	s->base.name = strdup(path);
	s->base.header = calloc(MAX_COLUMNS, sizeof(*s->base.header));
	s->value = calloc(MAX_COLUMNS, sizeof(*s->value));
	if (!s->base.name || !s->base.header || !s->value)
		goto out;
	s->base.next = next;
	s->base.close = close_osm;
	s->base.blank = blank;
	s->base.done = done;
	s->base.spatial = true;
	if (!(s->osm = osm_open(path, why, size)))
		wrong = NULL;
	else if (!(wrong = survey(s)))
		return &s->base;
out:
	if (wrong)
		snprintf(why, size, "%s: %s", path, wrong);
	if (s)
		close_osm(&s->base);
	return NULL;
}
