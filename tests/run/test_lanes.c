/* test_lanes.c - the number of lanes changes cycles, never a spike: random networks with every feature, on the cycle
 * mirror with every shape of lanes, against the functional model, which knows no lanes. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "run/backend.h"
#include "suite.h"

#define NEURONS 64u
#define AXONS 80u
#define TICKS 24u
#define NETWORKS 12

/* What a run leaves behind: every spike and output event in order, every state at the end. */
typedef struct trace {
  uint64_t spikes, cycles;
  uint8_t spike[TICKS][NEURONS];
  uint32_t n_out[TICKS];
  int32_t v[NEURONS], a[NEURONS];
} trace;

static uint64_t state;
static uint32_t below(uint32_t n) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return (uint32_t)((state >> 11) % n);
}
static int32_t within(int32_t lo, int32_t hi) { return lo + (int32_t)below((uint32_t)(hi - lo + 1)); }

static sf_network *random_network(uint64_t seed) {
  sf_msg msg = {""};
  state = seed * 0x9E3779B97F4A7C15u + 1;
  sf_network *net = sf_network_new(1);
  ck_assert_ptr_nonnull(net);
  sf_core_net *c = &net->core[0];
  c->axons = AXONS;
  c->neurons = NEURONS;
  c->weight_bits = 4;
  c->potential_bits = 12;
  c->delay_slots = 4;
  c->n_profiles = 4;
  c->n_routes = 100;
  c->has_current = c->has_refractory = c->has_adaptation = c->has_noise = true;
  ck_assert_msg(sf_core_net_alloc(c, &msg) == SF_OK, "%s", msg.text);
  for (uint32_t i = 0; i < AXONS; i++)
    for (uint32_t j = 0; j < NEURONS; j++) sf_core_set_weight(c, i, j, within(-8, 7));
  for (uint32_t j = 0; j < NEURONS; j++) {
    c->threshold[j] = within(5, 60);
    c->bias[j] = within(-2, 4);
    c->profile[j] = below(4);
    c->v_init[j] = within(-20, 20);
  }
  for (uint32_t k = 0; k < 4; k++)
    c->profiles[k] = (sf_profile){.v_decay = within(0, 4096),
                                  .u_decay = within(0, 4096),
                                  .weight_shift = within(0, 1),
                                  .v_reset = within(-9, 9),
                                  .reset_mode = within(0, 2),
                                  .v_floor = within(-200, -20),
                                  .floor_mode = within(0, 2),
                                  .v_floor_reset = within(-20, 20),
                                  .refractory = within(0, 3),
                                  .a_inc = within(0, 10),
                                  .a_decay = within(0, 4096),
                                  .noise_bits = within(0, 5)};
  for (uint32_t i = 0; i < c->n_routes; i++)
    c->routes[i] = (sf_route){below(NEURONS), below(3) ? 0 : SF_EXTERNAL, below(AXONS), 1 + below(3)};
  net->seed = below(UINT32_MAX);
  ck_assert_msg(sf_network_check(net, &msg) == SF_OK, "%s", msg.text);
  return net;
}

static void run(const sf_network *net, const char *backend, const sf_params *config, uint64_t seed, trace *t) {
  sf_msg msg = {""};
  sf_backend *b = NULL;
  const sf_backend_options options = {.seed = 1};
  *t = (trace){0};
  ck_assert_msg(sf_backend_open(backend, net, config, &options, &b, &msg) == SF_OK, "%s", msg.text);
  state = seed + 99;
  for (uint32_t tick = 0; tick < TICKS; tick++) {
    sf_tick_result r;
    for (uint32_t n = below(12); n > 0; n--) {
      const uint32_t axon = below(AXONS), delay = below(3);
      ck_assert_msg(sf_backend_inject(b, 0, axon, delay, &msg) == SF_OK, "%s", msg.text);
    }
    ck_assert_msg(sf_backend_tick(b, &r, &msg) == SF_OK, "%s", msg.text);
    for (uint32_t i = 0; i < r.n_spikes; i++) t->spike[tick][r.spike[i].neuron] = 1;
    t->spikes += r.n_spikes;
    t->n_out[tick] = r.n_out;
  }
  sf_backend_counters counters;
  ck_assert_int_eq(sf_backend_counters_get(b, &counters, &msg), SF_OK);
  t->cycles = counters.busy_cycles;
  for (uint32_t j = 0; j < NEURONS; j++) {
    ck_assert_int_eq(sf_backend_peek(b, 0, j, SF_V, &t->v[j], &msg), SF_OK);
    ck_assert_int_eq(sf_backend_peek(b, 0, j, SF_A, &t->a[j], &msg), SF_OK);
  }
  sf_backend_close(b);
}

static const struct {
  uint32_t lanes, neuron_lanes;
} shapes[] = {{1, 1}, {2, 1}, {2, 2}, {8, 1}, {8, 4}, {16, 2}, {32, 32}, {64, 1}, {64, 64}};

START_TEST(spikes_do_not_depend_on_lanes) {
  static trace want, got;
  sf_network *net = random_network((uint64_t)_i + 1);
  sf_params config;
  sf_msg msg = {""};
  uint64_t slowest = 0, fastest = UINT64_MAX;
  ck_assert_msg(sf_network_params(net, 0, &config, &msg) == SF_OK, "%s", msg.text);
  run(net, "model", &config, (uint64_t)_i, &want);
  ck_assert_uint_gt(want.spikes, 0);
  for (size_t k = 0; k < sizeof shapes / sizeof *shapes; k++) {
    config.lanes = shapes[k].lanes;
    config.neuron_lanes = shapes[k].neuron_lanes;
    run(net, "cycle", &config, (uint64_t)_i, &got);
    for (uint32_t tick = 0; tick < TICKS; tick++) {
      ck_assert_msg(got.n_out[tick] == want.n_out[tick], "%u lanes, tick %u: output events", config.lanes, tick);
      for (uint32_t j = 0; j < NEURONS; j++)
        ck_assert_msg(got.spike[tick][j] == want.spike[tick][j],
                      "%u lanes, %u neuron lanes: tick %u, neuron %u: spike %d", config.lanes, config.neuron_lanes,
                      tick, j, got.spike[tick][j]);
    }
    for (uint32_t j = 0; j < NEURONS; j++) {
      ck_assert_int_eq(got.v[j], want.v[j]);
      ck_assert_int_eq(got.a[j], want.a[j]);
    }
    slowest = got.cycles > slowest ? got.cycles : slowest;
    fastest = got.cycles < fastest ? got.cycles : fastest;
  }
  ck_assert_uint_gt(slowest, 4 * fastest); /* but they do change the time */
  sf_network_free(net);
}
END_TEST

int main(void) {
  Suite *s = suite_create("lanes");
  TCase *c = tcase_create("invariance");
  tcase_set_timeout(c, 120);
  tcase_add_loop_test(c, spikes_do_not_depend_on_lanes, 0, NETWORKS);
  suite_add_tcase(s, c);
  return suite_run(s);
}
