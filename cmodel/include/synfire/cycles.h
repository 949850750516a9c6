/* cycles.h - how many clock cycles a tick takes on the hardware, in closed form (rtl/README.md, "Cycles of a tick").
 *
 * The count covers the phases START to LEARN, as the register BUSY_CYCLES counts them, with an output reader that is
 * always ready. It follows from the active axons, the spikes and the fan-outs alone; `synfire check` compares it with
 * the RTL at every tick in which the reader never made it wait. */
#ifndef SYNFIRE_CYCLES_H
#define SYNFIRE_CYCLES_H

#include "synfire/model.h"

/* sf_lane_timing - what of the formula depends on the number of lanes, by its names there. */
typedef struct sf_lane_timing {
  uint32_t broadcast; /* B: stages more on the way to the lanes */
  uint32_t mark;      /* M: a cycle for a group's end mark, where its last axon does not carry it */
  uint32_t far;       /* F: a stage more behind each of the router's tables */
} sf_lane_timing;

/* sf_cycles_lanes() - the timing of a core with so many lanes. */
sf_lane_timing sf_cycles_lanes(uint32_t lanes);

/* sf_model_cycles() - cycles that the last sf_model_step() takes core `core` (in range) when it is built with the
 * parameters p (which the core fits: sf_network_fit). 0 before the first step. */
uint64_t sf_model_cycles(const sf_model *m, uint32_t core, const sf_params *p);

#endif
