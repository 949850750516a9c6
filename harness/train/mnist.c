/* mnist.c - the MNIST digits: reading the IDX files, and turning pixels into spikes.
 *
 * An IDX file is a big-endian header (magic number 0x0000080D with D dimensions, then D sizes) and the bytes. Nothing
 * in the header is believed before it is checked, and memory is taken only for sizes within the allowed range. */
#include "train/mnist.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

/* zlib reads plain files as they are, so one path serves both forms. */
static sf_err open_either(const char *dir, const char *name, char path[512], gzFile *f, sf_msg *msg) {
  static const char *const suffix[] = {"", ".gz"};
  for (int i = 0; i < 2; i++) {
    int n = snprintf(path, 512, "%s/%s%s", dir, name, suffix[i]);
    if (n < 0 || n >= 512)
      return sf_fail(msg, SF_EIO, "%.60s...: path: %zu characters are too many, allowed 1..470", dir, strlen(dir));
    *f = gzopen(path, "rb");
    if (*f) return SF_OK;
    if (errno != ENOENT) return sf_fail(msg, SF_EIO, "%s: cannot be opened: %s", path, strerror(errno));
  }
  return sf_fail(msg, SF_EIO, "%s/%s: no such file, plain or .gz (data/fetch-mnist.sh gets it)", dir, name);
}

/* Reads exactly `size` bytes; gzread() itself takes at most an int's worth. */
static sf_err read_bytes(gzFile f, const char *path, const char *field, uint8_t *to, size_t size, sf_msg *msg) {
  size_t got = 0;
  while (got < size) {
    size_t want = size - got < 1u << 24 ? size - got : 1u << 24;
    int n = gzread(f, to + got, (unsigned)want), code = Z_OK;
    if (n > 0) {
      got += (size_t)n;
      continue;
    }
    const char *why = gzerror(f, &code); /* Z_BUF_ERROR: a compressed file that stops short */
    if (code == Z_ERRNO) return sf_fail(msg, SF_EIO, "%s: %s: cannot be read: %s", path, field, strerror(errno));
    if (n < 0 && code != Z_BUF_ERROR) return sf_fail(msg, SF_EFORMAT, "%s: %s: damaged data (%s)", path, field, why);
    return sf_fail(msg, SF_EFORMAT, "%s: %s: file ends after %zu bytes, needs %zu", path, field, got, size);
  }
  return SF_OK;
}

