/* bench_plain.h - what anyone would write: the loops that the functional model is measured beside. The compiler
 * vectorises what it can, for the baseline of its target and, in a second copy, for AVX-512 where the processor has
 * that. */
#ifndef SF_HARNESS_BENCH_PLAIN_H
#define SF_HARNESS_BENCH_PLAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SF_PLAIN_SLOTS 16u
#define SF_PLAIN_DECAY 512 /* v forgets an eighth each tick */

/* One network in one of three forms. */
typedef struct sf_plain {
  enum { SF_PLAIN_DENSE, SF_PLAIN_ROWS, SF_PLAIN_DELAYS } form;
  uint32_t sources, neurons;
  int8_t *dense;   /* DENSE: [sources * neurons] */
  uint64_t *first; /* ROWS, DELAYS: [sources + 1] */
  int32_t *target;
  int8_t *weight;
  uint8_t *delay; /* DELAYS */
  int32_t threshold;
  int16_t *sum; /* [SF_PLAIN_SLOTS * neurons] of the coming ticks; DENSE: [neurons] */
  int32_t *v;
  uint32_t *spike;
} sf_plain;

/* sf_plain_tick() - events number i: axon[i], for delay[i] ticks from now (ROWS). Returns how many spikes went to
 * p->spike. */
uint32_t sf_plain_tick(sf_plain *p, uint32_t tick, const uint32_t *axon, const uint8_t *delay, uint32_t n);
uint32_t sf_plain_tick_wide(sf_plain *p, uint32_t tick, const uint32_t *axon, const uint8_t *delay, uint32_t n);
bool sf_plain_has_wide(void);
void sf_plain_reset(sf_plain *p);

#endif
