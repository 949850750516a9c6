/* test_train.c - the trainer: gradients, independence of the number of threads, integers as the hardware has them. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "files/network_file.h"
#include "suite.h"
#include "synfire/model.h"
#include "train/integer.h"
#include "train/snn.h"
#include "train/store.h"
#include "train/trainer.h"

#define DIGITS 1024

/* Blobs whose place tells the class: enough to learn something. */
static struct sf_mnist blobs(void) {
  struct sf_mnist set = {DIGITS, calloc(DIGITS, SF_MNIST_PIXELS), calloc(DIGITS, 1)};
  for (uint32_t d = 0; d < DIGITS; d++) {
    struct sf_rng r = sf_rng_stream(9, 'T', d);
    set.labels[d] = (uint8_t)(d % 10);
    const int y = 4 + 5 * (set.labels[d] / 3), x = 4 + 8 * (set.labels[d] % 3);
    for (int i = -3; i < 4; i++)
      for (int j = -3; j < 4; j++)
        set.pixels[(size_t)d * SF_MNIST_PIXELS + (size_t)((y + i) * 28 + x + j)] = (uint8_t)sf_rng_below(&r, 256);
  }
  return set;
}

static double loss_at(struct sf_snn_work *w, const struct sf_snn_shape *shape, const float *p,
                      const struct sf_mnist_spikes *in, const float *target, int n) {
  return sf_snn_learn(w, shape, p, in, target, n, 0.0f).loss;
}

/* Behind the spikes the network is smooth, so there the gradient must be the slope of the loss. */
START_TEST(output_gradient_is_the_slope) {
  static const int at[] = {SF_SNN_W2 + 17, SF_SNN_W2 + 1203, SF_SNN_BIAS_OUT + 3, SF_SNN_KEEP_OUT, SF_SNN_LOG_GAIN};
  const struct sf_snn_shape shape = {6, 1.0f, 100.0f, 0.0f};
  enum { N = 16 };
  struct sf_mnist set = blobs();
  struct sf_mnist_spikes in[N];
  float target[N * SF_SNN_OUT] = {0}, *p = malloc(SF_SNN_PARAMS * sizeof *p);
  struct sf_snn_work *w = sf_snn_work_new(N);
  ck_assert_ptr_nonnull(w);
  const struct sf_snn_scale scale = sf_snn_scale(4);
  sf_snn_init(p, &scale, 3);
  sf_snn_round(p, &scale, p);
  p[SF_SNN_LOG_GAIN] = logf(0.02f);
  p[SF_SNN_KEEP_OUT] = 0.5f;
  for (int h = 0; h < SF_SNN_HIDDEN; h++) p[SF_SNN_THRESHOLD + h] = 8.0f;
  for (int c = 0; c < SF_SNN_OUT; c++) p[SF_SNN_BIAS_OUT + c] = (float)c;
  for (int i = 0; i < N; i++) {
    sf_mnist_encode(set.pixels + i * SF_MNIST_PIXELS, &in[i]);
    target[i * SF_SNN_OUT + set.labels[i]] = 1.0f;
  }
  for (size_t k = 0; k < sizeof at / sizeof *at; k++) {
    const float keep = p[at[k]], step = 0.01f;
    ck_assert_int_gt(sf_snn_learn(w, &shape, p, in, target, N, 0.0f).spikes, 100);
    const double got = sf_snn_gradient(w)[at[k]];
    p[at[k]] = keep + step;
    const double high = loss_at(w, &shape, p, in, target, N);
    p[at[k]] = keep - step;
    const double low = loss_at(w, &shape, p, in, target, N);
    p[at[k]] = keep;
    const double want = (high - low) / (2.0 * step);
    ck_assert_msg(fabs(got - want) < 0.01 * (fabs(want) + 0.1), "parameter %d: gradient %g, slope %g", at[k], got,
                  want);
  }
  sf_snn_work_free(w);
  sf_mnist_free(&set);
  free(p);
}
END_TEST

START_TEST(threads_do_not_change_the_network) {
  struct sf_mnist set = blobs();
  struct sf_integer *net[2] = {calloc(1, sizeof **net), calloc(1, sizeof **net)}, *other = calloc(1, sizeof *other);
  struct sf_trainer how = sf_trainer_recipe();
  sf_msg msg;
  how.epochs = 12;
  how.mean_keep = 0.9f; /* a short run needs a short memory */
  how.digits = &set;
  how.count = set.count;
  for (int i = 0; i < 2; i++) {
    how.threads = i + 1;
    ck_assert_msg(sf_trainer_run(&how, net[i], &msg) == SF_OK, "%s", msg.text);
  }
  ck_assert_mem_eq(net[0], net[1], sizeof **net);
  const struct sf_integer_score s = sf_integer_score(net[0], &set, 0, set.count);
  ck_assert_msg(s.correct > DIGITS / 2, "only %ld of %d blobs learned", s.correct, DIGITS);
  how.seed = 2;
  how.epochs = 1;
  ck_assert_int_eq(sf_trainer_run(&how, other, &msg), SF_OK);
  ck_assert_int_ne(memcmp(net[0], other, sizeof *other), 0);
  how.count = 10;
  ck_assert_int_eq(sf_trainer_run(&how, other, &msg), SF_EINVAL);
  free(net[0]);
  free(net[1]);
  free(other);
  sf_mnist_free(&set);
}
END_TEST

/* Every width: weights that the hardware has, both ends of a narrow range in use, a network that learned, and a model
 * that answers as the evaluator does. */
static const uint32_t widths[] = {1, 2, 4, 8};

