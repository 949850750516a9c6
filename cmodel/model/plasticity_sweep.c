/* plasticity_sweep.c - the rule: "The rule" in cmodel/plasticity.md. First G * 2^(24-s) of every term and neuron, then
 * row by row c * F and what it changes. Rows and neurons whose factor is 0 for every term are not looked at.
 *
 * How wide: the check of a term sees to it that |c * F * G * H| * 2^(24-s) stays within 80 bits, so that the sum of
 * 8 terms is below 2^84 and needs 128; |G| * 2^(24-s) < 2^57 fits 64. A row whose largest factors fit takes 32: the sum
 * is exact in each. */
#include <string.h>

#include "model/plasticity.h"
#include "model/plasticity_random.h"

typedef __int128 wide;

/* ---- predicates, factors of neurons ------------------------------------------------------------------------- */

/* Bits of 64 numbers in [lo, hi). */
#define BETWEEN(q, lo, hi, bits)                                                                               \
  {                                                                                                            \
    uint8_t in[64];                                                                                            \
    for (uint32_t n = 0; n < 64; n++) in[n] = (uint8_t)(((int32_t)(q)[n] >= (lo)) & ((int32_t)(q)[n] < (hi))); \
    bits = 0;                                                                                                  \
    for (uint32_t n = 0; n < 64; n += 8) {                                                                     \
      uint64_t eight = 0; /* one load */                                                                       \
      for (uint32_t b = 0; b < 8; b++) eight |= (uint64_t)in[n + b] << 8 * b;                                  \
      bits |= (eight * 0x0102040810204080ull >> 56) << n;                                                      \
    }                                                                                                          \
  }

void sf_plastic_predicate(sf_model_core *c, uint32_t k) {
  sf_plastic *p = c->plastic;
  const sf_predicate *at = &p->l.rule.predicate[k];
  const int32_t lo = at->lo, hi = at->hi;
  for (uint32_t w = 0; w < p->neuron_words; w++) {
    uint64_t holds;
    if (at->q == SF_OF_D) BETWEEN(p->d + 64 * w, lo, hi, holds)
    else BETWEEN((at->q == SF_OF_Y1 ? p->y1 : p->y2) + 64 * w, lo, hi, holds)
    p->holds[k * p->neuron_words + w] = holds;
  }
}

static int64_t factor(const sf_plastic *p, int32_t g, uint32_t j) {
  switch ((sf_neuron_factor)g) {
    case SF_G_ONE:
      return 1;
    case SF_G_Y0:
      return sf_bit(p->y0, j);
    case SF_G_Y1:
      return p->y1[j];
    case SF_G_Y2:
      return p->y2[j];
    case SF_G_M:
      return p->m[j];
    case SF_G_SIGN_M:
      return (p->m[j] > 0) - (p->m[j] < 0);
    case SF_G_R:
      return p->reward;
    case SF_G_XI:
      return p->xi[j];
  }
  return 0;
}

/* Takes out of `set` the neurons whose factor is 0. */
static void only_set(const sf_plastic *p, int32_t g, uint64_t *set) {
  const uint64_t *of = g == SF_G_Y0 ? p->y0 : g == SF_G_Y1 ? p->y1_set : g == SF_G_Y2 ? p->y2_set : p->m_set;
  if (g == SF_G_ONE || g == SF_G_XI || (g == SF_G_R && p->reward != 0)) return;
  for (uint32_t w = 0; w < p->neuron_words; w++) set[w] = g == SF_G_R ? 0 : set[w] & of[w];
}

/* The same of those for which a condition does not hold. */
static void only_when(sf_model_core *c, int32_t when, uint64_t *set) {
  sf_plastic *p = c->plastic;
  if (when == SF_WHEN_ALWAYS) return;
  const uint32_t k = (uint32_t)(when - 1) % SF_PREDICATES;
  const bool negated = when >= SF_UNLESS(0);
  sf_plastic_predicate(c, k);
  for (uint32_t w = 0; w < p->neuron_words; w++) {
    const uint64_t holds = p->holds[k * p->neuron_words + w];
    set[w] &= negated ? ~holds : holds;
  }
}

