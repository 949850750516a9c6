/* plasticity_tick.c - the order of a tick in a core that learns: "A tick" in cmodel/plasticity.md, whose numbers stand
 * at the functions. */
#include <string.h>

#include "model/plasticity.h"
#include "model/plasticity_random.h"

/* ---- 1: before the sums ------------------------------------------------------------------------------------- */

/* The axons of a bitmap become those whose rows are added. */
static void choose(sf_model_core *c, const uint64_t *bits) {
  c->n_active = sf_kernel_now()->list(bits, c->words, c->active);
}

/* Does this event pass? u and q are those of the axon. */
static bool released(sf_model_core *c, uint32_t tick, uint32_t i) {
  sf_plastic *p = c->plastic;
  const sf_axon_class *k = sf_class_of(p, i);
  if (k->release == 0) return true;
  const uint32_t u = p->use[i] + ((4096u - p->use[i]) * (uint32_t)k->release >> 12);
  const uint32_t q = p->missing[i], chance = u * (4096u - q) >> 12;
  p->use[i] = (uint16_t)u;
  if ((sf_random_word(c->seed, SF_FOR_RELEASE, tick, i).a & 4095u) >= chance) return false;
  p->missing[i] = (uint16_t)(q + ((4096u - q) * (uint32_t)k->depletion >> 12));
  return true;
}

static void release(sf_model_core *c, uint32_t tick) {
  sf_plastic *p = c->plastic;
  const uint32_t first = sf_first_modulatory(c);
  for (uint32_t n = 0; n < c->n_active; n++) {
    const uint32_t i = c->active[n];
    if (released(c, tick, i)) continue;
    sf_bit_put(c->active_bits, i, false);
    if (i >= first) p->payload[(size_t)c->slot * p->l.modulatory + i - first] = 0;
    p->counters.not_released++;
  }
  choose(c, c->active_bits);
}

/* Add `sign` times the sums over the active axons of a kind to p->target. */
static void sum_targets(sf_model_core *c, sf_axon_kind kind, int64_t sign) {
  sf_plastic *p = c->plastic;
  const uint64_t *of_kind = p->of_kind + (uint32_t)kind * p->words;
  for (uint32_t w = 0; w < p->words; w++) p->chosen[w] = c->active_bits[w] & of_kind[w];
  choose(c, p->chosen);
  if (c->n_active == 0) return;
  sf_model_sum(c);
  for (uint32_t j = 0; j < c->shape.neurons; j++) p->target[j] += sign * (c->sum_is_narrow ? c->sum16[j] : c->sum[j]);
}

void sf_plastic_begin(sf_model_core *c, uint32_t tick) {
  sf_plastic *p = c->plastic;
  if (c->stale) (void)sf_model_prepare(c);
  p->e = p->payload + (size_t)c->slot * p->l.modulatory;
  if (p->l.has_release && c->n_active > 0) release(c, tick);
  p->n_events = c->n_active;
  const uint64_t *plus = p->of_kind + SF_AXON_TARGET_PLUS * p->words,
                 *minus = p->of_kind + SF_AXON_TARGET_MINUS * p->words;
  p->has_target = sf_meet(c->active_bits, plus, p->words) || sf_meet(c->active_bits, minus, p->words);
  if (p->has_target) {
    memset(p->target, 0, c->padded * sizeof *p->target);
    sum_targets(c, SF_AXON_TARGET_PLUS, 1);
    sum_targets(c, SF_AXON_TARGET_MINUS, -1);
  }
  uint64_t others = 0;
  for (uint32_t w = 0; w < p->words; w++) {
    p->chosen[w] = c->active_bits[w] & p->of_kind[w]; /* kind 0: data */
    others |= c->active_bits[w] & ~p->chosen[w];
  }
  if (others != 0) choose(c, p->chosen);
}

/* ---- 3: traces decay ---------------------------------------------------------------------------------------- */

static uint16_t faded(uint16_t v, int32_t decay) { return (uint16_t)((uint32_t)v * (4096u - (uint32_t)decay) >> 12); }

/* The traces of a set that are not 0; those that become 0 leave it. */
#define FADE(trace, set, fades, decay, words)                              \
  {                                                                        \
    for (uint32_t w = 0; w < (words); w++) p->left[w] = set[w] & fades[w]; \
    SF_EACH_BIT(n, p->left, words) {                                       \
      trace[n] = faded(trace[n], decay);                                   \
      if (trace[n] == 0) sf_bit_put(set, n, false);                        \
    }                                                                      \
  }

