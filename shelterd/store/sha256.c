/* SPDX-License-Identifier: MIT */
/*
 * FIPS 180-4.  The instructions keep the state as two vectors, ABEF and CDGH,
 * do two rounds each and make the schedule four words at a time.
 */
#include "shelterd/store/sha256.h"

#include <sodium.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>

#define WITH_SHA __attribute__((target("sha,sse4.1")))

enum { BLOCK = 64 };

static const uint32_t round_words[64] = { 0x428a2f98, 0x71374491, 0xb5c0fbcf,
	0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98,
	0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7,
	0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
	0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8,
	0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85,
	0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e,
	0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819,
	0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c,
	0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee,
	0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
	0xc67178f2 };

struct state {
	__m128i abef, cdgh;
};

/* Four rounds with these words of the schedule. */
WITH_SHA static inline void
rounds(struct state *s, __m128i words, int at)
{
	__m128i k = _mm_loadu_si128((const __m128i *)&round_words[at]);
	__m128i w = _mm_add_epi32(words, k);

	s->cdgh = _mm_sha256rnds2_epu32(s->cdgh, s->abef, w);
	s->abef =
	    _mm_sha256rnds2_epu32(s->abef, s->cdgh, _mm_shuffle_epi32(w, 0x0e));
}

/* The four words that follow these sixteen. */
WITH_SHA static inline __m128i
follow(__m128i a, __m128i b, __m128i c, __m128i d)
{
	__m128i w = _mm_sha256msg1_epu32(a, b);

	w = _mm_add_epi32(w, _mm_alignr_epi8(d, c, 4));
	return _mm_sha256msg2_epu32(w, d);
}

/* Four words of the text, which has them with the high byte first. */
WITH_SHA static inline __m128i
words(const unsigned char *at)
{
	const __m128i order =
	    _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);

	return _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)at), order);
}

WITH_SHA static void
block(struct state *s, const unsigned char *text)
{
	const struct state before = *s;
	__m128i a = words(text), b = words(text + 16), c = words(text + 32),
		d = words(text + 48);

	for (int at = 0;; at += 16) {
		rounds(s, a, at);
		rounds(s, b, at + 4);
		rounds(s, c, at + 8);
		rounds(s, d, at + 12);
		if (at == 48)
			break;
		a = follow(a, b, c, d);
		b = follow(b, c, d, a);
		c = follow(c, d, a, b);
		d = follow(d, a, b, c);
	}
	s->abef = _mm_add_epi32(s->abef, before.abef);
	s->cdgh = _mm_add_epi32(s->cdgh, before.cdgh);
}

/* The text's last bytes with a 1 bit and its length in bits; gives how many
 * blocks that makes. */
static size_t
close_text(unsigned char to[2 * BLOCK], const unsigned char *rest, size_t len)
{
	size_t n = len % BLOCK, blocks = n + 9 <= BLOCK ? 1 : 2;
	uint64_t bits = (uint64_t)len * 8;

	memset(to, 0, 2 * BLOCK);
	memcpy(to, rest, n);
	to[n] = 0x80;
	for (int i = 1; i <= 8; i++, bits >>= 8)
		to[blocks * BLOCK - (size_t)i] = (unsigned char)bits;
	return blocks;
}

WITH_SHA static void
by_processor(unsigned char *out, const unsigned char *text, size_t len)
{
	struct state s = { _mm_set_epi32(0x6a09e667, (int)0xbb67ae85,
			       0x510e527f, (int)0x9b05688c),
		_mm_set_epi32(
		    0x3c6ef372, (int)0xa54ff53a, 0x1f83d9ab, 0x5be0cd19) };
	const __m128i order =
	    _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
	unsigned char last[2 * BLOCK];
	size_t whole = len / BLOCK, n;
	__m128i abcd, efgh;

	for (size_t i = 0; i < whole; i++)
		block(&s, text + i * BLOCK);
	n = close_text(last, text + whole * BLOCK, len);
	for (size_t i = 0; i < n; i++)
		block(&s, last + i * BLOCK);
	abcd = _mm_unpackhi_epi64(s.cdgh, s.abef); /* d c b a, low to high */
	efgh = _mm_unpacklo_epi64(s.cdgh, s.abef);
	abcd = _mm_shuffle_epi32(abcd, 0x1b);
	efgh = _mm_shuffle_epi32(efgh, 0x1b);
	_mm_storeu_si128((__m128i *)out, _mm_shuffle_epi8(abcd, order));
	_mm_storeu_si128((__m128i *)(out + 16), _mm_shuffle_epi8(efgh, order));
}

static bool
processor_can(void)
{
	static int known; /* the same whoever finds out */
	unsigned a, b = 0, c = 0, d;
	int can = __atomic_load_n(&known, __ATOMIC_RELAXED);

	if (can == 0) {
		can = __get_cpuid(1, &a, &b, &c, &d) && (c & bit_SSE4_1) &&
			      __get_cpuid_count(7, 0, &a, &b, &c, &d) &&
			      (b & bit_SHA)
			  ? 1
			  : -1;
		__atomic_store_n(&known, can, __ATOMIC_RELAXED);
	}
	return can > 0;
}
#else
static bool
processor_can(void)
{
	return false;
}

static void
by_processor(unsigned char *out, const unsigned char *text, size_t len)
{
	crypto_hash_sha256(out, text, len);
}
#endif

void
sha256(unsigned char out[SHA256_BYTES], const void *text, size_t len)
{
	if (processor_can())
		by_processor(out, text, len);
	else
		crypto_hash_sha256(out, text, len);
}
