/* trainer.h - the training loop of the spiking network. */
#ifndef SF_TRAIN_TRAINER_H
#define SF_TRAIN_TRAINER_H

#include <stdint.h>

#include "synfire/base.h"
#include "train/augment.h"
#include "train/integer.h"

#define SF_TRAINER_SHARDS 2        /* fixed parts of a batch: so many threads can share it */
#define SF_TRAINER_MIN_DIGITS 1000 /* fewer make no sense as a training set */
#define SF_TRAINER_EPOCHS 70       /* of the shipped network */

struct sf_trainer_epoch {
  int epoch;
  double loss, accuracy; /* means over the distorted digits of the epoch */
  double spikes;         /* hidden spikes a digit */
};

struct sf_trainer {
  uint64_t seed;
  int epochs, batch, threads;
  uint32_t weight_bits; /* 1, 2, 4, 8 */
  float rate;           /* Adam's step for weights at its peak, in units of the 4-bit weight */
  float smoothing;      /* share of the target spread over all classes */
  float mean_keep;      /* kept at every step by the running mean of the parameters */
  float calm;           /* share of the epochs, at the end, in which the distortions fade to half their strength */
  struct sf_augment augment;
  struct sf_snn_shape shape;
  const struct sf_mnist *digits;
  uint32_t first, count;                     /* the digits to learn from */
  void (*on_step)(void *context, long done); /* after every batch; or NULL */
  void (*on_epoch)(void *context, const struct sf_trainer_epoch *epoch, const struct sf_integer *net); /* or NULL */
  void *context;
};

/* sf_trainer_recipe() - the settings of the shipped network; digits and count are left to fill in. */
struct sf_trainer sf_trainer_recipe(void);

/* sf_trainer_steps() - how many batches sf_trainer_run() works through. */
long sf_trainer_steps(const struct sf_trainer *how);

/* sf_trainer_run() - train from scratch; *net is complete on SF_OK. SF_ENOMEM, or SF_EINVAL when the batch is larger
 * than the set or weight_bits is none of those. */
SF_MUST_CHECK sf_err sf_trainer_run(const struct sf_trainer *how, struct sf_integer *net, sf_msg *msg);

#endif
