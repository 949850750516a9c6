/* flow.c - one synthesis run: sources copied, Yosys, nextpnr, icetime and the bitstream packer, numbers read back.
 *
 * Everything happens inside the job's folder with relative paths, so that logs and reports name no machine and the
 * WebAssembly builds of the tools, which see little outside their own folder, work like the native ones. */
#include "synth/flow.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files/file_util.h"
#include "synth/tool.h"
#include "verilated/rtl_list.h"

#define MOST_SOURCES 64
#define LOG_LIMIT ((size_t)1 << 30)

/* From 0.7 on nextpnr gives up on a cell after cells²/8 attempts. It counts in 32 bits: with more cells than this the square
 * overflows, and the limit falls to 10,000, at which 1,024 lanes cannot be placed. 0 takes the limit away. */
#define PLACE_LIMIT "--placer-heap-cell-placement-timeout"
#define MOST_CELLS 46340

static const struct {
  const char *name, *cells; /* how Yosys selects them */
} parts[SF_SYNTH_PARTS - 1] = {{"axons", "c:*u_core.u_ring.* c:*u_core.u_stream.* %u"},
                               {"synapses", "c:*u_core.u_synapses.*"},
                               {"neurons", "c:*u_core.u_neurons.*"},
                               {"router", "c:*u_core.u_router.*"},
                               {"control", "c:*u_core.u_control.*"},
                               {"host", "c:*u_core.u_host.*"}};

static bool join(char out[SF_PATH_MAX], const char *folder, const char *name) {
  return snprintf(out, SF_PATH_MAX, "%s/%s", folder, name) < SF_PATH_MAX;
}

/* ---- files of the run ---- */

static sf_err write_file(const char *folder, const char *name, const char *text, sf_msg *msg) {
  char path[SF_PATH_MAX];
  if (!join(path, folder, name)) return sf_fail(msg, SF_EIO, "%s: path too long", folder);
  FILE *f = fopen(path, "w");
  bool good = f && fputs(text, f) >= 0;
  if (f) good = fclose(f) == 0 && good;
  return good ? SF_OK : sf_fail(msg, SF_EIO, "%s: %s", path, strerror(errno));
}

static sf_err read_file(const char *folder, const char *name, char **text, size_t *length, sf_msg *msg) {
  char path[SF_PATH_MAX];
  if (!join(path, folder, name)) return sf_fail(msg, SF_EIO, "%s: path too long", folder);
  return sf_file_read(path, LOG_LIMIT, text, length, msg);
}

/* copy_source() - copy FROM (a path below the data folder) to src/ and put "src/NAME" into *source, owned by the caller. */
static sf_err copy_source(const char *from, const char *folder, char **source, sf_msg *msg) {
  const char *slash = strrchr(from, '/');
  const size_t room = strlen(slash + 1) + 5;
  char *text, *name = malloc(room);
  size_t length;
  if (!name) return sf_fail(msg, SF_ENOMEM, "out of memory");
  snprintf(name, room, "src/%s", slash + 1);
  sf_err err = sf_file_read(from, (size_t)1 << 24, &text, &length, msg);
  if (!err) {
    err = write_file(folder, name, text, msg);
    free(text);
  }
  if (err) free(name);
  else *source = name;
  return err;
}

/* The board's constraints, for placement; a bare core has none. */
static sf_err copy_constraints(const sf_synth_job *job, char **constraints, sf_msg *msg) {
  char path[SF_PATH_MAX], src[SF_PATH_MAX];
  sf_err err;
  if (!job->board) return SF_OK;
  if (!join(src, job->folder, "src")) return sf_fail(msg, SF_EIO, "%s: path too long", job->folder);
  err = sf_make_folder(src, msg);
  if (!err) err = sf_data_path("synth/boards", src, msg);
  if (err) return err;
  if (!join(path, src, job->target->constraints)) return sf_fail(msg, SF_EIO, "%s: path too long", src);
  return copy_source(path, job->folder, constraints, msg);
}

/* The map for adders is read by the script itself. */
static sf_err copy_map(const sf_synth_job *job, sf_msg *msg) {
  char path[SF_PATH_MAX], *name;
  if (!job->target->ecp5) return SF_OK;
  sf_err err = sf_data_path("synth/ecp5_arith.v", path, msg);
  if (!err) err = copy_source(path, job->folder, &name, msg);
  if (!err) free(name);
  return err;
}

