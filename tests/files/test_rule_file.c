/* test_rule_file - learning rules as text: the shipped ones beside the tables they are to be, what is written in many
 * ways and means the same, every kind of refusal with its whole line; and at random: tables that are printed and read
 * again, and expressions whose table gives what the expression gives. */
#include <check.h>
#include <glob.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files/rule_file.h"
#include "scratch.h"
#include "suite.h"

static const sf_rule_widths widths = {8, 16, 8};

static void must_parse(const char *text, const sf_rule_widths *on, sf_rule_file *file) {
  sf_msg msg = {""};
  ck_assert_msg(sf_rule_parse(text, strlen(text), on, file, &msg) == SF_OK, "%s: %s", text, msg.text);
}

/* "c s F G H axons neurons when", a line a term. */
static const char *in_words(const sf_rule *rule, const sf_rule_widths *on) {
  static char text[4096];
  size_t n = 0;
  for (uint32_t i = 0; i < rule->n_terms; i++) {
    sf_term_words w;
    sf_term_in_words(rule, i, on, &w);
    n += (size_t)snprintf(text + n, sizeof text - n, "%d %d %s %s %s %s %s %s\n", rule->term[i].c, rule->term[i].s, w.f,
                          w.g, w.h, w.axons, w.neurons, w.when);
  }
  return text;
}

/* ---- the shipped ones; run from the root of the source tree, as `make test` does ------------------------------ */

static const struct {
  const char *name, *table;
} shipped[] = {
    {"anti-hebbian", "-1 12 x1 y1 1 all all always\n"},
    {"bcm", "1 15 x1 y1*y1 1 all all always\n-1 15 x1 y1*y2 1 all all always\n"},
    {"delta", "1 6 x1 m 1 all all always\n"},
    {"dfa", "1 14 x1 y1*m 1 0 0 always\n1 8 x1 m 1 1 1 always\n"},
    {"drtp", "1 14 x1 y1*m 1 0 0 always\n1 8 x1 m 1 1 1 always\n"},
    {"e-prop", "1 10 x1 m 1 all all [-64 <= d < 64]\n"},
    {"hebbian", "1 12 x1 y1 1 all all always\n"},
    {"inhibitory-homeostasis",
     "-1 5 x1 y0 1 all all always\n-1 5 x0 y1 1 all all always\n12 5 x0 1 1 all all always\n"},
    {"node-perturbation", "1 6 x1 R*xi 1 all all always\n"},
    {"non-hebbian-ltp", "1 5 x0 1 (w_max - w) all all always\n"},
    {"oja", "1 10 x1 y1 1 all all always\n-1 17 1 y1*y1 w all all always\n"},
    {"perceptron", "1 0 x0 sign(m) 1 all all always\n"},
    {"reward-stdp", "1 14 x1 y1*R 1 all all always\n"},
    {"sdsp", "8 0 x0 1 1 all all [d >= -32] [48 <= y1 < 208]\n-8 0 x0 1 1 all all ![d >= -32] [48 <= y1 < 128]\n"
             "1 4 1 1 sign(w) all all always\n"},
    {"stdp-pair", "1 4 x1 y0 1 all all always\n-1 4 x0 y1 1 all all always\n"},
    {"stdp-power-of-two", "1 2 x1 y0 1 all all always\n-1 2 x0 y1 1 all all always\n"},
    {"stdp-triplet", "1 9 x1 y0*y2 1 all all always\n-1 4 x0 y1 1 all all always\n"},
    {"twin-rows", "1 14 x1 y1*m 1 0 0 always\n1 8 x1 m 1 1 1 always\n1 8 e y2 1 2 0 always\n"},
    {"weight-perturbation",
     "4 0 1 1 draw all all always\n-4 0 1 1 draw all all always\n1 4 1 R draw all all always\n-1 8 1 1 w all all "
     "always\n"}};
enum { N_SHIPPED = sizeof shipped / sizeof shipped[0] };

START_TEST(shipped_rules_are_their_tables) {
  static sf_rule_file file, again;
  static char text[SF_RULE_TEXT];
  char path[80];
  sf_msg msg = {""};
  snprintf(path, sizeof path, "rules/%s.rule", shipped[_i].name);
  ck_assert_msg(sf_rule_read(path, &widths, &file, &msg) == SF_OK, "%s", msg.text);
  ck_assert_str_eq(in_words(&file.rule, &widths), shipped[_i].table);
  sf_rule_file_print(&file, &widths, text);
  must_parse(text, &widths, &again);
  ck_assert_mem_eq(&file, &again, sizeof file);
}
END_TEST

START_TEST(no_shipped_rule_is_left_out) {
  glob_t found;
  ck_assert_int_eq(glob("rules/*.rule", 0, NULL, &found), 0);
  ck_assert_uint_eq(found.gl_pathc, N_SHIPPED);
  globfree(&found);
}
END_TEST

