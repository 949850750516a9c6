/* plasticity_access.c - what the host reads, writes and asks for between ticks in a core that learns. */
#include <string.h>

#include "model/plasticity.h"
#include "network/network_parts.h"

static sf_plastic *plastic_of(const sf_model *m, uint32_t core) {
  return core < m->n_cores ? m->core[core].plastic : NULL;
}

static sf_err no_learning(const sf_model *m, uint32_t core, sf_msg *msg) {
  if (core >= m->n_cores) return sf_fail(msg, SF_EINVAL, "core %u: must be 0 .. %u", core, m->n_cores - 1);
  return sf_fail(msg, SF_EINVAL, "core %u does not learn", core);
}

sf_err sf_model_set_rule(sf_model *m, uint32_t core, const sf_rule *rule, sf_msg *msg) {
  sf_plastic *p = plastic_of(m, core);
  if (p == NULL) return no_learning(m, core, msg);
  const sf_err err = sf_rule_check(&m->core[core].shape, core, rule, msg);
  if (err) return err;
  sf_plastic_take_rule(p, rule);
  m->core[core].stale = true;
  return err;
}

sf_err sf_model_poke_learn_profile(sf_model *m, uint32_t core, uint32_t profile, const sf_learn_profile *to,
                                   sf_msg *msg) {
  sf_plastic *p = plastic_of(m, core);
  if (p == NULL) return no_learning(m, core, msg);
  sf_model_core *c = &m->core[core];
  if (profile >= c->shape.n_profiles)
    return sf_fail(msg, SF_EINVAL, "core/%u/learning/profile %u: must be 0 .. %u", core, profile,
                   c->shape.n_profiles - 1);
  const sf_err err = sf_learn_profile_check(&c->shape, core, profile, to, msg);
  if (err) return err;
  p->l.profile[profile] = *to;
  c->stale = true;
  return err;
}

void sf_model_set_learning(sf_model *m, bool on) {
  for (uint32_t i = 0; i < m->n_cores; i++) {
    sf_plastic *p = m->core[i].plastic;
    if (p != NULL) p->held = !on || p->twin;
  }
}

/* ---- registers ---------------------------------------------------------------------------------------------- */

sf_err sf_model_peek_register(const sf_model *m, uint32_t core, sf_learn_register reg, int64_t *value) {
  const sf_plastic *p = plastic_of(m, core);
  if (p == NULL) return SF_EINVAL;
  switch (reg) {
    case SF_REWARD:
      *value = p->reward;
      return SF_OK;
    case SF_DRAW:
      *value = p->draw;
      return SF_OK;
    case SF_INTERVAL:
      *value = p->l.interval;
      return SF_OK;
    case SF_INTERVAL_TERMS:
      *value = p->l.interval_terms;
      return SF_OK;
    case SF_REFRESH_INTERVAL:
      *value = p->l.refresh_interval;
      return SF_OK;
    case SF_RANDOM_BITS:
      *value = p->l.random_bits;
      return SF_OK;
  }
  return SF_EINVAL;
}

sf_err sf_model_poke_register(sf_model *m, uint32_t core, sf_learn_register reg, int64_t value) {
  static const struct {
    int64_t lo, hi;
  } range[] = {[SF_REWARD] = {-128, 127},      [SF_DRAW] = {0, UINT32_MAX},        [SF_INTERVAL] = {0, 65535},
               [SF_INTERVAL_TERMS] = {0, 255}, [SF_REFRESH_INTERVAL] = {0, 65535}, [SF_RANDOM_BITS] = {0, 16}};
  sf_plastic *p = plastic_of(m, core);
  if (p == NULL || (size_t)reg >= sizeof range / sizeof range[0]) return SF_EINVAL;
  if (value < range[reg].lo || value > range[reg].hi) return SF_EINVAL;
  switch (reg) {
    case SF_REWARD:
      p->reward = sf_sat7(value);
      break;
    case SF_DRAW:
      p->draw = (uint32_t)value;
      break;
    case SF_INTERVAL:
      p->l.interval = (uint32_t)value;
      break;
    case SF_INTERVAL_TERMS:
      p->l.interval_terms = (uint32_t)value;
      break;
    case SF_REFRESH_INTERVAL:
      p->l.refresh_interval = (uint32_t)value;
      break;
    case SF_RANDOM_BITS:
      p->l.random_bits = (uint32_t)value;
      break;
  }
  return SF_OK;
}

