/* test_model_events - the functional model: events, delays, merging, routes between cores, the order of output events,
 * counters, reset, and the tick number. Small networks whose every tick can be followed on paper. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "suite.h"
#include "synfire/model.h"

static sf_model *model_of(sf_network *net) {
  sf_model *m = NULL;
  sf_msg msg = {""};
  ck_assert_msg(sf_model_new(net, &m, &msg) == SF_OK, "%s", msg.text);
  sf_network_free(net);
  return m;
}

/* n_cores cores in which axon i drives neuron i alone, which fires in the same tick and forgets. */
static sf_network *relays(uint32_t n_cores, uint32_t n, uint32_t delay_slots, uint32_t n_routes) {
  sf_network *net = sf_network_new(n_cores);
  for (uint32_t k = 0; k < n_cores; k++) {
    sf_core_net *c = &net->core[k];
    c->axons = c->neurons = n;
    c->delay_slots = delay_slots;
    c->n_routes = n_routes;
    ck_assert_int_eq(sf_core_net_alloc(c, NULL), SF_OK);
    c->profiles[0].v_decay = 4096;
    for (uint32_t j = 0; j < n; j++) {
      c->threshold[j] = 1;
      sf_core_set_weight(c, j, j, 1);
    }
    /* Routes that nobody asked for leave the chip from the last neuron. */
    for (uint32_t i = 0; i < n_routes; i++) c->routes[i] = (sf_route){n - 1, SF_EXTERNAL, 0, 0};
  }
  return net;
}

static void inject(sf_model *m, uint32_t core, uint32_t axon, uint32_t delay) {
  ck_assert_int_eq(sf_model_inject(m, core, axon, delay), SF_OK);
}

/* The spikes of one step as text: "core:neuron core:neuron ". */
static const char *list(const sf_event *event, uint32_t n) {
  static char text[4][512];
  static int turn;
  char *to = text[turn = (turn + 1) % 4];
  size_t used = 0;
  to[0] = '\0';
  for (uint32_t i = 0; i < n && used < sizeof text[0] - 24; i++)
    used += (size_t)snprintf(to + used, sizeof text[0] - used, "%u:%u ", event[i].core, event[i].neuron);
  return to;
}
static const char *spikes(sf_model *m) {
  const sf_tick_result *t = sf_model_step(m);
  return list(t->spike, t->n_spikes);
}

/* ---- delays ------------------------------------------------------------------------------------------------- */

static const uint32_t slots[] = {2, 4, 8, 16, 32, 64};

START_TEST(an_event_arrives_after_its_delay_and_once) {
  const uint32_t d = slots[_i];
  sf_model *m = model_of(relays(1, 70, d, 0));
  for (uint32_t start = 0; start < 3; start++) { /* also while the ring has turned */
    sf_model_reset(m);
    for (uint32_t t = 0; t < start * 3; t++) ck_assert_str_eq(spikes(m), "");
    for (uint32_t k = 0; k < d; k++) inject(m, 0, k, k);
    for (uint32_t k = 0; k < d; k++) {
      char want[16];
      snprintf(want, sizeof want, "0:%u ", k);
      ck_assert_str_eq(spikes(m), want);
    }
    for (uint32_t k = 0; k < 2 * d; k++) ck_assert_str_eq(spikes(m), "");
  }
  ck_assert_int_eq(sf_model_inject(m, 0, 0, d), SF_EINVAL);
  sf_model_free(m);
}
END_TEST

START_TEST(a_route_takes_its_delay) {
  const uint32_t d = slots[_i];
  for (uint32_t delay = 1; delay < d; delay = delay < 4 ? delay + 1 : 2 * delay - 1) {
    sf_network *net = relays(1, 4, d, 1);
    net->core[0].routes[0] = (sf_route){0, 0, 3, delay};
    sf_model *m = model_of(net);
    inject(m, 0, 0, 0);
    ck_assert_str_eq(spikes(m), "0:0 ");
    for (uint32_t t = 1; t < delay; t++) ck_assert_str_eq(spikes(m), "");
    ck_assert_str_eq(spikes(m), "0:3 ");
    ck_assert_str_eq(spikes(m), "");
    sf_model_free(m);
  }
}
END_TEST

