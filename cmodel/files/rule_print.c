/* rule_print.c - a rule as text that is parsed to the same table, and a term in words. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files/rule_parts.h"

#define ALL 65535u
#define WIDE 90 /* a sum goes on in the next line beyond */

const char *const sf_rule_f[SF_F_E + 1] = {"1", "x0", "x1", "x2", "x0*x1", "x0*x2", "e"};
const char *const sf_rule_g[SF_G_XI + 1] = {"1", "y0", "y1", "y2", "m", "sign(m)", "R", "xi"};
const char *const sf_rule_h[SF_H_DRAW + 1] = {"1", "w", "(w_max - w)", "(w - w_min)", "sign(w)", "draw"};
const char *const sf_rule_q[SF_OF_Y2 + 1] = {"d", "y1", "y2"};

int32_t sf_rule_lowest(const sf_rule_widths *on, int32_t q) {
  return q == SF_OF_D ? -(1 << (on->potential_bits - 1)) : 0;
}

int32_t sf_rule_highest(const sf_rule_widths *on, int32_t q) {
  return 1 << (q == SF_OF_D ? on->potential_bits - 1 : on->trace_bits);
}

typedef struct text {
  char *s;
  size_t n, room;
} text;

static void add(text *t, const char *fmt, ...) SF_PRINTF(2, 3);
static void add(text *t, const char *fmt, ...) {
  va_list args;
  va_start(args, fmt);
  const int n = vsnprintf(t->s + t->n, t->room - t->n, fmt, args);
  va_end(args);
  if (n > 0) t->n += (size_t)n < t->room - t->n ? (size_t)n : t->room - t->n - 1;
}

/* 0..3,5 */
static void add_classes(text *t, uint32_t mask) {
  const char *comma = "";
  if (mask == ALL || mask == 0) add(t, "%s", mask == 0 ? "none" : "all");
  for (uint32_t i = 0; mask != ALL && i < 16; i++) {
    uint32_t last = i;
    if ((mask >> i & 1) == 0) continue;
    while (last < 15 && (mask >> (last + 1) & 1) != 0) last++;
    add(t, "%s%u", comma, i);
    if (last > i) add(t, "%s%u", last > i + 1 ? ".." : ",", last);
    comma = ",";
    i = last;
  }
}

/* ---- conditions: said where they are used, or before, when their places would not come out ------------------- */

static bool same_predicate(const sf_predicate *a, const sf_predicate *b) {
  return a->q == b->q && a->lo == b->lo && a->hi == b->hi;
}

static void use(uint32_t order[SF_PREDICATES], uint32_t *n, int32_t when) {
  const uint32_t p = (uint32_t)(when - 1) % SF_PREDICATES;
  if (when == SF_WHEN_ALWAYS) return;
  for (uint32_t i = 0; i < *n; i++)
    if (order[i] == p) return;
  order[(*n)++] = p;
}

/* In the order in which the reader gives places. */
static uint32_t used(const sf_rule_file *f, uint32_t order[SF_PREDICATES]) {
  uint32_t n = 0;
  for (uint32_t i = 0; i < f->rule.n_terms; i++) {
    use(order, &n, f->rule.term[i].when1);
    use(order, &n, f->rule.term[i].when2);
  }
  for (uint32_t k = 0; k < SF_LEARN_CLASSES; k++)
    if ((f->neuron_given[k] >> SF_AT_NEURON_y1_source & 1) != 0) use(order, &n, f->neuron[k].y1_source);
  for (uint32_t k = 0; k < SF_LEARN_CLASSES; k++)
    if ((f->neuron_given[k] >> SF_AT_NEURON_y2_source & 1) != 0) use(order, &n, f->neuron[k].y2_source);
  return n;
}

static bool is_never(const sf_term *t) {
  return t->when1 != t->when2 && t->when1 != 0 && t->when2 != 0 && (t->when1 - t->when2) % SF_PREDICATES == 0;
}

