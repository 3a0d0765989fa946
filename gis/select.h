/* SPDX-License-Identifier: MIT */
/*
 * Quickselect, once for all kinds of elements: a definition, not a function
 * with a comparison to call, because what is compared is often less than a
 * call.
 *
 *	GIS_SELECT(name, type, context, before)
 *
 * defines
 *
 *	static void name(type *e, ptrdiff_t n, ptrdiff_t k, context c);
 *
 * which orders e[0 … n - 1] so that e[k] is where sorting would put it, those
 * before it on its left; k is from 0 up to, but not, n.  before(c, &a, &b)
 * must be an order in which no two elements are equal.  Costs n on average.
 */
#ifndef GIS_SELECT_H
#define GIS_SELECT_H

#include <stddef.h>

#define GIS_SELECT(name, type, context, before)                        \
	static void name(type *e, ptrdiff_t n, ptrdiff_t k, context c) \
	{                                                              \
		ptrdiff_t lo = 0, hi = n - 1, i, j;                    \
                                                                       \
		while (lo < hi) {                                      \
			type pivot = e[lo + (hi - lo) / 2], t;         \
                                                                       \
			for (i = lo, j = hi; i <= j;) {                \
				while (before(c, &e[i], &pivot))       \
					i++;                           \
				while (before(c, &pivot, &e[j]))       \
					j--;                           \
				if (i > j)                             \
					break;                         \
				t = e[i];                              \
				e[i++] = e[j];                         \
				e[j--] = t;                            \
			}                                              \
			if (k <= j)                                    \
				hi = j;                                \
			else if (k >= i)                               \
				lo = i;                                \
			else                                           \
				break;                                 \
		}                                                      \
	}

#endif
