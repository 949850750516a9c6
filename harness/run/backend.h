/* backend.h - one interface over everything that can run a network: functional model, cycle mirror, Verilated RTL.
 *
 *     sf_backend *b;
 *     if (sf_backend_open("rtl", net, &config, &options, &b, &msg)) ...     open and load
 *     sf_backend_restart(b, &msg);                                          the next sample, from tick 0
 *     sf_backend_inject(b, 0, axon, delay, &msg);                           events of the coming tick, or of later ones
 *     sf_backend_tick(b, &result, &msg);                                    one tick: its output events and spikes
 *     sf_backend_peek(b, 0, neuron, SF_V, &v, &msg);
 *     sf_backend_close(b);
 *
 * `model` runs networks of any number of cores; the others have one core of hardware, configured by `config`. */
#ifndef SF_HARNESS_BACKEND_H
#define SF_HARNESS_BACKEND_H

#include "lockstep/lockstep.h"
#include "synfire/model.h"
#include "synfire/network.h"

struct sf_progress;

typedef struct sf_backend_options {
  uint32_t seed;             /* of the RTL's random power-up */
  struct sf_progress *bar;   /* kept alive while the RTL is built; NULL allowed */
  bool quick_build;          /* see SF_RTL_QUICK */
  bool predict;              /* backend "model": the clock cycles that `config` will take, which the network must fit */
  sf_model *model;           /* of backend "model": this one, made from net and taken over, also on error; or NULL */
  sf_lockstep_options check; /* of backend "lockstep" */
} sf_backend_options;

/* Since the last restart; a backend leaves at 0 what it does not have. */
typedef struct sf_backend_counters {
  uint64_t ticks, events_in, events_out, merges, dropped, spikes, axon_ops;
  uint64_t synaptic_ops; /* active axons * neurons of the network: its synapses, each time an event meets them */
  uint64_t lane_ops;     /* active axons * NEURONS of the hardware: what its lanes add, padding included */
  uint64_t under_way;    /* of a run with sf_backend_end(): see sf_under_way_count() */
  uint64_t cycles;       /* clock cycles, from the first event to the last tick_done */
  uint64_t busy_cycles;  /* of these, inside ticks; `model` knows no others */
} sf_backend_counters;

typedef struct sf_backend sf_backend;

/* What a kind of backend is made of; self is its own. Results of tick belong to the backend until its next call. */
typedef struct sf_backend_kind {
  const char *name;
  sf_err (*open)(const char *name, const sf_network *net, const sf_params *config, const sf_backend_options *options,
                 void **self, sf_msg *msg);
  sf_err (*restart)(void *self, sf_msg *msg);
  sf_err (*inject)(void *self, uint32_t core, uint32_t axon, uint32_t delay, sf_msg *msg);
  sf_err (*tick)(void *self, sf_tick_result *result, sf_msg *msg);
  sf_err (*peek)(void *self, uint32_t core, uint32_t neuron, sf_field field, int32_t *value, sf_msg *msg);
  sf_err (*counters)(void *self, sf_backend_counters *counters, sf_msg *msg);
  void (*close)(void *self);
} sf_backend_kind;

extern const sf_backend_kind sf_backend_model, sf_backend_clocked; /* clocked: cycle, rtl, lockstep, mirror */

/* sf_backend_open() - make backend `name` ("model", "cycle", "rtl", "lockstep", "mirror") and load net into it, ready
 * for tick 0. SF_EINVAL with one line for an unknown name, one that this version does not build (netlist, bitstream,
 * board), or a network that does not fit config; SF_ETOOL when the RTL cannot be built. *out is written only on
 * SF_OK. */
SF_MUST_CHECK sf_err sf_backend_open(const char *name, const sf_network *net, const sf_params *config,
                                     const sf_backend_options *options, sf_backend **out, sf_msg *msg);
void sf_backend_close(sf_backend *b); /* NULL is harmless */

/* sf_backend_known() - SF_OK if sf_backend_open() knows the name; for checking before files are read. */
SF_MUST_CHECK sf_err sf_backend_known(const char *name, sf_msg *msg);

bool sf_backend_has_cycles(const sf_backend *b); /* it counts, or predicts, clock cycles */
SF_MUST_CHECK sf_err sf_backend_restart(sf_backend *b, sf_msg *msg);
/* sf_backend_end() - after a restart: the run will have `end` ticks; count what is still on its way then. */
SF_MUST_CHECK sf_err sf_backend_end(sf_backend *b, uint32_t end, sf_msg *msg);
/* Axons that do not exist: SF_EINVAL here, on every backend. */
SF_MUST_CHECK sf_err sf_backend_inject(sf_backend *b, uint32_t core, uint32_t axon, uint32_t delay, sf_msg *msg);
/* SF_EFAIL on "lockstep": a mismatch, see sf_backend_lockstep(). */
SF_MUST_CHECK sf_err sf_backend_tick(sf_backend *b, sf_tick_result *result, sf_msg *msg);
SF_MUST_CHECK sf_err sf_backend_peek(sf_backend *b, uint32_t core, uint32_t neuron, sf_field field, int32_t *value,
                                     sf_msg *msg);
SF_MUST_CHECK sf_err sf_backend_counters_get(sf_backend *b, sf_backend_counters *counters, sf_msg *msg);

/* sf_backend_lockstep() - the engine of backends "lockstep" and "mirror" (that without RTL), else NULL. */
sf_lockstep *sf_backend_lockstep(const sf_backend *b);
sf_lockstep *sf_clocked_lockstep(const void *self);

#endif
