/* evaluate.c - see evaluate.h. */
#define _DEFAULT_SOURCE
#include "run/evaluate.h"

#include <stdlib.h>
#include <string.h>

#include "run/samples.h"
#include "synfire/batch.h"
#include "synfire/model.h"
#include "util/clock.h"

/* Scores as synfire/network.h defines them, kept up to date tick by tick. */
static void start_scores(const sf_readout *r, int64_t *score) {
  for (uint32_t c = 0; c < r->n_classes; c++) score[c] = r->method == SF_READ_FIRST ? INT64_MIN : 0;
}

static sf_err update_scores(const sf_readout *r, const sf_model *m, const sf_tick_result *t, int64_t *score) {
  for (uint32_t c = 0; c < r->n_classes; c++) {
    if (r->method == SF_READ_POTENTIAL) {
      int32_t v = 0;
      const sf_err err = sf_model_peek(m, r->core, r->neuron[c], SF_V, &v);
      if (err) return err;
      score[c] = v;
      continue;
    }
    for (uint32_t i = 0; i < t->n_spikes; i++) {
      if (t->spike[i].core != r->core || t->spike[i].neuron != r->neuron[c]) continue;
      if (r->method == SF_READ_SPIKES) score[c]++;
      else if (score[c] == INT64_MIN) score[c] = -(int64_t)t->tick;
    }
  }
  return SF_OK;
}

static sf_err inject(sf_model *m, const sf_spikes *in, size_t *at, uint32_t tick) {
  for (; *at < in->n && in->tick[*at] == tick; ++*at) {
    const sf_err err = sf_model_inject(m, in->core ? in->core[*at] : 0, in->unit[*at], 0);
    if (err) return err;
  }
  return SF_OK;
}

/* The answers from what the batch noted about the readout's neurons. */
static void read_answers(const sf_readout *r, const sf_batch_result *got, int64_t *score, sf_evaluation *e) {
  for (size_t s = 0; s < e->samples; s++) {
    for (uint32_t c = 0; c < r->n_classes; c++) {
      const size_t at = s * r->n_classes + c;
      if (r->method == SF_READ_POTENTIAL) score[c] = got->potential[at];
      else if (r->method == SF_READ_SPIKES) score[c] = got->spikes[at];
      else score[c] = got->first_spike[at] == UINT32_MAX ? INT64_MIN : -(int64_t)got->first_spike[at];
    }
    e->answer[s] = sf_readout_class(r, score);
  }
}

static void step_bar(void *bar, size_t done) { sf_progress_step(bar, done); }

static sf_err run_samples(const sf_network *net, const sf_spikes *in, sf_progress *bar, sf_evaluation *e, sf_msg *msg) {
  const sf_readout *r = &net->readout;
  const size_t n = e->samples * r->n_classes;
  const sf_batch_job job = {.samples = e->samples,
                            .ticks = r->ticks,
                            .first = in->first,
                            .tick = in->tick,
                            .unit = in->unit,
                            .core = in->core,
                            .watch_core = r->core,
                            .n_watch = r->n_classes,
                            .watch = r->neuron,
                            .progress = bar ? step_bar : NULL,
                            .user = bar};
  sf_batch_result got = {.counters = malloc(e->samples * sizeof *got.counters)};
  int64_t *score = malloc(r->n_classes * sizeof *score);
  sf_batch *batch = NULL;
  if (r->method == SF_READ_POTENTIAL) got.potential = malloc(n * sizeof *got.potential);
  else if (r->method == SF_READ_SPIKES) got.spikes = malloc(n * sizeof *got.spikes);
  else got.first_spike = malloc(n * sizeof *got.first_spike);
  sf_err err = SF_OK;
  if (!got.counters || !score || !(got.potential || got.spikes || got.first_spike))
    err = sf_fail(msg, SF_ENOMEM, "out of memory");
  if (!err) err = sf_batch_new(net, &batch, msg);
  if (!err) err = sf_batch_run(batch, &job, &got, msg);
  if (!err) {
    read_answers(r, &got, score, e);
    for (size_t s = 0; s < e->samples; s++) {
      e->neuron_spikes += (double)got.counters[s].spikes;
      e->active_axons += (double)got.counters[s].active_axons;
      e->synaptic_ops += (double)got.counters[s].synaptic_ops;
      e->input_spikes += (double)got.counters[s].events_in;
      e->inputs += in->first[s + 1] - in->first[s];
      e->late += in->first[s + 1] - in->first[s] - got.counters[s].events_in - got.counters[s].dropped;
    }
  }
  sf_batch_free(batch);
  free(got.counters);
  free(got.potential);
  free(got.spikes);
  free(got.first_spike);
  free(score);
  return err;
}

