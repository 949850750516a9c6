/* lockstep.c - see lockstep.h. The comparing of a cycle is in vshim.cpp, port by port; only a mismatch looks closer. */
#include "lockstep/lockstep.h"

#include <stddef.h>
#include <stdlib.h>

/* The flags that a wide probe's `valid` can name in ports.h; the macros below use them by that name. */
#define WIDE_FLAGS(o) \
  const bool always = true, probe_weight_valid = (o)->probe_weight_valid, probe_update_valid = (o)->probe_update_valid;

/* One edge of the RTL: are its ports and valid probes the mirror's? */
static bool step_rtl(sf_lockstep *l, const sf_core_in *in, const sf_core_out *model) {
  if (!l->options.no_probes) return l->rtl.step_equal(l->rtl.core, in, model);
  l->rtl.step(l->rtl.core, in, &l->got);
  return !memcmp(&model->port, &l->got.port, l->port_bytes);
}

void sf_lockstep_free(sf_lockstep *l) {
  if (!l) return;
  if (l->mirror) l->made.calls->release(l->mirror);
  sf_mirror_unload(&l->made);
  sf_rtl_close(&l->rtl);
  sf_watch_free(l->watch);
  free(l->room);
  free(l->kept_room);
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
  l->mismatch.signal = "";
  l->mismatch.lane = -1;
  l->port_bytes = options->no_probes ? offsetof(sf_core_ports, probe_phase) : sizeof(sf_core_ports);
  sf_signals_of(&l->p, &l->signals);
  for (int i = 0; i < SF_N_WIDE; i++) l->bytes[i] = l->signals.wide[i].words * sizeof(uint32_t);
  l->room = calloc(SF_CYCLES * l->signals.wide_words, sizeof *l->room);
  sf_mirror_load(p, options->made, &l->made);
  sf_err err = l->room ? l->made.calls->make(p, &l->mirror, msg) : sf_fail(msg, SF_ENOMEM, "out of memory");
  if (!err && options->no_probes) l->made.calls->no_probe(l->mirror);
  if (!err && !options->no_watch) err = sf_watch_new(p, &l->watch, msg);
  if (!err && l->watch) l->watch->no_probes = options->no_probes;
  if (err) {
    sf_lockstep_free(l);
    return err;
  }
  for (size_t i = 0; i < SF_CYCLES; i++)
    for (int k = 0; k < SF_N_WIDE; k++)
      ((const uint32_t **)&l->past[i].out.wide)[k] = l->room + i * l->signals.wide_words + l->signals.wide_at[k];
  *out = l;
  return SF_OK;
}

/* Remember what the mirror was given and showed; wide probes only where they mean something. */
static void remember(sf_lockstep *l, const sf_core_in *in, const sf_core_out *o) {
  sf_past *k = &l->past[l->cycle % SF_CYCLES];
  k->tick = l->tick;
  k->live = l->live;
  k->in = *in;
  k->out.port = o->port;
  int i = 0;
  WIDE_FLAGS(&o->port)
#define KEEP(name, words, bits, valid)                                                   \
  if (valid) memcpy((uint32_t *)(uintptr_t)k->out.wide.name, o->wide.name, l->bytes[i]); \
  i++;
  SF_CORE_WIDE(KEEP)
}

/* ---- a mismatch ---- */

static int64_t shown(const sf_signal *s, uint32_t word) { return s->is_signed ? (int32_t)word : (int64_t)word; }

/* The neuron that lane `lane` of a signal belongs to in this cycle, -1 if it has none. */
static int64_t neuron_of(const sf_lockstep *l, const sf_signal *s, uint32_t lane, const sf_core_ports *o) {
  if (!strcmp(s->name, "out_neuron")) return o->out_neuron;
  if (strcmp(s->module, "neuron_lif") || !o->probe_update_valid) return -1;
  return (int64_t)o->probe_update_word * l->p.neuron_lanes + lane;
}