static bool places_come_out(const sf_rule_file *f, const uint32_t order[SF_PREDICATES], uint32_t n) {
  static const sf_predicate nothing;
  const sf_predicate *at = f->rule.predicate;
  for (uint32_t i = 0; i < f->rule.n_terms; i++)
    if (is_never(&f->rule.term[i])) return false; /* the reader drops its conditions */
  for (uint32_t i = 0; i < SF_PREDICATES; i++) {
    if (i < n ? order[i] != i || at[i].lo >= at[i].hi : !same_predicate(&at[i], &nothing)) return false;
    for (uint32_t k = 0; i < n && k < i; k++)
      if (same_predicate(&at[i], &at[k])) return false;
  }
  return true;
}

static void add_predicates(text *t, const sf_rule_file *f, const uint32_t order[SF_PREDICATES], uint32_t n) {
  static const sf_predicate nothing;
  for (uint32_t p = 0; p < SF_PREDICATES; p++) {
    const sf_predicate *is = &f->rule.predicate[p];
    bool wanted = !same_predicate(is, &nothing);
    for (uint32_t i = 0; i < n; i++) wanted |= order[i] == p;
    if (wanted) add(t, "p%u: %d <= %s < %d\n", p, is->lo, sf_rule_q[is->q], is->hi);
  }
}

typedef struct context {
  const sf_rule *rule;
  const sf_rule_widths *on;
  bool by_name; /* [p0] */
} context;

static void add_condition(text *t, const context *c, int32_t when) {
  const int32_t p = (when - 1) % SF_PREDICATES;
  const sf_predicate *is = &c->rule->predicate[p];
  const char *q = sf_rule_q[is->q];
  const bool from_lowest = is->lo == sf_rule_lowest(c->on, is->q), to_highest = is->hi == sf_rule_highest(c->on, is->q);
  add(t, when > SF_PREDICATES ? "![" : "[");
  if (c->by_name) add(t, "p%d", p);
  else if (to_highest && !from_lowest) add(t, "%s >= %d", q, is->lo);
  else if (from_lowest && !to_highest) add(t, "%s < %d", q, is->hi);
  else add(t, "%d <= %s < %d", is->lo, q, is->hi);
  add(t, "]");
}

/* ---- terms -------------------------------------------------------------------------------------------------- */

static void add_factors(text *t, const char *between, const char *const *factor, size_t n) {
  for (size_t i = 0; i < n; i++)
    if (strcmp(factor[i], "1") != 0) {
      add(t, "%s%s", between, factor[i]);
      between = "*";
    }
}

/* Without its sign. */
static void add_term(text *t, const context *c, const sf_term *is) {
  const char *const factor[] = {sf_rule_f[is->f], sf_rule_g[is->g1], sf_rule_g[is->g2], sf_rule_h[is->h]};
  const int32_t size = abs(is->c);
  size_t from = t->n;
  if (size != 1) add(t, "%d", size);
  if (is->s > 0) add(t, "%s2^-%d", t->n > from ? "*" : "", is->s);
  add_factors(t, t->n > from ? "*" : "", factor, 4);
  if (t->n == from && is->when1 == SF_WHEN_ALWAYS && is->when2 == SF_WHEN_ALWAYS) add(t, "1");
  if (is->when1 != SF_WHEN_ALWAYS) {
    add(t, "%s", t->n > from ? "*" : "");
    add_condition(t, c, is->when1);
  }
  if (is->when2 != SF_WHEN_ALWAYS) {
    add(t, "%s", t->n > from ? "*" : "");
    add_condition(t, c, is->when2);
  }
}

static void swap(int32_t *a, int32_t *b) {
  const int32_t first = *a;
  *a = *b;
  *b = first;
}

