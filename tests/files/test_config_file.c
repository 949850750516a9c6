/* test_config_file - configurations in JSON: every key, every default, writing and reading again, the shipped
 * configurations, and every kind of wrong file, each with its whole error line. */
#include <check.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files/config_file.h"
#include "scratch.h"
#include "suite.h"

static bool same(const sf_params *a, const sf_params *b) {
  return a->axons == b->axons && a->neurons == b->neurons && a->lanes == b->lanes &&
         a->neuron_lanes == b->neuron_lanes && a->learning_lanes == b->learning_lanes &&
         a->weight_bits == b->weight_bits && a->potential_bits == b->potential_bits &&
         a->delay_slots == b->delay_slots && a->profiles == b->profiles && a->routes == b->routes &&
         a->has_current == b->has_current && a->has_refractory == b->has_refractory &&
         a->has_adaptation == b->has_adaptation && a->has_noise == b->has_noise && a->leak_shift == b->leak_shift &&
         a->spram == b->spram;
}

START_TEST(an_empty_configuration_is_the_default_one) {
  sf_config c;
  sf_msg msg = {""};
  const sf_params defaults = sf_params_default();
  ck_assert_msg(sf_config_parse("{}", 2, "x", &c, &msg) == SF_OK, "%s", msg.text);
  ck_assert(same(&c.params, &defaults));
  ck_assert(c.name[0] == '\0' && c.target[0] == '\0' && c.clock_mhz_min == 0);
}
END_TEST

static const char everything[] =
    "\xef\xbb\xbf{\"comment\": \"every key, after a byte-order mark\", \"name\": \"reference\", \"target\": \"up5k\", "
    "\"clock_mhz_min\": 24, \"AXONS\": 1024, \"NEURONS\": 512, "
    "\"LANES\": 32, \"NEURON_LANES\": 4, \"LEARNING_LANES\": 0, \"WEIGHT_BITS\": 8, \"POTENTIAL_BITS\": 20, "
    "\"DELAY_SLOTS\": 32, \"PROFILES\": 5, \"ROUTES\": 777, \"HAS_CURRENT\": true, \"HAS_REFRACTORY\": 1, "
    "\"HAS_ADAPTATION\": true, \"HAS_NOISE\": 1, \"LEAK\": \"shift\", \"WEIGHT_MEMORY\": \"spram\"}\n";

START_TEST(every_key_has_its_place) {
  sf_config c, again;
  sf_msg msg = {""};
  const sf_params want = {1024, 512, 32, 4, 0, 8, 20, 32, 5, 777, true, true, true, true, true, true};
  ck_assert_msg(sf_config_read(scratch_text("all.json", everything), &c, &msg) == SF_OK, "%s", msg.text);
  ck_assert(same(&c.params, &want));
  ck_assert_str_eq(c.name, "reference");
  ck_assert_str_eq(c.target, "up5k");
  ck_assert_uint_eq(c.clock_mhz_min, 24);
  ck_assert_msg(sf_config_write(scratch_path("again.json"), &c, &msg) == SF_OK, "%s", msg.text);
  ck_assert_msg(sf_config_read(scratch_path("again.json"), &again, &msg) == SF_OK, "%s", msg.text);
  ck_assert(same(&again.params, &want) && strcmp(again.name, c.name) == 0 && strcmp(again.target, c.target) == 0);
  ck_assert_uint_eq(again.clock_mhz_min, 24);
  ck_assert_int_eq(scratch_count("again.json"), 1);
}
END_TEST

START_TEST(wrong_parameters_are_not_written) {
  sf_config c = {.params = sf_params_default()};
  sf_msg msg;
  c.params.lanes = 3;
  ck_assert_int_eq(sf_config_write(scratch_path("never.json"), &c, &msg), SF_EINVAL);
  c.params = sf_params_default();
  ck_assert_int_eq(sf_config_write("/nowhere/c.json", &c, &msg), SF_EIO);
  ck_assert_int_eq(scratch_count("never"), 0);
}
END_TEST

#define KEYS                                                                                                \
  "AXONS NEURONS LANES NEURON_LANES LEARNING_LANES WEIGHT_BITS POTENTIAL_BITS DELAY_SLOTS PROFILES ROUTES " \
  "HAS_CURRENT HAS_REFRACTORY HAS_ADAPTATION HAS_NOISE LEAK WEIGHT_MEMORY name target clock_mhz_min comment"
