/* rows.c - rows of a sweep put together: what follows from their numbers, and the Pareto fronts. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explore/columns.h"
#include "explore/rows.h"
#include "files/file_util.h"
#include "files/json_util.h"
#include "verilated/verilator.h"

#ifndef SF_VERSION
#define SF_VERSION "unknown"
#endif

/* ---- what follows from a row's numbers ---- */

/* Five digits say all there is to say, and keep the files readable. */
static void put(cJSON *row, const char *key, double x) {
  char text[32];
  if (!isfinite(x) || cJSON_HasObjectItem(row, key)) return;
  snprintf(text, sizeof text, "%.5g", x);
  cJSON_AddNumberToObject(row, key, strtod(text, NULL));
}

/* Picojoules of 45 nm logic at 0.9 V: M. Horowitz, "Computing's energy problem (and what we can do about it)", ISSCC
 * 2014, figure 1.1.9. A 64-bit access to 8 KiB of SRAM takes 10, to 32 KiB 20, to 1 MiB 100: about as the root of the
 * size. An 8-bit addition takes 0.03, a 32-bit one 0.1; a 32 x 32 bit multiplication 3.1. */
static double sram_pj_per_bit(double bytes) { return 10.0 / 64 * sqrt(fmax(bytes, 512) / 8192); }
#define ADD_PJ_PER_BIT (0.1 / 32)
#define MULTIPLY_PJ_PER_BIT2 (3.1 / (32 * 32))

double sf_energy_pj(double row_reads, double neuron_updates, uint32_t axons, uint32_t neurons, uint32_t lanes,
                    uint32_t weight_bits, uint32_t potential_bits, bool leak_shift) {
  const double vb = potential_bits, sum_bits = weight_bits + sf_clog2(axons) + (weight_bits == 1);
  /* The weights lie in banks of 32 bits, of which all lanes together read their row. */
  const double banks = fmax(1, lanes * (double)weight_bits / 32),
               bank = (double)axons * neurons * weight_bits / 8 / banks;
  const double synapse = weight_bits * sram_pj_per_bit(bank) + sum_bits * ADD_PJ_PER_BIT;
  /* A neuron reads threshold, bias and potential and writes the potential; four additions; the leak multiplies by 13
   * bits. */
  const double neuron = 4 * vb * sram_pj_per_bit(neurons * vb / 8) + 4 * vb * ADD_PJ_PER_BIT +
                        (leak_shift ? 0 : vb * 13 * MULTIPLY_PJ_PER_BIT2);
  return row_reads * lanes * synapse + neuron_updates * neuron;
}

void sf_rows_derive(cJSON *row) {
  const double axons = sf_row_number(row, "AXONS"), neurons = sf_row_number(row, "NEURONS"),
               lanes = sf_row_number(row, "LANES");
  const double bits = sf_row_number(row, "WEIGHT_BITS"), fmax_mhz = sf_row_number(row, "fmax_mhz");
  const double ops = sf_row_number(row, "synaptic_ops"), cycles = sf_row_number(row, "cycles");
  const double ticks = sf_row_number(row, "model_ticks"), active = sf_row_number(row, "active_axons");
  const double samples = sf_row_number(row, "samples");
  const sf_synth_target *target = sf_synth_target_find(sf_row_text(row, "target"));
  /* Results may be anybody's file. */
  if (!(axons >= 1 && axons <= 1e6) || !(neurons >= 1 && neurons <= 1e6) || !(lanes >= 1 && lanes <= 1e6)) return;
  if (!(bits >= 1 && bits <= 64)) return;
  put(row, "synapses", axons * neurons);
  put(row, "weight_kib", axons * neurons * bits / 8192);
  put(row, "utilisation", ops / cycles / lanes);
  /* A logic cell is a LUT; without placement, carry cells of the ECP5 are two more. */
  double luts = sf_row_number(row, "logic_cells");
  if (!isfinite(luts))
    luts = sf_row_number(row, "lut4") + (target && target->ecp5 ? 2 * sf_row_number(row, "carry") : 0);
  put(row, "luts", luts);
  put(row, "luts_per_lane", luts / lanes);
  put(row, "lanes_per_block_ram", lanes / sf_row_number(row, "block_ram"));
  put(row, "peak_gops", lanes * fmax_mhz / 1000);
  put(row, "gops", ops / cycles * fmax_mhz / 1000);
  put(row, "ticks_per_s", fmax_mhz * 1e6 * ticks / cycles);
  if (isfinite(sf_row_number(row, "correct"))) put(row, "samples_per_s", fmax_mhz * 1e6 * samples / cycles);
  const double vb = sf_row_number(row, "POTENTIAL_BITS");
  if (ops > 0 && vb >= 1 && vb <= 64) {
    const double pj =
        sf_energy_pj(active * neurons / lanes, ticks * neurons, (uint32_t)axons, (uint32_t)neurons, (uint32_t)lanes,
                     (uint32_t)bits, (uint32_t)vb, !strcmp(sf_row_text(row, "LEAK"), "shift"));
    put(row, "energy_pj_per_op", pj / ops);
    put(row, "energy_nj_per_tick", pj / ticks / 1000);
  }
}

