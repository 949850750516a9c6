/* sweep.c - the sweep file, parsed and checked. Format: sweeps/README.md. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "explore/parse.h"
#include "files/file_util.h"
#include "files/json_util.h"

#define MAX_BYTES ((size_t)1 << 20)

#define GRID_KEYS \
  "steps", "targets", "top", "freq_mhz", "limit_s", "route_seeds", "parameters", "cases", "networks", "traffic"
static const char *const file_keys[] = {"format", "version", "name", "comment", "grids", GRID_KEYS};
static const char *const grid_keys[] = {"name", "comment", GRID_KEYS};

static sf_err parse_grids(sf_sweep *s, const cJSON *root, const char *folder, sf_msg *msg) {
  const cJSON *grids = cJSON_GetObjectItemCaseSensitive(root, "grids");
  const int n = grids ? cJSON_GetArraySize(grids) : 1;
  char where[32] = "";
  if (grids && (!cJSON_IsArray(grids) || n < 1 || n > SF_SWEEP_MAX_GRIDS))
    return sf_fail(msg, SF_EFORMAT, "grids: must be an array of 1 .. %d objects", SF_SWEEP_MAX_GRIDS);
  s->grid = calloc((size_t)n, sizeof *s->grid);
  if (!s->grid) return sf_fail(msg, SF_ENOMEM, "out of memory");
  for (int i = 0; i < n; i++) {
    const cJSON *own = grids ? cJSON_GetArrayItem(grids, i) : root;
    sf_grid *g = &s->grid[s->n_grids++];
    sf_product *p = calloc(1, sizeof *p);
    if (!p) return sf_fail(msg, SF_ENOMEM, "out of memory");
    if (grids) snprintf(where, sizeof where, "grids[%d]", i);
    const sf_source from = {own, root, where, folder};
    sf_err err = grids ? sf_json_keys(own, where, grid_keys, sizeof grid_keys / sizeof grid_keys[0], msg) : SF_OK;
    if (grids) snprintf(g->name, sizeof g->name, "grid %d", i);
    if (!err && grids) err = sf_json_text(own, where, "name", g->name, sizeof g->name, msg);
    if (!err) err = sf_grid_read(&from, g, p, msg);
    if (!err) err = sf_product_points(s, g, p, msg);
    sf_product_free(p);
    free(p);
    if (err) return err;
  }
  return SF_OK;
}

static sf_err parse_root(sf_sweep *s, const cJSON *root, sf_msg *msg) {
  char format[32] = "", folder[SF_PATH_MAX];
  int64_t version = 0;
  sf_err err = sf_json_keys(root, "", file_keys, sizeof file_keys / sizeof file_keys[0], msg);
  if (!err) err = sf_json_text(root, "", "format", format, sizeof format, msg);
  if (!err && strcmp(format, "synfire-sweep") != 0) err = sf_fail(msg, SF_EFORMAT, "format: must be \"synfire-sweep\"");
  if (!err) err = sf_json_int(root, "", "version", 1, 1, &version, msg);
  if (!err && version != 1) err = sf_fail(msg, SF_EFORMAT, "version: must be 1");
  if (!err) err = sf_json_text(root, "", "name", s->name, sizeof s->name, msg);
  for (const char *c = s->name; !err && *c; c++) /* it becomes the name of a folder */
    if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-", *c) || s->name[0] == '.')
      err = sf_fail(msg, SF_EINVAL, "name: must be of letters, digits, '.', '_' and '-', and not begin with '.'");
  if (err) return err;
  snprintf(folder, sizeof folder, "%s", s->path);
  char *slash = strrchr(folder, '/');
  if (slash) *slash = '\0';
  else strcpy(folder, ".");
  return parse_grids(s, root, folder, msg);
}

/* Without a name of its own a sweep is called what its file is. */
static void name_sweep(sf_sweep *s) {
  const char *slash = strrchr(s->path, '/'), *file = slash ? slash + 1 : s->path;
  if (s->name[0]) return;
  snprintf(s->name, sizeof s->name, "%.*s", (int)strcspn(file, "."), file);
  for (char *c = s->name; *c; c++)
    if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-", *c)) *c = '_';
  if (!s->name[0]) snprintf(s->name, sizeof s->name, "sweep");
}

sf_err sf_sweep_parse(const char *text, size_t length, const char *path, sf_sweep **out, sf_msg *msg) {
  cJSON *root;
  sf_sweep *s = calloc(1, sizeof *s);
  if (!s) return sf_fail(msg, SF_ENOMEM, "out of memory");
  snprintf(s->path, sizeof s->path, "%s", path);
  sf_err err = sf_json_parse(text, length, &root, msg);
  if (!err) {
    err = parse_root(s, root, msg);
    cJSON_Delete(root);
  }
  name_sweep(s);
  if (err) {
    sf_sweep_free(s);
    return sf_prefix(msg, err, path);
  }
  *out = s;
  return SF_OK;
}

const char *sf_sweep_path(const char *path, char moved[SF_PATH_MAX]) {
  static const char was[] = "explore/", is[] = "sweeps/";
  const char *name = strrchr(path, '/');
  const size_t length = sizeof was - 1, folder = name ? (size_t)(name + 1 - path) : 0;
  if (folder < length || strncmp(name + 1 - length, was, length) != 0) return path;
  if (folder > length && path[folder - length - 1] != '/') return path;
  if (access(path, F_OK) == 0 || errno != ENOENT) return path;
  const int n = snprintf(moved, SF_PATH_MAX, "%.*s%s%s", (int)(folder - length), path, is, name + 1);
  return n > 0 && n < SF_PATH_MAX && access(moved, F_OK) == 0 ? moved : path;
}

sf_err sf_sweep_read(const char *path, sf_sweep **out, sf_msg *msg) {
  char *text, absolute[SF_PATH_MAX];
  size_t length;
  sf_sweep *s;
  sf_err err = sf_file_read(path, MAX_BYTES, &text, &length, msg);
  if (err) return err;
  if (!realpath(path, absolute)) snprintf(absolute, sizeof absolute, "%s", path);
  err = sf_sweep_parse(text, length, absolute, &s, msg);
  free(text);
  if (err) return err;
  for (uint32_t g = 0; g < s->n_grids; g++)
    for (uint32_t i = 0; i < s->grid[g].n_nets; i++) {
      const sf_sweep_net *net = &s->grid[g].net[i];
      const char *file[] = {net->file, net->spikes};
      for (int k = 0; k < 2; k++)
        if (!err && file[k] && access(file[k], R_OK) != 0)
          err =
              sf_fail(msg, SF_EIO, "%.150s: networks: %.200s: no such file, or it may not be read", absolute, file[k]);
    }
  if (err) sf_sweep_free(s);
  else *out = s;
  return err;
}

void sf_sweep_free(sf_sweep *s) {
  if (!s) return;
  for (uint32_t i = 0; i < s->n_points; i++) free(s->point[i].invalid);
  for (uint32_t g = 0; g < s->n_grids; g++) {
    for (uint32_t i = 0; i < s->grid[g].n_nets; i++) {
      free(s->grid[g].net[i].file);
      free(s->grid[g].net[i].spikes);
    }
    free(s->grid[g].net);
  }
  free(s->grid);
  free(s->point);
  free(s);
}
