/* sweep_folder.h - what the suites of sweeps share: a folder of its own for each test, with the cache in it, and
 * sweeps from a text. */
#ifndef SYNFIRE_TESTS_SWEEP_FOLDER_H
#define SYNFIRE_TESTS_SWEEP_FOLDER_H

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explore/explore.h"
#include "util/paths.h"

static char folder[] = "/tmp/synfire-explore-XXXXXX";

static inline void setup(void) {
  strcpy(folder, "/tmp/synfire-explore-XXXXXX");
  ck_assert_ptr_nonnull(mkdtemp(folder));
  ck_assert_int_eq(setenv("SYNFIRE_CACHE", folder, 1), 0);
}
static inline void teardown(void) { sf_remove_tree(folder); }

static inline const char *in_folder(const char *name) {
  static char path[4][200];
  static int turn;
  turn = (turn + 1) % 4;
  snprintf(path[turn], sizeof path[0], "%s/%s", folder, name);
  return path[turn];
}

#define HEAD "{\"format\": \"synfire-sweep\", \"version\": 1, "

static inline sf_sweep *parsed(const char *text) {
  sf_sweep *s = NULL;
  sf_msg msg = {""};
  ck_assert_msg(sf_sweep_parse(text, strlen(text), "/somewhere/s.json", &s, &msg) == SF_OK, "%s", msg.text);
  return s;
}

#endif
