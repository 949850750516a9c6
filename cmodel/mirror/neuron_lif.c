/* neuron_lif.c - C twin of rtl/neuron_lif.v. */
#include "mirror/neuron_lif.h"

#include <stdlib.h>
#include <string.h>

bool sf_neuron_lif_new(sf_neuron_lif *m, const sf_sizes *sizes) {
  const size_t n = sizes->neurons, in_pipe = (size_t)16 * sizes->neuron_lanes;
  *m = (sf_neuron_lif){.sizes = sizes};
  m->threshold = calloc(n, sizeof *m->threshold);
  m->bias = calloc(n, sizeof *m->bias);
  m->v = calloc(n, sizeof *m->v);
  m->u_state = calloc(n, sizeof *m->u_state);
  m->a = calloc(n, sizeof *m->a);
  m->profile = calloc(n, sizeof *m->profile);
  m->r = calloc(n, sizeof *m->r);
  m->profiles = calloc((size_t)sizes->profile_mask + 1, sizeof *m->profiles);
  m->spike = calloc((size_t)16 * sizes->spike_words, sizeof *m->spike);
  m->pipe_v = calloc(in_pipe, sizeof *m->pipe_v);
  m->pipe_u = calloc(in_pipe, sizeof *m->pipe_u);
  m->pipe_a = calloc(in_pipe, sizeof *m->pipe_a);
  m->pipe_r = calloc(in_pipe, sizeof *m->pipe_r);
  return m->threshold && m->bias && m->v && m->u_state && m->a && m->profile && m->r && m->profiles && m->spike &&
         m->pipe_v && m->pipe_u && m->pipe_a && m->pipe_r;
}

void sf_neuron_lif_free(sf_neuron_lif *m) {
  free(m->threshold);
  free(m->bias);
  free(m->v);
  free(m->u_state);
  free(m->a);
  free(m->profile);
  free(m->r);
  free(m->profiles);
  free(m->spike);
  free(m->pipe_v);
  free(m->pipe_u);
  free(m->pipe_a);
  free(m->pipe_r);
}

/* The drained word's neurons, computed ahead of the stages that would do it; written back SF_LIF_STAGES later. */
static void compute(sf_neuron_lif *m, const sf_neuron_lif_in *in) {
  const sf_sizes *const z = SF_SIZES(m);
  const uint32_t at = m->now & 15;
  uint32_t *spike = m->spike + (size_t)at * z->spike_words;
  bool all = true;
  for (uint32_t i = 0; i < z->spike_words; i++) spike[i] = 0;
  for (uint32_t j = 0; j < z->neuron_lanes; j++) {
    const uint32_t neuron = in->drain_word * z->neuron_lanes + j;
    sf_lif_state s = {m->v[neuron], m->u_state[neuron], m->a[neuron], m->r[neuron]};
    bool rest;
    const bool fires = sf_lif_lane(z, &m->profiles[m->profile[neuron]], in->drain_sum[j], m->threshold[neuron],
                                   m->bias[neuron], in->seed, in->tick, neuron, &s, &rest);
    all &= rest;
    spike[j / 32] |= (uint32_t)fires << (j % 32);
    const size_t k = (size_t)at * z->neuron_lanes + j;
    m->pipe_v[k] = s.v;
    m->pipe_u[k] = s.u;
    m->pipe_r[k] = s.r;
    m->pipe_a[k] = s.a;
  }
  m->pipe[at].rest = all;
}

static void write_back(sf_neuron_lif *m) {
  const sf_sizes *const z = SF_SIZES(m);
  const uint32_t u = z->neuron_lanes; /* mostly few: loops beat calls of memcpy */
  const size_t from = (size_t)sf_update_at(m) * u, to = (size_t)sf_update_word(m) * u;
  for (uint32_t j = 0; j < u; j++) m->v[to + j] = m->pipe_v[from + j];
  if (z->has_current)
    for (uint32_t j = 0; j < u; j++) m->u_state[to + j] = m->pipe_u[from + j];
  if (z->has_refractory)
    for (uint32_t j = 0; j < u; j++) m->r[to + j] = m->pipe_r[from + j];
  if (z->has_adaptation)
    for (uint32_t j = 0; j < u; j++) m->a[to + j] = m->pipe_a[from + j];
}

