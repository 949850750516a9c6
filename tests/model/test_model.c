/* test_model - the functional model, by hand. A table holds one tick of one neuron for every line of the neuron
 * equation (cmodel/README.md): decays and their rounding, each reset and floor mode, refractory time, current,
 * adaptation, noise and saturation, each number worked out on paper. Then sums at their extremes, and reading and
 * writing state. Events, delays, routes and counters are in test_model_events; random networks in test_model_random. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/model_core.h"
#include "suite.h"
#include "synfire/model.h"

/* ---- one tick of one neuron --------------------------------------------------------------------------------- */

#define V_MIN8 -128
typedef struct state {
  int32_t v, u, r, a;
} state;

/* clang-format off */
static const struct {
  const char *why;
  int vb, weight; /* 16-bit weight of the one active axon */
  int threshold, bias;
  sf_profile p; /* v_floor counts only if floored */
  bool floored, no_current;
  state from, to;
  bool spike;
} rows[] = {
    /* integration */
    {"v + c", 16, 5, 100, 0, {0}, .from = {.v = 10}, .no_current = true, .to = {.v = 15}},
    {"bias adds", 16, 5, 100, -7, {0}, .from = {.v = 10}, .no_current = true, .to = {.v = 8}},
    {"shift of a negative sum", 16, -3, 100, 0, {.weight_shift = 7}, .no_current = true, .to = {.v = -384}},
    {"shift of a positive sum", 16, 3, 1000, 0, {.weight_shift = 7}, .no_current = true, .to = {.v = 384}},
    {"a quarter leaks", 16, 0, 32767, 0, {.v_decay = 1024}, .from = {.v = 1000}, .to = {.v = 750}},
    {"3.75 becomes 3", 16, 0, 100, 0, {.v_decay = 1024}, .from = {.v = 5}, .to = {.v = 3}},
    {"-3.75 becomes -3", 16, 0, 100, 0, {.v_decay = 1024}, .from = {.v = -5}, .to = {.v = -3}},
    {"-1 dies of the smallest leak", 16, 0, 100, 0, {.v_decay = 1}, .from = {.v = -1}, .to = {.v = 0}},
    {"+1 dies of the smallest leak", 16, 0, 100, 0, {.v_decay = 1}, .from = {.v = 1}, .to = {.v = 0}},
    {"rounded before the input adds: -2.5 -> -2", 16, 3, 100, 0, {.v_decay = 2048}, .from = {.v = -5},
     .no_current = true, .to = {.v = 1}},
    {"4096 forgets", 16, 9, 100, 0, {.v_decay = 4096}, .from = {.v = -32768}, .no_current = true, .to = {.v = 9}},
    {"widest potential, 1/4096 kept", 24, 0, 9000000 - 1000000, 0, {.v_decay = 4095}, .from = {.v = 8388607},
     .to = {.v = 2047}},
    {"widest potential, 1/4096 lost", 24, 0, 8388607, 0, {.v_decay = 1}, .from = {.v = -8388608},
     .to = {.v = -8386560}},
    /* spike */
    {"x = threshold fires; reset to a value", 16, 5, 15, 0, {.v_reset = -3}, .from = {.v = 10},
     .to = {.v = -3}, .no_current = true, .spike = true},
    {"x = threshold - 1 does not", 16, 5, 16, 0, {.v_reset = -3}, .from = {.v = 10}, .no_current = true,
     .to = {.v = 15}},
    {"reset by subtraction", 16, 50, 15, 0, {.reset_mode = 1, .v_reset = 9}, .from = {.v = 10},
     .no_current = true, .to = {.v = 45}, .spike = true},
    {"no reset", 16, 50, 15, 0, {.reset_mode = 2, .v_reset = 9}, .from = {.v = 10}, .no_current = true,
     .to = {.v = 60}, .spike = true},
    {"negative threshold", 16, 0, -5, 0, {.v_reset = 1}, .from = {.v = -5}, .to = {.v = 1}, .spike = true},
    {"threshold 0 fires at rest", 16, 0, 0, 0, {0}, .to = {0}, .spike = true},
    {"x is compared before it is clamped", 8, 0, 127, 100, {.reset_mode = 1}, .from = {.v = 100},
     .to = {.v = 73}, .spike = true},
    {"x - threshold is clamped", 8, 0, -100, 100, {.reset_mode = 1}, .from = {.v = 100}, .to = {.v = 127},
     .spike = true},
    {"x is clamped", 8, 0, 50, 100, {.reset_mode = 2}, .from = {.v = 100}, .to = {.v = 127}, .spike = true},
    /* floor */
    {"x = floor is not below it", 16, 0, 100, -3, {.v_floor = -13, .floor_mode = 1,
     .v_floor_reset = 50}, true, .from = {.v = -10}, .to = {.v = -13}},
    {"below the floor: floor", 16, 0, 100, -4, {.v_floor = -13, .v_floor_reset = 50}, true,
     .from = {.v = -10}, .to = {.v = -13}},
    {"below the floor: reset to a value", 16, 0, 100, -4, {.v_floor = -13, .floor_mode = 1,
     .v_floor_reset = 50}, true, .from = {.v = -10}, .to = {.v = 50}},
    {"below the floor: by subtraction", 16, 0, 100, -9, {.v_floor = -13, .floor_mode = 2,
     .v_floor_reset = 50}, true, .from = {.v = -10}, .to = {.v = -6}},
    {"a floor above zero", 16, 0, 100, 5, {.v_floor = 10}, true, .to = {.v = 10}},
    {"by subtraction, clamped", 8, 0, 127, -128, {.v_floor = 100, .floor_mode = 2}, true, .from = {.v = -128},
     .to = {.v = -128}},
    {"default floor holds", 8, 0, 100, -100, {0}, .from = {.v = -100}, .to = {.v = V_MIN8}},
    {"default floor by subtraction wraps round by hand", 8, 0, 100, -100, {.floor_mode = 2},
     .from = {.v = -100}, .to = {.v = -72}},
    {"a spike goes before the floor", 16, 0, -100, 0, {.v_floor = 50, .v_reset = 4}, true, .to = {.v = 4},
     .spike = true},
    /* refractory time */
    {"a spike starts it", 16, 5, 5, 0, {.refractory = 3}, .no_current = true, .to = {.r = 3}, .spike = true},
    {"no spike, no start", 16, 4, 5, 0, {.refractory = 3}, .no_current = true, .to = {.v = 4}},
    {"it counts down, v is held, input is lost", 16, 500, 5, 99, {.refractory = 3, .v_reset = 7},
     .from = {.v = 1, .r = 3}, .no_current = true, .to = {.v = 7, .r = 2}},
    {"its last tick still holds", 16, 500, 5, 0, {.refractory = 3, .v_reset = 7}, .from = {.v = 1, .r = 1},
     .no_current = true, .to = {.v = 7}},
    {"the longest", 16, 5, 5, 0, {.refractory = 255}, .no_current = true, .to = {.r = 255}, .spike = true},
    {"held at v_reset whatever the reset mode", 16, 0, 5, 0, {.refractory = 2, .v_reset = 7, .reset_mode = 2},
     .from = {.v = 1, .r = 2}, .to = {.v = 7, .r = 1}},
    {"held at v_reset even below the floor", 16, 0, 500, 0, {.refractory = 2, .v_reset = 7,
     .v_floor = 10}, true, .from = {.v = 1, .r = 2}, .to = {.v = 7, .r = 1}},
    /* current */
    {"half of u leaks, c adds, u drives v", 16, 7, 1000, 0, {.u_decay = 2048}, .from = {.v = 3, .u = 100},
     .to = {.v = 60, .u = 57}},
    {"u rounds toward zero", 16, 0, 1000, 0, {.u_decay = 1024}, .from = {.u = -5}, .to = {.v = -3, .u = -3}},
    {"u is clamped, and so is what v gets", 8, 100, 127, -2, {0}, .from = {.u = 127}, .to = {.v = 125, .u = 127}},
    {"u is clamped below", 8, -100, 127, 100, {0}, .from = {.u = -100}, .to = {.v = -28, .u = V_MIN8}},
    {"u that forgets is c", 16, -42, 1000, 0, {.u_decay = 4096}, .from = {.u = 999}, .to = {.v = -42, .u = -42}},
    {"u survives the spike", 16, 7, 10, 0, {.u_decay = 2048, .v_reset = 1}, .from = {.v = 3, .u = 100},
     .to = {.v = 1, .u = 57}, .spike = true},
    {"u goes on in refractory time", 16, 7, 10, 0, {.u_decay = 2048, .v_reset = 1, .refractory = 2},
     .from = {.v = 3, .u = 100, .r = 2}, .to = {.v = 1, .u = 57, .r = 1}},
    {"with u, a large drive is clamped", 8, 1000, 127, -128, {.u_decay = 4096}, .from = {.v = -100},
     .to = {.v = -101, .u = 127}},
    {"without u it is not", 8, 1000, 127, -128, {.reset_mode = 2}, .from = {.v = -128}, .no_current = true,
     .to = {.v = 127}, .spike = true},
    {"without u, below zero", 8, -1000, 127, 127, {.floor_mode = 2}, .from = {.v = 127}, .no_current = true,
     .to = {.v = V_MIN8}},
    /* adaptation */
    {"a raises the threshold", 16, 14, 5, 0, {0}, .from = {.a = 10}, .no_current = true, .to = {.v = 14, .a = 10}},
    {"x = threshold + a fires; a_inc adds", 16, 15, 5, 0, {.a_inc = 3}, .from = {.a = 10}, .no_current = true,
     .to = {.a = 13}, .spike = true},
    {"subtraction takes the threshold without a", 16, 15, 5, 0, {.reset_mode = 1}, .from = {.a = 10},
     .no_current = true, .to = {.v = 10, .a = 10}, .spike = true},
    {"a quarter of a decays", 16, 0, 5, 0, {.a_decay = 1024}, .from = {.a = 100}, .to = {.a = 75}},
    {"1.25 decays as 1", 16, 0, 5, 0, {.a_decay = 1024}, .from = {.a = 5}, .to = {.a = 4}},
    {"-1.25 decays as -1", 16, 0, 5, -100, {.a_decay = 1024}, .from = {.a = -5}, .to = {.v = -100, .a = -4}},
    {"a small a stays: its decay rounds to 0", 16, 0, 5, 0, {.a_decay = 4095}, .from = {.a = 1}, .to = {.a = 1}},
    {"4096 forgets a, a_inc stays", 16, 200, 5, 0, {.a_decay = 4096, .a_inc = 9}, .from = {.a = 100},
     .no_current = true, .to = {.a = 9}, .spike = true},
    {"a is clamped above", 16, 0, -32768, 32767, {.a_inc = 32000}, .from = {.a = 32000}, .to = {.a = 32767},
     .spike = true},
    {"a is clamped below", 16, 0, 5, 0, {.a_inc = -30000}, .from = {.a = -30000}, .to = {.a = -32768}, .spike = true},
    {"threshold + a is not clamped: 253 < 254", 8, 0, 127, 126, {.floor_mode = 0}, .from = {.v = 127,
     .a = 127}, .to = {.v = 127, .a = 127}},
    {"threshold + a is not clamped: 254 fires", 8, 0, 127, 127, {.v_reset = 5}, .from = {.v = 127, .a = 127},
     .to = {.v = 5, .a = 127}, .spike = true},
    {"a decays in refractory time, without a_inc", 16, 0, 5, 0, {.a_decay = 1024, .a_inc = 9,
     .refractory = 2}, .from = {.r = 2, .a = 100}, .to = {.r = 1, .a = 75}},
    /* noise: seed 0, tick 0, neuron 0 hash to 0x45ac5f48 */
    {"1 bit: 0 - 1", 16, 0, 100, 0, {.noise_bits = 1}, .from = {.v = 10}, .to = {.v = 9}},
    {"3 bits: 0 - 4", 16, 0, 100, 0, {.noise_bits = 3}, .from = {.v = 10}, .to = {.v = 6}},
    {"4 bits: 8 - 8", 16, 0, 100, 0, {.noise_bits = 4}, .from = {.v = 10}, .to = {.v = 10}},
    {"8 bits: 72 - 128", 16, 0, 100, 0, {.noise_bits = 8}, .from = {.v = 10}, .to = {.v = -46}},
    {"16 bits: 24392 - 32768", 24, 0, 100, 0, {.noise_bits = 16}, .from = {.v = 10}, .to = {.v = -8366}},
    {"noise is not kept in u", 16, 0, 100, 0, {.noise_bits = 8}, .from = {.u = 1}, .to = {.v = -55, .u = 1}},
    {"noise can fire", 16, 0, -4, 0, {.noise_bits = 3, .v_reset = 2}, .to = {.v = 2}, .spike = true},
    {"no noise in refractory time", 16, 0, 100, 0, {.noise_bits = 8, .refractory = 1, .v_reset = 2},
     .from = {.r = 1}, .to = {.v = 2}},
};
/* clang-format on */

