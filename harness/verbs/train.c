/* train.c - `synfire train mnist`: train, round to the hardware's integers, test, write. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "train/store.h"
#include "train/trainer.h"
#include "util/apart.h"
#include "util/cli.h"
#include "util/clock.h"
#include "util/paths.h"
#include "util/progress.h"
#include "verbs/verbs.h"

struct options {
  const char *data, *out, *spikes;
  uint64_t seed;
  uint32_t epochs, threads, hold_out, weight_bits;
  bool json;
};

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

static void print_score(const char *what, const struct sf_integer_score *s) {
  printf("%s: %ld of %ld right (%.2f %%)\n", what, s->correct, s->digits,
         100.0 * (double)s->correct / (double)s->digits);
  printf("  spikes a digit: %.1f input, %.1f hidden (%.1f of them in the last tick), %.1f output\n", s->input_spikes,
         s->hidden_spikes, s->late_spikes, s->out_spikes);
  printf("  synaptic operations a digit: %.0f\n", s->synaptic_operations);
  printf("  in the last tick the class read out spikes for %.1f %% of the digits, and it alone for %.1f %%\n",
         100.0 * s->winner_spikes, 100.0 * s->only_winner_spikes);
}

static void print_json(const struct options *o, const struct sf_integer *net, double seconds, const char *set,
                       const struct sf_integer_score *s) {
  printf("{\"seed\": %llu, \"epochs\": %u, \"weight_bits\": %u, \"seconds\": %.1f, \"ticks\": %d, \"set\": \"%s\", "
         "\"digits\": %ld, "
         "\"correct\": %ld, \"accuracy\": %.4f, \"input_spikes\": %.2f, \"hidden_spikes\": %.2f, "
         "\"late_spikes\": %.2f, \"output_spikes\": %.2f, \"synaptic_operations\": %.1f}\n",
         (unsigned long long)o->seed, o->epochs, o->weight_bits, seconds, net->ticks, set, s->digits, s->correct,
         (double)s->correct / (double)s->digits, s->input_spikes, s->hidden_spikes, s->late_spikes, s->out_spikes,
         s->synaptic_operations);
}

/* Train on `digits` but the last hold_out, test on those or on the test set, write what was asked for. */
static sf_err train(const struct options *o, const struct sf_mnist *digits, const struct sf_mnist *test,
                    struct sf_integer *net, sf_msg *msg) {
  struct sf_trainer how = sf_trainer_recipe();
  struct watch watch = {.epochs = (int)o->epochs};
  const double start = sf_seconds_now();
  how.seed = o->seed;
  how.epochs = (int)o->epochs;
  how.threads = (int)o->threads;
  how.weight_bits = o->weight_bits;
  how.digits = digits;
  how.count = digits->count - o->hold_out;
  how.on_step = on_step;
  how.on_epoch = on_epoch;
  how.context = &watch;
  sf_progress_start(&watch.bar, "training", (uint64_t)sf_trainer_steps(&how));
  sf_err err = sf_trainer_run(&how, net, msg);
  sf_progress_finish(&watch.bar);
  if (err) return err;
  sf_integer_pick_threshold_out(net, digits, how.count < 10000 ? how.count : 10000);

  const char *set = o->hold_out ? "held-out" : "test";
  const struct sf_integer_score score =
      o->hold_out ? sf_integer_score(net, digits, how.count, o->hold_out) : sf_integer_score(net, test, 0, test->count);
  if (o->out) err = sf_store_network(o->out, net, msg);
  if (!err && o->spikes) err = sf_store_spikes(o->spikes, test, (uint32_t)net->ticks, msg);
  if (err) return err;
  if (o->json) print_json(o, net, sf_seconds_now() - start, set, &score);
  else {
    printf("trained on %u digits for %u epochs in %.0f s, seed %llu\n", (unsigned)how.count, o->epochs,
           sf_seconds_now() - start, (unsigned long long)o->seed);
    print_score(o->hold_out ? "held-out digits, integer network" : "test digits, integer network", &score);
  }
  return SF_OK;
}

/* The ranges that the option table cannot express. */
static int check(const struct options *o) {
  if (o->epochs < 1 || o->epochs > 10000)
    return sf_cli_error("train", "--epochs: %u is out of range, allowed 1..10000", o->epochs);
  if (o->threads < 1 || o->threads > SF_TRAINER_SHARDS)
    return sf_cli_error("train", "--threads: %u is out of range, allowed 1..%d", o->threads, SF_TRAINER_SHARDS);
  if (!sf_snn_scale(o->weight_bits).bits)
    return sf_cli_error("train", "--weight-bits: %u is out of range, allowed 1, 2, 4, 8", o->weight_bits);
  if (o->hold_out > 30000)
    return sf_cli_error("train", "--hold-out: %u is out of range, allowed 0..30000", o->hold_out);
  return 0;
}

