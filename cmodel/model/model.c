/* model.c - the functional model: making it, its delay ring, and the order of a tick. See model_core.h. */
#ifdef __linux__
#define _DEFAULT_SOURCE /* madvise() */
#include <sys/mman.h>
#endif
#include "synfire/model.h"

#include <stdlib.h>
#include <string.h>

#include "model/kernel.h"

/* ---- making and freeing ------------------------------------------------------------------------------------- */

#define LARGE_PAGE ((size_t)2 << 20)

/* What is large gets large pages: rows and synapses are read in any order, and looking up their pages would cost more than
 * adding them. */
void *sf_zeros(size_t n, size_t element) {
  const size_t wanted = n * element + 1, align = wanted < LARGE_PAGE / 8 ? SF_LINE : LARGE_PAGE;
  const size_t bytes = (wanted + align - 1) / align * align;
  void *p = aligned_alloc(align, bytes);
  if (p == NULL) return NULL;
#ifdef __linux__
  if (align == LARGE_PAGE) (void)madvise(p, bytes, MADV_HUGEPAGE); /* a wish */
#endif
  memset(p, 0, wanted);
  return p;
}

void sf_state_free(sf_model_core *c) {
  void *const owned[] = {c->threshold,   c->bias,      c->v_init,     c->u_init,    c->profile_of, c->v,
                         c->u,           c->a,         c->v16,        c->r,         c->v_init16,   c->bias16,
                         c->table,       c->group,     c->before,     c->profiles,  c->ring,       c->active_bits,
                         c->active,      c->row,       c->sum,        c->sum16,     c->spike_bits, c->spiked,
                         c->threshold16, c->rest_bits, c->quiet_bits, c->noisy_bits};
  for (size_t i = 0; i < sizeof owned / sizeof owned[0]; i++) free(owned[i]);
}

static void core_free(sf_model_core *c) {
  sf_state_free(c);
  if (c->shares) return;
  free(c->first_route);
  free(c->route);
}

void sf_model_free(sf_model *m) {
  if (m == NULL) return;
  for (uint32_t i = 0; m->core != NULL && i < m->n_cores; i++) core_free(&m->core[i]);
  free(m->core);
  free(m->rows);
  free(m->spike);
  free(m->out);
  free(m);
}

/* Everything but rows and routes. */
bool sf_state_alloc(sf_model_core *c, const sf_core_net *net) {
  c->shape = *net;
  c->shape.w8 = NULL;
  c->shape.w16 = NULL;
  c->shape.threshold = c->shape.bias = c->shape.v_init = c->shape.u_init = NULL;
  c->shape.profile = NULL;
  c->shape.profiles = NULL;
  c->shape.routes = NULL;
  c->words = (net->axons + 63) / 64;
  sf_rows_size(c);
  const size_t n = c->padded;
  const bool narrow = net->potential_bits <= 16 && !net->has_current && !net->has_adaptation && !net->has_noise;
  c->threshold = sf_zeros(n, sizeof *c->threshold);
  c->bias = sf_zeros(n, sizeof *c->bias);
  c->v_init = sf_zeros(n, sizeof *c->v_init);
  c->u_init = sf_zeros(n, sizeof *c->u_init);
  c->profile_of = sf_zeros(n, sizeof *c->profile_of);
  if (narrow) {
    c->v16 = sf_zeros(n, sizeof *c->v16);
    c->v_init16 = sf_zeros(n, sizeof *c->v_init16);
    c->threshold16 = sf_zeros(n, sizeof *c->threshold16);
    c->bias16 = sf_zeros(n, sizeof *c->bias16);
  } else {
    c->v = sf_zeros(n, sizeof *c->v);
  }
  c->u = sf_zeros(n, sizeof *c->u);
  c->a = sf_zeros(n, sizeof *c->a);
  c->r = sf_zeros(n, sizeof *c->r);
  c->profiles = sf_zeros(net->n_profiles, sizeof *c->profiles);
  c->group = sf_zeros(n / SF_GROUP, sizeof *c->group);
  c->before = sf_zeros(4 * n, sizeof *c->before);
  c->rest_bits = sf_zeros(n / 64, sizeof *c->rest_bits);
  c->quiet_bits = sf_zeros(n / 64, sizeof *c->quiet_bits);
  c->noisy_bits = sf_zeros(n / 64, sizeof *c->noisy_bits);
  c->ring = sf_zeros((size_t)net->delay_slots * c->words, sizeof *c->ring);
  c->active_bits = sf_zeros(c->words, sizeof *c->active_bits);
  c->active = sf_zeros(net->axons + SF_GROUP, sizeof *c->active);
  c->row = sf_zeros(net->axons + SF_GROUP, sizeof *c->row);
  c->sum16 = sf_zeros(n, sizeof *c->sum16);
  c->sum = sf_zeros(n, sizeof *c->sum);
  c->spike_bits = sf_zeros(n / 64, sizeof *c->spike_bits);
  c->spiked = sf_zeros(n + SF_GROUP, sizeof *c->spiked);
  return c->threshold && c->bias && c->v_init && c->u_init && c->profile_of && c->u && c->a && c->r && c->profiles &&
         (narrow ? c->v16 && c->v_init16 && c->threshold16 && c->bias16 : c->v != NULL) && c->group && c->before &&
         c->rest_bits && c->quiet_bits && c->noisy_bits && c->ring && c->active_bits && c->active && c->row &&
         c->sum16 && c->sum && c->spike_bits && c->spiked;
}

