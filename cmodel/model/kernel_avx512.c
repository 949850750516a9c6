/* kernel_avx512.c - for processors with AVX-512 of Ice Lake's generation and later (with VBMI2 and GFNI). Rows are
 * counted as in kernel_body.h, a full adder being two three-input operations on 512 positions; bits become numbers
 * with GFNI's 8 x 8 bit matrices; the neuron equation runs in 16 bits, 32 neurons at a time, where that is exact. */
#include "model/kernel.h"
#if SF_X86
#include <immintrin.h>
#include <string.h>
#ifdef __clang__
#pragma clang attribute push(                                                                                        \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vbmi,avx512vbmi2,gfni,bmi,bmi2,popcnt,lzcnt"))), \
    apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,avx512vl,avx512dq,avx512vbmi,avx512vbmi2,gfni,bmi,bmi2,popcnt,lzcnt")
#endif
#define VECTOR 64
#define OWN_SUM
#define SHIFT_IN_REGISTER
#define FULL_ADDER
#define IN_REGISTER(x) __asm__("" : "+v"(x))
typedef uint64_t vec512 __attribute__((vector_size(64), aligned(64), may_alias));
#define Z(x) ((__m512i)(x))
#define V(x) ((vec512)(x))
#define PARITY 0x96   /* a ^ b ^ c */
#define MAJORITY 0xE8 /* at least two of a, b, c */
#define CARRY \
  0xB2 /* at least two of a, a ^ b ^ c, c: the carry after the sum, when x's register holds the sum already */

static inline __attribute__((always_inline)) vec512 full_adder(vec512 *a, vec512 x, vec512 y) {
  const __m512i sum = _mm512_ternarylogic_epi64(Z(x), Z(*a), Z(y), PARITY);
  const __m512i carry = _mm512_ternarylogic_epi64(Z(*a), sum, Z(y), CARRY);
  *a = V(sum);
  return V(carry);
}
static inline __attribute__((always_inline)) vec512 half_adder(vec512 *a, vec512 x) {
  const vec512 carry = *a & x;
  *a ^= x;
  return carry;
}
#include "model/kernel_body.h"

/* ---- lists -------------------------------------------------------------------------------------------------- */

static void merge(uint64_t *slot, const uint64_t *bits, uint32_t words, uint64_t *events, uint64_t *merges) {
  uint64_t all = 0, met = 0;
  for (uint32_t w = 0; w < words; w++) {
    all += (uint64_t)__builtin_popcountll(bits[w]);
    met += (uint64_t)__builtin_popcountll(bits[w] & slot[w]);
    slot[w] |= bits[w];
  }
  *events += all;
  *merges += met;
}

/* Numbers of the bits of x, one a byte. */
INLINE __m512i bits_of(uint64_t x) {
  _Alignas(64) static const uint8_t number[64] = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15,
                                                  16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
                                                  32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47,
                                                  48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};
  return _mm512_maskz_compress_epi8(x, _mm512_load_si512(number));
}

/* Word w of a list: `n` bits whose numbers `found` holds. What is stored beyond them is overwritten by the next: hence
 * the room for 32 more. */
INLINE void list_word(__m512i found, uint32_t w, uint32_t n, uint16_t *to) {
  const __m512i first = _mm512_set1_epi16((short)(64 * w));
  _mm512_storeu_si512(to, _mm512_add_epi16(_mm512_cvtepu8_epi16(_mm512_castsi512_si256(found)), first));
  if (n > 32)
    _mm512_storeu_si512(to + 32, _mm512_add_epi16(_mm512_cvtepu8_epi16(_mm512_extracti64x4_epi64(found, 1)), first));
}

static uint32_t list(const uint64_t *bits, uint32_t words, uint16_t *to) {
  uint16_t *const start = to;
  for (uint32_t w = 0; w < words; w++) {
    const uint32_t n = (uint32_t)_mm_popcnt_u64(bits[w]);
    list_word(bits_of(bits[w]), w, n, to);
    to += n;
  }
  return (uint32_t)(to - start);
}

