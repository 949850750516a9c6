/* test_model_random - random networks on the functional model against a brute-force reference in this file, written
 * straight from the neuron equation (cmodel/README.md) with 128-bit integers, one synapse after the other, no list of
 * active axons, no sorted routes and no shared code but the noise hash. 1 to 4 cores of random sizes, widths,
 * features, profiles, routes and traffic; every spike, output event, state word and counter of every tick is
 * compared. A failing case names its seed. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "draw.h"
#include "model/noise.h"
#include "suite.h"
#include "synfire/model.h"

typedef __int128 wide;

enum { CASES = 200, TICKS = 40, MAX_CORES_HERE = 4, MAX_A = 300, MAX_N = 200, MAX_EVENTS = 40000 };

/* ---- random networks ---------------------------------------------------------------------------------------- */

static void draw_profile(const sf_core_net *c, sf_profile *p) {
  const int64_t hi = (1 << (c->potential_bits - 1)) - 1, lo = -hi - 1;
  p->v_decay = one_in(3) ? 0 : one_in(4) ? 4096 : (int32_t)between(0, 4096);
  p->u_decay = c->has_current ? (int32_t)between(0, 4096) : 0;
  p->weight_shift = one_in(2) ? 0 : (int32_t)between(0, 7);
  p->v_reset = value(lo, hi);
  p->reset_mode = (int32_t)between(0, 2);
  if (one_in(2)) p->v_floor = value(lo, hi);
  p->floor_mode = (int32_t)between(0, 2);
  p->v_floor_reset = value(lo, hi);
  p->refractory = c->has_refractory && one_in(2) ? (int32_t)(one_in(9) ? 255 : between(0, 4)) : 0;
  p->a_inc = c->has_adaptation ? value(lo, hi) : 0;
  p->a_decay = c->has_adaptation ? (int32_t)between(0, 4096) : 0;
  p->noise_bits = c->has_noise && one_in(2) ? (int32_t)between(0, c->potential_bits < 16 ? c->potential_bits : 16) : 0;
}

static void draw_core(sf_core_net *c) {
  const int64_t hi = (1 << (c->potential_bits - 1)) - 1, lo = -hi - 1;
  const int64_t w_hi = c->weight_bits == 1 ? 1 : (1 << (c->weight_bits - 1)) - 1,
                w_lo = c->weight_bits == 1 ? 0 : -w_hi - 1;
  for (uint32_t k = 0; k < c->n_profiles; k++) draw_profile(c, &c->profiles[k]);
  for (uint32_t j = 0; j < c->neurons; j++) {
    c->threshold[j] = value(lo, hi);
    c->bias[j] = one_in(2) ? 0 : value(lo, hi);
    c->profile[j] = (uint32_t)between(0, c->n_profiles - 1);
    c->v_init[j] = value(lo, hi);
    c->u_init[j] = c->has_current ? value(lo, hi) : 0;
  }
  const int sparse = one_in(2);
  for (uint32_t i = 0; i < c->axons; i++)
    for (uint32_t j = 0; j < c->neurons; j++)
      if (!sparse || one_in(4)) sf_core_set_weight(c, i, j, (int32_t)(one_in(6) ? w_lo : between(w_lo, w_hi)));
}

static sf_network *draw(uint64_t seed) {
  random_state = seed;
  sf_network *net = sf_network_new((uint32_t)between(1, MAX_CORES_HERE));
  ck_assert_ptr_nonnull(net);
  net->seed = (uint32_t)random_bits();
  for (uint32_t k = 0; k < net->n_cores; k++) {
    sf_core_net *c = &net->core[k];
    c->axons = (uint32_t)(one_in(4) ? between(1, 3) : between(1, MAX_A));
    c->neurons = (uint32_t)(one_in(4) ? between(1, 3) : between(1, MAX_N));
    c->weight_bits = 1u << between(0, 4);
    c->potential_bits = (uint32_t)(one_in(3) ? (one_in(2) ? 8 : 24) : between(8, 24));
    c->delay_slots = 1u << between(1, 6);
    c->n_profiles = (uint32_t)between(1, c->neurons < 8 ? c->neurons : 8);
    c->n_routes = (uint32_t)(one_in(5) ? 0 : between(0, 300));
    c->has_current = one_in(2);
    c->has_refractory = one_in(2);
    c->has_adaptation = one_in(2);
    c->has_noise = one_in(2);
    ck_assert_int_eq(sf_core_net_alloc(c, NULL), SF_OK);
    draw_core(c);
  }
  for (uint32_t k = 0; k < net->n_cores; k++) {
    sf_core_net *c = &net->core[k];
    for (uint32_t i = 0; i < c->n_routes; i++) {
      const int32_t to = (int32_t)between(-1, net->n_cores - 1);
      const sf_core_net *d = to < 0 ? c : &net->core[to];
      c->routes[i] = (sf_route){(uint32_t)between(0, c->neurons - 1), to, (uint32_t)between(0, d->axons - 1),
                                (uint32_t)between(1, d->delay_slots - 1)};
    }
  }
  return net;
}

