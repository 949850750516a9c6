/* build_step.c - see build_step.h. */
#include "verilated/build_step.h"

#include <stdio.h>
#include <string.h>

#include "util/tool.h"

sf_err sf_build_step(const char *cache, const char *const *argv, const char *folder, const char *kept,
                     struct sf_progress *bar, sf_msg *msg) {
  char log[SF_PATH_MAX + 16], line[300], saved[SF_PATH_MAX + 64];
  int status = 0;
  snprintf(log, sizeof log, "%s/build.log", folder);
  const sf_err err = sf_tool_run(argv, folder, log, bar, &status, msg);
  if (err) return err;
  if (status == 0) return SF_OK;
  sf_log_error(log, line, sizeof line);
  snprintf(saved, sizeof saved, "%s/%s.log", cache, kept);
  if (rename(log, saved)) snprintf(saved, sizeof saved, "lost");
  const char *tool = strrchr(argv[0], '/');
  return sf_fail(msg, SF_ETOOL, "%s failed: %s (log: %s)", tool ? tool + 1 : argv[0], line, saved);
}
