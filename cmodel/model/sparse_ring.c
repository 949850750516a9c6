/* sparse_ring.c - see sparse_ring.h. */
#include "model/sparse_ring.h"

#include <stdlib.h>
#include <string.h>

#include "model/model_state.h"

#define UNIT 8u             /* synapses that are added without a question in between: groups are filled up to them */
#define COUNTS 4u           /* arrivals that are counted together */
#define STEP 32u            /* neurons that are taken together */
#define NEAR_BYTES 40960u   /* of a block's ring: about the first-level cache */
#define FAR_BYTES 262144u   /* and what the second level has room for */
#define LONG_GROUP 100u     /* synapses of a group that is worth a block of its own for the first level */
#define SHORT_GROUP 16u     /* and for the second */
#define AHEAD_SYNAPSES 384u /* fetched before they are added */
#define MOST_AHEAD 16u
#define COUNTS_AHEAD 16u /* sources whose arrivals are fetched before they are counted */
#define FEW_SOURCES 16u  /* a thread: not worth waking it */

/* ---- making ------------------------------------------------------------------------------------------------- */

void sf_ring_free(sf_ring *r) {
  free(r->start);
  free(r->synapse);
  free(r->arrivals);
  free(r->sums);
  free(r->work);
}

static uint64_t least(uint64_t a, uint64_t b) { return a < b ? a : b; }
static uint64_t most(uint64_t a, uint64_t b) { return a > b ? a : b; }
static uint64_t quotient_up(uint64_t a, uint64_t b) { return (a + b - 1) / b; }

/* The slot that synapse k of source i adds to. */
static uint32_t slot_of(const sf_sparse_net *net, uint32_t i, uint64_t k) {
  return net->delay[k] - (uint32_t)(i >= net->inputs);
}

/* What weights and delays need: most_sum, narrow, light, span. */
static bool survey(sf_ring *r, const sf_sparse_net *net) {
  uint64_t *reach = calloc(net->neurons, sizeof *reach);
  if (reach == NULL) return false;
  r->light = true;
  for (uint32_t i = 0; i < r->sources; i++)
    for (uint64_t k = net->first[i]; k < net->first[i + 1]; k++) {
      reach[net->target[k]] += (uint64_t)abs(net->weight[k]);
      r->light &= net->weight[k] >= INT8_MIN && net->weight[k] <= INT8_MAX;
      if (slot_of(net, i, k) >= r->span) r->span = slot_of(net, i, k) + 1;
    }
  for (uint32_t j = 0; j < net->neurons; j++) r->most_sum = most(r->most_sum, reach[j]);
  r->narrow = r->most_sum <= INT16_MAX;
  free(reach);
  return true;
}

static size_t cell_bytes(const sf_ring *r) { return r->narrow ? sizeof(int16_t) : sizeof(int32_t); }

/* As many blocks as keep their sums in the first-level cache (but four at least, for threads), unless groups became so
 * short that going from one to the next would cost more; in the second-level cache they are worth shorter ones. */
static void choose_blocks(sf_ring *r, const sf_sparse_net *net) {
  const uint64_t bytes = (uint64_t)r->neurons * r->span * cell_bytes(r), cells = (uint64_t)1 << (r->light ? 24 : 16);
  uint64_t rows = 0;
  for (uint32_t i = 0; i < r->sources; i++) rows += net->first[i + 1] > net->first[i];
  const uint64_t each = rows > 0 ? net->first[r->sources] / rows : 0;
  uint64_t n = least(most(quotient_up(bytes, NEAR_BYTES), 4), each / LONG_GROUP);
  n = most(n, least(quotient_up(bytes, FAR_BYTES), each / SHORT_GROUP));
  n = most(n, 1);
  const uint64_t width = quotient_up(quotient_up(r->neurons, n), STEP) * STEP;
  r->width = (uint32_t)least(width, cells / r->span / STEP * STEP);
  r->blocks = (uint32_t)quotient_up(r->neurons, r->width);
  const uint64_t group = each / r->blocks;
  r->ahead = (uint32_t)least(1 + AHEAD_SYNAPSES / most(group, 1), MOST_AHEAD);
}

/* Where the groups start; false when there are more units than a word can count. */
static bool measure(sf_ring *r, const sf_sparse_net *net) {
  uint64_t at = 0;
  for (uint32_t i = 0; i < r->sources; i++) {
    uint32_t *count = r->start + (size_t)i * r->blocks;
    for (uint64_t k = net->first[i]; k < net->first[i + 1]; k++) count[net->target[k] / r->width]++;
    for (uint32_t q = 0; q < r->blocks; q++) {
      const uint64_t units = quotient_up(count[q], UNIT);
      count[q] = (uint32_t)at;
      at += units;
    }
    if (at > UINT32_MAX) return false;
  }
  r->start[(size_t)r->sources * r->blocks] = (uint32_t)at;
  return true;
}

