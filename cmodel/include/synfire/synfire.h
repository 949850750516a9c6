/* synfire.h - all of libsynfire: networks of integrate-and-fire neurons on crossbars, simulated bit for bit as the
 * synfire core computes them, and its time on hardware predicted to the clock cycle.
 *
 * A program that runs a network file and counts its spikes:
 *
 *     #include <stdio.h>
 *     #include <synfire/synfire.h>
 *
 *     int main(int argc, char **argv) {
 *       sf_msg msg;
 *       sf_sim *s;
 *       if (argc < 2 || sf_sim_open(argv[1], &s, &msg)) return 2;
 *       const uint32_t axon[] = {0, 3};                            these two get an event ...
 *       if (sf_sim_inject(s, 2, axon, NULL, NULL, &msg)) return 2;  ... in the coming tick
 *       if (sf_sim_step(s, 10, &msg)) return 2;
 *       printf("%zu spikes\n", sf_sim_spikes(s, NULL, NULL, NULL));
 *       sf_sim_close(s);
 *     }
 *
 *     cc program.c $(pkg-config --cflags --libs synfire)
 *
 * From simple to special; each header is its own manual, and says of every call who owns what, in which units and
 * ranges, and what it returns when:
 *
 *     sim.h      a network file behind one handle: run, spikes, potentials, cycles. Other languages call these
 *     files.h    networks and spikes from and to files (HDF5, JSON, CSV)
 *     network.h  a network in memory, by hand or by a generator; its check
 *     model.h    the functional model: events in, one call a tick, spikes and state out
 *     batch.h    many samples of one network through it, on all processors
 *     sparse.h   the same neurons without crossbars: any synapses, a delay each
 *     cycles.h   clock cycles of a tick on the hardware, in closed form
 *     params.h   the parameters of a core of hardware
 *     plasticity.h  what a core learns by
 *     ports.h    its ports and probes as C structures
 *     host.h     the address map of its host bus
 *     base.h     error codes, one-line messages, bit helpers
 *     version.h  the version, at compile time and at run time
 *
 * Everything is named sf_ or SF_. The library never prints or exits; a call that fails returns an error code
 * (SF_OK is 0) and fills one line of text. What a header does not declare is not exported.
 * C++ programs include this header, not the single ones. */
#ifndef SYNFIRE_SYNFIRE_H
#define SYNFIRE_SYNFIRE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

#include "synfire/base.h"
#include "synfire/version.h"

#include "synfire/sim.h"
#include "synfire/sparse.h"

#include "synfire/files.h"
#include "synfire/host.h"
#include "synfire/network.h"

#include "synfire/model.h"

#include "synfire/batch.h"
#include "synfire/cycles.h"
#include "synfire/params.h"
#include "synfire/plasticity.h"
#include "synfire/ports.h"

#ifdef __cplusplus
}
#endif

#endif
