/* bench_nets.c - the networks of bench_model.h, each in the forms that model and plain loop take; see bench_nets.h. */
#include "bench/bench_nets.h"

#include <stdlib.h>
#include <string.h>

#include "lockstep/random_case.h"

void sf_bench_net_free(sf_bench_net *b) {
  free(b->plain.dense);
  free(b->plain.first);
  free(b->plain.target);
  free(b->plain.weight);
  free(b->plain.delay);
  free(b->plain.sum);
  free(b->plain.v);
  free(b->plain.spike);
  sf_network_free(b->net);
  sf_model_free(b->model);
  sf_sparse_free(b->sparse);
  free(b->axon);
  free(b->n_events);
  free(b->delay);
  free(b->bits);
}

/* ---- networks ----------------------------------------------------------------------------------------------- */

static int8_t random_weight(sf_random *r) { /* -7 .. 7 without 0 */
  const int w = (int)sf_random_below(r, 14) - 7;
  return (int8_t)(w < 0 ? w : w + 1);
}

static sf_err crossbars(sf_bench_net *b, sf_msg *msg) {
  b->net = sf_network_new(b->cores);
  if (!b->net) return sf_fail(msg, SF_ENOMEM, "out of memory");
  for (uint32_t k = 0; k < b->cores; k++) {
    sf_core_net *c = &b->net->core[k];
    c->axons = b->inputs;
    c->neurons = b->neurons / b->cores + (k < b->neurons % b->cores);
    const sf_err err = sf_core_net_alloc(c, msg);
    if (err) return err;
    c->profiles[0].v_decay = SF_PLAIN_DECAY;
  }
  return SF_OK;
}

static sf_err make_dense(sf_bench_net *b, sf_random *r, sf_msg *msg) {
  const sf_err err = crossbars(b, msg);
  if (err) return err;
  b->plain.dense = malloc((size_t)b->inputs * b->neurons);
  if (!b->plain.dense) return sf_fail(msg, SF_ENOMEM, "out of memory");
  for (uint32_t i = 0; i < b->inputs; i++)
    for (uint32_t j = 0; j < b->neurons; j++) {
      const int8_t w = random_weight(r);
      b->plain.dense[(size_t)i * b->neurons + j] = w;
      sf_core_set_weight(&b->net->core[0], i, j, w);
    }
  return SF_OK;
}

/* Room for the plain rows of `each` synapses a source. */
static sf_err rows_alloc(sf_bench_net *b, size_t synapses, sf_msg *msg) {
  sf_plain *p = &b->plain;
  p->first = calloc((size_t)b->inputs + 1, sizeof *p->first);
  p->target = malloc(synapses * sizeof *p->target);
  p->weight = malloc(synapses);
  p->delay = malloc(synapses);
  return p->first && p->target && p->weight && p->delay ? SF_OK : sf_fail(msg, SF_ENOMEM, "out of memory");
}

enum { EACH = 1000 }; /* synapses of a neuron in N3, of a source in N4 */

/* Each neuron takes EACH different axons: the first ones of a shuffled list. Rows by axon come from the crossbar. */
static sf_err make_rows(sf_bench_net *b, sf_random *r, sf_msg *msg) {
  sf_err err = crossbars(b, msg);
  if (!err) err = rows_alloc(b, (size_t)b->neurons * EACH, msg);
  uint32_t *order = malloc(b->inputs * sizeof *order);
  if (!err && !order) err = sf_fail(msg, SF_ENOMEM, "out of memory");
  for (uint32_t i = 0; !err && i < b->inputs; i++) order[i] = i;
  for (uint32_t k = 0; !err && k < b->cores; k++)
    for (uint32_t j = 0; j < b->net->core[k].neurons; j++)
      for (uint32_t i = 0; i < EACH; i++) {
        const uint32_t other = i + sf_random_below(r, b->inputs - i), axon = order[other];
        order[other] = order[i];
        order[i] = axon;
        sf_core_set_weight(&b->net->core[k], axon, j, random_weight(r));
      }
  free(order);
  if (err) return err;
  uint64_t at = 0;
  for (uint32_t i = 0; i < b->inputs; i++) {
    uint32_t before = 0;
    for (uint32_t k = 0; k < b->cores; before += b->net->core[k++].neurons)
      for (uint32_t j = 0; j < b->net->core[k].neurons; j++) {
        const int32_t w = sf_core_weight(&b->net->core[k], i, j);
        if (w == 0) continue;
        b->plain.target[at] = (int32_t)(before + j);
        b->plain.weight[at++] = (int8_t)w;
      }
    b->plain.first[i + 1] = at;
  }
  return SF_OK;
}

