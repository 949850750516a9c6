/* test_sparse.c - sparse networks against a reference that keeps a sum for every coming tick, on one and more
 * threads. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/kernel.h"
#include "suite.h"
#include "synfire/sparse.h"

static uint64_t random_state;
static uint32_t draw(uint32_t n) {
  random_state = random_state * 6364136223846793005u + 1442695040888963407u;
  return (uint32_t)((random_state >> 33) % n);
}

enum { FEW = 400, MOST = 1200, SYNAPSES = 20000 };
/* LONG_ROWS: of few sources. The others have more sums than 16 bits count: HEAVY and MIDDLE weights do not fit 8 bits,
 * LIGHT ones do; CROWDED: light, of few targets, and more sources active than are listed together. */
enum { SHORT_ROWS, LONG_ROWS, HEAVY, MIDDLE, LIGHT, CROWDED, KINDS };
static uint64_t first[2 * MOST + 1];
static uint32_t target[SYNAPSES], profile[MOST];
static int16_t weight[SYNAPSES];
static uint8_t delay[SYNAPSES];
static int32_t threshold[MOST], bias[MOST], v_init[MOST];
static sf_profile profiles[3];

static sf_sparse_net random_net(uint64_t seed, int kind) {
  random_state = seed;
  sf_sparse_net n = {.inputs = kind == CROWDED ? MOST : draw(FEW),
                     .neurons = kind >= HEAVY ? MOST : 1 + draw(FEW),
                     .potential_bits = 12 + draw(8),
                     .delay_slots = kind >= HEAVY ? 64 : 2u << draw(5),
                     .has_refractory = draw(2),
                     .has_noise = draw(2),
                     .seed = draw(1000)};
  n.n_profiles = n.neurons < 3 ? 1 : 1 + draw(3);
  static const uint32_t heaviest[4] = {20, 128, 300, 32768}; /* 128: the last that 8 bits hold */
  const uint32_t heaviest_of[KINDS] = {[HEAVY] = 32768, [MIDDLE] = 300, [LIGHT] = 20, [CROWDED] = 128};
  const uint32_t heavy = kind >= HEAVY ? heaviest_of[kind] : heaviest[draw(4)];
  const uint32_t sources = n.inputs + n.neurons, one_in = kind == LONG_ROWS ? 64 : 1;
  const uint32_t each = SYNAPSES / (sources / one_in + 1);
  uint64_t k = 0;
  for (uint32_t i = 0; i < sources; i++) {
    first[i] = k;
    for (uint32_t e = i % one_in ? 0 : draw(each + 1); e > 0; e--, k++) {
      target[k] = draw(kind == CROWDED && e % 2 ? 3 : n.neurons);
      weight[k] = (int16_t)((int32_t)draw(2 * heavy) - (int32_t)heavy);
      /* Of two slots only one is used: then no sum waits. */
      delay[k] = (uint8_t)(i >= n.inputs ? 1 + draw(n.delay_slots - 1) : n.delay_slots > 2 ? draw(n.delay_slots) : 0);
    }
  }
  first[sources] = k;
  for (uint32_t j = 0; j < n.neurons; j++) {
    threshold[j] = (int32_t)draw(200);
    bias[j] = (int32_t)draw(10) - 5;
    v_init[j] = (int32_t)draw(100) - 50;
    profile[j] = draw(n.n_profiles);
  }
  for (uint32_t p = 0; p < n.n_profiles; p++)
    profiles[p] = (sf_profile){.v_decay = (int32_t)draw(4097),
                               .reset_mode = (int32_t)draw(3),
                               .v_floor = -1000,
                               .floor_mode = (int32_t)draw(3),
                               .refractory = n.has_refractory ? (int32_t)draw(4) : 0,
                               .noise_bits = n.has_noise ? (int32_t)draw(5) : 0};
  n.profiles = profiles;
  n.profile = profile;
  n.threshold = threshold;
  n.bias = bias;
  n.v_init = v_init;
  n.first = first;
  n.target = target;
  n.weight = weight;
  n.delay = delay;
  return n;
}

/* The neurons of the reference are those of a crossbar whose sums are filled in by hand. */
static sf_model *reference(const sf_sparse_net *n) {
  sf_network *net = sf_network_new(1);
  sf_core_net *c = &net->core[0];
  c->axons = 1;
  c->neurons = n->neurons;
  c->potential_bits = n->potential_bits;
  c->n_profiles = n->n_profiles;
  c->has_refractory = n->has_refractory;
  c->has_noise = n->has_noise;
  net->seed = n->seed;
  ck_assert_int_eq(sf_core_net_alloc(c, NULL), SF_OK);
  memcpy(c->threshold, threshold, n->neurons * sizeof *threshold);
  memcpy(c->bias, bias, n->neurons * sizeof *bias);
  memcpy(c->v_init, v_init, n->neurons * sizeof *v_init);
  memcpy(c->profile, profile, n->neurons * sizeof *profile);
  memcpy(c->profiles, profiles, n->n_profiles * sizeof *profiles);
  sf_model *m;
  sf_msg msg = {""};
  ck_assert_msg(sf_model_new(net, &m, &msg) == SF_OK, "%s", msg.text);
  sf_network_free(net);
  return m;
}

