/* lockstep_report.c - what a person needs to see of a mismatch: signal, values, and the cycles that led there. */
#include <inttypes.h>
#include <unistd.h>

#include "lockstep/gtkw.h"
#include "lockstep/lockstep.h"
#include "util/text.h"

enum { SHOWN = 10 }; /* cycles in the table */

/* The kept cycles, oldest first. */
static size_t in_order(const sf_lockstep *l, const sf_kept *list[SF_KEPT + SF_AFTER], bool with_after) {
  size_t n = 0;
  for (size_t i = 0; i < l->n_kept; i++) list[n++] = &l->kept[i];
  for (size_t i = 0; with_after && l->mismatch.found && i < SF_AFTER; i++) list[n++] = &l->kept[l->n_kept + i];
  return n;
}

static void name_signal(char *text, size_t size, const char *signal, int64_t lane) {
  if (lane < 0) snprintf(text, size, "%s", signal);
  else snprintf(text, size, "%s[%" PRId64 "]", signal, lane);
}

const char *sf_mismatch_signal(const sf_mismatch *m, char text[SF_SIGNAL_TEXT]) {
  name_signal(text, SF_SIGNAL_TEXT, m->signal, m->lane);
  return text;
}

const char *sf_finding_where(const sf_finding *f, char text[SF_WHERE_TEXT]) {
  static const char *const fixed[] = {[SF_AT_NOTHING] = "",
                                      [SF_AT_INPUT] = "AER input",
                                      [SF_AT_CYCLES] = "cycle formula",
                                      [SF_AT_END] = "end of the run"};
  switch (f->place) {
    case SF_AT_NEURON:
      snprintf(text, SF_WHERE_TEXT, "neuron %u", (unsigned)f->at);
      break;
    case SF_AT_ADDRESS:
      snprintf(text, SF_WHERE_TEXT, "address 0x%08x", (unsigned)f->at);
      break;
    case SF_AT_OUTPUT:
      snprintf(text, SF_WHERE_TEXT, "number %u of the tick; -1: none", (unsigned)f->at);
      break;
    case SF_AT_MESSAGE:
      snprintf(text, SF_WHERE_TEXT, "%.127s", f->why.text);
      break;
    default:
      snprintf(text, SF_WHERE_TEXT, "%s", fixed[f->place]);
      break;
  }
  return text;
}

/* The lane that a waveform and the table show. */
static uint32_t lane_of(const sf_mismatch *m) { return m->lane < 0 ? 0 : (uint32_t)m->lane; }

/* The functional model's v, u, r and a of a neuron are seen on the probe of the lane that writes it back. */
static const sf_signal *probe_of(const sf_lockstep *l, uint32_t *lane) {
  const sf_mismatch *m = &l->mismatch;
  char name[80];
  if (!m->by_watch || m->finding.place != SF_AT_NEURON) return NULL;
  snprintf(name, sizeof name, "probe_%s", m->signal);
  for (int i = 0; i < SF_N_WIDE; i++) {
    if (strcmp(l->signals.wide[i].name, name)) continue;
    *lane = m->finding.at % l->p.neuron_lanes;
    return &l->signals.wide[i];
  }
  return NULL;
}

sf_err sf_lockstep_waveform(const sf_lockstep *l, const char *path, sf_msg *msg) {
  const sf_mismatch *m = &l->mismatch;
  const sf_kept *list[SF_KEPT + SF_AFTER];
  const size_t n = in_order(l, list, true);
  char beside[SF_PATH_MAX + 8], title[160], signal[SF_SIGNAL_TEXT];
  sf_err err = sf_gtkw_path(path, beside, sizeof beside, msg);
  if (err) return err;
  (void)unlink(beside); /* it belongs to what is overwritten now */
  err = sf_fst_write(path, &l->signals, list, n, msg);
  if (err || !m->found || !n) return err;
  sf_gtkw_view view = {.title = title, .top = m->which, .word = lane_of(m), .from = list[0]->cycle, .at = m->cycle};
  if (!m->which) view.top = probe_of(l, &view.word);
  /* What the functional model finds at the end of a tick was written back before, perhaps within the window. */
  if (m->by_watch && m->finding.cycle >= view.from && m->finding.cycle <= m->cycle) view.at = m->finding.cycle;
  snprintf(title, sizeof title, "%s, cycle %" PRIu64 "%s",
           m->stopped ? "the RTL stopped" : sf_mismatch_signal(m, signal), view.at,
           m->by_watch ? ", functional model against both" : "");
  err = sf_gtkw_write(path, &l->signals, &view, msg);
  if (err) (void)unlink(path);
  return err;
}

