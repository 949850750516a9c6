/* image.c - see image.h. */
#include "lockstep/image.h"

#include <stdlib.h>
#include <string.h>

uint32_t sf_image_parameter(const sf_params *p, uint32_t i) {
  const uint32_t features = (uint32_t)p->has_current | (uint32_t)p->has_refractory << 1 |
                            (uint32_t)p->has_adaptation << 2 | (uint32_t)p->has_noise << 3 |
                            (uint32_t)p->leak_shift << 4;
  const uint32_t value[SF_PARAMETER_REGISTERS] = {p->axons,          p->neurons,     p->lanes,          p->neuron_lanes,
                                                  p->learning_lanes, p->weight_bits, p->potential_bits, p->delay_slots,
                                                  p->profiles,       p->routes,      features};
  return value[i];
}

void sf_image_free(sf_image *image) {
  if (!image) return;
  free(image->weights);
  free(image->neurons);
  free(image->profiles);
  free(image->pointers);
  free(image->routes);
  free(image->v_init);
  free(image->u_init);
  free(image);
}

static sf_image *allocate(const sf_params *p) {
  sf_image *m = calloc(1, sizeof *m);
  if (!m) return NULL;
  m->p = *p;
  m->n_weights = sf_groups(p) * p->axons * sf_row_words(p);
  m->weights = calloc(m->n_weights, sizeof *m->weights);
  m->neurons = calloc((size_t)p->neurons * SF_NEURON_FIELDS, sizeof *m->neurons);
  m->profiles = calloc((size_t)p->profiles * SF_PROFILE_FIELDS, sizeof *m->profiles);
  m->pointers = calloc(p->neurons, sizeof *m->pointers);
  m->routes = calloc(p->routes, sizeof *m->routes);
  m->v_init = calloc(p->neurons, sizeof *m->v_init);
  m->u_init = calloc(p->neurons, sizeof *m->u_init);
  if (m->weights && m->neurons && m->profiles && m->pointers && m->routes && m->v_init && m->u_init) return m;
  sf_image_free(m);
  return NULL;
}

sf_weight_at sf_weight_place(const sf_params *p, uint32_t axon, uint32_t neuron) {
  const uint32_t row = neuron / p->lanes * p->axons + axon, bit = neuron % p->lanes * p->weight_bits;
  return (sf_weight_at){row * sf_row_words(p) + bit / 32, bit % 32};
}

sf_word_weights sf_weight_word(const sf_params *p, uint32_t word) {
  const uint32_t row = word / sf_row_words(p), most = 32 / p->weight_bits;
  const uint32_t count = most < p->lanes ? most : p->lanes;
  const uint32_t lane = word % sf_row_words(p) * count;
  return (sf_word_weights){row % p->axons, row / p->axons * p->lanes + lane, count};
}

int32_t sf_weight_value(const sf_params *p, uint32_t bits) {
  return p->weight_bits == 1 ? (int32_t)(bits & 1) : sf_sext(bits, p->weight_bits);
}

static void set_weights(sf_image *m, const sf_core_net *c) {
  const sf_params *p = &m->p;
  const uint32_t mask = p->weight_bits == 32 ? UINT32_MAX : ((uint32_t)1 << p->weight_bits) - 1;
  for (uint32_t axon = 0; axon < c->axons; axon++)
    for (uint32_t neuron = 0; neuron < c->neurons; neuron++) {
      const sf_weight_at at = sf_weight_place(p, axon, neuron);
      m->weights[at.word] |= ((uint32_t)sf_core_weight(c, axon, neuron) & mask) << at.bit;
    }
}

