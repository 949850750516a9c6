/* check_report.c - see check_report.h. */
#define _GNU_SOURCE
#include "run/check_report.h"

#include <cjson/cJSON.h>
#include <stdlib.h>

#include "lockstep/gtkw.h"
#include "util/text.h"

int sf_check_mismatch(const sf_lockstep *l, const sf_check_args *a, const char *rerun) {
  sf_msg msg = {""};
  const char *fst = a->fst;
  if (sf_lockstep_waveform(l, fst, &msg)) {
    sf_cli_error("check", "%s", msg.text);
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