static sf_model *model_of(sf_network *net) {
  sf_model *m = NULL;
  sf_msg msg = {""};
  ck_assert_msg(sf_model_new(net, &m, &msg) == SF_OK, "%s", msg.text);
  sf_network_free(net);
  return m;
}

static int32_t peek(const sf_model *m, uint32_t core, uint32_t neuron, sf_field field) {
  int32_t x = 0;
  ck_assert_int_eq(sf_model_peek(m, core, neuron, field, &x), SF_OK);
  return x;
}

START_TEST(one_tick_by_hand) {
  sf_network *net = sf_network_new(1);
  sf_core_net *c = &net->core[0];
  c->axons = 2;
  c->neurons = 1;
  c->weight_bits = 16;
  c->potential_bits = (uint32_t)rows[_i].vb;
  c->has_current = !rows[_i].no_current;
  c->has_refractory = c->has_adaptation = c->has_noise = true;
  ck_assert_int_eq(sf_core_net_alloc(c, NULL), SF_OK);
  const int32_t smallest = c->profiles[0].v_floor;
  c->profiles[0] = rows[_i].p;
  if (!rows[_i].floored) c->profiles[0].v_floor = smallest;
  c->threshold[0] = rows[_i].threshold;
  c->bias[0] = rows[_i].bias;
  c->v_init[0] = rows[_i].from.v;
  sf_core_set_weight(c, 0, 0, 32767); /* not active */
  sf_core_set_weight(c, 1, 0, rows[_i].weight);
  sf_model *m = model_of(net);
  ck_assert_int_eq(sf_model_poke(m, 0, 0, SF_U, rows[_i].from.u), SF_OK);
  ck_assert_int_eq(sf_model_poke(m, 0, 0, SF_R, rows[_i].from.r), SF_OK);
  ck_assert_int_eq(sf_model_poke(m, 0, 0, SF_A, rows[_i].from.a), SF_OK);
  ck_assert_int_eq(sf_model_inject(m, 0, 1, 0), SF_OK);
  const sf_tick_result *t = sf_model_step(m);
  const state got = {peek(m, 0, 0, SF_V), peek(m, 0, 0, SF_U), peek(m, 0, 0, SF_R), peek(m, 0, 0, SF_A)};
  const state *want = &rows[_i].to;
  ck_assert_msg(got.v == want->v && got.u == want->u && got.r == want->r && got.a == want->a,
                "%s: v %d (%d) u %d (%d) r %d (%d) a %d (%d)", rows[_i].why, got.v, want->v, got.u, want->u, got.r,
                want->r, got.a, want->a);
  ck_assert_msg(t->n_spikes == rows[_i].spike, "%s: %u spikes", rows[_i].why, t->n_spikes);
  sf_model_free(m);
}
END_TEST

