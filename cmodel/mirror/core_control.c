/* core_control.c - C twin of rtl/core_control.v. */
#include "mirror/core_control.h"

void sf_core_control_init(sf_core_control *m, const sf_sizes *sizes) { *m = (sf_core_control){.sizes = sizes}; }

static uint32_t next_phase(const sf_core_control *m, const sf_core_control_in *in) {
  switch (m->phase_q) {
    case SF_PHASE_CLEAR:
      return m->cleared_q && in->ring_empty ? SF_PHASE_IDLE : SF_PHASE_CLEAR;
    case SF_PHASE_IDLE:
      return in->host_pending ? SF_PHASE_HOST : m->tick_pending_q ? SF_PHASE_START : SF_PHASE_IDLE;
    case SF_PHASE_HOST:
      return !in->host_done ? SF_PHASE_HOST : in->host_restart ? SF_PHASE_CLEAR : SF_PHASE_IDLE;
    case SF_PHASE_START:
      return SF_PHASE_SCAN;
    case SF_PHASE_SCAN:
      return in->scan_done ? SF_PHASE_REPLAY : SF_PHASE_SCAN;
    case SF_PHASE_REPLAY:
      return in->stream_done ? SF_PHASE_DRAIN : SF_PHASE_REPLAY;
    case SF_PHASE_DRAIN:
      return !in->groups_busy && !in->router_busy ? SF_PHASE_LEARN : SF_PHASE_DRAIN;
    default:
      return SF_PHASE_IDLE;
  }
}

void sf_core_control_step(sf_core_control *m, const sf_core_control_in *in) {
  const uint32_t phase = m->phase_q;
  const bool tick_ready = !m->tick_pending_q;
  m->tick_done = phase == SF_PHASE_LEARN;
  m->phase_q = next_phase(m, in);

  const bool word_last = m->word_q == SF_SIZES(m)->words - 1;
  m->word_q = phase == SF_PHASE_CLEAR && !m->cleared_q && !word_last ? m->word_q + 1 : 0;
  m->cleared_q = phase == SF_PHASE_CLEAR && (m->cleared_q || word_last);
  if (phase == SF_PHASE_START) m->tick_now_q = m->tick_q;
  if (phase == SF_PHASE_CLEAR) m->tick_q = 0;
  else if (phase == SF_PHASE_START) m->tick_q++; /* nobody looks before the end of SCAN */
  else if (in->preset) m->tick_q = in->preset_tick;

  if (phase == SF_PHASE_IDLE && !in->host_pending) m->tick_pending_q = false;
  if (in->tick_valid && tick_ready) m->tick_pending_q = true;

  if (in->rst) {
    m->phase_q = SF_PHASE_CLEAR;
    m->word_q = 0;
    m->cleared_q = false;
    m->tick_q = 0;
    m->tick_pending_q = m->tick_done = false;
  }
}
