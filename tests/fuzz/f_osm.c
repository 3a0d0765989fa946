/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as an OpenStreetMap file, XML or PBF: read to the end twice, ways
 * and nodes, with the same result; texts and refs of a way are all touched.
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

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char path[64], why[200];
	FILE *f;

	snprintf(path, sizeof(path), "/tmp/f_osm.%ld", (long)getpid());
	require((f = fopen(path, "wb")) != NULL);
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
