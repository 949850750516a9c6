/* key.c - what the results of a step follow from, as a hash: parameters, sources, versions of tools, seeds, files. */
#define _GNU_SOURCE
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "explore/cache.h"
#include "explore/steps.h"
#include "files/file_util.h"
#include "files/params_json.h"
#include "run/samples.h"
#include "synth/tool.h"
#include "train/task.h"
#include "verilated/rtl_list.h"
#include "verilated/verilator.h"

/* ---- what keys are made of ---- */

/* Hashes of files and answers of tools do not change while the program runs: asked for once. */
typedef struct memo {
  char *name;
  sf_hash hash;
} memo;
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
  if (!known) {
    const sf_err err = sf_hash_file(&own, path, msg);
    if (err) return err;
    remember(path, &own);
  }
  add_hash(h, known ? known : &own);
  return SF_OK;
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

/* The first line that a tool prints about itself. Some take seconds to say it (the WebAssembly builds), so it is kept
 * in a file of the cache, by the tool's path, size and time. */
static void version_line(const char *path, const char *flag, char *line, size_t size) {
  char folder[SF_PATH_MAX], file[SF_PATH_MAX + 64], hex[33];
  struct stat st;
  sf_hash h = sf_hash_new();
  file[0] = line[0] = '\0';
  if (stat(path, &st) == 0 && !sf_cache_path("explore", folder, NULL)) {
    const int64_t what[] = {(int64_t)st.st_size, (int64_t)st.st_mtim.tv_sec, (int64_t)st.st_mtim.tv_nsec,
                            (int64_t)st.st_ino};
    sf_hash_text(&h, path);
    sf_hash_bytes(&h, what, sizeof what);
    sf_hash_hex(&h, hex);
    snprintf(file, sizeof file, "%s/version-%s", folder, hex);
    FILE *in = fopen(file, "r");
    if (in && !fgets(line, (int)size, in)) line[0] = '\0';
    if (in) fclose(in);
  }
  if (line[0]) return;
  sf_tool_line((const char *[]){path, flag, NULL}, line, size);
  if (strstr(line, "Preparing to run"))
    sf_tool_line((const char *[]){path, flag, NULL}, line, size);    /* the very first time */
  if (line[0] && file[0] && sf_write_text(file, line, NULL)) return; /* it will be asked again */
}

