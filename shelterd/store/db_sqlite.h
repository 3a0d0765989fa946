/* SPDX-License-Identifier: MIT */
/* What the files of the SQLite driver share; nobody else includes it. */
#ifndef SHELTERD_STORE_DB_SQLITE_H
#define SHELTERD_STORE_DB_SQLITE_H

#include <sqlite3.h>
#include "shelterd/store/db.h"

sqlite3 *db_sqlite_handle(struct db *);
/* The enum db_result of a code of SQLite's. */
int db_sqlite_result(int rc);

#endif
