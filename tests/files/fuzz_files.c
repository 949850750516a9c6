/* fuzz_files - files of every kind, changed at random, never crash a reader. From valid files of each format (network
 * HDF5 in the old and the new HDF5 layout, network JSON, weights CSV, spikes HDF5 and CSV, configuration, sweep and
 * results JSON, learning rules, IDX digits) it makes thousands by flipping bits, setting bytes to telling values,
 * cutting, doubling and inserting; and HDF5 files that are sound as such but hold random datasets of random types,
 * shapes, chunks and attributes. Every reader must return a network, or an error with one line of text; a network that
 * is taken is checked again, and runs some ticks in the model. Built with the address and undefined-behaviour
 * sanitizers. The files are the same in every run; FUZZ_SEED=n makes others, FUZZ_TIMES=n more.
 *
 * With -DSF_LIBFUZZER and clang's -fsanitize=fuzzer the same readers are driven by libFuzzer: the first byte
 * chooses. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "explore/explore.h"
#include "explore/project.h"
#include "explore/rows.h"
#include "files/config_file.h"
#include "files/h5_util.h"
#include "files/network_file.h"
#include "files/rule_file.h"
#include "files/spikes_file.h"
#include "scratch.h"
#include "suite.h"
#include "synfire/model.h"
#include "train/mnist.h"

/* ---- readers: each returns what happened; whatever was read is used a little and freed ----------------------- */

static void one_line(sf_err e, const sf_msg *msg) {
  const size_t n = strnlen(msg->text, sizeof msg->text);
  if (e == SF_OK || (n > 0 && n < sizeof msg->text && strpbrk(msg->text, "\r\n") == NULL)) return;
  fprintf(stderr, "fuzz_files: error %d without a line of text: \"%.200s\"\n", (int)e, msg->text);
  abort();
}

static void run(const sf_network *net) {
  sf_model *m;
  sf_msg msg = {""};
  if (sf_network_check(net, &msg) != SF_OK || sf_model_new(net, &m, &msg) != SF_OK) {
    fprintf(stderr, "fuzz_files: a network was read that is none: %s\n", msg.text);
    abort();
  }
  for (uint32_t t = 0; t < 3; t++) {
    for (uint32_t axon = t; axon < net->core[0].axons; axon += 3) (void)sf_model_inject(m, 0, axon, 0);
    (void)sf_model_step(m);
  }
  sf_model_free(m);
}

static sf_err read_network(const char *path) {
  sf_network *net;
  sf_msg msg = {""};
  const sf_err e = sf_network_read(path, &net, &msg);
  one_line(e, &msg);
  if (e == SF_OK) {
    run(net);
    sf_network_free(net);
  }
  return e;
}

static sf_err read_spikes(const char *path) {
  sf_spikes s;
  sf_msg msg = {""};
  const sf_err e = sf_spikes_read(path, &s, &msg);
  one_line(e, &msg);
  if (e == SF_OK) {
    uint64_t sum = 0;
    for (size_t k = 0; k < s.n_samples; k++) {
      const sf_spikes one = sf_spikes_sample(&s, k);
      for (size_t i = 0; i < one.n; i++) sum += one.tick[i] + one.unit[i];
    }
    if (sum == UINT64_MAX || s.first[s.n_samples] != s.n) abort();
    sf_spikes_free(&s);
  }
  return e;
}

static sf_err read_config(const char *path) {
  sf_config c;
  sf_msg msg = {""};
  const sf_err e = sf_config_read(path, &c, &msg);
  one_line(e, &msg);
  if (e == SF_OK && sf_params_check(&c.params, NULL) != SF_OK) abort();
  return e;
}

static sf_err read_sweep(const char *path) {
  sf_sweep *s;
  sf_msg msg = {""};
  const sf_err e = sf_sweep_read(path, &s, &msg);
  one_line(e, &msg);
  if (e == SF_OK) {
    if (s->n_points > SF_SWEEP_MAX_POINTS) abort();
    for (uint32_t i = 0; i < s->n_points; i++)
      if (!s->point[i].invalid && sf_params_check(&s->point[i].params, NULL) != SF_OK) abort();
    uint32_t *order = malloc((s->n_points + 1) * sizeof *order);
    if (!order || sf_sweep_order(s, order, &msg) != SF_OK) abort();
    free(order);
    sf_sweep_free(s);
  }
  return e;
}

