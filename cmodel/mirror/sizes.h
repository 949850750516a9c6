/* sizes.h - a core's parameters and what follows from them, worked out once; every module of the mirror reads them
 * here.
 *
 * The mirror is compiled twice from the same sources. In the library it serves any parameters: SF_SIZES(m) are the
 * sizes that m->sizes points to. For a run of many cycles the program compiles it anew for one set of parameters,
 * with SF_FIXED_SIZES defined as the initialiser of an sf_sizes (harness/verilated/mirror_build.c): SF_SIZES(m) is
 * then a constant, and the compiler unrolls, folds and leaves out. */
#ifndef SYNFIRE_SIZES_H
#define SYNFIRE_SIZES_H

#include "synfire/params.h"

/* How far weights travel to their lanes: registers of the broadcast beyond the first. */
static inline uint32_t sf_broadcast(const sf_params *p) { return p->lanes > 512 ? 2 : p->lanes > 64 ? 1 : 0; }

/* What follows from the parameters: X(name, value), the value an expression over `p`, a const sf_params *. Names as in
 * rtl/core/synfire_core.v, where it has them. */
#define SF_DERIVED_SIZES(X)                                                                              \
  X(groups, sf_groups(p))                                                                                \
  X(steps, p->lanes / p->neuron_lanes)   /* words of neurons in a group */                               \
  X(words, p->neurons / p->neuron_lanes) /* of neurons */                                                \
  X(rows, sf_groups(p) * p->axons)       /* of weights */                                                \
  X(row_words, sf_row_words(p))                                                                          \
  X(spike_words, (p->neuron_lanes + 31) / 32)                                                            \
  X(ring_words, sf_ring_words(p))           /* of a slot of the delay ring */                            \
  X(ring_shift, sf_clog2(sf_ring_words(p))) /* a slot begins at slot << ring_shift */                    \
  X(slot_mask, p->delay_slots - 1)                                                                       \
  X(axon_mask, ((uint32_t)1 << sf_clog2(p->axons)) - 1)                                                  \
  X(entry_mask, ((uint32_t)1 << (p->routes > 1 ? sf_clog2(p->routes) : 1)) - 1)                          \
  X(profile_mask, ((uint32_t)1 << (p->profiles > 2 ? sf_clog2(p->profiles) : 1)) - 1)                    \
  X(rides, sf_broadcast(p) > 0)                /* a mark goes with its group's last axon */              \
  X(far, sf_broadcast(p) > 0)                  /* a register more behind the router's memories */        \
  X(adder_depth, 3 + 2 * sf_broadcast(p))      /* cycles from the root of the broadcast to the adders */ \
  X(write_stages, 1 + sf_broadcast(p))         /* of a write to the weights */                           \
  X(write_cycles, sf_broadcast(p) > 1 ? 5 : 4) /* of the host's access, less one */

#define SF_SIZE_PARAM(kind, name, rtl, field, ...) uint32_t field;
#define SF_SIZE_DERIVED(name, value) uint32_t name;
typedef struct sf_sizes {
  SF_PARAMS(SF_SIZE_PARAM)
  SF_DERIVED_SIZES(SF_SIZE_DERIVED)
} sf_sizes;

#define SF_SIZE_OF_PARAM(kind, name, rtl, field, ...) .field = p->field,
#define SF_SIZE_OF_DERIVED(name, value) .name = (value),
static inline sf_sizes sf_sizes_of(const sf_params *p) {
  return (sf_sizes){SF_PARAMS(SF_SIZE_OF_PARAM) SF_DERIVED_SIZES(SF_SIZE_OF_DERIVED)};
}

#ifdef SF_FIXED_SIZES
static const sf_sizes sf_fixed_sizes = SF_FIXED_SIZES;
#define SF_SIZES(m) ((void)(m), &sf_fixed_sizes)
#define SF_SIZES_MADE(asked) (&sf_fixed_sizes)
#define SF_SHOWN __attribute__((visibility("default")))
#define SF_FLATTEN __attribute__((flatten)) /* a copy of its own of all that is called in it */
#define SF_MODULE static                    /* of one file with the others: to be taken in where it is called */
#else
#define SF_SIZES(m) ((m)->sizes)
#define SF_SIZES_MADE(asked) (asked)
#define SF_MODULE
#define SF_SHOWN
#define SF_FLATTEN
#endif

#endif
