/* mnist.c - the MNIST digits: reading the IDX files, and turning pixels into spikes.
 *
 * An IDX file is a big-endian header (magic number 0x0000080D with D dimensions, then D sizes) and the bytes. Nothing
 * in the header is believed before it is checked, and memory is taken only for sizes within the allowed range. */
#include "mnist.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

/* zlib reads plain files as they are, so one path serves both forms. */
static gzFile open_either(const char *dir, const char *name, char *path, size_t path_size, char *err, size_t err_size)
{
  static const char *const suffix[] = {"", ".gz"};
  for (int i = 0; i < 2; i++) {
    int n = snprintf(path, path_size, "%s/%s%s", dir, name, suffix[i]);
    if (n < 0 || (size_t)n >= path_size) {
      snprintf(err, err_size, "%.60s...: path: %zu characters are too many, allowed 1..%zu", dir, strlen(dir),
               path_size - 40);
      return NULL;
    }
    gzFile f = gzopen(path, "rb");
    if (f) return f;
    if (errno != ENOENT) {
      snprintf(err, err_size, "%s: cannot be opened: %s", path, strerror(errno));
      return NULL;
    }
  }
  snprintf(err, err_size, "%s/%s: no such file, plain or .gz (data/fetch-mnist.sh gets it)", dir, name);
  return NULL;
}

/* Reads exactly `size` bytes; gzread() itself takes at most an int's worth. */
static int read_bytes(gzFile f, const char *path, const char *field, uint8_t *to, size_t size, char *err,
                      size_t err_size)
{
  size_t got = 0;
  while (got < size) {
    size_t want = size - got < 1u << 24 ? size - got : 1u << 24;
    int n = gzread(f, to + got, (unsigned)want);
    if (n <= 0) {
      int code = Z_OK;
      const char *why = gzerror(f, &code);
      if (n < 0 && code != Z_BUF_ERROR) snprintf(err, err_size, "%s: %s: damaged data (%s)", path, field, why);
      else snprintf(err, err_size, "%s: %s: file ends after %zu bytes, needs %zu", path, field, got, size);
      return -1;
    }
    got += (size_t)n;
  }
  return 0;
}

static uint32_t big_endian(const uint8_t *p)
{
  return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* Reads one IDX file of bytes whose items hold `item` bytes (784: images with two more sizes of 28; 1: labels). */
static int read_idx(const char *dir, const char *name, size_t item, uint32_t *count, uint8_t **bytes, char *err,
                    size_t err_size)
{
  char path[512];
  uint8_t head[16], extra;
  const int images = item == SF_MNIST_PIXELS;
  const uint32_t magic = images ? 0x803 : 0x801;
  uint8_t *data = NULL;
  gzFile f = open_either(dir, name, path, sizeof path, err, err_size);
  if (!f) return -1;

  if (read_bytes(f, path, "header", head, images ? 16 : 8, err, err_size)) goto fail;
  if (big_endian(head) != magic) {
    snprintf(err, err_size, "%s: magic: 0x%08x is not an IDX file of %s, allowed 0x%08x", path,
             (unsigned)big_endian(head), images ? "images" : "labels", (unsigned)magic);
    goto fail;
  }
  *count = big_endian(head + 4);
  if (*count < 1 || *count > SF_MNIST_MAX_COUNT) {
    snprintf(err, err_size, "%s: count: %u is out of range, allowed 1..%u", path, (unsigned)*count,
             SF_MNIST_MAX_COUNT);
    goto fail;
  }
  if (images && (big_endian(head + 8) != SF_MNIST_SIDE || big_endian(head + 12) != SF_MNIST_SIDE)) {
    snprintf(err, err_size, "%s: size: %u x %u pixels, allowed %d x %d", path, (unsigned)big_endian(head + 8),
             (unsigned)big_endian(head + 12), SF_MNIST_SIDE, SF_MNIST_SIDE);
    goto fail;
  }
  data = malloc(*count * item);
  if (!data) {
    snprintf(err, err_size, "%s: count: no memory for %u items", path, (unsigned)*count);
    goto fail;
  }
  if (read_bytes(f, path, images ? "pixels" : "labels", data, *count * item, err, err_size)) goto fail;
  if (gzread(f, &extra, 1) == 1) {
    snprintf(err, err_size, "%s: count: %u, but the file goes on after so many items", path, (unsigned)*count);
    goto fail;
  }
  gzclose(f);
  *bytes = data;
  return 0;

fail:
  free(data);
  gzclose(f);
  return -1;
}

int sf_mnist_read(const char *dir, const char *prefix, struct sf_mnist *out, char *err, size_t err_size)
{
  char name[64];
  struct sf_mnist set = {0};
  uint32_t labels = 0;

  snprintf(name, sizeof name, "%s-images-idx3-ubyte", prefix);
  if (read_idx(dir, name, SF_MNIST_PIXELS, &set.count, &set.pixels, err, err_size)) return -1;
  snprintf(name, sizeof name, "%s-labels-idx1-ubyte", prefix);
  if (read_idx(dir, name, 1, &labels, &set.labels, err, err_size)) goto fail;
  if (labels != set.count) {
    snprintf(err, err_size, "%s/%s: count: %u labels for %u images, allowed %u", dir, name, (unsigned)labels,
             (unsigned)set.count, (unsigned)set.count);
    goto fail;
  }
  for (uint32_t i = 0; i < labels; i++) {
    if (set.labels[i] < SF_MNIST_CLASSES) continue;
    snprintf(err, err_size, "%s/%s: label %u: %u is out of range, allowed 0..9", dir, name, (unsigned)i,
             set.labels[i]);
    goto fail;
  }
  *out = set;
  return 0;

fail:
  sf_mnist_free(&set);
  return -1;
}

void sf_mnist_free(struct sf_mnist *set)
{
  free(set->pixels);
  free(set->labels);
  *set = (struct sf_mnist){0};
}

int sf_mnist_tick(uint8_t intensity)
{
  if (intensity < SF_MNIST_MIN_INTENSITY) return -1;
  return (255 - intensity) * SF_MNIST_LEVELS / (256 - SF_MNIST_MIN_INTENSITY);
}

void sf_mnist_encode(const uint8_t *pixels, struct sf_mnist_spikes *out)
{
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
