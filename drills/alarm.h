/* SPDX-License-Identifier: MIT */
/*
 * Alarm signals (警报信号) as patterns of tone and silence.  The numbers come
 * from etc/rules/alarms.csv.  A drill's signal is always an exercise: the
 * type has no field that could say otherwise.
 */
#ifndef DRILLS_ALARM_H
#define DRILLS_ALARM_H

#include <stddef.h>
#include <stdint.h>

struct alarm_signal {
	char word[24]; /* "pre-alarm", "air-raid", "all-clear" */
	char zh[32];   /* 预先警报 … */
	char en[48];
	int64_t on_s, off_s, cycles, total_s;
	char source[160];
	char trust[4];
};

/* 1 while the siren sounds `t` seconds after the signal began, else 0. */
int alarm_sounds(const struct alarm_signal *, int64_t t);
/* NULL if no signal of the table goes by this word. */
const struct alarm_signal *
alarm_find(const struct alarm_signal *, size_t n, const char *word);
/* The signal that a person means: by its word or one of its names, whatever the
 * case, with blanks around it, 警报 left out or not.  NULL: none. */
const struct alarm_signal *
alarm_named(const struct alarm_signal *, size_t n, const char *text);
/* 1 if the numbers are sane and (on_s + off_s) x cycles == total_s. */
int alarm_consistent(const struct alarm_signal *);

#endif
