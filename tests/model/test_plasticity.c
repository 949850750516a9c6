/* test_plasticity - learning on the functional model, by hand: cmodel/plasticity.md line by line, every number worked
 * out on paper. Random rules beside a second writing of the page are in test_plasticity_random, the random numbers in
 * test_plasticity_noise, rules of the literature in test_plasticity_rules. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "learner.h"
#include "model/model_core.h"
#include "model/plasticity_random.h"
#include "suite.h"
#include "synfire/batch.h"
#include "synfire/model.h"

/* ---- a small core ------------------------------------------------------------------------------------------- */

/* 16-bit weights, potentials of 24 bits, TRACE_BITS 8, no random bits: rounding. Neurons never spike by themselves and
 * forget at once; class 0 of axons feeds x1 by 16, y1 is fed by 16 at spikes, neither decays. */
static sf_network *small(uint32_t axons, uint32_t neurons, uint32_t profiles, uint32_t routes) {
  sf_network *net = sf_network_new(1);
  sf_core_net *c = &net->core[0];
  c->axons = axons;
  c->neurons = neurons;
  c->weight_bits = 16;
  c->potential_bits = 24;
  c->n_profiles = profiles;
  c->n_routes = routes;
  c->delay_slots = 4;
  ck_assert_int_eq(sf_core_net_alloc(c, NULL), SF_OK);
  ck_assert_int_eq(sf_learning_new(c, NULL), SF_OK);
  c->learning->random_bits = 0;
  for (uint32_t p = 0; p < profiles; p++) {
    c->profiles[p].v_decay = 4096;
    c->learning->profile[p].y1_decay = 0;
    c->learning->profile[p].y1_step = 16;
  }
  c->learning->axon_class[0].x1_decay = 0;
  c->learning->axon_class[0].x1_step = 16;
  return net;
}

static sf_learning *learning(sf_network *net) { return net->core[0].learning; }

static sf_term *term(sf_network *net, int32_t c, int32_t s, int32_t f, int32_t g1, int32_t g2) {
  sf_rule *rule = &learning(net)->rule;
  sf_term *t = &rule->term[rule->n_terms++];
  t->c = c;
  t->s = s;
  t->f = f;
  t->g1 = g1;
  t->g2 = g2;
  return t;
}

static int32_t axon(const sf_model *m, uint32_t i, sf_axon_field field) {
  int32_t x = 0;
  ck_assert_int_eq(sf_model_peek_axon(m, 0, i, field, &x), SF_OK);
  return x;
}
static int neuron(const sf_model *m, uint32_t j, sf_learn_field field) {
  int64_t y = 0;
  ck_assert_int_eq(sf_model_peek_learn(m, 0, j, field, &y), SF_OK);
  return (int)y;
}
static void set_axon(sf_model *m, uint32_t i, sf_axon_field field, int32_t x) {
  ck_assert_int_eq(sf_model_poke_axon(m, 0, i, field, x), SF_OK);
}
static void set_neuron(sf_model *m, uint32_t j, sf_learn_field field, int64_t y) {
  ck_assert_int_eq(sf_model_poke_learn(m, 0, j, field, y), SF_OK);
}
static void event(sf_model *m, uint32_t i, uint32_t delay) { ck_assert_int_eq(sf_model_inject(m, 0, i, delay), SF_OK); }
static void sweep(sf_model *m) {
  ck_assert_int_eq(sf_model_ask_sweep(m, 0, SF_ALL_TERMS), SF_OK);
  sf_model_step(m);
}

/* ---- traces ------------------------------------------------------------------------------------------------- */

START_TEST(traces_decay_toward_zero_and_are_fed_after_the_sweep) {
  sf_network *net = small(2, 1, 1, 0);
  learning(net)->axon_class[0].x1_decay = 1024; /* a quarter: 16 -> 12 -> 9 -> 6 (6.75) -> 4 (4.5) -> 3 -> 2 */
  learning(net)->axon_class[0].x1_step = 16;
  learning(net)->axon_class[0].x2_decay = 0;
  learning(net)->axon_class[0].x2_mode = SF_TRACE_SET;
  learning(net)->axon_class[0].x2_step = 7;
  sf_model *m = model_of(net);
  static const int32_t want[] = {16, 12, 9, 6, 4, 3, 2, 1, 0, 0};
  event(m, 0, 0);
  for (int t = 0; t < 10; t++) {
    sf_model_step(m);
    ck_assert_int_eq(axon(m, 0, SF_X1), want[t]);
    ck_assert_int_eq(axon(m, 0, SF_X2), 7);
    ck_assert_int_eq(axon(m, 1, SF_X1), 0);
  }
  event(m, 0, 0);
  sf_model_step(m);
  event(m, 0, 0);
  sf_model_step(m); /* 16 -> 12, and 16 more; set stays what is set */
  ck_assert_int_eq(axon(m, 0, SF_X1), 28);
  ck_assert_int_eq(axon(m, 0, SF_X2), 7);
  sf_model_free(m);
}
END_TEST

START_TEST(traces_saturate) {
  sf_network *net = small(1, 1, 1, 0);
  learning(net)->trace_bits = 3;
  learning(net)->axon_class[0].x1_step = 5;
  learning(net)->profile[0].y1_step = 3;
  net->core[0].threshold[0] = 0; /* spikes in every tick */
  sf_model *m = model_of(net);
  for (int t = 0; t < 3; t++) {
    event(m, 0, 0);
    sf_model_step(m);
    ck_assert_int_eq(axon(m, 0, SF_X1), t == 0 ? 5 : 7);
    ck_assert_int_eq(neuron(m, 0, SF_Y1), t == 0 ? 3 : t == 1 ? 6 : 7);
  }
  sf_model_free(m);
}
END_TEST

START_TEST(y2_slides_by_y1_before_it_is_fed) {
  sf_network *net = small(1, 1, 1, 0);
  sf_learn_profile *p = &learning(net)->profile[0];
  p->y2_decay = 0;
  p->y2_mode = SF_TRACE_SLIDE;
  p->y2_step = 3;
  net->core[0].threshold[0] = 0;
  sf_model *m = model_of(net);
  static const int y2[] = {0, 2, 6, 12}; /* y1 before: 0, 16, 32, 48 */
  for (int t = 0; t < 4; t++) {
    sf_model_step(m);
    ck_assert_int_eq(neuron(m, 0, SF_Y2), y2[t]);
    ck_assert_int_eq(neuron(m, 0, SF_Y1), 16 * (t + 1));
  }
  sf_model_free(m);
}
END_TEST

