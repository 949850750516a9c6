/* sparse.h - the functional model for networks without crossbars: any number of synapses between any neurons, each with
 * a delay of its own. No core of the RTL holds such a network; neurons and arithmetic are those of model.h, bit for
 * bit.
 *
 *     sf_sparse_net net = {.inputs = 100, .neurons = 1000, ...};   arrays of the caller's, copied
 *     sf_sparse *s;
 *     if (sf_sparse_new(&net, &s, &msg)) ...
 *     sf_sparse_inject(s, input);                                 for the coming tick
 *     const sf_sparse_result *t = sf_sparse_step(s);
 *     sf_sparse_free(s); */
#ifndef SYNFIRE_SPARSE_H
#define SYNFIRE_SPARSE_H

#include "synfire/base.h"
#include "synfire/network.h"

typedef struct sf_sparse_net {
  uint32_t inputs, neurons; /* 0 .. 65535, 1 .. 65535 */
  uint32_t potential_bits;  /* 8 .. 24 */
  uint32_t delay_slots;     /* 2 .. 64, a power of two */
  uint32_t n_profiles;      /* 1 .. neurons */
  bool has_current, has_refractory, has_adaptation, has_noise;
  uint32_t seed;
  const sf_profile *profiles; /* [n_profiles] */
  const uint32_t *profile;    /* [neurons], or NULL: all 0; the same for bias and v_init */
  const int32_t *threshold;   /* [neurons] */
  const int32_t *bias, *v_init;
  /* Synapses by source: inputs first, then neurons. Those of source i are first[i] .. first[i + 1] - 1, in any order;
   * there may be several between the same two. A delay of 0, for inputs only, is the tick of the event itself. */
  const uint64_t *first;  /* [inputs + neurons + 1], from 0, ascending */
  const uint32_t *target; /* < neurons */
  const int16_t *weight;
  const uint8_t *delay; /* 0 or 1 .. delay_slots - 1 */
} sf_sparse_net;

typedef struct sf_sparse_result {
  uint32_t tick, n_spikes;
  const uint16_t *spike; /* neurons, ascending; valid until the next step, reset or free */
  uint64_t synaptic_ops; /* synapses that delivered in this tick */
} sf_sparse_result;

typedef struct sf_sparse sf_sparse;

/* sf_sparse_new() - check the network and copy what is needed. *out is written only on SF_OK. SF_EINVAL with one line,
 * or SF_ENOMEM. A synapse takes 4 bytes (8 with weights beyond 8 bits, many delays and few synapses a source), a
 * source's being filled up to 8 synapses for each block of neurons, of which long rows make more; a neuron takes 4 or 8
 * bytes for each tick of the longest delay. */
SF_MUST_CHECK sf_err sf_sparse_new(const sf_sparse_net *net, sf_sparse **out, sf_msg *msg);
void sf_sparse_free(sf_sparse *s); /* NULL is harmless */

/* sf_sparse_reset() - tick 0, initial state, nothing under way. */
void sf_sparse_reset(sf_sparse *s);

/* sf_sparse_inject() - an event on an input for the coming tick; a second one changes nothing. SF_EINVAL: no such
 * input. */
sf_err sf_sparse_inject(sf_sparse *s, uint32_t input);

/* sf_sparse_step() - compute one tick. Cannot fail. */
const sf_sparse_result *sf_sparse_step(sf_sparse *s);

/* sf_sparse_set_threads() - add synapses on up to this many threads, 1 .. 64 (default 1), where the network has so many
 * that neurons can be shared out. Results are the same. */
SF_MUST_CHECK sf_err sf_sparse_set_threads(sf_sparse *s, uint32_t threads);

/* sf_sparse_potential() - of a neuron, which must exist. */
int32_t sf_sparse_potential(const sf_sparse *s, uint32_t neuron);

#endif
