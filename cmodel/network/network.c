/* network.c - networks in memory: making, freeing and checking them. network_fit.c holds them against hardware. */
#include "network/network_parts.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/bytes.h"

/* ---- making and freeing ------------------------------------------------------------------------------------- */

void sf_core_net_drop_weights(sf_core_net *c) {
  free(c->w8);
  free(c->w16);
  c->w8 = NULL;
  c->w16 = NULL;
}

/* Every array of a core but its weights:  X(name, elements), by the sizes of core c */
#define ARRAYS(X)            \
  X(threshold, c->neurons)   \
  X(bias, c->neurons)        \
  X(profile, c->neurons)     \
  X(v_init, c->neurons)      \
  X(u_init, c->neurons)      \
  X(profiles, c->n_profiles) \
  X(routes, c->n_routes > 0 ? c->n_routes : 1)

static void core_free(sf_core_net *c) {
#define FREE(name, elements) \
  free(c->name);             \
  c->name = NULL;
  sf_core_net_drop_weights(c);
  ARRAYS(FREE)
  sf_learning_free(c->learning);
  c->learning = NULL;
}

sf_network *sf_network_new(uint32_t n_cores) {
  if (n_cores < 1 || n_cores > SF_MAX_CORES) return NULL;
  sf_network *net = calloc(1, sizeof *net);
  if (net == NULL) return NULL;
  net->core = calloc(n_cores, sizeof *net->core);
  if (net->core == NULL) {
    free(net);
    return NULL;
  }
  net->n_cores = n_cores;
  const sf_params p = sf_params_default();
  for (uint32_t i = 0; i < n_cores; i++) {
    sf_core_net *c = &net->core[i];
    c->axons = p.axons;
    c->neurons = p.neurons;
    c->weight_bits = p.weight_bits;
    c->potential_bits = p.potential_bits;
    c->delay_slots = p.delay_slots;
    c->n_profiles = 1;
  }
  return net;
}

void sf_network_free(sf_network *net) {
  if (net == NULL) return;
  for (uint32_t i = 0; i < net->n_cores; i++) core_free(&net->core[i]);
  free(net->core);
  free(net->readout.neuron);
  free(net);
}

static sf_err check_sizes(const sf_core_net *c, sf_msg *msg);

sf_err sf_core_net_alloc(sf_core_net *c, sf_msg *msg) {
  const sf_err err = check_sizes(c, msg);
  if (err) return err;
  sf_core_net n = *c;
  n.learning = NULL;
  const size_t synapses = (size_t)c->axons * c->neurons;
  n.w8 = c->weight_bits < 16 ? calloc(synapses, sizeof *n.w8) : NULL;
  n.w16 = c->weight_bits == 16 ? calloc(synapses, sizeof *n.w16) : NULL;
  bool good = n.w8 != NULL || n.w16 != NULL;
#define MAKE(name, elements)                   \
  n.name = calloc((elements), sizeof *n.name); \
  good = good && n.name != NULL;
  ARRAYS(MAKE)
  if (!good) {
    core_free(&n);
    return sf_fail(msg, SF_ENOMEM, "out of memory for a core of %u axons and %u neurons", c->axons, c->neurons);
  }
  const int32_t largest = (1 << (c->potential_bits - 1)) - 1;
  for (uint32_t j = 0; j < c->neurons; j++) n.threshold[j] = largest;
  for (uint32_t k = 0; k < c->n_profiles; k++) n.profiles[k].v_floor = -largest - 1;
  core_free(c);
  *c = n;
  return SF_OK;
}

sf_err sf_readout_alloc(sf_readout *readout, uint32_t n_classes, sf_msg *msg) {
  if (n_classes > SF_MAX_CLASSES)
    return sf_fail(msg, SF_EINVAL, "readout: %u classes: must be 0 .. %u", n_classes, SF_MAX_CLASSES);
  uint32_t *neuron = NULL;
  if (n_classes > 0) {
    neuron = calloc(n_classes, sizeof *neuron);
    if (neuron == NULL) return sf_fail(msg, SF_ENOMEM, "out of memory for a readout of %u classes", n_classes);
  }
  free(readout->neuron);
  readout->neuron = neuron;
  readout->n_classes = n_classes;
  return SF_OK;
}

uint32_t sf_readout_class(const sf_readout *readout, const int64_t *score) {
  uint32_t best = 0;
  for (uint32_t c = 1; c < readout->n_classes; c++)
    if (score[c] > score[best]) best = c;
  return best;
}

/* ---- checking ----------------------------------------------------------------------------------------------- */

