/* random_case.c - random numbers, parameters and moods; see random_case.h. */
#include "lockstep/random_case.h"

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

static void features(sf_params *p, bool on) {
  p->has_current = p->has_refractory = p->has_adaptation = p->has_noise = on;
  p->leak_shift = false;
}

/* Wide arrays are slow to build: as small as they can be otherwise. */
static void wide(sf_random *r, sf_params *p, uint32_t lanes, uint32_t groups) {
  p->lanes = lanes;
  p->neurons = lanes * groups;
  p->neuron_lanes = lanes > 256 ? 4 : power(r, 0, 1); /* or a tick takes as many cycles as a case has for many */
  p->axons = 16 + sf_random_below(r, 17);
  p->weight_bits = lanes > 512 ? 1 : power(r, 0, 1);
  p->routes = 1 + sf_random_below(r, 1500);
}

/* ---- what no run of BLOCK cases leaves out ---- */

enum { BLOCK = 48, EXTREMES = 40, FREE = BLOCK };

/* The extremes of sizes, features and memories. In those that are about a mood the mood is not drawn but set. */
static void extreme(sf_random *r, sf_params *p, uint32_t which, sf_mood *mood) {
  switch (which) {
    case 0:
      p->lanes = 1;
      p->neuron_lanes = 1;
      break;
    case 1:
      p->lanes = p->neuron_lanes = 8;
      break;
    case 2:
      p->weight_bits = 1;
      break;
    case 3:
      p->weight_bits = 16;
      p->potential_bits = 24;
      break;
    case 4:
      p->potential_bits = 8;
      break;
    case 5:
      p->potential_bits = 24;
      break;
    case 6:
      p->delay_slots = 2;
      break;
    case 7:
      p->delay_slots = 64;
      break;
    case 8:
      p->axons = 16;
      p->neurons = 16;
      p->lanes = 16;
      p->neuron_lanes = 16;
      break;
    case 9:
      p->axons = 17;
      break;
    case 10: /* as many as neurons */
      p->profiles = 1;
      break;
    case 11:
      p->profiles = UINT32_MAX;
      break;
    case 12: /* one group, slow drain */
      p->routes = 1;
      break;
    case 13:
      p->lanes = p->neurons = 64;
      p->neuron_lanes = 1;
      break;
    case 14:
      features(p, true);
      break;
    case 15:
      features(p, false);
      break;
    case 16:
      p->has_current = p->has_adaptation = p->has_noise = p->leak_shift = true;
      break;
    case 17: /* one broadcast stage, spikes of more than one word */
      p->lanes = 128;
      p->neuron_lanes = 64;
      p->neurons = 256;
      features(p, false);
      p->leak_shift = true;
      break;
    case 18: /* a row is one host word */
      p->lanes = 32;
      p->weight_bits = 1;
      p->neuron_lanes = 4;
      break;
    case 19: /* and less than one */
      p->lanes = 2;
      p->weight_bits = 2;
      break;
    case 20:
      p->axons = 4096;
      p->neurons = 16;
      p->lanes = 8;
      break;
    case 21:
      p->neurons = 4096;
      p->axons = 16;
      p->lanes = 64;
      break;
    case 22:
      p->lanes = 16;
      p->weight_bits = 4;
      p->spram = true;
      break;
    case 23:
      p->routes = 65536;
      break;
    /* The broadcast changes above 64 and above 512 lanes. */
    case 24:
      wide(r, p, 128, 1 + sf_random_below(r, 3));
      p->spram = true;
      break;
    case 25:
      wide(r, p, 256, 2);
      break;
    case 26:
      wide(r, p, 512, 1);
      break;
    case 27:
      wide(r, p, 1024, 1);
      break;
    /* Sums, currents and potentials at the ends of their range: which width is the largest differs. */
    case 28:
      p->weight_bits = 1;
      p->axons = power(r, 4, 6);
      *mood = SF_BRIM;
      break;
    case 29: /* drive before potential */
      p->has_current = false;
      p->weight_bits = power(r, 3, 4);
      p->axons = power(r, 4, 6);
      p->potential_bits = 8;
      *mood = SF_BRIM;
      break;
    case 30: /* about as wide */
      p->has_current = false;
      p->has_noise = true;
      p->weight_bits = 2;
      p->axons = 16;
      p->potential_bits = 11 + sf_random_below(r, 2);
      *mood = SF_BRIM;
      break;
    case 31: /* drive before current */
      p->has_current = true;
      p->weight_bits = 4;
      p->axons = power(r, 4, 6);
      p->potential_bits = 8 + sf_random_below(r, 7);
      *mood = SF_BRIM;
      break;
    case 32: /* current before drive */
      p->has_current = true;
      p->weight_bits = power(r, 0, 1);
      p->axons = 16;
      p->potential_bits = 24;
      *mood = SF_BRIM;
      break;
    case 33:
      features(p, true);
      p->axons = power(r, 4, 6);
      *mood = SF_BRIM;
      break;
    /* Groups of several words, all of them at rest. */
    case 34:
      p->lanes = 8;
      p->neuron_lanes = 1 + sf_random_below(r, 2);
      *mood = SF_STILL;
      break;
    case 35:
      features(p, true);
      p->lanes = 16;
      p->neuron_lanes = 4;
      p->neurons = 64;
      *mood = SF_STILL;
      break;
    case 36: /* one group */
      wide(r, p, 128, 2);
      *mood = SF_STILL;
      break;
    case 37:
      p->neurons = p->lanes = 32;
      p->neuron_lanes = 4;
      *mood = SF_STILL;
      break;
    case 38: /* every memory a power of two: beyond its end is its beginning */
      p->axons = power(r, 5, 7);
      p->lanes = power(r, 2, 4);
      p->neurons = power(r, 5, 7);
      p->profiles = power(r, 0, 4);
      p->routes = power(r, 4, 9);
      break;
    case 39:
      p->axons = power(r, 4, 8);
      p->weight_bits = 8;
      p->lanes = 32;
      break;
    default:
      break;
  }
}

