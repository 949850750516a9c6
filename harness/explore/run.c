/* run.c - see run.h. */
#define _GNU_SOURCE
#include "explore/run.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "files/file_util.h"
#include "util/clock.h"
#include "util/pool.h"
#include "util/process.h"
#include "util/progress.h"
#include "util/text.h"
#include "util/tool.h"

enum { MOST_TASKS = 1000 }; /* of an array: Slurm's default MaxArraySize is 1001 */

static unsigned steps_of(const sf_explore_run *r, const sf_point *p) {
  unsigned steps = p->grid->steps;
  if (r->steps && sf_steps_parse(r->steps, "", &steps, NULL)) steps = p->grid->steps;
  return steps;
}

/* ---- this machine ---- */

static volatile sig_atomic_t stopped;
static void stop(int signal) { stopped = signal; }

typedef struct child {
  pid_t pid; /* 0: free */
  uint32_t number;
  double start;
  char log[SF_PATH_MAX + 48];
} child;

/* In a process group of its own, so that its tools can be stopped with it. */
static sf_err start(const sf_explore_run *r, uint32_t number, child *c, sf_msg *msg) {
  char text[16];
  int log;
  snprintf(text, sizeof text, "%u", number);
  snprintf(c->log, sizeof c->log, "%s/points/%u.log", r->out, number);
  const char *argv[10] = {r->program, "explore", r->sweep->path, "--point", text, r->steps ? "--steps" : NULL,
                          r->steps,   NULL};
  unlink(c->log);
  sf_err err = sf_process_log(c->log, &log, msg);
  if (err) return err;
  err = sf_process_start(&(sf_process_plan){.argv = argv, .out = -1, .err = log, .group = true}, &c->pid, msg);
  close(log);
  if (err) c->pid = 0;
  c->number = number;
  c->start = sf_seconds_now();
  return err;
}

static void finish(const sf_explore_run *r, child *c, int state, bool too_long) {
  const sf_point *p = &r->sweep->point[c->number];
  char text[200];
  struct stat st;
  if (WIFSIGNALED(state) && !stopped) {
    if (too_long) snprintf(text, sizeof text, "stopped after %u s, its limit_s", p->grid->limit_s);
    else snprintf(text, sizeof text, "ended by signal %d (%s)", WTERMSIG(state), strsignal(WTERMSIG(state)));
    sf_point_error(r->sweep, p, steps_of(r, p), text);
  }
  /* A finding stands in the point's row. */
  if ((WIFEXITED(state) && WEXITSTATUS(state) <= 1) || (stat(c->log, &st) == 0 && st.st_size == 0)) unlink(c->log);
  c->pid = 0;
}

static void end(const sf_explore_run *r, child *c, int signal, bool too_long) {
  int state;
  kill(-c->pid, signal);
  if (sf_process_wait(c->pid, NULL, NULL, &state, NULL)) state = 0;
  finish(r, c, state, too_long);
}

/* true: the child is over. */
static bool look(const sf_explore_run *r, child *c) {
  int state;
  const uint32_t limit = r->sweep->point[c->number].grid->limit_s;
  if (sf_process_is_over(c->pid, &state)) finish(r, c, state, false);
  else if (limit && sf_seconds_now() - c->start >= limit) end(r, c, SIGKILL, true);
  return !c->pid;
}

/* The loop of sf_run_local(): *done points are over. */
static sf_err work(const sf_explore_run *r, child *c, uint32_t jobs, uint32_t *done, sf_progress *bar, sf_msg *msg) {
  uint32_t next = 0, running = 0;
  sf_err err = SF_OK;
  while (!err && !stopped && (next < r->n || running)) {
    for (uint32_t i = 0; i < jobs && !err && next < r->n; i++) {
      if (c[i].pid) continue;
      err = start(r, r->todo[next], &c[i], msg);
      if (err) break;
      next++;
      running++;
    }
    nanosleep(&(struct timespec){0, 10 * 1000 * 1000}, NULL);
    for (uint32_t i = 0; i < jobs; i++) {
      if (!c[i].pid || !look(r, &c[i])) continue;
      running--;
      sf_progress_step(bar, ++*done);
    }
    sf_progress_pulse(bar);
  }
  return err;
}

