/* sweep.c - the sweep file: parsed, checked, enumerated. Format: sweeps/README.md. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "explore/parse.h"
#include "files/config_file.h"
#include "files/file_util.h"
#include "files/json_util.h"
#include "util/hash.h"
#include "util/tool.h"

#define MAX_BYTES ((size_t)1 << 20)

/* An axis of the product: values of one parameter, or objects with several ("cases"). */
typedef struct axis {
  const char *key; /* NULL: cases */
  cJSON *values;   /* an array of our own */
} axis;

/* ---- a grid ---- */

static sf_err add_axis(axis *axes, size_t *n, const char *key, const cJSON *item, const char *what, sf_msg *msg) {
  size_t which = 0, slot = 0;
  cJSON *list = NULL;
  while (which < SF_N_PARAMS && strcmp(key, sf_sweep_parameter[which].name) != 0) which++;
  sf_err e = sf_sweep_list(item, what, &list, msg);
  if (e != SF_OK) return e;
  const cJSON *v;
  cJSON_ArrayForEach(v, list) if (e == SF_OK) e = sf_sweep_check(which, v, what, msg);
  if (e != SF_OK) {
    cJSON_Delete(list);
    return e;
  }
  while (slot < *n && axes[slot].key != sf_sweep_parameter[which].name) slot++;
  if (slot == *n) (*n)++;
  else cJSON_Delete(axes[slot].values);
  axes[slot] = (axis){sf_sweep_parameter[which].name, list};
  return SF_OK;
}

static sf_err read_parameters(const cJSON *object, const char *where, axis *axes, size_t *n, sf_msg *msg) {
  const char *known[SF_N_PARAMS];
  char what[160];
  for (size_t i = 0; i < SF_N_PARAMS; i++) known[i] = sf_sweep_parameter[i].name;
  sf_err e = sf_json_keys(object, where, known, SF_N_PARAMS, msg);
  const cJSON *item;
  cJSON_ArrayForEach(item, object) {
    if (e != SF_OK) break;
    if (sf_json_is_comment(item)) continue;
    snprintf(what, sizeof what, "%.90s/%.60s", where, item->string);
    e = add_axis(axes, n, item->string, item, what, msg);
  }
  return e;
}

/* "cases": [{"LANES": 16, "NEURON_LANES": 1}, ...]: parameters that change together. */
static sf_err read_cases(const cJSON *item, const char *where, axis *axes, size_t *n, sf_msg *msg) {
  const char *known[SF_N_PARAMS];
  char what[160];
  sf_err e = SF_OK;
  for (size_t i = 0; i < SF_N_PARAMS; i++) known[i] = sf_sweep_parameter[i].name;
  if (!cJSON_IsArray(item) || cJSON_GetArraySize(item) < 1 || cJSON_GetArraySize(item) > SF_SWEEP_MAX_VALUES)
    return sf_fail(msg, SF_EFORMAT, "%s: must be an array of 1 .. %d objects", where, SF_SWEEP_MAX_VALUES);
  const cJSON *one, *v;
  cJSON_ArrayForEach(one, item) {
    e = sf_json_keys(one, where, known, SF_N_PARAMS, msg);
    if (e != SF_OK) return e;
    cJSON_ArrayForEach(v, one) {
      size_t which = 0;
      if (sf_json_is_comment(v)) continue;
      while (strcmp(v->string, sf_sweep_parameter[which].name) != 0) which++;
      snprintf(what, sizeof what, "%.90s/%.60s", where, v->string);
      e = sf_sweep_check(which, v, what, msg);
      if (e != SF_OK) return e;
    }
  }
  cJSON *copy = cJSON_Duplicate(item, 1);
  if (!copy) return sf_fail(msg, SF_ENOMEM, "out of memory");
  axes[(*n)++] = (axis){NULL, copy};
  return SF_OK;
}

