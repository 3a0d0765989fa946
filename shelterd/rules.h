/* SPDX-License-Identifier: MIT */
/*
 * The loadable rule tables of etc/rules, read when the daemon starts and when
 * it is told to (rules_change.h); immutable then.  A snapshot says which hold.
 * Every number carries its source and how far to trust it (A … D, U); U is
 * shown as "unverified" wherever the number is shown.
 */
#ifndef SHELTERD_RULES_H
#define SHELTERD_RULES_H

#include <stddef.h>
#include <stdint.h>
#include "drills/alarm.h"
#include "inspections/capacity.h"
#include "inspections/checklist.h"
#include "inspections/cycle.h"

struct rule_value {
	char *key, *value, *unit, *source, *trust, *note;
};

enum { RULES_FILES = 7 };

struct rules {
	struct capacity_rules capacity;
	double walking_speed, wheelchair_speed; /* m/s */
	double door_flow;    /* persons/s a metre of clear width */
	double cover_radius; /* m, default of coverage and plan */
	double alarm_gap;    /* s from the start of 预先 to that of 空袭 */
	int64_t notice_days; /* default deadline, our own scale */
	double snap_reach;   /* m from a place to the network */
	double built_density_low, built_density_high; /* persons per m2 */
	struct alarm_signal *signals;		      /* alarms.csv */
	size_t nsignals;
	struct checklist_item *items; /* checklists.csv */
	size_t nitems;
	struct cycle_item *cycles; /* cycles.csv */
	size_t ncycles;
	struct rule_value
	    *values; /* every row of capacity.csv, walking.csv … */
	size_t nvalues;
	struct rules_file {
		const char *name;
		char hash[65]; /* SHA-256 of its bytes, in hex */
	} file[RULES_FILES];
	char hash[65];	      /* of theirs, in order */
	struct rules *before; /* the daemon's list of those it replaced */
};

/* NULL and a sentence naming file, line and column on failure. */
struct rules *rules_load(const char *dir, char *err, size_t errsize);
void rules_free(struct rules *);
const struct rule_value *rules_value(const struct rules *, const char *key);

#endif
