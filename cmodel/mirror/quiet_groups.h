/* quiet_groups.h - C twin of rtl/quiet_groups.v: the groups that a tick has to visit. */
#ifndef SYNFIRE_QUIET_GROUPS_H
#define SYNFIRE_QUIET_GROUPS_H

#include "mirror/sizes.h"

typedef struct sf_quiet_groups {
  const sf_sizes *sizes;
  /* the update of the cycle before, and of two before; rest in the Verilog is in registers of the neurons */
  bool valid_1_q, finished_1_q, rest_1_q, valid_q, finished_q, rest_q;
  uint32_t group_1_q, group_q;
  bool all_q, listed, none, last, empty, restless_q;
  uint32_t kept_q, left_q, flight_q;
  uint32_t index_q;
} sf_quiet_groups;

typedef struct sf_quiet_groups_in {
  bool rst, wake, begin, empty, next, leaves, update_valid, update_rest;
  uint32_t update_word;
} sf_quiet_groups_in;

SF_MODULE void sf_quiet_groups_init(sf_quiet_groups *m, const sf_sizes *sizes);
SF_MODULE void sf_quiet_groups_step(sf_quiet_groups *m, const sf_quiet_groups_in *in);

static inline bool sf_groups_busy(const sf_quiet_groups *m) { return m->flight_q != 0; }
static inline uint32_t sf_marks_group(const sf_quiet_groups *m) { return m->index_q; }
/* A word is written back: is it its group's last one? Two cycles later: is that group to be kept? */
static inline bool sf_group_finished(const sf_quiet_groups *m, const sf_quiet_groups_in *in) {
  return in->update_valid && (in->update_word & (SF_SIZES(m)->steps - 1)) == SF_SIZES(m)->steps - 1;
}
static inline bool sf_keep(const sf_quiet_groups *m) {
  return m->finished_q && (m->restless_q || !m->rest_q) && m->empty;
}

#endif
