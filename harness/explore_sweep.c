/* explore_sweep.c - the sweep file: parsed, checked, enumerated. Format: explore/README.md. */
#define _GNU_SOURCE
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config_file.h"
#include "explore.h"
#include "file_util.h"
#include "json_util.h"
#include "tool.h"

#define MAX_BYTES ((size_t)1 << 20)

/* ---- words and ranges ---- */

static const char *const step_name[SF_STEPS] = {"lint", "model", "lockstep", "synth", "route"};

const char *sf_step_name(sf_step step) { return step_name[step]; }

sf_err sf_steps_parse(const char *text, const char *what, unsigned *steps, sf_msg *msg) {
  unsigned got = 0;
  for (const char *at = text;; at++) {
    const size_t n = strcspn(at, ",");
    int step = 0;
    while (step < SF_STEPS && (strlen(step_name[step]) != n || strncmp(at, step_name[step], n) != 0)) step++;
    if (step == SF_STEPS)
      return sf_fail(msg, SF_EINVAL, "%s '%.*s': must be lint, model, lockstep, synth or route", what,
                     (int)(n < 40 ? n : 40), at);
    got |= 1u << step;
    at += n;
    if (!*at) break;
  }
  if (got & 1u << SF_STEP_ROUTE) got |= 1u << SF_STEP_SYNTH;
  *steps = got;
  return SF_OK;
}

/* What a value alone must be; how values go together is for sf_params_check(), point by point. */
static const struct {
  const char *name;
  char kind; /* i: integer lo .. hi; p: power of two in it; w: width of a weight; b: flag; l, m: words */
  int64_t lo, hi;
} parameter[] = {{"AXONS", 'i', 16, 4096},        {"NEURONS", 'i', 16, 8192},      {"LANES", 'p', 1, 4096},
                 {"NEURON_LANES", 'p', 1, 4096},  {"LEARNING_LANES", 'i', 0, 4096}, {"WEIGHT_BITS", 'w', 1, 16},
                 {"POTENTIAL_BITS", 'i', 8, 24},  {"DELAY_SLOTS", 'p', 2, 64},     {"PROFILES", 'i', 1, 8192},
                 {"ROUTES", 'i', 1, 65536},       {"HAS_CURRENT", 'b', 0, 1},      {"HAS_REFRACTORY", 'b', 0, 1},
                 {"HAS_ADAPTATION", 'b', 0, 1},   {"HAS_NOISE", 'b', 0, 1},        {"LEAK", 'l', 0, 0},
                 {"WEIGHT_MEMORY", 'm', 0, 0}};
enum { N_PARAMETERS = sizeof parameter / sizeof parameter[0] };

static sf_err check_value(size_t which, const cJSON *v, const char *what, sf_msg *msg) {
  const char kind = parameter[which].kind;
  int64_t n = 0;
  sf_err e;
  if (kind == 'l' || kind == 'm') {
    const char *const word[2] = {kind == 'l' ? "multiply" : "block", kind == 'l' ? "shift" : "spram"};
    if (cJSON_IsString(v) && (!strcmp(v->valuestring, word[0]) || !strcmp(v->valuestring, word[1]))) return SF_OK;
    return sf_fail(msg, SF_EINVAL, "%s: must be \"%s\" or \"%s\"", what, word[0], word[1]);
  }
  if (kind == 'b' && cJSON_IsBool(v)) return SF_OK;
  if ((e = sf_json_value(v, what, parameter[which].lo, parameter[which].hi, &n, msg)) != SF_OK) return e;
  if ((kind == 'p' || kind == 'w') && ((n & (n - 1)) != 0 || n == 0))
    return sf_fail(msg, SF_EINVAL, "%s = %lld: must be %s", what, (long long)n,
                   kind == 'w' ? "1, 2, 4, 8 or 16" : "a power of two");
  return SF_OK;
}

/* ---- lists and ranges ---- */

/* An axis of the product: values of one parameter, or objects with several ("cases"). */
typedef struct axis {
  const char *key; /* NULL: cases */
  cJSON *values;   /* an array of our own */
} axis;

enum { MAX_AXES = N_PARAMETERS + 1 };