/* ---- cores -------------------------------------------------------------------------------------------------- */

/* A spike goes round three cores, one tick a hop, whichever core is computed first; then it leaves. */
START_TEST(routes_between_cores_keep_time) {
  sf_network *net = relays(3, 4, 4, 1);
  net->core[0].routes[0] = (sf_route){1, 2, 2, 1}; /* up */
  net->core[2].routes[0] = (sf_route){2, 1, 3, 1}; /* down */
  net->core[1].routes[0] = (sf_route){3, 0, 0, 3}; /* down, slower */
  sf_model *m = model_of(net);
  inject(m, 0, 1, 0);
  ck_assert_str_eq(spikes(m), "0:1 ");
  ck_assert_str_eq(spikes(m), "2:2 ");
  ck_assert_str_eq(spikes(m), "1:3 ");
  ck_assert_str_eq(spikes(m), "");
  ck_assert_str_eq(spikes(m), "");
  ck_assert_str_eq(spikes(m), "0:0 ");
  ck_assert_str_eq(spikes(m), "");
  sf_model_free(m);
}
END_TEST

/* Cores may differ in size and depth of their ring; each counts its own slots. */
START_TEST(cores_of_different_depth) {
  sf_network *net = relays(2, 4, 2, 1);
  sf_core_net *deep = &net->core[1];
  deep->delay_slots = 64;
  net->core[0].routes[0] = (sf_route){0, 1, 3, 63};
  deep->routes[0] = (sf_route){3, 0, 2, 1};
  sf_model *m = model_of(net);
  inject(m, 0, 0, 1);
  ck_assert_str_eq(spikes(m), "");
  ck_assert_str_eq(spikes(m), "0:0 ");
  for (int t = 0; t < 62; t++) ck_assert_str_eq(spikes(m), "");
  ck_assert_str_eq(spikes(m), "1:3 ");
  ck_assert_str_eq(spikes(m), "0:2 ");
  ck_assert_str_eq(spikes(m), "");
  ck_assert_int_eq(sf_model_inject(m, 0, 0, 2), SF_EINVAL);
  ck_assert_int_eq(sf_model_inject(m, 1, 0, 63), SF_OK);
  ck_assert_int_eq(sf_model_inject(m, 2, 0, 0), SF_EINVAL);
  sf_model_free(m);
}
END_TEST

/* ---- order -------------------------------------------------------------------------------------------------- */

START_TEST(output_events_come_by_core_neuron_and_route) {
  sf_network *net = relays(2, 4, 4, 6);
  const sf_route first[6] = {{3, SF_EXTERNAL, 0, 0}, {0, 1, 1, 1},           {2, SF_EXTERNAL, 3, 3},
                             {0, SF_EXTERNAL, 0, 0}, {0, SF_EXTERNAL, 0, 1}, {3, 0, 2, 2}};
  for (int i = 0; i < 6; i++) net->core[0].routes[i] = first[i];
  net->core[1].routes[0] = (sf_route){0, SF_EXTERNAL, 0, 0};
  sf_model *m = model_of(net);
  inject(m, 1, 3, 0);
  inject(m, 1, 0, 0);
  inject(m, 0, 3, 0);
  inject(m, 0, 1, 0);
  inject(m, 0, 0, 0);
  const sf_tick_result *t = sf_model_step(m);
  ck_assert_uint_eq(t->tick, 0);
  ck_assert_str_eq(list(t->spike, t->n_spikes), "0:0 0:1 0:3 1:0 1:3 ");
  /* Neuron 0 has two external routes: two events; neuron 1 none; core 1's neuron 3 has the five of relays(). */
  ck_assert_str_eq(list(t->out, t->n_out), "0:0 0:0 0:3 1:0 1:3 1:3 1:3 1:3 1:3 ");
  ck_assert_str_eq(spikes(m), "1:1 ");
  ck_assert_str_eq(spikes(m), "0:2 ");
  ck_assert_uint_eq(sf_model_counters(m, 0).events_out, 4);
  ck_assert_uint_eq(sf_model_counters(m, 1).events_out, 6);
  ck_assert_uint_eq(sf_model_counters(m, SF_ALL_CORES).events_out, 10);
  sf_model_free(m);
}
END_TEST

