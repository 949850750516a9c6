/* check_print.h - what `synfire check` prints of a network. */
#ifndef SF_VERBS_CHECK_PRINT_H
#define SF_VERBS_CHECK_PRINT_H

#include "run/check_network.h"

void sf_check_print(const sf_check_run *c); /* everything agreed */

/* sf_check_print_failure() - after SF_EFAIL: by a mismatch that an engine holds, or by the line in msg alone. */
void sf_check_print_failure(const sf_check_run *c, const sf_msg *msg);

#endif
