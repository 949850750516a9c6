/* samples.h - running the samples of a spike file through a backend: what run, check and sweeps share. */
#ifndef SF_RUN_SAMPLES_H
#define SF_RUN_SAMPLES_H

#include "run/backend.h"
#include "run/job.h"

typedef struct sf_sample_result {
  sf_backend_counters count;
  uint64_t inputs, spikes;
  uint64_t late;   /* input events at or after the end: left out */
  int64_t answer;  /* class, -1 without readout */
  uint64_t digest; /* of all output events and spikes with their ticks: equal on every backend */
} sf_sample_result;

/* sf_sample_run() - one sample from tick 0; output events are added to out (NULL: not collected) as sample `as`. */
SF_MUST_CHECK sf_err sf_sample_run(sf_backend *b, const sf_job *job, size_t sample, sf_spikes *out, size_t as,
                                   sf_sample_result *result, sf_msg *msg);

#endif
