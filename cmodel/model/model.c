/* model.c - the functional model: making it, its delay ring, and the order of a tick. See model_core.h. */
#include "synfire/model.h"

#include <stdlib.h>
#include <string.h>

#include "model/kernel.h"
#include "model/model_state.h"
#include "model/plasticity.h"
#include "network/network_parts.h"

/* ---- making and freeing ------------------------------------------------------------------------------------- */

static void core_free(sf_model_core *c) {
  sf_plastic_free(c);
  sf_state_free(c);
  if (c->shares) return;
  free(c->first_route);
  free(c->route);
}

void sf_model_free(sf_model *m) {
  if (m == NULL) return;
  for (uint32_t i = 0; i < m->n_cores; i++) core_free(&m->core[i]);
  free(m->core);
  free(m->rows);
  free(m->spike);
  free(m->out);
  free(m->payload);
  free(m);
}

static sf_model *blank(uint32_t n_cores) {
  sf_model *m = calloc(1, sizeof *m);
  if (m == NULL) return NULL;
  m->core = calloc(n_cores, sizeof *m->core);
  if (m->core == NULL) {
    free(m);
    return NULL;
  }
  m->n_cores = n_cores;
  m->threads = 1;
  return m;
}

/* The weights of all cores, in one piece: large pages are wasted on small cores one by one. */
static bool rows_alloc(sf_model *m) {
  size_t bytes = 0;
  for (uint32_t i = 0; i < m->n_cores; i++) bytes += ((size_t)m->core[i].shape.axons + 1) * m->core[i].row_bytes;
  m->rows = sf_zeros(bytes, 1);
  if (m->rows == NULL) return false;
  uint8_t *at = m->rows;
  for (uint32_t i = 0; i < m->n_cores; i++) {
    m->core[i].rows = at;
    at += ((size_t)m->core[i].shape.axons + 1) * m->core[i].row_bytes;
  }
  return true;
}

/* Room for what a tick tells: every spike, every external output event. */
static bool lists_alloc(sf_model *m) {
  size_t neurons = 0, external = 0, payloads = 0;
  for (uint32_t i = 0; i < m->n_cores; i++) {
    const sf_model_core *c = &m->core[i];
    neurons += c->shape.neurons;
    for (uint32_t r = 0; r < c->first_route[c->shape.neurons]; r++) external += c->route[r].core == SF_EXTERNAL;
    const sf_plastic *p = c->plastic;
    for (uint32_t r = 0; p != NULL && r < p->n_routes; r++) payloads += p->route[r].core == SF_EXTERNAL;
    m->learns |= p != NULL;
  }
  m->spike = sf_zeros(neurons + SF_GROUP, sizeof *m->spike);
  m->out = sf_zeros(external, sizeof *m->out);
  m->payload = sf_zeros(payloads, sizeof *m->payload);
  return m->spike != NULL && m->out != NULL && m->payload != NULL;
}

/* Routes sorted by neuron, those of one neuron in file order: a counting sort. Of a core that learns, those which carry
 * spikes, or those which carry payloads. Returns how many. */
static uint32_t sort_routes(uint32_t *first, sf_route *to, const sf_core_net *net, bool payload) {
  const bool *kind = net->learning != NULL ? net->learning->payload : NULL;
  for (uint32_t i = 0; i < net->n_routes; i++) first[net->routes[i].neuron + 1] += kind == NULL || kind[i] == payload;
  for (uint32_t j = 0; j < net->neurons; j++) first[j + 1] += first[j];
  const uint32_t n = first[net->neurons];
  for (uint32_t i = 0; i < net->n_routes; i++)
    if (kind == NULL || kind[i] == payload) to[first[net->routes[i].neuron]++] = net->routes[i];
  for (uint32_t j = net->neurons; j > 0; j--) first[j] = first[j - 1]; /* each had moved to the next one's start */
  first[0] = 0;
  return n;
}

static bool routes_make(uint32_t **first, sf_route **route, const sf_core_net *net) {
  *first = sf_zeros((size_t)net->neurons + 1, sizeof **first);
  *route = sf_zeros(net->n_routes, sizeof **route);
  return *first != NULL && *route != NULL;
}

static bool learning_make(sf_model_core *c, const sf_core_net *net) {
  if (!sf_plastic_make(c, net) || !routes_make(&c->plastic->first_route, &c->plastic->route, net)) return false;
  c->plastic->n_routes = sort_routes(c->plastic->first_route, c->plastic->route, net, true);
  return true;
}

