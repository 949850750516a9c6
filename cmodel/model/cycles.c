/* cycles.c - the cycle formula of rtl/README.md. Cycle 0 is the one in phase START. */
#include "synfire/cycles.h"

#include "model/model_core.h"

enum {
  SCAN_FIRST = 7,     /* first cycle that sends axons of a slot that holds events */
  SCAN_NONE = 4,      /* where the end marks begin otherwise */
  QUIET_DRAIN = 6,    /* cycle in phase DRAIN of a tick in which no group is due */
  MARK_TO_WRITE = 16, /* from an end mark to the write-back of its group's first word, with one leaf of lanes */
  WRITE_TO_QUEUE = 3, /* from a word's write-back to the cycle that can take it out of the queue */
  WORD_TO_NAME = 1,   /* from that cycle to the first spike's name */
  NAME_TO_POINT = 3   /* from a spike's name to its pointer */
};

sf_lane_timing sf_cycles_lanes(uint32_t lanes) {
  const bool wide = lanes > 64, two_hops = lanes > 512;
  return (sf_lane_timing){.broadcast = two_hops ? 4 : wide ? 2 : 0, .mark = !wide, .far = wide};
}

/* Cycles of the scan: one an active axon, one an empty word; none at all if the slot holds no event. */
static uint64_t scan_cycles(const sf_model_core *c, const sf_params *p) {
  if (c->n_active == 0) return 0;
  const uint32_t words = sf_ring_words(p), known = (c->shape.axons + 15) / 16;
  uint64_t cycles = words - known; /* words that the network does not use */
  for (uint32_t w = 0; w < known; w++) {
    const uint32_t n = (uint32_t)__builtin_popcount(sf_active_word(c, w));
    cycles += n ? n : 1;
  }
  return cycles;
}

/* Groups that are due, of from .. to - 1: all, or those with a neuron that did not rest in the tick before. */
static uint64_t due_groups(const sf_model_core *c, const sf_params *p, uint32_t from, uint32_t to) {
  uint64_t due = 0;
  if (c->due == SF_DUE_ALL) return to - from;
  for (uint32_t g = from; g < to && g * p->lanes < c->shape.neurons; g++)
    due += sf_neuron_due(c, p->lanes, g * p->lanes);
  return due;
}

uint64_t sf_model_cycles(const sf_model *m, uint32_t core, const sf_params *p) {
  const sf_model_core *c = sf_model_look(m, core);
  if (c->counters.ticks == 0) return 0;
  const sf_lane_timing t = sf_cycles_lanes(p->lanes);
  const uint64_t steps = p->lanes / p->neuron_lanes; /* words of a group */
  const uint64_t n = c->n_active, rows = n + t.mark, per_group = n && rows > steps ? rows : steps;
  const uint64_t first_mark = n ? SCAN_FIRST + scan_cycles(c, p) : SCAN_NONE;
  const uint64_t due = due_groups(c, p, 0, sf_groups(p));
  const uint64_t mark_to_write = MARK_TO_WRITE + t.broadcast;
  const uint64_t written = due ? first_mark + (due - 1) * per_group + mark_to_write + steps : QUIET_DRAIN;

  /* The router takes the words with spikes in order, each when it is written back or when the last spike of the one
   * before has been named. Three spikes wait at most between name and entries; above 64 lanes there is a stage more. */
  uint64_t named = 0, left[4] = {0, 0, 0, 0}; /* cycles: of the last spike's name; in which the last four spikes left */
  bool routed_last = false;
  uint32_t looked_at = 0; /* groups before the spike's, and how many of them are due */
  uint64_t group = 0;
  for (uint32_t i = 0; i < c->n_spiked;) {
    const uint32_t word = c->spiked[i] / p->neuron_lanes;
    const uint64_t step = word % steps;
    group += due_groups(c, p, looked_at, c->spiked[i] / p->lanes);
    looked_at = c->spiked[i] / p->lanes;
    const uint64_t arrives = first_mark + group * per_group + mark_to_write + step + WRITE_TO_QUEUE;
    uint64_t earliest = (arrives > named ? arrives : named + 1) + WORD_TO_NAME;
    for (; i < c->n_spiked && c->spiked[i] / p->neuron_lanes == word; i++) {
      const uint32_t routes = sf_fan_out(c, c->spiked[i]);
      named = earliest > left[!t.far] ? earliest : left[!t.far];
      const uint64_t ready = named + NAME_TO_POINT + t.far, point = ready > left[3] ? ready : left[3] + 1;
      for (unsigned k = 0; k < 3; k++) left[k] = left[k + 1];
      left[3] = point + (routes ? routes + 1 + t.far : 0);
      routed_last = routes != 0;
      earliest = named + 1;
    }
  }
  const uint64_t routed = c->n_spiked ? left[3] + 1 + routed_last : 0; /* the last entry is taken a cycle later */
  return (written > routed ? written : routed) + 2;                    /* the last cycle of DRAIN, and LEARN */
}
