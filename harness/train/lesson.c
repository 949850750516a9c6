/* lesson.c - see lesson.h. */
#include "train/lesson.h"

#include <stdio.h>
#include <stdlib.h>

#include "train/store.h"
#include "train/trainer.h"
#include "util/apart.h"
#include "util/cli.h"
#include "util/clock.h"
#include "util/paths.h"
#include "util/progress.h"

struct watch {
  sf_progress bar;
  int epochs;
};

static void on_step(void *context, long done) {
  struct watch *w = context;
  sf_progress_step(&w->bar, (uint64_t)done);
}

static void on_epoch(void *context, const struct sf_trainer_epoch *e, const struct sf_integer *net) {
  struct watch *w = context;
  char note[80];
  (void)net;
  snprintf(note, sizeof note, "epoch %d of %d, loss %.3f, %.2f %% of distorted digits right", e->epoch + 1, w->epochs,
           e->loss, 100.0 * e->accuracy);
  sf_progress_note(&w->bar, note);
}

/* Train on `digits` but the last hold_out, test on those or on the test set, write what was asked for. */
static sf_err train(struct sf_lesson *l, const struct sf_mnist *digits, const struct sf_mnist *test,
                    struct sf_integer *net, sf_msg *msg) {
  struct sf_trainer how = sf_trainer_recipe();
  struct watch watch = {.epochs = (int)l->epochs};
  const double start = sf_seconds_now();
  how.seed = l->seed;
  how.epochs = (int)l->epochs;
  how.threads = (int)l->threads;
  how.weight_bits = l->weight_bits;
  how.digits = digits;
  how.count = digits->count - l->hold_out;
  how.on_step = on_step;
  how.on_epoch = on_epoch;
  how.context = &watch;
  sf_progress_start(&watch.bar, "training", (uint64_t)sf_trainer_steps(&how));
  sf_err err = sf_trainer_run(&how, net, msg);
  sf_progress_finish(&watch.bar);
  if (err) return err;
  sf_integer_pick_threshold_out(net, digits, how.count < 10000 ? how.count : 10000);

  l->score =
      l->hold_out ? sf_integer_score(net, digits, how.count, l->hold_out) : sf_integer_score(net, test, 0, test->count);
  if (l->out) err = sf_store_network(l->out, net, msg);
  if (!err && l->spikes) err = sf_store_spikes(l->spikes, test, (uint32_t)net->ticks, msg);
  if (err) return err;
  l->count = how.count;
  l->ticks = net->ticks;
  l->seconds = sf_seconds_now() - start;
  return SF_OK;
}

/* The digits are no output's name. */
static sf_err apart(const struct sf_lesson *l, const char *folder, sf_msg *msg) {
  static const char *const name[] = {"train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte",
                                     "t10k-labels-idx1-ubyte"};
  const sf_file_role out[] = {{"--out", l->out}, {"--spikes", l->spikes}};
  char path[8][SF_PATH_MAX];
  sf_file_role in[8];
  for (int i = 0; i < 8; i++) {
    snprintf(path[i], sizeof path[i], "%.3900s/%s%s", folder, name[i / 2], i % 2 ? ".gz" : "");
    in[i] = (sf_file_role){"the digits", path[i]};
  }
  return sf_files_apart(out, 2, in, 8, msg);
}

sf_err sf_lesson_run(struct sf_lesson *l, sf_msg *msg) {
  char folder[SF_PATH_MAX];
  struct sf_mnist digits = {0}, test = {0};
  struct sf_integer *net = NULL;
  sf_err err = SF_OK;
  const char *out[] = {l->out, l->spikes};
  for (int i = 0; i < 2 && !err; i++)
    if (out[i]) err = sf_writable_path(out[i], msg); /* before the work, not after it */
  if (!err && !l->data) err = sf_data_path("data/mnist", folder, msg);
  const char *dir = l->data ? l->data : folder;
  if (!err) err = apart(l, dir, msg);
  if (!err) err = sf_mnist_read(dir, "train", &digits, msg);
  if (!err) err = sf_mnist_read(dir, "t10k", &test, msg);
  if (!err && digits.count < l->hold_out + SF_TRAINER_MIN_DIGITS)
    err = sf_fail(msg, SF_EINVAL, "%s: count: %u training digits are left, allowed %d or more", dir,
                  (unsigned)(digits.count > l->hold_out ? digits.count - l->hold_out : 0), SF_TRAINER_MIN_DIGITS);
  if (!err) {
    net = malloc(sizeof *net);
    if (!net) err = sf_fail(msg, SF_ENOMEM, "no memory for the network");
  }
  if (!err) err = train(l, &digits, &test, net, msg);
  free(net);
  sf_mnist_free(&digits);
  sf_mnist_free(&test);
  return err;
}
