/* optimiser.h - Adam, with a running mean of the parameters. */
#ifndef SF_TRAIN_OPTIMISER_H
#define SF_TRAIN_OPTIMISER_H

#include <stddef.h>

struct sf_optimiser {
  size_t size;
  float *params; /* owned by the caller */
  float *mean;   /* running mean of params */
  float *first, *second;
  long steps;
};

/* sf_optimiser_init() - returns 0, or -1 when there is no memory. `params` stays the caller's and must outlive it. */
int sf_optimiser_init(struct sf_optimiser *o, float *params, size_t size);
void sf_optimiser_free(struct sf_optimiser *o);

/* sf_optimiser_step() - begin a step, then sf_optimiser_update() once for each range of parameters with its own rate.
 * gradients[shard] are added up (into the first) in the order given and scaled by `scale`; the running mean keeps the
 * share `keep`. */
void sf_optimiser_step(struct sf_optimiser *o);
void sf_optimiser_update(struct sf_optimiser *o, size_t from, size_t to, float *const *gradients, int shards,
                         float scale, float rate, float keep);

#endif
