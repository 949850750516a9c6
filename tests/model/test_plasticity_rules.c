/* test_plasticity_rules - rules of the literature as data of the connection-update engine (cmodel/plasticity.md), on
 * the functional model: what their authors say must come out comes out. Windows of pair STDP have the time constants
 * that were set; the triplet rule's frequency dependence (Pfister and Gerstner, 2006); Oja's norm (Oja, 1982);
 * inhibitory homeostasis (Vogels et al., 2011). */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "draw.h"
#include "learner.h"
#include "suite.h"
#include "synfire/model.h"

/* Class 0: axons that learn. Class 1: axons that make neurons spike. 16-bit weights, traces of 16 bits. */
static sf_network *network(uint32_t axons, uint32_t neurons) {
  sf_network *net = sf_network_new(1);
  sf_core_net *c = &net->core[0];
  c->axons = axons;
  c->neurons = neurons;
  c->weight_bits = 16;
  c->potential_bits = 24;
  c->delay_slots = 4;
  ck_assert_int_eq(sf_core_net_alloc(c, NULL), SF_OK);
  ck_assert_int_eq(sf_learning_new(c, NULL), SF_OK);
  c->learning->trace_bits = 16;
  c->profiles[0].v_decay = 4096;
  return net;
}

static sf_term *term(sf_network *net, int32_t c, int32_t s, int32_t f, int32_t g1, int32_t g2) {
  sf_rule *rule = &net->core[0].learning->rule;
  sf_term *t = &rule->term[rule->n_terms++];
  *t = (sf_term){.c = c, .s = s, .f = f, .g1 = g1, .g2 = g2, .axon_classes = 1, .learn_classes = 65535};
  return t;
}

static double uniform(void) { return (double)(random_bits() >> 11) / 9007199254740992.0; }

/* Of a time constant of tau ticks. */
static int32_t decay_of(double tau) { return (int32_t)lround(4096 * (1 - exp(-1 / tau))); }

/* ---- pair STDP ---------------------------------------------------------------------------------------------- */

/* dw = x1 y0 / 2^3 - y1 x0 / 2^3 with tau+ and tau- of their own. */
static int32_t pair_change(double tau_plus, double tau_minus, int gap) {
  sf_network *net = network(2, 1);
  sf_core_net *c = &net->core[0];
  sf_learning *l = c->learning;
  l->interval = 1;
  l->random_bits = 0;
  l->class_of[1] = 1;
  l->axon_class[0].x1_decay = decay_of(tau_plus);
  l->axon_class[0].x1_step = 60000;
  l->profile[0].y1_decay = decay_of(tau_minus);
  l->profile[0].y1_step = 60000;
  c->threshold[0] = 100;
  sf_core_set_weight(c, 1, 0, 100);
  term(net, 1, 2, SF_F_X1, SF_G_Y0, SF_G_ONE);
  term(net, -1, 2, SF_F_X0, SF_G_Y1, SF_G_ONE);
  sf_model *m = model_of(net);
  const int first = gap > 0 ? 0 : 1, second = 1 - first; /* gap > 0: the axon, then the neuron */
  for (int t = 0; t <= abs(gap); t++) {
    if (t == 0) ck_assert_int_eq(sf_model_inject(m, 0, (uint32_t)first, 0), SF_OK);
    if (t == abs(gap)) ck_assert_int_eq(sf_model_inject(m, 0, (uint32_t)second, 0), SF_OK);
    sf_model_step(m);
  }
  const int32_t w = weight(m, 0, 0);
  sf_model_free(m);
  return w;
}

/* The time constant of a window: the slope of log |dw| over 1 .. 3 tau by least squares. */
static double fitted(double tau_plus, double tau_minus, int sign) {
  const double tau = sign > 0 ? tau_plus : tau_minus;
  double n = 0, x = 0, y = 0, xx = 0, xy = 0;
  for (int gap = 1; gap <= 3 * tau; gap++) {
    const int32_t dw = pair_change(tau_plus, tau_minus, sign * gap);
    ck_assert_msg(sign * dw > 0, "gap %d: %d", sign * gap, dw);
    const double log_w = log(abs(dw));
    n++;
    x += gap;
    y += log_w;
    xx += (double)gap * gap;
    xy += gap * log_w;
  }
  return -(n * xx - x * x) / (n * xy - x * y);
}

START_TEST(windows_of_pair_stdp_have_their_time_constants) {
  static const double tau[][2] = {{10, 20}, {20, 10}, {17, 34}};
  for (size_t k = 0; k < sizeof tau / sizeof tau[0]; k++) {
    const double plus = fitted(tau[k][0], tau[k][1], 1), minus = fitted(tau[k][0], tau[k][1], -1);
    ck_assert_msg(fabs(plus / tau[k][0] - 1) < 0.02, "tau+ %g: %g", tau[k][0], plus);
    ck_assert_msg(fabs(minus / tau[k][1] - 1) < 0.02, "tau- %g: %g", tau[k][1], minus);
  }
}
END_TEST

