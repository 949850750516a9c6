/* sums.c - see sums.h. */
#include "run/sums.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdio.h>

#include "util/numbers.h"

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
