/* explore_steps.c - what is computed for a point: lint, functional model, lockstep on the RTL, synthesis, place and
 * route. Each step has a key, the hash of everything its result follows from, and is looked up in the cache first. */
#define _GNU_SOURCE
#include <errno.h>
#include <glob.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "evaluate.h"
#include "explore.h"
#include "explore_cache.h"
#include "explore_network.h"
#include "file_util.h"
#include "json_util.h"
#include "rtl_build.h"
#include "samples.h"
#include "synfire/batch.h"
#include "synth_report.h"
#include "synth_tool.h"
#include "train/task.h"

/* ---- what keys are made of ---- */

/* Hashes of files and answers of tools do not change while the program runs: asked for once. */
typedef struct memo { char *name; sf_hash hash; } memo;
static memo memos[512];
static size_t n_memos;

static const sf_hash *recall(const char *name) {
  for (size_t i = 0; i < n_memos; i++)
    if (!strcmp(memos[i].name, name)) return &memos[i].hash;
  return NULL;
}

static void remember(const char *name, const sf_hash *hash) {
  if (n_memos == sizeof memos / sizeof *memos) return;
  memos[n_memos] = (memo){strdup(name), *hash};
  if (memos[n_memos].name) n_memos++;
}

static void add_hash(sf_hash *to, const sf_hash *from) { sf_hash_bytes(to, &from->h, sizeof from->h); }

static sf_err add_file(sf_hash *h, const char *path, sf_msg *msg) {
  const sf_hash *known = recall(path);
  sf_hash own = sf_hash_new();
  sf_err err = SF_OK;
  if (!known && !(err = sf_hash_file(&own, path, msg))) remember(path, &own);
  if (!err) add_hash(h, known ? known : &own);
  return err;
}

/* Every file that matches: name and content. */
static sf_err add_files(sf_hash *h, const char *folder, const char *pattern, sf_msg *msg) {
  char all[SF_PATH_MAX];
  glob_t found;
  sf_err err = SF_OK;
  if (snprintf(all, sizeof all, "%s/%s", folder, pattern) >= (int)sizeof all)
    return sf_fail(msg, SF_EIO, "%.80s...: path too long", folder);
  if (glob(all, 0, NULL, &found)) return sf_fail(msg, SF_EIO, "%s: no such files", all);
  for (size_t i = 0; !err && i < found.gl_pathc; i++) {
    sf_hash_text(h, strrchr(found.gl_pathv[i], '/'));
    err = add_file(h, found.gl_pathv[i], msg);
  }
  globfree(&found);
  return err;
}

/* The first line that a tool prints about itself. Some tools take seconds to say it (the WebAssembly builds), so it is
 * also kept in a file, by the tool's path, size and time. */
static sf_err add_version(sf_hash *h, const char *path, const char *flag, sf_msg *msg) {
  const sf_hash *known = recall(path);
  (void)msg;
  if (known) {
    add_hash(h, known);
    return SF_OK;
  }
  sf_hash version = sf_hash_new();
  if (flag) {
    char line[512];
    sf_tool_line((const char *[]){path, flag, NULL}, line, sizeof line);
    if (strstr(line, "Preparing to run")) sf_tool_line((const char *[]){path, flag, NULL}, line, sizeof line);
    const char *slash = strrchr(line, '/'); /* nextpnr says where it lies */
    sf_hash_text(&version, slash ? slash : line);
  } else {
    const sf_err err = sf_hash_file(&version, path, msg);
    if (err) return err;
  }
  remember(path, &version);
  add_hash(h, &version);
  return SF_OK;
}

static sf_err add_tool(sf_hash *h, const char *name, const char *package, const char *flag, sf_msg *msg) {
  char path[SF_PATH_MAX];
  const sf_err err = sf_synth_find(name, package, path, msg);
  return err ? err : add_version(h, path, flag, msg);
}

static void add_params(sf_hash *h, const sf_params *p) {
  cJSON *o = cJSON_CreateObject();
  if (o) sf_params_json(p, o);
  char *text = cJSON_PrintUnformatted(o);
  sf_hash_text(h, text ? text : "");
  cJSON_free(text);
  cJSON_Delete(o);
}

