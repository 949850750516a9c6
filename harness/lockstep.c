/* lockstep.c - see lockstep.h. The comparing of a cycle is in vshim.cpp, port by port; only a mismatch looks closer. */
#include "lockstep.h"

#include <stddef.h>
#include <stdlib.h>

/* The flags that a wide probe's `valid` can name in ports.h; the macros below use them by that name. */
#define WIDE_FLAGS(o) \
  const bool always = true, probe_weight_valid = (o)->probe_weight_valid, probe_update_valid = (o)->probe_update_valid;

void sf_lockstep_free(sf_lockstep *l) {
  if (!l) return;
  sf_core_free(l->mirror);
  sf_rtl_close(&l->rtl);
  sf_watch_free(l->watch);
  free(l->room);
  free(l);
}

sf_err sf_lockstep_new(const sf_params *p, const sf_rtl *rtl, const sf_lockstep_options *options, sf_lockstep **out,
                       sf_msg *msg) {
  sf_lockstep *l = calloc(1, sizeof *l);
  if (!l) {
    sf_rtl left = rtl ? *rtl : (sf_rtl){0};
    sf_rtl_close(&left);
    return sf_fail(msg, SF_ENOMEM, "out of memory");
  }
  l->p = *p;
  if (rtl) l->rtl = *rtl;
  l->options = *options;
  l->port_bytes = options->no_probes ? offsetof(sf_core_ports, probe_phase) : sizeof(sf_core_ports);
  sf_signals_of(&l->p, &l->signals);
  for (int i = 0; i < SF_N_WIDE; i++) l->bytes[i] = l->signals.wide[i].words * sizeof(uint32_t);
  const size_t n = sizeof l->kept / sizeof *l->kept, words = l->signals.wide_words;
  l->room = calloc(2 * n * words, sizeof *l->room);
  sf_err err = l->room ? sf_core_new(p, &l->mirror, msg) : sf_fail(msg, SF_ENOMEM, "out of memory");
  if (!err && !options->no_watch) err = sf_watch_new(p, &l->watch, msg);
  if (err) {
    sf_lockstep_free(l);
    return err;
  }
  for (size_t i = 0; i < 2 * n; i++) l->kept[i / 2].wide[i % 2] = l->room + i * words;
  *out = l;
  return SF_OK;
}

/* Keep what one side showed; wide probes only where they mean something. */
static void keep_wide(sf_lockstep *l, sf_kept *k, int side, const sf_core_out *o) {
  uint32_t *to = k->wide[side];
  int i = 0;
  WIDE_FLAGS(&o->port)
#define KEEP(name, words, bits, valid)                                      \
  if (valid) memcpy(to + l->signals.wide_at[i], o->wide.name, l->bytes[i]); \
  i++;
  SF_CORE_WIDE(KEEP)
}

static sf_kept *keep(sf_lockstep *l, const sf_core_in *in, const sf_core_out *model) {
  sf_kept *k = &l->kept[l->next];
  if (++l->next == SF_KEPT) l->next = 0;
  if (l->n_kept < SF_KEPT) l->n_kept++;
  k->cycle = l->cycle;
  k->tick = l->tick;
  k->in = *in;
  k->side[0] = model->port;
  keep_wide(l, k, 0, model);
  return k;
}

/* One edge of the RTL: are its ports and valid probes the mirror's? */
static bool step_rtl(sf_lockstep *l, const sf_core_in *in, const sf_core_out *model) {
  if (!l->options.no_probes) return l->rtl.step_equal(l->rtl.core, in, model);
  l->rtl.step(l->rtl.core, in, &l->got);
  return !memcmp(&model->port, &l->got.port, l->port_bytes);
}

/* ---- a mismatch ---- */

static int64_t shown(const sf_signal *s, uint32_t word) { return s->is_signed ? (int32_t)word : (int64_t)word; }

/* The neuron that lane `lane` of a signal belongs to in this cycle, -1 if it has none. */
static int64_t neuron_of(const sf_lockstep *l, const sf_signal *s, uint32_t lane, const sf_core_ports *o) {
  if (!strcmp(s->name, "out_neuron")) return o->out_neuron;
  if (strcmp(s->module, "neuron_lif") || !o->probe_update_valid) return -1;
  return (int64_t)o->probe_update_word * l->p.neuron_lanes + lane;
}

static void note(sf_lockstep *l, const sf_signal *s, const char *name, int64_t expected, int64_t got, int64_t neuron) {
  sf_mismatch *m = &l->mismatch;
  if (m->found) {
    const size_t used = strlen(m->others);
    if (m->n_others++ < 8) snprintf(m->others + used, sizeof m->others - used, "%s%s", used ? ", " : "", name);
    return;
  }
  m->found = true;
  snprintf(m->signal, sizeof m->signal, "%s", name);
  m->which = s;
  m->width = s->width;
  m->expected = expected;
  m->got = got;
  m->neuron = neuron;
}

