/* check_random.c - see check_random.h. */
#include "run/check_random.h"

#include <stdlib.h>

#include "lockstep/random_case.h"
#include "util/clock.h"
#include "util/pool.h"
#include "util/progress.h"

enum { CASE_CYCLES = 80000 };

static void keep_failed(sf_check_cases *c, uint64_t number, sf_lockstep *l) {
  pthread_mutex_lock(&c->lock);
  if (!c->failed || number < c->failed_case) {
    sf_lockstep_free(c->failed);
    c->failed = l;
    c->failed_case = number;
    l = NULL;
  }
  pthread_mutex_unlock(&c->lock);
  sf_lockstep_free(l);
}

static void keep_warnings(sf_check_cases *c, uint64_t number, const char *so) {
  char text[sizeof c->warned];
  const size_t n = sf_rtl_warnings(so, text, sizeof text);
  if (!n) return;
  pthread_mutex_lock(&c->lock);
  c->warnings += n;
  if (!c->warned_cases++ || number < c->warned_case) {
    c->warned_case = number;
    strcpy(c->warned, text);
  }
  pthread_mutex_unlock(&c->lock);
}

static void count(sf_check_cases *c, const sf_params *p, const sf_lockstep *l) {
  uint64_t hash = 0xCBF29CE484222325ull;
#define WORD(kind, name, rtl, field, standard, lo, hi) p->field,
  const uint32_t word[] = {SF_PARAMS(WORD)};
  for (size_t i = 0; i < sizeof word / sizeof *word; i++) hash = (hash ^ word[i]) * 0x100000001B3ull;
  pthread_mutex_lock(&c->lock);
  c->cycles += l->compared;
  c->ticks += l->watch->ticks;
  c->reads += l->watch->reads;
  c->spikes += l->watch->spikes;
  bool known = false;
  for (uint64_t i = 0; i < c->n_sets; i++) known |= c->sets[i] == hash;
  if (!known) c->sets[c->n_sets++] = hash;
  pthread_mutex_unlock(&c->lock);
}

sf_params sf_check_cases_params(const sf_check_cases *c, uint64_t number) {
  return c->fixed ? *c->fixed : sf_random_params(c->args->seed, number);
}

static sf_err drive_case(const sf_check_cases *c, uint64_t number, sf_lockstep *l, sf_image *image, sf_msg *msg) {
  const sf_check_args *a = c->args;
  sf_driver d;
  sf_random r = sf_random_new(a->seed, number, 4);
  sf_driver_init(&d, &l->p, sf_lockstep_engine(l));
  sf_err err = sf_driver_reset(&d, 1 + sf_random_below(&r, 3), msg);
  if (!err) err = sf_driver_load(&d, image, msg);
  if (!err) err = sf_random_traffic(a->seed, number, &d, image, CASE_CYCLES, msg);
  if (err) (void)sf_lockstep_settle(l); /* perhaps that is why */
  else err = sf_lockstep_drained(l, msg);
  sf_driver_free(&d);
  return err;
}

static sf_err run_case(void *self, uint32_t worker, uint64_t item, sf_msg *msg) {
  sf_check_cases *c = self;
  const sf_check_args *a = c->args;
  const uint64_t number = c->first + item;
  const sf_params p = sf_check_cases_params(c, number);
  sf_lockstep_options options = {.no_probes = a->no_probes};
  sf_network *net = NULL;
  sf_image *image = NULL;
  sf_lockstep *l = NULL;
  char so[SF_PATH_MAX];
  sf_rtl rtl;
  (void)worker;
  const bool rtl_too = strcmp(a->level, "cycle") != 0;
  sf_err err = sf_params_check(&p, msg);
  if (!err) err = sf_random_network(a->seed, number, &p, &net, msg);
  if (!err) err = sf_image_new(net, 0, &p, &image, msg);
  if (!err && a->flip) err = sf_flip_parse(a->flip, &p, &options.flip, msg);
  if (!err && rtl_too) err = sf_rtl_build(&p, (a->no_probes ? 0 : SF_RTL_PROBE) | SF_RTL_QUICK, NULL, so, msg);
  if (!err && rtl_too) {
    keep_warnings(c, number, so);
    sf_random r = sf_random_new(a->seed, number, 5);
    err = sf_rtl_open(so, (uint32_t)sf_random_bits(&r), &rtl, msg);
  }
  if (!err) err = sf_lockstep_new(&p, rtl_too ? &rtl : NULL, &options, &l, msg);
  if (!err) err = drive_case(c, number, l, image, msg);
  if (!err) count(c, &p, l);
  sf_image_free(image);
  sf_network_free(net);
  if (err == SF_EFAIL && l && (l->mismatch.found || l->watch->failed)) keep_failed(c, number, l);
  else sf_lockstep_free(l);
  return err;
}

sf_err sf_check_random(sf_check_cases *c, sf_msg *msg) {
  sf_progress bar;
  uint64_t item = 0;
  c->sets = calloc(c->cases, sizeof *c->sets);
  if (!c->sets) return sf_fail(msg, SF_ENOMEM, "out of memory");
  const double start = sf_seconds_now();
  sf_progress_start(&bar, "random cases in lockstep", c->cases);
  const sf_err err = sf_pool_run(c->args->jobs, c->cases, run_case, c, &bar, &item, msg);
  sf_progress_finish(&bar);
  c->seconds = sf_seconds_now() - start;
  c->number = c->first + item;
  return err;
}

void sf_check_cases_free(sf_check_cases *c) {
  sf_lockstep_free(c->failed);
  free(c->sets);
}
