/* host.h - the address map of a core's host bus: what a program that talks to the hardware, over a board's serial line
 * or in a simulation, needs to know. One word of 32 bits an address; every word of every memory can be written and read
 * between ticks. Layout of the words, and which of them a reset keeps: rtl/README.md, "Address map of the host bus". */
#ifndef SYNFIRE_HOST_H
#define SYNFIRE_HOST_H

#include <stdint.h>

/* Regions: bits 31 .. 28 of an address. */
enum {
  SF_HOST_REGISTERS = 0,
  SF_HOST_WEIGHTS = 1,        /* words of a row of LANES weights, rows by (group, axon) */
  SF_HOST_NEURONS = 2,        /* neuron * 8 + field: threshold, bias, profile, v, u, r, a */
  SF_HOST_PROFILES = 3,       /* profile * 16 + field */
  SF_HOST_ROUTE_POINTERS = 4, /* a neuron's first entry, bit 31: it has one */
  SF_HOST_ROUTES = 5,         /* entries; bit 31: the last of its neuron, bit 30: leaves the core */
  SF_HOST_RING = 6            /* pending events: slot * stride + word, 16 axons a word */
};

/* Registers: offsets in SF_HOST_REGISTERS. Counters of 64 bits take two, the low half first. */
enum {
  SF_REG_ID = 0x00, /* SF_HOST_ID */
  SF_REG_VERSION = 0x01,
  SF_REG_CONTROL = 0x02,
  SF_REG_SEED = 0x03,
  SF_REG_TICKS = 0x08,
  SF_REG_EVENTS_IN = 0x09,
  SF_REG_EVENTS_OUT = 0x0A,
  SF_REG_MERGES = 0x0B,
  SF_REG_DROPPED = 0x0C,
  SF_REG_AXON_OPS = 0x0D,
  SF_REG_BUSY_CYCLES = 0x0F,
  SF_REG_PARAMETERS = 0x20 /* SF_PARAMETER_REGISTERS of them: what was built */
};

#define SF_HOST_ID 0x53594E46u /* "SYNF" */
#define SF_PARAMETER_REGISTERS 11

/* sf_host_addr() - the address of word `offset` of a region. */
static inline uint32_t sf_host_addr(uint32_t region, uint32_t offset) { return region << 28 | offset; }

#endif