/* G of a term; false if no neuron has any. */
static bool form_g(sf_model_core *c, uint32_t k) {
  sf_plastic *p = c->plastic;
  const sf_term *at = &p->l.rule.term[k];
  uint64_t *live = p->live + k * p->neuron_words, any = 0;
  int64_t *g = p->g + (size_t)k * c->padded;
  int32_t *g32 = p->g32 + (size_t)k * c->padded;
  memcpy(live, p->term_neurons + k * p->neuron_words, p->neuron_words * sizeof *live);
  only_set(p, at->g1, live);
  only_set(p, at->g2, live);
  for (uint32_t w = 0; w < p->neuron_words; w++) any |= live[w];
  if (any == 0) return false;
  only_when(c, at->when1, live);
  only_when(c, at->when2, live);
  memset(g, 0, c->padded * sizeof *g);
  memset(g32, 0, c->padded * sizeof *g32);
  p->g_max[k] = 0;
  SF_EACH_BIT(j, live, p->neuron_words) {
    g[j] = factor(p, at->g1, j) * factor(p, at->g2, j) * ((int64_t)1 << (24 - at->s));
    const int64_t size = g[j] < 0 ? -g[j] : g[j];
    if (size <= INT32_MAX) g32[j] = (int32_t)g[j];
    if (size > p->g_max[k]) p->g_max[k] = size;
  }
  return p->g_max[k] > 0;
}

/* ---- factors of rows ---------------------------------------------------------------------------------------- */

/* Axons whose F may not be 0; NULL: any. */
static const uint64_t *row_set(const sf_plastic *p, int32_t f) {
  switch ((sf_row_factor)f) {
    case SF_F_ONE:
      return NULL;
    case SF_F_X0:
      return p->x0;
    case SF_F_X1:
    case SF_F_X0X1:
      return p->x1_set;
    case SF_F_X2:
    case SF_F_X0X2:
      return p->x2_set;
    case SF_F_E:
      return p->modulatory;
  }
  return NULL;
}

static int32_t row_factor(const sf_model_core *c, int32_t f, uint32_t i) {
  const sf_plastic *p = c->plastic;
  switch ((sf_row_factor)f) {
    case SF_F_ONE:
      return 1;
    case SF_F_X0:
      return sf_bit(p->x0, i);
    case SF_F_X1:
      return p->x1[i];
    case SF_F_X2:
      return p->x2[i];
    case SF_F_X0X1:
      return sf_bit(p->x0, i) ? p->x1[i] : 0;
    case SF_F_X0X2:
      return sf_bit(p->x0, i) ? p->x2[i] : 0;
    case SF_F_E:
      return i < c->plain_axons ? 0 : p->e[i - c->plain_axons];
  }
  return 0;
}

/* The largest |H|. */
static int64_t most(int32_t h, uint32_t weight_bits) {
  if (h == SF_H_W) return (int64_t)1 << (weight_bits - 1);
  if (h == SF_H_ABOVE || h == SF_H_BELOW) return (int64_t)1 << weight_bits;
  return 1;
}

/* ---- a row -------------------------------------------------------------------------------------------------- */

/* A row of a sweep: its terms (in `narrow` for the kernel), random numbers, and how wide its sums get. */
typedef struct sf_row {
  uint32_t i;
  sf_change narrow;
  const int64_t *g[SF_TERMS];
  wide bound;
  sf_mixed random, random_z;          /* the row's words */
  const sf_mixed *blocks, *blocks_z;  /* those of blocks of 32 neurons */
  uint32_t tick, also, purpose, skip; /* twins: the row's number, the columns' purpose, blocks before the first */
  bool draws_z;
} sf_row;

