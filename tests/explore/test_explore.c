/* test_explore.c - sweeps: the file and its points, networks and traffic. The program as a whole: test_explore.sh. */
#define _GNU_SOURCE
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explore/columns.h"
#include "explore/network.h"
#include "explore/sweep_folder.h"
#include "files/file_util.h"
#include "suite.h"

/* ---- the file ---- */

START_TEST(lists_and_ranges_are_combined) {
  sf_sweep *s = parsed(
      HEAD
      "\"parameters\": {\"LANES\": [4, 8], \"AXONS\": {\"from\": 16, \"to\": 50, \"step\": 16}, \"WEIGHT_BITS\": "
      "{\"from\": 1, \"to\": 8, \"times\": 2}}, \"traffic\": {\"events\": [3, 5], \"seed\": [1, 2], \"ticks\": 7}}");
  ck_assert_uint_eq(s->n_points, 2 * 3 * 4 * 2 * 2);
  ck_assert_str_eq(s->name, "s");
  uint32_t seen[2][3][4] = {{{0}}};
  for (uint32_t i = 0; i < s->n_points; i++) {
    const sf_point *p = &s->point[i];
    ck_assert_uint_eq(p->number, i);
    ck_assert_ptr_null(p->invalid);
    ck_assert_ptr_null(p->target);
    ck_assert_uint_eq(p->ticks, 7);
    ck_assert(p->params.axons == 16 || p->params.axons == 32 || p->params.axons == 48);
    seen[p->params.lanes / 8][p->params.axons / 16 - 1][sf_clog2(p->params.weight_bits)]++;
    ck_assert_uint_eq(p->traffic_seed, 1 + i % 2); /* the last one changes fastest */
    ck_assert_uint_eq(p->events, i / 2 % 2 ? 5 : 3);
  }
  for (int i = 0; i < 24; i++) ck_assert_uint_eq((&seen[0][0][0])[i], 4);
  sf_sweep_free(s);
}
END_TEST

START_TEST(grids_take_over_what_they_do_not_say) {
  sf_sweep *s = parsed(HEAD "\"name\": \"n\", \"targets\": [\"up5k\", \"hx8k\"], \"route_seeds\": [3, 4], "
                            "\"parameters\": {\"AXONS\": 32, \"LANES\": 8},"
                            "\"grids\": [{}, {\"name\": \"b\", \"targets\": [\"ecp5-85\"], \"parameters\": {\"LANES\": "
                            "[16, 32]}, \"steps\": [\"route\"],"
                            "\"route_seeds\": 9, \"top\": \"board\", \"freq_mhz\": 50, \"limit_s\": 60}]}");
  ck_assert_uint_eq(s->n_points, 2 + 2);
  ck_assert_str_eq(s->name, "n");
  ck_assert_str_eq(s->point[0].target->name, "up5k");
  ck_assert_str_eq(s->point[1].target->name, "hx8k");
  ck_assert_uint_eq(s->point[1].params.lanes, 8);
  ck_assert_uint_eq(s->point[1].grid->n_seeds, 2);
  ck_assert_uint_eq(s->point[1].grid->steps, 31);
  ck_assert_uint_eq(s->point[3].params.lanes, 32);
  ck_assert_uint_eq(s->point[3].params.axons, 32);
  ck_assert_str_eq(s->point[3].target->name, "ecp5-85");
  ck_assert_uint_eq(s->point[3].grid->steps, 1u << SF_STEP_SYNTH | 1u << SF_STEP_ROUTE);
  ck_assert_uint_eq(s->point[3].grid->route_seed[0], 9);
  ck_assert(s->point[3].grid->board && !s->point[0].grid->board);
  ck_assert_uint_eq(s->point[3].grid->freq_mhz, 50);
  ck_assert_uint_eq(s->point[3].grid->limit_s, 60);
  sf_sweep_free(s);
}
END_TEST