static sf_err add_version(sf_hash *h, const char *path, const char *flag, sf_msg *msg) {
  const sf_hash *known = recall(path);
  if (known) {
    add_hash(h, known);
    return SF_OK;
  }
  sf_hash version = sf_hash_new();
  if (flag) {
    char line[512];
    version_line(path, flag, line, sizeof line);
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

static sf_err add_verilator(sf_hash *h, sf_msg *msg) {
  char path[SF_PATH_MAX];
  const sf_err err = sf_verilator_find(path, msg);
  return err ? err : add_version(h, path, "--version", msg);
}

void sf_key_params(sf_hash *h, const sf_params *p) {
  cJSON *o = cJSON_CreateObject();
  if (o) sf_params_json(p, o);
  char *text = cJSON_PrintUnformatted(o);
  sf_hash_text(h, text ? text : "");
  cJSON_free(text);
  cJSON_Delete(o);
}

static sf_err add_sources(sf_hash *h, const sf_rtl_list *rtl, sf_msg *msg) {
  sf_err err = SF_OK;
  for (size_t i = 0; !err && i < rtl->n; i++) {
    sf_hash_text(h, strrchr(rtl->file[i], '/'));
    err = add_file(h, rtl->file[i], msg);
  }
  return err;
}

sf_err sf_key_rtl(sf_hash *h, const char *family, sf_msg *msg) {
  sf_rtl_list rtl;
  sf_err err = sf_rtl_list_read(&rtl, msg);
  if (!err && family) err = sf_rtl_list_hard(&rtl, family, msg);
  if (!err) err = add_sources(h, &rtl, msg);
  sf_rtl_list_free(&rtl);
  return err;
}

/* The models are this program. */
static sf_err add_program(sf_hash *h, sf_msg *msg) { return add_file(h, "/proc/self/exe", msg); }

/* ---- keys ---- */

sf_err sf_train_key(const sf_point *p, sf_hash *h, sf_msg *msg) {
  char folder[SF_PATH_MAX];
  const struct sf_task_recipe r = {p->params.weight_bits, p->net->epochs, p->net->threads, p->net->seed};
  *h = sf_hash_new();
  sf_hash_text(h, sf_task_version());
  sf_hash_bytes(h, &r.weight_bits, sizeof r.weight_bits);
  sf_hash_bytes(h, &r.epochs, sizeof r.epochs); /* threads do not change the network */
  sf_hash_bytes(h, &r.seed, sizeof r.seed);
  const sf_err err = sf_data_path("data/mnist", folder, msg);
  return err ? err
         : add_files(h, folder, "train-*", NULL)
             ? sf_fail(msg, SF_ETOOL, "%s: no training digits (run: make mnist)", folder)
             : SF_OK;
}

/* The network and what it is fed. */
static sf_err add_work(sf_hash *h, const sf_point *p, sf_msg *msg) {
  const sf_sweep_net *n = p->net;
  sf_hash own;
  sf_err err = SF_OK;
  char text[200];
  if (n->kind == SF_NET_FILE) err = add_file(h, n->file, msg);
  if (n->kind == SF_NET_TRAIN) {
    err = sf_train_key(p, &own, msg);
    if (!err) add_hash(h, &own);
  }
  if (!err && n->spikes) err = add_file(h, n->spikes, msg);
  snprintf(text, sizeof text, "%d %.17g %llu events %u ticks %u seed %llu samples %u", (int)n->kind, n->density,
           (unsigned long long)n->seed, p->events, p->ticks, (unsigned long long)p->traffic_seed, n->samples);
  sf_hash_text(h, text);
  return err;
}

sf_synth_job sf_point_synth_job(const sf_point *p, uint32_t seed) {
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
  const sf_synth_job job = sf_point_synth_job(p, 1);
  *h = sf_hash_new();
  sf_hash_text(h, p->target->name);
  sf_err err = sf_synth_script(&job, sources, script, sizeof script, msg);
  if (!err) err = sf_key_rtl(h, sf_synth_family(p->target), msg);
  if (!err) err = sf_data_path("synth/boards", folder, msg);
  if (!err) err = add_files(h, folder, "*.v", msg);
  if (!err && p->target->ecp5) {
    err = sf_data_path("synth/ecp5_arith.v", folder, msg);
    if (!err) err = add_file(h, folder, msg);
  }
  if (!err) err = sf_synth_tools(p->target, yosys, nextpnr, msg);
  if (!err) err = add_version(h, yosys, "-V", msg);
  sf_hash_text(h, script);
  return err;
}

static sf_err route_key(const sf_point *p, uint32_t seed, sf_hash *h, sf_msg *msg) {
  char folder[SF_PATH_MAX], yosys[SF_PATH_MAX], nextpnr[SF_PATH_MAX];
  sf_err err = synth_key(p, h, msg);
  const sf_synth_job job = sf_point_synth_job(p, seed);
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
  sf_key_params(h, &p->params);
  sf_hash_text(h, "warnings are counted");
  sf_rtl_list rtl;
  sf_err err = sf_rtl_list_read(&rtl, msg);
  if (!err) err = add_sources(h, &rtl, msg);
  if (!err && rtl.waivers) err = add_file(h, rtl.waivers, msg);
  sf_rtl_list_free(&rtl);
  return err ? err : add_verilator(h, msg);
}

static sf_err model_key(const sf_point *p, sf_hash *h, sf_msg *msg) {
  *h = sf_hash_new();
  sf_key_params(h, &p->params);
  const sf_err err = add_program(h, msg);
  return err ? err : add_work(h, p, msg);
}

static sf_err lockstep_key(const sf_point *p, sf_hash *h, sf_msg *msg) {
  sf_err err = model_key(p, h, msg);
  if (!err) err = sf_key_rtl(h, NULL, msg);
  if (!err) err = add_verilator(h, msg);
  sf_hash_bytes(h, &p->net->check_samples, sizeof p->net->check_samples);
  return err;
}

sf_err sf_step_key(const sf_point *p, sf_step step, uint32_t seed, sf_hash *h, sf_msg *msg) {
  switch (step) {
    case SF_STEP_LINT:
      return lint_key(p, h, msg);
    case SF_STEP_MODEL:
      return model_key(p, h, msg);
    case SF_STEP_LOCKSTEP:
      return lockstep_key(p, h, msg);
    case SF_STEP_SYNTH:
      return synth_key(p, h, msg);
    default:
      return route_key(p, seed, h, msg);
  }
}
