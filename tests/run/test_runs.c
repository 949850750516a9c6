/* test_runs - how long a sample runs, and what the summary says about it: one rule for the program's verbs and the
 * library, events that come too late, spikes still on their way, merged events, operations on every backend. */
#define _DEFAULT_SOURCE
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lockstep/random_case.h"
#include "run/evaluate.h"
#include "run/sums.h"
#include "run/under_way.h"
#include "scratch.h"
#include "suite.h"
#include "synfire/sim.h"

static sf_msg msg;
#define must(call) ck_assert_msg((call) == SF_OK, "%s", msg.text)

/* Neuron 0 listens to axon 0 and sends to axon 1 and out; neuron 1 listens to axon 1 and sends to both. */
#define CORE                                                                                                           \
  "\"AXONS\": 3, \"NEURONS\": 2, \"DELAY_SLOTS\": 8, \"weights\": [[0, 0, 1], [1, 1, 1]], "                            \
  "\"neurons\": [{\"id\": 0, \"threshold\": 1}, {\"id\": 1, \"threshold\": 1}], \"profiles\": [{\"v_decay\": 4096}], " \
  "\"routes\": [[0, 0, 1, 7], [0, -1, 0, 0], [1, 0, 2, 3], [1, 0, 2, 3], [1, 0, 0, 5]]"
#define HEAD "{\"format\": \"synfire-network\", \"version\": 2, "
#define READOUT ", \"readout\": {\"method\": \"spikes\", \"ticks\": 9, \"neuron\": [0, 1]}"
#define DEEP "{\"AXONS\": 1, \"NEURONS\": 1, \"DELAY_SLOTS\": 32}"

/* ---- the length --------------------------------------------------------------------------------------------- */

static const struct {
  const char *why, *net, *spikes;
  uint32_t file_ticks, asked, want;
} lengths[] = {{"DELAY_SLOTS ticks after the last event", HEAD CORE "}", "0,0\n4,0\n", 0, 0, 13},
               {"the last event, not the last line", HEAD CORE "}", "4,0\n0,0\n", 0, 0, 13},
               {"no event at all", HEAD CORE "}", "tick,unit\n", 0, 0, 8},
               {"the core with most slots", HEAD "\"cores\": [{" CORE "}, " DEEP "]}", "4,0\n", 0, 0, 37},
               {"what is asked for", HEAD CORE "}", "4,0\n", 0, 2, 2},
               {"what the readout says", HEAD CORE READOUT "}", "4,0\n", 0, 0, 9},
               {"what is asked for, in spite of the readout", HEAD CORE READOUT "}", "4,0\n", 0, 5, 5},
               {"what the file says", HEAD CORE "}", "4,0\n", 6, 0, 6},
               {"the readout before the file", HEAD CORE READOUT "}", "4,0\n", 6, 0, 9},
               {"what is asked for, in spite of the file", HEAD CORE "}", "4,0\n", 6, 7, 7}};

/* The spikes of a row: CSV, which states no ticks, or the same as HDF5. */
static const char *spikes_file(const char *csv, uint32_t ticks) {
  const char *path = scratch_text("in.csv", csv);
  if (ticks == 0) return path;
  sf_spikes s;
  must(sf_spikes_read(path, &s, &msg));
  s.ticks = ticks;
  must(sf_spikes_write(scratch_path("in.h5"), &s, &msg));
  sf_spikes_free(&s);
  return scratch_path("in.h5");
}

static void open_job(sf_job *job, const char *net, const char *spikes, uint32_t ticks) {
  must(sf_job_open(job, scratch_text("net.json", net), spikes, NULL, (sf_range){false, 0, 0}, ticks, false, &msg));
}

START_TEST(a_sample_is_as_long_as_the_rule_says) {
  sf_job job = {0};
  open_job(&job, lengths[_i].net, spikes_file(lengths[_i].spikes, lengths[_i].file_ticks), lengths[_i].asked);
  ck_assert_msg(job.ticks == lengths[_i].want, "%s: %u", lengths[_i].why, job.ticks);
  if (!lengths[_i].asked) { /* the library does the same */
    sf_sim *s;
    must(sf_sim_new(job.net, &s, &msg));
    ck_assert_uint_eq(sf_sim_length(s, lengths[_i].file_ticks, job.in.n, job.in.tick), lengths[_i].want);
    sf_sim_close(s);
  }
  sf_job_close(&job);
}
END_TEST

