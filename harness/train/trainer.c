/* trainer.c - the training loop of the spiking network.
 *
 * Every batch is cut into SHARDS fixed parts whose gradients are added in a fixed order, and every digit has its own
 * stream of random numbers, so the network depends on the seed and not on how many threads shared the work. */
#include "train/trainer.h"

#include <cblas.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "train/optimiser.h"

#define SHARDS SF_TRAINER_SHARDS

struct shard {
  struct sf_snn_work *work;
  struct sf_mnist_spikes *spikes;
  float *target;
  uint8_t *pixels;
  struct sf_snn_result result;
};

static void free_shards(struct shard *s) {
  for (int i = 0; i < SHARDS; i++) {
    sf_snn_work_free(s[i].work);
    free(s[i].spikes);
    free(s[i].target);
    free(s[i].pixels);
  }
}

static int make_shards(struct shard *s, int size) {
  memset(s, 0, SHARDS * sizeof *s);
  for (int i = 0; i < SHARDS; i++) {
    s[i].work = sf_snn_work_new(size);
    s[i].spikes = calloc((size_t)size, sizeof *s[i].spikes);
    s[i].target = calloc((size_t)size * SF_SNN_OUT, sizeof(float));
    s[i].pixels = calloc((size_t)size, SF_MNIST_PIXELS);
    if (s[i].work && s[i].spikes && s[i].target && s[i].pixels) continue;
    free_shards(s);
    return -1;
  }
  return 0;
}

/* Distort, encode and learn the digits order[0..n-1]. */
static void run_shard(const struct sf_trainer *how, struct shard *s, const uint32_t *order, int n, int epoch,
                      float strength, const float *rounded, float pressure) {
  for (int b = 0; b < n; b++) {
    const uint32_t digit = order[b];
    struct sf_rng rng = sf_rng_stream(how->seed, 'D' + ((uint64_t)epoch << 8), digit);
    uint8_t *pixels = s->pixels + (size_t)b * SF_MNIST_PIXELS;
    sf_augment(&how->augment, strength, &rng, how->digits->pixels + (size_t)digit * SF_MNIST_PIXELS, pixels);
    sf_mnist_encode(pixels, &s->spikes[b]);
    float *t = s->target + (size_t)b * SF_SNN_OUT;
    for (int c = 0; c < SF_SNN_OUT; c++) t[c] = how->smoothing / SF_SNN_OUT;
    t[how->digits->labels[digit]] += 1.0f - how->smoothing;
  }
  s->result = sf_snn_learn(s->work, &how->shape, rounded, s->spikes, s->target, n, pressure);
}

static void shuffle(uint32_t *order, uint32_t count, uint64_t seed, int epoch) {
  struct sf_rng rng = sf_rng_stream(seed, 'S', (uint64_t)epoch);
  for (uint32_t i = count; i > 1; i--) {
    uint32_t j = sf_rng_below(&rng, i), swap = order[i - 1];
    order[i - 1] = order[j];
    order[j] = swap;
  }
}

/* The learned thresholds must stay positive, and a spike must stay possible. */
static void keep_sane(float *p, const struct sf_snn_scale *scale) {
  const float low = ((float)scale->low - 0.4f) * scale->step, high = ((float)scale->high + 0.4f) * scale->step;
  for (int h = 0; h < SF_SNN_HIDDEN; h++)
    if (p[SF_SNN_THRESHOLD + h] < 4.0f) p[SF_SNN_THRESHOLD + h] = 4.0f;
  for (int i = 0; i < SF_SNN_WEIGHTS; i++) p[i] = p[i] < low ? low : p[i] > high ? high : p[i];
}

static void update(struct sf_optimiser *o, const struct sf_trainer *how, struct shard *shards, float scale,
                   float rate) {
  float *g[SHARDS];
  for (int i = 0; i < SHARDS; i++) g[i] = sf_snn_gradient(shards[i].work);
  sf_optimiser_step(o);
  sf_optimiser_update(o, 0, SF_SNN_WEIGHTS, g, SHARDS, scale, rate, how->mean_keep);
  sf_optimiser_update(o, SF_SNN_THRESHOLD, SF_SNN_KEEP, g, SHARDS, scale, rate, how->mean_keep);
  sf_optimiser_update(o, SF_SNN_KEEP, SF_SNN_PARAMS, g, SHARDS, scale, 0.1f * rate, how->mean_keep);
}

struct sf_trainer sf_trainer_recipe(void) {
  return (struct sf_trainer){
      .seed = 1,
      .epochs = SF_TRAINER_EPOCHS,
      .batch = 256,
      .threads = 1,
      .weight_bits = 4,
      .rate = 0.05f,
      .smoothing = 0.05f,
      .mean_keep = 0.998f,
      .calm = 0.3f,
      .augment = {.shift = 1.5f, .rotate = 10.0f, .scale = 0.1f, .shear = 0.15f, .elastic = 0.8f},
      .shape = {.ticks = 6, .width = 1.0f, .spike_target = 75.0f, .spike_cost = 0.04f}};
}

