/* kernel_body.h - the kernels in plain C with GCC's vector types: compiled once as it is (kernel_portable.c) and once
 * for AVX2 (kernel_avx2.c); kernel_avx512.c takes the neuron equation from here. The file that includes it defines
 * VECTOR, the bytes of a vector register, and has chosen the target.
 *
 * Adding rows. Rows are bit planes, so adding n rows means to count, at each of the 8 * row_bytes bit positions, in how
 * many rows the bit is set. A full adder turns three bits of one weight into one of it and one of the next, and does so
 * for a whole register of positions at once; 16 rows make 15 of them (Harley and Seal's counter), whatever the width of
 * the weights. The counters of the planes of a block are then added up with their weights, still as bits, and only the
 * result is turned into numbers: 8 x 8 bits at a time. */
#ifndef SYNFIRE_KERNEL_BODY_H
#define SYNFIRE_KERNEL_BODY_H

#include <string.h>

#include "kernel.h"

#define INLINE static inline __attribute__((always_inline))
#define MOST_COUNTERS 13u /* 4096 rows */
#define MOST_PLANES 32u

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

/* Where row i of those to be added is: row[i] + at, or, where that is faster, at + (active[i] << shift). */
typedef struct source {
  const uint8_t *const *row;
  size_t at;
  const uint16_t *active; /* or NULL */
  const uint8_t *base;
  unsigned shift;
} source;
INLINE const uint8_t *row_of(const source *s, uint32_t i) {
  return s->active != NULL ? s->base + ((size_t)s->active[i] << s->shift) : s->row[i] + s->at;
}

/* Add 2, 4, 8 rows from the i-th in `columns` vectors; the carries to the 2s, 4s, 8s come back. Both columns at a time, so that
 * the address of a row is needed for a moment only: there are not as many registers for addresses as for sums. */
INLINE void add2(const source *s, uint32_t i, unsigned columns, counters_of *p, vec *carry) {
  const uint8_t *a = row_of(s, i), *b = row_of(s, i + 1);
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
  for (unsigned k = 0; k < n; k++) x = half_adder(&high[k], x);
}

/* Count the bits at `columns` neighbouring vectors of positions over n rows, n a multiple of 8, into p. `columns` and
 * `counters` are constants where this is inlined, so that all counters are registers. */
INLINE void count_into(counters_of *p, const source *s, uint32_t n, unsigned columns, unsigned counters) {
  const vec none = {0};
  const unsigned more = counters > 4 ? counters - 4 : 0;
  vec a[2], b[2];
  uint32_t i = 0;
  for (unsigned v = 0; v < columns; v++) {
    for (unsigned k = 0; k < 4; k++) p[v].low[k] = none;
    for (unsigned k = 0; k < more; k++) p[v].high[k] = none;
  }
  for (; i + 16 <= n; i += 16) {
    add8(s, i, columns, p, a);
    add8(s, i + 8, columns, p, b);
    for (unsigned v = 0; v < columns; v++) ripple(p[v].high, more, full_adder(&p[v].low[3], a[v], b[v]));
  }
  if (i < n) {
    add8(s, i, columns, p, a);
    for (unsigned v = 0; v < columns; v++) ripple(p[v].high, more, half_adder(&p[v].low[3], a[v]));
  }
}

/* The same with the result in memory: counters 0 .. counters - 1 to out, `apart` bytes from each other. */
INLINE void count(const uint8_t *const *row, uint32_t n, size_t at, unsigned columns, unsigned counters, uint8_t *out,
                  size_t apart) {
  const source s = {row, at, NULL, NULL, 0};
  counters_of p[2];
  count_into(p, &s, n, columns, counters);
  for (unsigned v = 0; v < columns; v++)
    for (unsigned k = 0; k < counters; k++) store(out + v * VECTOR + k * apart, k < 4 ? p[v].low[k] : p[v].high[k - 4]);
}