static uint32_t scan(uint64_t *slot, uint64_t *bits, uint32_t words, uint16_t *to) {
  for (uint32_t w = 0; w < words; w++) {
    bits[w] = slot[w];
    slot[w] = 0;
  }
  return list(bits, words, to);
}

/* From the bits and not from the list: what was just stored in overlapping pieces can be read again only later. */
static uint32_t spikes(sf_model_core *c, uint32_t core, sf_event *event) {
  if (event == NULL) return list(c->spike_bits, c->padded / 64, c->spiked);
  const uint32_t words = c->padded / 64;
  const uint64_t *const bits = c->spike_bits;
  const __m512i next = _mm512_set1_epi64((long long)((uint64_t)64 << 32)),
                eight = _mm512_set1_epi64((long long)((uint64_t)8 << 32));
  const __mmask64 fifth = 0x1010101010101010ull; /* bytes of events, where the lowest of a neuron's number is */
  __m512i from = _mm512_set1_epi64(core), order = _mm512_setzero_si512();
  uint16_t *const start = c->spiked, *to = start;
  order = _mm512_slli_epi64(_mm512_set_epi64(7, 6, 5, 4, 3, 2, 1, 0), 32);
  for (uint32_t w = 0; w < words; w++, from = _mm512_add_epi64(from, next)) {
    const uint32_t n = (uint32_t)_mm_popcnt_u64(bits[w]);
    const __m512i found = bits_of(bits[w]);
    __m512i pick = order;
    list_word(found, w, n, to);
    for (uint32_t k = 0; k < 16 || k < n; k += 8, pick = _mm512_add_epi64(pick, eight))
      _mm512_storeu_si512((void *)(event + k),
                          _mm512_add_epi64(_mm512_maskz_permutexvar_epi8(fifth, pick, found), from));
    to += n;
    event += n;
  }
  return (uint32_t)(to - start);
}

/* ---- sums --------------------------------------------------------------------------------------------------- */

/* Eight planes, the highest first -> bytes: x[r] holds, in each 16 bytes l, the bytes of the neurons of byte positions
 * 16l + 2r, 16l + 2r + 1. */
INLINE void to_bytes(__m512i x[8]) {
  const __m512i identity = _mm512_set1_epi64((long long)0x8040201008040201ull);
  __m512i y[8], z[8];
  for (unsigned i = 0; i < 4; i++) {
    y[2 * i] = _mm512_unpacklo_epi8(x[i], x[i + 4]);
    y[2 * i + 1] = _mm512_unpackhi_epi8(x[i], x[i + 4]);
  }
  for (unsigned i = 0; i < 2; i++)
    for (unsigned h = 0; h < 2; h++) {
      z[4 * i + 2 * h] = _mm512_unpacklo_epi8(y[2 * i + h], y[2 * (i + 2) + h]);
      z[4 * i + 2 * h + 1] = _mm512_unpackhi_epi8(y[2 * i + h], y[2 * (i + 2) + h]);
    }
  for (unsigned h = 0; h < 4; h++) {
    x[2 * h] = _mm512_unpacklo_epi8(z[h], z[h + 4]);
    x[2 * h + 1] = _mm512_unpackhi_epi8(z[h], z[h + 4]);
  }
  /* With the data as the matrix and unit vectors as the data, the affine map transposes. */
  for (unsigned r = 0; r < 8; r++) x[r] = _mm512_gf2p8affine_epi64_epi8(identity, x[r], 0);
}

/* A plane of 128 times `lanes` neurons. No masked load: those would have to wait until what was just stored is in
 * memory. */
INLINE __m512i plane(const uint8_t *from, uint32_t lanes) {
  if (lanes == 4) return _mm512_loadu_si512(from);
  if (lanes == 2) return _mm512_zextsi256_si512(_mm256_loadu_si256((const void *)from));
  return _mm512_zextsi128_si512(_mm_loadu_si128((const void *)from));
}

