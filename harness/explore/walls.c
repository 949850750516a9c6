/* walls.c - what the fits of a projection are worth, and where the lanes of one chip run out. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "explore/columns.h"
#include "explore/parts.h"
#include "util/numbers.h"

static double predict(sf_law law, const sf_synth_target *target, const sf_fitted *f, const sf_shape *s) {
  double x[SF_FIT_TERMS];
  const size_t k = sf_law_terms(law, target, s, x);
  return sf_fit_value(x, f->c, k);
}

/* ---- fits ---- */

/* What is to be said of a fit beside its curve: that there is none, that it is constant, and how far it was off. */
static const char *note_fit(const sf_chip *c, sf_law law, char out[400]) {
  const sf_fitted *f = &c->fit[law];
  char text[SF_LAW_TEXT], mean[32], largest[32], mhz[SF_NUMBER_TEXT];
  int n = snprintf(out, 400, "%s: ", c->target->name);
  if (!f->points) {
    snprintf(out + n, 400 - (size_t)n, "%s; no curve", sf_law_text(law, c->target, f, text));
    return out;
  }
  if (sf_law_constant(law, f) && law == SF_LAW_PERIOD)
    n += snprintf(out + n, 400 - (size_t)n, "the fit is constant, %s MHz for any number of lanes; ",
                  sf_number_text(1000 / f->c[0], 4, mhz));
  else if (sf_law_constant(law, f))
    n += snprintf(out + n, 400 - (size_t)n, "the fit is constant for any number of lanes; ");
  if (f->points < 2) snprintf(out + n, 400 - (size_t)n, "of one point, so its error is not known");
  else
    snprintf(out + n, 400 - (size_t)n, "points left out were missed by %s, at most %s", sf_percent(f->mean, mean),
             sf_percent(f->largest, largest));
  return out;
}

static void note_fits(cJSON *on, const sf_chip *c, size_t n, sf_law law) {
  cJSON *notes = cJSON_AddArrayToObject(on, "notes");
  char text[400];
  for (size_t i = 0; i < n; i++) cJSON_AddItemToArray(notes, cJSON_CreateString(note_fit(&c[i], law, text)));
}

/* A fit as an object: what a program wants to know of it. */
static cJSON *fit_json(const sf_chip *c, sf_law law) {
  const sf_fitted *f = &c->fit[law];
  char text[SF_LAW_TEXT];
  cJSON *o = cJSON_CreateObject();
  cJSON_AddStringToObject(o, "target", c->target->name);
  cJSON_AddStringToObject(o, "quantity", sf_law_name(law));
  cJSON_AddNumberToObject(o, "points", (double)f->points);
  cJSON_AddBoolToObject(o, "fitted", f->points > 0);
  cJSON_AddStringToObject(o, "form", sf_law_text(law, c->target, f, text));
  if (!f->points) return o;
  cJSON_AddBoolToObject(o, "constant", sf_law_constant(law, f));
  cJSON *coefficients = cJSON_AddObjectToObject(o, "coefficients");
  for (size_t k = 0; k < sf_law_terms(law, c->target, NULL, NULL); k++)
    cJSON_AddNumberToObject(coefficients, k ? sf_law_term(law, c->target, k, text) : "constant", f->c[k]);
  if (f->points < 2) return o;
  cJSON_AddNumberToObject(o, "left_out_mean_error", sf_four_digits(f->mean));
  cJSON_AddNumberToObject(o, "left_out_largest_error", sf_four_digits(f->largest));
  return o;
}

void sf_describe_fits(cJSON *root, const sf_chip *c, size_t n) {
  static const char *const columns[] = {
      "target", "quantity", "points", "fit", "left out: mean error", "left out: largest error"};
  cJSON *rows =
      sf_table_new(root, "Fits",
                   "least squares of relative errors over the routed points, coefficients not negative, those that "
                   "came out as 0 not shown; each point was also predicted from a fit to all the others",
                   columns, 6);
  cJSON *fits = cJSON_AddArrayToObject(root, "fits");
  for (size_t i = 0; i < n; i++)
    for (int law = 0; law < SF_LAWS; law++) {
      const sf_fitted *f = &c[i].fit[law];
      char text[SF_LAW_TEXT], mean[32], largest[32];
      cJSON *row = sf_table_row(rows);
      sf_cell_text(row, c[i].target->name);
      sf_cell_text(row, sf_law_name((sf_law)law));
      sf_cell_number(row, (double)f->points);
      sf_cell_text(row, sf_law_text((sf_law)law, c[i].target, f, text));
      sf_cell_text(row, sf_percent(f->mean, mean));
      sf_cell_text(row, sf_percent(f->largest, largest));
      cJSON_AddItemToArray(fits, fit_json(&c[i], (sf_law)law));
    }
}

