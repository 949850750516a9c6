/* test_batch.c - a batch gives what the model gives sample by sample: on the digits, and on random networks of several
 * cores; on one thread and on three. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files/network_file.h"
#include "files/spikes_file.h"
#include "suite.h"
#include "synfire/batch.h"
#include "synfire/cycles.h"

static uint64_t random_state;
static uint32_t draw(uint32_t n) {
  random_state = random_state * 6364136223846793005u + 1442695040888963407u;
  return (uint32_t)((random_state >> 33) % n);
}

/* What was seen, as a number that depends on the order within a sample only. */
typedef struct seen_all {
  uint64_t *digest;
} seen_all;
static uint64_t mix(uint64_t d, uint64_t x) {
  d = (d ^ x) * 0x9E3779B97F4A7C15ull;
  return d ^ d >> 29;
}
static void see(void *user, size_t sample, const sf_tick_result *t) {
  uint64_t *d = &((seen_all *)user)->digest[sample];
  *d = mix(*d, t->tick);
  for (uint32_t i = 0; i < t->n_spikes; i++) *d = mix(*d, (uint64_t)t->spike[i].core << 32 | t->spike[i].neuron);
  for (uint32_t i = 0; i < t->n_out; i++) *d = mix(*d, ~((uint64_t)t->out[i].core << 32 | t->out[i].neuron));
}

static void compare(const sf_network *net, const sf_spikes *in, size_t samples, uint32_t ticks, uint32_t core,
                    const uint32_t *watch, uint32_t n, const sf_params *config, uint32_t threads) {
  sf_batch *b;
  sf_model *m;
  sf_msg msg = {""};
  seen_all seen = {calloc(samples, 8)};
  sf_batch_result got = {.potential = malloc(samples * n * 4),
                         .spikes = malloc(samples * n * 4),
                         .first_spike = malloc(samples * n * 4),
                         .cycles = config ? malloc(samples * 8) : NULL,
                         .counters = malloc(samples * sizeof(sf_counters))};
  const sf_batch_job job = {.samples = samples,
                            .ticks = ticks,
                            .first = in->first,
                            .tick = in->tick,
                            .unit = in->unit,
                            .core = in->core,
                            .watch_core = core,
                            .n_watch = n,
                            .watch = watch,
                            .config = config,
                            .threads = threads,
                            .seen = see,
                            .user = &seen};
  ck_assert_msg(sf_batch_new(net, &b, &msg) == SF_OK && sf_model_new(net, &m, &msg) == SF_OK, "%s", msg.text);
  for (int run = 0; run < 2; run++) {
    memset(seen.digest, 0, samples * 8);
    ck_assert_msg(sf_batch_run(b, &job, &got, &msg) == SF_OK, "%s", msg.text);
  }
  for (size_t s = 0; s < samples; s++) {
    uint64_t want = 0, cycles = 0;
    seen_all one = {&want};
    uint32_t *spikes = calloc(n, 4), *first = malloc(n * 4);
    memset(first, 0xff, n * 4);
    size_t at = in->first[s];
    sf_model_reset(m);
    for (uint32_t tick = 0; tick < ticks; tick++) {
      for (; at < in->first[s + 1] && in->tick[at] == tick; at++)
        if (sf_model_inject(m, in->core ? in->core[at] : 0, in->unit[at], 0)) ck_abort_msg("refused");
      const sf_tick_result *t = sf_model_step(m);
      see(&one, 0, t);
      if (config) cycles += sf_model_cycles(m, 0, config);
      for (uint32_t i = 0; i < t->n_spikes; i++)
        for (uint32_t w = 0; w < n; w++)
          if (t->spike[i].core == core && t->spike[i].neuron == watch[w]) {
            spikes[w]++;
            if (first[w] == UINT32_MAX) first[w] = tick;
          }
    }
    const sf_counters c = sf_model_counters(m, SF_ALL_CORES);
    if (want != seen.digest[s]) ck_abort_msg("sample %zu: spikes differ", s);
    if (config && cycles != got.cycles[s]) ck_abort_msg("sample %zu: cycles differ", s);
    if (memcmp(&c, &got.counters[s], sizeof c)) ck_abort_msg("sample %zu: counters differ", s);
    for (uint32_t w = 0; w < n; w++) {
      int32_t v;
      if (sf_model_peek(m, core, watch[w], SF_V, &v) || v != got.potential[s * n + w]) ck_abort_msg("sample %zu: v", s);
      if (spikes[w] != got.spikes[s * n + w] || first[w] != got.first_spike[s * n + w]) ck_abort_msg("sample %zu", s);
    }
    free(spikes);
    free(first);
  }
  free(seen.digest);
  free(got.potential);
  free(got.spikes);
  free(got.first_spike);
  free(got.cycles);
  free(got.counters);
  sf_model_free(m);
  sf_batch_free(b);
}

START_TEST(digits_one_by_one_and_in_a_batch) {
  sf_network *net;
  sf_spikes in;
  sf_params p;
  sf_msg msg = {""};
  ck_assert_msg(sf_network_read("data/mnist-240.h5", &net, &msg) == SF_OK, "%s", msg.text);
  ck_assert_msg(sf_spikes_read("data/mnist-test.h5", &in, &msg) == SF_OK, "%s", msg.text);
  ck_assert_int_eq(sf_network_params(net, 0, &p, &msg), SF_OK);
  compare(net, &in, 1000, net->readout.ticks, 0, net->readout.neuron, net->readout.n_classes, &p, _i ? 3 : 1);
  sf_spikes_free(&in);
  sf_network_free(net);
}
END_TEST

