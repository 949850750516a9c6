/* check_random.h - random parameters, networks and traffic in lockstep, several cases at a time. */
#ifndef SF_RUN_CHECK_RANDOM_H
#define SF_RUN_CHECK_RANDOM_H

#include <pthread.h>

#include "run/check_report.h"

typedef struct sf_check_cases {
  const sf_check_args *args;
  const sf_params *fixed; /* of --config: random networks and traffic on this hardware; NULL: random hardware too */
  uint64_t first, cases;
  pthread_mutex_t lock;
  /* results */
  uint64_t cycles, ticks, reads, spikes;
  uint64_t *sets, n_sets; /* hashes of the parameter sets that ran */
  sf_lockstep *failed;    /* of the failed case with the lowest number */
  uint64_t failed_case;
  uint64_t warnings, warned_cases; /* of Verilator; the first of the case with the lowest number */
  uint64_t warned_case;
  char warned[SF_PATH_MAX + 400];
  double seconds;
  uint64_t number; /* the case that ended it */
} sf_check_cases;

/* sf_check_random() - cases first .. first + cases - 1; args, fixed, first, cases and lock are given, the rest is 0. As
 * sf_check_network() in what it returns; sf_check_cases_free() in any case. */
SF_MUST_CHECK sf_err sf_check_random(sf_check_cases *check, sf_msg *msg);
void sf_check_cases_free(sf_check_cases *check);

/* sf_check_cases_params() - the hardware of case `number`. */
sf_params sf_check_cases_params(const sf_check_cases *check, uint64_t number);

#endif