/* What fills up a group adds nothing, to cells that differ. */
static void place(sf_ring *r, const sf_sparse_net *net, size_t units, size_t *at) {
  const unsigned shift = r->light ? 24 : 16;
  for (size_t k = 0; k < units * UNIT; k++) r->synapse[k] = k % UNIT;
  for (uint32_t i = 0; i < r->sources; i++) {
    for (uint32_t q = 0; q < r->blocks; q++) at[q] = (size_t)r->start[(size_t)i * r->blocks + q] * UNIT;
    for (uint64_t k = net->first[i]; k < net->first[i + 1]; k++) {
      const uint32_t q = net->target[k] / r->width, slot = slot_of(net, i, k);
      const uint32_t cell = slot * r->width + net->target[k] % r->width;
      r->synapse[at[q]++] = cell | (uint32_t)net->weight[k] << shift;
      r->arrivals[(size_t)i * r->counts + slot]++;
    }
  }
}

static bool fill(sf_ring *r, const sf_sparse_net *net) {
  const size_t groups = (size_t)r->sources * r->blocks;
  size_t *at = calloc(r->blocks, sizeof *at);
  r->start = sf_zeros(groups + 1, sizeof *r->start);
  r->counts = (uint32_t)quotient_up(r->span, COUNTS) * COUNTS;
  r->arrivals = sf_zeros((size_t)r->sources * r->counts, sizeof *r->arrivals);
  r->sums = sf_zeros((size_t)2 * r->blocks * r->span * r->width, cell_bytes(r));
  bool ok = at && r->start && r->arrivals && r->sums && measure(r, net);
  if (ok) {
    r->synapse = sf_zeros((size_t)r->start[groups] * UNIT, sizeof *r->synapse);
    ok = r->synapse != NULL;
  }
  if (ok) place(r, net, r->start[groups], at);
  free(at);
  return ok;
}

sf_err sf_ring_make(sf_ring *r, const sf_sparse_net *net, sf_msg *msg) {
  *r = (sf_ring){.sources = net->inputs + net->neurons, .neurons = net->neurons, .span = 1};
  const unsigned long long synapses = net->first[r->sources];
  if (!survey(r, net)) return sf_fail(msg, SF_ENOMEM, "out of memory for %u neurons", net->neurons);
  if (r->most_sum >= INT32_MAX)
    return sf_fail(msg, SF_EINVAL, "the weights of a neuron add up to 2^31 or more in magnitude");
  choose_blocks(r, net);
  if (!fill(r, net) || sf_ring_set_threads(r, 1))
    return sf_fail(msg, SF_ENOMEM, "out of memory for %llu synapses", synapses);
  return SF_OK;
}

sf_err sf_ring_set_threads(sf_ring *r, uint32_t threads) {
  sf_ring_group *work = sf_zeros((size_t)threads * (r->sources + MOST_AHEAD), sizeof *work);
  if (work == NULL) return SF_ENOMEM;
  free(r->work);
  r->work = work;
  r->threads = threads;
  return SF_OK;
}

void sf_ring_reset(sf_ring *r) {
  memset(r->sums, 0, (size_t)2 * r->blocks * r->span * r->width * cell_bytes(r));
  memset(r->due, 0, sizeof r->due);
  r->slot = 0;
}

/* ---- a tick ------------------------------------------------------------------------------------------------- */

bool sf_ring_reaches(const sf_ring *r, uint32_t source) {
  const uint32_t *start = r->start + (size_t)source * r->blocks;
  return start[r->blocks] > start[0];
}

static void fetch(uintptr_t at) {
#if defined(__GNUC__)
  __builtin_prefetch((const void *)at);
#else
  (void)at;
#endif
}

/* Eight at a time; their loads go ahead of the first addition. While a group is added, as much of one to come is
 * fetched, wherever that ends. */
#define ADD_GROUPS(name, type, weight_type, cell_bits)                                       \
  static void name(const sf_ring *r, const sf_ring_group *g, uint32_t n, type *sum) {        \
    const uint32_t cell = ((uint32_t)1 << (cell_bits)) - 1, ahead = r->ahead;                \
    for (uint32_t i = 0; i < n; i++) {                                                       \
      uintptr_t next = (uintptr_t)(r->synapse + (size_t)g[i + ahead].from * UNIT);           \
      const uint32_t *const end = r->synapse + (size_t)g[i].to * UNIT;                       \
      for (const uint32_t *p = r->synapse + (size_t)g[i].from * UNIT; p != end; p += UNIT) { \
        fetch(next);                                                                         \
        next += UNIT * sizeof *p;                                                            \
        for (uint32_t h = 0; h < UNIT; h += 4) {                                             \
          const uint32_t a = p[h], b = p[h + 1], c = p[h + 2], d = p[h + 3];                 \
          sum[a & cell] = (type)(sum[a & cell] + (weight_type)(a >> (cell_bits)));           \
          sum[b & cell] = (type)(sum[b & cell] + (weight_type)(b >> (cell_bits)));           \
          sum[c & cell] = (type)(sum[c & cell] + (weight_type)(c >> (cell_bits)));           \
          sum[d & cell] = (type)(sum[d & cell] + (weight_type)(d >> (cell_bits)));           \
        }                                                                                    \
      }                                                                                      \
    }                                                                                        \
  }