/* Without the features: no u, r, a, whatever is poked. */
START_TEST(words_that_are_not_built_are_0) {
  sf_network *net = sf_network_new(1);
  net->core[0].neurons = 3;
  ck_assert_int_eq(sf_core_net_alloc(&net->core[0], NULL), SF_OK);
  for (int j = 0; j < 3; j++) net->core[0].threshold[j] = 100;
  sf_model *m = model_of(net);
  static const sf_field fields[] = {SF_U, SF_R, SF_A};
  for (int f = 0; f < 3; f++) {
    ck_assert_int_eq(sf_model_poke(m, 0, 1, fields[f], 5), SF_OK);
    ck_assert_int_eq(peek(m, 0, 1, fields[f]), 0);
  }
  ck_assert_uint_eq(sf_model_step(m)->n_spikes, 0);
  ck_assert_int_eq(peek(m, 0, 1, SF_V), 0);
  sf_model_free(m);
}
END_TEST

/* ---- sums --------------------------------------------------------------------------------------------------- */

static const struct {
  uint32_t bits;
  int32_t w;
  uint32_t axons, neurons;
} sums[] = {{1, 1, 4096, 100},     {2, -2, 4096, 65},   {2, 1, 4096, 65},   {4, -8, 4096, 513},
            {4, 7, 4096, 1},       {8, -128, 4096, 64}, {8, 127, 4096, 63}, {16, -32768, 4096, 130},
            {16, 32767, 4096, 17}, {8, -128, 256, 16},  {8, -128, 255, 16}, {8, 127, 257, 1025},
            {4, -8, 4095, 16},     {2, -2, 1, 8192}};

