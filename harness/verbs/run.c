/* run.c - synfire run: a network with input spikes on any backend. */
#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>

#include "files/params_json.h"
#include "run/check_report.h"
#include "run/sums.h"
#include "util/clock.h"
#include "util/progress.h"
#include "verbs/verbs.h"

#define VERB "run"

typedef struct run_args {
  const char *spikes, *backend, *config, *out;
  const char *clock;
  double mhz; /* 0: not asked for */
  uint32_t ticks, seed;
  sf_range samples;
  bool json;
} run_args;

static int finish(const run_args *a, const char *net, const sf_job *job, const sf_sample_sums *sums, bool has_cycles,
                  double seconds) {
  const double n = sums->samples ? (double)sums->samples : 1;
  if (a->json) {
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
    return 0;
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
  return 0;
}

static int mismatch_json(const run_args *a, const char *net, const sf_lockstep *l) {
  cJSON *o = cJSON_CreateObject();
  cJSON_AddStringToObject(o, "network", net);
  cJSON_AddStringToObject(o, "spikes", a->spikes);
  cJSON_AddStringToObject(o, "backend", a->backend);
  cJSON_AddNumberToObject(o, "mismatches", 1);
  sf_mismatch_json(l, NULL, cJSON_AddObjectToObject(o, "mismatch"));
  sf_cli_json(o);
  return 1;
}

static sf_err run_all(sf_backend *b, const sf_job *job, sf_spikes *out, sf_sample_sums *sums, sf_msg *msg) {
  sf_progress bar;
  sf_err err = SF_OK;
  sf_progress_start(&bar, "samples", job->to - job->from);
  for (size_t s = job->from; !err && s < job->to; s++) {
    sf_sample_result r;
    err = sf_sample_run(b, job, s, out, s - job->from, &r, msg);
    if (err) break;
    sf_sums_add(sums, job, s, &r);
    sf_progress_step(&bar, s + 1 - job->from);
  }
  sf_progress_finish(&bar);
  return err;
}

/* The output file: the events in order, and the labels of the samples that ran. */
static sf_err write_out(const run_args *a, const sf_job *job, sf_spikes *out, sf_msg *msg) {
  sf_err err = sf_spikes_finish(out, job->to - job->from, msg);
  if (err) return err;
  out->ticks = job->ticks;
  if (job->in.label && job->to - job->from > 1) {
    out->label = malloc((job->to - job->from) * sizeof *out->label);
    if (!out->label) return sf_fail(msg, SF_ENOMEM, "out of memory");
    memcpy(out->label, job->in.label + job->from, (job->to - job->from) * sizeof *out->label);
  }
  return sf_spikes_write(a->out, out, msg);
}

int sf_verb_run(int argc, char **argv) {
  run_args a = {.backend = "model", .seed = 1};
  const sf_option option[] = {
      {"spikes", SF_OPT_IN, &a.spikes, "FILE", "input spikes, HDF5 or CSV; - is standard input (required)"},
      {"backend", SF_OPT_TEXT, &a.backend, "NAME",
       "model (default), cycle, rtl, lockstep; later netlist, bitstream, board"},
      {"config", SF_OPT_IN, &a.config, "FILE", "configuration of the hardware; default: the smallest that holds NET"},
      {"clock", SF_OPT_TEXT, &a.clock, "MHZ",
       "of the hardware: print the time its ticks take; model: predict the cycles"},
      {"ticks", SF_OPT_TICKS, &a.ticks, "T",
       "ticks of a sample; default: as NET or the spikes say, else DELAY_SLOTS ticks after the last input"},
      {"samples", SF_OPT_RANGE, &a.samples, "A:B", "samples A up to and without B; default: all"},
      {"out", SF_OPT_OUT, &a.out, "FILE", "write the output events: CSV if it ends in .csv, else HDF5"},
      {"seed", SF_OPT_U32, &a.seed, "S", "of the RTL's random power-up; default 1"},
      {"json", SF_OPT_FLAG, &a.json, NULL, "print one JSON object"},
      {0}};
  const sf_cli cli = {VERB,
                      "NET --spikes FILE [options]",
                      "Run a network and print activity, cycles, and accuracy where there are labels.",
                      option,
                      1,
                      1};
  const char *net;
  int n, status;
  sf_msg msg = {""};
  if (sf_cli_parse(&cli, argc, argv, &net, &n, &status)) return status;
  if (!a.spikes) return sf_cli_error(VERB, "--spikes FILE is required (see synfire run --help)");
  if (a.clock) {
    char *end;
    a.mhz = strtod(a.clock, &end);
    if (end == a.clock || *end || !(a.mhz >= 0.001 && a.mhz <= 10000))
      return sf_cli_error(VERB, "--clock '%s': must be 0.001 .. 10000 MHz", a.clock);
  }
  /* The model knows no clock; it predicts one for hardware that somebody asked about. */
  const bool clocked = strcmp(a.backend, "model") != 0, hardware = clocked || a.clock || a.config;
  sf_err err = sf_backend_known(a.backend, &msg);
  if (!err && a.out) err = sf_writable_path(a.out, &msg);
  if (err) return sf_cli_error(VERB, "%s", msg.text);
  if (a.json) sf_progress_silence(true);

  sf_job job = {.model_only = !clocked};
  sf_backend *b = NULL;
  sf_spikes out = {0};
  sf_sample_sums sums = {0};
  sf_progress bar;
  err = sf_job_open(&job, net, a.spikes, a.config, a.samples, a.ticks, hardware, &msg);
  if (!err) {
    const sf_backend_options o = {.seed = a.seed, .bar = &bar, .predict = !clocked && hardware, .model = job.model};
    job.model = NULL;
    sf_progress_start(&bar, "building the RTL", 0);
    err = sf_backend_open(a.backend, job.net, &job.config, &o, &b, &msg);
    sf_progress_finish(&bar);
  }
  const double start = sf_seconds_now();
  if (!err) err = run_all(b, &job, a.out ? &out : NULL, &sums, &msg);
  const double seconds = sf_seconds_now() - start;
  if (!err && a.out) err = write_out(&a, &job, &out, &msg);
  if (!err) status = finish(&a, net, &job, &sums, sf_backend_has_cycles(b), seconds);
  else if (err == SF_EFAIL && b && sf_backend_lockstep(b)) {
    sf_lockstep_report(sf_backend_lockstep(b), NULL, NULL, stderr);
    status = a.json ? mismatch_json(&a, net, sf_backend_lockstep(b)) : 1;
  } else {
    sf_cli_error(VERB, "%s", msg.text);
    status = sf_exit_status(err);
  }
  sf_backend_close(b);
  sf_spikes_free(&out);
  sf_job_close(&job);
  return status;
}
