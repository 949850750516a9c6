/* test_load.c - networks right from a file into a model: the same weights and spikes as by way of a network in memory,
 * the memory it takes, and what is refused. */
#define _DEFAULT_SOURCE
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "scratch.h"
#include "suite.h"
#include "synfire/files.h"

static uint32_t state = 5;
static int32_t draw(int32_t lo, int32_t hi) {
  state = state * 1664525u + 1013904223u;
  return lo + (int32_t)((state >> 8) % (uint32_t)(hi - lo + 1));
}

/* Three cores of odd sizes, of all widths of weights in turn. */
static sf_network *network(uint32_t bits) {
  sf_network *net = sf_network_new(3);
  sf_msg msg;
  for (uint32_t i = 0; i < 3; i++) {
    sf_core_net *c = &net->core[i];
    c->axons = 20 + 57 * i;
    c->neurons = 13 + 130 * i;
    c->weight_bits = bits;
    c->n_routes = 40;
    ck_assert_int_eq(sf_core_net_alloc(c, &msg), SF_OK);
    const int32_t hi = bits == 1 ? 1 : (1 << (bits - 1)) - 1, lo = bits == 1 ? 0 : -hi - 1;
    for (uint32_t a = 0; a < c->axons; a++)
      for (uint32_t n = 0; n < c->neurons; n++) sf_core_set_weight(c, a, n, draw(a % 8 ? 0 : lo, hi)); /* most excite */
    for (uint32_t n = 0; n < c->neurons; n++) c->threshold[n] = draw(1, 1 << (bits > 8 ? 14 : bits + 1));
    for (uint32_t k = 0; k < c->n_routes; k++)
      c->routes[k] = (sf_route){(uint32_t)draw(0, (int32_t)c->neurons - 1), draw(0, 2), (uint32_t)draw(0, 19),
                                (uint32_t)draw(1, 7)};
  }
  return net;
}

static uint32_t calls, last_done;
static void progress(void *user, uint32_t done, uint32_t cores) {
  ck_assert_ptr_eq(user, &calls);
  ck_assert_uint_eq(cores, 3);
  ck_assert_uint_eq(done, ++calls);
  last_done = done;
}

static void same(sf_model *a, sf_model *b, const sf_network *net) {
  for (uint32_t i = 0; i < net->n_cores; i++)
    for (uint32_t x = 0; x < net->core[i].axons; x++)
      for (uint32_t n = 0; n < net->core[i].neurons; n++) {
        int32_t wa = 1, wb = 2;
        ck_assert_int_eq(sf_model_peek_weight(a, i, x, n, &wa), SF_OK);
        ck_assert_int_eq(sf_model_peek_weight(b, i, x, n, &wb), SF_OK);
        ck_assert_int_eq(wa, wb);
        ck_assert_int_eq(wa, sf_core_weight(&net->core[i], x, n));
      }
  uint32_t spikes = 0;
  for (int t = 0; t < 30; t++) {
    for (uint32_t i = 0; i < net->n_cores; i++)
      for (uint32_t x = (uint32_t)t % 3; x < net->core[i].axons; x += 3)
        ck_assert_int_eq(sf_model_inject(a, i, x, 0) | sf_model_inject(b, i, x, 0), SF_OK);
    const sf_tick_result *ra = sf_model_step(a), *rb = sf_model_step(b);
    ck_assert_uint_eq(ra->n_spikes, rb->n_spikes);
    for (uint32_t k = 0; k < ra->n_spikes; k++) {
      ck_assert_uint_eq(ra->spike[k].core, rb->spike[k].core);
      ck_assert_uint_eq(ra->spike[k].neuron, rb->spike[k].neuron);
    }
    spikes += ra->n_spikes;
  }
  ck_assert_uint_gt(spikes, 100);
}

