/* plasticity_refresh.c - "Refresh" in cmodel/plasticity.md: weights decay, are pruned, grow again; fresh units. */
#include "model/plasticity.h"
#include "model/plasticity_random.h"

/* One of r3, r4, r5: the word of the row, and those of all blocks. */
typedef struct sf_refresh_random {
  sf_mixed row, blocks[SF_RANDOM_BLOCKS];
} sf_refresh_random;
enum { DECAY, REGROW, WEIGHT, PURPOSES };
static const sf_purpose purpose_of[PURPOSES] = {SF_FOR_DECAY, SF_FOR_REGROW, SF_FOR_WEIGHT};

static uint32_t draw(const sf_refresh_random *of, uint32_t j) {
  return sf_random_spread(sf_random_join(of->row, of->blocks[j >> 5]), j % 32);
}

static int32_t new_weight(const sf_learn_profile *at, bool random, uint32_t r5) {
  int32_t w = at->w0;
  if (random) w = (int32_t)(r5 * (2 * (uint32_t)at->w0 + 1) >> 16) - at->w0;
  return w < at->w_min ? at->w_min : w > at->w_max ? at->w_max : w;
}

static int32_t refreshed(sf_model_core *c, const sf_refresh_random *of, uint32_t j, int32_t w) {
  const sf_learn_profile *at = sf_learn_profile_of(c, j);
  sf_learn_counters *count = &c->plastic->counters;
  if (at->decay_shift > 0) {
    const uint32_t size = (uint32_t)(w < 0 ? -w : w);
    const uint32_t gone = ((size << (16 - at->decay_shift)) + draw(&of[DECAY], j)) >> 16;
    w = w < 0 ? -(int32_t)(size - gone) : (int32_t)(size - gone);
  }
  if (w != 0 && (w < 0 ? -w : w) < at->prune) {
    w = 0;
    count->pruned++;
  }
  if (w == 0 && at->regrow > 0 && draw(&of[REGROW], j) < (uint32_t)at->regrow) {
    w = new_weight(at, at->regrow_random != 0, draw(&of[WEIGHT], j));
    count->grown++;
  }
  return w;
}

void sf_plastic_refresh(sf_model_core *c, uint32_t tick) {
  sf_plastic *p = c->plastic;
  const sf_kernel *kernel = sf_kernel_now();
  const unsigned bits = c->shape.weight_bits;
  _Alignas(SF_LINE) int16_t w[SF_BLOCK];
  sf_refresh_random of[PURPOSES];
  for (int k = 0; k < PURPOSES; k++) sf_random_blocks(c->seed, purpose_of[k], tick, c->shape.neurons, of[k].blocks);
  SF_EACH_BIT(i, p->fresh_rows, p->words) {
    for (int k = 0; k < PURPOSES; k++) of[k].row = sf_random_word(c->seed, purpose_of[k], tick, i);
    for (uint32_t at = 0, width; at < c->padded && at < c->shape.neurons; at += width) {
      width = sf_block_width(c->padded, at);
      kernel->unpack(sf_block_at(c, i, at), width, bits, w);
      for (uint32_t j = at; j < at + width && j < c->shape.neurons; j++)
        w[j - at] = (int16_t)refreshed(c, of, j, w[j - at]);
      kernel->pack(sf_block_at(c, i, at), width, bits, w);
    }
  }
}

void sf_plastic_fresh(sf_model_core *c, uint32_t tick, uint32_t neuron) {
  sf_plastic *p = c->plastic;
  const sf_learn_profile *at = sf_learn_profile_of(c, neuron);
  SF_EACH_BIT(i, p->fresh_rows, p->words)
  sf_row_set(c, i, neuron, new_weight(at, true, sf_random_synapse(c->seed, SF_FOR_WEIGHT, tick, i, neuron)));
}
