/* task.h - the training of `synfire train` as one call, for sweeps over weight widths. */
#ifndef SF_TRAIN_TASK_H
#define SF_TRAIN_TASK_H

#include "synfire/base.h"

struct sf_task_recipe {
  uint32_t weight_bits; /* 1, 2, 4, 8 */
  uint32_t epochs, threads;
  uint64_t seed;
};

/* sf_task_version() - changes whenever the same recipe would give another network: the name of a cached one has it. */
const char *sf_task_version(void);

/* sf_task_train_mnist() - learn all digits of data/mnist and write the network; seconds: what it took. SF_EINVAL for
 * weight_bits that cannot be trained, SF_EIO when the digits are not there. */
SF_MUST_CHECK sf_err sf_task_train_mnist(const struct sf_task_recipe *recipe, const char *path, double *seconds,
                                         sf_msg *msg);

#endif