START_TEST(a_model_from_a_file_is_the_one_from_memory) {
  sf_msg msg = {""};
  sf_network *net = network(1u << _i), *got = NULL;
  sf_model *direct, *loaded;
  const char *path = scratch_path("net.h5");
  ck_assert_msg(sf_network_write(path, net, &msg) == SF_OK, "%s", msg.text);
  calls = 0;
  ck_assert_msg(sf_model_read(path, progress, &calls, &got, &loaded, &msg) == SF_OK, "%s", msg.text);
  ck_assert_uint_eq(last_done, 3);
  ck_assert_uint_eq(got->n_cores, 3);
  for (uint32_t i = 0; i < 3; i++) {
    ck_assert(got->core[i].w8 == NULL && got->core[i].w16 == NULL);
    ck_assert_uint_eq(got->core[i].neurons, net->core[i].neurons);
    ck_assert_int_eq(memcmp(got->core[i].threshold, net->core[i].threshold, net->core[i].neurons * sizeof(int32_t)), 0);
  }
  ck_assert_int_eq(sf_model_new(net, &direct, &msg), SF_OK);
  same(direct, loaded, net);
  /* Nothing else can be done with a network without weights. */
  sf_model *none;
  ck_assert_int_eq(sf_model_new(got, &none, &msg), SF_EINVAL);
  ck_assert_int_eq(sf_network_write(scratch_path("none.h5"), got, &msg), SF_EINVAL);
  sf_model_free(direct);
  sf_model_free(loaded);
  sf_network_free(got);
  sf_network_free(net);
}
END_TEST

START_TEST(json_too) {
  sf_msg msg = {""};
  sf_network *net, *got;
  sf_model *direct, *loaded;
  const char *path =
      scratch_text("net.json", "{\"format\": \"synfire-network\", \"version\": 1, \"AXONS\": 2, \"NEURONS\": 1, "
                               "\"weights\": [[0, 0, 1], [1, 0, 3]], \"neurons\": [{\"id\": 0, \"threshold\": 2}]}");
  ck_assert_msg(sf_network_read(path, &net, &msg) == SF_OK, "%s", msg.text);
  ck_assert_msg(sf_model_read(path, NULL, NULL, &got, &loaded, &msg) == SF_OK, "%s", msg.text);
  ck_assert_int_eq(sf_model_new(net, &direct, &msg), SF_OK);
  for (uint32_t x = 0; x < 2; x++) {
    int32_t w = 0;
    ck_assert_int_eq(sf_model_peek_weight(loaded, 0, x, 0, &w), SF_OK);
    ck_assert_int_eq(w, x ? 3 : 1);
  }
  sf_model_free(direct);
  sf_model_free(loaded);
  sf_network_free(got);
  sf_network_free(net);
}
END_TEST

START_TEST(a_weight_out_of_range_is_named) {
  sf_msg msg = {""};
  sf_network *net = network(4);
  sf_model *m = NULL;
  const char *path = scratch_path("bad.h5");
  ck_assert_int_eq(sf_network_write(path, net, &msg), SF_OK);
  const int64_t nine = 9;
  int64_t *all = calloc((size_t)net->core[1].axons * net->core[1].neurons, sizeof *all);
  all[net->core[1].neurons + 2] = nine;
  const hid_t file = h5_edit(path);
  h5_ints(file, "core/1/weights", H5T_NATIVE_INT8, net->core[1].axons, net->core[1].neurons, all);
  h5_done(file);
  ck_assert_int_eq(sf_model_read(path, NULL, NULL, NULL, &m, &msg), SF_EINVAL);
  ck_assert_msg(strstr(msg.text, "bad.h5") && strstr(msg.text, "core/1/weights[1][2] = 9: must be -8 .. 7"), "%s",
                msg.text);
  ck_assert_ptr_null(m);
  free(all);
  sf_network_free(net);
}
END_TEST

