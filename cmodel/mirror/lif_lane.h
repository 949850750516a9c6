/* lif_lane.h - C twin of rtl/lif_lane.v: one neuron's tables and its equation. The Verilog spreads the equation over
 * thirteen pipeline stages; here a neuron is computed whole when it is drained, and neuron_lif.c holds the result
 * back. */
#ifndef SYNFIRE_LIF_LANE_H
#define SYNFIRE_LIF_LANE_H

#include "mirror/counter_rng.h"
#include "mirror/decay.h"
#include "mirror/sizes.h"

/* One profile, fields as the host writes them. */
typedef struct sf_lif_profile {
  uint32_t v_decay, u_decay, weight_shift, reset_mode, floor_mode, refractory, a_decay, noise_bits;
  int32_t v_reset, v_floor, v_floor_reset, a_inc;
} sf_lif_profile;

/* A neuron's state before and after a tick. u, r, a stay 0 where they are not built. */
typedef struct sf_lif_state {
  int32_t v, u, a;
  uint32_t r;
} sf_lif_state;

/* sf_lif_lane() - the neuron equation: state is updated in place; returns whether the neuron spikes. *rest: it does
 * not, no noise was drawn and the state is what it was; means something where sum is 0. */
static inline bool sf_lif_lane(const sf_sizes *p, const sf_lif_profile *f, int32_t sum, int32_t threshold, int32_t bias,
                               uint32_t seed, uint32_t tick, uint32_t neuron, sf_lif_state *s, bool *rest) {
  const sf_lif_state before = *s;
  const unsigned vb = p->potential_bits;
  const bool shift = p->leak_shift;
  int64_t drive = (int64_t)sum * ((int64_t)1 << f->weight_shift);
  if (p->has_current) {
    drive += shift ? sf_decay_shift(s->u, f->u_decay, true) : sf_decay(s->u, f->u_decay, true);
    drive = sf_sat(drive, vb);
    s->u = (int32_t)drive;
  }
  int32_t noise = 0;
  if (p->has_noise && f->noise_bits) {
    const uint32_t range = (uint32_t)1 << f->noise_bits;
    noise = (int32_t)(sf_counter_rng(seed, tick, 0, neuron) & (range - 1)) - (int32_t)(range >> 1);
  }
  const int32_t kept = shift ? sf_decay_shift(s->v, f->v_decay, true) : sf_decay(s->v, f->v_decay, true);
  const int64_t x = (int64_t)kept + bias + noise + drive;
  const int64_t limit = (int64_t)threshold + s->a;
  const bool refractory = s->r != 0;
  const bool spike = !refractory && x >= limit;

  int64_t next = x;
  if (refractory) next = f->v_reset;
  else if (spike) next = f->reset_mode == 0 ? f->v_reset : f->reset_mode == 1 ? x - threshold : x;
  else if (x < f->v_floor)
    next = f->floor_mode == 0 ? f->v_floor : f->floor_mode == 1 ? f->v_floor_reset : x - f->v_floor;
  s->v = (int32_t)sf_sat(next, vb);

  if (p->has_refractory) s->r = refractory ? s->r - 1 : spike ? f->refractory : 0;
  if (p->has_adaptation) {
    const int32_t lost = shift ? sf_decay_shift(s->a, f->a_decay, false) : sf_decay(s->a, f->a_decay, false);
    s->a = (int32_t)sf_sat((int64_t)s->a - lost + (spike ? f->a_inc : 0), vb);
  }
  *rest = !spike && !(p->has_noise && f->noise_bits) && s->v == before.v && s->u == before.u && s->r == before.r &&
          s->a == before.a;
  return spike;
}
#endif
