/* spike_router.c - C twin of rtl/spike_router.v. */
#include "mirror/spike_router.h"

#include <stdlib.h>
#include <string.h>

#include "mirror/find_first.h"

bool sf_spike_router_new(sf_spike_router *m, const sf_sizes *sizes) {
  *m = (sf_spike_router){.sizes = sizes, .queue = {.depth = sizes->words}};
  m->pointers = calloc((size_t)1 << sf_clog2(sizes->neurons), sizeof *m->pointers);
  m->entries = calloc((size_t)sizes->entry_mask + 1, sizeof *m->entries);
  m->queue_word = calloc(sizes->words, sizeof *m->queue_word);
  m->queue_spikes = calloc((size_t)sizes->words * sizes->spike_words, sizeof *m->queue_spikes);
  m->spikes_q = calloc(sizes->spike_words, sizeof *m->spikes_q);
  return m->pointers && m->entries && m->queue_word && m->queue_spikes && m->spikes_q;
}

void sf_spike_router_free(sf_spike_router *m) {
  free(m->pointers);
  free(m->entries);
  free(m->queue_word);
  free(m->queue_spikes);
  free(m->spikes_q);
}

static bool any_spike(const uint32_t *spikes, uint32_t words) {
  for (uint32_t i = 0; i < words; i++)
    if (spikes[i]) return true;
  return false;
}

/* Takes the lowest spike out of spikes_q; returns its lane. */
static uint32_t first_spike(sf_spike_router *m) {
  for (uint32_t i = 0; i < SF_SIZES(m)->spike_words; i++) {
    if (!m->spikes_q[i]) continue;
    uint64_t rest;
    const uint32_t lane = 32 * i + sf_find_first(m->spikes_q[i], &rest);
    m->spikes_q[i] = (uint32_t)rest;
    return lane;
  }
  return 0;
}

static void push_update(sf_spike_router *m, const sf_spike_router_in *in) {
  const uint32_t at = sf_fifo_push(&m->queue);
  m->queue_word[at] = in->update_word;
  const size_t words = SF_SIZES(m)->spike_words;
  memcpy(m->queue_spikes + at * words, in->update_spike, words * sizeof *m->queue_spikes);
}

/* The entry that is there goes to where it waits for ring or reader. */
static void take_entry(sf_spike_router *m, const sf_spike_router_in *in) {
  const bool out_free = !m->out_q || (m->out_entry_q.external ? in->out_ready : in->loop_ready);
  const bool spare = m->spare_q;
  if (out_free) {
    if (spare) m->out_entry_q = m->spare_entry_q;
    m->spare_q = false;
  } else m->spare_q |= m->route_q;
  if (!spare) {
    m->spare_entry_q.external = m->external_q;
    m->spare_entry_q.axon = m->axon_q;
    m->spare_entry_q.delay = m->delay_q;
    m->spare_entry_q.neuron = m->point_neuron_q;
    if (out_free) m->out_entry_q = m->spare_entry_q;
  }
  if (out_free) m->out_q = spare || m->route_q;
}

static void show_entry(sf_spike_router *m, uint32_t entry, bool end) {
  m->last_q = entry >> 31;
  m->external_q = entry >> 30 & 1;
  m->delay_q = entry >> 16 & SF_SIZES(m)->slot_mask;
  m->axon_q = entry & SF_SIZES(m)->axon_mask;
  m->end_q = end;
}

/* The last stage: entries of the spike in point, one a cycle. Returns whether the stage is free for the next spike. */
static bool send_entries(sf_spike_router *m, bool spare) {
  const bool has_routes = m->pointer_q >> 31;
  const bool route_free = !m->route_q || !spare;
  const bool entries_done = m->route_q && (m->last_q || m->end_q) && route_free;
  const bool entry_start = m->point_q && !m->send_q && has_routes;
  const bool take = m->send_q ? entries_done : m->point_q && !has_routes;
  const bool next = m->send_q && route_free;
  const bool end = m->entry_q == SF_SIZES(m)->routes - 1;
  if (route_free && SF_SIZES(m)->far) {
    m->route_q = m->item_q && !entries_done;
    if (m->item_q) show_entry(m, m->item, m->item_end_q);
    m->item_q = m->send_q && !entries_done;
    m->item = m->entry;
    m->item_end_q = end;
  } else if (route_free) {
    m->route_q = m->send_q && !entries_done;
    if (next) show_entry(m, m->entry, end);
  }
  if (entry_start || next) {
    m->entry_q = (m->send_q ? m->entry_q + 1 : m->pointer_q) & SF_SIZES(m)->entry_mask;
    m->entry = m->entries[m->entry_q];
  }
  m->send_q = entry_start || (m->send_q && !entries_done);
  return !m->point_q || take;
}

void sf_spike_router_step(sf_spike_router *m, const sf_spike_router_in *in) {
  const bool pop = !m->naming_q && m->queue.valid_q;
  const bool spare = m->spare_q;
  take_entry(m, in);
  const bool point_free = send_entries(m, spare), table_free = point_free || (SF_SIZES(m)->far && !m->fetch_q);
  const bool read_free = !m->read_q || table_free, name_free = !m->name_q || read_free;

  if (SF_SIZES(m)->far) {
    if (point_free) {
      m->point_q = m->fetch_q;
      m->point_neuron_q = m->fetch_neuron_q;
      m->pointer_q = m->fetch_pointer;
    }
    if (table_free) {
      m->fetch_q = m->read_q;
      m->fetch_neuron_q = m->read_neuron_q;
      m->fetch_pointer = m->pointer;
    }
  } else if (point_free) {
    m->point_q = m->read_q;
    m->point_neuron_q = m->read_neuron_q;
    m->pointer_q = m->pointer;
  }
  if (read_free) {
    if (m->name_q) m->pointer = m->pointers[m->name_neuron_q];
    m->read_q = m->name_q;
    m->read_neuron_q = m->name_neuron_q;
  }
  if (name_free) m->name_q = m->naming_q;

  if (pop) {
    const size_t words = SF_SIZES(m)->spike_words;
    m->word_q = m->queue_word[m->queue.data_at];
    memcpy(m->spikes_q, m->queue_spikes + m->queue.data_at * words, words * sizeof *m->spikes_q);
    m->naming_q = true;
  } else if (m->naming_q && name_free) {
    m->name_neuron_q = m->word_q * SF_SIZES(m)->neuron_lanes + first_spike(m);
    m->naming_q = any_spike(m->spikes_q, SF_SIZES(m)->spike_words);
  }
  sf_fifo_step(&m->queue, pop);

  if (in->update_valid && any_spike(in->update_spike, SF_SIZES(m)->spike_words)) push_update(m, in);
  if (in->host_pointer_we) m->pointers[in->host_index] = in->host_wdata & (0x80000000u | SF_SIZES(m)->entry_mask);
  if (in->host_entry_we)
    m->entries[in->host_index] = in->host_wdata & (0xc0000000u | SF_SIZES(m)->slot_mask << 16 | SF_SIZES(m)->axon_mask);

  if (in->rst) {
    m->naming_q = false;
    m->name_q = m->read_q = m->fetch_q = m->point_q = m->send_q = m->item_q = m->route_q = false;
    m->out_q = m->spare_q = false;
    m->queue = (sf_fifo){.depth = m->queue.depth};
  }
}
