/* parse.h - what the parts of the sweep reader share. */
#ifndef SF_HARNESS_EXPLORE_PARSE_H
#define SF_HARNESS_EXPLORE_PARSE_H

#include "explore/explore.h"

/* A parameter of the core, and what a value of it must be for itself; how values go together is for sf_params_check(),
 * point by point. */
typedef struct sf_sweep_value {
  const char *name;
  sf_param_kind kind;
  int64_t lo, hi;
  const char *word[2]; /* of a choice */
} sf_sweep_value;

enum { SF_MAX_AXES = SF_N_PARAMS + 1 };
extern const sf_sweep_value sf_sweep_parameter[SF_N_PARAMS];

/* A grid's own items, and behind them the file's. */
typedef struct sf_source {
  const cJSON *own, *common;
  const char *where; /* "grids[2]", "" for the only one */
  const char *folder;
} sf_source;

const cJSON *sf_source_find(const sf_source *s, const char *key);
const char *sf_source_at(const sf_source *s, const char *key, char out[160]); /* its name in messages */

/* value.c: sf_sweep_check() - may parameter `which` have this value? */
SF_MUST_CHECK sf_err sf_sweep_check(size_t which, const cJSON *v, const char *what, sf_msg *msg);

/* sf_sweep_list() - a value, a list of values or a range as a list, which the caller deletes. */
SF_MUST_CHECK sf_err sf_sweep_list(const cJSON *item, const char *what, cJSON **out, sf_msg *msg);

/* sf_sweep_numbers() - the same for integers lo .. hi, into values[room]. */
SF_MUST_CHECK sf_err sf_sweep_numbers(const cJSON *item, const char *what, int64_t lo, int64_t hi, size_t room,
                                      uint64_t *values, uint32_t *n, sf_msg *msg);

/* nets.c: sf_sweep_networks() - the networks of a grid. */
SF_MUST_CHECK sf_err sf_sweep_networks(const sf_source *s, sf_grid *g, sf_msg *msg);

/* ---- what a grid combines ---- */

/* An axis of the product: values of one parameter, or objects with several ("cases"). */
typedef struct sf_axis {
  const char *key; /* NULL: cases */
  cJSON *values;   /* an array of our own */
} sf_axis;

/* Everything of a grid that is combined, besides what the grid itself holds. */
typedef struct sf_product {
  sf_axis axes[SF_MAX_AXES];
  size_t n_axes;
  const sf_synth_target *target[8];
  uint32_t n_targets;
  uint64_t events[64], seeds[64];
  uint32_t n_events, n_traffic_seeds, ticks;
} sf_product;

/* grid.c: sf_grid_read() - a grid's own values into g, what it combines into p, both zeroed before. sf_product_free()
 * is to follow, whatever is returned. */
SF_MUST_CHECK sf_err sf_grid_read(const sf_source *s, sf_grid *g, sf_product *p, sf_msg *msg);
void sf_product_free(sf_product *p);

/* enumerate.c: sf_product_points() - add the points of a grid to the sweep. */
SF_MUST_CHECK sf_err sf_product_points(sf_sweep *s, const sf_grid *g, const sf_product *p, sf_msg *msg);

#endif
