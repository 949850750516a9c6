/* demo.c - `synfire demo`: the shipped MNIST network on the functional model and on the RTL, then through the FPGA
 * tools, and a page about all of it. The FPGA tools work beside the lockstep, in a process of their own. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "files/network_file.h"
#include "util/apart.h"
#include "util/cli.h"
#include "util/clock.h"
#include "verbs/demo.h"
#include "verbs/verbs.h"

#define VERB "demo"

/* The page does not take the place of what it is about. */
static sf_err apart(const sf_demo *d, sf_msg *msg) {
  static const char *const name[] = {SF_DEMO_NET, SF_DEMO_SPIKES, SF_DEMO_CONFIG};
  char path[3][SF_PATH_MAX];
  sf_file_role in[3];
  for (int i = 0; i < 3; i++) {
    const sf_err err = sf_data_path(name[i], path[i], msg);
    if (err) return err;
    in[i] = (sf_file_role){"the demo's", path[i]};
  }
  return sf_files_apart(&(sf_file_role){"--report", d->report}, 1, in, 3, msg);
}

static sf_err load(sf_demo *d, sf_msg *msg) {
  char path[SF_PATH_MAX];
  sf_err err;
  err = sf_data_path(SF_DEMO_NET, path, msg);
  if (!err) err = sf_network_read(path, &d->net, msg);
  if (err) return err;
  err = sf_data_path(SF_DEMO_SPIKES, path, msg);
  if (!err) err = sf_spikes_read(path, &d->in, msg);
  if (err) return err;
  err = sf_data_path(SF_DEMO_CONFIG, path, msg);
  if (!err) err = sf_config_read(path, &d->config, msg);
  if (err) return err;
  err = sf_spikes_check(&d->in, d->net, true, SF_DEMO_SPIKES, msg);
  if (err) return err;
  if (!d->report[0]) {
    err = sf_cache_path("", d->report, msg);
    if (err) return err;
    const size_t n = strlen(d->report);
    snprintf(d->report + n, sizeof d->report - n, "%sreport.html", n && d->report[n - 1] == '/' ? "" : "/");
  }
  err = apart(d, msg);
  return err ? err : sf_writable_path(d->report, msg);
}

static sf_err run_model(sf_demo *d, sf_msg *msg) {
  sf_progress bar;
  sf_progress_start(&bar, "digits on the C model", d->digits);
  const sf_err err = sf_evaluate(d->net, &d->in, d->digits, &bar, &d->model, msg);
  sf_progress_finish(&bar);
  if (err) return err;
  sf_demo_say_model(d);
  return SF_OK;
}

static sf_err run_rtl(sf_demo *d, double start, sf_msg *msg) {
  sf_progress bar;
  d->rtl =
      (sf_crosscheck){.net = d->net,
                      .in = &d->in,
                      .config = &d->config.params,
                      .answer = d->model.answer,
                      .samples = d->digits,
                      .deadline = start + d->limit,
                      .command = "synfire check " SF_DEMO_NET " --spikes " SF_DEMO_SPIKES " --config " SF_DEMO_CONFIG};
  sf_progress_start(&bar, "digits on RTL and C mirror", d->digits);
  sf_progress_note(&bar, d->synth.started ? "place and route beside it" : "");
  const sf_err err = sf_crosscheck_run(&d->rtl, &bar, sf_synth_beside_busy, &d->synth, msg);
  sf_progress_finish(&bar);
  if (err) return err;
  sf_demo_say_rtl(d);
  const sf_crosscheck *x = &d->rtl;
  if (x->mismatches || x->differing_answers) return sf_fail(msg, SF_EFAIL, "RTL and C model differ");
  if (!x->done) return sf_fail(msg, SF_EFAIL, "no digit was done in %u s", d->limit);
  return SF_OK;
}

static sf_err write_page(sf_demo *d, sf_msg *msg) {
  const sf_demo_page page = {.title = "MNIST digits on a spiking core",
                             .unit = "digit",
                             .net_path = SF_DEMO_NET,
                             .spikes_path = SF_DEMO_SPIKES,
                             .config_path = SF_DEMO_CONFIG,
                             .net = d->net,
                             .in = &d->in,
                             .config = &d->config.params,
                             .model = &d->model,
                             .rtl = &d->rtl,
                             .synth_json = d->wants_synth && access(d->synth.json, R_OK) == 0 ? d->synth.json : NULL};
  return sf_demo_page_write(&page, d->report, msg);
}