static void host_write_neuron(sf_neuron_lif *m, uint32_t i, uint32_t field, uint32_t data) {
  const sf_sizes *const z = SF_SIZES(m);
  const unsigned vb = z->potential_bits;
  switch (field) {
    case 0:
      m->threshold[i] = sf_sext(data, vb);
      break;
    case 1:
      m->bias[i] = sf_sext(data, vb);
      break;
    case 2:
      m->profile[i] = data & z->profile_mask;
      break;
    case 3:
      m->v[i] = sf_sext(data, vb);
      break;
    case 4:
      if (z->has_current) m->u_state[i] = sf_sext(data, vb);
      break;
    case 5:
      if (z->has_refractory) m->r[i] = data & 255;
      break;
    case 6:
      if (z->has_adaptation) m->a[i] = sf_sext(data, vb);
      break;
    default:
      break;
  }
}

static void host_write_profile(sf_neuron_lif *m, uint32_t i, uint32_t field, uint32_t data) {
  const sf_sizes *const z = SF_SIZES(m);
  sf_lif_profile *f = &m->profiles[i];
  switch (field) {
    case 0:
      f->v_decay = data & 0x1fff;
      break;
    case 1:
      if (z->has_current) f->u_decay = data & 0x1fff;
      break;
    case 2:
      f->weight_shift = data & 7;
      break;
    case 3:
      f->v_reset = sf_sext(data, z->potential_bits);
      break;
    case 4:
      f->reset_mode = data & 3;
      break;
    case 5:
      f->v_floor = sf_sext(data, z->potential_bits);
      break;
    case 6:
      f->floor_mode = data & 3;
      break;
    case 7:
      f->v_floor_reset = sf_sext(data, z->potential_bits);
      break;
    case 8:
      if (z->has_refractory) f->refractory = data & 255;
      break;
    case 9:
      if (z->has_adaptation) f->a_inc = sf_sext(data, z->potential_bits);
      break;
    case 10:
      if (z->has_adaptation) f->a_decay = data & 0x1fff;
      break;
    case 11:
      if (z->has_noise) f->noise_bits = data & 31;
      break;
    default:
      break;
  }
}

uint32_t sf_neuron_lif_host_neuron(const sf_neuron_lif *m, uint32_t host_index, uint32_t host_field) {
  switch (host_field) {
    case 0:
      return (uint32_t)m->threshold[host_index];
    case 1:
      return (uint32_t)m->bias[host_index];
    case 2:
      return m->profile[host_index];
    case 3:
      return (uint32_t)m->v[host_index];
    case 4:
      return (uint32_t)m->u_state[host_index];
    case 5:
      return m->r[host_index];
    case 6:
      return (uint32_t)m->a[host_index];
    default:
      return 0;
  }
}

uint32_t sf_neuron_lif_host_profile(const sf_neuron_lif *m, uint32_t host_index, uint32_t host_field) {
  const sf_lif_profile *f = &m->profiles[host_index];
  const uint32_t fields[12] = {f->v_decay,    f->u_decay,           f->weight_shift, (uint32_t)f->v_reset,
                               f->reset_mode, (uint32_t)f->v_floor, f->floor_mode,   (uint32_t)f->v_floor_reset,
                               f->refractory, (uint32_t)f->a_inc,   f->a_decay,      f->noise_bits};
  return host_field < 12 ? fields[host_field] : 0;
}

void sf_neuron_lif_step(sf_neuron_lif *m, const sf_neuron_lif_in *in) {
  if (m->in_flight) {
    if (sf_update_valid(m)) {
      write_back(m);
      m->in_flight--;
    }
  }
  if (in->clear) {
    const uint32_t u = SF_SIZES(m)->neuron_lanes;
    const size_t at = (size_t)in->clear_word * u, bytes = u * sizeof(int32_t);
    memset(m->v + at, 0, bytes);
    memset(m->u_state + at, 0, bytes);
    memset(m->r + at, 0, bytes);
    memset(m->a + at, 0, bytes);
  }
  if (in->host_neuron_we) host_write_neuron(m, in->host_index, in->host_field, in->host_wdata);
  if (in->host_profile_we && !in->rst) host_write_profile(m, in->host_index, in->host_field, in->host_wdata);

  m->pipe[m->now & 15].valid = in->drain_valid;
  if (in->drain_valid) {
    m->pipe[m->now & 15].word = in->drain_word;
    m->in_flight++;
    compute(m, in);
  }
  m->now++;

  if (in->rst) {
    for (unsigned i = 0; i < 16; i++) m->pipe[i].valid = false;
    m->in_flight = 0;
  }
}
