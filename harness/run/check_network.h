/* check_network.h - a network with its spikes on RTL, mirror and functional model in lockstep, several samples at a
 * time. */
#ifndef SF_RUN_CHECK_NETWORK_H
#define SF_RUN_CHECK_NETWORK_H

#include "run/check_report.h"
#include "run/sums.h"

typedef struct sf_check_worker sf_check_worker;

typedef struct sf_check_run {
  const sf_check_args *args;
  sf_job job;
  sf_lockstep_options options;
  const char *backend;
  sf_check_worker *worker; /* [jobs] */
  uint32_t jobs;
  /* results */
  size_t warnings; /* of Verilator, of the RTL */
  sf_sample_sums sums;
  uint64_t compared, watched; /* cycles, ticks */
  sf_occupancy busy;
  double seconds;
  size_t sample; /* of a failure */
} sf_check_run;

/* sf_check_network() - SF_EFAIL: they differ, by the mismatch that an engine holds, or by the line in msg alone; other
 * errors: nothing was found out. sf_check_run_free() in any case. */
SF_MUST_CHECK sf_err sf_check_network(sf_check_run *check, const sf_check_args *args, sf_msg *msg);
const sf_lockstep *sf_check_run_mismatch(const sf_check_run *check); /* NULL: no engine has one */
void sf_check_run_free(sf_check_run *check);

#endif
