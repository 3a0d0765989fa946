/* SPDX-License-Identifier: MIT */
/* Detection of encodings on one register in every encoding an office uses. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>
#include "clients/shelterctl/encoding.h"

static const char traditional[] =
    "類別,電腦編號,村里別,地址,緯度,經度,可容納人數\n"
    "一般住宅,A1,大學里,臺北市大安區辛亥路一段號,25.02,121.53,131\n"
    "公有建築物,A2,中正里,臺北市中正區羅斯福路三段號,25.01,121.52,88人\n";
static const char simplified[] =
    "工程名称,编号,地址,纬度,经度,掩蔽人数\n"
    "人防工程一号,B1,北京市海淀区中关村大街甲号,39.98,116.31,1200\n"
    "地下车库,B2,北京市海淀区双清路号,40.00,116.33,850\n";

static size_t
to(const char *encoding, const char *text, char *out, size_t room)
{
	iconv_t cd = iconv_open(encoding, "UTF-8");
	char *in = (char *)(uintptr_t)text, *p = out;
	size_t n = strlen(text), left = room;

	assert_true(cd != (iconv_t)-1);
	assert_true(iconv(cd, &in, &n, &p, &left) != (size_t)-1);
	iconv_close(cd);
	return room - left;
}

static void
check(const char *bytes, size_t n, const char *want, const char *text)
{
	const char *name;
	size_t len;
	char *utf8 = encoding_to_utf8(bytes, n, &name, &len);

	assert_non_null(utf8);
	assert_string_equal(name, want);
	assert_int_equal(len, strlen(text));
	assert_memory_equal(utf8, text, len);
	assert_int_equal(utf8[len], 0);
	free(utf8);
}

static void
test_registers(void **state)
{
	static const struct {
		const char *text, *iconv_name, *want;
	} cases[] = {
		{ traditional, "BIG5", "BIG5" },
		{ traditional, "GB18030", "GB18030" },
		{ simplified, "GB18030", "GB18030" },
		{ simplified, "GBK", "GB18030" },
		{ simplified, "UTF-8", "UTF-8" },
		{ traditional, "UTF-8", "UTF-8" },
	};
	char bytes[4096];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		check(bytes,
		    to(cases[i].iconv_name, cases[i].text, bytes,
			sizeof(bytes)),
		    cases[i].want, cases[i].text);
}

static void
test_marks(void **state)
{
	char bytes[4096] = "\xef\xbb\xbf";
	size_t n = 3 + to("UTF-8", traditional, bytes + 3, 4000);

	(void)state;
	check(bytes, n, "UTF-8", traditional);
	memcpy(bytes, "\xff\xfe", 2);
	n = 2 + to("UTF-16LE", simplified, bytes + 2, 4000);
	check(bytes, n, "UTF-16LE", simplified);
	memcpy(bytes, "\xfe\xff", 2);
	n = 2 + to("UTF-16BE", simplified, bytes + 2, 4000);
	check(bytes, n, "UTF-16BE", simplified);
}

static void
test_ascii_and_nothing(void **state)
{
	(void)state;
	check("", 0, "UTF-8", "");
	check("a,b\n1,2\n", 8, "UTF-8", "a,b\n1,2\n");
}

static void
test_refused(void **state)
{
	static const struct {
		const char *bytes;
		size_t n;
	} cases[] = {
		{ "a\0b", 3 },		       /* binary */
		{ "PK\x03\x04\x14\0\x06", 7 }, /* a zip is no text */
		{ "\xff\xfe"
		  "a\0\0\0",
		    6 }, /* a NUL in UTF-16 */
		{ "\xff\xff\xff\xff", 4 }, { "abc\x80", 4 },
		{ "\xed\xa0\x80\xff", 4 }, /* a surrogate */
	};
	const char *name;
	size_t len;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_null(
		    encoding_to_utf8(cases[i].bytes, cases[i].n, &name, &len));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_registers),
		cmocka_unit_test(test_marks),
		cmocka_unit_test(test_ascii_and_nothing),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
