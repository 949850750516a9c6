/* model_neuron.c - the neuron equation: tables for the kernels, the choice of the width that is exact, and the equation
 * itself, one neuron after the other, in 64 bits, for whatever no kernel may do.
 *   c  = s << weight_shift                      |s| <= 2^27, shift <= 7
 *   u' = sat(trunc0(u*(4096 - u_decay)/4096) + c);  c = u'                                     with current
 *   x  = trunc0(v*(4096 - v_decay)/4096) + c + bias + noise;  spike = x >= threshold + a      unless refractory
 * C's division rounds toward zero, as trunc0 does; a product stands for the shift of a negative number. */
#include <stdlib.h>
#include <string.h>

#include "model/kernel.h"
#include "model/noise.h"
#include "model/plasticity.h"

#define WIDE_DRIVE ((int64_t)1 << 29) /* 32 bits hold twice that and everything that is added to it */

/* ---- one neuron --------------------------------------------------------------------------------------------- */

static int64_t keep(int64_t x, int32_t decay) { return x * (4096 - decay) / 4096; }

/* The membrane of a neuron that is not refractory, x: its new potential before the last clamp; *spike tells. */
static int64_t integrate(const sf_profile *p, int64_t x, int64_t threshold, int64_t a, bool *spike) {
  *spike = x >= threshold + a;
  if (*spike) return p->reset_mode == 0 ? p->v_reset : p->reset_mode == 1 ? x - threshold : x;
  if (x < p->v_floor) return p->floor_mode == 0 ? p->v_floor : p->floor_mode == 1 ? p->v_floor_reset : x - p->v_floor;
  return x;
}

static int32_t noise_of(const sf_model_core *c, uint32_t tick, uint32_t j, unsigned bits) {
  if (c->xi_noise != NULL && c->xi_noise[j] != 0) return c->xi_noise[j];
  return sf_noise_value(sf_noise_hash(c->seed, tick, 0, j), bits);
}

void sf_update_exactly(sf_model_core *c, uint32_t tick, uint32_t from, uint32_t to) {
  const sf_core_net *has = &c->shape;
  const unsigned vb = has->potential_bits;
  for (uint32_t j = from; j < to && j < has->neurons; j++) {
    const sf_profile *p = &c->profiles[c->profile_of[j]];
    int64_t drive = (int64_t)(c->sum_is_narrow ? c->sum16[j] : c->sum[j]) * ((int64_t)1 << p->weight_shift);
    if (has->has_current) {
      drive = sf_sat(keep(c->u[j], p->u_decay) + drive, vb);
      c->u[j] = (int32_t)drive;
    }
    bool spike = false;
    int64_t x = p->v_reset;
    if (c->r[j] > 0) {
      c->r[j]--;
      sf_set_potential(c, j, p->v_reset);
    } else {
      int64_t in = drive + c->bias[j];
      if (p->noise_bits > 0) in += noise_of(c, tick, j, (unsigned)p->noise_bits);
      x = keep(sf_potential(c, j), p->v_decay) + in;
      const int64_t v = integrate(p, x, c->threshold[j], c->a[j], &spike);
      sf_set_potential(c, j, (int32_t)sf_sat(v, vb));
      if (spike) c->r[j] = (uint8_t)p->refractory;
    }
    if (c->plastic != NULL) {
      c->seen_x[j] = x;
      c->seen_d[j] = (int32_t)sf_sat(x - ((int64_t)c->threshold[j] + c->a[j]), vb);
    }
    if (has->has_adaptation) {
      const int64_t a = c->a[j];
      c->a[j] = (int32_t)sf_sat(a - a * p->a_decay / 4096 + (spike ? p->a_inc : 0), vb);
    }
    const uint64_t bit = (uint64_t)1 << j % 64;
    if (spike) c->spike_bits[j / 64] |= bit;
    else c->spike_bits[j / 64] &= ~bit;
  }
}

/* ---- tables ------------------------------------------------------------------------------------------------- */

