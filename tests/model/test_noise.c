/* test_noise - the counter-based noise (cmodel/noise.h). Known values, computed once with another language; then its
 * statistics: mean, variance, serial correlation (at many distances in ticks), correlation between neurons, seeds and
 * the axon streams, chi-square of the low bits and of pairs, and avalanche: changing any one bit of the input changes
 * each bit of the output half of the time.
 *
 * Bounds are derived: every statistic is brought to a standard normal deviate z; a test of M deviates fails when its
 * most extreme one would be expected in less than one of 10,000 such tests with ideal random numbers, that is when
 * M * P(|N(0,1)| > |z|) < 1e-4. All is deterministic: the tests do not flicker. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/noise.h"
#include "suite.h"

#define TICKS 50000
#define ONE_IN 1e-4

/* ---- deviates ----------------------------------------------------------------------------------------------- */

typedef struct verdict {
  int n;
  double worst; /* the most extreme z */
  char where[80];
} verdict;

static void note(verdict *v, double z, const char *what, unsigned a, unsigned b) {
  v->n++;
  if (!(fabs(z) > fabs(v->worst))) return;
  v->worst = z;
  snprintf(v->where, sizeof v->where, "%s %u %u", what, a, b);
}

static void judge(const verdict *v) {
  const double expected = v->n * erfc(fabs(v->worst) / sqrt(2));
  ck_assert_msg(v->n > 0 && expected >= ONE_IN, "z = %.2f at %s: expected %.1e times in %d", v->worst, v->where,
                expected, v->n);
}

/* Chi-square with `freedom` degrees as a normal deviate (Wilson and Hilferty 1931; good to 1 % of z from 15
 * degrees). */
static double chi_square_z(double x, double freedom) {
  const double c = 2 / (9 * freedom);
  return (cbrt(x / freedom) - (1 - c)) / sqrt(c);
}

/* Of k-bit noise around its mean -1/2: uniform on 2^k values. */
static double centred(uint32_t hash, unsigned k) { return sf_noise_value(hash, k) + 0.5; }
static double variance(unsigned k) { return (pow(4, k) - 1) / 12; }
/* Variance of the squares: fourth moment minus the square of the second, of 2^k values spaced by 1. */
static double variance_of_squares(unsigned k) {
  const double n = pow(2, k);
  return (3 * pow(n, 4) - 10 * n * n + 7) / 240 - variance(k) * variance(k);
}

/* ---- values ------------------------------------------------------------------------------------------------- */

static const struct {
  uint32_t seed, tick, axon, neuron, want;
} known[] = {
    {0, 0, 0, 0, 0x45ac5f48u},
    {1, 0, 0, 0, 0xc96c1311u},
    {0, 1, 0, 0, 0xf5ba29bcu},
    {0, 0, 0, 1, 0xcf954998u},
    {0, 0, 1, 0, 0x653b3ca6u},
    {0xdeadbeefu, 0x12345678u, 4095, 8191, 0xf1cb1826u},
    {0xffffffffu, 0xffffffffu, 0xffff, 0xffff, 0x163667d2u},
};

START_TEST(hash_has_its_known_values) {
  ck_assert_uint_eq(sf_noise_hash(known[_i].seed, known[_i].tick, known[_i].axon, known[_i].neuron), known[_i].want);
}
END_TEST

START_TEST(values_fill_their_range_evenly) {
  ck_assert_int_eq(sf_noise_value(0xffffffffu, 0), 0);
  for (unsigned k = 1; k <= 16; k++) {
    const int32_t half = 1 << (k - 1);
    int64_t sum = 0;
    for (uint32_t h = 0; h < 1u << k; h++) {
      const int32_t x = sf_noise_value(h | 0xabcd0000u, k);
      /* Each value once: uniform if the bits are. */
      if (x < -half || x >= half || x != (int32_t)h - half) ck_abort_msg("%u bits: %d for %u", k, x, h);
      sum += x;
    }
    ck_assert_int_eq(sum, -half);
  }
}
END_TEST

/* ---- moments and correlations ------------------------------------------------------------------------------- */

