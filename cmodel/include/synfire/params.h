/* params.h - the parameters of one core: the same names (lower case) and ranges as the Verilog parameters. */
#ifndef SYNFIRE_PARAMS_H
#define SYNFIRE_PARAMS_H

#include "synfire/base.h"

typedef enum sf_param_kind {
  SF_NUMBER, /* an integer */
  SF_POWER,  /* a power of two */
  SF_WIDTH,  /* of a weight: 1 (values 0, 1), or 2, 4, 8, 16 (two's complement) */
  SF_FLAG,   /* false or true: 0 or 1 in Verilog */
  SF_CHOICE  /* the same, but in files one of two words */
} sf_param_kind;

/* SF_PARAMS(X) - every parameter of rtl/core/synfire_core.v but PROBE, in the order of files, reports and commands:
 *   X(kind, NAME, RTL, field, standard, lo, hi)
 * NAME is the one in files, RTL the one in Verilog, field the one in sf_params; standard is what it is when nobody
 * says; lo .. hi is what it may be by itself. How values go together, sf_params_check() knows. */
#define SF_PARAMS(X)                                                                                                  \
  X(SF_NUMBER, AXONS, AXONS, axons, 256, 16, 4096)       /* A: input lines of the crossbar */                         \
  X(SF_NUMBER, NEURONS, NEURONS, neurons, 256, 16, 8192) /* N: columns of the crossbar, a multiple of lanes */        \
  X(SF_POWER, LANES, LANES, lanes, 16, 1, 4096)          /* P: synapses integrated per cycle */                       \
  X(SF_POWER, NEURON_LANES, NEURON_LANES, neuron_lanes, 2, 1, 4096) /* U: neurons updated per cycle, <= lanes */      \
  X(SF_NUMBER, LEARNING_LANES, LEARNING_LANES, learning_lanes, 0, 0, 4096) /* L: synapses learnt per cycle; only 0 */ \
  X(SF_WIDTH, WEIGHT_BITS, WEIGHT_BITS, weight_bits, 4, 1, 16)             /* WB */                                   \
  X(SF_NUMBER, POTENTIAL_BITS, POTENTIAL_BITS, potential_bits, 16, 8, 24)  /* VB: of a potential, two's complement */ \
  X(SF_POWER, DELAY_SLOTS, DELAY_SLOTS, delay_slots, 16, 2, 64)            /* D: depth of the delay ring in ticks */  \
  X(SF_NUMBER, PROFILES, PROFILES, profiles, 16, 1, 8192) /* K: neuron parameter profiles, <= neurons */              \
  X(SF_NUMBER, ROUTES, ROUTES, routes, 512, 1, 65536)     /* R: entries of the fan-out table */                       \
  X(SF_FLAG, HAS_CURRENT, HAS_CURRENT, has_current, false, 0, 1)                                                      \
  X(SF_FLAG, HAS_REFRACTORY, HAS_REFRACTORY, has_refractory, false, 0, 1)                                             \
  X(SF_FLAG, HAS_ADAPTATION, HAS_ADAPTATION, has_adaptation, false, 0, 1)                                             \
  X(SF_FLAG, HAS_NOISE, HAS_NOISE, has_noise, false, 0, 1)                                                            \
  X(SF_CHOICE, LEAK, LEAK_SHIFT, leak_shift, false, 0, 1) /* decays are 0 or powers of two, without multiplier */     \
  X(SF_CHOICE, WEIGHT_MEMORY, WEIGHT_MEMORY, spram, false, 0, 1) /* SPRAM: lanes * weight_bits a multiple of 16 */

/* The words of a choice, for false and for true. */
#define SF_WORDS_leak_shift "multiply", "shift"
#define SF_WORDS_spram "block", "spram"

#define SF_PARAM_TYPE_SF_NUMBER uint32_t
#define SF_PARAM_TYPE_SF_POWER uint32_t
#define SF_PARAM_TYPE_SF_WIDTH uint32_t
#define SF_PARAM_TYPE_SF_FLAG bool
#define SF_PARAM_TYPE_SF_CHOICE bool
#define SF_PARAM_FIELD(kind, name, rtl, field, standard, lo, hi) SF_PARAM_TYPE_##kind field;
#define SF_PARAM_INDEX(kind, name, rtl, field, standard, lo, hi) SF_PARAM_##name,

typedef struct sf_params {
  SF_PARAMS(SF_PARAM_FIELD)
} sf_params;

enum { SF_PARAMS(SF_PARAM_INDEX) SF_N_PARAMS };

/* sf_params_default() - 256 axons, 256 neurons, 16 lanes, 2 neuron lanes, 4-bit weights, 16-bit potential. */
sf_params sf_params_default(void);

/* sf_params_check() - SF_OK, or SF_EINVAL with one line that names the parameter, its value and its range. */
SF_MUST_CHECK sf_err sf_params_check(const sf_params *p, sf_msg *msg);

/* Derived sizes; p must have passed sf_params_check(). */
static inline uint32_t sf_groups(const sf_params *p) { return p->neurons / p->lanes; }
static inline uint32_t sf_ring_words(const sf_params *p) { return (p->axons + 15) / 16; }
static inline uint32_t sf_ring_stride(const sf_params *p) { return (uint32_t)1 << sf_clog2(sf_ring_words(p)); }
static inline uint32_t sf_row_words(const sf_params *p) {
  const uint32_t bits = p->lanes * p->weight_bits;
  return bits < 32 ? 1 : bits / 32;
}
static inline uint32_t sf_sum_bits(const sf_params *p) {
  return p->weight_bits + sf_clog2(p->axons) + (p->weight_bits == 1 ? 1u : 0u);
}

#endif
