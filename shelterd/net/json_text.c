/* SPDX-License-Identifier: MIT */
/* Quoting; see json_text.h. */
#include <stdio.h>
#include "shelterd/net/json_text.h"

size_t
json_text(char *out, const char *s)
{
	char *p = out;

	*p++ = '"';
	for (; *s != '\0'; s++) {
		unsigned char c = (unsigned char)*s;

		if (c < 0x20) {
			p += sprintf(p, "\\u%04x", c);
			continue;
		}
		if (c == '"' || c == '\\')
			*p++ = '\\';
		*p++ = (char)c;
	}
	*p++ = '"';
	return (size_t)(p - out);
}