/* ---- the same, written in other ways ------------------------------------------------------------------------- */

static const struct {
  const char *text, *want;
} same[] = {
    {"dw = 2^-4*x1*y0 - 2^-4*x0*y1", "dw = 2^-4*x1*y0 - 2^-4*x0*y1\n"},
    {"  # a comment\n\ndw =\n2^-4 *\n x1 * y0 ; # another\n;;dw=1", "dw = 2^-4*x1*y0 + 1\n"},
    {"dw = y0*0.25*x1", "dw = 2^-2*x1*y0\n"},
    {"dw = 1.5*x0 + 0.5*x0", "dw = 2*x0\n"},
    {"dw = 4*2^-7*x0", "dw = 4*2^-7*x0\n"},
    {"dw = 128*2^-30*2^24*x0", "dw = 64*2^-5*x0\n"},
    {"dw = 2^3*2^-1*x0", "dw = 4*x0\n"},
    {"dw = 256*2^-4*x0", "dw = 64*2^-2*x0\n"},
    {"dw = -128*x0", "dw = -128*x0\n"},
    {"dw = 2^-26*4*x0", "dw = 2^-24*x0\n"},
    {"dw = - - -x0", "dw = -x0\n"},
    {"dw = x0*x0*y0*y0*xi*xi*xi*draw*draw", "dw = x0*y0*xi\n"},
    {"dw = x0*x1*x0", "dw = x0*x1\n"},
    {"dw = m*sign(m)*2^-6*x2*x0", "dw = 2^-6*x0*x2*m*sign(m)\n"},
    {"dw = x0*(y1 - 3)", "dw = x0*y1 - 3*x0\n"},
    {"dw = 2^-7*(y1 - y2)*(y1 + y2)", "dw = 2^-7*y1*y1 - 2^-7*y2*y2\n"},
    {"dw = x0*(w_max - w)*y0 + (w-w_min)*x0 - ((w))", "dw = x0*y0*(w_max - w) + x0*(w - w_min) - w\n"},
    {"dw = x0 - (x1 - (x2 - e))", "dw = x0 - x1 + x2 - e\n"},
    {"dw = x0 + x1 - x0", "dw = x1\n"},
    {"dw = x0 - x0", "# no term\n"},
    {"dw = 0*x1 + x0", "dw = x0\n"},
    {"dw = 0*x1", "dw = 0*x1\n"},
    {"dw = 0", "dw = 0\n"},
    {"dw = x0; dw = -x0", "dw = x0\ndw = -x0\n"},
    {"dw = x0*[d >= 3]", "dw = x0*[d >= 3]\n"},
    {"dw = x0 [3 <= d] ![d > 6]", "dw = x0*[d >= 3]*![d >= 7]\n"},
    {"dw = [-1 < d <= 6] + [y1 == 4] - [9 > y2]", "dw = [0 <= d < 7] + [4 <= y1 < 5] - [y2 < 9]\n"},
    {"dw = x0*[d < 3]*[d < 3] + x1*![d < 3]*[d < 3] + [d < 3]*x0", "dw = 2*x0*[d < 3]\n"},
    {"dw = x0*(1 - [d < 3])", "dw = x0 - x0*[d < 3]\n"},
    {"p3: d < 5\ndw = x0*[p3] + x1*![d < 5]", "p3: -32768 <= d < 5\ndw = x0*[p3] + x1*![p3]\n"},
    {"p1: y1 >= 7\ndw = x0", "p1: 7 <= y1 < 256\ndw = x0\n"},
    {"for 0..3, 7,9,10 -> none: dw = x0", "for 0..3,7,9,10 -> none: dw = x0\n"},
    {"for all -> 15: dw = x0 + x1; for all -> 15: dw = x2", "for all -> 15: dw = x0 + x1 + x2\n"},
    {"x1: tau 20, add 127\nx2: shift 3", "# no term\nx1: decay 200, add 127\nx2: decay 512\n"},
    {"for 1,2: x1: decay 0\nfor 3: x1: decay 0\nfor 2..3: x: keep",
     "# no term\nfor 1..3: x1: decay 0\nfor 2,3: x: keep\n"},
    {"y1: decay 200, add 64, while [-64 <= d < 64]\nfor 2: y2: slide 4, while ![d < 0]\nfor 3: y2: spikes",
     "# no term\ny1: decay 200, add 64, while [-64 <= d < 64]\nfor 2: y2: slide 4, while ![d < 0]\n"
     "for 3: y2: spikes\n"},
    {"for 0: m: host, sends\nfor 1: m: clamp 512, shift 3, two_sided\nfor 2: m: modulatory; y: keep; xi: noise",
     "# no term\ny: keep\nfor 0: m: host, sends\nfor 1: m: clamp 512, shift 3, two_sided\nfor 2: m: modulatory\nxi: "
     "noise\n"},
    {"w: -127 .. 127", "# no term\nw: -127 .. 127\n"},
    {"dw = (x0\n + x1\n)", "dw = x0 + x1\n"},
};

