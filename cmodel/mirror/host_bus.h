/* host_bus.h - C twin of rtl/host_bus.v: the latched request, its decoding, registers and status counters. */
#ifndef SYNFIRE_HOST_BUS_H
#define SYNFIRE_HOST_BUS_H

#include "mirror/sizes.h"

/* The one access of a request, decoded; SF_ACCESS_NONE in every other cycle and for addresses that are not mapped. */
enum sf_access_region {
  SF_ACCESS_NONE = 0,
  SF_ACCESS_WEIGHT = 1,
  SF_ACCESS_NEURON = 2,
  SF_ACCESS_PROFILE = 3,
  SF_ACCESS_POINTER = 4,
  SF_ACCESS_ENTRY = 5,
  SF_ACCESS_RING = 6
};
typedef struct sf_access {
  enum sf_access_region region;
  bool write;
  uint32_t address; /* weights: row and bank */
  uint32_t index, field, wdata;
} sf_access;

typedef struct sf_host_bus {
  const sf_sizes *sizes;
  bool probe; /* the Verilog's PROBE: tick and counters can be written */
  bool pending_q, write_q, host_rvalid;
  uint32_t addr_q, wdata_q, step_q, host_rdata, rdata, seed_q;
  /* status counters: synfire_core.c counts, as the Verilog's count_* inputs do, and the step clears them */
  uint32_t tick; /* core_control's */
  uint32_t events_in_q, events_out_q, merges_q, dropped_q;
  uint64_t axon_ops_q, busy_q;
} sf_host_bus;

typedef struct sf_host_bus_in {
  bool rst, host_valid, host_write, grant, clear;
  uint32_t host_addr, host_wdata;
  bool read_now; /* this cycle is the access of a read, which answered rdata */
  uint32_t rdata;
} sf_host_bus_in;

SF_MODULE void sf_host_bus_init(sf_host_bus *m, const sf_sizes *sizes);
/* sf_host_bus_step() - may be left out while no request is offered, pending or answered, without rst and clear. */
SF_MODULE void sf_host_bus_step(sf_host_bus *m, const sf_host_bus_in *in);

/* The access of this cycle. */
SF_MODULE sf_access sf_host_bus_access(const sf_host_bus *m, bool grant);
static inline bool sf_host_done(const sf_host_bus *m, bool grant) {
  return grant && m->step_q == (m->write_q ? SF_SIZES(m)->write_cycles : 15);
}
/* The register from TICKS to the high word of BUSY_CYCLES that this cycle's access sets, else 0. */
static inline uint32_t sf_host_preset(const sf_host_bus *m, bool grant) {
  const bool now = m->probe && grant && m->step_q == 3 && m->write_q;
  return now && m->addr_q >= 0x08 && m->addr_q <= 0x10 ? m->addr_q : 0;
}
static inline bool sf_host_restart(const sf_host_bus *m, bool grant) {
  return sf_host_done(m, grant) && m->write_q && m->addr_q == 2 && (m->wdata_q & 1);
}

#endif