/* Routes of one neuron lie one after the other, in file order, the last one marked. */
static sf_err set_routes(sf_image *m, const sf_core_net *c, sf_msg *msg) {
  uint32_t *next = calloc((size_t)c->neurons + 1, sizeof *next);
  if (!next) return sf_fail(msg, SF_ENOMEM, "out of memory");
  for (uint32_t i = 0; i < c->n_routes; i++) next[c->routes[i].neuron + 1]++;
  for (uint32_t n = 0; n < c->neurons; n++) {
    m->pointers[n] = next[n + 1] ? 0x80000000u | next[n] : 0;
    next[n + 1] += next[n];
  }
  for (uint32_t i = 0; i < c->n_routes; i++) {
    const sf_route *r = &c->routes[i];
    const uint32_t entry = r->core == SF_EXTERNAL ? 0x40000000u : (r->delay - 1) << 16 | r->axon;
    m->routes[next[r->neuron]++] = entry;
  }
  /* next[n] is now one past the list of n. Entries that nobody uses end there and then, should anyone get there. */
  for (uint32_t n = 0; n < c->neurons; n++)
    if (m->pointers[n]) m->routes[next[n] - 1] |= 0x80000000u;
  for (uint32_t i = c->n_routes; i < m->p.routes; i++) m->routes[i] = 0x80000000u;
  free(next);
  return SF_OK;
}

sf_err sf_image_new(const sf_network *net, uint32_t core, const sf_params *p, sf_image **out, sf_msg *msg) {
  sf_err err = sf_network_fit(net, core, p, msg);
  if (err) return err;
  const sf_core_net *c = &net->core[core];
  sf_image *m = allocate(p);
  if (!m) return sf_fail(msg, SF_ENOMEM, "out of memory");
  set_weights(m, c);
  const int32_t v_max = (1 << (p->potential_bits - 1)) - 1;
  for (uint32_t n = 0; n < p->neurons; n++) {
    const bool used = n < c->neurons;
    m->neurons[n * SF_NEURON_FIELDS + SF_THRESHOLD] = (uint32_t)(used ? c->threshold[n] : v_max);
    m->neurons[n * SF_NEURON_FIELDS + SF_BIAS] = (uint32_t)(used ? c->bias[n] : 0);
    m->neurons[n * SF_NEURON_FIELDS + SF_PROFILE] = used ? c->profile[n] : 0;
    m->v_init[n] = used ? c->v_init[n] : 0;
    m->u_init[n] = used ? c->u_init[n] : 0;
  }
  for (uint32_t k = 0; k < c->n_profiles; k++) {
    sf_profile f = c->profiles[k];
    /* A network without current on a core that has it: a current that forgets all of itself each tick. */
    if (p->has_current && !c->has_current) f.u_decay = 4096;
    for (uint32_t i = 0; i < SF_PROFILE_FIELDS; i++)
      m->profiles[k * SF_PROFILE_FIELDS + i] = (uint32_t)*sf_profile_field(&f, i);
  }
  m->seed = p->has_noise ? sf_core_seed(net->seed, core) : 0;
  err = set_routes(m, c, msg);
  if (err) {
    sf_image_free(m);
    return err;
  }
  *out = m;
  return SF_OK;
}

uint32_t *sf_image_word(const sf_image *m, uint32_t addr) {
  const uint32_t at = addr & 0x0FFFFFFFu;
  switch (addr >> 28) {
    case SF_HOST_WEIGHTS:
      return at < m->n_weights ? &m->weights[at] : NULL;
    case SF_HOST_NEURONS:
      return at / 8 < m->p.neurons && at % 8 < SF_NEURON_FIELDS ? &m->neurons[at / 8 * SF_NEURON_FIELDS + at % 8]
                                                                : NULL;
    case SF_HOST_PROFILES:
      return at / 16 < m->p.profiles && at % 16 < SF_PROFILE_FIELDS
                 ? &m->profiles[at / 16 * SF_PROFILE_FIELDS + at % 16]
                 : NULL;
    case SF_HOST_ROUTE_POINTERS:
      return at < m->p.neurons ? &m->pointers[at] : NULL;
    case SF_HOST_ROUTES:
      return at < m->p.routes ? &m->routes[at] : NULL;
    default:
      return NULL;
  }
}

