/* batch.c - many samples; see synfire/batch.h. One model a thread, all with the weights of the first. */
#include "synfire/batch.h"

#include <stdlib.h>
#ifdef _OPENMP
#include <omp.h>
#endif

#include "model/kernel.h"
#include "synfire/cycles.h"

#define CHUNK 8u /* samples that a thread takes at once */

struct sf_batch {
  uint32_t n_models;
  sf_model **model; /* the first owns the weights */
};

sf_err sf_batch_new(const sf_network *net, sf_batch **out, sf_msg *msg) {
  sf_batch *b = calloc(1, sizeof *b);
  sf_model **model = calloc(1, sizeof *model);
  sf_err err = b && model ? sf_model_new(net, &model[0], msg) : sf_fail(msg, SF_ENOMEM, "out of memory");
  if (err) {
    free(model);
    free(b);
    return err;
  }
  sf_model_set_learning(model[0], false); /* samples do not depend on each other */
  *b = (sf_batch){1, model};
  *out = b;
  return SF_OK;
}

void sf_batch_free(sf_batch *b) {
  if (b == NULL) return;
  while (b->n_models > 0) sf_model_free(b->model[--b->n_models]); /* twins first */
  free(b->model);
  free(b);
}

static sf_err check(const sf_batch *b, const sf_batch_job *job, const sf_batch_result *want, sf_msg *msg) {
  const sf_model *m = b->model[0];
  if (job->ticks < 1 || job->ticks > SF_MAX_TICK)
    return sf_fail(msg, SF_EINVAL, "ticks = %u: must be 1 .. %u", job->ticks, SF_MAX_TICK);
  if (job->n_watch > 0 && job->watch_core >= m->n_cores)
    return sf_fail(msg, SF_EINVAL, "watched core %u: must be 0 .. %u", job->watch_core, m->n_cores - 1);
  for (uint32_t i = 0; i < job->n_watch; i++)
    if (job->watch[i] >= m->core[job->watch_core].shape.neurons)
      return sf_fail(msg, SF_EINVAL, "watched neuron %u: must be 0 .. %u", job->watch[i],
                     m->core[job->watch_core].shape.neurons - 1);
  if (want->cycles != NULL && (job->config == NULL || m->n_cores != 1))
    return sf_fail(msg, SF_EINVAL, "clock cycles need a configuration and a network of one core");
  for (size_t i = job->first[0]; job->core != NULL && i < job->first[job->samples]; i++)
    if (job->core[i] >= m->n_cores)
      return sf_fail(msg, SF_EINVAL, "event %zu: core %u: must be 0 .. %u", i, job->core[i], m->n_cores - 1);
  return SF_OK;
}

static sf_err more_models(sf_batch *b, uint32_t n, sf_msg *msg) {
  if (n <= b->n_models) return SF_OK;
  sf_model **model = realloc(b->model, n * sizeof *model);
  if (model == NULL) return sf_fail(msg, SF_ENOMEM, "out of memory");
  b->model = model;
  while (b->n_models < n) {
    model[b->n_models] = sf_model_twin(model[0]);
    if (model[b->n_models] == NULL) return sf_fail(msg, SF_ENOMEM, "out of memory for thread %u", b->n_models);
    b->n_models++;
  }
  return SF_OK;
}

static void note_spikes(const sf_batch_job *job, const sf_batch_result *want, const sf_model *m, size_t row,
                        uint32_t tick) {
  const uint64_t *bits = m->core[job->watch_core].spike_bits;
  for (uint32_t i = 0; i < job->n_watch; i++) {
    if (!(bits[job->watch[i] / 64] >> job->watch[i] % 64 & 1)) continue;
    if (want->spikes != NULL) want->spikes[row + i]++;
    if (want->first_spike != NULL && want->first_spike[row + i] == UINT32_MAX) want->first_spike[row + i] = tick;
  }
}

static void run_sample(sf_model *m, const sf_batch_job *job, const sf_batch_result *want, size_t s) {
  const size_t row = s * job->n_watch, end = job->first[s + 1];
  const bool spikes = job->n_watch > 0 && (want->spikes != NULL || want->first_spike != NULL);
  size_t at = job->first[s];
  uint64_t cycles = 0;
  sf_model_reset(m);
  for (uint32_t i = 0; i < job->n_watch; i++) {
    if (want->spikes != NULL) want->spikes[row + i] = 0;
    if (want->first_spike != NULL) want->first_spike[row + i] = UINT32_MAX;
  }
  for (uint32_t tick = 0; tick < job->ticks; tick++) {
    for (; at < end && job->tick[at] <= tick; at++)
      (void)sf_model_inject(m, job->core != NULL ? job->core[at] : 0, job->unit[at], 0); /* cores have been checked */
    const sf_tick_result *t = sf_model_step(m);
    if (spikes) note_spikes(job, want, m, row, tick);
    if (want->cycles != NULL) cycles += sf_model_cycles(m, 0, job->config);
    if (job->seen != NULL) job->seen(job->user, s, t);
  }
  for (uint32_t i = 0; want->potential != NULL && i < job->n_watch; i++)
    want->potential[row + i] = sf_potential(&m->core[job->watch_core], job->watch[i]);
  if (want->cycles != NULL) want->cycles[s] = cycles;
  if (want->counters != NULL) want->counters[s] = sf_model_counters(m, SF_ALL_CORES);
}

sf_err sf_batch_run(sf_batch *b, const sf_batch_job *job, const sf_batch_result *want, sf_msg *msg) {
  uint32_t threads = job->threads;
#ifdef _OPENMP
  if (threads == 0) threads = (uint32_t)omp_get_max_threads();
#else
  threads = 1;
#endif
  const size_t chunks = (job->samples + CHUNK - 1) / CHUNK;
  if (threads > chunks) threads = chunks > 0 ? (uint32_t)chunks : 1;
  sf_err err = check(b, job, want, msg);
  if (!err) err = more_models(b, threads, msg);
  if (err) return err;
  size_t done = 0;
#ifdef _OPENMP
#pragma omp parallel for schedule(dynamic, 1) num_threads((int)threads) if (threads > 1)
#endif
  for (size_t chunk = 0; chunk < chunks; chunk++) {
    const size_t from = chunk * CHUNK, to = from + CHUNK < job->samples ? from + CHUNK : job->samples;
#ifdef _OPENMP
    const int thread = omp_get_thread_num();
#else
    const int thread = 0;
#endif
    for (size_t s = from; s < to; s++) run_sample(b->model[thread], job, want, s);
    const size_t so_far = __atomic_add_fetch(&done, to - from, __ATOMIC_RELAXED);
    if (job->progress != NULL && thread == 0) job->progress(job->user, so_far);
  }
  return SF_OK;
}
