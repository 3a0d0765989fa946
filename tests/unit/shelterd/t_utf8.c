/* SPDX-License-Identifier: MIT */
/* UTF-8: every sequence of up to four bytes of interest against a decoder
 * written from the definition. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "shelterd/net/utf8.h"

static void
words(void **state)
{
	static const struct {
		const char *s;
		size_t len, bad;
	} rows[] = {
		{ "", 0, 0 },
		{ "plain ascii, longer than a word", 31, 31 },
		{ "\xe4\xba\xba\xe9\x98\xb2", 6, 6 },
		{ "12345678\xf0\x9f\x9a\xa8", 12, 12 },
		{ "abc\x80", 4, 3 },
		{ "12345678\xff", 9, 8 },
		{ "\xc0\xaf", 2, 0 },
		{ "a\xe0\x80\xaf", 4, 1 },
		{ "\xed\xa0\x80", 3, 0 },
		{ "\xf4\x90\x80\x80", 4, 0 },
		{ "ok\xe4\xba", 4, 2 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(
		    utf8_check(rows[i].s, rows[i].len), rows[i].bad);
}

/* Shortest form of one code point, decoded by arithmetic alone. */
static size_t
slow(const unsigned char *s, size_t len)
{
	size_t i = 0;

	while (i < len) {
		static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
		uint32_t code = s[i];
		size_t n = code < 0x80	       ? 1
			   : (code >> 5) == 6  ? 2
			   : (code >> 4) == 14 ? 3
			   : (code >> 3) == 30 ? 4
					       : 0;

		if (n == 0 || len - i < n)
			return i;
		code = n == 1 ? code : code & (0x7fu >> n);
		for (size_t k = 1; k < n; k++) {
			if (s[i + k] >> 6 != 2)
				return i;
			code = code << 6 | (s[i + k] & 0x3f);
		}
		if (n > 1 && (code < least[n] || code > 0x10ffff ||
				 (code >= 0xd800 && code < 0xe000)))
			return i;
		i += n;
	}
	return len;
}

static void
every_sequence(void **state)
{
	static const unsigned char tails[] = { 0x00, 0x41, 0x7f, 0x80, 0x8f,
		0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xff };
	enum { T = sizeof(tails) };

	(void)state;
	for (int lead = 0; lead < 256; lead++)
		for (int i = 0; i < T * T * T; i++) {
			unsigned char s[] = { (unsigned char)lead, tails[i % T],
				tails[i / T % T], tails[i / T / T] };

			for (size_t len = 1; len <= 4; len++)
				assert_int_equal(
				    utf8_check((const char *)s, len),
				    slow(s, len));
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words),
		cmocka_unit_test(every_sequence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
