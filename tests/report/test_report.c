/* test_report.c - the report page: every part shows up, nothing is loaded from elsewhere, text from outside is escaped,
 * and a file that cannot be used leaves the old page alone. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "files/file_util.h"
#include "report/report.h"
#include "suite.h"
#include "synfire/params.h"

static char folder[] = "/tmp/synfire-report-XXXXXX", page[128], synth[128];

static void put(const char *path, const char *text) {
  FILE *f = fopen(path, "w");
  ck_assert_ptr_nonnull(f);
  ck_assert_int_ge(fputs(text, f), 0);
  ck_assert_int_eq(fclose(f), 0);
}

static void setup(void) {
  strcpy(folder, "/tmp/synfire-report-XXXXXX");
  ck_assert_ptr_nonnull(mkdtemp(folder));
  snprintf(page, sizeof page, "%s/page.html", folder);
  snprintf(synth, sizeof synth, "%s/result.json", folder);
  put(synth,
      "{\"target\": \"up5k\", \"device\": \"iCE40 <UP5K>\", \"fmax_mhz\": 26.5, \"board_clock_mhz\": 24, \"lut4\": "
      "3000,"
      "\"ff\": 1500, \"spram\": 4, \"available\": {\"lut4\": 5280, \"spram\": 4}, \"parameters\": {\"LANES\": 16},"
      "\"parts\": {\"crossbar\": {\"lut4\": 900, \"ff\": 600}}, \"critical_path\": {\"ns\": 37.7, \"steps\": "
      "[{\"name\":"
      "\"u_core.u_crossbar.sum_q\", \"logic_ns\": 1.2, \"routing_ns\": 3.4}]}, \"tool_versions\": {\"yosys\": "
      "\"0.23\"},"
      "\"top\": \"icebreaker\", \"seed\": 1}");
}

static void teardown(void) {
  unlink(page);
  unlink(synth);
  ck_assert_int_eq(rmdir(folder), 0); /* no temporary file was left */
}

/* A sample of two ticks: 4 inputs, 3 hidden neurons, 2 classes. */
static uint32_t in_tick[] = {0, 0, 1}, in_unit[] = {0, 3, 1}, out_tick[] = {0, 1}, out_unit[] = {2, 4};
static const sf_spikes input = {.n = 3, .tick = in_tick, .unit = in_unit, .n_samples = 1};
static const sf_spikes spikes = {.n = 2, .tick = out_tick, .unit = out_unit, .n_samples = 1};
static const int64_t score[] = {0, -2, 1, 5};
static const sf_report_sample sample = {.number = 7,
                                        .label = 1,
                                        .answer = 1,
                                        .ticks = 2,
                                        .input = &input,
                                        .spikes = &spikes,
                                        .inputs = 4,
                                        .hidden = 3,
                                        .image_side = 2,
                                        .classes = 2,
                                        .score = score};

static char *whole_page(const sf_report *r) {
  sf_msg msg = {""};
  char *text = NULL;
  size_t length = 0;
  ck_assert_msg(sf_report_write(page, r, &msg) == SF_OK, "%s", msg.text);
  ck_assert_int_eq(sf_file_read(page, 1 << 24, &text, &length, &msg), SF_OK);
  return text;
}

static sf_report full_report(const char *const *json) {
  static const uint32_t confusion[] = {40, 2, 1, 57};
  static const char *const commands[] = {"make demo"};
  static sf_params params;
  params = sf_params_default();
  return (sf_report){.title = "Digits & <more>",
                     .network = "net.h5",
                     .spikes = "in.h5",
                     .config = "up5k.json",
                     .params = &params,
                     .samples = 100,
                     .correct = 97,
                     .cycles = 4000,
                     .synaptic_ops = 50000,
                     .input_spikes = 130,
                     .hidden_spikes = 98,
                     .classes = 2,
                     .confusion = confusion,
                     .rtl_samples = 10,
                     .rtl_cycles = 40000,
                     .sample = &sample,
                     .synth_json = json,
                     .n_synth = json ? 1 : 0,
                     .command = commands,
                     .n_commands = 1};
}

