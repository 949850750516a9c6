/* pool.c - see pool.h. */
#define _GNU_SOURCE
#include "util/pool.h"

#include <errno.h>
#include <pthread.h>
#include <time.h>
#include <unistd.h>

#include "util/progress.h"

typedef struct pool {
  pthread_mutex_t lock;
  pthread_cond_t moved;
  uint64_t n, next, done, failed;
  uint32_t running;
  sf_pool_work work;
  void *self;
  sf_err err;
  sf_msg *msg;
} pool;

typedef struct worker {
  pool *pool;
  uint32_t index;
  pthread_t thread;
} worker;

static void *run(void *self) {
  worker *w = self;
  pool *p = w->pool;
  pthread_mutex_lock(&p->lock);
  while (!p->err && p->next < p->n) {
    const uint64_t item = p->next++;
    sf_msg msg = {""};
    pthread_mutex_unlock(&p->lock);
    const sf_err err = p->work(p->self, w->index, item, &msg);
    pthread_mutex_lock(&p->lock);
    p->done++;
    if (err && (!p->err || item < p->failed)) {
      p->err = err;
      p->failed = item;
      if (p->msg) *p->msg = msg;
    }
    pthread_cond_signal(&p->moved);
  }
  p->running--;
  pthread_cond_signal(&p->moved);
  pthread_mutex_unlock(&p->lock);
  return NULL;
}

uint32_t sf_pool_jobs(uint32_t wanted, uint64_t n) {
  const long processors = sysconf(_SC_NPROCESSORS_ONLN);
  uint64_t jobs = wanted ? wanted : processors > 0 ? (uint64_t)processors : 1;
  if (jobs > n) jobs = n;
  return jobs < 1 ? 1 : jobs > 64 ? 64 : (uint32_t)jobs;
}

sf_err sf_pool_run(uint32_t jobs, uint64_t n, sf_pool_work work, void *self, sf_progress *bar, uint64_t *failed,
                   sf_msg *msg) {
  pool p = {.lock = PTHREAD_MUTEX_INITIALIZER,
            .moved = PTHREAD_COND_INITIALIZER,
            .n = n,
            .work = work,
            .self = self,
            .msg = msg};
  worker w[64];
  uint32_t started = 0;
  jobs = sf_pool_jobs(jobs, n);
  for (; started < jobs; started++) {
    w[started] = (worker){.pool = &p, .index = started};
    pthread_mutex_lock(&p.lock);
    p.running++;
    pthread_mutex_unlock(&p.lock);
    if (pthread_create(&w[started].thread, NULL, run, &w[started])) {
      pthread_mutex_lock(&p.lock);
      p.running--;
      pthread_mutex_unlock(&p.lock);
      break;
    }
  }
  if (!started) return sf_fail(msg, SF_ENOMEM, "no thread can be started");
  pthread_mutex_lock(&p.lock);
  while (p.running) {
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    t.tv_nsec += 100 * 1000 * 1000;
    if (t.tv_nsec >= 1000 * 1000 * 1000) {
      t.tv_sec++;
      t.tv_nsec -= 1000 * 1000 * 1000;
    }
    const int woken = pthread_cond_timedwait(&p.moved, &p.lock, &t);
    const uint64_t done = p.done;
    pthread_mutex_unlock(&p.lock);
    if (bar && woken != ETIMEDOUT) sf_progress_step(bar, done);
    else if (bar) sf_progress_pulse(bar);
    pthread_mutex_lock(&p.lock);
  }
  pthread_mutex_unlock(&p.lock);
  for (uint32_t i = 0; i < started; i++) pthread_join(w[i].thread, NULL);
  if (p.err && failed) *failed = p.failed;
  return p.err;
}
