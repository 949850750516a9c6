/* mnist.h - the MNIST digits: reading the IDX files, and turning pixels into spikes. */
#ifndef SF_HARNESS_MNIST_H
#define SF_HARNESS_MNIST_H

#include <stddef.h>
#include <stdint.h>

#include "synfire/base.h"

#define SF_MNIST_SIDE 28
#define SF_MNIST_PIXELS (SF_MNIST_SIDE * SF_MNIST_SIDE)
#define SF_MNIST_CLASSES 10
#define SF_MNIST_MAX_COUNT 100000u /* most digits a file may hold; the real ones hold 60,000 and 10,000 */

/* The encoding: a pixel of intensity p (0..255) sends no spike below SF_MNIST_MIN_INTENSITY, and otherwise exactly
 * one, in tick (255 - p) * SF_MNIST_LEVELS / (256 - SF_MNIST_MIN_INTENSITY), rounded down: bright pixels come first. */
#define SF_MNIST_LEVELS 4
#define SF_MNIST_MIN_INTENSITY 64

struct sf_mnist {
  uint32_t count;
  uint8_t *pixels; /* count * SF_MNIST_PIXELS, row by row, 0 = background */
  uint8_t *labels; /* count, 0..9 */
};

/* The input spikes of one digit, sorted by (tick, axon); axon = row * 28 + column. */
struct sf_mnist_spikes {
  uint16_t count;
  uint16_t first[SF_MNIST_LEVELS + 1]; /* spikes of tick t: axon[first[t]] .. axon[first[t + 1] - 1] */
  uint16_t axon[SF_MNIST_PIXELS];
};

/* sf_mnist_read() - read one set of digits from DIR: prefix "train" or "t10k", the files named as they are published
 * (PREFIX-images-idx3-ubyte, PREFIX-labels-idx1-ubyte), each plain or with .gz appended.
 * *out is written only on SF_OK, and the caller frees it with sf_mnist_free(). Else SF_EIO, SF_EFORMAT or SF_ENOMEM,
 * with one line "file: field: problem, allowed range". */
SF_MUST_CHECK sf_err sf_mnist_read(const char *dir, const char *prefix, struct sf_mnist *out, sf_msg *msg);

/* sf_mnist_free() - free what sf_mnist_read() filled; a zeroed struct is harmless. */
void sf_mnist_free(struct sf_mnist *set);

/* sf_mnist_tick() - the tick in which a pixel of this intensity spikes, or -1 when it stays silent. */
int sf_mnist_tick(uint8_t intensity);

/* sf_mnist_encode() - the spikes of one digit of SF_MNIST_PIXELS pixels. */
void sf_mnist_encode(const uint8_t *pixels, struct sf_mnist_spikes *out);

#endif
