/* lock.h - locks on files and folders, which end with whoever holds them: this program and the tools it has started
 * (process.h). A holder may remove the file before it lets go; whoever waited for it sees that, and makes a new one. */
#ifndef SF_UTIL_LOCK_H
#define SF_UTIL_LOCK_H

#include "synfire/base.h"

enum {
  SF_LOCK_WAIT = 1, /* until it is free */
  SF_LOCK_MAKE = 2  /* make the file if it is missing; without, a folder can be locked too */
};

/* sf_lock_take() - *lock is a descriptor, kept out of other programs but not out of the process between us and a
 * tool. Without SF_LOCK_WAIT it is -1, with SF_OK, when somebody else has the lock. SF_EIO with one line. */
SF_MUST_CHECK sf_err sf_lock_take(const char *path, unsigned how, int *lock, sf_msg *msg);

/* sf_lock_drop() - unlock, for everybody who inherited it too; harmless on -1. *lock becomes -1. */
void sf_lock_drop(int *lock);

/* sf_lock_held_from() - the lowest descriptor of a lock that is `from` or more, -1: none. For what stands between us
 * and a tool, and between fork() and exec(). */
int sf_lock_held_from(int from);

#endif
