/* test_plasticity_random - cores that learn, on the functional model, against a second writing of cmodel/plasticity.md
 * in this file: every synapse of every sweep, nothing skipped, 128-bit integers, plain arrays, its own hash. Random
 * networks of 1 to 3 cores with random classes, profiles, rules, routes and traffic; between ticks a host that pokes,
 * asks, ends samples, changes rules and resets. Every spike, event, payload, weight and state word of every tick is
 * compared, with each kernel of this processor in turn. A failing case names its seed. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "draw.h"
#include "model/kernel.h"
#include "model/noise.h"
#include "suite.h"
#include "synfire/model.h"

typedef __int128 wide;

enum { CASES = 360, TICKS = 24, CORES = 3, MAX_A = 80, MAX_N = 640, MAX_EVENTS = 60000 };

/* ---- random networks ---------------------------------------------------------------------------------------- */

static int32_t decay(void) { return one_in(3) ? 0 : one_in(5) ? 4096 : one_in(2) ? between(1, 400) : between(0, 4096); }

static void draw_profile(const sf_core_net *c, sf_profile *p) {
  const int64_t hi = (1 << (c->potential_bits - 1)) - 1, lo = -hi - 1;
  p->v_decay = one_in(3) ? 0 : between(0, 4096);
  p->u_decay = c->has_current ? between(0, 4096) : 0;
  p->weight_shift = one_in(2) ? 0 : between(0, 7);
  p->v_reset = value(lo, hi);
  p->reset_mode = between(0, 2);
  if (one_in(3)) p->v_floor = value(lo, hi);
  p->floor_mode = between(0, 2);
  p->refractory = c->has_refractory && one_in(2) ? between(0, 4) : 0;
  p->a_inc = c->has_adaptation ? value(lo, hi) : 0;
  p->a_decay = c->has_adaptation ? between(0, 4096) : 0;
  p->noise_bits = c->has_noise && one_in(2) ? between(0, c->potential_bits < 16 ? c->potential_bits : 16) : 0;
}

static void draw_learn_profile(const sf_core_net *c, sf_learn_profile *p) {
  const int32_t top = (1 << c->learning->trace_bits) - 1, w_hi = (1 << (c->weight_bits - 1)) - 1;
  p->learn_class = between(0, one_in(2) ? 2 : 15);
  p->y_keep = one_in(2);
  p->y1_decay = decay();
  p->y1_source = one_in(2) ? 0 : between(0, 8);
  p->y1_mode = between(0, 1);
  p->y1_step = one_in(2) ? between(0, top) : between(0, 9 < top ? 9 : top);
  p->y2_decay = decay();
  p->y2_source = one_in(2) ? 0 : between(0, 8);
  p->y2_mode = between(0, 2);
  p->y2_step = p->y2_mode == 2 ? between(0, top < 16 ? top : 16) : between(0, top);
  p->xi_noise = c->has_noise && one_in(2);
  p->third = between(0, 2);
  p->clamp = value(0, (1 << (c->potential_bits - 1)) - 1);
  p->one_sided = one_in(2);
  p->third_shift = one_in(8) ? 31 : between(0, 8);
  p->sends = one_in(2);
  p->w_min = one_in(2) ? -w_hi - 1 : between(-w_hi - 1, w_hi);
  p->w_max = one_in(2) ? w_hi : between(p->w_min, w_hi);
  if (p->w_max < p->w_min) p->w_max = p->w_min;
  p->decay_shift = one_in(3) ? 0 : between(1, 15);
  p->prune = one_in(2) ? 0 : between(0, w_hi + 1);
  p->regrow = one_in(3) ? 0 : one_in(3) ? 65535 : between(0, 65535);
  p->regrow_random = one_in(2);
  p->w0 = between(0, w_hi);
}

static void draw_class(const sf_core_net *c, sf_axon_class *k, int32_t kind) {
  const int32_t top = (1 << c->learning->trace_bits) - 1;
  k->kind = kind;
  k->terms = one_in(2) ? 255 : between(0, 255);
  k->keep = one_in(2);
  k->x1_decay = decay();
  k->x1_mode = between(0, 1);
  k->x1_step = between(0, top);
  k->x2_decay = decay();
  k->x2_mode = between(0, 1);
  k->x2_step = between(0, one_in(2) ? 3 : top);
  k->twin = one_in(2) ? 0 : between(1, 2);
  k->twin_axon = 32 * between(0, one_in(4) ? 255 : 2);
  k->twin_neuron = 32 * between(0, one_in(4) ? 255 : 2);
  k->refresh = one_in(2);
  if (!c->learning->has_release) return;
  k->release = one_in(3) ? 0 : between(0, 4096);
  k->release_decay = decay();
  k->depletion = between(0, 4096);
  k->recovery = decay();
}

/* A term that is too wide loses bits of c, then its H; then s, the smallest one often. */
static void fit(const sf_core_net *c, sf_term *t) {
  const int32_t tb = (int32_t)c->learning->trace_bits, wb = (int32_t)c->weight_bits, wide_weights = wb == 16;
  const int32_t f[7] = {0, 0, tb, tb, tb, tb, 7}, g[8] = {0, 0, tb, tb, 7, 0, 7, 0}, h[6] = {0, wb, wb, wb, 0, 0};
  const int32_t row = (tb > 9 ? tb + 8 : 17) + 16 * wide_weights, neuron = (tb > 8 ? 2 * tb : 17) + 8 * wide_weights;
  for (;;) {
    int32_t bits = 0;
    while (abs(t->c) >> bits != 0) bits++;
    const int32_t a = row - bits - f[t->f] - h[t->h], b = neuron - g[t->g1] - g[t->g2];
    if (a >= 0) {
      const int32_t least = 24 - a - b > 0 ? 24 - a - b : 0;
      t->s = one_in(3) ? least : between(least, 24);
      return;
    }
    if (bits > 1) t->c /= 2;
    else t->h = SF_H_ONE;
  }
}

