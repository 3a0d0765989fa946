/* SPDX-License-Identifier: MIT */
/* The listening socket; see http_listen.h. */
#include "shelterd/net/http_listen.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <event2/event.h>
#include <event2/listener.h>
#include "shelterd/conf.h"
#include "shelterd/lane.h"
#include "shelterd/log.h"

enum { BACKLOG = 1024 };

struct http_listen {
	struct event_base *base;
	struct evconnlistener *listener;
	struct event *rest;
	void (*taken)(void *, int fd, const struct sockaddr *);
	void *arg;
	char url[128];
};

static void
accept_again(evutil_socket_t fd, short what, void *arg)
{
	struct http_listen *l = arg;

	(void)fd;
	(void)what;
	evconnlistener_enable(l->listener);
}

/* Out of descriptors: rest a little instead of spinning on accept(). */
static void
accept_failed(struct evconnlistener *listener, void *arg)
{
	static const struct timeval pause = { 0, 100000 };
	struct http_listen *l = arg;

	log_line(LOG_WARN, "http", "accept_failed=%s",
	    evutil_socket_error_to_string(EVUTIL_SOCKET_ERROR()));
	evconnlistener_disable(listener);
	event_add(l->rest, &pause);
}

static void
accepted(struct evconnlistener *listener, evutil_socket_t fd,
    struct sockaddr *from, int len, void *arg)
{
	struct http_listen *l = arg;

	(void)listener;
	(void)len;
	l->taken(l->arg, fd, from);
}

static struct evconnlistener *
bind_to(struct http_listen *l, const char *host, int port)
{
	const char *address =
	    strcmp(host, "localhost") == 0 ? "127.0.0.1" : host;
	struct sockaddr_storage ss;
	int len = sizeof(ss);

	if (evutil_parse_sockaddr_port(address, (struct sockaddr *)&ss, &len) !=
	    0)
		return NULL;
	if (ss.ss_family == AF_INET)
		((struct sockaddr_in *)&ss)->sin_port = htons((uint16_t)port);
	else
		((struct sockaddr_in6 *)&ss)->sin6_port = htons((uint16_t)port);
	return evconnlistener_new_bind(l->base, accepted, l,
	    LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC | LEV_OPT_REUSEABLE,
	    BACKLOG, (struct sockaddr *)&ss, len);
}

static void
note_url(struct http_listen *l, const char *host, int fd)
{
	struct sockaddr_storage ss = { 0 };
	socklen_t len = sizeof(ss);
	int port = 0;

	if (getsockname(fd, (struct sockaddr *)&ss, &len) == 0)
		port = ntohs(ss.ss_family == AF_INET6
				 ? ((struct sockaddr_in6 *)&ss)->sin6_port
				 : ((struct sockaddr_in *)&ss)->sin_port);
	snprintf(l->url, sizeof(l->url),
	    strchr(host, ':') != NULL ? "http://[%.60s]:%d" : "http://%.60s:%d",
	    host, port);
}

static bool
begin(struct http_listen *l, const char *listen, char *err, size_t errsize)
{
	char host[256];
	int port, one = 1, fd;

	if (conf_listen(listen, host, sizeof(host), &port) == 0)
		l->listener = bind_to(l, host, port);
	if (l->listener == NULL) {
		snprintf(err, errsize, "listen: %s: %s", listen,
		    evutil_socket_error_to_string(EVUTIL_SOCKET_ERROR()));
		return false;
	}
	evconnlistener_set_error_cb(l->listener, accept_failed);
	fd = evconnlistener_get_fd(l->listener);
	/* Accepted sockets inherit it: pushes must not wait for an ACK. */
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	note_url(l, host, fd);
	return true;
}

struct http_listen *
http_listen_new(struct loop *loop, const char *listen,
    void (*taken)(void *, int fd, const struct sockaddr *), void *arg,
    char *err, size_t errsize)
{
	struct http_listen *l = calloc(1, sizeof(*l));

	snprintf(err, errsize, "http: out of memory");
	if (l == NULL)
		return NULL;
	l->base = loop_base(loop);
	l->taken = taken;
	l->arg = arg;
	l->rest = evtimer_new(l->base, accept_again, l);
	if (l->rest == NULL || !begin(l, listen, err, errsize)) {
		http_listen_free(l);
		return NULL;
	}
	return l;
}

void
http_listen_free(struct http_listen *l)
{
	if (l == NULL)
		return;
	if (l->rest != NULL)
		event_free(l->rest);
	if (l->listener != NULL)
		evconnlistener_free(l->listener);
	free(l);
}

const char *
http_listen_url(const struct http_listen *l)
{
	return l->url;
}
