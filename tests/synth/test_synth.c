/* test_synth.c - `synfire synth` without its tools: reading their reports and logs, complete, cut off and hostile; the
 * target table; the Yosys script; the reports it writes. Recorded excerpts lie in tests/vectors/synth/. */
#include <check.h>
#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files/file_util.h"
#include "suite.h"
#include "synth/report.h"
#include "util/paths.h"

static char *vector(const char *name, size_t *length) {
  char relative[128], path[SF_PATH_MAX], *text = NULL;
  sf_msg msg = {""};
  snprintf(relative, sizeof relative, "tests/vectors/synth/%s", name);
  ck_assert_msg(sf_data_path(relative, path, &msg) == SF_OK, "%s", msg.text);
  ck_assert_msg(sf_file_read(path, 1 << 20, &text, length, &msg) == SF_OK, "%s", msg.text);
  return text;
}

static bool one_line(const sf_msg *msg) { return msg->text[0] && !strchr(msg->text, '\n'); }

/* ---- Yosys' stat ---- */

START_TEST(stat_counts_cells_by_resource) {
  size_t n;
  uint32_t used[SF_RES_COUNT] = {[SF_RES_LOGIC] = 77};
  char *text = vector("stat-ice40.json", &n);
  ck_assert_int_eq(sf_parse_stat(text, n, used, NULL), SF_OK);
  ck_assert_uint_eq(used[SF_RES_LUT4], 873);
  ck_assert_uint_eq(used[SF_RES_FF], 45 + 40 + 40 + 8 + 159 + 12);
  ck_assert_uint_eq(used[SF_RES_CARRY], 76);
  ck_assert_uint_eq(used[SF_RES_BLOCK_RAM], 2);
  ck_assert_uint_eq(used[SF_RES_SPRAM], 0);
  ck_assert_uint_eq(used[SF_RES_LOGIC], 77); /* known after packing only */
  free(text);
  text = vector("stat-ecp5.json", &n);
  ck_assert_int_eq(sf_parse_stat(text, n, used, NULL), SF_OK);
  ck_assert_uint_eq(used[SF_RES_LUT4], 861);
  ck_assert_uint_eq(used[SF_RES_FF], 310);
  ck_assert_uint_eq(used[SF_RES_CARRY], 49);
  free(text);
}
END_TEST

/* ---- nextpnr's report ---- */

START_TEST(report_has_clock_path_and_resources) {
  size_t n;
  uint32_t used[SF_RES_COUNT] = {[SF_RES_LUT4] = 5};
  sf_timing t;
  char *text = vector("report-ice40.json", &n);
  ck_assert_int_eq(sf_parse_report(text, n, used, &t, NULL), SF_OK);
  ck_assert_double_eq_tol(t.fmax_mhz, 31.96, 0.01);
  ck_assert_uint_eq(used[SF_RES_LOGIC], 4290);
  ck_assert_uint_eq(used[SF_RES_BLOCK_RAM], 10);
  ck_assert_uint_eq(used[SF_RES_DSP], 2);
  ck_assert_uint_eq(used[SF_RES_LUT4], 5); /* not in this report: left alone */
  ck_assert_uint_ge(t.n_step, 3);
  ck_assert_str_eq(t.step[0].name, "u_system.u_core.u_axons.axon");
  ck_assert_str_eq(t.step[t.n_step - 1].name, "u_system.u_core.u_host.count_merge_i");
  double sum = 0;
  for (uint32_t i = 0; i < t.n_step; i++) sum += t.step[i].logic_ns + t.step[i].routing_ns;
  ck_assert_double_eq_tol(sum, t.path_ns, 1e-9);
  ck_assert_double_eq_tol(sum, 8.834, 0.001); /* the excerpt leaves the middle of the path out */
  free(text);
  text = vector("report-ecp5.json", &n);
  ck_assert_int_eq(sf_parse_report(text, n, used, &t, NULL), SF_OK);
  ck_assert_double_eq_tol(t.fmax_mhz, 124.86, 0.01);
  ck_assert_double_eq_tol(1000 / t.path_ns, t.fmax_mhz, 0.1);
  ck_assert_str_eq(t.step[0].name, "u_system.u_core.m.0.0");
  ck_assert_str_eq(t.step[1].name, "u_system.u_bridge.word_q");
  ck_assert_uint_eq(t.n_step, 2);
  ck_assert_uint_eq(used[SF_RES_FF], 310);
  free(text);
}
END_TEST

