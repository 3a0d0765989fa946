/* SPDX-License-Identifier: MIT */
/*
 * The PBF form: blobs of up to 32 MiB, each a block with its own strings
 * (wiki.openstreetmap.org/wiki/PBF_Format).  Blocks are taken apart where they
 * lie; texts get their NUL in place of the byte behind them, which has been
 * read by then.
 */
#include <cpl_conv.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include "clients/shelterctl/osm_part.h"

enum { MAX_HEADER = 64 << 10, MAX_BLOB = 32 << 20 };
enum { WIRE_VARINT = 0, WIRE_64 = 1, WIRE_BYTES = 2, WIRE_32 = 5 };

/* Bytes of a message that are still to be read. */
struct pb {
	uint8_t *p, *end;
	bool bad;
};

struct field {
	uint32_t number, wire;
	uint64_t value;	 /* of a varint */
	struct pb bytes; /* of a text or message */
};

struct osm_pbf {
	uint8_t *packed, *block;
	size_t packed_room, block_room, block_size;
	struct pb *group;
	size_t ngroups, groups_room, next_group;
	char **text;
	size_t ntexts, texts_room;
	int64_t granularity, lat_offset, lon_offset;
	struct pb now;		   /* of the group */
	struct pb ids, lats, lons; /* of dense nodes */
	int64_t id, lat, lon;
};

static uint64_t
varint(struct pb *b)
{
	uint64_t v = 0;

	for (int shift = 0; shift < 64 && b->p < b->end; shift += 7) {
		uint8_t byte = *b->p++;

		v |= (uint64_t)(byte & 0x7f) << shift;
		if (byte < 0x80)
			return v;
	}
	b->bad = true;
	b->p = b->end;
	return 0;
}

static int64_t
zigzag(uint64_t v)
{
	return (int64_t)(v >> 1 ^ (0 - (v & 1)));
}

/* Wraps around as unsigned: what a broken file says must not trap. */
static int64_t
plus(int64_t a, int64_t b)
{
	return (int64_t)((uint64_t)a + (uint64_t)b);
}

static struct pb
take(struct pb *b, uint64_t n)
{
	struct pb out = { b->p, b->p, false };

	if (n > (uint64_t)(b->end - b->p)) {
		b->bad = true;
		b->p = b->end;
		return out;
	}
	b->p += n;
	out.end = b->p;
	return out;
}

/* false: the message is over, or bad. */
static bool
next_field(struct pb *b, struct field *f)
{
	uint64_t key;

	if (b->p == b->end)
		return false;
	key = varint(b);
	*f = (struct field){ .number = (uint32_t)(key >> 3),
		.wire = (uint32_t)(key & 7) };
	switch (f->wire) {
	case WIRE_VARINT:
		f->value = varint(b);
		break;
	case WIRE_64:
		take(b, 8);
		break;
	case WIRE_BYTES:
		f->bytes = take(b, varint(b));
		break;
	case WIRE_32:
		take(b, 4);
		break;
	default:
		b->bad = true;
	}
	return !b->bad;
}

struct osm_pbf *
osm_pbf_new(void)
{
	return calloc(1, sizeof(struct osm_pbf));
}

void
osm_pbf_rewind(struct osm_pbf *p)
{
	p->ngroups = p->next_group = 0;
	p->now = p->ids = (struct pb){ NULL, NULL, false };
}

void
osm_pbf_free(struct osm_pbf *p)
{
	if (!p)
		return;
	free(p->packed);
	free(p->block);
	free(p->group);
	free(p->text);
	free(p);
}

static bool
room(void **p, size_t *have, size_t need, size_t size)
{
	size_t more = *have ? *have : 64;
	void *q;

	if (need <= *have)
		return true;
	while (more < need)
		more *= 2;
	if (!(q = realloc(*p, more * size)))
		return false;
	*p = q;
	*have = more;
	return true;
}

static bool
read_bytes(struct osm *o, size_t n)
{
	struct osm_pbf *p = o->pbf;

	if (!room((void **)&p->packed, &p->packed_room, n, 1) ||
	    fread(p->packed, 1, n, o->file) != n)
		return false;
	o->read += (double)n;
	return true;
}

