/* sim.h - a network file, ready to run, behind one handle. The short way in, and the one for other languages: handles,
 * numbers and arrays only, no structure whose layout a caller has to know.
 *
 *     sf_msg msg;                                           512 bytes of text
 *     sf_sim *s;
 *     if (sf_sim_open("net.h5", &s, &msg)) ...
 *     if (sf_sim_run(s, 6, n, tick, axon, NULL, &msg)) ...  one sample of 6 ticks from the initial state
 *     n = sf_sim_spikes(s, &tick, &core, &neuron);          every spike, as three arrays
 *     class = sf_sim_answer(s);
 *     sf_sim_close(s);
 *
 * or a tick at a time: sf_sim_reset(), sf_sim_inject(), sf_sim_step(), then look at spikes and potentials.
 *
 * Time is in ticks, hardware time in clock cycles; potentials are integers of the network's POTENTIAL_BITS. Pointers
 * that a call hands out belong to the handle and hold until its next reset, run, step, forget or close. Handles do not
 * know of each other; one must not be used by two threads at once. A call that fails has changed nothing, unless it
 * says so. NULL for a handle, a file name, or an array that is needed is SF_EINVAL, or 0 where no error can be
 * returned. */
#ifndef SYNFIRE_SIM_H
#define SYNFIRE_SIM_H

#include "synfire/base.h"
#include "synfire/model.h"

typedef struct sf_sim sf_sim;

/* sf_sim_open() - read a network (HDF5 or JSON), check it, and start at tick 0. *out is written only on SF_OK; the
 * caller closes it. Errors of sf_network_read() and sf_model_new(). */
SF_MUST_CHECK sf_err sf_sim_open(const char *path, sf_sim **out, sf_msg *msg);

/* sf_sim_new() - the same from a network in memory, which is copied. */
SF_MUST_CHECK sf_err sf_sim_new(const sf_network *net, sf_sim **out, sf_msg *msg);
void sf_sim_close(sf_sim *s); /* NULL is harmless */

/* sf_sim_note() - one line that a user of the file should be warned of, "" if there is none. As long as the handle. */
const char *sf_sim_note(const sf_sim *s);

/* Sizes. Of a core that does not exist: 0. */
uint32_t sf_sim_cores(const sf_sim *s);
uint32_t sf_sim_axons(const sf_sim *s, uint32_t core);
uint32_t sf_sim_neurons(const sf_sim *s, uint32_t core);
uint32_t sf_sim_delay_slots(const sf_sim *s, uint32_t core); /* an event's delay is 0 .. delay_slots - 1 ticks */
uint32_t sf_sim_ticks(const sf_sim *s);   /* of one sample, as the network's readout says; 0 without readout */
uint32_t sf_sim_classes(const sf_sim *s); /* of the readout; 0 without */

/* ---- a tick at a time --------------------------------------------------------------------------------------- */

/* sf_sim_reset() - tick 0, the initial state, no event under way, nothing recorded. */
void sf_sim_reset(sf_sim *s);

/* sf_sim_inject() - n input events: event i goes to axon[i] of core[i] (core NULL: core 0), delay[i] ticks after the
 * coming one (delay NULL: 0). SF_EINVAL names the first event that has no such core, axon or delay. */
SF_MUST_CHECK sf_err sf_sim_inject(sf_sim *s, size_t n, const uint32_t *axon, const uint32_t *core,
                                   const uint32_t *delay, sf_msg *msg);

/* sf_sim_step() - compute `ticks` ticks, 0 .. SF_MAX_TICK (SF_EINVAL). SF_ENOMEM when there is no room for the record;
 * the ticks before that are computed. */
SF_MUST_CHECK sf_err sf_sim_step(sf_sim *s, uint32_t ticks, sf_msg *msg);

/* ---- a sample at a time ------------------------------------------------------------------------------------- */

