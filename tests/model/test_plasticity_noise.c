/* test_plasticity_noise - the random numbers of learning (cmodel/plasticity.md): known values, computed once with
 * another language; that the 32 bits of two neurons of a block are independent functions of its 64, by rank; that bits
 * are uniform; and that neighbours in neuron, axon, tick, block, seed and purpose do not know of each other: all 16 x
 * 16 pairs of their bits, within 5 sigma of chance. Twins, too. All is deterministic. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/plasticity_random.h"
#include "suite.h"

/* ---- values ------------------------------------------------------------------------------------------------- */

static const struct {
  uint32_t seed, p, time, i, j, want;
} known[] = {
    {0x0u, 1, 0x0u, 0, 0, 0x7a50},
    {0x0u, 1, 0x0u, 0, 1, 0x1496},
    {0x0u, 1, 0x0u, 1, 0, 0x1a8d},
    {0x0u, 1, 0x1u, 0, 0, 0x8047},
    {0x1u, 1, 0x0u, 0, 0, 0xbda4},
    {0x0u, 2, 0x0u, 0, 0, 0x999d},
    {0x0u, 1, 0x0u, 0, 32, 0x0e78},
    {0xdeadbeefu, 8, 0x12345678u, 4095, 8191, 0x63a6},
    {0xffffffffu, 9, 0xffffffffu, 65535, 65535, 0x23d8},
    {0x7u, 7, 0x63u, 1023, 0, 0x31da},
    {0x7u, 6, 0x80000000u, 0, 250, 0x9127},
};

START_TEST(numbers_have_their_known_values) {
  const uint32_t got =
      sf_random_synapse(known[_i].seed, (sf_purpose)known[_i].p, known[_i].time, known[_i].i, known[_i].j);
  ck_assert_uint_eq(got, known[_i].want);
}
END_TEST

/* ---- independence within a block, exactly ------------------------------------------------------------------- */

/* The bits of a and b that bit l of neuron n is made of. */
static uint64_t made_of(uint32_t n, uint32_t l) {
  return (uint64_t)1 << ((l - n) & 31) | (uint64_t)1 << (32 + ((l + n) & 31));
}

static unsigned rank_of(uint64_t *row, unsigned n) {
  unsigned rank = 0;
  for (unsigned bit = 0; bit < 64; bit++) {
    unsigned at = rank;
    while (at < n && !(row[at] >> bit & 1)) at++;
    if (at == n) continue;
    const uint64_t pivot = row[at];
    row[at] = row[rank];
    row[rank] = pivot;
    for (unsigned k = 0; k < n; k++)
      if (k != rank && row[k] >> bit & 1) row[k] ^= pivot;
    rank++;
  }
  return rank;
}

START_TEST(two_neurons_of_a_block_share_no_information) {
  for (uint32_t n = 0; n < 32; n++)
    for (uint32_t o = 0; o < n; o++) {
      uint64_t row[32];
      for (uint32_t l = 0; l < 16; l++) {
        row[l] = made_of(n, l);
        row[16 + l] = made_of(o, l);
      }
      ck_assert_msg(rank_of(row, 32) == 32, "neurons %u and %u", n, o);
    }
}
END_TEST

START_TEST(spread_takes_the_bits_that_the_page_names) {
  for (uint32_t bit = 0; bit < 64; bit++)
    for (uint32_t n = 0; n < 32; n++) {
      const sf_mixed h = {bit < 32 ? 1u << bit : 0, bit < 32 ? 0 : 1u << (bit - 32)};
      uint32_t want = 0;
      for (uint32_t l = 0; l < 16; l++) want |= (uint32_t)(made_of(n, l) >> bit & 1) << l;
      ck_assert_uint_eq(sf_random_spread(h, n), want);
    }
}
END_TEST

/* ---- statistics --------------------------------------------------------------------------------------------- */

enum { SAMPLES = 40000 };

/* The sample's number and its neighbour's. */
typedef void (*sampling)(uint32_t n, uint32_t *x, uint32_t *y);
static uint32_t at(uint32_t seed, sf_purpose p, uint32_t time, uint32_t i, uint32_t j) {
  return sf_random_synapse(seed, p, time, i, j);
}
#define SAMPLING(name, first, second)                                                                    \
  static void name(uint32_t n, uint32_t *x, uint32_t *y) {                                               \
    const uint32_t seed = 5 + n / 20000, t = n / 39040 + 3 * (n % 7), i = n % 61 * 17, j = n / 61 % 640; \
    (void)t;                                                                                             \
    *x = first;                                                                                          \
    *y = second;                                                                                         \
  }
