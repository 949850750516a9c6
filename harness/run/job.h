/* job.h - what a verb works on: network, spikes and configuration, read and seen to fit together. */
#ifndef SF_RUN_JOB_H
#define SF_RUN_JOB_H

#include "files/spikes_file.h"
#include "synfire/model.h"
#include "synfire/network.h"
#include "synfire/params.h"
#include "util/cli.h"

typedef struct sf_job {
  sf_network *net;
  bool model_only; /* set before sf_job_open(): the weights go into `model` alone, and net is without */
  sf_model *model; /* then; whoever takes it over sets it to NULL */
  sf_spikes in;
  sf_params config;
  size_t from, to; /* samples */
  uint32_t ticks;  /* of each */
} sf_job;

/* sf_job_open() - read network, spikes and configuration (NULL: the smallest that holds the network), see that they fit
 * together, and settle samples and ticks (0: sf_job_ticks()). hardware: the network must fit the configuration (one
 * core). One line on error; sf_job_close() is harmless in any case on a zeroed struct. */
SF_MUST_CHECK sf_err sf_job_open(sf_job *job, const char *net, const char *spikes, const char *config, sf_range samples,
                                 uint32_t ticks, bool hardware, sf_msg *msg);
void sf_job_close(sf_job *job);

/* sf_job_ticks() - job->ticks by the one rule, sf_run_ticks() in network/run_ticks.h: as the network or the spikes
 * say, else until DELAY_SLOTS ticks after the last event of all samples. spikes only names them in the message. */
SF_MUST_CHECK sf_err sf_job_ticks(sf_job *job, const char *spikes, sf_msg *msg);

#endif
