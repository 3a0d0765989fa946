/* SPDX-License-Identifier: MIT */
/*
 * The algorithm is looked up once, a context is kept by each thread: both cost
 * more than the hash of a short text.
 */
#include "shelterd/store/sha256.h"

#include <openssl/evp.h>
#include <pthread.h>
#include <stdlib.h>

static EVP_MD *algorithm;
static pthread_once_t looked_up = PTHREAD_ONCE_INIT;
static pthread_key_t key;

static void
free_context(void *context)
{
	EVP_MD_CTX_free(context);
}

static void
look_up(void)
{
	algorithm = EVP_MD_fetch(NULL, "SHA256", NULL);
	if (algorithm == NULL || pthread_key_create(&key, free_context) != 0)
		abort(); /* a chain without hashes would prove nothing */
}

static EVP_MD_CTX *
context_of_thread(void)
{
	EVP_MD_CTX *context;

	pthread_once(&looked_up, look_up);
	context = pthread_getspecific(key);
	if (context != NULL)
		return context;
	context = EVP_MD_CTX_new();
	if (context == NULL || pthread_setspecific(key, context) != 0)
		abort();
	return context;
}

void
sha256(unsigned char out[SHA256_BYTES], const void *text, size_t len)
{
	EVP_MD_CTX *context = context_of_thread();

	if (!EVP_DigestInit_ex2(context, algorithm, NULL) ||
	    !EVP_DigestUpdate(context, text, len) ||
	    !EVP_DigestFinal_ex(context, out, NULL))
		abort();
}
