/* test_network - networks in memory. Every field of a core, profile, route and readout is tried at both ends of its
 * range and just outside; the whole error line is compared. Then: what loads on which hardware (sf_network_fit), and
 * the smallest hardware for a network (sf_network_params). */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "suite.h"
#include "synfire/network.h"

/* Two cores; core 0: 16 axons, 20 neurons, every feature; core 1: 8 axons, 4 neurons, 4 delay slots, no feature. */
static sf_network *two_cores(void) {
  sf_network *net = sf_network_new(2);
  ck_assert_ptr_nonnull(net);
  sf_core_net *a = &net->core[0], *b = &net->core[1];
  a->axons = 16;
  a->neurons = 20;
  a->n_profiles = 2;
  a->n_routes = 3;
  a->has_current = a->has_refractory = a->has_adaptation = a->has_noise = true;
  b->axons = 8;
  b->neurons = 4;
  b->delay_slots = 4;
  b->potential_bits = 10;
  b->n_routes = 1;
  ck_assert_int_eq(sf_core_net_alloc(a, NULL), SF_OK);
  ck_assert_int_eq(sf_core_net_alloc(b, NULL), SF_OK);
  a->routes[0] = (sf_route){19, 0, 15, 15};
  a->routes[1] = (sf_route){0, 1, 7, 3};
  a->routes[2] = (sf_route){3, SF_EXTERNAL, 0, 0};
  b->routes[0] = (sf_route){3, 0, 15, 15};
  ck_assert_int_eq(sf_readout_alloc(&net->readout, 2, NULL), SF_OK);
  net->readout.ticks = 8;
  net->readout.core = 1;
  net->readout.neuron[1] = 3;
  return net;
}

/* ---- ranges ------------------------------------------------------------------------------------------------- */

#define SET(name, statement)                         \
  static void name(sf_network *net, int64_t value) { \
    sf_core_net *c = &net->core[0];                  \
    (void)c;                                         \
    statement;                                       \
  }
SET(threshold, c->threshold[17] = (int32_t)value)
SET(bias, c->bias[0] = (int32_t)value)
SET(profile, c->profile[1] = (uint32_t)value)
SET(v_init, c->v_init[19] = (int32_t)value)
SET(u_init, c->u_init[2] = (int32_t)value)
SET(v_decay, c->profiles[1].v_decay = (int32_t)value)
SET(u_decay, c->profiles[1].u_decay = (int32_t)value)
SET(weight_shift, c->profiles[0].weight_shift = (int32_t)value)
SET(v_reset, c->profiles[0].v_reset = (int32_t)value)
SET(reset_mode, c->profiles[0].reset_mode = (int32_t)value)
SET(v_floor, c->profiles[0].v_floor = (int32_t)value)
SET(floor_mode, c->profiles[0].floor_mode = (int32_t)value)
SET(v_floor_reset, c->profiles[0].v_floor_reset = (int32_t)value)
SET(refractory, c->profiles[0].refractory = (int32_t)value)
SET(a_inc, c->profiles[0].a_inc = (int32_t)value)
SET(a_decay, c->profiles[0].a_decay = (int32_t)value)
SET(noise_bits, c->profiles[0].noise_bits = (int32_t)value)
SET(noise_bits_1, net->core[1].has_noise = true; net->core[1].profiles[0].noise_bits = (int32_t)value)
SET(threshold_1, net->core[1].threshold[0] = (int32_t)value)
SET(route_neuron, c->routes[0].neuron = (uint32_t)value)
SET(route_core, (c->routes[0].core = (int32_t)value, c->routes[0].axon = 0, c->routes[0].delay = 1))
SET(route_axon, c->routes[0].axon = (uint32_t)value)
SET(route_axon_1, c->routes[1].axon = (uint32_t)value)
SET(route_axon_out, c->routes[2].axon = (uint32_t)value)
SET(route_delay, c->routes[0].delay = (uint32_t)value)
SET(route_delay_1, c->routes[1].delay = (uint32_t)value)
SET(route_delay_out, c->routes[2].delay = (uint32_t)value)
SET(weight, c->w8[3 * 20 + 4] = (int8_t)value)
SET(read_ticks, net->readout.ticks = (uint32_t)value)
SET(read_core, net->readout.core = (uint32_t)value; net->readout.neuron[1] = 1)
SET(read_neuron, net->readout.neuron[1] = (uint32_t)value; net->readout.neuron[0] = 1)
SET(read_method, net->readout.method = (sf_read_method)value)

