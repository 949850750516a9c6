/* run_print.h - what `synfire run` was asked for, and what it prints. */
#ifndef SF_VERBS_RUN_PRINT_H
#define SF_VERBS_RUN_PRINT_H

#include "lockstep/lockstep.h"
#include "run/sums.h"
#include "util/cli.h"

typedef struct sf_run_args {
  const char *spikes, *backend, *config, *out;
  const char *clock;
  double mhz; /* 0: not asked for */
  uint32_t ticks, seed;
  sf_range samples;
  bool json;
} sf_run_args;

/* sf_run_print() - of a run that ended well. */
void sf_run_print(const sf_run_args *a, const char *net, const sf_job *job, const sf_sample_sums *sums, bool has_cycles,
                  double seconds);

/* sf_run_mismatch() - the report to standard error; with --json the object too. */
void sf_run_mismatch(const sf_run_args *a, const char *net, const sf_lockstep *l);

#endif
