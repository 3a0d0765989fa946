/* SPDX-License-Identifier: MIT */
/*
 * The settings table and its reader.  Rows marked `live` may change on a
 * reload; they are only read on the loop's thread, the others never change
 * while the daemon runs.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "shelterd/conf.h"
#include "shelterd/log.h"

enum kind { TEXT, LISTEN, NUMBER, BYTES, LEVEL };

enum { FILE_MAX = 64 * 1024 };

struct setting {
	const char *name;
	enum kind kind;
	size_t at;
	bool live;
	const char *dflt;
	int64_t min, max;
	const char *unit, *help;
};

#define AT(member) offsetof(struct conf, member)

static const struct setting settings[] = {
	{ "listen", LISTEN, AT(listen), false, "127.0.0.1:8080", 0, 0, NULL,
	    "Address and port to serve on; port 0 picks a free one." },
	{ "local-socket", TEXT, AT(local_socket), false, "", 0, 100, NULL,
	    "Path of a Unix socket to serve on as well, for a proxy or "
	    "programs "
	    "on this machine (mode 0660); empty: none." },
	{ "store", TEXT, AT(store), false, "shelterd.db", 1, 4000, NULL,
	    "The store's file, made if it does not exist." },
	{ "admin-token-file", TEXT, AT(admin_token_file), false, "admin.token",
	    0, 4000, NULL,
	    "Where a new store's first administrator's token is written "
	    "(mode 0600)." },
	{ "rules-dir", TEXT, AT(rules_dir), false, "etc/rules", 1, 4000, NULL,
	    "Folder of the rule tables." },
	{ "web-root", TEXT, AT(web_root), false, "build/web", 0, 4000, NULL,
	    "Folder of the built web page." },
	{ "backup-dir", TEXT, AT(backup_dir), false, "backups", 0, 4000, NULL,
	    "Folder that backups are written to." },
	{ "max-body", BYTES, AT(max_body), true, "1M", 1024, 1 << 26, "bytes",
	    "Largest body, where a route sets no bound of its own." },
	{ "max-connections", NUMBER, AT(max_connections), true, "4000", 8,
	    100000, "connections", "Connections served at the same time." },
	{ "max-streams", NUMBER, AT(max_streams), true, "2000", 0, 100000,
	    "streams", "Event streams served at the same time." },
	{ "stream-buffer", BYTES, AT(stream_buffer), true, "1M", 16384, 1 << 28,
	    "bytes",
	    "Bytes that may wait for one stream; a client that leaves them "
	    "unread is closed and resumes." },
	{ "stream-ping", NUMBER, AT(stream_ping), true, "15", 1, 600, "seconds",
	    "Silence after which a stream is sent a ping." },
	{ "request-timeout", NUMBER, AT(request_timeout), false, "60", 1, 3600,
	    "seconds",
	    "A connection silent for longer is closed, and one whose request's "
	    "head takes longer." },
	{ "stop-timeout", NUMBER, AT(stop_timeout), true, "10", 1, 600,
	    "seconds", "Time given to requests in flight when stopping." },
	{ "lane-queue", NUMBER, AT(lane_queue), false, "4096", 1, 1 << 20,
	    "requests", "Requests that may wait for a lane; more get 503." },
	{ "jobs-kept", NUMBER, AT(jobs_kept), false, "256", 8, 100000, "jobs",
	    "Finished jobs that can still be asked for." },
	{ "tile-cache", BYTES, AT(tile_cache), false, "64M", 0,
	    (int64_t)1 << 36, "bytes",
	    "Vector tiles kept until the data change; 0 keeps none." },
	{ "import-max-bytes", BYTES, AT(import_max_bytes), false, "512M",
	    1 << 20, (int64_t)1 << 36, "bytes",
	    "Rows that one import may gather before its commit." },
	{ "schedule-every", NUMBER, AT(schedule_every), false, "0", 0, 8760,
	    "hours",
	    "Inspections that fall due become tasks at the start and so often "
	    "from then on; 0: only when the office asks." },
	{ "schedule-days", NUMBER, AT(schedule_days), false, "14", 0, 366,
	    "days", "How far ahead of their due date." },
	{ "token-days", NUMBER, AT(token_days), false, "30", 1, 3650, "days",
	    "Life of a token that log-in makes." },
	{ "idempotency-days", NUMBER, AT(idempotency_days), false, "7", 1, 365,
	    "days", "How long an answer is kept for its Idempotency-Key." },
	{ "log-level", LEVEL, AT(log_level), true, "info", 0, 0, NULL,
	    "error, warn, info or debug." },
};

enum { NSETTINGS = sizeof(settings) / sizeof(settings[0]) };

static const char *const levels[] = { "error", "warn", "info", "debug" };

static char **
text_at(const struct conf *conf, const struct setting *s)
{
	return (char **)((char *)conf + s->at);
}

static int64_t *
number_at(const struct conf *conf, const struct setting *s)
{
	return (int64_t *)((char *)conf + s->at);
}

static bool
is_text(const struct setting *s)
{
	return s->kind == TEXT || s->kind == LISTEN;
}

int
conf_listen(const char *listen, char *host, size_t hostsize, int *port)
{
	const char *colon = strrchr(listen, ':');
	size_t n;
	char *end;
	long value;

	if (colon == NULL || colon[1] == '\0' ||
	    strspn(colon + 1, "0123456789") != strlen(colon + 1))
		return -1;
	value = strtol(colon + 1, &end, 10);
	if (value > 65535)
		return -1;
	n = (size_t)(colon - listen);
	if (n >= 2 && listen[0] == '[' && listen[n - 1] == ']') {
		listen++;
		n -= 2;
	} else if (memchr(listen, ':', n) != NULL) {
		return -1;
	}
	if (n == 0 || n >= hostsize)
		return -1;
	memcpy(host, listen, n);
	host[n] = '\0';
	*port = (int)value;
	return 0;
}

static const char *
set_text(struct conf *conf, const struct setting *s, const char *value)
{
	char host[256], *copy;
	int port;

	if (s->kind == LISTEN &&
	    conf_listen(value, host, sizeof(host), &port) < 0)
		return "is not HOST:PORT";
	if (s->kind == TEXT && strlen(value) < (size_t)s->min)
		return "may not be empty";
	if (s->kind == TEXT && strlen(value) > (size_t)s->max)
		return "is too long";
	for (const char *p = value; *p != '\0'; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			return "holds a control character";
	copy = strdup(value);
	if (copy == NULL)
		return "does not fit into memory";
	free(*text_at(conf, s));
	*text_at(conf, s) = copy;
	return NULL;
}

static const char *
set_level(struct conf *conf, const struct setting *s, const char *value)
{
	for (int i = LOG_ERROR; i <= LOG_DEBUG; i++)
		if (strcmp(levels[i], value) == 0) {
			*number_at(conf, s) = i;
			return NULL;
		}
	return "is none of error, warn, info, debug";
}

static const char *
set_number(struct conf *conf, const struct setting *s, const char *value)
{
	static const char suffixes[] = "KMG";
	const char *suffix;
	int64_t n, scale = 1;
	char *end;

	errno = 0;
	n = strtoll(value, &end, 10);
	if (end == value || errno != 0 || value[0] < '0' || value[0] > '9')
		return "is not a number";
	if (s->kind == BYTES && *end != '\0' &&
	    (suffix = strchr(suffixes, *end)) != NULL) {
		scale = (int64_t)1 << (10 * (suffix - suffixes + 1));
		end++;
	}
	if (*end != '\0')
		return "is not a number";
	if (n > s->max / scale || n * scale < s->min)
		return "is out of range";
	*number_at(conf, s) = n * scale;
	return NULL;
}

static const char *
set(struct conf *conf, const struct setting *s, const char *value)
{
	if (is_text(s))
		return set_text(conf, s, value);
	return s->kind == LEVEL ? set_level(conf, s, value)
				: set_number(conf, s, value);
}

static const struct setting *
find(const char *name)
{
	for (int i = 0; i < NSETTINGS; i++)
		if (strcmp(settings[i].name, name) == 0)
			return &settings[i];
	return NULL;
}

struct conf *
conf_new(void)
{
	struct conf *conf = calloc(1, sizeof(*conf));

	for (int i = 0; conf != NULL && i < NSETTINGS; i++)
		if (set(conf, &settings[i], settings[i].dflt) != NULL) {
			conf_free(conf);
			return NULL;
		}
	return conf;
}

void
conf_free(struct conf *conf)
{
	if (conf == NULL)
		return;
	for (int i = 0; i < NSETTINGS; i++)
		if (is_text(&settings[i]))
			free(*text_at(conf, &settings[i]));
	free(conf);
}

static char *
trim(char *s)
{
	char *end = s + strlen(s);

	while (end > s && strchr(" \t\r", end[-1]) != NULL)
		*--end = '\0';
	while (*s == ' ' || *s == '\t')
		s++;
	return s;
}

/* Sets from one "name = value". `seen` (bit per setting) catches repeats.
 * Writes a sentence to why and returns false on failure. */
