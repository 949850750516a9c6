/* process.h - processes that end with the one that started them.
 *
 * A program that is killed cannot tidy up, so its children watch it: the kernel signals them when it is gone,
 * whatever ended it (PR_SET_PDEATHSIG). That reaches children only; for tools, which start programs of their own
 * (Yosys runs ABC, g++ runs cc1plus), a small process of ours stands in between, adopts whatever is orphaned below
 * it, and ends it all. It keeps the locks of its parent until then, so that nobody begins in a folder where tools are
 * still dying. */
#ifndef SF_UTIL_PROCESS_H
#define SF_UTIL_PROCESS_H

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

/* A program that is to be started; its input is empty. */
typedef struct sf_process_plan {
  const char *const *argv; /* argv[0] is a path */
  const char *folder;      /* where; NULL: here */
  int out, err;            /* descriptors for what it prints; -1: thrown away */
  bool group;              /* a program of ours, which ends its own tools: in a process group, for kill(-pid, ...) */
} sf_process_plan;

/* sf_process_start() - *pid is to be waited for by the calling thread. SF_ETOOL when no process can be made; what
 * cannot be run ends with status 127. */
SF_MUST_CHECK sf_err sf_process_start(const sf_process_plan *plan, pid_t *pid, sf_msg *msg);

/* sf_process_log() - a file as a descriptor that is appended to, made if it is missing; the caller closes it. */
SF_MUST_CHECK sf_err sf_process_log(const char *path, int *log, sf_msg *msg);

/* sf_process_is_over() - without waiting; *state as waitpid() has it, 0 if nobody knows any more. */
bool sf_process_is_over(pid_t pid, int *state);

/* sf_process_wait() - until it is over; 50 times a second meanwhile(self) is called, unless it is NULL. */
typedef void (*sf_process_meanwhile)(void *self);
SF_MUST_CHECK sf_err sf_process_wait(pid_t pid, sf_process_meanwhile meanwhile, void *self, int *state, sf_msg *msg);

/* sf_process_status() - the exit status in a state, 128 + signal if a signal ended it. */
int sf_process_status(int state);

#endif
