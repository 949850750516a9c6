/* lockstep_flip.c - deliberate faults in the mirror or the functional model: proof that the check sees them. */
#include <stdlib.h>

#include "lockstep/lockstep.h"
#include "model/model_probe.h"

enum { N_STATES = 7, N_FIELDS = 7 };
static const char *const state_name[N_STATES] = {"v", "u", "r", "a", "threshold", "bias", "sum"};
static const char *const field_name[N_FIELDS] = {"model.threshold", "model.bias", "model.profile", "model.v",
                                                 "model.u",         "model.r",    "model.a"};

static int model_field(const char *signal) {
  for (int i = 0; i < N_FIELDS; i++)
    if (!strcmp(signal, field_name[i])) return i;
  return -1;
}

static bool is_state(const char *signal) {
  for (size_t i = 0; i < N_STATES; i++)
    if (!strcmp(signal, state_name[i])) return true;
  return false;
}

/* The RTL's port of that name, tick_done_o, is the signal tick_done here. */
static void drop_suffix(char *signal) {
  const size_t n = strlen(signal);
  if (n > 2 && (!strcmp(signal + n - 2, "_o") || !strcmp(signal + n - 2, "_i"))) signal[n - 2] = '\0';
}

/* Bits of a signal that can be flipped, and how many of it there are; false: there is none of that name. */
static bool size_of(const sf_signals *s, const sf_params *p, const char *signal, uint32_t *width, uint32_t *indices) {
  *width = p->potential_bits;
  *indices = p->neurons;
  for (int i = 0; i < SF_N_OUT; i++)
    if (!strcmp(signal, s->out[i].name)) {
      *width = s->out[i].width;
      *indices = 1;
      return true;
    }
  for (int i = 0; i < SF_N_WIDE; i++)
    if (!strcmp(signal, s->wide[i].name)) {
      *width = s->wide[i].width;
      *indices = s->wide[i].words;
      return true;
    }
  if (!strcmp(signal, "sum")) {
    *width = 32;
    *indices = p->lanes;
    return true;
  }
  if (!strcmp(signal, "r") || !strcmp(signal, "model.r")) {
    *width = 8;
    return true;
  }
  return is_state(signal) || model_field(signal) >= 0;
}

/* One name of a list: names that begin with probe_ stand together in braces, as a shell writes them. */
static size_t list_name(char *text, size_t size, size_t n, const char *name, bool first) {
  const bool probe = !strncmp(name, "probe_", 6);
  if (n >= size) return n;
  return n + (size_t)snprintf(text + n, size - n, "%s%s", first ? probe ? "probe_{" : "" : ",", name + (probe ? 6 : 0));
}

static size_t list_signals(const sf_signal *s, int count, bool probes, char *text, size_t size, size_t n) {
  bool first = true;
  for (int i = 0; i < count; i++) {
    if (!strncmp(s[i].name, "probe_", 6) != probes) continue;
    n = list_name(text, size, n, s[i].name, first);
    first = false;
  }
  if (probes && n < size) n += (size_t)snprintf(text + n, size - n, "}");
  return n;
}

/* All that can be flipped, for who asked for something else; in few words, for it must fit into a line. */
static sf_err no_such(const sf_signals *s, const char *signal, sf_msg *msg) {
  char names[480] = "";
  size_t n = 0;
  for (int i = 0; i < SF_N_IN; i++)
    if (!strcmp(signal, s->in[i].name))
      return sf_fail(msg, SF_EINVAL, "--flip: %s is an input, which both sides are given: flip an output or a state",
                     signal);
  n = list_signals(s->out, SF_N_OUT, false, names, sizeof names, n);
  if (n < sizeof names) n += (size_t)snprintf(names + n, sizeof names - n, ",");
  n = list_signals(s->out, SF_N_OUT, true, names, sizeof names, n);
  if (n < sizeof names) n += (size_t)snprintf(names + n, sizeof names - n, "; with [i]: ");
  n = list_signals(s->wide, SF_N_WIDE, true, names, sizeof names, n);
  for (size_t i = 0; i < N_STATES; i++) n = list_name(names, sizeof names, n, state_name[i], false);
  for (size_t i = 0; i < N_FIELDS; i++) n = list_name(names, sizeof names, n, field_name[i], false);
  return sf_fail(msg, SF_EINVAL, "--flip: no signal '%.20s'; there are %s", signal, names);
}

