/* network_json.c - small networks written by hand as JSON, read through sf_network_read(). harness/README.md shows one.
 * A neuron that is not listed is as sf_core_net_alloc() made it: silent. All versions of the format are one here. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files/csv_util.h"
#include "files/file_util.h"
#include "files/json_util.h"
#include "files/network_format.h"

#define MAX_BYTES ((size_t)1 << 26)
#define LENGTH(a) (sizeof(a) / sizeof(a)[0])

static const char *const root_keys[] = {"format", "version", "name", "comment", "seed", "readout", "cores"};
static const char *const core_keys[] = {"AXONS",       "NEURONS",     "WEIGHT_BITS",    "POTENTIAL_BITS",
                                        "DELAY_SLOTS", "HAS_CURRENT", "HAS_REFRACTORY", "HAS_ADAPTATION",
                                        "HAS_NOISE",   "weights",     "weights_csv",    "neurons",
                                        "profiles",    "routes",      "comment"};

/* Where a message is about: "core/0/routes[3]". */
static const char *place(char out[96], const char *core, const char *list, size_t i) {
  snprintf(out, 96, "%.40s/%s[%zu]", core, list, i);
  return out;
}

/* One row of exactly n integers with their ranges. */
static sf_err row(const cJSON *item, const char *where, size_t n, const char *const *names, const int64_t *lo,
                  const int64_t *hi, int64_t *value, sf_msg *msg) {
  char name[160];
  if (!cJSON_IsArray(item) || (size_t)cJSON_GetArraySize(item) != n)
    return sf_fail(msg, SF_EFORMAT, "%s: must be an array of %zu integers", where, n);
  const cJSON *element = item->child;
  for (size_t i = 0; i < n; i++, element = element->next) {
    snprintf(name, sizeof name, "%.96s/%s", where, names[i]);
    const sf_err err = sf_json_value(element, name, lo[i], hi[i], &value[i], msg);
    if (err) return err;
  }
  return SF_OK;
}

/* ---- weights ------------------------------------------------------------------------------------------------ */

static sf_err set_weight(sf_core_net *c, uint8_t *seen, const char *where, const int64_t value[3], sf_msg *msg) {
  const size_t at = (size_t)value[0] * c->neurons + (size_t)value[1];
  if ((seen[at / 8] >> at % 8 & 1) != 0)
    return sf_fail(msg, SF_EFORMAT, "%s: the weight of axon %d and neuron %d stands there twice", where, (int)value[0],
                   (int)value[1]);
  seen[at / 8] = (uint8_t)(seen[at / 8] | 1u << at % 8);
  sf_core_set_weight(c, (uint32_t)value[0], (uint32_t)value[1], (int32_t)value[2]);
  return SF_OK;
}

static sf_err csv_weights(char *text, const char *file, sf_core_net *c, uint8_t *seen, const int64_t *lo,
                          const int64_t *hi, sf_msg *msg) {
  static const char *const names[] = {"axon", "neuron", "weight"};
  bool may_be_header = true;
  for (sf_csv csv = {text, NULL, 0}; sf_csv_next(&csv); may_be_header = false) {
    char where[96];
    sf_csv_number number[3];
    int64_t value[3];
    sf_err err = SF_OK;
    if (may_be_header && sf_csv_is_header(csv.line, "axon,neuron,weight")) continue;
    snprintf(where, sizeof where, "%.60s line %zu", file, csv.number);
    if (sf_csv_numbers(csv.line, 3, number) != 3)
      return sf_fail(msg, SF_EFORMAT, "%s: must be axon,neuron,weight", where);
    for (int i = 0; i < 3 && !err; i++) {
      err = sf_csv_range(&number[i], where, names[i], lo[i], hi[i], msg);
      value[i] = number[i].value;
    }
    if (!err) err = set_weight(c, seen, where, value, msg);
    if (err) return err;
  }
  return SF_OK;
}

/* The file stands in the same folder as the network: a network must not make the program read any other file. */
static sf_err read_csv(const char *path, const char *file, sf_core_net *c, uint8_t *seen, const int64_t *lo,
                       const int64_t *hi, sf_msg *msg) {
  if (strchr(file, '/') != NULL || file[0] == '\0')
    return sf_fail(msg, SF_EINVAL, "weights_csv = \"%.60s\": must be a file in the same folder, without \"/\"", file);
  const char *slash = strrchr(path, '/');
  const size_t folder = slash != NULL ? (size_t)(slash - path) + 1 : 0;
  char *full = malloc(folder + strlen(file) + 1), *text;
  size_t length;
  if (full == NULL) return sf_fail(msg, SF_ENOMEM, "out of memory");
  memcpy(full, path, folder);
  strcpy(full + folder, file);
  sf_err err = sf_file_read(full, MAX_BYTES, &text, &length, msg);
  free(full);
  if (err) return err;
  err = csv_weights(text, file, c, seen, lo, hi, msg);
  free(text);
  return err;
}

