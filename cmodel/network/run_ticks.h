/* run_ticks.h - how long a sample runs. */
#ifndef SYNFIRE_RUN_TICKS_H
#define SYNFIRE_RUN_TICKS_H

#include <stddef.h>
#include <stdint.h>

/* sf_run_ticks() - the length of a sample that nobody gives one, by one rule everywhere: that of the readout; without
 * (0), what the spike file says; without (0), until delay_slots ticks after the last of n events, so that what they set
 * off can arrive; at most SF_MAX_TICK. delay_slots: the largest of all cores. */
uint32_t sf_run_ticks(uint32_t readout, uint32_t file, uint32_t delay_slots, size_t n, const uint32_t *tick);

#endif