/* As the reader has it: factors and conditions in order, 1 last. */
static sf_term in_order(const sf_term *is) {
  sf_term t = *is;
  if (t.g1 == t.g2 && (t.g1 == SF_G_Y0 || t.g1 == SF_G_XI)) t.g2 = SF_G_ONE;
  if (is->g1 == is->g2 && t.g1 == SF_G_XI) t.g1 = SF_G_ONE;
  if (t.g1 == SF_G_ONE || (t.g2 != SF_G_ONE && t.g2 < t.g1)) swap(&t.g1, &t.g2);
  if (t.when1 == t.when2) t.when2 = SF_WHEN_ALWAYS;
  if (t.when1 == SF_WHEN_ALWAYS || (t.when2 != SF_WHEN_ALWAYS && t.when2 < t.when1)) swap(&t.when1, &t.when2);
  return t;
}

static bool same_factors(const sf_term *left, const sf_term *right) {
  const sf_term a = in_order(left), b = in_order(right);
  return a.f == b.f && a.g1 == b.g1 && a.g2 == b.g2 && a.h == b.h && a.when1 == b.when1 && a.when2 == b.when2;
}

/* Can term `i` stand in the statement that begins with `first`? Equal ones would be added there, and 0 dropped. */
static bool goes_on(const sf_rule *rule, uint32_t first, uint32_t i) {
  const sf_term *t = &rule->term[i], *begin = &rule->term[first];
  const bool nothing = t->c == 0 || begin->c == 0 || is_never(t) || is_never(begin);
  if (i == first || nothing || t->axon_classes != begin->axon_classes || t->learn_classes != begin->learn_classes)
    return false;
  for (uint32_t k = first; k < i; k++)
    if (same_factors(&rule->term[k], t)) return false;
  return true;
}

static void add_for(text *t, uint32_t axons, uint32_t neurons) {
  if (axons == ALL && neurons == ALL) return;
  add(t, "for ");
  add_classes(t, axons);
  add(t, " -> ");
  add_classes(t, neurons);
  add(t, ": ");
}

static void add_terms(text *t, const context *c) {
  uint32_t first = 0;
  size_t line = t->n;
  for (uint32_t i = 0; i < c->rule->n_terms; i++) {
    const sf_term *is = &c->rule->term[i];
    if (goes_on(c->rule, first, i)) {
      add(t, " %c", is->c < 0 ? '-' : '+');
      if (t->n - line > WIDE) {
        add(t, "\n    ");
        line = t->n;
      }
      add(t, " ");
    } else {
      add(t, "%s", i > 0 ? "\n" : "");
      line = t->n;
      first = i;
      add_for(t, (uint32_t)is->axon_classes, (uint32_t)is->learn_classes);
      add(t, "dw = %s", is->c < 0 ? "-" : "");
    }
    add_term(t, c, is);
  }
  add(t, c->rule->n_terms > 0 ? "\n" : "# no term\n");
}

/* ---- constants: each kind of statement once for all classes in which it says the same ------------------------ */

typedef struct statement {
  const char *name;
  bool neuron;
  uint32_t fields; /* that it gives */
  void (*add_items)(text *t, const context *c, const int32_t *value, uint32_t given, const char *name);
} statement;

#define BIT(at) (1u << (at))

static const char *comma(const text *t) { return t->n > 0 && t->s[t->n - 1] == ':' ? "" : ","; }

static void add_trace(text *t, uint32_t given, int decay, int mode, int step, const int32_t *value) {
  static const char *const modes[] = {"add", "set", "slide"};
  if ((given & BIT(decay)) != 0) add(t, "%s decay %d", comma(t), value[decay]);
  if ((given & BIT(step)) != 0) add(t, "%s %s %d", comma(t), modes[value[mode]], value[step]);
}

static void add_x(text *t, const context *c, const int32_t *v, uint32_t given, const char *name) {
  (void)c;
  if (name[1] == '1') add_trace(t, given, SF_AT_AXON_x1_decay, SF_AT_AXON_x1_mode, SF_AT_AXON_x1_step, v);
  else add_trace(t, given, SF_AT_AXON_x2_decay, SF_AT_AXON_x2_mode, SF_AT_AXON_x2_step, v);
}

