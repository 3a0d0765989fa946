/* SPDX-License-Identifier: MIT */
/*
 * Signed heads: lines beside the store (STORE.heads) that say "at this time
 * the log reached this event with this hash", signed with the store's own
 * Ed25519 key (STORE.key, mode 0600, made at the first start).  The chain
 * shows a changed event; a signed head shows a tail cut off.  Whoever keeps
 * copies of the lines elsewhere need not trust this machine at all.
 *
 * A line: ID HASH AT SIGNATURE, hash and signature in hex, AT in UTC seconds;
 * the signature covers "shelter-head ID HASH AT".  The first line names the
 * public key: "key HEX".
 */
#ifndef SHELTERD_STORE_HEAD_H
#define SHELTERD_STORE_HEAD_H

#include <stddef.h>
#include <stdint.h>

struct db;
struct event;
struct heads;

/* Opens or makes key and file and signs where the store is now. NULL and a
 * sentence on failure. */
struct heads *
heads_open(const char *store, struct db *, char *err, size_t errsize);
/* Remembers the newest committed event. */
void heads_note(struct heads *, const struct event *);
/* Signs if many events or much time passed since the last line. */
void heads_due(struct heads *);
/* Signs what was noted, frees; NULL safe. */
void heads_close(struct heads *);

/* Compares the newest lines with the store: *last is the newest signed id (0:
 * none), *bad the first id the store cannot show as signed (0: all can).
 * Negative when the files cannot be read or a signature is false. */
int heads_check(const char *store, struct db *, int64_t *last, int64_t *bad,
    char *err, size_t errsize);
/* Puts the lines of a store that was replaced by an older copy aside
 * (STORE.heads.AT). 0, or -1 with errno. */
int heads_retire(const char *store, int64_t at);

#endif