/* d = x - theta with x the sum: predicates at both ends, negated, of traces; refractory neurons have x = v_reset. */
START_TEST(predicates_feed_traces) {
  sf_network *net = small(1, 4, 2, 0);
  sf_learning *l = learning(net);
  net->core[0].profile[3] = 1;
  l->rule.predicate[0] = (sf_predicate){.q = SF_OF_D, .lo = -5, .hi = 3};
  l->rule.predicate[1] = (sf_predicate){.q = SF_OF_Y1, .lo = 16, .hi = 256};
  l->profile[0].y1_source = SF_WHEN(0);
  l->profile[0].y2_source = SF_UNLESS(0);
  l->profile[1].y1_source = SF_UNLESS(1); /* y1 < 16 */
  l->profile[1].y2_source = SF_WHEN(1);
  for (int p = 0; p < 2; p++) {
    l->profile[p].y2_decay = 0;
    l->profile[p].y2_step = 1;
  }
  for (uint32_t j = 0; j < 3; j++) net->core[0].threshold[j] = 100;
  sf_core_set_weight(&net->core[0], 0, 0, 95);  /* d = -5: holds */
  sf_core_set_weight(&net->core[0], 0, 1, 94);  /* -6: does not */
  sf_core_set_weight(&net->core[0], 0, 2, 103); /* 3: does not, and spikes */
  sf_model *m = model_of(net);
  event(m, 0, 0);
  sf_model_step(m);
  static const int d[] = {-5, -6, 3};
  for (uint32_t j = 0; j < 3; j++) {
    ck_assert_int_eq(neuron(m, j, SF_SEEN_D), d[j]);
    ck_assert_int_eq(neuron(m, j, SF_SEEN_X), d[j] + 100);
    ck_assert_int_eq(neuron(m, j, SF_Y1), j == 0 ? 16 : 0);
    ck_assert_int_eq(neuron(m, j, SF_Y2), j == 0 ? 0 : 1);
  }
  ck_assert_int_eq(neuron(m, 3, SF_Y1), 16); /* 0 < 16: fed; and then no more */
  ck_assert_int_eq(neuron(m, 3, SF_Y2), 0);
  sf_model_step(m);
  ck_assert_int_eq(neuron(m, 3, SF_Y1), 16);
  ck_assert_int_eq(neuron(m, 3, SF_Y2), 1);
  sf_model_free(m);
}
END_TEST

START_TEST(a_refractory_neuron_has_x_at_v_reset) {
  sf_network *net = small(1, 1, 1, 0);
  sf_core_net *c = &net->core[0];
  c->has_refractory = c->has_adaptation = true;
  c->profiles[0].refractory = 2;
  c->profiles[0].v_reset = -7;
  c->profiles[0].a_inc = 5;
  c->threshold[0] = 10;
  sf_core_set_weight(c, 0, 0, 30);
  sf_model *m = model_of(net);
  event(m, 0, 0);
  sf_model_step(m);
  ck_assert_int_eq(neuron(m, 0, SF_SEEN_X), 30); /* before the reset */
  ck_assert_int_eq(neuron(m, 0, SF_SEEN_D), 20);
  event(m, 0, 0);
  sf_model_step(m);
  ck_assert_int_eq(neuron(m, 0, SF_SEEN_X), -7);
  ck_assert_int_eq(neuron(m, 0, SF_SEEN_D), -7 - 15);
  sf_model_free(m);
}
END_TEST

/* ---- sweeps ------------------------------------------------------------------------------------------------- */

/* Axon 0 and neuron 0 (driven by axon 1): before, in the same tick, after. */
START_TEST(coincidence_is_x0_y0_and_nothing_else) {
  for (int gap = -1; gap <= 1; gap++)
    for (int rule = 0; rule < 3; rule++) {
      sf_network *net = small(2, 1, 1, 0);
      learning(net)->axon_class[1] = learning(net)->axon_class[0];
      learning(net)->class_of[1] = 1;
      net->core[0].threshold[0] = 10;
      sf_core_set_weight(&net->core[0], 1, 0, 10);
      learning(net)->interval = 1;
      const int32_t f = rule == 1 ? SF_F_X1 : SF_F_X0, g = rule == 2 ? SF_G_Y1 : SF_G_Y0;
      term(net, 1, 0, f, g, SF_G_ONE)->axon_classes = 1;
      sf_model *m = model_of(net);
      event(m, 0, gap == -1 ? 0 : 1);
      event(m, 1, gap == 1 ? 0 : 1);
      for (int t = 0; t < 4; t++) sf_model_step(m);
      /* x0*y0: together; x1*y0: event before the spike; y1*x0: spike before the event */
      const int want = rule == 0 ? (gap == 0) : rule == 1 ? 16 * (gap == -1) : 16 * (gap == 1);
      ck_assert_msg(weight(m, 0, 0) == want, "gap %d rule %d: %d", gap, rule, weight(m, 0, 0));
      sf_model_free(m);
    }
}
END_TEST

/* c * F * G * H with every factor at a value of its own; 2^-s = 1. */
static const struct {
  const char *why;
  int32_t f, g1, g2, h, want;
} factors[] = {
    {"1", SF_F_ONE, SF_G_ONE, SF_G_ONE, SF_H_ONE, 3},
    {"x0", SF_F_X0, SF_G_ONE, SF_G_ONE, SF_H_ONE, 3},
    {"x1", SF_F_X1, SF_G_ONE, SF_G_ONE, SF_H_ONE, 15},
    {"x2", SF_F_X2, SF_G_ONE, SF_G_ONE, SF_H_ONE, 21},
    {"x0 x1", SF_F_X0X1, SF_G_ONE, SF_G_ONE, SF_H_ONE, 15},
    {"x0 x2", SF_F_X0X2, SF_G_ONE, SF_G_ONE, SF_H_ONE, 21},
    {"e of an axon that is not modulatory", SF_F_E, SF_G_ONE, SF_G_ONE, SF_H_ONE, 0},
    {"y0", SF_F_ONE, SF_G_Y0, SF_G_ONE, SF_H_ONE, 3},
    {"y1", SF_F_ONE, SF_G_Y1, SF_G_ONE, SF_H_ONE, 33},
    {"y2", SF_F_ONE, SF_G_Y2, SF_G_ONE, SF_H_ONE, 39},
    {"m", SF_F_ONE, SF_G_M, SF_G_ONE, SF_H_ONE, -51},
    {"sign of m", SF_F_ONE, SF_G_ONE, SF_G_SIGN_M, SF_H_ONE, -3},
    {"R", SF_F_ONE, SF_G_R, SF_G_ONE, SF_H_ONE, 57},
    {"xi", SF_F_ONE, SF_G_ONE, SF_G_XI, SF_H_ONE, -3},
    {"y1 squared", SF_F_ONE, SF_G_Y1, SF_G_Y1, SF_H_ONE, 363},
    {"m R", SF_F_ONE, SF_G_M, SF_G_R, SF_H_ONE, -969},
    {"w", SF_F_ONE, SF_G_ONE, SF_G_ONE, SF_H_W, -300},
    {"w_max - w", SF_F_ONE, SF_G_ONE, SF_G_ONE, SF_H_ABOVE, 3300},
    {"w - w_min", SF_F_ONE, SF_G_ONE, SF_G_ONE, SF_H_BELOW, 5700},
    {"sign of w", SF_F_ONE, SF_G_ONE, SF_G_ONE, SF_H_SIGN_W, -3},
};