/* The header of the next blob: its kind and size. 0: the file is over, -1. */
static int
read_head(struct osm *o, bool *data, size_t *size)
{
	uint8_t len[4];
	struct field f;
	size_t n = fread(len, 1, 4, o->file);

	*data = false;
	*size = 0;
	if (n == 0)
		return 0;
	o->read += 4;
	size_t head = (size_t)len[0] << 24 | (size_t)len[1] << 16 |
		      (size_t)len[2] << 8 | len[3];
	if (n < 4 || head > MAX_HEADER || !read_bytes(o, head))
		return -1;
	struct pb b = { o->pbf->packed, o->pbf->packed + head, false };
	while (next_field(&b, &f)) {
		if (f.number == 1 && f.wire == WIRE_BYTES)
			*data = f.bytes.end - f.bytes.p == 7 &&
				!memcmp(f.bytes.p, "OSMData", 7);
		if (f.number == 3)
			*size = f.value < SIZE_MAX ? (size_t)f.value : 0;
	}
	return b.bad || *size == 0 || *size > MAX_BLOB ? -1 : 1;
}

/* The content of the blob in `packed`, unpacked into `block`. */
static bool
unpack(struct osm_pbf *p, size_t size)
{
	struct pb b = { p->packed, p->packed + size, false };
	struct pb raw = { 0 }, zlib = { 0 };
	uint64_t whole = 0;
	size_t n = 0;
	struct field f;

	while (next_field(&b, &f)) {
		if (f.number == 1)
			raw = f.bytes;
		if (f.number == 2)
			whole = f.value;
		if (f.number == 3)
			zlib = f.bytes;
	}
	n = raw.p ? (size_t)(raw.end - raw.p) : (size_t)whole;
	if (b.bad || n > MAX_BLOB || whole > MAX_BLOB ||
	    !room((void **)&p->block, &p->block_room, n + 1, 1))
		return false;
	p->block_size = n;
	if (raw.p)
		memcpy(p->block, raw.p, n);
	return raw.p || (zlib.p &&
			    CPLZLibInflate(zlib.p, (size_t)(zlib.end - zlib.p),
				p->block, n, &p->block_size) &&
			    p->block_size == n);
}

/* Where each text of the block begins; they end at end[]. */
static bool
list_texts(struct osm_pbf *p, struct pb table)
{
	struct field f;

	p->ntexts = 0;
	while (next_field(&table, &f)) {
		if (f.number != 1 || f.wire != WIRE_BYTES)
			continue;
		if (!room((void **)&p->text, &p->texts_room, p->ntexts + 2,
			sizeof(*p->text)))
			return false;
		p->text[p->ntexts++] = (char *)f.bytes.p;
		p->text[p->ntexts] = (char *)f.bytes.end;
	}
	return !table.bad;
}

/* The byte behind a text is the key of what follows, read already. */
static void
end_texts(struct pb table)
{
	struct field f;
	uint8_t *last = NULL;

	while (next_field(&table, &f)) {
		if (last)
			*last = '\0';
		last =
		    f.number == 1 && f.wire == WIRE_BYTES ? f.bytes.end : NULL;
	}
	if (last)
		*last = '\0';
}

static bool
add_group(struct osm_pbf *p, struct pb group)
{
	if (!room((void **)&p->group, &p->groups_room, p->ngroups + 1,
		sizeof(*p->group)))
		return false;
	p->group[p->ngroups++] = group;
	return true;
}

static bool
open_block(struct osm_pbf *p)
{
	struct pb b = { p->block, p->block + p->block_size, false };
	struct pb table = { 0 };
	struct field f;

	osm_pbf_rewind(p);
	p->granularity = 100;
	p->lat_offset = p->lon_offset = 0;
	while (next_field(&b, &f)) {
		if (f.number == 1 && f.wire == WIRE_BYTES)
			table = f.bytes;
		if (f.number == 2 && f.wire == WIRE_BYTES &&
		    !add_group(p, f.bytes))
			return false;
		if (f.number == 17)
			p->granularity = (int64_t)f.value;
		if (f.number == 19)
			p->lat_offset = (int64_t)f.value;
		if (f.number == 20)
			p->lon_offset = (int64_t)f.value;
	}
	if (b.bad || !list_texts(p, table))
		return false;
	end_texts(table);
	return true;
}

/* Into the next block with data. 0: there is none, -1 with o->problem. */
static int
next_block(struct osm *o)
{
	bool data = false;
	size_t size;
	int got;

	while (!data) {
		if ((got = read_head(o, &data, &size)) == 0)
			return 0;
		if (got < 0 || !read_bytes(o, size)) {
			osm_broken(o, "ends or breaks in the middle of a blob");
			return -1;
		}
	}
	if (unpack(o->pbf, size) && open_block(o->pbf))
		return 1;
	osm_broken(o, "holds a block that cannot be unpacked");
	return -1;
}

