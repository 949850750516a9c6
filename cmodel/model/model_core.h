/* model_core.h - inside the functional model: its structures, and what a tick left in them. The exact cycle count
 * follows from n_active, active_bits, the spikes and the fan-outs.
 *
 * A tick of a core has three phases:
 *   model.c          scan the delay slot into `active`; at the end route the spikes
 *   model_sum.c      `sum` = the weight rows of the active axons, added up    } the work itself is done by a kernel,
 *   model_neuron.c   the neuron equation over all neurons -> `spiked`         } see kernel.h
 *
 * How weights are stored: as bit planes. A row (an axon) is cut into blocks of 512 neurons (the last ones 256 and 128);
 * a block holds weight_bits planes, bit 0 first, one bit a neuron. Weights are stored as w + 2^(weight_bits - 1), so
 * that planes are sums of positive numbers (weight_bits = 1: as they are). sf_plane_bit() says where a neuron's bit
 * is. */
#ifndef SYNFIRE_MODEL_CORE_H
#define SYNFIRE_MODEL_CORE_H

#include "synfire/model.h"

#define SF_LINE 64u   /* a cache line; rows are made of whole ones */
#define SF_BLOCK 512u /* neurons of a full block */
#define SF_GROUP 32u  /* neurons that are updated together */

#define SF_ON_LINE _Alignas(SF_LINE)

/* What the profiles say, spread out over the 32 neurons of a group. One such table serves every group whose neurons all
 * have the same profile; a group of several profiles has its own. Modes are masks: what a neuron's potential becomes is
 *   at a spike (x & reset_x) - (threshold & reset_t) + reset_c      below the floor (x & floor_x) + floor_c */
typedef struct sf_group {
  SF_ON_LINE int32_t v_keep[SF_GROUP], u_keep[SF_GROUP]; /* 4096 - decay */
  SF_ON_LINE int32_t shift[SF_GROUP], v_reset[SF_GROUP], reset_x[SF_GROUP], reset_t[SF_GROUP], reset_c[SF_GROUP];
  SF_ON_LINE int32_t v_floor[SF_GROUP], floor_x[SF_GROUP], floor_c[SF_GROUP];
  SF_ON_LINE int32_t refractory[SF_GROUP], a_inc[SF_GROUP], a_decay[SF_GROUP];
  SF_ON_LINE int32_t noise_mask[SF_GROUP], noise_half[SF_GROUP];
  /* The same in 16 bits. */
  SF_ON_LINE uint16_t keep16[SF_GROUP]; /* v_keep * 16, so that the upper half of a product is v * v_keep / 4096 */
  SF_ON_LINE int16_t shift16[SF_GROUP], v_reset16[SF_GROUP], reset_x16[SF_GROUP], reset_t16[SF_GROUP];
  SF_ON_LINE int16_t reset_c16[SF_GROUP], v_floor16[SF_GROUP], floor_x16[SF_GROUP], floor_c16[SF_GROUP];
  SF_ON_LINE uint8_t refractory8[SF_GROUP];
  uint32_t decays;    /* neurons whose v_decay is not 0 */
  uint32_t subtracts; /* neurons of reset_mode 1: not exact when x was clamped at the top */
  uint32_t floors;    /* neurons of floor_mode 1, 2: not exact when x was clamped at the bottom */
  bool has_noise;
} sf_group;