/* All columns of a segment of `bytes`. */
INLINE void count_all(const sf_model_core *c, size_t from, size_t bytes, unsigned counters, uint8_t *out) {
  const uint32_t n = sf_rows_padded(c->n_active);
  size_t v = 0;
  if (counters <= 8 && VECTOR == 64)
    for (; v + 2 * VECTOR <= bytes; v += 2 * VECTOR) count(c->row, n, from + v, 2, counters, out + v, bytes);
  for (; v < bytes; v += VECTOR) count(c->row, n, from + v, 1, counters, out + v, bytes);
}

/* A function for each number of counters, 1 .. 13. */
typedef void (*counting)(const sf_model_core *c, size_t from, size_t bytes, uint8_t *out);
#define COUNT(k) \
  static void count_##k(const sf_model_core *c, size_t from, size_t bytes, uint8_t *out) { count_all(c, from, bytes, k, out); }
COUNT(1) COUNT(2) COUNT(3) COUNT(4) COUNT(5) COUNT(6) COUNT(7) COUNT(8) COUNT(9) COUNT(10) COUNT(11) COUNT(12) COUNT(13)
#undef COUNT
static const counting count_with[MOST_COUNTERS + 1] = {NULL,    count_1, count_2, count_3,  count_4,  count_5,  count_6,
                                                       count_7, count_8, count_9, count_10, count_11, count_12, count_13};

#ifndef OWN_SUM

/* Where the rows are. */
INLINE void find_rows(const sf_model_core *c) {
  const uint8_t **row = c->row, *rows = c->rows;
  const uint16_t *active = c->active;
  const uint32_t n = c->n_active, bytes = (uint32_t)c->row_bytes;
  for (uint32_t i = 0; i < n; i++) row[i] = rows + (uint32_t)active[i] * bytes;
  for (uint32_t i = n; i < sf_rows_padded(n); i++) row[i] = rows + c->shape.axons * bytes;
}

typedef uint8_t bytes16 __attribute__((vector_size(16)));
typedef uint64_t two64 __attribute__((vector_size(16), may_alias));

INLINE two64 load2(const uint8_t *from) { return *(const two64 *)(const void *)from; }

/* Eight planes of 128 neurons -> x[r] holds the bytes of planes 0 .. 7 of byte positions 2r and 2r + 1 in turn. */
INLINE void interleave(two64 x[8]) {
  const bytes16 lo = {0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23};
  const bytes16 hi = {8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31};
  bytes16 y[8], z[8];
  for (unsigned i = 0; i < 4; i++) { /* planes i and i + 4, then i and i + 2, then 0 and 1 */
    y[2 * i] = __builtin_shuffle((bytes16)x[i], (bytes16)x[i + 4], lo);
    y[2 * i + 1] = __builtin_shuffle((bytes16)x[i], (bytes16)x[i + 4], hi);
  }
  for (unsigned i = 0; i < 2; i++)
    for (unsigned h = 0; h < 2; h++) {
      z[4 * i + 2 * h] = __builtin_shuffle(y[2 * i + h], y[2 * (i + 2) + h], lo);
      z[4 * i + 2 * h + 1] = __builtin_shuffle(y[2 * i + h], y[2 * (i + 2) + h], hi);
    }
  for (unsigned h = 0; h < 4; h++) {
    x[2 * h] = (two64)__builtin_shuffle(z[h], z[h + 4], lo);
    x[2 * h + 1] = (two64)__builtin_shuffle(z[h], z[h + 4], hi);
  }
}

/* 8 x 8 bits in each half. */
INLINE two64 transpose(two64 x) {
  two64 t = (x ^ (x >> 7)) & 0x00AA00AA00AA00AAull;
  x ^= t ^ (t << 7);
  t = (x ^ (x >> 14)) & 0x0000CCCC0000CCCCull;
  x ^= t ^ (t << 14);
  t = (x ^ (x >> 28)) & 0x00000000F0F0F0F0ull;
  return x ^ t ^ (t << 28);
}

/* The counters of one lane (128 neurons, 16 bytes a plane) -> 4 bytes of its sums. in: plane b's counter k is at
 * b * plane_bytes + k * apart. out: byte s of the block's neuron n is at s * SF_BLOCK + n. */