static uint32_t big_endian(const uint8_t *p) {
  return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* Reads and checks the header; *count is believed only when it is within the allowed range. */
static sf_err read_header(gzFile f, const char *path, bool images, uint32_t *count, sf_msg *msg) {
  const uint32_t magic = images ? 0x803 : 0x801;
  uint8_t head[16];
  sf_err err = read_bytes(f, path, "header", head, images ? 16 : 8, msg);
  if (err) return err;
  if (big_endian(head) != magic)
    return sf_fail(msg, SF_EFORMAT, "%s: magic: 0x%08x is not an IDX file of %s, allowed 0x%08x", path,
                   (unsigned)big_endian(head), images ? "images" : "labels", (unsigned)magic);
  *count = big_endian(head + 4);
  if (*count < 1 || *count > SF_MNIST_MAX_COUNT)
    return sf_fail(msg, SF_EFORMAT, "%s: count: %u is out of range, allowed 1..%u", path, (unsigned)*count,
                   SF_MNIST_MAX_COUNT);
  if (images && (big_endian(head + 8) != SF_MNIST_SIDE || big_endian(head + 12) != SF_MNIST_SIDE))
    return sf_fail(msg, SF_EFORMAT, "%s: size: %u x %u pixels, allowed %d x %d", path, (unsigned)big_endian(head + 8),
                   (unsigned)big_endian(head + 12), SF_MNIST_SIDE, SF_MNIST_SIDE);
  return SF_OK;
}

/* Reads one IDX file of bytes: images of 28 x 28, or labels. */
static sf_err read_idx(const char *dir, const char *name, bool images, uint32_t *count, uint8_t **bytes, sf_msg *msg) {
  char path[512];
  uint8_t *data = NULL, extra;
  gzFile f;
  sf_err err = open_either(dir, name, path, &f, msg);
  if (err) return err;
  err = read_header(f, path, images, count, msg);
  if (!err) {
    const size_t size = *count * (images ? (size_t)SF_MNIST_PIXELS : 1);
    data = malloc(size);
    if (!data) err = sf_fail(msg, SF_ENOMEM, "%s: count: no memory for %u items", path, (unsigned)*count);
    else err = read_bytes(f, path, images ? "pixels" : "labels", data, size, msg);
  }
  /* Asking for one byte more also makes zlib look at the checksum at the end. */
  if (!err) {
    int n = gzread(f, &extra, 1);
    if (n > 0)
      err = sf_fail(msg, SF_EFORMAT, "%s: count: %u, but the file goes on after so many items", path, (unsigned)*count);
    else if (n < 0) err = sf_fail(msg, SF_EFORMAT, "%s: end of file: damaged data", path);
  }
  gzclose(f);
  if (!err) *bytes = data;
  else free(data);
  return err;
}

sf_err sf_mnist_read(const char *dir, const char *prefix, struct sf_mnist *out, sf_msg *msg) {
  char name[64];
  struct sf_mnist set = {0};
  uint32_t labels = 0;
  snprintf(name, sizeof name, "%s-images-idx3-ubyte", prefix);
  sf_err err = read_idx(dir, name, true, &set.count, &set.pixels, msg);
  if (err) return err;
  snprintf(name, sizeof name, "%s-labels-idx1-ubyte", prefix);
  err = read_idx(dir, name, false, &labels, &set.labels, msg);
  if (!err && labels != set.count)
    err = sf_fail(msg, SF_EFORMAT, "%s/%s: count: %u labels for %u images, allowed %u", dir, name, (unsigned)labels,
                  (unsigned)set.count, (unsigned)set.count);
  for (uint32_t i = 0; !err && i < labels; i++)
    if (set.labels[i] >= SF_MNIST_CLASSES)
      err = sf_fail(msg, SF_EFORMAT, "%s/%s: label %u: %u is out of range, allowed 0..9", dir, name, (unsigned)i,
                    set.labels[i]);
  if (!err) *out = set;
  else sf_mnist_free(&set);
  return err;
}

void sf_mnist_free(struct sf_mnist *set) {
  free(set->pixels);
  free(set->labels);
  *set = (struct sf_mnist){0};
}

int sf_mnist_tick(uint8_t intensity) {
  if (intensity < SF_MNIST_MIN_INTENSITY) return -1;
  return (255 - intensity) * SF_MNIST_LEVELS / (256 - SF_MNIST_MIN_INTENSITY);
}

void sf_mnist_encode(const uint8_t *pixels, struct sf_mnist_spikes *out) {
  uint8_t tick[SF_MNIST_PIXELS];
  uint16_t at[SF_MNIST_LEVELS + 2] = {0}; /* silent pixels are counted in the last bin and dropped */

  for (int i = 0; i < SF_MNIST_PIXELS; i++) {
    unsigned t = (255u - pixels[i]) * SF_MNIST_LEVELS / (256 - SF_MNIST_MIN_INTENSITY);
    tick[i] = t < SF_MNIST_LEVELS ? (uint8_t)t : SF_MNIST_LEVELS;
    at[tick[i] + 1]++;
  }
  for (int t = 0; t < SF_MNIST_LEVELS; t++) at[t + 1] = (uint16_t)(at[t + 1] + at[t]);
  memcpy(out->first, at, sizeof out->first);
  out->count = at[SF_MNIST_LEVELS];
  for (int i = 0; i < SF_MNIST_PIXELS; i++)
    if (tick[i] < SF_MNIST_LEVELS) out->axon[at[tick[i]]++] = (uint16_t)i;
}
