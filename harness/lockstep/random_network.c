/* random_network.c - random networks; see random_case.h. */
#include "lockstep/random_case.h"

/* A value of `bits` bits: often small, sometimes at an end of the range. */
static int32_t value(sf_random *r, unsigned bits) {
  const int32_t hi = (int32_t)((1u << (bits - 1)) - 1), lo = -hi - 1;
  switch (sf_random_below(r, 8)) {
    case 0:
      return sf_random_one_in(r, 2) ? hi : lo;
    case 1:
      return sf_random_range(r, lo, hi);
    case 2:
      return 0;
    default:
      return sf_random_range(r, lo >> bits / 2, hi >> bits / 2);
  }
}

static int32_t decay(sf_random *r, const sf_params *p) {
  if (p->leak_shift) return sf_random_one_in(r, 4) ? 0 : 1 << sf_random_below(r, 13);
  switch (sf_random_below(r, 4)) {
    case 0:
      return 0;
    case 1:
      return 4096;
    default:
      return sf_random_range(r, 0, 4096);
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
  if (p->has_adaptation) {
    f.a_inc = sf_random_range(r, -1, 3);
    f.a_decay = decay(r, p);
  }
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
  if (p->has_adaptation) {
    f.a_inc = value(r, vb);
    f.a_decay = decay(r, p);
  }
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

/* A decay that leaves everything or loses it soon. */
static int32_t fast(sf_random *r) { return sf_random_one_in(r, 3) ? 0 : sf_random_one_in(r, 2) ? 2048 : 4096; }

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

/* A network all of which comes to rest, soon: nothing moves by itself, what was moved goes back to zero or stays. */
static void still(sf_random *r, const sf_params *p, sf_core_net *c) {
  const int32_t lowest = -(int32_t)(1u << (p->potential_bits - 1)), hi = -lowest - 1;
  for (uint32_t i = 0; i < c->n_routes; i++) c->routes[i] = (sf_route){c->routes[i].neuron, SF_EXTERNAL, 0, 0};
  for (uint32_t k = 0; k < c->n_profiles; k++) {
    sf_profile *f = &c->profiles[k];
    const int32_t refractory = f->refractory > 8 ? 8 : f->refractory;
    *f = (sf_profile){.v_decay = fast(r), .weight_shift = f->weight_shift, .v_floor = lowest};
    if (p->has_current) f->u_decay = sf_random_one_in(r, 2) ? 2048 : 4096;
    if (p->has_refractory) f->refractory = refractory;
    if (p->has_adaptation) {
      f->a_inc = sf_random_range(r, 0, 4);
      f->a_decay = fast(r);
    }
    f->v_reset = sf_random_range(r, -2, 2);
    if (!sf_random_one_in(r, 3)) continue;
    f->v_floor = f->v_floor_reset = sf_random_range(r, -6, 0);
    f->floor_mode = sf_random_range(r, 0, 1);
  }
  for (uint32_t n = 0; n < c->neurons; n++) {
    c->bias[n] = 0;
    c->threshold[n] = 4 + sf_random_range(r, 0, sf_random_one_in(r, 2) ? 12 : hi - 4);
  }
}

/* A network at the ends of its ranges: where all axons are active its sums are as large as sums can be, and where
 * nothing is forgotten, so are drive, current and potential. Some values and some neurons stay what they were. */
static void brim(sf_random *r, const sf_params *p, sf_core_net *c) {
  const int32_t hi = (int32_t)((1u << (p->potential_bits - 1)) - 1), lo = -hi - 1;
  const int32_t weight_hi = p->weight_bits == 1 ? 1 : (1 << (p->weight_bits - 1)) - 1;
  const int32_t weight_lo = p->weight_bits == 1 ? 1 : -weight_hi - 1;
  for (uint32_t k = 0; k < c->n_profiles; k++) {
    sf_profile *f = &c->profiles[k];
    if (!sf_random_one_in(r, 4)) f->weight_shift = 7;
    if (!sf_random_one_in(r, 3)) f->v_decay = 0;
    if (!sf_random_one_in(r, 4)) f->u_decay = 0;
    if (p->has_adaptation && sf_random_one_in(r, 2)) {
      f->a_decay = 0;
      f->a_inc = sf_random_one_in(r, 2) ? hi : lo;
    }
    if (p->has_noise && sf_random_one_in(r, 2))
      f->noise_bits = p->potential_bits < 16 ? (int32_t)p->potential_bits : 16;
    if (!sf_random_one_in(r, 4)) f->v_floor = lo;
    if (sf_random_one_in(r, 3)) f->v_reset = sf_random_one_in(r, 2) ? hi : lo;
  }
  for (uint32_t n = 0; n < c->neurons; n++) {
    const bool up = sf_random_one_in(r, 2);
    const bool same = !sf_random_one_in(r, 4); /* bias and state go the way of the weights */
    const int32_t end = up == same ? hi : lo;
    if (sf_random_one_in(r, 8)) continue;
    for (uint32_t axon = 0; axon < c->axons; axon++) sf_core_set_weight(c, axon, n, up ? weight_hi : weight_lo);
    if (!sf_random_one_in(r, 3)) c->bias[n] = end;
    if (!sf_random_one_in(r, 3)) c->v_init[n] = end;
    if (p->has_current) c->u_init[n] = end;
    if (!sf_random_one_in(r, 3)) c->threshold[n] = sf_random_one_in(r, 4) ? lo : hi;
  }
}

static sf_err fill(sf_random *r, const sf_params *p, sf_mood mood, sf_network *net, sf_msg *msg) {
  sf_core_net *c = &net->core[0];
  const bool smaller = sf_random_one_in(r, 4) && mood != SF_BRIM; /* than the hardware */
  c->axons = smaller ? 1 + sf_random_below(r, p->axons) : p->axons;
  c->neurons = smaller ? 1 + sf_random_below(r, p->neurons) : p->neurons;
  c->delay_slots = smaller ? 2u << sf_random_below(r, sf_clog2(p->delay_slots)) : p->delay_slots;
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
  const sf_mood mood = sf_random_mood(seed, number);
  sf_err err = fill(&r, p, mood, net, msg);
  if (!err && mood == SF_CALM) calm(&r, p, &net->core[0]);
  if (!err && mood == SF_STILL) still(&r, p, &net->core[0]);
  if (!err && mood == SF_BRIM) brim(&r, p, &net->core[0]);
  if (!err) err = sf_network_check(net, msg);
  if (!err) err = sf_network_fit(net, 0, p, msg);
  if (err) {
    sf_network_free(net);
    return err;
  }
  *out = net;
  return SF_OK;
}