/* All axons active with the most extreme weight: no partial sum may overflow. Counts around the block size. */
START_TEST(extreme_sums_are_exact) {
  sf_network *net = sf_network_new(1);
  sf_core_net *c = &net->core[0];
  c->axons = sums[_i].axons;
  c->neurons = sums[_i].neurons;
  c->weight_bits = sums[_i].bits;
  ck_assert_int_eq(sf_core_net_alloc(c, NULL), SF_OK);
  for (uint32_t i = 0; i < c->axons; i++)
    for (uint32_t j = 0; j < c->neurons; j++) sf_core_set_weight(c, i, j, sums[_i].w);
  sf_model *m = model_of(net);
  for (uint32_t i = 0; i < sums[_i].axons; i++)
    if (sf_model_inject(m, 0, i, 0) != SF_OK) ck_abort_msg("an event was refused");
  sf_model_step(m);
  const sf_model_core *core = sf_model_look(m, 0);
  ck_assert_uint_eq(core->n_active, sums[_i].axons);
  for (uint32_t j = 0; j < sums[_i].neurons; j++) ck_assert_int_eq(core->sum[j], sums[_i].w * (int32_t)sums[_i].axons);
  ck_assert_uint_eq(sf_model_counters(m, 0).synaptic_ops, (uint64_t)sums[_i].axons * sums[_i].neurons);
  sf_model_free(m);
}
END_TEST