START_TEST(each_factor_is_what_it_says) {
  sf_network *net = small(2, 1, 1, 0);
  learning(net)->axon_class[0].x2_decay = 0;
  learning(net)->profile[0].y2_decay = 0;
  learning(net)->profile[0].w_min = -2000;
  learning(net)->profile[0].w_max = 1000;
  term(net, 3, 0, factors[_i].f, factors[_i].g1, factors[_i].g2)->h = factors[_i].h;
  sf_core_set_weight(&net->core[0], 0, 0, -100);
  sf_model *m = model_of(net);
  set_axon(m, 0, SF_X0, 1);
  set_axon(m, 0, SF_X1, 5);
  set_axon(m, 0, SF_X2, 7);
  set_neuron(m, 0, SF_Y0, 1);
  set_neuron(m, 0, SF_Y1, 11);
  set_neuron(m, 0, SF_Y2, 13);
  set_neuron(m, 0, SF_M, -17);
  set_neuron(m, 0, SF_XI, -1);
  ck_assert_int_eq(sf_model_poke_register(m, 0, SF_REWARD, 19), SF_OK);
  sweep(m);
  const int32_t to = -100 + factors[_i].want;
  ck_assert_msg(weight(m, 0, 0) == (to > 1000 ? 1000 : to), "%s: %d", factors[_i].why, weight(m, 0, 0));
  sf_model_free(m);
}
END_TEST

START_TEST(z_is_drawn_again_for_the_same_number) {
  sf_network *net = small(40, 70, 1, 0);
  net->seed = 99;
  term(net, 5, 0, SF_F_ONE, SF_G_ONE, SF_G_ONE)->h = SF_H_DRAW;
  sf_model *m = model_of(net);
  ck_assert_int_eq(sf_model_poke_register(m, 0, SF_DRAW, 1234), SF_OK);
  sweep(m);
  for (uint32_t i = 0; i < 40; i++)
    for (uint32_t j = 0; j < 70; j++)
      ck_assert_int_eq(weight(m, i, j), sf_random_synapse(99, SF_FOR_Z, 1234, i, j) >> 15 ? 5 : -5);
  sf_rule undo;
  memset(&undo, 0, sizeof undo);
  undo.n_terms = 1;
  undo.term[0] = sf_term_default();
  undo.term[0].c = -5;
  undo.term[0].h = SF_H_DRAW;
  ck_assert_int_eq(sf_model_set_rule(m, 0, &undo, NULL), SF_OK);
  sweep(m); /* another tick, the same draw */
  for (uint32_t i = 0; i < 40; i++)
    for (uint32_t j = 0; j < 70; j++) ck_assert_int_eq(weight(m, i, j), 0);
  sf_model_free(m);
}
END_TEST

/* Terms hold for classes and while both predicates do; other synapses stay as they are. */
START_TEST(terms_are_for_whom_they_name) {
  sf_network *net = small(3, 3, 3, 0);
  sf_learning *l = learning(net);
  for (uint8_t i = 0; i < 3; i++) l->class_of[i] = i;
  for (uint32_t j = 0; j < 3; j++) {
    net->core[0].profile[j] = j;
    l->profile[j].learn_class = (int32_t)j;
  }
  sf_term *t = term(net, 1, 0, SF_F_ONE, SF_G_ONE, SF_G_ONE);
  t->axon_classes = 1 << 0 | 1 << 2;
  t->learn_classes = 1 << 1;
  t = term(net, 10, 0, SF_F_ONE, SF_G_ONE, SF_G_ONE);
  l->rule.predicate[2] = (sf_predicate){.q = SF_OF_Y1, .lo = 4, .hi = 9};
  l->rule.predicate[3] = (sf_predicate){.q = SF_OF_Y1, .lo = 6, .hi = 256};
  t->when1 = SF_WHEN(2);
  t->when2 = SF_UNLESS(3); /* 4 <= y1 < 6 */
  t->axon_classes = 1 << 1;
  sf_model *m = model_of(net);
  for (uint32_t j = 0; j < 3; j++) set_neuron(m, j, SF_Y1, 3 + (int)j * 2); /* 3, 5, 7 */
  sweep(m);
  for (uint32_t i = 0; i < 3; i++)
    for (uint32_t j = 0; j < 3; j++) ck_assert_int_eq(weight(m, i, j), i == 1 ? 10 * (j == 1) : j == 1);
  const sf_learn_counters n = sf_model_learn_counters(m, 0);
  ck_assert_uint_eq(n.synapses, 3);
  ck_assert_uint_eq(n.changed, 3);
  sf_model_free(m);
}
END_TEST

/* Delta / 2^24 rounded, then clamped; 0 leaves alone what lies outside. */
static const struct {
  const char *why;
  int32_t c, s, w, want;
} steps[] = {
    {"a half rounds up", 1, 1, 0, 1},
    {"less than a half does not", 1, 2, 0, 0},
    {"minus a half rounds up", -1, 1, 0, 0},
    {"minus three quarters round down", -3, 2, 0, -1},
    {"the smallest shift", 127, 0, 0, 127},
    {"the largest shift", 127, 24, 0, 0},
    {"up to w_max", 127, 0, 950, 1000},
    {"down to w_min", -128, 0, -1950, -2000},
    {"no increment: outside above stays", 1, 2, 5000, 5000},
    {"no increment: outside below stays", 1, 2, -5000, -5000},
    {"an increment pulls it in, from above", 1, 0, 5000, 1000},
    {"and from below", 1, 0, -5000, -2000},
    {"the other way, too", -1, 0, 5000, 1000},
};

START_TEST(increments_are_rounded_and_clamped) {
  sf_network *net = small(1, 1, 1, 0);
  learning(net)->profile[0].w_min = -2000;
  learning(net)->profile[0].w_max = 1000;
  term(net, steps[_i].c, steps[_i].s, SF_F_ONE, SF_G_ONE, SF_G_ONE);
  sf_core_set_weight(&net->core[0], 0, 0, steps[_i].w);
  sf_model *m = model_of(net);
  sweep(m);
  ck_assert_msg(weight(m, 0, 0) == steps[_i].want, "%s: %d", steps[_i].why, weight(m, 0, 0));
  sf_model_free(m);
}
END_TEST

