/* sparse_ring.c - see sparse_ring.h. */
#include "model/sparse_ring.h"

#include <stdlib.h>
#include <string.h>

#include "model/model_state.h"

#define UNIT SF_RING_UNIT
#define COUNTS 4u           /* arrivals that are counted together */
#define STEP 32u            /* neurons that are taken together */
#define NEAR_BYTES 28672u   /* of a block's ring: the first-level cache, less what synapses need */
#define FAR_BYTES 262144u   /* and what the second level has room for */
#define LONG_GROUP 80u      /* synapses of a group that is worth a block of its own for the first level */
#define SHORT_GROUP 16u     /* and for the second */
#define AHEAD_SYNAPSES 384u /* fetched before they are added */
#define MOST_AHEAD 16u
#define COUNTS_AHEAD 16u /* sources whose arrivals are fetched before they are counted */
#define FEW_SOURCES 16u  /* a thread: not worth waking it */
#define BATCH 1024u      /* sources whose groups are listed together: as many lists as there are blocks stay near */
#define WORK (BATCH + MOST_AHEAD)
#define EVEN_CELLS 65536u /* that 16 bits tell apart */

/* ---- making ------------------------------------------------------------------------------------------------- */

void sf_ring_free(sf_ring *r) {
  free(r->start);
  free(r->synapse);
  free(r->arrivals);
  free(r->sums);
  free(r->work);
  free(r->in_work);
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

/* The form that holds blocks of this width. More of them, so that 16 bits tell their cells apart, are better than
 * synapses of twice the size, unless groups became shorter than they are filled up to. */
static void choose_form(sf_ring *r, uint64_t width, uint64_t each) {
  const uint64_t even = EVEN_CELLS / r->span / STEP * STEP;
  r->width = (uint32_t)width;
  if (width <= even) r->form = SF_RING_EVEN;
  else if (r->light) r->form = SF_RING_LIGHT; /* 65,535 neurons of 64 slots: 22 bits */
  else if (each / quotient_up(r->neurons, even) < UNIT) r->form = SF_RING_DOUBLE;
  else {
    r->form = SF_RING_EVEN;
    r->width = (uint32_t)even;
  }
}

/* As many blocks as keep their sums in the first-level cache (but four at least, for threads), unless groups became so
 * short that going from one to the next would cost more; in the second-level cache they are worth shorter ones. */
static void choose_blocks(sf_ring *r, const sf_sparse_net *net) {
  const uint64_t bytes = (uint64_t)r->neurons * r->span * cell_bytes(r);
  uint64_t rows = 0;
  for (uint32_t i = 0; i < r->sources; i++) rows += net->first[i + 1] > net->first[i];
  const uint64_t each = rows > 0 ? net->first[r->sources] / rows : 0;
  uint64_t n = least(most(quotient_up(bytes, NEAR_BYTES), 4), each / LONG_GROUP);
  n = most(n, least(quotient_up(bytes, FAR_BYTES), each / SHORT_GROUP));
  n = most(n, 1);
  choose_form(r, quotient_up(quotient_up(r->neurons, n), STEP) * STEP, each);
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

static size_t synapse_bytes(const sf_ring *r) {
  return r->form == SF_RING_DOUBLE ? sizeof(uint64_t) : sizeof(uint32_t);
}

static void put(sf_ring *r, size_t at, uint32_t cell, int16_t weight) {
  const uint32_t low = (uint32_t)(int32_t)weight;
  if (r->form == SF_RING_DOUBLE) ((uint64_t *)r->synapse)[at] = (uint64_t)cell << 32 | low;
  else if (r->form == SF_RING_LIGHT) ((uint32_t *)r->synapse)[at] = cell << 8 | (low & 0xffu);
  else ((uint32_t *)r->synapse)[at] = cell << 16 | (low & 0xffffu);
}

/* What fills up a group adds nothing, to cells that differ. */
static void place(sf_ring *r, const sf_sparse_net *net, size_t units, size_t *at) {
  for (size_t k = 0; k < units * UNIT; k++) put(r, k, k % UNIT, 0);
  for (uint32_t i = 0; i < r->sources; i++) {
    for (uint32_t q = 0; q < r->blocks; q++) at[q] = (size_t)r->start[(size_t)i * r->blocks + q] * UNIT;
    for (uint64_t k = net->first[i]; k < net->first[i + 1]; k++) {
      const uint32_t q = net->target[k] / r->width, slot = slot_of(net, i, k);
      put(r, at[q]++, slot * r->width + net->target[k] % r->width, net->weight[k]);
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
  r->work = sf_zeros((size_t)r->blocks * WORK, sizeof *r->work);
  r->in_work = sf_zeros(r->blocks, sizeof *r->in_work);
  bool ok = r->work && r->in_work && at && r->start && r->arrivals && r->sums && measure(r, net);
  if (ok) {
    r->synapse = sf_zeros((size_t)r->start[groups] * UNIT, synapse_bytes(r));
    ok = r->synapse != NULL;
  }
  if (ok) place(r, net, r->start[groups], at);
  free(at);
  return ok;
}

sf_err sf_ring_make(sf_ring *r, const sf_sparse_net *net, sf_msg *msg) {
  *r = (sf_ring){.sources = net->inputs + net->neurons, .neurons = net->neurons, .span = 1, .threads = 1};
  const unsigned long long synapses = net->first[r->sources];
  if (!survey(r, net)) return sf_fail(msg, SF_ENOMEM, "out of memory for %u neurons", net->neurons);
  if (r->most_sum >= INT32_MAX)
    return sf_fail(msg, SF_EINVAL, "the weights of a neuron add up to 2^31 or more in magnitude");
  choose_blocks(r, net);
  if (!fill(r, net)) return sf_fail(msg, SF_ENOMEM, "out of memory for %llu synapses", synapses);
  return SF_OK;
}

void sf_ring_set_threads(sf_ring *r, uint32_t threads) { r->threads = threads; }

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

/* The groups of up to BATCH sources, block by block, those of nothing left out; after each block's, to be fetched
 * meanwhile, the first of the one that this thread takes next. */
static void collect(const sf_ring *r, const uint32_t *active, uint32_t n, uint32_t threads) {
  memset(r->in_work, 0, r->blocks * sizeof *r->in_work);
  for (uint32_t i = 0; i < n; i++) {
    const uint32_t *start = r->start + (size_t)active[i] * r->blocks;
    for (uint32_t q = 0; q < r->blocks; q++) {
      r->work[(size_t)q * WORK + r->in_work[q]] = (sf_ring_group){start[q], start[q + 1]};
      r->in_work[q] += start[q + 1] > start[q];
    }
  }
  for (uint32_t q = 0; q < r->blocks; q++) {
    const sf_ring_group *next = r->work + (size_t)(q + threads < r->blocks ? q + threads : q) * WORK;
    for (uint32_t k = 0; k < r->ahead; k++) r->work[(size_t)q * WORK + r->in_work[q] + k] = next[k];
  }
}

static void *cell_at(void *sums, const sf_ring *r, size_t at) { return (char *)sums + at * cell_bytes(r); }

/* A ring of one slot is not needed: all that is added arrives now. */
static void add_block(const sf_ring *r, uint32_t q, void *sum) {
  void *to = r->span == 1 ? cell_at(sum, r, q * r->width)
                          : cell_at(r->sums, r, ((size_t)2 * q * r->span + r->slot) * r->width);
  sf_kernel_now()->ring_add[r->narrow ? 0 : 1][r->form](r->synapse, r->work + (size_t)q * WORK, r->in_work[q], r->ahead,
                                                        to);
}

static void take_block(const sf_ring *r, uint32_t q, void *sum) {
  const uint32_t first = q * r->width;
  const uint32_t steps = (uint32_t)quotient_up(least(r->neurons - first, r->width), STEP);
  void *now = cell_at(r->sums, r, ((size_t)2 * q * r->span + r->slot) * r->width);
  void *other = cell_at(now, r, (size_t)r->span * r->width);
  if (r->narrow) take_narrow(now, other, steps, cell_at(sum, r, first));
  else take_wide(now, other, steps, cell_at(sum, r, first));
}

/* Every thread has blocks of its own. One thread does not ask OpenMP, which takes as long as a small network's tick. */
static void add_blocks(const sf_ring *r, uint32_t threads, void *sum) {
  if (threads == 1) {
    for (uint32_t q = 0; q < r->blocks; q++) add_block(r, q, sum);
    return;
  }
#ifdef _OPENMP
#pragma omp parallel for schedule(static, 1) num_threads((int)threads)
#endif
  for (uint32_t t = 0; t < threads; t++)
    for (uint32_t q = t; q < r->blocks; q += threads) add_block(r, q, sum);
}

static void add_sources(const sf_ring *r, const uint32_t *active, uint32_t n, void *sum) {
  const uint32_t threads = n < FEW_SOURCES * r->threads ? 1 : (uint32_t)least(r->threads, r->blocks);
  for (uint32_t i = 0; i < n; i += BATCH) {
    collect(r, active + i, (uint32_t)least(n - i, BATCH), threads);
    add_blocks(r, threads, sum);
  }
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
  if (arrived == 0 || r->span == 1) memset(sum, 0, quotient_up(r->neurons, STEP) * STEP * cell_bytes(r));
  add_sources(r, active, n, sum);
  for (uint32_t q = 0; arrived > 0 && r->span > 1 && q < r->blocks; q++) take_block(r, q, sum);
  r->slot = r->slot + 1 < r->span ? r->slot + 1 : 0;
  return arrived;
}