START_TEST(a_very_long_run_is_asked_for) {
  sf_job job = {0};
  const char *spikes = scratch_text("late.csv", "2147483647,0\n");
  const char *net = scratch_text("net.json", HEAD CORE "}");
  ck_assert_int_eq(sf_job_open(&job, net, spikes, NULL, (sf_range){false, 0, 0}, 0, false, &msg), SF_EINVAL);
  ck_assert_ptr_nonnull(strstr(msg.text, "say with --ticks how many to run"));
  sf_job_close(&job);
}
END_TEST

/* ---- what is said about it ---------------------------------------------------------------------------------- */

static sf_sample_result run(const sf_job *job, const char *backend, bool predict, sf_spikes *out) {
  const sf_backend_options o = {.seed = 1, .predict = predict};
  sf_backend *b;
  sf_sample_result r;
  must(sf_backend_open(backend, job->net, &job->config, &o, &b, &msg));
  must(sf_sample_run(b, job, 0, out, 0, &r, &msg));
  sf_backend_close(b);
  return r;
}

/* By hand: neuron 0 spikes in tick 4 and sends to axon 1, tick 11; there neuron 1 spikes and sends to axon 2, tick 14,
 * twice into one event, and to axon 0, tick 16. */
static const struct {
  const char *why;
  uint32_t ticks;
  uint64_t spikes, outputs, under_way, merges, late;
} ends[] = {{"before the event", 4, 0, 0, 0, 0, 1},          {"right after the first spike", 5, 1, 1, 1, 0, 0},
            {"before it arrives", 11, 1, 1, 1, 0, 0},        {"when it arrived", 12, 2, 1, 2, 1, 0},
            {"by default: as much as 12", 0, 2, 1, 2, 1, 0}, {"one of two arrived", 15, 2, 1, 1, 1, 0},
            {"everything, and again", 17, 3, 2, 1, 1, 0}};

START_TEST(the_end_of_a_run) {
  static const char *const backends[] = {"model", "cycle", "mirror"};
  for (size_t k = 0; k < 3; k++) {
    sf_job job = {0};
    open_job(&job, HEAD CORE "}", scratch_text("in.csv", "4,0\n"), ends[_i].ticks);
    if (!ends[_i].ticks) ck_assert_uint_eq(job.ticks, 13);
    must(sf_network_params(job.net, 0, &job.config, &msg));
    const sf_sample_result r = run(&job, backends[k], false, NULL);
    ck_assert_msg(r.spikes == ends[_i].spikes && r.count.events_out == ends[_i].outputs && r.late == ends[_i].late &&
                      r.count.merges == ends[_i].merges && r.count.under_way == ends[_i].under_way,
                  "%s on %s: %llu spikes, %llu out, %llu under way, %llu merged, %llu late", ends[_i].why, backends[k],
                  (unsigned long long)r.spikes, (unsigned long long)r.count.events_out,
                  (unsigned long long)r.count.under_way, (unsigned long long)r.count.merges,
                  (unsigned long long)r.late);
    ck_assert_uint_eq(r.inputs + r.late, 1);
    sf_job_close(&job);
  }
}
END_TEST

