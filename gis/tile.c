/* SPDX-License-Identifier: MIT */
/*
 * Layers are gathered in flat arrays (tags and geometries of all features one
 * behind the other, equal values once) and turned into protobuf-c's messages
 * when the bytes are asked for.
 */
#include "gis/tile.h"

#include <stdlib.h>
#include <string.h>

#include "gis/vector_tile.pb-c.h"

enum {
	MOST_LAYERS = 8,
	MOST_KEYS = 16,
	POINT = 1, /* GeomType of the specification */
	LINES = 2,
	AREA = 3,
	MOVE_TO = 1, /* commands */
	LINE_TO = 2,
	CLOSE_PATH = 7
};

struct feature {
	uint64_t id;
	uint32_t kind, tags, ntags, geometry, ngeometry;
};

struct words {
	uint32_t *at;
	size_t n, cap;
};

struct layer {
	const char *name;
	struct feature *feature;
	size_t n, cap;
	struct words tags, geometry;
	const char *key[MOST_KEYS];
	size_t nkeys;
	Mvt__Value *value;
	size_t nvalues, capvalues;
	uint32_t *slot; /* of a hash table over values: number + 1, or 0 */
	size_t nslots;	/* a power of two, above 2 * nvalues */
};

struct gis_tile {
	struct layer layer[MOST_LAYERS];
	size_t n;
	struct gis_tile_xy cursor;
	bool failed;
};

struct gis_tile *
gis_tile_new(void)
{
	return calloc(1, sizeof(struct gis_tile));
}

static void
layer_release(struct layer *l)
{
	free(l->feature);
	free(l->tags.at);
	free(l->geometry.at);
	free(l->value);
	free(l->slot);
}

void
gis_tile_free(struct gis_tile *t)
{
	if (t == NULL)
		return;
	for (size_t i = 0; i < t->n; i++)
		layer_release(&t->layer[i]);
	free(t);
}

/* p with room for n + 1 things; NULL and t->failed when there is none. */
static void *
grown(struct gis_tile *t, void *p, size_t n, size_t *cap, size_t size)
{
	size_t more = *cap * 2 + 64;
	void *q;

	if (n < *cap)
		return p;
	q = realloc(p, more * size);
	if (q == NULL)
		t->failed = true;
	else
		*cap = more;
	return q;
}

static void
push(struct gis_tile *t, struct words *w, uint32_t v)
{
	uint32_t *at = grown(t, w->at, w->n, &w->cap, sizeof(*at));

	if (at == NULL)
		return;
	w->at = at;
	at[w->n++] = v;
}

void
gis_tile_layer(struct gis_tile *t, const char *name)
{
	if (t->n == MOST_LAYERS)
		t->failed = true;
	else
		t->layer[t->n++].name = name;
}

static struct layer *
last_layer(struct gis_tile *t)
{
	return t->failed || t->n == 0 ? NULL : &t->layer[t->n - 1];
}

static struct feature *
last_feature(struct gis_tile *t)
{
	struct layer *l = last_layer(t);

	return l == NULL || l->n == 0 ? NULL : &l->feature[l->n - 1];
}

static void
begin(struct gis_tile *t, uint64_t id, uint32_t kind)
{
	struct layer *l = last_layer(t);
	struct feature *f;

	if (l == NULL)
		return;
	f = grown(t, l->feature, l->n, &l->cap, sizeof(*f));
	if (f == NULL)
		return;
	l->feature = f;
	f[l->n++] = (struct feature){ .id = id,
		.kind = kind,
		.tags = (uint32_t)l->tags.n,
		.geometry = (uint32_t)l->geometry.n };
	t->cursor = (struct gis_tile_xy){ 0, 0 };
}

static uint32_t
zigzag(int32_t v)
{
	return (uint32_t)v << 1 ^ (uint32_t)(v >> 31);
}

static void
command(struct gis_tile *t, struct words *w, uint32_t what, size_t count)
{
	push(t, w, what | (uint32_t)count << 3);
}

/* Where the cursor goes, as the way from where it stands. */
static void
go(struct gis_tile *t, struct words *w, struct gis_tile_xy to)
{
	push(t, w, zigzag(to.x - t->cursor.x));
	push(t, w, zigzag(to.y - t->cursor.y));
	t->cursor = to;
}

static void
measure(struct gis_tile *t)
{
	struct layer *l = last_layer(t);
	struct feature *f = last_feature(t);

	if (f != NULL)
		f->ngeometry = (uint32_t)l->geometry.n - f->geometry;
}