static void finish_lane(const uint8_t *in, unsigned bits, size_t plane_bytes, unsigned counters, size_t apart,
                        uint32_t lanes, uint32_t lane, unsigned n_bytes, uint8_t *out) {
  const two64 none = {0};
  two64 acc[MOST_PLANES];
  unsigned planes = counters;
  for (unsigned k = 0; k < counters; k++) acc[k] = load2(in + (bits - 1) * plane_bytes + k * apart);
  for (unsigned b = bits - 1; b-- > 0;) { /* acc = 2 * acc + counter of plane b */
    two64 carry = none;
    const uint8_t *from = in + b * plane_bytes;
    for (unsigned k = planes; k > 0; k--) acc[k] = acc[k - 1];
    acc[0] = none;
    planes++;
    for (unsigned k = 0; k < counters; k++) {
      const two64 x = acc[k], y = load2(from + k * apart), u = x ^ y;
      acc[k] = u ^ carry;
      carry = (x & y) | (u & carry);
    }
    for (unsigned k = counters; k < planes; k++) {
      const two64 x = acc[k];
      acc[k] = x ^ carry;
      carry &= x;
    }
    if (b == bits - 2) acc[planes++] = carry; /* after m steps, n * (2^(m + 1) - 1): two more bits once, then one each */
  }
  for (unsigned k = planes; k < MOST_PLANES; k++) acc[k] = none;
  for (unsigned s = 0; s < n_bytes; s++) {
    two64 x[8];
    memcpy(x, acc + 8 * s, sizeof x);
    interleave(x);
    for (uint32_t r = 0; r < 8; r++) {
      const two64 y = transpose(x[r]);
      memcpy(out + s * SF_BLOCK + r * 16 * lanes + 8 * lane, &y, 8);
      memcpy(out + s * SF_BLOCK + r * 16 * lanes + 8 * lanes + 8 * lane, (const uint8_t *)&y + 8, 8);
    }
  }
}

/* The sums of the blocks from neuron `at` on whose counters are in `in`, up to neuron `to`. */
static void finish(sf_model_core *c, uint32_t at, uint32_t to, const uint8_t *in, unsigned bits, unsigned counters,
                   size_t apart) {
  const unsigned n_bytes = c->sum_is_narrow ? 2 : 4;
  const uint32_t offset = bits == 1 ? 0 : c->n_active << (bits - 1);
  _Alignas(64) uint8_t byte[4 * SF_BLOCK];
  for (uint32_t width; at < to; at += width) {
    width = sf_block_width(c->padded, at);
    const uint32_t lanes = width / 128;
    for (uint32_t l = 0; l < lanes; l++)
      finish_lane(in + 16 * l, bits, width / 8, counters, apart, lanes, l, n_bytes, byte);
    const uint8_t *b0 = byte, *b1 = byte + SF_BLOCK, *b2 = byte + 2 * SF_BLOCK, *b3 = byte + 3 * SF_BLOCK;
    if (c->sum_is_narrow) {
      for (uint32_t j = 0; j < width; j++) c->sum16[at + j] = (int16_t)(uint16_t)((b0[j] | (uint32_t)b1[j] << 8) - offset);
    } else {
      for (uint32_t j = 0; j < width; j++)
        c->sum[at + j] = (int32_t)((b0[j] | (uint32_t)b1[j] << 8 | (uint32_t)b2[j] << 16 | (uint32_t)b3[j] << 24) - offset);
    }
    in += (size_t)width / 8 * bits;
  }
}

static void body_sum(sf_model_core *c) {
  const unsigned counters = 32 - (unsigned)__builtin_clz(c->n_active), bits = c->shape.weight_bits;
  _Alignas(64) uint8_t counted[MOST_COUNTERS * 16 * SF_LINE];
  find_rows(c);
  for (uint32_t at = 0; at < c->padded; at += SF_BLOCK) {
    const uint32_t to = c->padded - at < SF_BLOCK ? c->padded : at + SF_BLOCK;
    const size_t bytes = ((size_t)(to - at) / 8 * bits + SF_LINE - 1) / SF_LINE * SF_LINE;
    count_with[counters](c, (size_t)at / 8 * bits, bytes, counted);
    finish(c, at, to, counted, bits, counters, bytes);
  }
}

