/* kernel_count.h - adding rows, in C with GCC's vector types, for every kernel. The file that includes it defines
 * VECTOR, the bytes of a vector register, and has chosen the target.
 *
 * Rows are bit planes, so adding n rows means to count, at each of the 8 * row_bytes bit positions, in how
 * many rows the bit is set. A full adder turns three bits of one weight into one of it and one of the next, and does so
 * for a whole register of positions at once; 16 rows make 15 of them (Harley and Seal's counter), whatever the width of
 * the weights. The counters of the planes of a block are then added up with their weights, still as bits, and only the
 * result is turned into numbers: 8 x 8 bits at a time. */
#ifndef SYNFIRE_KERNEL_COUNT_H
#define SYNFIRE_KERNEL_COUNT_H

#include <string.h>

#include "model/kernel.h"

#define INLINE static inline __attribute__((always_inline))
#define MOST_COUNTERS 13u /* 4096 rows */
#define MOST_PLANES 32u
/* Before loops over what are to be registers: all of it, or GCC keeps the array in memory. */
#define UNROLL _Pragma("GCC unroll 16")

typedef uint64_t vec __attribute__((vector_size(VECTOR), aligned(VECTOR), may_alias));

#ifndef FULL_ADDER
/* (*a, x, y) -> sum in *a, carry returned. */
INLINE vec full_adder(vec *a, vec x, vec y) {
  const vec u = *a ^ x, carry = (*a & x) | (u & y);
  *a = u ^ y;
  return carry;
}
INLINE vec half_adder(vec *a, vec x) {
  const vec carry = *a & x;
  *a ^= x;
  return carry;
}
#endif

INLINE vec load(const uint8_t *from) {
  vec x = *(const vec *)(const void *)from;
#ifdef IN_REGISTER
  IN_REGISTER(x); /* once, not once for the sum and once for the carry */
#endif
  return x;
}
INLINE void store(uint8_t *to, vec x) { *(vec *)(void *)to = x; }

/* Counters of up to two neighbouring vectors of positions: 1s, 2s, 4s, 8s, and those above. */
typedef struct counters_of {
  vec low[4], high[MOST_COUNTERS - 4];
} counters_of;

/* Where row i of those to be added is: row[i] + at, or, `listed`, base + (active[i] << shift). `listed` is a
 * constant. */
typedef struct source {
  bool listed;
  bool ahead; /* fetch the next columns meanwhile; a constant, too */
  const uint8_t *const *row;
  size_t at;
  const uint16_t *active;
  const uint8_t *base;
  unsigned shift;
} source;
INLINE const uint8_t *row_of(const source *s, uint32_t i) {
  return s->listed ? s->base + ((size_t)s->active[i] << s->shift) : s->row[i] + s->at;
}
INLINE void advance(source *s, uint32_t n) {
  if (s->listed) s->active += n;
  else s->row += n;
}

/* Add 2, 4, 8 rows from the i-th in `columns` vectors; the carries to the 2s, 4s, 8s come back. Both columns at a
 * time, so that the address of a row is needed for a moment only: there are not as many registers for addresses as for
 * sums. */
INLINE void add2(const source *s, uint32_t i, unsigned columns, counters_of *p, vec *carry) {
  const uint8_t *a = row_of(s, i), *b = row_of(s, i + 1);
  if (s->ahead)
    for (unsigned v = 0; v < columns; v++) {
      __builtin_prefetch(a + (columns + v) * VECTOR);
      __builtin_prefetch(b + (columns + v) * VECTOR);
    }
  for (unsigned v = 0; v < columns; v++)
    carry[v] = full_adder(&p[v].low[0], load(a + v * VECTOR), load(b + v * VECTOR));
}
INLINE void add4(const source *s, uint32_t i, unsigned columns, counters_of *p, vec *carry) {
  vec a[2], b[2];
  add2(s, i, columns, p, a);
  add2(s, i + 2, columns, p, b);
  for (unsigned v = 0; v < columns; v++) carry[v] = full_adder(&p[v].low[1], a[v], b[v]);
}
INLINE void add8(const source *s, uint32_t i, unsigned columns, counters_of *p, vec *carry) {
  vec a[2], b[2];
  add4(s, i, columns, p, a);
  add4(s, i + 4, columns, p, b);
  for (unsigned v = 0; v < columns; v++) carry[v] = full_adder(&p[v].low[2], a[v], b[v]);
}

