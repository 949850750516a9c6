/* model.h - the functional model: a network of any number of cores, one call a tick, exact spikes and state.
 *
 *     sf_model *m;
 *     if (sf_model_new(net, &m, &msg)) ...            the network is copied; it may be freed at once
 *     sf_model_inject(m, 0, axon, delay);             events of the coming tick, or of later ones
 *     const sf_tick_result *t = sf_model_step(m);     t->out: external output events, t->spike: every spike
 *     sf_model_reset(m);                              the next sample, from tick 0 and the initial state
 *     sf_model_free(m);
 *
 * Arithmetic: "Arithmetic" in cmodel/README.md. Written from that page and from nothing else: it shares no code with
 * the mirror of the RTL, so that a shared mistake has to be made twice. One model must not be used by two threads at
 * once. */
#ifndef SYNFIRE_MODEL_H
#define SYNFIRE_MODEL_H

#include "synfire/base.h"
#include "synfire/network.h"

typedef struct sf_model sf_model;

/* A spike of a neuron, or an output event that carries its number. */
typedef struct sf_event {
  uint32_t core, neuron;
} sf_event;

/* A third factor that left over a payload route. */
typedef struct sf_payload {
  uint32_t core, neuron;
  int32_t m; /* -127 .. 127, not 0 */
} sf_payload;

/* What one tick did. Order of out: by core, then neuron, then the routes of that neuron in file order (one event a
 * route); payload in the same order; order of spike: by core, then neuron. Owned by the model, valid until its next
 * step, reset or free. */
typedef struct sf_tick_result {
  uint32_t tick;  /* the tick that was computed, from 0, wrapping at 2^32 */
  uint32_t n_out; /* external output events */
  const sf_event *out;
  uint32_t n_spikes; /* all spikes, routed or not */
  const sf_event *spike;
  uint32_t n_payloads; /* external events of payload routes; 0 in a network that does not learn */
  const sf_payload *payload;
} sf_tick_result;

/* Since creation or the last reset. */
typedef struct sf_counters {
  uint64_t ticks;
  uint64_t events_in;  /* sf_model_inject() calls that were taken, merged ones included, dropped ones not */
  uint64_t events_out; /* external output events, those with a payload included */
  uint64_t merges;     /* events, from outside or from a route, that met one for the same axon and tick */
  uint64_t dropped;    /* events to axons that do not exist */
  uint64_t spikes;
  uint64_t active_axons; /* axons active, summed over ticks */
  uint64_t synaptic_ops; /* active axons * neurons of their core, summed over ticks */
} sf_counters;

/* The words of a neuron, numbered as on the host bus. */
typedef enum sf_field {
  SF_THRESHOLD = 0,
  SF_BIAS = 1,
  SF_PROFILE = 2, /* parameters: sf_model_reset() leaves them alone */
  SF_V = 3,
  SF_U = 4,
  SF_R = 5,
  SF_A = 6 /* state: sf_model_reset() sets v_init, u_init, 0, 0 */
} sf_field;

#define SF_ALL_CORES UINT32_MAX

/* sf_model_new() - check the network, copy what is needed and start at tick 0 in the initial state.
 * *out is written only on SF_OK and freed by the caller. SF_EINVAL from sf_network_check(), or SF_ENOMEM. */
SF_MUST_CHECK sf_err sf_model_new(const sf_network *net, sf_model **out, sf_msg *msg);

/* sf_model_new_from() - the same for weights that nobody holds in memory: net's cores may be without. weights() is
 * called once for each core, in order; it makes of->w8 (of->w16 for 16 bits) point to that core's [axons * neurons],
 * which must hold until the next call. So a network of 10^9 4-bit synapses takes the model's half byte a synapse and
 * one core's array. An error of weights() is returned; SF_EINVAL for a weight out of range. */
typedef sf_err (*sf_model_weights)(void *user, uint32_t core, sf_core_net *of, sf_msg *msg);
SF_MUST_CHECK sf_err sf_model_new_from(const sf_network *net, sf_model_weights weights, void *user, sf_model **out,
                                       sf_msg *msg);
void sf_model_free(sf_model *m); /* NULL is harmless */

/* sf_model_reset() - tick 0, initial state, no event under way, counters 0. Parameters that were poked stay, and so do
 * weights that were learnt. */
void sf_model_reset(sf_model *m);

/* sf_model_inject() - an input event for the tick that the coming step computes, plus delay.
 * SF_EINVAL if there is no such core or delay >= delay_slots (nothing changes). An axon that does not exist is counted
 * in `dropped`, as in hardware, and is SF_OK. */
sf_err sf_model_inject(sf_model *m, uint32_t core, uint32_t axon, uint32_t delay);

