/* rule_file.c - see rule_file.h: a text as a whole, its table, the core it goes into. */
#include "files/rule_file.h"

#include <stdlib.h>
#include <string.h>

#include "files/file_util.h"
#include "files/input_file.h"
#include "files/rule_parts.h"

sf_err sf_rule_holds(const sf_rule_reader *r, sf_rule_at at, const sf_rule *rule) {
  sf_msg why = {""};
  sf_learning learning = {.trace_bits = r->on->trace_bits};
  const sf_core_net core = {
      .weight_bits = r->on->weight_bits, .potential_bits = r->on->potential_bits, .learning = &learning};
  if (!sf_rule_check(&core, 0, rule, &why)) return SF_OK;
  static const char alone[] = "term[0]: "; /* it has its place in the text */
  const char *field = strrchr(why.text, '/');
  field = field != NULL ? field + 1 : why.text;
  if (strncmp(field, alone, sizeof alone - 1) == 0) field += sizeof alone - 1;
  (void)sf_rule_fail(r, at, "%s", field);
  return SF_EINVAL;
}

/* The places that are left go to the conditions in order of their use. */
static sf_err take_place(sf_rule_reader *r, uint32_t index) {
  bool taken[SF_PREDICATES] = {false};
  uint32_t different = 1;
  if (r->condition[index].place >= 0) return SF_OK;
  for (uint32_t i = 0; i < r->n_conditions; i++)
    if (r->condition[i].place >= 0) {
      taken[r->condition[i].place] = true;
      different++;
    }
  for (int32_t p = 0; p < SF_PREDICATES; p++)
    if (!taken[p]) {
      r->condition[index].place = p;
      return SF_OK;
    }
  return sf_rule_fail(r, r->condition[index].at,
                      "condition number %u: a core has %d (one and its negation are the same)", different,
                      SF_PREDICATES);
}

static sf_err when(sf_rule_reader *r, uint8_t code, int32_t *field) {
  const uint32_t index = (uint32_t)(code - 1) / 2;
  *field = SF_WHEN_ALWAYS;
  if (code == 0) return SF_OK;
  const sf_err err = take_place(r, index);
  if (err) return err;
  const int32_t p = r->condition[index].place;
  *field = (code - 1) % 2 != 0 ? SF_UNLESS(p) : SF_WHEN(p);
  return SF_OK;
}

static int32_t predicate_of(int32_t when) { return (when - 1) % SF_PREDICATES; }

static sf_err table_term(sf_rule_reader *r, const sf_rule_term *from, sf_term *t) {
  const sf_product *p = &from->product;
  *t = (sf_term){.c = (int32_t)p->n,
                 .s = p->s,
                 .f = p->f,
                 .g1 = p->g[0],
                 .g2 = p->g[1],
                 .h = p->h,
                 .axon_classes = (int32_t)from->axons,
                 .learn_classes = (int32_t)from->neurons};
  sf_err err = when(r, p->when[0], &t->when1);
  if (!err) err = when(r, p->when[1], &t->when2);
  if (err) return err;
  if (t->when2 != SF_WHEN_ALWAYS && predicate_of(t->when1) > predicate_of(t->when2)) {
    const int32_t first = t->when1;
    t->when1 = t->when2;
    t->when2 = first;
  }
  const sf_rule alone = {.term = {*t}, .n_terms = 1};
  return sf_rule_holds(r, p->at, &alone);
}

static sf_err sources(sf_rule_reader *r) {
  sf_err err = SF_OK;
  for (uint32_t k = 0; !err && k < SF_LEARN_CLASSES; k++)
    if (r->source[0][k] != 0) err = when(r, r->source[0][k], &r->out->neuron[k].y1_source);
  for (uint32_t k = 0; !err && k < SF_LEARN_CLASSES; k++)
    if (r->source[1][k] != 0) err = when(r, r->source[1][k], &r->out->neuron[k].y2_source);
  return err;
}

static sf_err table(sf_rule_reader *r) {
  sf_rule *rule = &r->out->rule;
  sf_err err = SF_OK;
  if (r->n_terms > SF_TERMS) {
    (void)sf_rule_fail(r, r->beyond, "the rule takes %u terms: a table has at most %d", r->n_terms, SF_TERMS);
    return SF_EINVAL;
  }
  rule->n_terms = r->n_terms;
  for (uint32_t i = 0; !err && i < r->n_terms; i++) err = table_term(r, &r->term[i], &rule->term[i]);
  if (!err) err = sources(r);
  for (uint32_t i = 0; i < r->n_conditions; i++)
    if (r->condition[i].place >= 0) rule->predicate[r->condition[i].place] = r->condition[i].is;
  return err;
}

