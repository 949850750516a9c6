/* grid.c - a block of a sweep file: what holds for all of it, and what it combines. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explore/parse.h"
#include "files/json_util.h"

static sf_err add_axis(sf_axis *axes, size_t *n, const char *key, const cJSON *item, const char *what, sf_msg *msg) {
  size_t which = 0, slot = 0;
  cJSON *list = NULL;
  while (which < SF_N_PARAMS && strcmp(key, sf_sweep_parameter[which].name) != 0) which++;
  sf_err err = sf_sweep_list(item, what, &list, msg);
  if (err) return err;
  const cJSON *v;
  cJSON_ArrayForEach(v, list) if (!err) err = sf_sweep_check(which, v, what, msg);
  if (err) {
    cJSON_Delete(list);
    return err;
  }
  while (slot < *n && axes[slot].key != sf_sweep_parameter[which].name) slot++;
  if (slot == *n) (*n)++;
  else cJSON_Delete(axes[slot].values);
  axes[slot] = (sf_axis){sf_sweep_parameter[which].name, list};
  return SF_OK;
}

static sf_err read_parameters(const cJSON *object, const char *where, sf_axis *axes, size_t *n, sf_msg *msg) {
  const char *known[SF_N_PARAMS];
  char what[160];
  for (size_t i = 0; i < SF_N_PARAMS; i++) known[i] = sf_sweep_parameter[i].name;
  sf_err err = sf_json_keys(object, where, known, SF_N_PARAMS, msg);
  const cJSON *item;
  cJSON_ArrayForEach(item, object) {
    if (err) break;
    if (sf_json_is_comment(item)) continue;
    snprintf(what, sizeof what, "%.90s/%.60s", where, item->string);
    err = add_axis(axes, n, item->string, item, what, msg);
  }
  return err;
}

/* "cases": [{"LANES": 16, "NEURON_LANES": 1}, ...]: parameters that change together. */
static sf_err read_cases(const cJSON *item, const char *where, sf_axis *axes, size_t *n, sf_msg *msg) {
  const char *known[SF_N_PARAMS];
  char what[160];
  sf_err err = SF_OK;
  for (size_t i = 0; i < SF_N_PARAMS; i++) known[i] = sf_sweep_parameter[i].name;
  if (!cJSON_IsArray(item) || cJSON_GetArraySize(item) < 1 || cJSON_GetArraySize(item) > SF_SWEEP_MAX_VALUES)
    return sf_fail(msg, SF_EFORMAT, "%s: must be an array of 1 .. %d objects", where, SF_SWEEP_MAX_VALUES);
  const cJSON *one, *v;
  cJSON_ArrayForEach(one, item) {
    err = sf_json_keys(one, where, known, SF_N_PARAMS, msg);
    if (err) return err;
    cJSON_ArrayForEach(v, one) {
      size_t which = 0;
      if (sf_json_is_comment(v)) continue;
      while (strcmp(v->string, sf_sweep_parameter[which].name) != 0) which++;
      snprintf(what, sizeof what, "%.90s/%.60s", where, v->string);
      err = sf_sweep_check(which, v, what, msg);
      if (err) return err;
    }
  }
  cJSON *copy = cJSON_Duplicate(item, 1);
  if (!copy) return sf_fail(msg, SF_ENOMEM, "out of memory");
  axes[(*n)++] = (sf_axis){NULL, copy};
  return SF_OK;
}

static sf_err read_steps(const cJSON *item, const char *what, unsigned *steps, sf_msg *msg) {
  const cJSON *word;
  *steps = 0;
  if (!cJSON_IsArray(item) || !item->child)
    return sf_fail(msg, SF_EFORMAT, "%s: must be an array of steps: lint, model, lockstep, synth, route", what);
  cJSON_ArrayForEach(word, item) {
    unsigned one;
    const sf_err err = sf_steps_parse(cJSON_IsString(word) ? word->valuestring : "?", what, &one, msg);
    if (err) return err;
    *steps |= one;
  }
  return SF_OK;
}

void sf_product_free(sf_product *p) {
  for (size_t i = 0; i < p->n_axes; i++) cJSON_Delete(p->axes[i].values);
}