static void fade(sf_model_core *c) {
  sf_plastic *p = c->plastic;
  FADE(p->x1, p->x1_set, p->fades_x1, sf_class_of(p, n)->x1_decay, p->words)
  FADE(p->x2, p->x2_set, p->fades_x2, sf_class_of(p, n)->x2_decay, p->words)
  FADE(p->y1, p->y1_set, p->fades_y1, sf_learn_profile_of(c, n)->y1_decay, p->neuron_words)
  FADE(p->y2, p->y2_set, p->fades_y2, sf_learn_profile_of(c, n)->y2_decay, p->neuron_words)
  for (uint32_t i = 0; p->l.has_release && i < c->shape.axons; i++) {
    const sf_axon_class *k = sf_class_of(p, i);
    p->use[i] = faded(p->use[i], k->release_decay);
    p->missing[i] = faded(p->missing[i], k->recovery);
  }
}

/* ---- 4: third factors --------------------------------------------------------------------------------------- */

static void clamp_targets(sf_model_core *c) {
  sf_plastic *p = c->plastic;
  SF_EACH_BIT(j, p->clamped, p->neuron_words) {
    if (p->target[j] != 0) {
      const sf_learn_profile *at = sf_learn_profile_of(c, j);
      const bool up = p->target[j] > 0;
      const int32_t m = sf_sat7(sf_down((up ? at->clamp : -at->clamp) - p->x[j], (unsigned)at->third_shift));
      p->m[j] = (int8_t)(at->one_sided == 0 ? m : up ? (m > 0 ? m : 0) : (m < 0 ? m : 0));
    }
  }
}

/* Sums of w * e: at most 4096 * 2^15 * 127. */
static void sum_payloads(sf_model_core *c) {
  sf_plastic *p = c->plastic;
  const uint32_t first = sf_first_modulatory(c);
  _Alignas(SF_LINE) int16_t w[SF_BLOCK];
  memset(p->target, 0, c->padded * sizeof *p->target);
  for (uint32_t at = 0, width; at < c->padded; at += width) {
    width = sf_block_width(c->padded, at);
    SF_EACH_BIT(i, p->chosen, p->words) {
      const int32_t e = p->e[i - first];
      if (e != 0) sf_kernel_now()->unpack(sf_block_at(c, i, at), width, c->shape.weight_bits, w);
      for (uint32_t j = 0; e != 0 && j < width; j++) p->target[at + j] += w[j] * e;
    }
  }
}

static void modulate(sf_model_core *c) {
  sf_plastic *p = c->plastic;
  for (uint32_t w = 0; w < p->words; w++) p->chosen[w] = c->active_bits[w] & p->modulatory[w];
  sum_payloads(c);
  SF_EACH_BIT(j, p->modulated, p->neuron_words)
  p->m[j] = (int8_t)sf_sat7(sf_down(p->target[j], (unsigned)sf_learn_profile_of(c, j)->third_shift));
}

/* ---- 5, 6: sweeps ------------------------------------------------------------------------------------------- */

/* The tick's sweep: of which terms; false: there is none. t + 1 is the next tick's number. */
static bool sweep_terms(sf_model_core *c, uint32_t tick, uint32_t *terms) {
  sf_plastic *p = c->plastic;
  const uint64_t *learn = p->of_kind + SF_AXON_LEARN * p->words;
  bool any = p->wants_sweep;
  *terms = p->wants_sweep ? p->wanted_terms : 0;
  if (p->l.interval > 0 && (tick + 1) % p->l.interval == 0) {
    any = true;
    *terms |= p->l.interval_terms;
  }
  if (sf_meet(c->active_bits, learn, p->words)) {
    any = true;
    for (uint32_t w = 0; w < p->words; w++) p->chosen[w] = c->active_bits[w] & learn[w];
    SF_EACH_BIT(i, p->chosen, p->words) *terms |= (uint32_t)sf_class_of(p, i)->terms;
  }
  return any;
}

