/* SPDX-License-Identifier: MIT */
/*
 * Static files: all of web-root in memory, sorted by path.  Files below
 * /assets/ carry a hash in their names (the bundler's), so they may be cached
 * for ever; everything else is asked for again with its ETag.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "shelterd/log.h"
#include "shelterd/net/query.h"
#include "shelterd/net/static.h"

enum {
	FILES_MAX = 2000,
	FILE_MAX = 32 << 20,
	TOTAL_MAX = 128 << 20,
	DEPTH_MAX = 8,
	PATH_SIZE = 512
};

struct file {
	char *path; /* "/assets/x.js" */
	const char *type;
	char *bytes;
	size_t len;
	char etag[20];
};

struct statics {
	struct file *files;
	size_t n, total;
};

static const char policy[] =
    "default-src 'self'; img-src 'self' data: blob:; worker-src 'self' blob:; "
    "style-src 'self' 'unsafe-inline'; connect-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'";

static const char builtin[] =
    "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">"
    "<title>shelterd</title></head><body><h1>shelterd</h1>"
    "<p>The daemon is serving, but its web page is not built.</p>"
    "<p>本服务已运行，但网页尚未构建。</p>"
    "<p>Build it with <code>make web</code>, point <code>web-root</code> at "
    "the folder that makes (<code>build/web</code>) and restart.</p>"
    "<p>The HTTP interface works without it: "
    "<a href=\"/openapi.json\">/openapi.json</a>, "
    "<a href=\"/healthz\">/healthz</a>, <a href=\"/metrics\">/metrics</a>; "
    "so do <code>shelterctl</code> and <code>shelter-field</code>.</p>"
    "</body></html>\n";

static const char *
type_of(const char *path)
{
	static const struct {
		const char *end, *type;
	} types[] = {
		{ ".html", "text/html; charset=utf-8" },
		{ ".js", "text/javascript; charset=utf-8" },
		{ ".mjs", "text/javascript; charset=utf-8" },
		{ ".css", "text/css; charset=utf-8" },
		{ ".json", "application/json" },
		{ ".webmanifest", "application/manifest+json" },
		{ ".svg", "image/svg+xml" },
		{ ".png", "image/png" },
		{ ".ico", "image/x-icon" },
		{ ".woff2", "font/woff2" },
		{ ".woff", "font/woff" },
		{ ".pbf", "application/x-protobuf" },
		{ ".txt", "text/plain; charset=utf-8" },
	};
	const char *dot = strrchr(path, '.');

	for (size_t i = 0; dot != NULL && i < sizeof(types) / sizeof(*types);
	     i++)
		if (strcmp(dot, types[i].end) == 0)
			return types[i].type;
	return "application/octet-stream";
}

static bool
read_all(const char *name, struct file *file)
{
	struct stat st;
	int fd = open(name, O_RDONLY | O_CLOEXEC);
	size_t have = 0;
	ssize_t n = 1;
	bool whole = false;

	if (fd < 0)
		return false;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    st.st_size <= FILE_MAX)
		file->bytes = malloc((size_t)st.st_size + 1);
	if (file->bytes != NULL) {
		file->len = (size_t)st.st_size;
		while (have < file->len && n > 0)
			if ((n = read(
				 fd, file->bytes + have, file->len - have)) > 0)
				have += (size_t)n;
		whole = have == file->len;
	}
	close(fd);
	return whole;
}

static void
make_etag(struct file *file)
{
	unsigned char hash[16];
	char hex[2 * sizeof(hash) + 1];

	crypto_generichash(hash, sizeof(hash),
	    (const unsigned char *)file->bytes, file->len, NULL, 0);
	sodium_bin2hex(hex, sizeof(hex), hash, sizeof(hash));
	snprintf(file->etag, sizeof(file->etag), "\"%.16s\"", hex);
}

static void
add_file(struct statics *s, const char *name, const char *path)
{
	struct file file = { .type = type_of(path) }, *grown;

	if (s->n == FILES_MAX || !read_all(name, &file) ||
	    s->total + file.len > TOTAL_MAX ||
	    (file.path = strdup(path)) == NULL ||
	    (grown = realloc(s->files, (s->n + 1) * sizeof(file))) == NULL) {
		log_line(LOG_WARN, "static", "skipped=%s", name);
		free(file.bytes);
		free(file.path);
		return;
	}
	make_etag(&file);
	s->files = grown;
	s->files[s->n++] = file;
	s->total += file.len;
}