/* ---- words of axons and neurons ----------------------------------------------------------------------------- */

sf_err sf_model_peek_axon(const sf_model *m, uint32_t core, uint32_t axon, sf_axon_field field, int32_t *value) {
  const sf_plastic *p = plastic_of(m, core);
  if (p == NULL || axon >= m->core[core].shape.axons) return SF_EINVAL;
  switch (field) {
    case SF_X0:
      *value = sf_bit(p->x0, axon);
      return SF_OK;
    case SF_X1:
      *value = p->x1[axon];
      return SF_OK;
    case SF_X2:
      *value = p->x2[axon];
      return SF_OK;
    case SF_USE:
      *value = p->use[axon];
      return SF_OK;
    case SF_MISSING:
      *value = p->missing[axon];
      return SF_OK;
  }
  return SF_EINVAL;
}

sf_err sf_model_poke_axon(sf_model *m, uint32_t core, uint32_t axon, sf_axon_field field, int32_t value) {
  sf_plastic *p = plastic_of(m, core);
  if (p == NULL || axon >= m->core[core].shape.axons || (uint32_t)field > SF_MISSING) return SF_EINVAL;
  const int32_t top = field == SF_X0 ? 1 : field == SF_X1 || field == SF_X2 ? (1 << p->l.trace_bits) - 1 : 4096;
  if (value < 0 || value > top) return SF_EINVAL;
  switch (field) {
    case SF_X0:
      sf_bit_put(p->x0, axon, value != 0);
      break;
    case SF_X1:
      p->x1[axon] = (uint16_t)value;
      sf_bit_put(p->x1_set, axon, value != 0);
      break;
    case SF_X2:
      p->x2[axon] = (uint16_t)value;
      sf_bit_put(p->x2_set, axon, value != 0);
      break;
    case SF_USE:
      if (p->l.has_release) p->use[axon] = (uint16_t)value;
      break;
    case SF_MISSING:
      if (p->l.has_release) p->missing[axon] = (uint16_t)value;
      break;
  }
  return SF_OK;
}

static int8_t *payload_at(const sf_model *m, uint32_t core, uint32_t axon, uint32_t delay) {
  const sf_plastic *p = plastic_of(m, core);
  if (p == NULL || delay >= m->core[core].shape.delay_slots) return NULL;
  const sf_model_core *c = &m->core[core];
  if (axon < c->plain_axons || axon >= c->shape.axons) return NULL;
  const uint32_t slot = (c->slot + delay) & (c->shape.delay_slots - 1);
  return &p->payload[(size_t)slot * p->l.modulatory + axon - c->plain_axons];
}

sf_err sf_model_peek_payload(const sf_model *m, uint32_t core, uint32_t axon, uint32_t delay, int32_t *e) {
  const int8_t *at = payload_at(m, core, axon, delay);
  if (at == NULL) return SF_EINVAL;
  *e = *at;
  return SF_OK;
}

sf_err sf_model_peek_learn(const sf_model *m, uint32_t core, uint32_t neuron, sf_learn_field field, int64_t *value) {
  const sf_plastic *p = plastic_of(m, core);
  if (p == NULL || neuron >= m->core[core].shape.neurons) return SF_EINVAL;
  switch (field) {
    case SF_Y0:
      *value = sf_bit(p->y0, neuron);
      return SF_OK;
    case SF_Y1:
      *value = p->y1[neuron];
      return SF_OK;
    case SF_Y2:
      *value = p->y2[neuron];
      return SF_OK;
    case SF_M:
      *value = p->m[neuron];
      return SF_OK;
    case SF_XI:
      *value = p->xi[neuron];
      return SF_OK;
    case SF_SEEN_X:
      *value = p->x[neuron];
      return SF_OK;
    case SF_SEEN_D:
      *value = p->d[neuron];
      return SF_OK;
  }
  return SF_EINVAL;
}

