/* explore_project.c - see explore_project.h. */
#include "explore_project.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explore_columns.h"
#include "explore_rows.h"
#include "html.h"

static double predict(sf_law law, const sf_synth_target *target, const sf_fitted *f, const sf_shape *s) {
  double x[SF_FIT_TERMS];
  const size_t k = sf_law_terms(law, target, s, x);
  return sf_fit_value(x, f->c, k);
}

/* ---- tables and charts ---- */

static cJSON *table(cJSON *root, const char *title, const char *note, const char *const *columns, size_t n) {
  cJSON *t = cJSON_CreateObject();
  cJSON_AddStringToObject(t, "title", title);
  cJSON_AddStringToObject(t, "note", note);
  cJSON *names = cJSON_AddArrayToObject(t, "columns");
  for (size_t i = 0; i < n; i++) cJSON_AddItemToArray(names, cJSON_CreateString(columns[i]));
  cJSON *rows = cJSON_AddArrayToObject(t, "rows");
  cJSON_AddItemToArray(cJSON_GetObjectItemCaseSensitive(root, "tables"), t);
  return rows;
}

static cJSON *new_row(cJSON *rows) {
  cJSON *row = cJSON_CreateArray();
  cJSON_AddItemToArray(rows, row);
  return row;
}
static void word(cJSON *row, const char *text) { cJSON_AddItemToArray(row, cJSON_CreateString(text)); }
static void number(cJSON *row, double x) {
  char text[32];
  snprintf(text, sizeof text, "%.4g", x);
  cJSON_AddItemToArray(row, isfinite(x) ? cJSON_CreateNumber(strtod(text, NULL)) : cJSON_CreateString(""));
}

static cJSON *chart(cJSON *root, const char *id, const char *title, const char *x, const char *y) {
  cJSON *c = cJSON_CreateObject();
  cJSON_AddStringToObject(c, "id", id);
  cJSON_AddStringToObject(c, "title", title);
  cJSON_AddStringToObject(c, "xname", x);
  cJSON_AddStringToObject(c, "yname", y);
  cJSON *points = cJSON_AddArrayToObject(c, "points");
  cJSON_AddItemToArray(cJSON_GetObjectItemCaseSensitive(root, "charts"), c);
  return points;
}

static void plot(cJSON *points, const char *series, double x, double y, bool is_measured) {
  if (!isfinite(x) || !isfinite(y) || x <= 0 || y <= 0) return;
  cJSON *p = cJSON_CreateObject();
  cJSON_AddStringToObject(p, "series", series);
  cJSON_AddNumberToObject(p, "x", x);
  cJSON_AddNumberToObject(p, "y", y);
  cJSON_AddBoolToObject(p, "measured", is_measured);
  cJSON_AddItemToArray(points, p);
}

/* ---- one chip ---- */

typedef struct chip {
  const sf_synth_target *target;
  sf_fitted fit[SF_LAWS];
  const cJSON *core_row; /* the measured core with most synapses, the fastest of those */
  sf_shape core;
  double per_chip; /* such cores, by the resource that runs out first */
  const char *runs_out;
} chip;

static const char *percent(double x, char out[32]) {
  if (isfinite(x)) snprintf(out, 32, "%.1f %%", 100 * x);
  else snprintf(out, 32, "-");
  return out;
}

static void describe_fits(cJSON *root, const chip *c, size_t n) {
  static const char *const columns[] = {
      "target", "quantity", "points", "fit", "left out: mean error", "left out: largest error"};
  cJSON *rows = table(root, "Fits",
                      "least squares of relative errors over the routed points, coefficients not negative; each point "
                      "was also predicted from a fit to all the others",
                      columns, 6);
  for (size_t i = 0; i < n; i++)
    for (int law = 0; law < SF_LAWS; law++) {
      const sf_fitted *f = &c[i].fit[law];
      char text[200], mean[32], largest[32];
      if (law == SF_LAW_LUTS)
        snprintf(text, sizeof text, "%.4g + %.4g lanes sum_bits + %.4g neuron_lanes potential_bits", f->c[0], f->c[1],
                 f->c[2]);
      else if (law == SF_LAW_BLOCK_RAM)
        snprintf(text, sizeof text, "%.4g + %.4g weight_bits_total/%u + %.4g lanes weight_bits/16 + %.4g neuron_lanes",
                 f->c[0], f->c[1], c[i].target->block_ram_bits, f->c[2], f->c[3]);
      else
        snprintf(text, sizeof text, "%.4g ns + %.4g log2(lanes) + %.4g sqrt(lanes sum_bits)", f->c[0], f->c[1],
                 f->c[2]);
      cJSON *row = new_row(rows);
      word(row, c[i].target->name), word(row, sf_law_name((sf_law)law)), number(row, (double)f->points),
          word(row, text);
      word(row, percent(f->mean, mean)), word(row, percent(f->largest, largest));
    }
}