/* Results that were changed are written in all forms again. */
static sf_err read_results(const char *path) {
  cJSON *results;
  sf_msg msg = {""};
  const sf_err e = sf_rows_read(path, &results, &msg);
  one_line(e, &msg);
  if (e == SF_OK) {
    cJSON *row, *rows = cJSON_GetObjectItemCaseSensitive(results, "rows");
    cJSON_ArrayForEach(row, rows) sf_rows_derive(row);
    sf_rows_fronts(rows);
    if (sf_rows_write_csv(results, scratch_path("out.csv"), &msg) ||
        sf_rows_write_json(results, scratch_path("out.json"), &msg) ||
        sf_rows_write_markdown(results, scratch_path("out.md"), &msg))
      abort();
    const sf_assumed assumed = {0.02, 1000, 266, 32};
    cJSON *projection;
    const sf_err p = sf_project(results, &assumed, &projection, &msg);
    one_line(p, &msg);
    if (p == SF_OK) {
      char *text = sf_project_markdown(projection);
      if (!text) abort();
      free(text);
      cJSON_Delete(projection);
    }
    cJSON_Delete(results);
  }
  return e;
}

/* What is taken is printed, and taken again as the same. */
static sf_err read_rule(const char *path) {
  static const sf_rule_widths on = {8, 16, 8};
  static char printed[SF_RULE_TEXT], again[SF_RULE_TEXT];
  static sf_rule_file file, second;
  sf_msg msg = {""};
  const sf_err e = sf_rule_read(path, &on, &file, &msg);
  one_line(e, &msg);
  if (e != SF_OK) return e;
  sf_rule_file_print(&file, &on, printed);
  if (sf_rule_parse(printed, strlen(printed), &on, &second, &msg) != SF_OK ||
      memcmp(&file, &second, sizeof file) != 0) {
    fprintf(stderr, "fuzz_files: a rule is printed as another one: %s\n%s", msg.text, printed);
    abort();
  }
  sf_rule_file_print(&second, &on, again);
  if (strcmp(printed, again) != 0) abort();
  return e;
}

/* The digits that were changed stand beside sound labels. */
static sf_err read_digits(const char *path) {
  struct sf_mnist set;
  sf_msg msg = {""};
  char folder[400];
  snprintf(folder, sizeof folder, "%.*s", (int)(strrchr(path, '/') - path), path);
  const sf_err e = sf_mnist_read(folder, "t10k", &set, &msg);
  one_line(e, &msg);
  if (e == SF_OK) sf_mnist_free(&set);
  return e;
}

/* The CSV file that was changed is the one this network names. */
static sf_err read_weights(const char *path) {
  (void)path;
  return read_network(scratch_path("csv.json"));
}

/* ---- valid files to start from ------------------------------------------------------------------------------ */

static const char json_network[] =
    "{\"format\":\"synfire-network\",\"version\":1,\"seed\":7,\"cores\":[{\"AXONS\":6,\"NEURONS\":4,\"WEIGHT_BITS\":4,"
    "\"POTENTIAL_BITS\":10,\"DELAY_SLOTS\":4,\"HAS_NOISE\":true,\"weights\":[[0,0,7],[5,3,-8]],\"neurons\":[{\"id\":0,"
    "\"threshold\":2,\"bias\":-1},{\"id\":3,\"threshold\":5,\"profile\":1,\"v_init\":3}],\"profiles\":[{\"v_decay\":"
    "4096},"
    "{\"noise_bits\":3,\"refractory\":0}],\"routes\":[[0,0,1,3],[3,1,1,1],[0,-1,0,0]]},{\"AXONS\":2,\"NEURONS\":2}],"
    "\"readout\":{\"method\":\"spikes\",\"ticks\":8,\"neuron\":[0,3]}}";
