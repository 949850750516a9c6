/* model_access.c - reading and writing single words of the functional model between ticks, as the host bus does. */
#include <string.h>

#include "model/model_core.h"
#include "model/model_probe.h"

static bool built(const sf_model_core *c, sf_field field) {
  if (field == SF_U) return c->shape.has_current;
  if (field == SF_R) return c->shape.has_refractory;
  if (field == SF_A) return c->shape.has_adaptation;
  return true;
}

static bool exists(const sf_model *m, uint32_t core, uint32_t neuron) {
  return core < m->n_cores && neuron < m->core[core].shape.neurons;
}

sf_err sf_model_peek(const sf_model *m, uint32_t core, uint32_t neuron, sf_field field, int32_t *value) {
  if (!exists(m, core, neuron)) return SF_EINVAL;
  const sf_model_core *c = &m->core[core];
  switch (field) {
    case SF_THRESHOLD:
      *value = c->threshold[neuron];
      return SF_OK;
    case SF_BIAS:
      *value = c->bias[neuron];
      return SF_OK;
    case SF_PROFILE:
      *value = c->profile_of[neuron];
      return SF_OK;
    case SF_V:
      *value = sf_potential(c, neuron);
      return SF_OK;
    case SF_U:
      *value = c->u[neuron];
      return SF_OK; /* words that are not built are always 0 */
    case SF_R:
      *value = c->r[neuron];
      return SF_OK;
    case SF_A:
      *value = c->a[neuron];
      return SF_OK;
  }
  return SF_EINVAL;
}

sf_err sf_model_poke(sf_model *m, uint32_t core, uint32_t neuron, sf_field field, int32_t value) {
  if (!exists(m, core, neuron)) return SF_EINVAL;
  sf_model_core *c = &m->core[core];
  int32_t hi = (1 << (c->shape.potential_bits - 1)) - 1, lo = -hi - 1;
  if (field == SF_PROFILE || field == SF_R) {
    lo = 0;
    hi = field == SF_R ? 255 : (int32_t)c->shape.n_profiles - 1;
  }
  if (value < lo || value > hi) return SF_EINVAL;
  if (!built(c, field)) return SF_OK;
  c->settled = c->rest_known = false;
  if (field == SF_THRESHOLD || field == SF_BIAS || field == SF_PROFILE) c->stale = true;
  switch (field) {
    case SF_THRESHOLD:
      c->threshold[neuron] = value;
      return SF_OK;
    case SF_BIAS:
      c->bias[neuron] = value;
      return SF_OK;
    case SF_PROFILE:
      c->profile_of[neuron] = (uint16_t)value;
      return SF_OK;
    case SF_V:
      sf_set_potential(c, neuron, value);
      return SF_OK;
    case SF_U:
      c->u[neuron] = value;
      return SF_OK;
    case SF_R:
      c->r[neuron] = (uint8_t)value;
      return SF_OK;
    case SF_A:
      c->a[neuron] = value;
      return SF_OK;
  }
  return SF_EINVAL;
}

bool sf_model_due(const sf_model *m, uint32_t core, uint32_t lanes, uint32_t neuron) {
  return sf_neuron_due(&m->core[core], lanes, neuron);
}

void sf_model_wake(sf_model *m, uint32_t core) { m->core[core].settled = m->core[core].rest_known = false; }

sf_err sf_model_poke_unseen(sf_model *m, uint32_t core, uint32_t neuron, sf_field field, int32_t value) {
  if (!exists(m, core, neuron)) return SF_EINVAL;
  sf_model_core *c = &m->core[core];
  const bool settled = c->settled, rest_known = c->rest_known;
  const sf_err err = sf_model_poke(m, core, neuron, field, value);
  c->settled = settled;
  c->rest_known = rest_known;
  return err;
}

void sf_model_take_rest(sf_model *m, const sf_model *from) {
  for (uint32_t i = 0; i < m->n_cores; i++) {
    sf_model_core *c = &m->core[i];
    c->rest_known = from->core[i].rest_known;
    c->settled = from->core[i].settled;
    memcpy(c->rest_bits, from->core[i].rest_bits, c->padded / 64 * sizeof *c->rest_bits);
  }
}

static bool synapse(const sf_model *m, uint32_t core, uint32_t axon, uint32_t neuron) {
  return exists(m, core, neuron) && axon < m->core[core].shape.axons;
}

sf_err sf_model_peek_weight(const sf_model *m, uint32_t core, uint32_t axon, uint32_t neuron, int32_t *w) {
  if (!synapse(m, core, axon, neuron)) return SF_EINVAL;
  const sf_model_core *c = &m->core[core];
  *w = sf_row_get(c, axon, neuron);
  return SF_OK;
}

sf_err sf_model_poke_weight(sf_model *m, uint32_t core, uint32_t axon, uint32_t neuron, int32_t w) {
  if (!synapse(m, core, axon, neuron)) return SF_EINVAL;
  sf_model_core *c = &m->core[core];
  const int32_t half = 1 << (c->shape.weight_bits - 1);
  const int32_t lo = c->shape.weight_bits == 1 ? 0 : -half, hi = c->shape.weight_bits == 1 ? 1 : half - 1;
  if (w < lo || w > hi) return SF_EINVAL;
  sf_row_set(c, axon, neuron, w);
  return SF_OK;
}

sf_err sf_model_poke_profile(sf_model *m, uint32_t core, uint32_t profile, const sf_profile *p, sf_msg *msg) {
  if (core >= m->n_cores) return sf_fail(msg, SF_EINVAL, "core %u: must be 0 .. %u", core, m->n_cores - 1);
  sf_model_core *c = &m->core[core];
  if (profile >= c->shape.n_profiles)
    return sf_fail(msg, SF_EINVAL, "core/%u/profile %u: must be 0 .. %u", core, profile, c->shape.n_profiles - 1);
  const sf_err err = sf_profile_check(&c->shape, core, profile, p, msg);
  if (err) return err;
  c->profiles[profile] = *p;
  c->stale = true;
  return err;
}

sf_err sf_model_poke_seed(sf_model *m, uint32_t core, uint32_t seed) {
  if (core >= m->n_cores) return SF_EINVAL;
  m->core[core].seed = seed;
  return SF_OK;
}
