/* fifo.h - C twin of rtl/fifo.v; the user keeps the memory, whose words stay until they are popped. */
#ifndef SYNFIRE_FIFO_H
#define SYNFIRE_FIFO_H
#include <stdbool.h>
#include <stdint.h>

typedef struct sf_fifo {
  uint32_t depth, head_q, tail_q;
  bool any_q;                /* the memory has a word that has not been read */
  bool read_q, valid_q;      /* a word at the memory's output, in the register */
  uint32_t read_at, data_at; /* which ones: indices into the memory */
} sf_fifo;

static inline bool sf_fifo_busy(const sf_fifo *f) { return f->any_q | f->read_q | f->valid_q; }

/* sf_fifo_step() - one clock cycle; pop only while valid_q. What is pushed in it, by sf_fifo_push() afterwards, is
 * read from the next cycle on. */
static inline void sf_fifo_step(sf_fifo *f, bool pop) {
  const bool advance = !f->valid_q || pop, re = f->any_q && (!f->read_q || advance);
  if (advance) {
    f->valid_q = f->read_q;
    f->data_at = f->read_at;
  }
  f->read_q = re || (f->read_q && !advance);
  if (re) {
    f->read_at = f->head_q;
    f->head_q = f->head_q == f->depth - 1 ? 0 : f->head_q + 1;
    f->any_q = f->head_q != f->tail_q;
  }
}
/* sf_fifo_push() - the index of the word to write. */
static inline uint32_t sf_fifo_push(sf_fifo *f) {
  const uint32_t at = f->tail_q;
  f->tail_q = at == f->depth - 1 ? 0 : at + 1;
  f->any_q = true;
  return at;
}
#endif
