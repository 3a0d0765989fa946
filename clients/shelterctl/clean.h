/* SPDX-License-Identifier: MIT */
/*
 * Values as offices write them: "  1,041 ", "131.0", "88人", "25.0346,121.5286".
 * Pure functions from text to numbers; what cannot be read is refused with a
 * sentence, never guessed.
 */
#ifndef SHELTERCTL_CLEAN_H
#define SHELTERCTL_CLEAN_H

#include <stdbool.h>
#include <stdint.h>

enum { CLEAN_WHY = 160 };

/* Text that is empty, or only blanks (also the ideographic one). */
bool clean_blank(const char *);

/*
 * A whole number from 0 to 1e9 with blanks around it, thousands commas, a
 * fraction of zeros, full-width digits and a unit of persons.
 */
bool clean_count(const char *, int64_t *, char why[CLEAN_WHY]);

/* An area in m2, with a unit of square metres or none. */
bool clean_area(const char *, double *, char why[CLEAN_WHY]);

/* One coordinate: a plain number with blanks around it. */
bool clean_coordinate(const char *, double *, char why[CLEAN_WHY]);

/* Two coordinates in one text, apart by comma, semicolon or blanks. */
bool
clean_pair(const char *, double *first, double *second, char why[CLEAN_WHY]);

#endif