/* sf_model_inject_bits() - the same for many axons at once: bit i % 64 of bits[i / 64] stands for axon i, and there are
 * ceil(axons / 64) words; bits beyond the last axon count as events to axons that do not exist. */
sf_err sf_model_inject_bits(sf_model *m, uint32_t core, const uint64_t *bits, uint32_t delay);

/* sf_model_step() - compute one tick. Cannot fail: all memory was taken at creation. */
const sf_tick_result *sf_model_step(sf_model *m);

/* sf_model_set_threads() - compute the cores of a network on up to this many threads (default 1). Results are the
 * same. */
void sf_model_set_threads(sf_model *m, uint32_t threads);

/* sf_kernel_name() - the inner loops in use: "portable", "avx2", "avx512". The best that the processor has, unless the
 * environment variable SYNFIRE_KERNEL asked for another when the first model was made. Results are the same. */
const char *sf_kernel_name(void);

/* sf_model_tick() - the tick that the coming step computes. */
uint32_t sf_model_tick(const sf_model *m);

/* sf_model_set_tick() - go on at another tick number: noise depends on it. Events under way keep their delays. */
void sf_model_set_tick(sf_model *m, uint32_t tick);

/* sf_model_under_way() - events that the coming ticks will deliver, from outside or from a spike; those that met on one
 * axon for one tick are one. Of one core, or of all with SF_ALL_CORES; 0 for no such core. */
uint64_t sf_model_under_way(const sf_model *m, uint32_t core);

/* sf_model_peek(), sf_model_poke() - read or write one word of one neuron, between ticks. A word that is not built
 * (u without has_current, r without has_refractory, a without has_adaptation) reads 0 and ignores writes.
 * SF_EINVAL: no such core, neuron or field, or a value outside its range (nothing changes). */
SF_MUST_CHECK sf_err sf_model_peek(const sf_model *m, uint32_t core, uint32_t neuron, sf_field field, int32_t *value);
SF_MUST_CHECK sf_err sf_model_poke(sf_model *m, uint32_t core, uint32_t neuron, sf_field field, int32_t value);

/* The same for a weight and for a whole profile. */
SF_MUST_CHECK sf_err sf_model_peek_weight(const sf_model *m, uint32_t core, uint32_t axon, uint32_t neuron, int32_t *w);
SF_MUST_CHECK sf_err sf_model_poke_weight(sf_model *m, uint32_t core, uint32_t axon, uint32_t neuron, int32_t w);
SF_MUST_CHECK sf_err sf_model_poke_profile(sf_model *m, uint32_t core, uint32_t profile, const sf_profile *p,
                                           sf_msg *msg);

/* sf_model_poke_seed() - the noise seed of one core (as its SEED register), kept over reset. */
SF_MUST_CHECK sf_err sf_model_poke_seed(sf_model *m, uint32_t core, uint32_t seed);

/* sf_model_counters() - of one core, or of all with SF_ALL_CORES (ticks are then still ticks). Zeros for no such
 * core. */
sf_counters sf_model_counters(const sf_model *m, uint32_t core);

/* ---- learning ------------------------------------------------------------------------------------------------
 *
 * A core whose sf_core_net.learning is not NULL learns in every step, as cmodel/plasticity.md says; names are those of
 * that page. What stands below is for such cores, between ticks: SF_EINVAL, and nothing changes, if there is no such
 * core, it does not learn, or a number is out of the range given. sf_model_reset() sets traces, third factors,
 * payloads, resources, the reward and requests to 0 and xi to 1; rule, registers and weights stay.
 *
 *     sf_model_inject(m, 0, axon, 0); ...             a sample's ticks; control axons say what to do, or the host:
 *     sf_model_poke_learn(m, 0, neuron, SF_M, error);
 *     sf_model_ask_sweep(m, 0, SF_ALL_TERMS);
 *     sf_model_step(m);
 *     sf_model_end_sample(m, 0);
 *     sf_model_export(m, net, &msg);                  the weights learnt */

/* sf_model_set_learning() - off: weights hold, of all cores; no sweep, no refresh, all else goes on (a sweep still sets
 * x0 and y0 to 0). On at first. Samples that must not depend on each other are run with it off; sf_batch does so. */
void sf_model_set_learning(sf_model *m, bool on);

/* sf_model_set_rule() - from the coming tick on: terms and predicates. It is copied. */
SF_MUST_CHECK sf_err sf_model_set_rule(sf_model *m, uint32_t core, const sf_rule *rule, sf_msg *msg);

/* sf_model_poke_learn_profile() - the learning part of a profile. */
SF_MUST_CHECK sf_err sf_model_poke_learn_profile(sf_model *m, uint32_t core, uint32_t profile,
                                                 const sf_learn_profile *p, sf_msg *msg);

