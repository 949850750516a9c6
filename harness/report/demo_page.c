/* demo_page.c - the report of a classifier: see demo_page.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/demo_page.h"
#include "util/tool.h"
#include "verilated/verilator.h"

/* Axons below the first that a route leads to are the input layer, neurons up to the last that feeds one the hidden. */
static void find_layers(const sf_network *net, sf_report_sample *s) {
  const sf_core_net *c = &net->core[net->readout.core];
  s->inputs = c->axons;
  s->hidden = 0;
  for (uint32_t i = 0; i < c->n_routes; i++) {
    const sf_route *r = &c->routes[i];
    if (r->core == SF_EXTERNAL) continue;
    if (r->axon < s->inputs) s->inputs = r->axon;
    if (r->neuron >= s->hidden) s->hidden = r->neuron + 1;
  }
  if (!s->inputs) s->inputs = c->axons;
  s->image_side = 0;
  for (uint32_t side = 2; side * side <= s->inputs; side++)
    if (side * side == s->inputs) s->image_side = side;
}

static void version_of(const char *tool, char *line, size_t size) {
  char path[SF_PATH_MAX];
  line[0] = '\0';
  if (sf_tool_find(tool, NULL, path, NULL)) return;
  const char *const ask[] = {path, "--version", NULL};
  sf_tool_line(ask, line, size);
}

/* "synfire 0.1.0, Verilator 5.006 ..., g++ ..." */
static void find_versions(char *line, size_t size, bool rtl) {
  char verilator[128] = "", compiler[128] = "";
  if (rtl) {
    sf_verilator_version(verilator, sizeof verilator);
    version_of("g++", compiler, sizeof compiler);
  }
  snprintf(line, size, "synfire " SF_VERSION "%s%s%s%s", verilator[0] ? ", " : "", verilator, compiler[0] ? ", " : "",
           compiler);
}

sf_err sf_demo_page_write(const sf_demo_page *page, const char *path, sf_msg *msg) {
  const sf_evaluation *e = page->model;
  const sf_crosscheck *x = page->rtl;
  const char *const commands[] = {
      "make demo", "synfire check data/mnist-240.h5 --spikes data/mnist-test.h5 --config configs/up5k.json",
      "synfire synth configs/up5k.json --target up5k"};
  sf_report r = {.title = page->title,
                 .unit = page->unit,
                 .network = page->net_path,
                 .spikes = page->spikes_path,
                 .config = page->config_path,
                 .params = page->config,
                 .synth_json = &page->synth_json,
                 .n_synth = page->synth_json ? 1 : 0,
                 .command = commands,
                 .n_commands = x ? 3 : 0};
  char versions[320];
  find_versions(versions, sizeof versions, x != NULL);
  r.versions = versions;
  r.samples = e->samples;
  r.correct = e->correct;
  r.model_seconds = e->seconds;
  r.synaptic_ops = e->synaptic_ops;
  r.input_spikes = e->input_spikes;
  r.hidden_spikes = e->neuron_spikes;
  r.classes = e->classes;
  r.confusion = e->confusion;
  if (x) {
    r.rtl_samples = x->done;
    r.rtl_cycles = x->compared;
    r.rtl_mismatches = x->mismatches;
    r.rtl_differing_answers = x->differing_answers;
    r.rtl_seconds = x->seconds;
    r.rtl_first_mismatch = x->report[0] ? x->report : NULL;
    r.cycles = x->cycles;
  }
  sf_spikes spikes = {0};
  int64_t *score = NULL;
  sf_err err = sf_trace(page->net, page->in, page->sample, &spikes, &score, msg);
  if (err) return err;
  const sf_spikes in = sf_spikes_sample(page->in, page->sample);
  const bool answered = page->sample < e->samples;
  sf_report_sample s = {.number = page->sample,
                        .label = in.label ? in.label[0] : -1,
                        .ticks = page->net->readout.ticks,
                        .input = &in,
                        .spikes = &spikes,
                        .classes = page->net->readout.n_classes,
                        .score = score};
  s.answer = answered ? e->answer[page->sample]
                      : sf_readout_class(&page->net->readout, score + (size_t)(s.ticks - 1) * s.classes);
  find_layers(page->net, &s);
  r.sample = &s;
  err = sf_report_write(path, &r, msg);
  sf_spikes_free(&spikes);
  free(score);
  return err;
}
