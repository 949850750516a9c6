/* build_step.h - one command of a build in the cache. */
#ifndef SF_HARNESS_BUILD_STEP_H
#define SF_HARNESS_BUILD_STEP_H

#include "synfire/base.h"

struct sf_progress;

enum { SF_BUILD_ENTRIES = 400 }; /* most of the cache: objects and their logs */

/* sf_build_step() - run argv in folder. A failure becomes SF_ETOOL with one line: the tool, its first error, and
 * where the log was kept: as KEPT.log in the folder cache. */
SF_MUST_CHECK sf_err sf_build_step(const char *cache, const char *const *argv, const char *folder, const char *kept,
                                   struct sf_progress *bar, sf_msg *msg);

#endif
