/* describe.c - see describe.h. */
#include "explore/describe.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#include "explore/explore.h"
#include "files/config_file.h"
#include "files/file_kind.h"
#include "files/file_util.h"
#include "files/json_util.h"
#include "files/network_file.h"
#include "files/params_json.h"
#include "files/spikes_file.h"
#include "util/cli.h"

static void number(cJSON *o, const char *key, double value) { cJSON_AddNumberToObject(o, key, value); }

static void core_json(const sf_core_net *c, cJSON *o) {
  uint64_t used = 0, external = 0;
  for (uint32_t axon = 0; axon < c->axons; axon++)
    for (uint32_t n = 0; n < c->neurons; n++) used += sf_core_weight(c, axon, n) != 0;
  for (uint32_t i = 0; i < c->n_routes; i++) external += c->routes[i].core == SF_EXTERNAL;
  number(o, "AXONS", c->axons);
  number(o, "NEURONS", c->neurons);
  number(o, "WEIGHT_BITS", c->weight_bits);
  number(o, "POTENTIAL_BITS", c->potential_bits);
  number(o, "DELAY_SLOTS", c->delay_slots);
  number(o, "profiles", c->n_profiles);
  number(o, "routes", c->n_routes);
  number(o, "external_routes", (double)external);
  number(o, "nonzero_weights", (double)used);
  cJSON_AddBoolToObject(o, "HAS_CURRENT", c->has_current);
  cJSON_AddBoolToObject(o, "HAS_REFRACTORY", c->has_refractory);
  cJSON_AddBoolToObject(o, "HAS_ADAPTATION", c->has_adaptation);
  cJSON_AddBoolToObject(o, "HAS_NOISE", c->has_noise);
}

static sf_err network_json(const char *path, cJSON *o, sf_msg *msg) {
  static const char *const method[] = {"potential", "spikes", "first"};
  sf_network *net;
  const sf_err err = sf_network_read(path, &net, msg);
  if (err) return err;
  sf_cli_warning(net->note.text);
  cJSON_AddStringToObject(o, "kind", "network");
  number(o, "seed", net->seed);
  cJSON *cores = cJSON_AddArrayToObject(o, "cores");
  for (uint32_t i = 0; i < net->n_cores; i++) {
    cJSON *core = cJSON_CreateObject();
    core_json(&net->core[i], core);
    cJSON_AddItemToArray(cores, core);
  }
  if (net->readout.n_classes) {
    cJSON *r = cJSON_AddObjectToObject(o, "readout");
    cJSON_AddStringToObject(r, "method", method[net->readout.method]);
    number(r, "ticks", net->readout.ticks);
    number(r, "classes", net->readout.n_classes);
  }
  sf_params p;
  if (net->n_cores == 1 && !sf_network_params(net, 0, &p, NULL))
    sf_params_json(&p, cJSON_AddObjectToObject(o, "smallest_configuration"));
  sf_network_free(net);
  return SF_OK;
}

static sf_err spikes_json(const char *path, cJSON *o, sf_msg *msg) {
  sf_spikes s;
  const sf_err err = sf_spikes_read(path, &s, msg);
  if (err) return err;
  uint32_t tick = 0, unit = 0;
  for (size_t i = 0; i < s.n; i++) {
    if (s.tick[i] > tick) tick = s.tick[i];
    if (s.unit[i] > unit) unit = s.unit[i];
  }
  cJSON_AddStringToObject(o, "kind", "spikes");
  number(o, "spikes", (double)s.n);
  number(o, "samples", (double)s.n_samples);
  if (s.n) {
    number(o, "last_tick", tick);
    number(o, "largest_unit", unit);
  }
  if (s.ticks) number(o, "ticks", s.ticks);
  cJSON_AddBoolToObject(o, "labels", s.label != NULL);
  sf_spikes_free(&s);
  return SF_OK;
}

static sf_err config_json(const char *path, cJSON *o, sf_msg *msg) {
  sf_config c;
  const sf_err err = sf_config_read(path, &c, msg);
  if (err) return err;
  const sf_params *p = &c.params;
  cJSON_AddStringToObject(o, "kind", "configuration");
  if (c.name[0]) cJSON_AddStringToObject(o, "name", c.name);
  if (c.target[0]) cJSON_AddStringToObject(o, "target", c.target);
  if (c.clock_mhz_min) number(o, "clock_mhz_min", c.clock_mhz_min);
  sf_params_json(p, o);
  number(o, "synapses", (double)p->axons * p->neurons);
  number(o, "weight_memory_bits", (double)p->axons * p->neurons * p->weight_bits);
  return SF_OK;
}

static sf_err sweep_json(const char *path, cJSON *o, sf_msg *msg) {
  sf_sweep *s;
  uint32_t impossible = 0;
  const sf_err err = sf_sweep_read(path, &s, msg);
  if (err) return err;
  for (uint32_t i = 0; i < s->n_points; i++) impossible += s->point[i].invalid != NULL;
  cJSON_AddStringToObject(o, "kind", "sweep");
  cJSON_AddStringToObject(o, "name", s->name);
  number(o, "grids", s->n_grids);
  number(o, "points", s->n_points);
  number(o, "impossible_points", impossible);
  sf_sweep_free(s);
  return SF_OK;
}

/* What synfire itself wrote: its numbers and words, without what is nested. */
static sf_err results_json(const char *path, cJSON *o, sf_msg *msg) {
  char *text;
  size_t length;
  cJSON *root;
  sf_err err = sf_file_read(path, (size_t)1 << 28, &text, &length, msg);
  if (err) return err;
  err = sf_json_parse(text, length, &root, msg);
  free(text);
  if (err) return sf_prefix(msg, err, path);
  const cJSON *format = cJSON_GetObjectItemCaseSensitive(root, "format"), *item;
  cJSON_AddStringToObject(o, "kind",
                          !format                                              ? "result of synth"
                          : !strcmp(format->valuestring, "synfire-projection") ? "projection"
                                                                               : "results of explore");
  cJSON_ArrayForEach(item, root) if (!cJSON_IsObject(item) && !cJSON_IsArray(item) &&
                                     !cJSON_GetObjectItemCaseSensitive(o, item->string))
      cJSON_AddItemToObject(o, item->string, cJSON_Duplicate(item, 0));
  cJSON_Delete(root);
  return SF_OK;
}

sf_err sf_describe(const char *path, cJSON *o, sf_msg *msg) {
  static sf_err (*const of[])(const char *path, cJSON *o, sf_msg *msg) = {
      [SF_FILE_NETWORK] = network_json, [SF_FILE_SPIKES] = spikes_json, [SF_FILE_CSV] = spikes_json,
      [SF_FILE_CONFIG] = config_json,   [SF_FILE_SWEEP] = sweep_json,   [SF_FILE_RESULTS] = results_json};
  sf_file_kind is = SF_FILE_CONFIG;
  sf_input in;
  sf_err err = sf_input_open(path, &in, msg);
  if (err) return err;
  err = sf_file_kind_of(&in, &is, msg);
  if (!err) {
    err = of[is](in.path, o, msg);
    sf_rename(msg, in.path, in.name);
  }
  if (err && is == SF_FILE_CSV) {
    const sf_msg inner = *msg;
    err = sf_fail(msg, err, "%.400s (neither HDF5 nor JSON: taken for spikes in CSV)", inner.text);
  }
  sf_input_close(&in);
  return err;
}
