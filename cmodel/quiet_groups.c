/* quiet_groups.c - C twin of rtl/quiet_groups.v. */
#include "quiet_groups.h"

#include <stdlib.h>

bool sf_quiet_groups_new(sf_quiet_groups *m, const sf_params *p) {
  *m = (sf_quiet_groups){.groups = sf_groups(p), .steps = p->lanes / p->neuron_lanes};
  m->list_memory = calloc(m->groups, sizeof *m->list_memory);
  return m->list_memory != NULL;
}

void sf_quiet_groups_free(sf_quiet_groups *m) { free(m->list_memory); }

/* A word has been written back. Returns whether it was its group's last one. */
static bool update(sf_quiet_groups *m, const sf_quiet_groups_in *in) {
  const bool finished = (in->update_word & (m->steps - 1)) == m->steps - 1;
  const bool restless = m->restless_q || !in->update_rest;
  if (finished && restless && m->empty) m->list_memory[m->kept_q++] = (uint16_t)(in->update_word / m->steps);
  m->restless_q = restless && !finished;
  return finished;
}

void sf_quiet_groups_step(sf_quiet_groups *m, const sf_quiet_groups_in *in) {
  m->list_q = m->list;
  m->index_2_q = m->index_1_q;
  m->index_1_q = m->index_q;
  if (in->next) m->list = m->list_memory[m->index_q];
  if (in->update_valid && update(m, in)) m->flight_q--;
  if (in->begin) {
    const uint32_t due = in->empty && !m->all_q ? m->kept_q : m->groups;
    m->empty = in->empty;
    m->listed_q = in->empty && !m->all_q;
    m->none = due == 0;
    m->last = due == 1;
    m->left_q = due;
    m->index_q = m->kept_q = 0;
    m->all_q = !in->empty;
  } else if (in->next) {
    m->last = m->left_q == 2;
    m->left_q--;
    m->index_q++;
    m->flight_q++;
  }
  if (in->wake) m->all_q = true;
  if (in->rst) {
    m->all_q = true;
    m->restless_q = false;
    m->flight_q = 0;
  }
}
