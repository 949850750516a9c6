/* explore.c - synfire explore: a sweep over the design space, in parallel, resumable, with a report. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explore/rows.h"
#include "util/cli.h"
#include "util/progress.h"
#include "verbs/explore_print.h"
#include "verbs/verbs.h"
#include "verilated/rtl_list.h"

#define VERB "explore"

typedef struct explore_args {
  sf_explore_task task;
  uint64_t point;
  uint32_t permille, link_mbit, dram_mbyte, dram_mbyte_s; /* of a projection */
  bool list, json, project;
} explore_args;

static int run_point(const sf_sweep *s, const explore_args *a) {
  sf_msg msg = {""};
  if (a->point >= s->n_points)
    return sf_cli_error(VERB, "--point %llu: must be 0 .. %u", (unsigned long long)a->point, s->n_points - 1);
  const sf_point *p = &s->point[a->point];
  const sf_err err = sf_point_run(s, p, sf_explore_steps(&a->task, p), &msg);
  cJSON *row = sf_point_row(s, p, sf_explore_steps(&a->task, p));
  if (row) {
    sf_rows_derive(row);
    sf_cli_json(row);
  }
  if (err) sf_cli_error(VERB, "point %u: %s", p->number, msg.text);
  return err == SF_EFAIL ? 1 : err ? 2 : 0;
}

static int run_sweep(const sf_sweep *s, const explore_args *a) {
  sf_explore_outcome o;
  sf_msg msg = {""};
  if (sf_explore_sweep(s, &a->task, &o, &msg)) return sf_cli_error(VERB, "%s", msg.text);
  sf_print_outcome(s, &o, a->json);
  cJSON_Delete(o.results);
  if (o.stopped) sf_cli_error(VERB, "%s", o.why.text);
  return o.stopped || o.faults ? 1 : 0;
}

static int run_projection(const char *path, const explore_args *a) {
  sf_explore_projection o;
  sf_msg msg = {""};
  const sf_assumed assumed = {.activity = a->permille / 1000.0,
                              .link_mbit = a->link_mbit,
                              .dram_mbyte = a->dram_mbyte,
                              .dram_mbyte_s = a->dram_mbyte_s};
  const sf_err err = sf_explore_project(path, &a->task, &assumed, &o, &msg);
  if (!err && a->json) puts(o.json);
  else if (!err) printf("%s\npage %s, projection.json and projection.md beside it\n", o.markdown, o.page);
  free(o.json);
  free(o.markdown);
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
      {"steps", SF_OPT_TEXT, &a.task.steps, "LIST",
       "of lint, model, lockstep, synth, route; default: as the sweep says"},
      {"jobs", SF_OPT_U32, &a.task.jobs, "N", "points at a time, also -j N; default: one a processor"},
      {"out", SF_OPT_TEXT, &a.task.out, "DIR", "folder for the results (default: build/explore/NAME)"},
      {"hosts", SF_OPT_TEXT, &a.task.hosts, "FILE",
       "compute with GNU parallel on these hosts: a file, or a list such as a,b,:"},
      {"slurm", SF_OPT_FLAG, &a.task.slurm, NULL, "compute as an array job of Slurm"},
      {"slurm-options", SF_OPT_TEXT, &a.task.slurm_options, "WORDS", "further options of sbatch"},
      {"collect", SF_OPT_FLAG, &a.task.collect, NULL, "compute nothing, write the results of what is there"},
      {"point", SF_OPT_U64, &a.point, "K", "compute point K alone, into the cache, and print its row"},
      {"list", SF_OPT_FLAG, &a.list, NULL, "list the points and what is there of them"},
      {"project", SF_OPT_FLAG, &a.project, NULL,
       "from the results of a sweep (results.json, or SWEEP) to large machines"},
      {"activity", SF_OPT_U32, &a.permille, "N", "of a projection: active axons and neurons in a tick, of 1000 (20)"},
      {"link", SF_OPT_U32, &a.link_mbit, "N", "of a projection: one of a chip's four links, Mbit/s (1000)"},
      {"memory", SF_OPT_U32, &a.dram_mbyte, "N", "of a projection: memory beside a chip, MB (32)"},
      {"bandwidth", SF_OPT_U32, &a.dram_mbyte_s, "N", "of a projection: of that memory, MB/s (266)"},
      {"no-logs", SF_OPT_FLAG, &a.task.no_logs, NULL, "results without links to logs"},
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
  if (a.task.steps && sf_steps_parse(a.task.steps, "--steps", &a.task.mask, &msg))
    return sf_cli_error(VERB, "%s", msg.text);
  if (a.permille < 1 || a.permille > 1000) return sf_cli_error(VERB, "--activity %u: must be 1 .. 1000", a.permille);
  if (!a.link_mbit || a.link_mbit > 1000000) return sf_cli_error(VERB, "--link %u: must be 1 .. 1000000", a.link_mbit);
  if (!a.dram_mbyte || a.dram_mbyte > 1000000)
    return sf_cli_error(VERB, "--memory %u: must be 1 .. 1000000", a.dram_mbyte);
  if (!a.dram_mbyte_s || a.dram_mbyte_s > 1000000)
    return sf_cli_error(VERB, "--bandwidth %u: must be 1 .. 1000000", a.dram_mbyte_s);
  if (a.task.slurm + (a.task.hosts != NULL) + a.task.collect + a.list + a.project + (a.point != UINT64_MAX) > 1)
    return sf_cli_error(VERB, "--slurm, --hosts, --collect, --list, --point, --project: only one of them");
  if (a.task.slurm_options && !a.task.slurm) return sf_cli_error(VERB, "--slurm-options goes with --slurm");
  if (a.project) return run_projection(path, &a);
  path = sf_sweep_path(path, moved);
  if (sf_rtl_folder(rtl, &msg) || sf_sweep_read(path, &s, &msg)) return sf_cli_error(VERB, "%s", msg.text);
  if (a.task.mask & 1u << SF_STEP_SYNTH)
    for (uint32_t i = 0; i < s->n_points; i++)
      if (!s->point[i].target) {
        sf_sweep_free(s);
        return sf_cli_error(VERB, "--steps %s: %s has points without targets", a.task.steps, path);
      }
  if (a.json || a.point != UINT64_MAX) sf_progress_silence(true);
  if (a.point != UINT64_MAX) status = run_point(s, &a);
  else if (a.list) {
    sf_print_points(s, &a.task, a.json);
    status = 0;
  } else status = run_sweep(s, &a);
  sf_sweep_free(s);
  return status;
}