/* Random networks of several cores: what the spikes of the last ticks tell is what the model has in its rings. */
START_TEST(what_is_under_way_is_what_the_model_will_deliver) {
  sf_random r = sf_random_new((uint64_t)_i, 0, 77);
  sf_network *net = sf_network_new(3);
  for (uint32_t k = 0; k < 3; k++) {
    sf_core_net *c = &net->core[k];
    c->axons = 10 + k * 40;
    c->neurons = 20 + k * 30;
    c->n_routes = 200;
    c->delay_slots = 4u << k;
    must(sf_core_net_alloc(c, &msg));
    for (uint32_t j = 0; j < c->neurons; j++) c->threshold[j] = (int32_t)sf_random_below(&r, 40) - 5;
    for (uint32_t a = 0; a < c->axons; a++)
      for (uint32_t j = 0; j < c->neurons; j++) sf_core_set_weight(c, a, j, (int32_t)sf_random_below(&r, 16) - 8);
    for (uint32_t i = 0; i < c->n_routes; i++) {
      const uint32_t to = sf_random_below(&r, 4), neuron = sf_random_below(&r, c->neurons);
      if (to == 3) c->routes[i] = (sf_route){.neuron = neuron, .core = SF_EXTERNAL};
      else
        c->routes[i] =
            (sf_route){neuron, (int32_t)to, sf_random_below(&r, 10 + to * 40), 1 + sf_random_below(&r, (4u << to) - 1)};
    }
  }
  sf_model *m;
  sf_under_way *w;
  must(sf_model_new(net, &m, &msg));
  must(sf_under_way_new(net, &w, &msg));
  uint64_t seen = 0;
  for (uint32_t end = 1; end < 24; end++) {
    sf_model_reset(m);
    sf_under_way_start(w, end);
    for (uint32_t t = 0; t < end; t++) sf_under_way_tick(w, sf_model_step(m));
    ck_assert_uint_eq(sf_under_way_count(w), sf_model_under_way(m, SF_ALL_CORES));
    ck_assert_uint_eq(sf_model_under_way(m, 0) + sf_model_under_way(m, 1) + sf_model_under_way(m, 2),
                      sf_model_under_way(m, SF_ALL_CORES));
    seen += sf_under_way_count(w);
  }
  ck_assert_uint_gt(seen, 0);
  ck_assert_uint_eq(sf_model_under_way(m, 3), 0); /* no such core */
  sf_under_way_start(w, 0);
  sf_under_way_tick(w, sf_model_step(m));
  ck_assert_uint_eq(sf_under_way_count(w), 0); /* nobody asked */
  sf_under_way_free(w);
  sf_under_way_free(NULL);
  sf_model_free(m);
  sf_network_free(net);
}
END_TEST

/* Synapses that exist have one name, what padded lanes add has another, and both are alike on model and hardware. */
START_TEST(operations_are_those_of_the_network_and_of_the_lanes) {
  static const uint32_t lanes[] = {4, 16, 64};
  sf_job job = {0};
  open_job(&job, HEAD CORE "}", scratch_text("in.csv", "0,0\n0,2\n0,2\n3,1\n"), 0);
  must(sf_network_params(job.net, 0, &job.config, &msg));
  job.config.lanes = lanes[_i];
  job.config.neurons = 64;
  job.config.neuron_lanes = 2;
  const sf_sample_result model = run(&job, "model", true, NULL), core = run(&job, "cycle", false, NULL);
  ck_assert_uint_gt(model.count.synaptic_ops, 0);
  ck_assert_uint_eq(model.count.synaptic_ops, core.count.synaptic_ops);
  ck_assert_uint_eq(model.count.lane_ops, model.count.synaptic_ops / 2 * 64);
  ck_assert_uint_eq(model.count.lane_ops, core.count.lane_ops);
  ck_assert_uint_eq(model.count.busy_cycles, core.count.busy_cycles);
  ck_assert_uint_ge(model.count.merges, 1); /* two events for axon 2 in tick 0 */
  ck_assert_uint_eq(model.count.merges, core.count.merges);
  ck_assert_uint_eq(run(&job, "model", false, NULL).count.lane_ops, 0); /* no hardware was asked about */
  sf_job_close(&job);
}
END_TEST

/* A sample without a length gives the same events from the library as from the program. */
START_TEST(the_library_runs_as_long_as_the_program) {
  sf_job job = {0};
  sf_spikes out = {0};
  sf_sim *s;
  const uint32_t *tick, *neuron;
  open_job(&job, HEAD CORE "}", scratch_text("in.csv", "0,0\n3,0\n4,1\n"), 0);
  const sf_sample_result r = run(&job, "model", false, &out);
  must(sf_sim_new(job.net, &s, &msg));
  must(sf_sim_run(s, 0, job.in.n, job.in.tick, job.in.unit, job.in.core, &msg));
  ck_assert_uint_eq(sf_model_tick(sf_sim_model(s)), job.ticks);
  ck_assert_uint_eq(sf_sim_outputs(s, &tick, NULL, &neuron), out.n);
  ck_assert_uint_ge(out.n, 2);
  for (size_t i = 0; i < out.n; i++) ck_assert(tick[i] == out.tick[i] && neuron[i] == out.unit[i]);
  ck_assert_uint_eq(sf_sim_under_way(s), r.count.under_way);
  sf_sim_close(s);
  sf_spikes_free(&out);
  sf_job_close(&job);
}
END_TEST