static sf_err add_rtl(sf_hash *h, sf_msg *msg) {
  char folder[SF_PATH_MAX];
  const sf_err err = sf_rtl_folder(folder, msg);
  return err ? err : add_files(h, folder, "*.v", msg);
}

/* The models are this program. */
static sf_err add_program(sf_hash *h, sf_msg *msg) { return add_file(h, "/proc/self/exe", msg); }

/* ---- keys ---- */

static sf_err train_key(const sf_point *p, sf_hash *h, sf_msg *msg) {
  char folder[SF_PATH_MAX];
  const struct sf_task_recipe r = {p->params.weight_bits, p->net->epochs, p->net->threads, p->net->seed};
  *h = sf_hash_new();
  sf_hash_text(h, sf_task_version());
  sf_hash_bytes(h, &r.weight_bits, sizeof r.weight_bits);
  sf_hash_bytes(h, &r.epochs, sizeof r.epochs); /* threads do not change the network */
  sf_hash_bytes(h, &r.seed, sizeof r.seed);
  const sf_err err = sf_data_path("data/mnist", folder, msg);
  return err ? err : add_files(h, folder, "train-*", NULL) ? sf_fail(msg, SF_ETOOL, "%s: no training digits (run: make mnist)", folder)
                                                           : SF_OK;
}

/* The network and what it is fed. */
static sf_err add_work(sf_hash *h, const sf_point *p, sf_msg *msg) {
  const sf_sweep_net *n = p->net;
  sf_hash own;
  sf_err err = SF_OK;
  char text[200];
  if (n->kind == SF_NET_FILE) err = add_file(h, n->file, msg);
  if (n->kind == SF_NET_TRAIN && !(err = train_key(p, &own, msg))) add_hash(h, &own);
  if (!err && n->spikes) err = add_file(h, n->spikes, msg);
  snprintf(text, sizeof text, "%d %.17g %llu events %u ticks %u seed %llu samples %u", (int)n->kind, n->density,
           (unsigned long long)n->seed, p->events, p->ticks, (unsigned long long)p->traffic_seed, n->samples);
  sf_hash_text(h, text);
  return err;
}

static sf_synth_job synth_job(const sf_point *p, uint32_t seed) {
  sf_synth_job job = {.target = p->target, .board = p->grid->board, .seed = seed};
  job.config.params = p->params;
  job.freq_mhz = p->grid->freq_mhz ? p->grid->freq_mhz : p->target->clock_mhz;
  snprintf(job.config_name, sizeof job.config_name, "the design"); /* points that share it have other numbers */
  return job;
}

static sf_err synth_key(const sf_point *p, sf_hash *h, sf_msg *msg) {
  static char script[8192];
  char folder[SF_PATH_MAX], yosys[SF_PATH_MAX], nextpnr[SF_PATH_MAX];
  static const char *const sources[] = {"sources", NULL};
  const sf_synth_job job = synth_job(p, 1);
  *h = sf_hash_new();
  sf_hash_text(h, p->target->name);
  sf_err err = sf_synth_script(&job, sources, script, sizeof script, msg);
  if (!err) err = sf_data_path("rtl", folder, msg);
  if (!err) err = add_files(h, folder, "*.v", msg);
  if (!err) err = sf_data_path("synth/boards", folder, msg);
  if (!err) err = add_files(h, folder, "*.v", msg);
  if (!err) err = sf_synth_tools(p->target, yosys, nextpnr, msg);
  if (!err) err = add_version(h, yosys, "-V", msg);
  sf_hash_text(h, script);
  return err;
}

static sf_err route_key(const sf_point *p, uint32_t seed, sf_hash *h, sf_msg *msg) {
  char folder[SF_PATH_MAX], yosys[SF_PATH_MAX], nextpnr[SF_PATH_MAX];
  sf_err err = synth_key(p, h, msg);
  const sf_synth_job job = synth_job(p, seed);
  if (!err) err = sf_synth_tools(p->target, yosys, nextpnr, msg);
  if (!err) err = add_version(h, nextpnr, "--version", msg);
  if (!err && p->grid->board) {
    err = sf_data_path("synth/boards", folder, msg);
    sf_hash_text(h, p->target->constraints);
    if (!err) err = add_files(h, folder, p->target->constraints, msg);
  }
  if (!err && !p->target->ecp5) err = add_tool(h, "icetime", "Debian package fpga-icestorm", NULL, msg);
  sf_hash_bytes(h, &seed, sizeof seed);
  sf_hash_bytes(h, &job.freq_mhz, sizeof job.freq_mhz);
  return err;
}

