/* plasticity.h - inside the functional model: what a core that learns has beside the rest, and the phases of its tick.
 * The arithmetic is that of cmodel/plasticity.md, whose words and names are used here.
 *
 *   plasticity.c          made, freed, reset; which axons and neurons are meant by what
 *   plasticity_tick.c     the order of a tick: release, targets, traces, third factors, sends, end of a sample
 *   plasticity_sweep.c    the rule: factors of rows and neurons, then row by row what changes
 *   plasticity_refresh.c  decay, prune, regrow, fresh units
 *   plasticity_access.c   what the host reads and writes
 *   plasticity_random.h   random numbers
 *
 * Sets of axons and of neurons are bitmaps; a tick's work follows the bits that are set. */
#ifndef SYNFIRE_MODEL_PLASTICITY_H
#define SYNFIRE_MODEL_PLASTICITY_H

#include "model/kernel.h"

#define SF_AXON_KINDS 6
#define SF_SOURCES (SF_WHEN_LAST + 1)
#define SF_NOBODY UINT32_MAX

/* What a trace's source does to it: v = min((v & keep) + step, top); `keep` is 0 where it sets. */
typedef struct sf_feeding {
  uint16_t keep, step;
} sf_feeding;

typedef struct sf_plastic {
  sf_learning l; /* the network's; class_of and profile are copies, payload is NULL */
  bool held;     /* the weights hold: no sweep, no refresh */
  bool twin;     /* and always will: they are another model's */
  uint32_t words, neuron_words;
  /* Sets of axons, of `words` words each. */
  uint64_t *of_kind;                                   /* [SF_AXON_KINDS][words]: data without modulatory ones */
  uint64_t *of_class;                                  /* [SF_AXON_CLASSES][words] */
  uint64_t *modulatory;                                /* [words] */
  uint64_t *term_axons;                                /* [SF_TERMS][words] */
  uint64_t *fresh_rows;                                /* [words] of classes with `refresh` */
  uint64_t *fades_x1, *fades_x2, *feeds_x1, *feeds_x2; /* [words] x1_decay is not 0; an event does something to x1 */
  sf_feeding *feed_x1, *feed_x2, *feed_y1, *feed_y2;   /* one an axon, one a neuron */
  /* Sets of neurons, of `neuron_words` words each. */
  uint64_t *term_neurons;        /* [SF_TERMS][neuron_words] */
  uint64_t *feeds_y1, *feeds_y2; /* [SF_SOURCES][neuron_words] */
  uint64_t *clamped, *modulated, *senders, *slides;
  uint64_t *fades_y1, *fades_y2; /* y1_decay, y2_decay are not 0 */
  int16_t *w_min, *w_max;        /* [neurons] */
  bool uses_predicate[SF_PREDICATES];
  /* State: see the page. Traces have a set of those that are not 0. */
  uint64_t *x0, *x1_set, *x2_set;
  uint16_t *x1, *x2, *use, *missing; /* use, missing: u and q of short-term plasticity */
  int8_t *payload;                   /* [delay_slots][modulatory axons] */
  uint64_t *y0, *y1_set, *y2_set;
  uint16_t *y1, *y2;
  int64_t *x; /* written by the neuron update, as d is */
  int32_t *d;
  int8_t *m, *xi;
  int32_t *xi_noise; /* xi * 2^(k-1) where the profile says so, else 0 */
  int32_t reward;
  uint32_t draw;
  /* What the host asked for since the last tick. */
  bool wants_sweep, wants_refresh;
  uint32_t wanted_terms, fresh_unit; /* a neuron, or SF_NOBODY */
  /* Of this tick. */
  const int8_t *e;                             /* payloads of the slot */
  uint64_t *chosen, *rows;                     /* [words] */
  uint64_t *left;                              /* room for either */
  uint64_t *holds;                             /* [SF_PREDICATES][neuron_words] */
  uint64_t *fed_y1, *fed_y2, *touched, *m_set; /* [neuron_words] */
  uint64_t *live;                              /* [SF_TERMS][neuron_words] neurons whose G is not 0 */
  int64_t *g;                                  /* [SF_TERMS][padded] G * 2^(24-s) */
  int32_t *g32;                                /* the same, where it fits */
  int64_t g_max[SF_TERMS];
  int64_t *target; /* [padded] s, and sums over modulatory axons */
  uint32_t n_events;
  bool has_target, sends, ends;
  /* Payload routes, sorted as the others. */
  uint32_t *first_route, n_routes;
  sf_route *route;
  sf_learn_counters counters;
} sf_plastic;

