/* bench_model.c - synaptic operations a second: the functional model beside a plain loop; see bench.h. */
#include <stdlib.h>

#include "bench.h"
#include "progress.h"
#include "random_case.h"
#include "samples.h"
#include "synfire/model.h"

enum { AXONS = 1024, NEURONS = 1024, ACTIVE = 128, TICKS = 64 };

/* What anyone would write: the compiler vectorises the inner loop. */
__attribute__((noinline)) static void add_rows(int32_t *restrict sum, const int8_t *restrict weight,
                                               const uint16_t *axon, uint32_t n) {
  memset(sum, 0, NEURONS * sizeof *sum);
  for (uint32_t i = 0; i < n; i++) {
    const int8_t *restrict row = weight + (size_t)axon[i] * NEURONS;
    for (uint32_t j = 0; j < NEURONS; j++) sum[j] += row[j];
  }
}

/* TICKS times ACTIVE different axons. */
static void choose(uint16_t *axon, sf_random *r) {
  for (int t = 0; t < TICKS; t++) {
    uint16_t all[AXONS];
    for (uint32_t i = 0; i < AXONS; i++) all[i] = (uint16_t)i;
    for (uint32_t i = 0; i < ACTIVE; i++) {
      const uint32_t k = i + sf_random_below(r, AXONS - i);
      const uint16_t swap = all[k];
      all[k] = all[i];
      axon[t * ACTIVE + i] = all[i] = swap;
    }
  }
}

/* Thresholds that nothing reaches: what is measured is the crossbar and the neurons, not the routes. */
static sf_network *network(sf_random *r) {
  sf_network *net = sf_network_new(1);
  if (!net) return NULL;
  sf_core_net *c = &net->core[0];
  c->axons = AXONS, c->neurons = NEURONS, c->weight_bits = 8, c->n_profiles = 1, c->n_routes = 0;
  if (sf_core_net_alloc(c, NULL)) {
    sf_network_free(net);
    return NULL;
  }
  c->profiles[0].v_decay = 2048;
  for (uint32_t a = 0; a < AXONS; a++)
    for (uint32_t n = 0; n < NEURONS; n++) sf_core_set_weight(c, a, n, sf_random_range(r, -100, 100));
  for (uint32_t n = 0; n < NEURONS; n++) c->threshold[n] = 32767;
  return net;
}

static sf_err run_model(sf_model *m, const uint16_t *axon, sf_msg *msg) {
  for (int t = 0; t < TICKS; t++) {
    for (int i = 0; i < ACTIVE; i++)
      if (sf_model_inject(m, 0, axon[t * ACTIVE + i], 0)) return sf_fail(msg, SF_EINVAL, "event refused");
    sf_model_step(m);
  }
  return SF_OK;
}

static sf_err measure(sf_model *m, const sf_network *net, const uint16_t *axon, double seconds, sf_progress *bar,
                      sf_bench_model *result, sf_msg *msg) {
  static volatile int32_t kept; /* so that the sums are wanted */
  const double ops = (double)ACTIVE * NEURONS * TICKS, end = sf_seconds_now() + seconds;
  double model = 0, plain = 0, turns = 0;
  int32_t *sum = calloc(NEURONS, sizeof *sum);
  if (!sum) return sf_fail(msg, SF_ENOMEM, "out of memory");
  sf_err err = run_model(m, axon, msg);
  while (!err && sf_seconds_now() < end) {
    const double start = sf_seconds_now();
    err = run_model(m, axon, msg);
    const double middle = sf_seconds_now();
    for (int t = 0; t < TICKS; t++) {
      add_rows(sum, net->core[0].w8, axon + t * ACTIVE, ACTIVE);
      kept = sum[t];
    }
    const double last = sf_seconds_now();
    model += middle - start, plain += last - middle, turns++;
    if (ops / (middle - start) > result->best_model_ops) result->best_model_ops = ops / (middle - start);
    if (ops / (last - middle) > result->best_plain_ops) result->best_plain_ops = ops / (last - middle);
    if (bar) sf_progress_pulse(bar);
  }
  (void)kept;
  free(sum);
  result->model_ops = model > 0 ? ops * turns / model : 0;
  result->plain_ops = plain > 0 ? ops * turns / plain : 0;
  return err;
}

sf_err sf_bench_functional(double seconds, sf_progress *bar, sf_bench_model *result, sf_msg *msg) {
  sf_random r = sf_random_new(9, 9, 9);
  uint16_t *axon = calloc(TICKS * ACTIVE, sizeof *axon);
  sf_network *net = network(&r);
  sf_model *m = NULL;
  *result = (sf_bench_model){.axons = AXONS, .neurons = NEURONS, .active = ACTIVE};
  sf_err err = axon && net ? sf_model_new(net, &m, msg) : sf_fail(msg, SF_ENOMEM, "out of memory");
  if (!err) {
    choose(axon, &r);
    err = measure(m, net, axon, seconds, bar, result, msg);
  }
  sf_model_free(m);
  sf_network_free(net);
  free(axon);
  return err;
}
