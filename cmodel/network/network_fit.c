/* network_fit.c - a network's core against the parameters of the hardware that shall run it. */
#include "synfire/network.h"

/* One thing that the network needs and the hardware has: as much, exactly as much, or the feature. */
typedef struct need {
  enum { HOLDS, EQUALS, FEATURE } how;
  const char *what;
  uint32_t needs, built;
} need;

static sf_err meets(const need *n, uint32_t core, sf_msg *msg) {
  switch (n->how) {
    case HOLDS:
      if (n->needs <= n->built) return SF_OK;
      return sf_fail(msg, SF_EINVAL, "core/%u needs %s = %u: the configuration has %u", core, n->what, n->needs,
                     n->built);
    case EQUALS:
      if (n->needs == n->built) return SF_OK;
      return sf_fail(msg, SF_EINVAL, "core/%u needs %s = %u exactly: the configuration has %u", core, n->what, n->needs,
                     n->built);
    case FEATURE:
      if (!n->needs || n->built) return SF_OK;
      return sf_fail(msg, SF_EINVAL, "core/%u needs %s = 1: the configuration has 0", core, n->what);
  }
  return SF_EINVAL;
}

static sf_err sizes_fit(const sf_core_net *c, uint32_t core, const sf_params *config, sf_msg *msg) {
  const need needs[] = {{EQUALS, "WEIGHT_BITS", c->weight_bits, config->weight_bits},
                        {EQUALS, "POTENTIAL_BITS", c->potential_bits, config->potential_bits},
                        {HOLDS, "AXONS", c->axons, config->axons},
                        {HOLDS, "NEURONS", c->neurons, config->neurons},
                        {HOLDS, "DELAY_SLOTS", c->delay_slots, config->delay_slots},
                        {HOLDS, "PROFILES", c->n_profiles, config->profiles},
                        {HOLDS, "ROUTES", c->n_routes, config->routes},
                        {FEATURE, "HAS_CURRENT", c->has_current, config->has_current},
                        {FEATURE, "HAS_REFRACTORY", c->has_refractory, config->has_refractory},
                        {FEATURE, "HAS_ADAPTATION", c->has_adaptation, config->has_adaptation},
                        {FEATURE, "HAS_NOISE", c->has_noise, config->has_noise}};
  sf_err err = SF_OK;
  for (size_t i = 0; !err && i < sizeof needs / sizeof needs[0]; i++) err = meets(&needs[i], core, msg);
  return err;
}

/* Decays that a shifter can do. Without current in the network the loader writes u_decay = 4096, which is one. */
static sf_err shift_decays(const sf_core_net *c, uint32_t core, sf_msg *msg) {
  for (uint32_t k = 0; k < c->n_profiles; k++) {
    const int32_t decay[3] = {c->profiles[k].v_decay, c->profiles[k].u_decay, c->profiles[k].a_decay};
    static const char *const name[3] = {"v_decay", "u_decay", "a_decay"};
    for (int i = 0; i < 3; i++)
      if ((decay[i] & (decay[i] - 1)) != 0)
        return sf_fail(
            msg, SF_EINVAL,
            "core/%u/profile/%s[%u] = %d: must be 0 or a power of two: the configuration has LEAK = \"shift\"", core,
            name[i], k, decay[i]);
  }
  return SF_OK;
}

/* A network without current on hardware that has it: u' = sat(c) stands for c, so c must never saturate. */
static sf_err drive_fits(const sf_core_net *c, uint32_t core, sf_msg *msg) {
  const int64_t hi = ((int64_t)1 << (c->potential_bits - 1)) - 1, lo = -hi - 1;
  for (uint32_t j = 0; j < c->neurons; j++) {
    int64_t most = 0, least = 0;
    for (uint32_t i = 0; i < c->axons; i++) {
      const int32_t w = sf_core_weight(c, i, j);
      if (w > 0) most += w;
      else least += w;
    }
    const int64_t scale = (int64_t)1 << c->profiles[c->profile[j]].weight_shift;
    if (most * scale > hi || least * scale < lo)
      return sf_fail(
          msg, SF_EINVAL,
          "core/%u has HAS_CURRENT = 0 and the configuration 1: the drive of neuron %u can reach %lld .. %lld, "
          "must stay in %lld .. %lld (POTENTIAL_BITS = %u)",
          core, j, (long long)(least * scale), (long long)(most * scale), (long long)lo, (long long)hi,
          c->potential_bits);
  }
  return SF_OK;
}

sf_err sf_network_fit(const sf_network *net, uint32_t core, const sf_params *config, sf_msg *msg) {
  sf_err err = sf_params_check(config, msg);
  if (err) return err;
  if (core >= net->n_cores)
    return sf_fail(msg, SF_EINVAL, "core %u: the network has cores 0 .. %u", core, net->n_cores - 1);
  const sf_core_net *c = &net->core[core];
  if (c->learning != NULL) return sf_fail(msg, SF_EINVAL, "core/%u learns: must not, LEARNING_LANES is 0", core);
  err = sizes_fit(c, core, config, msg);
  if (!err && config->leak_shift) err = shift_decays(c, core, msg);
  if (!err && config->has_current && !c->has_current) err = drive_fits(c, core, msg);
  if (err) return err;
  for (uint32_t i = 0; i < c->n_routes; i++)
    if (c->routes[i].core != SF_EXTERNAL && c->routes[i].core != (int32_t)core)
      return sf_fail(msg, SF_EINVAL, "core/%u/route/core[%u] = %d: must be %u or -1, the hardware has one core", core,
                     i, c->routes[i].core, core);
  return SF_OK;
}

sf_err sf_network_params(const sf_network *net, uint32_t core, sf_params *config, sf_msg *msg) {
  if (core >= net->n_cores)
    return sf_fail(msg, SF_EINVAL, "core %u: the network has cores 0 .. %u", core, net->n_cores - 1);
  const sf_core_net *c = &net->core[core];
  sf_params p = sf_params_default();
  p.axons = c->axons < 16 ? 16 : c->axons;
  p.neurons = (c->neurons + p.lanes - 1) / p.lanes * p.lanes;
  p.weight_bits = c->weight_bits;
  p.potential_bits = c->potential_bits;
  p.delay_slots = c->delay_slots;
  p.profiles = c->n_profiles;
  p.routes = c->n_routes < 1 ? 1 : c->n_routes;
  p.has_current = c->has_current;
  p.has_refractory = c->has_refractory;
  p.has_adaptation = c->has_adaptation;
  p.has_noise = c->has_noise;
  const sf_err err = sf_network_fit(net, core, &p, msg);
  if (!err) *config = p;
  return err;
}
