/* sums.h - sums over samples, and how run, check and sweeps tell them. */
#ifndef SF_RUN_SUMS_H
#define SF_RUN_SUMS_H

#include "run/samples.h"

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