typedef struct sf_model_core {
  sf_core_net shape; /* sizes and features; its arrays are NULL */
  uint32_t seed;
  bool shares;                /* rows and routes belong to another model: see sf_model_twin() */
  struct sf_plastic *plastic; /* what it learns by; NULL if it does not: see plasticity.h */
  uint32_t plain_axons;       /* those before the first modulatory one */
  /* Of the neuron update, where the core learns (else NULL): [padded] x and d as cmodel/plasticity.md names them; noise
   * that stands for the hash's where it is not 0. */
  int64_t *seen_x;
  int32_t *seen_d, *xi_noise;
  /* Weights. */
  uint32_t padded;  /* neurons, rounded up to a multiple of 128 */
  size_t row_bytes; /* a multiple of SF_LINE */
  uint8_t *rows;    /* [axons + 1]: after the last one, one without any bit set */
  /* Neurons, one element each (padded ones never spike); u, r, a exist (as zeros) even where they are not built. Either
   * v or v16 exists: 16 bits where they hold the potential and no feature asks for more. */
  int32_t *threshold, *bias, *v_init, *u_init;
  uint16_t *profile_of;
  int32_t *v, *u, *a;
  int16_t *v16, *v_init16, *threshold16, *bias16;
  uint8_t *r;
  sf_profile *profiles;
  /* What follows from profiles, thresholds and biases: made anew by sf_model_prepare() when `stale`. */
  bool stale;
  bool narrow_ok;    /* the 16-bit update is exact, provided the drive keeps within max_drive */
  bool simple;       /* every profile has reset_mode 0 and no floor */
  int32_t max_drive; /* largest |s << weight_shift| for that */
  unsigned max_shift;
  sf_group *table; /* one a profile, then one a mixed group */
  uint32_t n_table;
  const sf_group **group; /* [ceil(padded / 32)] */
  /* A neuron rests when a tick without input changes nothing of it, it does not spike and draws no noise: it will go on
   * like that. The hardware does not visit groups of such neurons. */
  bool settled;    /* every neuron rests: a tick without input may be skipped */
  bool rest_known; /* the last tick had no input, and nobody has touched a neuron since: rest_bits tell who rested */
  enum { SF_DUE_ALL, SF_DUE_SOME, SF_DUE_NONE } due; /* in the last tick: every neuron; those not in quiet_bits; none */
  uint64_t *rest_bits, *quiet_bits,
      *noisy_bits; /* [padded / 64] of the last tick; of the one before; profiles with noise */
  int32_t *before; /* room for a copy of v, u, a and r, to find that out */
  /* Routes sorted by neuron: those of neuron j are route[first_route[j]] .. route[first_route[j + 1] - 1]. */
  uint32_t *first_route;
  sf_route *route;
  /* Delay ring: delay_slots bitmaps of `words` 64-bit words; `slot` is the one of the coming tick. */
  uint32_t words, slot;
  uint64_t *ring;
  /* Of the last tick. */
  uint64_t *active_bits; /* [words] the bitmap that was scanned */
  uint16_t *active;      /* [n_active] its axons, ascending; room for SF_GROUP more */
  const uint8_t **row;   /* their weights; then rows without weights, to a multiple of 8 */
  uint32_t n_active;
  int64_t most_sum;     /* no sum of this tick exceeds it in magnitude */
  bool sum_is_narrow;   /* sums are in sum16, and in `sum` only after sf_model_look() */
  int16_t *sum16;       /* [padded] */
  int32_t *sum;         /* [padded] synaptic sums s */
  uint64_t *spike_bits; /* [padded / 64] */
  uint16_t *spiked;     /* [n_spiked] ascending; room for SF_GROUP more */
  uint32_t n_spiked;
  sf_counters counters;
} sf_model_core;

struct sf_model {
  uint32_t n_cores, threads;
  sf_model_core *core;
  uint8_t *rows; /* of all cores; NULL in a twin */
  uint32_t tick;
  bool learns;           /* a core of it has plasticity */
  sf_event *spike, *out; /* room for every neuron, and for every external route */
  sf_payload *payload;   /* and for every external payload route */
  sf_tick_result result;
};

/* sf_neuron_due() - was neuron j updated by hardware of `lanes` lanes in the last tick? */
bool sf_neuron_due(const sf_model_core *c, uint32_t lanes, uint32_t j);

/* sf_model_look() - core `core` (in range) as the last step left it. */
const sf_model_core *sf_model_look(const sf_model *m, uint32_t core);