ADD_GROUPS(add_narrow_light, int16_t, int8_t, 24)
ADD_GROUPS(add_narrow, int16_t, int16_t, 16)
ADD_GROUPS(add_wide_light, int32_t, int8_t, 24)
ADD_GROUPS(add_wide, int32_t, int16_t, 16)

/* The two slots of a tick, added and cleared; `steps` of a fixed length, which compilers turn into vectors. */
#define TAKE_SUMS(name, type)                                                                \
  static void name(type *restrict a, type *restrict b, uint32_t steps, type *restrict sum) { \
    for (; steps > 0; steps--, a += STEP, b += STEP, sum += STEP)                            \
      for (uint32_t j = 0; j < STEP; j++) {                                                  \
        sum[j] = (type)(a[j] + b[j]);                                                        \
        a[j] = b[j] = 0;                                                                     \
      }                                                                                      \
  }
TAKE_SUMS(take_narrow, int16_t)
TAKE_SUMS(take_wide, int32_t)

/* The groups of block q, those of nothing left out; after them as many that fetch nothing new. */
static uint32_t collect(const sf_ring *r, const uint32_t *active, uint32_t n, uint32_t q, sf_ring_group *work) {
  uint32_t m = 0;
  for (uint32_t i = 0; i < n; i++) {
    const uint32_t *start = r->start + (size_t)active[i] * r->blocks + q;
    work[m] = (sf_ring_group){start[0], start[1]};
    m += start[1] > start[0];
  }
  for (uint32_t k = 0; k < r->ahead; k++) work[m + k] = (sf_ring_group){0, 0};
  return m;
}

/* `sum`: NULL if nothing arrives. */
static void tick_of_block(const sf_ring *r, const uint32_t *active, uint32_t n, uint32_t q, sf_ring_group *work,
                          void *sum) {
  const uint32_t m = collect(r, active, n, q, work), first = q * r->width;
  const size_t at = ((size_t)2 * q * r->span + r->slot) * r->width, other = at + (size_t)r->span * r->width;
  const uint32_t steps = (uint32_t)quotient_up(least(r->neurons - first, r->width), STEP);
  if (r->narrow) {
    int16_t *ring = r->sums;
    if (r->light) add_narrow_light(r, work, m, ring + at);
    else add_narrow(r, work, m, ring + at);
    if (sum != NULL) take_narrow(ring + at, ring + other, steps, (int16_t *)sum + first);
  } else {
    int32_t *ring = r->sums;
    if (r->light) add_wide_light(r, work, m, ring + at);
    else add_wide(r, work, m, ring + at);
    if (sum != NULL) take_wide(ring + at, ring + other, steps, (int32_t *)sum + first);
  }
}

/* Every thread has blocks of its own. */
static void tick_of_blocks(const sf_ring *r, const uint32_t *active, uint32_t n, void *sum) {
  const uint32_t threads = n < FEW_SOURCES * r->threads ? 1 : (uint32_t)least(r->threads, r->blocks);
#ifdef _OPENMP
#pragma omp parallel for schedule(static, 1) num_threads((int)threads) if (threads > 1)
#endif
  for (uint32_t t = 0; t < threads; t++)
    for (uint32_t q = t; q < r->blocks; q += threads)
      tick_of_block(r, active, n, q, r->work + (size_t)t * (r->sources + MOST_AHEAD), sum);
}

/* What the sources send is under way; where their groups start is fetched for the blocks. */
static void count(sf_ring *r, const uint32_t *active, uint32_t n) {
  uint64_t *due = r->due + r->slot;
  for (uint32_t i = 0; i < n; i++) {
    const uint32_t *arrivals = r->arrivals + (size_t)active[i] * r->counts;
    fetch((uintptr_t)(r->arrivals + (size_t)active[i + COUNTS_AHEAD < n ? i + COUNTS_AHEAD : i] * r->counts));
    fetch((uintptr_t)(r->start + (size_t)active[i] * r->blocks));
    for (uint32_t d = 0; d < r->counts; d += COUNTS)
      for (uint32_t k = 0; k < COUNTS; k++) due[d + k] += arrivals[d + k];
  }
}

uint64_t sf_ring_tick(sf_ring *r, const uint32_t *active, uint32_t n, void *sum) {
  count(r, active, n);
  const uint64_t arrived = r->due[r->slot] + r->due[r->slot + r->span];
  r->due[r->slot] = r->due[r->slot + r->span] = 0;
  tick_of_blocks(r, active, n, arrived > 0 ? sum : NULL);
  if (arrived == 0) memset(sum, 0, r->neurons * cell_bytes(r));
  r->slot = r->slot + 1 < r->span ? r->slot + 1 : 0;
  return arrived;
}
