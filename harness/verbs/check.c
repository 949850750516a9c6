/* check.c - synfire check: a network with its spikes on RTL, mirror and functional model in lockstep. */
#define _GNU_SOURCE
#include "run/check_report.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdlib.h>

#include "files/params_json.h"
#include "lockstep/gtkw.h"
#include "util/apart.h"
#include "util/clock.h"
#include "util/pool.h"
#include "util/progress.h"
#include "util/text.h"
#include "verbs/verbs.h"

#define VERB "check"

/* Every worker has backends of its own; what they found is merged at the end. */
typedef struct check_worker {
  sf_backend *core, *model;
  sf_sample_sums sums;
} check_worker;

typedef struct check_run {
  const sf_check_args *args;
  const sf_job *job;
  sf_lockstep_options options;
  check_worker *worker;
  const char *backend;
  size_t warnings; /* of Verilator, of the RTL */
} check_run;

int sf_check_mismatch(const sf_lockstep *l, const sf_check_args *a, const char *rerun) {
  sf_msg msg = {""};
  const char *fst = a->fst;
  if (sf_lockstep_waveform(l, fst, &msg)) {
    sf_cli_error(VERB, "%s", msg.text);
    fst = NULL;
  }
  sf_lockstep_report(l, rerun, fst, a->json ? stderr : stdout);
  return 1;
}

void sf_check_again(const sf_check_args *a, const char *begin, char *text, size_t size) {
  FILE *out = fmemopen(text, size, "w");
  if (!out) {
    snprintf(text, size, "%s", begin);
    return;
  }
  fputs(begin, out);
  if (a->config) fprintf(out, " --config %s", sf_quoted(a->config));
  if (strcmp(a->level, "rtl")) fprintf(out, " --level %s", a->level);
  if (a->ticks) fprintf(out, " --ticks %u", (unsigned)a->ticks);
  if (a->no_probes) fprintf(out, " --no-probes");
  if (a->flip) fprintf(out, " --flip %s", sf_quoted(a->flip));
  fclose(out);
}

void sf_mismatch_json(const sf_lockstep *l, const char *fst, cJSON *o) {
  const sf_mismatch *m = &l->mismatch;
  char signal[SF_SIGNAL_TEXT], where[SF_WHERE_TEXT];
  cJSON_AddNumberToObject(o, "cycle", (double)m->cycle);
  cJSON_AddNumberToObject(o, "tick", m->tick);
  cJSON_AddStringToObject(o, "signal", sf_mismatch_signal(m, signal));
  cJSON_AddStringToObject(o, "between", m->by_watch ? "functional model and core" : "model and rtl");
  if (m->by_watch) cJSON_AddStringToObject(o, "where", sf_finding_where(&m->finding, where));
  if (m->neuron >= 0) cJSON_AddNumberToObject(o, "neuron", (double)m->neuron);
  cJSON_AddNumberToObject(o, "expected", (double)m->expected);
  cJSON_AddNumberToObject(o, "got", (double)m->got);
  if (m->stopped) cJSON_AddStringToObject(o, "rtl_stopped", m->text);
  if (m->which) cJSON_AddStringToObject(o, "module", m->which->module);
  char beside[SF_PATH_MAX + 8];
  if (!fst || sf_gtkw_path(fst, beside, sizeof beside, NULL)) return;
  cJSON_AddStringToObject(o, "waveform", fst);
  cJSON_AddStringToObject(o, "savefile", beside);
}

static sf_err open_worker(check_run *run, check_worker *w, sf_msg *msg) {
  const sf_backend_options o = {.seed = run->args->seed, .check = run->options};
  sf_err err = sf_backend_open(run->backend, run->job->net, &run->job->config, &o, &w->core, msg);
  if (!err) err = sf_backend_open("model", run->job->net, &run->job->config, &o, &w->model, msg);
  return err;
}