/* Add up the counters of `bits` planes with their weights: planes of the sums in acc, up to acc[most - 1]. */
INLINE void weigh(const uint8_t *in, unsigned bits, uint32_t lanes, unsigned counters, size_t apart, __m512i *acc,
                  unsigned most) {
  unsigned planes = counters;
  const uint8_t *from = in + (bits - 1) * 16 * lanes;
  for (unsigned k = 0; k < counters; k++) acc[k] = plane(from + k * apart, lanes);
  for (unsigned b = bits - 1; b-- > 0;) {
    from -= 16 * lanes;
    __m512i carry = _mm512_setzero_si512(), below = carry; /* below: the old plane k - 1, which moves up to k */
    for (unsigned k = 0; k < counters; k++) {
      const __m512i x = below, y = plane(from + k * apart, lanes);
      below = acc[k];
      acc[k] = _mm512_ternarylogic_epi64(x, y, carry, PARITY);
      carry = _mm512_ternarylogic_epi64(x, y, carry, MAJORITY);
    }
    for (unsigned k = counters; k <= planes; k++) {
      const __m512i x = below;
      if (k < planes) below = acc[k];
      acc[k] = _mm512_xor_si512(x, carry);
      carry = _mm512_and_si512(x, carry);
    }
    planes++;
    if (b == bits - 2) acc[planes++] = carry; /* as in finish_lane() */
  }
  for (unsigned k = planes; k < most; k++) {
    __m512i zero = _mm512_setzero_si512();
    __asm__("" : "+v"(zero)); /* or GCC makes it a call of memset, or rep stos, for a few registers */
    acc[k] = zero;
  }
}

/* Planes acc[0 .. 15] of a block of `lanes` times 128 neurons as 16-bit numbers, minus offset. */
INLINE void to_numbers(const __m512i *acc, uint32_t lanes, uint16_t offset, int16_t *out) {
  const __m512i less = _mm512_set1_epi16((short)offset);
  const __mmask32 valid = lanes == 4 ? 0xffffffffu : ((uint32_t)1 << 8 * lanes) - 1;
  __m512i lo[8], hi[8];
  for (unsigned k = 0; k < 8; k++) {
    lo[k] = acc[7 - k];
    hi[k] = acc[15 - k];
  }
  to_bytes(lo);
  to_bytes(hi);
  for (unsigned r = 0; r < 8; r++) {
    int16_t *to = out + r * 16 * lanes;
    _mm512_mask_storeu_epi16(to, valid, _mm512_sub_epi16(_mm512_unpacklo_epi8(lo[r], hi[r]), less));
    _mm512_mask_storeu_epi16(to + 8 * lanes, valid, _mm512_sub_epi16(_mm512_unpackhi_epi8(lo[r], hi[r]), less));
  }
}

/* The same of 256 neurons, the lower halves of acc[0 .. planes - 1]: both bytes of a sum in one register. */
INLINE void to_numbers_256(const __m512i *acc, unsigned planes, uint16_t offset, int16_t *out) {
  const __m512i less = _mm512_set1_epi16((short)offset);
  _Alignas(64) static const uint8_t order[64] = {0,  32, 1,  33, 2,  34, 3,  35, 4,  36, 5,  37, 6,  38, 7,  39,
                                                 16, 48, 17, 49, 18, 50, 19, 51, 20, 52, 21, 53, 22, 54, 23, 55,
                                                 8,  40, 9,  41, 10, 42, 11, 43, 12, 44, 13, 45, 14, 46, 15, 47,
                                                 24, 56, 25, 57, 26, 58, 27, 59, 28, 60, 29, 61, 30, 62, 31, 63};
  __m512i x[8];
  for (unsigned k = 0; k < 8; k++)
    x[k] = 15 - k < planes ? _mm512_inserti64x4(acc[7 - k], _mm512_castsi512_si256(acc[15 - k]), 1)
                           : _mm512_zextsi256_si512(_mm512_castsi512_si256(acc[7 - k]));
  to_bytes(x);
  for (unsigned r = 0; r < 8; r++)
    _mm512_store_si512((void *)(out + 32 * r),
                       _mm512_sub_epi16(_mm512_permutexvar_epi8(_mm512_load_si512(order), x[r]), less));
}

