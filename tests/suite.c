/* suite.c - see suite.h. */
#include "suite.h"

#include "scratch.h"

int suite_run(Suite *suite) {
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  const int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed != 0;
}

int suite_run_in_scratch(Suite *suite) {
  scratch_begin();
  const int status = suite_run(suite);
  scratch_end();
  return status;
}
