/* kernel_avx512.c - for processors with AVX-512 of Ice Lake's generation and later (with VBMI2 and GFNI). Rows are counted
 * as in kernel_body.h, a full adder being two three-input operations on 512 positions; bits become numbers with GFNI's
 * 8 x 8 bit matrices; the neuron equation runs in 16 bits, 32 neurons at a time, where that is exact. */
#include "kernel.h"
#if SF_X86
#include <immintrin.h>
#include <string.h>
#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,avx512vl,avx512dq,avx512vbmi2,gfni,bmi,bmi2,popcnt,lzcnt")
#define VECTOR 64
#define OWN_SUM
#define FULL_ADDER
typedef uint64_t vec512 __attribute__((vector_size(64), aligned(64), may_alias));
#define Z(x) ((__m512i)(x))
#define V(x) ((vec512)(x))
#define PARITY 0x96   /* a ^ b ^ c */
#define MAJORITY 0xE8 /* at least two of a, b, c */

static inline __attribute__((always_inline)) vec512 full_adder(vec512 *a, vec512 x, vec512 y) {
  const __m512i carry = _mm512_ternarylogic_epi64(Z(*a), Z(x), Z(y), MAJORITY);
  *a = V(_mm512_ternarylogic_epi64(Z(*a), Z(x), Z(y), PARITY));
  return V(carry);
}
static inline __attribute__((always_inline)) vec512 half_adder(vec512 *a, vec512 x) {
  const vec512 carry = *a & x;
  *a ^= x;
  return carry;
}
#include "kernel_body.h"

/* ---- lists -------------------------------------------------------------------------------------------------- */

static void merge(uint64_t *slot, const uint64_t *bits, uint32_t words, uint64_t *events, uint64_t *merges) {
  for (uint32_t w = 0; w < words; w++) {
    *events += (uint32_t)__builtin_popcountll(bits[w]);
    *merges += (uint32_t)__builtin_popcountll(bits[w] & slot[w]);
    slot[w] |= bits[w];
  }
}

static uint32_t list(const uint64_t *bits, uint32_t words, uint16_t *to) {
  uint16_t count[32];
  for (uint16_t i = 0; i < 32; i++) count[i] = i;
  __m512i at = _mm512_loadu_si512(count);
  uint32_t n = 0;
  for (uint32_t w = 0; w < words; w++)
    for (unsigned h = 0; h < 64; h += 32) {
      const uint32_t x = (uint32_t)(bits[w] >> h);
      _mm512_storeu_si512(to + n, _mm512_maskz_compress_epi16(x, at)); /* hence the room for 32 more */
      n += (uint32_t)_mm_popcnt_u32(x);
      at = _mm512_add_epi16(at, _mm512_set1_epi16(32));
    }
  return n;
}

static uint32_t scan(uint64_t *slot, uint64_t *bits, uint32_t words, uint16_t *to) {
  for (uint32_t w = 0; w < words; w++) {
    bits[w] = slot[w];
    slot[w] = 0;
  }
  return list(bits, words, to);
}

/* ---- sums --------------------------------------------------------------------------------------------------- */

/* Eight planes, the highest first -> bytes: x[r] holds, in each 16 bytes l, the bytes of the neurons of byte positions 16l + 2r, 16l + 2r + 1. */
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

/* A plane of 128 times `lanes` neurons. No masked load: those would have to wait until what was just stored is in memory. */
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

/* Any width of weights and sums: nothing is a constant here. */
static void finish_any(sf_model_core *c, uint32_t at, uint32_t lanes, const uint8_t *in, unsigned counters, size_t apart) {
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
INLINE void finish_4(sf_model_core *c, uint32_t at, uint32_t lanes, const uint8_t *in, unsigned counters, size_t apart) {
  __m512i acc[16];
  weigh(in, 4, lanes, counters, apart, acc, 16);
  to_numbers(acc, lanes, (uint16_t)(c->n_active << 3), c->sum16 + at);
}
typedef void (*finishing)(sf_model_core *c, uint32_t at, const uint8_t *in, size_t apart);
#define FINISH_4(k, lanes)                                                                          \
  static void finish_4_##k##_##lanes(sf_model_core *c, uint32_t at, const uint8_t *in, size_t apart) { \
    finish_4(c, at, lanes, in, k, apart);                                                           \
  }
#define FINISH_4_ALL(lanes) \
  FINISH_4(1, lanes) FINISH_4(2, lanes) FINISH_4(3, lanes) FINISH_4(4, lanes) FINISH_4(5, lanes) FINISH_4(6, lanes) \
  FINISH_4(7, lanes) FINISH_4(8, lanes)