/* The weights of all cores, in one piece: large pages are wasted on small cores one by one. */
static bool rows_alloc(sf_model *m) {
  size_t bytes = 0;
  for (uint32_t i = 0; i < m->n_cores; i++) bytes += ((size_t)m->core[i].shape.axons + 1) * m->core[i].row_bytes;
  uint8_t *at = m->rows = sf_zeros(bytes, 1);
  if (at == NULL) return false;
  for (uint32_t i = 0; i < m->n_cores; i++) {
    m->core[i].rows = at;
    at += ((size_t)m->core[i].shape.axons + 1) * m->core[i].row_bytes;
  }
  return true;
}

static bool core_alloc(sf_model_core *c, const sf_core_net *net) {
  if (!sf_state_alloc(c, net)) return false;
  c->first_route = sf_zeros((size_t)net->neurons + 1, sizeof *c->first_route);
  c->route = sf_zeros(net->n_routes, sizeof *c->route);
  return c->first_route && c->route;
}

/* Routes sorted by neuron, those of one neuron in file order: a counting sort. */
static void sort_routes(sf_model_core *c, const sf_core_net *net) {
  uint32_t *first = c->first_route;
  for (uint32_t i = 0; i < net->n_routes; i++) first[net->routes[i].neuron + 1]++;
  for (uint32_t j = 0; j < net->neurons; j++) first[j + 1] += first[j];
  for (uint32_t i = 0; i < net->n_routes; i++) c->route[first[net->routes[i].neuron]++] = net->routes[i];
  for (uint32_t j = net->neurons; j > 0; j--) first[j] = first[j - 1]; /* each had moved to the next one's start */
  first[0] = 0;
}

void sf_state_copy(sf_model_core *c, const sf_core_net *net) {
  const size_t n = net->neurons;
  memcpy(c->threshold, net->threshold, n * sizeof *c->threshold);
  memcpy(c->bias, net->bias, n * sizeof *c->bias);
  memcpy(c->v_init, net->v_init, n * sizeof *c->v_init);
  memcpy(c->u_init, net->u_init, n * sizeof *c->u_init);
  for (size_t j = 0; j < n; j++) {
    c->profile_of[j] = (uint16_t)net->profile[j];
    if (c->v16 != NULL) c->v_init16[j] = (int16_t)net->v_init[j];
  }
  memcpy(c->profiles, net->profiles, net->n_profiles * sizeof *c->profiles);
}

