/* network_file.c - networks in HDF5 files; see network_file.h. */
#include "files/network_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files/file_util.h"
#include "files/h5_util.h"
#include "files/input_file.h"
#include "files/network_format.h"
#include "network/network_parts.h"

#define LENGTH(a) (sizeof(a) / sizeof(a)[0])
#define MAX_SYNAPSES ((uint64_t)1 << 32) /* of all cores together */

/* What the parts of a file are read with, and what came of it beside the network. */
typedef struct reading {
  int64_t version;   /* of the format */
  bool weights;      /* else the cores are left without */
  uint64_t synapses; /* so far */
  bool fires;        /* a core without thresholds in version 1: `core` is the first */
  char core[32];
} reading;

/* ---- reading one core --------------------------------------------------------------------------------------- */

/* A feature attribute: 0 or 1; *stated tells whether the file has it. */
static sf_err read_feature(const sf_h5 *at, const char *name, bool *stated, bool *has, sf_msg *msg) {
  int64_t value = 0;
  const sf_err err = sf_h5_int(at, name, 0, 1, stated, &value, msg);
  *has = value == 1;
  return err;
}

static sf_err read_size(const sf_h5 *at, const char *name, uint32_t lo, uint32_t hi, bool *stated, uint32_t *size,
                        sf_msg *msg) {
  int64_t value = *size;
  const sf_err err = sf_h5_int(at, name, lo, hi, stated, &value, msg);
  *size = (uint32_t)value;
  return err;
}

/* The common length of the datasets in a group; *n stays if the group is empty. */
static sf_err read_length(const sf_h5 *at, const char *const *names, size_t n_names, uint64_t max, uint32_t *n,
                          sf_msg *msg) {
  for (size_t i = 0; i < n_names; i++) {
    uint64_t dims[1];
    bool present;
    const sf_err err = sf_h5_dims(at, names[i], 1, &max, dims, &present, msg);
    if (err) return err;
    if (present) {
      *n = (uint32_t)dims[0];
      return SF_OK;
    }
  }
  return SF_OK;
}

/* The sizes of a core: attributes, and where they are missing the shape of the weights, else the defaults. */
static sf_err read_sizes(const sf_h5 *at, const sf_h5 *profile, const sf_h5 *route, sf_core_net *c, bool stated[4],
                         sf_msg *msg) {
  static const char *const attributes[] = {"AXONS",          "NEURONS",        "WEIGHT_BITS",
                                           "POTENTIAL_BITS", "DELAY_SLOTS",    "HAS_CURRENT",
                                           "HAS_REFRACTORY", "HAS_ADAPTATION", "HAS_NOISE"};
  static const uint64_t most[2] = {4096, 8192};
  uint64_t shape[2];
  bool shaped, axons, neurons, ignored;
  sf_err err = sf_h5_only(at, true, attributes, LENGTH(attributes), msg);
  if (err) return err;
  err = read_size(at, "AXONS", 1, 4096, &axons, &c->axons, msg);
  if (err) return err;
  err = read_size(at, "NEURONS", 1, 8192, &neurons, &c->neurons, msg);
  if (err) return err;
  if (!axons || !neurons) {
    err = sf_h5_dims(at, "weights", 2, most, shape, &shaped, msg);
    if (err) return err;
    if (!shaped) return sf_fail(msg, SF_EFORMAT, "%s: has neither weights nor attributes AXONS and NEURONS", at->name);
    if (!axons) c->axons = (uint32_t)shape[0];
    if (!neurons) c->neurons = (uint32_t)shape[1];
  }
  err = read_size(at, "WEIGHT_BITS", 1, 16, &ignored, &c->weight_bits, msg);
  if (err) return err;
  err = read_size(at, "POTENTIAL_BITS", 8, 24, &ignored, &c->potential_bits, msg);
  if (err) return err;
  err = read_size(at, "DELAY_SLOTS", 2, 64, &ignored, &c->delay_slots, msg);
  if (err) return err;
  err = read_feature(at, "HAS_CURRENT", &stated[0], &c->has_current, msg);
  if (err) return err;
  err = read_feature(at, "HAS_REFRACTORY", &stated[1], &c->has_refractory, msg);
  if (err) return err;
  err = read_feature(at, "HAS_ADAPTATION", &stated[2], &c->has_adaptation, msg);
  if (err) return err;
  err = read_feature(at, "HAS_NOISE", &stated[3], &c->has_noise, msg);
  if (err) return err;
  if (profile->id >= 0)
    err = read_length(profile, sf_profile_names, SF_PROFILE_FIELDS, c->neurons, &c->n_profiles, msg);
  if (!err && route->id >= 0) err = read_length(route, sf_route_names, SF_ROUTE_FIELDS, 65536, &c->n_routes, msg);
  return err;
}