/* ---- Pareto fronts ---- */

typedef struct candidate {
  double gain, cost;
  size_t at;
} candidate;

static int by_cost(const void *a, const void *b) {
  const candidate *x = a, *y = b;
  if (x->cost != y->cost) return x->cost < y->cost ? -1 : 1;
  return x->gain > y->gain ? -1 : x->gain < y->gain;
}

void sf_pareto(const double *gain, const double *cost, size_t n, bool *front) {
  candidate *c = malloc((n ? n : 1) * sizeof *c);
  for (size_t i = 0; i < n; i++) front[i] = false;
  if (!c) return;
  for (size_t i = 0; i < n; i++) c[i] = (candidate){gain[i], cost[i], i};
  qsort(c, n, sizeof *c, by_cost);
  /* Of equal cost the best comes first; it is on the front when it beats everything cheaper, its equals with it. */
  double best = -INFINITY;
  for (size_t i = 0; i < n;) {
    const candidate first = c[i];
    const bool good = first.gain > best;
    for (; i < n && c[i].cost == first.cost; i++) front[c[i].at] = good && c[i].gain == first.gain;
    if (good) best = first.gain;
  }
  free(c);
}

static const struct {
  const char *name, *gain, *cost;
  bool same_work;
} fronts[] = {{"luts", "gops", "luts", true},
              {"block_ram", "gops", "block_ram", true},
              {"energy", "gops", "energy_pj_per_op", true},
              {"accuracy", "accuracy", "WEIGHT_BITS", false}};

/* Points compete on one target; throughputs, for the same work. */
static void group_of(const cJSON *row, bool same_work, char out[256]) {
  snprintf(out, 256, "%.40s|%.96s|%g", sf_row_text(row, "target"), same_work ? sf_row_text(row, "network") : "",
           same_work && isfinite(sf_row_number(row, "events")) ? sf_row_number(row, "events") : 0);
}

static void mark_front(cJSON **row, size_t n, size_t which) {
  double *gain = calloc(n, sizeof *gain), *cost = calloc(n, sizeof *cost);
  size_t *at = calloc(n, sizeof *at);
  bool *done = calloc(n, sizeof *done), *front = calloc(n, sizeof *front);
  char group[256], other[256];
  for (size_t first = 0; gain && cost && at && done && front && first < n; first++) {
    if (done[first]) continue;
    size_t m = 0;
    group_of(row[first], fronts[which].same_work, group);
    for (size_t i = first; i < n; i++) {
      if (done[i]) continue;
      group_of(row[i], fronts[which].same_work, other);
      if (strcmp(group, other) != 0) continue;
      done[i] = true;
      gain[m] = sf_row_number(row[i], fronts[which].gain);
      cost[m] = sf_row_number(row[i], fronts[which].cost);
      if (strcmp(sf_row_text(row[i], "status"), "ok") == 0 && isfinite(gain[m]) && isfinite(cost[m])) at[m++] = i;
    }
    sf_pareto(gain, cost, m, front);
    for (size_t i = 0; i < m; i++)
      if (front[i])
        cJSON_AddItemToArray(cJSON_GetObjectItemCaseSensitive(row[at[i]], "fronts"),
                             cJSON_CreateString(fronts[which].name));
  }
  free(gain);
  free(cost);
  free(at);
  free(done);
  free(front);
}

