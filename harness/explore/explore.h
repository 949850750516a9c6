/* explore.h - sweeps over the design space: the sweep file, its points, what is computed for each, and the results.
 *
 *     sf_sweep *s;
 *     if (sf_sweep_read("sweeps/quick.json", &s, &msg)) ...     parsed, checked and enumerated
 *     sf_point_run(s, &s->point[k], s->point[k].grid->steps, &msg);   one point: its steps, into the cache
 *     cJSON *row = sf_point_row(s, &s->point[k], steps);         what the cache knows of it, one flat object
 *     sf_sweep_free(s);
 *
 * A point is one set of parameters with a target, a network and traffic. A step (lint, model, ...) is computed once for
 * all points that agree in everything that determines it: cache.h. */
#ifndef SF_HARNESS_EXPLORE_H
#define SF_HARNESS_EXPLORE_H

#include <cjson/cJSON.h>

#include "synfire/network.h"
#include "synth/target.h"
#include "util/paths.h"

enum { SF_SWEEP_MAX_POINTS = 100000, SF_SWEEP_MAX_VALUES = 1024, SF_SWEEP_MAX_SEEDS = 16, SF_SWEEP_MAX_GRIDS = 32 };

/* The steps of a point, in this order. */
typedef enum sf_step { SF_STEP_LINT, SF_STEP_MODEL, SF_STEP_LOCKSTEP, SF_STEP_SYNTH, SF_STEP_ROUTE, SF_STEPS } sf_step;
const char *sf_step_name(sf_step step);

/* sf_steps_parse() - "lint,model,route" into a set of bits 1 << step; "route" brings "synth" with it. `what` begins the
 * message. */
SF_MUST_CHECK sf_err sf_steps_parse(const char *text, const char *what, unsigned *steps, sf_msg *msg);

typedef enum sf_net_kind { SF_NET_RANDOM, SF_NET_FILE, SF_NET_TRAIN } sf_net_kind;

/* Where a point's network comes from. */
typedef struct sf_sweep_net {
  sf_net_kind kind;
  char name[96];                   /* for rows: "random 0.5", "mnist-240.h5", "train mnist" */
  double density;                  /* random: share of the synapses that are not 0 */
  uint64_t seed;                   /* random, train */
  char *file, *spikes;             /* absolute; spikes NULL: random traffic */
  uint32_t epochs, threads;        /* train */
  uint32_t samples, check_samples; /* of spikes: on the model, in lockstep; 0: all, 2 */
} sf_sweep_net;

/* A block of the file: everything in it is combined with everything else in it. */
typedef struct sf_grid {
  char name[64];
  unsigned steps;
  bool board;        /* top: the board's, else the bare core */
  uint32_t freq_mhz; /* 0: the target's */
  uint32_t limit_s;  /* for one point; 0: none */
  uint32_t n_seeds, route_seed[SF_SWEEP_MAX_SEEDS];
  uint32_t n_nets;
  sf_sweep_net *net;
} sf_grid;

typedef struct sf_point {
  uint32_t number;
  const sf_grid *grid;
  const sf_synth_target *target; /* NULL: none asked for */
  const sf_sweep_net *net;
  uint32_t events, ticks; /* random traffic: input events a tick, ticks */
  uint64_t traffic_seed;
  sf_params params; /* checked, unless `invalid` says why not */
  char *invalid;
} sf_point;

typedef struct sf_sweep {
  char name[64];
  char path[SF_PATH_MAX]; /* absolute */
  uint32_t n_grids, n_points;
  sf_grid *grid;
  sf_point *point;
} sf_sweep;

/* sf_sweep_path() - path itself; or, where there is no such file, the one of the same name beside it in sweeps/ instead
 * of explore/, which is where sweep files lay up to version 0.1: explore/quick.json. moved[] holds that path. */
const char *sf_sweep_path(const char *path, char moved[SF_PATH_MAX]);

/* sf_sweep_read() - *out is written only on SF_OK and freed by the caller. Messages start with the path and name the
 * field and what is allowed. A combination that no hardware can have (16 lanes for 24 neurons) is a point that says
 * so. */
SF_MUST_CHECK sf_err sf_sweep_read(const char *path, sf_sweep **out, sf_msg *msg);

/* sf_sweep_parse() - the same from text; path (made absolute by the caller) is what file names in it are relative
 * to. */
SF_MUST_CHECK sf_err sf_sweep_parse(const char *text, size_t length, const char *path, sf_sweep **out, sf_msg *msg);
void sf_sweep_free(sf_sweep *s); /* NULL is harmless */

/* sf_sweep_order() - in which order points are best computed: first one of every hardware, so that points computed at
 * the same time seldom wait for each other's synthesis. order[n_points] is filled. */
SF_MUST_CHECK sf_err sf_sweep_order(const sf_sweep *s, uint32_t *order, sf_msg *msg);

/* point.c: sf_point_run() - compute what is not in the cache yet, in order; a step that fails ends the point.
 * SF_EFAIL: a finding (does not fit, mismatch, impossible parameters), kept; any other error: tried again next time. */
SF_MUST_CHECK sf_err sf_point_run(const sf_sweep *s, const sf_point *p, unsigned steps, sf_msg *msg);

/* sf_point_row() - what is known of the point. Keys: see the table in columns.c; "status" is ok, failed (a
 * finding), error (a tool is missing or was stopped) or missing (not computed yet). NULL: out of memory. */
cJSON *sf_point_row(const sf_sweep *s, const sf_point *p, unsigned steps);

/* sf_point_error() - keep the reason why a point could not be computed, for its row; NULL: forget it. */
void sf_point_error(const sf_sweep *s, const sf_point *p, unsigned steps, const char *text);

#endif
