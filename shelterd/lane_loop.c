/* SPDX-License-Identifier: MIT */
/*
 * The loop's own side: the event base, the queue other threads post to (an
 * eventfd wakes it), timers and signals (read from a signalfd, so no handler
 * ever runs in the middle of anything).  The base is touched by the loop's
 * thread alone, so libevent needs no locks.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>
#include <event2/event.h>
#include "shelterd/lane.h"

enum { SIGNALS = 4 };

struct signal {
	int signo;
	void (*fn)(void *);
	void *arg;
};

struct timer {
	struct timer *next, **prev;
	struct event *ev;
	void (*fn)(void *);
	void (*drop)(void *);
	void *arg;
};

struct loop {
	struct event_base *base;
	struct event *wake_event;
	int wake_fd;
	struct timer *timers;
	struct event *signal_event;
	int signal_fd; /* -1: no signal asked for */
	sigset_t signal_set;
	struct signal signals[SIGNALS];
	size_t nsignals;
	pthread_mutex_t lock; /* guards the two below */
	struct loop_post *first, **last;
};

/* Runs one load of posts; false when there was none. */
static bool
run_posts(struct loop *loop)
{
	struct loop_post *post, *next;

	pthread_mutex_lock(&loop->lock);
	post = loop->first;
	loop->first = NULL;
	loop->last = &loop->first;
	pthread_mutex_unlock(&loop->lock);
	if (post == NULL)
		return false;
	for (; post != NULL; post = next) {
		next = post->next;
		post->fn(post);
	}
	return true;
}

void
loop_drain(struct loop *loop)
{
	while (run_posts(loop))
		;
}

static void
woken(evutil_socket_t fd, short what, void *arg)
{
	uint64_t count;
	ssize_t ignored = read(fd, &count, sizeof(count));

	(void)ignored;
	(void)what;
	run_posts(arg);
}

/* The change list saves system calls; it is safe as no descriptor of ours is
 * a duplicate. */
static struct event_base *
base_new(void)
{
	struct event_config *config = event_config_new();
	struct event_base *base = NULL;

	if (config == NULL)
		return NULL;
	event_config_set_flag(config, EVENT_BASE_FLAG_EPOLL_USE_CHANGELIST |
					  EVENT_BASE_FLAG_NOLOCK |
					  EVENT_BASE_FLAG_PRECISE_TIMER);
	base = event_base_new_with_config(config);
	event_config_free(config);
	return base;
}

struct loop *
loop_new(void)
{
	struct loop *loop = calloc(1, sizeof(*loop));

	if (loop == NULL)
		return NULL;
	loop->last = &loop->first;
	loop->signal_fd = -1;
	sigemptyset(&loop->signal_set);
	pthread_mutex_init(&loop->lock, NULL);
	loop->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	loop->base = base_new();
	if (loop->wake_fd >= 0 && loop->base != NULL)
		loop->wake_event = event_new(loop->base, loop->wake_fd,
		    EV_READ | EV_PERSIST, woken, loop);
	if (loop->wake_event == NULL ||
	    event_add(loop->wake_event, NULL) != 0) {
		loop_free(loop);
		return NULL;
	}
	return loop;
}

static void
timer_free(struct timer *timer)
{
	*timer->prev = timer->next;
	if (timer->next != NULL)
		timer->next->prev = timer->prev;
	event_free(timer->ev);
	free(timer);
}

void
loop_free(struct loop *loop)
{
	if (loop == NULL)
		return;
	while (loop->timers != NULL) {
		if (loop->timers->drop != NULL)
			loop->timers->drop(loop->timers->arg);
		timer_free(loop->timers);
	}
	if (loop->signal_event != NULL)
		event_free(loop->signal_event);
	if (loop->wake_event != NULL)
		event_free(loop->wake_event);
	if (loop->base != NULL)
		event_base_free(loop->base);
	if (loop->wake_fd >= 0)
		close(loop->wake_fd);
	if (loop->signal_fd >= 0)
		close(loop->signal_fd);
	pthread_mutex_destroy(&loop->lock);
	free(loop);
}

struct event_base *
loop_base(struct loop *loop)
{
	return loop->base;
}

void
loop_run(struct loop *loop)
{
	event_base_dispatch(loop->base);
}

void
loop_break(struct loop *loop)
{
	event_base_loopbreak(loop->base);
}

void
loop_turn(struct loop *loop, int64_t milliseconds)
{
	struct timeval tv = { milliseconds / 1000, milliseconds % 1000 * 1000 };

	event_base_loopexit(loop->base, &tv);
	event_base_dispatch(loop->base);
}

void
loop_post(struct loop *loop, struct loop_post *post)
{
	const uint64_t one = 1;
	bool empty;
	ssize_t n;

	post->next = NULL;
	pthread_mutex_lock(&loop->lock);
	empty = loop->first == NULL;
	*loop->last = post;
	loop->last = &post->next;
	pthread_mutex_unlock(&loop->lock);
	/* A full counter (EAGAIN) is as good as a wake-up. */
	while (empty && (n = write(loop->wake_fd, &one, sizeof(one))) < 0 &&
	       errno == EINTR)
		;
}

static void
timer_fired(evutil_socket_t fd, short what, void *arg)
{
	struct timer *timer = arg;
	void (*fn)(void *) = timer->fn;
	void *fn_arg = timer->arg;

	(void)fd;
	(void)what;
	timer_free(timer);
	fn(fn_arg);
}

void
loop_after(struct loop *loop, int64_t milliseconds, void (*fn)(void *),
    void (*drop)(void *), void *arg)
{
	struct timeval tv = { 0, 0 };
	struct timer *timer = calloc(1, sizeof(*timer));

	if (milliseconds > 0) {
		tv.tv_sec = milliseconds / 1000;
		tv.tv_usec = milliseconds % 1000 * 1000;
	}
	if (timer == NULL ||
	    (timer->ev = evtimer_new(loop->base, timer_fired, timer)) == NULL)
		abort(); /* a lost timer is a drill without its signal */
	timer->fn = fn;
	timer->drop = drop;
	timer->arg = arg;
	timer->next = loop->timers;
	timer->prev = &loop->timers;
	if (timer->next != NULL)
		timer->next->prev = &timer->next;
	loop->timers = timer;
	evtimer_add(timer->ev, &tv);
}

static void
signalled(evutil_socket_t fd, short what, void *arg)
{
	struct loop *loop = arg;
	struct signalfd_siginfo got;

	(void)what;
	while (read(fd, &got, sizeof(got)) == (ssize_t)sizeof(got))
		for (size_t i = 0; i < loop->nsignals; i++)
			if (loop->signals[i].signo == (int)got.ssi_signo)
				loop->signals[i].fn(loop->signals[i].arg);
}

static bool
watch_signals(struct loop *loop)
{
	int fd = signalfd(
	    loop->signal_fd, &loop->signal_set, SFD_CLOEXEC | SFD_NONBLOCK);

	if (fd < 0 || loop->signal_event != NULL)
		return fd >= 0;
	loop->signal_fd = fd;
	loop->signal_event = event_new(
	    loop->base, loop->signal_fd, EV_READ | EV_PERSIST, signalled, loop);
	return loop->signal_event != NULL &&
	       event_add(loop->signal_event, NULL) == 0;
}

bool
loop_signal(struct loop *loop, int signo, void (*fn)(void *), void *arg)
{
	if (loop->nsignals == SIGNALS)
		return false;
	loop->signals[loop->nsignals++] = (struct signal){ signo, fn, arg };
	sigaddset(&loop->signal_set, signo);
	return watch_signals(loop);
}