/* The largest Delta: 8 terms of 127 * 65535 * 65535 * 65535 * 2^(24-15) need 83 bits; one of the other sign undoes it.
 * */
START_TEST(delta_is_exact_at_its_widest) {
  for (int which = 0; which < 2; which++) {
    sf_network *net = small(1, 1, 1, 0);
    learning(net)->trace_bits = 16;
    learning(net)->profile[0].y2_decay = 0;
    sf_core_set_weight(&net->core[0], 0, 0, -32768);
    for (int k = 0; k < 3; k++) {
      const int32_t c = k == 0 ? 127 : k == 1 ? -126 : which == 0 ? -1 : 1;
      sf_term *t = term(net, c, 15, SF_F_X1, SF_G_Y1, SF_G_Y2);
      t->h = SF_H_ABOVE;
    }
    term(net, 9, 0, SF_F_ONE, SF_G_ONE, SF_G_ONE);
    sf_model *m = model_of(net);
    set_axon(m, 0, SF_X1, 65535);
    set_neuron(m, 0, SF_Y1, 65535);
    set_neuron(m, 0, SF_Y2, 65535);
    sweep(m);
    ck_assert_int_eq(weight(m, 0, 0), which == 0 ? -32768 + 9 : 32767);
    sf_model_free(m);
  }
}
END_TEST

START_TEST(rounding_is_at_random_with_the_right_mean) {
  enum { A = 100, N = 100 };
  for (uint32_t bits = 2; bits <= 16; bits += 7) {
    sf_network *net = small(A, N, 1, 0);
    learning(net)->random_bits = bits;
    term(net, 3, 3, SF_F_ONE, SF_G_ONE, SF_G_ONE); /* 0.375; of 2 bits: 0.25, since 0.375 + 0.5 < 1 */
    sf_model *m = model_of(net);
    sweep(m);
    int sum = 0;
    for (uint32_t i = 0; i < A; i++)
      for (uint32_t j = 0; j < N; j++) {
        const uint32_t r = sf_random_synapse(0, SF_FOR_ROUNDING, 0, i, j) >> (16 - bits);
        ck_assert_int_eq(weight(m, i, j), 3u * (1u << bits) + 8 * r >= 8u << bits);
        sum += weight(m, i, j);
      }
    const double mean = bits == 2 ? 0.25 : 0.375;
    ck_assert_double_le(sum, A * N * mean + 5 * 50); /* sigma < sqrt(10^4 / 4) = 50 */
    ck_assert_double_ge(sum, A * N * mean - 5 * 50);
    sf_model_free(m);
  }
}
END_TEST

START_TEST(sweeps_come_when_they_are_asked_for) {
  sf_network *net = small(3, 1, 1, 0);
  sf_learning *l = learning(net);
  l->interval = 4;
  l->interval_terms = 1 << 0;
  l->axon_class[1].kind = SF_AXON_LEARN;
  l->axon_class[1].terms = 1 << 1;
  l->class_of[1] = 1;
  term(net, 1, 0, SF_F_ONE, SF_G_ONE, SF_G_ONE)->axon_classes = 1;
  term(net, 10, 0, SF_F_ONE, SF_G_ONE, SF_G_ONE)->axon_classes = 1;
  term(net, 100, 0, SF_F_X0, SF_G_ONE, SF_G_ONE)->axon_classes = 1;
  sf_model *m = model_of(net);
  static const int want[] = {0, 0, 0, 1, 1, 11, 11, 12};
  for (int t = 0; t < 8; t++) {
    if (t == 5) event(m, 1, 0);
    sf_model_step(m);
    ck_assert_int_eq(weight(m, 0, 0), want[t]);
  }
  event(m, 0, 0); /* x0 stays until a sweep takes it, whatever its terms */
  sf_model_step(m);
  ck_assert_int_eq(axon(m, 0, SF_X0), 1);
  sf_model_step(m);
  ck_assert_int_eq(sf_model_ask_sweep(m, 0, 1 << 1), SF_OK);
  ck_assert_int_eq(sf_model_ask_sweep(m, 0, 1 << 2), SF_OK);
  sf_model_step(m);
  ck_assert_int_eq(weight(m, 0, 0), 12 + 10 + 100);
  ck_assert_int_eq(axon(m, 0, SF_X0), 0);
  event(m, 0, 0);
  sf_model_step(m); /* tick 11 has one of the interval: its x0 is taken at once */
  ck_assert_int_eq(weight(m, 0, 0), 122 + 1);
  ck_assert_int_eq(axon(m, 0, SF_X0), 0);
  sf_model_set_learning(m, false);
  sweep(m);
  ck_assert_int_eq(weight(m, 0, 0), 123);
  sf_model_free(m);
}
END_TEST

/* Class 1 and class 2 at (i, j) and (j', i') draw alike; without `twin` they do not. */
START_TEST(twins_stay_equal) {
  for (int twin = 0; twin < 2; twin++) {
    sf_network *net = small(192, 96, 1, 0);
    sf_learning *l = learning(net);
    l->random_bits = 16;
    for (int k = 1; k <= 2; k++) l->axon_class[k].twin = twin ? k : 0;
    l->axon_class[1].twin_axon = 32; /* rows 32 .. 63 x columns 64 .. 95 */
    l->axon_class[1].twin_neuron = 64;
    l->axon_class[2].twin_axon = 128; /* rows 128 .. 159 x columns 32 .. 63 */
    l->axon_class[2].twin_neuron = 32;
    for (uint32_t i = 0; i < 192; i++) l->class_of[i] = i >= 32 && i < 64 ? 1 : i >= 128 && i < 160 ? 2 : 0;
    term(net, 37, 6, SF_F_ONE, SF_G_ONE, SF_G_ONE);
    sf_model *m = model_of(net);
    for (int t = 0; t < 5; t++) sweep(m);
    int differ = 0, vary = 0;
    for (uint32_t n = 0; n < 32; n++)
      for (uint32_t o = 0; o < 32; o++) {
        differ += weight(m, 32 + n, 64 + o) != weight(m, 128 + o, 32 + n);
        vary += weight(m, 32 + n, 64 + o) != weight(m, 32, 64);
      }
    ck_assert_int_gt(vary, 300);
    if (twin) ck_assert_int_eq(differ, 0);
    else ck_assert_int_gt(differ, 300);
    sf_model_free(m);
  }
}
END_TEST

/* ---- third factors ------------------------------------------------------------------------------------------ */

