/* model_internal.h - inside the functional model (model*.c), and for those who need to see what a tick did: the exact
 * cycle count follows from n_active, active_bits, the spikes and the fan-outs.
 *
 * A tick of a core has three phases, a file each, so that each can be made faster on its own:
 *   model.c          scan the delay slot into `active`; route the spikes
 *   model_sum.c      `sum` = the weight rows of the active axons, added up
 *   model_neuron.c   the neuron equation over all neurons; the numbers of those that spiked */
#ifndef SYNFIRE_MODEL_INTERNAL_H
#define SYNFIRE_MODEL_INTERNAL_H

#include "synfire/model.h"

#define SF_ROW_ALIGN 64u /* weight rows start and end on a cache line: rows need no tail loop */

typedef struct sf_model_core {
  sf_core_net shape; /* sizes and features; its arrays are NULL */
  uint32_t seed;
  /* Weights: rows of `stride` elements, padded with zeros. One of the two is NULL. */
  size_t stride;
  int8_t *w8;
  int16_t *w16;
  /* Neurons, one element each; u, r, a exist (as zeros) even where they are not built. */
  int32_t *threshold, *bias, *v_init, *u_init;
  uint16_t *profile_of;
  int32_t *v, *u, *a;
  uint8_t *r;
  sf_profile *profiles;
  /* Routes sorted by neuron: those of neuron j are route[first_route[j]] .. route[first_route[j + 1] - 1]. */
  uint32_t *first_route;
  sf_route *route;
  /* Delay ring: delay_slots bitmaps of `words` 64-bit words; `slot` is the one of the coming tick. */
  uint32_t words, slot;
  uint64_t *ring;
  /* Of the last tick. */
  uint64_t *active_bits; /* [words] the bitmap that was scanned */
  uint32_t *active;      /* [n_active] its axons, ascending */
  uint32_t n_active;
  int32_t *sum;     /* [stride] synaptic sums s */
  uint32_t *spiked; /* [n_spiked] ascending */
  uint32_t n_spiked;
  sf_counters counters;
} sf_model_core;

struct sf_model {
  uint32_t n_cores;
  sf_model_core *core;
  uint32_t tick;
  sf_event *spike, *out; /* room for every neuron, and for every external route */
  sf_tick_result result;
};

/* sf_model_look() - core `core` (in range) as the last step left it. */
static inline const sf_model_core *sf_model_look(const sf_model *m, uint32_t core) { return &m->core[core]; }

/* sf_active_word() - 16 axons of the last tick's bitmap, as the hardware's words; w < ceil(axons / 16). */
static inline uint32_t sf_active_word(const sf_model_core *c, uint32_t w) {
  return (uint32_t)(c->active_bits[w / 4] >> (16 * (w % 4))) & 0xffffu;
}

/* sf_fan_out() - the number of routes of neuron j. */
static inline uint32_t sf_fan_out(const sf_model_core *c, uint32_t j) {
  return c->first_route[j + 1] - c->first_route[j];
}

/* model_sum.c: c->sum from c->active. */
void sf_model_sum(sf_model_core *c);

/* model_neuron.c: the state of every neuron, from c->sum; fills c->spiked. */
void sf_model_update(sf_model_core *c, uint32_t tick);

#endif
