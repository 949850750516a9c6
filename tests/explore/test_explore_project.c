/* test_explore_project.c - fits and projections. */
#define _GNU_SOURCE
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explore/columns.h"
#include "explore/project.h"
#include "explore/sweep_folder.h"
#include "lockstep/random_case.h"
#include "suite.h"
#include "synfire/cycles.h"

/* ---- fits and projections ---- */

START_TEST(known_coefficients_are_found) {
  static const double want[4] = {120, 0.75, 0, 3.5};
  double x[40 * 4], y[40], c[4], mean, largest;
  sf_random r = sf_random_new(11, 0, 0);
  for (int i = 0; i < 40; i++) {
    x[4 * i] = 1;
    for (int k = 1; k < 4; k++) x[4 * i + k] = sf_random_below(&r, 1000);
    y[i] = sf_fit_value(x + 4 * i, want, 4);
  }
  ck_assert_int_eq(sf_fit(x, y, 40, 4, c, NULL), SF_OK);
  for (int k = 0; k < 4; k++) ck_assert_double_eq_tol(c[k], want[k], 1e-6);
  ck_assert_int_eq(sf_fit_leave_one_out(x, y, 40, 4, &mean, &largest, NULL), SF_OK);
  ck_assert_double_lt(largest, 1e-8);
  /* With 5 % of noise the error that is stated is about that, and the coefficients are near. */
  for (int i = 0; i < 40; i++) y[i] *= 1 + 0.05 * ((double)sf_random_below(&r, 2001) / 1000 - 1);
  ck_assert_int_eq(sf_fit(x, y, 40, 4, c, NULL), SF_OK);
  for (int k = 0; k < 4; k++) ck_assert_double_eq_tol(c[k], want[k], 0.15 * want[k] + 0.05);
  ck_assert_int_eq(sf_fit_leave_one_out(x, y, 40, 4, &mean, &largest, NULL), SF_OK);
  ck_assert_msg(mean > 0.015 && mean < 0.05 && largest < 0.09, "%g %g", mean, largest);
  /* One point far off: it is the one that cannot be predicted. */
  y[7] *= 2;
  ck_assert_int_eq(sf_fit_leave_one_out(x, y, 40, 4, &mean, &largest, NULL), SF_OK);
  ck_assert_double_gt(largest, 0.3);
}
END_TEST

START_TEST(fits_are_bounded_and_bear_dependent_terms) {
  /* Falling values: the slope stays 0, and the constant is that of the least relative error. */
  const double x[] = {1, 1, 1, 2, 1, 3}, y[] = {3, 2, 1}, two[] = {1, 2, 4, 1, 4, 8, 1, 6, 12};
  double c[3];
  ck_assert_int_eq(sf_fit(x, y, 3, 2, c, NULL), SF_OK);
  ck_assert_double_eq(c[1], 0);
  ck_assert_double_eq_tol(c[0], (1. / 3 + 1. / 2 + 1) / (1. / 9 + 1. / 4 + 1), 1e-12);
  const double rising[] = {5, 7, 9};
  ck_assert_int_eq(sf_fit(two, rising, 3, 3, c, NULL), SF_OK); /* the third column is twice the second */
  ck_assert_double_eq_tol(c[0], 3, 1e-9);
  ck_assert_double_eq_tol(c[1] + 2 * c[2], 1, 1e-9);
  ck_assert_int_eq(sf_fit(x, (const double[]){1, 0, 1}, 3, 2, c, NULL), SF_EINVAL);
  ck_assert_int_eq(sf_fit(x, y, 0, 2, c, NULL), SF_EINVAL);
}
END_TEST

/* A device that follows the laws exactly: 2,000 + 1.5 lanes sum_bits LUTs, 5 + weights / 18432 block RAMs, and so
 * on. */
