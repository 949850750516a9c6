/* snn.c - the spiking network while it learns.
 *
 * Surrogate gradients through time: Neftci, Mostafa, Zenke, "Surrogate gradient learning in spiking neural networks",
 * IEEE Signal Processing Magazine 36 (2019). The step from real to rounded weights is passed straight through by the
 * gradient: Bengio, Leonard, Courville, arXiv:1308.3432 (2013). Learned thresholds and leaks: Fang et al.,
 * "Incorporating learnable membrane time constant", ICCV 2021.
 *
 * An input is one spike in one of four ticks, about a sixth of the pixels: adding up the weight rows of the active
 * pixels costs 25 times less than dense products would, so the first layer is sparse; the second, whose input is a
 * dense sum over time, goes through BLAS. */
#include "train/snn.h"

#include <cblas.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "train/clones.h"
#include "train/rng.h"

#define HIDDEN SF_SNN_HIDDEN
#define OUT SF_SNN_OUT

struct sf_snn_work {
  int max_batch;
  float *gradient;  /* [SF_SNN_PARAMS] */
  float *potential; /* [digit][tick][hidden], before the reset */
  float *readout;   /* [digit][hidden], spikes weighted by what the output leak leaves of them; then its gradient */
  float *late;      /* [digit][hidden], d readout / d keep_out */
  float *score;     /* [digit][class], then its gradient */
};

struct sf_snn_work *sf_snn_work_new(int max_batch) {
  struct sf_snn_work *w = calloc(1, sizeof *w);
  if (!w) return NULL;
  size_t n = (size_t)max_batch;
  w->max_batch = max_batch;
  w->gradient = calloc(SF_SNN_PARAMS, sizeof(float));
  w->potential = calloc(n * SF_SNN_MAX_TICKS * HIDDEN, sizeof(float));
  w->readout = calloc(n * HIDDEN, sizeof(float));
  w->late = calloc(n * HIDDEN, sizeof(float));
  w->score = calloc(n * OUT, sizeof(float));
  if (w->gradient && w->potential && w->readout && w->late && w->score) return w;
  sf_snn_work_free(w);
  return NULL;
}

void sf_snn_work_free(struct sf_snn_work *w) {
  if (!w) return;
  free(w->gradient);
  free(w->potential);
  free(w->readout);
  free(w->late);
  free(w->score);
  free(w);
}

float *sf_snn_gradient(struct sf_snn_work *work) { return work->gradient; }

int sf_snn_group(int hidden) { return hidden * SF_SNN_GROUPS / HIDDEN; }

float sf_snn_keep(float logit) { return 1.0f / (1.0f + expf(-logit)); }

/* Coarser weights get a larger step, so that a few of them still fill a threshold; sums are shifted accordingly, and
 * thresholds and biases keep their resolution of a sixteenth. */
struct sf_snn_scale sf_snn_scale(uint32_t bits) {
  switch (bits) {
    case 1:
      return (struct sf_snn_scale){1, 0, 1, 5, 2.0f};
    case 2:
      return (struct sf_snn_scale){2, -2, 1, 5, 2.0f};
    case 4:
      return (struct sf_snn_scale){4, -8, 7, 4, 1.0f};
    case 8:
      return (struct sf_snn_scale){8, -128, 127, 0, 0.0625f};
    default:
      return (struct sf_snn_scale){0};
  }
}

void sf_snn_init(float *p, const struct sf_snn_scale *scale, uint64_t seed) {
  struct sf_rng r = sf_rng_stream(seed, 'I', 0);
  /* Weights that are 0 or more cannot inhibit: a negative bias takes away what an average digit brings in a tick. */
  const float mean = scale->low < 0 ? 0.0f : 0.4f * scale->step;
  memset(p, 0, SF_SNN_PARAMS * sizeof *p);
  for (int i = 0; i < SF_MNIST_PIXELS * HIDDEN; i++) p[SF_SNN_W1 + i] = mean + 1.5f * sf_rng_normal(&r);
  for (int i = 0; i < HIDDEN * OUT; i++) p[SF_SNN_W2 + i] = mean + 2.0f * sf_rng_normal(&r);
  for (int h = 0; h < HIDDEN; h++) p[SF_SNN_THRESHOLD + h] = 25.0f;
  if (scale->low >= 0)
    for (int h = 0; h < HIDDEN; h++) p[SF_SNN_BIAS + h] = -14.0f;
  for (int g = 0; g < SF_SNN_GROUPS; g++) p[SF_SNN_KEEP + g] = 0.5f * (float)g; /* keeps 50 % .. 97 % a tick */
  p[SF_SNN_KEEP_OUT] = 3.0f;
  p[SF_SNN_LOG_GAIN] = logf(0.1f);
}