/* One value against its range; `field` with [index] when index is not negative. */
static sf_err in_range(sf_msg *msg, uint32_t core, const char *field, int64_t index, int64_t value, int64_t lo,
                       int64_t hi) {
  if (value >= lo && value <= hi) return SF_OK;
  char at[32] = "";
  if (index >= 0) snprintf(at, sizeof at, "[%lld]", (long long)index);
  return sf_fail(msg, SF_EINVAL, "core/%u/%s%s = %lld: must be %lld .. %lld", core, field, at, (long long)value,
                 (long long)lo, (long long)hi);
}

/* A nonzero value of a feature that the core says it does not use. */
static sf_err needs(sf_msg *msg, uint32_t core, const char *field, int64_t index, int64_t value, bool has,
                    const char *feature) {
  if (has || value == 0) return SF_OK;
  return sf_fail(msg, SF_EINVAL, "core/%u/%s[%lld] = %lld: must be 0 because %s is 0", core, field, (long long)index,
                 (long long)value, feature);
}

static sf_err check_sizes(const sf_core_net *c, sf_msg *msg) {
  const struct {
    const char *name;
    uint32_t value, lo, hi;
    bool power; /* of two */
  } size[] = {{"AXONS", c->axons, 1, 4096, false},          {"NEURONS", c->neurons, 1, 8192, false},
              {"WEIGHT_BITS", c->weight_bits, 1, 16, true}, {"POTENTIAL_BITS", c->potential_bits, 8, 24, false},
              {"DELAY_SLOTS", c->delay_slots, 2, 64, true}, {"profiles", c->n_profiles, 1, c->neurons, false},
              {"routes", c->n_routes, 0, 65536, false}};
  for (size_t i = 0; i < sizeof size / sizeof size[0]; i++) {
    const uint32_t value = size[i].value;
    if (value < size[i].lo || value > size[i].hi || (size[i].power && (value & (value - 1)) != 0))
      return sf_fail(msg, SF_EINVAL, "%s = %u: must be %s%u .. %u", size[i].name, value,
                     size[i].power ? "a power of two, " : "", size[i].lo, size[i].hi);
  }
  return SF_OK;
}

sf_err sf_weights_check(const sf_core_net *c, uint32_t core, sf_msg *msg) {
  if (c->weight_bits == 16 || c->weight_bits == 8) return SF_OK; /* the storage holds nothing else */
  const int32_t lo = c->weight_bits == 1 ? 0 : -(1 << (c->weight_bits - 1));
  const int32_t hi = c->weight_bits == 1 ? 1 : (1 << (c->weight_bits - 1)) - 1;
  const size_t n = (size_t)c->axons * c->neurons;
  if (sf_bytes_within(c->w8, n, lo, hi)) return SF_OK;
  for (size_t i = 0; i < n; i++)
    if (c->w8[i] < lo || c->w8[i] > hi)
      return sf_fail(msg, SF_EINVAL, "core/%u/weights[%zu][%zu] = %d: must be %d .. %d (WEIGHT_BITS = %u)", core,
                     i / c->neurons, i % c->neurons, c->w8[i], lo, hi, c->weight_bits);
  return SF_OK;
}

static sf_err check_neurons(const sf_core_net *c, uint32_t core, sf_msg *msg) {
  const int64_t hi = (1 << (c->potential_bits - 1)) - 1, lo = -hi - 1;
  sf_err err;
  for (uint32_t j = 0; j < c->neurons; j++) {
    err = in_range(msg, core, "neuron/threshold", j, c->threshold[j], lo, hi);
    if (err) return err;
    err = in_range(msg, core, "neuron/bias", j, c->bias[j], lo, hi);
    if (err) return err;
    err = in_range(msg, core, "neuron/profile", j, c->profile[j], 0, (int64_t)c->n_profiles - 1);
    if (err) return err;
    err = in_range(msg, core, "neuron/v_init", j, c->v_init[j], lo, hi);
    if (err) return err;
    err = in_range(msg, core, "neuron/u_init", j, c->u_init[j], lo, hi);
    if (err) return err;
    err = needs(msg, core, "neuron/u_init", j, c->u_init[j], c->has_current, "HAS_CURRENT");
    if (err) return err;
  }
  return SF_OK;
}

sf_err sf_profile_check(const sf_core_net *c, uint32_t core, uint32_t index, const sf_profile *p, sf_msg *msg) {
#define ROW(field, lo, hi, has, feature) {"profile/" #field, p->field, lo, hi, has, feature},
  const struct {
    const char *field;
    int64_t value, lo, hi;
    bool has;
    const char *feature;
  } rows[SF_PROFILE_FIELDS] = {SF_PROFILE_TABLE(ROW)};
  for (size_t i = 0; i < SF_PROFILE_FIELDS; i++) {
    sf_err err = in_range(msg, core, rows[i].field, index, rows[i].value, rows[i].lo, rows[i].hi);
    if (!err) err = needs(msg, core, rows[i].field, index, rows[i].value, rows[i].has, rows[i].feature);
    if (err) return err;
  }
  return SF_OK;
}

