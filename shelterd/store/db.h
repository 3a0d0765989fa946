/* SPDX-License-Identifier: MIT */
/*
 * The thin driver every SQL statement goes through: a dozen functions, no
 * domain words.  SQL is written once, in the subset SQLite and PostgreSQL
 * share, with $1 … $n placeholders.  Only db_sqlite.c (and later db_pgsql.c)
 * sees the driver's header.
 *
 * A struct db is one connection and belongs to one thread.  Statements are
 * cached by the address of their SQL literal, so `sql` must be a string
 * literal, or a text that neither changes nor goes away.  Errors: a function returns a negative enum db_result and
 * db_error() tells more; statements that failed are reset by themselves.
 */
#ifndef SHELTERD_STORE_DB_H
#define SHELTERD_STORE_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum db_result {
	DB_OK = 0,
	DB_ROW = 1,
	DB_ERROR = -1,
	DB_CONSTRAINT = -2, /* unique, foreign key, check */
	DB_FULL = -3,	    /* disk */
	DB_BUSY = -4
};

struct db;
struct db_stmt;

struct db *db_open(const char *path, bool readonly, char *err, size_t errsize);
void db_close(struct db *);
const char *db_error(const struct db *);

/* Begin (immediate for writers) / commit / rollback, and named savepoints by
 * depth: savepoints nest inside a transaction. */
int db_begin(struct db *);
int db_commit(struct db *);
void db_rollback(struct db *);
int db_save(struct db *);
int db_release(struct db *);
void db_undo(struct db *); /* roll back to the newest savepoint, drop it */

/* Several statements without parameters or rows (migrations). */
int db_script(struct db *, const char *sql);

/* Never NULL: a statement that does not prepare carries its error to
 * db_step(). Preparing one again restarts it, so a row loop must not run the
 * same literal inside itself. */
struct db_stmt *db_prepare(struct db *, const char *sql_literal);
/* n counts from 1. Text and blob are copied. NULL text binds NULL. */
void db_bind_int(struct db_stmt *, int n, int64_t);
void db_bind_num(struct db_stmt *, int n, double);
void db_bind_text(struct db_stmt *, int n, const char *);
void db_bind_blob(struct db_stmt *, int n, const void *, size_t);
void db_bind_null(struct db_stmt *, int n);
/* Not copied: the bytes must live until the statement has run. */
void db_lend_text(struct db_stmt *, int n, const char *, size_t len);
void db_lend_blob(struct db_stmt *, int n, const void *, size_t len);
/* DB_ROW while rows come, then DB_OK (the statement is reset by then). */
int db_step(struct db_stmt *);
/* Bound statement without rows of interest: steps to the end, resets. */
int db_run(struct db_stmt *);
/* Leaves a row loop early. */
void db_done(struct db_stmt *);

/* Columns count from 0; text is never NULL ("" for NULL), valid until the
 * next step. */
int64_t db_int(struct db_stmt *, int col);
double db_num(struct db_stmt *, int col);
const char *db_text(struct db_stmt *, int col);
const void *db_blob(struct db_stmt *, int col, size_t *len);
bool db_null(struct db_stmt *, int col);

int64_t db_last_id(struct db *);
int64_t db_changes(struct db *);
/* Rows written by this connection so far, undone ones as well. */
int64_t db_written(struct db *);

/* True until a commit, a rollback, or an error after which the driver rolled
 * everything back by itself. */
bool db_in_transaction(const struct db *);
/* Ends every row loop that was left without db_done(). Lanes call it after
 * each request, so that a forgotten one cannot hold an old view open. */
void db_reset(struct db *);
/* The writing connection, when nobody waits: moves the journal into the store
 * if it is worth it. */
void db_idle(struct db *);
/* Where the driver's own messages go (code 0: only a notice). Before the first
 * db_open(). */
void db_log_to(void (*fn)(int code, const char *message));

/* DB_OK when every page and reference of the store is sound. */
int db_check(struct db *, char *err, size_t errsize);
/* Moves the journal into the store and takes it out of use; DB_BUSY while
 * another connection has it open. */
int db_retire(struct db *);

/* Copies the whole store, consistent, while others write; the copy is synced
 * and is one file. `to` should not exist. */
int db_backup(struct db *, const char *to, char *err, size_t errsize);

#endif