static const struct {
  const char *name; /* in the message */
  void (*set)(sf_network *net, int64_t value);
  int64_t lo, hi;
  const char *range;
} ranges[] = {
    {"core/0/neuron/threshold[17]", threshold, -32768, 32767, "-32768 .. 32767"},
    {"core/0/neuron/bias[0]", bias, -32768, 32767, "-32768 .. 32767"},
    {"core/0/neuron/profile[1]", profile, 0, 1, "0 .. 1"},
    {"core/0/neuron/v_init[19]", v_init, -32768, 32767, "-32768 .. 32767"},
    {"core/0/neuron/u_init[2]", u_init, -32768, 32767, "-32768 .. 32767"},
    {"core/0/profile/v_decay[1]", v_decay, 0, 4096, "0 .. 4096"},
    {"core/0/profile/u_decay[1]", u_decay, 0, 4096, "0 .. 4096"},
    {"core/0/profile/weight_shift[0]", weight_shift, 0, 7, "0 .. 7"},
    {"core/0/profile/v_reset[0]", v_reset, -32768, 32767, "-32768 .. 32767"},
    {"core/0/profile/reset_mode[0]", reset_mode, 0, 2, "0 .. 2"},
    {"core/0/profile/v_floor[0]", v_floor, -32768, 32767, "-32768 .. 32767"},
    {"core/0/profile/floor_mode[0]", floor_mode, 0, 2, "0 .. 2"},
    {"core/0/profile/v_floor_reset[0]", v_floor_reset, -32768, 32767, "-32768 .. 32767"},
    {"core/0/profile/refractory[0]", refractory, 0, 255, "0 .. 255"},
    {"core/0/profile/a_inc[0]", a_inc, -32768, 32767, "-32768 .. 32767"},
    {"core/0/profile/a_decay[0]", a_decay, 0, 4096, "0 .. 4096"},
    {"core/0/profile/noise_bits[0]", noise_bits, 0, 16, "0 .. 16"},
    {"core/1/profile/noise_bits[0]", noise_bits_1, 0, 10, "0 .. 10"}, /* no wider than the potential */
    {"core/1/neuron/threshold[0]", threshold_1, -512, 511, "-512 .. 511"},
    {"core/0/route/neuron[0]", route_neuron, 0, 19, "0 .. 19"},
    {"core/0/route/core[0]", route_core, -1, 1, "-1 .. 1"},
    {"core/0/route/axon[0]", route_axon, 0, 15, "0 .. 15"},
    {"core/0/route/axon[1]", route_axon_1, 0, 7, "0 .. 7"}, /* of the destination */
    {"core/0/route/axon[2]", route_axon_out, 0, 15, "0 .. 15"},
    {"core/0/route/delay[0]", route_delay, 1, 15, "1 .. 15"},
    {"core/0/route/delay[1]", route_delay_1, 1, 3, "1 .. 3"}, /* of the destination */
    {"core/0/route/delay[2]", route_delay_out, 0, 15, "0 .. 15"},
    {"core/0/weights[3][4]", weight, -8, 7, "-8 .. 7 (WEIGHT_BITS = 4)"},
    {"readout/ticks", read_ticks, 1, INT32_MAX, "1 .. 2147483647"},
    {"readout/core", read_core, 0, 1, "0 .. 1"},
    {"readout/neuron[1]", read_neuron, 0, 3, "0 .. 3"},
    {"readout/method", read_method, 0, 2, "0 .. 2"},
};

