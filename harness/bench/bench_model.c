/* bench_model.c - see bench_model.h. What is compared runs in turns, so that whatever else the machine does falls on
 * all alike; of the ratios of neighbouring turns the median counts. */
#define _DEFAULT_SOURCE
#include "bench/bench_model.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench/bench_nets.h"
#include "model/kernel.h"
#include "run/samples.h"
#include "synfire/batch.h"
#include "util/clock.h"
#include "util/progress.h"

enum { MOST_TURNS = 500, SAMPLES = 256 };

static int by_size(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return x < y ? -1 : x > y;
}
static double median(double *x, size_t n) {
  qsort(x, n, sizeof *x, by_size);
  return n ? x[n / 2] : 0;
}

/* ---- two threads -------------------------------------------------------------------------------------------- */

/* The first ticks as SAMPLES samples that are all the same. */
typedef struct same_samples {
  size_t first[SAMPLES + 1];
  uint32_t ticks, *tick, *unit, *core;
} same_samples;

static sf_err make_samples(const sf_bench_net *b, same_samples *s, sf_msg *msg) {
  size_t n = 0;
  s->ticks = b->which == N1 ? 512 : b->which == N2 ? 128 : 4;
  for (uint32_t t = 0; t < s->ticks; t++) n += (size_t)b->n_events[t] * b->cores;
  s->tick = malloc(SAMPLES * n * sizeof *s->tick);
  s->unit = malloc(SAMPLES * n * sizeof *s->unit);
  s->core = malloc(SAMPLES * n * sizeof *s->core);
  if (!s->tick || !s->unit || !s->core) return sf_fail(msg, SF_ENOMEM, "out of memory");
  size_t at = 0;
  for (size_t i = 0; i < SAMPLES; i++) {
    s->first[i] = at;
    for (uint32_t t = 0; t < s->ticks; t++)
      for (uint32_t k = 0; k < b->cores; k++)
        for (uint32_t e = 0; e < b->n_events[t]; e++, at++) {
          s->tick[at] = t;
          s->unit[at] = b->axon[(size_t)t * b->inputs + e];
          s->core[at] = k;
        }
  }
  s->first[SAMPLES] = at;
  return SF_OK;
}

/* Speed of two threads over that of one, on samples; N4: inside a tick. */
static sf_err two_threads(sf_bench_net *b, double seconds, double *ratio, sf_msg *msg) {
  same_samples s = {0};
  sf_batch *batch = NULL;
  double found[MOST_TURNS];
  size_t turns = 0;
  sf_err err = b->which == N4 ? SF_OK : make_samples(b, &s, msg);
  if (!err && b->which != N4) err = sf_batch_new(b->net, &batch, msg);
  sf_batch_job job = {
      .samples = SAMPLES, .ticks = s.ticks, .first = s.first, .tick = s.tick, .unit = s.unit, .core = s.core};
  const sf_batch_result none = {0};
  for (const double end = sf_seconds_now() + seconds;
       !err && turns < MOST_TURNS && (turns < 3 || sf_seconds_now() < end); turns++) {
    double took[3];
    for (job.threads = 1; !err && job.threads <= 2; job.threads++) {
      if (b->which == N4 && sf_sparse_set_threads(b->sparse, job.threads))
        err = sf_fail(msg, SF_ENOMEM, "out of memory");
      const double start = sf_seconds_now();
      if (b->which == N4) (void)sf_bench_model_pass(b);
      else if (!err) err = sf_batch_run(batch, &job, &none, msg);
      took[job.threads] = sf_seconds_now() - start;
    }
    if (!err) found[turns] = took[1] / took[2];
  }
  if (!err && b->which == N4 && sf_sparse_set_threads(b->sparse, 1)) err = sf_fail(msg, SF_ENOMEM, "out of memory");
  *ratio = median(found, err ? 0 : turns);
  sf_batch_free(batch);
  free(s.tick);
  free(s.unit);
  free(s.core);
  return err;
}