static uint32_t luts_of(const sf_synth_target *t) { return t->available[SF_RES_LOGIC]; }

/* Lanes against what the device has: measured where a row is, fitted beyond. */
static void describe_walls(cJSON *root, const cJSON *all, const chip *c, size_t n) {
  static const char *const columns[] = {"target",     "lanes",    "LUTs",       "of",
                                        "block RAMs", "of",       "clock, MHz", "peak, billion operations a second",
                                        "fits",       "number is"};
  cJSON *rows = table(root, "One chip: where lanes run out",
                      "the core of the measured point with most synapses, with other numbers of lanes; "
                      "neurons rounded up to the lanes",
                      columns, 10);
  cJSON *area = chart(root, "wall-luts", "LUTs against lanes", "lanes", "LUTs"),
        *clock = chart(root, "wall-clock", "Clock against lanes", "lanes", "MHz");
  cJSON *peak = chart(root, "wall-peak", "Peak throughput against lanes", "lanes", "billion operations a second");
  for (size_t i = 0; i < n; i++) {
    const sf_synth_target *t = c[i].target;
    const cJSON *row;
    cJSON_ArrayForEach(row, all) {
      sf_shape s;
      if (!sf_row_routed(row, t) || !sf_row_shape(row, &s)) continue;
      plot(area, t->name, s.lanes, sf_row_number(row, "luts"), true);
      plot(clock, t->name, s.lanes, sf_row_number(row, "fmax_mhz"), true);
      plot(peak, t->name, s.lanes, s.lanes * sf_row_number(row, "fmax_mhz") / 1000, true);
    }
    bool over = false;
    for (double lanes = c[i].core.lanes; lanes <= 4096 && !over; lanes *= 2) {
      sf_shape s = c[i].core;
      const bool same = lanes == s.lanes;
      s.lanes = lanes;
      if (s.neurons < lanes) s.neurons = lanes;
      const double luts =
          same ? sf_row_number(c[i].core_row, "luts") : predict(SF_LAW_LUTS, t, &c[i].fit[SF_LAW_LUTS], &s);
      const double ram = same ? sf_row_number(c[i].core_row, "block_ram")
                              : predict(SF_LAW_BLOCK_RAM, t, &c[i].fit[SF_LAW_BLOCK_RAM], &s);
      const double mhz = same ? sf_row_number(c[i].core_row, "fmax_mhz")
                              : 1000 / predict(SF_LAW_PERIOD, t, &c[i].fit[SF_LAW_PERIOD], &s);
      const bool no_luts = luts > luts_of(t), no_ram = ram > t->available[SF_RES_BLOCK_RAM];
      cJSON *line = new_row(rows);
      word(line, t->name), number(line, lanes), number(line, round(luts)), number(line, luts_of(t)),
          number(line, round(ram));
      number(line, t->available[SF_RES_BLOCK_RAM]), number(line, mhz), number(line, lanes * mhz / 1000);
      word(line, no_luts && no_ram ? "no: LUTs and block RAM"
                 : no_luts         ? "no: LUTs"
                 : no_ram          ? "no: block RAM"
                                   : "yes");
      word(line, same ? "measured" : "extrapolated");
      if (!same) {
        plot(area, t->name, lanes, luts, false);
        plot(clock, t->name, lanes, mhz, false);
        plot(peak, t->name, lanes, lanes * mhz / 1000, false);
      }
      over = no_luts || no_ram;
    }
  }
}

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

/* A machine of `neurons` on chips with `cores` cores each. Every core's neurons listen to its own axons; these come from
 * neurons anywhere, so that in a large machine nearly all events cross chips, and half of them the middle of the mesh. */
