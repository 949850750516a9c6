/* params.h - the parameters of one core: the same names (lower case) and ranges as the Verilog parameters. */
#ifndef SYNFIRE_PARAMS_H
#define SYNFIRE_PARAMS_H

#include "synfire/base.h"

typedef struct sf_params {
  uint32_t axons;          /* A: input lines of the crossbar, 16 .. 4096 */
  uint32_t neurons;        /* N: columns of the crossbar, 16 .. 8192, a multiple of lanes */
  uint32_t lanes;          /* P: synapses integrated per cycle, 1 .. 4096, a power of two */
  uint32_t neuron_lanes;   /* U: neurons updated per cycle, 1 .. lanes, a power of two */
  uint32_t learning_lanes; /* L: synapses learnt per cycle, 0 .. lanes; only 0 can be built so far */
  uint32_t weight_bits;    /* WB: 1 (values 0, 1), or 2, 4, 8, 16 (two's complement) */
  uint32_t potential_bits; /* VB: membrane potential, 8 .. 24 bits, two's complement */
  uint32_t delay_slots;    /* D: delay ring depth in ticks, 2 .. 64, a power of two */
  uint32_t profiles;       /* K: neuron parameter profiles, 1 .. neurons */
  uint32_t routes;         /* R: entries of the fan-out table, 1 .. 65536 */
  bool has_current, has_refractory, has_adaptation, has_noise;
  bool leak_shift; /* LEAK = "shift": decays are 0 or powers of two, and no multiplier is built */
  bool spram;      /* WEIGHT_MEMORY = "spram": weights in iCE40 SPRAM; lanes * weight_bits a multiple of 16 */
} sf_params;

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