void
gis_tile_point(struct gis_tile *t, uint64_t id, struct gis_tile_xy at)
{
	struct words *w;

	begin(t, id, POINT);
	if (last_layer(t) == NULL)
		return;
	w = &last_layer(t)->geometry;
	command(t, w, MOVE_TO, 1);
	go(t, w, at);
	measure(t);
}

void
gis_tile_area(struct gis_tile *t, uint64_t id)
{
	begin(t, id, AREA);
}

void
gis_tile_lines(struct gis_tile *t, uint64_t id)
{
	begin(t, id, LINES);
}

void
gis_tile_line(struct gis_tile *t, const struct gis_tile_xy *p, size_t n)
{
	struct words *w;

	if (n < 2 || last_feature(t) == NULL)
		return;
	w = &last_layer(t)->geometry;
	command(t, w, MOVE_TO, 1);
	go(t, w, p[0]);
	command(t, w, LINE_TO, n - 1);
	for (size_t i = 1; i < n; i++)
		go(t, w, p[i]);
	measure(t);
}

/* Twice the area; positive where the ring goes as outer ones must. */
static int64_t
swept(const struct gis_tile_xy *p, size_t n)
{
	int64_t sum = 0;

	for (size_t i = 0, j = n - 1; i < n; j = i++)
		sum += (int64_t)p[j].x * p[i].y - (int64_t)p[i].x * p[j].y;
	return sum;
}

bool
gis_tile_ring(
    struct gis_tile *t, const struct gis_tile_xy *p, size_t n, bool hole)
{
	struct words *w;
	int64_t area = n < 3 ? 0 : swept(p, n);
	bool back = hole ? area > 0 : area < 0;

	if (area == 0 || last_feature(t) == NULL)
		return false;
	w = &last_layer(t)->geometry;
	command(t, w, MOVE_TO, 1);
	go(t, w, p[back ? n - 1 : 0]);
	command(t, w, LINE_TO, n - 1);
	for (size_t i = 1; i < n; i++)
		go(t, w, p[back ? n - 1 - i : i]);
	command(t, w, CLOSE_PATH, 1);
	measure(t);
	return true;
}

/* FNV-1a over what the value says. */
static uint64_t
hash(const Mvt__Value *v)
{
	const unsigned char *p = (const unsigned char *)&v->whole;
	size_t n = sizeof(v->whole);
	uint64_t h = 14695981039346656037u;

	if (v->text != NULL) {
		p = (const unsigned char *)v->text;
		n = strlen(v->text);
	} else if (v->has_real)
		p = (const unsigned char *)&v->real;
	for (size_t i = 0; i < n; i++)
		h = (h ^ p[i]) * 1099511628211u;
	return h ^ h >> 32;
}

static bool
same(const Mvt__Value *a, const Mvt__Value *b)
{
	if (a->text != NULL || b->text != NULL)
		return a->text != NULL && b->text != NULL &&
		       strcmp(a->text, b->text) == 0;
	if (a->has_real || b->has_real)
		return a->has_real && b->has_real &&
		       memcmp(&a->real, &b->real, sizeof(a->real)) == 0;
	return a->whole == b->whole;
}

/* Where the value stands, or the empty slot for it. */
static uint32_t *
find_slot(const struct layer *l, const Mvt__Value *v)
{
	size_t i = hash(v) & (l->nslots - 1);

	while (l->slot[i] != 0 && !same(&l->value[l->slot[i] - 1], v))
		i = (i + 1) & (l->nslots - 1);
	return &l->slot[i];
}

static bool
room_for_value(struct gis_tile *t, struct layer *l)
{
	size_t n = l->nslots == 0 ? 64 : l->nslots * 2;
	Mvt__Value *value =
	    grown(t, l->value, l->nvalues, &l->capvalues, sizeof(*value));

	if (value == NULL)
		return false;
	l->value = value;
	if (l->nvalues * 2 < l->nslots)
		return true;
	free(l->slot);
	l->slot = calloc(n, sizeof(*l->slot));
	l->nslots = l->slot == NULL ? 0 : n;
	if (l->slot == NULL) {
		t->failed = true;
		return false;
	}
	for (size_t i = 0; i < l->nvalues; i++)
		*find_slot(l, &value[i]) = (uint32_t)i + 1;
	return true;
}

static uint32_t
number_value(struct gis_tile *t, struct layer *l, const Mvt__Value *v)
{
	uint32_t *slot;

	if (!room_for_value(t, l))
		return 0;
	slot = find_slot(l, v);
	if (*slot == 0) {
		l->value[l->nvalues] = *v;
		*slot = (uint32_t)++l->nvalues;
	}
	return *slot - 1;
}

