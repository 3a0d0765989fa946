/* SPDX-License-Identifier: MIT */
/*
 * Threads and the loop they hand their results back to.  A lane is one thread
 * with a bounded queue; the loop is the thread that speaks HTTP.  Nothing
 * here knows what the work is.  Work and posts are intrusive: whoever submits
 * one keeps it alive until it has run.
 */
#ifndef SHELTERD_LANE_H
#define SHELTERD_LANE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct lane;
struct loop;
struct event_base;

struct lane_work {
	struct lane_work *next;
	void (*run)(struct lane_work *, void *context);
};

/* `name` is static; context is passed to every run(). NULL on failure. */
struct lane *lane_start(const char *name, size_t capacity, void *context);
/* The same for long computations: it gives way to every other thread. */
struct lane *
lane_start_behind(const char *name, size_t capacity, void *context);
/* false when the queue is full or closed: the work was not taken. */
bool lane_submit(struct lane *, struct lane_work *);
size_t lane_length(struct lane *); /* waiting, without the running one */
/* Takes no more; the thread ends when its queue is empty. */
void lane_close(struct lane *);
bool lane_ended(struct lane *);
/* Joins and frees; close first. */
void lane_free(struct lane *);

struct loop_post {
	struct loop_post *next;
	void (*fn)(struct loop_post *);
};

struct loop *loop_new(void);
void loop_free(struct loop *); /* drops timers that wait */
struct event_base *loop_base(struct loop *);
void loop_run(struct loop *);
void loop_break(struct loop *);
/* One turn: waits at most that long. */
void loop_turn(struct loop *, int64_t milliseconds);
/* Any thread: calls post->fn on the loop, in order of posting. */
void loop_post(struct loop *, struct loop_post *);
/* Runs what was posted, now; for the time after the loop has ended. */
void loop_drain(struct loop *);
/* Loop thread: calls fn once after that many milliseconds, or drop (may be
 * NULL) when the loop is freed before. */
void loop_after(struct loop *, int64_t milliseconds, void (*fn)(void *),
    void (*drop)(void *), void *arg);
/* Loop thread: calls fn at every arrival of the signal, which every thread
 * must have blocked. */
bool loop_signal(struct loop *, int signo, void (*fn)(void *), void *arg);

#endif
