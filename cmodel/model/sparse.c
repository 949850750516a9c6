/* sparse.c - sparse networks; see synfire/sparse.h.
 *
 * Synapses of a source are sorted by delay. A tick goes through the sources that were active d ticks ago, for every delay
 * d, and adds their synapses of delay d to the sums: so all additions of a tick go to one array of sums, which stays in
 * the first-level cache. (Adding at the spike, to the sums of later ticks, needs one array a delay, which does not.) A
 * synapse is one word, target below and weight above; the groups to come are fetched ahead. */
#include "synfire/sparse.h"

#include <stdlib.h>
#include <string.h>

#include "model/kernel.h"
#include "model/model_state.h"

#define MOST_THREADS 64u
#define AHEAD 6u /* groups between fetching and adding */

typedef struct group {
  uint32_t n;
  uint64_t first;
} group;

struct sf_sparse {
  sf_model_core core; /* the neurons; its axons are the inputs */
  uint32_t sources, slots, threads, tick;
  uint64_t *start;    /* [sources * slots + 1] of the group (source, delay) in synapse */
  uint32_t *synapse;  /* target | weight << 16 */
  uint16_t *sent[64]; /* [inputs + neurons] the active sources of the last ticks, by tick mod slots: inputs, then neurons */
  uint32_t n_inputs[64], n_sent[64];
  group *work;        /* [sources * slots] groups of this tick */
  void *sums;         /* [threads][padded] of the further threads */
  sf_sparse_result result;
};

/* ---- making ------------------------------------------------------------------------------------------------- */

void sf_sparse_free(sf_sparse *s) {
  if (s == NULL) return;
  sf_state_free(&s->core);
  for (uint32_t d = 0; d < s->slots; d++) free(s->sent[d]);
  free(s->start);
  free(s->synapse);
  free(s->work);
  free(s->sums);
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
  *c = (sf_core_net){.axons = net->inputs > 0 ? net->inputs : 1, .neurons = net->neurons, .weight_bits = 16,
                     .potential_bits = net->potential_bits, .delay_slots = net->delay_slots, .n_profiles = net->n_profiles,
                     .has_current = net->has_current, .has_refractory = net->has_refractory,
                     .has_adaptation = net->has_adaptation, .has_noise = net->has_noise};
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
        return sf_fail(msg, SF_EINVAL, "%s[%u] = %d: must be %d .. %d", f == 0 ? "threshold" : f == 1 ? "bias" : "v_init", j,
                       value[f], lo, hi);
  }
  return SF_OK;
}

static sf_err check_synapses(const sf_sparse_net *net, sf_msg *msg) {
  const uint32_t sources = net->inputs + net->neurons;
  if (net->first[0] != 0) return sf_fail(msg, SF_EINVAL, "first[0]: must be 0");
  for (uint32_t i = 0; i < sources; i++) {
    if (net->first[i + 1] < net->first[i]) return sf_fail(msg, SF_EINVAL, "first[%u]: is less than the one before", i + 1);
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
  sf_err e;
  if ((e = range(msg, "inputs", net->inputs, 0, 65535)) != SF_OK) return e;
  if ((e = range(msg, "neurons", net->neurons, 1, 65535)) != SF_OK) return e;
  if ((e = range(msg, "potential_bits", net->potential_bits, 8, 24)) != SF_OK) return e;
  if ((e = range(msg, "delay_slots", net->delay_slots, 2, 64)) != SF_OK) return e;
  if ((net->delay_slots & (net->delay_slots - 1)) != 0)
    return sf_fail(msg, SF_EINVAL, "delay_slots = %u: must be a power of two", net->delay_slots);
  if ((e = range(msg, "n_profiles", net->n_profiles, 1, net->neurons)) != SF_OK) return e;
  if (!net->profiles || !net->threshold || !net->first || (net->first[net->inputs + net->neurons] > 0 &&
                                                           (!net->target || !net->weight || !net->delay)))
    return sf_fail(msg, SF_EINVAL, "an array is missing: profiles, threshold, first, target, weight, delay");
  if ((e = core_of(net, core, msg)) != SF_OK) return e;
  return check_synapses(net, msg);
}

/* Sort by source and delay: a counting sort; then the largest magnitude that a sum can have. */
static bool sort_synapses(sf_sparse *s, const sf_sparse_net *net) {
  const size_t groups = (size_t)s->sources * s->slots;
  uint64_t *reach = calloc(net->neurons, sizeof *reach);
  if (reach == NULL) return false;
  for (uint32_t i = 0; i < s->sources; i++) {
    uint64_t *count = s->start + (size_t)i * s->slots + 1;
    for (uint64_t k = net->first[i]; k < net->first[i + 1]; k++) count[net->delay[k]]++;
  }
  for (size_t g = 0; g < groups; g++) s->start[g + 1] += s->start[g];
  for (uint32_t i = 0; i < s->sources; i++) {
    uint64_t *at = s->start + (size_t)i * s->slots;
    for (uint64_t k = net->first[i]; k < net->first[i + 1]; k++) {
      s->synapse[at[net->delay[k]]++] = net->target[k] | (uint32_t)(uint16_t)net->weight[k] << 16;
      reach[net->target[k]] += (uint64_t)abs(net->weight[k]);
    }
    for (uint32_t d = s->slots; d-- > 1;) at[d] = at[d - 1]; /* each had moved to the next one's start */
    at[0] = net->first[i];
  }
  uint64_t most = 0;
  for (uint32_t j = 0; j < net->neurons; j++)
    if (reach[j] > most) most = reach[j];
  free(reach);
  s->core.most_sum = (int64_t)(most < INT32_MAX ? most : INT32_MAX);
  s->core.sum_is_narrow = most <= INT16_MAX;
  return most < INT32_MAX;
}

static bool fill(sf_sparse *s, const sf_sparse_net *net, const sf_core_net *shape) {
  const size_t groups = (size_t)s->sources * s->slots, n = net->neurons;
  const uint64_t synapses = net->first[s->sources];
  uint32_t *none = calloc(n, sizeof *none);
  bool ok = none != NULL && sf_state_alloc(&s->core, shape);
  s->start = sf_zeros(groups + 1, sizeof *s->start);
  s->synapse = sf_zeros(synapses, sizeof *s->synapse);
  s->work = sf_zeros(groups + AHEAD, sizeof *s->work);
  ok = ok && s->start && s->synapse && s->work;
  for (uint32_t d = 0; d < s->slots && ok; d++)
    ok = (s->sent[d] = sf_zeros((size_t)s->sources + SF_GROUP, sizeof *s->sent[d])) != NULL;
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
    ok = sf_model_prepare(&s->core) == SF_OK;
  }
  free(none);
  return ok;
}

