/* find_first.h - C twin of rtl/find_first.v. */
#ifndef SYNFIRE_FIND_FIRST_H
#define SYNFIRE_FIND_FIRST_H
#include <stdint.h>

/* sf_find_first() - index of the lowest set bit; 0 where no bit is set. *rest: bits without it. */
static inline unsigned sf_find_first(uint64_t bits, uint64_t *rest) {
  *rest = bits & (bits - 1);
  return bits ? (unsigned)__builtin_ctzll(bits) : 0;
}
#endif
