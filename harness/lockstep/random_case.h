/* random_case.h - one random case of `synfire check --random`: everything follows from (seed, number). */
#ifndef SF_HARNESS_RANDOM_CASE_H
#define SF_HARNESS_RANDOM_CASE_H

#include "lockstep/driver.h"
#include "synfire/network.h"

/* splitmix64: a stream of its own for every (seed, number, purpose). */
typedef struct sf_random {
  uint64_t state;
} sf_random;

sf_random sf_random_new(uint64_t seed, uint64_t number, uint64_t purpose);
uint64_t sf_random_bits(sf_random *r);
uint32_t sf_random_below(sf_random *r, uint32_t n);            /* 0 .. n-1, n >= 1 */
int32_t sf_random_range(sf_random *r, int32_t lo, int32_t hi); /* both included */
static inline bool sf_random_one_in(sf_random *r, uint32_t n) { return sf_random_below(r, n) == 0; }

/* sf_random_params() - a parameter set: every size and width of the ranges, features, lane counts; always within
 * sf_params_check(). Every 48 cases, counted from case 0, meet all the extremes, in an order that the seed gives. */
sf_params sf_random_params(uint64_t seed, uint64_t number);

/* sf_random_mood() - what a case is about besides its size; drawn apart from the parameters, but for extremes that are
 * about both. */
typedef enum sf_mood {
  SF_WILD,  /* active */
  SF_CALM,  /* most of the network comes to rest, and ticks without events are frequent */
  SF_STILL, /* all of it does: ticks in which no group is due */
  SF_BRIM   /* weights, biases and state at the ends of their ranges, all axons at once: so are the sums */
} sf_mood;
sf_mood sf_random_mood(uint64_t seed, uint64_t number);

/* sf_random_profile() - every mode and width, extremes among them; only what p has built. */
sf_profile sf_random_profile(sf_random *r, const sf_params *p);

/* sf_random_network() - a network that fits p, active enough to be worth it: weights, neurons, profiles, and routes
 * with any fan-out and delay. The caller frees it. */
SF_MUST_CHECK sf_err sf_random_network(uint64_t seed, uint64_t number, const sf_params *p, sf_network **out,
                                       sf_msg *msg);

/* sf_random_traffic() - events, ticks, host accesses, stalls, restarts and resets through the driver, for about
 * `cycles` cycles, then everything drained, counters and a sample of every memory read back. image is what was
 * loaded, and is kept up to date with the writes. SF_EFAIL when the engine stopped or hung. */
SF_MUST_CHECK sf_err sf_random_traffic(uint64_t seed, uint64_t number, sf_driver *d, sf_image *image, uint64_t cycles,
                                       sf_msg *msg);

#endif