static const struct {
  const char *text, *want;
} bad[] = {
    {"", "line 1: is not valid JSON"},
    {"[]", "is no JSON object: must be { ... }"},
    {"{\n\n\"AXONS\": }", "line 3: is not valid JSON"},
    {"{} {}", "line 1: is not valid JSON"},
    {"{\"axons\": 256}", "unknown key axons; known: " KEYS},
    {"{\"AXONS\": 256, \"AXONS\": 256}", "key AXONS: stands there twice"},
    {"{\"AXONS\": 15}", "AXONS = 15: must be 16 .. 4096"},
    {"{\"AXONS\": -1}", "AXONS = -1: must be 0 .. 4294967295"},
    {"{\"AXONS\": 256.5}", "AXONS: must be an integer, 0 .. 4294967295"},
    {"{\"AXONS\": 1e400}", "AXONS is far out of range: must be 0 .. 4294967295"},
    {"{\"AXONS\": 18446744073709551616}", "AXONS is far out of range: must be 0 .. 4294967295"},
    {"{\"comments\": \"\"}", "unknown key comments; known: " KEYS},
    {"{\"comment\": \"a\", \"comment\": \"b\"}", "key comment: stands there twice"},
    {"{\"AXONS\": 4294967552}", "AXONS = 4294967552: must be 0 .. 4294967295"},
    {"{\"AXONS\": \"256\"}", "AXONS: must be an integer, 0 .. 4294967295"},
    {"{\"AXONS\": true}", "AXONS: must be an integer, 0 .. 4294967295"},
    {"{\"AXONS\": null}", "AXONS: must be an integer, 0 .. 4294967295"},
    {"{\"LANES\": 24}", "LANES = 24: must be a power of two, 1 .. 4096"},
    {"{\"LEARNING_LANES\": 4}", "LEARNING_LANES = 4: must be 0 (plasticity cannot be built yet)"},
    {"{\"HAS_NOISE\": 2}", "HAS_NOISE: must be true, false, 1 or 0"},
    {"{\"HAS_NOISE\": \"yes\"}", "HAS_NOISE: must be true, false, 1 or 0"},
    {"{\"LEAK\": \"shifts\"}", "LEAK: must be \"multiply\" or \"shift\""},
    {"{\"LEAK\": 1}", "LEAK: must be \"multiply\" or \"shift\""},
    {"{\"WEIGHT_MEMORY\": \"bram\"}", "WEIGHT_MEMORY: must be \"block\" or \"spram\""},
    {"{\"WEIGHT_MEMORY\": \"spram\", \"LANES\": 2}",
     "WEIGHT_MEMORY = \"spram\": LANES * WEIGHT_BITS = 8 must be a multiple of 16"},
    {"{\"clock_mhz_min\": 0}", "clock_mhz_min = 0: must be 1 .. 10000"},
    {"{\"clock_mhz_min\": 24.5}", "clock_mhz_min: must be an integer, 1 .. 10000"},
    {"{\"name\": 5}", "name: must be a string of at most 63 characters"},
    {"{\"target\": \"a target whose name is much too long\"}", "target: must be a string of at most 31 characters"},
};

START_TEST(bad_files_are_refused_with_one_line) {
  sf_config c;
  sf_msg msg = {""};
  char line[700];
  memset(&c, 0x5a, sizeof c);
  const sf_config before = c;
  const char *path = scratch_text("bad.json", bad[_i].text);
  ck_assert_msg(sf_config_read(path, &c, &msg) != SF_OK, "was read: %s", bad[_i].want);
  snprintf(line, sizeof line, "%s: %s", path, bad[_i].want);
  ck_assert_str_eq(msg.text, line);
  ck_assert_mem_eq(&c, &before, sizeof c); /* untouched */
}
END_TEST

START_TEST(files_that_cannot_be_read) {
  sf_config c;
  sf_msg msg;
  ck_assert_int_eq(sf_config_read("/nowhere/c.json", &c, &msg), SF_EIO);
  ck_assert_str_eq(msg.text, "/nowhere/c.json: No such file or directory");
  ck_assert_int_eq(sf_config_read("/tmp", &c, &msg), SF_EIO);
  char *large = malloc(1100000);
  memset(large, ' ', 1100000);
  ck_assert_int_eq(sf_config_read(scratch_write("large.json", large, 1100000), &c, &msg), SF_EFORMAT);
  ck_assert_ptr_nonnull(strstr(msg.text, "larger than 1048576 bytes"));
  free(large);
}
END_TEST

/* Run from the root of the source tree, as `make test` does; nothing to check elsewhere. */
START_TEST(shipped_configurations_load) {
  glob_t found;
  sf_config c;
  sf_msg msg = {""};
  if (glob("configs/*.json", 0, NULL, &found) != 0) return;
  for (size_t i = 0; i < found.gl_pathc; i++)
    ck_assert_msg(sf_config_read(found.gl_pathv[i], &c, &msg) == SF_OK, "%s", msg.text);
  globfree(&found);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("config_file");
  TCase *tests = tcase_create("config_file");
  suite_add_tcase(suite, tests);
  tcase_add_test(tests, an_empty_configuration_is_the_default_one);
  tcase_add_test(tests, every_key_has_its_place);
  tcase_add_test(tests, wrong_parameters_are_not_written);
  tcase_add_loop_test(tests, bad_files_are_refused_with_one_line, 0, sizeof bad / sizeof bad[0]);
  tcase_add_test(tests, files_that_cannot_be_read);
  tcase_add_test(tests, shipped_configurations_load);
  return suite_run_in_scratch(suite);
}
