/* model_sum.c - weights as bit planes (model_internal.h), and the synaptic sums of a tick. The adding itself is the
 * kernel's; here is which width the sums have. */
#include <string.h>

#include "kernel.h"

void sf_rows_size(sf_model_core *c) {
  c->padded = (c->shape.neurons + 127) / 128 * 128;
  c->row_bytes = ((size_t)c->padded * c->shape.weight_bits / 8 + SF_LINE - 1) / SF_LINE * SF_LINE;
}

static uint32_t offset(const sf_model_core *c) {
  return c->shape.weight_bits == 1 ? 0 : 1u << (c->shape.weight_bits - 1);
}

/* The byte of plane 0 in which neuron j's bit lies, that bit, and the distance of planes. */
typedef struct sf_place {
  size_t byte, plane_bytes;
  unsigned bit;
} sf_place;

static sf_place place_of(const sf_model_core *c, uint32_t j) {
  const uint32_t left = c->padded - j / SF_BLOCK * SF_BLOCK, in = j % SF_BLOCK;
  uint32_t start = j - in;
  if (left < SF_BLOCK && left > 256 && in >= 256) start += 256; /* the tail of 384: 256 and 128 */
  const uint32_t width = sf_block_width(c->padded, start), bit = sf_plane_bit(width, j - start);
  return (sf_place){(size_t)start / 8 * c->shape.weight_bits + bit / 8, width / 8, bit % 8};
}

int32_t sf_row_get(const sf_model_core *c, uint32_t axon, uint32_t neuron) {
  const sf_place p = place_of(c, neuron);
  const uint8_t *row = c->rows + axon * c->row_bytes + p.byte;
  uint32_t w = 0;
  for (unsigned b = 0; b < c->shape.weight_bits; b++) w |= (uint32_t)(row[b * p.plane_bytes] >> p.bit & 1u) << b;
  return (int32_t)(w - offset(c));
}

void sf_row_set(sf_model_core *c, uint32_t axon, uint32_t neuron, int32_t w) {
  const sf_place p = place_of(c, neuron);
  uint8_t *row = c->rows + axon * c->row_bytes + p.byte;
  const uint32_t stored = (uint32_t)w + offset(c);
  for (unsigned b = 0; b < c->shape.weight_bits; b++) {
    uint8_t *byte = &row[b * p.plane_bytes];
    *byte = (uint8_t)((*byte & ~(1u << p.bit)) | (stored >> b & 1u) << p.bit);
  }
}

/* 8 bytes -> the 64 bits of their transposition: byte b of the result holds bit b of all (Warren, Hacker's Delight). */
static uint64_t transpose8(uint64_t x) {
  uint64_t t = (x ^ (x >> 7)) & 0x00AA00AA00AA00AAull;
  x ^= t ^ (t << 7);
  t = (x ^ (x >> 14)) & 0x0000CCCC0000CCCCull;
  x ^= t ^ (t << 14);
  t = (x ^ (x >> 28)) & 0x00000000F0F0F0F0ull;
  return x ^ t ^ (t << 28);
}

/* Weights of 8 neurons at a time: bits 0 .. 7 of them transposed, then bits 8 .. 15. Padded neurons get weight 0. */
void sf_rows_fill(sf_model_core *c, const sf_core_net *net) {
  const unsigned bits = net->weight_bits;
  const uint32_t add = offset(c);
  for (uint32_t first = 0; first < c->padded; first += 8) {
    const sf_place p = place_of(c, first);
    const uint32_t n = first >= net->neurons ? 0 : net->neurons - first < 8 ? net->neurons - first : 8;
    for (uint32_t i = 0; i < net->axons; i++) {
      uint64_t lo = 0, hi = 0;
      for (uint32_t j = 0; j < 8; j++) {
        const uint32_t w = add + (j < n ? (uint32_t)sf_core_weight(net, i, first + j) : 0u);
        lo |= (uint64_t)(w & 0xffu) << (8 * j);
        hi |= (uint64_t)(w >> 8 & 0xffu) << (8 * j);
      }
      lo = transpose8(lo);
      hi = transpose8(hi);
      uint8_t *row = c->rows + i * c->row_bytes + p.byte;
      for (unsigned b = 0; b < bits; b++) row[b * p.plane_bytes] = (uint8_t)((b < 8 ? lo : hi) >> (8 * (b % 8)));
    }
  }
}

void sf_model_sum(sf_model_core *c) {
  const unsigned bits = c->shape.weight_bits;
  c->most_sum = (int64_t)c->n_active << (bits - 1);
  c->sum_is_narrow = c->most_sum <= INT16_MAX;
  if (c->n_active == 0) {
    memset(c->sum16, 0, c->padded * sizeof *c->sum16);
    return;
  }
  sf_kernel_now()->sum(c);
}

const sf_model_core *sf_model_look(const sf_model *m, uint32_t core) {
  sf_model_core *c = &m->core[core];
  if (c->sum_is_narrow)
    for (uint32_t j = 0; j < c->padded; j++) c->sum[j] = c->sum16[j];
  return c;
}
