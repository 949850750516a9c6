/* core_control.h - C twin of rtl/core_control.v: the tick state machine. */
#ifndef SYNFIRE_CORE_CONTROL_H
#define SYNFIRE_CORE_CONTROL_H

#include "mirror/sizes.h"
#include "synfire/ports.h"

typedef struct sf_core_control {
  const sf_sizes *sizes;
  uint32_t phase_q; /* enum sf_phase */
  bool tick_pending_q, cleared_q, tick_done;
  uint32_t tick_q, tick_now_q, word_q;
} sf_core_control;

typedef struct sf_core_control_in {
  bool rst, tick_valid, host_pending, host_done, host_restart, preset, scan_done, stream_done, ring_empty, groups_busy,
      router_busy;
  uint32_t preset_tick;
} sf_core_control_in;

SF_MODULE void sf_core_control_init(sf_core_control *m, const sf_sizes *sizes);
SF_MODULE void sf_core_control_step(sf_core_control *m, const sf_core_control_in *in);

static inline bool sf_open(const sf_core_control *m) {
  return m->phase_q == SF_PHASE_IDLE || m->phase_q == SF_PHASE_REPLAY || m->phase_q == SF_PHASE_DRAIN ||
         m->phase_q == SF_PHASE_LEARN;
}
static inline bool sf_neuron_clear(const sf_core_control *m) { return m->phase_q == SF_PHASE_CLEAR && !m->cleared_q; }

#endif
