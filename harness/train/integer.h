/* integer.h - the trained network in the hardware's integers, and an exact evaluator of it. */
#ifndef SF_TRAIN_INTEGER_H
#define SF_TRAIN_INTEGER_H

#include <stdint.h>

#include "train/snn.h"

/* Sums of 4-bit weights are shifted left by this much, which gives thresholds, biases and leaks a resolution of 1/16
 * weight; of other widths by what gives the same (sf_snn_scale()).
 * The digits use about half of the 16 bits (up to 253 pixels spike); where one did not fit, the evaluator saturates as
 * the hardware does. */
#define SF_INTEGER_SHIFT 4

struct sf_integer {
  int8_t w1[SF_MNIST_PIXELS][SF_SNN_HIDDEN];
  int8_t w2[SF_SNN_HIDDEN][SF_SNN_OUT];
  int16_t threshold[SF_SNN_HIDDEN], bias[SF_SNN_HIDDEN];
  int16_t threshold_out, bias_out[SF_SNN_OUT];
  int16_t v_decay[SF_SNN_GROUPS], v_decay_out;
  int ticks, weight_bits, shift;
};

struct sf_integer_run {
  int16_t potential[SF_SNN_OUT]; /* after the last tick */
  int best;                      /* the class read out: highest potential, the lowest index among equals */
  int hidden_spikes;             /* all ticks, the last one included */
  int late_spikes;               /* of these, sent in the last tick, after which the output can no longer hear them */
  int out_spikes;
  uint16_t out_last; /* bit c: class c spiked in the last tick */
};

struct sf_integer_score {
  long digits, correct;
  double input_spikes, hidden_spikes, late_spikes, out_spikes, synaptic_operations; /* means per digit */
  double winner_spikes,
      only_winner_spikes; /* share of digits whose class read out (and no other) spikes in the last tick */
};

/* sf_integer_from() - round learned parameters to the hardware's integers; threshold_out is left at its highest. */
void sf_integer_from(const float *params, const struct sf_snn_scale *scale, int ticks, struct sf_integer *net);

/* sf_integer_digit() - run one digit exactly as DESIGN section 4 says. */
void sf_integer_digit(const struct sf_integer *net, const struct sf_mnist_spikes *in, struct sf_integer_run *out);

/* sf_integer_score() - run a set of digits. */
struct sf_integer_score sf_integer_score(const struct sf_integer *net, const struct sf_mnist *set, uint32_t first,
                                         uint32_t count);

/* sf_integer_pick_threshold_out() - the output threshold at which, on these digits, most often the class read out and
 * no other spikes in the last tick. It decides what the spikes show, not what is read out. */
void sf_integer_pick_threshold_out(struct sf_integer *net, const struct sf_mnist *set, uint32_t count);

#endif
