/* verilator.c - see verilator.h. */
#include "verilated/verilator.h"

#include <stdlib.h>

#include "util/tool.h"

#define EXTRA "build/verilator/bin/verilator"

sf_err sf_verilator_find(char path[SF_PATH_MAX], sf_msg *msg) {
  const char *set = getenv("SYNFIRE_VERILATOR");
  char extra[SF_PATH_MAX];
  sf_msg why = {""};
  if (set && *set) {
    const sf_err err = sf_tool_find(set, "verilator", path, &why);
    return err ? sf_fail(msg, err, "SYNFIRE_VERILATOR: %.300s", why.text) : SF_OK;
  }
  if (!sf_data_path(EXTRA, extra, NULL) && !sf_tool_find(extra, NULL, path, NULL)) return SF_OK;
  return sf_tool_find("verilator", NULL, path, msg);
}

void sf_verilator_version(char *line, size_t size) {
  char path[SF_PATH_MAX];
  line[0] = '\0';
  if (!sf_verilator_find(path, NULL)) sf_tool_line((const char *[]){path, "--version", NULL}, line, size);
}
