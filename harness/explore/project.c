/* project.c - see project.h. */
#include "explore/project.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explore/columns.h"
#include "explore/parts.h"
#include "explore/rows.h"
#include "util/numbers.h"
#include "util/text.h"

/* ---- many chips ---- */

typedef struct speed {
  double compute, memory, chip_links, mesh;
} speed; /* ticks a second that each would allow */

static const char *wall_of(const speed *s, double *ticks) {
  const struct {
    const char *name;
    double value;
  } limit[] = {{"compute", s->compute},
               {"memory bandwidth", s->memory},
               {"links of a chip", s->chip_links},
               {"mesh between chips", s->mesh}};
  size_t at = 0;
  for (size_t i = 1; i < 4; i++)
    if (limit[i].value < limit[at].value) at = i;
  *ticks = limit[at].value;
  return limit[at].name;
}

/* A machine of `neurons` on chips with `cores` cores each. Every core's neurons listen to its own axons; these come
 * from neurons anywhere, so that in a large machine nearly all events cross chips, and half of them the middle of the
 * mesh. */
static speed machine(const sf_chip *c, const sf_assumed *a, double neurons, double most_cores, double chips,
                     double memory_bits_s) {
  const double cores = fmin(most_cores, ceil(neurons / (chips * c->core.neurons)));
  const sf_shape *s = &c->core;
  const double active = s->axons * a->activity, spikes = s->neurons * a->activity;
  const double mhz = sf_row_number(c->core_row, "fmax_mhz");
  const double event_bits =
      ceil(log2(fmax(2, neurons / s->neurons))) + ceil(log2(s->axons)) + 4; /* core, axon, delay */
  const double remote = chips > 1 ? 1 - 1 / chips : 0, in_bits = cores * active * event_bits * remote;
  const double link = a->link_mbit * 1e6;
  speed v = {.compute = mhz * 1e6 / sf_project_cycles(s, active, spikes),
             .memory = INFINITY,
             .chip_links = INFINITY,
             .mesh = INFINITY};
  if (memory_bits_s > 0) {
    v.memory = memory_bits_s / (cores * active * s->neurons * s->weight_bits);
    v.compute /= cores / fmax(1, c->per_chip); /* more cores than are built take turns */
  }
  if (chips > 1) {
    v.chip_links = 4 * link / in_bits;
    v.mesh = sqrt(chips) * link / (chips * in_bits / 2);
  }
  return v;
}

static void describe_machines(cJSON *root, const sf_chip *c, size_t n, const sf_assumed *a) {
  static const char *const columns[] = {"target",       "weights",
                                        "neurons",      "synapses",
                                        "weights, GB",  "neurons a chip",
                                        "chips",        "ticks a second",
                                        "limited by",   "compute alone",
                                        "memory alone", "links alone",
                                        "mesh alone",   "billion operations a second",
                                        "number is"};
  char note[500], text[4][SF_NUMBER_TEXT];
  snprintf(note, sizeof note,
           "%s %% of axons and neurons active in a tick; four links of %s Mbit/s a chip in a square mesh; sources "
           "anywhere; a memory beside the chip of %s MB with %s MB/s. All of it extrapolated from one measured core.",
           sf_number_text(100 * a->activity, 3, text[0]), sf_number_text(a->link_mbit, 4, text[1]),
           sf_number_text(a->dram_mbyte, 4, text[2]), sf_number_text(a->dram_mbyte_s, 4, text[3]));
  cJSON *rows = sf_table_new(root, "Many chips", note, columns, 15);
  cJSON *chips_chart = sf_chart_new(root, "machine-chips", "Chips", "neurons", "chips"),
        *speed_chart = sf_chart_new(root, "machine-ticks", "Ticks a second", "neurons", "ticks a second");
  for (size_t i = 0; i < n; i++)
    for (int beside = 0; beside < 2; beside++)
      for (double neurons = 1e5; neurons < 2e9; neurons *= 10) {
        const sf_shape *s = &c[i].core;
        const double core_bits = s->axons * s->neurons * s->weight_bits;
        const double cores = beside ? floor(a->dram_mbyte * 8e6 / core_bits) : floor(c[i].per_chip);
        if (cores < 1) continue;
        const double chips = ceil(neurons / (cores * s->neurons));
        const speed v = machine(&c[i], a, neurons, cores, chips, beside ? a->dram_mbyte_s * 8e6 : 0);
        double ticks;
        const char *wall = wall_of(&v, &ticks);
        char series[80];
        snprintf(series, sizeof series, "%s, weights %s", c[i].target->name, beside ? "beside the chip" : "on chip");
        cJSON *row = sf_table_row(rows);
        sf_cell_text(row, c[i].target->name);
        sf_cell_text(row, beside ? "beside the chip" : "on chip");
        sf_cell_number(row, neurons);
        sf_cell_number(row, neurons * s->axons);
        sf_cell_number(row, neurons * s->axons * s->weight_bits / 8e9);
        sf_cell_number(row, cores * s->neurons);
        sf_cell_number(row, chips);
        sf_cell_number(row, ticks);
        sf_cell_text(row, wall);
        sf_cell_number(row, v.compute);
        sf_cell_number(row, v.memory);
        sf_cell_number(row, v.chip_links);
        sf_cell_number(row, v.mesh);
        sf_cell_number(row, ticks * neurons * s->axons * a->activity / 1e9);
        sf_cell_text(row, "extrapolated");
        sf_chart_point(chips_chart, series, neurons, chips, false);
        sf_chart_point(speed_chart, series, neurons, ticks, false);
      }
}

