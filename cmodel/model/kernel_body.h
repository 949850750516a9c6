/* kernel_body.h - the kernels in plain C with the vector types of GCC and Clang: compiled once as it is
 * (kernel_portable.c) and once for AVX2 (kernel_avx2.c); kernel_avx512.c takes the neuron equation from here, and has
 * its own of the rest. */
#ifndef SYNFIRE_KERNEL_BODY_H
#define SYNFIRE_KERNEL_BODY_H

#include "model/kernel_count.h"
#include "model/kernel_ring.h"

#ifndef OWN_SUM

/* Where the rows are. */
INLINE void find_rows(const sf_model_core *c) {
  const uint8_t **row = c->row, *rows = c->rows;
  const uint16_t *active = c->active;
  const uint32_t n = c->n_active, bytes = (uint32_t)c->row_bytes;
  for (uint32_t i = 0; i < n; i++) row[i] = rows + (uint32_t)active[i] * bytes;
  for (uint32_t i = n; i < sf_rows_padded(n); i++) row[i] = rows + c->shape.axons * bytes;
}

typedef uint8_t octets __attribute__((vector_size(VECTOR), may_alias));

/* x y interleaved, within each 16 bytes: their lower halves, their upper halves. */
#define LOW(o)                                                                                                   \
  0 + o, VECTOR + o, 1 + o, VECTOR + 1 + o, 2 + o, VECTOR + 2 + o, 3 + o, VECTOR + 3 + o, 4 + o, VECTOR + 4 + o, \
      5 + o, VECTOR + 5 + o, 6 + o, VECTOR + 6 + o, 7 + o, VECTOR + 7 + o
#if VECTOR == 16
#define LOWER_HALVES LOW(0)
#define UPPER_HALVES LOW(8)
#else
#define LOWER_HALVES LOW(0), LOW(16)
#define UPPER_HALVES LOW(8), LOW(24)
#endif
INLINE vec lower(vec x, vec y) { return (vec)__builtin_shufflevector((octets)x, (octets)y, LOWER_HALVES); }
INLINE vec upper(vec x, vec y) { return (vec)__builtin_shufflevector((octets)x, (octets)y, UPPER_HALVES); }

/* 8 x 8 bits in every 8 bytes (Warren, Hacker's Delight). */
INLINE vec transpose(vec x) {
  vec t = (x ^ (x >> 7)) & 0x00AA00AA00AA00AAull;
  x ^= t ^ (t << 7);
  t = (x ^ (x >> 14)) & 0x0000CCCC0000CCCCull;
  x ^= t ^ (t << 14);
  t = (x ^ (x >> 28)) & 0x00000000F0F0F0F0ull;
  return x ^ t ^ (t << 28);
}

/* Eight planes -> bytes: x[r] holds, in each 16 bytes l, those of the neurons of byte positions 16l + 2r and 16l + 2r
 * + 1. */
INLINE void to_bytes(vec x[8]) {
  vec y[8], z[8];
  for (unsigned i = 0; i < 4; i++) {
    y[2 * i] = lower(x[i], x[i + 4]);
    y[2 * i + 1] = upper(x[i], x[i + 4]);
  }
  for (unsigned i = 0; i < 2; i++)
    for (unsigned h = 0; h < 2; h++) {
      z[4 * i + 2 * h] = lower(y[2 * i + h], y[2 * (i + 2) + h]);
      z[4 * i + 2 * h + 1] = upper(y[2 * i + h], y[2 * (i + 2) + h]);
    }
  for (unsigned h = 0; h < 4; h++) {
    x[2 * h] = transpose(lower(z[h], z[h + 4]));
    x[2 * h + 1] = transpose(upper(z[h], z[h + 4]));
  }
}

/* A piece of a plane: a vector, or 16 bytes where a plane has no more. */
INLINE vec piece(const uint8_t *from, size_t n) {
  vec x = {0};
  if (n >= VECTOR) return *(const vec *)(const void *)__builtin_assume_aligned(from, VECTOR);
  memcpy(&x, from, 16);
  return x;
}

