/* test_cache.c - a cache that programs fill at once: entries are whole or not there, made once, and what the killed
 * left goes while what runs stays. */
#include <check.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "files/file_util.h"
#include "scratch.h"
#include "suite.h"
#include "util/cache.h"

static char cache[SF_PATH_MAX];

static void new_cache(const char *name) {
  sf_msg msg = {""};
  snprintf(cache, sizeof cache, "%s", scratch_path(name));
  ck_assert_int_eq(sf_make_folder(cache, &msg), SF_OK);
}

static bool in_cache(const char *name) {
  char path[SF_PATH_MAX + 32];
  snprintf(path, sizeof path, "%s/%s", cache, name);
  return access(path, F_OK) == 0;
}

/* How many names the cache holds, but for one. */
static int others(const char *but) {
  char command[SF_PATH_MAX + 64];
  int n = -1;
  snprintf(command, sizeof command, "ls -A %s | grep -vcx -- '%s'", cache, but);
  FILE *in = popen(command, "r");
  ck_assert(in && fscanf(in, "%d", &n) == 1);
  pclose(in);
  return n;
}

static sf_err put_file(const sf_cache_slot *slot, const char *name, const char *text) {
  char file[SF_PATH_MAX + 32];
  snprintf(file, sizeof file, "%s/%s", slot->work, name);
  return sf_write_text(file, text, NULL);
}

static void make(const char *name, const char *proof) {
  sf_cache_slot slot;
  ck_assert_int_eq(sf_cache_open(cache, name, proof, &slot, NULL), SF_OK);
  ck_assert(!slot.ready);
  ck_assert_int_eq(put_file(&slot, proof ? proof : "made", "whole"), SF_OK);
  ck_assert_int_eq(sf_cache_close(&slot, proof ? "" : "made", SF_OK, NULL), SF_OK);
}

/* ---- made once ---- */

static int built; /* how many threads found nothing and built */

static void *use_cache(void *self) {
  sf_cache_slot slot;
  sf_msg msg = {""};
  (void)self;
  if (sf_cache_open(cache, "core-test.so", NULL, &slot, &msg)) return "open";
  if (slot.ready) return access(slot.path, R_OK) ? "ready but not there" : NULL;
  __atomic_fetch_add(&built, 1, __ATOMIC_SEQ_CST);
  usleep(20000);
  if (put_file(&slot, "made", "whole")) return "made";
  return sf_cache_close(&slot, "made", SF_OK, &msg) ? "close" : NULL;
}

START_TEST(of_eight_threads_one_makes_it) {
  pthread_t thread[8];
  new_cache("once");
  for (int i = 0; i < 8; i++) ck_assert_int_eq(pthread_create(&thread[i], NULL, use_cache, NULL), 0);
  for (int i = 0; i < 8; i++) {
    void *wrong = NULL;
    pthread_join(thread[i], &wrong);
    ck_assert_msg(!wrong, "%s", (const char *)wrong);
  }
  ck_assert_int_eq(built, 1);
  ck_assert(in_cache("core-test.so"));
  ck_assert_int_eq(others("core-test.so"), 0);
}
END_TEST

/* Those who wait for a lock that its holder removes must not end up beside somebody who took a new one. */
START_TEST(of_eight_processes_one_is_at_work_at_a_time) {
  char busy[SF_PATH_MAX + 16];
  int status, turns = 0;
  new_cache("turns");
  snprintf(busy, sizeof busy, "%s/busy", cache);
  for (int i = 0; i < 8; i++)
    if (fork() == 0) {
      sf_cache_slot slot;
      for (int turn = 0; turn < 20; turn++) {
        if (sf_cache_open(cache, "core-1.so", NULL, &slot, NULL) || slot.ready) _exit(1);
        const int alone = open(busy, O_CREAT | O_EXCL | O_WRONLY, 0600);
        if (alone < 0) _exit(2);
        close(alone);
        usleep(500);
        unlink(busy);
        if (sf_cache_close(&slot, NULL, SF_ETOOL, NULL) != SF_ETOOL) _exit(3); /* it failed: the next one tries */
      }
      _exit(0);
    }
  while (wait(&status) > 0) {
    ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "status %d", status);
    turns++;
  }
  ck_assert_int_eq(turns, 8);
  ck_assert_int_eq(others(""), 0);
}
END_TEST

START_TEST(what_failed_leaves_nothing) {
  sf_cache_slot slot;
  new_cache("failed");
  ck_assert_int_eq(sf_cache_open(cache, "core-1.so", NULL, &slot, NULL), SF_OK);
  ck_assert_int_eq(put_file(&slot, "half", "built"), SF_OK);
  ck_assert_int_eq(sf_cache_close(&slot, NULL, SF_ETOOL, NULL), SF_ETOOL);
  ck_assert_int_eq(others(""), 0);
}
END_TEST

START_TEST(a_folder_is_there_when_its_proof_is) {
  sf_cache_slot slot;
  char proof[SF_PATH_MAX + 32];
  new_cache("proof");
  make("runtime-1.d", "runtime.o");
  ck_assert_int_eq(sf_cache_open(cache, "runtime-1.d", "runtime.o", &slot, NULL), SF_OK);
  ck_assert(slot.ready);
  ck_assert_int_eq(sf_cache_close(&slot, NULL, SF_OK, NULL), SF_OK); /* harmless */
  snprintf(proof, sizeof proof, "%s/runtime.o", slot.path);
  ck_assert_int_eq(unlink(proof), 0);
  make("runtime-1.d", "runtime.o"); /* in the place of what proves nothing */
  ck_assert_int_eq(others("runtime-1.d"), 0);
}
END_TEST

