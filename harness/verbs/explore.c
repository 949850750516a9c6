/* explore.c - synfire explore: a sweep over the design space, in parallel, resumable, with a report. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "explore/cache.h"
#include "explore/columns.h"
#include "explore/page.h"
#include "explore/project.h"
#include "explore/rows.h"
#include "explore/run.h"
#include "files/file_util.h"
#include "util/apart.h"
#include "util/cli.h"
#include "util/progress.h"
#include "verbs/verbs.h"
#include "verilated/rtl_list.h"

#define VERB "explore"

typedef struct explore_args {
  const char *steps, *out, *hosts, *slurm_options;
  uint64_t point;
  uint32_t jobs;
  uint32_t permille, link_mbit, dram_mbyte, dram_mbyte_s; /* of a projection */
  bool slurm, collect, list, json, no_logs, project;
  unsigned mask; /* of steps; 0: each grid's own */
} explore_args;

static unsigned steps_of(const explore_args *a, const sf_point *p) { return a->mask ? a->mask : p->grid->steps; }

static void print_json(cJSON *o) {
  char *text = cJSON_Print(o);
  if (text) puts(text);
  cJSON_free(text);
  cJSON_Delete(o);
}

/* ---- one point ---- */

static int run_point(const sf_sweep *s, const explore_args *a) {
  sf_msg msg = {""};
  if (a->point >= s->n_points)
    return sf_cli_error(VERB, "--point %llu: must be 0 .. %u", (unsigned long long)a->point, s->n_points - 1);
  const sf_point *p = &s->point[a->point];
  const sf_err err = sf_point_run(s, p, steps_of(a, p), &msg);
  cJSON *row = sf_point_row(s, p, steps_of(a, p));
  if (row) {
    sf_rows_derive(row);
    print_json(row);
  }
  if (err) sf_cli_error(VERB, "point %u: %s", p->number, msg.text);
  return err == SF_EFAIL ? 1 : err ? 2 : 0;
}

static void list_points(const sf_sweep *s, const explore_args *a) {
  printf("point  target    axons neurons lanes  U  bits  %-20s events  status\n", "network");
  for (uint32_t i = 0; i < s->n_points; i++) {
    const sf_point *p = &s->point[i];
    cJSON *row = sf_point_row(s, p, steps_of(a, p));
    if (p->invalid) printf("%5u  %-8s  %s\n", i, p->target ? p->target->name : "", p->invalid);
    else
      printf("%5u  %-8s  %5u %7u %5u %2u %5u  %-20s %6u  %s\n", i, p->target ? p->target->name : "", p->params.axons,
             p->params.neurons, p->params.lanes, p->params.neuron_lanes, p->params.weight_bits, p->net->name, p->events,
             row ? sf_row_text(row, "status") : "");
    cJSON_Delete(row);
  }
}

static void list_json(const sf_sweep *s, const explore_args *a) {
  cJSON *o = cJSON_CreateObject();
  cJSON_AddStringToObject(o, "sweep", s->name);
  cJSON_AddNumberToObject(o, "points", s->n_points);
  cJSON *rows = cJSON_AddArrayToObject(o, "rows");
  for (uint32_t i = 0; i < s->n_points; i++) {
    cJSON *row = sf_point_row(s, &s->point[i], steps_of(a, &s->point[i]));
    if (row) sf_rows_derive(row);
    cJSON_AddItemToArray(rows, row);
  }
  print_json(o);
}

/* ---- the whole sweep ---- */

/* Points that the cache does not answer, in the order in which they are best begun. */
static sf_err find_todo(const sf_sweep *s, const explore_args *a, uint32_t **todo, uint32_t *n, sf_msg *msg) {
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
    cJSON *row = sf_point_row(s, p, steps_of(a, p));
    const char *status = row ? sf_row_text(row, "status") : "missing";
    if (strcmp(status, "ok") != 0 && strcmp(status, "failed") != 0) order[(*n)++] = order[i];
    cJSON_Delete(row);
  }
  *todo = order;
  return SF_OK;
}

