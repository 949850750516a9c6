/* snn.h - the spiking network while it learns: real-valued parameters, forward and backward pass through time.
 *
 * Weights are kept as real numbers in units of the hardware's 4-bit weights and rounded to those that the hardware has
 * (-8..7 with 4 bits) in every forward pass; thresholds, biases and potentials are in the same units. Hidden neurons
 * reset by subtraction; the output potentials never reset, so they are a weighted sum of hidden spikes and one matrix
 * product gives all of them. */
#ifndef SF_TRAIN_SNN_H
#define SF_TRAIN_SNN_H

#include <stddef.h>
#include <stdint.h>

#include "train/mnist.h"

#define SF_SNN_HIDDEN 240
#define SF_SNN_OUT SF_MNIST_CLASSES
#define SF_SNN_GROUPS 8 /* hidden neurons share one learned leak per group: one profile each in hardware */
#define SF_SNN_MAX_TICKS 16

/* One flat vector of parameters, so that the optimiser need not know what they are. */
enum {
  SF_SNN_W1 = 0,                                           /* [pixel][hidden] */
  SF_SNN_W2 = SF_SNN_W1 + SF_MNIST_PIXELS * SF_SNN_HIDDEN, /* [hidden][class] */
  SF_SNN_WEIGHTS = SF_SNN_W2 + SF_SNN_HIDDEN * SF_SNN_OUT, /* so many parameters are weights */
  SF_SNN_THRESHOLD = SF_SNN_WEIGHTS,                       /* [hidden] */
  SF_SNN_BIAS = SF_SNN_THRESHOLD + SF_SNN_HIDDEN,          /* [hidden], added every tick */
  SF_SNN_BIAS_OUT = SF_SNN_BIAS + SF_SNN_HIDDEN,           /* [class], added every tick */
  SF_SNN_KEEP = SF_SNN_BIAS_OUT + SF_SNN_OUT,              /* [group], logit of the share kept each tick */
  SF_SNN_KEEP_OUT = SF_SNN_KEEP + SF_SNN_GROUPS,           /* [1], the same for the output neurons */
  SF_SNN_LOG_GAIN = SF_SNN_KEEP_OUT + 1,                   /* [1], ln of (class score per unit of potential) */
  SF_SNN_PARAMS = SF_SNN_LOG_GAIN + 1
};

struct sf_snn_shape {
  int ticks;          /* ticks a digit lasts; hidden spikes of the last tick come too late to count */
  float width;        /* half-width of the surrogate derivative, as a share of the threshold */
  float spike_target; /* hidden spikes per digit above which spiking costs */
  float spike_cost;   /* loss per spike once the target is exceeded twofold; proportional below that */
};

/* What the hardware's weights are in these units: step * (low .. high), its sums shifted left by `shift`. */
struct sf_snn_scale {
  int bits, low, high, shift;
  float step;
};

/* sf_snn_scale() - for 1, 2, 4 or 8 bits; 0 .bits for another number. */
struct sf_snn_scale sf_snn_scale(uint32_t bits);

struct sf_snn_work; /* the memory of one shard of a batch: activity, gradient */

struct sf_snn_work *sf_snn_work_new(int max_batch);
void sf_snn_work_free(struct sf_snn_work *work);
/* The gradient of the last call of sf_snn_learn(), SF_SNN_PARAMS long; owned by `work`. */
float *sf_snn_gradient(struct sf_snn_work *work);

/* sf_snn_init() - starting parameters. */
void sf_snn_init(float *params, const struct sf_snn_scale *scale, uint64_t seed);

/* sf_snn_round() - the parameters as the forward pass uses them: weights rounded to what the hardware has, others
 * not. */
void sf_snn_round(const float *params, const struct sf_snn_scale *scale, float *rounded);

/* sf_snn_group() - the leak group of a hidden neuron. */
int sf_snn_group(int hidden);

/* sf_snn_keep() - the share of the potential kept each tick, from its logit. */
float sf_snn_keep(float logit);

struct sf_snn_result {
  double loss; /* summed over the batch */
  long correct;
  long spikes; /* hidden spikes that reach the output in time */
};

/* sf_snn_learn() - forward and backward pass of `batch` digits: target[digit][class] are the wanted probabilities;
 * fills the gradient, summed over the batch. `rounded` comes from sf_snn_round(). */
struct sf_snn_result sf_snn_learn(struct sf_snn_work *work, const struct sf_snn_shape *shape, const float *rounded,
                                  const struct sf_mnist_spikes *digits, const float *target, int batch,
                                  float spike_pressure);

#endif