START_TEST(cases_change_together_and_networks_multiply) {
  sf_sweep *s = parsed(HEAD "\"cases\": [{\"LANES\": 16, \"NEURON_LANES\": 1}, {\"LANES\": 32, \"NEURON_LANES\": 4}], "
                            "\"parameters\": {\"WEIGHT_BITS\": [1, 2]},"
                            "\"networks\": [{\"random\": {\"density\": [0.1, 0.9], \"seed\": 5}}, {\"file\": \"n.h5\", "
                            "\"spikes\": \"/a/i.h5\"}],"
                            "\"traffic\": {\"events\": [1, 2, 3]}}");
  /* A network with spikes of its own has no use for three kinds of traffic. */
  ck_assert_uint_eq(s->n_points, 4 * (2 * 3 + 1));
  uint32_t files = 0;
  for (uint32_t i = 0; i < s->n_points; i++) {
    const sf_point *p = &s->point[i];
    ck_assert_uint_eq(p->params.neuron_lanes, p->params.lanes == 16 ? 1 : 4);
    if (p->net->kind == SF_NET_FILE) {
      files++;
      ck_assert_str_eq(p->net->file, "/somewhere/n.h5"); /* beside the sweep */
      ck_assert_str_eq(p->net->spikes, "/a/i.h5");
    } else {
      ck_assert(p->net->density == 0.1 || p->net->density == 0.9);
      ck_assert_uint_eq(p->net->seed, 5);
    }
  }
  ck_assert_uint_eq(files, 4);
  sf_sweep_free(s);
}
END_TEST

/* For people, wherever an object stands; a byte-order mark, which some editors write, is no character. */
START_TEST(comments_stand_in_every_object) {
  static const char with[] = "\xef\xbb\xbf" HEAD "\"comment\": \"file\", \"parameters\": {\"comment\": \"parameters\", "
                             "\"AXONS\": 32, \"LANES\": {\"comment\": \"range\", "
                             "\"from\": 4, \"to\": 8, \"times\": 2}}, \"traffic\": {\"comment\": [\"two\", \"lines\"], "
                             "\"ticks\": 7}, \"grids\": "
                             "[{\"comment\": \"grid\", \"cases\": [{\"comment\": {\"of\": \"case\"}, \"WEIGHT_BITS\": "
                             "2}], \"networks\": [{\"comment\": "
                             "\"net\", \"random\": {\"comment\": 1, \"density\": 0.5}}]}]}";
  sf_sweep *s = parsed(with);
  ck_assert_uint_eq(s->n_points, 2);
  for (uint32_t i = 0; i < 2; i++) {
    ck_assert_ptr_null(s->point[i].invalid);
    ck_assert(s->point[i].params.lanes == 4u << i && s->point[i].params.weight_bits == 2 && s->point[i].ticks == 7);
  }
  sf_sweep_free(s);
}
END_TEST

START_TEST(impossible_combinations_are_points_with_a_reason) {
  sf_sweep *s = parsed(
      HEAD
      "\"parameters\": {\"AXONS\": 16, \"NEURONS\": [16, 24], \"LANES\": 16}, \"traffic\": {\"events\": [16, 17]}}");
  ck_assert_uint_eq(s->n_points, 4);
  ck_assert_ptr_null(s->point[0].invalid);
  ck_assert_ptr_nonnull(strstr(s->point[1].invalid, "events = 17: must be 0 .. 16"));
  ck_assert_ptr_nonnull(strstr(s->point[2].invalid, "NEURONS"));
  cJSON *row = sf_point_row(s, &s->point[2], 31);
  ck_assert_str_eq(sf_row_text(row, "status"), "failed");
  ck_assert_ptr_nonnull(strstr(sf_row_text(row, "reason"), "NEURONS"));
  cJSON_Delete(row);
  sf_msg msg = {""};
  ck_assert_int_eq(sf_point_run(s, &s->point[2], 31, &msg), SF_EFAIL);
  sf_sweep_free(s);
}
END_TEST