static cJSON *lawful(void) {
  cJSON *o = cJSON_Parse("{\"format\": \"synfire-explore\", \"sweep\": \"law\", \"tools\": {\"synfire\": \"0\", "
                         "\"yosys\": \"0.23, 0.52\","
                         "\"nextpnr\": \"0.7\"}, \"rows\": []}"),
        *rows = cJSON_GetObjectItem(o, "rows");
  for (int lanes = 16; lanes <= 256; lanes *= 2)
    for (int bits = 1; bits <= 8; bits *= 2)
      for (int u = 1; u <= 4; u *= 2) {
        cJSON *row = cJSON_CreateObject();
        const double sum = bits + 9 + (bits == 1);
        const struct {
          const char *key;
          double value;
        } number[] = {{"AXONS", 512},
                      {"NEURONS", 256},
                      {"LANES", lanes},
                      {"NEURON_LANES", u},
                      {"WEIGHT_BITS", bits},
                      {"POTENTIAL_BITS", 16},
                      {"luts", 2000 + 1.5 * lanes * sum + 2 * u * 16},
                      {"block_ram", 5 + 512. * 256 * bits / 18432 + 0.5 * lanes * bits / 16 + 2 * u},
                      {"fmax_mhz", 1000 / (6 + 0.25 * log2(lanes) + 0.05 * sqrt(lanes * sum))}};
        for (size_t i = 0; i < sizeof number / sizeof *number; i++)
          cJSON_AddNumberToObject(row, number[i].key, number[i].value);
        cJSON_AddStringToObject(row, "status", "ok");
        cJSON_AddStringToObject(row, "target", "ecp5-85");
        cJSON_AddItemToArray(rows, row);
      }
  return o;
}

START_TEST(laws_are_recovered_from_rows) {
  static const double want[SF_LAWS][4] = {{2000, 1.5, 2, 0}, {5, 1, 0.5, 2}, {6, 0.25, 0.05, 0}};
  cJSON *o = lawful();
  const sf_synth_target *t = sf_synth_target_find("ecp5-85");
  for (int law = 0; law < SF_LAWS; law++) {
    sf_fitted f;
    ck_assert_int_eq(sf_fit_law(cJSON_GetObjectItem(o, "rows"), t, (sf_law)law, &f, NULL), SF_OK);
    ck_assert_uint_eq(f.points, 60);
    ck_assert_double_lt(f.largest, 1e-6);
    for (size_t k = 0; k < sf_law_terms((sf_law)law, t, NULL, NULL); k++)
      ck_assert_double_eq_tol(f.c[k], want[law][k], 1e-4 * want[law][k]);
  }
  cJSON_Delete(o);
}
END_TEST

static const cJSON *table_of(const cJSON *projection, const char *title) {
  const cJSON *one;
  cJSON_ArrayForEach(one, cJSON_GetObjectItemCaseSensitive(
                              projection, "tables")) if (strstr(sf_row_text(one, "title"),
                                                                title)) return cJSON_GetObjectItemCaseSensitive(one,
                                                                                                                "rows");
  ck_abort_msg("no table %s", title);
  return NULL;
}

