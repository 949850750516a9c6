/* config_file.c - see config_file.h. */
#include "files/config_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files/file_util.h"
#include "files/json_util.h"

#define MAX_BYTES ((size_t)1 << 20)

#define KEY(kind, name, rtl, field, standard, lo, hi) #name,
static const char *const keys[] = {SF_PARAMS(KEY) "name", "target", "clock_mhz_min"};

static sf_err number(const cJSON *root, const char *key, uint32_t *out, sf_msg *msg) {
  int64_t value = *out;
  const sf_err err = sf_json_int(root, "", key, 0, UINT32_MAX, &value, msg);
  *out = (uint32_t)value;
  return err;
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
#define READ_SF_NUMBER(name, field) number(root, name, &c->params.field, msg)
#define READ_SF_POWER READ_SF_NUMBER
#define READ_SF_WIDTH READ_SF_NUMBER
#define READ_SF_FLAG(name, field) sf_json_bool(root, "", name, &c->params.field, msg)
#define READ_SF_CHOICE(name, field) choice(root, name, SF_WORDS_##field, &c->params.field, msg)
#define READ(kind, name, rtl, field, standard, lo, hi) \
  if (!err) err = READ_##kind(#name, field);
  sf_err err = sf_json_keys(root, "", keys, sizeof keys / sizeof keys[0], msg);
  c->params = sf_params_default();
  SF_PARAMS(READ)
  if (!err) err = sf_json_text(root, "", "name", c->name, sizeof c->name, msg);
  if (!err) err = sf_json_text(root, "", "target", c->target, sizeof c->target, msg);
  int64_t clock = 0;
  if (!err) err = sf_json_int(root, "", "clock_mhz_min", 1, 10000, &clock, msg);
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

static bool put_choice(cJSON *root, const char *key, bool value, const char *no, const char *yes) {
  return cJSON_AddStringToObject(root, key, value ? yes : no) != NULL;
}

static bool put_values(cJSON *root, const sf_config *c) {
#define PUT_SF_NUMBER(name, field) cJSON_AddNumberToObject(root, name, c->params.field) != NULL
#define PUT_SF_POWER PUT_SF_NUMBER
#define PUT_SF_WIDTH PUT_SF_NUMBER
#define PUT_SF_FLAG PUT_SF_NUMBER
#define PUT_SF_CHOICE(name, field) put_choice(root, name, c->params.field, SF_WORDS_##field)
#define PUT(kind, name, rtl, field, standard, lo, hi) ok = ok && PUT_##kind(#name, field);
  bool ok = true;
  if (c->name[0] != '\0') ok = ok && cJSON_AddStringToObject(root, "name", c->name) != NULL;
  if (c->target[0] != '\0') ok = ok && cJSON_AddStringToObject(root, "target", c->target) != NULL;
  if (c->clock_mhz_min != 0) ok = ok && cJSON_AddNumberToObject(root, "clock_mhz_min", c->clock_mhz_min) != NULL;
  SF_PARAMS(PUT)
  return ok;
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
