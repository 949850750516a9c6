/* network.h - a network of one or more cores in memory: what the files hold and what every backend loads.
 *
 * Plain data, filled by a reader (files.h), by a trainer or by hand, then checked as a whole:
 *
 *     sf_network *net = sf_network_new(1);
 *     net->core[0].axons = 16; net->core[0].neurons = 16; net->core[0].n_routes = 1;      the sizes ...
 *     if (sf_core_net_alloc(&net->core[0], &msg)) ...                                     ... then the arrays
 *     sf_core_set_weight(&net->core[0], axon, neuron, 3);
 *     if (sf_network_check(net, &msg)) ...                                                before any use
 *     sf_network_free(net);
 *
 * Field names are those of the file format; lower case for parameters, as in params.h. */
#ifndef SYNFIRE_NETWORK_H
#define SYNFIRE_NETWORK_H

#include "synfire/base.h"
#include "synfire/params.h"
#include "synfire/plasticity.h"

#define SF_MAX_CORES 65536u
#define SF_MAX_CLASSES 8192u
#define SF_EXTERNAL (-1) /* sf_route.core of a route that leaves the chip */

/* SF_PROFILE_TABLE(X) - the fields of a neuron profile, in the order of the host bus:  X(field, lo, hi, has, FEATURE)
 * lo .. hi is the field's range in core c, VB its potential_bits; unless `has` it must be 0, because FEATURE is. */
#define SF_PROFILE_TABLE(X)                                                                   \
  X(v_decay, 0, 4096, true, "") /* in 4096ths forgotten each tick */                          \
  X(u_decay, 0, 4096, c->has_current, "HAS_CURRENT")                                          \
  X(weight_shift, 0, 7, true, "")                                                             \
  X(v_reset, SF_VB_LO, SF_VB_HI, true, "")                                                    \
  X(reset_mode, 0, 2, true, "")            /* 0: v_reset, 1: x - threshold, 2: x */           \
  X(v_floor, SF_VB_LO, SF_VB_HI, true, "") /* standard: the smallest potential */             \
  X(floor_mode, 0, 2, true, "")            /* 0: v_floor, 1: v_floor_reset, 2: x - v_floor */ \
  X(v_floor_reset, SF_VB_LO, SF_VB_HI, true, "")                                              \
  X(refractory, 0, 255, c->has_refractory, "HAS_REFRACTORY") /* ticks */                      \
  X(a_inc, SF_VB_LO, SF_VB_HI, c->has_adaptation, "HAS_ADAPTATION")                           \
  X(a_decay, 0, 4096, c->has_adaptation, "HAS_ADAPTATION")                                    \
  X(noise_bits, 0, c->potential_bits < 16 ? c->potential_bits : 16, c->has_noise, "HAS_NOISE") /* 0: none */
#define SF_VB_LO (-((int64_t)1 << (c->potential_bits - 1)))
#define SF_VB_HI (((int64_t)1 << (c->potential_bits - 1)) - 1)

#define SF_PROFILE_MEMBER(field, lo, hi, has, feature) int32_t field;
#define SF_PROFILE_COUNT(field, lo, hi, has, feature) SF_PROFILE_AT_##field,
#define SF_PROFILE_ADDRESS(field, lo, hi, has, feature) &p->field,
typedef struct sf_profile {
  SF_PROFILE_TABLE(SF_PROFILE_MEMBER)
} sf_profile;
enum { SF_PROFILE_TABLE(SF_PROFILE_COUNT) SF_PROFILE_FIELDS };

/* sf_profile_field() - the field with number f, 0 .. SF_PROFILE_FIELDS - 1. */
static inline int32_t *sf_profile_field(sf_profile *p, size_t f) {
  int32_t *const at[SF_PROFILE_FIELDS] = {SF_PROFILE_TABLE(SF_PROFILE_ADDRESS)};
  return at[f];
}

