/* process.c - see process.h. Between fork() and exec() there are system calls only: threads may have been at work. */
#define _GNU_SOURCE
#include "util/process.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "files/file_util.h"
#include "util/lock.h"

/* ---- being killed ---- */

static pid_t program;

static void tidy_and_die(int number) {
  if (getpid() == program) sf_new_files_remove(); /* a child's end is not ours */
  signal(number, SIG_DFL);
  raise(number);
}

void sf_process_tidy_when_killed(void) {
  static const int number[] = {SIGINT, SIGTERM, SIGHUP};
  const struct sigaction ours = {.sa_handler = tidy_and_die};
  struct sigaction was;
  program = getpid();
  for (size_t i = 0; i < sizeof number / sizeof *number; i++) /* nohup and a shell's & have some of them ignored */
    if (sigaction(number[i], NULL, &was) == 0 && was.sa_handler != SIG_IGN) sigaction(number[i], &ours, NULL);
}

/* ---- what ends with its parent ---- */

static pid_t fork_bound(pid_t (*copy)(void), int signal_at_death) {
  const pid_t parent = getpid();
  const pid_t pid = copy();
  if (pid != 0) return pid;
  prctl(PR_SET_PDEATHSIG, signal_at_death);
  if (getppid() != parent) _exit(128 + SIGKILL); /* it was gone before the kernel knew what to do then */
  return 0;
}

pid_t sf_process_fork(void) { return fork_bound(fork, SIGKILL); }

/* Parent of a process, from /proc/PID/stat: "PID (NAME) STATE PARENT ...", where the name may hold anything. 0: no
 * such. */
static pid_t parent_of(const char *pid) {
  char path[64], text[512];
  if (strlen(pid) > 20) return 0;
  stpcpy(stpcpy(stpcpy(path, "/proc/"), pid), "/stat");
  const int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return 0;
  const ssize_t n = read(fd, text, sizeof text - 1);
  close(fd);
  text[n > 0 ? n : 0] = '\0';
  const char *end = strrchr(text, ')');
  return end && strlen(end) > 4 ? (pid_t)strtol(end + 4, NULL, 10) : 0;
}

static void signal_children(int signal) {
  struct linux_dirent64 {
    uint64_t inode;
    int64_t next;
    unsigned short length;
    unsigned char type;
    char name[];
  };
  _Alignas(struct linux_dirent64) char room[4096];
  const pid_t self = getpid();
  const int proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (proc < 0) return;
  for (;;) {
    const long n = syscall(SYS_getdents64, proc, room, sizeof room);
    if (n <= 0) break;
    for (long at = 0; at < n;) {
      const struct linux_dirent64 *e = (const struct linux_dirent64 *)(room + at);
      if (e->name[0] >= '1' && e->name[0] <= '9' && parent_of(e->name) == self)
        kill((pid_t)strtol(e->name, NULL, 10), signal);
      at += e->length;
    }
  }
  close(proc);
}

/* First asked to end, so that a compiler removes its temporary files; what was orphaned by that is asked too. */
static void end_descendants(pid_t tool) {
  kill(tool, SIGTERM);
  for (int i = 0; i < 50; i++) {
    if (i % 10 == 0) signal_children(SIGTERM);
    pid_t got;
    do got = waitpid(-1, NULL, WNOHANG);
    while (got > 0);
    if (got < 0 && errno == ECHILD) return;
    nanosleep(&(struct timespec){.tv_nsec = 10 * 1000 * 1000}, NULL);
  }
  kill(tool, SIGKILL);
  for (;;) { /* each death may leave us more of them */
    signal_children(SIGKILL);
    if (waitpid(-1, NULL, 0) < 0 && errno == ECHILD) return;
  }
}

/* Everything but locks: a pipe or a terminal that stayed open here would keep its reader waiting. */
static void close_all_but_locks(void) {
  const int null = open("/dev/null", O_RDWR);
  for (int fd = 0; null >= 0 && fd < 3; fd++) dup2(null, fd);
  int from = 3;
  for (;;) {
    const int next = sf_lock_held_from(from);
    const unsigned to = next < 0 ? ~0u : (unsigned)next - 1;
    if (to >= (unsigned)from && syscall(SYS_close_range, (unsigned)from, to, 0)) /* an old kernel */
      for (int fd = from; fd < 4096; fd++)
        if (sf_lock_held_from(fd) != fd) close(fd);
    if (next < 0) return;
    from = next + 1;
  }
}