/* The folder of the results, made, absolute. */
static sf_err open_out(const sf_sweep *s, const explore_args *a, char out[SF_PATH_MAX], sf_msg *msg) {
  char path[SF_PATH_MAX], name[128];
  sf_err err;
  if (a->out) {
    if (snprintf(path, sizeof path, "%s", a->out) >= (int)sizeof path - 64)
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

/* The sweep, the networks and spikes that it names, results that are projected, a file of hosts: none is written. */
static sf_err apart(const char *path, const explore_args *a, const char *out, sf_msg *msg) {
  static const char *const names[] = {"points/",      "slurm/",      "results.csv", "results.json",
                                      "results.md",   "report.html", "points.txt",  "parallel.joblog",
                                      "parallel.log", "slurm.sh",    "slurm.log",   NULL};
  static const char *const projected[] = {"projection.json", "projection.md", "projection.html", NULL};
  const sf_file_role in[] = {{"the argument", path}, {"--hosts", a->hosts}};
  return sf_folder_apart("--out", out, a->project ? projected : names, in, 2, msg);
}

static sf_err compute(const sf_sweep *s, const explore_args *a, const char *out, const uint32_t *todo, uint32_t n,
                      sf_msg *msg) {
  char program[SF_PATH_MAX];
  const ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
  if (length <= 0) return sf_fail(msg, SF_EIO, "/proc/self/exe: %s", strerror(errno));
  program[length] = '\0';
  const sf_explore_run run = {
      .sweep = s, .todo = todo, .n = n, .jobs = a->jobs, .steps = a->steps, .out = out, .program = program};
  if (n == 0) return SF_OK;
  sf_entry_tidy();
  if (a->slurm) return sf_run_slurm(&run, a->slurm_options, msg);
  return a->hosts ? sf_run_hosts(&run, a->hosts, msg) : sf_run_local(&run, msg);
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

/* A design that does not fit is a result; RTL that is not the model, or not clean, is not. */
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

static void print_faults(const cJSON *results) {
  const cJSON *row;
  int shown = 0;
  cJSON_ArrayForEach(row, cJSON_GetObjectItemCaseSensitive(results, "rows")) {
    if (!strcmp(sf_row_text(row, "status"), "ok")) continue;
    if (++shown > 10) continue;
    printf("  point %-5.0f %-8s %s: %.150s\n", sf_row_number(row, "point"), sf_row_text(row, "status"),
           sf_row_text(row, "failed_step"), sf_row_text(row, "reason"));
  }
  if (shown > 10) printf("  and %d more: see the report\n", shown - 10);
}

/* Of lint: no fault, but to be seen. Returns the number of points. */
static int print_warnings(const cJSON *results, bool quiet) {
  const cJSON *row, *first = NULL;
  int n = 0;
  cJSON_ArrayForEach(row, cJSON_GetObjectItemCaseSensitive(results, "rows")) {
    if (!cJSON_HasObjectItem(row, "lint_first")) continue;
    if (n++ == 0) first = row;
  }
  if (n && !quiet)
    printf("  lint: warnings at %d point%s; point %.0f, %s, first: %.300s\n", n, n == 1 ? "" : "s",
           sf_row_number(first, "point"), sf_row_text(first, "lint"), sf_row_text(first, "lint_first"));
  return n;
}

static int run_sweep(const sf_sweep *s, const explore_args *a) {
  char out[SF_PATH_MAX];
  uint32_t *todo = NULL, n = 0;
  cJSON *results = NULL;
  sf_msg msg = {""};
  sf_err err = open_out(s, a, out, &msg);
  if (!err) err = apart(s->path, a, out, &msg);
  if (!err) err = find_todo(s, a, &todo, &n, &msg);
  if (!err && !a->collect) err = compute(s, a, out, todo, n, &msg);
  free(todo);
  const bool stopped = err == SF_EFAIL; /* what is there is still collected */
  sf_msg why = msg;
  if (stopped) err = SF_OK;
  if (!err) err = sf_rows_collect(s, a->mask, &results, &msg);
  if (!err && a->no_logs) {
    cJSON *row;
    cJSON_ArrayForEach(row, cJSON_GetObjectItemCaseSensitive(results, "rows"))
        cJSON_DeleteItemFromObjectCaseSensitive(row, "logs");
  }
  if (!err) err = write_all(results, out, &msg);
  if (err) {
    cJSON_Delete(results);
    return sf_cli_error(VERB, "%s", msg.text);
  }
  const int bad = faults(results);
  /* Of those begun, what there is an answer to now. */
  const int computed = (int)(sf_row_number(results, "ok") + sf_row_number(results, "failed")) - (int)(s->n_points - n);
  if (a->json) {
    cJSON *o = cJSON_CreateObject();
    static const char *const key[] = {"sweep", "points", "ok", "failed", "error", "missing"};
    for (size_t i = 0; i < sizeof key / sizeof *key; i++)
      cJSON_AddItemToObject(o, key[i], cJSON_Duplicate(cJSON_GetObjectItemCaseSensitive(results, key[i]), 1));
    cJSON_AddNumberToObject(o, "computed", computed);
    cJSON_AddNumberToObject(o, "lint_warnings", print_warnings(results, true));
    cJSON_AddStringToObject(o, "folder", out);
    print_json(o);
  } else {
    printf("sweep %s: %u points, %d computed now; %.0f ok, %.0f failed, %.0f with an error, %.0f not computed\n",
           s->name, s->n_points, computed, sf_row_number(results, "ok"), sf_row_number(results, "failed"),
           sf_row_number(results, "error"), sf_row_number(results, "missing"));
    print_faults(results);
    (void)print_warnings(results, false);
    printf("  report %s/report.html, results.csv, results.json, results.md beside it\n", out);
  }
  cJSON_Delete(results);
  if (stopped) {
    sf_cli_error(VERB, "%s", why.text);
    return 1;
  }
  return bad ? 1 : 0;
}

/* ---- projection ---- */

/* From results.json, or from what the cache has of a sweep. */
static sf_err read_results(const char *path, const explore_args *a, cJSON **results, char out[SF_PATH_MAX],
                           sf_msg *msg) {
  sf_sweep *s;
  char copy[SF_PATH_MAX];
  sf_err err = sf_rows_read(path, results, msg);
  if (err == SF_EFORMAT && !sf_sweep_read(path, &s, NULL)) {
    err = open_out(s, a, out, msg);
    if (!err) err = sf_rows_collect(s, a->mask, results, msg);
    sf_sweep_free(s);
    return err;
  }
  if (err) return err;
  snprintf(copy, sizeof copy, "%s", a->out ? a->out : path);
  char *slash = a->out ? NULL : strrchr(copy, '/');
  if (slash) *(slash == copy ? slash + 1 : slash) = '\0';
  else if (!a->out) strcpy(copy, ".");
  if (a->out) err = sf_make_folder(copy, msg);
  if (!err && !realpath(copy, out)) err = sf_fail(msg, SF_EIO, "%s: %s", copy, strerror(errno));
  if (err) cJSON_Delete(*results);
  return err;
}

static int run_projection(const char *path, const explore_args *a) {
  char out[SF_PATH_MAX], file[SF_PATH_MAX + 32], title[160];
  cJSON *results = NULL, *projection = NULL;
  sf_msg msg = {""};
  const sf_assumed assumed = {.activity = a->permille / 1000.0,
                              .link_mbit = a->link_mbit,
                              .dram_mbyte = a->dram_mbyte,
                              .dram_mbyte_s = a->dram_mbyte_s};
  sf_err err = read_results(path, a, &results, out, &msg);
  if (!err) {
    err = apart(path, a, out, &msg);
    if (err) cJSON_Delete(results);
  }
  if (!err) {
    err = sf_project(results, &assumed, &projection, &msg);
    if (err) err = sf_prefix(&msg, err, path);
    cJSON_Delete(results);
  }
  if (err) return sf_cli_error(VERB, "%s", msg.text);
  char *json = cJSON_Print(projection), *markdown = sf_project_markdown(projection);
  snprintf(title, sizeof title, "Projection from sweep %.100s", sf_row_text(projection, "sweep"));
  snprintf(file, sizeof file, "%s/projection.json", out);
  err = sf_write_text(file, json, &msg);
  snprintf(file, sizeof file, "%s/projection.md", out);
  if (!err) err = sf_write_text(file, markdown, &msg);
  snprintf(file, sizeof file, "%s/projection.html", out);
  if (!err) err = sf_page_write(file, "projection", title, json, &msg);
  if (!err && a->json) puts(json);
  else if (!err) printf("%s\npage %s, projection.json and projection.md beside it\n", markdown, file);
  cJSON_free(json);
  free(markdown);
  cJSON_Delete(projection);
  return err ? sf_cli_error(VERB, "%s", msg.text) : 0;
}

/* The other verbs have no short options; this one is as usual with things that run in parallel: -j N, -jN. */
static void widen(int argc, char **argv, char room[64]) {
  for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
    if (!strcmp(argv[i], "-j")) argv[i] = "--jobs";
    else if (!strncmp(argv[i], "-j", 2) && argv[i][2] >= '0' && argv[i][2] <= '9') {
      snprintf(room, 64, "--jobs=%.50s", argv[i] + 2);
      argv[i] = room;
    }
  }
}

int sf_verb_explore(int argc, char **argv) {
  explore_args a = {.point = UINT64_MAX, .permille = 20, .link_mbit = 1000, .dram_mbyte = 32, .dram_mbyte_s = 266};
  const sf_option option[] = {
      {"steps", SF_OPT_TEXT, &a.steps, "LIST", "of lint, model, lockstep, synth, route; default: as the sweep says"},
      {"jobs", SF_OPT_U32, &a.jobs, "N", "points at a time, also -j N; default: one a processor"},
      {"out", SF_OPT_TEXT, &a.out, "DIR", "folder for the results (default: build/explore/NAME)"},
      {"hosts", SF_OPT_TEXT, &a.hosts, "FILE",
       "compute with GNU parallel on these hosts: a file, or a list such as a,b,:"},
      {"slurm", SF_OPT_FLAG, &a.slurm, NULL, "compute as an array job of Slurm"},
      {"slurm-options", SF_OPT_TEXT, &a.slurm_options, "WORDS", "further options of sbatch"},
      {"collect", SF_OPT_FLAG, &a.collect, NULL, "compute nothing, write the results of what is there"},
      {"point", SF_OPT_U64, &a.point, "K", "compute point K alone, into the cache, and print its row"},
      {"list", SF_OPT_FLAG, &a.list, NULL, "list the points and what is there of them"},
      {"project", SF_OPT_FLAG, &a.project, NULL,
       "from the results of a sweep (results.json, or SWEEP) to large machines"},
      {"activity", SF_OPT_U32, &a.permille, "N", "of a projection: active axons and neurons in a tick, of 1000 (20)"},
      {"link", SF_OPT_U32, &a.link_mbit, "N", "of a projection: one of a chip's four links, Mbit/s (1000)"},
      {"memory", SF_OPT_U32, &a.dram_mbyte, "N", "of a projection: memory beside a chip, MB (32)"},
      {"bandwidth", SF_OPT_U32, &a.dram_mbyte_s, "N", "of a projection: of that memory, MB/s (266)"},
      {"no-logs", SF_OPT_FLAG, &a.no_logs, NULL, "results without links to logs"},
      {"json", SF_OPT_FLAG, &a.json, NULL, "print one JSON object"},
      {0}};
  const sf_cli cli = {
      VERB,
      "SWEEP.json [-j N] [options]  |  --project RESULTS.json",
      "Parameters, targets, networks and traffic of a sweep, combined: for each point lint, model, lockstep on\n"
      "the RTL, synthesis, place and route, as far as the cache does not have it. Results as CSV, JSON and a page\n"
      "with table, Pareto fronts and charts. A stopped sweep goes on where it was.\n"
      "Exit status 1: a point could not be computed, or RTL and model differ.",
      option,
      1,
      1};
  char moved[SF_PATH_MAX];
  const char *path;
  char room[64], rtl[SF_PATH_MAX];
  int n, status;
  sf_sweep *s;
  sf_msg msg = {""};
  widen(argc, argv, room);
  if (sf_cli_parse(&cli, argc, argv, &path, &n, &status)) return status;
  if (a.steps && sf_steps_parse(a.steps, "--steps", &a.mask, &msg)) return sf_cli_error(VERB, "%s", msg.text);
  if (a.permille < 1 || a.permille > 1000) return sf_cli_error(VERB, "--activity %u: must be 1 .. 1000", a.permille);
  if (!a.link_mbit || a.link_mbit > 1000000) return sf_cli_error(VERB, "--link %u: must be 1 .. 1000000", a.link_mbit);
  if (!a.dram_mbyte || a.dram_mbyte > 1000000)
    return sf_cli_error(VERB, "--memory %u: must be 1 .. 1000000", a.dram_mbyte);
  if (!a.dram_mbyte_s || a.dram_mbyte_s > 1000000)
    return sf_cli_error(VERB, "--bandwidth %u: must be 1 .. 1000000", a.dram_mbyte_s);
  if (a.slurm + (a.hosts != NULL) + a.collect + a.list + a.project + (a.point != UINT64_MAX) > 1)
    return sf_cli_error(VERB, "--slurm, --hosts, --collect, --list, --point, --project: only one of them");
  if (a.slurm_options && !a.slurm) return sf_cli_error(VERB, "--slurm-options goes with --slurm");
  if (a.project) return run_projection(path, &a);
  path = sf_sweep_path(path, moved);
  if (sf_rtl_folder(rtl, &msg) || sf_sweep_read(path, &s, &msg)) return sf_cli_error(VERB, "%s", msg.text);
  if (a.mask & 1u << SF_STEP_SYNTH)
    for (uint32_t i = 0; i < s->n_points; i++)
      if (!s->point[i].target) {
        sf_sweep_free(s);
        return sf_cli_error(VERB, "--steps %s: %s has points without targets", a.steps, path);
      }
  if (a.json || a.point != UINT64_MAX) sf_progress_silence(true);
  if (a.point != UINT64_MAX) status = run_point(s, &a);
  else if (a.list && a.json) list_json(s, &a), status = 0;
  else if (a.list) list_points(s, &a), status = 0;
  else status = run_sweep(s, &a);
  sf_sweep_free(s);
  return status;
}