START_TEST(many_ways_to_write_it) {
  static sf_rule_file file, again;
  static char text[SF_RULE_TEXT];
  must_parse(same[_i].text, &widths, &file);
  sf_rule_file_print(&file, &widths, text);
  ck_assert_str_eq(text, same[_i].want);
  must_parse(text, &widths, &again);
  ck_assert_mem_eq(&file, &again, sizeof file);
}
END_TEST

/* ---- refusals ------------------------------------------------------------------------------------------------ */

#define A_FACTOR                                                                                              \
  "must be a number, 2^-n, ( or [, or one of x0 x1 x2 e, y0 y1 y2 m sign(m) R xi, w (w_max - w) (w - w_min) " \
  "sign(w) draw"
#define COEFFICIENT "must be c*2^-s with c -128 .. 127 and s 0 .. 24"
#define HEADS "must be dw =, for, or one of x1 x2 x y1 y2 y m xi w p0 p1 p2 p3 and :"
static const struct {
  const char *text, *want;
} bad[] = {
    {"dw = x3", "line 1, column 6: 'x3': " A_FACTOR},
    {"dw = x0 *", "line 1, column 10: ends here: " A_FACTOR},
    {"\n\n  dw = theta*x0", "line 3, column 8: 'theta': " A_FACTOR},
    {"dw = x0 x1", "line 1, column 9: 'x1': must be an operator, a comma, ; or the end of the line"},
    {"dw x0", "line 1, column 4: 'x0': must be = after dw"},
    {"dx = x0", "line 1, column 1: 'dx': " HEADS},
    {"x1 = 3", "line 1, column 4: '=': must be : (only dw has =)"},
    {"x1:", "line 1, column 4: ends here: must be decay, tau, shift, add, set"},
    {"y2: tau 3, decays 4", "line 1, column 12: 'decays': must be decay, tau, shift, add, set, slide, spikes, while"},
    {"x1: tau 0", "line 1, column 9: tau 0: must be 1 .. 8191"},
    {"x1: tau 2.5", "line 1, column 9: '2.5': must be a whole number, 1 .. 8191"},
    {"x1: decay 4097", "line 1, column 11: decay 4097: must be 0 .. 4096"},
    {"x1: shift 13", "line 1, column 11: shift 13: must be 0 .. 12"},
    {"x1: add 256", "line 1, column 9: add 256: must be 0 .. 255"},
    {"x1: slide 3", "line 1, column 5: 'slide': must be decay, tau, shift, add, set"},
    {"y2: slide 17", "line 1, column 11: slide 17: must be 0 .. 16"},
    {"y1: tau 3, decay 4", "line 1, column 12: decay: has been said before, for class 0"},
    {"for 3..4: x1: add 3\nfor 4: x1: set 3", "line 2, column 12: set: has been said before, for class 4"},
    {"y1: while d < 3", "line 1, column 11: 'd': must be [ condition ]"},
    {"m: clamp 32768", "line 1, column 10: clamp 32768: must be 0 .. 32767"},
    {"w: -128 .. 128", "line 1, column 12: w 128: must be -128 .. 127"},
    {"w: 5 .. 4", "line 1, column 9: w 4: must be 5 .. 127"},
    {"w: 5", "line 1, column 5: ends here: must be .. and the largest weight"},
    {"for 3: dw = x0", "line 1, column 1: for, before dw: must be for AXON CLASSES -> LEARN CLASSES:"},
    {"for 3 -> 4: x1: add 3", "line 1, column 1: for, before constants: must be for CLASSES:, without ->"},
    {"for 3: p0: d < 4", "line 1, column 1: for: predicates have no classes, they are the core's"},
    {"for 16 -> 0: dw = x0", "line 1, column 5: class 16: must be 0 .. 15"},
    {"for 4..3 -> 0: dw = x0", "line 1, column 8: class 3: must be 4 .. 15"},
    {"for 3 -> 4 dw = x0", "line 1, column 12: 'dw': must be , or :"},
    {"for x -> 4: dw = x0", "line 1, column 5: 'x': must be a whole number, 0 .. 15"},
    {"dw = x1*x2", "line 1, column 6: x1*x2: a term has one of x0, x1, x2, x0*x1, x0*x2, e of the row"},
    {"dw = x1*x1", "line 1, column 6: x1*x1: a term has one of x0, x1, x2, x0*x1, x0*x2, e of the row"},
    {"dw = y1*m*R",
     "line 1, column 6: 3 factors of the neuron: a term has at most two of y0, y1, y2, m, sign(m), R, xi"},
    {"dw = w*draw",
     "line 1, column 6: w times draw: a term has one of w, w_max - w, w - w_min, sign(w), draw of the synapse"},
    {"dw = x0*[d < 1][y1 < 2][y2 < 3]", "line 1, column 6: 3 conditions: a term has at most two"},
    {"dw = w_max - w", "line 1, column 6: w_max: must stand in (w_max - w) or (w - w_min)"},
    {"dw = x0*sign(x0)", "line 1, column 14: 'x0': must be m or w"},
    {"dw = 0.1*x0", "line 1, column 6: 0.1: must be a multiple of a power of two, such as 0.25 or 2^-2"},
    {"dw = 128*x0", "line 1, column 6: the coefficient 128*2^0: " COEFFICIENT ", exactly"},
    {"dw = 129*2^-3*x0", "line 1, column 6: the coefficient 129*2^-3: " COEFFICIENT ", exactly"},
    {"dw = 2^-25*x0", "line 1, column 6: the coefficient 1*2^-25: " COEFFICIENT ", exactly"},
    {"dw = 100*x0 + 100*x0", "line 1, column 6: the coefficient 200*2^0: " COEFFICIENT ", exactly"},
    {"dw = 2^-20*(x0 + 1001*x0*y0)", "line 1, column 6: the coefficient 1001*2^-20: " COEFFICIENT ", exactly"},
    {"dw = 123456789*123456789*x0", "line 1, column 6: the coefficient has more digits than can be kept: " COEFFICIENT},
    {"dw = 2^-32*2^-32*2^-32*x0", "line 1, column 6: the coefficient has more digits than can be kept: " COEFFICIENT},
    {"dw = 2^31*x0 + 2^-32*x0",
     "line 1, column 6: coefficients of equal terms are too far apart: their sum " COEFFICIENT},
    {"dw = 1234567890123456*x0", "line 1, column 6: a number has at most 15 digits"},
    {"dw = 3^2*x0", "line 1, column 7: ^: must follow 2, there are powers of two only"},
    {"dw = 2^-33*x0", "line 1, column 8: 2 to the power of -33: must be -32 .. 31"},
    {"dw = x0/16",
     "line 1, column 8: '/': must be a name, a number, or one of = * + - ( ) [ ] ! , : ^ < <= >= > -> .."},
    {"dw = x0\x01", "line 1, column 8: byte 0x01: must be ASCII outside comments"},
    {"dw = (x0 + x1", "line 1, column 14: ends here: must be + - * or )"},
    {"dw = x0)", "line 1, column 8: ')': must be an operator, a comma, ; or the end of the line"},
    {"dw = ((((((((((((((x0))))))))))))))", "line 1, column 18: brackets within brackets: must be at most 12 deep"},
    {"dw = (x0+x1+x2)*(y0+y1+y2)", "line 1, column 13: the rule takes 9 terms: a table has at most 8"},
    {"dw=(x0+x1)*(y0+y1+y2);dw=x0+x1+x2+e", "line 1, column 32: the rule takes 10 terms: a table has at most 8"},
    {"dw = (1+x0+x1+x2+e)*(1+y0+y1+y2+m+R)*(1+w+draw)",
     "line 1, column 15: takes more than 64 terms: a table has at most 8"},
    {"dw = x0*[d < 1] + x0*[d < 2] + x0*[d < 3] + x0*[d < 4] + x0*[d < 5]",
     "line 1, column 62: condition number 5: a core has 4 (one and its negation are the same)"},
    {"dw = x0*[5 <= d < 5]", "line 1, column 10: never holds: must be lo <= d < hi with lo < hi"},
    {"dw = x0*[d < 40000]", "line 1, column 14: a bound of 40000: must be -32768 .. 32768"},
    {"dw = x0*[d > 32768]", "line 1, column 10: lo = 32769: must be -32768 .. 32768"},
    {"dw = x0*[v < 4]", "line 1, column 10: 'v': must be d, y1 or y2"},
    {"dw = x0*[y1]", "line 1, column 12: ']': must be < <= == >= or >"},
    {"dw = x0*[3 < y1 < y2]", "line 1, column 19: 'y2': must be a whole number, -32768 .. 32768"},
    {"dw = x0*[p0]", "line 1, column 10: p0: must be said above, such as p0: -64 <= d < 64"},
    {"p0: d < 3; p0: d < 4", "line 1, column 16: p0: has been said before"},
    {"dw = x0 +\n  2^-6*x0*y1*y1", "line 2, column 3: s = 6: must be 7 .. 24 with these factors"},
    {"dw = x0*y1*R*[d <", "line 1, column 18: ends here: must be a whole number, -32768 .. 32768"},
};