static sf_err read_steps(const cJSON *item, const char *what, unsigned *steps, sf_msg *msg) {
  const cJSON *word;
  *steps = 0;
  if (!cJSON_IsArray(item) || !item->child)
    return sf_fail(msg, SF_EFORMAT, "%s: must be an array of steps: lint, model, lockstep, synth, route", what);
  cJSON_ArrayForEach(word, item) {
    unsigned one;
    const sf_err e = sf_steps_parse(cJSON_IsString(word) ? word->valuestring : "?", what, &one, msg);
    if (e != SF_OK) return e;
    *steps |= one;
  }
  return SF_OK;
}

/* ---- enumeration ---- */

/* Everything of a grid that is combined, besides what the grid itself holds. */
typedef struct product {
  axis axes[SF_MAX_AXES];
  size_t n_axes;
  const sf_synth_target *target[8];
  uint32_t n_targets;
  uint64_t events[64], seeds[64];
  uint32_t n_events, n_traffic_seeds, ticks;
} product;

static void free_product(product *p) {
  for (size_t i = 0; i < p->n_axes; i++) cJSON_Delete(p->axes[i].values);
}

static sf_err read_targets(const sf_source *s, product *p, sf_msg *msg) {
  const cJSON *list = sf_source_find(s, "targets"), *item;
  char what[160];
  if (!list) return SF_OK;
  sf_source_at(s, "targets", what);
  if (!cJSON_IsArray(list) || !list->child || cJSON_GetArraySize(list) > 8)
    return sf_fail(msg, SF_EFORMAT, "%s: must be an array of targets: %s", what, sf_synth_target_names());
  cJSON_ArrayForEach(item, list) {
    const char *name = cJSON_IsString(item) ? item->valuestring : "?";
    p->target[p->n_targets] = sf_synth_target_find(name);
    if (!p->target[p->n_targets])
      return sf_fail(msg, SF_EINVAL, "%s '%.40s': must be one of %s", what, name, sf_synth_target_names());
    p->n_targets++;
  }
  return SF_OK;
}

static sf_err read_traffic(const sf_source *s, product *p, sf_msg *msg) {
  static const char *const known[] = {"events", "ticks", "seed"};
  const cJSON *o = sf_source_find(s, "traffic"), *item;
  char what[160], name[180];
  int64_t ticks = 50;
  p->events[0] = 32, p->n_events = 1;
  p->seeds[0] = 1, p->n_traffic_seeds = 1;
  sf_err e = SF_OK;
  sf_source_at(s, "traffic", what);
  if (o) {
    e = sf_json_keys(o, what, known, 3, msg);
    if (e == SF_OK) e = sf_json_int(o, what, "ticks", 1, 1000000, &ticks, msg);
    snprintf(name, sizeof name, "%.120s/events", what);
    if (e == SF_OK && (item = cJSON_GetObjectItemCaseSensitive(o, "events")))
      e = sf_sweep_numbers(item, name, 0, 4096, 64, p->events, &p->n_events, msg);
    snprintf(name, sizeof name, "%.120s/seed", what);
    if (e == SF_OK && (item = cJSON_GetObjectItemCaseSensitive(o, "seed")))
      e = sf_sweep_numbers(item, name, 0, UINT32_MAX, 64, p->seeds, &p->n_traffic_seeds, msg);
  }
  p->ticks = (uint32_t)ticks;
  return e;
}

static sf_err read_seeds(const sf_source *s, sf_grid *g, sf_msg *msg) {
  const cJSON *item = sf_source_find(s, "route_seeds");
  uint64_t seed[SF_SWEEP_MAX_SEEDS] = {1};
  char what[160];
  g->n_seeds = 1;
  const sf_err e = item ? sf_sweep_numbers(item, sf_source_at(s, "route_seeds", what), 0, INT32_MAX, SF_SWEEP_MAX_SEEDS,
                                           seed, &g->n_seeds, msg)
                        : SF_OK;
  for (uint32_t i = 0; e == SF_OK && i < g->n_seeds; i++) g->route_seed[i] = (uint32_t)seed[i];
  return e;
}