sf_err sf_sparse_new(const sf_sparse_net *net, sf_sparse **out, sf_msg *msg) {
  sf_core_net shape;
  const sf_err e = check(net, &shape, msg);
  if (e != SF_OK) return e;
  sf_sparse *s = calloc(1, sizeof *s);
  if (s == NULL) return sf_fail(msg, SF_ENOMEM, "out of memory");
  s->sources = net->inputs + net->neurons;
  s->slots = net->delay_slots;
  s->threads = 1;
  if (!fill(s, net, &shape)) {
    sf_sparse_free(s);
    return sf_fail(msg, SF_ENOMEM, "out of memory for %llu synapses",
                   (unsigned long long)net->first[net->inputs + net->neurons]);
  }
  if (!sort_synapses(s, net)) {
    sf_sparse_free(s);
    return sf_fail(msg, SF_EINVAL, "the weights of a neuron add up to 2^31 or more in magnitude");
  }
  sf_sparse_reset(s);
  *out = s;
  return SF_OK;
}

sf_err sf_sparse_set_threads(sf_sparse *s, uint32_t threads) {
  if (threads < 1 || threads > MOST_THREADS) return SF_EINVAL;
  void *sums = sf_zeros((size_t)threads * s->core.padded, sizeof(int32_t));
  if (sums == NULL) return SF_ENOMEM;
  free(s->sums);
  s->sums = sums;
  s->threads = threads;
  return SF_OK;
}

void sf_sparse_reset(sf_sparse *s) {
  sf_state_reset(&s->core);
  memset(s->n_inputs, 0, sizeof s->n_inputs);
  memset(s->n_sent, 0, sizeof s->n_sent);
  s->tick = 0;
  s->result = (sf_sparse_result){0};
}

sf_err sf_sparse_inject(sf_sparse *s, uint32_t input) {
  if (input >= s->sources - s->core.shape.neurons) return SF_EINVAL;
  s->core.active_bits[input / 64] |= (uint64_t)1 << input % 64;
  return SF_OK;
}

int32_t sf_sparse_potential(const sf_sparse *s, uint32_t neuron) { return sf_potential(&s->core, neuron); }

/* ---- a tick ------------------------------------------------------------------------------------------------- */

static void fetch(const uint32_t *p, uint32_t n) {
#if defined(__GNUC__)
  for (uint32_t i = 0; i < n; i += 16) __builtin_prefetch(p + i, 0, 2);
#else
  (void)p, (void)n;
#endif
}