static sf_network *random_network(void) {
  sf_network *net = sf_network_new(1 + draw(3));
  for (uint32_t k = 0; k < net->n_cores; k++) {
    sf_core_net *c = &net->core[k];
    c->axons = 1 + draw(200);
    c->neurons = 1 + draw(200);
    c->n_routes = draw(300);
    c->has_noise = draw(2);
    c->has_refractory = draw(2);
    ck_assert_int_eq(sf_core_net_alloc(c, NULL), SF_OK);
    for (uint32_t i = 0; i < c->axons; i++)
      for (uint32_t j = 0; j < c->neurons; j++) sf_core_set_weight(c, i, j, (int32_t)draw(16) - 8);
    for (uint32_t j = 0; j < c->neurons; j++) c->threshold[j] = (int32_t)draw(40);
    c->profiles[0].v_decay = (int32_t)draw(4097);
    c->profiles[0].reset_mode = (int32_t)draw(3);
    c->profiles[0].noise_bits = c->has_noise ? (int32_t)draw(5) : 0;
    c->profiles[0].refractory = c->has_refractory ? (int32_t)draw(3) : 0;
  }
  for (uint32_t k = 0; k < net->n_cores; k++)
    for (uint32_t i = 0; i < net->core[k].n_routes; i++) {
      const int32_t to = (int32_t)draw(net->n_cores + 1) - 1;
      const sf_core_net *d = &net->core[to < 0 ? (int32_t)k : to];
      net->core[k].routes[i] = (sf_route){draw(net->core[k].neurons), to, draw(d->axons), 1 + draw(d->delay_slots - 1)};
    }
  return net;
}

START_TEST(random_networks_one_by_one_and_in_a_batch) {
  random_state = 900 + (uint64_t)_i;
  sf_network *net = random_network();
  sf_spikes in = {0};
  sf_msg msg = {""};
  const uint32_t samples = 1 + draw(80), ticks = 1 + draw(12), core = draw(net->n_cores);
  for (uint32_t s = 0; s < samples; s++)
    for (uint32_t t = 0; t < ticks + 2; t++)
      for (uint32_t e = draw(30); e > 0; e--)
        ck_assert_int_eq(sf_spikes_add(&in, s, t, draw(net->n_cores), draw(220), &msg),
                         SF_OK); /* some axons do not exist */
  ck_assert_int_eq(sf_spikes_finish(&in, samples, &msg), SF_OK);
  uint32_t watch[5];
  for (int i = 0; i < 5; i++) watch[i] = draw(net->core[core].neurons);
  compare(net, &in, samples, ticks, core, watch, 5, NULL, 1 + (uint32_t)_i % 3);
  sf_spikes_free(&in);
  sf_network_free(net);
}
END_TEST

START_TEST(bad_jobs_are_refused) {
  random_state = 5;
  sf_network *net = random_network();
  const size_t first[2] = {0, 1};
  const uint32_t zero = 0, far = 1000;
  uint32_t count;
  uint64_t cycles;
  sf_batch *b;
  sf_msg msg = {""};
  ck_assert_int_eq(sf_batch_new(net, &b, &msg), SF_OK);
  const sf_batch_job good = {.samples = 1,
                             .ticks = 1,
                             .first = first,
                             .tick = &zero,
                             .unit = &zero,
                             .core = &zero,
                             .n_watch = 1,
                             .watch = &zero,
                             .threads = 1};
  const sf_batch_result want = {.spikes = &count}, clock = {.cycles = &cycles};
  sf_batch_job job = good;
  ck_assert_int_eq(sf_batch_run(b, &job, &want, &msg), SF_OK);
  job.ticks = 0;
  ck_assert_int_eq(sf_batch_run(b, &job, &want, &msg), SF_EINVAL);
  job = good;
  job.core = &far;
  ck_assert_int_eq(sf_batch_run(b, &job, &want, &msg), SF_EINVAL);
  job = good;
  job.watch = &far;
  ck_assert_int_eq(sf_batch_run(b, &job, &want, &msg), SF_EINVAL);
  job = good;
  job.watch_core = 77;
  ck_assert_int_eq(sf_batch_run(b, &job, &want, &msg), SF_EINVAL);
  ck_assert_int_eq(sf_batch_run(b, &good, &clock, &msg), SF_EINVAL);
  sf_batch_free(b);
  sf_batch_free(NULL);
  sf_network_free(net);
}
END_TEST

int main(void) {
  Suite *s = suite_create("batch");
  TCase *t = tcase_create("batch");
  tcase_set_timeout(t, 120);
  tcase_add_loop_test(t, digits_one_by_one_and_in_a_batch, 0, 2);
  tcase_add_loop_test(t, random_networks_one_by_one_and_in_a_batch, 0, 40);
  tcase_add_test(t, bad_jobs_are_refused);
  suite_add_tcase(s, t);
  return suite_run(s);
}
