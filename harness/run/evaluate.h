/* evaluate.h - labelled samples through the functional model: answers, accuracy, activity, and one sample in detail. */
#ifndef SF_HARNESS_EVALUATE_H
#define SF_HARNESS_EVALUATE_H

#include "files/spikes_file.h"
#include "synfire/network.h"
#include "util/progress.h"

/* Means are per sample. `confusion` is NULL when the samples have no labels within the classes. */
typedef struct sf_evaluation {
  uint64_t samples, correct;
  uint32_t classes;
  uint32_t *answer;    /* [samples] */
  uint32_t *confusion; /* [classes * classes], row = label */
  double input_spikes, neuron_spikes, active_axons, synaptic_ops;
  uint64_t late, inputs; /* input events at or after the end, which are left out, of how many */
  double seconds;
} sf_evaluation;

/* sf_evaluate() - the first `samples` samples of `in` (which must hold as many), each from the initial state for
 * net->readout.ticks ticks, on all processors. net must have a readout. bar may be NULL; it is stepped per sample.
 * *out is written only on SF_OK; free with sf_evaluation_free(). */
SF_MUST_CHECK sf_err sf_evaluate(const sf_network *net, const sf_spikes *in, size_t samples, sf_progress *bar,
                                 sf_evaluation *out, sf_msg *msg);
void sf_evaluation_free(sf_evaluation *e);

/* sf_trace() - one sample in detail: every spike of core readout.core, and the score of each class after each tick.
 * *score: [ticks * classes], malloc'ed, the caller's; spikes: freed by the caller with sf_spikes_free(). */
SF_MUST_CHECK sf_err sf_trace(const sf_network *net, const sf_spikes *in, size_t sample, sf_spikes *spikes,
                              int64_t **score, sf_msg *msg);

#endif