static sf_err fill_rows(sf_model *m, const sf_network *net, sf_model_weights weights, void *user, sf_msg *msg) {
  for (uint32_t i = 0; i < net->n_cores; i++) {
    sf_core_net core = net->core[i];
    sf_err e = weights != NULL ? weights(user, i, &core, msg) : SF_OK;
    if (e == SF_OK && weights != NULL) e = sf_weights_check(&core, i, msg);
    if (e != SF_OK) return e;
    sf_rows_fill(&m->core[i], &core);
  }
  return SF_OK;
}

static sf_err make(const sf_network *net, sf_model_weights weights, void *user, sf_model **out, sf_msg *msg) {
  sf_model *m = calloc(1, sizeof *m);
  bool ok = m != NULL && (m->core = calloc(net->n_cores, sizeof *m->core)) != NULL;
  size_t neurons = 0, external = 0;
  if (ok) m->n_cores = net->n_cores;
  if (ok) m->threads = 1;
  for (uint32_t i = 0; i < net->n_cores && ok; i++) {
    const sf_core_net *c = &net->core[i];
    ok = core_alloc(&m->core[i], c);
    if (!ok) break;
    sf_state_copy(&m->core[i], c);
    sort_routes(&m->core[i], c);
    ok = sf_model_prepare(&m->core[i]) == SF_OK;
    m->core[i].seed = sf_core_seed(net->seed, i);
    neurons += c->neurons;
    for (uint32_t r = 0; r < c->n_routes; r++) external += c->routes[r].core == SF_EXTERNAL;
  }
  ok = ok && rows_alloc(m);
  if (ok)
    ok = (m->spike = sf_zeros(neurons + SF_GROUP, sizeof *m->spike)) != NULL &&
         (m->out = sf_zeros(external, sizeof *m->out)) != NULL;
  if (!ok) {
    sf_model_free(m);
    return sf_fail(msg, SF_ENOMEM, "out of memory for a model of %u cores", net->n_cores);
  }
  const sf_err e = fill_rows(m, net, weights, user, msg);
  if (e != SF_OK) {
    sf_model_free(m);
    return e;
  }
  sf_model_reset(m);
  *out = m;
  return SF_OK;
}

sf_err sf_model_new(const sf_network *net, sf_model **out, sf_msg *msg) {
  const sf_err e = sf_network_check(net, msg);
  return e != SF_OK ? e : make(net, NULL, NULL, out, msg);
}

sf_err sf_model_new_from(const sf_network *net, sf_model_weights weights, void *user, sf_model **out, sf_msg *msg) {
  const sf_err e = sf_network_check_all(net, false, msg);
  return e != SF_OK ? e : make(net, weights, user, out, msg);
}

sf_model *sf_model_twin(const sf_model *of) {
  sf_model *m = calloc(1, sizeof *m);
  bool ok = m != NULL && (m->core = calloc(of->n_cores, sizeof *m->core)) != NULL;
  size_t neurons = 0, external = 0;
  if (ok) m->n_cores = of->n_cores;
  if (ok) m->threads = 1;
  for (uint32_t i = 0; i < of->n_cores && ok; i++) {
    const sf_model_core *from = &of->core[i];
    sf_model_core *c = &m->core[i];
    const size_t n = from->padded;
    c->shares = true;
    ok = sf_state_alloc(c, &from->shape);
    if (!ok) break;
    c->seed = from->seed;
    c->rows = from->rows;
    c->first_route = from->first_route;
    c->route = from->route;
    memcpy(c->threshold, from->threshold, n * sizeof *c->threshold);
    memcpy(c->bias, from->bias, n * sizeof *c->bias);
    memcpy(c->v_init, from->v_init, n * sizeof *c->v_init);
    memcpy(c->u_init, from->u_init, n * sizeof *c->u_init);
    memcpy(c->profile_of, from->profile_of, n * sizeof *c->profile_of);
    if (c->v16 != NULL) memcpy(c->v_init16, from->v_init16, n * sizeof *c->v_init16);
    memcpy(c->profiles, from->profiles, c->shape.n_profiles * sizeof *c->profiles);
    ok = sf_model_prepare(c) == SF_OK;
    neurons += c->shape.neurons;
    for (uint32_t r = 0; r < c->shape.n_routes; r++) external += c->route[r].core == SF_EXTERNAL;
  }
  if (ok)
    ok = (m->spike = sf_zeros(neurons + SF_GROUP, sizeof *m->spike)) != NULL &&
         (m->out = sf_zeros(external, sizeof *m->out)) != NULL;
  if (!ok) {
    sf_model_free(m);
    return NULL;
  }
  sf_model_reset(m);
  return m;
}

