/* SPDX-License-Identifier: MIT */
/*
 * usage: kill [-r ROUNDS] [-t TORN] [-s SEED] SHELTERD
 * Prints TAP.  Run from the repository's top (the daemon reads etc/rules).
 */
#include <cjson/cJSON.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "tests/kill/kill.h"
#include "tests/wire.h"

struct run {
	struct world world;
	struct client clients[CLIENTS];
	struct stream streams[STREAMS];
	pid_t daemon;
	int rounds, torn;
};

static void
read_token(struct world *w)
{
	char path[100];
	FILE *f;

	snprintf(path, sizeof(path), "%s/token", w->dir);
	f = fopen(path, "re");
	if (f == NULL || fgets(w->token, sizeof(w->token), f) == NULL)
		die("no token in %s", path);
	w->token[strcspn(w->token, "\n")] = '\0';
	fclose(f);
}

static void
make_account(struct world *w)
{
	struct wire wire = { 0 };
	struct wire_answer a = { 0 };
	cJSON *json;

	if (wire_open(&wire, world_port(w, NULL)))
		a = wire_call(&wire, "POST", "/v1/users", w->token, "",
		    "{\"name\":\"k\",\"role\":\"viewer\"}");
	json = cJSON_Parse(a.body);
	w->account =
	    (int64_t)cJSON_GetNumberValue(cJSON_GetObjectItem(json, "id"));
	cJSON_Delete(json);
	if (a.status != 201)
		die("POST /v1/users: %d %s", a.status, a.body ? a.body : "");
	wire_close(&wire);
}

static void
start(struct run *r)
{
	r->daemon = daemon_start(&r->world, "store.db");
	read_token(&r->world);
	make_account(&r->world);
	for (int i = 0; i < CLIENTS; i++) {
		r->clients[i].world = &r->world;
		r->clients[i].number = i;
		pthread_create(
		    &r->clients[i].thread, NULL, client_run, &r->clients[i]);
	}
	for (int i = 0; i < STREAMS; i++) {
		r->streams[i].world = &r->world;
		pthread_create(
		    &r->streams[i].thread, NULL, stream_run, &r->streams[i]);
	}
}

static void
play(struct run *r)
{
	for (int i = 0; i < r->rounds; i++) {
		pause_us(rand() % 250000);
		daemon_kill(&r->world, r->daemon);
		if (rand() % 5 == 0)
			daemon_stillborn(&r->world, "store.db", rand() % 60000);
		r->daemon = daemon_start(&r->world, "store.db");
		if (i % 50 == 49)
			printf("# %d rounds\n", i + 1);
	}
}

static void
finish(struct run *r, int64_t *last)
{
	struct world *w = &r->world;

	pthread_mutex_lock(&w->lock);
	w->ending = true;
	pthread_mutex_unlock(&w->lock);
	for (int i = 0; i < CLIENTS; i++)
		pthread_join(r->clients[i].thread, NULL);
	for (int i = 0; i < CLIENTS; i++)
		*last += r->clients[i].n * 2;
	/* Beside them: the first admin and the account. */
	*last += 2;
	pthread_mutex_lock(&w->lock);
	w->last = *last;
	pthread_mutex_unlock(&w->lock);
}

static int
remove_one(const char *path, const struct stat *st, int flag, struct FTW *f)
{
	(void)st;
	(void)flag;
	(void)f;
	return remove(path);
}

static bool
reckon(struct run *r, int64_t last)
{
	struct log_copy copy = { 0 };
	bool good = check_log(&r->world, r->clients, &copy);

	if (tap(copy.head == last, "one event for each write")) {
		for (int i = 0; i < STREAMS; i++)
			pthread_join(r->streams[i].thread, NULL);
		good &= check_streams(r->streams, &copy);
	} else {
		good = false;
	}
	printf("# %lld broken connections, %lld answers given again\n",
	    (long long)r->world.broken, (long long)r->world.replays);
	good &= tap(r->rounds == 0 || r->world.replays > 0,
	    "answers were lost and given again");
	if (r->torn > 0) {
		daemon_kill(&r->world, r->daemon);
		good &= check_torn(&r->world, "store.db", &copy, r->torn);
		r->daemon = daemon_start(&r->world, "store.db");
	}
	good &= tap(daemon_end(&r->world, r->daemon) == 0,
	    "the daemon ends gracefully");
	free(copy.hashes);
	return good;
}

static void
release(struct run *r)
{
	for (int i = 0; i < CLIENTS; i++)
		free(r->clients[i].ids);
	for (int i = 0; i < STREAMS; i++)
		free(r->streams[i].hashes);
	nftw(r->world.dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

int
main(int argc, char **argv)
{
	struct run r = { .rounds = 20, .torn = 10 };
	unsigned seed = (unsigned)time(NULL);
	int64_t last = 0;
	bool good;
	int c;

	while ((c = getopt(argc, argv, "r:t:s:")) != -1) {
		if (c == 'r')
			r.rounds = atoi(optarg);
		else if (c == 't')
			r.torn = atoi(optarg);
		else if (c == 's')
			seed = (unsigned)atoi(optarg);
		else
			return 2;
	}
	if (optind + 1 != argc)
		return 2;
	srand(seed);
	printf("# seed %u\n", seed);
	r.world.program = argv[optind];
	r.world.last = -1;
	pthread_mutex_init(&r.world.lock, NULL);
	pthread_cond_init(&r.world.changed, NULL);
	strcpy(r.world.dir, "/tmp/shelterd-kill.XXXXXX");
	if (mkdtemp(r.world.dir) == NULL)
		die("no temporary folder");
	alarm((unsigned)(r.rounds * 4 + r.torn * 4 + 120));
	start(&r);
	play(&r);
	finish(&r, &last);
	good = reckon(&r, last);
	tap_end();
	if (good)
		release(&r);
	return good ? 0 : 1;
}