static sf_err read_weights(const cJSON *json, const char *where, const char *path, sf_core_net *c, sf_msg *msg) {
  static const char *const names[] = {"axon", "neuron", "weight"};
  int64_t lo[3] = {0, 0, 0}, hi[3] = {c->axons - 1, c->neurons - 1, 0}, value[3];
  char file[256] = "", at[96];
  const cJSON *list, *item;
  size_t n, i = 0;
  sf_err err;
  sf_weight_range(c->weight_bits, &lo[2], &hi[2]);
  err = sf_json_array(json, where, "weights", (size_t)c->axons * c->neurons, &list, &n, msg);
  if (err) return err;
  err = sf_json_text(json, where, "weights_csv", file, sizeof file, msg);
  if (err) return err;
  const bool csv = cJSON_GetObjectItemCaseSensitive(json, "weights_csv") != NULL;
  if (csv && list != NULL) return sf_fail(msg, SF_EFORMAT, "%s: has both weights and weights_csv", where);
  uint8_t *seen = calloc((size_t)c->axons * c->neurons / 8 + 1, 1);
  if (seen == NULL) return sf_fail(msg, SF_ENOMEM, "out of memory");
  if (csv) err = read_csv(path, file, c, seen, lo, hi, msg);
  for (item = list != NULL ? list->child : NULL; item != NULL && !err; item = item->next, i++) {
    err = row(item, place(at, where, "weights", i), 3, names, lo, hi, value, msg);
    if (!err) err = set_weight(c, seen, at, value, msg);
  }
  free(seen);
  return err;
}

/* ---- neurons, profiles, routes ------------------------------------------------------------------------------ */

static sf_err read_neuron(const cJSON *item, const char *at, sf_core_net *c, uint8_t *seen, sf_msg *msg) {
  static const char *const keys[] = {"id", "threshold", "bias", "profile", "v_init", "u_init", "name"};
  int32_t *const array[SF_NEURON_FIELDS] = {c->threshold, c->bias, NULL, c->v_init, c->u_init};
  int64_t id = -1, lo, hi;
  sf_err err = sf_json_keys(item, at, keys, LENGTH(keys), msg);
  if (err) return err;
  for (int i = 0; i < 2; i++)
    if (cJSON_GetObjectItemCaseSensitive(item, keys[i]) == NULL)
      return sf_fail(msg, SF_EFORMAT, "%s/%s: is missing", at, keys[i]);
  err = sf_json_int(item, at, "id", 0, (int64_t)c->neurons - 1, &id, msg);
  if (err) return err;
  if (seen[id] != 0) return sf_fail(msg, SF_EFORMAT, "%s: neuron %d stands there twice", at, (int)id);
  seen[id] = 1;
  for (size_t f = 0; f < SF_NEURON_FIELDS; f++) {
    int64_t value = 0;
    sf_neuron_range(c, f, &lo, &hi);
    err = sf_json_int(item, at, sf_neuron_names[f], lo, hi, &value, msg);
    if (err) return err;
    if (array[f] != NULL) array[f][id] = (int32_t)value;
    else c->profile[id] = (uint32_t)value;
  }
  return SF_OK;
}

static sf_err read_neurons(const cJSON *list, const char *where, sf_core_net *c, sf_msg *msg) {
  uint8_t *seen = calloc(c->neurons, 1);
  if (seen == NULL) return sf_fail(msg, SF_ENOMEM, "out of memory");
  sf_err err = SF_OK;
  size_t i = 0;
  for (const cJSON *item = list != NULL ? list->child : NULL; item != NULL && !err; item = item->next, i++) {
    char at[96];
    err = read_neuron(item, place(at, where, "neurons", i), c, seen, msg);
  }
  free(seen);
  return err;
}

static sf_err read_profiles(const cJSON *list, const char *where, sf_core_net *c, sf_msg *msg) {
  uint32_t k = 0;
  for (const cJSON *item = list != NULL ? list->child : NULL; item != NULL; item = item->next, k++) {
    char at[96];
    sf_err err = sf_json_keys(item, place(at, where, "profiles", k), sf_profile_names, SF_PROFILE_FIELDS, msg);
    for (size_t f = 0; f < SF_PROFILE_FIELDS && !err; f++) {
      int64_t lo, hi, value = *sf_profile_field(&c->profiles[k], f);
      sf_profile_range(c, f, &lo, &hi);
      err = sf_json_int(item, at, sf_profile_names[f], lo, hi, &value, msg);
      *sf_profile_field(&c->profiles[k], f) = (int32_t)value;
    }
    if (err) return err;
  }
  return SF_OK;
}