static sf_err read_grid(const sf_source *s, sf_grid *g, product *p, sf_msg *msg) {
  char what[160], top[16] = "core";
  int64_t freq = 0, limit = 0;
  const cJSON *item = sf_source_find(s, "steps");
  sf_err e = SF_OK;
  g->steps = 1u << SF_STEP_LINT | 1u << SF_STEP_MODEL | 1u << SF_STEP_LOCKSTEP;
  if (sf_source_find(s, "targets")) g->steps |= 1u << SF_STEP_SYNTH | 1u << SF_STEP_ROUTE;
  if (item) e = read_steps(item, sf_source_at(s, "steps", what), &g->steps, msg);
  if (e == SF_OK) e = read_targets(s, p, msg);
  if (e == SF_OK)
    e = sf_json_text(sf_source_find(s, "top") == cJSON_GetObjectItemCaseSensitive(s->own, "top") ? s->own : s->common,
                     s->where, "top", top, sizeof top, msg);
  if (e == SF_OK && strcmp(top, "core") != 0 && strcmp(top, "board") != 0)
    e = sf_fail(msg, SF_EINVAL, "%s: must be \"core\" or \"board\"", sf_source_at(s, "top", what));
  g->board = strcmp(top, "board") == 0;
  if (e == SF_OK && (item = sf_source_find(s, "freq_mhz")))
    e = sf_json_value(item, sf_source_at(s, "freq_mhz", what), 1, 1000, &freq, msg);
  if (e == SF_OK && (item = sf_source_find(s, "limit_s")))
    e = sf_json_value(item, sf_source_at(s, "limit_s", what), 1, 10000000, &limit, msg);
  g->freq_mhz = (uint32_t)freq;
  g->limit_s = (uint32_t)limit;
  if (e == SF_OK) e = read_seeds(s, g, msg);
  if (e == SF_OK && (item = sf_source_find(s, "cases")))
    e = read_cases(item, sf_source_at(s, "cases", what), p->axes, &p->n_axes, msg);
  if (e == SF_OK && s->own != s->common && (item = cJSON_GetObjectItemCaseSensitive(s->common, "parameters")))
    e = read_parameters(item, "parameters", p->axes, &p->n_axes, msg);
  if (e == SF_OK && (item = cJSON_GetObjectItemCaseSensitive(s->own, "parameters")))
    e = read_parameters(item, sf_source_at(s, "parameters", what), p->axes, &p->n_axes, msg);
  if (e == SF_OK) e = sf_sweep_networks(s, g, msg);
  if (e == SF_OK) e = read_traffic(s, p, msg);
  if (e == SF_OK && (g->steps & 1u << SF_STEP_SYNTH) && !p->n_targets)
    e = sf_fail(msg, SF_EINVAL, "%s: left out, but the steps have synth: at least one of %s",
                sf_source_at(s, "targets", what), sf_synth_target_names());
  return e;
}

static uint64_t product_size(const product *p, const sf_grid *g) {
  uint64_t n = (p->n_targets ? p->n_targets : 1) * (uint64_t)g->n_nets * p->n_events * p->n_traffic_seeds;
  for (size_t i = 0; i < p->n_axes && n <= SF_SWEEP_MAX_POINTS; i++)
    n *= (uint64_t)cJSON_GetArraySize(p->axes[i].values);
  return n;
}

/* A grid's values of one combination as a configuration. */
static sf_err settle(const product *p, const uint32_t *index, sf_point *point, sf_msg *msg) {
  cJSON *o = cJSON_CreateObject();
  bool good = o != NULL;
  for (size_t i = 0; good && i < p->n_axes; i++) {
    const cJSON *v = cJSON_GetArrayItem(p->axes[i].values, (int)index[i]);
    if (p->axes[i].key) {
      cJSON_DeleteItemFromObjectCaseSensitive(o, p->axes[i].key);
      good = cJSON_AddItemToObject(o, p->axes[i].key, cJSON_Duplicate(v, 0));
      continue;
    }
    const cJSON *one;
    cJSON_ArrayForEach(one, v) if (!sf_json_is_comment(one)) good =
        good && cJSON_AddItemToObject(o, one->string, cJSON_Duplicate(one, 0));
  }
  char *text = good ? cJSON_PrintUnformatted(o) : NULL;
  cJSON_Delete(o);
  if (!text) return sf_fail(msg, SF_ENOMEM, "out of memory");
  sf_config config;
  sf_msg why = {""};
  const sf_err e = sf_config_parse(text, strlen(text), "parameters", &config, &why);
  cJSON_free(text);
  if (e == SF_ENOMEM) return sf_fail(msg, e, "%s", why.text);
  if (e == SF_OK) point->params = config.params;
  else {
    point->invalid = strdup(why.text);
    if (!point->invalid) return sf_fail(msg, SF_ENOMEM, "out of memory");
  }
  if (!point->invalid && point->events > point->params.axons &&
      asprintf(&point->invalid, "traffic/events = %u: must be 0 .. %u, the axons", point->events, point->params.axons) <
          0)
    return sf_fail(msg, SF_ENOMEM, "out of memory");
  return SF_OK;
}