sf_err sf_run_local(const sf_explore_run *r, sf_msg *msg) {
  child c[64];
  char folder[SF_PATH_MAX + 16];
  const uint32_t jobs = sf_pool_jobs(r->jobs, r->n);
  uint32_t done = 0;
  sf_progress bar;
  snprintf(folder, sizeof folder, "%s/points", r->out);
  sf_err err = sf_make_folder(folder, msg);
  if (err) return err;
  memset(c, 0, sizeof c);
  stopped = 0;
  /* Points are what is parallel here; a model on all processors for each of them would only get in its own way. */
  if (r->jobs != 1 && r->n > 1) setenv("OMP_NUM_THREADS", "1", 1);
  struct sigaction how = {.sa_handler = stop}, was_int, was_term;
  sigaction(SIGINT, &how, &was_int);
  sigaction(SIGTERM, &how, &was_term);
  sf_progress_start(&bar, "points", r->n);
  err = work(r, c, jobs, &done, &bar, msg);
  for (uint32_t i = 0; i < jobs; i++)
    if (c[i].pid) end(r, &c[i], SIGTERM, false);
  sf_progress_finish(&bar);
  (void)rmdir(folder); /* nobody had anything to say */
  sigaction(SIGINT, &was_int, NULL);
  sigaction(SIGTERM, &was_term, NULL);
  if (!err && stopped)
    err = sf_fail(msg, SF_EFAIL, "stopped by signal %d with %u of %u points done; the same command goes on from there",
                  (int)stopped, done, r->n);
  return err;
}

/* ---- elsewhere ---- */

/* Where caches and sources are, for a process that inherits neither our environment nor our current folder. */
static void add_environment(sf_text *t, const char *before, const char *after) {
  static const char *const name[] = {"SYNFIRE_CACHE", "SYNFIRE_DATA", "SYNFIRE_RTL", "PATH"};
  for (size_t i = 0; i < sizeof name / sizeof *name; i++) {
    char whole[SF_PATH_MAX];
    const char *value = getenv(name[i]);
    if (value && *value && strcmp(name[i], "PATH") != 0 && realpath(value, whole)) value = whole;
    if (value && *value) sf_text_add(t, "%s%s=%s%s", before, name[i], sf_quoted(value), after);
  }
}

static void add_command(sf_text *t, const sf_explore_run *r, const char *point) {
  sf_text_add(t, "%s explore ", sf_quoted(r->program));
  sf_text_add(t, "%s --point %s", sf_quoted(r->sweep->path), point);
  if (r->steps) sf_text_add(t, " --steps %s", sf_quoted(r->steps));
}

static sf_err write_points(const sf_explore_run *r, char path[SF_PATH_MAX + 32], sf_msg *msg) {
  sf_text t = {0};
  for (uint32_t i = 0; i < r->n; i++) sf_text_add(&t, "%u\n", r->todo[i]);
  snprintf(path, SF_PATH_MAX + 32, "%s/points.txt", r->out);
  const sf_err err = sf_write_text(path, t.failed ? NULL : t.s, msg);
  sf_text_free(&t);
  return err;
}

sf_err sf_run_hosts(const sf_explore_run *r, const char *hosts, sf_msg *msg) {
  char parallel[SF_PATH_MAX], points[SF_PATH_MAX + 32], joblog[SF_PATH_MAX + 32], log[SF_PATH_MAX + 32], jobs[16],
      line[300];
  sf_progress bar;
  int status = 0;
  sf_err err = sf_tool_find("parallel", "parallel", parallel, msg);
  if (err) return sf_fail(msg, SF_ETOOL, "--hosts needs GNU parallel (Debian package parallel)");
  err = write_points(r, points, msg);
  if (err) return err;
  sf_text command = {0};
  sf_text_add(&command, "env ");
  add_environment(&command, "", " ");
  add_command(&command, r, "{}");
  sf_text_add(&command, " </dev/null >/dev/null");
  snprintf(joblog, sizeof joblog, "%s/parallel.joblog", r->out);
  snprintf(log, sizeof log, "%s/parallel.log", r->out);
  snprintf(jobs, sizeof jobs, "%u", r->jobs);
  unlink(log);
  const bool file = access(hosts, R_OK) == 0;
  const char *argv[24] = {parallel,
                          "--will-cite",
                          file ? "--sshloginfile" : "--sshlogin",
                          hosts,
                          "--joblog",
                          joblog,
                          "--arg-file",
                          points,
                          "--jobs",
                          r->jobs ? jobs : "100%",
                          command.s,
                          NULL};
  if (command.failed) err = sf_fail(msg, SF_ENOMEM, "out of memory");
  sf_progress_start(&bar, "points on the hosts", 0);
  if (!err) err = sf_tool_run(argv, NULL, log, &bar, &status, msg);
  sf_progress_finish(&bar);
  sf_text_free(&command);
  if (err || status <= 101) return err; /* up to 101: so many points did not end with 0, and have their rows */
  sf_log_error(log, line, sizeof line);
  return sf_fail(msg, SF_ETOOL, "parallel failed with status %d: %s (log: %s)", status, line, log);
}