static int64_t
nano(const struct osm_pbf *p, int64_t offset, int64_t v)
{
	return plus(offset, (int64_t)((uint64_t)p->granularity * (uint64_t)v));
}

static void
open_dense(struct osm_pbf *p, struct pb dense)
{
	struct field f;

	p->ids = p->lats = p->lons = (struct pb){ 0 };
	p->id = p->lat = p->lon = 0;
	while (next_field(&dense, &f)) {
		if (f.number == 1)
			p->ids = f.bytes;
		if (f.number == 8)
			p->lats = f.bytes;
		if (f.number == 9)
			p->lons = f.bytes;
	}
}

static enum osm_kind
dense_node(struct osm *o, struct osm_item *item)
{
	struct osm_pbf *p = o->pbf;

	p->id = plus(p->id, zigzag(varint(&p->ids)));
	p->lat = plus(p->lat, zigzag(varint(&p->lats)));
	p->lon = plus(p->lon, zigzag(varint(&p->lons)));
	if (p->ids.bad || p->lats.bad || p->lons.bad)
		return osm_broken(o, "holds a node without a position");
	item->id = p->id;
	item->lat = nano(p, p->lat_offset, p->lat);
	item->lon = nano(p, p->lon_offset, p->lon);
	return OSM_NODE;
}

static enum osm_kind
plain_node(struct osm *o, struct pb node, struct osm_item *item)
{
	const struct osm_pbf *p = o->pbf;
	struct field f;

	while (next_field(&node, &f)) {
		if (f.number == 1)
			item->id = zigzag(f.value);
		if (f.number == 8)
			item->lat = nano(p, p->lat_offset, zigzag(f.value));
		if (f.number == 9)
			item->lon = nano(p, p->lon_offset, zigzag(f.value));
	}
	return OSM_NODE;
}

static const char *
text_of(const struct osm_pbf *p, uint64_t i)
{
	return i < p->ntexts ? p->text[i] : "";
}

static enum osm_kind
way(struct osm *o, struct pb b, struct osm_item *item)
{
	struct osm_pbf *p = o->pbf;
	struct osm_way *w = &o->way;
	struct pb keys = { 0 }, values = { 0 }, refs = { 0 };
	struct field f;
	int64_t ref = 0;
	bool ok = true;

	w->nrefs = w->ntags = 0;
	while (next_field(&b, &f)) {
		if (f.number == 1)
			item->id = (int64_t)f.value;
		if (f.number == 2)
			keys = f.bytes;
		if (f.number == 3)
			values = f.bytes;
		if (f.number == 8)
			refs = f.bytes;
	}
	while (ok && keys.p < keys.end) {
		uint64_t k = varint(&keys), v = varint(&values);

		ok = osm_add_tag(w, text_of(p, k), text_of(p, v));
	}
	while (ok && refs.p < refs.end) {
		ref = plus(ref, zigzag(varint(&refs)));
		ok = osm_add_ref(w, ref);
	}
	if (!ok || b.bad || keys.bad || values.bad || refs.bad)
		return osm_broken(o, "holds a way that cannot be read");
	return osm_give_way(o, item);
}

/* The next of the group at hand; OSM_END: it is over. */
static enum osm_kind
next_in_group(struct osm *o, unsigned want, struct osm_item *item)
{
	struct osm_pbf *p = o->pbf;
	struct field f;

	if (p->ids.p < p->ids.end)
		return dense_node(o, item);
	while (next_field(&p->now, &f)) {
		if (f.wire != WIRE_BYTES)
			continue;
		if (f.number == 1 && (want & OSM_NODES))
			return plain_node(o, f.bytes, item);
		if (f.number == 3 && (want & OSM_WAYS))
			return way(o, f.bytes, item);
		if (f.number != 2 || !(want & OSM_NODES))
			continue;
		open_dense(p, f.bytes);
		if (p->ids.p < p->ids.end)
			return dense_node(o, item);
	}
	return p->now.bad ? osm_broken(o, "holds a group that breaks off")
			  : OSM_END;
}

enum osm_kind
osm_pbf_next(struct osm *o, unsigned want, struct osm_item *item)
{
	struct osm_pbf *p = o->pbf;
	enum osm_kind kind;
	int more;

	for (;;) {
		if ((kind = next_in_group(o, want, item)) != OSM_END)
			return kind;
		if (p->next_group < p->ngroups)
			p->now = p->group[p->next_group++];
		else if ((more = next_block(o)) <= 0)
			return more == 0 ? OSM_END : OSM_BROKEN;
	}
}
