/* test_kernels.c - the kernels of the functional model all give the same: spikes, state and sums, on random networks of
 * every weight width and of widths around those of a block. A kernel that this processor lacks is reported and
 * skipped. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/kernel.h"
#include "suite.h"

static const char *const names[] = {"portable", "avx2", "avx512"};
#define KERNELS (sizeof names / sizeof *names)

static uint64_t random_state;
static uint32_t draw(uint32_t n) { /* 0 .. n - 1 */
  random_state = random_state * 6364136223846793005u + 1442695040888963407u;
  return (uint32_t)((random_state >> 33) % n);
}
static int32_t between(int32_t lo, int32_t hi) { return lo + (int32_t)draw((uint32_t)(hi - lo + 1)); }

static const uint32_t widths[] = {1, 31, 33, 128, 129, 256, 257, 384, 385, 512, 513, 640, 897, 1024};

/* kind 0: plain 16-bit neurons that reach the ends of the range; 1: all features; 2: as 0 with one profile. */
static sf_network *random_network(uint64_t seed, uint32_t kind) {
  random_state = seed;
  sf_network *net = sf_network_new(1);
  sf_core_net *c = &net->core[0];
  c->weight_bits = 1u << draw(5);
  c->axons = 1 + draw(600);
  c->neurons = widths[draw(sizeof widths / sizeof *widths)];
  c->potential_bits = draw(2) ? 16 : 8 + draw(17);
  c->n_profiles = kind == 2 ? 1 : 1 + draw(c->neurons < 5 ? c->neurons : 5);
  c->has_current = c->has_adaptation = c->has_noise = kind == 1;
  c->has_refractory = draw(2);
  ck_assert_int_eq(sf_core_net_alloc(c, NULL), SF_OK);
  net->seed = draw(1u << 30);
  const int32_t hi = (1 << (c->potential_bits - 1)) - 1, lo = -hi - 1;
  const int32_t w_lo = c->weight_bits == 1 ? 0 : -(1 << (c->weight_bits - 1));
  const int32_t w_hi = c->weight_bits == 1 ? 1 : -w_lo - 1, some = hi / 4;
  for (uint32_t i = 0; i < c->axons; i++)
    for (uint32_t j = 0; j < c->neurons; j++) sf_core_set_weight(c, i, j, between(w_lo, w_hi));
  for (uint32_t j = 0; j < c->neurons; j++) {
    c->threshold[j] = draw(20) ? between(-some / 8, some) : draw(2) ? hi : lo + 1;
    c->bias[j] = draw(2) ? 0 : between(-some, some);
    c->profile[j] = j / 40 % 2 ? draw(c->n_profiles) : 0;
    c->v_init[j] = draw(2) ? 0 : between(lo, hi);
  }
  for (uint32_t k = 0; k < c->n_profiles; k++) {
    sf_profile *p = &c->profiles[k];
    p->v_decay = draw(3) ? (int32_t)draw(4097) : draw(2) ? 0 : 4096;
    p->weight_shift = (int32_t)draw(draw(4) ? 2 : 8);
    p->v_reset = between(-some, some);
    p->reset_mode = (int32_t)draw(3);
    p->v_floor = draw(2) ? lo : between(lo, some);
    p->floor_mode = (int32_t)draw(3);
    p->v_floor_reset = between(-some, some);
    if (c->has_refractory) p->refractory = (int32_t)draw(4);
    if (kind != 1) continue;
    p->u_decay = (int32_t)draw(4097);
    p->a_inc = between(-some, some);
    p->a_decay = (int32_t)draw(4097);
    p->noise_bits = (int32_t)draw(c->potential_bits < 16 ? c->potential_bits + 1 : 17);
  }
  return net;
}

static sf_model *model_of(const sf_network *net) {
  sf_model *m = NULL;
  sf_msg msg = {""};
  ck_assert_msg(sf_model_new(net, &m, &msg) == SF_OK, "%s", msg.text);
  return m;
}

