/* rule_statement.c - the statements of a rule text: terms; constants of traces, weights, third factors. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "files/rule_parts.h"

#define ALL 65535u
#define MOST_TAU 8191 /* a longer one forgets nothing at 12 bits */

typedef struct classes {
  uint32_t axons, neurons;
  bool given, both; /* there is a `for`; it has -> */
  sf_rule_at at;
} classes;

/* ---- for CLASSES: and for CLASSES -> CLASSES: ------------------------------------------------------------------ */

static sf_err class_list(sf_rule_reader *r, uint32_t *mask) {
  static const char what[] = "class";
  int32_t from, to;
  *mask = 0;
  if (sf_rule_is(r, "all")) *mask = ALL;
  if (sf_rule_is(r, "all") || sf_rule_is(r, "none")) return sf_rule_next(r);
  for (bool more = true; more;) {
    sf_err err = sf_rule_whole(r, what, 0, 15, &from);
    to = from;
    if (!err && r->token.kind == SF_TOKEN_RANGE) {
      err = sf_rule_next(r);
      if (!err) err = sf_rule_whole(r, what, from, 15, &to);
    }
    if (err) return err;
    for (int32_t i = from; i <= to; i++) *mask |= 1u << i;
    more = r->token.kind == ',';
    if (more) err = sf_rule_next_in_line(r);
    if (err) return err;
  }
  return SF_OK;
}

static sf_err prefix(sf_rule_reader *r, classes *of) {
  *of = (classes){.axons = ALL, .neurons = ALL, .given = sf_rule_is(r, "for"), .at = r->token.at};
  if (!of->given) return SF_OK;
  sf_err err = sf_rule_next(r);
  if (!err) err = class_list(r, &of->axons);
  if (err) return err;
  of->neurons = of->axons;
  of->both = r->token.kind == SF_TOKEN_ARROW;
  if (of->both) {
    err = sf_rule_next(r);
    if (!err) err = class_list(r, &of->neurons);
  }
  if (err) return err;
  if (r->token.kind != ':') return sf_rule_unexpected(r, of->both ? ", or :" : ", or -> or :");
  return sf_rule_next_in_line(r);
}

/* ---- constants ---------------------------------------------------------------------------------------------- */

typedef enum item_kind {
  IS,    /* field = value */
  READ,  /* field = the number that follows; field2 = value */
  TAU,   /* field = the decay of this time constant */
  SHIFT, /* field = 4096 >> the number */
  WHILE  /* of y1 (value 0), y2 (value 1): field = the condition */
} item_kind;

typedef struct item {
  const char *word;
  item_kind kind;
  int field, field2;   /* -1: none */
  int32_t value, most; /* most 0: as plasticity.h says */
} item;

#define DECAYS(at) \
  {"decay", READ, at, -1, 0, 0}, {"tau", TAU, at, -1, 0, 0}, { "shift", SHIFT, at, -1, 0, 0 }
#define STEPS(step, mode) \
  {"add", READ, step, mode, SF_TRACE_ADD, 0}, { "set", READ, step, mode, SF_TRACE_SET, 0 }
#define SOURCES(at, y) \
  {"spikes", IS, at, -1, SF_WHEN_SPIKE, 0}, { "while", WHILE, at, -1, y, 0 }

static const item x1_items[] = {DECAYS(SF_AT_AXON_x1_decay), STEPS(SF_AT_AXON_x1_step, SF_AT_AXON_x1_mode), {0}};
static const item x2_items[] = {DECAYS(SF_AT_AXON_x2_decay), STEPS(SF_AT_AXON_x2_step, SF_AT_AXON_x2_mode), {0}};
static const item x_items[] = {{"keep", IS, SF_AT_AXON_keep, -1, 1, 0}, {0}};
static const item y1_items[] = {DECAYS(SF_AT_NEURON_y1_decay),
                                STEPS(SF_AT_NEURON_y1_step, SF_AT_NEURON_y1_mode),
                                SOURCES(SF_AT_NEURON_y1_source, 0),
                                {0}};
static const item y2_items[] = {DECAYS(SF_AT_NEURON_y2_decay),
                                STEPS(SF_AT_NEURON_y2_step, SF_AT_NEURON_y2_mode),
                                {"slide", READ, SF_AT_NEURON_y2_step, SF_AT_NEURON_y2_mode, SF_TRACE_SLIDE, 16},
                                SOURCES(SF_AT_NEURON_y2_source, 1),
                                {0}};