/* In version 1 a threshold that was left out was 0, and the neuron spiked in every tick. */
static void default_thresholds(const sf_h5 *core, reading *how, sf_core_net *c) {
  if (how->version > 1) return; /* silent, as sf_core_net_alloc() made them */
  memset(c->threshold, 0, c->neurons * sizeof *c->threshold);
  if (!how->fires) snprintf(how->core, sizeof how->core, "%.31s", core->name);
  how->fires = true;
}

static sf_err read_neurons(const sf_h5 *at, sf_core_net *c, bool *thresholds, sf_msg *msg) {
  void *const array[SF_NEURON_FIELDS] = {c->threshold, c->bias, c->profile, c->v_init, c->u_init};
  for (size_t f = 0; f < SF_NEURON_FIELDS; f++) {
    int64_t lo, hi;
    bool present;
    sf_neuron_range(c, f, &lo, &hi);
    const sf_err err = sf_h5_read(at, sf_neuron_names[f], c->neurons, lo, hi, array[f], 4, &present, msg);
    if (err) return err;
    if (f == SF_NEURON_THRESHOLD) *thresholds = present;
  }
  return SF_OK;
}

static sf_err read_profiles(const sf_h5 *at, sf_core_net *c, sf_msg *msg) {
  int32_t *column = malloc(c->n_profiles * sizeof *column);
  if (column == NULL) return sf_fail(msg, SF_ENOMEM, "%s: out of memory", at->name);
  sf_err err = SF_OK;
  for (size_t f = 0; f < SF_PROFILE_FIELDS && !err; f++) {
    int64_t lo, hi;
    bool present;
    sf_profile_range(c, f, &lo, &hi);
    err = sf_h5_read(at, sf_profile_names[f], c->n_profiles, lo, hi, column, 4, &present, msg);
    for (uint32_t k = 0; present && k < c->n_profiles; k++) *sf_profile_field(&c->profiles[k], f) = column[k];
  }
  free(column);
  return err;
}

static sf_err read_routes(const sf_h5 *at, sf_core_net *c, sf_msg *msg) {
  if (c->n_routes == 0) return SF_OK;
  int32_t *column = malloc(c->n_routes * sizeof *column);
  if (column == NULL) return sf_fail(msg, SF_ENOMEM, "%s: out of memory", at->name);
  sf_err err = SF_OK;
  for (size_t f = 0; f < SF_ROUTE_FIELDS && !err; f++) {
    bool present;
    const int32_t least = f == SF_ROUTE_CORE ? SF_EXTERNAL : 0;
    err = sf_h5_read(at, sf_route_names[f], c->n_routes, least, sf_route_max[f], column, 4, &present, msg);
    for (uint32_t i = 0; present && i < c->n_routes; i++) sf_route_set(&c->routes[i], f, column[i]);
  }
  free(column);
  return err;
}

static sf_err read_weights(const sf_h5 *at, sf_core_net *c, bool *present, sf_msg *msg) {
  int64_t lo, hi;
  sf_weight_range(c->weight_bits, &lo, &hi);
  return c->w16 != NULL ? sf_h5_read2(at, "weights", c->axons, c->neurons, lo, hi, c->w16, sizeof *c->w16, present, msg)
                        : sf_h5_read2(at, "weights", c->axons, c->neurons, lo, hi, c->w8, sizeof *c->w8, present, msg);
}

