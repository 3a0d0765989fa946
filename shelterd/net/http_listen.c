/* SPDX-License-Identifier: MIT */
/* The listening sockets; see http_listen.h. */
#include "shelterd/net/http_listen.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
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
	char path[sizeof(((struct sockaddr_un *)0)->sun_path)]; /* or empty */
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

static void
bind_to(struct http_listen *l, const struct sockaddr *to, int len)
{
	l->listener = evconnlistener_new_bind(l->base, accepted, l,
	    LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC | LEV_OPT_REUSEABLE,
	    BACKLOG, to, len);
	if (l->listener != NULL)
		evconnlistener_set_error_cb(l->listener, accept_failed);
}

static void
bind_port(struct http_listen *l, const char *host, int port)
{
	const char *address =
	    strcmp(host, "localhost") == 0 ? "127.0.0.1" : host;
	struct sockaddr_storage ss;
	int len = sizeof(ss);

	if (evutil_parse_sockaddr_port(address, (struct sockaddr *)&ss, &len) !=
	    0)
		return;
	if (ss.ss_family == AF_INET)
		((struct sockaddr_in *)&ss)->sin_port = htons((uint16_t)port);
	else
		((struct sockaddr_in6 *)&ss)->sin6_port = htons((uint16_t)port);
	bind_to(l, (struct sockaddr *)&ss, len);
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
		bind_port(l, host, port);
	if (l->listener == NULL) {
		snprintf(err, errsize, "listen: %s: %s", listen,
		    evutil_socket_error_to_string(EVUTIL_SOCKET_ERROR()));
		return false;
	}
	fd = evconnlistener_get_fd(l->listener);
	/* Accepted sockets inherit it: pushes must not wait for an ACK. */
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	note_url(l, host, fd);
	return true;
}

/* Removes the socket of a daemon that was killed.  false, with errno: the path
 * is somebody's. */
static bool
make_way(const struct sockaddr_un *to)
{
	struct stat st;
	int fd;

	if (lstat(to->sun_path, &st) != 0)
		return errno == ENOENT;
	errno = EEXIST;
	if (!S_ISSOCK(st.st_mode))
		return false;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return false;
	if (connect(fd, (const struct sockaddr *)to, sizeof(*to)) == 0)
		errno = EADDRINUSE;
	close(fd);
	return errno == ECONNREFUSED && unlink(to->sun_path) == 0;
}

static bool
begin_local(struct http_listen *l, const char *path, char *err, size_t errsize)
{
	enum { OWNER_AND_GROUP = 0660 };
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	const char *why = "the path is too long";

	if (strlen(path) < sizeof(to.sun_path)) {
		strcpy(to.sun_path, path);
		if (make_way(&to))
			bind_to(l, (struct sockaddr *)&to, sizeof(to));
		why = strerror(errno);
	}
	if (l->listener == NULL) {
		snprintf(err, errsize, "local-socket: %s: %s", path, why);
		return false;
	}
	strcpy(l->path, path);
	if (chmod(path, OWNER_AND_GROUP) == 0)
		return true;
	snprintf(err, errsize, "local-socket: %s: %s", path, strerror(errno));
	return false;
}

static struct http_listen *
make(struct loop *loop, void (*taken)(void *, int fd, const struct sockaddr *),
    void *arg, char *err, size_t errsize)
{
	struct http_listen *l = calloc(1, sizeof(*l));

	snprintf(err, errsize, "http: out of memory");
	if (l == NULL)
		return NULL;
	l->base = loop_base(loop);
	l->taken = taken;
	l->arg = arg;
	l->rest = evtimer_new(l->base, accept_again, l);
	if (l->rest != NULL)
		return l;
	http_listen_free(l);
	return NULL;
}

struct http_listen *
http_listen_new(struct loop *loop, const char *listen,
    void (*taken)(void *, int fd, const struct sockaddr *), void *arg,
    char *err, size_t errsize)
{
	struct http_listen *l = make(loop, taken, arg, err, errsize);

	if (l == NULL || begin(l, listen, err, errsize))
		return l;
	http_listen_free(l);
	return NULL;
}

struct http_listen *
http_listen_local(struct loop *loop, const char *path,
    void (*taken)(void *, int fd, const struct sockaddr *), void *arg,
    char *err, size_t errsize)
{
	struct http_listen *l = make(loop, taken, arg, err, errsize);

	if (l == NULL || begin_local(l, path, err, errsize))
		return l;
	http_listen_free(l);
	return NULL;
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
	if (l->path[0] != '\0')
		unlink(l->path);
	free(l);
}

const char *
http_listen_url(const struct http_listen *l)
{
	return l->url;
}