static sf_err copy_sources(const sf_synth_job *job, char *sources[MOST_SOURCES], sf_msg *msg) {
  char root[SF_PATH_MAX], path[SF_PATH_MAX], src[SF_PATH_MAX];
  sf_err err = sf_data_path("", root, msg);
  if (err) return err;
  if (!join(src, job->folder, "src")) return sf_fail(msg, SF_EIO, "%s: path too long", job->folder);
  sf_remove_tree(src);
  err = sf_make_folder(src, msg);
  if (err) return err;
  sf_rtl_list rtl;
  size_t n = 0;
  err = sf_rtl_list_read(&rtl, msg);
  if (!err) err = sf_rtl_list_hard(&rtl, sf_synth_family(job->target), msg);
  for (size_t i = 0; i < rtl.n && !err; i++) {
    err = copy_source(rtl.file[i], job->folder, &sources[n], msg);
    if (!err) n++;
  }
  sf_rtl_list_free(&rtl);
  const char *const board[] = {job->target->board, "board_system", "board_reset", "uart", "uart_bridge", NULL};
  const char *const bare[] = {"bare_core", NULL};
  for (const char *const *b = job->board ? board : bare; *b && !err; b++) {
    snprintf(path, sizeof path, "%.3000s/synth/boards/%s.v", root, *b);
    err = copy_source(path, job->folder, &sources[n], msg);
    if (!err) n++;
  }
  sources[n] = NULL;
  return err;
}

/* ---- the Yosys script ---- */

typedef struct text {
  char *at;
  size_t left;
  bool full;
} text;

static void add(text *t, const char *fmt, ...) SF_PRINTF(2, 3);
static void add(text *t, const char *fmt, ...) {
  va_list args;
  va_start(args, fmt);
  const int n = vsnprintf(t->at, t->left, fmt, args);
  va_end(args);
  if (n < 0 || (size_t)n >= t->left) {
    t->full = true;
    return;
  }
  t->at += n;
  t->left -= (size_t)n;
}

sf_err sf_synth_script(const sf_synth_job *job, const char *const *sources, char *script, size_t size, sf_msg *msg) {
  const sf_synth_target *t = job->target;
  const sf_params *p = &job->config.params;
  const char *family = sf_synth_family(t), *top = job->board ? t->board : "bare_core";
  text s = {script, size, false};
  add(&s, "read_verilog -defer");
  for (; *sources; sources++) add(&s, " %s", *sources);
#define SET(kind, name, rtl, field, standard, lo, hi) add(&s, " -set %s %u", #rtl, (unsigned)p->field);
  add(&s, "\nchparam");
  SF_PARAMS(SET)
  add(&s, " %s\n", job->board ? "board_system" : "bare_core");
  if (job->board) add(&s, "chparam -set CLOCK_MHZ %u %s\n", sf_synth_board_clock(t, job->freq_mhz), top);
  add(&s, "read_verilog -lib +/%s/cells_sim.v%s\n", family, t->ecp5 ? " +/ecp5/cells_bb.v" : "");
  add(&s, "hierarchy -check -top %s\n", top);
  /* What is still a memory before map_ffram would become flip-flops there: noted, judged afterwards. */
  add(&s, "synth_%s %s -top %s -run begin:map_ffram\n", family, t->yosys_options, top);
  add(&s, "tee -q -o memories.txt dump t:$mem_v2 t:$mem\n");
  if (t->ecp5) {
    add(&s, "synth_%s %s -top %s -run map_ffram:map_gates\n", family, t->yosys_options, top);
    add(&s, "techmap -map src/ecp5_arith.v t:$alu\n");
    add(&s, "synth_%s %s -top %s -run map_gates:\n", family, t->yosys_options, top);
  } else add(&s, "synth_%s %s -top %s -run map_ffram:\n", family, t->yosys_options, top);
  /* What no sound design has stops Yosys; whatever else a version warns of is counted. */
  add(&s,
      "logger -werror multiple.conflicting.drivers|Drivers.conflicting|is.used.but.has.no.driver|found.logic.loop\n");
  add(&s, "check\ntee -q -o stat.json stat -json\ntee -q -o parts.txt log areas:\n");
  for (int i = 0; i < SF_SYNTH_PARTS - 1; i++) {
    add(&s, "tee -q -a parts.txt select -count t:SB_LUT4 t:LUT4 %%u %s %%i\n", parts[i].cells);
    add(&s, "tee -q -a parts.txt select -count t:SB_DFF* t:TRELLIS_FF %%u %s %%i\n", parts[i].cells);
  }
  if (t->ecp5) add(&s, "techmap -map src/ecp5_arith.v -D ENDS t:CCU2C\n");
  add(&s, "write_json netlist.json\n");
  return s.full ? sf_fail(msg, SF_EINVAL, "the Yosys script does not fit") : SF_OK;
}

