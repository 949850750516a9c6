/* rule_parse.c - expressions and conditions of a rule text. */
#include <stdio.h>
#include <string.h>

#include "files/rule_parts.h"

#define FACTORS "x0 x1 x2 e, y0 y1 y2 m sign(m) R xi, w (w_max - w) (w - w_min) sign(w) draw"
#define A_FACTOR "a number, 2^-n, ( or [, or one of " FACTORS

static const sf_product one = {.n = 1};

static void single(sf_sum *out, sf_product p, sf_rule_at at) {
  p.at = at;
  out->n = 1;
  out->product[0] = p;
}

/* ---- conditions --------------------------------------------------------------------------------------------- */

int sf_rule_predicate_name(const sf_token *t) {
  const bool is = t->kind == SF_TOKEN_NAME && t->n == 2 && t->text[0] == 'p' && t->text[1] >= '0' && t->text[1] <= '3';
  return is ? t->text[1] - '0' : -1;
}

static sf_err bound(sf_rule_reader *r, int32_t *value) {
  const int32_t VB = (int32_t)r->on->potential_bits, TB = (int32_t)r->on->trace_bits;
  (void)TB;
#define BOUND(field, standard, lo, hi) {#field, (lo), (hi)},
  const struct {
    const char *field;
    int32_t lo, hi;
  } row[] = {SF_PREDICATE_FIELDS(BOUND)};
  return sf_rule_whole(r, "a bound of", row[1].lo, row[1].hi, value);
}

static bool is_order(int kind) {
  return kind == '<' || kind == '>' || kind == SF_TOKEN_LE || kind == SF_TOKEN_GE || kind == SF_TOKEN_EQ;
}

/* The same seen from the other side. */
static int turned(int order) {
  switch (order) {
    case '<':
      return '>';
    case '>':
      return '<';
    case SF_TOKEN_LE:
      return SF_TOKEN_GE;
    case SF_TOKEN_GE:
      return SF_TOKEN_LE;
    default:
      return order;
  }
}

/* q ORDER value */
static void narrow(sf_predicate *is, int order, int32_t value) {
  if (order == SF_TOKEN_GE || order == SF_TOKEN_EQ) is->lo = value;
  if (order == '>') is->lo = value + 1;
  if (order == SF_TOKEN_LE || order == SF_TOKEN_EQ) is->hi = value + 1;
  if (order == '<') is->hi = value;
}

static sf_err quantity(sf_rule_reader *r, sf_predicate *is) {
  for (int32_t q = SF_OF_D; q <= SF_OF_Y2; q++)
    if (sf_rule_is(r, sf_rule_q[q])) {
      *is = (sf_predicate){.q = q, .lo = sf_rule_lowest(r->on, q), .hi = sf_rule_highest(r->on, q)};
      return sf_rule_next(r);
    }
  return sf_rule_unexpected(r, "d, y1 or y2");
}

static sf_err order(sf_rule_reader *r, int *kind, const char *allowed) {
  *kind = r->token.kind;
  return is_order(*kind) ? sf_rule_next(r) : sf_rule_unexpected(r, allowed);
}

/* lo ORDER q [ORDER hi] */
static sf_err from_below(sf_rule_reader *r, sf_predicate *is) {
  int32_t value;
  int kind = 0;
  sf_err err = bound(r, &value);
  if (!err) err = order(r, &kind, "< <= == >= >, and then d, y1 or y2");
  if (!err) err = quantity(r, is);
  if (err) return err;
  narrow(is, turned(kind), value);
  if ((kind != '<' && kind != SF_TOKEN_LE) || (r->token.kind != '<' && r->token.kind != SF_TOKEN_LE)) return SF_OK;
  kind = r->token.kind;
  err = sf_rule_next(r);
  if (!err) err = bound(r, &value);
  if (!err) narrow(is, kind, value);
  return err;
}

sf_err sf_rule_condition_is(sf_rule_reader *r, sf_predicate *is) {
  const sf_rule_at at = r->token.at;
  int32_t value;
  int kind = 0;
  sf_err err;
  if (r->token.kind == SF_TOKEN_NUMBER || r->token.kind == '-') err = from_below(r, is);
  else {
    err = quantity(r, is);
    if (!err) err = order(r, &kind, "< <= == >= or >");
    if (!err) err = bound(r, &value);
    if (!err) narrow(is, kind, value);
  }
  if (err) return err;
  sf_rule rule = {.predicate = {*is}};
  return sf_rule_holds(r, at, &rule);
}

