/* augment.c - distorted copies of digits.
 *
 * Affine and elastic distortions: Simard, Steinkraus, Platt, "Best practices for convolutional neural networks applied
 * to visual document analysis", ICDAR 2003. Their field of Gaussian-smoothed noise is drawn here as a cubic B-spline
 * over a coarse grid, which is as smooth and takes two small matrix products. */
#include "train/augment.h"

#include <math.h>
#include <string.h>

#include "train/clones.h"

#define SIDE 28
#define GRID 8 /* control points a side: one every 5.4 pixels */
#define PAD 2  /* background around the digit, so that sampling needs no bounds */
#define WIDE (SIDE + 2 * PAD)

/* The share of each control point at each pixel: the uniform cubic B-spline, all shares of a pixel add up to one. */
static void spline_basis(float basis[SIDE][GRID]) {
  memset(basis, 0, SIDE * GRID * sizeof(float));
  for (int i = 0; i < SIDE; i++) {
    float at = (float)i * ((GRID - 3) - 1e-4f) / (SIDE - 1);
    int k = (int)at;
    float f = at - (float)k, g = 1.0f - f;
    basis[i][k] = g * g * g / 6.0f;
    basis[i][k + 1] = (3.0f * f * f * f - 6.0f * f * f + 4.0f) / 6.0f;
    basis[i][k + 2] = (3.0f * g * g * g - 6.0f * g * g + 4.0f) / 6.0f;
    basis[i][k + 3] = f * f * f / 6.0f;
  }
}

SF_CLONES static void elastic_field(float amount, struct sf_rng *rng, float basis[SIDE][GRID],
                                    float field[SIDE][SIDE]) {
  float point[GRID][GRID], rows[SIDE][GRID] = {{0}};
  for (int a = 0; a < GRID; a++)
    for (int b = 0; b < GRID; b++) point[a][b] = amount * sf_rng_normal(rng);
  for (int y = 0; y < SIDE; y++)
    for (int a = 0; a < GRID; a++)
      for (int b = 0; b < GRID; b++) rows[y][b] += basis[y][a] * point[a][b];
  float turned[GRID][SIDE];
  for (int b = 0; b < GRID; b++)
    for (int x = 0; x < SIDE; x++) turned[b][x] = basis[x][b]; /* so that the loop below runs along a row */
  memset(field, 0, SIDE * SIDE * sizeof(float));
  for (int y = 0; y < SIDE; y++)
    for (int b = 0; b < GRID; b++)
      for (int x = 0; x < SIDE; x++) field[y][x] += rows[y][b] * turned[b][x];
}

static float clamp(float v, float low, float high) { return v < low ? low : v > high ? high : v; }

SF_CLONES void sf_augment(const struct sf_augment *how, float strength, struct sf_rng *rng, const uint8_t *from,
                          uint8_t *to) {
  if (strength <= 0.0f) {
    memcpy(to, from, SIDE * SIDE);
    return;
  }
  const float turn = strength * how->rotate * 0.0174532925f * sf_rng_sym(rng);
  const float sx = 1.0f + strength * how->scale * sf_rng_sym(rng), sy = 1.0f + strength * how->scale * sf_rng_sym(rng);
  const float shear = strength * how->shear * sf_rng_sym(rng);
  const float ox = strength * how->shift * sf_rng_sym(rng), oy = strength * how->shift * sf_rng_sym(rng);
  const float xx = cosf(turn) * sx, xy = (shear - sinf(turn)) * sy, yx = sinf(turn) * sx, yy = cosf(turn) * sy;
  const float mid = 0.5f * (SIDE - 1);
  float dx[SIDE][SIDE], dy[SIDE][SIDE], wide[WIDE][WIDE] = {{0}}, basis[SIDE][GRID];

  spline_basis(basis);
  elastic_field(strength * how->elastic, rng, basis, dx);
  elastic_field(strength * how->elastic, rng, basis, dy);
  for (int y = 0; y < SIDE; y++)
    for (int x = 0; x < SIDE; x++) wide[y + PAD][x + PAD] = from[y * SIDE + x];

  for (int y = 0; y < SIDE; y++)
    for (int x = 0; x < SIDE; x++) {
      float px = (float)x - mid, py = (float)y - mid;
      float fx = clamp(xx * px + xy * py + mid + ox + dx[y][x] + PAD, 0.0f, WIDE - 1.01f);
      float fy = clamp(yx * px + yy * py + mid + oy + dy[y][x] + PAD, 0.0f, WIDE - 1.01f);
      int ix = (int)fx, iy = (int)fy;
      float ax = fx - (float)ix, ay = fy - (float)iy;
      float top = wide[iy][ix] + ax * (wide[iy][ix + 1] - wide[iy][ix]);
      float low = wide[iy + 1][ix] + ax * (wide[iy + 1][ix + 1] - wide[iy + 1][ix]);
      to[y * SIDE + x] = (uint8_t)(top + ay * (low - top) + 0.5f);
    }
}