static void draw_rule(const sf_core_net *c, sf_rule *rule) {
  const int64_t vb = 1 << (c->potential_bits - 1);
  const int32_t top = 1 << c->learning->trace_bits;
  rule->n_terms = (uint32_t)between(0, 8);
  for (int k = 0; k < SF_PREDICATES; k++) {
    sf_predicate *p = &rule->predicate[k];
    p->q = between(0, 2);
    const int64_t lo = p->q == 0 ? -vb : 0, hi = p->q == 0 ? vb : top;
    p->lo = one_in(4) ? (int32_t)lo : value(lo, hi);
    p->hi = one_in(4) ? (int32_t)hi : value(lo, hi);
  }
  for (uint32_t k = 0; k < rule->n_terms; k++) {
    sf_term *t = &rule->term[k];
    t->c = one_in(4) ? (one_in(2) ? -128 : 127) : between(-20, 20);
    t->f = between(0, 6);
    t->g1 = between(0, 7);
    t->g2 = one_in(2) ? 0 : between(0, 7);
    t->when1 = one_in(2) ? 0 : between(0, 8);
    t->when2 = one_in(2) ? 0 : between(0, 8);
    t->h = one_in(2) ? 0 : between(0, 5);
    fit(c, t);
    t->axon_classes = one_in(2) ? 65535 : between(0, 65535);
    t->learn_classes = one_in(2) ? 65535 : between(0, 65535);
  }
}

static void draw_learning(sf_core_net *c) {
  sf_learning *l = c->learning;
  l->trace_bits = (uint32_t)(one_in(4) ? (one_in(2) ? 3 : 16) : between(3, 16));
  l->modulatory = (uint32_t)(one_in(3) ? 0 : between(0, c->axons));
  l->has_release = one_in(3);
  l->interval = (uint32_t)(one_in(4) ? 0 : between(1, 4));
  l->interval_terms = (uint32_t)(one_in(2) ? 255 : between(0, 255));
  l->refresh_interval = (uint32_t)(one_in(2) ? 0 : between(1, 9));
  l->random_bits = (uint32_t)(one_in(4) ? 0 : one_in(3) ? 16 : between(0, 16));
  for (int k = 0; k < SF_AXON_CLASSES; k++) draw_class(c, &l->axon_class[k], k < 10 ? SF_AXON_DATA : k - 10 + (k < 15));
  for (uint32_t k = 0; k < c->n_profiles; k++) draw_learn_profile(c, &l->profile[k]);
  draw_rule(c, &l->rule);
  for (uint32_t i = 0; i < c->axons; i++) {
    const bool modulatory = i >= c->axons - l->modulatory;
    l->class_of[i] = (uint8_t)(modulatory || !one_in(4) ? between(0, 9) : between(10, 15));
  }
  for (uint32_t i = 0; i < c->n_routes; i++) l->payload[i] = one_in(3);
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
  for (uint32_t i = 0; i < c->axons; i++)
    for (uint32_t j = 0; j < c->neurons; j++)
      if (!one_in(4)) sf_core_set_weight(c, i, j, between(one_in(6) ? w_hi : w_lo, w_hi));
}

static sf_network *draw(uint64_t seed) {
  random_state = seed;
  sf_network *net = sf_network_new((uint32_t)(one_in(2) ? 1 : between(1, CORES)));
  ck_assert_ptr_nonnull(net);
  net->seed = (uint32_t)random_bits();
  for (uint32_t k = 0; k < net->n_cores; k++) {
    sf_core_net *c = &net->core[k];
    c->axons = (uint32_t)(one_in(4) ? between(1, 3) : between(1, one_in(4) ? MAX_A : 30));
    c->neurons = (uint32_t)(one_in(4) ? between(1, 3) : between(1, one_in(8) ? MAX_N : 70));
    c->weight_bits = 2u << between(0, 3);
    c->potential_bits = (uint32_t)(one_in(3) ? (one_in(2) ? 8 : 24) : between(8, 24));
    c->delay_slots = 1u << between(1, 5);
    c->n_profiles = (uint32_t)between(1, c->neurons < 8 ? c->neurons : 8);
    c->n_routes = (uint32_t)(one_in(5) ? 0 : between(0, 100));
    c->has_current = one_in(3);
    c->has_refractory = one_in(3);
    c->has_adaptation = one_in(3);
    c->has_noise = one_in(2);
    ck_assert_int_eq(sf_core_net_alloc(c, NULL), SF_OK);
    if (k == 0 || !one_in(4)) ck_assert_int_eq(sf_learning_new(c, NULL), SF_OK);
    draw_core(c);
  }
  for (uint32_t k = 0; k < net->n_cores; k++) {
    sf_core_net *c = &net->core[k];
    for (uint32_t i = 0; i < c->n_routes; i++) {
      const int32_t to = between(-1, net->n_cores - 1);
      const sf_core_net *d = to < 0 ? c : &net->core[to];
      c->routes[i] = (sf_route){(uint32_t)between(0, c->neurons - 1), to, (uint32_t)between(0, d->axons - 1),
                                (uint32_t)between(1, d->delay_slots - 1)};
    }
    if (c->learning != NULL) draw_learning(c);
  }
  return net;
}

/* ---- the reference ------------------------------------------------------------------------------------------ */