/* Cut off at any byte, a report is refused with one line and changes nothing; so it is with a byte turned over, or it
 * still gives numbers that make sense. */
START_TEST(cut_and_damaged_reports) {
  static const char *const names[] = {"report-ice40.json", "report-ecp5.json", "stat-ice40.json", "stat-ecp5.json"};
  const bool stat = strncmp(names[_i], "stat", 4) == 0;
  size_t n;
  char *text = vector(names[_i], &n);
  while (n > 0 && text[n - 1] != '}') n--;
  for (size_t cut = 0; cut < n; cut++) {
    uint32_t used[SF_RES_COUNT] = {1, 2, 3, 4, 5, 6, 7, 8}, before[SF_RES_COUNT];
    sf_timing t = {.fmax_mhz = -1};
    sf_msg msg = {""};
    memcpy(before, used, sizeof used);
    char *part = malloc(cut + 1); /* of exactly that size, so that a read behind it is seen */
    memcpy(part, text, cut);
    char *tight = realloc(part, cut ? cut : 1);
    ck_assert_ptr_nonnull(tight);
    const sf_err err = stat ? sf_parse_stat(tight, cut, used, &msg) : sf_parse_report(tight, cut, used, &t, &msg);
    ck_assert_msg(err == SF_EFORMAT && one_line(&msg), "cut at %zu", cut);
    ck_assert_msg(memcmp(used, before, sizeof used) == 0 && t.fmax_mhz == -1, "cut at %zu", cut);
    free(tight);
  }
  for (size_t i = 0; i < n; i++) {
    uint32_t used[SF_RES_COUNT] = {0};
    sf_timing t = {0};
    sf_msg msg = {""};
    const char kept = text[i];
    text[i] = (char)(kept ^ (1 << i % 8));
    const sf_err err = stat ? sf_parse_stat(text, n, used, &msg) : sf_parse_report(text, n, used, &t, &msg);
    ck_assert(err == SF_OK || one_line(&msg));
    if (!err && !stat) ck_assert(t.fmax_mhz > 0 && t.n_step <= SF_PATH_STEPS && isfinite(t.path_ns));
    text[i] = kept;
  }
  free(text);
}
END_TEST

static const struct {
  const char *why, *text;
  bool stat;
} hostile[] = {{"nothing", "", false},
               {"nothing", "", true},
               {"no object", "[1,2]", false},
               {"no clock", "{\"fmax\":{}}", false},
               {"clock is text", "{\"fmax\":{\"clk\":\"fast\"}}", false},
               {"clock is negative", "{\"fmax\":{\"clk\":{\"achieved\":-3}}}", false},
               {"clock is infinite", "{\"fmax\":{\"clk\":{\"achieved\":1e999}}}", false},
               {"clocks are a list", "{\"fmax\":[{\"achieved\":0}]}", false},
               {"utilisation is negative",
                "{\"fmax\":{\"clk\":{\"achieved\":3}},\"utilization\":{\"ICESTORM_LC\":{\"used\":-1}}}", false},
               {"utilisation is text",
                "{\"fmax\":{\"clk\":{\"achieved\":3}},\"utilization\":{\"DP16KD\":{\"used\":\"1\"}}}", false},
               {"path without delay",
                "{\"fmax\":{\"c\":{\"achieved\":3}},\"critical_paths\":[{\"from\":\"posedge c\",\"to\":\"posedge c\","
                "\"path\":[{\"type\":\"logic\"}]}]}",
                false},
               {"stat without design", "{\"modules\":{}}", true},
               {"types are a list", "{\"design\":{\"num_cells_by_type\":[1]}}", true},
               {"count is text", "{\"design\":{\"num_cells_by_type\":{\"SB_LUT4\":\"12\"}}}", true},
               {"count is huge", "{\"design\":{\"num_cells_by_type\":{\"SB_LUT4\":1e30}}}", true},
               {"count is negative", "{\"design\":{\"num_cells_by_type\":{\"SB_DFF\":-1}}}", true}};

START_TEST(hostile_json_is_refused) {
  uint32_t used[SF_RES_COUNT] = {0};
  sf_timing t;
  sf_msg msg = {""};
  const char *text = hostile[_i].text;
  const sf_err err = hostile[_i].stat ? sf_parse_stat(text, strlen(text), used, &msg)
                                      : sf_parse_report(text, strlen(text), used, &t, &msg);
  ck_assert_msg(err == SF_EFORMAT, "%s", hostile[_i].why);
  ck_assert_msg(one_line(&msg), "%s: %s", hostile[_i].why, msg.text);
}
END_TEST