START_TEST(refused_with_one_line) {
  static sf_rule_file file, before;
  sf_msg msg = {""};
  memset(&file, 0x5a, sizeof file);
  before = file;
  ck_assert_msg(sf_rule_parse(bad[_i].text, strlen(bad[_i].text), &widths, &file, &msg) != SF_OK, "%s", bad[_i].text);
  ck_assert_str_eq(msg.text, bad[_i].want);
  ck_assert_mem_eq(&file, &before, sizeof file);
}
END_TEST

/* What depends on the core. */
START_TEST(widths_decide) {
  static const sf_rule_widths wide = {16, 24, 16}, narrow = {3, 8, 2}, none = {8, 16, 3};
  static sf_rule_file file;
  sf_msg msg = {""};
  const char square[] = "dw = 2^-3*x0*y1*y1", shifted[] = "dw = 2^-7*x0*y1*y1", bounds[] = "dw = x0*[y1 >= 5][d < 9]";
  ck_assert_int_eq(sf_rule_parse(square, strlen(square), &widths, &file, &msg), SF_EINVAL);
  ck_assert_str_eq(msg.text, "line 1, column 6: s = 3: must be 7 .. 24 with these factors");
  must_parse(shifted, &widths, &file);
  must_parse(square, &narrow, &file);
  must_parse(bounds, &narrow, &file);
  ck_assert(file.rule.predicate[0].hi == 8 && file.rule.predicate[1].lo == -128);
  must_parse(bounds, &wide, &file);
  ck_assert(file.rule.predicate[0].hi == 65536 && file.rule.predicate[1].lo == -8388608);
  ck_assert_int_eq(sf_rule_parse(square, strlen(square), &none, &file, &msg), SF_EINVAL);
  ck_assert_str_eq(msg.text, "WEIGHT_BITS = 3: must be 2, 4, 8 or 16");
}
END_TEST

