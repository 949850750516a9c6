/* sparse_ring.h - inside sparse networks: the synapses, and the sums of the coming ticks.
 *
 * A source that is active adds all its synapses at once, each to the sum of its target in the tick in which it
 * arrives. These sums are a ring of slots, one a tick. So that they stay near the processor, the neurons are cut into
 * blocks, one ring each, and the synapses of a source into groups, one a block; every source of a tick goes through one
 * block before the next block begins. A synapse is a word, its cell of the ring above and its weight below: 4 bytes, or
 * 8 where one of the two is too large for that. The adding is the kernel's (kernel_ring.h).
 *
 * The ring has twice the slots that a synapse can reach: cells count from the slot of the coming tick and need not wrap
 * around; a tick then has two slots, which are added when it comes. */
#ifndef SYNFIRE_SPARSE_RING_H
#define SYNFIRE_SPARSE_RING_H

#include "model/kernel.h"
#include "synfire/sparse.h"

#define SF_RING_MOST_SLOTS 64u

typedef struct sf_ring {
  uint32_t sources, neurons, threads;
  uint32_t span;          /* slots that a synapse can reach: 1 .. 64 */
  uint32_t blocks, width; /* neurons of a block: a multiple of 32 */
  uint32_t ahead;         /* groups between fetching and adding */
  uint32_t slot;          /* < span: of the coming tick */
  uint64_t most_sum;      /* no sum ever exceeds it in magnitude */
  bool narrow;            /* sums are 16 bits, else 32 */
  bool light;             /* weights are 8 bits */
  enum sf_ring_form form; /* of synapses */
  uint32_t *start;        /* [sources * blocks + 1] in units */
  void *synapse;
  uint32_t *arrivals;                   /* [sources * counts] synapses by slot */
  uint32_t counts;                      /* span, rounded up */
  void *sums;                           /* [blocks][2 * span][width] */
  sf_ring_group *work;                  /* [blocks][BATCH and some] */
  uint32_t *in_work;                    /* [blocks] how many */
  uint64_t due[2 * SF_RING_MOST_SLOTS]; /* [2 * span and some] synapses under way, by slot of the ring */
} sf_ring;

/* sf_ring_make() - from a network that has been checked. A neuron's spikes are added in the tick after: one slot less.
 * SF_EINVAL: weights of a neuron that no sum holds; SF_ENOMEM; one line each. sf_ring_free() then too. */
SF_MUST_CHECK sf_err sf_ring_make(sf_ring *r, const sf_sparse_net *net, sf_msg *msg);
void sf_ring_free(sf_ring *r);
void sf_ring_reset(sf_ring *r);
void sf_ring_set_threads(sf_ring *r, uint32_t threads);

/* sf_ring_reaches() - has source i any synapse? */
bool sf_ring_reaches(const sf_ring *r, uint32_t source);

/* sf_ring_tick() - add the synapses of n sources; then the sums of this tick, int16_t or int32_t, to `sum`, which has
 * room for the neurons rounded up to 32. Returns how many synapses arrived. */
uint64_t sf_ring_tick(sf_ring *r, const uint32_t *active, uint32_t n, void *sum);

#endif
