/* fifo.h - C twin of rtl/fifo.v; the user keeps the memory. */
#ifndef SYNFIRE_FIFO_H
#define SYNFIRE_FIFO_H
#include <stdbool.h>
#include <stdint.h>

typedef struct sf_fifo { uint32_t depth, head_q, tail_q, count_q; } sf_fifo;

static inline bool sf_fifo_valid(const sf_fifo *f) { return f->count_q != 0; }

/* sf_fifo_push(), sf_fifo_pop() - the index of the word to write or read; the pointer moves on. */
static inline uint32_t sf_fifo_push(sf_fifo *f) {
  const uint32_t at = f->tail_q;
  f->tail_q = at == f->depth - 1 ? 0 : at + 1;
  f->count_q++;
  return at;
}
static inline uint32_t sf_fifo_pop(sf_fifo *f) {
  const uint32_t at = f->head_q;
  f->head_q = at == f->depth - 1 ? 0 : at + 1;
  f->count_q--;
  return at;
}
#endif
