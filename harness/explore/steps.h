/* steps.h - the steps of a point: their keys in the cache, and what they do. */
#ifndef SF_HARNESS_EXPLORE_STEPS_H
#define SF_HARNESS_EXPLORE_STEPS_H

#include "explore/explore.h"
#include "run/job.h"
#include "synth/flow.h"
#include "util/hash.h"
#include "util/tool.h"

/* key.c: sf_step_key() - the hash of everything a step's result follows from. seed: of the placement. SF_ETOOL when
 * a tool whose version is part of it is missing. */
SF_MUST_CHECK sf_err sf_step_key(const sf_point *p, sf_step step, uint32_t seed, sf_hash *h, sf_msg *msg);

/* sf_train_key() - the same for the training of a point's network. */
SF_MUST_CHECK sf_err sf_train_key(const sf_point *p, sf_hash *h, sf_msg *msg);

/* sf_key_params() - add a parameter set to a hash. */
void sf_key_params(sf_hash *h, const sf_params *p);

/* sf_key_rtl() - add the Verilog of the core to a hash: as lint and lockstep take it, or as synthesis for family does
 * (NULL: none). */
SF_MUST_CHECK sf_err sf_key_rtl(sf_hash *h, const char *family, sf_msg *msg);

/* sf_point_synth_job() - a point with a target as a synthesis job, without its folder. */
sf_synth_job sf_point_synth_job(const sf_point *p, uint32_t seed);

/* work.c: sf_point_work() - the point's network and spikes as a job; sf_job_close() is harmless on a zeroed struct
 * whatever is returned. */
SF_MUST_CHECK sf_err sf_point_work(const sf_point *p, sf_job *job, sf_msg *msg);

/* steps.c: sf_step_run() - compute a step, logs into folder, results into values (an object). SF_EFAIL, SF_EINVAL,
 * SF_EFORMAT: a finding; other errors may go better next time. */
SF_MUST_CHECK sf_err sf_step_run(const sf_point *p, sf_step step, uint32_t seed, const char *folder, cJSON *values,
                                 sf_msg *msg);

#endif
