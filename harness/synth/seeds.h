/* seeds.h - one netlist placed and routed with several seeds: what a clock is worth, for placement alone moves it by
 * ten percent and more. */
#ifndef SF_HARNESS_SYNTH_SEEDS_H
#define SF_HARNESS_SYNTH_SEEDS_H

#include "synth/flow.h"

/* sf_synth_seeds() - synthesize, then place and route with the seeds job->seed, job->seed + 1, ..., n of them, `jobs`
 * at a time (0: one a processor). Each seed has a folder of its own, seed-K, in the job's; what an earlier run finished
 * there, from the same sources, options and tools, is taken as it is. *out holds every seed's clock and the numbers of
 * the one in the middle, whose files the job's folder gets; a seed that could not be routed is in *out with its reason.
 * SF_EFAIL as sf_synth_run_job(), for the median, and when a seed was not routed; *placed: at least one was. */
SF_MUST_CHECK sf_err sf_synth_seeds(const sf_synth_job *job, uint32_t n, uint32_t jobs, sf_synth_result *out,
                                    bool *placed, sf_msg *msg);

#endif