/* ---- limits ------------------------------------------------------------------------------------------------- */

/* Additions of N4: synapses to random places of an array of sums, both in the first-level cache; four at a time, so
 * that their loads go ahead of the first addition. */
__attribute__((noinline)) static void probe_scatter(const uint32_t *synapse, uint32_t n, int16_t *sum) {
  for (uint32_t k = 0; k < n; k += 4) {
    const uint32_t a = synapse[k], b = synapse[k + 1], c = synapse[k + 2], d = synapse[k + 3];
    sum[a & 8191] = (int16_t)(sum[a & 8191] + (int16_t)(a >> 16));
    sum[b & 8191] = (int16_t)(sum[b & 8191] + (int16_t)(b >> 16));
    sum[c & 8191] = (int16_t)(sum[c & 8191] + (int16_t)(c >> 16));
    sum[d & 8191] = (int16_t)(sum[d & 8191] + (int16_t)(d >> 16));
  }
}

/* What two threads can be at best here: additions in registers alone, which share nothing but, on many machines, the
 * core. Two hardware threads of one core give 1, two cores give 2. */
static double machine_threads(void) {
  const sf_kernel *k = sf_kernel_now();
  double found[15];
  for (int turn = 0; turn < 15; turn++) {
    double took[3] = {0};
    for (int threads = 1; threads <= 2; threads++) {
      const double start = sf_seconds_now();
#ifdef _OPENMP
#pragma omp parallel for num_threads(threads) schedule(static, 1) if (threads > 1)
#endif
      for (int t = 0; t < 2; t++) {
        volatile uint64_t kept = k->probe_add(200000);
        (void)kept;
      }
      took[threads] = sf_seconds_now() - start;
    }
    found[turn] = took[1] / took[2];
  }
  return median(found, 15);
}

/* What reading and adding alone would allow, in synapses a second. */
static sf_err limits(const sf_bench_net *b, sf_bench_network *r, sf_msg *msg) {
  const sf_kernel *k = sf_kernel_now();
  double load = 0, add = 0;
  volatile uint64_t kept;
  const size_t bytes = ((size_t)r->weight_bytes + 255) / 256 * 256,
               passes = bytes < ((size_t)1 << 22) ? ((size_t)1 << 22) / bytes : 1;
  uint8_t *memory = aligned_alloc(64, bytes);
  uint32_t *synapse = malloc(4096 * sizeof *synapse);
  int16_t *sum = calloc(8192, sizeof *sum);
  sf_err err = memory && synapse && sum ? SF_OK : sf_fail(msg, SF_ENOMEM, "out of memory");
  if (!err) memset(memory, 1, bytes);
  for (uint32_t i = 0; !err && i < 4096; i++) synapse[i] = i * 2654435761u;
  for (int turn = 0; !err && turn < 15; turn++) { /* the best: a limit */
    const double start = sf_seconds_now();
    for (size_t i = 0; i < passes; i++) kept = k->probe_load(memory, bytes);
    const double middle = sf_seconds_now();
    if (b->which == N4)
      for (int i = 0; i < 50; i++) probe_scatter(synapse, 4096, sum);
    else kept = k->probe_add(50000);
    const double end = sf_seconds_now();
    const double by_load = (double)bytes * (double)passes / (middle - start);
    const double by_add = (b->which == N4 ? 50 * 4096.0 : 50000.0 * 8 * k->vector_bits) / (end - middle);
    if (by_load > load) load = by_load;
    if (by_add > add) add = by_add;
  }
  (void)kept;
  /* A synapse is 4 bytes in N4, else half a byte and 4 places in a register; in N3 only some of them are real. */
  const double real = b->which == N3 ? 1000.0 / b->inputs : 1;
  r->by_load = load / (b->which == N4 ? 4 : 0.5) * real;
  r->by_add = add / (b->which == N4 ? 1 : 4) * real;
  free(memory);
  free(synapse);
  free(sum);
  return err;
}

/* ---- one network -------------------------------------------------------------------------------------------- */