sf_err sf_flip_parse(const char *text, const sf_params *p, sf_flip *flip, sf_msg *msg) {
  sf_flip f = {.on = true};
  char when[24], bit[24], index[24] = "0";
  int n = 0;
  if (sscanf(text, "%23[0-9]:%63[a-zA-Z0-9_.]%n", when, f.signal, &n) != 2)
    return sf_fail(msg, SF_EINVAL, "--flip '%s': must be CYCLE:SIGNAL:BIT or CYCLE:SIGNAL[INDEX]:BIT", text);
  int more = 0;
  if (text[n] == '[' && (sscanf(text + n, "[%23[0-9]]%n", index, &more) != 1 || !more))
    return sf_fail(msg, SF_EINVAL, "--flip '%s': '[' must be followed by a number and ']'", text);
  n += more;
  more = 0;
  if (sscanf(text + n, ":%23[0-9]%n", bit, &more) != 1 || text[n + more])
    return sf_fail(msg, SF_EINVAL, "--flip '%s': must end in :BIT", text);
  f.when = strtoull(when, NULL, 10);
  const unsigned long long at = strtoull(index, NULL, 10), which = strtoull(bit, NULL, 10);

  sf_signals s;
  sf_signals_of(p, &s);
  uint32_t width = 0, indices = 0;
  drop_suffix(f.signal);
  if (!size_of(&s, p, f.signal, &width, &indices)) return no_such(&s, f.signal, msg);
  if (at >= indices)
    return sf_fail(msg, SF_EINVAL, "--flip '%s': index %llu: must be 0 .. %u", text, at, (unsigned)indices - 1);
  if (which >= width)
    return sf_fail(msg, SF_EINVAL, "--flip '%s': bit %llu: must be 0 .. %u", text, which, (unsigned)width - 1);
  f.index = (uint32_t)at;
  f.bit = (uint32_t)which;
  *flip = f;
  return SF_OK;
}

/* Flip one bit of a number of `bits` bits that is kept sign-extended. */
static int32_t flipped(int32_t value, uint32_t bit, uint32_t bits) {
  return sf_sext((uint32_t)value ^ (uint32_t)1 << bit, bits);
}

void sf_flip_before(sf_lockstep *l) {
  const sf_flip *f = &l->options.flip;
  const int field = model_field(f->signal);
  if (field >= 0) {
    int32_t value = 0;
    if (!l->watch || sf_model_tick(l->watch->model) != f->when) return;
    const uint32_t bits = field == SF_R ? 8 : l->p.potential_bits;
    if (sf_model_peek(l->watch->model, 0, f->index, (sf_field)field, &value)) return;
    value = field == SF_R ? (int32_t)((uint32_t)value ^ (uint32_t)1 << f->bit) : flipped(value, f->bit, bits);
    if (sf_model_poke_unseen(l->watch->model, 0, f->index, (sf_field)field, value)) return;
    l->options.flip.on = false;
    return;
  }
  if (l->cycle != f->when || !is_state(f->signal)) return;
  int32_t *word = l->made.calls->state(l->mirror, f->signal, f->index);
  if (!word) return;
  if (!strcmp(f->signal, "r") || !strcmp(f->signal, "sum")) *word ^= (int32_t)((uint32_t)1 << f->bit);
  else *word = flipped(*word, f->bit, l->p.potential_bits);
  l->options.flip.on = false;
}

/* An output is flipped in the first cycle from `when` on in which it means something. */
void sf_flip_after(sf_lockstep *l, sf_core_out *out) {
  const sf_flip *f = &l->options.flip;
  if (!f->on || l->cycle < f->when) return;
  for (int i = 0; i < SF_N_OUT; i++) {
    if (strcmp(f->signal, l->signals.out[i].name) || !sf_signal_valid(&l->signals.out[i], &out->port)) continue;
    ((uint32_t *)&out->port)[i] ^= (uint32_t)1 << f->bit;
    l->options.flip.on = false;
    return;
  }
  for (int i = 0; i < SF_N_WIDE; i++) {
    if (strcmp(f->signal, l->signals.wide[i].name) || !sf_signal_valid(&l->signals.wide[i], &out->port)) continue;
    /* The words belong to the mirror, which is not const here. */
    uint32_t *word = (uint32_t *)(uintptr_t)sf_wide_array(&out->wide)[i];
    word[f->index] ^= (uint32_t)1 << f->bit;
    l->options.flip.on = false;
    return;
  }
}
