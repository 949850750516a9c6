/* lockstep_flip.c - deliberate faults in the mirror or the functional model: proof that the check sees them. */
#include <stdlib.h>

#include "lockstep.h"
#include "model_internal.h"

/* A state of the mirror by name: the word it is kept in, or NULL. */
static void *state_of(const sf_lockstep *l, const sf_flip *f) {
  sf_core *c = l->mirror;
  const sf_params *p = &l->p;
  if (!strcmp(f->signal, "sum")) return f->index < p->lanes ? &c->synapses.sum_q[f->index] : NULL;
  if (f->index >= p->neurons) return NULL;
  if (!strcmp(f->signal, "v")) return &c->neurons.v[f->index];
  if (!strcmp(f->signal, "u")) return &c->neurons.u_state[f->index];
  if (!strcmp(f->signal, "r")) return &c->neurons.r[f->index];
  if (!strcmp(f->signal, "a")) return &c->neurons.a[f->index];
  if (!strcmp(f->signal, "threshold")) return &c->neurons.threshold[f->index];
  if (!strcmp(f->signal, "bias")) return &c->neurons.bias[f->index];
  return NULL;
}

static int model_field(const char *signal) {
  static const char *const name[] = {"model.threshold", "model.bias", "model.profile", "model.v",
                                     "model.u",         "model.r",    "model.a"};
  for (int i = 0; i < 7; i++)
    if (!strcmp(signal, name[i])) return i;
  return -1;
}

static bool is_state(const char *signal) {
  static const char *const name[] = {"v", "u", "r", "a", "threshold", "bias", "sum"};
  for (size_t i = 0; i < sizeof name / sizeof *name; i++)
    if (!strcmp(signal, name[i])) return true;
  return false;
}

sf_err sf_flip_parse(const char *text, const sf_params *p, sf_flip *flip, sf_msg *msg) {
  sf_flip f = {.on = true};
  char when[24], bit[24], index[24] = "0";
  int n = 0;
  if (sscanf(text, "%23[0-9]:%63[a-z_.]%n", when, f.signal, &n) != 2)
    return sf_fail(msg, SF_EINVAL, "--flip '%s': must be CYCLE:SIGNAL:BIT or CYCLE:SIGNAL[INDEX]:BIT", text);
  int more = 0;
  if (text[n] == '[' && (sscanf(text + n, "[%23[0-9]]%n", index, &more) != 1 || !more))
    return sf_fail(msg, SF_EINVAL, "--flip '%s': '[' must be followed by a number and ']'", text);
  n += more;
  more = 0;
  if (sscanf(text + n, ":%23[0-9]%n", bit, &more) != 1 || text[n + more])
    return sf_fail(msg, SF_EINVAL, "--flip '%s': must end in :BIT", text);
  f.when = strtoull(when, NULL, 10);
  f.index = (uint32_t)strtoul(index, NULL, 10);
  f.bit = (uint32_t)strtoul(bit, NULL, 10);

  sf_signals s;
  sf_signals_of(p, &s);
  uint32_t width = 0, indices = 0;
  for (int i = 0; i < SF_N_OUT; i++)
    if (!strcmp(f.signal, s.out[i].name)) width = s.out[i].width, indices = 1;
  for (int i = 0; i < SF_N_WIDE; i++)
    if (!strcmp(f.signal, s.wide[i].name)) width = s.wide[i].width, indices = s.wide[i].words;
  if (is_state(f.signal)) {
    width = !strcmp(f.signal, "sum") ? 32 : !strcmp(f.signal, "r") ? 8 : p->potential_bits;
    indices = !strcmp(f.signal, "sum") ? p->lanes : p->neurons;
  } else if (model_field(f.signal) >= 0) {
    width = !strcmp(f.signal, "model.r") ? 8 : p->potential_bits;
    indices = p->neurons;
  }
  if (!width) return sf_fail(msg, SF_EINVAL, "--flip '%s': no signal '%s' (ports.h lists them)", text, f.signal);
  if (f.index >= indices)
    return sf_fail(msg, SF_EINVAL, "--flip '%s': index %u: must be 0 .. %u", text, (unsigned)f.index,
                   (unsigned)indices - 1);
  if (f.bit >= width)
    return sf_fail(msg, SF_EINVAL, "--flip '%s': bit %u: must be 0 .. %u", text, (unsigned)f.bit, (unsigned)width - 1);
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
  void *state = state_of(l, f);
  if (!state) return;
  int32_t *word = state;
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