/* ---- merging and counting ----------------------------------------------------------------------------------- */

START_TEST(events_merge_and_are_counted) {
  sf_network *net = relays(2, 4, 4, 3);
  sf_core_net *c = &net->core[0];
  c->routes[0] = (sf_route){0, 0, 2, 1};
  c->routes[1] = (sf_route){1, 0, 2, 1}; /* the same axon and tick as neuron 0's */
  c->routes[2] = (sf_route){0, 1, 2, 1};
  sf_model *m = model_of(net);
  inject(m, 0, 0, 0);
  inject(m, 0, 0, 0); /* merges */
  inject(m, 0, 1, 0);
  inject(m, 0, 0, 1);
  inject(m, 0, 2, 1); /* two routed events merge into this one */
  inject(m, 1, 2, 1); /* and one in core 1 */
  inject(m, 0, 4, 0); /* no such axon */
  inject(m, 1, 0xffffffffu, 0);
  ck_assert_str_eq(spikes(m), "0:0 0:1 ");
  sf_counters a = sf_model_counters(m, 0), b = sf_model_counters(m, 1), all = sf_model_counters(m, SF_ALL_CORES);
  ck_assert_uint_eq(a.events_in, 5);
  ck_assert_uint_eq(a.merges, 3);
  ck_assert_uint_eq(a.dropped, 1);
  ck_assert_uint_eq(a.active_axons, 2);
  ck_assert_uint_eq(a.synaptic_ops, 8);
  ck_assert_uint_eq(a.spikes, 2);
  ck_assert_uint_eq(b.events_in, 1);
  ck_assert_uint_eq(b.merges, 1);
  ck_assert_uint_eq(b.dropped, 1);
  ck_assert_uint_eq(b.synaptic_ops, 0);
  ck_assert_uint_eq(all.events_in, 6);
  ck_assert_uint_eq(all.merges, 4);
  ck_assert_uint_eq(all.dropped, 2);
  ck_assert_uint_eq(all.ticks, 1);
  ck_assert_str_eq(spikes(m), "0:0 0:2 1:2 "); /* a merged event counts once: weight 1, threshold 1 either way */
  ck_assert_uint_eq(sf_model_counters(m, 0).ticks, 2);
  ck_assert_uint_eq(sf_model_counters(m, 2).ticks, 0); /* no such core */
  sf_model_free(m);
}
END_TEST

START_TEST(a_merged_event_acts_once) {
  sf_network *net = relays(1, 2, 4, 0);
  net->core[0].threshold[0] = 2;
  sf_model *m = model_of(net);
  inject(m, 0, 0, 0);
  inject(m, 0, 0, 0);
  ck_assert_str_eq(spikes(m), "");
  sf_model_free(m);
}
END_TEST

/* ---- reset and tick ----------------------------------------------------------------------------------------- */

