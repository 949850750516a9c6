/* rule.c - synfire rule: a learning rule, as text or in a file, compiled to its table of terms, or refused. */
#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

#include "files/rule_file.h"
#include "util/cli.h"
#include "verbs/verbs.h"

#define VERB "rule"

/* Text holds =, the name of a file may as well: then it ends in .rule. */
static bool is_file(const char *arg) {
  const size_t n = strlen(arg);
  return strchr(arg, '=') == NULL || (n > 5 && strcmp(arg + n - 5, ".rule") == 0);
}

static sf_err load(const char *arg, const sf_rule_widths *on, sf_rule_file *file, sf_msg *msg) {
  if (!is_file(arg)) return sf_rule_parse(arg, strlen(arg), on, file, msg);
  const sf_err err = sf_rule_read(arg, on, file, msg);
  if (err != SF_EIO) return err;
  const sf_msg inner = *msg;
  return sf_fail(msg, err, "%.400s (no \"dw = ...\", so taken for a file)", inner.text);
}

static void print_table(const sf_rule *rule, const sf_rule_widths *on) {
  static const char heads[] = "term     c   s  F      G               H            axons    neurons  when";
  puts(heads);
  for (uint32_t i = 0; i < rule->n_terms; i++) {
    const sf_term *t = &rule->term[i];
    sf_term_words words;
    sf_term_in_words(rule, i, on, &words);
    printf("%4u  %4d  %2d  %-6s %-15s %-12s %-8s %-8s %s\n", i, t->c, t->s, words.f, words.g, words.h, words.axons,
           words.neurons, words.when);
  }
}

static cJSON *terms_json(const sf_rule *rule, const sf_rule_widths *on) {
  cJSON *terms = cJSON_CreateArray();
  for (uint32_t i = 0; i < rule->n_terms; i++) {
    cJSON *o = cJSON_CreateObject();
    sf_term_words words;
    sf_term_in_words(rule, i, on, &words);
#define ADD(field, standard, lo, hi) cJSON_AddNumberToObject(o, #field, rule->term[i].field);
    SF_TERM_FIELDS(ADD)
    cJSON_AddStringToObject(o, "F", words.f);
    cJSON_AddStringToObject(o, "G", words.g);
    cJSON_AddStringToObject(o, "H", words.h);
    cJSON_AddStringToObject(o, "when", words.when);
    cJSON_AddStringToObject(o, "axons", words.axons);
    cJSON_AddStringToObject(o, "neurons", words.neurons);
    cJSON_AddItemToArray(terms, o);
  }
  return terms;
}

static cJSON *predicates_json(const sf_rule *rule) {
  static const char *const of[] = {"d", "y1", "y2"};
  cJSON *predicates = cJSON_CreateArray();
  for (uint32_t i = 0; i < SF_PREDICATES; i++) {
    cJSON *o = cJSON_CreateObject();
    cJSON_AddStringToObject(o, "q", of[rule->predicate[i].q]);
    cJSON_AddNumberToObject(o, "lo", rule->predicate[i].lo);
    cJSON_AddNumberToObject(o, "hi", rule->predicate[i].hi);
    cJSON_AddItemToArray(predicates, o);
  }
  return predicates;
}

/* The constants are in the text. */
static void print_json(const sf_rule_file *file, const sf_rule_widths *on, const char *text) {
  cJSON *o = cJSON_CreateObject();
  cJSON_AddNumberToObject(o, "TRACE_BITS", on->trace_bits);
  cJSON_AddNumberToObject(o, "POTENTIAL_BITS", on->potential_bits);
  cJSON_AddNumberToObject(o, "WEIGHT_BITS", on->weight_bits);
  cJSON_AddItemToObject(o, "terms", terms_json(&file->rule, on));
  cJSON_AddItemToObject(o, "predicates", predicates_json(&file->rule));
  cJSON_AddStringToObject(o, "text", text);
  sf_cli_json(o);
}

int sf_verb_rule(int argc, char **argv) {
  bool json = false;
  sf_rule_widths on = {8, 16, 8};
  const sf_option option[] = {{"trace-bits", SF_OPT_U32, &on.trace_bits, "N", "TRACE_BITS of the core, 3 .. 16 (8)"},
                              {"potential-bits", SF_OPT_U32, &on.potential_bits, "N", "POTENTIAL_BITS, 8 .. 24 (16)"},
                              {"weight-bits", SF_OPT_U32, &on.weight_bits, "N", "WEIGHT_BITS, 2, 4, 8 or 16 (8)"},
                              {"json", SF_OPT_FLAG, &json, NULL, "print one JSON object"},
                              {0}};
  const sf_cli cli = {VERB,
                      "\"dw = ...\"|FILE.rule [options]",
                      "A learning rule compiled to its table of terms, and written again as the table has it; - is "
                      "standard input.",
                      option,
                      1,
                      1};
  static char text[SF_RULE_TEXT];
  const char *arg;
  sf_rule_file file;
  sf_msg msg = {""};
  int n, status;
  if (sf_cli_parse(&cli, argc, argv, &arg, &n, &status)) return status;
  sf_err err = load(arg, &on, &file, &msg);
  if (!err && file.rule.n_terms == 0) err = sf_fail(&msg, SF_EINVAL, "no term is left: must be dw = ..., not 0");
  if (err) return sf_cli_error(VERB, "%s", msg.text);
  sf_rule_file_print(&file, &on, text);
  if (json) print_json(&file, &on, text);
  else {
    print_table(&file.rule, &on);
    printf("\n%s", text);
  }
  return 0;
}