static const item y_items[] = {{"keep", IS, SF_AT_NEURON_y_keep, -1, 1, 0}, {0}};
static const item m_items[] = {{"host", IS, SF_AT_NEURON_third, -1, SF_THIRD_HOST, 0},
                               {"clamp", READ, SF_AT_NEURON_clamp, SF_AT_NEURON_third, SF_THIRD_CLAMP, 0},
                               {"modulatory", IS, SF_AT_NEURON_third, -1, SF_THIRD_MODULATORY, 0},
                               {"shift", READ, SF_AT_NEURON_third_shift, -1, 0, 0},
                               {"one_sided", IS, SF_AT_NEURON_one_sided, -1, 1, 0},
                               {"two_sided", IS, SF_AT_NEURON_one_sided, -1, 0, 0},
                               {"sends", IS, SF_AT_NEURON_sends, -1, 1, 0},
                               {0}};
static const item xi_items[] = {{"noise", IS, SF_AT_NEURON_xi_noise, -1, 1, 0}, {0}};

static const struct head {
  const char *name;
  bool neuron;
  const item *item;
} heads[] = {{"x1", false, x1_items}, {"x2", false, x2_items}, {"x", false, x_items}, {"y1", true, y1_items},
             {"y2", true, y2_items},  {"y", true, y_items},    {"m", true, m_items},  {"xi", true, xi_items}};

_Static_assert(sizeof(sf_axon_class) == SF_AXON_FIELDS * sizeof(int32_t), "fields of one size, one after the other");
_Static_assert(sizeof(sf_learn_profile) == SF_NEURON_FIELDS * sizeof(int32_t), "the same");
_Static_assert(SF_AXON_FIELDS <= 32 && SF_NEURON_FIELDS <= 32, "a bit each in `given`");

/* Once for each class. */
static sf_err put(sf_rule_reader *r, sf_rule_at at, const char *word, bool neuron, int field, int32_t value,
                  uint32_t mask) {
  sf_rule_file *f = r->out;
  for (uint32_t k = 0; k < SF_AXON_CLASSES; k++) {
    uint32_t *given = neuron ? &f->neuron_given[k] : &f->axon_given[k];
    char *where = neuron ? (char *)&f->neuron[k] : (char *)&f->axon[k];
    if ((mask >> k & 1) == 0) continue;
    if ((*given >> field & 1) != 0) return sf_rule_fail(r, at, "%s: has been said before, for class %u", word, k);
    *given |= 1u << field;
    memcpy(where + (size_t)field * sizeof value, &value, sizeof value);
  }
  return SF_OK;
}

static void range(const sf_rule_reader *r, bool neuron, int field, int32_t *lowest, int32_t *highest) {
  const int32_t TB = (int32_t)r->on->trace_bits, VB = (int32_t)r->on->potential_bits, WB = (int32_t)r->on->weight_bits;
#define LOW_HIGH(field, standard, lo, hi) {(lo), (hi)},
  const int32_t axon[][2] = {SF_AXON_CLASS_FIELDS(LOW_HIGH)}, profile[][2] = {SF_LEARN_PROFILE_FIELDS(LOW_HIGH)};
  *lowest = neuron ? profile[field][0] : axon[field][0];
  *highest = neuron ? profile[field][1] : axon[field][1];
}

static sf_err value_of(sf_rule_reader *r, const item *is, bool neuron, int32_t *value) {
  int32_t lo, hi;
  sf_err err;
  switch (is->kind) {
    case IS:
      *value = is->value;
      return SF_OK;
    case TAU:
      err = sf_rule_whole(r, is->word, 1, MOST_TAU, value);
      if (!err) *value = (int32_t)lround(4096 * (1 - exp(-1.0 / *value)));
      return err;
    case SHIFT:
      err = sf_rule_whole(r, is->word, 0, 12, value);
      if (!err) *value = 4096 >> *value;
      return err;
    default:
      range(r, neuron, is->field, &lo, &hi);
      return sf_rule_whole(r, is->word, lo, is->most != 0 ? is->most : hi, value);
  }
}

static sf_err source(sf_rule_reader *r, const item *is, sf_rule_at at, uint32_t mask) {
  uint8_t code = 0;
  sf_err err = sf_rule_condition_code(r, &code);
  if (!err) err = put(r, at, is->word, true, is->field, 0, mask);
  for (uint32_t k = 0; !err && k < SF_LEARN_CLASSES; k++)
    if ((mask >> k & 1) != 0) r->source[is->value][k] = code;
  return err;
}

static sf_err one_item(sf_rule_reader *r, const item *is, bool neuron, uint32_t mask) {
  const sf_rule_at at = r->token.at;
  int32_t value = 0;
  sf_err err = sf_rule_next(r);
  if (err) return err;
  if (is->kind == WHILE) return source(r, is, at, mask);
  err = value_of(r, is, neuron, &value);
  if (!err && is->field2 >= 0) err = put(r, at, is->word, neuron, is->field2, is->value, mask);
  return err ? err : put(r, at, is->word, neuron, is->field, value, mask);
}