/* Which extreme a case has: each comes once in a block, in an order of the block's own; EXTREMES and more: none. */
static uint32_t extreme_of(uint64_t seed, uint64_t number) {
  uint8_t order[BLOCK];
  sf_random r = sf_random_new(seed, number / BLOCK, 6);
  for (uint32_t i = 0; i < BLOCK; i++) order[i] = (uint8_t)i;
  for (uint32_t i = BLOCK - 1; i; i--) {
    const uint32_t other = sf_random_below(&r, i + 1);
    const uint8_t was = order[i];
    order[i] = order[other];
    order[other] = was;
  }
  return order[number % BLOCK];
}

static sf_mood draw_mood(uint64_t seed, uint64_t number) {
  static const sf_mood moods[] = {SF_WILD, SF_WILD, SF_WILD, SF_CALM, SF_CALM, SF_STILL, SF_BRIM, SF_BRIM};
  sf_random r = sf_random_new(seed, number, 7);
  return moods[sf_random_below(&r, 8)];
}

static sf_params draw(uint64_t seed, uint64_t number, sf_mood *mood) {
  static const uint32_t weight_bits[] = {1, 2, 4, 8, 16};
  sf_random r = sf_random_new(seed, number, 1);
  sf_params p = sf_params_default();
  p.lanes = power(&r, 0, 6);
  p.axons = sf_random_one_in(&r, 8)   ? 16 + sf_random_below(&r, 400)
            : sf_random_one_in(&r, 4) ? power(&r, 4, 7)
                                      : 16 + sf_random_below(&r, 70);
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
  *mood = draw_mood(seed, number);
  extreme(&r, &p, extreme_of(seed, number), mood);
  round_up(&p);
  if (p.neuron_lanes > p.lanes) p.neuron_lanes = p.lanes;
  if (p.profiles > p.neurons) p.profiles = p.neurons;
  if (p.lanes * p.weight_bits % 16) p.spram = false;
  return p;
}

sf_params sf_random_params(uint64_t seed, uint64_t number) {
  sf_mood mood;
  return draw(seed, number, &mood);
}

sf_mood sf_random_mood(uint64_t seed, uint64_t number) {
  sf_mood mood;
  (void)draw(seed, number, &mood);
  return mood;
}