/* Between the program and a tool; its signals are blocked and waited for. */
static _Noreturn void stand_between(pid_t tool) {
  int state = 0, signal = 0;
  sigset_t wanted;
  sigemptyset(&wanted);
  sigaddset(&wanted, SIGCHLD);
  sigaddset(&wanted, SIGTERM);
  prctl(PR_SET_NAME, "synfire-tool");
  close_all_but_locks();
  for (;;) {
    pid_t got;
    do got = waitpid(-1, &state, WNOHANG);
    while (got > 0 && got != tool);
    if (got == tool) break;
    if (signal == SIGTERM) {
      end_descendants(tool);
      _exit(128 + SIGTERM);
    }
    signal = sigwaitinfo(&wanted, NULL);
  }
  if (WIFEXITED(state)) _exit(WEXITSTATUS(state));
  end_descendants(tool);
  _exit(128 + WTERMSIG(state));
}

pid_t sf_process_fork_tool(void) {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pid_t pid = fork_bound(fork, SIGTERM);
  if (pid == 0) {
    signal(SIGCHLD, SIG_DFL);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    /* fork() would call what libraries have registered for it, and a lock of theirs (of OpenBLAS, say) may have been
     * held by another thread when we were copied: nobody is left here to release it. */
    const pid_t tool = fork_bound(_Fork, SIGKILL);
    if (tool < 0) _exit(127);
    if (tool > 0) stand_between(tool);
    signal(SIGPIPE, SIG_DFL);
    signal(SIGXFSZ, SIG_DFL);
  }
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  return pid;
}

/* ---- programs ---- */

/* In the child; it returns only when that cannot be. */
static void become(const sf_process_plan *plan, int null) {
  const int out = plan->out < 0 ? null : plan->out, err = plan->err < 0 ? null : plan->err;
  if (plan->group) setpgid(0, 0);
  if (dup2(null, 0) < 0 || dup2(out, 1) < 0 || dup2(err, 2) < 0 || (plan->folder && chdir(plan->folder))) return;
  execv(plan->argv[0], (char *const *)plan->argv);
}

sf_err sf_process_start(const sf_process_plan *plan, pid_t *pid, sf_msg *msg) {
  fflush(NULL);
  *pid = plan->group ? sf_process_fork() : sf_process_fork_tool();
  if (*pid < 0) return sf_fail(msg, SF_ETOOL, "%s: cannot be started: %s", plan->argv[0], strerror(errno));
  if (*pid == 0) {
    const int null = open("/dev/null", O_RDWR);
    if (null >= 0) become(plan, null);
    _exit(127);
  }
  if (plan->group) setpgid(*pid, *pid); /* whoever of us comes first */
  return SF_OK;
}

sf_err sf_process_log(const char *path, int *log, sf_msg *msg) {
  *log = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  return *log < 0 ? sf_fail(msg, SF_EIO, "%s: %s", path, strerror(errno)) : SF_OK;
}

static pid_t collect(pid_t pid, int *state, int how) {
  pid_t got;
  do got = waitpid(pid, state, how);
  while (got < 0 && errno == EINTR);
  return got;
}

bool sf_process_is_over(pid_t pid, int *state) {
  const pid_t got = collect(pid, state, WNOHANG);
  if (got < 0) *state = 0;
  return got != 0;
}

sf_err sf_process_wait(pid_t pid, sf_process_meanwhile meanwhile, void *self, int *state, sf_msg *msg) {
  for (;;) {
    const pid_t got = collect(pid, state, meanwhile ? WNOHANG : 0);
    if (got < 0) return sf_fail(msg, SF_ETOOL, "waiting for a program: %s", strerror(errno));
    if (got > 0) return SF_OK;
    meanwhile(self);
    nanosleep(&(struct timespec){.tv_nsec = 20 * 1000 * 1000}, NULL);
  }
}

int sf_process_status(int state) { return WIFEXITED(state) ? WEXITSTATUS(state) : 128 + WTERMSIG(state); }