/* Add up the counters of `bits` planes with their weights, one vector of positions at a time: planes of the sums to
 * acc. Returns how many; after m steps a sum is at most n * (2^(m + 1) - 1): two more bits at the first step, then one
 * each. */
static unsigned weigh(const uint8_t *in, unsigned bits, size_t plane_bytes, unsigned counters, size_t apart, vec *acc) {
  unsigned planes = counters;
  const uint8_t *from = in + (bits - 1) * plane_bytes;
  for (unsigned k = 0; k < counters; k++) acc[k] = piece(from + k * apart, plane_bytes);
  for (unsigned b = bits - 1; b-- > 0;) { /* acc = 2 * acc + counter of plane b */
    vec carry = {0}, below = {0};         /* below: the old plane k - 1, which moves up to k */
    from -= plane_bytes;
    for (unsigned k = 0; k < counters; k++) {
      vec x = below;
      below = acc[k];
      const vec y = piece(from + k * apart, plane_bytes), z = carry;
      carry = full_adder(&x, y, z);
      acc[k] = x;
    }
    for (unsigned k = counters; k <= planes; k++) {
      vec x = below;
      if (k < planes) below = acc[k];
      carry = half_adder(&x, carry);
      acc[k] = x;
    }
    planes++;
    if (b == bits - 2) acc[planes++] = carry;
  }
  return planes;
}

/* Planes first .. first + 15 of those in acc as 16-bit numbers less `offset`, of the vector of positions at byte
 * `at`. */
INLINE void to_numbers(const vec *acc, unsigned first, unsigned planes, uint32_t lanes, size_t at, uint16_t offset,
                       int16_t *out) {
  typedef uint16_t numbers __attribute__((vector_size(VECTOR)));
  const vec none = {0};
  const size_t n = 16 * lanes < VECTOR ? 16 : VECTOR;
  vec lo[8], hi[8];
  for (unsigned k = 0; k < 8; k++) {
    lo[k] = first + k < planes ? acc[first + k] : none;
    hi[k] = first + 8 + k < planes ? acc[first + 8 + k] : none;
  }
  to_bytes(lo);
  if (planes > first + 8) to_bytes(hi);
  for (unsigned r = 0; r < 8; r++) {
    const numbers a = (numbers)lower(lo[r], hi[r]) - offset, b = (numbers)upper(lo[r], hi[r]) - offset;
    memcpy(out + r * 16 * lanes + at / 2, &a, n);
    memcpy(out + r * 16 * lanes + 8 * lanes + at / 2, &b, n);
  }
}

/* The sums of a block of 128 times `lanes` neurons from neuron `first` on. */
static void finish_block(sf_model_core *c, uint32_t first, uint32_t lanes, const uint8_t *in, unsigned counters,
                         size_t apart) {
  const unsigned bits = c->shape.weight_bits;
  const uint32_t offset = bits == 1 ? 0 : c->n_active << (bits - 1);
  vec acc[MOST_PLANES];
  int16_t low[SF_BLOCK], high[SF_BLOCK];
  for (size_t at = 0; at < 16 * lanes; at += VECTOR) {
    const unsigned planes = weigh(in + at, bits, 16 * lanes, counters, apart, acc);
    if (c->sum_is_narrow) { /* then no plane from 16 on is set */
      to_numbers(acc, 0, planes, lanes, at, (uint16_t)offset, c->sum16 + first);
      continue;
    }
    to_numbers(acc, 0, planes, lanes, at, 0, low);
    to_numbers(acc, 16, planes, lanes, at, 0, high);
  }
  for (uint32_t j = 0; !c->sum_is_narrow && j < 128 * lanes; j++)
    c->sum[first + j] = (int32_t)(((uint32_t)(uint16_t)low[j] | (uint32_t)(uint16_t)high[j] << 16) - offset);
}

