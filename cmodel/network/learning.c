/* learning.c - the learning part of a core: made, freed, checked. The fields' ranges stand in synfire/plasticity.h. */
#include <stdio.h>
#include <stdlib.h>

#include "network/network_parts.h"

void sf_learning_free(sf_learning *l) {
  if (l == NULL) return;
  free(l->class_of);
  free(l->profile);
  free(l->payload);
  free(l);
}

#define STANDARD(field, standard, lo, hi) .field = (standard),

sf_axon_class sf_axon_class_default(void) { return (sf_axon_class){SF_AXON_CLASS_FIELDS(STANDARD)}; }

sf_learn_profile sf_learn_profile_default(uint32_t weight_bits) {
  const int32_t WB = (int32_t)weight_bits;
  return (sf_learn_profile){SF_LEARN_PROFILE_FIELDS(STANDARD)};
}

sf_term sf_term_default(void) { return (sf_term){SF_TERM_FIELDS(STANDARD)}; }

sf_err sf_learning_new(sf_core_net *c, sf_msg *msg) {
  if (c->threshold == NULL) return sf_fail(msg, SF_EINVAL, "learning: the core's arrays have not been made");
  if (c->weight_bits < 2) return sf_fail(msg, SF_EINVAL, "learning: WEIGHT_BITS = %u: must be 2 .. 16", c->weight_bits);
  sf_learning *l = calloc(1, sizeof *l);
  if (l != NULL) {
    l->class_of = calloc(c->axons, sizeof *l->class_of);
    l->profile = calloc(c->n_profiles, sizeof *l->profile);
    l->payload = calloc(c->n_routes > 0 ? c->n_routes : 1, sizeof *l->payload);
  }
  if (l == NULL || l->class_of == NULL || l->profile == NULL || l->payload == NULL) {
    sf_learning_free(l);
    return sf_fail(msg, SF_ENOMEM, "out of memory for what a core learns by");
  }
  l->trace_bits = 8;
  l->interval_terms = SF_ALL_TERMS;
  l->random_bits = 16;
  for (uint32_t i = 0; i < SF_AXON_CLASSES; i++) l->axon_class[i] = sf_axon_class_default();
  for (uint32_t i = 0; i < c->n_profiles; i++) l->profile[i] = sf_learn_profile_default(c->weight_bits);
  for (uint32_t i = 0; i < SF_TERMS; i++) l->rule.term[i] = sf_term_default();
  sf_learning_free(c->learning);
  c->learning = l;
  return SF_OK;
}

/* ---- checking ----------------------------------------------------------------------------------------------- */

/* One line of a table of fields; lo and hi as they are for this core. */
typedef struct field_range {
  const char *field;
  int64_t value, lo, hi;
} field_range;

static sf_err in_ranges(sf_msg *msg, const char *what, const field_range *row, size_t n) {
  for (size_t i = 0; i < n; i++)
    if (row[i].value < row[i].lo || row[i].value > row[i].hi)
      return sf_fail(msg, SF_EINVAL, "%s/%s = %lld: must be %lld .. %lld", what, row[i].field, (long long)row[i].value,
                     (long long)row[i].lo, (long long)row[i].hi);
  return SF_OK;
}

#define RANGE(field, standard, lo, hi) {#field, at->field, (lo), (hi)},
#define WIDTHS(c)                                                                           \
  const int32_t TB = (int32_t)(c)->learning->trace_bits, VB = (int32_t)(c)->potential_bits, \
                WB = (int32_t)(c)->weight_bits;                                             \
  (void)TB, (void)VB, (void)WB

