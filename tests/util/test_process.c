/* test_process.c - processes that end with the one that started them: what they print, how they end, what is left. */
#include <check.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "files/file_util.h"
#include "scratch.h"
#include "suite.h"
#include "util/process.h"

START_TEST(a_killed_program_leaves_no_file_under_construction) {
  static const int number[] = {SIGINT, SIGTERM, SIGHUP};
  const char *path = scratch_path("half-written");
  int status;
  const pid_t pid = fork();
  if (pid == 0) {
    sf_new_file done, first, second;
    if (sf_new_file_begin(path, &done, NULL) || sf_new_file_commit(&done, NULL)) _exit(1);
    sf_process_tidy_when_killed();
    if (sf_new_file_begin(path, &first, NULL) || sf_new_file_begin(path, &second, NULL)) _exit(1);
    const pid_t child = sf_process_fork(); /* its death is not the program's */
    if (child == 0) raise(SIGTERM);
    if (waitpid(child, &status, 0) != child || !WIFSIGNALED(status) || access(first.temp, F_OK)) _exit(2);
    raise(number[_i]);
    _exit(3);
  }
  ck_assert_int_eq(waitpid(pid, &status, 0), pid);
  ck_assert_msg(WIFSIGNALED(status) && WTERMSIG(status) == number[_i], "status %d", status);
  ck_assert_int_eq(scratch_count("half-written"), 1); /* what was finished before stays */
}
END_TEST

static int calls;
static void count(void *self) { calls += *(int *)self; }

static const struct {
  const char *why, *script;
  bool group;
  int status;
} ends[] = {
    {"its exit status", "exit 3", false, 3},
    {"128 and the signal", "kill -TERM $$", false, 128 + SIGTERM},
    {"a program of ours, its exit status", "exit 3", true, 3},
    {"a program of ours, 128 and the signal", "kill -TERM $$", true, 128 + SIGTERM},
};

START_TEST(status_of_what_has_ended) {
  const char *const argv[] = {"/bin/sh", "-c", ends[_i].script, NULL};
  pid_t pid;
  int state, one = 1;
  sf_msg msg = {""};
  const sf_process_plan plan = {.argv = argv, .out = -1, .err = -1, .group = ends[_i].group};
  ck_assert_msg(sf_process_start(&plan, &pid, &msg) == SF_OK, "%s", msg.text);
  ck_assert_msg(sf_process_wait(pid, count, &one, &state, &msg) == SF_OK, "%s", msg.text);
  ck_assert_msg(sf_process_status(state) == ends[_i].status, "%s: %d", ends[_i].why, sf_process_status(state));
  ck_assert_int_eq(sf_process_wait(pid, NULL, NULL, &state, &msg), SF_ETOOL); /* once */
  ck_assert_int_eq(strncmp(msg.text, "waiting for a program: ", 23), 0);
}
END_TEST

START_TEST(what_it_prints_goes_where_it_was_told) {
  const char *const argv[] = {"/bin/sh", "-c", "pwd; cat; echo error >&2", NULL};
  const char *out = scratch_text("out", "before\n"), *err = scratch_path("err");
  int log[2], state;
  pid_t pid;
  size_t n;
  ck_assert(sf_process_log(out, &log[0], NULL) == SF_OK && sf_process_log(err, &log[1], NULL) == SF_OK);
  const sf_process_plan plan = {.argv = argv, .folder = "/", .out = log[0], .err = log[1]};
  ck_assert_int_eq(sf_process_start(&plan, &pid, NULL), SF_OK);
  ck_assert_int_eq(sf_process_wait(pid, NULL, NULL, &state, NULL), SF_OK);
  close(log[0]);
  close(log[1]);
  char *text = scratch_read(out, &n);
  ck_assert_msg(n == 9 && !memcmp(text, "before\n/\n", 9), "%.*s", (int)n, text);
  free(text);
  text = scratch_read(err, &n);
  ck_assert_msg(n == 6 && !memcmp(text, "error\n", 6), "%.*s", (int)n, text);
  free(text);
}
END_TEST

START_TEST(what_cannot_be_run_ends_with_127) {
  const char *const argv[] = {"/no/such/program", NULL};
  pid_t pid;
  int state;
  ck_assert_int_eq(sf_process_start(&(sf_process_plan){.argv = argv, .out = -1, .err = -1}, &pid, NULL), SF_OK);
  ck_assert_int_eq(sf_process_wait(pid, NULL, NULL, &state, NULL), SF_OK);
  ck_assert_int_eq(sf_process_status(state), 127);
}
END_TEST

/* Its children are in its group, so that they end with it. */
START_TEST(a_group_is_ended_whole) {
  const char *const argv[] = {"/bin/sh", "-c", "sleep 1000 & echo $!; wait", NULL};
  int pipe_end[2], state;
  pid_t pid;
  ck_assert_int_eq(pipe(pipe_end), 0);
  const sf_process_plan plan = {.argv = argv, .out = pipe_end[1], .err = -1, .group = true};
  ck_assert_int_eq(sf_process_start(&plan, &pid, NULL), SF_OK);
  close(pipe_end[1]);
  FILE *in = fdopen(pipe_end[0], "r");
  int child = 0;
  ck_assert(in && fscanf(in, "%d", &child) == 1 && child > 0);
  ck_assert(!sf_process_is_over(pid, &state));
  ck_assert_int_eq(kill(-pid, SIGKILL), 0);
  ck_assert_int_eq(sf_process_wait(pid, NULL, NULL, &state, NULL), SF_OK);
  ck_assert_int_eq(sf_process_status(state), 128 + SIGKILL);
  while (fgetc(in) != EOF) {} /* which comes when nobody holds the other end any more */
  fclose(in);
  ck_assert(sf_process_is_over(pid, &state));
  ck_assert_int_eq(state, 0); /* nobody knows any more */
}
END_TEST

int main(void) {
  Suite *s = suite_create("process");
  TCase *t = tcase_create("process");
  tcase_set_timeout(t, 60);
  tcase_add_loop_test(t, a_killed_program_leaves_no_file_under_construction, 0, 3);
  tcase_add_loop_test(t, status_of_what_has_ended, 0, sizeof ends / sizeof *ends);
  tcase_add_test(t, what_it_prints_goes_where_it_was_told);
  tcase_add_test(t, what_cannot_be_run_ends_with_127);
  tcase_add_test(t, a_group_is_ended_whole);
  suite_add_tcase(s, t);
  return suite_run_in_scratch(s);
}
