/* delay_ring.h - C twin of rtl/delay_ring.v: the events of the coming ticks, and the words of a slot. */
#ifndef SYNFIRE_DELAY_RING_H
#define SYNFIRE_DELAY_RING_H

#include "mirror/sizes.h"

typedef struct sf_delay_ring {
  const sf_sizes *sizes;
  uint16_t *ring; /* [delay_slots << ring_shift] */
  /* the event that came, the one whose word has been read, and the one whose word is being written */
  bool take_q, read_q, event_q, dropped_q;
  uint32_t take_axon_q, take_slot_q, read_axon_q, read_slot_q, event_axon_q, event_slot_q;
  uint64_t used_q; /* slots that hold an event */
  uint32_t clear_address_q;
  /* the slot that was opened: settling, its first words being read, the next word */
  uint32_t settle_q, fill_q; /* 2 bits each */
  bool fetch_q, valid_q;
  uint32_t scan_slot_q, word_q; /* word_q: the word taken last, -1 before the first one */
} sf_delay_ring;

typedef struct sf_delay_ring_in {
  bool rst, in_valid, loop_valid, open, start, clear, word_take, host_we;
  uint32_t in_axon, in_delay, loop_axon, loop_delay, slot, host_address, host_wdata;
} sf_delay_ring_in;

/* sf_delay_ring_new() - false: out of memory. sizes must outlive m. */
SF_MUST_CHECK SF_MODULE bool sf_delay_ring_new(sf_delay_ring *m, const sf_sizes *sizes);
SF_MODULE void sf_delay_ring_free(sf_delay_ring *m);
SF_MODULE void sf_delay_ring_step(sf_delay_ring *m, const sf_delay_ring_in *in);

/* sf_delay_ring_idle() - no event under way and no slot open: a step without inputs changes nothing. */
static inline bool sf_delay_ring_idle(const sf_delay_ring *m) {
  return !(m->take_q | m->read_q | m->event_q | m->dropped_q | m->fetch_q | m->valid_q) &&
         (m->clear_address_q | m->settle_q | m->fill_q) == 0;
}
static inline uint32_t sf_event_address(const sf_delay_ring *m) {
  return m->event_slot_q << SF_SIZES(m)->ring_shift | m->event_axon_q >> 4;
}
/* The word being updated. The Verilog reads it two cycles ahead and forwards what was written meanwhile: the same
 * value. */
static inline bool sf_event_merged(const sf_delay_ring *m) {
  return m->event_q && (m->ring[sf_event_address(m)] >> (m->event_axon_q & 15) & 1);
}
/* With fetch_q, begin_o of the Verilog: the slot holds no event. */
static inline bool sf_slot_empty(const sf_delay_ring *m) { return !(m->used_q >> m->scan_slot_q & 1); }
/* The word that word_valid_o offers. The Verilog reads it ahead, through ring_q and next_word_q. */
static inline uint32_t sf_scan_address(const sf_delay_ring *m) {
  return m->scan_slot_q << SF_SIZES(m)->ring_shift | (m->word_q + 1);
}

#endif