static const struct {
  const char *why, *text, *words;
} bad[] = {
    {"no JSON", "{", "not valid JSON"},
    {"another format", "{\"format\": \"synfire-network\", \"version\": 1}", "format: must be \"synfire-sweep\""},
    {"no version", "{\"format\": \"synfire-sweep\"}", "version: must be 1"},
    {"an unknown key", HEAD "\"paramters\": {}}", "paramters"},
    {"an unknown parameter", HEAD "\"parameters\": {\"LANE\": 3}}", "parameters/LANE"},
    {"a value out of range", HEAD "\"parameters\": {\"AXONS\": [16, 5000]}}",
     "parameters/AXONS = 5000: must be 16 .. 4096"},
    {"no power of two", HEAD "\"parameters\": {\"LANES\": 12}}", "parameters/LANES = 12: must be a power of two"},
    {"no weight width", HEAD "\"parameters\": {\"WEIGHT_BITS\": 32}}", "parameters/WEIGHT_BITS"},
    {"a fraction", HEAD "\"parameters\": {\"ROUTES\": 1.5}}", "parameters/ROUTES: must be an integer"},
    {"another word", HEAD "\"parameters\": {\"LEAK\": \"slow\"}}", "must be \"multiply\" or \"shift\""},
    {"an empty list", HEAD "\"parameters\": {\"ROUTES\": []}}", "parameters/ROUTES: is empty"},
    {"a range without step", HEAD "\"parameters\": {\"ROUTES\": {\"from\": 1, \"to\": 3}}}", "either step or times"},
    {"a range with both", HEAD "\"parameters\": {\"ROUTES\": {\"from\": 1, \"to\": 3, \"step\": 1, \"times\": 2}}}",
     "either step or times"},
    {"a range without end", HEAD "\"parameters\": {\"ROUTES\": {\"from\": 1, \"step\": 1}}}", "needs from and to"},
    {"a range backwards", HEAD "\"parameters\": {\"ROUTES\": {\"from\": 5, \"to\": 1, \"step\": 1}}}",
     "ROUTES/to = 1: must be 5"},
    {"a range times from 0", HEAD "\"traffic\": {\"events\": {\"from\": 0, \"to\": 4, \"times\": 2}}}",
     "events/from = 0: must be 1"},
    {"too many values", HEAD "\"parameters\": {\"ROUTES\": {\"from\": 1, \"to\": 60000, \"step\": 1}}}",
     "more than 1024 values"},
    {"too many points",
     HEAD "\"parameters\": {\"ROUTES\": {\"from\": 1, \"to\": 1000, \"step\": 1}, \"AXONS\": {\"from\": 16, \"to\": "
          "1000, \"step\": 1}}}",
     "more than 100000 points"},
    {"an unknown step", HEAD "\"steps\": [\"lint\", \"taste\"]}", "steps 'taste': must be lint, model"},
    {"steps as text", HEAD "\"steps\": \"lint\"}", "steps: must be an array"},
    {"an unknown target", HEAD "\"targets\": [\"up9k\"]}", "targets 'up9k': must be one of up5k"},
    {"synthesis for nothing", HEAD "\"steps\": [\"route\"]}", "targets: left out"},
    {"another top", HEAD "\"top\": \"chip\"}", "top: must be \"core\" or \"board\""},
    {"a clock out of range", HEAD "\"freq_mhz\": 0}", "freq_mhz = 0: must be 1 .. 1000"},
    {"too many seeds", HEAD "\"route_seeds\": {\"from\": 1, \"to\": 17, \"step\": 1}}", "route_seeds: more than 16"},
    {"an error in a grid", HEAD "\"grids\": [{}, {\"parameters\": {\"LANES\": 3}}]}", "grids[1]/parameters/LANES = 3"},
    {"grids in a grid", HEAD "\"grids\": [{\"grids\": []}]}", "grids[0]/grids"},
    {"no grid", HEAD "\"grids\": []}", "grids: must be an array of 1 .. 32"},
    {"no network", HEAD "\"networks\": []}", "networks: must be an array"},
    {"two networks in one", HEAD "\"networks\": [{\"random\": {}, \"file\": \"x\"}]}",
     "exactly one of random, file, train"},
    {"density 0", HEAD "\"networks\": [{\"random\": {\"density\": 0}}]}",
     "networks[0]/random/density: must be above 0"},
    {"density above 1", HEAD "\"networks\": [{\"random\": {\"density\": [0.5, 1.5]}}]}", "at most 1"},
    {"training without test", HEAD "\"networks\": [{\"train\": {\"epochs\": 3}}]}", "train needs spikes"},
    {"training of something else", HEAD "\"networks\": [{\"train\": {\"task\": \"cats\"}, \"spikes\": \"s\"}]}",
     "train/task: must be \"mnist\""},
    {"no epoch", HEAD "\"networks\": [{\"train\": {\"epochs\": 0}, \"spikes\": \"s\"}]}",
     "train/epochs = 0: must be 1"},
    {"cases as object", HEAD "\"cases\": {\"LANES\": 3}}", "cases: must be an array"},
    {"a bad case", HEAD "\"cases\": [{\"LANES\": 3}]}", "cases/LANES = 3"},
    {"a name that is a path", HEAD "\"name\": \"../x\"}", "name: must be of letters"},
    {"no ticks", HEAD "\"traffic\": {\"ticks\": 0}}", "traffic/ticks = 0: must be 1"},
    {"too many events", HEAD "\"traffic\": {\"events\": 5000}}", "traffic/events = 5000: must be 0 .. 4096"}};