static void note(sf_lockstep *l, const sf_signal *s, int64_t lane, int64_t expected, int64_t got, int64_t neuron) {
  sf_mismatch *m = &l->mismatch;
  if (m->found) {
    if (m->n_others < SF_OTHERS) {
      m->other[m->n_others].signal = s->name;
      m->other[m->n_others].lane = lane;
    }
    m->n_others++;
    return;
  }
  m->found = true;
  m->signal = s->name;
  m->lane = lane;
  m->which = s;
  m->width = s->width;
  m->expected = expected;
  m->got = got;
  m->neuron = neuron;
}

/* Wide signals first: they say more about the cause than the handshakes that follow from it. */
static void examine(sf_lockstep *l, const sf_core_out *model, const sf_core_out *rtl) {
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
      note(l, s, lane, expected, got, neuron_of(l, s, lane, &model->port));
      break; /* one lane a signal will do */
    }
  }
  for (int i = 0; i < SF_N_OUT; i++) {
    const sf_signal *s = &l->signals.out[i];
    const uint32_t m = sf_port_array(&model->port)[i], r = sf_port_array(&rtl->port)[i];
    if ((size_t)i * sizeof m >= l->port_bytes) break;
    if (m != r) note(l, s, -1, shown(s, m), shown(s, r), neuron_of(l, s, 0, &model->port));
  }
}

static void keep_wide(const sf_lockstep *l, sf_kept *k, int side, const sf_core_out *o) {
  for (int i = 0; i < SF_N_WIDE; i++)
    if (sf_signal_valid(&l->signals.wide[i], &o->port))
      memcpy(k->wide[side] + l->signals.wide_at[i], sf_wide_array(&o->wide)[i], l->bytes[i]);
}

static void keep(const sf_lockstep *l, sf_kept *k, uint64_t cycle, const sf_core_in *in, const sf_core_out *model) {
  k->cycle = cycle;
  k->tick = l->past[cycle % SF_CYCLES].tick;
  k->in = *in;
  k->side[0] = k->side[1] = model->port; /* both, as long as they were equal */
  keep_wide(l, k, 0, model);
  keep_wide(l, k, 1, model);
}

/* What the RTL showed in the last edge. Probes that are not built are shown as the mirror's: no difference. */
static void keep_rtl(const sf_lockstep *l, sf_kept *k, const sf_core_out *model) {
  const sf_core_out *from = l->options.no_probes || !l->rtl.core ? model : &l->got;
  k->side[1] = from->port;
  if (l->rtl.core) memcpy(&k->side[1], &l->got.port, l->port_bytes);
  keep_wide(l, k, 1, from);
}

/* A few more cycles of both sides, so that the waveform shows what follows: those that the mirror has done already,
 * then some with nothing new coming in. */
static void run_on(sf_lockstep *l, uint64_t cycle) {
  sf_core_in in = l->past[cycle % SF_CYCLES].in;
  sf_core_out model;
  for (size_t i = 0; i < SF_AFTER; i++) {
    sf_kept *k = &l->kept[l->n_kept + i];
    const sf_core_out *shown = &model;
    if (++cycle <= l->cycle) {
      in = l->past[cycle % SF_CYCLES].in;
      shown = &l->past[cycle % SF_CYCLES].out;
    } else {
      in.in_valid = in.tick_valid = in.host_valid = in.rst = 0;
      l->made.calls->step(l->mirror, &in, &model);
      l->past[cycle % SF_CYCLES].tick = l->tick; /* a cycle long past had that place */
    }
    keep(l, k, cycle, &in, shown);
    if (l->rtl.core) l->rtl.step(l->rtl.core, &in, &l->got);
    keep_rtl(l, k, shown);
  }
}