/* Any width of weights and sums: nothing is a constant here. */
static void finish_any(sf_model_core *c, uint32_t at, uint32_t lanes, const uint8_t *in, unsigned counters,
                       size_t apart) {
  const unsigned bits = c->shape.weight_bits;
  const uint32_t offset = bits == 1 ? 0 : c->n_active << (bits - 1);
  __m512i acc[MOST_PLANES];
  weigh(in, bits, lanes, counters, apart, acc, MOST_PLANES);
  if (c->sum_is_narrow) { /* then no plane from 16 on is set */
    to_numbers(acc, lanes, (uint16_t)offset, c->sum16 + at);
    return;
  }
  int16_t low[SF_BLOCK], high[SF_BLOCK];
  to_numbers(acc, lanes, 0, low);
  to_numbers(acc + 16, lanes, 0, high);
  for (uint32_t j = 0; j < 128 * lanes; j++)
    c->sum[at + j] = (int32_t)(((uint32_t)(uint16_t)low[j] | (uint32_t)(uint16_t)high[j] << 16) - offset);
}

/* The common case: 4-bit weights, at most 255 rows, so that 12 planes and 16-bit sums do. All loops are unrolled. */
INLINE void finish_4(sf_model_core *c, uint32_t at, uint32_t lanes, const uint8_t *in, unsigned counters,
                     size_t apart) {
  __m512i acc[16];
  weigh(in, 4, lanes, counters, apart, acc, 16);
  if (lanes == 2) to_numbers_256(acc, counters + 4, (uint16_t)(c->n_active << 3), c->sum16 + at);
  else to_numbers(acc, lanes, (uint16_t)(c->n_active << 3), c->sum16 + at);
}
typedef void (*finishing)(sf_model_core *c, uint32_t at, const uint8_t *in, size_t apart);
#define FINISH_4(k, lanes)                                                                             \
  static void finish_4_##k##_##lanes(sf_model_core *c, uint32_t at, const uint8_t *in, size_t apart) { \
    finish_4(c, at, lanes, in, k, apart);                                                              \
  }
#define FINISH_4_ALL(lanes) \
  FINISH_4(1, lanes)        \
  FINISH_4(2, lanes)        \
  FINISH_4(3, lanes) FINISH_4(4, lanes) FINISH_4(5, lanes) FINISH_4(6, lanes) FINISH_4(7, lanes) FINISH_4(8, lanes)
FINISH_4_ALL(1)
FINISH_4_ALL(2)
FINISH_4_ALL(4)
#define FINISH_4_ROW(lanes)                                                                                   \
  {                                                                                                           \
    NULL, finish_4_1_##lanes, finish_4_2_##lanes, finish_4_3_##lanes, finish_4_4_##lanes, finish_4_5_##lanes, \
        finish_4_6_##lanes, finish_4_7_##lanes, finish_4_8_##lanes                                            \
  }
static const finishing finish_4_with[5][9] = {{NULL}, FINISH_4_ROW(1), FINISH_4_ROW(2), {NULL}, FINISH_4_ROW(4)};

/* Where the rows are; the list of axons and that of rows have room for 32 more. One at a time: the list has just been
 * written in overlapping pieces, and a load that needs two of them would wait until both are in memory. By 8, because
 * every other number of steps would be guessed wrong. */
INLINE void find_rows(const sf_model_core *c) {
  const uint32_t n = c->n_active;
  const uint8_t **row = c->row;
  const uint16_t *active = c->active;
  const size_t bytes = c->row_bytes;
  const uint8_t *rows = c->rows;
  _mm512_storeu_si512((void *)(c->active + n), _mm512_set1_epi16((short)c->shape.axons)); /* the row without weights */
  for (uint32_t i = 0; i < sf_rows_padded(n); i += 8)
    for (uint32_t k = i; k < i + 8; k++) {
      size_t at = active[k] * bytes;
      __asm__("" : "+r"(at));
      row[k] = rows + at;
    }
}

/* 256 neurons with 4-bit weights, at most 255 rows: a row is two registers, planes 0 and 1, planes 2 and 3, and nothing
 * goes through memory on the way from the weights to the sums. */
