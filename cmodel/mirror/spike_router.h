/* spike_router.h - C twin of rtl/spike_router.v: queue of words with spikes, fan-out table, the entry on its way. */
#ifndef SYNFIRE_SPIKE_ROUTER_H
#define SYNFIRE_SPIKE_ROUTER_H

#include "mirror/fifo.h"
#include "mirror/sizes.h"

typedef struct sf_spike_router {
  const sf_sizes *sizes;
  /* memories; the queue's words are word numbers with spike_words words of spikes each */
  uint32_t *pointers; /* [neurons]: bit 31 has routes, low bits first entry */
  uint32_t *entries;  /* [2^clog2(routes)]: bit 31 last, bit 30 external, 29:16 delay - 1, 15:0 axon */
  uint32_t *queue_word, *queue_spikes;
  sf_fifo queue;
  bool naming_q; /* spikes_q holds spikes still to be named */
  uint32_t word_q;
  uint32_t *spikes_q; /* [spike_words] */
  /* three stages of spikes, four if far; what the pointer table shows */
  bool name_q, read_q, fetch_q, point_q;
  uint32_t name_neuron_q, read_neuron_q, fetch_neuron_q, point_neuron_q, pointer, fetch_pointer, pointer_q;
  /* the entry that the table shows, and the one on its way */
  bool send_q, route_q, external_q, last_q, end_q;
  uint32_t entry_q, entry, axon_q, delay_q;
  /* far: the entry between them */
  bool item_q, item_end_q;
  uint32_t item;
  /* entries that wait for ring or reader, the older one first */
  bool out_q, spare_q;
  struct {
    bool external;
    uint32_t axon, delay, neuron;
  } out_entry_q, spare_entry_q;
} sf_spike_router;

typedef struct sf_spike_router_in {
  bool rst, update_valid, loop_ready, out_ready, host_pointer_we, host_entry_we;
  uint32_t update_word, host_index, host_wdata;
  const uint32_t *update_spike;
} sf_spike_router_in;

/* sf_spike_router_new() - false: out of memory. sizes must outlive m. */
SF_MUST_CHECK SF_MODULE bool sf_spike_router_new(sf_spike_router *m, const sf_sizes *sizes);
SF_MODULE void sf_spike_router_free(sf_spike_router *m);
SF_MODULE void sf_spike_router_step(sf_spike_router *m, const sf_spike_router_in *in);

static inline bool sf_router_busy(const sf_spike_router *m) {
  return (m->naming_q | m->name_q | m->read_q | m->fetch_q | m->point_q | m->out_q) || sf_fifo_busy(&m->queue);
}

#endif