START_TEST(deep_json_does_not_overflow) {
  enum { DEPTH = 200000 };
  char *text = malloc(DEPTH);
  ck_assert_ptr_nonnull(text);
  memset(text, '[', DEPTH);
  uint32_t used[SF_RES_COUNT];
  sf_timing t;
  ck_assert_int_eq(sf_parse_stat(text, DEPTH, used, NULL), SF_EFORMAT);
  ck_assert_int_eq(sf_parse_report(text, DEPTH, used, &t, NULL), SF_EFORMAT);
  free(text);
}
END_TEST

START_TEST(long_paths_keep_both_ends) {
  char text[65536];
  int n = snprintf(text, sizeof text,
                   "{\"fmax\":{\"c\":{\"achieved\":10}},\"critical_paths\":[{\"from\":\"posedge c\",\"to\":\"posedge "
                   "c\",\"path\":[");
  for (int i = 0; i < 100; i++)
    n += snprintf(text + n, sizeof text - (size_t)n,
                  "%s{\"type\":\"logic\",\"delay\":1,\"to\":{\"cell\":\"r%d_SB_LUT4_O\"}}", i ? "," : "", i);
  n += snprintf(text + n, sizeof text - (size_t)n, "]}]}");
  uint32_t used[SF_RES_COUNT] = {0};
  sf_timing t;
  ck_assert_int_eq(sf_parse_report(text, (size_t)n, used, &t, NULL), SF_OK);
  ck_assert_uint_eq(t.n_step, SF_PATH_STEPS);
  ck_assert_uint_eq(t.n_left_out, 100 - SF_PATH_STEPS);
  ck_assert_str_eq(t.step[0].name, "r0");
  ck_assert_str_eq(t.step[SF_PATH_STEPS - 1].name, "r99");
  double sum = 0;
  for (uint32_t i = 0; i < t.n_step; i++) sum += t.step[i].logic_ns;
  ck_assert_double_eq_tol(sum, 100, 1e-9);
}
END_TEST

START_TEST(tools_own_cells_go_with_their_driver) {
  const char *text =
      "{\"fmax\":{\"c\":{\"achieved\":10}},\"critical_paths\":[{\"from\":\"posedge c\",\"to\":\"posedge c\",\"path\":["
      "{\"type\":\"clk-to-q\",\"delay\":1,\"to\":{\"cell\":\"a_LC\"}},"
      "{\"type\":\"logic\",\"delay\":2,\"to\":{\"cell\":\"$nextpnr_ICESTORM_LC_4\"}},"
      "{\"type\":\"logic\",\"delay\":4,\"to\":{\"cell\":\"a_SB_LUT4_O\"}},"
      "{\"type\":\"setup\",\"delay\":8,\"to\":{\"cell\":\"b_LC\"}}]}]}";
  uint32_t used[SF_RES_COUNT] = {0};
  sf_timing t;
  ck_assert_int_eq(sf_parse_report(text, strlen(text), used, &t, NULL), SF_OK);
  ck_assert_uint_eq(t.n_step, 2);
  ck_assert_double_eq(t.step[0].logic_ns, 7);
  ck_assert_double_eq(t.step[1].logic_ns, 8);
}
END_TEST

START_TEST(slowest_clock_counts) {
  const char *text = "{\"fmax\":{\"a\":{\"achieved\":90.5},\"b\":{\"achieved\":40.25},\"c\":{\"achieved\":60}}}";
  uint32_t used[SF_RES_COUNT] = {0};
  sf_timing t;
  ck_assert_int_eq(sf_parse_report(text, strlen(text), used, &t, NULL), SF_OK);
  ck_assert_double_eq(t.fmax_mhz, 40.25);
  ck_assert_uint_eq(t.n_step, 0);
}
END_TEST

/* ---- logs ---- */

START_TEST(icetime_estimate) {
  size_t n;
  char *text = vector("icetime.txt", &n);
  double mhz = 0;
  ck_assert_int_eq(sf_parse_icetime(text, n, &mhz, NULL), SF_OK);
  ck_assert_double_eq_tol(mhz, 32.14, 1e-9);
  free(text);
  static const char *const bad[] = {"",
                                    "// Timing estimate: 31.12 ns",
                                    "// Timing estimate: x ns (y MHz)",
                                    "// Timing estimate: 0 ns (inf MHz)",
                                    "// Timing estimate: 1 ns (-4 MHz)",
                                    "\n\n\n"};
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    sf_msg msg = {""};
    ck_assert_int_eq(sf_parse_icetime(bad[i], strlen(bad[i]), &mhz, &msg), SF_EFORMAT);
    ck_assert(one_line(&msg));
  }
  ck_assert_double_eq_tol(mhz, 32.14, 1e-9);
}
END_TEST