INLINE void sum_256(sf_model_core *c, unsigned counters) {
  const source s = {.listed = true, .active = c->active, .base = c->rows, .shift = 7};
  counters_of p[2];
  __m512i low[9], high[9], acc[16], carry = _mm512_setzero_si512();
  _mm512_storeu_si512((void *)(c->active + c->n_active),
                      _mm512_set1_epi16((short)c->shape.axons)); /* see find_rows() */
  count_into(p, s, sf_rows_padded(c->n_active), 2, counters);
  UNROLL
  for (unsigned k = 0; k < counters;
       k++) { /* counters of planes 0 and 2 in one register, of planes 1 and 3 in another */
    const __m512i a = Z(k < 4 ? p[0].low[k] : p[0].high[k - 4]), b = Z(k < 4 ? p[1].low[k] : p[1].high[k - 4]);
    low[k] = _mm512_inserti64x4(a, _mm512_castsi512_si256(b), 1);
    high[k] = _mm512_shuffle_i64x2(a, b, 0xEE);
  }
  /* low += 2 * high: bits 0 .. counters + 1 */
  UNROLL
  for (unsigned k = 1; k < counters; k++) {
    const __m512i x = low[k], y = high[k - 1];
    low[k] = _mm512_ternarylogic_epi64(x, y, carry, PARITY);
    carry = _mm512_ternarylogic_epi64(x, y, carry, MAJORITY);
  }
  const unsigned n = counters + 2;
  low[counters] = _mm512_xor_si512(high[counters - 1], carry);
  low[counters + 1] = _mm512_and_si512(high[counters - 1], carry);
  /* acc = its lower half + 4 * its upper half: bits 0 .. n + 1 */
  carry = _mm512_setzero_si512();
  UNROLL
  for (unsigned k = 0; k < n + 2; k++) {
    const __m512i x = k < n ? low[k] : carry;
    const __m512i y = k < 2 ? carry : _mm512_zextsi256_si512(_mm512_extracti64x4_epi64(low[k - 2], 1));
    acc[k] = k < 2 ? x : k < n ? _mm512_ternarylogic_epi64(x, y, carry, PARITY) : _mm512_xor_si512(y, carry);
    if (k >= 2) carry = k < n ? _mm512_ternarylogic_epi64(x, y, carry, MAJORITY) : _mm512_and_si512(y, carry);
  }
  UNROLL
  for (unsigned k = n + 2; k < 8; k++) acc[k] = _mm512_setzero_si512();
  to_numbers_256(acc, n + 2, (uint16_t)(c->n_active << 3), c->sum16);
}
#define SUM_256(k) \
  static void sum_256_##k(sf_model_core *c) { sum_256(c, k); }
SUM_256(1)
SUM_256(2)
SUM_256(3)
SUM_256(4)
SUM_256(5)
SUM_256(6)
SUM_256(7)
static void (*const sum_256_with[8])(sf_model_core *c) = {NULL,      sum_256_1, sum_256_2, sum_256_3,
                                                          sum_256_4, sum_256_5, sum_256_6, sum_256_7};

static void sum(sf_model_core *c) {
  const unsigned counters = 32 - (unsigned)__builtin_clz(c->n_active), bits = c->shape.weight_bits;
  _Alignas(64) uint8_t counted[MOST_COUNTERS * 16 * SF_LINE];
  if (c->padded == 256 && bits == 4 && counters <= 7) {
    sum_256_with[counters](c);
    return;
  }
  find_rows(c);
  for (uint32_t at = 0; at < c->padded; at += SF_BLOCK) {
    const uint32_t to = c->padded - at < SF_BLOCK ? c->padded : at + SF_BLOCK;
    const size_t bytes = ((size_t)(to - at) / 8 * bits + SF_LINE - 1) / SF_LINE * SF_LINE;
    count_with[counters](c, (size_t)at / 8 * bits, bytes, counted);
    const uint8_t *in = counted;
    for (uint32_t first = at, width; first < to; first += width) {
      width = sf_block_width(c->padded, first);
      if (bits == 4 && counters <= 8) finish_4_with[width / 128][counters](c, first, in, bytes);
      else finish_any(c, first, width / 128, in, counters, bytes);
      in += (size_t)width / 8 * bits;
    }
  }
}

