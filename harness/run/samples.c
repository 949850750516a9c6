/* samples.c - see samples.h. */
#define _GNU_SOURCE
#include "run/samples.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdlib.h>

#include "network/run_ticks.h"
#include "util/numbers.h"
#include "util/progress.h"

#define MAX_UNSTATED_TICKS 10000000u /* a long run is asked for */

void sf_job_close(sf_job *job) {
  sf_network_free(job->net);
  sf_model_free(job->model);
  sf_spikes_free(&job->in);
  job->net = NULL;
  job->model = NULL;
}

static void step_bar(void *bar, uint32_t done, uint32_t cores) {
  sf_progress *p = bar;
  p->total = cores;
  sf_progress_step(p, done);
}

sf_err sf_job_open(sf_job *job, const char *net, const char *spikes, const char *config, sf_range samples,
                   uint32_t ticks, bool hardware, sf_msg *msg) {
  sf_config c;
  sf_progress bar;
  sf_err err = SF_OK;
  if (job->model_only) {
    sf_progress_start(&bar, "reading the network", 0);
    err = sf_model_read(net, step_bar, &bar, &job->net, &job->model, msg);
    sf_progress_finish(&bar);
  } else {
    err = sf_network_read(net, &job->net, msg);
  }
  if (!err) err = sf_spikes_read(spikes, &job->in, msg);
  if (!err) err = sf_spikes_check(&job->in, job->net, true, spikes, msg);
  if (err) return err;
  sf_cli_warning(job->net->note.text);
  if (hardware && job->net->n_cores != 1)
    return sf_fail(msg, SF_EINVAL, "%s: %u cores; only --backend model runs networks of several cores", net,
                   (unsigned)job->net->n_cores);
  if (config) {
    err = sf_config_read(config, &c, msg);
    if (err) return err;
    job->config = c.params;
    if (hardware) err = sf_network_fit(job->net, 0, &job->config, msg);
    if (err) {
      sf_msg inner = *msg;
      return sf_fail(msg, err, "%.200s does not fit %.200s: %.100s", net, config, inner.text);
    }
  } else if (hardware) {
    err = sf_network_params(job->net, 0, &job->config, msg);
    if (err) return err;
  }
  job->from = 0;
  job->to = job->in.n_samples;
  if (samples.given) {
    if (samples.from >= job->in.n_samples)
      return sf_fail(msg, SF_EINVAL, "--samples: %s has samples 0 .. %zu", spikes, job->in.n_samples - 1);
    job->from = (size_t)samples.from;
    if (samples.to < job->to) job->to = (size_t)samples.to;
  }
  job->ticks = ticks;
  return ticks ? SF_OK : sf_job_ticks(job, spikes, msg);
}

sf_err sf_job_ticks(sf_job *job, const char *spikes, sf_msg *msg) {
  const sf_readout *r = &job->net->readout;
  uint32_t slots = 0;
  for (uint32_t i = 0; i < job->net->n_cores; i++)
    if (job->net->core[i].delay_slots > slots) slots = job->net->core[i].delay_slots;
  job->ticks = sf_run_ticks(r->n_classes ? r->ticks : 0, job->in.ticks, slots, job->in.n, job->in.tick);
  if (!r->n_classes && !job->in.ticks && job->ticks > MAX_UNSTATED_TICKS)
    return sf_fail(msg, SF_EINVAL, "%s: goes on until tick %u; say with --ticks how many to run", spikes,
                   (unsigned)(job->ticks - slots - 1));
  return SF_OK;
}

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

void sf_sums_add(sf_sample_sums *s, const sf_job *job, size_t sample, const sf_sample_result *r) {
  s->samples++;
  s->ticks += job->ticks;
  s->inputs += r->inputs;
  s->late += r->late;
  s->spikes += r->spikes;
  s->outputs += r->count.events_out;
  s->merges += r->count.merges;
  s->under_way += r->count.under_way;
  s->synaptic_ops += r->count.synaptic_ops;
  s->lane_ops += r->count.lane_ops;
  s->cycles += r->count.cycles;
  s->busy_cycles += r->count.busy_cycles;
  if (r->answer >= 0 && job->in.label) {
    s->labelled++;
    s->correct += r->answer == job->in.label[sample];
  }
}

void sf_sums_merge(sf_sample_sums *to, const sf_sample_sums *from) {
  uint64_t *t = (uint64_t *)to; /* all fields are of one type */
  const uint64_t *f = (const uint64_t *)from;
  for (size_t i = 0; i < sizeof *to / sizeof *t; i++) t[i] += f[i];
}

