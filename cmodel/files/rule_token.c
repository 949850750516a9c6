/* rule_token.c - the tokens of a rule text. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "files/rule_parts.h"

#define MOST_DIGITS 15

sf_err sf_rule_fail(const sf_rule_reader *r, sf_rule_at at, const char *fmt, ...) {
  char text[400];
  va_list args;
  va_start(args, fmt);
  vsnprintf(text, sizeof text, fmt, args);
  va_end(args);
  return sf_fail(r->msg, SF_EFORMAT, "line %u, column %u: %s", at.line, at.column, text);
}

sf_err sf_rule_unexpected(const sf_rule_reader *r, const char *allowed) {
  const sf_token *t = &r->token;
  if (t->kind == SF_TOKEN_END) return sf_rule_fail(r, t->at, "ends here: must be %s", allowed);
  if (t->kind == SF_TOKEN_LINE && *t->text == '\n')
    return sf_rule_fail(r, t->at, "the line ends here: must be %s", allowed);
  return sf_rule_fail(r, t->at, "'%.*s%s': must be %s", (int)(t->n < 24 ? t->n : 24), t->text, t->n < 24 ? "" : "...",
                      allowed);
}

static sf_rule_at place(const sf_rule_lexer *l) {
  return (sf_rule_at){l->line, (uint32_t)(l->next - l->line_start) + 1};
}

static size_t digits(const sf_rule_lexer *l, size_t from) {
  size_t n = from;
  while (l->next + n < l->end && isdigit((unsigned char)l->next[n])) n++;
  return n;
}

/* Tenths and hundredths are halves and quarters, or are refused: number/10^k = (number/5^k)/2^k. */
static sf_err exact(const sf_rule_reader *r, sf_token *t, size_t decimals) {
  for (size_t i = 0; i < decimals; i++) {
    if (t->number % 5 != 0)
      return sf_rule_fail(r, t->at, "%.*s: must be a multiple of a power of two, such as 0.25 or 2^-2", (int)t->n,
                          t->text);
    t->number /= 5;
  }
  t->shift = (int)decimals;
  return SF_OK;
}

static sf_err number(sf_rule_reader *r, sf_token *t) {
  sf_rule_lexer *l = &r->lexer;
  size_t n = digits(l, 0), decimals = 0;
  const size_t whole = n;
  if (l->next + n + 1 < l->end && l->next[n] == '.' && isdigit((unsigned char)l->next[n + 1])) {
    n = digits(l, n + 1);
    decimals = n - whole - 1;
  }
  t->kind = SF_TOKEN_NUMBER;
  t->n = n;
  if (whole + decimals > MOST_DIGITS) return sf_rule_fail(r, t->at, "a number has at most %d digits", MOST_DIGITS);
  for (size_t i = 0; i < n; i++)
    if (i != whole) t->number = 10 * t->number + (t->text[i] - '0');
  return exact(r, t, decimals);
}

static void name(const sf_rule_lexer *l, sf_token *t) {
  t->kind = SF_TOKEN_NAME;
  t->n = 0;
  while (l->next + t->n < l->end && (isalnum((unsigned char)t->text[t->n]) || t->text[t->n] == '_')) t->n++;
}

/* ; and the end of a line end a statement, but not in brackets. */
static void skip(sf_rule_lexer *l) {
  for (; l->next < l->end; l->next++) {
    if (*l->next == '#')
      while (l->next + 1 < l->end && l->next[1] != '\n') l->next++;
    else if (*l->next == '\n') {
      if (l->depth <= 0) return;
      l->line++;
      l->line_start = l->next + 1;
    } else if (*l->next != ' ' && *l->next != '\t' && *l->next != '\r') return;
  }
}

static sf_err mark(sf_rule_reader *r, sf_token *t) {
  static const struct {
    char text[3];
    int kind;
  } two[] = {
      {"->", SF_TOKEN_ARROW}, {"..", SF_TOKEN_RANGE}, {"<=", SF_TOKEN_LE}, {">=", SF_TOKEN_GE}, {"==", SF_TOKEN_EQ}};
  const size_t left = (size_t)(r->lexer.end - t->text);
  const unsigned char c = (unsigned char)*t->text;
  for (size_t i = 0; i < sizeof two / sizeof two[0]; i++)
    if (left >= 2 && memcmp(t->text, two[i].text, 2) == 0) {
      t->kind = two[i].kind;
      t->n = 2;
      return SF_OK;
    }
  t->kind = c == '\n' || c == ';' ? SF_TOKEN_LINE : c;
  if (t->kind == SF_TOKEN_LINE || (c != '\0' && strchr("=*+-()[]!,:^<>", c) != NULL)) return SF_OK;
  if (c > ' ' && c < 0x7f)
    return sf_rule_unexpected(r, "a name, a number, or one of = * + - ( ) [ ] ! , : ^ < <= >= > -> ..");
  return sf_rule_fail(r, t->at, "byte 0x%02x: must be ASCII outside comments", c);
}

sf_err sf_rule_next(sf_rule_reader *r) {
  sf_rule_lexer *l = &r->lexer;
  skip(l);
  r->token = (sf_token){.at = place(l), .text = l->next, .n = 1};
  sf_token *t = &r->token;
  sf_err err = SF_OK;
  if (l->next >= l->end) *t = (sf_token){.kind = SF_TOKEN_END, .at = t->at, .text = l->end};
  else if (isdigit((unsigned char)*l->next)) err = number(r, t);
  else if (isalpha((unsigned char)*l->next)) name(l, t);
  else err = mark(r, t);
  if (err) return err;
  l->next += t->n;
  l->depth += (t->kind == '(' || t->kind == '[') - (t->kind == ')' || t->kind == ']');
  if (t->kind == SF_TOKEN_LINE && *t->text == '\n') {
    l->line++;
    l->line_start = l->next;
  }
  return SF_OK;
}

sf_err sf_rule_next_in_line(sf_rule_reader *r) {
  sf_err err = sf_rule_next(r);
  while (!err && r->token.kind == SF_TOKEN_LINE && *r->token.text == '\n') err = sf_rule_next(r);
  return err;
}

bool sf_rule_is(const sf_rule_reader *r, const char *name) {
  return r->token.kind == SF_TOKEN_NAME && strlen(name) == r->token.n && memcmp(name, r->token.text, r->token.n) == 0;
}

sf_err sf_rule_expect(sf_rule_reader *r, int kind, const char *allowed) {
  if (r->token.kind != kind) return sf_rule_unexpected(r, allowed);
  return sf_rule_next(r);
}

sf_err sf_rule_whole(sf_rule_reader *r, const char *name, int64_t lo, int64_t hi, int32_t *value) {
  const sf_rule_at at = r->token.at;
  char allowed[80];
  sf_err err = SF_OK;
  snprintf(allowed, sizeof allowed, "a whole number, %lld .. %lld", (long long)lo, (long long)hi);
  const bool minus = r->token.kind == '-';
  if (minus) err = sf_rule_next(r);
  if (err) return err;
  if (r->token.kind != SF_TOKEN_NUMBER || r->token.shift != 0) return sf_rule_unexpected(r, allowed);
  const int64_t got = minus ? -r->token.number : r->token.number;
  if (got < lo || got > hi)
    return sf_rule_fail(r, at, "%s %lld: must be %lld .. %lld", name, (long long)got, (long long)lo, (long long)hi);
  *value = (int32_t)got;
  return sf_rule_next(r);
}