static sf_err named(sf_rule_reader *r, int p, uint32_t *index) {
  for (uint32_t i = 0; i < r->n_conditions; i++)
    if (r->condition[i].place == p) {
      *index = i;
      return sf_rule_next(r);
    }
  return sf_rule_fail(r, r->token.at, "p%d: must be said above, such as p%d: -64 <= d < 64", p, p);
}

static sf_err found_or_new(sf_rule_reader *r, sf_rule_at at, const sf_predicate *is, uint32_t *index) {
  if (is->lo >= is->hi) return sf_rule_fail(r, at, "never holds: must be lo <= %s < hi with lo < hi", sf_rule_q[is->q]);
  for (uint32_t i = 0; i < r->n_conditions; i++) {
    const sf_predicate *have = &r->condition[i].is;
    *index = i;
    if (have->q == is->q && have->lo == is->lo && have->hi == is->hi) return SF_OK;
  }
  if (r->n_conditions == SF_RULE_MOST_CONDITIONS)
    return sf_rule_fail(r, at, "more than %d conditions: a core has %d", SF_RULE_MOST_CONDITIONS, SF_PREDICATES);
  *index = r->n_conditions++;
  r->condition[*index] = (sf_rule_condition){*is, -1, at};
  return SF_OK;
}

sf_err sf_rule_condition_code(sf_rule_reader *r, uint8_t *code) {
  const bool negated = r->token.kind == '!';
  uint32_t index = 0;
  sf_predicate is;
  sf_err err = negated ? sf_rule_next(r) : SF_OK;
  if (!err) err = sf_rule_expect(r, '[', "[ condition ]");
  if (err) return err;
  const sf_rule_at at = r->token.at;
  const int p = sf_rule_predicate_name(&r->token);
  if (p >= 0) err = named(r, p, &index);
  else {
    err = sf_rule_condition_is(r, &is);
    if (!err) err = found_or_new(r, at, &is, &index);
  }
  if (!err) err = sf_rule_expect(r, ']', "]");
  if (!err) *code = (uint8_t)(1 + 2 * index + negated);
  return err;
}

/* ---- factors ------------------------------------------------------------------------------------------------ */

static sf_err power_of_two(sf_rule_reader *r, sf_product *p) {
  int32_t n;
  if (p->n != 2 || p->s != 0) return sf_rule_fail(r, r->token.at, "^: must follow 2, there are powers of two only");
  sf_err err = sf_rule_next(r);
  if (!err) err = sf_rule_whole(r, "2 to the power of", -32, 31, &n);
  if (!err) *p = (sf_product){.n = 1, .s = -n};
  return err;
}

static sf_err number(sf_rule_reader *r, sf_sum *out) {
  const sf_rule_at at = r->token.at;
  sf_product p = {.n = r->token.number, .s = r->token.shift, .at = at};
  sf_err err = sf_rule_next(r);
  if (!err && r->token.kind == '^') err = power_of_two(r, &p);
  if (!err) single(out, p, at);
  return err;
}

/* sign(m), sign(w) */
static sf_err sign(sf_rule_reader *r, sf_sum *out, sf_rule_at at) {
  sf_product p = one;
  sf_err err = sf_rule_next(r);
  if (!err) err = sf_rule_expect(r, '(', "(m) or (w)");
  if (err) return err;
  if (sf_rule_is(r, "m")) p.g[0] = SF_G_SIGN_M;
  else if (sf_rule_is(r, "w")) p.h = SF_H_SIGN_W;
  else return sf_rule_unexpected(r, "m or w");
  err = sf_rule_next(r);
  if (!err) err = sf_rule_expect(r, ')', ")");
  if (!err) single(out, p, at);
  return err;
}

static sf_err name(sf_rule_reader *r, sf_sum *out) {
  static const struct {
    const char *name;
    sf_product is;
  } row[] = {{"x0", {.n = 1, .f = SF_F_X0}},   {"x1", {.n = 1, .f = SF_F_X1}},   {"x2", {.n = 1, .f = SF_F_X2}},
             {"e", {.n = 1, .f = SF_F_E}},     {"y0", {.n = 1, .g = {SF_G_Y0}}}, {"y1", {.n = 1, .g = {SF_G_Y1}}},
             {"y2", {.n = 1, .g = {SF_G_Y2}}}, {"m", {.n = 1, .g = {SF_G_M}}},   {"R", {.n = 1, .g = {SF_G_R}}},
             {"xi", {.n = 1, .g = {SF_G_XI}}}, {"w", {.n = 1, .h = SF_H_W}},     {"draw", {.n = 1, .h = SF_H_DRAW}}};
  const sf_rule_at at = r->token.at;
  if (sf_rule_is(r, "sign")) return sign(r, out, at);
  if (sf_rule_is(r, "w_max") || sf_rule_is(r, "w_min"))
    return sf_rule_fail(r, at, "%.5s: must stand in (w_max - w) or (w - w_min)", r->token.text);
  for (size_t i = 0; i < sizeof row / sizeof row[0]; i++)
    if (sf_rule_is(r, row[i].name)) {
      single(out, row[i].is, at);
      return sf_rule_next(r);
    }
  return sf_rule_unexpected(r, A_FACTOR);
}

