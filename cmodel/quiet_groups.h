/* quiet_groups.h - C twin of rtl/quiet_groups.v: the groups that a tick has to visit. */
#ifndef SYNFIRE_QUIET_GROUPS_H
#define SYNFIRE_QUIET_GROUPS_H

#include "synfire/params.h"

typedef struct sf_quiet_groups {
  uint32_t groups, steps; /* sizes: groups; words of a group */
  uint16_t *list_memory;  /* [groups] */
  bool all_q, listed_q, none, last, empty, restless_q;
  uint32_t kept_q, left_q, flight_q;
  uint32_t index_q, index_1_q, index_2_q, list, list_q;
} sf_quiet_groups;

typedef struct sf_quiet_groups_in {
  bool rst, wake, begin, empty, next, update_valid, update_rest;
  uint32_t update_word;
} sf_quiet_groups_in;

SF_MUST_CHECK bool sf_quiet_groups_new(sf_quiet_groups *m, const sf_params *p); /* false: out of memory */
void sf_quiet_groups_free(sf_quiet_groups *m);
void sf_quiet_groups_step(sf_quiet_groups *m, const sf_quiet_groups_in *in);

static inline bool sf_groups_busy(const sf_quiet_groups *m) { return m->flight_q != 0; }
static inline uint32_t sf_marks_group(const sf_quiet_groups *m) { return m->listed_q ? m->list_q : m->index_2_q; }

#endif