/* ---- the tools ---- */

/* tool_failed() - the tool's own words, on one line. */
static sf_err tool_failed(const sf_synth_job *job, const char *tool, const char *log, int status, sf_msg *msg) {
  char *all, line[300] = "";
  size_t length;
  if (read_file(job->folder, log, &all, &length, NULL) == SF_OK) {
    (void)sf_parse_error(all, length, line, sizeof line);
    free(all);
  }
  if (line[0]) return sf_fail(msg, SF_ETOOL, "%s failed: %.300s", tool, line);
  return sf_fail(msg, SF_ETOOL, "%s failed with status %d and no error message; see %s in the output folder", tool,
                 status, log);
}

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
  if (!err) err = write_file(job->folder, "synth.ys", script, msg);
  if (err) return err;
  const char *const argv[] = {path, "-q", "-l", "yosys.log", "-p", "script synth.ys", NULL};
  int status;
  err = sf_synth_run(argv, job->folder, "yosys.out", "yosys.log", phases, &status, msg);
  if (err) return err;
  return status ? tool_failed(job, "yosys", "yosys.log", status, msg) : SF_OK;
}

/* The tables that a core of these parameters has to keep somewhere, at the least: in RAM, that is. */
static uint64_t table_bits(const sf_params *p) {
  return (uint64_t)p->axons * p->neurons * p->weight_bits + (uint64_t)p->axons * p->delay_slots +
         (uint64_t)p->neurons * 3 * p->potential_bits;
}

/* Of memories that are not memories memories.txt tells, and the flow decides. */
static void count_warnings(const sf_synth_job *job, sf_synth_result *out) {
  char path[SF_PATH_MAX];
  if (join(path, job->folder, "yosys.log"))
    out->warnings = sf_log_warnings(path, "with list of registers", out->warned, sizeof out->warned);
}

static sf_err read_netlist(const sf_synth_job *job, sf_synth_result *out, sf_msg *msg) {
  char *all;
  size_t length;
  count_warnings(job, out);
  sf_err err = read_file(job->folder, "stat.json", &all, &length, msg);
  if (err) return err;
  err = sf_parse_stat(all, length, out->used, msg);
  free(all);
  if (err || (err = read_file(job->folder, "parts.txt", &all, &length, msg))) return err;
  uint32_t count[2 * (SF_SYNTH_PARTS - 1)] = {0}, lut4 = 0, ff = 0;
  (void)sf_parse_counts(all, length, count, sizeof count / sizeof count[0]);
  free(all);
  for (int i = 0; i < SF_SYNTH_PARTS - 1; i++) {
    out->part[i] = (sf_synth_part){parts[i].name, count[2 * i], count[2 * i + 1]};
    lut4 += count[2 * i];
    ff += count[2 * i + 1];
  }
  const uint32_t all_lut4 = out->used[SF_RES_LUT4], all_ff = out->used[SF_RES_FF];
  out->part[SF_SYNTH_PARTS - 1] = (sf_synth_part){job->board ? "core's top and board" : "core's top and wrapper",
                                                  all_lut4 > lut4 ? all_lut4 - lut4 : 0, all_ff > ff ? all_ff - ff : 0};

  err = read_file(job->folder, "memories.txt", &all, &length, msg);
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

/* weights_do_not_fit() - the weights alone, known before any tool has run. */
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

/* does_not_fit() - compare with what the device has, before placement where that already tells. */
static sf_err does_not_fit(const sf_synth_job *job, const uint32_t used[SF_RES_COUNT], sf_msg *msg) {
  for (int r = 0; r < SF_RES_COUNT; r++) {
    /* every LUT and, on the iCE40, every flip-flop needs a logic cell of its own */
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
    if (read_file(job->folder, "nextpnr.log", &all, &length, NULL) == SF_OK) {
      shortage = sf_parse_shortage(all, length, &s);
      free(all);
    }
    if (shortage)
      return sf_fail(msg, SF_EFAIL, "%s does not fit %s: %s ran out, %u needed and %u available", job->config_name,
                     t->name, s.what, s.used, s.available);
    return tool_failed(job, "nextpnr", "nextpnr.log", status, msg);
  }
  return SF_OK;
}

/* finish_ice40(), finish_ecp5() - second opinion on timing (iCE40), and the file for the board. */
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
  if (status) return tool_failed(job, "icetime", "icetime.out", status, msg);
  err = sf_synth_find("icepack", "Debian package fpga-icestorm", path, msg);
  if (err) return err;
  const char *const pack[] = {path, "routed.asc", "bitstream.bin", NULL};
  err = sf_synth_run(pack, job->folder, "icepack.out", "icepack.out", none, &status, msg);
  if (err) return err;
  return status ? tool_failed(job, "icepack", "icepack.out", status, msg) : SF_OK;
}

