/* process.h - processes that end with the one that started them, and locks that end with both.
 *
 * A program that is killed cannot tidy up, so its children watch it: the kernel signals them when it is gone,
 * whatever ended it (PR_SET_PDEATHSIG). That reaches children only; for tools, which start programs of their own
 * (Yosys runs ABC, g++ runs cc1plus), a small process of ours stands in between, adopts whatever is orphaned below
 * it, and ends it all. It keeps the locks of its parent until then, so that nobody begins in a folder where tools are
 * still dying. */
#ifndef SF_HARNESS_PROCESS_H
#define SF_HARNESS_PROCESS_H

#include <sys/types.h>

#include "synfire/base.h"

/* sf_process_fork() - fork(); the child is killed when its parent is gone. The child must be waited for by the thread
 * that called, for the kernel's parent is a thread. */
pid_t sf_process_fork(void);

/* sf_process_fork_tool() - the same for a child that is going to be another program: returns 0 there, with the
 * signals that the program ignores set back. The process whose pid the parent gets stands in between: it ends with
 * the child's exit status (128 + signal if one ended it), and ends all descendants of the child when the parent is
 * gone or when it gets SIGTERM. */
pid_t sf_process_fork_tool(void);

/* sf_process_tidy_when_killed() - SIGINT, SIGTERM and SIGHUP end the program as ever, but remove the files under
 * construction (file_util.h) first. */
void sf_process_tidy_when_killed(void);

enum {
  SF_LOCK_WAIT = 1, /* until it is free */
  SF_LOCK_MAKE = 2  /* make the file if it is missing; without, a folder can be locked too */
};

/* sf_lock_take() - *lock is a descriptor, kept out of other programs but not out of the process between us and a
 * tool. Without SF_LOCK_WAIT it is -1, with SF_OK, when somebody else has the lock. SF_EIO with one line. */
SF_MUST_CHECK sf_err sf_lock_take(const char *path, unsigned how, int *lock, sf_msg *msg);

/* sf_lock_drop() - unlock, for everybody who inherited it too; harmless on -1. *lock becomes -1. */
void sf_lock_drop(int *lock);

#endif
