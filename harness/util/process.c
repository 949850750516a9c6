/* process.c - see process.h. Between fork() and exec() there are system calls only: threads may have been at work. */
#define _GNU_SOURCE
#include "util/process.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "files/file_util.h"

/* ---- locks ---- */

enum { MOST_LOCKS = 256 };
static atomic_int held[MOST_LOCKS]; /* descriptor + 1; 0: free */

/* One slot from `from` to `to`. With no slot free a lock is not inherited, which is how others do it. */
static void note(int from, int to) {
  for (int i = 0; i < MOST_LOCKS; i++) {
    int expected = from;
    if (atomic_compare_exchange_strong(&held[i], &expected, to)) return;
  }
}

static bool is_held(int fd) {
  for (int i = 0; i < MOST_LOCKS; i++)
    if (atomic_load(&held[i]) == fd + 1) return true;
  return false;
}

static int open_lock(const char *path, bool make) {
  const int fd = make ? open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666) : -1;
  /* A file of another user, in a folder of ours, can be read at least. */
  return fd >= 0 || (make && errno != EACCES) ? fd : open(path, O_RDONLY | O_CLOEXEC);
}

/* Who had it before us may have removed the file: what we hold then is the lock of nothing. */
static bool still_there(const char *path, int fd) {
  struct stat ours, now;
  return fstat(fd, &ours) == 0 && stat(path, &now) == 0 && ours.st_dev == now.st_dev && ours.st_ino == now.st_ino;
}

sf_err sf_lock_take(const char *path, unsigned how, int *lock, sf_msg *msg) {
  const bool wait = how & SF_LOCK_WAIT;
  for (*lock = -1;;) {
    const int fd = open_lock(path, how & SF_LOCK_MAKE);
    if (fd < 0) return sf_fail(msg, SF_EIO, "%s: %s", path, strerror(errno));
    int got;
    do got = flock(fd, LOCK_EX | (wait ? 0 : LOCK_NB));
    while (got && errno == EINTR);
    const int why = errno;
    if (!got && still_there(path, fd)) {
      note(0, fd + 1);
      *lock = fd;
      return SF_OK;
    }
    close(fd);
    if (got && !wait && why == EWOULDBLOCK) return SF_OK;
    if (got) return sf_fail(msg, SF_EIO, "%s: cannot be locked: %s", path, strerror(why));
  }
}

void sf_lock_drop(int *lock) {
  if (*lock < 0) return;
  note(*lock + 1, 0);
  (void)flock(*lock, LOCK_UN);
  close(*lock);
  *lock = -1;
}

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
  long n;
  while (proc >= 0 && (n = syscall(SYS_getdents64, proc, room, sizeof room)) > 0)
    for (long at = 0; at < n;) {
      const struct linux_dirent64 *e = (const struct linux_dirent64 *)(room + at);
      if (e->name[0] >= '1' && e->name[0] <= '9' && parent_of(e->name) == self)
        kill((pid_t)strtol(e->name, NULL, 10), signal);
      at += e->length;
    }
  if (proc >= 0) close(proc);
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
    int next = -1;
    for (int i = 0; i < MOST_LOCKS; i++) {
      const int fd = atomic_load(&held[i]) - 1;
      if (fd >= from && (next < 0 || fd < next)) next = fd;
    }
    const unsigned to = next < 0 ? ~0u : (unsigned)next - 1;
    if (to >= (unsigned)from && syscall(SYS_close_range, (unsigned)from, to, 0)) /* an old kernel */
      for (int fd = from; fd < 4096; fd++)
        if (!is_held(fd)) close(fd);
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
    while ((got = waitpid(-1, &state, WNOHANG)) > 0 && got != tool) {}
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
    /* fork() would call what libraries have registered for it, and a lock of theirs (of OpenBLAS, say) may have been held
     * by another thread when we were copied: nobody is left here to release it. */
    const pid_t tool = fork_bound(_Fork, SIGKILL);
    if (tool < 0) _exit(127);
    if (tool > 0) stand_between(tool);
    signal(SIGPIPE, SIG_DFL);
    signal(SIGXFSZ, SIG_DFL);
  }
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  return pid;
}