static const struct {
  const char *why;
  int32_t x, target, clamp, one_sided, shift, want;
} clamps[] = {
    {"below T", 10, 1, 50, 0, 2, 10},
    {"above T, two-sided", 70, 1, 50, 0, 2, -5},
    {"above T, one-sided", 70, 1, 50, 1, 2, 0},
    {"rounded down", 51, 1, 50, 0, 2, -1},
    {"above -T", 10, -1, 50, 0, 2, -15},
    {"below -T, two-sided", -70, -1, 50, 0, 2, 5},
    {"below -T, one-sided", -70, -1, 50, 1, 2, 0},
    {"saturates", -30000, 1, 50, 0, 0, 127},
    {"saturates below", 30000, -1, 50, 0, 0, -127},
    {"no target: stays", 10, 0, 50, 0, 2, 99},
};

START_TEST(the_clamp_pulls_to_its_target) {
  sf_network *net = small(3, 1, 1, 0);
  sf_learning *l = learning(net);
  l->axon_class[1].kind = SF_AXON_TARGET_PLUS;
  l->axon_class[2].kind = SF_AXON_TARGET_MINUS;
  l->class_of[1] = 1;
  l->class_of[2] = 2;
  l->profile[0].third = SF_THIRD_CLAMP;
  l->profile[0].clamp = clamps[_i].clamp;
  l->profile[0].one_sided = clamps[_i].one_sided;
  l->profile[0].third_shift = clamps[_i].shift;
  sf_core_set_weight(&net->core[0], 0, 0, clamps[_i].x);
  sf_core_set_weight(&net->core[0], 1, 0, 3); /* s = 3, or 3 - 4, or 3 - 3 */
  sf_core_set_weight(&net->core[0], 2, 0, clamps[_i].target == 0 ? 3 : 4);
  sf_model *m = model_of(net);
  set_neuron(m, 0, SF_M, 99);
  event(m, 0, 0);
  event(m, 1, 0);
  if (clamps[_i].target <= 0) event(m, 2, 0);
  sf_model_step(m);
  ck_assert_int_eq(neuron(m, 0, SF_SEEN_X), clamps[_i].x); /* rows of targets are no input */
  ck_assert_msg(neuron(m, 0, SF_M) == clamps[_i].want, "%s: %d", clamps[_i].why, neuron(m, 0, SF_M));
  sf_model_step(m);
  ck_assert_int_eq(neuron(m, 0, SF_M), clamps[_i].want); /* until it is replaced */
  sf_model_free(m);
}
END_TEST

/* Payloads meet and saturate in their order; every modulatory neuron gets m, also 0; they are gone after the tick. */
START_TEST(modulatory_rows_weigh_payloads) {
  sf_network *net = small(4, 3, 2, 0);
  sf_learning *l = learning(net);
  l->modulatory = 2;
  l->profile[0].third = SF_THIRD_MODULATORY;
  l->profile[0].third_shift = 3;
  net->core[0].profile[2] = 1;
  sf_core_set_weight(&net->core[0], 2, 0, 5);
  sf_core_set_weight(&net->core[0], 3, 0, -7);
  sf_core_set_weight(&net->core[0], 2, 2, 5);
  term(net, 1, 0, SF_F_E, SF_G_ONE, SF_G_ONE);
  sf_model *m = model_of(net);
  for (uint32_t j = 0; j < 3; j++) set_neuron(m, j, SF_M, 40);
  static const int payload[] = {100, 100, -50}; /* 100, 127, 77 */
  for (int n = 0; n < 3; n++) ck_assert_int_eq(sf_model_inject_payload(m, 0, 2, 1, payload[n]), SF_OK);
  ck_assert_int_eq(sf_model_inject_payload(m, 0, 3, 1, -128), SF_OK); /* -127 */
  ck_assert_int_eq(sf_model_inject_payload(m, 0, 0, 1, 55), SF_OK);   /* ignored */
  ck_assert_int_eq(sf_model_inject_payload(m, 0, 2, 1, 128), SF_EINVAL);
  int32_t e = 0;
  ck_assert_int_eq(sf_model_peek_payload(m, 0, 2, 1, &e), SF_OK);
  ck_assert_int_eq(e, 77);
  ck_assert_int_eq(sf_model_peek_payload(m, 0, 1, 1, &e), SF_EINVAL);
  sf_model_step(m);
  ck_assert_int_eq(neuron(m, 0, SF_M), 40);
  sweep(m);
  ck_assert_int_eq(neuron(m, 0, SF_M), 127); /* 385 + 889 = 1274; / 8 = 159 */
  ck_assert_int_eq(neuron(m, 1, SF_M), 0);
  ck_assert_int_eq(neuron(m, 2, SF_M), 40); /* third: host */
  ck_assert_int_eq(weight(m, 2, 0), 5 + 77);
  ck_assert_int_eq(weight(m, 3, 1), -127);
  ck_assert_int_eq(weight(m, 0, 0), 0);
  ck_assert_int_eq(neuron(m, 0, SF_SEEN_X), 0);
  ck_assert_uint_eq(sf_model_learn_counters(m, 0).payloads_met, 2);
  ck_assert_uint_eq(sf_model_counters(m, 0).merges, 2);
  for (uint32_t d = 0; d < 4; d++) {
    ck_assert_int_eq(sf_model_peek_payload(m, 0, 2, d, &e), SF_OK);
    ck_assert_int_eq(e, 0);
  }
  event(m, 2, 0); /* without a payload: m becomes 0 */
  sf_model_step(m);
  ck_assert_int_eq(neuron(m, 0, SF_M), 0);
  sf_model_free(m);
}
END_TEST

START_TEST(third_factors_go_over_payload_routes) {
  sf_network *net = small(4, 3, 2, 5);
  sf_learning *l = learning(net);
  l->modulatory = 1;
  l->axon_class[1].kind = SF_AXON_SEND;
  l->class_of[1] = 1;
  l->profile[0].sends = 1;
  l->profile[1].sends = 0;
  net->core[0].profile[2] = 1;
  net->core[0].threshold[0] = 0; /* spikes always */
  const sf_route route[5] = {
      {0, 0, 3, 2}, {0, SF_EXTERNAL, 0, 0}, {1, SF_EXTERNAL, 0, 0}, {0, SF_EXTERNAL, 0, 0}, {2, 0, 3, 2}};
  memcpy(net->core[0].routes, route, sizeof route);
  static const bool payload[5] = {true, true, true, false, true};
  memcpy(l->payload, payload, sizeof payload);
  sf_model *m = model_of(net);
  set_neuron(m, 0, SF_M, -9);
  set_neuron(m, 2, SF_M, 5); /* does not send; neuron 1 has m = 0 */
  const sf_tick_result *t = sf_model_step(m);
  ck_assert_uint_eq(t->n_payloads, 0);
  ck_assert_uint_eq(t->n_out, 1); /* the spike, over its own route only */
  event(m, 1, 0);
  t = sf_model_step(m);
  ck_assert_uint_eq(t->n_out, 1);
  ck_assert_uint_eq(t->n_payloads, 1);
  ck_assert_uint_eq(t->payload[0].core, 0);
  ck_assert_uint_eq(t->payload[0].neuron, 0);
  ck_assert_int_eq(t->payload[0].m, -9);
  ck_assert_uint_eq(sf_model_under_way(m, 0), 1);
  int32_t e = 0;
  ck_assert_int_eq(sf_model_peek_payload(m, 0, 3, 1, &e), SF_OK);
  ck_assert_int_eq(e, -9);
  sf_model_free(m);
}
END_TEST

