/* SPDX-License-Identifier: MIT */
/* UTF-8 checked by the table of well-formed sequences of RFC 3629. */
#include <stdint.h>
#include <string.h>
#include "shelterd/net/utf8.h"

/* Length of the sequence that starts with `lead`; *low and *high bound its
 * second byte. 0: no lead byte. */
static size_t
lead_length(unsigned char lead, unsigned char *low, unsigned char *high)
{
	*low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
	*high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
	if (lead >= 0xc2 && lead <= 0xdf)
		return 2;
	if (lead >= 0xe0 && lead <= 0xef)
		return 3;
	if (lead >= 0xf0 && lead <= 0xf4)
		return 4;
	return 0;
}

/* Skips ASCII eight bytes at a time. */
static size_t
skip_ascii(const char *s, size_t i, size_t len)
{
	uint64_t word;

	for (; i + sizeof(word) <= len; i += sizeof(word)) {
		memcpy(&word, s + i, sizeof(word));
		if (word & UINT64_C(0x8080808080808080))
			break;
	}
	while (i < len && (unsigned char)s[i] < 0x80)
		i++;
	return i;
}

size_t
utf8_check(const char *s, size_t len)
{
	const unsigned char *u = (const unsigned char *)s;
	unsigned char low, high;
	size_t i = skip_ascii(s, 0, len), n;

	while (i < len) {
		n = lead_length(u[i], &low, &high);
		if (n == 0 || len - i < n || u[i + 1] < low || u[i + 1] > high)
			return i;
		for (size_t k = 2; k < n; k++)
			if ((u[i + k] & 0xc0) != 0x80)
				return i;
		i = skip_ascii(s, i + n, len);
	}
	return len;
}