typedef struct reference {
  bool event[32][MAX_A]; /* by tick mod 32: deeper than any delay */
  int e[32][MAX_A];
  int w[MAX_A][MAX_N];
  int v[MAX_N], u[MAX_N], r[MAX_N], a[MAX_N];
  int x0[MAX_A], x1[MAX_A], x2[MAX_A], use[MAX_A], q[MAX_A];
  int y0[MAX_N], y1[MAX_N], y2[MAX_N], m[MAX_N], xi[MAX_N];
  wide x[MAX_N], d[MAX_N];
  bool spike[MAX_N], active[MAX_A];
  int reward;
  uint32_t draw, seed;
  sf_learning l;
  sf_learn_profile profile[8];
  bool ask_sweep, ask_refresh, held;
  uint32_t ask_terms;
  int64_t fresh;
  bool sends, ends;
  uint64_t pruned, grown, met, not_released, merges, changed, synapses;
} reference;

static reference ref[CORES];
static sf_event ref_spike[MAX_EVENTS], ref_out[MAX_EVENTS];
static sf_payload ref_payload[MAX_EVENTS];
static uint32_t n_spikes, n_out, n_payloads;

static wide clamp(wide x, wide lo, wide hi) { return x < lo ? lo : x > hi ? hi : x; }
static wide saturate(wide x, unsigned bits) {
  const wide hi = ((wide)1 << (bits - 1)) - 1;
  return clamp(x, -hi - 1, hi);
}
static wide floor_div(wide x, wide by) { return x >= 0 ? x / by : -((-x + by - 1) / by); }
static wide trunc0_4096(wide x) { return x < 0 ? -(-x / 4096) : x / 4096; }
static int sat7(wide x) { return (int)clamp(x, -127, 127); }

/* The hash, rotation by rotation as the page has it. */
static uint32_t rotate_left(uint32_t x, unsigned n) {
  for (unsigned i = 0; i < n; i++) x = (x << 1) | (x >> 31);
  return x;
}
static void word(uint32_t seed, uint32_t p, uint32_t T, uint32_t i, uint32_t of[2]) {
  of[0] = T;
  of[1] = i ^ p * 65536u;
  for (uint32_t n = 0; n < 8; n++) {
    of[0] = (rotate_left(of[0], 24) + of[1]) ^ (seed ^ (n + 1) * 0x9E3779B9u);
    of[1] = rotate_left(of[1], 3) ^ of[0];
  }
}
static uint32_t spread(const uint32_t of[2], uint32_t n) {
  uint32_t out = 0;
  for (uint32_t l = 0; l < 16; l++) out |= ((of[0] >> ((l + 32 - n) % 32) ^ of[1] >> ((l + n) % 32)) & 1u) << l;
  return out;
}
static uint32_t number(uint32_t seed, uint32_t p, uint32_t T, uint32_t i, uint32_t j) {
  uint32_t row[2], block[2];
  word(seed, p, T, i, row);
  word(seed, p + 16, T, j / 32, block);
  row[0] ^= block[0];
  row[1] ^= block[1];
  for (int n = 0; n < 2; n++) {
    row[0] = rotate_left(row[0], 24) + row[1];
    row[1] = rotate_left(row[1], 3) ^ row[0];
  }
  return spread(row, j % 32);
}
/* Of a neuron, or of one side of a twin, without a row. */
static uint32_t of_column(uint32_t seed, uint32_t p, uint32_t T, uint32_t j) {
  uint32_t of[2];
  word(seed, p, T, j / 32, of);
  return spread(of, j % 32);
}

static bool learns(const sf_network *net, uint32_t k) { return net->core[k].learning != NULL; }
static bool is_modulatory(const sf_network *net, uint32_t k, uint32_t i) {
  return learns(net, k) && i >= net->core[k].axons - ref[k].l.modulatory;
}
static const sf_axon_class *class_of(const sf_network *net, uint32_t k, uint32_t i) {
  return &ref[k].l.axon_class[net->core[k].learning->class_of[i]];
}
static const sf_learn_profile *profile_of(const sf_network *net, uint32_t k, uint32_t j) {
  return &ref[k].profile[net->core[k].profile[j]];
}

static void put(const sf_network *net, uint32_t k, uint32_t axon, uint32_t tick, int payload) {
  bool *event = &ref[k].event[tick % 32][axon];
  if (*event) ref[k].merges++;
  if (is_modulatory(net, k, axon)) {
    int *e = &ref[k].e[tick % 32][axon];
    *e = sat7(*e + sat7(payload));
    if (*event) ref[k].met++;
  }
  *event = true;
}

static void start(const sf_network *net, bool again) {
  for (uint32_t k = 0; k < net->n_cores; k++) {
    reference *c = &ref[k];
    const sf_core_net *n = &net->core[k];
    reference before = *c;
    memset(c, 0, sizeof *c);
    for (uint32_t i = 0; i < n->axons; i++)
      for (uint32_t j = 0; j < n->neurons; j++) c->w[i][j] = again ? before.w[i][j] : sf_core_weight(n, i, j);
    c->seed = net->seed + k * 0x9E3779B9u;
    c->fresh = -1;
    for (uint32_t j = 0; j < n->neurons; j++) {
      c->v[j] = n->v_init[j];
      c->u[j] = n->u_init[j];
      c->xi[j] = 1;
    }
    if (!learns(net, k)) continue;
    c->l = again ? before.l : *n->learning;
    c->draw = again ? before.draw : 0;
    c->held = again && before.held;
    for (uint32_t p = 0; p < n->n_profiles; p++) c->profile[p] = again ? before.profile[p] : n->learning->profile[p];
  }
}

