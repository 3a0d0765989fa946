/* SPDX-License-Identifier: MIT */
/*
 * One chain of ticks serves all running drills.  A tick is a task of the
 * writer: it fires the entry that is most overdue, if any, or finds out when
 * the next one will be.  Back on the loop the chain goes on: at once after a
 * firing, else with a timer.  It ends when the generation (the sum of the
 * drills' clock numbers, which only grows) has moved on, because whoever
 * moved it began a chain of its own, or when nothing is left to fire.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "drills/alarm.h"
#include "shelterd/api/api_drill.h"
#include "shelterd/daemon.h"
#include "shelterd/api/drill_clock.h"
#include "shelterd/store/db.h"
#include "shelterd/writer.h"

enum {
	LATE_MS = 2000,	    /* overdue by more is called late */
	NAP_MAX_MS = 30000, /* the wall's clock may be set meanwhile */
	RETRY_MS = 1000	    /* after a store that failed */
};

struct tick {
	struct daemon *daemon;
	int64_t generation; /* 0: whatever it is now */
	int64_t before;	    /* entry that the tick before fired */
	enum { TICK_OVER, TICK_AGAIN, TICK_WAIT } next;
	int64_t wait_ms;
	struct drill_now drill; /* the running one whose entry is next */
	struct inject_row entry;
	int64_t due_ms;
};

static int64_t
wall_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void
drill_now_again(struct drill_now *d)
{
	d->wall_ms = wall_ms();
	d->second = timeline_second(&d->line, d->wall_ms);
}

int
drill_now_load(struct db *db, int64_t id, struct drill_now *d)
{
	int result = DB_OK;

	memset(d, 0, sizeof(*d));
	result = drill_get(db, id, &d->row);
	if (result != DB_ROW)
		return result;
	result = drill_marks(db, id, &d->marks, &d->line.nmarks);
	if (result != DB_OK)
		return result;
	d->line.speed = d->row.speed;
	d->line.marks = d->marks;
	drill_now_again(d);
	return DB_ROW;
}

void
drill_now_release(struct drill_now *d)
{
	free(d->marks);
	memset(d, 0, sizeof(*d));
}

int
drill_now_mark(struct db *db, struct drill_now *d, int running)
{
	struct timeline_mark m =
	    timeline_mark_at(&d->line, d->wall_ms, running);
	size_t n = d->line.nmarks;
	struct timeline_mark *more = realloc(d->marks, (n + 1) * sizeof(m));

	if (more == NULL)
		return DB_ERROR;
	more[n] = m;
	d->line.marks = d->marks = more;
	d->line.nmarks = n + 1;
	d->second = m.drill_us / TIMELINE_SECOND;
	return drill_mark_add(db, d->row.id, n, &m);
}

static void
add_signal(cJSON *body, const struct rules *rules, const char *word)
{
	const struct alarm_signal *a =
	    alarm_find(rules->signals, rules->nsignals, word);

	cJSON_AddStringToObject(body, "signal", word);
	if (a != NULL)
		drill_add_pattern(body, a);
}

enum status
drill_fire(struct request *r, const struct drill_now *d, struct inject_row *i)
{
	bool is_signal = strcmp(i->kind, "signal") == 0;
	cJSON *body = NULL;
	int result = DB_OK;

	i->fired_s = d->second;
	result = inject_fire(r->db, i);
	if (result == DB_OK)
		return req_fail(r, ST_CONFLICT, NULL,
		    "this entry of the timetable has been fired");
	if (result != DB_ROW)
		return site_store_failed(r);
	body = drill_event_body(d);
	cJSON_AddNumberToObject(body, "inject", (double)i->id);
	cJSON_AddStringToObject(body, "kind", i->kind);
	if (is_signal)
		add_signal(body, snapshot_rules(r->snap), i->signal);
	site_add_text(body, "text", i->text);
	cJSON_AddNumberToObject(body, "planned_s", (double)i->at_s);
	cJSON_AddNumberToObject(body, "fired_at_s", (double)i->fired_s);
	cJSON_AddBoolToObject(body, "late", i->late);
	inject_add_who(body, i);
	return req_event(r, is_signal ? "drill.signal" : "drill.inject",
	    "drill", d->row.id, drill_scope(false), body, NULL);
}

