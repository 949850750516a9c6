/* beside.h - a synthesis beside other work: `synfire synth` as a process of its own, so that it may use all its tools'
 * time. */
#ifndef SF_SYNTH_BESIDE_H
#define SF_SYNTH_BESIDE_H

#include <pthread.h>
#include <stdatomic.h>

#include "synfire/base.h"
#include "util/paths.h"

typedef struct sf_synth_beside {
  pthread_t thread;
  bool started;
  atomic_bool over;
  const char *target;
  char folder[SF_PATH_MAX], config[SF_PATH_MAX];
  /* results */
  sf_err err; /* it could not be run */
  int status; /* of `synfire synth` */
  double seconds;
  char log[SF_PATH_MAX], json[SF_PATH_MAX];
  sf_msg msg;
} sf_synth_beside;

/* sf_synth_beside_start() - config is a path below the data folder, folder one below the cache; s is zeroed. */
SF_MUST_CHECK sf_err sf_synth_beside_start(sf_synth_beside *s, const char *config, const char *target,
                                           const char *folder, sf_msg *msg);
bool sf_synth_beside_busy(void *s);
void sf_synth_beside_end(sf_synth_beside *s); /* waits, with a progress line; harmless where nothing was started */

#endif