SF_CLONES void sf_snn_round(const float *p, const struct sf_snn_scale *scale, float *rounded) {
  const float low = (float)scale->low, high = (float)scale->high, step = scale->step, per_step = 1.0f / step;
  for (int i = 0; i < SF_SNN_WEIGHTS; i++) {
    float q = rintf(p[i] * per_step);
    rounded[i] = step * (q < low ? low : q > high ? high : q);
  }
  memcpy(rounded + SF_SNN_WEIGHTS, p + SF_SNN_WEIGHTS, (SF_SNN_PARAMS - SF_SNN_WEIGHTS) * sizeof *p);
}

/* A function of its own, because GCC merges two rows into one pass when it sees the loop around this one, and then
 * finds no way to use vectors. */
SF_CLONES __attribute__((noinline)) static void add_row(float *restrict to, const float *restrict row) {
  for (int h = 0; h < HIDDEN; h++) to[h] += row[h];
}

/* One digit through the hidden layer; returns its spikes. left[t] is what the output leak leaves, at the end, of a
 * spike sent in tick t; slope[t] its derivative. */
SF_CLONES static long hidden_forward(const float *q, const float *keep, const struct sf_mnist_spikes *in, int ticks,
                                     const float *left, const float *slope, float *restrict potential,
                                     float *restrict readout, float *restrict late) {
  const float *restrict theta = q + SF_SNN_THRESHOLD, *restrict bias = q + SF_SNN_BIAS;
  float v[HIDDEN] = {0}, x[HIDDEN];
  int count[HIDDEN] = {0};
  long spikes = 0;
  memset(readout, 0, HIDDEN * sizeof *readout);
  memset(late, 0, HIDDEN * sizeof *late);
  for (int t = 0; t < ticks; t++) {
    for (int h = 0; h < HIDDEN; h++) x[h] = keep[h] * v[h] + bias[h];
    if (t < SF_MNIST_LEVELS)
      for (int k = in->first[t]; k < in->first[t + 1]; k++) add_row(x, q + SF_SNN_W1 + in->axon[k] * HIDDEN);
    const float l = left[t], d = slope[t];
    for (int h = 0; h < HIDDEN; h++) { /* no branches in these loops, so that they become vector code */
      int spike = x[h] >= theta[h];
      float s = (float)spike;
      readout[h] += l * s;
      late[h] += d * s;
      v[h] = x[h] - theta[h] * s;
      count[h] += spike;
    }
    memcpy(potential + t * HIDDEN, x, sizeof x);
  }
  for (int h = 0; h < HIDDEN; h++) spikes += count[h];
  return spikes;
}

/* One tick of the hidden layer backwards: from d_v after the tick to d_x, its gradient before the reset. */
SF_CLONES __attribute__((noinline)) static void
tick_backward(const float *restrict x, const float *restrict theta, const float *restrict steep,
              const float *restrict d_readout, float left, float spike_price, const float *restrict d_v,
              float *restrict d_x, float *restrict d_theta, float *restrict d_bias) {
  for (int h = 0; h < HIDDEN; h++) {
    float s = (float)(x[h] >= theta[h]);
    float u = 1.0f - fabsf(x[h] - theta[h]) * steep[h];
    float pseudo = 0.5f * (u + fabsf(u)) * steep[h]; /* triangle of area 1 around the threshold */
    float d_s = (left * d_readout[h] + spike_price) * pseudo;
    d_x[h] = d_v[h] + d_s;
    d_theta[h] -= d_s + s * d_v[h];
    d_bias[h] += d_x[h];
  }
}

/* The same digit backwards: d_readout is the gradient at the readout; adds to the gradients of the first layer. */
SF_CLONES static void hidden_backward(const float *q, const float *keep, const struct sf_mnist_spikes *in, int ticks,
                                      const float *left, float width, float spike_price, const float *potential,
                                      const float *restrict d_readout, float *grad, float *restrict d_keep) {
  const float *restrict theta = q + SF_SNN_THRESHOLD;
  float *d_theta = grad + SF_SNN_THRESHOLD, *d_bias = grad + SF_SNN_BIAS;
  float d_v[HIDDEN] = {0}, d_x[HIDDEN], steep[HIDDEN];
  for (int h = 0; h < HIDDEN; h++) steep[h] = 1.0f / (width * theta[h]);
  for (int t = ticks - 1; t >= 0; t--) {
    const float *restrict x = potential + t * HIDDEN, *restrict before = t ? x - HIDDEN : NULL;
    tick_backward(x, theta, steep, d_readout, left[t], spike_price, d_v, d_x, d_theta, d_bias);
    if (before)
      for (int h = 0; h < HIDDEN; h++) {
        float v = before[h] - theta[h] * (float)(before[h] >= theta[h]);
        d_keep[h] += d_x[h] * v;
        d_v[h] = keep[h] * d_x[h];
      }
    if (t < SF_MNIST_LEVELS)
      for (int k = in->first[t]; k < in->first[t + 1]; k++) add_row(grad + SF_SNN_W1 + in->axon[k] * HIDDEN, d_x);
  }
}