/* Large weights of either sign, different in every row: each active row counts once, none that is not active. */
START_TEST(every_active_row_is_added_once) {
  sf_network *net = sf_network_new(1);
  sf_core_net *c = &net->core[0];
  int64_t want[70] = {0};
  c->axons = 2000;
  c->neurons = 70;
  c->weight_bits = 1u << _i;
  ck_assert_int_eq(sf_core_net_alloc(c, NULL), SF_OK);
  const uint32_t half = _i == 0 ? 0 : 1u << (c->weight_bits - 1), values = 1u << c->weight_bits;
  for (uint32_t i = 0; i < 2000; i++)
    for (uint32_t j = 0; j < 70; j++) {
      const int32_t w = (int32_t)((i * 2654435761u >> 8 ^ j * 40503u) % values) - (int32_t)half;
      sf_core_set_weight(c, i, j, w);
      if (i % 7 != 3) want[j] += w;
    }
  sf_model *m = model_of(net);
  for (uint32_t i = 0; i < 2000; i++)
    if (i % 7 != 3 && sf_model_inject(m, 0, i, 0) != SF_OK) ck_abort_msg("an event was refused");
  sf_model_step(m);
  for (uint32_t j = 0; j < 70; j++) ck_assert_int_eq(sf_model_look(m, 0)->sum[j], want[j]);
  sf_model_free(m);
}
END_TEST

