/* axon_stream.c - C twin of rtl/axon_stream.v. */
#include "mirror/axon_stream.h"

#include <stdlib.h>

#include "mirror/find_first.h"

bool sf_axon_stream_new(sf_axon_stream *m, const sf_sizes *sizes) {
  *m = (sf_axon_stream){.sizes = sizes};
  m->list = calloc(sizes->axons > sizes->groups ? sizes->axons : sizes->groups, sizeof *m->list);
  return m->list != NULL;
}

void sf_axon_stream_free(sf_axon_stream *m) { free(m->list); }

/* Group 0 is sent as the list is made. */
static void step_scan(sf_axon_stream *m, const sf_axon_stream_in *in) {
  const bool take = sf_word_take(m, in->word_valid), single = sf_word_single(m);
  if (m->scan_q) {
    uint64_t bits_rest;
    const uint32_t bit_index = sf_find_first(m->bits_q, &bits_rest);
    if (m->bits_q) {
      m->sent_axon_valid_q = true;
      m->sent_axon_q = in->word_at << 4 | bit_index;
      m->list[m->n_active_q++] = (uint16_t)m->sent_axon_q;
    }
    m->bits_q = (uint32_t)bits_rest;
    m->scan_done = single && !in->word_valid;
  }
  if (take) m->bits_q = in->word;
  m->scan_q = in->word_valid || (m->scan_q && !single);
}

/* The list once more for each group, and the marks. */
static void step_stream(sf_axon_stream *m, const sf_axon_stream_in *in) {
  const bool mark = sf_mark(m, in->none);
  m->stream_done = in->none || (mark && in->last);
  m->stream_q = !m->stream_done;
  if (mark && in->listed) m->sent_list_q = m->list[m->index_q]; /* it names groups; else it may be at its end */
  if (!m->bare_q && (mark || !SF_SIZES(m)->rides || m->index_q + 1 != m->n_active_q)) {
    m->sent_axon_valid_q = true;
    m->sent_axon_q = m->list[m->index_q++];
    m->bare_q = m->index_q == m->n_active_q;
  }
  if (m->space_q) m->space_q--;
  if (!mark) return;
  m->sent_mark_q = true;
  m->index_q = in->tick_empty ? m->index_q + 1 : 0;
  m->bare_q = m->n_active_q == 0;
  m->base_q += SF_SIZES(m)->axons;
  m->space_q = SF_SIZES(m)->steps - 1;
}

void sf_axon_stream_step(sf_axon_stream *m, const sf_axon_stream_in *in) {
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

  m->sent_base_q = m->base_q;
  m->sent_axon_valid_q = m->sent_mark_q = m->scan_done = m->stream_done = false;
  if (m->stream_q) step_stream(m, in);
  else if (m->scan_q || in->word_valid) step_scan(m, in);
  if (in->begin) {
    m->n_active_q = m->index_q = m->base_q = m->space_q = 0;
    m->bare_q = true;
    m->scan_done = in->empty;
  }
  m->stream_q |= m->scan_done;
  if (in->keep) m->list[in->keep_at] = (uint16_t)in->keep_group;

  if (in->rst) {
    m->scan_q = m->stream_q = m->scan_done = m->stream_done = false;
    m->sent_axon_valid_q = m->sent_mark_q = m->next_axon_valid_q = m->next_mark_q = false;
    m->issue_axon_valid = m->issue_end = false;
  }
}