/* sf_sim_run() - reset, then `ticks` ticks with n input events: event i reaches axon[i] of core[i] (core NULL: core 0)
 * in tick[i], which never falls from one event to the next and is less than `ticks`. ticks: 1 .. SF_MAX_TICK, or 0: as
 * sf_sim_length(s, 0, n, tick) says. SF_EINVAL as sf_sim_inject(), or SF_ENOMEM as sf_sim_step(). */
SF_MUST_CHECK sf_err sf_sim_run(sf_sim *s, uint32_t ticks, size_t n, const uint32_t *tick, const uint32_t *axon,
                                const uint32_t *core, sf_msg *msg);

/* sf_sim_length() - how many ticks a sample runs that nobody gives a length; `synfire run` does the same: those of the
 * readout; without readout file_ticks, those that the spike file states (sf_spikes.ticks); without those (0), until
 * DELAY_SLOTS ticks after the last of the n events, so that what they set off can arrive. */
uint32_t sf_sim_length(const sf_sim *s, uint32_t file_ticks, size_t n, const uint32_t *tick);

/* ---- what came of it ---------------------------------------------------------------------------------------- */

/* sf_sim_spikes() - all spikes since the last reset, run or forget, in order of tick, core, neuron; returns how many.
 * sf_sim_outputs() - the events that left the network over external routes. Any of the pointers may be NULL; they are
 * not to be freed. */
size_t sf_sim_spikes(const sf_sim *s, const uint32_t **tick, const uint32_t **core, const uint32_t **neuron);
size_t sf_sim_outputs(const sf_sim *s, const uint32_t **tick, const uint32_t **core, const uint32_t **neuron);

/* sf_sim_under_way() - events that are still to come: spikes and injected events whose delay is not over, those that
 * met on one axon for one tick counted once. A network that fires on its own, or in loops, never comes to 0. */
uint64_t sf_sim_under_way(const sf_sim *s);

/* sf_sim_forget() - empty the record, so that a long run takes no more memory, and go on where the run is. */
void sf_sim_forget(sf_sim *s);

/* sf_sim_read() - one word of every neuron of a core into out[neurons]: SF_V (3) is the potential; the others are in
 * model.h. SF_EINVAL: no such core or field. */
SF_MUST_CHECK sf_err sf_sim_read(const sf_sim *s, uint32_t core, uint32_t field, int32_t *out, sf_msg *msg);

/* sf_sim_answer() - the class that the readout names as things are now (after sf_sim_ticks() ticks it is the answer to
 * the sample), -1 without readout. */
int32_t sf_sim_answer(const sf_sim *s);

/* sf_sim_scores() - what the answer is the largest of, into out[classes]: potential, number of spikes, or minus the
 * tick of the first spike (INT64_MIN: none yet), as the readout says. Nothing happens without classes, or if out is
 * NULL. */
void sf_sim_scores(const sf_sim *s, int64_t *out);

/* sf_sim_synaptic_ops() - since the last reset: active axons times neurons of their core, summed over ticks. */
uint64_t sf_sim_synaptic_ops(const sf_sim *s);

/* sf_sim_hardware() - from now on, predict the clock cycles that core `core` takes when it is built with these lanes
 * (0: 16 lanes, 2 neuron lanes) and no larger than it has to be. SF_EINVAL: lanes out of range, or a network that one
 * core of hardware does not hold. */
SF_MUST_CHECK sf_err sf_sim_hardware(sf_sim *s, uint32_t core, uint32_t lanes, uint32_t neuron_lanes, sf_msg *msg);

/* sf_sim_cycles() - of the ticks since the last reset and since sf_sim_hardware(), exactly as the RTL counts them
 * (cycles.h). 0 without sf_sim_hardware(). Divided by the clock in MHz: microseconds. */
uint64_t sf_sim_cycles(const sf_sim *s, uint32_t core);

/* sf_sim_model() - the model inside, for everything else: counters, single weights, parameters. Owned by the handle.
 * What is stepped there is not recorded here. */
sf_model *sf_sim_model(sf_sim *s);

#endif
