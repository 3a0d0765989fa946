/* SPDX-License-Identifier: MIT */
/* Units and entrances in the body of a shelter, for shelter_edit.c. */
#ifndef SHELTERD_SHELTER_PARTS_H
#define SHELTERD_SHELTER_PARTS_H

#include "shelterd/net/request.h"
#include "shelterd/store/shelter.h"

extern const struct field shelter_unit_fields[], shelter_entrance_fields[];
/* Replaces what the body gives. `old` is what was stored before; its row's
 * id is the shelter. */
enum status shelter_put_parts(struct request *, const struct shelter_full *old);

#endif
