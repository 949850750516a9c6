/* bench_model.h - the functional model's speed beside plain loops and beside what the machine could do.
 *
 * Four networks, random ones: N1 and N2 are a dense crossbar of 4-bit weights; in N3 each of 10,000 neurons has 1,000
 * of 4,096 axons, in crossbars, and events arrive with delays of 0 to 15 ticks; in N4 each of 10,000 neurons has 1,000
 * random targets, with a delay each (synfire/sparse.h). Thresholds are set so that about 7 % of the neurons spike in a
 * tick. */
#ifndef SF_HARNESS_BENCH_MODEL_H
#define SF_HARNESS_BENCH_MODEL_H

#include "synfire/base.h"

struct sf_progress;
struct cJSON;

#define SF_BENCH_NETWORKS 4

/* Speeds are synaptic operations (real synapses only) a second of processor time, medians over turns; best: of the
 * fastest turn. */
typedef struct sf_bench_network {
  const char *name, *what;
  double spiking;            /* share of the neurons that spike in a tick */
  double synapses;           /* that deliver in a tick */
  double tick_ns;            /* of the model, median */
  double model, plain, wide; /* model; plain loop; the same loop compiled for what this processor has */
  double model_best, plain_best;
  double over_plain, over_wide; /* medians of the ratios of neighbouring turns */
  double threads;               /* two threads over one, on samples */
  double by_load, by_add;       /* limits: reading the weights from where they lie; adding */
  double weight_bytes;
} sf_bench_network;

typedef struct sf_bench_models {
  double machine_threads; /* speed of two threads over one where registers are all that is needed: the machine's best */
  const char *kernel;
  sf_bench_network of[SF_BENCH_NETWORKS];
} sf_bench_models;

/* sf_bench_models_run() - about `seconds` for each network. One thread but for `threads`. Before anything is timed,
 * model and plain loop must have produced the same spikes: SF_EFAIL if not. */
SF_MUST_CHECK sf_err sf_bench_models_run(double seconds, struct sf_progress *bar, sf_bench_models *result, sf_msg *msg);
void sf_bench_models_print(const sf_bench_models *m);
void sf_bench_models_json(const sf_bench_models *m, struct cJSON *object);

#endif
