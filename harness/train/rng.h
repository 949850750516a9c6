/* rng.h - counter-based random numbers for training: a stream is named by (seed, purpose, index), so that what one
 * digit gets in one epoch does not depend on the order, or the thread, in which digits are worked on. The mixing
 * function is SplitMix64 (Steele, Lea, Flood 2014). */
#ifndef SF_TRAIN_RNG_H
#define SF_TRAIN_RNG_H

#include <stdint.h>

struct sf_rng {
  uint64_t state;
};

static inline uint64_t sf_rng_mix(uint64_t z) {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

static inline struct sf_rng sf_rng_stream(uint64_t seed, uint64_t purpose, uint64_t index) {
  uint64_t a = sf_rng_mix(seed + 0x9e3779b97f4a7c15u);
  return (struct sf_rng){sf_rng_mix(sf_rng_mix(a ^ purpose) + 0x9e3779b97f4a7c15u * (index + 1))};
}

static inline uint64_t sf_rng_next(struct sf_rng *r) {
  r->state += 0x9e3779b97f4a7c15u;
  return sf_rng_mix(r->state);
}

/* uniform in [0, 1), 24 bits */
static inline float sf_rng_unit(struct sf_rng *r) { return (float)(sf_rng_next(r) >> 40) * 0x1p-24f; }

/* uniform in [-1, 1) */
static inline float sf_rng_sym(struct sf_rng *r) { return 2.0f * sf_rng_unit(r) - 1.0f; }

/* close to a standard normal: the sum of four uniforms, which is enough for starting weights and distortions */
static inline float sf_rng_normal(struct sf_rng *r) {
  float s = sf_rng_unit(r) + sf_rng_unit(r) + sf_rng_unit(r) + sf_rng_unit(r) - 2.0f;
  return s * 1.7320508f;
}

/* uniform in 0..n-1; the bias of the multiply method is below n / 2^32 */
static inline uint32_t sf_rng_below(struct sf_rng *r, uint32_t n) {
  return (uint32_t)(((sf_rng_next(r) >> 32) * n) >> 32);
}

#endif
