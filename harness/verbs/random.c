/* random.c - synfire check --random: random parameters, networks and traffic in lockstep. */
#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files/config_file.h"
#include "run/check_random.h"
#include "verbs/verbs.h"

static void show_warnings(const sf_check_cases *run) {
  char text[sizeof run->warned + 100];
  if (!run->warned_cases) return;
  snprintf(text, sizeof text, "%" PRIu64 " cases with warnings of Verilator, case %" PRIu64 ": %s", run->warned_cases,
           run->warned_case, run->warned);
  sf_cli_warning(text);
}

static void set_text(const sf_params *p, char *text, size_t size) {
  snprintf(text, size, "A %u N %u P %u U %u WB %u VB %u D %u K %u R %u%s%s%s%s%s%s", (unsigned)p->axons,
           (unsigned)p->neurons, (unsigned)p->lanes, (unsigned)p->neuron_lanes, (unsigned)p->weight_bits,
           (unsigned)p->potential_bits, (unsigned)p->delay_slots, (unsigned)p->profiles, (unsigned)p->routes,
           p->has_current ? " current" : "", p->has_refractory ? " refractory" : "",
           p->has_adaptation ? " adaptation" : "", p->has_noise ? " noise" : "", p->leak_shift ? " shift" : "",
           p->spram ? " spram" : "");
}

static void print_json(const sf_check_cases *run, const char *failure, const char *rerun) {
  cJSON *o = cJSON_CreateObject();
  cJSON_AddNumberToObject(o, "cases", (double)run->cases);
  cJSON_AddNumberToObject(o, "seed", run->args->seed);
  cJSON_AddNumberToObject(o, "parameter_sets", (double)run->n_sets);
  cJSON_AddNumberToObject(o, "cycles_compared", (double)run->cycles);
  cJSON_AddNumberToObject(o, "ticks_compared", (double)run->ticks);
  cJSON_AddNumberToObject(o, "host_reads_compared", (double)run->reads);
  cJSON_AddNumberToObject(o, "spikes", (double)run->spikes);
  cJSON_AddNumberToObject(o, "mismatches", failure ? 1 : 0);
  if (run->warnings) cJSON_AddNumberToObject(o, "rtl_warnings", (double)run->warnings);
  if (failure) {
    cJSON *m = cJSON_CreateObject();
    cJSON_AddStringToObject(m, "rerun", rerun);
    if (run->failed) sf_mismatch_json(run->failed, run->args->fst, m);
    else cJSON_AddStringToObject(m, "text", failure);
    cJSON_AddItemToObject(o, "mismatch", m);
  }
  cJSON_AddNumberToObject(o, "seconds", run->seconds);
  sf_cli_json(o);
}

int sf_verb_check_random(const sf_check_args *a) {
  const bool all = a->only == UINT64_MAX;
  sf_check_cases c = {
      .args = a, .lock = PTHREAD_MUTEX_INITIALIZER, .first = all ? 0 : a->only, .cases = all ? a->random : 1};
  sf_msg msg = {""};
  sf_config config;
  char text[200], begin[200], rerun[8 * SF_PATH_MAX];
  if (c.cases > 100000000) return sf_cli_error("check", "--random: at most 100000000 cases");
  if (!all && a->only >= a->random) return sf_cli_error("check", "--case: must be 0 .. %" PRIu64, a->random - 1);
  if (a->config) {
    if (sf_config_read(a->config, &config, &msg)) return sf_cli_error("check", "%s", msg.text);
    c.fixed = &config.params;
  }
  const sf_err err = sf_check_random(&c, &msg);
  const sf_params p = sf_check_cases_params(&c, c.number);
  set_text(&p, text, sizeof text);
  snprintf(begin, sizeof begin, "synfire check --random %" PRIu64 " --seed %u --case %" PRIu64, a->random,
           (unsigned)a->seed, c.number);
  sf_check_again(a, begin, rerun, sizeof rerun);
  show_warnings(&c);
  int status = 0;
  if (err == SF_EFAIL) {
    FILE *out = a->json ? stderr : stdout;
    fprintf(out, "case %" PRIu64 ": %s\n", c.number, text);
    if (c.failed && c.failed->mismatch.found) sf_check_mismatch(c.failed, a, rerun);
    else fprintf(out, "MISMATCH %s\n  rerun: %s\n", msg.text, rerun);
    status = 1;
  } else if (err == SF_ETOOL || !c.sets) { /* of no case in particular */
    status = sf_cli_error("check", "%s", msg.text);
  } else if (err) {
    status = sf_cli_error("check", "case %" PRIu64 " (%s): %s", c.number, text, msg.text);
  } else if (!a->json) {
    printf("%smirror and functional model agree: %" PRIu64 " random cases, %" PRIu64 " parameter sets, %" PRIu64
           " cycles, %" PRIu64 " ticks and %" PRIu64 " host reads compared, %" PRIu64
           " spikes, 0 mismatches (seed %u, %.0f s)\n",
           strcmp(a->level, "rtl") ? "" : "rtl, ", c.cases, c.n_sets, c.cycles, c.ticks, c.reads, c.spikes,
           (unsigned)a->seed, c.seconds);
  }
  if (a->json && err <= SF_OK) print_json(&c, NULL, NULL);
  else if (a->json && err == SF_EFAIL) print_json(&c, msg.text, rerun);
  sf_check_cases_free(&c);
  return status;
}
