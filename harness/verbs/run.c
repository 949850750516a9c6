/* run.c - synfire run: a network with input spikes on any backend. */
#include <stdlib.h>
#include <string.h>

#include "util/clock.h"
#include "util/progress.h"
#include "verbs/run_print.h"
#include "verbs/verbs.h"

#define VERB "run"

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
static sf_err write_out(const sf_run_args *a, const sf_job *job, sf_spikes *out, sf_msg *msg) {
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

static int run(const sf_run_args *a, const char *net) {
  /* The model knows no clock; it predicts one for hardware that somebody asked about. */
  const bool clocked = strcmp(a->backend, "model") != 0, hardware = clocked || a->clock || a->config;
  sf_msg msg = {""};
  int status = 0;
  sf_job job = {.model_only = !clocked};
  sf_backend *b = NULL;
  sf_spikes out = {0};
  sf_sample_sums sums = {0};
  sf_progress bar;
  sf_err err = sf_job_open(&job, net, a->spikes, a->config, a->samples, a->ticks, hardware, &msg);
  if (!err) {
    const sf_backend_options o = {.seed = a->seed, .bar = &bar, .predict = !clocked && hardware, .model = job.model};
    job.model = NULL;
    sf_progress_start(&bar, "building the RTL", 0);
    err = sf_backend_open(a->backend, job.net, &job.config, &o, &b, &msg);
    sf_progress_finish(&bar);
  }
  const double start = sf_seconds_now();
  if (!err) err = run_all(b, &job, a->out ? &out : NULL, &sums, &msg);
  const double seconds = sf_seconds_now() - start;
  if (!err && a->out) err = write_out(a, &job, &out, &msg);
  if (!err) {
    sf_run_print(a, net, &job, &sums, sf_backend_has_cycles(b), seconds);
  } else if (err == SF_EFAIL && b && sf_backend_lockstep(b)) {
    sf_run_mismatch(a, net, sf_backend_lockstep(b));
    status = 1;
  } else {
    sf_cli_error(VERB, "%s", msg.text);
    status = sf_exit_status(err);
  }
  sf_backend_close(b);
  sf_spikes_free(&out);
  sf_job_close(&job);
  return status;
}

int sf_verb_run(int argc, char **argv) {
  sf_run_args a = {.backend = "model", .seed = 1};
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
  sf_err err = sf_backend_known(a.backend, &msg);
  if (!err && a.out) err = sf_writable_path(a.out, &msg);
  if (err) return sf_cli_error(VERB, "%s", msg.text);
  if (a.json) sf_progress_silence(true);
  return run(&a, net);
}
