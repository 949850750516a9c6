/* fit.h - least squares with coefficients that are 0 or more, for quantities that add up (area, time, cycles). */
#ifndef SF_HARNESS_EXPLORE_FIT_H
#define SF_HARNESS_EXPLORE_FIT_H

#include "synfire/base.h"

enum { SF_FIT_TERMS = 6 };

/* sf_fit() - coefficients c[k] >= 0 (k <= SF_FIT_TERMS) that minimise the sum of ((x[i] c - y[i]) / y[i])^2 over n
 * points; x is [n * k], y > 0. Terms that the points cannot tell apart from others get 0. SF_EINVAL: no point, or a y
 * that is not positive. */
SF_MUST_CHECK sf_err sf_fit(const double *x, const double *y, size_t n, size_t k, double *c, sf_msg *msg);

double sf_fit_value(const double *x, const double *c, size_t k);

/* sf_fit_leave_one_out() - each point predicted from a fit to the others: mean and largest relative error. Needs
 * two. */
SF_MUST_CHECK sf_err sf_fit_leave_one_out(const double *x, const double *y, size_t n, size_t k, double *mean,
                                          double *largest, sf_msg *msg);

#endif