SAMPLING(next_neuron, at(seed, 1, t, i, j), at(seed, 1, t, i, j + 1))
SAMPLING(neuron_after_next, at(seed, 1, t, i, j), at(seed, 1, t, i, j + 2))
SAMPLING(neuron_16_on, at(seed, 1, t, i, j), at(seed, 1, t, i, j ^ 16))
SAMPLING(next_axon, at(seed, 1, t, i, j), at(seed, 1, t, i + 1, j))
SAMPLING(axon_xor_1, at(seed, 1, t, i, j), at(seed, 1, t, i ^ 1, j))
SAMPLING(axon_512_on, at(seed, 1, t, i, j), at(seed, 1, t, i ^ 512, j))
SAMPLING(next_tick, at(seed, 1, t, i, j), at(seed, 1, t + 1, i, j))
SAMPLING(tick_high_bit, at(seed, 1, t, i, j), at(seed, 1, t ^ 0x80000000u, i, j))
SAMPLING(next_block, at(seed, 1, t, i, j), at(seed, 1, t, i, j + 32))
SAMPLING(block_xor_1, at(seed, 1, t, i, j), at(seed, 1, t, i, j ^ 32))
SAMPLING(block_128_on, at(seed, 1, t, i, j), at(seed, 1, t, i, j ^ 4096))
SAMPLING(next_seed, at(seed, 1, t, i, j), at(seed + 1, 1, t, i, j))
SAMPLING(seed_high_bit, at(seed, 1, t, i, j), at(seed ^ 0x80000000u, 1, t, i, j))
SAMPLING(seed_of_next_core, at(seed, 1, t, i, j), at(seed + SF_GOLDEN, 1, t, i, j))
SAMPLING(next_purpose, at(seed, 3, t, i, j), at(seed, 4, t, i, j))
SAMPLING(transposed, at(seed, 1, t, i, j), at(seed, 1, t, j, i))
/* Of twins: C8(n) ^ C9(o), with the next row's, with the next column's; each in a tick of its own, since in one tick
 * all of two rows differ by the same number. */
static uint32_t twin(uint32_t seed, uint32_t t, uint32_t n, uint32_t o) {
  return sf_random_spread(sf_random_word(seed, SF_FOR_TWIN, t, n >> 5), n % 32) ^
         sf_random_spread(sf_random_word(seed, SF_FOR_OTHER_TWIN, t, o >> 5), o % 32);
}
SAMPLING(twin_row, twin(seed, n, i, j), twin(seed, n, i + 1, j))
SAMPLING(twin_column, twin(seed, n, i, j), twin(seed, n, i, j + 1))
SAMPLING(twin_transposed, twin(seed, n, i, j), twin(seed, n, j, i + 1))

static const struct {
  const char *name;
  sampling of;
} kinds[] = {{"next neuron", next_neuron},
             {"neuron after next", neuron_after_next},
             {"neuron 16 on", neuron_16_on},
             {"next axon", next_axon},
             {"axon ^ 1", axon_xor_1},
             {"axon ^ 512", axon_512_on},
             {"next tick", next_tick},
             {"tick's high bit", tick_high_bit},
             {"next block", next_block},
             {"block ^ 1", block_xor_1},
             {"block ^ 128", block_128_on},
             {"next seed", next_seed},
             {"seed's high bit", seed_high_bit},
             {"seed of the next core", seed_of_next_core},
             {"next purpose", next_purpose},
             {"transposed", transposed},
             {"twins of the next row", twin_row},
             {"twins of the next column", twin_column},
             {"twins, transposed", twin_transposed}};