static void sweeps(sf_model_core *c, uint32_t tick) {
  sf_plastic *p = c->plastic;
  uint32_t terms;
  if (sweep_terms(c, tick, &terms)) {
    if (!p->held) sf_plastic_sweep(c, tick, terms);
    memset(p->x0, 0, p->words * sizeof *p->x0);
    memset(p->y0, 0, p->neuron_words * sizeof *p->y0);
  }
  const bool due = p->l.refresh_interval > 0 && (tick + 1) % p->l.refresh_interval == 0;
  if ((due || p->wants_refresh) && !p->held) sf_plastic_refresh(c, tick);
  if (p->fresh_unit != SF_NOBODY && !p->held) sf_plastic_fresh(c, tick, p->fresh_unit);
  p->wants_sweep = p->wants_refresh = false;
  p->wanted_terms = 0;
  p->fresh_unit = SF_NOBODY;
}

/* ---- 7: traces are fed -------------------------------------------------------------------------------------- */

/* The neurons whose trace is fed: by their spikes, or while the source's predicate holds, or does not. */
static void who_is_fed(const sf_model_core *c, const uint64_t *feeds, uint64_t *to) {
  const sf_plastic *p = c->plastic;
  for (uint32_t w = 0; w < p->neuron_words; w++) {
    to[w] = feeds[w] & c->spike_bits[w];
    for (uint32_t k = 0; k < SF_PREDICATES; k++) {
      if (!p->uses_predicate[k]) continue;
      const uint64_t holds = p->holds[k * p->neuron_words + w];
      to[w] |= feeds[SF_WHEN(k) * p->neuron_words + w] & holds;
      to[w] |= feeds[SF_UNLESS(k) * p->neuron_words + w] & ~holds;
    }
  }
}

static void feed_trace(uint16_t *trace, uint64_t *set, const sf_feeding *by, uint32_t top, const uint64_t *fed,
                       uint32_t words) {
  SF_EACH_BIT(n, fed, words) {
    const uint32_t v = ((uint32_t)trace[n] & by[n].keep) + by[n].step;
    trace[n] = (uint16_t)(v < top ? v : top);
    if (trace[n] != 0) set[n / 64] |= (uint64_t)1 << n % 64;
    else set[n / 64] &= ~((uint64_t)1 << n % 64);
  }
}

/* A trace that slides is fed with another step each time. */
static void slide(sf_model_core *c) {
  sf_plastic *p = c->plastic;
  for (uint32_t w = 0; w < p->neuron_words; w++) p->touched[w] = p->fed_y2[w] & p->slides[w];
  SF_EACH_BIT(j, p->touched, p->neuron_words)
  p->feed_y2[j].step = (uint16_t)((uint32_t)p->y1[j] >> sf_learn_profile_of(c, j)->y2_step);
}

static void feed(sf_model_core *c) {
  sf_plastic *p = c->plastic;
  const uint32_t top = (1u << p->l.trace_bits) - 1;
  for (uint32_t k = 0; k < SF_PREDICATES; k++)
    if (p->uses_predicate[k]) sf_plastic_predicate(c, k);
  who_is_fed(c, p->feeds_y1, p->fed_y1);
  who_is_fed(c, p->feeds_y2, p->fed_y2);
  slide(c);
  feed_trace(p->y2, p->y2_set, p->feed_y2, top, p->fed_y2, p->neuron_words);
  feed_trace(p->y1, p->y1_set, p->feed_y1, top, p->fed_y1, p->neuron_words);
  for (uint32_t w = 0; w < p->words; w++) p->left[w] = c->active_bits[w] & p->feeds_x1[w];
  feed_trace(p->x1, p->x1_set, p->feed_x1, top, p->left, p->words);
  for (uint32_t w = 0; w < p->words; w++) p->left[w] = c->active_bits[w] & p->feeds_x2[w];
  feed_trace(p->x2, p->x2_set, p->feed_x2, top, p->left, p->words);
}

/* A neuron whose trace still decays, or was fed, does not rest. */
static void wake(sf_model_core *c) {
  const sf_plastic *p = c->plastic;
  if (!c->rest_known) return;
  uint64_t all = ~(uint64_t)0;
  for (uint32_t w = 0; w < p->neuron_words; w++) {
    const uint64_t fades = (p->y1_set[w] & p->fades_y1[w]) | (p->y2_set[w] & p->fades_y2[w]);
    c->rest_bits[w] &= ~(fades | p->fed_y1[w] | p->fed_y2[w]);
    all &= c->rest_bits[w];
  }
  c->settled = ~all == 0;
}

/* ---- 2 .. 7 ------------------------------------------------------------------------------------------------- */