/* ---- the reference ------------------------------------------------------------------------------------------ */

static struct reference {
  bool event[MAX_CORES_HERE][64][MAX_A]; /* by tick mod 64: deeper than any delay */
  int32_t v[MAX_CORES_HERE][MAX_N], u[MAX_CORES_HERE][MAX_N], r[MAX_CORES_HERE][MAX_N], a[MAX_CORES_HERE][MAX_N];
  sf_event spike[MAX_EVENTS], out[MAX_EVENTS];
  uint32_t n_spikes, n_out;
  sf_counters count[MAX_CORES_HERE];
} ref;

static void put(uint32_t core, uint32_t axon, uint32_t tick) {
  bool *e = &ref.event[core][tick % 64][axon];
  if (*e) ref.count[core].merges++;
  *e = true;
}

static void start(const sf_network *net) {
  memset(&ref, 0, sizeof ref);
  for (uint32_t k = 0; k < net->n_cores; k++)
    for (uint32_t j = 0; j < net->core[k].neurons; j++) {
      ref.v[k][j] = net->core[k].v_init[j];
      ref.u[k][j] = net->core[k].u_init[j];
    }
}

static wide clamp(wide x, unsigned bits) {
  const wide hi = ((wide)1 << (bits - 1)) - 1;
  return x > hi ? hi : x < -hi - 1 ? -hi - 1 : x;
}

/* Toward zero, without relying on the language's division. */
static wide trunc0_4096(wide x) {
  return x < 0 ? -(wide)((unsigned __int128)-x >> 12) : (wide)((unsigned __int128)x >> 12);
}

/* The neuron equation, line by line. */
static bool neuron(const sf_network *net, uint32_t k, uint32_t j, uint32_t tick, wide s) {
  const sf_core_net *n = &net->core[k];
  const sf_profile *p = &n->profiles[n->profile[j]];
  const unsigned vb = n->potential_bits;
  wide c = s * ((wide)1 << p->weight_shift);
  if (n->has_current) {
    c = clamp(trunc0_4096((wide)ref.u[k][j] * (4096 - p->u_decay)) + c, vb);
    ref.u[k][j] = (int32_t)c;
  }
  bool spike = false;
  if (n->has_refractory && ref.r[k][j] > 0) {
    ref.r[k][j] = ref.r[k][j] - 1;
    ref.v[k][j] = p->v_reset;
  } else {
    const uint32_t h = sf_noise_hash(sf_core_seed(net->seed, k), tick, 0, j);
    const int32_t noise = p->noise_bits == 0 ? 0 : (int32_t)(h % (1u << p->noise_bits)) - (1 << (p->noise_bits - 1));
    const wide x = trunc0_4096((wide)ref.v[k][j] * (4096 - p->v_decay)) + c + n->bias[j] + noise;
    spike = x >= (wide)n->threshold[j] + ref.a[k][j];
    wide v = x;
    if (spike) {
      if (p->reset_mode == 0) v = p->v_reset;
      if (p->reset_mode == 1) v = x - n->threshold[j];
      ref.r[k][j] = p->refractory;
    } else if (x < p->v_floor) {
      if (p->floor_mode == 0) v = p->v_floor;
      if (p->floor_mode == 1) v = p->v_floor_reset;
      if (p->floor_mode == 2) v = x - p->v_floor;
    }
    ref.v[k][j] = (int32_t)clamp(v, vb);
  }
  if (n->has_adaptation) {
    const wide a = ref.a[k][j];
    ref.a[k][j] = (int32_t)clamp(a - trunc0_4096(a * p->a_decay) + (spike ? p->a_inc : 0), vb);
  }
  return spike;
}

