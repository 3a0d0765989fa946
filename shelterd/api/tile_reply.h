/* SPDX-License-Identifier: MIT */
/* What routes have in common that answer with a vector tile. */
#ifndef SHELTERD_TILE_REPLY_H
#define SHELTERD_TILE_REPLY_H

#include "gis/world.h"
#include "shelterd/net/request.h"

/* ?layers=a,b; the words of enum map_layer. */
#define TILE_LAYERS_FIELD                                                  \
	{                                                                  \
		.name = "layers", .type = F_STRING, .maxlen = 100,         \
		.help = "names of layers with commas; others are left out" \
	}

/* {z}/{x}/{y}; ST_NOT_FOUND if there is no such tile. */
enum status tile_read(struct request *, struct gis_tile_at *);
/* ?layers=, of those in `may`; `absent` without it. */
enum status
tile_layers(struct request *, unsigned may, unsigned absent, unsigned *layers);
/* Whether the tile of this key (shelterd/map/tile_cache.h) is kept: then *st is
 * the answer, which is 304 where the caller has it. */
bool tile_kept(struct request *, const char *key, enum status *st);
/* Keeps it and answers with it; takes the bytes, NULL: memory is out. An empty
 * one is 204. */
enum status
tile_reply(struct request *, const char *key, unsigned char *take, size_t len);

#endif
