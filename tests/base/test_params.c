/* test_params - parameters and error lines. Every parameter is tried at both ends of its range and just outside, and
 * so are the rules that tie two parameters together; a refusal must name the parameter, its value and what is
 * allowed. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "suite.h"
#include "synfire/params.h"

#define AT(field) offsetof(sf_params, field)

static const struct {
  const char *why;
  size_t at;
  uint32_t value;
  const char *want; /* NULL: accepted; else the whole message */
} rows[] = {
    {"fewest axons", AT(axons), 16, NULL},
    {"most axons", AT(axons), 4096, NULL},
    {"any number between, not only powers of two", AT(axons), 1023, NULL},
    {"one axon too few", AT(axons), 15, "AXONS = 15: must be 16 .. 4096"},
    {"one axon too many", AT(axons), 4097, "AXONS = 4097: must be 16 .. 4096"},
    {"fewest neurons", AT(neurons), 16, NULL},
    {"most neurons", AT(neurons), 8192, NULL},
    {"too few neurons", AT(neurons), 0, "NEURONS = 0: must be 16 .. 8192"},
    {"too many neurons", AT(neurons), 8208, "NEURONS = 8208: must be 16 .. 8192"},
    {"neurons no multiple of lanes", AT(neurons), 250, "NEURONS = 250: must be a multiple of LANES = 16"},
    {"as many lanes as neurons", AT(lanes), 256, NULL},
    {"two lanes, both neuron lanes", AT(lanes), 2, NULL},
    {"no lanes", AT(lanes), 0, "LANES = 0: must be a power of two, 1 .. 4096"},
    {"lanes no power of two", AT(lanes), 24, "LANES = 24: must be a power of two, 1 .. 4096"},
    {"too many lanes", AT(lanes), 8192, "LANES = 8192: must be a power of two, 1 .. 4096"},
    {"more lanes than neurons", AT(lanes), 512, "NEURONS = 256: must be a multiple of LANES = 512"},
    {"as many neuron lanes as lanes", AT(neuron_lanes), 16, NULL},
    {"more neuron lanes than lanes", AT(neuron_lanes), 32, "NEURON_LANES = 32: must be a power of two, 1 .. 16"},
    {"neuron lanes no power of two", AT(neuron_lanes), 3, "NEURON_LANES = 3: must be a power of two, 1 .. 16"},
    {"no neuron lanes", AT(neuron_lanes), 0, "NEURON_LANES = 0: must be a power of two, 1 .. 16"},
    {"plasticity is not there yet", AT(learning_lanes), 1,
     "LEARNING_LANES = 1: must be 0 (plasticity cannot be built yet)"},
    {"1-bit weights", AT(weight_bits), 1, NULL},
    {"16-bit weights", AT(weight_bits), 16, NULL},
    {"3-bit weights", AT(weight_bits), 3, "WEIGHT_BITS = 3: must be 1, 2, 4, 8 or 16"},
    {"0-bit weights", AT(weight_bits), 0, "WEIGHT_BITS = 0: must be 1, 2, 4, 8 or 16"},
    {"32-bit weights", AT(weight_bits), 32, "WEIGHT_BITS = 32: must be 1, 2, 4, 8 or 16"},
    {"narrowest potential", AT(potential_bits), 8, NULL},
    {"widest potential", AT(potential_bits), 24, NULL},
    {"potential too narrow", AT(potential_bits), 7, "POTENTIAL_BITS = 7: must be 8 .. 24"},
    {"potential too wide", AT(potential_bits), 25, "POTENTIAL_BITS = 25: must be 8 .. 24"},
    {"fewest delay slots", AT(delay_slots), 2, NULL},
    {"most delay slots", AT(delay_slots), 64, NULL},
    {"one delay slot", AT(delay_slots), 1, "DELAY_SLOTS = 1: must be a power of two, 2 .. 64"},
    {"delay slots no power of two", AT(delay_slots), 12, "DELAY_SLOTS = 12: must be a power of two, 2 .. 64"},
    {"too many delay slots", AT(delay_slots), 128, "DELAY_SLOTS = 128: must be a power of two, 2 .. 64"},
    {"one profile", AT(profiles), 1, NULL},
    {"a profile for each neuron", AT(profiles), 256, NULL},
    {"no profile", AT(profiles), 0, "PROFILES = 0: must be 1 .. 256"},
    {"more profiles than neurons", AT(profiles), 257, "PROFILES = 257: must be 1 .. 256"},
    {"one route", AT(routes), 1, NULL},
    {"most routes", AT(routes), 65536, NULL},
    {"no route", AT(routes), 0, "ROUTES = 0: must be 1 .. 65536"},
    {"too many routes", AT(routes), 65537, "ROUTES = 65537: must be 1 .. 65536"},
};

