/* test_fork.c - tools are started from a process of several threads and with libraries that have handlers for
 * fork(). */
#include <check.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "suite.h"
#include "util/process.h"

/* As OpenBLAS does it: a lock is taken before a fork, and nobody releases it in the copy. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static void take(void) { pthread_mutex_lock(&lock); }
static void release(void) { pthread_mutex_unlock(&lock); }

START_TEST(a_tool_starts_although_the_copy_of_this_process_holds_a_lock) {
  int state = -1;
  ck_assert_int_eq(pthread_atfork(take, release, NULL), 0);
  const pid_t pid = sf_process_fork_tool();
  if (pid == 0) {
    execl("/bin/true", "true", (char *)NULL);
    _exit(127);
  }
  ck_assert_int_gt(pid, 0);
  ck_assert_int_eq(waitpid(pid, &state, 0), pid);
  ck_assert_int_eq(state, 0);
}
END_TEST

int main(void) {
  Suite *s = suite_create("fork");
  TCase *t = tcase_create("tools");
  tcase_add_test(t, a_tool_starts_although_the_copy_of_this_process_holds_a_lock);
  suite_add_tcase(s, t);
  return suite_run(s);
}
