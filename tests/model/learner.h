/* learner.h - a model that learns, made from a network of one core, and what suites ask it. */
#ifndef SYNFIRE_TESTS_LEARNER_H
#define SYNFIRE_TESTS_LEARNER_H

#include <check.h>

#include "synfire/model.h"

/* model_of() - the network is freed. */
static inline sf_model *model_of(sf_network *net) {
  sf_model *m = NULL;
  sf_msg msg = {""};
  ck_assert_msg(sf_model_new(net, &m, &msg) == SF_OK, "%s", msg.text);
  sf_network_free(net);
  return m;
}

static inline int32_t weight(const sf_model *m, uint32_t i, uint32_t j) {
  int32_t w = 0;
  ck_assert_int_eq(sf_model_peek_weight(m, 0, i, j, &w), SF_OK);
  return w;
}

#endif