START_TEST(files) {
  static sf_rule_file file;
  static char large[SF_RULE_MAX_BYTES + 2];
  char line[400];
  sf_msg msg = {""};
  memset(large, ' ', sizeof large - 1);
  ck_assert_int_eq(sf_rule_read("/nowhere/a.rule", &widths, &file, &msg), SF_EIO);
  const char *path = scratch_text("large.rule", large);
  ck_assert_int_eq(sf_rule_read(path, &widths, &file, &msg), SF_EFORMAT);
  snprintf(line, sizeof line, "%s: larger than 65536 bytes", path);
  ck_assert_str_eq(msg.text, line);
  path = scratch_write("zero.rule", "dw = x0\0", 8);
  ck_assert_int_eq(sf_rule_read(path, &widths, &file, &msg), SF_EFORMAT);
  ck_assert_ptr_nonnull(strstr(msg.text, "no rule: it has a 0 byte in it"));
  path = scratch_text("bad.rule", "\xef\xbb\xbf# h\xc3\xb6r\ndw = x0 +\r\ny5\r\n");
  ck_assert_int_eq(sf_rule_read(path, &widths, &file, &msg), SF_EFORMAT);
  snprintf(line, sizeof line, "%s: line 3, column 1: 'y5': " A_FACTOR, path);
  ck_assert_str_eq(msg.text, line);
}
END_TEST

/* ---- into a core --------------------------------------------------------------------------------------------- */

START_TEST(constants_go_where_they_belong) {
  static sf_rule_file file;
  sf_msg msg = {""};
  sf_network *net = sf_network_new(1);
  sf_core_net *c = &net->core[0];
  c->axons = 16;
  c->neurons = 16;
  c->n_profiles = 3;
  c->weight_bits = 8;
  c->potential_bits = 16;
  ck_assert_msg(sf_core_net_alloc(c, &msg) == SF_OK && sf_learning_new(c, &msg) == SF_OK, "%s", msg.text);
  c->learning->profile[1].learn_class = c->learning->profile[2].learn_class = 5;
  c->learning->axon_class[2].x2_step = 77;
  must_parse(
      "for 2,4: x1: tau 20, set 9; for 2: x: keep; for 5: y1: shift 3, add 4, while ![d >= 0]; for 5: w: -3 .. 4;"
      "y2: slide 4; for 5: m: clamp 512, shift 3, one_sided, sends; y: keep; dw = 2^-6*x1*m",
      &widths, &file);
  sf_rule_apply(&file, c);
  const sf_axon_class *x = c->learning->axon_class;
  const sf_learn_profile *y = c->learning->profile;
  ck_assert(x[2].x1_decay == 200 && x[2].x1_mode == SF_TRACE_SET && x[2].x1_step == 9 && x[2].keep == 1);
  ck_assert(x[4].x1_decay == 200 && x[4].keep == 0 && x[3].x1_decay == 4096 && x[2].x2_step == 77);
  ck_assert(y[0].y1_decay == 4096 && y[0].y2_mode == SF_TRACE_SLIDE && y[0].y2_step == 4 && y[0].y_keep == 1);
  ck_assert(y[0].w_min == -128 && y[0].third == SF_THIRD_HOST && y[0].learn_class == 0);
  for (int i = 1; i < 3; i++) {
    ck_assert(y[i].learn_class == 5 && y[i].y1_decay == 512 && y[i].y1_mode == SF_TRACE_ADD && y[i].y1_step == 4);
    ck_assert(y[i].y1_source == SF_UNLESS(0) && y[i].w_min == -3 && y[i].w_max == 4 && y[i].sends == 1);
    ck_assert(y[i].third == SF_THIRD_CLAMP && y[i].clamp == 512 && y[i].third_shift == 3 && y[i].one_sided == 1);
  }
  ck_assert(c->learning->rule.n_terms == 1 && c->learning->rule.term[0].g1 == SF_G_M);
  ck_assert_msg(sf_network_check(net, &msg) == SF_OK, "%s", msg.text);
  sf_network_free(net);
}
END_TEST

