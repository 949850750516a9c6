/* suite.h - how every Check suite ends. */
#ifndef SYNFIRE_TESTS_SUITE_H
#define SYNFIRE_TESTS_SUITE_H

#include <check.h>

/* suite_run() - run the suite, free it, and return the exit status of its program.
 * suite_run_in_scratch() - the same with the folder of scratch.h around it. */
int suite_run(Suite *suite);
int suite_run_in_scratch(Suite *suite);

#endif