static sf_err finish_ecp5(const sf_synth_job *job, sf_msg *msg) {
  static const sf_synth_phase none[] = {{NULL, NULL}};
  char path[SF_PATH_MAX];
  int status;
  if (sf_synth_ecppack(path, NULL)) return SF_OK;
  const char *const pack[] = {path, "--compress", "routed.config", "bitstream.bit", NULL};
  const sf_err err = sf_synth_run(pack, job->folder, "ecppack.out", "ecppack.out", none, &status, msg);
  if (err) return err;
  return status ? tool_failed(job, "ecppack", "ecppack.out", status, msg) : SF_OK;
}

/* What lies in the folder from placing, read. */
static sf_err read_placed(const sf_synth_job *job, sf_synth_result *out, sf_msg *msg) {
  char *all, path[SF_PATH_MAX];
  size_t length;
  sf_err err = read_file(job->folder, "nextpnr.json", &all, &length, msg);
  if (err) return err;
  err = sf_parse_report(all, length, out->used, &out->timing, msg);
  free(all);
  if (!err && !job->target->ecp5) {
    err = read_file(job->folder, "icetime.out", &all, &length, msg);
    if (err) return err;
    err = sf_parse_icetime(all, length, &out->icetime_mhz, msg);
    free(all);
  }
  if (err) return err;
  const char *bitstream = job->target->ecp5 ? "bitstream.bit" : "bitstream.bin";
  if (join(path, job->folder, bitstream) && access(path, R_OK) == 0)
    snprintf(out->bitstream, sizeof out->bitstream, "%s", bitstream);
  out->board_clock_mhz = job->board ? sf_synth_board_clock(job->target, job->freq_mhz) : 0;
  return SF_OK;
}

/* ---- keys: what lies in the folder is from exactly this ---- */

static void drop(const char *folder, const char *const *names) {
  char path[SF_PATH_MAX];
  for (; *names; names++)
    if (join(path, folder, *names)) (void)remove(path);
}

/* The key is the same, and what it is for is there: names[0] is the key's file. */
static bool has_key(const char *folder, const char *const *names, const char key[33]) {
  char *found, path[SF_PATH_MAX];
  size_t length;
  for (const char *const *name = names; *name; name++)
    if (!join(path, folder, *name) || access(path, R_OK)) return false;
  if (read_file(folder, names[0], &found, &length, NULL)) return false;
  const bool same = length == 32 && memcmp(found, key, 32) == 0;
  free(found);
  return same;
}

/* A tool is its file and what it says of itself: two builds of one version may place differently. */
static void hash_tool(sf_hash *h, const char *path, const char *version) {
  struct stat st = {0};
  (void)stat(path, &st);
  const int64_t what[] = {(int64_t)st.st_size, (int64_t)st.st_mtim.tv_sec, (int64_t)st.st_mtim.tv_nsec};
  sf_hash_text(h, path);
  sf_hash_text(h, version);
  sf_hash_bytes(h, what, sizeof what);
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
      err = join(path, job->folder, *s) ? sf_hash_file(&h, path, msg)
                                        : sf_fail(msg, SF_EIO, "%s: path too long", job->folder);
  hash_tool(&h, yosys, version);
  sf_hash_hex(&h, key);
  return err;
}