/* A core but its rows. */
static bool core_make(sf_model_core *c, const sf_core_net *net, uint32_t seed) {
  if (!sf_state_alloc(c, net) || !routes_make(&c->first_route, &c->route, net)) return false;
  c->plain_axons = net->axons;
  if (net->learning != NULL && !learning_make(c, net)) return false;
  sf_state_copy(c, net);
  (void)sort_routes(c->first_route, c->route, net, false);
  c->seed = seed;
  return !sf_model_prepare(c);
}

static sf_err fill_rows(sf_model *m, const sf_network *net, sf_model_weights weights, void *user, sf_msg *msg) {
  for (uint32_t i = 0; i < net->n_cores; i++) {
    sf_core_net core = net->core[i];
    sf_err err = weights != NULL ? weights(user, i, &core, msg) : SF_OK;
    if (!err && weights != NULL) err = sf_weights_check(&core, i, msg);
    if (err) return err;
    sf_rows_fill(&m->core[i], &core);
  }
  return SF_OK;
}

static sf_err make(const sf_network *net, sf_model_weights weights, void *user, sf_model **out, sf_msg *msg) {
  sf_model *m = blank(net->n_cores);
  bool good = m != NULL;
  for (uint32_t i = 0; good && i < net->n_cores; i++)
    good = core_make(&m->core[i], &net->core[i], sf_core_seed(net->seed, i));
  good = good && rows_alloc(m) && lists_alloc(m);
  sf_err err = good ? SF_OK : sf_fail(msg, SF_ENOMEM, "out of memory for a model of %u cores", net->n_cores);
  if (!err) err = fill_rows(m, net, weights, user, msg);
  if (err) {
    sf_model_free(m);
    return err;
  }
  sf_model_reset(m);
  *out = m;
  return SF_OK;
}

sf_err sf_model_new(const sf_network *net, sf_model **out, sf_msg *msg) {
  const sf_err err = sf_network_check(net, msg);
  return err ? err : make(net, NULL, NULL, out, msg);
}

sf_err sf_model_new_from(const sf_network *net, sf_model_weights weights, void *user, sf_model **out, sf_msg *msg) {
  const sf_err err = sf_network_check_all(net, false, msg);
  return err ? err : make(net, weights, user, out, msg);
}

static bool core_twin(sf_model_core *c, const sf_model_core *from) {
  c->shares = true;
  if (!sf_state_alloc(c, &from->shape)) return false;
  c->plain_axons = c->shape.axons;
  if (from->plastic != NULL && !sf_plastic_twin(c, from)) return false;
  c->seed = from->seed;
  c->rows = from->rows;
  c->first_route = from->first_route;
  c->route = from->route;
  sf_state_share(c, from);
  return !sf_model_prepare(c);
}

sf_model *sf_model_twin(const sf_model *of) {
  sf_model *m = blank(of->n_cores);
  bool good = m != NULL;
  for (uint32_t i = 0; good && i < of->n_cores; i++) good = core_twin(&m->core[i], &of->core[i]);
  good = good && lists_alloc(m);
  if (!good) {
    sf_model_free(m);
    return NULL;
  }
  sf_model_reset(m);
  return m;
}

void sf_model_reset(sf_model *m) {
  m->tick = 0;
  m->result = (sf_tick_result){0};
  for (uint32_t i = 0; i < m->n_cores; i++) {
    sf_state_reset(&m->core[i]);
    if (m->core[i].plastic != NULL) sf_plastic_reset(&m->core[i]);
  }
}

/* ---- events ------------------------------------------------------------------------------------------------- */

/* An event for `axon` (which exists) in a slot of the ring; one that is there already swallows it: was it? */
static bool put(sf_model_core *c, uint32_t axon, uint32_t slot) {
  uint64_t *word = &c->ring[(size_t)slot * c->words + axon / 64];
  const uint64_t bit = (uint64_t)1 << axon % 64;
  const bool met = (*word & bit) != 0;
  c->counters.merges += met;
  *word |= bit;
  return met;
}

/* The same `delay` slots from now, with the payload that it has for a modulatory axon. */
static void deliver(sf_model_core *c, uint32_t axon, uint32_t delay, int32_t payload) {
  const uint32_t slot = (c->slot + delay) & (c->shape.delay_slots - 1);
  const bool met = put(c, axon, slot);
  if (axon >= c->plain_axons) sf_plastic_meet(c, axon, slot, met, payload);
}

