/* test_progress.c - the progress line: nothing in a pipe, nothing when silenced, a line on a terminal that is
 * erased. */
#define _GNU_SOURCE
#include <check.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "suite.h"
#include "util/progress.h"

/* What a child writes to standard error while it shows a bar for a while; terminal or pipe. */
static void bar_for(int milliseconds, bool terminal, bool silent, char *out, size_t size) {
  int master, slave, ends[2];
  if (terminal)
    ck_assert_int_eq(openpty(&master, &slave, NULL, NULL, &(struct winsize){.ws_col = 80, .ws_row = 24}), 0);
  else {
    ck_assert_int_eq(pipe(ends), 0);
    master = ends[0];
    slave = ends[1];
  }
  const pid_t child = fork();
  ck_assert_int_ge(child, 0);
  if (child == 0) {
    dup2(slave, STDERR_FILENO);
    close(master);
    setenv("TERM", "xterm", 1);
    sf_progress_silence(silent);
    sf_progress bar;
    sf_progress_start(&bar, "work", (uint64_t)milliseconds);
    for (int i = 0; i < milliseconds; i++) {
      usleep(1000);
      sf_progress_step(&bar, (uint64_t)i + 1);
    }
    sf_progress_note(&bar, "a note");
    sf_progress_finish(&bar);
    sf_progress_finish(&bar);
    _exit(0);
  }
  close(slave);
  size_t n = 0;
  while (n + 1 < size) {
    const ssize_t got = read(master, out + n, size - 1 - n);
    if (got <= 0) break;
    n += (size_t)got;
  }
  out[n] = '\0';
  close(master);
  int status;
  ck_assert_int_eq(waitpid(child, &status, 0), child);
  ck_assert_int_eq(status, 0);
}

static char text[1 << 16];

START_TEST(pipe_gets_nothing) {
  bar_for(1300, false, false, text, sizeof text);
  ck_assert_str_eq(text, "");
}
END_TEST

START_TEST(silenced_bar_shows_nothing) {
  bar_for(1300, true, true, text, sizeof text);
  ck_assert_str_eq(text, "");
}
END_TEST

START_TEST(short_work_shows_nothing) {
  bar_for(300, true, false, text, sizeof text);
  ck_assert_str_eq(text, "");
}
END_TEST

START_TEST(long_work_shows_a_line_and_erases_it) {
  bar_for(1600, true, false, text, sizeof text);
  ck_assert_ptr_nonnull(strstr(text, "work"));
  ck_assert_ptr_nonnull(strstr(text, "of 1,600"));
  ck_assert_ptr_null(strchr(text, '\n'));
  const size_t n = strlen(text);
  ck_assert_uint_gt(n, 4);
  ck_assert_str_eq(text + n - 4, "\r\033[K");
}
END_TEST

int main(void) {
  Suite *s = suite_create("progress");
  TCase *c = tcase_create("line");
  tcase_set_timeout(c, 30);
  tcase_add_test(c, pipe_gets_nothing);
  tcase_add_test(c, silenced_bar_shows_nothing);
  tcase_add_test(c, short_work_shows_nothing);
  tcase_add_test(c, long_work_shows_a_line_and_erases_it);
  suite_add_tcase(s, c);
  return suite_run(s);
}
