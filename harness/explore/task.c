/* task.c - see task.h. */
#define _GNU_SOURCE
#include "explore/task.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "explore/cache.h"
#include "explore/columns.h"
#include "explore/rows.h"
#include "explore/run.h"
#include "files/file_util.h"
#include "util/apart.h"

unsigned sf_explore_steps(const sf_explore_task *t, const sf_point *p) { return t->mask ? t->mask : p->grid->steps; }

/* Points that the cache does not answer, in the order in which they are best begun. */
static sf_err find_todo(const sf_sweep *s, const sf_explore_task *t, uint32_t **todo, uint32_t *n, sf_msg *msg) {
  uint32_t *order = calloc(s->n_points + 1, sizeof *order);
  *n = 0;
  if (!order) return sf_fail(msg, SF_ENOMEM, "out of memory");
  const sf_err err = sf_sweep_order(s, order, msg);
  if (err) {
    free(order);
    return err;
  }
  for (uint32_t i = 0; i < s->n_points; i++) {
    const sf_point *p = &s->point[order[i]];
    cJSON *row = sf_point_row(s, p, sf_explore_steps(t, p));
    const char *status = row ? sf_row_text(row, "status") : "missing";
    if (strcmp(status, "ok") != 0 && strcmp(status, "failed") != 0) order[(*n)++] = order[i];
    cJSON_Delete(row);
  }
  *todo = order;
  return SF_OK;
}

sf_err sf_explore_open(const sf_sweep *s, const sf_explore_task *t, char out[SF_PATH_MAX], sf_msg *msg) {
  char path[SF_PATH_MAX], name[128];
  sf_err err;
  if (t->out) {
    if (snprintf(path, sizeof path, "%s", t->out) >= (int)sizeof path - 64)
      return sf_fail(msg, SF_EIO, "--out: path too long");
    err = sf_make_folder(path, msg);
  } else {
    snprintf(name, sizeof name, "explore/%s", s->name);
    err = sf_cache_path(name, path, msg);
  }
  if (!err && !realpath(path, out)) err = sf_fail(msg, SF_EIO, "%s: %s", path, strerror(errno));
  if (!err && access(out, W_OK | X_OK)) err = sf_fail(msg, SF_EIO, "%s: cannot be written: %s", out, strerror(errno));
  return err;
}

/* The sweep, the networks and spikes that it names, a file of hosts: none is written. */
static sf_err apart(const char *path, const sf_explore_task *t, const char *out, sf_msg *msg) {
  static const char *const names[] = {"points/",      "slurm/",      "results.csv", "results.json",
                                      "results.md",   "report.html", "points.txt",  "parallel.joblog",
                                      "parallel.log", "slurm.sh",    "slurm.log",   NULL};
  const sf_file_role in[] = {{"the argument", path}, {"--hosts", t->hosts}};
  return sf_folder_apart("--out", out, names, in, 2, msg);
}

static sf_err compute(const sf_sweep *s, const sf_explore_task *t, const char *out, const uint32_t *todo, uint32_t n,
                      sf_msg *msg) {
  char program[SF_PATH_MAX];
  const ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
  if (length <= 0) return sf_fail(msg, SF_EIO, "/proc/self/exe: %s", strerror(errno));
  program[length] = '\0';
  const sf_explore_run run = {
      .sweep = s, .todo = todo, .n = n, .jobs = t->jobs, .steps = t->steps, .out = out, .program = program};
  if (n == 0) return SF_OK;
  sf_entry_tidy();
  if (t->slurm) return sf_run_slurm(&run, t->slurm_options, msg);
  return t->hosts ? sf_run_hosts(&run, t->hosts, msg) : sf_run_local(&run, msg);
}

static sf_err write_all(cJSON *results, const char *out, sf_msg *msg) {
  static const struct {
    const char *name;
    sf_err (*write)(const cJSON *, const char *, sf_msg *);
  } file[] = {{"results.csv", sf_rows_write_csv},
              {"results.json", sf_rows_write_json},
              {"results.md", sf_rows_write_markdown},
              {"report.html", sf_rows_write_page}};
  sf_err err = SF_OK;
  for (size_t i = 0; !err && i < sizeof file / sizeof *file; i++) {
    char path[SF_PATH_MAX + 32];
    snprintf(path, sizeof path, "%s/%s", out, file[i].name);
    err = file[i].write(results, path, msg);
  }
  return err;
}

static int faults(const cJSON *results) {
  int n = 0;
  const cJSON *row;
  cJSON_ArrayForEach(row, cJSON_GetObjectItemCaseSensitive(results, "rows")) {
    const char *status = sf_row_text(row, "status"), *step = sf_row_text(row, "failed_step");
    n += !strcmp(status, "error") || !strcmp(status, "missing") ||
         (!strcmp(status, "failed") && (!strcmp(step, "lint") || !strcmp(step, "lockstep")));
  }
  return n;
}

sf_err sf_explore_sweep(const sf_sweep *s, const sf_explore_task *t, sf_explore_outcome *o, sf_msg *msg) {
  uint32_t *todo = NULL, n = 0;
  *o = (sf_explore_outcome){.results = NULL};
  sf_err err = sf_explore_open(s, t, o->folder, msg);
  if (!err) err = apart(s->path, t, o->folder, msg);
  if (!err) err = find_todo(s, t, &todo, &n, msg);
  if (!err && !t->collect) err = compute(s, t, o->folder, todo, n, msg);
  free(todo);
  o->stopped = err == SF_EFAIL; /* what is there is still collected */
  if (o->stopped) {
    o->why = *msg;
    err = SF_OK;
  }
  if (!err) err = sf_rows_collect(s, t->mask, &o->results, msg);
  if (!err && t->no_logs) {
    cJSON *row;
    cJSON_ArrayForEach(row, cJSON_GetObjectItemCaseSensitive(o->results, "rows"))
        cJSON_DeleteItemFromObjectCaseSensitive(row, "logs");
  }
  if (!err) err = write_all(o->results, o->folder, msg);
  if (err) {
    cJSON_Delete(o->results);
    o->results = NULL;
    return err;
  }
  o->faults = faults(o->results);
  o->computed = (int)(sf_row_number(o->results, "ok") + sf_row_number(o->results, "failed")) - (int)(s->n_points - n);
  return SF_OK;
}
