/* SPDX-License-Identifier: MIT */
/*
 * shelterd(8): options, settings, signals.  The only file of the daemon that
 * prints and exits.
 */
#include <event2/event.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "shelterd/net/auth.h"
#include "shelterd/daemon.h"
#include "shelterd/api/drill_clock.h"
#include "shelterd/folder.h"
#include "shelterd/net/http.h"
#include "shelterd/lane.h"
#include "shelterd/lockfile.h"
#include "shelterd/log.h"
#include "shelterd/api/api_task.h"
#include "shelterd/api/notice_life.h"
#include "shelterd/api/schedule_make.h"
#include "shelterd/net/openapi.h"
#include "shelterd/rules_change.h"
#include "shelterd/store/backup.h"
#include "shelterd/store/db.h"

enum { OVERRIDES = 64, ERR = 4096 };

struct options {
	const char *file;
	const char *overrides[OVERRIDES];
	int noverrides;
	int check; /* 1: check, 2: check and print */
	bool routes;
	const char *restore; /* a backup to put in the store's place */
};

struct running {
	const struct options *options;
	struct daemon *daemon;
};

static int
usage(void)
{
	fputs(
	    "usage: shelterd [-c FILE] [-o NAME=VALUE]...   serve\n"
	    "       shelterd -n [-c FILE] [-o ...]   check the settings\n"
	    "       shelterd -nv [...]   check and print them\n"
	    "       shelterd [-c FILE] [-o ...] -r BACKUP   restore, offline\n"
	    "       shelterd -R   print the routes\n",
	    stderr);
	return 2;
}

static bool
parse_options(int argc, char **argv, struct options *o)
{
	int c;

	while ((c = getopt(argc, argv, "c:no:r:vR")) != -1) {
		if (c == 'c')
			o->file = optarg;
		else if (c == 'n')
			o->check |= 1;
		else if (c == 'v')
			o->check |= 2;
		else if (c == 'R')
			o->routes = true;
		else if (c == 'r')
			o->restore = optarg;
		else if (c == 'o' && o->noverrides < OVERRIDES)
			o->overrides[o->noverrides++] = optarg;
		else
			return false;
	}
	return optind == argc && o->check != 2;
}

static struct conf *
load_conf(const struct options *o, char *err, size_t errsize)
{
	struct conf *conf = conf_new();
	int result = 0;

	snprintf(err, errsize, "out of memory");
	if (conf == NULL)
		return NULL;
	if (o->file != NULL)
		result = conf_file(conf, o->file, err, errsize);
	for (int i = 0; result == 0 && i < o->noverrides; i++)
		result = conf_set(conf, o->overrides[i], err, errsize);
	if (result != 0) {
		conf_free(conf);
		return NULL;
	}
	folder_find(&conf->rules_dir);
	folder_find(&conf->web_root);
	return conf;
}

static void
on_stop(void *arg)
{
	daemon_stop(((struct running *)arg)->daemon);
}

static void
on_reload(void *arg)
{
	struct running *r = arg;
	char err[ERR];
	struct conf *conf = load_conf(r->options, err, sizeof(err));

	if (conf == NULL)
		log_line(LOG_ERROR, "reload", "refused=\"%s\"", err);
	else
		daemon_reload(r->daemon, conf);
	conf_free(conf);
}

static void
libevent_log(int severity, const char *message)
{
	static const enum log_level levels[] = {
		[EVENT_LOG_DEBUG] = LOG_DEBUG,
		[EVENT_LOG_MSG] = LOG_INFO,
		[EVENT_LOG_WARN] = LOG_WARN,
		[EVENT_LOG_ERR] = LOG_ERROR,
	};

	log_line(levels[severity & 3], "libevent", "message=\"%s\"", message);
}

static void
sqlite_log(int code, const char *message)
{
	log_line(code == 0 ? LOG_INFO : LOG_WARN, "sqlite",
	    "code=%d message=\"%s\"", code, message);
}

static int
restore(const struct conf *conf, const char *backup)
{
	char err[ERR] = "libsodium does not start";
	int lock = store_lock(conf->store, err, sizeof(err));
	bool good = lock >= 0 && auth_init() == 0 &&
		    store_restore(backup, conf->store, err, sizeof(err)) == 0;

	if (good)
		printf("restored %s from %s\n", conf->store, backup);
	else
		fprintf(stderr, "shelterd: %s\n", err);
	if (lock >= 0)
		close(lock);
	return good ? 0 : 1;
}

/* Before any thread starts, as threads inherit it: these signals wait for the
 * loop to read them. */
static void
block_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
}

static int
serve(struct conf *conf, const struct options *o)
{
	char err[ERR] = "";
	struct running r = { o, NULL };
	struct rules *rules = NULL;
	struct loop *loop;

	signal(SIGPIPE, SIG_IGN);
	event_set_log_callback(libevent_log);
	db_log_to(sqlite_log);
	log_set_level((enum log_level)conf->log_level);
	if (auth_init() != 0)
		snprintf(err, sizeof(err), "libsodium does not start");
	else
		rules = rules_load(conf->rules_dir, err, sizeof(err));
	if (rules == NULL) {
		conf_free(conf);
		fprintf(stderr, "shelterd: %s\n", err);
		return 1;
	}
	block_signals();
	r.daemon = daemon_new(conf, rules, err, sizeof(err));
	if (r.daemon == NULL) {
		fprintf(stderr, "shelterd: %s\n", err);
		return 1;
	}
	loop = daemon_loop(r.daemon);
	if (!loop_signal(loop, SIGTERM, on_stop, &r) ||
	    !loop_signal(loop, SIGINT, on_stop, &r) ||
	    !loop_signal(loop, SIGHUP, on_reload, &r)) {
		fprintf(stderr, "shelterd: no signals\n");
		daemon_free(r.daemon);
		return 1;
	}
	log_line(
	    LOG_INFO, "daemon", "ready=%s", http_url(daemon_http(r.daemon)));
	printf("shelterd: ready %s\n", http_url(daemon_http(r.daemon)));
	fflush(stdout);
	drill_clock_arm(r.daemon);
	notice_watch(r.daemon);
	rules_adopt(r.daemon);
	task_tell(r.daemon);
	schedule_watch(r.daemon);
	daemon_run(r.daemon);
	daemon_free(r.daemon);
	log_line(LOG_INFO, "daemon", "stopped");
	return 0;
}

int
main(int argc, char **argv)
{
	struct options o = { .file = NULL };
	struct conf *conf;
	char err[ERR];
	int result = 0;

	if (!parse_options(argc, argv, &o))
		return usage();
	if (o.routes) {
		routes_print(route_arrays, stdout);
		return 0;
	}
	conf = load_conf(&o, err, sizeof(err));
	if (conf == NULL) {
		fprintf(stderr, "%s\n", err);
		return 1;
	}
	if (o.restore == NULL && o.check == 0)
		return serve(conf, &o);
	if (o.restore != NULL)
		result = restore(conf, o.restore);
	else if (o.check & 2)
		conf_print(conf, stdout);
	else
		fprintf(stderr, "settings are good\n");
	conf_free(conf);
	return result;
}
