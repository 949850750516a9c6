/* test_network_json - small networks written by hand as JSON: an example that names every key is compared with the
 * network it stands for; one core or several; weights in a CSV file beside it; what is left out; and every kind of
 * wrong file, each with its whole error line. */
#define _GNU_SOURCE
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "files/network_file.h"
#include "scratch.h"
#include "suite.h"

static sf_network *read_ok(const char *path) {
  sf_network *net = NULL;
  sf_msg msg = {""};
  ck_assert_msg(sf_network_read(path, &net, &msg) == SF_OK, "%s", msg.text);
  return net;
}

static const char everything[] =
    "\n  {\"format\": \"synfire-network\", \"version\": 1, \"name\": \"all\", \"comment\": \"every key\", \"seed\": "
    "4294967295,\n"
    "\"AXONS\": 20, \"NEURONS\": 5, \"WEIGHT_BITS\": 8, \"POTENTIAL_BITS\": 12, \"DELAY_SLOTS\": 8, \"HAS_CURRENT\": "
    "true,\n"
    "\"HAS_REFRACTORY\": 1, \"HAS_ADAPTATION\": true, \"HAS_NOISE\": false,\n"
    "\"weights\": [[0, 0, -128], [19, 4, 127], [3, 2, 1e1]],\n"
    "\"neurons\": [{\"id\": 4, \"threshold\": -2048, \"bias\": 1, \"profile\": 1, \"v_init\": 2, \"u_init\": 3, "
    "\"name\": \"x\"},\n"
    "             {\"id\": 0, \"threshold\": 9}],\n"
    "\"profiles\": [{}, {\"v_decay\": 1, \"u_decay\": 2, \"weight_shift\": 3, \"v_reset\": -4, \"reset_mode\": 2, "
    "\"v_floor\": -5,\n"
    "  \"floor_mode\": 1, \"v_floor_reset\": 6, \"refractory\": 7, \"a_inc\": -8, \"a_decay\": 9, \"noise_bits\": "
    "0}],\n"
    "\"routes\": [[4, 0, 19, 7], [0, -1, 0, 0]],\n"
    "\"readout\": {\"method\": \"potential\", \"ticks\": 12, \"core\": 0, \"neuron\": [4, 0]}}\n\n";

START_TEST(every_key_has_its_place) {
  sf_network *net = read_ok(scratch_text("all.json", everything));
  const sf_core_net *c = &net->core[0];
  ck_assert(net->n_cores == 1 && net->seed == 4294967295u);
  ck_assert(c->axons == 20 && c->neurons == 5 && c->weight_bits == 8 && c->potential_bits == 12 && c->delay_slots == 8);
  ck_assert(c->has_current && c->has_refractory && c->has_adaptation && !c->has_noise);
  int32_t sum = 0;
  for (uint32_t i = 0; i < 20; i++)
    for (uint32_t j = 0; j < 5; j++) sum += abs(sf_core_weight(c, i, j));
  ck_assert(sf_core_weight(c, 0, 0) == -128 && sf_core_weight(c, 19, 4) == 127 && sf_core_weight(c, 3, 2) == 10);
  ck_assert_int_eq(sum, 128 + 127 + 10);
  const int32_t threshold[5] = {9, 2047, 2047, 2047, -2048}; /* not listed: the largest, so that it stays silent */
  ck_assert_mem_eq(c->threshold, threshold, sizeof threshold);
  ck_assert(c->bias[4] == 1 && c->profile[4] == 1 && c->v_init[4] == 2 && c->u_init[4] == 3 && c->bias[0] == 0);
  const sf_profile plain = {.v_floor = -2048}, set = {1, 2, 3, -4, 2, -5, 1, 6, 7, -8, 9, 0};
  ck_assert_uint_eq(c->n_profiles, 2);
  ck_assert_mem_eq(&c->profiles[0], &plain, sizeof plain);
  ck_assert_mem_eq(&c->profiles[1], &set, sizeof set);
  const sf_route routes[2] = {{4, 0, 19, 7}, {0, SF_EXTERNAL, 0, 0}};
  ck_assert_uint_eq(c->n_routes, 2);
  ck_assert_mem_eq(c->routes, routes, sizeof routes);
  const sf_readout *r = &net->readout;
  ck_assert(r->method == SF_READ_POTENTIAL && r->ticks == 12 && r->core == 0 && r->n_classes == 2);
  ck_assert(r->neuron[0] == 4 && r->neuron[1] == 0);
  sf_network_free(net);
}
END_TEST