struct search {
	struct request *r;
	struct tick *t;
	bool failed;
};

/* Keeps the drill whose next entry is due first. */
static bool
search_row(void *arg, const struct drill_row *row)
{
	struct search *s = arg;
	struct drill_now d = { 0 };
	struct inject_row i;
	int result = inject_next(s->r->db, row->id, "", &i);

	if (result == DB_ROW)
		result = drill_now_load(s->r->db, row->id, &d);
	s->failed = result < 0;
	if (result != DB_ROW ||
	    timeline_wall(&d.line, i.at_s) >= s->t->due_ms) {
		drill_now_release(&d);
		return !s->failed;
	}
	drill_now_release(&s->t->drill);
	s->t->drill = d;
	s->t->entry = i;
	s->t->due_ms = timeline_wall(&d.line, i.at_s);
	return true;
}

/* Fires the entry if it is due, else says how long to wait.  An entry that
 * the tick before fired and that is open again was lost with its commit. */
static enum status
tick_entry(struct request *r, struct tick *t)
{
	bool due = t->entry.at_s <= t->drill.second;

	t->next = TICK_WAIT;
	t->wait_ms = RETRY_MS;
	if (due && t->entry.id != t->before) {
		t->next = TICK_AGAIN;
		t->before = t->entry.id;
		t->entry.late = t->drill.wall_ms - t->due_ms > LATE_MS;
		return drill_fire(r, &t->drill, &t->entry);
	}
	if (!due)
		t->wait_ms = t->due_ms - t->drill.wall_ms;
	req_no_event(r);
	return ST_OK;
}

static enum status
tick_run(struct request *r, void *arg)
{
	struct tick *t = arg;
	struct search s = { r, t, false };
	int64_t generation = 0;
	enum status st = ST_OK;

	t->next = TICK_OVER;
	t->due_ms = INT64_MAX;
	if (drill_generation(r->db, &generation) < 0 ||
	    drill_each(r->db, 0, DRILL_RUNNING, search_row, &s) < 0 ||
	    s.failed) {
		t->next = TICK_WAIT;
		t->wait_ms = RETRY_MS;
		st = site_store_failed(r);
	} else if (t->due_ms == INT64_MAX ||
		   (t->generation != 0 && t->generation != generation)) {
		req_no_event(r);
	} else {
		t->generation = generation;
		st = tick_entry(r, t);
	}
	drill_now_release(&t->drill);
	return st;
}

static void tick_done(void *);

static void
tick_submit(struct daemon *daemon, int64_t generation, int64_t before)
{
	struct tick *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return;
	t->daemon = daemon;
	t->generation = generation;
	t->before = before;
	daemon_submit_write(daemon, tick_run, t, tick_done);
}

/* The timer's argument is the number itself: a timer that is dropped when
 * the daemon stops then owns nothing. */
static void
tick_timer(struct daemon *daemon, void *generation)
{
	tick_submit(daemon, (intptr_t)generation, 0);
}

/* On the loop, after the commit: the next link of the chain. */
static void
tick_done(void *arg)
{
	struct tick *t = arg;
	int64_t nap = t->wait_ms < NAP_MAX_MS ? t->wait_ms : NAP_MAX_MS;

	if (t->next == TICK_AGAIN)
		tick_submit(t->daemon, t->generation, t->before);
	if (t->next == TICK_WAIT)
		daemon_timer(t->daemon, nap < 1 ? 1 : nap, tick_timer,
		    (void *)(intptr_t)t->generation);
	free(t);
}

void
drill_clock_arm(struct daemon *daemon)
{
	tick_submit(daemon, 0, 0);
}