static void describe_cores(cJSON *root, const sf_chip *c, size_t n, const sf_assumed *a) {
  static const char *const columns[] = {"target",
                                        "axons",
                                        "neurons",
                                        "lanes",
                                        "weight bits",
                                        "LUTs",
                                        "block RAMs",
                                        "clock, MHz",
                                        "cores a chip",
                                        "then runs out",
                                        "ticks a second of one core",
                                        "clock and area are"};
  cJSON *rows = sf_table_new(
      root, "The core that is multiplied",
      "the measured point with most synapses; its ticks a second at the assumed activity are computed", columns, 12);
  for (size_t i = 0; i < n; i++) {
    const sf_shape *s = &c[i].core;
    const double mhz = sf_row_number(c[i].core_row, "fmax_mhz");
    cJSON *row = sf_table_row(rows);
    sf_cell_text(row, c[i].target->name);
    sf_cell_number(row, s->axons);
    sf_cell_number(row, s->neurons);
    sf_cell_number(row, s->lanes);
    sf_cell_number(row, s->weight_bits);
    sf_cell_number(row, sf_row_number(c[i].core_row, "luts"));
    sf_cell_number(row, sf_row_number(c[i].core_row, "block_ram"));
    sf_cell_number(row, mhz);
    sf_cell_number(row, floor(c[i].per_chip));
    sf_cell_text(row, c[i].runs_out);
    sf_cell_number(row, mhz * 1e6 / sf_project_cycles(s, s->axons * a->activity, s->neurons * a->activity));
    sf_cell_text(row, "measured");
  }
}

/* The cycle formula against the rows that the model counted exactly. */
static void describe_cycles(cJSON *root, const cJSON *all) {
  static const char *const columns[] = {"points", "mean error", "largest error"};
  const cJSON *row;
  size_t n = 0;
  double sum = 0, largest = 0;
  char mean[32], most[32];
  cJSON_ArrayForEach(row, all) {
    sf_shape s;
    const double ticks = sf_row_number(row, "model_ticks"), cycles = sf_row_number(row, "cycles");
    const double active = sf_row_number(row, "active_axons"), spikes = sf_row_number(row, "spikes");
    if (!(ticks > 0) || !(cycles > 0) || !(active >= 0) || !(spikes >= 0) || !sf_row_shape(row, &s)) continue;
    const double error = fabs(sf_project_cycles(&s, active / ticks, spikes / ticks) * ticks / cycles - 1);
    sum += error;
    n++;
    if (error > largest) largest = error;
  }
  cJSON *line = sf_table_row(sf_table_new(root, "Cycles of a tick",
                                          "the formula used here against the exact cycles of all points that were run",
                                          columns, 3));
  sf_cell_number(line, (double)n);
  sf_cell_text(line, n ? sf_percent(sum / (double)n, mean) : "nothing to compare");
  sf_cell_text(line, n ? sf_percent(largest, most) : "nothing to compare");
}

static void choose_core(const cJSON *rows, sf_chip *c) {
  const cJSON *row;
  double best = 0, best_mhz = 0;
  cJSON_ArrayForEach(row, rows) {
    sf_shape s;
    if (!sf_row_routed(row, c->target) || !sf_row_shape(row, &s)) continue;
    const double synapses = s.axons * s.neurons, rate = s.lanes * sf_row_number(row, "fmax_mhz");
    if (synapses < best || (synapses == best && rate <= best_mhz)) continue;
    best = synapses;
    best_mhz = rate;
    c->core = s;
    c->core_row = row;
  }
  if (!c->core_row) return;
  const double by_luts = c->target->available[SF_RES_LOGIC] / sf_row_number(c->core_row, "luts");
  const double ram = sf_row_number(c->core_row, "block_ram"), spram = sf_row_number(c->core_row, "spram");
  double by_ram = ram > 0 ? c->target->available[SF_RES_BLOCK_RAM] / ram : INFINITY;
  if (spram > 0) by_ram = fmin(by_ram, c->target->available[SF_RES_SPRAM] / spram);
  c->per_chip = floor(fmin(by_luts, by_ram));
  c->runs_out = by_luts < by_ram ? "LUTs" : "memory";
}