void sf_rows_fronts(cJSON *rows) {
  const size_t n = (size_t)cJSON_GetArraySize(rows);
  cJSON **row = calloc(n + 1, sizeof *row), *one;
  size_t i = 0;
  if (!row) return;
  cJSON_ArrayForEach(one, rows) {
    cJSON_DeleteItemFromObjectCaseSensitive(one, "fronts");
    cJSON_AddArrayToObject(one, "fronts");
    row[i++] = one;
  }
  for (size_t f = 0; f < sizeof fronts / sizeof *fronts; f++) mark_front(row, n, f);
  free(row);
}

/* ---- all rows ---- */

static void count(cJSON *results, const cJSON *rows) {
  static const char *const status[] = {"ok", "failed", "error", "missing"};
  for (size_t k = 0; k < 4; k++) {
    int n = 0;
    const cJSON *row;
    cJSON_ArrayForEach(row, rows) n += !strcmp(sf_row_text(row, "status"), status[k]);
    cJSON_AddNumberToObject(results, status[k], n);
  }
}

/* "0.23", or "0.23, 0.61" where the rows were made with several. */
static void tool_versions(cJSON *tools, const cJSON *rows, const char *key) {
  char all[200] = "";
  const cJSON *row;
  cJSON_ArrayForEach(row, rows) {
    const char *version = sf_row_text(row, key);
    if (!*version || strstr(all, version) || strlen(all) + strlen(version) + 3 > sizeof all) continue;
    if (all[0]) strcat(all, ", ");
    strcat(all, version);
  }
  if (all[0]) cJSON_AddStringToObject(tools, key, all);
}

static void add_tools(cJSON *results, const cJSON *rows) {
  cJSON *tools = cJSON_AddObjectToObject(results, "tools");
  char line[120];
  cJSON_AddStringToObject(tools, "synfire", SF_VERSION);
  sf_verilator_version(line, sizeof line);
  if (line[0]) cJSON_AddStringToObject(tools, "verilator", line);
  tool_versions(tools, rows, "yosys");
  tool_versions(tools, rows, "nextpnr");
}

sf_err sf_rows_collect(const sf_sweep *s, unsigned steps, cJSON **out, sf_msg *msg) {
  cJSON *results = cJSON_CreateObject();
  if (!results) return sf_fail(msg, SF_ENOMEM, "out of memory");
  cJSON_AddStringToObject(results, "format", "synfire-explore");
  cJSON_AddNumberToObject(results, "version", 1);
  cJSON_AddStringToObject(results, "sweep", s->name);
  cJSON_AddNumberToObject(results, "points", s->n_points);
  cJSON *rows = cJSON_CreateArray();
  for (uint32_t i = 0; rows && i < s->n_points; i++) {
    cJSON *row = sf_point_row(s, &s->point[i], steps ? steps : s->point[i].grid->steps);
    if (!row || !cJSON_AddItemToArray(rows, row)) {
      cJSON_Delete(row);
      cJSON_Delete(rows);
      rows = NULL;
    } else {
      sf_rows_derive(row);
    }
  }
  if (!rows) {
    cJSON_Delete(results);
    return sf_fail(msg, SF_ENOMEM, "out of memory");
  }
  sf_rows_fronts(rows);
  count(results, rows);
  add_tools(results, rows);
  cJSON_AddItemToObject(results, "columns", sf_columns_json(rows));
  cJSON_AddItemToObject(results, "rows", rows);
  *out = results;
  return SF_OK;
}

sf_err sf_rows_read(const char *path, cJSON **out, sf_msg *msg) {
  char *text;
  size_t length;
  cJSON *root, *row;
  sf_err err = sf_file_read(path, (size_t)1 << 28, &text, &length, msg);
  if (err) return err;
  err = sf_json_parse(text, length, &root, msg);
  free(text);
  if (err) return sf_prefix(msg, err, path);
  const cJSON *rows = cJSON_GetObjectItemCaseSensitive(root, "rows");
  if (strcmp(sf_row_text(root, "format"), "synfire-explore") != 0 || !cJSON_IsArray(rows))
    err = sf_fail(msg, SF_EFORMAT,
                  "%.300s: not results of synfire explore: format must be \"synfire-explore\", rows an array", path);
  cJSON_ArrayForEach(row, rows) if (!err && !cJSON_IsObject(row)) err =
      sf_fail(msg, SF_EFORMAT, "%.300s: rows: must be an array of objects", path);
  if (err) cJSON_Delete(root);
  else *out = root;
  return err;
}
