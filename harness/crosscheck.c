/* crosscheck.c - many samples on the RTL, the mirror and the functional model in lockstep; see demo.h. */
#define _DEFAULT_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "backend.h"
#include "demo.h"

#define THREADS 2

double sf_seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

typedef struct shared {
  sf_crosscheck *x;
  sf_progress *bar;
  bool (*busy)(void *);
  void *self;
  pthread_mutex_t lock;
  size_t next;
  bool stop;      /* a mismatch or an error: nobody starts another sample */
  sf_err err;
  sf_msg msg;
} shared;

typedef struct worker {
  shared *all;
  pthread_t thread;
  bool first;
} worker;

static sf_err run_ticks(shared *s, sf_backend *b, size_t sample, sf_msg *msg) {
  const sf_spikes in = sf_spikes_sample(s->x->in, sample);
  sf_err err = sf_backend_restart(b, msg);
  size_t at = 0;
  for (uint32_t tick = 0; tick < s->x->net->readout.ticks && !err; tick++) {
    sf_tick_result result;
    for (; at < in.n && in.tick[at] == tick && !err; at++) err = sf_backend_inject(b, 0, in.unit[at], 0, msg);
    if (!err) err = sf_backend_tick(b, &result, msg);
  }
  return err;
}

/* The answer as the hardware gives it, read over the host bus. */
static sf_err read_answer(shared *s, sf_backend *b, uint32_t *answer, sf_msg *msg) {
  const sf_readout *r = &s->x->net->readout;
  int64_t *score = calloc(r->n_classes, sizeof *score);
  sf_err err = score ? SF_OK : sf_fail(msg, SF_ENOMEM, "out of memory");
  for (uint32_t c = 0; c < r->n_classes && !err; c++) {
    int32_t v = 0;
    err = sf_backend_peek(b, 0, r->neuron[c], SF_V, &v, msg);
    score[c] = v;
  }
  if (!err) *answer = sf_readout_class(r, score);
  free(score);
  return err;
}

static sf_err run_sample(shared *s, sf_backend *b, size_t sample, sf_msg *msg) {
  sf_backend_counters c = {0};
  uint32_t answer = 0;
  sf_err err = run_ticks(s, b, sample, msg);
  if (!err) err = sf_backend_counters_get(b, &c, msg);
  if (!err && s->x->net->readout.method == SF_READ_POTENTIAL) err = read_answer(s, b, &answer, msg);
  else answer = s->x->answer[sample];
  if (err) return err;
  pthread_mutex_lock(&s->lock);
  s->x->done++;
  s->x->cycles += (double)c.cycles;
  s->x->axon_ops += (double)c.axon_ops;
  s->x->differing_answers += answer != s->x->answer[sample];
  pthread_mutex_unlock(&s->lock);
  return SF_OK;
}

static void note_mismatch(shared *s, sf_backend *b, size_t sample) {
  const sf_lockstep *l = sf_backend_lockstep(b);
  char *text = NULL, rerun[128];
  size_t size = 0;
  snprintf(rerun, sizeof rerun, "synfire check ... --samples %zu:%zu", sample, sample + 1);
  FILE *f = open_memstream(&text, &size);
  if (f) {
    sf_lockstep_report(l, rerun, NULL, f);
    fclose(f);
  }
  pthread_mutex_lock(&s->lock);
  if (!s->x->mismatches++) snprintf(s->x->report, sizeof s->x->report, "%s", text ? text : "");
  s->stop = true;
  pthread_mutex_unlock(&s->lock);
  free(text);
}

/* Is there another sample to do? Takes it when sample is not NULL. */
static bool more(shared *s, size_t *sample) {
  pthread_mutex_lock(&s->lock);
  const bool yes = !s->stop && s->next < s->x->samples && sf_seconds() < s->x->deadline;
  if (yes && sample) *sample = s->next++;
  pthread_mutex_unlock(&s->lock);
  return yes;
}

static size_t done_so_far(shared *s) {
  pthread_mutex_lock(&s->lock);
  const size_t done = s->x->done;
  pthread_mutex_unlock(&s->lock);
  return done;
}

static void *work(void *argument) {
  worker *w = argument;
  shared *s = w->all;
  sf_backend *b = NULL;
  sf_msg msg = {""};
  size_t sample;
  while (!w->first && s->busy && s->busy(s->self) && more(s, NULL)) usleep(50000);
  if (!more(s, NULL)) return NULL;
  const sf_backend_options options = {.seed = w->first ? 1 : 2, .bar = w->first ? s->bar : NULL};
  sf_err err = sf_backend_open("lockstep", s->x->net, s->x->config, &options, &b, &msg);
  while (!err && more(s, &sample)) {
    err = run_sample(s, b, sample, &msg);
    if (err && sf_backend_lockstep(b)->mismatch.found) {
      note_mismatch(s, b, sample);
      err = SF_OK;
    }
    if (w->first && s->bar) sf_progress_step(s->bar, done_so_far(s));
  }
  pthread_mutex_lock(&s->lock);
  if (b) s->x->compared += sf_backend_lockstep(b)->compared;
  if (err && !s->err) {
    s->err = err;
    s->msg = msg;
    s->stop = true;
  }
  pthread_mutex_unlock(&s->lock);
  sf_backend_close(b);
  return NULL;
}

sf_err sf_crosscheck_run(sf_crosscheck *x, sf_progress *bar, bool (*busy)(void *), void *self, sf_msg *msg) {
  shared s = {.x = x, .bar = bar, .busy = busy, .self = self};
  worker w[THREADS];
  const double start = sf_seconds();
  bool second = false;
  pthread_mutex_init(&s.lock, NULL);
  for (int i = 0; i < THREADS; i++) w[i] = (worker){.all = &s, .first = i == 0};
  second = pthread_create(&w[1].thread, NULL, work, &w[1]) == 0;
  work(&w[0]);
  if (second) pthread_join(w[1].thread, NULL);
  pthread_mutex_destroy(&s.lock);
  x->seconds = sf_seconds() - start;
  if (x->done) {
    x->cycles /= (double)x->done;
    x->axon_ops /= (double)x->done;
  }
  if (s.err) return sf_fail(msg, s.err, "%s", s.msg.text);
  return SF_OK;
}