/* sf_model_inject_payload() - sf_model_inject() with a payload of -128 (taken as -127) .. 127, which counts on
 * modulatory axons and is ignored on others. Without, it is 0. */
sf_err sf_model_inject_payload(sf_model *m, uint32_t core, uint32_t axon, uint32_t delay, int32_t payload);

/* Words of a core. */
typedef enum sf_learn_register {
  SF_REWARD = 0,           /* R, -128 (taken as -127) .. 127 */
  SF_DRAW = 1,             /* the number that z is drawn for, 32 bits; 0 at first */
  SF_INTERVAL = 2,         /* E, 0 .. 65535 */
  SF_INTERVAL_TERMS = 3,   /* of those sweeps, 0 .. SF_ALL_TERMS */
  SF_REFRESH_INTERVAL = 4, /* 0 .. 65535 */
  SF_RANDOM_BITS = 5       /* k, 0 .. 16 */
} sf_learn_register;
SF_MUST_CHECK sf_err sf_model_peek_register(const sf_model *m, uint32_t core, sf_learn_register reg, int64_t *value);
SF_MUST_CHECK sf_err sf_model_poke_register(sf_model *m, uint32_t core, sf_learn_register reg, int64_t value);

/* Words of an axon. */
typedef enum sf_axon_field {
  SF_X0 = 0,
  SF_X1 = 1,
  SF_X2 = 2,     /* 0 .. 2^TRACE_BITS - 1 */
  SF_USE = 3,    /* u of short-term plasticity, 0 .. 4096 */
  SF_MISSING = 4 /* q; without has_release both read 0 and ignore writes */
} sf_axon_field;
SF_MUST_CHECK sf_err sf_model_peek_axon(const sf_model *m, uint32_t core, uint32_t axon, sf_axon_field field,
                                        int32_t *value);
SF_MUST_CHECK sf_err sf_model_poke_axon(sf_model *m, uint32_t core, uint32_t axon, sf_axon_field field, int32_t value);

/* sf_model_peek_payload() - e of a modulatory axon, of the coming tick plus delay. Written by injecting. */
SF_MUST_CHECK sf_err sf_model_peek_payload(const sf_model *m, uint32_t core, uint32_t axon, uint32_t delay, int32_t *e);

/* Words of a neuron. x and d are those of the last tick that visited it, and cannot be written. */
typedef enum sf_learn_field {
  SF_Y0 = 0,
  SF_Y1 = 1,
  SF_Y2 = 2,
  SF_M = 3,      /* -128 (taken as -127) .. 127 */
  SF_XI = 4,     /* -1, 1 */
  SF_SEEN_X = 5, /* x */
  SF_SEEN_D = 6  /* d */
} sf_learn_field;
SF_MUST_CHECK sf_err sf_model_peek_learn(const sf_model *m, uint32_t core, uint32_t neuron, sf_learn_field field,
                                         int64_t *value);
SF_MUST_CHECK sf_err sf_model_poke_learn(sf_model *m, uint32_t core, uint32_t neuron, sf_learn_field field,
                                         int64_t value);

/* What the coming tick does, once: a sweep of the terms of a mask (of all that were asked for, if asked again); a
 * refresh; new weights for a neuron (the last that was asked for). */
SF_MUST_CHECK sf_err sf_model_ask_sweep(sf_model *m, uint32_t core, uint32_t terms);
SF_MUST_CHECK sf_err sf_model_ask_refresh(sf_model *m, uint32_t core);
SF_MUST_CHECK sf_err sf_model_ask_fresh_unit(sf_model *m, uint32_t core, uint32_t neuron);

/* sf_model_end_sample() - at once, of one core, or with SF_ALL_CORES of all that learn. */
SF_MUST_CHECK sf_err sf_model_end_sample(sf_model *m, uint32_t core);

/* Since creation or the last reset. */
typedef struct sf_learn_counters {
  uint64_t synapses;     /* that a sweep updated: with a term whose c * F * G was not 0 */
  uint64_t changed;      /* weights that such a sweep changed */
  uint64_t pruned;       /* weights that a refresh made 0 */
  uint64_t grown;        /* and those that it drew to grow */
  uint64_t payloads_met; /* events for modulatory axons that met one */
  uint64_t not_released; /* events that short-term plasticity withheld */
} sf_learn_counters;

/* sf_model_learn_counters() - of one core. Zeros for one that is not there or does not learn. */
sf_learn_counters sf_model_learn_counters(const sf_model *m, uint32_t core);

/* sf_model_export() - the weights of all cores into net, which has the same cores, axons, neurons, weight_bits, and
 * room for weights: what the model was made from, or its like. Of models that do not learn, too. */
SF_MUST_CHECK sf_err sf_model_export(const sf_model *m, sf_network *net, sf_msg *msg);

#endif
