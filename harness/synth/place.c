/* place.c - nextpnr, icetime and the bitstream packer: a netlist placed, routed and timed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "synth/parts.h"
#include "synth/tool.h"
#include "util/hash.h"

/* From 0.7 on nextpnr gives up on a cell after cells²/8 attempts. It counts in 32 bits: with more cells than this the
 * square overflows, and the limit falls to 10,000, at which 1,024 lanes cannot be placed. 0 takes the limit away. */
#define PLACE_LIMIT "--placer-heap-cell-placement-timeout"
#define MOST_CELLS 46340

static sf_err run_nextpnr(const sf_synth_job *job, const char *path, const char *constraints, sf_msg *msg) {
  static const sf_synth_phase phases[] = {{"Info: Packing", "packing"},
                                          {"Info: Placed ", "placing"},
                                          {"Info: Running simulated annealing", "refining the placement"},
                                          {"Info: Routing..", "routing"},
                                          {"Info: Routing complete", "timing"},
                                          {NULL, NULL}};
  const sf_synth_target *t = job->target;
  char freq[16], seed[16];
  snprintf(freq, sizeof freq, "%u", job->freq_mhz);
  snprintf(seed, sizeof seed, "%u", job->seed);
  const char *argv[32];
  int n = 0;
  const char *const common[] = {
      path,     t->pnr_device, "--package", t->package, "--json", "netlist.json", "--report", "nextpnr.json",
      "--freq", freq,          "--seed",    seed,       "--log",  "nextpnr.log",  "-q",       "--timing-allow-fail"};
  for (size_t i = 0; i < sizeof common / sizeof common[0]; i++) argv[n++] = common[i];
  if (t->ecp5) {
    argv[n++] = "--speed";
    argv[n++] = "6";
  }
  if (t->available[SF_RES_LOGIC] > MOST_CELLS && sf_synth_knows(path, PLACE_LIMIT, job->folder)) {
    argv[n++] = PLACE_LIMIT;
    argv[n++] = "0";
  }
  argv[n++] = t->ecp5 ? "--textcfg" : "--asc";
  argv[n++] = t->ecp5 ? "routed.config" : "routed.asc";
  if (job->board) {
    argv[n++] = t->ecp5 ? "--lpf" : "--pcf";
    argv[n++] = constraints;
  } else if (t->ecp5) {
    argv[n++] = "--lpf-allow-unconstrained"; /* the iCE40 places pins freely when there is no constraint file */
  }
  argv[n] = NULL;
  int status;
  const sf_err err = sf_synth_run(argv, job->folder, "nextpnr.out", "nextpnr.log", phases, &status, msg);
  if (err) return err;
  if (status) {
    sf_shortage s;
    bool shortage = false;
    char *all;
    size_t length;
    if (!sf_synth_read(job->folder, "nextpnr.log", &all, &length, NULL)) {
      shortage = sf_parse_shortage(all, length, &s);
      free(all);
    }
    if (shortage)
      return sf_fail(msg, SF_EFAIL, "%s does not fit %s: %s ran out, %u needed and %u available", job->config_name,
                     t->name, s.what, s.used, s.available);
    return sf_synth_failed(job, "nextpnr", "nextpnr.log", status, msg);
  }
  return SF_OK;
}

/* A second opinion on timing (iCE40), and the file for the board. */
static sf_err finish_ice40(const sf_synth_job *job, const char *constraints, sf_msg *msg) {
  static const sf_synth_phase none[] = {{NULL, NULL}};
  char path[SF_PATH_MAX];
  int status;
  sf_err err = sf_synth_find("icetime", "Debian package fpga-icestorm", path, msg);
  if (err) return err;
  const char *timing[] = {
      path, "-t", "-d", job->target->icetime_device, "-P", job->target->package, "-r", "icetime.txt", "routed.asc",
      NULL, NULL, NULL};
  if (job->board) {
    timing[8] = "-p";
    timing[9] = constraints;
    timing[10] = "routed.asc";
  }
  err = sf_synth_run(timing, job->folder, "icetime.out", "icetime.out", none, &status, msg);
  if (err) return err;
  if (status) return sf_synth_failed(job, "icetime", "icetime.out", status, msg);
  err = sf_synth_find("icepack", "Debian package fpga-icestorm", path, msg);
  if (err) return err;
  const char *const pack[] = {path, "routed.asc", "bitstream.bin", NULL};
  err = sf_synth_run(pack, job->folder, "icepack.out", "icepack.out", none, &status, msg);
  if (err) return err;
  return status ? sf_synth_failed(job, "icepack", "icepack.out", status, msg) : SF_OK;
}