FINISH_4_ALL(1) FINISH_4_ALL(2) FINISH_4_ALL(4)
#define FINISH_4_ROW(lanes)                                                                                   \
  {NULL,                   finish_4_1_##lanes, finish_4_2_##lanes, finish_4_3_##lanes, finish_4_4_##lanes, \
   finish_4_5_##lanes, finish_4_6_##lanes, finish_4_7_##lanes, finish_4_8_##lanes}
static const finishing finish_4_with[5][9] = {{NULL}, FINISH_4_ROW(1), FINISH_4_ROW(2), {NULL}, FINISH_4_ROW(4)};

/* Where the rows are; the list of axons and that of rows have room for 32 more. */
INLINE void find_rows(const sf_model_core *c) {
  const uint32_t n = c->n_active;
  const __m512i base = _mm512_set1_epi64((long long)(uintptr_t)c->rows), bytes = _mm512_set1_epi64((long long)c->row_bytes);
  _mm512_storeu_si512((void *)(c->active + n), _mm512_set1_epi16((short)c->shape.axons)); /* the row without weights */
  for (uint32_t i = 0; i < (n + 31) / 32 * 32; i += 8) { /* by 32: steps of 8 would be guessed wrong more often */
    const __m512i axon = _mm512_cvtepu16_epi64(_mm_loadu_si128((const void *)(c->active + i)));
    _mm512_storeu_si512((void *)(c->row + i), _mm512_add_epi64(base, _mm512_mul_epu32(axon, bytes)));
  }
}

static void sum(sf_model_core *c) {
  const unsigned counters = 32 - (unsigned)__builtin_clz(c->n_active), bits = c->shape.weight_bits;
  _Alignas(64) uint8_t counted[MOST_COUNTERS * 16 * SF_LINE];
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
  __m512i keep, shift, reset_x, reset_t, reset_c, v_floor, floor_x, floor_c, v_reset, hi, lo;
  __m256i refractory;
} constants;

INLINE void take(constants *k, const sf_group *g) {
  k->of = g;
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
                          const int16_t *bias_at, uint8_t *r_at, bool clamps, bool rests, bool simple, uint32_t *spikes) {
  const __m512i v = _mm512_load_si512(v_at), threshold = _mm512_load_si512(threshold_at);
  __m512i x = _mm512_abs_epi16(v);
  x = _mm512_mask_mulhi_epu16(x, k->of->decays, x, k->keep);
  x = _mm512_mask_sub_epi16(x, _mm512_movepi16_mask(v), _mm512_setzero_si512(), x);
  const __m512i drive = _mm512_sllv_epi16(_mm512_load_si512(s_at), k->shift);
  x = _mm512_adds_epi16(x, _mm512_add_epi16(drive, _mm512_load_si512(bias_at)));
  __mmask32 awake = ~(__mmask32)0;
  __m256i r = _mm256_setzero_si256();
  if (rests) {
    r = _mm256_load_si256((const void *)r_at);
    awake = ~_mm256_test_epi8_mask(r, r);
  }
  const __mmask32 spike = rests ? _mm512_mask_cmpge_epi16_mask(awake, x, threshold) : _mm512_cmpge_epi16_mask(x, threshold);
  if (simple) {
    _mm512_store_si512(v_at, _mm512_mask_mov_epi16(x, spike, k->reset_c));
    *spikes = spike;
    return true;
  }
  const __mmask32 top = _mm512_cmpeq_epi16_mask(x, _mm512_set1_epi16(INT16_MAX)) & spike & k->of->subtracts;
  const __mmask32 bottom = _mm512_cmpeq_epi16_mask(x, _mm512_set1_epi16(INT16_MIN)) & awake & k->of->floors;
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

INLINE void update_groups(sf_model_core *c, uint32_t tick, bool clamps, bool rests, bool simple) {
  const uint32_t groups = (c->shape.neurons + SF_GROUP - 1) / SF_GROUP;
  int16_t *v = c->v16;
  const int16_t *s = c->sum16, *threshold = c->threshold16, *bias = c->bias16;
  uint8_t *r = c->r;
  const sf_group *const *group = c->group;
  const short hi = (short)((1 << (c->shape.potential_bits - 1)) - 1);
  constants k;
  take(&k, group[0]);
  k.hi = _mm512_set1_epi16(hi);
  k.lo = _mm512_set1_epi16((short)(-hi - 1));
  for (uint32_t g = 0; g < groups; g++) {
    const uint32_t at = g * SF_GROUP;
    uint32_t spikes;
    if (group[g] != k.of) take(&k, group[g]);
    if (update_narrow(&k, v + at, s + at, threshold + at, bias + at, r + at, clamps, rests, simple, &spikes)) {
      sf_put_spikes(c, g, spikes);
    } else {
      sf_put_spikes(c, g, 0);
      sf_update_exactly(c, tick, at, at + SF_GROUP);
    }
  }
}

static void update(sf_model_core *c, uint32_t tick, bool narrow) {
  const bool clamps = c->shape.potential_bits < 16, rests = c->shape.has_refractory;
  if (!narrow) body_update(c, tick);
  else if (clamps || rests) update_groups(c, tick, true, rests, false);
  else if (c->simple) update_groups(c, tick, false, false, true);
  else update_groups(c, tick, false, false, false);
}

const struct sf_kernel sf_kernel_avx512 = {"avx512", merge, list, scan, sum, update,
                                           body_probe_load, body_probe_add, 8 * VECTOR};
#pragma GCC pop_options
#endif