static size_t different_lanes(const cJSON *rows, const sf_synth_target *target, size_t *points) {
  bool seen[32] = {false};
  const cJSON *row;
  sf_shape s;
  size_t n = 0;
  *points = 0;
  cJSON_ArrayForEach(row, rows) {
    if (!sf_row_routed(row, target) || !sf_row_shape(row, &s)) continue;
    const int at = (int)log2(s.lanes);
    ++*points;
    if (at < 0 || at >= 32 || seen[at]) continue;
    seen[at] = true;
    n++;
  }
  return n;
}

/* What it is, and which tools the designs were routed with: others come to other clocks. */
static void add_text(cJSON *root, const cJSON *results) {
  const cJSON *tools = cJSON_GetObjectItemCaseSensitive(results, "tools"), *tool;
  sf_text t = {0};
  int n = 0;
  sf_text_add(
      &t,
      "Area, clock and cycles fitted to routed designs, and multiplied to machines that nobody has built. Only what is "
      "marked measured was measured; the rest shows what would limit such a machine first, not what it would do.");
  cJSON_ArrayForEach(tool, tools) if (cJSON_IsString(tool) && strcmp(tool->string, "synfire"))
      sf_text_add(&t, "%s %s %s", n++ ? "," : " The designs were made with", tool->string, tool->valuestring);
  if (n) sf_text_add(&t, ".");
  cJSON_AddStringToObject(root, "text", t.s ? t.s : "");
  sf_text_free(&t);
  if (cJSON_IsObject(tools)) cJSON_AddItemToObject(root, "tools", cJSON_Duplicate(tools, true));
}

sf_err sf_project(const cJSON *results, const sf_assumed *assumed, cJSON **out, sf_msg *msg) {
  static const char *const name[] = {"up5k", "hx8k", "ecp5-25", "ecp5-85"};
  const cJSON *rows = cJSON_GetObjectItemCaseSensitive(results, "rows");
  sf_chip c[4];
  size_t n = 0;
  sf_err err = SF_OK;
  memset(c, 0, sizeof c);
  for (size_t i = 0; i < 4 && !err; i++) {
    size_t points;
    const sf_synth_target *target = sf_synth_target_find(name[i]);
    if (different_lanes(rows, target, &points) < 2 || points < 4) continue;
    c[n].target = target;
    choose_core(rows, &c[n]);
    for (int law = 0; law < SF_LAWS && !err; law++) err = sf_fit_law(rows, target, (sf_law)law, &c[n].fit[law], msg);
    n++;
  }
  if (!err && n == 0)
    err = sf_fail(msg, SF_EINVAL,
                  "nothing to project from: no target has 4 or more routed points with 2 or more numbers of lanes");
  if (err) return err;
  cJSON *root = cJSON_CreateObject();
  cJSON_AddStringToObject(root, "format", "synfire-projection");
  cJSON_AddNumberToObject(root, "version", 1);
  cJSON_AddStringToObject(root, "sweep", sf_row_text(results, "sweep"));
  add_text(root, results);
  cJSON_AddArrayToObject(root, "tables");
  cJSON_AddArrayToObject(root, "charts");
  sf_describe_fits(root, c, n);
  describe_cycles(root, rows);
  sf_describe_walls(root, rows, c, n);
  describe_cores(root, c, n, assumed);
  describe_machines(root, c, n, assumed);
  *out = root;
  return SF_OK;
}

char *sf_project_markdown(const cJSON *p) {
  sf_text t = {0};
  const cJSON *one, *row, *cell;
  sf_text_add(&t, "# Projection from sweep %s\n\n%s\n", sf_row_text(p, "sweep"), sf_row_text(p, "text"));
  cJSON_ArrayForEach(one, cJSON_GetObjectItemCaseSensitive(p, "tables")) {
    const cJSON *columns = cJSON_GetObjectItemCaseSensitive(one, "columns");
    sf_text_add(&t, "\n## %s\n\n%s\n\n|", sf_row_text(one, "title"), sf_row_text(one, "note"));
    cJSON_ArrayForEach(cell, columns) sf_text_add(&t, " %s |", cell->valuestring);
    sf_text_add(&t, "\n|");
    cJSON_ArrayForEach(cell, columns) sf_text_add(&t, " --- |");
    cJSON_ArrayForEach(row, cJSON_GetObjectItemCaseSensitive(one, "rows")) {
      sf_text_add(&t, "\n|");
      cJSON_ArrayForEach(cell, row) {
        sf_text_add(&t, " ");
        if (cJSON_IsNumber(cell)) sf_text_number(&t, cell->valuedouble, 4);
        sf_text_add(&t, "%s |", cJSON_IsString(cell) ? cell->valuestring : "");
      }
    }
    sf_text_add(&t, "\n");
  }
  if (!t.failed) return t.s;
  sf_text_free(&t);
  return NULL;
}
