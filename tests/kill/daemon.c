/* SPDX-License-Identifier: MIT */
/* Starting, killing and ending the daemon under test. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/kill/kill.h"

void
die(const char *fmt, ...)
{
	va_list ap;

	printf("Bail out! ");
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf("\n");
	fflush(stdout);
	exit(1);
}

void
pause_us(int64_t us)
{
	struct timespec ts = { us / 1000000, us % 1000000 * 1000 };

	while (nanosleep(&ts, &ts) != 0 && errno == EINTR)
		continue;
}

static void
become(struct world *w, const char *store, int out)
{
	char set[5][160], log[100];
	int err;

	snprintf(log, sizeof(log), "%s/daemon.err", w->dir);
	err = open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
	dup2(out, 1);
	dup2(err, 2);
	snprintf(set[0], sizeof(set[0]), "store=%s/%s", w->dir, store);
	snprintf(set[1], sizeof(set[1]), "admin-token-file=%s/token", w->dir);
	snprintf(set[2], sizeof(set[2]), "backup-dir=%s/backup", w->dir);
	execl(w->program, w->program, "-o", "listen=127.0.0.1:0", "-o", set[0],
	    "-o", set[1], "-o", set[2], "-o", "rules-dir=etc/rules", "-o",
	    "max-streams=100", (char *)NULL);
	_exit(127);
}

static pid_t
spawn(struct world *w, const char *store, int *out)
{
	int ends[2];
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) != 0)
		die("pipe: %s", strerror(errno));
	fflush(stdout);
	pid = fork();
	if (pid < 0)
		die("fork: %s", strerror(errno));
	if (pid == 0)
		become(w, store, ends[1]);
	close(ends[1]);
	*out = ends[0];
	return pid;
}

static void
set_port(struct world *w, int port)
{
	pthread_mutex_lock(&w->lock);
	w->port = port;
	w->generation += port != 0;
	pthread_cond_broadcast(&w->changed);
	pthread_mutex_unlock(&w->lock);
}

pid_t
daemon_start(struct world *w, const char *store)
{
	char line[200] = "", *colon;
	int out;
	pid_t pid = spawn(w, store, &out);
	FILE *f = fdopen(out, "r");

	if (f == NULL || fgets(line, sizeof(line), f) == NULL ||
	    strncmp(line, "shelterd: ready ", 16) != 0)
		die("the daemon does not start; see %s/daemon.err", w->dir);
	fclose(f);
	colon = strrchr(line, ':');
	set_port(w, atoi(colon + 1));
	return pid;
}

void
daemon_kill(struct world *w, pid_t pid)
{
	int status;

	kill(pid, SIGKILL);
	set_port(w, 0);
	waitpid(pid, &status, 0);
	if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL)
		die("the daemon ended by itself: status %x; see %s/daemon.err",
		    (unsigned)status, w->dir);
}

int
daemon_end(struct world *w, pid_t pid)
{
	int status;

	kill(pid, SIGTERM);
	set_port(w, 0);
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void
daemon_stillborn(struct world *w, const char *store, int64_t after_us)
{
	int out;
	pid_t pid = spawn(w, store, &out);

	pause_us(after_us);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	close(out);
}
