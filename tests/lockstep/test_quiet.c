/* test_quiet.c - quiet groups: skipping them is the full update, shown exhaustively where potentials have 8 bits, on
 * the Verilated RTL in lockstep with the mirror and with the functional model, which both update every neuron or
 * compare whole states; and a tick costs what its activity asks for. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "run/backend.h"
#include "suite.h"

/* ---- exhaustively: every neuron is a group of its own, so that the list names just the neurons that did not rest
 * ---- */

enum { NEURONS = 8192, BATCHES = 8, THRESHOLD = 40, A_INC = 9 };

/* What is run through all its values beside v, or instead of it. */
typedef enum subject { BIAS, U, A, R } subject_kind;

static const struct {
  const char *why;
  subject_kind subject;
  sf_profile f;
} cases[] = {
    {"perfect integrator", BIAS, {.v_floor = -128}},
    {"smallest decay", BIAS, {.v_decay = 1, .v_floor = -128}},
    {"decay against bias", BIAS, {.v_decay = 700, .v_floor = -128, .reset_mode = 1}},
    {"everything forgotten, v kept at a spike", BIAS, {.v_decay = 4096, .v_floor = -128, .reset_mode = 2}},
    {"rests on its floor", BIAS, {.v_decay = 3, .v_floor = -20}},
    {"jumps from its floor", BIAS, {.v_floor = -20, .floor_mode = 1, .v_floor_reset = 5}},
    {"climbs by its floor", BIAS, {.v_decay = 64, .v_floor = -20, .floor_mode = 2}},
    {"noise of one bit", BIAS, {.v_decay = 700, .v_floor = -128, .noise_bits = 1}},
    {"current that stays", U, {.v_decay = 4096, .v_floor = -128}},
    {"current that dies out", U, {.v_decay = 4096, .u_decay = 1, .v_floor = -128}},
    {"adaptation that stays", A, {.v_floor = -128, .a_inc = A_INC}},
    {"adaptation that sticks at small values", A, {.v_decay = 4096, .v_floor = -128, .a_inc = A_INC, .a_decay = 100}},
    {"refractory", R, {.v_floor = -128, .v_reset = 3, .refractory = 2}},
};

static sf_params features(void) {
  sf_params p = sf_params_default();
  p.axons = 16;
  p.neurons = NEURONS;
  p.lanes = 1;
  p.neuron_lanes = 1;
  p.weight_bits = 1;
  p.potential_bits = 8;
  p.delay_slots = 2;
  p.profiles = 1;
  p.routes = 1;
  p.has_current = p.has_refractory = p.has_adaptation = p.has_noise = true;
  return p;
}

/* The neuron equation without input, from the specification in cmodel/README.md: the third time it is written. */
static int32_t sat(int64_t x) { return x > 127 ? 127 : x < -128 ? -128 : (int32_t)x; }
typedef struct neuron {
  int32_t v, u, a, r, bias;
} neuron;
static bool changes(const sf_profile *f, const neuron *n) {
  if (f->noise_bits) return true;
  const int32_t u = sat((int64_t)n->u * (4096 - f->u_decay) / 4096);
  if (u != n->u || n->r) return true;
  int64_t x = (int64_t)n->v * (4096 - f->v_decay) / 4096 + u + n->bias;
  if (x >= THRESHOLD + n->a) return true;
  if (x < f->v_floor) x = f->floor_mode == 0 ? f->v_floor : f->floor_mode == 1 ? f->v_floor_reset : x - f->v_floor;
  return sat(x) != n->v || (int64_t)n->a * f->a_decay / 4096 != 0;
}

static neuron nth(subject_kind s, uint32_t batch, uint32_t j) {
  const int32_t low = (int32_t)(j & 255) - 128, high = (int32_t)(j >> 8) + 32 * (int32_t)batch - 128;
  switch (s) {
    case BIAS:
      return (neuron){.v = low, .bias = high};
    case U:
      return (neuron){.u = low, .v = high};
    case A:
      return (neuron){.a = low, .v = high};
    default:
      return (neuron){.r = (int32_t)(j & 255), .v = high};
  }
}

/* The engine, with the write-backs counted. */
typedef struct counted {
  sf_lockstep *l;
  uint64_t updates;
} counted;
static bool step(void *self, const sf_core_in *in, sf_core_out *out) {
  counted *c = self;
  if (!sf_lockstep_step(c->l, in, out)) return false;
  c->updates += out->port.probe_update_valid;
  return true;
}

static uint64_t updates_of_tick(counted *c, sf_driver *d, const char *why) {
  sf_msg msg = {""};
  const uint64_t before = c->updates;
  sf_err err = sf_driver_finish(d, &msg); /* what the host is to write before the tick */
  if (!err) {
    sf_driver_tick(d);
    err = sf_driver_finish(d, &msg);
  }
  if (c->l->mismatch.found) sf_lockstep_report(c->l, NULL, NULL, stdout);
  ck_assert_msg(err == SF_OK, "%s: error %d %s", why, (int)err, msg.text);
  return c->updates - before;
}