static sf_err lint_key(const sf_point *p, sf_hash *h, sf_msg *msg) {
  *h = sf_hash_new();
  add_params(h, &p->params);
  const sf_err err = add_rtl(h, msg);
  return err ? err : add_tool(h, "verilator", "Debian package verilator", "--version", msg);
}

static sf_err model_key(const sf_point *p, sf_hash *h, sf_msg *msg) {
  *h = sf_hash_new();
  add_params(h, &p->params);
  const sf_err err = add_program(h, msg);
  return err ? err : add_work(h, p, msg);
}

static sf_err lockstep_key(const sf_point *p, sf_hash *h, sf_msg *msg) {
  sf_err err = model_key(p, h, msg);
  if (!err) err = add_rtl(h, msg);
  if (!err) err = add_tool(h, "verilator", "Debian package verilator", "--version", msg);
  sf_hash_bytes(h, &p->net->check_samples, sizeof p->net->check_samples);
  return err;
}

static sf_err step_key(const sf_point *p, sf_step step, uint32_t seed, sf_hash *h, sf_msg *msg) {
  switch (step) {
    case SF_STEP_LINT: return lint_key(p, h, msg);
    case SF_STEP_MODEL: return model_key(p, h, msg);
    case SF_STEP_LOCKSTEP: return lockstep_key(p, h, msg);
    case SF_STEP_SYNTH: return synth_key(p, h, msg);
    default: return route_key(p, seed, h, msg);
  }
}

/* ---- the work: network and traffic ---- */

/* The trained network's file, trained first if nobody has. */
static sf_err trained(const sf_point *p, char file[SF_PATH_MAX + 16], sf_msg *msg) {
  sf_hash h;
  sf_entry e;
  sf_err err = train_key(p, &h, msg);
  if (err || (err = sf_entry_open("train", &h, &e, msg))) return err;
  if (!e.ready) {
    char net[SF_PATH_MAX + 16], result[SF_PATH_MAX + 16], text[200];
    const struct sf_task_recipe r = {p->params.weight_bits, p->net->epochs, p->net->threads, p->net->seed};
    double seconds = 0;
    snprintf(net, sizeof net, "%s/net.h5", e.work);
    snprintf(result, sizeof result, "%s/result.json", e.work);
    err = sf_task_train_mnist(&r, net, &seconds, msg);
    snprintf(text, sizeof text, "{\"weight_bits\": %u, \"epochs\": %u, \"seed\": %llu, \"seconds\": %.1f}\n", r.weight_bits,
             r.epochs, (unsigned long long)r.seed, seconds);
    if (!err) err = sf_write_text(result, text, msg);
    const sf_err close_err = sf_entry_close(&e, !err, msg);
    if (!err) err = close_err;
  }
  snprintf(file, SF_PATH_MAX + 16, "%s/net.h5", e.path);
  return err;
}

