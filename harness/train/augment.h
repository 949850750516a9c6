/* augment.h - distorted copies of digits: shift, rotation, scale, shear and a smooth elastic field. */
#ifndef SF_TRAIN_AUGMENT_H
#define SF_TRAIN_AUGMENT_H

#include <stdint.h>

#include "train/rng.h"

struct sf_augment {
  float shift;   /* pixels, either way */
  float rotate;  /* degrees, either way */
  float scale;   /* share, either way */
  float shear;   /* pixels per pixel, either way */
  float elastic; /* pixels, standard deviation of the field's control points */
};

/* sf_augment() - draw one distorted copy; `from` and `to` hold 28 x 28 pixels and may not overlap. `strength` scales
 * every distortion; 0 copies the digit. */
void sf_augment(const struct sf_augment *how, float strength, struct sf_rng *rng, const uint8_t *from, uint8_t *to);

#endif
