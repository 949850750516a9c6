/* batch.h - many samples of one network through the functional model, on all processors: each from tick 0 and the
 * initial state, for the same number of ticks. The results are those of sf_model_step() sample by sample, bit for bit.
 *
 *     sf_batch *b;
 *     if (sf_batch_new(net, &b, &msg)) ...
 *     sf_batch_job job = {.samples = n, .ticks = 8, .first = first, .tick = tick, .unit = unit, ...};
 *     sf_batch_result want = {.potential = room};                   what is NULL is not wanted
 *     if (sf_batch_run(b, &job, &want, &msg)) ...
 *     sf_batch_free(b); */
#ifndef SYNFIRE_BATCH_H
#define SYNFIRE_BATCH_H

#include "synfire/model.h"

typedef struct sf_batch sf_batch;

/* Input events of sample s: numbers first[s] .. first[s + 1] - 1, by tick. Those from `ticks` on are not sent. */
typedef struct sf_batch_job {
  size_t samples;
  uint32_t ticks;                     /* 1 .. SF_MAX_TICK */
  const size_t *first;                /* [samples + 1] */
  const uint32_t *tick, *unit, *core; /* core NULL: all 0 */
  /* The neurons that are asked about. */
  uint32_t watch_core, n_watch;
  const uint32_t *watch;   /* [n_watch] */
  const sf_params *config; /* hardware whose clock cycles are counted, for a network of one core that fits; else NULL */
  uint32_t threads;        /* 0: as many as there are processors */
  /* Called after every tick, in every sample's order, but by several threads for several samples at once; NULL: not. */
  void (*seen)(void *user, size_t sample, const sf_tick_result *tick);
  /* Called now and then by one thread, with the number of samples that are done; NULL: not. */
  void (*progress)(void *user, size_t done);
  void *user;
} sf_batch_job;

/* Arrays of the caller's, or NULL. */
typedef struct sf_batch_result {
  int32_t *potential;    /* [samples * n_watch] after the last tick */
  uint32_t *spikes;      /* [samples * n_watch] how many */
  uint32_t *first_spike; /* [samples * n_watch] its tick, UINT32_MAX if there was none */
  uint64_t *cycles;      /* [samples] summed over ticks (cycles.h); needs config */
  sf_counters *counters; /* [samples] all cores */
} sf_batch_result;

/* sf_batch_new() - check and copy the network. *out is written only on SF_OK. As sf_model_new(). */
SF_MUST_CHECK sf_err sf_batch_new(const sf_network *net, sf_batch **out, sf_msg *msg);
void sf_batch_free(sf_batch *b); /* NULL is harmless */

/* sf_batch_run() - may be called any number of times. SF_EINVAL with one line: an event of a core that does not exist,
 * a watched neuron that does not exist, cycles without config; then no result is written. An event for an axon that
 * does not exist is counted as dropped, as in sf_model_inject(). SF_ENOMEM: for further threads. */
SF_MUST_CHECK sf_err sf_batch_run(sf_batch *b, const sf_batch_job *job, const sf_batch_result *want, sf_msg *msg);

#endif