#define HEAD "{\"format\": \"synfire-network\", \"version\": 1, "
#define SIZE "\"AXONS\": 4, \"NEURONS\": 3"

START_TEST(what_is_left_out_has_its_default) {
  sf_network *net = read_ok(scratch_text("least.json", HEAD SIZE "}"));
  const sf_core_net *c = &net->core[0];
  ck_assert(c->weight_bits == 4 && c->potential_bits == 16 && c->delay_slots == 16 && c->n_profiles == 1);
  ck_assert(c->n_routes == 0 && !c->has_current && !c->has_refractory && !c->has_adaptation && !c->has_noise);
  ck_assert(c->threshold[2] == 32767 && net->readout.n_classes == 0 && net->seed == 0);
  sf_network_free(net);
  net = read_ok(scratch_text("two.json", "{\"format\": \"synfire-network\", \"version\": 2, " SIZE "}"));
  ck_assert(net->core[0].threshold[2] == 32767 && net->note.text[0] == '\0'); /* as in version 1 */
  sf_network_free(net);
  net = read_ok(scratch_text("infer.json", HEAD SIZE ", \"profiles\": [{\"refractory\": 2, \"a_decay\": 1}]}"));
  ck_assert(net->core[0].has_refractory && net->core[0].has_adaptation && !net->core[0].has_current);
  sf_network_free(net);
}
END_TEST

START_TEST(several_cores) {
  sf_network *net = read_ok(scratch_text(
      "cores.json", HEAD "\"cores\": [{" SIZE ", \"routes\": [[0, 1, 9, 3]]}, {\"AXONS\": 10, \"NEURONS\": 2, "
                         "\"DELAY_SLOTS\": 4, \"routes\": [[1, 0, 3, 15]], \"comment\": \"second\"}]}"));
  ck_assert(net->n_cores == 2 && net->core[0].axons == 4 && net->core[1].axons == 10);
  ck_assert(net->core[0].routes[0].core == 1 && net->core[1].routes[0].delay == 15);
  sf_network_free(net);
}
END_TEST

START_TEST(weights_from_a_csv_file_beside_it) {
  static const char *const text[] = {"axon,neuron,weight\r\n# comment\n\n0,0,-8\n 3 , 2 , 7 \n1,1,3",
                                     ("\xef\xbb\xbf"
                                      "0,0,-8\r\n3,2,7\r\n1,1,3\r\n"),
                                     "# by hand\n Axon , Neuron, WEIGHT # header\n0,0,-8 # x\n3,2,7#y\n  # z\n1,1,3\n"};
  scratch_text("w.csv", text[_i]);
  sf_network *net = read_ok(scratch_text("csv.json", HEAD SIZE ", \"weights_csv\": \"w.csv\"}"));
  const sf_core_net *c = &net->core[0];
  ck_assert(sf_core_weight(c, 0, 0) == -8 && sf_core_weight(c, 3, 2) == 7 && sf_core_weight(c, 1, 1) == 3);
  sf_network_free(net);
}
END_TEST

START_TEST(a_byte_order_mark_is_no_character) {
  sf_network_free(read_ok(scratch_text("bom.json", "\xef\xbb\xbf" HEAD SIZE "}")));
  sf_network *net = NULL;
  sf_msg msg;
  ck_assert_int_eq(sf_network_read(scratch_write("utf16.json", "\xff\xfe{\0}\0", 6), &net, &msg), SF_EFORMAT);
  ck_assert_ptr_nonnull(strstr(msg.text, "utf16.json: is neither HDF5 nor JSON: it is UTF-16, must be UTF-8"));
}
END_TEST

START_TEST(comments_stand_in_every_object) {
  sf_network *net = read_ok(scratch_text(
      "comments.json", HEAD "\"comment\": [\"two\", \"lines\"], \"cores\": [{" SIZE
                            ", \"comment\": 1, \"neurons\": [{\"id\": 1, \"threshold\": 4, \"comment\": \"x\"}], "
                            "\"profiles\": [{\"v_decay\": 9, \"comment\": null}]}], \"readout\": {\"comment\": \"y\", "
                            "\"method\": \"first\", \"ticks\": 3, \"neuron\": [0]}}"));
  ck_assert(net->core[0].threshold[1] == 4 && net->core[0].profiles[0].v_decay == 9 && net->readout.n_classes == 1);
  sf_network_free(net);
}
END_TEST