static bool
assign(struct conf *conf, char *text, unsigned *seen, char *why, size_t size)
{
	char *equals = strchr(text, '='), *name;
	const struct setting *s;
	const char *wrong;
	unsigned bit;

	if (equals == NULL) {
		snprintf(why, size, "no '=' in \"%.60s\"", text);
		return false;
	}
	*equals = '\0';
	name = trim(text);
	s = find(name);
	if (s == NULL) {
		snprintf(why, size, "no setting is called \"%.60s\"", name);
		return false;
	}
	bit = 1u << (s - settings);
	if (*seen & bit) {
		snprintf(why, size, "%s is set twice", name);
		return false;
	}
	*seen |= bit;
	wrong = set(conf, s, trim(equals + 1));
	if (wrong != NULL)
		snprintf(why, size, "%s %s", name, wrong);
	return wrong == NULL;
}

int
conf_set(struct conf *conf, const char *assignment, char *err, size_t errsize)
{
	char why[256], *copy = strdup(assignment);
	unsigned seen = 0;
	bool good = false;

	if (copy == NULL)
		snprintf(why, sizeof(why), "out of memory");
	else
		good = assign(conf, copy, &seen, why, sizeof(why));
	if (!good)
		snprintf(err, errsize, "-o: %s", why);
	free(copy);
	return good ? 0 : -1;
}