START_TEST(time_constants) {
  static sf_rule_file file;
  for (int t = 1; t <= 8191; t += t < 100 ? 1 : 97) {
    char text[40];
    snprintf(text, sizeof text, "x1: tau %d", t);
    must_parse(text, &widths, &file);
    ck_assert_int_eq(file.axon[0].x1_decay, (int)floor(4096 * (1 - exp(-1.0 / t)) + 0.5));
    ck_assert_int_gt(file.axon[0].x1_decay, 0);
  }
}
END_TEST

/* ---- at random ----------------------------------------------------------------------------------------------- */

static uint64_t state;
static uint32_t below(uint32_t n) {
  state = state * 6364136223846793005u + 1442695040888963407u;
  return (uint32_t)((state >> 33) % n);
}
static int32_t between(int32_t lo, int32_t hi) { return lo + (int32_t)below((uint32_t)(hi - lo) + 1); }

typedef struct values { /* of everything a rule looks at; small, so that double is exact */
  int x0, x1, x2, e, y0, y1, y2, m, reward, xi, w, w_min, w_max, draw, d;
} values;

static int sign(int v) { return (v > 0) - (v < 0); }

static values some_values(void) {
  values v = {below(2),
              below(8),
              below(8),
              between(-7, 7),
              below(2),
              below(8),
              below(8),
              between(-7, 7),
              between(-7, 7),
              2 * (int)below(2) - 1,
              between(-7, 7),
              -8,
              7,
              2 * (int)below(2) - 1,
              between(-9, 9)};
  return v;
}

static bool holds(const sf_rule *rule, int32_t when, const values *v) {
  if (when == SF_WHEN_ALWAYS) return true;
  const sf_predicate *p = &rule->predicate[(when - 1) % SF_PREDICATES];
  const int q = p->q == SF_OF_D ? v->d : p->q == SF_OF_Y1 ? v->y1 : v->y2;
  return (p->lo <= q && q < p->hi) == (when <= SF_PREDICATES);
}

static double term_value(const sf_rule *rule, const sf_term *t, const values *v) {
  const int f[] = {1, v->x0, v->x1, v->x2, v->x0 * v->x1, v->x0 * v->x2, v->e};
  const int g[] = {1, v->y0, v->y1, v->y2, v->m, sign(v->m), v->reward, v->xi};
  const int h[] = {1, v->w, v->w_max - v->w, v->w - v->w_min, sign(v->w), v->draw};
  if (!holds(rule, t->when1, v) || !holds(rule, t->when2, v)) return 0;
  return ldexp((double)t->c * f[t->f] * g[t->g1] * g[t->g2] * h[t->h], -t->s);
}

/* Of the synapses of these classes. */
static double rule_value(const sf_rule *rule, uint32_t axon, uint32_t neuron, const values *v) {
  double sum = 0;
  for (uint32_t i = 0; i < rule->n_terms; i++) {
    const sf_term *t = &rule->term[i];
    if ((t->axon_classes >> axon & t->learn_classes >> neuron & 1) != 0) sum += term_value(rule, t, v);
  }
  return sum;
}

static int32_t some_when(void) { return between(0, SF_WHEN_LAST); }

static bool can_be(const sf_rule *rule, const sf_rule_widths *on) {
  sf_learning learning = {.trace_bits = on->trace_bits};
  const sf_core_net core = {
      .weight_bits = on->weight_bits, .potential_bits = on->potential_bits, .learning = &learning};
  return sf_rule_check(&core, 0, rule, NULL) == SF_OK;
}

static bool term_can_be(const sf_term *t, const sf_rule_widths *on) {
  const sf_rule alone = {.term = {*t}, .n_terms = 1};
  return can_be(&alone, on);
}