static const char json_config[] =
    "{\"name\":\"c\",\"target\":\"up5k\",\"clock_mhz_min\":24,\"AXONS\":256,\"NEURONS\":256,\"LANES\":16,\"NEURON_"
    "LANES\":2,"
    "\"LEARNING_LANES\":0,\"WEIGHT_BITS\":4,\"POTENTIAL_BITS\":16,\"DELAY_SLOTS\":16,\"PROFILES\":16,\"ROUTES\":512,"
    "\"HAS_CURRENT\":true,\"HAS_NOISE\":0,\"LEAK\":\"shift\",\"WEIGHT_MEMORY\":\"block\"}";

static const char json_sweep[] =
    "{\"format\":\"synfire-sweep\",\"version\":1,\"name\":\"f\",\"steps\":[\"lint\",\"model\",\"route\"],\"targets\":["
    "\"up5k\",\"ecp5-85\"],"
    "\"top\":\"core\",\"freq_mhz\":50,\"limit_s\":60,\"route_seeds\":[1,2],\"parameters\":{\"AXONS\":[16,64],"
    "\"NEURONS\":{\"from\":16,"
    "\"to\":64,\"step\":16},\"LANES\":{\"from\":1,\"to\":8,\"times\":2},\"LEAK\":\"shift\",\"HAS_NOISE\":[true,0]},"
    "\"traffic\":{\"events\":[1,2],\"ticks\":5,\"seed\":3},\"grids\":[{\"networks\":[{\"random\":{\"density\":[0.1,0.9]"
    ",\"seed\":2}}]},"
    "{\"name\":\"g\",\"cases\":[{\"LANES\":4,\"NEURON_LANES\":1},{\"LANES\":8,\"NEURON_LANES\":2}]}]}";
static const char json_results[] =
    "{\"format\":\"synfire-explore\",\"version\":1,\"sweep\":\"f\",\"points\":2,\"ok\":1,\"failed\":1,\"error\":0,"
    "\"missing\":0,"
    "\"tools\":{\"yosys\":\"0.23\"},\"columns\":[{\"key\":\"point\",\"title\":\"p\"},{\"key\":\"network\",\"title\":"
    "\"n\"}],\"rows\":[{\"point\":0,"
    "\"status\":\"ok\",\"target\":\"up5k\",\"network\":\"a,b\",\"AXONS\":64,\"NEURONS\":128,\"LANES\":16,\"WEIGHT_"
    "BITS\":4,\"POTENTIAL_BITS\":16,"
    "\"LEAK\":\"shift\",\"synaptic_ops\":8192,\"active_axons\":64,\"model_ticks\":4,\"samples\":2,\"cycles\":1024,"
    "\"lut4\":1000,\"block_ram\":8,"
    "\"fmax_mhz\":50,\"logs\":{\"lint\":\"/a/b\"}},{\"point\":1,\"status\":\"failed\",\"reason\":\"x|y\"}]}";

#define ROUTED(point, lanes, luts)                                                                                  \
  "{\"point\":" point ",\"status\":\"ok\",\"target\":\"hx8k\",\"AXONS\":64,\"NEURONS\":64,\"LANES\":" lanes         \
  ",\"NEURON_LANES\":2,\"WEIGHT_BITS\":4,\"POTENTIAL_BITS\":16,\"luts\":" luts ",\"block_ram\":15,\"fmax_mhz\":84," \
  "\"cycles\":900,\"model_ticks\":10,\"active_axons\":300,\"spikes\":20}"
static const char json_routed[] =
    "{\"format\":\"synfire-explore\",\"sweep\":\"r\",\"rows\":[" ROUTED("0", "4", "4720") "," ROUTED(
        "1", "8", "4840") "," ROUTED("2", "16", "5080") "," ROUTED("3", "32", "5560") "," ROUTED("4", "8", "4850") "]}";

