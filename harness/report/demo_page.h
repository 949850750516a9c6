/* demo_page.h - `synfire demo` and `synfire report`: what they share. */
#ifndef SF_HARNESS_DEMO_H
#define SF_HARNESS_DEMO_H

#include <pthread.h>

#include "files/config_file.h"
#include "report/report.h"
#include "run/evaluate.h"
#include "util/paths.h"

/* Digits on the RTL in lockstep: several threads, each with a core of its own, take the next digit until all are done
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

/* What a page is made of: filled step by step, NULL and 0 where a step was left out. */
typedef struct sf_demo_page {
  const char *title, *unit, *net_path, *spikes_path, *config_path; /* as the reader should see them */
  const sf_network *net;
  const sf_spikes *in;
  const sf_params *config;
  const sf_evaluation *model;
  const sf_crosscheck *rtl;
  const char *synth_json;
  size_t sample; /* the one shown in detail */
} sf_demo_page;

/* sf_demo_page_write() - trace the sample and write the report. */
SF_MUST_CHECK sf_err sf_demo_page_write(const sf_demo_page *page, const char *path, sf_msg *msg);

/* sf_demo_logic() - demo_logic.c; the exit status. */
int sf_demo_logic(bool json);

#endif