START_TEST(every_value_has_its_range) {
  char want[200];
  const int64_t outside[2] = {ranges[_i].lo - 1, ranges[_i].hi + 1};
  for (int64_t k = 0; k < 2; k++) {
    sf_network *net = two_cores();
    sf_msg msg = {""};
    ranges[_i].set(net, k == 0 ? ranges[_i].lo : ranges[_i].hi);
    ck_assert_msg(sf_network_check(net, &msg) == SF_OK, "%s", msg.text);
    ranges[_i].set(net, outside[k]);
    ck_assert_msg(sf_network_check(net, &msg) == SF_EINVAL, "%s = %lld is taken", ranges[_i].name,
                  (long long)outside[k]);
    /* An unsigned field shows -1 as its 32 bits. */
    snprintf(want, sizeof want, "%s = %lld: must be %s", ranges[_i].name, (long long)outside[k], ranges[_i].range);
    char wrapped[200];
    snprintf(wrapped, sizeof wrapped, "%s = %u: must be %s", ranges[_i].name, (uint32_t)outside[k], ranges[_i].range);
    ck_assert_msg(strcmp(msg.text, want) == 0 || strcmp(msg.text, wrapped) == 0, "\"%s\" for \"%s\"", msg.text, want);
    sf_network_free(net);
  }
}
END_TEST

static const struct {
  uint32_t bits;
  int lo, hi;
} weights[] = {{1, 0, 1}, {2, -2, 1}, {4, -8, 7}, {8, -128, 127}, {16, -32768, 32767}};

START_TEST(weights_have_the_range_of_their_width) {
  sf_network *net = sf_network_new(1);
  sf_core_net *c = &net->core[0];
  c->weight_bits = weights[_i].bits;
  ck_assert_int_eq(sf_core_net_alloc(c, NULL), SF_OK);
  sf_core_set_weight(c, 255, 255, weights[_i].lo);
  sf_core_set_weight(c, 0, 0, weights[_i].hi);
  ck_assert_int_eq(sf_core_weight(c, 255, 255), weights[_i].lo);
  ck_assert_int_eq(sf_core_weight(c, 0, 0), weights[_i].hi);
  ck_assert_int_eq(sf_network_check(net, NULL), SF_OK);
  if (weights[_i].bits < 8) {
    sf_core_set_weight(c, 0, 0, weights[_i].hi + 1);
    ck_assert_int_eq(sf_network_check(net, NULL), SF_EINVAL);
    sf_core_set_weight(c, 0, 0, weights[_i].lo - 1);
    ck_assert_int_eq(sf_network_check(net, NULL), SF_EINVAL);
  }
  sf_network_free(net);
}
END_TEST

/* ---- features ----------------------------------------------------------------------------------------------- */

static const struct {
  void (*set)(sf_network *net, int64_t value);
  size_t feature;
  const char *want;
} features[] = {
    {u_init, offsetof(sf_core_net, has_current), "core/0/neuron/u_init[2] = 1: must be 0 because HAS_CURRENT is 0"},
    {u_decay, offsetof(sf_core_net, has_current), "core/0/profile/u_decay[1] = 1: must be 0 because HAS_CURRENT is 0"},
    {refractory, offsetof(sf_core_net, has_refractory),
     "core/0/profile/refractory[0] = 1: must be 0 because HAS_REFRACTORY is 0"},
    {a_inc, offsetof(sf_core_net, has_adaptation),
     "core/0/profile/a_inc[0] = 1: must be 0 because HAS_ADAPTATION is 0"},
    {a_decay, offsetof(sf_core_net, has_adaptation),
     "core/0/profile/a_decay[0] = 1: must be 0 because HAS_ADAPTATION is 0"},
    {noise_bits, offsetof(sf_core_net, has_noise),
     "core/0/profile/noise_bits[0] = 1: must be 0 because HAS_NOISE is 0"},
};

START_TEST(data_of_a_feature_that_is_off_is_refused) {
  sf_network *net = two_cores();
  sf_msg msg;
  features[_i].set(net, 1);
  ck_assert_int_eq(sf_network_check(net, &msg), SF_OK);
  *(bool *)((char *)&net->core[0] + features[_i].feature) = false;
  ck_assert_int_eq(sf_network_check(net, &msg), SF_EINVAL);
  ck_assert_str_eq(msg.text, features[_i].want);
  sf_network_free(net);
}
END_TEST

/* ---- sizes and arrays --------------------------------------------------------------------------------------- */