static void make_network(const char *path) {
  sf_network *net = sf_network_new(2);
  for (uint32_t k = 0; k < 2; k++) {
    sf_core_net *c = &net->core[k];
    c->axons = 18;
    c->neurons = 16;
    c->n_profiles = 3;
    c->n_routes = 4;
    c->has_current = c->has_noise = true;
    if (sf_core_net_alloc(c, NULL) != SF_OK) abort();
    for (uint32_t i = 0; i < 4; i++) c->routes[i] = (sf_route){i, (int32_t)i % 3 - 1, i, 1 + i};
    for (uint32_t j = 0; j < 16; j++) {
      c->threshold[j] = (int32_t)j;
      c->profile[j] = j % 3;
      c->v_init[j] = -(int32_t)j;
    }
    c->profiles[2].noise_bits = 4;
    sf_core_set_weight(c, 3, 4, 5);
  }
  if (sf_readout_alloc(&net->readout, 3, NULL) != SF_OK) abort();
  for (uint32_t i = 0; i < 3; i++) net->readout.neuron[i] = i;
  net->readout.ticks = 8;
  if (sf_network_write(path, net, NULL) != SF_OK) abort();
  sf_network_free(net);
}

static void make_spikes(const char *path) {
  sf_spikes s = {0};
  for (uint32_t i = 0; i < 60; i++)
    if (sf_spikes_add(&s, i / 12, i % 12, i % 2, i % 16, NULL) != SF_OK) abort();
  if (sf_spikes_finish(&s, 6, NULL) != SF_OK) abort();
  if (sf_spikes_write(path, &s, NULL) != SF_OK) abort();
  sf_spikes_free(&s);
}

static const int64_t numbers[64] = {0, 1, 0, 1, 0, 1, 1, 0, 1};

static void make_old_network(const char *path) { /* as h5py writes it: no checksums */
  const hid_t f = h5_new(path);
  h5_attr_text(f, "/", "format", "synfire-network", true);
  h5_attr_int(f, "/", "version", H5T_STD_I64LE, 1);
  h5_ints(f, "core/0/weights", H5T_STD_I16BE, 6, 4, numbers);
  h5_ints(f, "core/0/neuron/threshold", H5T_STD_I32LE, 4, 0, numbers);
  h5_ints(f, "core/0/profile/v_decay", H5T_STD_U8LE, 2, 0, numbers);
  h5_ints(f, "core/0/route/core", H5T_STD_I8LE, 1, 0, numbers + 1);
  h5_ints(f, "core/0/route/delay", H5T_STD_I8LE, 1, 0, numbers + 1);
  h5_attr_bool(f, "core/0", "HAS_CURRENT", true);
  h5_group(f, "core/1");
  h5_ints(f, "core/1/weights", H5T_STD_I16BE, 2, 2, numbers);
  h5_done(f);
}

/* In chunks: compressed, of other sizes than the array, never written; with what tools add. */
static void make_chunked_network(const char *path) {
  const hid_t f = h5_new(path);
  h5_attr_text(f, "/", "format", "synfire-network", true);
  h5_attr_int(f, "/", "version", H5T_STD_I64LE, 1);
  h5_attr_text(f, "/", "comment", "in chunks", true);
  h5_chunks(f, "core/0/weights", H5T_STD_I64LE, 8, 4, (const hsize_t[]){3, 3}, H5Z_FILTER_DEFLATE, numbers);
  h5_chunks(f, "core/0/neuron/threshold", H5T_STD_U64BE, 4, 0, (const hsize_t[]){3, 0}, H5Z_FILTER_NONE, numbers);
  h5_chunks(f, "core/1/weights", H5T_STD_I32LE, 200, 300, (const hsize_t[]){7, 11}, H5Z_FILTER_DEFLATE, NULL);
  h5_ints(f, "core/0/axon", H5T_STD_I8LE, 8, 0, numbers);
  h5_attr_text(f, "core/0/axon", "CLASS", "DIMENSION_SCALE", false);
  h5_done(f);
}

static void make_old_spikes(const char *path) {
  const hid_t f = h5_new(path);
  h5_ints(f, "tick", H5T_STD_I64LE, 40, 0, numbers);
  h5_ints(f, "unit", H5T_STD_U8LE, 40, 0, numbers);
  h5_ints(f, "sample", H5T_STD_I32LE, 40, 0, numbers);
  h5_ints(f, "label", H5T_STD_I8LE, 2, 0, numbers);
  h5_done(f);
}

static void text(const char *path, const char *content, size_t n) { scratch_write(strrchr(path, '/') + 1, content, n); }