/* Any table that sf_rule_check() takes: predicates twice, never or not used, terms that are 0, any order. */
static void some_rule(sf_rule *rule, const sf_rule_widths *on) {
  memset(rule, 0, sizeof *rule);
  for (int i = 0; i < SF_TERMS; i++) rule->term[i] = sf_term_default();
  for (int i = 0; i < SF_PREDICATES; i++) {
    sf_predicate *p = &rule->predicate[i];
    if (below(4) == 0) continue;
    *p = (sf_predicate){between(0, 2), between(-6, 6), between(-6, 8)};
    if (below(4) == 0) p->lo = p->q == SF_OF_D ? -(1 << (on->potential_bits - 1)) : 0;
    if (below(4) == 0) p->hi = 1 << (p->q == SF_OF_D ? on->potential_bits - 1 : on->trace_bits);
    if (i > 0 && below(8) == 0) *p = rule->predicate[i - 1];
  }
  rule->n_terms = below(SF_TERMS + 1);
  for (uint32_t i = 0; i < rule->n_terms; i++) {
    sf_term *t = &rule->term[i];
    *t = (sf_term){below(8) == 0 ? 0 : between(-128, 127),
                   between(0, 24),
                   between(0, SF_F_E),
                   between(0, SF_G_XI),
                   between(0, SF_G_XI),
                   some_when(),
                   below(2) ? 0 : some_when(),
                   between(0, SF_H_DRAW),
                   65535,
                   65535};
    if (!term_can_be(t, on)) t->s = between(18, 24);
    if (!term_can_be(t, on)) t->f = t->h = 0;
    if (below(3) == 0) t->axon_classes = between(0, 65535);
    if (below(3) == 0) t->learn_classes = between(0, 65535);
    if (i > 0 && below(6) == 0) {
      t->axon_classes = rule->term[i - 1].axon_classes;
      t->learn_classes = rule->term[i - 1].learn_classes;
    }
    if (i > 0 && below(8) == 0) *t = rule->term[i - 1];
  }
}

static void in_order(int32_t *a, int32_t *b, bool wrong) {
  const int32_t first = *a;
  if (!wrong) return;
  *a = *b;
  *b = first;
}

/* The form in which a table is read again: factors and conditions in order, none twice, 1 last; what never holds is
 * 0. */
static void put_in_form(sf_rule *rule) {
  for (uint32_t i = 0; i < rule->n_terms; i++) {
    sf_term *t = &rule->term[i];
    if (t->g1 == t->g2 && t->g1 == SF_G_Y0) t->g2 = SF_G_ONE;
    if (t->g1 == t->g2 && t->g1 == SF_G_XI) t->g1 = t->g2 = SF_G_ONE;
    in_order(&t->g1, &t->g2, t->g1 == SF_G_ONE || (t->g2 != SF_G_ONE && t->g1 > t->g2));
    const int32_t p1 = (t->when1 - 1) % SF_PREDICATES, p2 = (t->when2 - 1) % SF_PREDICATES;
    if (t->when1 == t->when2) t->when2 = SF_WHEN_ALWAYS;
    else if (t->when1 != SF_WHEN_ALWAYS && t->when2 != SF_WHEN_ALWAYS && p1 == p2) t->c = t->when1 = t->when2 = 0;
    in_order(&t->when1, &t->when2, t->when1 == SF_WHEN_ALWAYS || (t->when2 != SF_WHEN_ALWAYS && p1 > p2));
  }
}

/* Unused ends are as the reader leaves them. */
static bool same_rule(const sf_rule *a, const sf_rule *b) {
  return a->n_terms == b->n_terms && memcmp(a->term, b->term, a->n_terms * sizeof a->term[0]) == 0 &&
         memcmp(a->predicate, b->predicate, sizeof a->predicate) == 0;
}

/* On widths of every kind. */
START_TEST(printed_tables_are_read_as_the_same) {
  static const sf_rule_widths on[] = {{8, 16, 8}, {3, 8, 2}, {16, 24, 16}, {12, 12, 4}};
  static char text[SF_RULE_TEXT];
  static sf_rule_file got, second;
  uint32_t tried = 0;
  sf_rule rule;
  state = (uint64_t)_i + 17;
  for (int round = 0; round < 3000; round++) {
    some_rule(&rule, &on[_i]);
    if (!can_be(&rule, &on[_i])) continue;
    sf_rule_print(&rule, &on[_i], text);
    must_parse(text, &on[_i], &got);
    for (int k = 0; k < 20; k++) {
      const values v = some_values();
      const uint32_t a = below(16), b = below(16);
      ck_assert_msg(rule_value(&rule, a, b, &v) == rule_value(&got.rule, a, b, &v), "means another thing:\n%s", text);
    }
    put_in_form(&rule);
    ck_assert_msg(same_rule(&rule, &got.rule), "is another table:\n%s", text);
    tried++;
    sf_rule_print(&got.rule, &on[_i], text);
    must_parse(text, &on[_i], &second);
    ck_assert_msg(memcmp(&got, &second, sizeof got) == 0, "another one the second time:\n%s", text);
  }
  ck_assert_uint_gt(tried, 300);
}
END_TEST

/* An expression as text, and what it is for each of the values. */
enum { N_VALUES = 12 };
typedef struct expression {
  char text[2000];
  double is[N_VALUES];
} expression;

static values sample[N_VALUES];

#define ATOM(name, member) \
  { name, offsetof(values, member) }