static sf_err finish_ecp5(const sf_synth_job *job, sf_msg *msg) {
  static const sf_synth_phase none[] = {{NULL, NULL}};
  char path[SF_PATH_MAX];
  int status;
  if (sf_synth_ecppack(path, NULL)) return SF_OK;
  const char *const pack[] = {path, "--compress", "routed.config", "bitstream.bit", NULL};
  const sf_err err = sf_synth_run(pack, job->folder, "ecppack.out", "ecppack.out", none, &status, msg);
  if (err) return err;
  return status ? sf_synth_failed(job, "ecppack", "ecppack.out", status, msg) : SF_OK;
}

/* What lies in the folder from placing, read. */
static sf_err read_placed(const sf_synth_job *job, sf_synth_result *out, sf_msg *msg) {
  char *all, path[SF_PATH_MAX];
  size_t length;
  sf_err err = sf_synth_read(job->folder, "nextpnr.json", &all, &length, msg);
  if (err) return err;
  err = sf_parse_report(all, length, out->used, &out->timing, msg);
  free(all);
  if (!err && !job->target->ecp5) {
    err = sf_synth_read(job->folder, "icetime.out", &all, &length, msg);
    if (err) return err;
    err = sf_parse_icetime(all, length, &out->icetime_mhz, msg);
    free(all);
  }
  if (err) return err;
  const char *bitstream = job->target->ecp5 ? "bitstream.bit" : "bitstream.bin";
  if (sf_path_join(path, job->folder, bitstream) && access(path, R_OK) == 0)
    snprintf(out->bitstream, sizeof out->bitstream, "%s", bitstream);
  out->board_clock_mhz = job->board ? sf_synth_board_clock(job->target, job->freq_mhz) : 0;
  return SF_OK;
}

/* The netlist, what is asked of placement, and nextpnr. */
static sf_err place_key(const sf_synth_job *job, const char *constraints, const char *nextpnr, const char *version,
                        char key[33], sf_msg *msg) {
  char path[SF_PATH_MAX];
  sf_hash h = sf_hash_new();
  const uint32_t asked[] = {job->seed, job->freq_mhz, job->board};
  sf_hash_text(&h, job->target->name);
  sf_hash_bytes(&h, asked, sizeof asked);
  sf_synth_hash_tool(&h, nextpnr, version);
  if (!sf_path_join(path, job->folder, "netlist.json")) return sf_fail(msg, SF_EIO, "%s: path too long", job->folder);
  sf_err err = sf_hash_file(&h, path, msg);
  if (!err && constraints && sf_path_join(path, job->folder, constraints)) err = sf_hash_file(&h, path, msg);
  sf_hash_hex(&h, key);
  return err;
}

static sf_err make_placement(const sf_synth_job *job, const char *constraints, sf_synth_result *out, char key[33],
                             sf_msg *msg) {
  /* Removed, not written over: they may be links to another seed's. */
  static const char *const old[] = {"place.key",     "nextpnr.log",   "nextpnr.out", "nextpnr.json", "routed.asc",
                                    "routed.config", "icetime.txt",   "icetime.out", "icepack.out",  "ecppack.out",
                                    "bitstream.bin", "bitstream.bit", NULL};
  static const char *const needed[] = {"place.key", "nextpnr.json", NULL};
  char nextpnr[SF_PATH_MAX];
  sf_err err = sf_synth_nextpnr(job->target->ecp5, nextpnr, msg);
  if (err) return err;
  sf_synth_version(nextpnr, "--version", out->nextpnr, sizeof out->nextpnr);
  err = place_key(job, constraints, nextpnr, out->nextpnr, key, msg);
  if (err) return err;
  if (job->reuse && sf_synth_has(job->folder, needed, key)) {
    key[0] = '\0';
    return SF_OK;
  }
  sf_synth_drop(job->folder, old);
  err = run_nextpnr(job, nextpnr, constraints, msg);
  if (err) return err;
  return job->target->ecp5 ? finish_ecp5(job, msg) : finish_ice40(job, constraints, msg);
}

sf_err sf_synth_place(const sf_synth_job *job, sf_synth_result *out, bool *kept, sf_msg *msg) {
  char *constraints = NULL, key[33] = "";
  sf_err err = sf_synth_copy_constraints(job, &constraints, msg);
  if (!err) err = make_placement(job, constraints, out, key, msg);
  if (!err) err = read_placed(job, out, msg);
  if (!err && key[0]) err = sf_synth_write(job->folder, "place.key", key, msg);
  free(constraints);
  if (kept) *kept = !err && !key[0];
  return err;
}