START_TEST(bad_sweeps_are_refused_with_field_and_range) {
  sf_sweep *s = NULL;
  sf_msg msg = {""};
  ck_assert_msg(sf_sweep_parse(bad[_i].text, strlen(bad[_i].text), "/x/s.json", &s, &msg) != SF_OK, "%s was taken",
                bad[_i].why);
  ck_assert_ptr_null(s);
  ck_assert_msg(strstr(msg.text, bad[_i].words) != NULL, "%s: %s", bad[_i].why, msg.text);
  ck_assert_msg(strncmp(msg.text, "/x/s.json: ", 11) == 0 && !strchr(msg.text, '\n'), "%s", msg.text);
}
END_TEST

START_TEST(a_missing_network_is_bad_input) {
  sf_sweep *s;
  sf_msg msg = {""};
  const char *text = HEAD "\"networks\": [{\"file\": \"nowhere.h5\"}]}";
  ck_assert_int_eq(sf_write_text(in_folder("s.json"), text, &msg), SF_OK);
  ck_assert_int_ne(sf_sweep_read(in_folder("s.json"), &s, &msg), SF_OK);
  ck_assert_ptr_nonnull(strstr(msg.text, "nowhere.h5"));
}
END_TEST

START_TEST(shipped_sweeps_are_sound) {
  static const char *const name[] = {"quick", "full", "precision", "wide"};
  for (size_t i = 0; i < 4; i++) {
    char path[SF_PATH_MAX], file[64];
    sf_sweep *s;
    sf_msg msg = {""};
    snprintf(file, sizeof file, "sweeps/%s.json", name[i]);
    ck_assert_int_eq(sf_data_path(file, path, &msg), SF_OK);
    ck_assert_msg(sf_sweep_read(path, &s, &msg) == SF_OK, "%s", msg.text);
    ck_assert_str_eq(s->name, name[i]);
    bool lanes[11] = {false}, bits[5] = {false};
    for (uint32_t k = 0; k < s->n_points; k++) {
      ck_assert_msg(!s->point[k].invalid, "%s: point %u: %s", name[i], k, s->point[k].invalid);
      if (s->point[k].params.lanes <= 1024) lanes[sf_clog2(s->point[k].params.lanes)] = true;
      bits[sf_clog2(s->point[k].params.weight_bits)] = true;
      if (s->point[k].params.lanes > 256 && s->point[k].target) ck_assert_str_eq(s->point[k].target->name, "ecp5-85");
    }
    for (int b = 0; b < 4 && i < 3; b++) ck_assert_msg(bits[b], "%s has no weights of %d bits", name[i], 1 << b);
    for (int l = 4; i == 1 && l <= 8; l++) ck_assert_msg(lanes[l], "full has no %d lanes", 1 << l);
    ck_assert(i != 1 || lanes[10]);
    sf_sweep_free(s);
  }
}
END_TEST

