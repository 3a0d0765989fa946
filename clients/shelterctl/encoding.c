/* SPDX-License-Identifier: MIT */
/*
 * UTF-8 proves itself.  Between GB18030 and Big5 decides which of the two
 * makes more of the bytes into its own table of frequent characters: level 1
 * of GB 2312 lies in rows B0..D7 with second bytes from A1, Big5's frequent
 * block in rows A4..C6 with second bytes from 40 on.
 */
#include <errno.h>
#include <iconv.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "clients/shelterctl/encoding.h"

/* Length of the UTF-8 character at p, 0: it is not one. */
static size_t
utf8_length(const unsigned char *p, size_t n)
{
	static const unsigned char least[] = { 0, 0, 0xc2, 0xe0, 0xf0 };
	size_t len = *p < 0x80 ? 1 : *p < 0xe0 ? 2 : *p < 0xf0 ? 3 : 4;

	if (*p >= 0x80 && (*p < least[len] || *p > 0xf4))
		return 0;
	if (len > n)
		return 0;
	for (size_t i = 1; i < len; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	if ((*p == 0xe0 && p[1] < 0xa0) || (*p == 0xed && p[1] > 0x9f) ||
	    (*p == 0xf0 && p[1] < 0x90) || (*p == 0xf4 && p[1] > 0x8f))
		return 0;
	return len;
}

static bool
is_utf8(const unsigned char *p, size_t n)
{
	while (n > 0) {
		size_t len = *p ? utf8_length(p, n) : 0;
		if (!len)
			return false;
		p += len;
		n -= len;
	}
	return true;
}

/*
 * Converts, or only checks when out is NULL: the length in UTF-8, -1 when the
 * bytes are not of that encoding.
 */
static ptrdiff_t
convert(const char *from, const char *bytes, size_t n, char *out, size_t room)
{
	iconv_t cd = iconv_open("UTF-8", from);
	char scratch[4096];
	char *in = (char *)(uintptr_t)bytes;
	ptrdiff_t total = 0;
	bool ok = true;

	if (cd == (iconv_t)-1)
		return -1;
	while (n > 0 && ok) {
		char *to = out ? out + total : scratch;
		size_t left = out ? room - (size_t)total : sizeof(scratch);
		size_t before = left;
		size_t got = iconv(cd, &in, &n, &to, &left);
		total += (ptrdiff_t)(before - left);
		ok = got != (size_t)-1 || (errno == E2BIG && !out);
	}
	iconv_close(cd);
	return ok ? total : -1;
}

struct tally {
	size_t gb, big5; /* two-byte characters frequent in each */
	bool broken;	 /* a byte that begins no character of Big5 */
};

static struct tally
count_pairs(const unsigned char *p, size_t n)
{
	struct tally t = { 0 };

	for (size_t i = 0; i < n; i++) {
		if (p[i] < 0x80)
			continue;
		unsigned char a = p[i], b = ++i < n ? p[i] : 0;
		t.broken |= a == 0x80 || a == 0xff;
		t.gb += a >= 0xb0 && a <= 0xd7 && b >= 0xa1;
		t.big5 += a >= 0xa4 && a <= 0xc6 &&
			  ((b >= 0x40 && b <= 0x7e) || b >= 0xa1);
	}
	return t;
}

static const char *
legacy_encoding(const char *bytes, size_t n)
{
	bool gb = convert("GB18030", bytes, n, NULL, 0) >= 0;
	bool big5 = convert("CP950", bytes, n, NULL, 0) >= 0;

	struct tally t = count_pairs((const unsigned char *)bytes, n);

	big5 = big5 && !t.broken;
	if (gb && big5)
		gb = t.gb >= t.big5;
	return gb ? "GB18030" : big5 ? "BIG5" : NULL;
}

const char *
encoding_detect(const void *bytes, size_t n, size_t *skip)
{
	const unsigned char *p = bytes;

	*skip = 0;
	if (n >= 3 && !memcmp(p, "\xef\xbb\xbf", 3))
		*skip = 3;
	if (is_utf8(p, n))
		return "UTF-8";
	if (n >= 2 && (n & 1) == 0 &&
	    (!memcmp(p, "\xff\xfe", 2) || !memcmp(p, "\xfe\xff", 2))) {
		*skip = 2;
		return p[0] == 0xff ? "UTF-16LE" : "UTF-16BE";
	}
	*skip = 0;
	if (memchr(p, 0, n))
		return NULL;
	return legacy_encoding(bytes, n);
}

char *
encoding_to_utf8(
    const void *bytes, size_t n, const char **name, size_t *out_len)
{
	size_t skip;
	const char *from;
	ptrdiff_t len;

	*name = encoding_detect(bytes, n, &skip);
	if (!*name)
		return NULL;
	bytes = (const char *)bytes + skip;
	n -= skip;
	from = strcmp(*name, "BIG5") ? *name : "CP950";
	len = strcmp(*name, "UTF-8") ? convert(from, bytes, n, NULL, 0)
				     : (ptrdiff_t)n;
	char *text = len < 0 ? NULL : malloc((size_t)len + 1);
	if (!text)
		return NULL;
	if (!strcmp(*name, "UTF-8"))
		memcpy(text, bytes, n);
	else
		convert(from, bytes, n, text, (size_t)len);
	text[len] = '\0';
	if (memchr(text, 0, (size_t)len)) { /* would cut a field in silence */
		free(text);
		return NULL;
	}
	*out_len = (size_t)len;
	return text;
}
