/* delay_ring.c - C twin of rtl/delay_ring.v. */
#include "mirror/delay_ring.h"

#include <stdlib.h>

bool sf_delay_ring_new(sf_delay_ring *m, const sf_sizes *sizes) {
  *m = (sf_delay_ring){.sizes = sizes};
  m->ring = calloc((size_t)sizes->delay_slots << sizes->ring_shift, sizeof *m->ring);
  return m->ring != NULL;
}

void sf_delay_ring_free(sf_delay_ring *m) { free(m->ring); }

/* Events move on. */
static void take_event(sf_delay_ring *m, const sf_delay_ring_in *in) {
  const bool take = in->open & (in->loop_valid | in->in_valid);
  m->event_q = m->read_q;
  m->event_axon_q = m->read_axon_q;
  m->event_slot_q = m->read_slot_q;
  if (m->read_q) m->used_q |= (uint64_t)1 << m->read_slot_q;
  m->read_q = m->take_q;
  m->read_axon_q = m->take_axon_q;
  m->read_slot_q = m->take_slot_q;
  m->take_q = m->dropped_q = false;
  if (!take) return;
  m->take_axon_q = in->loop_valid ? in->loop_axon : in->in_axon;
  m->take_slot_q = (in->slot + (in->loop_valid ? in->loop_delay : in->in_delay)) & SF_SIZES(m)->slot_mask;
  m->take_q = m->take_axon_q < SF_SIZES(m)->axons;
  m->dropped_q = !m->take_q;
}

/* A slot is opened, and its words are taken one after the other. */
static void step_slot(sf_delay_ring *m, const sf_delay_ring_in *in) {
  if (in->word_take) {
    m->ring[sf_scan_address(m)] = 0;
    m->word_q++;
    m->valid_q = m->word_q != SF_SIZES(m)->ring_words - 1;
  }
  m->valid_q |= m->fill_q >> 1;
  m->fill_q = (m->fill_q << 1 | (m->fetch_q && !sf_slot_empty(m))) & 3;
  if (m->fetch_q) m->used_q &= ~((uint64_t)1 << m->scan_slot_q);
  m->fetch_q = m->settle_q >> 1;
  m->settle_q = (m->settle_q << 1 | in->start) & 3;
  if (!in->start) return;
  m->scan_slot_q = in->slot;
  m->word_q = UINT32_MAX;
}

/* One step of clearing the slots that hold events: their marks go past bit 0. */
static void clear_ring(sf_delay_ring *m) {
  const uint32_t stride = (uint32_t)1 << SF_SIZES(m)->ring_shift;
  const bool clear_write = m->used_q & 1;
  if (clear_write) m->ring[m->clear_address_q] = 0;
  if (!clear_write || (m->clear_address_q & (stride - 1)) == stride - 1) m->used_q >>= 1;
  m->clear_address_q += clear_write ? 1 : stride;
  m->clear_address_q &= ((SF_SIZES(m)->slot_mask + 1) << SF_SIZES(m)->ring_shift) - 1;
}

void sf_delay_ring_step(sf_delay_ring *m, const sf_delay_ring_in *in) {
  if (in->clear) clear_ring(m);
  else m->clear_address_q = 0;
  if (in->host_we) {
    m->ring[in->host_address] = (uint16_t)in->host_wdata;
    m->used_q |= (uint64_t)1 << (in->host_address >> SF_SIZES(m)->ring_shift);
  } else if (m->event_q) {
    const uint32_t at = sf_event_address(m);
    m->ring[at] = (uint16_t)(m->ring[at] | 1u << (m->event_axon_q & 15));
  }
  take_event(m, in);
  step_slot(m, in);

  if (in->rst) {
    m->used_q = ~(uint64_t)0 >> (64 - SF_SIZES(m)->delay_slots); /* so that all of them are cleared */
    m->clear_address_q = m->settle_q = m->fill_q = 0;
    m->take_q = m->read_q = m->event_q = m->dropped_q = m->fetch_q = m->valid_q = false;
  }
}