static int32_t ring[64][MOST];
static uint64_t due[64]; /* synapses under way */

static void send(const sf_sparse_net *n, uint32_t source, uint32_t tick) {
  for (uint64_t k = n->first[source]; k < n->first[source + 1]; k++) {
    ring[(tick + n->delay[k]) % 64][n->target[k]] += n->weight[k];
    due[(tick + n->delay[k]) % 64]++;
  }
}

START_TEST(random_networks_match_the_reference) {
  const int kind = _i % KINDS;
  const sf_sparse_net n = random_net(40 + (uint64_t)_i, kind);
  sf_sparse *s;
  sf_msg msg = {""};
  ck_assert_msg(sf_sparse_new(&n, &s, &msg) == SF_OK, "%s", msg.text);
  if (_i / KINDS % 2) ck_assert_int_eq(sf_sparse_set_threads(s, 1 + (uint32_t)_i % 5), SF_OK);
  for (int run = 0; run < 2; run++) { /* the second from a reset */
    sf_model *m = reference(&n);
    sf_model_core *want = &m->core[0];
    memset(ring, 0, sizeof ring);
    memset(due, 0, sizeof due);
    for (uint32_t tick = 0; tick < 60; tick++) {
      for (uint32_t i = 0; i < n.inputs; i++)
        if (draw(kind == CROWDED ? 1 : kind == LONG_ROWS ? 2 : 10) == 0) {
          ck_assert_int_eq(sf_sparse_inject(s, i), SF_OK);
          if (draw(4) == 0) ck_assert_int_eq(sf_sparse_inject(s, i), SF_OK);
          send(&n, i, tick);
        }
      const sf_sparse_result *t = sf_sparse_step(s);
      ck_assert_uint_eq(t->synaptic_ops, due[tick % 64]);
      due[tick % 64] = 0;
      memcpy(want->sum, ring[tick % 64], n.neurons * sizeof *want->sum);
      memset(ring[tick % 64], 0, sizeof ring[0]);
      want->sum_is_narrow = false;
      sf_update_exactly(want, tick, 0, n.neurons);
      uint32_t spikes = 0;
      for (uint32_t j = 0; j < n.neurons; j++) {
        if (sf_sparse_potential(s, j) != sf_potential(want, j))
          ck_abort_msg("case %d, tick %u, neuron %u: v %d, want %d", _i, tick, j, sf_sparse_potential(s, j),
                       sf_potential(want, j));
        if (!(want->spike_bits[j / 64] >> j % 64 & 1)) continue;
        ck_assert(spikes < t->n_spikes && t->spike[spikes] == j);
        spikes++;
        send(&n, n.inputs + j, tick);
      }
      ck_assert_uint_eq(t->n_spikes, spikes);
    }
    sf_model_free(m);
    sf_sparse_reset(s);
  }
  sf_sparse_free(s);
}
END_TEST

#define REFUSED(name, change, word)                           \
  START_TEST(name) {                                          \
    sf_sparse_net n = random_net(3, SHORT_ROWS);              \
    sf_sparse *s;                                             \
    sf_msg msg = {""};                                        \
    change;                                                   \
    ck_assert_int_eq(sf_sparse_new(&n, &s, &msg), SF_EINVAL); \
    ck_assert_msg(strstr(msg.text, word), "%s", msg.text);    \
  }                                                           \
  END_TEST
REFUSED(a_target_beyond_the_neurons, target[5] = n.neurons, "target[5]")
REFUSED(a_delay_beyond_the_slots, delay[5] = (uint8_t)n.delay_slots, "delay[5]")
REFUSED(no_delay_from_a_neuron, delay[first[n.inputs + n.neurons] - 1] = 0, "delay[")
REFUSED(sources_out_of_order, first[1] = first[2] + 1, "first[2]")
REFUSED(a_threshold_too_large, threshold[0] = 1 << 24, "threshold[0]")
REFUSED(no_neurons, n.neurons = 0, "neurons = 0")
REFUSED(a_profile_that_does_not_exist, profile[0] = 7, "profile[0]")

int main(void) {
  Suite *s = suite_create("sparse");
  TCase *t = tcase_create("sparse");
  tcase_set_timeout(t, 120);
  tcase_add_loop_test(t, random_networks_match_the_reference, 0, 84);
  tcase_add_test(t, a_target_beyond_the_neurons);
  tcase_add_test(t, a_delay_beyond_the_slots);
  tcase_add_test(t, no_delay_from_a_neuron);
  tcase_add_test(t, sources_out_of_order);
  tcase_add_test(t, a_threshold_too_large);
  tcase_add_test(t, no_neurons);
  tcase_add_test(t, a_profile_that_does_not_exist);
  suite_add_tcase(s, t);
  return suite_run(s);
}