static sf_err read_routes(const cJSON *list, const char *where, sf_core_net *c, sf_msg *msg) {
  static const int64_t lo[SF_ROUTE_FIELDS] = {0, SF_EXTERNAL, 0, 0};
  uint32_t i = 0;
  for (const cJSON *item = list != NULL ? list->child : NULL; item != NULL; item = item->next, i++) {
    char at[96];
    int64_t value[SF_ROUTE_FIELDS];
    const sf_err err =
        row(item, place(at, where, "routes", i), SF_ROUTE_FIELDS, sf_route_names, lo, sf_route_max, value, msg);
    if (err) return err;
    for (size_t f = 0; f < SF_ROUTE_FIELDS; f++) sf_route_set(&c->routes[i], f, (int32_t)value[f]);
  }
  return SF_OK;
}

/* ---- a core, a file ----------------------------------------------------------------------------------------- */

static sf_err read_size(const cJSON *json, const char *where, const char *key, uint32_t lo, uint32_t hi, uint32_t *size,
                        sf_msg *msg) {
  int64_t value = *size;
  const sf_err err = sf_json_int(json, where, key, lo, hi, &value, msg);
  *size = (uint32_t)value;
  return err;
}

static sf_err read_core(const cJSON *json, const char *where, const char *path, sf_core_net *c, sf_msg *msg) {
  const cJSON *neurons, *profiles, *routes;
  size_t n_neurons, n_profiles, n_routes;
  bool *const has[4] = {&c->has_current, &c->has_refractory, &c->has_adaptation, &c->has_noise};
  bool stated[4];
  sf_msg inner;
  sf_err err;
  for (int i = 0; i < 2; i++) /* AXONS, NEURONS */
    if (cJSON_GetObjectItemCaseSensitive(json, core_keys[i]) == NULL)
      return sf_fail(msg, SF_EFORMAT, "%s/%s: is missing", where, core_keys[i]);
  err = read_size(json, where, "AXONS", 1, 4096, &c->axons, msg);
  if (err) return err;
  err = read_size(json, where, "NEURONS", 1, 8192, &c->neurons, msg);
  if (err) return err;
  err = read_size(json, where, "WEIGHT_BITS", 1, 16, &c->weight_bits, msg);
  if (err) return err;
  err = read_size(json, where, "POTENTIAL_BITS", 8, 24, &c->potential_bits, msg);
  if (err) return err;
  err = read_size(json, where, "DELAY_SLOTS", 2, 64, &c->delay_slots, msg);
  if (err) return err;
  for (int i = 0; i < 4; i++) {
    stated[i] = cJSON_GetObjectItemCaseSensitive(json, core_keys[5 + i]) != NULL;
    err = sf_json_bool(json, where, core_keys[5 + i], has[i], msg);
    if (err) return err;
  }
  err = sf_json_array(json, where, "neurons", c->neurons, &neurons, &n_neurons, msg);
  if (err) return err;
  err = sf_json_array(json, where, "profiles", c->neurons, &profiles, &n_profiles, msg);
  if (err) return err;
  err = sf_json_array(json, where, "routes", 65536, &routes, &n_routes, msg);
  if (err) return err;
  if (profiles != NULL) c->n_profiles = (uint32_t)n_profiles;
  c->n_routes = (uint32_t)n_routes;
  err = sf_core_net_alloc(c, &inner);
  if (err) return sf_fail(msg, err, "%s/%.400s", where, inner.text);
  err = read_neurons(neurons, where, c, msg);
  if (err) return err;
  err = read_profiles(profiles, where, c, msg);
  if (err) return err;
  err = read_routes(routes, where, c, msg);
  if (err) return err;
  err = read_weights(json, where, path, c, msg);
  if (err) return err;
  sf_infer_features(c, stated);
  return SF_OK;
}

