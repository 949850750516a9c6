/* demo_logic.c - `synfire demo logic`: the hand-written gates of examples/logic on the functional model and on the RTL
 * in lockstep with its mirror, their truth tables side by side. */
#include <stdio.h>
#include <string.h>

#include "files/config_file.h"
#include "files/network_file.h"
#include "run/backend.h"
#include "util/cli.h"
#include "util/progress.h"

#define ROWS 4

/* One row of the truth table a tick; the answer comes `delay` ticks later, one per layer after the first. */
static const struct gate {
  const char *name, *net, *spikes;
  uint32_t n_inputs, delay;
  bool want[ROWS];
} gates[] = {{"AND", "and.json", "two-inputs.csv", 2, 0, {0, 0, 0, 1}},
             {"OR", "or.json", "two-inputs.csv", 2, 0, {0, 1, 1, 1}},
             {"NOT", "not.json", "one-input.csv", 1, 0, {1, 0}},
             {"XOR", "xor.json", "two-inputs.csv", 2, 1, {0, 1, 1, 0}}};

static uint32_t rows(const struct gate *g) { return 1u << g->n_inputs; }

static sf_err example(const char *file, char path[SF_PATH_MAX], sf_msg *msg) {
  char relative[128];
  snprintf(relative, sizeof relative, "examples/logic/%s", file);
  return sf_data_path(relative, path, msg);
}

/* The output column as one backend gives it. */
static sf_err run_gate(const struct gate *g, const char *backend, const sf_network *net, const sf_spikes *in,
                       const sf_params *config, sf_progress *bar, FILE *report, bool got[ROWS], uint64_t *compared,
                       sf_msg *msg) {
  const sf_backend_options options = {.seed = 1, .bar = bar};
  sf_backend *b = NULL;
  size_t at = 0;
  sf_err err = sf_backend_open(backend, net, config, &options, &b, msg);
  for (uint32_t tick = 0; tick < rows(g) + g->delay && !err; tick++) {
    sf_tick_result t;
    for (; at < in->n && in->tick[at] == tick && !err; at++) err = sf_backend_inject(b, 0, in->unit[at], 0, msg);
    if (!err) err = sf_backend_tick(b, &t, msg);
    if (!err && tick >= g->delay) got[tick - g->delay] = t.n_out > 0;
  }
  if (err == SF_EFAIL && b && sf_backend_lockstep(b)) sf_lockstep_report(sf_backend_lockstep(b), NULL, NULL, report);
  if (b && sf_backend_lockstep(b)) *compared += sf_backend_lockstep(b)->compared;
  sf_backend_close(b);
  return err;
}

/* Axon 0 (a) is the high bit of the row, as the spike files have it. */
static void print_table(const struct gate *g, const bool model[ROWS], const bool rtl[ROWS]) {
  printf("%-4s %s  model RTL\n", g->name, g->n_inputs == 2 ? "a b" : "a  ");
  for (uint32_t row = 0; row < rows(g); row++) {
    const bool right = model[row] == g->want[row] && rtl[row] == g->want[row];
    if (g->n_inputs == 2) printf("     %u %u", row >> 1, row & 1);
    else printf("     %u  ", row);
    printf("    %d    %d%s\n", model[row], rtl[row], right ? "" : "   wrong");
  }
}

static sf_err run_one(const struct gate *g, const sf_config *config, sf_progress *bar, bool json, uint64_t *compared,
                      uint32_t *wrong, sf_msg *msg) {
  char path[SF_PATH_MAX];
  bool model[ROWS] = {false}, rtl[ROWS] = {false};
  FILE *report = json ? stderr : stdout;
  sf_network *net = NULL;
  sf_spikes in = {0};
  sf_err err = example(g->net, path, msg);
  if (!err) err = sf_network_read(path, &net, msg);
  if (!err) err = example(g->spikes, path, msg);
  if (!err) err = sf_spikes_read(path, &in, msg);
  if (!err) err = sf_spikes_check(&in, net, true, path, msg);
  if (!err) err = run_gate(g, "model", net, &in, &config->params, bar, report, model, compared, msg);
  if (!err) err = run_gate(g, "lockstep", net, &in, &config->params, bar, report, rtl, compared, msg);
  if (!err) {
    for (uint32_t row = 0; row < rows(g); row++) *wrong += model[row] != g->want[row] || rtl[row] != g->want[row];
    sf_progress_hide(bar);
    if (!json) print_table(g, model, rtl);
  }
  sf_spikes_free(&in);
  sf_network_free(net);
  return err;
}

int sf_demo_logic(bool json) {
  const size_t n = sizeof gates / sizeof *gates;
  char path[SF_PATH_MAX];
  sf_msg msg = {""};
  sf_config config;
  uint64_t compared = 0;
  uint32_t wrong = 0;
  sf_progress bar;
  sf_err err = example("core.json", path, &msg);
  if (!err) err = sf_config_read(path, &config, &msg);
  sf_progress_start(&bar, "building the RTL", 0);
  for (size_t i = 0; i < n && !err; i++) err = run_one(&gates[i], &config, &bar, json, &compared, &wrong, &msg);
  sf_progress_finish(&bar);
  if (!err && wrong) err = sf_fail(&msg, SF_EFAIL, "%u rows of the truth tables are wrong", wrong);
  if (json && (!err || err == SF_EFAIL))
    printf("{\"gates\": %zu, \"wrong_rows\": %u, \"cycles_compared\": %llu, \"mismatches\": %d}\n", n, wrong,
           (unsigned long long)compared, err == SF_EFAIL && !wrong);
  else if (!err) printf("%zu gates; RTL and C model agree in all %llu clock cycles\n", n, (unsigned long long)compared);
  if (!err) return 0;
  sf_cli_error("demo", "%s", msg.text);
  return sf_exit_status(err);
}
