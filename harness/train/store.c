/* store.c - the trained network and the encoded digits in the project's file formats. */
#include "train/store.h"

#include <stdlib.h>

#include "files/network_file.h"
#include "files/spikes_file.h"

/* Hidden groups use profiles 0..7, the outputs profile 8. */
static void fill_profiles(sf_core_net *c, const struct sf_integer *net) {
  for (int g = 0; g <= SF_SNN_GROUPS; g++) {
    sf_profile *p = &c->profiles[g];
    p->v_decay = g < SF_SNN_GROUPS ? net->v_decay[g] : net->v_decay_out;
    p->weight_shift = net->shift;
    p->reset_mode = g < SF_SNN_GROUPS ? 1 : 2; /* subtract the threshold; outputs keep their potential */
  }
}

static void fill_core(sf_core_net *c, const struct sf_integer *net) {
  fill_profiles(c, net);
  for (uint32_t n = 0; n < SF_STORE_NEURONS; n++) c->threshold[n] = INT16_MAX; /* the unused ones never spike */
  for (uint32_t h = 0; h < SF_SNN_HIDDEN; h++) {
    for (uint32_t i = 0; i < SF_MNIST_PIXELS; i++) sf_core_set_weight(c, i, h, net->w1[i][h]);
    for (uint32_t k = 0; k < SF_SNN_OUT; k++)
      sf_core_set_weight(c, SF_MNIST_PIXELS + h, SF_STORE_FIRST_OUT + k, net->w2[h][k]);
    c->threshold[h] = net->threshold[h];
    c->bias[h] = net->bias[h];
    c->profile[h] = (uint32_t)sf_snn_group((int)h);
    c->routes[h] = (sf_route){.neuron = h, .core = 0, .axon = SF_MNIST_PIXELS + h, .delay = 1};
  }
  for (uint32_t k = 0; k < SF_SNN_OUT; k++) {
    const uint32_t n = SF_STORE_FIRST_OUT + k;
    c->threshold[n] = net->threshold_out;
    c->bias[n] = net->bias_out[k];
    c->profile[n] = SF_SNN_GROUPS;
    c->routes[SF_SNN_HIDDEN + k] = (sf_route){.neuron = n, .core = SF_EXTERNAL};
  }
}

sf_err sf_store_network(const char *path, const struct sf_integer *net, sf_msg *msg) {
  sf_network *out = sf_network_new(1);
  if (!out) return sf_fail(msg, SF_ENOMEM, "%s: no memory for the network", path);
  sf_core_net *c = &out->core[0];
  c->axons = SF_STORE_AXONS;
  c->neurons = SF_STORE_NEURONS;
  c->weight_bits = (uint32_t)net->weight_bits;
  c->potential_bits = 16;
  c->delay_slots = 16;
  c->n_profiles = SF_SNN_GROUPS + 1;
  c->n_routes = SF_SNN_HIDDEN + SF_SNN_OUT;
  sf_err err = sf_core_net_alloc(c, msg);
  if (!err) err = sf_readout_alloc(&out->readout, SF_SNN_OUT, msg);
  if (!err) {
    fill_core(c, net);
    out->readout.method = SF_READ_POTENTIAL;
    out->readout.ticks = (uint32_t)net->ticks;
    for (uint32_t k = 0; k < SF_SNN_OUT; k++) out->readout.neuron[k] = SF_STORE_FIRST_OUT + k;
    err = sf_network_write(path, out, msg);
  }
  sf_network_free(out);
  return err;
}

sf_err sf_store_spikes(const char *path, const struct sf_mnist *set, uint32_t ticks, sf_msg *msg) {
  sf_spikes s = {0};
  struct sf_mnist_spikes in;
  sf_err err = SF_OK;
  for (uint32_t d = 0; d < set->count && !err; d++) {
    sf_mnist_encode(set->pixels + (size_t)d * SF_MNIST_PIXELS, &in);
    for (uint32_t t = 0; t < SF_MNIST_LEVELS; t++)
      for (uint32_t k = in.first[t]; k < in.first[t + 1] && !err; k++)
        err = sf_spikes_add(&s, d, t, 0, in.axon[k], msg);
  }
  if (!err) err = sf_spikes_finish(&s, set->count, msg);
  if (!err) {
    s.label = malloc(set->count * sizeof *s.label);
    if (!s.label) err = sf_fail(msg, SF_ENOMEM, "%s: no memory for the labels", path);
  }
  if (!err) {
    for (uint32_t d = 0; d < set->count; d++) s.label[d] = set->labels[d];
    s.ticks = ticks;
    err = sf_spikes_write(path, &s, msg);
  }
  sf_spikes_free(&s);
  return err;
}