static sf_err open_work(const sf_point *p, sf_job *job, sf_msg *msg) {
  const sf_sweep_net *n = p->net;
  char file[SF_PATH_MAX + 16];
  sf_err err;
  job->config = p->params;
  if (n->kind == SF_NET_RANDOM) {
    err = sf_explore_network(&p->params, n->density, n->seed, p->events, &job->net, msg);
  } else {
    err = n->kind == SF_NET_TRAIN ? trained(p, file, msg) : SF_OK;
    if (!err) err = sf_network_read(n->kind == SF_NET_TRAIN ? file : n->file, &job->net, msg);
    if (!err && job->net->n_cores != 1)
      err = sf_fail(msg, SF_EINVAL, "%s: %u cores, the hardware is one", n->name, job->net->n_cores);
    if (!err && (err = sf_network_fit(job->net, 0, &p->params, msg))) {
      const sf_msg inner = *msg;
      return sf_fail(msg, err, "%.90s does not fit: %.300s", n->name, inner.text);
    }
  }
  if (!err && n->spikes) {
    if (!(err = sf_spikes_read(n->spikes, &job->in, msg))) err = sf_spikes_check(&job->in, job->net, true, n->spikes, msg);
  } else if (!err) {
    err = sf_explore_traffic(job->net->core[0].axons, p->events, p->ticks, p->traffic_seed, &job->in, msg);
  }
  if (err) return err;
  job->to = n->samples && n->samples < job->in.n_samples ? n->samples : job->in.n_samples;
  job->ticks = job->net->readout.n_classes ? job->net->readout.ticks : job->in.ticks;
  for (size_t i = 0; !job->ticks && i < job->in.n; i++)
    if (job->in.tick[i] >= job->ticks) job->ticks = job->in.tick[i] + 1;
  if (!job->ticks) job->ticks = 1;
  return SF_OK;
}

static void put(cJSON *values, const char *key, double x) { cJSON_AddNumberToObject(values, key, x); }

/* ---- the steps: each fills values, and leaves its logs in folder ---- */

static sf_err run_lint(const sf_point *p, const char *folder, cJSON *values, sf_msg *msg) {
  char verilator[SF_PATH_MAX], rtl[SF_PATH_MAX], pattern[SF_PATH_MAX + 16], log[SF_PATH_MAX + 16], line[300];
  char flag[16][48];
  const char *argv[128];
  size_t n = 0;
  glob_t found;
  int status = 0;
  sf_err err = sf_tool_find("verilator", NULL, verilator, msg);
  if (!err) err = sf_rtl_folder(rtl, msg);
  if (err) return err;
  const sf_params *q = &p->params;
  const struct { const char *name; uint32_t value; } row[] = {
      {"AXONS", q->axons}, {"NEURONS", q->neurons}, {"LANES", q->lanes}, {"NEURON_LANES", q->neuron_lanes},
      {"LEARNING_LANES", q->learning_lanes}, {"WEIGHT_BITS", q->weight_bits}, {"POTENTIAL_BITS", q->potential_bits},
      {"DELAY_SLOTS", q->delay_slots}, {"PROFILES", q->profiles}, {"ROUTES", q->routes}, {"HAS_CURRENT", q->has_current},
      {"HAS_REFRACTORY", q->has_refractory}, {"HAS_ADAPTATION", q->has_adaptation}, {"HAS_NOISE", q->has_noise},
      {"LEAK_SHIFT", q->leak_shift}, {"WEIGHT_MEMORY", q->spram}};
  const char *const fixed[] = {verilator, "--lint-only", "-Wall", "--language", "1364-2005", "-DSF_CHECK", "--top-module",
                               "synfire_core"};
  for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++) argv[n++] = fixed[i];
  for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
    snprintf(flag[i], sizeof flag[i], "-G%s=%u", row[i].name, row[i].value);
    argv[n++] = flag[i];
  }
  snprintf(pattern, sizeof pattern, "%s/lint.vlt", rtl);
  char waivers[SF_PATH_MAX + 16];
  snprintf(waivers, sizeof waivers, "%s", pattern);
  if (access(waivers, R_OK) == 0) argv[n++] = waivers;
  snprintf(pattern, sizeof pattern, "%s/*.v", rtl);
  if (glob(pattern, 0, NULL, &found)) return sf_fail(msg, SF_EIO, "%s: no such files", pattern);
  for (size_t i = 0; i < found.gl_pathc && n < sizeof argv / sizeof *argv - 1; i++) argv[n++] = found.gl_pathv[i];
  argv[n] = NULL;
  snprintf(log, sizeof log, "%s/lint.log", folder);
  err = sf_tool_run(argv, folder, log, NULL, &status, msg);
  globfree(&found);
  if (err) return err;
  char *text = NULL;
  size_t length = 0;
  if ((err = sf_file_read(log, (size_t)1 << 26, &text, &length, msg))) return err;
  const bool clean = status == 0 && !strstr(text, "%Warning") && !strstr(text, "%Error");
  free(text);
  if (!clean) {
    sf_log_error(log, line, sizeof line);
    return sf_fail(msg, SF_EFAIL, "lint: %s", line);
  }
  cJSON_AddStringToObject(values, "lint", "clean");
  return SF_OK;
}

