/* h5_guard.c - a try-out of reading in a child process. The HDF5 library checks much, but not everything: a few
 * damaged files of its older format make it read past its memory, divide by zero or loop for ever (1.10 does so for
 * about one in a hundred files with some bytes changed). Reading is repeatable, so what a child survives, this
 * process survives. */
#define _POSIX_C_SOURCE 200809L
#include "h5_util.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "synfire/files.h"

#define SECONDS 2u               /* of processor time, and ... */
#define BYTES_PER_SECOND 4000000 /* ... more for large files; reading is ten times as fast */

bool sf_h5_unguarded = false;

void sf_files_trust(int trusted) { sf_h5_unguarded = trusted != 0; }

static void run_child(const char *path, void (*attempt)(const char *path)) {
  struct stat st;
  const rlim_t seconds = SECONDS + (stat(path, &st) == 0 ? (rlim_t)(st.st_size / BYTES_PER_SECOND) : 0);
  const struct rlimit time = {seconds, seconds}, no_core = {0, 0};
  setrlimit(RLIMIT_CPU, &time);
  setrlimit(RLIMIT_CORE, &no_core);
  /* Whatever a crash prints on its way (a sanitizer's report, malloc's last words) is not for the user. */
  const int null = open("/dev/null", O_WRONLY);
  if (null >= 0) {
    dup2(null, STDOUT_FILENO);
    dup2(null, STDERR_FILENO);
  }
  attempt(path);
  _exit(0);
}

sf_err sf_h5_guard(const char *path, void (*attempt)(const char *path), sf_msg *msg) {
  if (sf_h5_unguarded) return SF_OK;
  const pid_t child = fork();
  if (child == 0) run_child(path, attempt);
  if (child < 0) return SF_OK; /* no process to be had: without the try-out, then */
  int status = 0;
  pid_t got;
  do got = waitpid(child, &status, 0);
  while (got < 0 && errno == EINTR);
  if (got != child || status == 0) return SF_OK;
  return sf_fail(msg, SF_EFORMAT, "is damaged so that the HDF5 library fails on it");
}
