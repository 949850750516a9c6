/* test_explore_rows.c - rows and what follows from them, Pareto fronts, the files that are written. */
#define _GNU_SOURCE
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "explore/columns.h"
#include "explore/rows.h"
#include "explore/sweep_folder.h"
#include "files/file_util.h"
#include "lockstep/random_case.h"
#include "suite.h"

/* ---- Pareto fronts ---- */

START_TEST(fronts_are_those_of_brute_force) {
  enum { MOST = 60 };
  double gain[MOST], cost[MOST];
  bool front[MOST];
  for (uint64_t round = 0; round < 2000; round++) {
    sf_random r = sf_random_new(5, round, 0);
    const size_t n = sf_random_below(&r, MOST + 1);
    const uint32_t values = 1 + sf_random_below(&r, 30); /* few values: many ties */
    for (size_t i = 0; i < n; i++) {
      gain[i] = sf_random_below(&r, values);
      cost[i] = sf_random_below(&r, values);
    }
    sf_pareto(gain, cost, n, front);
    for (size_t i = 0; i < n; i++) {
      bool beaten = false;
      for (size_t k = 0; k < n; k++)
        beaten |= gain[k] >= gain[i] && cost[k] <= cost[i] && (gain[k] > gain[i] || cost[k] < cost[i]);
      ck_assert_msg(front[i] == !beaten, "round %llu point %zu", (unsigned long long)round, i);
    }
  }
}
END_TEST

static cJSON *results_of(const char *rows) {
  char *text;
  ck_assert_int_gt(asprintf(&text,
                            "{\"format\": \"synfire-explore\", \"version\": 1, \"sweep\": \"t\", \"points\": 4, "
                            "\"ok\": 3, \"failed\": 1, \"error\": 0,"
                            "\"missing\": 0, \"tools\": {\"yosys\": \"0.23\"}, \"rows\": %s}",
                            rows),
                   0);
  cJSON *o = cJSON_Parse(text), *row;
  free(text);
  ck_assert_ptr_nonnull(o);
  cJSON *all = cJSON_GetObjectItemCaseSensitive(o, "rows");
  cJSON_ArrayForEach(row, all) sf_rows_derive(row);
  sf_rows_fronts(all);
  cJSON_AddItemToObject(o, "columns", sf_columns_json(all));
  return o;
}

static const char sample[] =
    "[{\"point\": 0, \"status\": \"ok\", \"target\": \"up5k\", \"network\": \"a, \\\"b\\\"\", \"AXONS\": 64, "
    "\"NEURONS\": 128, \"LANES\": 16, \"WEIGHT_BITS\": 4, \"POTENTIAL_BITS\": 16,"
    "\"LEAK\": \"shift\", \"synaptic_ops\": 8192, \"active_axons\": 64, \"model_ticks\": 4, \"samples\": 2, "
    "\"correct\": 2, \"accuracy\": 0.9, \"cycles\": 1024, \"lut4\": 1000, \"carry\": 100, \"block_ram\": 8,"
    "\"logic_cells\": 1600, \"fmax_mhz\": 50, \"logs\": {\"lint\": \"/one/two/lint-1\"}},"
    "{\"point\": 1, \"status\": \"ok\", \"target\": \"up5k\", \"network\": \"a, \\\"b\\\"\", \"AXONS\": 64, "
    "\"NEURONS\": 128, \"LANES\": 32, \"WEIGHT_BITS\": 4, \"POTENTIAL_BITS\": 16,"
    "\"LEAK\": \"multiply\", \"synaptic_ops\": 8192, \"active_axons\": 64, \"model_ticks\": 4, \"samples\": 2, "
    "\"cycles\": 1024, \"lut4\": 1000, \"block_ram\": 8, \"logic_cells\": 1700, \"fmax_mhz\": 40},"
    "{\"point\": 2, \"status\": \"ok\", \"target\": \"ecp5-85\", \"network\": \"</script><b>\", \"AXONS\": 64, "
    "\"NEURONS\": 128, \"LANES\": 32, \"WEIGHT_BITS\": 4, \"lut4\": 1000, \"carry\": 100},"
    "{\"point\": 3, \"status\": \"failed\", \"target\": \"up5k\", \"network\": \"x\", \"failed_step\": \"synth\", "
    "\"reason\": \"ran out | of RAM\"}]";