START_TEST(largest_drive_is_exact) { /* 4096 * -2^15 << 7 = -2^34, far beyond 32 bits */
  sf_network *net = sf_network_new(1);
  sf_core_net *c = &net->core[0];
  c->axons = 4096;
  c->neurons = 1;
  c->weight_bits = 16;
  c->potential_bits = 24;
  ck_assert_int_eq(sf_core_net_alloc(c, NULL), SF_OK);
  c->threshold[0] = 1;
  c->profiles[0].weight_shift = 7;
  for (uint32_t i = 0; i < 4096; i++) sf_core_set_weight(c, i, 0, -32768);
  sf_model *m = model_of(net);
  for (uint32_t i = 0; i < 4096; i++) ck_assert_int_eq(sf_model_inject(m, 0, i, 0), SF_OK);
  ck_assert_uint_eq(sf_model_step(m)->n_spikes, 0);
  ck_assert_int_eq(peek(m, 0, 0, SF_V), -8388608);
  sf_model_free(m);
}
END_TEST

/* ---- reading and writing ------------------------------------------------------------------------------------ */

static const struct {
  sf_field field;
  int32_t lo, hi;
} words[] = {{SF_THRESHOLD, -2048, 2047}, {SF_BIAS, -2048, 2047}, {SF_PROFILE, 0, 2}, {SF_V, -2048, 2047},
             {SF_U, -2048, 2047},         {SF_R, 0, 255},         {SF_A, -2048, 2047}};

static sf_network *accessible(void) {
  sf_network *net = sf_network_new(2);
  for (uint32_t i = 0; i < 2; i++) {
    sf_core_net *c = &net->core[i];
    c->axons = 20;
    c->neurons = 6;
    c->n_profiles = 3;
    c->potential_bits = 12;
    c->has_current = c->has_refractory = c->has_adaptation = c->has_noise = true;
    ck_assert_int_eq(sf_core_net_alloc(c, NULL), SF_OK);
    for (uint32_t j = 0; j < 6; j++) {
      c->threshold[j] = 100;
      c->v_init[j] = (int32_t)(10 * j);
      c->u_init[j] = -(int32_t)j;
    }
  }
  return net;
}

START_TEST(words_are_read_and_written_within_their_range) {
  sf_model *m = model_of(accessible());
  const sf_field f = words[_i].field;
  ck_assert_int_eq(sf_model_poke(m, 1, 5, f, words[_i].lo), SF_OK);
  ck_assert_int_eq(peek(m, 1, 5, f), words[_i].lo);
  ck_assert_int_eq(sf_model_poke(m, 1, 5, f, words[_i].hi), SF_OK);
  ck_assert_int_eq(sf_model_poke(m, 1, 5, f, words[_i].hi + 1), SF_EINVAL);
  ck_assert_int_eq(sf_model_poke(m, 1, 5, f, words[_i].lo - 1), SF_EINVAL);
  ck_assert_int_eq(sf_model_poke(m, 1, 6, f, 0), SF_EINVAL);
  ck_assert_int_eq(sf_model_poke(m, 2, 5, f, 0), SF_EINVAL);
  ck_assert_int_eq(peek(m, 1, 5, f), words[_i].hi);
  ck_assert_int_ne(peek(m, 0, 5, f), words[_i].hi);
  int32_t x = 77;
  ck_assert_int_eq(sf_model_peek(m, 1, 6, f, &x), SF_EINVAL);
  ck_assert_int_eq(sf_model_peek(m, 2, 0, f, &x), SF_EINVAL);
  ck_assert_int_eq(x, 77);
  /* Parameters outlive a reset, state does not. */
  sf_model_reset(m);
  const int32_t first = f == SF_V ? 50 : f == SF_U ? -5 : 0;
  ck_assert_int_eq(peek(m, 1, 5, f), f <= SF_PROFILE ? words[_i].hi : first);
  sf_model_free(m);
}
END_TEST

START_TEST(there_is_no_eighth_word) {
  sf_model *m = model_of(accessible());
  int32_t x;
  ck_assert_int_eq(sf_model_peek(m, 0, 0, (sf_field)7, &x), SF_EINVAL);
  ck_assert_int_eq(sf_model_poke(m, 0, 0, (sf_field)7, 0), SF_EINVAL);
  sf_model_free(m);
}
END_TEST