/* {"from", "to", "step" or "times"} as numbers into an array. */
static sf_err expand(const cJSON *range, const char *what, cJSON *out, sf_msg *msg) {
  static const char *const known[] = {"from", "to", "step", "times"};
  int64_t from = 0, to = 0, step = 0, times = 0;
  sf_err e = sf_json_keys(range, what, known, 4, msg);
  if (e == SF_OK && (!cJSON_GetObjectItemCaseSensitive(range, "from") || !cJSON_GetObjectItemCaseSensitive(range, "to")))
    e = sf_fail(msg, SF_EFORMAT, "%s: a range needs from and to", what);
  if (e == SF_OK) e = sf_json_int(range, what, "from", 0, UINT32_MAX, &from, msg);
  if (e == SF_OK) e = sf_json_int(range, what, "to", from, UINT32_MAX, &to, msg);
  if (e == SF_OK) e = sf_json_int(range, what, "step", 1, UINT32_MAX, &step, msg);
  if (e == SF_OK) e = sf_json_int(range, what, "times", 2, 1024, &times, msg);
  if (e == SF_OK && (step != 0) == (times != 0))
    e = sf_fail(msg, SF_EFORMAT, "%s: a range needs either step or times", what);
  if (e == SF_OK && times && from == 0) e = sf_fail(msg, SF_EINVAL, "%s/from = 0: must be 1 or more with times", what);
  size_t n = 0;
  for (int64_t v = from; e == SF_OK && v <= to; v = step ? v + step : v * times) {
    if (++n > SF_SWEEP_MAX_VALUES) return sf_fail(msg, SF_EINVAL, "%s: more than %d values", what, SF_SWEEP_MAX_VALUES);
    if (!cJSON_AddItemToArray(out, cJSON_CreateNumber((double)v))) return sf_fail(msg, SF_ENOMEM, "out of memory");
  }
  return e;
}

/* A value, a list of values or a range -> a list. The caller deletes *out. */
static sf_err list_of(const cJSON *item, const char *what, cJSON **out, sf_msg *msg) {
  cJSON *list = cJSON_CreateArray();
  sf_err e = list ? SF_OK : sf_fail(msg, SF_ENOMEM, "out of memory");
  if (e == SF_OK && cJSON_IsObject(item)) {
    e = expand(item, what, list, msg);
  } else if (e == SF_OK && cJSON_IsArray(item)) {
    const cJSON *v;
    size_t n = 0;
    cJSON_ArrayForEach(v, item) {
      if (e == SF_OK && ++n > SF_SWEEP_MAX_VALUES)
        e = sf_fail(msg, SF_EINVAL, "%s: more than %d values", what, SF_SWEEP_MAX_VALUES);
      if (e == SF_OK && !cJSON_AddItemToArray(list, cJSON_Duplicate(v, 0))) e = sf_fail(msg, SF_ENOMEM, "out of memory");
    }
    if (e == SF_OK && n == 0) e = sf_fail(msg, SF_EINVAL, "%s: is empty: at least one value", what);
  } else if (e == SF_OK && !cJSON_AddItemToArray(list, cJSON_Duplicate(item, 0))) {
    e = sf_fail(msg, SF_ENOMEM, "out of memory");
  }
  if (e != SF_OK) cJSON_Delete(list);
  else *out = list;
  return e;
}

/* The same for integers lo .. hi, into values[room]. */
static sf_err numbers_of(const cJSON *item, const char *what, int64_t lo, int64_t hi, size_t room, uint64_t *values,
                         uint32_t *n, sf_msg *msg) {
  cJSON *list = NULL;
  sf_err e = list_of(item, what, &list, msg);
  if (e != SF_OK) return e;
  *n = 0;
  const cJSON *v;
  cJSON_ArrayForEach(v, list) {
    int64_t got = 0;
    if (e == SF_OK && *n == room) e = sf_fail(msg, SF_EINVAL, "%s: more than %zu values", what, room);
    if (e == SF_OK) e = sf_json_value(v, what, lo, hi, &got, msg);
    if (e == SF_OK) values[(*n)++] = (uint64_t)got;
  }
  cJSON_Delete(list);
  return e;
}

/* ---- a grid ---- */

/* The grid's own items, and behind them the file's. */
typedef struct source {
  const cJSON *own, *common;
  const char *where; /* "grids[2]", "" for the only one */
  const char *folder;
} source;

