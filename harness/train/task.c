/* task.c - see task.h. */
#include "train/task.h"

#include <stdlib.h>

#include "train/store.h"
#include "train/trainer.h"
#include "util/clock.h"
#include "util/paths.h"

const char *sf_task_version(void) { return "mnist 784-240-10, recipe 1"; }

sf_err sf_task_train_mnist(const struct sf_task_recipe *r, const char *path, double *seconds, sf_msg *msg) {
  char folder[SF_PATH_MAX];
  struct sf_mnist digits = {0};
  struct sf_trainer how = sf_trainer_recipe();
  const double start = sf_seconds_now();
  struct sf_integer *net = malloc(sizeof *net);
  if (!net) return sf_fail(msg, SF_ENOMEM, "no memory for the network");
  sf_err err = sf_data_path("data/mnist", folder, msg);
  if (!err) err = sf_mnist_read(folder, "train", &digits, msg);
  how.seed = r->seed;
  how.epochs = (int)r->epochs;
  how.threads = (int)r->threads;
  how.weight_bits = r->weight_bits;
  how.digits = &digits;
  how.count = digits.count;
  if (!err) err = sf_trainer_run(&how, net, msg);
  if (!err) {
    sf_integer_pick_threshold_out(net, &digits, how.count < 10000 ? how.count : 10000);
    err = sf_store_network(path, net, msg);
  }
  free(net);
  sf_mnist_free(&digits);
  *seconds = sf_seconds_now() - start;
  return err;
}