/* The sides differ in `cycle`, the last one that the RTL did. False. */
static bool stop(sf_lockstep *l, uint64_t cycle) {
  sf_mismatch *m = &l->mismatch;
  const sf_past *last = &l->past[cycle % SF_CYCLES];
  const size_t n = sizeof l->kept / sizeof *l->kept, words = l->signals.wide_words;
  m->found = m->by_watch || m->stopped;
  m->cycle = cycle;
  m->tick = last->tick;
  if (l->rtl.core) l->rtl.show(l->rtl.core, &l->got);
  if (!m->found) examine(l, &last->out, &l->got);
  m->found = true;
  if (!l->kept_room) l->kept_room = calloc(2 * n * words, sizeof *l->kept_room);
  if (!l->kept_room) return false; /* no window then */
  for (size_t i = 0; i < 2 * n; i++) l->kept[i / 2].wide[i % 2] = l->kept_room + i * words;
  const uint64_t from = cycle - l->first < SF_KEPT ? l->first : cycle + 1 - SF_KEPT;
  for (uint64_t c = from; c <= cycle; c++)
    keep(l, &l->kept[l->n_kept++], c, &l->past[c % SF_CYCLES].in, &l->past[c % SF_CYCLES].out);
  keep_rtl(l, &l->kept[l->n_kept - 1], &last->out);
  run_on(l, cycle);
  return false;
}

static bool stop_by_watch(sf_lockstep *l) {
  sf_mismatch *m = &l->mismatch;
  m->by_watch = true;
  m->finding = l->watch->finding;
  m->signal = m->finding.what;
  m->lane = -1;
  m->expected = m->finding.expected;
  m->got = m->finding.got;
  m->width = 32;
  m->neuron = -1;
  stop(l, l->cycle);
  m->tick = m->finding.tick;
  return false;
}

static bool stop_by_rtl(sf_lockstep *l, const char *text) {
  l->mismatch.stopped = true;
  l->mismatch.neuron = -1;
  l->mismatch.signal = "an input rule of the RTL";
  l->mismatch.lane = -1;
  snprintf(l->mismatch.text, sizeof l->mismatch.text, "%s", text);
  return stop(l, l->checked);
}

bool sf_lockstep_settle(sf_lockstep *l) {
  if (l->mismatch.found) return false;
  bool equal = true;
  if (!l->rtl.core) l->checked = l->cycle;
  while (equal && l->checked < l->cycle) {
    const sf_past *k = &l->past[++l->checked % SF_CYCLES];
    equal = step_rtl(l, &k->in, &k->out) || !k->live;
  }
  l->compared = l->live && l->checked >= l->first ? l->checked - l->first + 1 : 0;
  if (!equal) return stop(l, l->checked);
  const char *text = l->rtl.core && l->live ? l->rtl.message(l->rtl.core) : NULL;
  return text ? stop_by_rtl(l, text) : true;
}

bool sf_lockstep_step(void *lockstep, const sf_core_in *in, sf_core_out *out) {
  sf_lockstep *l = lockstep;
  if (l->mismatch.found) return false;
  l->cycle++;
  if (in->rst && !l->live) {
    l->live = true;
    l->first = l->cycle;
    if (l->watch) l->watch->cycle = l->cycle - 1;
  }
  if (l->options.flip.on) sf_flip_before(l);
  l->made.calls->step(l->mirror, in, out);
  if (l->options.flip.on) sf_flip_after(l, out);
  remember(l, in, out);
  /* The watch goes by the mirror: what the RTL did until then counts first. */
  if (l->live && l->watch && !sf_watch_cycle(l->watch, in, out)) return sf_lockstep_settle(l) && stop_by_watch(l);
  if (out->port.tick_done) {
    l->tick++;
    return sf_lockstep_settle(l);
  }
  if (out->port.probe_phase == SF_PHASE_CLEAR) l->tick = 0;
  return l->cycle - l->checked < SF_AHEAD || sf_lockstep_settle(l);
}

sf_err sf_lockstep_drained(sf_lockstep *l, sf_msg *msg) {
  if (!sf_lockstep_settle(l)) return SF_EFAIL;
  const char *text = l->rtl.core ? l->rtl.message(l->rtl.core) : NULL;
  if (!l->compared) return sf_fail(msg, SF_EFAIL, "no cycle was compared");
  if (text) return sf_fail(msg, SF_EFAIL, "the RTL stopped: %s", text);
  char where[SF_WHERE_TEXT];
  if (l->watch && !sf_watch_drained(l->watch))
    return sf_fail(msg, SF_EFAIL, "%s (%s)", l->watch->finding.what, sf_finding_where(&l->watch->finding, where));
  return SF_OK;
}
