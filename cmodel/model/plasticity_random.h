/* plasticity_random.h - the random numbers of learning: "Random numbers" in cmodel/plasticity.md. What they follow from
 * names a place and a purpose, so that they depend on no order. The functional model's own. */
#ifndef SYNFIRE_PLASTICITY_RANDOM_H
#define SYNFIRE_PLASTICITY_RANDOM_H

#include <stdint.h>

typedef enum sf_purpose {
  SF_FOR_ROUNDING = 1,
  SF_FOR_Z = 2,
  SF_FOR_DECAY = 3,
  SF_FOR_REGROW = 4,
  SF_FOR_WEIGHT = 5,
  SF_FOR_XI = 6,
  SF_FOR_RELEASE = 7,
  SF_FOR_TWIN = 8,
  SF_FOR_OTHER_TWIN = 9
} sf_purpose;

#define SF_GOLDEN 0x9E3779B9u

/* What a row, and then a block of 32 neurons in it, has in common. */
typedef struct sf_mixed {
  uint32_t a, b;
} sf_mixed;

static inline uint32_t sf_rol32(uint32_t x, uint32_t n) { return x << (n & 31) | x >> ((32 - n) & 31); }
static inline uint32_t sf_ror32(uint32_t x, uint32_t n) { return sf_rol32(x, 32 - n); }

static inline sf_mixed sf_mix(sf_mixed h, uint32_t seed, uint32_t from) {
  for (uint32_t n = from; n < from + 4; n++) {
    h.a = (sf_ror32(h.a, 8) + h.b) ^ (seed ^ (n + 1) * SF_GOLDEN);
    h.b = sf_rol32(h.b, 3) ^ h.a;
  }
  return h;
}

/* row(p, T, i), then block(B) of it. */
static inline sf_mixed sf_random_row(uint32_t seed, sf_purpose p, uint32_t time, uint32_t i) {
  return sf_mix((sf_mixed){time, i ^ (uint32_t)p << 16}, seed, 0);
}
static inline sf_mixed sf_random_block(uint32_t seed, sf_mixed row, uint32_t block) {
  return sf_mix((sf_mixed){row.a, row.b ^ block * SF_GOLDEN}, seed, 4);
}

/* spread(n): 16 bits, bit l = a[(l - n) mod 32] ^ b[(l + n) mod 32]. */
static inline uint32_t sf_random_spread(sf_mixed h, uint32_t n) {
  return (sf_rol32(h.a, n) ^ sf_ror32(h.b, n)) & 0xffffu;
}

/* The 16 bits of synapse (i, j). */
static inline uint32_t sf_random_synapse(uint32_t seed, sf_purpose p, uint32_t time, uint32_t i, uint32_t j) {
  return sf_random_spread(sf_random_block(seed, sf_random_row(seed, p, time, i), j >> 5), j % 32);
}

#endif