static const cJSON *find(const source *s, const char *key) {
  const cJSON *item = cJSON_GetObjectItemCaseSensitive(s->own, key);
  return item || s->own == s->common ? item : cJSON_GetObjectItemCaseSensitive(s->common, key);
}

static const char *at(const source *s, const char *key, char out[160]) {
  snprintf(out, 160, "%.60s%s%.80s", s->where, *s->where ? "/" : "", key);
  return out;
}

static sf_err add_axis(axis *axes, size_t *n, const char *key, const cJSON *item, const char *what, sf_msg *msg) {
  size_t which = 0, slot = 0;
  cJSON *list = NULL;
  while (which < N_PARAMETERS && strcmp(key, parameter[which].name) != 0) which++;
  sf_err e = list_of(item, what, &list, msg);
  if (e != SF_OK) return e;
  const cJSON *v;
  cJSON_ArrayForEach(v, list)
    if (e == SF_OK) e = check_value(which, v, what, msg);
  if (e != SF_OK) {
    cJSON_Delete(list);
    return e;
  }
  while (slot < *n && axes[slot].key != parameter[which].name) slot++;
  if (slot == *n) (*n)++;
  else cJSON_Delete(axes[slot].values);
  axes[slot] = (axis){parameter[which].name, list};
  return SF_OK;
}

static sf_err read_parameters(const cJSON *object, const char *where, axis *axes, size_t *n, sf_msg *msg) {
  const char *known[N_PARAMETERS];
  char what[160];
  for (size_t i = 0; i < N_PARAMETERS; i++) known[i] = parameter[i].name;
  sf_err e = sf_json_keys(object, where, known, N_PARAMETERS, msg);
  const cJSON *item;
  cJSON_ArrayForEach(item, object) {
    if (e != SF_OK) break;
    snprintf(what, sizeof what, "%.90s/%.60s", where, item->string);
    e = add_axis(axes, n, item->string, item, what, msg);
  }
  return e;
}