/* The digits are no output's name. */
static sf_err apart(const struct options *o, const char *folder, sf_msg *msg) {
  static const char *const name[] = {"train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte",
                                     "t10k-labels-idx1-ubyte"};
  const sf_file_role out[] = {{"--out", o->out}, {"--spikes", o->spikes}};
  char path[8][SF_PATH_MAX];
  sf_file_role in[8];
  for (int i = 0; i < 8; i++) {
    snprintf(path[i], sizeof path[i], "%.3900s/%s%s", folder, name[i / 2], i % 2 ? ".gz" : "");
    in[i] = (sf_file_role){"the digits", path[i]};
  }
  return sf_files_apart(out, 2, in, 8, msg);
}

static sf_err run(const struct options *o, sf_msg *msg) {
  char folder[SF_PATH_MAX];
  struct sf_mnist digits = {0}, test = {0};
  struct sf_integer *net = NULL;
  sf_err err = SF_OK;
  const char *out[] = {o->out, o->spikes};
  for (int i = 0; i < 2 && !err; i++)
    if (out[i]) err = sf_writable_path(out[i], msg); /* before the work, not after it */
  if (!err && !o->data) err = sf_data_path("data/mnist", folder, msg);
  const char *dir = o->data ? o->data : folder;
  if (!err) err = apart(o, dir, msg);
  if (!err) err = sf_mnist_read(dir, "train", &digits, msg);
  if (!err) err = sf_mnist_read(dir, "t10k", &test, msg);
  if (!err && digits.count < o->hold_out + SF_TRAINER_MIN_DIGITS)
    err = sf_fail(msg, SF_EINVAL, "%s: count: %u training digits are left, allowed %d or more", dir,
                  (unsigned)(digits.count > o->hold_out ? digits.count - o->hold_out : 0), SF_TRAINER_MIN_DIGITS);
  if (!err) {
    net = malloc(sizeof *net);
    if (!net) err = sf_fail(msg, SF_ENOMEM, "no memory for the network");
  }
  if (!err) err = train(o, &digits, &test, net, msg);
  free(net);
  sf_mnist_free(&digits);
  sf_mnist_free(&test);
  return err;
}

int sf_verb_train(int argc, char **argv) {
  struct options o = {.seed = 1, .epochs = SF_TRAINER_EPOCHS, .threads = 1, .weight_bits = 4};
  const sf_option table[] = {
      {"data", SF_OPT_TEXT, &o.data, "DIR", "folder with the four IDX files, plain or .gz (data/mnist; `make mnist`)"},
      {"out", SF_OPT_OUT, &o.out, "NET.h5", "write the network"},
      {"spikes", SF_OPT_OUT, &o.spikes, "SPIKES.h5", "write the input spikes and labels of the test digits"},
      {"seed", SF_OPT_U64, &o.seed, "S", "of everything random (1); same seed, same machine: same network"},
      {"epochs", SF_OPT_U32, &o.epochs, "N", "passes over the training digits (default: the shipped network's)"},
      {"threads", SF_OPT_U32, &o.threads, "N", "1 or 2; does not change the network (1)"},
      {"weight-bits", SF_OPT_U32, &o.weight_bits, "B", "1, 2, 4 or 8 (4)"},
      {"hold-out", SF_OPT_U32, &o.hold_out, "N", "test on the last N training digits instead, and do not learn them"},
      {"json", SF_OPT_FLAG, &o.json, NULL, "print one JSON object"},
      {0}};
  const sf_cli cli = {
      "train",
      "mnist [options]",
      "Train the 784 -> 240 -> 10 spiking network with few-bit weights on the MNIST digits. The accuracy\n"
      "printed is that of the integer network, computed exactly as the hardware does.",
      table,
      1,
      1};
  const char *task = NULL;
  int n = 0, status = 0;
  sf_msg msg = {{0}};
  if (sf_cli_parse(&cli, argc, argv, &task, &n, &status)) return status;
  if (strcmp(task, "mnist") != 0)
    return sf_cli_error("train", "%s: nothing to train by that name, allowed mnist", task);
  if (check(&o)) return 2;
  if (o.json) sf_progress_silence(true);
  const sf_err err = run(&o, &msg);
  if (err) {
    sf_cli_error("train", "%s", msg.text);
    return sf_exit_status(err);
  }
  return 0;
}