sf_err sf_model_inject_payload(sf_model *m, uint32_t core, uint32_t axon, uint32_t delay, int32_t payload) {
  if (core >= m->n_cores || delay >= m->core[core].shape.delay_slots) return SF_EINVAL;
  if (payload < -128 || payload > 127) return SF_EINVAL;
  sf_model_core *c = &m->core[core];
  if (axon >= c->shape.axons) {
    c->counters.dropped++;
    return SF_OK;
  }
  deliver(c, axon, delay, payload);
  c->counters.events_in++;
  return SF_OK;
}

sf_err sf_model_inject(sf_model *m, uint32_t core, uint32_t axon, uint32_t delay) {
  if (core >= m->n_cores || delay >= m->core[core].shape.delay_slots) return SF_EINVAL;
  sf_model_core *c = &m->core[core];
  if (axon >= c->plain_axons) return sf_model_inject_payload(m, core, axon, delay, 0); /* modulatory, or none */
  (void)put(c, axon, (c->slot + delay) & (c->shape.delay_slots - 1));
  c->counters.events_in++;
  return SF_OK;
}

sf_err sf_model_inject_bits(sf_model *m, uint32_t core, const uint64_t *bits, uint32_t delay) {
  if (core >= m->n_cores || delay >= m->core[core].shape.delay_slots) return SF_EINVAL;
  sf_model_core *c = &m->core[core];
  uint64_t *slot = &c->ring[(size_t)((c->slot + delay) & (c->shape.delay_slots - 1)) * c->words];
  const uint32_t last = c->words - 1, used = c->shape.axons - 64 * last;
  const uint64_t known = used < 64 ? ((uint64_t)1 << used) - 1 : ~(uint64_t)0, end = bits[last] & known;
  sf_counters *n = &c->counters;
  const sf_kernel *kernel = sf_kernel_now();
  if (c->plastic != NULL) sf_plastic_meet_bits(c, slot, bits);
  if (end == bits[last]) {
    kernel->merge(slot, bits, c->words, &n->events_in, &n->merges);
    return SF_OK;
  }
  for (uint64_t x = bits[last] & ~known; x != 0; x &= x - 1) n->dropped++;
  kernel->merge(slot, bits, last, &n->events_in, &n->merges);
  kernel->merge(slot + last, &end, 1, &n->events_in, &n->merges);
  return SF_OK;
}

/* Move the slot of this tick into the list of active axons and leave it empty. */
static void scan(sf_model_core *c) {
  uint64_t *slot = &c->ring[(size_t)c->slot * c->words];
  c->n_active = sf_kernel_now()->scan(slot, c->active_bits, c->words, c->active);
}

/* Send the spikes of core `core` along their routes. A route takes at least one tick and less than the destination has
 * slots, so no event lands in a slot of this tick, whichever cores have been computed already. */
static void route(sf_model *m, uint32_t core) {
  sf_model_core *c = &m->core[core];
  for (uint32_t i = 0; i < c->n_spiked && c->shape.n_routes > 0; i++) {
    const uint32_t j = c->spiked[i];
    for (uint32_t k = c->first_route[j]; k < c->first_route[j + 1]; k++) {
      const sf_route *r = &c->route[k];
      if (r->core == SF_EXTERNAL) {
        m->out[m->result.n_out++] = (sf_event){core, j};
        c->counters.events_out++;
      } else {
        deliver(&m->core[r->core], r->axon, r->delay, 0);
      }
    }
  }
}

/* Send the third factors of core `core` along its payload routes. */
static void send(sf_model *m, uint32_t core) {
  sf_model_core *c = &m->core[core];
  const sf_plastic *p = c->plastic;
  for (uint32_t j = 0; j < c->shape.neurons; j++) {
    if (p->m[j] == 0 || !sf_bit(p->senders, j)) continue;
    for (uint32_t k = p->first_route[j]; k < p->first_route[j + 1]; k++) {
      const sf_route *r = &p->route[k];
      if (r->core == SF_EXTERNAL) {
        m->payload[m->result.n_payloads++] = (sf_payload){core, j, p->m[j]};
        c->counters.events_out++;
      } else {
        deliver(&m->core[r->core], r->axon, r->delay, p->m[j]);
      }
    }
  }
}

/* ---- a tick ------------------------------------------------------------------------------------------------- */

