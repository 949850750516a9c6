/* random_case.c - random parameters and networks; see random_case.h. */
#include "random_case.h"

#include <stdlib.h>

sf_random sf_random_new(uint64_t seed, uint64_t number, uint64_t purpose) {
  sf_random r = {seed * 0x9E3779B97F4A7C15ull ^ number * 0xD1B54A32D192ED03ull ^ purpose * 0x8CB92BA72F3D8DD7ull};
  for (int i = 0; i < 4; i++) (void)sf_random_bits(&r);
  return r;
}

uint64_t sf_random_bits(sf_random *r) {
  uint64_t z = r->state += 0x9E3779B97F4A7C15ull;
  z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9ull;
  z = (z ^ z >> 27) * 0x94D049BB133111EBull;
  return z ^ z >> 31;
}

uint32_t sf_random_below(sf_random *r, uint32_t n) { return (uint32_t)((sf_random_bits(r) >> 32) * n >> 32); }

int32_t sf_random_range(sf_random *r, int32_t lo, int32_t hi) {
  return (int32_t)(lo + (int64_t)((sf_random_bits(r) >> 32) * (uint64_t)((int64_t)hi - lo + 1) >> 32));
}

/* 2^0 .. 2^most, small ones as likely as large ones. */
static uint32_t power(sf_random *r, uint32_t least, uint32_t most) {
  return (uint32_t)1 << sf_random_range(r, (int32_t)least, (int32_t)most);
}

static void round_up(sf_params *p) { /* neurons: a multiple of lanes, at least 16 */
  if (p->neurons < 16) p->neurons = 16;
  p->neurons = (p->neurons + p->lanes - 1) / p->lanes * p->lanes;
}

/* The extremes, one a case: a run of as many cases as there are has met every one of them. */
static void extreme(sf_params *p, uint64_t number) {
  switch (number % 24) {
    case 0: p->lanes = 1, p->neuron_lanes = 1; break;
    case 1: p->lanes = p->neuron_lanes = 8; break;
    case 2: p->weight_bits = 1; break;
    case 3: p->weight_bits = 16, p->potential_bits = 24; break;
    case 4: p->potential_bits = 8; break;
    case 5: p->potential_bits = 24; break;
    case 6: p->delay_slots = 2; break;
    case 7: p->delay_slots = 64; break;
    case 8: p->axons = 16, p->neurons = 16, p->lanes = 16, p->neuron_lanes = 16; break;
    case 9: p->axons = 17; break;
    case 10: p->profiles = 1; break;
    case 11: p->profiles = p->neurons; break;
    case 12: p->routes = 1; break;
    case 13: p->lanes = p->neurons = 64, p->neuron_lanes = 1; break; /* one group, slow drain */
    case 14: p->has_current = p->has_refractory = p->has_adaptation = p->has_noise = true, p->leak_shift = false; break;
    case 15: p->has_current = p->has_refractory = p->has_adaptation = p->has_noise = false; break;
    case 16: p->has_current = p->has_adaptation = p->has_noise = p->leak_shift = true; break;
    case 17: /* one broadcast stage, spikes of more than one word */
      p->lanes = 128, p->neuron_lanes = 64, p->neurons = 256, p->leak_shift = true;
      p->has_current = p->has_refractory = p->has_adaptation = p->has_noise = false;
      break;
    case 18: p->lanes = 32, p->weight_bits = 1, p->neuron_lanes = 4; break; /* a row is one host word */
    case 19: p->lanes = 2, p->weight_bits = 2; break;                       /* and less than one */
    case 20: p->axons = 4096, p->neurons = 16, p->lanes = 8; break;
    case 21: p->neurons = 4096, p->axons = 16, p->lanes = 64; break;
    case 22: p->lanes = 16, p->weight_bits = 4, p->spram = true; break;
    default: p->routes = 65536; break;
  }
}

sf_params sf_random_params(uint64_t seed, uint64_t number) {
  static const uint32_t weight_bits[] = {1, 2, 4, 8, 16};
  sf_random r = sf_random_new(seed, number, 1);
  sf_params p = sf_params_default();
  p.lanes = power(&r, 0, 6);
  p.axons = sf_random_one_in(&r, 8) ? 16 + sf_random_below(&r, 400) : 16 + sf_random_below(&r, 70);
  p.neurons = sf_random_one_in(&r, 8) ? 16 + sf_random_below(&r, 600) : 16 + sf_random_below(&r, 100);
  p.weight_bits = weight_bits[sf_random_below(&r, 5)];
  p.potential_bits = 8 + sf_random_below(&r, 17);
  p.delay_slots = power(&r, 1, 6);
  p.routes = sf_random_one_in(&r, 4) ? 1 + sf_random_below(&r, 16) : 1 + sf_random_below(&r, 1500);
  p.has_current = sf_random_one_in(&r, 2);
  p.has_refractory = sf_random_one_in(&r, 2);
  p.has_adaptation = sf_random_one_in(&r, 2);
  p.has_noise = sf_random_one_in(&r, 2);
  p.leak_shift = sf_random_one_in(&r, 3);
  round_up(&p);
  /* Many neuron lanes make a large design, minutes of building: seldom. */
  const uint32_t most = sf_random_one_in(&r, 24) ? 6 : 3;
  p.neuron_lanes = power(&r, 0, sf_clog2(p.lanes) < most ? sf_clog2(p.lanes) : most);
  p.profiles = sf_random_one_in(&r, 4) ? p.neurons : 1 + sf_random_below(&r, p.neurons < 20 ? p.neurons : 20);
  p.spram = sf_random_one_in(&r, 3);
  extreme(&p, number);
  round_up(&p);
  if (p.neuron_lanes > p.lanes) p.neuron_lanes = p.lanes;
  if (p.profiles > p.neurons || number % 24 == 11) p.profiles = p.neurons;
  if (p.lanes * p.weight_bits % 16) p.spram = false;
  return p;
}