static sf_err enumerate(sf_sweep *s, const sf_grid *g, const product *p, sf_msg *msg) {
  const uint64_t n = product_size(p, g);
  if (n + s->n_points > SF_SWEEP_MAX_POINTS) return sf_fail(msg, SF_EINVAL, "more than %d points", SF_SWEEP_MAX_POINTS);
  sf_point *more = realloc(s->point, (s->n_points + n) * sizeof *more);
  if (!more) return sf_fail(msg, SF_ENOMEM, "out of memory");
  s->point = more;
  for (uint64_t k = 0; k < n; k++) {
    uint64_t rest = k;
    uint32_t index[SF_MAX_AXES];
    sf_point *point = &s->point[s->n_points];
    *point = (sf_point){.number = s->n_points, .grid = g, .ticks = p->ticks};
    const uint64_t traffic = rest % (p->n_traffic_seeds * (uint64_t)p->n_events);
    point->traffic_seed = p->seeds[rest % p->n_traffic_seeds], rest /= p->n_traffic_seeds;
    point->events = (uint32_t)p->events[rest % p->n_events], rest /= p->n_events;
    point->net = &g->net[rest % g->n_nets], rest /= g->n_nets;
    if (point->net->spikes) { /* it brings its own traffic: one point, whatever the traffic of the others */
      if (traffic) continue;
      point->events = 0, point->ticks = 0, point->traffic_seed = 0;
    }
    for (size_t i = p->n_axes; i-- > 0;) {
      const uint32_t size = (uint32_t)cJSON_GetArraySize(p->axes[i].values);
      index[i] = (uint32_t)(rest % size), rest /= size;
    }
    point->target = p->n_targets ? p->target[rest] : NULL;
    s->n_points++;
    const sf_err e = settle(p, index, point, msg);
    if (e != SF_OK) return e;
  }
  return SF_OK;
}

/* ---- the file ---- */

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
    product *p = calloc(1, sizeof *p);
    if (!p) return sf_fail(msg, SF_ENOMEM, "out of memory");
    if (grids) snprintf(where, sizeof where, "grids[%d]", i);
    const sf_source from = {own, root, where, folder};
    sf_err e = grids ? sf_json_keys(own, where, grid_keys, sizeof grid_keys / sizeof grid_keys[0], msg) : SF_OK;
    if (grids) snprintf(g->name, sizeof g->name, "grid %d", i);
    if (e == SF_OK && grids) e = sf_json_text(own, where, "name", g->name, sizeof g->name, msg);
    if (e == SF_OK) e = read_grid(&from, g, p, msg);
    if (e == SF_OK) e = enumerate(s, g, p, msg);
    free_product(p);
    free(p);
    if (e != SF_OK) return e;
  }
  return SF_OK;
}