START_TEST(full_device_names_the_resource) {
  size_t n;
  char *text = vector("nextpnr-full.log", &n), line[64];
  sf_shortage s;
  ck_assert(sf_parse_shortage(text, n, &s));
  ck_assert_str_eq(s.what, "block RAM");
  ck_assert_uint_eq(s.used, 58);
  ck_assert_uint_eq(s.available, 30);
  ck_assert(sf_parse_error(text, n, line, sizeof line));
  ck_assert_msg(strncmp(line, "Unable to place cell 'u_system.u_core.u_neurons.", 48) == 0, "%s", line);
  ck_assert_uint_lt(strlen(line), sizeof line);
  for (size_t cut = 0; cut < n; cut++) { /* a log may end anywhere */
    (void)sf_parse_shortage(text, cut, &s);
    (void)sf_parse_error(text, cut, line, sizeof line);
  }
  free(text);
  const char *fine = "Info: \t ICESTORM_LC:  5280/ 5280   100%\nInfo: ICESTORM_RAM: 99999999999999999999999/ 1 0%";
  ck_assert(!sf_parse_shortage(fine, strlen(fine), &s));
  const char *other = "Info: \t SB_IO:  97/   96   101%";
  ck_assert(sf_parse_shortage(other, strlen(other), &s));
  ck_assert_str_eq(s.what, "SB_IO");
  const char *control = "ERROR: a\x1b[31m\x7f b";
  ck_assert(sf_parse_error(control, strlen(control), line, sizeof line));
  ck_assert_str_eq(line, "a [31m  b");
  ck_assert(!sf_parse_error("no such thing", 13, line, sizeof line));
}
END_TEST

START_TEST(memories_left_over) {
  size_t n;
  char *text = vector("memories.txt", &n);
  sf_memory list[2];
  memset(list, 0, sizeof list);
  ck_assert_uint_eq(sf_parse_memories(text, n, list, 2), 3);
  ck_assert_str_eq(list[0].name, "u_system.u_core.u_axons.u_list.mem");
  ck_assert_uint_eq(list[0].words, 16);
  ck_assert_uint_eq(list[0].width, 4);
  ck_assert_uint_eq(list[1].words, 4);
  ck_assert_uint_eq(list[1].width, 16);
  sf_memory all[3];
  ck_assert_uint_eq(sf_parse_memories(text, n, all, 3), 3);
  ck_assert_uint_eq(all[2].words, 1024);
  ck_assert_uint_eq(all[2].width, 32);
  ck_assert_uint_eq(sf_parse_memories(text, n, NULL, 0), 3);
  for (size_t cut = 0; cut < n; cut++) ck_assert_uint_le(sf_parse_memories(text, cut, list, 2), 3);
  free(text);
  ck_assert_uint_eq(sf_parse_memories("autoidx 12\n", 11, list, 2), 0);
  const char *wild = "cell $mem_v2 \\x\nparameter \\SIZE -5\nparameter \\WIDTH 99999999999999999999\nend\n";
  ck_assert_uint_eq(sf_parse_memories(wild, strlen(wild), list, 2), 1);
  ck_assert_uint_eq(list[0].words, 0);
}
END_TEST

START_TEST(counts_in_order) {
  size_t n;
  char *text = vector("counts.txt", &n);
  uint32_t list[20] = {0};
  ck_assert_uint_eq(sf_parse_counts(text, n, list, 20), 12);
  ck_assert_uint_eq(list[0], 284);
  ck_assert_uint_eq(list[11], 402);
  ck_assert_uint_eq(sf_parse_counts(text, n, list, 1), 12);
  free(text);
  ck_assert_uint_eq(sf_parse_counts("x objects.\n7 object", 19, list, 2), 0);
}
END_TEST

