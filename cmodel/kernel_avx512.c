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

/* Add up the counters of `bits` planes with their weights: planes of the sums in acc, zero from the last one on. */
INLINE void weigh(const uint8_t *in, unsigned bits, size_t plane_bytes, unsigned counters, size_t apart, __mmask64 valid,
                  __m512i *acc, unsigned most) {
  unsigned planes = counters;
  const uint8_t *from = in + (bits - 1) * plane_bytes;
  for (unsigned k = 0; k < counters; k++) acc[k] = _mm512_maskz_loadu_epi8(valid, from + k * apart);
  for (unsigned b = bits - 1; b-- > 0;) {
    from -= plane_bytes;
    __m512i carry = _mm512_setzero_si512(), below = carry; /* below: the old plane k - 1, which moves up to k */
    for (unsigned k = 0; k < counters; k++) {
      const __m512i x = below, y = _mm512_maskz_loadu_epi8(valid, from + k * apart);
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
  for (unsigned k = planes; k < most; k++) acc[k] = _mm512_setzero_si512();
}

/* Planes first .. first + 15 of the sums of a block of `lanes` times 128 neurons, as 16-bit numbers, minus offset. */
INLINE void to_numbers(const __m512i *acc, unsigned first, uint32_t lanes, __m512i offset, int16_t *out) {
  __m512i lo[8], hi[8];
  for (unsigned k = 0; k < 8; k++) {
    lo[k] = acc[first + 7 - k];
    hi[k] = acc[first + 15 - k];
  }
  to_bytes(lo);
  to_bytes(hi);
  const __mmask32 valid = lanes == 4 ? 0xffffffffu : ((uint32_t)1 << 8 * lanes) - 1;
  for (unsigned r = 0; r < 8; r++) {
    int16_t *to = out + r * 16 * lanes;
    _mm512_mask_storeu_epi16(to, valid, _mm512_sub_epi16(_mm512_unpacklo_epi8(lo[r], hi[r]), offset));
    _mm512_mask_storeu_epi16(to + 8 * lanes, valid, _mm512_sub_epi16(_mm512_unpackhi_epi8(lo[r], hi[r]), offset));
  }
}

INLINE void finish_block(sf_model_core *c, uint32_t at, uint32_t lanes, const uint8_t *in, unsigned bits,
                         unsigned counters, size_t apart) {
  const uint32_t offset = bits == 1 ? 0 : c->n_active << (bits - 1);
  const __mmask64 valid = lanes == 4 ? ~(__mmask64)0 : ((__mmask64)1 << 16 * lanes) - 1;
  __m512i acc[MOST_PLANES];
  if (c->sum_is_narrow) { /* then no plane from 16 on is set */
    weigh(in, bits, 16 * lanes, counters, apart, valid, acc, 16);
    to_numbers(acc, 0, lanes, _mm512_set1_epi16((short)offset), c->sum16 + at);
    return;
  }
  int16_t low[SF_BLOCK], high[SF_BLOCK];
  weigh(in, bits, 16 * lanes, counters, apart, valid, acc, 32);
  to_numbers(acc, 0, lanes, _mm512_setzero_si512(), low);
  to_numbers(acc, 16, lanes, _mm512_setzero_si512(), high);
  for (uint32_t j = 0; j < 128 * lanes; j++)
    c->sum[at + j] = (int32_t)(((uint32_t)(uint16_t)low[j] | (uint32_t)(uint16_t)high[j] << 16) - offset);
}

static void sum(sf_model_core *c) {
  const unsigned bits = c->shape.weight_bits, counters = 32 - (unsigned)__builtin_clz(c->n_active);
  _Alignas(64) uint8_t counted[MOST_COUNTERS * 16 * SF_LINE];
  for (uint32_t at = 0; at < c->padded; at += SF_BLOCK) {
    const uint32_t to = c->padded - at < SF_BLOCK ? c->padded : at + SF_BLOCK;
    const size_t from = (size_t)at / 8 * bits;
    const size_t bytes = ((size_t)(to - at) / 8 * bits + SF_LINE - 1) / SF_LINE * SF_LINE;
    for (size_t v = 0; v < bytes; v += VECTOR) count(c->row, c->n_active, from + v, counters, counted + v, bytes);
    const uint8_t *in = counted;
    for (uint32_t first = at, width; first < to; first += width) {
      width = sf_block_width(c->padded, first);
      if (bits == 4) finish_block(c, first, width / 128, in, 4, counters, bytes);
      else finish_block(c, first, width / 128, in, bits, counters, bytes);
      in += (size_t)width / 8 * bits;
    }
  }
}

/* ---- the neuron equation in 16 bits ------------------------------------------------------------------------- */

/* x is clamped to 16 bits here. Where that could show (x at an end of the range, and subtracted from or compared with
 * it), the group is done again exactly: returns false, and nothing has changed. */
INLINE bool update_narrow(sf_model_core *c, const sf_group *g, uint32_t at, bool clamps, uint32_t *spikes) {
  const __m512i zero = _mm512_setzero_si512();
  const __m512i v = _mm512_load_si512(c->v16 + at), s = _mm512_load_si512(c->sum16 + at);
  const __m512i threshold = _mm512_load_si512(c->threshold16 + at);
  __m512i x = _mm512_abs_epi16(v);
  x = _mm512_mask_mulhi_epu16(x, g->decays, x, _mm512_loadu_si512(g->keep16));
  x = _mm512_mask_sub_epi16(x, _mm512_movepi16_mask(v), zero, x);
  const __m512i drive = _mm512_sllv_epi16(s, _mm512_loadu_si512(g->shift16));
  x = _mm512_adds_epi16(x, _mm512_add_epi16(drive, _mm512_load_si512(c->bias16 + at)));
  const __mmask32 awake = c->shape.has_refractory ? ~_mm256_test_epi8_mask(_mm256_load_si256((void *)(c->r + at)),
                                                                             _mm256_load_si256((void *)(c->r + at)))
                                                  : ~(__mmask32)0;
  const __mmask32 spike = _mm512_mask_cmpge_epi16_mask(awake, x, threshold);
  const __mmask32 top = _mm512_mask_cmpeq_epi16_mask(spike & g->subtracts, x, _mm512_set1_epi16(INT16_MAX));
  const __mmask32 bottom = _mm512_mask_cmpeq_epi16_mask(awake & g->floors, x, _mm512_set1_epi16(INT16_MIN));
  if (top | bottom) return false;
  const __mmask32 under = _mm512_cmplt_epi16_mask(x, _mm512_loadu_si512(g->v_floor16));
  const __m512i at_spike = _mm512_adds_epi16(
      _mm512_subs_epi16(_mm512_and_si512(x, _mm512_loadu_si512(g->reset_x16)),
                        _mm512_and_si512(threshold, _mm512_loadu_si512(g->reset_t16))), _mm512_loadu_si512(g->reset_c16));
  x = _mm512_mask_adds_epi16(x, under & ~spike, _mm512_and_si512(x, _mm512_loadu_si512(g->floor_x16)),
                             _mm512_loadu_si512(g->floor_c16));
  x = _mm512_mask_mov_epi16(x, spike, at_spike);
  if (clamps) {
    const short hi = (short)((1 << (c->shape.potential_bits - 1)) - 1);
    x = _mm512_max_epi16(_mm512_min_epi16(x, _mm512_set1_epi16(hi)), _mm512_set1_epi16((short)(-hi - 1)));
  }
  if (c->shape.has_refractory) {
    x = _mm512_mask_mov_epi16(x, ~awake, _mm512_loadu_si512(g->v_reset16));
    const __m256i r = _mm256_subs_epu8(_mm256_load_si256((void *)(c->r + at)), _mm256_set1_epi8(1));
    _mm256_store_si256((void *)(c->r + at), _mm256_mask_mov_epi8(r, spike, _mm256_loadu_si256((const void *)g->refractory8)));
  }
  _mm512_store_si512(c->v16 + at, x);
  *spikes = spike;
  return true;
}

static void update(sf_model_core *c, uint32_t tick, bool narrow) {
  if (!narrow) {
    body_update(c, tick);
    return;
  }
  const bool clamps = c->shape.potential_bits < 16;
  const uint32_t groups = (c->shape.neurons + SF_GROUP - 1) / SF_GROUP;
  for (uint32_t g = 0; g < groups; g++) {
    uint32_t spikes;
    if (clamps ? update_narrow(c, c->group[g], g * SF_GROUP, true, &spikes)
               : update_narrow(c, c->group[g], g * SF_GROUP, false, &spikes)) {
      sf_put_spikes(c, g, spikes);
    } else {
      sf_put_spikes(c, g, 0);
      sf_update_exactly(c, tick, g * SF_GROUP, (g + 1) * SF_GROUP);
    }
  }
}

const struct sf_kernel sf_kernel_avx512 = {"avx512", list, sum, update};
#pragma GCC pop_options
#endif
