/* SPDX-License-Identifier: MIT */
/*
 * The listening sockets: one made from the setting `listen`, which gives the
 * daemon its URL, and one at a path from `local-socket`.  They rest when
 * descriptors run out.  Loop thread only.
 */
#ifndef SHELTERD_HTTP_LISTEN_H
#define SHELTERD_HTTP_LISTEN_H

#include <stddef.h>

struct http_listen;
struct loop;
struct sockaddr;

/* `taken` is given every new socket, which must not block.  NULL and a
 * sentence on failure. */
struct http_listen *http_listen_new(struct loop *, const char *listen,
    void (*taken)(void *, int fd, const struct sockaddr *), void *arg,
    char *err, size_t errsize);
/* A Unix socket at that path, for its owner and group; one left behind by a
 * killed daemon is replaced. */
struct http_listen *http_listen_local(struct loop *, const char *path,
    void (*taken)(void *, int fd, const struct sockaddr *), void *arg,
    char *err, size_t errsize);
/* Takes no more, and removes its path; NULL is fine. */
void http_listen_free(struct http_listen *);
/* "http://127.0.0.1:8080", with the real port; "" for a path. */
const char *http_listen_url(const struct http_listen *);

#endif
