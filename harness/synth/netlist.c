/* netlist.c - Yosys: a netlist, what it needs, and whether that can fit. */
#include <stdlib.h>
#include <string.h>

#include "synth/parts.h"
#include "synth/tool.h"
#include "util/hash.h"

static sf_err run_yosys(const sf_synth_job *job, const char *path, const char *const *sources, sf_msg *msg) {
  static const sf_synth_phase phases[] = {{"Executing VERILOG-2005 frontend", "reading the sources"},
                                          {"Executing PROC pass", "elaborating"},
                                          {"Executing MEMORY_LIBMAP", "mapping memories"},
                                          {"Executing ALUMACC", "arithmetic"},
                                          {"Executing TECHMAP", "technology mapping"},
                                          {"Executing ABC", "LUT mapping"},
                                          {"Executing AUTONAME", "naming cells"},
                                          {"Executing JSON backend", "writing the netlist"},
                                          {NULL, NULL}};
  char script[8192];
  sf_err err = sf_synth_script(job, sources, script, sizeof script, msg);
  if (!err) err = sf_synth_write(job->folder, "synth.ys", script, msg);
  if (err) return err;
  const char *const argv[] = {path, "-q", "-l", "yosys.log", "-p", "script synth.ys", NULL};
  int status;
  err = sf_synth_run(argv, job->folder, "yosys.out", "yosys.log", phases, &status, msg);
  if (err) return err;
  return status ? sf_synth_failed(job, "yosys", "yosys.log", status, msg) : SF_OK;
}

/* The tables that a core of these parameters has to keep somewhere, at the least: in RAM, that is. */
static uint64_t table_bits(const sf_params *p) {
  return (uint64_t)p->axons * p->neurons * p->weight_bits + (uint64_t)p->axons * p->delay_slots +
         (uint64_t)p->neurons * 3 * p->potential_bits;
}

/* Of memories that are not memories memories.txt tells, and the flow decides. */
static void count_warnings(const sf_synth_job *job, sf_synth_result *out) {
  char path[SF_PATH_MAX];
  if (sf_path_join(path, job->folder, "yosys.log"))
    out->warnings = sf_log_warnings(path, "with list of registers", out->warned, sizeof out->warned);
}

/* What the whole needs, and what its parts do. */
static sf_err read_areas(const sf_synth_job *job, sf_synth_result *out, sf_msg *msg) {
  char *all;
  size_t length;
  sf_err err = sf_synth_read(job->folder, "stat.json", &all, &length, msg);
  if (err) return err;
  err = sf_parse_stat(all, length, out->used, msg);
  free(all);
  if (!err) err = sf_synth_read(job->folder, "parts.txt", &all, &length, msg);
  if (err) return err;
  uint32_t count[2 * (SF_SYNTH_PARTS - 1)] = {0}, lut4 = 0, ff = 0;
  (void)sf_parse_counts(all, length, count, sizeof count / sizeof count[0]);
  free(all);
  for (int i = 0; i < SF_SYNTH_PARTS - 1; i++) {
    out->part[i] = (sf_synth_part){sf_synth_core_parts[i].name, count[2 * i], count[2 * i + 1]};
    lut4 += count[2 * i];
    ff += count[2 * i + 1];
  }
  const uint32_t all_lut4 = out->used[SF_RES_LUT4], all_ff = out->used[SF_RES_FF];
  out->part[SF_SYNTH_PARTS - 1] = (sf_synth_part){job->board ? "core's top and board" : "core's top and wrapper",
                                                  all_lut4 > lut4 ? all_lut4 - lut4 : 0, all_ff > ff ? all_ff - ff : 0};
  return SF_OK;
}

/* Are all memories that are large still memories? */
static sf_err read_memories(const sf_synth_job *job, sf_synth_result *out, sf_msg *msg) {
  char *all;
  size_t length;
  const sf_err err = sf_synth_read(job->folder, "memories.txt", &all, &length, msg);
  if (err) return err;
  sf_memory lost[256];
  const size_t n = sf_parse_memories(all, length, lost, 256);
  free(all);
  for (size_t i = 0; i < n && i < 256; i++) {
    if (lost[i].words * lost[i].width >= SF_SYNTH_SMALL)
      return sf_fail(msg, SF_EFAIL, "memory %s (%llu words of %llu bits) would come out as flip-flops instead of RAM",
                     lost[i].name, (unsigned long long)lost[i].words, (unsigned long long)lost[i].width);
    if (out->n_small < sizeof out->small / sizeof out->small[0]) out->small[out->n_small++] = lost[i];
  }
  const uint64_t held = (uint64_t)out->used[SF_RES_BLOCK_RAM] * job->target->block_ram_bits +
                        (uint64_t)out->used[SF_RES_SPRAM] * 262144 + (uint64_t)out->used[SF_RES_LUT_RAM] * 64 +
                        (uint64_t)SF_SYNTH_SMALL * 4;
  if (held < table_bits(&job->config.params))
    return sf_fail(msg, SF_EFAIL,
                   "a memory came out as flip-flops or went missing: the tables have %llu bits, the RAMs %llu",
                   (unsigned long long)table_bits(&job->config.params), (unsigned long long)held);
  return SF_OK;
}