void sf_state_reset(sf_model_core *c) {
  const size_t n = c->shape.neurons;
  if (c->v16 != NULL) memcpy(c->v16, c->v_init16, n * sizeof *c->v16);
  else memcpy(c->v, c->v_init, n * sizeof *c->v);
  memcpy(c->u, c->u_init, n * sizeof *c->u);
  memset(c->a, 0, n * sizeof *c->a);
  memset(c->r, 0, n * sizeof *c->r);
  memset(c->ring, 0, (size_t)c->shape.delay_slots * c->words * sizeof *c->ring);
  memset(c->active_bits, 0, c->words * sizeof *c->active_bits);
  c->slot = c->n_active = c->n_spiked = 0;
  c->settled = c->rest_known = false;
  c->counters = (sf_counters){0};
}

void sf_model_reset(sf_model *m) {
  m->tick = 0;
  m->result = (sf_tick_result){0};
  for (uint32_t i = 0; i < m->n_cores; i++) sf_state_reset(&m->core[i]);
}

/* ---- events ------------------------------------------------------------------------------------------------- */

/* An event for `axon` (which exists) `delay` slots from now; one that is there already swallows it. */
static void deliver(sf_model_core *c, uint32_t axon, uint32_t delay) {
  const uint32_t slot = (c->slot + delay) & (c->shape.delay_slots - 1);
  uint64_t *word = &c->ring[(size_t)slot * c->words + axon / 64];
  const uint64_t bit = (uint64_t)1 << axon % 64;
  c->counters.merges += (*word & bit) != 0;
  *word |= bit;
}

sf_err sf_model_inject(sf_model *m, uint32_t core, uint32_t axon, uint32_t delay) {
  if (core >= m->n_cores || delay >= m->core[core].shape.delay_slots) return SF_EINVAL;
  sf_model_core *c = &m->core[core];
  if (axon >= c->shape.axons) {
    c->counters.dropped++;
    return SF_OK;
  }
  deliver(c, axon, delay);
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
        deliver(&m->core[r->core], r->axon, r->delay);
      }
    }
  }
}

/* ---- a tick ------------------------------------------------------------------------------------------------- */

/* The spikes of the core also go to `event`, unless that is NULL. */
static void compute(sf_model *m, uint32_t core, sf_event *event) {
  sf_model_core *c = &m->core[core];
  scan(c);
  sf_model_sum(c);
  sf_model_update(c, m->tick, c->n_active > 0, core, event);
  c->counters.ticks++;
  c->counters.spikes += c->n_spiked;
  c->counters.active_axons += c->n_active;
  c->counters.synaptic_ops += (uint64_t)c->n_active * c->shape.neurons;
}

/* A tick's events reach no other core before the next tick, so that cores can be computed in any order; their spikes are
 * routed in order. */
const sf_tick_result *sf_model_step(sf_model *m) {
  m->result = (sf_tick_result){.tick = m->tick, .out = m->out, .spike = m->spike};
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