static sf_err read_readout(const cJSON *json, sf_network *net, sf_msg *msg) {
  static const char *const keys[] = {"method", "ticks", "core", "neuron"};
  int64_t ticks = 0, core = 0, value;
  char method[16] = "", at[96];
  const cJSON *list, *item;
  size_t n;
  uint32_t i = 0;
  sf_err err = sf_json_keys(json, "readout", keys, LENGTH(keys), msg);
  if (err) return err;
  err = sf_json_text(json, "readout", "method", method, sizeof method, msg);
  if (err) return err;
  err = sf_read_method_parse(method, &net->readout.method, msg);
  if (err) return err;
  err = sf_json_int(json, "readout", "ticks", 1, SF_MAX_TICK, &ticks, msg);
  if (err) return err;
  err = sf_json_int(json, "readout", "core", 0, SF_MAX_CORES - 1, &core, msg);
  if (err) return err;
  err = sf_json_array(json, "readout", "neuron", SF_MAX_CLASSES, &list, &n, msg);
  if (err) return err;
  if (n == 0 || ticks == 0) return sf_fail(msg, SF_EFORMAT, "readout: ticks or neuron is missing");
  err = sf_readout_alloc(&net->readout, (uint32_t)n, msg);
  if (err) return err;
  for (item = list->child; item != NULL; item = item->next, i++) {
    snprintf(at, sizeof at, "readout/neuron[%u]", i);
    err = sf_json_value(item, at, 0, 8191, &value, msg);
    if (err) return err;
    net->readout.neuron[i] = (uint32_t)value;
  }
  net->readout.ticks = (uint32_t)ticks;
  net->readout.core = (uint32_t)core;
  return SF_OK;
}

/* Either the one core's keys stand in the root object, or "cores" holds an object for each core. */
static sf_err read_keys(const cJSON *root, const cJSON **cores, size_t *n, sf_msg *msg) {
  const char *known[LENGTH(root_keys) + LENGTH(core_keys)];
  size_t n_known = 0;
  char format[32] = "";
  int64_t version = 0;
  sf_err err;
  for (size_t i = 0; i < LENGTH(root_keys); i++) known[n_known++] = root_keys[i];
  if (cJSON_GetObjectItemCaseSensitive(root, "cores") == NULL)
    for (size_t i = 0; i + 1 < LENGTH(core_keys); i++) known[n_known++] = core_keys[i]; /* comment is in both */
  err = sf_json_keys(root, "", known, n_known, msg);
  if (err) return err;
  err = sf_json_text(root, "", "format", format, sizeof format, msg);
  if (err) return err;
  if (strcmp(format, SF_NETWORK_FORMAT) != 0)
    return sf_fail(msg, SF_EFORMAT, "format = \"%s\": must be \"" SF_NETWORK_FORMAT "\"", format);
  err = sf_json_int(root, "", "version", 1, SF_NETWORK_VERSION, &version, msg);
  if (err) return err;
  if (version == 0) return sf_fail(msg, SF_EFORMAT, "version: is missing, must be 1 .. %d", SF_NETWORK_VERSION);
  return sf_json_array(root, "", "cores", SF_MAX_CORES, cores, n, msg);
}

static sf_err read_root(const cJSON *root, const char *path, sf_network *net, const cJSON *cores, sf_msg *msg) {
  int64_t seed = 0;
  sf_err err = sf_json_int(root, "", "seed", 0, UINT32_MAX, &seed, msg);
  if (err) return err;
  net->seed = (uint32_t)seed;
  const cJSON *core = cores != NULL ? cores->child : root;
  for (uint32_t i = 0; i < net->n_cores; i++, core = core->next) {
    char where[24];
    snprintf(where, sizeof where, "core/%u", i);
    if (cores != NULL) err = sf_json_keys(core, where, core_keys, LENGTH(core_keys), msg);
    if (!err) err = read_core(core, where, path, &net->core[i], msg);
    if (err) return err;
  }
  const cJSON *readout = cJSON_GetObjectItemCaseSensitive(root, "readout");
  if (readout != NULL) err = read_readout(readout, net, msg);
  return err ? err : sf_network_check(net, msg);
}

static sf_err neither(const char *text, size_t length, sf_msg *msg) {
  const char *why_not = sf_not_text(text, length);
  return sf_fail(msg, SF_EFORMAT, "is neither HDF5 nor JSON%s%s", why_not != NULL ? ": " : "",
                 why_not != NULL ? why_not : "");
}

sf_err sf_network_read_json(const char *path, const char *beside, sf_network **out, sf_msg *msg) {
  char *text;
  size_t length, n;
  cJSON *root = NULL;
  const cJSON *cores;
  sf_network *net = NULL;
  sf_err err = sf_file_read(path, MAX_BYTES, &text, &length, msg);
  if (err) return err;
  err = text[strspn(text, " \t\r\n")] == '{' ? sf_json_parse(text, length, &root, msg) : neither(text, length, msg);
  free(text);
  if (!err) err = read_keys(root, &cores, &n, msg);
  if (!err && cores != NULL && n == 0) err = sf_fail(msg, SF_EFORMAT, "cores: is empty");
  if (!err) net = sf_network_new(cores != NULL ? (uint32_t)n : 1);
  if (!err && net == NULL) err = sf_fail(msg, SF_ENOMEM, "out of memory");
  if (!err) err = read_root(root, beside, net, cores, msg);
  cJSON_Delete(root);
  if (!err) *out = net;
  else sf_network_free(net);
  return err;
}