static sf_err read_netlist(const sf_synth_job *job, sf_synth_result *out, sf_msg *msg) {
  count_warnings(job, out);
  const sf_err err = read_areas(job, out, msg);
  return err ? err : read_memories(job, out, msg);
}

/* The weights alone, known before any tool has run. */
static sf_err weights_do_not_fit(const sf_synth_job *job, sf_msg *msg) {
  const sf_params *p = &job->config.params;
  const sf_resource r = p->spram ? SF_RES_SPRAM : SF_RES_BLOCK_RAM;
  const uint64_t rows = (uint64_t)p->axons * sf_groups(p), row_bits = (uint64_t)p->lanes * p->weight_bits;
  const uint64_t block = job->target->block_ram_bits;
  const uint64_t least = p->spram ? (rows + 16383) / 16384 * (row_bits / 16) : (rows * row_bits + block - 1) / block;
  if (least <= job->target->available[r]) return SF_OK;
  return sf_fail(msg, SF_EFAIL, "%s does not fit %s: %s ran out, the weights alone need %llu and %u are available",
                 job->config_name, job->target->name, sf_resource_title(r), (unsigned long long)least,
                 job->target->available[r]);
}

/* Compared with what the device has, before placement where that already tells. */
static sf_err does_not_fit(const sf_synth_job *job, const uint32_t used[SF_RES_COUNT], sf_msg *msg) {
  for (int r = 0; r < SF_RES_COUNT; r++) {
    /* Every LUT and, on the iCE40, every flip-flop needs a logic cell of its own. */
    const bool in_logic = r == SF_RES_LUT4 || r == SF_RES_FF;
    uint32_t available = job->target->available[r];
    if (in_logic && !available) available = job->target->available[SF_RES_LOGIC];
    const bool limit = available || r == SF_RES_SPRAM || (r == SF_RES_DSP && used[r]);
    if (!limit || used[r] <= available) continue;
    return sf_fail(msg, SF_EFAIL, "%s does not fit %s: %s ran out, %u needed and %u available", job->config_name,
                   job->target->name, sf_resource_title((sf_resource)r), used[r], available);
  }
  return SF_OK;
}

/* The sources as they were copied, the script, and Yosys. */
static sf_err netlist_key(const sf_synth_job *job, const char *const *sources, const char *yosys, const char *version,
                          char key[33], sf_msg *msg) {
  static const char *const map[] = {"src/ecp5_arith.v", NULL};
  char script[8192], path[SF_PATH_MAX];
  sf_hash h = sf_hash_new();
  sf_err err = sf_synth_script(job, sources, script, sizeof script, msg);
  if (err) return err;
  sf_hash_text(&h, script);
  for (int list = 0; list < 2; list++)
    for (const char *const *s = list ? map : sources; *s && !err && (!list || job->target->ecp5); s++)
      err = sf_path_join(path, job->folder, *s) ? sf_hash_file(&h, path, msg)
                                                : sf_fail(msg, SF_EIO, "%s: path too long", job->folder);
  sf_synth_hash_tool(&h, yosys, version);
  sf_hash_hex(&h, key);
  return err;
}

/* key becomes "" where the netlist lies there already. */
static sf_err make_netlist(const sf_synth_job *job, const char *const *sources, sf_synth_result *out, char key[33],
                           sf_msg *msg) {
  static const char *const old[] = {"netlist.key", "netlist.json", "stat.json", "memories.txt", "parts.txt", NULL};
  char yosys[SF_PATH_MAX];
  sf_err err = sf_synth_yosys(job->target->ecp5, yosys, msg);
  if (err) return err;
  sf_synth_version(yosys, "-V", out->yosys, sizeof out->yosys);
  err = netlist_key(job, sources, yosys, out->yosys, key, msg);
  if (err) return err;
  if (job->reuse && sf_synth_has(job->folder, old, key)) {
    key[0] = '\0';
    return SF_OK;
  }
  sf_synth_drop(job->folder, old);
  return run_yosys(job, yosys, sources, msg);
}

sf_err sf_synth_netlist(const sf_synth_job *job, sf_synth_result *out, sf_msg *msg) {
  char *sources[SF_SYNTH_SOURCES] = {NULL}, key[33] = "";
  memset(out, 0, sizeof *out);
  sf_err err = weights_do_not_fit(job, msg);
  if (!err) err = sf_synth_copy_sources(job, sources, msg);
  if (!err) err = sf_synth_copy_map(job, msg);
  if (!err) err = make_netlist(job, (const char *const *)sources, out, key, msg);
  if (!err) err = read_netlist(job, out, msg);
  if (!err) err = does_not_fit(job, out->used, msg);
  if (!err && key[0]) err = sf_synth_write(job->folder, "netlist.key", key, msg);
  for (size_t i = 0; i < SF_SYNTH_SOURCES; i++) free(sources[i]);
  return err;
}
