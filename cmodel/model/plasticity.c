/* plasticity.c - what a core that learns has: made, freed, reset. See plasticity.h. */
#include "model/plasticity.h"

#include <stdlib.h>
#include <string.h>

#include "model/model_state.h"

/* Every array:  X(name, elements)  with A axons of W words, N neurons of V words, padded as the core's. */
#define ARRAYS(X)                                          \
  X(of_kind, SF_AXON_KINDS *W)                             \
  X(of_class, SF_AXON_CLASSES *W)                          \
  X(modulatory, W)                                         \
  X(term_axons, SF_TERMS *W)                               \
  X(fresh_rows, W)                                         \
  X(fades_x1, W)                                           \
  X(fades_x2, W)                                           \
  X(feeds_x1, W)                                           \
  X(feeds_x2, W)                                           \
  X(feed_x1, A)                                            \
  X(feed_x2, A)                                            \
  X(feed_y1, N)                                            \
  X(feed_y2, N)                                            \
  X(term_neurons, SF_TERMS *V)                             \
  X(feeds_y1, SF_SOURCES *V)                               \
  X(feeds_y2, SF_SOURCES *V)                               \
  X(clamped, V)                                            \
  X(modulated, V)                                          \
  X(senders, V)                                            \
  X(slides, V)                                             \
  X(fades_y1, V)                                           \
  X(fades_y2, V)                                           \
  X(w_min, N)                                              \
  X(w_max, N)                                              \
  X(x0, W)                                                 \
  X(x1_set, W)                                             \
  X(x2_set, W)                                             \
  X(x1, A)                                                 \
  X(x2, A)                                                 \
  X(use, A)                                                \
  X(missing, A)                                            \
  X(payload, (size_t)c->shape.delay_slots * l->modulatory) \
  X(y0, V)                                                 \
  X(y1_set, V)                                             \
  X(y2_set, V)                                             \
  X(y1, N)                                                 \
  X(y2, N)                                                 \
  X(x, N)                                                  \
  X(d, N)                                                  \
  X(m, N)                                                  \
  X(xi, N)                                                 \
  X(xi_noise, N)                                           \
  X(chosen, W)                                             \
  X(rows, W)                                               \
  X(left, W > V ? W : V)                                   \
  X(holds, SF_PREDICATES *V)                               \
  X(fed_y1, V)                                             \
  X(fed_y2, V)                                             \
  X(touched, V)                                            \
  X(m_set, V)                                              \
  X(live, SF_TERMS *V)                                     \
  X(g, SF_TERMS *N)                                        \
  X(g32, SF_TERMS *N)                                      \
  X(target, N)

static bool arrays(sf_plastic *p, const sf_model_core *c, const sf_learning *l) {
  const size_t A = c->shape.axons, W = c->words, N = c->padded, V = c->padded / 64;
  bool good = true;
#define MAKE(name, elements)                       \
  {                                                \
    p->name = sf_zeros(elements, sizeof *p->name); \
    good = good && p->name != NULL;                \
  }
  ARRAYS(MAKE)
  p->l = *l;
  p->l.payload = NULL;
  p->l.class_of = sf_zeros(A, sizeof *p->l.class_of);
  p->l.profile = sf_zeros(c->shape.n_profiles, sizeof *p->l.profile);
  p->words = (uint32_t)W;
  p->neuron_words = (uint32_t)V;
  p->fresh_unit = SF_NOBODY;
  if (!good || p->l.class_of == NULL || p->l.profile == NULL) return false;
  memcpy(p->l.class_of, l->class_of, A * sizeof *l->class_of);
  memcpy(p->l.profile, l->profile, c->shape.n_profiles * sizeof *l->profile);
  return true;
}

void sf_plastic_free(sf_model_core *c) {
  sf_plastic *p = c->plastic;
  if (p == NULL) return;
#define FREE(name, elements) free(p->name);
  ARRAYS(FREE)
  free(p->l.class_of);
  free(p->l.profile);
  if (!c->shares) {
    free(p->first_route);
    free(p->route);
  }
  free(p);
  c->plastic = NULL;
}

static sf_feeding feeding(int32_t mode, int32_t step) {
  return (sf_feeding){mode == SF_TRACE_SET ? 0 : UINT16_MAX, (uint16_t)step};
}
static bool does_something(sf_feeding f) { return f.keep == 0 || f.step != 0; }

/* The sets of axons that follow from their classes, which do not change. */
static void sort_axons(sf_plastic *p, const sf_model_core *c) {
  const uint32_t first_modulatory = c->shape.axons - p->l.modulatory;
  for (uint32_t i = 0; i < c->shape.axons; i++) {
    const sf_axon_class *k = sf_class_of(p, i);
    sf_bit_put(p->of_class + p->l.class_of[i] * p->words, i, true);
    if (i >= first_modulatory) sf_bit_put(p->modulatory, i, true);
    else sf_bit_put(p->of_kind + (uint32_t)k->kind * p->words, i, true);
    sf_bit_put(p->fresh_rows, i, k->refresh != 0);
    sf_bit_put(p->fades_x1, i, k->x1_decay != 0);
    sf_bit_put(p->fades_x2, i, k->x2_decay != 0);
    p->feed_x1[i] = feeding(k->x1_mode, k->x1_step);
    p->feed_x2[i] = feeding(k->x2_mode, k->x2_step);
    sf_bit_put(p->feeds_x1, i, does_something(p->feed_x1[i]));
    sf_bit_put(p->feeds_x2, i, does_something(p->feed_x2[i]));
  }
}

