/* test_library - the library as a stranger uses it (synfire/synfire.h alone): its version, and the flat interface sim.h
 * against the model itself. What is exported, and that the headers compile alone, is in test_library.sh. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lockstep/driver.h"
#include "mirror/synfire_core.h"
#include "suite.h"
#include "synfire/synfire.h"

#define NET "data/mnist-240.h5"
#define DIGITS "data/mnist-test.h5"

static sf_msg msg;
#define must(call) ck_assert_msg((call) == SF_OK, "%s", msg.text)
#define fails(call, words)               \
  do {                                   \
    msg.text[0] = '\0';                  \
    ck_assert_int_eq((call), SF_EINVAL); \
    ck_assert_str_eq(msg.text, words);   \
  } while (0)

/* ---- version ------------------------------------------------------------------------------------------------ */

static bool clock_mirror(void *self, const sf_core_in *in, sf_core_out *out) {
  sf_core_step(self, in, out);
  return true;
}

START_TEST(the_version_is_that_of_the_register) {
  const sf_params p = sf_params_default();
  sf_core *core;
  sf_driver d;
  uint32_t word = 0;
  must(sf_core_new(&p, &core, &msg));
  sf_driver_init(&d, &p, (sf_engine){core, clock_mirror});
  must(sf_driver_reset(&d, 2, &msg));
  must(sf_driver_ask(&d, 1, &word, &msg)); /* lockstep sees to it that the RTL says the same */
  sf_driver_free(&d);
  sf_core_free(core);
  ck_assert_uint_eq(word, SF_VERSION_NUMBER);
}
END_TEST

START_TEST(the_version_at_run_time_is_that_of_the_headers) {
  uint32_t number = 0;
  char text[32];
  snprintf(text, sizeof text, "%d.%d.%d", SF_VERSION_MAJOR, SF_VERSION_MINOR, SF_VERSION_PATCH);
  ck_assert_str_eq(sf_version(&number), text);
  ck_assert_uint_eq(number, SF_VERSION_NUMBER);
  ck_assert_str_eq(sf_version(NULL), text);
}
END_TEST

/* ---- a sample ----------------------------------------------------------------------------------------------- */

START_TEST(a_run_is_what_the_model_does) {
  sf_network *net;
  sf_model *m;
  sf_sim *s;
  sf_spikes in;
  sf_params p;
  must(sf_network_read(NET, &net, &msg));
  must(sf_spikes_read(DIGITS, &in, &msg));
  must(sf_model_new(net, &m, &msg));
  must(sf_sim_open(NET, &s, &msg));
  must(sf_sim_hardware(s, 0, 0, 0, &msg));
  must(sf_network_params(net, 0, &p, &msg));
  const uint32_t ticks = sf_sim_ticks(s);
  ck_assert_uint_eq(ticks, net->readout.ticks);
  unsigned right = 0;
  for (size_t i = 0; i < 50; i++) {
    const sf_spikes one = sf_spikes_sample(&in, i);
    must(sf_sim_run(s, ticks, one.n, one.tick, one.unit, one.core, &msg));
    const uint32_t *tick, *core, *neuron, *out_tick, *out_neuron;
    const size_t n = sf_sim_spikes(s, &tick, &core, &neuron), n_out = sf_sim_outputs(s, &out_tick, NULL, &out_neuron);
    size_t at = 0, out_at = 0, next = 0;
    uint64_t cycles = 0;
    sf_model_reset(m);
    for (uint32_t t = 0; t < ticks; t++) {
      for (; next < one.n && one.tick[next] == t; next++) must(sf_model_inject(m, 0, one.unit[next], 0));
      const sf_tick_result *r = sf_model_step(m);
      cycles += sf_model_cycles(m, 0, &p);
      for (uint32_t k = 0; k < r->n_spikes; k++, at++) {
        ck_assert_uint_lt(at, n);
        ck_assert(tick[at] == t && core[at] == 0 && neuron[at] == r->spike[k].neuron);
      }
      for (uint32_t k = 0; k < r->n_out; k++, out_at++) {
        ck_assert_uint_lt(out_at, n_out);
        ck_assert(out_tick[out_at] == t && out_neuron[out_at] == r->out[k].neuron);
      }
    }
    ck_assert_uint_eq(at, n);
    ck_assert_uint_eq(out_at, n_out);
    ck_assert_uint_eq(sf_sim_cycles(s, 0), cycles);
    ck_assert_uint_eq(sf_sim_synaptic_ops(s), sf_model_counters(m, 0).synaptic_ops);
    int64_t score[10];
    int32_t v;
    sf_sim_scores(s, score);
    for (size_t k = 0; k < 10; k++) {
      must(sf_model_peek(m, 0, net->readout.neuron[k], SF_V, &v));
      ck_assert_int_eq(score[k], v);
    }
    right += sf_sim_answer(s) == in.label[i];
  }
  ck_assert_uint_ge(right, 48);
  sf_sim_close(s);
  sf_model_free(m);
  sf_spikes_free(&in);
  sf_network_free(net);
}
END_TEST

