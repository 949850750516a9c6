/* write.c - results of a sweep as CSV, JSON and Markdown. The page is in page.c. */
#define _GNU_SOURCE
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explore/cache.h"
#include "explore/columns.h"
#include "explore/page.h"
#include "explore/rows.h"
#include "files/file_util.h"
#include "util/text.h"

const sf_column sf_columns[] = {{"point", "point"},
                                {"status", "status"},
                                {"failed_step", "failed in"},
                                {"reason", "reason"},
                                {"grid", "grid"},
                                {"target", "target"},
                                {"AXONS", "axons"},
                                {"NEURONS", "neurons"},
                                {"LANES", "lanes"},
                                {"NEURON_LANES", "neuron lanes"},
                                {"LEARNING_LANES", "learning lanes"},
                                {"WEIGHT_BITS", "weight bits"},
                                {"POTENTIAL_BITS", "potential bits"},
                                {"DELAY_SLOTS", "delay slots"},
                                {"PROFILES", "profiles"},
                                {"ROUTES", "routes"},
                                {"HAS_CURRENT", "current"},
                                {"HAS_REFRACTORY", "refractory"},
                                {"HAS_ADAPTATION", "adaptation"},
                                {"HAS_NOISE", "noise"},
                                {"LEAK", "leak"},
                                {"WEIGHT_MEMORY", "weight memory"},
                                {"network", "network"},
                                {"density", "density"},
                                {"events", "events a tick"},
                                {"ticks", "ticks"},
                                {"traffic_seed", "traffic seed"},
                                {"synapses", "synapses"},
                                {"weight_kib", "weights, KiB"},
                                {"lint", "lint"},
                                {"lint_first", "lint, first warning"},
                                {"samples", "samples"},
                                {"model_ticks", "ticks run"},
                                {"input_events", "input events"},
                                {"late_events", "input events after the end, left out"},
                                {"spikes", "spikes"},
                                {"output_events", "output events"},
                                {"active_axons", "active axons"},
                                {"synaptic_ops", "synaptic operations"},
                                {"cycles", "cycles"},
                                {"cycles_per_tick", "cycles a tick"},
                                {"ops_per_cycle", "operations a cycle"},
                                {"utilisation", "utilisation of lanes"},
                                {"correct", "right"},
                                {"accuracy", "accuracy"},
                                {"lockstep_cycles", "cycles in lockstep"},
                                {"lockstep_ticks", "ticks in lockstep"},
                                {"mismatches", "mismatches"},
                                {"occupancy", "occupancy of lanes"},
                                {"occupancy_least", "occupancy, least of a tick"},
                                {"lut4", "LUT4"},
                                {"ff", "flip-flops"},
                                {"carry", "carry cells"},
                                {"block_ram", "block RAM"},
                                {"lut_ram", "LUT RAM"},
                                {"spram", "SPRAM"},
                                {"dsp", "DSP"},
                                {"lut4_synapses", "LUT4 of the crossbar"},
                                {"ff_synapses", "flip-flops of the crossbar"},
                                {"lut4_neurons", "LUT4 of the neurons"},
                                {"ff_neurons", "flip-flops of the neurons"},
                                {"logic_cells", "logic cells, placed"},
                                {"luts", "LUTs"},
                                {"luts_per_lane", "LUTs a lane"},
                                {"lanes_per_block_ram", "lanes a block RAM"},
                                {"fmax_mhz", "clock, MHz"},
                                {"fmax_min_mhz", "slowest seed, MHz"},
                                {"fmax_max_mhz", "fastest seed, MHz"},
                                {"fmax_icetime_mhz", "icetime, MHz"},
                                {"route_seeds", "seeds"},
                                {"critical_ns", "critical path, ns"},
                                {"critical_from", "critical path from"},
                                {"critical_to", "critical path to"},
                                {"peak_gops", "peak, billion operations a second"},
                                {"gops", "billion operations a second"},
                                {"ticks_per_s", "ticks a second"},
                                {"samples_per_s", "samples a second"},
                                {"energy_pj_per_op", "energy proxy, pJ an operation"},
                                {"energy_nj_per_tick", "energy proxy, nJ a tick"},
                                {"yosys", "yosys"},
                                {"yosys_warnings", "warnings of yosys"},
                                {"yosys_first", "yosys, first warning"},
                                {"nextpnr", "nextpnr"},
                                {"seconds", "computed in, s"},
                                {"fronts", "on the front of"}};
const size_t sf_n_columns = sizeof sf_columns / sizeof *sf_columns;

cJSON *sf_columns_json(const cJSON *rows) {
  cJSON *list = cJSON_CreateArray();
  for (size_t i = 0; i < sf_n_columns; i++) {
    const cJSON *row;
    bool used = false;
    cJSON_ArrayForEach(row, rows) used = used || cJSON_HasObjectItem(row, sf_columns[i].key);
    if (!used) continue;
    cJSON *column = cJSON_CreateObject();
    cJSON_AddStringToObject(column, "key", sf_columns[i].key);
    cJSON_AddStringToObject(column, "title", sf_columns[i].title);
    cJSON_AddItemToArray(list, column);
  }
  return list;
}