START_TEST(weights_profiles_and_seeds_are_written) {
  sf_model *m = model_of(accessible());
  int32_t w = 9;
  sf_msg msg;
  ck_assert_int_eq(sf_model_poke_weight(m, 0, 19, 5, -8), SF_OK);
  ck_assert_int_eq(sf_model_peek_weight(m, 0, 19, 5, &w), SF_OK);
  ck_assert_int_eq(w, -8);
  ck_assert_int_eq(sf_model_peek_weight(m, 0, 18, 5, &w), SF_OK);
  ck_assert_int_eq(w, 0);
  ck_assert_int_eq(sf_model_poke_weight(m, 0, 19, 5, 8), SF_EINVAL);
  ck_assert_int_eq(sf_model_poke_weight(m, 0, 20, 5, 0), SF_EINVAL);
  ck_assert_int_eq(sf_model_poke_weight(m, 0, 0, 6, 0), SF_EINVAL);
  ck_assert_int_eq(sf_model_poke_weight(m, 2, 0, 0, 0), SF_EINVAL);
  ck_assert_int_eq(sf_model_peek_weight(m, 0, 20, 5, &w), SF_EINVAL);
  sf_profile p = {.noise_bits = 8, .v_floor = -2048};
  ck_assert_int_eq(sf_model_poke_profile(m, 1, 2, &p, &msg), SF_OK);
  ck_assert_int_eq(sf_model_poke(m, 1, 5, SF_PROFILE, 2), SF_OK);
  ck_assert_int_eq(sf_model_poke_profile(m, 1, 3, &p, &msg), SF_EINVAL);
  ck_assert_str_eq(msg.text, "core/1/profile 3: must be 0 .. 2");
  ck_assert_int_eq(sf_model_poke_profile(m, 2, 0, &p, &msg), SF_EINVAL);
  p.noise_bits = 13;
  ck_assert_int_eq(sf_model_poke_profile(m, 1, 2, &p, &msg), SF_EINVAL);
  ck_assert_str_eq(msg.text, "core/1/profile/noise_bits[2] = 13: must be 0 .. 12");
  /* The seed of core 1 decides its noise, and is kept over reset. */
  ck_assert_int_eq(sf_model_poke_seed(m, 2, 1), SF_EINVAL);
  ck_assert_int_eq(sf_model_poke_seed(m, 1, 12345), SF_OK);
  sf_model_step(m);
  const int32_t v = peek(m, 1, 5, SF_V);
  sf_model_reset(m);
  sf_model_step(m);
  ck_assert_int_eq(peek(m, 1, 5, SF_V), v);
  sf_model_reset(m);
  ck_assert_int_eq(sf_model_poke_seed(m, 1, 54321), SF_OK);
  sf_model_step(m);
  ck_assert_int_ne(peek(m, 1, 5, SF_V), v);
  sf_model_free(m);
}
END_TEST

START_TEST(models_of_bad_networks_are_refused) {
  sf_network *net = accessible();
  sf_model *m = (sf_model *)net;
  sf_msg msg;
  net->core[1].profiles[0].v_decay = 4097;
  ck_assert_int_eq(sf_model_new(net, &m, &msg), SF_EINVAL);
  ck_assert_str_eq(msg.text, "core/1/profile/v_decay[0] = 4097: must be 0 .. 4096");
  ck_assert_ptr_eq(m, net); /* untouched */
  sf_network_free(net);
  sf_model_free(NULL);
}
END_TEST

#define LOOP(test, table) tcase_add_loop_test(tests, test, 0, sizeof table / sizeof table[0])

int main(void) {
  Suite *suite = suite_create("model");
  TCase *tests = tcase_create("model");
  tcase_set_timeout(tests, 60);
  suite_add_tcase(suite, tests);
  LOOP(one_tick_by_hand, rows);
  tcase_add_test(tests, words_that_are_not_built_are_0);
  LOOP(extreme_sums_are_exact, sums);
  tcase_add_loop_test(tests, every_active_row_is_added_once, 0, 5);
  tcase_add_test(tests, largest_drive_is_exact);
  LOOP(words_are_read_and_written_within_their_range, words);
  tcase_add_test(tests, there_is_no_eighth_word);
  tcase_add_test(tests, weights_profiles_and_seeds_are_written);
  tcase_add_test(tests, models_of_bad_networks_are_refused);
  return suite_run(suite);
}
