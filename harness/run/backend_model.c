/* backend_model.c - the functional model as a backend; with `predict` it knows the clock cycles of hardware too. */
#include "run/backend.h"

#include "synfire/cycles.h"

#include <stdlib.h>

typedef struct modelled {
  sf_model *model;
  sf_params config;
  bool predict;
  uint64_t busy_cycles;
} modelled;

static void model_close(void *self) {
  modelled *m = self;
  if (!m) return;
  sf_model_free(m->model);
  free(m);
}

static sf_err model_open(const char *name, const sf_network *net, const sf_params *config,
                         const sf_backend_options *options, void **self, sf_msg *msg) {
  (void)name;
  if (options->predict && net->n_cores != 1) {
    sf_model_free(options->model);
    return sf_fail(msg, SF_EINVAL, "clock cycles are those of one core, this network has %u", (unsigned)net->n_cores);
  }
  modelled *m = calloc(1, sizeof *m);
  if (!m) {
    sf_model_free(options->model);
    return sf_fail(msg, SF_ENOMEM, "out of memory");
  }
  m->predict = options->predict;
  if (m->predict) m->config = *config;
  m->model = options->model;
  const sf_err err = m->model ? SF_OK : sf_model_new(net, &m->model, msg);
  if (err) model_close(m);
  else *self = m;
  return err;
}

static sf_err model_restart(void *self, sf_msg *msg) {
  modelled *m = self;
  (void)msg;
  sf_model_reset(m->model);
  m->busy_cycles = 0;
  return SF_OK;
}

static sf_err model_inject(void *self, uint32_t core, uint32_t axon, uint32_t delay, sf_msg *msg) {
  const sf_err err = sf_model_inject(((modelled *)self)->model, core, axon, delay);
  return err ? sf_fail(msg, err, "core %u axon %u delay %u: refused", (unsigned)core, (unsigned)axon, (unsigned)delay)
             : SF_OK;
}

static sf_err model_tick(void *self, sf_tick_result *result, sf_msg *msg) {
  modelled *m = self;
  (void)msg;
  *result = *sf_model_step(m->model);
  if (m->predict) m->busy_cycles += sf_model_cycles(m->model, 0, &m->config);
  return SF_OK;
}

static sf_err model_peek(void *self, uint32_t core, uint32_t neuron, sf_field field, int32_t *value, sf_msg *msg) {
  const sf_err err = sf_model_peek(((modelled *)self)->model, core, neuron, field, value);
  return err ? sf_fail(msg, err, "field %u: there is no such field", (unsigned)field) : SF_OK;
}

static sf_err model_counters(void *self, sf_backend_counters *out, sf_msg *msg) {
  const modelled *m = self;
  (void)msg;
  const sf_counters c = sf_model_counters(m->model, SF_ALL_CORES);
  *out = (sf_backend_counters){.ticks = c.ticks,
                               .events_in = c.events_in,
                               .events_out = c.events_out,
                               .merges = c.merges,
                               .dropped = c.dropped,
                               .spikes = c.spikes,
                               .synaptic_ops = c.synaptic_ops,
                               .lane_ops = m->predict ? c.active_axons * m->config.neurons : 0,
                               .busy_cycles = m->busy_cycles};
  return SF_OK;
}

const sf_backend_kind sf_backend_model = {"model",    model_open, model_restart,  model_inject,
                                          model_tick, model_peek, model_counters, model_close};