static const struct {
  const char *name, *rtl;
} names[] = {
    {"u_core.seen_SB_DFFSR_Q_45_D_SB_LUT4_O_I2", "u_core.seen"},
    {"u_core.re_i_SB_LUT4_O_LC", "u_core.re_i"},
    {"u_core.g_lane[1].u_lane.mem.0.3_RAM", "u_core.g_lane[1].u_lane.mem.0.3_RAM"},
    {"u_bridge.word_q_TRELLIS_FF_Q_DI_PFUMX_Z", "u_bridge.word_q"},
    {"$nextpnr_ICESTORM_LC_37", "$nextpnr_ICESTORM_LC_37"}, /* a name of the tool's own, nothing in front of it */
    {"x_LC", "x"},
    {"a b|c\n\x01", "a?b?c??"},
    {"", ""}};

START_TEST(rtl_names) {
  char out[SF_RTL_NAME];
  sf_rtl_name(names[_i].name, out);
  ck_assert_str_eq(out, names[_i].rtl);
}
END_TEST

START_TEST(long_names_are_cut) {
  char name[1000], out[SF_RTL_NAME];
  memset(name, 'n', sizeof name - 1);
  name[sizeof name - 1] = '\0';
  sf_rtl_name(name, out);
  ck_assert_uint_eq(strlen(out), SF_RTL_NAME - 1);
}
END_TEST

/* ---- targets, script, reports ---- */

START_TEST(targets) {
  ck_assert_ptr_null(sf_synth_target_find("up5"));
  ck_assert_ptr_null(sf_synth_target_find(""));
  static const char *const all[] = {"up5k", "hx8k", "ecp5-25", "ecp5-85"};
  for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
    const sf_synth_target *t = sf_synth_target_find(all[i]);
    ck_assert_ptr_nonnull(t);
    ck_assert_ptr_nonnull(strstr(sf_synth_target_names(), all[i]));
    ck_assert_uint_le(sf_synth_board_clock(t, 5000), t->clock_max);
    ck_assert_uint_eq(sf_synth_board_clock(t, 1), t->clock_min);
    ck_assert_uint_eq(sf_synth_board_clock(t, t->clock_mhz), t->clock_mhz);
  }
  ck_assert_uint_eq(sf_synth_board_clock(sf_synth_target_find("up5k"), 26.9), 24);
  ck_assert_uint_eq(sf_synth_board_clock(sf_synth_target_find("up5k"), 17.9),
                    12); /* 15 MHz is out of the PLL's reach */
}
END_TEST

static sf_synth_job some_job(void) {
  sf_synth_job job = {
      .config = {.params = sf_params_default()}, .config_name = "some", .board = true, .seed = 3, .freq_mhz = 24};
  job.target = sf_synth_target_find("up5k");
  return job;
}

START_TEST(script_sets_every_parameter) {
  static const char *const sources[] = {"src/a.v", "src/b.v", NULL};
  sf_synth_job job = some_job();
  job.config.params.axons = 1024;
  job.config.params.has_noise = true;
  char script[8192];
  ck_assert_int_eq(sf_synth_script(&job, sources, script, sizeof script, NULL), SF_OK);
  static const char *const expected[] = {"read_verilog -defer src/a.v src/b.v\n",
                                         "-set AXONS 1024 ",
                                         "-set NEURONS 256 ",
                                         "-set LANES 16 ",
                                         "-set NEURON_LANES 2 ",
                                         "-set LEARNING_LANES 0 ",
                                         "-set WEIGHT_BITS 4 ",
                                         "-set POTENTIAL_BITS 16 ",
                                         "-set DELAY_SLOTS 16 ",
                                         "-set PROFILES 16 ",
                                         "-set ROUTES 512 ",
                                         "-set HAS_CURRENT 0 ",
                                         "-set HAS_REFRACTORY 0 ",
                                         "-set HAS_ADAPTATION 0 ",
                                         "-set HAS_NOISE 1 ",
                                         "-set LEAK_SHIFT 0 ",
                                         "-set WEIGHT_MEMORY 0 board_system\n",
                                         "hierarchy -check -top icebreaker\n",
                                         "chparam -set CLOCK_MHZ 24 icebreaker\n",
                                         "\ncheck\n",
                                         "logger -werror "};
  for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++)
    ck_assert_msg(strstr(script, expected[i]) != NULL, "%s is missing in:\n%s", expected[i], script);
  job.board = false;
  ck_assert_int_eq(sf_synth_script(&job, sources, script, sizeof script, NULL), SF_OK);
  ck_assert_ptr_nonnull(strstr(script, "-top bare_core\n"));
  ck_assert_ptr_null(strstr(script, "icebreaker"));
  ck_assert_int_eq(sf_synth_script(&job, sources, script, 500, NULL), SF_EINVAL);
}
END_TEST

