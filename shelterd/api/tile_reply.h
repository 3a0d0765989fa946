/* SPDX-License-Identifier: MIT */
/* What routes have in common that answer with a vector tile. */
#ifndef SHELTERD_TILE_REPLY_H
#define SHELTERD_TILE_REPLY_H

#include "gis/world.h"
#include "shelterd/net/request.h"

/* {z}/{x}/{y}; ST_NOT_FOUND if there is no such tile. */
enum status tile_read(struct request *, struct gis_tile_at *);
/* Adds the entity tag, of the data version; true: the caller has this tile, and
 * 304 is the answer. */
bool tile_known(struct request *);
/* Answers with it; takes the bytes, NULL: memory is out.  An empty one is 204. */
enum status tile_reply(struct request *, unsigned char *take, size_t len);

#endif