/* ---- end of a sample ---------------------------------------------------------------------------------------- */

START_TEST(the_end_of_a_sample_forgets_what_it_should) {
  for (int by_host = 0; by_host < 2; by_host++) {
    sf_network *net = small(5, 2, 2, 0);
    sf_core_net *c = &net->core[0];
    sf_learning *l = learning(net);
    c->has_current = c->has_refractory = c->has_adaptation = true;
    c->profile[1] = 1;
    c->v_init[0] = 17;
    l->profile[1].y_keep = 1;
    l->axon_class[1].kind = SF_AXON_END;
    l->axon_class[2].keep = 1;
    l->class_of[1] = 1;
    l->class_of[2] = 2;
    l->modulatory = 1;
    l->has_release = true;
    for (int k = 0; k < 3; k++) l->axon_class[k].x1_decay = l->axon_class[k].x2_decay = 0;
    for (int p = 0; p < 2; p++) l->profile[p].y2_decay = 0;
    sf_model *m = model_of(net);
    for (uint32_t i = 0; i < 5; i++) {
      set_axon(m, i, SF_X1, 3);
      set_axon(m, i, SF_X2, 4);
      set_axon(m, i, SF_X0, 1);
      set_axon(m, i, SF_USE, 99);
      set_axon(m, i, SF_MISSING, 88);
    }
    for (uint32_t j = 0; j < 2; j++) {
      ck_assert_int_eq(sf_model_poke(m, 0, j, SF_V, 5), SF_OK);
      ck_assert_int_eq(sf_model_poke(m, 0, j, SF_U, 5), SF_OK);
      ck_assert_int_eq(sf_model_poke(m, 0, j, SF_R, 5), SF_OK);
      ck_assert_int_eq(sf_model_poke(m, 0, j, SF_A, 5), SF_OK);
      set_neuron(m, j, SF_Y0, 1);
      set_neuron(m, j, SF_Y1, 6);
      set_neuron(m, j, SF_Y2, 7);
      set_neuron(m, j, SF_M, 8);
    }
    ck_assert_int_eq(sf_model_inject_payload(m, 0, 4, 3, 44), SF_OK);
    event(m, 0, 2);
    if (by_host) ck_assert_int_eq(sf_model_end_sample(m, 0), SF_OK);
    else {
      event(m, 1, 0);
      sf_model_step(m);
    }
    ck_assert_uint_eq(sf_model_under_way(m, 0), 0);
    int32_t x = 0;
    ck_assert_int_eq(sf_model_peek_payload(m, 0, 4, by_host ? 3 : 2, &x), SF_OK);
    ck_assert_int_eq(x, 0);
    for (uint32_t i = 0; i < 5; i++) {
      ck_assert_int_eq(axon(m, i, SF_X0), 0);
      ck_assert_int_eq(axon(m, i, SF_X1), i == 2 ? 3 : 0);
      ck_assert_int_eq(axon(m, i, SF_X2), i == 2 ? 4 : 0);
      ck_assert_int_eq(axon(m, i, SF_USE), 99);
      ck_assert_int_eq(axon(m, i, SF_MISSING), 88);
    }
    for (uint32_t j = 0; j < 2; j++) {
      for (int f = SF_V; f <= SF_R; f++) {
        ck_assert_int_eq(sf_model_peek(m, 0, j, (sf_field)f, &x), SF_OK);
        ck_assert_int_eq(x, 0);
      }
      ck_assert_int_eq(sf_model_peek(m, 0, j, SF_A, &x), SF_OK);
      ck_assert_int_eq(x, 5);
      ck_assert_int_eq(neuron(m, j, SF_Y0), 0);
      ck_assert_int_eq(neuron(m, j, SF_Y1), j == 1 ? 6 : 0);
      ck_assert_int_eq(neuron(m, j, SF_Y2), j == 1 ? 7 : 0);
      ck_assert_int_eq(neuron(m, j, SF_M), 0);
      ck_assert_int_eq(neuron(m, j, SF_XI),
                       sf_random_spread(sf_random_word(0, SF_FOR_XI, 0, j >> 5), j % 32) >> 15 ? 1 : -1);
    }
    ck_assert_uint_eq(sf_model_tick(m), by_host ? 0 : 1);
    sf_model_free(m);
  }
}
END_TEST

START_TEST(xi_is_held_as_noise_until_the_next_end) {
  enum { N = 200 };
  sf_network *net = small(1, N, 1, 0);
  net->core[0].has_noise = true;
  net->core[0].profiles[0].noise_bits = 6;
  learning(net)->profile[0].xi_noise = 1;
  sf_model *m = model_of(net);
  for (int round = 0; round < 3; round++) {
    int plus = 0;
    for (int t = 0; t < 2; t++) {
      sf_model_step(m);
      for (uint32_t j = 0; j < N; j++) {
        const int xi = neuron(m, j, SF_XI);
        ck_assert_int_eq(neuron(m, j, SF_SEEN_X), 32 * xi);
        ck_assert(round > 0 || xi == 1);
        plus += xi > 0;
      }
    }
    if (round > 0) ck_assert(plus > N - 2 * 40 && plus < N + 2 * 40); /* of 2 N; 5 sigma are 35 of N */
    ck_assert_int_eq(sf_model_end_sample(m, SF_ALL_CORES), SF_OK);
  }
  sf_model_free(m);
}
END_TEST

/* ---- refresh ------------------------------------------------------------------------------------------------ */