/* The neuron equation. */
static void neuron(const sf_network *net, uint32_t k, uint32_t j, uint32_t tick, wide s) {
  const sf_core_net *n = &net->core[k];
  reference *c = &ref[k];
  const sf_profile *p = &n->profiles[n->profile[j]];
  const unsigned vb = n->potential_bits;
  wide drive = s * ((wide)1 << p->weight_shift);
  if (n->has_current) {
    drive = saturate(trunc0_4096((wide)c->u[j] * (4096 - p->u_decay)) + drive, vb);
    c->u[j] = (int)drive;
  }
  const wide top = (wide)n->threshold[j] + c->a[j];
  bool spike = false;
  wide x = p->v_reset;
  if (c->r[j] > 0) {
    c->r[j]--;
    c->v[j] = p->v_reset;
  } else {
    wide noise = 0;
    if (p->noise_bits > 0) {
      const int half = 1 << (p->noise_bits - 1);
      noise = (int)(sf_noise_hash(c->seed, tick, 0, j) % (1u << p->noise_bits)) - half;
      if (learns(net, k) && profile_of(net, k, j)->xi_noise) noise = c->xi[j] * half;
    }
    x = trunc0_4096((wide)c->v[j] * (4096 - p->v_decay)) + drive + n->bias[j] + noise;
    spike = x >= top;
    wide v = x;
    if (spike) {
      if (p->reset_mode == 0) v = p->v_reset;
      if (p->reset_mode == 1) v = x - n->threshold[j];
      c->r[j] = p->refractory;
    } else if (x < p->v_floor) {
      v = p->floor_mode == 0 ? p->v_floor : p->floor_mode == 1 ? p->v_floor_reset : x - p->v_floor;
    }
    c->v[j] = (int)saturate(v, vb);
  }
  c->x[j] = x;
  c->d[j] = saturate(x - top, vb);
  if (n->has_adaptation) {
    const wide a = c->a[j];
    c->a[j] = (int)saturate(a - trunc0_4096(a * p->a_decay) + (spike ? p->a_inc : 0), vb);
  }
  c->spike[j] = spike;
}

/* Step 1. */
static void sums_and_neurons(const sf_network *net, uint32_t k, uint32_t tick) {
  const sf_core_net *n = &net->core[k];
  reference *c = &ref[k];
  for (uint32_t i = 0; i < n->axons; i++) {
    c->active[i] = c->event[tick % 32][i];
    if (!c->active[i] || !learns(net, k) || !c->l.has_release || class_of(net, k, i)->release == 0) continue;
    const sf_axon_class *of = class_of(net, k, i);
    c->use[i] += (int)floor_div((wide)(4096 - c->use[i]) * of->release, 4096);
    const int p = (int)floor_div((wide)c->use[i] * (4096 - c->q[i]), 4096);
    uint32_t drawn[2];
    word(c->seed, 7, tick, i, drawn);
    if ((int)(drawn[0] & 4095) < p) {
      c->q[i] += (int)floor_div((wide)(4096 - c->q[i]) * of->depletion, 4096);
    } else {
      c->active[i] = false;
      c->e[tick % 32][i] = 0;
      c->not_released++;
    }
  }
  for (uint32_t j = 0; j < n->neurons; j++) {
    wide s = 0;
    for (uint32_t i = 0; i < n->axons; i++) {
      const bool adds = !learns(net, k) || (class_of(net, k, i)->kind == SF_AXON_DATA && !is_modulatory(net, k, i));
      if (c->active[i] && adds) s += c->w[i][j];
    }
    neuron(net, k, j, tick, s);
  }
}

static bool holds(const reference *c, int k, uint32_t j) {
  const sf_predicate *p = &c->l.rule.predicate[k];
  const wide q = p->q == 0 ? c->d[j] : p->q == 1 ? c->y1[j] : c->y2[j];
  return p->lo <= q && q < p->hi;
}
static bool condition(const reference *c, int when, uint32_t j) {
  if (when == 0) return true;
  return when <= 4 ? holds(c, when - 1, j) : !holds(c, when - 5, j);
}
static bool source(const reference *c, int from, uint32_t j) { return from == 0 ? c->spike[j] : condition(c, from, j); }

static void third_factors(const sf_network *net, uint32_t k, uint32_t tick) {
  const sf_core_net *n = &net->core[k];
  reference *c = &ref[k];
  bool any = false;
  for (uint32_t i = 0; i < n->axons; i++) any |= c->active[i] && is_modulatory(net, k, i);
  for (uint32_t j = 0; j < n->neurons; j++) {
    const sf_learn_profile *p = profile_of(net, k, j);
    wide s = 0, modulation = 0;
    for (uint32_t i = 0; i < n->axons; i++) {
      if (!c->active[i]) continue;
      if (class_of(net, k, i)->kind == SF_AXON_TARGET_PLUS) s += c->w[i][j];
      if (class_of(net, k, i)->kind == SF_AXON_TARGET_MINUS) s -= c->w[i][j];
      if (is_modulatory(net, k, i)) modulation += (wide)c->w[i][j] * c->e[tick % 32][i];
    }
    const wide by = (wide)1 << p->third_shift;
    if (p->third == SF_THIRD_CLAMP && s > 0) {
      c->m[j] = sat7(floor_div(p->clamp - c->x[j], by));
      if (p->one_sided && c->m[j] < 0) c->m[j] = 0;
    }
    if (p->third == SF_THIRD_CLAMP && s < 0) {
      c->m[j] = sat7(floor_div(-p->clamp - c->x[j], by));
      if (p->one_sided && c->m[j] > 0) c->m[j] = 0;
    }
    if (p->third == SF_THIRD_MODULATORY && any) c->m[j] = sat7(floor_div(modulation, by));
  }
}

