/* SPDX-License-Identifier: MIT */
/*
 * SHA-256 of a text in one piece, by OpenSSL, which uses the processor's own
 * instructions; libsodium's takes four times as long.
 */
#ifndef SHELTERD_STORE_SHA256_H
#define SHELTERD_STORE_SHA256_H

#include <stddef.h>

enum { SHA256_BYTES = 32 };

void sha256(unsigned char out[SHA256_BYTES], const void *, size_t len);

#endif