/* Time of this thread: what else the machine does in between does not count. */
static double thread_seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* A turn is as many passes as take about 2 ms. */
typedef struct runner {
  sf_plain_function plain; /* NULL: the model */
  unsigned passes;
} runner;

static double turn(sf_bench_net *b, const runner *r) {
  const double start = thread_seconds();
  for (unsigned i = 0; i < r->passes; i++) {
    if (r->plain) (void)sf_bench_plain(b, r->plain);
    else (void)sf_bench_model_pass(b);
  }
  return (thread_seconds() - start) / r->passes;
}

static runner runner_of(sf_bench_net *b, sf_plain_function plain) {
  runner r = {plain, 1};
  (void)turn(b, &r); /* into the caches */
  const double once = turn(b, &r);
  r.passes = once < 0.002 ? (unsigned)(0.002 / once) + 1 : 1;
  return r;
}

static sf_err same_spikes(sf_bench_net *b, const char *name, sf_bench_network *r, sf_msg *msg) {
  uint64_t plain = 0;
  sf_plain_reset(&b->plain);
  for (int pass = 0; pass < 3; pass++) {
    const uint64_t model = sf_bench_model_pass(b);
    plain = sf_bench_plain(b, sf_plain_tick);
    if (plain != model)
      return sf_fail(msg, SF_EFAIL, "%s: %llu spikes on the model, %llu in the plain loop", name,
                     (unsigned long long)model, (unsigned long long)plain);
  }
  r->spiking = (double)plain / ((double)b->neurons * b->ticks);
  return SF_OK;
}

static sf_err measure(sf_bench_net *b, double seconds, sf_progress *bar, sf_bench_network *r, sf_msg *msg) {
  static double model[MOST_TURNS], plain[MOST_TURNS], wide[MOST_TURNS], over_plain[MOST_TURNS], over_wide[MOST_TURNS];
  sf_err err = same_spikes(b, r->name, r, msg);
  if (err) return err;
  const bool has_wide = sf_plain_has_wide();
  const runner by_model = runner_of(b, NULL), by_plain = runner_of(b, sf_plain_tick),
               by_wide = runner_of(b, has_wide ? sf_plain_tick_wide : sf_plain_tick);
  size_t n = 0;
  for (const double end = sf_seconds_now() + seconds; n < MOST_TURNS && (n < 5 || sf_seconds_now() < end); n++) {
    model[n] = turn(b, &by_model);
    plain[n] = turn(b, &by_plain);
    wide[n] = turn(b, &by_wide);
    over_plain[n] = plain[n] / model[n];
    over_wide[n] = wide[n] / model[n];
    if (bar) sf_progress_pulse(bar);
  }
  r->synapses = b->synapses / b->ticks;
  r->model = b->synapses / median(model, n);
  r->model_best = b->synapses / model[0]; /* sorted by now */
  r->plain = b->synapses / median(plain, n);
  r->plain_best = b->synapses / plain[0];
  r->wide = b->synapses / median(wide, n);
  r->tick_ns = 1e9 * median(model, n) / b->ticks;
  r->over_plain = median(over_plain, n);
  r->over_wide = median(over_wide, n);
  r->weight_bytes = b->which == N4 ? 4.0 * b->inputs * 1000 : 0.5 * b->inputs * b->neurons;
  err = limits(b, r, msg);
  if (!err) err = two_threads(b, seconds / 2, &r->threads, msg);
  return err;
}

sf_err sf_bench_models_run(double seconds, sf_progress *bar, sf_bench_models *result, sf_msg *msg) {
  static const char *const name[] = {"N1", "N2", "N3", "N4"};
  static const char *const what[] = {"256 x 256 dense, 10 % active", "1,024 x 1,024 dense, 10 % active",
                                     "4,096 -> 10,000, 1,000 each, delays, 5 %",
                                     "10,000 x 1,000, a delay each, 5 % active"};
  sf_err err = SF_OK;
  *result = (sf_bench_models){.kernel = sf_kernel_name(), .machine_threads = machine_threads()};
  for (int i = 0; i < SF_BENCH_NETWORKS && !err; i++) {
    sf_bench_net b = {.which = i};
    result->of[i] = (sf_bench_network){.name = name[i], .what = what[i]};
    err = sf_bench_net_make(&b, msg);
    if (!err) err = measure(&b, seconds, bar, &result->of[i], msg);
    sf_bench_net_free(&b);
  }
  return err;
}