/* The netlist, what is asked of placement, and nextpnr. */
static sf_err place_key(const sf_synth_job *job, const char *constraints, const char *nextpnr, const char *version,
                        char key[33], sf_msg *msg) {
  char path[SF_PATH_MAX];
  sf_hash h = sf_hash_new();
  const uint32_t asked[] = {job->seed, job->freq_mhz, job->board};
  sf_hash_text(&h, job->target->name);
  sf_hash_bytes(&h, asked, sizeof asked);
  hash_tool(&h, nextpnr, version);
  if (!join(path, job->folder, "netlist.json")) return sf_fail(msg, SF_EIO, "%s: path too long", job->folder);
  sf_err err = sf_hash_file(&h, path, msg);
  if (!err && constraints && join(path, job->folder, constraints)) err = sf_hash_file(&h, path, msg);
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
  if (job->reuse && has_key(job->folder, old, key)) {
    key[0] = '\0';
    return SF_OK;
  }
  drop(job->folder, old);
  return run_yosys(job, yosys, sources, msg);
}

sf_err sf_synth_netlist(const sf_synth_job *job, sf_synth_result *out, sf_msg *msg) {
  char *sources[MOST_SOURCES] = {NULL}, key[33] = "";
  memset(out, 0, sizeof *out);
  sf_err err = weights_do_not_fit(job, msg);
  if (!err) err = copy_sources(job, sources, msg);
  if (!err) err = copy_map(job, msg);
  if (!err) err = make_netlist(job, (const char *const *)sources, out, key, msg);
  if (!err) err = read_netlist(job, out, msg);
  if (!err) err = does_not_fit(job, out->used, msg);
  if (!err && key[0]) err = write_file(job->folder, "netlist.key", key, msg);
  for (size_t i = 0; i < MOST_SOURCES; i++) free(sources[i]);
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
  if (job->reuse && has_key(job->folder, needed, key)) {
    key[0] = '\0';
    return SF_OK;
  }
  drop(job->folder, old);
  err = run_nextpnr(job, nextpnr, constraints, msg);
  if (err) return err;
  return job->target->ecp5 ? finish_ecp5(job, msg) : finish_ice40(job, constraints, msg);
}

sf_err sf_synth_place(const sf_synth_job *job, sf_synth_result *out, bool *kept, sf_msg *msg) {
  char *constraints = NULL, key[33] = "";
  sf_err err = copy_constraints(job, &constraints, msg);
  if (!err) err = make_placement(job, constraints, out, key, msg);
  if (!err) err = read_placed(job, out, msg);
  if (!err && key[0]) err = write_file(job->folder, "place.key", key, msg);
  free(constraints);
  if (kept) *kept = !err && !key[0];
  return err;
}

sf_err sf_synth_verdict(const sf_synth_job *job, const sf_synth_result *r, sf_msg *msg) {
  char seeds[64] = "";
  if (r->n_seeds) snprintf(seeds, sizeof seeds, ", the median of %u seeds", r->n_routed);
  if (job->must_reach && r->timing.fmax_mhz < job->freq_mhz)
    return sf_fail(msg, SF_EFAIL, "%s on %s reaches %.1f MHz%s, %u MHz were asked for", job->config_name,
                   job->target->name, r->timing.fmax_mhz, seeds, job->freq_mhz);
  if (r->timing.fmax_mhz < r->board_clock_mhz)
    return sf_fail(msg, SF_EFAIL, "%s on %s reaches %.1f MHz%s, the board's PLL makes %u MHz; ask for less with --freq",
                   job->config_name, job->target->name, r->timing.fmax_mhz, seeds, r->board_clock_mhz);
  return SF_OK;
}

sf_err sf_synth_run_job(const sf_synth_job *job, sf_synth_result *out, bool *placed, sf_msg *msg) {
  char path[SF_PATH_MAX];
  *placed = false;
  memset(out, 0, sizeof *out);
  sf_err err = sf_synth_nextpnr(job->target->ecp5, path, msg); /* asked for before the first tool works for minutes */
  if (!err) err = sf_synth_netlist(job, out, msg);
  if (!err) err = sf_synth_place(job, out, NULL, msg);
  if (err) return err;
  *placed = true;
  return sf_synth_verdict(job, out, msg);
}

sf_err sf_synth_tools(const sf_synth_target *target, char yosys[SF_PATH_MAX], char nextpnr[SF_PATH_MAX], sf_msg *msg) {
  const sf_err err = sf_synth_yosys(target->ecp5, yosys, msg);
  return err ? err : sf_synth_nextpnr(target->ecp5, nextpnr, msg);
}