START_TEST(mean_and_variance) {
  verdict v = {0};
  for (unsigned k = 1; k <= 16; k++)
    for (uint32_t stream = 0; stream < 20; stream++) {
      const uint32_t seed = stream < 10 ? stream : stream * 2654435761u;
      double sum = 0, squares = 0;
      for (uint32_t t = 0; t < TICKS; t++) {
        const double x = centred(sf_noise_hash(seed, t, 0, 41 * stream), k);
        sum += x;
        squares += x * x;
      }
      note(&v, sum / sqrt(TICKS * variance(k)), "mean: bits, stream", k, stream);
      if (k > 1) /* one bit: both squares are 1/4 */
        note(&v, (squares - TICKS * variance(k)) / sqrt(TICKS * variance_of_squares(k)), "variance: bits, stream", k,
             stream);
    }
  judge(&v);
}
END_TEST

/* The correlation of two streams of k-bit noise, as a deviate: the products have mean 0 and variance var^2. */
static double correlation(unsigned k, const uint32_t *a, const uint32_t *b) {
  double sum = 0;
  for (uint32_t t = 0; t < TICKS; t++) sum += centred(a[t], k) * centred(b[t], k);
  return sum / (variance(k) * sqrt(TICKS));
}

static void stream(uint32_t *h, uint32_t seed, uint32_t tick, uint32_t axon, uint32_t neuron) {
  for (uint32_t t = 0; t < TICKS; t++) h[t] = sf_noise_hash(seed, tick + t, axon, neuron);
}

static uint32_t one[TICKS], other[TICKS];
static const unsigned widths[] = {1, 2, 4, 8, 16};

static void correlate(verdict *v, const char *what, unsigned distance) {
  for (size_t i = 0; i < sizeof widths / sizeof widths[0]; i++)
    note(v, correlation(widths[i], one, other), what, distance, widths[i]);
}

START_TEST(no_serial_correlation) {
  verdict v = {0};
  static const uint32_t lags[] = {1,   2,   3,   4,   5,   7,    8,    10,   16,    31,    32,    64,
                                  100, 128, 255, 256, 512, 1000, 1024, 4096, 10000, 65536, 131072};
  for (uint32_t seed = 0; seed < 3; seed++) {
    stream(one, seed, 0, 0, 7);
    for (size_t i = 0; i < sizeof lags / sizeof lags[0]; i++) {
      stream(other, seed, lags[i], 0, 7);
      correlate(&v, "lag, bits", lags[i]);
    }
  }
  judge(&v);
}
END_TEST

START_TEST(no_correlation_between_neurons) {
  verdict v = {0};
  for (uint32_t n = 0; n < 8192; n = n * 5 + 3) {
    stream(one, 1, 0, 0, n);
    for (uint32_t d = 1; d < 8192; d *= 2) {
      stream(other, 1, 0, 0, n ^ d);
      correlate(&v, "neuron distance, bits", d);
    }
  }
  judge(&v);
}
END_TEST

START_TEST(no_correlation_between_seeds) {
  verdict v = {0};
  stream(one, 0, 0, 0, 3);
  for (uint32_t seed = 1; seed <= 60; seed++) {
    stream(other, seed < 30 ? seed : seed * 0x9E3779B9u, 0, 0, 3);
    correlate(&v, "seed, bits", seed);
  }
  judge(&v);
}
END_TEST

START_TEST(no_correlation_between_axons) {
  verdict v = {0};
  stream(one, 5, 0, 0, 100); /* axon 0: the neuron's own noise */
  for (uint32_t axon = 1; axon < 4096; axon = axon * 3 + 1) {
    stream(other, 5, 0, axon, 100);
    correlate(&v, "axon, bits", axon);
  }
  judge(&v);
}
END_TEST

/* ---- bits --------------------------------------------------------------------------------------------------- */