/* ---- telling ------------------------------------------------------------------------------------------------ */

static double limit(const sf_bench_network *r) { return r->by_load < r->by_add ? r->by_load : r->by_add; }

void sf_bench_models_print(const sf_bench_models *m) {
  printf("functional model, kernel %s: billion synaptic operations a second, one thread, medians; all in turns\n",
         m->kernel);
  printf("  %-44s %7s %7s %6s %7s %6s %7s %6s %9s %7s\n", "", "model", "plain", "ratio", "plain+", "ratio", "limit",
         "of it", "ns a tick", "2 thr.");
  for (int i = 0; i < SF_BENCH_NETWORKS; i++) {
    const sf_bench_network *r = &m->of[i];
    char what[64];
    snprintf(what, sizeof what, "%s %s", r->name, r->what);
    printf("  %-44s %7.2f %7.2f %6.2f %7.2f %6.2f %7.2f %4.0f %% %9.0f %7.2f\n", what, r->model / 1e9, r->plain / 1e9,
           r->over_plain, r->wide / 1e9, r->over_wide, limit(r) / 1e9, 100 * r->model / limit(r), r->tick_ns,
           r->threads);
  }
  printf(
      "  plain: the same in plain C, as the compiler makes it by default; plain+: for this processor's instructions.\n"
      "  limit: reading the weights from where they lie, or adding, each by itself.\n"
      "  2 thr.: two threads over one; of this machine's, adding in registers alone: %.2f.\n",
      m->machine_threads);
}

void sf_bench_models_json(const sf_bench_models *m, cJSON *object) {
  cJSON_AddStringToObject(object, "kernel", m->kernel);
  cJSON_AddNumberToObject(object, "two_threads_over_one_in_registers", m->machine_threads);
  for (int i = 0; i < SF_BENCH_NETWORKS; i++) {
    const sf_bench_network *r = &m->of[i];
    cJSON *o = cJSON_AddObjectToObject(object, r->name);
    cJSON_AddStringToObject(o, "network", r->what);
    cJSON_AddNumberToObject(o, "spiking", r->spiking);
    cJSON_AddNumberToObject(o, "synapses_per_tick", r->synapses);
    cJSON_AddNumberToObject(o, "weight_bytes", r->weight_bytes);
    cJSON_AddNumberToObject(o, "synaptic_operations_per_second", r->model);
    cJSON_AddNumberToObject(o, "best_synaptic_operations_per_second", r->model_best);
    cJSON_AddNumberToObject(o, "plain_loop_synaptic_operations_per_second", r->plain);
    cJSON_AddNumberToObject(o, "best_plain_loop_synaptic_operations_per_second", r->plain_best);
    cJSON_AddNumberToObject(o, "plain_loop_for_this_processor_synaptic_operations_per_second", r->wide);
    cJSON_AddNumberToObject(o, "speed_over_plain_loop", r->over_plain);
    cJSON_AddNumberToObject(o, "speed_over_plain_loop_for_this_processor", r->over_wide);
    cJSON_AddNumberToObject(o, "limit_by_load_synaptic_operations_per_second", r->by_load);
    cJSON_AddNumberToObject(o, "limit_by_add_synaptic_operations_per_second", r->by_add);
    cJSON_AddNumberToObject(o, "share_of_limit", r->model / limit(r));
    cJSON_AddNumberToObject(o, "nanoseconds_per_tick", r->tick_ns);
    cJSON_AddNumberToObject(o, "speed_over_one_thread", r->threads);
  }
}
