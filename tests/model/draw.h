/* draw.h - random numbers for suites that compare the model with a second writing of it (splitmix64, Steele, Lea and
 * Flood, 2014). A case sets random_state, and names it when it fails. */
#ifndef SYNFIRE_TESTS_DRAW_H
#define SYNFIRE_TESTS_DRAW_H

#include <stdbool.h>
#include <stdint.h>

static uint64_t random_state;
static inline uint64_t random_bits(void) {
  uint64_t z = random_state += 0x9E3779B97F4A7C15u;
  z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
  z = (z ^ z >> 27) * 0x94D049BB133111EBu;
  return z ^ z >> 31;
}
static inline int32_t between(int64_t lo, int64_t hi) {
  return (int32_t)(lo + (int64_t)(random_bits() % (uint64_t)(hi - lo + 1)));
}
static inline bool one_in(unsigned n) { return random_bits() % n == 0; }
/* Small values mostly, the extremes often enough. */
static inline int32_t value(int64_t lo, int64_t hi) {
  if (one_in(8)) return (int32_t)(one_in(2) ? lo : hi);
  if (one_in(3)) return between(lo, hi);
  return between(lo < -60 ? -60 : lo, hi > 60 ? 60 : hi);
}

#endif
