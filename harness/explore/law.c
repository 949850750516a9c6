/* law.c - what area, clock and cycles of a core follow from, fitted to routed points. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explore/columns.h"
#include "explore/project.h"
#include "synfire/cycles.h"
#include "util/numbers.h"

static double sum_bits(const sf_shape *s) { return s->weight_bits + ceil(log2(s->axons)) + (s->weight_bits == 1); }

const char *sf_law_name(sf_law law) {
  static const char *const name[SF_LAWS] = {"LUTs", "block RAMs", "clock period"};
  return name[law];
}

size_t sf_law_terms(sf_law law, const sf_synth_target *target, const sf_shape *s, double *x) {
  const double one[SF_LAWS][4] = {
      /* A core without lanes; an adder and a hold register a bit of a lane's sum; the update lanes. */
      {1, s ? s->lanes * sum_bits(s) : 0, s ? s->neuron_lanes * s->potential_bits : 0, 0},
      /* A core without weights; the weights; the width of their row, which short memories pay in whole blocks; tables
       * of the update lanes. */
      {1, s ? s->axons * s->neurons * s->weight_bits / target->block_ram_bits : 0,
       s ? s->lanes * s->weight_bits / 16 : 0, s ? s->neuron_lanes : 0},
      /* The neuron pipeline; broadcast over a tree; wires, as long as the root of the area. */
      {1, s ? log2(s->lanes) : 0, s ? sqrt(s->lanes * sum_bits(s)) : 0, 0}};
  const size_t terms[SF_LAWS] = {3, 4, 3};
  if (x) memcpy(x, one[law], terms[law] * sizeof *x);
  return terms[law];
}

const char *sf_law_term(sf_law law, const sf_synth_target *target, size_t k, char text[SF_LAW_TEXT]) {
  static const char *const name[SF_LAWS][4] = {{"", "lanes sum_bits", "neuron_lanes potential_bits", ""},
                                               {"", "", "lanes weight_bits/16", "neuron_lanes"},
                                               {"", "log2(lanes)", "sqrt(lanes sum_bits)", ""}};
  if (law == SF_LAW_BLOCK_RAM && k == 1)
    snprintf(text, SF_LAW_TEXT, "weight_bits_total/%u", (unsigned)target->block_ram_bits);
  else snprintf(text, SF_LAW_TEXT, "%s", name[law][k]);
  return text;
}

bool sf_law_constant(sf_law law, const sf_fitted *fit) {
  const size_t terms = sf_law_terms(law, NULL, NULL, NULL);
  bool others = false;
  for (size_t k = 1; k < terms; k++) others = others || fit->c[k] != 0;
  return fit->points && !others;
}

const char *sf_law_text(sf_law law, const sf_synth_target *target, const sf_fitted *fit, char text[SF_LAW_TEXT]) {
  const char *unit = law == SF_LAW_PERIOD ? " ns" : "";
  char number[SF_NUMBER_TEXT], term[SF_LAW_TEXT];
  size_t n = 0;
  if (!fit->points) {
    snprintf(text, SF_LAW_TEXT, "nothing to fit%s",
             law == SF_LAW_BLOCK_RAM ? ": no routed point has its weights there" : "");
    return text;
  }
  if (sf_law_constant(law, fit)) {
    snprintf(text, SF_LAW_TEXT, "constant, %s%s: nothing that the law knows makes a difference",
             sf_number_text(fit->c[0], 4, number), unit);
    return text;
  }
  *text = '\0';
  for (size_t k = 0; k < sf_law_terms(law, target, NULL, NULL) && n < SF_LAW_TEXT; k++) {
    if (fit->c[k] == 0) continue;
    n += (size_t)snprintf(text + n, SF_LAW_TEXT - n, "%s%s%s%s", n ? " + " : "", sf_number_text(fit->c[k], 4, number),
                          k ? " " : unit, sf_law_term(law, target, k, term));
  }
  return text;
}

enum { ROUTER_START = 8 }; /* from a spike's write-back to its first entry, without what each spike costs */