static sf_err make_delays(sf_bench_net *b, sf_random *r, sf_msg *msg) {
  const sf_err err = rows_alloc(b, (size_t)b->inputs * EACH, msg);
  if (err) return err;
  for (size_t k = 0; k < (size_t)b->inputs * EACH; k++) {
    b->plain.target[k] = (int32_t)sf_random_below(r, b->neurons);
    b->plain.weight[k] = random_weight(r);
    b->plain.delay[k] = (uint8_t)(1 + sf_random_below(r, SF_PLAIN_SLOTS - 1));
  }
  for (uint32_t i = 0; i <= b->inputs; i++) b->plain.first[i] = (uint64_t)i * EACH;
  return SF_OK;
}

static sf_err make_sparse(sf_bench_net *b, sf_msg *msg) {
  const size_t synapses = b->plain.first[b->inputs], sources = (size_t)b->inputs + b->neurons;
  const sf_profile profile = {.v_decay = SF_PLAIN_DECAY, .v_floor = INT16_MIN};
  uint64_t *first = malloc((sources + 1) * sizeof *first);
  int16_t *weight = malloc(synapses * sizeof *weight);
  int32_t *threshold = malloc(b->neurons * sizeof *threshold);
  sf_err err = first && weight && threshold ? SF_OK : sf_fail(msg, SF_ENOMEM, "out of memory");
  for (size_t i = 0; !err && i <= sources; i++) first[i] = i < b->inputs ? b->plain.first[i] : synapses;
  for (size_t k = 0; !err && k < synapses; k++) weight[k] = b->plain.weight[k];
  for (uint32_t j = 0; !err && j < b->neurons; j++) threshold[j] = b->plain.threshold;
  const sf_sparse_net net = {.inputs = b->inputs,
                             .neurons = b->neurons,
                             .potential_bits = 16,
                             .delay_slots = SF_PLAIN_SLOTS,
                             .n_profiles = 1,
                             .profiles = &profile,
                             .threshold = threshold,
                             .first = first,
                             .target = (const uint32_t *)b->plain.target,
                             .weight = weight,
                             .delay = b->plain.delay};
  if (!err) err = sf_sparse_new(&net, &b->sparse, msg);
  free(first);
  free(weight);
  free(threshold);
  return err;
}

static sf_err make_events(sf_bench_net *b, uint32_t one_in, sf_random *r, sf_msg *msg) {
  b->words = (b->inputs + 63) / 64;
  b->axon = malloc((size_t)b->ticks * b->inputs * sizeof *b->axon);
  b->delay = malloc((size_t)b->ticks * b->inputs);
  b->n_events = calloc(b->ticks, sizeof *b->n_events);
  b->bits = calloc((size_t)b->ticks * b->words, sizeof *b->bits);
  if (!b->axon || !b->delay || !b->n_events || !b->bits) return sf_fail(msg, SF_ENOMEM, "out of memory");
  for (uint32_t t = 0; t < b->ticks; t++)
    for (uint32_t i = 0; i < b->inputs; i++) {
      if (sf_random_below(r, one_in)) continue;
      const size_t at = (size_t)t * b->inputs + b->n_events[t]++;
      b->axon[at] = i;
      /* N3: delays 1 .. 15, so that no two events of an axon meet in a tick: the plain loop would count both. */
      b->delay[at] = b->which == N3 ? (uint8_t)(1 + i % (SF_PLAIN_SLOTS - 1)) : 0;
      b->bits[(size_t)t * b->words + i / 64] |= (uint64_t)1 << i % 64;
      b->synapses += b->which <= N2 ? b->neurons : (double)(b->plain.first[i + 1] - b->plain.first[i]);
    }
  return SF_OK;
}