/* One sample: in lockstep, and on the functional model loaded from the same file on its own. */
static sf_err check_sample(void *self, uint32_t worker, uint64_t item, sf_msg *msg) {
  check_run *run = self;
  check_worker *w = &run->worker[worker];
  const size_t sample = run->job->from + (size_t)item;
  sf_sample_result core, model;
  sf_err err = w->model ? SF_OK : open_worker(run, w, msg);
  if (err) return err;
  err = sf_sample_run(w->core, run->job, sample, NULL, 0, &core, msg);
  if (err) return err;
  err = sf_sample_run(w->model, run->job, sample, NULL, 0, &model, msg);
  if (err) return err;
  if (core.digest != model.digest || core.answer != model.answer)
    return sf_fail(msg, SF_EFAIL,
                   "sample %zu: the functional model gives other spikes (answer %" PRId64
                   ") than the core (answer %" PRId64 ")",
                   sample, model.answer, core.answer);
  sf_sums_add(&w->sums, run->job, sample, &core);
  return SF_OK;
}

static int print_result(const check_run *run, const sf_sample_sums *sums, uint64_t compared, uint64_t watched,
                        const sf_occupancy *busy, double seconds) {
  const sf_check_args *a = run->args;
  const sf_params *p = &run->job->config;
  if (a->json) {
    cJSON *o = cJSON_CreateObject(), *config = cJSON_CreateObject();
    cJSON_AddStringToObject(o, "network", a->net);
    cJSON_AddStringToObject(o, "spikes", a->spikes);
    cJSON_AddStringToObject(o, "level", a->level);
    cJSON_AddNumberToObject(o, "mismatches", 0);
    cJSON_AddNumberToObject(o, "cycles_compared", (double)compared);
    cJSON_AddNumberToObject(o, "ticks_compared", (double)watched);
    sf_sums_json(sums, true, o);
    if (busy->ticks) {
      cJSON_AddNumberToObject(o, "occupancy", (double)busy->rows / (double)busy->cycles);
      cJSON_AddNumberToObject(o, "occupancy_least", busy->least);
      cJSON_AddNumberToObject(o, "occupancy_ticks", (double)busy->ticks);
    }
    if (run->warnings) cJSON_AddNumberToObject(o, "rtl_warnings", (double)run->warnings);
    sf_params_json(p, config);
    cJSON_AddItemToObject(o, "config", config);
    cJSON_AddNumberToObject(o, "seconds", seconds);
    char *text = cJSON_Print(o);
    if (text) puts(text);
    free(text);
    cJSON_Delete(o);
    return 0;
  }
  printf("%s: %smirror and functional model agree: %" PRIu64 " sample%s, %" PRIu64 " cycles and %" PRIu64
         " ticks compared, 0 mismatches\n",
         a->net, strcmp(a->level, "rtl") ? "" : "rtl, ", sums->samples, sums->samples == 1 ? "" : "s", compared,
         watched);
  sf_sums_print(sums, true);
  printf("  hardware     %u axons, %u neurons, %u lanes, %u neuron lanes, %u-bit weights\n", (unsigned)p->axons,
         (unsigned)p->neurons, (unsigned)p->lanes, (unsigned)p->neuron_lanes, (unsigned)p->weight_bits);
  if (busy->ticks)
    printf("  occupancy    %.1f %% of the lanes while they integrate, in %" PRIu64
           " ticks of %d or more active axons; least %.1f %%\n",
           100.0 * (double)busy->rows / (double)busy->cycles, busy->ticks, SF_OCCUPIED_AXONS, 100 * busy->least);
  printf("  time         %.1f s, %.2f million cycles a second\n", seconds,
         seconds > 0 ? (double)compared / seconds / 1e6 : 0);
  if (a->flip) printf("  flip         %s: had no effect that anything shows\n", a->flip);
  return 0;
}

