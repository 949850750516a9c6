/* bench_plain.c - see bench_plain.h. */
#include "bench/bench_plain.h"

#include <string.h>

#define INLINE static inline __attribute__((always_inline))

INLINE void add_dense(sf_plain *p, const uint32_t *axon, uint32_t n) {
  int16_t *restrict sum = p->sum;
  const uint32_t neurons = p->neurons;
  memset(sum, 0, neurons * sizeof *sum);
  for (uint32_t i = 0; i < n; i++) {
    const int8_t *restrict row = p->dense + (size_t)axon[i] * neurons;
    for (uint32_t j = 0; j < neurons; j++) sum[j] = (int16_t)(sum[j] + row[j]);
  }
}

INLINE void add_rows(sf_plain *p, uint32_t tick, const uint32_t *axon, const uint8_t *delay, uint32_t n) {
  for (uint32_t i = 0; i < n; i++) {
    int16_t *sum = p->sum + (size_t)((tick + delay[i]) % SF_PLAIN_SLOTS) * p->neurons;
    for (uint64_t k = p->first[axon[i]]; k < p->first[axon[i] + 1]; k++)
      sum[p->target[k]] = (int16_t)(sum[p->target[k]] + p->weight[k]);
  }
}

INLINE void add_delays(sf_plain *p, uint32_t tick, const uint32_t *axon, uint32_t n) {
  for (uint32_t i = 0; i < n; i++)
    for (uint64_t k = p->first[axon[i]]; k < p->first[axon[i] + 1]; k++) {
      int16_t *sum = p->sum + (size_t)((tick + p->delay[k]) % SF_PLAIN_SLOTS) * p->neurons + p->target[k];
      *sum = (int16_t)(*sum + p->weight[k]);
    }
}

INLINE uint32_t update(sf_plain *p, const int16_t *sum) {
  uint32_t spikes = 0;
  for (uint32_t j = 0; j < p->neurons; j++) {
    int32_t x = p->v[j] * (4096 - SF_PLAIN_DECAY) / 4096 + sum[j];
    if (x >= p->threshold) {
      p->spike[spikes++] = j;
      x = 0;
    }
    p->v[j] = x > INT16_MAX ? INT16_MAX : x < INT16_MIN ? INT16_MIN : x;
  }
  return spikes;
}

INLINE uint32_t tick_of(sf_plain *p, uint32_t tick, const uint32_t *axon, const uint8_t *delay, uint32_t n) {
  if (p->form == SF_PLAIN_DENSE) {
    add_dense(p, axon, n);
    return update(p, p->sum);
  }
  if (p->form == SF_PLAIN_ROWS) add_rows(p, tick, axon, delay, n);
  else add_delays(p, tick, axon, n);
  int16_t *sum = p->sum + (size_t)(tick % SF_PLAIN_SLOTS) * p->neurons;
  const uint32_t spikes = update(p, sum);
  memset(sum, 0, p->neurons * sizeof *sum);
  return spikes;
}

/* As everything here would be compiled with -O3, in vectors as wide as there are. Clang has no attributes for either,
 * and vectorizes with -O2 already. */
#ifdef __clang__
#define FAST noinline
#define WIDE
#else
#define FAST noinline, optimize("O3")
#define WIDE ",prefer-vector-width=512"
#endif
__attribute__((FAST)) uint32_t sf_plain_tick(sf_plain *p, uint32_t tick, const uint32_t *axon, const uint8_t *delay,
                                             uint32_t n) {
  return tick_of(p, tick, axon, delay, n);
}

#if defined(__x86_64__)
__attribute__((FAST, target("avx2,avx512f,avx512bw,avx512vl,avx512dq" WIDE))) uint32_t
sf_plain_tick_wide(sf_plain *p, uint32_t tick, const uint32_t *axon, const uint8_t *delay, uint32_t n) {
  return tick_of(p, tick, axon, delay, n);
}
bool sf_plain_has_wide(void) { return __builtin_cpu_supports("avx512vbmi2") && __builtin_cpu_supports("gfni"); }
#else
uint32_t sf_plain_tick_wide(sf_plain *p, uint32_t tick, const uint32_t *axon, const uint8_t *delay, uint32_t n) {
  return sf_plain_tick(p, tick, axon, delay, n);
}
bool sf_plain_has_wide(void) { return false; }
#endif

void sf_plain_reset(sf_plain *p) {
  memset(p->v, 0, p->neurons * sizeof *p->v);
  memset(p->sum, 0, (size_t)p->neurons * (p->form == SF_PLAIN_DENSE ? 1 : SF_PLAIN_SLOTS) * sizeof *p->sum);
}
