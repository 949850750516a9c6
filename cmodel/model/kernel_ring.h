/* kernel_ring.h - adding the synapses of sparse networks to the sums of the coming ticks, for every kernel; see
 * sparse_ring.h. The file that includes it has chosen the target, and defines SHIFT_IN_REGISTER where the processor
 * shifts by a register without a copy of what is shifted (BMI2): a synapse is then three instructions instead of
 * four. */
#ifndef SYNFIRE_KERNEL_RING_H
#define SYNFIRE_KERNEL_RING_H

#include "model/kernel.h"

#ifdef SHIFT_IN_REGISTER
#define KNOWN_LATE(x) __asm__("" : "+r"(x))
#else
#define KNOWN_LATE(x) (void)(x)
#endif

#define ADD(x) sum[(x) >> shift] = (sum_type)(sum[(x) >> shift] + (weight_type)(x))

/* Four at a time: their loads go ahead of the first addition. While a group is added, as much of one to come is
 * fetched, wherever that ends; not to stay, since most of it will not be read again before much else has been. */
#define ADD_GROUPS(name, type, word, weight, cell_shift)                                                \
  static void name(const void *synapse, const sf_ring_group *g, uint32_t n, uint32_t ahead, void *to) { \
    typedef type sum_type;                                                                              \
    typedef weight weight_type;                                                                         \
    const word *const from = synapse;                                                                   \
    sum_type *const sum = to;                                                                           \
    unsigned shift = cell_shift;                                                                        \
    KNOWN_LATE(shift);                                                                                  \
    for (uint32_t i = 0; i < n; i++) {                                                                  \
      uintptr_t next = (uintptr_t)(from + (size_t)g[i + ahead].from * SF_RING_UNIT);                    \
      const word *const end = from + (size_t)g[i].to * SF_RING_UNIT;                                    \
      for (const word *p = from + (size_t)g[i].from * SF_RING_UNIT; p != end; p += SF_RING_UNIT) {      \
        for (size_t b = 0; b < SF_RING_UNIT * sizeof *p; b += SF_LINE)                                  \
          __builtin_prefetch((const void *)(next + b), 0, 0);                                           \
        next += SF_RING_UNIT * sizeof *p;                                                               \
        for (uint32_t h = 0; h < SF_RING_UNIT; h += 4) {                                                \
          const word a = p[h], b = p[h + 1], c = p[h + 2], d = p[h + 3];                                \
          ADD(a);                                                                                       \
          ADD(b);                                                                                       \
          ADD(c);                                                                                       \
          ADD(d);                                                                                       \
        }                                                                                               \
      }                                                                                                 \
    }                                                                                                   \
  }
ADD_GROUPS(add_narrow_even, int16_t, uint32_t, int16_t, 16)
ADD_GROUPS(add_narrow_light, int16_t, uint32_t, int8_t, 8)
ADD_GROUPS(add_narrow_double, int16_t, uint64_t, int32_t, 32)
ADD_GROUPS(add_wide_even, int32_t, uint32_t, int16_t, 16)
ADD_GROUPS(add_wide_light, int32_t, uint32_t, int8_t, 8)
ADD_GROUPS(add_wide_double, int32_t, uint64_t, int32_t, 32)

/* By form; narrow sums first. */
#define RING_ADDERS                                                                                            \
  {                                                                                                            \
    {add_narrow_even, add_narrow_light, add_narrow_double}, { add_wide_even, add_wide_light, add_wide_double } \
  }

#endif