static void make_json_network(const char *path) { text(path, json_network, sizeof json_network - 1); }
static void make_json_config(const char *path) { text(path, json_config, sizeof json_config - 1); }
static void make_json_sweep(const char *path) { text(path, json_sweep, sizeof json_sweep - 1); }
static void make_json_results(const char *path) { text(path, json_results, sizeof json_results - 1); }
static void make_json_routed(const char *path) { text(path, json_routed, sizeof json_routed - 1); }
static void make_csv(const char *path) {
  static const char csv[] = "tick,unit,core\n0,1,0\n# note\n3,15,1\n3,4,0\n200,65535,2\n";
  text(path, csv, sizeof csv - 1);
}
static void make_weights(const char *path) {
  static const char csv[] = "axon,neuron,weight\n0,0,1\n3,2,-8\n1,1,7\n";
  static const char json[] =
      "{\"format\":\"synfire-network\",\"version\":1,\"AXONS\":4,\"NEURONS\":3,\"weights_csv\":\"weights\"}";
  scratch_text("csv.json", json);
  text(path, csv, sizeof csv - 1);
}
static void make_rule(const char *path) {
  static const char rule[] =
      "# a rule of every kind\np2: -64 <= d < 64; for 0..3, 7 -> 1: dw = 2^-4*x1*y0 - 0.75*x0*(y1 - 12)[p2] +\n"
      "  sign(w)*(2^-3*R*xi + m)\nfor all -> none: dw = -3*2^-18*e*y2*(w_max - w)*![y1 >= 3]\ndw = 0*x0*x2\n"
      "x1: tau 20, add 64\nfor 2: y1: shift 3, set 9, while ![-5 < d <= 7]\nfor 3: y2: decay 5, slide 4\ny: keep\n"
      "m: clamp 512, shift 3, one_sided, sends; w: -100 .. 100; xi: noise\n";
  text(path, rule, sizeof rule - 1);
}
static void make_digits(const char *path) {
  static char images[16 + 2 * SF_MNIST_PIXELS] = {0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 28, 0, 0, 0, 28, 77};
  static const char labels[10] = {0, 0, 8, 1, 0, 0, 0, 2, 5, 9};
  scratch_write("t10k-labels-idx1-ubyte", labels, sizeof labels);
  text(path, images, sizeof images);
}

static const struct target {
  const char *name; /* of the file */
  void (*make)(const char *path);
  sf_err (*read)(const char *path);
  uint32_t times;
  bool guarded; /* read as users read it; otherwise without the try-out, to see faults of ours */
} targets[] = {
    {"network.json", make_json_network, read_network, 6000, true},
    {"config.json", make_json_config, read_config, 6000, true},
    {"sweep.json", make_json_sweep, read_sweep, 4000, true},
    {"results.json", make_json_results, read_results, 3000, true},
    {"routed.json", make_json_routed, read_results, 3000, true},
    {"spikes.csv", make_csv, read_spikes, 6000, true},
    {"weights", make_weights, read_weights, 4000, true},
    {"a.rule", make_rule, read_rule, 12000, true},
    {"t10k-images-idx3-ubyte", make_digits, read_digits, 2000, true},
    {"network.h5", make_network, read_network, 500, false},
    {"spikes.h5", make_spikes, read_spikes, 500, false},
    {"network-old.h5", make_old_network, read_network, 120, true},
    {"network-chunks.h5", make_chunked_network, read_network, 120, true},
    {"spikes-old.h5", make_old_spikes, read_spikes, 120, true},
};
enum { N_TARGETS = sizeof targets / sizeof targets[0] };

#ifdef SF_LIBFUZZER

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static bool begun;
  if (!begun) scratch_begin();
  if (!begun) atexit(scratch_end);
  if (size < 1) return 0;
  const struct target *t = &targets[data[0] % N_TARGETS];
  if (!begun || t->make == make_weights || t->make == make_digits) t->make(scratch_path(t->name));
  begun = true;
  (void)t->read(scratch_write(t->name, data + 1, size - 1));
  return 0;
}

#else

/* ---- changes (splitmix64) ----------------------------------------------------------------------------------- */

static uint64_t state;
static uint64_t bits(void) {
  uint64_t z = state += 0x9E3779B97F4A7C15u;
  z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
  z = (z ^ z >> 27) * 0x94D049BB133111EBu;
  return z ^ z >> 31;
}
static size_t below(size_t n) { return n == 0 ? 0 : (size_t)(bits() % n); }