/* ---- the neuron equation in 16 bits ------------------------------------------------------------------------- */

/* A group's table in registers: neighbouring groups mostly have the same. */
typedef struct constants {
  const sf_group *of;
  __mmask32 decays, subtracts, floors;
  __m512i keep, shift, reset_x, reset_t, reset_c, v_floor, floor_x, floor_c, v_reset, hi, lo;
  __m256i refractory;
} constants;

INLINE void take(constants *k, const sf_group *g) {
  k->of = g;
  k->decays = g->decays;
  k->subtracts = g->subtracts;
  k->floors = g->floors;
  k->keep = _mm512_load_si512(g->keep16);
  k->shift = _mm512_load_si512(g->shift16);
  k->reset_x = _mm512_load_si512(g->reset_x16);
  k->reset_t = _mm512_load_si512(g->reset_t16);
  k->reset_c = _mm512_load_si512(g->reset_c16);
  k->v_floor = _mm512_load_si512(g->v_floor16);
  k->floor_x = _mm512_load_si512(g->floor_x16);
  k->floor_c = _mm512_load_si512(g->floor_c16);
  k->v_reset = _mm512_load_si512(g->v_reset16);
  k->refractory = _mm256_load_si256((const void *)g->refractory8);
}

/* 32 neurons. x is clamped to 16 bits here. Where that could show (x at an end of the range, and subtracted from or
 * compared with it), the group must be done again exactly: returns false, and nothing has changed. */
INLINE bool update_narrow(const constants *k, int16_t *v_at, const int16_t *s_at, const int16_t *threshold_at,
                          const int16_t *bias_at, uint8_t *r_at, bool clamps, bool rests, bool simple,
                          uint32_t *spikes) {
  const __m512i v = _mm512_load_si512(v_at), threshold = _mm512_load_si512(threshold_at);
  __m512i x = _mm512_abs_epi16(v);
  x = _mm512_mask_mulhi_epu16(x, k->decays, x, k->keep);
  x = _mm512_mask_sub_epi16(x, _mm512_movepi16_mask(v), _mm512_setzero_si512(), x);
  const __m512i drive = _mm512_sllv_epi16(_mm512_load_si512(s_at), k->shift);
  x = _mm512_adds_epi16(x, _mm512_add_epi16(drive, _mm512_load_si512(bias_at)));
  __mmask32 awake = ~(__mmask32)0;
  __m256i r = _mm256_setzero_si256();
  if (rests) {
    r = _mm256_load_si256((const void *)r_at);
    awake = ~_mm256_test_epi8_mask(r, r);
  }
  const __mmask32 spike =
      rests ? _mm512_mask_cmpge_epi16_mask(awake, x, threshold) : _mm512_cmpge_epi16_mask(x, threshold);
  if (simple) {
    _mm512_store_si512(v_at, _mm512_mask_mov_epi16(x, spike, k->reset_c));
    *spikes = spike;
    return true;
  }
  const __mmask32 top = _mm512_cmpeq_epi16_mask(x, _mm512_set1_epi16(INT16_MAX)) & spike & k->subtracts;
  const __mmask32 bottom = _mm512_cmpeq_epi16_mask(x, _mm512_set1_epi16(INT16_MIN)) & awake & k->floors;
  if (top | bottom) return false;
  const __mmask32 under = _mm512_cmplt_epi16_mask(x, k->v_floor);
  const __m512i at_spike = _mm512_adds_epi16(
      _mm512_subs_epi16(_mm512_and_si512(x, k->reset_x), _mm512_and_si512(threshold, k->reset_t)), k->reset_c);
  x = _mm512_mask_adds_epi16(x, under, _mm512_and_si512(x, k->floor_x), k->floor_c);
  x = _mm512_mask_mov_epi16(x, spike, at_spike);
  if (clamps) x = _mm512_max_epi16(_mm512_min_epi16(x, k->hi), k->lo);
  if (rests) {
    x = _mm512_mask_mov_epi16(x, ~awake, k->v_reset);
    r = _mm256_mask_mov_epi8(_mm256_subs_epu8(r, _mm256_set1_epi8(1)), spike, k->refractory);
    _mm256_store_si256((void *)r_at, r);
  }
  _mm512_store_si512(v_at, x);
  *spikes = spike;
  return true;
}