static void body_sum(sf_model_core *c) {
  const unsigned counters = 32 - (unsigned)__builtin_clz(c->n_active), bits = c->shape.weight_bits;
  _Alignas(64) uint8_t counted[MOST_COUNTERS * 16 * SF_LINE];
  find_rows(c);
  for (uint32_t at = 0; at < c->padded; at += SF_BLOCK) {
    const uint32_t to = c->padded - at < SF_BLOCK ? c->padded : at + SF_BLOCK;
    const size_t bytes = ((size_t)(to - at) / 8 * bits + SF_LINE - 1) / SF_LINE * SF_LINE;
    count_with[counters](c, (size_t)at / 8 * bits, bytes, counted);
    const uint8_t *in = counted;
    for (uint32_t first = at, width; first < to; first += width) {
      width = sf_block_width(c->padded, first);
      finish_block(c, first, width / 128, in, counters, bytes);
      in += (size_t)width / 8 * bits;
    }
  }
}

static uint32_t ones(uint64_t x) { return (uint32_t)__builtin_popcountll(x); }

static void body_merge(uint64_t *slot, const uint64_t *bits, uint32_t words, uint64_t *events, uint64_t *merges) {
  for (uint32_t w = 0; w < words; w++) {
    *events += ones(bits[w]);
    *merges += ones(bits[w] & slot[w]);
    slot[w] |= bits[w];
  }
}

static uint32_t body_list(const uint64_t *bits, uint32_t words, uint16_t *list) {
  uint32_t n = 0;
  for (uint32_t w = 0; w < words; w++)
    for (uint64_t x = bits[w]; x != 0; x &= x - 1) list[n++] = (uint16_t)(64 * w + (uint32_t)__builtin_ctzll(x));
  return n;
}

static uint32_t body_scan(uint64_t *slot, uint64_t *bits, uint32_t words, uint16_t *list) {
  for (uint32_t w = 0; w < words; w++) {
    bits[w] = slot[w];
    slot[w] = 0;
  }
  return body_list(bits, words, list);
}

static uint32_t body_spikes(sf_model_core *c, uint32_t core, sf_event *event) {
  const uint32_t n = body_list(c->spike_bits, c->padded / 64, c->spiked);
  for (uint32_t i = 0; i < n && event != NULL; i++) event[i] = (sf_event){core, c->spiked[i]};
  return n;
}

/* ---- weights as numbers, and back --------------------------------------------------------------------------- */

INLINE uint16_t weight_offset(unsigned bits) { return bits == 1 ? 0 : (uint16_t)(1u << (bits - 1)); }

static void body_unpack(const uint8_t *block, uint32_t width, unsigned bits, int16_t *w) {
  const uint32_t lanes = width / 128;
  vec planes[16];
  for (size_t at = 0; at < 16 * lanes; at += VECTOR) {
    for (unsigned k = 0; k < bits; k++) planes[k] = piece(block + k * 16 * lanes + at, 16 * lanes);
    to_numbers(planes, 0, bits, lanes, at, weight_offset(bits), w);
  }
}

/* Bits of 8 numbers, from bit `from` on, 8 planes; the bytes of a block that hold them: see sf_plane_bit(). */
INLINE uint64_t planes_of(const uint16_t *x, unsigned from) {
  uint64_t eight = 0;
  for (unsigned n = 0; n < 8; n++) eight |= (uint64_t)(x[n] >> from & 0xffu) << (8 * n);
  uint64_t t = (eight ^ (eight >> 7)) & 0x00AA00AA00AA00AAull;
  eight ^= t ^ (t << 7);
  t = (eight ^ (eight >> 14)) & 0x0000CCCC0000CCCCull;
  eight ^= t ^ (t << 14);
  t = (eight ^ (eight >> 28)) & 0x00000000F0F0F0F0ull;
  return eight ^ t ^ (t << 28);
}

static void body_pack(uint8_t *block, uint32_t width, unsigned bits, const int16_t *w) {
  const uint32_t lanes = width / 128;
  for (uint32_t n = 0; n < width; n += 8) {
    uint16_t x[8];
    for (unsigned k = 0; k < 8; k++) x[k] = (uint16_t)(w[n + k] + weight_offset(bits));
    uint8_t *to = block + 16 * (n / 8 % lanes) + n / 8 / lanes;
    for (unsigned from = 0; from < bits; from += 8) {
      const uint64_t planes = planes_of(x, from);
      for (unsigned b = from; b < bits && b < from + 8; b++) to[b * 16 * lanes] = (uint8_t)(planes >> 8 * (b - from));
    }
  }
}