static bool begin(sf_model_core *c, const sf_learning *l) {
  sf_plastic *p = calloc(1, sizeof *p);
  c->plastic = p;
  if (p == NULL || !arrays(p, c, l)) return false;
  c->shape.learning = &p->l; /* for the checks of what is poked */
  c->plain_axons = c->shape.axons - p->l.modulatory;
  c->seen_x = p->x;
  c->seen_d = p->d;
  sort_axons(p, c);
  sf_plastic_take_rule(p, &l->rule);
  return true;
}

bool sf_plastic_make(sf_model_core *c, const sf_core_net *net) { return begin(c, net->learning); }

bool sf_plastic_twin(sf_model_core *c, const sf_model_core *from) {
  const sf_plastic *other = from->plastic;
  if (!begin(c, &other->l)) return false;
  sf_plastic *p = c->plastic;
  p->held = p->twin = true;
  p->first_route = other->first_route;
  p->n_routes = other->n_routes;
  p->route = other->route;
  p->draw = other->draw;
  return true;
}

/* The predicate of a source or condition, or -1. */
static int predicate_of(int32_t when) { return when == 0 ? -1 : (int)((when - 1) % SF_PREDICATES); }

void sf_plastic_take_rule(sf_plastic *p, const sf_rule *rule) {
  p->l.rule = *rule;
  memset(p->term_axons, 0, SF_TERMS * p->words * sizeof *p->term_axons);
  for (uint32_t k = 0; k < rule->n_terms; k++)
    for (uint32_t a = 0; a < SF_AXON_CLASSES; a++)
      for (uint32_t w = 0; (rule->term[k].axon_classes >> a & 1) && w < p->words; w++)
        p->term_axons[k * p->words + w] |= p->of_class[a * p->words + w];
}

static void sort_neuron(sf_model_core *c, uint32_t j) {
  sf_plastic *p = c->plastic;
  const sf_learn_profile *at = sf_learn_profile_of(c, j);
  for (uint32_t k = 0; k < p->l.rule.n_terms; k++)
    if (p->l.rule.term[k].learn_classes >> at->learn_class & 1)
      sf_bit_put(p->term_neurons + k * p->neuron_words, j, true);
  sf_bit_put(p->feeds_y1 + (uint32_t)at->y1_source * p->neuron_words, j, true);
  sf_bit_put(p->feeds_y2 + (uint32_t)at->y2_source * p->neuron_words, j, true);
  sf_bit_put(p->clamped, j, at->third == SF_THIRD_CLAMP);
  sf_bit_put(p->modulated, j, at->third == SF_THIRD_MODULATORY);
  sf_bit_put(p->senders, j, at->sends != 0);
  sf_bit_put(p->fades_y1, j, at->y1_decay != 0);
  sf_bit_put(p->fades_y2, j, at->y2_decay != 0);
  sf_bit_put(p->slides, j, at->y2_mode == SF_TRACE_SLIDE);
  p->feed_y1[j] = feeding(at->y1_mode, at->y1_step);
  p->feed_y2[j] = feeding(at->y2_mode, at->y2_step);
  p->w_min[j] = (int16_t)at->w_min;
  p->w_max[j] = (int16_t)at->w_max;
}

void sf_plastic_prepare(sf_model_core *c) {
  sf_plastic *p = c->plastic;
  const size_t words = p->neuron_words * sizeof(uint64_t);
  memset(p->term_neurons, 0, SF_TERMS * words);
  memset(p->feeds_y1, 0, SF_SOURCES * words);
  memset(p->feeds_y2, 0, SF_SOURCES * words);
  for (uint32_t j = 0; j < c->shape.neurons; j++) sort_neuron(c, j);
  memset(p->uses_predicate, 0, sizeof p->uses_predicate);
  for (uint32_t k = 0; k < c->shape.n_profiles; k++) {
    const int of[2] = {predicate_of(p->l.profile[k].y1_source), predicate_of(p->l.profile[k].y2_source)};
    for (int n = 0; n < 2; n++)
      if (of[n] >= 0) p->uses_predicate[of[n]] = true;
  }
  sf_plastic_xi_noise(c);
}

void sf_plastic_xi_noise(sf_model_core *c) {
  sf_plastic *p = c->plastic;
  c->xi_noise = NULL;
  for (uint32_t j = 0; j < c->shape.neurons; j++) {
    const int32_t bits = c->profiles[c->profile_of[j]].noise_bits;
    const bool own = c->shape.has_noise && bits > 0 && sf_learn_profile_of(c, j)->xi_noise != 0;
    p->xi_noise[j] = own ? p->xi[j] * (1 << (bits - 1)) : 0;
    if (own) c->xi_noise = p->xi_noise;
  }
}

void sf_plastic_reset(sf_model_core *c) {
  sf_plastic *p = c->plastic;
  const size_t A = c->shape.axons, W = p->words, N = c->padded, V = p->neuron_words;
#define CLEAR(array, n) memset(p->array, 0, (n) * sizeof *p->array)
  CLEAR(x0, W);
  CLEAR(x1_set, W);
  CLEAR(x2_set, W);
  CLEAR(x1, A);
  CLEAR(x2, A);
  CLEAR(use, A);
  CLEAR(missing, A);
  CLEAR(payload, (size_t)c->shape.delay_slots * p->l.modulatory);
  CLEAR(y0, V);
  CLEAR(y1_set, V);
  CLEAR(y2_set, V);
  CLEAR(y1, N);
  CLEAR(y2, N);
  CLEAR(x, N);
  CLEAR(d, N);
  CLEAR(m, N);
#undef CLEAR
  memset(p->xi, 1, N);
  sf_plastic_xi_noise(c);
  p->reward = 0;
  p->wants_sweep = p->wants_refresh = p->sends = p->ends = false;
  p->wanted_terms = 0;
  p->fresh_unit = SF_NOBODY;
  p->counters = (sf_learn_counters){0};
}