static sf_err statements(sf_rule_reader *r) {
  sf_err err = sf_rule_next(r);
  while (!err && r->token.kind != SF_TOKEN_END) {
    if (r->token.kind != SF_TOKEN_LINE) err = sf_rule_statement(r);
    if (!err && r->token.kind == SF_TOKEN_LINE) err = sf_rule_next(r);
  }
  return err;
}

static void begin(sf_rule_file *f, const sf_rule_widths *on) {
  *f = (sf_rule_file){.rule = {.n_terms = 0}};
  for (uint32_t i = 0; i < SF_TERMS; i++) f->rule.term[i] = sf_term_default();
  for (uint32_t i = 0; i < SF_AXON_CLASSES; i++) f->axon[i] = sf_axon_class_default();
  for (uint32_t i = 0; i < SF_LEARN_CLASSES; i++) f->neuron[i] = sf_learn_profile_default(on->weight_bits);
}

static sf_err check_widths(const sf_rule_widths *on, sf_msg *msg) {
  const struct {
    const char *name;
    uint32_t value, lo, hi;
  } row[] = {{"TRACE_BITS", on->trace_bits, 3, 16},
             {"POTENTIAL_BITS", on->potential_bits, 8, 24},
             {"WEIGHT_BITS", on->weight_bits, 2, 16}};
  for (size_t i = 0; i < sizeof row / sizeof row[0]; i++)
    if (row[i].value < row[i].lo || row[i].value > row[i].hi)
      return sf_fail(msg, SF_EINVAL, "%s = %u: must be %u .. %u", row[i].name, row[i].value, row[i].lo, row[i].hi);
  if ((on->weight_bits & (on->weight_bits - 1)) != 0)
    return sf_fail(msg, SF_EINVAL, "WEIGHT_BITS = %u: must be 2, 4, 8 or 16", on->weight_bits);
  return SF_OK;
}

sf_err sf_rule_parse(const char *text, size_t length, const sf_rule_widths *on, sf_rule_file *out, sf_msg *msg) {
  const sf_err err = check_widths(on, msg);
  if (err) return err;
  if (length > SF_RULE_MAX_BYTES) return sf_fail(msg, SF_EFORMAT, "larger than %d bytes", SF_RULE_MAX_BYTES);
  const char *why_not = sf_not_text(text, length);
  if (why_not != NULL) return sf_fail(msg, SF_EFORMAT, "no rule: %s", why_not);
  sf_rule_file file;
  begin(&file, on);
  sf_rule_reader r = {.lexer = {text, text + length, text, 1, 0}, .on = on, .msg = msg, .out = &file};
  sf_err read = statements(&r);
  if (!read) read = table(&r);
  if (!read) *out = file;
  return read;
}

sf_err sf_rule_read(const char *path, const sf_rule_widths *on, sf_rule_file *out, sf_msg *msg) {
  char *text;
  size_t length;
  sf_input in;
  sf_err err = sf_input_open(path, &in, msg);
  if (err) return err;
  err = sf_file_read(in.path, SF_RULE_MAX_BYTES, &text, &length, msg);
  if (err) sf_rename(msg, in.path, in.name);
  else {
    err = sf_rule_parse(text, length, on, out, msg);
    if (err) err = sf_prefix(msg, err, in.name);
    free(text);
  }
  sf_input_close(&in);
  return err;
}

/* What is given, over what is there. */
static void copy_given(void *to, const void *from, uint32_t given, uint32_t fields) {
  for (uint32_t i = 0; i < fields; i++)
    if ((given >> i & 1) != 0)
      memcpy((char *)to + i * sizeof(int32_t), (const char *)from + i * sizeof(int32_t), sizeof(int32_t));
}

void sf_rule_apply(const sf_rule_file *file, sf_core_net *core) {
  sf_learning *l = core->learning;
  l->rule = file->rule;
  for (uint32_t k = 0; k < SF_AXON_CLASSES; k++)
    copy_given(&l->axon_class[k], &file->axon[k], file->axon_given[k], SF_AXON_FIELDS);
  for (uint32_t i = 0; i < core->n_profiles; i++) {
    const uint32_t k = (uint32_t)l->profile[i].learn_class % SF_LEARN_CLASSES;
    copy_given(&l->profile[i], &file->neuron[k], file->neuron_given[k], SF_NEURON_FIELDS);
  }
}
