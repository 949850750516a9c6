/* network.c - random networks and traffic for sweeps: density and activity as asked for, so that points can be
 * compared. (The networks of `synfire check --random` are made to be nasty instead.) */
#include <math.h>
#include <stdlib.h>

#include "explore/network.h"
#include "lockstep/random_case.h"

/* Both ends of the range are reached; without 0, which stands for "no synapse". */
static int32_t weight(sf_random *r, uint32_t bits) {
  if (bits == 1) return 1;
  const int32_t hi = (int32_t)((1u << (bits - 1)) - 1);
  int32_t w;
  do w = sf_random_range(r, -hi - 1, hi);
  while (w == 0);
  return w;
}

/* The mean and the variance of one weight that is there. */
static void moments(uint32_t bits, double *mean, double *square) {
  if (bits == 1) {
    *mean = *square = 1;
    return;
  }
  const double lo = -(double)(1u << (bits - 1)), hi = (double)(1u << (bits - 1)) - 1, n = hi - lo;
  *mean = lo / n; /* the sum of -h-1 .. h is -h-1 */
  *square = (hi * (hi + 1) * (2 * hi + 1) / 6 + -lo * (-lo + 1) * (-2 * lo + 1) / 6) / n;
}

static int32_t clamp(double x, uint32_t bits) {
  const double hi = (double)((1u << (bits - 1)) - 1);
  return (int32_t)(x > hi ? hi : x < -hi - 1 ? -hi - 1 : x);
}

sf_err sf_explore_network(const sf_params *p, double density, uint64_t seed, uint32_t events, sf_network **out,
                          sf_msg *msg) {
  sf_random r = sf_random_new(seed, 0, 10);
  sf_network *net = sf_network_new(1);
  if (!net) return sf_fail(msg, SF_ENOMEM, "out of memory");
  sf_core_net *c = &net->core[0];
  c->axons = p->axons;
  c->neurons = p->neurons;
  c->weight_bits = p->weight_bits;
  c->potential_bits = p->potential_bits;
  c->delay_slots = p->delay_slots;
  c->has_current = p->has_current;
  c->has_refractory = p->has_refractory;
  c->has_adaptation = p->has_adaptation;
  c->has_noise = p->has_noise;
  c->n_profiles = 1;
  c->n_routes = p->neurons < p->routes ? p->neurons : p->routes;
  sf_err err = sf_core_net_alloc(c, msg);
  if (err) {
    sf_network_free(net);
    return err;
  }
  for (uint32_t axon = 0; axon < c->axons; axon++)
    for (uint32_t n = 0; n < c->neurons; n++)
      if ((double)(sf_random_bits(&r) >> 11) * 0x1p-53 < density)
        sf_core_set_weight(c, axon, n, weight(&r, c->weight_bits));
  /* What `events` axons bring a tick has this mean and deviation; a threshold of two deviations above a bias that takes
   * the mean away lets a few of a hundred neurons spike in a tick. */
  double mean, square;
  moments(c->weight_bits, &mean, &square);
  const double drive = events * density * mean;
  const double deviation = sqrt(events * (density * square - density * density * mean * mean));
  c->profiles[0].v_decay = 1024;
  if (c->has_current) c->profiles[0].u_decay = 4096;
  c->profiles[0].reset_mode = 1;
  for (uint32_t n = 0; n < c->neurons; n++) {
    c->threshold[n] = clamp(ceil(2 * deviation) + 1, c->potential_bits);
    c->bias[n] = clamp(-drive, c->potential_bits);
  }
  for (uint32_t i = 0; i < c->n_routes; i++) c->routes[i] = (sf_route){.neuron = i, .core = SF_EXTERNAL};
  net->seed = p->has_noise ? (uint32_t)seed : 0;
  if (!err) err = sf_network_check(net, msg);
  if (!err) err = sf_network_fit(net, 0, p, msg);
  if (err) sf_network_free(net);
  else *out = net;
  return err;
}

sf_err sf_explore_traffic(uint32_t axons, uint32_t events, uint32_t ticks, uint64_t seed, sf_spikes *out, sf_msg *msg) {
  sf_random r = sf_random_new(seed, 0, 11);
  sf_spikes s = {0};
  uint32_t *pool = malloc((axons ? axons : 1) * sizeof *pool);
  sf_err err = pool ? SF_OK : sf_fail(msg, SF_ENOMEM, "out of memory");
  if (!err && events > axons) err = sf_fail(msg, SF_EINVAL, "events = %u: must be 0 .. %u, the axons", events, axons);
  for (uint32_t i = 0; !err && i < axons; i++) pool[i] = i;
  for (uint32_t t = 0; !err && t < ticks; t++)
    for (uint32_t i = 0; !err && i < events; i++) { /* the first steps of a shuffle: distinct axons */
      const uint32_t j = i + sf_random_below(&r, axons - i), axon = pool[j];
      pool[j] = pool[i];
      pool[i] = axon;
      err = sf_spikes_add(&s, 0, t, 0, axon, msg);
    }
  if (!err) err = sf_spikes_finish(&s, 1, msg);
  free(pool);
  if (err) {
    sf_spikes_free(&s);
    return err;
  }
  s.ticks = ticks;
  *out = s;
  return SF_OK;
}
