/* steps.c - what is computed for a point: lint, functional model, lockstep on the RTL, synthesis, place and
 * route. */
#define _GNU_SOURCE
#include "explore/steps.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "explore/cache.h"
#include "explore/network.h"
#include "files/file_util.h"
#include "run/evaluate.h"
#include "run/samples.h"
#include "synfire/batch.h"
#include "train/task.h"
#include "verilated/rtl_list.h"
#include "verilated/verilator.h"

static void put(cJSON *values, const char *key, double x) { cJSON_AddNumberToObject(values, key, x); }

/* ---- the steps: each fills values, and leaves its logs in folder ---- */

static sf_err run_lint(const sf_point *p, const char *folder, cJSON *values, sf_msg *msg) {
  char verilator[SF_PATH_MAX], log[SF_PATH_MAX + 16], line[300];
  char flag[SF_N_PARAMS][SF_RTL_FLAG];
  const char *argv[64 + SF_RTL_FILES];
  size_t n = 0;
  sf_rtl_list rtl;
  int status = 0;
  sf_err err = sf_verilator_find(verilator, msg);
  if (err) return err;
  const char *const fixed[] = {verilator,   "--lint-only", "-Wall",        "-Wno-fatal",  "--language",
                               "1364-2005", "-DSF_CHECK",  "--top-module", "synfire_core"};
  for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++) argv[n++] = fixed[i];
  sf_rtl_parameters(&p->params, flag);
  for (size_t i = 0; i < SF_N_PARAMS; i++) argv[n++] = flag[i];
  err = sf_rtl_list_read(&rtl, msg);
  n += sf_rtl_arguments(&rtl, argv + n);
  argv[n] = NULL;
  snprintf(log, sizeof log, "%s/lint.log", folder);
  if (!err) err = sf_tool_run(argv, folder, log, NULL, &status, msg);
  sf_rtl_list_free(&rtl);
  if (err) return err;
  if (status) {
    sf_log_error(log, line, sizeof line);
    return sf_fail(msg, SF_EFAIL, "lint: %s", line);
  }
  /* A newer Verilator finds more to say about the same RTL: counted and shown, but no reason to stop. */
  char said[40] = "clean";
  const size_t warnings = sf_log_warnings(log, NULL, line, sizeof line);
  if (warnings) snprintf(said, sizeof said, "%zu warning%s", warnings, warnings == 1 ? "" : "s");
  cJSON_AddStringToObject(values, "lint", said);
  if (warnings) cJSON_AddStringToObject(values, "lint_first", line);
  return SF_OK;
}

static sf_err run_model(const sf_point *p, cJSON *values, sf_msg *msg) {
  sf_job job = {0};
  sf_batch *b = NULL;
  sf_err err = sf_point_work(p, &job, msg);
  if (!err) sf_cli_warning(job.net->note.text);
  const size_t n = job.to;
  uint64_t *cycles = calloc(n + 1, sizeof *cycles);
  sf_counters *count = calloc(n + 1, sizeof *count), all = {0};
  if (!err && (!cycles || !count)) err = sf_fail(msg, SF_ENOMEM, "out of memory");
  if (!err) err = sf_batch_new(job.net, &b, msg);
  if (!err) {
    const sf_batch_job batch = {.samples = n,
                                .ticks = job.ticks,
                                .first = job.in.first,
                                .tick = job.in.tick,
                                .unit = job.in.unit,
                                .core = job.in.core,
                                .config = &p->params};
    const sf_batch_result want = {.cycles = cycles, .counters = count};
    err = sf_batch_run(b, &batch, &want, msg);
  }
  uint64_t total = 0;
  for (size_t s = 0; !err && s < n; s++) {
    total += cycles[s];
    all.spikes += count[s].spikes;
    all.events_out += count[s].events_out;
    all.events_in += count[s].events_in;
    all.dropped += count[s].dropped;
    all.active_axons += count[s].active_axons;
    all.synaptic_ops += count[s].synaptic_ops;
  }
  if (!err) {
    const double ticks = (double)n * job.ticks;
    put(values, "samples", (double)n);
    put(values, "model_ticks", ticks);
    put(values, "input_events", (double)all.events_in);
    if (all.events_in + all.dropped < job.in.first[n])
      put(values, "late_events", (double)(job.in.first[n] - all.events_in - all.dropped));
    put(values, "spikes", (double)all.spikes);
    put(values, "output_events", (double)all.events_out);
    put(values, "active_axons", (double)all.active_axons);
    put(values, "synaptic_ops", (double)all.synaptic_ops);
    put(values, "cycles", (double)total);
    put(values, "cycles_per_tick", (double)total / ticks);
    put(values, "ops_per_cycle", total ? (double)all.synaptic_ops / (double)total : 0);
  }
  if (!err && job.in.label && job.net->readout.n_classes) {
    sf_evaluation e;
    err = sf_evaluate(job.net, &job.in, n, NULL, &e, msg);
    if (!err) {
      put(values, "correct", (double)e.correct);
      put(values, "accuracy", n ? (double)e.correct / (double)n : 0);
      sf_evaluation_free(&e);
    }
  }
  sf_batch_free(b);
  free(cycles);
  free(count);
  sf_job_close(&job);
  return err;
}

