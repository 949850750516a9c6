/* test_tool.c - finding another program, and what is shown of its log: the error that stopped it, or the warnings and
 * how many. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scratch.h"
#include "suite.h"
#include "util/tool.h"

#define WIDTH "%Warning-WIDTH: rtl/fifo.v:12:3: Operator ASSIGN expects 2 bits"

static const struct {
  const char *why, *log, *error;
  size_t warnings;
} rows[] = {
    {"nothing was said", "", "no output", 0},
    {"an error comes before the warnings", WIDTH "\n%Error: rtl/fifo.v:9:1: syntax error\n",
     "%Error: rtl/fifo.v:9:1: syntax error", 1},
    {"the last line only counts what was said", WIDTH "\n" WIDTH "\n%Error: Exiting due to 2 warning(s)\n",
     WIDTH " (first of 2 warnings)", 2},
    {"one warning needs no count", "reading\n" WIDTH "\n%Error: Exiting due to 1 warning(s)\n", WIDTH, 1},
    {"errors are counted there as well",
     "%Error: a.v:1:1: one\n%Error: a.v:2:1: two\n%Error: Exiting due to 2 error(s)\n", "%Error: a.v:1:1: one", 0},
    {"a compiler's error", "In file included from unity.cpp:1:\nV.h:3:1: error: expected ';'\n",
     "V.h:3:1: error: expected ';'", 0},
    {"no sign of anything: the last line", "one\ntwo\n\n", "two", 0},
    {"Yosys' warnings", "reading\nWarning: Wire x is strange.\nWarning: Wire y is strange.\n",
     "Warning: Wire y is strange.", 2},
    {"a line that speaks of warnings is none", "Warnings: 2 unique messages, 2 total\n    Warning: of another\n",
     "    Warning: of another", 0},
};

START_TEST(log_error_and_warnings) {
  char line[200], first[200];
  const char *log = scratch_text("tool.log", rows[_i].log);
  sf_log_error(log, line, sizeof line);
  ck_assert_msg(!strcmp(line, rows[_i].error), "%s: %s", rows[_i].why, line);
  ck_assert_msg(sf_log_warnings(log, NULL, first, sizeof first) == rows[_i].warnings, "%s: warnings", rows[_i].why);
  ck_assert_msg((rows[_i].warnings != 0) == (first[0] != '\0'), "%s: %s", rows[_i].why, first);
}
END_TEST

START_TEST(harmless_warnings_do_not_count) {
  char first[200];
  const char *log = scratch_text("tool.log", "Warning: Replacing memory a with list of registers.\nWarning: other\n");
  ck_assert_uint_eq(sf_log_warnings(log, "list of registers", first, sizeof first), 1);
  ck_assert_str_eq(first, "Warning: other");
  ck_assert_uint_eq(sf_log_warnings(scratch_path("none.log"), NULL, first, sizeof first), 0);
  ck_assert_str_eq(first, "");
}
END_TEST

START_TEST(long_lines_are_cut) {
  char line[40];
  const char *log = scratch_text("tool.log", WIDTH "\n" WIDTH "\n");
  sf_log_error(log, line, sizeof line);
  ck_assert_uint_eq(strlen(line), sizeof line - 1);
}
END_TEST

START_TEST(tools_are_found_or_named) {
  char path[SF_PATH_MAX], line[64];
  sf_msg msg = {""};
  ck_assert_int_eq(sf_tool_find("sh", NULL, path, &msg), SF_OK);
  sf_tool_line((const char *[]){path, "-c", "echo one; echo two", NULL}, line, sizeof line);
  ck_assert_str_eq(line, "one");
  ck_assert_int_eq(sf_tool_find("no-such-tool", "some-package", path, &msg), SF_ETOOL);
  ck_assert_str_eq(msg.text, "no-such-tool: not found in PATH (Debian package some-package)");
}
END_TEST

int main(void) {
  Suite *s = suite_create("tool");
  TCase *t = tcase_create("logs");
  tcase_add_loop_test(t, log_error_and_warnings, 0, sizeof rows / sizeof *rows);
  tcase_add_test(t, harmless_warnings_do_not_count);
  tcase_add_test(t, long_lines_are_cut);
  tcase_add_test(t, tools_are_found_or_named);
  suite_add_tcase(s, t);
  return suite_run_in_scratch(s);
}
