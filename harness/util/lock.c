/* lock.c - see lock.h. */
#define _GNU_SOURCE
#include "util/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST_LOCKS = 256 };
static atomic_int held[MOST_LOCKS]; /* descriptor + 1; 0: free */

/* One slot from `from` to `to`. With no slot free a lock is not inherited, which is how others do it. */
static void note(int from, int to) {
  for (int i = 0; i < MOST_LOCKS; i++) {
    int expected = from;
    if (atomic_compare_exchange_strong(&held[i], &expected, to)) return;
  }
}

int sf_lock_held_from(int from) {
  int least = -1;
  for (int i = 0; i < MOST_LOCKS; i++) {
    const int fd = atomic_load(&held[i]) - 1;
    if (fd >= from && (least < 0 || fd < least)) least = fd;
  }
  return least;
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