static void set(sf_driver *d, uint32_t region, uint32_t offset, int32_t value) {
  sf_driver_write(d, sf_host_addr(region, offset), (uint32_t)value);
}

START_TEST(every_neuron_that_can_change_is_visited_and_no_other) {
  const sf_params p = features();
  const sf_profile *f = &cases[_i].f;
  const subject_kind subject = cases[_i].subject;
  char so[SF_PATH_MAX];
  sf_rtl rtl;
  sf_msg msg = {""};
  counted c = {0};
  sf_driver d;
  ck_assert_msg(sf_rtl_build(&p, SF_RTL_PROBE, NULL, so, &msg) == SF_OK, "%s", msg.text);
  ck_assert_msg(sf_rtl_open(so, 1, &rtl, &msg) == SF_OK, "%s", msg.text);
  ck_assert_msg(sf_lockstep_new(&p, &rtl, &(sf_lockstep_options){0}, &c.l, &msg) == SF_OK, "%s", msg.text);
  sf_driver_init(&d, &p, (sf_engine){&c, step});
  ck_assert_int_eq(sf_driver_reset(&d, 2, &msg), SF_OK);
  const int32_t fields[] = {f->v_decay,    f->u_decay,       f->weight_shift, f->v_reset, f->reset_mode, f->v_floor,
                            f->floor_mode, f->v_floor_reset, f->refractory,   f->a_inc,   f->a_decay,    f->noise_bits};
  for (uint32_t k = 0; k < 12; k++) set(&d, SF_HOST_PROFILES, k, fields[k]);
  for (uint32_t j = 0; j < NEURONS; j++) {
    set(&d, SF_HOST_NEURONS, j * 8 + SF_THRESHOLD, THRESHOLD);
    set(&d, SF_HOST_NEURONS, j * 8 + SF_BIAS, 0);
    set(&d, SF_HOST_NEURONS, j * 8 + SF_PROFILE, 0);
    set(&d, SF_HOST_ROUTE_POINTERS, j, 0);
  }
  uint64_t rested = 0;
  for (uint32_t batch = 0; batch < (subject == R ? 1 : BATCHES); batch++) {
    uint64_t restless = 0;
    for (uint32_t j = 0; j < NEURONS; j++) {
      const neuron n = nth(subject, batch, j);
      set(&d, SF_HOST_NEURONS, j * 8 + SF_V, n.v);
      if (subject == BIAS) set(&d, SF_HOST_NEURONS, j * 8 + SF_BIAS, n.bias);
      else
        set(&d, SF_HOST_NEURONS,
            j * 8 + (subject == U   ? SF_U
                     : subject == A ? SF_A
                                    : SF_R),
            subject == U   ? n.u
            : subject == A ? n.a
                           : n.r);
      if (subject == R || subject == U)
        set(&d, SF_HOST_NEURONS, j * 8 + SF_A, 0); /* it may have spiked in the last batch */
      if (subject == A) set(&d, SF_HOST_NEURONS, j * 8 + SF_R, 0);
      restless += changes(f, &n);
    }
    ck_assert_uint_eq(updates_of_tick(&c, &d, cases[_i].why), NEURONS); /* after the writes: all of them */
    ck_assert_uint_eq(updates_of_tick(&c, &d, cases[_i].why), restless);
    ck_assert_uint_le(updates_of_tick(&c, &d, cases[_i].why), restless);
    rested += NEURONS - restless;
  }
  if (f->noise_bits) ck_assert_uint_eq(rested, 0);
  else ck_assert_uint_gt(rested, 0);
  ck_assert_int_eq(sf_lockstep_drained(c.l, &msg), SF_OK);
  sf_driver_free(&d);
  sf_lockstep_free(c.l);
}
END_TEST

/* ---- cycles: on the mirror, whose cycles are the RTL's ---- */

static sf_network *chain(uint32_t neurons) { /* axon 0 drives neuron 0; all decay */
  sf_msg msg = {""};
  sf_network *net = sf_network_new(1);
  sf_core_net *c = &net->core[0];
  c->axons = 16;
  c->neurons = neurons;
  c->weight_bits = 4;
  c->potential_bits = 16;
  c->delay_slots = 2;
  c->n_profiles = 1;
  ck_assert_msg(sf_core_net_alloc(c, &msg) == SF_OK, "%s", msg.text);
  sf_core_set_weight(c, 0, 0, 7);
  for (uint32_t j = 0; j < neurons; j++) c->threshold[j] = 1000;
  c->profiles[0] = (sf_profile){.v_decay = 2048, .v_floor = -32768};
  return net;
}