static uint64_t setting(const char *name, uint64_t by_default) {
  const char *value = getenv(name);
  return value != NULL ? strtoull(value, NULL, 10) : by_default;
}

/* One change to data[0 .. n), which has room for 2n + 64; the new length. */
static size_t change(char *data, size_t n) {
  static const char telling[] = "\0\xff\x7f\x80\x01\n,\"[]{}:-0123456789e.";
  const size_t at = below(n), len = below(n - at < 40 ? n - at : 40);
  switch (below(9)) {
    case 0:
    case 1:
      data[at] = (char)(data[at] ^ 1 << below(8));
      return n;
    case 2:
    case 3:
      data[at] = telling[below(sizeof telling - 1)];
      return n;
    case 4:
      data[at] = (char)bits();
      return n;
    case 5: /* four bytes of a number */
      for (size_t i = at; i < at + 4 && i < n; i++) data[i] = (char)(i == at ? bits() : below(2) * 0xff);
      return n;
    case 6: /* cut out */
      memmove(data + at, data + at + len, n - at - len);
      return n - len;
    case 7: /* double */
      memmove(data + at + len, data + at, n - at);
      return n + len;
    default:
      return below(4) == 0 ? below(n) : n; /* truncate */
  }
}

START_TEST(changed_files_never_crash_a_reader) {
  const struct target *t = &targets[_i];
  const uint64_t times = t->times * setting("FUZZ_TIMES", 1);
  size_t n;
  uint64_t taken = 0;
  state = setting("FUZZ_SEED", 1) * 1000 + (uint64_t)_i;
  t->make(scratch_path(t->name));
  char *valid = scratch_read(scratch_path(t->name), &n), *data = malloc(2 * n + 64 * 8);
  ck_assert_int_eq(t->read(scratch_path(t->name)), SF_OK);
  sf_h5_unguarded = !t->guarded;
  for (uint64_t i = 0; i < times; i++) {
    size_t length = n;
    memcpy(data, valid, n);
    for (size_t k = 1 + below(2) * below(5); k > 0 && length > 0 && length < 2 * n; k--) length = change(data, length);
    taken += t->read(scratch_write(t->name, data, length)) == SF_OK;
  }
  free(valid);
  free(data);
  printf("%-24s %6llu files, %llu of them valid\n", t->name, (unsigned long long)times, (unsigned long long)taken);
  fflush(stdout);
}
END_TEST

/* ---- sound HDF5 files with random contents ------------------------------------------------------------------ */

static void random_set(hid_t f, const char *name) {
  const hid_t types[] = {H5T_STD_I8LE,  H5T_STD_U8LE,  H5T_STD_I16LE, H5T_STD_I32BE,
                         H5T_STD_I64LE, H5T_STD_U64LE, H5T_STD_I32LE, H5T_IEEE_F32LE};
  static int64_t values[2000];
  const size_t rows = below(4) == 0 ? below(40) : 3, columns = below(3) == 0             ? below(5)
                                                               : strstr(name, "weights") ? 4
                                                                                         : 0;
  const int64_t most = below(3) == 0 ? INT64_MAX : below(2) == 0 ? 5000 : 3;
  for (size_t i = 0; i < rows * (columns + 1); i++) values[i] = (int64_t)bits() % most;
  const hid_t type = types[below(8 - (below(4) != 0))];
  const bool chunks = rows > 0 && below(3) == 0;
  if (!chunks) h5_ints(f, name, type, rows, columns, values);
  else
    h5_chunks(f, name, type, rows, columns, (const hsize_t[]){1 + below(rows), 1 + below(columns)},
              below(2) == 0 ? H5Z_FILTER_DEFLATE : H5Z_FILTER_NONE, below(2) == 0 ? values : NULL);
}

