/* test_explore.c - sweeps: the file and its points, the cache, rows and what follows from them, Pareto fronts, the
 * files that are written, the job script. The program as a whole: test_explore.sh. */
#define _GNU_SOURCE
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "explore/cache.h"
#include "explore/columns.h"
#include "explore/explore.h"
#include "explore/network.h"
#include "explore/project.h"
#include "explore/rows.h"
#include "explore/run.h"
#include "files/file_util.h"
#include "lockstep/random_case.h"
#include "suite.h"
#include "synfire/cycles.h"
#include "synfire/model.h"

static char folder[] = "/tmp/synfire-explore-XXXXXX";

static void setup(void) {
  strcpy(folder, "/tmp/synfire-explore-XXXXXX");
  ck_assert_ptr_nonnull(mkdtemp(folder));
  ck_assert_int_eq(setenv("SYNFIRE_CACHE", folder, 1), 0);
}
static void teardown(void) { sf_remove_tree(folder); }

static const char *in_folder(const char *name) {
  static char path[4][200];
  static int turn;
  turn = (turn + 1) % 4;
  snprintf(path[turn], sizeof path[0], "%s/%s", folder, name);
  return path[turn];
}

#define HEAD "{\"format\": \"synfire-sweep\", \"version\": 1, "

static sf_sweep *parsed(const char *text) {
  sf_sweep *s = NULL;
  sf_msg msg = {""};
  ck_assert_msg(sf_sweep_parse(text, strlen(text), "/somewhere/s.json", &s, &msg) == SF_OK, "%s", msg.text);
  return s;
}

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

/* ---- the cache ---- */

START_TEST(entries_are_whole_or_not_there) {
  sf_entry e;
  sf_msg msg = {""};
  char path[SF_PATH_MAX], file[SF_PATH_MAX + 32];
  sf_hash h = sf_hash_new();
  sf_hash_text(&h, "one");
  ck_assert(!sf_entry_path("lint", &h, path));
  ck_assert_msg(sf_entry_open("lint", &h, &e, &msg) == SF_OK, "%s", msg.text);
  ck_assert(!e.ready);
  ck_assert(!sf_entry_path("lint", &h, path));
  ck_assert_int_eq(sf_entry_close(&e, false, &msg), SF_OK); /* it failed: not kept */
  ck_assert(!sf_entry_path("lint", &h, path));
  ck_assert_int_eq(sf_entry_open("lint", &h, &e, &msg), SF_OK);
  ck_assert(!e.ready);
  snprintf(file, sizeof file, "%s/result.json", e.work);
  ck_assert_int_eq(sf_write_text(file, "{}", &msg), SF_OK);
  ck_assert_int_eq(sf_entry_close(&e, true, &msg), SF_OK);
  ck_assert(sf_entry_path("lint", &h, path));
  ck_assert_str_eq(path, e.path);
  ck_assert_int_eq(sf_entry_open("lint", &h, &e, &msg), SF_OK);
  ck_assert(e.ready);
  sf_hash_text(&h, "two");
  ck_assert(!sf_entry_path("lint", &h, path));
}
END_TEST

/* Eight processes want the same: one computes it, and afterwards nothing but it lies there. */
START_TEST(one_computes_and_the_others_wait) {
  int status, computed = 0;
  sf_hash h = sf_hash_new();
  for (int i = 0; i < 8; i++)
    if (fork() == 0) {
      sf_entry e;
      char file[SF_PATH_MAX + 32];
      if (sf_entry_open("model", &h, &e, NULL)) _exit(9);
      if (e.ready) _exit(0);
      usleep(200000);
      snprintf(file, sizeof file, "%s/result.json", e.work);
      if (sf_write_text(file, "{}", NULL) || sf_entry_close(&e, true, NULL)) _exit(9);
      _exit(1);
    }
  while (wait(&status) > 0) {
    ck_assert(WIFEXITED(status) && WEXITSTATUS(status) <= 1);
    computed += WEXITSTATUS(status);
  }
  ck_assert_int_eq(computed, 1);
  char command[300];
  snprintf(command, sizeof command, "[ \"$(ls %s/explore | wc -l)\" = 1 ]", folder);
  ck_assert_int_eq(system(command), 0);
}
END_TEST