static uint32_t ones(uint64_t x) { return (uint32_t)__builtin_popcountll(x); }

static void body_merge(uint64_t *slot, const uint64_t *bits, uint32_t words, uint64_t *events, uint64_t *merges) {
  for (uint32_t w = 0; w < words; w++) {
    *events += ones(bits[w]);
    *merges += ones(bits[w] & slot[w]);
    slot[w] |= bits[w];
  }
}

static uint32_t body_list(const uint64_t *bits, uint32_t words, uint16_t *list) {
  uint32_t n = 0;
  for (uint32_t w = 0; w < words; w++)
    for (uint64_t x = bits[w]; x != 0; x &= x - 1) list[n++] = (uint16_t)(64 * w + (uint32_t)__builtin_ctzll(x));
  return n;
}

static uint32_t body_scan(uint64_t *slot, uint64_t *bits, uint32_t words, uint16_t *list) {
  for (uint32_t w = 0; w < words; w++) {
    bits[w] = slot[w];
    slot[w] = 0;
  }
  return body_list(bits, words, list);
}

#endif /* OWN_SUM */

/* ---- what the machine could do ------------------------------------------------------------------------------ */

static uint64_t body_probe_load(const uint8_t *memory, size_t bytes) {
  vec sum[4] = {{0}, {0}, {0}, {0}};
  for (size_t i = 0; i < bytes; i += 4 * VECTOR)
    for (unsigned k = 0; k < 4; k++) sum[k] ^= load(memory + i + k * VECTOR);
  sum[0] ^= sum[1] ^ sum[2] ^ sum[3];
  return sum[0][0];
}

static uint64_t body_probe_add(uint64_t steps) {
  vec a[8], x = {1, 2}, y = {3, 4}, z = {5, 6};
  for (unsigned k = 0; k < 8; k++) a[k] = x << k;
  for (uint64_t i = 0; i < steps; i++)
    for (unsigned k = 0; k < 8; k += 2) { /* a carry goes into the adder after the next */
      y = full_adder(&a[k], x, y);
      z = full_adder(&a[k + 1], x, z);
    }
  for (unsigned k = 0; k < 8; k++) y ^= a[k];
  return y[0] ^ z[0];
}

/* ---- the neuron equation in 32 bits ------------------------------------------------------------------------- */

/* trunc0(x * f / 4096) for |x| < 2^24, f = 0 .. 4096: the product would need 37 bits, so in two parts. */
INLINE int32_t scale(int32_t x, int32_t f) {
  const uint32_t m = (uint32_t)(x < 0 ? -x : x), g = (uint32_t)f;
  const int32_t y = (int32_t)((m >> 12) * g + ((m & 4095u) * g >> 12));
  return x < 0 ? -y : y;
}

INLINE int32_t clamp(int32_t x, int32_t lo, int32_t hi) { return x < lo ? lo : x > hi ? hi : x; }

/* noise.h, for a whole group. */
static void group_noise(const sf_group *g, uint32_t seed, uint32_t tick, uint32_t first, int32_t *noise) {
  const uint32_t key[4] = {seed & 0xffffu, tick & 0xffffu, seed >> 16, tick >> 16};
  for (uint32_t i = 0; i < SF_GROUP; i++) {
    uint32_t hi = tick >> 16, lo = ((first + i) ^ seed >> 16) & 0xffffu;
    for (uint32_t r = 0; r < 8; r++) {
      hi = (((hi >> 7 | hi << 9) + lo) ^ key[r % 4] ^ (r + 1) * 0x9E37u) & 0xffffu;
      lo = ((lo << 2 | lo >> 14) ^ hi) & 0xffffu;
    }
    noise[i] = (int32_t)(lo & (uint32_t)g->noise_mask[i]) - g->noise_half[i];
  }
}

