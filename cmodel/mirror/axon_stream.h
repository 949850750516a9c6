/* axon_stream.h - C twin of rtl/axon_stream.v: scan of a tick's slot, stream of its active axons. */
#ifndef SYNFIRE_AXON_STREAM_H
#define SYNFIRE_AXON_STREAM_H

#include "mirror/sizes.h"

typedef struct sf_axon_stream {
  const sf_sizes *sizes;
  uint16_t *list; /* [axons, or groups if there are more]: the tick's active axons, or the groups that are due */
  /* scan */
  bool scan_q, scan_done;
  uint32_t bits_q;
  /* stream */
  bool stream_q, stream_done, bare_q; /* bare_q: the mark goes alone */
  uint32_t n_active_q, index_q, base_q, space_q;
  /* two stages, while the list is read */
  bool sent_axon_valid_q, sent_mark_q, next_axon_valid_q,
      next_mark_q; /* the Verilog tells axons of scan and list apart */
  uint32_t sent_axon_q, sent_base_q, next_axon_q, next_base_q, sent_list_q, list_q;
  /* ports: the root of the broadcast */
  bool issue_axon_valid, issue_end;
  uint32_t issue_axon, issue_group, issue_base;
} sf_axon_stream;

typedef struct sf_axon_stream_in {
  bool rst, begin, empty, word_valid, none, last, tick_empty, listed, keep;
  uint32_t word, word_at, group, keep_at, keep_group;
} sf_axon_stream_in;

/* sf_axon_stream_new() - false: out of memory. sizes must outlive m. */
SF_MUST_CHECK SF_MODULE bool sf_axon_stream_new(sf_axon_stream *m, const sf_sizes *sizes);
SF_MODULE void sf_axon_stream_free(sf_axon_stream *m);
SF_MODULE void sf_axon_stream_step(sf_axon_stream *m, const sf_axon_stream_in *in);

/* sf_axon_stream_idle() - no scan, no stream: a step without inputs changes nothing. */
static inline bool sf_axon_stream_idle(const sf_axon_stream *m) {
  return !(m->scan_q | m->stream_q | m->sent_axon_valid_q | m->sent_mark_q | m->next_axon_valid_q | m->next_mark_q |
           m->issue_axon_valid | m->issue_end | m->scan_done | m->stream_done);
}
/* single_q of the Verilog: no more than one axon of this word is left. */
static inline bool sf_word_single(const sf_axon_stream *m) { return (m->bits_q & (m->bits_q - 1)) == 0; }
/* The next word of the slot moves to bits_q. */
static inline bool sf_word_take(const sf_axon_stream *m, bool word_valid) {
  return word_valid && (!m->scan_q || sf_word_single(m));
}
/* A mark leaves. */
static inline bool sf_mark(const sf_axon_stream *m, bool none) {
  return m->stream_q && !none && m->space_q == 0 &&
         (m->bare_q || (SF_SIZES(m)->rides && m->index_q + 1 == m->n_active_q));
}

#endif
