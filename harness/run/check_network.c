/* check_network.c - see check_network.h. */
#include "run/check_network.h"

#include <inttypes.h>
#include <stdlib.h>

#include "util/clock.h"
#include "util/pool.h"
#include "util/progress.h"

/* Every worker has backends of its own; what they found is merged at the end. */
struct sf_check_worker {
  sf_backend *core, *model;
  sf_sample_sums sums;
};

static sf_err open_worker(sf_check_run *c, sf_check_worker *w, sf_msg *msg) {
  const sf_backend_options o = {.seed = c->args->seed, .check = c->options};
  sf_err err = sf_backend_open(c->backend, c->job.net, &c->job.config, &o, &w->core, msg);
  if (!err) err = sf_backend_open("model", c->job.net, &c->job.config, &o, &w->model, msg);
  return err;
}

/* One sample: in lockstep, and on the functional model loaded from the same file on its own. */
static sf_err check_sample(void *self, uint32_t worker, uint64_t item, sf_msg *msg) {
  sf_check_run *c = self;
  sf_check_worker *w = &c->worker[worker];
  const size_t sample = c->job.from + (size_t)item;
  sf_sample_result core, model;
  sf_err err = w->model ? SF_OK : open_worker(c, w, msg);
  if (err) return err;
  err = sf_sample_run(w->core, &c->job, sample, NULL, 0, &core, msg);
  if (err) return err;
  err = sf_sample_run(w->model, &c->job, sample, NULL, 0, &model, msg);
  if (err) return err;
  if (core.digest != model.digest || core.answer != model.answer)
    return sf_fail(msg, SF_EFAIL,
                   "sample %zu: the functional model gives other spikes (answer %" PRId64
                   ") than the core (answer %" PRId64 ")",
                   sample, model.answer, core.answer);
  sf_sums_add(&w->sums, &c->job, sample, &core);
  return SF_OK;
}

/* Once, before the workers ask for it. */
static sf_err build_rtl(sf_check_run *c, sf_msg *msg) {
  char so[SF_PATH_MAX], warned[SF_PATH_MAX + 400] = "";
  sf_progress bar;
  sf_progress_start(&bar, "building the RTL", 0);
  const sf_err err = sf_rtl_build(&c->job.config, c->args->no_probes ? 0 : SF_RTL_PROBE, &bar, so, msg);
  sf_progress_finish(&bar);
  if (!err) c->warnings = sf_rtl_warnings(so, warned, sizeof warned);
  sf_cli_warning(warned);
  return err;
}

/* What the workers' engines have to say at the end, the first thing that does not hold included. */
static sf_err merge(sf_check_run *c, sf_err err, sf_msg *msg) {
  for (uint32_t i = 0; c->worker && i < c->jobs; i++) {
    sf_check_worker *w = &c->worker[i];
    sf_lockstep *l = w->core ? sf_backend_lockstep(w->core) : NULL;
    if (!l) continue; /* more workers than samples */
    if (!err) err = sf_lockstep_drained(l, msg);
    if (!err && l->options.flip.on)
      err =
          sf_fail(msg, SF_EINVAL, "--flip '%s': the run was over before (%" PRIu64 " cycles)", c->args->flip, l->cycle);
    c->compared += l->compared;
    c->watched += l->watch ? l->watch->ticks : 0;
    if (l->watch) sf_occupancy_add(&c->busy, &l->watch->occupancy);
    sf_sums_merge(&c->sums, &w->sums);
  }
  return !err && !c->compared ? sf_fail(msg, SF_EFAIL, "no cycle was compared") : err;
}

sf_err sf_check_network(sf_check_run *c, const sf_check_args *a, sf_msg *msg) {
  const bool with_rtl = strcmp(a->level, "cycle") != 0;
  *c = (sf_check_run){.args = a, .backend = with_rtl ? "lockstep" : "mirror"};
  c->options.no_probes = a->no_probes;
  sf_err err = sf_job_open(&c->job, a->net, a->spikes, a->config, a->samples, a->ticks, true, msg);
  if (!err && a->flip) err = sf_flip_parse(a->flip, &c->job.config, &c->options.flip, msg);
  if (!err && with_rtl) err = build_rtl(c, msg);
  if (err) return err;
  uint64_t item = 0;
  const uint64_t n = c->job.to - c->job.from;
  c->jobs = a->flip ? 1 : sf_pool_jobs(a->jobs, n);
  c->worker = calloc(c->jobs, sizeof *c->worker);
  if (!c->worker) return sf_fail(msg, SF_ENOMEM, "out of memory");
  sf_progress bar;
  const double start = sf_seconds_now();
  sf_progress_start(&bar, "samples in lockstep", n);
  err = sf_pool_run(c->jobs, n, check_sample, c, &bar, &item, msg);
  sf_progress_finish(&bar);
  c->sample = c->job.from + (size_t)item;
  err = merge(c, err, msg);
  c->seconds = sf_seconds_now() - start;
  return err;
}

const sf_lockstep *sf_check_run_mismatch(const sf_check_run *c) {
  for (uint32_t i = 0; c->worker && i < c->jobs; i++) {
    const sf_lockstep *l = c->worker[i].core ? sf_backend_lockstep(c->worker[i].core) : NULL;
    if (l && l->mismatch.found) return l;
  }
  return NULL;
}

void sf_check_run_free(sf_check_run *c) {
  for (uint32_t i = 0; c->worker && i < c->jobs; i++) {
    sf_backend_close(c->worker[i].core);
    sf_backend_close(c->worker[i].model);
  }
  free(c->worker);
  sf_job_close(&c->job);
}
