/* axon_scheduler.c - C twin of rtl/axon_scheduler.v. */
#include "mirror/axon_scheduler.h"

#include <stdlib.h>

#include "mirror/find_first.h"

bool sf_axon_scheduler_new(sf_axon_scheduler *m, const sf_params *p) {
  *m = (sf_axon_scheduler){.axons = p->axons,
                           .slot_mask = p->delay_slots - 1,
                           .all_slots = p->delay_slots == 64 ? ~(uint64_t)0 : ((uint64_t)1 << p->delay_slots) - 1,
                           .words = sf_ring_words(p),
                           .stride_s = sf_clog2(sf_ring_words(p)),
                           .spacing = p->lanes / p->neuron_lanes,
                           .rides = p->lanes > 64};
  m->ring = calloc((size_t)p->delay_slots << m->stride_s, sizeof *m->ring);
  m->list = calloc(p->axons > sf_groups(p) ? p->axons : sf_groups(p), sizeof *m->list);
  return m->ring && m->list;
}

void sf_axon_scheduler_free(sf_axon_scheduler *m) {
  free(m->ring);
  free(m->list);
}

/* Events move on. */
static void take_event(sf_axon_scheduler *m, const sf_axon_scheduler_in *in) {
  const bool take = in->open && (in->loop_valid || in->in_valid);
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
  m->take_slot_q = (in->slot + (in->loop_valid ? in->loop_delay : in->in_delay)) & m->slot_mask;
  m->take_q = m->take_axon_q < m->axons;
  m->dropped_q = !m->take_q;
}

/* The Verilog reads the words ahead, through ring_q. */
static void next_word(sf_axon_scheduler *m, uint32_t word) {
  const uint32_t scan_clear = m->scan_slot_q << m->stride_s | word;
  m->bits_q = m->ring[scan_clear];
  m->ring[scan_clear] = 0;
  m->word_q = word;
}

/* The scan state machine; what it sends goes to sent_*. */
static void scan_and_stream(sf_axon_scheduler *m, const sf_axon_scheduler_in *in) {
  const bool mark = sf_mark(m, in->none);
  m->sent_base_q = m->base_q;
  m->sent_axon_valid_q = m->sent_mark_q = m->scan_done = m->stream_done = false;
  if (m->space_q) m->space_q--;
  switch (m->state_q) {
    case SF_AXONS_SETTLE: m->state_q = SF_AXONS_WAIT; break;
    case SF_AXONS_WAIT: m->state_q = SF_AXONS_FETCH; break;
    case SF_AXONS_FETCH:
      m->scan_done = sf_marks_empty(m);
      m->state_q = m->scan_done ? SF_AXONS_STREAM : SF_AXONS_FILL;
      m->used_q &= ~((uint64_t)1 << m->scan_slot_q);
      break;
    case SF_AXONS_FILL: m->state_q = SF_AXONS_FILLED; break;
    case SF_AXONS_FILLED: m->state_q = SF_AXONS_LOAD; break;
    case SF_AXONS_LOAD:
      next_word(m, 0);
      m->state_q = SF_AXONS_SCAN;
      break;
    case SF_AXONS_SCAN: {
      uint64_t bits_rest;
      const uint32_t bit_index = sf_find_first(m->bits_q, &bits_rest);
      if (m->bits_q) { /* group 0 is sent as the list is made */
        m->sent_axon_valid_q = true;
        m->sent_axon_q = m->word_q << 4 | bit_index;
        m->list[m->n_active_q++] = (uint16_t)m->sent_axon_q;
      }
      if (bits_rest) m->bits_q = (uint32_t)bits_rest;
      else if (m->word_q == m->words - 1) {
        m->scan_done = true;
        m->state_q = SF_AXONS_STREAM;
      } else next_word(m, m->word_q + 1);
      break;
    }
    case SF_AXONS_STREAM:
      if (in->none || (mark && in->last)) {
        m->stream_done = true;
        m->state_q = SF_AXONS_IDLE;
      }
      if (mark && in->listed) m->sent_list_q = m->list[m->index_q]; /* it names groups; else it may be at its end */
      if (!m->bare_q && (mark || !m->rides || m->index_q + 1 != m->n_active_q)) {
        m->sent_axon_valid_q = true;
        m->sent_axon_q = m->list[m->index_q++];
        m->bare_q = m->index_q == m->n_active_q;
      }
      if (mark) {
        m->sent_mark_q = true;
        m->index_q = in->tick_empty ? m->index_q + 1 : 0;
        m->bare_q = m->n_active_q == 0;
        m->base_q += m->axons;
        m->space_q = m->spacing - 1;
      }
      break;
    default:
      if (in->start) {
        m->state_q = SF_AXONS_SETTLE;
        m->scan_slot_q = in->slot;
        m->n_active_q = m->index_q = m->base_q = m->space_q = 0;
        m->bare_q = true;
      }
  }
}

/* One step of clearing the slots that hold events. */
static void clear_ring(sf_axon_scheduler *m) {
  const uint32_t stride = (uint32_t)1 << m->stride_s, slot = m->clear_address_q >> m->stride_s;
  if (m->used_q >> slot & 1) {
    m->ring[m->clear_address_q] = 0;
    if ((m->clear_address_q & (stride - 1)) == stride - 1) m->used_q &= ~((uint64_t)1 << slot);
    m->clear_address_q++;
  } else m->clear_address_q += stride;
  m->clear_address_q &= ((m->slot_mask + 1) << m->stride_s) - 1;
}

void sf_axon_scheduler_step(sf_axon_scheduler *m, const sf_axon_scheduler_in *in) {
  m->issue_axon_valid = m->next_axon_valid_q;
  m->issue_end = m->next_mark_q;
  m->issue_axon = m->next_axon_q;
  m->issue_group = in->listed ? m->list_q : in->group;
  m->list_q = m->sent_list_q;
  m->issue_base = m->next_base_q;
  m->next_axon_valid_q = m->sent_axon_valid_q;
  m->next_mark_q = m->sent_mark_q;
  m->next_axon_q = m->sent_axon_q;
  m->next_base_q = m->sent_base_q;

  if (in->clear) clear_ring(m);
  else m->clear_address_q = 0;
  if (in->host_we) {
    m->ring[in->host_address] = (uint16_t)in->host_wdata;
    m->used_q |= (uint64_t)1 << (in->host_address >> m->stride_s);
  } else if (m->event_q) {
    const uint32_t at = sf_event_address(m);
    m->ring[at] = (uint16_t)(m->ring[at] | 1u << (m->event_axon_q & 15));
  }
  take_event(m, in);
  scan_and_stream(m, in);
  if (in->keep) m->list[in->keep_at] = (uint16_t)in->keep_group;

  if (in->rst) {
    m->used_q = m->all_slots; /* so that all of them are cleared */
    m->clear_address_q = 0;
    m->state_q = SF_AXONS_IDLE;
    m->take_q = m->read_q = m->event_q = m->dropped_q = m->scan_done = m->stream_done = false;
    m->sent_axon_valid_q = m->sent_mark_q = m->next_axon_valid_q = m->next_mark_q = false;
    m->issue_axon_valid = m->issue_end = false;
  }
}
