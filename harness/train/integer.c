/* integer.c - the trained network in the hardware's integers, and an exact evaluator of it. Written straight from the
 * equation of the neuron and independently of the models in cmodel/, which have to agree with it. */
#include "train/integer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "train/clones.h"

static int16_t to_int16(float v, int low, int high) {
  long n = lrintf(v);
  return (int16_t)(n < low ? low : n > high ? high : n);
}

void sf_integer_from(const float *p, const struct sf_snn_scale *scale, int ticks, struct sf_integer *net) {
  const float unit = 1 << SF_INTEGER_SHIFT, per_step = 1.0f / scale->step;
  memset(net, 0, sizeof *net);
  for (int i = 0; i < SF_MNIST_PIXELS; i++)
    for (int h = 0; h < SF_SNN_HIDDEN; h++)
      net->w1[i][h] = (int8_t)to_int16(per_step * p[SF_SNN_W1 + i * SF_SNN_HIDDEN + h], scale->low, scale->high);
  for (int h = 0; h < SF_SNN_HIDDEN; h++) {
    for (int c = 0; c < SF_SNN_OUT; c++)
      net->w2[h][c] = (int8_t)to_int16(per_step * p[SF_SNN_W2 + h * SF_SNN_OUT + c], scale->low, scale->high);
    net->threshold[h] = to_int16(unit * p[SF_SNN_THRESHOLD + h], 1, INT16_MAX);
    net->bias[h] = to_int16(unit * p[SF_SNN_BIAS + h], INT16_MIN, INT16_MAX);
  }
  for (int c = 0; c < SF_SNN_OUT; c++) net->bias_out[c] = to_int16(unit * p[SF_SNN_BIAS_OUT + c], INT16_MIN, INT16_MAX);
  for (int g = 0; g < SF_SNN_GROUPS; g++)
    net->v_decay[g] = to_int16(4096.0f * (1.0f - sf_snn_keep(p[SF_SNN_KEEP + g])), 0, 4096);
  net->v_decay_out = to_int16(4096.0f * (1.0f - sf_snn_keep(p[SF_SNN_KEEP_OUT])), 0, 4096);
  net->threshold_out = INT16_MAX;
  net->ticks = ticks;
  net->weight_bits = scale->bits;
  net->shift = scale->shift;
}

static int32_t saturate(int32_t v) { return v < INT16_MIN ? INT16_MIN : v > INT16_MAX ? INT16_MAX : v; }

/* What the leak leaves; C's division rounds toward zero, as the hardware does. */
static int32_t leak(int32_t v, int32_t decay) { return v * (4096 - decay) / 4096; }

SF_CLONES void sf_integer_digit(const struct sf_integer *net, const struct sf_mnist_spikes *in,
                                struct sf_integer_run *out) {
  int32_t v[SF_SNN_HIDDEN] = {0}, o[SF_SNN_OUT] = {0};
  uint16_t sent[SF_SNN_HIDDEN]; /* hidden neurons that spiked in the tick before */
  int n_sent = 0;
  memset(out, 0, sizeof *out);
  for (int t = 0; t < net->ticks; t++) {
    int32_t sum[SF_SNN_HIDDEN] = {0}, sum_out[SF_SNN_OUT] = {0};
    if (t < SF_MNIST_LEVELS)
      for (int k = in->first[t]; k < in->first[t + 1]; k++)
        for (int h = 0; h < SF_SNN_HIDDEN; h++) sum[h] += net->w1[in->axon[k]][h];
    for (int k = 0; k < n_sent; k++)
      for (int c = 0; c < SF_SNN_OUT; c++) sum_out[c] += net->w2[sent[k]][c];
    n_sent = 0;
    for (int h = 0; h < SF_SNN_HIDDEN; h++) {
      int32_t x = leak(v[h], net->v_decay[sf_snn_group(h)]) + sum[h] * (1 << net->shift) + net->bias[h];
      if (x >= net->threshold[h]) {
        sent[n_sent++] = (uint16_t)h;
        x -= net->threshold[h];
      }
      v[h] = saturate(x);
    }
    out->hidden_spikes += n_sent;
    out->out_last = 0;
    for (int c = 0; c < SF_SNN_OUT; c++) {
      int32_t x = leak(o[c], net->v_decay_out) + sum_out[c] * (1 << net->shift) + net->bias_out[c];
      if (x >= net->threshold_out) {
        out->out_spikes++;
        out->out_last |= (uint16_t)(1u << c);
      }
      o[c] = saturate(x);
    }
  }
  out->late_spikes = n_sent;
  for (int c = 0; c < SF_SNN_OUT; c++) {
    out->potential[c] = (int16_t)o[c];
    if (o[c] > o[out->best]) out->best = c;
  }
}

struct sf_integer_score sf_integer_score(const struct sf_integer *net, const struct sf_mnist *set, uint32_t first,
                                         uint32_t count) {
  struct sf_integer_score s = {0};
  struct sf_mnist_spikes in;
  struct sf_integer_run run;
  for (uint32_t i = first; i < first + count; i++) {
    sf_mnist_encode(set->pixels + (size_t)i * SF_MNIST_PIXELS, &in);
    sf_integer_digit(net, &in, &run);
    s.digits++;
    s.correct += run.best == set->labels[i];
    s.input_spikes += in.count;
    s.hidden_spikes += run.hidden_spikes;
    s.late_spikes += run.late_spikes;
    s.out_spikes += run.out_spikes;
    s.winner_spikes += run.out_last >> run.best & 1;
    s.only_winner_spikes += run.out_last == 1u << run.best;
  }
  if (!s.digits) return s;
  double *mean[] = {&s.input_spikes, &s.hidden_spikes, &s.late_spikes,
                    &s.out_spikes,   &s.winner_spikes, &s.only_winner_spikes};
  for (size_t i = 0; i < sizeof mean / sizeof *mean; i++) *mean[i] /= (double)s.digits;
  /* An active axon meets every one of the core's 256 neurons; a spike of the last tick is never delivered. */
  s.synaptic_operations = 256.0 * (s.input_spikes + s.hidden_spikes - s.late_spikes);
  return s;
}

void sf_integer_pick_threshold_out(struct sf_integer *net, const struct sf_mnist *set, uint32_t count) {
  /* Exactly the winner spikes for every threshold above the second highest potential and up to the highest: count how
   * many digits each threshold suits by adding +1 and -1 at the ends of their ranges. */
  int32_t *change = calloc(65538, sizeof *change), suits = 0, most = -1;
  struct sf_mnist_spikes in;
  struct sf_integer_run run;
  if (!change) return;
  for (uint32_t i = 0; i < count; i++) {
    sf_mnist_encode(set->pixels + (size_t)i * SF_MNIST_PIXELS, &in);
    sf_integer_digit(net, &in, &run);
    int second = INT16_MIN;
    for (int c = 0; c < SF_SNN_OUT; c++)
      if (c != run.best && run.potential[c] > second) second = run.potential[c];
    change[second + 32769]++;
    change[run.potential[run.best] + 32769]--;
  }
  for (int v = INT16_MIN; v <= INT16_MAX; v++) {
    suits += change[v + 32768];
    if (suits > most) {
      most = suits;
      net->threshold_out = (int16_t)v;
    }
  }
  free(change);
}
