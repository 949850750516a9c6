/* nets.c - the networks of a sweep file: random, from files, trained. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explore/parse.h"
#include "files/json_util.h"
#include "util/numbers.h"

static sf_err a_path(const sf_source *s, const cJSON *object, const char *what, const char *key, char **out,
                     sf_msg *msg) {
  char text[SF_PATH_MAX / 2] = "";
  const sf_err err = sf_json_text(object, what, key, text, sizeof text, msg);
  if (err || !text[0]) return err;
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
  sf_err err = sf_json_keys(o, what, known, 2, msg);
  if (!err) err = sf_json_int(o, what, "seed", 0, UINT32_MAX, &seed, msg);
  if (err) return err;
  net.seed = (uint64_t)seed;
  snprintf(name, sizeof name, "%.100s/density", what);
  const cJSON *density = cJSON_GetObjectItemCaseSensitive(o, "density");
  const int n = cJSON_IsArray(density) ? cJSON_GetArraySize(density) : 1;
  if (n < 1 || n > 64) return sf_fail(msg, SF_EINVAL, "%s: must be a number or 1 .. 64 of them", name);
  for (int i = 0; !err && i < n; i++) {
    const cJSON *v = cJSON_IsArray(density) ? cJSON_GetArrayItem(density, i) : density;
    if (v && (!cJSON_IsNumber(v) || !(v->valuedouble > 0 && v->valuedouble <= 1)))
      return sf_fail(msg, SF_EINVAL, "%s: must be above 0 and at most 1", name);
    if (v) net.density = v->valuedouble;
    char density_text[SF_NUMBER_TEXT];
    snprintf(net.name, sizeof net.name, "random %s", sf_number_text(net.density, 6, density_text));
    err = add_net(g, &net, msg);
  }
  return err;
}

static sf_err read_train(sf_sweep_net *net, const cJSON *o, const char *what, sf_msg *msg) {
  static const char *const known[] = {"task", "epochs", "seed", "threads"};
  char task[32] = "mnist";
  int64_t epochs = 70, seed = 1, threads = 1;
  sf_err err = sf_json_keys(o, what, known, 4, msg);
  if (!err) err = sf_json_text(o, what, "task", task, sizeof task, msg);
  if (!err && strcmp(task, "mnist") != 0) err = sf_fail(msg, SF_EINVAL, "%s/task: must be \"mnist\"", what);
  if (!err) err = sf_json_int(o, what, "epochs", 1, 10000, &epochs, msg);
  if (!err) err = sf_json_int(o, what, "seed", 0, UINT32_MAX, &seed, msg);
  if (!err) err = sf_json_int(o, what, "threads", 1, 2, &threads, msg);
  net->kind = SF_NET_TRAIN;
  net->epochs = (uint32_t)epochs;
  net->seed = (uint64_t)seed;
  net->threads = (uint32_t)threads;
  snprintf(net->name, sizeof net->name, "mnist %u epochs", net->epochs);
  return err;
}

static sf_err read_network(const sf_source *s, sf_grid *g, const cJSON *o, const char *what, sf_msg *msg) {
  static const char *const known[] = {"random", "file", "train", "spikes", "samples", "check_samples", "name"};
  char inner[160];
  int64_t samples = 0, check = 2;
  sf_err err = sf_json_keys(o, what, known, sizeof known / sizeof known[0], msg);
  if (err) return err;
  const cJSON *random = cJSON_GetObjectItemCaseSensitive(o, "random");
  const cJSON *train = cJSON_GetObjectItemCaseSensitive(o, "train");
  const cJSON *file = cJSON_GetObjectItemCaseSensitive(o, "file");
  const cJSON *spikes = cJSON_GetObjectItemCaseSensitive(o, "spikes");
  if ((random != NULL) + (train != NULL) + (file != NULL) != 1)
    return sf_fail(msg, SF_EFORMAT, "%s: must have exactly one of random, file, train", what);
  const int comments = cJSON_GetObjectItemCaseSensitive(o, SF_JSON_COMMENT) != NULL;
  if (random && cJSON_GetArraySize(o) - comments != 1)
    return sf_fail(msg, SF_EFORMAT, "%s: random goes with no other key", what);
  snprintf(inner, sizeof inner, "%.120s/%s", what, random ? "random" : "train");
  if (random) return read_random(g, random, inner, msg);
  sf_sweep_net net = {.kind = SF_NET_FILE, .seed = 1};
  if (train && !spikes)
    return sf_fail(msg, SF_EFORMAT, "%s: train needs spikes, the file with the labelled test samples", what);
  if (train) err = read_train(&net, train, inner, msg);
  if (!err) err = a_path(s, o, what, "file", &net.file, msg);
  if (!err && file && !net.file) err = sf_fail(msg, SF_EFORMAT, "%s/file: is empty", what);
  if (!err && net.file) snprintf(net.name, sizeof net.name, "%.90s", strrchr(net.file, '/') + 1);
  if (!err) err = a_path(s, o, what, "spikes", &net.spikes, msg);
  if (!err) err = sf_json_int(o, what, "samples", 1, 1 << 24, &samples, msg);
  if (!err) err = sf_json_int(o, what, "check_samples", 1, 1 << 24, &check, msg);
  if (!err) err = sf_json_text(o, what, "name", net.name, sizeof net.name, msg);
  net.samples = (uint32_t)samples;
  net.check_samples = (uint32_t)check;
  if (!err) err = add_net(g, &net, msg);
  if (err) {
    free(net.file);
    free(net.spikes);
  }
  return err;
}

sf_err sf_sweep_networks(const sf_source *s, sf_grid *g, sf_msg *msg) {
  const cJSON *list = sf_source_find(s, "networks"), *item;
  char what[160], one[160];
  sf_source_at(s, "networks", what);
  if (!list) {
    const sf_sweep_net net = {.kind = SF_NET_RANDOM, .name = "random 0.5", .density = 0.5, .seed = 1};
    return add_net(g, &net, msg);
  }
  if (!cJSON_IsArray(list) || cJSON_GetArraySize(list) < 1 || cJSON_GetArraySize(list) > 64)
    return sf_fail(msg, SF_EFORMAT, "%s: must be an array of 1 .. 64 networks", what);
  int i = 0;
  cJSON_ArrayForEach(item, list) {
    snprintf(one, sizeof one, "%.120s[%d]", what, i++);
    const sf_err err = read_network(s, g, item, one, msg);
    if (err) return err;
  }
  return SF_OK;
}
