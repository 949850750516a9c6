/* model_sum.c - weights as bit planes (model_core.h), and the synaptic sums of a tick. The adding itself is the
 * kernel's; here is which width the sums have. */
#include <stdlib.h>
#include <string.h>

#include "model/kernel.h"

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

/* 8 neurons' bits of 8 planes, one plane a byte: bytes of weights plus `add` in each, transposed. The top bits are
 * added without their carry, which would go into the neighbour and which no stored weight has. */
static uint64_t bits8(const int8_t *w, uint64_t add) {
  uint64_t x;
  memcpy(&x, w, 8);
  return transpose8(((x & 0x7f7f7f7f7f7f7f7full) + add) ^ (x & 0x8080808080808080ull));
}

static void put8(uint8_t *row, sf_place p, unsigned from, unsigned to, uint64_t planes) {
  for (unsigned b = from; b < to; b++) row[b * p.plane_bytes] = (uint8_t)(planes >> 8 * (b - from));
}

/* Row after row, 8 neurons at a time. Padded neurons keep the bits of weight 0. */
void sf_rows_fill(sf_model_core *c, const sf_core_net *net) {
  const unsigned bits = net->weight_bits;
  const uint64_t add = (bits < 16 ? offset(c) : offset(c) >> 8) * 0x0101010101010101ull; /* to the highest byte */
  sf_place *place = malloc(c->padded / 8 * sizeof *place);
  for (uint32_t j = 0; place != NULL && j < c->padded; j += 8) place[j / 8] = place_of(c, j);
  for (uint32_t i = 0; i < net->axons; i++) {
    uint8_t *row = c->rows + i * c->row_bytes;
    const int8_t *w8 = net->w8 != NULL ? net->w8 + (size_t)i * net->neurons : NULL;
    for (uint32_t first = 0; first < c->padded; first += 8) {
      const sf_place p = place != NULL ? place[first / 8] : place_of(c, first);
      const uint32_t n = first >= net->neurons ? 0 : net->neurons - first < 8 ? net->neurons - first : 8;
      int8_t lo[8] = {0}, hi[8] = {0};
      if (bits < 16 && n == 8) {
        put8(row + p.byte, p, 0, bits, bits8(w8 + first, add));
        continue;
      }
      for (uint32_t j = 0; j < n; j++) {
        const uint32_t w = (uint32_t)sf_core_weight(net, i, first + j);
        lo[j] = (int8_t)(w & 0xffu);
        hi[j] = (int8_t)(w >> 8 & 0xffu);
      }
      if (bits < 16) {
        put8(row + p.byte, p, 0, bits, bits8(lo, add));
      } else {
        put8(row + p.byte, p, 0, 8, bits8(lo, 0));
        put8(row + p.byte, p, 8, 16, bits8(hi, add));
      }
    }
  }
  free(place);
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