/* Two cores: each axon of core 0 makes its neuron spike, which goes on to core 1 three ticks later, and out from
 * there. */
static sf_network *relay(sf_read_method method) {
  sf_network *net = sf_network_new(2);
  for (uint32_t i = 0; i < 2; i++) {
    sf_core_net *c = &net->core[i];
    c->axons = c->neurons = 4;
    c->n_routes = 4;
    must(sf_core_net_alloc(c, &msg));
    c->profiles[0].v_decay = 4096;
    for (uint32_t j = 0; j < 4; j++) {
      sf_core_set_weight(c, j, j, 1);
      c->threshold[j] = 1;
      c->routes[j] = i == 0 ? (sf_route){.neuron = j, .core = 1, .axon = j, .delay = 3}
                            : (sf_route){.neuron = j, .core = SF_EXTERNAL};
    }
  }
  net->readout = (sf_readout){.method = method, .ticks = 8, .core = 1};
  must(sf_readout_alloc(&net->readout, 4, &msg));
  for (uint32_t j = 0; j < 4; j++) net->readout.neuron[j] = j;
  return net;
}

START_TEST(a_tick_at_a_time_equals_a_run) {
  sf_network *net = relay(SF_READ_SPIKES);
  sf_sim *a, *b;
  must(sf_sim_new(net, &a, &msg));
  must(sf_sim_new(net, &b, &msg));
  sf_network_free(net); /* was copied */
  const uint32_t tick[] = {0, 0, 2, 7, 9}, axon[] = {3, 1, 1, 2, 0}, core[] = {0, 0, 1, 0, 1},
                 delay[] = {0, 0, 2, 7, 9};
  must(sf_sim_run(a, 0, 4, tick, axon, core, &msg));  /* 0: the readout's 8 */
  must(sf_sim_inject(b, 5, axon, core, delay, &msg)); /* the last event comes too late */
  for (int t = 0; t < 8; t++) must(sf_sim_step(b, 1, &msg));
  static const uint32_t want[][3] = {{0, 0, 1}, {0, 0, 3}, {2, 1, 1}, {3, 1, 1}, {3, 1, 3}, {7, 0, 2}};
  for (int i = 0; i < 2; i++) {
    const uint32_t *t, *c, *n;
    ck_assert_uint_eq(sf_sim_spikes(i ? b : a, &t, &c, &n), 6);
    for (size_t k = 0; k < 6; k++) ck_assert(t[k] == want[k][0] && c[k] == want[k][1] && n[k] == want[k][2]);
    ck_assert_uint_eq(sf_sim_outputs(i ? b : a, &t, NULL, &n), 3);
    ck_assert(t[0] == 2 && n[0] == 1 && t[2] == 3 && n[2] == 3);
    ck_assert_int_eq(sf_sim_answer(i ? b : a), 1);
    ck_assert_uint_eq(sf_sim_under_way(i ? b : a), i ? 2 : 1); /* the spike of tick 7; the late event */
  }
  sf_sim_forget(a);
  ck_assert_uint_eq(sf_sim_spikes(a, NULL, NULL, NULL), 0);
  ck_assert_int_eq(sf_sim_answer(a), 1); /* the answer is not forgotten */
  sf_sim_reset(a);
  ck_assert_int_eq(sf_sim_answer(a), 0); /* nothing yet: the lowest class */
  sf_sim_close(a);
  sf_sim_close(b);
}
END_TEST