static void write_mismatch(const sf_lockstep *l, const char *folder) {
  char path[SF_PATH_MAX + 32];
  snprintf(path, sizeof path, "%s/mismatch.txt", folder);
  FILE *f = fopen(path, "w");
  if (!f) return;
  sf_lockstep_report(l, NULL, "mismatch.fst", f);
  fclose(f);
  snprintf(path, sizeof path, "%s/mismatch.fst", folder);
  if (sf_lockstep_waveform(l, path, NULL)) unlink(path);
}

static sf_err run_lockstep(const sf_point *p, const char *folder, cJSON *values, sf_msg *msg) {
  sf_job job = {0};
  sf_backend *b = NULL, *model = NULL;
  const sf_backend_options o = {.seed = 1, .quick_build = true};
  sf_err err = sf_point_work(p, &job, msg);
  if (!err) err = sf_backend_open("lockstep", job.net, &job.config, &o, &b, msg);
  if (!err) err = sf_backend_open("model", job.net, &job.config, &o, &model, msg);
  if (!err && p->net->check_samples && p->net->check_samples < job.to) job.to = p->net->check_samples;
  for (size_t s = 0; !err && s < job.to; s++) {
    sf_sample_result core, plain;
    err = sf_sample_run(b, &job, s, NULL, 0, &core, msg);
    if (!err) err = sf_sample_run(model, &job, s, NULL, 0, &plain, msg);
    if (err) break;
    if (core.digest != plain.digest)
      err = sf_fail(msg, SF_EFAIL, "sample %zu: the functional model gives other spikes than the core", s);
  }
  sf_lockstep *l = b ? sf_backend_lockstep(b) : NULL;
  if (!err && l) err = sf_lockstep_drained(l, msg);
  if (l && l->mismatch.found) {
    char signal[SF_SIGNAL_TEXT];
    write_mismatch(l, folder);
    err = sf_fail(msg, SF_EFAIL, "mismatch in cycle %llu: %s: expected %lld, got %lld",
                  (unsigned long long)l->mismatch.cycle, sf_mismatch_signal(&l->mismatch, signal),
                  (long long)l->mismatch.expected, (long long)l->mismatch.got);
  }
  if (!err && l) {
    put(values, "lockstep_cycles", (double)l->compared);
    put(values, "lockstep_ticks", l->watch ? (double)l->watch->ticks : 0);
    put(values, "mismatches", 0);
    const sf_occupancy none = {0}, *busy = l->watch ? &l->watch->occupancy : &none;
    if (busy->ticks) {
      put(values, "occupancy", (double)busy->rows / (double)busy->cycles);
      put(values, "occupancy_least", busy->least);
    }
  }
  sf_backend_close(b);
  sf_backend_close(model);
  sf_job_close(&job);
  return err;
}

