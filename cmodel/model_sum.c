/* model_sum.c - the synaptic sums: for every active axon, add its row of weights. Exact in any order.
 *
 * Rows of 8-bit weights are added in 16 bits, TILE columns at a time so that the partial sums stay in the first-level
 * cache (and in registers where the compiler can), and as many rows as cannot overflow 16 bits; then they are widened.
 * `stride` is a multiple of SF_ROW_ALIGN and the padding is zero, so all loops run over whole vectors. */
#include <string.h>

#include "model_internal.h"

#define TILE 512u /* columns; a multiple of SF_ROW_ALIGN */

/* GCC makes a version for each of these processors and picks at start-up; the arithmetic is the same C. The start-up
 * code runs before the sanitizers are ready, so they get the plain version. */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__)
#define BEST_OF_MACHINE __attribute__((target_clones("arch=skylake-avx512", "avx2", "default")))
#else
#define BEST_OF_MACHINE
#endif

/* sum[0 .. n) += the rows base + active[i] * stride, i in 0 .. n_active, in 16 bits. n_active * |w| fits 16 bits. */
BEST_OF_MACHINE
static void add_rows8(const int8_t *base, size_t stride, const uint32_t *active, uint32_t n_active, size_t n,
                      int32_t *restrict sum) {
  int16_t part[TILE];
  memset(part, 0, n * sizeof part[0]);
  uint32_t i = 0;
  for (; i + 4 <= n_active; i += 4) { /* four rows for one load and store of the partial sums */
    const int8_t *r0 = base + active[i] * stride, *r1 = base + active[i + 1] * stride;
    const int8_t *r2 = base + active[i + 2] * stride, *r3 = base + active[i + 3] * stride;
    for (size_t j = 0; j < n; j++) part[j] = (int16_t)(part[j] + r0[j] + r1[j] + r2[j] + r3[j]);
  }
  for (; i < n_active; i++) {
    const int8_t *row = base + active[i] * stride;
    for (size_t j = 0; j < n; j++) part[j] = (int16_t)(part[j] + row[j]);
  }
  for (size_t j = 0; j < n; j++) sum[j] += part[j];
}

/* The same for 16-bit weights, straight into 32 bits: 4096 * 2^15 fits. */
BEST_OF_MACHINE
static void add_rows16(const int16_t *base, size_t stride, const uint32_t *active, uint32_t n_active, size_t n,
                       int32_t *restrict sum) {
  for (uint32_t i = 0; i < n_active; i++) {
    const int16_t *row = base + active[i] * stride;
    for (size_t j = 0; j < n; j++) sum[j] += row[j];
  }
}

/* The most rows whose partial sums of weights -2^(bits-1) .. 2^(bits-1) stay in 16 bits. */
static uint32_t rows_per_block(uint32_t weight_bits) { return (uint32_t)INT16_MAX >> (weight_bits - 1); }

void sf_model_sum(sf_model_core *c) {
  memset(c->sum, 0, c->stride * sizeof *c->sum);
  for (size_t from = 0; from < c->stride; from += TILE) {
    const size_t n = c->stride - from < TILE ? c->stride - from : TILE;
    if (c->w16 != NULL) {
      add_rows16(c->w16 + from, c->stride, c->active, c->n_active, n, c->sum + from);
      continue;
    }
    const uint32_t most = rows_per_block(c->shape.weight_bits);
    for (uint32_t first = 0; first < c->n_active; first += most) {
      const uint32_t rows = c->n_active - first < most ? c->n_active - first : most;
      add_rows8(c->w8 + from, c->stride, c->active + first, rows, n, c->sum + from);
    }
  }
}
