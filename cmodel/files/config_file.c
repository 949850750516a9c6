/* config_file.c - see config_file.h. */
#include "files/config_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files/file_util.h"
#include "files/json_util.h"

#define MAX_BYTES ((size_t)1 << 20)

static const char *const keys[] = {
    "AXONS",       "NEURONS",       "LANES",  "NEURON_LANES", "LEARNING_LANES", "WEIGHT_BITS",    "POTENTIAL_BITS",
    "DELAY_SLOTS", "PROFILES",      "ROUTES", "HAS_CURRENT",  "HAS_REFRACTORY", "HAS_ADAPTATION", "HAS_NOISE",
    "LEAK",        "WEIGHT_MEMORY", "name",   "target",       "clock_mhz_min"};
enum { N_SIZES = 10, N_FLAGS = 4 };

static void sizes(sf_params *p, uint32_t *field[N_SIZES]) {
  uint32_t *const f[N_SIZES] = {&p->axons,          &p->neurons,     &p->lanes,          &p->neuron_lanes,
                                &p->learning_lanes, &p->weight_bits, &p->potential_bits, &p->delay_slots,
                                &p->profiles,       &p->routes};
  memcpy(field, f, sizeof f);
}

static void flags(sf_params *p, bool *field[N_FLAGS]) {
  bool *const f[N_FLAGS] = {&p->has_current, &p->has_refractory, &p->has_adaptation, &p->has_noise};
  memcpy(field, f, sizeof f);
}

/* A string that is one of two words; left out, *second stays false. */
static sf_err choice(const cJSON *root, const char *key, const char *no, const char *yes, bool *second, sf_msg *msg) {
  const cJSON *item = cJSON_GetObjectItemCaseSensitive(root, key);
  if (item == NULL) return SF_OK;
  const char *text = cJSON_IsString(item) ? item->valuestring : "";
  if (strcmp(text, no) != 0 && strcmp(text, yes) != 0)
    return sf_fail(msg, SF_EINVAL, "%s: must be \"%s\" or \"%s\"", key, no, yes);
  *second = strcmp(text, yes) == 0;
  return SF_OK;
}

static sf_err parse(const cJSON *root, sf_config *c, sf_msg *msg) {
  uint32_t *size[N_SIZES];
  bool *flag[N_FLAGS];
  int64_t clock = 0;
  sf_err err;
  c->params = sf_params_default();
  sizes(&c->params, size);
  flags(&c->params, flag);
  err = sf_json_keys(root, "", keys, sizeof keys / sizeof keys[0], msg);
  if (err) return err;
  for (int i = 0; i < N_SIZES; i++) {
    int64_t value = *size[i];
    err = sf_json_int(root, "", keys[i], 0, UINT32_MAX, &value, msg);
    if (err) return err;
    *size[i] = (uint32_t)value;
  }
  for (int i = 0; i < N_FLAGS; i++) {
    err = sf_json_bool(root, "", keys[N_SIZES + i], flag[i], msg);
    if (err) return err;
  }
  err = choice(root, "LEAK", "multiply", "shift", &c->params.leak_shift, msg);
  if (err) return err;
  err = choice(root, "WEIGHT_MEMORY", "block", "spram", &c->params.spram, msg);
  if (err) return err;
  err = sf_json_text(root, "", "name", c->name, sizeof c->name, msg);
  if (err) return err;
  err = sf_json_text(root, "", "target", c->target, sizeof c->target, msg);
  if (err) return err;
  err = sf_json_int(root, "", "clock_mhz_min", 1, 10000, &clock, msg);
  if (err) return err;
  c->clock_mhz_min = (uint32_t)clock;
  return sf_params_check(&c->params, msg);
}

sf_err sf_config_parse(const char *text, size_t length, const char *what, sf_config *out, sf_msg *msg) {
  cJSON *root;
  sf_config config = {0};
  sf_err err = sf_json_parse(text, length, &root, msg);
  if (err) return sf_prefix(msg, err, what);
  err = parse(root, &config, msg);
  cJSON_Delete(root);
  if (err) return sf_prefix(msg, err, what);
  *out = config;
  return SF_OK;
}

sf_err sf_config_read(const char *path, sf_config *out, sf_msg *msg) {
  char *text;
  size_t length;
  sf_err err = sf_file_read(path, MAX_BYTES, &text, &length, msg);
  if (err) return err;
  err = sf_config_parse(text, length, path, out, msg);
  free(text);
  return err;
}

static bool put_values(cJSON *root, const sf_config *config) {
  sf_config c = *config;
  uint32_t *size[N_SIZES];
  bool *flag[N_FLAGS];
  bool ok = true;
  sizes(&c.params, size);
  flags(&c.params, flag);
  if (c.name[0] != '\0') ok = ok && cJSON_AddStringToObject(root, "name", c.name) != NULL;
  if (c.target[0] != '\0') ok = ok && cJSON_AddStringToObject(root, "target", c.target) != NULL;
  if (c.clock_mhz_min != 0) ok = ok && cJSON_AddNumberToObject(root, "clock_mhz_min", c.clock_mhz_min) != NULL;
  for (int i = 0; i < N_SIZES; i++) ok = ok && cJSON_AddNumberToObject(root, keys[i], *size[i]) != NULL;
  for (int i = 0; i < N_FLAGS; i++) ok = ok && cJSON_AddNumberToObject(root, keys[N_SIZES + i], *flag[i]) != NULL;
  ok = ok && cJSON_AddStringToObject(root, "LEAK", c.params.leak_shift ? "shift" : "multiply") != NULL;
  return ok && cJSON_AddStringToObject(root, "WEIGHT_MEMORY", c.params.spram ? "spram" : "block") != NULL;
}

sf_err sf_config_write(const char *path, const sf_config *config, sf_msg *msg) {
  sf_new_file file;
  sf_err err = sf_params_check(&config->params, msg);
  if (err) return err;
  cJSON *root = cJSON_CreateObject();
  char *text = root != NULL && put_values(root, config) ? cJSON_Print(root) : NULL;
  cJSON_Delete(root);
  if (text == NULL) return sf_fail(msg, SF_ENOMEM, "%.300s: out of memory", path);
  err = sf_new_file_begin(path, &file, msg);
  if (!err) {
    FILE *f = fopen(file.temp, "w");
    bool ok = f != NULL && fprintf(f, "%s\n", text) > 0;
    if (f != NULL && fclose(f) != 0) ok = false;
    if (ok) err = sf_new_file_commit(&file, msg);
    else {
      sf_new_file_abort(&file);
      err = sf_fail(msg, SF_EIO, "%.300s: could not be written", path);
    }
  }
  cJSON_free(text);
  return err;
}