static sf_err check_routes(const sf_network *net, uint32_t core, sf_msg *msg) {
  const sf_core_net *c = &net->core[core];
  sf_err err;
  for (uint32_t i = 0; i < c->n_routes; i++) {
    const sf_route *r = &c->routes[i];
    err = in_range(msg, core, "route/neuron", i, r->neuron, 0, (int64_t)c->neurons - 1);
    if (err) return err;
    err = in_range(msg, core, "route/core", i, r->core, SF_EXTERNAL, (int64_t)net->n_cores - 1);
    if (err) return err;
    const bool external = r->core == SF_EXTERNAL;
    const sf_core_net *to = external ? c : &net->core[r->core];
    err = in_range(msg, core, "route/axon", i, r->axon, 0, (int64_t)to->axons - 1);
    if (err) return err;
    /* An external route has no delay, so a file may leave it out: 0 is in range there. */
    err = in_range(msg, core, "route/delay", i, r->delay, external ? 0 : 1, (int64_t)to->delay_slots - 1);
    if (err) return err;
  }
  return SF_OK;
}

static sf_err check_readout(const sf_network *net, sf_msg *msg) {
  const sf_readout *r = &net->readout;
  if (r->n_classes == 0) return SF_OK;
  if (r->n_classes > SF_MAX_CLASSES)
    return sf_fail(msg, SF_EINVAL, "readout: %u classes: must be 0 .. %u", r->n_classes, SF_MAX_CLASSES);
  if (r->method != SF_READ_POTENTIAL && r->method != SF_READ_SPIKES && r->method != SF_READ_FIRST)
    return sf_fail(msg, SF_EINVAL, "readout/method = %d: must be 0 .. 2", (int)r->method);
  if (r->ticks < 1 || r->ticks > SF_MAX_TICK)
    return sf_fail(msg, SF_EINVAL, "readout/ticks = %u: must be 1 .. %u", r->ticks, SF_MAX_TICK);
  if (r->core >= net->n_cores)
    return sf_fail(msg, SF_EINVAL, "readout/core = %u: must be 0 .. %u", r->core, net->n_cores - 1);
  uint64_t seen[8192 / 64] = {0}; /* two classes of one neuron would always tie */
  for (uint32_t i = 0; i < r->n_classes; i++) {
    const uint32_t n = r->neuron[i];
    if (n >= net->core[r->core].neurons)
      return sf_fail(msg, SF_EINVAL, "readout/neuron[%u] = %u: must be 0 .. %u", i, n, net->core[r->core].neurons - 1);
    if ((seen[n / 64] >> n % 64 & 1) != 0)
      return sf_fail(msg, SF_EINVAL, "readout/neuron[%u] = %u: stands there twice", i, n);
    seen[n / 64] |= (uint64_t)1 << n % 64;
  }
  return SF_OK;
}

sf_err sf_network_check_all(const sf_network *net, bool weights, sf_msg *msg) {
  if (net->n_cores < 1 || net->n_cores > SF_MAX_CORES)
    return sf_fail(msg, SF_EINVAL, "%u cores: must be 1 .. %u", net->n_cores, SF_MAX_CORES);
  sf_err err;
  sf_msg size;
  for (uint32_t i = 0; i < net->n_cores; i++) {
    const sf_core_net *c = &net->core[i];
    if (check_sizes(c, &size)) return sf_fail(msg, SF_EINVAL, "core/%u/%.400s", i, size.text);
    const bool has_weights = c->weight_bits == 16 ? c->w16 != NULL : c->w8 != NULL;
    if ((weights && !has_weights) || !c->threshold || !c->profiles)
      return sf_fail(msg, SF_EINVAL, "core/%u: its arrays have not been made", i);
  }
  for (uint32_t i = 0; i < net->n_cores; i++) {
    const sf_core_net *c = &net->core[i];
    for (uint32_t k = 0; k < c->n_profiles; k++) {
      err = sf_profile_check(c, i, k, &c->profiles[k], msg);
      if (err) return err;
    }
    err = check_neurons(c, i, msg);
    if (err) return err;
    err = check_routes(net, i, msg);
    if (err) return err;
    if (c->learning != NULL) err = sf_learning_check(c, i, msg);
    if (err) return err;
    if (weights) err = sf_weights_check(c, i, msg);
    if (err) return err;
  }
  return check_readout(net, msg);
}

sf_err sf_network_check(const sf_network *net, sf_msg *msg) { return sf_network_check_all(net, true, msg); }