/* Standard input has no folder of its own: the weights beside it are looked for in the current one. */
START_TEST(a_network_comes_through_a_pipe) {
  static const char text[] = HEAD SIZE ", \"weights_csv\": \"w.csv\"}";
  char folder[400];
  int ends[2];
  snprintf(folder, sizeof folder, "%s", scratch_text("w.csv", "3,2,7\n"));
  *strrchr(folder, '/') = '\0';
  ck_assert(chdir(folder) == 0 && pipe(ends) == 0);
  ck_assert_int_eq(write(ends[1], text, sizeof text - 1), sizeof text - 1);
  close(ends[1]);
  ck_assert_int_eq(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
  sf_network *net = read_ok("-");
  ck_assert_int_eq(sf_core_weight(&net->core[0], 3, 2), 7);
  sf_network_free(net);
}
END_TEST

/* ---- bad files ---------------------------------------------------------------------------------------------- */

#define CORE HEAD SIZE ", "
#define KEYS                                                                                                         \
  "format version name comment seed readout cores AXONS NEURONS WEIGHT_BITS POTENTIAL_BITS DELAY_SLOTS HAS_CURRENT " \
  "HAS_REFRACTORY HAS_ADAPTATION HAS_NOISE weights weights_csv neurons profiles routes"
static const struct {
  const char *text, *csv, *want;
} bad[] = {
    {"{", NULL, "line 1: is not valid JSON"},
    {HEAD "\n\n \"AXONS\": x}", NULL, "line 3: is not valid JSON"},
    {HEAD SIZE "} }", NULL, "line 1: is not valid JSON"},
    {"{}", NULL, "format = \"\": must be \"synfire-network\""},
    {"{\"format\": 3}", NULL, "format: must be a string of at most 31 characters"},
    {"{\"format\": \"synfire-network\"}", NULL, "version: is missing, must be 1 .. 2"},
    {"{\"format\": \"synfire-network\", \"version\": 3}", NULL, "version = 3: must be 1 .. 2"},
    {HEAD "\"axons\": 4}", NULL, "unknown key axons; known: " KEYS},
    {HEAD SIZE ", \"AXONS\": 4}", NULL, "key AXONS: stands there twice"},
    {HEAD "\"AXONS\": 4}", NULL, "core/0/NEURONS: is missing"},
    {HEAD "\"NEURONS\": 4}", NULL, "core/0/AXONS: is missing"},
    {HEAD "\"AXONS\": 4097, \"NEURONS\": 3}", NULL, "core/0/AXONS = 4097: must be 1 .. 4096"},
    {HEAD "\"AXONS\": 4.5, \"NEURONS\": 3}", NULL, "core/0/AXONS: must be an integer, 1 .. 4096"},
    {HEAD "\"AXONS\": 1e300, \"NEURONS\": 3}", NULL, "core/0/AXONS is far out of range: must be 1 .. 4096"},
    {CORE "\"seed\": 9223372036854775808}", NULL, "seed is far out of range: must be 0 .. 4294967295"},
    {CORE "\"seed\": -18446744073709551616}", NULL, "seed is far out of range: must be 0 .. 4294967295"},
    {HEAD "\"AXONS\": \"4\", \"NEURONS\": 3}", NULL, "core/0/AXONS: must be an integer, 1 .. 4096"},
    {CORE "\"WEIGHT_BITS\": 5}", NULL, "core/0/WEIGHT_BITS = 5: must be a power of two, 1 .. 16"},
    {CORE "\"HAS_NOISE\": 2}", NULL, "core/0/HAS_NOISE: must be true, false, 1 or 0"},
    {CORE "\"seed\": -1}", NULL, "seed = -1: must be 0 .. 4294967295"},
    {CORE "\"weights\": {}}", NULL, "core/0/weights: must be an array [ ... ]"},
    {CORE "\"weights\": [[0, 0]]}", NULL, "core/0/weights[0]: must be an array of 3 integers"},
    {CORE "\"weights\": [[0, 0, 1], 5]}", NULL, "core/0/weights[1]: must be an array of 3 integers"},
    {CORE "\"weights\": [[4, 0, 1]]}", NULL, "core/0/weights[0]/axon = 4: must be 0 .. 3"},
    {CORE "\"weights\": [[0, 3, 1]]}", NULL, "core/0/weights[0]/neuron = 3: must be 0 .. 2"},
    {CORE "\"weights\": [[0, 0, 8]]}", NULL, "core/0/weights[0]/weight = 8: must be -8 .. 7"},
    {CORE "\"weights\": [[0, 0, null]]}", NULL, "core/0/weights[0]/weight: must be an integer, -8 .. 7"},
    {CORE "\"weights\": [[1, 2, 1], [1, 2, 1]]}", NULL,
     "core/0/weights[1]: the weight of axon 1 and neuron 2 stands there twice"},
    {CORE "\"weights\": [], \"weights_csv\": \"bad.csv\"}", "", "core/0: has both weights and weights_csv"},
    {CORE "\"weights_csv\": \"../bad.csv\"}", NULL,
     "weights_csv = \"../bad.csv\": must be a file in the same folder, without \"/\""},
    {CORE "\"weights_csv\": \"\"}", NULL, "weights_csv = \"\": must be a file in the same folder, without \"/\""},
    {CORE "\"weights_csv\": \"bad.csv\"}", "0,0", "bad.csv line 1: must be axon,neuron,weight"},
    {CORE "\"weights_csv\": \"bad.csv\"}", "axon,neuron,weight\n0,0,1,2\n",
     "bad.csv line 2: must be axon,neuron,weight"},
    {CORE "\"weights_csv\": \"bad.csv\"}", "0,0,1\n0,-1,1\n", "bad.csv line 2: neuron = -1: must be 0 .. 2"},
    {CORE "\"weights_csv\": \"bad.csv\"}", "0,0,99999999999999999999\n",
     "bad.csv line 1: weight = 99999999999999999999: must be -8 .. 7"},
    {CORE "\"weights_csv\": \"bad.csv\"}", "axon,weight\n0,0,1\n", "bad.csv line 1: must be axon,neuron,weight"},
    {CORE "\"weights_csv\": \"bad.csv\"}", "0,0,1\n0,0,1\n",
     "bad.csv line 2: the weight of axon 0 and neuron 0 stands there twice"},
    {CORE "\"neurons\": [5]}", NULL, "core/0/neurons[0]: must be an object { ... }"},
    {CORE "\"neurons\": [{\"threshold\": 1}]}", NULL, "core/0/neurons[0]/id: is missing"},
    {CORE "\"neurons\": [{\"id\": 0}]}", NULL, "core/0/neurons[0]/threshold: is missing"},
    {CORE "\"neurons\": [{\"id\": 3, \"threshold\": 1}]}", NULL, "core/0/neurons[0]/id = 3: must be 0 .. 2"},
    {CORE "\"neurons\": [{\"id\": 1, \"threshold\": 1}, {\"id\": 1, \"threshold\": 1}]}", NULL,
     "core/0/neurons[1]: neuron 1 stands there twice"},
    {CORE "\"neurons\": [{\"id\": 1, \"threshold\": 40000}]}", NULL,
     "core/0/neurons[0]/threshold = 40000: must be -32768 .. 32767"},
    {CORE "\"neurons\": [{\"id\": 1, \"threshold\": 1, \"profile\": 1}]}", NULL,
     "core/0/neurons[0]/profile = 1: must be 0 .. 0"},
    {CORE "\"neurons\": [{\"id\": 1, \"threshold\": 1, \"v\": 1}]}", NULL,
     "unknown key core/0/neurons[0]/v; known: id threshold bias profile v_init u_init name comment"},
    {CORE "\"neurons\": [{}, {}, {}, {}]}", NULL, "core/0/neurons: has 4 elements: must be at most 3"},
    {CORE "\"profiles\": []}", NULL, "core/0/profiles = 0: must be 1 .. 3"},
    {CORE "\"profiles\": [{\"v_decay\": 5000}]}", NULL, "core/0/profiles[0]/v_decay = 5000: must be 0 .. 4096"},
    {CORE "\"profiles\": [{\"decay\": 5000}]}", NULL,
     "unknown key core/0/profiles[0]/decay; known: v_decay u_decay weight_shift v_reset reset_mode v_floor floor_mode "
     "v_floor_reset refractory a_inc a_decay noise_bits comment"},
    {CORE "\"HAS_NOISE\": false, \"profiles\": [{\"noise_bits\": 1}]}", NULL,
     "core/0/profile/noise_bits[0] = 1: must be 0 because HAS_NOISE is 0"},
    {CORE "\"routes\": [[0, 0, 0]]}", NULL, "core/0/routes[0]: must be an array of 4 integers"},
    {CORE "\"routes\": [[0, 0, 0, 0]]}", NULL, "core/0/route/delay[0] = 0: must be 1 .. 15"},
    {CORE "\"routes\": [[3, 0, 0, 1]]}", NULL, "core/0/route/neuron[0] = 3: must be 0 .. 2"},
    {CORE "\"routes\": [[0, 1, 0, 1]]}", NULL, "core/0/route/core[0] = 1: must be -1 .. 0"},
    {HEAD "\"cores\": []}", NULL, "cores: is empty"},
    {HEAD "\"cores\": [4]}", NULL, "core/0: must be an object { ... }"},
    {HEAD "\"cores\": [{" SIZE "}, {\"AXONS\": 4}]}", NULL, "core/1/NEURONS: is missing"},
    {HEAD "\"AXONS\": 4, \"cores\": [{" SIZE "}]}", NULL,
     "unknown key AXONS; known: format version name comment seed readout cores"},
    {CORE "\"readout\": {\"method\": \"first\", \"ticks\": 3}}", NULL, "readout: ticks or neuron is missing"},
    {CORE "\"readout\": {\"ticks\": 3}}", NULL,
     "readout/method = \"\": must be \"potential\", \"spikes\" or \"first\""},
    {CORE "\"readout\": {\"method\": \"first\", \"ticks\": 3, \"neuron\": [0, 3]}}", NULL,
     "readout/neuron[1] = 3: must be 0 .. 2"},
    {CORE "\"readout\": {\"method\": \"first\", \"ticks\": 3, \"neuron\": [2, 0, 2]}}", NULL,
     "readout/neuron[2] = 2: stands there twice"},
    {CORE "\"comment\": 1, \"comment\": 2}", NULL, "key comment: stands there twice"},
};

START_TEST(bad_files_are_refused_with_one_line) {
  sf_network *net = NULL;
  sf_msg msg = {""};
  char line[700];
  if (bad[_i].csv != NULL) scratch_text("bad.csv", bad[_i].csv);
  const char *path = scratch_text("bad.json", bad[_i].text);
  ck_assert_msg(sf_network_read(path, &net, &msg) != SF_OK, "was read: %s", bad[_i].want);
  snprintf(line, sizeof line, "%s: %s", path, bad[_i].want);
  ck_assert_str_eq(msg.text, line);
  ck_assert_ptr_null(net);
}
END_TEST

START_TEST(a_zero_byte_is_no_end) {
  static const char text[] = HEAD SIZE "}\0 and more";
  sf_network *net = NULL;
  sf_msg msg;
  ck_assert_int_eq(sf_network_read(scratch_write("zero.json", text, sizeof text - 1), &net, &msg), SF_EFORMAT);
  ck_assert_ptr_nonnull(strstr(msg.text, "is not JSON: it has a 0 byte in it"));
  ck_assert_int_eq(sf_network_read(scratch_text("none.json", CORE "\"weights_csv\": \"none.csv\"}"), &net, &msg),
                   SF_EIO);
  ck_assert_ptr_nonnull(strstr(msg.text, "none.csv: No such file or directory"));
}
END_TEST

int main(void) {
  Suite *suite = suite_create("network_json");
  TCase *tests = tcase_create("network_json");
  suite_add_tcase(suite, tests);
  tcase_add_test(tests, every_key_has_its_place);
  tcase_add_test(tests, what_is_left_out_has_its_default);
  tcase_add_test(tests, several_cores);
  tcase_add_loop_test(tests, weights_from_a_csv_file_beside_it, 0, 3);
  tcase_add_test(tests, a_byte_order_mark_is_no_character);
  tcase_add_test(tests, comments_stand_in_every_object);
  tcase_add_test(tests, a_network_comes_through_a_pipe);
  tcase_add_loop_test(tests, bad_files_are_refused_with_one_line, 0, sizeof bad / sizeof bad[0]);
  tcase_add_test(tests, a_zero_byte_is_no_end);
  return suite_run_in_scratch(suite);
}
