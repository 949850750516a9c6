/* demo.c - `synfire demo`: the shipped MNIST network on the functional model and on the RTL, then through the FPGA
 * tools, and a page about all of it. The FPGA tools work beside the lockstep, in a process of their own. */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "files/file_util.h"
#include "files/json_util.h"
#include "files/network_file.h"
#include "report/demo_page.h"
#include "synth/target.h"
#include "util/apart.h"
#include "util/cli.h"
#include "util/clock.h"
#include "util/numbers.h"
#include "util/tool.h"
#include "verbs/verbs.h"

#define VERB "demo"
#define NET "data/mnist-240.h5"
#define SPIKES "data/mnist-test.h5"
#define CONFIG "configs/up5k.json"
#define TARGET "up5k"
#define NEXT "configs/ecp5-256.json"

/* Synthesis on its way. */
typedef struct synthesis {
  pthread_t thread;
  bool started;
  atomic_bool over;
  sf_err err;
  int status;
  double seconds;
  char folder[SF_PATH_MAX], log[SF_PATH_MAX], config[SF_PATH_MAX], json[SF_PATH_MAX];
  sf_msg msg;
} synthesis;

typedef struct demo {
  sf_network *net;
  sf_spikes in;
  sf_config config;
  sf_evaluation model;
  sf_crosscheck rtl;
  synthesis synth;
  bool json, wants_synth;
  uint32_t digits, limit;
  char report[SF_PATH_MAX];
} demo;

static void *synthesize(void *argument) {
  synthesis *s = argument;
  const double start = sf_seconds_now();
  char exe[SF_PATH_MAX];
  const ssize_t n = readlink("/proc/self/exe", exe, sizeof exe - 1);
  exe[n > 0 ? n : 0] = '\0';
  const char *const argv[] = {exe, "synth", s->config, "--target", TARGET, "--out", s->folder, NULL};
  s->err = n > 0 ? sf_tool_run(argv, NULL, s->log, NULL, &s->status, &s->msg) : SF_EIO;
  s->seconds = sf_seconds_now() - start;
  atomic_store(&s->over, true);
  return NULL;
}

static bool synthesizing(void *argument) {
  synthesis *s = argument;
  return s->started && !atomic_load(&s->over);
}

static sf_err start_synthesis(synthesis *s, sf_msg *msg) {
  sf_err err = sf_cache_path("synth/demo", s->folder, msg);
  if (!err) err = sf_data_path(CONFIG, s->config, msg);
  if (err) return err;
  snprintf(s->log, sizeof s->log, "%.4000s/synfire.log", s->folder);
  snprintf(s->json, sizeof s->json, "%.4000s/result.json", s->folder);
  (void)remove(s->log);
  (void)remove(s->json);
  if (pthread_create(&s->thread, NULL, synthesize, s)) return sf_fail(msg, SF_ENOMEM, "no thread for the synthesis");
  s->started = true;
  return SF_OK;
}

static void end_synthesis(synthesis *s) {
  if (!s->started) return;
  sf_progress bar;
  sf_progress_start(&bar, "place and route", 0);
  while (!atomic_load(&s->over)) {
    usleep(100000);
    sf_progress_pulse(&bar);
  }
  sf_progress_finish(&bar);
  pthread_join(s->thread, NULL);
  s->started = false;
}

/* The page does not take the place of what it is about. */
static sf_err apart(const demo *d, sf_msg *msg) {
  static const char *const name[] = {NET, SPIKES, CONFIG};
  char path[3][SF_PATH_MAX];
  sf_file_role in[3];
  for (int i = 0; i < 3; i++) {
    const sf_err err = sf_data_path(name[i], path[i], msg);
    if (err) return err;
    in[i] = (sf_file_role){"the demo's", path[i]};
  }
  return sf_files_apart(&(sf_file_role){"--report", d->report}, 1, in, 3, msg);
}