static wide factor_g(const reference *c, int g, uint32_t j) {
  const int sign = c->m[j] > 0 ? 1 : c->m[j] < 0 ? -1 : 0;
  const int of[8] = {1, c->y0[j], c->y1[j], c->y2[j], c->m[j], sign, c->reward, c->xi[j]};
  return of[g];
}

static uint32_t rounding(const sf_network *net, uint32_t k, uint32_t tick, uint32_t i, uint32_t j) {
  const reference *c = &ref[k];
  const sf_axon_class *of = class_of(net, k, i);
  if (of->twin == 0) return number(c->seed, 1, tick, i, j);
  const uint32_t row = (i - (uint32_t)of->twin_axon) & 0xffff, column = (j - (uint32_t)of->twin_neuron) & 0xffff;
  const uint32_t n = of->twin == 1 ? row : column, o = of->twin == 1 ? column : row;
  return of_column(c->seed, 8, tick, n) ^ of_column(c->seed, 9, tick, o);
}

static void sweep(const sf_network *net, uint32_t k, uint32_t tick, uint32_t terms) {
  const sf_core_net *n = &net->core[k];
  reference *c = &ref[k];
  for (uint32_t i = 0; i < n->axons; i++)
    for (uint32_t j = 0; j < n->neurons; j++) {
      const sf_learn_profile *p = profile_of(net, k, j);
      const int w = c->w[i][j];
      wide delta = 0;
      bool live = false;
      for (uint32_t t = 0; t < c->l.rule.n_terms; t++) {
        const sf_term *of = &c->l.rule.term[t];
        if (!(terms >> t & 1) || !(of->axon_classes >> n->learning->class_of[i] & 1) ||
            !(of->learn_classes >> p->learn_class & 1))
          continue;
        const wide f[7] = {1,
                           c->x0[i],
                           c->x1[i],
                           c->x2[i],
                           c->x0[i] * c->x1[i],
                           c->x0[i] * c->x2[i],
                           is_modulatory(net, k, i) ? c->e[tick % 32][i] : 0};
        wide g = factor_g(c, of->g1, j) * factor_g(c, of->g2, j);
        if (!condition(c, of->when1, j) || !condition(c, of->when2, j)) g = 0;
        const wide h[6] = {1,
                           w,
                           p->w_max - w,
                           w - p->w_min,
                           w > 0 ? 1 : w < 0 ? -1 : 0,
                           number(c->seed, 2, c->draw, i, j) >> 15 ? 1 : -1};
        delta += of->c * f[of->f] * g * h[of->h] * ((wide)1 << (24 - of->s));
        live |= of->c * f[of->f] * g != 0;
      }
      const uint32_t bits = c->l.random_bits, r = rounding(net, k, tick, i, j);
      const wide rho = bits == 0 ? (wide)1 << 23 : (wide)(r >> (16 - bits)) << (24 - bits);
      const wide inc = floor_div(delta + rho, (wide)1 << 24);
      if (inc != 0) c->w[i][j] = (int)clamp(w + inc, p->w_min, p->w_max);
      c->synapses += live;
      c->changed += c->w[i][j] != w;
    }
}

static int fresh_weight(const sf_learn_profile *p, bool random, uint32_t r5) {
  const wide w = random ? floor_div((wide)r5 * (2 * p->w0 + 1), 65536) - p->w0 : p->w0;
  return (int)clamp(w, p->w_min, p->w_max);
}

static void refresh(const sf_network *net, uint32_t k, uint32_t tick, int64_t fresh) {
  const sf_core_net *n = &net->core[k];
  reference *c = &ref[k];
  for (uint32_t i = 0; i < n->axons; i++)
    for (uint32_t j = 0; j < n->neurons; j++) {
      const sf_learn_profile *p = profile_of(net, k, j);
      int *w = &c->w[i][j];
      const uint32_t r5 = number(c->seed, 5, tick, i, j);
      if (!class_of(net, k, i)->refresh) continue;
      if (fresh >= 0) {
        if (j == fresh) *w = fresh_weight(p, true, r5);
        continue;
      }
      const int size = abs(*w);
      if (p->decay_shift > 0) {
        const int g = (int)floor_div(((wide)size << (16 - p->decay_shift)) + number(c->seed, 3, tick, i, j), 65536);
        *w = *w < 0 ? -(size - g) : size - g;
      }
      if (*w != 0 && abs(*w) < p->prune) {
        *w = 0;
        c->pruned++;
      }
      if (*w == 0 && p->regrow > 0 && (int)number(c->seed, 4, tick, i, j) < p->regrow) {
        *w = fresh_weight(p, p->regrow_random, r5);
        c->grown++;
      }
    }
}

static int fade(int v, int by) { return (int)trunc0_4096((wide)v * (4096 - by)); }
static int feed(int v, int mode, int step, int top) { return mode == 1 ? step : v + step < top ? v + step : top; }