START_TEST(reset_starts_the_same_run_again) {
  sf_network *net = relays(2, 20, 8, 2);
  for (int k = 0; k < 2; k++) {
    sf_core_net *c = &net->core[k];
    c->has_current = c->has_adaptation = c->has_refractory = c->has_noise = true;
    c->profiles[0] = (sf_profile){
        .v_decay = 100, .u_decay = 500, .refractory = 2, .a_inc = 3, .a_decay = 50, .noise_bits = 5, .v_floor = -100};
    c->routes[0] = (sf_route){0, 1 - k, 3, 5};
    c->routes[1] = (sf_route){3, SF_EXTERNAL, 0, 0};
    for (int j = 0; j < 20; j++) {
      c->v_init[j] = j - 10;
      c->u_init[j] = 10 - j;
      c->threshold[j] = 12;
    }
  }
  sf_model *m = model_of(net);
  static char first[40][512];
  for (int run = 0; run < 3; run++) {
    for (int t = 0; t < 40; t++) {
      inject(m, (uint32_t)t % 2, (uint32_t)(t * 7) % 20, (uint32_t)t % 8);
      ck_assert_uint_eq(sf_model_tick(m), (uint32_t)t);
      const char *now = spikes(m);
      if (run == 0) snprintf(first[t], sizeof first[t], "%s", now);
      ck_assert_str_eq(now, first[t]);
    }
    ck_assert_uint_eq(sf_model_counters(m, SF_ALL_CORES).events_in, 40);
    sf_model_reset(m);
    const sf_counters c = sf_model_counters(m, SF_ALL_CORES);
    ck_assert(c.ticks == 0 && c.events_in == 0 && c.spikes == 0 && c.merges == 0 && c.synaptic_ops == 0);
  }
  sf_model_free(m);
}
END_TEST

START_TEST(the_tick_number_wraps_and_leaves_delays_alone) {
  sf_model *m = model_of(relays(1, 4, 8, 0));
  inject(m, 0, 1, 2);
  sf_model_set_tick(m, 0xffffffffu);
  ck_assert_uint_eq(sf_model_step(m)->tick, 0xffffffffu);
  ck_assert_uint_eq(sf_model_tick(m), 0);
  ck_assert_uint_eq(sf_model_step(m)->tick, 0);
  ck_assert_str_eq(spikes(m), "0:1 ");
  sf_model_free(m);
}
END_TEST

/* Two cores of the same network, same neurons: their noise differs; core 0's is the plain seed's. */
START_TEST(cores_do_not_share_their_noise) {
  sf_network *net = relays(2, 4, 4, 0);
  net->seed = 99;
  for (int k = 0; k < 2; k++) {
    net->core[k].has_noise = true;
    net->core[k].profiles[0].noise_bits = 12;
    for (int j = 0; j < 4; j++) net->core[k].threshold[j] = 32767;
  }
  sf_model *m = model_of(net);
  sf_model_step(m);
  int32_t a[4], b[4], again[4];
  for (uint32_t j = 0; j < 4; j++) {
    ck_assert_int_eq(sf_model_peek(m, 0, j, SF_V, &a[j]), SF_OK);
    ck_assert_int_eq(sf_model_peek(m, 1, j, SF_V, &b[j]), SF_OK);
  }
  ck_assert(a[0] != b[0] || a[1] != b[1] || a[2] != b[2] || a[3] != b[3]);
  sf_model_reset(m);
  ck_assert_int_eq(sf_model_poke_seed(m, 1, 99), SF_OK);
  sf_model_step(m);
  for (uint32_t j = 0; j < 4; j++) {
    ck_assert_int_eq(sf_model_peek(m, 1, j, SF_V, &again[j]), SF_OK);
    ck_assert_int_eq(again[j], a[j]);
  }
  sf_model_free(m);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("model_events");
  TCase *tests = tcase_create("events");
  suite_add_tcase(suite, tests);
  tcase_add_loop_test(tests, an_event_arrives_after_its_delay_and_once, 0, 6);
  tcase_add_loop_test(tests, a_route_takes_its_delay, 0, 6);
  tcase_add_test(tests, routes_between_cores_keep_time);
  tcase_add_test(tests, cores_of_different_depth);
  tcase_add_test(tests, output_events_come_by_core_neuron_and_route);
  tcase_add_test(tests, events_merge_and_are_counted);
  tcase_add_test(tests, a_merged_event_acts_once);
  tcase_add_test(tests, reset_starts_the_same_run_again);
  tcase_add_test(tests, the_tick_number_wraps_and_leaves_delays_alone);
  tcase_add_test(tests, cores_do_not_share_their_noise);
  return suite_run(suite);
}