/* ---- networks ---- */

/* A value of `bits` bits: often small, sometimes at an end of the range. */
static int32_t value(sf_random *r, unsigned bits) {
  const int32_t hi = (int32_t)((1u << (bits - 1)) - 1), lo = -hi - 1;
  switch (sf_random_below(r, 8)) {
    case 0: return sf_random_one_in(r, 2) ? hi : lo;
    case 1: return sf_random_range(r, lo, hi);
    case 2: return 0;
    default: return sf_random_range(r, lo >> bits / 2, hi >> bits / 2);
  }
}

static int32_t decay(sf_random *r, const sf_params *p) {
  if (p->leak_shift) return sf_random_one_in(r, 4) ? 0 : (int32_t)power(r, 0, 12);
  switch (sf_random_below(r, 4)) {
    case 0: return 0;
    case 1: return 4096;
    default: return sf_random_range(r, 0, 4096);
  }
}

/* Small numbers without noise, so that what is compared is often equal and differences of one show. */
static sf_profile small_profile(sf_random *r, const sf_params *p) {
  const int32_t lowest = -(int32_t)(1u << (p->potential_bits - 1));
  sf_profile f = {.v_decay = sf_random_one_in(r, 2) ? 0 : decay(r, p), .v_reset = sf_random_range(r, -2, 2)};
  f.reset_mode = sf_random_range(r, 0, 2);
  f.v_floor = sf_random_one_in(r, 3) ? lowest : sf_random_range(r, -6, 2);
  f.floor_mode = sf_random_range(r, 0, 2);
  f.v_floor_reset = sf_random_range(r, -2, 2);
  if (p->has_current) f.u_decay = sf_random_one_in(r, 2) ? 4096 : decay(r, p);
  if (p->has_refractory) f.refractory = sf_random_range(r, 0, 2);
  if (p->has_adaptation) f.a_inc = sf_random_range(r, -1, 3), f.a_decay = decay(r, p);
  if (p->has_noise && sf_random_one_in(r, 3)) f.noise_bits = sf_random_range(r, 1, 2);
  return f;
}

sf_profile sf_random_profile(sf_random *r, const sf_params *p) {
  const unsigned vb = p->potential_bits;
  if (sf_random_one_in(r, 2)) return small_profile(r, p);
  const int32_t lowest = -(int32_t)(1u << (vb - 1));
  sf_profile f = {.v_decay = decay(r, p), .weight_shift = sf_random_one_in(r, 2) ? 0 : sf_random_range(r, 0, 7)};
  f.v_reset = sf_random_one_in(r, 2) ? 0 : value(r, vb);
  f.reset_mode = sf_random_range(r, 0, 2);
  f.v_floor = sf_random_one_in(r, 2) ? lowest : value(r, vb);
  f.floor_mode = sf_random_range(r, 0, 2);
  f.v_floor_reset = value(r, vb);
  if (p->has_current) f.u_decay = decay(r, p);
  if (p->has_refractory) f.refractory = sf_random_one_in(r, 8) ? 255 : sf_random_range(r, 0, 4);
  if (p->has_adaptation) f.a_inc = value(r, vb), f.a_decay = decay(r, p);
  if (p->has_noise) f.noise_bits = sf_random_range(r, 0, vb < 16 ? (int32_t)vb : 16);
  return f;
}

/* small: of three bits at most. */
static int32_t weight(sf_random *r, uint32_t bits, uint32_t density, bool small) {
  if (sf_random_below(r, 16) >= density) return 0;
  if (bits == 1) return 1;
  const int32_t hi = (int32_t)((1u << (small && bits > 3 ? 2 : bits - 1)) - 1);
  return sf_random_one_in(r, 8) ? -hi - 1 : sf_random_range(r, -hi - 1, hi);
}

