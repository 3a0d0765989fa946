/* SPDX-License-Identifier: MIT */
/*
 * One request and its answer over libcurl.  It must not know what a path
 * means.  A request is repeated only when that cannot do a thing twice: reads,
 * and writes under an Idempotency-Key that stays the same over all attempts.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>
#include <time.h>
#include "clients/libshelter/internal.h"

struct incoming {
	char *text;
	size_t len, room;
	bool too_big;
	struct shelter_reply *reply;
	int retry_after; /* seconds, 0: not said */
};

static char *
trimmed_url(const char *url)
{
	char *copy = strdup(url);
	size_t n = copy ? strlen(copy) : 0;

	while (n > 0 && copy[n - 1] == '/')
		copy[--n] = '\0';
	return copy;
}

struct shelter *
shelter_new(const char *url, const char *token)
{
	struct shelter *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	if (!url)
		url = getenv("SHELTER_URL");
	if (!token)
		token = getenv("SHELTER_TOKEN");
	s->retries = 5;
	s->url = trimmed_url(url && *url ? url : "http://127.0.0.1:8080");
	s->curl = curl_easy_init();
	if (!s->url || !s->curl || !shelter_set_token(s, token)) {
		shelter_free(s);
		return NULL;
	}
	return s;
}

void
shelter_free(struct shelter *s)
{
	if (!s)
		return;
	if (s->curl)
		curl_easy_cleanup(s->curl);
	free(s->url);
	free(s->token);
	free(s);
}

const char *
shelter_url(const struct shelter *s)
{
	return s->url;
}

bool
shelter_set_token(struct shelter *s, const char *token)
{
	char *copy = NULL;

	if (token && *token && !(copy = strdup(token)))
		return false;
	free(s->token);
	s->token = copy;
	return true;
}

void
shelter_set_retries(struct shelter *s, int n)
{
	s->retries = n < 0 ? 0 : n;
}

void
shelter_now(char text[SHELTER_TIME_SIZE])
{
	time_t now = time(NULL);
	struct tm tm;

	gmtime_r(&now, &tm);
	strftime(text, SHELTER_TIME_SIZE, "%Y-%m-%dT%H:%M:%SZ", &tm);
}

void
shelter_key(char key[SHELTER_KEY_SIZE])
{
	unsigned char raw[16];
	size_t got = 0;

	while (got < sizeof(raw)) {
		ssize_t n = getrandom(raw + got, sizeof(raw) - got, 0);
		if (n > 0)
			got += (size_t)n;
	}
	for (size_t i = 0; i < sizeof(raw); i++)
		snprintf(key + 2 * i, 3, "%02x", raw[i]);
}

void
shelter_pause(int milliseconds)
{
	struct timespec t = { milliseconds / 1000,
		milliseconds % 1000 * 1000000L };

	while (nanosleep(&t, &t) == -1 && errno == EINTR)
		;
}

static size_t
take_body(char *data, size_t size, size_t n, void *arg)
{
	struct incoming *in = arg;
	size_t more = size * n;
	size_t need = in->len + more + 1;

	if (need > BODY_MAX) {
		in->too_big = true;
		return 0;
	}
	if (need > in->room) {
		size_t room = in->room ? in->room : 4096;
		while (room < need)
			room *= 2;
		char *text = realloc(in->text, room);
		if (!text)
			return 0;
		in->text = text;
		in->room = room;
	}
	memcpy(in->text + in->len, data, more);
	in->len += more;
	in->text[in->len] = '\0';
	return more;
}

/* The value of header `name` in `line`, trimmed into out; false: another. */
static bool
header_value(
    const char *line, size_t len, const char *name, char *out, size_t size)
{
	size_t n = strlen(name);

	if (len <= n || strncasecmp(line, name, n) || line[n] != ':')
		return false;
	line += n + 1;
	len -= n + 1;
	while (len > 0 && (*line == ' ' || *line == '"')) {
		line++;
		len--;
	}
	while (len > 0 && strchr("\r\n \"", line[len - 1]))
		len--;
	if (len >= size)
		len = size - 1;
	memcpy(out, line, len);
	out[len] = '\0';
	return true;
}