START_TEST(refresh_decays_prunes_and_regrows) {
  enum { A = 64, N = 64 };
  sf_network *net = small(A, N, 1, 0);
  sf_learning *l = learning(net);
  sf_learn_profile *p = &l->profile[0];
  l->axon_class[1].refresh = 1;
  for (uint32_t i = 0; i < A; i++) l->class_of[i] = i % 2 ? 1 : 0;
  p->decay_shift = 2;
  p->prune = 40;
  p->regrow = 16384;
  p->w0 = 9;
  for (uint32_t i = 0; i < A; i++)
    for (uint32_t j = 0; j < N; j++) sf_core_set_weight(&net->core[0], i, j, j < 32 ? -102 : 50);
  sf_model *m = model_of(net);
  ck_assert_int_eq(sf_model_ask_refresh(m, 0), SF_OK);
  sf_model_step(m);
  uint32_t grown = 0;
  for (uint32_t i = 0; i < A; i++)
    for (uint32_t j = 0; j < N; j++) {
      /* 102 / 4 = 25.5: 25 or 26 go; 50 / 4 = 12.5: 38 or 37 stay, less than 40 */
      const uint32_t r3 = sf_random_synapse(0, SF_FOR_DECAY, 0, i, j),
                     r4 = sf_random_synapse(0, SF_FOR_REGROW, 0, i, j);
      const int before = j < 32 ? -102 : 50, left = j < 32 ? -(r3 >= 32768 ? 76 : 77) : r4 < 16384 ? 9 : 0;
      ck_assert_int_eq(weight(m, i, j), i % 2 ? left : before);
      grown += i % 2 && left == 9;
    }
  ck_assert_uint_eq(sf_model_learn_counters(m, 0).pruned, 32 * 32);
  ck_assert_uint_eq(sf_model_learn_counters(m, 0).grown, grown);
  ck_assert(grown > 256 - 70 && grown < 256 + 70);
  ck_assert_int_eq(sf_model_ask_fresh_unit(m, 0, 5), SF_OK);
  ck_assert_int_eq(sf_model_ask_fresh_unit(m, 0, N), SF_EINVAL);
  sf_model_step(m);
  for (uint32_t i = 1; i < A; i += 2) {
    ck_assert_int_eq(weight(m, i, 5), (int)(sf_random_synapse(0, SF_FOR_WEIGHT, 1, i, 5) * 19 >> 16) - 9);
    ck_assert_int_eq(weight(m, i - 1, 5), -102);
    ck_assert_int_lt(weight(m, i, 6), -70);
  }
  sf_model_free(m);
}
END_TEST

START_TEST(refresh_comes_at_its_interval) {
  sf_network *net = small(1, 1, 1, 0);
  learning(net)->axon_class[0].refresh = 1;
  learning(net)->refresh_interval = 3;
  learning(net)->profile[0].decay_shift = 1; /* an even number halves exactly: r3 < 2^16 */
  sf_core_set_weight(&net->core[0], 0, 0, 1024);
  sf_model *m = model_of(net);
  static const int want[] = {1024, 1024, 512, 512, 512, 256};
  for (int t = 0; t < 6; t++) {
    sf_model_step(m);
    ck_assert_int_eq(weight(m, 0, 0), want[t]);
  }
  sf_model_free(m);
}
END_TEST

/* ---- short-term plasticity ---------------------------------------------------------------------------------- */

START_TEST(release_follows_its_recurrences) {
  sf_network *net = small(1, 1, 1, 0);
  sf_axon_class *k = &learning(net)->axon_class[0];
  learning(net)->has_release = true;
  k->release = 2048;
  k->release_decay = 100;
  k->depletion = 3000;
  k->recovery = 50;
  sf_core_set_weight(&net->core[0], 0, 0, 1);
  sf_model *m = model_of(net);
  int u = 0, q = 0, lost = 0, delivered = 0;
  for (uint32_t t = 0; t < 300; t++) {
    event(m, 0, 0);
    sf_model_step(m);
    u += (4096 - u) * 2048 / 4096;
    const bool out = (int)(sf_random_word(0, SF_FOR_RELEASE, t, 0).a & 4095) < u * (4096 - q) / 4096;
    if (out) q += (4096 - q) * 3000 / 4096;
    lost += !out;
    delivered += out;
    ck_assert_int_eq(neuron(m, 0, SF_SEEN_X), out); /* the row is added or not */
    u = u * (4096 - 100) / 4096;
    q = q * (4096 - 50) / 4096;
    ck_assert_int_eq(axon(m, 0, SF_USE), u);
    ck_assert_int_eq(axon(m, 0, SF_MISSING), q);
  }
  ck_assert_int_gt(lost, 200);
  ck_assert_int_gt(delivered, 3);
  ck_assert_uint_eq(sf_model_learn_counters(m, 0).not_released, (unsigned)lost);
  ck_assert_uint_eq(sf_model_counters(m, 0).active_axons, (unsigned)delivered);
  sf_model_free(m);
}
END_TEST

/* ---- the model ---------------------------------------------------------------------------------------------- */

START_TEST(reset_keeps_weights_and_registers) {
  sf_network *net = small(1, 1, 1, 0);
  term(net, 4, 0, SF_F_ONE, SF_G_ONE, SF_G_ONE);
  sf_model *m = model_of(net);
  ck_assert_int_eq(sf_model_poke_register(m, 0, SF_REWARD, -128), SF_OK);
  ck_assert_int_eq(sf_model_poke_register(m, 0, SF_DRAW, 77), SF_OK);
  int64_t x = 0;
  ck_assert_int_eq(sf_model_peek_register(m, 0, SF_REWARD, &x), SF_OK);
  ck_assert_int_eq(x, -127);
  sweep(m);
  set_neuron(m, 0, SF_XI, -1);
  ck_assert_int_eq(sf_model_ask_sweep(m, 0, 255), SF_OK);
  sf_model_reset(m);
  sf_model_step(m);
  ck_assert_int_eq(weight(m, 0, 0), 4);
  ck_assert_int_eq(neuron(m, 0, SF_XI), 1);
  ck_assert_int_eq(sf_model_peek_register(m, 0, SF_REWARD, &x), SF_OK);
  ck_assert_int_eq(x, 0);
  ck_assert_int_eq(sf_model_peek_register(m, 0, SF_DRAW, &x), SF_OK);
  ck_assert_int_eq(x, 77);
  ck_assert_uint_eq(sf_model_learn_counters(m, 0).synapses, 0);
  sf_model_free(m);
}
END_TEST

/* A twin shares rows: its weights hold, whatever it is asked. */
START_TEST(twins_of_models_and_batches_do_not_learn) {
  sf_network *net = small(1, 1, 1, 0);
  learning(net)->interval = 1;
  term(net, 4, 0, SF_F_ONE, SF_G_ONE, SF_G_ONE);
  sf_core_set_weight(&net->core[0], 0, 0, 100);
  sf_batch *b = NULL;
  ck_assert_int_eq(sf_batch_new(net, &b, NULL), SF_OK);
  static const size_t first[] = {0, 1, 2};
  static const uint32_t tick[] = {2, 2}, unit[] = {0, 0}, watch[] = {0};
  int32_t v[2];
  const sf_batch_job job = {
      .samples = 2, .ticks = 3, .first = first, .tick = tick, .unit = unit, .n_watch = 1, .watch = watch, .threads = 1};
  const sf_batch_result want = {.potential = v};
  ck_assert_int_eq(sf_batch_run(b, &job, &want, NULL), SF_OK);
  ck_assert_int_eq(v[0], 100);
  ck_assert_int_eq(v[1], 100);
  sf_batch_free(b);
  sf_model *m = model_of(net), *twin = sf_model_twin(m);
  ck_assert_ptr_nonnull(twin);
  sf_model_set_learning(twin, true);
  sweep(twin);
  ck_assert_int_eq(weight(m, 0, 0), 100);
  sf_model_step(m);
  ck_assert_int_eq(weight(twin, 0, 0), 104);
  sf_model_free(twin);
  sf_model_free(m);
}
END_TEST

