/* run.h - computing the points of a sweep: on this machine, over GNU parallel, as a Slurm array. The building block
 * is the same everywhere: a process `synfire explore SWEEP --point K` that fills the cache. */
#ifndef SF_HARNESS_EXPLORE_RUN_H
#define SF_HARNESS_EXPLORE_RUN_H

#include "explore/explore.h"

typedef struct sf_explore_run {
  const sf_sweep *sweep;
  const uint32_t *todo; /* [n] numbers of points, in the order in which they are best begun */
  uint32_t n, jobs;     /* jobs 0: one a processor */
  const char *steps;    /* as given with --steps, or NULL */
  const char *out;      /* folder for logs and scripts, absolute */
  const char *program;  /* absolute */
} sf_explore_run;

/* sf_run_local() - `jobs` processes at a time. Points that crash or take longer than their limit get that as their
 * error. SF_EFAIL with one line when SIGINT or SIGTERM came: what runs has been stopped. */
SF_MUST_CHECK sf_err sf_run_local(const sf_explore_run *r, sf_msg *msg);

/* sf_run_hosts() - GNU parallel; hosts: a file of its --sshloginfile, or a list for its --sshlogin (":" is this
 * machine). SF_ETOOL when there is no GNU parallel or it gave up. */
SF_MUST_CHECK sf_err sf_run_hosts(const sf_explore_run *r, const char *hosts, sf_msg *msg);

/* sf_run_slurm() - one array job, sbatch --wait; options: further words for sbatch, or NULL. SF_ETOOL when there is no
 * sbatch or it refuses. */
SF_MUST_CHECK sf_err sf_run_slurm(const sf_explore_run *r, const char *options, sf_msg *msg);

/* sf_slurm_script() - the job script of sf_run_slurm(), tasks: of the array. The caller frees it; NULL: out of
 * memory. */
char *sf_slurm_script(const sf_explore_run *r, uint32_t tasks);

#endif
