/* project.h - from routed points to arrays that no single device holds: area, clock and cycles fitted, memory and
 * spike traffic as limits. What is assumed stands in sweeps/README.md, "Projection". */
#ifndef SF_HARNESS_EXPLORE_PROJECT_H
#define SF_HARNESS_EXPLORE_PROJECT_H

#include <cjson/cJSON.h>

#include "explore/fit.h"
#include "synth/target.h"

/* What a core is, as far as its costs depend on it. */
typedef struct sf_shape {
  double axons, neurons, lanes, neuron_lanes, weight_bits, potential_bits;
  double routed; /* share of the neurons that have a route */
} sf_shape;

typedef enum sf_law { SF_LAW_LUTS, SF_LAW_BLOCK_RAM, SF_LAW_PERIOD, SF_LAWS } sf_law;

typedef struct sf_fitted {
  double c[SF_FIT_TERMS];
  double mean, largest; /* relative errors of points left out; NAN with fewer than two points */
  size_t points;
} sf_fitted;

/* sf_law_terms() - how many terms a law has; x[SF_FIT_TERMS] (NULL allowed) their values for a shape on a target. */
size_t sf_law_terms(sf_law law, const sf_synth_target *target, const sf_shape *shape, double *x);
const char *sf_law_name(sf_law law);

/* sf_law_term() - what coefficient k > 0 is of, "lanes sum_bits". sf_law_text() - the law with its coefficients, those
 * that are 0 left out, or that it is constant, or why there is none. Returns text. */
enum { SF_LAW_TEXT = 240 };
const char *sf_law_term(sf_law law, const sf_synth_target *target, size_t k, char text[SF_LAW_TEXT]);
const char *sf_law_text(sf_law law, const sf_synth_target *target, const sf_fitted *fit, char text[SF_LAW_TEXT]);

/* sf_law_constant() - fitted, and no term but the constant is left: it says the same for every core. */
bool sf_law_constant(sf_law law, const sf_fitted *fit);

/* sf_project_cycles() - clock cycles of a tick with so many active axons and spikes: rtl/README.md. */
double sf_project_cycles(const sf_shape *shape, double active, double spikes);

/* law.c: sf_row_shape() - a row's core; false: it has none, or none that can be. sf_row_routed() - is it a routed point
 * of the target? */
bool sf_row_shape(const cJSON *row, sf_shape *s);
bool sf_row_routed(const cJSON *row, const sf_synth_target *target);

/* What the projection assumes besides the results. */
typedef struct sf_assumed {
  double activity;     /* share of the axons active, and of the neurons that spike, in a tick */
  double link_mbit;    /* of one of a chip's four links to its neighbours, each way */
  double dram_mbyte_s; /* of a memory beside the chip, read in whole rows */
  double dram_mbyte;
} sf_assumed;

/* sf_project() - results (sf_rows_read()) -> the projection as one object: fits, walls of one chip, systems of 10^5 ..
 * 10^9 neurons, each number measured or extrapolated; tables and charts for the page. SF_EINVAL with one line when no
 * target has at least four routed points with different lanes. */
SF_MUST_CHECK sf_err sf_project(const cJSON *results, const sf_assumed *assumed, cJSON **out, sf_msg *msg);

/* sf_project_markdown() - its tables as text; the caller frees it. NULL: out of memory. */
char *sf_project_markdown(const cJSON *projection);

/* sf_fit_law() - the law fitted to the routed rows of a target; n: how many there are. */
SF_MUST_CHECK sf_err sf_fit_law(const cJSON *rows, const sf_synth_target *target, sf_law law, sf_fitted *out,
                                sf_msg *msg);

#endif
