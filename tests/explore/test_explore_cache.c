/* test_explore_cache.c - the cache of a sweep, and the script of a job that fills it. */
#define _GNU_SOURCE
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "explore/cache.h"
#include "explore/run.h"
#include "explore/sweep_folder.h"
#include "files/file_util.h"
#include "suite.h"

/* ---- the cache ---- */

START_TEST(entries_are_whole_or_not_there) {
  sf_entry e;
  sf_msg msg = {""};
  char path[SF_PATH_MAX], file[SF_PATH_MAX + 32];
  sf_hash h = sf_hash_new();
  sf_hash_text(&h, "one");
  ck_assert(!sf_entry_path("lint", &h, path));
  ck_assert_msg(sf_entry_open("lint", &h, &e, &msg) == SF_OK, "%s", msg.text);
  ck_assert(!e.ready);
  ck_assert(!sf_entry_path("lint", &h, path));
  ck_assert_int_eq(sf_entry_close(&e, false, &msg), SF_OK); /* it failed: not kept */
  ck_assert(!sf_entry_path("lint", &h, path));
  ck_assert_int_eq(sf_entry_open("lint", &h, &e, &msg), SF_OK);
  ck_assert(!e.ready);
  snprintf(file, sizeof file, "%s/result.json", e.work);
  ck_assert_int_eq(sf_write_text(file, "{}", &msg), SF_OK);
  ck_assert_int_eq(sf_entry_close(&e, true, &msg), SF_OK);
  ck_assert(sf_entry_path("lint", &h, path));
  ck_assert_str_eq(path, e.path);
  ck_assert_int_eq(sf_entry_open("lint", &h, &e, &msg), SF_OK);
  ck_assert(e.ready);
  sf_hash_text(&h, "two");
  ck_assert(!sf_entry_path("lint", &h, path));
}
END_TEST

/* Eight processes want the same: one computes it, and afterwards nothing but it lies there. */
START_TEST(one_computes_and_the_others_wait) {
  int status, computed = 0;
  sf_hash h = sf_hash_new();
  for (int i = 0; i < 8; i++)
    if (fork() == 0) {
      sf_entry e;
      char file[SF_PATH_MAX + 32];
      if (sf_entry_open("model", &h, &e, NULL)) _exit(9);
      if (e.ready) _exit(0);
      usleep(200000);
      snprintf(file, sizeof file, "%s/result.json", e.work);
      if (sf_write_text(file, "{}", NULL) || sf_entry_close(&e, true, NULL)) _exit(9);
      _exit(1);
    }
  while (wait(&status) > 0) {
    ck_assert(WIFEXITED(status) && WEXITSTATUS(status) <= 1);
    computed += WEXITSTATUS(status);
  }
  ck_assert_int_eq(computed, 1);
  char command[300];
  snprintf(command, sizeof command, "[ \"$(ls %s/explore | wc -l)\" = 1 ]", folder);
  ck_assert_int_eq(system(command), 0);
}
END_TEST

START_TEST(what_a_killed_process_left_is_removed_and_what_runs_is_not) {
  sf_entry e, busy;
  sf_hash h = sf_hash_new();
  const pid_t pid = fork();
  if (pid == 0) {
    if (sf_entry_open("route", &h, &e, NULL)) _exit(1);
    raise(SIGKILL);
  }
  int status;
  waitpid(pid, &status, 0);
  ck_assert(WIFSIGNALED(status));
  sf_hash_text(&h, "busy");
  ck_assert_int_eq(sf_entry_open("route", &h, &busy, NULL), SF_OK);
  char command[300];
  snprintf(command, sizeof command, "[ \"$(ls %s/explore | grep -c work-)\" = 2 ]", folder);
  ck_assert_int_eq(system(command), 0);
  sf_entry_tidy();
  snprintf(command, sizeof command, "[ \"$(ls %s/explore | wc -l)\" = 2 ]", folder); /* the busy one and its lock */
  ck_assert_int_eq(system(command), 0);
  ck_assert_int_eq(access(busy.work, R_OK), 0);
  ck_assert_int_eq(sf_entry_close(&busy, false, NULL), SF_OK);
}
END_TEST

/* ---- the job script ---- */

START_TEST(slurm_script_shares_the_points_out) {
  sf_sweep *s = parsed(
      HEAD "\"name\": \"n\", \"limit_s\": 100, \"parameters\": {\"ROUTES\": {\"from\": 1, \"to\": 25, \"step\": 1}}}");
  uint32_t todo[25];
  for (uint32_t i = 0; i < 25; i++) todo[i] = 24 - i;
  const sf_explore_run run = {
      .sweep = s, .todo = todo, .n = 25, .jobs = 3, .steps = "model", .out = folder, .program = "/p q/synfire"};
  char *text = sf_slurm_script(&run, 10), command[1000];
  ck_assert_ptr_nonnull(text);
  ck_assert_ptr_nonnull(strstr(text, "\n#SBATCH --array=0-9%3\n"));
  ck_assert_ptr_nonnull(strstr(text, "\n#SBATCH --time=5\n")); /* three points of 100 s */
  ck_assert_ptr_nonnull(strstr(text, "'/p q/synfire' explore /somewhere/s.json --point \"$point\" --steps model"));
  ck_assert_ptr_nonnull(strstr(text, "SYNFIRE_CACHE="));
  free(text);
  /* What the tasks of the array do, with a program that writes down what it is asked for. */
  char program[200], out[400], points[400] = "";
  snprintf(program, sizeof program, "%s/program", folder);
  snprintf(out, sizeof out, "#!/bin/sh\necho \"$4\" >> %s/done\n[ \"$4\" != 7 ] || exit 2\n", folder);
  ck_assert_int_eq(sf_write_text(program, out, NULL), SF_OK);
  ck_assert_int_eq(chmod(program, 0755), 0);
  for (uint32_t i = 0; i < 25; i++) snprintf(points + strlen(points), sizeof points - strlen(points), "%u\n", todo[i]);
  ck_assert_int_eq(sf_write_text(in_folder("points.txt"), points, NULL), SF_OK);
  const sf_explore_run fake = {.sweep = s, .todo = todo, .n = 25, .out = folder, .program = program};
  text = sf_slurm_script(&fake, 10);
  ck_assert_int_eq(sf_write_text(in_folder("job.sh"), text, NULL), SF_OK);
  free(text);
  snprintf(
      command, sizeof command,
      "for i in 0 1 2 3 4 5 6 7 8 9; do SLURM_ARRAY_TASK_ID=$i bash %s/job.sh || echo failed $i; done > %s/failed; "
      "[ \"$(sort -n %s/done)\" = \"$(seq 0 24)\" ] && [ \"$(cat %s/failed)\" = 'failed 7' ]",
      folder, folder, folder, folder);
  ck_assert_int_eq(system(command), 0); /* every point once; point 7 stands in line 17, of task 7 */
  sf_sweep_free(s);
}
END_TEST

int main(void) {
  Suite *s = suite_create("explore_cache");
  TCase *c = tcase_create("sweep");
  tcase_set_timeout(c, 120);
  tcase_add_checked_fixture(c, setup, teardown);
  tcase_add_test(c, entries_are_whole_or_not_there);
  tcase_add_test(c, one_computes_and_the_others_wait);
  tcase_add_test(c, what_a_killed_process_left_is_removed_and_what_runs_is_not);
  tcase_add_test(c, slurm_script_shares_the_points_out);
  suite_add_tcase(s, c);
  return suite_run(s);
}
