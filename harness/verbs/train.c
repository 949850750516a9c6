/* train.c - `synfire train mnist`: train, round to the hardware's integers, test, write. */
#include <stdio.h>
#include <string.h>

#include "train/lesson.h"
#include "train/trainer.h"
#include "util/cli.h"
#include "util/progress.h"
#include "verbs/verbs.h"

static void print_score(const char *what, const struct sf_integer_score *s) {
  printf("%s: %ld of %ld right (%.2f %%)\n", what, s->correct, s->digits,
         100.0 * (double)s->correct / (double)s->digits);
  printf("  spikes a digit: %.1f input, %.1f hidden (%.1f of them in the last tick), %.1f output\n", s->input_spikes,
         s->hidden_spikes, s->late_spikes, s->out_spikes);
  printf("  synaptic operations a digit: %.0f\n", s->synaptic_operations);
  printf("  in the last tick the class read out spikes for %.1f %% of the digits, and it alone for %.1f %%\n",
         100.0 * s->winner_spikes, 100.0 * s->only_winner_spikes);
}

static void print_json(const struct sf_lesson *o) {
  const struct sf_integer_score *s = &o->score;
  printf("{\"seed\": %llu, \"epochs\": %u, \"weight_bits\": %u, \"seconds\": %.1f, \"ticks\": %d, \"set\": \"%s\", "
         "\"digits\": %ld, "
         "\"correct\": %ld, \"accuracy\": %.4f, \"input_spikes\": %.2f, \"hidden_spikes\": %.2f, "
         "\"late_spikes\": %.2f, \"output_spikes\": %.2f, \"synaptic_operations\": %.1f}\n",
         (unsigned long long)o->seed, o->epochs, o->weight_bits, o->seconds, o->ticks,
         o->hold_out ? "held-out" : "test", s->digits, s->correct, (double)s->correct / (double)s->digits,
         s->input_spikes, s->hidden_spikes, s->late_spikes, s->out_spikes, s->synaptic_operations);
}

static void print_lesson(const struct sf_lesson *l) {
  printf("trained on %u digits for %u epochs in %.0f s, seed %llu\n", (unsigned)l->count, l->epochs, l->seconds,
         (unsigned long long)l->seed);
  print_score(l->hold_out ? "held-out digits, integer network" : "test digits, integer network", &l->score);
}

/* The ranges that the option table cannot express. */
static int check(const struct sf_lesson *o) {
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

int sf_verb_train(int argc, char **argv) {
  bool json = false;
  struct sf_lesson o = {.seed = 1, .epochs = SF_TRAINER_EPOCHS, .threads = 1, .weight_bits = 4};
  const sf_option table[] = {
      {"data", SF_OPT_TEXT, &o.data, "DIR", "folder with the four IDX files, plain or .gz (data/mnist; `make mnist`)"},
      {"out", SF_OPT_OUT, &o.out, "NET.h5", "write the network"},
      {"spikes", SF_OPT_OUT, &o.spikes, "SPIKES.h5", "write the input spikes and labels of the test digits"},
      {"seed", SF_OPT_U64, &o.seed, "S", "of everything random (1); same seed, same machine: same network"},
      {"epochs", SF_OPT_U32, &o.epochs, "N", "passes over the training digits (default: the shipped network's)"},
      {"threads", SF_OPT_U32, &o.threads, "N", "1 or 2; does not change the network (1)"},
      {"weight-bits", SF_OPT_U32, &o.weight_bits, "B", "1, 2, 4 or 8 (4)"},
      {"hold-out", SF_OPT_U32, &o.hold_out, "N", "test on the last N training digits instead, and do not learn them"},
      {"json", SF_OPT_FLAG, &json, NULL, "print one JSON object"},
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
  if (json) sf_progress_silence(true);
  const sf_err err = sf_lesson_run(&o, &msg);
  if (err) {
    sf_cli_error("train", "%s", msg.text);
    return sf_exit_status(err);
  }
  if (json) print_json(&o);
  else print_lesson(&o);
  return 0;
}