START_TEST(what_a_killed_process_left_is_removed_and_what_runs_is_not) {
  sf_entry e, busy;
  sf_hash h = sf_hash_new();
  const pid_t pid = fork();
  if (pid == 0) {
    if (sf_entry_open("route", &h, &e, NULL)) _exit(1);
    raise(SIGKILL);
  }
  int status;
  waitpid(pid, &status, 0);
  ck_assert(WIFSIGNALED(status));
  sf_hash_text(&h, "busy");
  ck_assert_int_eq(sf_entry_open("route", &h, &busy, NULL), SF_OK);
  char command[300];
  snprintf(command, sizeof command, "[ \"$(ls %s/explore | grep -c work-)\" = 2 ]", folder);
  ck_assert_int_eq(system(command), 0);
  sf_entry_tidy();
  snprintf(command, sizeof command, "[ \"$(ls %s/explore | wc -l)\" = 2 ]", folder); /* the busy one and its lock */
  ck_assert_int_eq(system(command), 0);
  ck_assert_int_eq(access(busy.work, R_OK), 0);
  ck_assert_int_eq(sf_entry_close(&busy, false, NULL), SF_OK);
}
END_TEST

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

/* ---- the job script ---- */

START_TEST(slurm_script_shares_the_points_out) {
  sf_sweep *s = parsed(
      HEAD "\"name\": \"n\", \"limit_s\": 100, \"parameters\": {\"ROUTES\": {\"from\": 1, \"to\": 25, \"step\": 1}}}");
  uint32_t todo[25];
  for (uint32_t i = 0; i < 25; i++) todo[i] = 24 - i;
  const sf_explore_run run = {
      .sweep = s, .todo = todo, .n = 25, .jobs = 3, .steps = "model", .out = folder, .program = "/p q/synfire"};
  char *text = sf_slurm_script(&run, 10), command[1000];
  ck_assert_ptr_nonnull(text);
  ck_assert_ptr_nonnull(strstr(text, "\n#SBATCH --array=0-9%3\n"));
  ck_assert_ptr_nonnull(strstr(text, "\n#SBATCH --time=5\n")); /* three points of 100 s */
  ck_assert_ptr_nonnull(strstr(text, "'/p q/synfire' explore /somewhere/s.json --point \"$point\" --steps model"));
  ck_assert_ptr_nonnull(strstr(text, "SYNFIRE_CACHE="));
  free(text);
  /* What the tasks of the array do, with a program that writes down what it is asked for. */
  char program[200], out[400], points[400] = "";
  snprintf(program, sizeof program, "%s/program", folder);
  snprintf(out, sizeof out, "#!/bin/sh\necho \"$4\" >> %s/done\n[ \"$4\" != 7 ] || exit 2\n", folder);
  ck_assert_int_eq(sf_write_text(program, out, NULL), SF_OK);
  ck_assert_int_eq(chmod(program, 0755), 0);
  for (uint32_t i = 0; i < 25; i++) snprintf(points + strlen(points), sizeof points - strlen(points), "%u\n", todo[i]);
  ck_assert_int_eq(sf_write_text(in_folder("points.txt"), points, NULL), SF_OK);
  const sf_explore_run fake = {.sweep = s, .todo = todo, .n = 25, .out = folder, .program = program};
  text = sf_slurm_script(&fake, 10);
  ck_assert_int_eq(sf_write_text(in_folder("job.sh"), text, NULL), SF_OK);
  free(text);
  snprintf(
      command, sizeof command,
      "for i in 0 1 2 3 4 5 6 7 8 9; do SLURM_ARRAY_TASK_ID=$i bash %s/job.sh || echo failed $i; done > %s/failed; "
      "[ \"$(sort -n %s/done)\" = \"$(seq 0 24)\" ] && [ \"$(cat %s/failed)\" = 'failed 7' ]",
      folder, folder, folder, folder);
  ck_assert_int_eq(system(command), 0); /* every point once; point 7 stands in line 17, of task 7 */
  sf_sweep_free(s);
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
  tcase_add_test(c, entries_are_whole_or_not_there);
  tcase_add_test(c, one_computes_and_the_others_wait);
  tcase_add_test(c, what_a_killed_process_left_is_removed_and_what_runs_is_not);
  tcase_add_test(c, fronts_are_those_of_brute_force);
  tcase_add_test(c, numbers_follow_from_a_row);
  tcase_add_test(c, rows_are_marked_with_their_fronts);
  tcase_add_test(c, csv_is_quoted_and_complete);
  tcase_add_test(c, json_is_read_back);
  tcase_add_test(c, markdown_has_rows_and_reasons);
  tcase_add_test(c, the_page_holds_its_data_and_loads_nothing);
  tcase_add_test(c, a_file_that_cannot_be_written_keeps_the_old_one);
  tcase_add_test(c, known_coefficients_are_found);
  tcase_add_test(c, fits_are_bounded_and_bear_dependent_terms);
  tcase_add_test(c, laws_are_recovered_from_rows);
  tcase_add_test(c, machines_are_multiplied_and_marked);
  tcase_add_test(c, fits_say_what_they_are_worth);
  tcase_add_test(c, projected_cycles_are_near_the_exact_ones);
  tcase_add_test(c, projected_cycles_follow_the_lanes);
  tcase_add_test(c, slurm_script_shares_the_points_out);
  suite_add_tcase(s, c);
  return suite_run(s);
}