static void put(sf_group *g, uint32_t i, const sf_profile *p) {
  g->v_keep[i] = 4096 - p->v_decay;
  g->u_keep[i] = 4096 - p->u_decay;
  g->shift[i] = p->weight_shift;
  g->v_reset[i] = p->v_reset;
  g->reset_x[i] = -(p->reset_mode != 0);
  g->reset_t[i] = -(p->reset_mode == 1);
  g->reset_c[i] = p->reset_mode == 0 ? p->v_reset : 0;
  g->v_floor[i] = p->v_floor;
  g->floor_x[i] = -(p->floor_mode == 2);
  g->floor_c[i] = p->floor_mode == 0 ? p->v_floor : p->floor_mode == 1 ? p->v_floor_reset : -p->v_floor;
  g->refractory[i] = p->refractory;
  g->a_inc[i] = p->a_inc;
  g->a_decay[i] = p->a_decay;
  g->noise_mask[i] = p->noise_bits ? (1 << p->noise_bits) - 1 : 0;
  g->noise_half[i] = p->noise_bits ? 1 << (p->noise_bits - 1) : 0;
  g->has_noise |= p->noise_bits != 0;
  g->keep16[i] = (uint16_t)(g->v_keep[i] * 16); /* 65536 -> 0 where nothing decays: the kernel takes v itself there */
  g->shift16[i] = (int16_t)g->shift[i];
  g->v_reset16[i] = (int16_t)g->v_reset[i];
  g->reset_x16[i] = (int16_t)g->reset_x[i];
  g->reset_t16[i] = (int16_t)g->reset_t[i];
  g->reset_c16[i] = (int16_t)g->reset_c[i];
  g->v_floor16[i] = (int16_t)g->v_floor[i];
  g->floor_x16[i] = (int16_t)g->floor_x[i];
  g->floor_c16[i] = (int16_t)g->floor_c[i]; /* 32768 does not fit, but then no x is below the floor */
  g->refractory8[i] = (uint8_t)p->refractory;
  g->decays |= (uint32_t)(p->v_decay != 0) << i;
  g->subtracts |= (uint32_t)(p->reset_mode == 1) << i;
  g->floors |= (uint32_t)(p->floor_mode != 0) << i;
}

/* The profile of every neuron of group g, or -1 if they differ. */
static int64_t common_profile(const sf_model_core *c, uint32_t g) {
  const uint32_t from = g * SF_GROUP, to = from + SF_GROUP;
  for (uint32_t j = from + 1; j < to && j < c->shape.neurons; j++)
    if (c->profile_of[j] != c->profile_of[from]) return -1;
  return from < c->shape.neurons ? c->profile_of[from] : 0;
}

sf_err sf_model_prepare(sf_model_core *c) {
  const uint32_t groups = c->padded / SF_GROUP, n = c->shape.neurons;
  const int32_t top = (1 << (c->shape.potential_bits - 1)) - 1;
  if (c->table == NULL) { /* a poke can mix any group: room for all of them */
    c->n_table = c->shape.n_profiles + groups;
    c->table = aligned_alloc(SF_LINE, (c->n_table * sizeof *c->table + SF_LINE - 1) / SF_LINE * SF_LINE);
    if (c->table == NULL) return SF_ENOMEM;
  }
  memset(c->table, 0, c->shape.n_profiles * sizeof *c->table);
  c->max_shift = 0;
  c->simple = true;
  for (uint32_t k = 0; k < c->shape.n_profiles; k++) {
    for (uint32_t i = 0; i < SF_GROUP; i++) put(&c->table[k], i, &c->profiles[k]);
    c->simple &= c->profiles[k].reset_mode == 0 && c->profiles[k].floor_mode == 0 && c->profiles[k].v_floor == -top - 1;
    if ((unsigned)c->profiles[k].weight_shift > c->max_shift) c->max_shift = (unsigned)c->profiles[k].weight_shift;
  }
  int32_t max_bias = 0, least = top;
  for (uint32_t j = 0; j < c->padded; j++) {
    const int32_t threshold = j < n ? c->threshold[j] : top, bias = j < n ? c->bias[j] : 0;
    if (abs(bias) > max_bias) max_bias = abs(bias);
    if (threshold < least) least = threshold;
    if (c->v16 == NULL) continue;
    c->threshold16[j] = (int16_t)threshold;
    c->bias16[j] = (int16_t)bias;
  }
  for (uint32_t g = 0; g < groups; g++) {
    const int64_t k = common_profile(c, g);
    c->group[g] = &c->table[k >= 0 ? k : c->shape.n_profiles + g];
    if (k >= 0) continue;
    sf_group *own = &c->table[c->shape.n_profiles + g];
    memset(own, 0, sizeof *own);
    for (uint32_t i = 0; i < SF_GROUP; i++) {
      const uint32_t j = g * SF_GROUP + i;
      put(own, i, &c->profiles[c->profile_of[j < n ? j : n - 1]]);
    }
  }
  /* In 16 bits x is clamped, which no threshold but the smallest can tell from the true x. */
  c->max_drive = INT16_MAX - max_bias;
  c->narrow_ok = c->v16 != NULL && least > INT16_MIN && c->max_drive >= 0;
  memset(c->noisy_bits, 0, c->padded / 64 * sizeof *c->noisy_bits);
  for (uint32_t j = 0; j < n && c->shape.has_noise; j++)
    c->noisy_bits[j / 64] |= (uint64_t)(c->profiles[c->profile_of[j]].noise_bits != 0) << j % 64;
  if (c->plastic != NULL) {
    c->narrow_ok = false; /* x and d come from the other */
    sf_plastic_prepare(c);
  }
  c->stale = false;
  c->settled = c->rest_known = false;
  return SF_OK;
}

