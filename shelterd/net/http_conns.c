/* SPDX-License-Identifier: MIT */
/* All connections: their beginning, their clock, their end. */
#include <linux/sockios.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include "shelterd/net/http_conn_private.h"

enum { FAR_TOO_MANY = 128 }; /* above the limit: closed unheard */

void
http_conn_link(struct http_conn *c, struct http_conn **list)
{
	c->next = *list;
	c->prev = list;
	if (c->next != NULL)
		c->next->prev = &c->next;
	*list = c;
}

void
http_conn_unlink(struct http_conn *c)
{
	*c->prev = c->next;
	if (c->next != NULL)
		c->next->prev = c->prev;
}

/* Streams are watched by whoever made them. */
static bool
out_of_time(const struct http_conn *c)
{
	return c->state != CONN_BUSY && c->state != CONN_GONE &&
	       c->all->ticks - c->seen > c->patience;
}

/* A slow client may still be taking what the kernel keeps for it, which is
 * much more than passes here in that time. */
static bool
still_takes(struct http_conn *c)
{
	int left = 0, before = c->kernel_has;

	if (c->out == NULL ||
	    ioctl(event_get_fd(&c->event), SIOCOUTQ, &left) != 0)
		return false;
	c->kernel_has = left;
	return left != before;
}

static void
tick(evutil_socket_t fd, short what, void *arg)
{
	struct http_conns *all = arg;
	struct http_conn *c, *next;

	(void)fd;
	(void)what;
	all->ticks++;
	for (c = all->first; c != NULL; c = next) {
		next = c->next;
		if (!out_of_time(c))
			continue;
		if (still_takes(c))
			c->seen = all->ticks;
		else
			http_conn_shut(c);
	}
}

struct http_conns *
http_conns_new(
    struct event_base *base, const struct http_conn_ops *ops, int64_t timeout)
{
	enum { SHARED = 64 * 1024 };
	static const struct timeval second = { 1, 0 };
	struct http_conns *all = calloc(1, sizeof(*all));

	if (all == NULL)
		return NULL;
	all->base = base;
	all->ops = *ops;
	all->timeout = timeout;
	all->shared = http_input_new(SHARED);
	all->tick = event_new(base, -1, EV_PERSIST, tick, all);
	all->let_go = event_new(base, -1, 0, http_conns_let_go, all);
	if (all->shared == NULL || all->tick == NULL || all->let_go == NULL ||
	    event_add(all->tick, &second) != 0) {
		http_conns_free(all);
		return NULL;
	}
	return all;
}

void
http_conns_free(struct http_conns *all)
{
	struct http_conn *c;

	if (all == NULL)
		return;
	while ((c = all->first) != NULL) {
		if (c->state == CONN_BUSY)
			c->state = CONN_CLOSING; /* nobody will answer */
		if (c->state != CONN_GONE) {
			http_conn_shut(c);
			continue;
		}
		http_conn_unlink(c);
		free(c->in);
		free(c);
	}
	if (all->tick != NULL)
		event_free(all->tick);
	if (all->let_go != NULL)
		event_free(all->let_go);
	free(all->shared);
	free(all);
}

static void
note_peer(struct http_conn *c, const struct sockaddr *from)
{
	const void *address =
	    from->sa_family == AF_INET6
		? (const void *)&(
		      (const struct sockaddr_in6 *)(const void *)from)
		      ->sin6_addr
		: (const void *)&(
		      (const struct sockaddr_in *)(const void *)from)
		      ->sin_addr;

	if (from->sa_family == AF_INET || from->sa_family == AF_INET6)
		inet_ntop(from->sa_family, address, c->peer, sizeof(c->peer));
	else
		strcpy(c->peer, "local");
}

bool
http_conns_add(
    struct http_conns *all, int fd, const struct sockaddr *from, int64_t most)
{
	struct http_conn *c = NULL;

	if ((int64_t)all->n < most + FAR_TOO_MANY)
		c = calloc(1, sizeof(*c));
	if (c == NULL ||
	    event_assign(&c->event, all->base, fd, EV_READ | EV_PERSIST,
		http_conn_event, c) != 0 ||
	    event_add(&c->event, NULL) != 0) {
		free(c);
		close(fd);
		return false;
	}
	c->all = all;
	c->seen = all->ticks;
	c->patience = all->timeout;
	c->body_max = -1;
	c->over = (int64_t)++all->n > most;
	note_peer(c, from);
	http_conn_link(c, &all->first);
	return true;
}

size_t
http_conns_unsent(const struct http_conns *all)
{
	const struct http_conn *c;
	size_t n = 0;

	for (c = all->first; c != NULL; c = c->next)
		n += c->held || (c->out != NULL && c->stream == NULL);
	return n;
}