START_TEST(neighbours_do_not_know_of_each_other) {
  static uint32_t alike[16][16], ones[16];
  memset(alike, 0, sizeof alike);
  memset(ones, 0, sizeof ones);
  for (uint32_t n = 0; n < SAMPLES; n++) {
    uint32_t x, y;
    kinds[_i].of(n, &x, &y);
    for (unsigned k = 0; k < 16; k++) {
      const uint32_t same = ~(y ^ (0u - (x >> k & 1)));
      ones[k] += x >> k & 1;
      for (unsigned l = 0; l < 16; l++) alike[k][l] += same >> l & 1;
    }
  }
  const double sigma = sqrt(SAMPLES / 4.0);
  for (unsigned k = 0; k < 16; k++) {
    ck_assert_msg(fabs(ones[k] - SAMPLES / 2.0) < 5 * sigma, "%s: bit %u: %u ones", kinds[_i].name, k, ones[k]);
    for (unsigned l = 0; l < 16; l++)
      ck_assert_msg(fabs(alike[k][l] - SAMPLES / 2.0) < 5 * sigma, "%s: bits %u, %u alike %u times", kinds[_i].name, k,
                    l, alike[k][l]);
  }
}
END_TEST

/* As whole numbers: the values of 8 bits, and mean and variance of 16, over rows and over ticks. */
START_TEST(numbers_are_uniform) {
  for (uint32_t kind = 0; kind < 4; kind++) {
    static uint32_t count[256];
    double sum = 0, squares = 0, chi = 0;
    memset(count, 0, sizeof count);
    for (uint32_t n = 0; n < 65536; n++) {
      const uint32_t x = kind == 0   ? at(1, 1, n, 3, 5)
                         : kind == 1 ? at(1, 1, 7, n, 5)
                         : kind == 2 ? at(1, 1, 7, n >> 8, n & 255)
                                     : twin(1, 7, n >> 8, n & 255);
      const double centred = x - 32767.5;
      count[x >> 8]++;
      sum += centred;
      squares += centred * centred;
    }
    const double variance = (65536.0 * 65536.0 - 1) / 12;
    for (int v = 0; v < 256; v++) chi += (count[v] - 256.0) * (count[v] - 256.0) / 256;
    ck_assert_msg(fabs(sum) < 5 * sqrt(65536 * variance), "kind %u: sum %g", kind, sum);
    /* of squares of a uniform number: variance 4/5 of the square of the variance */
    ck_assert_msg(fabs(squares - 65536 * variance) < 5 * sqrt(65536 * 0.8) * variance, "kind %u", kind);
    /* a row's and a column's word make few free numbers of many: no chi-square of twins */
    ck_assert_msg(kind == 3 || fabs(chi - 255) < 5 * sqrt(2 * 255.0), "kind %u: chi-square %g", kind, chi);
  }
}
END_TEST

/* Flipping a bit of what names the place flips each bit of the number half of the time. */
START_TEST(every_bit_of_the_place_counts) {
  enum { TRIALS = 10000 };
  for (unsigned bit = 0; bit < 32 + 32 + 12 + 13; bit++) {
    uint32_t changes[16] = {0};
    for (uint32_t n = 0; n < TRIALS; n++) {
      const uint32_t seed = n * 2654435761u, t = n % 1000, i = n % 97, j = n % 251;
      const uint32_t flip = 1u << (bit < 64 ? bit % 32 : bit < 76 ? bit - 64 : bit - 76);
      const uint32_t d = at(seed, 1, t, i, j) ^ at(seed ^ (bit < 32 ? flip : 0), 1, t ^ (bit / 32 == 1 ? flip : 0),
                                                   i ^ (bit >= 64 && bit < 76 ? flip : 0), j ^ (bit >= 76 ? flip : 0));
      for (unsigned l = 0; l < 16; l++) changes[l] += d >> l & 1;
    }
    for (unsigned l = 0; l < 16; l++)
      ck_assert_msg(fabs(changes[l] - TRIALS / 2.0) < 5 * sqrt(TRIALS / 4.0), "bit %u: bit %u changed %u times", bit, l,
                    changes[l]);
  }
}
END_TEST

int main(void) {
  Suite *suite = suite_create("plasticity_noise");
  TCase *tests = tcase_create("noise");
  tcase_set_timeout(tests, 120);
  suite_add_tcase(suite, tests);
  tcase_add_loop_test(tests, numbers_have_their_known_values, 0, sizeof known / sizeof known[0]);
  tcase_add_test(tests, two_neurons_of_a_block_share_no_information);
  tcase_add_test(tests, spread_takes_the_bits_that_the_page_names);
  tcase_add_loop_test(tests, neighbours_do_not_know_of_each_other, 0, sizeof kinds / sizeof kinds[0]);
  tcase_add_test(tests, numbers_are_uniform);
  tcase_add_test(tests, every_bit_of_the_place_counts);
  return suite_run(suite);
}
