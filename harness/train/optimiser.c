/* optimiser.c - Adam (Kingma, Ba, arXiv:1412.6980, 2014), with a running mean of the parameters (Polyak, Juditsky,
 * "Acceleration of stochastic approximation by averaging", SIAM J. Control 30, 1992). */
#include "train/optimiser.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "train/clones.h"

int sf_optimiser_init(struct sf_optimiser *o, float *params, size_t size) {
  *o = (struct sf_optimiser){.size = size, .params = params};
  o->mean = malloc(size * sizeof(float));
  o->first = calloc(size, sizeof(float));
  o->second = calloc(size, sizeof(float));
  if (!o->mean || !o->first || !o->second) {
    sf_optimiser_free(o);
    return -1;
  }
  memcpy(o->mean, params, size * sizeof(float));
  return 0;
}

void sf_optimiser_free(struct sf_optimiser *o) {
  free(o->mean);
  free(o->first);
  free(o->second);
  *o = (struct sf_optimiser){0};
}

void sf_optimiser_step(struct sf_optimiser *o) { o->steps++; }

SF_CLONES void sf_optimiser_update(struct sf_optimiser *o, size_t from, size_t to, float *const *gradients, int shards,
                                   float scale, float rate, float keep) {
  const float b1 = 0.9f, b2 = 0.999f, tiny = 1e-8f;
  const float fix1 = rate / (1.0f - powf(b1, (float)o->steps)), fix2 = 1.0f / (1.0f - powf(b2, (float)o->steps));
  float *restrict p = o->params, *restrict m = o->first, *restrict v = o->second, *restrict mean = o->mean;
  float *total = gradients[0];
  for (int s = 1; s < shards; s++) {
    const float *restrict more = gradients[s];
    for (size_t i = from; i < to; i++) total[i] += more[i];
  }
  const float *restrict g = total;
  for (size_t i = from; i < to; i++) {
    float d = g[i] * scale;
    m[i] = b1 * m[i] + (1.0f - b1) * d;
    v[i] = b2 * v[i] + (1.0f - b2) * d * d;
    p[i] -= fix1 * m[i] / (sqrtf(v[i] * fix2) + tiny);
    mean[i] = keep * mean[i] + (1.0f - keep) * p[i];
  }
}