/* Weights out of a function. */
static int8_t some[64 * 300];
static sf_err give(void *user, uint32_t core, sf_core_net *of, sf_msg *msg) {
  const uint32_t *mode = user;
  if (*mode == 1 && core == 2) return sf_fail(msg, SF_EIO, "core 2 is lost");
  for (size_t k = 0; k < (size_t)of->axons * of->neurons; k++) some[k] = (int8_t)((k * 7 + core) % 16 - 8);
  if (*mode == 2 && core == 1) some[of->neurons * 3 + 4] = 100;
  of->w8 = some;
  return SF_OK;
}
START_TEST(weights_by_function) {
  sf_msg msg = {""};
  sf_network *net = sf_network_new(3);
  sf_model *m = NULL;
  for (uint32_t i = 0; i < 3; i++) {
    net->core[i].axons = 64;
    net->core[i].neurons = 300;
    ck_assert_int_eq(sf_core_net_alloc(&net->core[i], &msg), SF_OK);
    free(net->core[i].w8);
    net->core[i].w8 = NULL;
  }
  uint32_t mode = 1;
  ck_assert_int_eq(sf_model_new_from(net, give, &mode, &m, &msg), SF_EIO);
  ck_assert_str_eq(msg.text, "core 2 is lost");
  mode = 2;
  ck_assert_int_eq(sf_model_new_from(net, give, &mode, &m, &msg), SF_EINVAL);
  ck_assert_msg(strstr(msg.text, "core/1/weights[3][4] = 100"), "%s", msg.text);
  ck_assert_ptr_null(m);
  mode = 0;
  ck_assert_int_eq(sf_model_new_from(net, give, &mode, &m, &msg), SF_OK);
  for (uint32_t i = 0; i < 3; i++)
    for (uint32_t k = 0; k < 64 * 300; k++) {
      int32_t w;
      ck_assert_int_eq(sf_model_peek_weight(m, i, k / 300, k % 300, &w), SF_OK);
      ck_assert_int_eq(w, (int32_t)((k * 7 + i) % 16) - 8);
    }
  sf_model_free(m);
  sf_network_free(net);
}
END_TEST

/* 67 million 4-bit synapses in two cores: half a byte each, one core's bytes, and no more than 16 MB around them.
 * Sanitizers have a memory of their own. */
#if defined(__SANITIZE_ADDRESS__)
#define PLAIN 0
#else
#define PLAIN 1
#endif
START_TEST(half_a_byte_a_synapse) {
  enum { AXONS = 4096, NEURONS = 8192 };
  sf_msg msg = {""};
  sf_network *net = sf_network_new(2);
  for (uint32_t i = 0; i < 2; i++) {
    net->core[i].axons = AXONS;
    net->core[i].neurons = NEURONS;
    ck_assert_int_eq(sf_core_net_alloc(&net->core[i], &msg), SF_OK);
    for (size_t k = 0; k < (size_t)AXONS * NEURONS; k++) net->core[i].w8[k] = (int8_t)(k * 37 % 16) - 8;
  }
  const char *path = scratch_path("large.h5");
  ck_assert_int_eq(sf_network_write(path, net, &msg), SF_OK);
  sf_network_free(net);
  struct rusage used;
  int status = 1;
  const pid_t child = fork();
  if (child == 0) {
    sf_model *m;
    int32_t w = 0;
    sf_files_trust(1);
    const bool good =
        sf_model_read(path, NULL, NULL, NULL, &m, &msg) == SF_OK && !sf_model_peek_weight(m, 1, 4095, 8191, &w);
    _exit(!good || w != (int32_t)(((size_t)AXONS * NEURONS - 1) * 37 % 16) - 8);
  }
  ck_assert_int_eq(wait4(child, &status, 0, &used), child);
  ck_assert_int_eq(status, 0);
  const double bytes = 1024.0 * (double)used.ru_maxrss, most = AXONS * (double)NEURONS * (2 * 0.5 + 1) + 32e6;
  ck_assert_msg(bytes < most, "%.0f MB, more than %.0f", bytes / 1e6, most / 1e6);
}
END_TEST

int main(void) {
  Suite *s = suite_create("load");
  TCase *t = tcase_create("load");
  tcase_set_timeout(t, 120);
  tcase_add_loop_test(t, a_model_from_a_file_is_the_one_from_memory, 0, 5);
  tcase_add_test(t, json_too);
  tcase_add_test(t, a_weight_out_of_range_is_named);
  tcase_add_test(t, weights_by_function);
  if (PLAIN) tcase_add_test(t, half_a_byte_a_synapse);
  suite_add_tcase(s, t);
  return suite_run_in_scratch(s);
}