/* 32 bytes that are 0 or 1 -> 32 bits. */
INLINE uint32_t pack_bits(const uint8_t *x) {
  uint32_t bits = 0;
  for (unsigned i = 0; i < 4; i++) {
    uint32_t eight = 0;
    for (unsigned j = 0; j < 8; j++) eight |= (uint32_t)x[8 * i + j] << j;
    bits |= eight << (8 * i);
  }
  return bits;
}

/* One group. The flags are constants where this is inlined. */
INLINE uint32_t update_group(sf_model_core *c, const sf_group *g, uint32_t at, uint32_t tick, bool features) {
  const int32_t hi = (1 << (c->shape.potential_bits - 1)) - 1, lo = -hi - 1;
  const int32_t current = features && c->shape.has_current ? -1 : 0;
  const int32_t *threshold = c->threshold + at, *bias = c->bias + at;
  int32_t v[SF_GROUP], s[SF_GROUP], noise[SF_GROUP];
  uint8_t spiked[SF_GROUP];
  if (c->v16 != NULL) for (uint32_t i = 0; i < SF_GROUP; i++) v[i] = c->v16[at + i];
  else memcpy(v, c->v + at, sizeof v);
  if (c->sum_is_narrow) for (uint32_t i = 0; i < SF_GROUP; i++) s[i] = c->sum16[at + i];
  else memcpy(s, c->sum + at, sizeof s);
  if (features && g->has_noise) group_noise(g, c->seed, tick, at, noise);
  else memset(noise, 0, sizeof noise);
  int32_t *u = c->u + at, *a = c->a + at;
  uint8_t *r = c->r + at;
  for (uint32_t i = 0; i < SF_GROUP; i++) {
    int32_t drive = (int32_t)((uint32_t)s[i] << g->shift[i]), before = 0;
    if (features) {
      const int32_t kept = clamp(scale(u[i], g->u_keep[i]) + drive, lo, hi);
      drive = (kept & current) | (drive & ~current);
      u[i] = kept & current;
      before = a[i];
    }
    const int32_t x = scale(v[i], g->v_keep[i]) + drive + bias[i] + noise[i];
    const int32_t rests = features ? -(r[i] != 0) : 0;
    const int32_t spike = -(x >= threshold[i] + before) & ~rests;
    const int32_t at_spike = (x & g->reset_x[i]) - (threshold[i] & g->reset_t[i]) + g->reset_c[i];
    const int32_t at_floor = (x & g->floor_x[i]) + g->floor_c[i];
    int32_t y = x < g->v_floor[i] ? at_floor : x;
    y = spike ? at_spike : y;
    y = clamp(y, lo, hi);
    v[i] = rests ? g->v_reset[i] : y;
    spiked[i] = (uint8_t)(spike & 1);
    if (features) {
      const int32_t left = (int32_t)r[i] + rests;
      r[i] = (uint8_t)(spike ? g->refractory[i] : left);
      a[i] = clamp(before - scale(before, g->a_decay[i]) + (spike & g->a_inc[i]), lo, hi);
    }
  }
  if (c->v16 != NULL) for (uint32_t i = 0; i < SF_GROUP; i++) c->v16[at + i] = (int16_t)v[i];
  else memcpy(c->v + at, v, sizeof v);
  return pack_bits(spiked);
}

static void body_update(sf_model_core *c, uint32_t tick) {
  const sf_core_net *has = &c->shape;
  const bool features = has->has_current || has->has_refractory || has->has_adaptation || has->has_noise;
  const uint32_t groups = (has->neurons + SF_GROUP - 1) / SF_GROUP;
  for (uint32_t g = 0; g < groups; g++)
    sf_put_spikes(c, g, features ? update_group(c, c->group[g], g * SF_GROUP, tick, true)
                                 : update_group(c, c->group[g], g * SF_GROUP, tick, false));
}

#endif
