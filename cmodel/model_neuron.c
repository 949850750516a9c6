/* model_neuron.c - the neuron equation, one neuron after the other, in 64 bits: nothing can overflow.
 *   c  = s << weight_shift                      |s| <= 2^27, shift <= 7
 *   u' = sat(trunc0(u*(4096 - u_decay)/4096) + c);  c = u'                                     with current
 *   x  = trunc0(v*(4096 - v_decay)/4096) + c + bias + noise;  spike = x >= threshold + a      unless refractory
 * C's division rounds toward zero, as trunc0 does; a product stands for the shift of a negative number. */
#include "model_internal.h"
#include "noise.h"

static int64_t keep(int64_t x, int32_t decay) { return x * (4096 - decay) / 4096; }

/* The membrane of a neuron that is not refractory: its new potential before the last clamp; *spike tells. */
static int64_t integrate(const sf_profile *p, int64_t v, int64_t in, int64_t threshold, int64_t a, bool *spike) {
  const int64_t x = keep(v, p->v_decay) + in;
  *spike = x >= threshold + a;
  if (*spike) return p->reset_mode == 0 ? p->v_reset : p->reset_mode == 1 ? x - threshold : x;
  if (x < p->v_floor) return p->floor_mode == 0 ? p->v_floor : p->floor_mode == 1 ? p->v_floor_reset : x - p->v_floor;
  return x;
}

void sf_model_update(sf_model_core *c, uint32_t tick) {
  const sf_core_net *has = &c->shape;
  const unsigned vb = has->potential_bits;
  c->n_spiked = 0;
  for (uint32_t j = 0; j < has->neurons; j++) {
    const sf_profile *p = &c->profiles[c->profile_of[j]];
    int64_t drive = (int64_t)c->sum[j] * ((int64_t)1 << p->weight_shift);
    if (has->has_current) {
      drive = sf_sat(keep(c->u[j], p->u_decay) + drive, vb);
      c->u[j] = (int32_t)drive;
    }
    bool spike = false;
    if (c->r[j] > 0) {
      c->r[j]--;
      c->v[j] = p->v_reset;
    } else {
      int64_t in = drive + c->bias[j];
      if (p->noise_bits > 0) in += sf_noise_value(sf_noise_hash(c->seed, tick, 0, j), (unsigned)p->noise_bits);
      const int64_t v = integrate(p, c->v[j], in, c->threshold[j], c->a[j], &spike);
      c->v[j] = (int32_t)sf_sat(v, vb);
      if (spike) {
        c->r[j] = (uint8_t)p->refractory;
        c->spiked[c->n_spiked++] = j;
      }
    }
    if (has->has_adaptation) {
      const int64_t a = c->a[j];
      c->a[j] = (int32_t)sf_sat(a - a * p->a_decay / 4096 + (spike ? p->a_inc : 0), vb);
    }
  }
}