static uint32_t
number_key(struct gis_tile *t, struct layer *l, const char *name)
{
	size_t i = 0;

	while (i < l->nkeys && strcmp(l->key[i], name) != 0)
		i++;
	if (i == MOST_KEYS)
		t->failed = true;
	else if (i == l->nkeys)
		l->key[l->nkeys++] = name;
	return (uint32_t)i;
}

static void
property(struct gis_tile *t, const char *name, const Mvt__Value *v)
{
	struct layer *l = last_layer(t);
	struct feature *f = last_feature(t);
	uint32_t key, value;

	if (f == NULL)
		return;
	key = number_key(t, l, name);
	value = number_value(t, l, v);
	push(t, &l->tags, key);
	push(t, &l->tags, value);
	f->ntags = (uint32_t)l->tags.n - f->tags;
}

void
gis_tile_int(struct gis_tile *t, const char *name, int64_t whole)
{
	Mvt__Value v = MVT__VALUE__INIT;

	v.has_whole = true;
	v.whole = whole;
	property(t, name, &v);
}

void
gis_tile_real(struct gis_tile *t, const char *name, double real)
{
	Mvt__Value v = MVT__VALUE__INIT;

	v.has_real = true;
	v.real = real;
	property(t, name, &v);
}

void
gis_tile_text(struct gis_tile *t, const char *name, const char *text)
{
	Mvt__Value v = MVT__VALUE__INIT;

	v.text = (char *)(uintptr_t)text;
	property(t, name, &v);
}

/* A layer's messages, and the memory they stand in. */
struct message {
	Mvt__Layer layer;
	Mvt__Feature *feature, **features;
	Mvt__Value **values;
};

static void
put_features(struct message *m, const struct layer *l)
{
	for (size_t i = 0; i < l->n; i++) {
		const struct feature *f = &l->feature[i];
		Mvt__Feature *to = &m->feature[i];

		mvt__feature__init(to);
		to->has_id = f->id != 0;
		to->id = f->id;
		to->has_kind = true;
		to->kind = f->kind;
		to->n_tags = f->ntags;
		to->tags = l->tags.at + f->tags;
		to->n_geometry = f->ngeometry;
		to->geometry = l->geometry.at + f->geometry;
		m->features[i] = to;
	}
}

static bool
message_init(struct message *m, const struct layer *l)
{
	m->feature = malloc(l->n * sizeof(*m->feature));
	m->features = malloc(l->n * sizeof(Mvt__Feature *));
	m->values = malloc((l->nvalues + 1) * sizeof(Mvt__Value *));
	if (m->feature == NULL || m->features == NULL || m->values == NULL)
		return false;
	put_features(m, l);
	for (size_t i = 0; i < l->nvalues; i++)
		m->values[i] = &l->value[i];
	mvt__layer__init(&m->layer);
	m->layer.name = (char *)(uintptr_t)l->name;
	m->layer.version = 2;
	m->layer.has_extent = true;
	m->layer.extent = GIS_TILE_EXTENT;
	m->layer.n_features = l->n;
	m->layer.features = m->features;
	m->layer.n_keys = l->nkeys;
	m->layer.keys = (char **)(uintptr_t)l->key;
	m->layer.n_values = l->nvalues;
	m->layer.values = m->values;
	return true;
}

static void
message_release(struct message *m)
{
	free(m->feature);
	free(m->features);
	free(m->values);
}

static unsigned char *
pack(const Mvt__Tile *tile, size_t *len)
{
	unsigned char *bytes;

	*len = mvt__tile__get_packed_size(tile);
	bytes = malloc(*len + 1);
	if (bytes != NULL)
		mvt__tile__pack(tile, bytes);
	return bytes;
}

unsigned char *
gis_tile_bytes(const struct gis_tile *t, size_t *len)
{
	struct message m[MOST_LAYERS] = { 0 };
	Mvt__Layer *layers[MOST_LAYERS];
	Mvt__Tile tile = MVT__TILE__INIT;
	unsigned char *bytes = NULL;
	bool good = t != NULL && !t->failed;
	size_t n = 0;

	for (size_t i = 0; good && i < t->n; i++)
		if (t->layer[i].n > 0) {
			layers[n] = &m[n].layer;
			good = message_init(&m[n++], &t->layer[i]);
		}
	tile.n_layers = n;
	tile.layers = layers;
	if (good)
		bytes = pack(&tile, len);
	for (size_t i = 0; i < n; i++)
		message_release(&m[i]);
	return bytes;
}