/* ---- what the killed left ---- */

static void leave(const char *name) { /* as somebody who is killed at work */
  sf_cache_slot slot;
  int status;
  const pid_t pid = fork();
  if (pid == 0) {
    if (sf_cache_open(cache, name, NULL, &slot, NULL) || put_file(&slot, "half", "built")) _exit(1);
    raise(SIGKILL);
  }
  waitpid(pid, &status, 0);
  ck_assert(WIFSIGNALED(status));
}

START_TEST(tidying_removes_what_the_killed_left_and_nothing_that_is_in_use) {
  sf_cache_slot alive;
  new_cache("left");
  make("core-0.so", NULL);
  ck_assert_int_eq(sf_cache_open(cache, "core-2.so", NULL, &alive, NULL), SF_OK);
  leave("core-1.so");
  ck_assert(in_cache("core-1.so.lock"));
  ck_assert_int_eq(others("core-0.so"), 4); /* two locks, two folders */
  sf_cache_tidy(cache);
  ck_assert(!in_cache("core-1.so.lock"));
  ck_assert(in_cache("core-2.so.lock"));
  ck_assert_int_eq(access(alive.work, F_OK), 0);
  ck_assert_int_eq(others("core-0.so"), 2);
  ck_assert_int_eq(put_file(&alive, "made", "whole"), SF_OK);
  ck_assert_int_eq(sf_cache_close(&alive, "made", SF_OK, NULL), SF_OK);
  ck_assert(in_cache("core-2.so"));
  ck_assert_int_eq(others("core-0.so"), 1);
}
END_TEST

START_TEST(whoever_makes_it_next_removes_what_was_left_of_it) {
  new_cache("again");
  leave("core-1.so");
  ck_assert_int_eq(others(""), 2);
  make("core-1.so", NULL);
  ck_assert_int_eq(others("core-1.so"), 0);
}
END_TEST

/* A killed program's tools may still be dying, and hold its lock, when the next one comes. */
START_TEST(whoever_waited_for_a_dying_one_removes_what_it_left) {
  int at_work[2];
  char byte;
  new_cache("dying");
  ck_assert_int_eq(pipe(at_work), 0);
  const pid_t dying = fork();
  if (dying == 0) {
    sf_cache_slot slot;
    if (sf_cache_open(cache, "core-1.so", NULL, &slot, NULL) || write(at_work[1], "x", 1) != 1) _exit(1);
    usleep(300000);
    _exit(0);
  }
  ck_assert_int_eq((int)read(at_work[0], &byte, 1), 1);
  make("core-1.so", NULL);
  ck_assert_int_eq(others("core-1.so"), 0);
  ck_assert_int_eq(waitpid(dying, NULL, 0), dying);
  close(at_work[0]);
  close(at_work[1]);
}
END_TEST

START_TEST(a_folder_without_a_lock_is_left_over_too) {
  char path[SF_PATH_MAX + 32];
  new_cache("lockless");
  leave("core-1.so");
  snprintf(path, sizeof path, "%s/core-1.so.lock", cache);
  ck_assert_int_eq(unlink(path), 0);
  sf_cache_tidy(cache);
  ck_assert_int_eq(others(""), 0);
}
END_TEST

/* ---- what is used least ---- */

START_TEST(the_files_that_were_used_last_are_kept) {
  sf_cache_slot slot, busy;
  char name[32], path[SF_PATH_MAX + 32];
  new_cache("prune");
  make("runtime-1.d", "runtime.o");
  ck_assert_int_eq(sf_cache_open(cache, "core-9.so", NULL, &busy, NULL), SF_OK);
  for (int i = 0; i < 6; i++) {
    snprintf(name, sizeof name, "core-%d.so", i);
    make(name, NULL);
    snprintf(path, sizeof path, "%s/%s", cache, name);
    const struct timespec when[2] = {{1000 + i, 0}, {1000 + i, 0}};
    ck_assert_int_eq(utimensat(AT_FDCWD, path, when, 0), 0);
  }
  ck_assert_int_eq(sf_cache_open(cache, "core-1.so", NULL, &slot, NULL), SF_OK); /* used */
  ck_assert(slot.ready);
  sf_cache_prune(cache, 3);
  ck_assert(in_cache("core-1.so") && in_cache("core-4.so") && in_cache("core-5.so"));
  ck_assert(in_cache("runtime-1.d") && in_cache("core-9.so.lock"));
  ck_assert_int_eq(others(""), 6); /* and the folder of work */
  ck_assert_int_eq(sf_cache_close(&busy, NULL, SF_EFAIL, NULL), SF_EFAIL);
}
END_TEST

int main(void) {
  Suite *s = suite_create("cache");
  TCase *t = tcase_create("cache");
  tcase_set_timeout(t, 60);
  tcase_add_test(t, of_eight_threads_one_makes_it);
  tcase_add_test(t, of_eight_processes_one_is_at_work_at_a_time);
  tcase_add_test(t, what_failed_leaves_nothing);
  tcase_add_test(t, a_folder_is_there_when_its_proof_is);
  tcase_add_test(t, tidying_removes_what_the_killed_left_and_nothing_that_is_in_use);
  tcase_add_test(t, whoever_makes_it_next_removes_what_was_left_of_it);
  tcase_add_test(t, whoever_waited_for_a_dying_one_removes_what_it_left);
  tcase_add_test(t, a_folder_without_a_lock_is_left_over_too);
  tcase_add_test(t, the_files_that_were_used_last_are_kept);
  suite_add_tcase(s, t);
  return suite_run_in_scratch(s);
}
