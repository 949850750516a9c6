/* test_mnist.c - the MNIST files that come with the project, files that are not what they should be, the encoding. */
#define _POSIX_C_SOURCE 200809L
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "suite.h"
#include "train/mnist.h"
#include "util/paths.h"

#define IMAGE_HEAD "\0\0\010\003\0\0\0\002\0\0\0\034\0\0\0\034" /* two images of 28 x 28 */
#define LABEL_HEAD "\0\0\010\001\0\0\0\002"
enum { IMAGES = 16 + 2 * SF_MNIST_PIXELS, LABELS = 8 + 2 };

static char folder[] = "/tmp/test-mnist-XXXXXX";

static void put(const char *name, const void *bytes, size_t size) {
  char path[128];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  remove(path);
  if (!bytes) return;
  FILE *f = fopen(path, "wb");
  ck_assert_ptr_nonnull(f);
  ck_assert_uint_eq(fwrite(bytes, 1, size, f), size);
  ck_assert_int_eq(fclose(f), 0);
}

static void clear(void) {
  put("t-images-idx3-ubyte", NULL, 0);
  put("t-images-idx3-ubyte.gz", NULL, 0);
  put("t-labels-idx1-ubyte", NULL, 0);
}

static void make_folder(void) { ck_assert_ptr_nonnull(mkdtemp(folder)); }
static void drop_folder(void) {
  clear();
  rmdir(folder);
}

/* One byte of a good pair of files is changed, or a file is cut or made longer. */
static const struct {
  const char *why;
  bool images;
  int at, value;
  int resize;
  const char *want;
} rows[] = {
    {"no file", true, -1, 0, -IMAGES, "t-images-idx3-ubyte: no such file"},
    {"labels in place of images", true, 3, 1, 0, "images-idx3-ubyte: magic: 0x00000801"},
    {"images in place of labels", false, 3, 3, 0, "labels-idx1-ubyte: magic: 0x00000803"},
    {"count 0", true, 7, 0, 0, "count: 0 is out of range, allowed 1..100000"},
    {"a count that would take terabytes", true, 4, 255, 0, "count: 4278190082 is out of range, allowed 1..100000"},
    {"29 rows", true, 11, 29, 0, "size: 29 x 28 pixels, allowed 28 x 28"},
    {"29 columns", true, 15, 29, 0, "size: 28 x 29 pixels, allowed 28 x 28"},
    {"header cut", true, -1, 0, -IMAGES + 9, "header: file ends after 9 bytes, needs 16"},
    {"last pixel missing", true, -1, 0, -1, "pixels: file ends after 1567 bytes, needs 1568"},
    {"a byte too many", true, -1, 0, 1, "count: 2, but the file goes on"},
    {"last label missing", false, -1, 0, -1, "labels: file ends after 1 bytes, needs 2"},
    {"fewer labels than images", false, 7, 1, -1, "count: 1 labels for 2 images, allowed 2"},
    {"label 10", false, 9, 10, 0, "label 1: 10 is out of range, allowed 0..9"},
    {"compressed and damaged", true, 0, 0x1f, 0, "header: damaged data"}, /* 0x1f 0x8b opens a gzip file */
};

START_TEST(bad_files_get_one_line) {
  uint8_t images[IMAGES + 1] = {0}, labels[LABELS + 1] = {0};
  memcpy(images, IMAGE_HEAD, 16);
  memcpy(labels, LABEL_HEAD, 8);
  uint8_t *file = rows[_i].images ? images : labels;
  if (rows[_i].at >= 0) file[rows[_i].at] = (uint8_t)rows[_i].value;
  if (rows[_i].value == 0x1f) file[1] = 0x8b;
  const int image_size = IMAGES + (rows[_i].images ? rows[_i].resize : 0);
  const int label_size = LABELS + (rows[_i].images ? 0 : rows[_i].resize);
  clear();
  if (image_size) put("t-images-idx3-ubyte", images, (size_t)image_size);
  put("t-labels-idx1-ubyte", labels, (size_t)label_size);
  struct sf_mnist set = {.count = 77};
  sf_msg msg = {{0}};
  ck_assert_msg(sf_mnist_read(folder, "t", &set, &msg) != SF_OK, "%s: was accepted", rows[_i].why);
  ck_assert_msg(strstr(msg.text, rows[_i].want) != NULL, "%s: %s", rows[_i].why, msg.text);
  ck_assert_ptr_null(strchr(msg.text, '\n'));
  ck_assert_uint_eq(set.count, 77);
}
END_TEST