static sf_err read_core_parts(const sf_h5 *at, sf_h5 part[3], reading *how, sf_core_net *c, sf_msg *msg) {
  static const char *const members[] = {"weights", "neuron", "profile", "route"};
  const struct {
    const char *const *names;
    size_t n;
  } fields[3] = {
      {sf_neuron_names, SF_NEURON_FIELDS}, {sf_profile_names, SF_PROFILE_FIELDS}, {sf_route_names, SF_ROUTE_FIELDS}};
  bool stated[4], present, thresholds = false;
  sf_msg inner;
  sf_err err = sf_h5_only(at, false, members, LENGTH(members), msg);
  if (err) return err;
  for (int i = 0; i < 3; i++) {
    err = sf_h5_group(at, members[i + 1], &present, &part[i], msg);
    if (err) return err;
    if (present) err = sf_h5_only(&part[i], true, NULL, 0, msg);
    if (present && !err) err = sf_h5_only(&part[i], false, fields[i].names, fields[i].n, msg);
    if (err) return err;
  }
  err = read_sizes(at, &part[1], &part[2], c, stated, msg);
  if (err) return err;
  how->synapses += (uint64_t)c->axons * c->neurons;
  if (how->synapses > MAX_SYNAPSES)
    return sf_fail(msg, SF_EFORMAT, "%s: more than %llu synapses in all", at->name, (unsigned long long)MAX_SYNAPSES);
  err = sf_core_net_alloc(c, &inner);
  if (err) return sf_fail(msg, err, "%s/%.400s", at->name, inner.text);
  if (part[0].id >= 0) err = read_neurons(&part[0], c, &thresholds, msg);
  if (!thresholds) default_thresholds(at, how, c);
  if (!err && part[1].id >= 0) err = read_profiles(&part[1], c, msg);
  if (!err && part[2].id >= 0) err = read_routes(&part[2], c, msg);
  if (!how->weights) sf_core_net_drop_weights(c);
  else if (!err) err = read_weights(at, c, &present, msg);
  if (!err) sf_infer_features(c, stated);
  return err;
}

static sf_err read_core(const sf_h5 *at, reading *how, sf_core_net *c, sf_msg *msg) {
  sf_h5 part[3] = {{-1, ""}, {-1, ""}, {-1, ""}};
  const sf_err err = read_core_parts(at, part, how, c, msg);
  for (int i = 0; i < 3; i++) sf_h5_close(&part[i]);
  return err;
}

/* ---- reading a file ----------------------------------------------------------------------------------------- */

static sf_err read_readout(const sf_h5 *at, sf_network *net, sf_msg *msg) {
  static const char *const attributes[] = {"method", "ticks", "core"}, *const members[] = {"neuron"};
  static const uint64_t most = SF_MAX_CLASSES;
  char method[16];
  bool present;
  uint64_t n;
  int64_t ticks = 0, core = 0;
  sf_err err = sf_h5_only(at, true, attributes, LENGTH(attributes), msg);
  if (err) return err;
  err = sf_h5_only(at, false, members, LENGTH(members), msg);
  if (err) return err;
  err = sf_h5_string(at, "method", method, sizeof method, msg);
  if (err) return err;
  err = sf_read_method_parse(method, &net->readout.method, msg);
  if (err) return err;
  err = sf_h5_int(at, "ticks", 1, SF_MAX_TICK, &present, &ticks, msg);
  if (err) return err;
  if (!present) return sf_fail(msg, SF_EFORMAT, "readout: the attribute ticks is missing");
  err = sf_h5_int(at, "core", 0, SF_MAX_CORES - 1, &present, &core, msg);
  if (err) return err;
  err = sf_h5_dims(at, "neuron", 1, &most, &n, &present, msg);
  if (err) return err;
  if (!present || n == 0) return sf_fail(msg, SF_EFORMAT, "readout/neuron: is missing or empty");
  net->readout.ticks = (uint32_t)ticks;
  net->readout.core = (uint32_t)core;
  err = sf_readout_alloc(&net->readout, (uint32_t)n, msg);
  if (err) return err;
  return sf_h5_read(at, "neuron", n, 0, 8191, net->readout.neuron, 4, &present, msg);
}