static const struct {
  size_t at;
  uint32_t value;
  const char *want;
} sizes[] = {
    {offsetof(sf_core_net, axons), 0, "AXONS = 0: must be 1 .. 4096"},
    {offsetof(sf_core_net, axons), 4097, "AXONS = 4097: must be 1 .. 4096"},
    {offsetof(sf_core_net, neurons), 0, "NEURONS = 0: must be 1 .. 8192"},
    {offsetof(sf_core_net, neurons), 8193, "NEURONS = 8193: must be 1 .. 8192"},
    {offsetof(sf_core_net, weight_bits), 0, "WEIGHT_BITS = 0: must be a power of two, 1 .. 16"},
    {offsetof(sf_core_net, weight_bits), 12, "WEIGHT_BITS = 12: must be a power of two, 1 .. 16"},
    {offsetof(sf_core_net, potential_bits), 25, "POTENTIAL_BITS = 25: must be 8 .. 24"},
    {offsetof(sf_core_net, delay_slots), 3, "DELAY_SLOTS = 3: must be a power of two, 2 .. 64"},
    {offsetof(sf_core_net, n_profiles), 0, "profiles = 0: must be 1 .. 256"},
    {offsetof(sf_core_net, n_profiles), 257, "profiles = 257: must be 1 .. 256"},
    {offsetof(sf_core_net, n_routes), 65537, "routes = 65537: must be 0 .. 65536"},
};

START_TEST(wrong_sizes_are_refused_before_anything_is_made) {
  sf_network *net = sf_network_new(1);
  sf_msg msg;
  memcpy((char *)&net->core[0] + sizes[_i].at, &sizes[_i].value, sizeof sizes[_i].value);
  ck_assert_int_eq(sf_core_net_alloc(&net->core[0], &msg), SF_EINVAL);
  ck_assert_str_eq(msg.text, sizes[_i].want);
  ck_assert_ptr_null(net->core[0].threshold);
  ck_assert_int_eq(sf_network_check(net, &msg), SF_EINVAL);
  ck_assert_ptr_nonnull(strstr(msg.text, sizes[_i].want));
  sf_network_free(net);
}
END_TEST

START_TEST(new_networks_have_the_defaults) {
  sf_network *net = sf_network_new(1);
  sf_core_net *c = &net->core[0];
  sf_msg msg;
  ck_assert_int_eq(sf_network_check(net, &msg), SF_EINVAL);
  ck_assert_str_eq(msg.text, "core/0: its arrays have not been made");
  ck_assert_int_eq(sf_core_net_alloc(c, NULL), SF_OK);
  ck_assert_int_eq(c->profiles[0].v_floor, -32768);
  ck_assert_int_eq(c->threshold[255], 32767); /* silent */
  ck_assert_int_eq(sf_network_check(net, NULL), SF_OK);
  c->potential_bits = 24;
  c->weight_bits = 16;
  ck_assert_int_eq(sf_core_net_alloc(c, NULL), SF_OK); /* again, with other sizes */
  ck_assert_int_eq(c->profiles[0].v_floor, -8388608);
  ck_assert_int_eq(c->threshold[0], 8388607);
  ck_assert(c->w8 == NULL && c->w16 != NULL);
  sf_network_free(net);
  sf_network_free(NULL);
  ck_assert_ptr_null(sf_network_new(0));
  ck_assert_ptr_null(sf_network_new(SF_MAX_CORES + 1));
}
END_TEST

START_TEST(the_class_is_the_largest_score_then_the_lowest_number) {
  uint32_t neuron[4] = {0};
  const sf_readout r = {.n_classes = 4, .neuron = neuron};
  ck_assert_uint_eq(sf_readout_class(&r, (int64_t[]){1, 5, 5, 2}), 1);
  ck_assert_uint_eq(sf_readout_class(&r, (int64_t[]){-7, -7, -7, -7}), 0);
  ck_assert_uint_eq(sf_readout_class(&r, (int64_t[]){INT64_MIN, INT64_MIN, -3, -2}), 3);
}
END_TEST