char *sf_slurm_script(const sf_explore_run *r, uint32_t tasks) {
  sf_text t = {0};
  uint32_t limit = 0;
  bool bounded = true;
  for (uint32_t i = 0; i < r->n; i++) {
    const uint32_t one = r->sweep->point[r->todo[i]].grid->limit_s;
    bounded = bounded && one;
    if (one > limit) limit = one;
  }
  sf_text_add(&t, "#!/bin/bash\n# The points of sweep %s, as an array: written by synfire explore --slurm.\n",
              r->sweep->name);
  sf_text_add(&t, "#SBATCH --job-name=synfire-%s\n#SBATCH --array=0-%u", r->sweep->name, tasks - 1);
  if (r->jobs) sf_text_add(&t, "%%%u", r->jobs);
  sf_text_add(&t, "\n#SBATCH --cpus-per-task=1\n#SBATCH --output=");
  sf_text_add(&t, "%s/slurm/%%a.log\n", r->out);
  const uint32_t each = (r->n + tasks - 1) / tasks;
  if (bounded && r->n)
    sf_text_add(&t, "#SBATCH --time=%llu\n", (unsigned long long)(((uint64_t)limit * each + 59) / 60));
  add_environment(&t, "export ", "\n");
  sf_text_add(&t, "export OMP_NUM_THREADS=${SLURM_CPUS_PER_TASK:-1}\nlast=0\n");
  sf_text_add(&t, "while read -r point; do\n  ");
  add_command(&t, r, "\"$point\"");
  sf_text_add(&t, " </dev/null >/dev/null || last=$?\n");
  sf_text_add(&t, "done < <(awk -v task=\"$SLURM_ARRAY_TASK_ID\" '(NR - 1) %% %u == task' ", tasks);
  char points[SF_PATH_MAX + 32];
  snprintf(points, sizeof points, "%s/points.txt", r->out);
  sf_text_add(&t, "%s)\n", sf_quoted(points));
  sf_text_add(&t, "# 1: a point does not hold, which its row says. Anything above: it could not be computed.\n[ "
                  "\"$last\" -le 1 ]\n");
  if (!t.failed) return t.s;
  sf_text_free(&t);
  return NULL;
}

/* Words at blanks; no quoting. */
static int split(char *text, const char **argv, int room) {
  int n = 0;
  for (char *word = strtok(text, " \t"); word && n < room; word = strtok(NULL, " \t")) argv[n++] = word;
  return n;
}

sf_err sf_run_slurm(const sf_explore_run *r, const char *options, sf_msg *msg) {
  char sbatch[SF_PATH_MAX], points[SF_PATH_MAX + 32], script[SF_PATH_MAX + 32], folder[SF_PATH_MAX + 32], line[300];
  char log[SF_PATH_MAX + 32], words[2048] = "";
  sf_progress bar;
  int status = 0;
  if (sf_tool_find("sbatch", "slurm-client", sbatch, msg))
    return sf_fail(msg, SF_ETOOL, "--slurm needs sbatch (Debian package slurm-client, and a cluster it can reach)");
  if (options && strlen(options) >= sizeof words)
    return sf_fail(msg, SF_EINVAL, "--slurm-options: longer than %zu characters", sizeof words - 1);
  snprintf(folder, sizeof folder, "%s/slurm", r->out);
  sf_err err = sf_make_folder(folder, msg);
  if (!err) err = write_points(r, points, msg);
  if (err) return err;
  snprintf(script, sizeof script, "%s/slurm.sh", r->out);
  snprintf(log, sizeof log, "%s/slurm.log", r->out);
  unlink(log);
  char *text = sf_slurm_script(r, r->n < MOST_TASKS ? r->n : MOST_TASKS);
  err = sf_write_text(script, text, msg);
  if (err) return err;
  free(text);
  const char *argv[80] = {sbatch, "--parsable", "--wait"};
  int n = 3;
  if (options) {
    snprintf(words, sizeof words, "%s", options);
    n += split(words, argv + n, 64);
  }
  argv[n++] = script;
  argv[n] = NULL;
  sf_progress_start(&bar, "array job in Slurm", 0);
  err = sf_tool_run(argv, NULL, log, &bar, &status, msg);
  sf_progress_finish(&bar);
  if (err || status == 0) return err;
  /* The first line is the job's number, when there is a job: then points that could not be computed say so
   * themselves. */
  FILE *f = fopen(log, "r");
  const bool submitted = f && fgets(line, sizeof line, f) && line[0] >= '0' && line[0] <= '9';
  if (f) fclose(f);
  if (submitted) return SF_OK;
  sf_log_error(log, line, sizeof line);
  return sf_fail(msg, SF_ETOOL, "sbatch failed: %s (script: %s)", line, script);
}
