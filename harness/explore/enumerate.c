/* enumerate.c - the points of a grid, and the order in which they are best computed. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explore/parse.h"
#include "files/config_file.h"
#include "files/json_util.h"
#include "util/hash.h"

static uint64_t product_size(const sf_product *p, const sf_grid *g) {
  uint64_t n = (p->n_targets ? p->n_targets : 1) * (uint64_t)g->n_nets * p->n_events * p->n_traffic_seeds;
  for (size_t i = 0; i < p->n_axes && n <= SF_SWEEP_MAX_POINTS; i++)
    n *= (uint64_t)cJSON_GetArraySize(p->axes[i].values);
  return n;
}

/* A grid's values of one combination as a configuration. */
static sf_err settle(const sf_product *p, const uint32_t *index, sf_point *point, sf_msg *msg) {
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
  const sf_err err = sf_config_parse(text, strlen(text), "parameters", &config, &why);
  cJSON_free(text);
  if (err == SF_ENOMEM) return sf_fail(msg, err, "%s", why.text);
  if (!err) point->params = config.params;
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

/* The remainder of *rest by n, which is taken off it. */
static uint32_t take(uint64_t *rest, uint64_t n) {
  const uint32_t digit = (uint32_t)(*rest % n);
  *rest /= n;
  return digit;
}

/* Combination k, and an index for each axis; false: there is no such point. */
static bool choose(const sf_grid *g, const sf_product *p, uint64_t k, sf_point *point, uint32_t index[SF_MAX_AXES]) {
  const bool first_traffic = k % (p->n_traffic_seeds * (uint64_t)p->n_events) == 0;
  point->traffic_seed = p->seeds[take(&k, p->n_traffic_seeds)];
  point->events = (uint32_t)p->events[take(&k, p->n_events)];
  point->net = &g->net[take(&k, g->n_nets)];
  if (point->net->spikes) { /* it brings its own traffic: one point, whatever the traffic of the others */
    if (!first_traffic) return false;
    point->events = 0;
    point->ticks = 0;
    point->traffic_seed = 0;
  }
  for (size_t i = p->n_axes; i-- > 0;) index[i] = take(&k, (uint64_t)cJSON_GetArraySize(p->axes[i].values));
  point->target = p->n_targets ? p->target[k] : NULL;
  return true;
}

sf_err sf_product_points(sf_sweep *s, const sf_grid *g, const sf_product *p, sf_msg *msg) {
  const uint64_t n = product_size(p, g);
  if (n + s->n_points > SF_SWEEP_MAX_POINTS) return sf_fail(msg, SF_EINVAL, "more than %d points", SF_SWEEP_MAX_POINTS);
  sf_point *more = realloc(s->point, (s->n_points + n) * sizeof *more);
  if (!more) return sf_fail(msg, SF_ENOMEM, "out of memory");
  s->point = more;
  for (uint64_t k = 0; k < n; k++) {
    uint32_t index[SF_MAX_AXES];
    sf_point *point = &s->point[s->n_points];
    *point = (sf_point){.number = s->n_points, .grid = g, .ticks = p->ticks};
    if (!choose(g, p, k, point, index)) continue;
    s->n_points++;
    const sf_err err = settle(p, index, point, msg);
    if (err) return err;
  }
  return SF_OK;
}

/* ---- order ---- */

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
