/* kernel_avx2.c - kernel_body.h for processors with AVX2: the same C in registers of 32 bytes; and the neuron equation
 * in 16 bits, 32 neurons in two registers, where that is exact. */
#include "model/kernel.h"
#if SF_X86
#include <immintrin.h>
#include <string.h>
#ifdef __clang__
#pragma clang attribute push(__attribute__((target("avx2,bmi,bmi2,popcnt,lzcnt"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,bmi,bmi2,popcnt,lzcnt")
#endif
#define VECTOR 32
#define SHIFT_IN_REGISTER
#include "model/kernel_body.h"

/* A half of a group's table; masks have all bits of a neuron alike. */
typedef struct half {
  __m256i keep, decays, factor, reset_x, reset_t, reset_c, v_floor, floor_x, floor_c, v_reset, subtracts, floors,
      refractory;
} half;
typedef struct constants {
  const sf_group *of;
  half half[2];
} constants;

/* 16 bits -> 16 masks. */
INLINE __m256i spread(uint32_t bits) {
  const __m256i each =
      _mm256_setr_epi16(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, INT16_MIN);
  return _mm256_cmpeq_epi16(_mm256_and_si256(_mm256_set1_epi16((short)bits), each), each);
}

INLINE __m256i load16(const void *from) { return _mm256_load_si256(from); }

static void take(constants *k, const sf_group *g) {
  k->of = g;
  for (unsigned h = 0; h < 2; h++) {
    half *to = &k->half[h];
    const unsigned at = 16 * h;
    int16_t factor[16];
    for (unsigned i = 0; i < 16; i++) factor[i] = (int16_t)(1 << g->shift16[at + i]);
    to->keep = load16(g->keep16 + at);
    to->decays = spread(g->decays >> at);
    to->factor = _mm256_loadu_si256((const void *)factor);
    to->reset_x = load16(g->reset_x16 + at);
    to->reset_t = load16(g->reset_t16 + at);
    to->reset_c = load16(g->reset_c16 + at);
    to->v_floor = load16(g->v_floor16 + at);
    to->floor_x = load16(g->floor_x16 + at);
    to->floor_c = load16(g->floor_c16 + at);
    to->v_reset = load16(g->v_reset16 + at);
    to->subtracts = spread(g->subtracts >> at);
    to->floors = spread(g->floors >> at);
    to->refractory = _mm256_cvtepu8_epi16(_mm_load_si128((const void *)(g->refractory8 + at)));
  }
}

INLINE __m256i choose(__m256i mask, __m256i yes, __m256i no) { return _mm256_blendv_epi8(no, yes, mask); }

/* 32 neurons. x is clamped to 16 bits here. Where that could show (x at an end of the range, and subtracted from or
 * compared with it), the group must be done again exactly: returns false, and nothing has changed. */