static void count_answers(const sf_network *net, const sf_spikes *in, sf_evaluation *e) {
  e->classes = net->readout.n_classes;
  for (size_t s = 0; s < e->samples; s++)
    if (!in->label || in->label[s] < 0 || (uint32_t)in->label[s] >= e->classes) {
      free(e->confusion);
      e->confusion = NULL;
      return;
    }
  for (size_t s = 0; s < e->samples; s++) {
    e->correct += e->answer[s] == (uint32_t)in->label[s];
    e->confusion[(size_t)in->label[s] * e->classes + e->answer[s]]++;
  }
}

sf_err sf_evaluate(const sf_network *net, const sf_spikes *in, size_t samples, sf_progress *bar, sf_evaluation *out,
                   sf_msg *msg) {
  const size_t classes = net->readout.n_classes;
  if (!classes)
    return sf_fail(msg, SF_EINVAL, "the network has no readout: nobody knows which class a spike stands for");
  if (!samples || samples > in->n_samples)
    return sf_fail(msg, SF_EINVAL, "%zu samples: must be 1 .. %zu", samples, in->n_samples);
  sf_evaluation e = {.samples = samples,
                     .answer = calloc(samples, sizeof *e.answer),
                     .confusion = calloc(classes * classes, sizeof *e.confusion)};
  if (!e.answer || !e.confusion) {
    sf_evaluation_free(&e);
    return sf_fail(msg, SF_ENOMEM, "out of memory");
  }
  const double start = sf_seconds_now();
  const sf_err err = run_samples(net, in, bar, &e, msg);
  if (err) {
    sf_evaluation_free(&e);
    return err;
  }
  e.seconds = sf_seconds_now() - start;
  e.neuron_spikes /= (double)samples;
  e.active_axons /= (double)samples;
  e.synaptic_ops /= (double)samples;
  e.input_spikes /= (double)samples;
  count_answers(net, in, &e);
  *out = e;
  return SF_OK;
}

void sf_evaluation_free(sf_evaluation *e) {
  free(e->answer);
  free(e->confusion);
  memset(e, 0, sizeof *e);
}

sf_err sf_trace(const sf_network *net, const sf_spikes *in, size_t sample, sf_spikes *spikes, int64_t **score,
                sf_msg *msg) {
  const sf_readout *r = &net->readout;
  if (!r->n_classes || sample >= in->n_samples) return sf_fail(msg, SF_EINVAL, "no readout, or no sample %zu", sample);
  const sf_spikes one = sf_spikes_sample(in, sample);
  int64_t *all = calloc((size_t)r->ticks * r->n_classes, sizeof *all);
  sf_model *m = NULL;
  sf_spikes found = {0};
  size_t at = 0;
  sf_err err = all ? sf_model_new(net, &m, msg) : sf_fail(msg, SF_ENOMEM, "out of memory");
  for (uint32_t tick = 0; tick < r->ticks && !err; tick++) {
    int64_t *now_score = all + (size_t)tick * r->n_classes;
    if (tick) memcpy(now_score, now_score - r->n_classes, r->n_classes * sizeof *now_score);
    else start_scores(r, now_score);
    err = inject(m, &one, &at, tick);
    if (err) break;
    const sf_tick_result *t = sf_model_step(m);
    for (uint32_t i = 0; i < t->n_spikes && !err; i++)
      if (t->spike[i].core == r->core) err = sf_spikes_add(&found, 0, tick, 0, t->spike[i].neuron, msg);
    if (!err) err = update_scores(r, m, t, now_score);
  }
  if (!err) err = sf_spikes_finish(&found, 1, msg);
  sf_model_free(m);
  if (err) {
    sf_spikes_free(&found);
    free(all);
    return err;
  }
  *spikes = found;
  *score = all;
  return SF_OK;
}