/* ---- one chip ---- */

/* Area and clock of the core with another number of lanes, by the laws; NAN where a law has nothing to go by. */
typedef struct costs {
  double luts, ram, mhz;
} costs;

static costs costs_at(const sf_chip *c, double lanes) {
  sf_shape s = c->core;
  s.lanes = lanes;
  if (s.neurons < lanes) s.neurons = lanes;
  const double luts = predict(SF_LAW_LUTS, c->target, &c->fit[SF_LAW_LUTS], &s);
  const double ram = predict(SF_LAW_BLOCK_RAM, c->target, &c->fit[SF_LAW_BLOCK_RAM], &s);
  const double ns = predict(SF_LAW_PERIOD, c->target, &c->fit[SF_LAW_PERIOD], &s);
  return (costs){c->fit[SF_LAW_LUTS].points ? luts : NAN, c->fit[SF_LAW_BLOCK_RAM].points ? ram : NAN,
                 c->fit[SF_LAW_PERIOD].points ? 1000 / ns : NAN};
}

/* What the fits behind an extrapolated row are worth: "2.0 %, not fitted, 4.0 % (constant)". */
static const char *worth(const sf_chip *c, char out[120]) {
  size_t n = 0;
  *out = '\0';
  for (int law = 0; law < SF_LAWS; law++) {
    const sf_fitted *f = &c->fit[law];
    char mean[32];
    n += (size_t)snprintf(out + n, 120 - n, "%s%s%s", law ? ", " : "",
                          f->points ? sf_percent(f->mean, mean) : "not fitted",
                          sf_law_constant((sf_law)law, f) ? " (constant)" : "");
  }
  return out;
}

static const char *verdict(const costs *k, const sf_synth_target *t) {
  const bool no_luts = k->luts > t->available[SF_RES_LOGIC], no_ram = k->ram > t->available[SF_RES_BLOCK_RAM];
  return no_luts && no_ram ? "no: LUTs and block RAM"
         : no_luts         ? "no: LUTs"
         : no_ram          ? "no: block RAM"
         : isnan(k->ram)   ? "LUTs do, block RAM is not known"
                           : "yes";
}

enum { AREA, RAM, CLOCK, PEAK, N_WALLS };
static const sf_law wall_law[N_WALLS] = {SF_LAW_LUTS, SF_LAW_BLOCK_RAM, SF_LAW_PERIOD, SF_LAW_PERIOD};

static void plot_costs(cJSON *const chart[N_WALLS], const char *series, double lanes, const costs *k,
                       bool is_measured) {
  sf_chart_point(chart[AREA], series, lanes, k->luts, is_measured);
  sf_chart_point(chart[RAM], series, lanes, k->ram, is_measured);
  sf_chart_point(chart[CLOCK], series, lanes, k->mhz, is_measured);
  sf_chart_point(chart[PEAK], series, lanes, lanes * k->mhz / 1000, is_measured);
}

static costs measured_costs(const cJSON *row) {
  return (costs){sf_row_number(row, "luts"), sf_row_number(row, "block_ram"), sf_row_number(row, "fmax_mhz")};
}

static void wall_row(cJSON *rows, const sf_chip *c, double lanes, const costs *k, bool same) {
  const sf_synth_target *t = c->target;
  char text[120];
  cJSON *line = sf_table_row(rows);
  sf_cell_text(line, t->name);
  sf_cell_number(line, lanes);
  sf_cell_number(line, round(k->luts));
  sf_cell_number(line, t->available[SF_RES_LOGIC]);
  if (isnan(k->ram)) sf_cell_text(line, "not known");
  else sf_cell_number(line, round(k->ram));
  sf_cell_number(line, t->available[SF_RES_BLOCK_RAM]);
  sf_cell_number(line, k->mhz);
  sf_cell_number(line, lanes * k->mhz / 1000);
  sf_cell_text(line, verdict(k, t));
  sf_cell_text(line, same ? "measured" : "extrapolated");
  sf_cell_text(line, same ? "" : worth(c, text));
}