/* ---- triplets ----------------------------------------------------------------------------------------------- */

/* The minimal triplet rule: dw+ = A x1 y2 at a spike, y2 before it (slow); dw- = B y1 at an event. `pairs` pairs with
 * the neuron 10 ticks after the axon (or before it), `period` ticks apart: the weight's change. 1 tick = 1 ms. */
static int32_t triplet_change(int period, bool causal) {
  enum { PAIRS = 40, GAP = 10 };
  sf_network *net = network(2, 1);
  sf_core_net *c = &net->core[0];
  sf_learning *l = c->learning;
  l->interval = 1;
  l->class_of[1] = 1;
  l->axon_class[0].x1_decay = decay_of(17);
  l->axon_class[0].x1_step = 255;
  l->profile[0].y1_decay = decay_of(34);
  l->profile[0].y1_step = 255;
  l->profile[0].y2_decay = decay_of(114);
  l->profile[0].y2_step = 255;
  c->threshold[0] = 100;
  sf_core_set_weight(c, 1, 0, 100);
  term(net, 11, 13, SF_F_X1, SF_G_Y0, SF_G_Y2); /* 6.5e-3 and 7.1e-3 of the paper, in proportion */
  term(net, -12, 5, SF_F_X0, SF_G_Y1, SF_G_ONE);
  sf_model *m = model_of(net);
  const uint32_t first = causal ? 0 : 1;
  for (int t = 0; t < PAIRS * period + 20; t++) {
    if (t < PAIRS * period && t % period == 0) ck_assert_int_eq(sf_model_inject(m, 0, first, 0), SF_OK);
    if (t >= GAP && (t - GAP) / period < PAIRS && (t - GAP) % period == 0)
      ck_assert_int_eq(sf_model_inject(m, 0, 1 - first, 0), SF_OK);
    sf_model_step(m);
  }
  const int32_t w = weight(m, 0, 0);
  sf_model_free(m);
  return w;
}

/* Before-after pairs: depression or nothing when they are rare, potentiation that grows with their rate; after-before
 * pairs turn to potentiation at high rates only (Sjoestrom et al., 2001). */
START_TEST(triplets_depend_on_frequency) {
  static const int period[] = {1000, 100, 50, 25, 20}; /* 1, 10, 20, 40, 50 Hz */
  int32_t causal[5], anti[5];
  for (int k = 0; k < 5; k++) {
    causal[k] = triplet_change(period[k], true);
    anti[k] = triplet_change(period[k], false);
  }
  ck_assert_msg(abs(causal[0]) * 10 < causal[4], "1 Hz %d, 50 Hz %d", causal[0], causal[4]);
  for (int k = 1; k < 5; k++) ck_assert_msg(causal[k] > causal[k - 1], "%d Hz: %d", 1000 / period[k], causal[k]);
  for (int k = 0; k < 3; k++) ck_assert_msg(anti[k] < 0, "after-before, %d Hz: %d", 1000 / period[k], anti[k]);
  ck_assert_msg(anti[4] > 0, "after-before, 50 Hz: %d", anti[4]);
}
END_TEST

/* ---- Oja ---------------------------------------------------------------------------------------------------- */

/* dw = eta (x y - y^2 w) for a linear neuron: its potential, taken by the clamp with T = 0 and a target - in every
 * tick, which gives m = -x >> 7, that is -16 y where 2048 stands for a weight of 1. 128 eta = 2^-2. Two groups of 8
 * axons: one active together every other tick, the other each for itself. */
enum { OJA_AXONS = 16 };

static bool oja_active(uint32_t i, bool together) { return i < 8 ? together : uniform() < 0.3; }

/* The largest eigenvector of the inputs' second moments, by iteration. */
static void oja_direction(double *v) {
  for (int i = 0; i < OJA_AXONS; i++) v[i] = 1;
  for (int n = 0; n < 200; n++) {
    double to[OJA_AXONS] = {0}, norm = 0;
    for (int i = 0; i < OJA_AXONS; i++)
      for (int k = 0; k < OJA_AXONS; k++) {
        const double p = i < 8 ? 0.5 : 0.3, q = k < 8 ? 0.5 : 0.3;
        to[i] += (i == k || (i < 8 && k < 8) ? p : p * q) * v[k];
      }
    for (int i = 0; i < OJA_AXONS; i++) norm += to[i] * to[i];
    for (int i = 0; i < OJA_AXONS; i++) v[i] = to[i] / sqrt(norm);
  }
}