static sf_err run(sf_demo *d, sf_msg *msg) {
  const double start = sf_seconds_now();
  sf_err err = load(d, msg);
  if (err) return err;
  if (d->digits > d->in.n_samples)
    return sf_fail(msg, SF_EINVAL, "--digits %u: must be 1 .. %zu", d->digits, d->in.n_samples);
  sf_demo_say(d,
              "MNIST on a spiking core: 784 pixels, 240 hidden neurons, 10 classes, 4-bit weights, %u ticks a digit\n",
              d->net->readout.ticks);
  if (d->wants_synth) err = sf_synth_beside_start(&d->synth, SF_DEMO_CONFIG, SF_DEMO_TARGET, "synth/demo", msg);
  if (err) return err;
  err = run_model(d, msg);
  if (!err) err = run_rtl(d, start, msg);
  sf_synth_beside_end(&d->synth);
  sf_msg later = {""};
  sf_err page_err = SF_OK;
  if (d->wants_synth && (!err || err == SF_EFAIL)) {
    const sf_err synth_err = sf_demo_say_synthesis(d, &later);
    if (err && synth_err) sf_demo_say(d, "iCE40 UP5K   failed: %s\n", later.text);
    if (!err && synth_err) {
      err = synth_err;
      if (msg) *msg = later;
    }
  }
  if (d->model.samples && d->rtl.compared) {
    page_err = write_page(d, &later);
    if (page_err && !err) {
      err = page_err;
      if (msg) *msg = later;
    }
    if (!page_err) sf_demo_say(d, "report       %s\n", d->report);
    if (!err) sf_demo_say_next(d);
  }
  if (d->json && (!err || err == SF_EFAIL)) {
    if (d->rtl.report[0]) fputs(d->rtl.report, stderr);
    sf_demo_json(d);
  }
  return err;
}

int sf_verb_demo(int argc, char **argv) {
  const char *name = "mnist", *report = NULL;
  int n, status;
  static sf_demo d;
  bool no_synth = false;
  d = (sf_demo){.digits = 10000, .limit = 240};
  const sf_option options[] = {
      {"digits", SF_OPT_U32, &d.digits, "N", "how many of the 10,000 test digits (default: all)"},
      {"seconds", SF_OPT_U32, &d.limit, "N", "no further digit on the RTL after that time (default 240)"},
      {"no-synth", SF_OPT_FLAG, &no_synth, NULL, "leave synthesis, placement and routing out"},
      {"report", SF_OPT_OUT, &report, "FILE", "where the page goes (default: build/report.html)"},
      {"json", SF_OPT_FLAG, &d.json, NULL, "print one JSON object"},
      {0}};
  const sf_cli cli = {
      VERB,
      "[mnist|logic] [options]",
      "mnist: the shipped network on the C model and on the RTL in lockstep, then placed and routed for the\n"
      "       iCE40 UP5K, with a report. logic: AND, OR, NOT and XOR of examples/logic, with truth tables.",
      options,
      0,
      1};
  if (sf_cli_parse(&cli, argc, argv, &name, &n, &status)) return status;
  if (d.json) sf_progress_silence(true);
  if (!strcmp(name, "logic")) return sf_demo_logic(d.json);
  if (strcmp(name, "mnist") != 0) return sf_cli_error(VERB, "%s: must be mnist or logic", name);
  if (!d.digits) return sf_cli_error(VERB, "--digits 0: must be 1 .. 10000");
  if (report) snprintf(d.report, sizeof d.report, "%s", report);
  d.wants_synth = !no_synth;
  sf_msg msg = {""};
  const sf_err err = run(&d, &msg);
  sf_evaluation_free(&d.model);
  sf_spikes_free(&d.in);
  sf_network_free(d.net);
  if (!err) return 0;
  sf_cli_error(VERB, "%s", msg.text);
  return sf_exit_status(err);
}
