/* explore_print.h - what `synfire explore` prints of points and results. */
#ifndef SF_VERBS_EXPLORE_PRINT_H
#define SF_VERBS_EXPLORE_PRINT_H

#include "explore/task.h"

void sf_print_points(const sf_sweep *s, const sf_explore_task *task, bool json);
void sf_print_outcome(const sf_sweep *s, const sf_explore_outcome *outcome, bool json);

#endif
