/* bench.h - the measurements behind `synfire bench`. */
#ifndef SF_HARNESS_BENCH_H
#define SF_HARNESS_BENCH_H

#include "lockstep/lockstep.h"

struct sf_progress;

/* What is clocked, all with the same recorded inputs, in turns. */
enum { SF_BENCH_RTL, SF_BENCH_RTL_PROBE, SF_BENCH_MIRROR, SF_BENCH_LOCKSTEP, SF_BENCH_CYCLE_KINDS };

typedef struct sf_bench_cycles {
  sf_params p;
  uint32_t active; /* input events a tick */
  uint64_t cycles; /* clocked by each */
  double seconds[SF_BENCH_CYCLE_KINDS];
  double best[SF_BENCH_CYCLE_KINDS]; /* seconds a cycle in its fastest turn */
  double synaptic_ops_per_cycle;
} sf_bench_cycles;

/* sf_bench_clocked() - about `seconds` of measuring with p->lanes and p->neuron_lanes. */
SF_MUST_CHECK sf_err sf_bench_clocked(uint32_t lanes, uint32_t neuron_lanes, double seconds, struct sf_progress *bar,
                                      sf_bench_cycles *result, sf_msg *msg);

#endif
