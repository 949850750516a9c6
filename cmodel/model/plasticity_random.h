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

/* The pair (a, b). */
typedef struct sf_mixed {
  uint32_t a, b;
} sf_mixed;

static inline uint32_t sf_rol32(uint32_t x, uint32_t n) { return x << (n & 31) | x >> ((32 - n) & 31); }
static inline uint32_t sf_ror32(uint32_t x, uint32_t n) { return sf_rol32(x, 32 - n); }

static inline sf_mixed sf_round(sf_mixed h, uint32_t k) {
  h.a = (sf_ror32(h.a, 8) + h.b) ^ k;
  h.b = sf_rol32(h.b, 3) ^ h.a;
  return h;
}

/* word(p, T, i); with purpose p + SF_OF_BLOCKS that of a block of 32 neurons. */
enum { SF_OF_BLOCKS = 16 };
static inline sf_mixed sf_random_word(uint32_t seed, uint32_t p, uint32_t time, uint32_t i) {
  sf_mixed h = {time, i ^ p << 16};
  for (uint32_t n = 1; n <= 8; n++) h = sf_round(h, seed ^ n * SF_GOLDEN);
  return h;
}

/* The words of all blocks of a core, for many rows. */
enum { SF_RANDOM_BLOCKS = 8192 / 32 };
static inline void sf_random_blocks(uint32_t seed, sf_purpose p, uint32_t time, uint32_t neurons,
                                    sf_mixed blocks[SF_RANDOM_BLOCKS]) {
  for (uint32_t b = 0; b < (neurons + 31) / 32; b++)
    blocks[b] = sf_random_word(seed, (uint32_t)p + SF_OF_BLOCKS, time, b);
}

/* What a row's and a block's word make together. */
static inline sf_mixed sf_random_join(sf_mixed row, sf_mixed block) {
  return sf_round(sf_round((sf_mixed){row.a ^ block.a, row.b ^ block.b}, 0), 0);
}

/* spread(n): 16 bits, bit l = a[(l - n) mod 32] ^ b[(l + n) mod 32]. */
static inline uint32_t sf_random_spread(sf_mixed h, uint32_t n) {
  return (sf_rol32(h.a, n) ^ sf_ror32(h.b, n)) & 0xffffu;
}

/* The 16 bits of synapse (i, j). */
static inline uint32_t sf_random_synapse(uint32_t seed, sf_purpose p, uint32_t time, uint32_t i, uint32_t j) {
  const sf_mixed block = sf_random_word(seed, (uint32_t)p + SF_OF_BLOCKS, time, j >> 5);
  return sf_random_spread(sf_random_join(sf_random_word(seed, p, time, i), block), j % 32);
}

#endif