static void learn(const sf_network *net, uint32_t k, uint32_t tick) {
  const sf_core_net *n = &net->core[k];
  reference *c = &ref[k];
  const int top = (1 << c->l.trace_bits) - 1;
  uint32_t terms = c->ask_sweep ? c->ask_terms : 0;
  bool any = c->ask_sweep;
  for (uint32_t i = 0; i < n->axons; i++) {
    const sf_axon_class *of = class_of(net, k, i);
    c->x0[i] |= c->active[i];
    c->x1[i] = fade(c->x1[i], of->x1_decay);
    c->x2[i] = fade(c->x2[i], of->x2_decay);
    c->use[i] = fade(c->use[i], of->release_decay);
    c->q[i] = fade(c->q[i], of->recovery);
    if (!c->active[i] || of->kind != SF_AXON_LEARN) continue;
    any = true;
    terms |= (uint32_t)of->terms;
  }
  for (uint32_t j = 0; j < n->neurons; j++) {
    c->y0[j] |= c->spike[j];
    c->y1[j] = fade(c->y1[j], profile_of(net, k, j)->y1_decay);
    c->y2[j] = fade(c->y2[j], profile_of(net, k, j)->y2_decay);
  }
  third_factors(net, k, tick);
  if (c->l.interval > 0 && (tick + 1) % c->l.interval == 0) {
    any = true;
    terms |= c->l.interval_terms;
  }
  if (any) {
    if (!c->held) sweep(net, k, tick, terms);
    memset(c->x0, 0, sizeof c->x0);
    memset(c->y0, 0, sizeof c->y0);
  }
  const bool due = c->l.refresh_interval > 0 && (tick + 1) % c->l.refresh_interval == 0;
  if ((due || c->ask_refresh) && !c->held) refresh(net, k, tick, -1);
  if (c->fresh >= 0 && !c->held) refresh(net, k, tick, c->fresh);
  c->ask_sweep = c->ask_refresh = false;
  c->ask_terms = 0;
  c->fresh = -1;
  for (uint32_t j = 0; j < n->neurons; j++) {
    const sf_learn_profile *p = profile_of(net, k, j);
    const bool feeds1 = source(c, p->y1_source, j), feeds2 = source(c, p->y2_source, j);
    if (feeds2) c->y2[j] = feed(c->y2[j], p->y2_mode, p->y2_mode == 2 ? c->y1[j] >> p->y2_step : p->y2_step, top);
    if (feeds1) c->y1[j] = feed(c->y1[j], p->y1_mode, p->y1_step, top);
  }
  c->sends = c->ends = false;
  for (uint32_t i = 0; i < n->axons; i++) {
    const sf_axon_class *of = class_of(net, k, i);
    if (!c->active[i]) continue;
    c->x1[i] = feed(c->x1[i], of->x1_mode, of->x1_step, top);
    c->x2[i] = feed(c->x2[i], of->x2_mode, of->x2_step, top);
    c->sends |= of->kind == SF_AXON_SEND;
    c->ends |= of->kind == SF_AXON_END;
  }
}

static void end_sample(const sf_network *net, uint32_t k, uint32_t T) {
  const sf_core_net *n = &net->core[k];
  reference *c = &ref[k];
  memset(c->event, 0, sizeof c->event);
  memset(c->e, 0, sizeof c->e);
  for (uint32_t i = 0; i < n->axons; i++) {
    c->x0[i] = 0;
    if (!class_of(net, k, i)->keep) c->x1[i] = c->x2[i] = 0;
  }
  for (uint32_t j = 0; j < n->neurons; j++) {
    c->v[j] = c->u[j] = c->r[j] = c->m[j] = c->y0[j] = 0;
    if (!profile_of(net, k, j)->y_keep) c->y1[j] = c->y2[j] = 0;
    c->xi[j] = of_column(c->seed, 6, T, j) >> 15 ? 1 : -1;
  }
}

static void routes(const sf_network *net, uint32_t k, uint32_t tick, bool payloads) {
  const sf_core_net *n = &net->core[k];
  for (uint32_t j = 0; j < n->neurons; j++) {
    if (payloads ? ref[k].m[j] == 0 || !profile_of(net, k, j)->sends : !ref[k].spike[j]) continue;
    const int m = payloads ? ref[k].m[j] : 0;
    for (uint32_t q = 0; q < n->n_routes; q++) {
      const sf_route *r = &n->routes[q];
      if (r->neuron != j || (learns(net, k) && n->learning->payload[q]) != payloads) continue;
      if (r->core >= 0) put(net, (uint32_t)r->core, r->axon, tick + r->delay, m);
      else if (payloads) ref_payload[n_payloads++] = (sf_payload){k, j, m};
      else ref_out[n_out++] = (sf_event){k, j};
    }
  }
}

static void reference_step(const sf_network *net, uint32_t tick) {
  n_spikes = n_out = n_payloads = 0;
  for (uint32_t k = 0; k < net->n_cores; k++) {
    sums_and_neurons(net, k, tick);
    if (learns(net, k)) learn(net, k, tick);
    for (uint32_t j = 0; j < net->core[k].neurons; j++)
      if (ref[k].spike[j]) ref_spike[n_spikes++] = (sf_event){k, j};
    memset(ref[k].event[tick % 32], 0, sizeof ref[k].event[0]);
    memset(ref[k].e[tick % 32], 0, sizeof ref[k].e[0]);
  }
  for (uint32_t k = 0; k < net->n_cores; k++) routes(net, k, tick, false);
  for (uint32_t k = 0; k < net->n_cores; k++)
    if (learns(net, k) && ref[k].sends) routes(net, k, tick, true);
  for (uint32_t k = 0; k < net->n_cores; k++)
    if (learns(net, k) && ref[k].ends) end_sample(net, k, tick);
}

/* ---- the host ----------------------------------------------------------------------------------------------- */

static void good(sf_err err) {
  if (err) ck_abort_msg("a call was refused");
}