sf_err sf_image_each(const sf_image *m, sf_err (*visit)(void *self, uint32_t addr, uint32_t word), void *self) {
  sf_err err = SF_OK;
  for (uint32_t i = 0; !err && i < m->n_weights; i++)
    err = visit(self, sf_host_addr(SF_HOST_WEIGHTS, i), m->weights[i]);
  for (uint32_t n = 0; n < m->p.neurons; n++)
    for (uint32_t f = 0; !err && f < SF_NEURON_FIELDS; f++)
      err = visit(self, sf_host_addr(SF_HOST_NEURONS, n * 8 + f), m->neurons[n * SF_NEURON_FIELDS + f]);
  for (uint32_t k = 0; k < m->p.profiles; k++)
    for (uint32_t f = 0; !err && f < SF_PROFILE_FIELDS; f++)
      err = visit(self, sf_host_addr(SF_HOST_PROFILES, k * 16 + f), m->profiles[k * SF_PROFILE_FIELDS + f]);
  for (uint32_t n = 0; !err && n < m->p.neurons; n++)
    err = visit(self, sf_host_addr(SF_HOST_ROUTE_POINTERS, n), m->pointers[n]);
  for (uint32_t i = 0; !err && i < m->p.routes; i++) err = visit(self, sf_host_addr(SF_HOST_ROUTES, i), m->routes[i]);
  return err ? err : visit(self, sf_host_addr(SF_HOST_REGISTERS, SF_REG_SEED), m->seed);
}

uint64_t sf_image_routes(const sf_image *m) {
  uint64_t n = 0;
  for (uint32_t neuron = 0; neuron < m->p.neurons; neuron++)
    if (m->pointers[neuron] >> 31)
      for (uint32_t i = m->pointers[neuron] & 0xFFFF; i < m->p.routes; i++) {
        n++;
        if (m->routes[i] >> 31) break;
      }
  return n;
}

static void get_routes(const sf_image *m, sf_core_net *c) {
  sf_route *r = c->routes;
  for (uint32_t neuron = 0; neuron < m->p.neurons; neuron++)
    if (m->pointers[neuron] >> 31)
      for (uint32_t i = m->pointers[neuron] & 0xFFFF; i < m->p.routes; i++) {
        const uint32_t entry = m->routes[i];
        const bool external = entry >> 30 & 1;
        *r++ =
            (sf_route){neuron, external ? SF_EXTERNAL : 0, external ? 0 : entry & 0xFFFF, (entry >> 16 & 0x3FFF) + 1};
        if (entry >> 31) break;
      }
}

sf_err sf_image_network(const sf_image *m, sf_network **out, sf_msg *msg) {
  const sf_params *p = &m->p;
  sf_network *net = sf_network_new(1);
  if (!net) return sf_fail(msg, SF_ENOMEM, "out of memory");
  sf_core_net *c = &net->core[0];
  c->axons = p->axons;
  c->neurons = p->neurons;
  c->weight_bits = p->weight_bits;
  c->potential_bits = p->potential_bits;
  c->delay_slots = p->delay_slots;
  c->n_profiles = p->profiles;
  c->n_routes = (uint32_t)sf_image_routes(m);
  c->has_current = p->has_current;
  c->has_refractory = p->has_refractory;
  c->has_adaptation = p->has_adaptation;
  c->has_noise = p->has_noise;
  net->seed = m->seed;
  const sf_err err = sf_core_net_alloc(c, msg);
  if (err) {
    sf_network_free(net);
    return err;
  }
  for (uint32_t axon = 0; axon < p->axons; axon++)
    for (uint32_t n = 0; n < p->neurons; n++) {
      const sf_weight_at at = sf_weight_place(p, axon, n);
      sf_core_set_weight(c, axon, n, sf_weight_value(p, m->weights[at.word] >> at.bit));
    }
  for (uint32_t n = 0; n < p->neurons; n++) {
    c->threshold[n] = (int32_t)m->neurons[n * SF_NEURON_FIELDS + SF_THRESHOLD];
    c->bias[n] = (int32_t)m->neurons[n * SF_NEURON_FIELDS + SF_BIAS];
    c->profile[n] = m->neurons[n * SF_NEURON_FIELDS + SF_PROFILE];
  }
  for (uint32_t k = 0; k < p->profiles; k++)
    for (uint32_t i = 0; i < SF_PROFILE_FIELDS; i++)
      *sf_profile_field(&c->profiles[k], i) = (int32_t)m->profiles[k * SF_PROFILE_FIELDS + i];
  get_routes(m, c);
  *out = net;
  return SF_OK;
}
