/* SPDX-License-Identifier: MIT */
/* Settings files: what is accepted must print, and the print must read back
 * as the same; what is refused must name a line. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "shelterd/conf.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static char *
print(const struct conf *conf)
{
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	conf_print(conf, f);
	fclose(f);
	return text;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct conf *conf = conf_new(), *again = conf_new();
	char err[512], *one, *two;

	if (conf_text(conf, "f", (const char *)data, size, err, sizeof(err)) ==
	    0) {
		one = print(conf);
		if (conf_text(again, "f", one, strlen(one), err, sizeof(err)) !=
		    0)
			abort();
		two = print(again);
		if (strcmp(one, two) != 0)
			abort();
		free(one);
		free(two);
	} else if (strncmp(err, "f:", 2) != 0) {
		abort();
	}
	conf_free(conf);
	conf_free(again);
	return 0;
}