static void
add_folder(struct statics *s, const char *folder, const char *prefix, int depth)
{
	char name[2 * PATH_SIZE], path[PATH_SIZE];
	struct dirent *entry;
	struct stat st;
	DIR *dir = depth < DEPTH_MAX ? opendir(folder) : NULL;

	if (dir == NULL)
		return;
	while ((entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.' ||
		    snprintf(path, sizeof(path), "%s/%s", prefix,
			entry->d_name) >= (int)sizeof(path) ||
		    snprintf(name, sizeof(name), "%s/%s", folder,
			entry->d_name) >= (int)sizeof(name) ||
		    stat(name, &st) != 0)
			continue;
		if (S_ISDIR(st.st_mode))
			add_folder(s, name, path, depth + 1);
		else
			add_file(s, name, path);
	}
	closedir(dir);
}

static int
by_path(const void *a, const void *b)
{
	return strcmp(
	    ((const struct file *)a)->path, ((const struct file *)b)->path);
}

static const struct file *
find(const struct statics *s, const char *path)
{
	struct file key = { .path = (char *)path };

	return s->n == 0 ? NULL
			 : bsearch(&key, s->files, s->n, sizeof(key), by_path);
}

static void
add_builtin(struct statics *s)
{
	struct file file = { .type = type_of(".html") }, *grown;

	file.path = strdup("/index.html");
	file.bytes = strdup(builtin);
	file.len = sizeof(builtin) - 1;
	grown = realloc(s->files, (s->n + 1) * sizeof(file));
	if (grown != NULL)
		s->files = grown;
	if (grown == NULL || file.path == NULL || file.bytes == NULL) {
		free(file.path);
		free(file.bytes);
		return;
	}
	make_etag(&file);
	s->files[s->n++] = file;
}

struct statics *
static_load(const char *root)
{
	struct statics *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return NULL;
	if (root[0] != '\0')
		add_folder(s, root, "", 0);
	if (s->n > 0)
		qsort(s->files, s->n, sizeof(*s->files), by_path);
	if (find(s, "/index.html") == NULL) {
		add_builtin(s);
		qsort(s->files, s->n, sizeof(*s->files), by_path);
	}
	return s;
}

void
static_free(struct statics *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < s->n; i++) {
		free(s->files[i].path);
		free(s->files[i].bytes);
	}
	free(s->files);
	free(s);
}

size_t
static_count(const struct statics *s)
{
	return s->n;
}

static enum status
send_file(
    struct request *req, const struct file *file, const char *if_none_match)
{
	char *copy;

	reply_header(req, "ETag", file->etag);
	reply_header(req, "Cache-Control",
	    strncmp(file->path, "/assets/", 8) == 0
		? "public, max-age=31536000, immutable"
		: "no-cache");
	if (if_none_match != NULL && strstr(if_none_match, file->etag) != NULL)
		return reply_bytes(req, ST_NOT_MODIFIED, NULL, NULL, 0);
	copy = malloc(file->len + 1);
	if (copy == NULL)
		return req_fail(req, ST_UNAVAILABLE, NULL, "out of memory");
	memcpy(copy, file->bytes, file->len);
	reply_header(req, "Content-Security-Policy", policy);
	reply_header(req, "Referrer-Policy", "no-referrer");
	return reply_bytes(req, ST_OK, file->type, copy, file->len);
}

enum status
static_answer(const struct statics *s, struct request *req, const char *method,
    const char *target, const char *if_none_match)
{
	size_t len = strcspn(target, "?#");
	char path[PATH_SIZE];
	const struct file *file = NULL;

	if (s != NULL && len < sizeof(path) &&
	    percent_decode(path, target, len, false) > 0)
		file = find(s, strcmp(path, "/") == 0 ? "/index.html" : path);
	if (file == NULL)
		return ST_NOT_FOUND;
	if (strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0)
		return send_file(req, file, if_none_match);
	reply_header(req, "Allow", "GET, HEAD");
	return req_fail(req, ST_BAD_METHOD, NULL, "a file takes GET, HEAD");
}