static sf_err read_cores(const sf_h5 *cores, reading *how, sf_network **out, sf_msg *msg) {
  uint64_t n;
  sf_err err = sf_h5_only(cores, true, NULL, 0, msg);
  if (!err) err = sf_h5_children(cores, &n, msg);
  if (err) return err;
  if (n < 1 || n > SF_MAX_CORES)
    return sf_fail(msg, SF_EFORMAT, "core: has %llu members: must be 1 .. %u", (unsigned long long)n, SF_MAX_CORES);
  sf_network *net = sf_network_new((uint32_t)n);
  if (net == NULL) return sf_fail(msg, SF_ENOMEM, "out of memory");
  for (uint32_t i = 0; i < n && !err; i++) {
    char name[16];
    bool present;
    sf_h5 core;
    snprintf(name, sizeof name, "%u", i);
    err = sf_h5_group(cores, name, &present, &core, msg);
    if (!err && !present)
      err = sf_fail(msg, SF_EFORMAT, "core/%u: is missing: the %llu members of core must be named 0 .. %llu", i,
                    (unsigned long long)n, (unsigned long long)(n - 1));
    if (!err) err = read_core(&core, how, &net->core[i], msg);
    sf_h5_close(&core);
  }
  if (!err) *out = net;
  else sf_network_free(net);
  return err;
}

static sf_err read_root(const sf_h5 *root, bool weights, sf_network **out, sf_msg *msg) {
  static const char *const attributes[] = {"format", "version", "seed"}, *const members[] = {"core", "readout"};
  char format[32];
  bool present;
  int64_t seed = 0;
  reading how = {.weights = weights};
  sf_h5 group;
  sf_err err = sf_h5_string(root, "format", format, sizeof format, msg);
  if (err) return err;
  if (strcmp(format, SF_NETWORK_FORMAT) != 0)
    return sf_fail(msg, SF_EFORMAT, "attribute format = \"%s\": must be \"" SF_NETWORK_FORMAT "\"", format);
  err = sf_h5_int(root, "version", 1, SF_NETWORK_VERSION, &present, &how.version, msg);
  if (err) return err;
  if (!present) return sf_fail(msg, SF_EFORMAT, "attribute version: is missing, must be 1 .. %d", SF_NETWORK_VERSION);
  err = sf_h5_only(root, true, attributes, LENGTH(attributes), msg);
  if (err) return err;
  err = sf_h5_only(root, false, members, LENGTH(members), msg);
  if (err) return err;
  err = sf_h5_int(root, "seed", 0, UINT32_MAX, &present, &seed, msg);
  if (err) return err;
  err = sf_h5_group(root, "core", &present, &group, msg);
  if (err) return err;
  if (!present) return sf_fail(msg, SF_EFORMAT, "core: is missing");
  sf_network *net = NULL;
  err = read_cores(&group, &how, &net, msg);
  sf_h5_close(&group);
  if (err) return err;
  net->seed = (uint32_t)seed;
  if (how.fires)
    (void)sf_fail(&net->note, SF_OK,
                  "%s/neuron/threshold: is left out: 0 in version 1 of the format, so that neurons spike without "
                  "input; from version 2 on they are silent",
                  how.core);
  err = sf_h5_group(root, "readout", &present, &group, msg);
  if (!err && present) err = read_readout(&group, net, msg);
  sf_h5_close(&group);
  if (!err) err = sf_network_check_all(net, weights, msg);
  if (!err) *out = net;
  else sf_network_free(net);
  return err;
}

static sf_err read_unguarded(const char *path, sf_network **out, sf_msg *msg) {
  sf_h5 root;
  sf_err err = sf_h5_open(path, &root, msg);
  if (err) return err;
  err = read_root(&root, true, out, msg);
  (void)sf_h5_close_file(&root, NULL);
  return err;
}

static void attempt(const char *path) {
  sf_network *net = NULL;
  if (!read_unguarded(path, &net, NULL)) sf_network_free(net);
}

static sf_err read_hdf5(const char *path, sf_network **out, sf_msg *msg) {
  const sf_err err = sf_h5_guard(path, attempt, msg);
  return err ? err : read_unguarded(path, out, msg);
}

sf_err sf_network_read(const char *path, sf_network **out, sf_msg *msg) {
  sf_input in;
  sf_network *net = NULL;
  sf_err err = sf_input_open(path, &in, msg);
  if (err) return err;
  err = in.hdf5 ? read_hdf5(in.path, &net, msg) : sf_network_read_json(in.path, path, &net, msg);
  if (err) err = sf_prefix(msg, err, in.name);
  else if (net->note.text[0] != '\0') (void)sf_prefix(&net->note, SF_OK, in.name);
  if (!err) *out = net;
  sf_input_close(&in);
  return err;
}