static sf_err check_class(const sf_core_net *c, const char *what, const sf_axon_class *at, sf_msg *msg) {
  WIDTHS(c);
  const field_range row[] = {SF_AXON_CLASS_FIELDS(RANGE)};
  const sf_err err = in_ranges(msg, what, row, sizeof row / sizeof row[0]);
  if (err) return err;
  if (at->twin_axon % 32 != 0 || at->twin_neuron % 32 != 0)
    return sf_fail(msg, SF_EINVAL, "%s/%s = %d: must be a multiple of 32", what,
                   at->twin_axon % 32 != 0 ? "twin_axon" : "twin_neuron",
                   at->twin_axon % 32 != 0 ? at->twin_axon : at->twin_neuron);
  const bool release = (at->release | at->release_decay | at->depletion | at->recovery) != 0;
  if (release && !c->learning->has_release)
    return sf_fail(msg, SF_EINVAL, "%s/release, release_decay, depletion, recovery: must be 0 because HAS_RELEASE is 0",
                   what);
  return SF_OK;
}

sf_err sf_learn_profile_check(const sf_core_net *c, uint32_t core, uint32_t index, const sf_learn_profile *at,
                              sf_msg *msg) {
  WIDTHS(c);
  char what[64];
  snprintf(what, sizeof what, "core/%u/learning/profile[%u]", core, index);
  const field_range row[] = {SF_LEARN_PROFILE_FIELDS(RANGE)};
  const sf_err err = in_ranges(msg, what, row, sizeof row / sizeof row[0]);
  if (err) return err;
  if (at->w_min > at->w_max)
    return sf_fail(msg, SF_EINVAL, "%s/w_min = %d: must be at most w_max, %d", what, at->w_min, at->w_max);
  if (at->y2_mode == SF_TRACE_SLIDE && at->y2_step > 16)
    return sf_fail(msg, SF_EINVAL, "%s/y2_step = %d: must be 0 .. 16, as y2_mode is slide", what, at->y2_step);
  if (at->xi_noise != 0 && !c->has_noise)
    return sf_fail(msg, SF_EINVAL, "%s/xi_noise = 1: must be 0 because HAS_NOISE is 0", what);
  return SF_OK;
}

/* Bits of a magnitude, as cmodel/plasticity.md counts them under "What a table may hold". */
static int32_t bits_of_c(int32_t c) {
  int32_t bits = 0;
  for (uint32_t left = (uint32_t)(c < 0 ? -c : c); left != 0; left >>= 1) bits++;
  return bits;
}

static int32_t bits_of_f(int32_t f, int32_t trace_bits) {
  if (f == SF_F_E) return 7;
  return f == SF_F_ONE || f == SF_F_X0 ? 0 : trace_bits;
}

static int32_t bits_of_g(int32_t g, int32_t trace_bits) {
  if (g == SF_G_M || g == SF_G_R) return 7;
  return g == SF_G_Y1 || g == SF_G_Y2 ? trace_bits : 0;
}

static int32_t bits_of_h(int32_t h, int32_t weight_bits) {
  return h == SF_H_W || h == SF_H_ABOVE || h == SF_H_BELOW ? weight_bits : 0;
}

static int32_t larger(int32_t a, int32_t b) { return a > b ? a : b; }

static int32_t row_room(const sf_core_net *c) {
  return larger(17, (int32_t)c->learning->trace_bits + 8) + (c->weight_bits == 16 ? 16 : 0);
}

/* The smallest s of a term with these factors; above 24: there is none. */
static int32_t least_shift(const sf_core_net *c, const sf_term *at) {
  WIDTHS(c);
  const int32_t neuron_room = larger(17, 2 * TB) + (WB == 16 ? 8 : 0);
  const int32_t a = row_room(c) - bits_of_c(at->c) - bits_of_f(at->f, TB) - bits_of_h(at->h, WB);
  const int32_t b = neuron_room - bits_of_g(at->g1, TB) - bits_of_g(at->g2, TB);
  return a < 0 || b < 0 ? 25 : larger(0, 24 - a - b);
}