static void reference_step(const sf_network *net, uint32_t tick) {
  ref.n_spikes = ref.n_out = 0;
  for (uint32_t k = 0; k < net->n_cores; k++) {
    const sf_core_net *c = &net->core[k];
    bool *event = ref.event[k][tick % 64];
    for (uint32_t i = 0; i < c->axons; i++) ref.count[k].active_axons += event[i];
    for (uint32_t j = 0; j < c->neurons; j++) {
      wide s = 0;
      for (uint32_t i = 0; i < c->axons; i++)
        if (event[i]) s += sf_core_weight(c, i, j);
      if (!neuron(net, k, j, tick, s)) continue;
      ref.spike[ref.n_spikes++] = (sf_event){k, j};
      for (uint32_t q = 0; q < c->n_routes; q++) {
        if (c->routes[q].neuron != j) continue;
        if (c->routes[q].core < 0) ref.out[ref.n_out++] = (sf_event){k, j};
        else put((uint32_t)c->routes[q].core, c->routes[q].axon, tick + c->routes[q].delay);
      }
    }
    memset(event, 0, MAX_A * sizeof *event);
  }
}

/* ---- comparison --------------------------------------------------------------------------------------------- */

static void compare(const sf_network *net, const sf_model *m, const sf_tick_result *t, uint64_t seed) {
  ck_assert_msg(t->n_spikes == ref.n_spikes && memcmp(t->spike, ref.spike, ref.n_spikes * sizeof *ref.spike) == 0,
                "seed %llu tick %u: spikes differ (%u, reference %u)", (unsigned long long)seed, t->tick, t->n_spikes,
                ref.n_spikes);
  ck_assert_msg(t->n_out == ref.n_out && memcmp(t->out, ref.out, ref.n_out * sizeof *ref.out) == 0,
                "seed %llu tick %u: output events differ", (unsigned long long)seed, t->tick);
  for (uint32_t k = 0; k < net->n_cores; k++) {
    for (uint32_t j = 0; j < net->core[k].neurons; j++) {
      const int32_t want[4] = {ref.v[k][j], ref.u[k][j], ref.r[k][j], ref.a[k][j]};
      for (int f = 0; f < 4; f++) {
        int32_t got = 0; /* no assertion macro where all is well: each of them writes to a file */
        if (sf_model_peek(m, k, j, (sf_field)(SF_V + f), &got) != SF_OK || got != want[f])
          ck_abort_msg("seed %llu tick %u core %u neuron %u %c: %d, reference %d", (unsigned long long)seed, t->tick, k,
                       j, "vura"[f], got, want[f]);
      }
    }
    const sf_counters got = sf_model_counters(m, k);
    ck_assert_msg(got.merges == ref.count[k].merges && got.active_axons == ref.count[k].active_axons &&
                      got.synaptic_ops == ref.count[k].active_axons * net->core[k].neurons,
                  "seed %llu tick %u core %u: counters differ", (unsigned long long)seed, t->tick, k);
  }
}

START_TEST(random_networks_match_the_reference) {
  const uint64_t seed = 1000 + (uint64_t)_i;
  sf_network *net = draw(seed);
  sf_model *m;
  sf_msg msg = {""};
  ck_assert_msg(sf_model_new(net, &m, &msg) == SF_OK, "seed %llu: %s", (unsigned long long)seed, msg.text);
  for (int run = 0; run < 2; run++) { /* the second from a reset */
    start(net);
    for (uint32_t tick = 0; tick < TICKS; tick++) {
      const int64_t events = one_in(3) ? between(0, 400) : between(0, 20);
      for (int64_t e = 0; e < events; e++) {
        const uint32_t k = (uint32_t)between(0, net->n_cores - 1), axon = (uint32_t)between(0, net->core[k].axons - 1);
        const uint32_t delay = (uint32_t)between(0, net->core[k].delay_slots - 1);
        put(k, axon, tick + delay);
        if (sf_model_inject(m, k, axon, delay) != SF_OK) ck_abort_msg("an event was refused");
      }
      reference_step(net, tick);
      compare(net, m, sf_model_step(m), seed);
    }
    sf_model_reset(m);
  }
  sf_model_free(m);
  sf_network_free(net);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("model_random");
  TCase *tests = tcase_create("random");
  tcase_set_timeout(tests, 120);
  suite_add_tcase(suite, tests);
  tcase_add_loop_test(tests, random_networks_match_the_reference, 0, CASES);
  return suite_run(suite);
}
