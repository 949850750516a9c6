/* counter_rng.h - C twin of rtl/counter_rng.v: random numbers from (seed, tick, axon, neuron), eight rounds of the
 * Speck32 round function (Beaulieu et al., "The SIMON and SPECK families of lightweight block ciphers", 2013). */
#ifndef SYNFIRE_COUNTER_RNG_H
#define SYNFIRE_COUNTER_RNG_H
#include <stdint.h>

static inline uint32_t sf_counter_rng_round(uint32_t x, uint32_t k) {
  const uint32_t hi_in = x >> 16, lo_in = x & 0xffff;
  const uint32_t hi = ((((hi_in >> 7) | (hi_in << 9)) + lo_in) ^ k) & 0xffff;
  const uint32_t lo = (((lo_in << 2) | (lo_in >> 14)) ^ hi) & 0xffff;
  return hi << 16 | lo;
}

static inline uint32_t sf_counter_rng(uint32_t seed, uint32_t tick, uint32_t axon, uint32_t neuron) {
  const uint32_t key[4] = {seed & 0xffff, tick & 0xffff, seed >> 16, tick >> 16};
  uint32_t x = ((axon ^ tick >> 16) & 0xffff) << 16 | ((neuron ^ seed >> 16) & 0xffff);
  for (uint32_t r = 0; r < 8; r++) x = sf_counter_rng_round(x, key[r % 4] ^ (((r + 1) * 0x9E37u) & 0xffff));
  return x;
}
#endif
