/* neuron_lif.h - C twin of rtl/neuron_lif.v: the neurons' tables and the update pipeline. */
#ifndef SYNFIRE_NEURON_LIF_H
#define SYNFIRE_NEURON_LIF_H

#include "mirror/lif_lane.h"
#include "synfire/ports.h"

enum { SF_LIF_STAGES = 9 }; /* cycles from the sums to the write-back: stages 4 to 13 of the Verilog */

typedef struct sf_neuron_lif {
  const sf_sizes *sizes;
  /* memories; the Verilog splits them into one set a lane: neuron = word * NEURON_LANES + lane */
  int32_t *threshold, *bias, *v, *u_state, *a; /* [neurons] */
  uint32_t *profile, *r;                       /* [neurons] */
  sf_lif_profile *profiles;                    /* [profiles] */
  /* pipeline, as a ring: entry (now - n) was drained n cycles ago: stage n + 4 of the Verilog's valid_q and word_q */
  struct {
    bool valid, rest;
    uint32_t word;
  } pipe[16];                        /* rest: every neuron of the word rests */
  uint32_t *spike;                   /* [16 * spike_words]: results on their way */
  int32_t *pipe_v, *pipe_u, *pipe_a; /* [16 * u] */
  uint32_t *pipe_r;
  uint32_t now, in_flight;
} sf_neuron_lif;

typedef struct sf_neuron_lif_in {
  bool rst, drain_valid, clear, host_neuron_we, host_profile_we;
  uint32_t drain_word, seed, tick, clear_word, host_index, host_field, host_wdata;
  const int32_t *drain_sum;
} sf_neuron_lif_in;

/* sf_neuron_lif_new() - false: out of memory. sizes must outlive m. */
SF_MUST_CHECK SF_MODULE bool sf_neuron_lif_new(sf_neuron_lif *m, const sf_sizes *sizes);
SF_MODULE void sf_neuron_lif_free(sf_neuron_lif *m);
SF_MODULE void sf_neuron_lif_step(sf_neuron_lif *m, const sf_neuron_lif_in *in);
SF_MODULE uint32_t sf_neuron_lif_host_neuron(const sf_neuron_lif *m, uint32_t host_index, uint32_t host_field);
SF_MODULE uint32_t sf_neuron_lif_host_profile(const sf_neuron_lif *m, uint32_t host_index, uint32_t host_field);

/* sf_neuron_lif_idle() - the pipeline is empty: a step without inputs only lets time pass. */
static inline bool sf_neuron_lif_idle(const sf_neuron_lif *m) { return m->in_flight == 0; }
static inline void sf_neuron_lif_pass(sf_neuron_lif *m) { m->pipe[m->now++ & 15].valid = false; }

/* The pipeline's last stage: what is being written back now. */
static inline uint32_t sf_update_at(const sf_neuron_lif *m) { return (m->now - SF_LIF_STAGES) & 15; }
static inline bool sf_update_valid(const sf_neuron_lif *m) { return m->pipe[sf_update_at(m)].valid; }
static inline uint32_t sf_update_word(const sf_neuron_lif *m) { return m->pipe[sf_update_at(m)].word; }
static inline const uint32_t *sf_update_spike(const sf_neuron_lif *m) {
  return m->spike + (size_t)sf_update_at(m) * SF_SIZES(m)->spike_words;
}
static inline bool sf_update_rest(const sf_neuron_lif *m) { return m->pipe[sf_update_at(m)].rest; }

#endif