/* Cross-entropy of the softmax against the target; score becomes its gradient with respect to the potential. */
static void loss_of(float *score, const float *target, float gain, struct sf_snn_result *sum, float *d_log_gain) {
  float p[OUT], top = score[0], total = 0.0f;
  int best = 0, wanted = 0;
  for (int c = 1; c < OUT; c++) {
    if (score[c] > top) {
      top = score[c];
      best = c;
    }
    if (target[c] > target[wanted]) wanted = c;
  }
  for (int c = 0; c < OUT; c++) total += p[c] = expf(gain * (score[c] - top));
  for (int c = 0; c < OUT; c++) {
    float d = p[c] / total - target[c];
    sum->loss -= target[c] * (gain * (score[c] - top) - logf(total));
    *d_log_gain += d * gain * score[c];
    score[c] = d * gain;
  }
  sum->correct += best == wanted;
}

struct sf_snn_result sf_snn_learn(struct sf_snn_work *w, const struct sf_snn_shape *shape, const float *q,
                                  const struct sf_mnist_spikes *digits, const float *target, int batch,
                                  float spike_pressure) {
  struct sf_snn_result sum = {0};
  const int ticks = shape->ticks - 1; /* what the hidden layer sends in the last tick arrives too late */
  const float keep_out = sf_snn_keep(q[SF_SNN_KEEP_OUT]), gain = expf(q[SF_SNN_LOG_GAIN]);
  float left[SF_SNN_MAX_TICKS], slope[SF_SNN_MAX_TICKS], keep[HIDDEN], d_keep[HIDDEN] = {0};
  float *grad = w->gradient, bias_sum = 0.0f, bias_slope = 0.0f, d_keep_out = 0.0f;

  for (int h = 0; h < HIDDEN; h++) keep[h] = sf_snn_keep(q[SF_SNN_KEEP + sf_snn_group(h)]);
  for (int t = 0; t < ticks; t++) {
    int steps = ticks - 1 - t; /* leaks between the arrival and the end */
    left[t] = powf(keep_out, (float)steps);
    slope[t] = steps ? (float)steps * powf(keep_out, (float)(steps - 1)) : 0.0f;
    bias_sum += left[t];
    bias_slope += slope[t];
  }
  bias_slope += (float)ticks * powf(keep_out, (float)(ticks - 1)); /* the bias also acts in tick 0 */
  bias_sum += powf(keep_out, (float)ticks);
  memset(grad, 0, SF_SNN_PARAMS * sizeof *grad);

  for (int b = 0; b < batch; b++) {
    sum.spikes += hidden_forward(q, keep, &digits[b], ticks, left, slope, w->potential + (size_t)b * ticks * HIDDEN,
                                 w->readout + b * HIDDEN, w->late + b * HIDDEN);
    for (int c = 0; c < OUT; c++) w->score[b * OUT + c] = bias_sum * q[SF_SNN_BIAS_OUT + c];
  }
  cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, batch, OUT, HIDDEN, 1.0f, w->readout, HIDDEN, q + SF_SNN_W2,
              OUT, 1.0f, w->score, OUT);
  for (int b = 0; b < batch; b++) {
    loss_of(w->score + b * OUT, target + b * OUT, gain, &sum, &grad[SF_SNN_LOG_GAIN]);
    for (int c = 0; c < OUT; c++) {
      grad[SF_SNN_BIAS_OUT + c] += bias_sum * w->score[b * OUT + c];
      d_keep_out += bias_slope * q[SF_SNN_BIAS_OUT + c] * w->score[b * OUT + c];
    }
  }
  cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, HIDDEN, OUT, batch, 1.0f, w->readout, HIDDEN, w->score, OUT,
              0.0f, grad + SF_SNN_W2, OUT);
  cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, batch, HIDDEN, OUT, 1.0f, w->score, OUT, q + SF_SNN_W2, OUT,
              0.0f, w->readout, HIDDEN);
  for (int i = 0; i < batch * HIDDEN; i++) d_keep_out += w->late[i] * w->readout[i];

  for (int b = 0; b < batch; b++)
    hidden_backward(q, keep, &digits[b], ticks, left, shape->width, shape->spike_cost * spike_pressure,
                    w->potential + (size_t)b * ticks * HIDDEN, w->readout + b * HIDDEN, grad, d_keep);
  for (int h = 0; h < HIDDEN; h++) grad[SF_SNN_KEEP + sf_snn_group(h)] += d_keep[h] * keep[h] * (1.0f - keep[h]);
  grad[SF_SNN_KEEP_OUT] = d_keep_out * keep_out * (1.0f - keep_out);
  return sum;
}
