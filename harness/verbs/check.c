/* check.c - synfire check: a network with its spikes on RTL, mirror and functional model in lockstep. */
#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files/params_json.h"
#include "lockstep/gtkw.h"
#include "run/check_network.h"
#include "util/apart.h"
#include "util/progress.h"
#include "util/text.h"
#include "verbs/verbs.h"

#define VERB "check"

static int print_result(const sf_check_run *c) {
  const sf_check_args *a = c->args;
  const sf_params *p = &c->job.config;
  const sf_occupancy *busy = &c->busy;
  if (a->json) {
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
    sf_params_json(p, config);
    cJSON_AddItemToObject(o, "config", config);
    cJSON_AddNumberToObject(o, "seconds", c->seconds);
    sf_cli_json(o);
    return 0;
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
  return 0;
}

/* SF_EFAIL: by a mismatch that an engine holds, or by the line in msg alone. */
static int print_failure(const sf_check_run *c, const sf_msg *msg) {
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
  return 1;
}

static int check_network(const sf_check_args *a) {
  sf_check_run c;
  sf_msg msg = {""};
  const sf_err err = sf_check_network(&c, a, &msg);
  const int status = !err              ? print_result(&c)
                     : err == SF_EFAIL ? print_failure(&c, &msg)
                                       : sf_cli_error(VERB, "%s", msg.text);
  sf_check_run_free(&c);
  return status;
}

/* Waveform and save file can be written, and the save file, which no option names, is none of what is read either. */
static sf_err check_waveform(const sf_check_args *a, sf_msg *msg) {
  char beside[SF_PATH_MAX];
  sf_err err = sf_writable_path(a->fst, msg);
  if (!err) err = sf_gtkw_path(a->fst, beside, sizeof beside, msg);
  if (!err) err = sf_writable_path(beside, msg);
  if (err) return err;
  const sf_file_role out = {"the save file beside it", beside};
  const sf_file_role in[] = {{"the argument", a->net}, {"--spikes", a->spikes}, {"--config", a->config}};
  return sf_files_apart(&out, 1, in, sizeof in / sizeof *in, msg);
}

int sf_verb_check(int argc, char **argv) {
  sf_check_args a = {.level = "rtl", .fst = "synfire-mismatch.fst", .seed = 1, .only = UINT64_MAX};
  const sf_option option[] = {
      {"spikes", SF_OPT_IN, &a.spikes, "FILE", "input spikes, HDF5 or CSV; - is standard input"},
      {"samples", SF_OPT_RANGE, &a.samples, "A:B", "samples A up to and without B; default: all"},
      {"ticks", SF_OPT_TICKS, &a.ticks, "T",
       "ticks of a sample; default: as NET or the spikes say, else DELAY_SLOTS ticks after the last input"},
      {"config", SF_OPT_IN, &a.config, "FILE",
       "configuration of the hardware; default: the smallest that holds NET; with --random: drawn too"},
      {"level", SF_OPT_TEXT, &a.level, "L",
       "rtl (default); cycle: mirror against functional model, no Verilator needed"},
      {"random", SF_OPT_U64, &a.random, "N",
       "N random cases instead of a network: parameters, networks, traffic, stalls"},
      {"case", SF_OPT_U64, &a.only, "K", "with --random: only case K"},
      {"seed", SF_OPT_U32, &a.seed, "S", "of the random cases, and of the RTL's random power-up; default 1"},
      {"fst", SF_OPT_OUT, &a.fst, "FILE", "where a mismatch leaves its waveform; default synfire-mismatch.fst"},
      {"flip", SF_OPT_TEXT, &a.flip, "C:SIG:BIT",
       "flip one bit in the model in cycle C, to see it caught: tick_done_o, probe_v[1], v[17], model.v[17]"},
      {"no-probes", SF_OPT_FLAG, &a.no_probes, NULL,
       "build the RTL without probes, as hardware is, and compare its real ports"},
      {"jobs", SF_OPT_U32, &a.jobs, "J", "threads; default: one a processor"},
      {"json", SF_OPT_FLAG, &a.json, NULL, "print one JSON object"},
      {0}};
  const sf_cli cli = {
      VERB,
      "NET --spikes FILE [options]  |  --random N [--seed S] [--case K]",
      "Clock the Verilated RTL and the C mirror with the same inputs and compare every port and probe in\n"
      "every cycle, and the functional model's spikes, events and state at every tick. The first mismatch\n"
      "ends the run with cycle, signal, expected, got, the last cycles, and a waveform.",
      option,
      0,
      1};
  int n, status;
  sf_msg msg = {""};
  if (sf_cli_parse(&cli, argc, argv, &a.net, &n, &status)) return status;
  if (!strcmp(a.level, "netlist") || !strcmp(a.level, "bitstream"))
    return sf_cli_error(VERB, "level %s: not built in this version", a.level);
  if (strcmp(a.level, "rtl") && strcmp(a.level, "cycle"))
    return sf_cli_error(VERB, "level '%s': must be rtl, cycle, netlist or bitstream", a.level);
  if (a.random && (n || a.spikes))
    return sf_cli_error(VERB, "--random draws its own network: NET and --spikes cannot go with it");
  if (!a.random && (!n || !a.spikes))
    return sf_cli_error(VERB, "needs NET --spikes FILE, or --random N (see synfire check --help)");
  if (!a.random && a.only != UINT64_MAX) return sf_cli_error(VERB, "--case goes with --random");
  if (check_waveform(&a, &msg)) return sf_cli_error(VERB, "--fst: %s", msg.text);
  if (a.json) sf_progress_silence(true);
  return a.random ? sf_verb_check_random(&a) : check_network(&a);
}
