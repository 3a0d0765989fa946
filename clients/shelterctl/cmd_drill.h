/* SPDX-License-Identifier: MIT */
/* The longer verbs of the noun drill, each in a file of its own. */
#ifndef SHELTERCTL_CMD_DRILL_H
#define SHELTERCTL_CMD_DRILL_H

#include "clients/shelterctl/command.h"

enum outcome drill_import(struct call *);
enum outcome drill_replay(struct call *);
enum outcome drill_compare(struct call *);

#endif
