/* cycles.h - how many clock cycles a tick takes on the hardware, in closed form (rtl/README.md, "Cycles of a tick").
 *
 * The count covers the phases START to LEARN, as the register BUSY_CYCLES counts them, with an output reader that is
 * always ready. It follows from the active axons, the spikes and the fan-outs alone; `synfire check` compares it with
 * the RTL at every tick in which the reader never made it wait. */
#ifndef SYNFIRE_CYCLES_H
#define SYNFIRE_CYCLES_H

#include "synfire/model.h"

/* sf_model_cycles() - cycles that the last sf_model_step() takes core `core` (in range) when it is built with the
 * parameters p (which the core fits: sf_network_fit). 0 before the first step. */
uint64_t sf_model_cycles(const sf_model *m, uint32_t core, const sf_params *p);

#endif