/* Four at a time: the loads of all four go ahead of the first addition. */
#define ADD_GROUPS(name, type)                                                                           \
  static void name(const sf_sparse *s, uint32_t from, uint32_t to, type *sum) {                          \
    for (uint32_t g = from; g < to; g++) {                                                               \
      const uint32_t *p = s->synapse + s->work[g].first, n = s->work[g].n;                               \
      uint32_t i = 0;                                                                                    \
      fetch(s->synapse + s->work[g + AHEAD].first, s->work[g + AHEAD].n);                                \
      for (; i + 4 <= n; i += 4) {                                                                       \
        const uint32_t a = p[i], b = p[i + 1], c = p[i + 2], d = p[i + 3];                               \
        sum[a & 0xffffu] = (type)(sum[a & 0xffffu] + (int16_t)(a >> 16));                                \
        sum[b & 0xffffu] = (type)(sum[b & 0xffffu] + (int16_t)(b >> 16));                                \
        sum[c & 0xffffu] = (type)(sum[c & 0xffffu] + (int16_t)(c >> 16));                                \
        sum[d & 0xffffu] = (type)(sum[d & 0xffffu] + (int16_t)(d >> 16));                                \
      }                                                                                                  \
      for (; i < n; i++) sum[p[i] & 0xffffu] = (type)(sum[p[i] & 0xffffu] + (int16_t)(p[i] >> 16));      \
    }                                                                                                    \
  }
ADD_GROUPS(add_narrow, int16_t)
ADD_GROUPS(add_wide, int32_t)

static void add(const sf_sparse *s, uint32_t from, uint32_t to, void *sum) {
  const sf_model_core *c = &s->core;
  memset(sum, 0, c->padded * (c->sum_is_narrow ? sizeof(int16_t) : sizeof(int32_t)));
  if (c->sum_is_narrow) add_narrow(s, from, to, sum);
  else add_wide(s, from, to, sum);
}

static void add_threads(sf_sparse *s, uint32_t n) {
  sf_model_core *c = &s->core;
  void *sum = c->sum_is_narrow ? (void *)c->sum16 : (void *)c->sum;
  if (s->threads < 2 || n < 16 * s->threads) {
    add(s, 0, n, sum);
    return;
  }
#ifdef _OPENMP
#pragma omp parallel for schedule(static, 1) num_threads((int)s->threads)
#endif
  for (uint32_t t = 0; t < s->threads; t++) {
    const uint32_t from = (uint32_t)((uint64_t)n * t / s->threads), to = (uint32_t)((uint64_t)n * (t + 1) / s->threads);
    add(s, from, to, t == 0 ? sum : (void *)((int32_t *)s->sums + (size_t)t * c->padded));
  }
  for (uint32_t t = 1; t < s->threads; t++) {
    const int32_t *more = (const int32_t *)s->sums + (size_t)t * c->padded;
    const int16_t *more16 = (const int16_t *)(const void *)more;
    if (c->sum_is_narrow) for (uint32_t j = 0; j < c->padded; j++) c->sum16[j] = (int16_t)(c->sum16[j] + more16[j]);
    else for (uint32_t j = 0; j < c->padded; j++) c->sum[j] += more[j];
  }
}

/* The groups that deliver in this tick, and how many synapses they are. */
static uint32_t collect(sf_sparse *s, uint64_t *synapses) {
  uint32_t n = 0;
  *synapses = 0;
  for (uint32_t d = 0; d < s->slots; d++) {
    const uint32_t slot = (s->tick - d) & (s->slots - 1), inputs = s->sources - s->core.shape.neurons;
    for (uint32_t i = 0; i < s->n_sent[slot]; i++) {
      const size_t source = s->sent[slot][i] + (i < s->n_inputs[slot] ? 0 : inputs);
      const uint64_t *at = s->start + source * s->slots + d;
      s->work[n] = (group){(uint32_t)(at[1] - at[0]), at[0]};
      *synapses += at[1] - at[0];
      n += at[1] > at[0];
    }
  }
  for (uint32_t i = 0; i < AHEAD; i++) s->work[n + i] = (group){0, 0};
  return n;
}

const sf_sparse_result *sf_sparse_step(sf_sparse *s) {
  sf_model_core *c = &s->core;
  const uint32_t slot = s->tick & (s->slots - 1);
  s->n_inputs[slot] = s->n_sent[slot] = sf_kernel_now()->list(c->active_bits, c->words, s->sent[slot]);
  memset(c->active_bits, 0, c->words * sizeof *c->active_bits);
  uint64_t synapses;
  const uint32_t n = collect(s, &synapses);
  add_threads(s, n);
  sf_model_update(c, s->tick, n > 0, 0, NULL);
  const uint64_t *start = s->start + (size_t)(s->sources - c->shape.neurons) * s->slots;
  for (uint32_t i = 0; i < c->n_spiked; i++) { /* those that reach anybody */
    const uint64_t *at = start + (size_t)c->spiked[i] * s->slots;
    if (at[s->slots] > at[0]) s->sent[slot][s->n_sent[slot]++] = c->spiked[i];
  }
  s->result = (sf_sparse_result){s->tick++, c->n_spiked, c->spiked, synapses};
  return &s->result;
}
