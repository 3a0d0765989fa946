/* SPDX-License-Identifier: MIT */
/*
 * The settings of shelterd.conf: one table of name, type, default, range,
 * unit and help (conf.c).  Lines are `name = value`, `#` starts a comment
 * line.  Invariant: a struct conf always holds valid values, and what
 * conf_print() writes parses to the same.
 */
#ifndef SHELTERD_CONF_H
#define SHELTERD_CONF_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct conf {
	char *listen;	    /* HOST:PORT, port 0: any */
	char *local_socket; /* empty: none */
	char *store, *admin_token_file, *rules_dir, *web_root, *backup_dir;
	int64_t max_body; /* bytes */
	int64_t max_connections, max_streams;
	int64_t stream_buffer;	 /* bytes waiting for one stream */
	int64_t stream_ping;	 /* s */
	int64_t request_timeout; /* s without a byte */
	int64_t stop_timeout;	 /* s */
	int64_t lane_queue;	 /* waiting requests per lane */
	int64_t jobs_kept;
	int64_t tile_cache;	  /* bytes of tiles that are kept */
	int64_t import_max_bytes; /* of one import's gathered rows */
	int64_t schedule_every;	  /* h between looks at what is due; 0: none */
	int64_t schedule_days;	  /* d ahead that due work becomes a task */
	int64_t token_days, idempotency_days;
	int64_t log_level; /* enum log_level */
};

/* All defaults; NULL when memory is out. */
struct conf *conf_new(void);
void conf_free(struct conf *);
/* 0, or -1 with one line per error, each "file:line: why", in err. */
int conf_file(struct conf *, const char *path, char *err, size_t errsize);
int conf_text(struct conf *, const char *name, const char *text, size_t len,
    char *err, size_t errsize);
/* "name=value", as of -o. */
int conf_set(struct conf *, const char *assignment, char *err, size_t errsize);
/* The canonical file, every setting with its help. */
void conf_print(const struct conf *, FILE *);
/* Takes over what may change while running; calls `restart` with the name of
 * each other setting that differs. */
void conf_reload(
    struct conf *, const struct conf *from, void (*restart)(const char *name));
/* Splits `listen`; host without brackets. -1 if it is no HOST:PORT. */
int conf_listen(const char *listen, char *host, size_t hostsize, int *port);

#endif