START_TEST(plain_and_compressed_read_alike) {
  uint8_t images[IMAGES] = {0};
  struct sf_mnist plain, packed;
  sf_msg msg;
  memcpy(images, IMAGE_HEAD, 16);
  for (int i = 16; i < IMAGES; i++) images[i] = (uint8_t)(i * 7);
  clear();
  put("t-images-idx3-ubyte", images, sizeof images);
  put("t-labels-idx1-ubyte", LABEL_HEAD "\003\011", LABELS);
  ck_assert_msg(sf_mnist_read(folder, "t", &plain, &msg) == SF_OK, "%s", msg.text);
  put("t-images-idx3-ubyte", NULL, 0);
  char path[128];
  snprintf(path, sizeof path, "%s/t-images-idx3-ubyte.gz", folder);
  gzFile f = gzopen(path, "wb");
  ck_assert_int_eq(gzwrite(f, images, sizeof images), IMAGES);
  ck_assert_int_eq(gzclose(f), Z_OK);
  ck_assert_msg(sf_mnist_read(folder, "t", &packed, &msg) == SF_OK, "%s", msg.text);
  ck_assert_uint_eq(plain.count, 2);
  ck_assert_uint_eq(packed.count, 2);
  ck_assert_int_eq(packed.labels[0], 3);
  ck_assert_int_eq(packed.labels[1], 9);
  ck_assert_mem_eq(plain.pixels, images + 16, 2 * SF_MNIST_PIXELS);
  ck_assert_mem_eq(packed.pixels, images + 16, 2 * SF_MNIST_PIXELS);
  sf_mnist_free(&plain);
  sf_mnist_free(&packed);
  sf_mnist_free(&packed); /* harmless twice */
}
END_TEST

START_TEST(shipped_digits_are_whole) {
  char data[SF_PATH_MAX];
  struct sf_mnist set;
  sf_msg msg;
  long of_class[SF_MNIST_CLASSES] = {0};
  ck_assert_msg(sf_data_path("data", data, &msg) == SF_OK, "%s", msg.text);
  ck_assert_msg(sf_mnist_read(data, "t10k", &set, &msg) == SF_OK, "%s", msg.text);
  ck_assert_uint_eq(set.count, 10000);
  for (uint32_t i = 0; i < set.count; i++) of_class[set.labels[i]]++;
  static const long want[] = {980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009};
  for (int c = 0; c < SF_MNIST_CLASSES; c++) ck_assert_int_eq(of_class[c], want[c]);
  sf_mnist_free(&set);
}
END_TEST

/* The table of data/README.md. */
struct step {
  int from, tick;
};
static const struct step step[] = {{208, 0}, {160, 1}, {112, 2}, {64, 3}, {0, -1}};

START_TEST(ticks_are_those_of_the_table) {
  for (int p = 0; p < 256; p++) {
    int k = 0;
    while (p < step[k].from) k++;
    ck_assert_msg(sf_mnist_tick((uint8_t)p) == step[k].tick, "intensity %d: tick %d", p, sf_mnist_tick((uint8_t)p));
  }
}
END_TEST

START_TEST(every_pixel_spikes_once_in_order) {
  uint8_t pixels[SF_MNIST_PIXELS];
  struct sf_mnist_spikes s;
  int seen = 0;
  for (int i = 0; i < SF_MNIST_PIXELS; i++) pixels[i] = (uint8_t)(i * 37);
  sf_mnist_encode(pixels, &s);
  for (int t = 0; t < SF_MNIST_LEVELS; t++)
    for (int k = s.first[t]; k < s.first[t + 1]; k++, seen++) {
      ck_assert_int_eq(sf_mnist_tick(pixels[s.axon[k]]), t);
      if (k > s.first[t]) ck_assert_int_gt(s.axon[k], s.axon[k - 1]);
    }
  int want = 0;
  for (int i = 0; i < SF_MNIST_PIXELS; i++) want += sf_mnist_tick(pixels[i]) >= 0;
  ck_assert_int_eq(seen, want);
  ck_assert_int_eq(s.count, want);
}
END_TEST

int main(void) {
  Suite *s = suite_create("mnist");
  TCase *files = tcase_create("files"), *code = tcase_create("encoding");
  tcase_add_unchecked_fixture(files, make_folder, drop_folder);
  tcase_add_loop_test(files, bad_files_get_one_line, 0, (int)(sizeof rows / sizeof *rows));
  tcase_add_test(files, plain_and_compressed_read_alike);
  tcase_add_test(files, shipped_digits_are_whole);
  tcase_add_test(code, ticks_are_those_of_the_table);
  tcase_add_test(code, every_pixel_spikes_once_in_order);
  suite_add_tcase(s, files);
  suite_add_tcase(s, code);
  return suite_run(s);
}