static void add_y(text *t, const context *c, const int32_t *v, uint32_t given, const char *name) {
  const bool first = name[1] == '1';
  const int source = first ? SF_AT_NEURON_y1_source : SF_AT_NEURON_y2_source;
  if (first) add_trace(t, given, SF_AT_NEURON_y1_decay, SF_AT_NEURON_y1_mode, SF_AT_NEURON_y1_step, v);
  else add_trace(t, given, SF_AT_NEURON_y2_decay, SF_AT_NEURON_y2_mode, SF_AT_NEURON_y2_step, v);
  if ((given & BIT(source)) == 0) return;
  add(t, "%s %s", comma(t), v[source] == SF_WHEN_SPIKE ? "spikes" : "while ");
  if (v[source] != SF_WHEN_SPIKE) add_condition(t, c, v[source]);
}

static void add_keep(text *t, const context *c, const int32_t *v, uint32_t given, const char *name) {
  (void)c;
  (void)v;
  (void)given;
  (void)name;
  add(t, " keep");
}

static void add_m(text *t, const context *c, const int32_t *v, uint32_t given, const char *name) {
  (void)c;
  (void)name;
  if ((given & BIT(SF_AT_NEURON_clamp)) != 0) add(t, " clamp %d", v[SF_AT_NEURON_clamp]);
  else if ((given & BIT(SF_AT_NEURON_third)) != 0)
    add(t, " %s", v[SF_AT_NEURON_third] == SF_THIRD_HOST ? "host" : "modulatory");
  if ((given & BIT(SF_AT_NEURON_third_shift)) != 0) add(t, "%s shift %d", comma(t), v[SF_AT_NEURON_third_shift]);
  if ((given & BIT(SF_AT_NEURON_one_sided)) != 0)
    add(t, "%s %s", comma(t), v[SF_AT_NEURON_one_sided] != 0 ? "one_sided" : "two_sided");
  if ((given & BIT(SF_AT_NEURON_sends)) != 0) add(t, "%s sends", comma(t));
}

static void add_w(text *t, const context *c, const int32_t *v, uint32_t given, const char *name) {
  (void)c;
  (void)given;
  (void)name;
  add(t, " %d .. %d", v[SF_AT_NEURON_w_min], v[SF_AT_NEURON_w_max]);
}

static void add_xi(text *t, const context *c, const int32_t *v, uint32_t given, const char *name) {
  (void)c;
  (void)v;
  (void)given;
  (void)name;
  add(t, " noise");
}

#define TRACE_FIELDS(at) (BIT(at##_decay) | BIT(at##_mode) | BIT(at##_step))
static const statement statements[] = {
    {"x1", false, TRACE_FIELDS(SF_AT_AXON_x1), add_x},
    {"x2", false, TRACE_FIELDS(SF_AT_AXON_x2), add_x},
    {"x", false, BIT(SF_AT_AXON_keep), add_keep},
    {"y1", true, TRACE_FIELDS(SF_AT_NEURON_y1) | BIT(SF_AT_NEURON_y1_source), add_y},
    {"y2", true, TRACE_FIELDS(SF_AT_NEURON_y2) | BIT(SF_AT_NEURON_y2_source), add_y},
    {"y", true, BIT(SF_AT_NEURON_y_keep), add_keep},
    {"m", true,
     BIT(SF_AT_NEURON_third) | BIT(SF_AT_NEURON_clamp) | BIT(SF_AT_NEURON_third_shift) | BIT(SF_AT_NEURON_one_sided) |
         BIT(SF_AT_NEURON_sends),
     add_m},
    {"xi", true, BIT(SF_AT_NEURON_xi_noise), add_xi},
    {"w", true, BIT(SF_AT_NEURON_w_min) | BIT(SF_AT_NEURON_w_max), add_w},
};

static const int32_t *values(const sf_rule_file *f, bool neuron, uint32_t k) {
  return neuron ? (const int32_t *)&f->neuron[k] : (const int32_t *)&f->axon[k];
}

