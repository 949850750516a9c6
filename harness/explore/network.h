/* network.h - random networks and traffic for sweeps. */
#ifndef SF_HARNESS_EXPLORE_NETWORK_H
#define SF_HARNESS_EXPLORE_NETWORK_H

#include "files/spikes_file.h"
#include "synfire/network.h"

/* sf_explore_network() - a random network that fills these parameters: each synapse is there with probability
 * `density`, thresholds so high that with `events` input events a tick a few of a hundred neurons spike, every neuron
 * with a route out of the chip as far as the table has room. The caller frees it. */
SF_MUST_CHECK sf_err sf_explore_network(const sf_params *p, double density, uint64_t seed, uint32_t events,
                                        sf_network **out, sf_msg *msg);

/* sf_explore_traffic() - one sample: in every tick `events` distinct axons, drawn anew. The caller frees it. */
SF_MUST_CHECK sf_err sf_explore_traffic(uint32_t axons, uint32_t events, uint32_t ticks, uint64_t seed, sf_spikes *out,
                                        sf_msg *msg);

#endif