START_TEST(low_bits_are_uniform) {
  verdict v = {0};
  static uint32_t count[256];
  for (unsigned k = 4; k <= 8; k++)
    for (uint32_t seed = 0; seed < 8; seed++) {
      const uint32_t cells = 1u << k;
      memset(count, 0, sizeof count);
      for (uint32_t t = 0; t < TICKS; t++) count[sf_noise_hash(seed, t, 0, seed) & (cells - 1)]++;
      double x = 0;
      for (uint32_t i = 0; i < cells; i++) x += pow(count[i] - (double)TICKS / cells, 2) / ((double)TICKS / cells);
      note(&v, chi_square_z(x, cells - 1), "bits, seed", k, seed);
    }
  judge(&v);
}
END_TEST

/* The 4 low bits of two numbers together fill all 256 cells evenly: consecutive ticks, then neighbouring neurons. */
START_TEST(pairs_are_uniform) {
  verdict v = {0};
  static uint32_t count[256];
  for (uint32_t kind = 0; kind < 2; kind++)
    for (uint32_t seed = 0; seed < 8; seed++) {
      memset(count, 0, sizeof count);
      for (uint32_t t = 0; t < TICKS; t++) {
        /* Pairs that do not overlap, so that they are independent. */
        const uint32_t a = kind == 0 ? sf_noise_hash(seed, 2 * t, 0, 1) : sf_noise_hash(seed, t, 0, 2);
        const uint32_t b = kind == 0 ? sf_noise_hash(seed, 2 * t + 1, 0, 1) : sf_noise_hash(seed, t, 0, 3);
        count[(a & 15) << 4 | (b & 15)]++;
      }
      double x = 0;
      for (uint32_t i = 0; i < 256; i++) x += pow(count[i] - TICKS / 256.0, 2) / (TICKS / 256.0);
      note(&v, chi_square_z(x, 255), "kind, seed", kind, seed);
    }
  judge(&v);
}
END_TEST

/* Input bits 0 .. 31 seed, 32 .. 63 tick, 64 .. 79 neuron, 80 .. 95 axon. */
static uint32_t flipped(uint32_t seed, uint32_t tick, uint32_t axon, uint32_t neuron, unsigned bit) {
  const uint32_t flip = 1u << (bit % 32), low = bit < 80 ? 1u << (bit - 64) % 16 : 0, high = bit < 80 ? 0 : flip >> 16;
  if (bit < 32) return sf_noise_hash(seed ^ flip, tick, axon, neuron);
  if (bit < 64) return sf_noise_hash(seed, tick ^ flip, axon, neuron);
  return sf_noise_hash(seed, tick, axon ^ high, neuron ^ low);
}

START_TEST(every_input_bit_reaches_every_output_bit) {
  enum { TRIALS = 40000 };
  verdict v = {0};
  for (unsigned bit = 0; bit < 96; bit++) {
    uint32_t changes[32] = {0};
    for (uint32_t i = 0; i < TRIALS; i++) {
      const uint32_t seed = i % 2 == 0 ? 0 : i * 2654435761u, tick = i % 1000, neuron = i % 251;
      const uint32_t d = sf_noise_hash(seed, tick, 0, neuron) ^ flipped(seed, tick, 0, neuron, bit);
      for (unsigned o = 0; o < 32; o++) changes[o] += d >> o & 1;
    }
    for (unsigned o = 0; o < 32; o++)
      note(&v, (changes[o] - TRIALS / 2.0) / sqrt(TRIALS / 4.0), "input bit, output bit", bit, o);
  }
  judge(&v);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("noise");
  TCase *tests = tcase_create("noise");
  tcase_set_timeout(tests, 120);
  suite_add_tcase(suite, tests);
  tcase_add_loop_test(tests, hash_has_its_known_values, 0, sizeof known / sizeof known[0]);
  tcase_add_test(tests, values_fill_their_range_evenly);
  tcase_add_test(tests, mean_and_variance);
  tcase_add_test(tests, no_serial_correlation);
  tcase_add_test(tests, no_correlation_between_neurons);
  tcase_add_test(tests, no_correlation_between_seeds);
  tcase_add_test(tests, no_correlation_between_axons);
  tcase_add_test(tests, low_bits_are_uniform);
  tcase_add_test(tests, pairs_are_uniform);
  tcase_add_test(tests, every_input_bit_reaches_every_output_bit);
  return suite_run(suite);
}
