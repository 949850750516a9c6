/* run_ticks.c - see run_ticks.h. */
#include "network/run_ticks.h"

#include "synfire/base.h"

uint32_t sf_run_ticks(uint32_t readout, uint32_t file, uint32_t delay_slots, size_t n, const uint32_t *tick) {
  if (readout > 0 || file > 0) return readout > 0 ? readout : file;
  uint32_t after = 0; /* the last event */
  for (size_t i = 0; i < n; i++)
    if (tick[i] >= after) after = tick[i] < SF_MAX_TICK ? tick[i] + 1 : SF_MAX_TICK;
  return after < SF_MAX_TICK - delay_slots ? after + delay_slots : SF_MAX_TICK;
}
