/* crossbar.h - C twin of rtl/crossbar.v: sums and hold bank over the weight memory. */
#ifndef SYNFIRE_CROSSBAR_H
#define SYNFIRE_CROSSBAR_H

#include "mirror/weight_memory.h"

enum { SF_PIPE_NONE = 0, SF_PIPE_AXON = 1, SF_PIPE_END = 2 }; /* a group's last axon is both */

typedef struct sf_crossbar {
  const sf_sizes *sizes;
  sf_weight_memory weights;
  /* the pipeline from the broadcast root to the adders, as a ring: entry (now - n) was issued n cycles ago. The
   * Verilog's stages are the broadcast's, read_*_q and add_q/swap_q; every leaf has its copies of them. */
  struct {
    uint8_t kind;
    uint32_t row, group;
  } pipe[8];
  uint32_t now, in_flight; /* in_flight: entries that are not SF_PIPE_NONE and have not been at the lanes */
  /* The host's write on its way over the broadcast: so many edges to come, during which a reset stops it. */
  uint32_t write_left, write_address, write_data;
  /* lanes */
  int32_t *sum_q, *hold_q; /* [lanes] each; a swap exchanges them */
  bool drain_q;            /* with the sums; the Verilog gives a word's number four cycles ahead of them */
  uint32_t group_q, step_q;
} sf_crossbar;

typedef struct sf_crossbar_in {
  bool rst, issue_axon_valid, issue_end, host_we;
  uint32_t issue_axon, issue_group, issue_base, host_address, host_wdata;
} sf_crossbar_in;

SF_MUST_CHECK SF_MODULE bool sf_crossbar_new(sf_crossbar *m, const sf_sizes *sizes);
SF_MODULE void sf_crossbar_free(sf_crossbar *m);
SF_MODULE void sf_crossbar_step(sf_crossbar *m, const sf_crossbar_in *in);

/* sf_crossbar_idle() - nothing on its way and nothing to drain: a step without inputs only lets time pass. */
static inline bool sf_crossbar_idle(const sf_crossbar *m) {
  return m->in_flight == 0 && !m->drain_q && m->write_left == 0;
}
static inline void sf_crossbar_pass(sf_crossbar *m) { m->pipe[m->now++ & 7].kind = SF_PIPE_NONE; }

/* What add_q / swap_q and the row register show now. */
static inline uint32_t sf_crossbar_at_lanes(const sf_crossbar *m, uint32_t *row) {
  const uint32_t at = (m->now - SF_SIZES(m)->adder_depth) & 7;
  *row = m->pipe[at].row;
  return m->pipe[at].kind;
}
static inline uint32_t sf_drain_word(const sf_crossbar *m) { return m->group_q * SF_SIZES(m)->steps + m->step_q; }
/* The sums being drained: NEURON_LANES of them. The Verilog shifts the bank instead. */
static inline const int32_t *sf_crossbar_drain_sum(const sf_crossbar *m) {
  return m->hold_q + (size_t)m->step_q * SF_SIZES(m)->neuron_lanes;
}

#endif