START_TEST(the_first_spike_answers) {
  sf_network *net = relay(SF_READ_FIRST);
  sf_sim *s;
  must(sf_sim_new(net, &s, &msg));
  sf_network_free(net);
  const uint32_t tick[] = {1, 2, 2, 2}, axon[] = {2, 0, 3, 3}, core[] = {1, 1, 1, 0};
  must(sf_sim_run(s, 8, 4, tick, axon, core, &msg));
  ck_assert_int_eq(sf_sim_answer(s), 2);
  int64_t score[4];
  sf_sim_scores(s, score);
  ck_assert(score[0] == -2 && score[1] == INT64_MIN && score[2] == -1 && score[3] == -2);
  sf_sim_close(s);
}
END_TEST

START_TEST(sizes_and_words) {
  sf_network *net = relay(SF_READ_SPIKES);
  net->core[1].threshold[2] = 7;
  sf_sim *s;
  must(sf_sim_new(net, &s, &msg));
  sf_network_free(net);
  ck_assert_uint_eq(sf_sim_cores(s), 2);
  ck_assert_uint_eq(sf_sim_axons(s, 1), 4);
  ck_assert_uint_eq(sf_sim_neurons(s, 1), 4);
  ck_assert_uint_eq(sf_sim_delay_slots(s, 1), 16);
  ck_assert_uint_eq(sf_sim_axons(s, 2) + sf_sim_neurons(s, 2) + sf_sim_delay_slots(s, 2), 0);
  ck_assert_uint_eq(sf_sim_ticks(s), 8);
  ck_assert_uint_eq(sf_sim_classes(s), 4);
  int32_t word[4];
  must(sf_sim_read(s, 1, SF_THRESHOLD, word, &msg));
  ck_assert(word[1] == 1 && word[2] == 7);
  const uint32_t axon[] = {2}, core[] = {1};
  must(sf_sim_inject(s, 1, axon, core, NULL, &msg));
  must(sf_sim_step(s, 1, &msg));
  must(sf_sim_read(s, 1, SF_V, word, &msg));
  ck_assert(word[1] == 0 && word[2] == 1);
  ck_assert_uint_eq(sf_model_tick(sf_sim_model(s)), 1);
  sf_sim_close(s);
}
END_TEST

/* ---- hardware ----------------------------------------------------------------------------------------------- */

START_TEST(lanes_change_cycles_and_nothing_else) {
  sf_sim *s;
  must(sf_sim_open(NET, &s, &msg));
  uint32_t tick[300], axon[300];
  for (uint32_t i = 0; i < 300; i++) {
    tick[i] = i / 100;
    axon[i] = i % 100 * 7;
  }
  uint64_t before = UINT64_MAX;
  size_t spikes = 0;
  for (uint32_t lanes = 1; lanes <= 1024; lanes *= 2) {
    must(sf_sim_hardware(s, 0, lanes, lanes, &msg));
    ck_assert_uint_eq(sf_sim_cycles(s, 0), 0);
    must(sf_sim_run(s, 6, 300, tick, axon, NULL, &msg));
    const size_t n = sf_sim_spikes(s, NULL, NULL, NULL);
    ck_assert(lanes == 1 || n == spikes);
    spikes = n;
    if (lanes <= 64) ck_assert_uint_lt(sf_sim_cycles(s, 0), before); /* then the neurons run out */
    before = sf_sim_cycles(s, 0);
  }
  sf_sim_close(s);
}
END_TEST

/* ---- what is refused ---------------------------------------------------------------------------------------- */

