/* crossbar.c - C twin of rtl/crossbar.v. */
#include "crossbar.h"

#include <stdlib.h>
#include <string.h>

bool sf_crossbar_new(sf_crossbar *m, const sf_params *p) {
  const uint32_t broadcast = p->lanes > 512 ? 2 : p->lanes > 64 ? 1 : 0;
  *m = (sf_crossbar){.lanes = p->lanes,
                     .neuron_lanes = p->neuron_lanes,
                     .weight_bits = p->weight_bits,
                     .rows = sf_groups(p) * p->axons,
                     .row_words = sf_row_words(p),
                     .steps = p->lanes / p->neuron_lanes,
                     .words = p->neurons / p->neuron_lanes,
                     .depth = broadcast + 3};
  const size_t n = (size_t)m->rows * m->lanes;
  m->weights = calloc((size_t)m->rows * m->row_words, sizeof *m->weights);
  if (p->weight_bits == 16) m->wide = calloc(n, sizeof *m->wide);
  else m->narrow = calloc(n, sizeof *m->narrow);
  m->sum_q = calloc(m->lanes, sizeof *m->sum_q);
  m->hold_q = calloc(m->lanes, sizeof *m->hold_q);
  return m->weights && (m->narrow || m->wide) && m->sum_q && m->hold_q;
}

void sf_crossbar_free(sf_crossbar *m) {
  free(m->weights);
  free(m->narrow);
  free(m->wide);
  free(m->sum_q);
  free(m->hold_q);
}

static void host_write(sf_crossbar *m, uint32_t address, uint32_t data) {
  const uint32_t row_bits = m->lanes * m->weight_bits;
  const uint32_t bits = row_bits < 32 ? row_bits : 32;
  if (bits < 32) data &= ((uint32_t)1 << bits) - 1;
  m->weights[address] = data;
  const uint32_t per_word = bits / m->weight_bits;
  const size_t first = (size_t)address * per_word;
  for (uint32_t j = 0; j < per_word; j++) {
    const uint32_t field = data >> (j * m->weight_bits);
    const int32_t w = m->weight_bits == 1 ? (int32_t)(field & 1) : sf_sext(field, m->weight_bits);
    if (m->wide) m->wide[first + j] = (int16_t)w;
    else m->narrow[first + j] = (int8_t)w;
  }
}

uint32_t sf_crossbar_host_read(const sf_crossbar *m, uint32_t host_address) { return m->weights[host_address]; }

static void add_row(sf_crossbar *m, uint32_t row) {
  int32_t *restrict sum = m->sum_q;
  const uint32_t lanes = m->lanes;
  if (m->wide) {
    const int16_t *restrict w = m->wide + (size_t)row * lanes;
    for (uint32_t j = 0; j < lanes; j++) sum[j] += w[j];
  } else {
    const int8_t *restrict w = m->narrow + (size_t)row * lanes;
    for (uint32_t j = 0; j < lanes; j++) sum[j] += w[j];
  }
}

void sf_crossbar_step(sf_crossbar *m, const sf_crossbar_in *in) {
  uint32_t row;
  const uint32_t at_lanes = sf_crossbar_at_lanes(m, &row);
  m->in_flight -= at_lanes != SF_PIPE_NONE;
  if (m->drain_q) m->word_q = m->word_q == m->words - 1 ? 0 : m->word_q + 1;
  if (at_lanes == SF_PIPE_END) {
    int32_t *const finished = m->sum_q;
    m->sum_q = m->hold_q;
    m->hold_q = finished;
    memset(m->sum_q, 0, m->lanes * sizeof *m->sum_q);
    m->drain_q = true;
    m->step_q = 0;
  } else {
    if (m->drain_q) {
      m->drain_q = m->step_q != m->steps - 1;
      m->step_q++;
    }
    if (at_lanes == SF_PIPE_AXON) add_row(m, row);
  }

  if (in->host_we) host_write(m, in->host_address, in->host_wdata);
  m->pipe[m->now & 7].kind = !in->issue_valid ? SF_PIPE_NONE : in->issue_end ? SF_PIPE_END : SF_PIPE_AXON;
  m->pipe[m->now & 7].row = in->issue_base + in->issue_axon;
  m->now++;
  m->in_flight += in->issue_valid;

  if (in->rst) {
    m->in_flight = 0;
    for (unsigned i = 0; i < 8; i++) m->pipe[i].kind = SF_PIPE_NONE;
    memset(m->sum_q, 0, m->lanes * sizeof *m->sum_q);
    m->drain_q = false;
    m->word_q = 0;
  }
}
