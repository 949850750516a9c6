/* crossbar.c - C twin of rtl/crossbar.v. */
#include "mirror/crossbar.h"

#include <stdlib.h>
#include <string.h>

bool sf_crossbar_new(sf_crossbar *m, const sf_sizes *sizes) {
  *m = (sf_crossbar){.sizes = sizes};
  m->sum_q = calloc(sizes->lanes, sizeof *m->sum_q);
  m->hold_q = calloc(sizes->lanes, sizeof *m->hold_q);
  return sf_weight_memory_new(&m->weights, sizes) && m->sum_q && m->hold_q;
}

void sf_crossbar_free(sf_crossbar *m) {
  sf_weight_memory_free(&m->weights);
  free(m->sum_q);
  free(m->hold_q);
}

/* The memory of any network is larger than a cache, and its rows come in no order. */
static inline void fetch_row(const sf_crossbar *m, uint32_t row) {
  const size_t bytes = (size_t)SF_SIZES(m)->lanes * (SF_SIZES(m)->weight_bits == 16 ? 2 : 1);
  const char *from = SF_SIZES(m)->weight_bits == 16 ? (const char *)m->weights.wide : (const char *)m->weights.narrow;
  for (size_t i = 0; i < bytes; i += 64) __builtin_prefetch(from + row * bytes + i);
  __builtin_prefetch(sf_weight_memory_row(&m->weights, row));
}

static void add_row(sf_crossbar *m, uint32_t row) {
  int32_t *restrict sum = m->sum_q;
  const uint32_t lanes = SF_SIZES(m)->lanes;
  if (SF_SIZES(m)->weight_bits == 16) {
    const int16_t *restrict w = m->weights.wide + (size_t)row * lanes;
    for (uint32_t j = 0; j < lanes; j++) sum[j] += w[j];
  } else {
    const int8_t *restrict w = m->weights.narrow + (size_t)row * lanes;
    for (uint32_t j = 0; j < lanes; j++) sum[j] += w[j];
  }
}

/* One edge of a write to the weights: root, branches, leaf, then the memory. */
static void step_write(sf_crossbar *m, const sf_crossbar_in *in) {
  if (in->host_we) {
    m->write_left = SF_SIZES(m)->write_stages;
    m->write_address = in->host_address;
    m->write_data = in->host_wdata;
  }
  if (in->rst) m->write_left = 0;
  if (m->write_left == 0) return;
  m->write_left--;
  if (m->write_left == 0) sf_weight_memory_write(&m->weights, m->write_address, m->write_data);
}

void sf_crossbar_step(sf_crossbar *m, const sf_crossbar_in *in) {
  const sf_sizes *const z = SF_SIZES(m);
  uint32_t row;
  const uint32_t at_lanes = sf_crossbar_at_lanes(m, &row);
  m->in_flight -= at_lanes != SF_PIPE_NONE;
  if (at_lanes & SF_PIPE_AXON) add_row(m, row);
  if (at_lanes & SF_PIPE_END) {
    int32_t *const finished = m->sum_q;
    m->sum_q = m->hold_q;
    m->hold_q = finished;
    memset(m->sum_q, 0, z->lanes * sizeof *m->sum_q);
    m->drain_q = true;
    m->group_q = m->pipe[(m->now - z->adder_depth) & 7].group;
    m->step_q = 0;
  } else if (m->drain_q) {
    m->drain_q = m->step_q != z->steps - 1;
    m->step_q++;
  }

  step_write(m, in);
  m->pipe[m->now & 7].kind = (uint8_t)((in->issue_axon_valid ? SF_PIPE_AXON : 0) | (in->issue_end ? SF_PIPE_END : 0));
  m->pipe[m->now & 7].row = in->issue_base + in->issue_axon;
  if (in->issue_axon_valid) fetch_row(m, in->issue_base + in->issue_axon);
  m->pipe[m->now & 7].group = in->issue_group;
  m->now++;
  m->in_flight += in->issue_axon_valid | in->issue_end;

  if (in->rst) {
    m->in_flight = 0;
    for (unsigned i = 0; i < 8; i++) m->pipe[i].kind = SF_PIPE_NONE;
    memset(m->sum_q, 0, z->lanes * sizeof *m->sum_q);
    m->drain_q = false;
  }
}
