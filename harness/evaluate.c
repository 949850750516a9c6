/* evaluate.c - see evaluate.h. */
#define _DEFAULT_SOURCE
#include "evaluate.h"

#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "samples.h"
#include "synfire/model.h"

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

static sf_err run_sample(const sf_network *net, sf_model *m, const sf_spikes *in, int64_t *score, uint32_t *answer) {
  size_t at = 0;
  sf_err err = SF_OK;
  start_scores(&net->readout, score);
  for (uint32_t tick = 0; tick < net->readout.ticks && !err; tick++) {
    if ((err = inject(m, in, &at, tick)) == SF_OK) {
      const sf_tick_result *t = sf_model_step(m);
      /* A potential counts only at the end: reading it before would cost more than the tick. */
      if (net->readout.method != SF_READ_POTENTIAL || tick + 1 == net->readout.ticks)
        err = update_scores(&net->readout, m, t, score);
    }
  }
  *answer = sf_readout_class(&net->readout, score);
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
  if (!classes) return sf_fail(msg, SF_EINVAL, "the network has no readout: nobody knows which class a spike stands for");
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
  uint64_t done = 0, spikes = 0, axons = 0, ops = 0, inputs = 0;
  int failed = SF_OK; /* sf_err: the first of any thread */
#pragma omp parallel reduction(+ : spikes, axons, ops, inputs)
  {
    sf_model *m = NULL;
    sf_msg inner = {{0}};
    int64_t *score = malloc(classes * sizeof *score);
    sf_err err = score ? sf_model_new(net, &m, &inner) : SF_ENOMEM;
#pragma omp for schedule(dynamic, 16)
    for (size_t s = 0; s < samples; s++) {
      if (err) continue;
      const sf_spikes one = sf_spikes_sample(in, s);
      sf_model_reset(m);
      err = run_sample(net, m, &one, score, &e.answer[s]);
      const sf_counters c = sf_model_counters(m, SF_ALL_CORES);
      spikes += c.spikes;
      axons += c.active_axons;
      ops += c.synaptic_ops;
      inputs += one.n;
#pragma omp atomic
      done++;
      if (bar && omp_get_thread_num() == 0) {
        uint64_t so_far;
#pragma omp atomic read
        so_far = done;
        sf_progress_step(bar, so_far);
      }
    }
    if (err) {
#pragma omp critical
      if (!failed) {
        failed = (int)err;
        if (msg) *msg = inner;
      }
    }
    sf_model_free(m);
    free(score);
  }
  if (failed) {
    sf_evaluation_free(&e);
    return msg && msg->text[0] ? (sf_err)failed : sf_fail(msg, (sf_err)failed, "the functional model failed");
  }
  e.seconds = sf_seconds_now() - start;
  e.neuron_spikes = (double)spikes / (double)samples;
  e.active_axons = (double)axons / (double)samples;
  e.synaptic_ops = (double)ops / (double)samples;
  e.input_spikes = (double)inputs / (double)samples;
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
    if ((err = inject(m, &one, &at, tick))) break;
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