START_TEST(params_check_matches_table) {
  sf_params p = sf_params_default();
  sf_msg msg = {""};
  memcpy((char *)&p + rows[_i].at, &rows[_i].value, sizeof rows[_i].value);
  const sf_err e = sf_params_check(&p, &msg);
  if (rows[_i].want == NULL) ck_assert_msg(e == SF_OK, "%s: %s", rows[_i].why, msg.text);
  else {
    ck_assert_msg(e == SF_EINVAL, "%s", rows[_i].why);
    ck_assert_str_eq(msg.text, rows[_i].want);
  }
}
END_TEST

START_TEST(spram_wants_whole_16_bit_words) {
  sf_params p = sf_params_default();
  sf_msg msg;
  p.spram = true;
  ck_assert_int_eq(sf_params_check(&p, &msg), SF_OK);
  p.lanes = 2;
  ck_assert_int_eq(sf_params_check(&p, &msg), SF_EINVAL);
  ck_assert_str_eq(msg.text, "WEIGHT_MEMORY = \"spram\": LANES * WEIGHT_BITS = 8 must be a multiple of 16");
}
END_TEST

START_TEST(defaults_are_the_documented_ones) {
  const sf_params p = sf_params_default();
  ck_assert_int_eq(sf_params_check(&p, NULL), SF_OK);
  ck_assert(p.axons == 256 && p.neurons == 256 && p.lanes == 16 && p.neuron_lanes == 2 && p.learning_lanes == 0);
  ck_assert(p.weight_bits == 4 && p.potential_bits == 16 && p.delay_slots == 16 && p.profiles == 16 && p.routes == 512);
  ck_assert(!p.has_current && !p.has_refractory && !p.has_adaptation && !p.has_noise && !p.leak_shift && !p.spram);
}
END_TEST

START_TEST(derived_sizes) {
  sf_params p = sf_params_default();
  ck_assert_uint_eq(sf_groups(&p), 16);
  ck_assert_uint_eq(sf_ring_words(&p), 16);
  ck_assert_uint_eq(sf_ring_stride(&p), 16);
  ck_assert_uint_eq(sf_row_words(&p), 2);
  ck_assert_uint_eq(sf_sum_bits(&p), 12);
  p.axons = 784;
  p.weight_bits = 1;
  ck_assert_uint_eq(sf_ring_words(&p), 49);
  ck_assert_uint_eq(sf_ring_stride(&p), 64);
  ck_assert_uint_eq(sf_row_words(&p), 1);
  ck_assert_uint_eq(sf_sum_bits(&p), 12);
}
END_TEST

START_TEST(error_lines_are_one_line_and_bounded) {
  sf_msg msg;
  char wide[2000];
  memset(wide, 'x', sizeof wide - 1);
  wide[sizeof wide - 1] = '\0';
  ck_assert_int_eq(sf_fail(&msg, SF_EIO, "a\nb\tc%c", 0x7f), SF_EIO);
  ck_assert_str_eq(msg.text, "a?b?c?");
  ck_assert_int_eq(sf_fail(&msg, SF_EINVAL, "%s", wide), SF_EINVAL);
  ck_assert_uint_eq(strlen(msg.text), sizeof msg.text - 1);
  ck_assert_int_eq(sf_fail(NULL, SF_EFAIL, "nobody listens"), SF_EFAIL);
}
END_TEST

START_TEST(bit_helpers) {
  ck_assert_int_eq(sf_sat(127, 8), 127);
  ck_assert_int_eq(sf_sat(128, 8), 127);
  ck_assert_int_eq(sf_sat(-128, 8), -128);
  ck_assert_int_eq(sf_sat(-129, 8), -128);
  ck_assert_int_eq(sf_sat(5, 1), 0);
  ck_assert_int_eq(sf_sext(0x8, 4), -8);
  ck_assert_int_eq(sf_sext(0xf7, 4), 7);
  ck_assert_int_eq(sf_sext(0x80000000u, 32), INT32_MIN);
  ck_assert_uint_eq(sf_clog2(0), 0);
  ck_assert_uint_eq(sf_clog2(1), 0);
  ck_assert_uint_eq(sf_clog2(2), 1);
  ck_assert_uint_eq(sf_clog2(3), 2);
  ck_assert_uint_eq(sf_clog2(1024), 10);
  ck_assert_uint_eq(sf_clog2(1025), 11);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("params");
  TCase *tests = tcase_create("params");
  suite_add_tcase(suite, tests);
  tcase_add_loop_test(tests, params_check_matches_table, 0, sizeof rows / sizeof rows[0]);
  tcase_add_test(tests, spram_wants_whole_16_bit_words);
  tcase_add_test(tests, defaults_are_the_documented_ones);
  tcase_add_test(tests, derived_sizes);
  tcase_add_test(tests, error_lines_are_one_line_and_bounded);
  tcase_add_test(tests, bit_helpers);
  return suite_run(suite);
}