START_TEST(numbers_follow_from_a_row) {
  cJSON *o = results_of(sample), *rows = cJSON_GetObjectItemCaseSensitive(o, "rows"),
        *row = cJSON_GetArrayItem(rows, 0);
  static const struct {
    const char *key;
    double value;
  } want[] = {{"synapses", 8192},      {"weight_kib", 4},          {"utilisation", 0.5}, {"luts", 1600},
              {"luts_per_lane", 100},  {"lanes_per_block_ram", 2}, {"peak_gops", 0.8},   {"gops", 0.4},
              {"ticks_per_s", 195310}, {"samples_per_s", 97656}};
  for (size_t i = 0; i < sizeof want / sizeof *want; i++)
    ck_assert_msg(fabs(sf_row_number(row, want[i].key) / want[i].value - 1) < 1e-4, "%s: %g, not %g", want[i].key,
                  sf_row_number(row, want[i].key), want[i].value);
  /* By hand: 2 banks of 2048 bytes, 10/64/2 pJ a bit; 4 bits and a sum of 10 bits; 4 ticks * 128 neurons. */
  const double synapse = 4 * 10.0 / 64 / 2 + 10 * 0.1 / 32;
  const double neuron = 64 * 10.0 / 64 * sqrt(512.0 / 8192) + 64 * 0.1 / 32;
  ck_assert_double_eq_tol(sf_row_number(row, "energy_pj_per_op"), (8192 * synapse + 512 * neuron) / 8192, 1e-4);
  ck_assert_double_eq_tol(sf_energy_pj(0, 1, 64, 128, 16, 4, 16, false) - sf_energy_pj(0, 1, 64, 128, 16, 4, 16, true),
                          16 * 13 * 3.1 / 1024, 1e-9);
  /* Carry cells of the ECP5 are two LUTs each; the iCE40's are none. */
  ck_assert_double_eq(sf_row_number(cJSON_GetArrayItem(rows, 2), "luts"), 1200);
  cJSON_Delete(o);
}
END_TEST

static bool on_front(const cJSON *results, int row, const char *name) {
  const cJSON *one, *list = cJSON_GetObjectItemCaseSensitive(
                        cJSON_GetArrayItem(cJSON_GetObjectItemCaseSensitive(results, "rows"), row), "fronts");
  bool found = false;
  cJSON_ArrayForEach(one, list) found |= !strcmp(one->valuestring, name);
  return found;
}

START_TEST(rows_are_marked_with_their_fronts) {
  cJSON *o = results_of(sample);
  ck_assert(on_front(o, 0, "luts"));
  ck_assert(!on_front(o, 1, "luts")); /* slower and larger */
  ck_assert(on_front(o, 0, "block_ram"));
  ck_assert(!on_front(o, 1, "block_ram"));
  ck_assert(on_front(o, 0, "accuracy"));
  ck_assert(!on_front(o, 1, "accuracy")); /* it has none */
  ck_assert(!on_front(o, 2, "luts"));
  ck_assert(!on_front(o, 3, "luts"));
  cJSON_Delete(o);
}
END_TEST

/* ---- files ---- */

static char *written(sf_err (*write)(const cJSON *, const char *, sf_msg *), const char *name) {
  cJSON *o = results_of(sample);
  sf_msg msg = {""};
  char *text = NULL;
  size_t length;
  ck_assert_msg(write(o, in_folder(name), &msg) == SF_OK, "%s", msg.text);
  ck_assert_int_eq(sf_file_read(in_folder(name), 1 << 24, &text, &length, &msg), SF_OK);
  cJSON_Delete(o);
  return text;
}

START_TEST(csv_is_quoted_and_complete) {
  char *text = written(sf_rows_write_csv, "r.csv");
  ck_assert_ptr_nonnull(strstr(text, "\"a, \"\"b\"\"\""));
  ck_assert_int_eq(strncmp(text, "point,status,failed_step,reason,target,AXONS", 44), 0);
  int lines = 0;
  for (const char *c = text; *c; c++) lines += *c == '\n';
  ck_assert_int_eq(lines, 5);
  ck_assert_ptr_nonnull(strstr(text, "\n3,failed,synth,ran out | of RAM,up5k,"));
  free(text);
}
END_TEST