static sf_err parse_root(sf_sweep *s, const cJSON *root, sf_msg *msg) {
  char format[32] = "", folder[SF_PATH_MAX];
  int64_t version = 0;
  sf_err e = sf_json_keys(root, "", file_keys, sizeof file_keys / sizeof file_keys[0], msg);
  if (e == SF_OK) e = sf_json_text(root, "", "format", format, sizeof format, msg);
  if (e == SF_OK && strcmp(format, "synfire-sweep") != 0)
    e = sf_fail(msg, SF_EFORMAT, "format: must be \"synfire-sweep\"");
  if (e == SF_OK) e = sf_json_int(root, "", "version", 1, 1, &version, msg);
  if (e == SF_OK && version != 1) e = sf_fail(msg, SF_EFORMAT, "version: must be 1");
  if (e == SF_OK) e = sf_json_text(root, "", "name", s->name, sizeof s->name, msg);
  for (const char *c = s->name; e == SF_OK && *c; c++) /* it becomes the name of a folder */
    if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-", *c) || s->name[0] == '.')
      e = sf_fail(msg, SF_EINVAL, "name: must be of letters, digits, '.', '_' and '-', and not begin with '.'");
  if (e != SF_OK) return e;
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
  sf_err e = sf_json_parse(text, length, &root, msg);
  if (e == SF_OK) {
    e = parse_root(s, root, msg);
    cJSON_Delete(root);
  }
  name_sweep(s);
  if (e != SF_OK) {
    sf_sweep_free(s);
    return sf_prefix(msg, e, path);
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
  sf_err e = sf_file_read(path, MAX_BYTES, &text, &length, msg);
  if (e != SF_OK) return e;
  if (!realpath(path, absolute)) snprintf(absolute, sizeof absolute, "%s", path);
  e = sf_sweep_parse(text, length, absolute, &s, msg);
  free(text);
  if (e != SF_OK) return e;
  for (uint32_t g = 0; g < s->n_grids; g++)
    for (uint32_t i = 0; i < s->grid[g].n_nets; i++) {
      const sf_sweep_net *net = &s->grid[g].net[i];
      const char *file[] = {net->file, net->spikes};
      for (int k = 0; k < 2; k++)
        if (e == SF_OK && file[k] && access(file[k], R_OK) != 0)
          e = sf_fail(msg, SF_EIO, "%.150s: networks: %.200s: no such file, or it may not be read", absolute, file[k]);
    }
  if (e != SF_OK) sf_sweep_free(s);
  else *out = s;
  return e;
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

/* Hardware and what it is built for: points that agree in it share a synthesis. */
typedef struct ordered {
  sf_hash hardware;
  uint32_t number, turn;
} ordered;

static int by_hardware(const void *a, const void *b) {
  const ordered *x = a, *y = b;
  if (x->hardware.h != y->hardware.h) return x->hardware.h < y->hardware.h ? -1 : 1;
  return x->number < y->number ? -1 : x->number > y->number;
}

static int by_turn(const void *a, const void *b) {
  const ordered *x = a, *y = b;
  if (x->turn != y->turn) return x->turn < y->turn ? -1 : 1;
  return x->number < y->number ? -1 : x->number > y->number;
}

static void hardware_text(const sf_point *p, char *text, size_t size) {
#define AS_SF_NUMBER "%u "
#define AS_SF_POWER AS_SF_NUMBER
#define AS_SF_WIDTH AS_SF_NUMBER
#define AS_SF_FLAG "%d"
#define AS_SF_CHOICE AS_SF_FLAG
#define AS(kind, name, rtl, field, standard, lo, hi) AS_##kind
#define VALUE(kind, name, rtl, field, standard, lo, hi) p->params.field,
  snprintf(text, size, SF_PARAMS(AS) " %s", SF_PARAMS(VALUE) p->target ? p->target->name : "");
}

sf_err sf_sweep_order(const sf_sweep *s, uint32_t *order, sf_msg *msg) {
  ordered *o = calloc(s->n_points ? s->n_points : 1, sizeof *o);
  if (!o) return sf_fail(msg, SF_ENOMEM, "out of memory");
  for (uint32_t i = 0; i < s->n_points; i++) {
    const sf_point *p = &s->point[i];
    char text[512];
    hardware_text(p, text, sizeof text);
    o[i] = (ordered){sf_hash_new(), i, 0};
    sf_hash_text(&o[i].hardware, text);
  }
  qsort(o, s->n_points, sizeof *o, by_hardware);
  for (uint32_t i = 1; i < s->n_points; i++)
    if (o[i].hardware.h == o[i - 1].hardware.h) o[i].turn = o[i - 1].turn + 1;
  qsort(o, s->n_points, sizeof *o, by_turn);
  for (uint32_t i = 0; i < s->n_points; i++) order[i] = o[i].number;
  free(o);
  return SF_OK;
}
