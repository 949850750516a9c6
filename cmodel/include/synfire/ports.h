/* ports.h - the ports and probes of rtl/synfire_core.v as C structures, one field per port under the port's name
 * (without _i/_o). The Verilated core and the C mirror fill the same structures, so one memcmp compares a cycle.
 *
 * SF_CORE_IN(X)   X(name, width)            every input but the clock
 * SF_CORE_OUT(X)  X(name, width, valid)     every scalar output and probe; `valid` names the field that says whether
 *                                           this one means anything (a field that is its own `valid` always does);
 *                                           where it does not, both sides store 0
 * SF_CORE_WIDE(X) X(name, words, bits, valid)  every wide probe: `words` words of 32 bits, `bits` of each are used
 *                                           (weights: packed, the whole port is words * 32 bits or less)
 * Widths and word counts are expressions over `p`, a const sf_params *.
 *
 * Timing: the fields show the registers after a rising edge, given the inputs that held before it. */
#ifndef SYNFIRE_PORTS_H
#define SYNFIRE_PORTS_H

#include <string.h>

#include "synfire/params.h"

static inline uint32_t sf_at_least_1(uint32_t n) { return n ? n : 1; }

#define SF_CORE_IN(X)                   \
  X(rst, 1)                             \
  X(tick_valid, 1)                      \
  X(in_valid, 1)                        \
  X(in_axon, sf_clog2(p->axons))        \
  X(in_delay, sf_clog2(p->delay_slots)) \
  X(out_ready, 1)                       \
  X(host_valid, 1)                      \
  X(host_write, 1)                      \
  X(host_addr, 32)                      \
  X(host_wdata, 32)

#define SF_CORE_OUT(X)                                                                                 \
  X(tick_ready, 1, tick_ready)                                                                         \
  X(tick_done, 1, tick_done)                                                                           \
  X(tick, 32, in_ready)                                                                                \
  X(in_ready, 1, in_ready)                                                                             \
  X(out_valid, 1, out_valid)                                                                           \
  X(out_neuron, sf_clog2(p->neurons), out_valid)                                                       \
  X(host_ready, 1, host_ready)                                                                         \
  X(host_rvalid, 1, host_rvalid)                                                                       \
  X(host_rdata, 32, host_rvalid)                                                                       \
  X(probe_phase, 3, probe_phase)                                           /* enum sf_phase */         \
  X(probe_group, sf_at_least_1(sf_clog2(sf_groups(p))), probe_issue_valid) /* group being issued */    \
  X(probe_issue_valid, 1, probe_issue_valid) /* the root of the broadcast carries an axon or an end */ \
  X(probe_issue_end, 1, probe_issue_valid)   /* it is the end of the group, not an axon */             \
  X(probe_issue_axon, sf_clog2(p->axons), probe_issue_axon_valid)                                      \
  X(probe_issue_axon_valid, 1, probe_issue_axon_valid)                                                 \
  X(probe_weight_valid, 1, probe_weight_valid) /* probe_weights is being added to the sums */          \
  X(probe_swap, 1, probe_swap)                 /* the sums are moving to the hold bank */              \
  X(probe_update_valid, 1, probe_update_valid) /* U neurons are being written back */                  \
  X(probe_update_word, sf_at_least_1(sf_clog2(p->neurons / p->neuron_lanes)), probe_update_valid)      \
  X(probe_event_valid, 1, probe_event_valid) /* an event is being written to the delay ring */         \
  X(probe_event_axon, sf_clog2(p->axons), probe_event_valid)                                           \
  X(probe_event_slot, sf_clog2(p->delay_slots), probe_event_valid)                                     \
  X(probe_event_merged, 1, probe_event_valid) /* the bit was set already */                            \
  X(probe_route_valid, 1, probe_route_valid)  /* a route entry is waiting for ring or output */        \
  X(probe_route_external, 1, probe_route_valid)                                                        \
  X(probe_learn_valid, 1, probe_learn_valid) /* a learning write-back; never while learning is not built */

#define SF_CORE_WIDE(X)                                                                 \
  X(probe_weights, sf_row_words(p), 32, probe_weight_valid)                             \
  X(probe_sum, p->lanes, 32, always) /* the lanes' sums, sign-extended */               \
  X(probe_spike, (p->neuron_lanes + 31) / 32, 32, probe_update_valid)                   \
  X(probe_v, p->neuron_lanes, 32, probe_update_valid) /* written back, sign-extended */ \
  X(probe_u, p->neuron_lanes, 32, probe_update_valid)                                   \
  X(probe_r, p->neuron_lanes, 32, probe_update_valid)                                   \
  X(probe_a, p->neuron_lanes, 32, probe_update_valid)

/* The phases of core_control, on probe_phase. */
enum sf_phase {
  SF_PHASE_CLEAR = 0,  /* clearing delay ring and neuron state after reset or restart */
  SF_PHASE_IDLE = 1,   /* between ticks: events, host accesses */
  SF_PHASE_HOST = 2,   /* executing one host access */
  SF_PHASE_START = 3,  /* one cycle: the tick's number and slot are fixed */
  SF_PHASE_SCAN = 4,   /* reading the slot, streaming its axons through group 0 */
  SF_PHASE_REPLAY = 5, /* streaming the list of active axons through the other groups */
  SF_PHASE_DRAIN = 6,  /* waiting for neurons, routes and the output to finish */
  SF_PHASE_LEARN = 7   /* plasticity sweep; one cycle where learning is not built */
};

#define SF_FIELD(name, ...) uint32_t name;
#define SF_WIDE_FIELD(name, ...) const uint32_t *name;

typedef struct sf_core_in {
  SF_CORE_IN(SF_FIELD)
} sf_core_in;
/* One cycle's outputs. The wide arrays belong to whoever filled the structure and hold until its next step. */
typedef struct sf_core_ports {
  SF_CORE_OUT(SF_FIELD)
} sf_core_ports;
typedef struct sf_core_wide {
  SF_CORE_WIDE(SF_WIDE_FIELD)
} sf_core_wide;
typedef struct sf_core_out {
  sf_core_ports port;
  sf_core_wide wide;
} sf_core_out;

#endif