static void neurons(sf_random *r, const sf_params *p, sf_core_net *c, bool small) {
  const unsigned vb = p->potential_bits;
  const int32_t hi = (int32_t)((1u << (vb - 1)) - 1);
  /* Thresholds about as large as what a tick brings, so that some neurons fire often and others seldom. */
  const int32_t drive = (int32_t)sf_sat((int64_t)(1u << (p->weight_bits - 1)) * sf_random_range(r, 1, 40), vb);
  for (uint32_t n = 0; n < c->neurons; n++) {
    c->profile[n] = sf_random_below(r, c->n_profiles);
    if (small && !sf_random_one_in(r, 16)) {
      c->threshold[n] = sf_random_range(r, -1, 12);
      c->bias[n] = sf_random_range(r, -1, 1);
      c->v_init[n] = sf_random_range(r, -2, 2);
      continue;
    }
    c->threshold[n] = sf_random_one_in(r, 16) ? value(r, vb) : sf_random_range(r, 1, drive < hi ? drive + 1 : hi);
    c->bias[n] = sf_random_one_in(r, 4) ? value(r, vb) : 0;
    c->v_init[n] = sf_random_one_in(r, 4) ? value(r, vb) : 0;
    if (c->has_current && sf_random_one_in(r, 4)) c->u_init[n] = value(r, vb);
  }
}

static void routes(sf_random *r, sf_core_net *c) {
  const uint32_t hub = sf_random_below(r, c->neurons); /* one neuron with many */
  for (uint32_t i = 0; i < c->n_routes; i++) {
    const bool external = sf_random_one_in(r, 3);
    c->routes[i] = (sf_route){.neuron = sf_random_one_in(r, 4) ? hub : sf_random_below(r, c->neurons),
                              .core = external ? SF_EXTERNAL : 0,
                              .axon = sf_random_below(r, c->axons),
                              .delay = 1 + sf_random_below(r, c->delay_slots - 1)};
  }
}

/* A network that comes to rest when nothing comes in, most of it: no loops, few biases and little noise. */
static void calm(sf_random *r, const sf_params *p, sf_core_net *c) {
  const int32_t hi = (int32_t)((1u << (p->potential_bits - 1)) - 1);
  for (uint32_t i = 0; i < c->n_routes; i++)
    if (!sf_random_one_in(r, 64)) c->routes[i] = (sf_route){.neuron = c->routes[i].neuron, .core = SF_EXTERNAL};
  for (uint32_t k = 0; k < c->n_profiles; k++)
    if (!sf_random_one_in(r, 8)) c->profiles[k].noise_bits = 0;
  for (uint32_t n = 0; n < c->neurons; n++) {
    if (sf_random_one_in(r, 48)) continue; /* this one may go on for ever */
    c->bias[n] = sf_random_one_in(r, 4) ? sf_random_range(r, -2, 1) : 0;
    if (c->threshold[n] < 4) c->threshold[n] = 4 < hi ? 4 + sf_random_range(r, 0, 3) : hi;
  }
}

static sf_err fill(sf_random *r, const sf_params *p, sf_network *net, sf_msg *msg) {
  sf_core_net *c = &net->core[0];
  const bool smaller = sf_random_one_in(r, 4); /* than the hardware */
  c->axons = smaller ? 1 + sf_random_below(r, p->axons) : p->axons;
  c->neurons = smaller ? 1 + sf_random_below(r, p->neurons) : p->neurons;
  c->delay_slots = smaller ? power(r, 1, sf_clog2(p->delay_slots)) : p->delay_slots;
  c->weight_bits = p->weight_bits;
  c->potential_bits = p->potential_bits;
  c->has_current = p->has_current;
  c->has_refractory = p->has_refractory;
  c->has_adaptation = p->has_adaptation;
  c->has_noise = p->has_noise;
  c->n_profiles = p->profiles < c->neurons ? p->profiles : c->neurons;
  c->n_routes = p->routes <= 4000 && sf_random_one_in(r, 3)
                    ? p->routes
                    : sf_random_below(r, p->routes < 4000 ? p->routes + 1 : 4000);
  const sf_err err = sf_core_net_alloc(c, msg);
  if (err) return err;
  const uint32_t density = 1 + sf_random_below(r, 16);
  const bool small = sf_random_one_in(r, 2);
  for (uint32_t axon = 0; axon < c->axons; axon++)
    for (uint32_t n = 0; n < c->neurons; n++) sf_core_set_weight(c, axon, n, weight(r, c->weight_bits, density, small));
  for (uint32_t k = 0; k < c->n_profiles; k++) c->profiles[k] = sf_random_profile(r, p);
  neurons(r, p, c, small);
  routes(r, c);
  net->seed = p->has_noise ? (uint32_t)sf_random_bits(r) : 0;
  return SF_OK;
}

sf_err sf_random_network(uint64_t seed, uint64_t number, const sf_params *p, sf_network **out, sf_msg *msg) {
  sf_random r = sf_random_new(seed, number, 2);
  sf_network *net = sf_network_new(1);
  if (!net) return sf_fail(msg, SF_ENOMEM, "out of memory");
  sf_err err = fill(&r, p, net, msg);
  if (!err && sf_random_calm(number)) calm(&r, p, &net->core[0]);
  if (!err) err = sf_network_check(net, msg);
  if (!err) err = sf_network_fit(net, 0, p, msg);
  if (err) {
    sf_network_free(net);
    return err;
  }
  *out = net;
  return SF_OK;
}