/* Is what follows the ( these two names with - between them and )? Then go past it. */
static bool went_past(sf_rule_reader *r, const char *first, const char *second) {
  const sf_rule_reader before = *r;
  sf_msg unused;
  r->msg = &unused;
  bool is = !sf_rule_next(r) && sf_rule_is(r, first) && !sf_rule_next(r) && r->token.kind == '-' && !sf_rule_next(r) &&
            sf_rule_is(r, second) && !sf_rule_next(r) && r->token.kind == ')' && !sf_rule_next(r);
  if (!is) *r = before;
  r->msg = before.msg;
  return is;
}

static sf_err in_brackets(sf_rule_reader *r, int nested, sf_sum *out) {
  const sf_rule_at at = r->token.at;
  sf_product p = one;
  if (went_past(r, "w_max", "w")) p.h = SF_H_ABOVE;
  else if (went_past(r, "w", "w_min")) p.h = SF_H_BELOW;
  if (p.h != SF_H_ONE) {
    single(out, p, at);
    return SF_OK;
  }
  if (nested == SF_RULE_NESTED)
    return sf_rule_fail(r, at, "brackets within brackets: must be at most %d deep", SF_RULE_NESTED);
  sf_err err = sf_rule_next(r);
  if (!err) err = sf_rule_sum(r, nested + 1, out);
  return err ? err : sf_rule_expect(r, ')', "+ - * or )");
}

static sf_err factor(sf_rule_reader *r, int nested, sf_sum *out) {
  const sf_rule_at at = r->token.at;
  sf_product p = one;
  switch (r->token.kind) {
    case SF_TOKEN_NUMBER:
      return number(r, out);
    case SF_TOKEN_NAME:
      return name(r, out);
    case '(':
      return in_brackets(r, nested, out);
    case '[':
    case '!': {
      const sf_err err = sf_rule_condition_code(r, &p.when[0]);
      if (!err) single(out, p, at);
      return err;
    }
    default:
      return sf_rule_unexpected(r, A_FACTOR);
  }
}

/* With the signs in front of it. */
static sf_err signed_factor(sf_rule_reader *r, int nested, sf_sum *out) {
  bool negative = false;
  sf_err err = SF_OK;
  while (!err && (r->token.kind == '-' || r->token.kind == '+')) {
    negative ^= r->token.kind == '-';
    err = sf_rule_next_in_line(r);
  }
  if (!err) err = factor(r, nested, out);
  if (err || !negative) return err;
  for (uint32_t i = 0; i < out->n; i++) out->product[i].n = -out->product[i].n;
  return SF_OK;
}

static sf_err product(sf_rule_reader *r, int nested, sf_sum *out) {
  sf_sum next, all;
  sf_err err = signed_factor(r, nested, out);
  while (!err && (r->token.kind == '*' || r->token.kind == '[' || r->token.kind == '!')) {
    if (r->token.kind == '*') err = sf_rule_next_in_line(r);
    if (!err) err = signed_factor(r, nested, &next);
    if (!err) err = sf_sum_times(r, out, &next, &all);
    if (!err) *out = all;
  }
  return err;
}

sf_err sf_rule_sum(sf_rule_reader *r, int nested, sf_sum *out) {
  sf_sum next;
  sf_err err = product(r, nested, out);
  while (!err && (r->token.kind == '+' || r->token.kind == '-')) {
    const bool minus = r->token.kind == '-';
    err = sf_rule_next_in_line(r);
    if (!err) err = product(r, nested, &next);
    for (uint32_t i = 0; !err && i < next.n; i++) {
      next.product[i].n = minus ? -next.product[i].n : next.product[i].n;
      err = sf_sum_add(r, out, &next.product[i]);
    }
  }
  return err;
}