/* Carry x into the counters above the first four. */
INLINE void ripple(vec *high, unsigned n, vec x) {
  UNROLL
  for (unsigned k = 0; k < n; k++) x = half_adder(&high[k], x);
}

/* Count the bits at `columns` neighbouring vectors of positions over n rows, n a multiple of 8, into p. `columns` and
 * `counters` are constants where this is inlined, so that all counters are registers. */
INLINE void count_into(counters_of *p, source s, uint32_t n, unsigned columns, unsigned counters) {
  const vec none = {0};
  const unsigned more = counters > 4 ? counters - 4 : 0;
  vec a[2], b[2];
  uint32_t i = 0;
  for (unsigned v = 0; v < columns; v++) {
    UNROLL
    for (unsigned k = 0; k < 4; k++) p[v].low[k] = none;
    UNROLL
    for (unsigned k = 0; k < more; k++) p[v].high[k] = none;
  }
  for (; i + 16 <= n; i += 16, advance(&s, 16)) {
    add8(&s, 0, columns, p, a);
    add8(&s, 8, columns, p, b);
    for (unsigned v = 0; v < columns; v++) ripple(p[v].high, more, full_adder(&p[v].low[3], a[v], b[v]));
  }
  if (i < n) {
    add8(&s, 0, columns, p, a);
    for (unsigned v = 0; v < columns; v++) ripple(p[v].high, more, half_adder(&p[v].low[3], a[v]));
  }
}

/* The same with the result in memory: counters 0 .. counters - 1 to out, `apart` bytes from each other. */
INLINE void count(const uint8_t *const *row, uint32_t n, size_t at, unsigned columns, bool ahead, unsigned counters,
                  uint8_t *out, size_t apart) {
  const source s = {.ahead = ahead, .row = row, .at = at};
  counters_of p[2];
  count_into(p, s, n, columns, counters);
  for (unsigned v = 0; v < columns; v++) UNROLL
  for (unsigned k = 0; k < counters; k++) store(out + v * VECTOR + k * apart, k < 4 ? p[v].low[k] : p[v].high[k - 4]);
}

/* Weights that second-level caches (of 1 MiB and more today) do not hold: there, and only there, it pays to fetch
 * ahead. */
#define FAR_WEIGHTS ((size_t)1 << 20)

/* All columns of a segment of `bytes`. */
INLINE void count_all(const sf_model_core *c, size_t from, size_t bytes, unsigned counters, uint8_t *out) {
  const uint32_t n = sf_rows_padded(c->n_active);
  const bool two = counters <= 8 && VECTOR == 64, far = c->shape.axons * c->row_bytes > FAR_WEIGHTS;
  size_t v = 0;
  for (; two && far && v + 2 * VECTOR <= bytes; v += 2 * VECTOR)
    count(c->row, n, from + v, 2, true, counters, out + v, bytes);
  for (; two && v + 2 * VECTOR <= bytes; v += 2 * VECTOR)
    count(c->row, n, from + v, 2, false, counters, out + v, bytes);
  for (; v < bytes; v += VECTOR) count(c->row, n, from + v, 1, false, counters, out + v, bytes);
}

/* A function for each number of counters, 1 .. 13. */
typedef void (*counting)(const sf_model_core *c, size_t from, size_t bytes, uint8_t *out);
#define COUNT(k)                                                                           \
  static void count_##k(const sf_model_core *c, size_t from, size_t bytes, uint8_t *out) { \
    count_all(c, from, bytes, k, out);                                                     \
  }
COUNT(1)
COUNT(2)
COUNT(3)
COUNT(4)
COUNT(5)
COUNT(6)
COUNT(7)
COUNT(8)
COUNT(9)
COUNT(10)
COUNT(11)
COUNT(12)
COUNT(13)
#undef COUNT
static const counting count_with[MOST_COUNTERS + 1] = {NULL,     count_1,  count_2,  count_3, count_4,
                                                       count_5,  count_6,  count_7,  count_8, count_9,
                                                       count_10, count_11, count_12, count_13};

#endif
