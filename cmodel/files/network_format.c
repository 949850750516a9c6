/* network_format.c - see network_format.h. */
#include "files/network_format.h"

#include <string.h>

const char *const sf_neuron_names[SF_NEURON_FIELDS] = {"threshold", "bias", "profile", "v_init", "u_init"};
#define NAME(field, lo, hi, has, feature) #field,
const char *const sf_profile_names[SF_PROFILE_FIELDS] = {SF_PROFILE_TABLE(NAME)};
const char *const sf_route_names[SF_ROUTE_FIELDS] = {"neuron", "core", "axon", "delay"};
const int64_t sf_route_max[SF_ROUTE_FIELDS] = {8191, SF_MAX_CORES - 1, 4095, 63};

static const char *const method_names[3] = {"potential", "spikes", "first"};

void sf_route_set(sf_route *r, size_t f, int32_t value) {
  if (f == 0) r->neuron = (uint32_t)value;
  else if (f == 1) r->core = value;
  else if (f == 2) r->axon = (uint32_t)value;
  else r->delay = (uint32_t)value;
}

int32_t sf_route_get(const sf_route *r, size_t f) {
  return f == 0 ? (int32_t)r->neuron : f == 1 ? r->core : f == 2 ? (int32_t)r->axon : (int32_t)r->delay;
}

static void signed_range(uint32_t bits, int64_t *lo, int64_t *hi) {
  *hi = ((int64_t)1 << (bits - 1)) - 1;
  *lo = -*hi - 1;
}

void sf_neuron_range(const sf_core_net *c, size_t f, int64_t *lo, int64_t *hi) {
  signed_range(c->potential_bits, lo, hi);
  if (f == 2) { /* profile */
    *lo = 0;
    *hi = (int64_t)c->n_profiles - 1;
  }
}

void sf_profile_range(const sf_core_net *c, size_t f, int64_t *lo, int64_t *hi) {
#define RANGE(field, from, to, has, feature) {from, to},
  const int64_t range[SF_PROFILE_FIELDS][2] = {SF_PROFILE_TABLE(RANGE)};
  *lo = range[f][0];
  *hi = range[f][1];
}

void sf_weight_range(uint32_t weight_bits, int64_t *lo, int64_t *hi) {
  if (weight_bits > 1) {
    signed_range(weight_bits, lo, hi);
    return;
  }
  *lo = 0;
  *hi = 1;
}

void sf_infer_features(sf_core_net *c, const bool stated[4]) {
  bool needs[4] = {false, false, false, false};
  for (uint32_t j = 0; j < c->neurons; j++) needs[0] = needs[0] || c->u_init[j] != 0;
  for (uint32_t k = 0; k < c->n_profiles; k++) {
    const sf_profile *p = &c->profiles[k];
    needs[0] = needs[0] || p->u_decay != 0;
    needs[1] = needs[1] || p->refractory != 0;
    needs[2] = needs[2] || p->a_inc != 0 || p->a_decay != 0;
    needs[3] = needs[3] || p->noise_bits != 0;
  }
  if (!stated[0]) c->has_current = needs[0];
  if (!stated[1]) c->has_refractory = needs[1];
  if (!stated[2]) c->has_adaptation = needs[2];
  if (!stated[3]) c->has_noise = needs[3];
}

sf_err sf_read_method_parse(const char *text, sf_read_method *method, sf_msg *msg) {
  for (int i = 0; i < 3; i++)
    if (strcmp(text, method_names[i]) == 0) {
      *method = (sf_read_method)i;
      return SF_OK;
    }
  return sf_fail(msg, SF_EFORMAT, "readout/method = \"%s\": must be \"potential\", \"spikes\" or \"first\"", text);
}

const char *sf_read_method_name(sf_read_method method) { return method_names[method]; }
