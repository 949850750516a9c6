/* decay.h - C twin of rtl/decay.v: multiplication by a decay factor, rounded toward zero. The shifting form
 * (LEAK_SHIFT = 1) gives the same values for the decays it allows, so one function serves both. */
#ifndef SYNFIRE_DECAY_H
#define SYNFIRE_DECAY_H
#include <stdbool.h>
#include <stdint.h>

/* sf_decay() - keep: trunc0(x * (4096 - decay) / 4096), else trunc0(x * decay / 4096); decay 0 .. 4096. */
static inline int32_t sf_decay(int32_t x, uint32_t decay, bool keep) {
  const uint64_t factor = keep ? 4096u - decay : decay;
  const bool sign = x < 0;
  const uint64_t magnitude = sign ? (uint64_t)(-(int64_t)x) : (uint64_t)x;
  const int32_t scaled = (int32_t)(magnitude * factor >> 12);
  return sign ? -scaled : scaled;
}

/* sf_decay_shift() - the same by shifts alone, step for step as the Verilog does it with SHIFT = 1. */
static inline int32_t sf_decay_shift(int32_t x, uint32_t decay, bool keep) {
  const bool sign = x < 0;
  const uint32_t magnitude = sign ? (uint32_t)(-(int64_t)x) : (uint32_t)x;
  unsigned shift = 12;
  while (shift > 0 && decay != 0 && !(decay >> (12 - shift) & 1)) shift--;
  const uint32_t low_mask = ((uint32_t)1 << shift) - 1;
  const uint32_t floor = magnitude >> shift;
  const uint32_t inexact = (magnitude & low_mask) != 0;
  uint32_t scaled;
  if (keep) scaled = decay == 0 ? magnitude : magnitude - floor - inexact;
  else scaled = decay == 0 ? 0 : floor;
  return sign ? -(int32_t)scaled : (int32_t)scaled;
}
#endif