/* Where a core's arrays are: for all the compiler knows, storing a potential could change the core's own pointers. */
typedef struct state {
  const sf_group **group;
  int16_t *v;
  const int16_t *sum, *threshold, *bias;
  uint8_t *r;
} state;

/* Group g; its spikes are returned. */
INLINE uint32_t update_group_16(sf_model_core *c, const state *s, constants *k, uint32_t g, uint32_t tick, bool clamps,
                                bool rests, bool simple) {
  const uint32_t at = g * SF_GROUP;
  uint32_t spikes;
  if (s->group[g] != k->of) take(k, s->group[g]);
  if (update_narrow(k, s->v + at, s->sum + at, s->threshold + at, s->bias + at, s->r + at, clamps, rests, simple,
                    &spikes))
    return spikes;
  sf_update_exactly(c, tick, at, at + SF_GROUP);
  return (uint32_t)(c->spike_bits[g / 2] >> 32 * (g % 2));
}

INLINE void update_groups(sf_model_core *c, uint32_t tick, bool clamps, bool rests, bool simple) {
  const uint32_t neurons = c->shape.neurons,
                 words = (neurons + 63) / 64; /* rows and neurons are padded to more than 64 */
  const short hi = (short)((1 << (c->shape.potential_bits - 1)) - 1);
  const state s = {c->group, c->v16, c->sum16, c->threshold16, c->bias16, c->r};
  uint64_t *const spike_bits = c->spike_bits;
  constants k;
  take(&k, s.group[0]);
  k.hi = _mm512_set1_epi16(hi);
  k.lo = _mm512_set1_epi16((short)(-hi - 1));
  for (uint32_t w = 0; w < words; w++) {
    const uint64_t low = update_group_16(c, &s, &k, 2 * w, tick, clamps, rests, simple);
    spike_bits[w] = low | (uint64_t)update_group_16(c, &s, &k, 2 * w + 1, tick, clamps, rests, simple) << 32;
  }
  if (neurons % 64) spike_bits[words - 1] = _bzhi_u64(spike_bits[words - 1], neurons % 64);
}

static void update(sf_model_core *c, uint32_t tick, bool narrow) {
  const bool clamps = c->shape.potential_bits < 16, rests = c->shape.has_refractory;
  if (!narrow) body_update(c, tick);
  else if (clamps || rests) update_groups(c, tick, true, rests, false);
  else if (c->simple) update_groups(c, tick, false, false, true);
  else update_groups(c, tick, false, false, false);
}

/* ---- weights as numbers, and back --------------------------------------------------------------------------- */

INLINE uint16_t weight_offset(unsigned bits) { return bits == 1 ? 0 : (uint16_t)(1u << (bits - 1)); }

static void unpack(const uint8_t *block, uint32_t width, unsigned bits, int16_t *w) {
  const uint32_t lanes = width / 128;
  __m512i planes[16];
  for (unsigned k = 0; k < 16; k++)
    planes[k] = k < bits ? plane(block + k * 16 * lanes, lanes) : _mm512_setzero_si512();
  if (lanes == 2) to_numbers_256(planes, bits, weight_offset(bits), w);
  else to_numbers(planes, lanes, weight_offset(bits), w);
}

/* A plane's bits in the order of neurons, then its bytes in that of sf_plane_bit(): all are stored before the first is
 * read again, which would have to wait for them. */
static void pack(uint8_t *block, uint32_t width, unsigned bits, const int16_t *w) {
  const uint32_t lanes = width / 128;
  const __m512i more = _mm512_set1_epi16((short)weight_offset(bits));
  _Alignas(64) uint32_t bit[16][16];
  _Alignas(64) uint8_t order[64];
  for (uint32_t n = 0; n < width / 32; n++) {
    const __m512i x = _mm512_add_epi16(_mm512_load_si512(w + 32 * n), more);
    for (unsigned b = 0; b < bits; b++) bit[b][n] = _mm512_test_epi16_mask(x, _mm512_set1_epi16((short)(1u << b)));
  }
  for (uint32_t at = 0; at < 64; at++) order[at] = (uint8_t)(lanes * (at % 16) + at / 16);
  const __mmask64 valid = lanes == 4 ? ~(__mmask64)0 : ((__mmask64)1 << 16 * lanes) - 1;
  for (unsigned b = 0; b < bits; b++)
    _mm512_mask_storeu_epi8(block + b * 16 * lanes, valid,
                            _mm512_permutexvar_epi8(_mm512_load_si512(order), _mm512_load_si512(bit[b])));
}

