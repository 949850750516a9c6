/* weight_memory.c - C twin of rtl/weight_memory.v. */
#include "mirror/weight_memory.h"

#include <stdlib.h>

bool sf_weight_memory_new(sf_weight_memory *m, const sf_params *p) {
  *m = (sf_weight_memory){.lanes = p->lanes,
                          .weight_bits = p->weight_bits,
                          .rows = sf_groups(p) * p->axons,
                          .row_words = sf_row_words(p)};
  const size_t n = (size_t)m->rows * m->lanes;
  m->weights = calloc((size_t)m->rows * m->row_words, sizeof *m->weights);
  if (p->weight_bits == 16) m->wide = calloc(n, sizeof *m->wide);
  else m->narrow = calloc(n, sizeof *m->narrow);
  return m->weights && (m->narrow || m->wide);
}

void sf_weight_memory_free(sf_weight_memory *m) {
  free(m->weights);
  free(m->narrow);
  free(m->wide);
}

void sf_weight_memory_write(sf_weight_memory *m, uint32_t address, uint32_t data) {
  const uint32_t row_bits = m->lanes * m->weight_bits;
  const uint32_t bits = row_bits < 32 ? row_bits : 32;
  if (bits < 32) data &= ((uint32_t)1 << bits) - 1;
  m->weights[address] = data;
  const uint32_t per_word = bits / m->weight_bits;
  const size_t first = (size_t)address * per_word;
  for (uint32_t j = 0; j < per_word; j++) {
    const uint32_t field = data >> (j * m->weight_bits);
    const int32_t w = m->weight_bits == 1 ? (int32_t)(field & 1) : sf_sext(field, m->weight_bits);
    if (m->wide) m->wide[first + j] = (int16_t)w;
    else m->narrow[first + j] = (int8_t)w;
  }
}