/* One entry of the fan-out table: a spike of `neuron` becomes an event on `axon` of `core` `delay` ticks later. */
typedef struct sf_route {
  uint32_t neuron; /* of this core */
  int32_t core;    /* destination core, or SF_EXTERNAL */
  uint32_t axon;   /* of the destination core; ignored (but < axons of this core) when external */
  uint32_t delay;  /* 1 .. delay_slots - 1 of the destination core; ignored (0 allowed too) when external */
} sf_route;

typedef struct sf_core_net {
  /* The parameters the network needs; lanes are the configuration's business. */
  uint32_t axons;          /* 1 .. 4096 */
  uint32_t neurons;        /* 1 .. 8192 */
  uint32_t weight_bits;    /* 1, 2, 4, 8, 16 */
  uint32_t potential_bits; /* 8 .. 24 */
  uint32_t delay_slots;    /* 2 .. 64, a power of two */
  uint32_t n_profiles;     /* 1 .. neurons */
  uint32_t n_routes;       /* 0 .. 65536 */
  bool has_current, has_refractory, has_adaptation, has_noise;
  /* Arrays, made by sf_core_net_alloc() and owned by the network. */
  int8_t *w8;            /* [axons * neurons], row = axon; NULL when weight_bits is 16 */
  int16_t *w16;          /* the same for weight_bits 16, else NULL */
  int32_t *threshold;    /* [neurons] VB-bit signed */
  int32_t *bias;         /* [neurons] VB-bit signed */
  uint32_t *profile;     /* [neurons] 0 .. n_profiles - 1 */
  int32_t *v_init;       /* [neurons] VB-bit signed */
  int32_t *u_init;       /* [neurons] VB-bit signed; nonzero only with has_current */
  sf_profile *profiles;  /* [n_profiles] */
  sf_route *routes;      /* [n_routes] in any order; routes of one neuron are served in this order */
  sf_learning *learning; /* NULL: it does not learn. Made by sf_learning_new(), owned by the network */
} sf_core_net;

/* How a classifier's answer is read from its neurons, all of one core. Optional: n_classes = 0 means none.
 * The answer is the class with the largest score, the lowest class on a tie. Score of a class after `ticks` ticks:
 *   SF_READ_POTENTIAL  v of its neuron            SF_READ_SPIKES  number of spikes of its neuron
 *   SF_READ_FIRST      minus the tick of its neuron's first spike, INT64_MIN if there was none */
typedef enum sf_read_method { SF_READ_POTENTIAL = 0, SF_READ_SPIKES = 1, SF_READ_FIRST = 2 } sf_read_method;

typedef struct sf_readout {
  sf_read_method method;
  uint32_t ticks;     /* ticks of one sample, 1 .. SF_MAX_TICK */
  uint32_t core;      /* the core that holds the neurons */
  uint32_t n_classes; /* 0 .. 8192 */
  uint32_t *neuron;   /* [n_classes], malloc'ed, owned by the network */
} sf_readout;

typedef struct sf_network {
  uint32_t n_cores;  /* 1 .. 65536 */
  sf_core_net *core; /* [n_cores] */
  uint32_t seed;     /* of the noise; core c uses sf_core_seed(seed, c) */
  sf_readout readout;
  sf_msg note; /* one line that the reader of a file would warn of; empty: none */
} sf_network;

/* sf_network_new() - n_cores cores with the default parameters (1 profile, no route) and no arrays yet.
 * Returns NULL when out of memory or n_cores is out of range. The caller frees it. */
sf_network *sf_network_new(uint32_t n_cores);

/* sf_network_free() - frees the network and every array in it; NULL is harmless. */
void sf_network_free(sf_network *net);

/* sf_core_net_alloc() - after the sizes are set: check them and make the arrays, all zero but v_floor, which is the
 * smallest potential, and threshold, which is the largest: a neuron that nobody gives one stays silent. Arrays that
 * were there are freed. Returns SF_OK, SF_EINVAL or SF_ENOMEM. */
SF_MUST_CHECK sf_err sf_core_net_alloc(sf_core_net *core, sf_msg *msg);