/* sf_active_word() - 16 axons of the last tick's bitmap, as the hardware's words; w < ceil(axons / 16). */
static inline uint32_t sf_active_word(const sf_model_core *c, uint32_t w) {
  return (uint32_t)(c->active_bits[w / 4] >> (16 * (w % 4))) & 0xffffu;
}

/* sf_fan_out() - the number of routes of neuron j. */
static inline uint32_t sf_fan_out(const sf_model_core *c, uint32_t j) {
  return c->first_route[j + 1] - c->first_route[j];
}

/* sf_block_width() - neurons of the block that starts at neuron `at` of `padded`. */
static inline uint32_t sf_block_width(uint32_t padded, uint32_t at) {
  const uint32_t left = padded - at;
  return left >= 512 ? 512 : left >= 256 ? 256 : 128;
}

/* sf_plane_bit() - where in its plane of a block of `width` neurons the bit of the block's neuron n is. The order is
 * the one that byte interleaving and the transposition of 8 by 8 bits, both within 16 bytes, turn into the natural
 * one. */
static inline uint32_t sf_plane_bit(uint32_t width, uint32_t n) {
  const uint32_t lanes = width / 128, r = n / (16 * lanes), q = n / (8 * lanes) % 2, l = n / 8 % lanes;
  return (16 * l + 2 * r + q) * 8 + n % 8;
}

/* model.c: a second model of the same network that shares weights and routes with the first, which must outlive it and
 * whose weights must not be poked, nor learn, meanwhile. The twin's hold. NULL when out of memory. */
sf_model *sf_model_twin(const sf_model *m);

/* Active rows are added 8 at a time. */
static inline uint32_t sf_rows_padded(uint32_t n) { return (n + 7) & ~(uint32_t)7; }

/* model_sum.c: the storage of weights. */
void sf_rows_size(sf_model_core *c);                                        /* padded and row_bytes, from shape */
void sf_rows_fill(sf_model_core *c, const sf_core_net *net);                /* all weights */
int32_t sf_row_get(const sf_model_core *c, uint32_t axon, uint32_t neuron); /* one */
void sf_row_set(sf_model_core *c, uint32_t axon, uint32_t neuron, int32_t w);

/* A block of a row, `width` neurons from `first` on: where its planes begin. */
static inline uint8_t *sf_block_at(const sf_model_core *c, uint32_t axon, uint32_t first) {
  return c->rows + axon * c->row_bytes + (size_t)first / 8 * c->shape.weight_bits;
}

/* model_sum.c: c->sum or c->sum16 from c->active. */
void sf_model_sum(sf_model_core *c);

/* model_neuron.c: the state of every neuron, from the sums; fills c->spiked and, unless it is NULL, `event`, which has
 * room for SF_GROUP more than there are neurons. Without input every sum is 0. */
sf_err sf_model_prepare(sf_model_core *c); /* SF_ENOMEM is possible only at the first call */
void sf_model_update(sf_model_core *c, uint32_t tick, bool input, uint32_t core, sf_event *event);
void sf_update_exactly(sf_model_core *c, uint32_t tick, uint32_t from, uint32_t to); /* any neuron, in 64 bits */

/* sf_put_spikes() - the spikes of group g, groups in ascending order: those of neurons that exist. */
static inline void sf_put_spikes(sf_model_core *c, uint32_t g, uint32_t spikes) {
  const uint32_t left = c->shape.neurons - g * SF_GROUP; /* wraps around for groups that hold none */
  if (g * SF_GROUP >= c->shape.neurons) spikes = 0;
  else if (left < SF_GROUP) spikes &= ((uint32_t)1 << left) - 1;
  if (g % 2 == 0) c->spike_bits[g / 2] = spikes;
  else c->spike_bits[g / 2] |= (uint64_t)spikes << 32;
}

static inline int32_t sf_potential(const sf_model_core *c, uint32_t j) { return c->v16 ? c->v16[j] : c->v[j]; }
static inline void sf_set_potential(sf_model_core *c, uint32_t j, int32_t v) {
  if (c->v16) c->v16[j] = (int16_t)v;
  else c->v[j] = v;
}

#endif