static void host(const sf_network *net, sf_model *m, uint32_t tick) {
  const uint32_t k = (uint32_t)between(0, net->n_cores - 1);
  const sf_core_net *n = &net->core[k];
  reference *c = &ref[k];
  const uint32_t i = (uint32_t)between(0, n->axons - 1), j = (uint32_t)between(0, n->neurons - 1);
  if (!learns(net, k)) return;
  const int top = (1 << c->l.trace_bits) - 1;
  switch (between(0, 15)) {
    case 0:
      c->ask_sweep = true;
      const uint32_t terms = (uint32_t)between(0, 255);
      c->ask_terms |= terms;
      good(sf_model_ask_sweep(m, k, terms));
      break;
    case 1:
      c->ask_refresh = true;
      good(sf_model_ask_refresh(m, k));
      break;
    case 2:
      c->fresh = j;
      good(sf_model_ask_fresh_unit(m, k, j));
      break;
    case 3:
      end_sample(net, k, tick);
      good(sf_model_end_sample(m, k));
      break;
    case 4:
      draw_rule(n, &c->l.rule);
      good(sf_model_set_rule(m, k, &c->l.rule, NULL));
      break;
    case 5: {
      const uint32_t p = (uint32_t)between(0, n->n_profiles - 1);
      draw_learn_profile(n, &c->profile[p]);
      good(sf_model_poke_learn_profile(m, k, p, &c->profile[p], NULL));
      break;
    }
    case 6:
      c->reward = between(-128, 127);
      good(sf_model_poke_register(m, k, SF_REWARD, c->reward));
      c->reward = sat7(c->reward);
      break;
    case 7:
      c->draw = (uint32_t)random_bits();
      good(sf_model_poke_register(m, k, SF_DRAW, c->draw));
      break;
    case 8:
      c->l.interval = (uint32_t)between(0, 5);
      c->l.interval_terms = (uint32_t)between(0, 255);
      c->l.refresh_interval = (uint32_t)between(0, 5);
      c->l.random_bits = (uint32_t)between(0, 16);
      good(sf_model_poke_register(m, k, SF_INTERVAL, c->l.interval));
      good(sf_model_poke_register(m, k, SF_INTERVAL_TERMS, c->l.interval_terms));
      good(sf_model_poke_register(m, k, SF_REFRESH_INTERVAL, c->l.refresh_interval));
      good(sf_model_poke_register(m, k, SF_RANDOM_BITS, c->l.random_bits));
      break;
    case 9:
      c->x0[i] = one_in(2);
      c->x1[i] = between(0, top);
      c->x2[i] = between(0, top);
      good(sf_model_poke_axon(m, k, i, SF_X0, c->x0[i]));
      good(sf_model_poke_axon(m, k, i, SF_X1, c->x1[i]));
      good(sf_model_poke_axon(m, k, i, SF_X2, c->x2[i]));
      break;
    case 10:
      c->y0[j] = one_in(2);
      c->y1[j] = between(0, top);
      c->y2[j] = between(0, top);
      c->xi[j] = one_in(2) ? 1 : -1;
      good(sf_model_poke_learn(m, k, j, SF_Y0, c->y0[j]));
      good(sf_model_poke_learn(m, k, j, SF_Y1, c->y1[j]));
      good(sf_model_poke_learn(m, k, j, SF_Y2, c->y2[j]));
      good(sf_model_poke_learn(m, k, j, SF_XI, c->xi[j]));
      break;
    case 11: {
      const bool on = !one_in(3);
      for (uint32_t q = 0; q < net->n_cores; q++) ref[q].held = !on;
      sf_model_set_learning(m, on);
      break;
    }
    case 12:
      if (!c->l.has_release) break;
      c->use[i] = between(0, 4096);
      c->q[i] = between(0, 4096);
      good(sf_model_poke_axon(m, k, i, SF_USE, c->use[i]));
      good(sf_model_poke_axon(m, k, i, SF_MISSING, c->q[i]));
      break;
    default:
      for (uint32_t q = 0; q < n->neurons; q += (uint32_t)between(1, 9)) {
        c->m[q] = between(-128, 127);
        good(sf_model_poke_learn(m, k, q, SF_M, c->m[q]));
        c->m[q] = sat7(c->m[q]);
      }
  }
}

static void traffic(const sf_network *net, sf_model *m, uint32_t tick) {
  const int events = one_in(3) ? between(0, 60) : between(0, 9);
  for (int n = 0; n < events; n++) {
    const uint32_t k = (uint32_t)between(0, net->n_cores - 1), i = (uint32_t)between(0, net->core[k].axons - 1);
    const uint32_t delay = (uint32_t)(one_in(2) ? 0 : between(0, net->core[k].delay_slots - 1));
    const int payload = between(-128, 127);
    const bool with = is_modulatory(net, k, i) ? !one_in(6) : one_in(2);
    put(net, k, i, tick + delay, with ? payload : 0);
    good(with ? sf_model_inject_payload(m, k, i, delay, payload) : sf_model_inject(m, k, i, delay));
  }
  if (!one_in(4)) return;
  uint64_t bits[2] = {random_bits() & random_bits() & random_bits(), random_bits() & random_bits()};
  const uint32_t axons = net->core[0].axons;
  if (axons < 64) bits[0] &= ((uint64_t)1 << axons) - 1;
  if (axons > 64) bits[1] &= ((uint64_t)1 << (axons - 64)) - 1;
  for (uint32_t i = 0; i < axons; i++)
    if (bits[i / 64] >> i % 64 & 1) put(net, 0, i, tick + 1, 0);
  good(sf_model_inject_bits(m, 0, bits, 1));
}

/* ---- comparison --------------------------------------------------------------------------------------------- */

static uint64_t case_seed;
static void same(int64_t got, int64_t want, const char *what, uint32_t tick, uint32_t k, uint32_t at) {
  if (got != want)
    ck_abort_msg("seed %llu tick %u core %u: %s of %u: %lld, reference %lld", (unsigned long long)case_seed, tick, k,
                 what, at, (long long)got, (long long)want);
}