/* The terms of row i, and in p->touched the neurons that one of them changes. */
static void take_terms(sf_model_core *c, const uint8_t *term, uint32_t n, uint32_t i, sf_row *row) {
  sf_plastic *p = c->plastic;
  sf_change *to = &row->narrow;
  row->i = i;
  row->bound = 0;
  row->draws_z = false;
  to->n = 0;
  memset(p->touched, 0, p->neuron_words * sizeof *p->touched);
  for (uint32_t t = 0; t < n; t++) {
    const uint32_t k = term[t];
    const sf_term *at = &p->l.rule.term[k];
    if (!sf_bit(p->term_axons + k * p->words, i)) continue;
    const int32_t cf = at->c * row_factor(c, at->f, i);
    if (cf == 0) continue;
    to->cf[to->n] = cf;
    to->h[to->n] = at->h;
    to->g[to->n] = p->g32 + (size_t)k * c->padded;
    row->g[to->n++] = p->g + (size_t)k * c->padded;
    row->bound += (wide)(cf < 0 ? -cf : cf) * p->g_max[k] * most(at->h, c->shape.weight_bits);
    row->draws_z |= at->h == SF_H_DRAW;
    for (uint32_t w = 0; w < p->neuron_words; w++) p->touched[w] |= p->live[k * p->neuron_words + w];
  }
}

/* Where the row's random numbers come from. A twin's are the row's word and a word for each column. */
static void take_random(const sf_model_core *c, uint32_t tick, sf_row *row) {
  const sf_plastic *p = c->plastic;
  const sf_axon_class *k = sf_class_of(p, row->i);
  row->also = row->purpose = row->skip = 0;
  if (row->draws_z) row->random_z = sf_random_word(c->seed, SF_FOR_Z, p->draw, row->i);
  if (k->twin == 0) {
    row->random = sf_random_word(c->seed, SF_FOR_ROUNDING, tick, row->i);
    return;
  }
  const sf_purpose own = k->twin == 1 ? SF_FOR_TWIN : SF_FOR_OTHER_TWIN;
  const uint32_t n = (row->i - (uint32_t)k->twin_axon) & 0xffffu;
  row->also = sf_random_spread(sf_random_word(c->seed, own, tick, n >> 5), n % 32);
  row->purpose = k->twin == 1 ? SF_FOR_OTHER_TWIN : SF_FOR_TWIN;
  row->tick = tick;
  row->skip = (uint32_t)k->twin_neuron >> 5;
}

static sf_change_random group_random(const sf_model_core *c, const sf_row *row, uint32_t group) {
  const sf_mixed h = row->purpose != 0 ? sf_random_word(c->seed, row->purpose, row->tick, (group - row->skip) & 0x7ffu)
                                       : sf_random_join(row->random, row->blocks[group]);
  sf_change_random random = {h.a, h.b, row->also, 0};
  if (!row->draws_z) return random;
  const sf_mixed z = sf_random_join(row->random_z, row->blocks_z[group]);
  for (uint32_t n = 0; n < SF_GROUP; n++) random.z |= (sf_random_spread(z, n) >> 15) << n;
  return random;
}

static int32_t synapse_factor(const sf_change *of, int32_t h, int32_t w, uint32_t j, bool z) {
  switch ((sf_synapse_factor)h) {
    case SF_H_ONE:
      return 1;
    case SF_H_W:
      return w;
    case SF_H_ABOVE:
      return of->w_max[j] - w;
    case SF_H_BELOW:
      return w - of->w_min[j];
    case SF_H_SIGN_W:
      return (w > 0) - (w < 0);
    case SF_H_DRAW:
      return z ? 1 : -1;
  }
  return 0;
}

/* 32 neurons, whatever the width. */
static uint32_t learn_widely(const sf_row *row, const sf_change_random *random, uint32_t first, int16_t *w) {
  const sf_change *of = &row->narrow;
  uint32_t changed = 0;
  for (uint32_t n = 0; n < SF_GROUP; n++) {
    const uint32_t j = first + n, r = sf_random_spread((sf_mixed){random->a, random->b}, n) ^ random->also;
    wide sum = (wide)((r & of->random_mask) << 8) + of->half;
    for (uint32_t k = 0; k < of->n; k++)
      if (row->g[k][j] != 0)
        sum += (wide)of->cf[k] * row->g[k][j] * synapse_factor(of, of->h[k], w[n], j, random->z >> n & 1);
    const wide inc = sum >= 0 ? sum >> 24 : ~(~sum >> 24), to = w[n] + inc;
    if (inc == 0) continue;
    const int16_t next = to < of->w_min[j] ? of->w_min[j] : to > of->w_max[j] ? of->w_max[j] : (int16_t)to;
    changed += next != w[n];
    w[n] = next;
  }
  return changed;
}

