/* sparse.c - sparse networks; see synfire/sparse.h: the network's check, its neurons, and the order of a tick. Synapses
 * and sums are sparse_ring.c's. */
#include "synfire/sparse.h"

#include <stdlib.h>
#include <string.h>

#include "model/kernel.h"
#include "model/model_state.h"
#include "model/sparse_ring.h"

#define MOST_THREADS 64u

struct sf_sparse {
  sf_model_core core; /* the neurons; its axons are the inputs */
  sf_ring ring;
  uint32_t inputs, tick;
  uint16_t *input;  /* [inputs and some] active ones */
  uint32_t *active; /* [inputs + neurons] sources that the coming tick adds: n_sent neurons that spiked, then inputs */
  uint32_t n_sent;
  sf_sparse_result result;
};

/* ---- making ------------------------------------------------------------------------------------------------- */

void sf_sparse_free(sf_sparse *s) {
  if (s == NULL) return;
  sf_state_free(&s->core);
  sf_ring_free(&s->ring);
  free(s->input);
  free(s->active);
  free(s);
}

static sf_err range(sf_msg *msg, const char *name, uint64_t value, uint64_t lo, uint64_t hi) {
  if (value >= lo && value <= hi) return SF_OK;
  return sf_fail(msg, SF_EINVAL, "%s = %llu: must be %llu .. %llu", name, (unsigned long long)value,
                 (unsigned long long)lo, (unsigned long long)hi);
}

/* The neurons of the network as those of a core; arrays that were left out are zeros. */
static sf_err core_of(const sf_sparse_net *net, sf_core_net *c, sf_msg *msg) {
  const int32_t hi = (1 << (net->potential_bits - 1)) - 1, lo = -hi - 1;
  *c = (sf_core_net){.axons = net->inputs > 0 ? net->inputs : 1,
                     .neurons = net->neurons,
                     .weight_bits = 16,
                     .potential_bits = net->potential_bits,
                     .delay_slots = net->delay_slots,
                     .n_profiles = net->n_profiles,
                     .has_current = net->has_current,
                     .has_refractory = net->has_refractory,
                     .has_adaptation = net->has_adaptation,
                     .has_noise = net->has_noise};
  for (uint32_t k = 0; k < net->n_profiles; k++) {
    const sf_err e = sf_profile_check(c, 0, k, &net->profiles[k], msg);
    if (e != SF_OK) return e;
  }
  for (uint32_t j = 0; j < net->neurons; j++) {
    if (net->profile != NULL && net->profile[j] >= net->n_profiles)
      return sf_fail(msg, SF_EINVAL, "profile[%u] = %u: must be 0 .. %u", j, net->profile[j], net->n_profiles - 1);
    const int32_t value[3] = {net->threshold[j], net->bias ? net->bias[j] : 0, net->v_init ? net->v_init[j] : 0};
    for (int f = 0; f < 3; f++)
      if (value[f] < lo || value[f] > hi)
        return sf_fail(msg, SF_EINVAL, "%s[%u] = %d: must be %d .. %d",
                       f == 0   ? "threshold"
                       : f == 1 ? "bias"
                                : "v_init",
                       j, value[f], lo, hi);
  }
  return SF_OK;
}

static sf_err check_synapses(const sf_sparse_net *net, sf_msg *msg) {
  const uint32_t sources = net->inputs + net->neurons;
  if (net->first[0] != 0) return sf_fail(msg, SF_EINVAL, "first[0]: must be 0");
  for (uint32_t i = 0; i < sources; i++) {
    if (net->first[i + 1] < net->first[i])
      return sf_fail(msg, SF_EINVAL, "first[%u]: is less than the one before", i + 1);
    for (uint64_t k = net->first[i]; k < net->first[i + 1]; k++) {
      if (net->target[k] >= net->neurons)
        return sf_fail(msg, SF_EINVAL, "target[%llu] = %u: must be 0 .. %u", (unsigned long long)k, net->target[k],
                       net->neurons - 1);
      if (net->delay[k] >= net->delay_slots || (net->delay[k] == 0 && i >= net->inputs))
        return sf_fail(msg, SF_EINVAL, "delay[%llu] = %u: must be %d .. %u", (unsigned long long)k, net->delay[k],
                       i >= net->inputs, net->delay_slots - 1);
    }
  }
  return SF_OK;
}

