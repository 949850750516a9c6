/* rule_file.h - learning rules as text, compiled to the table of terms of plasticity.h, and printed again.
 *
 *     x1: tau 20, add 64                                      # a pair rule, complete
 *     y1: tau 20, add 64
 *     dw = 2^-4*x1*y0 - 2^-4*x0*y1
 *
 * Statements stand one a line or between semicolons; # begins a comment. A line goes on after an operator, a comma or
 * a colon, and within brackets. What the names mean is in cmodel/plasticity.md; d is x - theta before the reset.
 *
 *     statement  = [for CLASSES -> CLASSES :] dw = sum              of these axon classes and learn_classes of neurons
 *                | [for CLASSES :] x1 : ...                         and so on, below
 *                | p0 : condition                                   also p1, p2, p3
 *     sum        = [-] product {(+ | -) product}
 *     product    = factor {* factor}                          * may be left out before [ and ![
 *     factor     = number | 2^n | 2^-n | ( sum ) | [ condition ] | ![ condition ] | - factor
 *                | x0 | x1 | x2 | e | y0 | y1 | y2 | m | sign(m) | R | xi
 *                | w | (w_max - w) | (w - w_min) | sign(w) | draw
 *     condition  = n <= q < n | q >= n | q < n | ... | p0 | p1 | p2 | p3        q one of d, y1, y2
 *     CLASSES    = all | none | n | n..n | several with commas      0 .. 15; left out: all
 *     x1, x2 :   decay n | tau n | shift n,  add n | set n                        of the axon classes
 *     y1, y2 :   the same, y2 also slide n;  spikes | while [ condition ] | while ![ condition ]
 *     x, y :     keep
 *     m :        host | clamp n | modulatory,  shift n,  one_sided | two_sided,  sends
 *     w :        n .. n
 *     xi :       noise
 *
 * All of it is integer and exact but tau, which is decay = round(4096*(1 - exp(-1/n))); shift n is decay = 4096 >> n.
 * Products of sums are multiplied out, equal terms of a statement added, what cancels is dropped. A coefficient, also
 * one like 0.25, becomes c*2^-s without rounding: as written where c and s are in range, else reduced. A statement
 * that is nothing but 0 times something keeps its place in the table, as terms are named by their place; so does one
 * that never holds, as 0. Terms of different statements are never added: sweeps may ask for each alone.
 *
 * Every condition becomes a predicate, one and its negation the same; p0 .. p3 say which, where that matters. Errors
 * are one line that begins with "line L, column C". */
#ifndef SYNFIRE_RULE_FILE_H
#define SYNFIRE_RULE_FILE_H

#include "synfire/base.h"
#include "synfire/network.h"
#include "synfire/plasticity.h"

#define SF_RULE_MAX_BYTES 65536 /* of a text */
#define SF_RULE_TEXT 16384      /* room for any printed rule */

/* Places of fields in sf_axon_class and sf_learn_profile: SF_AT_AXON_x1_decay, SF_AT_NEURON_y1_decay. */
#define SF_AT_AXON(field, standard, lo, hi) SF_AT_AXON_##field,
#define SF_AT_NEURON(field, standard, lo, hi) SF_AT_NEURON_##field,
enum { SF_AXON_CLASS_FIELDS(SF_AT_AXON) SF_AXON_FIELDS };
enum { SF_LEARN_PROFILE_FIELDS(SF_AT_NEURON) SF_NEURON_FIELDS };

/* The core it is for: open sides of conditions, ranges, how far a term must be shifted. */
typedef struct sf_rule_widths {
  uint32_t trace_bits, potential_bits, weight_bits;
} sf_rule_widths;

/* A rule with the constants that its text gives; what it does not speak of has bit SF_AT_... of `given` 0. */
typedef struct sf_rule_file {
  sf_rule rule;
  sf_axon_class axon[SF_AXON_CLASSES];
  sf_learn_profile neuron[SF_LEARN_CLASSES]; /* by learn_class */
  uint32_t axon_given[SF_AXON_CLASSES], neuron_given[SF_LEARN_CLASSES];
} sf_rule_file;

/* sf_rule_parse() - compile `length` bytes of text and check them with sf_rule_check(). *out is written only on SF_OK.
 * SF_EFORMAT: not to be read; SF_EINVAL: read, but no table of this core. */
SF_MUST_CHECK sf_err sf_rule_parse(const char *text, size_t length, const sf_rule_widths *on, sf_rule_file *out,
                                   sf_msg *msg);

/* sf_rule_read() - the same from a file; "-" is standard input. Messages start with the path. */
SF_MUST_CHECK sf_err sf_rule_read(const char *path, const sf_rule_widths *on, sf_rule_file *out, sf_msg *msg);

/* sf_rule_apply() - put rule and constants into a core with learning; the constants of neurons go to every profile of
 * their learn_class. The caller checks the network afterwards. */
void sf_rule_apply(const sf_rule_file *file, sf_core_net *core);

/* sf_rule_print() - a rule that passed sf_rule_check() as text; sf_rule_file_print() with its constants. Parsed on the
 * same widths it gives the same table, factors and conditions of a term in order. */
void sf_rule_print(const sf_rule *rule, const sf_rule_widths *on, char text[SF_RULE_TEXT]);
void sf_rule_file_print(const sf_rule_file *file, const sf_rule_widths *on, char text[SF_RULE_TEXT]);

/* A term in words, column by column: "x0*x1", "y0*m", "(w_max - w)", "[d >= 0] ![y1 < 3]" or "always", "0..3". */
typedef struct sf_term_words {
  char f[16], g[24], h[16], when[128], axons[64], neurons[64];
} sf_term_words;
void sf_term_in_words(const sf_rule *rule, uint32_t term, const sf_rule_widths *on, sf_term_words *words);

#endif
