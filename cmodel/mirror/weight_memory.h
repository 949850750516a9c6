/* weight_memory.h - C twin of rtl/weight_memory.v: the crossbar's weights, a row of LANES weights per (group, axon). */
#ifndef SYNFIRE_WEIGHT_MEMORY_H
#define SYNFIRE_WEIGHT_MEMORY_H

#include "mirror/sizes.h"

typedef struct sf_weight_memory {
  const sf_sizes *sizes;
  /* The packed rows as the host sees them, and the same weights one by one for the adders. */
  uint32_t *weights; /* [rows * row_words] */
  int8_t *narrow;    /* [rows * lanes], weight_bits <= 8 */
  int16_t *wide;     /* [rows * lanes], weight_bits = 16 */
} sf_weight_memory;

/* sf_weight_memory_new() - false: out of memory. sizes must outlive m. */
SF_MUST_CHECK SF_MODULE bool sf_weight_memory_new(sf_weight_memory *m, const sf_sizes *sizes);
SF_MODULE void sf_weight_memory_free(sf_weight_memory *m);

/* sf_weight_memory_write() - one bank of a row: address = row * row_words + bank, as on the host bus. */
SF_MODULE void sf_weight_memory_write(sf_weight_memory *m, uint32_t address, uint32_t data);

/* sf_weight_memory_row() - the packed row. */
static inline const uint32_t *sf_weight_memory_row(const sf_weight_memory *m, uint32_t row) {
  return m->weights + (size_t)row * SF_SIZES(m)->row_words;
}

#endif