/* ---- one value ---- */

static void number_text(double x, char out[40]) {
  if (x == floor(x) && fabs(x) < 1e15) snprintf(out, 40, "%.0f", x);
  else snprintf(out, 40, "%.10g", x);
}

/* As text, lists joined by blanks; "" for what is not there. The caller frees it. */
static char *value_text(const cJSON *item) {
  char number[40], *text = NULL;
  if (cJSON_IsNumber(item)) {
    number_text(item->valuedouble, number);
    return strdup(number);
  }
  if (cJSON_IsString(item)) return strdup(item->valuestring);
  if (cJSON_IsBool(item)) return strdup(cJSON_IsTrue(item) ? "1" : "0");
  if (!cJSON_IsArray(item)) return strdup("");
  size_t size;
  FILE *f = open_memstream(&text, &size);
  const cJSON *one;
  if (!f) return NULL;
  cJSON_ArrayForEach(one, item)
      fprintf(f, "%s%s", one == item->child ? "" : " ", cJSON_IsString(one) ? one->valuestring : "");
  fclose(f);
  return text;
}

/* ---- files ---- */

/* Quoted where RFC 4180 asks for it. */
static void csv_value(sf_text *t, const cJSON *item) {
  char *text = value_text(item);
  if (!text) {
    t->failed = true;
    return;
  }
  if (!text[strcspn(text, ",\"\r\n")]) {
    sf_text_add(t, "%s", text);
  } else {
    sf_text_add(t, "\"");
    for (const char *c = text; *c; c++) sf_text_add(t, *c == '"' ? "\"\"" : "%c", *c);
    sf_text_add(t, "\"");
  }
  free(text);
}

static sf_err finish(sf_text *t, const char *path, sf_msg *msg) {
  sf_err err = t->failed || !t->s ? sf_fail(msg, SF_ENOMEM, "%s: out of memory", path) : SF_OK;
  if (!err) err = sf_write_text(path, t->s, msg);
  sf_text_free(t);
  return err;
}

sf_err sf_rows_write_csv(const cJSON *results, const char *path, sf_msg *msg) {
  sf_text t = {0};
  const cJSON *columns = cJSON_GetObjectItemCaseSensitive(results, "columns");
  const cJSON *rows = cJSON_GetObjectItemCaseSensitive(results, "rows"), *row, *column;
  cJSON_ArrayForEach(column, columns)
      sf_text_add(&t, "%s%s", column == columns->child ? "" : ",", sf_row_text(column, "key"));
  sf_text_add(&t, "\n");
  cJSON_ArrayForEach(row, rows) {
    cJSON_ArrayForEach(column, columns) {
      if (column != columns->child) sf_text_add(&t, ",");
      csv_value(&t, cJSON_GetObjectItemCaseSensitive(row, sf_row_text(column, "key")));
    }
    sf_text_add(&t, "\n");
  }
  return finish(&t, path, msg);
}

/* From a folder to a file, both absolute: "../lint-0123". */
static char *relative(const char *folder, const char *file) {
  size_t same = 0;
  for (size_t i = 0; folder[i] && folder[i] == file[i]; i++)
    if (folder[i] == '/') same = i + 1;
  const size_t n = strlen(folder);
  if (strncmp(folder, file, n) == 0 && file[n] == '/') return strdup(file + n + 1);
  sf_text t = {0};
  sf_text_add(&t, "../");
  for (const char *c = folder + same; *c; c++)
    if (*c == '/') sf_text_add(&t, "../");
  sf_text_add(&t, "%s", file + same);
  return t.s;
}

/* Results whose logs are named as seen from the file. The caller deletes them. */
static cJSON *as_seen_from(const cJSON *results, const char *path) {
  char folder[SF_PATH_MAX], absolute[SF_PATH_MAX];
  cJSON *copy = cJSON_Duplicate(results, 1), *row, *log;
  snprintf(folder, sizeof folder, "%s", path);
  char *slash = strrchr(folder, '/');
  if (slash) *slash = '\0';
  if (!realpath(slash ? folder : ".", absolute)) return copy;
  cJSON_ArrayForEach(row, cJSON_GetObjectItemCaseSensitive(copy, "rows"))
      cJSON_ArrayForEach(log, cJSON_GetObjectItemCaseSensitive(row, "logs")) {
    if (!cJSON_IsString(log) || log->valuestring[0] != '/') continue;
    char *seen = relative(absolute, log->valuestring);
    if (seen) cJSON_SetValuestring(log, seen);
    free(seen);
  }
  return copy;
}

char *sf_rows_json_text(const cJSON *results, const char *path, bool indented) {
  cJSON *seen = as_seen_from(results, path);
  char *text = !seen ? NULL : indented ? cJSON_Print(seen) : cJSON_PrintUnformatted(seen);
  cJSON_Delete(seen);
  return text;
}

