/* kernel.h - the inner loops of the functional model, once for each kind of processor, all with the same results.
 *
 * The first call of sf_kernel_now() picks the best that this processor has; the environment variable SYNFIRE_KERNEL =
 * portable | avx2 | avx512 asks for one by name (one that the processor lacks, or an unknown one, is not taken). */
#ifndef SYNFIRE_KERNEL_H
#define SYNFIRE_KERNEL_H

#include "model/model_core.h"

/* What a sweep of the rule does to a row whose sums fit 32 bits: see plasticity_sweep.c. */
typedef struct sf_change {
  uint32_t n;                   /* terms */
  int32_t cf[SF_TERMS];         /* c * F */
  int32_t h[SF_TERMS];          /* sf_synapse_factor */
  const int32_t *g[SF_TERMS];   /* [padded] G * 2^(24-s) */
  const int16_t *w_min, *w_max; /* [padded] */
  uint32_t random_mask;         /* those of 16 random bits that count */
  int32_t half;                 /* added when none does */
} sf_change;

/* Random bits of 32 neighbouring neurons: spread(n) ^ also for rounding, the signs for z. */
typedef struct sf_change_random {
  uint32_t a, b, also, z;
} sf_change_random;

/* Synapses of sparse networks, see sparse_ring.h: a word each, its cell in the upper bits, its weight in the lower. */
enum sf_ring_form {
  SF_RING_EVEN,   /* 16 bits and 16 */
  SF_RING_LIGHT,  /* 24 and 8 */
  SF_RING_DOUBLE, /* 32 and 32 */
  SF_RING_FORMS
};
#define SF_RING_UNIT 8u /* synapses that are added without a question in between: groups are filled up to them */

/* A group of synapses: from one unit to another. */
typedef struct sf_ring_group {
  uint32_t from, to;
} sf_ring_group;

typedef struct sf_kernel {
  const char *name;
  /* slot |= bits; adds the bits, and those that were set already, to *events and *merges. */
  void (*merge)(uint64_t *slot, const uint64_t *bits, uint32_t words, uint64_t *events, uint64_t *merges);
  /* Indices of the bits of `words` 64-bit words, ascending, to list, which has room for 32 more. Returns how many. */
  uint32_t (*list)(const uint64_t *bits, uint32_t words, uint16_t *list);
  /* The same of a slot of the delay ring, which is moved to `bits` and cleared. */
  uint32_t (*scan)(uint64_t *slot, uint64_t *bits, uint32_t words, uint16_t *list);
  /* c->sum16 (c->sum_is_narrow) or c->sum from c->active[0 .. c->n_active), n_active >= 1. */
  void (*sum)(sf_model_core *c);
  /* list() of c->spike_bits into c->spiked, and, unless `event` is NULL, the same as events of core `core`; both have
   * room for SF_GROUP more. */
  uint32_t (*spikes)(sf_model_core *c, uint32_t core, sf_event *event);
  /* The neuron equation; fills c->spike_bits. `narrow`: from sum16 in 16 bits, which the caller knows to be exact.
   * Else in 32 bits: the caller knows that no drive exceeds 2^29. */
  void (*update)(sf_model_core *c, uint32_t tick, bool narrow);
  /* A block of weights (model_core.h) -> numbers, and back. */
  void (*unpack)(const uint8_t *block, uint32_t width, unsigned bits, int16_t *w);
  void (*pack)(uint8_t *block, uint32_t width, unsigned bits, const int16_t *w);
  /* The rule for the weights w of 32 neurons from neuron `first` on; returns how many changed. */
  uint32_t (*learn)(const sf_change *change, const sf_change_random *random, uint32_t first, int16_t *w);
  /* sum[cell] += weight for the synapses of n groups, in int16_t or int32_t; g[n .. n + ahead) are groups that may be
   * fetched. */
  void (*ring_add[2][SF_RING_FORMS])(const void *synapse, const sf_ring_group *g, uint32_t n, uint32_t ahead,
                                     void *sum);
  /* For measuring what the machine could do: read `bytes` (a multiple of 256) of memory; `steps` times 8 independent
   * full adders in registers of `vector_bits`. What they return means nothing. */
  uint64_t (*probe_load)(const uint8_t *memory, size_t bytes);
  uint64_t (*probe_add)(uint64_t steps);
  unsigned vector_bits;
} sf_kernel;

extern const sf_kernel *sf_kernel_chosen; /* NULL: not yet. Threads that race for it find the same. */
const sf_kernel *sf_kernel_choose(void);
static inline const sf_kernel *sf_kernel_now(void) {
  const sf_kernel *k = __atomic_load_n(&sf_kernel_chosen, __ATOMIC_RELAXED);
  return k != NULL ? k : sf_kernel_choose();
}
/* sf_kernel_force() - for tests: use this one from now on; false if unknown or not on this processor. */
bool sf_kernel_force(const char *name);

extern const struct sf_kernel sf_kernel_portable;
#if defined(__x86_64__) && defined(__GNUC__)
#define SF_X86 1
extern const struct sf_kernel sf_kernel_avx2, sf_kernel_avx512;
#else
#define SF_X86 0
#endif

#endif
