/* SPDX-License-Identifier: MIT */
/* What the two readers of OpenStreetMap files share, for osm*.c only. */
#ifndef SHELTERCTL_OSM_PART_H
#define SHELTERCTL_OSM_PART_H

#include <stdio.h>
#include "clients/shelterctl/osm.h"

enum {
	OSM_MAX_REFS = 1 << 20, /* of a way; the map itself allows 2,000 */
	OSM_MAX_TAGS = 1 << 12
};

/* The way being gathered. */
struct osm_way {
	int64_t *ref;
	size_t nrefs, refs_room;
	struct osm_tag *tag;
	size_t ntags, tags_room;
};

struct osm_pbf; /* osm_pbf.c */
struct osm_xml; /* osm_xml.c */

struct osm {
	FILE *file;
	double size, read; /* bytes */
	struct osm_way way;
	struct osm_pbf *pbf; /* one of both */
	struct osm_xml *xml;
	char problem[120];
};

enum osm_kind osm_broken(struct osm *, const char *what);
/* Room for one more; false: out of memory, or too many. */
bool osm_add_ref(struct osm_way *, int64_t);
bool osm_add_tag(struct osm_way *, const char *key, const char *value);
enum osm_kind osm_give_way(struct osm *, struct osm_item *);

struct osm_pbf *osm_pbf_new(void);
void osm_pbf_free(struct osm_pbf *);
void osm_pbf_rewind(struct osm_pbf *);
enum osm_kind osm_pbf_next(struct osm *, unsigned want, struct osm_item *);

struct osm_xml *osm_xml_new(void);
void osm_xml_free(struct osm_xml *);
void osm_xml_rewind(struct osm_xml *);
enum osm_kind osm_xml_next(struct osm *, unsigned want, struct osm_item *);

#endif