START_TEST(machines_are_multiplied_and_marked) {
  const sf_assumed a = {.activity = 0.02, .link_mbit = 1000, .dram_mbyte_s = 266, .dram_mbyte = 32};
  cJSON *o = lawful(), *p;
  sf_msg msg = {""};
  ck_assert_msg(sf_project(o, &a, &p, &msg) == SF_OK, "%s", msg.text);
  /* All cores have equally many synapses: the fastest is taken, 256 lanes of 1 bit, 1 neuron lane. */
  const cJSON *core = cJSON_GetArrayItem(table_of(p, "core"), 0), *row;
  const double luts = 2000 + 1.5 * 256 * 11 + 2 * 1 * 16;
  ck_assert_double_eq(cJSON_GetArrayItem(core, 3)->valuedouble, 256);
  const double cores = cJSON_GetArrayItem(core, 8)->valuedouble;
  ck_assert_double_le(cores, floor(83640 / luts));
  ck_assert_double_ge(cores, 1);
  ck_assert_str_eq(cJSON_GetArrayItem(core, 11)->valuestring, "measured");
  double before = INFINITY;
  int n = 0;
  cJSON_ArrayForEach(row, table_of(p, "Many")) {
    ck_assert_str_eq(cJSON_GetArrayItem(row, 14)->valuestring, "extrapolated");
    const double neurons = cJSON_GetArrayItem(row, 2)->valuedouble, chips = cJSON_GetArrayItem(row, 6)->valuedouble;
    const double ticks = cJSON_GetArrayItem(row, 7)->valuedouble;
    if (!strcmp(cJSON_GetArrayItem(row, 1)->valuestring, "on chip")) {
      ck_assert_double_eq_tol(chips, ceil(neurons / (cores * 256)), 1e-3 * chips); /* four digits are kept */
      ck_assert_double_le(ticks, before);
      before = ticks;
      n++;
    }
    double least = INFINITY; /* the wall is the lowest of the limits */
    for (int k = 9; k <= 12; k++)
      if (cJSON_IsNumber(cJSON_GetArrayItem(row, k))) least = fmin(least, cJSON_GetArrayItem(row, k)->valuedouble);
    ck_assert_double_eq(ticks, least);
  }
  ck_assert_int_eq(n, 5);
  /* Lanes: the measured number is marked so, what follows is not, and the last one does not fit. */
  const cJSON *walls = table_of(p, "One chip");
  n = cJSON_GetArraySize(walls);
  ck_assert_int_ge(n, 2);
  for (int i = 0; i < n; i++) {
    row = cJSON_GetArrayItem(walls, i);
    ck_assert_str_eq(cJSON_GetArrayItem(row, 9)->valuestring, i ? "extrapolated" : "measured");
    ck_assert(!strncmp(cJSON_GetArrayItem(row, 8)->valuestring, "no", 2) == (i == n - 1));
    const double lanes = cJSON_GetArrayItem(row, 1)->valuedouble;
    ck_assert_double_eq_tol(cJSON_GetArrayItem(row, 2)->valuedouble, 2000 + 1.5 * lanes * 11 + 32,
                            0.001 * (2032 + 16.5 * lanes));
  }
  char *text = sf_project_markdown(p);
  ck_assert_ptr_nonnull(strstr(text, "| extrapolated |"));
  ck_assert_ptr_nonnull(strstr(text, "The designs were made with yosys 0.23, 0.52, nextpnr 0.7."));
  free(text);
  ck_assert_str_eq(sf_row_text(cJSON_GetObjectItem(p, "tools"), "nextpnr"), "0.7");
  cJSON_Delete(p);
  /* Too little to go by. */
  cJSON *rows = cJSON_GetObjectItem(o, "rows");
  while (cJSON_GetArraySize(rows) > 3) cJSON_DeleteItemFromArray(rows, 0);
  ck_assert_int_eq(sf_project(o, &a, &p, &msg), SF_EINVAL);
  ck_assert_ptr_nonnull(strstr(msg.text, "4 or more routed points"));
  cJSON_Delete(o);
}
END_TEST

static const cJSON *fit_of(const cJSON *projection, const char *quantity) {
  const cJSON *one;
  cJSON_ArrayForEach(one, cJSON_GetObjectItemCaseSensitive(projection, "fits")) {
    if (!strcmp(sf_row_text(one, "quantity"), quantity)) return one;
  }
  ck_abort_msg("no fit of %s", quantity);
  return NULL;
}

static const cJSON *chart_of(const cJSON *projection, const char *id) {
  const cJSON *one;
  cJSON_ArrayForEach(one, cJSON_GetObjectItemCaseSensitive(projection, "charts")) {
    if (!strcmp(sf_row_text(one, "id"), id)) return one;
  }
  ck_abort_msg("no chart %s", id);
  return NULL;
}

static const char *note_of(const cJSON *projection, const char *id) {
  return cJSON_GetArrayItem(cJSON_GetObjectItemCaseSensitive(chart_of(projection, id), "notes"), 0)->valuestring;
}

static int curves_of(const cJSON *projection, const char *id) {
  return cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(chart_of(projection, id), "curves"));
}