static size_t
take_header(char *data, size_t size, size_t n, void *arg)
{
	struct incoming *in = arg;
	char value[64];

	header_value(
	    data, size * n, "ETag", in->reply->etag, sizeof(in->reply->etag));
	if (header_value(
		data, size * n, "Idempotent-Replay", value, sizeof(value)))
		in->reply->replayed = !strcmp(value, "true");
	if (header_value(data, size * n, "Retry-After", value, sizeof(value)))
		in->retry_after = atoi(value);
	return size * n;
}

static bool
add_header(struct curl_slist **list, const char *name, const char *value)
{
	char line[512];
	int n = snprintf(line, sizeof(line), "%s: %s", name, value);

	if (n < 0 || (size_t)n >= sizeof(line))
		return false;
	struct curl_slist *more = curl_slist_append(*list, line);
	if (!more)
		return false;
	*list = more;
	return true;
}

bool
shelter_prepare(
    struct shelter *s, const char *path, struct curl_slist **headers)
{
	size_t size = strlen(s->url) + strlen(path) + 1;
	char *url = malloc(size);
	char bearer[400];

	if (!url)
		return false;
	snprintf(url, size, "%s%s", s->url, path);
	curl_easy_reset(s->curl);
	curl_easy_setopt(s->curl, CURLOPT_URL, url);
	curl_easy_setopt(s->curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(s->curl, CURLOPT_CONNECTTIMEOUT, 5L);
	curl_easy_setopt(s->curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(s->curl, CURLOPT_USERAGENT, "libshelter/1");
	free(url);
	if (!s->token)
		return true;
	int n = snprintf(bearer, sizeof(bearer), "Bearer %s", s->token);
	return (size_t)n < sizeof(bearer) &&
	       add_header(headers, "Authorization", bearer);
}

void
shelter_problem(struct shelter_reply *r)
{
	const char *detail = cJSON_GetStringValue(
	    cJSON_GetObjectItemCaseSensitive(r->json, "detail"));
	const char *title = cJSON_GetStringValue(
	    cJSON_GetObjectItemCaseSensitive(r->json, "title"));
	const char *field = cJSON_GetStringValue(
	    cJSON_GetObjectItemCaseSensitive(r->json, "field"));

	snprintf(r->field, sizeof(r->field), "%s", field ? field : "");
	if (!detail)
		detail = title;
	if (detail && field && !strstr(detail, field))
		snprintf(r->error, sizeof(r->error), "%s: %s", field, detail);
	else if (detail)
		snprintf(r->error, sizeof(r->error), "%s", detail);
	else
		snprintf(r->error, sizeof(r->error),
		    "the daemon answered with status %d", r->status);
}

static bool
worth_repeating(CURLcode code)
{
	switch (code) {
	case CURLE_COULDNT_CONNECT:
	case CURLE_SEND_ERROR:
	case CURLE_RECV_ERROR:
	case CURLE_GOT_NOTHING:
	case CURLE_PARTIAL_FILE:
		return true;
	default:
		return false;
	}
}

/* One attempt; in->text holds the body afterwards. */
static CURLcode
attempt(struct shelter *s, struct incoming *in)
{
	CURLcode code;
	long status = 0;

	in->len = 0;
	in->retry_after = 0;
	in->reply->etag[0] = '\0';
	curl_easy_setopt(s->curl, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(s->curl, CURLOPT_WRITEDATA, in);
	curl_easy_setopt(s->curl, CURLOPT_HEADERFUNCTION, take_header);
	curl_easy_setopt(s->curl, CURLOPT_HEADERDATA, in);
	code = curl_easy_perform(s->curl);
	curl_easy_getinfo(s->curl, CURLINFO_RESPONSE_CODE, &status);
	in->reply->status = code == CURLE_OK ? (int)status : 0;
	return code;
}

static CURLcode
attempts(struct shelter *s, struct incoming *in)
{
	int pause = 100;

	for (int left = s->retries;; left--) {
		CURLcode code = attempt(s, in);
		if (left <= 0 ||
		    !(worth_repeating(code) || in->reply->status == 503))
			return code;
		int wait = in->retry_after > 0 && in->retry_after <= 5
			       ? in->retry_after * 1000
			       : pause;
		shelter_pause(wait);
		pause = pause < 3200 ? pause * 2 : pause;
		in->reply->retries++;
	}
}

/* Turns what came back into json, error and field. */
static bool
understand(struct shelter *s, struct incoming *in, CURLcode code)
{
	struct shelter_reply *r = in->reply;

	if (code != CURLE_OK) {
		snprintf(r->error, sizeof(r->error), "%s: %s", s->url,
		    in->too_big ? "the answer is too large"
				: curl_easy_strerror(code));
		return false;
	}
	if (in->len > 0)
		r->json = cJSON_ParseWithLength(in->text, in->len);
	if (r->status < 200 || r->status > 299) {
		shelter_problem(r);
		return false;
	}
	if (in->len > 0 && !r->json) {
		snprintf(r->error, sizeof(r->error),
		    "%s: the answer is not JSON", s->url);
		return false;
	}
	return true;
}

static bool
set_headers(struct curl_slist **headers, bool write, bool body,
    const struct shelter_opts *o)
{
	char key[SHELTER_KEY_SIZE], quoted[80];

	if (body && !add_header(headers, "Content-Type", "application/json"))
		return false;
	if (!add_header(headers, "Expect", ""))
		return false;
	if (o->if_match) {
		snprintf(quoted, sizeof(quoted), "\"%s\"", o->if_match);
		if (!add_header(headers, "If-Match", quoted))
			return false;
	}
	if (!write)
		return true;
	if (!o->key)
		shelter_key(key);
	return add_header(headers, "Idempotency-Key", o->key ? o->key : key);
}

/* text is the body, or NULL. */
static bool
request(struct shelter *s, const char *method, const char *path,
    const char *text, const struct shelter_opts *opts,
    struct shelter_reply *reply)
{
	static const struct shelter_opts none;
	struct incoming in = { .reply = reply };
	struct curl_slist *headers = NULL;
	bool write = strcmp(method, "GET") != 0;
	bool ok = false;

	memset(reply, 0, sizeof(*reply));
	if (!opts)
		opts = &none;
	if (!shelter_prepare(s, path, &headers) ||
	    !set_headers(&headers, write, text != NULL, opts))
		goto out;
	if (write) {
		const char *send = text ? text : "";
		curl_easy_setopt(s->curl, CURLOPT_CUSTOMREQUEST, method);
		curl_easy_setopt(s->curl, CURLOPT_POSTFIELDS, send);
		curl_easy_setopt(s->curl, CURLOPT_POSTFIELDSIZE_LARGE,
		    (curl_off_t)strlen(send));
	}
	curl_easy_setopt(s->curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(s->curl, CURLOPT_TIMEOUT,
	    opts->timeout_s ? (long)opts->timeout_s : 120L);
	ok = understand(s, &in, attempts(s, &in));
out:
	if (!ok && !reply->error[0])
		snprintf(reply->error, sizeof(reply->error), "out of memory");
	curl_slist_free_all(headers);
	free(in.text);
	return ok;
}

bool
shelter_request(struct shelter *s, const char *method, const char *path,
    const cJSON *body, const struct shelter_opts *opts,
    struct shelter_reply *reply)
{
	char *text = body ? cJSON_PrintUnformatted(body) : NULL;
	bool ok = false;

	if (text || !body) {
		ok = request(s, method, path, text, opts, reply);
	} else {
		memset(reply, 0, sizeof(*reply));
		snprintf(reply->error, sizeof(reply->error), "out of memory");
	}
	cJSON_free(text);
	return ok;
}

bool
shelter_post_text(struct shelter *s, const char *path, const char *json,
    struct shelter_reply *reply)
{
	return request(s, "POST", path, json, NULL, reply);
}

bool
shelter_get(struct shelter *s, const char *path, struct shelter_reply *reply)
{
	return shelter_request(s, "GET", path, NULL, NULL, reply);
}

bool
shelter_post(struct shelter *s, const char *path, const cJSON *body,
    struct shelter_reply *reply)
{
	return shelter_request(s, "POST", path, body, NULL, reply);
}

void
shelter_reply_release(struct shelter_reply *r)
{
	cJSON_Delete(r->json);
	r->json = NULL;
}

cJSON *
shelter_reply_take(struct shelter_reply *r)
{
	cJSON *json = r->json;

	r->json = NULL;
	return json;
}