/* ---- turns -------------------------------------------------------------------------------------------------- */

uint64_t sf_bench_plain(sf_bench_net *b, sf_plain_function tick) {
  uint64_t spikes = 0;
  for (uint32_t t = 0; t < b->ticks; t++) {
    const size_t at = (size_t)t * b->inputs;
    spikes += tick(&b->plain, t, b->axon + at, b->delay + at, b->n_events[t]);
  }
  return spikes;
}

uint64_t sf_bench_model_pass(sf_bench_net *b) {
  uint64_t spikes = 0;
  for (uint32_t t = 0; t < b->ticks; t++) {
    const size_t at = (size_t)t * b->inputs;
    if (b->which == N4) {
      for (uint32_t i = 0; i < b->n_events[t]; i++) (void)sf_sparse_inject(b->sparse, b->axon[at + i]);
      spikes += sf_sparse_step(b->sparse)->n_spikes;
      continue;
    }
    if (b->which == N3)
      for (uint32_t k = 0; k < b->cores; k++)
        for (uint32_t i = 0; i < b->n_events[t]; i++)
          (void)sf_model_inject(b->model, k, b->axon[at + i], b->delay[at + i]);
    else (void)sf_model_inject_bits(b->model, 0, b->bits + (size_t)t * b->words, 0);
    spikes += sf_model_step(b->model)->n_spikes;
  }
  return spikes;
}

/* The threshold at which about 7 % of the neurons spike. */
static void choose_threshold(sf_bench_net *b) {
  int32_t lo = 1, hi = 4000;
  while (lo < hi) {
    b->plain.threshold = (lo + hi) / 2;
    sf_plain_reset(&b->plain);
    const uint64_t spikes = sf_bench_plain(b, sf_plain_tick);
    if ((double)spikes > 0.07 * b->neurons * b->ticks) lo = b->plain.threshold + 1;
    else hi = b->plain.threshold;
  }
  b->plain.threshold = lo;
}

sf_err sf_bench_net_make(sf_bench_net *b, sf_msg *msg) {
  static const struct {
    uint32_t inputs, neurons, cores, ticks, one_in;
  } size[] = {[N1] = {256, 256, 1, 512, 10},
              [N2] = {1024, 1024, 1, 128, 10},
              [N3] = {4096, 10000, 3, 32, 20},
              [N4] = {10000, 10000, 1, 32, 20}};
  sf_random r = sf_random_new(9, (uint64_t)b->which, 9);
  b->inputs = size[b->which].inputs;
  b->neurons = size[b->which].neurons;
  b->cores = size[b->which].cores;
  b->ticks = size[b->which].ticks;
  b->plain = (sf_plain){.form = b->which <= N2   ? SF_PLAIN_DENSE
                                : b->which == N3 ? SF_PLAIN_ROWS
                                                 : SF_PLAIN_DELAYS,
                        .sources = b->inputs,
                        .neurons = b->neurons};
  b->plain.sum = calloc((size_t)b->neurons * SF_PLAIN_SLOTS, sizeof *b->plain.sum);
  b->plain.v = calloc(b->neurons, sizeof *b->plain.v);
  b->plain.spike = calloc(b->neurons, sizeof *b->plain.spike);
  if (!b->plain.sum || !b->plain.v || !b->plain.spike) return sf_fail(msg, SF_ENOMEM, "out of memory");
  sf_err err = b->which <= N2   ? make_dense(b, &r, msg)
               : b->which == N3 ? make_rows(b, &r, msg)
                                : make_delays(b, &r, msg);
  if (!err) err = make_events(b, size[b->which].one_in, &r, msg);
  if (err) return err;
  choose_threshold(b);
  for (uint32_t k = 0; b->net && k < b->cores; k++)
    for (uint32_t j = 0; j < b->net->core[k].neurons; j++) b->net->core[k].threshold[j] = b->plain.threshold;
  return b->which == N4 ? make_sparse(b, msg) : sf_model_new(b->net, &b->model, msg);
}
