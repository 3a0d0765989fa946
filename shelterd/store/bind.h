/* SPDX-License-Identifier: MIT */
/* Binding of ids where 0 stands for none, stored as NULL. */
#ifndef SHELTERD_STORE_BIND_H
#define SHELTERD_STORE_BIND_H

#include <stdint.h>
#include "shelterd/store/db.h"

static inline void
bind_id(struct db_stmt *s, int n, int64_t id)
{
	if (id)
		db_bind_int(s, n, id);
	else
		db_bind_null(s, n);
}

#endif
