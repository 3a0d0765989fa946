/* SPDX-License-Identifier: MIT */
/* Opening by the first bytes, and what both kinds of file need. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "clients/shelterctl/osm_part.h"

enum { SNIFF = 1024 };
enum format { NEITHER, XML, PBF };

static enum format
format_of(FILE *f)
{
	static const char pbf[] = "\x0a\x09OSMHeader";
	char head[SNIFF + 1];
	size_t n = fread(head, 1, SNIFF, f);

	rewind(f);
	head[n] = '\0';
	if (n > 4 + sizeof(pbf) && !memcmp(head + 4, pbf, sizeof(pbf) - 1))
		return PBF;
	if (strlen(head) == n && strstr(head, "<osm"))
		return XML;
	return NEITHER;
}

bool
osm_is(const char *path)
{
	FILE *f = fopen(path, "rb");
	bool is = f && format_of(f) != NEITHER;

	if (f)
		fclose(f);
	return is;
}

static bool
start(struct osm *o, const char *path, char *why, size_t size)
{
	enum format format;

	if (!(o->file = fopen(path, "rb"))) {
		snprintf(why, size, "%s: %s", path, strerror(errno));
		return false;
	}
	format = format_of(o->file);
	if (fseeko(o->file, 0, SEEK_END) == 0)
		o->size = (double)ftello(o->file);
	rewind(o->file);
	if (format == XML)
		o->xml = osm_xml_new();
	if (format == PBF)
		o->pbf = osm_pbf_new();
	if (o->xml || o->pbf)
		return true;
	snprintf(why, size, "%s: %s", path,
	    format == NEITHER ? "is no OpenStreetMap file" : "out of memory");
	return false;
}

struct osm *
osm_open(const char *path, char *why, size_t size)
{
	struct osm *o = calloc(1, sizeof(*o));

	if (o && start(o, path, why, size))
		return o;
	if (!o)
		snprintf(why, size, "out of memory");
	osm_close(o);
	return NULL;
}

void
osm_close(struct osm *o)
{
	if (!o)
		return;
	if (o->file)
		fclose(o->file);
	osm_xml_free(o->xml);
	osm_pbf_free(o->pbf);
	free(o->way.ref);
	free(o->way.tag);
	free(o);
}

enum osm_kind
osm_next(struct osm *o, unsigned want, struct osm_item *item)
{
	memset(item, 0, sizeof(*item));
	return o->xml ? osm_xml_next(o, want, item)
		      : osm_pbf_next(o, want, item);
}

const char *
osm_problem(const struct osm *o)
{
	return o->problem;
}

void
osm_rewind(struct osm *o)
{
	rewind(o->file);
	o->read = 0;
	if (o->xml)
		osm_xml_rewind(o->xml);
	else
		osm_pbf_rewind(o->pbf);
}

double
osm_share(const struct osm *o)
{
	return o->size > 0 ? o->read / o->size : 1;
}

double
osm_degrees(int64_t nano)
{
	return nano % 100 == 0 ? (double)(nano / 100) / 1e7
			       : (double)nano / 1e9;
}

enum osm_kind
osm_broken(struct osm *o, const char *what)
{
	snprintf(o->problem, sizeof(o->problem), "%s (near byte %.0f)", what,
	    o->read);
	return OSM_BROKEN;
}

static bool
grow(void **p, size_t *room, size_t n, size_t size, size_t most)
{
	size_t more = *room ? *room * 2 : 64;
	void *q;

	if (n < *room)
		return true;
	if (n >= most || !(q = realloc(*p, more * size)))
		return false;
	*p = q;
	*room = more;
	return true;
}

bool
osm_add_ref(struct osm_way *w, int64_t id)
{
	if (!grow((void **)&w->ref, &w->refs_room, w->nrefs, sizeof(*w->ref),
		OSM_MAX_REFS))
		return false;
	w->ref[w->nrefs++] = id;
	return true;
}

bool
osm_add_tag(struct osm_way *w, const char *key, const char *value)
{
	if (!grow((void **)&w->tag, &w->tags_room, w->ntags, sizeof(*w->tag),
		OSM_MAX_TAGS))
		return false;
	w->tag[w->ntags++] = (struct osm_tag){ key, value };
	return true;
}

enum osm_kind
osm_give_way(struct osm *o, struct osm_item *item)
{
	item->ref = o->way.ref;
	item->nrefs = o->way.nrefs;
	item->tag = o->way.tag;
	item->ntags = o->way.ntags;
	return OSM_WAY;
}
