/* params.c - the parameters of one core: defaults and ranges. */
#include "synfire/params.h"

sf_params sf_params_default(void) {
  return (sf_params){.axons = 256,
                     .neurons = 256,
                     .lanes = 16,
                     .neuron_lanes = 2,
                     .learning_lanes = 0,
                     .weight_bits = 4,
                     .potential_bits = 16,
                     .delay_slots = 16,
                     .profiles = 16,
                     .routes = 512};
}

static bool power_of_two(uint32_t x) { return x != 0 && (x & (x - 1)) == 0; }

static sf_err range(sf_msg *msg, const char *name, uint32_t value, uint32_t lo, uint32_t hi) {
  if (value >= lo && value <= hi) return SF_OK;
  return sf_fail(msg, SF_EINVAL, "%s = %u: must be %u .. %u", name, value, lo, hi);
}

static sf_err power_range(sf_msg *msg, const char *name, uint32_t value, uint32_t lo, uint32_t hi) {
  if (value >= lo && value <= hi && power_of_two(value)) return SF_OK;
  return sf_fail(msg, SF_EINVAL, "%s = %u: must be a power of two, %u .. %u", name, value, lo, hi);
}

sf_err sf_params_check(const sf_params *p, sf_msg *msg) {
  sf_err err = range(msg, "AXONS", p->axons, 16, 4096);
  if (err) return err;
  err = range(msg, "NEURONS", p->neurons, 16, 8192);
  if (err) return err;
  err = power_range(msg, "LANES", p->lanes, 1, 4096);
  if (err) return err;
  if (p->neurons % p->lanes != 0)
    return sf_fail(msg, SF_EINVAL, "NEURONS = %u: must be a multiple of LANES = %u", p->neurons, p->lanes);
  err = power_range(msg, "NEURON_LANES", p->neuron_lanes, 1, p->lanes);
  if (err) return err;
  if (p->learning_lanes != 0)
    return sf_fail(msg, SF_EINVAL, "LEARNING_LANES = %u: must be 0 (plasticity cannot be built yet)",
                   p->learning_lanes);
  if (!power_of_two(p->weight_bits) || p->weight_bits > 16)
    return sf_fail(msg, SF_EINVAL, "WEIGHT_BITS = %u: must be 1, 2, 4, 8 or 16", p->weight_bits);
  err = range(msg, "POTENTIAL_BITS", p->potential_bits, 8, 24);
  if (err) return err;
  err = power_range(msg, "DELAY_SLOTS", p->delay_slots, 2, 64);
  if (err) return err;
  err = range(msg, "PROFILES", p->profiles, 1, p->neurons);
  if (err) return err;
  err = range(msg, "ROUTES", p->routes, 1, 65536);
  if (err) return err;
  if (p->spram && p->lanes * p->weight_bits % 16 != 0)
    return sf_fail(msg, SF_EINVAL, "WEIGHT_MEMORY = \"spram\": LANES * WEIGHT_BITS = %u must be a multiple of 16",
                   p->lanes * p->weight_bits);
  return SF_OK;
}