double sf_project_cycles(const sf_shape *s, double active, double spikes) {
  if (active <= 0 && spikes <= 0) return 8; /* nothing can change */
  const double groups = s->neurons / s->lanes, words = s->lanes / s->neuron_lanes;
  const sf_lane_timing t = sf_cycles_lanes((uint32_t)s->lanes);
  const double words_16 = ceil(s->axons / 16), empty = words_16 * pow(1 - fmin(1, active / s->axons), 16);
  const double first_mark = active > 0 ? 7 + active + empty : 4, written = first_mark + 16 + t.broadcast;
  const double group = active > 0 ? fmax(active + t.mark, words) : words, span = (groups - 1) * group + words;
  if (spikes <= 0) return written + span + 2;
  /* A spike costs the router a cycle without routes and 3 + F with one. Spikes come evenly while the groups are written
   * back; the router works beside them and is done when it has served all, or the last to come. */
  const double each = 1 + s->routed * (2 + t.far), first = span / (spikes + 1), last = span - first;
  const double router = ROUTER_START + 2 * t.far + fmax(first + each * spikes, last + each);
  return written + fmax(span, router) + 2;
}

bool sf_row_shape(const cJSON *row, sf_shape *s) {
  *s = (sf_shape){sf_row_number(row, "AXONS"),
                  sf_row_number(row, "NEURONS"),
                  sf_row_number(row, "LANES"),
                  sf_row_number(row, "NEURON_LANES"),
                  sf_row_number(row, "WEIGHT_BITS"),
                  sf_row_number(row, "POTENTIAL_BITS"),
                  1};
  const double routes = sf_row_number(row, "ROUTES"); /* one a neuron, as far as they go */
  if (routes < s->neurons) s->routed = routes / s->neurons;
  return s->axons >= 1 && s->axons <= 1e6 && s->neurons >= 1 && s->neurons <= 1e6 && s->lanes >= 1 && s->lanes <= 1e6 &&
         s->neuron_lanes >= 1 && s->neuron_lanes <= s->lanes && s->weight_bits >= 1 && s->weight_bits <= 64 &&
         s->potential_bits >= 1 && s->potential_bits <= 64;
}

static double measured(const cJSON *row, sf_law law) {
  return law == SF_LAW_LUTS        ? sf_row_number(row, "luts")
         : law == SF_LAW_BLOCK_RAM ? sf_row_number(row, "block_ram")
                                   : 1000 / sf_row_number(row, "fmax_mhz");
}

bool sf_row_routed(const cJSON *row, const sf_synth_target *target) {
  return !strcmp(sf_row_text(row, "status"), "ok") && !strcmp(sf_row_text(row, "target"), target->name) &&
         sf_row_number(row, "fmax_mhz") > 0 && sf_row_number(row, "luts") > 0;
}

/* Weights in SPRAM are not in block RAM: such rows say nothing about that law. */
static bool counts(const cJSON *row, sf_law law) {
  return law != SF_LAW_BLOCK_RAM ||
         (strcmp(sf_row_text(row, "WEIGHT_MEMORY"), "spram") != 0 && sf_row_number(row, "block_ram") > 0);
}

sf_err sf_fit_law(const cJSON *rows, const sf_synth_target *target, sf_law law, sf_fitted *out, sf_msg *msg) {
  const size_t k = sf_law_terms(law, target, NULL, NULL), most = (size_t)cJSON_GetArraySize(rows);
  double *x = calloc(most * k + 1, sizeof *x), *y = calloc(most + 1, sizeof *y);
  const cJSON *row;
  sf_shape s;
  sf_err err = x && y ? SF_OK : sf_fail(msg, SF_ENOMEM, "out of memory");
  *out = (sf_fitted){.mean = NAN, .largest = NAN};
  cJSON_ArrayForEach(row, rows) {
    if (err || !sf_row_routed(row, target) || !counts(row, law) || !sf_row_shape(row, &s)) continue;
    sf_law_terms(law, target, &s, x + out->points * k);
    y[out->points++] = measured(row, law);
  }
  if (!err && out->points) err = sf_fit(x, y, out->points, k, out->c, msg);
  if (!err && out->points > 1) err = sf_fit_leave_one_out(x, y, out->points, k, &out->mean, &out->largest, msg);
  free(x);
  free(y);
  return err;
}