/* ---- a tick ------------------------------------------------------------------------------------------------- */

static void update_all(sf_model_core *c, uint32_t tick) {
  const int64_t drive = c->most_sum << c->max_shift;
  if (drive > WIDE_DRIVE) sf_update_exactly(c, tick, 0, c->shape.neurons);
  else sf_kernel_now()->update(c, tick, c->narrow_ok && c->sum_is_narrow && drive <= c->max_drive);
}

/* Clear the bits of rest_bits whose elements differ. Most often all are alike, or all of a word. */
static void keep_alike(sf_model_core *c, const void *now, const void *then, size_t size) {
  const uint8_t *a = now, *b = then;
  const uint32_t n = c->shape.neurons;
  if (!memcmp(a, b, n * size)) return;
  for (uint32_t j = 0; j < n; j += 64) {
    const uint32_t m = n - j < 64 ? n - j : 64;
    if (!memcmp(a + j * size, b + j * size, m * size)) continue;
    uint64_t differ = 0;
    for (uint32_t k = 0; k < m; k++)
      differ |= (uint64_t)(memcmp(a + (j + k) * size, b + (j + k) * size, size) != 0) << k;
    c->rest_bits[j / 64] &= ~differ;
  }
}

/* A tick without input. Neurons that rest go on like that, so that a core in which all of them do need not be
 * computed. */
static void update_quiet(sf_model_core *c, uint32_t tick) {
  const sf_core_net *has = &c->shape;
  const uint32_t n = has->neurons, words = c->padded / 64;
  if (c->settled) {
    c->due = SF_DUE_NONE;
    return;
  }
  c->due = c->rest_known ? SF_DUE_SOME : SF_DUE_ALL;
  uint64_t *const swap = c->quiet_bits;
  c->quiet_bits = c->rest_bits;
  c->rest_bits = swap;

  const struct {
    bool built;
    const void *now;
    size_t size;
  } part[4] = {{true, c->v16 != NULL ? (void *)c->v16 : (void *)c->v, c->v16 != NULL ? sizeof *c->v16 : sizeof *c->v},
               {has->has_current, c->u, sizeof *c->u},
               {has->has_adaptation, c->a, sizeof *c->a},
               {has->has_refractory, c->r, sizeof *c->r}};
  for (int i = 0; i < 4; i++)
    if (part[i].built) memcpy(c->before + (size_t)i * c->padded, part[i].now, n * part[i].size);
  update_all(c, tick);
  for (uint32_t w = 0; w < words; w++) c->rest_bits[w] = ~(c->spike_bits[w] | c->noisy_bits[w]);
  for (int i = 0; i < 4; i++)
    if (part[i].built) keep_alike(c, part[i].now, c->before + (size_t)i * c->padded, part[i].size);
  c->rest_known = c->settled = true;
  for (uint32_t w = 0; w < words && c->settled; w++) c->settled = ~c->rest_bits[w] == 0;
}

/* A group is due when one of its neurons is. */
bool sf_neuron_due(const sf_model_core *c, uint32_t lanes, uint32_t j) {
  if (c->due != SF_DUE_SOME) return c->due == SF_DUE_ALL;
  const uint32_t from = j / lanes * lanes, to = from + lanes < c->shape.neurons ? from + lanes : c->shape.neurons;
  for (uint32_t k = from; k < to; k = (k | 63) + 1) {
    const uint64_t left = ~(uint64_t)0 << k % 64,
                   right = to - k / 64 * 64 < 64 ? ((uint64_t)1 << to % 64) - 1 : ~(uint64_t)0;
    if (~c->quiet_bits[k / 64] & left & right) return true;
  }
  return false;
}

void sf_model_update(sf_model_core *c, uint32_t tick, bool input, uint32_t core, sf_event *event) {
  if (c->stale) (void)sf_model_prepare(c); /* not the first time: it cannot fail */
  if (!input) {
    update_quiet(c, tick);
  } else {
    c->settled = c->rest_known = false;
    c->due = SF_DUE_ALL;
    update_all(c, tick);
  }
  c->n_spiked = c->settled ? 0 : sf_kernel_now()->spikes(c, core, event);
}