/* Every kernel against the equation in 64 bits and a sum in plain C. */
START_TEST(every_kernel_gives_the_same) {
  const uint64_t seed = 77 + (uint64_t)_i;
  sf_network *net = random_network(seed, (uint32_t)_i % 3);
  const sf_core_net *shape = &net->core[0];
  for (size_t k = 0; k < KERNELS; k++) {
    if (!sf_kernel_force(names[k])) continue;
    sf_model *m = model_of(net), *want = model_of(net);
    sf_model_core *w = &want->core[0];
    random_state = seed;
    for (uint32_t tick = 0; tick < 12; tick++) {
      const uint32_t share = draw(4) ? 1 + draw(40) : 1;
      memset(w->sum, 0, w->padded * sizeof *w->sum);
      w->sum_is_narrow = false;
      for (uint32_t i = 0; i < shape->axons && tick % 5 != 4; i++) {
        if (draw(share)) continue;
        if (sf_model_inject(m, 0, i, 0) != SF_OK) ck_abort_msg("refused");
        for (uint32_t j = 0; j < shape->neurons; j++) w->sum[j] += sf_core_weight(shape, i, j);
      }
      const sf_tick_result *t = sf_model_step(m);
      const sf_model_core *got = sf_model_look(m, 0);
      sf_update_exactly(w, tick, 0, shape->neurons);
      uint32_t spikes = 0;
      for (uint32_t j = 0; j < shape->neurons; j++) {
        const bool fired = w->spike_bits[j / 64] >> j % 64 & 1;
        if (got->sum[j] != w->sum[j] || sf_potential(got, j) != sf_potential(w, j) || got->u[j] != w->u[j] ||
            got->a[j] != w->a[j] || got->r[j] != w->r[j] ||
            (fired && (spikes >= t->n_spikes || t->spike[spikes].neuron != j)))
          ck_abort_msg("%s, seed %llu, tick %u, neuron %u: sum %d, want %d; v %d, want %d", names[k],
                       (unsigned long long)seed, tick, j, got->sum[j], w->sum[j], sf_potential(got, j),
                       sf_potential(w, j));
        spikes += fired;
      }
      ck_assert_uint_eq(t->n_spikes, spikes);
    }
    sf_model_free(want);
    sf_model_free(m);
  }
  sf_network_free(net);
}
END_TEST

START_TEST(weights_are_read_back_as_written) {
  sf_network *net = random_network(500 + (uint64_t)_i, 0);
  const sf_core_net *c = &net->core[0];
  sf_model *m = model_of(net);
  for (uint32_t n = 0; n < 200; n++) {
    const uint32_t i = draw(c->axons), j = draw(c->neurons), other = draw(c->axons);
    int32_t got;
    ck_assert_int_eq(sf_model_peek_weight(m, 0, i, j, &got), SF_OK);
    ck_assert_int_eq(got, sf_core_weight(c, i, j));
    sf_core_set_weight(&net->core[0], i, j, sf_core_weight(c, other, j));
    ck_assert_int_eq(sf_model_poke_weight(m, 0, i, j, sf_core_weight(c, other, j)), SF_OK);
  }
  for (uint32_t i = 0; i < c->axons; i++)
    for (uint32_t j = 0; j < c->neurons; j++)
      if (sf_row_get(&m->core[0], i, j) != sf_core_weight(c, i, j)) ck_abort_msg("weight %u, %u", i, j);
  sf_model_free(m);
  sf_network_free(net);
}
END_TEST

/* What a poke changes must reach the tables that follow from parameters, and wake a core that had come to rest. */
START_TEST(a_poke_acts_on_a_core_at_rest) {
  sf_network *net = sf_network_new(1);
  sf_core_net *c = &net->core[0];
  c->axons = 4;
  c->neurons = 40;
  ck_assert_int_eq(sf_core_net_alloc(c, NULL), SF_OK);
  for (uint32_t j = 0; j < 40; j++) c->threshold[j] = 100;
  for (size_t k = 0; k < KERNELS; k++) {
    if (!sf_kernel_force(names[k])) continue;
    sf_model *m = model_of(net);
    for (int i = 0; i < 3; i++) ck_assert_uint_eq(sf_model_step(m)->n_spikes, 0);
    ck_assert(m->core[0].settled);
    ck_assert_int_eq(sf_model_poke(m, 0, 39, SF_V, 100), SF_OK);
    ck_assert_uint_eq(sf_model_step(m)->n_spikes, 1);
    for (int i = 0; i < 3; i++) sf_model_step(m);
    ck_assert(m->core[0].settled);
    ck_assert_int_eq(sf_model_poke(m, 0, 3, SF_BIAS, 50), SF_OK);
    ck_assert_uint_eq(sf_model_step(m)->n_spikes, 0);
    ck_assert_uint_eq(sf_model_step(m)->n_spikes, 1);
    sf_model_free(m);
  }
  sf_network_free(net);
}
END_TEST

START_TEST(an_unknown_kernel_is_refused) {
  ck_assert(!sf_kernel_force("mmx"));
  ck_assert(sf_kernel_force("portable"));
  ck_assert_str_eq(sf_kernel_name(), "portable");
}
END_TEST

int main(void) {
  for (size_t k = 0; k < KERNELS; k++)
    if (!sf_kernel_force(names[k])) printf("skipped: kernel %s, this processor has not got it\n", names[k]);
  Suite *s = suite_create("kernels");
  TCase *t = tcase_create("kernels");
  tcase_set_timeout(t, 120);
  tcase_add_loop_test(t, every_kernel_gives_the_same, 0, 150);
  tcase_add_loop_test(t, weights_are_read_back_as_written, 0, 10);
  tcase_add_test(t, a_poke_acts_on_a_core_at_rest);
  tcase_add_test(t, an_unknown_kernel_is_refused);
  suite_add_tcase(s, t);
  return suite_run(s);
}
