/* run_print.c - see run_print.h. */
#include "verbs/run_print.h"

#include <cjson/cJSON.h>
#include <stdio.h>

#include "files/params_json.h"
#include "run/check_report.h"

static void result_json(const sf_run_args *a, const char *net, const sf_job *job, const sf_sample_sums *sums,
                        bool has_cycles, double seconds) {
  const double n = sums->samples ? (double)sums->samples : 1;
  cJSON *o = cJSON_CreateObject(), *config = cJSON_CreateObject();
  cJSON_AddStringToObject(o, "network", net);
  cJSON_AddStringToObject(o, "spikes", a->spikes);
  cJSON_AddStringToObject(o, "backend", a->backend);
  sf_sums_json(sums, has_cycles, o);
  if (has_cycles) {
    sf_params_json(&job->config, config);
    cJSON_AddItemToObject(o, "config", config);
  } else {
    cJSON_Delete(config);
  }
  cJSON_AddNumberToObject(o, "seconds", seconds);
  if (a->mhz > 0) {
    cJSON_AddNumberToObject(o, "clock_mhz", a->mhz);
    cJSON_AddNumberToObject(o, "hardware_seconds_per_sample", (double)sums->busy_cycles / (a->mhz * 1e6) / n);
  }
  if (a->out) cJSON_AddStringToObject(o, "out", a->out);
  sf_cli_json(o);
}

void sf_run_print(const sf_run_args *a, const char *net, const sf_job *job, const sf_sample_sums *sums, bool has_cycles,
                  double seconds) {
  const double n = sums->samples ? (double)sums->samples : 1;
  if (a->json) {
    result_json(a, net, job, sums, has_cycles, seconds);
    return;
  }
  printf("%s on %s", net, a->backend);
  if (has_cycles)
    printf(" (%u lanes, %u neuron lanes)", (unsigned)job->config.lanes, (unsigned)job->config.neuron_lanes);
  printf(": %llu sample%s of %u ticks\n", (unsigned long long)sums->samples, sums->samples == 1 ? "" : "s",
         (unsigned)job->ticks);
  sf_sums_print(sums, has_cycles);
  if (a->mhz > 0) sf_sums_clock(sums, a->mhz);
  printf("  time         %.2f s, %.0f samples a second\n", seconds, seconds > 0 ? n / seconds : 0.0);
  if (a->out) printf("  wrote        %s\n", a->out);
}

void sf_run_mismatch(const sf_run_args *a, const char *net, const sf_lockstep *l) {
  sf_lockstep_report(l, NULL, NULL, stderr);
  if (!a->json) return;
  cJSON *o = cJSON_CreateObject();
  cJSON_AddStringToObject(o, "network", net);
  cJSON_AddStringToObject(o, "spikes", a->spikes);
  cJSON_AddStringToObject(o, "backend", a->backend);
  cJSON_AddNumberToObject(o, "mismatches", 1);
  sf_mismatch_json(l, NULL, cJSON_AddObjectToObject(o, "mismatch"));
  sf_cli_json(o);
}
