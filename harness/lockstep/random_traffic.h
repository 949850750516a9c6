/* random_traffic.h - what random_host.c and random_traffic.c share. */
#ifndef SF_HARNESS_RANDOM_TRAFFIC_H
#define SF_HARNESS_RANDOM_TRAFFIC_H

#include "lockstep/random_case.h"

typedef struct sf_traffic {
  sf_random r;
  sf_driver *d;
  sf_image *image; /* as the host has written it */
  sf_mood mood;
} sf_traffic;

static inline uint32_t sf_traffic_below(sf_traffic *t, uint32_t n) { return sf_random_below(&t->r, n); }
static inline bool sf_traffic_one_in(sf_traffic *t, uint32_t n) { return sf_random_one_in(&t->r, n); }

/* sf_traffic_host() - queue an access of any kind, anywhere. */
void sf_traffic_host(sf_traffic *t);

/* sf_traffic_write() - queue a write to a memory. */
void sf_traffic_write(sf_traffic *t);

/* sf_traffic_wake() - queue a write to a neuron: every group is then due. */
void sf_traffic_wake(sf_traffic *t);

/* sf_traffic_stray() - queue an access beyond a region; after a write, mostly a read of what a careless decoder would
 * have written to. */
void sf_traffic_stray(sf_traffic *t);

/* sf_traffic_preset() - queue a write to register TICKS .. BUSY_CYCLES, mostly just below a carry. */
void sf_traffic_preset(sf_traffic *t, uint32_t reg);

/* sf_traffic_region() - words of a region that can be read. */
uint32_t sf_traffic_region(const sf_traffic *t, uint32_t region);

#endif
