/* fit.c - see fit.h. */
#include "explore/fit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

double sf_fit_value(const double *x, const double *c, size_t k) {
  double sum = 0;
  for (size_t j = 0; j < k; j++) sum += x[j] * c[j];
  return sum;
}

/* Least squares for the terms in `set`, of which none may be a combination of the others: orthogonal columns one by one
 * (modified Gram-Schmidt), then back substitution. false: dependent, or more terms than points. */
static bool solve(const double *x, const double *y, size_t n, size_t k, unsigned set, double *q, double *c) {
  size_t term[SF_FIT_TERMS], m = 0;
  double r[SF_FIT_TERMS][SF_FIT_TERMS], d[SF_FIT_TERMS];
  for (size_t j = 0; j < k; j++) c[j] = 0;
  for (size_t j = 0; j < k; j++)
    if (set & 1u << j) term[m++] = j;
  if (m > n) return false;
  for (size_t j = 0; j < m; j++) {
    double *col = q + j * n, whole = 0, norm = 0;
    for (size_t i = 0; i < n; i++) {
      col[i] = x[i * k + term[j]] / y[i];
      whole += col[i] * col[i];
    }
    for (size_t l = 0; l < j; l++) {
      r[l][j] = 0;
      for (size_t i = 0; i < n; i++) r[l][j] += q[l * n + i] * col[i];
      for (size_t i = 0; i < n; i++) col[i] -= r[l][j] * q[l * n + i];
    }
    for (size_t i = 0; i < n; i++) norm += col[i] * col[i];
    if (!(norm > 1e-10 * whole)) return false;
    r[j][j] = sqrt(norm);
    for (size_t i = 0; i < n; i++) col[i] /= r[j][j];
    d[j] = 0;
    for (size_t i = 0; i < n; i++) d[j] += col[i]; /* the wanted value is y / y = 1 everywhere */
  }
  for (size_t j = m; j-- > 0;) {
    double v = d[j];
    for (size_t l = j + 1; l < m; l++) v -= r[j][l] * c[term[l]];
    c[term[j]] = v / r[j][j];
  }
  return true;
}

/* With so few terms every choice of those that are not 0 can be tried: the best one without a negative coefficient is
 * the solution of the bounded problem. Of choices that are equally good the one with fewer terms is taken. */
sf_err sf_fit(const double *x, const double *y, size_t n, size_t k, double *c, sf_msg *msg) {
  if (n == 0 || k == 0 || k > SF_FIT_TERMS)
    return sf_fail(msg, SF_EINVAL, "nothing to fit: %zu points, %zu terms", n, k);
  for (size_t i = 0; i < n; i++)
    if (!(y[i] > 0) || !isfinite(y[i])) return sf_fail(msg, SF_EINVAL, "a value to fit is not positive");
  double *q = malloc(n * SF_FIT_TERMS * sizeof *q), best = INFINITY, at[SF_FIT_TERMS];
  if (!q) return sf_fail(msg, SF_ENOMEM, "out of memory");
  for (size_t j = 0; j < k; j++) c[j] = 0;
  for (int size = 1; size <= (int)k; size++)
    for (unsigned set = 1; set < 1u << k; set++) {
      if (__builtin_popcount(set) != size || !solve(x, y, n, k, set, q, at)) continue;
      bool good = true;
      double error = 0;
      for (size_t j = 0; j < k; j++) good = good && at[j] >= 0 && isfinite(at[j]);
      for (size_t i = 0; i < n; i++) error += pow(sf_fit_value(x + i * k, at, k) / y[i] - 1, 2);
      if (!good || !(error < best * (1 - 1e-6) - 1e-18)) continue;
      best = error;
      memcpy(c, at, k * sizeof *c);
    }
  free(q);
  return SF_OK;
}

sf_err sf_fit_leave_one_out(const double *x, const double *y, size_t n, size_t k, double *mean, double *largest,
                            sf_msg *msg) {
  double c[SF_FIT_TERMS];
  if (n < 2) return sf_fail(msg, SF_EINVAL, "one point cannot be left out of %zu", n);
  double *px = malloc(n * k * sizeof *px), *py = malloc(n * sizeof *py);
  sf_err err = px && py ? SF_OK : sf_fail(msg, SF_ENOMEM, "out of memory");
  *mean = *largest = 0;
  for (size_t out = 0; !err && out < n; out++) {
    size_t m = 0;
    for (size_t i = 0; i < n; i++) {
      if (i == out) continue;
      memcpy(px + m * k, x + i * k, k * sizeof *px);
      py[m++] = y[i];
    }
    err = sf_fit(px, py, m, k, c, msg);
    if (err) break;
    const double error = fabs(sf_fit_value(x + out * k, c, k) / y[out] - 1);
    *mean += error / (double)n;
    if (error > *largest) *largest = error;
  }
  free(px);
  free(py);
  return err;
}
