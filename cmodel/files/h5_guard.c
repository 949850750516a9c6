/* h5_guard.c - a try-out of reading in a child process. The HDF5 library checks much, but not everything: a few
 * damaged files of its older format make it read past its memory, divide by zero or loop for ever (1.10 does so for
 * about one in a hundred files with some bytes changed). Reading is repeatable, so what a child survives, this
 * process survives. */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "files/h5_parts.h"
#include "synfire/files.h"

/* Processor time that a file may take, and no more: what it claims to hold counts, not what it takes when compressed.
 * Reading is ten times as fast, with the sanitizers too. */
#define SECONDS 2u
#define BYTES_PER_SECOND 4000000   /* of the file: groups and names of many cores */
#define VALUES_PER_SECOND 10000000 /* bytes of values, unpacked */
#define CHUNKS_PER_SECOND 50000

bool sf_h5_unguarded = false;
static bool is_child;

void sf_files_trust(int trusted) { sf_h5_unguarded = trusted != 0; }

static void allow_until(rlim_t seconds) {
  struct rlimit time;
  if (getrlimit(RLIMIT_CPU, &time) != 0) return;
  time.rlim_cur = time.rlim_max == RLIM_INFINITY || seconds < time.rlim_max ? seconds : time.rlim_max;
  setrlimit(RLIMIT_CPU, &time);
}

void sf_h5_guard_expect(uint64_t bytes, uint64_t chunks) {
  struct rusage used;
  struct rlimit time;
  if (!is_child || getrusage(RUSAGE_SELF, &used) != 0 || getrlimit(RLIMIT_CPU, &time) != 0) return;
  const rlim_t so_far = (rlim_t)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) + 1;
  const rlim_t until = so_far + SECONDS + (rlim_t)(bytes / VALUES_PER_SECOND + chunks / CHUNKS_PER_SECOND);
  if (until > time.rlim_cur) allow_until(until);
}

static void run_child(pid_t parent, const char *path, void (*attempt)(const char *path)) {
  struct stat st;
  const struct rlimit no_core = {0, 0};
  is_child = true;
  prctl(PR_SET_PDEATHSIG, SIGKILL); /* nobody waits for the answer of a program that was killed */
  if (getppid() != parent) _exit(0);
  signal(SIGXCPU, SIG_DFL);
  allow_until(SECONDS + (stat(path, &st) == 0 ? (rlim_t)(st.st_size / BYTES_PER_SECOND) : 0));
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
  const pid_t parent = getpid(), child = fork();
  if (child == 0) run_child(parent, path, attempt);
  if (child < 0) return SF_OK; /* no process to be had: without the try-out, then */
  int status = 0;
  pid_t got;
  do got = waitpid(child, &status, 0);
  while (got < 0 && errno == EINTR);
  if (got != child || status == 0) return SF_OK;
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU)
    return sf_fail(msg, SF_EFORMAT, "takes the HDF5 library far longer than its size can: is damaged");
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
    return sf_fail(msg, SF_ENOMEM, "could not be tried: the process that read it was killed, as when memory is short");
  return sf_fail(msg, SF_EFORMAT, "is damaged so that the HDF5 library fails on it");
}