#endif /* OWN_SUM */

/* ---- what the machine could do ------------------------------------------------------------------------------ */

static uint64_t body_probe_load(const uint8_t *memory, size_t bytes) {
  vec sum[4] = {{0}, {0}, {0}, {0}};
  for (size_t i = 0; i < bytes; i += 4 * VECTOR)
    for (unsigned k = 0; k < 4; k++) sum[k] ^= load(memory + i + k * VECTOR);
  sum[0] ^= sum[1] ^ sum[2] ^ sum[3];
  return sum[0][0];
}

static uint64_t body_probe_add(uint64_t steps) {
  vec a[8], x = {1, 2}, y = {3, 4}, z = {5, 6};
  for (unsigned k = 0; k < 8; k++) a[k] = x << k;
  for (uint64_t i = 0; i < steps; i++)
    for (unsigned k = 0; k < 8; k += 2) { /* a carry goes into the adder after the next */
      y = full_adder(&a[k], x, y);
      z = full_adder(&a[k + 1], x, z);
    }
  for (unsigned k = 0; k < 8; k++) y ^= a[k];
  return y[0] ^ z[0];
}

/* ---- the neuron equation in 32 bits ------------------------------------------------------------------------- */

/* trunc0(x * f / 4096) for f = 0 .. 4096 and |x| < 2^24, where the product needs 37 bits, or, `small`, for |x| <
 * 2^19. */
INLINE int32_t scale(int32_t x, int32_t f, bool small) {
  const uint32_t m = (uint32_t)(x < 0 ? -x : x), g = (uint32_t)f;
  const int32_t y = (int32_t)(small ? m * g >> 12 : (m >> 12) * g + ((m & 4095u) * g >> 12));
  return x < 0 ? -y : y;
}

INLINE int32_t clamp(int32_t x, int32_t lo, int32_t hi) { return x < lo ? lo : x > hi ? hi : x; }

/* noise.h, for a whole group. */
static void group_noise(const sf_group *g, uint32_t seed, uint32_t tick, uint32_t first, int32_t *noise) {
  const uint32_t key[4] = {seed & 0xffffu, tick & 0xffffu, seed >> 16, tick >> 16};
  for (uint32_t i = 0; i < SF_GROUP; i++) {
    uint32_t hi = tick >> 16, lo = ((first + i) ^ seed >> 16) & 0xffffu;
    for (uint32_t r = 0; r < 8; r++) {
      hi = (((hi >> 7 | hi << 9) + lo) ^ key[r % 4] ^ (r + 1) * 0x9E37u) & 0xffffu;
      lo = ((lo << 2 | lo >> 14) ^ hi) & 0xffffu;
    }
    noise[i] = (int32_t)(lo & (uint32_t)g->noise_mask[i]) - g->noise_half[i];
  }
}

/* What stands for the hash's noise. */
static void own_noise(const int32_t *own, int32_t *noise) {
  for (uint32_t i = 0; i < SF_GROUP; i++) noise[i] = own[i] != 0 ? own[i] : noise[i];
}

/* 32 bytes that are 0 or 1 -> 32 bits: the product moves bit 0 of byte j to bit 56 + j. */
INLINE uint32_t pack_bits(const uint8_t *x) {
  uint32_t packed = 0;
  for (unsigned i = 0; i < 4; i++) {
    uint64_t eight = 0;
    for (unsigned j = 0; j < 8; j++) eight |= (uint64_t)x[8 * i + j] << (8 * j); /* one load */
    packed |= (uint32_t)(eight * 0x0102040810204080ull >> 56) << (8 * i);
  }
  return packed;
}