/* Every set bit j of a bitmap; the loop must not be nested in one of its own kind, nor left by break. */
#define SF_EACH_BIT(j, bits, n_words)                                                   \
  for (uint32_t word_##j = 0; word_##j < (n_words); word_##j++)                         \
    for (uint64_t left_##j = (bits)[word_##j]; left_##j != 0; left_##j &= left_##j - 1) \
      for (uint32_t j = 64 * word_##j + (uint32_t)__builtin_ctzll(left_##j), once_##j = 1; once_##j != 0; once_##j = 0)

static inline bool sf_bit(const uint64_t *bits, uint32_t j) { return bits[j / 64] >> j % 64 & 1; }
static inline void sf_bit_put(uint64_t *bits, uint32_t j, bool on) {
  const uint64_t bit = (uint64_t)1 << j % 64;
  bits[j / 64] = on ? bits[j / 64] | bit : bits[j / 64] & ~bit;
}
static inline bool sf_meet(const uint64_t *a, const uint64_t *b, uint32_t words) {
  uint64_t any = 0;
  for (uint32_t w = 0; w < words; w++) any |= a[w] & b[w];
  return any != 0;
}

/* x >> n, rounded down. */
static inline int64_t sf_down(int64_t x, unsigned n) { return x >= 0 ? x >> n : ~(~x >> n); }
static inline int32_t sf_sat7(int64_t x) { return x > 127 ? 127 : x < -127 ? -127 : (int32_t)x; }

static inline const sf_axon_class *sf_class_of(const sf_plastic *p, uint32_t i) {
  return &p->l.axon_class[p->l.class_of[i]];
}
static inline const sf_learn_profile *sf_learn_profile_of(const sf_model_core *c, uint32_t j) {
  return &c->plastic->l.profile[c->profile_of[j]];
}
static inline uint32_t sf_first_modulatory(const sf_model_core *c) { return c->shape.axons - c->plastic->l.modulatory; }

/* plasticity.c. `net` has the core's learning; after its state and routes have been made. false: out of memory. */
bool sf_plastic_make(sf_model_core *c, const sf_core_net *net);
bool sf_plastic_twin(sf_model_core *c, const sf_model_core *from);
void sf_plastic_free(sf_model_core *c);
void sf_plastic_reset(sf_model_core *c);
void sf_plastic_prepare(sf_model_core *c); /* after profiles, or who has which, changed */
void sf_plastic_take_rule(sf_plastic *p, const sf_rule *rule);
void sf_plastic_xi_noise(sf_model_core *c);

/* plasticity_tick.c: between the scan of the slot and the sums; after the neuron update; after all routes. */
void sf_plastic_begin(sf_model_core *c, uint32_t tick);
void sf_plastic_after(sf_model_core *c, uint32_t tick);
void sf_plastic_end_sample(sf_model_core *c, uint32_t tick);

/* sf_plastic_meet() - an event with this payload for a modulatory axon and a slot of the ring; `met`: there was one. */
void sf_plastic_meet(sf_model_core *c, uint32_t axon, uint32_t slot, bool met, int32_t payload);

/* sf_plastic_meet_bits() - the same of many axons, before they go into the slot, with payload 0. */
void sf_plastic_meet_bits(sf_model_core *c, const uint64_t *slot, const uint64_t *bits);

/* plasticity_sweep.c: p->holds of predicate k, of all neurons; the sweep of the terms in the set `terms`. */
void sf_plastic_predicate(sf_model_core *c, uint32_t k);
void sf_plastic_sweep(sf_model_core *c, uint32_t tick, uint32_t terms);

/* plasticity_refresh.c: of all neurons, or new weights for one. */
void sf_plastic_refresh(sf_model_core *c, uint32_t tick);
void sf_plastic_fresh(sf_model_core *c, uint32_t tick, uint32_t neuron);

#endif
