/* params.c - the parameters of one core: defaults, and how values go together. */
#include "synfire/params.h"

sf_params sf_params_default(void) {
#define STANDARD(kind, name, rtl, field, standard, lo, hi) .field = standard,
  return (sf_params){SF_PARAMS(STANDARD)};
}

typedef struct rule {
  const char *name;
  sf_param_kind kind;
  uint32_t value, lo, hi;
} rule;

static sf_err by_itself(const rule *r, sf_msg *msg) {
  const bool power = r->value != 0 && (r->value & (r->value - 1)) == 0, within = r->value >= r->lo && r->value <= r->hi;
  if (within && (power || (r->kind != SF_POWER && r->kind != SF_WIDTH))) return SF_OK;
  if (r->kind == SF_WIDTH) return sf_fail(msg, SF_EINVAL, "%s = %u: must be 1, 2, 4, 8 or 16", r->name, r->value);
  return sf_fail(msg, SF_EINVAL, "%s = %u: must be %s%u .. %u", r->name, r->value,
                 r->kind == SF_POWER ? "a power of two, " : "", r->lo, r->hi);
}

sf_err sf_params_check(const sf_params *p, sf_msg *msg) {
#define RULE(kind, name, rtl, field, standard, lo, hi) {#name, kind, p->field, lo, hi},
  rule r[] = {SF_PARAMS(RULE)};
  r[SF_PARAM_NEURON_LANES].hi = p->lanes;
  r[SF_PARAM_PROFILES].hi = p->neurons;
  for (size_t i = 0; i < SF_N_PARAMS; i++) {
    if (i == SF_PARAM_LEARNING_LANES && p->learning_lanes != 0)
      return sf_fail(msg, SF_EINVAL, "LEARNING_LANES = %u: must be 0 (plasticity cannot be built yet)",
                     p->learning_lanes);
    const sf_err err = by_itself(&r[i], msg);
    if (err) return err;
    if (i == SF_PARAM_LANES && p->neurons % p->lanes != 0)
      return sf_fail(msg, SF_EINVAL, "NEURONS = %u: must be a multiple of LANES = %u", p->neurons, p->lanes);
  }
  if (p->spram && p->lanes * p->weight_bits % 16 != 0)
    return sf_fail(msg, SF_EINVAL, "WEIGHT_MEMORY = \"spram\": LANES * WEIGHT_BITS = %u must be a multiple of 16",
                   p->lanes * p->weight_bits);
  return SF_OK;
}