static sf_err run_synth(const sf_point *p, const char *folder, cJSON *values, sf_msg *msg) {
  sf_synth_result *r = calloc(1, sizeof *r);
  if (!r) return sf_fail(msg, SF_ENOMEM, "out of memory");
  sf_synth_job job = sf_point_synth_job(p, 1);
  snprintf(job.folder, sizeof job.folder, "%s", folder);
  const sf_err err = sf_synth_netlist(&job, r, msg);
  bool any = false;
  for (int i = 0; i < SF_RES_COUNT; i++) any |= r->used[i] != 0;
  for (int i = 0; any && i < SF_RES_COUNT; i++)
    if (i != SF_RES_LOGIC) put(values, sf_resource_key((sf_resource)i), r->used[i]);
  for (int i = 0; any && i < SF_SYNTH_PARTS - 1; i++) {
    char key[48];
    snprintf(key, sizeof key, "lut4_%s", r->part[i].name);
    put(values, key, r->part[i].lut4);
    snprintf(key, sizeof key, "ff_%s", r->part[i].name);
    put(values, key, r->part[i].ff);
  }
  if (r->yosys[0]) cJSON_AddStringToObject(values, "yosys", r->yosys);
  if (r->warnings) {
    put(values, "yosys_warnings", (double)r->warnings);
    cJSON_AddStringToObject(values, "yosys_first", r->warned);
  }
  free(r);
  return err;
}

static sf_err run_route(const sf_point *p, uint32_t seed, const char *folder, cJSON *values, sf_msg *msg) {
  sf_hash h;
  char synth[SF_PATH_MAX], from[SF_PATH_MAX + 32], to[SF_PATH_MAX + 32];
  sf_err err = sf_step_key(p, SF_STEP_SYNTH, 1, &h, msg);
  if (err) return err;
  if (!sf_entry_path("synth", &h, synth)) return sf_fail(msg, SF_EIO, "%s: no netlist", synth);
  snprintf(from, sizeof from, "%s/netlist.json", synth);
  snprintf(to, sizeof to, "%s/netlist.json", folder);
  if (link(from, to)) return sf_fail(msg, SF_EIO, "%s: %s", to, strerror(errno));
  sf_synth_result *r = calloc(1, sizeof *r);
  if (!r) return sf_fail(msg, SF_ENOMEM, "out of memory");
  sf_synth_job job = sf_point_synth_job(p, seed);
  snprintf(job.folder, sizeof job.folder, "%s", folder);
  err = sf_synth_place(&job, r, NULL, msg);
  unlink(to); /* the synthesis has it */
  static const char *const large[] = {"routed.asc", "routed.config"};
  for (size_t i = 0; i < 2; i++) {
    snprintf(to, sizeof to, "%s/%s", folder, large[i]);
    unlink(to);
  }
  if (r->nextpnr[0]) cJSON_AddStringToObject(values, "nextpnr", r->nextpnr);
  if (!err) {
    put(values, "seed", seed);
    put(values, "fmax_mhz", round(r->timing.fmax_mhz * 100) / 100);
    if (r->icetime_mhz > 0) put(values, "fmax_icetime_mhz", round(r->icetime_mhz * 100) / 100);
    put(values, "logic_cells", r->used[SF_RES_LOGIC]);
    put(values, "critical_ns", round(r->timing.path_ns * 100) / 100);
    if (r->timing.n_step) {
      cJSON_AddStringToObject(values, "critical_from", r->timing.step[0].name);
      cJSON_AddStringToObject(values, "critical_to", r->timing.step[r->timing.n_step - 1].name);
    }
  }
  free(r);
  return err;
}

sf_err sf_step_run(const sf_point *p, sf_step step, uint32_t seed, const char *folder, cJSON *values, sf_msg *msg) {
  switch (step) {
    case SF_STEP_LINT:
      return run_lint(p, folder, values, msg);
    case SF_STEP_MODEL:
      return run_model(p, values, msg);
    case SF_STEP_LOCKSTEP:
      return run_lockstep(p, folder, values, msg);
    case SF_STEP_SYNTH:
      return run_synth(p, folder, values, msg);
    default:
      return run_route(p, seed, folder, values, msg);
  }
}
