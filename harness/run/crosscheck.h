/* crosscheck.h - many samples on the RTL, the mirror and the functional model in lockstep, beside other work. */
#ifndef SF_RUN_CROSSCHECK_H
#define SF_RUN_CROSSCHECK_H

#include "files/spikes_file.h"
#include "synfire/network.h"
#include "util/progress.h"

/* Samples in lockstep: several threads, each with a core of its own, take the next sample until all are done
 * or the time is over. */
typedef struct sf_crosscheck {
  sf_network *net;
  const sf_spikes *in;
  const sf_params *config;
  const uint32_t *answer; /* the functional model's, one per sample */
  size_t samples;         /* 0 .. samples - 1 are wanted */
  const char *command;    /* what repeats it, --samples left out: for the report of a mismatch */
  double deadline;        /* on sf_seconds_now(); samples under way are finished */
  /* results */
  size_t done;
  uint64_t compared; /* clock cycles in which every port and probe was compared */
  uint64_t mismatches, differing_answers;
  double cycles; /* of ticks and input, per sample; loading and restart left out */
  double seconds;
  char report[4096]; /* the first mismatch, as `synfire check` shows it; "" if none */
} sf_crosscheck;

/* sf_crosscheck_run() - bar may be NULL. The last of the threads starts when busy says false: a processor is free for
 * it (NULL: at once; it is asked from that thread). SF_OK also after mismatches; SF_ETOOL when the RTL cannot be
 * built. */
SF_MUST_CHECK sf_err sf_crosscheck_run(sf_crosscheck *x, sf_progress *bar, bool (*busy)(void *), void *self,
                                       sf_msg *msg);

#endif