static sf_err load(demo *d, sf_msg *msg) {
  char path[SF_PATH_MAX];
  sf_err err;
  err = sf_data_path(NET, path, msg);
  if (!err) err = sf_network_read(path, &d->net, msg);
  if (err) return err;
  err = sf_data_path(SPIKES, path, msg);
  if (!err) err = sf_spikes_read(path, &d->in, msg);
  if (err) return err;
  err = sf_data_path(CONFIG, path, msg);
  if (!err) err = sf_config_read(path, &d->config, msg);
  if (err) return err;
  err = sf_spikes_check(&d->in, d->net, true, SPIKES, msg);
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

static void say(const demo *d, const char *fmt, ...) SF_PRINTF(2, 3);
static void say(const demo *d, const char *fmt, ...) {
  if (d->json) return;
  va_list args;
  va_start(args, fmt);
  vprintf(fmt, args);
  va_end(args);
  fflush(stdout);
}

static sf_err run_model(demo *d, sf_msg *msg) {
  char all[SF_NUMBER_TEXT], right[SF_NUMBER_TEXT], ops[SF_NUMBER_TEXT];
  sf_progress bar;
  sf_progress_start(&bar, "digits on the C model", d->digits);
  const sf_err err = sf_evaluate(d->net, &d->in, d->digits, &bar, &d->model, msg);
  sf_progress_finish(&bar);
  if (err) return err;
  const sf_evaluation *e = &d->model;
  say(d, "C model      %s digits, %s right: %.2f %%  (%.1f s)\n", sf_count_text(e->samples, all),
      sf_count_text(e->correct, right), 100.0 * (double)e->correct / (double)e->samples, e->seconds);
  say(d, "per digit    %.1f input spikes, %.1f neuron spikes, %s synaptic operations\n", e->input_spikes,
      e->neuron_spikes, sf_count_text((uint64_t)(e->synaptic_ops + 0.5), ops));
  return SF_OK;
}

static sf_err run_rtl(demo *d, double start, sf_msg *msg) {
  char done[SF_NUMBER_TEXT], compared[SF_NUMBER_TEXT], cycles[SF_NUMBER_TEXT], mismatches[SF_NUMBER_TEXT];
  sf_progress bar;
  d->rtl = (sf_crosscheck){.net = d->net,
                           .in = &d->in,
                           .config = &d->config.params,
                           .answer = d->model.answer,
                           .samples = d->digits,
                           .deadline = start + d->limit,
                           .command = "synfire check " NET " --spikes " SPIKES " --config " CONFIG};
  sf_progress_start(&bar, "digits on RTL and C mirror", d->digits);
  sf_progress_note(&bar, d->synth.started ? "place and route beside it" : "");
  const sf_err err = sf_crosscheck_run(&d->rtl, &bar, synthesizing, &d->synth, msg);
  sf_progress_finish(&bar);
  if (err) return err;
  const sf_crosscheck *x = &d->rtl;
  say(d, "RTL          %s digits in lockstep with its C mirror: %s mismatch%s in %s clock cycles  (%.0f s)\n",
      sf_count_text(x->done, done), sf_count_text(x->mismatches, mismatches), x->mismatches == 1 ? "" : "es",
      sf_count_text(x->compared, compared), x->seconds);
  if (x->done < d->digits && !x->mismatches)
    say(d, "             (%u s were over; %s does them all)\n", d->limit, x->command);
  say(d, "             %llu answers differ from the C model's; %s clock cycles a digit\n",
      (unsigned long long)x->differing_answers, sf_count_text((uint64_t)(x->cycles + 0.5), cycles));
  if (x->report[0]) say(d, "%s", x->report);
  if (x->mismatches || x->differing_answers) return sf_fail(msg, SF_EFAIL, "RTL and C model differ");
  if (!x->done) return sf_fail(msg, SF_EFAIL, "no digit was done in %u s", d->limit);
  return SF_OK;
}

static double json_number(const cJSON *object, const char *key) {
  const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);
  return cJSON_IsNumber(item) ? item->valuedouble : 0;
}

static void say_area(const demo *d, const cJSON *root) {
  const cJSON *available = cJSON_GetObjectItemCaseSensitive(root, "available");
  char text[512] = "";
  size_t n = 0;
  for (int i = 0; i < SF_RES_COUNT; i++) {
    const char *key = sf_resource_key((sf_resource)i);
    const double used = json_number(root, key), all = json_number(available, key);
    if (all <= 0 || n >= sizeof text) continue;
    n += (size_t)snprintf(text + n, sizeof text - n, "%s%s %.0f of %.0f", n ? ", " : "",
                          sf_resource_title((sf_resource)i), used, all);
  }
  say(d, "             %s\n", text);
}

/* Other versions place differently, and one placement is one draw: whoever sees another clock than ours sees why. */
static void say_tools(const demo *d, const cJSON *root) {
  const cJSON *tools = cJSON_GetObjectItemCaseSensitive(root, "tool_versions");
  const char *yosys = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(tools, "yosys"));
  const char *nextpnr = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(tools, "nextpnr"));
  if (yosys && nextpnr) say(d, "             by yosys %s and nextpnr %s, one placement\n", yosys, nextpnr);
}

/* What `synfire synth` found; it has said in its log why, when it did not hold. */
static sf_err show_synthesis(demo *d, sf_msg *msg) {
  synthesis *s = &d->synth;
  char line[400], *text = NULL;
  size_t length = 0;
  cJSON *root = NULL;
  if (s->err) return sf_fail(msg, s->err, "%s", s->msg.text[0] ? s->msg.text : "the synthesis did not start");
  if (sf_file_read(s->json, 1 << 24, &text, &length, NULL) || sf_json_parse(text, length, &root, NULL)) {
    free(text);
    sf_log_error(s->log, line, sizeof line);
    return sf_fail(msg, s->status == 1 ? SF_EFAIL : SF_ETOOL, "%s (log: %s)", line, s->log);
  }
  free(text);
  const double fmax = json_number(root, "fmax_mhz");
  const double lanes = d->config.params.lanes;
  say(d, "iCE40 UP5K   %.1f MHz routed, %.2f billion synaptic operations a second  (%.0f s)\n", fmax,
      fmax * lanes / 1000, s->seconds);
  say_area(d, root);
  say_tools(d, root);
  if (d->rtl.cycles > 0) {
    char rate[SF_NUMBER_TEXT];
    say(d, "             %s digits a second at that clock\n",
        sf_count_text((uint64_t)(fmax * 1e6 / d->rtl.cycles), rate));
  }
  const cJSON *failure = cJSON_GetObjectItemCaseSensitive(root, "failure");
  sf_err err = SF_OK;
  if (s->status)
    err = sf_fail(msg, SF_EFAIL, "%.400s", cJSON_IsString(failure) ? failure->valuestring : "the synthesis failed");
  cJSON_Delete(root);
  return err;
}

