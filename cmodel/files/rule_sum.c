/* rule_sum.c - sums of products of a rule: added, multiplied, brought into the form of a table. All is exact. */
#include <stdlib.h>
#include <string.h>

#include "files/rule_parts.h"

#define LARGEST ((int64_t)1 << 31) /* of n, so that a product of two fits */
#define FURTHEST 64                /* of s */

/* Not reduced further than need be: c and s are to be what was written. */
static sf_err within(const sf_rule_reader *r, sf_product *p) {
  while ((p->n > LARGEST || p->n < -LARGEST) && p->n % 2 == 0) {
    p->n /= 2;
    p->s--;
  }
  if (p->n == 0 && (p->s < 0 || p->s > 24)) p->s = 0;
  if (p->n > LARGEST || p->n < -LARGEST || p->s < -FURTHEST || p->s > FURTHEST)
    return sf_rule_fail(
        r, p->at, "the coefficient has more digits than can be kept: must be c*2^-s with c -128 .. 127 and s 0 .. 24");
  return SF_OK;
}

static void reduce(sf_product *p) {
  while (p->n != 0 && p->n % 2 == 0 && p->s > 0) {
    p->n /= 2;
    p->s--;
  }
}

static sf_err plus(const sf_rule_reader *r, sf_product *a, const sf_product *b) {
  sf_product other = *b;
  if (other.n == 0) return SF_OK;
  if (a->n == 0) a->s = other.s;
  sf_product *coarse = a->s < other.s ? a : &other, *fine = coarse == a ? &other : a;
  if (fine->s - coarse->s > 30) reduce(fine);
  if (fine->s - coarse->s > 30)
    return sf_rule_fail(
        r, a->at,
        "coefficients of equal terms are too far apart: their sum must be c*2^-s with c -128 .. 127 and s 0 .. 24");
  if (coarse->s < fine->s) {
    coarse->n *= (int64_t)1 << (fine->s - coarse->s);
    coarse->s = fine->s;
  }
  a->n += other.n;
  a->s = other.s;
  reduce(a);
  return within(r, a);
}

static bool same_factors(const sf_product *a, const sf_product *b) {
  return a->f == b->f && a->h == b->h && memcmp(a->g, b->g, sizeof a->g) == 0 &&
         memcmp(a->when, b->when, sizeof a->when) == 0;
}

/* What cancels goes, the rest keeps its order. */
static sf_err merge(const sf_rule_reader *r, sf_sum *sum, uint32_t i, const sf_product *p) {
  const sf_err err = plus(r, &sum->product[i], p);
  if (err || sum->product[i].n != 0) return err;
  sum->n--;
  memmove(&sum->product[i], &sum->product[i + 1], (sum->n - i) * sizeof sum->product[0]);
  return SF_OK;
}

sf_err sf_sum_add(const sf_rule_reader *r, sf_sum *sum, const sf_product *p) {
  for (uint32_t i = 0; i < sum->n; i++)
    if (same_factors(&sum->product[i], p)) return merge(r, sum, i, p);
  if (sum->n == SF_RULE_MOST_PRODUCTS)
    return sf_rule_fail(r, p->at, "takes more than %d terms: a table has at most %d", SF_RULE_MOST_PRODUCTS, SF_TERMS);
  sum->product[sum->n++] = *p;
  return SF_OK;
}

/* x0 is 0 or 1, so x0*x0 is x0. */
static sf_err times_f(const sf_rule_reader *r, sf_product *p, uint8_t b) {
  const uint8_t a = p->f, low = a < b ? a : b, high = a < b ? b : a;
  if (low == SF_F_ONE) p->f = high;
  else if (low == SF_F_X0 && (high == SF_F_X0 || high == SF_F_X0X1 || high == SF_F_X0X2)) p->f = high;
  else if (low == SF_F_X0 && high == SF_F_X1) p->f = SF_F_X0X1;
  else if (low == SF_F_X0 && high == SF_F_X2) p->f = SF_F_X0X2;
  else if (low == high && low >= SF_F_X0X1 && low <= SF_F_X0X2)
    return sf_rule_fail(r, p->at, "%s twice: a term has one of x0, x1, x2, x0*x1, x0*x2, e of the row", sf_rule_f[low]);
  else
    return sf_rule_fail(r, p->at, "%s*%s: a term has one of x0, x1, x2, x0*x1, x0*x2, e of the row", sf_rule_f[low],
                        sf_rule_f[high]);
  return SF_OK;
}

/* All that there are, sorted; how many. */
static uint32_t gather(uint8_t all[4], const uint8_t a[2], const uint8_t b[2]) {
  uint32_t n = 0;
  for (uint32_t i = 0; i < 4; i++) {
    const uint8_t one = i < 2 ? a[i] : b[i - 2];
    uint32_t k = n;
    if (one == 0) continue;
    for (; k > 0 && all[k - 1] > one; k--) all[k] = all[k - 1];
    all[k] = one;
    n++;
  }
  return n;
}