const char *sf_late_text(uint64_t late, uint64_t inputs, uint32_t ticks, char text[128]) {
  snprintf(text, 128,
           "%" PRIu64 " of %" PRIu64 " input events come at or after tick %" PRIu32 ", the end, and are left out", late,
           inputs, ticks);
  return text;
}

/* "12 events", "3.4 events a sample" */
static const char *mean_text(uint64_t sum, uint64_t samples, const char *what, char text[96]) {
  if (samples == 1) snprintf(text, 96, "%" PRIu64 " %s%s", sum, what, sum == 1 ? "" : "s");
  else snprintf(text, 96, "%.1f %ss a sample", (double)sum / (double)samples, what);
  return text;
}

/* What a reader has to know who wonders about the numbers above. */
static void print_exceptions(const sf_sample_sums *s) {
  char text[128];
  if (s->late)
    printf("  late         %s\n", sf_late_text(s->late, s->late + s->inputs, (uint32_t)(s->ticks / s->samples), text));
  if (s->merges)
    printf("  merged       %s into another for the same axon and tick\n",
           mean_text(s->merges, s->samples, "event", text));
  if (s->under_way) printf("  at the end   %s still on the way\n", mean_text(s->under_way, s->samples, "spike", text));
}

void sf_sums_print(const sf_sample_sums *s, bool has_cycles) {
  const double n = s->samples ? (double)s->samples : 1;
  if (s->labelled)
    printf("  accuracy     %.2f %% (%" PRIu64 " of %" PRIu64 ")\n", 100.0 * (double)s->correct / (double)s->labelled,
           s->correct, s->labelled);
  printf("  a sample     %.1f input events, %.1f spikes, %.1f output events, %.0f synaptic operations\n",
         (double)s->inputs / n, (double)s->spikes / n, (double)s->outputs / n, (double)s->synaptic_ops / n);
  if (has_cycles && s->cycles)
    printf("  cycles       %.0f a sample, %.0f of them in ticks\n", (double)s->cycles / n, (double)s->busy_cycles / n);
  else if (has_cycles)
    printf("  cycles       %.0f a sample in ticks, %.1f a tick (predicted)\n", (double)s->busy_cycles / n,
           s->ticks ? (double)s->busy_cycles / (double)s->ticks : 0);
  if (has_cycles)
    printf("  lanes        %.0f lane operations a sample, those of padding included\n", (double)s->lane_ops / n);
  print_exceptions(s);
}

void sf_sums_clock(const sf_sample_sums *s, double mhz) {
  char clock[SF_NUMBER_TEXT], each[SF_NUMBER_TEXT], rate[SF_NUMBER_TEXT], ops[SF_NUMBER_TEXT];
  const double busy = (double)s->busy_cycles / (mhz * 1e6);
  if (!s->busy_cycles) return;
  printf("  at %s MHz  %s us a sample in ticks, %s samples a second, %s synaptic operations a second\n",
         sf_number_text(mhz, 10, clock), sf_number_text(1e6 * busy / (double)s->samples, 4, each),
         sf_number_text((double)s->samples / busy, 3, rate), sf_number_text((double)s->synaptic_ops / busy, 3, ops));
}

void sf_sums_json(const sf_sample_sums *s, bool has_cycles, cJSON *o) {
  const double n = s->samples ? (double)s->samples : 1;
  cJSON_AddNumberToObject(o, "samples", (double)s->samples);
  cJSON_AddNumberToObject(o, "ticks", (double)s->ticks);
  if (s->labelled) {
    cJSON_AddNumberToObject(o, "labelled", (double)s->labelled);
    cJSON_AddNumberToObject(o, "correct", (double)s->correct);
    cJSON_AddNumberToObject(o, "accuracy", (double)s->correct / (double)s->labelled);
  }
  cJSON_AddNumberToObject(o, "input_events_per_sample", (double)s->inputs / n);
  cJSON_AddNumberToObject(o, "input_events_left_out", (double)s->late);
  cJSON_AddNumberToObject(o, "spikes_per_sample", (double)s->spikes / n);
  cJSON_AddNumberToObject(o, "output_events_per_sample", (double)s->outputs / n);
  cJSON_AddNumberToObject(o, "merged_events_per_sample", (double)s->merges / n);
  cJSON_AddNumberToObject(o, "spikes_under_way_per_sample", (double)s->under_way / n);
  cJSON_AddNumberToObject(o, "synaptic_operations_per_sample", (double)s->synaptic_ops / n);
  if (has_cycles) {
    cJSON_AddNumberToObject(o, "lane_operations_per_sample", (double)s->lane_ops / n);
    if (s->cycles) cJSON_AddNumberToObject(o, "cycles_per_sample", (double)s->cycles / n);
    cJSON_AddNumberToObject(o, "busy_cycles_per_sample", (double)s->busy_cycles / n);
  }
}