static sf_err check(const sf_sparse_net *net, sf_core_net *core, sf_msg *msg) {
  sf_err err = range(msg, "inputs", net->inputs, 0, 65535);
  if (err == SF_OK) err = range(msg, "neurons", net->neurons, 1, 65535);
  if (err == SF_OK) err = range(msg, "potential_bits", net->potential_bits, 8, 24);
  if (err == SF_OK) err = range(msg, "delay_slots", net->delay_slots, 2, 64);
  if (err == SF_OK && (net->delay_slots & (net->delay_slots - 1)) != 0)
    err = sf_fail(msg, SF_EINVAL, "delay_slots = %u: must be a power of two", net->delay_slots);
  if (err == SF_OK) err = range(msg, "n_profiles", net->n_profiles, 1, net->neurons);
  if (err != SF_OK) return err;
  if (!net->profiles || !net->threshold || !net->first ||
      (net->first[net->inputs + net->neurons] > 0 && (!net->target || !net->weight || !net->delay)))
    return sf_fail(msg, SF_EINVAL, "an array is missing: profiles, threshold, first, target, weight, delay");
  err = core_of(net, core, msg);
  return err == SF_OK ? check_synapses(net, msg) : err;
}

static bool fill(sf_sparse *s, const sf_sparse_net *net, const sf_core_net *shape) {
  uint32_t *none = calloc(net->neurons, sizeof *none);
  s->input = sf_zeros((size_t)net->inputs + SF_GROUP, sizeof *s->input);
  s->active = sf_zeros((size_t)net->inputs + net->neurons, sizeof *s->active);
  bool ok = none && s->input && s->active && sf_state_alloc(&s->core, shape);
  if (ok) {
    sf_core_net copy = *shape;
    copy.threshold = (int32_t *)(uintptr_t)net->threshold; /* read only */
    copy.bias = (int32_t *)(uintptr_t)(net->bias ? (const void *)net->bias : none);
    copy.v_init = (int32_t *)(uintptr_t)(net->v_init ? (const void *)net->v_init : none);
    copy.u_init = (int32_t *)none;
    copy.profile = (uint32_t *)(uintptr_t)(net->profile ? net->profile : none);
    copy.profiles = (sf_profile *)(uintptr_t)net->profiles;
    sf_state_copy(&s->core, &copy);
    s->core.seed = net->seed;
    s->core.most_sum = (int64_t)s->ring.most_sum;
    s->core.sum_is_narrow = s->ring.narrow;
    ok = sf_model_prepare(&s->core) == SF_OK;
  }
  free(none);
  return ok;
}

sf_err sf_sparse_new(const sf_sparse_net *net, sf_sparse **out, sf_msg *msg) {
  sf_core_net shape;
  sf_err err = check(net, &shape, msg);
  if (err != SF_OK) return err;
  sf_sparse *s = calloc(1, sizeof *s);
  if (s == NULL) return sf_fail(msg, SF_ENOMEM, "out of memory");
  s->inputs = net->inputs;
  err = sf_ring_make(&s->ring, net, msg);
  if (err == SF_OK && !fill(s, net, &shape))
    err = sf_fail(msg, SF_ENOMEM, "out of memory for %u neurons", net->neurons);
  if (err != SF_OK) {
    sf_sparse_free(s);
    return err;
  }
  sf_sparse_reset(s);
  *out = s;
  return SF_OK;
}

sf_err sf_sparse_set_threads(sf_sparse *s, uint32_t threads) {
  if (threads < 1 || threads > MOST_THREADS) return SF_EINVAL;
  sf_ring_set_threads(&s->ring, threads);
  return SF_OK;
}

void sf_sparse_reset(sf_sparse *s) {
  sf_state_reset(&s->core);
  sf_ring_reset(&s->ring);
  s->n_sent = s->tick = 0;
  s->result = (sf_sparse_result){0};
}

sf_err sf_sparse_inject(sf_sparse *s, uint32_t input) {
  if (input >= s->inputs) return SF_EINVAL;
  s->core.active_bits[input / 64] |= (uint64_t)1 << input % 64;
  return SF_OK;
}

int32_t sf_sparse_potential(const sf_sparse *s, uint32_t neuron) { return sf_potential(&s->core, neuron); }

/* ---- a tick ------------------------------------------------------------------------------------------------- */

const sf_sparse_result *sf_sparse_step(sf_sparse *s) {
  sf_model_core *c = &s->core;
  const uint32_t n = sf_kernel_now()->list(c->active_bits, c->words, s->input);
  memset(c->active_bits, 0, c->words * sizeof *c->active_bits);
  for (uint32_t i = 0; i < n; i++) s->active[s->n_sent + i] = s->input[i];
  void *sum = s->ring.narrow ? (void *)c->sum16 : (void *)c->sum;
  const uint64_t arrived = sf_ring_tick(&s->ring, s->active, s->n_sent + n, sum);
  sf_model_update(c, s->tick, arrived > 0, 0, NULL);
  s->n_sent = 0;
  for (uint32_t i = 0; i < c->n_spiked; i++) { /* those that reach anybody */
    const uint32_t source = s->inputs + c->spiked[i];
    if (sf_ring_reaches(&s->ring, source)) s->active[s->n_sent++] = source;
  }
  s->result = (sf_sparse_result){s->tick++, c->n_spiked, c->spiked, arrived};
  return &s->result;
}