START_TEST(json_is_read_back) {
  free(written(sf_rows_write_json, "r.json"));
  cJSON *o;
  sf_msg msg = {""};
  ck_assert_int_eq(sf_rows_read(in_folder("r.json"), &o, &msg), SF_OK);
  const cJSON *row = cJSON_GetArrayItem(cJSON_GetObjectItemCaseSensitive(o, "rows"), 0);
  ck_assert_double_eq(sf_row_number(row, "gops"), 0.4);
  const char *log = sf_row_text(cJSON_GetObjectItemCaseSensitive(row, "logs"), "lint"); /* as seen from the file */
  ck_assert_msg(!strncmp(log, "../", 3) && !strcmp(log + strlen(log) - 14, "one/two/lint-1"), "%s", log);
  cJSON_Delete(o);
  ck_assert_int_eq(sf_write_text(in_folder("r.json"), "{\"format\": \"x\", \"rows\": []}", &msg), SF_OK);
  ck_assert_int_eq(sf_rows_read(in_folder("r.json"), &o, &msg), SF_EFORMAT);
  ck_assert_int_eq(sf_write_text(in_folder("r.json"), "{\"format\": \"synfire-explore\", \"rows\": [3]}", &msg), SF_OK);
  ck_assert_int_eq(sf_rows_read(in_folder("r.json"), &o, &msg), SF_EFORMAT);
}
END_TEST

START_TEST(markdown_has_rows_and_reasons) {
  char *text = written(sf_rows_write_markdown, "r.md");
  ck_assert_ptr_nonnull(strstr(text, "| up5k | 64 | 128 | 16 | 4 |"));
  ck_assert_ptr_nonnull(strstr(text, "ran out \\| of RAM"));
  ck_assert_ptr_nonnull(strstr(text, "4 points: 3 ok, 1 failed"));
  free(text);
}
END_TEST

START_TEST(the_page_holds_its_data_and_loads_nothing) {
  char *text = written(sf_rows_write_page, "r.html");
  ck_assert_ptr_nonnull(strstr(text, "\"luts_per_lane\""));
  ck_assert_ptr_nonnull(strstr(text, "\\u003c/script>"));
  ck_assert_ptr_null(strstr(text, "</script><b>"));
  static const char *const forbidden[] = {"src=",   "<link",          "@import", "<iframe",
                                          "fetch(", "XMLHttpRequest", "import(", "https:"};
  for (size_t i = 0; i < sizeof forbidden / sizeof *forbidden; i++)
    ck_assert_msg(strstr(text, forbidden[i]) == NULL, "%s is in the page", forbidden[i]);
  for (const char *h = strstr(text, "http:"); h; h = strstr(h + 1, "http:"))
    ck_assert_msg(!strncmp(h, "http://www.w3.org/2000/svg", 26), "%.40s", h); /* the name of a format, not a place */
  int scripts = 0;
  for (const char *h = strstr(text, "</script>"); h; h = strstr(h + 1, "</script>")) scripts++;
  ck_assert_int_eq(scripts, 2);
  free(text);
}
END_TEST

START_TEST(a_file_that_cannot_be_written_keeps_the_old_one) {
  cJSON *o = results_of(sample);
  sf_msg msg = {""};
  ck_assert_int_eq(mkdir(in_folder("r.csv"), 0777), 0);
  ck_assert_int_eq(sf_rows_write_csv(o, in_folder("r.csv"), &msg), SF_EIO);
  ck_assert_int_eq(sf_rows_write_csv(o, in_folder("none/r.csv"), &msg), SF_EIO);
  cJSON_Delete(o);
}
END_TEST

int main(void) {
  Suite *s = suite_create("explore_rows");
  TCase *c = tcase_create("sweep");
  tcase_set_timeout(c, 120);
  tcase_add_checked_fixture(c, setup, teardown);
  tcase_add_test(c, fronts_are_those_of_brute_force);
  tcase_add_test(c, numbers_follow_from_a_row);
  tcase_add_test(c, rows_are_marked_with_their_fronts);
  tcase_add_test(c, csv_is_quoted_and_complete);
  tcase_add_test(c, json_is_read_back);
  tcase_add_test(c, markdown_has_rows_and_reasons);
  tcase_add_test(c, the_page_holds_its_data_and_loads_nothing);
  tcase_add_test(c, a_file_that_cannot_be_written_keeps_the_old_one);
  suite_add_tcase(s, c);
  return suite_run(s);
}
