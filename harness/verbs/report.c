/* report.c - `synfire report`: the page of a classifier on the functional model, without RTL and FPGA tools. */
#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files/network_file.h"
#include "report/demo_page.h"
#include "run/sums.h"
#include "util/cli.h"
#include "verbs/verbs.h"

#define VERB "report"

static void print_json(const char *net, const char *page, const sf_evaluation *e) {
  cJSON *o = cJSON_CreateObject();
  cJSON_AddStringToObject(o, "network", net);
  cJSON_AddNumberToObject(o, "samples", (double)e->samples);
  if (e->confusion) cJSON_AddNumberToObject(o, "correct", (double)e->correct);
  cJSON_AddNumberToObject(o, "input_spikes_per_sample", e->input_spikes);
  cJSON_AddNumberToObject(o, "spikes_per_sample", e->neuron_spikes);
  cJSON_AddNumberToObject(o, "synaptic_operations_per_sample", e->synaptic_ops);
  cJSON_AddStringToObject(o, "report", page);
  sf_cli_json(o);
}

int sf_verb_report(int argc, char **argv) {
  const char *path = NULL, *spikes = NULL, *out = "report.html", *config_path = NULL, *synth = NULL;
  uint32_t samples = 0, sample = 0;
  bool json = false;
  const sf_option options[] = {
      {"spikes", SF_OPT_IN, &spikes, "FILE", "input spikes, with labels; - is standard input"},
      {"samples", SF_OPT_U32, &samples, "N", "how many of them (default: all)"},
      {"sample", SF_OPT_U32, &sample, "N", "the one shown on its way through the layers (default 0)"},
      {"config", SF_OPT_IN, &config_path, "FILE", "configuration to name in the page"},
      {"synth", SF_OPT_IN, &synth, "FILE", "result.json of synfire synth, for the FPGA part"},
      {"out", SF_OPT_OUT, &out, "FILE", "the page (default report.html)"},
      {"json", SF_OPT_FLAG, &json, NULL, "print one JSON object"},
      {0}};
  const sf_cli cli = {
      VERB,
      "NET --spikes FILE [options]",
      "Run a classifier on the functional model and write a page: accuracy, activity, one sample in detail.",
      options,
      1,
      1};
  int n, status;
  if (sf_cli_parse(&cli, argc, argv, &path, &n, &status)) return status;
  if (!spikes) return sf_cli_error(VERB, "--spikes FILE is missing");
  sf_msg msg = {""};
  sf_network *net = NULL;
  sf_spikes in = {0};
  sf_config config;
  sf_evaluation e = {0};
  sf_progress bar;
  if (json) sf_progress_silence(true);
  sf_err err = sf_writable_path(out, &msg);
  if (!err) err = sf_network_read(path, &net, &msg);
  if (!err) sf_cli_warning(net->note.text);
  if (!err) err = sf_spikes_read(spikes, &in, &msg);
  if (!err) err = sf_spikes_check(&in, net, true, spikes, &msg);
  if (!err && config_path) err = sf_config_read(config_path, &config, &msg);
  if (!err && sample >= in.n_samples)
    err = sf_fail(&msg, SF_EINVAL, "--sample %u: must be 0 .. %zu", sample, in.n_samples - 1);
  if (!err) {
    sf_progress_start(&bar, "samples on the model", samples ? samples : in.n_samples);
    err = sf_evaluate(net, &in, samples ? samples : in.n_samples, &bar, &e, &msg);
    sf_progress_finish(&bar);
  }
  char late[128];
  if (!err && e.late) sf_cli_warning(sf_late_text(e.late, e.inputs, net->readout.ticks, late));
  const char *slash = strrchr(path, '/');
  const sf_demo_page page = {.title = slash ? slash + 1 : path,
                             .net_path = path,
                             .spikes_path = spikes,
                             .config_path = config_path,
                             .net = net,
                             .in = &in,
                             .config = config_path ? &config.params : NULL,
                             .model = &e,
                             .synth_json = synth,
                             .sample = sample};
  if (!err) err = sf_demo_page_write(&page, out, &msg);
  if (!err && json) print_json(path, out, &e);
  else if (!err) printf("%s\n", out);
  sf_evaluation_free(&e);
  sf_spikes_free(&in);
  sf_network_free(net);
  if (!err) return 0;
  sf_cli_error(VERB, "%s", msg.text);
  return sf_exit_status(err);
}
