/* samples.h - running the samples of a spike file through a backend: what run, check and bench share. */
#ifndef SF_HARNESS_SAMPLES_H
#define SF_HARNESS_SAMPLES_H

#include "files/config_file.h"
#include "files/network_file.h"
#include "files/spikes_file.h"
#include "run/backend.h"
#include "util/cli.h"

/* What a verb works on. */
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

/* sf_job_ticks() - job->ticks by the one rule, sf_run_ticks() in cmodel/model_internal.h: as the network or the spikes
 * say, else until DELAY_SLOTS ticks after the last event of all samples. spikes only names them in the message. */
SF_MUST_CHECK sf_err sf_job_ticks(sf_job *job, const char *spikes, sf_msg *msg);

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

/* Sums over samples, for the closing table. */
typedef struct sf_sample_sums {
  uint64_t samples, ticks, inputs, late, spikes, outputs, merges, under_way;
  uint64_t synaptic_ops, lane_ops, cycles, busy_cycles, labelled, correct;
} sf_sample_sums;

void sf_sums_add(sf_sample_sums *sums, const sf_job *job, size_t sample, const sf_sample_result *result);
void sf_sums_merge(sf_sample_sums *to, const sf_sample_sums *from);

/* sf_late_text() - "3 of 12 input events come at or after tick 6, the end, and are left out" into text; returns it. */
const char *sf_late_text(uint64_t late, uint64_t inputs, uint32_t ticks, char text[128]);

struct cJSON;
void sf_sums_print(const sf_sample_sums *sums, bool has_cycles);
/* sf_sums_clock() - what the cycles in ticks mean at a clock of mhz. */
void sf_sums_clock(const sf_sample_sums *sums, double mhz);
void sf_sums_json(const sf_sample_sums *sums, bool has_cycles, struct cJSON *object);

#endif