/* "cases": [{"LANES": 16, "NEURON_LANES": 1}, ...]: parameters that change together. */
static sf_err read_cases(const cJSON *item, const char *where, axis *axes, size_t *n, sf_msg *msg) {
  const char *known[N_PARAMETERS];
  char what[160];
  sf_err e = SF_OK;
  for (size_t i = 0; i < N_PARAMETERS; i++) known[i] = parameter[i].name;
  if (!cJSON_IsArray(item) || cJSON_GetArraySize(item) < 1 || cJSON_GetArraySize(item) > SF_SWEEP_MAX_VALUES)
    return sf_fail(msg, SF_EFORMAT, "%s: must be an array of 1 .. %d objects", where, SF_SWEEP_MAX_VALUES);
  const cJSON *one, *v;
  cJSON_ArrayForEach(one, item) {
    if ((e = sf_json_keys(one, where, known, N_PARAMETERS, msg)) != SF_OK) return e;
    cJSON_ArrayForEach(v, one) {
      size_t which = 0;
      while (strcmp(v->string, parameter[which].name) != 0) which++;
      snprintf(what, sizeof what, "%.90s/%.60s", where, v->string);
      if ((e = check_value(which, v, what, msg)) != SF_OK) return e;
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

/* ---- networks ---- */

static sf_err a_path(const source *s, const cJSON *object, const char *what, const char *key, char **out, sf_msg *msg) {
  char text[SF_PATH_MAX / 2] = "";
  const sf_err e = sf_json_text(object, what, key, text, sizeof text, msg);
  if (e != SF_OK || !text[0]) return e;
  if (asprintf(out, "%s%s%s", text[0] == '/' ? "" : s->folder, text[0] == '/' ? "" : "/", text) < 0) {
    *out = NULL;
    return sf_fail(msg, SF_ENOMEM, "out of memory");
  }
  return SF_OK;
}

static sf_err add_net(sf_grid *g, const sf_sweep_net *net, sf_msg *msg) {
  sf_sweep_net *more = realloc(g->net, (g->n_nets + 1) * sizeof *more);
  if (!more) return sf_fail(msg, SF_ENOMEM, "out of memory");
  g->net = more;
  more[g->n_nets++] = *net;
  return SF_OK;
}

/* "density": a number or a list of them; each is a network. */
static sf_err read_random(sf_grid *g, const cJSON *o, const char *what, sf_msg *msg) {
  static const char *const known[] = {"density", "seed"};
  sf_sweep_net net = {.kind = SF_NET_RANDOM, .density = 0.5, .seed = 1};
  int64_t seed = 1;
  char name[160];
  sf_err e = sf_json_keys(o, what, known, 2, msg);
  if (e == SF_OK) e = sf_json_int(o, what, "seed", 0, UINT32_MAX, &seed, msg);
  if (e != SF_OK) return e;
  net.seed = (uint64_t)seed;
  snprintf(name, sizeof name, "%.100s/density", what);
  const cJSON *density = cJSON_GetObjectItemCaseSensitive(o, "density");
  const int n = cJSON_IsArray(density) ? cJSON_GetArraySize(density) : 1;
  if (n < 1 || n > 64) return sf_fail(msg, SF_EINVAL, "%s: must be a number or 1 .. 64 of them", name);
  for (int i = 0; e == SF_OK && i < n; i++) {
    const cJSON *v = cJSON_IsArray(density) ? cJSON_GetArrayItem(density, i) : density;
    if (v && (!cJSON_IsNumber(v) || !(v->valuedouble > 0 && v->valuedouble <= 1)))
      return sf_fail(msg, SF_EINVAL, "%s: must be above 0 and at most 1", name);
    if (v) net.density = v->valuedouble;
    snprintf(net.name, sizeof net.name, "random %g", net.density);
    e = add_net(g, &net, msg);
  }
  return e;
}

static sf_err read_train(sf_sweep_net *net, const cJSON *o, const char *what, sf_msg *msg) {
  static const char *const known[] = {"task", "epochs", "seed", "threads"};
  char task[32] = "mnist";
  int64_t epochs = 70, seed = 1, threads = 1;
  sf_err e = sf_json_keys(o, what, known, 4, msg);
  if (e == SF_OK) e = sf_json_text(o, what, "task", task, sizeof task, msg);
  if (e == SF_OK && strcmp(task, "mnist") != 0) e = sf_fail(msg, SF_EINVAL, "%s/task: must be \"mnist\"", what);
  if (e == SF_OK) e = sf_json_int(o, what, "epochs", 1, 10000, &epochs, msg);
  if (e == SF_OK) e = sf_json_int(o, what, "seed", 0, UINT32_MAX, &seed, msg);
  if (e == SF_OK) e = sf_json_int(o, what, "threads", 1, 2, &threads, msg);
  net->kind = SF_NET_TRAIN;
  net->epochs = (uint32_t)epochs;
  net->seed = (uint64_t)seed;
  net->threads = (uint32_t)threads;
  snprintf(net->name, sizeof net->name, "mnist, %u epochs", net->epochs);
  return e;
}

static sf_err read_network(const source *s, sf_grid *g, const cJSON *o, const char *what, sf_msg *msg) {
  static const char *const known[] = {"random", "file", "train", "spikes", "samples", "check_samples", "name"};
  char inner[160];
  int64_t samples = 0, check = 2;
  sf_err e = sf_json_keys(o, what, known, sizeof known / sizeof known[0], msg);
  if (e != SF_OK) return e;
  const cJSON *random = cJSON_GetObjectItemCaseSensitive(o, "random");
  const cJSON *train = cJSON_GetObjectItemCaseSensitive(o, "train");
  const cJSON *file = cJSON_GetObjectItemCaseSensitive(o, "file");
  const cJSON *spikes = cJSON_GetObjectItemCaseSensitive(o, "spikes");
  if ((random != NULL) + (train != NULL) + (file != NULL) != 1)
    return sf_fail(msg, SF_EFORMAT, "%s: must have exactly one of random, file, train", what);
  if (random && o->child->next) return sf_fail(msg, SF_EFORMAT, "%s: random goes with no other key", what);
  snprintf(inner, sizeof inner, "%.120s/%s", what, random ? "random" : "train");
  if (random) return read_random(g, random, inner, msg);
  sf_sweep_net net = {.kind = SF_NET_FILE, .seed = 1};
  if (train && !spikes) return sf_fail(msg, SF_EFORMAT, "%s: train needs spikes, the file with the labelled test samples", what);
  if (train) e = read_train(&net, train, inner, msg);
  if (e == SF_OK) e = a_path(s, o, what, "file", &net.file, msg);
  if (e == SF_OK && file && !net.file) e = sf_fail(msg, SF_EFORMAT, "%s/file: is empty", what);
  if (e == SF_OK && net.file) snprintf(net.name, sizeof net.name, "%.90s", strrchr(net.file, '/') + 1);
  if (e == SF_OK) e = a_path(s, o, what, "spikes", &net.spikes, msg);
  if (e == SF_OK) e = sf_json_int(o, what, "samples", 1, 1 << 24, &samples, msg);
  if (e == SF_OK) e = sf_json_int(o, what, "check_samples", 1, 1 << 24, &check, msg);
  if (e == SF_OK) e = sf_json_text(o, what, "name", net.name, sizeof net.name, msg);
  net.samples = (uint32_t)samples;
  net.check_samples = (uint32_t)check;
  if (e == SF_OK) e = add_net(g, &net, msg);
  if (e != SF_OK) {
    free(net.file);
    free(net.spikes);
  }
  return e;
}

static sf_err read_networks(const source *s, sf_grid *g, sf_msg *msg) {
  const cJSON *list = find(s, "networks"), *item;
  char what[160], one[160];
  at(s, "networks", what);
  if (!list) {
    const sf_sweep_net net = {.kind = SF_NET_RANDOM, .name = "random 0.5", .density = 0.5, .seed = 1};
    return add_net(g, &net, msg);
  }
  if (!cJSON_IsArray(list) || cJSON_GetArraySize(list) < 1 || cJSON_GetArraySize(list) > 64)
    return sf_fail(msg, SF_EFORMAT, "%s: must be an array of 1 .. 64 networks", what);
  int i = 0;
  cJSON_ArrayForEach(item, list) {
    snprintf(one, sizeof one, "%.120s[%d]", what, i++);
    const sf_err e = read_network(s, g, item, one, msg);
    if (e != SF_OK) return e;
  }
  return SF_OK;
}

/* ---- enumeration ---- */

/* Everything of a grid that is combined, besides what the grid itself holds. */
typedef struct product {
  axis axes[MAX_AXES];
  size_t n_axes;
  const sf_synth_target *target[8];
  uint32_t n_targets;
  uint64_t events[64], seeds[64];
  uint32_t n_events, n_traffic_seeds, ticks;
} product;

static void free_product(product *p) {
  for (size_t i = 0; i < p->n_axes; i++) cJSON_Delete(p->axes[i].values);
}

static sf_err read_targets(const source *s, product *p, sf_msg *msg) {
  const cJSON *list = find(s, "targets"), *item;
  char what[160];
  if (!list) return SF_OK;
  at(s, "targets", what);
  if (!cJSON_IsArray(list) || !list->child || cJSON_GetArraySize(list) > 8)
    return sf_fail(msg, SF_EFORMAT, "%s: must be an array of targets: %s", what, sf_synth_target_names());
  cJSON_ArrayForEach(item, list) {
    const char *name = cJSON_IsString(item) ? item->valuestring : "?";
    if (!(p->target[p->n_targets] = sf_synth_target_find(name)))
      return sf_fail(msg, SF_EINVAL, "%s '%.40s': must be one of %s", what, name, sf_synth_target_names());
    p->n_targets++;
  }
  return SF_OK;
}

static sf_err read_traffic(const source *s, product *p, sf_msg *msg) {
  static const char *const known[] = {"events", "ticks", "seed"};
  const cJSON *o = find(s, "traffic"), *item;
  char what[160], name[180];
  int64_t ticks = 50;
  p->events[0] = 32, p->n_events = 1;
  p->seeds[0] = 1, p->n_traffic_seeds = 1;
  sf_err e = SF_OK;
  at(s, "traffic", what);
  if (o) {
    e = sf_json_keys(o, what, known, 3, msg);
    if (e == SF_OK) e = sf_json_int(o, what, "ticks", 1, 1000000, &ticks, msg);
    snprintf(name, sizeof name, "%.120s/events", what);
    if (e == SF_OK && (item = cJSON_GetObjectItemCaseSensitive(o, "events")))
      e = numbers_of(item, name, 0, 4096, 64, p->events, &p->n_events, msg);
    snprintf(name, sizeof name, "%.120s/seed", what);
    if (e == SF_OK && (item = cJSON_GetObjectItemCaseSensitive(o, "seed")))
      e = numbers_of(item, name, 0, UINT32_MAX, 64, p->seeds, &p->n_traffic_seeds, msg);
  }
  p->ticks = (uint32_t)ticks;
  return e;
}

static sf_err read_seeds(const source *s, sf_grid *g, sf_msg *msg) {
  const cJSON *item = find(s, "route_seeds");
  uint64_t seed[SF_SWEEP_MAX_SEEDS] = {1};
  char what[160];
  g->n_seeds = 1;
  const sf_err e = item ? numbers_of(item, at(s, "route_seeds", what), 0, INT32_MAX, SF_SWEEP_MAX_SEEDS, seed, &g->n_seeds, msg)
                        : SF_OK;
  for (uint32_t i = 0; e == SF_OK && i < g->n_seeds; i++) g->route_seed[i] = (uint32_t)seed[i];
  return e;
}

static sf_err read_grid(const source *s, sf_grid *g, product *p, sf_msg *msg) {
  char what[160], top[16] = "core";
  int64_t freq = 0, limit = 0;
  const cJSON *item = find(s, "steps");
  sf_err e = SF_OK;
  g->steps = 1u << SF_STEP_LINT | 1u << SF_STEP_MODEL | 1u << SF_STEP_LOCKSTEP;
  if (find(s, "targets")) g->steps |= 1u << SF_STEP_SYNTH | 1u << SF_STEP_ROUTE;
  if (item) e = read_steps(item, at(s, "steps", what), &g->steps, msg);
  if (e == SF_OK) e = read_targets(s, p, msg);
  if (e == SF_OK) e = sf_json_text(find(s, "top") == cJSON_GetObjectItemCaseSensitive(s->own, "top") ? s->own : s->common, s->where,
                                   "top", top, sizeof top, msg);
  if (e == SF_OK && strcmp(top, "core") != 0 && strcmp(top, "board") != 0)
    e = sf_fail(msg, SF_EINVAL, "%s: must be \"core\" or \"board\"", at(s, "top", what));
  g->board = strcmp(top, "board") == 0;
  if (e == SF_OK && (item = find(s, "freq_mhz"))) e = sf_json_value(item, at(s, "freq_mhz", what), 1, 1000, &freq, msg);
  if (e == SF_OK && (item = find(s, "limit_s"))) e = sf_json_value(item, at(s, "limit_s", what), 1, 10000000, &limit, msg);
  g->freq_mhz = (uint32_t)freq;
  g->limit_s = (uint32_t)limit;
  if (e == SF_OK) e = read_seeds(s, g, msg);
  if (e == SF_OK && (item = find(s, "cases"))) e = read_cases(item, at(s, "cases", what), p->axes, &p->n_axes, msg);
  if (e == SF_OK && s->own != s->common && (item = cJSON_GetObjectItemCaseSensitive(s->common, "parameters")))
    e = read_parameters(item, "parameters", p->axes, &p->n_axes, msg);
  if (e == SF_OK && (item = cJSON_GetObjectItemCaseSensitive(s->own, "parameters")))
    e = read_parameters(item, at(s, "parameters", what), p->axes, &p->n_axes, msg);
  if (e == SF_OK) e = read_networks(s, g, msg);
  if (e == SF_OK) e = read_traffic(s, p, msg);
  if (e == SF_OK && (g->steps & 1u << SF_STEP_SYNTH) && !p->n_targets)
    e = sf_fail(msg, SF_EINVAL, "%s: left out, but the steps have synth: at least one of %s", at(s, "targets", what),
                sf_synth_target_names());
  return e;
}

static uint64_t product_size(const product *p, const sf_grid *g) {
  uint64_t n = (p->n_targets ? p->n_targets : 1) * (uint64_t)g->n_nets * p->n_events * p->n_traffic_seeds;
  for (size_t i = 0; i < p->n_axes && n <= SF_SWEEP_MAX_POINTS; i++) n *= (uint64_t)cJSON_GetArraySize(p->axes[i].values);
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
    cJSON_ArrayForEach(one, v) good = good && cJSON_AddItemToObject(o, one->string, cJSON_Duplicate(one, 0));
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
  else if (!(point->invalid = strdup(why.text))) return sf_fail(msg, SF_ENOMEM, "out of memory");
  if (!point->invalid && point->events > point->params.axons &&
      asprintf(&point->invalid, "traffic/events = %u: must be 0 .. %u, the axons", point->events, point->params.axons) < 0)
    return sf_fail(msg, SF_ENOMEM, "out of memory");
  return SF_OK;
}

static sf_err enumerate(sf_sweep *s, const sf_grid *g, const product *p, sf_msg *msg) {
  const uint64_t n = product_size(p, g);
  if (n + s->n_points > SF_SWEEP_MAX_POINTS)
    return sf_fail(msg, SF_EINVAL, "more than %d points", SF_SWEEP_MAX_POINTS);
  sf_point *more = realloc(s->point, (s->n_points + n) * sizeof *more);
  if (!more) return sf_fail(msg, SF_ENOMEM, "out of memory");
  s->point = more;
  for (uint64_t k = 0; k < n; k++) {
    uint64_t rest = k;
    uint32_t index[MAX_AXES];
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

#define GRID_KEYS "steps", "targets", "top", "freq_mhz", "limit_s", "route_seeds", "parameters", "cases", "networks", "traffic"
static const char *const file_keys[] = {"format", "version", "name", "comment", "grids", GRID_KEYS};
static const char *const grid_keys[] = {"name", "comment", GRID_KEYS};

static sf_err parse_grids(sf_sweep *s, const cJSON *root, const char *folder, sf_msg *msg) {
  const cJSON *grids = cJSON_GetObjectItemCaseSensitive(root, "grids");
  const int n = grids ? cJSON_GetArraySize(grids) : 1;
  char where[32] = "";
  if (grids && (!cJSON_IsArray(grids) || n < 1 || n > SF_SWEEP_MAX_GRIDS))
    return sf_fail(msg, SF_EFORMAT, "grids: must be an array of 1 .. %d objects", SF_SWEEP_MAX_GRIDS);
  if (!(s->grid = calloc((size_t)n, sizeof *s->grid))) return sf_fail(msg, SF_ENOMEM, "out of memory");
  for (int i = 0; i < n; i++) {
    const cJSON *own = grids ? cJSON_GetArrayItem(grids, i) : root;
    sf_grid *g = &s->grid[s->n_grids++];
    product *p = calloc(1, sizeof *p);
    if (!p) return sf_fail(msg, SF_ENOMEM, "out of memory");
    if (grids) snprintf(where, sizeof where, "grids[%d]", i);
    const source from = {own, root, where, folder};
    sf_err e = grids ? sf_json_keys(own, where, grid_keys, sizeof grid_keys / sizeof grid_keys[0], msg) : SF_OK;
    snprintf(g->name, sizeof g->name, grids ? "grid %d" : "", i);
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
typedef struct ordered { sf_hash hardware; uint32_t number, turn; } ordered;

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

sf_err sf_sweep_order(const sf_sweep *s, uint32_t *order, sf_msg *msg) {
  ordered *o = calloc(s->n_points ? s->n_points : 1, sizeof *o);
  if (!o) return sf_fail(msg, SF_ENOMEM, "out of memory");
  for (uint32_t i = 0; i < s->n_points; i++) {
    const sf_point *p = &s->point[i];
    sf_msg text = {""};
    const sf_params *q = &p->params;
    snprintf(text.text, sizeof text.text, "%u %u %u %u %u %u %u %u %u %u %d%d%d%d%d%d %s", q->axons, q->neurons, q->lanes,
             q->neuron_lanes, q->learning_lanes, q->weight_bits, q->potential_bits, q->delay_slots, q->profiles, q->routes,
             q->has_current, q->has_refractory, q->has_adaptation, q->has_noise, q->leak_shift, q->spram,
             p->target ? p->target->name : "");
    o[i] = (ordered){sf_hash_new(), i, 0};
    sf_hash_text(&o[i].hardware, text.text);
  }
  qsort(o, s->n_points, sizeof *o, by_hardware);
  for (uint32_t i = 1; i < s->n_points; i++)
    if (o[i].hardware.h == o[i - 1].hardware.h) o[i].turn = o[i - 1].turn + 1;
  qsort(o, s->n_points, sizeof *o, by_turn);
  for (uint32_t i = 0; i < s->n_points; i++) order[i] = o[i].number;
  free(o);
  return SF_OK;
}
