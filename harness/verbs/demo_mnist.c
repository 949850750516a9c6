/* demo_mnist.c - see demo.h. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "files/network_file.h"
#include "util/apart.h"
#include "util/cli.h"
#include "util/clock.h"
#include "verbs/demo.h"

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

sf_err sf_demo_mnist(sf_demo *d, sf_msg *msg) {
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

void sf_demo_free(sf_demo *d) {
  sf_evaluation_free(&d->model);
  sf_spikes_free(&d->in);
  sf_network_free(d->net);
}