/* One group. The flags are constants where this is inlined; `learns` (with features): x and d are kept. */
INLINE uint32_t update_group(sf_model_core *c, const sf_group *g, uint32_t at, uint32_t tick, bool features, bool small,
                             bool learns) {
  const int32_t hi = (1 << (c->shape.potential_bits - 1)) - 1, lo = -hi - 1;
  const int32_t current = features && c->shape.has_current ? -1 : 0;
  const int32_t *threshold = c->threshold + at, *bias = c->bias + at;
  int32_t v[SF_GROUP], s[SF_GROUP], noise[SF_GROUP], seen_x[SF_GROUP], seen_d[SF_GROUP];
  uint8_t spiked[SF_GROUP];
  if (c->v16 != NULL)
    for (uint32_t i = 0; i < SF_GROUP; i++) v[i] = c->v16[at + i];
  else memcpy(v, c->v + at, sizeof v);
  if (c->sum_is_narrow)
    for (uint32_t i = 0; i < SF_GROUP; i++) s[i] = c->sum16[at + i];
  else memcpy(s, c->sum + at, sizeof s);
  int32_t u[SF_GROUP], a[SF_GROUP], r[SF_GROUP]; /* copies: what is written is read by nobody else */
  if (features) {
    if (g->has_noise) group_noise(g, c->seed, tick, at, noise);
    else memset(noise, 0, sizeof noise);
    if (learns && c->xi_noise != NULL) own_noise(c->xi_noise + at, noise);
    memcpy(u, c->u + at, sizeof u);
    memcpy(a, c->a + at, sizeof a);
    for (uint32_t i = 0; i < SF_GROUP; i++) r[i] = c->r[at + i];
  }
  for (uint32_t i = 0; i < SF_GROUP; i++) {
    int32_t drive = (int32_t)((uint32_t)s[i] << g->shift[i]), before = 0, rests = 0;
    if (features) {
      const int32_t kept = clamp(scale(u[i], g->u_keep[i], small) + drive, lo, hi);
      drive = (kept & current) | (drive & ~current);
      u[i] = kept & current;
      before = a[i];
      rests = -(r[i] != 0);
    }
    const int32_t x = scale(v[i], g->v_keep[i], small) + drive + bias[i] + (features ? noise[i] : 0);
    const int32_t spike = -(x >= threshold[i] + before) & ~rests;
    const int32_t at_spike = (x & g->reset_x[i]) - (threshold[i] & g->reset_t[i]) + g->reset_c[i];
    const int32_t at_floor = (x & g->floor_x[i]) + g->floor_c[i];
    int32_t y = x < g->v_floor[i] ? at_floor : x;
    y = clamp(spike ? at_spike : y, lo, hi);
    v[i] = rests ? g->v_reset[i] : y;
    spiked[i] = (uint8_t)(spike & 1);
    if (learns) {
      seen_x[i] = rests ? g->v_reset[i] : x;
      seen_d[i] = clamp(seen_x[i] - (threshold[i] + before), lo, hi);
    }
    if (features) {
      r[i] = spike ? g->refractory[i] : r[i] + rests;
      a[i] = clamp(before - scale(before, g->a_decay[i], small) + (spike & g->a_inc[i]), lo, hi);
    }
  }
  if (c->v16 != NULL)
    for (uint32_t i = 0; i < SF_GROUP; i++) c->v16[at + i] = (int16_t)v[i];
  else memcpy(c->v + at, v, sizeof v);
  if (learns) {
    for (uint32_t i = 0; i < SF_GROUP; i++) c->seen_x[at + i] = seen_x[i];
    memcpy(c->seen_d + at, seen_d, sizeof seen_d);
  }
  if (features) {
    memcpy(c->u + at, u, sizeof u);
    memcpy(c->a + at, a, sizeof a);
    for (uint32_t i = 0; i < SF_GROUP; i++) c->r[at + i] = (uint8_t)r[i];
  }
  return pack_bits(spiked);
}