static uint64_t cycles_of_tick(sf_backend *b) {
  sf_backend_counters before, after;
  sf_tick_result r;
  sf_msg msg = {""};
  ck_assert_int_eq(sf_backend_counters_get(b, &before, &msg), SF_OK);
  ck_assert_msg(sf_backend_tick(b, &r, &msg) == SF_OK, "%s", msg.text);
  ck_assert_int_eq(sf_backend_counters_get(b, &after, &msg), SF_OK);
  return after.busy_cycles - before.busy_cycles;
}

static const uint32_t shapes[][2] = {{1, 1}, {4, 1}, {16, 2}, {64, 64}, {128, 4}, {1024, 16}};

START_TEST(a_tick_costs_what_its_activity_asks_for) {
  sf_network *net = chain(1024);
  sf_params p;
  sf_backend *b;
  sf_msg msg = {""};
  ck_assert_int_eq(sf_network_params(net, 0, &p, &msg), SF_OK);
  p.lanes = shapes[_i][0];
  p.neuron_lanes = shapes[_i][1];
  ck_assert_msg(sf_backend_open("mirror", net, &p, &(sf_backend_options){0}, &b, &msg) == SF_OK, "%s", msg.text);
  const uint64_t groups = 1024 / p.lanes, steps = p.lanes / p.neuron_lanes;
  const uint64_t stages = p.lanes > 512 ? 4 : p.lanes > 64 ? 2 : 0, constant = 4 + 16 + stages + 2;
  ck_assert_uint_eq(cycles_of_tick(b), constant + groups * steps); /* nobody knows yet that they rest */
  for (int i = 0; i < 5; i++) ck_assert_uint_eq(cycles_of_tick(b), 8);
  ck_assert_int_eq(sf_backend_inject(b, 0, 0, 0, &msg), SF_OK);
  ck_assert_uint_gt(cycles_of_tick(b), groups * steps);
  ck_assert_uint_eq(cycles_of_tick(b), constant + groups * steps); /* v of neuron 0: 7 -> 3; all are looked at */
  ck_assert_uint_eq(cycles_of_tick(b), constant + steps);          /* 3 -> 1: its group alone */
  ck_assert_uint_eq(cycles_of_tick(b), constant + steps);          /* 1 -> 0 */
  ck_assert_uint_eq(cycles_of_tick(b), constant + steps);          /* 0 -> 0: rests */
  ck_assert_uint_eq(cycles_of_tick(b), 8);
  ck_assert_int_eq(sf_backend_restart(b, &msg), SF_OK);
  ck_assert_uint_eq(cycles_of_tick(b), constant + groups * steps);
  sf_backend_close(b);
  sf_network_free(net);
}
END_TEST

/* The functional model tells the same cycles for any lanes after the fact, from neurons alone. */
START_TEST(the_model_predicts_them) {
  sf_network *net = chain(1000);
  sf_params p;
  sf_backend *b, *model;
  sf_msg msg = {""};
  ck_assert_int_eq(sf_network_params(net, 0, &p, &msg), SF_OK);
  p.neurons = 1024;
  p.lanes = shapes[_i][0];
  p.neuron_lanes = shapes[_i][1];
  ck_assert_msg(sf_backend_open("mirror", net, &p, &(sf_backend_options){0}, &b, &msg) == SF_OK, "%s", msg.text);
  ck_assert_msg(sf_backend_open("model", net, &p, &(sf_backend_options){.predict = true}, &model, &msg) == SF_OK, "%s",
                msg.text);
  for (uint32_t t = 0; t < 40; t++) {
    if (t % 13 == 3 && sf_backend_inject(b, 0, 0, t & 1, &msg) + sf_backend_inject(model, 0, 0, t & 1, &msg))
      ck_abort_msg("%s", msg.text);
    const uint64_t want = cycles_of_tick(b);
    ck_assert_msg(cycles_of_tick(model) == want, "tick %u: not %llu", (unsigned)t, (unsigned long long)want);
  }
  sf_backend_close(b);
  sf_backend_close(model);
  sf_network_free(net);
}
END_TEST

int main(void) {
  Suite *s = suite_create("quiet");
  TCase *c = tcase_create("quiet groups");
  tcase_set_timeout(c, 300);
  tcase_add_loop_test(c, every_neuron_that_can_change_is_visited_and_no_other, 0, (int)(sizeof cases / sizeof *cases));
  tcase_add_loop_test(c, a_tick_costs_what_its_activity_asks_for, 0, (int)(sizeof shapes / sizeof *shapes));
  tcase_add_loop_test(c, the_model_predicts_them, 0, (int)(sizeof shapes / sizeof *shapes));
  suite_add_tcase(s, c);
  return suite_run(s);
}