/* What to do next, as it can be typed where this was. */
static void say_next(const demo *d) {
  char full[SF_PATH_MAX], here[SF_PATH_MAX];
  if (sf_data_path(NEXT, full, NULL)) return;
  const bool is_here = realpath(NEXT, here) && !strcmp(here, full);
  say(d, "next         %s synth %s   # 256 lanes, on an ECP5\n", program_invocation_name, is_here ? NEXT : full);
}

static void print_json(const demo *d) {
  const sf_evaluation *e = &d->model;
  const sf_crosscheck *x = &d->rtl;
  cJSON *root = cJSON_CreateObject();
  cJSON_AddNumberToObject(root, "digits", (double)e->samples);
  cJSON_AddNumberToObject(root, "correct", (double)e->correct);
  cJSON_AddNumberToObject(root, "input_spikes", e->input_spikes);
  cJSON_AddNumberToObject(root, "neuron_spikes", e->neuron_spikes);
  cJSON_AddNumberToObject(root, "synaptic_ops", e->synaptic_ops);
  cJSON_AddNumberToObject(root, "rtl_digits", (double)x->done);
  cJSON_AddNumberToObject(root, "rtl_cycles_compared", (double)x->compared);
  cJSON_AddNumberToObject(root, "mismatches", (double)x->mismatches);
  cJSON_AddNumberToObject(root, "differing_answers", (double)x->differing_answers);
  cJSON_AddNumberToObject(root, "cycles", x->cycles);
  char *text = NULL;
  size_t length = 0;
  cJSON *synth = NULL;
  if (d->wants_synth && !sf_file_read(d->synth.json, 1 << 24, &text, &length, NULL) &&
      !sf_json_parse(text, length, &synth, NULL))
    cJSON_AddItemToObject(root, "synth", synth);
  free(text);
  cJSON_AddStringToObject(root, "report", d->report);
  char *all = cJSON_Print(root);
  if (all) puts(all);
  free(all);
  cJSON_Delete(root);
}

static sf_err write_page(demo *d, sf_msg *msg) {
  const sf_demo_page page = {.title = "MNIST digits on a spiking core",
                             .unit = "digit",
                             .net_path = NET,
                             .spikes_path = SPIKES,
                             .config_path = CONFIG,
                             .net = d->net,
                             .in = &d->in,
                             .config = &d->config.params,
                             .model = &d->model,
                             .rtl = &d->rtl,
                             .synth_json = d->wants_synth && access(d->synth.json, R_OK) == 0 ? d->synth.json : NULL};
  return sf_demo_page_write(&page, d->report, msg);
}

static sf_err run(demo *d, sf_msg *msg) {
  const double start = sf_seconds_now();
  sf_err err = load(d, msg);
  if (err) return err;
  if (d->digits > d->in.n_samples)
    return sf_fail(msg, SF_EINVAL, "--digits %u: must be 1 .. %zu", d->digits, d->in.n_samples);
  say(d, "MNIST on a spiking core: 784 pixels, 240 hidden neurons, 10 classes, 4-bit weights, %u ticks a digit\n",
      d->net->readout.ticks);
  if (d->wants_synth) err = start_synthesis(&d->synth, msg);
  if (err) return err;
  err = run_model(d, msg);
  if (!err) err = run_rtl(d, start, msg);
  end_synthesis(&d->synth);
  sf_msg later = {""};
  sf_err page_err = SF_OK;
  if (d->wants_synth && (!err || err == SF_EFAIL)) {
    const sf_err synth_err = show_synthesis(d, &later);
    if (err && synth_err) say(d, "iCE40 UP5K   failed: %s\n", later.text);
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
    if (!page_err) say(d, "report       %s\n", d->report);
    if (!err) say_next(d);
  }
  if (d->json && (!err || err == SF_EFAIL)) {
    if (d->rtl.report[0]) fputs(d->rtl.report, stderr);
    print_json(d);
  }
  return err;
}

int sf_verb_demo(int argc, char **argv) {
  const char *name = "mnist", *report = NULL;
  int n, status;
  static demo d;
  bool no_synth = false;
  d = (demo){.digits = 10000, .limit = 240};
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
