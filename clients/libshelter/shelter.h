/* SPDX-License-Identifier: MIT */
/*
 * libshelter: what every C client of shelterd needs to speak to it: requests
 * with JSON bodies and problem details, safe repetition, lists of any length,
 * jobs, and the event stream.  It knows the common rules of docs/api.md and
 * nothing of any noun; it never prints and never exits.
 *
 * A `struct shelter` belongs to one thread at a time.  Every call that can
 * fail returns false and has filled reply->error with one sentence.
 */
#ifndef LIBSHELTER_SHELTER_H
#define LIBSHELTER_SHELTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cjson/cJSON.h>

struct shelter;

struct shelter_reply {
	int status;	 /* HTTP status, 0: the daemon did not answer */
	cJSON *json;	 /* answer or problem details, NULL: no JSON */
	char etag[64];	 /* without quotes, "" if none */
	bool replayed;	 /* the stored answer to an earlier equal request */
	char error[512]; /* one sentence, "" when it went well */
	char field[128]; /* of the problem, "" if it names none */
	int64_t retries; /* how often it had to be repeated */
};

/* What a request may carry besides its body; all zero is the usual case. */
struct shelter_opts {
	const char *if_match; /* version, without quotes */
	const char *key;      /* Idempotency-Key; NULL: a new random one */
	int timeout_s;	      /* 0: 120 */
};

/*
 * url NULL: SHELTER_URL, else http://127.0.0.1:8080; token NULL: SHELTER_TOKEN,
 * else none.  NULL when the memory is out.
 */
struct shelter *shelter_new(const char *url, const char *token);
void shelter_free(struct shelter *);
const char *shelter_url(const struct shelter *);
bool shelter_set_token(struct shelter *, const char *token);

/*
 * How often a request that met no answer, or 503, is repeated with the same
 * key (default 5, the pauses double from 0.1 s).  0: fail at once, as a client
 * that queues for itself wants it.
 */
void shelter_set_retries(struct shelter *, int n);

/*
 * One request, repeated where that is safe: every write carries a key, so the
 * daemon does it once.  body is borrowed and may be NULL.  True when the
 * status is 2xx.  *reply is overwritten; release it in either case.
 */
bool shelter_request(struct shelter *, const char *method, const char *path,
    const cJSON *body, const struct shelter_opts *, struct shelter_reply *);
bool shelter_get(struct shelter *, const char *path, struct shelter_reply *);
bool shelter_post(struct shelter *, const char *path, const cJSON *body,
    struct shelter_reply *);
/* The same with a body that is JSON already. */
bool shelter_post_text(struct shelter *, const char *path, const char *json,
    struct shelter_reply *);
void shelter_reply_release(struct shelter_reply *);

/* Takes reply->json out of the reply; the caller frees it. */
cJSON *shelter_reply_take(struct shelter_reply *);

/*
 * path and a query made of name, value pairs up to a NULL name, escaped; pairs
 * with a NULL value are left out.  The caller frees it; NULL: memory is out.
 */
char *shelter_query(const char *path, ...);

/* The time now as RFC 3339 in UTC. */
enum { SHELTER_TIME_SIZE = 32 };
void shelter_now(char text[SHELTER_TIME_SIZE]);

/* A new key of 32 hexadecimal digits. */
enum { SHELTER_KEY_SIZE = 33 };
void shelter_key(char key[SHELTER_KEY_SIZE]);

/* All pages of a list; reply->json is then one array of its items. */
bool shelter_list(struct shelter *, const char *path, struct shelter_reply *);

/* The same where the next page is asked for by another parameter than
   "after", beginning with `start`. */
bool shelter_list_by(struct shelter *, const char *path, const char *parameter,
    const char *start, struct shelter_reply *);

/* total is 0 while it is not known. */
typedef void
shelter_progress(void *arg, const char *phase, int64_t done, int64_t total);

/*
 * Follows the job of `reply` (an answer 202) to its end.  reply->json becomes
 * the job's result (NULL if it has none); a failed or cancelled job is false
 * with the sentence of its problem.  progress may be NULL.
 */
bool shelter_job_wait(struct shelter *, struct shelter_reply *reply,
    shelter_progress *progress, void *arg);

/* One frame of the event stream. */
struct shelter_event {
	int64_t id;	  /* -1: a frame without id (progress) */
	const char *kind; /* "message" if the frame names none */
	const char *data; /* the whole text, lines joined */
	size_t len;
};

struct shelter_stream {
	int64_t since; /* resume after this id; kept up to date; -1: from now */
	/* false: leave the stream */
	bool (*event)(void *arg, const struct shelter_event *);
	/* called about once a second and before each reconnection; may be
	   NULL; connected tells the state; false: leave the stream */
	bool (*idle)(void *arg, bool connected);
	void *arg;
};

/*
 * Reads the stream until a callback says stop, reconnecting with the last id
 * after every break (pauses double up to 5 s).  True when a callback ended it;
 * false when the daemon refuses (401, 403, 404), told in *reply.
 */
bool shelter_follow(
    struct shelter *, struct shelter_stream *, struct shelter_reply *);

#endif