static sf_err read_targets(const sf_source *s, sf_product *p, sf_msg *msg) {
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

/* A list of numbers of the traffic; what is left out stays as it is. */
static sf_err read_list(const cJSON *traffic, const char *where, const char *key, int64_t hi, uint64_t values[64],
                        uint32_t *n, sf_msg *msg) {
  char what[180];
  const cJSON *item = cJSON_GetObjectItemCaseSensitive(traffic, key);
  if (!item) return SF_OK;
  snprintf(what, sizeof what, "%.120s/%s", where, key);
  return sf_sweep_numbers(item, what, 0, hi, 64, values, n, msg);
}

static sf_err read_traffic(const sf_source *s, sf_product *p, sf_msg *msg) {
  static const char *const known[] = {"events", "ticks", "seed"};
  const cJSON *o = sf_source_find(s, "traffic");
  char what[160];
  int64_t ticks = 50;
  p->events[0] = 32;
  p->n_events = 1;
  p->seeds[0] = 1;
  p->n_traffic_seeds = 1;
  p->ticks = (uint32_t)ticks;
  if (!o) return SF_OK;
  sf_source_at(s, "traffic", what);
  sf_err err = sf_json_keys(o, what, known, 3, msg);
  if (!err) err = sf_json_int(o, what, "ticks", 1, 1000000, &ticks, msg);
  if (!err) err = read_list(o, what, "events", 4096, p->events, &p->n_events, msg);
  if (!err) err = read_list(o, what, "seed", UINT32_MAX, p->seeds, &p->n_traffic_seeds, msg);
  p->ticks = (uint32_t)ticks;
  return err;
}

static sf_err read_seeds(const sf_source *s, sf_grid *g, sf_msg *msg) {
  const cJSON *item = sf_source_find(s, "route_seeds");
  uint64_t seed[SF_SWEEP_MAX_SEEDS] = {1};
  char what[160];
  sf_err err = SF_OK;
  g->n_seeds = 1;
  sf_source_at(s, "route_seeds", what);
  if (item) err = sf_sweep_numbers(item, what, 0, INT32_MAX, SF_SWEEP_MAX_SEEDS, seed, &g->n_seeds, msg);
  for (uint32_t i = 0; !err && i < g->n_seeds; i++) g->route_seed[i] = (uint32_t)seed[i];
  return err;
}

/* 1 .. hi; what is left out is 0. */
static sf_err read_number(const sf_source *s, const char *key, int64_t hi, uint32_t *value, sf_msg *msg) {
  const cJSON *item = sf_source_find(s, key);
  char what[160];
  int64_t number = 0;
  const sf_err err = item ? sf_json_value(item, sf_source_at(s, key, what), 1, hi, &number, msg) : SF_OK;
  *value = (uint32_t)number;
  return err;
}

static sf_err read_top(const sf_source *s, bool *board, sf_msg *msg) {
  char what[160], top[16] = "core";
  const bool own = sf_source_find(s, "top") == cJSON_GetObjectItemCaseSensitive(s->own, "top");
  const sf_err err = sf_json_text(own ? s->own : s->common, s->where, "top", top, sizeof top, msg);
  *board = strcmp(top, "board") == 0;
  if (err || *board || strcmp(top, "core") == 0) return err;
  return sf_fail(msg, SF_EINVAL, "%s: must be \"core\" or \"board\"", sf_source_at(s, "top", what));
}

/* The file's parameters first: a grid's own take their place. */
static sf_err read_axes(const sf_source *s, sf_product *p, sf_msg *msg) {
  char what[160];
  const cJSON *cases = sf_source_find(s, "cases");
  const cJSON *own = cJSON_GetObjectItemCaseSensitive(s->own, "parameters");
  const cJSON *common = s->own == s->common ? NULL : cJSON_GetObjectItemCaseSensitive(s->common, "parameters");
  sf_err err = SF_OK;
  if (cases) err = read_cases(cases, sf_source_at(s, "cases", what), p->axes, &p->n_axes, msg);
  if (!err && common) err = read_parameters(common, "parameters", p->axes, &p->n_axes, msg);
  if (!err && own) err = read_parameters(own, sf_source_at(s, "parameters", what), p->axes, &p->n_axes, msg);
  return err;
}

sf_err sf_grid_read(const sf_source *s, sf_grid *g, sf_product *p, sf_msg *msg) {
  char what[160];
  const cJSON *steps = sf_source_find(s, "steps");
  sf_err err = SF_OK;
  g->steps = 1u << SF_STEP_LINT | 1u << SF_STEP_MODEL | 1u << SF_STEP_LOCKSTEP;
  if (sf_source_find(s, "targets")) g->steps |= 1u << SF_STEP_SYNTH | 1u << SF_STEP_ROUTE;
  if (steps) err = read_steps(steps, sf_source_at(s, "steps", what), &g->steps, msg);
  if (!err) err = read_targets(s, p, msg);
  if (!err) err = read_top(s, &g->board, msg);
  if (!err) err = read_number(s, "freq_mhz", 1000, &g->freq_mhz, msg);
  if (!err) err = read_number(s, "limit_s", 10000000, &g->limit_s, msg);
  if (!err) err = read_seeds(s, g, msg);
  if (!err) err = read_axes(s, p, msg);
  if (!err) err = sf_sweep_networks(s, g, msg);
  if (!err) err = read_traffic(s, p, msg);
  if (!err && (g->steps & 1u << SF_STEP_SYNTH) && !p->n_targets)
    err = sf_fail(msg, SF_EINVAL, "%s: left out, but the steps have synth: at least one of %s",
                  sf_source_at(s, "targets", what), sf_synth_target_names());
  return err;
}