void sf_plastic_after(sf_model_core *c, uint32_t tick) {
  sf_plastic *p = c->plastic;
  if (c->n_active != p->n_events) choose(c, c->active_bits);
  for (uint32_t w = 0; w < p->words; w++) p->x0[w] |= c->active_bits[w];
  for (uint32_t w = 0; w < p->neuron_words; w++) p->y0[w] |= c->spike_bits[w];
  fade(c);
  const bool payloads = sf_meet(c->active_bits, p->modulatory, p->words);
  if (p->has_target) clamp_targets(c);
  if (payloads) modulate(c);
  sweeps(c, tick);
  feed(c);
  if (payloads) memset(p->payload + (size_t)c->slot * p->l.modulatory, 0, p->l.modulatory * sizeof *p->payload);
  wake(c);
  p->sends = sf_meet(c->active_bits, p->of_kind + SF_AXON_SEND * p->words, p->words);
  p->ends = sf_meet(c->active_bits, p->of_kind + SF_AXON_END * p->words, p->words);
}

/* ---- 8: end of the sample ----------------------------------------------------------------------------------- */

static void forget_traces(sf_model_core *c) {
  sf_plastic *p = c->plastic;
  for (uint32_t k = 0; k < SF_AXON_CLASSES; k++) {
    if (p->l.axon_class[k].keep != 0) continue;
    for (uint32_t w = 0; w < p->words; w++) {
      const uint64_t stay = ~p->of_class[k * p->words + w];
      p->left[w] = ~stay & (p->x1_set[w] | p->x2_set[w]);
      p->x1_set[w] &= stay;
      p->x2_set[w] &= stay;
    }
    SF_EACH_BIT(i, p->left, p->words) p->x1[i] = p->x2[i] = 0;
  }
  for (uint32_t j = 0; j < c->shape.neurons; j++) {
    if (sf_learn_profile_of(c, j)->y_keep != 0) continue;
    p->y1[j] = p->y2[j] = 0;
    sf_bit_put(p->y1_set, j, false);
    sf_bit_put(p->y2_set, j, false);
  }
}

void sf_plastic_end_sample(sf_model_core *c, uint32_t tick) {
  sf_plastic *p = c->plastic;
  const size_t n = c->padded;
  if (c->v16 != NULL) memset(c->v16, 0, n * sizeof *c->v16);
  else memset(c->v, 0, n * sizeof *c->v);
  memset(c->u, 0, n * sizeof *c->u);
  memset(c->r, 0, n * sizeof *c->r);
  memset(c->ring, 0, (size_t)c->shape.delay_slots * c->words * sizeof *c->ring);
  memset(p->payload, 0, (size_t)c->shape.delay_slots * p->l.modulatory * sizeof *p->payload);
  memset(p->m, 0, n * sizeof *p->m);
  memset(p->x0, 0, p->words * sizeof *p->x0);
  memset(p->y0, 0, p->neuron_words * sizeof *p->y0);
  forget_traces(c);
  for (uint32_t j = 0; j < c->shape.neurons; j += 32) {
    const sf_mixed h = sf_random_word(c->seed, SF_FOR_XI, tick, j >> 5);
    for (uint32_t k = 0; k < 32 && j + k < c->shape.neurons; k++)
      p->xi[j + k] = (int8_t)((sf_random_spread(h, k) >> 15) != 0 ? 1 : -1);
  }
  if (c->xi_noise != NULL) sf_plastic_xi_noise(c);
  c->settled = c->rest_known = false;
}

/* ---- payloads ----------------------------------------------------------------------------------------------- */

void sf_plastic_meet(sf_model_core *c, uint32_t axon, uint32_t slot, bool met, int32_t payload) {
  sf_plastic *p = c->plastic;
  int8_t *e = &p->payload[(size_t)slot * p->l.modulatory + axon - sf_first_modulatory(c)];
  *e = (int8_t)sf_sat7(*e + sf_sat7(payload));
  p->counters.payloads_met += met;
}

void sf_plastic_meet_bits(sf_model_core *c, const uint64_t *slot, const uint64_t *bits) {
  sf_plastic *p = c->plastic;
  for (uint32_t w = 0; p->l.modulatory > 0 && w < p->words; w++)
    p->counters.payloads_met += (uint64_t)__builtin_popcountll(bits[w] & slot[w] & p->modulatory[w]);
}
