/* SPDX-License-Identifier: MIT */
/*
 * A decoder of vector tiles written after the specification, for tests of what
 * makes them.  It fails the test on what no tile may hold.
 */
#ifndef TESTS_READ_TILE_H
#define TESTS_READ_TILE_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "gis/tile.h"

/* The wire format of protocol buffers, as far as tiles use it. */
struct bytes {
	const unsigned char *p, *end;
};

static inline uint64_t
varint(struct bytes *b)
{
	uint64_t v = 0;

	for (int shift = 0;; shift += 7) {
		assert_true(b->p < b->end && shift < 64);
		v |= (uint64_t)(*b->p & 0x7f) << shift;
		if (!(*b->p++ & 0x80))
			return v;
	}
}

static inline struct bytes
chunk(struct bytes *b)
{
	uint64_t n = varint(b);
	struct bytes in = { b->p, b->p + n };

	assert_true(n <= (uint64_t)(b->end - b->p));
	b->p += n;
	return in;
}

enum { MOST = 4000, WORDS = 200000 };
struct value {
	int field;
	int64_t whole;
	double real;
	char text[40];
};
struct read_feature {
	uint64_t id;
	uint32_t kind, tags[16];
	size_t ntags, first, n; /* of the geometry's words */
};
struct read_layer {
	char name[40], keys[16][40];
	size_t nkeys, nvalues, nfeatures;
	uint32_t extent, version;
	struct value values[MOST];
	struct read_feature features[MOST];
};
static struct read_layer layers[4];
static size_t nlayers, nwords;
static uint32_t words[WORDS];

static inline void
copy(char *to, size_t size, struct bytes in)
{
	size_t n = (size_t)(in.end - in.p);

	assert_true(n < size);
	memcpy(to, in.p, n);
	to[n] = '\0';
}

static inline void
read_value(struct bytes b, struct value *v)
{
	uint64_t tag = varint(&b);

	v->field = (int)(tag >> 3);
	switch (v->field) {
	case 1:
		copy(v->text, sizeof(v->text), chunk(&b));
		break;
	case 3:
		assert_int_equal(tag & 7, 1);
		memcpy(&v->real, b.p, sizeof(v->real));
		b.p += sizeof(v->real);
		break;
	case 4:
		v->whole = (int64_t)varint(&b);
		break;
	default:
		fail();
	}
	assert_ptr_equal(b.p, b.end);
}

static inline void
read_feature(struct bytes b, struct read_feature *f)
{
	struct bytes in;

	*f = (struct read_feature){ .first = nwords };
	while (b.p < b.end) {
		switch (varint(&b)) {
		case 1 << 3:
			f->id = varint(&b);
			break;
		case 2 << 3 | 2:
			for (in = chunk(&b); in.p < in.end;)
				f->tags[f->ntags++] = (uint32_t)varint(&in);
			break;
		case 3 << 3:
			f->kind = (uint32_t)varint(&b);
			break;
		case 4 << 3 | 2:
			for (in = chunk(&b); in.p < in.end;)
				words[nwords++] = (uint32_t)varint(&in);
			break;
		default:
			fail();
		}
	}
	f->n = nwords - f->first;
}

static inline void
read_layer(struct bytes b, struct read_layer *l)
{
	memset(l, 0, sizeof(*l));
	while (b.p < b.end) {
		switch (varint(&b)) {
		case 1 << 3 | 2:
			copy(l->name, sizeof(l->name), chunk(&b));
			break;
		case 2 << 3 | 2:
			read_feature(chunk(&b), &l->features[l->nfeatures++]);
			break;
		case 3 << 3 | 2:
			copy(
			    l->keys[l->nkeys++], sizeof(l->keys[0]), chunk(&b));
			break;
		case 4 << 3 | 2:
			read_value(chunk(&b), &l->values[l->nvalues++]);
			break;
		case 5 << 3:
			l->extent = (uint32_t)varint(&b);
			break;
		case 15 << 3:
			l->version = (uint32_t)varint(&b);
			break;
		default:
			fail();
		}
	}
	assert_int_equal(l->extent, GIS_TILE_EXTENT);
	assert_int_equal(l->version, 2);
}

/* Takes the bytes. */
static inline void
read_tile_bytes(unsigned char *bytes, size_t len)
{
	struct bytes b = { bytes, bytes + len };

	assert_non_null(bytes);
	nlayers = nwords = 0;
	while (b.p < b.end) {
		assert_int_equal(varint(&b), 3 << 3 | 2);
		read_layer(chunk(&b), &layers[nlayers++]);
	}
	free(bytes);
}

static inline int32_t
unzigzag(uint32_t v)
{
	return (int32_t)(v >> 1) ^ -(int32_t)(v & 1);
}

static inline const struct value *
value_of(const struct read_layer *l, const struct read_feature *f, size_t i)
{
	assert_true(f->tags[i * 2 + 1] < l->nvalues);
	return &l->values[f->tags[i * 2 + 1]];
}

#endif