static speed machine(const chip *c, const sf_assumed *a, double neurons, double most_cores, double chips,
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

static void describe_machines(cJSON *root, const chip *c, size_t n, const sf_assumed *a) {
  static const char *const columns[] = {"target",       "weights",
                                        "neurons",      "synapses",
                                        "weights, GB",  "neurons a chip",
                                        "chips",        "ticks a second",
                                        "limited by",   "compute alone",
                                        "memory alone", "links alone",
                                        "mesh alone",   "billion operations a second",
                                        "number is"};
  char note[500];
  snprintf(note, sizeof note,
           "%.3g %% of axons and neurons active in a tick; four links of %.4g Mbit/s a chip in a square mesh; sources "
           "anywhere; "
           "a memory beside the chip of %.4g MB with %.4g MB/s. All of it extrapolated from one measured core.",
           100 * a->activity, a->link_mbit, a->dram_mbyte, a->dram_mbyte_s);
  cJSON *rows = table(root, "Many chips", note, columns, 15);
  cJSON *chips_chart = chart(root, "machine-chips", "Chips", "neurons", "chips"),
        *speed_chart = chart(root, "machine-ticks", "Ticks a second", "neurons", "ticks a second");
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
        cJSON *row = new_row(rows);
        word(row, c[i].target->name), word(row, beside ? "beside the chip" : "on chip"), number(row, neurons),
            number(row, neurons * s->axons);
        number(row, neurons * s->axons * s->weight_bits / 8e9), number(row, cores * s->neurons), number(row, chips),
            number(row, ticks), word(row, wall);
        number(row, v.compute), number(row, v.memory), number(row, v.chip_links), number(row, v.mesh);
        number(row, ticks * neurons * s->axons * a->activity / 1e9), word(row, "extrapolated");
        plot(chips_chart, series, neurons, chips, false);
        plot(speed_chart, series, neurons, ticks, false);
      }
}

static void describe_cores(cJSON *root, const chip *c, size_t n, const sf_assumed *a) {
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
  cJSON *rows = table(root, "The core that is multiplied",
                      "the measured point with most synapses; its ticks a second at the assumed activity are computed",
                      columns, 12);
  for (size_t i = 0; i < n; i++) {
    const sf_shape *s = &c[i].core;
    const double mhz = sf_row_number(c[i].core_row, "fmax_mhz");
    cJSON *row = new_row(rows);
    word(row, c[i].target->name), number(row, s->axons), number(row, s->neurons), number(row, s->lanes),
        number(row, s->weight_bits);
    number(row, sf_row_number(c[i].core_row, "luts")), number(row, sf_row_number(c[i].core_row, "block_ram")),
        number(row, mhz);
    number(row, floor(c[i].per_chip)), word(row, c[i].runs_out);
    number(row, mhz * 1e6 / sf_project_cycles(s, s->axons * a->activity, s->neurons * a->activity)),
        word(row, "measured");
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
    sum += error, n++;
    if (error > largest) largest = error;
  }
  cJSON *line =
      new_row(table(root, "Cycles of a tick",
                    "the formula used here against the exact cycles of all points that were run", columns, 3));
  number(line, (double)n), word(line, percent(n ? sum / (double)n : NAN, mean)),
      word(line, percent(n ? largest : NAN, most));
}

static void choose_core(const cJSON *rows, chip *c) {
  const cJSON *row;
  double best = 0, best_mhz = 0;
  cJSON_ArrayForEach(row, rows) {
    sf_shape s;
    if (!sf_row_routed(row, c->target) || !sf_row_shape(row, &s)) continue;
    const double synapses = s.axons * s.neurons, rate = s.lanes * sf_row_number(row, "fmax_mhz");
    if (synapses < best || (synapses == best && rate <= best_mhz)) continue;
    best = synapses, best_mhz = rate;
    c->core = s;
    c->core_row = row;
  }
  if (!c->core_row) return;
  const double by_luts = luts_of(c->target) / sf_row_number(c->core_row, "luts");
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
    if (at >= 0 && at < 32 && !seen[at]) seen[at] = true, n++;
  }
  return n;
}

sf_err sf_project(const cJSON *results, const sf_assumed *assumed, cJSON **out, sf_msg *msg) {
  static const char *const name[] = {"up5k", "hx8k", "ecp5-25", "ecp5-85"};
  const cJSON *rows = cJSON_GetObjectItemCaseSensitive(results, "rows");
  chip c[4];
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
  cJSON_AddStringToObject(
      root, "text",
      "Area, clock and cycles fitted to routed designs, and multiplied to machines that nobody has built. Only what is "
      "marked measured was measured; the rest shows what would limit such a machine first, not what it would do.");
  cJSON_AddArrayToObject(root, "tables");
  cJSON_AddArrayToObject(root, "charts");
  describe_fits(root, c, n);
  describe_cycles(root, rows);
  describe_walls(root, rows, c, n);
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
        if (cJSON_IsNumber(cell)) sf_text_add(&t, " %.4g |", cell->valuedouble);
        else sf_text_add(&t, " %s |", cJSON_IsString(cell) ? cell->valuestring : "");
      }
    }
    sf_text_add(&t, "\n");
  }
  if (!t.failed) return t.s;
  sf_text_free(&t);
  return NULL;
}