static uint32_t given(const sf_rule_file *f, const statement *s, uint32_t k) {
  return (s->neuron ? f->neuron_given[k] : f->axon_given[k]) & s->fields;
}

static bool say_the_same(const sf_rule_file *f, const statement *s, uint32_t a, uint32_t b) {
  const uint32_t bits = given(f, s, a);
  if (bits != given(f, s, b)) return false;
  for (uint32_t i = 0; i < 32; i++)
    if ((bits >> i & 1) != 0 && values(f, s->neuron, a)[i] != values(f, s->neuron, b)[i]) return false;
  return true;
}

static void add_statement(text *t, const context *c, const sf_rule_file *f, const statement *s) {
  uint32_t done = 0;
  for (uint32_t k = 0; k < SF_AXON_CLASSES; k++) {
    uint32_t mask = 0;
    if ((done >> k & 1) != 0 || given(f, s, k) == 0) continue;
    for (uint32_t other = k; other < SF_AXON_CLASSES; other++)
      if (say_the_same(f, s, k, other)) mask |= 1u << other;
    done |= mask;
    if (mask != ALL) {
      add(t, "for ");
      add_classes(t, mask);
      add(t, ": ");
    }
    add(t, "%s:", s->name);
    s->add_items(t, c, values(f, s->neuron, k), given(f, s, k), s->name);
    add(t, "\n");
  }
}

/* ---- as a whole --------------------------------------------------------------------------------------------- */

void sf_rule_file_print(const sf_rule_file *file, const sf_rule_widths *on, char buffer[SF_RULE_TEXT]) {
  uint32_t order[SF_PREDICATES];
  text t = {buffer, 0, SF_RULE_TEXT};
  buffer[0] = '\0';
  const uint32_t n = used(file, order);
  const context c = {&file->rule, on, !places_come_out(file, order, n)};
  if (c.by_name) add_predicates(&t, file, order, n);
  add_terms(&t, &c);
  for (size_t i = 0; i < sizeof statements / sizeof statements[0]; i++) add_statement(&t, &c, file, &statements[i]);
}

void sf_rule_print(const sf_rule *rule, const sf_rule_widths *on, char buffer[SF_RULE_TEXT]) {
  const sf_rule_file alone = {.rule = *rule};
  sf_rule_file_print(&alone, on, buffer);
}

static void add_both_conditions(text *t, const context *c, const sf_term *is) {
  if (is->when1 != SF_WHEN_ALWAYS) add_condition(t, c, is->when1);
  if (is->when1 != SF_WHEN_ALWAYS && is->when2 != SF_WHEN_ALWAYS) add(t, " ");
  if (is->when2 != SF_WHEN_ALWAYS) add_condition(t, c, is->when2);
  if (t->n == 0) add(t, "always");
}

void sf_term_in_words(const sf_rule *rule, uint32_t term, const sf_rule_widths *on, sf_term_words *words) {
  const sf_term *is = &rule->term[term];
  const context c = {rule, on, false};
  const char *const g[] = {sf_rule_g[is->g1], sf_rule_g[is->g2]};
  *words = (sf_term_words){.f = ""};
  text t_g = {words->g, 0, sizeof words->g}, t_when = {words->when, 0, sizeof words->when},
       t_axons = {words->axons, 0, sizeof words->axons}, t_neurons = {words->neurons, 0, sizeof words->neurons};
  snprintf(words->f, sizeof words->f, "%s", sf_rule_f[is->f]);
  snprintf(words->h, sizeof words->h, "%s", sf_rule_h[is->h]);
  add_factors(&t_g, "", g, 2);
  if (t_g.n == 0) add(&t_g, "1");
  add_both_conditions(&t_when, &c, is);
  add_classes(&t_axons, (uint32_t)is->axon_classes);
  add_classes(&t_neurons, (uint32_t)is->learn_classes);
}
