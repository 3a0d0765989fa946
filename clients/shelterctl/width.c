/* SPDX-License-Identifier: MIT */
/*
 * How wide text is on a terminal, without the locale: East Asian wide and
 * full-width characters (Unicode TR 11) take two columns, combining marks and
 * joiners none.
 */
#include <string.h>
#include "clients/shelterctl/out.h"

struct range {
	uint32_t first, last;
};

static const struct range wide[] = { { 0x1100, 0x115f }, { 0x2e80, 0x303e },
	{ 0x3041, 0x33ff }, { 0x3400, 0x4dbf }, { 0x4e00, 0x9fff },
	{ 0xa000, 0xa4cf }, { 0xac00, 0xd7a3 }, { 0xf900, 0xfaff },
	{ 0xfe30, 0xfe6f }, { 0xff00, 0xff60 }, { 0xffe0, 0xffe6 },
	{ 0x1f300, 0x1f64f }, { 0x1f900, 0x1f9ff }, { 0x20000, 0x3fffd } };
static const struct range none[] = { { 0x0300, 0x036f }, { 0x200b, 0x200f },
	{ 0x20d0, 0x20ff }, { 0xfe00, 0xfe0f }, { 0xfeff, 0xfeff } };

static bool
in(const struct range *r, size_t n, uint32_t c)
{
	for (size_t i = 0; i < n; i++)
		if (c >= r[i].first && c <= r[i].last)
			return true;
	return false;
}

/* The character at *p, which moves on; 0xfffd for a byte that is none. */
static uint32_t
next_char(const char **p)
{
	const unsigned char *u = (const unsigned char *)*p;
	int more = *u < 0x80   ? 0
		   : *u < 0xc2 ? -1
		   : *u < 0xe0 ? 1
		   : *u < 0xf0 ? 2
		   : *u < 0xf5 ? 3
			       : -1;
	if (more < 0) {
		(*p)++;
		return 0xfffd;
	}
	uint32_t c = more == 0 ? *u : *u & (0x3fu >> more);
	for (int i = 1; i <= more; i++) {
		if ((u[i] & 0xc0) != 0x80) {
			(*p)++;
			return 0xfffd;
		}
		c = c << 6 | (u[i] & 0x3f);
	}
	*p += more + 1;
	return c;
}

static int
char_width(uint32_t c)
{
	if (in(none, sizeof(none) / sizeof(*none), c))
		return 0;
	return in(wide, sizeof(wide) / sizeof(*wide), c) ? 2 : 1;
}

int
out_width(const char *p)
{
	int width = 0;

	while (*p)
		width += char_width(next_char(&p));
	return width;
}

/* Line breaks become blanks; other control characters could steer the
   terminal and become a replacement character. */
static void
write_char(FILE *f, uint32_t c, const char *from, size_t n)
{
	if (c == '\n' || c == '\r' || c == '\t')
		fputc(' ', f);
	else if (c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0xfffd)
		fputs("\xef\xbf\xbd", f);
	else
		fwrite(from, 1, n, f);
}

void
out_cell(FILE *f, const char *text, int least, int most)
{
	int width = out_width(text);
	int shown = most > 0 && width > most ? most : width;
	int at = 0;

	if (least < 0 && -least > shown)
		fprintf(f, "%*s", -least - shown, "");
	for (const char *p = text; *p;) {
		const char *from = p;
		uint32_t c = next_char(&p);
		int w = char_width(c);
		if (shown < width && at + w > shown - 1) {
			fputs("…", f);
			at++;
			break;
		}
		write_char(f, c, from, (size_t)(p - from));
		at += w;
	}
	if (least > at)
		fprintf(f, "%*s", least - at, "");
}