START_TEST(ojas_norm_converges_and_its_direction) {
  double v[OJA_AXONS];
  oja_direction(v);
  for (int start = 0; start < 2; start++) {
    sf_network *net = network(OJA_AXONS + 1, 1);
    sf_core_net *c = &net->core[0];
    sf_learning *l = c->learning;
    l->interval = 1;
    l->axon_class[1].kind = SF_AXON_TARGET_MINUS;
    l->class_of[OJA_AXONS] = 1;
    sf_core_set_weight(c, OJA_AXONS, 0, 1);
    l->profile[0].third = SF_THIRD_CLAMP;
    l->profile[0].third_shift = 7;
    for (uint32_t i = 0; i < OJA_AXONS; i++) sf_core_set_weight(c, i, 0, start == 0 ? 100 : 1500);
    term(net, -1, 2, SF_F_X0, SF_G_M, SF_G_ONE);
    term(net, -1, 17, SF_F_ONE, SF_G_M, SF_G_M)->h = SF_H_W;
    sf_model *m = model_of(net);
    random_state = 5;
    for (int t = 0; t < 6000; t++) {
      const bool together = uniform() < 0.5;
      for (uint32_t i = 0; i < OJA_AXONS; i++)
        if (oja_active(i, together)) ck_assert(sf_model_inject(m, 0, i, 0) == SF_OK);
      ck_assert(sf_model_inject(m, 0, OJA_AXONS, 0) == SF_OK);
      sf_model_step(m);
    }
    double norm = 0, along = 0;
    for (uint32_t i = 0; i < OJA_AXONS; i++) {
      const double w = weight(m, i, 0) / 2048.0;
      norm += w * w;
      along += w * v[i];
    }
    norm = sqrt(norm);
    ck_assert_msg(fabs(norm - 1) < 0.06, "start %d: norm %g", start, norm);
    ck_assert_msg(along / norm > 0.98, "start %d: cosine %g", start, along / norm);
    sf_model_free(m);
  }
}
END_TEST

/* ---- inhibitory homeostasis --------------------------------------------------------------------------------- */

/* dw = -eta (x1 y0 + y1 x0 - alpha x0) on inhibitory weights: the rate tends to alpha / (2 tau), tau as a sum over
 * ticks, whatever drives the neuron. Here alpha = 121 * 2^-3 * 2^8 in units of a trace's step, 1024. */
static double settled_rate(double rate_without) {
  enum { A = 10, LEARN = 4000, COUNT = 20000, NOISE = 12 };
  sf_network *net = network(A, 1);
  sf_core_net *c = &net->core[0];
  sf_learning *l = c->learning;
  c->has_noise = true;
  c->profiles[0].noise_bits = NOISE;
  c->threshold[0] = 10000;
  c->bias[0] = 10000 + (int32_t)((rate_without - 0.5) * (1 << NOISE));
  l->interval = 1;
  l->axon_class[0].x1_decay = l->profile[0].y1_decay = 205;
  l->axon_class[0].x1_step = l->profile[0].y1_step = 1024;
  l->profile[0].w_max = 0;
  term(net, -1, 8, SF_F_X1, SF_G_Y0, SF_G_ONE);
  term(net, -1, 8, SF_F_X0, SF_G_Y1, SF_G_ONE);
  term(net, 121, 3, SF_F_X0, SF_G_ONE, SF_G_ONE);
  sf_model *m = model_of(net);
  random_state = 9;
  uint32_t spikes = 0;
  for (int t = 0; t < LEARN + COUNT; t++) {
    for (uint32_t i = 0; i < A; i++)
      if (uniform() < 0.2) ck_assert(sf_model_inject(m, 0, i, 0) == SF_OK);
    const sf_tick_result *r = sf_model_step(m);
    if (t >= LEARN) spikes += r->n_spikes;
  }
  sf_model_free(m);
  return spikes / (double)COUNT;
}

START_TEST(inhibition_settles_at_its_target_rate) {
  const double target = 121 / 8.0 * 256 / (2 * 1024 * (4096 - 205) / 205.0);
  static const double without[] = {0.25, 0.4, 0.6};
  for (int k = 0; k < 3; k++) {
    const double rate = settled_rate(without[k]);
    ck_assert_msg(fabs(rate / target - 1) < 0.06, "without %g: rate %g, target %g", without[k], rate, target);
  }
}
END_TEST

int main(void) {
  Suite *suite = suite_create("plasticity_rules");
  TCase *tests = tcase_create("rules");
  tcase_set_timeout(tests, 120);
  suite_add_tcase(suite, tests);
  tcase_add_test(tests, windows_of_pair_stdp_have_their_time_constants);
  tcase_add_test(tests, triplets_depend_on_frequency);
  tcase_add_test(tests, ojas_norm_converges_and_its_direction);
  tcase_add_test(tests, inhibition_settles_at_its_target_rate);
  return suite_run(suite);
}