static void set_two(uint8_t two[2], const uint8_t *all, uint32_t n) {
  two[0] = n > 0 ? all[0] : 0;
  two[1] = n > 1 ? all[1] : 0;
}

/* y0 is 0 or 1; xi*xi is 1. */
static sf_err times_g(const sf_rule_reader *r, sf_product *p, const uint8_t b[2]) {
  uint8_t all[4], kept[4];
  const uint32_t n = gather(all, p->g, b);
  uint32_t k = 0;
  for (uint32_t i = 0; i < n; i++) {
    const bool again = k > 0 && kept[k - 1] == all[i];
    if (again && all[i] == SF_G_Y0) continue;
    if (again && all[i] == SF_G_XI) k--;
    else kept[k++] = all[i];
  }
  if (k > 2)
    return sf_rule_fail(r, p->at, "%u factors of the neuron: a term has at most two of y0, y1, y2, m, sign(m), R, xi",
                        k);
  set_two(p->g, kept, k);
  return SF_OK;
}

static sf_err times_h(const sf_rule_reader *r, sf_product *p, uint8_t b) {
  if (p->h == SF_H_ONE) p->h = b;
  else if (p->h == SF_H_DRAW && b == SF_H_DRAW) p->h = SF_H_ONE;
  else if (b != SF_H_ONE)
    return sf_rule_fail(r, p->at,
                        "%s times %s: a term has one of w, w_max - w, w - w_min, sign(w), draw of the synapse",
                        sf_rule_h[p->h], sf_rule_h[b]);
  return SF_OK;
}

/* A condition and its negation never hold together: that is 0. */
static sf_err times_when(const sf_rule_reader *r, sf_product *p, const uint8_t b[2]) {
  uint8_t all[4], kept[4];
  const uint32_t n = gather(all, p->when, b);
  uint32_t k = 0;
  bool never = false;
  for (uint32_t i = 0; i < n; i++) {
    if (k > 0 && kept[k - 1] == all[i]) continue;
    if (k > 0 && (kept[k - 1] - 1) / 2 == (all[i] - 1) / 2) never = true;
    kept[k++] = all[i];
  }
  if (never) p->n = 0;
  if (never) k = 0;
  if (k > 2) return sf_rule_fail(r, p->at, "%u conditions: a term has at most two", k);
  set_two(p->when, kept, k);
  return SF_OK;
}

static sf_err times(const sf_rule_reader *r, sf_product *p, const sf_product *b) {
  p->n *= b->n;
  p->s += b->s;
  sf_err err = within(r, p);
  if (!err) err = times_f(r, p, b->f);
  if (!err) err = times_g(r, p, b->g);
  if (!err) err = times_h(r, p, b->h);
  return err ? err : times_when(r, p, b->when);
}

/* Of several products those that are 0 are left out at once, so that they are not counted. */
sf_err sf_sum_times(const sf_rule_reader *r, const sf_sum *a, const sf_sum *b, sf_sum *out) {
  const bool single = a->n == 1 && b->n == 1;
  out->n = 0;
  for (uint32_t i = 0; i < a->n; i++)
    for (uint32_t k = 0; k < b->n; k++) {
      sf_product p = a->product[i];
      sf_err err = times(r, &p, &b->product[k]);
      if (!err && (p.n != 0 || single)) err = sf_sum_add(r, out, &p);
      if (err) return err;
    }
  return SF_OK;
}

static sf_err fit(const sf_rule_reader *r, sf_product *p) {
  const int64_t n = p->n;
  const int32_t s = p->s;
  if (p->s < 0) {
    if (-p->s <= 7) p->n *= (int64_t)1 << -p->s;
    p->s = -p->s <= 7 ? 0 : p->s;
  }
  while ((p->s > 24 || p->n < -128 || p->n > 127) && p->s > 0 && p->n % 2 == 0) {
    p->n /= 2;
    p->s--;
  }
  if (p->s >= 0 && p->s <= 24 && p->n >= -128 && p->n <= 127) return SF_OK;
  return sf_rule_fail(r, p->at, "the coefficient %lld*2^%d: must be c*2^-s with c -128 .. 127 and s 0 .. 24, exactly",
                      (long long)n, -s);
}

sf_err sf_sum_finish(const sf_rule_reader *r, sf_sum *sum) {
  uint32_t n = 0;
  const bool single = sum->n == 1;
  for (uint32_t i = 0; i < sum->n; i++) {
    sf_product p = sum->product[i];
    if (p.n == 0 && !single) continue;
    const sf_err err = fit(r, &p);
    if (err) return err;
    sum->product[n++] = p;
  }
  sum->n = n;
  return SF_OK;
}
