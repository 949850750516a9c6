/* task.h - a sweep or a projection as it is asked for: computed, collected, written. */
#ifndef SF_EXPLORE_TASK_H
#define SF_EXPLORE_TASK_H

#include <cjson/cJSON.h>

#include "explore/explore.h"
#include "explore/project.h"
#include "util/paths.h"

typedef struct sf_explore_task {
  const char *steps, *out, *hosts, *slurm_options; /* NULL: not given */
  uint32_t jobs;
  bool slurm, collect, no_logs;
  unsigned mask; /* of steps; 0: each grid's own */
} sf_explore_task;

unsigned sf_explore_steps(const sf_explore_task *task, const sf_point *point);

/* What a sweep has come to. */
typedef struct sf_explore_outcome {
  char folder[SF_PATH_MAX];
  cJSON *results; /* the caller's */
  int computed;   /* of the points begun, those that there is an answer to now */
  int faults;     /* a design that does not fit is a result; RTL that is not the model, or not clean, is not */
  bool stopped;   /* before its end, as `why` says; what is there was written */
  sf_msg why;
} sf_explore_outcome;

/* sf_explore_sweep() - computes what the cache does not have, and writes CSV, JSON, Markdown and page. */
SF_MUST_CHECK sf_err sf_explore_sweep(const sf_sweep *s, const sf_explore_task *task, sf_explore_outcome *out,
                                      sf_msg *msg);
/* sf_explore_open() - the folder of the results, made, absolute. */
SF_MUST_CHECK sf_err sf_explore_open(const sf_sweep *s, const sf_explore_task *task, char folder[SF_PATH_MAX],
                                     sf_msg *msg);

/* What a projection has come to: texts are malloc'ed, the caller's. */
typedef struct sf_explore_projection {
  char page[SF_PATH_MAX + 32];
  char *json, *markdown;
} sf_explore_projection;

/* sf_explore_project() - from results.json, or from what the cache has of a sweep; writes JSON, Markdown and page. */
SF_MUST_CHECK sf_err sf_explore_project(const char *path, const sf_explore_task *task, const sf_assumed *assumed,
                                        sf_explore_projection *out, sf_msg *msg);

#endif