START_TEST(cores_have_seeds_of_their_own) {
  ck_assert_uint_eq(sf_core_seed(17, 0), 17);
  ck_assert_uint_eq(sf_core_seed(17, 1), 2654435786u); /* 17 + 0x9E3779B9: the specification, cmodel/README.md */
  ck_assert_uint_eq(sf_core_seed(0xffffffffu, 3), 3668340010u); /* mod 2^32 */
}
END_TEST

/* ---- network against hardware ------------------------------------------------------------------------------- */

/* One core of 20 axons and 18 neurons that loads on `config`. */
static sf_network *small(sf_params *config) {
  sf_network *net = sf_network_new(1);
  sf_core_net *c = &net->core[0];
  c->axons = 20;
  c->neurons = 18;
  c->n_profiles = 2;
  c->n_routes = 2;
  c->delay_slots = 8;
  ck_assert_int_eq(sf_core_net_alloc(c, NULL), SF_OK);
  c->routes[0] = (sf_route){0, 0, 0, 1};
  c->routes[1] = (sf_route){0, SF_EXTERNAL, 0, 0};
  ck_assert_int_eq(sf_network_params(net, 0, config, NULL), SF_OK);
  return net;
}

START_TEST(smallest_hardware_for_a_network) {
  sf_params p;
  sf_network *net = small(&p);
  ck_assert(p.axons == 20 && p.neurons == 32 && p.lanes == 16 && p.neuron_lanes == 2 && p.weight_bits == 4);
  ck_assert(p.potential_bits == 16 && p.delay_slots == 8 && p.profiles == 2 && p.routes == 2);
  ck_assert(!p.has_current && !p.has_refractory && !p.has_adaptation && !p.has_noise);
  sf_network_free(net);
  net = sf_network_new(1);
  net->core[0].axons = net->core[0].neurons = 1;
  net->core[0].has_noise = true;
  ck_assert_int_eq(sf_core_net_alloc(&net->core[0], NULL), SF_OK);
  ck_assert_int_eq(sf_network_params(net, 0, &p, NULL), SF_OK);
  ck_assert(p.axons == 16 && p.neurons == 16 && p.routes == 1 && p.profiles == 1 && p.has_noise);
  ck_assert_int_eq(sf_network_params(net, 1, &p, NULL), SF_EINVAL);
  sf_network_free(net);
}
END_TEST

static void drive_clips(sf_core_net *c) {
  for (uint32_t i = 0; i < 20; i++) sf_core_set_weight(c, i, 17, i < 19 ? -8 : 7);
  c->profiles[0].weight_shift = 7;
  c->potential_bits = 15;
  c->profiles[0].v_floor = c->profiles[1].v_floor = 0;
}

#define FIT(name, net_change, config_change)       \
  static void name(sf_core_net *c, sf_params *p) { \
    (void)c, (void)p;                              \
    net_change;                                    \
    config_change;                                 \
  }
FIT(fit_larger, (void)0, (p->axons = 4096, p->neurons = 8192, p->delay_slots = 64, p->profiles = 99, p->routes = 65536))
FIT(fit_weight_bits, (void)0, p->weight_bits = 8)
FIT(fit_potential_bits, (void)0, p->potential_bits = 17)
FIT(fit_axons, (void)0, p->axons = 19)
FIT(fit_neurons, (void)0, p->neurons = 16)
FIT(fit_delay_slots, (void)0, p->delay_slots = 4)
FIT(fit_profiles, (void)0, p->profiles = 1)
FIT(fit_routes, (void)0, p->routes = 1)
FIT(fit_current, c->has_current = true, (void)0)
FIT(fit_current_built, c->has_current = true, p->has_current = true)
FIT(fit_refractory, c->has_refractory = true, (void)0)
FIT(fit_adaptation, c->has_adaptation = true, (void)0)
FIT(fit_noise, c->has_noise = true, (void)0)
FIT(fit_shift, c->profiles[1].v_decay = 512, p->leak_shift = true)
FIT(fit_shift_forget, c->profiles[1].v_decay = 4096, p->leak_shift = true)
FIT(fit_shift_bad, c->profiles[1].v_decay = 513, p->leak_shift = true)
FIT(fit_shift_bad_a, c->has_adaptation = true; c->profiles[0].a_decay = 3, p->leak_shift = p->has_adaptation = true)
FIT(fit_other_core, c->routes[1].core = 1, (void)0)
FIT(fit_bad_config, (void)0, p->lanes = 3)
/* 20 axons * -8 << 7 = -20480 fits 16 bits; 10-bit potentials do not hold it. */
FIT(fit_drive, for (uint32_t i = 0; i < 20; i++) sf_core_set_weight(c, i, 17, -8);
    c->profiles[0].weight_shift = 7, p->has_current = true)