INLINE bool update_narrow(const constants *k, int16_t *v_at, const int16_t *s_at, const int16_t *threshold_at,
                          const int16_t *bias_at, uint8_t *r_at, __m256i lo, __m256i hi, bool rests, bool simple,
                          uint32_t *spikes) {
  __m256i spike[2], x[2], r[2];
  for (unsigned h = 0; h < 2; h++) {
    const half *c = &k->half[h];
    const __m256i v = load16(v_at + 16 * h), size = _mm256_abs_epi16(v);
    const __m256i kept = _mm256_sign_epi16(choose(c->decays, _mm256_mulhi_epu16(size, c->keep), size), v);
    const __m256i drive = _mm256_mullo_epi16(load16(s_at + 16 * h), c->factor);
    x[h] = _mm256_adds_epi16(kept, _mm256_add_epi16(drive, load16(bias_at + 16 * h)));
    /* x >= threshold; a threshold is never the smallest number here */
    spike[h] = _mm256_cmpgt_epi16(x[h], _mm256_sub_epi16(load16(threshold_at + 16 * h), _mm256_set1_epi16(1)));
    if (rests) {
      r[h] = _mm256_cvtepu8_epi16(_mm_load_si128((const void *)(r_at + 16 * h)));
      spike[h] = _mm256_and_si256(spike[h], _mm256_cmpeq_epi16(r[h], _mm256_setzero_si256()));
    }
  }
  *spikes = (uint32_t)_mm256_movemask_epi8(_mm256_permute4x64_epi64(_mm256_packs_epi16(spike[0], spike[1]), 0xD8));
  if (simple) {
    for (unsigned h = 0; h < 2; h++)
      _mm256_store_si256((void *)(v_at + 16 * h), choose(spike[h], k->half[h].reset_c, x[h]));
    return true;
  }
  __m256i ends = _mm256_setzero_si256();
  for (unsigned h = 0; h < 2; h++) {
    const __m256i top = _mm256_and_si256(_mm256_cmpeq_epi16(x[h], _mm256_set1_epi16(INT16_MAX)), spike[h]);
    __m256i bottom = _mm256_cmpeq_epi16(x[h], _mm256_set1_epi16(INT16_MIN));
    if (rests) bottom = _mm256_and_si256(bottom, _mm256_cmpeq_epi16(r[h], _mm256_setzero_si256()));
    ends = _mm256_or_si256(ends, _mm256_or_si256(_mm256_and_si256(top, k->half[h].subtracts),
                                                 _mm256_and_si256(bottom, k->half[h].floors)));
  }
  if (!_mm256_testz_si256(ends, ends)) return false;
  for (unsigned h = 0; h < 2; h++) {
    const half *c = &k->half[h];
    const __m256i at_spike =
        _mm256_adds_epi16(_mm256_subs_epi16(_mm256_and_si256(x[h], c->reset_x),
                                            _mm256_and_si256(load16(threshold_at + 16 * h), c->reset_t)),
                          c->reset_c);
    const __m256i at_floor = _mm256_adds_epi16(_mm256_and_si256(x[h], c->floor_x), c->floor_c);
    __m256i y = choose(_mm256_cmpgt_epi16(c->v_floor, x[h]), at_floor, x[h]);
    y = choose(spike[h], at_spike, y);
    y = _mm256_max_epi16(_mm256_min_epi16(y, hi), lo);
    if (rests) {
      y = choose(_mm256_cmpeq_epi16(r[h], _mm256_setzero_si256()), y, c->v_reset);
      r[h] = choose(spike[h], c->refractory, _mm256_subs_epu16(r[h], _mm256_set1_epi16(1)));
    }
    _mm256_store_si256((void *)(v_at + 16 * h), y);
  }
  if (rests) _mm256_store_si256((void *)r_at, _mm256_permute4x64_epi64(_mm256_packus_epi16(r[0], r[1]), 0xD8));
  return true;
}

INLINE void update_groups(sf_model_core *c, uint32_t tick, bool rests, bool simple) {
  const uint32_t groups = (c->shape.neurons + SF_GROUP - 1) / SF_GROUP;
  const short top = (short)((1 << (c->shape.potential_bits - 1)) - 1);
  const __m256i hi = _mm256_set1_epi16(top), lo = _mm256_set1_epi16((short)(-top - 1));
  const sf_group **group = c->group;
  constants k;
  take(&k, group[0]);
  for (uint32_t g = 0; g < groups; g++) {
    const uint32_t at = g * SF_GROUP;
    uint32_t spikes;
    if (group[g] != k.of) take(&k, group[g]);
    if (!update_narrow(&k, c->v16 + at, c->sum16 + at, c->threshold16 + at, c->bias16 + at, c->r + at, lo, hi, rests,
                       simple, &spikes)) {
      sf_update_exactly(c, tick, at, at + SF_GROUP);
      spikes = (uint32_t)(c->spike_bits[g / 2] >> 32 * (g % 2));
    }
    sf_put_spikes(c, g, spikes);
  }
}

static void update(sf_model_core *c, uint32_t tick, bool narrow) {
  if (!narrow) body_update(c, tick);
  else if (c->shape.has_refractory) update_groups(c, tick, true, false);
  else if (c->simple && c->shape.potential_bits == 16) update_groups(c, tick, false, true);
  else update_groups(c, tick, false, false);
}

const struct sf_kernel sf_kernel_avx2 = {"avx2",      body_merge,      body_list,      body_scan, body_sum,
                                         body_spikes, update,          body_unpack,    body_pack, body_learn,
                                         RING_ADDERS, body_probe_load, body_probe_add, 8 * VECTOR};
#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#endif
