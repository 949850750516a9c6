/* bytes.h - many small numbers at once. */
#ifndef SYNFIRE_BYTES_H
#define SYNFIRE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* sf_bytes_within() - are n numbers all in lo .. hi? 64 at a time, which compilers turn into vectors. */
static inline bool sf_bytes_within(const int8_t *x, size_t n, int32_t lo, int32_t hi) {
  uint8_t out = 0;
  for (; n >= 64 && !out; n -= 64, x += 64)
    for (int k = 0; k < 64; k++) out |= (uint8_t)((uint8_t)(x[k] - lo) > (uint8_t)(hi - lo));
  for (size_t k = 0; k < n; k++) out |= (uint8_t)((uint8_t)(x[k] - lo) > (uint8_t)(hi - lo));
  return !out;
}

#endif
