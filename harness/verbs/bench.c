/* bench.c - synfire bench: speed of RTL, mirror, lockstep and functional model, as ratios. */
#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/bench.h"
#include "bench/bench_load.h"
#include "bench/bench_model.h"
#include "util/cli.h"
#include "util/progress.h"
#include "verbs/verbs.h"

#define VERB "bench"

static const char *const kind_name[SF_BENCH_CYCLE_KINDS] = {"rtl", "rtl_probes", "mirror", "lockstep"};

static void clocked_json(const sf_bench_cycles *b, cJSON *list) {
  cJSON *o = cJSON_CreateObject();
  char key[64];
  cJSON_AddNumberToObject(o, "lanes", b->p.lanes);
  cJSON_AddNumberToObject(o, "neuron_lanes", b->p.neuron_lanes);
  cJSON_AddNumberToObject(o, "axons", b->p.axons);
  cJSON_AddNumberToObject(o, "neurons", b->p.neurons);
  cJSON_AddNumberToObject(o, "cycles", (double)b->cycles);
  cJSON_AddNumberToObject(o, "synaptic_operations_per_cycle", b->synaptic_ops_per_cycle);
  for (int k = 0; k < SF_BENCH_CYCLE_KINDS; k++) {
    snprintf(key, sizeof key, "%s_cycles_per_second", kind_name[k]);
    cJSON_AddNumberToObject(o, key, (double)b->cycles / b->seconds[k]);
    snprintf(key, sizeof key, "%s_best_cycles_per_second", kind_name[k]);
    cJSON_AddNumberToObject(o, key, 1 / b->best[k]);
  }
  cJSON_AddNumberToObject(o, "lockstep_time_over_rtl", b->seconds[SF_BENCH_LOCKSTEP] / b->seconds[SF_BENCH_RTL]);
  cJSON_AddNumberToObject(o, "lockstep_time_over_rtl_probes",
                          b->seconds[SF_BENCH_LOCKSTEP] / b->seconds[SF_BENCH_RTL_PROBE]);
  cJSON_AddNumberToObject(o, "mirror_speed_over_rtl", b->seconds[SF_BENCH_RTL] / b->seconds[SF_BENCH_MIRROR]);
  cJSON_AddItemToArray(list, o);
}

static void clocked_print(const sf_bench_cycles *b) {
  printf("  %5u %5u", (unsigned)b->p.lanes, (unsigned)b->p.neuron_lanes);
  for (int k = 0; k < SF_BENCH_CYCLE_KINDS; k++) printf("  %10.3f", (double)b->cycles / b->seconds[k] / 1e6);
  printf("  %6.2f  %6.2f\n", b->seconds[SF_BENCH_RTL] / b->seconds[SF_BENCH_MIRROR],
         b->seconds[SF_BENCH_LOCKSTEP] / b->seconds[SF_BENCH_RTL]);
}

static void print_all(const sf_bench_cycles *b, int n, const sf_bench_models *m, const sf_bench_load *load) {
  if (n)
    printf("million clock cycles a second, one thread, %u axons, %u neurons, %u input events a tick; all in turns\n"
           "  %5s %5s  %10s  %10s  %10s  %10s  %6s  %6s\n",
           (unsigned)b->p.axons, (unsigned)b->p.neurons, (unsigned)b->active, "lanes", "U", "rtl", "with probes",
           "mirror", "lockstep", "mirror", "lockst");
  for (int i = 0; i < n; i++) clocked_print(&b[i]);
  if (n)
    printf("  last two: speed of the mirror over the RTL's; time of the lockstep over the RTL's, one thread each.\n");
  if (m) sf_bench_models_print(m);
  if (load) sf_bench_load_print(load);
}

static void json_all(const sf_bench_cycles *b, int n, const sf_bench_models *m, const sf_bench_load *load) {
  cJSON *o = cJSON_CreateObject(), *list = n ? cJSON_AddArrayToObject(o, "clocked") : NULL;
  for (int i = 0; i < n; i++) clocked_json(&b[i], list);
  if (m) sf_bench_models_json(m, cJSON_AddObjectToObject(o, "model"));
  if (load) sf_bench_load_json(load, cJSON_AddObjectToObject(o, "load"));
  sf_cli_json(o);
}

int sf_verb_bench(int argc, char **argv) {
  bool json = false;
  const char *only = NULL;
  uint32_t seconds = 4;
  const sf_option option[] = {{"seconds", SF_OPT_U32, &seconds, "S", "of each measurement; default 4"},
                              {"only", SF_OPT_TEXT, &only, "PART", "clocked, model or load; default the first two"},
                              {"json", SF_OPT_FLAG, &json, NULL, "print one JSON object"},
                              {0}};
  const sf_cli cli = {
      VERB,
      "[options]",
      "Clock cycles a second of the Verilated RTL (built without and with probes), of the C mirror, and of\n"
      "the lockstep of both with the functional model; synaptic operations a second of the functional model\n"
      "beside a plain loop. What is compared runs in turns, so that the ratios hold on a busy machine.\n"
      "--only load: a network of 10^9 synapses from a file of 1 GB, its memory and time.",
      option,
      0,
      0};
  const char *none;
  int n, status;
  sf_msg msg = {""};
  sf_progress bar;
  sf_bench_cycles clocked[2];
  sf_bench_models model;
  sf_bench_load load;
  if (sf_cli_parse(&cli, argc, argv, &none, &n, &status)) return status;
  if (seconds < 1 || seconds > 3600) return sf_cli_error(VERB, "--seconds: must be 1 .. 3600");
  if (only && strcmp(only, "clocked") && strcmp(only, "model") && strcmp(only, "load"))
    return sf_cli_error(VERB, "--only '%s': must be clocked, model or load", only);
  const bool by_clock = !only || *only == 'c', by_model = !only || *only == 'm', by_load = only && *only == 'l';
  if (json) sf_progress_silence(true);
  sf_progress_start(&bar, "measuring", 0);
  sf_err err = by_clock ? sf_bench_clocked(16, 2, seconds, &bar, &clocked[0], &msg) : SF_OK;
  if (!err && by_clock) err = sf_bench_clocked(256, 16, seconds, &bar, &clocked[1], &msg);
  if (!err && by_model) err = sf_bench_models_run(seconds, &bar, &model, &msg);
  if (!err && by_load) err = sf_bench_load_run(&bar, &load, &msg);
  sf_progress_finish(&bar);
  if (err) {
    sf_cli_error(VERB, "%s", msg.text);
    return sf_exit_status(err);
  }
  const int n_clocked = by_clock ? 2 : 0;
  if (json) json_all(clocked, n_clocked, by_model ? &model : NULL, by_load ? &load : NULL);
  else print_all(clocked, n_clocked, by_model ? &model : NULL, by_load ? &load : NULL);
  return 0;
}