static void hex(char *text, size_t size, int64_t value, uint32_t width) {
  const uint64_t mask = width >= 64 ? UINT64_MAX : ((uint64_t)1 << width) - 1;
  snprintf(text, size, "0x%0*" PRIx64, (int)((width + 3) / 4), (uint64_t)value & mask);
}

/* The value of the mismatching signal on one side of one cycle, "-" where it means nothing. */
static void value_text(const sf_lockstep *l, const sf_kept *k, int side, char *text, size_t size) {
  const sf_mismatch *m = &l->mismatch;
  const sf_signal *s = m->which;
  snprintf(text, size, "-");
  if (!s || !sf_signal_valid(s, &k->side[side])) return;
  const int wide = s >= l->signals.wide && s < l->signals.wide + SF_N_WIDE ? (int)(s - l->signals.wide) : -1;
  if (wide < 0) {
    snprintf(text, size, "%u", (unsigned)sf_port_array(&k->side[side])[s - l->signals.out]);
    return;
  }
  const uint32_t lane = lane_of(m);
  const uint32_t *word = k->wide[side] + l->signals.wide_at[wide];
  if (!strcmp(s->name, "probe_spike")) snprintf(text, size, "%u", (unsigned)(word[lane / 32] >> lane % 32 & 1));
  else if (s->is_signed) snprintf(text, size, "%d", (int)(int32_t)word[lane]);
  else snprintf(text, size, "%08x", (unsigned)word[lane]);
}

static void flow(char *text, size_t size, bool valid, bool ready, const char *format, unsigned a, unsigned b) {
  char what[24] = "";
  if (valid) snprintf(what, sizeof what, format, a, b);
  snprintf(text, size, "%s%s", valid ? what : ".", valid && !ready ? "!" : "");
}

/* One line of the table: the cycle as `side` shows it. Inputs and handshakes are those of the edge of this cycle. */
static void line(const sf_lockstep *l, const sf_kept *k, const sf_kept *before, int side, FILE *out) {
  const sf_core_ports *o = &k->side[side], *p = before ? &before->side[side] : o;
  char event[24], output[24], host[24], issue[24], update[24], route[24], value[32];
  flow(event, sizeof event, k->in.in_valid, p->in_ready, "%u+%u", k->in.in_axon, k->in.in_delay);
  flow(output, sizeof output, p->out_valid, k->in.out_ready, "%u", p->out_neuron, 0);
  flow(host, sizeof host, k->in.host_valid, p->host_ready, k->in.host_write ? "w%08x" : "r%08x", k->in.host_addr, 0);
  if (!o->probe_issue_valid) snprintf(issue, sizeof issue, ".");
  else if (o->probe_issue_end) snprintf(issue, sizeof issue, "%u:end", (unsigned)o->probe_group);
  else snprintf(issue, sizeof issue, "%u:%u", (unsigned)o->probe_group, (unsigned)o->probe_issue_axon);
  flow(update, sizeof update, o->probe_update_valid, true, "%u", o->probe_update_word, 0);
  flow(route, sizeof route, o->probe_route_valid, true, o->probe_route_external ? "out" : "ring", 0, 0);
  value_text(l, k, side, value, sizeof value);
  const bool differs = memcmp(&k->side[0], &k->side[1], l->port_bytes) ||
                       memcmp(k->wide[0], k->wide[1], l->signals.wide_words * sizeof(uint32_t));
  fprintf(out, "  %10" PRIu64 " %-5s %-6s %-4s %-9s %-10s %-9s %-3s %-6s %-5s %-6s %s\n", k->cycle,
          !differs ? "both"
          : side   ? "rtl"
                   : "model",
          sf_phase_name(o->probe_phase),
          k->in.rst          ? "rst"
          : k->in.tick_valid ? "tick"
                             : ".",
          event, host, issue,
          o->probe_weight_valid ? "add"
          : o->probe_swap       ? "end"
                                : ".",
          update, route, output, value);
}