START_TEST(refused) {
  sf_network *net = relay(SF_READ_SPIKES);
  sf_sim *s = NULL;
  must(sf_sim_new(net, &s, &msg));
  const uint32_t two[] = {1, 2}, four[] = {1, 4}, back[] = {1, 0}, far[] = {0, 16};
  int32_t word[4];
  fails(sf_sim_inject(s, 2, four, NULL, NULL, &msg), "axon[1] = 4: must be 0 .. 3");
  fails(sf_sim_inject(s, 2, two, two, NULL, &msg), "core[1] = 2: must be 0 .. 1");
  fails(sf_sim_inject(s, 2, two, NULL, far, &msg), "delay[1] = 16: must be 0 .. 15");
  fails(sf_sim_run(s, 4, 2, two, four, NULL, &msg), "axon[1] = 4: must be 0 .. 3");
  fails(sf_sim_run(s, 4, 2, back, two, NULL, &msg), "tick[1] = 0: must not be less than the one before, 1");
  fails(sf_sim_run(s, 4, 2, (uint32_t[]){3, 4}, two, NULL, &msg),
        "tick[1] = 4: must be 0 .. 3: the sample has 4 ticks");
  fails(sf_sim_run(s, SF_MAX_TICK + 1, 0, NULL, NULL, NULL, &msg), "ticks = 2147483648: must be 0 .. 2147483647");
  fails(sf_sim_step(s, UINT32_MAX, &msg), "ticks = 4294967295: must be 0 .. 2147483647"); /* -1 elsewhere */
  fails(sf_sim_read(s, 2, SF_V, word, &msg), "core 2: must be 0 .. 1");
  fails(sf_sim_read(s, 0, 7, word, &msg), "field 7: must be 0 .. 6");
  fails(sf_sim_hardware(s, 2, 0, 0, &msg), "core 2: must be 0 .. 1");
  fails(sf_sim_hardware(s, 0, 0, 0, &msg),
        "core 0: one core of hardware does not hold it (`synfire check` says why)"); /* routes to core 1 */
  must(sf_sim_hardware(s, 1, 0, 0, &msg));
  ck_assert_int_eq(sf_sim_hardware(s, 1, 3, 0, &msg), SF_EINVAL);
  ck_assert_int_eq(sf_sim_hardware(s, 1, 16, 32, &msg), SF_EINVAL);
  ck_assert_int_eq(sf_sim_hardware(s, 1, UINT32_MAX, 0, &msg), SF_EINVAL);
  must(sf_sim_step(s, 1, &msg)); /* nothing was injected */
  ck_assert_uint_eq(sf_sim_spikes(s, NULL, NULL, NULL), 0);
  sf_sim_close(s);
  sf_sim_close(NULL);
  net->core[0].threshold[0] = 40000;
  sf_sim *none = NULL;
  ck_assert_int_eq(sf_sim_new(net, &none, &msg), SF_EINVAL);
  ck_assert_ptr_null(none);
  sf_network_free(net);
  ck_assert_int_eq(sf_sim_open("data/no-such.h5", &none, &msg), SF_EIO);
  ck_assert_ptr_null(none);
  ck_assert_ptr_nonnull(strstr(msg.text, "data/no-such.h5"));
}
END_TEST

/* Without a readout: 8 ticks more would be the readout's, 16 are DELAY_SLOTS. */
START_TEST(a_run_without_length_or_readout_waits_for_what_is_under_way) {
  sf_network *net = relay(SF_READ_SPIKES);
  net->readout.n_classes = 0;
  sf_sim *s;
  must(sf_sim_new(net, &s, &msg));
  sf_network_free(net);
  const uint32_t tick[] = {1, 5}, axon[] = {0, 1};
  must(sf_sim_run(s, 0, 2, tick, axon, NULL, &msg));
  ck_assert_uint_eq(sf_model_tick(sf_sim_model(s)), 22);
  ck_assert_uint_eq(sf_sim_outputs(s, NULL, NULL, NULL), 2);
  ck_assert_uint_eq(sf_sim_length(s, 0, 2, tick), 22);
  ck_assert_uint_eq(sf_sim_length(s, 7, 2, tick), 7);
  ck_assert_uint_eq(sf_sim_length(s, 0, 0, NULL), 16);
  ck_assert_uint_eq(sf_sim_length(s, 0, 1, (uint32_t[]){UINT32_MAX}), SF_MAX_TICK);
  ck_assert_str_eq(sf_sim_note(s), "");
  sf_sim_close(s);
}
END_TEST

