/* quiet_groups.c - C twin of rtl/quiet_groups.v. */
#include "mirror/quiet_groups.h"

void sf_quiet_groups_init(sf_quiet_groups *m, const sf_sizes *sizes) { *m = (sf_quiet_groups){.sizes = sizes}; }

void sf_quiet_groups_step(sf_quiet_groups *m, const sf_quiet_groups_in *in) {
  const bool finished = sf_group_finished(m, in), keep = sf_keep(m);
  if (in->begin) {
    const uint32_t due = in->empty && !m->all_q ? m->kept_q : SF_SIZES(m)->groups;
    m->empty = in->empty;
    m->listed = in->empty && !m->all_q;
    m->none = due == 0;
    m->last = due == 1;
    m->left_q = due;
    m->kept_q = 0;
    m->all_q = !in->empty;
  } else {
    if (in->next) {
      m->last = m->left_q == 2;
      m->left_q--;
    }
    m->kept_q += keep;
  }
  m->index_q = in->begin ? 0 : m->index_q + in->leaves;
  if (in->wake) m->all_q = true;
  if (m->valid_q) m->restless_q = !m->finished_q && (m->restless_q || !m->rest_q);
  m->valid_q = m->valid_1_q;
  m->finished_q = m->finished_1_q;
  m->group_q = m->group_1_q;
  m->rest_q = m->rest_1_q;
  m->valid_1_q = in->update_valid;
  m->finished_1_q = finished;
  m->group_1_q = in->update_word / SF_SIZES(m)->steps;
  m->rest_1_q = in->update_rest;
  m->flight_q = m->flight_q + in->next - finished;
  if (in->rst) {
    m->all_q = true;
    m->restless_q = m->valid_1_q = m->finished_1_q = m->valid_q = m->finished_q = false;
    m->flight_q = 0;
  }
}