static void atom(expression *e) {
  static const struct {
    const char *name;
    size_t at;
  } row[] = {ATOM("x0", x0), ATOM("x1", x1), ATOM("x2", x2),    ATOM("e", e),   ATOM("y0", y0), ATOM("y1", y1),
             ATOM("y2", y2), ATOM("m", m),   ATOM("R", reward), ATOM("xi", xi), ATOM("w", w),   ATOM("draw", draw)};
  const uint32_t kind = below(20);
  const int number = between(0, 9), power = between(-3, 1);
  for (int i = 0; i < N_VALUES; i++) {
    const values *v = &sample[i];
    if (kind < 12) e->is[i] = *(const int *)((const char *)v + row[kind].at);
    if (kind == 12) e->is[i] = number;
    if (kind == 13) e->is[i] = ldexp(1, power);
    if (kind == 14) e->is[i] = number / 4.0;
    if (kind == 15) e->is[i] = sign(v->m);
    if (kind == 16) e->is[i] = v->w_max - v->w;
    if (kind == 17) e->is[i] = v->w - v->w_min;
    if (kind == 18) e->is[i] = v->d >= number;
    if (kind == 19) e->is[i] = !(2 < v->y1 && v->y1 <= 5);
  }
  if (kind < 12) snprintf(e->text, sizeof e->text, "%s", row[kind].name);
  if (kind == 12) snprintf(e->text, sizeof e->text, "%d", number);
  if (kind == 13) snprintf(e->text, sizeof e->text, "2^%d", power);
  if (kind == 14) snprintf(e->text, sizeof e->text, "%.2f", number / 4.0);
  if (kind == 15) snprintf(e->text, sizeof e->text, "sign(m)");
  if (kind == 16) snprintf(e->text, sizeof e->text, "(w_max - w)");
  if (kind == 17) snprintf(e->text, sizeof e->text, "(w - w_min)");
  if (kind == 18) snprintf(e->text, sizeof e->text, "[%d <= d]", number);
  if (kind == 19) snprintf(e->text, sizeof e->text, "![2 < y1 <= 5]");
}

static void some_expression(expression *e, int depth) {
  expression a, b;
  const uint32_t kind = depth == 0 ? 9 : below(6);
  if (kind >= 5) {
    atom(e);
    return;
  }
  some_expression(&a, depth - 1);
  some_expression(&b, depth - 1);
  for (int i = 0; i < N_VALUES; i++)
    e->is[i] = kind == 0   ? a.is[i] + b.is[i]
               : kind == 1 ? a.is[i] - b.is[i]
               : kind == 2 ? -a.is[i] * b.is[i]
                           : a.is[i] * b.is[i];
  static const char *const form[] = {"(%.900s + %.900s)", "(%.900s - (%.900s))", "-(%.900s)*(%.900s)",
                                     "(%.900s)*(%.900s)"};
  snprintf(e->text, sizeof e->text, form[kind < 4 ? kind : 3], a.text, b.text);
}

START_TEST(tables_give_what_expressions_give) {
  static const sf_rule_widths small = {3, 16, 2}; /* on which much can be */
  static sf_rule_file file;
  uint32_t taken = 0;
  state = (uint64_t)_i * 1000 + 5;
  for (int round = 0; round < 4000; round++) {
    char text[2100];
    expression e;
    sf_msg msg = {""};
    for (int i = 0; i < N_VALUES; i++) sample[i] = some_values();
    some_expression(&e, between(1, 4));
    snprintf(text, sizeof text, "dw = %.2000s", e.text);
    if (sf_rule_parse(text, strlen(text), &small, &file, &msg) != SF_OK) continue;
    for (int i = 0; i < N_VALUES; i++)
      ck_assert_msg(rule_value(&file.rule, 0, 0, &sample[i]) == e.is[i], "%s is %g, its table %g", text, e.is[i],
                    rule_value(&file.rule, 0, 0, &sample[i]));
    taken++;
  }
  ck_assert_uint_gt(taken, 1000);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("rule_file");
  TCase *tests = tcase_create("rule_file");
  tcase_set_timeout(tests, 60);
  suite_add_tcase(suite, tests);
  tcase_add_loop_test(tests, shipped_rules_are_their_tables, 0, N_SHIPPED);
  tcase_add_test(tests, no_shipped_rule_is_left_out);
  tcase_add_loop_test(tests, many_ways_to_write_it, 0, sizeof same / sizeof same[0]);
  tcase_add_loop_test(tests, refused_with_one_line, 0, sizeof bad / sizeof bad[0]);
  tcase_add_test(tests, widths_decide);
  tcase_add_test(tests, files);
  tcase_add_test(tests, constants_go_where_they_belong);
  tcase_add_test(tests, time_constants);
  tcase_add_loop_test(tests, printed_tables_are_read_as_the_same, 0, 4);
  tcase_add_loop_test(tests, tables_give_what_expressions_give, 0, 4);
  return suite_run_in_scratch(suite);
}