static sf_err run_model(const sf_point *p, cJSON *values, sf_msg *msg) {
  sf_job job = {0};
  sf_batch *b = NULL;
  sf_err err = open_work(p, &job, msg);
  const size_t n = job.to;
  uint64_t *cycles = calloc(n + 1, sizeof *cycles);
  sf_counters *count = calloc(n + 1, sizeof *count), all = {0};
  if (!err && (!cycles || !count)) err = sf_fail(msg, SF_ENOMEM, "out of memory");
  if (!err) err = sf_batch_new(job.net, &b, msg);
  if (!err) {
    const sf_batch_job batch = {.samples = n, .ticks = job.ticks, .first = job.in.first, .tick = job.in.tick,
                                .unit = job.in.unit, .core = job.in.core, .config = &p->params};
    const sf_batch_result want = {.cycles = cycles, .counters = count};
    err = sf_batch_run(b, &batch, &want, msg);
  }
  uint64_t total = 0;
  for (size_t s = 0; !err && s < n; s++) {
    total += cycles[s];
    all.spikes += count[s].spikes, all.events_in += count[s].events_in, all.events_out += count[s].events_out;
    all.active_axons += count[s].active_axons, all.synaptic_ops += count[s].synaptic_ops;
  }
  if (!err) {
    const double ticks = (double)n * job.ticks;
    put(values, "samples", (double)n);
    put(values, "model_ticks", ticks);
    put(values, "input_events", (double)all.events_in);
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
    if (!(err = sf_evaluate(job.net, &job.in, n, NULL, &e, msg))) {
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
  sf_err err = open_work(p, &job, msg);
  if (!err) err = sf_backend_open("lockstep", job.net, &job.config, &o, &b, msg);
  if (!err) err = sf_backend_open("model", job.net, &job.config, &o, &model, msg);
  if (!err && p->net->check_samples && p->net->check_samples < job.to) job.to = p->net->check_samples;
  for (size_t s = 0; !err && s < job.to; s++) {
    sf_sample_result core, plain;
    if ((err = sf_sample_run(b, &job, s, NULL, 0, &core, msg)) || (err = sf_sample_run(model, &job, s, NULL, 0, &plain, msg)))
      break;
    if (core.digest != plain.digest)
      err = sf_fail(msg, SF_EFAIL, "sample %zu: the functional model gives other spikes than the core", s);
  }
  sf_lockstep *l = b ? sf_backend_lockstep(b) : NULL;
  if (!err && l) err = sf_lockstep_drained(l, msg);
  if (l && l->mismatch.found) {
    write_mismatch(l, folder);
    err = sf_fail(msg, SF_EFAIL, "mismatch in cycle %llu: %s: expected %lld, got %lld", (unsigned long long)l->mismatch.cycle,
                  l->mismatch.signal, (long long)l->mismatch.expected, (long long)l->mismatch.got);
  }
  if (!err && l) {
    put(values, "lockstep_cycles", (double)l->compared);
    put(values, "lockstep_ticks", l->watch ? (double)l->watch->ticks : 0);
    put(values, "mismatches", 0);
  }
  sf_backend_close(b);
  sf_backend_close(model);
  sf_job_close(&job);
  return err;
}

static sf_err run_synth(const sf_point *p, const char *folder, cJSON *values, sf_msg *msg) {
  sf_synth_result *r = calloc(1, sizeof *r);
  if (!r) return sf_fail(msg, SF_ENOMEM, "out of memory");
  sf_synth_job job = synth_job(p, 1);
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
  free(r);
  return err;
}

static sf_err run_route(const sf_point *p, uint32_t seed, const char *folder, cJSON *values, sf_msg *msg) {
  sf_hash h;
  char synth[SF_PATH_MAX], from[SF_PATH_MAX + 32], to[SF_PATH_MAX + 32];
  sf_err err = synth_key(p, &h, msg);
  if (err) return err;
  if (!sf_entry_path("synth", &h, synth)) return sf_fail(msg, SF_EIO, "%s: no netlist", synth);
  snprintf(from, sizeof from, "%s/netlist.json", synth);
  snprintf(to, sizeof to, "%s/netlist.json", folder);
  if (link(from, to)) return sf_fail(msg, SF_EIO, "%s: %s", to, strerror(errno));
  sf_synth_result *r = calloc(1, sizeof *r);
  if (!r) return sf_fail(msg, SF_ENOMEM, "out of memory");
  sf_synth_job job = synth_job(p, seed);
  snprintf(job.folder, sizeof job.folder, "%s", folder);
  err = sf_synth_place(&job, r, msg);
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

static sf_err run_step(const sf_point *p, sf_step step, uint32_t seed, const char *folder, cJSON *values, sf_msg *msg) {
  switch (step) {
    case SF_STEP_LINT: return run_lint(p, folder, values, msg);
    case SF_STEP_MODEL: return run_model(p, values, msg);
    case SF_STEP_LOCKSTEP: return run_lockstep(p, folder, values, msg);
    case SF_STEP_SYNTH: return run_synth(p, folder, values, msg);
    default: return run_route(p, seed, folder, values, msg);
  }
}

/* ---- a point ---- */

/* A finding follows from the inputs and would be found again; anything else may go better next time. */
static bool is_finding(sf_err err) { return err == SF_EFAIL || err == SF_EINVAL || err == SF_EFORMAT; }

static sf_err write_step(const char *folder, const sf_err err, const char *reason, cJSON *values, double seconds,
                         sf_msg *msg) {
  char path[SF_PATH_MAX + 16];
  cJSON *o = cJSON_CreateObject();
  cJSON_AddStringToObject(o, "status", err ? "failed" : "ok");
  if (err) cJSON_AddStringToObject(o, "reason", reason);
  cJSON_AddNumberToObject(o, "seconds", round(seconds * 10) / 10);
  cJSON_AddItemToObject(o, "values", cJSON_Duplicate(values, 1));
  char *text = cJSON_Print(o);
  cJSON_Delete(o);
  snprintf(path, sizeof path, "%s/result.json", folder);
  const sf_err wrote = sf_write_text(path, text, msg);
  cJSON_free(text);
  return wrote;
}

/* What an entry says: SF_OK, or SF_EFAIL with its reason. *values (NULL allowed) is the caller's. */
static sf_err read_step(const char *folder, cJSON **values, double *seconds, sf_msg *msg) {
  char path[SF_PATH_MAX + 16], *text, reason[400] = "";
  size_t length;
  cJSON *o;
  snprintf(path, sizeof path, "%s/result.json", folder);
  sf_err err = sf_file_read(path, (size_t)1 << 24, &text, &length, msg);
  if (err) return err;
  err = sf_json_parse(text, length, &o, msg);
  free(text);
  if (err) return sf_prefix(msg, SF_EIO, path);
  const cJSON *status = cJSON_GetObjectItemCaseSensitive(o, "status");
  const cJSON *why = cJSON_GetObjectItemCaseSensitive(o, "reason");
  const cJSON *time = cJSON_GetObjectItemCaseSensitive(o, "seconds");
  if (cJSON_IsString(why)) snprintf(reason, sizeof reason, "%s", why->valuestring);
  if (seconds && cJSON_IsNumber(time)) *seconds += time->valuedouble;
  if (values) *values = cJSON_DetachItemFromObjectCaseSensitive(o, "values");
  err = cJSON_IsString(status) && !strcmp(status->valuestring, "ok") ? SF_OK : sf_fail(msg, SF_EFAIL, "%s", reason);
  cJSON_Delete(o);
  return err;
}

static sf_err one_step(const sf_point *p, sf_step step, uint32_t seed, sf_msg *msg) {
  sf_hash h;
  sf_entry e;
  sf_err err = step_key(p, step, seed, &h, msg);
  if (err || (err = sf_entry_open(sf_step_name(step), &h, &e, msg))) return err;
  if (e.ready) return read_step(e.path, NULL, NULL, msg);
  cJSON *values = cJSON_CreateObject();
  const double start = sf_seconds_now();
  err = values ? run_step(p, step, seed, e.work, values, msg) : sf_fail(msg, SF_ENOMEM, "out of memory");
  const bool keep = !err || is_finding(err);
  sf_msg wrote = {""};
  sf_err end = keep ? write_step(e.work, err, msg->text, values, sf_seconds_now() - start, &wrote) : SF_OK;
  cJSON_Delete(values);
  const sf_err closed = sf_entry_close(&e, keep && !end, &wrote);
  if (!end) end = closed;
  if (end) return sf_fail(msg, end, "%s", wrote.text);
  return !err ? SF_OK : keep ? SF_EFAIL : err;
}

/* Where a point's last error is kept: by what the point is, not by its number. */
static bool error_path(const sf_sweep *s, const sf_point *p, unsigned steps, char path[SF_PATH_MAX]) {
  char folder[SF_PATH_MAX], hex[33];
  sf_hash h = sf_hash_new();
  sf_hash_text(&h, s->path);
  add_params(&h, &p->params);
  sf_hash_text(&h, p->target ? p->target->name : "");
  sf_hash_text(&h, p->net->name);
  const uint64_t more[] = {p->net->seed, p->events, p->ticks, p->traffic_seed, steps, p->grid->board, p->grid->freq_mhz};
  sf_hash_bytes(&h, more, sizeof more);
  sf_hash_hex(&h, hex);
  return sf_cache_path("explore", folder, NULL) == SF_OK &&
         snprintf(path, SF_PATH_MAX, "%s/point-%s.error", folder, hex) < SF_PATH_MAX;
}

void sf_point_error(const sf_sweep *s, const sf_point *p, unsigned steps, const char *text) {
  char path[SF_PATH_MAX];
  if (!error_path(s, p, steps, path)) return;
  if (!text) unlink(path);
  else if (sf_write_text(path, text, NULL)) unlink(path);
}

static sf_err run_all(const sf_point *p, unsigned steps, sf_msg *msg) {
  if (p->invalid) return sf_fail(msg, SF_EFAIL, "%s", p->invalid);
  for (int step = 0; step < SF_STEPS; step++) {
    if (!(steps & 1u << step)) continue;
    const uint32_t n = step == SF_STEP_ROUTE ? p->grid->n_seeds : 1;
    for (uint32_t i = 0; i < n; i++) {
      const sf_err err = one_step(p, (sf_step)step, p->grid->route_seed[i], msg);
      if (!err) continue;
      const sf_msg inner = *msg;
      return sf_fail(msg, err, "%s: %.490s", sf_step_name((sf_step)step), inner.text);
    }
  }
  return SF_OK;
}

sf_err sf_point_run(const sf_sweep *s, const sf_point *p, unsigned steps, sf_msg *msg) {
  const sf_err err = run_all(p, steps, msg);
  sf_point_error(s, p, steps, err && err != SF_EFAIL ? msg->text : NULL);
  return err;
}

/* ---- the row: values of the steps, put together ---- */

static void add_values(cJSON *row, cJSON *values) {
  cJSON *item;
  while (values && (item = values->child)) {
    char key[64];
    snprintf(key, sizeof key, "%s", item->string ? item->string : "?");
    cJSON_DetachItemViaPointer(values, item);
    if (cJSON_HasObjectItem(row, key)) cJSON_Delete(item);
    else cJSON_AddItemToObject(row, key, item);
  }
}

/* The middle one of the seeds (the lower of two middle ones), so that a lucky seed does not stand for a design. */
static void add_clocks(cJSON *row, double *fmax, uint32_t n) {
  for (uint32_t i = 1; i < n; i++)
    for (uint32_t j = i; j > 0 && fmax[j] < fmax[j - 1]; j--) {
      const double swap = fmax[j];
      fmax[j] = fmax[j - 1];
      fmax[j - 1] = swap;
    }
  cJSON_ReplaceItemInObjectCaseSensitive(row, "fmax_mhz", cJSON_CreateNumber(fmax[(n - 1) / 2]));
  put(row, "fmax_min_mhz", fmax[0]);
  put(row, "fmax_max_mhz", fmax[n - 1]);
  put(row, "route_seeds", n);
}

static void set_status(cJSON *row, const char *status, const char *step, const char *reason) {
  cJSON_ReplaceItemInObjectCaseSensitive(row, "status", cJSON_CreateString(status));
  cJSON_AddStringToObject(row, "failed_step", step);
  cJSON_AddStringToObject(row, "reason", reason);
}

/* false: the row ends here. */
static bool add_step(const sf_point *p, sf_step step, uint32_t seed, cJSON *row, cJSON *logs, double *seconds, double *fmax,
                     const char *error) {
  sf_hash h;
  sf_msg msg = {""};
  char path[SF_PATH_MAX] = "", name[32];
  cJSON *values = NULL;
  sf_err err = step_key(p, step, seed, &h, &msg);
  if (err) {
    set_status(row, "error", sf_step_name(step), error[0] ? error : msg.text);
    return false;
  }
  if (!sf_entry_path(sf_step_name(step), &h, path)) {
    set_status(row, error[0] ? "error" : "missing", sf_step_name(step), error[0] ? error : "not computed yet");
    strcat(path, ".failed");
    if (access(path, R_OK) == 0) cJSON_AddStringToObject(logs, sf_step_name(step), path);
    return false;
  }
  err = read_step(path, &values, seconds, &msg);
  if (step == SF_STEP_ROUTE) snprintf(name, sizeof name, "route %u", seed);
  else snprintf(name, sizeof name, "%s", sf_step_name(step));
  cJSON_AddStringToObject(logs, name, path);
  const cJSON *clock = cJSON_GetObjectItemCaseSensitive(values, "fmax_mhz");
  if (cJSON_IsNumber(clock)) *fmax = clock->valuedouble;
  cJSON_DeleteItemFromObjectCaseSensitive(values, "seed");
  add_values(row, values);
  cJSON_Delete(values);
  if (err) set_status(row, err == SF_EFAIL ? "failed" : "error", sf_step_name(step), msg.text);
  return !err;
}

cJSON *sf_point_row(const sf_sweep *s, const sf_point *p, unsigned steps) {
  cJSON *row = cJSON_CreateObject(), *logs = cJSON_CreateObject();
  char path[SF_PATH_MAX], *error = NULL;
  size_t length;
  double seconds = 0, fmax[SF_SWEEP_MAX_SEEDS];
  if (!row || !logs) {
    cJSON_Delete(row);
    cJSON_Delete(logs);
    return NULL;
  }
  put(row, "point", p->number);
  cJSON_AddStringToObject(row, "status", "ok");
  if (p->grid->name[0]) cJSON_AddStringToObject(row, "grid", p->grid->name);
  if (p->target) cJSON_AddStringToObject(row, "target", p->target->name);
  cJSON_AddStringToObject(row, "network", p->net->name);
  if (!p->net->spikes) {
    put(row, "density", p->net->density);
    put(row, "events", p->events);
    put(row, "ticks", p->ticks);
    put(row, "traffic_seed", (double)p->traffic_seed);
  }
  if (p->invalid) {
    set_status(row, "failed", "parameters", p->invalid);
    cJSON_AddItemToObject(row, "logs", logs);
    return row;
  }
  sf_params_json(&p->params, row);
  if (error_path(s, p, steps, path) && sf_file_read(path, 4096, &error, &length, NULL)) error = NULL;
  bool more = true;
  for (int step = 0; more && step < SF_STEPS; step++) {
    if (!(steps & 1u << step)) continue;
    const uint32_t n = step == SF_STEP_ROUTE ? p->grid->n_seeds : 1;
    for (uint32_t i = 0; more && i < n; i++)
      more = add_step(p, (sf_step)step, p->grid->route_seed[i], row, logs, &seconds, &fmax[i], error ? error : "");
    if (more && step == SF_STEP_ROUTE) add_clocks(row, fmax, n);
  }
  put(row, "seconds", round(seconds * 10) / 10);
  cJSON_AddItemToObject(row, "logs", logs);
  free(error);
  return row;
}