long sf_trainer_steps(const struct sf_trainer *how) {
  return (long)how->epochs * (long)(how->count / (uint32_t)how->batch);
}

/* Everything the loop needs besides its settings. */
struct loop {
  struct shard shards[SHARDS];
  struct sf_optimiser opt;
  struct sf_snn_scale scale;
  float *params, *rounded;
  uint32_t *order;
  float pressure; /* how far the last batch was above the wanted number of hidden spikes, 0..1 */
  long step;
};

static void free_loop(struct loop *l) {
  free_shards(l->shards);
  sf_optimiser_free(&l->opt);
  free(l->params);
  free(l->rounded);
  free(l->order);
}

static int make_loop(struct loop *l, const struct sf_trainer *how) {
  memset(l, 0, sizeof *l);
  l->scale = sf_snn_scale(how->weight_bits);
  l->params = malloc(SF_SNN_PARAMS * sizeof *l->params);
  l->rounded = malloc(SF_SNN_PARAMS * sizeof *l->rounded);
  l->order = malloc(how->count * sizeof *l->order);
  if (!l->params || !l->rounded || !l->order || make_shards(l->shards, (how->batch + SHARDS - 1) / SHARDS)) return -1;
  sf_snn_init(l->params, &l->scale, how->seed);
  for (uint32_t i = 0; i < how->count; i++) l->order[i] = how->first + i;
  return sf_optimiser_init(&l->opt, l->params, SF_SNN_PARAMS);
}

/* One batch; adds what it saw to `seen` as sums. Warm-up, then a half cosine down to zero (Loshchilov, Hutter,
 * "SGDR", ICLR 2017, without its restarts). */
static void run_batch(const struct sf_trainer *how, struct loop *l, const uint32_t *mine, float strength,
                      struct sf_trainer_epoch *seen) {
  const int half = (how->batch + SHARDS - 1) / SHARDS;
  const float at = (float)l->step / (float)sf_trainer_steps(how);
  const float rate = how->rate * (at < 0.02f ? at / 0.02f : 0.5f + 0.5f * cosf(3.14159265f * at));
  double spikes = 0;
  sf_snn_round(l->params, &l->scale, l->rounded);
#pragma omp parallel for num_threads(how->threads) schedule(static, 1)
  for (int i = 0; i < SHARDS; i++)
    run_shard(how, &l->shards[i], mine + i * half, i < SHARDS - 1 ? half : how->batch - half * (SHARDS - 1),
              seen->epoch, strength, l->rounded, l->pressure);
  for (int i = 0; i < SHARDS; i++) {
    seen->loss += l->shards[i].result.loss;
    seen->accuracy += (double)l->shards[i].result.correct;
    spikes += (double)l->shards[i].result.spikes;
  }
  seen->spikes += spikes;
  const float excess = (float)(spikes / how->batch) / how->shape.spike_target - 1.0f;
  l->pressure = excess < 0.0f ? 0.0f : excess > 1.0f ? 1.0f : excess;
  update(&l->opt, how, l->shards, 1.0f / (float)how->batch, rate);
  keep_sane(l->params, &l->scale);
  l->step++;
}

sf_err sf_trainer_run(const struct sf_trainer *how, struct sf_integer *net, sf_msg *msg) {
  const uint32_t batches = how->count / (uint32_t)how->batch;
  struct loop l;
  if (!sf_snn_scale(how->weight_bits).bits)
    return sf_fail(msg, SF_EINVAL, "weight bits: %u cannot be trained, allowed 1, 2, 4, 8", (unsigned)how->weight_bits);
  if (batches == 0)
    return sf_fail(msg, SF_EINVAL, "training digits: %u are too few, allowed %d or more", (unsigned)how->count,
                   how->batch);
  if (make_loop(&l, how)) {
    free_loop(&l);
    return sf_fail(msg, SF_ENOMEM, "no memory for training");
  }
  openblas_set_num_threads(1); /* the batch is already shared out, and BLAS must not change the order of its sums */
  for (int epoch = 0; epoch < how->epochs; epoch++) {
    struct sf_trainer_epoch seen = {.epoch = epoch};
    const float to_go = (float)(how->epochs - epoch) / (float)how->epochs;
    const float strength = to_go < how->calm ? 0.5f + 0.5f * to_go / how->calm : 1.0f;
    shuffle(l.order, how->count, how->seed, epoch);
    for (uint32_t b = 0; b < batches; b++) {
      run_batch(how, &l, l.order + (size_t)b * (uint32_t)how->batch, strength, &seen);
      if (how->on_step) how->on_step(how->context, l.step);
    }
    const double digits = (double)batches * how->batch;
    seen.loss /= digits;
    seen.accuracy /= digits;
    seen.spikes /= digits;
    sf_integer_from(l.opt.mean, &l.scale, how->shape.ticks, net);
    if (how->on_epoch) how->on_epoch(how->context, &seen, net);
  }
  free_loop(&l);
  return SF_OK;
}
