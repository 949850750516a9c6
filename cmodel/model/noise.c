/* noise.c - see noise.h. */
#include "model/noise.h"

#define ROUNDS 8u

static uint32_t ror16(uint32_t x, unsigned n) { return ((x >> n) | (x << (16 - n))) & 0xffffu; }

uint32_t sf_noise_hash(uint32_t seed, uint32_t tick, uint32_t axon, uint32_t neuron) {
  const uint32_t key[4] = {seed & 0xffffu, tick & 0xffffu, seed >> 16, tick >> 16};
  uint32_t hi = (axon ^ tick >> 16) & 0xffffu, lo = (neuron ^ seed >> 16) & 0xffffu;
  for (uint32_t r = 0; r < ROUNDS; r++) {
    const uint32_t k = (key[r % 4] ^ (r + 1) * 0x9E37u) & 0xffffu;
    hi = ((ror16(hi, 7) + lo) & 0xffffu) ^ k;
    lo = ror16(lo, 14) ^ hi; /* rotate left by 2 */
  }
  return hi << 16 | lo;
}

int32_t sf_noise_value(uint32_t hash, unsigned bits) {
  if (bits == 0) return 0;
  return (int32_t)(hash & ((1u << bits) - 1)) - (int32_t)(1u << (bits - 1));
}