static void curve(cJSON *on, const char *series) {
  cJSON *curves = cJSON_GetObjectItemCaseSensitive(on, "curves");
  if (!curves) curves = cJSON_AddArrayToObject(on, "curves");
  cJSON *o = cJSON_CreateObject();
  cJSON_AddStringToObject(o, "series", series);
  cJSON_AddArrayToObject(o, "points");
  cJSON_AddItemToArray(curves, o);
}

static void curve_point(cJSON *on, double x, double y) {
  cJSON *curves = cJSON_GetObjectItemCaseSensitive(on, "curves");
  cJSON *points =
      cJSON_GetObjectItemCaseSensitive(cJSON_GetArrayItem(curves, cJSON_GetArraySize(curves) - 1), "points");
  const double at[] = {x, sf_four_digits(y)};
  if (isfinite(y) && y > 0) cJSON_AddItemToArray(points, cJSON_CreateDoubleArray(at, 2));
}

/* The laws of a target for its core, from the fewest lanes measured on; no curve where there was nothing to fit. */
static void draw_laws(cJSON *const charts[N_WALLS], const sf_chip *c, double from, double to) {
  for (int i = 0; i < N_WALLS; i++) {
    if (!c->fit[wall_law[i]].points) continue;
    curve(charts[i], c->target->name);
    for (double lanes = from; lanes <= to; lanes *= 2) {
      const costs k = costs_at(c, lanes);
      const double value[N_WALLS] = {k.luts, k.ram, k.mhz, lanes * k.mhz / 1000};
      curve_point(charts[i], lanes, value[i]);
    }
  }
}

/* Lanes against what the device has: measured where a row is, fitted beyond. */
void sf_describe_walls(cJSON *root, const cJSON *all, const sf_chip *c, size_t n) {
  static const char *const columns[] = {"target",
                                        "lanes",
                                        "LUTs",
                                        "of",
                                        "block RAMs",
                                        "of",
                                        "clock, MHz",
                                        "peak, billion operations a second",
                                        "fits",
                                        "number is",
                                        "left out: mean error of LUTs, block RAMs, clock"};
  cJSON *rows = sf_table_new(root, "One chip: where lanes run out",
                             "the core of the measured point with most synapses, with other numbers of lanes; "
                             "neurons rounded up to the lanes",
                             columns, 11);
  cJSON *const charts[N_WALLS] = {
      sf_chart_new(root, "wall-luts", "LUTs against lanes", "lanes", "LUTs"),
      sf_chart_new(root, "wall-ram", "Block RAM against lanes", "lanes", "block RAMs"),
      sf_chart_new(root, "wall-clock", "Clock against lanes", "lanes", "MHz"),
      sf_chart_new(root, "wall-peak", "Peak throughput against lanes", "lanes", "billion operations a second")};
  for (int i = 0; i < N_WALLS; i++) note_fits(charts[i], c, n, wall_law[i]);
  for (size_t i = 0; i < n; i++) {
    const sf_synth_target *t = c[i].target;
    const cJSON *row;
    double least = c[i].core.lanes, most = c[i].core.lanes;
    cJSON_ArrayForEach(row, all) {
      sf_shape s;
      if (!sf_row_routed(row, t) || !sf_row_shape(row, &s)) continue;
      least = fmin(least, s.lanes);
      most = fmax(most, s.lanes);
      const costs k = measured_costs(row);
      plot_costs(charts, t->name, s.lanes, &k, true);
    }
    bool over = false;
    for (double lanes = c[i].core.lanes; lanes <= 4096 && !over; lanes *= 2) {
      const bool same = lanes == c[i].core.lanes;
      const costs k = same ? measured_costs(c[i].core_row) : costs_at(&c[i], lanes);
      wall_row(rows, &c[i], lanes, &k, same);
      if (!same) plot_costs(charts, t->name, lanes, &k, false);
      over = !strncmp(verdict(&k, t), "no", 2);
      most = fmax(most, lanes);
    }
    draw_laws(charts, &c[i], least, most);
  }
}