/* Every pointer of the interface, one after the other. */
START_TEST(null_is_refused_or_nothing) {
  sf_network *net = relay(SF_READ_POTENTIAL);
  sf_sim *s, *none = NULL;
  const uint32_t one[] = {1};
  int32_t word[4];
  int64_t score[4];
  must(sf_sim_new(net, &s, &msg));
  fails(sf_sim_new(NULL, &none, &msg), "net is NULL");
  fails(sf_sim_new(net, NULL, &msg), "out is NULL");
  fails(sf_sim_open(NULL, &none, &msg), "path is NULL");
  fails(sf_sim_open(NET, NULL, &msg), "out is NULL");
  ck_assert_ptr_null(none);
  fails(sf_sim_inject(NULL, 1, one, NULL, NULL, &msg), "the handle is NULL");
  fails(sf_sim_inject(s, 1, NULL, NULL, NULL, &msg), "axon is NULL");
  must(sf_sim_inject(s, 0, NULL, NULL, NULL, &msg));
  fails(sf_sim_step(NULL, 1, &msg), "the handle is NULL");
  fails(sf_sim_run(NULL, 1, 1, one, one, NULL, &msg), "the handle is NULL");
  fails(sf_sim_run(s, 1, 1, NULL, one, NULL, &msg), "tick is NULL");
  fails(sf_sim_run(s, 1, 1, one, NULL, NULL, &msg), "axon is NULL");
  must(sf_sim_run(s, 1, 0, NULL, NULL, NULL, &msg));
  fails(sf_sim_read(NULL, 0, SF_V, word, &msg), "the handle is NULL");
  fails(sf_sim_read(s, 0, SF_V, NULL, &msg), "out is NULL");
  fails(sf_sim_hardware(NULL, 0, 0, 0, &msg), "the handle is NULL");
  ck_assert_int_eq(sf_sim_step(NULL, 1, NULL), SF_EINVAL); /* no text is wanted */
  sf_sim_scores(s, NULL);
  sf_sim_scores(NULL, score);
  sf_sim_scores(NULL, NULL);
  sf_sim_reset(NULL);
  sf_sim_forget(NULL);
  sf_sim_close(NULL);
  ck_assert_uint_eq(sf_sim_cores(NULL) + sf_sim_axons(NULL, 0) + sf_sim_neurons(NULL, 0) + sf_sim_delay_slots(NULL, 0),
                    0);
  ck_assert_uint_eq(sf_sim_ticks(NULL) + sf_sim_classes(NULL) + sf_sim_length(NULL, 5, 1, one), 0);
  ck_assert_uint_eq(sf_sim_cycles(NULL, 0) + sf_sim_synaptic_ops(NULL) + sf_sim_under_way(NULL), 0);
  ck_assert_uint_eq(sf_sim_spikes(NULL, NULL, NULL, NULL) + sf_sim_outputs(NULL, NULL, NULL, NULL), 0);
  ck_assert_uint_eq(sf_sim_spikes(s, NULL, NULL, NULL) + sf_sim_outputs(s, NULL, NULL, NULL), 0);
  ck_assert_int_eq(sf_sim_answer(NULL), -1);
  ck_assert_ptr_null(sf_sim_model(NULL));
  ck_assert_str_eq(sf_sim_note(NULL), "");
  ck_assert_uint_eq(sf_sim_length(s, 0, 3, NULL), 8); /* the readout says it */
  sf_sim_close(s);
  sf_network_free(net);
}
END_TEST

START_TEST(trusted_files_are_the_same_files) {
  sf_sim *a, *b;
  must(sf_sim_open(NET, &a, &msg));
  sf_files_trust(1);
  must(sf_sim_open(NET, &b, &msg));
  sf_files_trust(0);
  ck_assert_uint_eq(sf_sim_neurons(a, 0), sf_sim_neurons(b, 0));
  sf_sim_close(a);
  sf_sim_close(b);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("library");
  TCase *t = tcase_create("library");
  tcase_set_timeout(t, 60);
  tcase_add_test(t, the_version_is_that_of_the_register);
  tcase_add_test(t, the_version_at_run_time_is_that_of_the_headers);
  tcase_add_test(t, a_run_is_what_the_model_does);
  tcase_add_test(t, a_tick_at_a_time_equals_a_run);
  tcase_add_test(t, the_first_spike_answers);
  tcase_add_test(t, sizes_and_words);
  tcase_add_test(t, lanes_change_cycles_and_nothing_else);
  tcase_add_test(t, refused);
  tcase_add_test(t, a_run_without_length_or_readout_waits_for_what_is_under_way);
  tcase_add_test(t, null_is_refused_or_nothing);
  tcase_add_test(t, trusted_files_are_the_same_files);
  suite_add_tcase(suite, t);
  return suite_run(suite);
}