/* ---- right into a model ------------------------------------------------------------------------------------- */

typedef struct loader {
  const sf_h5 *root;
  int8_t *weights; /* [room] bytes: one core's */
  size_t room;
  void (*progress)(void *user, uint32_t done, uint32_t cores);
  void *user;
  uint32_t cores;
} loader;

static sf_err load_weights(void *user, uint32_t core, sf_core_net *of, sf_msg *msg) {
  loader *l = user;
  const size_t bytes = (size_t)of->axons * of->neurons * (of->weight_bits == 16 ? 2 : 1);
  char name[24];
  bool present;
  sf_h5 cores = {-1, ""}, at = {-1, ""};
  if (bytes > l->room) {
    free(l->weights);
    l->room = 0;
    l->weights = malloc(bytes);
    if (l->weights == NULL) return sf_fail(msg, SF_ENOMEM, "out of memory");
    l->room = bytes;
  }
  if (of->weight_bits == 16) of->w16 = (int16_t *)(void *)l->weights;
  else of->w8 = l->weights;
  snprintf(name, sizeof name, "%u", core);
  sf_err err = sf_h5_group(l->root, "core", &present, &cores, msg);
  if (!err) err = sf_h5_group(&cores, name, &present, &at, msg);
  if (!err) err = read_weights(&at, of, &present, msg);
  if (!err && !present) memset(l->weights, 0, bytes);
  sf_h5_close(&at);
  sf_h5_close(&cores);
  if (!err && l->progress != NULL) l->progress(l->user, core + 1, l->cores);
  return err;
}

/* model NULL: only try whether all can be read. */
static sf_err load_unguarded(const char *path, loader *l, sf_network **net, sf_model **model, sf_msg *msg) {
  sf_h5 root;
  sf_err err = sf_h5_open(path, &root, msg);
  if (err) return err;
  l->root = &root;
  err = read_root(&root, false, net, msg);
  if (!err) {
    l->cores = (*net)->n_cores;
    if (model != NULL) err = sf_model_new_from(*net, load_weights, l, model, msg);
    for (uint32_t i = 0; model == NULL && i < l->cores && !err; i++) {
      sf_core_net core = (*net)->core[i];
      err = load_weights(l, i, &core, msg);
    }
    if (err) sf_network_free(*net);
  }
  free(l->weights);
  (void)sf_h5_close_file(&root, NULL);
  return err;
}

static void attempt_load(const char *path) {
  sf_network *net = NULL;
  loader l = {0};
  if (!load_unguarded(path, &l, &net, NULL, NULL)) sf_network_free(net);
}

static sf_err load_hdf5(const char *path, loader *l, sf_network **net, sf_model **model, sf_msg *msg) {
  const sf_err err = sf_h5_guard(path, attempt_load, msg);
  return err ? err : load_unguarded(path, l, net, model, msg);
}

static sf_err load_json(const char *path, const char *beside, sf_network **net, sf_model **model, sf_msg *msg) {
  sf_err err = sf_network_read_json(path, beside, net, msg);
  if (err) return err;
  err = sf_model_new(*net, model, msg);
  if (err) sf_network_free(*net);
  else
    for (uint32_t i = 0; i < (*net)->n_cores; i++) sf_core_net_drop_weights(&(*net)->core[i]);
  return err;
}

sf_err sf_model_read(const char *path, void (*progress)(void *user, uint32_t done, uint32_t cores), void *user,
                     sf_network **net, sf_model **model, sf_msg *msg) {
  sf_input in;
  sf_err err = sf_input_open(path, &in, msg);
  if (err) return err;
  loader l = {.progress = progress, .user = user};
  sf_network *got = NULL;
  err = in.hdf5 ? load_hdf5(in.path, &l, &got, model, msg) : load_json(in.path, path, &got, model, msg);
  if (err) err = sf_prefix(msg, err, in.name);
  else if (got->note.text[0] != '\0') (void)sf_prefix(&got->note, SF_OK, in.name);
  sf_input_close(&in);
  if (err) return err;
  if (net != NULL) *net = got;
  else sf_network_free(got);
  return SF_OK;
}