/* An attribute somewhere: one that is known there or elsewhere, one of a tool's, or none that is known. */
static void random_attribute(hid_t f) {
  static const char *const at[] = {"/", "core", "core/0", "core/0/neuron", "core/0/weights", "readout", "tick", "unit"};
  static const char *const names[] = {"seed", "sead", "comment", "CLASS", "ticks", "tiks", "samples", "AXONS"};
  const char *where = at[below(8)], *name = names[below(8)];
  const hid_t object = H5Oopen(f, where, H5P_DEFAULT);
  if (object < 0) return;
  H5Oclose(object);
  if (below(2) == 0) h5_attr_text(f, where, name, "DIMENSION_SCALE", below(2) == 0);
  else h5_attr_int(f, where, name, H5T_STD_U64BE, (int64_t)bits());
}

START_TEST(random_contents_never_crash_a_reader) {
  static const char *const sets[] = {"core/0/weights",
                                     "core/0/neuron/threshold",
                                     "core/0/neuron/bias",
                                     "core/0/neuron/profile",
                                     "core/0/neuron/v_init",
                                     "core/0/neuron/u_init",
                                     "core/0/profile/v_decay",
                                     "core/0/profile/u_decay",
                                     "core/0/profile/noise_bits",
                                     "core/0/profile/reset_mode",
                                     "core/0/profile/refractory",
                                     "core/0/route/neuron",
                                     "core/0/route/core",
                                     "core/0/route/axon",
                                     "core/0/route/delay",
                                     "core/1/weights",
                                     "core/1/route/core",
                                     "core/1/route/delay",
                                     "readout/neuron",
                                     "core/0/neuron",
                                     "tick",
                                     "unit",
                                     "core",
                                     "sample",
                                     "label",
                                     "tick",
                                     "unit",
                                     "sample"};
  static const char *const attributes[] = {"AXONS",       "NEURONS",     "WEIGHT_BITS",    "POTENTIAL_BITS",
                                           "DELAY_SLOTS", "HAS_CURRENT", "HAS_REFRACTORY", "HAS_ADAPTATION",
                                           "HAS_NOISE",   "LANES"};
  enum { NETWORK_SETS = 20, SETS = 28 };
  const uint64_t times = 1500 * setting("FUZZ_TIMES", 1);
  uint64_t taken = 0;
  state = setting("FUZZ_SEED", 1) * 1000 + 999;
  sf_h5_unguarded = true;
  for (uint64_t i = 0; i < times; i++) {
    const bool network = below(3) != 0;
    const char *path = scratch_path("random.h5");
    const hid_t f = h5_new(path);
    if (network) {
      h5_attr_text(f, "/", "format", "synfire-network", below(2) == 0);
      h5_attr_int(f, "/", "version", H5T_STD_I8LE, 1);
      random_set(f, sets[0]);
      if (below(8) != 0) h5_ints(f, sets[0], H5T_STD_I8LE, 3, 4, numbers);
    }
    for (size_t k = below(4) + 2 * !network; k > 0; k--) {
      const char *name = sets[network ? below(NETWORK_SETS) : NETWORK_SETS + below(SETS - NETWORK_SETS)];
      /* Not both a dataset neuron and what would stand in it. */
      if (strcmp(name, "core/0/neuron") != 0 || i % 50 == 0) random_set(f, name);
      if (strcmp(name, "core/0/neuron") == 0) break;
    }
    for (size_t k = network ? below(3) : 0; k > 0; k--)
      h5_attr_int(f, "core/0", attributes[below(10)], H5T_STD_I32LE, (int64_t)below(below(2) == 0 ? 5 : 5000));
    if (network && below(4) == 0 && H5Lexists(f, "readout", H5P_DEFAULT) > 0)
      h5_attr_text(f, "readout", "method", "first", true);
    if (below(4) == 0) random_attribute(f);
    h5_done(f);
    taken += (network ? read_network(path) : read_spikes(path)) == SF_OK;
  }
  printf("%-24s %6llu files, %llu of them valid\n", "random.h5", (unsigned long long)times, (unsigned long long)taken);
  fflush(stdout);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("fuzz_files");
  TCase *tests = tcase_create("files");
  tcase_set_timeout(tests, 3600);
  suite_add_tcase(suite, tests);
  tcase_add_loop_test(tests, changed_files_never_crash_a_reader, 0, N_TARGETS);
  tcase_add_test(tests, random_contents_never_crash_a_reader);
  return suite_run_in_scratch(suite);
}

#endif
