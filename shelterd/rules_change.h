/* SPDX-License-Identifier: MIT */
/*
 * Other rules while the daemon runs.  The files are read and checked as a
 * whole first; if they are good, one write tells of them (rules.changed),
 * and with its commit the next snapshot is computed with them.  Whoever still
 * holds an older snapshot goes on with the rules of that one.
 */
#ifndef SHELTERD_RULES_CHANGE_H
#define SHELTERD_RULES_CHANGE_H

struct daemon;

/* Reads them again; bad ones are logged and change nothing. Loop thread. */
void rules_reload(struct daemon *);

/* Tells if the rules are others than when the store was last served.  Call
 * once, on the loop, when the daemon serves. */
void rules_adopt(struct daemon *);

#endif