/* Rows of which nothing says block RAM (their weights are elsewhere), and of which the clock falls and rises. */
START_TEST(fits_say_what_they_are_worth) {
  const sf_assumed a = {.activity = 0.02, .link_mbit = 1000, .dram_mbyte_s = 266, .dram_mbyte = 32};
  cJSON *o = lawful(), *p, *row;
  sf_msg msg = {""};
  int i = 0;
  cJSON_ArrayForEach(row, cJSON_GetObjectItem(o, "rows")) {
    cJSON_AddStringToObject(row, "WEIGHT_MEMORY", "spram");
    cJSON_SetNumberValue(cJSON_GetObjectItem(row, "fmax_mhz"), sf_row_number(row, "LANES") * (i++ % 2 ? 1 : 1.2));
  }
  ck_assert_msg(sf_project(o, &a, &p, &msg) == SF_OK, "%s", msg.text);
  /* Nothing to fit: said in table, object and over the chart; no curve, no number, no verdict from it. */
  const cJSON *ram = fit_of(p, "block RAMs"), *clock = fit_of(p, "clock period"), *luts = fit_of(p, "LUTs");
  ck_assert(cJSON_IsFalse(cJSON_GetObjectItem(ram, "fitted")) && !cJSON_HasObjectItem(ram, "coefficients"));
  ck_assert_ptr_nonnull(strstr(sf_row_text(ram, "form"), "nothing to fit"));
  ck_assert_ptr_nonnull(
      strstr(note_of(p, "wall-ram"), "nothing to fit: no routed point has its weights there; no curve"));
  ck_assert_int_eq(curves_of(p, "wall-ram"), 0);
  const cJSON *wall;
  cJSON_ArrayForEach(wall, table_of(p, "One chip")) {
    if (strcmp(cJSON_GetArrayItem(wall, 9)->valuestring, "extrapolated")) continue;
    ck_assert_str_eq(cJSON_GetArrayItem(wall, 4)->valuestring, "not known");
    ck_assert_str_ne(cJSON_GetArrayItem(wall, 8)->valuestring, "yes");
    ck_assert_ptr_nonnull(strstr(cJSON_GetArrayItem(wall, 10)->valuestring, "not fitted"));
  }
  cJSON_ArrayForEach(wall, cJSON_GetObjectItem(chart_of(p, "wall-ram"), "points"))
      ck_assert(cJSON_IsTrue(cJSON_GetObjectItem(wall, "measured")));
  /* Constant: the period falls with the lanes, which the law cannot follow; its error is stated wherever it is
   * drawn. */
  ck_assert(cJSON_IsTrue(cJSON_GetObjectItem(clock, "constant")));
  ck_assert_double_gt(sf_row_number(clock, "left_out_mean_error"), 0.1);
  ck_assert_int_eq(!strncmp(sf_row_text(clock, "form"), "constant, ", 10), 1);
  char want[60];
  snprintf(want, sizeof want, "missed by %.1f %%, at most %.1f %%", 100 * sf_row_number(clock, "left_out_mean_error"),
           100 * sf_row_number(clock, "left_out_largest_error"));
  ck_assert_msg(strstr(note_of(p, "wall-clock"), want) != NULL, "%s: %s", note_of(p, "wall-clock"), want);
  ck_assert_ptr_nonnull(strstr(note_of(p, "wall-clock"), "the fit is constant"));
  ck_assert_str_eq(note_of(p, "wall-peak"), note_of(p, "wall-clock"));
  ck_assert_int_eq(curves_of(p, "wall-clock"), 1);
  /* And one that follows its points says neither. */
  ck_assert(cJSON_IsFalse(cJSON_GetObjectItem(luts, "constant")));
  ck_assert_ptr_null(strstr(note_of(p, "wall-luts"), "constant"));
  ck_assert_str_eq(sf_row_text(luts, "form"), "2,000 + 1.5 lanes sum_bits + 2 neuron_lanes potential_bits");
  char *text = sf_project_markdown(p);
  ck_assert_ptr_nonnull(strstr(text, "| block RAMs | 0 | nothing to fit"));
  ck_assert_ptr_nonnull(strstr(text, "| clock period | 60 | constant, "));
  ck_assert_ptr_nonnull(strstr(text, "| 1,000,000,000 |"));
  ck_assert_ptr_null(strstr(text, "e+"));
  free(text);
  cJSON_Delete(p);
  cJSON_Delete(o);
}
END_TEST