sf_err sf_rows_write_json(const cJSON *results, const char *path, sf_msg *msg) {
  sf_text t = {0};
  char *text = sf_rows_json_text(results, path, true);
  if (!text) return sf_fail(msg, SF_ENOMEM, "%s: out of memory", path);
  sf_text_add(&t, "%s\n", text);
  cJSON_free(text);
  return finish(&t, path, msg);
}

/* ---- the summary ---- */

static const char *const shown[] = {
    "target",          "AXONS",       "NEURONS",  "LANES",         "WEIGHT_BITS",      "network",
    "cycles_per_tick", "utilisation", "accuracy", "luts",          "luts_per_lane",    "block_ram",
    "spram",           "fmax_mhz",    "gops",     "samples_per_s", "energy_pj_per_op", "lockstep_cycles",
    "fronts"};
enum { N_SHOWN = sizeof shown / sizeof *shown };

static const char *title_of(const char *key) {
  for (size_t i = 0; i < sf_n_columns; i++)
    if (!strcmp(sf_columns[i].key, key)) return sf_columns[i].title;
  return key;
}

static void cell(sf_text *t, const cJSON *item) {
  if (cJSON_IsNumber(item)) {
    const double x = item->valuedouble;
    if (x == floor(x) && x >= 0 && x < 1e15) {
      sf_text_add(t, " ");
      sf_text_count(t, (uint64_t)x);
      sf_text_add(t, " |");
    } else {
      sf_text_add(t, " ");
      sf_text_number(t, x, 4);
      sf_text_add(t, " |");
    }
    return;
  }
  char *text = value_text(item);
  sf_text_add(t, " ");
  for (const char *c = text ? text : ""; *c; c++) sf_text_add(t, *c == '|' ? "\\|" : "%c", *c == '\n' ? ' ' : *c);
  sf_text_add(t, " |");
  free(text);
}

sf_err sf_rows_write_markdown(const cJSON *results, const char *path, sf_msg *msg) {
  sf_text t = {0};
  const cJSON *rows = cJSON_GetObjectItemCaseSensitive(results, "rows"), *row, *tool;
  bool used[N_SHOWN] = {false};
  for (int i = 0; i < N_SHOWN; i++) cJSON_ArrayForEach(row, rows) {
      const cJSON *item = cJSON_GetObjectItemCaseSensitive(row, shown[i]);
      used[i] = used[i] ||
                (item && (!cJSON_IsArray(item) || item->child) && !(cJSON_IsNumber(item) && item->valuedouble == 0));
    }
  sf_text_add(&t, "# Sweep %s\n\n%.0f points: %.0f ok, %.0f failed, %.0f with an error, %.0f not computed.",
              sf_row_text(results, "sweep"), sf_row_number(results, "points"), sf_row_number(results, "ok"),
              sf_row_number(results, "failed"), sf_row_number(results, "error"), sf_row_number(results, "missing"));
  sf_text_add(&t, " Made with");
  cJSON_ArrayForEach(tool, cJSON_GetObjectItemCaseSensitive(results, "tools")) sf_text_add(
      &t, "%s %s %s", tool->prev->next ? "," : "", tool->string, cJSON_IsString(tool) ? tool->valuestring : "");
  sf_text_add(&t, ".\n\n|");
  for (int i = 0; i < N_SHOWN; i++)
    if (used[i]) sf_text_add(&t, " %s |", title_of(shown[i]));
  sf_text_add(&t, "\n|");
  for (int i = 0; i < N_SHOWN; i++)
    if (used[i])
      sf_text_add(&t, " %s |",
                  !strcmp(shown[i], "target") || !strcmp(shown[i], "network") || !strcmp(shown[i], "fronts") ? "---"
                                                                                                             : "---:");
  sf_text_add(&t, "\n");
  cJSON_ArrayForEach(row, rows) {
    if (strcmp(sf_row_text(row, "status"), "ok")) continue;
    sf_text_add(&t, "|");
    for (int i = 0; i < N_SHOWN; i++)
      if (used[i]) cell(&t, cJSON_GetObjectItemCaseSensitive(row, shown[i]));
    sf_text_add(&t, "\n");
  }
  bool first = true;
  cJSON_ArrayForEach(row, rows) {
    if (!strcmp(sf_row_text(row, "status"), "ok")) continue;
    if (first)
      sf_text_add(&t, "\n| point | target | lanes | neurons | weight bits | status | reason |\n| ---: | --- | ---: | "
                      "---: | ---: | --- | --- |\n");
    first = false;
    static const char *const bad[] = {"point", "target", "LANES", "NEURONS", "WEIGHT_BITS", "status", "reason"};
    sf_text_add(&t, "|");
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) cell(&t, cJSON_GetObjectItemCaseSensitive(row, bad[i]));
    sf_text_add(&t, "\n");
  }
  return finish(&t, path, msg);
}