/* sf_readout_alloc() - make readout.neuron for n_classes classes (zeros), freeing the one that was there. */
SF_MUST_CHECK sf_err sf_readout_alloc(sf_readout *readout, uint32_t n_classes, sf_msg *msg);

/* sf_readout_class() - the class with the largest score, the lowest one on a tie. score has n_classes >= 1 entries. */
uint32_t sf_readout_class(const sf_readout *readout, const int64_t *score);

/* sf_network_check() - every size, value and cross reference. SF_OK, or SF_EINVAL with one line such as
 * "core/0/neuron/threshold[17] = 40000: must be -32768 .. 32767". */
SF_MUST_CHECK sf_err sf_network_check(const sf_network *net, sf_msg *msg);

/* sf_profile_check() - one profile against the core it is for; `core` and `index` only name it in the message. */
SF_MUST_CHECK sf_err sf_profile_check(const sf_core_net *c, uint32_t core, uint32_t index, const sf_profile *p,
                                      sf_msg *msg);

/* sf_learning_new() - after sf_core_net_alloc(): c->learning with the standard values of plasticity.h, all axons of
 * class 0, no term, TRACE_BITS 8, 16 random bits; what was there is freed. SF_EINVAL (one-bit weights do not learn),
 * SF_ENOMEM. */
SF_MUST_CHECK sf_err sf_learning_new(sf_core_net *c, sf_msg *msg);

/* The standard values of a class of axons, of a profile's learning part, of a term (no use yet: c is 0). */
sf_axon_class sf_axon_class_default(void);
sf_learn_profile sf_learn_profile_default(uint32_t weight_bits);
sf_term sf_term_default(void);

/* sf_rule_check(), sf_learn_profile_check() - against a core that learns; `core` and `index` only name it. */
SF_MUST_CHECK sf_err sf_rule_check(const sf_core_net *c, uint32_t core, const sf_rule *rule, sf_msg *msg);
SF_MUST_CHECK sf_err sf_learn_profile_check(const sf_core_net *c, uint32_t core, uint32_t index,
                                            const sf_learn_profile *p, sf_msg *msg);

/* sf_network_fit() - can core `core` of net (which passed sf_network_check) be loaded on hardware built with config?
 * weight_bits and potential_bits must be equal; axons, neurons, delay_slots, profiles, routes may be smaller than the
 * configuration's; a feature in use must be built; with config->leak_shift every decay must be 0 or a power of two;
 * routes to other cores are refused (one core in hardware). A network without current loads on a core that has it
 * when no synaptic drive can leave potential_bits: the loader then sets u_decay = 4096. */
SF_MUST_CHECK sf_err sf_network_fit(const sf_network *net, uint32_t core, const sf_params *config, sf_msg *msg);

/* sf_network_params() - the smallest configuration that holds core `core`: sizes rounded up to the allowed ones,
 * lanes and neuron_lanes as in sf_params_default(), leak "multiply", weights in block RAM. */
SF_MUST_CHECK sf_err sf_network_params(const sf_network *net, uint32_t core, sf_params *config, sf_msg *msg);

/* sf_core_seed() - the noise seed of core c, so that cores do not share one noise; core 0 has the network's own. */
static inline uint32_t sf_core_seed(uint32_t seed, uint32_t core) { return seed + core * 0x9E3779B9u; }

/* Weight access without regard to its storage; axon and neuron must be in range. */
static inline int32_t sf_core_weight(const sf_core_net *c, uint32_t axon, uint32_t neuron) {
  const size_t at = (size_t)axon * c->neurons + neuron;
  return c->w16 ? c->w16[at] : c->w8[at];
}
/* The caller sees to the range of w: sf_network_check() sees only what is left of it in 8 or 16 bits. */
static inline void sf_core_set_weight(sf_core_net *c, uint32_t axon, uint32_t neuron, int32_t w) {
  const size_t at = (size_t)axon * c->neurons + neuron;
  if (c->w16) c->w16[at] = (int16_t)w;
  else c->w8[at] = (int8_t)w;
}

#endif