/* The cycles that the projection computes with are those of the model, up to what spikes add. */
START_TEST(projected_cycles_are_near_the_exact_ones) {
  sf_sweep *s = parsed(HEAD "\"steps\": [\"model\"], \"parameters\": {\"AXONS\": [64, 512], \"NEURONS\": [64, 256], "
                            "\"LANES\": [4, 32], \"NEURON_LANES\": [2, 4]},"
                            "\"traffic\": {\"events\": [2, 16, 64], \"ticks\": 20}}");
  for (uint32_t i = 0; i < s->n_points; i++) {
    sf_msg msg = {""};
    ck_assert_msg(sf_point_run(s, &s->point[i], 2, &msg) == SF_OK, "%s", msg.text);
    cJSON *row = sf_point_row(s, &s->point[i], 2);
    const sf_params *p = &s->point[i].params;
    const sf_shape shape = {p->axons, p->neurons, p->lanes, p->neuron_lanes, p->weight_bits, p->potential_bits, 1};
    const double exact = sf_row_number(row, "cycles_per_tick");
    const double got = sf_project_cycles(&shape, s->point[i].events, sf_row_number(row, "spikes") / 20);
    ck_assert_msg(fabs(got / exact - 1) < 0.15, "point %u: %g, exactly %g", i, got, exact);
    cJSON_Delete(row);
  }
  sf_sweep_free(s);
}
END_TEST

/* A network of n axons and as many neurons; all of them spike in every tick, or none; every other one has a route. */
static sf_model *busy(uint32_t n, bool spikes) {
  sf_network *net = sf_network_new(1);
  sf_model *m = NULL;
  ck_assert_ptr_nonnull(net);
  sf_core_net *c = &net->core[0];
  *c = (sf_core_net){
      .axons = n, .neurons = n, .weight_bits = 4, .potential_bits = 16, .delay_slots = 2, .n_profiles = 1};
  c->n_routes = n / 2;
  ck_assert_int_eq(sf_core_net_alloc(c, NULL), SF_OK);
  for (uint32_t i = 0; i < n; i++) c->threshold[i] = spikes ? 0 : 30000;
  for (uint32_t i = 0; i < n / 2; i++) c->routes[i] = (sf_route){.neuron = 2 * i, .core = SF_EXTERNAL};
  ck_assert_int_eq(sf_model_new(net, &m, NULL), SF_OK);
  sf_network_free(net);
  return m;
}

/* More lanes, a deeper pipeline; above 64 of them a spike costs more, too. Where all axons are active nothing of the
 * formula is estimated; where none is and all neurons spike, only what single spikes cost the router. */
START_TEST(projected_cycles_follow_the_lanes) {
  enum { N = 4096 };
  sf_model *silent = busy(N, false), *loud = busy(N, true);
  for (uint32_t a = 0; a < N; a++) ck_assert_int_eq(sf_model_inject(silent, 0, a, 1), SF_OK);
  for (uint32_t tick = 0; tick < 2; tick++) {
    ck_assert_uint_eq(sf_model_step(silent)->n_spikes, 0);
    ck_assert_uint_eq(sf_model_step(loud)->n_spikes, N);
  }
  for (uint32_t lanes = 16; lanes <= N; lanes *= 2) {
    sf_params p = sf_params_default();
    p.axons = p.neurons = N;
    p.lanes = lanes;
    p.neuron_lanes = 16;
    const sf_shape shape = {N, N, lanes, 16, 4, 16, 0.5};
    const double exact = (double)sf_model_cycles(silent, 0, &p), got = sf_project_cycles(&shape, N, 0);
    ck_assert_msg(got == exact, "%u lanes, silent: %g, exactly %g", lanes, got, exact);
    const double routed = (double)sf_model_cycles(loud, 0, &p), law = sf_project_cycles(&shape, 0, N);
    ck_assert_msg(fabs(law / routed - 1) < 0.01, "%u lanes, all spike: %g, exactly %g", lanes, law, routed);
  }
  sf_model_free(silent);
  sf_model_free(loud);
}
END_TEST

int main(void) {
  Suite *s = suite_create("explore_project");
  TCase *c = tcase_create("sweep");
  tcase_set_timeout(c, 120);
  tcase_add_checked_fixture(c, setup, teardown);
  tcase_add_test(c, known_coefficients_are_found);
  tcase_add_test(c, fits_are_bounded_and_bear_dependent_terms);
  tcase_add_test(c, laws_are_recovered_from_rows);
  tcase_add_test(c, machines_are_multiplied_and_marked);
  tcase_add_test(c, fits_say_what_they_are_worth);
  tcase_add_test(c, projected_cycles_are_near_the_exact_ones);
  tcase_add_test(c, projected_cycles_follow_the_lanes);
  suite_add_tcase(s, c);
  return suite_run(s);
}
