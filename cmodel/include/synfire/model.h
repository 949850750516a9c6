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

/* What one tick did. Order of out: by core, then neuron, then the routes of that neuron in file order (one event a
 * route); order of spike: by core, then neuron. Owned by the model, valid until its next step, reset or free. */
typedef struct sf_tick_result {
  uint32_t tick;  /* the tick that was computed, from 0, wrapping at 2^32 */
  uint32_t n_out; /* external output events */
  const sf_event *out;
  uint32_t n_spikes; /* all spikes, routed or not */
  const sf_event *spike;
} sf_tick_result;

/* Since creation or the last reset. */
typedef struct sf_counters {
  uint64_t ticks;
  uint64_t events_in;  /* sf_model_inject() calls that were taken, merged ones included, dropped ones not */
  uint64_t events_out; /* external output events */
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

/* sf_model_reset() - tick 0, initial state, no event under way, counters 0. Parameters that were poked stay. */
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

#endif