/* H of 16 neurons. */
INLINE __m512i synapse_factors(int32_t h, __m512i w, __m512i lo, __m512i hi, __mmask16 z) {
  const __m512i one = _mm512_set1_epi32(1), less = _mm512_set1_epi32(-1), zero = _mm512_setzero_si512();
  switch ((sf_synapse_factor)h) {
    case SF_H_ONE:
      return one;
    case SF_H_W:
      return w;
    case SF_H_ABOVE:
      return _mm512_sub_epi32(hi, w);
    case SF_H_BELOW:
      return _mm512_sub_epi32(w, lo);
    case SF_H_SIGN_W:
      return _mm512_max_epi32(_mm512_min_epi32(w, one), less);
    case SF_H_DRAW:
      return _mm512_mask_mov_epi32(less, z, one);
  }
  return zero;
}

/* The rule in 32 bits for 32 neurons, 16 at a time: as body_learn() in kernel_body.h. */
static uint32_t learn(const sf_change *of, const sf_change_random *random, uint32_t first, int16_t *w_at) {
  const __m512i a = _mm512_set1_epi32((int)random->a), b = _mm512_set1_epi32((int)random->b),
                also = _mm512_set1_epi32((int)random->also), mask = _mm512_set1_epi32((int)of->random_mask);
  __m512i number = _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
  uint32_t changed = 0;
  for (uint32_t at = 0; at < SF_GROUP; at += 16, number = _mm512_add_epi32(number, _mm512_set1_epi32(16))) {
    const __m512i w = _mm512_cvtepi16_epi32(_mm256_load_si256((const void *)(w_at + at)));
    const __m512i lo = _mm512_cvtepi16_epi32(_mm256_load_si256((const void *)(of->w_min + first + at))),
                  hi = _mm512_cvtepi16_epi32(_mm256_load_si256((const void *)(of->w_max + first + at)));
    const __m512i r =
        _mm512_ternarylogic_epi32(_mm512_rolv_epi32(a, number), _mm512_rorv_epi32(b, number), also, PARITY);
    __m512i sum = _mm512_add_epi32(_mm512_slli_epi32(_mm512_and_si512(r, mask), 8), _mm512_set1_epi32(of->half));
    for (uint32_t k = 0; k < of->n; k++) {
      const __m512i cfg = _mm512_mullo_epi32(_mm512_set1_epi32(of->cf[k]), _mm512_load_si512(of->g[k] + first + at));
      const __m512i h = synapse_factors(of->h[k], w, lo, hi, (__mmask16)(random->z >> at));
      sum = _mm512_add_epi32(sum, of->h[k] == SF_H_ONE ? cfg : _mm512_mullo_epi32(cfg, h));
    }
    const __m512i inc = _mm512_srai_epi32(sum, 24);
    const __m512i to = _mm512_min_epi32(_mm512_max_epi32(_mm512_add_epi32(w, inc), lo), hi);
    const __m512i next = _mm512_mask_mov_epi32(w, _mm512_test_epi32_mask(inc, inc), to);
    changed += (uint32_t)_mm_popcnt_u32(_mm512_cmpneq_epi32_mask(next, w));
    _mm256_store_si256((void *)(w_at + at), _mm512_cvtepi32_epi16(next));
  }
  return changed;
}

const struct sf_kernel sf_kernel_avx512 = {"avx512",    merge,           list,           scan,      sum,
                                           spikes,      update,          unpack,         pack,      learn,
                                           RING_ADDERS, body_probe_load, body_probe_add, 8 * VECTOR};
#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#endif