START_TEST(reports_hold_what_was_found) {
  const sf_synth_job job = some_job();
  sf_synth_result r = {.used = {[SF_RES_LOGIC] = 4000, [SF_RES_LUT4] = 3000, [SF_RES_SPRAM] = 4},
                       .icetime_mhz = 27.126,
                       .board_clock_mhz = 24,
                       .yosys = "0.23",
                       .nextpnr = "0.4"};
  r.timing = (sf_timing){.fmax_mhz = 26.5, .path_ns = 37.7, .n_step = 1, .step = {{"u_core.sum_q", 30, 7.7}}};
  for (int i = 0; i < SF_SYNTH_PARTS; i++) r.part[i] = (sf_synth_part){"part", 1, 2};
  char *json = sf_synth_json(&job, &r, NULL);
  ck_assert_ptr_nonnull(json);
  cJSON *root = cJSON_Parse(json);
  ck_assert_ptr_nonnull(root);
  ck_assert_double_eq(cJSON_GetObjectItem(root, "fmax_mhz")->valuedouble, 26.5);
  ck_assert_double_eq(cJSON_GetObjectItem(root, "fmax_icetime_mhz")->valuedouble, 27.13);
  ck_assert_int_eq(cJSON_GetObjectItem(root, "lut4")->valueint, 3000);
  ck_assert_int_eq(cJSON_GetObjectItem(root, "spram")->valueint, 4);
  ck_assert(cJSON_IsTrue(cJSON_GetObjectItem(root, "passed")));
  ck_assert_str_eq(cJSON_GetObjectItem(root, "target")->valuestring, "up5k");
  cJSON_Delete(root);
  free(json);
  json = sf_synth_json(&job, &r, "it \"failed\"");
  root = cJSON_Parse(json);
  ck_assert(cJSON_IsFalse(cJSON_GetObjectItem(root, "passed")));
  ck_assert_str_eq(cJSON_GetObjectItem(root, "failure")->valuestring, "it \"failed\"");
  cJSON_Delete(root);
  free(json);
  char *markdown = sf_synth_markdown(&job, &r, NULL), *summary = sf_synth_summary(&job, &r);
  ck_assert_ptr_null(strstr(summary, "warns"));
  ck_assert_ptr_nonnull(strstr(markdown, "| logic cells | 4000 | 5280 | 76 % |"));
  ck_assert_ptr_nonnull(strstr(markdown, "`u_core.sum_q`"));
  ck_assert_ptr_nonnull(strstr(summary, "26.5 MHz (icetime 27.1)"));
  free(markdown);
  free(summary);
  r.warnings = 2;
  strcpy(r.warned, "Warning: Wire x.");
  json = sf_synth_json(&job, &r, NULL);
  summary = sf_synth_summary(&job, &r);
  ck_assert_ptr_nonnull(strstr(json, "\"yosys_first\":\t\"Warning: Wire x.\""));
  ck_assert_ptr_nonnull(strstr(summary, "yosys warns  2 times, first: Warning: Wire x."));
  free(json);
  free(summary);
}
END_TEST

int main(void) {
  Suite *s = suite_create("synth");
  TCase *c = tcase_create("parsers");
  tcase_set_timeout(c, 60);
  tcase_add_test(c, stat_counts_cells_by_resource);
  tcase_add_test(c, report_has_clock_path_and_resources);
  tcase_add_loop_test(c, cut_and_damaged_reports, 0, 4);
  tcase_add_loop_test(c, hostile_json_is_refused, 0, (int)(sizeof hostile / sizeof hostile[0]));
  tcase_add_test(c, deep_json_does_not_overflow);
  tcase_add_test(c, long_paths_keep_both_ends);
  tcase_add_test(c, tools_own_cells_go_with_their_driver);
  tcase_add_test(c, slowest_clock_counts);
  tcase_add_test(c, icetime_estimate);
  tcase_add_test(c, full_device_names_the_resource);
  tcase_add_test(c, memories_left_over);
  tcase_add_test(c, counts_in_order);
  tcase_add_loop_test(c, rtl_names, 0, (int)(sizeof names / sizeof names[0]));
  tcase_add_test(c, long_names_are_cut);
  tcase_add_test(c, targets);
  tcase_add_test(c, script_sets_every_parameter);
  tcase_add_test(c, reports_hold_what_was_found);
  suite_add_tcase(s, c);
  return suite_run(s);
}
