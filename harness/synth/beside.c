/* beside.c - see beside.h. */
#define _GNU_SOURCE
#include "synth/beside.h"

#include <stdio.h>
#include <unistd.h>

#include "util/clock.h"
#include "util/progress.h"
#include "util/tool.h"

static void *synthesize(void *argument) {
  sf_synth_beside *s = argument;
  const double start = sf_seconds_now();
  char exe[SF_PATH_MAX];
  const ssize_t n = readlink("/proc/self/exe", exe, sizeof exe - 1);
  exe[n > 0 ? n : 0] = '\0';
  const char *const argv[] = {exe, "synth", s->config, "--target", s->target, "--out", s->folder, NULL};
  s->err = n > 0 ? sf_tool_run(argv, NULL, s->log, NULL, &s->status, &s->msg) : SF_EIO;
  s->seconds = sf_seconds_now() - start;
  atomic_store(&s->over, true);
  return NULL;
}

bool sf_synth_beside_busy(void *argument) {
  sf_synth_beside *s = argument;
  return s->started && !atomic_load(&s->over);
}

sf_err sf_synth_beside_start(sf_synth_beside *s, const char *config, const char *target, const char *folder,
                             sf_msg *msg) {
  s->target = target;
  sf_err err = sf_cache_path(folder, s->folder, msg);
  if (!err) err = sf_data_path(config, s->config, msg);
  if (err) return err;
  snprintf(s->log, sizeof s->log, "%.4000s/synfire.log", s->folder);
  snprintf(s->json, sizeof s->json, "%.4000s/result.json", s->folder);
  (void)remove(s->log);
  (void)remove(s->json);
  if (pthread_create(&s->thread, NULL, synthesize, s)) return sf_fail(msg, SF_ENOMEM, "no thread for the synthesis");
  s->started = true;
  return SF_OK;
}

void sf_synth_beside_end(sf_synth_beside *s) {
  if (!s->started) return;
  sf_progress bar;
  sf_progress_start(&bar, "place and route", 0);
  while (!atomic_load(&s->over)) {
    usleep(100000);
    sf_progress_pulse(&bar);
  }
  sf_progress_finish(&bar);
  pthread_join(s->thread, NULL);
  s->started = false;
}
