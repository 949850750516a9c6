/* check_report.h - what the two forms of `synfire check` share: a network with its spikes, and random cases. */
#ifndef SF_RUN_CHECK_REPORT_H
#define SF_RUN_CHECK_REPORT_H

#include "lockstep/lockstep.h"
#include "util/cli.h"

struct cJSON;

typedef struct sf_check_args {
  const char *net, *spikes, *config, *level, *fst, *flip;
  uint32_t ticks, seed, jobs;
  sf_range samples;
  uint64_t random; /* number of cases; 0: a network */
  uint64_t only;   /* --case; UINT64_MAX: all */
  bool json, no_probes;
} sf_check_args;

/* sf_check_mismatch() - report to standard output (--json: standard error), waveform to args->fst; returns 1. */
int sf_check_mismatch(const sf_lockstep *l, const sf_check_args *args, const char *rerun);

/* sf_check_again() - the command that repeats a case: `begin` (with its arguments quoted) and those options of args
 * that change what is compared. */
void sf_check_again(const sf_check_args *args, const char *begin, char *text, size_t size);

/* sf_mismatch_json() - the mismatch as one object. */
void sf_mismatch_json(const sf_lockstep *l, const char *fst, struct cJSON *object);

#endif