static void compare_learning(const sf_network *net, const sf_model *m, uint32_t tick, uint32_t k) {
  const sf_core_net *n = &net->core[k];
  const reference *c = &ref[k];
  for (uint32_t i = 0; i < n->axons; i++) {
    const int want[5] = {c->x0[i], c->x1[i], c->x2[i], c->use[i], c->q[i]};
    static const char *const name[5] = {"x0", "x1", "x2", "u", "q"};
    int32_t got = 0;
    for (int f = 0; f < 5; f++) {
      good(sf_model_peek_axon(m, k, i, (sf_axon_field)f, &got));
      same(got, want[f], name[f], tick, k, i);
    }
    for (uint32_t s = 0; is_modulatory(net, k, i) && s < n->delay_slots; s++) {
      good(sf_model_peek_payload(m, k, i, s, &got));
      same(got, c->e[(tick + 1 + s) % 32][i], "e", tick, k, i);
    }
  }
  for (uint32_t j = 0; j < n->neurons; j++) {
    const int64_t want[7] = {c->y0[j], c->y1[j], c->y2[j], c->m[j], c->xi[j], (int64_t)c->x[j], (int64_t)c->d[j]};
    static const char *const name[7] = {"y0", "y1", "y2", "m", "xi", "x", "d"};
    for (int f = 0; f < 7; f++) {
      int64_t got = 0;
      good(sf_model_peek_learn(m, k, j, (sf_learn_field)f, &got));
      same(got, want[f], name[f], tick, k, j);
    }
  }
  const sf_learn_counters got = sf_model_learn_counters(m, k);
  same((int64_t)got.synapses, (int64_t)c->synapses, "synapses", tick, k, 0);
  same((int64_t)got.changed, (int64_t)c->changed, "changed", tick, k, 0);
  same((int64_t)got.pruned, (int64_t)c->pruned, "pruned", tick, k, 0);
  same((int64_t)got.grown, (int64_t)c->grown, "grown", tick, k, 0);
  same((int64_t)got.payloads_met, (int64_t)c->met, "payloads met", tick, k, 0);
  same((int64_t)got.not_released, (int64_t)c->not_released, "not released", tick, k, 0);
}

static void compare(const sf_network *net, const sf_model *m, const sf_tick_result *t, bool weights) {
  const uint32_t tick = t->tick;
  same(t->n_spikes, n_spikes, "number of spikes", tick, 0, 0);
  same(t->n_out, n_out, "number of output events", tick, 0, 0);
  same(t->n_payloads, n_payloads, "number of payloads", tick, 0, 0);
  same(memcmp(t->spike, ref_spike, n_spikes * sizeof *ref_spike), 0, "spikes", tick, 0, 0);
  same(memcmp(t->out, ref_out, n_out * sizeof *ref_out), 0, "output events", tick, 0, 0);
  same(memcmp(t->payload, ref_payload, n_payloads * sizeof *ref_payload), 0, "payloads", tick, 0, 0);
  for (uint32_t k = 0; k < net->n_cores; k++) {
    const sf_core_net *n = &net->core[k];
    for (uint32_t j = 0; j < n->neurons; j++) {
      const int want[4] = {ref[k].v[j], ref[k].u[j], ref[k].r[j], ref[k].a[j]};
      static const char *const name[4] = {"v", "u", "r", "a"};
      for (int f = 0; f < 4; f++) {
        int32_t got = 0;
        good(sf_model_peek(m, k, j, (sf_field)(SF_V + f), &got));
        same(got, want[f], name[f], tick, k, j);
      }
    }
    for (uint32_t i = 0; weights && i < n->axons; i++)
      for (uint32_t j = 0; j < n->neurons; j++) {
        int32_t w = 0;
        good(sf_model_peek_weight(m, k, i, j, &w));
        same(w, ref[k].w[i][j], "weight", tick, k, 1000 * i + j);
      }
    same((int64_t)sf_model_counters(m, k).merges, (int64_t)ref[k].merges, "merges", tick, k, 0);
    if (learns(net, k)) compare_learning(net, m, tick, k);
  }
}

static void compare_export(const sf_network *net, const sf_model *m) {
  sf_network *to = draw(case_seed);
  good(sf_model_export(m, to, NULL));
  for (uint32_t k = 0; k < net->n_cores; k++)
    for (uint32_t i = 0; i < net->core[k].axons; i++)
      for (uint32_t j = 0; j < net->core[k].neurons; j++)
        same(sf_core_weight(&to->core[k], i, j), ref[k].w[i][j], "exported weight", 0, k, 1000 * i + j);
  sf_network_free(to);
}

static const char *const kernels[] = {"portable", "avx2", "avx512"};

START_TEST(random_rules_match_the_reference) {
  case_seed = 7000 + (uint64_t)_i;
  if (!sf_kernel_force(kernels[_i % 3])) return; /* not on this processor */
  sf_network *net = draw(case_seed);
  sf_model *m;
  sf_msg msg = {""};
  ck_assert_msg(sf_model_new(net, &m, &msg) == SF_OK, "seed %llu: %s", (unsigned long long)case_seed, msg.text);
  for (int run = 0; run < 2; run++) { /* the second from a reset, with the weights of the first */
    start(net, run > 0);
    const uint32_t first = one_in(4) ? (uint32_t)random_bits() : 0;
    sf_model_set_tick(m, first);
    for (uint32_t tick = first; tick != first + TICKS; tick++) {
      while (one_in(2)) host(net, m, tick);
      traffic(net, m, tick);
      reference_step(net, tick);
      compare(net, m, sf_model_step(m), tick % 3 == 0);
    }
    sf_model_reset(m);
  }
  compare_export(net, m);
  sf_model_free(m);
  sf_network_free(net);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("plasticity_random");
  TCase *tests = tcase_create("random");
  tcase_set_timeout(tests, 120);
  suite_add_tcase(suite, tests);
  tcase_add_loop_test(tests, random_rules_match_the_reference, 0, CASES);
  return suite_run(suite);
}