START_TEST(what_is_out_of_range_is_refused) {
  sf_network *net = small(3, 2, 1, 0);
  learning(net)->modulatory = 1;
  sf_rule rule = learning(net)->rule;
  rule.n_terms = 9;
  sf_model *m = model_of(net);
  sf_msg msg = {""};
  int64_t x = 0;
  int32_t e = 0;
  ck_assert_int_eq(sf_model_set_rule(m, 0, &rule, &msg), SF_EINVAL);
  ck_assert_str_eq(msg.text, "core/0/learning/rule: 9 terms: must be 0 .. 8");
  ck_assert_int_eq(sf_model_set_rule(m, 1, &rule, &msg), SF_EINVAL);
  ck_assert_int_eq(sf_model_poke_register(m, 0, SF_REWARD, -129), SF_EINVAL);
  ck_assert_int_eq(sf_model_poke_register(m, 0, SF_REWARD, 128), SF_EINVAL);
  ck_assert_int_eq(sf_model_poke_register(m, 0, SF_RANDOM_BITS, 17), SF_EINVAL);
  ck_assert_int_eq(sf_model_poke_register(m, 0, (sf_learn_register)6, 0), SF_EINVAL);
  ck_assert_int_eq(sf_model_peek_register(m, 1, SF_REWARD, &x), SF_EINVAL);
  ck_assert_int_eq(sf_model_poke_axon(m, 0, 3, SF_X1, 0), SF_EINVAL);
  ck_assert_int_eq(sf_model_poke_axon(m, 0, 0, SF_X1, 256), SF_EINVAL);
  ck_assert_int_eq(sf_model_poke_axon(m, 0, 0, SF_X0, 2), SF_EINVAL);
  ck_assert_int_eq(sf_model_poke_axon(m, 0, 0, SF_USE, 5), SF_OK); /* not built */
  ck_assert_int_eq(axon(m, 0, SF_USE), 0);
  ck_assert_int_eq(sf_model_poke_learn(m, 0, 0, SF_M, -129), SF_EINVAL);
  ck_assert_int_eq(sf_model_poke_learn(m, 0, 0, SF_XI, 0), SF_EINVAL);
  ck_assert_int_eq(sf_model_poke_learn(m, 0, 0, SF_SEEN_X, 0), SF_EINVAL);
  ck_assert_int_eq(sf_model_peek_learn(m, 0, 2, SF_M, &x), SF_EINVAL);
  ck_assert_int_eq(sf_model_peek_payload(m, 0, 2, 4, &e), SF_EINVAL);
  ck_assert_int_eq(sf_model_ask_sweep(m, 0, 256), SF_EINVAL);
  ck_assert_int_eq(sf_model_end_sample(m, 1), SF_EINVAL);
  ck_assert_int_eq(sf_model_inject_payload(m, 0, 3, 0, 0), SF_OK);
  ck_assert_uint_eq(sf_model_counters(m, 0).dropped, 1);
  ck_assert_int_eq(sf_model_inject_payload(m, 0, 0, 4, 0), SF_EINVAL);
  sf_network *other = sf_network_new(1);
  ck_assert_int_eq(sf_core_net_alloc(&other->core[0], NULL), SF_OK);
  ck_assert_int_eq(sf_model_export(m, other, &msg), SF_EINVAL);
  sf_model_free(m);
  m = model_of(other); /* does not learn */
  ck_assert_int_eq(sf_model_ask_sweep(m, 0, 1), SF_EINVAL);
  ck_assert_int_eq(sf_model_poke_learn(m, 0, 0, SF_M, 0), SF_EINVAL);
  ck_assert_int_eq(sf_model_end_sample(m, SF_ALL_CORES), SF_OK);
  sf_model_set_learning(m, true);
  sf_model_free(m);
}
END_TEST

#define COUNT(table) (int)(sizeof table / sizeof table[0])

int main(void) {
  Suite *suite = suite_create("plasticity");
  TCase *tests = tcase_create("by hand");
  tcase_set_timeout(tests, 120);
  suite_add_tcase(suite, tests);
  tcase_add_test(tests, traces_decay_toward_zero_and_are_fed_after_the_sweep);
  tcase_add_test(tests, traces_saturate);
  tcase_add_test(tests, y2_slides_by_y1_before_it_is_fed);
  tcase_add_test(tests, predicates_feed_traces);
  tcase_add_test(tests, a_refractory_neuron_has_x_at_v_reset);
  tcase_add_test(tests, coincidence_is_x0_y0_and_nothing_else);
  tcase_add_loop_test(tests, each_factor_is_what_it_says, 0, COUNT(factors));
  tcase_add_test(tests, z_is_drawn_again_for_the_same_number);
  tcase_add_test(tests, terms_are_for_whom_they_name);
  tcase_add_loop_test(tests, increments_are_rounded_and_clamped, 0, COUNT(steps));
  tcase_add_test(tests, delta_is_exact_at_its_widest);
  tcase_add_test(tests, rounding_is_at_random_with_the_right_mean);
  tcase_add_test(tests, sweeps_come_when_they_are_asked_for);
  tcase_add_test(tests, twins_stay_equal);
  tcase_add_loop_test(tests, the_clamp_pulls_to_its_target, 0, COUNT(clamps));
  tcase_add_test(tests, modulatory_rows_weigh_payloads);
  tcase_add_test(tests, third_factors_go_over_payload_routes);
  tcase_add_test(tests, the_end_of_a_sample_forgets_what_it_should);
  tcase_add_test(tests, xi_is_held_as_noise_until_the_next_end);
  tcase_add_test(tests, refresh_decays_prunes_and_regrows);
  tcase_add_test(tests, refresh_comes_at_its_interval);
  tcase_add_test(tests, release_follows_its_recurrences);
  tcase_add_test(tests, reset_keeps_weights_and_registers);
  tcase_add_test(tests, twins_of_models_and_batches_do_not_learn);
  tcase_add_test(tests, what_is_out_of_range_is_refused);
  return suite_run(suite);
}