sf_err sf_model_poke_learn(sf_model *m, uint32_t core, uint32_t neuron, sf_learn_field field, int64_t value) {
  sf_plastic *p = plastic_of(m, core);
  if (p == NULL || neuron >= m->core[core].shape.neurons || (uint32_t)field > SF_XI) return SF_EINVAL;
  const bool trace = field == SF_Y1 || field == SF_Y2;
  const int64_t top = trace ? ((int64_t)1 << p->l.trace_bits) - 1 : field == SF_M ? 127 : 1;
  const int64_t bottom = field == SF_M ? -128 : field == SF_XI ? -1 : 0;
  if (value < bottom || value > top || (field == SF_XI && value == 0)) return SF_EINVAL;
  switch (field) {
    case SF_Y0:
      sf_bit_put(p->y0, neuron, value != 0);
      break;
    case SF_Y1:
      p->y1[neuron] = (uint16_t)value;
      sf_bit_put(p->y1_set, neuron, value != 0);
      break;
    case SF_Y2:
      p->y2[neuron] = (uint16_t)value;
      sf_bit_put(p->y2_set, neuron, value != 0);
      break;
    case SF_M:
      p->m[neuron] = (int8_t)sf_sat7(value);
      break;
    case SF_XI:
      p->xi[neuron] = (int8_t)value;
      m->core[core].stale = true;
      break;
    case SF_SEEN_X:
    case SF_SEEN_D:
      return SF_EINVAL;
  }
  m->core[core].settled = m->core[core].rest_known = false;
  return SF_OK;
}

/* ---- requests ----------------------------------------------------------------------------------------------- */

sf_err sf_model_ask_sweep(sf_model *m, uint32_t core, uint32_t terms) {
  sf_plastic *p = plastic_of(m, core);
  if (p == NULL || terms > SF_ALL_TERMS) return SF_EINVAL;
  p->wants_sweep = true;
  p->wanted_terms |= terms;
  return SF_OK;
}

sf_err sf_model_ask_refresh(sf_model *m, uint32_t core) {
  sf_plastic *p = plastic_of(m, core);
  if (p == NULL) return SF_EINVAL;
  p->wants_refresh = true;
  return SF_OK;
}

sf_err sf_model_ask_fresh_unit(sf_model *m, uint32_t core, uint32_t neuron) {
  sf_plastic *p = plastic_of(m, core);
  if (p == NULL || neuron >= m->core[core].shape.neurons) return SF_EINVAL;
  p->fresh_unit = neuron;
  return SF_OK;
}

sf_err sf_model_end_sample(sf_model *m, uint32_t core) {
  if (core != SF_ALL_CORES && plastic_of(m, core) == NULL) return SF_EINVAL;
  for (uint32_t i = 0; i < m->n_cores; i++)
    if (m->core[i].plastic != NULL && (core == SF_ALL_CORES || core == i)) sf_plastic_end_sample(&m->core[i], m->tick);
  return SF_OK;
}

sf_learn_counters sf_model_learn_counters(const sf_model *m, uint32_t core) {
  const sf_plastic *p = plastic_of(m, core);
  return p != NULL ? p->counters : (sf_learn_counters){0};
}

/* ---- weights ------------------------------------------------------------------------------------------------ */

static sf_err export_fits(const sf_model *m, const sf_network *net, sf_msg *msg) {
  if (net->n_cores != m->n_cores)
    return sf_fail(msg, SF_EINVAL, "export: %u cores: must be %u", net->n_cores, m->n_cores);
  for (uint32_t i = 0; i < m->n_cores; i++) {
    const sf_core_net *a = &net->core[i], *b = &m->core[i].shape;
    if (a->axons != b->axons || a->neurons != b->neurons || a->weight_bits != b->weight_bits)
      return sf_fail(msg, SF_EINVAL, "export: core/%u: %u axons, %u neurons, %u bits: must be %u, %u, %u", i, a->axons,
                     a->neurons, a->weight_bits, b->axons, b->neurons, b->weight_bits);
    if (a->w8 == NULL && a->w16 == NULL) return sf_fail(msg, SF_EINVAL, "export: core/%u has no room for weights", i);
  }
  return SF_OK;
}

sf_err sf_model_export(const sf_model *m, sf_network *net, sf_msg *msg) {
  const sf_err err = export_fits(m, net, msg);
  if (err) return err;
  _Alignas(SF_LINE) int16_t w[SF_BLOCK];
  for (uint32_t k = 0; k < m->n_cores; k++) {
    const sf_model_core *c = &m->core[k];
    for (uint32_t i = 0; i < c->shape.axons; i++)
      for (uint32_t at = 0, width; at < c->padded; at += width) {
        width = sf_block_width(c->padded, at);
        sf_kernel_now()->unpack(sf_block_at(c, i, at), width, c->shape.weight_bits, w);
        for (uint32_t j = at; j < at + width && j < c->shape.neurons; j++)
          sf_core_set_weight(&net->core[k], i, j, w[j - at]);
      }
  }
  return SF_OK;
}