/* SF_EFAIL: by a mismatch that an engine holds, or by the line in msg alone. */
static int print_failure(const check_run *run, uint32_t jobs, uint64_t item, const sf_msg *msg) {
  const sf_check_args *a = run->args;
  const sf_lockstep *found = NULL;
  char begin[4 * SF_PATH_MAX + 200], rerun[8 * SF_PATH_MAX];
  const size_t sample = run->job->from + (size_t)item;
  /* The workers' histories differ: what one sample alone does not show, the run from the first on one thread does. */
  snprintf(begin, sizeof begin, "synfire check %s --spikes %s --samples %zu:%zu --jobs 1", sf_quoted(a->net),
           sf_quoted(a->spikes), a->flip ? run->job->from : sample, sample + 1);
  sf_check_again(a, begin, rerun, sizeof rerun);
  for (uint32_t i = 0; i < jobs && !found; i++) {
    const sf_lockstep *l = run->worker[i].core ? sf_backend_lockstep(run->worker[i].core) : NULL;
    if (l && l->mismatch.found) found = l;
  }
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
    char *text = cJSON_Print(o);
    if (text) puts(text);
    free(text);
    cJSON_Delete(o);
  }
  return 1;
}

static int check_network(const sf_check_args *a) {
  sf_job job = {0};
  sf_msg msg = {""};
  check_run run = {.args = a, .job = &job, .backend = strcmp(a->level, "cycle") ? "lockstep" : "mirror"};
  run.options.no_probes = a->no_probes;
  sf_err err = sf_job_open(&job, a->net, a->spikes, a->config, a->samples, a->ticks, true, &msg);
  if (!err && a->flip) err = sf_flip_parse(a->flip, &job.config, &run.options.flip, &msg);
  sf_progress bar;
  if (!err && strcmp(a->level, "cycle")) { /* once, before the workers ask for it */
    char so[SF_PATH_MAX];
    sf_progress_start(&bar, "building the RTL", 0);
    err = sf_rtl_build(&job.config, a->no_probes ? 0 : SF_RTL_PROBE, &bar, so, &msg);
    sf_progress_finish(&bar);
    char warned[SF_PATH_MAX + 400] = "";
    if (!err) run.warnings = sf_rtl_warnings(so, warned, sizeof warned);
    sf_cli_warning(warned);
  }
  uint64_t item = 0;
  const uint64_t n = job.to - job.from;
  const uint32_t jobs = a->flip ? 1 : sf_pool_jobs(a->jobs, n);
  int status = 2;
  if (!err) {
    run.worker = calloc(jobs, sizeof *run.worker);
    if (!run.worker) err = sf_fail(&msg, SF_ENOMEM, "out of memory");
  }
  const double start = sf_seconds_now();
  if (!err) {
    sf_progress_start(&bar, "samples in lockstep", n);
    err = sf_pool_run(jobs, n, check_sample, &run, &bar, &item, &msg);
    sf_progress_finish(&bar);
  }
  sf_sample_sums sums = {0};
  uint64_t compared = 0, watched = 0;
  sf_occupancy busy = {0};
  for (uint32_t i = 0; run.worker && i < jobs; i++) {
    check_worker *w = &run.worker[i];
    sf_lockstep *l = w->core ? sf_backend_lockstep(w->core) : NULL;
    if (!l) continue; /* more workers than samples */
    if (!err) err = sf_lockstep_drained(l, &msg);
    if (!err && l->options.flip.on)
      err = sf_fail(&msg, SF_EINVAL, "--flip '%s': the run was over before (%" PRIu64 " cycles)", a->flip, l->cycle);
    compared += l->compared;
    watched += l->watch ? l->watch->ticks : 0;
    if (l->watch) sf_occupancy_add(&busy, &l->watch->occupancy);
    sf_sums_merge(&sums, &w->sums);
  }
  if (!err && !compared) err = sf_fail(&msg, SF_EFAIL, "no cycle was compared");
  if (!err) status = print_result(&run, &sums, compared, watched, &busy, sf_seconds_now() - start);
  else if (err == SF_EFAIL) status = print_failure(&run, jobs, item, &msg);
  else status = sf_cli_error(VERB, "%s", msg.text);
  for (uint32_t i = 0; run.worker && i < jobs; i++) {
    sf_backend_close(run.worker[i].core);
    sf_backend_close(run.worker[i].model);
  }
  free(run.worker);
  sf_job_close(&job);
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
  return a.random ? sf_check_random(&a) : check_network(&a);
}
