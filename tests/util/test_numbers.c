/* test_numbers.c - numbers as people read them: grouped, rounded, never with an exponent. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "suite.h"
#include "util/numbers.h"

static const struct {
  const char *why;
  double x;
  int digits;
  const char *want;
} rows[] = {{"a rate is written out", 4e8, 3, "400,000,000"},
            {"no digit before the point is rounded", 398765432.6, 3, "398,765,433"},
            {"fewer than a group", 999, 3, "999"},
            {"one more is two groups", 1000, 3, "1,000"},
            {"digits behind the point", 1234.5678, 6, "1,234.57"},
            {"no zeros at the end", 0.5, 6, "0.5"},
            {"nor a point", 30, 10, "30"},
            {"small ones have no exponent either", 0.000012, 6, "0.000012"},
            {"rounded up to one more digit", 999.96, 4, "1,000"},
            {"zero", 0, 4, "0"},
            {"below zero", -1234567, 4, "-1,234,567"},
            {"rounded to zero has no sign", -1e-20, 4, "0"},
            {"the groups of a large one", 1e15, 4, "1,000,000,000,000,000"},
            {"too large for the room", 1e300, 4, "over 10^30"},
            {"no number", NAN, 4, "-"},
            {"no end", INFINITY, 4, "-"}};

START_TEST(numbers_are_plain_and_grouped) {
  char text[SF_NUMBER_TEXT];
  sf_number_text(rows[_i].x, rows[_i].digits, text);
  ck_assert_msg(!strcmp(text, rows[_i].want), "%s: %s", rows[_i].why, text);
}
END_TEST

START_TEST(counts_are_grouped) {
  char text[SF_NUMBER_TEXT];
  ck_assert_str_eq(sf_count_text(0, text), "0");
  ck_assert_str_eq(sf_count_text(999, text), "999");
  ck_assert_str_eq(sf_count_text(12345678, text), "12,345,678");
  ck_assert_str_eq(sf_count_text(UINT64_MAX, text), "18,446,744,073,709,551,615");
}
END_TEST

int main(void) {
  Suite *s = suite_create("numbers");
  TCase *c = tcase_create("text");
  tcase_add_loop_test(c, numbers_are_plain_and_grouped, 0, sizeof rows / sizeof *rows);
  tcase_add_test(c, counts_are_grouped);
  suite_add_tcase(s, c);
  return suite_run(s);
}