FIT(fit_drive_clips, drive_clips(c), (p->has_current = true, p->potential_bits = 15))

static const struct {
  void (*change)(sf_core_net *c, sf_params *p);
  const char *want;
} fits[] = {
    {fit_larger, NULL},
    {fit_weight_bits, "core/0 needs WEIGHT_BITS = 4 exactly: the configuration has 8"},
    {fit_potential_bits, "core/0 needs POTENTIAL_BITS = 16 exactly: the configuration has 17"},
    {fit_axons, "core/0 needs AXONS = 20: the configuration has 19"},
    {fit_neurons, "core/0 needs NEURONS = 18: the configuration has 16"},
    {fit_delay_slots, "core/0 needs DELAY_SLOTS = 8: the configuration has 4"},
    {fit_profiles, "core/0 needs PROFILES = 2: the configuration has 1"},
    {fit_routes, "core/0 needs ROUTES = 2: the configuration has 1"},
    {fit_current, "core/0 needs HAS_CURRENT = 1: the configuration has 0"},
    {fit_current_built, NULL},
    {fit_refractory, "core/0 needs HAS_REFRACTORY = 1: the configuration has 0"},
    {fit_adaptation, "core/0 needs HAS_ADAPTATION = 1: the configuration has 0"},
    {fit_noise, "core/0 needs HAS_NOISE = 1: the configuration has 0"},
    {fit_shift, NULL},
    {fit_shift_forget, NULL},
    {fit_shift_bad,
     "core/0/profile/v_decay[1] = 513: must be 0 or a power of two: the configuration has LEAK = \"shift\""},
    {fit_shift_bad_a,
     "core/0/profile/a_decay[0] = 3: must be 0 or a power of two: the configuration has LEAK = \"shift\""},
    {fit_other_core, "core/0/route/core[1] = 1: must be 0 or -1, the hardware has one core"},
    {fit_bad_config, "LANES = 3: must be a power of two, 1 .. 4096"},
    {fit_drive, NULL},
    {fit_drive_clips,
     "core/0 has HAS_CURRENT = 0 and the configuration 1: the drive of neuron 17 can reach -19456 .. 896, must stay in "
     "-16384 .. 16383 (POTENTIAL_BITS = 15)"},
};

START_TEST(networks_fit_the_hardware_or_say_why_not) {
  sf_params p;
  sf_network *net = small(&p);
  sf_msg msg = {""};
  fits[_i].change(&net->core[0], &p);
  const sf_err e = sf_network_fit(net, 0, &p, &msg);
  if (fits[_i].want == NULL) ck_assert_msg(e == SF_OK, "%s", msg.text);
  else {
    ck_assert_int_eq(e, SF_EINVAL);
    ck_assert_str_eq(msg.text, fits[_i].want);
  }
  sf_network_free(net);
}
END_TEST

#define LOOP(test, table) tcase_add_loop_test(tests, test, 0, sizeof table / sizeof table[0])

int main(void) {
  Suite *suite = suite_create("network");
  TCase *tests = tcase_create("network");
  suite_add_tcase(suite, tests);
  LOOP(every_value_has_its_range, ranges);
  LOOP(weights_have_the_range_of_their_width, weights);
  LOOP(data_of_a_feature_that_is_off_is_refused, features);
  LOOP(wrong_sizes_are_refused_before_anything_is_made, sizes);
  tcase_add_test(tests, new_networks_have_the_defaults);
  tcase_add_test(tests, the_class_is_the_largest_score_then_the_lowest_number);
  tcase_add_test(tests, cores_have_seeds_of_their_own);
  tcase_add_test(tests, smallest_hardware_for_a_network);
  LOOP(networks_fit_the_hardware_or_say_why_not, fits);
  return suite_run(suite);
}