START_TEST(every_part_is_there) {
  const char *json[] = {synth};
  const sf_report r = full_report(json);
  char *text = whole_page(&r);
  static const char *const wanted[] = {"97.00 %",
                                       "40,000",
                                       "class=\"film\"",
                                       "class=\"raster\"",
                                       "26.50 MHz",
                                       "u_core.u_crossbar.sum_q",
                                       "SPRAM",
                                       "Block diagram",
                                       "make demo",
                                       "yosys",
                                       "prefers-color-scheme: dark"};
  for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
    ck_assert_msg(strstr(text, wanted[i]) != NULL, "no %s", wanted[i]);
  free(text);
}
END_TEST

START_TEST(nothing_is_loaded_from_elsewhere) {
  const char *json[] = {synth};
  const sf_report r = full_report(json);
  char *text = whole_page(&r);
  static const char *const forbidden[] = {"<script", "src=", "href=", "@import", "<link", "<iframe", "https:"};
  for (size_t i = 0; i < sizeof forbidden / sizeof *forbidden; i++)
    ck_assert_msg(strstr(text, forbidden[i]) == NULL, "%s is in the page", forbidden[i]);
  for (const char *u = strstr(text, "url("); u; u = strstr(u + 1, "url("))
    ck_assert_msg(u[4] == '#', "url(%.20s", u + 4);
  for (const char *h = strstr(text, "http:"); h; h = strstr(h + 1, "http:"))
    ck_assert_msg(!strncmp(h, "http://www.w3.org/2000/svg", 26), "%.40s", h); /* the name of a format, not a place */
  free(text);
}
END_TEST

START_TEST(text_from_outside_is_escaped) {
  const char *json[] = {synth};
  const sf_report r = full_report(json);
  char *text = whole_page(&r);
  ck_assert_ptr_nonnull(strstr(text, "Digits &amp; &lt;more&gt;"));
  ck_assert_ptr_nonnull(strstr(text, "iCE40 &lt;UP5K&gt;"));
  ck_assert_ptr_null(strstr(text, "<more>"));
  free(text);
}
END_TEST

START_TEST(parts_without_data_are_left_out) {
  const sf_report r = {.title = "nothing"};
  char *text = whole_page(&r);
  ck_assert_ptr_null(strstr(text, "On the FPGA"));
  ck_assert_ptr_null(strstr(text, "class=\"film\""));
  ck_assert_ptr_null(strstr(text, "mismatches"));
  ck_assert_ptr_nonnull(strstr(text, "</html>"));
  free(text);
}
END_TEST

static const struct {
  const char *why, *json;
} bad[] = {
    {"no JSON", "hello"}, {"an empty file", ""}, {"an array", "[1, 2]"}, {"another object", "{\"fmax_mhz\": 3}"}};

START_TEST(bad_synthesis_result_keeps_the_old_page) {
  sf_msg msg = {""};
  const char *json[] = {synth};
  char *text = NULL;
  size_t length = 0;
  put(page, "old");
  put(synth, bad[_i].json);
  const sf_report r = full_report(json);
  ck_assert_msg(sf_report_write(page, &r, &msg) != SF_OK, "%s was taken", bad[_i].why);
  ck_assert_msg(strstr(msg.text, "result.json") != NULL, "%s", msg.text);
  ck_assert_int_eq(sf_file_read(page, 100, &text, &length, &msg), SF_OK);
  ck_assert_str_eq(text, "old");
  free(text);
}
END_TEST

START_TEST(odd_numbers_in_a_result_are_harmless) {
  const char *json[] = {synth};
  put(synth, "{\"target\": \"x\", \"fmax_mhz\": -1e300, \"lut4\": 1e300, \"ff\": -5, \"available\": 3, "
             "\"critical_path\": {\"steps\": [1, {}]},"
             "\"parts\": {\"a\": null}, \"tool_versions\": []}");
  const sf_report r = full_report(json);
  free(whole_page(&r));
}
END_TEST

int main(void) {
  Suite *s = suite_create("report");
  TCase *c = tcase_create("page");
  tcase_add_checked_fixture(c, setup, teardown);
  tcase_add_test(c, every_part_is_there);
  tcase_add_test(c, nothing_is_loaded_from_elsewhere);
  tcase_add_test(c, text_from_outside_is_escaped);
  tcase_add_test(c, parts_without_data_are_left_out);
  tcase_add_loop_test(c, bad_synthesis_result_keeps_the_old_page, 0, sizeof bad / sizeof *bad);
  tcase_add_test(c, odd_numbers_in_a_result_are_harmless);
  suite_add_tcase(s, c);
  return suite_run(s);
}
