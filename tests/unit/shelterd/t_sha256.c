/* SPDX-License-Identifier: MIT */
/* SHA-256 beside libsodium's, at every length around the blocks' ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "shelterd/store/sha256.h"

static void
check(const unsigned char *text, size_t len)
{
	unsigned char ours[SHA256_BYTES], theirs[SHA256_BYTES];

	sha256(ours, text, len);
	crypto_hash_sha256(theirs, text, len);
	assert_memory_equal(ours, theirs, SHA256_BYTES);
}

static void
the_standards_example(void **state)
{
	unsigned char hash[SHA256_BYTES];
	char hex[SHA256_BYTES * 2 + 1];

	(void)state;
	sha256(hash, "abc", 3);
	sodium_bin2hex(hex, sizeof(hex), hash, sizeof(hash));
	assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223"
				 "b00361a396177a9cb410ff61f20015ad");
}

/* Each in a piece of its own, so that a byte too far is noticed. */
static void
all_lengths(void **state)
{
	(void)state;
	for (size_t len = 0; len <= 1000; len++) {
		unsigned char *text = malloc(len);

		randombytes_buf(text, len);
		check(text, len);
		free(text);
	}
}

static void
large_texts(void **state)
{
	enum { LARGE = 1 << 20 };
	unsigned char *text = malloc(LARGE);

	(void)state;
	randombytes_buf(text, LARGE);
	for (size_t off = 0; off < 64; off += 7)
		check(text + off, LARGE - 3 * off);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_standards_example),
		cmocka_unit_test(all_lengths),
		cmocka_unit_test(large_texts),
	};

	if (sodium_init() < 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