static bool any_in(const uint64_t *bits, uint32_t from, uint32_t to) {
  uint64_t any = 0;
  for (uint32_t w = from / 64; w < to / 64; w++) any |= bits[w];
  return any != 0;
}

/* Block by block: planes to numbers, groups of 32 with something to change, numbers to planes. */
static void learn_row(sf_model_core *c, sf_row *row) {
  sf_plastic *p = c->plastic;
  const sf_kernel *kernel = sf_kernel_now();
  const unsigned bits = c->shape.weight_bits;
  const bool narrow = row->bound < (INT32_MAX - (1 << 24));
  _Alignas(SF_LINE) int16_t w[SF_BLOCK];
  for (uint32_t at = 0, width; at < c->padded; at += width) {
    width = sf_block_width(c->padded, at);
    if (!any_in(p->touched, at, at + width)) continue;
    uint8_t *block = sf_block_at(c, row->i, at);
    uint32_t changed = 0;
    kernel->unpack(block, width, bits, w);
    for (uint32_t first = at; first < at + width; first += SF_GROUP) {
      if ((uint32_t)(p->touched[first / 64] >> first % 64) == 0) continue;
      const sf_change_random random = group_random(c, row, first / SF_GROUP);
      int16_t *w32 = w + (first - at);
      changed += narrow ? kernel->learn(&row->narrow, &random, first, w32) : learn_widely(row, &random, first, w32);
    }
    if (changed > 0) kernel->pack(block, width, bits, w);
    p->counters.changed += changed;
  }
}

/* ---- the sweep ---------------------------------------------------------------------------------------------- */

static void set_m(sf_model_core *c) {
  sf_plastic *p = c->plastic;
  for (uint32_t w = 0; w < p->neuron_words; w++) {
    uint64_t set = 0;
    for (uint32_t n = 0; n < 64; n++) set |= (uint64_t)(p->m[64 * w + n] != 0) << n;
    p->m_set[w] = set;
  }
}

void sf_plastic_sweep(sf_model_core *c, uint32_t tick, uint32_t terms) {
  sf_plastic *p = c->plastic;
  uint8_t term[SF_TERMS];
  uint32_t n = 0;
  if ((terms & ((1u << p->l.rule.n_terms) - 1)) == 0) return;
  set_m(c);
  memset(p->rows, 0, p->words * sizeof *p->rows);
  for (uint32_t k = 0; k < p->l.rule.n_terms; k++) {
    if (!(terms >> k & 1) || p->l.rule.term[k].c == 0 || !form_g(c, k)) continue;
    const uint64_t *set = row_set(p, p->l.rule.term[k].f), *of = p->term_axons + k * p->words;
    for (uint32_t w = 0; w < p->words; w++) p->rows[w] |= set != NULL ? set[w] & of[w] : of[w];
    term[n++] = (uint8_t)k;
  }
  if (n == 0) return;
  sf_mixed blocks[SF_RANDOM_BLOCKS], blocks_z[SF_RANDOM_BLOCKS];
  sf_row row = {.narrow = {.w_min = p->w_min, .w_max = p->w_max}, .blocks = blocks, .blocks_z = blocks_z};
  sf_random_blocks(c->seed, SF_FOR_ROUNDING, tick, c->shape.neurons, blocks);
  for (uint32_t t = 0; t < n; t++)
    if (p->l.rule.term[term[t]].h == SF_H_DRAW)
      sf_random_blocks(c->seed, SF_FOR_Z, p->draw, c->shape.neurons, blocks_z);
  row.narrow.random_mask = 0xffffu << (16 - p->l.random_bits) & 0xffffu;
  row.narrow.half = p->l.random_bits == 0 ? 1 << 23 : 0;
  SF_EACH_BIT(i, p->rows, p->words) {
    take_terms(c, term, n, i, &row);
    if (row.narrow.n > 0) {
      for (uint32_t w = 0; w < p->neuron_words; w++)
        p->counters.synapses += (uint64_t)__builtin_popcountll(p->touched[w]);
      take_random(c, tick, &row);
      learn_row(c, &row);
    }
  }
}
