/* backend.c - see backend.h: the names of the backends, and what is the same for all of them. */
#include "run/backend.h"

#include "run/under_way.h"

#include <stdlib.h>

struct sf_backend {
  const sf_backend_kind *kind;
  void *self;
  const char *name;
  const sf_network *net;
  bool has_cycles;
  sf_under_way *under_way; /* once somebody has asked */
};

static const struct {
  const char *name;
  const sf_backend_kind *kind;
} row[] = {{"model", &sf_backend_model},
           {"cycle", &sf_backend_clocked},
           {"rtl", &sf_backend_clocked},
           {"lockstep", &sf_backend_clocked},
           {"mirror", &sf_backend_clocked},
           {"netlist", NULL},
           {"bitstream", NULL},
           {"board", NULL}};

static sf_err find(const char *name, size_t *at, sf_msg *msg) {
  for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
    if (strcmp(name, row[i].name)) continue;
    if (!row[i].kind) return sf_fail(msg, SF_EINVAL, "backend %s: not built in this version", name);
    *at = i;
    return SF_OK;
  }
  return sf_fail(msg, SF_EINVAL, "backend '%s': must be model, cycle, rtl, lockstep, netlist, bitstream or board",
                 name);
}

sf_err sf_backend_known(const char *name, sf_msg *msg) {
  size_t at;
  return find(name, &at, msg);
}

sf_err sf_backend_open(const char *name, const sf_network *net, const sf_params *config,
                       const sf_backend_options *options, sf_backend **out, sf_msg *msg) {
  size_t at = 0;
  sf_err err = find(name, &at, msg);
  if (err) return err;
  sf_backend *b = calloc(1, sizeof *b);
  if (!b) return sf_fail(msg, SF_ENOMEM, "out of memory");
  *b = (sf_backend){row[at].kind, NULL, row[at].name, net, row[at].kind != &sf_backend_model || options->predict, NULL};
  err = b->kind->open(name, net, config, options, &b->self, msg);
  if (err) {
    free(b);
    return err;
  }
  *out = b;
  return SF_OK;
}

void sf_backend_close(sf_backend *b) {
  if (!b) return;
  b->kind->close(b->self);
  sf_under_way_free(b->under_way);
  free(b);
}

bool sf_backend_has_cycles(const sf_backend *b) { return b->has_cycles; }
sf_err sf_backend_restart(sf_backend *b, sf_msg *msg) {
  if (b->under_way) sf_under_way_start(b->under_way, 0);
  return b->kind->restart(b->self, msg);
}

sf_err sf_backend_end(sf_backend *b, uint32_t end, sf_msg *msg) {
  const sf_err err = b->under_way ? SF_OK : sf_under_way_new(b->net, &b->under_way, msg);
  if (!err) sf_under_way_start(b->under_way, end);
  return err;
}

sf_err sf_backend_inject(sf_backend *b, uint32_t core, uint32_t axon, uint32_t delay, sf_msg *msg) {
  if (core >= b->net->n_cores)
    return sf_fail(msg, SF_EINVAL, "core %u: must be 0 .. %u", (unsigned)core, (unsigned)b->net->n_cores - 1);
  if (axon >= b->net->core[core].axons)
    return sf_fail(msg, SF_EINVAL, "axon %u: must be 0 .. %u", (unsigned)axon, (unsigned)b->net->core[core].axons - 1);
  if (delay >= b->net->core[core].delay_slots)
    return sf_fail(msg, SF_EINVAL, "delay %u: must be 0 .. %u", (unsigned)delay,
                   (unsigned)b->net->core[core].delay_slots - 1);
  return b->kind->inject(b->self, core, axon, delay, msg);
}

sf_err sf_backend_tick(sf_backend *b, sf_tick_result *result, sf_msg *msg) {
  const sf_err err = b->kind->tick(b->self, result, msg);
  if (!err && b->under_way) sf_under_way_tick(b->under_way, result);
  return err;
}

sf_err sf_backend_peek(sf_backend *b, uint32_t core, uint32_t neuron, sf_field field, int32_t *value, sf_msg *msg) {
  if (core >= b->net->n_cores || neuron >= b->net->core[core].neurons)
    return sf_fail(msg, SF_EINVAL, "core %u neuron %u: there is no such neuron", (unsigned)core, (unsigned)neuron);
  return b->kind->peek(b->self, core, neuron, field, value, msg);
}

sf_err sf_backend_counters_get(sf_backend *b, sf_backend_counters *counters, sf_msg *msg) {
  const sf_err err = b->kind->counters(b->self, counters, msg);
  if (!err && b->under_way) counters->under_way = sf_under_way_count(b->under_way);
  return err;
}

sf_lockstep *sf_backend_lockstep(const sf_backend *b) {
  return b->kind == &sf_backend_clocked ? sf_clocked_lockstep(b->self) : NULL;
}
