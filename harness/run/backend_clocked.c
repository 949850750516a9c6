/* backend_clocked.c - the backends that count clock cycles: the mirror (cycle), the Verilated RTL (rtl), and both in
 * lockstep with the functional model (lockstep; mirror: the same without RTL), each behind the bus driver. */
#include <stdlib.h>

#include "run/backend.h"

typedef struct clocked {
  sf_params p;
  sf_driver driver;
  sf_image *image;
  sf_core *mirror;       /* backend cycle */
  sf_rtl rtl;            /* backend rtl */
  sf_lockstep *lockstep; /* backend lockstep; owns its own mirror and RTL */
  uint32_t neurons;      /* of the network: hardware may have more */
  uint64_t start_cycle, spikes;
  sf_event *spike, *out; /* of the last tick */
  uint32_t n_spikes;
  size_t spike_room, out_room;
} clocked;

/* Spikes are seen at write-back, on the probes. */
static inline void collect(clocked *c, const sf_core_out *o) {
  if (!o->port.probe_update_valid) return;
  const uint32_t first = o->port.probe_update_word * c->p.neuron_lanes;
  for (uint32_t w = 0; w < (c->p.neuron_lanes + 31) / 32; w++)
    for (uint32_t bits = o->wide.probe_spike[w]; bits; bits &= bits - 1) {
      const uint32_t neuron = first + 32 * w + (uint32_t)__builtin_ctz(bits);
      if (neuron < c->neurons && c->n_spikes < c->spike_room) c->spike[c->n_spikes++] = (sf_event){0, neuron};
    }
}

static bool step_cycle(void *self, const sf_core_in *in, sf_core_out *out) {
  clocked *c = self;
  sf_core_step(c->mirror, in, out);
  collect(c, out);
  return true;
}

static bool step_rtl(void *self, const sf_core_in *in, sf_core_out *out) {
  clocked *c = self;
  c->rtl.step(c->rtl.core, in, out);
  collect(c, out);
  return !out->port.tick_done || !c->rtl.message(c->rtl.core);
}

static bool step_lockstep(void *self, const sf_core_in *in, sf_core_out *out) {
  clocked *c = self;
  const bool good = sf_lockstep_step(c->lockstep, in, out);
  collect(c, out);
  return good;
}

static void clocked_close(void *self) {
  clocked *c = self;
  if (!c) return;
  sf_driver_free(&c->driver);
  sf_image_free(c->image);
  sf_core_free(c->mirror);
  sf_rtl_close(&c->rtl);
  sf_lockstep_free(c->lockstep);
  free(c->spike);
  free(c->out);
  free(c);
}

static sf_err open_engine(clocked *c, const char *name, const sf_backend_options *o, sf_engine *engine, sf_msg *msg) {
  *engine = (sf_engine){c, NULL};
  if (!strcmp(name, "cycle")) {
    engine->step = step_cycle;
    return sf_core_new(&c->p, &c->mirror, msg);
  }
  if (!strcmp(name, "mirror")) {
    engine->step = step_lockstep;
    return sf_lockstep_new(&c->p, NULL, &o->check, &c->lockstep, msg);
  }
  char so[SF_PATH_MAX];
  sf_rtl rtl;
  const unsigned flags = (o->check.no_probes ? 0 : SF_RTL_PROBE) | (o->quick_build ? SF_RTL_QUICK : 0);
  sf_err err = sf_rtl_build(&c->p, flags, o->bar, so, msg);
  if (!err) err = sf_rtl_open(so, o->seed, &rtl, msg);
  if (err) return err;
  if (!strcmp(name, "rtl")) {
    engine->step = step_rtl;
    c->rtl = rtl;
    return SF_OK;
  }
  sf_lockstep_options check = o->check;
  check.made = !o->quick_build;
  engine->step = step_lockstep;
  return sf_lockstep_new(&c->p, &rtl, &check, &c->lockstep, msg);
}

static sf_err why(const clocked *c, sf_err err, sf_msg *msg) {
  if (err && c->lockstep) (void)sf_lockstep_settle(c->lockstep); /* perhaps that is why */
  if (err && msg && !msg->text[0]) {                             /* the engine stopped */
    const char *text = c->rtl.core ? c->rtl.message(c->rtl.core) : NULL;
    return sf_fail(msg, SF_EFAIL, "%s", text ? text : "mismatch");
  }
  return err;
}

static sf_err clocked_open(const char *name, const sf_network *net, const sf_params *config,
                           const sf_backend_options *options, void **self, sf_msg *msg) {
  if (net->n_cores != 1)
    return sf_fail(msg, SF_EINVAL, "backend %s runs networks of one core, this one has %u (--backend model runs it)",
                   name, (unsigned)net->n_cores);
  clocked *c = calloc(1, sizeof *c);
  if (!c) return sf_fail(msg, SF_ENOMEM, "out of memory");
  c->p = *config;
  c->neurons = net->core[0].neurons;
  c->spike_room = c->neurons;
  c->spike = calloc(c->spike_room, sizeof *c->spike);
  sf_engine engine;
  sf_err err = c->spike ? sf_image_new(net, 0, config, &c->image, msg) : sf_fail(msg, SF_ENOMEM, "out of memory");
  if (!err) err = open_engine(c, name, options, &engine, msg);
  if (!err) {
    sf_driver_init(&c->driver, &c->p, engine);
    err = why(c, sf_driver_reset(&c->driver, 2, msg), msg);
    if (!err) err = why(c, sf_driver_load(&c->driver, c->image, msg), msg);
    c->start_cycle = c->driver.cycle;
  }
  /* A mismatch while loading belongs to the caller too, who finds it in the engine. */
  if (err && !(c->lockstep && c->lockstep->mismatch.found)) {
    clocked_close(c);
    return err;
  }
  *self = c;
  return SF_OK;
}