/* Wide signals first: they say more about the cause than the handshakes that follow from it. */
static void examine(sf_lockstep *l, const sf_core_out *model, const sf_core_out *rtl) {
  char name[64];
  for (int i = 0; i < SF_N_WIDE && !l->options.no_probes; i++) {
    const sf_signal *s = &l->signals.wide[i];
    const uint32_t *m = sf_wide_array(&model->wide)[i], *r = sf_wide_array(&rtl->wide)[i];
    if (!sf_signal_valid(s, &model->port) || !sf_signal_valid(s, &rtl->port)) continue;
    for (uint32_t k = 0; k < s->words; k++) {
      uint32_t lane = k;
      int64_t expected = shown(s, m[k]), got = shown(s, r[k]);
      if (m[k] == r[k]) continue;
      if (!strcmp(s->name, "probe_spike")) {
        const uint32_t bit = (uint32_t)__builtin_ctz(m[k] ^ r[k]);
        lane = 32 * k + bit;
        expected = m[k] >> bit & 1;
        got = r[k] >> bit & 1;
      }
      snprintf(name, sizeof name, "%s[%u]", s->name, (unsigned)lane);
      note(l, s, name, expected, got, neuron_of(l, s, lane, &model->port));
      break; /* one lane a signal will do */
    }
  }
  for (int i = 0; i < SF_N_OUT; i++) {
    const sf_signal *s = &l->signals.out[i];
    const uint32_t m = sf_port_array(&model->port)[i], r = sf_port_array(&rtl->port)[i];
    if ((size_t)i * sizeof m >= l->port_bytes) break;
    if (m != r) note(l, s, s->name, shown(s, m), shown(s, r), neuron_of(l, s, 0, &model->port));
  }
}

/* What the RTL showed in the last edge. Probes that are not built are shown as the mirror's, so that they do not differ. */
static void keep_rtl(sf_lockstep *l, sf_kept *k, const sf_core_out *model) {
  const sf_core_out *from = l->options.no_probes || !l->rtl.core ? model : &l->got;
  k->side[1] = from->port;
  if (l->rtl.core) memcpy(&k->side[1], &l->got.port, l->port_bytes);
  keep_wide(l, k, 1, from);
}

/* A few more cycles of both sides, with nothing new coming in, so that the waveform shows what follows. */
static void run_on(sf_lockstep *l, sf_core_in in) {
  sf_core_out model;
  in.in_valid = in.tick_valid = in.host_valid = in.rst = 0;
  for (size_t i = 0; i < SF_AFTER; i++) {
    sf_kept *k = &l->kept[SF_KEPT + i];
    sf_core_step(l->mirror, &in, &model);
    k->cycle = l->cycle + 1 + i;
    k->tick = l->tick;
    k->in = in;
    k->side[0] = model.port;
    keep_wide(l, k, 0, &model);
    if (l->rtl.core) l->rtl.step(l->rtl.core, &in, &l->got);
    keep_rtl(l, k, &model);
  }
}

static bool stop(sf_lockstep *l, const sf_core_in *in, sf_kept *k, const sf_core_out *model) {
  sf_mismatch *m = &l->mismatch;
  m->cycle = l->cycle;
  m->tick = l->tick;
  if (l->rtl.core) l->rtl.show(l->rtl.core, &l->got);
  if (!m->by_watch && !m->stopped) examine(l, model, &l->got);
  /* Until now both sides were equal and only one was kept. */
  for (size_t i = 0; i < l->n_kept; i++) {
    sf_kept *past = &l->kept[i];
    past->side[1] = past->side[0];
    memcpy(past->wide[1], past->wide[0], l->signals.wide_words * sizeof(uint32_t));
  }
  keep_rtl(l, k, model);
  run_on(l, *in);
  return false;
}

static bool stop_by_watch(sf_lockstep *l, const sf_core_in *in, sf_kept *k, const sf_core_out *model) {
  sf_mismatch *m = &l->mismatch;
  m->found = m->by_watch = true;
  m->finding = l->watch->finding;
  snprintf(m->signal, sizeof m->signal, "%.63s", m->finding.what);
  m->expected = m->finding.expected;
  m->got = m->finding.got;
  m->width = 32;
  m->neuron = -1;
  stop(l, in, k, model);
  m->tick = m->finding.tick;
  return false;
}

static bool stop_by_rtl(sf_lockstep *l, const sf_core_in *in, sf_kept *k, const sf_core_out *model, const char *text) {
  l->mismatch.found = l->mismatch.stopped = true;
  l->mismatch.neuron = -1;
  snprintf(l->mismatch.signal, sizeof l->mismatch.signal, "an input rule of the RTL");
  snprintf(l->mismatch.text, sizeof l->mismatch.text, "%s", text);
  return stop(l, in, k, model);
}

bool sf_lockstep_step(void *lockstep, const sf_core_in *in, sf_core_out *out) {
  sf_lockstep *l = lockstep;
  if (l->mismatch.found) return false;
  l->cycle++;
  if (in->rst && !l->live) {
    l->live = true;
    if (l->watch) l->watch->cycle = l->cycle - 1;
  }
  if (l->options.flip.on) sf_flip_before(l);
  sf_core_step(l->mirror, in, out);
  if (l->options.flip.on) sf_flip_after(l, out);
  const bool equal = !l->rtl.core || step_rtl(l, in, out);
  if (!l->live) return true;
  sf_kept *k = keep(l, in, out);
  l->compared++;
  if (!equal) return stop(l, in, k, out);
  if (l->watch && !sf_watch_cycle(l->watch, in, out)) return stop_by_watch(l, in, k, out);
  if (out->port.tick_done) {
    l->tick++;
    const char *text = l->rtl.core ? l->rtl.message(l->rtl.core) : NULL;
    if (text) return stop_by_rtl(l, in, k, out, text);
  } else if (out->port.probe_phase == SF_PHASE_CLEAR) {
    l->tick = 0;
  }
  return true;
}

sf_err sf_lockstep_drained(sf_lockstep *l, sf_msg *msg) {
  const char *text = l->rtl.core ? l->rtl.message(l->rtl.core) : NULL;
  if (l->mismatch.found) return SF_EFAIL;
  if (!l->compared) return sf_fail(msg, SF_EFAIL, "no cycle was compared");
  if (text) return sf_fail(msg, SF_EFAIL, "the RTL stopped: %s", text);
  if (l->watch && !sf_watch_drained(l->watch))
    return sf_fail(msg, SF_EFAIL, "%s (%s)", l->watch->finding.what, l->watch->finding.where);
  return SF_OK;
}