static void count(sf_model_core *c) {
  c->counters.ticks++;
  c->counters.spikes += c->n_spiked;
  c->counters.active_axons += c->n_active;
  c->counters.synaptic_ops += (uint64_t)c->n_active * c->shape.neurons;
}

static void compute_learning(sf_model *m, uint32_t core, sf_event *event) {
  sf_model_core *c = &m->core[core];
  scan(c);
  sf_plastic_begin(c, m->tick);
  sf_model_sum(c);
  sf_model_update(c, m->tick, c->n_active > 0, core, event);
  sf_plastic_after(c, m->tick);
  count(c);
}

/* The spikes of the core also go to `event`, unless that is NULL. */
static void compute(sf_model *m, uint32_t core, sf_event *event) {
  sf_model_core *c = &m->core[core];
  if (c->plastic != NULL) {
    compute_learning(m, core, event);
    return;
  }
  scan(c);
  sf_model_sum(c);
  sf_model_update(c, m->tick, c->n_active > 0, core, event);
  count(c);
}

/* What learning adds to the end of a tick: payloads, when every core's spikes are under way; then the end of samples,
 * by which what reached the ring of such a core is lost. */
static void end_learning(sf_model *m) {
  for (uint32_t i = 0; i < m->n_cores; i++)
    if (m->core[i].plastic != NULL && m->core[i].plastic->sends) send(m, i);
  for (uint32_t i = 0; i < m->n_cores; i++)
    if (m->core[i].plastic != NULL && m->core[i].plastic->ends) sf_plastic_end_sample(&m->core[i], m->tick);
}

/* A tick's events reach no other core before the next tick, so that cores can be computed in any order; their spikes
 * are routed in order. */
const sf_tick_result *sf_model_step(sf_model *m) {
  m->result = (sf_tick_result){.tick = m->tick, .out = m->out, .spike = m->spike, .payload = m->payload};
#ifdef _OPENMP
  if (m->threads > 1 && m->n_cores > 1) {
#pragma omp parallel for schedule(dynamic, 1) num_threads((int)m->threads)
    for (uint32_t i = 0; i < m->n_cores; i++) compute(m, i, NULL);
    for (uint32_t i = 0; i < m->n_cores; i++)
      for (uint32_t k = 0; k < m->core[i].n_spiked; k++)
        m->spike[m->result.n_spikes++] = (sf_event){i, m->core[i].spiked[k]};
  } else
#endif
    for (uint32_t i = 0; i < m->n_cores; i++) {
      compute(m, i, m->spike + m->result.n_spikes);
      m->result.n_spikes += m->core[i].n_spiked;
    }
  for (uint32_t i = 0; i < m->n_cores; i++) route(m, i);
  if (m->learns) end_learning(m);
  for (uint32_t i = 0; i < m->n_cores; i++) {
    sf_model_core *c = &m->core[i];
    c->slot = (c->slot + 1) & (c->shape.delay_slots - 1);
  }
  m->tick++;
  return &m->result;
}

void sf_model_set_threads(sf_model *m, uint32_t threads) { m->threads = threads < 1 ? 1 : threads; }

uint32_t sf_model_tick(const sf_model *m) { return m->tick; }
void sf_model_set_tick(sf_model *m, uint32_t tick) { m->tick = tick; }

uint64_t sf_model_under_way(const sf_model *m, uint32_t core) {
  uint64_t n = 0;
  if (core == SF_ALL_CORES) {
    for (uint32_t i = 0; i < m->n_cores; i++) n += sf_model_under_way(m, i);
    return n;
  }
  if (core >= m->n_cores) return 0;
  const sf_model_core *c = &m->core[core];
  for (size_t w = 0; w < (size_t)c->shape.delay_slots * c->words; w++) n += (uint64_t)__builtin_popcountll(c->ring[w]);
  return n;
}

sf_counters sf_model_counters(const sf_model *m, uint32_t core) {
  sf_counters sum = {0};
  if (core != SF_ALL_CORES) return core < m->n_cores ? m->core[core].counters : sum;
  for (uint32_t i = 0; i < m->n_cores; i++) {
    const sf_counters *c = &m->core[i].counters;
    sum.ticks = c->ticks;
    sum.events_in += c->events_in;
    sum.events_out += c->events_out;
    sum.merges += c->merges;
    sum.dropped += c->dropped;
    sum.spikes += c->spikes;
    sum.active_axons += c->active_axons;
    sum.synaptic_ops += c->synaptic_ops;
  }
  return sum;
}
