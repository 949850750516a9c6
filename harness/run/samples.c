/* samples.c - see samples.h. */
#include "run/samples.h"

#include <stdlib.h>

static void count_spikes(const sf_readout *r, const sf_tick_result *t, int64_t *score) {
  for (uint32_t s = 0; s < t->n_spikes; s++) {
    if (t->spike[s].core != r->core) continue;
    for (uint32_t c = 0; c < r->n_classes; c++) {
      if (r->neuron[c] != t->spike[s].neuron) continue;
      if (r->method == SF_READ_SPIKES) score[c]++;
      else if (r->method == SF_READ_FIRST && score[c] == INT64_MIN) score[c] = -(int64_t)t->tick;
    }
  }
}

static sf_err read_answer(sf_backend *b, const sf_readout *r, int64_t *score, int64_t *answer, sf_msg *msg) {
  for (uint32_t c = 0; r->method == SF_READ_POTENTIAL && c < r->n_classes; c++) {
    int32_t v = 0;
    const sf_err err = sf_backend_peek(b, r->core, r->neuron[c], SF_V, &v, msg);
    if (err) return err;
    score[c] = v;
  }
  *answer = sf_readout_class(r, score);
  return SF_OK;
}

static uint64_t mix(uint64_t digest, uint64_t value) {
  digest = (digest ^ value) * 0x9E3779B97F4A7C15ull;
  return digest ^ digest >> 29;
}

static void digest_tick(sf_sample_result *r, uint32_t tick, const sf_tick_result *t) {
  for (uint32_t i = 0; i < t->n_out; i++)
    r->digest = mix(r->digest, (uint64_t)tick << 32 ^ t->out[i].core << 16 ^ t->out[i].neuron);
  for (uint32_t i = 0; i < t->n_spikes; i++)
    r->digest = mix(r->digest, ~((uint64_t)tick << 32 ^ t->spike[i].core << 16 ^ t->spike[i].neuron));
}

/* Events of the tick after the coming one go in with delay 1: on a clocked backend they arrive while the tick runs. */
static sf_err inject_until(sf_backend *b, const sf_spikes *in, size_t *at, uint32_t now, uint32_t last, sf_msg *msg) {
  sf_err err = SF_OK;
  for (; !err && *at < in->n && in->tick[*at] <= last; ++*at)
    err = sf_backend_inject(b, in->core ? in->core[*at] : 0, in->unit[*at], in->tick[*at] - now, msg);
  return err;
}

sf_err sf_sample_run(sf_backend *b, const sf_job *job, size_t sample, sf_spikes *out, size_t as, sf_sample_result *r,
                     sf_msg *msg) {
  const sf_spikes in = sf_spikes_sample(&job->in, sample);
  const sf_readout *readout = &job->net->readout;
  int64_t *score = calloc(readout->n_classes + 1, sizeof *score);
  if (!score) return sf_fail(msg, SF_ENOMEM, "out of memory");
  for (uint32_t c = 0; readout->method == SF_READ_FIRST && c < readout->n_classes; c++) score[c] = INT64_MIN;
  *r = (sf_sample_result){.answer = -1, .digest = 1};
  size_t at = 0;
  sf_err err = sf_backend_restart(b, msg);
  if (!err && !readout->n_classes) err = sf_backend_end(b, job->ticks, msg); /* a readout is taken when it is due */
  if (!err) err = inject_until(b, &in, &at, 0, 0, msg);
  for (uint32_t tick = 0; !err && tick < job->ticks; tick++) {
    sf_tick_result t;
    if (tick + 1 < job->ticks) err = inject_until(b, &in, &at, tick, tick + 1, msg);
    if (!err) err = sf_backend_tick(b, &t, msg);
    if (err) break;
    digest_tick(r, tick, &t);
    r->spikes += t.n_spikes;
    count_spikes(readout, &t, score);
    for (uint32_t i = 0; out && !err && i < t.n_out; i++)
      err = sf_spikes_add(out, as, tick, t.out[i].core, t.out[i].neuron, msg);
  }
  r->inputs = at;
  r->late = in.n - at;
  if (!err) err = sf_backend_counters_get(b, &r->count, msg);
  if (!err && readout->n_classes) err = read_answer(b, readout, score, &r->answer, msg);
  free(score);
  return err;
}