static sf_err clocked_restart(void *self, sf_msg *msg) {
  clocked *c = self;
  if (c->lockstep && c->lockstep->mismatch.found) return sf_fail(msg, SF_EFAIL, "mismatch");
  const sf_err err = why(c, sf_driver_restart(&c->driver, c->image, msg), msg);
  sf_driver_clear(&c->driver);
  c->start_cycle = c->driver.cycle;
  c->spikes = 0;
  return err;
}

static sf_err clocked_inject(void *self, uint32_t core, uint32_t axon, uint32_t delay, sf_msg *msg) {
  clocked *c = self;
  (void)core;
  (void)msg;
  sf_driver_event(&c->driver, axon, c->driver.ticks_done + delay);
  return c->driver.err;
}

static sf_err clocked_tick(void *self, sf_tick_result *result, sf_msg *msg) {
  clocked *c = self;
  sf_driver *d = &c->driver;
  const uint32_t tick = d->ticks_done;
  if (c->lockstep && c->lockstep->mismatch.found) return sf_fail(msg, SF_EFAIL, "mismatch");
  sf_driver_clear(d);
  c->n_spikes = 0;
  sf_driver_tick(d);
  const sf_err err = why(c, sf_driver_finish(d, msg), msg);
  if (err) return err;
  const size_t n = d->outs.tail - d->outs.head;
  if (n > c->out_room) {
    sf_event *more = realloc(c->out, n * sizeof *more);
    if (!more) return sf_fail(msg, SF_ENOMEM, "out of memory");
    c->out = more;
    c->out_room = n;
  }
  for (size_t i = 0; i < n; i++) c->out[i] = (sf_event){0, d->outs.at[d->outs.head + i].neuron};
  c->spikes += c->n_spikes;
  *result =
      (sf_tick_result){.tick = tick, .n_out = (uint32_t)n, .out = c->out, .n_spikes = c->n_spikes, .spike = c->spike};
  return SF_OK;
}

static sf_err clocked_peek(void *self, uint32_t core, uint32_t neuron, sf_field field, int32_t *value, sf_msg *msg) {
  clocked *c = self;
  uint32_t word = 0;
  (void)core;
  if (field > SF_A) return sf_fail(msg, SF_EINVAL, "field %u: there is no such field", (unsigned)field);
  const sf_err err = sf_driver_ask(&c->driver, sf_host_addr(SF_HOST_NEURONS, neuron * 8 + field), &word, msg);
  *value = (int32_t)word;
  return why(c, err, msg);
}

static sf_err clocked_counters(void *self, sf_backend_counters *out, sf_msg *msg) {
  static const uint32_t reg[] = {SF_REG_TICKS,        SF_REG_EVENTS_IN,   SF_REG_EVENTS_OUT,
                                 SF_REG_MERGES,       SF_REG_DROPPED,     SF_REG_AXON_OPS,
                                 SF_REG_AXON_OPS + 1, SF_REG_BUSY_CYCLES, SF_REG_BUSY_CYCLES + 1};
  clocked *c = self;
  uint32_t word[sizeof reg / sizeof *reg];
  const uint64_t cycles = c->driver.cycle - c->start_cycle;
  for (size_t i = 0; i < sizeof reg / sizeof *reg; i++) {
    const sf_err err = sf_driver_ask(&c->driver, sf_host_addr(SF_HOST_REGISTERS, reg[i]), &word[i], msg);
    if (err) return why(c, err, msg);
  }
  /* A row of weights a group and active axon: no group is left out in a tick that has any. */
  const uint64_t axon_ops = word[5] | (uint64_t)word[6] << 32, active_axons = axon_ops / sf_groups(&c->p);
  *out = (sf_backend_counters){.ticks = word[0],
                               .events_in = word[1],
                               .events_out = word[2],
                               .merges = word[3],
                               .dropped = word[4],
                               .spikes = c->spikes,
                               .axon_ops = axon_ops,
                               .synaptic_ops = active_axons * c->neurons,
                               .lane_ops = axon_ops * c->p.lanes,
                               .cycles = cycles,
                               .busy_cycles = word[7] | (uint64_t)word[8] << 32};
  return SF_OK;
}

sf_lockstep *sf_clocked_lockstep(const void *self) { return ((const clocked *)self)->lockstep; }

const sf_backend_kind sf_backend_clocked = {"clocked",    clocked_open, clocked_restart,  clocked_inject,
                                            clocked_tick, clocked_peek, clocked_counters, clocked_close};