static sf_err check_term(const sf_core_net *c, const char *what, const sf_term *at, sf_msg *msg) {
  WIDTHS(c);
  const field_range row[] = {SF_TERM_FIELDS(RANGE)};
  const sf_err err = in_ranges(msg, what, row, sizeof row / sizeof row[0]);
  if (err) return err;
  const int32_t least = least_shift(c, at);
  if (least > 24)
    return sf_fail(msg, SF_EINVAL, "%s: the factors c, f, h are too wide together: they must have at most %d bits",
                   what, row_room(c));
  if (at->s < least)
    return sf_fail(msg, SF_EINVAL, "%s/s = %d: must be %d .. 24 with these factors", what, at->s, least);
  return SF_OK;
}

sf_err sf_rule_check(const sf_core_net *c, uint32_t core, const sf_rule *rule, sf_msg *msg) {
  WIDTHS(c);
  char what[64];
  if (rule->n_terms > SF_TERMS)
    return sf_fail(msg, SF_EINVAL, "core/%u/learning/rule: %u terms: must be 0 .. %d", core, rule->n_terms, SF_TERMS);
  for (uint32_t i = 0; i < SF_PREDICATES; i++) {
    const sf_predicate *at = &rule->predicate[i];
    snprintf(what, sizeof what, "core/%u/learning/rule/predicate[%u]", core, i);
    const field_range row[] = {SF_PREDICATE_FIELDS(RANGE)};
    const sf_err err = in_ranges(msg, what, row, sizeof row / sizeof row[0]);
    if (err) return err;
  }
  for (uint32_t i = 0; i < rule->n_terms; i++) {
    snprintf(what, sizeof what, "core/%u/learning/rule/term[%u]", core, i);
    const sf_err err = check_term(c, what, &rule->term[i], msg);
    if (err) return err;
  }
  return SF_OK;
}

static sf_err check_widths(const sf_core_net *c, uint32_t core, sf_msg *msg) {
  const sf_learning *l = c->learning;
  char what[64];
  snprintf(what, sizeof what, "core/%u/learning", core);
  const field_range row[] = {{"WEIGHT_BITS", c->weight_bits, 2, 16},
                             {"TRACE_BITS", l->trace_bits, 3, 16},
                             {"MODULATORY", l->modulatory, 0, c->axons},
                             {"interval", l->interval, 0, 65535},
                             {"interval_terms", l->interval_terms, 0, SF_ALL_TERMS},
                             {"refresh_interval", l->refresh_interval, 0, 65535},
                             {"random_bits", l->random_bits, 0, 16}};
  return in_ranges(msg, what, row, sizeof row / sizeof row[0]);
}

static sf_err check_axons(const sf_core_net *c, uint32_t core, sf_msg *msg) {
  const sf_learning *l = c->learning;
  for (uint32_t i = 0; i < c->axons; i++) {
    const uint8_t k = l->class_of[i];
    if (k >= SF_AXON_CLASSES)
      return sf_fail(msg, SF_EINVAL, "core/%u/learning/class_of[%u] = %u: must be 0 .. %d", core, i, k,
                     SF_AXON_CLASSES - 1);
    if (i >= c->axons - l->modulatory && l->axon_class[k].kind != SF_AXON_DATA)
      return sf_fail(msg, SF_EINVAL,
                     "core/%u/learning/class_of[%u] = %u: a modulatory axon's class must be of kind data", core, i, k);
  }
  return SF_OK;
}

sf_err sf_learning_check(const sf_core_net *c, uint32_t core, sf_msg *msg) {
  const sf_learning *l = c->learning;
  char what[64];
  sf_err err = check_widths(c, core, msg);
  for (uint32_t i = 0; !err && i < SF_AXON_CLASSES; i++) {
    snprintf(what, sizeof what, "core/%u/learning/axon_class[%u]", core, i);
    err = check_class(c, what, &l->axon_class[i], msg);
  }
  if (!err) err = check_axons(c, core, msg);
  for (uint32_t i = 0; !err && i < c->n_profiles; i++) err = sf_learn_profile_check(c, core, i, &l->profile[i], msg);
  return err ? err : sf_rule_check(c, core, &l->rule, msg);
}
