/* weight_memory.c - C twin of rtl/weight_memory.v. */
#include "mirror/weight_memory.h"

#include <stdlib.h>

bool sf_weight_memory_new(sf_weight_memory *m, const sf_sizes *sizes) {
  *m = (sf_weight_memory){.sizes = sizes};
  const size_t n = (size_t)sizes->rows * sizes->lanes;
  m->weights = calloc((size_t)sizes->rows * sizes->row_words, sizeof *m->weights);
  if (sizes->weight_bits == 16) m->wide = calloc(n, sizeof *m->wide);
  else m->narrow = calloc(n, sizeof *m->narrow);
  return m->weights && (m->narrow || m->wide);
}

void sf_weight_memory_free(sf_weight_memory *m) {
  free(m->weights);
  free(m->narrow);
  free(m->wide);
}

void sf_weight_memory_write(sf_weight_memory *m, uint32_t address, uint32_t data) {
  const sf_sizes *const z = SF_SIZES(m);
  const uint32_t row_bits = z->lanes * z->weight_bits;
  const uint32_t bits = row_bits < 32 ? row_bits : 32;
  if (bits < 32) data &= ((uint32_t)1 << bits) - 1;
  m->weights[address] = data;
  const uint32_t per_word = bits / z->weight_bits;
  const size_t first = (size_t)address * per_word;
  for (uint32_t j = 0; j < per_word; j++) {
    const uint32_t field = data >> (j * z->weight_bits);
    const int32_t w = z->weight_bits == 1 ? (int32_t)(field & 1) : sf_sext(field, z->weight_bits);
    if (z->weight_bits == 16) m->wide[first + j] = (int16_t)w;
    else m->narrow[first + j] = (int8_t)w;
  }
}