static void
add_error(char *err, size_t size, const char *file, int line, const char *why)
{
	size_t n = strlen(err);

	if (n < size)
		snprintf(err + n, size - n, "%s%s:%d: %s", n > 0 ? "\n" : "",
		    file, line, why);
}

int
conf_text(struct conf *conf, const char *file, const char *text, size_t len,
    char *err, size_t errsize)
{
	char why[256], *copy = strndup(text, len), *line, *next;
	unsigned seen = 0;
	int number = 1, result = 0;

	err[0] = '\0';
	if (copy == NULL || strlen(copy) != len) {
		add_error(err, errsize, file, 1,
		    copy == NULL ? "out of memory" : "a NUL in the file");
		free(copy);
		return -1;
	}
	for (line = copy; line != NULL; line = next, number++) {
		next = strchr(line, '\n');
		if (next != NULL)
			*next++ = '\0';
		line = trim(line);
		if (*line == '\0' || *line == '#')
			continue;
		if (!assign(conf, line, &seen, why, sizeof(why))) {
			add_error(err, errsize, file, number, why);
			result = -1;
		}
	}
	free(copy);
	return result;
}

int
conf_file(struct conf *conf, const char *path, char *err, size_t errsize)
{
	FILE *f = fopen(path, "re");
	char *text = NULL;
	size_t len = 0;
	int result = -1;

	if (f == NULL || (text = malloc(FILE_MAX + 1)) == NULL) {
		snprintf(err, errsize, "%s: %s", path, strerror(errno));
		goto out;
	}
	len = fread(text, 1, FILE_MAX + 1, f);
	if (ferror(f))
		snprintf(err, errsize, "%s: %s", path, strerror(errno));
	else if (len > FILE_MAX)
		snprintf(err, errsize, "%s: larger than 64 KiB", path);
	else
		result = conf_text(conf, path, text, len, err, errsize);
out:
	free(text);
	if (f != NULL)
		fclose(f);
	return result;
}

void
conf_print(const struct conf *conf, FILE *f)
{
	for (int i = 0; i < NSETTINGS; i++) {
		const struct setting *s = &settings[i];

		fprintf(f, "# %s", s->help);
		if (s->unit != NULL)
			fprintf(f, " In %s, %lld to %lld.", s->unit,
			    (long long)s->min, (long long)s->max);
		fprintf(f, "\n%s = ", s->name);
		if (is_text(s))
			fprintf(f, "%s\n\n", *text_at(conf, s));
		else if (s->kind == LEVEL)
			fprintf(f, "%s\n\n", levels[*number_at(conf, s)]);
		else
			fprintf(f, "%lld\n\n", (long long)*number_at(conf, s));
	}
}

void
conf_reload(struct conf *conf, const struct conf *from,
    void (*restart)(const char *name))
{
	for (int i = 0; i < NSETTINGS; i++) {
		const struct setting *s = &settings[i];

		if (s->live)
			*number_at(conf, s) = *number_at(from, s);
		else if (is_text(s)
			     ? strcmp(*text_at(conf, s), *text_at(from, s)) != 0
			     : *number_at(conf, s) != *number_at(from, s))
			restart(s->name);
	}
}
