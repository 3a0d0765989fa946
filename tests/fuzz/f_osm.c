/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as an OpenStreetMap file, XML or PBF: read to the end twice, ways
 * and nodes, with the same result; texts and refs of a way are all touched.
 * Behind a first byte of 0 they are the block of a PBF file that is well but
 * for it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "clients/shelterctl/osm.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require(int holds)
{
	if (!holds)
		abort();
}

/* A sum over all that was read. */
static uint64_t
read_all(struct osm *o)
{
	struct osm_item item;
	enum osm_kind kind;
	uint64_t sum = 0;

	while ((kind = osm_next(o, OSM_NODES | OSM_WAYS, &item)) == OSM_NODE ||
	       kind == OSM_WAY) {
		sum = sum * 31 + (uint64_t)item.id + (uint64_t)item.lon;
		for (size_t i = 0; i < item.nrefs; i++)
			sum += (uint64_t)item.ref[i];
		for (size_t i = 0; i < item.ntags; i++)
			sum +=
			    strlen(item.tag[i].key) + strlen(item.tag[i].value);
	}
	require(kind == OSM_END || osm_problem(o)[0] != '\0');
	return sum;
}

static void
put(FILE *f, size_t v)
{
	for (; v > 127; v >>= 7)
		fputc((int)(v & 127) | 128, f);
	fputc((int)v, f);
}

static size_t
length(size_t v)
{
	return v > 127 ? 1 + length(v >> 7) : 1;
}

/* A header without content, then the block as it is. */
static void
put_pbf(FILE *f, const uint8_t *block, size_t size)
{
	static const char head[] = "\0\0\0\x0d\x0a\x09OSMHeader\x18\x02"
				   "\x0a\0";
	size_t blob = 1 + length(size) + size;

	fwrite(head, 1, sizeof(head) - 1, f);
	fwrite("\0\0", 1, 3, f);
	fputc((int)(10 + length(blob)), f);
	fwrite("\x0a\x07OSMData\x18", 1, 10, f);
	put(f, blob);
	fputc(0x0a, f);
	put(f, size);
	fwrite(block, 1, size, f);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char path[64], why[200];
	FILE *f;

	snprintf(path, sizeof(path), "/tmp/f_osm.%ld", (long)getpid());
	require((f = fopen(path, "wb")) != NULL);
	if (size > 0 && data[0] == 0)
		put_pbf(f, data + 1, size - 1);
	else
		require(fwrite(data, 1, size, f) == size);
	fclose(f);
	struct osm *o = osm_open(path, why, sizeof(why));
	require((o != NULL) == osm_is(path));
	if (o) {
		uint64_t first = read_all(o);

		osm_rewind(o);
		require(read_all(o) == first);
	}
	osm_close(o);
	unlink(path);
	return 0;
}