static void table(const sf_lockstep *l, FILE *out) {
  const sf_kept *list[SF_KEPT + SF_AFTER];
  const size_t n = in_order(l, list, false), first = n > SHOWN ? n - SHOWN : 0;
  char signal[SF_SIGNAL_TEXT];
  fprintf(out, "\n  %10s %-5s %-6s %-4s %-9s %-10s %-9s %-3s %-6s %-5s %-6s %s\n", "cycle", "side", "phase", "in",
          "event", "host", "issue", "sum", "update", "route", "out",
          l->mismatch.which ? sf_mismatch_signal(&l->mismatch, signal) : "");
  for (size_t i = first; i < n; i++) {
    const sf_kept *before = i ? list[i - 1] : NULL;
    line(l, list[i], before, 0, out);
    if (i == n - 1 && l->rtl.core && !l->mismatch.by_watch && !l->mismatch.stopped) line(l, list[i], before, 1, out);
  }
  fprintf(out,
          "  issue group:axon   update word of neurons written back   ! = valid without ready   - = not valid\n\n");
}

static void others(const sf_mismatch *m, FILE *out) {
  char text[160] = "", name[SF_SIGNAL_TEXT];
  for (size_t i = 0; i < m->n_others && i < SF_OTHERS; i++) {
    const size_t used = strlen(text);
    name_signal(name, sizeof name, m->other[i].signal, m->other[i].lane);
    snprintf(text + used, sizeof text - used, "%s%s", i ? ", " : "", name);
  }
  fprintf(out, "  %u more differ in this cycle: %s\n", (unsigned)m->n_others, text);
}

void sf_lockstep_report(const sf_lockstep *l, const char *rerun, const char *fst, FILE *out) {
  const sf_mismatch *m = &l->mismatch;
  char expected[32], got[32], signal[SF_SIGNAL_TEXT], where[SF_WHERE_TEXT];
  hex(expected, sizeof expected, m->expected, m->width);
  hex(got, sizeof got, m->got, m->width);
  fprintf(out, "MISMATCH cycle %" PRIu64 "  tick %u  %s", m->cycle, (unsigned)m->tick, sf_mismatch_signal(m, signal));
  if (m->neuron >= 0) fprintf(out, "  (neuron %" PRId64 ")", m->neuron);
  if (m->by_watch) fprintf(out, "  (%s)", sf_finding_where(&m->finding, where));
  fprintf(out, "\n");
  if (m->stopped) fprintf(out, "  the RTL stopped at %s\n", m->text);
  else if (m->by_watch)
    fprintf(out,
            "  expected (functional model) %" PRId64 " (%s)   got (mirror%s) %" PRId64 " (%s), in cycle %" PRIu64 "\n",
            m->expected, expected, l->rtl.core ? " and rtl" : "", m->got, got, m->finding.cycle);
  else
    fprintf(out, "  expected (model) %" PRId64 " (%s)   got (rtl) %" PRId64 " (%s)   last agreed: cycle %" PRIu64 "\n",
            m->expected, expected, m->got, got, m->cycle - 1);
  if (m->n_others) others(m, out);
  if (m->which) fprintf(out, "  model: cmodel/mirror/%s.c   rtl: rtl/core/%s.v\n", m->which->module, m->which->module);
  else if (m->by_watch) fprintf(out, "  functional model: cmodel/model/model.c   both others agree with each other\n");
  table(l, out);
  char beside[SF_PATH_MAX + 8];
  if (fst && !sf_gtkw_path(fst, beside, sizeof beside, NULL))
    fprintf(out,
            "  waveform: %s (cycles %" PRIu64 " to %" PRIu64 "; scopes in, model, rtl, diff)\n"
            "  to see it: gtkwave %s\n",
            fst, m->cycle + 1 - l->n_kept, m->cycle + SF_AFTER, sf_quoted(beside));
  if (rerun) fprintf(out, "  rerun: %s\n", rerun);
}