START_TEST(every_hardware_comes_before_any_comes_twice) {
  sf_sweep *s = parsed(HEAD "\"parameters\": {\"LANES\": [2, 4, 8], \"AXONS\": 32}, \"networks\": [{\"random\": "
                            "{\"density\": [0.1, 0.2, 0.3]}}]}");
  uint32_t order[9];
  bool seen[9] = {false};
  ck_assert_uint_eq(s->n_points, 9);
  ck_assert_int_eq(sf_sweep_order(s, order, NULL), SF_OK);
  for (int turn = 0; turn < 3; turn++) {
    unsigned lanes = 0;
    for (int i = 0; i < 3; i++) {
      const uint32_t k = order[3 * turn + i];
      ck_assert(!seen[k]);
      seen[k] = true;
      lanes |= s->point[k].params.lanes;
    }
    ck_assert_uint_eq(lanes, 14);
  }
  sf_sweep_free(s);
}
END_TEST

/* ---- random networks and traffic ---- */

START_TEST(networks_have_their_density_and_live) {
  static const uint32_t bits[] = {1, 2, 4, 8, 16};
  for (int b = 0; b < 5; b++) {
    sf_params p = sf_params_default();
    sf_network *net, *again;
    sf_spikes in;
    sf_model *m;
    sf_msg msg = {""};
    p.weight_bits = bits[b];
    if (bits[b] == 16) p.potential_bits = 24;
    ck_assert_msg(sf_explore_network(&p, 0.3, 7, 40, &net, &msg) == SF_OK, "%s", msg.text);
    ck_assert_int_eq(sf_explore_network(&p, 0.3, 7, 40, &again, &msg), SF_OK);
    uint32_t used = 0;
    for (uint32_t a = 0; a < p.axons; a++)
      for (uint32_t n = 0; n < p.neurons; n++) {
        used += sf_core_weight(&net->core[0], a, n) != 0;
        ck_assert_int_eq(sf_core_weight(&net->core[0], a, n), sf_core_weight(&again->core[0], a, n));
      }
    /* 65,536 draws with probability 0.3: the deviation is 0.0018, five of them 0.009 */
    ck_assert_double_eq_tol((double)used / (p.axons * p.neurons), 0.3, 0.009);
    ck_assert_int_eq(sf_explore_traffic(p.axons, 40, 50, 3, &in, &msg), SF_OK);
    ck_assert_uint_eq(in.n, 40 * 50);
    ck_assert_int_eq(sf_model_new(net, &m, &msg), SF_OK);
    size_t at = 0;
    for (uint32_t t = 0; t < 50; t++) {
      bool axon[256] = {false};
      for (; at < in.n && in.tick[at] == t; at++) {
        ck_assert_msg(in.unit[at] < 256 && !axon[in.unit[at]], "axon %u twice in tick %u", in.unit[at], t);
        axon[in.unit[at]] = true;
        (void)sf_model_inject(m, 0, in.unit[at], 0);
      }
      sf_model_step(m);
    }
    const sf_counters c = sf_model_counters(m, SF_ALL_CORES);
    ck_assert_uint_eq(c.active_axons, 2000);
    const double rate = (double)c.spikes / (50.0 * p.neurons);
    ck_assert_msg(rate > 0.002 && rate < 0.3, "%u bits: %g spikes a neuron and tick", bits[b], rate);
    sf_model_free(m);
    sf_spikes_free(&in);
    sf_network_free(net);
    sf_network_free(again);
  }
}
END_TEST

int main(void) {
  Suite *s = suite_create("explore");
  TCase *c = tcase_create("sweep");
  tcase_set_timeout(c, 120);
  tcase_add_checked_fixture(c, setup, teardown);
  tcase_add_test(c, lists_and_ranges_are_combined);
  tcase_add_test(c, grids_take_over_what_they_do_not_say);
  tcase_add_test(c, cases_change_together_and_networks_multiply);
  tcase_add_test(c, comments_stand_in_every_object);
  tcase_add_test(c, impossible_combinations_are_points_with_a_reason);
  tcase_add_loop_test(c, bad_sweeps_are_refused_with_field_and_range, 0, sizeof bad / sizeof *bad);
  tcase_add_test(c, a_missing_network_is_bad_input);
  tcase_add_test(c, shipped_sweeps_are_sound);
  tcase_add_test(c, every_hardware_comes_before_any_comes_twice);
  tcase_add_test(c, networks_have_their_density_and_live);
  suite_add_tcase(s, c);
  return suite_run(s);
}
