/* check_print.c - see check_print.h. */
#include "verbs/check_print.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "files/params_json.h"
#include "util/text.h"

static void result_json(const sf_check_run *c) {
  const sf_check_args *a = c->args;
  const sf_occupancy *busy = &c->busy;
  cJSON *o = cJSON_CreateObject(), *config = cJSON_CreateObject();
  cJSON_AddStringToObject(o, "network", a->net);
  cJSON_AddStringToObject(o, "spikes", a->spikes);
  cJSON_AddStringToObject(o, "level", a->level);
  cJSON_AddNumberToObject(o, "mismatches", 0);
  cJSON_AddNumberToObject(o, "cycles_compared", (double)c->compared);
  cJSON_AddNumberToObject(o, "ticks_compared", (double)c->watched);
  sf_sums_json(&c->sums, true, o);
  if (busy->ticks) {
    cJSON_AddNumberToObject(o, "occupancy", (double)busy->rows / (double)busy->cycles);
    cJSON_AddNumberToObject(o, "occupancy_least", busy->least);
    cJSON_AddNumberToObject(o, "occupancy_ticks", (double)busy->ticks);
  }
  if (c->warnings) cJSON_AddNumberToObject(o, "rtl_warnings", (double)c->warnings);
  sf_params_json(&c->job.config, config);
  cJSON_AddItemToObject(o, "config", config);
  cJSON_AddNumberToObject(o, "seconds", c->seconds);
  sf_cli_json(o);
}

void sf_check_print(const sf_check_run *c) {
  const sf_check_args *a = c->args;
  const sf_params *p = &c->job.config;
  const sf_occupancy *busy = &c->busy;
  if (a->json) {
    result_json(c);
    return;
  }
  printf("%s: %smirror and functional model agree: %" PRIu64 " sample%s, %" PRIu64 " cycles and %" PRIu64
         " ticks compared, 0 mismatches\n",
         a->net, strcmp(a->level, "rtl") ? "" : "rtl, ", c->sums.samples, c->sums.samples == 1 ? "" : "s", c->compared,
         c->watched);
  sf_sums_print(&c->sums, true);
  printf("  hardware     %u axons, %u neurons, %u lanes, %u neuron lanes, %u-bit weights\n", (unsigned)p->axons,
         (unsigned)p->neurons, (unsigned)p->lanes, (unsigned)p->neuron_lanes, (unsigned)p->weight_bits);
  if (busy->ticks)
    printf("  occupancy    %.1f %% of the lanes while they integrate, in %" PRIu64
           " ticks of %d or more active axons; least %.1f %%\n",
           100.0 * (double)busy->rows / (double)busy->cycles, busy->ticks, SF_OCCUPIED_AXONS, 100 * busy->least);
  printf("  time         %.1f s, %.2f million cycles a second\n", c->seconds,
         c->seconds > 0 ? (double)c->compared / c->seconds / 1e6 : 0);
  if (a->flip) printf("  flip         %s: had no effect that anything shows\n", a->flip);
}

void sf_check_print_failure(const sf_check_run *c, const sf_msg *msg) {
  const sf_check_args *a = c->args;
  const sf_lockstep *found = sf_check_run_mismatch(c);
  char begin[4 * SF_PATH_MAX + 200], rerun[8 * SF_PATH_MAX];
  const size_t sample = c->sample;
  /* The workers' histories differ: what one sample alone does not show, the run from the first on one thread does. */
  snprintf(begin, sizeof begin, "synfire check %s --spikes %s --samples %zu:%zu --jobs 1", sf_quoted(a->net),
           sf_quoted(a->spikes), a->flip ? c->job.from : sample, sample + 1);
  sf_check_again(a, begin, rerun, sizeof rerun);
  if (found) sf_check_mismatch(found, a, rerun);
  else fprintf(a->json ? stderr : stdout, "MISMATCH %s\n  rerun: %s\n", msg->text, rerun);
  if (a->json) {
    cJSON *o = cJSON_CreateObject(), *m = cJSON_CreateObject();
    cJSON_AddStringToObject(o, "network", a->net);
    cJSON_AddNumberToObject(o, "mismatches", 1);
    if (found) sf_mismatch_json(found, a->fst, m);
    else cJSON_AddStringToObject(m, "text", msg->text);
    cJSON_AddNumberToObject(m, "sample", (double)sample);
    cJSON_AddItemToObject(o, "mismatch", m);
    sf_cli_json(o);
  }
}