static sf_err item_list(sf_rule_reader *r, const struct head *h, uint32_t mask) {
  for (bool more = true; more;) {
    char known[120] = "";
    const item *is = h->item;
    for (; is->word != NULL && !sf_rule_is(r, is->word); is++) {
      const size_t n = strlen(known);
      snprintf(known + n, sizeof known - n, "%s%s", n > 0 ? ", " : "", is->word);
    }
    if (is->word == NULL) return sf_rule_unexpected(r, known);
    sf_err err = one_item(r, is, h->neuron, mask);
    more = !err && r->token.kind == ',';
    if (more) err = sf_rule_next_in_line(r);
    if (err) return err;
  }
  return SF_OK;
}

/* w: lo .. hi */
static sf_err weights(sf_rule_reader *r, uint32_t mask) {
  const sf_rule_at at = r->token.at;
  int32_t lo, hi, least, most;
  range(r, true, SF_AT_NEURON_w_min, &least, &most);
  sf_err err = sf_rule_whole(r, "w", least, most, &lo);
  if (!err) err = sf_rule_expect(r, SF_TOKEN_RANGE, ".. and the largest weight");
  if (!err) err = sf_rule_whole(r, "w", lo, most, &hi);
  if (!err) err = put(r, at, "w", true, SF_AT_NEURON_w_min, lo, mask);
  return err ? err : put(r, at, "w", true, SF_AT_NEURON_w_max, hi, mask);
}

/* p0: condition */
static sf_err predicate(sf_rule_reader *r, int p) {
  const sf_rule_at at = r->token.at;
  sf_predicate is;
  sf_err err = sf_rule_condition_is(r, &is);
  if (err) return err;
  for (uint32_t i = 0; i < r->n_conditions; i++)
    if (r->condition[i].place == p) return sf_rule_fail(r, at, "p%d: has been said before", p);
  if (r->n_conditions == SF_RULE_MOST_CONDITIONS)
    return sf_rule_fail(r, at, "more than %d conditions: a core has %d", SF_RULE_MOST_CONDITIONS, SF_PREDICATES);
  r->condition[r->n_conditions++] = (sf_rule_condition){is, p, at};
  return SF_OK;
}

/* ---- dw = ... ----------------------------------------------------------------------------------------------- */

static sf_err terms(sf_rule_reader *r, const classes *of) {
  sf_sum sum;
  if (of->given && !of->both)
    return sf_rule_fail(r, of->at, "for, before dw: must be for AXON CLASSES -> LEARN CLASSES:");
  sf_err err = sf_rule_next(r);
  if (!err && r->token.kind != '=') err = sf_rule_unexpected(r, "= after dw");
  if (!err) err = sf_rule_next_in_line(r);
  if (!err) err = sf_rule_sum(r, 0, &sum);
  if (!err) err = sf_sum_finish(r, &sum);
  for (uint32_t i = 0; !err && i < sum.n; i++) {
    if (r->n_terms < SF_TERMS) r->term[r->n_terms] = (sf_rule_term){sum.product[i], of->axons, of->neurons};
    if (r->n_terms == SF_TERMS) r->beyond = sum.product[i].at;
    r->n_terms++;
  }
  return err;
}

static sf_err constants(sf_rule_reader *r, const classes *of) {
  const int p = sf_rule_predicate_name(&r->token);
  const struct head *h = NULL;
  for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++)
    if (sf_rule_is(r, heads[i].name)) h = &heads[i];
  const bool w = sf_rule_is(r, "w");
  if (h == NULL && p < 0 && !w)
    return sf_rule_unexpected(r, "dw =, for, or one of x1 x2 x y1 y2 y m xi w p0 p1 p2 p3 and :");
  if (of->both) return sf_rule_fail(r, of->at, "for, before constants: must be for CLASSES:, without ->");
  if (of->given && p >= 0) return sf_rule_fail(r, of->at, "for: predicates have no classes, they are the core's");
  sf_err err = sf_rule_next(r);
  if (!err && r->token.kind != ':') err = sf_rule_unexpected(r, ": (only dw has =)");
  if (!err) err = sf_rule_next_in_line(r);
  if (err) return err;
  if (p >= 0) return predicate(r, p);
  return w ? weights(r, of->neurons) : item_list(r, h, h->neuron ? of->neurons : of->axons);
}

sf_err sf_rule_statement(sf_rule_reader *r) {
  classes of;
  sf_err err = prefix(r, &of);
  if (err) return err;
  err = sf_rule_is(r, "dw") ? terms(r, &of) : constants(r, &of);
  if (!err && r->token.kind != SF_TOKEN_LINE && r->token.kind != SF_TOKEN_END)
    err = sf_rule_unexpected(r, "an operator, a comma, ; or the end of the line");
  return err;
}