static void update_learning(sf_model_core *c, uint32_t tick) {
  const uint32_t groups = (c->shape.neurons + SF_GROUP - 1) / SF_GROUP;
  const bool small = c->shape.potential_bits <= 19;
  for (uint32_t g = 0; g < groups; g++) {
    const uint32_t at = g * SF_GROUP;
    sf_put_spikes(c, g,
                  small ? update_group(c, c->group[g], at, tick, true, true, true)
                        : update_group(c, c->group[g], at, tick, true, false, true));
  }
}

static void body_update(sf_model_core *c, uint32_t tick) {
  const sf_core_net *has = &c->shape;
  if (c->plastic != NULL) {
    update_learning(c, tick);
    return;
  }
  const bool features = has->has_current || has->has_refractory || has->has_adaptation || has->has_noise;
  const bool small = has->potential_bits <= 19;
  const uint32_t groups = (has->neurons + SF_GROUP - 1) / SF_GROUP;
  for (uint32_t g = 0; g < groups; g++) {
    const sf_group *table = c->group[g];
    const uint32_t at = g * SF_GROUP;
    sf_put_spikes(c, g,
                  features ? small ? update_group(c, table, at, tick, true, true, false)
                                   : update_group(c, table, at, tick, true, false, false)
                  : small ? update_group(c, table, at, tick, false, true, false)
                           : update_group(c, table, at, tick, false, false, false));
  }
}

#ifndef OWN_SUM

/* ---- the rule in 32 bits ------------------------------------------------------------------------------------ */

INLINE void add_terms(const sf_change *of, uint32_t z, uint32_t first, const int32_t *w, int32_t *sum) {
  for (uint32_t k = 0; k < of->n; k++) {
    const int32_t *g = of->g[k] + first, cf = of->cf[k];
    const int16_t *lo = of->w_min + first, *hi = of->w_max + first;
    switch ((sf_synapse_factor)of->h[k]) {
      case SF_H_ONE:
        for (uint32_t i = 0; i < SF_GROUP; i++) sum[i] += cf * g[i];
        break;
      case SF_H_W:
        for (uint32_t i = 0; i < SF_GROUP; i++) sum[i] += cf * g[i] * w[i];
        break;
      case SF_H_ABOVE:
        for (uint32_t i = 0; i < SF_GROUP; i++) sum[i] += cf * g[i] * (hi[i] - w[i]);
        break;
      case SF_H_BELOW:
        for (uint32_t i = 0; i < SF_GROUP; i++) sum[i] += cf * g[i] * (w[i] - lo[i]);
        break;
      case SF_H_SIGN_W:
        for (uint32_t i = 0; i < SF_GROUP; i++) sum[i] += cf * g[i] * ((w[i] > 0) - (w[i] < 0));
        break;
      case SF_H_DRAW:
        for (uint32_t i = 0; i < SF_GROUP; i++) sum[i] += cf * g[i] * ((z >> i & 1) != 0 ? 1 : -1);
        break;
    }
  }
}

static uint32_t body_learn(const sf_change *of, const sf_change_random *random, uint32_t first, int16_t *w_at) {
  const uint32_t a = random->a, b = random->b, also = random->also, mask = of->random_mask;
  const int16_t *lo = of->w_min + first, *hi = of->w_max + first;
  int32_t w[SF_GROUP], sum[SF_GROUP];
  uint32_t changed = 0;
  for (uint32_t i = 0; i < SF_GROUP; i++) {
    const uint32_t r = (a << i | a >> ((32 - i) & 31)) ^ (b >> i | b << ((32 - i) & 31)) ^ also;
    w[i] = w_at[i];
    sum[i] = (int32_t)((r & mask) << 8) + of->half;
  }
  add_terms(of, random->z, first, w, sum);
  for (uint32_t i = 0; i < SF_GROUP; i++) {
    const int32_t inc = (int32_t)(((uint32_t)sum[i] ^ 0x80000000u) >> 24) - 128; /* sum >> 24, rounded down */
    const int32_t to = inc == 0 ? w[i] : clamp(w[i] + inc, lo[i], hi[i]);
    changed += to != w[i];
    w_at[i] = (int16_t)to;
  }
  return changed;
}

#endif /* OWN_SUM */

#endif