/* Where samples are evaluated all at once, too. */
START_TEST(an_evaluation_counts_what_it_leaves_out) {
  sf_network *net;
  sf_spikes in;
  sf_evaluation e;
  must(sf_network_read(scratch_text("net.json", HEAD CORE READOUT "}"), &net, &msg));
  must(sf_spikes_read(scratch_text("in.csv", "0,0\n8,0\n9,0\n11,0\n"), &in, &msg));
  must(sf_evaluate(net, &in, 1, NULL, &e, &msg));
  ck_assert(e.late == 2 && e.inputs == 4);
  ck_assert_double_eq(e.input_spikes, 2);
  sf_evaluation_free(&e);
  sf_spikes_free(&in);
  sf_network_free(net);
}
END_TEST

/* What the program prints: standard output or error of one call, as text. */
static char *printed(int fd, FILE *stream, void (*call)(void *), void *argument) {
  size_t n;
  const char *path = scratch_text("said", "");
  fflush(stream);
  const int kept = dup(fd);
  ck_assert_ptr_nonnull(freopen(path, "w", stream));
  call(argument);
  fflush(stream);
  dup2(kept, fd);
  close(kept);
  char *text = scratch_read(path, &n);
  text[n] = '\0';
  return text;
}

static void print_sums(void *sums) { sf_sums_print(sums, true); }

START_TEST(the_summary_says_it) {
  sf_sample_sums one = {.samples = 1, .ticks = 6, .inputs = 9, .late = 3, .merges = 1, .under_way = 2, .lane_ops = 64};
  char *text = printed(STDOUT_FILENO, stdout, print_sums, &one);
  ck_assert_ptr_nonnull(strstr(text, " 64 lane operations a sample"));
  ck_assert_ptr_nonnull(strstr(text, " 3 of 12 input events come at or after tick 6, the end, and are left out\n"));
  ck_assert_ptr_nonnull(strstr(text, " 1 event into another for the same axon and tick\n"));
  ck_assert_ptr_nonnull(strstr(text, " 2 spikes still on the way\n"));
  free(text);
  sf_sample_sums two = {.samples = 2, .ticks = 12, .inputs = 9, .merges = 3, .under_way = 1};
  text = printed(STDOUT_FILENO, stdout, print_sums, &two);
  ck_assert_ptr_nonnull(strstr(text, " 1.5 events a sample into another"));
  ck_assert_ptr_nonnull(strstr(text, " 0.5 spikes a sample still on the way\n"));
  ck_assert_ptr_null(strstr(text, "left out"));
  free(text);
}
END_TEST

static void open_only(void *path) {
  sf_job job = {.model_only = true};
  must(sf_job_open(&job, path, scratch_text("in.csv", "0,0\n"), NULL, (sf_range){false, 0, 0}, 0, false, &msg));
  sf_job_close(&job);
}

START_TEST(a_version_1_network_without_thresholds_is_warned_of) {
  char path[256];
  snprintf(path, sizeof path, "%s", scratch_path("old.h5"));
  const hid_t f = h5_new(path);
  h5_attr_text(f, "/", "format", "synfire-network", true);
  h5_attr_int(f, "/", "version", H5T_STD_I64LE, 1 + _i);
  h5_ints(f, "core/0/weights", H5T_STD_I8LE, 1, 2, (int64_t[]){1, 1});
  h5_done(f);
  char *text = printed(STDERR_FILENO, stderr, open_only, path);
  if (_i == 1) ck_assert_str_eq(text, "");
  else
    ck_assert_ptr_nonnull(strstr(text, "old.h5: core/0/neuron/threshold: is left out: 0 in version 1 of the format"));
  free(text);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("runs");
  TCase *t = tcase_create("runs");
  tcase_set_timeout(t, 60);
  tcase_add_loop_test(t, a_sample_is_as_long_as_the_rule_says, 0, sizeof lengths / sizeof *lengths);
  tcase_add_test(t, a_very_long_run_is_asked_for);
  tcase_add_loop_test(t, the_end_of_a_run, 0, sizeof ends / sizeof *ends);
  tcase_add_loop_test(t, what_is_under_way_is_what_the_model_will_deliver, 0, 6);
  tcase_add_loop_test(t, operations_are_those_of_the_network_and_of_the_lanes, 0, 3);
  tcase_add_test(t, the_library_runs_as_long_as_the_program);
  tcase_add_test(t, an_evaluation_counts_what_it_leaves_out);
  tcase_add_test(t, the_summary_says_it);
  tcase_add_loop_test(t, a_version_1_network_without_thresholds_is_warned_of, 0, 2);
  suite_add_tcase(suite, t);
  return suite_run_in_scratch(suite);
}