START_TEST(weights_have_their_width) {
  struct sf_mnist set = blobs();
  struct sf_integer *net = calloc(1, sizeof *net);
  struct sf_trainer how = sf_trainer_recipe();
  const struct sf_snn_scale scale = sf_snn_scale(widths[_i]);
  char path[] = "/tmp/synfire-train-XXXXXX";
  sf_network *file;
  sf_model *m;
  sf_msg msg;
  how.epochs = 14;
  how.mean_keep = 0.9f;
  how.digits = &set;
  how.count = set.count;
  how.weight_bits = widths[_i];
  ck_assert_msg(sf_trainer_run(&how, net, &msg) == SF_OK, "%s", msg.text);
  ck_assert_int_eq(net->weight_bits, (int)widths[_i]);
  int low = 1000, high = -1000;
  for (int i = 0; i < SF_MNIST_PIXELS; i++)
    for (int h = 0; h < SF_SNN_HIDDEN; h++) {
      if (net->w1[i][h] < low) low = net->w1[i][h];
      if (net->w1[i][h] > high) high = net->w1[i][h];
    }
  ck_assert_msg(low >= scale.low && high <= scale.high && high > low, "%d .. %d", low, high);
  if (widths[_i] <= 2) ck_assert_msg(low == scale.low && high == scale.high, "%d .. %d", low, high);
  const struct sf_integer_score s = sf_integer_score(net, &set, 0, set.count);
  /* One bit starts with a bias that suits digits; blobs are too small to overcome it, so it is taken away. */
  if (widths[_i] == 1) memset(net->bias, 0, sizeof net->bias);
  else ck_assert_msg(s.correct > DIGITS / 2, "%u bits: only %ld of %d blobs learned", widths[_i], s.correct, DIGITS);
  ck_assert_int_ge(close(mkstemp(path)), 0);
  ck_assert_msg(sf_store_network(path, net, &msg) == SF_OK, "%s", msg.text);
  ck_assert_msg(sf_network_read(path, &file, &msg) == SF_OK, "%s", msg.text);
  ck_assert_uint_eq(file->core[0].weight_bits, widths[_i]);
  ck_assert_int_eq(sf_model_new(file, &m, &msg), SF_OK);
  int spikes = 0;
  for (uint32_t d = 0; d < 50; d++) {
    struct sf_mnist_spikes in;
    struct sf_integer_run run;
    sf_mnist_encode(set.pixels + (size_t)d * SF_MNIST_PIXELS, &in);
    sf_integer_digit(net, &in, &run);
    spikes += run.hidden_spikes;
    sf_model_reset(m);
    for (int t = 0; t < net->ticks; t++) {
      for (int k = t < SF_MNIST_LEVELS ? in.first[t] : 0; k < (t < SF_MNIST_LEVELS ? in.first[t + 1] : 0); k++)
        ck_assert_int_eq(sf_model_inject(m, 0, in.axon[k], 0), SF_OK);
      sf_model_step(m);
    }
    for (uint32_t c = 0; c < SF_SNN_OUT; c++) {
      int32_t v;
      ck_assert_int_eq(sf_model_peek(m, 0, file->readout.neuron[c], SF_V, &v), SF_OK);
      ck_assert_int_eq(v, run.potential[c]);
    }
  }
  ck_assert_int_gt(spikes, 50);
  sf_model_free(m);
  sf_network_free(file);
  unlink(path);
  how.weight_bits = 3;
  ck_assert_int_eq(sf_trainer_run(&how, net, &msg), SF_EINVAL);
  free(net);
  sf_mnist_free(&set);
}
END_TEST

/* One pixel, one hidden neuron, one class, by hand: v_decay 2048 halves toward zero, sums are shifted by 4. */
START_TEST(integers_follow_the_equation) {
  struct sf_integer *net = calloc(1, sizeof *net);
  struct sf_mnist_spikes in = {.count = 1, .first = {0, 1, 1, 1, 1}, .axon = {5}};
  struct sf_integer_run run;
  for (int h = 0; h < SF_SNN_HIDDEN; h++) net->threshold[h] = 30000;
  net->threshold_out = 1000;
  net->ticks = 3;
  net->shift = SF_INTEGER_SHIFT;
  net->w1[5][0] = 7;  /* drive 112 */
  net->w1[5][1] = -7; /* never spikes */
  net->w2[0][4] = -8;
  net->threshold[0] = 50;
  net->bias_out[4] = -3;
  net->v_decay_out = 2048;
  for (int g = 0; g < SF_SNN_GROUPS; g++) net->v_decay[g] = 2048;
  sf_integer_digit(net, &in, &run);
  ck_assert_int_eq(run.hidden_spikes, 1);  /* 112 spikes, 62 stays; 31; 15 */
  ck_assert_int_eq(run.potential[4], -69); /* -3; -1 - 3 - 128 = -132; -66 - 3 = -69 */
  net->bias[0] = 19; /* 131 spikes, 81 stays; 40 + 19 = 59 spikes, 9 stays; 4 + 19 = 23 does not */
  sf_integer_digit(net, &in, &run);
  ck_assert_int_eq(run.hidden_spikes, 2);
  ck_assert_int_eq(run.late_spikes, 0);
  ck_assert_int_eq(run.potential[4], -197); /* -3; -132; -66 - 3 - 128 */
  ck_assert_int_eq(run.best, 0);            /* all others are at 0: the lowest class */
  ck_assert_int_eq(run.out_spikes, 0);
  free(net);
}
END_TEST

int main(void) {
  Suite *s = suite_create("train");
  TCase *c = tcase_create("trainer");
  tcase_set_timeout(c, 120);
  tcase_add_test(c, output_gradient_is_the_slope);
  tcase_add_test(c, threads_do_not_change_the_network);
  tcase_add_loop_test(c, weights_have_their_width, 0, 4);
  tcase_add_test(c, integers_follow_the_equation);
  suite_add_tcase(s, c);
  return suite_run(s);
}
