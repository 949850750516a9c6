/* axon_scheduler.h - C twin of rtl/axon_scheduler.v: delay ring, scan, stream of active axons. */
#ifndef SYNFIRE_AXON_SCHEDULER_H
#define SYNFIRE_AXON_SCHEDULER_H

#include "synfire/params.h"

enum {
  SF_AXONS_IDLE = 0, SF_AXONS_WAIT = 1, SF_AXONS_FETCH = 2, SF_AXONS_FILL = 3, SF_AXONS_LOAD = 4, SF_AXONS_SCAN = 5,
  SF_AXONS_STREAM = 6, SF_AXONS_SETTLE = 7, SF_AXONS_FILLED = 8 /* the second cycle of FILL in the Verilog */
};

typedef struct sf_axon_scheduler {
  /* sizes */
  uint32_t axons, slot_mask, words, stride_s, spacing;
  bool rides; /* a mark goes with its group's last axon */
  uint64_t all_slots;
  /* memories */
  uint16_t *ring; /* [delay_slots << stride_s] */
  uint16_t *list; /* [axons, or groups if there are more]: the tick's active axons, or the groups that are due */
  /* the event that came, the one whose word has been read, and the one whose word is being written */
  bool take_q, read_q, event_q, dropped_q;
  uint32_t take_axon_q, take_slot_q, read_axon_q, read_slot_q, event_axon_q, event_slot_q;
  /* scan and stream */
  uint32_t state_q, scan_slot_q, word_q, bits_q, n_active_q, index_q, base_q, space_q;
  bool bare_q; /* the mark goes alone */
  bool scan_done, stream_done;
  uint64_t used_q;
  uint32_t clear_address_q;
  /* two stages, while the list is read */
  bool sent_axon_valid_q, sent_mark_q, next_axon_valid_q, next_mark_q; /* the Verilog tells axons of scan and list apart */
  uint32_t sent_axon_q, sent_base_q, next_axon_q, next_base_q, sent_list_q, list_q;
  /* ports: the root of the broadcast */
  bool issue_axon_valid, issue_end;
  uint32_t issue_axon, issue_group, issue_base;
} sf_axon_scheduler;

typedef struct sf_axon_scheduler_in {
  bool rst, in_valid, loop_valid, open, start, clear, host_we, none, last, tick_empty, listed, keep;
  uint32_t group, keep_at, keep_group, in_axon, in_delay, loop_axon, loop_delay, slot, host_address, host_wdata;
} sf_axon_scheduler_in;

SF_MUST_CHECK bool sf_axon_scheduler_new(sf_axon_scheduler *m, const sf_params *p); /* false: out of memory */
void sf_axon_scheduler_free(sf_axon_scheduler *m);
void sf_axon_scheduler_step(sf_axon_scheduler *m, const sf_axon_scheduler_in *in);

/* sf_axon_scheduler_idle() - no scan, no stream, no event under way: a step without inputs changes nothing. */
static inline bool sf_axon_scheduler_idle(const sf_axon_scheduler *m) {
  return m->state_q == SF_AXONS_IDLE && m->clear_address_q == 0 && !m->take_q && !m->read_q && !m->event_q && !m->dropped_q &&
         !m->sent_axon_valid_q && !m->sent_mark_q && !m->next_axon_valid_q && !m->next_mark_q && !m->issue_axon_valid &&
         !m->issue_end && !m->scan_done && !m->stream_done;
}
static inline uint32_t sf_event_address(const sf_axon_scheduler *m) {
  return m->event_slot_q << m->stride_s | m->event_axon_q >> 4;
}
/* The word being updated. The Verilog reads it two cycles ahead and forwards what was written meanwhile: the same value. */
static inline bool sf_event_merged(const sf_axon_scheduler *m) {
  return m->event_q && (m->ring[sf_event_address(m)] >> (m->event_axon_q & 15) & 1);
}
/* What quiet_groups is told: which groups are due is decided now (for a tick without active axons?); a mark leaves. */
static inline bool sf_marks_begin(const sf_axon_scheduler *m) { return m->state_q == SF_AXONS_FETCH; }
static inline bool sf_marks_empty(const sf_axon_scheduler *m) { return !(m->used_q >> m->scan_slot_q & 1); }
static inline bool sf_mark(const sf_axon_scheduler *m, bool none) {
  return m->state_q == SF_AXONS_STREAM && !none && m->space_q == 0 &&
         (m->bare_q || (m->rides && m->index_q + 1 == m->n_active_q));
}

#endif
