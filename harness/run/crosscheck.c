/* crosscheck.c - see crosscheck.h. */
#define _DEFAULT_SOURCE
#include "run/crosscheck.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "run/samples.h"
#include "util/clock.h"
#include "util/pool.h"

#define MAX_THREADS 16

typedef struct shared {
  sf_crosscheck *x;
  const sf_job *job;
  sf_progress *bar;
  bool (*busy)(void *);
  void *self;
  pthread_mutex_t lock;
  size_t next;
  bool stop; /* a mismatch or an error: nobody starts another sample */
  sf_err err;
  sf_msg msg;
} shared;

typedef struct worker {
  shared *all;
  pthread_t thread;
  uint32_t number; /* 0: the calling thread, which shows the bar */
  bool last;       /* waits until its processor is free */
} worker;

static sf_err run_sample(shared *s, sf_backend *b, size_t sample, sf_msg *msg) {
  sf_sample_result r;
  const sf_err err = sf_sample_run(b, s->job, sample, NULL, 0, &r, msg);
  if (err) return err;
  pthread_mutex_lock(&s->lock);
  s->x->done++;
  s->x->cycles += (double)r.count.cycles;
  s->x->differing_answers += r.answer != (int64_t)s->x->answer[sample];
  pthread_mutex_unlock(&s->lock);
  return SF_OK;
}

static void note_mismatch(shared *s, sf_backend *b, size_t sample) {
  const sf_lockstep *l = sf_backend_lockstep(b);
  char *text = NULL, rerun[512];
  size_t size = 0;
  snprintf(rerun, sizeof rerun, "%s --samples %zu:%zu", s->x->command, sample, sample + 1);
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
  const bool yes = !s->stop && s->next < s->x->samples && sf_seconds_now() < s->x->deadline;
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
  while (w->last && s->busy && s->busy(s->self) && more(s, NULL)) usleep(50000);
  if (!more(s, NULL)) return NULL;
  const sf_backend_options options = {.seed = w->number + 1, .bar = w->number ? NULL : s->bar};
  sf_err err = sf_backend_open("lockstep", s->x->net, s->x->config, &options, &b, &msg);
  while (!err && more(s, &sample)) {
    err = run_sample(s, b, sample, &msg);
    if (err && sf_backend_lockstep(b)->mismatch.found) {
      note_mismatch(s, b, sample);
      err = SF_OK;
    }
    if (!w->number && s->bar) sf_progress_step(s->bar, done_so_far(s));
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
  sf_job job = {.from = 0, .to = x->samples, .ticks = x->net->readout.ticks, .config = *x->config};
  job.net = x->net;
  job.in = *x->in; /* its arrays stay the caller's */
  shared s = {.x = x, .job = &job, .bar = bar, .busy = busy, .self = self};
  worker w[MAX_THREADS];
  bool running[MAX_THREADS] = {false};
  const double start = sf_seconds_now();
  uint32_t n = sf_pool_jobs(0, x->samples);
  if (n > MAX_THREADS) n = MAX_THREADS;
  pthread_mutex_init(&s.lock, NULL);
  for (uint32_t i = 0; i < n; i++) w[i] = (worker){.all = &s, .number = i, .last = i > 0 && i == n - 1};
  for (uint32_t i = 1; i < n; i++) running[i] = pthread_create(&w[i].thread, NULL, work, &w[i]) == 0;
  work(&w[0]);
  for (uint32_t i = 1; i < n; i++)
    if (running[i]) pthread_join(w[i].thread, NULL);
  pthread_mutex_destroy(&s.lock);
  x->seconds = sf_seconds_now() - start;
  if (x->done) x->cycles /= (double)x->done;
  if (s.err) return sf_fail(msg, s.err, "%s", s.msg.text);
  return SF_OK;
}
