/* demo_print.c - see demo.h. */
#define _GNU_SOURCE
#include "verbs/demo.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files/file_util.h"
#include "files/json_util.h"
#include "synth/target.h"
#include "util/cli.h"
#include "util/numbers.h"
#include "util/tool.h"

void sf_demo_say(const sf_demo *d, const char *fmt, ...) {
  if (d->json) return;
  va_list args;
  va_start(args, fmt);
  vprintf(fmt, args);
  va_end(args);
  fflush(stdout);
}

void sf_demo_say_model(const sf_demo *d) {
  char all[SF_NUMBER_TEXT], right[SF_NUMBER_TEXT], ops[SF_NUMBER_TEXT];
  const sf_evaluation *e = &d->model;
  sf_demo_say(d, "C model      %s digits, %s right: %.2f %%  (%.1f s)\n", sf_count_text(e->samples, all),
              sf_count_text(e->correct, right), 100.0 * (double)e->correct / (double)e->samples, e->seconds);
  sf_demo_say(d, "per digit    %.1f input spikes, %.1f neuron spikes, %s synaptic operations\n", e->input_spikes,
              e->neuron_spikes, sf_count_text((uint64_t)(e->synaptic_ops + 0.5), ops));
}

void sf_demo_say_rtl(const sf_demo *d) {
  char done[SF_NUMBER_TEXT], compared[SF_NUMBER_TEXT], cycles[SF_NUMBER_TEXT], mismatches[SF_NUMBER_TEXT];
  const sf_crosscheck *x = &d->rtl;
  sf_demo_say(d, "RTL          %s digits in lockstep with its C mirror: %s mismatch%s in %s clock cycles  (%.0f s)\n",
              sf_count_text(x->done, done), sf_count_text(x->mismatches, mismatches), x->mismatches == 1 ? "" : "es",
              sf_count_text(x->compared, compared), x->seconds);
  if (x->done < d->digits && !x->mismatches)
    sf_demo_say(d, "             (%u s were over; %s does them all)\n", d->limit, x->command);
  sf_demo_say(d, "             %llu answers differ from the C model's; %s clock cycles a digit\n",
              (unsigned long long)x->differing_answers, sf_count_text((uint64_t)(x->cycles + 0.5), cycles));
  if (x->report[0]) sf_demo_say(d, "%s", x->report);
}

static double json_number(const cJSON *object, const char *key) {
  const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);
  return cJSON_IsNumber(item) ? item->valuedouble : 0;
}

static void say_area(const sf_demo *d, const cJSON *root) {
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
  sf_demo_say(d, "             %s\n", text);
}

/* Other versions place differently, and one placement is one draw: whoever sees another clock than ours sees why. */
static void say_tools(const sf_demo *d, const cJSON *root) {
  const cJSON *tools = cJSON_GetObjectItemCaseSensitive(root, "tool_versions");
  const char *yosys = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(tools, "yosys"));
  const char *nextpnr = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(tools, "nextpnr"));
  if (yosys && nextpnr) sf_demo_say(d, "             by yosys %s and nextpnr %s, one placement\n", yosys, nextpnr);
}

sf_err sf_demo_say_synthesis(const sf_demo *d, sf_msg *msg) {
  const sf_synth_beside *s = &d->synth;
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
  sf_demo_say(d, "iCE40 UP5K   %.1f MHz routed, %.2f billion synaptic operations a second  (%.0f s)\n", fmax,
              fmax * lanes / 1000, s->seconds);
  say_area(d, root);
  say_tools(d, root);
  if (d->rtl.cycles > 0) {
    char rate[SF_NUMBER_TEXT];
    sf_demo_say(d, "             %s digits a second at that clock\n",
                sf_count_text((uint64_t)(fmax * 1e6 / d->rtl.cycles), rate));
  }
  const cJSON *failure = cJSON_GetObjectItemCaseSensitive(root, "failure");
  sf_err err = SF_OK;
  if (s->status)
    err = sf_fail(msg, SF_EFAIL, "%.400s", cJSON_IsString(failure) ? failure->valuestring : "the synthesis failed");
  cJSON_Delete(root);
  return err;
}

void sf_demo_say_next(const sf_demo *d) {
  char full[SF_PATH_MAX], here[SF_PATH_MAX];
  if (sf_data_path(SF_DEMO_NEXT, full, NULL)) return;
  const bool is_here = realpath(SF_DEMO_NEXT, here) && !strcmp(here, full);
  sf_demo_say(d, "next         %s synth %s   # 256 lanes, on an ECP5\n", program_invocation_name,
              is_here ? SF_DEMO_NEXT : full);
}

void sf_demo_json(const sf_demo *d) {
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
  sf_cli_json(root);
}
