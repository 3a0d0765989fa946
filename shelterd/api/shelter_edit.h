/* SPDX-License-Identifier: MIT */
/* Adding and changing shelters by hand: the two writing handlers of
 * api_shelter.c. */
#ifndef SHELTERD_SHELTER_EDIT_H
#define SHELTERD_SHELTER_EDIT_H

#include "shelterd/net/request.h"

extern const struct field shelter_add_body[], shelter_change_body[];
enum status shelter_add(struct request *);
enum status shelter_change(struct request *);

#endif
