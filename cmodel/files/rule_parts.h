/* rule_parts.h - between the parts of the rule reader: tokens (rule_token.c), sums of products (rule_sum.c),
 * expressions and conditions (rule_parse.c), statements (rule_statement.c), words (rule_print.c). */
#ifndef SYNFIRE_RULE_PARTS_H
#define SYNFIRE_RULE_PARTS_H

#include "files/rule_file.h"

/* ---- tokens ------------------------------------------------------------------------------------------------- */

/* Besides these a token is its character: = * + - ( ) [ ] ! , : ^ < > */
enum {
  SF_TOKEN_END = 256,
  SF_TOKEN_LINE,
  SF_TOKEN_NUMBER,
  SF_TOKEN_NAME,
  SF_TOKEN_ARROW,
  SF_TOKEN_RANGE,
  SF_TOKEN_LE,
  SF_TOKEN_GE,
  SF_TOKEN_EQ
};

typedef struct sf_rule_at {
  uint32_t line, column;
} sf_rule_at;

typedef struct sf_token {
  int kind;
  sf_rule_at at;
  const char *text;
  size_t n;
  int64_t number; /* SF_TOKEN_NUMBER: number * 2^-shift */
  int shift;
} sf_token;

typedef struct sf_rule_lexer {
  const char *next, *end, *line_start;
  uint32_t line;
  int depth; /* of brackets: a line does not end in them */
} sf_rule_lexer;

/* ---- sums of products --------------------------------------------------------------------------------------- */

#define SF_RULE_MOST_CONDITIONS 64
#define SF_RULE_MOST_PRODUCTS 64
#define SF_RULE_NESTED 12

typedef struct sf_rule_condition {
  sf_predicate is;
  int32_t place; /* among the predicates; -1: not known yet */
  sf_rule_at at;
} sf_rule_condition;

/* n * 2^-s * f * g1 * g2 * h, while both conditions hold. Factors in order, 1 last; a condition is 1 + 2*index, one
 * more when negated, in order, 0 (none) last. */
typedef struct sf_product {
  int64_t n;
  int32_t s;
  uint8_t f, g[2], h, when[2];
  sf_rule_at at;
} sf_product;

typedef struct sf_sum {
  uint32_t n;
  sf_product product[SF_RULE_MOST_PRODUCTS];
} sf_sum;

/* ---- the reader --------------------------------------------------------------------------------------------- */

typedef struct sf_rule_term { /* of the table, before conditions have their places */
  sf_product product;
  uint32_t axons, neurons;
} sf_rule_term;

typedef struct sf_rule_reader {
  sf_rule_lexer lexer;
  sf_token token; /* the one that is looked at */
  const sf_rule_widths *on;
  sf_msg *msg;
  sf_rule_condition condition[SF_RULE_MOST_CONDITIONS];
  uint32_t n_conditions;
  sf_rule_term term[SF_TERMS];
  uint32_t n_terms;                    /* may be more than there are places */
  sf_rule_at beyond;                   /* the first that has none */
  uint8_t source[2][SF_LEARN_CLASSES]; /* of y1 and y2, as in sf_product.when */
  sf_rule_file *out;
} sf_rule_reader;

/* sf_rule_fail() - one line that begins with the place. */
sf_err sf_rule_fail(const sf_rule_reader *r, sf_rule_at at, const char *fmt, ...) SF_PRINTF(3, 4);
/* sf_rule_unexpected() - the token that stands there is not what may. */
sf_err sf_rule_unexpected(const sf_rule_reader *r, const char *allowed);

/* sf_rule_next() - go to the next token. sf_rule_next_in_line(): past ends of lines, after an operator. */
SF_MUST_CHECK sf_err sf_rule_next(sf_rule_reader *r);
SF_MUST_CHECK sf_err sf_rule_next_in_line(sf_rule_reader *r);
bool sf_rule_is(const sf_rule_reader *r, const char *name); /* a name, and this one? */
/* sf_rule_expect() - must be `kind`; go on. */
SF_MUST_CHECK sf_err sf_rule_expect(sf_rule_reader *r, int kind, const char *allowed);
/* sf_rule_whole() - a whole number, perhaps with -, in lo .. hi; `name` is what the message calls it. */
SF_MUST_CHECK sf_err sf_rule_whole(sf_rule_reader *r, const char *name, int64_t lo, int64_t hi, int32_t *value);

SF_MUST_CHECK sf_err sf_sum_add(const sf_rule_reader *r, sf_sum *sum, const sf_product *p);
SF_MUST_CHECK sf_err sf_sum_times(const sf_rule_reader *r, const sf_sum *a, const sf_sum *b, sf_sum *out);
/* sf_sum_finish() - drop what is 0, but for a single product; coefficients become c and s in n and s. */
SF_MUST_CHECK sf_err sf_sum_finish(const sf_rule_reader *r, sf_sum *sum);

/* sf_rule_sum() - an expression. sf_rule_condition_code() - [ ... ] or ![ ... ], as in sf_product.when.
 * sf_rule_condition_is() - what stands between the brackets, but for p0 .. p3. */
SF_MUST_CHECK sf_err sf_rule_sum(sf_rule_reader *r, int nested, sf_sum *out);
SF_MUST_CHECK sf_err sf_rule_condition_code(sf_rule_reader *r, uint8_t *code);
SF_MUST_CHECK sf_err sf_rule_condition_is(sf_rule_reader *r, sf_predicate *is);
/* sf_rule_predicate_name() - the p of "p0" .. "p3", or -1. */
int sf_rule_predicate_name(const sf_token *token);

/* sf_rule_statement() - one statement, of rule_statement.c. */
SF_MUST_CHECK sf_err sf_rule_statement(sf_rule_reader *r);

/* sf_rule_holds() - sf_rule_check() on a core of these widths; the message begins with the place. */
SF_MUST_CHECK sf_err sf_rule_holds(const sf_rule_reader *r, sf_rule_at at, const sf_rule *rule);

/* Sides of a condition that are open on this core. */
int32_t sf_rule_lowest(const sf_rule_widths *on, int32_t q);
int32_t sf_rule_highest(const sf_rule_widths *on, int32_t q);

extern const char *const sf_rule_f[SF_F_E + 1], *const sf_rule_g[SF_G_XI + 1], *const sf_rule_h[SF_H_DRAW + 1],
                                                                                   *const sf_rule_q[SF_OF_Y2 + 1];

#endif
